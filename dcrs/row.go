package dcrs

import (
	"bytes"
	"iter"
	"math/bits"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/healthtrainer/healthtrainer/hte"
)

// maxFields is how many fields a dictionary can have; it fixes the size of the
// bit sets below, so that a rule can ask about many fields in two instructions.
const maxFields = 128

// fieldSet is a set of fields.
type fieldSet [maxFields / 64]uint64

func (s *fieldSet) add(f int)      { s[f>>6] |= 1 << (f & 63) }
func (s *fieldSet) remove(f int)   { s[f>>6] &^= 1 << (f & 63) }
func (s *fieldSet) has(f int) bool { return s[f>>6]>>(f&63)&1 != 0 }

func (s *fieldSet) len() int { return bits.OnesCount64(s[0]) + bits.OnesCount64(s[1]) }

func (s *fieldSet) empty() bool { return s[0]|s[1] == 0 }

// hasAll reports whether every field of t is in s.
func (s *fieldSet) hasAll(t *fieldSet) bool {
	return t[0]&^s[0]|t[1]&^s[1] == 0
}

// hasAny reports whether a field of t is in s.
func (s *fieldSet) hasAny(t *fieldSet) bool {
	return t[0]&s[0]|t[1]&s[1] != 0
}

// without is the fields of s that are not in t.
func (s *fieldSet) without(t *fieldSet) fieldSet {
	return fieldSet{s[0] &^ t[0], s[1] &^ t[1]}
}

func (s *fieldSet) and(t *fieldSet) fieldSet {
	return fieldSet{s[0] & t[0], s[1] & t[1]}
}

// all yields the fields in order.
func (s *fieldSet) all(yield func(int) bool) {
	for w := range s {
		for m := s[w]; m != 0; m &= m - 1 {
			if !yield(w<<6 + bits.TrailingZeros64(m)) {
				return
			}
		}
	}
}

// last is the field with the highest index, or -1.
func (s *fieldSet) last() int {
	for w := len(s) - 1; w >= 0; w-- {
		if s[w] != 0 {
			return w<<6 + 63 - bits.LeadingZeros64(s[w])
		}
	}
	return -1
}

func fieldsOf(fields ...int) (s fieldSet) {
	for _, f := range fields {
		s.add(f)
	}
	return s
}

// Row is one row of an extract with its values read once. The methods take the
// index of a field, see [Field.Index]; for a field outside the dictionary they
// answer as for a blank one. A Row, and every byte slice that it hands out, is
// valid until the next row is asked for.
type Row struct {
	plan  *plan
	cells cells

	// filled holds the fields with something in their cell, valid those of them
	// that could be read, are in their code list and in their valid range. What
	// is in filled and not in valid is wrong, and no other rule reads it.
	filled, valid fieldSet

	values *fieldValues // of the rows of its block
	slot   int          // which of them it is

	// Where a mapping respells cells: the fields so respelt, and their texts.
	respelt   fieldSet
	converted []byte
	spelling  []span // by field

	unread bool

	// What a rule that has just failed says beyond its place in the table: the
	// field where the finding stands, and the other fields that it rests on.
	at      int
	related fieldSet
	lesser  bool // the finding has the lesser of the severities of its rule

	// The row's episode, once a rule has looked it up, and its place in the set of
	// episodes plus one while a rule rests on it.
	toEpisode link
	linked    bool
	beside    uint32
	form      *answers // what was made of the answers to an instrument

	worst    Level
	warned   bool // a finding is a warning
	findings []rawFinding
	file     string

	// Where the row stands, see rawFinding, and where it is counted: in the tally
	// of its batch, or of its group there.
	kind         frameKind
	end          uint32
	inBatch      uint32
	linesInBatch uint32
	tally        *tally
}

// fieldValues are the values of up to blockRows rows, field by field: reading a
// column then writes to one place after the other.
type fieldValues struct {
	// number holds, for a valid field: a date's ordinal, the number of a code in
	// its list, a set of such numbers, a whole number, a decimal in units of
	// 10^-9, an NHS number, a postcode as packPostcode makes it; for an identifier,
	// more than 0 only where it is known to hold a capital.
	number [maxFields][blockRows]int64
	// places are the decimal places that a decimal was written with; or what is
	// known of an NHS number, a postcode or an area.
	places [maxFields][blockRows]uint8
	latest [blockRows]int64 // no date of the row is later
}

