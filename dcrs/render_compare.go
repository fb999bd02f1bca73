package dcrs

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/healthtrainer/healthtrainer/hte"
)

// trendOrder holds the headings under which trends stand, what they mean, and the
// order in which they are read: the bad news first.
var trendOrder = []struct {
	Trend          Trend
	Title, Meaning string
}{
	{TrendNew, "New", "none before, though the rule looked at something"},
	{TrendMore, "More", "a higher rate in a thousand records than before"},
	{TrendUncovered, "Not checked before", "the rule was off or had nothing to look at: perhaps old"},
	{TrendUnchecked, "No longer checked", "the rule is off, or has nothing to look at: perhaps mended"},
	{TrendSame, "The same", "the same rate as before"},
	{TrendFewer, "Fewer", "a lower rate in a thousand records than before"},
	{TrendFixed, "Fixed", "none left, though the rule looked at something"},
}

// headline sums a comparison up in a sentence.
func (c *Comparison) headline() (Level, string) {
	if c.Kind == extractRules().kind { // which has no records
		return headline(c.Count, c.Before.Errors, 1, c.After.Errors, 1)
	}
	return headline(c.Count, c.Before.Errors, c.Before.Records, c.After.Errors, c.After.Records)
}

func headline(count func(Trend) int, before, recordsBefore, after, recordsAfter int) (Level, string) {
	fresh, gone := count(TrendNew)+count(TrendMore), count(TrendFixed)+count(TrendFewer)
	switch {
	case after == 0 && before == 0:
		return Info, "No errors, now as before"
	case after == 0:
		return Info, "No errors are left"
	}
	if recordsBefore == 0 || recordsAfter == 0 {
		return Warning, "One of the files holds no records"
	}
	switch compareRates(after, recordsAfter, before, recordsBefore) {
	case -1:
		return Warning, "Fewer errors than before" + aside(fresh, "though some rules find more")
	case 0:
		return Warning, "As many errors as before"
	}
	return Error, "More errors than before" + aside(gone, "though some rules find fewer")
}

func aside(n int, text string) string {
	if n > 0 {
		return ", " + text
	}
	return ""
}

// of is the rules with one trend.
func of(rules []RuleChange, trend Trend) []RuleChange {
	return slices.DeleteFunc(slices.Clone(rules), func(r RuleChange) bool { return r.Trend != trend })
}

// comparedRules is how many rules of one kind of change the text names.
const comparedRules = 25

// comparedGroups is how many groups the text names; the other formats name all.
const comparedGroups = 60

// WriteText writes the comparison for a person at a terminal, at most 100 columns
// wide: the bad news first.
func (c *Comparison) WriteText(w io.Writer, opts ...TextOption) error {
	p := newTextPrinter(opts)
	p.comparison(c)
	p.line()
	p.para("", 2, styleDim, comparisonNote)
	_, err := w.Write(p.b)
	return err
}

// headline writes what a comparison comes to.
func (p *textPrinter) headline(level Level, text string) {
	st := styleGreen
	if level >= Warning {
		st = levelStyle(level)
	}
	p.in(st, strings.ToUpper(text))
	p.line()
	p.line()
}

func (p *textPrinter) cautions(list []string) {
	for _, caution := range list {
		p.line()
		p.para("  Mind:", 8, styleYellow, caution)
	}
}

