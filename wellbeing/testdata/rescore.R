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
    if (any(is.na(x) & !cells %in% c(".", "?", "-"))) x <- ifelse(cells %in% c(".", "?", "-"), NA, cells)
    opts <- list()
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
