package hte_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// book is the least that a host needs: a log, and the state that it folds to.
type book struct {
	log    []hte.Event
	state  hte.State
	policy hte.Policy
}

// record asks for one thing to be recorded, and keeps the events that it makes.
func (b *book) record(on string, what hte.Data) error {
	date, err := hte.ParseDate(on)
	if err != nil {
		return err
	}
	events, err := hte.Decide(&b.policy, &b.state, hte.Command{
		Journey: "E-2024-017", On: date, Recorded: date.Time(time.UTC).Add(16 * time.Hour), By: "trainer-4", Data: what,
	})
	if err != nil {
		return err
	}
	for _, e := range events {
		if err := b.state.Apply(e); err != nil {
			return err
		}
		fmt.Println(e.On, e.Kind())
	}
	b.log = append(b.log, events...)
	return nil
}

// A man on licence is referred by probation and meets his trainer. She cannot
// write down his weight before he consents. Then they make a plan.
func Example() {
	b := book{policy: hte.DefaultPolicy()}
	weight, _ := wellbeing.ParseValue("96.50")
	for _, step := range []struct {
		on   string
		what hte.Data
	}{
		{"2024-03-04", hte.Referred{
			Client: "C-88", Service: "RX1", Source: "probation", Setting: "probation", Supervision: "licence", Reason: "weight", Age: 41,
		}},
		{"2024-03-05", hte.Accepted{}},
		{"2024-03-06", hte.TrainerAssigned{Trainer: "trainer-4", Reason: "first"}},
		{"2024-03-12", hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}},
		{"2024-03-12", hte.MeasureTaken{Measure: "weight_kg", Value: weight, Occasion: "assessment"}},
		{"2024-03-12", hte.ConsentGiven{}},
		{"2024-03-12", hte.MeasureTaken{Measure: "weight_kg", Value: weight, Occasion: "assessment"}},
		{"2024-03-12", hte.IssueIdentified{Issue: "weight", Primary: true}},
		{"2024-03-12", hte.AssessmentCompleted{}},
		{"2024-03-19", hte.PlanStarted{}},
		{"2024-03-19", hte.GoalSet{
			Issue: "weight", Behaviour: "walk to appointments", Measure: "activity_moderate", Unit: "sessions/week",
			Baseline: wellbeing.Whole(0), Target: wellbeing.Whole(4), By: mustDate("2024-05-31"),
		}},
		{"2024-03-19", hte.PlanSigned{Client: true, Trainer: true}},
	} {
		if err := b.record(step.on, step.what); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println("stage:", b.state.Stage)
	// Output:
	// 2024-03-04 referred
	// 2024-03-05 accepted
	// 2024-03-06 trainer_assigned
	// 2024-03-12 first_contact_made
	// hte: measure_taken is refused at the stage engaged: consent
	// 2024-03-12 consent_given
	// 2024-03-12 measure_taken
	// 2024-03-12 issue_identified
	// 2024-03-12 assessment_completed
	// 2024-03-19 plan_started
	// 2024-03-19 goal_set
	// 2024-03-19 plan_signed
	// stage: active
}

