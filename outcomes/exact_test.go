package outcomes_test

import (
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

func TestSpearmanExactAgainstR(t *testing.T) {
	for _, set := range load(t, "exact.json").get("spearman").list() {
		name := set.get("name").str()
		x, y := set.get("x").nums(), set.get("y").nums()
		for key, side := range sides {
			got, err := outcomes.Spearman(x, y, outcomes.Exact(), outcomes.Alternative(side))
			require.NoError(t, err, name)
			byDefault, err := outcomes.Spearman(x, y, outcomes.Alternative(side))
			require.NoError(t, err, name)
			require.Equal(t, got, byDefault, "%s: the default is R's", name)
			near(t, set.get("estimate").num(), got.Estimate, 1e-12, name)
			want := "Edgeworth series"
			switch {
			case name == "ties" || name == "n1291":
				want = "t"
			case len(x) <= 9:
				want = "exact"
			}
			require.Equal(t, want, got.Distribution, name)
			// the series can leave a difference of two near numbers: 1e-15 in absolute terms
			if w := set.get(key).num(); math.Abs(w-got.P) > 1e-15 {
				near(t, w, got.P, 1e-10, name+" "+key)
			}
		}
	}
}

func TestSpearmanPermutation(t *testing.T) {
	for _, set := range load(t, "exact.json").get("permutation").list() {
		x, y := set.get("x").nums(), set.get("y").nums()
		low, err := outcomes.Spearman(x, y, outcomes.Permutation(), outcomes.Alternative(outcomes.Less))
		require.NoError(t, err)
		high, err := outcomes.Spearman(x, y, outcomes.Permutation(), outcomes.Alternative(outcomes.Greater))
		require.NoError(t, err)
		near(t, set.get("less").num(), low.P, 1e-14, "all pairings, counted in R")
		near(t, set.get("greater").num(), high.P, 1e-14, "all pairings, counted in R")
		both, err := outcomes.Spearman(x, y, outcomes.Permutation())
		require.NoError(t, err)
		near(t, math.Min(1, 2*math.Min(low.P, high.P)), both.P, 1e-14, "twice the smaller tail")
	}
	// At 12 pairs the enumeration and R's series have to be close, and the extreme is known: 1 of 12!.
	x, y := make([]float64, 12), make([]float64, 12)
	for i := range x {
		x[i], y[i] = float64(i), float64(i*i)
	}
	got, err := outcomes.Spearman(x, y, outcomes.Permutation(), outcomes.Alternative(outcomes.Greater))
	require.NoError(t, err)
	near(t, 1.0/479001600, got.P, 1e-14, "one ordering of 12!")
	y = []float64{3, 1, 7, 2, 5, 4, 12, 6, 8, 11, 9, 10}
	got, err = outcomes.Spearman(x, y, outcomes.Permutation())
	require.NoError(t, err)
	series, err := outcomes.Spearman(x, y, outcomes.Exact())
	require.NoError(t, err)
	require.InEpsilon(t, got.P, series.P, 0.1, "the series is good to a tenth here")
	_, err = outcomes.Spearman(append(x, 13), append(y, 13), outcomes.Permutation())
	require.ErrorAs(t, err, new(outcomes.RangeError), "13 pairs")
	_, err = outcomes.Spearman(x, y, outcomes.MidP())
	require.ErrorAs(t, err, new(outcomes.OptionError))
}

func TestFisherSimulatedAgainstR(t *testing.T) {
	const resamples = 8000
	for _, set := range load(t, "exact.json").get("fisher").list() {
		name := set.get("name").str()
		table := set.get("table").table()
		got, err := table.FisherSimulated(resamples, 7)
		require.NoError(t, err, name)
		again, err := table.FisherSimulated(resamples, 7)
		require.NoError(t, err, name)
		require.Equal(t, got, again, "the seed decides")
		p := set.get("simulated").num()
		want := 4*math.Sqrt(p*(1-p)*(1.0/resamples+1e-5)) + 1.0/resamples
		require.InDelta(t, p, got.P, want, name+": R's simulation")
		if exact := set.get("exact").num(); !math.IsNaN(exact) {
			require.InDelta(t, exact, got.P, 4*math.Sqrt(exact*(1-exact)/resamples)+1.0/resamples, name+": R's exact test")
			same, err := table.Fisher()
			require.NoError(t, err, name)
			near(t, exact, same.P, 1e-9, name+": the network")
		}
		require.LessOrEqual(t, got.CI.Low, got.P)
		require.GreaterOrEqual(t, got.CI.High, got.P-1.0/resamples)
	}
}

func TestFisherSimulatedEdges(t *testing.T) {
	// One table alone has these margins.
	only, err := outcomes.Table{{3, 4}, {0, 0}}.FisherSimulated(100, 1)
	require.NoError(t, err)
	require.Equal(t, 1.0, only.P, "one table alone has these margins")
	// Large counts must draw the same margins and take no time: the test is about independence, which holds.
	big, err := outcomes.Table{{1_000_000, 2_000_000}, {500_000, 1_000_000}}.FisherSimulated(200, 1)
	require.NoError(t, err)
	require.Greater(t, big.P, 0.9, "exactly proportional rows are the likeliest table")
	_, err = outcomes.Table{{1, 2}, {3, 4}}.FisherSimulated(10, 1)
	require.ErrorAs(t, err, new(outcomes.RangeError))
	_, err = outcomes.Table{{0, 0}, {0, 0}}.FisherSimulated(100, 1)
	require.ErrorIs(t, err, outcomes.ErrNotComputable)
	_, err = outcomes.Table{{1, 2}, {3}}.FisherSimulated(100, 1)
	require.True(t, err != nil && !errors.Is(err, outcomes.ErrNotComputable), "ragged")
	_, err = outcomes.Table{{1, -2}, {3, 4}}.FisherSimulated(100, 1)
	require.ErrorAs(t, err, new(outcomes.RangeError))
}

// TestFisherAgainstR holds the network against fisher.test with a workspace of 2e8 on 300 tables from 2×3 to 5×5: lines
// that nobody is in, equal margins and so ties of probability, strong and no association, few and many people.
func TestFisherAgainstR(t *testing.T) {
	sets := load(t, "fisher.json").get("sets").list()
	require.Len(t, sets, 300)
	for _, set := range sets {
		got, err := set.get("table").table().Fisher()
		require.NoError(t, err, set.get("reason").str())
		near(t, set.get("p").num(), got.P, 1e-9, set.get("reason").str())
	}
}

// TestFisherLimits: tables that R solves with a workspace of 2e8 in half a second or more, its answers beside them, and
// one beyond the limit.
func TestFisherLimits(t *testing.T) {
	for _, c := range []struct {
		table outcomes.Table
		p     float64
	}{
		{outcomes.Table{{0, 0, 1, 1, 2}, {1, 1, 1, 1, 3}, {5, 8, 4, 8, 6}, {4, 1, 1, 2, 10}, {2, 4, 0, 1, 3}}, 0.3916636246499467},
		{outcomes.Table{{1, 4, 7, 7}, {7, 1, 6, 1}, {5, 10, 13, 16}, {2, 2, 1, 7}}, 0.021060562195792786},
		{outcomes.Table{{8, 3, 4, 1, 3}, {6, 7, 4, 6, 3}, {5, 7, 8, 5, 4}, {2, 4, 2, 5, 3}}, 0.6410857235609243},
		{outcomes.Table{{7, 19, 0, 14}, {10, 10, 4, 17}, {3, 9, 2, 5}, {3, 6, 1, 10}}, 0.24722245198213386},
	} {
		got, err := c.table.Fisher()
		require.NoError(t, err)
		near(t, c.p, got.P, 1e-9, "a large table")
	}
	_, err := outcomes.Table{{100, 70, 50, 90, 80}, {60, 90, 90, 80, 120}, {80, 40, 90, 80, 70}, {50, 70, 90, 80, 110}}.Fisher()
	require.ErrorAs(t, err, new(outcomes.RangeError), "1,590 people in a 4×5 table")
}
