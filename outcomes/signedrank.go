package outcomes

import (
	"math"
	"slices"
	"sort"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/root"
	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// maxExact is the most differences for which an exact distribution of the signed ranks is worked out: its
// table has about n² cells and takes n³ steps.
const maxExact = 1500

// SignedRankResult is Wilcoxon's signed rank test.
type SignedRankResult struct {
	Method       string  `json:"method"`
	Distribution string  `json:"distribution"` // exact, permutation or normal
	Continuity   bool    `json:"continuity_correction"`
	ZeroRule     string  `json:"zero_rule"`
	N            int64   `json:"n"` // differences that are not zero
	Zeros        int64   `json:"zeros"`
	Ties         bool    `json:"ties"` // among the magnitudes that are not zero
	V            float64 `json:"v"`    // sum of the ranks of the positive differences
	Z            float64 `json:"z"`    // 0 unless the distribution is normal and a difference is not zero
	P            float64 `json:"p_value"`
	Alternative  Side    `json:"alternative"`
	Null         float64 `json:"null"`
	// ExactRefused says why a distribution asked for with Exact (or the default for n < 50) was not
	// used: "ties", "zeros" or "ties and zeros".
	ExactRefused string `json:"exact_refused,omitempty"`
}

// SignedRank is Wilcoxon's signed rank test of post minus pre, as R's
// wilcox.test(post, pre, paired = TRUE): differences equal to the null are dropped; the distribution is
// exact for fewer than 50 differences without ties or zeros, else normal with the variance corrected for
// ties and, unless switched off, a continuity correction.
//
// Where all differences equal the null, a corrected one-sided test has p = 1, as in R; the others, for which
// R has NaN, are a [DegenerateError].
//
// It takes [Alternative], [Null], [Exact], [Normal], [Permutation], [Continuity] and [Zeros]. Ties are
// judged on the binary numbers as given: 0.3−0.1 and 0.4−0.2 differ in the last place and are not tied
// here, as in R. [Paired.SignedRank] works on whole thousandths, where they are.
func SignedRank(pre, post []float64, opts ...Option) (SignedRankResult, error) {
	d, err := differences(pre, post)
	if err != nil {
		return SignedRankResult{}, err
	}
	return signedRank(weigh(d), opts)
}

// magnitudes is the ranking of |d|: for each distinct magnitude, ascending, how many differences are
// positive and how many negative.
type magnitude struct {
	pos, neg int64
}

// magnitudes walks outwards from zero on both sides. The values hold no zero.
func (w weighted) magnitudes(yield func(m magnitude)) {
	r := sort.SearchFloat64s(w.values, 0)
	l := r - 1
	for l >= 0 || r < len(w.values) {
		var m magnitude
		switch {
		case l < 0 || r < len(w.values) && w.values[r] < -w.values[l]:
			m.pos = w.counts[r]
			r++
		case r >= len(w.values) || -w.values[l] < w.values[r]:
			m.neg = w.counts[l]
			l--
		default:
			m.pos, m.neg = w.counts[r], w.counts[l]
			r++
			l--
		}
		yield(m)
	}
}

// ranking is what the signed rank statistics need of the ranks.
type ranking struct {
	n, zeros int64
	v        float64 // sum of the ranks of positive differences
	total    float64 // sum of all ranks that count
	variance float64 // of V under the null, by the normal approximation
	ties     bool
	doubled  []int64 // twice each rank that counts, where asked for
}

// rank ranks the magnitudes; with Pratt's rule the zeros take the first ranks.
func (w weighted) rank(zeros int64, rule ZeroRule, keep bool) ranking {
	k := ranking{n: w.n, zeros: zeros}
	before := 0.0
	if rule == PrattZeros {
		before = float64(zeros)
	}
	tieSum := 0.0
	w.magnitudes(func(m magnitude) {
		t := float64(m.pos + m.neg)
		r := before + (t+1)/2
		k.v += float64(m.pos) * r
		if t > 1 {
			k.ties = true
			tieSum += t * (t*t - 1)
		}
		if keep {
			for range m.pos + m.neg {
				k.doubled = append(k.doubled, int64(2*r))
			}
		}
		before += t
	})
	n, z := float64(w.n), 0.0
	if rule == PrattZeros {
		z = float64(zeros)
	}
	// The sums of the ranks 1…n+z and of their squares, less those of the zeros; z is 0 by Wilcoxon's rule.
	m := n + z
	k.total = m*(m+1)/2 - z*(z+1)/2
	k.variance = (m*(m+1)*(2*m+1)-z*(z+1)*(2*z+1))/24 - tieSum/48
	return k
}

func signedRank(w weighted, opts []Option) (SignedRankResult, error) {
	const name = "Wilcoxon signed rank test"
	c, err := configure(optSide|optNull|optMethod|optContinuity|optZeros, opts)
	if err != nil {
		return SignedRankResult{}, err
	}
	if err := c.oneOf(exact, normal, permutation); err != nil {
		return SignedRankResult{}, err
	}
	if w.n < 1 {
		return SignedRankResult{}, SizeError{Statistic: name, N: w.n, Need: 1}
	}
	d, zeros := w.shift(c.null)
	if err := checkFinite("post minus pre less the null", d.values); err != nil {
		return SignedRankResult{}, err
	}
	if d.n == 0 && c.continuity && c.side != TwoSided && c.method != permutation {
		// R divides the correction by a variance of 0, and has p = 1 from that infinity. It is also the right
		// one: the sum of the ranks cannot but be 0.
		return SignedRankResult{
			Method:       "Wilcoxon signed rank test, normal approximation with continuity correction",
			Distribution: "normal", Continuity: true, ZeroRule: c.zeros.String(), Zeros: zeros,
			P: 1, Alternative: c.side, Null: c.null, ExactRefused: map[bool]string{true: "zeros"}[c.method != normal],
		}, nil
	}
	if d.n == 0 {
		return SignedRankResult{}, DegenerateError{Statistic: name, Reason: "all differences are zero"}
	}
	k := d.rank(zeros, c.zeros, d.n <= maxExact && c.method != normal)
	r := SignedRankResult{
		N: d.n, Zeros: zeros, Ties: k.ties, V: k.v,
		Alternative: c.side, Null: c.null, ZeroRule: c.zeros.String(),
	}
	wantExact := c.method == exact || c.method == automatic && d.n < 50
	if wantExact {
		switch {
		case k.ties && zeros > 0:
			r.ExactRefused = "ties and zeros"
		case k.ties:
			r.ExactRefused = "ties"
		case zeros > 0:
			r.ExactRefused = "zeros"
		}
	}
	if c.method == permutation || wantExact && r.ExactRefused == "" {
		if d.n > maxExact {
			return SignedRankResult{}, RangeError{Argument: "differences for an exact distribution", Got: float64(d.n), Min: 1, Max: maxExact}
		}
		r.Distribution = "exact"
		r.Method = "Wilcoxon signed rank exact test"
		if c.method == permutation {
			r.Distribution = "permutation"
			r.Method = "Wilcoxon signed rank permutation test"
		}
		r.P = signedRankDistribution(k.doubled).p(int64(2*k.v), c.side)
		return r, nil
	}
	z := k.v - k.total/2
	if c.continuity {
		switch c.side {
		case TwoSided:
			switch {
			case z > 0:
				z -= 0.5
			case z < 0:
				z += 0.5
			}
		case Greater:
			z -= 0.5
		case Less:
			z += 0.5
		}
	}
	r.Z = z / math.Sqrt(k.variance)
	r.Distribution = "normal"
	r.Continuity = c.continuity
	r.Method = "Wilcoxon signed rank test, normal approximation"
	if c.continuity {
		r.Method += " with continuity correction"
	}
	r.P = normalP(r.Z, c.side)
	return r, nil
}

func normalP(z float64, side Side) float64 {
	switch side {
	case Less:
		return special.NormCDF(z)
	case Greater:
		return special.NormSF(z)
	}
	return min(1, 2*special.NormSF(math.Abs(z)))
}

// rankDistribution is the cumulative distribution of a sum of signed doubled ranks; it is symmetric.
type rankDistribution struct {
	lower []float64 // lower[s] is P(sum ≤ s), for s up to half of the largest sum
	top   int64     // the largest sum
}

// signedRankDistribution counts all 2^n ways of giving signs to the ranks.
func signedRankDistribution(doubled []int64) rankDistribution {
	top := int64(0)
	for _, r := range doubled {
		top += r
	}
	p := make([]float64, top/2+1)
	p[0] = 1
	reach := int64(0)
	for _, r := range doubled {
		reach = min(reach+r, top/2)
		for s := reach; s >= 0; s-- {
			v := p[s]
			if s >= r {
				v += p[s-r]
			}
			p[s] = v / 2
		}
	}
	for s := 1; s < len(p); s++ {
		p[s] += p[s-1]
	}
	return rankDistribution{lower: p, top: top}
}

// atMost is P(sum ≤ s).
func (d rankDistribution) atMost(s int64) float64 {
	switch {
	case s < 0:
		return 0
	case s >= d.top:
		return 1
	case s <= d.top/2:
		return d.lower[s]
	}
	return 1 - d.lower[d.top-s-1]
}

func (d rankDistribution) p(s int64, side Side) float64 {
	// By symmetry P(sum ≥ s) = P(sum ≤ top − s).
	switch side {
	case Less:
		return d.atMost(s)
	case Greater:
		return d.atMost(d.top - s)
	}
	return min(1, 2*d.atMost(min(s, d.top-s)))
}

// HodgesLehmannResult is the pseudomedian: the median of the means of all pairs of differences.
type HodgesLehmannResult struct {
	Method       string   `json:"method"`
	Distribution string   `json:"distribution"` // exact or normal
	N            int64    `json:"n"`            // differences that are not the null
	Zeros        int64    `json:"zeros"`        // differences equal to the null, dropped as in R
	Estimate     float64  `json:"estimate"`
	CI           Interval `json:"ci"` // its level is the one achieved where the one asked for is out of reach
	// LevelNotAchieved is set where the level asked for was out of reach.
	LevelNotAchieved bool   `json:"level_not_achieved,omitempty"`
	ExactRefused     string `json:"exact_refused,omitempty"`
}

// HodgesLehmann is the Hodges–Lehmann estimate of the shift of post minus pre with its confidence
// interval, as R's wilcox.test(post, pre, paired = TRUE, conf.int = TRUE). Where the test is exact they
// are order statistics of the Walsh averages. Else, as in R, they are where the standardised statistic
// crosses zero and the normal quantiles, found by a search that stops within [RootTolerance] (1e-4
// units): agreement with R's own answers is agreement to that tolerance.
//
// Where all differences that are not zero are equal, that is the estimate, and the normal approximation has no
// interval: as in R the estimate stands, here beside a [DegenerateError], with a zero CI.
//
// It takes [Confidence], [Alternative], [Null], [Exact], [Normal], [Continuity] and [RootTolerance].
func HodgesLehmann(pre, post []float64, opts ...Option) (HodgesLehmannResult, error) {
	d, err := differences(pre, post)
	if err != nil {
		return HodgesLehmannResult{}, err
	}
	return hodgesLehmann(weigh(d), opts)
}

func hodgesLehmann(w weighted, opts []Option) (HodgesLehmannResult, error) {
	const name = "Hodges–Lehmann estimate"
	c, err := configure(optLevel|optSide|optNull|optMethod|optContinuity|optTolerance, opts)
	if err != nil {
		return HodgesLehmannResult{}, err
	}
	if err := c.oneOf(exact, normal); err != nil {
		return HodgesLehmannResult{}, err
	}
	if w.n < 1 {
		return HodgesLehmannResult{}, SizeError{Statistic: name, N: w.n, Need: 1}
	}
	d, zeros := w.shift(c.null)
	if err := checkFinite("post minus pre less the null", d.values); err != nil {
		return HodgesLehmannResult{}, err
	}
	if d.n == 0 {
		return HodgesLehmannResult{}, DegenerateError{Statistic: name, Reason: "all differences are zero"}
	}
	k := d.rank(zeros, WilcoxonZeros, false)
	r := HodgesLehmannResult{N: d.n, Zeros: zeros}
	wantExact := c.method == exact || c.method == automatic && d.n < 50
	switch {
	case !wantExact:
	case k.ties && zeros > 0:
		r.ExactRefused = "ties and zeros"
	case k.ties:
		r.ExactRefused = "ties"
	case zeros > 0:
		r.ExactRefused = "zeros"
	}
	largest := 0.0
	for i := range d.values {
		d.values[i] += c.null
		largest = math.Max(largest, math.Abs(d.values[i]))
	}
	unit := 1.0
	if largest > math.MaxFloat64/4 { // two differences, or one less another, must not overflow
		unit = 8
		c.tolerance /= unit
		for i := range d.values {
			d.values[i] /= unit
		}
	}
	if wantExact && r.ExactRefused == "" {
		if d.n > maxExact {
			return HodgesLehmannResult{}, RangeError{Argument: "differences for an exact distribution", Got: float64(d.n), Min: 1, Max: maxExact}
		}
		r.exactLimits(d, c)
	} else {
		err = r.normalLimits(d, c)
	}
	r.Estimate, r.CI.Low, r.CI.High = r.Estimate*unit, r.CI.Low*unit, r.CI.High*unit
	return r, err
}

// exactLimits takes the order statistics of the Walsh averages that the exact distribution points to.
func (r *HodgesLehmannResult) exactLimits(d weighted, c config) {
	r.Distribution = "exact"
	r.Method = "median of the Walsh averages, exact limits"
	x := d.values // without ties each counts once
	n := int64(len(x))
	walsh := make([]float64, 0, n*(n+1)/2)
	for i := range x {
		for j := i; j < len(x); j++ {
			walsh = append(walsh, (x[i]+x[j])/2)
		}
	}
	slices.Sort(walsh)
	m := len(walsh)
	r.Estimate = (walsh[(m-1)/2] + walsh[m/2]) / 2
	doubled := make([]int64, n)
	for i := range doubled {
		doubled[i] = 2 * int64(i+1)
	}
	dist := signedRankDistribution(doubled)
	alpha := 1 - c.level
	tail := alpha
	if c.side == TwoSided {
		tail = alpha / 2
	}
	// R's qsignrank, with its allowance of ten units in the last place.
	top := int64(m)
	var q int64
	if tail <= 0.5 {
		for q = 0; dist.atMost(2*q) < tail-10*0x1p-52; q++ {
		}
	} else {
		for q = 0; dist.atMost(2*q) <= 1-tail+10*0x1p-52; q++ {
		}
		q = top - q
	}
	q = max(q, 1)
	achieved := dist.atMost(2 * (q - 1))
	r.CI = Interval{Level: c.level, Low: math.Inf(-1), High: math.Inf(1), Method: r.Method}
	if c.side != Less {
		r.CI.Low = walsh[q-1]
	}
	if c.side != Greater {
		r.CI.High = walsh[top-q]
	}
	if c.side == TwoSided {
		achieved *= 2
	}
	if achieved-alpha > alpha/2 {
		r.LevelNotAchieved = true
		r.CI.Level = 1 - signif(achieved, 2)
	}
}

// signif rounds to a number of significant digits.
func signif(x float64, digits int) float64 {
	if x == 0 {
		return 0
	}
	p := math.Pow(10, float64(digits-1)-math.Floor(math.Log10(math.Abs(x))))
	return math.RoundToEven(x*p) / p
}

// standardised is R's W(d): the statistic for the differences less shift, standardised.
func (d weighted) standardised(shift float64, correct bool, side Side) float64 {
	x := d.values
	r := sort.Search(len(x), func(i int) bool { return x[i]-shift > 0 })
	l := r - 1
	n := d.n
	if l >= 0 && x[l]-shift == 0 {
		n -= d.counts[l]
		l--
		for l >= 0 && x[l]-shift == 0 {
			n -= d.counts[l]
			l--
		}
	}
	var before, v, tieSum float64
	for l >= 0 || r < len(x) {
		// Subtraction can make distinct values equal, so each side gathers its equals.
		m := math.Inf(1)
		if r < len(x) {
			m = x[r] - shift
		}
		if l >= 0 {
			m = math.Min(m, shift-x[l])
		}
		var pos, neg float64
		for r < len(x) && x[r]-shift == m {
			pos += float64(d.counts[r])
			r++
		}
		for l >= 0 && shift-x[l] == m {
			neg += float64(d.counts[l])
			l--
		}
		t := pos + neg
		v += pos * (before + (t+1)/2)
		tieSum += t * (t*t - 1)
		before += t
	}
	nx := float64(n)
	z := v - nx*(nx+1)/4
	sigma := math.Sqrt(nx*(nx+1)*(2*nx+1)/24 - tieSum/48)
	if correct {
		switch side {
		case TwoSided:
			switch {
			case z > 0:
				z -= 0.5
			case z < 0:
				z += 0.5
			}
		case Greater:
			z -= 0.5
		case Less:
			z += 0.5
		}
	}
	return z / sigma
}

// inOrder puts limits in order that two searches have found: where they lie closer
// together than the searches go, the lower one may come out above the upper.
func (in *Interval) inOrder() {
	in.Low, in.High = min(in.Low, in.High), max(in.Low, in.High)
}

// normalLimits searches as R's wilcox.test does.
func (r *HodgesLehmannResult) normalLimits(d weighted, c config) error {
	const name = "Hodges–Lehmann estimate"
	r.Distribution = "normal"
	r.Method = "pseudomedian by root finding on the normal approximation"
	if c.continuity {
		r.Method += ", limits with continuity correction"
	}
	lo, hi := d.values[0], d.values[len(d.values)-1]
	w := func(shift float64) float64 { return d.standardised(shift, c.continuity, c.side) }
	wLo, wHi := w(lo), w(hi)
	if lo == hi || math.IsNaN(wLo) || math.IsInf(wLo, 0) || math.IsNaN(wHi) || math.IsInf(wHi, 0) {
		if lo == hi {
			r.Estimate = lo
		}
		return DegenerateError{Statistic: "interval of the " + name, Reason: "all differences that are not zero are equal"}
	}
	find := func(f func(float64) float64, fLo, fHi, target float64) (float64, error) {
		if fLo-target < 0 || fHi-target > 0 {
			return 0, ConvergenceError{Statistic: name}
		}
		x, ok := root.Brent(func(s float64) float64 { return f(s) - target }, lo, hi, fLo-target, fHi-target, c.tolerance, 1001)
		if !ok {
			return 0, ConvergenceError{Statistic: name}
		}
		return x, nil
	}
	median := func() float64 {
		q, _ := d.quantiles(R7, []float64{0.5})
		return q[0]
	}
	alpha := 1 - c.level
	level := c.level
	for alpha < 1 {
		half := alpha / 2
		var lowOut, highOut bool
		switch c.side {
		case TwoSided:
			lowOut = wLo-special.NormQuantile(half)*-1 < 0
			highOut = wHi-special.NormQuantile(half) > 0
		case Greater:
			lowOut = wLo+special.NormQuantile(alpha) < 0
		case Less: // with alpha/2, as in R
			highOut = wHi-special.NormQuantile(half) > 0
		}
		if !lowOut && !highOut {
			break
		}
		alpha *= 2
	}
	if alpha >= 1 || 1-c.level < alpha*0.75 {
		level = 1 - math.Min(1, alpha)
		r.LevelNotAchieved = true
	}
	r.CI = Interval{Level: level, Low: math.Inf(-1), High: math.Inf(1), Method: r.Method}
	var err error
	switch {
	case alpha >= 1:
		m := median()
		if c.side != Less {
			r.CI.Low = m
		}
		if c.side != Greater {
			r.CI.High = m
		}
	default:
		tail := alpha
		if c.side == TwoSided {
			tail = alpha / 2
		}
		q := special.NormQuantile(tail)
		if c.side != Less {
			if r.CI.Low, err = find(w, wLo, wHi, -q); err != nil {
				return err
			}
		}
		if c.side != Greater {
			if r.CI.High, err = find(w, wLo, wHi, q); err != nil {
				return err
			}
		}
	}
	r.CI.inOrder()
	plain := func(shift float64) float64 { return d.standardised(shift, false, c.side) }
	r.Estimate, err = find(plain, plain(lo), plain(hi), 0)
	return err
}

// RankBiserialResult is the matched-pairs rank-biserial correlation.
type RankBiserialResult struct {
	Method   string  `json:"method"`
	N        int64   `json:"n"`
	Zeros    int64   `json:"zeros"`
	Estimate float64 `json:"estimate"`
}

// RankBiserial is the matched-pairs rank-biserial correlation of post minus pre: the share of the rank
// sum that is favourable less the share that is not (Kerby 2014), zeros dropped; 1 where everyone rose.
func RankBiserial(pre, post []float64) (RankBiserialResult, error) {
	d, err := differences(pre, post)
	if err != nil {
		return RankBiserialResult{}, err
	}
	return rankBiserial(weigh(d))
}

func rankBiserial(w weighted) (RankBiserialResult, error) {
	const name = "matched-pairs rank-biserial correlation"
	if w.n < 1 {
		return RankBiserialResult{}, SizeError{Statistic: name, N: w.n, Need: 1}
	}
	d, zeros := w.shift(0)
	if d.n == 0 {
		return RankBiserialResult{}, DegenerateError{Statistic: name, Reason: "all differences are zero"}
	}
	k := d.rank(zeros, WilcoxonZeros, false)
	return RankBiserialResult{Method: name, N: d.n, Zeros: zeros, Estimate: (2*k.v - k.total) / k.total}, nil
}

// SignTestResult is the sign test.
type SignTestResult struct {
	Method      string  `json:"method"`
	Positive    int64   `json:"positive"`
	Negative    int64   `json:"negative"`
	Zeros       int64   `json:"zeros"` // dropped
	P           float64 `json:"p_value"`
	Alternative Side    `json:"alternative"`
	Null        float64 `json:"null"`
}

// SignTest is the exact sign test of post minus pre: of the differences that are not equal to the null,
// are more than half above it? As R's binom.test. It takes [Alternative] and [Null].
func SignTest(pre, post []float64, opts ...Option) (SignTestResult, error) {
	d, err := differences(pre, post)
	if err != nil {
		return SignTestResult{}, err
	}
	return signTest(weigh(d), opts)
}

func signTest(w weighted, opts []Option) (SignTestResult, error) {
	const name = "exact sign test"
	c, err := configure(optSide|optNull, opts)
	if err != nil {
		return SignTestResult{}, err
	}
	if w.n < 1 {
		return SignTestResult{}, SizeError{Statistic: name, N: w.n, Need: 1}
	}
	d, zeros := w.shift(c.null)
	r := SignTestResult{Method: name, Zeros: zeros, Alternative: c.side, Null: c.null}
	for i, v := range d.values {
		if v > 0 {
			r.Positive += d.counts[i]
		} else {
			r.Negative += d.counts[i]
		}
	}
	if d.n == 0 {
		return SignTestResult{}, DegenerateError{Statistic: name, Reason: "all differences are zero"}
	}
	r.P = halfBinomialP(r.Positive, d.n, c.side)
	return r, nil
}

// halfBinomialP is the exact p-value of x successes in n trials of probability one half.
func halfBinomialP(x, n int64, side Side) float64 {
	atMost, atLeast := special.BinomialTails(float64(x), float64(n), 0.5)
	switch side {
	case Less:
		return atMost
	case Greater:
		return atLeast
	}
	return min(1, 2*min(atMost, atLeast))
}
