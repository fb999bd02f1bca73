package outcomes

import (
	"math"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/root"
	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// CommonLanguageResult says how likely somebody is to score higher after than before.
type CommonLanguageResult struct {
	Definition string   `json:"definition"`
	N          int64    `json:"n"`
	Higher     int64    `json:"higher"` // post above pre
	Equal      int64    `json:"equal"`
	Lower      int64    `json:"lower"`
	Estimate   float64  `json:"estimate"` // 0 to 1; one half where nothing changed
	CI         Interval `json:"ci"`
}

// CommonLanguage is the common-language effect of complete pairs: the share whose post is above their pre,
// plus half the share whose two values are equal. No distribution is assumed. Its interval is Tango's score
// interval (1998, "Equivalence test and confidence interval for the difference in proportions for the
// paired-sample design") for the share higher minus the share lower, halved and moved to the scale of the
// estimate; without equal pairs that is Wilson's. Where less is better, read 1 − estimate. It takes
// [Confidence].
func CommonLanguage(pre, post []float64, opts ...Option) (CommonLanguageResult, error) {
	d, err := differences(pre, post)
	if err != nil {
		return CommonLanguageResult{}, err
	}
	return commonLanguage(weigh(d), opts)
}

// CommonLanguage is the common-language effect; see the function of this name.
func (p *Paired) CommonLanguage(opts ...Option) (CommonLanguageResult, error) {
	w, err := p.weighted("common-language effect", p.DiffCounts)
	if err != nil {
		return CommonLanguageResult{}, err
	}
	return commonLanguage(w, opts)
}

func commonLanguage(w weighted, opts []Option) (CommonLanguageResult, error) {
	const name = "common-language effect: share higher plus half the share equal"
	c, err := configure(optLevel, opts)
	if err != nil {
		return CommonLanguageResult{}, err
	}
	if w.n < 1 {
		return CommonLanguageResult{}, SizeError{Statistic: name, N: w.n, Need: 1}
	}
	r := CommonLanguageResult{Definition: name, N: w.n}
	for i, v := range w.values {
		switch {
		case v > 0:
			r.Higher += w.counts[i]
		case v < 0:
			r.Lower += w.counts[i]
		default:
			r.Equal += w.counts[i]
		}
	}
	r.Estimate = (float64(r.Higher) + float64(r.Equal)/2) / float64(r.N)
	z := -special.NormQuantile((1 - c.level) / 2)
	low, high, ok := tango(float64(r.Higher), float64(r.Lower), float64(r.N), z)
	if !ok {
		return CommonLanguageResult{}, ConvergenceError{Statistic: name}
	}
	r.CI = Interval{Level: c.level, Low: (1 + low) / 2, High: (1 + high) / 2, Method: "Tango score interval"}
	return r, nil
}

// tango returns the differences delta of two paired proportions, (b − c)/n, that the score test at the
// constrained maximum-likelihood estimate does not reject.
func tango(b, c, n, z float64) (low, high float64, ok bool) {
	upper := func(b, c float64) (float64, bool) {
		if b == n {
			return 1, true
		}
		d := (b - c) / n
		// positive while delta is rejected from above
		f := func(delta float64) float64 {
			bb := -b - c + (2*n-b+c)*delta
			cc := -c * delta * (1 - delta)
			root := math.Sqrt(math.Max(0, bb*bb-8*n*cc))
			p21 := (root - bb) / (4 * n)
			if bb > 0 { // the same root without cancellation
				p21 = 2 * -cc / (root + bb)
			}
			v := 2*math.Max(0, p21) + delta*(1-delta)
			return n*delta - (b - c) - z*math.Sqrt(n*math.Max(0, v))
		}
		// At d itself the variance can vanish (nobody changed), which is no limit.
		return root.Solve(f, d+1e-12*(1-d), 1)
	}
	high, ok = upper(b, c)
	if !ok {
		return 0, 0, false
	}
	low, ok = upper(c, b)
	return -low, high, ok
}

// CommonLanguageNormal is the common-language effect under normal differences: Φ(dz), the chance that the
// change of somebody drawn at random is above 0 (McGraw and Wong 1992, "A common language effect size
// statistic", for correlated samples as in Lakens 2013). Its limits are Φ of the exact limits of
// [PairSummary.DZ]. It takes [Confidence].
func (s PairSummary) CommonLanguageNormal(opts ...Option) (EffectResult, error) {
	const name = "common-language effect under normal differences: Φ(dz)"
	r, err := s.noncentral(name, s.SDDiff, opts)
	if err != nil {
		return EffectResult{}, err
	}
	r.Estimate = special.NormCDF(r.Estimate)
	r.CI.Low, r.CI.High = special.NormCDF(r.CI.Low), special.NormCDF(r.CI.High)
	return r, nil
}
