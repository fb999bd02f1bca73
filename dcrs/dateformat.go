package dcrs

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/hte"
)

// dateOrder is in which order a date is written.
type dateOrder uint8

const (
	yearMonthDay dateOrder = iota + 1
	dayMonthYear
	monthDayYear
	dayNameYear // day, name of the month, year
	serial1900  // days of a spreadsheet
	serial1904
)

// dateLayout is one way to write a date. d and m may have one digit or two in
// every layout but yyyymmdd; behind the date there may be a time where the
// layout is asked for with one.
type dateLayout struct {
	name  string
	order dateOrder
	sep   byte // between the parts; 0 for none
	short bool // the year has two digits
}

// dateLayouts are the layouts, the plainest first. The two of day and month that
// a file cannot tell apart by itself stand next to each other.
var dateLayouts = [...]dateLayout{
	{"yyyy-mm-dd", yearMonthDay, '-', false},
	{"dd/mm/yyyy", dayMonthYear, '/', false},
	{"mm/dd/yyyy", monthDayYear, '/', false},
	{"dd/mm/yy", dayMonthYear, '/', true},
	{"mm/dd/yy", monthDayYear, '/', true},
	{"dd.mm.yyyy", dayMonthYear, '.', false},
	{"dd.mm.yy", dayMonthYear, '.', true},
	{"dd-mm-yyyy", dayMonthYear, '-', false},
	{"mm-dd-yyyy", monthDayYear, '-', false},
	{"dd-mm-yy", dayMonthYear, '-', true},
	{"mm-dd-yy", monthDayYear, '-', true},
	{"dd-mon-yyyy", dayNameYear, '-', false},
	{"dd-mon-yy", dayNameYear, '-', true},
	{"dd mon yyyy", dayNameYear, ' ', false},
	{"dd mon yy", dayNameYear, ' ', true},
	{"yyyy/mm/dd", yearMonthDay, '/', false},
	{"yyyymmdd", yearMonthDay, 0, false},
	{"excel-1900", serial1900, 0, false},
	{"excel-1904", serial1904, 0, false},
}

// withTime is what stands behind the name of a layout whose dates have a time of
// day behind them; the time is left out.
const withTime = " hh:mm"

// layoutNamed finds a layout by its name, see [MappedColumn].
func layoutNamed(name string) (l dateLayout, timed, ok bool) {
	plain, timed := strings.CutSuffix(name, withTime)
	i := slices.IndexFunc(dateLayouts[:], func(l dateLayout) bool { return l.name == plain })
	if i < 0 {
		return dateLayout{}, false, false
	}
	return dateLayouts[i], timed, true
}

func layoutList() string {
	names := make([]string, len(dateLayouts))
	for i, l := range dateLayouts {
		names[i] = l.name
	}
	return strings.Join(names, ", ")
}

// dateParts is a cell taken apart as something like a date.
type dateParts struct {
	n       [3]int
	digits  [3]uint8
	sep     byte
	named   bool // the second part is the name of a month
	timed   bool
	ordinal bool // one number alone
}

// splitDate takes a cell apart; false for what no layout could be.
func splitDate(b []byte) (p dateParts, ok bool) {
	if len(b) == 0 || len(b) > 40 || b[0]-'0' > 9 {
		return p, false
	}
	i := 0
	number := func(part int) bool {
		from := i
		for i < len(b) && b[i]-'0' <= 9 {
			if i-from > 8 {
				return false
			}
			p.n[part] = p.n[part]*10 + int(b[i]-'0')
			i++
		}
		p.digits[part] = uint8(i - from)
		return i > from
	}
	if !number(0) {
		return p, false
	}
	if i == len(b) || b[i] == '.' && p.digits[0] > 2 {
		// A day number, perhaps with a time as a fraction of a day.
		p.ordinal = true
		if i < len(b) {
			for _, c := range b[i+1:] {
				if c-'0' > 9 {
					return p, false
				}
				p.timed = p.timed || c != '0'
			}
			if i+1 == len(b) {
				return p, false
			}
		}
		return p, true
	}
	p.sep = b[i]
	if p.sep != '/' && p.sep != '-' && p.sep != '.' && p.sep != ' ' {
		return p, false
	}
	i++
	if i < len(b) && b[i]|0x20 >= 'a' && b[i]|0x20 <= 'z' {
		from := i
		for i < len(b) && b[i]|0x20 >= 'a' && b[i]|0x20 <= 'z' {
			i++
		}
		if p.n[1] = monthNamed(b[from:i]); p.n[1] == 0 {
			return p, false
		}
		p.named = true
	} else if !number(1) {
		return p, false
	}
	if i == len(b) || b[i] != p.sep {
		return p, false
	}
	i++
	if !number(2) {
		return p, false
	}
	if i < len(b) {
		if b[i] != ' ' && b[i] != 'T' || !isTime(b[i+1:]) {
			return p, false
		}
		p.timed = true
	}
	return p, true
}

