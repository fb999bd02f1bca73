package schema

import (
	"fmt"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// About says on what the names and codes of a table rest: its own About, or what
// holds of its dictionary.
func About(t Table) string {
	if t.About != "" {
		return t.About
	}
	return aboutOf(t.Dictionary)
}

// aboutOf says on what the names and codes of a dictionary rest.
func aboutOf(d *dcrs.Dictionary) string {
	if d.Edition() != dcrs.Edition && !strings.HasPrefix(d.Edition(), dcrs.Edition+"+") {
		return "The names and codes are those of whoever made this dictionary. They are no national standard unless an entry says so and names its source."
	}
	about := "The names and codes are this library's own: no list of the columns or codes of the DCRS is public. " +
		"Each field, code and rule says on what it rests and names its sources; nothing here is an official specification. " +
		"A service whose headings and codes are others translates them first."
	if d.Edition() != dcrs.Edition {
		about += " What begins with local was added by whoever extended the dictionary."
	}
	return about
}

// Expects says in a few words what a filled cell of the field may hold, such as
// "a whole number from 40 to 300 (mmHg), which may be written 3 or 3.0".
func Expects(f dcrs.Field) string {
	switch f.Type {
	case dcrs.TypeID:
		alphabet := strings.ReplaceAll(f.Alphabet, "␣", "space")
		if f.MaxLength > 0 {
			return fmt.Sprintf("up to %d characters of %s", f.MaxLength, alphabet)
		}
		return "characters of " + alphabet
	case dcrs.TypeCode:
		return "one code of the list " + f.CodeList
	case dcrs.TypeCodes:
		return "one or more codes of the list " + f.CodeList + ", with semicolons between them"
	case dcrs.TypeDate:
		return "a date as yyyy-mm-dd"
	case dcrs.TypeInteger:
		return "a whole number" + within(f) + ", which may be written 3 or 3.0"
	case dcrs.TypeDecimal:
		return "a number" + within(f) + ", with or without decimals"
	case dcrs.TypeNHSNumber:
		return "an NHS number: ten digits, with or without spaces or hyphens between them"
	case dcrs.TypePostcode:
		return "a postcode, with or without its space, in capitals or not"
	case dcrs.TypeLSOA:
		return "a lower layer super output area: E01 or W01 and six digits"
	case dcrs.TypeGPPractice:
		return "a GP practice code: a capital letter and five digits"
	}
	return "a value of type " + f.Type.String()
}

func within(f dcrs.Field) string {
	s := ""
	if f.Valid != nil {
		s = fmt.Sprintf(" from %d to %d", f.Valid.Min, f.Valid.Max)
	}
	if unit := unitOf(f); unit != "" {
		s += " (" + unit + ")"
	}
	return s
}

// unitOf is the unit unless it only repeats a range, as "0-10" does.
func unitOf(f dcrs.Field) string {
	if f.Valid != nil && f.Unit == fmt.Sprintf("%d-%d", f.Valid.Min, f.Valid.Max) {
		return ""
	}
	return f.Unit
}

// presenceWords say when a field is to be filled.
func presenceWords(p dcrs.Presence) string {
	switch p {
	case dcrs.Mandatory:
		return "always filled; a blank is an error"
	case dcrs.Required:
		return "filled where known; a blank is a warning"
	case dcrs.Conditional:
		return "filled when other fields say so; see the rules that read it"
	case dcrs.Optional:
		return "filled at the service's choice"
	}
	return p.String()
}

func presenceName(p dcrs.Presence) string {
	switch p {
	case dcrs.Mandatory:
		return "mandatory"
	case dcrs.Required:
		return "required"
	case dcrs.Conditional:
		return "conditional"
	case dcrs.Optional:
		return "optional"
	}
	return p.String()
}

func basisWords(b dcrs.Basis) string {
	switch b {
	case dcrs.BasisSource:
		return "a public source shows that the item was recorded"
	case dcrs.BasisNational:
		return "a national code set gives its values"
	case dcrs.BasisOwn:
		return "the judgement of whoever made this dictionary"
	case dcrs.BasisRemembered:
		return "remembered: to be confirmed against a source"
	}
	return b.String()
}

func sensitivityWords(s dcrs.Sensitivity) string {
	switch s {
	case dcrs.NotSensitive:
		return "nothing about a person by itself"
	case dcrs.Pseudonym:
		return "a local identifier"
	case dcrs.Identifying:
		return "names a person directly"
	case dcrs.QuasiIdentifying:
		return "may name a person together with other fields"
	case dcrs.SpecialCategory:
		return "health data and other special categories"
	case dcrs.OffenceData:
		return "may reveal criminal-offence data"
	}
	return s.String()
}

// describe is what a schema says of a field for people: what a cell may hold,
// when it is filled, on what it rests.
func describe(f dcrs.Field) string {
	parts := []string{sentence(Expects(f))}
	if f.Plausible != nil && (f.Valid == nil || *f.Plausible != *f.Valid) {
		parts = append(parts, fmt.Sprintf("Outside %d to %d it is more often a slip.", f.Plausible.Min, f.Plausible.Max))
	}
	if f.Note != "" {
		parts = append(parts, sentence(f.Note))
	}
	basis := "Basis: " + f.Basis.String()
	if f.Source != "" {
		basis += " (" + f.Source + ")"
	}
	return strings.Join(append(parts, sentence(presenceName(f.Presence)+": "+presenceWords(f.Presence)), basis+"."), " ")
}

// sentence begins with a capital and ends with a full stop.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	if c := s[0]; c >= 'a' && c <= 'z' {
		s = string(rune(c-'a'+'A')) + s[1:]
	}
	if strings.ContainsRune(".:;", rune(s[len(s)-1])) {
		return s
	}
	return s + "."
}

// What a form of schema cannot say; documents list it, and so does each schema.
const (
	cannotRules    = "Rules between fields, rows and files, check digits and what is merely unusual are not part of it: the validator checks them."
	cannotSpaces   = "Spaces around a value, which the validator ignores, are refused."
	cannotIntegers = "Whole numbers are numbers here, so that 3.0 is read; that 3.5 is not whole is left to the validator."
)

func numberRange(r *dcrs.Range) string { return fmt.Sprintf("%d to %d", r.Min, r.Max) }
