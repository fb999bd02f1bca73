package dcrs

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

var updateRender = flag.Bool("update", false, "rewrite the golden files")

// renderDictionary spares the fixtures from making one for every finding.
var renderDictionary = Episodes()

// golden compares what a renderer wrote with a file under testdata/render.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "render", name)
	if *updateRender {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run the test with -update to write it")
	// Only the first line that differs: the whole is too long to look through.
	wants := strings.Split(strings.ReplaceAll(string(want), "\r\n", "\n"), "\n")
	gots := strings.Split(string(got), "\n")
	for i := range min(len(wants), len(gots)) {
		require.Equal(t, wants[i], gots[i], "%s line %d", path, i+1)
	}
	require.Len(t, gots, len(wants), "%s: lines", path)
}

// renderCase is a report made by hand, so that the renderers are tested without
// the validator.
type renderCase struct {
	name   string
	why    string
	report *Report
}

func renderCases(t testing.TB) []renderCase {
	return []renderCase{
		{"year", "an ordinary year's extract: findings of each severity, gaps, absent columns", yearReport(t)},
		{"clean", "no finding at all", cleanReport(t)},
		{"warnings", "nothing worse than a warning", warningsReport(t)},
		{"header-only", "a header and nothing below it", headerOnlyReport(t)},
		{"unread", "the delimiter is another: no row was read", unreadReport(t)},
		{"truncated", "the reader failed half-way", truncatedReport(t)},
		{"awkward", "text made to break out of the report: formulas, markup, escapes, wide and endless names", awkwardReport(t)},
		{"crowded", "every rule finds something: the text must stay readable", crowdedReport(t)},
		{"zero", "a Report that nobody filled in", &Report{}},
	}
}

func renderDate(t testing.TB, s string) hte.Date {
	t.Helper()
	d, err := hte.ParseDate(s)
	require.NoError(t, err)
	return d
}

// emptyReport has every rule and field of the dictionary and no finding in n
// records.
func emptyReport(t testing.TB, file string, n int) *Report {
	d := Episodes()
	r := &Report{
		Edition: d.Edition(), Kind: d.Kind(), AsOf: renderDate(t, "2026-03-31"),
		File: file, Bytes: int64(n)*235 + 1400, Records: n,
	}
	for rule := range d.Rules() {
		rr := RuleReport{Rule: rule.ID, Severity: rule.Severity, Checked: n, Examples: []Finding{}}
		if rule.Scope == ScopeFile && rule.Reads == "" {
			rr.Checked = 1
		}
		r.Rules = append(r.Rules, rr)
	}
	for f := range d.Fields() {
		r.Fields = append(r.Fields, FieldReport{Field: f.Name, Label: f.Label, Denominator: n, Valid: n})
	}
	return r
}

func ruleOf(t testing.TB, r *Report, id string) *RuleReport {
	t.Helper()
	i := slices.IndexFunc(r.Rules, func(rr RuleReport) bool { return rr.Rule == id })
	require.GreaterOrEqual(t, i, 0, "no rule %s", id)
	return &r.Rules[i]
}

// found enters findings of a rule, with examples; the counts by severity follow
// that of the rule.
func found(t testing.TB, r *Report, id string, count int, examples ...Finding) *RuleReport {
	t.Helper()
	rr := ruleOf(t, r, id)
	rr.Count = count
	switch rr.Severity {
	case Error:
		rr.Errors = count
	case Warning:
		rr.Warnings = count
	default:
		rr.Infos = count
	}
	rule, _ := renderDictionary.Rule(id)
	for _, e := range examples {
		e.Rule, e.Severity, e.File = id, rr.Severity, r.File
		if e.Message == "" {
			e.Message = renderDictionary.message(&rule)
		}
		if e.Fix == "" {
			e.Fix = rule.Fix
		}
		for i := range e.Related {
			e.Related[i].File = r.File
		}
		rr.Examples = append(rr.Examples, e)
	}
	return rr
}

// at is a finding at a cell of a file whose rows are one line each.
func at(record, column int, field, shape string, related ...Related) Finding {
	return Finding{
		Position: Position{Record: record, Line: record + 1, Column: column, Offset: int64(1400 + 235*(record-1) + 4*column)},
		Field:    field, Shape: shape, Related: related,
	}
}

