package outcomes_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

// lostData is R's data set: predictors, pre, post and who was not measured again, with post made unusable
// there, so that nothing can rest on it.
func lostData(t testing.TB) (ref node, names []string, rows [][]float64, pre, post []float64, missing []bool) {
	ref = load(t, "missing.json")
	names = []string{"age", "q", "pre"}
	for _, r := range ref.get("data", "x").list() {
		rows = append(rows, r.nums())
	}
	pre, post = ref.get("data", "pre").nums(), ref.get("data", "post").nums()
	for i, v := range ref.get("data", "missing").nums() {
		missing = append(missing, v == 1)
		if v == 1 {
			post[i] = math.NaN()
		}
	}
	return ref, names, rows, pre, post, missing
}

func TestCarriedForwardAndExtremesAgainstR(t *testing.T) {
	ref, _, _, pre, post, missing := lostData(t)
	carried, err := outcomes.BaselineCarriedForward(pre, post, missing)
	require.NoError(t, err)
	both, err := outcomes.ExtremeCases(pre, post, missing, 0, 100)
	require.NoError(t, err)
	for key, got := range map[string]outcomes.ImputedChangeResult{"carried": carried, "worst": both.Worst, "best": both.Best} {
		near(t, ref.get(key, "estimate").num(), got.T.Estimate, 1e-12, key)
		near(t, ref.get(key, "p_value").num(), got.T.P, 1e-10, key)
		nearPair(t, ref.get(key, "conf_int"), got.T.CI, 1e-10, key)
		lost := int64(0)
		for _, m := range missing {
			if m {
				lost++
			}
		}
		require.Equal(t, lost, got.Imputed, key)
		require.Equal(t, int64(len(pre)), got.N, key)
	}
	turned, err := outcomes.ExtremeCases(pre, post, missing, 100, 0)
	require.NoError(t, err)
	require.Equal(t, both.Worst.T, turned.Best.T, "where lower is better the ends change places")
	_, err = outcomes.ExtremeCases(pre, post, missing, 40, 60)
	require.ErrorAs(t, err, new(outcomes.RangeError), "values were measured beyond these ends")
	_, err = outcomes.BaselineCarriedForward(pre, post, missing[1:])
	require.ErrorAs(t, err, new(outcomes.LengthError))
	missing[0], post[0] = false, math.NaN()
	_, err = outcomes.BaselineCarriedForward(pre, post, missing)
	require.ErrorAs(t, err, new(outcomes.NotFiniteError), "a NaN that is not said to be missing")
}

func TestInverseProbabilityAgainstR(t *testing.T) {
	ref, names, rows, pre, post, missing := lostData(t)
	change := make([]float64, len(pre))
	for i := range change {
		change[i] = post[i] - pre[i]
	}
	for key, opts := range map[string][]outcomes.Option{"plain": nil, "stabilised": {outcomes.Stabilised()}} {
		got, err := outcomes.InverseProbability(names, rows, change, missing, opts...)
		require.NoError(t, err, key)
		want := ref.get("weights", key)
		near(t, want.get("estimate").num(), got.Estimate, 1e-9, key)
		near(t, want.get("se").num(), got.SE, 1e-9, key)
		near(t, want.get("se_model").num(), got.SEModel, 1e-8, key)
		near(t, want.get("largest").num(), got.Largest, 1e-9, key)
		near(t, want.get("effective").num(), got.Effective, 1e-9, key)
		for i, w := range want.get("weights").nums() {
			require.InDelta(t, w, got.Weights[i], 1e-8*math.Max(1, w))
		}
		near(t, got.Estimate-1.959963984540054*got.SE, got.CI.Low, 1e-12, key)
	}
	_, err := outcomes.InverseProbability(names, rows, change, make([]bool, len(change)))
	require.ErrorIs(t, err, outcomes.ErrNotComputable, "nobody was lost, but their values are not numbers")
	_, err = outcomes.InverseProbability(names, rows, pre, make([]bool, len(change)))
	require.ErrorIs(t, err, outcomes.ErrNotComputable, "nobody was lost: there is no model")
	_, err = outcomes.InverseProbability(names, rows, change, missing, outcomes.Cycles(3))
	require.ErrorAs(t, err, new(outcomes.OptionError))
}

