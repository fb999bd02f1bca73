package outcomes_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

// The sets of review.R, made after the statistics by somebody who did not write them, at edges where programs differ.

func TestReviewOfCorrelation(t *testing.T) {
	for i, set := range load(t, "review.json").get("perfect").list() {
		what := fmt.Sprint(i, " ", set.get("reason").str())
		x, y := set.get("x").nums(), set.get("y").nums()
		s, err := outcomes.SummarisePairs(x, y)
		require.NoError(t, err, what)
		r, err := s.Correlation()
		require.NoError(t, err, what)
		require.Equal(t, set.get("cor").num(), r, "%s: to the last place, on which a perfect correlation hangs", what)
		if drm := set.get("d_rm"); !math.IsNaN(drm.num()) && !math.IsInf(drm.num(), 0) && s.SDDiff > 0 {
			got, err := s.DRm()
			require.NoError(t, err, what)
			near(t, drm.num(), got.Estimate, 1e-12, what+" drm")
		}
		got, err := outcomes.Spearman(x, y)
		require.NoError(t, err, what)
		require.Equal(t, set.get("rho").num(), got.Estimate, what)
		near(t, set.get("rho_p").num(), got.P, 1e-10, what+" rho, R's default")
		if len(x) < 3 {
			_, err = outcomes.Spearman(x, y, outcomes.Normal())
			require.ErrorAs(t, err, new(outcomes.SizeError), what)
			continue
		}
		p, err := outcomes.Pearson(x, y)
		require.NoError(t, err, what)
		require.Equal(t, r, p.Estimate, what)
		near(t, set.get("pearson_p").num(), p.P, 1e-10, what+" p")
		got, err = outcomes.Spearman(x, y, outcomes.Normal())
		require.NoError(t, err, what)
		near(t, set.get("rho_p_approx").num(), got.P, 1e-10, what+" rho, t approximation")
	}
	for _, scale := range []float64{1e-300, 1e-160, 1e160, 1e300, 1.7e307} {
		x, y := []float64{1, 4, 2, 8, 5}, []float64{2, 3, 9, 7, 1}
		want, err := outcomes.Pearson(x, y)
		require.NoError(t, err)
		for i := range x {
			x[i] *= scale
		}
		got, err := outcomes.Pearson(x, y)
		require.NoError(t, err, scale)
		near(t, want.Estimate, got.Estimate, 1e-14, "a correlation has no unit")
	}
}

func TestReviewOfLargeNumbers(t *testing.T) {
	const big = 8e307
	zero := make([]float64, 5)
	d := []float64{big, 1.5 * big, 2 * big, -big, -0.25 * big}
	small := []float64{8, 12, 16, -8, -2}
	for _, how := range []outcomes.Option{outcomes.Exact(), outcomes.Normal()} {
		got, err := outcomes.HodgesLehmann(zero, d, how, outcomes.RootTolerance(1e290))
		require.NoError(t, err)
		want, err := outcomes.HodgesLehmann(zero, small, how, outcomes.RootTolerance(1e-14))
		require.NoError(t, err)
		near(t, want.Estimate, got.Estimate/(big/8), 1e-9, "Walsh averages beyond the largest number")
		near(t, want.CI.Low, got.CI.Low/(big/8), 1e-9, "low")
		near(t, want.CI.High, got.CI.High/(big/8), 1e-9, "high")
	}
	_, err := outcomes.HodgesLehmann(zero, d, outcomes.Null(-1.7e308))
	require.ErrorAs(t, err, new(outcomes.NotFiniteError))
	_, err = outcomes.SignedRank(zero, d, outcomes.Null(-1.7e308))
	require.ErrorAs(t, err, new(outcomes.NotFiniteError))

	x, y := []float64{1, 4, 2, 8}, []float64{2, 3, 9, 7, 1}
	for name, test := range map[string]func(x, y []float64, opts ...outcomes.Option) (outcomes.TResult, error){"Welch": outcomes.WelchT, "pooled": outcomes.PooledT} {
		want, err := test(x, y)
		require.NoError(t, err)
		for _, scale := range []float64{1e-250, 1e-170, 1e200, 1e300} {
			at := func(v []float64) []float64 {
				out := make([]float64, len(v))
				for i := range v {
					out[i] = v[i] * scale
				}
				return out
			}
			got, err := test(at(x), at(y))
			require.NoError(t, err, "%s at %v", name, scale)
			near(t, want.DF, got.DF, 1e-12, name+" df")
			near(t, want.P, got.P, 1e-12, name+" p")
			near(t, want.CI.Low, got.CI.Low/scale, 1e-12, name+" low")
			near(t, want.CI.High, got.CI.High/scale, 1e-12, name+" high")
		}
	}
	_, err = outcomes.Summary{N: 2, Mean: 1.7e308, SD: 1e308}.WelchT(outcomes.Summary{N: 2, Mean: -1.7e308, SD: 1e308})
	require.ErrorAs(t, err, new(outcomes.NotFiniteError), "the difference overflows")
	_, err = outcomes.Summary{N: 2, Mean: 1, SD: 1e307}.PooledT(outcomes.Summary{N: 2, Mean: 1, SD: 1e308}, outcomes.Confidence(0.9999))
	require.ErrorAs(t, err, new(outcomes.NotFiniteError), "the interval overflows")
	sd, err := outcomes.Summary{N: 9, Mean: 2e200, SD: 1e200}.StandardisedDifference(outcomes.Summary{N: 9, Mean: 1e200, SD: 1e200})
	require.NoError(t, err)
	near(t, 1, sd.Estimate, 1e-14, "squares that overflow")
	_, err = outcomes.ReliableChange([]float64{1, 2}, []float64{2, 3}, 0, 1.7e308)
	require.ErrorAs(t, err, new(outcomes.NotFiniteError))
}

