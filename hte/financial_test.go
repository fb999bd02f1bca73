package hte_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

func TestFinancialYear(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		date    string
		year    string
		quarter int
		why     string
	}{
		{"2023-03-31", "2022/23", 4, "the last day"},
		{"2023-04-01", "2023/24", 1, "the first day"},
		{"2023-06-30", "2023/24", 1, "the end of quarter 1"},
		{"2023-07-01", "2023/24", 2, "the start of quarter 2"},
		{"2023-09-30", "2023/24", 2, "the end of quarter 2"},
		{"2023-10-01", "2023/24", 3, "the start of quarter 3"},
		{"2023-12-31", "2023/24", 3, "the end of quarter 3"},
		{"2024-01-01", "2023/24", 4, "another calendar year"},
		{"2024-02-29", "2023/24", 4, "a leap day"},
		{"1999-12-31", "1999/00", 3, "over the century"},
		{"2010-05-01", "2010/11", 1, "two digits after the stroke"},
		{"0987-06-05", "0987/88", 1, "four digits before it"},
		{"", "", 0, "no date"},
		{"0001-03-31", "", 4, "its year begins before there are Dates"},
		{"0001-04-01", "0001/02", 1, "the first of all"},
		{"9999-12-31", "9999/00", 3, "its year ends after there are Dates"},
	} {
		d := day(t, tc.date)
		assert.Equal(t, tc.year, d.FinancialYear().String(), "%s: %s", tc.date, tc.why)
		assert.Equal(t, tc.quarter, d.FinancialQuarter(), "%s: %s", tc.date, tc.why)
	}
}

func TestFinancialYearHoldsItsDays(t *testing.T) {
	t.Parallel()
	for y := hte.FinancialYear(1); y < 9999; y++ {
		start, end := y.Start(), y.End()
		require.False(t, start.IsZero() || end.IsZero())
		if start.FinancialYear() != y || end.FinancialYear() != y ||
			start.AddDays(-1).FinancialYear() != y-1 || end.AddDays(1) != (y+1).Start() || start.AddMonths(12) != end.AddDays(1) {
			t.Fatalf("%v runs from %v to %v", y, start, end)
		}
	}
	assert.Equal(t, "2023-04-01", hte.FinancialYear(2023).Start().String())
	assert.Equal(t, "2024-03-31", hte.FinancialYear(2023).End().String())
	assert.Equal(t, "9999-04-01", hte.FinancialYear(9999).Start().String())
	assert.True(t, hte.FinancialYear(9999).End().IsZero())
	for _, y := range []hte.FinancialYear{math.MinInt, -1, 0, 10000, math.MaxInt} {
		assert.True(t, y.Start().IsZero())
		assert.True(t, y.End().IsZero())
		assert.Equal(t, "", y.String())
	}
}
