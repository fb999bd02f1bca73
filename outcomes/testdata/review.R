# Second look, by somebody who did not write the statistics: fresh data at the edges where programs differ.
# Run: Rscript review.R > review.json. Each set is there for the reason it gives.
source("json.R")
suppressMessages(library(survival))
out <- list(R = R.version.string)

# Perfect and nearly perfect correlation: whether r is 1 hangs on the last place ---------------------------
perfect <- function(reason, x, y) {
  f <- function(...) tryCatch(cor.test(x, y, ...), error = function(e) list(estimate = NA, statistic = NA, p.value = NA))
  p <- f(); s <- f(method = "spearman", exact = FALSE); d <- f(method = "spearman")
  list(reason = reason, x = vec(x), y = vec(y), cor = cor(x, y), pearson_p = p$p.value,
       rho = cor(x, y, method = "spearman"), rho_p_approx = s$p.value, rho_p = d$p.value,
       d_rm = mean(y - x) / sd(y - x) * sqrt(2 * (1 - cor(x, y))))
}
out$perfect <- c(
  lapply(3:24, function(n) perfect("a constant shift, and so the order kept", (1:n)^2 / 8, (1:n)^2 / 8 + 3)),
  list(perfect("two pairs, opposite ways", c(10, 12), c(13, 12.5)),
       perfect("two pairs, the same way", c(1.1, 2.7), c(3.3, 9.1)),
       perfect("a straight line, rounded", c(0.1, 0.2, 0.3, 0.4, 0.7), 3 * c(0.1, 0.2, 0.3, 0.4, 0.7) + 1),
       perfect("the order turned round", 1:9, -(1:9)),
       perfect("far from zero", 1e6 + c(1, 2, 4, 8, 9), 1e6 - c(1, 2, 4, 8, 9)),
       perfect("unrelated", c(3, 1, 4, 1.5, 9, 2.6), c(2, 7, 1, 8, 2.8, 1.9))))

# Marginal homogeneity, a state that nobody was ever in ------------------------------------------------------
sm <- function(m) {
  keep <- rowSums(m) + colSums(m) > 0
  m <- m[keep, keep]; k <- nrow(m) - 1
  d <- (rowSums(m) - colSums(m))[1:k]
  v <- diag(rowSums(m) + colSums(m)) - m - t(m)
  diag(v) <- rowSums(m) + colSums(m) - 2 * diag(m)
  w <- drop(d %*% solve(v[1:k, 1:k], d))
  list(statistic = w, df = k, p_value = pchisq(w, k, lower.tail = FALSE))
}
m <- matrix(c(12, 3, 0, 7, 9, 20, 0, 1, 0, 0, 0, 0, 2, 6, 0, 15), 4, byrow = TRUE)
out$stuart_maxwell <- c(list(table = m), sm(m))

# Trend ------------------------------------------------------------------------------------------------------
tr <- function(reason, x, n, s) { r <- prop.trend.test(x, n, s); list(reason = reason, x = vec(x), n = vec(n), scores = vec(s), statistic = r$statistic, p_value = r$p.value) }
out$trend <- list(tr("a group without events, one with nothing else", c(0, 3, 9, 12), c(10, 11, 13, 12), c(1, 2, 3, 4)),
  tr("uneven and negative scores", c(5, 9, 2), c(50, 60, 7), c(-3, 0.5, 11)), tr("flat to the last place", c(2, 4, 6), c(10, 20, 30), 1:3))

# Strata -----------------------------------------------------------------------------------------------------
mh <- function(reason, ...) {
  a <- array(c(...), c(2, 2, length(c(...)) / 4)); r <- mantelhaen.test(a); u <- mantelhaen.test(a, correct = FALSE)
  list(reason = reason, strata = vec(aperm(a, c(2, 1, 3))), statistic = r$statistic, p_value = r$p.value, or = r$estimate, conf_int = vec(r$conf.int), uncorrected = u$statistic)
}
out$strata <- list(mh("a service where everybody completed", 12, 5, 7, 9, 6, 4, 0, 0, 3, 8, 5, 6),
  mh("a service with one arm only", 12, 5, 7, 9, 6, 0, 4, 0, 3, 8, 5, 6),
  mh("less than half a person from the null: R leaves the correction out", 10, 10, 10, 11, 7, 6, 6, 5),
  mh("the odds ratio is infinite, the test is not", 1, 1, 0, 4, 1, 1, 0, 4), mh("the odds ratio is 0", 0, 1, 1, 2, 2, 3, 2, 0))

