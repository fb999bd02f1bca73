package dcrs

import (
	"bytes"
	"slices"

	"github.com/healthtrainer/healthtrainer/hte"
)

// What Inspect and SuggestMapping know of a column: counts and a few hundred
// spellings, whatever the number of rows.

const (
	mostSpellings  = 200 // different values kept of a column; more are no codes
	longSpelling   = 80  // bytes of a value that could be a code or a label
	typedCells     = 20_000
	mostInspected  = 2000 // columns looked at
	listSeparators = ";|,/+"
)

// numberFormats are the formats that Inspect tries, the plainest first.
var numberFormats = [...]NumberFormat{
	{}, {Decimal: ","}, {Thousands: ","}, {Decimal: ",", Thousands: "."}, {Thousands: " "}, {Decimal: ",", Thousands: " "}, {Thousands: "'"},
}

// columnStats is what was seen of one column.
type columnStats struct {
	heading string
	filled  int
	long    int // the longest cell

	// Cells that fit each layout; in the second half, with a time behind or not.
	layouts  [2 * len(dateLayouts)]int
	serials  int                     // of those of spreadsheets, cells that could well be a date of our time
	numbers  [len(numberFormats)]int // cells that fit each number format
	min, max int64                   // of numbers in plain format, in 10^-9

	typed    int        // cells looked at for their type
	types    [16]int    // of them, those that are of each Type
	digits10 int        // of them, NHS numbers whose check digit is right
	values   *spelled   // different values
	tokens   []*spelled // … of the pieces between each of listSeparators, kept once there are too many values
}

// spelled are different texts, as long as they are few.
type spelled struct {
	n        map[string]*int // how many cells each
	overflow bool
	cut      int // cells that held the separator
}

func (s *spelled) add(b []byte, n int) {
	if s.overflow {
		return
	}
	if len(b) > longSpelling {
		s.overflow, s.n = true, nil
		return
	}
	if seen, ok := s.n[string(b)]; ok {
		*seen += n // without an allocation
		return
	}
	if len(s.n) >= mostSpellings {
		s.overflow, s.n = true, nil
		return
	}
	if s.n == nil {
		s.n = make(map[string]*int)
	}
	s.n[string(b)] = new(n)
}

func newColumnStats(heading string) *columnStats {
	return &columnStats{heading: heading, values: &spelled{}}
}

// pieces are the different pieces of the values between a separator.
func (c *columnStats) pieces(separator int) *spelled {
	if c.tokens != nil {
		return c.tokens[separator]
	}
	s := &spelled{}
	for value, n := range c.values.n {
		s.addPieces([]byte(value), separator, *n)
	}
	return s
}

// addPieces adds the pieces of a value that n cells hold.
func (s *spelled) addPieces(b []byte, separator, n int) {
	if s.overflow {
		return
	}
	sep := listSeparators[separator : separator+1]
	if !bytes.Contains(b, []byte(sep)) {
		s.add(b, n)
		return
	}
	s.cut += n
	for piece := range bytes.SplitSeq(b, []byte(sep)) {
		s.add(trimSpaces(piece), n)
	}
}

// someDay stands for today where only the form of a date matters.
var someDay = hte.FromOrdinal(mustOrdinal("2000-01-01"))

// add takes in a cell, without spaces around it.
func (c *columnStats) add(b []byte) {
	if len(b) == 0 {
		return
	}
	c.filled++
	c.long = max(c.long, len(b))
	if p, ok := splitDate(b); ok {
		c.addDate(&p)
	}
	if len(b) < 40 && (b[0]-'0' <= 9 || b[0] == '-') {
		c.addNumber(b)
	}
	if !c.values.overflow {
		before := c.values.n
		if c.values.add(b, 1); c.values.overflow {
			for i := range listSeparators {
				t := &spelled{}
				for value, n := range before {
					t.addPieces([]byte(value), i, *n)
				}
				c.tokens = append(c.tokens, t)
			}
		}
	}
	for i, s := range c.tokens {
		s.addPieces(b, i, 1)
	}
	if c.typed < typedCells {
		c.typed++
		c.addType(b)
	}
}

