// Package hte models the client journey of the NHS Health Trainer intervention
// (England and Wales, from 2005), in which a trainer works one to one with a
// client on a personal health plan: from referral to the last follow-up, in the
// community, in probation, in prison and through the gate.
//
// # Journeys
//
// A journey is a log of events, to which events are only ever added. An [Event]
// says what happened ([Data]), on which day, and when and by whom it was recorded.
// [Fold] makes the [State] of a log, and [Decide] answers a [Command]: with the
// events that it makes, or with a [*RefusedError] that names every condition that
// is not met. Both are pure functions; the host keeps the log.
//
//	state, err := hte.Fold(log)
//	events, err := hte.Decide(&policy, &state, hte.Command{
//		On: today, Recorded: now, By: "T-1",
//		Data: hte.GoalSet{Issue: "smoking", Behaviour: "smoke fewer", ...},
//	})
//	log = append(log, events...)
//
// What may be recorded when, and where it leads, is one table ([Transitions]), from
// which come the checks, the page JOURNEY.md and its diagram. What a service
// decides for itself is one value, [Policy]. What was recorded wrongly is put right
// by a later event ([Voided], [Amended]; see [Correct]).
//
// Identity stays with the host. A log holds references ([Ref]) to the client, to
// trainers and to support people, never a name, and struct tags mark the few texts
// that people write; [Redact] takes both out.
//
// # Keeping journeys
//
// [Store] is what a host implements over its database: load, append where the log
// ends as expected, rewrite, erase. [Record] opens a journey, decides and appends;
// [MemoryStore] will do for tests, and htetest.TestStore tests any other. Snapshots
// ([SnapshotStore]) let a long log open fast, and go when the journey does.
//
// # What a trainer and a manager ask every morning
//
// [DueList] says what is due or overdue and why, [Caseloads] who has how many
// clients and of what mix, [Waits] how long they waited, [Attendances] who came,
// [Plans] what became of the plans, [StagesOn] where the journeys stood on a day.
// All are pure functions over states, one after the other, so that a host need not
// hold them all. Where its store fails on the way it ends the sequence, keeps the
// error, and looks at that before it believes the answer: see the example of a
// failing store of [DueList].
//
// # Dates
//
// [Date] is a civil date. The events of a journey happen on days, and so do
// births. Held as a [time.Time], a day is midnight somewhere, and moves to the day
// before as soon as it is read with another offset from UTC, as midnight in
// British Summer Time is in UTC itself. A Date cannot move.
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
// Nothing here reads the clock: what day it is today, the caller says. Nothing
// keeps anything on disk, nor knows who may do what: that is the host's. Times of
// day, time zones, bank holidays and calendars other than the Gregorian are left
// to package time and others. Dates in formats other than yyyy-mm-dd are not read,
// since 03/04/2023 is two different days to two readers.
package hte
