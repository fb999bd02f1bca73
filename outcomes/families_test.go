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
				got, err = outcomes.Spearman(x, y, alt)
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
			if key == "kendall" {
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
