package dcrs

import (
	"bytes"
	"encoding/csv"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// foundIn runs the validator over an example and returns the rules that found
// something, each as often as it did.
func foundIn(t testing.TB, x *RuleExample) []string {
	t.Helper()
	var options []Option
	if x.Mapping != "" {
		options = append(options, Mapped(parseMapping(t, x.Mapping)))
	}
	return foundBy(t, Episodes(), x, options...)
}

// foundBy does the same with the dictionary that the example is of.
func foundBy(t testing.TB, d *Dictionary, x *RuleExample, options ...Option) []string {
	t.Helper()
	v, err := NewValidator(d, ExampleAsOf(), options...)
	require.NoError(t, err)
	out := []string{}
	_, err = v.Validate(t.Context(), "example.csv", strings.NewReader(x.File), func(f Finding) error {
		out = append(out, f.Rule)
		return nil
	})
	require.NoError(t, err)
	return out
}

var tenDigits = regexp.MustCompile(`\b\d{10}\b`)

// Every rule has its example: the bad one gives one finding of the rule and none
// of another beyond those that it names, the good one none at all.
func TestEveryRuleIsExplainedByExamples(t *testing.T) {
	d := Episodes()
	without := 0
	for rule := range d.Rules() {
		e, err := d.Explain(rule.ID)
		require.NoError(t, err)
		assert.NotEmpty(t, e.Means, rule.ID)
		assert.NotEmpty(t, e.Why, rule.ID)
		assert.NotEmpty(t, e.Fix, rule.ID)
		if e.NoExample != "" {
			without++
			f, _ := d.Field(rule.Reads)
			list, _ := d.CodeList(f.CodeList)
			assert.True(t, rule.Family() == "format" && f.Type == TypeCode, rule.ID)
			for _, c := range list.Codes {
				assert.False(t, strings.HasPrefix(c.Code, "0") && !slices.ContainsFunc(list.Codes, func(o Code) bool { return "0"+o.Code == c.Code }), "%s could find something", rule.ID)
			}
			continue
		}
		want := append([]string{rule.ID}, e.Bad.Also...)
		got := foundIn(t, e.Bad)
		slices.Sort(want)
		slices.Sort(got)
		assert.Equal(t, want, slices.Compact(got), "%s: what is wrong", rule.ID)
		n := 0
		for _, id := range got {
			if id == rule.ID {
				n++
			}
		}
		assert.Equal(t, 1, n, "%s: it is found once", rule.ID)
		assert.ElementsMatch(t, append([]string{}, e.Good.Also...), slices.Compact(foundIn(t, e.Good)), "%s: what is right", rule.ID)
		assert.NotEqual(t, e.Bad.File, e.Good.File, rule.ID)
		for _, number := range tenDigits.FindAllString(e.Bad.File+e.Good.File, -1) {
			assert.True(t, strings.HasPrefix(number, "999"), "%s: NHS numbers come from the test range", rule.ID)
		}
	}
	assert.LessOrEqual(t, without, 25)
}

// So has every rule of a field of the other files, in a row of its own file.
func TestEveryFieldRuleOfTheOtherFilesIsExplainedByExamples(t *testing.T) {
	without, with := 0, 0
	for _, d := range ExtractDictionaries()[1:] {
		for rule := range d.Rules() {
			f, ok := d.Field(rule.Reads)
			if rule.Scope != ScopeField || !ok || !strings.HasPrefix(rule.ID, f.Name+"/") {
				continue
			}
			e, err := d.Explain(rule.ID)
			require.NoError(t, err)
			if e.NoExample != "" {
				without++
				assert.True(t, rule.Family() == "format" && f.Type == TypeCode, "%s of %s: %s", rule.ID, d.Kind(), e.NoExample)
				list, _ := d.CodeList(f.CodeList)
				for _, c := range list.Codes {
					assert.False(t, strings.HasPrefix(c.Code, "0"), "%s of %s could find something", rule.ID, d.Kind())
				}
				continue
			}
			with++
			assert.Equal(t, append([]string{rule.ID}, e.Bad.Also...), foundBy(t, d, e.Bad), "%s of %s: what is wrong", rule.ID, d.Kind())
			assert.Empty(t, foundBy(t, d, e.Good), "%s of %s: what is right", rule.ID, d.Kind())
			require.Len(t, e.Bad.Rows, 1)
			assert.Contains(t, e.Bad.Rows[0].Cells, ExampleCell{f.Name, cellOf(t, e.Bad, f.Name)})
			assert.NotEqual(t, cellOf(t, e.Bad, f.Name), cellOf(t, e.Good, f.Name), "%s of %s", rule.ID, d.Kind())
			assert.NotEmpty(t, cellOf(t, e.Good, f.Name), "%s of %s: a good row has the field", rule.ID, d.Kind())
		}
	}
	assert.Positive(t, with)
	assert.LessOrEqual(t, without, 20)
}

// cellOf is a cell of the one row of an example's file.
func cellOf(t testing.TB, x *RuleExample, field string) string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(x.File)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 2)
	return rows[1][slices.Index(rows[0], field)]
}

