package export_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

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
	for _, s := range journeys {
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
