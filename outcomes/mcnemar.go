package outcomes

import (
	"math"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// PairedBinary counts people by a yes-or-no state before and after. The first word of a field is the
// state before. The zero value is ready to use and is the identity of Merge.
type PairedBinary struct {
	YesYes  int64 `json:"yes_yes"`
	YesNo   int64 `json:"yes_no"`
	NoYes   int64 `json:"no_yes"`
	NoNo    int64 `json:"no_no"`
	Missing int64 `json:"missing"` // rows without one state or both
}

// Add counts one person.
func (b *PairedBinary) Add(pre, post bool) {
	switch {
	case pre && post:
		b.YesYes++
	case pre:
		b.YesNo++
	case post:
		b.NoYes++
	default:
		b.NoNo++
	}
}

// AddMissing counts one row without one state or both.
func (b *PairedBinary) AddMissing() { b.Missing++ }

// Merge adds the counts of o.
func (b *PairedBinary) Merge(o PairedBinary) {
	b.YesYes += o.YesYes
	b.YesNo += o.YesNo
	b.NoYes += o.NoYes
	b.NoNo += o.NoNo
	b.Missing += o.Missing
}

// N is how many have both states.
func (b PairedBinary) N() int64 { return b.YesYes + b.YesNo + b.NoYes + b.NoNo }

// Validate reports the first [StateError]: a count below 0 or more rows than an accumulator holds.
func (b PairedBinary) Validate() error {
	for _, f := range []struct {
		name string
		n    int64
	}{{"YesYes", b.YesYes}, {"YesNo", b.YesNo}, {"NoYes", b.NoYes}, {"NoNo", b.NoNo}, {"Missing", b.Missing}} {
		if f.n < 0 {
			return StateError{Type: "PairedBinary", Field: f.name, Reason: "is below 0"}
		}
	}
	if tooMany(b.YesYes, b.YesNo, b.NoYes, b.NoNo, b.Missing) {
		return StateError{Type: "PairedBinary", Field: "YesYes", Reason: "is more rows than an accumulator holds"}
	}
	return nil
}

// McNemarResult is McNemar's test of a change in a yes-or-no state.
type McNemarResult struct {
	Method    string  `json:"method"`
	N         int64   `json:"n"`
	YesNo     int64   `json:"yes_no"`    // yes before, no after
	NoYes     int64   `json:"no_yes"`    // no before, yes after
	Statistic float64 `json:"statistic"` // chi-squared on 1 degree of freedom; 0 for the exact methods
	P         float64 `json:"p_value"`
}

// McNemar is McNemar's test, two-sided: chi-squared with continuity correction, as R's mcnemar.test.
// [Continuity](false) leaves the correction out, [Exact] is the binomial test of the discordant pairs,
// [MidP] the same with half the probability of the outcome observed (Fagerland, Lydersen and Laake 2013).
// Without discordant pairs it is a [DegenerateError].
func (b PairedBinary) McNemar(opts ...Option) (McNemarResult, error) {
	const name = "McNemar's test"
	c, err := configure(optMethod|optContinuity, opts)
	if err != nil {
		return McNemarResult{}, err
	}
	if err := c.oneOf(exact, normal, midP); err != nil {
		return McNemarResult{}, err
	}
	if err := b.Validate(); err != nil {
		return McNemarResult{}, err
	}
	n := b.YesNo + b.NoYes
	if n == 0 {
		return McNemarResult{}, DegenerateError{Statistic: name, Reason: "nobody changed"}
	}
	r := McNemarResult{N: b.N(), YesNo: b.YesNo, NoYes: b.NoYes}
	switch c.method {
	case exact:
		r.Method = "McNemar's test, exact"
		r.P = halfBinomialP(b.NoYes, n, TwoSided)
		return r, nil
	case midP:
		r.Method = "McNemar's test, mid-p"
		k := float64(min(b.YesNo, b.NoYes))
		atMost, _ := special.BinomialTails(k, float64(n), 0.5)
		pmf := special.BinomialPMF(k, float64(n), 0.5, 0.5)
		if b.YesNo == b.NoYes {
			r.P = 1 - pmf/2
		} else {
			// 2·P(X ≤ k) − P(X = k), as a sum of positive terms
			below, _ := special.BinomialTails(k-1, float64(n), 0.5)
			r.P = min(below+atMost, 1)
		}
		return r, nil
	}
	d := math.Abs(float64(b.YesNo - b.NoYes))
	r.Method = "McNemar's chi-squared test"
	if c.continuity {
		r.Method += " with continuity correction"
		if d > 0 {
			d--
		}
	}
	r.Statistic = d * d / float64(n)
	r.P = special.ChiSquaredSF(r.Statistic, 1)
	return r, nil
}

// ProportionDifferenceResult is a difference of two proportions with its interval.
type ProportionDifferenceResult struct {
	Method   string   `json:"method"`
	N1       int64    `json:"n_first"`
	N2       int64    `json:"n_second"`
	P1       float64  `json:"p_first"`
	P2       float64  `json:"p_second"`
	Estimate float64  `json:"estimate"` // first minus second; for pairs, post minus pre
	CI       Interval `json:"ci"`
}

// Difference is the share of yes after minus the share before, with Newcombe's interval for paired
// proportions (method 10 of Newcombe 1998, "Improved confidence intervals for the difference between
// binomial proportions based on paired data": Wilson intervals combined with the correlation phi, whose
// numerator is moved towards zero by n/2 where positive). It takes [Confidence].
func (b PairedBinary) Difference(opts ...Option) (ProportionDifferenceResult, error) {
	const name = "Newcombe's interval for paired proportions"
	c, err := configure(optLevel, opts)
	if err != nil {
		return ProportionDifferenceResult{}, err
	}
	if err := b.Validate(); err != nil {
		return ProportionDifferenceResult{}, err
	}
	n := b.N()
	if n < 1 {
		return ProportionDifferenceResult{}, SizeError{Statistic: name, N: n, Need: 1}
	}
	z := -special.NormQuantile((1 - c.level) / 2)
	fn := float64(n)
	post, pre := b.YesYes+b.NoYes, b.YesYes+b.YesNo
	p1, p2 := float64(post)/fn, float64(pre)/fn
	l1, u1 := wilsonLimits(float64(post), fn, z, 0)
	l2, u2 := wilsonLimits(float64(pre), fn, z, 0)
	phi := 0.0
	margins := float64(post) * float64(n-post) * float64(pre) * float64(n-pre)
	if margins > 0 {
		num := float64(b.YesYes)*float64(b.NoNo) - float64(b.YesNo)*float64(b.NoYes)
		if num > 0 {
			num = math.Max(num-fn/2, 0)
		}
		phi = num / math.Sqrt(margins)
	}
	d := p1 - p2
	low := math.Sqrt(math.Max(0, sq(p1-l1)-2*phi*(p1-l1)*(u2-p2)+sq(u2-p2)))
	high := math.Sqrt(math.Max(0, sq(u1-p1)-2*phi*(u1-p1)*(p2-l2)+sq(p2-l2)))
	return ProportionDifferenceResult{
		Method: name, N1: n, N2: n, P1: p1, P2: p2, Estimate: float64(b.NoYes-b.YesNo) / fn,
		CI: Interval{Level: c.level, Low: d - low, High: d + high, Method: name},
	}, nil
}

func sq(x float64) float64 { return x * x }
