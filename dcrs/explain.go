package dcrs

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/healthtrainer/healthtrainer/hte"
)

// Explanation says of a rule what somebody who meets it for the first time asks:
// what a finding means, why there is such a rule, and how to mend it, with an
// example of what it finds and of what it leaves alone.
type Explanation struct {
	Rule  Rule
	Means string // what is wrong
	Why   string // why it matters; "" for a rule that somebody else made
	Fix   string // how to mend it
	// Bad makes the rule find something, Good does not. Both are made up. They are nil
	// where there are none, as for a rule that can find nothing: see NoExample.
	Bad, Good *RuleExample
	NoExample string // why there are none; "" where there are
}

// RuleExample is a small extract: one file of the rule's kind, or several files where
// the rule compares them. All of it is made up; NHS numbers in it come from
// the 999 range, which is kept for tests.
type RuleExample struct {
	AsOf  hte.Date      // the day to take for today
	File  string        // the whole of it, as CSV; "" where there are several
	Files []ExampleFile // of several
	// Mapping is the mapping, as JSON, through which the example is read, see
	// [Mapped]; "" for most.
	Mapping string
	// Rows are its rows, each cut down to the cells that matter: those that the rule
	// reads or that tell this row from a clean one. Of several files, they are the rows
	// that the rule compares, those first in which the two examples differ. Empty where
	// what matters is not in a cell but in the file.
	Rows []ExampleRow
	// Also are other rules that find something in it, which cannot be avoided. Of
	// several files, columns and cells that all examples leave out are not counted.
	Also []string
}

// ExampleFile is a file of a [RuleExample].
type ExampleFile struct{ Name, Text string }

// ExampleRow is a row of a [RuleExample].
type ExampleRow struct {
	File   string // of several; "" where there is one
	Record int    // from 1, and 0 for the header
	Cells  []ExampleCell
}

// ExampleCell is a cell of an [ExampleRow]; Value is empty for a blank.
type ExampleCell struct {
	Field, Value string
}

// ExampleAsOf is the day that the examples of one file take for today, 31 October 2024.
func ExampleAsOf() hte.Date {
	d, _ := hte.ParseDate("2024-10-31")
	return d
}

// UnknownRuleError says that no dictionary has a rule of that name.
type UnknownRuleError struct {
	Rule    string
	Similar []string // rules that resemble it, the nearest first; at most three
}

func (e *UnknownRuleError) Error() string {
	return fmt.Sprintf("dcrs: no rule is called %q%s", e.Rule, e.suggestion())
}

func (e *UnknownRuleError) suggestion() string {
	text := ""
	for i, s := range e.Similar {
		switch {
		case i == 0:
			text += "; is it "
		case i == len(e.Similar)-1:
			text += " or "
		default:
			text += ", "
		}
		text += strconv.Quote(s)
	}
	if len(e.Similar) > 0 {
		text += "?"
	}
	return text
}

// Explain explains the rule with the id, of the first of the dictionaries that has
// it. Where none has it is an [*UnknownRuleError], which suggests some that resemble
// it, whichever dictionary they are of.
func Explain(id string, dictionaries ...*Dictionary) (*Explanation, error) {
	for _, d := range dictionaries {
		if _, ok := d.Rule(id); ok {
			return d.Explain(id)
		}
	}
	return nil, &UnknownRuleError{Rule: id, Similar: similarRules(id, dictionaries)}
}

// similarRules are those that a slip of the keyboard may have meant, and otherwise
// those whose names have most words in common with it.
func similarRules(id string, dictionaries []*Dictionary) (out []string) {
	const most, slip = 3, 4 // letters
	type candidate struct {
		id    string
		off   int // letters, of a slip
		words int
	}
	var all []candidate
	words := func(id string) []string {
		all := strings.FieldsFunc(strings.ToLower(id), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		return slices.DeleteFunc(all, func(w string) bool { return len(w) < 3 })
	}
	asked := words(id)
	for _, d := range dictionaries {
		for _, r := range d.rules {
			if slices.ContainsFunc(all, func(c candidate) bool { return c.id == r.ID }) {
				continue
			}
			c := candidate{id: r.ID, off: editDistance(strings.ToLower(id), r.ID, slip)}
			if !strings.Contains(id, "/") && id != "" {
				c.off = min(c.off, editDistance(strings.ToLower(id), r.Family(), slip))
			}
			has := words(r.ID)
			for _, w := range asked {
				if slices.Contains(has, w) {
					c.words++
				}
			}
			if c.off < slip || c.words > 0 && 2*c.words >= len(asked) {
				all = append(all, c)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.off, b.off), cmp.Compare(b.words, a.words), cmp.Compare(len(a.id), len(b.id)))
	})
	for _, c := range all[:min(len(all), most)] {
		if best := all[0]; c.off == best.off && (best.off < slip || c.words == best.words) {
			out = append(out, c.id)
		}
	}
	return out
}

