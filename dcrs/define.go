package dcrs

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/healthtrainer/healthtrainer/hte"
)

// Verdict is what a rule says of a cell or a row.
type Verdict uint8

// The verdicts.
const (
	Pass          Verdict = iota
	Fail                  // a finding
	NotApplicable         // the rule has nothing to say here, and is not counted as checked
)

// FailIf is Fail where something is wrong, otherwise Pass.
func FailIf(wrong bool) Verdict {
	if wrong {
		return Fail
	}
	return Pass
}

// Check is a rule of a dictionary with the Go function that asks it. Exactly
// one of Cell, Row, Key and Fold is set.
//
// The functions are called from as many goroutines as the validator has workers,
// so they must not write to anything that they share. They see fields by their
// index: the place in the slice that [NewDictionary] was given. One that panics
// stops the validation with a [*PanicError] that names the rule.
type Check struct {
	// Rule are the words of the rule: ID, Severity, Problem and Fix must be given.
	// Where they are empty, Scope follows from the function, Reads from the fields
	// below, and Basis is BasisOwn. Several checks can share a rule that is asked
	// once for each goal or pair of fields: all but the first then need only its ID.
	Rule

	Fields  []string // for Cell: the fields whose cells are looked at
	Need    []string // fields that must be valid; otherwise the rule is not applicable
	Clean   []string // fields that may be blank, but must not be filled with something wrong
	At      string   // the field where a finding stands; if empty, the last of Need, or of Clean
	Related []string // other fields that a finding rests on; if nil, the rest of Need and Clean

	// Rejects says that a cell that fails a Cell check counts as invalid, so that
	// no other rule reads it. Such checks are asked before the valid range.
	Rejects bool

	// Cell looks at the value of one valid cell: field scope.
	Cell func(c Cell) Verdict
	// Row looks at one row: record scope. It is asked only where the columns of
	// Need and Clean are in the file.
	Row func(r *Row) Verdict
	// Key appends to key what must not come twice in a file: file scope. Every
	// row beyond the first with the same key is a finding. A row whose key is
	// empty has none. For each row with a key [KeyBytes] are kept. Keys are
	// compared by a hash of 64 bits.
	Key func(r *Row, key []byte) []byte
	// Fold makes an empty accumulator over rows: file scope.
	Fold func() Fold
}

// KeyBytes is how much memory a Key check keeps for each row that has a key.
// Grouping them when the file ends takes up to 32 bytes more for each, and where
// findings are streamed up to 20 for each that is repeated.
const KeyBytes = 24

// Fold accumulates what a rule of file scope must know of all rows. Its memory
// is its own affair: keep a total or a few bytes for each key, not rows.
//
// Each batch of rows gets a Fold of its own; these are merged in the order of
// the file, so nothing depends on the number of workers.
type Fold interface {
	// Add takes in a row in which the fields that the check needs are valid. at is
	// the place of a finding there; r must not be kept.
	Add(r *Row, at Place)
	// Merge takes in what was folded of rows further down; later is not used again.
	Merge(later Fold)
	// Finish reports what was found, in the order in which findings shall come,
	// and returns how many things were checked. Detail is appended to the rule's
	// problem where it is not empty; it must not hold values of the extract.
	Finish(found func(at Place, detail string)) (checked int)
}

// Place is a place in the file that is being read, 16 bytes to keep.
type Place struct {
	offset       int64  // in the file
	record, line uint32 // in its batch: see session.position
}

// Before reports whether p stands before q in the file.
func (p Place) Before(q Place) bool { return p.offset < q.offset }

// Cell is one valid cell that a check looks at.
type Cell struct {
	row   *Row
	field int
}

// Field is the index of the cell's field.
func (c Cell) Field() int { return c.field }

// Text is the text of the cell, see [Row.Text].
func (c Cell) Text() []byte { return c.row.Text(c.field) }

// Date is the date of a cell of a date field, see [Row.Date].
func (c Cell) Date() hte.Date { return c.row.Date(c.field) }

// Int is the whole number of a cell of an integer field, see [Row.Int].
func (c Cell) Int() int64 {
	n, _ := c.row.Int(c.field)
	return n
}

