# R's answers for further paired data. Run: Rscript paired.R > paired.json
# Each data set is there for the reason it gives. post minus pre throughout.
options(digits = 22, warn = -1)

num <- function(x) {
  if (is.null(x) || length(x) == 0) return("null")
  if (is.na(x) && !is.nan(x)) return("null")
  if (is.nan(x)) return('"NaN"')
  if (is.infinite(x)) return(if (x > 0) '"Inf"' else '"-Inf"')
  sprintf("%.17g", x)
}
js <- function(x) {
  if (is.list(x)) {
    return(paste0("{", paste(sprintf('"%s":%s', names(x), vapply(x, js, "")), collapse = ","), "}"))
  }
  if (is.character(x)) return(sprintf('"%s"', x))
  x <- unname(x)
  if (!is.null(attr(x, "vector")) || length(x) != 1) {
    return(paste0("[", paste(vapply(as.numeric(x), num, ""), collapse = ","), "]"))
  }
  num(as.numeric(x))
}
vec <- function(x) structure(as.numeric(x), vector = TRUE)
try_ <- function(e) tryCatch(e, error = function(err) list(error = "refused"))

nct_limits <- function(t, df, level = 0.95) {
  a <- (1 - level) / 2
  # the bracket is the normal approximation, widened
  w <- 4 + 3 * sqrt(1 + t^2 / (2 * df))
  lo <- uniroot(function(d) pt(t, df, d, lower.tail = FALSE) - a, c(t - w, t + 1), tol = 1e-13)$root
  hi <- uniroot(function(d) pt(t, df, d) - a, c(t - 1, t + w), tol = 1e-13)$root
  c(lo, hi)
}

one <- function(name, reason, pre, post, nct = TRUE, extra = list()) {
  d <- post - pre
  n <- length(d)
  out <- list(name = name, reason = reason, pre = vec(pre), post = vec(post), n_complete = n)
  out <- c(out, extra)
  out$mean_pre <- mean(pre); out$mean_post <- mean(post); out$mean_diff <- mean(d)
  out$sd_pre <- sd(pre); out$sd_post <- sd(post); out$sd_diff <- sd(d)
  out$median_pre <- median(pre); out$median_post <- median(post)
  out$quartiles_diff_type7 <- vec(quantile(d, c(.25, .5, .75)))
  for (alt in c("two.sided", "less", "greater")) {
    out[[paste0("t_paired_", alt)]] <- try_({
      r <- t.test(post, pre, paired = TRUE, alternative = alt)
      list(statistic = r$statistic, df = r$parameter, p_value = r$p.value, conf_int = vec(r$conf.int))
    })
    for (ex in c(TRUE, FALSE)) for (co in c(TRUE, FALSE)) {
      if (ex && n > 200) next # the exact table of R needs too much memory
      out[[sprintf("wilcox_exact%s_correct%s_%s", ex, co, alt)]] <- try_({
        r <- wilcox.test(post, pre, paired = TRUE, alternative = alt, exact = ex, correct = co)
        list(statistic = r$statistic, p_value = r$p.value)
      })
    }
  }
  hl <- function(ex) try_({
    r <- wilcox.test(post, pre, paired = TRUE, exact = ex, conf.int = TRUE)
    list(estimate = r$estimate, conf_int = vec(r$conf.int))
  })
  if (n <= 200) out$wilcox_hodges_lehmann_exact <- hl(TRUE)
  if (n <= 5000) out$wilcox_hodges_lehmann_approx <- hl(FALSE)
  out$sign_test <- try_({
    p <- sum(d > 0); m <- sum(d < 0)
    list(pos = p, neg = m, p_value = binom.test(p, p + m)$p.value)
  })
  x <- d[d != 0]; rk <- rank(abs(x))
  if (length(x)) out$rank_biserial <- list(r = (sum(rk[x > 0]) - sum(rk[x < 0])) / sum(rk))
  out$pearson <- try_(list(estimate = cor(pre, post)))
  s <- sd(d); m <- mean(d); nu <- n - 1
  e <- list(dz = m / s, srm = m / s, d_av_mean_sd = m / ((sd(pre) + sd(post)) / 2),
            d_av_root_mean_var = m / sqrt((var(pre) + var(post)) / 2), d_glass_pre = m / sd(pre),
            d_rm = m / s * sqrt(2 * (1 - cor(pre, post))),
            gz_hedges = m / s * exp(lgamma(nu / 2) - log(sqrt(nu / 2)) - lgamma((nu - 1) / 2)))
  if (nct) {
    l <- nct_limits(m / s * sqrt(n), nu)
    e$dz_ncp_limits <- vec(l)
    e$dz_ci95_noncentral_t <- vec(l / sqrt(n))
    e$d_av_ci95_mote <- vec(nct_limits(e$d_av_mean_sd * sqrt(n), nu) / sqrt(n))
  }
  out$effect <- e
  out
}

set.seed(20130704)
score <- pmin(25, pmax(0, round(rnorm(2000, 11, 5))))
cigarettes <- rgeom(120, 0.08)
sets <- list(
  one("n3", "the smallest n with an interval that is not absurd", c(1, 2, 4), c(3, 1, 9)),
  one("all_tied_magnitudes", "every difference is 5 or -5: one tie group", rep(c(10, 20, 30), 8), rep(c(10, 20, 30), 8) + rep(c(5, 5, -5), 8)),
  one("one_nonzero", "all differences but one are zero", c(4, 7, 1, 9, 3), c(4, 7, 1, 11, 3)),
  one("all_negative", "nobody rose: V is 0", c(5.5, 6.25, 7.125, 9, 12.75, 14), c(4.5, 4, 4.5, 5.5, 8, 8.25)),
  one("n49_no_ties", "the last n where R's default is exact", seq(1, 49), seq(1, 49) + (seq(1, 49) * 37 %% 101 - 45) / 8 + seq(1, 49) / 64),
  one("n50_no_ties", "the first n where R's default is normal", seq(1, 50), seq(1, 50) + (seq(1, 50) * 37 %% 101 - 45) / 8 + seq(1, 50) / 64),
  one("huge_effect", "a t of 86 on 39 degrees of freedom; without noncentral limits, as pt() of R is not accurate beyond a noncentrality of 37.62",
      seq(1, 40), seq(1, 40) + 10 + sin(1:40), nct = FALSE),
  one("tail_1e-290", "a p-value near 1e-290", seq(1, 400) / 4, seq(1, 400) / 4 + 2.6 + 0.7 * cos(1:400), nct = FALSE),
  one("large_offset", "weights in grams at an offset of 1e9: the mean is huge beside the change",
      1e9 + c(3, 1, 4, 1, 5, 9, 2, 6), 1e9 + c(2, 7, 1, 8, 2, 8, 1, 8)),
  one("n2000_ties", "many rows of a score from 0 to 25: heavy ties and zeros",
      score, pmin(25, pmax(0, score + round(rnorm(2000, 2, 4)))), nct = FALSE),
  one("skewed_n120", "cigarettes a day: many zeros, a long tail",
      cigarettes, floor(cigarettes * runif(120)), nct = TRUE),
  one("quarter_units", "portions in quarters: exact in binary, ties kept", sample(0:40, 60, TRUE) / 4, sample(4:48, 60, TRUE) / 4)
)
cat('{"R":"', R.version.string, '","paired":[\n', paste(vapply(sets, js, ""), collapse = ",\n"), "\n]}\n", sep = "")
