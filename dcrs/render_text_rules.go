package dcrs

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// How much of the findings the text report shows, so that the worst of files
// does not run to thousands of lines; the other reports show all that a Report
// holds.
const (
	textExamples = 3 // of a rule
	textMembers  = 8 // fields of a family with a line of their own
	textFamily   = 4 // from how many fields on a family of rules is shown as one
)

// textRules is how many rules of each severity are shown in full.
var textRules = [...]int{Error: 20, Warning: 12, Info: 6}

// textBlock is what is shown under one heading: a rule, or the rules of one
// family for several fields.
type textBlock struct {
	ruleView
	members []ruleView
}

// blocks puts the rules of one severity in the order to show them in. A slip in
// every export, such as a wrong date format, concerns many fields and is read
// best as one.
func blocks(found []ruleView, level Level) []textBlock {
	families := map[string]int{}
	for _, f := range found {
		if f.Severity == level && f.Family != "" {
			families[f.Family]++
		}
	}
	var out []textBlock
	at := map[string]int{}
	for _, f := range found {
		switch {
		case f.Severity != level:
		case families[f.Family] < textFamily:
			out = append(out, textBlock{ruleView: f})
		default:
			i, ok := at[f.Family]
			if !ok {
				i = len(out)
				at[f.Family] = i
				out = append(out, textBlock{ruleView: ruleView{
					RuleReport: RuleReport{Rule: "*/" + f.Family, Severity: level},
					Problem:    familyWords(f), Fix: f.Fix,
				}})
			}
			b := &out[i]
			b.Count += f.Count
			b.Checked += f.Checked
			b.Errors += f.Errors
			b.Warnings += f.Warnings
			b.Infos += f.Infos
			b.members = append(b.members, f)
		}
	}
	slices.SortStableFunc(out, func(a, b textBlock) int { return cmp.Compare(b.Count, a.Count) })
	return out
}

// familyWords says what the rules of a family have in common.
func familyWords(f ruleView) string {
	switch f.Family {
	case "blank":
		return "The field is empty."
	case "format":
		return "The value cannot be read as what the field holds."
	case "code":
		return "The code is not in the list of the field."
	case "range":
		return "The number lies outside the valid range of the field."
	case "implausible":
		return "The number is possible, but outside the plausible range of the field, and more often a slip."
	}
	return f.Problem
}

func (p *textPrinter) rules(v *reportView, level Level) {
	all := blocks(v.Found, level)
	if len(all) == 0 {
		return
	}
	rules := textRules[level]
	if len(all) <= rules+3 {
		rules = len(all) // a list of three is no shorter
	}
	p.heading(levelStyle(level), strings.ToUpper(levelNoun(level, 2)), "most findings first")
	for i, b := range all[:rules] {
		if i > 0 {
			p.line()
		}
		p.block(b)
	}
	if rest := all[rules:]; len(rest) > 0 {
		p.line()
		p.para("", 2, stylePlain, group(len(rest))+" more rules, in short; the other reports say all of them:")
		for _, b := range rest {
			p.ruleLine("    ", stylePlain, b.RuleReport)
		}
	}
}

func (p *textPrinter) block(b textBlock) {
	p.ruleLine("  ", styleBold, b.RuleReport)
	p.para("", 4, stylePlain, b.Problem)
	p.para("", 4, stylePlain, "To mend: "+b.Fix)
	if mixed := mixture(b.RuleReport); mixed != "" {
		p.para("", 4, styleDim, mixed)
	}
	if len(b.members) > 0 {
		p.members(b.members)
		return
	}
	p.examples(b.ruleView)
}

// ruleLine is a rule and how often it found something, with dots between them
// to lead the eye.
func (p *textPrinter) ruleLine(indent string, st style, r RuleReport) {
	id, count := clip(clean(r.Rule), 56), howOften(r)
	p.put(indent)
	p.in(st, id)
	p.put(" ")
	p.in(styleDim, strings.Repeat(".", max(3, textWidth-len(indent)-width(id)-width(count)-2)))
	p.put(" ")
	p.put(count)
	p.line()
}