# Survival ---------------------------------------------------------------------------------------------------
km <- function(reason, time, event) {
  s <- summary(survfit(Surv(time, event) ~ 1, conf.type = "log-log"))
  list(reason = reason, time = vec(time), event = vec(event), t = vec(s$time), surv = vec(s$surv), se = vec(s$std.err), low = vec(s$lower), high = vec(s$upper))
}
out$km <- list(km("ties of events and of events with losses, the last an event", c(2, 2, 2, 5, 5, 7, 9, 9, 11), c(1, 1, 0, 1, 0, 0, 1, 1, 1)),
  km("the last lost at the time of an event", c(1, 3, 3, 8, 8), c(1, 1, 0, 1, 0)))
lt <- c(3, 5, 5, 8, 12, 2, 5, 6, 6, 14, 20, 1, 3, 3, 4, 9); le <- c(1, 1, 0, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1, 1, 0, 1); lg <- rep(1:3, c(5, 6, 5))
lr <- survdiff(Surv(lt, le) ~ lg); pe <- survdiff(Surv(lt, le) ~ lg, rho = 1)
out$logrank <- list(time = vec(lt), event = vec(le), group = vec(lg), chisq = lr$chisq, p_value = pchisq(lr$chisq, 2, lower.tail = FALSE), peto = pe$chisq, expected = vec(lr$exp))

# Overdispersion, by Spiegelhalter's formulas -----------------------------------------------------------------
ox <- c(0, 14, 33, 8, 61, 5, 40, 27, 18, 2); on <- c(9, 30, 41, 40, 80, 22, 44, 60, 19, 17); p0 <- sum(ox) / sum(on)
z <- (ox / on - p0) / sqrt(p0 * (1 - p0) / on); q <- quantile(z, c(0.1, 0.9)); zw <- pmin(pmax(z, q[1]), q[2])
w <- on / (p0 * (1 - p0)); phi <- mean(zw^2)
out$overdispersion <- list(x = vec(ox), n = vec(on), target = p0, q = vec(q), phi_raw = mean(z^2), phi = phi, tau_sq = (length(z) * phi - (length(z) - 1)) / (sum(w) - sum(w^2) / sum(w)))

# ICC(2,1) from aov; limits of McGraw and Wong ------------------------------------------------------------------
ic <- matrix(c(9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7), 6, byrow = TRUE)
l <- data.frame(y = c(ic), s = factor(rep(1:6, 4)), r = factor(rep(1:4, each = 6))); a <- summary(aov(y ~ s + r, l))[[1]][, "Mean Sq"]
icc <- (a[1] - a[3]) / (a[1] + 3 * a[3] + 4 * (a[2] - a[3]) / 6)
fj <- a[2] / a[3]; vn <- 15 * (4 * icc * fj + 6 * (1 + 3 * icc) - 4 * icc)^2; vd <- 5 * 16 * icc^2 * fj^2 + (6 * (1 + 3 * icc) - 4 * icc)^2; v <- vn / vd
f1 <- qf(0.975, 5, v); f2 <- qf(0.975, v, 5)
out$icc <- list(rows = ic, estimate = icc, low = 6 * (a[1] - f1 * a[3]) / (f1 * (4 * a[2] + 14 * a[3]) + 6 * a[1]), high = 6 * (f2 * a[1] - a[3]) / (4 * a[2] + 14 * a[3] + 6 * f2 * a[1]), f = a[1] / a[3])

# Proportions at the ends (Brown, Cai and DasGupta: Jeffreys is 0 or 1 there) -------------------------------------
out$jeffreys <- lapply(list(c(0, 1), c(1, 1), c(0, 37), c(37, 37), c(1, 37), c(36, 37)), function(v) {
  x <- v[1]; n <- v[2]
  list(x = x, n = n, low = if (x == 0) 0 else qbeta(0.025, x + 0.5, n - x + 0.5), high = if (x == n) 1 else qbeta(0.975, x + 0.5, n - x + 0.5))
})

# Quantiles of next to nothing ----------------------------------------------------------------------------------
pr <- c(0, 0.01, 0.1, 0.25, 1 / 3, 0.5, 2 / 3, 0.9, 0.99, 1)
out$quantiles <- lapply(list(4.5, c(2, 7), c(1, 1, 4), c(3.5, -1, 8, 2)), function(x) list(x = vec(x), probs = vec(pr), types = lapply(1:9, function(t) vec(quantile(x, pr, type = t)))))

# Groups --------------------------------------------------------------------------------------------------------
kw <- list(c(1, 1, 2, 3, 3), c(2, 2, 2, 5), c(3, 3, 6, 6, 6, 7), 2); k <- kruskal.test(kw)
out$kruskal <- list(groups = lapply(kw, vec), statistic = k$statistic, df = k$parameter, p_value = k$p.value)
out$kruskal_two_values <- { g <- list(c(0, 0, 1), c(0, 1, 1, 1)); k <- kruskal.test(g); list(groups = lapply(g, vec), statistic = k$statistic, df = k$parameter, p_value = k$p.value) }

