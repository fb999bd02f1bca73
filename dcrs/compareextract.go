package dcrs

import (
	"fmt"
	"io"
	"slices"

	"github.com/healthtrainer/healthtrainer/hte"
)

// ExtractComparison is what became of the findings of one extract of several files in
// another: file by file, as [Comparison] has it, and between the files.
type ExtractComparison struct {
	Before ComparedExtract `json:"before"`
	After  ComparedExtract `json:"after"`
	// Cautions name the files that cannot be compared, and say why. What makes the two
	// reports of one file hard to compare stands with the file.
	Cautions []string      `json:"cautions"`
	Files    []*Comparison `json:"files"`  // of those that both have, in the order of the dictionaries
	Across   *Comparison   `json:"across"` // of the rules across files; counts alone, since there are no records
}

// ComparedExtract is the sum of one of two extracts.
type ComparedExtract struct {
	Name     string   `json:"name"`
	Edition  string   `json:"edition"`
	AsOf     hte.Date `json:"as_of"`
	Files    []string `json:"files"`   // read
	Records  int      `json:"records"` // of all files
	Errors   int      `json:"errors"`
	Warnings int      `json:"warnings"`
	Infos    int      `json:"infos"`
}

// CompareExtracts holds the report of an extract of several files against an earlier
// one. Where there is nothing to compare it is a [*CompareError].
func CompareExtracts(before, after *ExtractReport) (*ExtractComparison, error) {
	if before == nil || after == nil || before.Across == nil || after.Across == nil {
		return nil, &CompareError{Problem: "one is missing"}
	}
	c := &ExtractComparison{Before: newComparedExtract(before), After: newComparedExtract(after), Cautions: []string{}, Files: []*Comparison{}}
	say := func(format string, args ...any) { c.Cautions = append(c.Cautions, fmt.Sprintf(format, args...)) }
	for _, b := range before.Files {
		if _, ok := after.File(b.Kind); !ok {
			say("%s is no longer there: what was wrong with it is not known to be mended.", tableName(clean(b.Kind)))
		}
	}
	for _, a := range after.Files {
		b, ok := before.File(a.Kind)
		switch {
		case !ok:
			say("%s was not there before, and is not compared.", tableName(clean(a.Kind)))
			continue
		case b.Unread != "" || a.Unread != "":
			say("%s could not be read %s, and is not compared.", tableName(clean(a.Kind)), map[bool]string{true: "now", false: "before"}[a.Unread != ""])
			continue
		}
		one, err := Compare(b, a)
		if err != nil {
			return nil, err
		}
		c.Files = append(c.Files, one)
	}
	var err error
	c.Across, err = Compare(before.Across, after.Across)
	return c, err
}

func newComparedExtract(r *ExtractReport) ComparedExtract {
	out := ComparedExtract{
		Name: r.Name, Edition: r.Edition, AsOf: r.AsOf, Files: []string{},
		Errors: r.Count(Error), Warnings: r.Count(Warning), Infos: r.Count(Info),
	}
	for _, f := range r.Files {
		out.Files = append(out.Files, f.File)
		out.Records += f.Records
	}
	return out
}

// parts are the comparisons that it is made of, that across files last.
func (c *ExtractComparison) parts() []*Comparison { return append(slices.Clone(c.Files), c.Across) }

// Count is how many rules of all the parts have that trend.
func (c *ExtractComparison) Count(trend Trend) int {
	n := 0
	for _, part := range c.parts() {
		n += part.Count(trend)
	}
	return n
}

// headline sums the comparison up in a sentence, as that of one file does.
func (c *ExtractComparison) headline() (Level, string) {
	level, text := headline(c.Count, c.Before.Errors, c.Before.Records, c.After.Errors, c.After.Records)
	if len(c.Cautions) > 0 && level < Warning {
		level = Warning // a file that is not there has no errors
	}
	return level, text
}

// WriteJSON writes the comparison as [Comparison.WriteJSON] does.
func (c *ExtractComparison) WriteJSON(w io.Writer) error { return writeIndented(w, c) }

// WriteText writes the comparison for a person at a terminal, at most 100 columns
// wide: all together, then file by file as [Comparison.WriteText] does.
func (c *ExtractComparison) WriteText(w io.Writer, opts ...TextOption) error {
	p := newTextPrinter(opts)
	level, text := c.headline()
	p.headline(level, text)
	rows := [][]string{
		{"", "before", "after"},
		{"Extract", clip(clean(c.Before.Name), 34), clip(clean(c.After.Name), 34)},
		{"As of", c.Before.AsOf.String(), c.After.AsOf.String()},
		{"Records of all files", group(c.Before.Records), group(c.After.Records)},
		{"Errors", group(c.Before.Errors), group(c.After.Errors)},
		{"Warnings", group(c.Before.Warnings), group(c.After.Warnings)},
	}
	p.table("  ", rows, 1)
	p.cautions(c.Cautions)
	for _, part := range c.parts() {
		if part == c.Across && len(part.Rules) == 0 {
			continue
		}
		p.rule()
		p.in(styleBold, clip(part.title(), textWidth))
		p.line()
		p.line()
		p.comparison(part)
	}
	p.line()
	p.para("", 2, styleDim, comparisonNote)
	_, err := w.Write(p.b)
	return err
}

// title is what the comparison is of, as a heading.
func (c *Comparison) title() string {
	if c.Kind == extractRules().kind {
		return "Between the files"
	}
	return tableName(clean(c.Kind))
}

// WriteHTML writes the comparison as one page, as [Comparison.WriteHTML] does, with a
// part for each file.
func (c *ExtractComparison) WriteHTML(w io.Writer) error {
	level, text := c.headline()
	page := comparisonPage{
		Before: comparedName{c.Before.Name, c.Before.Edition, c.Before.AsOf}, After: comparedName{c.After.Name, c.After.Edition, c.After.AsOf},
		Level: level, Headline: text, Cautions: c.Cautions, Several: true,
		Verdict: fmt.Sprintf("%s before, %s after.", counted(c.Before.Errors, "error"), counted(c.After.Errors, "error")),
	}
	for i, part := range c.parts() {
		if part != c.Across || len(part.Rules) > 0 {
			page.Parts = append(page.Parts, newComparisonPart(part, fmt.Sprintf("part%d-", i+1)))
		}
	}
	return writePage(w, compareTemplate, page)
}
