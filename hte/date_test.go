package hte_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

const lastOrdinal = 3652059

// day parses a date that the test takes for granted; "" is the zero Date.
func day(tb testing.TB, s string) hte.Date {
	tb.Helper()
	var d hte.Date
	require.NoError(tb, d.UnmarshalText([]byte(s)), s)
	return d
}

// TestEveryDay walks all 3,652,059 days beside package time, which is the
// reference: ordinals, the calendar, text both ways, weekday, day of the year
// and the conversions.
func TestEveryDay(t *testing.T) {
	t.Parallel()
	var buf []byte
	tm := time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC)
	for n := 1; n <= lastOrdinal; n++ {
		year, month, dom := tm.Date()
		d := hte.FromOrdinal(n)
		y, m, dd := d.Date()
		made, err := hte.DateOf(year, month, dom)
		buf, _ = d.AppendText(buf[:0])
		parsed, perr := hte.ParseDate(buf)
		if y != year || m != month || dd != dom || made != d || err != nil || parsed != d || perr != nil ||
			d.Ordinal() != n || d.Weekday() != tm.Weekday() || d.YearDay() != tm.YearDay() ||
			// Day 1 at midnight UTC is the zero time.Time, which is no date.
			n > 1 && hte.DateFromTime(tm) != d || !d.Time(nil).Equal(tm) {
			t.Fatalf("day %d: got %v (made %v, parsed %v), want %04d-%02d-%02d", n, d, made, parsed, year, month, dom)
		}
		tm = tm.AddDate(0, 0, 1)
	}
	require.Equal(t, 10000, tm.Year(), "the walk ends with the last day of the year 9999")
}

// TestDateOfTriples tries every month and day that might be taken for one, in
// years of each kind of leap rule: a day exists if package time leaves it be.
func TestDateOfTriples(t *testing.T) {
	t.Parallel()
	for _, year := range []int{1, 4, 100, 400, 1900, 1999, 2000, 2023, 2024, 9999} {
		for month := time.Month(-1); month <= 14; month++ {
			for dom := -1; dom <= 33; dom++ {
				d, err := hte.DateOf(year, month, dom)
				y, m, dd := time.Date(year, month, dom, 0, 0, 0, 0, time.UTC).Date()
				if y == year && m == month && dd == dom {
					if err != nil || d.Year() != year || d.Month() != month || d.Day() != dom {
						t.Fatalf("DateOf(%d, %d, %d) = %v, %v", year, month, dom, d, err)
					}
					continue
				}
				if !d.IsZero() {
					t.Fatalf("DateOf(%d, %d, %d) = %v, which does not exist", year, month, dom, d)
				}
				require.ErrorIs(t, err, &hte.DateError{Reason: hte.DateNoSuchDay})
			}
		}
	}
	for _, year := range []int{math.MinInt, -1, 0, 10000, math.MaxInt} {
		d, err := hte.DateOf(year, time.May, 1)
		require.ErrorIs(t, err, &hte.DateError{Reason: hte.DateOutOfRange})
		require.True(t, d.IsZero())
	}
}

func TestParseDateRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text   string
		reason hte.DateReason
		why    string
	}{
		{"", hte.DateShape, "blank is not a date; UnmarshalText reads it as none"},
		{"2023-2-9", hte.DateShape, "no leading zeros"},
		{"2023-2-09x", hte.DateShape, "ten bytes, hyphens elsewhere"},
		{"2023-02-9x", hte.DateShape, "a letter for a digit, which DuckDB and Polars let pass"},
		{" 2023-02-09", hte.DateShape, "leading space"},
		{"2023-02-09 ", hte.DateShape, "trailing space"},
		{"2023-02- 9", hte.DateShape, "padded with a space"},
		{"+023-02-09", hte.DateShape, "a sign"},
		{"-023-02-09", hte.DateShape, "a year before our era"},
		{"+2023-02-09", hte.DateShape, "ISO 8601's expanded year"},
		{"2023-02-09T00:00:00Z", hte.DateShape, "a time of day"},
		{"2023-02-09 00:00:00", hte.DateShape, "a time of day, as databases print it"},
		{"20230209", hte.DateShape, "ISO 8601's basic form"},
		{"2023/02/09", hte.DateShape, "other separators"},
		{"09-02-2023", hte.DateShape, "day first"},
		{"02/09/2023", hte.DateShape, "which is the day?"},
		{"2023-W06-4", hte.DateShape, "ISO 8601's week date"},
		{"2023-040", hte.DateShape, "ISO 8601's ordinal date"},
		{"44966", hte.DateShape, "a spreadsheet's serial number"},
		{"２０２３-02-09", hte.DateShape, "digits, but not ASCII"},
		{"2023–02–09", hte.DateShape, "dashes, but not hyphens"},
		{"2023-02-0\x00", hte.DateShape, "a NUL"},
		{"2023-02-0/", hte.DateShape, "the byte before 0"},
		{"2023-02-0:", hte.DateShape, "the byte after 9"},
		{"2023-02-29", hte.DateNoSuchDay, "not a leap year"},
		{"1900-02-29", hte.DateNoSuchDay, "not a leap year: a century"},
		{"2023-04-31", hte.DateNoSuchDay, "April has 30 days"},
		{"2023-01-00", hte.DateNoSuchDay, "day 0, as some systems write an unknown day"},
		{"2023-00-01", hte.DateNoSuchDay, "month 0"},
		{"2023-13-01", hte.DateNoSuchDay, "month 13, perhaps day and month swapped"},
		{"2023-99-99", hte.DateNoSuchDay, "a filler"},
		{"0000-01-01", hte.DateOutOfRange, "year 0"},
		{"0000-00-00", hte.DateOutOfRange, "MySQL's no date"},
	} {
		for _, parse := range []func() (hte.Date, error){
			func() (hte.Date, error) { return hte.ParseDate(tc.text) },
			func() (hte.Date, error) { return hte.ParseDate([]byte(tc.text)) },
		} {
			d, err := parse()
			assert.True(t, d.IsZero(), "%q: %s", tc.text, tc.why)
			assert.ErrorIs(t, err, &hte.DateError{Reason: tc.reason}, "%q: %s", tc.text, tc.why)
		}
	}
}

func TestDateErrorKeepsTheTextToItself(t *testing.T) {
	t.Parallel()
	_, err := hte.ParseDate("29/02/1984")
	require.EqualError(t, err, "hte: date: not of the form yyyy-mm-dd")
	var target *hte.DateError
	require.ErrorAs(t, err, &target)
	require.Equal(t, hte.DateShape, target.Reason)
	require.ErrorIs(t, err, &hte.DateError{}, "an error without a reason stands for all")
	require.NotErrorIs(t, err, &hte.DateError{Reason: hte.DateNoSuchDay})

	seen := map[string]bool{}
	for r := range hte.DateReason(8) {
		seen[r.String()] = true
	}
	require.Len(t, seen, 5, "four reasons and the one for no reason")
}

func TestZeroDate(t *testing.T) {
	t.Parallel()
	var zero, unset hte.Date
	some := day(t, "2023-02-09")
	y, m, d := zero.Date()
	assert.Equal(t, []int{0, 0, 0}, []int{y, int(m), d})
	assert.Zero(t, zero.Year())
	assert.Zero(t, zero.Month())
	assert.Zero(t, zero.Day())
	assert.Zero(t, zero.YearDay())
	assert.Equal(t, time.Sunday, zero.Weekday())
	assert.True(t, zero.IsZero())
	assert.True(t, zero == unset && zero.Equal(unset))
	assert.False(t, some.IsZero())
	assert.False(t, some.Equal(zero))
	assert.True(t, zero.Time(time.UTC).IsZero())
	assert.Equal(t, zero, hte.DateFromTime(time.Time{}))
	assert.Equal(t, zero, hte.FromOrdinal(0))
	assert.Equal(t, 0, zero.Ordinal())
	assert.Equal(t, "", zero.String())
	assert.Equal(t, zero, zero.AddDays(1))
	assert.Equal(t, zero, zero.AddMonths(1))
	for _, pair := range [][2]hte.Date{{zero, some}, {some, zero}, {zero, zero}} {
		assert.Zero(t, pair[0].DaysUntil(pair[1]))
		assert.Zero(t, pair[0].MonthsUntil(pair[1]))
		assert.Zero(t, pair[0].YearsUntil(pair[1]))
	}
	first := hte.FromOrdinal(1)
	assert.True(t, zero.Before(first) && first.After(zero), "no date sorts before every day")
	assert.Equal(t, -1, zero.Compare(first))
	assert.Equal(t, 0, zero.Compare(unset))
}