// members lists the fields of a family, a line each: how often, and the first
// place.
func (p *textPrinter) members(members []ruleView) {
	listed := members
	if len(members) > textMembers+2 {
		listed = members[:textMembers]
	}
	rows := make([][]string, len(listed))
	widths := make([]int, 3)
	for i, m := range listed {
		field, _, _ := strings.Cut(m.Rule, "/")
		rows[i] = []string{clip(clean(field), 32), howOften(m.RuleReport), ""}
		if len(m.Examples) > 0 {
			e := &m.Examples[0].Finding
			rows[i][2] = "first: line " + strconv.Itoa(e.Line)
			if e.Shape != "" {
				rows[i][2] += "  " + clip(clean(e.Shape), 20)
			}
		}
		for c := range widths {
			widths[c] = max(widths[c], width(rows[i][c]))
		}
	}
	for _, r := range rows {
		p.put("      " + pad(r[0], widths[0]) + strings.Repeat(" ", widths[1]-width(r[1])+2) + r[1])
		if r[2] != "" {
			p.put("  " + r[2])
		}
		p.line()
	}
	if rest := members[len(listed):]; len(rest) > 0 {
		names := make([]string, len(rest))
		for i, m := range rest {
			field, _, _ := strings.Cut(m.Rule, "/")
			names[i] = clean(field)
		}
		p.para("", 6, styleDim, "and in "+counted(len(rest), "field")+" more: "+strings.Join(names, ", ")+".")
	}
}

// examples writes a few findings of a rule as an aligned table: where, the
// values asked for, which column, the shape of what stands there, and what it
// was held against.
func (p *textPrinter) examples(f ruleView) {
	shown := f.Examples[:min(len(f.Examples), textExamples)]
	var table [][]string
	var tails []string
	for _, example := range shown {
		e := &example.Finding
		table = append(table, []string{strings.TrimSpace(clip(clean(example.Where), 32) + "  " + place(e)), showing(e), column(e), clip(clean(e.Shape), 24)})
		tails = append(tails, tail(&example))
	}
	widths := make([]int, 4)
	for _, cells := range table {
		for i, c := range cells {
			widths[i] = max(widths[i], width(c))
		}
	}
	// More than one short value would push the rest off the line.
	below := widths[1] > 28
	if below {
		widths[1] = 0
	}
	for r, cells := range table {
		line := "     "
		for i, c := range cells {
			if widths[i] > 0 {
				line += " " + pad(c, widths[i]) + " "
			}
		}
		lead := width(line) + 1
		switch {
		case lead+width(tails[r]) <= textWidth:
			p.put(strings.TrimRight(line+" "+tails[r], " "))
			p.line()
		case lead <= textWidth-30:
			p.para(line, lead, stylePlain, tails[r])
		default: // too narrow a strip is left beside the table
			p.para("", 6, stylePlain, strings.TrimSpace(line))
			p.para("", 12, stylePlain, tails[r])
		}
		if below {
			p.para("", 10, stylePlain, cells[1])
		}
	}
	if more := f.Count - len(shown); more > 0 && len(shown) > 0 {
		p.in(styleDim, fmt.Sprintf("      and %s more", group(more)))
		p.line()
	}
}

// place is where a finding stands, as a person would look for it.
func place(f *Finding) string {
	var parts []string
	if f.Line > 0 {
		parts = append(parts, "line "+strconv.Itoa(f.Line))
	}
	if f.Record > 0 {
		parts = append(parts, "record "+strconv.Itoa(f.Record))
	}
	return strings.Join(parts, "  ")
}

// column names the column of a finding.
func column(f *Finding) string {
	name := clip(clean(f.Field), 32)
	switch {
	case f.Column > 0 && name != "":
		return name + " (column " + strconv.Itoa(f.Column) + ")"
	case f.Column > 0:
		return "column " + strconv.Itoa(f.Column)
	}
	return name
}

// tail is what a finding says beyond its rule, and what it rests on.
func tail(e *exampleView) string {
	var parts []string
	if e.Detail != "" {
		parts = append(parts, clean(e.Detail))
	}
	if s := rests(&e.Finding); s != "" {
		parts = append(parts, "see "+s)
	}
	return strings.Join(parts, "; ")
}

// showing are the values that were asked for, by which a record is found again.
func showing(f *Finding) string {
	var parts []string
	for _, shown := range f.Shown {
		parts = append(parts, clean(shown.Field)+" "+clip(clean(shown.Value), 36))
	}
	return strings.Join(parts, ", ")
}

// rests names the related cells, the first six of them: those of the same record
// by their field alone.
func rests(f *Finding) string {
	const most = 6
	var parts []string
	for i, r := range f.Related {
		if i == most && len(f.Related) > most+1 {
			parts = append(parts, group(len(f.Related)-most)+" more")
			break
		}
		name := clip(clean(r.Field), 32)
		elsewhere := r.File != f.File && r.File != ""
		if elsewhere {
			name += " in " + clip(clean(r.File), 32)
		}
		if elsewhere || r.Record != f.Record {
			name = strings.TrimSpace(name + " on line " + strconv.Itoa(r.Line))
		}
		parts = append(parts, name)
	}
	return strings.Join(parts, ", ")
}
