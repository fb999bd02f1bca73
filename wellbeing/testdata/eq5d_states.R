# The index of every EQ-5D state, from the published weights (eq5d_coefficients.csv), in thousandths.
# Rscript eq5d_states.R
w <- read.csv("eq5d_coefficients.csv")
index <- function(set, levels) {
  k <- with(w[w$value_set == set, ], setNames(coefficient, term))
  g <- expand.grid(AD = 1:levels, PD = 1:levels, UA = 1:levels, SC = 1:levels, MO = 1:levels)[, 5:1]
  v <- rep(1, nrow(g))
  for (d in names(g)) v <- v + ifelse(g[[d]] > 1, k[paste0(d, g[[d]])], 0)
  if ("constant_any_level_ge2" %in% names(k)) v <- v + ifelse(apply(g, 1, max) > 1, k["constant_any_level_ge2"], 0)
  if ("N3_any_level3" %in% names(k)) v <- v + ifelse(apply(g, 1, max) == 3, k["N3_any_level3"], 0)
  data.frame(state = apply(g, 1, paste, collapse = ""), v = round(v * 1000))
}
a <- index("EQ-5D-3L UK MVH-A1", 3)
write.csv(data.frame(state = a$state, mvh_a1 = a$v), "eq5d3l_states.csv", row.names = FALSE, quote = FALSE)
b <- index("EQ-5D-5L UK Rowen 2026", 5)
c <- index("EQ-5D-5L England Devlin 2018", 5)
write.csv(data.frame(state = b$state, rowen = b$v, devlin = c$v), "eq5d5l_states.csv", row.names = FALSE, quote = FALSE)
