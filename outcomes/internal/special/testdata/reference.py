"""Reference values for the distribution functions, in 60-digit arithmetic (mpmath 1.3.0).

Run: python3 reference.py > reference.json
Arguments are binary doubles, taken exactly. Each set is there for what its key names.
"""
import json
from mpmath import mp, mpf, gammainc, erfc, sqrt, quadgl, exp, loggamma, log, inf, binomial

mp.dps = 60


def s(x):
    return mp.nstr(x, 25, min_fixed=1, max_fixed=0)


def t_sf(t, df):
    t, df = mpf(t), mpf(df)
    if df > 10000:
        # the series is slow here: integrate the density from t on, in panels that follow its decay
        k = exp(loggamma((df + 1) / 2) - loggamma(df / 2)) / sqrt(df * mp.pi)
        w = 1 / (1 + t)
        return quadgl(lambda v: k * (1 + v * v / df) ** (-(df + 1) / 2), [t + i * w for i in range(160)])
    x = df / (df + t * t)
    return ibeta(df / 2, mpf(1) / 2, x) / 2


def ibeta(a, b, x):
    """I_x(a, b) by the series that has positive terms only, so that no tail cancels."""
    a, b, x = mpf(a), mpf(b), mpf(x)
    if x > (a + 1) / (a + b + 2):
        # 60 digits leave enough where the complement is a small number
        return 1 - ibeta(b, a, 1 - x)
    front = exp(a * log(x) + b * log(1 - x) - log(a) - (loggamma(a) + loggamma(b) - loggamma(a + b)))
    term, total, n = mpf(1), mpf(1), mpf(0)
    while term > total * mpf(10) ** -45:
        term *= (a + b + n) / (a + 1 + n) * x
        total += term
        n += 1
        if n > 3000000:
            raise ValueError("slow")
    return front * total


def nct(t, df, ncp, upper):
    """P(T > t) or P(T <= t) as the mean of the normal tail over the chi distribution."""
    t, df, ncp = mpf(t), mpf(df), mpf(ncp)
    mp.dps = 40
    k = log(2) + (df / 2) * log(df / 2) - loggamma(df / 2)

    def f(u):
        v = t * exp(u) - ncp
        if not upper:
            v = -v
        return exp(k + df * u - df / 2 * exp(2 * u)) * erfc(v / sqrt(mpf(2))) / 2

    if min(abs(t), abs(ncp)) / sqrt(2 * df) > 15:
        # Φ is a cliff; the other order, the chi tail's mean over the normal density, has none
        if t < 0:
            return nct(-t, df, -ncp, not upper)

        def h(z):
            x = df / 2 * ((z + ncp) / t) ** 2
            q = gammainc(df / 2, 0, x, regularized=True) if upper else gammainc(df / 2, x, inf, regularized=True)
            return exp(-z * z / 2) / sqrt(2 * mp.pi) * q

        mp.dps = 30
        v = quadgl(h, [i * mpf(1) for i in range(-16, 17)])
        mp.dps = 60
        return v

    # The integrand has one peak. Find it on a grid of its logarithm, then lay panels of half its width
    # around it until it has fallen by 1e-40.
    def lf(u):
        v = f(u)
        return log(v) if v > 0 else mpf(-10) ** 9

    mp.dps = 20
    w = 1 / sqrt(2 * df)
    lo, hi = -30 * w - 3, 14 * w + 1
    if t != 0 and ncp / t > 0:
        c = log(ncp / t)
        lo, hi = min(lo, c - 1), max(hi, c + 1)
    for _ in range(6):
        grid = [lo + (hi - lo) * i / 60 for i in range(61)]
        top = max(range(61), key=lambda i: lf(grid[i]))
        lo, hi = grid[max(top - 2, 0)], grid[min(top + 2, 60)]
    peak, h = (lo + hi) / 2, w / 100
    curve = -(lf(peak + h) - 2 * lf(peak) + lf(peak - h)) / h**2
    step = min(w, 1 / sqrt(curve)) if curve > 0 else w
    mp.dps = 30
    v = mpf(0)
    for side in (-1, 1):
        a, top = peak, f(peak)
        for i in range(4000):
            b = a + side * step * mpf(0.5)
            v += quadgl(f, [min(a, b), max(a, b)], maxdegree=6)
            a = b
            if f(a) < top * mpf(10) ** -35:
                break
    mp.dps = 60
    return v


