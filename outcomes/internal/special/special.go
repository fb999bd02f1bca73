// Package special holds the distribution functions behind the statistics of outcomes: normal, Student's t
// (central and noncentral), chi-squared, F, beta, binomial and Poisson.
//
// Both tails of a distribution are computed from their own expansion, never as one minus the other, so
// that a tail of 1e-300 keeps its relative accuracy. The densities in front of the expansions are
// evaluated by Loader's saddle-point form (Fast and Accurate Computation of Binomial Probabilities,
// 2000), which keeps its accuracy where differences of log-gamma functions lose theirs.
package special

import (
	"math"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/root"
)

// NormSF is the probability that a standard normal variable exceeds z.
func NormSF(z float64) float64 { return 0.5 * math.Erfc(z/math.Sqrt2) }

// NormCDF is the probability that a standard normal variable is at most z.
func NormCDF(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }

// NormQuantile is the value that a standard normal variable stays below with probability p: algorithm
// AS 241 (Wichura 1988), accurate to about 1 part in 1e16.
func NormQuantile(p float64) float64 {
	switch {
	case math.IsNaN(p) || p < 0 || p > 1:
		return math.NaN()
	case p == 0:
		return math.Inf(-1)
	case p == 1:
		return math.Inf(1)
	}
	q := p - 0.5
	if math.Abs(q) <= 0.425 {
		r := 0.180625 - q*q
		return q * (((((((2509.0809287301226727*r+33430.575583588128105)*r+67265.770927008700853)*r+45921.953931549871457)*r+13731.693765509461125)*r+1971.5909503065514427)*r+133.14166789178437745)*r + 3.387132872796366608) /
			(((((((5226.495278852545925*r+28729.085735721942674)*r+39307.89580009271061)*r+21213.794301586595867)*r+5394.1960214247511077)*r+687.1870074920579083)*r+42.313330701600911252)*r + 1)
	}
	r := p
	if q > 0 {
		r = 1 - p
	}
	r = math.Sqrt(-math.Log(r))
	var v float64
	if r <= 5 {
		r -= 1.6
		v = (((((((7.7454501427834140764e-4*r+.0227238449892691845833)*r+.24178072517745061177)*r+1.27045825245236838258)*r+3.64784832476320460504)*r+5.7694972214606914055)*r+4.6303378461565452959)*r + 1.42343711074968357734) /
			(((((((1.05075007164441684324e-9*r+5.475938084995344946e-4)*r+.0151986665636164571966)*r+.14810397642748007459)*r+.68976733498510000455)*r+1.6763848301838038494)*r+2.05319162663775882187)*r + 1)
	} else {
		r -= 5
		v = (((((((2.01033439929228813265e-7*r+2.71155556874348757815e-5)*r+.0012426609473880784386)*r+.026532189526576123093)*r+.29656057182850489123)*r+1.7848265399172913358)*r+5.4637849111641143699)*r + 6.6579046435011037772) /
			(((((((2.04426310338993978564e-15*r+1.4215117583164458887e-7)*r+1.8463183175100546818e-5)*r+7.868691311456132591e-4)*r+.0148753612908506148525)*r+.13692988092273580531)*r+.59983220655588793769)*r + 1)
	}
	if q < 0 {
		return -v
	}
	return v
}

// ChiSquaredSF is the probability that a chi-squared variable with df degrees of freedom exceeds x.
func ChiSquaredSF(x, df float64) float64 {
	if x <= 0 {
		return 1
	}
	if df == 1 {
		return math.Erfc(math.Sqrt(x / 2))
	}
	if df == 2 {
		return math.Exp(-x / 2)
	}
	_, upper := Gamma(df/2, x/2)
	return upper
}