// Who is lost depends on pre, and so does the change: the complete pairs are off, the weighted mean is not.
// Two predictions known in closed form hold the estimator to its purpose.
func TestInverseProbabilityRemovesBias(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 94))
	const n = 20000
	rows, change, missing := make([][]float64, n), make([]float64, n), make([]bool, n)
	for i := range rows {
		x := r.NormFloat64()
		rows[i] = []float64{x}
		change[i] = 2 - 1.5*x + r.NormFloat64()
		missing[i] = r.Float64() < 1/(1+math.Exp(-x))
	}
	var naive []float64
	for i, m := range missing {
		if !m {
			naive = append(naive, change[i])
		}
	}
	off, err := outcomes.OneSampleT(naive)
	require.NoError(t, err)
	require.Greater(t, off.CI.Low, 2.3, "those who stay have lower x, so larger changes")
	got, err := outcomes.InverseProbability([]string{"x"}, rows, change, missing)
	require.NoError(t, err)
	require.InDelta(t, 2, got.Estimate, 4*got.SEModel)
	require.Less(t, got.SEModel, got.SE, "estimating the weights takes variance out")
}

func TestRubinsRulesAgainstR(t *testing.T) {
	for _, set := range load(t, "missing.json").get("rubin").list() {
		name := set.get("name").str()
		got, err := outcomes.Pool(set.get("estimates").nums(), set.get("se").nums(), set.get("dfcom").num())
		require.NoError(t, err, name)
		for key, v := range map[string]float64{
			"estimate": got.Estimate, "within": got.Within, "between": got.Between, "total": got.Total, "lambda": got.Lambda,
			"increase": got.Increase, "df": got.DF, "fmi": got.FMI, "p": got.P, "low": got.CI.Low, "high": got.CI.High,
		} {
			near(t, set.get(key).num(), v, 1e-10, name+" "+key)
		}
	}
	for why, f := range map[string]func() (outcomes.PooledResult, error){
		"one imputation": func() (outcomes.PooledResult, error) {
			return outcomes.Pool([]float64{1}, []float64{1}, 10)
		},
		"no standard error": func() (outcomes.PooledResult, error) {
			return outcomes.Pool([]float64{1, 2}, []float64{0, 0}, 10)
		},
		"a NaN": func() (outcomes.PooledResult, error) {
			return outcomes.Pool([]float64{1, math.NaN()}, []float64{1, 1}, 10)
		},
	} {
		_, err := f()
		require.ErrorIs(t, err, outcomes.ErrNotComputable, why)
	}
	_, err := outcomes.Pool([]float64{1, 2}, []float64{1, 1}, 0)
	require.ErrorAs(t, err, new(outcomes.RangeError), "no degrees of freedom")
	_, err = outcomes.Pool([]float64{1, 2}, []float64{1, -1}, 5)
	require.ErrorAs(t, err, new(outcomes.RangeError), "a negative standard error")
}

// holed is the table that R imputed, NaN where it is missing.
func holed(t testing.TB) (ref node, rows [][]float64, missing [][]bool) {
	ref = load(t, "missing.json").get("mice_data")
	for _, r := range ref.get("x").list() {
		row := r.nums()
		var gone []bool
		for j, v := range row {
			if math.IsNaN(v) {
				if gone == nil {
					gone = make([]bool, len(row))
				}
				gone[j] = true
			}
		}
		rows, missing = append(rows, row), append(missing, gone)
	}
	return ref, rows, missing
}

var holedNames = []string{"age", "q", "pre", "post"}

// Draws differ from generator to generator, so agreement with mice is of distributions: over 300
// imputations each, means within four of their standard errors, spreads within a sixth.
func TestImputationAgainstMice(t *testing.T) {
	ref, rows, missing := holed(t)
	for key, how := range map[string]outcomes.ImputationMethod{"norm": outcomes.NormalImputation, "pmm": outcomes.MeanMatching} {
		im, err := outcomes.Impute(holedNames, rows, missing, how, 300, 5, outcomes.Cycles(10))
		require.NoError(t, err, key)
		var est, within, lost []float64
		for _, table := range im.All() {
			pre, post, gone := make([]float64, len(table)), make([]float64, len(table)), []float64{}
			for i, r := range table {
				pre[i], post[i] = r[2], r[3]
				if missing[i] != nil && missing[i][3] {
					gone = append(gone, r[3])
				}
			}
			tt, err := outcomes.PairedT(pre, post)
			require.NoError(t, err)
			g, err := outcomes.Summarise(gone)
			require.NoError(t, err)
			est, within, lost = append(est, tt.Estimate), append(within, tt.SE*tt.SE), append(lost, g.Mean)
		}
		e, err := outcomes.Summarise(est)
		require.NoError(t, err)
		w, err := outcomes.Summarise(within)
		require.NoError(t, err)
		l, err := outcomes.Summarise(lost)
		require.NoError(t, err)
		want := ref.get(key)
		noise := 4 * math.Sqrt2 / math.Sqrt(300)
		require.InDelta(t, want.get("estimate").num(), e.Mean, noise*e.SD, key)
		require.InDelta(t, want.get("lost_mean").num(), l.Mean, noise*l.SD, key)
		require.InEpsilon(t, want.get("between_sd").num(), e.SD, 1.0/6, key)
		require.InEpsilon(t, want.get("lost_sd").num(), l.SD, 1.0/6, key)
		require.InEpsilon(t, want.get("within").num(), w.Mean, 0.03, key)
	}
}

