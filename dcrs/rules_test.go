package dcrs

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

// The rules are tested from the text of testdata/dictionary/rules.csv: each case
// changes a clean row, runs the validator, and compares everything that it found.

// change gives fields other values; "" blanks them.
type change map[string]string

func (c change) with(more ...change) change {
	out := maps.Clone(c)
	for _, m := range more {
		maps.Copy(out, m)
	}
	return out
}

const ruleAsOf = "2024-10-31"

// waiting is a client who was referred a month ago: the least that a clean row
// holds.
var waiting = change{
	"client_id": "C1", "episode_id": "E1", "service_code": "RX1", "trainer_id": "T1", "date_of_birth": "1980-05-17",
	"gender": "2", "ethnic_category": "A", "postcode": "M1 1AE", "imd_quintile": "1", "imd_edition": "2019",
	"gp_practice_code": "P81001", "setting": "community", "referral_source": "gp", "referral_date": "2024-10-01",
}

// contacted is waiting after the first contact.
var contacted = waiting.with(change{"first_contact_date": "2024-10-08", "consent": "Y", "client_mode": "one_to_one"})

// whole is a client who went all the way, every measure taken twice.
var whole = waiting.with(change{
	"trainer_imd_quintile": "2", "nhs_number": "943 476 5919", "nhs_number_status": "01", "age_at_referral": "43",
	"lsoa": "E01005001", "employment_status": "02", "disability": "05;09", "accommodation_type": "02",
	"supervision": "none", "referral_date": "2023-06-05", "first_contact_date": "2023-06-12",
	"assessment_date": "2023-06-19", "consent": "Y", "client_mode": "one_to_one", "primary_issue": "diet",
	"secondary_issues": "exercise", "wider_needs": "finance;isolation;caring",
	"wider_needs_met": "finance", "wider_needs_part_met": "isolation",
	"employment_status_post": "01", "accommodation_type_post": "02", "plan_date": "2023-06-26",
	"plan_status": "achieved", "goal_1_issue": "diet", "goal_1_status": "achieved",
	"goal_2_issue": "exercise", "goal_2_status": "part_achieved",
	"importance_pre": "6", "importance_post": "8", "confidence_pre": "5", "confidence_post": "7",
	"sessions_planned": "8", "sessions_attended": "7", "sessions_missed": "1",
	"signposted_to": "gp", "signposted_date": "2023-06-19", "review_date": "2023-09-25",
	"height_cm": "170.0", "weight_kg_pre": "90.0", "weight_kg_post": "86.0", "bmi_pre": "31.1", "bmi_post": "29.8",
	"waist_cm_pre": "100", "waist_cm_post": "97", "systolic_pre": "138", "systolic_post": "130",
	"diastolic_pre": "88", "diastolic_post": "82", "fruit_veg_pre": "2", "fruit_veg_post": "4.5",
	"fried_snacks_pre": "6", "fried_snacks_post": "2", "activity_moderate_pre": "1", "activity_moderate_post": "4",
	"activity_vigorous_pre": "0", "activity_vigorous_post": "1", "alcohol_units_pre": "20", "alcohol_units_post": "12",
	"cigarettes_pre": "10", "cigarettes_post": "0", "smoking_status_pre": "1", "smoking_status_post": "2",
	"general_health_pre": "50", "general_health_post": "65", "self_efficacy_pre": "25", "self_efficacy_post": "30",
	"who5_1_pre": "2", "who5_2_pre": "2", "who5_3_pre": "3", "who5_4_pre": "2", "who5_5_pre": "2", "who5_percent_pre": "44",
	"who5_1_post": "3", "who5_2_post": "3", "who5_3_post": "4", "who5_4_post": "3", "who5_5_post": "3", "who5_percent_post": "64",
	"followup_3m_date": "2023-12-25", "followup_3m_maintained": "yes", "followup_6m_date": "2024-03-25",
	"followup_6m_maintained": "part", "followup_12m_date": "2024-09-25", "followup_12m_maintained": "no",
	"closure_date": "2023-10-02", "closure_reason": "completed", "workforce_step": "none",
})

