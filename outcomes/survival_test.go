package outcomes_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

func spells(set node) []outcomes.Spell {
	t, e := set.get("time").nums(), set.get("event").nums()
	out := make([]outcomes.Spell, len(t))
	for i := range t {
		out[i] = outcomes.Spell{Time: t[i], Event: e[i] == 1}
	}
	return out
}

// byGroup splits spells by the group beside them.
func byGroup(set node) [][]outcomes.Spell {
	var out [][]outcomes.Spell
	g := set.get("group").ints()
	for i, s := range spells(set) {
		for int(g[i]) > len(out) {
			out = append(out, nil)
		}
		out[g[i]-1] = append(out[g[i]-1], s)
	}
	return out
}

func TestKaplanMeierAgainstR(t *testing.T) {
	for name, set := range load(t, "reference.json").get("kaplan_meier").v.(map[string]any) {
		set := node{set}
		for scale, key := range map[outcomes.SurvivalTransform]string{
			outcomes.PlainSurvival: "plain", outcomes.LogSurvival: "log", outcomes.LogLogSurvival: "log-log",
		} {
			got, err := outcomes.KaplanMeier(spells(set), scale)
			require.NoError(t, err)
			ref := set.get(key)
			require.Len(t, got.Points, len(ref.get("t").list()))
			for i, p := range got.Points {
				what := name + " " + key
				require.EqualValues(t, ref.get("n_risk").nums()[i], p.AtRisk)
				require.EqualValues(t, ref.get("n_event").nums()[i], p.Events)
				require.EqualValues(t, ref.get("n_censor").nums()[i], p.Censored)
				near(t, ref.get("surv").nums()[i], p.Survival, 1e-12, what)
				near(t, ref.get("cumhaz_nelson_aalen").nums()[i], p.CumulativeHazard, 1e-12, what)
				if se := ref.get("greenwood_se").nums()[i]; math.IsNaN(se) {
					require.Nil(t, p.SE, what)
				} else {
					near(t, se, *p.SE, 1e-10, what)
				}
				lo, hi := ref.get("lower").nums()[i], ref.get("upper").nums()[i]
				if math.IsNaN(lo) {
					require.Nil(t, p.CI, what)
				} else {
					near(t, lo, p.CI.Low, 1e-10, what)
					near(t, hi, p.CI.High, 1e-10, what)
				}
			}
			for i, prob := range []float64{0.25, 0.5, 0.75} {
				q, err := got.Quantile(prob)
				require.NoError(t, err)
				for what, pair := range map[string]*float64{"quantiles": q.Time, "quantiles_lower": q.Low, "quantiles_upper": q.High} {
					if w := ref.get(what).nums()[i]; math.IsNaN(w) {
						require.Nil(t, pair, "%s %s %s %v", name, key, what, prob)
					} else {
						require.NotNil(t, pair, "%s %s %s %v", name, key, what, prob)
						near(t, w, *pair, 1e-12, name+" "+key+" "+what)
					}
				}
			}
			last := got.Points[len(got.Points)-1].Time
			rm, err := got.RestrictedMean(last)
			require.NoError(t, err)
			near(t, set.get("rmean", "rmean").num(), rm.Estimate, 1e-12, name)
			near(t, set.get("rmean", "se").num(), rm.SE, 1e-10, name)
		}
	}
	set := load(t, "survival.json")
	all, err := outcomes.KaplanMeier(spells(set.get("three_groups")), outcomes.LogSurvival)
	require.NoError(t, err)
	for _, ref := range set.get("rmean").list() {
		got, err := all.RestrictedMean(ref.get("horizon").num())
		require.NoError(t, err)
		near(t, ref.get("mean").num(), got.Estimate, 1e-12, "restricted mean")
		near(t, ref.get("se").num(), got.SE, 1e-10, "restricted mean")
	}
	for _, ref := range set.get("quantile").list() {
		got, err := all.Quantile(ref.get("p").num())
		require.NoError(t, err)
		near(t, ref.get("q").num(), *got.Time, 1e-12, "quantile")
		near(t, ref.get("low").num(), *got.Low, 1e-12, "quantile")
		near(t, ref.get("high").num(), *got.High, 1e-12, "quantile")
	}
}

func TestLogRankAgainstR(t *testing.T) {
	two := load(t, "reference.json").get("logrank", "two_groups")
	got, err := outcomes.LogRank(0, byGroup(two)...)
	require.NoError(t, err)
	near(t, two.get("logrank", "chisq").num(), got.Statistic, 1e-10, "log-rank")
	near(t, two.get("logrank", "p_value").num(), got.P, 1e-10, "log-rank")
	for i := range 2 {
		near(t, two.get("logrank", "exp").nums()[i], got.Expected[i], 1e-10, "expected")
	}
	got, err = outcomes.LogRank(1, byGroup(two)...)
	require.NoError(t, err)
	near(t, two.get("peto_rho1", "chisq").num(), got.Statistic, 1e-10, "rho 1")

	three := load(t, "survival.json").get("three_groups")
	got, err = outcomes.LogRank(0, byGroup(three)...)
	require.NoError(t, err)
	near(t, three.get("chisq").num(), got.Statistic, 1e-10, "log-rank")
	near(t, three.get("p_value").num(), got.P, 1e-10, "log-rank")
	for i := range 3 {
		near(t, three.get("obs").nums()[i], got.Observed[i], 1e-10, "observed")
		near(t, three.get("exp").nums()[i], got.Expected[i], 1e-10, "expected")
	}
	got, err = outcomes.LogRank(1, byGroup(three)...)
	require.NoError(t, err)
	near(t, three.get("rho1").num(), got.Statistic, 1e-10, "rho 1")
}