// FSF is the probability that an F variable with d1 and d2 degrees of freedom exceeds f.
func FSF(f, d1, d2 float64) float64 {
	if f <= 0 {
		return 1
	}
	if math.IsInf(d2, 1) {
		return ChiSquaredSF(f*d1, d1)
	}
	x, y := split(d1*f, d2)
	_, upper := Beta(d1/2, d2/2, x, y)
	return upper
}

// FISF is the value that an F variable exceeds with probability p.
func FISF(p, d1, d2 float64) float64 {
	_, y, x := betaQuantile(p, d2/2, d1/2)
	return x / y * d2 / d1
}

// split returns u/(u+v) and v/(u+v) for positive u and v.
func split(u, v float64) (x, y float64) {
	if u > v {
		r := v / u
		return 1 / (1 + r), r / (1 + r)
	}
	r := u / v
	return r / (1 + r), 1 / (1 + r)
}

// TSF is the probability that a Student t variable with df degrees of freedom exceeds t.
func TSF(t, df float64) float64 {
	if math.IsInf(df, 1) {
		return NormSF(t)
	}
	if t < 0 {
		return 1 - TSF(-t, df)
	}
	return 0.5 * tTwoTail(t, df)
}

// TTwoSided is the probability that a Student t variable is at least as far from 0 as t.
func TTwoSided(t, df float64) float64 {
	if math.IsInf(df, 1) {
		return math.Erfc(math.Abs(t) / math.Sqrt2)
	}
	return tTwoTail(math.Abs(t), df)
}

func tTwoTail(t, df float64) float64 {
	if t == 0 {
		return 1
	}
	u := t / math.Sqrt(df)
	if u > 1e150 { // the square overflows: the leading term of the tail is exact to 1 in 1e300
		a := df / 2
		lb := lbeta(a, 0.5)
		return math.Exp(-df*math.Log(u) - math.Log(a) - lb)
	}
	v := u * u
	x := 1 / (1 + v)
	y := v / (1 + v)
	lower, _ := Beta(df/2, 0.5, x, y)
	return lower
}

func lbeta(a, b float64) float64 {
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	return la + lb - lab
}

// TISF is the value that a Student t variable with df degrees of freedom exceeds with probability p.
func TISF(p, df float64) float64 {
	if math.IsInf(df, 1) {
		return -NormQuantile(p)
	}
	if p > 0.5 {
		return -TISF(1-p, df)
	}
	if p == 0.5 {
		return 0
	}
	if p <= 0 {
		return math.Inf(1)
	}
	// On the log scale both the quantile and the tail are nearly linear, so the bracket closes fast.
	lp := math.Log(p)
	f := func(l float64) float64 { return math.Log(TSF(math.Exp(l), df)) - lp }
	z := -NormQuantile(p)
	lo, hi := math.Log(z)-0.1, math.Log(z)+1
	if z < 1e-8 {
		lo, hi = -60, 0
	}
	for f(lo) < 0 {
		lo -= 2
	}
	for f(hi) > 0 {
		hi += 4
		if hi > 705 {
			return math.Inf(1)
		}
	}
	l, ok := root.Solve(f, lo, hi)
	if !ok {
		return math.NaN()
	}
	// One Newton step on the natural scale takes out the rounding of exp and log.
	t := math.Exp(l)
	if d := TDensity(t, df); d > 0 {
		if s := (TSF(t, df) - p) / d; math.Abs(s) < 1e-8*t {
			t += s
		}
	}
	return t
}

// TDensity is the density of Student's t with df degrees of freedom.
func TDensity(t, df float64) float64 {
	n := df
	s := -bd0(n/2, (n+1)/2) + stirlerr((n+1)/2) - stirlerr(n/2)
	x2n := t * t / n
	var l, u float64
	if x2n > 1/epsilon {
		ax := math.Abs(t)
		l = math.Log(ax) - math.Log(n)/2
		u = n * l
	} else {
		l = math.Log1p(x2n) / 2
		u = n * l
	}
	return math.Exp(s-u-l) / math.Sqrt(2*math.Pi)
}