func columnsBut(drop ...string) []string {
	var columns []string
	for f := range Episodes().Fields() {
		if !slices.Contains(drop, f.Name) {
			columns = append(columns, f.Name)
		}
	}
	return columns
}

// extractOf writes rows under a header as a CSV file.
func extractOf(t testing.TB, columns []string, rows ...change) string {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	require.NoError(t, w.Write(columns))
	for _, r := range rows {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = r[c]
		}
		require.NoError(t, w.Write(cells))
	}
	w.Flush()
	require.NoError(t, w.Error())
	return b.String()
}

// line is a finding in a form that can be written down and compared: record,
// severity, rule, field, and behind < the related fields with their records
// where these differ.
func line(f Finding) string {
	s := fmt.Sprintf("%d %s %s", f.Record, f.Severity, f.Rule)
	if f.Field != "" {
		s += " " + f.Field
	}
	for i, r := range f.Related {
		if i == 0 {
			s += " <"
		}
		s += " " + r.Field
		if r.Record != f.Record {
			s += fmt.Sprintf("@%d", r.Record)
		}
	}
	return s
}

func date(t testing.TB, s string) hte.Date {
	t.Helper()
	d, err := hte.ParseDate(s)
	require.NoError(t, err)
	return d
}

// validate runs the validator over a text and returns its findings as lines,
// with the report. Whatever the case, the report must agree with the stream.
func validate(t testing.TB, asOf, text string, options ...Option) ([]string, *Report) {
	t.Helper()
	v, err := NewValidator(Episodes(), date(t, asOf), options...)
	require.NoError(t, err)
	lines := []string{}
	counts := make(map[string]int)
	report, err := v.Validate(context.Background(), "extract.csv", strings.NewReader(text), func(f Finding) error {
		lines = append(lines, line(f))
		counts[f.Rule]++
		require.NotEmpty(t, f.Message)
		require.NotEmpty(t, f.Fix)
		return nil
	})
	require.NoError(t, err)
	for _, r := range report.Rules {
		require.Equal(t, counts[r.Rule], r.Count, "%s: the report counts what was streamed", r.Rule)
		require.Equal(t, r.Count, r.Errors+r.Warnings+r.Infos, r.Rule)
		if n, ok := unitsOf(v.dict, r.Rule, report); ok {
			require.Equal(t, n, r.Checked+r.NotApplicable, "%s: checked and not applicable together are all there is", r.Rule)
		}
	}
	for _, f := range report.Fields {
		require.Equal(t, f.Denominator, f.Valid+f.Other+f.Default+f.Invalid+f.Missing, f.Field)
	}
	return lines, report
}

// unitsOf is how often a rule could have been asked: rows, times what "one
// finding per" says. Rules of file scope are left to their own tests.
func unitsOf(d *Dictionary, id string, report *Report) (int, bool) {
	if report.Unread != "" {
		return 0, false
	}
	r, _ := d.Rule(id)
	uses := 1
	switch {
	case r.Scope == ScopeFile, id == "file/control-character":
		return 0, false
	case r.Per == "point":
		uses = 2
	case r.Per == "goal", r.Per == "follow-up":
		uses = 3
	case r.Per == "field": // the two that a prison setting contradicts
		uses = 2
	}
	switch id {
	case "dates/in-the-future":
		uses = 0
		for f := range d.Fields() {
			if f.Type == TypeDate {
				uses++
			}
		}
	case "dates/followups-out-of-order": // the first has no earlier one
		uses = 2
	case "measures/post-without-pre":
		uses = 0
		for f := range d.Fields() {
			if name, ok := strings.CutSuffix(f.Name, "_post"); ok {
				if _, ok := d.Field(name + "_pre"); ok {
					uses++
				}
			}
		}
	case "measures/big-change":
		uses = 11 // counted in the text of the rule: activity is two pairs
	}
	return uses * report.Records, true
}

// ruleCase is one row, or a few, and everything that is found in it.
type ruleCase struct {
	why  string
	base change // waiting, where there is none
	set  change
	rows []change // instead of base and set
	drop []string // columns that the file does not have
	asOf string
	want []string // as line writes them; a single row's begin at the severity
	// counts says of rules how often they were checked and not applicable:
	// "plan/goal-pair 2 1".
	counts []string
}