func TestCumulativeIncidenceAgainstR(t *testing.T) {
	for _, set := range load(t, "survival.json").get("competing").list() {
		time, cause := set.get("time").nums(), set.get("cause").nums()
		in := make([]outcomes.CompetingSpell, len(time))
		for i := range time {
			in[i] = outcomes.CompetingSpell{Time: time[i], Cause: int(cause[i])}
		}
		got, err := outcomes.CumulativeIncidence(in, 2)
		require.NoError(t, err)
		name := set.get("name").str()
		require.Len(t, got.Points, len(set.get("t").list()), name)
		for i, p := range got.Points {
			near(t, set.get("incidence1").nums()[i], p.Incidence[0], 1e-12, name)
			near(t, set.get("incidence2").nums()[i], p.Incidence[1], 1e-12, name)
			for c, key := range []string{"se1", "se2"} {
				if w := set.get(key).nums()[i]; w > 1e-12 {
					near(t, w, p.SE[c], 1e-9, name+" "+key)
				}
				low, high := set.get(fmt.Sprint("low", c+1)).nums()[i], set.get(fmt.Sprint("high", c+1)).nums()[i]
				if math.IsNaN(low) {
					require.Nil(t, p.CI[c], "nobody has ended for this cause, or all have")
					continue
				}
				require.InDelta(t, low, p.CI[c].Low, 1e-9, name)
				require.InDelta(t, high, p.CI[c].High, 1e-9, name)
			}
		}
	}
}

func TestReliabilityAgainstR(t *testing.T) {
	for name, set := range load(t, "reference.json").get("cronbach").v.(map[string]any) {
		set := node{set}
		var rows [][]float64
		for _, r := range set.get("items").list() {
			row := r.nums()
			complete := true
			for _, v := range row {
				complete = complete && !math.IsNaN(v)
			}
			if complete {
				rows = append(rows, row)
			}
		}
		got, err := outcomes.CronbachAlpha(rows)
		require.NoError(t, err, name)
		require.EqualValues(t, set.get("n_complete").num(), got.N)
		near(t, set.get("alpha_complete_cases").num(), got.Estimate, 1e-10, name)
		nearPair(t, set.get("alpha_feldt_ci95"), got.CI, 1e-10, name)
		near(t, set.get("sem").num(), got.SEM, 1e-10, name)
		for i, w := range set.get("alpha_if_item_dropped").nums() {
			if math.Abs(w-got.Dropped[i]) > 1e-14 { // an alpha of 0 is a difference of equals
				near(t, w, got.Dropped[i], 1e-10, name)
			}
		}
	}
	ref := load(t, "survival.json").get("icc")
	var rows [][]float64
	for _, r := range ref.get("rows").list() {
		rows = append(rows, r.nums())
	}
	got, err := outcomes.ICC(rows)
	require.NoError(t, err)
	require.InDelta(t, 0.29, got.Estimate, 0.005, "Shrout and Fleiss (1979), table 4")
	near(t, ref.get("icc").num(), got.Estimate, 1e-10, "ICC")
	near(t, ref.get("f").num(), got.F, 1e-10, "F")
	near(t, ref.get("p").num(), got.P, 1e-10, "p")
	near(t, ref.get("low").num(), got.CI.Low, 1e-10, "low")
	near(t, ref.get("high").num(), got.CI.High, 1e-10, "high")
	mdc, err := outcomes.MinimalDetectableChange(2)
	require.NoError(t, err)
	near(t, 2*1.959963984540054*math.Sqrt2, mdc, 1e-14, "1.96·√2·SEM")

	for _, set := range load(t, "reference.json").get("paired").list() {
		ref := set.get("rci_jacobson_truax_r0.8")
		if !ref.ok() || math.IsNaN(ref.get("s_diff").num()) || ref.get("s_diff").num() == 0 {
			continue
		}
		pre, post := pairs(set)
		got, err := outcomes.ReliableChange(pre, post, 0.8, 0)
		require.NoError(t, err)
		near(t, ref.get("s_diff").num(), got.SDifference, 1e-10, "s_diff")
		near(t, ref.get("rci_threshold").num(), got.Threshold, 1e-10, "threshold")
		require.EqualValues(t, ref.get("improved").num(), got.Improved)
		require.EqualValues(t, ref.get("deteriorated").num(), got.Deteriorated)
	}
}
