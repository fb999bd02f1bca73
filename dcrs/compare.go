package dcrs

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/healthtrainer/healthtrainer/hte"
)

// Trend says what became of the findings of a rule from one report to the next.
type Trend uint8

// The trends. TrendFewer, TrendMore and TrendSame go by the rate, findings in a thousand
// records, since two extracts seldom have as many rows.
const (
	TrendFixed     Trend = iota + 1 // findings before, none now, though the rule still looked at something
	TrendFewer                      // a lower rate than before
	TrendSame                       // the same rate as before
	TrendMore                       // a higher rate than before
	TrendNew                        // none before, though the rule looked at something; findings now
	TrendUnchecked                  // findings before, and now the rule was off, or had nothing to look at: nobody knows
	TrendUncovered                  // findings now, and before the rule was off, or had nothing to look at
)

var trendNames = []string{
	TrendFixed: "fixed", TrendFewer: "fewer", TrendSame: "same", TrendMore: "more", TrendNew: "new",
	TrendUnchecked: "no_longer_checked", TrendUncovered: "not_checked_before",
}

// String is the name of the trend in JSON, such as "fixed".
func (t Trend) String() string { return nameOf(t, "Trend", trendNames) }

// MarshalText writes the trend as its name.
func (t Trend) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// CompareError says why two reports cannot be compared.
type CompareError struct{ Problem string }

func (e *CompareError) Error() string { return "dcrs: the reports cannot be compared: " + e.Problem }

// Comparison is what became of the findings of one report in another, as a rule
// that of the next month: by rule, by field and, where both reports have them, by
// group. It holds the two against each other and knows no single record: that a
// rule finds three in both does not mean that they are the same three. Nor does it
// say whether a change is more than chance.
type Comparison struct {
	Kind   string   `json:"kind"` // of record
	Before Compared `json:"before"`
	After  Compared `json:"after"`
	// Cautions say what makes the two hard to compare: two editions of the
	// dictionary, rules that were switched on in one only, columns that are absent
	// from one. Empty, they were made alike.
	Cautions []string      `json:"cautions"`
	Rules    []RuleChange  `json:"rules"`  // those with findings in one of the two, the gravest first
	Fields   []FieldChange `json:"fields"` // those of which another share is valid, missing, invalid, default or other
	GroupBy  string        `json:"group_by,omitempty"`
	Groups   []GroupChange `json:"groups,omitempty"`
}

// Compared is the sum of one of two reports.
type Compared struct {
	File                string   `json:"file"`
	Edition             string   `json:"edition"`
	AsOf                hte.Date `json:"as_of"`
	Records             int      `json:"records"`
	RecordsWithErrors   int      `json:"records_with_errors"`
	RecordsWithWarnings int      `json:"records_with_warnings"`
	Errors              int      `json:"errors"`
	Warnings            int      `json:"warnings"`
	Infos               int      `json:"infos"`
	ErrorRate           string   `json:"errors_per_1000"` // findings in a thousand records, with two decimal places; "" without records
}

// RuleChange is what became of the findings of one rule.
type RuleChange struct {
	Rule     string `json:"rule"`
	Severity Level  `json:"severity"` // the graver of the two
	Trend    Trend  `json:"trend"`
	Before   int    `json:"before"`
	After    int    `json:"after"`
	// Findings in a thousand records, with two decimal places, half a hundredth
	// rounded up; "" where there are no records, and for rules about the file and its
	// header, of which the counts are compared.
	BeforeRate string `json:"before_per_1000"`
	AfterRate  string `json:"after_per_1000"`
}

// FieldChange holds the cells of a field in the two reports against each other.
type FieldChange struct {
	Field  string      `json:"field"`
	Label  string      `json:"label"`
	Before FieldReport `json:"before"`
	After  FieldReport `json:"after"`
}

// GroupChange is what became of the findings in one group, such as a service. A
// report does not say in which groups a rule had something to look at, so here a
// rule counts as fixed where it looked at something anywhere in the later file.
type GroupChange struct {
	Group  string       `json:"group"`
	Label  string       `json:"label,omitempty"`
	Kind   string       `json:"kind,omitempty"`
	Only   string       `json:"only,omitempty"` // "before" or "after", where the other report lacks the group
	Before GroupSum     `json:"before"`
	After  GroupSum     `json:"after"`
	Rules  []RuleChange `json:"rules"`
}