// What overflows on the way is a typed error, not an infinity or a wrong answer that travels.
func TestReviewOfOverflow(t *testing.T) {
	second := func(_ any, err error) error { return err }
	curve, err := outcomes.KaplanMeier([]outcomes.Spell{{Time: 1e308, Event: true}, {Time: 1.7e308}}, outcomes.LogSurvival)
	require.NoError(t, err)
	wide, err := outcomes.PairSummary{N: 9, MeanDiff: 1e308, SDPre: 1.7e308, SDPost: 1.7e308, SDDiff: 1e308}.DAvRescaled()
	require.NoError(t, err)
	near(t, 1/1.7, wide.Estimate, 1e-14, "two SDs that add up to more than there is")
	level, err := outcomes.KaplanMeier([]outcomes.Spell{{Time: 1e308}, {Time: 1.7e308, Event: true}}, outcomes.LogSurvival)
	require.NoError(t, err)
	late, err := level.Quantile(1e-9)
	require.NoError(t, err)
	require.InEpsilon(t, 1.35e308, *late.Time, 1e-12, "the middle of two times that add up to more than there is")
	for why, err := range map[string]error{
		"trend over scores of 1e200":            second(outcomes.CochranArmitage([]int64{1, 2, 3}, []int64{4, 4, 4}, []float64{1e200, 2e200, 5e200})),
		"variances of 1e400":                    second(outcomes.WelchANOVA([]float64{1e200, 2e200, 5e200}, []float64{1, 2})),
		"variances of 1e-400":                   second(outcomes.WelchANOVA([]float64{1e-200, 2e-200}, []float64{1, 2})),
		"a variance of a restricted mean":       second(curve.RestrictedMean(1.7e308)),
		"a rate over next to no time":           second(outcomes.PoissonRate(0, 1e-320)),
		"a change beyond the largest number":    second(outcomes.MinimalDetectableChange(1.7e308)),
		"a t interval beyond it":                second(outcomes.OneSampleT([]float64{1.7e308, -1.7e308, 1})),
		"limits of single values beyond it":     second(outcomes.XmR([]float64{math.MaxFloat64, -40}, 0)),
		"drm of a published table with a slip":  second(outcomes.PairSummary{N: 9, MeanDiff: 1e308, SDPre: 1, SDPost: 1, SDDiff: 1, Covariance: -1}.DRm()),
		"dav with next to no SDs":               second(outcomes.PairSummary{N: 9, MeanDiff: 1e200, SDPre: 1e-200, SDPost: 1e-200, SDDiff: 1e200}.DAvRescaled()),
		"weights at a target of next to nought": second(outcomes.Overdispersion([]int64{1, 2, 3}, []int64{9, 8, 7}, 1e-305, 0.1)),
		"a funnel at the smallest probability":  second(outcomes.ExactFunnelLimits(9_999_999_999_999, 1e-9, 5e-324)),
		"a standardised difference of extremes": second(outcomes.Summary{N: 2, Mean: 1.7e308, SD: 1}.StandardisedDifference(outcomes.Summary{N: 2, Mean: -1.7e308, SD: 1})),
	} {
		require.ErrorAs(t, err, new(outcomes.NotFiniteError), why)
	}
}

