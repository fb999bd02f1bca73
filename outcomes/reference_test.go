package outcomes_test

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

// node is one value of R's output; numbers may be "Inf", "-Inf", "NaN" or null.
type node struct{ v any }

func (n node) get(path ...string) node {
	for _, k := range path {
		m, _ := n.v.(map[string]any)
		n = node{m[k]}
	}
	return n
}

func (n node) ok() bool { return n.v != nil }

func (n node) list() []node {
	l, _ := n.v.([]any)
	out := make([]node, len(l))
	for i, v := range l {
		out[i] = node{v}
	}
	return out
}

func (n node) str() string { s, _ := n.v.(string); return s }

func (n node) num() float64 {
	switch v := n.v.(type) {
	case float64:
		return v
	case string:
		switch v {
		case "Inf":
			return math.Inf(1)
		case "-Inf":
			return math.Inf(-1)
		}
	}
	return math.NaN()
}

func (n node) nums() []float64 {
	l := n.list()
	out := make([]float64, len(l))
	for i, v := range l {
		out[i] = v.num()
	}
	return out
}

func (n node) ints() []int64 {
	l := n.list()
	out := make([]int64, len(l))
	for i, v := range l {
		out[i] = int64(v.num())
	}
	return out
}

func (n node) table() outcomes.Table {
	l := n.list()
	out := make(outcomes.Table, len(l))
	for i, v := range l {
		out[i] = v.ints()
	}
	return out
}

func load(t testing.TB, name string) node {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	var v any
	require.NoError(t, json.Unmarshal(data, &v))
	return node{v}
}

// near compares with a relative tolerance; values below floor count as equal to 0.
func near(t testing.TB, want, got, tol float64, what string) {
	t.Helper()
	if math.IsInf(want, 0) && want == got {
		return
	}
	if math.IsNaN(got) || math.IsNaN(want) || math.Abs(got-want) > tol*math.Abs(want) && math.Abs(got-want) > 1e-300 {
		t.Errorf("%s: got %.17g, R has %.17g, relative difference %.2g", what, got, want, math.Abs(got-want)/math.Abs(want))
	}
}

func nearPair(t testing.TB, want node, ci outcomes.Interval, tol float64, what string) {
	t.Helper()
	w := want.nums()
	if len(w) != 2 {
		t.Errorf("%s: R has no interval", what)
		return
	}
	near(t, w[0], ci.Low, tol, what+" low")
	near(t, w[1], ci.High, tol, what+" high")
}

// pairs returns the complete pairs of a data set; null is missing.
func pairs(n node) (pre, post []float64) {
	a, b := n.get("pre").nums(), n.get("post").nums()
	for i := range a {
		if !math.IsNaN(a[i]) && !math.IsNaN(b[i]) {
			pre, post = append(pre, a[i]), append(post, b[i])
		}
	}
	return pre, post
}

// refused says whether R gave no number: an error, a NaN or a missing value.
func refused(n node, key string) bool {
	return n.get("error").ok() || math.IsNaN(n.get(key).num())
}

var sides = map[string]outcomes.Side{"two.sided": outcomes.TwoSided, "less": outcomes.Less, "greater": outcomes.Greater}

func TestPairedAgainstR(t *testing.T) {
	for _, file := range []string{"reference.json", "paired.json"} {
		for _, set := range load(t, file).get("paired").list() {
			t.Run(set.get("name").str(), func(t *testing.T) { pairedAgainstR(t, set) })
		}
	}
}

