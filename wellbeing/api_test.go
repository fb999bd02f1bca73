package wellbeing

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What goes into a database column and comes out of it again.
var (
	_ driver.Valuer = Result{}
	_ driver.Valuer = Change{}
	_ driver.Valuer = Value{}
	_ sql.Scanner   = (*Result)(nil)
	_ sql.Scanner   = (*Change)(nil)
	_ sql.Scanner   = (*Value)(nil)
)

func TestWhole(t *testing.T) {
	assert.Equal(t, "-12", Whole(-12).String())
	assert.True(t, Whole(0).Known())
	assert.False(t, Whole(math.MinInt64).Known(), "its negative does not exist")
}

func TestScoreRefusesBadUse(t *testing.T) {
	_, err := WHO5().Score(Answers(1, 2, 3))
	assert.ErrorIs(t, err, LengthError{3, 5})
	_, err = WHO5().Score(nil)
	assert.ErrorIs(t, err, LengthError{0, 5})
	_, err = WHO5().Score(Answers(1, 2, 3, 4, 5), nil)
	assert.ErrorAs(t, err, new(ArgumentError), "a nil option")
	_, err = WHO5().Score(Answers(1, 2, 3, 4, 5), MaxMissing(1), MaxMissing(2))
	assert.ErrorAs(t, err, new(PolicyError), "two policies")
	_, err = WHO5().Score(Answers(1, 2, 3, 4, 5), MaxMissing(1), MaxMissing(1))
	assert.NoError(t, err, "the same policy twice")
	_, err = WHO5().Score(Answers(1, 2, 3, 4, 5), MaxMissing(5))
	assert.ErrorAs(t, err, new(PolicyError), "a score from no answer at all")
	for _, n := range []int{0, -1, math.MinInt} {
		_, err = WHO5().Score(Answers(1, 2, 3, 4, 5), MaxMissing(n))
		assert.ErrorAs(t, err, new(PolicyError), "a limit of %d", n)
	}
	_, err = WHO5().Score(Answers(1, 2, 3, 4, 5), Judge("screen_le_49"))
	assert.ErrorIs(t, err, NameError{"cut-off, criterion or band set", "screen_le_49"})
	var none *Instrument
	_, err = none.Score(nil)
	assert.ErrorAs(t, err, new(ArgumentError), "no instrument")
	_, err = none.ParseResponses(nil, Codes{})
	assert.ErrorAs(t, err, new(ArgumentError), "no instrument")
	_, err = none.Parser(Codes{})
	assert.ErrorAs(t, err, new(ArgumentError), "no instrument")
	_, err = (*Parser)(nil).Parse(nil, nil)
	assert.ErrorAs(t, err, new(ArgumentError), "no parser")
	_, err = new(Parser).Parse(nil, nil)
	assert.ErrorAs(t, err, new(ArgumentError), "an empty parser")
	_, err = none.Assemble()
	assert.ErrorAs(t, err, new(ArgumentError), "no instrument")
	_, err = none.ChangeRule("x")
	assert.ErrorAs(t, err, new(ArgumentError), "no instrument")
	_, err = none.ReliableChange("x", Precision{})
	assert.ErrorAs(t, err, new(ArgumentError), "no instrument")
	assert.ErrorAs(t, (*Scorer)(nil).Score(new(Result), nil), new(ArgumentError), "no scorer")
	assert.ErrorAs(t, new(Scorer).Score(new(Result), nil), new(ArgumentError), "an empty scorer")
	s, err := WHO5().Scorer()
	require.NoError(t, err)
	assert.ErrorAs(t, s.Score(nil, nil), new(ArgumentError), "no result")
	_, err = Lookup("who-5")
	assert.ErrorIs(t, err, NameError{"instrument", "who-5"}, "names are exact")
}

