# Exact Spearman as cor.test has it, and Fisher's test of larger tables. Run: Rscript exact.R > exact.json
source("json.R")
set.seed(1904)
out <- list(R = R.version.string)
spear <- function(name, reason, x, y) {
  o <- list(name = name, reason = reason, x = vec(x), y = vec(y))
  for (alt in c("two.sided", "less", "greater")) { r <- cor.test(x, y, method = "spearman", alternative = alt); o[[alt]] <- r$p.value }
  o$estimate <- r$estimate; o
}
out$spearman <- list(
  spear("n3", "the smallest", 1:3, c(2, 1, 3)), spear("n5_perfect", "the end of the scale", 1:5, c(2, 4, 6, 8, 10)),
  spear("n6_reversed", "the other end", 1:6, 6:1), spear("n7", "enumerated", rnorm(7), rnorm(7)),
  spear("n9", "the largest that R enumerates", c(1, 2, 3, 4, 5, 6, 7, 8, 9), c(2, 1, 4, 3, 7, 5, 6, 9, 8)),
  spear("n9_none", "no correlation", 1:9, c(5, 1, 9, 3, 7, 2, 8, 4, 6)), spear("n10", "the first by the series", 1:10, c(3, 1, 2, 6, 4, 5, 9, 7, 10, 8)),
  spear("n10_perfect", "the series at its end", 1:10, (1:10)^2), spear("n30", "a middling correlation", (x <- rnorm(30)), x + rnorm(30)),
  spear("n200", "many pairs", rnorm(200), rnorm(200)), spear("n1290", "the last by the series", (x <- rnorm(1290)), x * .05 + rnorm(1290)),
  spear("n1291", "the first by t", (x <- rnorm(1291)), x * .05 + rnorm(1291)), spear("ties", "ties: R falls back to t", c(1, 2, 2, 3, 4, 5), c(2, 1, 3, 3, 5, 6)))
# All pairings of mid-ranks, by brute force in R
perms <- function(v) if (length(v) < 2) list(v) else do.call(c, lapply(seq_along(v), function(i) lapply(perms(v[-i]), function(p) c(v[i], p))))
brute <- function(x, y) { a <- rank(x); b <- rank(y); s <- vapply(perms(seq_along(b)), function(p) sum(a * b[p]), 0); o <- sum(a * b)
  list(x = vec(x), y = vec(y), less = mean(s <= o + 1e-9), greater = mean(s >= o - 1e-9)) }
out$permutation <- list(brute(c(1, 2, 2, 3, 4, 5), c(2, 1, 3, 3, 5, 6)), brute(c(1, 1, 1, 2, 2, 2, 3), c(1, 2, 1, 2, 3, 3, 3)), brute(1:7, c(2, 1, 3, 5, 4, 7, 6)))
fish <- function(name, reason, m) { r <- tryCatch(fisher.test(m, workspace = 2e8)$p.value, error = function(e) NA)
  list(name = name, reason = reason, table = m, exact = r, simulated = fisher.test(m, simulate.p.value = TRUE, B = 1e5)$p.value) }
out$fisher <- list(
  fish("fourfold", "small enough for every way", matrix(c(3, 1, 1, 5), 2)),
  fish("job", "satisfaction by income, R's own example", matrix(c(1, 2, 1, 0, 3, 3, 6, 1, 10, 10, 14, 9, 6, 7, 12, 11), 4)),
  fish("empty_row", "a category that nobody is in", matrix(c(4, 0, 7, 2, 0, 5, 6, 0, 1), 3)),
  fish("quintiles", "five quintiles by three outcomes, too large for the network", matrix(c(60, 41, 30, 22, 19, 48, 40, 33, 35, 20, 30, 31, 29, 40, 33), 5)),
  fish("perfect", "every row in a column of its own", diag(c(6, 5, 7))))
cat(js(out), "\n")
