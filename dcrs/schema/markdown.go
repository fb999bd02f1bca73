package schema

import (
	"fmt"
	"io"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// WriteMarkdown writes the data dictionary of the tables as one Markdown page, in
// the dialect of GitHub: every field with what it holds and on what it rests,
// every code list, every rule with its reason and how to mend a finding, the
// sources, and how far each generated schema goes.
func WriteMarkdown(w io.Writer, given ...Table) error {
	tables, err := complete(given)
	if err != nil {
		return err
	}
	d := newDocument(tables)
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }

	p("# Data dictionary\n")
	if d.About != "" {
		p("%s\n", md(d.About))
	}
	for _, s := range d.Tables {
		p("## %s\n", md(s.Title))
		p("File `%s.csv`: one row for each %s. Dictionary edition **%s**, %s.\n", s.Name, md(strings.ReplaceAll(s.Dictionary.Kind(), "_", " ")), md(s.Dictionary.Edition()), countFields(len(s.Rows)))
		if d.About == "" {
			p("%s\n", md(s.About))
		}
		if len(s.Key) > 0 {
			p("Rows are told apart by %s.\n", codeNames(s.Key))
		}
		for _, r := range s.References {
			p("%s must be the %s of a row of `%s.csv`.\n", codeNames(r.Fields), codeNames(r.Key), r.Table)
		}
		p("### Fields of %s\n", md(s.Name))
		p("| # | Field | Label | Holds | Presence | Sensitivity | Basis | Source |")
		p("|--:|---|---|---|---|---|---|---|")
		for _, f := range s.Rows {
			p("| %d | `%s` | %s | %s | %s | %s | %s | %s |", f.Number, f.Name, cell(f.Label), f.holds(), presenceName(f.Presence), f.Sensitivity, f.Basis, mdSource(f.Source))
		}
		p("\n### Rules of %s\n", md(s.Name))
		p("A rule of a *field* looks at one cell, of a *record* at one row, of a *file* at all rows. A rule says nothing where a field that")
		p("it reads is blank or already known to be wrong, unless it is about blanks.\n")
		p("#### Rules of each field of %s\n", md(s.Name))
		p("| Rule | Severity | Fields | What is wrong | How to mend it | Basis |")
		p("|---|---|---|---|---|---|")
		for _, f := range s.Families {
			fields := codeNames(f.Fields)
			if f.Every {
				fields = "every field"
			}
			p("| `FIELD/%s` | %s | %s | %s | %s | %s |", f.Name, f.Levels, fields, mdProblem(f.Rule), cell(sentence(f.Fix)), mdBasis(f.Rule))
		}
		for _, g := range s.Groups {
			p("\n#### Rules %s/… of %s\n", md(g.Name), md(s.Name))
			p("| Rule | Scope | Severity | Reads | What is wrong | How to mend it | Basis |")
			p("|---|---|---|---|---|---|---|")
			for _, r := range g.Rules {
				p("| %s | %s, each %s | %s | %s | %s | %s | %s |", code(r.ID), r.Scope, cell(r.Per), cell(severityWords(r)), cell(r.Reads), mdProblem(r), cell(sentence(r.Fix)), mdBasis(r))
			}
		}
		p("")
	}
	if len(d.Lists) > 0 {
		p("## Code lists\n")
		p("Quality is how the NHS data-quality convention known as VODIM counts a code: *valid*; *other*, for \"other\" or \"not stated\";")
		p("*default*, for a filler such as \"not known\". Codes are compared letter for letter, capitals and leading zeros included.\n")
	}
	for _, l := range d.Lists {
		p("### Codes: %s\n", md(l.Name))
		if len(l.Fields) > 0 {
			p("Used by %s.\n", codeNames(l.Fields))
		}
		p("| Code | Label | Quality | Basis | Source |")
		p("|---|---|---|---|---|")
		for _, c := range l.Codes {
			p("| %s | %s | %s | %s | %s |", code(c.Code), cell(c.Label), c.Quality, c.Basis, mdSource(c.Source))
		}
		p("")
	}
	p("## What the words mean\n")
	for _, v := range []dcrs.Presence{dcrs.Mandatory, dcrs.Required, dcrs.Conditional, dcrs.Optional} {
		p("- Presence *%s* (%s): %s.", presenceName(v), v, presenceWords(v))
	}
	for _, v := range sensitivities {
		p("- Sensitivity *%s*: %s.", v, sensitivityWords(v))
	}
	for _, v := range bases {
		p("- Basis *%s*: %s.", v, basisWords(v))
	}
	p("- Severity *error*: wrong, the record should not be counted until it is mended. *Warning*: probably wrong, or a gap; a person should look. *Info*: worth knowing.")
	p("\n## What the generated schemas can say\n")
	p("| Form | Says | Cannot say |")
	p("|---|---|---|")
	for _, f := range d.Forms {
		p("| %s | %s | %s |", cell(f.Name), cell(f.Says), cell(f.Cannot))
	}
	if len(d.Sources) > 0 {
		p("\n## Sources\n")
		p("Many could be read only in part: what they show is that an item was recorded, hardly ever how.\n")
		for _, s := range d.Sources {
			p("- **%s**: %s", s.Key, links(s.Citation))
		}
	}
	_, err = io.WriteString(w, b.String())
	return err
}

