# Health economics by their formulas in base R. Run: Rscript economics.R > economics.json
source("json.R")
set.seed(1994)
out <- list(R = R.version.string)
area <- function(name, reason, days, u, rate) {
  t <- days / 365.25; f <- approxfun(t, u)
  seg <- function(g) sum(vapply(seq_len(length(t) - 1), function(i) integrate(g, t[i], t[i + 1], rel.tol = 1e-13)$value, 0))
  list(name = name, reason = reason, days = vec(days), utilities = vec(u), rate = rate,
    qalys = seg(function(s) f(s) * (1 + rate)^(-s)), undiscounted = sum(diff(t) * (head(u, -1) + u[-1]) / 2))
}
out$qalys <- list(
  area("year", "three points in a year, not discounted", c(0, 91, 365), c(.62, .71, .69), 0),
  area("discounted", "the same at 3.5 % a year", c(0, 91, 365), c(.62, .71, .69), .035),
  area("long", "five years and a high rate", c(0, 365, 800, 1826), c(.2, .9, .85, 1), .1),
  area("close", "points a day apart: the closed form cancels", c(0, 1, 2, 3), c(.5, .6, .4, .55), .035),
  area("negative", "a state worse than death, and a late start", c(30, 60, 200), c(-.594, -.2, .3), .015))
fieller <- function(name, reason, x, y, level = .95) {
  n <- length(x); q <- qt(1 - (1 - level) / 2, n - 1); a <- mean(y)^2 - q^2 * var(y) / n; b <- mean(x) * mean(y) - q^2 * cov(x, y) / n; c <- mean(x)^2 - q^2 * var(x) / n
  o <- list(name = name, reason = reason, costs = vec(x), goals = vec(y), estimate = sum(x) / sum(y))
  if (a > 0) o$ci <- vec((b + c(-1, 1) * sqrt(b^2 - a * c)) / a)
  o
}
g <- rpois(80, 1.6)
out$cost_per_goal <- list(
  fieller("service", "80 clients, cost grows with goals", round(90 + 35 * g + rexp(80, 1 / 40), 2), g),
  fieller("few", "so few goals that the interval does not exist", c(100, 120, 90, 110, 105), c(0, 1, 0, 0, 0)),
  fieller("fixed", "the same price for all: only the goals vary", rep(212.5, 12), c(1, 2, 0, 3, 1, 1, 2, 0, 1, 4, 2, 1)))
arm <- function(n, cost, sd, effect, sde, rho) { z <- rnorm(n); list(costs = round(cost + sd * z, 2), effects = round(effect + sde * (rho * z + sqrt(1 - rho^2) * rnorm(n)), 4)) }
compare <- function(name, reason, s, o, lambda) {
  B <- 20000; idx <- function(n) matrix(sample.int(n, n * B, TRUE), B)
  m <- function(v, i) rowMeans(matrix(v[i], B)); i <- idx(length(s$costs)); j <- idx(length(o$costs))
  dc <- m(s$costs, i) - m(o$costs, j); de <- m(s$effects, i) - m(o$effects, j)
  net <- t.test(lambda * s$effects - s$costs, lambda * o$effects - o$costs)
  lambdas <- c(0, 5000, 13000, 20000, 30000, 50000)
  list(name = name, reason = reason, service = lapply(s, vec), comparator = lapply(o, vec), cost = mean(s$costs) - mean(o$costs), effect = mean(s$effects) - mean(o$effects),
    icer = (mean(s$costs) - mean(o$costs)) / (mean(s$effects) - mean(o$effects)), lambda = lambda, nmb = -diff(net$estimate), nmb_ci = vec(net$conf.int), nmb_p = net$p.value,
    lambdas = vec(lambdas), acceptability = vec(vapply(lambdas, function(l) mean(l * de - dc > 0), 0)), nmb_percentile = vec(quantile(lambda * de - dc, c(.025, .975), type = 6)),
    se_cost = sd(dc), se_effect = sd(de), cor = cor(dc, de))
}
out$compare <- list(
  compare("dearer_better", "more effective at a higher cost", arm(90, 620, 180, .052, .12, .3), arm(75, 410, 150, .020, .11, .2), 20000),
  compare("dominant", "cheaper and more effective", arm(60, 300, 90, .09, .1, 0), arm(60, 520, 120, .01, .1, 0), 20000),
  compare("dominated", "dearer and less effective", arm(40, 900, 90, -.03, .1, 0), arm(50, 520, 120, .05, .1, 0), 13000),
  compare("cheaper_worse", "less effective at a lower cost", arm(120, 200, 60, .01, .05, 0), arm(110, 900, 100, .06, .06, 0), 20000))
cat(js(out), "\n")
