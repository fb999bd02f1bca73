# Writes R values as JSON with 17 digits; NaN and infinities are strings. Sourced by the other scripts.
options(warn = -1)
num <- function(x) {
  if (is.na(x) && !is.nan(x)) return("null")
  if (is.nan(x)) return('"NaN"')
  if (is.infinite(x)) return(if (x > 0) '"Inf"' else '"-Inf"')
  sprintf("%.17g", x)
}
js <- function(x) {
  if (is.list(x)) {
    if (is.null(names(x))) return(paste0("[", paste(vapply(x, js, ""), collapse = ",\n"), "]"))
    return(paste0("{", paste(sprintf('"%s":%s', names(x), vapply(x, js, "")), collapse = ","), "}"))
  }
  if (is.character(x)) return(sprintf('"%s"', x))
  if (is.matrix(x)) return(paste0("[", paste(apply(x, 1, function(r) js(vec(r))), collapse = ","), "]"))
  if (!is.null(attr(x, "vector")) || length(x) != 1) {
    return(paste0("[", paste(vapply(as.numeric(x), num, ""), collapse = ","), "]"))
  }
  num(as.numeric(x))
}
vec <- function(x) structure(as.numeric(x), vector = TRUE)
