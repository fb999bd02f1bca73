package lookup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// FormatError says that a file is not what it was handed in as, or that one of
// its lines cannot be read. Its text holds no value of the file, which may have
// been handed in by mistake.
type FormatError struct {
	File    string // what it was to be: "postcode directory", "ranks", "practices"
	Line    int    // where the record begins, from 1; 0 for the file as a whole
	Problem string
}

func (e *FormatError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("lookup: %s: %s", e.File, e.Problem)
	}
	return fmt.Sprintf("lookup: %s, line %d: %s", e.File, e.Line, e.Problem)
}

// PanicError says that the reader that the caller handed in has panicked. The
// text leaves out Value.
type PanicError struct{ Value any }

func (e *PanicError) Error() string { return "lookup: Read panicked" }

// Unwrap returns Value where it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

const (
	chunkBytes  = 256 << 10 // read at a time
	recordBytes = 1 << 20   // that a record may have
	headerRows  = 20        // above and with the headings: statistical offices put titles there
)

// table reads a published CSV file record by record: UTF-8, commas, RFC 4180.
// The cells that it hands out are valid until the next record is asked for.
//
// These files are a gigabyte of quoted cells, of which three or four a row are
// wanted, so it does less than encoding/csv and allocates nothing for a row; a
// test holds the two together.
type table struct {
	file string
	ctx  context.Context
	r    io.Reader

	buf      []byte // buf[pos:] is read and not handed out yet
	pos      int
	eof      bool
	err      error
	line     int // of the record handed out last
	nextLine int // 0 before the first
	cells    [][]byte
	scratch  []byte // texts with doubled quotes
}

func newTable(ctx context.Context, file string, r io.Reader) *table {
	return &table{file: file, ctx: ctx, r: r}
}

func (t *table) problem(format string, args ...any) error {
	return &FormatError{File: t.file, Line: t.line, Problem: fmt.Sprintf(format, args...)}
}

// fill reads more behind what there is.
func (t *table) fill() {
	if t.pos > 0 {
		t.buf = t.buf[:copy(t.buf, t.buf[t.pos:])]
		t.pos = 0
	}
	if cap(t.buf)-len(t.buf) < chunkBytes/2 {
		grown := make([]byte, len(t.buf), 2*len(t.buf)+chunkBytes)
		copy(grown, t.buf)
		t.buf = grown
	}
	for range 100 {
		if t.err = t.ctx.Err(); t.err != nil {
			t.eof = true
			return
		}
		n, err := t.read(t.buf[len(t.buf):cap(t.buf)])
		t.buf = t.buf[:len(t.buf)+n]
		if err != nil {
			t.eof = true
			if !errors.Is(err, io.EOF) {
				t.err = err
			}
		}
		if n > 0 || err != nil {
			return
		}
	}
	t.eof, t.err = true, io.ErrNoProgress
}

func (t *table) read(p []byte) (n int, err error) {
	defer func() {
		if v := recover(); v != nil {
			n, err = 0, &PanicError{Value: v}
		}
	}()
	n, err = t.r.Read(p)
	if n < 0 || n > len(p) {
		return 0, errors.New("lookup: the reader says that it read fewer than 0 bytes or more than it was asked for")
	}
	return n, err
}

// next returns the cells of the next record, or io.EOF after the last. Blank
// lines are passed over.
func (t *table) next() ([][]byte, error) {
	if t.nextLine == 0 {
		t.nextLine = 1
		if err := t.begin(); err != nil {
			return nil, err
		}
	}
	for {
		t.line = t.nextLine
		end, ok, err := t.record(t.buf[t.pos:])
		switch {
		case err != nil:
			return nil, err
		case ok:
			record := t.buf[t.pos : t.pos+end]
			t.pos += end
			t.nextLine += max(1, bytes.Count(record, []byte{'\n'}))
			if len(t.cells) == 1 && len(t.cells[0]) == 0 && record[0] != '"' {
				continue // a blank line
			}
			return t.cells, nil
		case t.eof && t.err != nil:
			return nil, t.err
		case t.eof:
			return nil, io.EOF
		case len(t.buf)-t.pos > recordBytes:
			return nil, t.problem("a record is longer than 1 MiB, or a quote does not close")
		}
		t.fill()
	}
}