out = {"mpmath": "1.3.0"}
out["t_upper"] = [[t, df, s(t_sf(t, df))] for df in (1, 2, 3, 5, 7.5, 29, 100, 1000, 99999, 1e6)
                  for t in (1e-8, 0.1, 0.5, 1, 2, 4, 8, 16, 30, 36, 1e3, 1e10, 1e60)
                  if not (df >= 100 and t > 1e10) and not (df > 1e4 and t > 36)]
out["chisq_upper"] = [[x, df, s(gammainc(mpf(df) / 2, mpf(x) / 2, inf, regularized=True))]
                      for df in (1, 2, 3, 4, 10, 99, 1000) for x in (1e-6, 0.5, 1, 4, 10, 50, 300, 1000, 1380)]
out["norm_upper"] = [[z, s(erfc(mpf(z) / sqrt(mpf(2))) / 2)] for z in (-5, -1, 0, 0.3, 1, 3, 6, 10, 20, 30, 37)]
out["beta"] = []
for a in (0.5, 1, 3, 50, 500.5):
    for b in (0.5, 1, 2, 30, 4000.5):
        for x in (1e-9, 0.001, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99):
            m = a / (a + b)
            if x > 0.95 and b > 40:
                continue
            v = ibeta(a, b, x)
            if v < mpf(10) ** -300 or v > 1 - mpf(10) ** -12:
                continue
            out["beta"].append([x, a, b, s(v)])
out["f_upper"] = [[f, d1, d2, s(ibeta(mpf(d2) / 2, mpf(d1) / 2, mpf(d2) / (mpf(d2) + mpf(d1) * mpf(f))))]
                  for d1 in (1, 3, 10) for d2 in (2, 7, 60, 5000) for f in (0.01, 0.5, 1, 4, 20, 200)]
out["nct"] = []
for df in (1, 4, 19, 49, 247, 2000, 99999):
    for ncp in (-2, 0, 0.7, 3, 15, 60):
        for t in (-3, 0, 0.5, 2, 3.5, 14, 62):
            if df == 1 and abs(t) > 20:
                continue
            out["nct"].append([t, df, ncp, s(nct(t, df, ncp, False)), s(nct(t, df, ncp, True))])
# t and noncentrality far beyond the spread of S, where one is a cliff to the other's integral
for df in (1, 2, 19, 226, 2000):
    w = float(sqrt(2 * mpf(df)))
    for k in (16, 21, 40, 1e3, 1e6, 1e9):
        t = float(k * w) // 1 + 0.5
        for z in (-4, -1, -0.3, 0, 0.2, 1, 4):
            ncp = t * max(1 + z / w, 0.25) // 1
            out["nct"].append([t, df, ncp, s(nct(t, df, ncp, False)), s(nct(t, df, ncp, True))])
            if z == 1:
                out["nct"].append([-t, df, -ncp, s(nct(-t, df, -ncp, False)), s(nct(-t, df, -ncp, True))])
out["hedges_j"] = [[df, s(exp(loggamma(mpf(df) / 2) - loggamma(mpf(df - 1) / 2)) / sqrt(mpf(df) / 2))]
                   for df in (2, 3, 5, 10, 29, 30, 31, 32, 99, 1000, 1000001, 10**9)]
out["binom_pmf"] = [[k, n, p, s(binomial(n, k) * mpf(p) ** k * (1 - mpf(p)) ** (n - k))]
                    for (k, n) in ((0, 1), (0, 40), (3, 10), (20, 40), (40, 40), (500, 1000), (100, 1000), (0, 5000), (49999, 100000))
                    for p in (0.001, 0.3, 0.5, 0.9)]
print(json.dumps(out, indent=0))