// Explain explains the rule with the id. Where there is none it is an
// [*UnknownRuleError], which suggests some that resemble it.
func (d *Dictionary) Explain(id string) (*Explanation, error) {
	rule, ok := d.Rule(id)
	if !ok {
		return nil, &UnknownRuleError{Rule: id, Similar: similarRules(id, []*Dictionary{d})}
	}
	e := &Explanation{Rule: rule, Means: sentence(rule.Problem), Fix: sentence(rule.Fix)}
	tableID := rule.ID
	if rule.Scope == ScopeField {
		if f, ok := d.Field(rule.Reads); ok && strings.HasPrefix(rule.ID, f.Name+"/") {
			e.Means = sentence(d.message(&rule))
			tableID = "FIELD/" + rule.Family()
		}
	}
	s, known := stories[tableID]
	if e.Why = s.why; e.Why == "" {
		e.Why = extractWhy(rule.ID)
	}
	if e.Bad, e.Good = extractExamples(rule); e.Bad != nil && d.kind != "episode" {
		return e, nil
	}
	e.Bad, e.Good = nil, nil
	switch {
	case d.kind == extractRules().kind:
		e.NoExample = "It is about a zip or folder as such, of which there is no small example."
		return e, nil
	case !known:
		e.NoExample = "There is no example of this rule."
		return e, nil
	case d.kind != "episode" && (rule.Scope != ScopeField || exampleRows()[d.kind][rule.Reads] == ""):
		e.NoExample = "It is as in a file of episodes: the examples of such rules are there."
		return e, nil
	}
	if rule.Scope == ScopeField {
		s, ok = d.fieldStory(rule, s)
		if !ok {
			e.NoExample = "It can find nothing: no code of the list begins with a nought that could be lost, so a code that is not in the list is reported by " + rule.Reads + "/code."
			return e, nil
		}
	}
	e.Bad, e.Good = d.badExample(rule, s), d.goodExample(rule, s)
	e.Bad.AsOf, e.Good.AsOf = ExampleAsOf(), ExampleAsOf()
	if s.mapping != "" {
		e.Bad.Mapping = fmt.Sprintf(`{"mapping": %d, "kind": %q, "columns": [%s]}`, MappingVersion, d.kind, s.mapping)
		e.Good.Mapping = e.Bad.Mapping
	}
	return e, nil
}

// Explanations explains every rule, in the order of the dictionary.
func (d *Dictionary) Explanations() []*Explanation {
	out := make([]*Explanation, 0, len(d.rules))
	for _, r := range d.rules {
		if e, err := d.Explain(r.ID); err == nil {
			out = append(out, e)
		}
	}
	return out
}

// with is a row with changes written "field=value, field=value".
func with(row map[string]string, changes string) map[string]string {
	out := make(map[string]string, len(row)+4)
	maps.Copy(out, row)
	for change := range strings.SplitSeq(changes, ", ") {
		if field, value, ok := strings.Cut(change, "="); ok {
			out[field] = value
		}
	}
	return out
}

