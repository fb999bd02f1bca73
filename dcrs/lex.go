package dcrs

import (
	"encoding/binary"
	"math"
	"strings"
)

// The lexers read one value straight from the bytes of a cell, without spaces
// around it, and allocate nothing. A number too large for its int64 is given
// as the largest: no range allows it.

const (
	decimalPlaces = 9
	decimalUnit   = 1_000_000_000
	tooLarge      = math.MaxInt64 / 4
)

const msb = 0x8080808080808080

var cumulativeDays = [13]uint16{0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334}

var monthDays = [13]uint8{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// afterFebruary are the months, from 1, that begin a day later in a leap year.
var afterFebruary = [13]uint32{3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1, 9: 1, 10: 1, 11: 1, 12: 1}

// yearStarts are the days before each year, doubled, and one more for a leap year.
var yearStarts = func() (t [10_000]uint32) {
	for year := 1; year < len(t); year++ {
		y := year - 1
		t[year] = uint32(y*365+y/4-y/100+y/400) << 1
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			t[year] |= 1
		}
	}
	return t
}()

// lexDate reads yyyy-mm-dd and returns the ordinal of the day: 1 for
// 0001-01-01, as hte.Date.Ordinal.
func lexDate(b []byte) (int64, bool) {
	if len(b) != 10 {
		return 0, false
	}
	return dateOf(binary.LittleEndian.Uint64(b), uint64(binary.LittleEndian.Uint16(b[8:])))
}

// dateOf reads a date from its first eight characters, the first of them in the
// lowest byte, and its last two. What tail holds behind them does not matter.
func dateOf(head, tail uint64) (int64, bool) {
	// Subtract what each character must at least be, then ask that digits are below
	// 10 and hyphens 0.
	w := head - 0x2d30302d30303030
	if (w|(w+0x7f76767f76767676))&msb != 0 {
		return 0, false
	}
	d1, d2 := uint8(tail)-'0', uint8(tail>>8)-'0'
	if d1 > 9 || d2 > 9 {
		return 0, false
	}
	pairs := w*10 + w>>8 // of digits: the first two of the year in the lowest byte, its last two in the third, the month in the sixth
	year := pairs&0xff*100 + pairs>>16&0xff
	month := pairs >> 40 & 0xff
	day := int(d1)*10 + int(d2)
	if year == 0 || month-1 > 11 || month == 0 || day == 0 {
		return 0, false
	}
	before, leap := yearStarts[year]>>1, yearStarts[year]&1 != 0
	if day > int(monthDays[month]) && !(leap && month == 2 && day == 29) {
		return 0, false
	}
	n := int64(before) + int64(cumulativeDays[month]) + int64(day)
	return n + int64(yearStarts[year]&1&afterFebruary[month]), true
}

// lexInteger reads a whole number; 3.0 is one, 3.5 is not.
func lexInteger(b []byte) (int64, bool) {
	negative := false
	if len(b) > 0 && b[0] == '-' {
		negative = true
		b = b[1:]
	}
	if len(b) == 0 || b[0]-'0' > 9 {
		return 0, false
	}
	var n int64
	i := 0
	for ; i < len(b); i++ {
		d := b[i] - '0'
		if d > 9 {
			break
		}
		if n < tooLarge/10-1 {
			n = n*10 + int64(d)
		} else {
			n = tooLarge
		}
	}
	if i < len(b) {
		if b[i] != '.' || i+1 == len(b) {
			return 0, false
		}
		for _, c := range b[i+1:] {
			if c != '0' {
				return 0, false
			}
		}
	}
	if negative {
		n = -n
	}
	return n, true
}

// lexDecimal reads a number with or without a decimal point and returns it in
// units of 10^-9 with the number of places it was written with. Digits beyond
// the ninth are cut off; where that would make a whole number or half a
// thousandth of one that is a little more, one unit is kept: 640.0000000001 is
// still above 640, and 0.0005000000001 still rounds up.
func lexDecimal(b []byte) (value int64, places int, ok bool) {
	negative := false
	if len(b) > 0 && b[0] == '-' {
		negative = true
		b = b[1:]
	}
	if len(b) == 0 || b[0]-'0' > 9 {
		return 0, 0, false
	}
	var n int64
	i := 0
	for ; i < len(b); i++ {
		d := b[i] - '0'
		if d > 9 {
			break
		}
		if n < 1_000_000_000 {
			n = n*10 + int64(d)
		}
	}
	large := n >= 1_000_000_000
	if i < len(b) {
		if b[i] != '.' || i+1 == len(b) {
			return 0, 0, false
		}
		places = len(b) - i - 1
		rest := false
		for j, c := range b[i+1:] {
			d := c - '0'
			if d > 9 {
				return 0, 0, false
			}
			if large {
				continue
			}
			if j < decimalPlaces {
				n = n*10 + int64(d)
			} else if d != 0 {
				rest = true
			}
		}
		if !large {
			for range decimalPlaces - places {
				n *= 10
			}
			if rest && n%(decimalUnit/2000) == 0 {
				n++
			}
		}
	} else if !large {
		n *= decimalUnit
	}
	if large {
		n = tooLarge
	}
	if negative {
		n = -n
	}
	return n, min(places, math.MaxUint8), true
}

// lexNHSNumber reads ten digits, leaving out the spaces and hyphens between them.
func lexNHSNumber(b []byte) (int64, bool) {
	var n int64
	digits := 0
	for _, c := range b {
		switch d := c - '0'; {
		case d <= 9:
			n = n*10 + int64(d)
			if digits++; digits > 10 {
				return 0, false
			}
		case c != ' ' && c != '-':
			return 0, false
		}
	}
	return n, digits == 10
}