func also(record, column int, field string) Related {
	return Related{Field: field, Position: at(record, column, "", "").Position}
}

// vodim sets the parts of a field; what is left of the rows is valid.
func vodim(t testing.TB, r *Report, field string, other, def, invalid, missing int) {
	t.Helper()
	i := slices.IndexFunc(r.Fields, func(f FieldReport) bool { return f.Field == field })
	require.GreaterOrEqual(t, i, 0, "no field %s", field)
	f := &r.Fields[i]
	f.Other, f.Default, f.Invalid, f.Missing = other, def, invalid, missing
	f.Valid = f.Denominator - other - def - invalid - missing
}

func absent(t testing.TB, r *Report, fields ...string) {
	t.Helper()
	for _, field := range fields {
		i := slices.IndexFunc(r.Fields, func(f FieldReport) bool { return f.Field == field })
		require.GreaterOrEqual(t, i, 0, "no field %s", field)
		r.Fields[i] = FieldReport{
			Field: field, Label: r.Fields[i].Label, Absent: true,
			Denominator: r.Records, Missing: r.Records,
		}
		for j := range r.Rules {
			if strings.HasPrefix(r.Rules[j].Rule, field+"/") {
				r.Rules[j].Checked, r.Rules[j].NotApplicable = 0, r.Records
			}
		}
	}
}

func yearReport(t testing.TB) *Report {
	r := emptyReport(t, "extract-2025-26.csv", 12840)
	r.RecordsWithErrors, r.RecordsWithWarnings = 311, 2904
	found(t, r, "episode/duplicate", 14,
		at(402, 2, "episode_id", "AA-99999", also(17, 2, "episode_id")),
		at(403, 2, "episode_id", "AA-99999", also(18, 2, "episode_id")))
	found(t, r, "pathway/consent-missing", 120,
		at(9, 26, "consent", "", also(9, 24, "first_contact_date")),
		at(130, 26, "consent", "", also(130, 24, "first_contact_date")),
		at(131, 26, "consent", "", also(131, 24, "first_contact_date")),
		at(132, 26, "consent", "", also(132, 24, "first_contact_date")))
	found(t, r, "dates/closed-too-early", 31,
		at(77, 100, "closure_date", "9999-99-99", also(77, 23, "referral_date"), also(77, 24, "first_contact_date"),
			also(77, 25, "assessment_date"), also(77, 35, "plan_date"), also(77, 52, "review_date")))
	found(t, r, "weight_kg_pre/range", 3, at(5120, 54, "weight_kg_pre", "9999.9"))
	zero := at(88, 17, "employment_status", "9")
	zero.Message = "the code is not in the list employment_status: 01 has lost its leading zero"
	found(t, r, "employment_status/code", 2, zero, at(91, 17, "employment_status", "aa"))
	found(t, r, "date_of_birth/format", 161, at(3, 8, "date_of_birth", "99/99/9999"), at(4, 8, "date_of_birth", "99/99/9999"))
	rr := found(t, r, "file/missing-column", 2,
		Finding{Field: "trainer_imd_quintile", Position: Position{Line: 1}},
		Finding{Field: "workforce_step", Position: Position{Line: 1}})
	rr.Checked, rr.Severity = 102, Info
	rr.Errors, rr.Infos = 0, 2
	found(t, r, "place/quintile-missing", 611, at(2, 14, "imd_quintile", "", also(2, 12, "postcode")))
	found(t, r, "postcode/blank", 1980, at(12, 12, "postcode", ""))
	found(t, r, "measures/smoker-without-cigarettes", 90, at(40, 73, "cigarettes_pre", "", also(40, 75, "smoking_status_pre")))
	mixed := found(t, r, "client/nhs-number-placeholder", 8, at(901, 6, "nhs_number", "999 999 9999"))
	mixed.Errors, mixed.Warnings, mixed.Severity = 2, 6, Error
	mixed.Examples[0].Severity = Error
	mixed.Examples[0].Shown = []Shown{{Field: "episode_id", Value: "BU-00901"}}
	vodim(t, r, "date_of_birth", 0, 0, 161, 40)
	vodim(t, r, "gender", 12, 31, 0, 20)
	vodim(t, r, "ethnic_category", 802, 344, 3, 1210)
	vodim(t, r, "postcode", 0, 512, 9, 1980)
	vodim(t, r, "imd_quintile", 0, 0, 0, 3103)
	vodim(t, r, "consent", 0, 0, 0, 120)
	vodim(t, r, "weight_kg_pre", 0, 0, 3, 6200)
	vodim(t, r, "weight_kg_post", 0, 0, 0, 9002)
	absent(t, r, "trainer_imd_quintile", "workforce_step")
	return r
}

