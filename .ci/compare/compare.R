# The same tasks in R, as someone who knows R would write them. It waits for lines
# on standard input as protocol.go says: run VARIANT TASK, dump VARIANT TASK FILE.
#
#   Rscript --vanilla compare.R GROUP DIR
args <- commandArgs(trailingOnly = TRUE)
group <- args[1]
dir <- args[2]

bytes <- function(name, items) {
  path <- file.path(dir, paste0(name, ".i8"))
  x <- readBin(path, "integer", n = file.size(path), size = 1, signed = TRUE)
  x[x < 0L] <- NA
  m <- matrix(x, ncol = items)
  lapply(seq_len(items), function(j) m[, j])
}
floats <- function(name) {
  path <- file.path(dir, paste0(name, ".f64"))
  readBin(path, "double", n = file.size(path) / 8, endian = "little")
}

tasks <- list()
if (group == "forms") {
  who5 <- bytes("who5", 5)
  swemwbs <- bytes("swemwbs", 7)
  phq9 <- bytes("phq9", 9)
  # Raw scores 7 to 35.
  metric <- c(7.00, 9.51, 11.25, 12.40, 13.33, 14.08, 14.75, 15.32, 15.84, 16.36, 16.88, 17.43, 17.98, 18.59, 19.25,
              19.98, 20.73, 21.54, 22.35, 23.21, 24.11, 25.03, 26.02, 27.03, 28.13, 29.31, 30.70, 32.55, 35.00)
  # The band of totals 0 to 27, as a number: what a factor holds.
  band <- findInterval(0:27, c(0L, 5L, 10L, 15L, 20L))
  total <- function(x) Reduce(`+`, x)
  outside <- function(x, low, high) {
    bad <- x[[1]] < low | x[[1]] > high
    for (j in 2:length(x)) bad <- bad | x[[j]] < low | x[[j]] > high
    bad
  }
  checked <- function(x, low, high) {
    s <- total(x)
    s[which(outside(x, low, high))] <- NA
    s
  }
  tasks[["plain who5"]] <- function() 4L * total(who5)
  tasks[["plain swemwbs"]] <- function() metric[total(swemwbs) - 6L]
  tasks[["plain phq9"]] <- function() {
    s <- total(phq9)
    list(s, band[s + 1L])
  }
  tasks[["checked who5"]] <- function() 4L * checked(who5, 0L, 5L)
  tasks[["checked swemwbs"]] <- function() metric[checked(swemwbs, 1L, 5L) - 6L]
  tasks[["checked phq9"]] <- function() {
    s <- checked(phq9, 0L, 3L)
    list(s, band[s + 1L])
  }
}
if (group == "tests") {
  suppressMessages({
    library(survival)
    library(data.table)
  })
  setDTthreads(1)
  pre <- floats("pre")
  post <- floats("post")
  fine_pre <- floats("fine_pre")
  fine_post <- floats("fine_post")
  service <- as.integer(floats("group"))
  days <- floats("days")
  event <- floats("event")
  half <- length(pre) %/% 2
  first <- seq_len(half)
  second <- (half + 1):length(pre)
  pairs <- data.table(pre = pre, post = post, diff = post - pre, service = service)
  setkey(pairs, NULL)

  describe <- function(a, b) {
    d <- b - a
    c(length(a), mean(a), mean(b), sd(a), sd(b), mean(d), sd(d))
  }
  tasks[["base accumulate"]] <- function() describe(pre, post)
  tasks[["base by_group"]] <- function() {
    s <- split(seq_along(pre), service)
    unlist(lapply(s, function(i) describe(pre[i], post[i])))
  }
  tasks[["base t"]] <- function() {
    t <- t.test(post, pre, paired = TRUE)
    c(t$statistic, t$parameter, t$p.value, t$estimate, t$conf.int)
  }
  wilcoxon <- function(...) {
    t <- wilcox.test(..., exact = FALSE)
    c(t$statistic, t$p.value)
  }
  tasks[["base signed_rank"]] <- function() wilcoxon(post, pre, paired = TRUE)
  tasks[["base fine_signed_rank"]] <- function() wilcoxon(fine_post, fine_pre, paired = TRUE)
  tasks[["base mann_whitney"]] <- function() wilcoxon(pre[first], post[second])
  tasks[["base fine_mann_whitney"]] <- function() wilcoxon(fine_pre[first], fine_post[second])
  spearman <- function(x, y) {
    t <- cor.test(x, y, method = "spearman", exact = FALSE)
    c(t$estimate, t$p.value)
  }
  tasks[["base spearman"]] <- function() spearman(pre, post)
  tasks[["base fine_spearman"]] <- function() spearman(fine_pre, fine_post)
  tasks[["base kaplan_meier"]] <- function() survfit(Surv(days, event) ~ 1)

  tasks[["table accumulate"]] <- function() {
    unlist(pairs[, .(.N, mean(pre), mean(post), sd(pre), sd(post), mean(diff), sd(diff))])
  }
  tasks[["table by_group"]] <- function() {
    r <- pairs[, .(.N, mean(pre), mean(post), sd(pre), sd(post), mean(diff), sd(diff)), keyby = service]
    as.vector(t(as.matrix(r[, -1])))
  }
  # The same tests on data.table's ranks: the formulas of wilcox.test and cor.test.
  ties <- function(r) {
    n <- data.table(r = r)[, .N, by = r]$N
    sum(as.numeric(n)^3 - n)
  }
  signed <- function(a, b) {
    d <- b - a
    d <- d[d != 0]
    n <- as.numeric(length(d))
    r <- frankv(abs(d))
    v <- sum(r[d > 0])
    z <- v - n * (n + 1) / 4
    sigma <- sqrt(n * (n + 1) * (2 * n + 1) / 24 - ties(r) / 48)
    z <- (z - sign(z) * 0.5) / sigma
    c(v, 2 * min(pnorm(z), pnorm(z, lower.tail = FALSE)))
  }
  summed <- function(x, y) {
    n <- as.numeric(length(x))
    m <- as.numeric(length(y))
    r <- frankv(c(x, y))
    w <- sum(r[seq_along(x)]) - n * (n + 1) / 2
    z <- w - n * m / 2
    sigma <- sqrt(n * m / 12 * (n + m + 1 - ties(r) / ((n + m) * (n + m - 1))))
    z <- (z - sign(z) * 0.5) / sigma
    c(w, 2 * min(pnorm(z), pnorm(z, lower.tail = FALSE)))
  }
  ranked <- function(x, y) {
    r <- cor(frankv(x), frankv(y))
    n <- length(x)
    t <- r / sqrt((1 - r^2) / (n - 2))
    c(r, 2 * min(pt(t, n - 2), pt(t, n - 2, lower.tail = FALSE)))
  }
  tasks[["table signed_rank"]] <- function() signed(pre, post)
  tasks[["table fine_signed_rank"]] <- function() signed(fine_pre, fine_post)
  tasks[["table mann_whitney"]] <- function() summed(pre[first], post[second])
  tasks[["table fine_mann_whitney"]] <- function() summed(fine_pre[first], fine_post[second])
  tasks[["table spearman"]] <- function() ranked(pre, post)
  tasks[["table fine_spearman"]] <- function() ranked(fine_pre, fine_post)
}

