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

// An example shows what its rule compares: of both the row that is wrong and that which
// it is held against.
func TestExtractExamplesShowWhatIsCompared(t *testing.T) {
	shows := func(x *RuleExample, file, field string) bool {
		return slices.ContainsFunc(x.Rows, func(r ExampleRow) bool {
			return r.File == file && slices.ContainsFunc(r.Cells, func(c ExampleCell) bool { return c.Field == field })
		})
	}
	looked := 0
	for _, d := range append(ExtractDictionaries()[1:], ExtractRules()) {
		for _, rule := range d.own {
			e, err := d.Explain(rule.ID)
			require.NoError(t, err)
			kind, name, _ := strings.Cut(rule.ID, "/")
			if kind == "extract" {
				continue
			}
			for what, x := range map[string]*RuleExample{"wrong": e.Bad, "right": e.Good} {
				require.NotEmpty(t, x.Rows, "%s: what is %s", rule.ID, what)
				for _, r := range x.Rows {
					assert.Positive(t, r.Record, "%s: a header says nothing", rule.ID)
				}
				// What the rule reads of the episode, or of another file, has to be there.
				for part := range strings.SplitSeq(rule.Reads, ", ") {
					fields, of, ok := strings.Cut(part, " of ")
					switch {
					case ok && of == "the episode" && fields != "the same measure":
						of = "episodes.csv"
					case !ok && kind == "agreement":
						fields, of = part, "episodes.csv"
					case !ok || !strings.HasSuffix(of, ".csv"):
						continue
					}
					for field := range strings.FieldsSeq(strings.ReplaceAll(fields, "_N_", "_1_")) {
						looked++
						assert.True(t, shows(x, of, field), "%s: what is %s shows no %s of %s", rule.ID, what, field, of)
					}
				}
			}
			if name == "duplicate" || name == "number-twice" {
				require.Len(t, e.Bad.Rows, 2, "%s: one repeats the other", rule.ID)
				assert.Equal(t, e.Bad.Rows[0].File, e.Bad.Rows[1].File)
			}
			if name == "episode-rejected" {
				assert.True(t, shows(e.Bad, "episodes.csv", "episode_id") && shows(e.Bad, tableName(kind), "episode_id"), rule.ID)
			}
			text := string(render(t, func(b *bytes.Buffer) error { return e.WriteText(b) }))
			for _, r := range e.Bad.Rows {
				assert.Contains(t, text, r.File, "%s: every row is written", rule.ID)
			}
		}
	}
	assert.Greater(t, looked, 100)
}

// Whoever reads that a date lies in the future has to know what was taken for today.
func TestExamplesSayOfWhichDayTheyAre(t *testing.T) {
	for id, want := range map[string]string{
		"dates/in-the-future":     "2024-10-31",
		"dates/stale-open":        "2024-10-31",
		"contact/still-planned":   "2024-12-31",
		"contact/in-the-future":   "2024-12-31",
		"goal/overdue":            "2024-12-31",
		"measure/in-the-future":   "2024-12-31",
		"contact/before-referral": "",
		"goal/review-too-early":   "",
	} {
		e, err := Explain(id, ExtractDictionaries()...)
		require.NoError(t, err)
		text := string(render(t, func(b *bytes.Buffer) error { return e.WriteText(b) }))
		assert.Equal(t, want != "", strings.Contains(text, "Both are read as of "+want), id)
	}
}