func (c *columnStats) addDate(p *dateParts) {
	for i := range dateLayouts {
		if _, _, _, ok := dateLayouts[i].date(p, someDay); !ok {
			continue
		}
		if !p.timed {
			c.layouts[i]++
		}
		c.layouts[i+len(dateLayouts)]++
		if dateLayouts[i].order == serial1900 && p.n[0] > 3000 && p.n[0] < 73051 { // 1908 to 2099
			c.serials++
		}
	}
}

func (c *columnStats) addNumber(b []byte) {
	if isDigits(b) && len(b) < 10 { // in every format
		for i := range c.numbers {
			c.numbers[i]++
		}
		n, _ := lexInteger(b)
		c.sawNumber(n * decimalUnit)
		return
	}
	var buf [64]byte
	plain := false
	for i, f := range numberFormats {
		if _, ok := f.appendNumber(buf[:0], b); ok {
			c.numbers[i]++
			plain = plain || i == 0
		}
	}
	if n, _, ok := lexDecimal(b); ok && plain {
		c.sawNumber(n)
	}
}

// sawNumber takes in a number in plain format, which has been counted.
func (c *columnStats) sawNumber(n int64) {
	if c.numbers[0] == 1 {
		c.min, c.max = n, n
	}
	c.min, c.max = min(c.min, n), max(c.max, n)
}

func isDigits(b []byte) bool {
	for _, x := range b {
		if x-'0' > 9 {
			return false
		}
	}
	return true
}

func (c *columnStats) addType(b []byte) {
	if n, ok := lexNHSNumber(b); ok {
		c.types[TypeNHSNumber]++
		if nhsNumberChecks(n) {
			c.digits10++
		}
	}
	if _, ok := lexPostcode(b); ok {
		c.types[TypePostcode]++
	}
	if _, ok := lexLSOA(b); ok {
		c.types[TypeLSOA]++
	}
	if _, ok := lexGPPractice(b); ok {
		c.types[TypeGPPractice]++
	}
	if _, ok := lexInteger(b); ok {
		c.types[TypeInteger]++
	}
	if len(b) <= 60 && !slices.ContainsFunc(b, func(x byte) bool { return x <= ' ' || x == ',' || x == ';' || x >= 0x7f }) {
		c.types[TypeID]++
	}
}

// share is how many of the filled cells n is.
func (c *columnStats) share(n int) float64 {
	if c.filled == 0 {
		return 0
	}
	return float64(n) / float64(c.filled)
}

// typeShare is the share of the cells looked at that are of a type.
func (c *columnStats) typeShare(t Type) float64 {
	if c.typed == 0 {
		return 0
	}
	return float64(c.types[t]) / float64(c.typed)
}

// dateFinding is how the dates of a column are written.
type dateFinding struct {
	layout    string
	cells     int    // that are so written
	all       bool   // every filled cell is
	ambiguous string // another layout that fits as many: month first
}

// dates finds the layout of a column that is known to hold dates; "" for none.
// Where day and month could change places the day comes first, as it does here,
// and the other is named.
func (c *columnStats) dates() (out dateFinding) {
	n := len(dateLayouts)
	for i := range c.layouts {
		l := &dateLayouts[i%n]
		cells := c.layouts[i]
		if l.order == serial1904 || l.order == serial1900 && c.serials*10 < cells*9 {
			continue // the 1904 system only where somebody says so
		}
		if cells > out.cells {
			out = dateFinding{layout: l.name, cells: cells, all: cells == c.filled}
			if i >= n {
				out.layout += withTime
			}
			if l.order == dayMonthYear && i%n+1 < n {
				if m := &dateLayouts[i%n+1]; m.order == monthDayYear && m.sep == l.sep && c.layouts[i+1] == cells {
					out.ambiguous = m.name
				}
			}
		}
	}
	return out
}

// numberFinding is how the numbers of a column are written.
type numberFinding struct {
	format    NumberFormat
	cells     int
	all       bool
	ambiguous bool // the comma could be a decimal sign or stand between thousands
}

// number finds the format of a column that is known to hold numbers.
func (c *columnStats) number() (out numberFinding) {
	best := 0
	for i, n := range c.numbers {
		if n > c.numbers[best] {
			best = i
		}
	}
	n := c.numbers[best]
	out = numberFinding{format: numberFormats[best], cells: n, all: n == c.filled && n > 0}
	// 1,234 alone says nothing: it is in both of these formats.
	out.ambiguous = best != 0 && c.numbers[1] == n && c.numbers[2] == n
	return out
}
