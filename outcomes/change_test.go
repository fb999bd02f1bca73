package outcomes_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

func TestCommonLanguageAgainstR(t *testing.T) {
	for _, set := range load(t, "change.json").get("common_language").list() {
		name := set.get("name").str()
		pre, post := pairs(set)
		got, err := outcomes.CommonLanguage(pre, post)
		require.NoError(t, err, name)
		near(t, set.get("estimate").num(), got.Estimate, 1e-15, name)
		// uniroot stops at 1e-14 in absolute terms
		want := set.get("ci").nums()
		require.InDelta(t, want[0], got.CI.Low, 1e-12, name)
		require.InDelta(t, want[1], got.CI.High, 1e-12, name)
		got, err = outcomes.CommonLanguage(pre, post, outcomes.Confidence(0.99))
		require.NoError(t, err, name)
		want = set.get("ci99").nums()
		require.InDelta(t, want[0], got.CI.Low, 1e-12, name)
		require.InDelta(t, want[1], got.CI.High, 1e-12, name)
		s, err := outcomes.SummarisePairs(pre, post)
		require.NoError(t, err, name)
		e, err := s.CommonLanguageNormal()
		if !set.get("normal").ok() {
			require.ErrorIs(t, err, outcomes.ErrNotComputable, name)
			continue
		}
		require.NoError(t, err, name)
		near(t, set.get("normal").num(), e.Estimate, 1e-12, name)
		require.Less(t, e.CI.Low, e.Estimate, name)
		require.Greater(t, e.CI.High, e.Estimate, name)
	}
}

// Laws of the share: without equal pairs its interval is Wilson's; exchanging pre and post mirrors it;
// any increasing transformation leaves it alone; the accumulator agrees with the sample.
func TestCommonLanguageLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 4))
	for range 200 {
		n := 1 + r.IntN(40)
		pre, post := make([]float64, n), make([]float64, n)
		var acc outcomes.Paired
		up, equal := int64(0), int64(0)
		for i := range pre {
			pre[i], post[i] = float64(r.IntN(12)), float64(r.IntN(14))
			acc.Add(int64(pre[i])*outcomes.Unit, int64(post[i])*outcomes.Unit)
			switch {
			case post[i] > pre[i]:
				up++
			case post[i] == pre[i]:
				equal++
			}
		}
		got, err := outcomes.CommonLanguage(pre, post)
		require.NoError(t, err)
		require.LessOrEqual(t, got.CI.Low, got.Estimate)
		require.GreaterOrEqual(t, got.CI.High, got.Estimate)
		require.GreaterOrEqual(t, got.CI.Low, 0.0)
		require.LessOrEqual(t, got.CI.High, 1.0)
		if equal == 0 {
			w, err := outcomes.Wilson(up, int64(n))
			require.NoError(t, err)
			require.InDelta(t, w.CI.Low, got.CI.Low, 1e-11, "Wilson's, %d of %d", up, n)
			require.InDelta(t, w.CI.High, got.CI.High, 1e-11, "Wilson's, %d of %d", up, n)
		}
		back, err := outcomes.CommonLanguage(post, pre)
		require.NoError(t, err)
		require.InDelta(t, 1-got.CI.Low, back.CI.High, 1e-12, "mirrored")
		for i := range pre {
			pre[i], post[i] = math.Exp(pre[i]), math.Exp(post[i])
		}
		same, err := outcomes.CommonLanguage(pre, post)
		require.NoError(t, err)
		require.Equal(t, got, same, "only the order counts")
		from, err := acc.CommonLanguage()
		require.NoError(t, err)
		require.Equal(t, got, from, "accumulator")
	}
}

func TestClinicalChangeAgainstR(t *testing.T) {
	for _, set := range load(t, "change.json").get("clinical").list() {
		name := set.get("name").str()
		pre, post := pairs(set)
		var opts []outcomes.Option
		if level := set.get("level").num(); level > 0 {
			opts = append(opts, outcomes.Confidence(level))
		}
		got, err := outcomes.ClinicalChange(pre, post, outcomes.ClinicalRule{
			CutOff: set.get("cut").num(), LowerIsBetter: set.get("lower").num() == 1, SEM: set.get("sem").num(),
		}, opts...)
		require.NoError(t, err, name)
		near(t, set.get("threshold").num(), got.Threshold, 1e-13, name)
		for key, v := range map[string]int64{
			"cases": got.Cases, "recovered": got.Recovered, "improved": got.Improved, "unchanged": got.Unchanged,
			"deteriorated": got.Deteriorated, "became": got.BecameCases, "crossed": got.CrossedOnly,
		} {
			require.Equal(t, int64(set.get(key).num()), v, "%s %s", name, key)
		}
		require.Equal(t, got.N, got.Recovered+got.Improved+got.Unchanged+got.Deteriorated, name)
		near(t, float64(got.Recovered)/float64(got.Cases), *got.RecoveryRate, 1e-15, name)
		require.NotNil(t, got.RecoveryCI)
	}
}