func (r *Row) value(field int) int64 {
	return r.values.number[field&(maxFields-1)][r.slot&(blockRows-1)]
}

func (r *Row) places(field int) uint8 {
	return r.values.places[field&(maxFields-1)][r.slot&(blockRows-1)]
}

func (r *Row) setValue(field int, value int64) {
	r.values.number[field&(maxFields-1)][r.slot&(blockRows-1)] = value
}

func (r *Row) setPlaces(field int, places uint8) {
	r.values.places[field&(maxFields-1)][r.slot&(blockRows-1)] = places
}

func (r *Row) noteDate(day int64) {
	latest := &r.values.latest[r.slot&(blockRows-1)]
	*latest = max(*latest, day)
}

// What Row.places says of an NHS number.
const (
	numberGood   = 1 << iota // its check digit is right
	numberFiller             // it is one that people type to get past a form
	numberTest               // it is in the 999 range
)

// What it says of a postcode and of an area, beside 0.
const (
	postcodePseudo  = 1 // it begins with ZZ99
	postcodeNoAbode = 2 // it is ZZ99 3VZ

	lsoaEnglish = 0
	lsoaWelsh   = 1
)

// span is a piece of a text.
type span struct{ start, end uint32 }

// AsOf is the day that the validator takes for today.
func (r *Row) AsOf() hte.Date { return r.plan.v.asOf }

// FailAt is [Fail] for a check whose finding stands at another field than its
// At, or rests on other fields than its Related; without any it rests on those.
func (r *Row) FailAt(field int, related ...int) Verdict {
	if uint(field) < uint(len(r.plan.v.dict.fields)) {
		r.at = field
	}
	for _, f := range related {
		if uint(f) < uint(len(r.plan.v.dict.fields)) {
			r.related.add(f)
		}
	}
	return Fail
}

// Record is the number of the row: 1 is the first below the header.
func (r *Row) Record() int { return r.cells.record }

// Line is the line of the file on which the row begins, from 1.
func (r *Row) Line() int { return r.cells.line }

// Unread reports whether the row could not be taken apart into cells: it has
// too many or too few of them, a stray quote, or is too long. Its fields are
// then blank.
func (r *Row) Unread() bool { return r.unread }

// Filled reports whether the field's cell holds anything but spaces.
func (r *Row) Filled(field int) bool {
	return uint(field) < maxFields && r.filled.has(field)
}

// Valid reports whether the field is filled, readable as its type, in its code
// list and within its valid range.
func (r *Row) Valid(field int) bool {
	return uint(field) < maxFields && r.valid.has(field)
}

// Cell is the text of the field as it stands in the file, without the quotes and
// without spaces around it; empty where the cell is blank or the column absent.
func (r *Row) Cell(field int) []byte {
	if uint(field) >= maxFields || r.unread {
		return nil
	}
	if column := r.plan.column[field]; column >= 0 {
		return r.cells.text(column)
	}
	return nil
}

// Text is the text of the field that the rules read: that of [Row.Cell], unless
// a mapping respells it, or gives the field a value of its own.
func (r *Row) Text(field int) []byte {
	if !r.Filled(field) {
		return nil
	}
	if r.respelt.has(field) {
		s := r.spelling[field]
		return trimSpaces(r.converted[s.start:s.end])
	}
	column := r.plan.column[field]
	if column >= 0 {
		return r.cells.text(column)
	}
	return r.plan.constantText(field)
}

