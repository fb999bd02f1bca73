package outcomes_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

// paired lists every statistic of a pair of samples.
func paired(pre, post []float64) map[string]func() (any, error) {
	summary := func(f func(s outcomes.PairSummary) (any, error)) func() (any, error) {
		return func() (any, error) {
			s, err := outcomes.SummarisePairs(pre, post)
			if err != nil {
				return nil, err
			}
			return f(s)
		}
	}
	out := map[string]func() (any, error){
		"SignedRank":             func() (any, error) { return outcomes.SignedRank(pre, post) },
		"SignedRank Permutation": func() (any, error) { return outcomes.SignedRank(pre, post, outcomes.Permutation()) },
		"SignedRank Pratt":       func() (any, error) { return outcomes.SignedRank(pre, post, outcomes.Zeros(outcomes.PrattZeros)) },
		"HodgesLehmann":          func() (any, error) { return outcomes.HodgesLehmann(pre, post) },
		"HodgesLehmann Normal":   func() (any, error) { return outcomes.HodgesLehmann(pre, post, outcomes.Normal()) },
		"HodgesLehmann 99.9 %":   func() (any, error) { return outcomes.HodgesLehmann(pre, post, outcomes.Confidence(0.999)) },
		"SignTest":               func() (any, error) { return outcomes.SignTest(pre, post) },
		"RankBiserial":           func() (any, error) { return outcomes.RankBiserial(pre, post) },
		"Pearson":                func() (any, error) { return outcomes.Pearson(pre, post) },
		"Spearman":               func() (any, error) { return outcomes.Spearman(pre, post) },
		"Spearman Normal":        func() (any, error) { return outcomes.Spearman(pre, post, outcomes.Normal()) },
		"CohensD": func() (any, error) {
			a, b, err := summariseBoth(pre, post)
			if err != nil {
				return nil, err
			}
			return b.CohensD(a)
		},
		"HedgesG": func() (any, error) {
			a, b, err := summariseBoth(pre, post)
			if err != nil {
				return nil, err
			}
			return b.HedgesG(a)
		},
		"StandardisedDifference": func() (any, error) {
			a, b, err := summariseBoth(pre, post)
			if err != nil {
				return nil, err
			}
			return b.StandardisedDifference(a)
		},
		"Spearman Exact":       func() (any, error) { return outcomes.Spearman(pre, post, outcomes.Exact()) },
		"Kendall":              func() (any, error) { return outcomes.Kendall(pre, post) },
		"Kendall Normal":       func() (any, error) { return outcomes.Kendall(pre, post, outcomes.Normal()) },
		"WelchT":               func() (any, error) { return outcomes.WelchT(post, pre) },
		"PooledT":              func() (any, error) { return outcomes.PooledT(post, pre) },
		"MannWhitney":          func() (any, error) { return outcomes.MannWhitney(post, pre) },
		"MannWhitney Normal":   func() (any, error) { return outcomes.MannWhitney(post, pre, outcomes.Normal()) },
		"HodgesLehmannShift":   func() (any, error) { return outcomes.HodgesLehmannShift(post, pre) },
		"KruskalWallis":        func() (any, error) { return outcomes.KruskalWallis(pre, post) },
		"ANOVA":                func() (any, error) { return outcomes.ANOVA(pre, post) },
		"WelchANOVA":           func() (any, error) { return outcomes.WelchANOVA(pre, post) },
		"Quantiles":            func() (any, error) { return outcomes.Quantiles(pre, outcomes.R7, 0.25, 0.75) },
		"XmR":                  func() (any, error) { return outcomes.XmR(pre, 0) },
		"CommonLanguage":       func() (any, error) { return outcomes.CommonLanguage(pre, post) },
		"CommonLanguageNormal": summary(func(s outcomes.PairSummary) (any, error) { return s.CommonLanguageNormal() }),
		"ClinicalChange": func() (any, error) {
			return outcomes.ClinicalChange(pre, post, outcomes.ClinicalRule{CutOff: 3, Reliability: 0.8})
		},
		"ReliableChange":      func() (any, error) { return outcomes.ReliableChange(pre, post, 0.8, 0) },
		"T":                   summary(func(s outcomes.PairSummary) (any, error) { return s.T() }),
		"T Less":              summary(func(s outcomes.PairSummary) (any, error) { return s.T(outcomes.Alternative(outcomes.Less)) }),
		"DZ":                  summary(func(s outcomes.PairSummary) (any, error) { return s.DZ() }),
		"DAv":                 summary(func(s outcomes.PairSummary) (any, error) { return s.DAv() }),
		"DAvRescaled":         summary(func(s outcomes.PairSummary) (any, error) { return s.DAvRescaled() }),
		"DAvRootMeanVariance": summary(func(s outcomes.PairSummary) (any, error) { return s.DAvRootMeanVariance() }),
		"GlassPre":            summary(func(s outcomes.PairSummary) (any, error) { return s.GlassPre() }),
		"DRm":                 summary(func(s outcomes.PairSummary) (any, error) { return s.DRm() }),
		"GZ":                  summary(func(s outcomes.PairSummary) (any, error) { return s.GZ() }),
		"Correlation":         summary(func(s outcomes.PairSummary) (any, error) { return s.Correlation() }),
		"Linear": func() (any, error) {
			return outcomes.Linear([]string{"pre"}, columns(pre), post, outcomes.HC3)
		},
		"ICC":           func() (any, error) { return outcomes.ICC(columns(pre, post)) },
		"CronbachAlpha": func() (any, error) { return outcomes.CronbachAlpha(columns(pre, post)) },
	}
	return out
}

