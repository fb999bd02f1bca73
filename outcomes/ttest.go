package outcomes

import (
	"math"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// Summary is what the statistics of a mean need of one group.
type Summary struct {
	N    int64   `json:"n"`
	Mean float64 `json:"mean"`
	SD   float64 `json:"sd"` // denominator n − 1
}

// Summarise returns n, mean and SD of a sample of two or more.
func Summarise(x []float64) (Summary, error) {
	if err := checkFinite("x", x); err != nil {
		return Summary{}, err
	}
	if len(x) < 2 {
		return Summary{}, SizeError{Statistic: "standard deviation", N: int64(len(x)), Need: 2}
	}
	m, sd := meanSD(x)
	if err := finiteAll("mean and SD", m, sd); err != nil {
		return Summary{}, err
	}
	return Summary{N: int64(len(x)), Mean: m, SD: sd}, nil
}

// PairSummary is what the statistics of a mean change need of complete pairs: it comes from a sample
// ([SummarisePairs]), from an accumulator ([Paired.Summary]) or from a published table.
type PairSummary struct {
	N          int64   `json:"n"`
	MeanPre    float64 `json:"mean_pre"`
	MeanPost   float64 `json:"mean_post"`
	MeanDiff   float64 `json:"mean_diff"` // post minus pre
	SDPre      float64 `json:"sd_pre"`
	SDPost     float64 `json:"sd_post"`
	SDDiff     float64 `json:"sd_diff"`
	Covariance float64 `json:"covariance"` // of pre and post
}

// SummarisePairs returns the summary of complete pairs, of which it needs two.
func SummarisePairs(pre, post []float64) (PairSummary, error) {
	d, err := differences(pre, post)
	if err != nil {
		return PairSummary{}, err
	}
	if len(d) < 2 {
		return PairSummary{}, SizeError{Statistic: "paired summary", N: int64(len(d)), Need: 2}
	}
	s := PairSummary{N: int64(len(d))}
	s.MeanPre, s.SDPre, s.MeanPost, s.SDPost, s.Covariance = pairMoments(pre, post)
	s.MeanDiff, s.SDDiff = meanSD(d)
	return s, finiteAll("summary of pre and post", s.MeanPre, s.SDPre, s.MeanPost, s.SDPost, s.MeanDiff, s.SDDiff, s.Covariance)
}

// TResult is a t test of a mean or of a difference of means.
type TResult struct {
	Method      string   `json:"method"`
	N           int64    `json:"n"`
	N2          int64    `json:"n_second,omitempty"` // of the second group, where there are two
	Estimate    float64  `json:"estimate"`
	SE          float64  `json:"se"`
	T           float64  `json:"t"`
	DF          float64  `json:"df"`
	P           float64  `json:"p_value"`
	Alternative Side     `json:"alternative"`
	Null        float64  `json:"null"`
	CI          Interval `json:"ci"`
}

// PairedT is the paired t test of the mean of post minus pre, as R's t.test(post, pre, paired = TRUE).
// It takes [Confidence], [Alternative] and [Null]. Fewer than two pairs are a [SizeError]; differences
// without variation a [DegenerateError].
func PairedT(pre, post []float64, opts ...Option) (TResult, error) {
	d, err := differences(pre, post)
	if err != nil {
		return TResult{}, err
	}
	s := PairSummary{N: int64(len(d))} // of which the test needs the differences alone
	if s.N < 2 {
		return TResult{}, SizeError{Statistic: "paired summary", N: s.N, Need: 2}
	}
	s.MeanDiff, s.SDDiff = meanSD(d)
	return s.T(opts...)
}

// T is the paired t test; see [PairedT].
func (s PairSummary) T(opts ...Option) (TResult, error) {
	return oneSampleT("paired t test", Summary{N: s.N, Mean: s.MeanDiff, SD: s.SDDiff}, opts)
}

// OneSampleT is the t test of a mean, as R's t.test(x, mu = null). It takes [Confidence], [Alternative]
// and [Null].
func OneSampleT(x []float64, opts ...Option) (TResult, error) {
	s, err := Summarise(x)
	if err != nil {
		return TResult{}, err
	}
	return s.T(opts...)
}

// T is the one-sample t test; see [OneSampleT].
func (s Summary) T(opts ...Option) (TResult, error) {
	return oneSampleT("one-sample t test", s, opts)
}

func oneSampleT(name string, s Summary, opts []Option) (TResult, error) {
	c, err := configure(optLevel|optSide|optNull, opts)
	if err != nil {
		return TResult{}, err
	}
	if err := checkN(name, s.N, 2); err != nil {
		return TResult{}, err
	}
	if err := finiteAll("summary", s.Mean, s.SD); err != nil {
		return TResult{}, err
	}
	se := s.SD / math.Sqrt(float64(s.N))
	// R's criterion for data that vary by rounding only.
	if se <= 0 || se < 10*0x1p-52*math.Abs(s.Mean) {
		return TResult{}, DegenerateError{Statistic: name, Reason: "the values do not vary"}
	}
	r := TResult{Method: name, N: s.N, Estimate: s.Mean, SE: se, DF: float64(s.N - 1)}
	return r.finish(c)
}

// finish fills in t, p and the interval from estimate, standard error and degrees of freedom.
func (r TResult) finish(c config) (TResult, error) {
	r.T = (r.Estimate - c.null) / r.SE
	r.Null, r.Alternative = c.null, c.side
	r.CI = Interval{Level: c.level, Low: math.Inf(-1), High: math.Inf(1), Method: r.Method}
	switch c.side {
	case TwoSided:
		r.P = special.TTwoSided(r.T, r.DF)
		q := special.TISF((1-c.level)/2, r.DF) * r.SE
		r.CI.Low, r.CI.High = r.Estimate-q, r.Estimate+q
	case Less:
		r.P = special.TSF(-r.T, r.DF)
		r.CI.High = r.Estimate + special.TISF(1-c.level, r.DF)*r.SE
	case Greater:
		r.P = special.TSF(r.T, r.DF)
		r.CI.Low = r.Estimate - special.TISF(1-c.level, r.DF)*r.SE
	}
	if err := finiteAll(r.Method, r.Estimate, r.SE, r.T, r.DF, r.P); err != nil {
		return TResult{}, err
	}
	for _, end := range []struct {
		limit float64
		open  bool
	}{{r.CI.Low, c.side == Less}, {r.CI.High, c.side == Greater}} {
		if !end.open && end.limit-end.limit != 0 {
			return TResult{}, NotFiniteError{Argument: "interval of the " + r.Method, Index: -1}
		}
	}
	return r, nil
}

// pooledSD is the root of the two variances' mean, weighted by their degrees of freedom.
func pooledSD(s, o Summary) float64 {
	df := float64(s.N + o.N - 2)
	return math.Hypot(math.Sqrt(float64(s.N-1)/df)*s.SD, math.Sqrt(float64(o.N-1)/df)*o.SD)
}

// WelchT is Welch's t test of the mean of x minus the mean of y, without assuming equal variances, as
// R's t.test(x, y). It takes [Confidence], [Alternative] and [Null].
func WelchT(x, y []float64, opts ...Option) (TResult, error) {
	a, b, err := summariseTwo(x, y)
	if err != nil {
		return TResult{}, err
	}
	return a.WelchT(b, opts...)
}

// PooledT is Student's t test of the mean of x minus the mean of y, assuming equal variances, as R's
// t.test(x, y, var.equal = TRUE). It takes [Confidence], [Alternative] and [Null].
func PooledT(x, y []float64, opts ...Option) (TResult, error) {
	a, b, err := summariseTwo(x, y)
	if err != nil {
		return TResult{}, err
	}
	return a.PooledT(b, opts...)
}

func summariseTwo(x, y []float64) (a, b Summary, err error) {
	if err = checkFinite("x", x); err != nil {
		return a, b, err
	}
	if err = checkFinite("y", y); err != nil {
		return a, b, err
	}
	if n := min(len(x), len(y)); n < 2 {
		return a, b, SizeError{Statistic: "two-sample t test", N: int64(n), Need: 2}
	}
	if a, err = Summarise(x); err != nil {
		return a, b, err
	}
	b, err = Summarise(y)
	return a, b, err
}

// WelchT compares the mean of s with that of o, as s minus o; see the function [WelchT].
func (s Summary) WelchT(o Summary, opts ...Option) (TResult, error) {
	const name = "Welch two-sample t test"
	c, err := s.two(o, name, opts)
	if err != nil {
		return TResult{}, err
	}
	a, b := s.SD/math.Sqrt(float64(s.N)), o.SD/math.Sqrt(float64(o.N))
	se := math.Hypot(a, b) // whose squares cannot overflow
	if se <= 0 || se < 10*0x1p-52*math.Max(math.Abs(s.Mean), math.Abs(o.Mean)) {
		return TResult{}, DegenerateError{Statistic: name, Reason: "the values do not vary"}
	}
	// Welch–Satterthwaite in shares of the variance, which cannot overflow either.
	wa, wb := sq(a/se), sq(b/se)
	df := 1 / (wa*wa/float64(s.N-1) + wb*wb/float64(o.N-1))
	return TResult{Method: name, N: s.N, N2: o.N, Estimate: s.Mean - o.Mean, SE: se, DF: df}.finish(c)
}

// PooledT compares the mean of s with that of o, as s minus o; see the function [PooledT].
func (s Summary) PooledT(o Summary, opts ...Option) (TResult, error) {
	const name = "two-sample t test, equal variances"
	c, err := s.two(o, name, opts)
	if err != nil {
		return TResult{}, err
	}
	df := float64(s.N + o.N - 2)
	se := pooledSD(s, o) * math.Sqrt(1/float64(s.N)+1/float64(o.N))
	if se <= 0 || se < 10*0x1p-52*math.Max(math.Abs(s.Mean), math.Abs(o.Mean)) {
		return TResult{}, DegenerateError{Statistic: name, Reason: "the values do not vary"}
	}
	return TResult{Method: name, N: s.N, N2: o.N, Estimate: s.Mean - o.Mean, SE: se, DF: df}.finish(c)
}

func (s Summary) two(o Summary, name string, opts []Option) (config, error) {
	c, err := configure(optLevel|optSide|optNull, opts)
	if err != nil {
		return c, err
	}
	return c, s.need(o, name)
}

// need checks the summaries of two groups.
func (s Summary) need(o Summary, name string) error {
	if err := checkN(name, min(s.N, o.N), 2); err != nil {
		return err
	}
	if err := checkN(name, max(s.N, o.N), 2); err != nil {
		return err
	}
	return finiteAll("summary", s.Mean, s.SD, o.Mean, o.SD)
}

// DifferenceResult is a standardised difference between two groups.
type DifferenceResult struct {
	Method   string  `json:"method"`
	Estimate float64 `json:"estimate"`
}

// StandardisedDifference is (mean of s − mean of o) / √((variance of s + variance of o)/2), the measure
// of imbalance between those who are in a figure and those who are missing from it (Austin 2009); 0.1 is
// often taken as the point from which it deserves a look. It depends on no sample size.
func (s Summary) StandardisedDifference(o Summary) (DifferenceResult, error) {
	const name = "standardised difference of means"
	if err := s.need(o, name); err != nil {
		return DifferenceResult{}, err
	}
	sd := math.Hypot(s.SD/math.Sqrt2, o.SD/math.Sqrt2)
	if sd <= 0 {
		return DifferenceResult{}, DegenerateError{Statistic: name, Reason: "the values do not vary"}
	}
	d := (s.Mean - o.Mean) / sd
	if err := finiteAll(name, d); err != nil {
		return DifferenceResult{}, err
	}
	return DifferenceResult{Method: name, Estimate: d}, nil
}

// StandardisedProportionDifference is (p1 − p2) / √((p1(1−p1) + p2(1−p2))/2) for x1 of n1 against x2 of
// n2 (Austin 2009).
func StandardisedProportionDifference(x1, n1, x2, n2 int64) (DifferenceResult, error) {
	const name = "standardised difference of proportions"
	if err := checkProportion(name, x1, n1); err != nil {
		return DifferenceResult{}, err
	}
	if err := checkProportion(name, x2, n2); err != nil {
		return DifferenceResult{}, err
	}
	p1, p2 := float64(x1)/float64(n1), float64(x2)/float64(n2)
	v := (p1*(1-p1) + p2*(1-p2)) / 2
	if v <= 0 {
		return DifferenceResult{}, DegenerateError{Statistic: name, Reason: "both proportions are 0 or 1"}
	}
	return DifferenceResult{Method: name, Estimate: (p1 - p2) / math.Sqrt(v)}, nil
}