// Thousandths is the number of a cell in thousandths, see [Row.Thousandths].
func (c Cell) Thousandths() int64 {
	n, _ := c.row.Thousandths(c.field)
	return n
}

// Code is the code of a cell of a coded field, see [Row.Code].
func (c Cell) Code() string { return c.row.Code(c.field) }

// HasCode reports whether a cell of a coded field holds a code.
func (c Cell) HasCode(code string) bool { return c.row.HasCode(c.field, code) }

// AsOf is the day that the validator takes for today.
func (c Cell) AsOf() hte.Date { return c.row.AsOf() }

// DictionaryError is one thing that is wrong with a dictionary that was to be
// made. Entry says where, such as "field pack_years".
type DictionaryError struct {
	Entry, Problem string
}

func (e *DictionaryError) Error() string { return fmt.Sprintf("dcrs: %s: %s", e.Entry, e.Problem) }

// localPrefix is how what [Dictionary.Extend] adds is called: local/ for rules
// and code lists, local_ for fields, whose names must do for a column everywhere.
const localPrefix = "local"

// lookupGroup is what the ids of the rules of package lookup begin with, which
// extends dictionaries too. No rule of this package does.
const lookupGroup = "lookup"

// NewDictionary makes a dictionary of your own: kind is what a row stands for,
// such as "quit_attempt"; edition is what reports call this state of it.
//
// The rules that follow from a field (blank, format, code, range, implausible,
// repeated-code) and those of reading a file (file/…) need not be given: every
// dictionary has them. Names of fields are lower case with digits and
// underscores. A field must have a Type and a Sensitivity; the zero Presence
// means Optional, the zero Basis BasisOwn, an empty Label the name; an
// identifier without an Alphabet may have letters, digits, points, hyphens and
// underscores. Codes of the zero Quality are valid ones.
//
// The error joins a [*DictionaryError] for everything that is wrong.
func NewDictionary(kind, edition string, fields []Field, lists []CodeList, checks []Check) (*Dictionary, error) {
	m := dictionaryMaker{d: &Dictionary{kind: kind, edition: edition}}
	m.name("dictionary", "kind", kind)
	if strings.TrimSpace(edition) == "" {
		m.wrong("dictionary", "it has no edition")
	}
	m.add("", fields, lists, nil, nil, checks)
	return m.finish()
}

// Extend makes a dictionary with fields, code lists and rules of your own behind
// those that are there. The names of the new fields begin with local_, those of
// code lists and rules with local/, so that no later edition comes in their way.
// name is added to the edition: "2026.1+bury".
//
// The index of the first new field is the number of fields that were there. The
// error joins a [*DictionaryError] for everything that is wrong.
func (d *Dictionary) Extend(name string, fields []Field, lists []CodeList, checks []Check) (*Dictionary, error) {
	m := dictionaryMaker{d: &Dictionary{
		kind: d.kind, edition: d.edition + "+" + name, fields: slices.Clone(d.fields), lists: slices.Clone(d.lists),
		checks: slices.Clone(d.checks), rejects: slices.Clone(d.rejects), fileRules: slices.Clone(d.fileRules), own: slices.Clone(d.own),
	}}
	m.name("extension", "name", name)
	m.add(localPrefix, fields, lists, nil, nil, checks)
	return m.finish()
}

// dictionaryMaker collects a dictionary and what is wrong with it.
type dictionaryMaker struct {
	d    *Dictionary
	errs []error
}

func (m *dictionaryMaker) wrong(entry, format string, args ...any) {
	m.errs = append(m.errs, &DictionaryError{Entry: entry, Problem: fmt.Sprintf(format, args...)})
}

const (
	lowerCase = "abcdefghijklmnopqrstuvwxyz"
	decimals  = "0123456789"
)

func plainName(s, extra string) bool {
	return s != "" && strings.Trim(s, lowerCase+decimals+extra) == "" && strings.IndexByte(lowerCase, s[0]) >= 0
}

