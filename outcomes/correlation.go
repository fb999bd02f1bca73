package outcomes

import (
	"math"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// CorrelationResult is a correlation of two variables.
type CorrelationResult struct {
	Method       string    `json:"method"`
	Distribution string    `json:"distribution"` // t, exact or normal
	N            int64     `json:"n"`
	Estimate     float64   `json:"estimate"`
	P            float64   `json:"p_value"`
	Alternative  Side      `json:"alternative"`
	CI           *Interval `json:"ci,omitempty"` // Pearson's only, by Fisher's z; nil for n = 3
}

// Pearson is the product-moment correlation with its t test and the interval by Fisher's z, as R's
// cor.test. It takes [Confidence] and [Alternative], and needs three pairs.
func Pearson(x, y []float64, opts ...Option) (CorrelationResult, error) {
	const name = "Pearson's correlation"
	c, err := configure(optLevel|optSide, opts)
	if err != nil {
		return CorrelationResult{}, err
	}
	if err := checkTwo(name, x, y, 3); err != nil {
		return CorrelationResult{}, err
	}
	r, err := pearson(name, x, y)
	if err != nil {
		return CorrelationResult{}, err
	}
	out := CorrelationResult{Method: name, Distribution: "t", N: int64(len(x)), Estimate: r, Alternative: c.side}
	out.P = correlationP(r, float64(len(x)-2), c.side)
	if len(x) > 3 {
		z, sigma := math.Atanh(r), 1/math.Sqrt(float64(len(x)-3))
		ci := Interval{Level: c.level, Low: -1, High: 1, Method: "Fisher's z"}
		tail := 1 - c.level
		if c.side == TwoSided {
			tail /= 2
		}
		q := -special.NormQuantile(tail)
		if c.side != Less {
			ci.Low = math.Tanh(z - sigma*q)
		}
		if c.side != Greater {
			ci.High = math.Tanh(z + sigma*q)
		}
		out.CI = &ci
	}
	return out, nil
}

func checkTwo(name string, x, y []float64, need int) error {
	if len(x) != len(y) {
		return LengthError{First: "x", Second: "y", NFirst: len(x), NSecond: len(y)}
	}
	if err := checkFinite("x", x); err != nil {
		return err
	}
	if err := checkFinite("y", y); err != nil {
		return err
	}
	if len(x) < need {
		return SizeError{Statistic: name, N: int64(len(x)), Need: int64(need)}
	}
	return nil
}

// pearson is the correlation coefficient as R has it, the covariance over the product of the standard
// deviations, each rounded, so that those correlations are perfect that are perfect in R.
func pearson(name string, x, y []float64) (float64, error) {
	_, sx, _, sy, cov := pairMoments(x, y)
	if !plainSD(sx) || !plainSD(sy) {
		var mx, my float64
		x, mx, sx = centred(x)
		y, my, sy = centred(y)
		if !(sx > 0) || !(sy > 0) {
			return 0, DegenerateError{Statistic: name, Reason: "one variable does not vary"}
		}
		cov = covariance(x, y, mx, my)
	}
	r := cov / (sx * sy)
	if err := finiteAll(name, r); err != nil {
		return 0, err
	}
	return math.Max(-1, math.Min(1, r)), nil
}

// plainSD reports whether products of deviations of that SD neither overflow nor vanish.
func plainSD(sd float64) bool { return sd > 1e-70 && sd < 1e70 }

// centred is x with its mean and SD, scaled by a power of two where products would overflow or vanish.
func centred(x []float64) (scaled []float64, m, sd float64) {
	m, sd = meanSD(x)
	if sd == 0 || plainSD(sd) {
		return x, m, sd
	}
	if m-m != 0 || sd-sd != 0 { // near the largest number there is, the spread itself overflows
		scaled = make([]float64, len(x))
		for i, v := range x {
			scaled[i] = v / 8
		}
		return centred(scaled)
	}
	e := math.Ilogb(sd)
	scaled = make([]float64, len(x))
	for i, v := range x {
		scaled[i] = math.Ldexp(v-m, -e)
	}
	m, sd = meanSD(scaled)
	return scaled, m, sd
}

// correlationP is the p-value of r by t on df degrees of freedom; 0 at the end of the scale.
func correlationP(r, df float64, side Side) float64 {
	t := math.Copysign(math.Inf(1), r)
	if d := 1 - float64(r*r); d > 0 { // as R has it; 1 − r is no better known
		t = math.Sqrt(df) * r / math.Sqrt(d)
	}
	if math.IsInf(t, 0) {
		switch {
		case side == TwoSided, (side == Less) == (t < 0):
			return 0
		}
		return 1
	}
	switch side {
	case Less:
		return special.TSF(-t, df)
	case Greater:
		return special.TSF(t, df)
	}
	return special.TTwoSided(t, df)
}

// rankCorrelation is the correlation of doubled ranks, its sums exact, in the same steps as [pearson].
func rankCorrelation(name string, x, y []int64) (float64, error) {
	n := int64(len(x))
	if n > math.MaxInt32 {
		return 0, RangeError{Argument: "pairs to rank", Got: float64(n), Min: 2, Max: math.MaxInt32}
	}
	// Centred, the doubled ranks are whole numbers below n; so many products fit into 63 bits.
	room := max(1, math.MaxInt64/(n*n))
	var xx, yy, xy Int128
	for from := int64(0); from < n; from += room {
		var sxx, syy, sxy int64
		ys := y[from:min(n, from+room)]
		for i, a := range x[from : from+int64(len(ys))] {
			a -= n + 1
			b := ys[i] - (n + 1)
			sxx += a * a
			syy += b * b
			sxy += a * b
		}
		xx, yy, xy = xx.AddInt64(sxx), yy.AddInt64(syy), xy.AddInt64(sxy)
	}
	if xx.Sign() == 0 || yy.Sign() == 0 {
		return 0, DegenerateError{Statistic: name, Reason: "one variable does not vary"}
	}
	quarter := 4 * float64(n-1)
	sx, sy := xx.total().root(quarter), yy.total().root(quarter)
	return math.Max(-1, math.Min(1, xy.total().value()/quarter/(sx*sy))), nil
}

// Spearman is Spearman's rank correlation, mid-ranks for ties, as R's cor.test(method = "spearman"): without
// ties, the distribution by enumeration up to 9 pairs, and up to 1,290 by the Edgeworth series of algorithm
// AS 89 (Best and Roberts 1975), whose p-values below about 1e-5 are rough and can be 0; with ties, or more
// pairs, the t approximation. [Normal] asks for the t approximation throughout, as R's exact = FALSE; [Exact]
// is the default by name. [Permutation] enumerates up to 12 pairs, ties or not. A two-sided exact p-value is
// twice the smaller tail. It takes [Alternative], [Exact], [Normal] and [Permutation], and needs two pairs, for
// the t approximation three.
func Spearman(x, y []float64, opts ...Option) (CorrelationResult, error) {
	const name = "Spearman's rank correlation"
	c, err := configure(optSide|optMethod, opts)
	if err != nil {
		return CorrelationResult{}, err
	}
	if err := c.oneOf(exact, normal, permutation); err != nil {
		return CorrelationResult{}, err
	}
	need := 2
	if c.method == normal {
		need = 3
	}
	if err := checkTwo(name, x, y, need); err != nil {
		return CorrelationResult{}, err
	}
	rx, tx := ranks(x)
	ry, ty := ranks(y)
	r, err := rankCorrelation(name, rx, ry)
	if err != nil {
		return CorrelationResult{}, err
	}
	n := len(x)
	out := CorrelationResult{Method: name, N: int64(n), Estimate: r, Alternative: c.side}
	ties := len(tx) > 0 || len(ty) > 0
	switch {
	case c.method == permutation:
		if n > maxPermutedRanks {
			return CorrelationResult{}, RangeError{Argument: "pairs for a permutation distribution", Got: float64(n), Min: 3, Max: maxPermutedRanks}
		}
		out.Distribution = "permutation"
		out.P = c.side.of(rankProductTails(rx, ry))
	case c.method != normal && !ties && n <= 9:
		out.Distribution = "exact"
		out.P = c.side.of(rankProductTails(rx, ry))
	case c.method != normal && !ties && n <= 1290:
		out.Distribution = "Edgeworth series"
		s := 0.0 // the sum of squared differences of ranks
		for i := range rx {
			s += sq(float64(rx[i]-ry[i]) / 2)
		}
		// A large sum is a low correlation. The sum is even, so that S ≤ s is S < s + 2.
		_, high := edgeworth(float64(n), s+2)
		low, _ := edgeworth(float64(n), s)
		if c.side == TwoSided && s > float64(n)*(sq(float64(n))-1)/6 {
			high = low
		} else if c.side == TwoSided {
			low = high
		}
		out.P = c.side.of(low, high)
	default:
		out.Distribution = "t"
		// By way of S, the sum of squared rank differences, as in R: near the ends the last place decides.
		k := float64(n)
		s := (k*k*k - k) * (1 - r) / 6
		out.P = correlationP(1-s/(k*(k*k-1)/6), k-2, c.side)
	}
	return out, nil
}

// of picks the p-value from the probabilities of a statistic that is at most, and at least, the observed one.
func (s Side) of(atMost, atLeast float64) float64 {
	switch s {
	case Less:
		return min(1, atMost)
	case Greater:
		return min(1, atLeast)
	}
	return min(1, 2*min(atMost, atLeast))
}

// edgeworth returns P(S ≥ s) and P(S < s) for the sum of squared rank differences of n pairs, by the series
// whose coefficients are those of algorithm AS 89.
func edgeworth(n, s float64) (atLeast, below float64) {
	if s <= 0 {
		return 1, 0
	}
	if s > n*(n*n-1)/3 {
		return 0, 1
	}
	x := (6*(s-1)/(n*(n*n-1)) - 1) * math.Sqrt(n-1)
	y, b := x*x, 1/n
	third := 0.0072 - 0.0831*b + y*b*(0.0131-0.00046*y)
	second := 0.0879 + 0.0151*b - y*third
	first := -0.0758 + b*(0.1033+0.3932*b) - y*b*second
	u := x * b * (0.2274 + b*(0.2531+0.1745*b) + y*first) * math.Exp(-y/2)
	clamp := func(p float64) float64 { return math.Max(0, math.Min(1, p)) }
	return clamp(special.NormSF(x) + u), clamp(special.NormCDF(x) - u)
}

const maxPermutedRanks = 12

// rankProductTails returns how probable it is, all pairings of the doubled ranks being as likely, that their sum of
// products is at most, and at least, the one observed. It goes through the first ranks one by one and keeps,
// for each set of second ranks used so far, how many ways lead to each sum.
func rankProductTails(a, b []int64) (atMost, atLeast float64) {
	n := len(a)
	observed, top := int64(0), int64(0)
	for i := range a {
		observed += a[i] * b[i]
		top = max(top, b[i])
	}
	layer := map[int][]float64{0: {1}}
	reach := int64(0)
	for _, v := range a {
		reach += v * top
		next := make(map[int][]float64)
		for set, ways := range layer {
			for j, w := range b {
				if set>>j&1 == 1 {
					continue
				}
				to := set | 1<<j
				into, ok := next[to]
				if !ok {
					into = make([]float64, reach+1)
					next[to] = into
				}
				for t, k := range ways {
					if k > 0 {
						into[int64(t)+v*w] += k // whole numbers below 2^53: exact in any order
					}
				}
			}
		}
		layer = next
	}
	all := 0.0
	for t, k := range layer[1<<n-1] {
		all += k
		if int64(t) <= observed {
			atMost += k
		}
		if int64(t) >= observed {
			atLeast += k
		}
	}
	return atMost / all, atLeast / all
}

// Kendall is Kendall's tau-b, as R's cor.test(method = "kendall"): exact for fewer than 50 pairs without
// ties, else normal with the variance corrected for ties. It takes [Alternative], [Exact], [Normal] and
// [Continuity] (off by default, as in R), and needs two pairs.
func Kendall(x, y []float64, opts ...Option) (CorrelationResult, error) {
	const name = "Kendall's tau-b"
	c, err := configure(optSide|optMethod|optContinuity, opts)
	if err != nil {
		return CorrelationResult{}, err
	}
	if err := c.oneOf(exact, normal); err != nil {
		return CorrelationResult{}, err
	}
	if err := checkTwo(name, x, y, 2); err != nil {
		return CorrelationResult{}, err
	}
	n := float64(len(x))
	s, tx, ty := concordance(x, y)
	choose := func(ties []int) float64 {
		v := 0.0
		for _, t := range ties {
			v += float64(t) * float64(t-1) / 2
		}
		return v
	}
	t0, t1, t2 := n*(n-1)/2, choose(tx), choose(ty)
	if t1 == t0 || t2 == t0 {
		return CorrelationResult{}, DegenerateError{Statistic: name, Reason: "one variable does not vary"}
	}
	out := CorrelationResult{Method: name, N: int64(len(x)), Alternative: c.side}
	out.Estimate = math.Max(-1, math.Min(1, s/math.Sqrt((t0-t1)*(t0-t2))))
	ties := t1 > 0 || t2 > 0
	if !ties && (c.method == exact || c.method == automatic && len(x) < 50) {
		if len(x) > maxExactTwo {
			return CorrelationResult{}, RangeError{Argument: "pairs for an exact distribution", Got: n, Min: 2, Max: maxExactTwo}
		}
		out.Distribution = "exact"
		out.P = kendallP(len(x), int64(math.Round((s+t0)/2)), c.side)
		return out, nil
	}
	var vt, vu, a1, b1, a2, b2 float64
	for _, t := range tx {
		f := float64(t)
		vt += f * (f - 1) * (2*f + 5)
		a1 += f * (f - 1)
		a2 += f * (f - 1) * (f - 2)
	}
	for _, t := range ty {
		f := float64(t)
		vu += f * (f - 1) * (2*f + 5)
		b1 += f * (f - 1)
		b2 += f * (f - 1) * (f - 2)
	}
	v := (n*(n-1)*(2*n+5)-vt-vu)/18 + a1*b1/(2*n*(n-1))
	if n > 2 {
		v += a2 * b2 / (9 * n * (n - 1) * (n - 2))
	}
	if c.given&optContinuity != 0 && c.continuity && s != 0 {
		s -= math.Copysign(1, s)
	}
	out.Distribution = "normal"
	out.P = normalP(s/math.Sqrt(v), c.side)
	return out, nil
}

// concordance is concordant minus discordant pairs, by Knight's algorithm (1966): sort by x, then count
// the exchanges that sorting by y takes. It also returns the sizes of the tie groups.
func concordance(x, y []float64) (s float64, tx, ty []int) {
	n := len(x)
	order := ascending(x)
	v := make([]float64, n)
	for i, k := range order {
		v[i] = y[k]
	}
	joint := 0.0
	for i := 0; i < n; {
		j := i + 1
		for j < n && x[order[j]] == x[order[i]] {
			j++
		}
		tx = append(tx, j-i)
		if j > i+1 {
			sortFloats(v[i:j])
		}
		for k := i; k < j; {
			l := k + 1
			for l < j && v[l] == v[k] {
				l++
			}
			joint += float64(l-k) * float64(l-k-1) / 2
			k = l
		}
		i = j
	}
	swaps := mergeSwaps(v, make([]float64, n))
	var t1, t2 float64
	for i := 0; i < n; { // v is now sorted
		j := i + 1
		for j < n && v[j] == v[i] {
			j++
		}
		ty = append(ty, j-i)
		t2 += float64(j-i) * float64(j-i-1) / 2
		i = j
	}
	for _, t := range tx {
		t1 += float64(t) * float64(t-1) / 2
	}
	fn := float64(n)
	return fn*(fn-1)/2 - t1 - t2 + joint - 2*swaps, tx, ty
}

// mergeSwaps sorts v and counts the exchanges of neighbours that it took.
func mergeSwaps(v, buf []float64) float64 {
	if len(v) <= 16 { // by moving each to its place
		swaps := 0
		for i := 1; i < len(v); i++ {
			x, j := v[i], i
			for ; j > 0 && v[j-1] > x; j-- {
				v[j] = v[j-1]
			}
			v[j] = x
			swaps += i - j
		}
		return float64(swaps)
	}
	m := len(v) / 2
	swaps := mergeSwaps(v[:m], buf[:m]) + mergeSwaps(v[m:], buf[m:])
	copy(buf, v)
	i, j := 0, m
	for k := range v {
		if j >= len(v) || i < m && buf[i] <= buf[j] {
			v[k] = buf[i]
			i++
		} else {
			v[k] = buf[j]
			swaps += float64(m - i)
			j++
		}
	}
	return swaps
}

// kendallP is the exact p-value of q concordant pairs among n values without ties.
func kendallP(n int, q int64, side Side) float64 {
	top := n * (n - 1) / 2
	p := make([]float64, top+1)
	next := make([]float64, top+1)
	p[0] = 1
	reach := 0
	for k := 2; k <= n; k++ {
		// the k-th value adds 0 to k−1 concordant pairs, each as likely
		window := 0.0
		for s := 0; s <= reach+k-1; s++ {
			// a running window would subtract; for small k the sum itself is as fast and keeps the tails
			window = 0
			for d := max(0, s-reach); d <= min(k-1, s); d++ {
				window += p[s-d]
			}
			next[s] = window / float64(k)
		}
		reach += k - 1
		p, next = next, p
	}
	var atMost, atLeast float64
	for s, v := range p[:reach+1] {
		if int64(s) <= q {
			atMost += v
		}
		if int64(s) >= q {
			atLeast += v
		}
	}
	switch side {
	case Less:
		return min(1, atMost)
	case Greater:
		return min(1, atLeast)
	}
	return min(1, 2*min(atMost, atLeast))
}
