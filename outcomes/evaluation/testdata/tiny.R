# What an evaluation of tiny.csv must give, worked out apart from the Go code.
# Run: Rscript tiny.R > tiny.expected.csv    (R 4.2.2, base packages only)
#
# The file is synthetic. Records 33 to 37 are to be kept out, and why is known from how they were made:
#   33 WHO-5 percentage that is no multiple of 4; 34 episode_id of record 33 again; 35 a referral on
#   30 February; 36 consent refused; 37 a row of three cells.
# Records 31 and 32 are referred a day before and a day after the financial year 2025/26.

options(digits = 17, warn = 2)
d <- read.csv("tiny.csv", colClasses = "character", na.strings = "", nrows = 36)
as_of <- as.Date("2026-06-30")
d$record <- seq_len(nrow(d))
d <- d[!d$record %in% 33:36, ]
date <- function(x) as.Date(x, format = "%Y-%m-%d")
ref <- date(d$referral_date)
d <- d[ref >= as.Date("2025-04-01") & ref <= as.Date("2026-03-31"), ]
num <- function(x) as.numeric(x)

out <- function(key, value) cat(key, ",", format(value, digits = 15, scientific = FALSE, trim = TRUE), "\n", sep = "")
cat("key,value\n")

# Index episodes: with a review first, then by referral date, then by episode_id.
d <- d[order(is.na(d$review_date), d$referral_date, d$episode_id), ]
client <- paste(d$service_code, d$client_id)
index <- d[!duplicated(client), ]
out("episodes", nrow(d)); out("clients", nrow(index)); out("repeat_clients", sum(table(client) > 1))

# Reach.
wilson <- function(key, x, n) {
  ci <- suppressWarnings(prop.test(x, n, correct = FALSE)$conf.int)
  out(paste0(key, "/n"), x); out(paste0(key, "/den"), n)
  out(paste0(key, "/low"), ci[1]); out(paste0(key, "/high"), ci[2])
}
count <- function(key, x, e) {
  for (code in sort(unique(e))) {
    wilson(paste(key, code, "clients", sep = "/"), sum(x == code, na.rm = TRUE), sum(!is.na(x)))
    out(paste(key, code, "episodes", sep = "/"), sum(e == code, na.rm = TRUE))
  }
}
count("gender", index$gender, d$gender)
count("quintile", index$imd_quintile, d$imd_quintile)
count("setting", index$setting, d$setting)
group <- function(x) ifelse(x %in% c("A", "B", "C"), "white", ifelse(x %in% c("H", "J", "K", "L"), "asian",
         ifelse(x %in% c("M", "N", "P"), "black", ifelse(x %in% c("R", "S"), "other", NA))))
count("ethnic-group", group(index$ethnic_category), group(d$ethnic_category))
age <- function(x) {
  b <- as.POSIXlt(date(x$date_of_birth)); r <- as.POSIXlt(date(x$referral_date))
  a <- r$year - b$year - (r$mon < b$mon | (r$mon == b$mon & r$mday < b$mday))
  ifelse(is.na(a), num(x$age_at_referral), a)
}
band <- function(a) as.character(cut(a, c(0, 16, 25, 35, 45, 55, 65, 75, 200), right = FALSE,
  labels = c("under-16", "16-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75-plus")))
count("age", band(age(index)), band(age(d)))
wilson("most_deprived", sum(index$imd_quintile %in% c("1", "2")), sum(!is.na(index$imd_quintile)))

# Journey.
last <- function(x) ifelse(!is.na(x$review_date), 4, ifelse(!is.na(x$plan_date), 3,
        ifelse(!is.na(x$assessment_date), 2, ifelse(!is.na(x$first_contact_date), 1, 0))))
d$last <- last(d)
for (s in 0:4) {
  out(paste0("stage/", s, "/episodes"), sum(d$last >= s))
  out(paste0("stage/", s, "/clients"), length(unique(client[d$last >= s])))
  out(paste0("stage/", s, "/open"), sum(d$last == s & is.na(d$closure_date)))
  left <- d$closure_reason[d$last == s & !is.na(d$closure_date)]
  for (r in sort(unique(left))) out(paste("stage", s, "left", r, sep = "/"), sum(left == r))
}

