package outcomes_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

func TestTwoGroupsAgainstR(t *testing.T) {
	for _, set := range load(t, "families.json").get("two_groups").list() {
		t.Run(set.get("name").str(), func(t *testing.T) {
			x, y := set.get("x").nums(), set.get("y").nums()
			for name, side := range sides {
				for key, f := range map[string]func([]float64, []float64, ...outcomes.Option) (outcomes.TResult, error){
					"welch_": outcomes.WelchT, "pooled_": outcomes.PooledT,
				} {
					ref := set.get(key + name)
					got, err := f(x, y, outcomes.Alternative(side))
					require.NoError(t, err)
					near(t, ref.get("statistic").num(), got.T, 1e-11, key+"t")
					near(t, ref.get("df").num(), got.DF, 1e-11, key+"df")
					near(t, ref.get("p_value").num(), got.P, 1e-10, key+"p")
					nearPair(t, ref.get("conf_int"), got.CI, 1e-10, key)
				}
				for _, exact := range []string{"TRUE", "FALSE"} {
					method := outcomes.Normal()
					if exact == "TRUE" {
						method = outcomes.Exact()
					}
					for _, correct := range []string{"TRUE", "FALSE"} {
						key := "mw_exact" + exact + "_correct" + correct + "_" + name
						ref := set.get(key)
						got, err := outcomes.MannWhitney(x, y, method, outcomes.Continuity(correct == "TRUE"), outcomes.Alternative(side))
						require.NoError(t, err, key)
						near(t, ref.get("statistic").num(), got.W, 1e-15, key)
						near(t, ref.get("p_value").num(), got.P, 1e-10, key)
					}
					key := "mw_hl_exact" + exact + "_" + name
					got, err := outcomes.HodgesLehmannShift(x, y, method, outcomes.Alternative(side))
					require.NoError(t, err, key)
					near(t, set.get(key, "estimate").num(), got.Estimate, 1e-9, key)
					nearPair(t, set.get(key, "conf_int"), got.CI, 1e-9, key)
				}
			}
		})
	}
	// The before-and-after data as if they came from two groups.
	for _, set := range load(t, "reference.json").get("paired").list() {
		pre, post := pairs(set)
		for key, opts := range map[string][]outcomes.Option{
			"mann_whitney_default":          nil,
			"mann_whitney_approx_correct":   {outcomes.Normal()},
			"mann_whitney_approx_nocorrect": {outcomes.Normal(), outcomes.Continuity(false)},
		} {
			ref := set.get(key)
			if !ref.ok() || refused(ref, "p_value") {
				continue
			}
			got, err := outcomes.MannWhitney(post, pre, opts...)
			require.NoError(t, err)
			near(t, ref.get("p_value").num(), got.P, 1e-10, key)
		}
		if ref := set.get("welch_as_if_independent"); ref.ok() && !refused(ref, "p_value") {
			got, err := outcomes.WelchT(post, pre)
			require.NoError(t, err)
			near(t, ref.get("p_value").num(), got.P, 1e-10, "Welch")
			nearPair(t, ref.get("conf_int"), got.CI, 1e-9, "Welch")
		}
	}
}

func TestCorrelationAgainstR(t *testing.T) {
	for _, set := range load(t, "families.json").get("correlation").list() {
		t.Run(set.get("name").str(), func(t *testing.T) {
			x, y := set.get("x").nums(), set.get("y").nums()
			for name, side := range sides {
				alt := outcomes.Alternative(side)
				check := func(key string, got outcomes.CorrelationResult, err error) {
					t.Helper()
					require.NoError(t, err, key)
					near(t, set.get(key, "estimate").num(), got.Estimate, 1e-12, key)
					// R takes an exact upper tail of Kendall's from 1, so it is good to 1e-15 in absolute terms
					if w := set.get(key, "p_value").num(); math.Abs(w-got.P) > 4e-15 {
						near(t, w, got.P, 1e-9, key)
					}
					if ci := set.get(key, "conf_int"); ci.ok() && !math.IsNaN(ci.nums()[0]) {
						nearPair(t, ci, *got.CI, 1e-10, key)
					}
				}
				got, err := outcomes.Pearson(x, y, alt)
				check("pearson_"+name, got, err)
				got, err = outcomes.Spearman(x, y, alt, outcomes.Normal())
				check("spearman_"+name, got, err)
				got, err = outcomes.Kendall(x, y, alt, outcomes.Exact())
				check("kendall_exactTRUE_"+name, got, err)
				got, err = outcomes.Kendall(x, y, alt, outcomes.Normal())
				check("kendall_exactFALSE_"+name, got, err)
			}
			got, err := outcomes.Kendall(x, y, outcomes.Normal(), outcomes.Continuity(true))
			require.NoError(t, err)
			near(t, set.get("kendall_continuity", "p_value").num(), got.P, 1e-10, "Kendall with continuity correction")
		})
	}
	for _, set := range load(t, "reference.json").get("paired").list() {
		pre, post := pairs(set)
		for key, f := range map[string]func([]float64, []float64, ...outcomes.Option) (outcomes.CorrelationResult, error){
			"pearson": outcomes.Pearson, "spearman_approx": outcomes.Spearman, "kendall": outcomes.Kendall,
		} {
			ref := set.get(key)
			if !ref.ok() {
				continue
			}
			what := fmt.Sprint(set.get("name").str(), " ", key)
			var opts []outcomes.Option
			if key != "pearson" {
				opts = append(opts, outcomes.Normal()) // the reference has exact = FALSE
			}
			got, err := f(pre, post, opts...)
			if refused(ref, "p_value") {
				if err == nil && !math.IsNaN(ref.get("estimate").num()) {
					near(t, ref.get("estimate").num(), got.Estimate, 1e-10, what)
				} else {
					require.ErrorIs(t, err, outcomes.ErrNotComputable, what)
				}
				continue
			}
			require.NoError(t, err, what)
			near(t, ref.get("estimate").num(), got.Estimate, 1e-10, what)
			if w := ref.get("p_value").num(); w > 1e-20 { // below, R's own p rests on 1 − r² after rounding
				near(t, w, got.P, 1e-9, what)
			}
		}
	}
}