func pairedAgainstR(t *testing.T, set node) {
	pre, post := pairs(set)
	s, err := outcomes.SummarisePairs(pre, post)
	require.NoError(t, err)
	tol := 1e-10
	if f := set.get("tolerance"); f.ok() {
		tol = f.num() // the data set's own, with its reason beside it
		require.NotEmpty(t, set.get("tolerance_reason").str())
	}
	check := func(key string, got float64) {
		t.Helper()
		if set.get(key).ok() {
			near(t, set.get(key).num(), got, tol, key)
		}
	}
	require.EqualValues(t, set.get("n_complete").num(), s.N)
	check("mean_pre", s.MeanPre)
	check("mean_post", s.MeanPost)
	check("mean_diff", s.MeanDiff)
	check("sd_pre", s.SDPre)
	check("sd_post", s.SDPost)
	check("sd_diff", s.SDDiff)

	diff := make([]float64, len(pre))
	for i := range pre {
		diff[i] = post[i] - pre[i]
	}
	if q := set.get("quartiles_diff_type7"); q.ok() {
		got, err := outcomes.Quantiles(diff, outcomes.R7, 0.25, 0.5, 0.75)
		require.NoError(t, err)
		for i, w := range q.nums() {
			near(t, w, got[i], tol, "quartile")
		}
	}
	m, err := outcomes.Median(pre)
	require.NoError(t, err)
	check("median_pre", m)
	m, err = outcomes.Median(post)
	require.NoError(t, err)
	check("median_post", m)

	for name, side := range sides {
		ref := set.get("t_paired_" + name)
		got, err := outcomes.PairedT(pre, post, outcomes.Alternative(side))
		if refused(ref, "p_value") {
			require.ErrorIs(t, err, outcomes.ErrNotComputable)
			continue
		}
		require.NoError(t, err)
		near(t, ref.get("statistic").num(), got.T, tol, "t")
		near(t, ref.get("p_value").num(), got.P, tol*10, "t p "+name)
		nearPair(t, ref.get("conf_int"), got.CI, tol*10, "t interval "+name)
	}
	for name, level := range map[string]float64{"t_paired_ci90": 0.9, "t_paired_ci99": 0.99} {
		if ref := set.get(name).get("conf_int"); ref.ok() && !math.IsNaN(ref.nums()[0]) {
			got, err := outcomes.PairedT(pre, post, outcomes.Confidence(level))
			require.NoError(t, err)
			nearPair(t, ref, got.CI, tol*10, name)
		}
	}

	for _, exact := range []string{"TRUE", "FALSE"} {
		for _, correct := range []string{"TRUE", "FALSE"} {
			for name, side := range sides {
				key := "wilcox_exact" + exact + "_correct" + correct + "_" + name
				ref := set.get(key)
				if !ref.ok() {
					continue
				}
				method := outcomes.Normal()
				if exact == "TRUE" {
					method = outcomes.Exact()
				}
				got, err := outcomes.SignedRank(pre, post, method, outcomes.Continuity(correct == "TRUE"), outcomes.Alternative(side))
				if refused(ref, "p_value") {
					require.ErrorIs(t, err, outcomes.ErrNotComputable, key)
					continue
				}
				require.NoError(t, err, key)
				near(t, ref.get("statistic").num(), got.V, 1e-15, key+" V")
				near(t, ref.get("p_value").num(), got.P, 1e-10, key)
			}
		}
	}
	if ref := set.get("wilcox_default"); ref.ok() && !refused(ref, "p_value") {
		got, err := outcomes.SignedRank(pre, post)
		require.NoError(t, err)
		near(t, ref.get("p_value").num(), got.P, 1e-10, "wilcox default")
	}
	for key, opts := range map[string][]outcomes.Option{
		"wilcox_exact_with_ties_exactRankTests": {outcomes.Permutation()},
		"wilcox_coin_wilcoxon_exact":            {outcomes.Permutation()},
		"wilcox_coin_pratt_exact":               {outcomes.Permutation(), outcomes.Zeros(outcomes.PrattZeros)},
		"wilcox_coin_pratt_asymptotic":          {outcomes.Normal(), outcomes.Continuity(false), outcomes.Zeros(outcomes.PrattZeros)},
	} {
		ref := set.get(key)
		if !ref.ok() || refused(ref, "p_value") {
			continue
		}
		got, err := outcomes.SignedRank(pre, post, opts...)
		require.NoError(t, err)
		near(t, ref.get("p_value").num(), got.P, 1e-10, key)
	}
	for key, method := range map[string]outcomes.Option{
		"wilcox_hodges_lehmann_exact": outcomes.Exact(), "wilcox_hodges_lehmann_approx": outcomes.Normal(),
	} {
		ref := set.get(key)
		if !ref.ok() {
			continue
		}
		got, err := outcomes.HodgesLehmann(pre, post, method)
		if refused(ref, "estimate") || math.IsNaN(ref.get("conf_int").list()[0].num()) {
			require.ErrorIs(t, err, outcomes.ErrNotComputable, key)
			if !refused(ref, "estimate") {
				near(t, ref.get("estimate").num(), got.Estimate, 1e-12, key+", without an interval")
			}
			continue
		}
		require.NoError(t, err, key)
		near(t, ref.get("estimate").num(), got.Estimate, 1e-9, key)
		nearPair(t, ref.get("conf_int"), got.CI, 1e-9, key)
	}
	if ref := set.get("sign_test"); ref.ok() {
		got, err := outcomes.SignTest(pre, post)
		if refused(ref, "p_value") {
			require.ErrorIs(t, err, outcomes.ErrNotComputable)
		} else {
			require.NoError(t, err)
			require.EqualValues(t, ref.get("pos").num(), got.Positive)
			require.EqualValues(t, ref.get("neg").num(), got.Negative)
			near(t, ref.get("p_value").num(), got.P, 1e-10, "sign test")
		}
	}
	if ref := set.get("rank_biserial", "r"); ref.ok() {
		got, err := outcomes.RankBiserial(pre, post)
		if math.IsNaN(ref.num()) {
			require.ErrorIs(t, err, outcomes.ErrNotComputable)
		} else {
			require.NoError(t, err)
			near(t, ref.num(), got.Estimate, 1e-10, "rank biserial")
		}
	}
	if ref := set.get("pearson", "estimate"); ref.ok() && !math.IsNaN(ref.num()) {
		got, err := s.Correlation()
		require.NoError(t, err)
		near(t, ref.num(), got, tol, "pearson")
	}
	effectsAgainstR(t, set.get("effect"), s, tol)
}

