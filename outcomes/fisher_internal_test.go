package outcomes

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestCompletionBounds lists all tables with given totals and holds what is said of them without a list: the most and
// the least that −Σ log x! can be, and the log of the sum of its exponential.
func TestCompletionBounds(t *testing.T) {
	lf := func(x int64) float64 {
		v, _ := math.Lgamma(float64(x) + 1)
		return v
	}
	r := rand.New(rand.NewPCG(12, 21))
	tight := 0
	for range 300 {
		rows, cols := make([]int64, 2+r.IntN(2)), make([]int64, 2+r.IntN(2))
		n := 0.0
		for range 1 + r.IntN(14) { // some totals stay 0
			rows[min(r.IntN(len(rows)+1), len(rows)-1)]++
			cols[min(r.IntN(len(cols)+1), len(cols)-1)]++
			n++
		}
		most, least, sum := math.Inf(-1), math.Inf(1), 0.0
		left := append([]int64(nil), cols...)
		var fill func(i, j int, rest int64, v float64)
		fill = func(i, j int, rest int64, v float64) {
			switch {
			case i == len(rows):
				most, least, sum = math.Max(most, v), math.Min(least, v), sum+math.Exp(v)
			case j == len(cols):
				if rest == 0 {
					next := int64(0)
					if i+1 < len(rows) {
						next = rows[i+1]
					}
					fill(i+1, 0, next, v)
				}
			default:
				for x := range min(rest, left[j]) + 1 {
					left[j] -= x
					fill(i, j+1, rest-x, v-lf(x))
					left[j] += x
				}
			}
		}
		fill(0, 0, rows[0], 0)
		slices.Sort(rows)
		slices.Sort(cols)
		got := complete(rows, cols, lf)
		if got.likeliest < most-1e-12 || got.rarest > least+1e-12 || math.Abs(got.all-math.Log(sum)) > 1e-9 {
			t.Errorf("rows %v, columns %v: %v, but from %v to %v and %v in all", rows, cols, got, least, most, math.Log(sum))
		}
		if b := independent(rows, cols, n, lf); b < most {
			t.Errorf("rows %v, columns %v: at most %v, but %v occurs", rows, cols, b, most)
		} else if b < most+0.5 {
			tight++
		}
	}
	if tight < 100 {
		t.Errorf("the bound is near in %d cases of 300", tight)
	}
}
