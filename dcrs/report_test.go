package dcrs

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// VODIM, field by field, as NHS data-quality reports count it: each case is a
// column of cells and how often each of the five must be counted.
func TestVODIM(t *testing.T) {
	for _, c := range []struct {
		field                               string
		cells                               []string
		valid, other, def, invalid, missing int
		why                                 string
	}{
		{"gender", []string{"1", "2", "9", "X", "3", "", " "}, 2, 1, 1, 1, 2, "valid 1 and 2, other 9, default X"},
		{"ethnic_category", []string{"A", "S", "Z", "99", "I", ""}, 2, 1, 1, 1, 1, "valid A to S, other Z, default 99"},
		{"smoking_status_pre", []string{"1", "Z", "9", "99"}, 1, 1, 1, 1, 0, "other Z, default 9"},
		{"accommodation_type", []string{"01", "98", "1", "99"}, 1, 1, 0, 2, 0, "a lost zero is invalid"},
		{"disability", []string{"05", "XX;05", "NN", "ZZ", "ZZ;05", "5", "", "05;"}, 4, 1, 0, 2, 1, "other only where it says nothing else"},
		{"consent", []string{"Y", "N", "not_asked"}, 2, 0, 1, 0, 0, "not asked is a default"},
		{"postcode", []string{"M1 1AE", "ZZ99 3VZ", "ZZ993WZ", "unknown", ""}, 1, 0, 2, 1, 1, "every ZZ99 is a default"},
		{"nhs_number", []string{"9434765919", "9434765918", "9999999999", "123", ""}, 1, 0, 1, 2, 1, "a wrong check digit is invalid, a filler a default"},
		{"gp_practice_code", []string{"P81001", "V81996", "V81997", "V81998", "V81999", "P8100"}, 2, 0, 3, 1, 0, "the three codes for no practice are defaults"},
		{"date_of_birth", []string{"1980-05-17", "17/05/1980", "2980-05-17", ""}, 2, 0, 0, 1, 1, "a date in the future can be read: another rule speaks of it"},
		{"age_at_referral", []string{"44", "44.0", "12", "121", "x"}, 3, 0, 0, 2, 0, "implausible is valid, out of range is not"},
		{"height_cm", []string{"170", "1.70", "67", "300", "90", ""}, 2, 0, 0, 3, 1, "in another unit it is invalid"},
		{"client_id", []string{"C1", "C 2", "9434765919", ""}, 2, 0, 0, 1, 1, "an NHS number has the format of an identifier"},
		{"lsoa", []string{"E01000001", "W01000001", "S01000001"}, 2, 0, 0, 1, 0, "England and Wales"},
	} {
		var rows []change
		for _, cell := range c.cells {
			rows = append(rows, waiting.with(change{c.field: cell}))
		}
		_, report := validate(t, ruleAsOf, extractOf(t, columnsBut(), rows...))
		f := fieldOf(t, report, c.field)
		require.Equal(t, FieldReport{
			Field: c.field, Label: f.Label, Denominator: len(c.cells),
			Valid: c.valid, Other: c.other, Default: c.def, Invalid: c.invalid, Missing: c.missing,
		}, f, "%s: %s", c.field, c.why)
	}
}

func fieldOf(t *testing.T, r *Report, name string) FieldReport {
	t.Helper()
	for _, f := range r.Fields {
		if f.Field == name {
			return f
		}
	}
	require.Fail(t, "no such field", name)
	return FieldReport{}
}

// Rows that cannot be taken apart are in no denominator; an absent column is
// missing throughout.
func TestVODIMDenominators(t *testing.T) {
	text := extractOf(t, columnsBut("gender"), waiting, waiting.with(change{"episode_id": "E2"})) + "too,short\n"
	_, report := validate(t, ruleAsOf, text)
	require.Equal(t, 3, report.Records)
	gender, client := fieldOf(t, report, "gender"), fieldOf(t, report, "client_id")
	require.Equal(t, FieldReport{Field: "gender", Label: "Person stated gender", Absent: true, Denominator: 2, Missing: 2}, gender)
	require.Equal(t, FieldReport{Field: "client_id", Label: "Client identifier", Denominator: 2, Valid: 2}, client)

	_, report = validate(t, ruleAsOf, "")
	require.Len(t, report.Fields, fieldCount)
	require.Equal(t, "file/empty", report.Unread)
	require.True(t, report.Fields[0].Absent)
	require.Zero(t, report.Fields[0].Denominator)
}

