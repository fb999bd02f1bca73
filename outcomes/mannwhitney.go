package outcomes

import (
	"math"
	"slices"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/root"
	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// MannWhitneyResult is the Mann–Whitney test, also known as Wilcoxon's rank sum test.
type MannWhitneyResult struct {
	Method       string  `json:"method"`
	Distribution string  `json:"distribution"` // exact, permutation or normal
	Continuity   bool    `json:"continuity_correction"`
	N1           int64   `json:"n_first"`
	N2           int64   `json:"n_second"`
	Ties         bool    `json:"ties"`
	W            float64 `json:"w"` // pairs in which the first is larger, ties counting one half
	Z            float64 `json:"z"` // 0 unless the distribution is normal
	P            float64 `json:"p_value"`
	Alternative  Side    `json:"alternative"`
	Null         float64 `json:"null"`
	// Superiority is W/(n1·n2): the chance that someone from the first group has the larger value, ties
	// counting one half (the common-language effect size, or A of Vargha and Delaney 2000).
	Superiority  float64 `json:"superiority"`
	ExactRefused string  `json:"exact_refused,omitempty"` // "ties", where an exact distribution was wanted
}

// MannWhitney is the Mann–Whitney test that x tends to be as large as y, as R's wilcox.test(x, y): exact
// for fewer than 50 in each group without ties, else normal with the variance corrected for ties and,
// unless switched off, a continuity correction. It takes [Alternative], [Null], [Exact], [Normal],
// [Permutation] (exact given the ranks observed, ties included) and [Continuity].
func MannWhitney(x, y []float64, opts ...Option) (MannWhitneyResult, error) {
	a, b, err := weighTwo("Mann–Whitney test", x, y)
	if err != nil {
		return MannWhitneyResult{}, err
	}
	return mannWhitney(a, b, opts)
}

// MannWhitney compares the values of c with those of o; see the function [MannWhitney].
func (c Counts) MannWhitney(o Counts, opts ...Option) (MannWhitneyResult, error) {
	const name = "Mann–Whitney test"
	a, err := c.weighted(name)
	if err != nil {
		return MannWhitneyResult{}, err
	}
	b, err := o.weighted(name)
	if err != nil {
		return MannWhitneyResult{}, err
	}
	return mannWhitney(a, b, opts)
}

func weighTwo(name string, x, y []float64) (a, b weighted, err error) {
	if err := checkFinite("x", x); err != nil {
		return a, b, err
	}
	if err := checkFinite("y", y); err != nil {
		return a, b, err
	}
	if n := min(len(x), len(y)); n < 1 {
		return a, b, SizeError{Statistic: name, N: int64(n), Need: 1}
	}
	return weigh(x), weigh(y), nil
}

// jointRanks walks both samples upwards, the first moved down by shift; at each distinct value it gives
// how many of each there are.
func jointRanks(a, b weighted, shift float64, yield func(na, nb float64)) {
	i, j := 0, 0
	for i < len(a.values) || j < len(b.values) {
		v := math.Inf(1)
		if i < len(a.values) {
			v = a.values[i] - shift
		}
		if j < len(b.values) {
			v = math.Min(v, b.values[j])
		}
		var na, nb float64
		for i < len(a.values) && a.values[i]-shift == v {
			na += float64(a.counts[i])
			i++
		}
		for j < len(b.values) && b.values[j] == v {
			nb += float64(b.counts[j])
			j++
		}
		yield(na, nb)
	}
}

func mannWhitney(a, b weighted, opts []Option) (MannWhitneyResult, error) {
	const name = "Mann–Whitney test"
	c, err := configure(optSide|optNull|optMethod|optContinuity, opts)
	if err != nil {
		return MannWhitneyResult{}, err
	}
	if err := c.oneOf(exact, normal, permutation); err != nil {
		return MannWhitneyResult{}, err
	}
	if n := min(a.n, b.n); n < 1 {
		return MannWhitneyResult{}, SizeError{Statistic: name, N: n, Need: 1}
	}
	r := MannWhitneyResult{N1: a.n, N2: b.n, Alternative: c.side, Null: c.null}
	var before, w, tieSum float64
	var doubled []int64
	keep := a.n+b.n <= maxExactTwo
	jointRanks(a, b, c.null, func(na, nb float64) {
		t := na + nb
		w += na * (before + (t+1)/2)
		if t > 1 {
			r.Ties = true
			tieSum += t * (t*t - 1)
		}
		if keep {
			for range int64(t) {
				doubled = append(doubled, int64(2*before+t+1))
			}
		}
		before += t
	})
	n1, n2 := float64(a.n), float64(b.n)
	r.W = w - n1*(n1+1)/2
	r.Superiority = r.W / n1 / n2
	wantExact := c.method == exact || c.method == automatic && a.n < 50 && b.n < 50
	if wantExact && r.Ties {
		r.ExactRefused = "ties"
	}
	if c.method == permutation || wantExact && !r.Ties {
		if !keep {
			return MannWhitneyResult{}, RangeError{Argument: "values for an exact distribution", Got: n1 + n2, Min: 2, Max: maxExactTwo}
		}
		r.Distribution, r.Method = "exact", "Mann–Whitney exact test"
		if c.method == permutation {
			r.Distribution, r.Method = "permutation", "Mann–Whitney permutation test"
		}
		d := rankSumDistribution(doubled, int(a.n))
		r.P = d.p(int64(math.Round(2*w)), c.side)
		return r, nil
	}
	n := n1 + n2
	sigma := math.Sqrt(n1 * n2 / 12 * ((n + 1) - tieSum/(n*(n-1))))
	if !(sigma > 0) {
		return MannWhitneyResult{}, DegenerateError{Statistic: name, Reason: "all values are equal"}
	}
	r.Z = corrected(r.W-n1*n2/2, c.continuity, c.side) / sigma
	r.Distribution, r.Continuity = "normal", c.continuity
	r.Method = "Mann–Whitney test, normal approximation"
	if c.continuity {
		r.Method += " with continuity correction"
	}
	r.P = normalP(r.Z, c.side)
	return r, nil
}

// corrected moves z towards zero by one half, as the side demands.
func corrected(z float64, correct bool, side Side) float64 {
	if !correct {
		return z
	}
	switch side {
	case Greater:
		return z - 0.5
	case Less:
		return z + 0.5
	}
	switch {
	case z > 0:
		return z - 0.5
	case z < 0:
		return z + 0.5
	}
	return z
}

// maxExactTwo is the most values in two groups for which the exact distribution is worked out: its table
// then takes 16 MB.
const maxExactTwo = 200

// rankSums is the distribution of the doubled rank sum of one group.
type rankSums struct {
	probs []float64 // probs[i] is P(sum = low + i)
	low   int64
}

// rankSumDistribution counts all ways of choosing m of the ranks.
func rankSumDistribution(doubled []int64, m int) rankSums {
	ranks := slices.Clone(doubled)
	slices.Sort(ranks)
	n := len(ranks)
	// Sums are kept relative to the smallest that k ranks can have, which is that of the first k.
	base := make([]int64, m+1)
	for k := 1; k <= m; k++ {
		base[k] = base[k-1] + ranks[k-1]
	}
	top := int64(0) // the largest sum, relative
	for k := range m {
		top += ranks[n-1-k] - ranks[k]
	}
	dp := make([][]float64, m+1)
	reach := make([]int64, m+1) // the largest relative sum seen so far
	for k := range dp {
		dp[k] = make([]float64, top+1)
		reach[k] = -1
	}
	dp[0][0], reach[0] = 1, 0
	for i, r := range ranks {
		for k := min(i+1, m); k >= 1; k-- {
			if reach[k-1] < 0 {
				continue
			}
			shift := r - ranks[k-1]
			for s := int64(0); s <= reach[k-1] && s+shift <= top; s++ {
				dp[k][s+shift] += dp[k-1][s]
			}
			reach[k] = min(top, max(reach[k], reach[k-1]+shift))
		}
	}
	total := 0.0
	for _, v := range dp[m] {
		total += v
	}
	for i := range dp[m] {
		dp[m][i] /= total
	}
	return rankSums{probs: dp[m], low: base[m]}
}

// tails returns P(sum ≤ s) and P(sum ≥ s), each as a sum of its own terms.
func (d rankSums) tails(s int64) (atMost, atLeast float64) {
	for i, p := range d.probs {
		v := d.low + int64(i)
		if v <= s {
			atMost += p
		}
		if v >= s {
			atLeast += p
		}
	}
	return min(1, atMost), min(1, atLeast)
}

// p is the p-value; where ties make the distribution lopsided, the two-sided one adds all sums that are
// at least as far from the mean.
func (d rankSums) p(s int64, side Side) float64 {
	atMost, atLeast := d.tails(s)
	switch side {
	case Less:
		return atMost
	case Greater:
		return atLeast
	}
	mean := 0.0
	for i, p := range d.probs {
		mean += p * float64(d.low+int64(i))
	}
	far := math.Abs(float64(s) - mean)
	total := 0.0
	for i, p := range d.probs {
		if math.Abs(float64(d.low+int64(i))-mean) >= far-1e-6 {
			total += p
		}
	}
	return min(1, total)
}

// ShiftResult is the Hodges–Lehmann estimate of the shift between two groups.
type ShiftResult struct {
	Method       string   `json:"method"`
	Distribution string   `json:"distribution"` // exact or normal
	N1           int64    `json:"n_first"`
	N2           int64    `json:"n_second"`
	Estimate     float64  `json:"estimate"` // first minus second
	CI           Interval `json:"ci"`
	// LevelNotAchieved is set where the level asked for was out of reach; the interval then has its own.
	LevelNotAchieved bool   `json:"level_not_achieved,omitempty"`
	ExactRefused     string `json:"exact_refused,omitempty"`
}

// HodgesLehmannShift is the Hodges–Lehmann estimate of how far x lies above y, the median of all
// differences between one of x and one of y, with its interval, as R's wilcox.test(x, y, conf.int =
// TRUE); see [HodgesLehmann] for the search behind the approximate interval. It takes [Confidence],
// [Alternative], [Exact], [Normal], [Continuity] and [RootTolerance].
func HodgesLehmannShift(x, y []float64, opts ...Option) (ShiftResult, error) {
	const name = "Hodges–Lehmann shift"
	a, b, err := weighTwo(name, x, y)
	if err != nil {
		return ShiftResult{}, err
	}
	c, err := configure(optLevel|optSide|optMethod|optContinuity|optTolerance, opts)
	if err != nil {
		return ShiftResult{}, err
	}
	if err := c.oneOf(exact, normal); err != nil {
		return ShiftResult{}, err
	}
	r := ShiftResult{N1: a.n, N2: b.n}
	ties := false
	var doubled []int64
	rank := int64(0)
	jointRanks(a, b, 0, func(na, nb float64) {
		ties = ties || na+nb > 1
		rank++
		doubled = append(doubled, 2*rank)
	})
	wantExact := c.method == exact || c.method == automatic && a.n < 50 && b.n < 50
	if wantExact && ties {
		r.ExactRefused = "ties"
	}
	if wantExact && !ties {
		if a.n+b.n > maxExactTwo {
			return ShiftResult{}, RangeError{Argument: "values for an exact distribution", Got: float64(a.n + b.n), Min: 2, Max: maxExactTwo}
		}
		return r, r.exactLimits(a, b, rankSumDistribution(doubled, int(a.n)), c)
	}
	return r, r.normalLimits(a, b, c)
}

func (r *ShiftResult) exactLimits(a, b weighted, dist rankSums, c config) error {
	r.Distribution = "exact"
	r.Method = "median of the pairwise differences, exact limits"
	diffs := make([]float64, 0, len(a.values)*len(b.values))
	for _, x := range a.values {
		for _, y := range b.values {
			diffs = append(diffs, x-y)
		}
	}
	if err := checkFinite("x minus y", diffs); err != nil {
		return err
	}
	slices.Sort(diffs)
	m := int64(len(diffs))
	r.Estimate = (diffs[(m-1)/2] + diffs[m/2]) / 2
	if err := finiteAll("median of the differences", r.Estimate); err != nil {
		return err
	}
	alpha := 1 - c.level
	tail := alpha
	if c.side == TwoSided {
		tail /= 2
	}
	// atMost(u) is P(U ≤ u); sums are doubled, so U = (sum − low)/2.
	cum := make([]float64, m+1)
	total := 0.0
	for u := range cum {
		total += dist.probs[2*u]
		cum[u] = total
	}
	// R's qwilcox, with its allowance of ten units in the last place.
	var q int64
	if tail <= 0.5 {
		for q = 0; cum[q] < tail-10*0x1p-52; q++ {
		}
	} else {
		for q = 0; cum[q] <= 1-tail+10*0x1p-52; q++ {
		}
		q = m - q
	}
	q = max(q, 1)
	achieved := cum[q-1]
	if c.side == TwoSided {
		achieved *= 2
	}
	r.CI = Interval{Level: c.level, Low: math.Inf(-1), High: math.Inf(1), Method: r.Method}
	if c.side != Less {
		r.CI.Low = diffs[q-1]
	}
	if c.side != Greater {
		r.CI.High = diffs[m-q]
	}
	if achieved-alpha > alpha/2 {
		r.LevelNotAchieved = true
		r.CI.Level = 1 - achieved
	}
	return nil
}

func (r *ShiftResult) normalLimits(a, b weighted, c config) error {
	const name = "Hodges–Lehmann shift"
	r.Distribution = "normal"
	r.Method = "shift by root finding on the normal approximation"
	if c.continuity {
		r.Method += ", limits with continuity correction"
	}
	n1, n2 := float64(a.n), float64(b.n)
	w := func(shift float64, correct bool) float64 {
		var before, sum, tieSum float64
		jointRanks(a, b, shift, func(na, nb float64) {
			t := na + nb
			sum += na * (before + (t+1)/2)
			tieSum += t * (t*t - 1)
			before += t
		})
		n := n1 + n2
		sigma := math.Sqrt(n1 * n2 / 12 * ((n + 1) - tieSum/(n*(n-1))))
		return corrected(sum-n1*(n1+1)/2-n1*n2/2, correct, c.side) / sigma
	}
	lo := a.values[0] - b.values[len(b.values)-1]
	hi := a.values[len(a.values)-1] - b.values[0]
	if err := finiteAll("x minus y", lo, hi); err != nil {
		return err
	}
	find := func(correct bool, target float64) (float64, error) {
		fLo, fHi := w(lo, correct)-target, w(hi, correct)-target
		switch {
		case math.IsNaN(fLo) || math.IsNaN(fHi) || math.IsInf(fLo, 0) || math.IsInf(fHi, 0):
			return 0, DegenerateError{Statistic: name, Reason: "all values are equal"}
		case fLo <= 0:
			return lo, nil
		case fHi >= 0:
			return hi, nil
		}
		x, ok := root.Brent(func(s float64) float64 { return w(s, correct) - target }, lo, hi, fLo, fHi, c.tolerance, 1001)
		if !ok {
			return 0, ConvergenceError{Statistic: name}
		}
		return x, nil
	}
	tail := 1 - c.level
	if c.side == TwoSided {
		tail /= 2
	}
	q := special.NormQuantile(tail)
	r.CI = Interval{Level: c.level, Low: math.Inf(-1), High: math.Inf(1), Method: r.Method}
	var err error
	if c.side != Less {
		if r.CI.Low, err = find(c.continuity, -q); err != nil {
			return err
		}
	}
	if c.side != Greater {
		if r.CI.High, err = find(c.continuity, q); err != nil {
			return err
		}
	}
	r.CI.inOrder()
	r.Estimate, err = find(false, 0)
	return err
}
