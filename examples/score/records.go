package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxRecord is the most bytes of a record, so that a quote that is never closed costs neither memory
// nor the rest of the file.
const maxRecord = 1 << 16

// records reads the records of a CSV file, one at a time and in constant memory. Where encoding/csv
// would read on to the end of the file for a closing quote, it gives up one line.
type records struct {
	b     *bufio.Reader
	cells [][]byte // valid until the next call of read
	done  int      // bytes to discard before the next record
	long  int      // lines passed over already
	line  int      // on which the record begins, from 1
}

func newRecords(r io.Reader) (*records, error) {
	rs := &records{b: bufio.NewReaderSize(r, maxRecord), line: 1}
	switch start, err := rs.b.Peek(3); {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, err
	case bytes.HasPrefix(start, []byte("\xff\xfe")), bytes.HasPrefix(start, []byte("\xfe\xff")):
		return nil, errors.New("the file is in UTF-16: save it as CSV UTF-8")
	case bytes.Equal(start, []byte("\xef\xbb\xbf")): // a byte order mark, as spreadsheets write it
		rs.done = 3
	}
	return rs, nil
}

// read returns the cells of the next record that is not blank. bad says what is wrong with it; then
// its cells are not to be trusted. The error is io.EOF at the end.
func (rs *records) read() (cells [][]byte, bad string, err error) {
	for {
		if err := rs.discard(); err != nil {
			return nil, "", err
		}
		cells, bad, err = rs.next()
		if err != nil || bad != "" {
			return cells, bad, err
		}
		for _, c := range cells {
			if len(bytes.TrimSpace(c)) > 0 {
				return cells, "", nil
			}
		}
	}
}

// discard passes over the record that was read last.
func (rs *records) discard() error {
	passed, err := rs.b.Peek(rs.done) // buffered still
	rs.line += bytes.Count(passed, []byte("\n")) + rs.long
	if err == nil {
		_, err = rs.b.Discard(rs.done)
	}
	rs.done, rs.long = 0, 0
	return err
}

// next reads one record, blank or not.
func (rs *records) next() ([][]byte, string, error) {
	var s scan
	firstLine := -1 // its end
	for {
		// What is buffered already; only then more, so that a pipe is not waited for in vain.
		w, err := rs.b.Peek(min(max(s.pos+1, rs.b.Buffered()), maxRecord))
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, "", err
		}
		if len(w) == 0 {
			return nil, "", io.EOF
		}
		if firstLine < 0 {
			if i := bytes.IndexByte(w[s.pos:], '\n'); i >= 0 {
				firstLine = s.pos + i
			}
		}
		if firstLine >= 0 && s.pos == 0 && bytes.IndexByte(w[:firstLine], '"') < 0 {
			rs.done = firstLine + 1
			return rs.split(w[:firstLine]), "", nil
		}
		if ended := s.to(w); ended {
			rs.done = s.pos + 1
			return rs.cut(w, &s)
		}
		switch {
		case err != nil && s.state != quoted:
			s.end(len(w))
			rs.done = len(w)
			return rs.cut(w, &s)
		case (err != nil || len(w) == maxRecord) && firstLine >= 0:
			rs.done = firstLine + 1
			return rs.split(w[:firstLine]), "the line has a quotation mark without its counterpart", nil
		case err != nil:
			rs.done = len(w)
			return rs.split(w), "the line has a quotation mark without its counterpart", nil
		case len(w) == maxRecord:
			return nil, "the line is longer than 64 KiB", rs.skipLine()
		}
	}
}

// skipLine discards a line that is too long to be a form.
func (rs *records) skipLine() error {
	for {
		switch _, err := rs.b.ReadSlice('\n'); {
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF):
			return nil // the next read says so again
		case err != nil:
			return err
		default:
			rs.long++ // counted with the next record: this one is still to be reported
			return nil
		}
	}
}

// split cuts a line without quotes at its commas.
func (rs *records) split(line []byte) [][]byte {
	line = bytes.TrimSuffix(line, []byte("\r"))
	rs.cells = rs.cells[:0]
	for {
		i := bytes.IndexByte(line, ',')
		if i < 0 {
			rs.cells = append(rs.cells, line)
			return rs.cells
		}
		rs.cells, line = append(rs.cells, line[:i]), line[i+1:]
	}
}

// cut takes the cells of a scanned record out of the window.
func (rs *records) cut(w []byte, s *scan) ([][]byte, string, error) {
	rs.cells = rs.cells[:0]
	from := 0
	for i, to := range s.ends {
		c := w[from:to]
		from = to + 1
		if i == len(s.ends)-1 {
			c = bytes.TrimSuffix(c, []byte("\r"))
		}
		if len(c) > 1 && c[0] == '"' && c[len(c)-1] == '"' {
			c = bytes.ReplaceAll(c[1:len(c)-1], []byte(`""`), []byte(`"`))
		}
		rs.cells = append(rs.cells, c)
	}
	if s.bad {
		return rs.cells, "the line has text after a closing quotation mark", nil
	}
	return rs.cells, "", nil
}

// scan finds the ends of the cells of one record, in a window that may grow.
type scan struct {
	pos   int
	state byte
	ends  []int
	bad   bool
}

const (
	start  = iota // of a cell
	plain         // in a cell without quotes
	quoted        // in a cell with quotes
	closed        // after a quote in such a cell
)

// to scans on to the end of the window, or of the record, and reports which.
func (s *scan) to(w []byte) (ended bool) {
	for ; s.pos < len(w); s.pos++ {
		switch c := w[s.pos]; {
		case s.state == quoted:
			if c == '"' {
				s.state = closed
			}
		case c == ',':
			s.end(s.pos)
			s.state = start
		case c == '\n':
			s.end(s.pos)
			return true
		case s.state == start && c == '"', s.state == closed && c == '"':
			s.state = quoted
		case s.state == start:
			s.state = plain
		case s.state == closed && c != '\r':
			s.bad, s.state = true, plain
		}
	}
	return false
}

func (s *scan) end(at int) { s.ends = append(s.ends, at) }