func TestQuantilesAgainstR(t *testing.T) {
	for _, set := range load(t, "families.json").get("quantiles").list() {
		for i, ref := range set.get("types").list() {
			got, err := outcomes.Quantiles(set.get("x").nums(), outcomes.QuantileType(i+1), set.get("probs").nums()...)
			require.NoError(t, err)
			for j, w := range ref.nums() {
				near(t, w, got[j], 1e-12, fmt.Sprintf("type %d, p = %v", i+1, set.get("probs").nums()[j]))
			}
		}
	}
}

func TestSeveralGroupsAgainstR(t *testing.T) {
	sets := load(t, "families.json").get("several_groups").list()
	for _, set := range sets {
		var groups [][]float64
		for _, g := range set.get("groups").list() {
			groups = append(groups, g.nums())
		}
		name := set.get("name").str()
		tol := 1e-10
		if name == "certified_like" {
			tol = 1e-8 // the values themselves have only ten digits left after 1e6
		}
		got, err := outcomes.KruskalWallis(groups...)
		require.NoError(t, err)
		near(t, set.get("kruskal", "statistic").num(), got.Statistic, 1e-10, name)
		near(t, set.get("kruskal", "p_value").num(), got.P, 1e-10, name)
		got, err = outcomes.ANOVA(groups...)
		require.NoError(t, err)
		near(t, set.get("anova", "f").num(), got.Statistic, tol, name)
		near(t, set.get("anova", "df2").num(), got.DF2, tol, name)
		near(t, set.get("anova", "p_value").num(), got.P, tol, name)
		b, w := set.get("anova", "ss_between").num(), set.get("anova", "ss_within").num()
		near(t, b/(b+w), got.EtaSquared, tol, name)
		got, err = outcomes.WelchANOVA(groups...)
		require.NoError(t, err)
		near(t, set.get("welch", "f").num(), got.Statistic, tol, name)
		near(t, set.get("welch", "df2").num(), got.DF2, tol, name)
		near(t, set.get("welch", "p_value").num(), got.P, tol, name)
	}
	misc := load(t, "reference.json").get("misc")
	var groups [][]float64
	for _, g := range misc.get("kruskal", "groups").list() {
		groups = append(groups, g.nums())
	}
	got, err := outcomes.KruskalWallis(groups...)
	require.NoError(t, err)
	near(t, misc.get("kruskal", "p_value").num(), got.P, 1e-10, "Kruskal–Wallis")
	got, err = outcomes.ANOVA(groups...)
	require.NoError(t, err)
	near(t, misc.get("anova_oneway", "p_value").num(), got.P, 1e-10, "ANOVA")
}

