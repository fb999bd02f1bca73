# R's answers for data on which something goes wrong. Run: Rscript awkward.R > awkward.json
# The keys and their nesting are those of reference.json, without what needs packages. NA is null, NaN and the
# infinities are strings; where R refuses there is an error.
options(warn = -1)
num <- function(x) {
  if (length(x) != 1) stop("not one number")
  if (is.na(x) && !is.nan(x)) return("null")
  if (is.nan(x)) return('"NaN"')
  if (is.infinite(x)) return(if (x > 0) '"Inf"' else '"-Inf"')
  sprintf("%.17g", x)
}
js <- function(x) {
  if (is.list(x)) return(paste0("{", paste(sprintf('"%s":%s', names(x), vapply(x, js, "")), collapse = ",\n"), "}"))
  if (is.character(x)) return(paste0('"', gsub('"', "'", gsub("\n", " ", x)), '"'))
  if (!is.null(attr(x, "vector"))) return(paste0("[", paste(vapply(as.numeric(x), num, ""), collapse = ","), "]"))
  num(as.numeric(x))
}
vec <- function(x) structure(as.numeric(x), vector = TRUE)
try_ <- function(e) tryCatch(e, error = function(err) list(error = conditionMessage(err)))

nct <- function(t, df) { # limits of the noncentrality
  f <- function(target, upper) {
    g <- function(d) pt(t, df, d, lower.tail = !upper) - target
    w <- 4 + 3 * sqrt(1 + t^2 / (2 * df))
    uniroot(g, c(max(t - w, -37.6), min(t + w, 37.6)), tol = 1e-13)$root
  }
  c(f(.025, TRUE), f(.025, FALSE))
}

one <- function(name, reason, pre, post) {
  out <- list(name = name, reason = reason, pre = vec(pre), post = vec(post))
  ok <- !is.na(pre) & !is.na(post)
  pre <- pre[ok]; post <- post[ok]; d <- post - pre; n <- length(d)
  h <- function(r, keys) {
    o <- list()
    if ("statistic" %in% keys) o$statistic <- r$statistic
    if ("df" %in% keys) o$df <- r$parameter
    o$p_value <- r$p.value
    if ("estimate" %in% keys) o$estimate <- if (length(r$estimate) == 1) r$estimate else vec(r$estimate)
    if ("conf_int" %in% keys && !is.null(r$conf.int)) o$conf_int <- vec(r$conf.int)
    o
  }
  t_ <- c("statistic", "df", "estimate", "conf_int"); w_ <- "statistic"; hl_ <- c("statistic", "estimate", "conf_int")
  out$n_complete <- n
  out$mean_pre <- mean(pre); out$mean_post <- mean(post); out$sd_pre <- sd(pre); out$sd_post <- sd(post)
  out$median_pre <- median(pre); out$median_post <- median(post)
  out$mean_diff <- mean(d); out$sd_diff <- sd(d); out$se_diff <- sd(d) / sqrt(n)
  out$quartiles_diff_type7 <- vec(quantile(d, c(.25, .5, .75)))
  for (alt in c("two.sided", "less", "greater"))
    out[[paste0("t_paired_", alt)]] <- try_(h(t.test(post, pre, paired = TRUE, alternative = alt), t_))
  for (l in c(90, 99))
    out[[paste0("t_paired_ci", l)]] <- try_(list(conf_int = vec(t.test(post, pre, paired = TRUE, conf.level = l / 100)$conf.int)))
  for (ex in c(TRUE, FALSE)) for (co in c(TRUE, FALSE)) for (alt in c("two.sided", "less", "greater"))
    out[[sprintf("wilcox_exact%s_correct%s_%s", ex, co, alt)]] <-
      try_(h(wilcox.test(post, pre, paired = TRUE, alternative = alt, exact = ex, correct = co), w_))
  out$wilcox_default <- try_(h(wilcox.test(post, pre, paired = TRUE), w_))
  out$wilcox_hodges_lehmann_exact <- try_(h(wilcox.test(post, pre, paired = TRUE, exact = TRUE, conf.int = TRUE), hl_))
  out$wilcox_hodges_lehmann_approx <- try_(h(wilcox.test(post, pre, paired = TRUE, exact = FALSE, conf.int = TRUE), hl_))
  out$sign_test <- try_(list(pos = sum(d > 0), neg = sum(d < 0), p_value = binom.test(sum(d > 0), sum(d != 0))$p.value))
  m <- mean(d); s <- sd(d); av <- m / ((sd(pre) + sd(post)) / 2); nu <- n - 1
  out$effect <- try_({
    l <- nct(m / s * sqrt(n), nu); a <- nct(av * sqrt(n), nu)
    j <- exp(lgamma(nu / 2) - log(sqrt(nu / 2)) - lgamma((nu - 1) / 2))
    list(dz = m / s, dz_ci95_noncentral_t = vec(l / sqrt(n)), dz_ncp_limits = vec(l), gz_hedges = m / s * j, J = j,
         d_av_mean_sd = av, d_av_ci95_mote = vec(a / sqrt(n)),
         d_av_ci95_dz_rescaled = vec(l / sqrt(n) * s / ((sd(pre) + sd(post)) / 2)),
         d_av_root_mean_var = m / sqrt((var(pre) + var(post)) / 2), d_glass_pre = m / sd(pre),
         d_rm = m / s * sqrt(2 * (1 - cor(pre, post))), srm = m / s)
  })
  rk <- rank(abs(d[d != 0]))
  out$rank_biserial <- list(r = sum(rk * sign(d[d != 0])) / sum(rk))
  out$pearson <- try_(h(cor.test(pre, post), t_))
  out$spearman_approx <- try_(h(cor.test(pre, post, method = "spearman", exact = FALSE), c("statistic", "estimate")))
  out$kendall <- try_(h(cor.test(pre, post, method = "kendall", exact = FALSE), c("statistic", "estimate")))
  out$welch_as_if_independent <- try_(h(t.test(post, pre), t_))
  out$pooled_as_if_independent <- try_(h(t.test(post, pre, var.equal = TRUE), t_))
  out$mann_whitney_default <- try_(h(wilcox.test(post, pre), w_))
  out$mann_whitney_approx_correct <- try_(h(wilcox.test(post, pre, exact = FALSE), w_))
  out$mann_whitney_approx_nocorrect <- try_(h(wilcox.test(post, pre, exact = FALSE, correct = FALSE), w_))
  out
}

