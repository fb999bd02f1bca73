# Intervals of a difference of two proportions as ratesci 1.0.0 has them: Miettinen and Nurminen's score limits
# (scoreci without its skewness correction, with the factor N/(N - 1)), Newcombe's for two groups (MOVER of Wilson's)
# and Newcombe's for pairs (his method 10). The functions come from github.com/cran/ratesci at commit a756df0503c7.
# Run: RATESCI=/a/clone Rscript proportions.R > proportions.json
source("json.R")
for (f in list.files(file.path(Sys.getenv("RATESCI"), "R"), full.names = TRUE)) source(f)
groups <- function(reason, x1, n1, x2, n2) {
  ci <- function(level) {
    r <- scoreci(x1, n1, x2, n2, contrast = "RD", skew = FALSE, bcf = TRUE, cc = FALSE, level = level, precis = 15)$estimates
    vec(r[1, c("lower", "upper")])
  }
  m <- moverci(x1, n1, x2, n2, contrast = "RD", type = "wilson", level = 0.95)
  if (is.list(m)) m <- m$estimates
  list(reason = reason, x1 = x1, n1 = n1, x2 = x2, n2 = n2, miettinen_nurminen = ci(0.95), miettinen_nurminen_99 = ci(0.99), newcombe = vec(m[1, c("lower", "upper")]))
}
pairs <- function(reason, a, b, c, d) {
  r <- pairbinci(c(a, b, c, d), contrast = "RD", method = "MOVER_newc", moverbase = "wilson", level = 0.95, precis = 16)$estimates
  list(reason = reason, x = vec(c(a, b, c, d)), low = r[1, "lower"], high = r[1, "upper"])
}
set.seed(1985)
out <- list(
  groups = c(list(
    groups("sizes of an evaluation", 56, 70, 48, 80), groups("small", 9, 10, 3, 10), groups("smaller", 6, 7, 2, 7),
    groups("none in one group", 5, 56, 0, 29), groups("none in either, sizes differ", 0, 10, 0, 20), groups("none in either", 0, 10, 0, 10),
    groups("all and none, sizes differ", 10, 10, 0, 20), groups("all and none", 10, 10, 0, 10),
    groups("all in both", 8, 8, 12, 12), groups("one person in each, alike", 1, 1, 1, 1), groups("one person in each, unlike", 1, 1, 0, 1),
    groups("one person in one", 1, 1, 3, 40), groups("large and rare", 3, 12000, 11, 9000), groups("large", 61000, 100000, 60000, 100000),
    groups("equal shares", 6, 20, 9, 30), groups("sizes far apart", 2, 5, 700, 1000)),
    lapply(1:40, function(i) { n <- sample(1:60, 2, TRUE); groups("at random", sample(0:n[1], 1), n[1], sample(0:n[2], 1), n[2]) })),
  pairs = c(list(
    pairs("plain", 20, 12, 2, 16), pairs("nobody changed", 20, 0, 0, 16), pairs("all changed", 0, 9, 4, 0), pairs("one way only", 36, 14, 0, 4),
    pairs("negative correlation", 2, 15, 12, 3), pairs("a margin of none", 0, 8, 0, 30), pairs("large", 1500, 400, 300, 2800)),
    lapply(1:20, function(i) do.call(pairs, c("at random", as.list(sample(1:25, 4, TRUE)))))))
cat(js(out), "\n")