// fieldStory makes the examples of a rule of a family of field rules; false where
// it can find nothing.
func (d *Dictionary) fieldStory(rule Rule, s story) (story, bool) {
	f, _ := d.Field(rule.Reads)
	s.base = "whole"
	prefix := "" // of what is said about fields of a file beside that of episodes
	if d.kind != "episode" {
		s.base, prefix = d.kind, d.kind+": "
	}
	whole := exampleRows()[s.base]
	good, bad := whole[f.Name], ""
	context := "" // what else the row needs
	pre, isPost := strings.CutSuffix(f.Name, "_post")
	_, paired := d.byName[pre+"_pre"]
	measure := strings.HasSuffix(f.Name, "_pre") || isPost && paired || f.Name == "height_cm"
	family := rule.Family()
	switch family {
	case "blank":
	case "format":
		switch f.Type {
		case TypeID:
			bad = "A 1/2"
		case TypeDate:
			year, month, _ := strings.Cut(good, "-")
			month, day, _ := strings.Cut(month, "-")
			bad = day + "/" + month + "/" + year
		case TypeInteger, TypeDecimal:
			bad = "about " + good
		case TypeNHSNumber:
			bad = "not given"
		case TypePostcode:
			bad = "XX1"
		case TypeLSOA:
			bad = "E0199"
		case TypeGPPractice:
			bad = "P9999"
		case TypeCodes:
			bad = good + ";;"
		case TypeCode:
			list, _ := d.CodeList(f.CodeList)
			for _, c := range list.Codes {
				if short, ok := strings.CutPrefix(c.Code, "0"); ok && list.Label(short) == "" {
					good, bad = c.Code, short
					break
				}
			}
			if bad == "" {
				return s, false
			}
			if whole[f.Name] != "" && whole[f.Name][0] == '0' {
				good, bad = whole[f.Name], whole[f.Name][1:]
			}
		}
	case "code":
		bad = "not known"
		if f.Type == TypeCodes {
			bad = good + ";not known"
		}
	case "repeated-code":
		first, _, _ := strings.Cut(good, ";")
		bad = good + ";" + first
	case "range":
		bad = strconv.FormatInt(f.Valid.Max+1, 10)
	case "implausible":
		low, high := strconv.FormatInt(f.Plausible.Min-1, 10), strconv.FormatInt(f.Plausible.Max+1, 10)
		good, bad = strconv.FormatInt(f.Plausible.Max, 10), high
		if f.Valid != nil && f.Plausible.Max >= f.Valid.Max {
			good, bad = strconv.FormatInt(f.Plausible.Min, 10), low
		}
	}
	if f.Name == "nhs_number_status" { // there is no number
		good, bad = "07", strings.Replace(bad, "1", "7", 1)
	}
	if measure && family != "blank" && !strings.HasPrefix(f.Name, "who5_") {
		s.base = "reviewed"
		if isPost {
			value := whole[pre+"_pre"]
			if family == "implausible" {
				value = good
			}
			context = ", " + pre + "_pre=" + value
		}
	}
	badContext, goodContext := context, context
	for _, key := range []string{rule.ID, f.Name + "/*"} {
		if change, ok := exampleFields[prefix+key]; ok {
			forBad, forGood, differ := strings.Cut(change, " | ")
			if !differ {
				forGood = forBad
			}
			badContext += ", " + forBad
			goodContext += ", " + forGood
		}
	}
	s.bad = []string{f.Name + "=" + bad + badContext}
	s.good = []string{f.Name + "=" + good + goodContext}
	s.also = exampleAlso[prefix+rule.ID]
	return s, true
}

func (d *Dictionary) badExample(rule Rule, s story) *RuleExample {
	if s.badFile != "" {
		return &RuleExample{File: d.exampleFile(s.badFile), Also: s.also}
	}
	return d.rowExample(rule, s.base, s.bad, s.also)
}

func (d *Dictionary) goodExample(rule Rule, s story) *RuleExample {
	if s.badFile != "" {
		return &RuleExample{File: d.exampleFile("HEADER\nROW\n")}
	}
	good := s.good
	if good == nil {
		// The base as it is, with the cells in view that the bad example changes.
		good = make([]string, len(s.bad))
		for i, changes := range s.bad {
			base := exampleRows()[baseName(s.base)]
			var same []string
			for change := range strings.SplitSeq(changes, ", ") {
				if field, _, ok := strings.Cut(change, "="); ok {
					same = append(same, field+"="+base[field])
				}
			}
			good[i] = strings.Join(same, ", ")
		}
	}
	return d.rowExample(rule, s.base, good, s.alsoGood)
}

func baseName(base string) string {
	if base == "" {
		return "waiting"
	}
	return base
}