func TestOutOfRangeIsZero(t *testing.T) {
	t.Parallel()
	first, last := hte.FromOrdinal(1), hte.FromOrdinal(lastOrdinal)
	require.Equal(t, "0001-01-01", first.String())
	require.Equal(t, "9999-12-31", last.String())
	for _, n := range []int{math.MinInt, -1, 0, lastOrdinal + 1, math.MaxInt32, math.MaxInt} {
		assert.True(t, hte.FromOrdinal(n).IsZero(), "ordinal %d", n)
	}
	for _, n := range []int{-1, math.MinInt32, math.MinInt, math.MinInt + 1} {
		assert.True(t, first.AddDays(n).IsZero(), "%d days", n)
		assert.True(t, first.AddMonths(n).IsZero(), "%d months", n)
	}
	for _, n := range []int{1, math.MaxInt32, math.MaxInt} {
		assert.True(t, last.AddDays(n).IsZero(), "%d days", n)
		assert.True(t, last.AddMonths(n).IsZero(), "%d months", n)
	}
	assert.Equal(t, last, first.AddDays(lastOrdinal-1))
	assert.Equal(t, first, last.AddDays(1-lastOrdinal))
	assert.Equal(t, "9999-12-01", first.AddMonths(12*9999-1).String())
	assert.True(t, first.AddMonths(12*9999).IsZero())
	assert.Equal(t, "0001-01-31", last.AddMonths(1-12*9999).String())
	assert.True(t, last.AddMonths(-12*9999).IsZero())
	assert.True(t, hte.DateFromTime(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero())
	assert.True(t, hte.DateFromTime(time.Date(0, 12, 31, 0, 0, 0, 0, time.UTC)).IsZero())
}

func TestAddMonths(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		from   string
		months int
		want   string
		why    string
	}{
		{"2023-02-09", 0, "2023-02-09", "nothing to add"},
		{"2023-02-09", 6, "2023-08-09", "a six-month follow-up"},
		{"2023-11-30", 3, "2024-02-29", "clamped, in a leap year"},
		{"2022-11-30", 3, "2023-02-28", "clamped"},
		{"2023-01-31", 1, "2023-02-28", "clamped"},
		{"2023-01-31", 2, "2023-03-31", "not by way of February"},
		{"2024-02-29", 12, "2025-02-28", "clamped"},
		{"2024-02-29", 48, "2028-02-29", "leap year to leap year"},
		{"2096-02-29", 48, "2100-02-28", "2100 is no leap year"},
		{"2023-12-31", 1, "2024-01-31", "over the end of the year"},
		{"2024-01-31", -1, "2023-12-31", "back over it"},
		{"2023-03-31", -1, "2023-02-28", "clamped backwards"},
		{"2023-02-28", 1, "2023-03-28", "the end of a month is not sticky"},
		{"2023-05-31", -12, "2022-05-31", "a year back"},
	} {
		assert.Equal(t, tc.want, day(t, tc.from).AddMonths(tc.months).String(), "%s and %d months: %s", tc.from, tc.months, tc.why)
	}
}