// Two counts of a published table, one mistyped, can add up to a negative number, on which the search for a quantile
// never ended.
func TestReviewOfMistypedCounts(t *testing.T) {
	right := outcomes.Summary{N: 9, Mean: 1, SD: 1}
	for _, wrong := range []int64{outcomes.MaxRows + 1, math.MaxInt64} {
		slip := outcomes.Summary{N: wrong, Mean: 2, SD: 1}
		pairs := outcomes.PairSummary{N: wrong, MeanDiff: 1, SDPre: 1, SDPost: 1, SDDiff: 1}
		for name, f := range map[string]func() (any, error){
			"T":                      func() (any, error) { return slip.T() },
			"WelchT":                 func() (any, error) { return right.WelchT(slip) },
			"PooledT":                func() (any, error) { return right.PooledT(slip) },
			"PooledT, the other way": func() (any, error) { return slip.PooledT(right) },
			"CohensD":                func() (any, error) { return right.CohensD(slip) },
			"HedgesG":                func() (any, error) { return slip.HedgesG(right) },
			"StandardisedDifference": func() (any, error) { return slip.StandardisedDifference(right) },
			"T of pairs":             func() (any, error) { return pairs.T() },
			"DZ":                     func() (any, error) { return pairs.DZ() },
			"Wilson":                 func() (any, error) { return outcomes.Wilson(1, wrong) },
			"funnel":                 func() (any, error) { return outcomes.ExactFunnelLimits(wrong, 0.5, 0.025) },
		} {
			_, err := f()
			require.ErrorAs(t, err, new(outcomes.RangeError), "%s of %d", name, wrong)
		}
	}
	_, err := right.PooledT(outcomes.Summary{N: outcomes.MaxRows, Mean: 2, SD: 1})
	require.NoError(t, err, "the largest number is no slip")
}

// Far out, where the noncentrality is known to 1e-8 and better, dz·√n·√(χ²/ν) are its limits; a coarse integral was
// off by 5 % there. The quantiles of chi-squared are R 4.2's qchisq.
func TestReviewOfHugeEffects(t *testing.T) {
	for _, c := range []struct{ n, low, high float64 }{
		{227, 186.25598692239942, 269.53020658427079}, // qchisq(c(0.025, 0.975), 226)
		{3, 0.050635615968579753, 7.377758908227870727},
	} {
		for _, d := range []float64{1e7, 3e9, -1e11} {
			got, err := outcomes.PairSummary{N: int64(c.n), MeanDiff: d, SDPre: 1, SDPost: 1, SDDiff: 1}.DZ()
			require.NoError(t, err)
			low, high := d*math.Sqrt(c.low/(c.n-1)), d*math.Sqrt(c.high/(c.n-1))
			near(t, math.Min(low, high), got.CI.Low, 1e-7, "low")
			near(t, math.Max(low, high), got.CI.High, 1e-7, "high")
		}
	}
}

