package export

import (
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// Record is a row of a file, kept: a [dcrs.Row] is valid only until the next.
type Record struct {
	kind  string
	cells cells    // what is valid, as the dictionary would have it written
	wrong []string // the fields that are filled with something that is not valid
}

// Keep keeps a row of a file of the dictionary.
func Keep(d *dcrs.Dictionary, r *dcrs.Row) Record {
	k := Record{kind: d.Kind(), cells: make(cells)}
	for f := range d.Fields() {
		switch i := f.Index(); {
		case !r.Filled(i):
		case !r.Valid(i):
			k.wrong = append(k.wrong, f.Name)
		case f.Type == dcrs.TypeDate:
			k.cells[f.Name] = r.Date(i).String()
		default:
			k.cells[f.Name] = string(r.AppendCanonical(nil, i))
		}
	}
	return k
}

// Kind is the kind of record, as [dcrs.Dictionary.Kind] names it.
func (r Record) Kind() string { return r.kind }

// Episode is the reference of the episode that the row is of, "" where it is not
// valid: such a row belongs to no journey, and whoever reads the files has to say so.
func (r Record) Episode() hte.Ref { return hte.Ref(r.cells["episode_id"]) }

// date is the date of a field, none where there is none.
func (r *Record) date(field string) hte.Date {
	d, _ := hte.ParseDate(r.cells[field])
	return d
}

// number is the number of a field.
func (r *Record) number(field string) (wellbeing.Value, bool) {
	text, ok := r.cells[field]
	if !ok {
		return wellbeing.Value{}, false
	}
	v, err := wellbeing.ParseValue(text)
	return v, err == nil
}

// whole is the whole number of a field.
func (r *Record) whole(field string) (int, bool) {
	v, ok := r.number(field)
	n, whole := v.Int64()
	return int(n), ok && whole
}

// codes are the codes of a field that can hold several, in the order of the row.
func (r *Record) codes(field string) []string { return codes(r.cells[field]) }

func codes(cell string) []string {
	if cell == "" {
		return nil
	}
	return strings.Split(cell, ";")
}

// same reports whether two cells say the same: sets in any order, all else letter
// for letter.
func same(a, b string) bool {
	if a == b {
		return true
	}
	if !strings.Contains(a, ";") || len(a) != len(b) {
		return false
	}
	x, y := codes(a), codes(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}
