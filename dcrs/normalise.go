package dcrs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ChangeKind is what [Validator.Normalise] did to a cell or a column.
type ChangeKind uint8

// The kinds of change. The first five are of cells, the others of columns.
const (
	ChangeTrimmed   ChangeKind = iota + 1 // spaces around the value taken away, and nothing else
	ChangeRewritten                       // the same value in its canonical spelling: M1 1AE for m11ae, 3 for 3.0
	ChangeMapped                          // a local spelling translated by the caller's mapping
	ChangeFilled                          // a blank filled by a look-up of the caller's
	ChangeGuarded                         // an apostrophe before what a spreadsheet would take for a formula
	ChangeRenamed                         // the heading
	ChangeAdded                           // a column that the file did not have
	ChangeMoved                           // a column at another place
	ChangeDropped                         // a column that the caller's mapping leaves out
)

var changeNames = []string{
	ChangeTrimmed: "trimmed", ChangeRewritten: "rewritten", ChangeMapped: "mapped", ChangeFilled: "filled", ChangeGuarded: "guarded",
	ChangeRenamed: "renamed", ChangeAdded: "added", ChangeMoved: "moved", ChangeDropped: "dropped",
}

// String is the name of the kind, such as "trimmed".
func (k ChangeKind) String() string { return nameOf(k, "ChangeKind", changeNames) }

// MarshalText writes the kind as its name.
func (k ChangeKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Change is how often one kind of change was made to one field.
type Change struct {
	// Field is the name of the field; of a column that the dictionary does not
	// know it is the heading, with its shape in place of what looks like data.
	Field string     `json:"field"`
	Kind  ChangeKind `json:"kind"`
	Count int        `json:"count"` // cells; 1 for a change of the column itself
}

// ChangeLog is what [Validator.Normalise] did. It holds counts and no values.
type ChangeLog struct {
	Edition     string   `json:"edition"`
	Kind        string   `json:"kind"`
	File        string   `json:"file"`
	Records     int      `json:"records"`                // rows below the header
	Written     int      `json:"written"`                // of them
	LeftOut     int      `json:"left_out"`               // of them: rows that could not be taken apart into cells
	Unread      string   `json:"unread,omitempty"`       // why no row was read, as in [Report]
	ByteOrder   bool     `json:"byte_order_mark"`        // the file began with a byte order mark; it is not written
	Delimiter   string   `json:"delimiter"`              // of the file; a comma is written
	NotUTF8     int      `json:"not_utf8"`               // bytes that are not UTF-8; they are left as they are
	FormulaLike int      `json:"formula_like,omitempty"` // cells that a spreadsheet would take for a formula; see [GuardFormulas]
	Changes     []Change `json:"changes"`                // in the order of the columns written; nil where nothing changed
}

// Count is how often a kind of change was made to a field; the empty field
// stands for all.
func (l *ChangeLog) Count(field string, kind ChangeKind) int {
	n := 0
	for _, c := range l.Changes {
		if c.Kind == kind && (field == "" || c.Field == field) {
			n += c.Count
		}
	}
	return n
}

// WriteJSON writes the log as JSON.
func (l *ChangeLog) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(l)
}