set.seed(1948)
who5 <- function(n) 4 * sample(2:24, n, TRUE)
base <- who5(60)
sets <- list(
  one("n0", "nobody", numeric(0), numeric(0)),
  one("n0_all_missing", "nobody has both values", c(1, NA, NA), c(NA, 2, NA)),
  one("n1", "one person", 3, 5),
  one("n1_zero", "one person, unchanged", 4, 4),
  one("n2_zero_change", "two people, both unchanged", c(4, 7), c(4, 7)),
  one("n2_tied_pre", "two people, alike before", c(4, 4), c(5, 7)),
  one("n3", "too few for Fisher's z, enough for the rest", c(1, 4, 2), c(3.5, 3, 6)),
  one("n3_tied_changes", "three people, two changes of one size", c(1, 4, 2), c(3, 2, 7)),
  one("constant_shift", "everybody rose by the same", c(2, 5, 3, 9, 4), c(4, 7, 5, 11, 6)),
  one("all_zero", "nobody changed", c(2, 5, 3, 9, 4, 5), c(2, 5, 3, 9, 4, 5)),
  one("everything_equal", "one value for all, before and after", rep(7, 5), rep(7, 5)),
  one("pre_constant", "all alike before", rep(50, 7), c(52, 48, 56, 64, 50, 57, 61)),
  one("post_constant", "all alike after, as at a ceiling", c(12, 15, 20, 9, 17, 14), rep(21, 6)),
  one("one_of_five_changed", "one nonzero difference", c(4, 7, 1, 9, 3), c(4, 7, 1, 11, 3)),
  one("balanced", "rises and falls cancel: every statistic at its null", c(10, 20, 30, 40), c(13, 17, 35, 35)),
  one("all_fell", "nobody rose: V is 0", c(9, 8, 14.5, 11, 10, 13.25), c(6, 7.5, 9, 8.75, 8, 12)),
  one("missing", "each kind of missing cell", c(3, NA, 8, 1.5, NA, 7, 2, 9.25, 4), c(5, 6, NA, 2.25, NA, 6.5, 6, 12, 4.125)),
  one("offset_1e9", "the mean is huge beside the change", 1e9 + c(3, 1, 4, 1, 5, 9, 2, 6, 5), 1e9 + c(2, 7, 1, 8, 2, 8, 1, 8, 28)),
  one("offset_-1e9_ties", "as before, below zero and with ties", -1e9 + c(1, 2, 3, 4, 5, 6), -1e9 + c(2, 3, 4, 4, 7, 5)),
  one("scale_1e150", "squares beyond what a number holds if carelessly taken", 1e150 * c(1, 5, 2, 8), 1e150 * c(2, 4, 7, 9)),
  one("scale_1e-150", "squares that vanish if carelessly taken", 1e-150 * c(1, 5, 2, 8), 1e-150 * c(2, 4, 7, 9)),
  one("tenths", "differences of decimals that are tied on paper and not in binary", c(0.1, 0.2, 0.3, 0.7, 1.1, 2.3), c(0.3, 0.4, 0.5, 1.0, 0.9, 2.6)),
  one("outlier", "one person changed a thousandfold", c(1, 2, 3, 4, 5, 6, 7), c(2, 2.5, 4.25, 3, 5.75, 8, 7000)),
  one("n49", "the last n for which R's default is exact", seq(1, 49) + 0, seq(1, 49) + ((seq(1, 49) * 37) %% 101 - 45) / 8 + seq(1, 49) / 64),
  one("n50", "the first n for which it is not", seq(1, 50) + 0, seq(1, 50) + ((seq(1, 50) * 37) %% 101 - 45) / 8 + seq(1, 50) / 64),
  one("who5_n60", "a score in steps of 4: ties and zeros throughout", base, pmin(100, pmax(0, base + 4 * round(rnorm(60, 2, 4))))),
  one("reversed", "who was high is low: the correlations are negative", c(1, 2, 3, 4, 5, 6, 7), c(7.5, 6, 6.25, 4, 4.75, 1, 2)),
  one("n150", "an exact distribution of some size", round(rnorm(150, 50, 10), 6), round(rnorm(150, 53, 11), 6)),
  one("strong", "noncentral t near the end of R's", seq(1, 40), seq(1, 40) + 5 + 1.7 * sin(1:40))
)
cat('{"R":"', R.version.string, '","paired":[\n', paste(vapply(sets, js, ""), collapse = ",\n"), "\n]}\n", sep = "")
