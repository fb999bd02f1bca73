package export_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/dcrs/export"
	"github.com/healthtrainer/healthtrainer/hte"
)

// A service's journeys, from its database, become an extract. The first client did
// not consent to the record being shared, so nothing of that journey is written.
func Example() {
	asOf, _ := hte.DateOf(2026, time.March, 31)
	monday, _ := hte.DateOf(2026, time.March, 2)
	journey := func(id hte.Ref, data ...hte.Data) *hte.State {
		var s hte.State
		for _, d := range data {
			events, err := hte.Decide(nil, &s, hte.Command{Journey: id, On: monday, Recorded: monday.Time(time.UTC), By: "trainer-4", Data: d})
			if err != nil {
				panic(err)
			}
			for _, e := range events {
				if err := s.Apply(e); err != nil {
					panic(err)
				}
			}
		}
		return &s
	}
	referral := hte.Referred{Client: "C-1", Service: "RX1", Source: "probation", Setting: "probation", Supervision: "licence"}
	journeys := []*hte.State{
		journey("E-1", referral, hte.Accepted{}, hte.ConsentLimited{Purposes: []hte.Purpose{"support"}}),
		journey("E-2", referral, hte.Accepted{}, hte.ConsentGiven{}),
	}

	x, err := export.New(asOf)
	if err != nil {
		panic(err)
	}
	files := map[string]*strings.Builder{}
	w, err := x.NewWriter(func(kind string) (io.Writer, error) { // a service opens episodes.csv, contacts.csv …
		files[kind] = new(strings.Builder)
		return files[kind], nil
	})
	if err != nil {
		panic(err)
	}
	for _, s := range journeys { // thousands are better given to WriteAll, which is far cheaper
		_, err := w.Write(context.Background(), s, export.Client{Gender: "1"})
		if refused, ok := errors.AsType[*export.RefusedError](err); ok {
			fmt.Println("refused:", refused.Reason)
			continue
		}
		fmt.Println("written:", err)
	}
	if err := w.Flush(); err != nil {
		panic(err)
	}
	fmt.Println(strings.Count(files["episode"].String(), "E-"), "episode")
	// Output:
	// refused: no_consent
	// written: <nil>
	// 1 episode
}

// Whoever is refused is listed, with the reason, and the others are exported: the
// error says whom it is about. The list stays in the service, as the references do.
func ExampleExporter_All() {
	asOf, _ := hte.DateOf(2026, time.March, 31)
	monday, _ := hte.DateOf(2026, time.March, 2)
	referred := func(id hte.Ref, consent hte.Data) *hte.State {
		s, err := hte.Fold([]hte.Event{
			{Journey: id, Sequence: 1, On: monday, Data: hte.Referred{Client: "C-1", Service: "RX1", Source: "self", Setting: "community"}},
			{Journey: id, Sequence: 2, On: monday, Data: consent},
		})
		if err != nil {
			panic(err)
		}
		return &s
	}
	journeys := func(yield func(*hte.State, export.Client) bool) { // a service reads them from its store
		_ = yield(referred("E-7", hte.ConsentRefused{}), export.Client{}) &&
			yield(referred("E-8", hte.ConsentGiven{}), export.Client{Gender: "1"}) &&
			yield(referred("E-9", hte.ConsentGiven{}), export.Client{Gender: "male"})
	}
	x, err := export.New(asOf)
	if err != nil {
		panic(err)
	}
	for rows, err := range x.All(context.Background(), journeys) {
		if refused, ok := errors.AsType[*export.RefusedError](err); ok {
			fmt.Println(refused.Journey, "is refused:", refused.Reason, refused.Rules)
			continue
		}
		if err != nil {
			panic(err) // the context's: it is the last
		}
		fmt.Println(rows.Episode[1], "goes into the extract")
	}
	// Output:
	// E-7 is refused: no_consent []
	// E-8 goes into the extract
	// E-9 is refused: breaks_rules [gender/code]
}

