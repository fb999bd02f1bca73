# R's answers for the statistics beyond paired data. Run: Rscript families.R > families.json
# Each set is there for the reason it gives.
source("json.R")
out <- list(R = R.version.string)
set.seed(133)

# Two groups -------------------------------------------------------------------------------------
two <- function(name, reason, x, y) {
  o <- list(name = name, reason = reason, x = vec(x), y = vec(y))
  for (alt in c("two.sided", "less", "greater")) {
    r <- t.test(x, y, alternative = alt)
    o[[paste0("welch_", alt)]] <- list(statistic = r$statistic, df = r$parameter, p_value = r$p.value, conf_int = vec(r$conf.int))
    r <- t.test(x, y, alternative = alt, var.equal = TRUE)
    o[[paste0("pooled_", alt)]] <- list(statistic = r$statistic, df = r$parameter, p_value = r$p.value, conf_int = vec(r$conf.int))
    for (ex in c(TRUE, FALSE)) for (co in c(TRUE, FALSE)) {
      r <- wilcox.test(x, y, alternative = alt, exact = ex, correct = co)
      o[[sprintf("mw_exact%s_correct%s_%s", ex, co, alt)]] <- list(statistic = r$statistic, p_value = r$p.value)
    }
    for (ex in c(TRUE, FALSE)) {
      r <- wilcox.test(x, y, alternative = alt, exact = ex, conf.int = TRUE)
      o[[sprintf("mw_hl_exact%s_%s", ex, alt)]] <- list(estimate = r$estimate, conf_int = vec(r$conf.int))
    }
  }
  o
}
out$two_groups <- list(
  two("small_no_ties", "exact without ties", c(1.1, 2.3, 3.7, 4.05), c(0.4, 2.9, 5.5, 7.25, 8.125)),
  two("level_out_of_reach", "too few for a 95 % interval", c(1, 2), c(3.5, 4.25)),
  two("ties", "scores with ties: R falls back to normal", c(3, 4, 4, 5, 6, 8), c(1, 2, 4, 4, 5, 5, 5)),
  two("n49_each", "the largest groups that are exact by default", sort(rnorm(49)) , rnorm(49, 0.6, 2)),
  two("unequal", "one group of 60, so normal by default", rnorm(60, 10, 3), rnorm(15, 12, 1)),
  two("far_apart", "no overlap: the statistic is at its end", c(10.5, 11.25, 12, 13.75, 15), c(1, 2.5, 3.25, 4, 5.5, 7))
)

# Correlation ------------------------------------------------------------------------------------
corr <- function(name, reason, x, y) {
  o <- list(name = name, reason = reason, x = vec(x), y = vec(y))
  for (alt in c("two.sided", "less", "greater")) {
    r <- cor.test(x, y, alternative = alt)
    o[[paste0("pearson_", alt)]] <- list(estimate = r$estimate, p_value = r$p.value, conf_int = vec(if (is.null(r$conf.int)) c(NA, NA) else r$conf.int))
    r <- cor.test(x, y, alternative = alt, method = "spearman", exact = FALSE)
    o[[paste0("spearman_", alt)]] <- list(estimate = r$estimate, p_value = r$p.value)
    for (ex in c(TRUE, FALSE)) {
      r <- cor.test(x, y, alternative = alt, method = "kendall", exact = ex)
      o[[sprintf("kendall_exact%s_%s", ex, alt)]] <- list(estimate = r$estimate, p_value = r$p.value)
    }
  }
  r <- cor.test(x, y, method = "kendall", exact = FALSE, continuity = TRUE)
  o$kendall_continuity <- list(p_value = r$p.value)
  o
}
x <- rnorm(30)
out$correlation <- list(
  corr("n3", "the smallest n; Pearson has no interval", c(1, 2, 4), c(3, 2.5, 9)),
  corr("ties", "scores with ties in both", c(1, 2, 2, 3, 4, 4, 4, 5), c(2, 1, 3, 3, 5, 4, 4, 6)),
  corr("strong_n30", "a strong correlation without ties", x, x + rnorm(30, 0, 0.3)),
  corr("none_n49", "no correlation, the last n with an exact Kendall by default", rnorm(49), rnorm(49)),
  corr("negative_n80", "falling, with ties in one", round(rnorm(80) * 2), -(1:80))
)

# Several groups ---------------------------------------------------------------------------------
several <- function(name, reason, groups) {
  v <- unlist(groups); g <- factor(rep(seq_along(groups), lengths(groups)))
  k <- kruskal.test(v, g); a <- summary(aov(v ~ g))[[1]]; w <- oneway.test(v ~ g)
  list(name = name, reason = reason, groups = lapply(unname(groups), vec),
    kruskal = list(statistic = k$statistic, df = k$parameter, p_value = k$p.value),
    anova = list(f = a[1, 4], df1 = a[1, 1], df2 = a[2, 1], ss_between = a[1, 2], ss_within = a[2, 2], p_value = a[1, 5]),
    welch = list(f = w$statistic, df1 = w$parameter[1], df2 = w$parameter[2], p_value = w$p.value))
}
out$several_groups <- list(
  several("ties", "scores with ties over five quintiles", lapply(1:5, function(i) pmin(25, pmax(0, round(rnorm(20 + i, 10 + i, 5)))))),
  several("two", "two groups: F is t squared", list(c(1, 2, 3.5, 4), c(2, 5, 6, 7.25, 9))),
  several("unequal_variances", "spread grows with the group", list(rnorm(10, 0, 1), rnorm(12, 0, 5), rnorm(40, 1, 20))),
  several("certified_like", "values that differ in the last places: 1e6 and a little", list(1e6 + c(.2, .1, .3, .1, .3), 1e6 + c(.3, .2, .4, .2, .4), 1e6 + c(.4, .3, .5, .3, .5)))
)

