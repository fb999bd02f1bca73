package dcrs

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

func TestJSONRoundTrip(t *testing.T) {
	for _, c := range renderCases(t) {
		t.Run(c.name, func(t *testing.T) {
			first := render(t, func(b *bytes.Buffer) error { return c.report.WriteJSON(b) })
			again := render(t, func(b *bytes.Buffer) error { return c.report.WriteJSON(b) })
			require.Equal(t, first, again, "the same report gives the same bytes")
			assert.NotContains(t, strings.ReplaceAll(string(first), `"as_of": null`, ""), "null", "a list without entries is empty, not null")

			var back Report
			dec := json.NewDecoder(bytes.NewReader(first))
			dec.DisallowUnknownFields()
			require.NoError(t, dec.Decode(&back))
			want := *c.report
			want.File = strings.ToValidUTF8(want.File, "\ufffd") // JSON is UTF-8
			diff := cmp.Diff(want, back, cmpopts.EquateEmpty(), cmp.Comparer(hte.Date.Equal),
				cmp.Transformer("utf8", func(p Position) Position {
					p.File = strings.ToValidUTF8(p.File, "\ufffd")
					return p
				}))
			require.Empty(t, diff)
		})
	}
}

// The names that other programs read a report by.
func TestJSONNames(t *testing.T) {
	var got struct {
		Rules  []map[string]any
		Fields []map[string]any
	}
	require.NoError(t, json.Unmarshal(render(t, func(b *bytes.Buffer) error { return yearReport(t).WriteJSON(b) }), &got))
	for _, name := range []string{"rule", "severity", "count", "checked", "not_applicable", "errors", "warnings", "infos", "examples"} {
		assert.Contains(t, got.Rules[0], name)
	}
	for _, name := range []string{"field", "label", "denominator", "valid", "other", "default", "invalid", "missing"} {
		assert.Contains(t, got.Fields[0], name)
	}
}

// A report's size is bounded by the number of rules, so that a file in which
// everything fails cannot make one that nothing will open. With the 5 examples
// of the default, this is beyond what rules can say: every rule has all its
// examples, each that reads several fields with six related cells, in a file with
// the longest name that file systems allow.
func TestJSONStaysSmall(t *testing.T) {
	r := emptyReport(t, strings.Repeat("x", 251)+".csv", 200000)
	for i := range r.Rules {
		rr := &r.Rules[i]
		rr.Count, rr.Errors = r.Records, r.Records
		for n := range 5 {
			e := at(n, 102, "followup_12m_maintained", strings.Repeat("A", 40))
			e.Rule, e.Severity, e.File = rr.Rule, Error, r.File
			e.Message, e.Fix = strings.Repeat("m", 250), strings.Repeat("f", 80)
			for range 6 {
				if rule, _ := renderDictionary.Rule(rr.Rule); rule.Scope == ScopeField {
					break
				}
				related := also(n, 101, "first_contact_date")
				related.File = r.File
				e.Related = append(e.Related, related)
			}
			e.Shown = []Shown{{Field: "episode_id", Value: strings.Repeat("i", 36)}}
			rr.Examples = append(rr.Examples, e)
		}
	}
	size := len(render(t, func(b *bytes.Buffer) error { return r.WriteJSON(b) }))
	t.Logf("%d rules, %d bytes", len(r.Rules), size)
	assert.Less(t, size, 5_000_000)
}

func TestWritersReportErrors(t *testing.T) {
	r := yearReport(t)
	for name, write := range map[string]func(*failAfter) error{
		"text": func(w *failAfter) error { return r.WriteText(w) },
		"json": func(w *failAfter) error { return r.WriteJSON(w) },
		"html": func(w *failAfter) error { return r.WriteHTML(w) },
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorIs(t, write(&failAfter{left: 100}), errDiskFull)
		})
	}
}