func (p *textPrinter) comparison(c *Comparison) {
	level, text := c.headline()
	p.headline(level, text)
	rows := [][]string{
		{"", "before", "after"},
		{"File", clip(clean(c.Before.File), 34), clip(clean(c.After.File), 34)},
		{"As of", c.Before.AsOf.String(), c.After.AsOf.String()},
		{"Records", group(c.Before.Records), group(c.After.Records)},
		{"Records with errors", amount(c.Before.RecordsWithErrors, c.Before.Records), amount(c.After.RecordsWithErrors, c.After.Records)},
		{"Records with warnings", amount(c.Before.RecordsWithWarnings, c.Before.Records), amount(c.After.RecordsWithWarnings, c.After.Records)},
		{"Errors", group(c.Before.Errors), group(c.After.Errors)},
		{"Errors in 1,000 records", c.Before.ErrorRate, c.After.ErrorRate},
		{"Warnings", group(c.Before.Warnings), group(c.After.Warnings)},
	}
	if c.Kind == extractRules().kind {
		rows = [][]string{rows[0], rows[6], rows[8]} // there are no records
	}
	p.table("  ", rows, 1)
	p.cautions(c.Cautions)
	for _, o := range trendOrder {
		rules := of(c.Rules, o.Trend)
		if len(rules) == 0 {
			continue
		}
		st := styleBold
		switch o.Trend {
		case TrendNew, TrendMore:
			st = styleRed
		case TrendFixed, TrendFewer:
			st = styleGreen
		}
		p.heading(st, strings.ToUpper(o.Title)+" ("+counted(len(rules), "rule")+")", o.Meaning)
		rows := [][]string{{"", "", "before", "after", "in 1,000 before", "after"}}
		for _, r := range rules[:min(len(rules), comparedRules)] {
			rows = append(rows, []string{clip(clean(r.Rule), 42), r.Severity.String(), group(r.Before), group(r.After), r.BeforeRate, r.AfterRate})
		}
		p.table("  ", rows, 2)
		if rest := len(rules) - comparedRules; rest > 0 {
			p.para("", 2, styleDim, "and "+counted(rest, "rule")+" more.")
		}
	}
	if len(c.Groups) > 0 {
		p.heading(styleBold, "BY "+strings.ToUpper(clean(c.GroupBy)), "the most errors in a thousand records first")
		rows := [][]string{{"", "records", "", "errors in 1,000", "", "new", "fixed", ""}}
		for _, g := range worstGroups(c.Groups)[:min(len(c.Groups), comparedGroups)] {
			rows = append(rows, []string{
				clip(clean(g.Name()), 24), group(g.Before.Records), group(g.After.Records), cmp.Or(g.Before.ErrorRate, "-"), cmp.Or(g.After.ErrorRate, "-"),
				group(len(of(g.Rules, TrendNew))), group(len(of(g.Rules, TrendFixed))), onlyWords(g.Only),
			})
		}
		p.table("  ", rows, 1)
		if rest := len(c.Groups) - comparedGroups; rest > 0 {
			p.para("", 2, styleDim, "and "+group(rest)+" more.")
		}
	}
	if len(c.Fields) > 0 {
		p.heading(styleBold, "FIELDS", "with another share of valid or missing cells")
		rows := [][]string{{"", "valid before", "after", "missing before", "after"}}
		for _, f := range c.Fields[:min(len(c.Fields), comparedRules)] {
			rows = append(rows, []string{
				clip(clean(f.Field), 32), cmp.Or(share(f.Before.Valid, f.Before.Denominator), "-"), cmp.Or(share(f.After.Valid, f.After.Denominator), "-"),
				cmp.Or(share(f.Before.Missing, f.Before.Denominator), "-"), cmp.Or(share(f.After.Missing, f.After.Denominator), "-"),
			})
		}
		p.table("  ", rows, 1)
		if rest := len(c.Fields) - comparedRules; rest > 0 {
			p.para("", 2, styleDim, "and "+counted(rest, "field")+" more.")
		}
	}
}

const comparisonNote = "Counts are of findings, not of people, and the two files are held against each other as wholes: three findings in both need not be the same three. Whether a change is more than chance, this does not say."

// amount is a number of records and its share.
func amount(n, whole int) string {
	text := group(n)
	if s := share(n, whole); s != "" {
		text += " (" + s + ")"
	}
	return text
}

func onlyWords(only string) string {
	switch only {
	case "before":
		return "no longer there"
	case "after":
		return "not there before"
	}
	return ""
}

// worstGroups puts groups in the order of their rate of errors in the later file,
// the highest first; those that have gone stand behind.
func worstGroups(groups []GroupChange) []GroupChange {
	out := slices.Clone(groups)
	slices.SortStableFunc(out, func(x, y GroupChange) int {
		if gone := (x.Only == "before"); gone != (y.Only == "before") {
			if gone {
				return 1
			}
			return -1
		}
		return compareRates(y.After.Errors, y.After.Records, x.After.Errors, x.After.Records)
	})
	return out
}