func (c ruleCase) run(t *testing.T) {
	t.Helper()
	rows := c.rows
	if rows == nil {
		base := c.base
		if base == nil {
			base = waiting
		}
		for name := range c.set {
			_, ok := Episodes().Field(name)
			require.True(t, ok, "no field is called %s", name)
		}
		rows = []change{base.with(c.set)}
	}
	asOf := c.asOf
	if asOf == "" {
		asOf = ruleAsOf
	}
	got, report := validate(t, asOf, extractOf(t, columnsBut(c.drop...), rows...))
	want := []string{}
	for _, w := range c.want {
		if c.rows == nil {
			w = "1 " + w
		}
		want = append(want, w)
	}
	got = slices.DeleteFunc(got, func(s string) bool { return strings.Contains(s, " file/missing-column ") })
	slices.Sort(got)
	slices.Sort(want)
	require.Equal(t, want, got, c.why)
	for _, count := range c.counts {
		parts := strings.Fields(count)
		r, ok := report.Rule(parts[0])
		require.True(t, ok, parts[0])
		require.Equal(t, strings.Join(parts[1:], " "), fmt.Sprintf("%d %d", r.Checked, r.NotApplicable), "%s: %s, checked and not applicable", c.why, parts[0])
	}
}

func runCases(t *testing.T, cases []ruleCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.why, c.run)
	}
}

func TestBaseRowsAreClean(t *testing.T) {
	runCases(t, []ruleCase{
		{why: "a client who waits", want: nil},
		{why: "a client who was contacted", base: contacted},
		{why: "a whole journey", base: whole},
	})
}

// Every rule must have a case in which it finds something: each by its id, the
// families of field rules once for each type of field.
func TestEveryRuleHasAPositiveCase(t *testing.T) {
	d := Episodes()
	found := make(map[string]bool)
	for _, cases := range [][]ruleCase{fieldCases(), recordCases(), fileCases()} {
		for _, c := range cases {
			for _, w := range c.want {
				for word := range strings.FieldsSeq(w) {
					if r, ok := d.Rule(word); ok {
						found[word] = true
						if r.Scope == ScopeField {
							f, _ := d.Field(r.Reads)
							found[r.Family()+" "+f.Type.String()] = true
						}
					}
				}
			}
		}
	}
	for _, c := range headerCases {
		for _, w := range c.want {
			found[strings.Fields(w)[2]] = true
		}
	}
	for _, c := range formatCases {
		found[c.rule] = true
	}
	for r := range d.Rules() {
		key := r.ID
		if r.Scope == ScopeField {
			f, _ := d.Field(r.Reads)
			key = r.Family() + " " + f.Type.String()
		}
		require.True(t, found[key], "no case for %s", key)
	}
}

// A rule is not applicable where a column that its text names is absent, or
// where such a field is filled with something wrong.
func TestNamedFieldsMustBeThere(t *testing.T) {
	// Where the text makes it otherwise.
	exempt := map[string]string{
		"place/prison-setting-elsewhere accommodation_type": "the rule is asked of each field",
		"place/prison-setting-elsewhere supervision":        "the rule is asked of each field",
		"dates/followups-out-of-order followup_3m_date":     "the last can still be compared with the second",
		"dates/followups-out-of-order followup_6m_date":     "without the column, the last is compared with the first",
		"dates/followups-out-of-order followup_12m_date":    "the second can still be compared with the first",
	}
	d := Episodes()
	rules := make(map[string][]string)
	for r := range d.Rules() {
		if r.Scope != ScopeRecord || r.Reads == "" {
			continue
		}
		names := strings.FieldsFunc(r.Reads, func(c rune) bool { return c == ' ' || c == ',' })
		for _, name := range names {
			if _, ok := d.Field(name); ok && exempt[r.ID+" "+name] == "" {
				rules[name] = append(rules[name], r.ID)
			}
			for _, point := range []string{"pre", "post"} {
				base, ok := strings.CutSuffix(name, "_X")
				if _, there := d.Field(base + "_" + point); ok && there {
					rules[base+"_"+point] = append(rules[base+"_"+point], r.ID+" "+point)
				}
			}
		}
	}
	require.Greater(t, len(rules), 40)
	base := whole.with(change{"setting": "prison", "supervision": "custody", "accommodation_type": "21"})
	for name, ids := range rules {
		_, absent := validate(t, ruleAsOf, extractOf(t, columnsBut(name), base))
		_, wrong := validate(t, ruleAsOf, extractOf(t, columnsBut(), base.with(change{name: "#"})))
		for _, id := range ids {
			id, _, perPoint := strings.Cut(id, " ")
			most := 0
			if perPoint { // the other point is still looked at
				most = 1
			}
			r, ok := absent.Rule(id)
			require.True(t, ok)
			require.LessOrEqual(t, r.Checked, most, "%s without a column %s", id, name)
			r, _ = wrong.Rule(id)
			require.LessOrEqual(t, r.Checked, most, "%s where %s is wrong", id, name)
			require.Zero(t, r.Count, "%s where %s is wrong", id, name)
		}
	}
}