const epsilon = 0x1p-52

// stirlerr is log Γ(n+1) minus Stirling's approximation to it.
func stirlerr(n float64) float64 {
	sum := 0.0
	for n < 16 {
		// δ(n) = δ(n+1) + (n+1/2)·log(1+1/n) − 1
		sum += (n+0.5)*math.Log1p(1/n) - 1
		n++
	}
	n2 := n * n
	return sum + (1.0/12-(1.0/360-(1.0/1260-(1.0/1680-(1.0/1188-691.0/360360/n2)/n2)/n2)/n2)/n2)/n
}

// bd0 is x·log(x/m) + m − x, computed without cancellation where x is near m.
func bd0(x, m float64) float64 {
	if math.Abs(x-m) < 0.1*(x+m) {
		v := (x - m) / (x + m)
		s := (x - m) * v
		if math.Abs(s) < math.SmallestNonzeroFloat64 {
			return s
		}
		ej := 2 * x * v
		v *= v
		for j := 1; j < 1000; j++ {
			ej *= v
			s1 := s + ej/float64(2*j+1)
			if s1 == s {
				return s1
			}
			s = s1
		}
	}
	return x*(math.Log(x)-math.Log(m)) + m - x
}

// betaFront is x^a·y^b / B(a, b), for x + y = 1.
func betaFront(a, b, x, y float64) float64 {
	n := a + b
	lc := stirlerr(n) - stirlerr(a) - stirlerr(b) - bd0(a, n*x) - bd0(b, n*y)
	return math.Exp(lc) * math.Sqrt(a/n*b/(2*math.Pi))
}

// Beta returns the regularised incomplete beta function I_x(a, b) and its complement, where y is 1 − x
// given apart, so that an x close to 1 loses nothing.
func Beta(a, b, x, y float64) (lower, upper float64) {
	switch {
	case x <= 0:
		return 0, 1
	case y <= 0:
		return 1, 0
	}
	front := betaFront(a, b, x, y)
	if lambda := a*y - b*x; lambda >= 0 {
		lower = front * betaCF(a, b, x, y, lambda)
		return lower, 1 - lower
	}
	upper = front * betaCF(b, a, y, x, b*x-a*y)
	return 1 - upper, upper
}

// betaCF is the continued fraction of the incomplete beta function in the contracted form of Didonato and
// Morris (1992, algorithm 708), whose terms do not cancel when λ = a·y − b·x is given accurately; by the
// modified Lentz method.
func betaCF(a, b, x, y, lambda float64) float64 {
	const tiny = 1e-300
	guard := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	f := guard(a / (a + 1) * (lambda + 1))
	c, d := f, 0.0
	for n := 1.0; n < 1_000_000; n++ {
		s := a + 2*n - 1
		e := (a + n - 1) / s
		alpha := e * ((a + b + n - 1) / s) * (n * (b - n) * x * x)
		beta := n + n*(b-n)*x/s + (a+n)/(s+2)*(lambda+1+n*(1+y))
		d = 1 / guard(beta+alpha*d)
		c = guard(beta + alpha/c)
		delta := c * d
		f *= delta
		if math.Abs(delta-1) <= epsilon {
			break
		}
	}
	return 1 / f
}

// BetaQuantile is the x with I_x(a, b) = p.
func BetaQuantile(p, a, b float64) float64 {
	x, _, _ := betaQuantile(p, a, b)
	return x
}

// BetaUpperQuantile is the x with 1 − I_x(a, b) = p.
func BetaUpperQuantile(p, a, b float64) float64 {
	_, _, y := betaQuantile(p, b, a)
	return y
}

