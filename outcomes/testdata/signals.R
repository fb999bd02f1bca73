# Special-cause signals as NHSRplotthedots 0.2.2 marks them, on random series. The two files of functions come from
# github.com/nhs-r-community/NHSRplotthedots at commit 050b07d7eacc; the limits are those of R/ptd_spc_standard.R
# without the screening of outliers. Run: NHSRPLOTTHEDOTS=/a/clone Rscript signals.R > signals.json
source("json.R")
source(file.path(Sys.getenv("NHSRPLOTTHEDOTS"), "R", "ptd_calculate_point_type.R"))
set.seed(9)
series <- function(reason, x, baseline) {
  b <- x[1:baseline]; m <- mean(b); amr <- mean(abs(diff(b))); limit <- 2.66; close <- 2 * (limit / 3)
  outside <- x > m + limit * amr | x < m - limit * amr
  side <- sign(x - m)
  near <- !outside & (x < m - close * amr | x > m + close * amr)
  list(reason = reason, x = vec(x), baseline = baseline, beyond = vec(outside),
       shift = vec(ptd_part_of_seven_trend(ptd_seven_point_one_side_mean(side))),
       trend = vec(ptd_part_of_seven_trend(ptd_seven_point_trend(x))),
       near = vec(ptd_part_of_two_in_three(ptd_two_in_three(near, side), near)))
}
out <- list(R = R.version.string, series = c(
  lapply(1:12, function(i) series("independent values in whole numbers, ties among them", round(rnorm(36, 20, 4)), 24)),
  lapply(1:12, function(i) series("a walk: long runs and trends", round(cumsum(rnorm(40, 0, 2)), 1), 20)),
  lapply(1:12, function(i) series("a step, and swings near the limits", round(c(rnorm(15, 50, 3), rnorm(15, 54, 5)), 1), 15)),
  lapply(1:6, function(i) series("heavy tails", round(rt(30, 2), 2), 30))))
cat(js(out), "\n")
