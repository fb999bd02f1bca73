package special

import (
	"math"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/root"
)

// NoncentralT returns P(T ≤ t) and P(T > t) for the noncentral t distribution with df degrees of freedom
// and noncentrality ncp.
//
// With S the square root of a chi-squared variable over its degrees of freedom, P(T ≤ t) is the mean of
// Φ(t·S − ncp). The mean is taken by Gauss–Legendre quadrature over panels that follow the density of S
// and, where it is narrower, the step of Φ; each tail by its own integral. It holds for any ncp, where
// the usual series (AS 243) stops at 37.62, and its relative error is about 1e-13 down to tails of 1e-250.
func NoncentralT(t, df, ncp float64) (lower, upper float64) {
	if math.IsInf(df, 1) {
		return NormCDF(t - ncp), NormSF(t - ncp)
	}
	lower = nctIntegral(t, df, ncp, logNormCDF)
	upper = nctIntegral(t, df, ncp, func(z float64) float64 { return logNormCDF(-z) })
	// Both are sums of positive terms, so the smaller is the more accurate; the larger follows from it.
	if lower < upper {
		upper = 1 - lower
	} else {
		lower = 1 - upper
	}
	return lower, upper
}

// logNormCDF is log Φ(z), also where Φ(z) is below the smallest number.
func logNormCDF(z float64) float64 {
	if z > -30 {
		return math.Log(NormCDF(z))
	}
	i := 1 / (z * z)
	return -z*z/2 - math.Log(-z*math.Sqrt(2*math.Pi)) + math.Log1p(-i*(1-i*(3-i*(15-i*105))))
}

// nctIntegral is the integral over s of e^f(t·s − ncp) times the density of S. On the log scale of s the
// density is bell-shaped for every df, with both tails at least exponential.
func nctIntegral(t, df, ncp float64, f func(float64) float64) float64 {
	// density of u = log s: proportional to exp(df·(u − (e^{2u} − 1)/2)), whose mode is u = 0.
	logPeak := -stirlerr(df/2) + 0.5*math.Log(df/math.Pi)
	logG := func(u float64) float64 {
		return df*(u-math.Expm1(2*u)/2) + f(t*math.Exp(u)-ncp) + logPeak
	}
	g := func(u float64) float64 { return math.Exp(logG(u)) }
	// The integrand has one peak; find it, then walk out on both sides until it has fallen below 1e-20 of
	// its height. Where t and the noncentrality are large, Φ is a cliff, 1/|ncp| wide on this scale, at e^u = ncp/t:
	// panels of its own width cross it, and wide ones lie on either side. (Its dead side is then dead: the density of S
	// cannot rise there as fast as Φ falls, but for four of those widths at most.)
	width := 1 / math.Sqrt(2*df)
	step := math.Min(1.5*width, 0.5)
	cliff := ncp*t > 0 && math.Min(math.Abs(t), math.Abs(ncp))*width > 10
	within := width / 8 // of the peak
	var fine, from, to float64
	if cliff {
		at := math.Log(ncp / t)
		fine = math.Max(1.5/math.Abs(ncp), 0x1p-52*(1+math.Abs(at))) // no finer than numbers are
		from, to = at-12*fine, at+12*fine
		within = math.Min(within, fine/8)
	}
	centre := peak(logG, ncp, t, width, within)
	top := logG(centre)
	if top < -800 {
		return 0
	}
	if t != 0 && !cliff {
		// the step of Φ is one unit of t·s wide
		step = math.Min(step, 1.5/math.Abs(t*math.Exp(centre))+width/8)
	}
	sum := 0.0
	for side := -1.0; side <= 1; side += 2 {
		a := centre
		for range 4000 {
			b := a + side*step
			switch {
			case !cliff:
			case a > from && a < to || side > 0 && a == from || side < 0 && a == to:
				b = math.Max(from, math.Min(to, a+side*fine))
			case side > 0 && a < from && b > from:
				b = from
			case side < 0 && a > to && b < to:
				b = to
			}
			sum += panel(g, math.Min(a, b), math.Max(a, b))
			a = b
			if logG(a) < top-46 {
				break
			}
		}
	}
	return sum
}