func TestReviewOfPairedEdges(t *testing.T) {
	ref := load(t, "review.json")
	for _, set := range ref.get("alike").list() {
		d := set.get("d").nums()
		zero := make([]float64, len(d))
		got, err := outcomes.HodgesLehmann(zero, d)
		require.ErrorAs(t, err, new(outcomes.DegenerateError), set.get("reason").str())
		require.Equal(t, set.get("estimate").num(), got.Estimate, "the estimate stands beside the error")
		for key, side := range map[string]outcomes.Side{"less": outcomes.Less, "greater": outcomes.Greater} {
			got, err := outcomes.SignedRank(zero, d, outcomes.Alternative(side))
			require.NoError(t, err)
			near(t, set.get(key).num(), got.P, 1e-10, set.get("reason").str())
		}
	}
	zero := make([]float64, 3)
	for key, side := range map[string]outcomes.Side{"less": outcomes.Less, "greater": outcomes.Greater} {
		got, err := outcomes.SignedRank(zero, zero, outcomes.Alternative(side))
		require.NoError(t, err, "nobody changed")
		require.Equal(t, ref.get("unchanged", key).num(), got.P)
		_, err = outcomes.SignedRank(zero, zero, outcomes.Alternative(side), outcomes.Continuity(false))
		require.ErrorIs(t, err, outcomes.ErrNotComputable, "R has NaN")
	}
	_, err := outcomes.SignedRank(nil, nil)
	require.EqualError(t, err, "outcomes: Wilcoxon signed rank test needs at least 1 observation, has 0")
	for _, set := range ref.get("wilcoxon").list() {
		d := set.get("d").nums()
		what := fmt.Sprint(len(d), " differences")
		got, err := outcomes.SignedRank(make([]float64, len(d)), d)
		require.NoError(t, err)
		near(t, set.get("v").num(), got.V, 1e-15, what)
		near(t, set.get("p_value").num(), got.P, 1e-10, what)
		hl, err := outcomes.HodgesLehmann(make([]float64, len(d)), d)
		require.NoError(t, err)
		near(t, set.get("estimate").num(), hl.Estimate, 1e-9, what)
		nearPair(t, set.get("conf_int"), hl.CI, 1e-9, what)
		mw, err := outcomes.MannWhitney(set.get("x").nums(), set.get("y").nums())
		require.NoError(t, err)
		near(t, set.get("w").num(), mw.W, 1e-15, what)
		near(t, set.get("mw_p").num(), mw.P, 1e-10, what)
	}
	// Nobody changed sides: R's mcnemar.test has NaN, its binom.test refuses.
	for _, how := range [][]outcomes.Option{nil, {outcomes.Continuity(false)}, {outcomes.Exact()}, {outcomes.MidP()}} {
		got, err := outcomes.PairedBinary{YesYes: 5, NoNo: 7}.McNemar(how...)
		if err != nil {
			require.ErrorIs(t, err, outcomes.ErrNotComputable)
		} else {
			require.Equal(t, 1.0, got.P)
		}
	}
}

func TestReviewOfGroups(t *testing.T) {
	ref := load(t, "review.json")
	for _, set := range ref.get("cohens_d").list() {
		x, err := outcomes.Summarise(set.get("x").nums())
		require.NoError(t, err)
		y, err := outcomes.Summarise(set.get("y").nums())
		require.NoError(t, err)
		got, err := x.CohensD(y)
		require.NoError(t, err)
		near(t, set.get("d").num(), got.Estimate, 1e-12, "d")
		// uniroot ends within 1e-14 of the noncentrality, and pt is good to about 1e-10 there
		require.InDelta(t, set.get("low").num(), got.CI.Low, 1e-8)
		require.InDelta(t, set.get("high").num(), got.CI.High, 1e-8)
		g, err := x.HedgesG(y)
		require.NoError(t, err)
		near(t, set.get("g").num(), g.Estimate, 1e-12, "g")
	}
	for _, set := range load(t, "reference.json").get("paired").list() {
		want := set.get("cohens_d_pooled_independent")
		if !want.ok() || math.IsNaN(want.get("d").num()) {
			continue
		}
		pre, post := pairs(set)
		a, err := outcomes.Summarise(post)
		require.NoError(t, err)
		b, err := outcomes.Summarise(pre)
		require.NoError(t, err)
		got, err := a.CohensD(b)
		require.NoError(t, err)
		near(t, want.get("d").num(), got.Estimate, 1e-10, set.get("name").str())
		nearPair(t, want.get("ci95_noncentral_t"), *got.CI, 1e-8, set.get("name").str())
	}
	flat, same := outcomes.Summary{N: 3, Mean: 4}, outcomes.Summary{N: 5, Mean: 1}
	_, err := flat.CohensD(same)
	require.ErrorAs(t, err, new(outcomes.DegenerateError))
	_, err = flat.HedgesG(outcomes.Summary{N: 1, Mean: 1})
	require.ErrorAs(t, err, new(outcomes.SizeError))
	_, err = flat.CohensD(outcomes.Summary{N: 2, Mean: math.NaN()})
	require.ErrorAs(t, err, new(outcomes.NotFiniteError))

	for _, key := range []string{"kruskal", "kruskal_two_values"} {
		var groups [][]float64
		for _, g := range ref.get(key, "groups").list() {
			groups = append(groups, g.nums())
		}
		got, err := outcomes.KruskalWallis(groups...)
		require.NoError(t, err)
		near(t, ref.get(key, "statistic").num(), got.Statistic, 1e-10, key)
		near(t, ref.get(key, "df").num(), got.DF1, 0, key)
		near(t, ref.get(key, "p_value").num(), got.P, 1e-10, key)
	}
	for _, set := range ref.get("quantiles").list() {
		for i, types := range set.get("types").list() {
			got, err := outcomes.Quantiles(set.get("x").nums(), outcomes.QuantileType(i+1), set.get("probs").nums()...)
			require.NoError(t, err)
			for j, w := range types.nums() {
				near(t, w, got[j], 1e-13, fmt.Sprintf("%v: type %d, p = %v", set.get("x").nums(), i+1, set.get("probs").nums()[j]))
			}
		}
	}
}

