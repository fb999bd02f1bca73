package outcomes

import (
	"math"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// EffectResult is a standardised mean change, post minus pre.
type EffectResult struct {
	Definition string    `json:"definition"`
	N          int64     `json:"n"`
	Estimate   float64   `json:"estimate"`
	CI         *Interval `json:"ci,omitempty"`         // nil where dz, on whose limits it rests, has none
	NCP        *Interval `json:"ncp_limits,omitempty"` // limits of the noncentrality, where CI rests on them
}

// need checks a summary for effect sizes.
func (s PairSummary) need(name string) error {
	if err := checkN(name, s.N, 2); err != nil {
		return err
	}
	return finiteAll("summary", s.MeanPre, s.MeanPost, s.MeanDiff, s.SDPre, s.SDPost, s.SDDiff, s.Covariance)
}

// DZ is Cohen's dz: the mean difference over the SD of the differences, with the exact interval from the
// noncentral t distribution. It takes [Confidence].
func (s PairSummary) DZ(opts ...Option) (EffectResult, error) {
	const name = "Cohen's dz: mean difference / SD of differences"
	return s.noncentral(name, s.SDDiff, opts)
}

// SRM is the standardised response mean, another name for [PairSummary.DZ].
func (s PairSummary) SRM(opts ...Option) (EffectResult, error) {
	const name = "standardised response mean: mean difference / SD of differences"
	return s.noncentral(name, s.SDDiff, opts)
}

// DAv is Cohen's dav: the mean difference over the mean of the two SDs. Its interval takes dav·√n for a
// noncentral t variable with n − 1 degrees of freedom (as the R package MOTE does); that is an
// approximation, exact only where the SD of the differences equals the mean SD. See also
// [PairSummary.DAvRescaled]. It takes [Confidence].
func (s PairSummary) DAv(opts ...Option) (EffectResult, error) {
	const name = "Cohen's dav: mean difference / mean of the two SDs"
	return s.noncentral(name, s.averageSD(), opts)
}

// averageSD is the mean of the two SDs, of which the sum cannot overflow.
func (s PairSummary) averageSD() float64 { return s.SDPre/2 + s.SDPost/2 }

// noncentral is mean difference over a divisor, with limits from the noncentral t at estimate·√n.
func (s PairSummary) noncentral(name string, by float64, opts []Option) (EffectResult, error) {
	c, err := configure(optLevel, opts)
	if err != nil {
		return EffectResult{}, err
	}
	if err := s.need(name); err != nil {
		return EffectResult{}, err
	}
	if by <= 0 {
		return EffectResult{}, DegenerateError{Statistic: name, Reason: "the values do not vary"}
	}
	root := math.Sqrt(float64(s.N))
	r := EffectResult{Definition: name, N: s.N, Estimate: s.MeanDiff / by}
	// A ratio at the edge of rounding would send the search to the end of the number line.
	if math.Abs(r.Estimate) > 1e12 {
		return EffectResult{}, DegenerateError{Statistic: name, Reason: "the values do not vary"}
	}
	tail := (1 - c.level) / 2
	low, high, ok := special.NoncentralTLimits(r.Estimate*root, float64(s.N-1), tail, tail)
	if !ok {
		return EffectResult{}, ConvergenceError{Statistic: name}
	}
	r.NCP = &Interval{Level: c.level, Low: low, High: high, Method: "noncentral t"}
	r.CI = &Interval{Level: c.level, Low: low / root, High: high / root, Method: "noncentral t"}
	return r, nil
}

// DAvRescaled is Cohen's dav with the limits of dz times SD of differences / mean SD, which treats that
// ratio as known. It takes [Confidence].
func (s PairSummary) DAvRescaled(opts ...Option) (EffectResult, error) {
	const name = "Cohen's dav: mean difference / mean of the two SDs"
	dz, err := s.DZ(opts...)
	if err != nil {
		return EffectResult{}, err
	}
	by := s.averageSD()
	if by <= 0 {
		return EffectResult{}, DegenerateError{Statistic: name, Reason: "the values do not vary"}
	}
	k := s.SDDiff / by
	d, low, high := s.MeanDiff/by, dz.CI.Low*k, dz.CI.High*k
	if err := finiteAll(name, d, low, high); err != nil {
		return EffectResult{}, err
	}
	return EffectResult{
		Definition: name, N: s.N, Estimate: d,
		CI: &Interval{Level: dz.CI.Level, Low: low, High: high, Method: "limits of dz, rescaled"},
	}, nil
}

// over is a mean difference over a divisor, with the limits of dz put on its scale.
func (s PairSummary) over(name string, by float64, opts []Option) (EffectResult, error) {
	c, err := configure(optLevel, opts)
	if err != nil {
		return EffectResult{}, err
	}
	if err := s.need(name); err != nil {
		return EffectResult{}, err
	}
	if !(by > 0) || math.IsInf(by, 0) {
		return EffectResult{}, DegenerateError{Statistic: name, Reason: "the values do not vary"}
	}
	d := s.MeanDiff / by
	if err := finiteAll(name, d); err != nil {
		return EffectResult{}, err
	}
	return EffectResult{Definition: name, N: s.N, Estimate: d, CI: s.limitsOfDZ(c, s.SDDiff/by, "limits of dz, rescaled")}, nil
}

// limitsOfDZ are the limits of dz times k; nil where there are none, or k leaves nothing of them.
func (s PairSummary) limitsOfDZ(c config, k float64, method string) *Interval {
	dz, err := s.DZ(Confidence(c.level))
	if err != nil || !(k > 0) {
		return nil
	}
	low, high := dz.CI.Low*k, dz.CI.High*k
	if finiteAll(method, low, high) != nil {
		return nil
	}
	return &Interval{Level: c.level, Low: low, High: high, Method: method}
}

// DAvRootMeanVariance is the mean difference over the root of the mean of the two variances. Its interval is
// that of dz times SD of differences / that root, as if the ratio were known. It takes [Confidence].
func (s PairSummary) DAvRootMeanVariance(opts ...Option) (EffectResult, error) {
	return s.over("mean difference / root of the mean variance", math.Hypot(s.SDPre/math.Sqrt2, s.SDPost/math.Sqrt2), opts)
}

// GlassPre is Glass's delta with the SD before: the mean difference over it. Its interval is that of dz times
// SD of differences / SD before; since the mean difference does not depend on either SD where values are
// normal, and both have n − 1 degrees of freedom, that is right in large samples. It takes [Confidence].
func (s PairSummary) GlassPre(opts ...Option) (EffectResult, error) {
	return s.over("Glass's delta: mean difference / SD before", s.SDPre, opts)
}

// DRm is the effect size for repeated measures, dz·√(2(1 − r)). Its interval is that of dz times the same
// factor, as if the correlation were known. It takes [Confidence].
func (s PairSummary) DRm(opts ...Option) (EffectResult, error) {
	const name = "drm: dz times the root of 2(1 − r)"
	c, err := configure(optLevel, opts)
	if err != nil {
		return EffectResult{}, err
	}
	e, err := s.over(name, s.SDDiff, opts)
	if err != nil {
		return EffectResult{}, err
	}
	r, err := s.Correlation()
	if err != nil {
		return EffectResult{}, err
	}
	k := math.Sqrt(2 * (1 - r))
	e.Estimate *= k
	if err := finiteAll(name, e.Estimate); err != nil {
		return EffectResult{}, err
	}
	e.CI = s.limitsOfDZ(c, k, "limits of dz, rescaled")
	return e, nil
}

// GZ is Hedges' gz: dz·J with J = Γ(ν/2)/(√(ν/2)·Γ((ν−1)/2)) and ν = n − 1. Its limits are those of dz times J, as
// in the R package effectsize. With two pairs J is 0, and so is gz: there is nothing left to estimate with, and
// no interval. It takes [Confidence].
func (s PairSummary) GZ(opts ...Option) (EffectResult, error) {
	const name = "Hedges' gz: dz times J"
	c, err := configure(optLevel, opts)
	if err != nil {
		return EffectResult{}, err
	}
	e, err := s.over(name, s.SDDiff, opts)
	if err != nil {
		return EffectResult{}, err
	}
	j, err := HedgesJ(s.N - 1)
	if err != nil {
		return EffectResult{}, err
	}
	e.Estimate *= j
	e.CI = s.limitsOfDZ(c, j, "limits of dz times J")
	return e, nil
}

// HedgesJ is the exact small-sample correction Γ(ν/2)/(√(ν/2)·Γ((ν−1)/2)) for ν degrees of freedom, of
// which it needs one; J(1) is 0.
func HedgesJ(df int64) (float64, error) {
	if df < 1 {
		return 0, SizeError{Statistic: "Hedges' J", N: df, Need: 1}
	}
	return special.HedgesJ(float64(df)), nil
}

// CohensD is Cohen's d of two independent groups, s minus o: the difference of the means over the pooled SD,
// with the exact interval from the noncentral t distribution with n1 + n2 − 2 degrees of freedom. N counts both
// groups. It takes [Confidence].
func (s Summary) CohensD(o Summary, opts ...Option) (EffectResult, error) {
	const name = "Cohen's d: difference of means / pooled SD"
	c, err := configure(optLevel, opts)
	if err != nil {
		return EffectResult{}, err
	}
	d, err := s.pooledD(o, name)
	if err != nil {
		return EffectResult{}, err
	}
	if math.Abs(d) > 1e12 {
		return EffectResult{}, DegenerateError{Statistic: name, Reason: "the values do not vary"}
	}
	root := math.Sqrt(1/float64(s.N) + 1/float64(o.N))
	tail := (1 - c.level) / 2
	low, high, ok := special.NoncentralTLimits(d/root, float64(s.N+o.N-2), tail, tail)
	if !ok {
		return EffectResult{}, ConvergenceError{Statistic: name}
	}
	return EffectResult{
		Definition: name, N: s.N + o.N, Estimate: d,
		NCP: &Interval{Level: c.level, Low: low, High: high, Method: "noncentral t"},
		CI:  &Interval{Level: c.level, Low: low * root, High: high * root, Method: "noncentral t"},
	}, nil
}

// HedgesG is Hedges' g of two independent groups: Cohen's d times J with n1 + n2 − 2 degrees of freedom, its
// limits those of d times J, as in the R package effectsize; see [Summary.CohensD] and [HedgesJ]. It takes
// [Confidence].
func (s Summary) HedgesG(o Summary, opts ...Option) (EffectResult, error) {
	const name = "Hedges' g: Cohen's d times J"
	c, err := configure(optLevel, opts)
	if err != nil {
		return EffectResult{}, err
	}
	d, err := s.pooledD(o, name)
	if err != nil {
		return EffectResult{}, err
	}
	j, err := HedgesJ(s.N + o.N - 2)
	if err != nil {
		return EffectResult{}, err
	}
	g := EffectResult{Definition: name, N: s.N + o.N, Estimate: d * j}
	if limits, err := s.CohensD(o, Confidence(c.level)); err == nil {
		g.CI = &Interval{Level: c.level, Low: limits.CI.Low * j, High: limits.CI.High * j, Method: "limits of d times J"}
	}
	return g, nil
}

func (s Summary) pooledD(o Summary, name string) (float64, error) {
	if err := s.need(o, name); err != nil {
		return 0, err
	}
	by := pooledSD(s, o)
	if by <= 0 {
		return 0, DegenerateError{Statistic: name, Reason: "the values do not vary"}
	}
	d := (s.Mean - o.Mean) / by
	return d, finiteAll(name, d)
}

// Correlation is Pearson's correlation of pre and post.
func (s PairSummary) Correlation() (float64, error) {
	const name = "Pearson's correlation"
	if err := s.need(name); err != nil {
		return 0, err
	}
	by := s.SDPre * s.SDPost
	if by <= 0 {
		return 0, DegenerateError{Statistic: name, Reason: "pre or post does not vary"}
	}
	return math.Max(-1, math.Min(1, s.Covariance/by)), nil
}