func TestReportCounts(t *testing.T) {
	rows := []change{
		waiting, // nothing
		waiting.with(change{"episode_id": "E2", "client_id": "C2", "postcode": "M2 2BB", "gender": "3", "plan_date": "x"}), // two errors
		waiting.with(change{"episode_id": "E3", "client_id": "C3", "postcode": "M3 3CC", "gender": "", "consent": "N"}),    // an error and a warning
		waiting.with(change{"episode_id": "E4", "client_id": "C4", "postcode": "M4 4DD", "height_cm": "67"}),               // a warning
		waiting.with(change{"episode_id": "E5", "client_id": "C5", "postcode": "M5 5EE", "smoking_status_pre": "1"}),       // an info
	}
	got, report := validate(t, ruleAsOf, extractOf(t, columnsBut(), rows...))
	require.Equal(t, []string{
		"2 error gender/code gender", "2 error plan_date/format plan_date", "3 warning gender/blank gender",
		"3 error pathway/consent-refused consent", "4 warning measures/height-in-another-unit height_cm",
		"5 info measures/smoker-without-cigarettes cigarettes_pre < smoking_status_pre",
	}, got)
	require.Equal(t, []int{3, 2, 1}, []int{report.Count(Error), report.Count(Warning), report.Count(Info)})
	require.Zero(t, report.Count(Off))
	require.Equal(t, Error, report.Worst())
	require.Equal(t, 5, report.Records)
	require.Equal(t, 2, report.RecordsWithErrors)
	require.Equal(t, 2, report.RecordsWithWarnings, "the third row has both")
	require.Equal(t, Edition, report.Edition)
	require.Equal(t, "episode", report.Kind)
	require.Equal(t, date(t, ruleAsOf), report.AsOf)
	require.False(t, report.Truncated)
	r, ok := report.Rule("gender/code")
	require.True(t, ok)
	require.Equal(t, []int{1, 4, 1}, []int{r.Count, r.Checked, r.NotApplicable})
	require.Len(t, r.Examples, 1)
	require.Equal(t, "9", r.Examples[0].Shape)
	_, ok = report.Rule("gender/range")
	require.False(t, ok, "there is no such rule")

	_, clean := validate(t, ruleAsOf, extractOf(t, columnsBut(), waiting))
	require.Equal(t, Off, clean.Worst())
	_, infos := validate(t, ruleAsOf, extractOf(t, columnsBut(), rows[4]))
	require.Equal(t, Info, infos.Worst())
}

// A rule of several severities reports the gravest that it found; where it found
// nothing, its own.
func TestRuleReportSeverity(t *testing.T) {
	brief := contacted.with(change{"client_mode": "brief", "plan_date": "2024-10-15", "plan_status": "open", "primary_issue": "diet"})
	information := brief.with(change{"client_mode": "information", "client_id": "C2", "episode_id": "E2", "postcode": "M2 2BB"})
	const id = "pathway/plan-in-other-mode"
	for _, c := range []struct {
		rows []change
		want []int // errors, warnings
		at   Level
		why  string
	}{
		{[]change{contacted}, []int{0, 0}, Error, "nothing found"},
		{[]change{brief}, []int{0, 1}, Warning, "a warning"},
		{[]change{brief, information}, []int{1, 1}, Error, "both"},
	} {
		_, report := validate(t, ruleAsOf, extractOf(t, columnsBut(), c.rows...))
		r, ok := report.Rule(id)
		require.True(t, ok)
		require.Equal(t, c.want, []int{r.Errors, r.Warnings}, c.why)
		require.Equal(t, c.at, r.Severity, c.why)
	}
}

func TestSeverity(t *testing.T) {
	row := whole.with(change{"client_mode": "brief", "weight_kg_pre": "301", "waist_cm_post": "201", "gender": "3", "sessions_attended": "9"})
	text := extractOf(t, columnsBut(), row)
	plain := []string{
		"1 error gender/code gender", "1 warning weight_kg_pre/implausible weight_kg_pre", "1 warning waist_cm_post/implausible waist_cm_post",
		"1 warning pathway/plan-in-other-mode goal_2_status < client_mode plan_date plan_status goal_1_issue goal_1_status goal_2_issue",
		"1 info pathway/attended-more-than-planned sessions_attended < sessions_planned",
		"1 warning measures/weight-in-another-unit height_cm < weight_kg_pre",
		"1 warning measures/big-change weight_kg_post < weight_kg_pre", "1 warning measures/big-change waist_cm_post < waist_cm_pre",
	}
	without := func(parts ...string) (lines []string) {
		lines = []string{}
		for _, l := range plain {
			kept := true
			for _, p := range parts {
				kept = kept && !strings.Contains(l, p)
			}
			if kept {
				lines = append(lines, l)
			}
		}
		return lines
	}
	for _, c := range []struct {
		why     string
		options []Option
		want    []string
	}{
		{"as the rules are", nil, plain},
		{"one rule off", []Option{Severity("gender/code", Off)}, without("gender/code")},
		{"a family off", []Option{Severity("*/implausible", Off)}, without("/implausible")},
		{"a group off", []Option{Severity("measures/*", Off)}, without("measures/")},
		{"later options overrule earlier ones", []Option{Severity("*/*", Off), Severity("gender/*", Error)}, []string{"1 error gender/code gender"}},
		{"a level given counts for both severities of a rule", []Option{Severity("*/*", Off), Severity("pathway/plan-in-other-mode", Error)}, []string{
			"1 error pathway/plan-in-other-mode goal_2_status < client_mode plan_date plan_status goal_1_issue goal_1_status goal_2_issue",
		}},
		{"everything off", []Option{Severity("*/*", Off)}, []string{}},
	} {
		got, report := validate(t, ruleAsOf, text, c.options...)
		require.Equal(t, c.want, got, c.why)
		for _, r := range report.Rules {
			require.NotEqual(t, Off, r.Severity, "%s: a rule that is off is not in the report", c.why)
		}
	}
	_, report := validate(t, ruleAsOf, text, Severity("*/implausible", Off))
	_, ok := report.Rule("weight_kg_pre/implausible")
	require.False(t, ok)
	_, ok = report.Rule("weight_kg_pre/range")
	require.True(t, ok)
	require.Len(t, report.Fields, fieldCount, "the table of fields does not hang on the rules")

	// Switching a rule off makes no other speak up, and what is wrong stays wrong.
	got, report := validate(t, ruleAsOf, extractOf(t, columnsBut(), whole.with(change{"review_date": "x"})), Severity("*/format", Off))
	require.Empty(t, got)
	require.Equal(t, 1, fieldOf(t, report, "review_date").Invalid)
}

