package hte_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

// TestEveryDay walks all 3,652,059 days beside package time, which is the
// reference: ordinals, the calendar, text both ways, weekday and day of the year.
func TestEveryDay(t *testing.T) {
	t.Parallel()
	var buf []byte
	tm := time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC)
	for n := 1; n <= 3652059; n++ {
		year, month, day := tm.Date()
		d := hte.FromOrdinal(n)
		y, m, dd := d.Date()
		made, err := hte.DateOf(year, month, day)
		buf, _ = d.AppendText(buf[:0])
		parsed, perr := hte.ParseDate(buf)
		if y != year || m != month || dd != day || made != d || err != nil || parsed != d || perr != nil ||
			d.Ordinal() != n || d.Weekday() != tm.Weekday() || d.YearDay() != tm.YearDay() {
			t.Fatalf("day %d: got %v (made %v, parsed %v), want %04d-%02d-%02d", n, d, made, parsed, year, month, day)
		}
		tm = tm.AddDate(0, 0, 1)
	}
	require.Equal(t, 10000, tm.Year(), "the walk ends with the last day of the year 9999")
}
