# Re-scores the vectors files in base R, from the published algorithms and without this package, and
# stops where an expected value differs. Run it in this folder:
#
#   Rscript rescore.R
#
# Each scorer takes the numeric answers (NA = missing, refused or not applicable) and the options,
# and returns a named list: numbers, TRUE/FALSE, band labels, or NA for no score.

policy_limit <- function(opts, owner = 0) {
  if ("owner_rule" %in% names(opts)) return(owner)
  if ("max_missing" %in% names(opts)) return(as.numeric(opts[["max_missing"]]))
  0
}

# The sum, with the mean of the answered items in place of at most `limit` missing ones.
prorated <- function(x, limit) {
  if (sum(is.na(x)) > limit || all(is.na(x))) return(NA)
  mean(x, na.rm = TRUE) * length(x)
}

scorers <- list()

scorers[["WHO-5"]] <- function(x, opts) {
  raw <- prorated(x, policy_limit(opts))
  list(raw = raw, percent = raw * 4, screen_le_50 = raw * 4 <= 50, screen_le_28 = raw * 4 <= 28,
       screen_raw_lt_13 = raw < 13,
       screen_raw_lt_13_or_item_0_1 = if (anyNA(x)) NA else raw < 13 || any(x <= 1))
}

metric_table <- read.csv("swemwbs_raw_to_metric.csv")
metric <- function(raw) {
  if (is.na(raw) || !raw %in% metric_table$raw) return(NA)
  metric_table$metric[metric_table$raw == raw]
}
band <- function(v, from, labels) if (is.na(v)) NA_character_ else labels[findInterval(v, from)]

scorers[["WEMWBS-14"]] <- function(x, opts) {
  total <- prorated(x, policy_limit(opts))
  short <- x[c(1, 2, 3, 6, 7, 9, 11)]
  list(total = total, swemwbs_raw_from_items_1_2_3_6_7_9_11 = prorated(short, policy_limit(opts)),
       swemwbs_metric = if (anyNA(short)) NA else metric(sum(short)),
       screen_le_40 = total <= 40, screen_le_44 = total <= 44, screen_lt_43_5 = total < 43.5)
}
scorers[["SWEMWBS-7"]] <- function(x, opts) {
  list(raw = prorated(x, policy_limit(opts)), metric = if (anyNA(x)) NA else metric(sum(x)))
}

scorers[["GSE-10"]] <- function(x, opts) {
  sum <- prorated(x, policy_limit(opts, owner = 3))
  list(sum = sum, mean = sum / 10)
}

scorers[["ONS4"]] <- function(x, opts) {
  up <- c("low", "medium", "high", "very high")
  out <- list()
  for (i in 1:3) {
    n <- c("satisfied", "worthwhile", "happy")[i]
    out[[n]] <- x[i]
    out[[paste0(n, "_band")]] <- band(x[i], c(0, 5, 7, 9), up)
  }
  out$anxious <- x[4]
  out$anxious_band <- band(x[4], c(0, 2, 4, 6), c("very low", "low", "medium", "high"))
  out
}
one <- function(name) function(x, opts) setNames(list(x[1]), name)
scorers[["SelfRatedHealth100"]] <- one("health")
scorers[["ImportanceRuler"]] <- one("importance")
scorers[["ConfidenceRuler"]] <- one("confidence")
scorers[["ReadinessRuler"]] <- one("readiness")
scorers[["GBO"]] <- one("goal")