func (m *dictionaryMaker) name(entry, what, name string) {
	if !plainName(name, "_-") {
		m.wrong(entry, "the %s %q is not a name of small letters, digits, hyphens and underscores", what, name)
	}
}

// add takes in fields, code lists and rules; prefix is "" or localPrefix. checks
// and files are those of this package, own those of a caller.
func (m *dictionaryMaker) add(prefix string, fields []Field, lists []CodeList, checks []check, files []fileRule, own []Check) {
	d := m.d
	fieldPrefix, slugPrefix := "", ""
	if prefix != "" {
		fieldPrefix, slugPrefix = prefix+"_", prefix+"/"
	}
	d.byList = make(map[string]int, len(d.lists)+len(lists))
	for i, l := range d.lists {
		d.byList[l.Name] = i
	}
	for _, l := range lists {
		m.list(slugPrefix, l.clone())
	}
	d.byName = make(map[string]int, len(d.fields)+len(fields))
	for i, f := range d.fields {
		d.byName[f.Name] = i
	}
	for _, f := range fields {
		m.field(fieldPrefix, f.clone())
	}
	if len(d.fields) == 0 {
		m.wrong("dictionary", "it has no fields")
	}
	if len(d.fields) > maxFields {
		m.wrong("dictionary", "it has %d fields; %d are the most", len(d.fields), maxFields)
		return
	}
	d.checks = append(d.checks, checks...)
	d.fileRules = append(d.fileRules, files...)
	for i := range own {
		m.check(slugPrefix, &own[i])
	}
}

func (m *dictionaryMaker) list(prefix string, l CodeList) {
	d := m.d
	entry := fmt.Sprintf("code list %q", l.Name)
	if name, ok := strings.CutPrefix(l.Name, prefix); !ok || !plainName(name, "_-") {
		m.wrong(entry, "its name is not %sname, in small letters, digits, hyphens and underscores", prefix)
	}
	if _, ok := d.byList[l.Name]; ok {
		m.wrong(entry, "there is another of this name")
	}
	if len(l.Codes) == 0 {
		m.wrong(entry, "it has no codes")
	}
	if len(l.Codes) > math.MaxInt16 {
		m.wrong(entry, "it has %d codes; %d are the most", len(l.Codes), math.MaxInt16)
	}
	seen := make(map[string]bool, len(l.Codes))
	for i := range l.Codes {
		c := &l.Codes[i]
		switch {
		case !utf8.ValidString(c.Code):
			m.wrong(entry, "code %d is not UTF-8", i+1)
		case c.Code == "" || strings.Trim(c.Code, " ") != c.Code || strings.ContainsFunc(c.Code, func(r rune) bool { return r < ' ' || r == 0x7f }):
			m.wrong(entry, "code %d is empty, or has spaces around it, or control characters", i+1)
		case seen[c.Code]:
			m.wrong(entry, "the code %q stands twice", c.Code)
		}
		seen[c.Code] = true
		if c.Quality == 0 {
			c.Quality = QualityValid
		}
		if c.Basis == 0 {
			c.Basis = BasisOwn
		}
	}
	d.byList[l.Name] = len(d.lists)
	d.lists = append(d.lists, l)
}

