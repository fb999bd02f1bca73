// Casesystem is the smallest case system that is one: client journeys in an SQLite
// database, from the command line. All that it knows of the work of a health trainer
// it has from package hte; what is its own is the store (store.go), which passes the
// library's conformance suite, and the words on the screen.
//
//	go run ./examples/casesystem -on 2026-03-02 record E-1 referred '{"client":"C-1","service":"RX1","setting":"community","source":"self"}'
//	go run ./examples/casesystem -on 2026-03-02 record E-1 accepted
//	go run ./examples/casesystem show E-1
//	go run ./examples/casesystem -on 2026-03-30 morning
//	go run ./examples/casesystem erase E-1
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/healthtrainer/healthtrainer/hte"
)

const usage = `Usage: casesystem [flags] COMMAND

  record JOURNEY KIND [DATA]  put an event on record; DATA is its JSON, see hte/event.schema.json
  show JOURNEY                what happened, where the journey stands, and what may come next
  morning                     what is due and overdue, and how many clients each trainer has
  erase JOURNEY               remove a journey with all that is known of it

Flags`

// snapshotEvery is how many events may be read again when a journey is opened.
const snapshotEvery = 100

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], time.Now(), os.Stdout, os.Stderr))
}

// run is the program; it returns the exit status: 0, 1 where the answer is no, 2
// where it could not be asked.
func run(ctx context.Context, args []string, now time.Time, out, messages io.Writer) int {
	f := flag.NewFlagSet("casesystem", flag.ContinueOnError)
	f.SetOutput(messages)
	f.Usage = func() { fmt.Fprintln(messages, usage); f.PrintDefaults() }
	file := f.String("db", "cases.db", "the database `FILE`")
	on := hte.DateFromTime(now)
	f.TextVar(&on, "on", on, "the `DAY` on which it happened, or that is asked about")
	by := f.String("by", "T-1", "the reference of `WHO` puts it on record")
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	args = f.Args()
	wants := map[string][2]int{"record": {3, 4}, "show": {2, 2}, "morning": {1, 1}, "erase": {2, 2}}
	if len(args) == 0 || len(args) < wants[args[0]][0] || len(args) > wants[args[0]][1] {
		f.Usage()
		return 2
	}
	store, err := OpenStore(ctx, *file)
	if err == nil {
		defer store.Close()
		switch args[0] {
		case "record":
			err = record(ctx, store, hte.Command{Journey: hte.Ref(args[1]), On: on, Recorded: now, By: hte.Ref(*by)}, args[2], strings.Join(args[3:], ""), out)
		case "show":
			err = show(ctx, store, hte.Ref(args[1]), out)
		case "morning":
			err = morning(ctx, store, on, out)
		case "erase":
			err = store.Erase(ctx, hte.Ref(args[1]))
		}
	}
	if refused, ok := errors.AsType[*hte.RefusedError](err); ok {
		fmt.Fprintf(out, "Not now: %s\n", refused.Command.About())
		for _, u := range refused.Unmet {
			fmt.Fprintf(out, "  wanting: %s", u.Guard.About())
			if u.Detail != "" {
				fmt.Fprintf(out, " (%s)", u.Detail)
			}
			fmt.Fprintln(out)
		}
		return 1
	}
	if _, ok := errors.AsType[*hte.ConflictError](err); ok {
		fmt.Fprintln(out, "Somebody else put something on record meanwhile: look again, and decide again.")
		return 1
	}
	if err != nil {
		fmt.Fprintln(messages, "casesystem:", err)
		return 2
	}
	return 0
}

// record puts an event on record, and what follows from it by rule.
func record(ctx context.Context, store *Store, c hte.Command, kind, data string, out io.Writer) error {
	var k hte.Kind
	if err := k.UnmarshalText([]byte(kind)); err != nil {
		return err
	}
	if data == "" {
		data = "{}"
	}
	var codec hte.Codec
	var err error
	if c.Data, err = codec.DecodeData(kind, k.Version(), []byte(data)); err != nil {
		return err
	}
	state, events, err := hte.Record(ctx, store, nil, c)
	if err != nil {
		return err
	}
	for _, e := range events {
		fmt.Fprintf(out, "%4d  %s\n", e.Sequence, e.Kind().About())
	}
	fmt.Fprintf(out, "Stage: %s\n", state.Stage)
	if last := state.Sequence; last/snapshotEvery > (last-int64(len(events)))/snapshotEvery {
		_, err = hte.TakeSnapshot(ctx, store, c.Journey)
	}
	return err
}

// show prints a journey as a timeline.
func show(ctx context.Context, store *Store, journey hte.Ref, out io.Writer) error {
	n := 0
	for e, err := range store.Load(ctx, journey, 0) {
		if err != nil {
			return err
		}
		n++
		fmt.Fprintf(out, "%4d  %s  %s\n", e.Sequence, e.On, e.Kind().About())
	}
	if n == 0 {
		fmt.Fprintln(out, "Nothing is on record of this journey.")
		return nil
	}
	state, err := hte.Open(ctx, store, journey)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Stage: %s\nWhat can come next in this stage:\n", state.Stage)
	for _, t := range hte.Transitions() {
		if t.From == state.Stage {
			fmt.Fprintf(out, "  %-24s %s\n", t.Kind, t.Kind.About())
		}
	}
	return nil
}

// morning prints what a trainer and a manager ask every morning.
func morning(ctx context.Context, store *Store, day hte.Date, out io.Writer) error {
	journeys, err := store.Journeys(ctx)
	if err != nil {
		return err
	}
	var failed error
	states := func(yield func(*hte.State) bool) { // one after the other: a service has many
		for _, journey := range journeys {
			state, err := hte.Open(ctx, store, journey)
			if err != nil {
				failed = err
				return
			}
			if !yield(&state) {
				return
			}
		}
	}
	const ahead = 7 // days
	due := hte.DueList(nil, day, ahead, states)
	loads := hte.Caseloads(nil, day, states)
	if failed != nil {
		return failed
	}
	fmt.Fprintf(out, "Due by %s:\n", day.AddDays(ahead))
	for _, d := range due {
		late := ""
		if d.Because != 0 {
			late = ", because " + strings.ReplaceAll(d.Because.String(), "_", " ")
		}
		if d.Overdue() {
			late += fmt.Sprintf(", %d days overdue", d.DaysOverdue)
		}
		fmt.Fprintf(out, "  %s  %s: %s%s\n", d.On, d.Journey, strings.ReplaceAll(string(d.Task), "_", " "), late)
	}
	fmt.Fprintln(out, "Caseloads:")
	for _, l := range loads {
		who := string(l.Trainer)
		if who == "" {
			who = "nobody yet"
		}
		fmt.Fprintf(out, "  %-10s %d open, %d paused, %d in custody, %d overdue\n", who, l.Open, l.Paused, l.InCustody, l.Overdue)
	}
	return nil
}