// betaQuantile returns the quantile x, and x and 1−x once more as an accurate pair.
func betaQuantile(p, a, b float64) (q, x, y float64) {
	switch {
	case p <= 0:
		return 0, 0, 1
	case p >= 1:
		return 1, 1, 0
	}
	at := func(l float64) (x, y float64) {
		if l < 0 {
			e := math.Exp(l)
			return e / (1 + e), 1 / (1 + e)
		}
		e := math.Exp(-l)
		return 1 / (1 + e), e / (1 + e)
	}
	// The unknown is the log-odds; the tail that is compared is the smaller one.
	f := func(l float64) float64 {
		x, y := at(l)
		lower, upper := Beta(a, b, x, y)
		if p <= 0.5 {
			return math.Log(lower) - math.Log(p)
		}
		return math.Log1p(-p) - math.Log(upper)
	}
	l0 := math.Log(a / b)
	lo, hi := l0-1, l0+1
	for step := 1.0; f(lo) > 0 && lo > -740; step *= 2 {
		lo -= step
	}
	for step := 1.0; f(hi) < 0 && hi < 740; step *= 2 {
		hi += step
	}
	l, ok := root.Solve(func(l float64) float64 {
		v := f(l)
		if math.IsInf(v, 0) {
			return math.Copysign(1e300, v)
		}
		return v
	}, max(lo, -745), min(hi, 745))
	switch {
	case ok:
	case f(l0) > 0: // beyond the smallest number
		return 0, 0, 1
	default:
		return 1, 1, 0
	}
	x, y = at(l)
	return x, x, y
}

// Gamma returns the regularised incomplete gamma functions P(a, x) and Q(a, x).
func Gamma(a, x float64) (lower, upper float64) {
	switch {
	case x <= 0:
		return 0, 1
	case math.IsInf(x, 1):
		return 1, 0
	}
	front := gammaFront(a, x)
	if x < a+1 {
		// P = front/a · Σ x^k / ((a+1)…(a+k))
		sum, term := 1.0, 1.0
		for k := 1.0; k < 1e7; k++ {
			term *= x / (a + k)
			sum += term
			if term < sum*epsilon/4 {
				break
			}
		}
		lower = front / a * sum
		return lower, 1 - lower
	}
	const tiny = 1e-300
	b := x + 1 - a
	c := 1 / tiny
	d := 1 / b
	h := d
	for i := 1.0; i < 1e7; i++ {
		an := -i * (i - a)
		b += 2
		d = an*d + b
		if math.Abs(d) < tiny {
			d = tiny
		}
		c = b + an/c
		if math.Abs(c) < tiny {
			c = tiny
		}
		d = 1 / d
		del := d * c
		h *= del
		if math.Abs(del-1) <= epsilon {
			break
		}
	}
	upper = front * h
	return 1 - upper, upper
}

// gammaFront is x^a·e^−x / Γ(a).
func gammaFront(a, x float64) float64 {
	return math.Exp(-stirlerr(a)-bd0(a, x)) * math.Sqrt(a/(2*math.Pi))
}

// GammaQuantile is the x with P(a, x) = p for the gamma distribution of shape a and scale 1.
func GammaQuantile(p, a float64) float64 { return gammaSolve(p, 1-p, a) }

// GammaISF is the x with Q(a, x) = p.
func GammaISF(p, a float64) float64 { return gammaSolve(1-p, p, a) }

func gammaSolve(p, q, a float64) float64 {
	if p <= 0 {
		return 0
	}
	if q <= 0 {
		return math.Inf(1)
	}
	f := func(l float64) float64 {
		lower, upper := Gamma(a, math.Exp(l))
		var v float64
		if p <= q {
			v = math.Log(lower) - math.Log(p)
		} else {
			v = math.Log(q) - math.Log(upper)
		}
		if math.IsInf(v, 0) {
			return math.Copysign(1e300, v)
		}
		return v
	}
	lo, hi := math.Log(a)-1, math.Log(a)+1
	for step := 1.0; f(lo) > 0 && lo > -740; step *= 2 {
		lo -= step
	}
	for step := 1.0; f(hi) < 0 && hi < 700; step *= 2 {
		hi += step
	}
	l, ok := root.Solve(f, max(lo, -745), min(hi, 709))
	if !ok {
		return math.NaN()
	}
	return math.Exp(l)
}