// GroupSum is the sum of a group.
type GroupSum struct {
	Records             int    `json:"records"`
	RecordsWithErrors   int    `json:"records_with_errors"`
	RecordsWithWarnings int    `json:"records_with_warnings"`
	Errors              int    `json:"errors"`
	Warnings            int    `json:"warnings"`
	ErrorRate           string `json:"errors_per_1000"`
}

// Name is what to call the group in words.
func (g GroupChange) Name() string { return GroupReport{Group: g.Group, Kind: g.Kind}.Name() }

// Compare holds a report against an earlier one. Where one of the files could not
// be read, or the records are of two kinds, there is nothing to compare, and it is
// a [*CompareError]. Reports of two editions of the dictionary are compared, with a
// caution: a rule of the same name may mean something else.
func Compare(before, after *Report) (*Comparison, error) {
	switch {
	case before == nil || after == nil:
		return nil, &CompareError{Problem: "one is missing"}
	case before.Kind != after.Kind:
		return nil, &CompareError{Problem: "they are of two kinds of record"}
	case before.Unread != "":
		return nil, &CompareError{Problem: "the rows of the earlier file were not read"}
	case after.Unread != "":
		return nil, &CompareError{Problem: "the rows of the later file were not read"}
	}
	c := &Comparison{
		Kind: after.Kind, Before: newCompared(before), After: newCompared(after),
		Cautions: []string{}, Rules: []RuleChange{}, Fields: []FieldChange{},
	}
	c.compareRules(before, after)
	c.compareFields(before, after)
	c.caution(before, after)
	if before.GroupBy == after.GroupBy && after.GroupBy != "" {
		c.GroupBy = after.GroupBy
		c.compareGroups(before, after)
	}
	return c, nil
}

func newCompared(r *Report) Compared {
	return Compared{
		File: r.File, Edition: r.Edition, AsOf: r.AsOf, Records: r.Records,
		RecordsWithErrors: r.RecordsWithErrors, RecordsWithWarnings: r.RecordsWithWarnings,
		Errors: r.Count(Error), Warnings: r.Count(Warning), Infos: r.Count(Info), ErrorRate: perThousand(r.Count(Error), r.Records),
	}
}

// perThousand is n in a thousand of a whole, with two decimal places; "" without
// a whole.
func perThousand(n, whole int) string {
	if whole <= 0 || n < 0 {
		return ""
	}
	// Whole and part apart, so that nothing overflows.
	q, r := int64(n)/int64(whole), int64(n)%int64(whole)
	hundredths := (2*r*100_000/int64(whole) + 1) / 2
	return strconv.FormatInt(q*1000+hundredths/100, 10) + fmt.Sprintf(".%02d", hundredths%100)
}

// compareRates compares a of m with b of n, exactly. Without rows there are no
// rates, and the counts decide.
func compareRates(a, m, b, n int) int {
	if m == 0 || n == 0 {
		return cmp.Compare(a, b)
	}
	ah, al := bits.Mul64(uint64(a), uint64(n))
	bh, bl := bits.Mul64(uint64(b), uint64(m))
	return cmp.Or(cmp.Compare(ah, bh), cmp.Compare(al, bl))
}

// outcome is what a rule found, and whether it looked at anything.
type outcome struct {
	severity Level
	count    int
	looked   bool
}

func trendOf(before, after outcome, rowsBefore, rowsAfter int) Trend {
	switch {
	case before.count > 0 && after.count == 0 && after.looked:
		return TrendFixed
	case before.count > 0 && after.count == 0:
		return TrendUnchecked
	case before.count == 0 && before.looked:
		return TrendNew
	case before.count == 0:
		return TrendUncovered
	}
	switch compareRates(after.count, rowsAfter, before.count, rowsBefore) {
	case -1:
		return TrendFewer
	case 0:
		return TrendSame
	}
	return TrendMore
}

// outcomes are those of every rule of a report, and its rules in their order.
func outcomes(r *Report) (map[string]outcome, []string) {
	out := make(map[string]outcome, len(r.Rules))
	order := make([]string, len(r.Rules))
	for i, rule := range r.Rules {
		out[rule.Rule] = outcome{rule.Severity, rule.Count, rule.Checked > 0}
		order[i] = rule.Rule
	}
	return out, order
}