func TestFisherAndSquareTablesAgainstR(t *testing.T) {
	sets := load(t, "families.json").get("tables").list()
	for _, set := range sets {
		tab := set.get("table").table()
		name := jsonOf(t, tab)
		ref := set.get("fisher")
		got, err := tab.Fisher()
		require.NoError(t, err, name)
		near(t, ref.get("p_value").num(), got.P, 1e-10, "Fisher "+name)
		if ref.get("conf_int").ok() {
			fisherAgainstR(t, tab, ref, name)
		}
		if ref := set.get("bowker"); ref.ok() {
			b, err := tab.Bowker()
			if !refused(ref, "p_value") {
				require.NoError(t, err)
				near(t, ref.get("statistic").num(), b.Statistic, 1e-12, "Bowker "+name)
				near(t, ref.get("p_value").num(), b.P, 1e-10, "Bowker "+name)
			}
		}
	}
	for _, set := range load(t, "reference.json").get("tables_2x2").list() {
		got, err := set.get("table").table().Fisher()
		require.NoError(t, err)
		near(t, set.get("fisher_two_sided", "p_value").num(), got.P, 1e-10, "Fisher")
	}
	for name, set := range load(t, "reference.json").get("tables_rxc").v.(map[string]any) {
		got, err := node{set}.get("table").table().Fisher()
		require.NoError(t, err)
		near(t, node{set}.get("fisher", "p_value").num(), got.P, 1e-10, "Fisher "+name)
	}
	for name, set := range load(t, "reference.json").get("marginal_homogeneity").v.(map[string]any) {
		set := node{set}
		tab := set.get("table").table()
		for key, f := range map[string]func() (outcomes.HomogeneityResult, error){"stuart_maxwell": tab.StuartMaxwell, "bowker": tab.Bowker} {
			got, err := f()
			require.NoError(t, err)
			near(t, set.get(key, "statistic").num(), got.Statistic, 1e-10, name+" "+key)
			near(t, set.get(key, "p_value").num(), got.P, 1e-10, name+" "+key)
			require.EqualValues(t, set.get(key, "df").num(), got.DF)
		}
		b, err := tab.Bhapkar()
		require.NoError(t, err)
		near(t, set.get("stuart_maxwell", "bhapkar").num(), b.Statistic, 1e-10, name+" Bhapkar")
		near(t, set.get("stuart_maxwell", "bhapkar_p").num(), b.P, 1e-10, name+" Bhapkar")
		k, err := tab.Kappa(false)
		require.NoError(t, err)
		near(t, set.get("kappa", "kappa").num(), k.Estimate, 1e-10, name+" kappa")
		k, err = tab.Kappa(true)
		require.NoError(t, err)
		near(t, set.get("kappa_psych", "weighted_quadratic").num(), k.Estimate, 1e-10, name+" weighted kappa")
	}
}

// R finds the odds ratio and its limits with uniroot at its default tolerance of 1.2e-4, on the odds ratio
// where it is below 1 and on its inverse above, so its figures are good to about 1e-3 of themselves at
// worst; that each limit leaves its tail is the sharper test.
func fisherAgainstR(t *testing.T, tab outcomes.Table, ref node, name string) {
	loose := func(want, got float64, what string) {
		t.Helper()
		if math.IsInf(want, 0) || want == 0 {
			require.Equal(t, want, got, what)
			return
		}
		require.InEpsilon(t, want, got, 2e-3, what+" "+name)
	}
	got, err := tab.Fisher()
	require.NoError(t, err)
	if w := ref.get("estimate").num(); math.IsInf(w, 1) {
		require.Nil(t, got.OddsRatio)
	} else {
		loose(w, *got.OddsRatio, "odds ratio")
	}
	loose(ref.get("conf_int").nums()[0], got.CI.Low, "low")
	loose(ref.get("conf_int").nums()[1], got.CI.High, "high")
	less, err := tab.Fisher(outcomes.Alternative(outcomes.Less))
	require.NoError(t, err)
	near(t, ref.get("less").num(), less.P, 1e-10, "less")
	loose(ref.get("less_ci").nums()[1], less.CI.High, "less")
	greater, err := tab.Fisher(outcomes.Alternative(outcomes.Greater))
	require.NoError(t, err)
	near(t, ref.get("greater").num(), greater.P, 1e-10, "greater")
	loose(ref.get("greater_ci").nums()[0], greater.CI.Low, "greater")
	wide, err := tab.Fisher(outcomes.Confidence(0.99))
	require.NoError(t, err)
	loose(ref.get("ci99").nums()[0], wide.CI.Low, "99 % low")
	loose(ref.get("ci99").nums()[1], wide.CI.High, "99 % high")
}

