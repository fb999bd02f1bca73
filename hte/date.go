package hte

import (
	"cmp"
	"time"
)

// Date is a day of the civil calendar, from 0001-01-01 to 9999-12-31 in the
// proleptic Gregorian calendar, with no time of day and no time zone. Its zero
// value means that no date is recorded.
//
// Dates are compared with ==, can be map keys, and take four bytes. In the
// order of [Date.Compare] the zero Date comes before every day. Arithmetic never
// wraps and never fails: from the zero Date it gives the zero Date, and so it
// does where the result would be out of range.
type Date struct {
	// n is the Rata Die ordinal: 0001-01-01 is day 1. 0 is no date.
	n int32
}

const (
	minYear = 1
	maxYear = 9999
	// maxOrdinal is the ordinal of 9999-12-31.
	maxOrdinal = 3652059
	// marchEpoch is the number of days from 0000-03-01, where a count of days
	// is simplest because the leap day then ends the year, to ordinal 0.
	marchEpoch = 305
)

// DateOf returns the day with that year (1 to 9999), month and day of the month.
// Unlike [time.Date] it does not normalise: 30 February is a [*DateError], not
// 1 or 2 March.
func DateOf(year int, month time.Month, day int) (Date, error) {
	if year < minYear || year > maxYear {
		return Date{}, &DateError{Reason: DateOutOfRange}
	}
	if month < time.January || month > time.December || day < 1 || day > daysIn(year, month) {
		return Date{}, &DateError{Reason: DateNoSuchDay}
	}
	return fromCivil(year, month, day), nil
}

// ParseDate reads a calendar date of ISO 8601 in its extended form, yyyy-mm-dd,
// and nothing else: four, two and two ASCII digits, no sign, no space, no time.
// The error is a [*DateError]. The empty string is an error too: whoever reads
// optional dates looks for blanks first, or uses [Date.UnmarshalText].
func ParseDate[T ~string | ~[]byte](s T) (Date, error) {
	if len(s) != len("yyyy-mm-dd") || s[4] != '-' || s[7] != '-' {
		return Date{}, &DateError{Reason: DateShape}
	}
	// A byte that is no digit wraps to more than 9, which survives the max.
	a, b, c, d := s[0]-'0', s[1]-'0', s[2]-'0', s[3]-'0'
	e, f, g, h := s[5]-'0', s[6]-'0', s[8]-'0', s[9]-'0'
	if max(a, b, c, d, e, f, g, h) > 9 {
		return Date{}, &DateError{Reason: DateShape}
	}
	year := int(a)*1000 + int(b)*100 + int(c)*10 + int(d)
	month := time.Month(e)*10 + time.Month(f)
	return DateOf(year, month, int(g)*10+int(h))
}

// FromOrdinal returns the day with that Rata Die ordinal: 1 is 0001-01-01 and
// 3652059 is 9999-12-31. Any other number gives the zero Date.
func FromOrdinal(n int) Date {
	if n < 1 || n > maxOrdinal {
		return Date{}
	}
	return Date{int32(n)}
}

// DateFromTime returns the date that a calendar shows at t in t's own location.
// The zero [time.Time] gives the zero Date, and so does a year out of range.
func DateFromTime(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	year, month, day := t.Date()
	if year < minYear || year > maxYear {
		return Date{}
	}
	return fromCivil(year, month, day)
}

// Ordinal returns the Rata Die ordinal of d, which counts days from 0001-01-01
// as 1. The zero Date has 0.
func (d Date) Ordinal() int { return int(d.n) }

// IsZero reports whether d is the zero Date, which means that there is none.
func (d Date) IsZero() bool { return d == Date{} }

// Date returns the year, the month and the day of the month, or three zeros for
// the zero Date.
func (d Date) Date() (year int, month time.Month, day int) {
	if d.n == 0 {
		return 0, 0, 0
	}
	// Neri and Schneider, "Euclidean Affine Functions and their Application to
	// Calendar Algorithms", https://arxiv.org/abs/2102.06959, which package time
	// follows too.
	n1 := 4*uint32(d.n+marchEpoch) + 3
	century := n1 / 146097
	n2 := n1%146097 | 3
	p := 2939745 * uint64(n2)
	yearDay := uint32(p) / 2939745 / 4 // from 1 March as 0
	n3 := 2141*yearDay + 197913
	year = int(100*century + uint32(p>>32))
	month = time.Month(n3 >> 16)
	day = int(n3&0xffff/2141) + 1
	if month > time.December {
		year, month = year+1, month-12
	}
	return year, month, day
}

// Year returns the calendar year, 1 to 9999, or 0 for the zero Date.
func (d Date) Year() int {
	year, _, _ := d.Date()
	return year
}

// Month returns the month, or 0 for the zero Date.
func (d Date) Month() time.Month {
	_, month, _ := d.Date()
	return month
}

// Day returns the day of the month, or 0 for the zero Date.
func (d Date) Day() int {
	_, _, day := d.Date()
	return day
}

