package share

import (
	"context"
	"errors"
	"io"
	"strconv"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

// PanicError says that the writer that was handed in has panicked. The text leaves
// out Value.
type PanicError struct{ Value any }

func (e *PanicError) Error() string { return "share: Write panicked" }

// Unwrap returns Value where it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// Share reads an extract and writes the safe extract: UTF-8, LF, the columns in the
// order of the dictionary, the rows in that of the file. Columns that the
// dictionary does not know are left out, whatever they hold, and so are values that
// cannot be read: they may be anything.
//
// Unless the plan suppresses nothing, the file is read twice, first to count how
// many people are alike: r must then be an [io.ReadSeeker] that stands at the
// beginning of the file. Either way the count takes [MemberBytes] for each row and
// some 200 bytes for each combination of quasi-identifiers.
//
// The error is a [*PlanError] where the reader cannot go back, or else the
// reader's, w's or the context's. What was written is then not whole and has not
// been counted: do not share it. The report is nil.
func (s *Sharer) Share(ctx context.Context, file string, r io.Reader, w io.Writer) (*Report, error) {
	run := &run{Sharer: s, file: file, out: output{w: w}, counts: newCounter(len(s.secret))}
	if s.key != nil {
		run.maker = newMaker(s.key)
	}
	run.fields = make([]FieldReport, len(s.treated))
	if s.plan.Suppress == SuppressNone {
		if err := run.read(ctx, r, func(row *dcrs.Row) error {
			run.count(row)
			return run.write(row, false)
		}); err != nil {
			return nil, err
		}
		run.counts.finish(s.plan, true)
		return run.report(), run.out.flush()
	}
	seeker, ok := r.(io.ReadSeeker)
	if !ok {
		return nil, &PlanError{Entry: "suppress", Problem: "the reader cannot go back to the beginning of the file, which is read twice"}
	}
	begin, err := seeker.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, err
	}
	if err := run.read(ctx, seeker, func(row *dcrs.Row) error {
		run.count(row)
		return nil
	}); err != nil {
		return nil, err
	}
	run.counts.finish(s.plan, false)
	if _, err := seeker.Seek(begin, io.SeekStart); err != nil {
		return nil, err
	}
	first := run.rows
	run.rows = rowCounts{}
	if err := run.read(ctx, seeker, func(row *dcrs.Row) error {
		switch run.counts.fate(run.quasiKey(row)) {
		case leftOut:
			run.rows.suppressed++
			return nil
		case blanked:
			run.rows.blanked++
			return run.write(row, true)
		}
		return run.write(row, false)
	}); err != nil {
		return nil, err
	}
	if first.records != run.rows.records || first.unread != run.rows.unread || first.consent != run.rows.consent {
		return nil, errChanged
	}
	return run.report(), run.out.flush()
}

var errChanged = errors.New("share: the file has changed between the two readings")

// run is one call of Share.
type run struct {
	*Sharer
	file   string
	maker  *maker
	out    output
	counts *counter
	rows   rowCounts
	fields []FieldReport // beside treated: what was done to their values

	key  []byte // the quasi-identifiers of a row
	cell []byte
}

type rowCounts struct {
	records, unread, consent, suppressed, blanked, written int
}