func TestTrendAndStrataAgainstR(t *testing.T) {
	for _, set := range load(t, "families.json").get("trend").list() {
		got, err := outcomes.CochranArmitage(set.get("x").ints(), set.get("n").ints(), set.get("score").nums())
		require.NoError(t, err)
		near(t, set.get("statistic").num(), got.Statistic, 1e-10, "trend")
		near(t, set.get("p_value").num(), got.P, 1e-10, "trend")
	}
	for _, set := range load(t, "families.json").get("mantel_haenszel").list() {
		var strata []outcomes.Table
		for _, s := range set.get("strata").list() {
			strata = append(strata, s.table())
		}
		got, err := outcomes.MantelHaenszel(strata)
		require.NoError(t, err)
		near(t, set.get("corrected", "statistic").num(), got.Statistic, 1e-10, "Mantel–Haenszel")
		near(t, set.get("corrected", "p_value").num(), got.P, 1e-10, "Mantel–Haenszel")
		near(t, set.get("estimate").num(), *got.OddsRatio, 1e-10, "common odds ratio")
		nearPair(t, set.get("conf_int"), *got.CI, 1e-10, "common odds ratio")
		got, err = outcomes.MantelHaenszel(strata, outcomes.Continuity(false))
		require.NoError(t, err)
		near(t, set.get("uncorrected", "p_value").num(), got.P, 1e-10, "Mantel–Haenszel")
	}
	mh := load(t, "reference.json").get("misc", "mantel_haenszel")
	v := mh.get("array_col_major").ints()
	var strata []outcomes.Table
	for ; len(v) >= 4; v = v[4:] {
		strata = append(strata, outcomes.Table{{v[0], v[2]}, {v[1], v[3]}})
	}
	got, err := outcomes.MantelHaenszel(strata)
	require.NoError(t, err)
	near(t, mh.get("statistic").num(), got.Statistic, 1e-10, "Mantel–Haenszel")
	near(t, mh.get("common_or").num(), *got.OddsRatio, 1e-10, "Mantel–Haenszel")
	nearPair(t, mh.get("ci"), *got.CI, 1e-10, "Mantel–Haenszel")
}

func TestPoissonAndAdjustmentAgainstR(t *testing.T) {
	for _, set := range load(t, "families.json").get("poisson").list() {
		x, base := int64(set.get("x").num()), set.get("t").num()
		for key, opts := range map[string][]outcomes.Option{
			"conf_int": nil, "ci99": {outcomes.Confidence(0.99)},
			"less": {outcomes.Alternative(outcomes.Less)}, "greater": {outcomes.Alternative(outcomes.Greater)},
		} {
			got, err := outcomes.PoissonRate(x, base, opts...)
			require.NoError(t, err)
			nearPair(t, set.get(key), got.CI, 1e-10, "Poisson "+key)
		}
	}
	for _, set := range load(t, "reference.json").get("proportions").list() {
		got, err := outcomes.PoissonRate(int64(set.get("x").num()), 1)
		require.NoError(t, err)
		nearPair(t, set.get("poisson_rate_exact95_count"), got.CI, 1e-10, "Poisson")
	}
	for _, set := range load(t, "families.json").get("adjust").list() {
		for key, how := range map[string]outcomes.Adjustment{
			"holm": outcomes.Holm, "hochberg": outcomes.Hochberg, "bh": outcomes.BenjaminiHochberg,
			"by": outcomes.BenjaminiYekutieli, "bonferroni": outcomes.Bonferroni,
		} {
			got, err := outcomes.Adjust(set.get("p").nums(), how)
			require.NoError(t, err)
			for i, w := range set.get(key).nums() {
				near(t, w, got[i], 1e-13, key)
			}
		}
	}
}

// Differences of two proportions as an independent implementation, the R package ratesci, has them. It halves
// intervals until the score agrees to some places: near the ends of the scale its limits are good to 3e-10.
func TestProportionDifferencesAgainstRatesci(t *testing.T) {
	ref := load(t, "proportions.json")
	for _, set := range ref.get("groups").list() {
		n := func(key string) int64 { return int64(set.get(key).num()) }
		table := outcomes.Table{{n("x1"), n("n1") - n("x1")}, {n("x2"), n("n2") - n("x2")}}
		check := func(key string, got outcomes.ProportionDifferenceResult, err error) {
			t.Helper()
			require.NoError(t, err)
			want := set.get(key).nums()
			require.InDelta(t, want[0], got.CI.Low, 1e-9, "%s of %v, %s: low", key, table, set.get("reason").str())
			require.InDelta(t, want[1], got.CI.High, 1e-9, "%s of %v, %s: high", key, table, set.get("reason").str())
		}
		got, err := table.MiettinenNurminen()
		check("miettinen_nurminen", got, err)
		got, err = table.MiettinenNurminen(outcomes.Confidence(0.99))
		check("miettinen_nurminen_99", got, err)
		got, err = table.RiskDifference()
		check("newcombe", got, err)
	}
	for _, set := range ref.get("pairs").list() {
		x := set.get("x").ints()
		got, err := outcomes.PairedBinary{YesYes: x[0], YesNo: x[2], NoYes: x[1], NoNo: x[3]}.Difference()
		require.NoError(t, err)
		require.InDelta(t, set.get("low").num(), got.CI.Low, 1e-12, "%v, %s: low", x, set.get("reason").str())
		require.InDelta(t, set.get("high").num(), got.CI.High, 1e-12, "%v, %s: high", x, set.get("reason").str())
	}
}