# Follow-up. No review here falls on a day that the month of its follow-up lacks.
months_on <- function(x, n) { l <- as.POSIXlt(x); l$mon <- l$mon + n; as.Date(l) }
for (m in c(3, 6, 12)) {
  r <- d[!is.na(d$review_date), ]
  due_on <- months_on(date(r$review_date), m)
  res <- r[[paste0("followup_", m, "m_maintained")]]
  held <- res %in% c("yes", "part", "no")
  due <- due_on <= as_of & !(r$closure_reason %in% "died" & !held & date(r$closure_date) < due_on)
  key <- paste0("followup/", m)
  out(paste0(key, "/reviewed"), nrow(r)); out(paste0(key, "/due"), sum(due))
  out(paste0(key, "/not_yet_due"), sum(due_on > as_of))
  out(paste0(key, "/died"), sum(due_on <= as_of) - sum(due))
  out(paste0(key, "/early"), sum(held & due_on > as_of))
  for (v in c("yes", "part", "no", "lost")) out(paste(key, v, sep = "/"), sum(res[due] %in% v))
  out(paste0(key, "/unrecorded"), sum(is.na(res[due])))
  wilson(paste0(key, "/held"), sum(held[due]), sum(due))
}

# Plans and goals.
status <- function(key, s) {
  closed <- sum(s %in% c("achieved", "part_achieved", "not_achieved", "dropped", "lost"))
  out(paste0(key, "/total"), length(s)); out(paste0(key, "/open"), sum(s == "open")); out(paste0(key, "/closed"), closed)
  out(paste0(key, "/revised"), sum(s == "revised"))
  for (v in c("part_achieved", "not_achieved", "dropped", "lost")) out(paste(key, v, sep = "/"), sum(s == v))
  if (closed > 0) wilson(paste0(key, "/achieved"), sum(s == "achieved"), closed)
}
status("plans", d$plan_status[!is.na(d$plan_date)])
goals <- data.frame(issue = c(d$goal_1_issue, d$goal_2_issue), status = c(d$goal_1_status, d$goal_2_status))
goals <- goals[!is.na(goals$issue), ]
status("goals", goals$status)
for (i in sort(unique(goals$issue))) status(paste0("goals/", i), goals$status[goals$issue == i])

