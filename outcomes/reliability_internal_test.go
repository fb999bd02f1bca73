package outcomes

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestAlphaBothWays: alpha from the covariances of one walk is alpha from the SDs of each item and each total.
func TestAlphaBothWays(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 51))
	for _, c := range []struct {
		why   string
		items int
		item  func(trait float64) float64
		ok    bool // the covariances will do
	}{
		{"answers 0 to 5", 5, func(trait float64) float64 { return math.Round(2.5 + trait + r.NormFloat64()) }, true},
		{"unrelated", 8, func(float64) float64 { return r.NormFloat64() }, true},
		{"far from 0 beside how they vary (further out, totals are rounded)", 4, func(trait float64) float64 { return 1e5 + trait + r.NormFloat64() }, true},
		{"one item copied", 3, func(trait float64) float64 { return trait }, true},
		{"too large to square", 3, func(trait float64) float64 { return 1e120 * (trait + r.NormFloat64()) }, false},
	} {
		rows := make([][]float64, 500)
		for i := range rows {
			trait := r.NormFloat64()
			rows[i] = make([]float64, c.items)
			for j := range rows[i] {
				rows[i][j] = c.item(trait)
			}
		}
		cov, ok := itemCovariances(rows)
		if ok != c.ok {
			t.Errorf("%s: %v", c.why, ok)
		}
		if !ok {
			continue
		}
		for skip := -1; skip < c.items; skip++ {
			got, sd, ok := alphaOf(cov, skip)
			want, wantSD, err := alphaWithout("alpha", rows, skip)
			if err != nil || !ok {
				t.Fatalf("%s: %v, %v", c.why, ok, err)
			}
			if math.Abs(got-want) > 1e-11 || math.Abs(sd-wantSD) > 1e-11*wantSD {
				t.Errorf("%s without %d: %v and %v, not %v and %v", c.why, skip, got, sd, want, wantSD)
			}
		}
	}
	// Two items that turn on each other but for a millionth, and a third: without it, covariances are too coarse.
	rows := make([][]float64, 100)
	for i := range rows {
		x := r.NormFloat64()
		rows[i] = []float64{x, 1e-6*r.NormFloat64() - x, r.NormFloat64()}
	}
	cov, _ := itemCovariances(rows)
	if _, _, ok := alphaOf(cov, 2); ok {
		t.Error("items that cancel were taken from their covariances")
	}
}