# The answer as numbers; what only the comparison needs is not timed.
answer <- function(x) {
  if (inherits(x, "survfit")) {
    bounds <- cbind(x$lower, x$upper)
    x <- as.vector(t(cbind(x$time, x$n.risk, x$n.event, x$surv, bounds)))
  }
  x <- as.double(unlist(x))
  x[is.na(x)] <- NaN
  x
}

say <- function(...) {
  cat(..., "\n", sep = "")
  flush(stdout())
}
lines <- file("stdin", "r")
say("ok 0")
repeat {
  line <- readLines(lines, 1)
  if (length(line) == 0) break
  words <- strsplit(line, " ", fixed = TRUE)[[1]]
  task <- tasks[[paste(words[2], words[3])]]
  if (is.null(task)) {
    say("error no task ", words[2], " ", words[3])
    next
  }
  invisible(gc())
  # The result is kept as Go's and DuckDB's are, until the clock has stopped.
  start <- Sys.time()
  result <- tryCatch(task(), error = identity)
  took <- as.numeric(Sys.time() - start, units = "secs")
  if (inherits(result, "error")) {
    say("error ", gsub("\n", " ", conditionMessage(result)))
    next
  }
  if (words[1] == "run") {
    say("ok ", format(round(took * 1e9), scientific = FALSE))
    next
  }
  out <- file(words[4], "wb")
  writeBin(answer(result), out, endian = "little")
  close(out)
  say("ok 0")
}