// TestPolicyShowsInResult: a prorated score says so, and by whose rule.
func TestPolicyShowsInResult(t *testing.T) {
	r, err := WHO5().Score([]Response{Answer(3), {}, Answer(4), Answer(1), Answer(3)}, MaxMissing(1))
	require.NoError(t, err)
	assert.Equal(t, "at most 1 missing", r.Policy.String())
	s, err := r.Score("percent")
	require.NoError(t, err)
	assert.True(t, s.Prorated)
	assert.Equal(t, 4, s.Answered)
	assert.Equal(t, 5, s.Items)
}

func TestResultLookups(t *testing.T) {
	r, err := WHO5().Score([]Response{Answer(3)})
	require.Error(t, err)
	_, err = r.Score("percent")
	assert.ErrorIs(t, err, NoScoreError{Instrument: "WHO-5", Name: "percent", Reason: Invalid})
	_, err = r.Score("per cent")
	assert.ErrorIs(t, err, NameError{"scale", "per cent"})
	_, err = r.Flag("screen_le_50")
	assert.ErrorAs(t, err, new(NoScoreError))
	_, err = r.Flag("x")
	assert.ErrorIs(t, err, NameError{"flag", "x"})
	_, err = r.Band("x")
	assert.ErrorIs(t, err, NameError{"band set", "x"})
}

// TestErrorsAreReadable: one line, every item, no cell content.
func TestErrorsAreReadable(t *testing.T) {
	_, err := WHO5().Score([]Response{Answer(3), {}, Answer(12345), Refused(), NotApplicable()})
	assert.EqualError(t, err, "WHO-5: no score for raw, percent (complete only): who5_2 is missing; "+
		"who5_3 is out of range: got a number of more than 4 digits, want 0 to 5; "+
		"who5_4 was refused; who5_5 is marked not applicable")
	for _, e := range []error{
		CodeError{"audit_9", 1, "0, 2, 4"},
		SyntaxError{"a", "Aa"},
		LengthError{1, 2},
		DuplicateError{"a"},
		OccasionError{"a", "1", "2"},
		NoScoreError{"a", "b", Excluded, "c"},
		NameError{"a", "b"},
		PolicyError{"a", OwnerRule, "b"},
		UnverifiedError{"a", "b"},
		ValueError{"a"},
		MismatchError{"a", "b", "c"},
		ArgumentError{"a", "b"},
	} {
		assert.NotEmpty(t, e.Error())
		assert.NotContains(t, e.Error(), "\n")
		assert.NotContains(t, e.Error(), "%!")
	}
}

func TestWordsRoundTrip(t *testing.T) {
	for _, p := range []Policy{CompleteOnly, OwnerRule, Elsewhere, MaxMissing(1), MaxMissing(12)} {
		b, err := p.MarshalText()
		require.NoError(t, err)
		var q Policy
		require.NoError(t, q.UnmarshalText(b))
		assert.Equal(t, p, q)
	}
	for _, s := range []string{"", "no policy", "at most 0 missing", "at most -1 missing", "at most 01 missing", "3"} {
		var q Policy
		assert.ErrorAs(t, q.UnmarshalText([]byte(s)), new(NameError), s)
	}
	for b := range Basis(3) {
		var c Basis
		require.NoError(t, c.UnmarshalText([]byte(b.String())))
		assert.Equal(t, b, c)
	}
	for d := range Direction(3) {
		var c Direction
		require.NoError(t, c.UnmarshalText([]byte(d.String())))
		assert.Equal(t, d, c)
	}
	for d := range Comparator(4) {
		var c Comparator
		require.NoError(t, c.UnmarshalText([]byte(d.String())))
		assert.Equal(t, d, c)
	}
	assert.Error(t, new(Basis).UnmarshalText([]byte("guess")))
	assert.Equal(t, "unknown (9)", Basis(9).String())
	var v Verdict
	assert.Error(t, json.Unmarshal([]byte(`1`), &v))
	var r Response
	for _, s := range []string{`"3"`, `3.5`, `true`, `"gone"`} {
		assert.ErrorAs(t, json.Unmarshal([]byte(s), &r), new(SyntaxError), s)
	}
	assert.Error(t, new(Result).Scan(3), "a result is not a number")
	assert.Error(t, new(Result).Scan("{"), "broken JSON")
	res := Result{Instrument: "x"}
	require.NoError(t, res.Scan(nil))
	assert.Empty(t, cmp.Diff(Result{}, res), "NULL is the zero result")
}

