package dcrs

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// splitExtract cuts an extract with a line for each row into files of its own,
// each with the header.
func splitExtract(data []byte, cuts ...int) [][]byte {
	lines := strings.SplitAfter(string(data), "\n")
	header, rows := lines[0], lines[1:]
	var out [][]byte
	at := 0
	for _, cut := range append(cuts, len(rows)) {
		out = append(out, []byte(header+strings.Join(rows[at:cut], "")))
		at = cut
	}
	return out
}

// placeless leaves of a report what does not depend on where in a file a row
// stands, and of the rules only those that look at no more than a row.
func placeless(r *Report) *Report {
	out := *r
	out.File, out.Bytes = "", 0
	out.Rules = nil
	for _, rule := range r.Rules {
		def, _ := Episodes().Rule(rule.Rule)
		if def.Scope == ScopeFile {
			continue
		}
		examples := []Finding{}
		for _, e := range rule.Examples {
			e.Position = Position{Column: e.Column}
			related := []Related{}
			for _, r := range e.Related {
				related = append(related, Related{Field: r.Field, Position: Position{Column: r.Column}})
			}
			e.Related = related
			examples = append(examples, e)
		}
		rule.Examples = examples
		out.Rules = append(out.Rules, rule)
	}
	out.Groups = nil
	for _, g := range r.Groups {
		rules := []GroupRule{}
		for _, rule := range g.Rules {
			if def, _ := Episodes().Rule(rule.Rule); def.Scope != ScopeFile {
				rules = append(rules, rule)
			}
		}
		g.Rules = rules
		out.Groups = append(out.Groups, g)
	}
	return &out
}

func mergedOf(t testing.TB, reports ...*Report) *Report {
	t.Helper()
	out := *reports[0]
	for _, r := range reports[1:] {
		require.NoError(t, out.Merge(r))
	}
	return &out
}

// Splitting the rows and merging the reports gives the report of the whole, but
// for what only the whole file shows; and it does not matter which neighbours are
// merged first.
func TestMergeOfASplitExtract(t *testing.T) {
	for seed := range uint64(6) {
		rng := rand.New(rand.NewPCG(seed, 1))
		services := 1 + rng.IntN(400) // at times more than MaxGroups
		data, _ := servicesOf(t, spoiltExtract(900, 2+rng.IntN(5)), func(int) string { return fmt.Sprintf("S%03d", rng.IntN(services)) })
		v := extractValidator(t, GroupBy("service_code"), Examples(rng.IntN(12)))
		whole, err := v.Validate(t.Context(), "whole.csv", bytes.NewReader(data), nil)
		require.NoError(t, err)
		a := rng.IntN(900)
		b := a + rng.IntN(900-a)
		var parts []*Report
		for i, part := range splitExtract(data, a, b) {
			r, err := v.Validate(t.Context(), fmt.Sprintf("part%d.csv", i+1), bytes.NewReader(part), nil)
			require.NoError(t, err)
			parts = append(parts, r)
		}
		left := mergedOf(t, mergedOf(t, parts[0], parts[1]), parts[2])
		right := mergedOf(t, parts[0], mergedOf(t, parts[1], parts[2]))
		require.Equal(t, reportJSON(t, placeless(whole)), reportJSON(t, placeless(left)), "seed %d", seed)
		require.Equal(t, reportJSON(t, left), reportJSON(t, right), "seed %d", seed)
		require.Equal(t, "part1.csv, part2.csv, part3.csv", left.File)
		require.NoError(t, left.check())
		for i, r := range left.Rules {
			if def, _ := Episodes().Rule(r.Rule); def.Scope == ScopeFile && strings.HasPrefix(r.Rule, "client/") {
				require.LessOrEqual(t, r.Count, whole.Rules[i].Count, "the parts see no more of %s than the whole", r.Rule)
			}
		}
	}
}

// Merging changes neither of the reports' own lists.
func TestMergeSharesNothing(t *testing.T) {
	a, b := groupedReport(t), groupedReport(t)
	before := reportJSON(t, a)
	sum := *a
	require.NoError(t, sum.Merge(b))
	sum.Rules[0].Count, sum.Fields[0].Valid, sum.Groups[0].Records = 99, 99, 99
	for i := range sum.Groups {
		sum.Groups[i].Fields[0].Valid = 99
		sum.Groups[i].Rules[0].Count = 99
	}
	require.Equal(t, before, reportJSON(t, a))
	require.Equal(t, before, reportJSON(t, b))
}

func TestMergeRefuses(t *testing.T) {
	for _, c := range []struct {
		why   string
		spoil func(r *Report)
	}{
		{"another edition may count otherwise", func(r *Report) { r.Edition = "2027.1" }},
		{"another kind of record", func(r *Report) { r.Kind = "contact" }},
		{"another day for today", func(r *Report) { r.AsOf = r.AsOf.AddMonths(1) }},
		{"a file that could not be read", func(r *Report) { r.Unread, r.Records = "file/empty", 0 }},
		{"rows grouped otherwise", func(r *Report) { r.GroupBy = "setting" }},
		{"another number of examples", func(r *Report) { r.ExampleLimit++ }},
		{"a rule more", func(r *Report) { r.Rules = r.Rules[1:] }},
		{"another rule", func(r *Report) { r.Rules[3].Rule = "local/x" }},
		{"another level", func(r *Report) { ruleOf(t, r, "plan/goal-gap").Severity = Error }},
		{"another field", func(r *Report) { r.Fields[3].Field = "local_x" }},
		{"a group without fields", func(r *Report) { r.Groups[0].Fields = nil }},
	} {
		t.Run(c.why, func(t *testing.T) {
			a, b := groupedReport(t), groupedReport(t)
			before := reportJSON(t, a)
			c.spoil(b)
			err := a.Merge(b)
			bad, ok := errors.AsType[*MergeError](err)
			require.True(t, ok, "%v", err)
			require.NotEmpty(t, bad.Problem)
			require.Equal(t, before, reportJSON(t, a), "it is as it was")
		})
	}
}