func cleanReport(t testing.TB) *Report {
	return emptyReport(t, "clean.csv", 1)
}

func warningsReport(t testing.TB) *Report {
	r := emptyReport(t, "q3.csv", 2000000)
	r.RecordsWithWarnings = 1
	found(t, r, "height_cm/implausible", 1, at(1999999, 53, "height_cm", "999"))
	return r
}

func headerOnlyReport(t testing.TB) *Report {
	r := emptyReport(t, "empty-quarter.csv", 0)
	for i := range r.Rules {
		if !strings.HasPrefix(r.Rules[i].Rule, "file/") {
			r.Rules[i].Checked = 0
		}
	}
	return r
}

func unreadReport(t testing.TB) *Report {
	r := emptyReport(t, "semicolons.csv", 0)
	r.Unread = "file/delimiter"
	found(t, r, "file/delimiter", 1, Finding{
		Position: Position{Line: 1},
		Message:  "the header reads as one column with a comma, as 102 with a semicolon",
		Fix:      "declare the delimiter, or export with commas",
	})
	return r
}

func truncatedReport(t testing.TB) *Report {
	r := emptyReport(t, "half.csv", 4100)
	r.Truncated = true
	return r
}

// crowdedReport has more findings of the first field than of the last, and five
// examples of everything.
func crowdedReport(t testing.TB) *Report {
	r := emptyReport(t, "everything.csv", 20000)
	r.RecordsWithErrors, r.RecordsWithWarnings = 20000, 20000
	for i, rr := range r.Rules {
		rule, _ := renderDictionary.Rule(rr.Rule)
		reads := strings.Fields(rule.Reads)
		var examples []Finding
		for n := range 5 {
			e := Finding{}
			if len(reads) > 0 {
				e = at(100*n+i, 1+i%102, reads[len(reads)-1], "AA9 9aa")
				for _, field := range reads[:len(reads)-1] {
					e.Related = append(e.Related, also(100*n+i, 1+i%102, field))
				}
				e.Shown = []Shown{{Field: "episode_id", Value: "BU-00901"}}
			}
			examples = append(examples, e)
		}
		found(t, r, rr.Rule, 10000-20*i, examples...)
	}
	for _, f := range r.Fields {
		vodim(t, r, f.Field, 0, 0, 3, 10000)
	}
	return r
}

func awkwardReport(t testing.TB) *Report {
	const script = `<script>alert("x")</script>`
	r := emptyReport(t, "=cmd()|' /C calc'!A0 \x1b[31m\u202ecod.exe \xff "+strings.Repeat("very-long-", 30), 3)
	r.RecordsWithErrors = 3
	unknown := found(t, r, "file/unknown-column", 4,
		Finding{Field: script, Position: Position{Line: 1, Column: 103, Offset: 1400}},
		Finding{Field: "@SUM(1)\r\n=2", Position: Position{Line: 1, Column: 104, Offset: 1410}},
		Finding{Field: strings.Repeat("列", 300), Position: Position{Line: 1, Column: 105, Offset: 1420}},
		Finding{Field: "e\u0301tat \u00a0\u200b", Position: Position{Line: 1, Column: 106, Offset: 1430}})
	unknown.Checked = 0
	found(t, r, "gender/code", 3,
		at(1, 10, "gender", "aaaaaa;\t=aa"), at(2, 10, "gender", `"=A9"`), at(3, 10, "gender", "-9"))
	shown := found(t, r, "client_id/format", 1, at(1, 1, "client_id", "=AAAA(9)")).Examples
	shown[0].Shown = []Shown{{Field: "episode_id", Value: "=HYPERLINK(\"http://x\")"}}
	vodim(t, r, "gender", 0, 0, 3, 0)
	vodim(t, r, "client_id", 0, 0, 1, 0)
	return r
}

func render(t testing.TB, write func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, write(&b))
	return b.Bytes()
}