var monthNames = [12]string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// monthNamed is the number of a month by its English name or the first three
// letters of it, or Sept; 0 for none.
func monthNamed(b []byte) int {
	if len(b) < 3 || len(b) > 9 {
		return 0
	}
	for m, name := range monthNames {
		if n := len(b); (n == 3 || n == len(name) || n == 4 && m == 8) && bytes.EqualFold(b, []byte(name[:n])) {
			return m + 1
		}
	}
	return 0
}

// isTime reports whether b is a time of day: hh:mm, with or without seconds,
// their fraction, and am, pm or Z.
func isTime(b []byte) bool {
	b = bytes.TrimSuffix(b, []byte("Z"))
	for _, half := range []string{"am", "pm"} {
		if n := len(b) - 2; n > 0 && bytes.EqualFold(b[n:], []byte(half)) {
			b = trimSpaces(b[:n])
			break
		}
	}
	b, fraction, _ := bytes.Cut(b, []byte{'.'})
	for _, c := range fraction {
		if c-'0' > 9 {
			return false
		}
	}
	most, parts := 23, 0
	for {
		part, rest, more := bytes.Cut(b, []byte{':'})
		if len(part) != 2 && (len(part) != 1 || parts > 0) || part[0]-'0' > 9 || part[len(part)-1]-'0' > 9 {
			return false
		}
		n := int(part[0] - '0')
		if len(part) == 2 {
			n = n*10 + int(part[1]-'0')
		}
		if parts++; n > most || parts > 3 {
			return false
		}
		most, b = 59, rest
		if !more {
			return parts > 1
		}
	}
}

// lastSerial is the day number of 31 December 9999, the last that Excel knows.
const lastSerial = 2958465

var (
	serialDay0  = mustOrdinal("1899-12-30") // from 1 March 1900 on
	serialDay04 = mustOrdinal("1904-01-01")
)

func mustOrdinal(s string) int {
	d, err := hte.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d.Ordinal()
}

// date reads the parts by the layout. today decides the century of a year of two
// digits: the latest in which the date is not after it.
func (l *dateLayout) date(p *dateParts, today hte.Date) (year, month, day int, ok bool) {
	if l.order >= serial1900 || l.sep == 0 {
		if !p.ordinal {
			return 0, 0, 0, false
		}
		n := p.n[0]
		switch l.order {
		case serial1900:
			// The 1900 system counts a 29 February 1900 that there was not, as day
			// 60; days before it are one later than those after would have them.
			if n < 1 || n == 60 || n > lastSerial {
				return 0, 0, 0, false
			}
			if n < 60 {
				n++
			}
			n += serialDay0
		case serial1904:
			if n > lastSerial-1462 {
				return 0, 0, 0, false
			}
			n += serialDay04
		default: // yyyymmdd
			year, month, day = n/10000, n/100%100, n%100
			return year, month, day, p.digits[0] == 8 && isDate(year, month, day)
		}
		d := hte.FromOrdinal(n)
		return d.Year(), int(d.Month()), d.Day(), true
	}
	if p.ordinal || p.sep != l.sep || p.named != (l.order == dayNameYear) {
		return 0, 0, 0, false
	}
	y, m, d := 2, 1, 0
	switch l.order {
	case yearMonthDay:
		y, d = 0, 2
	case monthDayYear:
		m, d = 0, 1
	}
	if p.digits[m] > 2 || p.digits[d] > 2 || p.digits[y] != 4 && !l.short || p.digits[y] != 2 && l.short {
		return 0, 0, 0, false
	}
	year, month, day = p.n[y], p.n[m], p.n[d]
	if l.short {
		year += today.Year() / 100 * 100
		if year > today.Year() || year == today.Year() && (month > int(today.Month()) || month == int(today.Month()) && day > today.Day()) {
			year -= 100
		}
	}
	return year, month, day, isDate(year, month, day)
}

func isDate(year, month, day int) bool {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 {
		return false
	}
	leap := year%4 == 0 && (year%100 != 0 || year%400 == 0)
	return day <= int(monthDays[month]) || leap && month == 2 && day == 29
}

// convertDates makes the converter of a column of dates: it writes them
// yyyy-mm-dd, and leaves alone what is so written or cannot be read.
func convertDates(l dateLayout, timed bool, today hte.Date) func(dst, cell []byte) ([]byte, bool) {
	tens := !l.short && (l.order == dayMonthYear || l.order == monthDayYear) // 01/02/2024
	return func(dst, cell []byte) ([]byte, bool) {
		if tens && len(cell) == 10 && cell[2] == l.sep && cell[5] == l.sep {
			// As most dates are written: turn the parts round, and let the reader of
			// dates say whether it is one.
			day, month := cell[:2], cell[3:5]
			if l.order == monthDayYear {
				day, month = month, day
			}
			iso := [10]byte{cell[6], cell[7], cell[8], cell[9], '-', month[0], month[1], '-', day[0], day[1]}
			if _, ok := lexDate(iso[:]); ok {
				return append(dst, iso[:]...), true
			}
			return dst, false
		}
		p, ok := splitDate(cell)
		if !ok || p.timed && !timed {
			return dst, false
		}
		year, month, day, ok := l.date(&p, today)
		if !ok || l.order == yearMonthDay && l.sep == '-' && len(cell) == 10 {
			return dst, false
		}
		return append(dst,
			byte('0'+year/1000), byte('0'+year/100%10), byte('0'+year/10%10), byte('0'+year%10), '-',
			byte('0'+month/10), byte('0'+month%10), '-', byte('0'+day/10), byte('0'+day%10)), true
	}
}

