// Package hte models the client journey of the NHS Health Trainer intervention
// (England and Wales, from 2005), in which a trainer works one to one with a
// client on a personal health plan.
//
// So far it holds the one type that all of that rests on: [Date], a civil date.
// The events of a journey, from referral to the last follow-up, happen on days,
// and so do births. Held as a [time.Time], a day is midnight somewhere, and moves
// to the day before as soon as it is read with another offset from UTC, as
// midnight in British Summer Time is in UTC itself. A Date cannot move.
//
//	born, err := hte.ParseDate("1984-02-29")
//	age := born.YearsUntil(referred)
//	due := review.AddMonths(6)
//	year := referred.FinancialYear() // 2023/24
//
// The zero Date means that none is recorded; it is written as an empty text, a
// JSON null or an SQL NULL, and read back from them.
//
// # Non-goals
//
// Nothing here reads the clock: what day it is today, the caller says. Times of
// day, time zones, bank holidays and calendars other than the Gregorian are left
// to package time and others. Formats other than yyyy-mm-dd are not read, since
// 03/04/2023 is two different days to two readers.
package hte
