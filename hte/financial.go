package hte

import (
	"strconv"
	"time"
)

// A FinancialYear is the year of the UK public sector, from 1 April to 31 March,
// and is held as the calendar year in which it begins: 2023 is 2023/24. 0 is no
// year. Being a number it can be counted in and compared.
type FinancialYear int

// FinancialYear returns the financial year that d is in, or 0 for the zero Date
// (and for January to March of the year 1, whose financial year began before
// there are Dates).
func (d Date) FinancialYear() FinancialYear {
	year, month, _ := d.Date()
	if month < time.April && year > 0 {
		year--
	}
	return FinancialYear(year)
}

// FinancialQuarter returns the quarter of the financial year that d is in: 1 is
// April to June and 4 is January to March. The zero Date has 0.
func (d Date) FinancialQuarter() int {
	if d.n == 0 {
		return 0
	}
	return (int(d.Month())+8)%12/3 + 1
}

// Start returns 1 April, the first day of y, or the zero Date if y is not 1 to
// 9999.
func (y FinancialYear) Start() Date {
	if y < minYear || y > maxYear {
		return Date{}
	}
	return fromCivil(int(y), time.April, 1)
}

// End returns 31 March of the next calendar year, the last day of y and part of
// it, or the zero Date if y is not 1 to 9998.
func (y FinancialYear) End() Date {
	if y < minYear || y >= maxYear {
		return Date{}
	}
	return fromCivil(int(y)+1, time.March, 31)
}

// String returns y in the usual form, as in "2023/24", or "" if y is not 1 to
// 9999.
func (y FinancialYear) String() string {
	if y < minYear || y > maxYear {
		return ""
	}
	pad := func(n, width int) string {
		s := strconv.Itoa(n)
		for len(s) < width {
			s = "0" + s
		}
		return s
	}
	return pad(int(y), 4) + "/" + pad((int(y)+1)%100, 2)
}