# Before and after, on index episodes.
who5 <- function(x, p) {
  items <- sapply(1:5, function(i) num(x[[paste0("who5_", i, "_", p)]]))
  s <- 4 * rowSums(items)
  ifelse(is.na(s), num(x[[paste0("who5_percent_", p)]]), s)
}
index$who5_pre <- who5(index, "pre"); index$who5_post <- who5(index, "post")
out("who5/pre/items", sum(!is.na(rowSums(sapply(1:5, function(i) num(index[[paste0("who5_", i, "_pre")]]))))))
out("who5/post/items", sum(!is.na(rowSums(sapply(1:5, function(i) num(index[[paste0("who5_", i, "_post")]]))))))
has_goal <- function(x, issues) x$goal_1_issue %in% issues | x$goal_2_issue %in% issues
n_both <- function(key, pre, post) {
  out(paste0(key, "/both"), sum(!is.na(pre) & !is.na(post)))
  out(paste0(key, "/pre_only"), sum(!is.na(pre) & is.na(post)))
  out(paste0(key, "/post_only"), sum(is.na(pre) & !is.na(post)))
  out(paste0(key, "/neither"), sum(is.na(pre) & is.na(post)))
}
# Groups are described, not tested.
measure <- function(key, x, stem, better, median, test = TRUE) {
  pre <- num(x[[paste0(stem, "_pre")]]); post <- num(x[[paste0(stem, "_post")]])
  n_both(key, pre, post)
  out(paste0(key, "/pre_only_open"), sum(!is.na(pre) & is.na(post) & is.na(x$closure_date)))
  ok <- !is.na(pre) & !is.na(post); pre <- pre[ok]; post <- post[ok]
  diff <- round(post - pre, 3)
  out(paste0(key, "/improved"), sum(better * diff > 0)); out(paste0(key, "/unchanged"), sum(diff == 0)); out(paste0(key, "/worse"), sum(better * diff < 0))
  if (length(diff) < 10) return(invisible())
  out(paste0(key, "/pre/mean"), mean(pre)); out(paste0(key, "/pre/sd"), sd(pre)); out(paste0(key, "/post/mean"), mean(post)); out(paste0(key, "/post/sd"), sd(post))
  q <- quantile(pre, c(.25, .5, .75), names = FALSE)
  out(paste0(key, "/pre/q1"), q[1]); out(paste0(key, "/pre/median"), q[2]); out(paste0(key, "/pre/q3"), q[3])
  out(paste0(key, "/dz"), mean(diff) / sd(diff)); out(paste0(key, "/dav"), mean(diff) / ((sd(pre) + sd(post)) / 2))
  if (median) {
    k <- qbinom(0.025, length(diff), 0.5); s <- sort(diff)
    out(paste0(key, "/change"), median(diff)); out(paste0(key, "/change/low"), s[k]); out(paste0(key, "/change/high"), rev(s)[k])
    w <- suppressWarnings(wilcox.test(diff))
    if (test) { out(paste0(key, "/statistic"), unname(w$statistic)); out(paste0(key, "/p"), w$p.value) }
  } else {
    t <- t.test(diff)
    out(paste0(key, "/change"), unname(t$estimate)); out(paste0(key, "/change/low"), t$conf.int[1]); out(paste0(key, "/change/high"), t$conf.int[2])
    if (test) { out(paste0(key, "/statistic"), unname(t$statistic)); out(paste0(key, "/p"), t$p.value) }
  }
}
spec <- list(
  list("weight", "weight_kg", -1, FALSE, c("weight", "diet", "exercise")), list("bmi", "bmi", -1, FALSE, c("weight", "diet", "exercise")),
  list("fruit-veg", "fruit_veg", 1, FALSE, "diet"), list("fried-snacks", "fried_snacks", -1, TRUE, "diet"),
  list("cigarettes", "cigarettes", -1, TRUE, "smoking"), list("who5", "who5", 1, FALSE, "emotional"), list("confidence", "confidence", 1, TRUE, NULL))
for (s in spec) {
  measure(paste0("measure/", s[[1]], "/everyone"), index, s[[2]], s[[3]], s[[4]])
  if (!is.null(s[[5]])) measure(paste0("measure/", s[[1]], "/goal"), index[has_goal(index, s[[5]]), ], s[[2]], s[[3]], s[[4]])
  measure(paste0("measure/", s[[1]], "/quintile-1"), index[index$imd_quintile %in% "1", ], s[[2]], s[[3]], s[[4]], FALSE)
  measure(paste0("measure/", s[[1]], "/setting-community"), index[index$setting %in% "community", ], s[[2]], s[[3]], s[[4]], FALSE)
}
delta <- na.omit(index$who5_post - index$who5_pre)
wilson("who5/improved", sum(delta >= 10), length(delta)); wilson("who5/deteriorated", sum(delta <= -10), length(delta))

# Holm's method over the tests for everyone: seven measures, then smoking, work and housing.
p <- c()
for (s in spec) {
  diff <- na.omit(round(num(index[[paste0(s[[2]], "_post")]]) - num(index[[paste0(s[[2]], "_pre")]]), 3))
  p <- c(p, if (s[[4]]) suppressWarnings(wilcox.test(diff)$p.value) else t.test(diff)$p.value)
}
binary <- function(key, pre, post) {
  n_both(key, pre, post)
  ok <- !is.na(pre) & !is.na(post); a <- pre[ok]; b <- post[ok]
  out(paste0(key, "/pre"), sum(a)); out(paste0(key, "/post"), sum(b)); out(paste0(key, "/stopped"), sum(a & !b)); out(paste0(key, "/started"), sum(!a & b))
  if (sum(a != b) == 0 || length(a) < 10) return(NULL)
  pv <- binom.test(sum(a & !b), sum(a != b))$p.value
  out(paste0(key, "/p"), pv)
  pv
}
state <- function(x, yes, known) ifelse(x %in% known, x %in% yes, NA)
p <- c(p,
  binary("binary/smoking", state(index$smoking_status_pre, "1", 1:4), state(index$smoking_status_post, "1", 1:4)),
  binary("binary/in-work", state(index$employment_status, "01", sprintf("%02d", 1:8)), state(index$employment_status_post, "01", sprintf("%02d", 1:8))),
  binary("binary/settled-home", state(index$accommodation_type, sprintf("%02d", 1:8), sprintf("%02d", 1:21)), state(index$accommodation_type_post, sprintf("%02d", 1:8), sprintf("%02d", 1:21))))
