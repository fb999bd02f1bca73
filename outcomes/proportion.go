package outcomes

import (
	"math"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// ProportionResult is a share with its interval: x of n.
type ProportionResult struct {
	Method   string   `json:"method"`
	X        int64    `json:"x"`
	N        int64    `json:"n"`
	Estimate float64  `json:"estimate"` // x/n
	CI       Interval `json:"ci"`
}

func checkProportion(name string, x, n int64) error {
	if err := checkN(name, n, 1); err != nil {
		return err
	}
	if x < 0 || x > n {
		return RangeError{Argument: "x", Got: float64(x), Min: 0, Max: float64(n)}
	}
	return nil
}

// proportion checks the counts and the options and builds the result around limits.
func proportion(name string, x, n int64, opts []Option, takes optionSet, limits func(c config, tail float64) (low, high float64)) (ProportionResult, error) {
	c, err := configure(takes|optLevel|optSide, opts)
	if err != nil {
		return ProportionResult{}, err
	}
	if err := checkProportion(name, x, n); err != nil {
		return ProportionResult{}, err
	}
	tail := 1 - c.level
	if c.side == TwoSided {
		tail /= 2
	}
	if c.given&optContinuity == 0 {
		c.continuity = false
	}
	r := ProportionResult{Method: name, X: x, N: n, Estimate: float64(x) / float64(n)}
	if c.continuity {
		r.Method += " with continuity correction"
	}
	low, high := limits(c, tail)
	switch c.side {
	case Less:
		low = 0
	case Greater:
		high = 1
	}
	r.CI = Interval{Level: c.level, Low: low, High: high, Method: r.Method}
	return r, nil
}

// Wilson is the score interval of a proportion (Wilson 1927), as R's prop.test(x, n, correct = FALSE).
// It takes [Confidence], [Alternative] (a one-sided limit) and [Continuity]: corrected, it is R's
// prop.test(x, n), whose correction shrinks to |x − n/2| where that is less than one half.
func Wilson(x, n int64, opts ...Option) (ProportionResult, error) {
	return proportion("Wilson score interval", x, n, opts, optContinuity, func(c config, tail float64) (float64, float64) {
		fx, fn := float64(x), float64(n)
		yates := 0.0
		if c.continuity {
			yates = math.Min(0.5, math.Abs(fx-fn*0.5))
		}
		z := -special.NormQuantile(tail)
		return wilsonLimits(fx, fn, z, yates)
	})
}

func wilsonLimits(x, n, z, yates float64) (low, high float64) {
	p := x / n
	z22n := z * z / (2 * n)
	if u := p + yates/n; u >= 1 {
		high = 1
	} else {
		high = (u + z22n + z*math.Sqrt(u*(1-u)/n+z22n/(2*n))) / (1 + 2*z22n)
	}
	if l := p - yates/n; l > 0 {
		low = (l + z22n - z*math.Sqrt(l*(1-l)/n+z22n/(2*n))) / (1 + 2*z22n)
	}
	return math.Max(0, low), math.Min(1, high)
}

// ClopperPearson is the exact interval of a proportion (Clopper and Pearson 1934), as R's binom.test: its
// coverage is never below the level. It takes [Confidence] and [Alternative].
func ClopperPearson(x, n int64, opts ...Option) (ProportionResult, error) {
	return proportion("Clopper–Pearson exact interval", x, n, opts, 0, func(_ config, tail float64) (low, high float64) {
		fx, fn := float64(x), float64(n)
		high = 1
		if x > 0 {
			low = special.BetaQuantile(tail, fx, fn-fx+1)
		}
		if x < n {
			high = special.BetaUpperQuantile(tail, fx+1, fn-fx)
		}
		return low, high
	})
}

// Jeffreys is the equal-tailed posterior interval under the prior Beta(½, ½), with the ends at 0 and 1
// where x is 0 or n (Brown, Cai and DasGupta 2001). It takes [Confidence] and [Alternative].
func Jeffreys(x, n int64, opts ...Option) (ProportionResult, error) {
	return proportion("Jeffreys interval", x, n, opts, 0, func(_ config, tail float64) (low, high float64) {
		fx, fn := float64(x), float64(n)
		high = 1
		if x > 0 {
			low = special.BetaQuantile(tail, fx+0.5, fn-fx+0.5)
		}
		if x < n {
			high = special.BetaUpperQuantile(tail, fx+0.5, fn-fx+0.5)
		}
		return low, high
	})
}

// AgrestiCoull is the interval of Agresti and Coull (1998): Wald's, after adding z²/2 successes and as
// many failures. Its ends can lie outside 0 to 1, and are left there. It takes [Confidence] and
// [Alternative].
func AgrestiCoull(x, n int64, opts ...Option) (ProportionResult, error) {
	return proportion("Agresti–Coull interval", x, n, opts, 0, func(_ config, tail float64) (float64, float64) {
		z := -special.NormQuantile(tail)
		nn := float64(n) + z*z
		p := (float64(x) + z*z/2) / nn
		h := z * math.Sqrt(p*(1-p)/nn)
		return p - h, p + h
	})
}

// BinomialTestResult is the exact binomial test of a proportion.
type BinomialTestResult struct {
	Method      string  `json:"method"`
	X           int64   `json:"x"`
	N           int64   `json:"n"`
	Estimate    float64 `json:"estimate"`
	Null        float64 `json:"null"`
	P           float64 `json:"p_value"`
	Alternative Side    `json:"alternative"`
}

// BinomialTest is the exact binomial test of x of n against the proportion given with [Null] (one half
// unless given), as R's binom.test: the two-sided p sums all outcomes no more likely than the one
// observed. It takes [Alternative] and [Null].
func BinomialTest(x, n int64, opts ...Option) (BinomialTestResult, error) {
	const name = "exact binomial test"
	c, err := configure(optSide|optNull, opts)
	if err != nil {
		return BinomialTestResult{}, err
	}
	if err := checkProportion(name, x, n); err != nil {
		return BinomialTestResult{}, err
	}
	if c.given&optNull == 0 {
		c.null = 0.5
	}
	if c.null < 0 || c.null > 1 {
		return BinomialTestResult{}, OptionError{Option: "Null", Reason: "is not between 0 and 1"}
	}
	fx, fn, p := float64(x), float64(n), c.null
	r := BinomialTestResult{Method: name, X: x, N: n, Estimate: fx / fn, Null: p, Alternative: c.side}
	atMost, atLeast := special.BinomialTails(fx, fn, p)
	switch {
	case c.side == Less:
		r.P = atMost
	case c.side == Greater:
		r.P = atLeast
	case p == 0 || p == 1:
		r.P = 0
		if (p == 0 && x == 0) || (p == 1 && x == n) {
			r.P = 1
		}
	case fx == fn*p:
		r.P = 1
	default:
		r.P = twoSidedBinomial(fx, fn, p, atMost, atLeast)
	}
	return r, nil
}

// twoSidedBinomial adds to the tail of x the outcomes on the other side that are no more likely, with R's
// allowance of 1e-7. Logarithms tell which those are where probabilities are too small for a float64, which would
// call them all as unlikely.
func twoSidedBinomial(x, n, p, atMost, atLeast float64) float64 {
	limit := special.LogBinomialPMF(x, n, p, 1-p) + math.Log1p(1e-7)
	unlikely := func(k float64) bool { return special.LogBinomialPMF(k, n, p, 1-p) <= limit }
	if x < n*p {
		// beyond the mode probabilities fall: find the first k ≥ ⌈np⌉ that is unlikely enough
		lo, hi := math.Ceil(n*p), n+1
		for lo < hi {
			k := math.Floor((lo + hi) / 2)
			if k > n || unlikely(k) {
				hi = k
			} else {
				lo = k + 1
			}
		}
		_, upper := special.BinomialTails(lo, n, p)
		return min(1, atMost+upper)
	}
	lo, hi := -1.0, math.Floor(n*p)
	for lo < hi {
		k := math.Ceil((lo + hi) / 2)
		if k < 0 || unlikely(k) {
			lo = k
		} else {
			hi = k - 1
		}
	}
	lower, _ := special.BinomialTails(lo, n, p)
	return min(1, atLeast+lower)
}