func TestResponses(t *testing.T) {
	assert.Equal(t, []string{"missing", "0", "refused", "not applicable", "unreadable"},
		[]string{Response{}.String(), Answer(0).String(), Refused().String(), NotApplicable().String(), Unreadable().String()})
	for _, r := range []Response{{}, Answer(0), Answer(-3), Refused(), NotApplicable(), Unreadable()} {
		b, err := json.Marshal(r)
		require.NoError(t, err)
		var again Response
		require.NoError(t, json.Unmarshal(b, &again), string(b))
		assert.Equal(t, r, again, string(b))
	}
	assert.False(t, Answer(0).Equal(Response{}), "0 is not missing")
	assert.False(t, Refused().Equal(NotApplicable()))
	_, ok := Refused().Code()
	assert.False(t, ok)
}

func TestReliableChange(t *testing.T) {
	cited := Source{Citation: "a study of the test", Basis: SingleSource}
	// R 4.2.2: qnorm(.975) * sqrt(2) * SD * sqrt(1 - rel)
	for _, c := range []struct {
		p    Precision
		want string
	}{
		{Precision{SD: 7.5, Reliability: 0.80, Source: cited}, "9.296925"},
		{Precision{SD: 8.7, Reliability: 0.91, Source: cited}, "7.234418"},
		// qnorm(.975) * sqrt(2) * 2.61, the same by its SEM
		{Precision{SEM: 2.61, Source: cited}, "7.234418"},
		// qnorm(.95) * sqrt(2) * 2.61
		{Precision{SEM: 2.61, Confidence: 0.90, Source: cited}, "6.071315"},
	} {
		rule, err := WHO5().ReliableChange("percent", c.p)
		require.NoError(t, err)
		assert.Equal(t, c.want, rule.Threshold.String())
		assert.Equal(t, Above, rule.Comparator)
		assert.Equal(t, cited, rule.Source)
	}
	rule, err := WHO5().ReliableChange("percent", Precision{SD: 7.5, Reliability: 0.80, Source: cited})
	require.NoError(t, err)
	assert.Equal(t, "12", rule.Smallest.String(), "the first multiple of 4 above 9.296925")
	for _, c := range []struct {
		after int64
		want  Outcome
	}{{60, Improved}, {56, NoReliableChange}, {44, NoReliableChange}, {40, NoReliableChange}, {36, Deteriorated}} {
		got, err := rule.JudgeValues(whole(48), whole(c.after))
		require.NoError(t, err)
		assert.Equal(t, c.want, got.Outcome, "48 to %d", c.after)
	}

	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		p   Precision
		why string
	}{
		{Precision{SD: 7.5, Reliability: 0.8}, "no citation"},
		{Precision{Source: cited}, "no figures"},
		{Precision{SD: 7.5, Reliability: 1, Source: cited}, "perfect reliability"},
		{Precision{SD: 7.5, Reliability: -0.1, Source: cited}, "reliability below 0"},
		{Precision{SD: 7.5, Reliability: nan, Source: cited}, "NaN"},
		{Precision{SD: nan, Reliability: 0.8, Source: cited}, "NaN"},
		{Precision{SD: inf, Reliability: 0.8, Source: cited}, "infinite"},
		{Precision{SD: 1e300, Reliability: 0.8, Source: cited}, "beyond any scale"},
		{Precision{SD: 1e-300, Reliability: 0.8, Source: cited}, "rounds to nothing"},
		{Precision{SEM: nan, Source: cited}, "NaN"},
		{Precision{SEM: -2, Source: cited}, "below 0"},
		{Precision{SEM: 2, SD: 7, Source: cited}, "two answers to one question"},
		{Precision{SEM: 2, Confidence: 1, Source: cited}, "certainty"},
		{Precision{SEM: 2, Confidence: nan, Source: cited}, "NaN"},
	} {
		_, err := WHO5().ReliableChange("percent", c.p)
		assert.ErrorAs(t, err, new(ArgumentError), c.why)
	}
	_, err = WHO5().ReliableChange("per cent", Precision{SEM: 1, Source: cited})
	assert.ErrorIs(t, err, NameError{"scale", "per cent"})
}