// What stands in a field matters only to the rules that read it: something wrong
// in any other field leaves a rule as it was.
func TestOtherFieldsDoNotMatter(t *testing.T) {
	d := Episodes()
	reads := make(map[string][]string) // of the rules that name all that they read
rules:
	for r := range d.Rules() {
		if r.Scope != ScopeRecord || r.Reads == "" {
			continue
		}
		var names []string
		for name := range strings.FieldsSeq(r.Reads) {
			base, perPoint := strings.CutSuffix(name, "_X")
			_, ok := d.Field(name)
			switch {
			case perPoint:
				names = append(names, base+"_pre", base+"_post")
			case ok:
				names = append(names, name)
			default:
				continue rules
			}
		}
		if r.ID == "pathway/signposted-to-nothing" {
			names = append(names, "signposted_date") // by its condition: not signpost-pair
		}
		reads[r.ID] = names
	}
	require.Greater(t, len(reads), 40)
	bases := []change{whole, whole.with(change{
		"setting": "probation", "supervision": "licence", "referral_source": "probation", "closure_reason": "recalled", "plan_status": "lost",
	})}
	for _, base := range bases {
		_, before := validate(t, ruleAsOf, extractOf(t, columnsBut(), base))
		for f := range d.Fields() {
			_, after := validate(t, ruleAsOf, extractOf(t, columnsBut(), base.with(change{f.Name: "#"})))
			for id, names := range reads {
				if slices.Contains(names, f.Name) {
					continue
				}
				was, _ := before.Rule(id)
				is, _ := after.Rule(id)
				require.Equal(t, was.Checked, is.Checked, "%s, which does not read %s", id, f.Name)
				require.Equal(t, was.Count, is.Count, "%s, which does not read %s", id, f.Name)
			}
		}
	}
}