// NumberFormat is how the numbers of a column are written.
type NumberFormat struct {
	Decimal string `json:"decimal,omitempty"` // between whole and fraction: "." or ","; "" means "."
	// Thousands stands between groups of three digits: "," "." "'" or " ", which
	// stands for every space that does not break a line too; "" for none.
	Thousands string `json:"thousands,omitempty"`
}

// String says the format by an example: "1.234,5".
func (f NumberFormat) String() string { return "1" + f.Thousands + "234" + f.decimal() + "5" }

func (f NumberFormat) decimal() string {
	if f.Decimal == "" {
		return "."
	}
	return f.Decimal
}

// problem says what is wrong with the format, "" for nothing.
func (f NumberFormat) problem() string {
	switch {
	case f.decimal() != "." && f.decimal() != ",":
		return fmt.Sprintf("%q is no decimal sign; it is a point or a comma", f.Decimal)
	case !slices.Contains([]string{"", ",", ".", "'", " "}, f.Thousands):
		return fmt.Sprintf("%q does not stand between thousands; it can be a comma, a point, an apostrophe or a space", f.Thousands)
	case f.Thousands == f.decimal():
		return "the decimal sign and that between thousands are the same"
	}
	return ""
}

// appendNumber appends a number of the format with a decimal point and nothing
// between its thousands; false for a cell that is not in the format.
func (f NumberFormat) appendNumber(dst, b []byte) ([]byte, bool) {
	decimal := f.decimal()[0]
	start, i := len(dst), 0
	if i < len(b) && b[i] == '-' {
		dst = append(dst, '-')
		i++
	}
	run, groups := 0, 0 // digits since the last separator, separators
	for i < len(b) {
		c := b[i]
		if c-'0' <= 9 {
			dst = append(dst, c)
			run++
			i++
			continue
		}
		if c == decimal {
			break
		}
		n := f.separatorAt(b[i:])
		if n == 0 || run == 0 || run > 3 || groups > 0 && run != 3 {
			return dst[:start], false
		}
		groups++
		run = 0
		i += n
	}
	if run == 0 || groups > 0 && run != 3 {
		return dst[:start], false
	}
	if i == len(b) {
		return dst, true
	}
	dst = append(dst, '.')
	i++
	if i == len(b) {
		return dst[:start], false
	}
	for _, c := range b[i:] {
		if c-'0' > 9 {
			return dst[:start], false
		}
		dst = append(dst, c)
	}
	return dst, true
}

// spaces are the spaces that programs write between thousands: no-break, narrow
// no-break, thin.
var spaces = []string{" ", "\u00a0", "\u202f", "\u2009"}

// separatorAt is the length of the separator between thousands at the beginning
// of b, 0 where there is none.
func (f NumberFormat) separatorAt(b []byte) int {
	switch f.Thousands {
	case "":
		return 0
	case " ":
		for _, s := range spaces {
			if len(b) >= len(s) && string(b[:len(s)]) == s {
				return len(s)
			}
		}
		return 0
	}
	if b[0] == f.Thousands[0] {
		return 1
	}
	return 0
}

// convert makes the converter of a column of numbers, which leaves alone what is
// written as the dictionary would have it, or not in the format.
func (f NumberFormat) convert() func(dst, cell []byte) ([]byte, bool) {
	return func(dst, cell []byte) ([]byte, bool) {
		if isDigits(cell) {
			return dst, false
		}
		start := len(dst)
		out, ok := f.appendNumber(dst, cell)
		if !ok || bytes.Equal(out[start:], cell) {
			return dst, false
		}
		return out, true
	}
}

// dayOrMonth says which of the first two numbers of something like a date is the day,
// as far as the value by itself shows.
func dayOrMonth(b []byte) detail {
	var n [3]int
	part := 0
	for _, c := range b {
		switch {
		case c-'0' <= 9:
			n[part] = 10*n[part] + int(c-'0')
		case part < 2:
			part++
		}
	}
	day := func(n int) bool { return n >= 1 && n <= 31 }
	month := func(n int) bool { return n >= 1 && n <= 12 }
	first, second := day(n[0]) && month(n[1]), month(n[0]) && day(n[1])
	switch {
	case first && second && n[0] != n[1]:
		return detailDayOrMonth
	case first:
		return detailDayFirst
	case second:
		return detailMonthFirst
	}
	return noDetail
}
