# Missing data: carried forward, extreme cases, inverse-probability weights, Rubin's rules, and what mice draws.
# Run: Rscript missing.R > missing.json (needs the package mice, 3.15.0)
source("json.R")
suppressMessages(library(mice))
set.seed(1987)
out <- list(R = R.version.string, mice = as.character(packageVersion("mice")))
n <- 160
age <- round(runif(n, 18, 70)); q <- sample(1:5, n, TRUE); pre <- round(rnorm(n, 46, 17)); pre <- pmin(96, pmax(4, pre))
post <- pmin(100, pmax(0, round(22 + .7 * pre - 2 * q + .1 * age + rnorm(n, 0, 11))))
lost <- rbinom(n, 1, plogis(.4 - .03 * age + .35 * q - .008 * pre)) == 1
tt <- function(a, b) { r <- t.test(b, a, paired = TRUE); list(estimate = r$estimate, p_value = r$p.value, conf_int = vec(r$conf.int)) }
fill <- function(v) ifelse(lost, v, post)
out$data <- list(names = "age, q, pre", x = cbind(age, q, pre), pre = vec(pre), post = vec(post), missing = vec(lost))
out$carried <- tt(pre, fill(pre)); out$worst <- tt(pre, fill(0)); out$best <- tt(pre, fill(100))

# Weights: glm and weighted means in base R; the sandwich by its formula, stacked with the score equations.
m <- glm(!lost ~ age + q + pre, family = binomial, control = glm.control(epsilon = 1e-15, maxit = 100)); p <- fitted(m); r <- as.numeric(!lost)
y <- post - pre
ipw <- function(w) {
  mu <- weighted.mean(y[!lost], w[!lost]); X <- model.matrix(m); u <- r * w * (y - mu); s <- (r - p) * X
  A <- crossprod(X * sqrt(p * (1 - p))); d <- colSums(-(1 - p) * u * X); full <- u + s %*% solve(A, d)
  list(estimate = mu, se = sqrt(sum(u^2)) / sum(r * w), se_model = sqrt(sum(full^2)) / sum(r * w), largest = max(w[!lost]),
    effective = sum(w[!lost])^2 / sum(w[!lost]^2), weights = vec(r * w))
}
out$weights <- list(plain = ipw(1 / p), stabilised = ipw(mean(r) / p))

# Rubin's rules, by hand and by mice
rubin <- function(name, reason, est, se, dfcom) {
  k <- length(est); W <- mean(se^2); B <- var(est); Tt <- W + (1 + 1 / k) * B; lambda <- (1 + 1 / k) * B / Tt; riv <- (1 + 1 / k) * B / W
  old <- (k - 1) / lambda^2; obs <- (dfcom + 1) / (dfcom + 3) * dfcom * (1 - lambda); df <- if (is.infinite(old)) obs else old * obs / (old + obs)
  ps <- pool.scalar(est, se^2, n = dfcom + 1, k = 1)
  stopifnot(B == 0 || abs(ps$df - df) < 1e-9 * df, abs(ps$t - Tt) < 1e-12 * Tt, B == 0 || abs(ps$fmi - (riv + 2 / (df + 3)) / (riv + 1)) < 1e-12)
  list(name = name, reason = reason, estimates = vec(est), se = vec(se), dfcom = dfcom, estimate = mean(est), within = W, between = B, total = Tt,
    lambda = lambda, increase = riv, df = df, fmi = (riv + 2 / (df + 3)) / (riv + 1), p = 2 * pt(-abs(mean(est) / sqrt(Tt)), df),
    low = mean(est) - qt(.975, df) * sqrt(Tt), high = mean(est) + qt(.975, df) * sqrt(Tt))
}
out$rubin <- list(
  rubin("five", "five imputations of a mean change", c(7.2, 6.8, 8.1, 7.5, 6.9), c(1.1, 1.15, 1.08, 1.2, 1.12), 159),
  rubin("two", "the fewest", c(3, 4.5), c(1, 1.3), 20),
  rubin("much", "most of the variance lies between the imputations", c(1, 5, -3, 8, 2, 0), rep(.5, 6), 40),
  rubin("none", "the imputations agree", rep(2.5, 4), c(.4, .4, .5, .45), 30))

# What mice draws: three columns with holes, pooled mean change, over 300 imputations.
data <- data.frame(age = age, q = q, pre = pre, post = post); data$post[lost] <- NA; gone <- sample(n, 20); data$pre[gone] <- NA; data$age[sample(n, 15)] <- NA
draw <- function(method, seed) {
  im <- mice(data, m = 300, maxit = 10, method = method, seed = seed, printFlag = FALSE); est <- se <- post <- numeric(300)
  for (i in 1:300) { c1 <- complete(im, i); d <- c1$post - c1$pre; est[i] <- mean(d); se[i] <- sd(d) / sqrt(n); post[i] <- mean(c1$post[lost]) }
  list(estimate = mean(est), between_sd = sd(est), within = mean(se^2), lost_mean = mean(post), lost_sd = sd(post))
}
out$mice_data <- list(x = as.matrix(data), norm = draw("norm", 11), pmm = draw("pmm", 12))
cat(js(out), "\n")
