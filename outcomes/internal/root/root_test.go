package root

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSolve(t *testing.T) {
	for _, tt := range []struct {
		why  string
		f    func(float64) float64
		a, b float64
		want float64
	}{
		{"a square root", func(x float64) float64 { return x*x - 2 }, 0, 2, math.Sqrt2},
		{"a root at the lower end", func(x float64) float64 { return x }, 0, 1, 0},
		{"a root at the upper end", func(x float64) float64 { return x - 1 }, 0, 1, 1},
		{"a steep function", func(x float64) float64 { return math.Exp(50*x) - 1e10 }, 0, 1, math.Log(1e10) / 50},
		{"a flat one", func(x float64) float64 { return (x - 0.3) * (x - 0.3) * (x - 0.3) }, 0, 1, 0.3},
	} {
		got, ok := Solve(tt.f, tt.a, tt.b)
		require.True(t, ok, tt.why)
		require.InDelta(t, tt.want, got, 1e-5, tt.why)
	}
	_, ok := Solve(func(x float64) float64 { return x*x + 1 }, -1, 1)
	require.False(t, ok, "no change of sign")
	_, ok = Solve(func(float64) float64 { return math.NaN() }, -1, 1)
	require.False(t, ok, "not a number")
	_, ok = Brent(math.Cbrt, -1, 2, -1, 1, 0, 3)
	require.False(t, ok, "out of steps")
}

// The root of a step is wherever the search stops, and R's uniroot(function(x) sign(x - 0.3), c(0, 1),
// tol = 1e-4) stops at 0.29998779296875.
func TestBrentStopsWhereRStops(t *testing.T) {
	got, ok := Brent(func(x float64) float64 { return math.Copysign(1, x-0.3) }, 0, 1, -1, 1, 1e-4, 1001)
	require.True(t, ok)
	require.Equal(t, 0.29998779296875, got)
}