func TestImputationLaws(t *testing.T) {
	_, rows, missing := holed(t)
	measured := map[float64]bool{}
	for i, r := range rows {
		if missing[i] == nil || !missing[i][3] {
			measured[r[3]] = true
		}
	}
	one, err := outcomes.Impute(holedNames, rows, missing, outcomes.MeanMatching, 4, 9)
	require.NoError(t, err)
	again, err := outcomes.Impute(holedNames, rows, missing, outcomes.MeanMatching, 4, 9)
	require.NoError(t, err)
	require.Equal(t, one, again, "the seed decides")
	more, err := outcomes.Impute(holedNames, rows, missing, outcomes.MeanMatching, 6, 9)
	require.NoError(t, err)
	other, err := outcomes.Impute(holedNames, rows, missing, outcomes.MeanMatching, 4, 10)
	require.NoError(t, err)
	first := map[int][][]float64{}
	for m, table := range one.All() {
		first[m] = table
		for i, r := range table {
			for j, v := range r {
				gone := missing[i] != nil && missing[i][j]
				require.False(t, math.IsNaN(v))
				if !gone {
					require.Equal(t, rows[i][j], v, "what was measured stays")
				} else if j == 3 {
					require.True(t, measured[v], "matching takes a value that somebody had")
				}
			}
		}
		table[0][0] = -1 // the caller's to change
	}
	for m, table := range more.All() {
		if m < 4 {
			table[0][0] = -1
			require.Equal(t, first[m], table, "more imputations leave the first ones alone")
		}
	}
	same := true
	for m, table := range other.All() {
		table[0][0] = -1
		for i := range table {
			for j := range table[i] {
				same = same && table[i][j] == first[m][i][j]
			}
		}
	}
	require.False(t, same, "another seed draws other values")
	for range one.All() {
		break // a loop may stop early
	}
}

// With post alone missing and a linear truth, the pooled mean change is unbiased and its interval holds the
// truth about as often as it says.
func TestImputationCovers(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 3))
	hold, naiveHold := 0, 0
	const studies, n = 200, 60
	for s := range studies {
		rows, missing := make([][]float64, n), make([][]bool, n)
		var pre, post []float64
		for i := range rows {
			x := r.NormFloat64()
			y := 0.5 + 0.5*x + r.NormFloat64() // mean change 0.5
			rows[i], missing[i] = []float64{x, y}, []bool{false, r.Float64() < 1/(1+math.Exp(-2*x))}
			if !missing[i][1] {
				pre, post = append(pre, x), append(post, y)
			}
		}
		naive, err := outcomes.PairedT(pre, post)
		require.NoError(t, err)
		if naive.CI.Low <= 0.5 && 0.5 <= naive.CI.High {
			naiveHold++
		}
		im, err := outcomes.Impute([]string{"pre", "post"}, rows, missing, outcomes.NormalImputation, 20, uint64(s), outcomes.Cycles(1))
		require.NoError(t, err)
		var est, se []float64
		for _, table := range im.All() {
			a, b := make([]float64, n), make([]float64, n)
			for i, row := range table {
				a[i], b[i] = row[0], row[1]
			}
			tt, err := outcomes.PairedT(a, b)
			require.NoError(t, err)
			est, se = append(est, tt.Estimate), append(se, tt.SE)
		}
		p, err := outcomes.Pool(est, se, n-1)
		require.NoError(t, err)
		if p.CI.Low <= 0.5 && 0.5 <= p.CI.High {
			hold++
		}
	}
	require.InDelta(t, 0.95, float64(hold)/studies, 0.045)
	require.Less(t, float64(naiveHold)/studies, 0.85, "complete pairs alone are off")
}