scorers[["PHQ-9"]] <- function(x, opts) {
  total <- prorated(x, policy_limit(opts))
  phq2 <- prorated(x[1:2], 0)
  met <- c(x[1:8] >= 2, x[9] >= 1)
  core <- any(met[1:2])
  list(total = total, phq2 = phq2, phq2_ge3 = phq2 >= 3, phq2_ge2 = phq2 >= 2,
       band = band(total, c(0, 5, 10, 15, 20), c("none", "mild", "moderate", "moderately severe", "severe")),
       talking_therapies_case_ge10 = total >= 10,
       mds_algorithm = if (anyNA(x)) NA else sum(met) >= 5 && core,
       ods_algorithm = if (anyNA(x)) NA else sum(met) %in% 2:4 && core,
       item9_flag = x[9] > 0)
}
scorers[["PHQ-2"]] <- function(x, opts) {
  s <- prorated(x, 0)
  list(phq2 = s, phq2_ge3 = s >= 3, phq2_ge2 = s >= 2)
}
scorers[["GAD-7"]] <- function(x, opts) {
  total <- prorated(x, policy_limit(opts))
  gad2 <- prorated(x[1:2], 0)
  list(total = total, gad2 = gad2, gad2_ge3 = gad2 >= 3, gad2_ge2 = gad2 >= 2,
       band = band(total, c(0, 5, 10, 15), c("minimal", "mild", "moderate", "severe")),
       talking_therapies_case_ge8 = total >= 8)
}
scorers[["GAD-2"]] <- function(x, opts) {
  s <- prorated(x, 0)
  list(gad2 = s, gad2_ge3 = s >= 3, gad2_ge2 = s >= 2)
}

audit_c <- function(s) list(audit_c = s, uk_audit_c_positive_ge5 = s >= 5,
                            us_audit_c_positive_men_ge4 = s >= 4, us_audit_c_positive_women_ge3 = s >= 3)
scorers[["AUDIT"]] <- function(x, opts) {
  y <- x
  skip <- integer(0)
  if (!is.na(x[1]) && x[1] == 0) skip <- 2:8
  else if (!anyNA(x[2:3]) && sum(x[2:3]) == 0) skip <- 4:8
  y[intersect(skip, which(is.na(x)))] <- 0
  total <- prorated(y, 0)
  c(list(total = total,
         uk_band = band(total, c(0, 8, 16, 20), c("low", "increasing", "higher", "possible dependence"))),
    audit_c(prorated(y[1:3], 0)))
}
scorers[["AUDIT-C"]] <- function(x, opts) {
  if (!is.na(x[1]) && x[1] == 0) x[is.na(x)] <- 0
  audit_c(prorated(x, 0))
}
scorers[["FAST"]] <- function(x, opts) {
  y <- x
  if (!is.na(x[1]) && x[1] %in% c(0, 3, 4)) y[is.na(x)] <- 0
  total <- prorated(y, 0)
  list(total = total, total_ge3 = total >= 3,
       positive = if (is.na(total)) NA else if (x[1] == 0) FALSE else x[1] >= 3 || total >= 3)
}

scorers[["CORE-10"]] <- function(x, opts) {
  y <- x
  y[2:3] <- 4 - y[2:3]
  s <- prorated(y, policy_limit(opts, owner = 1))
  list(clinical_score = s, above_cutoff_ge11 = s >= 11, risk_item6 = x[6],
       band = band(s, c(0, 11, 15, 20, 25), c("below cut-off", "mild", "moderate", "moderately severe", "severe")))
}
scorers[["CORE-OM"]] <- function(x, opts) {
  y <- x
  back <- c(3, 4, 7, 12, 19, 21, 31, 32)
  y[back] <- 4 - y[back]
  d <- list(W = c(4, 14, 17, 31), P = c(2, 5, 8, 11, 13, 15, 18, 20, 23, 27, 28, 30),
            F = c(1, 3, 7, 10, 12, 19, 21, 25, 26, 29, 32, 33), R = c(6, 9, 16, 22, 24, 34))
  score <- function(items, owner) prorated(y[items], policy_limit(opts, owner)) / length(items) * 10
  all <- score(1:34, 3)
  list(all = all, non_risk = score(setdiff(1:34, d$R), 3), W = score(d$W, 0), P = score(d$P, 1),
       F = score(d$F, 1), R = score(d$R, 0), above_cutoff_ge10 = all >= 10)
}