# Quantiles --------------------------------------------------------------------------------------
qs <- list(c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5), c(10, 20), 7, round(rnorm(40, 50, 10), 1))
probs <- c(0, .01, .1, .25, 1/3, .5, .6, .75, .9, .99, 1)
out$quantiles <- lapply(qs, function(x) list(x = vec(x), probs = vec(probs),
  types = t(vapply(1:9, function(k) as.numeric(quantile(x, probs, type = k)), numeric(length(probs))))))

# Tables -----------------------------------------------------------------------------------------
tab <- function(m) {
  o <- list(table = m)
  f <- fisher.test(m)
  o$fisher <- list(p_value = f$p.value)
  if (all(dim(m) == 2)) {
    o$fisher <- list(p_value = f$p.value, estimate = f$estimate, conf_int = vec(f$conf.int),
      less = fisher.test(m, alternative = "less")$p.value, greater = fisher.test(m, alternative = "greater")$p.value,
      less_ci = vec(fisher.test(m, alternative = "less")$conf.int), greater_ci = vec(fisher.test(m, alternative = "greater")$conf.int),
      ci99 = vec(fisher.test(m, conf.level = .99)$conf.int))
  }
  if (nrow(m) == ncol(m)) { b <- mcnemar.test(m, correct = FALSE); o$bowker <- list(statistic = b$statistic, df = b$parameter, p_value = b$p.value) }
  o
}
out$tables <- list(
  tab(matrix(c(10, 3, 5, 12), 2)), tab(matrix(c(0, 7, 9, 2), 2)), tab(matrix(c(120, 80, 95, 210), 2)),
  tab(matrix(c(3, 0, 0, 4), 2)), tab(matrix(c(1000, 30, 900, 70), 2)),
  tab(matrix(c(5, 2, 1, 3, 4, 4, 0, 6, 2), 3)), tab(matrix(c(4, 1, 0, 2, 6, 3, 1, 0, 7, 2, 2, 2), 3)),
  tab(matrix(c(12, 5, 9, 20, 8, 14), 2, byrow = TRUE)), tab(matrix(c(20, 3, 0, 10, 30, 5, 5, 15, 40), 3))
)
trend <- function(x, n, s = seq_along(x)) { r <- prop.trend.test(x, n, s); list(x = vec(x), n = vec(n), score = vec(s), statistic = r$statistic, p_value = r$p.value) }
out$trend <- list(trend(c(83, 90, 129, 70), c(86, 93, 136, 82)), trend(c(10, 14, 20, 25, 41), c(60, 62, 70, 66, 80)),
  trend(c(0, 1, 5), c(20, 20, 20), c(0, 1, 4)))
mh <- function(name, reason, a) {
  r1 <- mantelhaen.test(a); r2 <- mantelhaen.test(a, correct = FALSE)
  list(name = name, reason = reason, strata = lapply(seq_len(dim(a)[3]), function(k) a[, , k]),
    corrected = list(statistic = r1$statistic, p_value = r1$p.value), uncorrected = list(statistic = r2$statistic, p_value = r2$p.value),
    estimate = r1$estimate, conf_int = vec(r1$conf.int))
}
out$mantel_haenszel <- list(
  mh("berkeley", "R's own example: admissions by department", unclass(UCBAdmissions)),
  mh("services", "three services, one with an empty cell", array(c(10, 15, 20, 12, 5, 9, 14, 8, 0, 25, 22, 33), c(2, 2, 3))))

# Poisson ----------------------------------------------------------------------------------------
out$poisson <- lapply(list(c(0, 10), c(1, 3.5), c(12, 400), c(1000, 1), c(137, 24.19893)), function(v) {
  o <- list(x = v[1], t = v[2]); r <- poisson.test(v[1], v[2])
  o$conf_int <- vec(r$conf.int); o$ci99 <- vec(poisson.test(v[1], v[2], conf.level = .99)$conf.int)
  o$less <- vec(poisson.test(v[1], v[2], alternative = "less")$conf.int); o$greater <- vec(poisson.test(v[1], v[2], alternative = "greater")$conf.int)
  o$p <- poisson.test(v[1], v[2], r = 0.5)$p.value; o
})

# Many tests at once -----------------------------------------------------------------------------
ps <- list(c(0.01, 0.04, 0.03, 0.005, 0.2), 0.02, c(1, 1, 0.9), c(1e-300, 0.5, 0.5, 1e-10), c(0.05, 0.05, 0.05))
out$adjust <- lapply(ps, function(p) list(p = vec(p), holm = vec(p.adjust(p, "holm")), hochberg = vec(p.adjust(p, "hochberg")),
  bh = vec(p.adjust(p, "BH")), by = vec(p.adjust(p, "BY")), bonferroni = vec(p.adjust(p, "bonferroni"))))

cat(js(out), "\n")