func columns(cols ...[]float64) [][]float64 {
	out := make([][]float64, len(cols[0]))
	for i := range out {
		for _, c := range cols {
			if i < len(c) {
				out[i] = append(out[i], c[i])
			}
		}
	}
	return out
}

func summariseBoth(x, y []float64) (a, b outcomes.Summary, err error) {
	if a, err = outcomes.Summarise(x); err == nil {
		b, err = outcomes.Summarise(y)
	}
	return a, b, err
}

// hasNaN walks a result; an infinite end of an interval is the only number that may not be finite.
func hasNaN(v reflect.Value, infinite bool) bool {
	switch v.Kind() {
	case reflect.Float64:
		return math.IsNaN(v.Float()) || math.IsInf(v.Float(), 0) && !infinite
	case reflect.Struct:
		for i := range v.NumField() {
			if hasNaN(v.Field(i), v.Type() == reflect.TypeFor[outcomes.Interval]()) {
				return true
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if hasNaN(v.Index(i), false) {
				return true
			}
		}
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && hasNaN(v.Elem(), infinite)
	}
	return false
}

func TestDegenerateInputNeverGivesNaN(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, tt := range []struct {
		why       string
		pre, post []float64
		refused   bool // every statistic has to refuse
	}{
		{"nothing", nil, nil, true},
		{"one pair", []float64{3}, []float64{4}, false},
		{"two pairs", []float64{3, 5}, []float64{4, 9}, false},
		{"all equal", []float64{2, 2, 2, 2}, []float64{2, 2, 2, 2}, false},
		{"the same change for all", []float64{1, 2, 3, 4}, []float64{2, 3, 4, 5}, false},
		{"pre does not vary", []float64{7, 7, 7, 7}, []float64{7, 8, 9, 12}, false},
		{"a NaN", []float64{1, nan, 3, 4}, []float64{2, 3, nan, 5}, true},
		{"an infinity", []float64{1, inf, 3, 4}, []float64{2, 3, -inf, 5}, true},
		{"the largest numbers", []float64{-1.7e308, 1.7e308, 1e308, 5}, []float64{1.7e308, -1.7e308, 1e308, 7}, false},
		{"the smallest numbers", []float64{5e-324, 0, 1e-320, 5e-324}, []float64{0, 5e-324, 2e-320, 1e-323}, false},
		{"a tiny change on a huge offset", []float64{1e16, 1e16, 1e16, 1e16}, []float64{1e16, 1e16 + 2, 1e16, 1e16}, false},
		{"differences that differ by rounding only", []float64{0.1, 0.2, 0.3, 0.4}, []float64{1.1, 1.2, 1.3, 1.4}, false},
		{"minus zero", []float64{0, math.Copysign(0, -1), 0, 1}, []float64{math.Copysign(0, -1), 0, 0, 1}, false},
	} {
		for name, f := range paired(tt.pre, tt.post) {
			t.Run(tt.why+"/"+name, func(t *testing.T) {
				got, err := f()
				if err != nil {
					if !errors.Is(err, outcomes.ErrNotComputable) {
						t.Errorf("%v is not ErrNotComputable", err)
					}
					return
				}
				if tt.refused {
					t.Errorf("no error, but %+v", got)
				}
				if hasNaN(reflect.ValueOf(got), false) {
					t.Errorf("not finite: %+v", got)
				}
				if _, err := json.Marshal(got); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// Shifting both measurements, scaling them and shuffling the rows must not change what does not depend on it.
func TestInvariance(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 7))
	for range 20 {
		n := 8 + r.IntN(60)
		pre, post := make([]float64, n), make([]float64, n)
		for i := range pre {
			// eighths: exact through all that follows
			pre[i], post[i] = float64(r.IntN(400))/8, float64(r.IntN(400))/8
		}
		base := map[string]any{}
		for name, f := range paired(pre, post) {
			base[name], _ = f()
		}
		perm := r.Perm(n)
		shuffled := func(x []float64) []float64 {
			out := make([]float64, n)
			for i, p := range perm {
				out[i] = x[p]
			}
			return out
		}
		for name, f := range paired(shuffled(pre), shuffled(post)) {
			if name == "XmR" { // the order is what it is about
				continue
			}
			got, _ := f()
			close64(t, reflect.ValueOf(base[name]), reflect.ValueOf(got), 1e-9, name+" shuffled")
		}
		change := func(x []float64) []float64 {
			out := make([]float64, n)
			for i, v := range x {
				out[i] = 4*v + 1024
			}
			return out
		}
		for name, f := range paired(change(pre), change(post)) {
			got, err := f()
			if err != nil {
				continue
			}
			switch g := got.(type) {
			case outcomes.SignedRankResult, outcomes.RankBiserialResult, outcomes.SignTestResult, outcomes.MannWhitneyResult,
				outcomes.EffectResult, outcomes.CorrelationResult, outcomes.GroupsResult, outcomes.ICCResult:
				if i, ok := g.(outcomes.ICCResult); ok {
					i.SEM /= 4
					got = i
				}
				close64(t, reflect.ValueOf(base[name]), reflect.ValueOf(got), 1e-7, name+" rescaled")
			case outcomes.TResult:
				b := base[name].(outcomes.TResult)
				near(t, b.P, g.P, 1e-9, name+" p")
				near(t, 4*b.Estimate, g.Estimate, 1e-9, name+" estimate")
			}
		}
	}
}

// close64 compares two results number by number.
func close64(t *testing.T, a, b reflect.Value, tol float64, what string) {
	t.Helper()
	if a.IsValid() != b.IsValid() {
		t.Errorf("%s: %v against %v", what, a, b)
		return
	}
	switch a.Kind() {
	case reflect.Invalid:
	case reflect.Float64:
		x, y := a.Float(), b.Float()
		if x != y && math.Abs(x-y) > tol*(math.Abs(x)+math.Abs(y)) && math.Abs(x-y) > 1e-12 {
			t.Errorf("%s: %v against %v", what, x, y)
		}
	case reflect.Struct:
		for i := range a.NumField() {
			close64(t, a.Field(i), b.Field(i), tol, what+" "+a.Type().Field(i).Name)
		}
	case reflect.Slice:
		if a.Len() != b.Len() {
			t.Errorf("%s: lengths differ", what)
			return
		}
		for i := range a.Len() {
			close64(t, a.Index(i), b.Index(i), tol, what)
		}
	case reflect.Pointer, reflect.Interface:
		if a.IsNil() != b.IsNil() {
			t.Errorf("%s: one is nil", what)
			return
		}
		if !a.IsNil() {
			close64(t, a.Elem(), b.Elem(), tol, what)
		}
	default:
		require.Equal(t, a.Interface(), b.Interface(), what)
	}
}

// Under the null a p-value is at most alpha with probability at most alpha: exactly alpha for continuous
// data and a continuous test, less for an exact test of counts. 4,000 seeded draws; four standard errors.
func TestPValuesAreValidUnderTheNull(t *testing.T) {
	const draws, n = 4000, 14
	r := rand.New(rand.NewPCG(99, 1))
	count := map[string]map[float64]int{}
	levels := []float64{0.01, 0.05, 0.2}
	note := func(name string, p float64) {
		if count[name] == nil {
			count[name] = map[float64]int{}
		}
		for _, a := range levels {
			if p <= a {
				count[name][a]++
			}
		}
	}
	for range draws {
		pre, post := make([]float64, n), make([]float64, n)
		coarsePre, coarsePost := make([]float64, n), make([]float64, n)
		var b outcomes.PairedBinary
		for i := range pre {
			pre[i], post[i] = r.NormFloat64(), r.NormFloat64()
			coarsePre[i], coarsePost[i] = math.Round(2*pre[i]), math.Round(2*post[i])
			b.Add(pre[i] > 0, post[i] > 0)
		}
		if v, err := outcomes.PairedT(pre, post); err == nil {
			note("t", v.P)
		}
		if v, err := outcomes.SignedRank(pre, post); err == nil {
			note("signed rank, exact", v.P)
		}
		if v, err := outcomes.SignedRank(coarsePre, coarsePost, outcomes.Permutation()); err == nil {
			note("signed rank, permutation with ties", v.P)
		}
		if v, err := outcomes.SignTest(pre, post); err == nil {
			note("sign", v.P)
		}
		if v, err := outcomes.MannWhitney(pre, post); err == nil {
			note("Mann–Whitney, exact", v.P)
		}
		if v, err := outcomes.MannWhitney(coarsePre, coarsePost, outcomes.Permutation()); err == nil {
			note("Mann–Whitney, permutation with ties", v.P)
		}
		if v, err := outcomes.WelchT(pre, post); err == nil {
			note("Welch", v.P)
		}
		if v, err := outcomes.Kendall(pre, post); err == nil {
			note("Kendall, exact", v.P)
		}
		if v, err := outcomes.Spearman(pre[:7], post[:7], outcomes.Exact()); err == nil {
			note("Spearman, exact", v.P)
		}
		if v, err := outcomes.Spearman(coarsePre[:6], coarsePost[:6], outcomes.Permutation()); err == nil {
			note("Spearman, permutation with ties", v.P)
		}
		if v, err := b.McNemar(outcomes.Exact()); err == nil {
			note("McNemar, exact", v.P)
		}
		if v, err := (outcomes.Table{{b.YesYes, b.YesNo}, {b.NoYes, b.NoNo}}).Fisher(); err == nil {
			note("Fisher", v.P)
		}
	}
	for name, c := range count {
		for _, a := range levels {
			share, se := float64(c[a])/draws, math.Sqrt(a*(1-a)/draws)
			if share > a+4*se {
				t.Errorf("%s: P(p ≤ %v) = %v", name, a, share)
			}
			if name == "t" && math.Abs(share-a) > 4*se {
				t.Errorf("%s: P(p ≤ %v) = %v", name, a, share)
			}
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	pre, post := []float64{1, 2, 3}, []float64{2, 4, 3}
	for why, err := range map[string]error{
		"level 0":                          second(outcomes.PairedT(pre, post, outcomes.Confidence(0))),
		"level 1":                          second(outcomes.PairedT(pre, post, outcomes.Confidence(1))),
		"level 95":                         second(outcomes.Wilson(1, 2, outcomes.Confidence(95))),
		"level NaN":                        second(outcomes.Wilson(1, 2, outcomes.Confidence(math.NaN()))),
		"an unknown side":                  second(outcomes.PairedT(pre, post, outcomes.Alternative(7))),
		"a null that is not finite":        second(outcomes.PairedT(pre, post, outcomes.Null(math.Inf(1)))),
		"zeros for a t test":               second(outcomes.PairedT(pre, post, outcomes.Zeros(outcomes.PrattZeros))),
		"an unknown rule for zeros":        second(outcomes.SignedRank(pre, post, outcomes.Zeros(5))),
		"mid-p for signed ranks":           second(outcomes.SignedRank(pre, post, outcomes.MidP())),
		"an interval for a test":           second(outcomes.SignedRank(pre, post, outcomes.Confidence(0.9))),
		"a tolerance of 0":                 second(outcomes.HodgesLehmann(pre, post, outcomes.RootTolerance(0))),
		"a null proportion above 1":        second(outcomes.BinomialTest(1, 2, outcomes.Null(2))),
		"nil":                              second(outcomes.PairedT(pre, post, nil)),
		"permutation for Hodges–Lehmann":   second(outcomes.HodgesLehmann(pre, post, outcomes.Permutation())),
		"continuity for a t test":          second(outcomes.WelchT(pre, post, outcomes.Continuity(false))),
		"a side for Fisher's larger table": second(outcomes.Table{{1, 2, 3}, {3, 2, 1}}.Fisher(outcomes.Alternative(outcomes.Less))),
	} {
		var option outcomes.OptionError
		require.ErrorAs(t, err, &option, why)
		require.NotErrorIs(t, err, outcomes.ErrNotComputable, "a wrong call is not the data's fault")
	}
	_, err := outcomes.PairedT(pre, post[:2])
	require.ErrorAs(t, err, new(outcomes.LengthError))
	for _, bad := range [][2]int64{{-1, 5}, {6, 5}} {
		_, err := outcomes.Wilson(bad[0], bad[1])
		require.ErrorAs(t, err, new(outcomes.RangeError))
	}
	_, err = outcomes.Wilson(0, 0)
	require.ErrorIs(t, err, outcomes.ErrNotComputable)
}

func second[T any](_ T, err error) error { return err }

// TestHodgesLehmannWithinItsLimits: estimate and limits are roots of one falling function, each found to the tolerance;
// so no estimate lies outside its limits by more than two tolerances, and a tight search leaves nothing but rounding.
func TestHodgesLehmannWithinItsLimits(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 10))
	for _, tolerance := range []float64{1e-4, 1e-13} {
		compared := 0
		for range 2000 {
			grid := []float64{0.5, 1, 0.01, 1e-9}[r.IntN(4)]
			draw := func() []float64 {
				x := make([]float64, 4+r.IntN(40))
				for i := range x {
					x[i] = grid * math.Round(r.NormFloat64()*3/grid)
				}
				return x
			}
			x, y := draw(), draw()
			opts := []outcomes.Option{
				outcomes.Normal(), outcomes.RootTolerance(tolerance), outcomes.Continuity(r.IntN(2) == 0),
				outcomes.Confidence([]float64{0.5, 0.8, 0.95}[r.IntN(3)]),
			}
			within := func(e float64, ci outcomes.Interval, err error) {
				if err != nil || ci.Level < 0.5 {
					return
				}
				compared++
				if slack := 2*tolerance + 1e-12; e < ci.Low-slack || e > ci.High+slack {
					t.Errorf("tolerance %g: %v outside %v to %v, for %v and %v", tolerance, e, ci.Low, ci.High, x, y)
				}
			}
			s, err := outcomes.HodgesLehmannShift(x, y, opts...)
			within(s.Estimate, s.CI, err)
			h, err := outcomes.HodgesLehmann(make([]float64, len(x)), x, opts...)
			within(h.Estimate, h.CI, err)
		}
		require.Greater(t, compared, 3000)
	}
}
