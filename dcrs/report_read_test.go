package dcrs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

// sameReport compares reports, a list without entries being one that is not there.
func sameReport(want, got *Report) string {
	return cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.Comparer(hte.Date.Equal))
}

func groupedReport(t testing.TB) *Report {
	data, _ := servicesOf(t, spoiltExtract(400, 3), func(n int) string { return fmt.Sprintf("S%d", n%4) })
	report, err := extractValidator(t, GroupBy("service_code"), Show("episode_id")).Validate(t.Context(), "q1.csv", bytes.NewReader(data), nil)
	require.NoError(t, err)
	return report
}

func TestReadReportReadsWhatIsWritten(t *testing.T) {
	reports := map[string]*Report{"grouped": groupedReport(t)}
	for seed := range uint64(3) {
		reports[fmt.Sprint("messy ", seed)], _ = validateAll(t, extractValidator(t, GroupBy("setting")), bytes.NewReader(messyExtract(600, seed)))
	}
	for name, text := range map[string]string{"empty": "", "binary": "\x00\x01\x02\x03", "header": extractHeader(), "semicolons": "a;b;c\n1;2;3\n"} {
		_, reports[name] = validate(t, ruleAsOf, text)
	}
	for name, want := range reports {
		text := render(t, func(b *bytes.Buffer) error { return want.WriteJSON(b) })
		got, err := ReadReport(bytes.NewReader(append([]byte("\ufeff"), text...)))
		require.NoError(t, err, name)
		require.Empty(t, sameReport(want, got), name)
		require.Equal(t, text, render(t, func(b *bytes.Buffer) error { return got.WriteJSON(b) }), name)
	}
}

func TestReadReportRefuses(t *testing.T) {
	for _, c := range []struct {
		why   string
		spoil func(r *Report)
		path  string
	}{
		{"no edition: nobody could compare it", func(r *Report) { r.Edition = "" }, "edition"},
		{"no kind of record", func(r *Report) { r.Kind = "" }, "kind"},
		{"no day", func(r *Report) { r.AsOf = hte.Date{} }, "as_of"},
		{"fewer than no records", func(r *Report) { r.Records = -1 }, "records"},
		{"more bad records than records", func(r *Report) { r.RecordsWithErrors = r.Records + 1 }, "records_with_errors"},
		{"more bad records than errors", func(r *Report) {
			for i := range r.Rules {
				r.Rules[i] = RuleReport{Rule: r.Rules[i].Rule, Severity: Error}
			}
			r.Groups, r.RecordsWithWarnings = nil, 0
		}, "records_with_errors"},
		{"rows of a file that was not read", func(r *Report) { r.Unread = "file/empty" }, "unread"},
		{"one rule twice", func(r *Report) { r.Rules[1].Rule = r.Rules[0].Rule }, "rules[1].rule"},
		{"a rule without a name", func(r *Report) { r.Rules[0].Rule = "" }, "rules[0].rule"},
		{"a count that is not the sum of its parts", func(r *Report) { r.Rules[0].Count++ }, "rules[0].count"},
		{"parts below nought", func(r *Report) { r.Rules[0].Errors, r.Rules[0].Count = -1, -1 }, "rules[0]"},
		{"a severity that nothing has", func(r *Report) { r.Rules[0].Severity = Off }, "rules[0].severity"},
		{"a severity that is not the gravest", func(r *Report) { ruleOf(t, r, "date_of_birth/format").Severity = Info }, ".severity"},
		{"more examples than findings", func(r *Report) {
			rr := ruleOf(t, r, "date_of_birth/format")
			rr.Count, rr.Errors = 1, 1
		}, ".examples"},
		{"more examples than are kept", func(r *Report) { r.ExampleLimit = 1 }, ".examples"},
		{"an example of another rule", func(r *Report) { ruleOf(t, r, "date_of_birth/format").Examples[0].Rule = "a/b" }, "examples[0].rule"},
		{"an example of a severity that was not found", func(r *Report) { ruleOf(t, r, "date_of_birth/format").Examples[0].Severity = Info }, "examples[0].severity"},
		{"an example behind the last record", func(r *Report) { ruleOf(t, r, "date_of_birth/format").Examples[0].Record = r.Records + 1 }, "examples[0].record"},
		{"a place before the file", func(r *Report) { ruleOf(t, r, "date_of_birth/format").Examples[0].Offset = -1 }, "examples[0]"},
		{"a field twice", func(r *Report) { r.Fields[1].Field = r.Fields[0].Field }, "fields[1].field"},
		{"cells that do not add up", func(r *Report) { r.Fields[0].Valid++ }, "fields[0].denominator"},
		{"more cells than records", func(r *Report) { r.Fields[0].Valid++; r.Fields[0].Denominator++ }, "fields[0].denominator"},
		{"cells of a column that is not there", func(r *Report) { r.Fields[0].Absent = true }, "fields[0].absent"},
		{"groups of nothing", func(r *Report) { r.GroupBy = "" }, "group_by"},
		{"a group twice", func(r *Report) { r.Groups[1] = r.Groups[0] }, "groups[1]"},
		{"a kind of group that is none", func(r *Report) { r.Groups[0].Kind = "some" }, "groups[0].kind"},
		{"a group with no name", func(r *Report) { r.Groups[0].Group = "" }, "groups[0].group"},
		{"groups of more records than there are", func(r *Report) {
			g := &r.Groups[0]
			g.Records += r.Records
			for i := range g.Fields {
				g.Fields[i].Valid += r.Records
			}
		}, "groups"},
		{"cells of a group that do not add up", func(r *Report) { r.Groups[0].Fields[0].Missing++ }, "groups[0].fields[0]"},
		{"a rule in a group that the report does not have", func(r *Report) { r.Groups[0].Rules[0].Rule = "a/b" }, "groups[0].rules[0].rule"},
		{"more findings in groups than in all", func(r *Report) {
			r.Groups[0].Rules[0].Count += 1000
			r.Groups[0].Rules[0].Errors += 1000
		}, ".count"},
		{"too many groups", func(r *Report) { r.Groups = slices.Repeat(r.Groups, 100) }, "groups"},
	} {
		t.Run(c.why, func(t *testing.T) {
			r := groupedReport(t)
			c.spoil(r)
			var b bytes.Buffer
			if err := r.WriteJSON(&b); err != nil {
				require.ErrorContains(t, err, "Level", "a level that is none cannot even be written")
				return
			}
			_, err := ReadReport(&b)
			bad, ok := errors.AsType[*ReportError](err)
			require.True(t, ok, "%v", err)
			assert.Contains(t, bad.Path, c.path)
			assert.NotEmpty(t, bad.Problem)
		})
	}
	text := string(render(t, func(b *bytes.Buffer) error { return groupedReport(t).WriteJSON(b) }))
	for why, text := range map[string]string{
		"nothing":           "",
		"no JSON":           "rule,severity\n",
		"half of it":        text[:len(text)/2],
		"something behind":  text + "{}",
		"an empty object":   "{}",
		"null":              "null",
		"a list":            "[]",
		"a severity":        strings.Replace(text, `"severity": "error"`, `"severity": "Jo Smith"`, 1),
		"a date":            strings.Replace(text, `"as_of": "2026`, `"as_of": "Jo Smith`, 1),
		"an endless number": strings.Replace(text, `"records": `, `"records": 1e99`, 1),
		"half a number":     strings.Replace(text, `"records": `, `"records": 0.5`, 1),
		"another type":      strings.Replace(text, `"file": "`, `"file": 943476, "x": "`, 1),
	} {
		_, err := ReadReport(strings.NewReader(text))
		_, ok := errors.AsType[*ReportError](err)
		assert.True(t, ok, "%s: %v", why, err)
		assert.NotContains(t, fmt.Sprint(err), "Smith", why)
		assert.NotContains(t, fmt.Sprint(err), "943476", why)
	}
	broken := errors.New("broken")
	_, err := ReadReport(iotest.ErrReader(broken))
	assert.ErrorIs(t, err, broken)
	_, err = ReadReport(io.LimitReader(allSpaces{}, reportLimit+5))
	assert.ErrorContains(t, err, "64 MiB")
}

