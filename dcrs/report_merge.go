package dcrs

import (
	"fmt"
	"slices"
	"strings"
)

// MergeError says why two reports cannot be merged.
type MergeError struct{ Problem string }

func (e *MergeError) Error() string { return "dcrs: the reports cannot be merged: " + e.Problem }

// Merge adds a report of further rows to r: those of the next of several files
// into which an extract was split, each with the header. Both must come from one
// edition of one dictionary, with the same day for today, the same rules switched
// on at the same levels and the same grouping, and both must be of files whose
// rows were read; otherwise it is a [*MergeError], and r is as it was.
//
// Where rows are split over files and the reports merged in their order, the
// result is that of the whole, but for three things:
//
//   - The rules of [ScopeFile] saw each file by itself: an identifier in two files
//     is no duplicate, and a service with ten WHO-5 percentages in each of two is
//     too small in both. Check the whole at once where that matters.
//   - What is wrong with a header counts once for each file; so do the bytes of it.
//   - Examples keep the places that they have in their own file, and its name; those
//     of r come first. Report.File names both files.
//
// Merging is associative: it does not matter which neighbours are merged first.
func (r *Report) Merge(next *Report) error {
	if problem := r.unlike(next); problem != "" {
		return &MergeError{Problem: problem}
	}
	switch {
	case r.File == "":
		r.File = next.File
	case next.File != "" && next.File != r.File && !strings.HasSuffix(r.File, ", "+next.File):
		r.File += ", " + next.File
	}
	r.Bytes += next.Bytes
	r.Records += next.Records
	r.RecordsWithErrors += next.RecordsWithErrors
	r.RecordsWithWarnings += next.RecordsWithWarnings
	r.Truncated = r.Truncated || next.Truncated
	rules := make([]RuleReport, len(r.Rules))
	for i, a := range r.Rules {
		b := next.Rules[i]
		a.Errors += b.Errors
		a.Warnings += b.Warnings
		a.Infos += b.Infos
		a.Count += b.Count
		a.Checked += b.Checked
		a.NotApplicable += b.NotApplicable
		if b.Count > 0 && (a.Count == b.Count || b.Severity > a.Severity) {
			a.Severity = b.Severity
		}
		a.Examples = append(slices.Clip(a.Examples), b.Examples...)
		a.Examples = a.Examples[:min(len(a.Examples), r.ExampleLimit)]
		rules[i] = a
	}
	r.Rules = rules
	fields := make([]FieldReport, len(r.Fields))
	for i, a := range r.Fields {
		b := next.Fields[i]
		a.Absent = a.Absent && b.Absent
		a.Denominator += b.Denominator
		a.Valid += b.Valid
		a.Other += b.Other
		a.Default += b.Default
		a.Invalid += b.Invalid
		a.Missing += b.Missing
		fields[i] = a
	}
	r.Fields = fields
	r.Groups = mergeGroups(r.Groups, next.Groups, r.Rules)
	return nil
}

// unlike says why the two cannot be merged; "" where they can.
func (r *Report) unlike(next *Report) string {
	switch {
	case r.Edition != next.Edition:
		return fmt.Sprintf("they are of two editions of the dictionary, %q and %q", r.Edition, next.Edition)
	case r.Kind != next.Kind:
		return "they are of two kinds of record"
	case !r.AsOf.Equal(next.AsOf):
		return "they take two days for today"
	case r.Unread != "" || next.Unread != "":
		return "the rows of one were not read"
	case r.GroupBy != next.GroupBy:
		return "their rows are grouped by two fields"
	case r.ExampleLimit != next.ExampleLimit:
		return "they keep different numbers of examples"
	case len(r.Rules) != len(next.Rules) || len(r.Fields) != len(next.Fields):
		return "other rules were switched on, or other fields known"
	}
	for i, a := range r.Rules {
		b := next.Rules[i]
		if a.Rule != b.Rule {
			return "other rules were switched on"
		}
		if a.Count == 0 && b.Count == 0 && a.Severity != b.Severity {
			return fmt.Sprintf("rule %s has two levels", a.Rule)
		}
	}
	for i := range r.Fields {
		if r.Fields[i].Field != next.Fields[i].Field {
			return "other fields were known"
		}
	}
	for _, g := range slices.Concat(r.Groups, next.Groups) {
		if len(g.Fields) != len(r.Fields) {
			return "other fields were known in a group"
		}
	}
	return ""
}

// mergeGroups puts the groups of two reports together, in their order, and those
// beyond MaxGroups with the others.
func mergeGroups(a, b []GroupReport, rules []RuleReport) []GroupReport {
	if len(a)+len(b) == 0 {
		return a
	}
	rank := func(g *GroupReport) string { return groupKey(g.Kind, g.Group) }
	all := slices.Concat(a, b)
	slices.SortStableFunc(all, func(x, y GroupReport) int { return strings.Compare(rank(&x), rank(&y)) })
	out := all[:0:0]
	others := -1
	named := 0
	for _, g := range all {
		last := len(out) - 1
		if g.Kind == "" && named == MaxGroups && out[last].Group != g.Group {
			g.Group, g.Label, g.Kind = "", "", GroupOthers
			if others >= 0 {
				out[others] = addGroups(out[others], g, rules)
				continue
			}
			// Others stand behind the rows without a group; put in order below.
			others = len(out)
			out = append(out, g)
			continue
		}
		switch {
		case g.Kind == GroupOthers && others >= 0:
			out[others] = addGroups(out[others], g, rules)
		case last >= 0 && rank(&out[last]) == rank(&g):
			out[last] = addGroups(out[last], g, rules)
		default:
			if g.Kind == "" {
				named++
			}
			if g.Kind == GroupOthers {
				others = len(out)
			}
			out = append(out, g)
		}
	}
	slices.SortStableFunc(out, func(x, y GroupReport) int { return strings.Compare(rank(&x), rank(&y)) })
	return out
}

// addGroups adds the counts of b to those of a, in slices of its own.
func addGroups(a, b GroupReport, rules []RuleReport) GroupReport {
	a.Records += b.Records
	a.RecordsWithErrors += b.RecordsWithErrors
	a.RecordsWithWarnings += b.RecordsWithWarnings
	found := make(map[string]GroupRule, len(a.Rules)+len(b.Rules))
	for _, r := range slices.Concat(a.Rules, b.Rules) {
		f := found[r.Rule]
		found[r.Rule] = GroupRule{r.Rule, f.Count + r.Count, f.Errors + r.Errors, f.Warnings + r.Warnings, f.Infos + r.Infos}
	}
	a.Rules = []GroupRule{}
	for _, r := range rules {
		if f, ok := found[r.Rule]; ok {
			a.Rules = append(a.Rules, f)
		}
	}
	fields := make([]GroupField, len(a.Fields))
	for i, f := range a.Fields {
		o := b.Fields[i]
		fields[i] = GroupField{f.Field, f.Valid + o.Valid, f.Other + o.Other, f.Default + o.Default, f.Invalid + o.Invalid, f.Missing + o.Missing}
	}
	a.Fields = fields
	return a
}
