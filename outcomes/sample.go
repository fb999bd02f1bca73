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

// differences returns post minus pre.
func differences(pre, post []float64) ([]float64, error) {
	if len(pre) != len(post) {
		return nil, LengthError{First: "pre", Second: "post", NFirst: len(pre), NSecond: len(post)}
	}
	if err := checkFinite("pre", pre); err != nil {
		return nil, err
	}
	if err := checkFinite("post", post); err != nil {
		return nil, err
	}
	d := make([]float64, len(pre))
	for i := range d {
		d[i] = post[i] - pre[i]
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

func (t total) value() float64 { return t.sum + t.rest }

// addProduct adds a·b with the rounding of the product kept too.
func (t *total) addProduct(a, b float64) {
	p := a * b
	t.add(p)
	t.rest += math.FMA(a, b, -p)
}

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
	// Each value is divided first where the sum could overflow.
	var t total
	for _, v := range x {
		t.add(v)
	}
	if m := t.value() / float64(len(x)); m-m == 0 {
		return m
	}
	t = total{}
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
	scale := 0.0
	for _, v := range x {
		scale = math.Max(scale, math.Abs(v-m))
	}
	if scale == 0 {
		return m, 0
	}
	scale = math.Ldexp(1, math.Ilogb(scale))
	if scale > 1e-100 && scale < 1e100 {
		scale = 1
	}
	var sq, dev total
	for _, v := range x {
		d, lost := minus(v, m)
		d, lost = d/scale, lost/scale
		dev.add(d)
		dev.rest += lost
		sq.addProduct(d, d)
		sq.rest += 2 * d * lost
	}
	r := dev.value()
	return m, scale * sq.less(r*r/n).root(n-1)
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
	slices.Sort(s)
	w := weighted{values: s[:0], counts: make([]int64, 0, min(len(s), 1024)), n: int64(len(s))}
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
