package dcrs

import (
	"io"
	"slices"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// findingColumns is the header of a list of findings.
var findingColumns = [...]string{
	"rule", "severity", "file", "record", "line", "column", "offset",
	"field", "shape", "related", "message", "fix",
}

// csvBuffer is how many bytes a writer of findings gathers before it writes.
const csvBuffer = 64 << 10

// lineWriter gathers lines and writes many at once. Its first error is its last.
type lineWriter struct {
	w   io.Writer
	buf []byte
	err error
}

func newLineWriter(w io.Writer) lineWriter {
	return lineWriter{w: w, buf: make([]byte, 0, csvBuffer+csvBuffer/4)}
}

// full writes what has been gathered if it is enough.
func (l *lineWriter) full() error {
	if len(l.buf) >= csvBuffer {
		return l.flush()
	}
	return nil
}

func (l *lineWriter) flush() error {
	if l.err != nil || len(l.buf) == 0 {
		return l.err
	}
	n, err := l.w.Write(l.buf)
	if err == nil && n < len(l.buf) {
		err = io.ErrShortWrite
	}
	l.buf = l.buf[:0]
	l.err = err
	return err
}

// FindingWriter writes findings as CSV, one row each, for a spreadsheet or
// another program:
//
//	rule,severity,file,record,line,column,offset,field,shape,related,message,fix
//
// with one more column for each field that the caller named, which holds its
// value where a finding shows it. A part of a position that does not apply is
// blank. The related cells are given as "referral_date@record 12 line 13", those
// in another file as "episode_id@episodes.csv record 12 line 13", joined by "; ".
//
// The file is UTF-8 without a byte order mark, which would become part of the
// first heading for most programs; lines end in LF; cells are quoted as RFC 4180
// says. No cell can start a formula when the file is opened in a spreadsheet:
// where one would, an apostrophe stands before it. That holds for what follows
// a semicolon, a tab or a line break inside a cell too, since a spreadsheet set
// to another separator cuts the file there.
//
// It is for one goroutine at a time.
type FindingWriter struct {
	lines   lineWriter
	show    []string
	scratch []byte
}

// NewFindingWriter returns a writer of findings to w, with one extra column for
// each of the fields; they should be those given to [Show]. The header is
// written even where no finding follows. Call [FindingWriter.Flush] at the end.
func NewFindingWriter(w io.Writer, showFields ...string) *FindingWriter {
	f := &FindingWriter{lines: newLineWriter(w), show: slices.Clone(showFields)}
	b := f.lines.buf
	for i, name := range findingColumns {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, name...)
	}
	for _, name := range f.show {
		b = append(b, ',')
		b = appendCell(b, []byte(name))
	}
	f.lines.buf = append(b, '\n')
	return f
}

// Write adds a finding. Its error is that of an earlier write to the underlying
// writer, so it can be handed to [Validator.Validate] as it is.
func (f *FindingWriter) Write(finding Finding) error {
	if f.lines.err != nil {
		return f.lines.err
	}
	b := f.lines.buf
	b = append(appendCell(b, []byte(finding.Rule)), ',')
	b = append(append(b, finding.Severity.String()...), ',')
	b = append(appendCell(b, []byte(finding.File)), ',')
	b = append(appendPart(b, finding.Record), ',')
	b = append(appendPart(b, finding.Line), ',')
	b = append(appendPart(b, finding.Column), ',')
	b = append(strconv.AppendInt(b, finding.Offset, 10), ',')
	b = append(appendCell(b, []byte(finding.Field)), ',')
	b = append(appendCell(b, []byte(finding.Shape)), ',')
	if len(finding.Related) > 0 {
		f.scratch = appendRelated(f.scratch[:0], finding.File, finding.Related)
		b = appendCell(b, f.scratch)
	}
	b = append(b, ',')
	b = append(appendCell(b, []byte(finding.Message)), ',')
	b = appendCell(b, []byte(finding.Fix))
	for _, name := range f.show {
		b = append(b, ',')
		for i := range finding.Shown {
			if finding.Shown[i].Field == name {
				b = appendCell(b, []byte(finding.Shown[i].Value))
				break
			}
		}
	}
	f.lines.buf = append(b, '\n')
	return f.lines.full()
}