holm <- p.adjust(p, "holm")
out("tests/everyone", length(p))
for (i in seq_along(spec)) out(paste0("holm/", spec[[i]][[1]]), holm[i])

# Signposting and wider needs.
sent <- strsplit(ifelse(is.na(d$signposted_to), "", d$signposted_to), ";")
wilson("signposted", length(unique(client[lengths(sent) > 0])), nrow(index))
out("onward", sum(lengths(sent)))
for (code in sort(unique(unlist(sent)))) {
  has <- sapply(sent, function(x) code %in% x)
  out(paste0("signpost/", code, "/onward"), sum(has)); out(paste0("signpost/", code, "/clients"), length(unique(client[has])))
}
split <- function(x) strsplit(ifelse(is.na(x), "", x), ";")
need <- split(d$wider_needs); met <- split(d$wider_needs_met); part <- split(d$wider_needs_part_met)
out("contacted", sum(d$last >= 1 | !is.na(d$wider_needs)))
for (code in sort(unique(c(unlist(need), unlist(met), unlist(part))))) {
  has <- function(l) sapply(l, function(x) code %in% x)
  n <- has(need); closed <- !is.na(d$closure_date)
  out(paste0("need/", code, "/present"), sum(n)); out(paste0("need/", code, "/open"), sum(n & !closed))
  out(paste0("need/", code, "/met"), sum(n & closed & has(met))); out(paste0("need/", code, "/part"), sum(n & closed & !has(met) & has(part)))
  out(paste0("need/", code, "/not"), sum(n & closed & !has(met) & !has(part))); out(paste0("need/", code, "/unlisted"), sum(!n & (has(met) | has(part))))
}

# Who is in any before-and-after figure. Newcombe's interval: method 10 of Newcombe 1998.
pairs <- sapply(spec, function(s) !is.na(num(index[[paste0(s[[2]], "_pre")]])) & !is.na(num(index[[paste0(s[[2]], "_post")]])))
inside <- rowSums(pairs) > 0 | (index$smoking_status_pre %in% 1:4 & index$smoking_status_post %in% 1:4)
out("inclusion/in", sum(inside)); out("inclusion/out", sum(!inside))
newcombe <- function(key, x1, n1, x2, n2) {
  l <- function(x, n) suppressWarnings(prop.test(x, n, correct = FALSE)$conf.int)
  p1 <- x1 / n1; p2 <- x2 / n2; a <- l(x1, n1); b <- l(x2, n2)
  out(paste0(key, "/in"), x1); out(paste0(key, "/out"), x2)
  out(paste0(key, "/difference"), p1 - p2)
  out(paste0(key, "/low"), p1 - p2 - sqrt((p1 - a[1])^2 + (b[2] - p2)^2)); out(paste0(key, "/high"), p1 - p2 + sqrt((a[2] - p1)^2 + (p2 - b[1])^2))
  out(paste0(key, "/standardised"), (p1 - p2) / sqrt((p1 * (1 - p1) + p2 * (1 - p2)) / 2))
}
for (g in c("1", "2")) newcombe(paste0("inclusion/gender/", g), sum(index$gender[inside] == g), sum(inside), sum(index$gender[!inside] == g), sum(!inside))
q <- index$imd_quintile
newcombe("inclusion/quintile/1", sum(q[inside] %in% "1"), sum(!is.na(q[inside])), sum(q[!inside] %in% "1"), sum(!is.na(q[!inside])))