// rowExample makes an extract of rows that are changes to a base.
func (d *Dictionary) rowExample(rule Rule, base string, rows []string, also []string) *RuleExample {
	out := &RuleExample{Also: also}
	start := exampleRows()[baseName(base)]
	if changes, ok := strings.CutPrefix(rows[0], "TWENTY "); ok {
		rows = nil
		for n := range 20 {
			rows = append(rows, fmt.Sprintf("client_id=C%d, episode_id=E%d, date_of_birth=19%d-05-17, %s", n+1, n+1, 60+n, changes))
		}
	}
	reads := make(map[string]bool)
	for word := range strings.FieldsFuncSeq(rule.Reads, func(r rune) bool { return r == ' ' || r == ',' }) {
		reads[word] = true
	}
	// Where one row differs from the others, the cell is shown in all of them.
	for _, changes := range rows {
		for change := range strings.SplitSeq(changes, ", ") {
			if field, _, ok := strings.Cut(change, "="); ok {
				reads[field] = true
			}
		}
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	header := make([]string, len(d.fields))
	for i, f := range d.fields {
		header[i] = f.Name
	}
	_ = w.Write(header) // a strings.Builder does not fail
	for n, changes := range rows {
		row := with(start, changes)
		cells := make([]string, len(d.fields))
		shown := ExampleRow{Record: n + 1}
		for i, f := range d.fields {
			cells[i] = row[f.Name]
			if reads[f.Name] {
				shown.Cells = append(shown.Cells, ExampleCell{f.Name, row[f.Name]})
			}
		}
		_ = w.Write(cells)
		out.Rows = append(out.Rows, shown)
	}
	w.Flush()
	out.File = b.String()
	return out
}

// exampleFile writes out a file in which HEADER, ROW and a few other words stand
// for what is too long to write down.
func (d *Dictionary) exampleFile(pattern string) string {
	columns := func(without string) (header, row string) {
		var h, r []string
		for _, f := range d.fields {
			if f.Name != without {
				h, r = append(h, f.Name), append(r, exampleRows()["waiting"][f.Name])
			}
		}
		return strings.Join(h, ","), strings.Join(r, ",")
	}
	if field, ok := strings.CutPrefix(pattern, "WITHOUT "); ok {
		header, row := columns(field)
		return header + "\n" + row + "\n"
	}
	header, row := columns("")
	if pattern == "SEMICOLONS" {
		return strings.ReplaceAll(header+"\n"+row+"\n", ",", ";")
	}
	pattern = strings.ReplaceAll(pattern, "ENDLESS", strings.Repeat("x", 1<<20+1))
	return strings.ReplaceAll(strings.ReplaceAll(pattern, "HEADER", header), "ROW", row)
}

// WriteText writes the explanation for a person at a terminal, at most 100 columns
// wide.
func (e *Explanation) WriteText(w io.Writer, opts ...TextOption) error {
	p := newTextPrinter(opts)
	p.in(styleBold, clean(e.Rule.ID))
	p.put("  ")
	p.in(levelStyle(e.Rule.Severity), e.Rule.Severity.String())
	p.line()
	p.line()
	part := func(name, text string) {
		if text != "" {
			p.para(name, 16, stylePlain, clean(text))
		}
	}
	part("What it means", e.Means)
	part("Why", e.Why)
	part("To mend", e.Fix)
	part("Applies when", sentence(e.Rule.When))
	part("Looks at", e.Rule.Reads)
	if e.Rule.Per != "" {
		part("A finding for", "each "+e.Rule.Per)
	}
	part("Severity", sentence(e.Rule.Severities))
	part("Note", stopped(e.note()))
	part("Rests on", e.restsOn())
	if e.NoExample != "" {
		part("Example", e.NoExample)
	}
	e.Bad.write(p, styleRed, "WRONG")
	e.Good.write(p, styleGreen, "RIGHT")
	if e.Bad != nil && e.dated() {
		p.line()
		p.para("", 0, styleDim, "Both are read as of "+e.Bad.AsOf.String()+".")
	}
	_, err := w.Write(p.b)
	return err
}

// note is the note of the rule with the name of the field in it. What it says about
// codes is for fields that hold some.
func (e *Explanation) note() string {
	field, family, _ := strings.Cut(e.Rule.ID, "/")
	if e.Rule.Scope != ScopeField || e.Rule.Reads != field {
		return e.Rule.Note
	}
	if family == "format" && !strings.Contains(e.Means, " code") {
		first, _, _ := strings.Cut(e.Rule.Note, ". ")
		return first
	}
	return strings.ReplaceAll(e.Rule.Note, "FIELD/", field+"/")
}

func (e *Explanation) restsOn() string {
	text := map[Basis]string{
		BasisSource: "A published source shows it", BasisNational: "A national code set or rule gives it",
		BasisOwn: "This library's own judgement", BasisRemembered: "To be confirmed against a source",
	}[e.Rule.Basis]
	if e.Rule.Source != "" {
		text += ": " + e.Rule.Source
	}
	return stopped(text)
}

// exampleRowsShown is how many rows of an example are written out. Those of several
// files are all written that their rule compares.
const exampleRowsShown = 3

// dated reports whether the rule compares with the day on which the file is read.
func (e *Explanation) dated() bool {
	r := &e.Rule
	return strings.Contains(r.Problem+r.Note, "as-of date") || r.ID == "goal/overdue"
}

func (x *RuleExample) write(p *textPrinter, st style, title string) {
	if x == nil {
		return
	}
	most, aside := exampleRowsShown, ""
	if len(x.Files) > 0 && len(x.Rows) > 0 && x.Rows[0].Record > 0 {
		most = len(x.Rows)
	}
	if n := len(x.Rows); n > most {
		aside = fmt.Sprintf("the first %d of %d rows", most, n)
	}
	p.heading(st, title, aside)
	if len(x.Rows) == 0 && len(x.Files) > 0 {
		var names []string
		for _, f := range x.Files {
			names = append(names, clean(f.Name))
		}
		p.para("", 2, stylePlain, "Files: "+strings.Join(names, ", "))
	} else if len(x.Rows) == 0 {
		lines := strings.Split(strings.TrimSuffix(x.File, "\n"), "\n")
		for i, l := range lines {
			shown := clean(l)
			if over := len(shown) - 70; over > 0 {
				// The end of a line is what tells an example of a file from a clean one.
				head, tail := shown[:40], shown[len(shown)-27:]
				shown = head + "..." + tail
			}
			p.putf("  %2d  %s\n", i+1, shown)
		}
		if x.File == "" || strings.Trim(x.File, "\n") == "" {
			p.para("", 2, styleDim, "(nothing but blank lines)")
		}
	}
	shown := x.Rows[:min(len(x.Rows), most)]
	for i, row := range shown {
		if i > 0 {
			p.line()
		}
		switch {
		case row.File != "" && row.Record == 0:
			p.para("", 2, styleDim, "the header of "+row.File)
		case row.File != "":
			p.para("", 2, styleDim, row.File+", row "+strconv.Itoa(row.Record))
		case len(x.Rows) > 1:
			p.para("", 2, styleDim, "row "+strconv.Itoa(row.Record))
		}
		wide := 0
		for _, c := range row.Cells {
			wide = max(wide, len(c.Field))
		}
		for _, c := range row.Cells {
			p.put("  " + pad(c.Field, wide+2))
			if c.Value == "" {
				p.in(styleDim, "(blank)")
			} else {
				p.put(clean(c.Value))
			}
			p.line()
		}
	}
	if x.Mapping != "" {
		p.line()
		p.para("", 2, styleDim, "Read through the mapping "+x.Mapping)
	}
	if len(x.Also) > 0 {
		p.line()
		p.para("", 2, styleDim, "It cannot be avoided that here "+strings.Join(x.Also, " and ")+choose(len(x.Also), " finds", " find")+" something too.")
	}
}

// exampleRows makes the rows that examples start from, once.
var exampleRows = sync.OnceValue(func() map[string]map[string]string {
	waiting := with(nil, exampleWaiting)
	return map[string]map[string]string{
		"waiting":   waiting,
		"contacted": with(waiting, exampleContacted),
		"reviewed":  with(waiting, exampleReviewed),
		"whole":     with(with(waiting, exampleReviewed), exampleWhole),
		"contact":   with(nil, exampleContact),
		"goal":      with(nil, exampleGoal),
		"signpost":  with(nil, exampleSignpost),
		"need":      with(nil, exampleNeed),
		"measure":   with(nil, exampleMeasure),
	}
})
