# The same tasks in R, as someone who knows R would write them. It waits for lines
# on standard input as protocol.go says: run VARIANT TASK, dump VARIANT TASK FILE.
#
#   Rscript --vanilla compare.R GROUP DIR
args <- commandArgs(trailingOnly = TRUE)
topic <- args[1]
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
if (topic == "forms") {
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
if (topic == "tests") {
  suppressMessages({
    library(survival)
    library(data.table)
  })
  setDTthreads(1)
  for (name in c("pre", "post", "fine_pre", "fine_post", "days", "event", "p")) assign(name, floats(name))
  for (name in c("group", "sex", "quintile", "age", "cause", "done")) assign(name, as.integer(floats(name)))
  service <- group
  service_f <- factor(service)
  quintile_f <- factor(quintile)
  sex_f <- factor(sex)
  cause_f <- factor(cause, labels = c("open", "completed", "lost"))
  before <- pre > 100
  after <- post > 100
  items <- sapply(1:5, function(j) floats(paste0("item", j)))
  half <- length(pre) %/% 2
  first <- seq_len(half)
  second <- (half + 1):length(pre)
  pairs <- data.table(pre = pre, post = post, diff = post - pre, service = service)
  setkey(pairs, NULL)
  some <- function(x, n) x[seq_len(min(n, length(x)))]

  describe <- function(a, b) {
    d <- b - a
    c(length(a), mean(a), mean(b), sd(a), sd(b), mean(d), sd(d))
  }
  tasks[["base accumulate"]] <- function() describe(pre, post)
  tasks[["base fine_accumulate"]] <- function() describe(fine_pre, fine_post)
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
  tasks[["base sign"]] <- function() {
    d <- post - pre
    up <- sum(d > 0)
    down <- sum(d < 0)
    c(up, down, binom.test(up, up + down)$p.value)
  }
  # Counted by tabulate: table() turns the numbers into text first and takes seconds.
  counted <- function(rows, columns, r, k) matrix(tabulate(rows + r * (columns - 1L), r * k), r)
  tasks[["base mcnemar"]] <- function() {
    t <- mcnemar.test(counted(1L + before, 1L + after, 2L, 2L))
    c(t$statistic, t$p.value)
  }
  probabilities <- c(0.05, 0.25, 0.5, 0.75, 0.95)
  tasks[["base quantiles"]] <- function() quantile(pre, probabilities, names = FALSE)
  tasks[["base fine_quantiles"]] <- function() quantile(fine_pre, probabilities, names = FALSE)
  tasks[["base kendall"]] <- function() {
    t <- cor.test(some(pre, 5000), some(post, 5000), method = "kendall", exact = FALSE)
    c(t$estimate, t$p.value)
  }
  shift <- function(...) {
    t <- wilcox.test(..., conf.int = TRUE, exact = FALSE)
    c(t$estimate, t$conf.int)
  }
  tasks[["base hodges_lehmann"]] <- function() shift(some(fine_post, 1e5), some(fine_pre, 1e5), paired = TRUE)
  tasks[["base shift"]] <- function() shift(some(fine_pre, 1e5), some(fine_post, 1e5))
  tasks[["base welch"]] <- function() {
    t <- t.test(pre[first], post[second])
    c(t$statistic, t$parameter, t$p.value, t$estimate[1] - t$estimate[2], t$conf.int)
  }
  tasks[["base kruskal"]] <- function() {
    t <- kruskal.test(pre, service_f)
    c(t$statistic, t$parameter, t$p.value)
  }
  oneway <- function(equal) {
    t <- oneway.test(pre ~ service_f, var.equal = equal)
    c(t$statistic, t$parameter, t$p.value)
  }
  tasks[["base anova"]] <- function() oneway(TRUE)
  tasks[["base welch_anova"]] <- function() oneway(FALSE)
  tasks[["base chi_squared"]] <- function() {
    t <- chisq.test(counted(quintile, 1L + done, 5L, 2L))
    c(t$statistic, t$parameter, t$p.value)
  }
  tasks[["base proportions"]] <- function() {
    t <- counted(sex, 1L + done, 2L, 2L)
    t <- prop.test(t[, 2], rowSums(t))
    c(t$statistic, t$p.value, t$estimate)
  }
  tasks[["base trend"]] <- function() {
    t <- counted(quintile, 1L + done, 5L, 2L)
    t <- prop.trend.test(t[, 2], rowSums(t))
    c(t$statistic, t$p.value)
  }
  tasks[["base mantel_haenszel"]] <- function() {
    t <- array(as.numeric(tabulate(sex + 2L * done + 4L * (service - 1L), 20L)), c(2, 2, 5)) # its products overflow integers
    t <- mantelhaen.test(t)
    c(t$statistic, t$p.value, t$estimate, t$conf.int)
  }
  tasks[["base pearson"]] <- function() {
    t <- cor.test(fine_pre, fine_post)
    c(t$estimate, t$p.value, t$conf.int)
  }
  terms <- function(m, ci) as.vector(t(cbind(coef(summary(m))[, c(1, 2, 4)], ci)))
  tasks[["base linear"]] <- function() {
    m <- lm(fine_post ~ fine_pre + quintile_f + sex_f + age)
    c(terms(m, confint(m)), summary(m)$sigma, summary(m)$r.squared)
  }
  tasks[["base logistic"]] <- function() {
    m <- glm(done ~ pre + quintile_f + sex_f + age, family = binomial)
    c(terms(m, confint.default(m)), m$deviance, m$null.deviance)
  }
  # The design made by hand, and the QR decomposition alone.
  design <- function(pre) cbind(1, pre, quintile == 2L, quintile == 3L, quintile == 4L, quintile == 5L, sex == 2L, age)
  tasks[["bare linear"]] <- function() {
    m <- .lm.fit(design(fine_pre), fine_post)
    df <- length(fine_post) - 8
    rss <- sum(m$residuals^2)
    se <- sqrt(rss / df * diag(chol2inv(m$qr[1:8, 1:8])))
    b <- m$coefficients
    q <- qt(0.975, df)
    c(t(cbind(b, se, 2 * pt(-abs(b / se), df), b - q * se, b + q * se)), sqrt(rss / df), 1 - rss / sum((fine_post - mean(fine_post))^2))
  }
  tasks[["bare logistic"]] <- function() {
    m <- glm.fit(design(pre), done, family = binomial())
    b <- m$coefficients
    se <- sqrt(diag(chol2inv(m$qr$qr[1:8, 1:8])))
    q <- qnorm(0.975)
    c(t(cbind(b, se, 2 * pnorm(-abs(b / se)), b - q * se, b + q * se)), m$deviance, m$null.deviance)
  }
  tasks[["base log_rank"]] <- function() {
    t <- survdiff(Surv(days, event) ~ service)
    c(t$chisq, pchisq(t$chisq, length(t$n) - 1, lower.tail = FALSE), t$obs, t$exp)
  }
  tasks[["base incidence"]] <- function() survfit(Surv(days, cause_f) ~ 1, conf.type = "log-log")
  tasks[["base adjust"]] <- function() p.adjust(p, "BH")
  tasks[["base alpha"]] <- function() {
    v <- cov(items)
    k <- ncol(v)
    alpha <- function(v) nrow(v) / (nrow(v) - 1) * (1 - sum(diag(v)) / sum(v))
    a <- alpha(v)
    n <- nrow(items)
    # qf of R 4.2 takes a chi-squared for the F beyond 400,000 degrees of freedom, and then has 0.040 for 0.025.
    d <- c(n - 1, (n - 1) * (k - 1))
    b <- qbeta(c(0.975, 0.025), d[1] / 2, d[2] / 2)
    c(sapply(1:k, function(j) alpha(v[-j, -j])), a, 1 - (1 - a) * b / (1 - b) * d[2] / d[1])
  }
  tasks[["base bootstrap"]] <- function() {
    x <- some(fine_pre, 1000)
    b <- boot::boot(x, function(x, i) mean(x[i]), 2000)
    ci <- boot::boot.ci(b, type = c("perc", "bca"))
    c(b$t0, ci$percent[4:5], ci$bca[4:5])
  }

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
  several <- function(x, g) {
    r <- frankv(x)
    n <- as.numeric(length(x))
    by <- data.table(r = r, g = g)[, .(s = sum(r), n = .N), by = g]
    h <- (12 * sum(by$s^2 / by$n) / (n * (n + 1)) - 3 * (n + 1)) / (1 - ties(r) / (n^3 - n))
    c(h, nrow(by) - 1, pchisq(h, nrow(by) - 1, lower.tail = FALSE))
  }
  tasks[["table kruskal"]] <- function() several(pre, service)
  tasks[["table signed_rank"]] <- function() signed(pre, post)
  tasks[["table fine_signed_rank"]] <- function() signed(fine_pre, fine_post)
  tasks[["table mann_whitney"]] <- function() summed(pre[first], post[second])
  tasks[["table fine_mann_whitney"]] <- function() summed(fine_pre[first], fine_post[second])
  tasks[["table spearman"]] <- function() ranked(pre, post)
  tasks[["table fine_spearman"]] <- function() ranked(fine_pre, fine_post)
}

# The answer as numbers; what only the comparison needs is not timed.
answer <- function(x) {
  if (inherits(x, "survfitms")) {
    # The first state is that of those who are still under way.
    one <- function(j) cbind(x$n.event[, j], x$pstate[, j], x$std.err[, j], x$lower[, j], x$upper[, j])
    x <- as.vector(t(cbind(x$time, x$n.risk[, 1], one(2), one(3))))
  } else if (inherits(x, "survfit")) {
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