func effectsAgainstR(t *testing.T, ref node, s outcomes.PairSummary, tol float64) {
	if !ref.ok() || ref.get("error").ok() {
		return
	}
	for key, f := range map[string]func() (outcomes.EffectResult, error){
		"dz":                 func() (outcomes.EffectResult, error) { return s.DZ() },
		"srm":                func() (outcomes.EffectResult, error) { return s.SRM() },
		"d_av_mean_sd":       func() (outcomes.EffectResult, error) { return s.DAv() },
		"d_av_root_mean_var": func() (outcomes.EffectResult, error) { return s.DAvRootMeanVariance() },
		"d_glass_pre":        func() (outcomes.EffectResult, error) { return s.GlassPre() },
		"d_rm":               func() (outcomes.EffectResult, error) { return s.DRm() },
		"gz_hedges":          func() (outcomes.EffectResult, error) { return s.GZ() },
	} {
		got, err := f()
		if !ref.get(key).ok() || math.IsNaN(ref.get(key).num()) || math.IsInf(ref.get(key).num(), 0) {
			require.ErrorIs(t, err, outcomes.ErrNotComputable, key)
			continue
		}
		require.NoError(t, err, key)
		near(t, ref.get(key).num(), got.Estimate, tol*10, key)
	}
	interval := func(key string, got outcomes.EffectResult, err error, ncp bool) {
		t.Helper()
		want := ref.get(key)
		if !want.ok() || len(want.nums()) != 2 || math.IsNaN(want.nums()[0]) {
			return
		}
		require.NoError(t, err, key)
		ci := got.CI
		if ncp {
			ci = got.NCP
		}
		// R's own search for the limits is good to 1e-10 of the noncentrality, not of a limit near 0.
		for i, v := range []float64{ci.Low, ci.High} {
			if w := want.nums()[i]; math.Abs(v-w) > 2e-9*math.Max(1, math.Abs(w)) {
				t.Errorf("%s[%d]: got %.15g, R has %.15g", key, i, v, w)
			}
		}
	}
	dz, err := s.DZ()
	interval("dz_ci95_noncentral_t", dz, err, false)
	interval("dz_ncp_limits", dz, err, true)
	dav, err := s.DAv()
	interval("d_av_ci95_mote", dav, err, false)
	dav, err = s.DAvRescaled()
	interval("d_av_ci95_dz_rescaled", dav, err, false)
}

