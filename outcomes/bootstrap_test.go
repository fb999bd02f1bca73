package outcomes_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

// Efron and Tibshirani's law school data (An Introduction to the Bootstrap, 1993, tables 3.1 and 14.3
// onwards): 15 schools, LSAT and GPA, correlation 0.776. Intervals of a resampling method agree with
// print to the noise of the resampling only.
func TestBootstrapOfTheLawSchools(t *testing.T) {
	lsat := []float64{576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594}
	gpa := []float64{3.39, 3.30, 2.81, 3.03, 3.44, 3.07, 3.00, 3.43, 3.36, 3.13, 3.12, 2.74, 2.76, 2.88, 2.96}
	correlation := func(rows []int) float64 {
		x, y := make([]float64, len(rows)), make([]float64, len(rows))
		for i, r := range rows {
			x[i], y[i] = lsat[r], gpa[r]
		}
		c, err := outcomes.Pearson(x, y)
		if err != nil {
			return 0
		}
		return c.Estimate
	}
	got, err := outcomes.Bootstrap(len(lsat), 4000, 1, correlation)
	require.NoError(t, err)
	require.InDelta(t, 0.776, got.Estimate, 0.0005)
	require.InDelta(t, 0.132, got.SE, 0.01, "the book has .132 from 3,200 resamples")
	require.NotNil(t, got.BCa)
	require.Less(t, got.BCa.Low, got.Percentile.Low, "skewed to the left: BCa reaches further down")
	require.Less(t, got.BCa.High, got.Percentile.High)
	require.Less(t, got.Acceleration, 0.0)
	again, err := outcomes.Bootstrap(len(lsat), 4000, 1, correlation)
	require.NoError(t, err)
	require.Equal(t, got, again, "the seed decides")
	other, err := outcomes.Bootstrap(len(lsat), 4000, 2, correlation)
	require.NoError(t, err)
	require.NotEqual(t, got.Percentile, other.Percentile)
}

// For a mean the acceleration has a closed form: a sixth of the skewness over the root of n, with moments
// about the mean over n.
func TestBootstrapAccelerationOfAMean(t *testing.T) {
	x := []float64{1, 2, 2, 3, 9}
	got, err := outcomes.Bootstrap(len(x), 2000, 3, func(rows []int) float64 {
		s := 0.0
		for _, r := range rows {
			s += x[r]
		}
		return s / float64(len(rows))
	})
	require.NoError(t, err)
	// deviations from 3.4: −2.4 −1.4 −1.4 −0.4 5.6; Σd² = 41.2, Σd³ = 156.24
	near(t, 156.24/(6*264.4498), got.Acceleration, 1e-5, "Σd³ / 6(Σd²)^1.5")
}

func TestBootstrapRefusals(t *testing.T) {
	ok := func([]int) float64 { return 1 }
	_, err := outcomes.Bootstrap(1, 1000, 1, ok)
	require.ErrorIs(t, err, outcomes.ErrNotComputable)
	_, err = outcomes.Bootstrap(5, 10, 1, ok)
	require.ErrorAs(t, err, new(outcomes.RangeError))
	_, err = outcomes.Bootstrap(5, 1000, 1, nil)
	require.ErrorAs(t, err, new(outcomes.StatisticError))
	_, err = outcomes.Bootstrap(5, 1000, 1, func(rows []int) float64 { return float64(rows[99]) })
	require.ErrorAs(t, err, new(outcomes.StatisticError), "a panic in the caller's function is an error")
	zero := 0.0
	_, err = outcomes.Bootstrap(5, 1000, 1, func([]int) float64 { return zero / zero })
	require.ErrorAs(t, err, new(outcomes.StatisticError))
	got, err := outcomes.Bootstrap(5, 1000, 1, ok)
	require.NoError(t, err)
	require.Nil(t, got.BCa, "a statistic that never varies has no acceleration")
}