// Every rule says why it exists.
func TestEveryRuleSaysWhy(t *testing.T) {
	known := map[string]bool{}
	for _, d := range append(ExtractDictionaries(), ExtractRules()) {
		for _, e := range d.Explanations() {
			assert.NotEmpty(t, e.Why, "%s of %s", e.Rule.ID, d.Kind())
			_, name, _ := strings.Cut(e.Rule.ID, "/")
			known[e.Rule.ID], known["*/"+name] = true, true
		}
	}
	for id := range extractWhys {
		assert.True(t, known[id], "%s is no rule", id)
	}
}

func TestExplainUnknownRules(t *testing.T) {
	for id, want := range map[string]string{
		"dates/plan-to-early": `dcrs: no rule is called "dates/plan-to-early"; is it "dates/plan-too-early"?`,
		"plan-too-early":      `dcrs: no rule is called "plan-too-early"; is it "dates/plan-too-early"?`,
		"":                    `dcrs: no rule is called ""`,
	} {
		_, err := Episodes().Explain(id)
		bad, ok := errors.AsType[*UnknownRuleError](err)
		require.True(t, ok)
		require.Equal(t, id, bad.Rule)
		require.EqualError(t, err, want)
	}
}

// What a person reads: no line beyond the width, no empty part, no control
// characters.
func TestExplanationsCanBeRead(t *testing.T) {
	for _, e := range Episodes().Explanations() {
		text := string(render(t, func(b *bytes.Buffer) error { return e.WriteText(b) }))
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(line, "\n")
			require.LessOrEqual(t, width(line), textWidth, "%s: %s", e.Rule.ID, line)
			require.NotContains(t, line, "  \n")
			for _, r := range line {
				require.True(t, r >= ' ' && r != 0x7f, "%s: %q", e.Rule.ID, line)
			}
		}
		require.Less(t, strings.Count(text, "\n"), 75, e.Rule.ID)
	}
}

// A note that all fields share is written for the one that is asked about.
func TestExplanationsNoteWhatIsOfTheField(t *testing.T) {
	for id, codes := range map[string]bool{
		"issue/format":        true,
		"wider_needs/format":  true,
		"contact_date/format": false, // no code can lose a leading zero here
		"postcode/format":     false,
		"contact_id/format":   false,
	} {
		e, err := Explain(id, ExtractDictionaries()...)
		require.NoError(t, err)
		text := string(render(t, func(b *bytes.Buffer) error { return e.WriteText(b) }))
		assert.Contains(t, text, "Spaces around a value are ignored.", id)
		field, _, _ := strings.Cut(id, "/")
		assert.Equal(t, codes, strings.Contains(text, field+"/code."), id)
	}
	for _, d := range append(ExtractDictionaries(), ExtractRules()) {
		for _, e := range d.Explanations() {
			text := string(render(t, func(b *bytes.Buffer) error { return e.WriteText(b) }))
			if e.Rule.Scope == ScopeField {
				assert.NotContains(t, text, "FIELD/", "%s: it stands for a field's name", e.Rule.ID)
			}
		}
	}
}