func TestImputationRefusals(t *testing.T) {
	_, rows, missing := holed(t)
	_, err := outcomes.Impute(holedNames, rows, missing, 7, 5, 1)
	require.ErrorAs(t, err, new(outcomes.RangeError), "no such method")
	_, err = outcomes.Impute(holedNames, rows, missing, outcomes.NormalImputation, 1, 1)
	require.ErrorAs(t, err, new(outcomes.RangeError), "one imputation cannot be pooled")
	_, err = outcomes.Impute(holedNames, rows, missing[1:], outcomes.NormalImputation, 5, 1)
	require.ErrorAs(t, err, new(outcomes.LengthError))
	_, err = outcomes.Impute(holedNames[1:], rows, missing, outcomes.NormalImputation, 5, 1)
	require.ErrorAs(t, err, new(outcomes.LengthError))
	_, err = outcomes.Impute(holedNames, rows, missing, outcomes.NormalImputation, 5, 1, outcomes.Cycles(0))
	require.ErrorAs(t, err, new(outcomes.OptionError))
	_, err = outcomes.Impute(holedNames, rows, make([][]bool, len(rows)), outcomes.NormalImputation, 5, 1)
	require.ErrorIs(t, err, outcomes.ErrNotComputable, "a NaN that is not said to be missing")
	_, err = outcomes.Impute(holedNames, rows[:5], missing[:5], outcomes.NormalImputation, 5, 1)
	require.ErrorIs(t, err, outcomes.ErrNotComputable, "too few rows for the regressions")
	flat := [][]float64{{1, 2}, {2, 2}, {3, 2}, {4, 2}, {5, 2}, {6, 0}}
	gone := [][]bool{nil, nil, nil, nil, nil, {false, true}}
	_, err = outcomes.Impute([]string{"a", "b"}, flat, gone, outcomes.NormalImputation, 5, 1)
	require.ErrorIs(t, err, outcomes.ErrNotComputable, "the column does not vary")
	_, err = outcomes.Impute([]string{"a", "b"}, flat[:5], make([][]bool, 5), outcomes.NormalImputation, 5, 1)
	require.ErrorIs(t, err, outcomes.ErrNotComputable, "nothing is missing")
}

// Whatever the numbers, what is about those who were lost and about money gives a figure or says why not.
func TestMissingAndMoneyNeverGiveNaN(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 21))
	nasty := []float64{0, 1, -1, 2, 3, 5, 1e-320, 1e308, -1.7e308, 1e16, 1e-9, math.Inf(1), math.NaN()}
	for range 3000 {
		n, span := r.IntN(9), 4+r.IntN(len(nasty)-3)
		x, y, gone := make([]float64, n), make([]float64, n), make([]bool, n)
		rows, missing, goals := make([][]float64, n), make([][]bool, n), make([]int64, n)
		for i := range x {
			x[i], y[i], gone[i], goals[i] = nasty[r.IntN(span)], nasty[r.IntN(span)], r.IntN(3) == 0, int64(r.IntN(3))
			rows[i], missing[i] = []float64{x[i], y[i]}, []bool{false, gone[i]}
		}
		a, b := outcomes.Arm{Name: "a", Costs: x, Effects: y}, outcomes.Arm{Name: "b", Costs: y, Effects: x}
		for name, f := range map[string]func() (any, error){
			"carried": func() (any, error) { return outcomes.BaselineCarriedForward(x, y, gone) },
			"extreme": func() (any, error) { return outcomes.ExtremeCases(x, y, gone, -math.MaxFloat64, math.MaxFloat64) },
			"weights": func() (any, error) { return outcomes.InverseProbability([]string{"x"}, columns(x), y, gone) },
			"norm": func() (any, error) {
				return outcomes.Impute([]string{"x", "y"}, rows, missing, outcomes.NormalImputation, 2, 1)
			},
			"matching": func() (any, error) {
				return outcomes.Impute([]string{"x", "y"}, rows, missing, outcomes.MeanMatching, 2, 1)
			},
			"goal":    func() (any, error) { return outcomes.CostPerGoal(x, goals) },
			"compare": func() (any, error) { return outcomes.CostEffectiveness(a, b, 100, 1) },
			"net":     func() (any, error) { return outcomes.NetMonetaryBenefit(a, b, 20000) },
			"change":  func() (any, error) { return outcomes.CommonLanguage(x, y) },
		} {
			if n == 0 && name == "weights" {
				continue // columns has no first row
			}
			got, err := f()
			if err == nil && hasNaN(reflect.ValueOf(got), false) {
				t.Errorf("%s: %v %v %v: not finite: %+v", name, x, y, gone, got)
			}
		}
	}
}
