package special

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// reference holds rows of arguments and, at the end, values in 25 digits from 60-digit arithmetic.
func reference(t *testing.T, key string) [][]float64 {
	t.Helper()
	data, err := os.ReadFile("testdata/reference.json")
	require.NoError(t, err)
	var all map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(data, &all))
	var rows [][]any
	require.NoError(t, json.Unmarshal(all[key], &rows))
	require.NotEmpty(t, rows)
	out := make([][]float64, len(rows))
	for i, r := range rows {
		for _, v := range r {
			switch v := v.(type) {
			case float64:
				out[i] = append(out[i], v)
			case string:
				f, err := strconv.ParseFloat(v, 64)
				if err != nil && f != 0 {
					require.NoError(t, err)
				}
				out[i] = append(out[i], f)
			}
		}
	}
	return out
}

func relative(t *testing.T, want, got, tol float64, what string, args ...float64) {
	t.Helper()
	if want < 1e-305 && got < 1e-300 { // beyond what is promised, and denormal numbers
		return
	}
	if !(math.Abs(got-want) <= tol*math.Abs(want)) {
		t.Errorf("%s%v: got %.17g, want %.17g, relative error %.1e", what, args, got, want, math.Abs(got-want)/math.Abs(want))
	}
}

func TestTails(t *testing.T) {
	for _, r := range reference(t, "t_upper") {
		relative(t, r[2], TSF(r[0], r[1]), 1e-12, "t", r[:2]...)
		relative(t, 2*r[2], TTwoSided(-r[0], r[1]), 1e-12, "t two-sided", r[:2]...)
		relative(t, 1-r[2], TSF(-r[0], r[1]), 1e-14, "t lower", r[:2]...)
	}
	for _, r := range reference(t, "chisq_upper") {
		relative(t, r[2], ChiSquaredSF(r[0], r[1]), 1e-12, "chi-squared", r[:2]...)
	}
	for _, r := range reference(t, "norm_upper") {
		relative(t, r[1], NormSF(r[0]), 5e-13, "normal", r[0])
		relative(t, r[1], NormCDF(-r[0]), 5e-13, "normal", r[0])
	}
	for _, r := range reference(t, "beta") {
		lower, upper := Beta(r[1], r[2], r[0], 1-r[0])
		relative(t, r[3], lower, 1e-11, "beta", r[:3]...)
		require.InDelta(t, 1, lower+upper, 1e-14)
	}
	for _, r := range reference(t, "f_upper") {
		relative(t, r[3], FSF(r[0], r[1], r[2]), 1e-12, "F", r[:3]...)
	}
	for _, r := range reference(t, "binom_pmf") {
		relative(t, r[3], BinomialPMF(r[0], r[1], r[2], 1-r[2]), 1e-12, "binomial", r[:3]...)
	}
	for _, r := range reference(t, "hedges_j") {
		relative(t, r[1], HedgesJ(r[0]), 1e-14, "J", r[0])
	}
}

func TestNoncentralT(t *testing.T) {
	for _, r := range reference(t, "nct") {
		lower, upper := NoncentralT(r[0], r[1], r[2])
		relative(t, r[3], lower, 1e-11, "nct lower", r[:3]...)
		relative(t, r[4], upper, 1e-11, "nct upper", r[:3]...)
	}
}

// A quantile leads back to its probability, wherever the distribution is.
func TestQuantilesInvertTails(t *testing.T) {
	probs := []float64{1e-300, 1e-100, 1e-20, 1e-10, 1e-4, 0.005, 0.025, 0.1, 0.3, 0.49, 0.5, 0.7, 0.975, 0.9999}
	for _, p := range probs {
		relative(t, p, NormCDF(NormQuantile(p)), 1e-12, "normal", p)
		for _, df := range []float64{1, 2, 3.3, 10, 29, 1e3, 1e6} {
			if q := TISF(p, df); !math.IsInf(q, 0) {
				relative(t, p, TSF(q, df), 1e-11, "t", p, df)
			}
			relative(t, p, ChiSquaredSF(ChiSquaredISF(p, df), df), 1e-10, "chi-squared", p, df)
			relative(t, p, FSF(FISF(p, 3, df+2), 3, df+2), 1e-10, "F", p, df)
		}
		for _, a := range []float64{0.5, 1, 7, 300.5, 1e5} {
			for _, b := range []float64{0.5, 1, 20, 4e4} {
				x := BetaQuantile(p, a, b)
				if x < 1e-290 || x > 1-1e-6 {
					continue
				}
				lower, _ := Beta(a, b, x, 1-x)
				relative(t, p, lower, 1e-9, "beta", p, a, b)
			}
		}
	}
}

func TestNormalLimitOfInfiniteDegrees(t *testing.T) {
	inf := math.Inf(1)
	require.Equal(t, NormSF(1.5), TSF(1.5, inf))
	require.Equal(t, -NormQuantile(0.01), TISF(0.01, inf))
	lower, upper := NoncentralT(2, inf, 0.5)
	require.Equal(t, NormCDF(1.5), lower)
	require.Equal(t, NormSF(1.5), upper)
	require.Equal(t, ChiSquaredSF(6, 3), FSF(2, 3, inf))
}

func TestEndsAreEnds(t *testing.T) {
	for _, v := range []struct {
		want, got float64
		why       string
	}{
		{1, ChiSquaredSF(-1, 3), "chi-squared is above anything below 0"},
		{0, BetaQuantile(0, 2, 3), "the lowest quantile"},
		{1, BetaQuantile(1, 2, 3), "the highest quantile"},
		{0, GammaQuantile(0, 2), "the lowest quantile"},
		{1, BinomialPMF(0, 5, 0, 1), "what cannot happen does not"},
		{1, BinomialPMF(5, 5, 1, 0), "what must happen does"},
		{0, BinomialPMF(6, 5, 0.5, 0.5), "more successes than trials"},
		{1, PoissonPMF(0, 0), "nothing expected, nothing seen"},
		{0, HypergeometricPMF(6, 5, 5, 7), "more white balls than there are"},
		{0, TISF(0.5, 3), "the median"},
	} {
		require.Equal(t, v.want, v.got, v.why)
	}
	require.True(t, math.IsInf(TISF(0, 3), 1))
	require.True(t, math.IsNaN(NormQuantile(1.5)))
}
