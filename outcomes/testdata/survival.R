# R's answers for times to an event, with the survival package 3.5-3, and for reliability.
# Run: Rscript survival.R > survival.json
suppressMessages(library(survival))
source("json.R")
set.seed(52)
out <- list(R = R.version.string)
grp <- rep(1:3, c(30, 25, 20)); tm <- ceiling(rexp(75, c(.03, .05, .08)[grp])); ev <- rbinom(75, 1, .75)
sd3 <- survdiff(Surv(tm, ev) ~ grp); sdp <- survdiff(Surv(tm, ev) ~ grp, rho = 1)
out$three_groups <- list(time = vec(tm), event = vec(ev), group = vec(grp),
  chisq = sd3$chisq, p_value = pchisq(sd3$chisq, 2, lower.tail = FALSE), obs = vec(sd3$obs), exp = vec(sd3$exp), rho1 = sdp$chisq)
comp <- function(name, reason, time, cause) {
  f <- survfit(Surv(time, factor(cause, 0:2, c("censor", "completed", "dropped"))) ~ 1, conf.type = "log-log")
  list(name = name, reason = reason, time = vec(time), cause = vec(cause), t = vec(f$time),
    incidence1 = vec(f$pstate[, 2]), incidence2 = vec(f$pstate[, 3]), se1 = vec(f$std.err[, 2]), se2 = vec(f$std.err[, 3]),
    low1 = vec(f$lower[, 2]), high1 = vec(f$upper[, 2]), low2 = vec(f$lower[, 3]), high2 = vec(f$upper[, 3]))
}
out$competing <- list(
  comp("weeks", "ties between the causes and censoring", ceiling(rexp(60, .08)), sample(0:2, 60, TRUE, c(.2, .5, .3))),
  comp("no_censoring", "everyone ends one way or the other", c(1, 2, 2, 3, 5, 8), c(1, 2, 1, 1, 2, 1)),
  comp("last_censored", "the last one is still under way", c(1, 2, 4, 4, 7), c(2, 1, 0, 1, 0)))
f <- survfit(Surv(tm, ev) ~ 1)
out$rmean <- lapply(c(5, 12.5, 26), function(h) { s <- summary(f, rmean = h)$table; list(horizon = h, mean = s["rmean"], se = s["se(rmean)"]) })
out$quantile <- lapply(c(.1, .25, .5, .6), function(p) { q <- quantile(f, p); list(p = p, q = q$quantile, low = q$lower, high = q$upper) })
# Shrout and Fleiss (1979), table 2: six targets, four judges
sf <- matrix(c(9,2,5,8, 6,1,3,2, 8,4,6,8, 7,1,2,6, 10,5,6,9, 6,2,4,7), 6, byrow = TRUE)
d <- data.frame(y = c(sf), r = factor(row(sf)), c = factor(col(sf))); a <- summary(aov(y ~ r + c, d))[[1]]
ms <- a[, 3]; n <- 6; k <- 4; icc <- (ms[1] - ms[3]) / (ms[1] + (k - 1) * ms[3] + k * (ms[2] - ms[3]) / n)
fj <- ms[2] / ms[3]; v <- (k - 1) * (n - 1) * ((k * icc * fj + n * (1 + (k - 1) * icc) - k * icc))^2 / ((n - 1) * k^2 * icc^2 * fj^2 + (n * (1 + (k - 1) * icc) - k * icc)^2)
fu <- qf(.975, n - 1, v); fl <- qf(.975, v, n - 1) # Shrout and Fleiss, equation 8 and after
out$icc <- list(rows = sf, icc = icc, f = ms[1] / ms[3], p = pf(ms[1] / ms[3], 5, 15, lower.tail = FALSE),
  low = n * (ms[1] - fu * ms[3]) / (fu * (k * ms[2] + (k * n - k - n) * ms[3]) + n * ms[1]),
  high = n * (fl * ms[1] - ms[3]) / (k * ms[2] + (k * n - k - n) * ms[3] + n * fl * ms[1]))
cat(js(out), "\n")