// ChiSquaredISF is the value that a chi-squared variable exceeds with probability p.
func ChiSquaredISF(p, df float64) float64 {
	if df == 1 {
		z := NormQuantile(p / 2)
		return z * z
	}
	return 2 * GammaISF(p, df/2)
}

// BinomialPMF is the probability of k successes in n trials of probability p, where q = 1 − p.
func BinomialPMF(k, n, p, q float64) float64 {
	switch {
	case k < 0 || k > n:
		return 0
	case p <= 0:
		if k == 0 {
			return 1
		}
		return 0
	case q <= 0:
		if k == n {
			return 1
		}
		return 0
	case k == 0:
		if p < 0.1 {
			return math.Exp(-bd0(n, n*q) - n*p)
		}
		return math.Exp(n * math.Log(q))
	case k == n:
		if q < 0.1 {
			return math.Exp(-bd0(n, n*p) - n*q)
		}
		return math.Exp(n * math.Log(p))
	}
	lc := binomialExponent(k, n, p, q)
	return math.Exp(lc) * math.Sqrt(n/(2*math.Pi*k*(n-k)))
}

// binomialExponent is the logarithm of the probability of 0 < k < n but for the root of Stirling's formula.
func binomialExponent(k, n, p, q float64) float64 {
	return stirlerr(n) - stirlerr(k) - stirlerr(n-k) - bd0(k, n*p) - bd0(n-k, n*q)
}

// LogBinomialPMF is the logarithm of [BinomialPMF], which tells probabilities apart that are too small for a
// float64. It wants 0 ≤ k ≤ n and 0 < p < 1.
func LogBinomialPMF(k, n, p, q float64) float64 {
	switch {
	case k == 0 && p < 0.1:
		return -bd0(n, n*q) - n*p
	case k == 0:
		return n * math.Log(q)
	case k == n && q < 0.1:
		return -bd0(n, n*p) - n*q
	case k == n:
		return n * math.Log(p)
	}
	return binomialExponent(k, n, p, q) + math.Log(n/(2*math.Pi*k*(n-k)))/2
}

// BinomialTails returns P(X ≤ k) and P(X ≥ k) for n trials of probability p.
func BinomialTails(k, n, p float64) (atMost, atLeast float64) {
	q := 1 - p
	switch {
	case k < 0:
		atMost = 0
	case k >= n:
		atMost = 1
	default:
		atMost, _ = Beta(n-k, k+1, q, p)
	}
	switch {
	case k <= 0:
		atLeast = 1
	case k > n:
		atLeast = 0
	default:
		atLeast, _ = Beta(k, n-k+1, p, q)
	}
	return atMost, atLeast
}

// PoissonPMF is the probability of k events where mu are expected.
func PoissonPMF(k, mu float64) float64 {
	switch {
	case k < 0:
		return 0
	case mu == 0:
		if k == 0 {
			return 1
		}
		return 0
	case k == 0:
		return math.Exp(-mu)
	}
	return math.Exp(-stirlerr(k)-bd0(k, mu)) / math.Sqrt(2*math.Pi*k)
}

// HypergeometricPMF is the probability of k white balls among n drawn from w white and b black ones.
func HypergeometricPMF(k, w, b, n float64) float64 {
	if k < 0 || k > w || n-k > b || n-k < 0 {
		return 0
	}
	if n == 0 {
		return 1
	}
	p := n / (w + b)
	q := (w + b - n) / (w + b)
	p1 := BinomialPMF(k, w, p, q)
	p2 := BinomialPMF(n-k, b, p, q)
	p3 := BinomialPMF(n, w+b, p, q)
	return p1 * p2 / p3
}