// changes holds the findings of two sets of rows against each other.
func changes(order []string, before, after map[string]outcome, rowsBefore, rowsAfter int) []RuleChange {
	out := []RuleChange{}
	for _, id := range order {
		b, a := before[id], after[id]
		if b.count+a.count == 0 {
			continue
		}
		severity := Off
		if b.count > 0 {
			severity = b.severity
		}
		if a.count > 0 {
			severity = max(severity, a.severity)
		}
		m, n := rowsBefore, rowsAfter
		if aboutTheFile(id) { // a header has no more columns for having more rows below it
			m, n = 0, 0
		}
		out = append(out, RuleChange{
			Rule: id, Severity: severity, Trend: trendOf(b, a, m, n), Before: b.count, After: a.count,
			BeforeRate: perThousand(b.count, m), AfterRate: perThousand(a.count, n),
		})
	}
	slices.SortStableFunc(out, func(x, y RuleChange) int {
		return cmp.Or(cmp.Compare(y.Severity, x.Severity), cmp.Compare(y.After, x.After), cmp.Compare(y.Before, x.Before))
	})
	return out
}

// ruleOrder is the order of the later report, and behind it what only the earlier
// one has.
func ruleOrder(before, after []string) []string {
	known := make(map[string]bool, len(after))
	for _, id := range after {
		known[id] = true
	}
	order := slices.Clone(after)
	for _, id := range before {
		if !known[id] {
			order = append(order, id)
		}
	}
	return order
}

func (c *Comparison) compareRules(before, after *Report) {
	b, orderBefore := outcomes(before)
	a, orderAfter := outcomes(after)
	c.Rules = changes(ruleOrder(orderBefore, orderAfter), b, a, before.Records, after.Records)
}

func (c *Comparison) compareFields(before, after *Report) {
	was := make(map[string]FieldReport, len(before.Fields))
	for _, f := range before.Fields {
		was[f.Field] = f
	}
	for _, f := range after.Fields {
		b, ok := was[f.Field]
		if !ok {
			continue
		}
		for _, p := range [...][2]int{{b.Valid, f.Valid}, {b.Missing, f.Missing}, {b.Invalid, f.Invalid}, {b.Default, f.Default}, {b.Other, f.Other}} {
			if compareRates(p[0], b.Denominator, p[1], f.Denominator) != 0 {
				c.Fields = append(c.Fields, FieldChange{Field: f.Field, Label: f.Label, Before: b, After: f})
				break
			}
		}
	}
}

// caution says what makes the two hard to compare.
func (c *Comparison) caution(before, after *Report) {
	say := func(format string, args ...any) { c.Cautions = append(c.Cautions, fmt.Sprintf(format, args...)) }
	if before.Edition != after.Edition {
		say("The editions of the dictionary differ (%s, %s): what is an error in one may be none in the other.", before.Edition, after.Edition)
	}
	if after.AsOf.Before(before.AsOf) {
		say("The later report takes an earlier day for today (%s, %s): perhaps the two were swapped.", before.AsOf, after.AsOf)
	}
	if before.Truncated {
		say("The earlier file was not read to its end.")
	}
	if after.Truncated {
		say("The later file was not read to its end.")
	}
	b, _ := outcomes(before)
	a, orderAfter := outcomes(after)
	only := func(in []string, other map[string]outcome) (n int) {
		for _, id := range in {
			if _, ok := other[id]; !ok {
				n++
			}
		}
		return n
	}
	_, orderBefore := outcomes(before)
	if n := only(orderBefore, a); n > 0 {
		say("%s of the earlier report %s not asked in the later one.", counted(n, "rule"), choose(n, "was", "were"))
	}
	if n := only(orderAfter, b); n > 0 {
		say("%s of the later report %s not asked in the earlier one.", counted(n, "rule"), choose(n, "was", "were"))
	}
	levels := 0
	for id, x := range a {
		if y, ok := b[id]; ok && x.count == 0 && y.count == 0 && x.severity != y.severity {
			levels++
		}
	}
	if levels > 0 {
		say("%s had another severity: the levels were set otherwise.", counted(levels, "rule"))
	}
	absent := func(r *Report) map[string]bool {
		out := make(map[string]bool)
		for _, f := range r.Fields {
			if f.Absent {
				out[f.Field] = true
			}
		}
		return out
	}
	wasAbsent, isAbsent := absent(before), absent(after)
	columns := func(r *Report, here, there map[string]bool, text string) {
		var names []string
		for _, f := range r.Fields {
			if here[f.Field] && !there[f.Field] {
				names = append(names, clean(f.Field))
			}
		}
		if n := len(names); n > 0 {
			if n > 8 {
				names = append(names[:8], group(n-8)+" more")
			}
			say("%s: %s. Rules that read %s found nothing there.", text, strings.Join(names, ", "), choose(n, "it", "them"))
		}
	}
	columns(after, isAbsent, wasAbsent, "Columns are absent that were there before")
	columns(before, wasAbsent, isAbsent, "Columns are there that were absent before")
	if before.GroupBy != after.GroupBy {
		say("The rows are grouped by two fields, or in one report only, so groups are not compared.")
	} else if slices.ContainsFunc(slices.Concat(before.Groups, after.Groups), func(g GroupReport) bool { return g.Kind == GroupOthers }) {
		say("One file has more than %d groups: one that seems to have come or gone may be among the others.", MaxGroups)
	}
}

