package outcomes

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSortingByDigits compares the sorts with those of the standard library. Each sample is there for a way in
// which digits can mislead.
func TestSortingByDigits(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 8))
	fill := func(n int, value func(i int) float64) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = value(i)
		}
		return x
	}
	for _, c := range []struct {
		why string
		x   []float64
	}{
		{"none", nil},
		{"one", []float64{3}},
		{"too few for digits", fill(fewToSort-1, func(int) float64 { return rng.NormFloat64() })},
		{"just enough", fill(fewToSort, func(int) float64 { return rng.NormFloat64() })},
		{"all equal: no bit differs", fill(2000, func(int) float64 { return 7.5 })},
		{"two neighbours: only the last bit differs", fill(2000, func(int) float64 { return 1 + float64(rng.IntN(2))*0x1p-52 })},
		{"halves of both signs: the low bits are idle in negative numbers too", fill(5000, func(int) float64 { return float64(rng.IntN(400)-200) / 2 })},
		{"0 and −0 are equal and keep their order", fill(2000, func(i int) float64 { return math.Copysign(0, float64(i%3-1)) })},
		{"unrounded", fill(20_000, func(int) float64 { return 96 + 17*rng.NormFloat64() })},
		{"about 0, where the exponents of a sample are many", fill(20_000, func(int) float64 { return rng.NormFloat64() * math.Exp(20*rng.NormFloat64()) })},
		{"alike in more bits than are sorted by, many at a time", fill(20_000, func(i int) float64 {
			if i == 0 {
				return -1e300
			}
			return 1 + rng.Float64()*0x1p-30
		})},
		{"the same, a few at a time", fill(20_000, func(i int) float64 {
			if i == 0 {
				return -1e300
			}
			return math.Ldexp(1+float64(rng.IntN(3))*0x1p-50, rng.IntN(2000)-1000)
		})},
		{"falling", fill(3000, func(i int) float64 { return float64(-i) })},
		{"the ends of what there is", fill(3000, func(i int) float64 {
			return []float64{math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64, 0, 1}[i%6]
		})},
	} {
		sorted := slices.Sorted(slices.Values(c.x))
		got := slices.Clone(c.x)
		sortFloats(got)
		if !slices.Equal(got, sorted) {
			t.Errorf("%s: not sorted", c.why)
		}
		if n := int64(len(c.x)); n > 0 {
			places := []int64{0, n / 4, n / 3, n / 2, n - 1 - n/5, n - 1}
			places = slices.Compact(places)
			for i, v := range selectPlaces(c.x, places) {
				if v != sorted[places[i]] {
					t.Errorf("%s: %v at place %d of %d, not %v", c.why, v, places[i], n, sorted[places[i]])
				}
			}
		}
		order := make([]uint64, len(c.x))
		for i := range order {
			order[i] = uint64(i)
		}
		slices.SortStableFunc(order, func(a, b uint64) int { return cmp.Compare(c.x[a], c.x[b]) })
		if !slices.Equal(ascending(c.x), order) {
			t.Errorf("%s: another order", c.why)
		}
	}
}

// TestProductRest: with the product it is the exact product, as the fused multiply-add has it, to the precision
// of a total.
func TestProductRest(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 3))
	for range 100_000 {
		a, b := rng.NormFloat64()*1e3, rng.NormFloat64()
		p := a * b
		want := math.FMA(a, b, -p)
		if got := productRest(a, b, p); math.Abs(got-want) > 0x1p-100*math.Abs(p) {
			t.Fatalf("%v·%v: %v, not %v", a, b, got, want)
		}
	}
}

// Quantiles of many numbers, of which only some are sorted, are those of all of them sorted.
func TestQuantilesOfMany(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 9))
	probs := []float64{0, 0x1p-40, 0.01, 0.25, 1.0 / 3, 0.5, 0.9, 1 - 0x1p-40, 1}
	for n := fewToSelect - 1; n < fewToSelect+3; n++ {
		for _, unit := range []float64{0, 0.5, 40} { // unrounded, and with ever more ties
			x := make([]float64, n)
			for i := range x {
				if x[i] = 96 + 17*rng.NormFloat64(); unit > 0 {
					x[i] = unit * math.Round((x[i]-96)/unit)
				}
			}
			for q := R1; q <= R9; q++ {
				want, err := weigh(x).quantiles(q, probs)
				if err != nil {
					t.Fatal(err)
				}
				got, err := Quantiles(x, q, probs...)
				if err != nil || !slices.Equal(got, want) {
					t.Errorf("%d numbers in units of %v, type %d: %v %v, not %v", n, unit, q, got, err, want)
				}
			}
		}
	}
}