var (
	sensitivities = []dcrs.Sensitivity{dcrs.NotSensitive, dcrs.Pseudonym, dcrs.Identifying, dcrs.QuasiIdentifying, dcrs.SpecialCategory, dcrs.OffenceData}
	bases         = []dcrs.Basis{dcrs.BasisSource, dcrs.BasisNational, dcrs.BasisOwn, dcrs.BasisRemembered}
)

// holds is the Markdown of what a cell of the field holds.
func (f fieldRow) holds() string {
	s := cell(f.Expects)
	if f.CodeList != "" {
		s = strings.Replace(s, "the list "+cell(f.CodeList), "the list [`"+f.CodeList+"`](#"+anchor("Codes: "+f.CodeList)+")", 1)
	}
	if f.Unlikely != "" {
		s += " Seldom outside " + f.Unlikely + "."
	}
	if f.Note != "" {
		s += " " + cell(sentence(f.Note))
	}
	return s
}

func mdProblem(r dcrs.Rule) string {
	s := cell(sentence(r.Problem))
	if r.When != "" {
		s += " When: " + cell(sentence(r.When))
	}
	if r.Note != "" {
		s += " " + cell(sentence(r.Note))
	}
	return s
}

func mdBasis(r dcrs.Rule) string {
	if r.Source == "" {
		return r.Basis.String()
	}
	return r.Basis.String() + ": " + mdSource(r.Source)
}

// mdSource leaves the keys as they are: the list of sources is found by them.
func mdSource(s string) string { return cell(s) }

func codeNames(names []string) string {
	spans := make([]string, len(names))
	for i, n := range names {
		spans[i] = code(n)
	}
	return strings.Join(spans, ", ")
}

// code is a code span, also in a cell of a table.
func code(s string) string {
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		s = " " + s + " " // keeps a backtick at the edge apart
	}
	return fence + strings.ReplaceAll(s, "|", `\|`) + fence
}

// links makes Markdown text of a citation, its addresses links.
func links(s string) string {
	words := strings.Split(s, " ")
	for i, w := range words {
		if strings.HasPrefix(w, "https://") || strings.HasPrefix(w, "http://") {
			words[i] = "<" + w + ">"
		} else {
			words[i] = md(w)
		}
	}
	return strings.Join(words, " ")
}

func countFields(n int) string {
	if n == 1 {
		return "1 field"
	}
	return fmt.Sprintf("%d fields", n)
}

var markdownEscaper = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "\n", " ", "\r", " ")

// md makes Markdown text of any text: nothing in it is markup.
func md(s string) string { return markdownEscaper.Replace(s) }

// cell is md for a cell of a table.
func cell(s string) string { return strings.ReplaceAll(md(s), "|", `\|`) }

// anchor is the fragment that GitHub gives a heading.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return -1
	}, heading)
}