// WriteText writes the log for a person.
func (l *ChangeLog) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d of %d records written", l.File, l.Written, l.Records)
	if l.Unread != "" {
		fmt.Fprintf(&b, "; the file could not be read (%s)", l.Unread)
	}
	b.WriteByte('\n')
	if l.LeftOut > 0 {
		fmt.Fprintf(&b, "%d left out: they could not be taken apart into cells\n", l.LeftOut)
	}
	if l.ByteOrder {
		b.WriteString("the byte order mark was taken away\n")
	}
	if l.Delimiter != "," && l.Delimiter != "" {
		fmt.Fprintf(&b, "cells were separated by %s, and are by a comma now\n", delimiterNames[l.Delimiter[0]])
	}
	if l.NotUTF8 > 0 {
		fmt.Fprintf(&b, "%d bytes are not UTF-8 and were left as they are\n", l.NotUTF8)
	}
	if l.FormulaLike > 0 {
		fmt.Fprintf(&b, "%d cells could start a formula in a spreadsheet\n", l.FormulaLike)
	}
	for _, c := range l.Changes {
		fmt.Fprintf(&b, "%-28s %-10s %d\n", c.Field, c.Kind, c.Count)
	}
	if len(l.Changes) == 0 && l.Unread == "" {
		b.WriteString("no cell and no column was changed\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// NormaliseOption changes one thing about [Validator.Normalise].
type NormaliseOption func(*normaliser) error

// DictionaryOrder writes the columns in the order of the dictionary, those that it
// does not know behind them. Without it they keep their order.
func DictionaryOrder() NormaliseOption {
	return func(n *normaliser) error {
		n.ordered = true
		return nil
	}
}

// GuardFormulas puts an apostrophe before cells that a spreadsheet would take for
// a formula, and counts them. It is for a file that will be opened by hand: to
// everything else the apostrophe is part of the value. Valid values are never
// touched, so that -3 stays a number.
func GuardFormulas() NormaliseOption {
	return func(n *normaliser) error {
		n.guard = true
		return nil
	}
}

// ListChanges writes every single change to w, as CSV with the columns
//
//	row,record,line,column,field,kind,shown,before,after
//
// row and column are places in the extract that is written (row 0 is its header),
// record and line those in the file that was read. Before and after are filled,
// and shown is "yes", only for the fields that are named: they hold values of the
// extract, so this file is as confidential as the extract itself. With all fields
// named, [Revert] undoes everything. Values stand as they are: do not open the
// list in a spreadsheet.
func ListChanges(w io.Writer, showFields ...string) NormaliseOption {
	return func(n *normaliser) error {
		for _, name := range showFields {
			f, ok := n.dict.Field(name)
			if !ok {
				return &OptionError{Option: "ListChanges", Problem: fmt.Sprintf("no field is called %q", name)}
			}
			n.show.add(f.index)
		}
		n.list = newSink(w)
		n.list.buf = append(n.list.buf, changeHeader...)
		return nil
	}
}

const changeHeader = "row,record,line,column,field,kind,shown,before,after\n"

// Fill lets a look-up fill blank cells of the named fields. It is called for every
// row in which one of them is blank, and hands what it knows to offer, with the
// index of the field; offer leaves alone a cell that holds anything, even what
// cannot be read, and fields that are not named. A field without a column gets
// one. Nothing else in this package fills a cell, and each fill is counted.
//
// The option can be given several times; the first that offers a value wins.
func Fill(fields []string, fill func(row *Row, offer func(field int, value string))) NormaliseOption {
	return func(n *normaliser) error {
		var set fieldSet
		for _, name := range fields {
			f, ok := n.dict.Field(name)
			if !ok {
				return &OptionError{Option: "Fill", Problem: fmt.Sprintf("no field is called %q", name)}
			}
			set.add(f.index)
			n.fillable.add(f.index)
		}
		n.fills = append(n.fills, lookUp{fields: set, fill: fill})
		return nil
	}
}

type lookUp struct {
	fields fieldSet
	fill   func(row *Row, offer func(field int, value string))
}

// Normalise reads an extract and writes it in its canonical form: UTF-8, commas,
// LF, quotes only where RFC 4180 asks for them, the dictionary's own headings, no
// spaces around values, and values as [Row.AppendCanonical] spells them. Nothing
// is guessed and nothing is corrected: a value that cannot be read stays what it
// is. So the extract has the same findings as before, and what is canonical is
// not changed by being written again.
//
// Columns that the dictionary does not know are written as they are. Rows that
// cannot be taken apart into cells are left out and counted; [Validator.Split]
// puts them aside. That can also change what a rule of file scope says.
//
// The log counts every change of a cell or a column. Quotes that were not needed,
// blank lines and line ends are not counted. The error is w's, the reader's, the
// context's, or an [*OptionError]; the log then covers what was read until then.
func (v *Validator) Normalise(ctx context.Context, file string, r io.Reader, w io.Writer, options ...NormaliseOption) (*ChangeLog, error) {
	return v.normalise(ctx, file, r, w, nil, options)
}

// normalise is Normalise with hooks.
func (v *Validator) normalise(ctx context.Context, file string, r io.Reader, w io.Writer, h *hooks, options []NormaliseOption) (*ChangeLog, error) {
	n := &normaliser{
		dict: v.dict, out: newSink(w),
		log: &ChangeLog{Edition: v.dict.edition, Kind: v.dict.kind, File: file, Delimiter: string(v.delim)},
	}
	for _, option := range options {
		if err := option(n); err != nil {
			return nil, err
		}
	}
	quiet := *v // no rule need be asked
	quiet.levels = make([]Level, len(v.levels))
	s := &session{v: &quiet, file: file, hooks: v.hooksWith(h)}
	s.hooks.notes, s.hooks.after, s.hooks.keys, s.hooks.parents = nil, nil, nil, nil
	n.s = s
	err := s.pass(ctx, r, n.head, n.row)
	n.log.Unread, n.log.NotUTF8 = s.unread, s.encoding.count
	n.finishLog()
	if flushed := n.out.flush(); err == nil {
		err = flushed
	}
	if n.list != nil {
		if flushed := n.list.flush(); err == nil {
			err = flushed
		}
	}
	return n.log, err
}

// normaliser is one call of Normalise.
type normaliser struct {
	dict     *Dictionary
	s        *session
	out      *sink
	list     *sink // of single changes; nil unless asked for
	show     fieldSet
	ordered  bool
	guard    bool
	fills    []lookUp
	fillable fieldSet

	columns []outColumn
	filled  fieldSet          // of this row
	values  [maxFields][]byte // … what was offered
	offer   func(int, string) // made once
	asking  *lookUp           // the one that may offer
	current *Row              // … for this row
	scratch []byte            // a cell's canonical text
	guarded []byte            // … with an apostrophe
	log     *ChangeLog
}

// outColumn is a column that is written.
type outColumn struct {
	from    int // the column of the file, -1 for one that it has not
	kept    int // its place among the columns of the file that are written
	field   int // -1 for one that the dictionary does not know
	name    string
	changes [ChangeDropped + 1]int
}

// head writes the header; raw is that of the file.
func (n *normaliser) head(raw []byte, marked bool) error {
	n.log.ByteOrder = marked
	p := n.s.plan
	names := n.s.headings(raw)
	for i, f := range p.fieldOf {
		c := outColumn{from: i, kept: len(n.columns), field: f, name: p.headers[i]}
		switch {
		case f == ignoredColumn:
			n.log.Changes = append(n.log.Changes, Change{Field: c.name, Kind: ChangeDropped, Count: 1})
			n.note(-1, nil, &c, ChangeDropped, true, nil, nil)
			continue
		case f >= 0:
			c.name = n.dict.fields[f].Name
		default:
			c.field = -1
		}
		n.columns = append(n.columns, c)
	}
	for f := range n.dict.fields {
		if p.column[f] == constantColumn || p.column[f] < 0 && n.fillable.has(f) {
			n.columns = append(n.columns, outColumn{from: -1, field: f, name: n.dict.fields[f].Name})
		}
	}
	if n.ordered {
		place := func(c outColumn) int {
			if c.field < 0 {
				return maxFields
			}
			return c.field
		}
		slices.SortStableFunc(n.columns, func(a, b outColumn) int { return place(a) - place(b) })
	}
	b := n.out.buf
	place := 0 // among those of the file
	for i := range n.columns {
		c := &n.columns[i]
		if i > 0 {
			b = append(b, ',')
		}
		heading := c.name
		if c.field < 0 {
			heading = names[c.from]
		}
		b = appendHeadingCell(b, heading, i == 0)
		switch {
		case c.from < 0:
			n.column(i, ChangeAdded, nil, nil)
			continue
		case names[c.from] != heading:
			n.column(i, ChangeRenamed, []byte(names[c.from]), []byte(heading))
		}
		if c.kept != place {
			n.column(i, ChangeMoved, strconv.AppendInt(nil, int64(c.kept+1), 10), strconv.AppendInt(nil, int64(place+1), 10))
		}
		place++
	}
	n.out.buf = append(b, '\n')
	n.offer = n.take
	return n.out.full()
}

// column notes a change of a column. Its before and after are no values of rows,
// and a heading that was renamed is the name of a field but for its case, or as a
// mapping has it.
func (n *normaliser) column(i int, kind ChangeKind, before, after []byte) {
	n.columns[i].changes[kind]++
	n.note(i, nil, &n.columns[i], kind, true, before, after)
}

// appendHeadingCell writes a heading; the first with care, since a file's first
// bytes are taken for what it is.
func appendHeadingCell(b []byte, heading string, first bool) []byte {
	plain := strings.TrimSpace(heading) == heading
	for i := range len(heading) {
		c := heading[i]
		plain = plain && (c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' || c == ' ')
	}
	if plain && heading != "" && !(first && strings.HasPrefix(heading, "PK")) || heading == "" && !first {
		return append(b, heading...)
	}
	return append(append(append(b, '"'), strings.ReplaceAll(heading, `"`, `""`)...), '"')
}

// row writes one record.
func (n *normaliser) row(w *worker) error {
	r := w.row
	n.log.Records++
	if r.unread {
		n.log.LeftOut++
		return nil
	}
	n.log.Written++
	if len(n.fills) > 0 {
		if err := n.ask(r); err != nil {
			return err
		}
	}
	b := n.out.buf
	start := len(b)
	c := &r.cells
	for i := range n.columns {
		col := &n.columns[i]
		if i > 0 {
			b = append(b, ',')
		}
		var raw []byte
		if col.from >= 0 {
			if raw = c.whole(col.from); len(raw) == 0 && n.filled.empty() {
				continue // most cells
			}
		}
		text, kind := raw, ChangeKind(0)
		f := col.field
		switch {
		case f < 0:
		case n.filled.has(f):
			text, kind = n.values[f], ChangeFilled
		default:
			text, kind = n.canonical(r, f, raw)
		}
		if (f < 0 || !r.valid.has(f)) && len(text) > 0 && kind != ChangeFilled {
			if first, _ := utf8.DecodeRune(text); startsFormula(first) || first == '\t' || first == '\r' {
				n.log.FormulaLike++
				if n.guard {
					n.guarded = append(append(n.guarded[:0], '\''), text...)
					text, kind = n.guarded, ChangeGuarded
				}
			}
		}
		if kind != 0 {
			col.changes[kind]++
			if n.list != nil {
				n.note(i, r, col, kind, f >= 0 && n.show.has(f), raw, text)
			}
		}
		b = appendPlain(b, text)
	}
	if len(b) == start { // one empty cell: without quotes it would be a blank line
		b = append(b, '"', '"')
	}
	n.out.buf = append(b, '\n')
	if err := n.out.full(); err != nil {
		return err
	}
	if n.list != nil {
		return n.list.full()
	}
	return nil
}

// canonical is the text of a field as it is written, and how it differs from the
// cell.
func (n *normaliser) canonical(r *Row, f int, raw []byte) ([]byte, ChangeKind) {
	trimmed := trimSpaces(raw)
	if !r.filled.has(f) {
		if len(trimmed) > 0 {
			return nil, ChangeMapped // to nothing
		}
		if len(raw) > 0 {
			return nil, ChangeTrimmed
		}
		return nil, 0
	}
	text := trimmed
	if !r.respelt.has(f) && r.plan.column[f] >= 0 {
		switch r.plan.kernels[f].typ {
		case TypeInteger, TypeNHSNumber, TypePostcode, TypeCodes:
		default: // spelt in one way only
			if len(trimmed) != len(raw) {
				return trimmed, ChangeTrimmed
			}
			return raw, 0
		}
	}
	n.scratch = r.AppendCanonical(n.scratch[:0], f)
	text = n.scratch
	switch {
	case bytes.Equal(text, raw):
		return text, 0
	case r.plan.column[f] == constantColumn:
		return text, ChangeMapped
	case bytes.Equal(text, trimmed):
		return text, ChangeTrimmed
	case r.respelt.has(f):
		return text, ChangeMapped
	}
	return text, ChangeRewritten
}

// ask lets the look-ups fill blanks.
func (n *normaliser) ask(r *Row) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Func: "Fill", Value: v}
		}
		n.current = nil
	}()
	n.filled, n.current = fieldSet{}, r
	for i := range n.fills {
		n.asking = &n.fills[i]
		blank := n.asking.fields.without(&r.filled)
		if blank = blank.without(&n.filled); !blank.empty() {
			n.asking.fill(r, n.offer)
		}
	}
	return nil
}