// peak finds where logG is largest, to within a distance, by golden-section search between bounds that hold it.
func peak(logG func(float64) float64, ncp, t, width, within float64) float64 {
	lo, hi := -12*width-2, 12*width+0.5
	if ncp != 0 && t != 0 && ncp/t > 0 {
		c := math.Log(ncp / t)
		lo, hi = math.Min(lo, c-1), math.Max(hi, c+1)
	}
	const n, phi = 24, 0.6180339887498949
	best, bestU := math.Inf(-1), 0.0
	for i := range n + 1 {
		u := lo + (hi-lo)*float64(i)/n
		if v := logG(u); v > best {
			best, bestU = v, u
		}
	}
	d := (hi - lo) / n
	a, b := bestU-d, bestU+d
	c1, c2 := b-phi*(b-a), a+phi*(b-a)
	f1, f2 := logG(c1), logG(c2)
	for range 200 {
		if !(b-a > within) {
			break
		}
		if f1 > f2 {
			b, c2, f2 = c2, c1, f1
			c1 = b - phi*(b-a)
			f1 = logG(c1)
		} else {
			a, c1, f1 = c1, c2, f2
			c2 = a + phi*(b-a)
			f2 = logG(c2)
		}
	}
	if f1 > f2 { // not between them, where a cliff may be
		return c1
	}
	return c2
}

// panel is 16-point Gauss–Legendre quadrature (Abramowitz and Stegun, table 25.4).
func panel(g func(float64) float64, a, b float64) float64 {
	x := [8]float64{
		0.0950125098376374401853193, 0.2816035507792589132304605, 0.4580167776572273863424194, 0.6178762444026437484466718,
		0.7554044083550030338951012, 0.8656312023878317438804679, 0.9445750230732325760779884, 0.9894009349916499325961542,
	}
	w := [8]float64{
		0.1894506104550684962853967, 0.1826034150449235888667637, 0.1691565193950025381893121, 0.1495959888165767320815017,
		0.1246289712555338720524763, 0.0951585116824927848099251, 0.0622535239386478928628438, 0.0271524594117540948517806,
	}
	c, h := (a+b)/2, (b-a)/2
	s := 0.0
	for i := range x {
		s += w[i] * (g(c-h*x[i]) + g(c+h*x[i]))
	}
	return s * h
}

// NoncentralTLimits returns the confidence limits of the noncentrality for an observed t: at the low one t
// is exceeded with probability alphaLow, at the high one it is undercut with probability alphaHigh. An
// alpha of 0 leaves that side open; together they are 1 at most. It reports false when no limit was found.
func NoncentralTLimits(t, df, alphaLow, alphaHigh float64) (low, high float64, ok bool) {
	solve := func(target float64, upperTail bool) (float64, bool) {
		f := func(ncp float64) float64 {
			if upperTail { // P(T > t) rises with ncp
				upper := nctIntegral(t, df, ncp, func(z float64) float64 { return logNormCDF(-z) })
				return math.Log(math.Max(upper, 1e-290)) - math.Log(target)
			}
			lower := nctIntegral(t, df, ncp, logNormCDF)
			return math.Log(target) - math.Log(math.Max(lower, 1e-290))
		}
		// The normal approximation to the noncentral t gives the first bracket.
		spread := 3 + math.Sqrt(1+t*t/(2*df))*2
		lo, hi := t-spread, t+spread
		for range 60 {
			if f(lo) <= 0 {
				break
			}
			lo -= spread
			spread *= 1.5
		}
		for range 60 {
			if f(hi) >= 0 {
				break
			}
			hi += spread
			spread *= 1.5
		}
		return root.Solve(f, lo, hi)
	}
	low, ok1 := math.Inf(-1), true
	high, ok2 := math.Inf(1), true
	if alphaLow > 0 {
		low, ok1 = solve(alphaLow, true)
	}
	if alphaHigh > 0 {
		high, ok2 = solve(alphaHigh, false)
	}
	// At a level of next to nothing both are the same number, but for rounding.
	return math.Min(low, high), math.Max(low, high), ok1 && ok2
}

// HedgesJ is the small-sample correction Γ(df/2) / (√(df/2)·Γ((df−1)/2)).
func HedgesJ(df float64) float64 {
	if df > 30 {
		// Stirling's form of log Γ(x) − log Γ(x−1/2) − log(x)/2, where log-gammas would cancel.
		x := df / 2
		return math.Exp(stirlerr(x) - stirlerr(x-0.5) - (x-1)*math.Log1p(-0.5/x) - 0.5)
	}
	if df == 1 {
		return 0
	}
	a, _ := math.Lgamma(df / 2)
	b, _ := math.Lgamma((df - 1) / 2)
	return math.Exp(a-b) / math.Sqrt(df/2)
}