// groupKey puts groups in the order of a report.
func groupKey(kind, group string) string {
	return map[string]string{"": "1", GroupNone: "2", GroupOthers: "3"}[kind] + group
}

func (c *Comparison) compareGroups(before, after *Report) {
	b, orderBefore := outcomes(before)
	a, orderAfter := outcomes(after)
	order := ruleOrder(orderBefore, orderAfter)
	inGroup := func(all map[string]outcome, g *GroupReport) map[string]outcome {
		out := make(map[string]outcome, len(all))
		for id, o := range all {
			out[id] = outcome{looked: o.looked && g != nil}
		}
		if g != nil {
			for _, r := range g.Rules {
				o := out[r.Rule]
				o.count = r.Count
				switch {
				case r.Errors > 0:
					o.severity = Error
				case r.Warnings > 0:
					o.severity = Warning
				default:
					o.severity = Info
				}
				out[r.Rule] = o
			}
		}
		return out
	}
	type pair struct{ before, after *GroupReport }
	pairs := make(map[string]pair)
	for i := range before.Groups {
		g := &before.Groups[i]
		pairs[groupKey(g.Kind, g.Group)] = pair{before: g}
	}
	for i := range after.Groups {
		g := &after.Groups[i]
		p := pairs[groupKey(g.Kind, g.Group)]
		p.after = g
		pairs[groupKey(g.Kind, g.Group)] = p
	}
	keys := make([]string, 0, len(pairs))
	for key := range pairs {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		p := pairs[key]
		g := cmp.Or(p.after, p.before)
		out := GroupChange{Group: g.Group, Label: g.Label, Kind: g.Kind, Before: groupSum(p.before), After: groupSum(p.after)}
		switch {
		case p.before == nil:
			out.Only = "after"
		case p.after == nil:
			out.Only = "before"
		}
		out.Rules = changes(order, inGroup(b, p.before), inGroup(a, p.after), out.Before.Records, out.After.Records)
		c.Groups = append(c.Groups, out)
	}
}

func groupSum(g *GroupReport) GroupSum {
	if g == nil {
		return GroupSum{}
	}
	s := GroupSum{Records: g.Records, RecordsWithErrors: g.RecordsWithErrors, RecordsWithWarnings: g.RecordsWithWarnings}
	for _, r := range g.Rules {
		s.Errors += r.Errors
		s.Warnings += r.Warnings
	}
	s.ErrorRate = perThousand(s.Errors, s.Records)
	return s
}

// Count is how many rules have that trend.
func (c *Comparison) Count(trend Trend) int {
	n := 0
	for _, r := range c.Rules {
		if r.Trend == trend {
			n++
		}
	}
	return n
}

// WriteJSON writes the comparison as one JSON object with the names of the struct
// tags, indented by two spaces.
func (c *Comparison) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(c)
}