func TestJudge(t *testing.T) {
	rule, err := WHO5().ChangeRule("topp-2015-10")
	require.NoError(t, err)
	score := func(codes ...int) Result {
		r, err := WHO5().Score(Answers(codes...))
		require.NoError(t, err)
		return r
	}
	before, after := score(2, 2, 2, 2, 2), score(3, 3, 3, 3, 3)
	c, err := rule.Judge(before, after)
	require.NoError(t, err)
	assert.Equal(t, Improved, c.Outcome)
	assert.Equal(t, "20", c.Difference.String())

	var back Change
	stored, err := c.Value()
	require.NoError(t, err)
	require.NoError(t, back.Scan(stored))
	assert.Empty(t, cmp.Diff(c, back), "a change survives the database")

	worse := rule
	worse.HigherIs = HigherIsWorse
	c, err = worse.Judge(before, after)
	require.NoError(t, err)
	assert.Equal(t, Deteriorated, c.Outcome, "the direction decides")

	for field, change := range map[string]func(r *Result){
		"instrument": func(r *Result) { r.Instrument = "K10" },
		"edition":    func(r *Result) { r.Edition = "2024" },
		"coding":     func(r *Result) { r.Coding = "1-6" },
		"value set":  func(r *Result) { r.ValueSet = "x" },
		"policy":     func(r *Result) { r.Policy = MaxMissing(1) },
	} {
		other := after
		change(&other)
		_, err := rule.Judge(before, other)
		e, ok := errors.AsType[MismatchError](err)
		require.True(t, ok, field)
		assert.Equal(t, field, e.Field)
	}
	_, err = ChangeRule{Instrument: "K10"}.Judge(before, after)
	assert.ErrorAs(t, err, new(MismatchError), "a rule for another instrument")
	gap, err := WHO5().Score([]Response{Answer(3), {}, Answer(4), Answer(1), Answer(3)})
	require.Error(t, err)
	_, err = rule.Judge(before, gap)
	assert.ErrorAs(t, err, new(NoScoreError))
	_, err = rule.Judge(gap, after)
	assert.ErrorAs(t, err, new(NoScoreError))

	for _, x := range []struct {
		rule ChangeRule
		why  string
	}{
		{ChangeRule{Threshold: whole(1)}, "a scale without a good end"},
		{ChangeRule{Threshold: whole(0), HigherIs: HigherIsBetter}, "a threshold of 0"},
		{ChangeRule{HigherIs: HigherIsBetter}, "no threshold"},
		{ChangeRule{Threshold: whole(1), HigherIs: HigherIsBetter, Comparator: AtMost}, "a comparator that rewards small changes"},
	} {
		_, err := x.rule.JudgeValues(whole(1), whole(2))
		assert.ErrorAs(t, err, new(ArgumentError), x.why)
	}
	_, err = rule.JudgeValues(Value{}, whole(2))
	assert.ErrorAs(t, err, new(ArgumentError), "no value")
	_, err = rule.JudgeValues(whole(math.MaxInt64), whole(-math.MaxInt64))
	assert.ErrorAs(t, err, new(ArgumentError), "a difference that does not fit")
	_, err = WHO5().ChangeRule("x")
	assert.ErrorIs(t, err, NameError{"change rule", "x"})
	_, err = WHO5().ChangeRule("topp-2015-10", nil)
	assert.ErrorAs(t, err, new(ArgumentError))
}

