package dcrs

import (
	"fmt"
	"iter"
	"slices"
	"sync"
)

// Edition names the dictionary that this version of the package carries: the
// fields, code lists and rules that a report was made with. A report without
// its edition cannot be compared with another.
const Edition = "2026.1"

// Type says how the text of a cell is read.
type Type uint8

// The types of a field.
const (
	TypeID         Type = iota + 1 // an identifier: up to MaxLength characters of Alphabet
	TypeCode                       // one code of a code list
	TypeCodes                      // several codes of a code list, separated by semicolons
	TypeDate                       // yyyy-mm-dd
	TypeInteger                    // a whole number, which may be written 3 or 3.0
	TypeDecimal                    // a number with a decimal point
	TypeNHSNumber                  // ten digits; spaces and hyphens between them are ignored
	TypePostcode                   // a postcode, with or without its space, in either case
	TypeLSOA                       // a lower layer super output area: E01 or W01 and six digits
	TypeGPPractice                 // a GP practice code: a letter and five digits
)

var typeNames = []string{
	TypeID: "id", TypeCode: "code", TypeCodes: "codes", TypeDate: "date", TypeInteger: "int", TypeDecimal: "decimal",
	TypeNHSNumber: "nhs_number", TypePostcode: "postcode", TypeLSOA: "lsoa", TypeGPPractice: "gp_practice",
}

// String is the name of the type in the dictionary's tables, such as "int" or
// "nhs_number".
func (t Type) String() string { return nameOf(t, "Type", typeNames) }

// Presence says when a field is expected to be filled.
type Presence uint8

// The kinds of presence.
const (
	Mandatory   Presence = iota + 1 // M: always; a blank is an error
	Required                        // R: where known; a blank is a warning
	Conditional                     // C: when other fields say so; see the field's note and the rules
	Optional                        // O: at the service's choice
)

var presenceNames = []string{Mandatory: "M", Required: "R", Conditional: "C", Optional: "O"}

// String is the letter of the presence: "M", "R", "C" or "O".
func (p Presence) String() string { return nameOf(p, "Presence", presenceNames) }

// Sensitivity says what a field could give away about a client. No finding
// shows the value of any field unless its name was given to [Show].
type Sensitivity uint8

// The kinds of sensitivity.
const (
	NotSensitive     Sensitivity = iota + 1
	Pseudonym                    // a local identifier
	Identifying                  // names a person directly: NHS number, date of birth, postcode
	QuasiIdentifying             // may name a person together with other fields
	SpecialCategory              // health data
	OffenceData                  // may reveal criminal-offence data
)

var sensitivityNames = []string{
	NotSensitive: "none", Pseudonym: "pseudonym", Identifying: "identifying", QuasiIdentifying: "quasi",
	SpecialCategory: "special", OffenceData: "offence",
}

// String is the name of the sensitivity in the dictionary's tables: "none",
// "pseudonym", "identifying", "quasi", "special" or "offence".
func (s Sensitivity) String() string { return nameOf(s, "Sensitivity", sensitivityNames) }

// Basis says on what an entry of the dictionary rests. No list of the DCRS's
// own columns is public, so every name here is this library's.
type Basis uint8

// The kinds of basis.
const (
	BasisSource     Basis = iota + 1 // a public source shows the item
	BasisNational                    // a national code set gives its values
	BasisOwn                         // this library's own judgement
	BasisRemembered                  // to be confirmed against a source
)

var basisNames = []string{BasisSource: "source", BasisNational: "national", BasisOwn: "own", BasisRemembered: "remembered"}

// String is "source", "national", "own" or "remembered".
func (b Basis) String() string { return nameOf(b, "Basis", basisNames) }

// Quality is how the NHS data-quality convention known as VODIM counts a code.
type Quality uint8

// The qualities of a code.
const (
	QualityValid   Quality = iota + 1
	QualityOther           // a code for "other" or "not stated"
	QualityDefault         // a filler: "not known"
)

var qualityNames = []string{QualityValid: "valid", QualityOther: "other", QualityDefault: "default"}

// String is "valid", "other" or "default".
func (q Quality) String() string { return nameOf(q, "Quality", qualityNames) }

// nameOf is the name of one of a handful of values; for a value that is none of
// them, such as the zero value, it says so.
func nameOf[T ~uint8](v T, kind string, names []string) string {
	if int(v) < len(names) && names[v] != "" {
		return names[v]
	}
	return fmt.Sprintf("%s(%d)", kind, uint8(v))
}

// Range is an inclusive range of numbers in the unit of the field.
type Range struct {
	Min, Max int64
}