# Logistic, one case away from separation ---------------------------------------------------------------------------
xx <- c(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12); yy <- c(0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 1)
g <- glm(yy ~ xx, binomial, control = list(epsilon = 1e-15, maxit = 100)); cf <- coef(summary(g))
out$logistic <- list(x = vec(xx), y = vec(yy), b = vec(cf[, 1]), se = vec(cf[, 2]), deviance = g$deviance)

# Slope and relative index, by weighted least squares and the delta method ---------------------------------------------
sx <- c(40, 33, 51, 12, 9); sn <- c(160, 90, 210, 40, 75); rd <- (cumsum(sn) - sn / 2) / sum(sn); p <- sx / sn
b <- coef(lm(p ~ rd, weights = sn)); X <- cbind(1, rd); H <- solve(t(X) %*% (sn * X)) %*% t(X * sn); V <- H %*% diag(p * (1 - p) / sn) %*% t(H)
gr <- c(1 / b[1] - 1 / sum(b), -1 / sum(b)); rii <- b[1] / sum(b); e <- qnorm(0.975) * sqrt(drop(gr %*% V %*% gr))
out$inequality <- list(x = vec(sx), n = vec(sn), slope = -b[2], slope_ci = vec(-b[2] + c(-1, 1) * qnorm(0.975) * sqrt(V[2, 2])), relative = rii, relative_ci = vec(rii * exp(c(-e, e))))

# Wilcoxon where the default turns from exact to normal -----------------------------------------------------------------
wx <- function(n) {
  d <- (-1)^(1:n) * (1:n)^1.5 + 4; r <- wilcox.test(d, conf.int = TRUE); x <- sqrt(1:n); y <- sqrt(1:n + 0.3) + 0.07; m <- wilcox.test(x, y)
  list(n = n, d = vec(d), v = r$statistic, p_value = r$p.value, estimate = r$estimate, conf_int = vec(r$conf.int), x = vec(x), y = vec(y), w = m$statistic, mw_p = m$p.value)
}
out$wilcoxon <- list(wx(49), wx(50))
one <- function(reason, d) {
  r <- wilcox.test(d, exact = FALSE, conf.int = TRUE)
  list(reason = reason, d = vec(d), estimate = r$estimate, less = wilcox.test(d, alternative = "less")$p.value, greater = wilcox.test(d, alternative = "greater")$p.value)
}
out$alike <- list(one("everybody who changed rose by 2", c(0, 2, 2, 0, 2)), one("one alone fell", c(0, 0, -1.5, 0)))
out$unchanged <- list(less = wilcox.test(c(0, 0, 0), alternative = "less")$p.value, greater = wilcox.test(c(0, 0, 0), alternative = "greater")$p.value)

# Independent groups: pooled d by uniroot on pt -----------------------------------------------------------------------------
cd <- function(reason, x, y) {
  n <- length(x); m <- length(y); df <- n + m - 2; s <- sqrt(((n - 1) * var(x) + (m - 1) * var(y)) / df); d <- (mean(x) - mean(y)) / s; k <- sqrt(1 / n + 1 / m)
  f <- function(p) uniroot(function(z) pt(d / k, df, z) - p, c(-30, 30), tol = 1e-14)$root * k
  list(reason = reason, x = vec(x), y = vec(y), d = d, low = f(0.975), high = f(0.025), g = d * exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2))
}
out$cohens_d <- list(cd("unequal sizes", c(3, 5, 8, 8, 11), c(1, 2, 4)), cd("no difference", c(1, 2, 3), c(3, 1, 2, 2)), cd("one group without variation", c(4, 4, 4), c(1, 2, 3, 4)))

# Difference of two proportions: Miettinen and Nurminen's score limits, the restricted estimate by search --------------
mn <- function(reason, x, n, y, m) {
  N <- n + m; d <- x / n - y / m
  chi <- function(delta) {
    ll <- function(q) { t <- function(k, p) if (k == 0) 0 else k * log(p); t(x, q + delta) + t(n - x, 1 - q - delta) + t(y, q) + t(m - y, 1 - q) }
    lo <- max(0, -delta); hi <- min(1, 1 - delta); q <- optimize(ll, c(lo, hi), maximum = TRUE, tol = 1e-13)$maximum; p <- q + delta
    (d - delta)^2 / ((p * (1 - p) / n + q * (1 - q) / m) * N / (N - 1)) - qchisq(0.95, 1)
  }
  list(reason = reason, x1 = x, n1 = n, x2 = y, n2 = m, low = uniroot(chi, c(-1 + 1e-9, d - 1e-9), tol = 1e-12)$root, high = uniroot(chi, c(d + 1e-9, 1 - 1e-9), tol = 1e-12)$root)
}
out$miettinen_nurminen <- list(mn("plain", 14, 40, 9, 55), mn("none in one group", 0, 12, 5, 17), mn("all in one group", 9, 9, 3, 7), mn("equal", 6, 20, 9, 30))
cat(js(out), "\n")
