package outcomes_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

// The figures that papers on health trainers print, recomputed from the counts that they print with them.
// Where a paper's own figure does not follow from its counts, the test says so.

// Lees, Rahman and Parkes, PP73, Journal of Epidemiology and Community Health 67 Suppl 1 A77
// (https://jech.bmj.com/content/67/Suppl_1/A77.2), April 2006 to March 2012: 9,959 people seen, women
// 59 % (5,822), White British 74 % (7,338); primary issue recorded for 5,113, diet 56 % (2,865 of 5,113).
func TestPublishedReach(t *testing.T) {
	for _, tt := range []struct {
		why       string
		x, n      int64
		percent   float64
		low, high float64
		printed   float64
		differs   bool
	}{
		{"women", 5822, 9959, 58.46, 57.49, 59.42, 59, true},
		{"White British", 7338, 9959, 73.68, 72.81, 74.54, 74, false},
		{"diet as the primary issue", 2865, 5113, 56.03, 54.67, 57.39, 56, false},
		{"primary issue recorded", 5113, 9959, 51.34, 50.36, 52.32, 51, false},
	} {
		r, err := outcomes.Wilson(tt.x, tt.n)
		require.NoError(t, err)
		require.InDelta(t, tt.percent, 100*r.Estimate, 0.005, tt.why)
		require.InDelta(t, tt.low, 100*r.CI.Low, 0.0051, tt.why)
		require.InDelta(t, tt.high, 100*r.CI.High, 0.0051, tt.why)
		// 58.46 % rounds to 58, and the paper prints 59
		require.Equal(t, tt.differs, math.Round(100*r.Estimate) != tt.printed, tt.why)
	}
}

// Jennings, Barnes, Okereke and Welch, "Successful weight management … health trainer model" (Great
// Yarmouth and Waveney, February 2008 to March 2011): weight gain prevented in 487 of 541 (90 %); 115 of
// 248 (46 %) reached five a day.
func TestPublishedShares(t *testing.T) {
	for _, tt := range []struct {
		why                string
		x, n               int64
		percent, low, high float64
	}{
		{"weight gain prevented", 487, 541, 90.02, 87.20, 92.27},
		{"five a day", 115, 248, 46.37, 40.27, 52.59},
	} {
		r, err := outcomes.Wilson(tt.x, tt.n)
		require.NoError(t, err)
		require.InDelta(t, tt.percent, 100*r.Estimate, 0.005, tt.why)
		require.InDelta(t, tt.low, 100*r.CI.Low, 0.005, tt.why)
		require.InDelta(t, tt.high, 100*r.CI.High, 0.005, tt.why)
	}
	// Hypertensive: 60 % (66) before, 41 % (45) after, which implies 110 people.
	require.InDelta(t, 60, 100*66.0/110, 0.01)
	require.InDelta(t, 40.9, 100*45.0/110, 0.01)
}

// Jennings and others: weight −2.5 kg (95 % CI −2.7 to −2.1; n = 541); fruit and vegetables +2.4 a day
// (2.1 to 2.7; n = 248). The SD follows from the interval, and t, p and dz from the SD.
func TestPublishedMeanChange(t *testing.T) {
	for _, tt := range []struct {
		why            string
		n              int64
		change         float64
		low, high      float64
		se, sd, tvalue float64
		dz, tolerance  float64
		asymmetricBy   float64
		because        string
	}{
		{"weight", 541, -2.5, -2.7, -2.1, 0.1527, 3.56, -16.3, -0.70, 0.1, 0.1, "mean and interval are printed to one decimal, and the middle of the interval is −2.4"},
		{"fruit and vegetables", 248, 2.4, 2.1, 2.7, 0.1523, 2.40, 15.7, 1.00, 0.1, 0, "printed to one decimal"},
	} {
		// invert the interval: half width = t quantile · SD/√n; the unit-SD interval gives the quantile
		unit, err := outcomes.Summary{N: tt.n, Mean: 0, SD: 1}.T()
		require.NoError(t, err)
		sd := (tt.high - tt.low) / (unit.CI.High - unit.CI.Low)
		r, err := outcomes.Summary{N: tt.n, Mean: tt.change, SD: sd}.T()
		require.NoError(t, err)
		require.InDelta(t, tt.se, r.SE, 0.0005, tt.why)
		require.InDelta(t, tt.sd, sd, 0.01, tt.why)
		require.InDelta(t, tt.tvalue, r.T, tt.tolerance, tt.because)
		require.Less(t, r.P, 0.001, "the paper prints p < .001")
		require.InDelta(t, tt.low+tt.asymmetricBy*-1, r.CI.Low, 0.01, tt.because)
		e, err := outcomes.PairSummary{N: tt.n, MeanDiff: tt.change, SDDiff: sd}.DZ()
		require.NoError(t, err)
		require.InDelta(t, tt.dz, e.Estimate, 0.005, tt.why)
		require.Less(t, e.CI.Low, e.Estimate)
		require.Greater(t, e.CI.High, e.Estimate)
	}
}

// Jennings and others: hypertensive 66 of 110 before, 45 after. The discordant pairs are not published,
// so the test gives the bounds that they allow: 21 who improved and nobody who got worse at one end, 65
// against 44 at the other (nobody both times).
func TestPublishedHypertensionBounds(t *testing.T) {
	oneWay := outcomes.PairedBinary{YesYes: 45, YesNo: 21, NoYes: 0, NoNo: 44}
	most := outcomes.PairedBinary{YesYes: 1, YesNo: 65, NoYes: 44, NoNo: 0}
	for _, b := range []outcomes.PairedBinary{oneWay, most} {
		require.EqualValues(t, 66, b.YesYes+b.YesNo)
		require.EqualValues(t, 45, b.YesYes+b.NoYes)
		require.EqualValues(t, 110, b.N())
	}
	r, err := most.McNemar(outcomes.Continuity(false))
	require.NoError(t, err)
	require.InDelta(t, 4.05, r.Statistic, 0.005)
	require.InDelta(t, 0.044, r.P, 0.0005)
	r, err = most.McNemar()
	require.NoError(t, err)
	require.InDelta(t, 3.67, r.Statistic, 0.005)
	r, err = oneWay.McNemar(outcomes.Continuity(false))
	require.NoError(t, err)
	require.InDelta(t, 21, r.Statistic, 1e-12)
	r, err = oneWay.McNemar()
	require.NoError(t, err)
	require.InDelta(t, 19.05, r.Statistic, 0.005)
	r, err = oneWay.McNemar(outcomes.Exact())
	require.NoError(t, err)
	require.InEpsilon(t, math.Ldexp(1, -20), r.P, 1e-12, "2·(1/2)^21, printed as 9.5e-07")
}
