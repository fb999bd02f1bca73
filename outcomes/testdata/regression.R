# R's answers for regression. Run: Rscript regression.R > regression.json
source("json.R")
set.seed(2013)
out <- list(R = R.version.string)
hc <- function(m, type) { # the sandwich with HC0 to HC3, by their formulas (MacKinnon and White 1985)
  X <- model.matrix(m); e <- residuals(m); h <- hatvalues(m); n <- nrow(X); k <- ncol(X); B <- solve(crossprod(X))
  w <- switch(type, e^2, e^2 * n / (n - k), e^2 / (1 - h), e^2 / (1 - h)^2)
  sqrt(diag(B %*% crossprod(X * sqrt(w)) %*% B))
}
lin <- function(name, reason, X, y, robust = TRUE) {
  m <- lm(y ~ X); s <- summary(m); ci <- confint(m)
  o <- list(name = name, reason = reason, x = X, y = vec(y), coef = vec(coef(m)), se = vec(s$coefficients[, 2]), t = vec(s$coefficients[, 3]),
    p = vec(s$coefficients[, 4]), low = vec(ci[, 1]), high = vec(ci[, 2]), sigma = s$sigma, r2 = s$r.squared, adj_r2 = s$adj.r.squared, f = s$fstatistic[1])
  if (robust) for (k in 1:4) o[[paste0("hc", k - 1)]] <- vec(hc(m, k))
  o
}
n <- 80; pre <- round(rnorm(n, 50, 18)); q <- sample(1:5, n, TRUE); sex <- rbinom(n, 1, .6); age <- round(runif(n, 18, 70))
post <- round(20 + .6 * pre - 1.5 * q + 2 * sex + rnorm(n, 0, 6 + pre / 10))
longley_x <- as.matrix(longley[, c("GNP.deflator", "GNP", "Unemployed", "Armed.Forces", "Population", "Year")]); longley_y <- longley$Employed
out$linear <- list(
  lin("ancova", "post on pre, quintile, sex, age; the spread grows with pre", cbind(pre, q, sex, age), post),
  lin("longley", "Longley's data, the classic of ill-conditioning (StRD has them too)", longley_x, longley_y, FALSE),
  lin("offset", "a predictor at an offset of 1e6", cbind(1e6 + c(1, 2, 3, 4, 5, 6)), c(2.1, 3.9, 6.2, 7.8, 10.1, 12.2), FALSE))
logi <- function(name, reason, X, y) {
  m <- glm(y ~ X, family = binomial, control = glm.control(epsilon = 1e-15, maxit = 100)); s <- summary(m)$coefficients; ci <- confint.default(m)
  list(name = name, reason = reason, x = X, y = vec(y), coef = vec(coef(m)), se = vec(s[, 2]), z = vec(s[, 3]), p = vec(s[, 4]),
    low = vec(ci[, 1]), high = vec(ci[, 2]), loglik = as.numeric(logLik(m)), null_deviance = m$null.deviance, deviance = m$deviance)
}
done <- rbinom(n, 1, plogis(-1 + .03 * age - .3 * q))
rx <- rnorm(200); set.seed(4); ry <- rbinom(200, 1, plogis(-3.4 + .8 * rx))
out$logistic <- list(
  logi("completion", "who completes a plan, by quintile, sex and age", cbind(q, sex, age), done),
  logi("rare", "few events in 200", cbind(rx), ry))
cat(js(out), "\n")