func TestTablesAgainstR(t *testing.T) {
	for _, set := range load(t, "reference.json").get("tables_2x2").list() {
		tab := set.get("table").table()
		name := strings.ReplaceAll(strings.Trim(jsonOf(t, tab), "[]"), "],[", ";")
		t.Run(name, func(t *testing.T) {
			b := outcomes.PairedBinary{YesYes: tab[0][0], YesNo: tab[0][1], NoYes: tab[1][0], NoNo: tab[1][1]}
			for key, opts := range map[string][]outcomes.Option{
				"mcnemar_corrected":   nil,
				"mcnemar_uncorrected": {outcomes.Continuity(false)},
				"mcnemar_exact":       {outcomes.Exact()},
				"mcnemar_midp":        {outcomes.MidP()},
			} {
				ref := set.get(key)
				got, err := b.McNemar(opts...)
				if refused(ref, "p_value") {
					require.ErrorIs(t, err, outcomes.ErrNotComputable, key)
					continue
				}
				require.NoError(t, err, key)
				near(t, ref.get("p_value").num(), got.P, 1e-10, key)
				if ref.get("statistic").ok() {
					near(t, ref.get("statistic").num(), got.Statistic, 1e-12, key)
				}
			}
			for key, opts := range map[string][]outcomes.Option{
				"chisq_corrected":   nil,
				"chisq_uncorrected": {outcomes.Continuity(false)},
			} {
				ref := set.get(key)
				got, err := tab.ChiSquared(opts...)
				if refused(ref, "p_value") {
					require.ErrorIs(t, err, outcomes.ErrNotComputable, key)
					continue
				}
				require.NoError(t, err, key)
				near(t, ref.get("statistic").num(), got.Statistic, 1e-10, key)
				near(t, ref.get("p_value").num(), got.P, 1e-10, key)
			}
			risk := set.get("risk")
			rd, err := tab.RiskDifference()
			require.NoError(t, err)
			near(t, risk.get("risk_diff").num(), rd.Estimate, 1e-10, "risk difference")
			nearPair(t, risk.get("risk_diff_newcombe"), rd.CI, 1e-10, "Newcombe")
			rd, err = tab.RiskDifferenceWald()
			require.NoError(t, err)
			nearPair(t, risk.get("risk_diff_wald"), rd.CI, 1e-10, "Wald")
			rr, err := tab.RiskRatio()
			if v := risk.get("risk_ratio").num(); v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
				require.ErrorIs(t, err, outcomes.ErrNotComputable)
			} else {
				require.NoError(t, err)
				near(t, v, rr.Estimate, 1e-10, "risk ratio")
				nearPair(t, risk.get("risk_ratio_log_ci"), rr.CI, 1e-10, "risk ratio interval")
			}
			or, err := tab.OddsRatio()
			if v := risk.get("odds_ratio").num(); v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
				require.ErrorIs(t, err, outcomes.ErrNotComputable)
			} else {
				require.NoError(t, err)
				near(t, v, or.Estimate, 1e-10, "odds ratio")
				nearPair(t, risk.get("odds_ratio_woolf"), or.CI, 1e-10, "odds ratio interval")
			}
		})
	}
	for name, set := range load(t, "reference.json").get("tables_rxc").v.(map[string]any) {
		set := node{set}
		got, err := set.get("table").table().ChiSquared()
		if refused(set.get("chisq"), "p_value") {
			require.ErrorIs(t, err, outcomes.ErrNotComputable, name)
			continue
		}
		require.NoError(t, err, name)
		near(t, set.get("chisq", "statistic").num(), got.Statistic, 1e-10, name)
		near(t, set.get("chisq", "p_value").num(), got.P, 1e-10, name)
		near(t, set.get("cramers_v", "v").num(), got.CramersV, 1e-10, name)
	}
}

func jsonOf(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

func TestProportionsAgainstR(t *testing.T) {
	for _, set := range load(t, "reference.json").get("proportions").list() {
		x, n := int64(set.get("x").num()), int64(set.get("n").num())
		for key, f := range map[string]func() (outcomes.ProportionResult, error){
			"clopper_pearson95": func() (outcomes.ProportionResult, error) { return outcomes.ClopperPearson(x, n) },
			"clopper_pearson99": func() (outcomes.ProportionResult, error) {
				return outcomes.ClopperPearson(x, n, outcomes.Confidence(0.99))
			},
			"wilson95_formula": func() (outcomes.ProportionResult, error) { return outcomes.Wilson(x, n) },
			"wilson99_prop_test": func() (outcomes.ProportionResult, error) {
				return outcomes.Wilson(x, n, outcomes.Confidence(0.99))
			},
			"wilson95_continuity_prop_test": func() (outcomes.ProportionResult, error) {
				return outcomes.Wilson(x, n, outcomes.Continuity(true))
			},
			"agresti_coull95": func() (outcomes.ProportionResult, error) { return outcomes.AgrestiCoull(x, n) },
			"jeffreys95":      func() (outcomes.ProportionResult, error) { return outcomes.Jeffreys(x, n) },
		} {
			got, err := f()
			require.NoError(t, err)
			ref := set.get(key)
			if ref.get("conf_int").ok() {
				ref = ref.get("conf_int")
			}
			for i, v := range []float64{got.CI.Low, got.CI.High} {
				// R leaves −1e-17 where the limit is 0
				if w := ref.nums()[i]; math.Abs(v-w) > 1e-10*math.Abs(w) && math.Abs(v-w) > 1e-16 {
					t.Errorf("%s %d/%d [%d]: got %.17g, R has %.17g", key, x, n, i, v, w)
				}
			}
		}
		for key, opts := range map[string][]outcomes.Option{
			"binom_test_p_half":        nil,
			"binom_test_p_0.3":         {outcomes.Null(0.3)},
			"binom_test_p_0.3_less":    {outcomes.Null(0.3), outcomes.Alternative(outcomes.Less)},
			"binom_test_p_0.3_greater": {outcomes.Null(0.3), outcomes.Alternative(outcomes.Greater)},
		} {
			got, err := outcomes.BinomialTest(x, n, opts...)
			require.NoError(t, err)
			near(t, set.get(key).num(), got.P, 1e-10, key)
		}
	}
}