func TestClinicalChangeRules(t *testing.T) {
	pre, post := []float64{12, 9, 20, 10, 4, 11}, []float64{5, 2, 11, 10, 13, 9}
	phq := outcomes.ClinicalRule{CutOff: 10, LowerIsBetter: true, SEM: 2}
	got, err := outcomes.ClinicalChange(pre, post, phq)
	require.NoError(t, err)
	require.Equal(t, []int64{1, 2, 2, 1, 1, 1, 4}, []int64{
		got.Recovered, got.Improved, got.Unchanged, got.Deteriorated, got.BecameCases, got.CrossedOnly, got.Cases,
	}, "12→5 recovered; 9→2 was no case; 20→11 still is one; 10→10 same; 4→13 worse; 11→9 crossed within error")

	// Turning the scale round must not move anybody.
	flip := func(x []float64) []float64 {
		out := make([]float64, len(x))
		for i, v := range x {
			out[i] = 27 - v
		}
		return out
	}
	turned, err := outcomes.ClinicalChange(flip(pre), flip(post), outcomes.ClinicalRule{CutOff: 17, SEM: 2})
	require.NoError(t, err)
	turned.Rule = got.Rule
	require.Equal(t, got, turned, "lower is better, or higher: the same people")

	from, err := outcomes.ClinicalChange(pre, post, outcomes.ClinicalRule{CutOff: 10, LowerIsBetter: true, Reliability: 0.75, SDPre: 4})
	require.NoError(t, err)
	near(t, 2, from.Rule.SEM, 1e-15, "4·√(1 − 0.75)")
	rci, err := outcomes.ReliableChange(pre, post, 0.75, 4)
	require.NoError(t, err)
	near(t, rci.Threshold, from.Threshold, 1e-14, "the same threshold as ReliableChange")
	require.Equal(t, rci.Improved, from.Deteriorated, "ReliableChange takes more for better")

	none, err := outcomes.ClinicalChange([]float64{3}, []float64{2}, phq)
	require.NoError(t, err)
	require.Nil(t, none.RecoveryRate, "nobody was a case: a rate has no denominator")

	for why, rule := range map[string]outcomes.ClinicalRule{
		"a reliability of 1": {CutOff: 10, Reliability: 1}, "a negative SEM": {CutOff: 10, SEM: -1},
		"a cut-off that is not a number": {CutOff: math.NaN(), SEM: 1}, "an infinite SD": {SDPre: math.Inf(1)},
	} {
		_, err := outcomes.ClinicalChange(pre, post, rule)
		require.ErrorAs(t, err, new(outcomes.RangeError), why)
	}
	_, err = outcomes.ClinicalChange([]float64{3, 3}, []float64{2, 4}, outcomes.ClinicalRule{Reliability: 0.8})
	require.ErrorIs(t, err, outcomes.ErrNotComputable, "the SD of pre is needed and is 0")
	_, err = outcomes.ClinicalChange(nil, nil, phq)
	require.ErrorIs(t, err, outcomes.ErrNotComputable, "nobody")
}

// Criterion c lies as many SDs from one mean as from the other.
func TestClinicalCutOff(t *testing.T) {
	clinical, general := outcomes.Summary{Mean: 40, SD: 7.5}, outcomes.Summary{Mean: 60, SD: 7.5}
	got, err := outcomes.ClinicalCutOff(clinical, general)
	require.NoError(t, err)
	require.Equal(t, 50.0, got, "equal SDs: half way (the example of Jacobson and Truax 1991, remembered)")
	general.SD = 15
	got, err = outcomes.ClinicalCutOff(clinical, general)
	require.NoError(t, err)
	near(t, (got-40)/7.5, (60-got)/15, 1e-14, "as many SDs from either")
	_, err = outcomes.ClinicalCutOff(outcomes.Summary{}, outcomes.Summary{})
	require.ErrorIs(t, err, outcomes.ErrNotComputable)
}
