package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// sample is one measure of some people, taken twice.
type sample struct {
	pre, post                  []float64 // of those who have both
	preOnly, postOnly, neither int
}

func (s *sample) rows() int { return len(s.pre) + s.preOnly + s.postOnly + s.neither }

// add adds a row; a value that is nil is missing.
func (s *sample) add(pre, post *float64) {
	switch {
	case pre != nil && post != nil:
		s.pre, s.post = append(s.pre, *pre), append(s.post, *post)
	case pre != nil:
		s.preOnly++
	case post != nil:
		s.postOnly++
	default:
		s.neither++
	}
}

// diff is post minus pre.
func (s *sample) diff() []float64 {
	d := make([]float64, len(s.pre))
	for i := range d {
		d[i] = s.post[i] - s.pre[i]
	}
	return d
}

// read reads the columns pre and post, and the rows apart by the column group unless it is "".
func read(r io.Reader, group string) (all *sample, groups map[string]*sample, err error) {
	t := newTable(r)
	heading, err := t.next()
	if errors.Is(err, io.EOF) {
		return nil, nil, errors.New("there is no heading: the first line names the columns, pre and post among them")
	}
	if err != nil {
		return nil, nil, err
	}
	if len(heading) == 1 && strings.Contains(heading[0], ";") {
		return nil, nil, errors.New("the first line is separated by semicolons; write the file with commas, and decimals with points")
	}
	width := len(heading)
	pre, err := column(heading, "pre")
	if err != nil {
		return nil, nil, err
	}
	post, err := column(heading, "post")
	if err != nil {
		return nil, nil, err
	}
	by := -1
	if group != "" {
		if by, err = column(heading, group); err != nil {
			return nil, nil, err
		}
		groups = map[string]*sample{}
	}
	all = &sample{}
	for {
		cells, err := t.next()
		if errors.Is(err, io.EOF) {
			return all, groups, nil
		}
		if err != nil {
			return nil, nil, err
		}
		if len(cells) != width {
			return nil, nil, fmt.Errorf("line %d has %d cells, and the heading has %d", t.row, len(cells), width)
		}
		a, err := decimal(cells[pre])
		if err != nil {
			return nil, nil, fmt.Errorf("line %d, column pre: %w", t.row, err)
		}
		b, err := decimal(cells[post])
		if err != nil {
			return nil, nil, fmt.Errorf("line %d, column post: %w", t.row, err)
		}
		all.add(a, b)
		if by >= 0 {
			g := groups[cells[by]]
			if g == nil {
				g = &sample{}
				groups[cells[by]] = g
			}
			g.add(a, b)
		}
	}
}

// column finds a column, whatever the case of its name. The error shows no other heading: in a file
// without one they are values.
func column(heading []string, name string) (int, error) {
	found := -1
	for i, h := range heading {
		if strings.EqualFold(h, strings.TrimSpace(name)) {
			if found >= 0 {
				return 0, fmt.Errorf("two columns are called %s", name)
			}
			found = i
		}
	}
	if found < 0 {
		return 0, fmt.Errorf("the first line, which names the columns, has no %s", name)
	}
	return found, nil
}

// decimal reads a decimal number; an empty cell is nil. An infinity, or what is too large for a number, is taken,
// for the statistics that cannot be had with it to say so. The error does not show the cell.
func decimal(cell string) (*float64, error) {
	if cell == "" {
		return nil, nil
	}
	v, err := strconv.ParseFloat(cell, 64)
	if errors.Is(err, strconv.ErrRange) {
		err = nil // v is infinite
	}
	// ParseFloat would also take hexadecimal numbers, digits in groups and NaN.
	if err != nil || math.IsNaN(v) || !math.IsInf(v, 0) && strings.Trim(cell, "0123456789+-.eE") != "" {
		return nil, errors.New("not a number (an empty cell is missing)")
	}
	return &v, nil
}

// maxCell is the longest cell, in bytes. It bounds what a stray quote can swallow.
const maxCell = 1 << 16

// table reads CSV: commas, cells in quotes or not, spaces around either, any line ending, lines without
// anything skipped. encoding/csv refuses a space after a closing quote, and takes a stray quote for the start of
// a cell that ends with the file.
type table struct {
	r    *bufio.Reader
	line int // being read
	row  int // where the row just read began
}

func newTable(r io.Reader) *table {
	t := &table{r: bufio.NewReaderSize(r, 1<<16), line: 1}
	if bom, err := t.r.Peek(3); err == nil && string(bom) == "\uFEFF" {
		_, _ = t.r.Discard(3)
	}
	return t
}

// maxCells is the most cells in a row.
const maxCells = 1 << 14

// next returns the next row, spaces around the cells removed, or io.EOF.
func (t *table) next() ([]string, error) {
	for {
		t.row = t.line
		var cells []string
		for last := false; !last; {
			cell, end, err := t.cell()
			if err != nil {
				return nil, err
			}
			if last = end != ','; end == 0 && len(cells) == 0 && cell == "" {
				return nil, io.EOF
			}
			if len(cells) == maxCells {
				return nil, fmt.Errorf("line %d has more than %d cells", t.row, maxCells)
			}
			cells = append(cells, cell)
		}
		if len(cells) > 1 || cells[0] != "" {
			return cells, nil
		}
	}
}

// cell reads one cell and what ends it: a comma, a line feed for any line ending, or 0 for the end of the file.
func (t *table) cell() (cell string, end byte, err error) {
	var b []byte
	quoted, closed := false, false
	from := t.line
	for {
		c, err := t.r.ReadByte()
		if err != nil && !errors.Is(err, io.EOF) {
			return "", 0, err
		}
		inside := quoted && !closed
		switch {
		case err != nil && inside:
			return "", 0, fmt.Errorf("line %d: a quote opens and does not close", from)
		case err != nil:
			return strings.TrimSpace(string(b)), 0, nil
		case inside && c == '"':
			if next, err := t.r.Peek(1); err == nil && next[0] == '"' {
				_, _ = t.r.Discard(1)
				b = append(b, '"')
			} else {
				closed = true
			}
		case c == '\r' || c == '\n':
			if next, err := t.r.Peek(1); c == '\r' && err == nil && next[0] == '\n' {
				_, _ = t.r.Discard(1)
			}
			t.line++
			if !inside {
				return strings.TrimSpace(string(b)), '\n', nil
			}
			b = append(b, '\n')
		case inside:
			b = append(b, c)
		case c == ',':
			return strings.TrimSpace(string(b)), ',', nil
		case c == ' ' || c == '\t':
			if len(b) > 0 && !quoted {
				b = append(b, c)
			}
		case closed:
			return "", 0, fmt.Errorf("line %d: something follows a closing quote", t.line)
		case c == '"' && len(b) == 0:
			quoted = true
		default:
			b = append(b, c)
		}
		if len(b) > maxCell {
			return "", 0, fmt.Errorf("line %d: a cell is longer than %d bytes; is there a stray quote?", from, maxCell)
		}
	}
}
