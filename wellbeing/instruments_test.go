package wellbeing

import (
	"encoding/csv"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	require.NotEmpty(t, rows)
	return rows[1:]
}

// TestSWEMWBSEveryForm scores all 5^7 complete forms: the metric is the table's row for the sum, and
// the same answers inside a WEMWBS give the same two scores.
func TestSWEMWBSEveryForm(t *testing.T) {
	table := map[int64]string{}
	for _, row := range readCSV(t, "testdata/swemwbs_raw_to_metric.csv") {
		raw, err := strconv.ParseInt(row[0], 10, 64)
		require.NoError(t, err)
		table[raw] = row[1]
	}
	require.Len(t, table, 29)
	short, err := SWEMWBS().Scorer()
	require.NoError(t, err)
	full, err := WEMWBS().Scorer()
	require.NoError(t, err)
	var a, b Result
	rs, long := make([]Response, 7), Answers(3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3)
	for n := range 78125 {
		var sum int64
		for i, m := 0, n; i < 7; i, m = i+1, m/5 {
			rs[i] = Answer(m%5 + 1)
			long[[...]int{0, 1, 2, 5, 6, 8, 10}[i]] = rs[i]
			sum += int64(m%5 + 1)
		}
		if err := short.Score(&a, rs); err != nil {
			t.Fatal(err)
		}
		if err := full.Score(&b, long); err != nil {
			t.Fatal(err)
		}
		if raw, ok := a.Scores[0].Value.Int64(); !ok || raw != sum || a.Scores[1].Value.String() != table[sum] {
			t.Fatalf("%v: raw %v, metric %v", rs, a.Scores[0].Value, a.Scores[1].Value)
		}
		if b.Scores[1].Value != a.Scores[0].Value || b.Scores[2].Value != a.Scores[1].Value {
			t.Fatalf("%v: %v and %v from the full scale", rs, b.Scores[1].Value, b.Scores[2].Value)
		}
	}
}

// TestEQ5DEveryState compares all 243 and 3,125 states with the indices that R computed from the
// published weights (testdata/eq5d_states.R).
func TestEQ5DEveryState(t *testing.T) {
	check := func(in *Instrument, err error, rows [][]string, column, states int) {
		require.NoError(t, err)
		require.Len(t, rows, states)
		for _, row := range rows {
			rs := make([]Response, 5)
			for i := range rs {
				rs[i] = Answer(int(row[0][i] - '0'))
			}
			r, err := in.Score(rs)
			require.NoError(t, err)
			want, err := strconv.ParseInt(row[column], 10, 64)
			require.NoError(t, err)
			require.True(t, ratio(want, 1000).Equal(r.Scores[0].Value), "%s %s: %v", in.Name(), row[0], r.Scores[0].Value)
			require.Equal(t, in.def.ValueSet, r.ValueSet, "a result names its value set")
		}
	}
	in, err := EQ5D3L(UKMVHA1)
	check(in, err, readCSV(t, "testdata/eq5d3l_states.csv"), 1, 243)
	rows := readCSV(t, "testdata/eq5d5l_states.csv")
	in, err = EQ5D5L(UKRowen2026)
	check(in, err, rows, 1, 3125)
	in, err = EQ5D5L(EnglandDevlin2018)
	check(in, err, rows, 2, 3125)
}

// TestCrosswalk holds the embedded table of van Hout: whole, in the order of the states, and as
// printed.
func TestCrosswalk(t *testing.T) {
	in, err := EQ5D5L(UKCrosswalkVanHout2012)
	require.NoError(t, err)
	rows := readCSV(t, "eq5d_crosswalk.csv")
	require.Len(t, rows, 3125)
	for _, row := range rows {
		rs := make([]Response, 5)
		for i := range rs {
			rs[i] = Answer(int(row[0][i] - '0'))
		}
		r, err := in.Score(rs)
		require.NoError(t, err)
		require.Equal(t, row[1], r.Scores[0].Value.String(), row[0])
	}
}

func TestEQ5DNeedsAValueSet(t *testing.T) {
	for _, set := range []ValueSet{"", "UK", UKRowen2026} {
		_, err := EQ5D3L(set)
		assert.ErrorAs(t, err, new(NameError), "no 3L set %q", set)
	}
	for _, set := range []ValueSet{"", "UK", UKMVHA1} {
		_, err := EQ5D5L(set)
		assert.ErrorAs(t, err, new(NameError), "no 5L set %q", set)
	}
	rowen, err := EQ5D5L(UKRowen2026)
	require.NoError(t, err)
	devlin, err := EQ5D5L(EnglandDevlin2018)
	require.NoError(t, err)
	before, err := rowen.Score(Answers(3, 3, 3, 3, 3))
	require.NoError(t, err)
	after, err := devlin.Score(Answers(1, 1, 1, 1, 1))
	require.NoError(t, err)
	rule := ChangeRule{Instrument: "EQ-5D-5L UK Rowen 2026", Scale: "index", HigherIs: HigherIsBetter, Threshold: fixed(74, 3)}
	_, err = rule.Judge(before, after)
	assert.ErrorAs(t, err, new(MismatchError), "two value sets do not compare")
}

