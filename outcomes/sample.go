package outcomes

import (
	"math"
	"slices"
)

// checkFinite returns a NotFiniteError for the first value that is NaN or infinite.
func checkFinite(name string, x []float64) error {
	for i, v := range x {
		if v-v != 0 {
			return NotFiniteError{Argument: name, Index: i}
		}
	}
	return nil
}

// finiteAll checks single numbers: parts of one argument or result, which have no index.
func finiteAll(name string, x ...float64) error {
	if checkFinite(name, x) != nil {
		return NotFiniteError{Argument: name, Index: -1}
	}
	return nil
}

// checkN checks a number of observations that no sample gave, but a summary or the caller: a count beyond [MaxRows] is
// a slip, and two such counts could add up to a negative one.
func checkN(statistic string, n, need int64) error {
	if n < need {
		return SizeError{Statistic: statistic, N: n, Need: need}
	}
	if n > MaxRows {
		return RangeError{Argument: "n", Got: float64(n), Min: float64(need), Max: MaxRows}
	}
	return nil
}

// differences returns post minus pre.
func differences(pre, post []float64) ([]float64, error) {
	if len(pre) != len(post) {
		return nil, LengthError{First: "pre", Second: "post", NFirst: len(pre), NSecond: len(post)}
	}
	d, finite := make([]float64, len(pre)), true
	for i, a := range pre {
		v := post[i] - a
		d[i] = v
		finite = finite && v-v == 0 // a difference is not finite where one of the two is not
	}
	if finite {
		return d, nil
	}
	if err := checkFinite("pre", pre); err != nil {
		return nil, err
	}
	if err := checkFinite("post", post); err != nil {
		return nil, err
	}
	return d, checkFinite("post minus pre", d)
}

// total is a sum with a running compensation: the rounding of each addition is kept.
type total struct{ sum, rest float64 }

func (t *total) add(v float64) {
	s := t.sum + v
	z := s - t.sum // without a branch on which is larger (Knuth's two-sum)
	t.rest += (t.sum - (s - z)) + (v - z)
	t.sum = s
}

func (t *total) addTotal(o total) {
	t.add(o.sum)
	t.rest += o.rest
}

func (t total) value() float64 { return t.sum + t.rest }

// addProduct adds a·b with the rounding of the product kept too.
func (t *total) addProduct(a, b float64) {
	p := a * b
	t.add(p)
	t.rest += productRest(a, b, p)
}

// productRest is what rounding a·b to p lost, to within what a total holds: the halves' products are exact but
// for the last. math.FMA would be shorter, but its test for processors that have no such instruction keeps the
// sums of a loop out of the registers.
func productRest(a, b, p float64) float64 {
	a1, b1 := upperHalf(a), upperHalf(b)
	return ((a1*b1 - p + a1*(b-b1)) + (a-a1)*b1) + (a-a1)*(b-b1)
}

// upperHalf is a number without the lower half of its digits.
func upperHalf(v float64) float64 { return math.Float64frombits(math.Float64bits(v) &^ (1<<27 - 1)) }

// minus is a − b and what its rounding lost (Knuth's two-sum); nothing where it overflows.
func minus(a, b float64) (d, lost float64) {
	d = a - b
	z := d - a
	lost = (a - (d - z)) - (b + z)
	if lost-lost != 0 {
		lost = 0
	}
	return d, lost
}

func (t total) less(v float64) total {
	t.add(-v)
	return t
}

// root is √(t/n), rounded once: R takes its standard deviations from wider numbers, and whether a
// correlation comes out as 1 hangs on the last place. A total below 0 counts as 0.
func (t total) root(n float64) float64 {
	q := t.value() / n
	if !(q > 0) || math.IsInf(q, 0) {
		return math.Sqrt(math.Max(0, q))
	}
	p := q * n
	rest := ((t.sum - p) - math.FMA(q, n, -p) + t.rest) / n
	s := math.Sqrt(q)
	return s + (rest-math.FMA(s, s, -q))/(2*s)
}

func mean(x []float64) float64 {
	// Four sums side by side, which do not wait for each other.
	var a, b, c, d total
	i := 0
	for ; i+4 <= len(x); i += 4 {
		q := x[i : i+4 : i+4]
		a.add(q[0])
		b.add(q[1])
		c.add(q[2])
		d.add(q[3])
	}
	for _, v := range x[i:] {
		a.add(v)
	}
	a.addTotal(b)
	c.addTotal(d)
	a.addTotal(c)
	if m := a.value() / float64(len(x)); m-m == 0 {
		return m
	}
	// Each value is divided first where the sum could overflow.
	var t total
	for _, v := range x {
		t.add(v / float64(len(x)))
	}
	return t.value()
}

// meanSD is the mean and the sample standard deviation, the second pass corrected for the rounding of the
// mean, and scaled so that squares neither overflow nor vanish.
func meanSD(x []float64) (m, sd float64) {
	m = mean(x)
	n := float64(len(x))
	if n < 2 {
		return m, 0
	}
	t := squares(x, m)
	if t.plain() {
		return m, t.sd(n)
	}
	scale := 0.0
	for _, v := range x {
		scale = math.Max(scale, math.Abs(v-m))
	}
	if scale == 0 {
		return m, 0
	}
	scale = math.Ldexp(1, math.Ilogb(scale))
	t = deviations{}
	for _, v := range x {
		d, lost := minus(v, m)
		t.add(d/scale, lost/scale)
	}
	return m, scale * t.sd(n)
}