// Flush writes what has been gathered. It returns the first error of the
// underlying writer, now and every time after.
func (f *FindingWriter) Flush() error { return f.lines.flush() }

// appendPart writes a part of a position, of which zero means that it does not
// apply.
func appendPart(b []byte, n int) []byte {
	if n == 0 {
		return b
	}
	return strconv.AppendInt(b, int64(n), 10)
}

// appendRelated writes related cells; one in another file than the finding is
// given with its name.
func appendRelated(b []byte, file string, related []Related) []byte {
	for i, r := range related {
		if i > 0 {
			b = append(b, "; "...)
		}
		b = append(append(b, r.Field...), '@')
		if r.File != file && r.File != "" {
			b = append(append(b, r.File...), ' ')
		}
		if r.Record != 0 {
			b = append(strconv.AppendInt(append(b, "record "...), int64(r.Record), 10), ' ')
		}
		b = strconv.AppendInt(append(b, "line "...), int64(r.Line), 10)
	}
	return b
}

// What a byte asks of the writer of a cell.
const (
	cellQuotes  = 1 << iota // quotes around the cell
	cellCareful             // a look at the whole cell, rune by rune
)

var cellClass = func() (class [256]uint8) {
	for c := range class {
		if c < ' ' || c > '~' {
			class[c] = cellCareful
		}
	}
	class[','] = cellQuotes
	class['"'] = cellCareful
	class[';'] = cellCareful
	return class
}()

// appendCell writes the text of one cell to a line of CSV that a spreadsheet
// may open: quoted where it must be, and with an apostrophe where it would start
// a formula. All CSV for people that this package writes goes through here.
func appendCell(b, cell []byte) []byte {
	if len(cell) == 0 {
		return b
	}
	var class uint8
	for _, c := range cell {
		class |= cellClass[c]
	}
	// Letters and digits begin nearly every cell, and no formula.
	if c := cell[0]; class&cellCareful != 0 || !('a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9') {
		return appendCarefully(b, cell)
	}
	if class&cellQuotes != 0 {
		return append(append(append(b, '"'), cell...), '"')
	}
	return append(b, cell...)
}

// appendCarefully is appendCell for any bytes at all. What is not UTF-8 becomes
// the replacement character, since the file says that it is.
func appendCarefully(b, cell []byte) []byte {
	b = append(b, '"')
	// At a start nothing stands yet that would keep a formula from being one; the
	// apostrophe goes to mark.
	start, mark := true, len(b)
	for i := 0; i < len(cell); {
		r, n := utf8.DecodeRune(cell[i:])
		separator := r == ';' || r == '\t' || r == '\r' || r == '\n'
		if start {
			// A tab or a line break at the very start is itself taken for the
			// start of a formula by some spreadsheets.
			if startsFormula(r) || i == 0 && separator && r != ';' {
				b = slices.Insert(b, mark, '\'')
				start = false
			} else {
				start = passedOver(r)
			}
		}
		switch {
		case r == '"':
			b = append(b, '"', '"')
		case r == utf8.RuneError && n == 1:
			b = utf8.AppendRune(b, utf8.RuneError)
		default:
			b = append(b, cell[i:i+n]...)
		}
		i += n
		if separator {
			start, mark = true, len(b)
		}
	}
	return append(b, '"')
}

// startsFormula reports whether a spreadsheet takes a cell that begins with r
// for a formula. Some read the wide and small forms of a sign as the sign.
func startsFormula(r rune) bool {
	switch r {
	case '=', '+', '-', '@',
		'\uff1d', '\uff0b', '\uff0d', '\uff20', // full-width
		'\ufe66', '\ufe62', '\ufe63', '\ufe6b', // small
		'\u2212': // the minus sign
		return true
	}
	return false
}

// passedOver reports whether a spreadsheet may drop r from the start of a cell,
// so that what comes after it is the start: spaces, what cannot be seen, and
// quotes of any kind.
func passedOver(r rune) bool {
	switch r {
	case '"', '\'', '`', ';':
		return true
	}
	// What is not graphic is control and format characters, those for private use
	// and those that stand for nothing.
	return unicode.IsSpace(r) || !unicode.IsGraphic(r) || r == utf8.RuneError ||
		unicode.In(r, unicode.Pi, unicode.Pf, unicode.Mn)
}
