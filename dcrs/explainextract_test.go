package dcrs

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every rule of the other files and across files has its example: the bad extract
// gives one finding of the rule and none of another beyond those that it names, the
// good one none at all.
func TestEveryExtractRuleIsExplainedByExamples(t *testing.T) {
	found := func(x *RuleExample) []string {
		files := fstest.MapFS{}
		for _, f := range x.Files {
			files[f.Name] = &fstest.MapFile{Data: []byte(f.Text)}
		}
		v, err := NewExtractValidator(ExtractDictionaries(), x.AsOf)
		require.NoError(t, err)
		out := []string{}
		_, err = v.Validate(t.Context(), "example", files, func(f Finding) error {
			if !strings.HasSuffix(f.Rule, "-column") && !strings.HasSuffix(f.Rule, "/blank") {
				out = append(out, f.Rule)
			}
			return nil
		})
		require.NoError(t, err)
		return out
	}
	var without []string
	for _, d := range append(ExtractDictionaries()[1:], ExtractRules()) {
		for _, rule := range d.own {
			e, err := d.Explain(rule.ID)
			require.NoError(t, err)
			assert.NotEmpty(t, e.Why, rule.ID)
			if e.Bad == nil {
				without = append(without, rule.ID)
				assert.NotEmpty(t, e.NoExample, rule.ID)
				continue
			}
			got := found(e.Bad)
			slices.Sort(got)
			n := 0
			for _, id := range got {
				if id == rule.ID {
					n++
				}
			}
			assert.Equal(t, 1, n, "%s: it is found once", rule.ID)
			want := append([]string{rule.ID}, e.Bad.Also...)
			slices.Sort(want)
			assert.Equal(t, want, slices.Compact(got), "%s: what is wrong", rule.ID)
			assert.Empty(t, found(e.Good), "%s: what is right", rule.ID)

			text := string(render(t, func(b *bytes.Buffer) error { return e.WriteText(b) }))
			assert.Contains(t, text, "WRONG", rule.ID)
			for line := range strings.Lines(text) {
				assert.LessOrEqual(t, width(strings.TrimSuffix(line, "\n")), textWidth, "%s: %s", rule.ID, line)
			}
		}
	}
	assert.Equal(t, []string{"extract/too-many-files", "extract/not-a-zip", "extract/damaged", "extract/too-large"}, without)
}
