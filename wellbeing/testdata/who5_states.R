# Every one of the 6^5 complete WHO-5 forms, counted by raw score, with the counts of the screens.
# Rscript who5_states.R > who5_states.csv
g <- expand.grid(rep(list(0:5), 5))
raw <- rowSums(g)
low <- apply(g, 1, min) <= 1
cat("raw,percent,forms,screen_le_50,screen_le_28,screen_raw_lt_13_or_item_0_1\n")
for (r in 0:25) {
  k <- raw == r
  cat(r, r * 4, sum(k), sum(k & raw * 4 <= 50), sum(k & raw * 4 <= 28), sum(k & (raw < 13 | low)), sep = ",")
  cat("\n")
}