func (m *dictionaryMaker) field(prefix string, f Field) {
	d := m.d
	entry := fmt.Sprintf("field %q", f.Name)
	if name, ok := strings.CutPrefix(f.Name, prefix); !ok || !plainName(name, "_") {
		m.wrong(entry, "its name is not %sname, in small letters, digits and underscores", prefix)
	}
	if _, ok := d.byName[f.Name]; ok {
		m.wrong(entry, "there is another of this name")
	}
	if f.Label == "" {
		f.Label = f.Name
	}
	if f.Presence == 0 {
		f.Presence = Optional
	}
	if f.Basis == 0 {
		f.Basis = BasisOwn
	}
	if f.Type == 0 || int(f.Type) >= len(typeNames) {
		m.wrong(entry, "it has no type")
	}
	if f.Sensitivity == 0 || int(f.Sensitivity) >= len(sensitivityNames) {
		m.wrong(entry, "it does not say how sensitive it is")
	}
	if int(f.Presence) >= len(presenceNames) || int(f.Basis) >= len(basisNames) {
		m.wrong(entry, "its presence or basis is none that there is")
	}
	if coded := f.Type == TypeCode || f.Type == TypeCodes; coded {
		i, ok := d.byList[f.CodeList]
		switch {
		case !ok:
			m.wrong(entry, "there is no code list %q", f.CodeList)
		case f.Type == TypeCodes && len(d.lists[i].Codes) > 64:
			m.wrong(entry, "a field with several codes can have a list of 64 codes at most; %q has %d", f.CodeList, len(d.lists[i].Codes))
		case f.Type == TypeCodes && slices.ContainsFunc(d.lists[i].Codes, func(c Code) bool { return strings.Contains(c.Code, ";") }):
			m.wrong(entry, "a code of the list %q holds a semicolon, which stands between codes", f.CodeList)
		}
	} else if f.CodeList != "" {
		m.wrong(entry, "it names a code list, but is none of TypeCode and TypeCodes")
	}
	if f.Type == TypeID {
		if f.Alphabet == "" {
			f.Alphabet = idAlphabet
		}
		if f.MaxLength <= 0 {
			m.wrong(entry, "it does not say how long an identifier may be")
		}
	}
	for _, r := range []*Range{f.Valid, f.Plausible} {
		switch most := int64(999_999_999); {
		case r == nil:
		case f.Type != TypeInteger && f.Type != TypeDecimal:
			m.wrong(entry, "only numbers have ranges")
		case r.Min > r.Max:
			m.wrong(entry, "the range %d to %d holds no number", r.Min, r.Max)
		case r.Min < -most || r.Max > most:
			m.wrong(entry, "a range must lie between -%d and %d", most, most)
		}
	}
	f.index = len(d.fields)
	d.byName[f.Name] = f.index
	d.fields = append(d.fields, f)
}