// Field is one column of the extract.
type Field struct {
	Name        string // the heading: lower case with underscores
	Label       string // the name that a person reads
	Type        Type
	Unit        string // "" where the number has none
	Valid       *Range // a number outside it is an error; nil: no limit
	Plausible   *Range // a number outside it is a warning; nil: no limit
	CodeList    string // the name of the code list, for TypeCode and TypeCodes
	MaxLength   int    // in bytes, for TypeID
	Alphabet    string // the characters allowed, for TypeID
	Presence    Presence
	Sensitivity Sensitivity
	Basis       Basis
	Source      string // keys of the sources, see [Source], with what each shows where it needs saying
	Note        string

	index int
}

// Index is the field's place in its dictionary, from 0; it is what the methods
// of [Row] take.
func (f Field) Index() int { return f.index }

// clone copies what a Field points to, so that nobody can change a dictionary.
func (f Field) clone() Field {
	if f.Valid != nil {
		f.Valid = new(*f.Valid)
	}
	if f.Plausible != nil {
		f.Plausible = new(*f.Plausible)
	}
	return f
}

// Code is one entry of a code list.
type Code struct {
	Code    string
	Label   string
	Quality Quality
	Basis   Basis
	Source  string // keys of the sources, see [Source]
}

// CodeList is a named list of codes.
type CodeList struct {
	Name  string
	Codes []Code
}

// Label returns the label of a code, or "" for a code that is not in the list.
func (l CodeList) Label(code string) string {
	for _, c := range l.Codes {
		if c.Code == code {
			return c.Label
		}
	}
	return ""
}

func (l CodeList) clone() CodeList {
	l.Codes = slices.Clone(l.Codes)
	return l
}

// Dictionary describes the extract: its fields, its code lists and the rules
// that hold between them. It is immutable; what it hands out are copies.
type Dictionary struct {
	edition string
	kind    string
	fields  []Field
	lists   []CodeList
	rules   []Rule // those of the fields, those of reading a file, and own
	own     []Rule // the rest

	messages []string // of each rule, for a finding
	byName   map[string]int
	byList   map[string]int
	byRule   map[string]int

	checks    []check     // at record scope, and at field scope those that reject nothing
	rejects   []cellCheck // at field scope, asked before the range
	fileRules []fileRule
	uses      map[string]int // how often a rule is asked of a row
}

// Episodes returns the dictionary of an extract with one row for each client
// episode: one journey of one client from referral to last follow-up.
func Episodes() *Dictionary { return episodes() }

// episodes is made once: a dictionary is immutable.
var episodes = sync.OnceValue(func() *Dictionary {
	m := dictionaryMaker{d: &Dictionary{kind: "episode", edition: Edition, own: episodeRules, rejects: episodeRejects()}}
	m.add("", episodeFields[:], episodeCodeLists, episodeChecks(), episodeFileRules(), nil)
	d, err := m.finish()
	if err != nil { // a test makes it
		panic(err)
	}
	return d
})

// Edition is the edition of the dictionary, such as "2026.1".
func (d *Dictionary) Edition() string { return d.edition }

// Kind is the kind of record that a row holds, such as "episode".
func (d *Dictionary) Kind() string { return d.kind }

// Fields yields the fields in the order of the extract.
func (d *Dictionary) Fields() iter.Seq[Field] {
	return func(yield func(Field) bool) {
		for _, f := range d.fields {
			if !yield(f.clone()) {
				return
			}
		}
	}
}

// Field finds a field by its name.
func (d *Dictionary) Field(name string) (Field, bool) {
	i, ok := d.byName[name]
	if !ok {
		return Field{}, false
	}
	return d.fields[i].clone(), true
}

// CodeLists yields the code lists.
func (d *Dictionary) CodeLists() iter.Seq[CodeList] {
	return func(yield func(CodeList) bool) {
		for _, l := range d.lists {
			if !yield(l.clone()) {
				return
			}
		}
	}
}

// CodeList finds a code list by its name.
func (d *Dictionary) CodeList(name string) (CodeList, bool) {
	i, ok := d.byList[name]
	if !ok {
		return CodeList{}, false
	}
	return d.lists[i].clone(), true
}

// Rules yields the rules, the families of field rules spelt out field by field.
func (d *Dictionary) Rules() iter.Seq[Rule] { return slices.Values(d.rules) }

// Rule finds a rule by its id.
func (d *Dictionary) Rule(id string) (Rule, bool) {
	i, ok := d.byRule[id]
	if !ok {
		return Rule{}, false
	}
	return d.rules[i], true
}