// take is what a look-up calls with a value.
func (n *normaliser) take(field int, value string) {
	r := n.current
	if r == nil || uint(field) >= uint(len(n.dict.fields)) || value == "" ||
		!n.asking.fields.has(field) || r.filled.has(field) || n.filled.has(field) {
		return
	}
	n.filled.add(field)
	n.values[field] = append(n.values[field][:0], value...)
}

// note writes one change to the list; r is nil for a change of a column.
func (n *normaliser) note(column int, r *Row, c *outColumn, kind ChangeKind, shown bool, before, after []byte) {
	if n.list == nil {
		return
	}
	b := n.list.buf
	if r == nil {
		b = append(b, "0,,"...)
	} else {
		b = append(strconv.AppendInt(b, int64(n.log.Written), 10), ',')
		b = append(strconv.AppendInt(b, int64(r.Record()), 10), ',')
		b = strconv.AppendInt(b, int64(r.Line()), 10)
	}
	b = append(b, ',')
	if column >= 0 {
		b = strconv.AppendInt(b, int64(column+1), 10)
	}
	b = append(appendPlain(append(b, ','), []byte(c.name)), ',')
	b = append(append(b, kind.String()...), ',')
	if shown {
		b = append(b, "yes,"...)
		b = append(appendPlain(b, before), ',')
		b = appendPlain(b, after)
	} else {
		b = append(b, "no,,"...)
	}
	n.list.buf = append(b, '\n')
}

func (n *normaliser) finishLog() {
	for i := range n.columns {
		c := &n.columns[i]
		for k, count := range c.changes {
			if count > 0 {
				n.log.Changes = append(n.log.Changes, Change{Field: c.name, Kind: ChangeKind(k), Count: count})
			}
		}
	}
}

// headings are the headings of the file as they stand, from the bytes of its
// header: the plan keeps those that findings may repeat.
func (s *session) headings(header []byte) []string {
	c := cells{batch: append(append(make([]byte, 0, len(header)+slack), header...), 0)[:len(header)]}
	end, _, status, _ := scanQuoted(header, s.v.delim, true, nil)
	if status != quotedOK {
		if end = bytes.IndexByte(header, '\n'); end < 0 {
			end = len(header)
		}
	}
	s.headerCells(&c, 0, end, status != quotedOK)
	names := make([]string, len(s.plan.fieldOf))
	for i := range min(c.n, len(names)) {
		names[i] = string(c.whole(i))
	}
	return names
}