func mustDate(s string) hte.Date {
	d, err := hte.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// exampleBook is a journey with a signed plan and an appointment.
func exampleBook() *book {
	b := &book{policy: hte.DefaultPolicy()}
	on := mustDate("2024-03-04")
	for _, what := range []hte.Data{
		hte.Referred{Client: "C-88", Service: "RX1", Source: "probation", Setting: "probation", Supervision: "licence"},
		hte.Accepted{},
		hte.TrainerAssigned{Trainer: "trainer-4"},
		hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"},
		hte.ConsentGiven{},
		hte.SupporterNamed{Person: "P-5", Relation: "partner"},
		hte.AppointmentPlanned{Purpose: "assessment", Day: on.AddDays(7), Mode: "face_to_face"},
	} {
		events, err := hte.Decide(&b.policy, &b.state, hte.Command{
			Journey: "E-2024-017", On: on, Recorded: on.Time(time.UTC).Add(time.Hour * 16), By: "trainer-4", Data: what,
		})
		if err != nil {
			panic(err)
		}
		b.log = append(b.log, events...)
		b.state, err = hte.Fold(b.log)
		if err != nil {
			panic(err)
		}
	}
	return b
}

// What follows by rule comes with the events of the command: append all, or none.
func ExampleDecide_recall() {
	b := exampleBook()
	if err := b.record("2024-03-08", hte.Recalled{Prison: "HMP-3"}); err != nil {
		fmt.Println(err)
	}
	fmt.Println("paused:", b.state.Pause.Reason)
	// Output:
	// 2024-03-08 recalled
	// 2024-03-08 appointment_cancelled
	// 2024-03-08 paused
	// paused: recalled
}

// When consent is withdrawn, the work stops, and the state says what must go.
func ExampleState_ToErase() {
	b := exampleBook()
	if err := b.record("2024-03-08", hte.ConsentWithdrawn{}); err != nil {
		fmt.Println(err)
	}
	erasure, due := b.state.ToErase(&b.policy)
	fmt.Println(due, "by", erasure.By, "with", erasure.ThirdParties, erasure.Holds)
	// Output:
	// 2024-03-08 consent_withdrawn
	// 2024-03-08 appointment_cancelled
	// 2024-03-08 closed
	// true by 2024-04-07 with [P-5] [appointments supporters]
}

// A service may have to keep the record of somebody who withdrew consent. It says
// on what, and the record is on no list of what must be erased, until the day until
// which it is kept.
func ExampleRecordKept() {
	b := exampleBook()
	for _, data := range []hte.Data{
		hte.ConsentWithdrawn{},
		hte.RecordKept{Basis: "legal_claims", Until: mustDate("2024-12-31")},
	} {
		if err := b.record("2024-03-08", data); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(len(b.state.AppendDue(nil, &b.policy, mustDate("2024-06-01"), 0)), "due in June")
	for _, due := range b.state.AppendDue(nil, &b.policy, mustDate("2025-01-02"), 0) {
		fmt.Println(due.Task, due.On, due.DaysOverdue, "days overdue")
	}
	// Output:
	// 2024-03-08 consent_withdrawn
	// 2024-03-08 appointment_cancelled
	// 2024-03-08 closed
	// 2024-03-08 record_kept
	// 0 due in June
	// erase_record 2024-12-31 2 days overdue
}

// A refusal names every condition that is not met.
func ExampleRefusedError() {
	b := exampleBook()
	err := b.record("2024-03-08", hte.AssessmentCompleted{})
	if refused, ok := errors.AsType[*hte.RefusedError](err); ok {
		for _, u := range refused.Unmet {
			fmt.Printf("%s (%s): %s\n", u.Guard, u.Detail, u.Guard.About())
		}
	}
	// Output:
	// assessment (primary_issue): what the policy requires at assessment is on record; the details name what is not
}

// An entry that belongs to another client is made void by a later event; the
// earlier one stays in the log.
func ExampleCorrect() {
	b := exampleBook()
	fmt.Println(len(b.state.Supporters), "supporter,", len(b.log), "events")
	events, err := hte.Correct(&b.policy, b.log, hte.Command{
		On: mustDate("2024-03-05"), Recorded: time.Date(2024, time.March, 5, 9, 0, 0, 0, time.UTC), By: "trainer-4",
		Data: hte.Voided{Sequence: 6, Reason: "wrong_client"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	b.log = append(b.log, events...)
	state, err := hte.Fold(b.log)
	fmt.Println(len(state.Supporters), "supporters,", len(b.log), "events", err)
	// Output:
	// 1 supporter, 7 events
	// 0 supporters, 8 events <nil>
}

// A snapshot saves folding a long log from its beginning.
func ExampleResume() {
	b := exampleBook()
	snapshot, err := hte.Fold(b.log[:5])
	if err != nil {
		fmt.Println(err)
		return
	}
	stored, err := json.Marshal(snapshot)
	if err != nil {
		fmt.Println(err)
		return
	}
	var read hte.State
	if err := json.Unmarshal(stored, &read); err != nil {
		fmt.Println(err)
		return
	}
	state, err := hte.Resume(read, b.log[5:])
	fmt.Println(state.Sequence, len(state.Appointments), err)
	// Output: 7 1 <nil>
}

// What may be recorded next is in the table, for a form to show.
func ExampleTransitions() {
	for _, t := range hte.Transitions() {
		if t.From == hte.StageAssessed && t.To != t.From {
			fmt.Println(t.Kind, "->", t.To, t.Guards)
		}
	}
	// Output:
	// plan_started -> planning [in_order consent trainer not_paused one_to_one session_room]
	// closed -> closed [nothing_later closure_fits]
	// transferred_out -> closed [nothing_later]
}

func ExampleEvent() {
	b := exampleBook()
	text, err := json.Marshal(b.log[3])
	fmt.Println(string(text), err)
	// Output: {"journey":"E-2024-017","sequence":4,"on":"2024-03-04","recorded":"2024-03-04T16:00:00Z","by":"trainer-4","kind":"first_contact_made","version":1,"data":{"mode":"face_to_face","help":"one_to_one"}} <nil>
}

func ExampleTechnique() {
	fmt.Println(hte.Technique("1.4").Label())
	fmt.Println(hte.Technique("8.7").Group(), "/", hte.Technique("8.7").Label())
	// Output:
	// Action planning
	// Repetition and substitution / Graded tasks
}

func ExampleState_DiarySummary() {
	var s hte.State
	from := mustDate("2024-04-01")
	for day, kept := range []bool{true, true, false, true, true, true} {
		s.Diary = append(s.Diary, hte.DiaryEntry{On: from.AddDays(day), DiaryKept: hte.DiaryKept{Diary: "smoking", Kept: kept}})
	}
	week := s.DiarySummary("smoking", 0, from, from.AddDays(6))
	fmt.Println("kept", week.Kept, "of", week.Days, "days; longest run", week.Longest, "and now", week.Current)
	// Output: kept 5 of 7 days; longest run 3 and now 3
}

func ExampleRedact() {
	e := hte.Event{Data: hte.NoteAdded{Text: "her sister Ann helps"}}
	fmt.Printf("%q\n", hte.Redact(e, true, nil).Data)
	// Output: {""}
}

// What a trainer asks every morning.
func ExampleDueList() {
	monday, _ := hte.ParseDate("2024-01-08")
	today, _ := hte.ParseDate("2024-01-20")
	var journeys []*hte.State
	for _, journey := range []hte.Ref{"E-1", "E-2"} {
		events, err := hte.Decide(nil, &hte.State{}, hte.Command{
			Journey: journey, On: monday, Recorded: monday.Time(time.UTC), By: "T-1",
			Data: hte.Referred{Client: "C-" + journey[2:], Service: "RX1", Source: "probation", Setting: "probation", Supervision: "licence"},
		})
		if err != nil {
			panic(err)
		}
		state, err := hte.Fold(events)
		if err != nil {
			panic(err)
		}
		journeys = append(journeys, &state)
	}
	for _, d := range hte.DueList(nil, today, 7, slices.Values(journeys)) {
		fmt.Printf("%s: %s, due %s, %d days overdue\n", d.Journey, d.Task, d.On, d.DaysOverdue)
	}
	// Output:
	// E-1: answer_referral, due 2024-01-18, 2 days overdue
	// E-2: answer_referral, due 2024-01-18, 2 days overdue
}

// unplugged is a store whose connection breaks at one journey.
type unplugged struct {
	hte.Store
	at hte.Ref
}

func (s *unplugged) Load(ctx context.Context, journey hte.Ref, after int64) iter.Seq2[hte.Event, error] {
	if journey == s.at {
		return func(yield func(hte.Event, error) bool) { yield(hte.Event{}, errors.New("connection lost")) }
	}
	return s.Store.Load(ctx, journey, after)
}

// A store can fail between two journeys. The sequence ends there and leaves the
// error behind, and the list is believed only if there is none: half a list would
// look like a quiet morning.
func ExampleDueList_failingStore() {
	ctx, today := context.Background(), mustDate("2024-03-20")
	memory := new(hte.MemoryStore)
	journeys := []hte.Ref{"E-1", "E-2", "E-3"}
	for _, journey := range journeys {
		_, _, err := hte.Record(ctx, memory, nil, hte.Command{
			Journey: journey, On: mustDate("2024-03-04"), Recorded: time.Date(2024, time.March, 4, 9, 0, 0, 0, time.UTC), By: "staff-7",
			Data: hte.Referred{Client: "C-" + journey, Service: "RX1", Source: "self", Setting: "community"},
		})
		if err != nil {
			panic(err)
		}
	}

	// opened opens one journey after the other, until one cannot be.
	opened := func(store hte.Store, failed *error) iter.Seq[*hte.State] {
		return func(yield func(*hte.State) bool) {
			for _, journey := range journeys {
				state, err := hte.Open(ctx, store, journey)
				if err != nil {
					*failed = err
					return
				}
				if !yield(&state) {
					return
				}
			}
		}
	}
	for _, store := range []hte.Store{&unplugged{memory, "E-2"}, memory} {
		var failed error
		due := hte.DueList(nil, today, 0, opened(store, &failed))
		if failed != nil {
			fmt.Println("no list today:", failed)
			continue
		}
		for _, d := range due {
			fmt.Println(d.Journey, d.Task, d.DaysOverdue, "days overdue")
		}
	}
	// Output:
	// no list today: connection lost
	// E-1 answer_referral 6 days overdue
	// E-2 answer_referral 6 days overdue
	// E-3 answer_referral 6 days overdue
}