// A blank never makes a finding of a rule that is not about blankness: of a whole
// row, blank any one field and see what is found.
func TestOneBlankOneFinding(t *testing.T) {
	about := map[string]string{
		"client_id": "1 error client_id/blank client_id", "episode_id": "1 error episode_id/blank episode_id",
		"service_code": "1 error service_code/blank service_code", "trainer_id": "1 warning trainer_id/blank trainer_id",
		"date_of_birth": "1 warning date_of_birth/blank date_of_birth", "gender": "1 warning gender/blank gender",
		"ethnic_category": "1 warning ethnic_category/blank ethnic_category", "postcode": "1 warning postcode/blank postcode",
		"gp_practice_code": "1 warning gp_practice_code/blank gp_practice_code", "setting": "1 warning setting/blank setting",
		"referral_source": "1 warning referral_source/blank referral_source", "referral_date": "1 warning referral_date/blank referral_date",
		"nhs_number":             "1 warning client/nhs-number-status-disagrees nhs_number_status < nhs_number",
		"imd_quintile":           "1 warning place/quintile-missing imd_quintile < postcode",
		"imd_edition":            "1 error place/quintile-without-edition imd_edition < imd_quintile",
		"assessment_date":        "1 error pathway/assessment-missing who5_percent_pre < assessment_date client_mode plan_date",
		"consent":                "1 error pathway/consent-missing consent < first_contact_date",
		"client_mode":            "1 warning pathway/mode-missing client_mode < first_contact_date",
		"primary_issue":          "1 warning pathway/primary-issue-missing primary_issue < plan_date",
		"wider_needs":            "1 warning pathway/need-met-not-recorded wider_needs_part_met < wider_needs wider_needs_met",
		"plan_date":              "1 error plan/date-missing goal_2_issue < plan_date",
		"plan_status":            "1 error plan/status-missing plan_status < plan_date",
		"goal_1_status":          "1 error plan/goal-pair goal_1_status < goal_1_issue",
		"goal_2_issue":           "1 error plan/goal-pair goal_2_status < goal_2_issue",
		"goal_2_status":          "1 error plan/goal-pair goal_2_status < goal_2_issue",
		"signposted_to":          "1 error pathway/signpost-pair signposted_date < signposted_to",
		"signposted_date":        "1 error pathway/signpost-pair signposted_date < signposted_to",
		"followup_3m_date":       "1 error pathway/followup-pair followup_3m_maintained < followup_3m_date",
		"followup_3m_maintained": "1 error pathway/followup-pair followup_3m_maintained < followup_3m_date",
		"closure_date":           "1 error pathway/closure-pair closure_reason < closure_date",
		"closure_reason":         "1 error pathway/closure-pair closure_reason < closure_date",
	}
	for _, n := range []string{"6m", "12m"} {
		want := "1 error pathway/followup-pair followup_" + n + "_maintained < followup_" + n + "_date"
		about["followup_"+n+"_date"], about["followup_"+n+"_maintained"] = want, want
	}
	several := map[string]string{
		"goal_1_issue":   "the goal lacks its issue, leaves a gap, and none is on the primary issue",
		"review_date":    "a plan was settled, and measures were taken, at no review",
		"cigarettes_pre": "a smoker without cigarettes, and a second measure without its first",
	}
	for f := range Episodes().Fields() {
		got, _ := validate(t, ruleAsOf, extractOf(t, columnsBut(), whole.with(change{f.Name: ""})))
		if several[f.Name] != "" {
			require.Greater(t, len(got), 1, several[f.Name])
			continue
		}
		want := []string{}
		if w := about[f.Name]; w != "" {
			want = append(want, w)
		}
		if pre, ok := strings.CutSuffix(f.Name, "_pre"); ok {
			want = append(want, "1 warning measures/post-without-pre "+pre+"_post < "+f.Name)
		}
		if item, ok := strings.CutPrefix(f.Name, "who5_"); ok && !strings.HasPrefix(item, "percent") {
			_, point, _ := strings.Cut(item, "_")
			related := ""
			for n := 1; n < 5; n++ {
				related += fmt.Sprintf(" who5_%d_%s", n, point)
			}
			want = append(want, "1 warning measures/who5-incomplete who5_5_"+point+" <"+related)
		}
		slices.Sort(want)
		slices.Sort(got)
		require.Equal(t, want, got, "%s blank", f.Name)
	}
}

func TestLevels(t *testing.T) {
	for _, l := range []Level{Off, Info, Warning, Error} {
		text, err := l.MarshalText()
		require.NoError(t, err)
		require.Equal(t, l.String(), string(text))
		var again Level
		require.NoError(t, again.UnmarshalText(text))
		require.Equal(t, l, again)
	}
	_, err := ParseLevel("fatal")
	var bad *LevelError
	require.True(t, errors.As(err, &bad))
	require.Equal(t, "fatal", bad.Name)
	require.EqualError(t, err, `dcrs: "fatal" is not a severity: say off, info, warning or error`)
	level := Warning
	require.Error(t, level.UnmarshalText([]byte("Error")), "capitals count")
	require.Equal(t, Warning, level, "a bad name changes nothing")
	require.Equal(t, "Level(9)", Level(9).String())
	_, err = Level(9).MarshalText()
	require.Error(t, err)
}