// table writes rows in aligned columns, those from right on to the right. The
// first row is the heading.
func (p *textPrinter) table(indent string, rows [][]string, right int) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], width(cell))
		}
	}
	for n, row := range rows {
		var b strings.Builder
		b.WriteString(indent)
		for i, cell := range row {
			if i > 0 {
				b.WriteString("  ")
			}
			fill := strings.Repeat(" ", widths[i]-width(cell))
			if i >= right {
				b.WriteString(fill + cell)
			} else {
				b.WriteString(cell + fill)
			}
		}
		st := stylePlain
		if n == 0 {
			st = styleDim
		}
		p.in(st, strings.TrimRight(b.String(), " "))
		p.line()
	}
}

//go:embed render_compare.tmpl
var compareSource string

var compareTemplate = sync.OnceValues(func() (*template.Template, error) {
	return pageTemplate("comparison", compareSource, template.FuncMap{
		"of":     of,
		"amount": amount,
		"trends": func() any { return trendOrder },
		"worst":  worstGroups,
		"only":   onlyWords,
		"note":   func() string { return comparisonNote },
		"new":    func() Trend { return TrendNew },
		"more":   func() Trend { return TrendMore },
		"fewer":  func() Trend { return TrendFewer },
		"fixed":  func() Trend { return TrendFixed },
		"rate": func(s string) string {
			return cmp.Or(s, "–")
		},
		"trendtone": func(t Trend) string {
			switch t {
			case TrendNew, TrendMore:
				return "error"
			case TrendFixed, TrendFewer:
				return "good"
			case TrendUnchecked, TrendUncovered:
				return "warning"
			}
			return "info"
		},
		"title": func(t Trend) string {
			for _, o := range trendOrder {
				if o.Trend == t {
					return o.Title
				}
			}
			return t.String()
		},
		"slug":    func(t Trend) string { return "trend-" + t.String() },
		"groupid": func(prefix string, i int) string { return fmt.Sprintf("%sgroup-%d", prefix, i) },
	})
})

// comparisonPage is what the page shows: one comparison, or one for each file.
type comparisonPage struct {
	Before, After comparedName
	Level         Level
	Headline      string
	Verdict       string
	Cautions      []string
	Several       bool
	Parts         []comparisonPart
}

type comparedName struct {
	File, Edition string
	AsOf          hte.Date
}

// comparisonPart is one comparison on a page; ID stands before the names of its parts.
type comparisonPart struct {
	*Comparison
	ID, Title, Headline, Verdict string
	Level                        Level
	Records                      bool // there are any to count
}

func newComparisonPart(c *Comparison, id string) comparisonPart {
	level, text := c.headline()
	out := comparisonPart{Comparison: c, ID: id, Title: c.title(), Level: level, Headline: text, Records: c.Kind != extractRules().kind}
	rate := func(s, none, words string) string {
		if s == "" {
			return none
		}
		return s + words
	}
	out.Verdict = rate(c.Before.ErrorRate, "No records before", " errors in 1,000 records before") + ", " + rate(c.After.ErrorRate, "none after", " after") + "."
	if !out.Records {
		out.Verdict = fmt.Sprintf("%s before, %s after.", counted(c.Before.Errors, "error"), counted(c.After.Errors, "error"))
	}
	return out
}

// WriteHTML writes the comparison as one page that stands by itself, like
// [Report.WriteHTML].
func (c *Comparison) WriteHTML(w io.Writer) error {
	part := newComparisonPart(c, "")
	return writePage(w, compareTemplate, comparisonPage{
		Before: comparedName{c.Before.File, c.Before.Edition, c.Before.AsOf}, After: comparedName{c.After.File, c.After.Edition, c.After.AsOf},
		Level: part.Level, Headline: part.Headline, Verdict: part.Verdict, Cautions: c.Cautions, Parts: []comparisonPart{part},
	})
}
