package dcrs

import (
	"context"
	"errors"
	"io"
	"iter"
	"maps"
	"slices"
)

// hooks are what other parts of this package add to one reading of a file: a
// mapping of local headings and spellings, findings of their own, keys of
// another file.
type hooks struct {
	// field finds the field of a heading, which has no spaces around it and its
	// capitals as in the file; ignoredColumn for a column that shall be neither
	// read nor reported. nil: headings are the names of the fields.
	field func(heading string) (field int, ok bool)
	// mapped are the headings that fields are to have, where a mapping gives them one.
	mapped map[int]string
	// convert appends the canonical spelling of a cell of a field to dst, or
	// nothing where the cell says nothing; false where the cell shall be read as it
	// stands. Several workers may call it at once.
	convert map[int]func(dst, cell []byte) ([]byte, bool)
	// encoding is that of a file without a byte order mark.
	encoding Encoding
	// constants are values of fields that have no column, the same in every row.
	constants map[int]string
	// notes are findings of the file, raised behind those of the header; after
	// makes those that need the number of cells converted to something, raised behind
	// the rows.
	notes []note
	after func(converted func(field int) int) []note

	keys    *keySet            // takes in the keys of the rows
	parents map[string]*keySet // of other files, for [Row.parent]
}

// note is a finding of a whole file that is not found by a rule's own function.
type note struct {
	rule   string // of the dictionary
	level  Level  // Off: the rule's own
	field  string // name or heading, or ""
	detail string // behind the rule's problem, or ""
	pos    Position
}

// validate is [Validator.Validate] with hooks.
func (v *Validator) validate(ctx context.Context, file string, r io.Reader, each func(Finding) error, h *hooks) (*Report, error) {
	s := &session{v: v, file: file, each: each, hooks: v.hooksWith(h)}
	err := s.run(ctx, r)
	return s.report(err != nil), err
}

// rowsWith is [Validator.Rows] with hooks; notes and keys are left aside.
func (v *Validator) rowsWith(ctx context.Context, file string, r io.Reader, h *hooks) iter.Seq2[*Row, error] {
	return func(yield func(*Row, error) bool) {
		s := &session{v: v, file: file, hooks: v.hooksWith(h)}
		s.hooks.notes, s.hooks.after, s.hooks.keys = nil, nil, nil
		stopped := errors.New("stopped")
		err := s.rows(ctx, r, func(row *Row) error {
			if !yield(row, nil) {
				return stopped
			}
			return nil
		})
		if err != nil && err != stopped {
			yield(nil, err)
		}
	}
}

// raise hands on notes.
func (s *session) raise(notes []note) error {
	for _, n := range notes {
		rule, ok := s.v.dict.byRule[n.rule]
		if !ok {
			return &OptionError{Option: "note", Problem: "no rule is called " + n.rule}
		}
		s.tally.rules[rule].checked++
		if s.v.levels[rule] == Off {
			continue
		}
		p := plan{v: s.v}
		n.pos.File = s.file
		f := p.fileFinding(rule, n.pos, n.field, n.detail)
		if n.level != Off && !s.v.changed[rule] {
			f.Severity = n.level
		}
		if err := s.emitCounted(rule, f); err != nil {
			return err
		}
	}
	return nil
}

// constant is a field with one value for all rows.
type constant struct {
	field  int
	text   []byte
	value  int64
	places uint8
	tally  fieldTally // what one row adds
}

// readConstants reads the values of fields without a column.
func (p *plan) readConstants() error {
	for _, f := range slices.Sorted(maps.Keys(p.hooks.constants)) {
		if p.column[f] != constantColumn {
			continue // the file has the column
		}
		text := trimSpaces([]byte(p.hooks.constants[f]))
		name := p.v.dict.fields[f].Name
		if len(text) == 0 {
			return &OptionError{Option: "constant " + name, Problem: "it is blank"}
		}
		out := result{tally: newTally(len(p.v.dict.rules)), kept: make([]uint16, len(p.v.dict.rules))}
		w := worker{plan: p, keepAll: true, out: &out, row: &Row{plan: p, values: new(fieldValues), tally: &out.tally}}
		out.tally.fields[f].filled = 1
		k := p.kernels[f] // without its converter
		w.readField(&k, text)
		if !w.row.valid.has(f) {
			return &OptionError{Option: "constant " + name, Problem: "the value is not " + formatWords(&p.v.dict.fields[f]) + ", or out of its range"}
		}
		p.constants = append(p.constants, constant{field: f, text: text, value: w.row.value(f), places: w.row.places(f), tally: out.tally.fields[f]})
		p.constantFilled.add(f)
		p.constantValid.add(f)
	}
	return nil
}

// constantText is the text of a field that has one value for all rows.
func (p *plan) constantText(field int) []byte {
	for i := range p.constants {
		if c := &p.constants[i]; c.field == field {
			return c.text
		}
	}
	return nil
}

// cells are the counts of a field's cells among those of a tally, with the cells
// that a constant stands for.
func (s *session) cells(f int, of *tally) fieldTally {
	t := of.fields[f]
	if s.plan == nil {
		return t
	}
	for i := range s.plan.constants {
		if c := &s.plan.constants[i]; c.field == f {
			t = c.tally
			t.filled *= of.read
			t.other *= of.read
			t.def *= of.read
			t.badCheck *= of.read
		}
	}
	return t
}
