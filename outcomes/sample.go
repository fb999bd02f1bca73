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

// total is a sum with a running compensation (Neumaier 1974): the rounding of each addition is kept.
type total struct{ sum, rest float64 }

func (t *total) add(v float64) {
	s := t.sum + v
	if math.Abs(t.sum) >= math.Abs(v) {
		t.rest += (t.sum - s) + v
	} else {
		t.rest += (v - s) + t.sum
	}
	t.sum = s
}

func (t total) value() float64 { return t.sum + t.rest }

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
		d := (v - m) / scale
		dev.add(d)
		sq.add(d * d)
	}
	r := dev.value()
	return m, scale * math.Sqrt(math.Max(0, (sq.value()-r*r/n)/(n-1)))
}

// covariance is the sample covariance.
func covariance(x, y []float64, mx, my float64) float64 {
	var t, dx, dy total
	for i := range x {
		a, b := x[i]-mx, y[i]-my
		t.add(a * b)
		dx.add(a)
		dy.add(b)
	}
	n := float64(len(x))
	return (t.value() - dx.value()*dy.value()/n) / (n - 1)
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