k10 <- function(first) function(x, opts) {
  y <- x - first
  k6 <- prorated(y[c(2, 4, 5, 8, 9, 10)], 0)
  zero <- prorated(y, 0)
  list(k10_1to5 = zero + 10, k10_0to4 = zero, k6_0to4 = k6, k6_smi_ge13 = k6 >= 13,
       abs_band = band(zero + 10, c(10, 16, 22, 30), c("low", "moderate", "high", "very high")),
       clinic_band = band(zero + 10, c(10, 20, 25, 30), c("below 20", "20 to 24", "25 to 29", "30 or more")))
}
scorers[["K10"]] <- k10(1)
scorers[["K10 0-4"]] <- k10(0)
k6 <- function(first) function(x, opts) {
  s <- prorated(x - first, 0)
  list(k6_0to4 = s, k6_smi_ge13 = s >= 13)
}
scorers[["K6"]] <- k6(0)
scorers[["K6 1-5"]] <- k6(1)

hsi <- function(x) {
  s <- prorated(x, 0)
  list(hsi = s, hsi_band_nida = band(s, c(0, 2, 5), c("low", "medium", "high")),
       hsi_band_3_5 = band(s, c(0, 3, 5), c("low", "moderate", "high")))
}
scorers[["FTND"]] <- function(x, opts) {
  s <- prorated(x, 0)
  c(list(ftnd = s, ftnd_band = band(s, c(0, 3, 5, 6, 8), c("very low", "low", "medium", "high", "very high"))),
    hsi(x[c(1, 4)]))
}
scorers[["HSI"]] <- function(x, opts) hsi(x)

scorers[["UCLA-3"]] <- function(x, opts) {
  s <- prorated(x, 0)
  list(total = s, lonely_ge6 = s >= 6)
}

# Tokens: yes and more or less count in the first three, no and more or less in the others.
scorers[["DJG-6"]] <- function(x, opts) {
  a <- attr(x, "cells")
  a[a %in% c(".", "?", "-")] <- NA
  hit <- ifelse(is.na(a), NA, c(a[1:3] %in% c("Y", "M"), a[4:6] %in% c("N", "M")))
  total <- sum(hit)
  list(emotional = sum(hit[1:3]), social = sum(hit[4:6]), total = total,
       band = band(total, c(0, 2, 5), c("not lonely", "moderately lonely", "severely lonely")))
}
scorers[["LSNS-6"]] <- function(x, opts) {
  list(total = sum(x), family = sum(x[1:3]), friends = sum(x[4:6]), at_risk_lt12 = sum(x) < 12,
       family_lt6 = sum(x[1:3]) < 6, friends_lt6 = sum(x[4:6]) < 6)
}

scorers[["GHQ-12"]] <- function(x, opts) {
  g <- sum(x >= 2)
  list(ghq_0011 = g, likert_0123 = sum(x), hse_high_ge4 = g >= 4)
}
pss <- function(back) {
  force(back)
  function(x, opts) {
    x[back] <- 4 - x[back]
    list(total = sum(x))
  }
}
scorers[["PSS-10"]] <- pss(c(4, 5, 7, 8))
scorers[["PSS-4"]] <- pss(c(2, 3))
scorers[["ReQoL-10"]] <- function(x, opts) list(total = sum(x), clinical_lt24 = sum(x) < 24, clinical_lt25 = sum(x) < 25)
rses <- function(first) {
  force(first)
  function(x, opts) {
    y <- x - first
    back <- c(2, 5, 6, 8, 9)
    y[back] <- 3 - y[back]
    list(total_0_30 = sum(y), total_10_40 = sum(y) + 10)
  }
}
scorers[["RSES"]] <- rses(0)
scorers[["RSES 1-4"]] <- rses(1)
scorers[["SWLS"]] <- function(x, opts) {
  list(total = sum(x), band = band(sum(x), c(5, 10, 15, 20, 21, 26, 31), c(
    "extremely dissatisfied", "dissatisfied", "slightly dissatisfied", "neutral", "slightly satisfied", "satisfied",
    "extremely satisfied")))
}

# RAND's own recoding table, item by item.
recode <- read.csv("rand36_recode.csv")
scorers[["RAND-36"]] <- function(x, opts) {
  y <- sapply(1:36, function(i) {
    v <- recode$value[recode$item == i & recode$response == x[i]]
    if (length(v) == 1) v else NA
  })
  out <- lapply(split(recode$item, recode$scale), function(items) {
    v <- y[unique(items)]
    if (anyNA(v) && !"owner_rule" %in% names(opts)) NA else mean(v, na.rm = TRUE)
  })
  names(out)[grepl("^health_change", names(out))] <- "change_item2"
  out
}