// check takes in a check of a caller.
func (m *dictionaryMaker) check(prefix string, c *Check) {
	d := m.d
	entry := fmt.Sprintf("rule %q", c.ID)
	rule := c.Rule
	first := slices.IndexFunc(d.own, func(r Rule) bool { return r.ID == c.ID })
	if first >= 0 && rule == (Rule{ID: c.ID}) {
		rule = d.own[first]
	}
	group, name, _ := strings.Cut(c.ID, "/")
	if !strings.HasPrefix(c.ID, prefix) && group != lookupGroup || !plainName(group, "_-") || !plainName(name, "_-") {
		m.wrong(entry, "its id is not %s, in small letters, digits, hyphens and underscores", map[bool]string{true: "group/name", false: prefix + "name"}[prefix == ""])
	}
	if group == "file" {
		m.wrong(entry, "rules called file/… are those of reading a file")
	}
	if rule.Severity == Off || int(rule.Severity) >= len(levelNames) {
		m.wrong(entry, "its severity is none of Info, Warning and Error")
	}
	if rule.Problem == "" || rule.Fix == "" {
		m.wrong(entry, "it does not say what is wrong, or how to mend it")
	}
	indexes := func(what string, names []string) (out []int) {
		for _, n := range names {
			f, ok := d.byName[n]
			if !ok {
				m.wrong(entry, "%s names the field %q, which there is not", what, n)
				continue
			}
			out = append(out, f)
		}
		return out
	}
	cells := indexes("Fields", c.Fields)
	need, clean, related := indexes("Need", c.Need), indexes("Clean", c.Clean), indexes("Related", c.Related)
	at := -1
	switch {
	case c.At != "":
		if f := indexes("At", []string{c.At}); len(f) > 0 {
			at = f[0]
		}
	case len(need) > 0:
		at = need[len(need)-1]
	case len(clean) > 0:
		at = clean[len(clean)-1]
	}
	if c.Related == nil {
		for _, f := range slices.Concat(need, clean) {
			if f != at {
				related = append(related, f)
			}
		}
	}
	if rule.Reads == "" {
		rule.Reads = strings.Join(slices.Concat(c.Fields, c.Need, c.Clean), " ")
	}
	if rule.Basis == 0 {
		rule.Basis = BasisOwn
	}
	functions := 0
	scope := ScopeFile
	for _, f := range []struct {
		set   bool
		scope Scope
		per   string
	}{{c.Cell != nil, ScopeField, "cell"}, {c.Row != nil, ScopeRecord, "row"}, {c.Key != nil, ScopeFile, "later row"}, {c.Fold != nil, ScopeFile, "file"}} {
		if f.set {
			functions++
			scope = f.scope
			if rule.Per == "" {
				rule.Per = f.per
			}
		}
	}
	if functions != 1 {
		m.wrong(entry, "it has %d functions; there must be one of Cell, Row, Key and Fold", functions)
	}
	if rule.Scope == 0 {
		rule.Scope = scope
	}
	if rule.Scope != scope {
		m.wrong(entry, "its scope is %s, that of its function %s", rule.Scope, scope)
	}
	switch {
	case c.Cell != nil:
		if len(cells) == 0 || len(need)+len(clean) > 0 || c.At != "" {
			m.wrong(entry, "a check of cells says in Fields which, and has no Need, Clean or At")
		}
	case len(cells) > 0 || c.Rejects:
		m.wrong(entry, "Fields and Rejects are for checks of cells")
	case at < 0:
		m.wrong(entry, "it does not say at which field a finding stands")
	}
	switch {
	case first < 0:
		d.own = append(d.own, rule)
	case rule != d.own[first]:
		m.wrong(entry, "another check has other words for it")
	}
	switch {
	case c.Cell != nil && c.Rejects:
		for _, f := range cells {
			d.rejects = append(d.rejects, cellCheck{rule: c.ID, field: f, judge: c.Cell})
		}
	case c.Cell != nil:
		for _, f := range cells {
			judge := c.Cell
			d.checks = append(d.checks, check{
				rule: c.ID, need: []int{f}, at: f, related: related,
				judge: func(r *Row) Verdict { return judge(Cell{row: r, field: f}) },
			})
		}
	case c.Row != nil:
		d.checks = append(d.checks, check{rule: c.ID, need: need, clean: clean, at: at, related: related, judge: c.Row})
	case c.Key != nil, c.Fold != nil:
		d.fileRules = append(d.fileRules, fileRule{rule: c.ID, columns: slices.Concat(need, clean), need: need, clean: clean, at: at, key: c.Key, fold: c.Fold})
	}
}

// finish spells out the rules and gives the dictionary, or everything that is
// wrong with it.
func (m *dictionaryMaker) finish() (*Dictionary, error) {
	d := m.d
	if len(m.errs) > 0 {
		return nil, errors.Join(m.errs...)
	}
	d.rules = append(expandRules(d.fields), d.own...)
	d.byRule = make(map[string]int, len(d.rules))
	for i, r := range d.rules {
		if _, ok := d.byRule[r.ID]; ok {
			m.wrong(fmt.Sprintf("rule %q", r.ID), "there is another of this id")
		}
		d.byRule[r.ID] = i
	}
	d.messages = make([]string, len(d.rules))
	for i := range d.rules {
		d.messages[i] = d.message(&d.rules[i])
	}
	d.uses = make(map[string]int)
	for _, c := range d.checks {
		if !c.more {
			d.uses[c.rule]++
		}
	}
	for _, c := range d.rejects {
		d.uses[c.rule]++
	}
	for _, ids := range [][]string{ruleIDs(d.checks, func(c check) string { return c.rule }), ruleIDs(d.rejects, func(c cellCheck) string { return c.rule }), ruleIDs(d.fileRules, func(r fileRule) string { return r.rule })} {
		for _, id := range ids {
			if _, ok := d.byRule[id]; !ok {
				m.wrong(fmt.Sprintf("rule %q", id), "a check asks it, and there is no such rule")
			}
		}
	}
	if len(m.errs) > 0 {
		return nil, errors.Join(m.errs...)
	}
	return d, nil
}

func ruleIDs[T any](list []T, id func(T) string) (out []string) {
	for _, c := range list {
		out = append(out, id(c))
	}
	return out
}
