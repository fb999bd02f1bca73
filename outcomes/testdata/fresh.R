# Third look, on fresh random data: charts, funnels, Rubin's rules, inverse-probability weights, economics and ICC, by
# their published definitions. Run: Rscript fresh.R > fresh.json
source("json.R")
set.seed(271126)
out <- list(R = R.version.string)

# XmR with the rules of Making Data Count, point by point from their words -----------------------------------
rules <- function(x, cl, lo, hi) {
  n <- length(x); side <- sign(x - cl); b <- logical(n); s <- t <- k <- b
  b <- x > hi | x < lo
  for (i in seq_len(n)) for (d in c(-1, 1)) { # any window of seven that holds the point
    for (a in max(1, i - 6):i) if (a + 6 <= n) { w <- a:(a + 6)
      if (all(side[w] == d)) s[i] <- TRUE
      if (all(sign(diff(x[w])) == d)) t[i] <- TRUE }
    near <- function(j) side[j] == d & abs(x[j] - cl) > 2 / 3 * (if (d > 0) hi[j] - cl else cl - lo[j]) & !b[j]
    for (a in max(1, i - 2):i) if (a + 2 <= n && all(side[a:(a + 2)] == d) && sum(near(a:(a + 2))) >= 2 && near(i)) k[i] <- TRUE
  }
  vec(b + 2 * s + 4 * t + 8 * k)
}
out$xmr <- lapply(1:30, function(i) {
  n <- sample(8:60, 1); x <- cumsum(rnorm(n)) * (i %% 3) / 3 + rnorm(n) * 2 + (seq_len(n) > n / 2) * (i %% 4)
  if (i %% 5 == 0) x <- round(x)
  base <- if (i %% 2) 0 else sample(5:n, 1)
  z <- if (base) x[1:base] else x
  m <- mean(z); r <- mean(abs(diff(z)))
  list(x = vec(x), base = base, centre = m, mr = r, low = m - 2.66 * r, high = m + 2.66 * r, top = 3.267 * r,
       signals = rules(x, m, rep(m - 2.66 * r, n), rep(m + 2.66 * r, n)))
})
out$p <- lapply(1:15, function(i) {
  k <- sample(2:40, 1); n <- sample(1:300, k, TRUE); x <- rbinom(k, n, runif(1, .02, .98)); x[1] <- max(1, x[1]); n[2] <- n[2] + 2; x[2] <- min(x[2], n[2] - 1)
  p <- sum(x) / sum(n); h <- 3 * sqrt(p * (1 - p) / n); lo <- pmax(0, p - h); hi <- pmin(1, p + h)
  list(x = vec(x), n = vec(n), centre = p, low = vec(lo), high = vec(hi), signals = rules(x / n, p, lo, hi))
})
out$u <- lapply(1:15, function(i) {
  k <- sample(2:40, 1); t <- runif(k, .1, 200); x <- rpois(k, t * runif(1, .01, 2)); x[1] <- x[1] + 1
  u <- sum(x) / sum(t); h <- 3 * sqrt(u / t); lo <- pmax(0, u - h)
  list(x = vec(x), n = vec(t), centre = u, low = vec(lo), high = vec(u + h), signals = rules(x / t, u, lo, u + h))
})
# Funnel: Spiegelhalter's exact limits, and overdispersion ----------------------------------------------------
probs <- c(.001, .025, .975, .999)
out$funnel <- lapply(1:40, function(i) {
  n <- sample(c(1:5, 10, 37, 200, 5000, 1e6), 1); th <- sample(c(runif(1), .001, .5, .999), 1)
  r <- qbinom(probs, n, th); y <- (r - (pbinom(r, n, th) - probs) / dbinom(r, n, th)) / n
  z <- qnorm(probs); phi <- runif(1, 1, 5)
  list(n = n, target = th, phi = phi, exact = vec(y), normal = vec(th + z * sqrt(phi * th * (1 - th) / n)))
})
out$over <- lapply(1:20, function(i) {
  k <- sample(2:60, 1); n <- sample(5:900, k, TRUE); x <- rbinom(k, n, plogis(rnorm(k, 0, (i %% 3) / 2))); trim <- sample(c(0, .05, .1, .2, .49), 1)
  x[1] <- max(1, min(x[1], n[1] - 1))
  th <- if (i %% 2) sum(x) / sum(n) else .45; v <- th * (1 - th) / n; z <- (x / n - th) / sqrt(v)
  q <- quantile(z, c(trim, 1 - trim), names = FALSE); w <- pmin(pmax(z, q[1]), q[2]); phi <- mean(w^2)
  tau <- if (k * phi > k - 1) (k * phi - (k - 1)) / (sum(1 / v) - sum(1 / v^2) / sum(1 / v)) else 0
  list(x = vec(x), n = vec(n), given = if (i %% 2) 0 else .45, trim = trim, q = vec(q), phi_raw = mean(z^2), phi = phi, tau = tau, adj = vec((x / n - th) / sqrt(v + tau)))
})
# Rubin's rules, the t on Barnard and Rubin's degrees of freedom ---------------------------------------------
out$pool <- lapply(1:30, function(i) {
  m <- sample(c(2, 3, 5, 20, 100), 1); se <- runif(m, .2, 2); q <- rnorm(m, 3, sample(c(1e-6, .1, 1, 10), 1)); dfc <- sample(c(1, 4, 29, 800, 1e7), 1)
  w <- mean(se^2); b <- var(q); t <- w + b + b / m; lam <- (b + b / m) / t
  old <- (m - 1) / lam^2; obs <- (dfc + 1) / (dfc + 3) * dfc * (1 - lam); df <- old * obs / (old + obs); riv <- (b + b / m) / w
  list(q = vec(q), se = vec(se), dfc = dfc, estimate = mean(q), total = t, df = df, riv = riv, lambda = lam, fmi = (riv + 2 / (df + 3)) / (1 + riv),
       p = 2 * pt(-abs((mean(q) - 1) / sqrt(t)), df), low = mean(q) - qt(.95, df) * sqrt(t), high = mean(q) + qt(.95, df) * sqrt(t))
})
# Inverse-probability weights: Hajek's mean, sandwich of the two estimating equations together -----------------
out$ipw <- lapply(1:12, function(i) {
  n <- sample(c(40, 90, 200), 1); a <- rnorm(n, 50, 10); g <- rbinom(n, 1, .4); y <- .1 * a + g + rnorm(n) + 100 * (i %% 3 == 0)
  seen <- rbinom(n, 1, plogis(1.2 - .03 * (a - 50) - .6 * g)) == 1
  f <- glm(seen ~ a + g, family = binomial, control = glm.control(epsilon = 1e-15, maxit = 100))
  X <- model.matrix(f); p <- fitted(f); w <- ifelse(seen, 1 / p, 0); mu <- sum(w * y) / sum(w)
  U <- cbind(w * (y - mu), X * (seen - p)) # stacked
  A <- rbind(c(sum(w), colSums(w * (1 - p) * (y - mu) * X)), cbind(0, t(X) %*% (X * p * (1 - p))))
  V <- solve(A) %*% crossprod(U) %*% t(solve(A))
  list(a = vec(a), g = vec(g), y = vec(y), seen = vec(seen), estimate = mu, se = sqrt(sum((w * (y - mu))^2)) / sum(w), se_model = sqrt(V[1, 1]), ess = sum(w)^2 / sum(w^2), largest = max(w))
})
# Economics ---------------------------------------------------------------------------------------------------
out$qaly <- lapply(1:15, function(i) {
  k <- sample(2:7, 1); d <- cumsum(c(sample(c(0, 30), 1), runif(k - 1, 5, 200))); u <- runif(k, -.4, 1); r <- sample(c(0, .015, .035, 1), 1)
  f <- approxfun(d, u); g <- function(t) f(t) * (1 + r)^(-t / 365.25)
  list(d = vec(d), u = vec(u), rate = r, plain = sum(diff(d) * (head(u, -1) + tail(u, -1)) / 2) / 365.25,
       disc = sum(mapply(function(a, b) integrate(g, a, b, rel.tol = 1e-13)$value, head(d, -1), tail(d, -1))) / 365.25)
})
out$nmb <- lapply(1:12, function(i) {
  a <- sample(5:60, 1); b <- sample(5:60, 1); c1 <- rgamma(a, 2, .01); e1 <- runif(a); c0 <- rgamma(b, 2, .02); e0 <- runif(b) * .8; l <- sample(c(0, 100, 2e4), 1)
  t <- t.test(l * e1 - c1, l * e0 - c0, conf.level = .9); dc <- mean(c1) - mean(c0); de <- mean(e1) - mean(e0)
  list(c1 = vec(c1), e1 = vec(e1), c0 = vec(c0), e0 = vec(e0), l = l, estimate = unname(t$estimate[1] - t$estimate[2]), p = t$p.value, df = unname(t$parameter), ci = vec(t$conf.int),
       cost = dc, effect = de, icer = if (dc * de > 0) dc / de else NA)
})
out$cost <- lapply(1:12, function(i) { # Fieller: roots of the quadratic of the t statistic
  n <- sample(4:80, 1); g <- rpois(n, 1.5); g[1] <- g[1] + 1; c <- 50 + 20 * g + rnorm(n, 0, 10); q <- qt(.975, n - 1)
  h <- function(r) { z <- c - r * g; mean(z)^2 - q^2 * var(z) / n }
  e <- sum(c) / sum(g); a <- mean(g)^2 - q^2 * var(g) / n
  B <- mean(c) * mean(g) - q^2 * cov(c, g) / n; C <- mean(c)^2 - q^2 * var(c) / n; d <- B^2 - a * C
  list(c = vec(c), g = vec(g), estimate = e, ci = if (a > 0) vec((B + c(-1, 1) * sqrt(d)) / a) else vec(c(NA, NA)))
})
# ICC(2,1), Shrout and Fleiss, limits of McGraw and Wong, mean squares from aov -------------------------------
out$icc <- lapply(1:24, function(i) {
  n <- sample(3:40, 1); k <- sample(2:5, 1); m <- outer(rnorm(n, 20, (i %% 4)), rnorm(k, 0, (i %% 3)), `+`) + rnorm(n * k)
  if (i %% 2) m <- round(m, 1)
  d <- data.frame(y = as.vector(m), s = factor(rep(1:n, k)), r = factor(rep(1:k, each = n)))
  ms <- summary(aov(y ~ s + r, d))[[1]][["Mean Sq"]]; R <- ms[1]; C <- ms[2]; E <- ms[3]
  e <- (R - E) / (R + (k - 1) * E + k / n * (C - E))
  # Shrout and Fleiss (1979), p. 424
  Fj <- C / E; v <- (k - 1) * (n - 1) * (k * e * Fj + n * (1 + (k - 1) * e) - k * e)^2 / ((n - 1) * k^2 * e^2 * Fj^2 + (n * (1 + (k - 1) * e) - k * e)^2)
  f1 <- qf(.975, n - 1, v); f2 <- qf(.975, v, n - 1)
  lo <- n * (R - f1 * E) / (f1 * (k * C + (k * n - k - n) * E) + n * R); hi <- n * (f2 * R - E) / (k * C + (k * n - k - n) * E + n * f2 * R)
  sem <- sqrt(E + max(0, (C - E) / n))
  list(rows = m, estimate = e, ci = vec(sort(c(lo, hi))), f = R / E, p = pf(R / E, n - 1, (n - 1) * (k - 1), lower.tail = FALSE), sem = sem, mdc = qnorm(.975) * sqrt(2) * sem)
})
cat(js(out), "\n")