// record takes apart the record at the beginning of b and returns how many bytes
// it and its line end have; false where it may go on behind b.
func (t *table) record(b []byte) (end int, ok bool, err error) {
	t.cells, t.scratch = t.cells[:0], t.scratch[:0]
	if len(b) == 0 {
		return 0, false, nil
	}
	for i := 0; ; i++ {
		var cell []byte
		if i < len(b) && b[i] == '"' {
			start, unquoted := i+1, -1
			for i++; ; {
				q := bytes.IndexByte(b[i:], '"')
				if q < 0 {
					if t.eof && t.err == nil {
						return 0, false, t.problem("a quote does not close")
					}
					return 0, false, nil
				}
				i += q + 1
				if i < len(b) && b[i] == '"' { // doubled: one of the two belongs to the text
					if unquoted < 0 {
						unquoted = len(t.scratch)
					}
					t.scratch = append(t.scratch, b[start:i]...)
					i++
					start = i
					continue
				}
				break
			}
			cell = b[start : i-1]
			if unquoted >= 0 {
				t.scratch = append(t.scratch, cell...)
				cell = t.scratch[unquoted:]
			}
			if i+1 < len(b) && b[i] == '\r' && b[i+1] == '\n' || i < len(b) && b[i] == '\r' && i+1 == len(b) {
				i++
			}
			if i < len(b) && b[i] != ',' && b[i] != '\n' {
				return 0, false, t.problem("a quote stands inside a cell")
			}
		} else {
			start := i
			for i < len(b) && b[i] != ',' && b[i] != '\n' {
				i++
			}
			cell = b[start:i]
			if (i == len(b) || b[i] == '\n') && len(cell) > 0 && cell[len(cell)-1] == '\r' {
				cell = cell[:len(cell)-1]
			}
		}
		if i == len(b) && (!t.eof || t.err != nil) {
			return 0, false, nil
		}
		t.cells = append(t.cells, cell)
		if i == len(b) {
			return i, true, nil
		}
		if b[i] == '\n' {
			return i + 1, true, nil
		}
	}
}

// heading makes headings comparable: lower case, single spaces.
func heading(cell []byte) string {
	return strings.Join(strings.Fields(strings.ToLower(string(cell))), " ")
}

// begin looks at the first bytes: no text begins as a workbook does.
func (t *table) begin() error {
	for len(t.buf) < 4 && !t.eof {
		t.fill()
	}
	switch b := t.buf[t.pos:]; {
	case bytes.HasPrefix(b, []byte("PK\x03\x04")), bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")):
		return t.whole("it is a zip file or a workbook: unpack it, or save the sheet as CSV UTF-8")
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")), bytes.IndexByte(b[:min(len(b), 4096)], 0) >= 0:
		return t.whole("it is not UTF-8 text: save it as CSV UTF-8")
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		t.pos += 3
	}
	return nil
}

// headings finds the row of headings, which may stand below some rows of title:
// the first that found accepts.
func (t *table) headings(found func(names []string) bool) error {
	var names []string
	for range headerRows {
		cells, err := t.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		names = names[:0]
		for _, c := range cells {
			names = append(names, heading(c))
		}
		if found(names) {
			return nil
		}
	}
	return t.whole("no row of headings among the first has the columns that are needed")
}

func (t *table) whole(problem string) error {
	return &FormatError{File: t.file, Problem: problem}
}

// cell is a cell without spaces around it, empty where the row is too short or
// the column is not there.
func cell(cells [][]byte, column int) []byte {
	if column < 0 || column >= len(cells) {
		return nil
	}
	return bytes.TrimSpace(cells[column])
}

// column is the place of the first of the names that is there, or -1.
func column(names []string, wanted ...string) int {
	for _, w := range wanted {
		for i, n := range names {
			if n == w {
				return i
			}
		}
	}
	return -1
}

// digits reads a whole number without sign; false for anything else and for what
// has more than nine digits.
func digits(b []byte) (int, bool) {
	if len(b) == 0 || len(b) > 9 {
		return 0, false
	}
	n := 0
	for _, c := range b {
		d := c - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + int(d)
	}
	return n, true
}