// read hands on the rows that may be shared.
func (r *run) read(ctx context.Context, in io.Reader, each func(row *dcrs.Row) error) error {
	r.out.begin()
	if r.rows == (rowCounts{}) && r.plan.Suppress == SuppressNone || r.counts.finished {
		r.header()
	}
	for row, err := range r.v.Rows(ctx, r.file, in) {
		if err != nil {
			return err
		}
		r.rows.records++
		if row.Unread() {
			r.rows.unread++
			continue
		}
		if !r.consented(row) {
			r.rows.consent++
			continue
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) consented(row *dcrs.Row) bool {
	if r.consent < 0 || r.plan.Consent == ConsentAny {
		return true
	}
	code := row.Code(r.consent)
	if r.plan.Consent == ConsentGiven {
		return code == "Y"
	}
	return code != "N"
}

func (r *run) header() {
	for i, t := range r.columns {
		if i > 0 {
			r.out.buf = append(r.out.buf, ',')
		}
		r.out.buf = append(r.out.buf, r.treated[t].column...)
	}
	r.out.buf = append(r.out.buf, '\n')
}

// write writes a row, its quasi-identifiers blank if it must be.
func (r *run) write(row *dcrs.Row, blank bool) error {
	r.rows.written++
	b := r.out.buf
	start := len(b)
	quasi := r.quasi
	for i, t := range r.columns {
		if i > 0 {
			b = append(b, ',')
		}
		n := &r.fields[t]
		isQuasi := len(quasi) > 0 && quasi[0] == i // both rise
		if isQuasi {
			quasi = quasi[1:]
		}
		if blank && isQuasi {
			if row.Filled(r.treated[t].field.Index()) {
				n.Suppressed++
			}
			continue
		}
		var said outcome
		r.cell, said = r.value(r.cell[:0], &r.treated[t], row)
		switch said {
		case shared:
			n.Shared++
			b = appendCell(b, r.cell)
		case unreadable:
			n.Unreadable++
		case unknown:
			n.Unknown++
		case suspicious:
			n.Suspicious++
		}
	}
	if len(b) == start { // one empty cell: without quotes it would be a blank line
		b = append(b, '"', '"')
	}
	r.out.buf = append(b, '\n')
	return r.out.full()
}

// count takes a row into the classes of those who are alike.
func (r *run) count(row *dcrs.Row) {
	class := r.counts.class(r.quasiKey(row))
	r.counts.member(class, r.person(row))
	for i, c := range r.secret {
		var said outcome
		r.cell, said = r.value(r.cell[:0], &r.treated[r.columns[c]], row)
		if said == shared {
			r.counts.value(class, i, r.cell)
		}
	}
}

// quasiKey is what the quasi-identifiers of a row come out as.
func (r *run) quasiKey(row *dcrs.Row) []byte {
	r.key = r.key[:0]
	for _, c := range r.quasi {
		r.key, _ = r.value(r.key, &r.treated[r.columns[c]], row)
		r.key = append(r.key, 0) // in no value of a dictionary, nor in what is made of one
	}
	return r.key
}

// person tells the people of an extract apart: 0 where the row does not say.
func (r *run) person(row *dcrs.Row) uint64 {
	if r.client < 0 || !row.Valid(r.client) {
		return 0
	}
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a
	h := uint64(offset)
	for _, part := range r.identity(row) {
		for _, b := range part {
			h = (h ^ uint64(b)) * prime
		}
		h = (h ^ 0xff) * prime
	}
	return max(h, 1)
}

// identity is a client: the identifier is of one person in one service.
func (r *run) identity(row *dcrs.Row) [2][]byte {
	var service []byte
	if r.service >= 0 && row.Valid(r.service) {
		service = row.Text(r.service)
	}
	return [2][]byte{service, row.Text(r.client)}
}

// outcome is what became of a value.
type outcome uint8

const (
	nothing    outcome = iota // the cell is blank
	shared                    // something stands in the extract
	unreadable                // the value could not be read
	unknown                   // a look-up or a pseudonym for it is not to be had
	suspicious                // it looks like an NHS number where none belongs
)

// value appends what is shared of a field.
func (r *run) value(dst []byte, t *treatment, row *dcrs.Row) ([]byte, outcome) {
	f := t.field.Index()
	if !row.Filled(f) {
		return dst, nothing
	}
	if !row.Valid(f) {
		return dst, unreadable
	}
	switch t.action {
	case Raw:
		return row.AppendCanonical(dst, f), shared
	case Keep:
		if t.field.Type == dcrs.TypeID && looksLikeNHSNumber(row.Text(f)) {
			return dst, suspicious
		}
		return row.AppendCanonical(dst, f), shared
	case Pseudonym:
		var mac []byte
		if f == r.client {
			id := r.identity(row)
			mac = r.maker.of(r.plan.Project, t.use, id[0], id[1])
		} else {
			at := len(dst)
			dst = row.AppendCanonical(dst, f) // an NHS number however it was spaced
			mac = r.maker.of(r.plan.Project, t.use, dst[at:])
			dst = dst[:at]
		}
		return appendPseudonym(dst, mac, r.plan.Digest), shared
	case AgeBand:
		return r.band(dst, t, row)
	case Month, Quarter, Year:
		return appendCoarse(dst, row.Date(f), t.action), shared
	case Shift:
		if !row.Valid(r.client) {
			return dst, unknown
		}
		d := row.Date(f).AddDays(r.shift(row))
		if d.IsZero() {
			return dst, unknown
		}
		dst, _ = d.AppendText(dst) // never fails
		return dst, shared
	case Outward:
		return append(dst, row.Postcode(f).Outward()...), shared
	case Quintile:
		q, ok := r.sources.Quintile(row.Postcode(f), r.plan.Edition)
		if !ok {
			return dst, unknown
		}
		return append(dst, byte('0'+q)), shared
	}
	return dst, unknown
}

func (r *run) band(dst []byte, t *treatment, row *dcrs.Row) ([]byte, outcome) {
	f := t.field.Index()
	age, _ := row.Int(f)
	if t.field.Type == dcrs.TypeDate {
		born := row.Date(f)
		if born.After(r.plan.AgeOn) {
			return dst, unknown
		}
		age = int64(born.YearsUntil(r.plan.AgeOn))
	}
	band := 0
	for band < len(r.plan.AgeBands) && age >= int64(r.plan.AgeBands[band]) {
		band++
	}
	return append(dst, r.bands[band]...), shared
}

// shift is by how many days the dates of a row's client are moved: never none.
func (r *run) shift(row *dcrs.Row) int {
	id := r.identity(row)
	mac := r.maker.of(r.plan.Project, "shift", id[0], id[1])
	var n uint64
	for _, b := range mac[:8] {
		n = n<<8 | uint64(b)
	}
	days := int(n%uint64(2*r.plan.MaxShift)) - r.plan.MaxShift
	if days >= 0 {
		days++
	}
	return days
}

func appendCoarse(dst []byte, d hte.Date, a Action) []byte {
	year, month, _ := d.Date()
	for n := 1000; n > year && n > 1; n /= 10 {
		dst = append(dst, '0')
	}
	dst = strconv.AppendInt(dst, int64(year), 10)
	switch a {
	case Month:
		dst = append(dst, '-', byte('0'+month/10), byte('0'+month%10))
	case Quarter:
		dst = append(dst, '-', 'Q', byte('1'+(month-1)/3))
	}
	return dst
}

// looksLikeNHSNumber reports whether a text holds ten digits with the check digit
// of an NHS number, and nothing else.
func looksLikeNHSNumber(text []byte) bool {
	if len(text) != 10 {
		return false
	}
	sum := 0
	for i, c := range text {
		if c < '0' || c > '9' {
			return false
		}
		if i < 9 {
			sum += int(c-'0') * (10 - i)
		}
	}
	check := 11 - sum%11
	if check == 11 {
		check = 0
	}
	return check == int(text[9]-'0')
}

// output gathers bytes and writes them on.
type output struct {
	w   io.Writer
	buf []byte
}

const outputBuffer = 64 << 10

func (o *output) begin() {
	if o.buf == nil {
		o.buf = make([]byte, 0, outputBuffer+outputBuffer/4)
	}
}

func (o *output) full() error {
	if len(o.buf) < outputBuffer {
		return nil
	}
	return o.flush()
}

func (o *output) flush() (err error) {
	if len(o.buf) == 0 {
		return nil
	}
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v}
		}
	}()
	n, err := o.w.Write(o.buf)
	if err == nil && n < len(o.buf) {
		err = io.ErrShortWrite
	}
	o.buf = o.buf[:0]
	return err
}

// appendCell writes a cell, between quotes where RFC 4180 asks for them.
func appendCell(b, cell []byte) []byte {
	quotes := false
	for _, c := range cell {
		quotes = quotes || c == ',' || c == '"' || c == '\n' || c == '\r'
	}
	if !quotes {
		return append(b, cell...)
	}
	b = append(b, '"')
	for _, c := range cell {
		if c == '"' {
			b = append(b, '"')
		}
		b = append(b, c)
	}
	return append(b, '"')
}