// AppendCanonical appends the field as the dictionary would have it written:
// dates as yyyy-mm-dd, whole numbers without leading zeros or decimal places,
// decimals as they stand, NHS numbers as ten digits, postcodes in capitals with
// their space, codes separated by semicolons alone. A value that is not valid is
// appended as it stands, see [Row.Text]; a blank one not at all.
func (r *Row) AppendCanonical(dst []byte, field int) []byte {
	text := r.Text(field)
	if !r.Valid(field) {
		return append(dst, text...)
	}
	n := r.value(field)
	switch r.plan.kernels[field].typ {
	case TypeInteger:
		if n >= tooLarge || n <= -tooLarge {
			break // not the number itself
		}
		return strconv.AppendInt(dst, n, 10)
	case TypeNHSNumber:
		for _, c := range text {
			if c >= '0' && c <= '9' {
				dst = append(dst, c)
			}
		}
		return dst
	case TypePostcode:
		start := len(dst)
		for _, c := range text {
			if c >= 'a' && c <= 'z' {
				c -= 'a' - 'A'
			}
			if c != ' ' {
				dst = append(dst, c)
			}
		}
		if len(dst)-start > 3 {
			dst = append(dst, 0)
			inward := dst[len(dst)-4:]
			copy(inward[1:], inward[:3])
			inward[0] = ' '
		}
		return dst
	case TypeCodes:
		for i := 0; ; i++ {
			code, rest, more := bytes.Cut(text, []byte{';'})
			if i > 0 {
				dst = append(dst, ';')
			}
			dst = append(dst, trimSpaces(code)...)
			if !more {
				return dst
			}
			text = rest
		}
	}
	return append(dst, text...)
}

// Date is the date of a date field, the zero Date unless the field is valid.
func (r *Row) Date(field int) hte.Date {
	if !r.is(field, TypeDate) {
		return hte.Date{}
	}
	return hte.FromOrdinal(int(r.value(field)))
}

// Int is the whole number of an integer field; false unless the field is valid.
func (r *Row) Int(field int) (int64, bool) {
	if !r.is(field, TypeInteger) {
		return 0, false
	}
	return r.value(field), true
}

// Thousandths is the number of an integer or decimal field in thousandths of
// its unit, rounded half to even; false unless the field is valid.
func (r *Row) Thousandths(field int) (int64, bool) {
	switch {
	case r.is(field, TypeInteger):
		return r.value(field) * 1000, true
	case r.is(field, TypeDecimal):
		return roundHalfEven(r.value(field), decimalUnit/1000), true
	}
	return 0, false
}

// Decimal is the number of an integer or decimal field with the places that it
// was written with, of which it keeps nine. The ninth is one higher where the
// first nine alone would make a number whole, or half a thousandth, that is a
// little more. It is false unless the field is valid.
func (r *Row) Decimal(field int) (decimal.Decimal, bool) {
	switch {
	case r.is(field, TypeInteger):
		return decimal.New(r.value(field), 0), true
	case r.is(field, TypeDecimal):
		places := min(int(r.places(field)), decimalPlaces)
		unit := int64(1)
		for range decimalPlaces - places {
			unit *= 10
		}
		return decimal.New(r.value(field)/unit, int32(-places)), true
	}
	return decimal.Decimal{}, false
}

// Code is the code of a coded field, "" unless the field is valid.
func (r *Row) Code(field int) string {
	if !r.is(field, TypeCode) {
		return ""
	}
	return r.plan.kernels[field].codes[r.value(field)].Code
}

// Codes yields the codes of a field that can hold several, in the order of the
// code list and each once; none unless the field is valid.
func (r *Row) Codes(field int) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !r.is(field, TypeCodes) {
			return
		}
		codes := r.plan.kernels[field].codes
		for set := uint64(r.value(field)); set != 0; set &= set - 1 {
			if !yield(codes[bits.TrailingZeros64(set)].Code) {
				return
			}
		}
	}
}

// HasCode reports whether a coded field, of either kind, holds the code.
func (r *Row) HasCode(field int, code string) bool {
	if r.is(field, TypeCode) {
		return r.Code(field) == code
	}
	for c := range r.Codes(field) {
		if c == code {
			return true
		}
	}
	return false
}

// PseudoPostcode reports whether a postcode field holds a ZZ99 code, such as
// ZZ99 3VZ for no fixed abode; false unless the field is valid.
func (r *Row) PseudoPostcode(field int) bool {
	return r.is(field, TypePostcode) && isPseudoPostcode(r.value(field))
}

// Worst is the gravest severity among the findings of the row at field and
// record scope; Off where there is none.
func (r *Row) Worst() Level { return r.worst }

// Findings are the findings of the row at field and record scope. The rules of
// file scope, which need to see every row, are not among them.
func (r *Row) Findings() []Finding {
	out := make([]Finding, 0, len(r.findings))
	for i := range r.findings {
		out = append(out, r.plan.finding(r.file, &r.cells, &r.findings[i]))
	}
	return out
}

func (r *Row) is(field int, t Type) bool {
	return uint(field) < maxFields && r.valid.has(field) && r.plan.kernels[field].typ == t
}