// YearDay returns the day of the year, 1 to 366, or 0 for the zero Date.
func (d Date) YearDay() int {
	if d.n == 0 {
		return 0
	}
	return int(d.n-fromCivil(d.Year(), time.January, 1).n) + 1
}

// Weekday returns the day of the week. The zero Date has none; it answers Sunday.
func (d Date) Weekday() time.Weekday { return time.Weekday(d.n % 7) }

// Time returns midnight at the start of d in that location; nil means UTC. The
// zero Date gives the zero [time.Time].
//
// Some places have moved their clocks at midnight, so that there it may be
// missing or come twice; what [time.Date] does in that case holds here. To
// compare days, compare Dates, not such times.
func (d Date) Time(loc *time.Location) time.Time {
	if d.n == 0 {
		return time.Time{}
	}
	if loc == nil {
		loc = time.UTC
	}
	year, month, day := d.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, loc)
}

// Compare returns -1 if d is before other, 0 if they are equal and +1 if d is
// after other. The zero Date comes before every day. It suits [slices.SortFunc].
func (d Date) Compare(other Date) int { return cmp.Compare(d.n, other.n) }

// Before reports whether d is before other. The zero Date is before every day.
func (d Date) Before(other Date) bool { return d.n < other.n }

// After reports whether d is after other. Every day is after the zero Date.
func (d Date) After(other Date) bool { return d.n > other.n }

// Equal reports whether d and other are the same day, or both the zero Date. It
// is ==, for code that compares by method.
func (d Date) Equal(other Date) bool { return d == other }

// AddDays returns the day that is n days after d, or before it for a negative n.
func (d Date) AddDays(n int) Date {
	if d.n == 0 || n > maxOrdinal || n < -maxOrdinal {
		return Date{}
	}
	return FromOrdinal(int(d.n) + n)
}

// AddMonths returns the day n months after d, or before it for a negative n,
// with the same day of the month or, where that month is too short, its last
// day: a month after 31 January is 28 February, or 29 in a leap year. Hence two
// steps of a month may end earlier than one of two: work out every follow-up
// from the review, not each from the one before.
func (d Date) AddMonths(n int) Date {
	const most = 12 * maxYear
	if d.n == 0 || n > most || n < -most {
		return Date{}
	}
	year, month, day := d.Date()
	months := 12*year + int(month) - 1 + n
	year, month = months/12, time.Month(months%12+1)
	if months < 12*minYear || year > maxYear {
		return Date{}
	}
	return fromCivil(year, month, min(day, daysIn(year, month)))
}

// DaysUntil returns the number of days from d to other, negative if other is the
// earlier. It is 0 if either is the zero Date, so look for that first.
func (d Date) DaysUntil(other Date) int {
	if d.n == 0 || other.n == 0 {
		return 0
	}
	return int(other.n - d.n)
}

// MonthsUntil returns the number of completed months from d to other: the
// largest n for which d.AddMonths(n) is not after other. So a month is complete
// on 28 February that began on 31 January. If other is the earlier it is
// -other.MonthsUntil(d). It is 0 if either is the zero Date, so look for that
// first.
func (d Date) MonthsUntil(other Date) int {
	if d.n == 0 || other.n == 0 {
		return 0
	}
	if other.n < d.n {
		return -other.MonthsUntil(d)
	}
	y1, m1, d1 := d.Date()
	y2, m2, d2 := other.Date()
	n := 12*(y2-y1) + int(m2-m1)
	if d2 < min(d1, daysIn(y2, m2)) {
		n--
	}
	return n
}

// YearsUntil returns the number of completed years from d to other, which is the
// age at other of a person born on d. A year is complete when the same month and
// day come round. For someone born on 29 February that is, in a common year,
// 1 March: this is the library's rule for an age, and differs from that of
// [Date.MonthsUntil], which is for schedules.
//
// If other is the earlier, the result is -other.YearsUntil(d). It is 0 if either
// is the zero Date, so look for that first.
func (d Date) YearsUntil(other Date) int {
	if d.n == 0 || other.n == 0 {
		return 0
	}
	if other.n < d.n {
		return -other.YearsUntil(d)
	}
	y1, m1, d1 := d.Date()
	y2, m2, d2 := other.Date()
	if m2 < m1 || m2 == m1 && d2 < d1 {
		return y2 - y1 - 1
	}
	return y2 - y1
}

// fromCivil returns the Date of a day that exists.
func fromCivil(year int, month time.Month, day int) Date {
	y, m := uint32(year), uint32(month)
	if m <= 2 {
		y, m = y-1, m+12
	}
	century := y / 100
	days := 1461*y/4 - century + century/4 + (979*m-2919)/32 + uint32(day) - 1
	return Date{int32(days) - marchEpoch}
}

// daysIn returns the number of days in a month that exists.
func daysIn(year int, month time.Month) int {
	if month == time.February {
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	// 31 for odd months up to July and for even ones from August.
	return 30 | int(month^month>>3)
}