// nhsNumberChecks reports whether the modulus 11 check digit of a ten-digit
// NHS number is right.
func nhsNumberChecks(n int64) bool {
	check := n % 10
	// Five digits and four, each on their own: the processor works on both at once.
	upper, lower := uint32(n/100_000), uint32(n/10%10_000)
	sum := upper%10*6 + upper/10%10*7 + upper/100%10*8 + upper/1000%10*9 + upper/10_000*10
	sum += lower%10*2 + lower/10%10*3 + lower/100%10*4 + lower/1000*5
	want := 11 - int64(sum%11)
	if want == 11 {
		want = 0
	}
	return want == check // a remainder that asks for 10 is never right
}

// nhsNumberIsPlaceholder reports whether a number is one that people type to
// get past a form, or reads the same backwards, as many test numbers do.
func nhsNumberIsPlaceholder(n int64) bool {
	if n == 123456789 { // 0123456789
		return true
	}
	if n/1_000_000_000 != n%10 { // nine of ten numbers
		return false
	}
	var reversed int64
	for m, i := n, 0; i < 10; i++ {
		reversed = reversed*10 + m%10
		m /= 10
	}
	return n == reversed // among them 0000000000, 1111111111 and 9999999999
}

// A postcode is packed into 42 bits, six for each of up to seven characters,
// the last in the lowest: equal postcodes are equal numbers however they were
// spaced. Letters are 1 to 26, digits 27 to 36.
func lexPostcode(b []byte) (int64, bool) {
	var n int64
	var kinds uint32 // 2 bits a character, the last in the lowest: 1 letter, 2 digit
	chars := 0
	for _, c := range b {
		code := postcodeChars[c]
		if code == 0 {
			if c == ' ' {
				continue
			}
			return 0, false
		}
		if chars++; chars > 7 {
			return 0, false
		}
		n = n<<6 | int64(code&0x3f)
		kinds = kinds<<2 | uint32(code>>6)
	}
	if chars < 5 || kinds&0x3f != 0b10_01_01 { // inward part: digit, letter, letter
		return 0, false
	}
	switch kinds >> 6 { // outward part: A9, A99, AA9, A9A, AA99, AA9A
	case 0b01_10, 0b01_10_10, 0b01_01_10, 0b01_10_01, 0b01_01_10_10, 0b01_01_10_01:
		return n, true
	}
	return 0, false
}

// postcodeChars holds the six bits of a character of a postcode and above them
// its kind; 0 for a character that does not belong there.
var postcodeChars = func() (t [256]uint8) {
	for c := range 26 {
		t['A'+c], t['a'+c] = uint8(c+1)|1<<6, uint8(c+1)|1<<6
	}
	for d := range 10 {
		t['0'+d] = uint8(d+27) | 2<<6
	}
	return t
}()

var (
	pseudoOutward = mustPack("ZZ990AA") >> 18 // the outward part ZZ99
	noFixedAbode  = mustPack("ZZ993VZ")
)

func mustPack(postcode string) int64 {
	n, _ := lexPostcode([]byte(postcode))
	return n
}

// postcodeSays is what Row.places says of a postcode.
func postcodeSays(packed int64) uint8 {
	switch {
	case !isPseudoPostcode(packed):
		return 0
	case packed == noFixedAbode:
		return postcodeNoAbode
	}
	return postcodePseudo
}

func isPseudoPostcode(packed int64) bool { return packed>>18 == pseudoOutward }

// lexLSOA reads E01 or W01 and six digits; the value is the digits, with
// 1,000,000 added for Wales.
func lexLSOA(b []byte) (int64, bool) {
	if len(b) != 9 || b[1] != '0' || b[2] != '1' {
		return 0, false
	}
	var n int64
	switch b[0] {
	case 'E':
	case 'W':
		n = 1
	default:
		return 0, false
	}
	for _, c := range b[3:] {
		d := c - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + int64(d)
	}
	return n, true
}

// welshLSOA is added to the digits of a Welsh area.
const welshLSOA = 1_000_000

func lsoaIsWelsh(value int64) bool { return value >= welshLSOA }

// lexGPPractice reads a letter and five digits; the value is both.
func lexGPPractice(b []byte) (int64, bool) {
	if len(b) != 6 || b[0]-'A' > 25 {
		return 0, false
	}
	n := int64(b[0])
	for _, c := range b[1:] {
		d := c - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + int64(d)
	}
	return n, true
}

// The practice codes that stand for no practice: V81997 not registered, V81998
// not applicable, V81999 not known.
func gpPracticeIsDefault(value int64) bool {
	return value >= 'V'*100_000+81997 && value <= 'V'*100_000+81999
}

const (
	idAlphabet      = "A-Z a-z 0-9 . _ -"
	serviceAlphabet = "A-Z 0-9"
)

// alphabetTable turns "A-Z 0-9 . _ -" into a table of the bytes it names; ␣
// stands for a space.
func alphabetTable(alphabet string) (t [256]bool) {
	for i := 0; i < len(alphabet); i++ {
		switch c := alphabet[i]; {
		case c == ' ':
		case strings.HasPrefix(alphabet[i:], "␣"):
			t[' '] = true
			i += len("␣") - 1
		case i+2 < len(alphabet) && alphabet[i+1] == '-' && alphabet[i+2] != ' ':
			for b := int(c); b <= int(alphabet[i+2]); b++ {
				t[b] = true
			}
			i += 2
		default:
			t[c] = true
		}
	}
	return t
}

// roundHalfEven divides n by unit (positive), rounding half to even.
func roundHalfEven(n, unit int64) int64 {
	q, r := n/unit, n%unit
	if r < 0 {
		q--
		r += unit
	}
	if 2*r > unit || 2*r == unit && q&1 != 0 {
		q++
	}
	return q
}

func trimSpaces(b []byte) []byte {
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}
