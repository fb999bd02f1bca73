# Common-language effect and clinically significant change. Run: Rscript change.R > change.json
source("json.R")
set.seed(1992)
out <- list(R = R.version.string)
tango <- function(b, c, n, level) { # the score test of Tango (1998), its limits by uniroot
  z <- qnorm(1 - (1 - level) / 2)
  score <- function(d) {
    A <- 2 * n; B <- -b - c + (2 * n - b + c) * d; C <- -c * d * (1 - d)
    p21 <- (sqrt(pmax(0, B^2 - 4 * A * C)) - B) / (2 * A)
    (b - c - n * d) / sqrt(n * (2 * p21 + d * (1 - d)))
  }
  d <- (b - c) / n; e <- 1e-9
  low <- if (c == n) -1 else uniroot(function(x) score(x) - z, c(-1 + e, d - e), tol = 1e-14)$root
  high <- if (b == n) 1 else uniroot(function(x) score(x) + z, c(d + e, 1 - e), tol = 1e-14)$root
  vec((1 + c(low, high)) / 2)
}
cl <- function(name, reason, pre, post) {
  d <- post - pre; n <- length(d); b <- sum(d > 0); c <- sum(d < 0)
  o <- list(name = name, reason = reason, pre = vec(pre), post = vec(post), estimate = mean(d > 0) + mean(d == 0) / 2,
    ci = tango(b, c, n, .95), ci99 = tango(b, c, n, .99))
  if (sd(d) > 0) o$normal <- pnorm(mean(d) / sd(d))
  o
}
x <- round(rnorm(60, 50, 15))
out$common_language <- list(
  cl("ties", "scores with equal pairs", c(28, 36, 44, 52, 20, 60, 48, 32, 40, 56), c(44, 40, 56, 52, 20, 60, 72, 52, 36, 68)),
  cl("no_ties", "nobody unchanged: the interval is Wilson's", c(1.5, 2, 3, 4, 5, 6), c(2, 3, 2.25, 5, 7, 9)),
  cl("all_higher", "the estimate is 1", 1:8, c(2, 4, 5, 5, 7, 9, 8, 10)),
  cl("all_lower", "the estimate is 0", c(5, 6, 7), c(4, 4, 6)),
  cl("nobody_changed", "the estimate is one half, and the SD is 0", c(3, 4, 5, 6), c(3, 4, 5, 6)),
  cl("large", "60 people", x, x + round(rnorm(60, 4, 8))))
clin <- function(name, reason, pre, post, cut, lower, sem, level = NULL) {
  z <- if (is.null(level)) 1.96 else qnorm(1 - (1 - level) / 2); thr <- z * sqrt(2) * sem
  d <- if (lower) pre - post else post - pre
  case <- function(v) if (lower) v >= cut else v <= cut
  rec <- d > thr & case(pre) & !case(post)
  list(name = name, reason = reason, pre = vec(pre), post = vec(post), cut = cut, lower = as.numeric(lower), sem = sem, level = if (is.null(level)) 0 else level,
    cases = sum(case(pre)), recovered = sum(rec), improved = sum(d > thr & !rec), deteriorated = sum(d < -thr), unchanged = sum(abs(d) <= thr),
    became = sum(d < -thr & !case(pre) & case(post)), crossed = sum(abs(d) <= thr & case(pre) & !case(post)), threshold = thr)
}
pre <- pmin(27, pmax(0, round(rnorm(120, 13, 6)))); post <- pmin(27, pmax(0, round(pre - rnorm(120, 3, 5))))
w <- pmin(100, pmax(0, 4 * round(rnorm(90, 12, 5)))); w2 <- pmin(100, pmax(0, 4 * round(w / 4 + rnorm(90, 2, 4))))
out$clinical <- list(
  clin("phq9", "lower is better, the cut-off itself a case", pre, post, 10, TRUE, 6.1 * sqrt(1 - .86)),
  clin("who5", "higher is better, the cut-off itself a case", w, w2, 50, FALSE, 6.5),
  clin("who5_90", "a smaller confidence: more changes are reliable", w, w2, 50, FALSE, 6.5, .9))
cat(js(out), "\n")