// TestAddMonthsBesidePackageTime: time.Time.AddDate normalises where AddMonths
// clamps, so they agree unless package time lands in the month after, and then
// AddMonths gives the last day of the month before that.
func TestAddMonthsBesidePackageTime(t *testing.T) {
	t.Parallel()
	from := day(t, "1896-01-01").Ordinal()
	until := day(t, "2105-01-01").Ordinal()
	for n := from; n < until; n++ {
		d := hte.FromOrdinal(n)
		for _, months := range []int{-13, -1, 1, 3, 6, 12, 48} {
			tm := d.Time(time.UTC).AddDate(0, months, 0)
			if tm.Day() != d.Day() {
				tm = tm.AddDate(0, 0, -tm.Day())
			}
			if got := d.AddMonths(months); got != hte.DateFromTime(tm) {
				t.Fatalf("%v and %d months: got %v, want %v", d, months, got, tm)
			}
		}
	}
}

func TestYearsUntil(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		born, on string
		want     int
		why      string
	}{
		{"1984-06-15", "2000-06-14", 15, "the day before the birthday"},
		{"1984-06-15", "2000-06-15", 16, "the birthday"},
		{"1984-06-15", "1984-06-15", 0, "the day of birth"},
		{"1984-06-15", "2000-05-31", 15, "an earlier month, a later day"},
		{"1984-12-31", "1985-01-01", 0, "another year, one day old"},
		{"1984-02-29", "2001-02-28", 16, "born on a leap day: not yet on 28 February"},
		{"1984-02-29", "2001-03-01", 17, "born on a leap day: on 1 March"},
		{"1984-02-29", "2000-02-29", 16, "born on a leap day: on it, in a leap year"},
		{"1984-02-29", "2000-02-28", 15, "born on a leap day: not before it, in a leap year"},
		{"1900-01-01", "2024-01-01", 124, "over a century that is no leap year"},
		{"2000-06-15", "1984-06-15", -16, "the wrong way round"},
		{"2000-06-14", "1984-06-15", -15, "the wrong way round, not complete"},
	} {
		assert.Equal(t, tc.want, day(t, tc.born).YearsUntil(day(t, tc.on)), "%s to %s: %s", tc.born, tc.on, tc.why)
	}
}

func TestMonthsUntil(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		from, to string
		want     int
		why      string
	}{
		{"2023-02-09", "2023-03-08", 0, "a day short"},
		{"2023-02-09", "2023-03-09", 1, "to the day"},
		{"2023-01-31", "2023-02-27", 0, "a day short of the clamped month"},
		{"2023-01-31", "2023-02-28", 1, "as AddMonths clamps"},
		{"2024-01-31", "2024-02-28", 0, "a day short, in a leap year"},
		{"2023-01-31", "2023-03-30", 1, "the second month ends on the 31st"},
		{"2024-02-29", "2025-02-28", 12, "a schedule; an age would be complete on 1 March"},
		{"2022-12-15", "2024-01-15", 13, "over two year ends"},
		{"2023-03-09", "2023-02-09", -1, "the wrong way round"},
	} {
		assert.Equal(t, tc.want, day(t, tc.from).MonthsUntil(day(t, tc.to)), "%s to %s: %s", tc.from, tc.to, tc.why)
	}
}