// deviations sums squared deviations from a rounded mean, and what that leaves of the deviations themselves.
type deviations struct{ sq, dev total }

func (t *deviations) add(d, lost float64) {
	t.dev.add(d)
	t.dev.rest += lost
	t.sq.addProduct(d, d)
	t.sq.rest += 2 * d * lost
}

// plain reports whether the squares neither overflowed nor vanished.
func (t deviations) plain() bool { return t.sq.sum > 1e-200 && t.sq.sum < 1e200 }

func (t deviations) sd(n float64) float64 {
	r := t.dev.value()
	return t.sq.less(r * r / n).root(n - 1)
}

// squares sums the deviations of x from m, two by two, which do not wait for each other.
func squares(x []float64, m float64) deviations {
	var sq1, dev1, sq2, dev2 total
	for i := 1; i < len(x); i += 2 {
		d, lost := minus(x[i-1], m)
		dev1.add(d)
		dev1.rest += lost
		p := d * d
		sq1.add(p)
		sq1.rest += productRest(d, d, p) + 2*d*lost
		d, lost = minus(x[i], m)
		dev2.add(d)
		dev2.rest += lost
		p = d * d
		sq2.add(p)
		sq2.rest += productRest(d, d, p) + 2*d*lost
	}
	t := deviations{sq1, dev1}
	if len(x)%2 == 1 {
		t.add(minus(x[len(x)-1], m))
	}
	t.sq.addTotal(sq2)
	t.dev.addTotal(dev2)
	return t
}

// pairMoments is the mean and the SD of both, and their covariance, in one walk where their scale allows.
func pairMoments(x, y []float64) (mx, sdx, my, sdy, cov float64) {
	mx, my = mean(x), mean(y)
	n := float64(len(x))
	var xx, yy, xy, dx, dy total
	for i, v := range x {
		a, lostA := minus(v, mx)
		b, lostB := minus(y[i], my)
		dx.add(a)
		dx.rest += lostA
		dy.add(b)
		dy.rest += lostB
		aa, bb, ab := a*a, b*b, a*b
		xx.add(aa)
		xx.rest += productRest(a, a, aa) + 2*a*lostA
		yy.add(bb)
		yy.rest += productRest(b, b, bb) + 2*b*lostB
		xy.add(ab)
		xy.rest += productRest(a, b, ab) + (a*lostB + b*lostA)
	}
	a, b := deviations{xx, dx}, deviations{yy, dy}
	if !a.plain() || !b.plain() {
		mx, sdx = meanSD(x)
		my, sdy = meanSD(y)
		return mx, sdx, my, sdy, covariance(x, y, mx, my)
	}
	return mx, a.sd(n), my, b.sd(n), xy.less(dx.value()*dy.value()/n).value() / (n - 1)
}

// covariance is the sample covariance.
func covariance(x, y []float64, mx, my float64) float64 {
	var t, dx, dy total
	for i := range x {
		a, lostA := minus(x[i], mx)
		b, lostB := minus(y[i], my)
		t.addProduct(a, b)
		t.rest += a*lostB + b*lostA
		dx.add(a)
		dx.rest += lostA
		dy.add(b)
		dy.rest += lostB
	}
	n := float64(len(x))
	return t.less(dx.value()*dy.value()/n).value() / (n - 1)
}

// weighted is a sample as its distinct values, ascending, with their counts.
type weighted struct {
	values []float64
	counts []int64
	n      int64
}

// weigh groups a sample by equal values.
func weigh(x []float64) weighted {
	s := slices.Clone(x)
	sortFloats(s)
	distinct := 0
	for i, v := range s {
		if i == 0 || v != s[i-1] {
			distinct++
		}
	}
	w := weighted{values: s[:0], counts: make([]int64, 0, distinct), n: int64(len(s))}
	for i := 0; i < len(s); {
		j := i + 1
		for j < len(s) && s[j] == s[i] {
			j++
		}
		w.values = append(w.values, s[i])
		w.counts = append(w.counts, int64(j-i))
		i = j
	}
	return w
}

// weighted is the counts as values in units.
func (c Counts) weighted(statistic string) (weighted, error) {
	if c.Capped {
		return weighted{}, CappedError{Statistic: statistic}
	}
	var w weighted
	for v, n := range c.All() {
		w.values = append(w.values, float64(v)/Unit)
		w.counts = append(w.counts, n)
		w.n += n
	}
	return w, nil
}

// shift subtracts mu and drops what is then zero; it returns how many were dropped.
func (w weighted) shift(mu float64) (weighted, int64) {
	if mu == 0 {
		i, found := slices.BinarySearch(w.values, 0)
		if !found {
			return w, 0
		}
		w.n -= w.counts[i]
		zeros := w.counts[i]
		w.values = slices.Delete(slices.Clone(w.values), i, i+1)
		w.counts = slices.Delete(slices.Clone(w.counts), i, i+1)
		return w, zeros
	}
	out := weighted{values: make([]float64, 0, len(w.values)), counts: make([]int64, 0, len(w.counts))}
	zeros := int64(0)
	for i, v := range w.values {
		d := v - mu
		if d == 0 {
			zeros += w.counts[i]
			continue
		}
		if k := len(out.values); k > 0 && out.values[k-1] == d { // the subtraction made them equal
			out.counts[k-1] += w.counts[i]
		} else {
			out.values = append(out.values, d)
			out.counts = append(out.counts, w.counts[i])
		}
		out.n += w.counts[i]
	}
	return out, zeros
}