func TestReviewOfTables(t *testing.T) {
	ref := load(t, "review.json")
	sm := ref.get("stuart_maxwell")
	got, err := sm.get("table").table().StuartMaxwell()
	require.NoError(t, err)
	near(t, sm.get("statistic").num(), got.Statistic, 1e-10, "Stuart–Maxwell with a state that nobody was ever in")
	near(t, sm.get("p_value").num(), got.P, 1e-10, "p")
	require.Equal(t, int(sm.get("df").num()), got.DF)
	for a := int64(1); a < 60; a++ {
		apart := outcomes.Table{{5, a, 0, 0}, {3, 2, 0, 0}, {0, 0, 4, 7}, {0, 0, a, 1}}
		_, err := apart.StuartMaxwell()
		require.ErrorAs(t, err, new(outcomes.DegenerateError), "two sets of states without moves between them, %d", a)
	}
	for _, set := range ref.get("trend").list() {
		got, err := outcomes.CochranArmitage(set.get("x").ints(), set.get("n").ints(), set.get("scores").nums())
		require.NoError(t, err)
		if w := set.get("statistic").num(); w > 1e-20 {
			near(t, w, got.Statistic, 1e-10, set.get("reason").str())
			near(t, set.get("p_value").num(), got.P, 1e-10, set.get("reason").str())
		} else {
			require.Less(t, got.Statistic, 1e-20, set.get("reason").str())
		}
	}
	for _, set := range ref.get("strata").list() {
		v := set.get("strata").ints()
		strata := []outcomes.Table{{{0, 0}, {0, 0}}} // nobody there: left out, where R refuses
		for ; len(v) > 0; v = v[4:] {
			strata = append(strata, outcomes.Table{{v[0], v[1]}, {v[2], v[3]}})
		}
		got, err := outcomes.MantelHaenszel(strata)
		require.NoError(t, err)
		what := set.get("reason").str()
		near(t, set.get("statistic").num(), got.Statistic, 1e-10, what)
		near(t, set.get("p_value").num(), got.P, 1e-10, what)
		switch or := set.get("or").num(); {
		case math.IsInf(or, 1):
			require.Nil(t, got.OddsRatio, what)
			require.Nil(t, got.CI, what)
		case or == 0:
			require.Zero(t, *got.OddsRatio, what)
			require.Nil(t, got.CI, what)
		default:
			near(t, or, *got.OddsRatio, 1e-10, what)
			nearPair(t, set.get("conf_int"), *got.CI, 1e-10, what)
		}
		got, err = outcomes.MantelHaenszel(strata, outcomes.Continuity(false))
		require.NoError(t, err)
		near(t, set.get("uncorrected").num(), got.Statistic, 1e-10, what)
		_, err = outcomes.MantelHaenszel(append(strata, outcomes.Table{{1, -1}, {2, 2}}))
		require.ErrorAs(t, err, new(outcomes.RangeError), "a count below 0 is not an empty stratum")
	}
	for _, set := range ref.get("jeffreys").list() {
		got, err := outcomes.Jeffreys(int64(set.get("x").num()), int64(set.get("n").num()))
		require.NoError(t, err)
		near(t, set.get("low").num(), got.CI.Low, 1e-10, "Jeffreys")
		near(t, set.get("high").num(), got.CI.High, 1e-10, "Jeffreys")
	}
	for _, set := range ref.get("miettinen_nurminen").list() {
		n := func(key string) int64 { return int64(set.get(key).num()) }
		got, err := outcomes.Table{{n("x1"), n("n1") - n("x1")}, {n("x2"), n("n2") - n("x2")}}.MiettinenNurminen()
		require.NoError(t, err)
		// R's optimize finds the restricted estimate to about 1e-8
		require.InDelta(t, set.get("low").num(), got.CI.Low, 1e-6, set.get("reason").str())
		require.InDelta(t, set.get("high").num(), got.CI.High, 1e-6, set.get("reason").str())
	}
	set := ref.get("overdispersion")
	over, err := outcomes.Overdispersion(set.get("x").ints(), set.get("n").ints(), 0, 0.1)
	require.NoError(t, err)
	near(t, set.get("target").num(), over.Target, 1e-12, "target")
	near(t, set.get("phi_raw").num(), over.PhiRaw, 1e-12, "phi, not winsorised")
	near(t, set.get("phi").num(), over.Phi, 1e-12, "phi")
	near(t, set.get("tau_sq").num(), over.TauSq, 1e-12, "variance between services")
	set = ref.get("inequality")
	in, err := outcomes.Inequality(set.get("x").ints(), set.get("n").ints())
	require.NoError(t, err)
	near(t, set.get("slope").num(), in.Slope, 1e-10, "slope index")
	nearPair(t, set.get("slope_ci"), in.SlopeCI, 1e-10, "slope index")
	near(t, set.get("relative").num(), *in.Relative, 1e-10, "relative index")
	nearPair(t, set.get("relative_ci"), *in.RelativeCI, 1e-10, "relative index")
}