type allSpaces struct{}

func (allSpaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// What ReadReport takes, every renderer can write, and it reads what it wrote.
func FuzzReadReport(f *testing.F) {
	small := func(options ...Option) []byte {
		row := waiting.with(change{"gender": "x", "date_of_birth": ""})
		_, r := validate(f, ruleAsOf, extractOf(f, []string{"client_id", "episode_id", "service_code", "referral_date", "gender", "date_of_birth"}, row, row), options...)
		r.Rules = slices.DeleteFunc(r.Rules, func(rr RuleReport) bool { return rr.Count == 0 })
		text, err := json.Marshal(r)
		require.NoError(f, err)
		return text
	}
	f.Add(small())
	f.Add(small(GroupBy("service_code"), Show("episode_id")))
	f.Add([]byte(`{"edition":"2026.1","kind":"episode","as_of":"2026-03-31","records":1,"fields":[{"field":"a","denominator":1,"valid":1}]}`))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := ReadReport(bytes.NewReader(text))
		if err != nil {
			if _, ok := errors.AsType[*ReportError](err); !ok {
				t.Fatal(err)
			}
			return
		}
		again, err := ReadReport(bytes.NewReader(render(t, func(b *bytes.Buffer) error { return r.WriteJSON(b) })))
		require.NoError(t, err)
		require.Empty(t, sameReport(r, again))
		useReport(t, r)
	})
}

// useReport does with a report whatever can be done with one.
func useReport(t testing.TB, r *Report) {
	require.NoError(t, r.WriteText(io.Discard))
	require.NoError(t, r.WriteHTML(io.Discard))
	require.NoError(t, r.WriteJUnit(io.Discard))
	require.NoError(t, r.WriteSARIF(io.Discard))
	_ = r.DVEStatus()
	if c, err := Compare(r, r); r.Unread == "" {
		require.NoError(t, err)
		require.NoError(t, c.WriteText(io.Discard))
		require.NoError(t, c.WriteHTML(io.Discard))
		require.NoError(t, c.WriteJSON(io.Discard))
		require.Zero(t, len(c.Rules)-c.Count(TrendSame), "nothing changes from a report to itself")
	}
	if s, err := NewScorecards(r, Episodes()); err == nil {
		require.NoError(t, s.WriteHTML(io.Discard))
		require.NoError(t, s.WriteCSV(io.Discard))
		require.NoError(t, s.WriteJSON(io.Discard))
	}
	twice := *r
	if err := twice.Merge(r); err != nil {
		_, ok := errors.AsType[*MergeError](err)
		require.True(t, ok)
	} else {
		require.NoError(t, twice.check(), "what was merged could have been made by a validator")
	}
}
