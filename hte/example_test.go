package hte_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/healthtrainer/healthtrainer/hte"
)

func ExampleDate() {
	born, err := hte.ParseDate("1984-02-29")
	if err != nil {
		fmt.Println(err)
		return
	}
	referred, err := hte.DateOf(2023, time.February, 9)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("age at referral:", born.YearsUntil(referred))
	fmt.Println("financial year:", referred.FinancialYear(), "quarter", referred.FinancialQuarter())

	review := referred.AddDays(84)
	for _, months := range []int{3, 6, 12} {
		fmt.Printf("follow-up at %d months due: %v\n", months, review.AddMonths(months))
	}
	// Output:
	// age at referral: 38
	// financial year: 2022/23 quarter 4
	// follow-up at 3 months due: 2023-08-04
	// follow-up at 6 months due: 2023-11-04
	// follow-up at 12 months due: 2024-05-04
}

// A day that is kept as a time is kept as midnight somewhere. British Summer Time
// is an hour ahead of UTC, so midnight in June is still the day before in UTC,
// which is what a database or a JSON document in UTC then holds.
func ExampleDate_britishSummerTime() {
	bst := time.FixedZone("BST", 60*60)
	midnight := time.Date(1984, time.June, 15, 0, 0, 0, 0, bst)
	fmt.Println("as a time:", midnight.UTC().Format(time.DateOnly))

	born := hte.DateFromTime(midnight)
	text, err := json.Marshal(born)
	fmt.Println("as a Date:", string(text), err)
	// Output:
	// as a time: 1984-06-14
	// as a Date: "1984-06-15" <nil>
}

func ExampleParseDate() {
	d, err := hte.ParseDate("2023-02-09")
	fmt.Println(d, err)

	for _, text := range []string{"09/02/2023", "2023-02-30", "2023-2-9"} {
		_, err = hte.ParseDate(text)
		fmt.Println(err)
	}
	// Output:
	// 2023-02-09 <nil>
	// hte: date: not of the form yyyy-mm-dd
	// hte: date: no such day in the calendar
	// hte: date: not of the form yyyy-mm-dd
}

// The reason for an error tells a typing error from a day that never was.
func ExampleDateError() {
	_, err := hte.ParseDate("2023-02-30")
	if dateErr, ok := errors.AsType[*hte.DateError](err); ok && dateErr.Reason == hte.DateNoSuchDay {
		fmt.Println("well written, but there is no such day")
	}
	// Output: well written, but there is no such day
}

func ExampleDate_AddMonths() {
	review, err := hte.ParseDate("2022-11-30")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(review.AddMonths(3))
	fmt.Println(review.AddMonths(6))
	// Output:
	// 2023-02-28
	// 2023-05-30
}

// An age counts birthdays; a schedule counts months. They differ for those born
// on 29 February.
func ExampleDate_YearsUntil() {
	born, err := hte.ParseDate("1984-02-29")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, on := range []string{"2023-02-28", "2023-03-01"} {
		d, err := hte.ParseDate(on)
		fmt.Println(on, born.YearsUntil(d), born.MonthsUntil(d)/12, err)
	}
	// Output:
	// 2023-02-28 38 39 <nil>
	// 2023-03-01 39 39 <nil>
}

// The zero Date is no date: it is written as null, and arithmetic leaves it be.
func ExampleDate_IsZero() {
	var closed hte.Date
	text, err := json.Marshal(map[string]hte.Date{"closure_date": closed})
	fmt.Println(closed.IsZero(), string(text), err)
	fmt.Println(closed.AddMonths(6).IsZero())
	// Output:
	// true {"closure_date":null} <nil>
	// true
}

func ExampleFinancialYear() {
	y := hte.FinancialYear(2023)
	fmt.Println(y, "runs from", y.Start(), "to", y.End())
	// Output: 2023/24 runs from 2023-04-01 to 2024-03-31
}