func TestUnknownSeverity(t *testing.T) {
	for _, c := range []struct{ rule, want, why string }{
		{"weight_kg_pre/rang", `dcrs: option Severity: no rule is called "weight_kg_pre/rang"; is it "weight_kg_pre/range"?`, "a slip"},
		{"dates/stale_open", `dcrs: option Severity: no rule is called "dates/stale_open"; is it "dates/stale-open"?`, "a hyphen"},
		{"stale-open", `dcrs: option Severity: no rule is called "stale-open"; is it "dates/stale-open"?`, "without its group"},
		{"nothing/like-it-at-all", `dcrs: option Severity: no rule is called "nothing/like-it-at-all"`, "nothing to suggest"},
		{"", `dcrs: option Severity: no rule is called ""`, "no name"},
		{"[", `dcrs: option Severity: no rule is called "["`, "no pattern"},
		{"*", `dcrs: option Severity: no rule is called "*"`, "a star does not reach over the slash"},
	} {
		_, err := NewValidator(Episodes(), date(t, ruleAsOf), Severity(c.rule, Off))
		require.EqualError(t, err, c.want, c.why)
		var bad *OptionError
		require.ErrorAs(t, err, &bad)
		require.Equal(t, "Severity", bad.Option)
	}
	_, err := NewValidator(Episodes(), date(t, ruleAsOf), Severity("gender/code", Level(9)))
	require.Error(t, err)
}

func TestShowAndExamples(t *testing.T) {
	var rows []change
	for range 8 {
		rows = append(rows, waiting.with(change{"gender": "3"}))
	}
	rows[0] = rows[0].with(change{"episode_id": ""})
	text := extractOf(t, columnsBut(), rows...)
	run := func(options ...Option) *Report {
		v, err := NewValidator(Episodes(), date(t, ruleAsOf), options...)
		require.NoError(t, err)
		report, err := v.Validate(context.Background(), "x.csv", strings.NewReader(text), nil)
		require.NoError(t, err)
		return report
	}
	r, _ := run().Rule("gender/code")
	require.Equal(t, 8, r.Count)
	require.Len(t, r.Examples, 5, "five unless told otherwise")
	require.Empty(t, r.Examples[0].Shown)

	r, _ = run(Examples(0)).Rule("gender/code")
	require.Equal(t, 8, r.Count, "counts are exact without examples")
	require.Empty(t, r.Examples)
	require.NotNil(t, r.Examples, "an empty list in JSON")

	r, _ = run(Examples(2), Show("episode_id", "client_id", "episode_id")).Rule("gender/code")
	require.Len(t, r.Examples, 2)
	require.Equal(t, []Shown{{"episode_id", ""}, {"client_id", "C1"}}, r.Examples[0].Shown, "in the order asked for, each once")
	require.Equal(t, []Shown{{"episode_id", "E1"}, {"client_id", "C1"}}, r.Examples[1].Shown)

	r, _ = run(Show("episode_id")).Rule("episode/duplicate")
	require.Equal(t, 6, r.Count)
	require.Equal(t, []Shown{{"episode_id", "E1"}}, r.Examples[0].Shown, "findings of file scope show it too")

	_, err := NewValidator(Episodes(), date(t, ruleAsOf), Show("episode"))
	require.EqualError(t, err, `dcrs: option Show: no field is called "episode"`)
}
