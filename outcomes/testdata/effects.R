# R's answers for the intervals of effect sizes that rest on the limits of dz or d, and for the indices of
# inequality by their formulas. Run: Rscript effects.R > effects.json
# effectsize 0.8.3 (hedges_g) stops its search for a limit at about 1e-4; it stands here to show that its limits of
# g are those of d times J. The others are found by uniroot on pt to the last digits.
source("json.R")
suppressMessages(library(effectsize))
out <- list(R = R.version.string, effectsize = as.character(packageVersion("effectsize")))
limits <- function(t, df, level = 0.95) {
  f <- function(p) uniroot(function(l) pt(t, df, l) - p, c(t - 8, t + 8), extendInt = "downX", tol = 1e-14, maxiter = 10000)$root
  c(f(1 - (1 - level) / 2), f((1 - level) / 2))
}
J <- function(df) exp(lgamma(df / 2) - log(sqrt(df / 2)) - lgamma((df - 1) / 2))
paired <- function(reason, pre, post, level = 0.95) {
  d <- post - pre; n <- length(d); dz <- mean(d) / sd(d); l <- limits(dz * sqrt(n), n - 1, level) / sqrt(n)
  r <- cor(pre, post); sp <- sd(pre); av <- sqrt((var(pre) + var(post)) / 2); j <- J(n - 1)
  e <- hedges_g(d, ci = level)
  list(reason = reason, pre = vec(pre), post = vec(post), level = level,
       gz = dz * j, gz_ci = vec(l * j), effectsize_gz = e$Hedges_g, effectsize_gz_ci = vec(c(e$CI_low, e$CI_high)),
       rm = dz * sqrt(2 * (1 - r)), rm_ci = vec(l * sqrt(2 * (1 - r))),
       glass = mean(d) / sp, glass_ci = vec(l * sd(d) / sp), rmv = mean(d) / av, rmv_ci = vec(l * sd(d) / av))
}
set.seed(6)
a <- round(rnorm(12, 40, 8), 1); b <- round(a + rnorm(12, 3, 5), 1)
w <- rpois(40, 14); v <- pmin(35, w + rpois(40, 2))
out$paired <- list(
  paired("12 people, weights", a, b),
  paired("the same, 90 %", a, b, 0.9),
  paired("three people, the fewest whose J is above 0", c(10, 12, 17), c(11, 15, 18)),
  paired("40 whole scores with ties", w, v),
  paired("a fall, pre and post hardly together", c(5, 9, 2, 7, 4, 8, 1, 6), c(3, 1, 4, 1, 5, 2, 2, 3)),
  paired("a large effect with little spread; beyond a noncentrality of 37.62 pt gives up", 1:10, 1:10 + 1.5 + c(0, 1)))
two <- function(reason, x, y, level = 0.95) {
  n <- c(length(x), length(y)); df <- sum(n) - 2; k <- sqrt(sum(1 / n))
  d <- (mean(x) - mean(y)) / sqrt(((n[1] - 1) * var(x) + (n[2] - 1) * var(y)) / df); j <- J(df); e <- hedges_g(x, y, ci = level)
  list(reason = reason, x = vec(x), y = vec(y), level = level, g = d * j, g_ci = vec(limits(d / k, df, level) * k * j),
       effectsize_g = e$Hedges_g, effectsize_g_ci = vec(c(e$CI_low, e$CI_high)))
}
out$groups <- list(two("unequal groups", round(rnorm(9, 20, 4), 1), round(rnorm(25, 17, 4), 1)), two("three against two, 80 %", c(1, 2, 4), c(3, 7), 0.8))

unequal <- function(reason, x, n) {
  p <- x / n; share <- n / sum(n); ridit <- cumsum(share) - share / 2
  f <- lm(p ~ ridit, weights = n); h <- solve(crossprod(cbind(1, ridit) * sqrt(n))) %*% t(cbind(1, ridit) * n)
  v <- diag(p * (1 - p) / n); V <- h %*% v %*% t(h); s <- -unname(coef(f)[2]); m <- sum(x) / sum(n)
  # the slope over the overall rate is a ratio of two sums of the rates: its gradient times their variances
  grad <- -h[2, ] / m - s / m^2 * share; e <- qnorm(0.975) * sqrt(sum(grad^2 * diag(v)))
  ends <- unname(c(coef(f)[1], sum(coef(f))))
  list(reason = reason, x = vec(x), n = vec(n), slope = s, slope_ci = vec(s + c(-1, 1) * qnorm(0.975) * sqrt(V[2, 2])),
       to_mean = s / m, to_mean_ci = vec(s / m + c(-e, e)), ends = vec(ends))
}
out$inequality <- list(
  unequal("quintiles of different size", c(61, 80, 39, 52, 20), c(120, 190, 101, 160, 74)),
  unequal("the line falls below 0 at the less deprived end: no ratio of its ends", c(60, 22, 8, 3, 0), c(100, 100, 100, 100, 100)),
  unequal("the line falls below 0 at the more deprived end", c(0, 1, 9, 40), c(80, 90, 70, 60)))
cat(js(out), "\n")