func TestReviewOfModels(t *testing.T) {
	ref := load(t, "review.json")
	for _, set := range ref.get("km").list() {
		what := set.get("reason").str()
		var spells []outcomes.Spell
		for i, v := range set.get("time").nums() {
			spells = append(spells, outcomes.Spell{Time: v, Event: set.get("event").nums()[i] == 1})
		}
		got, err := outcomes.KaplanMeier(spells, outcomes.LogLogSurvival)
		require.NoError(t, err)
		i := 0
		for _, p := range got.Points {
			if p.Events == 0 {
				continue
			}
			require.Equal(t, set.get("t").nums()[i], p.Time, what)
			near(t, set.get("surv").nums()[i], p.Survival, 1e-12, what)
			if p.Survival == 0 {
				require.Nil(t, p.SE, "R has NaN")
				require.Nil(t, p.CI, "R has NaN")
			} else {
				near(t, set.get("se").nums()[i], *p.SE, 1e-10, what)
				near(t, set.get("low").nums()[i], p.CI.Low, 1e-10, what)
				near(t, set.get("high").nums()[i], p.CI.High, 1e-10, what)
			}
			i++
		}
		require.Len(t, set.get("t").nums(), i, what)
	}
	set := ref.get("logrank")
	groups := make([][]outcomes.Spell, 3)
	for i, g := range set.get("group").ints() {
		groups[g-1] = append(groups[g-1], outcomes.Spell{Time: set.get("time").nums()[i], Event: set.get("event").nums()[i] == 1})
	}
	lr, err := outcomes.LogRank(0, groups...)
	require.NoError(t, err)
	near(t, set.get("chisq").num(), lr.Statistic, 1e-10, "log-rank of three groups")
	near(t, set.get("p_value").num(), lr.P, 1e-10, "log-rank of three groups")
	for i, w := range set.get("expected").nums() {
		near(t, w, lr.Expected[i], 1e-10, "expected")
	}
	peto, err := outcomes.LogRank(1, groups...)
	require.NoError(t, err)
	near(t, set.get("peto").num(), peto.Statistic, 1e-10, "Peto and Peto")

	set = ref.get("icc")
	var rows [][]float64
	for _, r := range set.get("rows").list() {
		rows = append(rows, r.nums())
	}
	icc, err := outcomes.ICC(rows)
	require.NoError(t, err)
	near(t, set.get("estimate").num(), icc.Estimate, 1e-10, "ICC(2,1); Shrout and Fleiss print 0.29")
	near(t, set.get("f").num(), icc.F, 1e-10, "F")
	near(t, set.get("low").num(), icc.CI.Low, 1e-9, "low")
	near(t, set.get("high").num(), icc.CI.High, 1e-9, "high")

	set = ref.get("logistic")
	rows = nil
	var y []bool
	for i, x := range set.get("x").nums() {
		rows = append(rows, []float64{x})
		y = append(y, set.get("y").nums()[i] == 1)
	}
	fit, err := outcomes.Logistic([]string{"x"}, rows, y)
	require.NoError(t, err)
	near(t, set.get("deviance").num(), fit.Deviance, 1e-10, "one case away from separation")
	for i, c := range fit.Coefficients {
		near(t, set.get("b").nums()[i], c.Estimate, 1e-9, "coefficient")
		near(t, set.get("se").nums()[i], c.SE, 1e-7, "R's variance is one step before the last")
	}
	y[5], y[6] = y[6], y[5]
	_, err = outcomes.Logistic([]string{"x"}, rows, y)
	require.ErrorAs(t, err, new(outcomes.DegenerateError), "separated")
}
