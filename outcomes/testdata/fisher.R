# Fisher's test of larger tables: fresh random tables by fisher.test with a workspace of 2e8. Run: Rscript fisher.R > fisher.json
source("json.R")
set.seed(61126)
# FEXACT keeps its allowance of 1e-7 and merges what agrees to it; every answer is the exact sum.
ask <- function(m) tryCatch(fisher.test(m, workspace = 2e8)$p.value, error = function(e) NA)
one <- function() {
  d <- sort(sample(2:5, 2, replace = TRUE)); if (all(d == 2)) d[2] <- 3
  if (runif(1) < .5) d <- rev(d)
  n <- sample(if (prod(d) <= 12) c(8, 20, 40, 80, 120) else if (prod(d) <= 16) c(10, 25, 50, 70) else c(10, 20, 30), 1)
  kind <- sample(c("unrelated", "related", "flat margins: ties of probability", "a line that nobody is in", "sparse", "one line takes nearly all"), 1)
  r <- switch(kind, "flat margins: ties of probability" = rep(1, d[1]), "one line takes nearly all" = c(12, rep(1, d[1] - 1)), runif(d[1], .2, 1))
  k <- switch(kind, "flat margins: ties of probability" = rep(1, d[2]), runif(d[2], .2, 1))
  p <- outer(r, k)
  if (kind == "related") p <- p * (1 + 3 * outer(seq_len(d[1]), seq_len(d[2]), function(a, b) abs(a / d[1] - b / d[2]) < .3))
  if (kind == "sparse") n <- max(6, n %/% 4)
  if (kind == "flat margins: ties of probability") { # totals as equal as can be
    n <- n - n %% prod(d[1], d[2]) + prod(d[1], d[2]); if (n > 60) n <- prod(d)
    m <- r2dtable(1, rep(n / d[1], d[1]), rep(n / d[2], d[2]))[[1]]
  } else m <- matrix(rmultinom(1, n, p), d[1])
  if (kind == "a line that nobody is in") { if (runif(1) < .5) m[sample(d[1], 1), ] <- 0 else m[, sample(d[2], 1)] <- 0 }
  list(reason = kind, table = m)
}
out <- list(R = R.version.string, sets = list())
while (length(out$sets) < 300) {
  s <- one()
  if (sum(rowSums(s$table) > 0) < 2 || sum(colSums(s$table) > 0) < 2) next
  s$p <- ask(s$table); s$reason <- sprintf("%d x %d, n = %d, %s", nrow(s$table), ncol(s$table), sum(s$table), s$reason)
  out$sets <- c(out$sets, list(s))
}
cat(js(out), "\n")