// TestLaws holds what the documentation promises on pairs of days drawn with a
// fixed seed, near to each other and far apart.
func TestLaws(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(2005, 2013))
	for range 200_000 {
		a := hte.FromOrdinal(1 + rng.IntN(lastOrdinal))
		b := hte.FromOrdinal(1 + rng.IntN(lastOrdinal))
		if rng.IntN(2) == 0 {
			b = a.AddDays(rng.IntN(2001) - 1000)
		}
		if b.IsZero() {
			continue
		}
		n := a.DaysUntil(b)
		months, years := a.MonthsUntil(b), a.YearsUntil(b)
		switch {
		case a.AddDays(n) != b || b.AddDays(-n) != a || b.DaysUntil(a) != -n:
			t.Fatalf("%v, %v: AddDays does not undo DaysUntil (%d)", a, b, n)
		case a.Before(b) != (n > 0) || a.After(b) != (n < 0) || a.Equal(b) != (n == 0) || a.Compare(b) != -b.Compare(a):
			t.Fatalf("%v, %v: the order is not that of the ordinals", a, b)
		case (a.String() < b.String()) != a.Before(b):
			t.Fatalf("%v, %v: the order is not that of the text", a, b)
		case b.MonthsUntil(a) != -months || b.YearsUntil(a) != -years:
			t.Fatalf("%v, %v: not the same backwards", a, b)
		}
		if n < 0 {
			continue
		}
		if next := a.AddMonths(months + 1); a.AddMonths(months).After(b) || !next.IsZero() && !next.After(b) {
			t.Fatalf("%v to %v is not %d months", a, b, months)
		}
		leapDay := a.Month() == time.February && a.Day() == 29
		if !leapDay && years != months/12 {
			t.Fatalf("%v to %v: %d years but %d months", a, b, years, months)
		}
	}
}

func TestCompareSorts(t *testing.T) {
	t.Parallel()
	dates := []hte.Date{day(t, "2024-02-29"), {}, day(t, "0001-01-01"), day(t, "2023-12-31"), {}}
	slices.SortFunc(dates, hte.Date.Compare)
	got := make([]string, len(dates))
	for i, d := range dates {
		got[i] = d.String()
	}
	require.Equal(t, []string{"", "", "0001-01-01", "2023-12-31", "2024-02-29"}, got)
}

func TestDateFromTimeReadsTheCalendarThere(t *testing.T) {
	t.Parallel()
	bst := time.FixedZone("BST", 3600)
	west := time.FixedZone("", -11*3600)
	instant := time.Date(2023, time.June, 14, 23, 30, 0, 0, time.UTC)
	assert.Equal(t, "2023-06-14", hte.DateFromTime(instant).String())
	assert.Equal(t, "2023-06-15", hte.DateFromTime(instant.In(bst)).String())
	d := day(t, "2023-06-15")
	for _, loc := range []*time.Location{time.UTC, bst, west} {
		tm := d.Time(loc)
		assert.Equal(t, d, hte.DateFromTime(tm), "there and back in %v", loc)
		assert.Equal(t, loc, tm.Location())
	}
	assert.Equal(t, time.UTC, d.Time(nil).Location(), "nil means UTC")
}

// FuzzParseDate holds ParseDate to package time with the shape checked first,
// because time.Parse alone is the reference for which days exist.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2023-02-09", "2024-02-29", "2023-02-29", "0000-01-01", "9999-12-31", "2023-2-9", "", "2023-02-09T00:00:00Z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		shaped := len(s) == 10
		for i := range len(s) {
			if i == 4 || i == 7 {
				shaped = shaped && s[i] == '-'
			} else {
				shaped = shaped && s[i] >= '0' && s[i] <= '9'
			}
		}
		tm, timeErr := time.Parse(time.DateOnly, s)
		want := shaped && timeErr == nil && tm.Year() >= 1
		d, err := hte.ParseDate(s)
		fromBytes, bytesErr := hte.ParseDate([]byte(s))
		if want != (err == nil) || d != fromBytes || (err == nil) != (bytesErr == nil) {
			t.Fatalf("%q: got %v, %v and %v, %v from bytes; want a date: %t", s, d, err, fromBytes, bytesErr, want)
		}
		if err != nil {
			var dateErr *hte.DateError
			if !d.IsZero() || !assert.ErrorAs(t, err, &dateErr) || shaped == (dateErr.Reason == hte.DateShape) {
				t.Fatalf("%q: %v, %v", s, d, err)
			}
			return
		}
		if d.String() != s || !d.Time(time.UTC).Equal(tm) {
			t.Fatalf("%q: read as %v", s, d)
		}
	})
}