// A service takes a new case system, and its cases so far are an extract. Each
// episode becomes a journey, as far as its rows go. The list says what they did not
// say, and what of them a journey has no place for: a person looks at it before the
// old system is switched off.
func ExampleJourney() {
	asOf, _ := hte.DateOf(2026, time.March, 31)
	files := map[string]string{
		"episode": `client_id,episode_id,service_code,trainer_id,gender,setting,supervision,referral_source,referral_date,first_contact_date,assessment_date,consent,client_mode,primary_issue,wider_needs
C-1,E-1,RX1,T-1,1,probation,licence,probation,2026-01-05,2026-01-12,2026-01-12,Y,one_to_one,smoking,accommodation`,
		"contact": `episode_id,contact_id,contact_date,consultation_medium,attendance,purpose,trainer_id
E-1,77120,2026-01-12,01,attended,assessment,T-1
E-1,77121,2026-01-19,04,did_not_attend,session,T-1`,
		"need": `episode_id,need,severity,status,recorded_date,status_date
E-1,accommodation,urgent,met,2026-01-12,2026-02-20`,
	}
	// Rows are kept, because a row is valid only until the next.
	episodes, others := []export.Record{}, map[hte.Ref][]export.Record{}
	for _, d := range dcrs.ExtractDictionaries() {
		v, err := dcrs.NewValidator(d, asOf)
		if err != nil {
			panic(err)
		}
		for r, err := range v.Rows(context.Background(), d.Kind()+"s.csv", strings.NewReader(files[d.Kind()])) {
			if err != nil {
				panic(err)
			}
			if k := export.Keep(d, r); d.Kind() == "episode" {
				episodes = append(episodes, k)
			} else {
				others[k.Episode()] = append(others[k.Episode()], k)
			}
		}
	}

	for _, e := range episodes {
		events, left, err := export.Journey(e, others[e.Episode()], asOf.Time(time.UTC), "import-1")
		if err != nil {
			fmt.Println("left out:", err)
			continue
		}
		for _, event := range events { // a service appends them to its store
			fmt.Println(event.On, event.Kind())
		}
		for _, l := range left {
			if l.Record == "" {
				fmt.Println("put down:", l.What)
			} else {
				fmt.Printf("%s of %s, in %d: %s\n", l.What, l.Record, l.Count, l.Why)
			}
		}
	}
	// Output:
	// 2026-01-05 referred
	// 2026-01-05 accepted
	// 2026-01-05 trainer_assigned
	// 2026-01-12 first_contact_made
	// 2026-01-12 consent_limited
	// 2026-01-12 appointment_planned
	// 2026-01-12 appointment_attended
	// 2026-01-12 issue_identified
	// 2026-01-12 need_recorded
	// 2026-01-12 assessment_completed
	// 2026-01-19 appointment_planned
	// 2026-01-19 appointment_missed
	// 2026-02-20 need_recorded
	// put down: accepted_on
	// put down: assignments
	// put down: first_contact
	// put down: consent
	// put down: appointments.made
	// put down: appointments.missed
	// gender of episode, in 1: who the client is stays with the host
	// wider_needs_met of episode, in 1: the journey has what needs.csv has, and by the assessment
	// sessions_attended of episode, in 1: a journey counts its own appointments
	// sessions_missed of episode, in 1: a journey counts its own appointments
	// contact_id of contact, in 2: a journey numbers its own
	// consultation_medium of contact, in 1: an appointment has no such medium
	// severity of need, in 1: high is the most that a need of a journey can weigh
}

// A client closed with the old service and came back a year later. Once each row is
// a journey, the two are told of each other.
func ExampleLink() {
	asOf, _ := hte.DateOf(2026, time.March, 31)
	recorded := asOf.Time(time.UTC)
	file := `client_id,episode_id,service_code,setting,referral_source,referral_date,closure_date,closure_reason
C-1,E-1,RX1,community,self,2024-02-05,2024-06-03,moved
C-1,E-2,RX1,community,gp,2025-11-10,,
`
	d := dcrs.Episodes()
	v, err := dcrs.NewValidator(d, asOf)
	if err != nil {
		panic(err)
	}
	var journeys [][]hte.Event
	for r, err := range v.Rows(context.Background(), "episodes.csv", strings.NewReader(file)) {
		if err != nil {
			panic(err)
		}
		events, _, err := export.Journey(export.Keep(d, r), nil, recorded, "import-1")
		if err != nil {
			panic(err)
		}
		journeys = append(journeys, events)
	}
	if journeys, err = export.Link(journeys, recorded, "import-1"); err != nil {
		panic(err)
	}
	for _, log := range journeys {
		for _, e := range log {
			switch data := e.Data.(type) {
			case hte.Referred:
				fmt.Printf("%s %s, referred; before that %q\n", e.On, e.Journey, data.Previous)
			case hte.ReReferred:
				fmt.Printf("%s %s, came back as %s\n", e.On, e.Journey, data.Episode)
			}
		}
	}
	// Output:
	// 2024-02-05 E-1, referred; before that ""
	// 2025-11-10 E-1, came back as E-2
	// 2025-11-10 E-2, referred; before that "E-1"
}