scorers[["IPAQ-short"]] <- function(x, opts) {
  none <- list(met_min_week = NA, category = NA_character_)
  if (anyNA(x)) return(none)
  days <- x[c(1, 3, 5)]
  mins <- x[c(2, 4, 6)]
  if (sum(mins[days > 0]) > 960) return(none)
  days[mins < 10] <- 0
  mins <- pmin(ifelse(mins < 10 | days == 0, 0, mins), 180)
  met <- c(8, 4, 3.3) * days * mins
  high <- (days[1] >= 3 && met[1] >= 1500) || (sum(days) >= 7 && sum(met) >= 3000)
  moderate <- (days[1] >= 3 && mins[1] >= 20) || sum(days[2:3][mins[2:3] >= 30]) >= 5 ||
    (sum(days) >= 5 && sum(met) >= 600)
  list(met_min_week = sum(met), category = if (high) "high" else if (moderate) "moderate" else "low")
}

weights <- read.csv("eq5d_coefficients.csv")
eq5d <- function(set) {
  w <- with(weights[weights$value_set == set, ], setNames(coefficient, term))
  function(x, opts) {
    if (anyNA(x)) return(list(index = NA))
    terms <- paste0(c("MO", "SC", "UA", "PD", "AD"), x)[x > 1]
    if (any(x > 1) && "constant_any_level_ge2" %in% names(w)) terms <- c(terms, "constant_any_level_ge2")
    if (any(x == 3) && "N3_any_level3" %in% names(w)) terms <- c(terms, "N3_any_level3")
    list(index = unname(w["full_health"] + sum(w[terms])))
  }
}
for (set in unique(weights$value_set)) scorers[[set]] <- eq5d(set)
crosswalk <- read.csv("../eq5d_crosswalk.csv", colClasses = c("character", "numeric"))
scorers[["EQ-5D-5L->3L UK crosswalk van Hout 2012"]] <- function(x, opts) {
  if (anyNA(x)) return(list(index = NA))
  list(index = crosswalk$index[crosswalk$state == paste(x, collapse = "")])
}

number <- function(s) {
  parts <- as.numeric(strsplit(s, "/")[[1]])
  if (length(parts) == 2) parts[1] / parts[2] else parts[1]
}

same <- function(got, want) {
  if (is.null(got)) return(FALSE)
  if (want == "NONE") return(is.na(got))
  if (is.na(got)) return(FALSE)
  if (is.logical(got)) return(got == as.logical(want))
  if (is.character(got)) return(got == want)
  abs(got - number(want)) < 1e-9
}

bad <- 0
n <- 0
for (file in list.files(pattern = "_vectors[.]csv$")) {
  rows <- read.csv(file, colClasses = "character")
  for (i in seq_len(nrow(rows))) {
    row <- rows[i, ]
    scorer <- scorers[[row$instrument]]
    if (is.null(scorer)) stop("no scorer for ", row$instrument)
    cells <- strsplit(row$responses, " ")[[1]]
    x <- suppressWarnings(as.numeric(ifelse(cells %in% c(".", "?", "-"), NA, cells)))
    attr(x, "cells") <- cells
    opts <- list() # two judge= options give one entry each; only the policies are read
    for (o in strsplit(row$options, " ")[[1]]) {
      kv <- strsplit(o, "=")[[1]]
      opts[[kv[1]]] <- if (length(kv) > 1) kv[2] else TRUE
    }
    got <- scorer(x, opts)
    for (pair in trimws(strsplit(row$expected, ";")[[1]])) {
      kv <- strsplit(pair, "=")[[1]]
      n <- n + 1
      if (!same(got[[kv[1]]], kv[2])) {
        bad <- bad + 1
        cat(file, row$instrument, row$case, kv[1], "want", kv[2], "got", format(got[[kv[1]]]), "\n")
      }
    }
  }
}
cat(n, "values re-scored,", bad, "differ\n")
if (bad > 0 || n == 0) quit(status = 1)