func TestCodingIsDeclared(t *testing.T) {
	for _, c := range []Coding{0, 3, 255} {
		_, err := K10(c)
		assert.ErrorAs(t, err, new(NameError))
		_, err = K6(c)
		assert.ErrorAs(t, err, new(NameError))
	}
	one, err := K10(From1)
	require.NoError(t, err)
	zero, err := K10(From0)
	require.NoError(t, err)
	_, err = one.Score(Answers(0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
	assert.ErrorIs(t, err, RangeError{"k10_1", 0, 1, 5}, "0 is no code where codes count from 1")
	_, err = zero.Score(Answers(5, 0, 0, 0, 0, 0, 0, 0, 0, 0))
	assert.ErrorIs(t, err, RangeError{"k10_1", 5, 0, 4})
}

// TestDirections: the scales whose direction official tables have been known to get wrong, and the
// rest of their instruments.
func TestDirections(t *testing.T) {
	for name, want := range map[string]Direction{
		"WHO-5": HigherIsBetter, "WEMWBS-14": HigherIsBetter, "SWEMWBS-7": HigherIsBetter, "GSE-10": HigherIsBetter,
		"PHQ-9": HigherIsWorse, "GAD-7": HigherIsWorse, "AUDIT": HigherIsWorse, "FAST": HigherIsWorse,
		"CORE-10": HigherIsWorse, "CORE-OM": HigherIsWorse, "K10": HigherIsWorse, "FTND": HigherIsWorse,
		"UCLA-3": HigherIsWorse, "EQ-5D-5L UK Rowen 2026": HigherIsBetter, "SelfRatedHealth100": HigherIsBetter,
	} {
		in, err := Lookup(name)
		require.NoError(t, err)
		for _, s := range in.Definition().Scales {
			assert.Equal(t, want, s.HigherIs, "%s %s", name, s.Name)
		}
	}
	d := ONS4().Definition()
	assert.Equal(t, []Direction{HigherIsBetter, HigherIsBetter, HigherIsBetter, HigherIsWorse},
		[]Direction{d.Scales[0].HigherIs, d.Scales[1].HigherIs, d.Scales[2].HigherIs, d.Scales[3].HigherIs})
	rule, err := PHQ9().ChangeRule("talking-therapies-6")
	require.NoError(t, err)
	c, err := rule.JudgeValues(whole(15), whole(9))
	require.NoError(t, err)
	assert.Equal(t, Improved, c.Outcome, "six points less distress")
	c, err = rule.JudgeValues(whole(9), whole(14))
	require.NoError(t, err)
	assert.Equal(t, NoReliableChange, c.Outcome, "five points are not enough")
}

// TestPHQ9Item9 : the flag shows whatever else is missing or wrong on the form.
func TestPHQ9Item9(t *testing.T) {
	for _, rest := range []Response{Answer(0), Answer(3), {}, Refused(), NotApplicable(), Answer(7)} {
		rs := make([]Response, 9)
		for i := range rs {
			rs[i] = rest
		}
		rs[8] = Answer(1)
		r, err := PHQ9().Score(rs)
		met, ferr := r.Flag("item9_flag")
		require.NoError(t, ferr, "%v", rest)
		assert.True(t, met, "%v", rest)
		_, answered := rest.Code()
		assert.Equal(t, answered && rest != Answer(7), err == nil, "and there is still no score: %v", rest)
	}
}

// TestRememberedIsOff: what rests on memory is neither applied nor to be had until it is allowed, and
// then says so.
func TestRememberedIsOff(t *testing.T) {
	r, err := SWEMWBS().Score(Answers(3, 3, 3, 3, 3, 3, 3))
	require.NoError(t, err)
	_, err = r.Band("norm_band")
	assert.ErrorAs(t, err, new(NameError))
	_, err = SWEMWBS().Score(Answers(3, 3, 3, 3, 3, 3, 3), Judge("norm_band"))
	assert.ErrorIs(t, err, UnverifiedError{"SWEMWBS-7", "norm_band"})
	r, err = SWEMWBS().Score(Answers(3, 3, 3, 3, 3, 3, 3), AllowUnverified())
	require.NoError(t, err)
	label, err := r.Band("norm_band")
	require.NoError(t, err)
	assert.Equal(t, "low", label, "19.25")
	assert.Equal(t, Remembered, r.Bands[0].Source.Basis)
	_, err = CORE10().ChangeRule("barkham-2013-6")
	assert.ErrorIs(t, err, UnverifiedError{"CORE-10", "change rule barkham-2013-6"})
}

// TestRAND36Recode compares the points of every item and answer with RAND's own table.
func TestRAND36Recode(t *testing.T) {
	in := RAND36()
	seen := 0
	for _, row := range readCSV(t, "testdata/rand36_recode.csv") {
		item, err := strconv.Atoi(row[0])
		require.NoError(t, err)
		code, err := strconv.Atoi(row[1])
		require.NoError(t, err)
		want, err := strconv.Atoi(row[2])
		require.NoError(t, err)
		scale := row[3]
		if scale == "health_change (single)" {
			scale = "change_item2"
		}
		found := false
		for k, c := range in.calcs {
			for _, a := range c.sum {
				if a.item == item-1 {
					found = true
					assert.Equal(t, scale, in.def.Scales[k].Name, "item %d", item)
					assert.EqualValues(t, want, a.recode[code-1], "item %d, answer %d", item, code)
				}
			}
		}
		assert.True(t, found, "item %d is in a scale", item)
		assert.LessOrEqual(t, code, in.def.Items[item-1].Max)
		seen++
	}
	codes := 0
	for _, it := range in.def.Items {
		codes += it.Max
	}
	assert.Equal(t, codes, seen, "the table has every answer, and no other")
}

// A form that the protocol keeps out says by which rule, in the score, the errors and the definition.
func TestExclusionNamesItsRule(t *testing.T) {
	rule := IPAQShort().Definition().Exclusion
	require.NotNil(t, rule)
	for _, c := range []struct {
		codes []int
		kept  bool
		why   string
	}{
		{[]int{7, 320, 7, 320, 7, 320}, true, "960 minutes are not more than 960"},
		{[]int{7, 320, 7, 320, 7, 321}, false, "961 minutes are, though each activity would be cut at 180"},
		{[]int{0, 320, 7, 320, 7, 321}, true, "minutes of an activity on no day do not count"},
		{[]int{1, 961, 0, 0, 0, 0}, false, "one activity is enough"},
	} {
		r, err := IPAQShort().Score(Answers(c.codes...))
		for _, scale := range []string{"met_min_week", "category_level"} {
			s, none := r.Score(scale)
			if c.kept {
				assert.NoError(t, err, c.why)
				assert.NoError(t, none, c.why)
				assert.Empty(t, s.Rule, c.why)
				continue
			}
			want := NoScoreError{Instrument: "IPAQ-short", Name: scale, Reason: Excluded, Rule: rule.Text}
			assert.Equal(t, want, none, c.why)
			assert.ErrorIs(t, err, want, c.why)
			assert.Equal(t, rule.Text, s.Rule, c.why)
			assert.Contains(t, err.Error(), rule.Text)
		}
		if !c.kept {
			_, err = r.Band("category")
			assert.Equal(t, NoScoreError{Instrument: "IPAQ-short", Name: "category", Reason: Excluded, Rule: rule.Text}, err, c.why)
		}
	}
}

// The threshold of the reliable change index needs no instrument. Reference values: R,
// qnorm(.975)*sqrt(2)*SD*sqrt(1-rel).
func TestPrecisionThreshold(t *testing.T) {
	cite := Source{Citation: "given"}
	for _, c := range []struct {
		p         Precision
		want, why string
	}{
		{Precision{SD: 7.5, Reliability: 0.80, Source: cite}, "9.296925", "R"},
		{Precision{SD: 8.7, Reliability: 0.91, Source: cite}, "7.234418", "R"},
		{Precision{SEM: 2.61, Source: cite}, "7.234418", "8.7 × √0.09 is 2.61"},
	} {
		v, err := c.p.Threshold()
		require.NoError(t, err, c.why)
		assert.Equal(t, c.want, v.String(), c.why)
		rule, err := WEMWBS().ReliableChange("total", c.p)
		require.NoError(t, err)
		assert.True(t, v.Equal(rule.Threshold), "the rule has the same")
	}
	_, err := Precision{SD: 7.5, Reliability: 0.80}.Threshold()
	assert.ErrorAs(t, err, new(ArgumentError), "no citation")
}
