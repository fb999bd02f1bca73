package schema

import (
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// document is what both forms of the data dictionary show.
type document struct {
	About   string // where it is the same for every table; otherwise each says its own
	Tables  []section
	Lists   []listSection
	Sources []source
	Forms   []form
}

type section struct {
	*table
	Rows     []fieldRow
	Families []family
	Groups   []ruleGroup
}

type fieldRow struct {
	dcrs.Field
	Number   int
	Expects  string
	Unlikely string      // outside what a number is more often a slip
	Key      bool        // it is of the key of its table
	Families []string    // of the rules of the field alone
	Rules    []dcrs.Rule // that read it with others, or have an id of their own
}

// family is a rule that every field of a kind has: weight_kg_pre/range and the
// like of all fields, as FIELD/range.
type family struct {
	dcrs.Rule
	Name   string
	Every  bool // every field has it
	Levels string
	Fields []string
}

// ruleGroup is the rules whose ids begin alike.
type ruleGroup struct {
	Name  string
	Rules []dcrs.Rule
}

type listSection struct {
	dcrs.CodeList
	Fields []string // that draw on it, in the order of the tables
}

type source struct{ Key, Citation string }

// form is a schema that this package writes, and how far it goes.
type form struct{ Name, Says, Cannot string }

var forms = []form{
	{
		"JSON Schema 2020-12 of a row of strings", "Blank, format, code and range of every field, exactly as the validator has them.",
		"Rules between fields, rows and files, and check digits.",
	},
	{
		"Frictionless Table Schema and Data Package, version 1", "Mandatory fields, types, code lists, ranges and patterns; the key of a table.",
		"The same; that a number is whole (3.5 passes). Spaces around a value, which the validator ignores, are refused. Some readers take 1e2 for a number.",
	},
	{
		"CSVW (W3C metadata for CSV)", "Mandatory fields, types, code lists, ranges and patterns; lists of codes as lists; the key of a table.",
		"The same; that a number is whole (3.5 passes); nothing between two semicolons. The columns must stand in the order of the dictionary.",
	},
	{
		"SQL for PostgreSQL and DuckDB", "NOT NULL, types and named checks on blank, format, code and range; the key of a table; labels of codes as a table.",
		"The same. Dates and numbers are read by the database before a check sees them, which reads a few more texts than the validator (1e2), and refuses a cell of nothing but spaces in a column of theirs.",
	},
	{
		"Excel template", "Drop-down lists, text cells that keep leading zeros, date cells, ranges; notes on every heading.",
		"The same. A cell that is pasted into is not checked by Excel, and lists of several codes are not checked at all.",
	},
}

func newDocument(tables []*table) document {
	d := document{Forms: forms, About: tables[0].About}
	if slices.ContainsFunc(tables, func(t *table) bool { return t.About != d.About }) {
		d.About = ""
	}
	seen := map[string]bool{}
	cite := func(text string) {
		for _, part := range splitSource(text) {
			if part.Citation != "" && !seen[part.Key] {
				seen[part.Key] = true
				d.Sources = append(d.Sources, source{part.Key, part.Citation})
			}
		}
	}
	for _, t := range tables {
		s := section{table: t}
		own := map[string][]string{}        // field: its families
		reading := map[string][]dcrs.Rule{} // field: the other rules that read it
		for _, r := range t.rules {
			cite(r.Source)
			field, name, _ := strings.Cut(r.ID, "/")
			if _, ok := t.Dictionary.Field(field); ok && r.Scope == dcrs.ScopeField {
				own[field] = append(own[field], name)
				s.addToFamily(name, field, r)
				continue
			}
			for _, f := range fieldsRead(t, r) {
				reading[f] = append(reading[f], r)
			}
			if i := slices.IndexFunc(s.Groups, func(g ruleGroup) bool { return g.Name == field }); i >= 0 {
				s.Groups[i].Rules = append(s.Groups[i].Rules, r)
			} else {
				s.Groups = append(s.Groups, ruleGroup{field, []dcrs.Rule{r}})
			}
		}
		for i := range s.Families {
			s.Families[i].finish(t)
		}
		for i, f := range t.fields {
			cite(f.Source)
			row := fieldRow{
				Field: f, Number: i + 1, Expects: sentence(Expects(f)), Key: slices.Contains(t.Key, f.Name),
				Families: own[f.Name], Rules: reading[f.Name],
			}
			if f.Plausible != nil && (f.Valid == nil || *f.Valid != *f.Plausible) {
				row.Unlikely = numberRange(f.Plausible)
			}
			s.Rows = append(s.Rows, row)
		}
		d.Tables = append(d.Tables, s)
	}
	for _, l := range codeLists(tables) {
		ls := listSection{CodeList: l}
		for _, t := range tables {
			for _, f := range t.fields {
				if f.CodeList == l.Name && !slices.Contains(ls.Fields, f.Name) {
					ls.Fields = append(ls.Fields, f.Name)
				}
			}
		}
		for _, c := range l.Codes {
			cite(c.Source)
		}
		d.Lists = append(d.Lists, ls)
	}
	slices.SortFunc(d.Sources, func(a, b source) int { return strings.Compare(a.Key, b.Key) })
	return d
}

// addToFamily counts a field rule to the family of that name and wording.
func (s *section) addToFamily(name, field string, r dcrs.Rule) {
	i := slices.IndexFunc(s.Families, func(f family) bool {
		return f.Name == name && f.Problem == r.Problem && f.Fix == r.Fix && f.When == r.When && f.Note == r.Note
	})
	if i < 0 {
		i = len(s.Families)
		s.Families = append(s.Families, family{Rule: r, Name: name})
	}
	s.Families[i].Fields = append(s.Families[i].Fields, field)
}

// finish says how severe a family is, where its rules differ, and whether every
// field has it.
func (f *family) finish(t *table) {
	f.Every = len(f.Fields) == len(t.fields)
	byLevel := map[dcrs.Level][]string{}
	for _, field := range f.Fields {
		r, _ := t.Dictionary.Rule(field + "/" + f.Name)
		of, _ := t.Dictionary.Field(field)
		if p := presenceName(of.Presence); !slices.Contains(byLevel[r.Severity], p) {
			byLevel[r.Severity] = append(byLevel[r.Severity], p)
		}
	}
	f.Levels = f.Severity.String()
	if len(byLevel) == 1 {
		return
	}
	var parts []string
	for _, l := range []dcrs.Level{dcrs.Error, dcrs.Warning, dcrs.Info} {
		if len(byLevel[l]) > 0 {
			parts = append(parts, l.String()+" for "+strings.Join(byLevel[l], ", ")+" fields")
		}
	}
	f.Levels = strings.Join(parts, "; ")
}

// severityWords is the severity of a rule, with how its findings differ.
func severityWords(r dcrs.Rule) string {
	if r.Severities != "" {
		return r.Severities
	}
	return r.Severity.String()
}

// fieldsRead are the fields that a rule names, each once.
func fieldsRead(t *table, r dcrs.Rule) (names []string) {
	for _, word := range strings.FieldsFunc(r.Reads, func(c rune) bool {
		return c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9')
	}) {
		if _, ok := t.Dictionary.Field(word); ok && !slices.Contains(names, word) {
			names = append(names, word)
		}
	}
	return names
}

// splitSource cuts "JECH; codes UKC" into keys and what stands between them; a
// key has its citation.
func splitSource(s string) (parts []source) {
	plain := 0
	flush := func(to int) {
		if to > plain {
			parts = append(parts, source{Key: s[plain:to]})
		}
	}
	for i := 0; i < len(s); {
		if !isKeyByte(s[i]) {
			i++
			continue
		}
		end := i
		for end < len(s) && isKeyByte(s[end]) {
			end++
		}
		if citation, ok := dcrs.Source(s[i:end]); ok {
			flush(i)
			parts = append(parts, source{s[i:end], citation})
			plain = end
		}
		i = end
	}
	flush(len(s))
	return parts
}

func isKeyByte(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-'
}