func TestSmallest(t *testing.T) {
	for _, c := range []struct {
		threshold Value
		c         Comparator
		step      Value
		want      string
		why       string
	}{
		{whole(10), AtLeast, whole(4), "12", "rounded up to a step"},
		{whole(8), AtLeast, whole(4), "8", "the threshold itself"},
		{whole(8), Above, whole(4), "12", "beyond the threshold"},
		{fixed(66, 1), AtLeast, whole(1), "7", "a decimal threshold"},
		{whole(5), AtLeast, ratio(1, 2), "5", "half steps"},
		{whole(5), AtLeast, Value{}, "", "no constant step"},
	} {
		assert.Equal(t, c.want, smallest(c.threshold, c.c, c.step).String(), c.why)
	}
}

func TestExternal(t *testing.T) {
	good := External{
		Instrument: "Outcomes Star", Scale: "living skills", Value: whole(6), Min: whole(1), Max: whole(10),
		HigherIs: HigherIsBetter, Provenance: "Star online, export", Basis: SingleSource,
	}
	r, err := good.Result()
	require.NoError(t, err)
	assert.Equal(t, "decided elsewhere", r.Policy.String())
	var back Result
	stored, err := r.Value()
	require.NoError(t, err)
	require.NoError(t, back.Scan(stored))
	assert.Empty(t, cmp.Diff(r, back))
	better := good
	better.Value = whole(8)
	after, err := better.Result()
	require.NoError(t, err)
	rule := ChangeRule{
		Name: "two steps", Instrument: "Outcomes Star", Scale: "living skills", HigherIs: HigherIsBetter, Threshold: whole(2),
		Source: Source{Citation: "our own practice", Basis: SingleSource},
	}
	c, err := rule.Judge(r, after)
	require.NoError(t, err)
	assert.Equal(t, Improved, c.Outcome)

	for why, spoil := range map[string]func(e *External){
		"no instrument":             func(e *External) { e.Instrument = "" },
		"no scale":                  func(e *External) { e.Scale = "" },
		"no provenance":             func(e *External) { e.Provenance = "" },
		"an instrument of ours":     func(e *External) { e.Instrument = "WHO-5" },
		"no value":                  func(e *External) { e.Value = Value{} },
		"no range":                  func(e *External) { e.Max = Value{} },
		"an empty range":            func(e *External) { e.Max = whole(1) },
		"a value outside its range": func(e *External) { e.Value = whole(11) },
		"no such direction":         func(e *External) { e.HigherIs = 9 },
		"no such basis":             func(e *External) { e.Basis = 9 },
	} {
		bad := good
		spoil(&bad)
		_, err := bad.Result()
		assert.ErrorAs(t, err, new(ArgumentError), why)
	}
	_, err = WHO5().Score(Answers(1, 2, 3, 4, 5), Elsewhere)
	assert.ErrorAs(t, err, new(PolicyError), "nothing is scored by a policy that is not known")
}

// TestScoreDecoding: JSON cannot bring in a score that is neither or both.
func TestScoreDecoding(t *testing.T) {
	var r Result
	for _, bad := range []string{
		`{"scores":[{"scale":"raw","value":"3","reason":"invalid"}]}`,
		`{"scores":[{"scale":"raw","value":null}]}`,
		`{"scores":[{"scale":"raw","value":"x"}]}`,
	} {
		assert.Error(t, json.Unmarshal([]byte(bad), &r), bad)
	}
	assert.NoError(t, json.Unmarshal([]byte(`{"scores":[{"scale":"raw","value":"3"},{"scale":"metric","value":null,"reason":"incomplete"}]}`), &r))
}
