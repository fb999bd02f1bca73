package htetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/healthtrainer/healthtrainer/hte"
)

var checks = []check{
	{name: "nothing there", promise: "a journey that is not there has no events", run: nothingThere},
	{name: "order", promise: "events come back in order, whatever batches they came in", run: order},
	{name: "after", promise: "Load begins behind the sequence that it is given", run: after},
	{name: "conflict", promise: "a log that does not end where the writer expects is left alone", run: conflict},
	{name: "race to append", promise: "of several writers who expect the same, one wins", run: raceToAppend},
	{name: "misfits", promise: "events that do not follow on are refused", run: misfits},
	{name: "atomic append", promise: "readers see all of a batch or none", run: atomicAppend},
	{name: "cannot be written", promise: "of a batch with an event that JSON cannot hold, nothing is kept", run: cannotBeWritten},
	{name: "journeys apart", promise: "journeys with similar references are kept apart", run: journeysApart},
	{name: "cancelled", promise: "a cancelled context stops every method, and nothing is half done", run: cancelled},
	{name: "cancelled while loading", promise: "Load stops when its context is cancelled", run: cancelledWhileLoading},
	{name: "stop early", promise: "a reader may stop at any event", run: stopEarly},
	{name: "write while reading", promise: "a reader may use the store, and sees the log as it was", run: writeWhileReading},
	{name: "awkward text", promise: "text comes back as it was, to the byte", run: awkwardText},
	{name: "unknown events", promise: "events of kinds to come are kept as they are", run: unknownEvents},
	{name: "every kind", promise: "times, days and references come back as they were", run: envelope},
	{name: "own copy", promise: "the store keeps its own copy of what it was given", run: ownCopy},
	{name: "large log", promise: "a log of ten thousand events is kept whole", run: largeLog},
	{name: "large event", promise: "an event of some hundred kilobytes is kept whole", run: largeEvent},
	{name: "atomic rewrite", promise: "readers see the log before or the log after", run: atomicRewrite},
	{name: "rewrite", promise: "a rewritten log replaces the one before, all or nothing", run: rewrite},
	{name: "erase", promise: "an erased journey is gone, and no other", run: erase},
	{name: "race to erase", promise: "whoever writes while a journey is erased leaves nothing of it behind", run: raceToErase},
	{name: "open and record", promise: "a journey opened from the store is the fold of its log", run: openStored},
	{name: "snapshot", promise: "the newest snapshot is kept", snapshots: true, run: keepSnapshot},
	{name: "snapshot after rewrite", promise: "no snapshot from before a rewrite is left or comes back", snapshots: true, run: snapshotAfterRewrite},
	{name: "snapshot after erasure", promise: "no snapshot of an erased journey is left or comes back", snapshots: true, run: snapshotAfterErasure},
	{name: "snapshot cancelled", promise: "a cancelled context stops the methods for snapshots", snapshots: true, run: snapshotCancelled},
	{name: "opened from a snapshot", promise: "a journey opens to the same state with a snapshot as without", snapshots: true, run: openedFromSnapshot},
}

// began is when the made-up events were put on record. Databases keep
// microseconds; the suite asks for no more.
var began = time.Date(2026, time.March, 29, 0, 59, 59, 123456000, time.UTC)

func day(n int) hte.Date { return hte.FromOrdinal(739_000 + n) }

// notes makes n events of a journey that follow on the sequence after.
func notes(journey hte.Ref, after int64, n int, text string) []hte.Event {
	events := make([]hte.Event, n)
	for i := range events {
		s := after + 1 + int64(i)
		events[i] = hte.Event{
			Journey: journey, Sequence: s, On: day(int(s)), Recorded: began.Add(time.Duration(s) * time.Microsecond),
			By: "trainer-1", Data: hte.NoteAdded{Text: fmt.Sprintf("%s %d", text, s)},
		}
	}
	return events
}

func load(ctx context.Context, store hte.Store, journey hte.Ref, after int64) ([]hte.Event, error) {
	var all []hte.Event
	for e, err := range store.Load(ctx, journey, after) {
		if err != nil {
			return all, fmt.Errorf("loading: %w", err)
		}
		all = append(all, e)
	}
	return all, nil
}

func text(e hte.Event) string {
	b, err := json.Marshal(e)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// holds reports how what the store has of a journey differs from want.
func holds(ctx context.Context, store hte.Store, journey hte.Ref, want []hte.Event) error {
	got, err := load(ctx, store, journey, 0)
	if err != nil {
		return err
	}
	return same(got, want)
}

func same(got, want []hte.Event) error {
	for i := range min(len(got), len(want)) {
		if g, w := text(got[i]), text(want[i]); g != w {
			return fmt.Errorf("event at index %d is\n\t%s\nand should be\n\t%s", i, cut(g), cut(w))
		}
	}
	if len(got) != len(want) {
		return fmt.Errorf("there are %d events and should be %d", len(got), len(want))
	}
	return nil
}

func cut(s string) string {
	if len(s) > 500 {
		return s[:500] + "…"
	}
	return s
}

func appendAll(ctx context.Context, store hte.Store, batches ...[]hte.Event) error {
	for _, events := range batches {
		if err := store.Append(ctx, events[0].Journey, events[0].Sequence-1, events); err != nil {
			return fmt.Errorf("appending: %w", err)
		}
	}
	return nil
}

func wantConflict(err error, expected, actual int64) error {
	c, ok := errors.AsType[*hte.ConflictError](err)
	if !ok {
		return fmt.Errorf("got %v, want a *hte.ConflictError", err)
	}
	if c.Expected != expected || c.Actual != actual {
		return fmt.Errorf("the conflict says expected %d, actual %d; it was expected %d, actual %d", c.Expected, c.Actual, expected, actual)
	}
	return nil
}

func nothingThere(ctx context.Context, store hte.Store) error {
	if err := holds(ctx, store, "nobody", nil); err != nil {
		return err
	}
	s, err := hte.Open(ctx, store, "nobody")
	if err != nil {
		return fmt.Errorf("opening: %w", err)
	}
	if s.Sequence != 0 || s.Stage != hte.StageNone {
		return fmt.Errorf("opening found a journey at event %d", s.Sequence)
	}
	return nil
}

func order(ctx context.Context, store hte.Store) error {
	const journey = "E-1"
	all := notes(journey, 0, 25, "note")
	// Ten and more, so that numbers that were made into text would be out of order.
	if err := appendAll(ctx, store, all[:1], all[1:9], all[9:10], all[10:11], all[11:]); err != nil {
		return err
	}
	return holds(ctx, store, journey, all)
}

func after(ctx context.Context, store hte.Store) error {
	const journey = "E-1"
	all := notes(journey, 0, 12, "note")
	if err := appendAll(ctx, store, all); err != nil {
		return err
	}
	for n := int64(0); n <= 14; n++ {
		got, err := load(ctx, store, journey, n)
		if err != nil {
			return err
		}
		if err := same(got, all[min(int(n), len(all)):]); err != nil {
			return fmt.Errorf("after %d: %w", n, err)
		}
	}
	return nil
}

func conflict(ctx context.Context, store hte.Store) error {
	const journey = "E-1"
	all := notes(journey, 0, 5, "note")
	if err := wantConflict(store.Append(ctx, journey, 3, notes(journey, 3, 1, "early")), 3, 0); err != nil {
		return fmt.Errorf("on a journey that is not there: %w", err)
	}
	if err := holds(ctx, store, journey, nil); err != nil {
		return err
	}
	if err := appendAll(ctx, store, all); err != nil {
		return err
	}
	for _, expected := range []int64{0, 4, 6, 100} {
		if err := wantConflict(store.Append(ctx, journey, expected, notes(journey, expected, 2, "other")), expected, 5); err != nil {
			return fmt.Errorf("expecting %d: %w", expected, err)
		}
		if err := wantConflict(store.Rewrite(ctx, journey, expected, notes(journey, 0, 2, "other")), expected, 5); err != nil {
			return fmt.Errorf("rewriting, expecting %d: %w", expected, err)
		}
	}
	return holds(ctx, store, journey, all)
}

func raceToAppend(ctx context.Context, store hte.Store) error {
	const (
		journey = "E-1"
		writers = 8
		rounds  = 12
	)
	var log []hte.Event
	for range rounds {
		expected := int64(len(log))
		errs := make([]error, writers)
		mine := make([][]hte.Event, writers)
		start := make(chan struct{})
		var wait sync.WaitGroup
		for w := range writers {
			mine[w] = notes(journey, expected, 1+w%3, fmt.Sprintf("writer %d", w))
			wait.Go(func() {
				<-start
				errs[w] = store.Append(ctx, journey, expected, mine[w])
			})
		}
		close(start)
		wait.Wait()
		winner := -1
		for w, err := range errs {
			if err == nil {
				if winner >= 0 {
					return fmt.Errorf("two writers appended behind event %d", expected)
				}
				winner = w
			}
		}
		if winner < 0 {
			return fmt.Errorf("no writer appended behind event %d: %w", expected, errors.Join(errs...))
		}
		end := expected + int64(len(mine[winner]))
		for _, err := range errs {
			if err == nil {
				continue
			}
			if err := wantConflict(err, expected, end); err != nil {
				return err
			}
		}
		log = append(log, mine[winner]...)
		if err := holds(ctx, store, journey, log); err != nil {
			return err
		}
	}
	return nil
}

func misfits(ctx context.Context, store hte.Store) error {
	const journey = "E-1"
	all := notes(journey, 0, 3, "note")
	if err := appendAll(ctx, store, all); err != nil {
		return err
	}
	change := func(change func(e *hte.Event)) []hte.Event {
		events := notes(journey, 3, 3, "misfit")
		change(&events[1])
		return events
	}
	for _, m := range []struct {
		what   string
		events []hte.Event
	}{
		{"a gap in the sequence", change(func(e *hte.Event) { e.Sequence = 7 })},
		{"a sequence twice", change(func(e *hte.Event) { e.Sequence = 4 })},
		{"an event of another journey", change(func(e *hte.Event) { e.Journey = "E-2" })},
		{"an event without data", change(func(e *hte.Event) { e.Data = nil })},
		{"an event that says not when it was recorded", change(func(e *hte.Event) { e.Recorded = time.Time{} })},
		{"events of the wrong number altogether", notes(journey, 1, 2, "misfit")},
	} {
		if _, ok := errors.AsType[*hte.AppendError](store.Append(ctx, journey, 3, m.events)); !ok {
			return fmt.Errorf("appending took %s, or gave no *hte.AppendError", m.what)
		}
		if err := holds(ctx, store, journey, all); err != nil {
			return fmt.Errorf("after %s: %w", m.what, err)
		}
	}
	if err := holds(ctx, store, "E-2", nil); err != nil {
		return fmt.Errorf("the other journey: %w", err)
	}
	if err := store.Append(ctx, journey, 3, nil); err != nil {
		return fmt.Errorf("appending no events: %w", err)
	}
	return holds(ctx, store, journey, all)
}

func atomicAppend(ctx context.Context, store hte.Store) error {
	const (
		journey = "E-1"
		size    = 7
		batches = 30
	)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wait sync.WaitGroup
	failed := make(chan error, 4)
	done := make(chan struct{})
	for range 3 {
		wait.Go(func() {
			for {
				got, err := load(ctx, store, journey, 0)
				if err == nil && len(got)%size != 0 {
					err = fmt.Errorf("a reader saw %d events of batches of %d", len(got), size)
				}
				for i, e := range got {
					if err == nil && e.Sequence != int64(i)+1 {
						err = fmt.Errorf("a reader saw event %d at index %d", e.Sequence, i)
					}
				}
				if err != nil {
					failed <- err
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	var err error
	for b := range int64(batches) {
		if err = store.Append(ctx, journey, b*size, notes(journey, b*size, size, "note")); err != nil {
			break
		}
	}
	close(done)
	wait.Wait()
	close(failed)
	for e := range failed {
		err = errors.Join(err, e)
	}
	return err
}

func cannotBeWritten(ctx context.Context, store hte.Store) error {
	const journey = "E-1"
	all := notes(journey, 0, 3, "note")
	if err := appendAll(ctx, store, all); err != nil {
		return err
	}
	events := notes(journey, 3, 3, "misfit")
	events[2].On = hte.Date{} // CheckAppend does not look, [hte.Event.AppendJSON] does
	if err := store.Append(ctx, journey, 3, events); err == nil {
		return errors.New("appending took an event without a day")
	}
	if err := holds(ctx, store, journey, all); err != nil {
		return fmt.Errorf("after a batch that was refused: %w", err)
	}
	log := notes(journey, 0, 3, "redacted")
	log[2].On = hte.Date{}
	if err := store.Rewrite(ctx, journey, 3, log); err == nil {
		return errors.New("rewriting took an event without a day")
	}
	return holds(ctx, store, journey, all)
}

func journeysApart(ctx context.Context, store hte.Store) error {
	// What a database takes for a wildcard, for the same letter, or for a number.
	refs := []hte.Ref{"E-1", "e-1", "E_1", "E.1", "E-10", "E-", "1", "01", "1.0", "null", "NaN", hte.Ref(strings.Repeat("x", 35)), hte.Ref(strings.Repeat("x", 36))}
	logs := make(map[hte.Ref][]hte.Event)
	for i, ref := range refs {
		logs[ref] = notes(ref, 0, i+1, "of "+string(ref))
		if err := appendAll(ctx, store, logs[ref]); err != nil {
			return err
		}
	}
	for ref, log := range logs {
		if err := holds(ctx, store, ref, log); err != nil {
			return fmt.Errorf("%s: %w", ref, err)
		}
	}
	return nil
}

func cancelled(ctx context.Context, store hte.Store) error {
	const journey = "E-1"
	all := notes(journey, 0, 3, "note")
	if err := appendAll(ctx, store, all); err != nil {
		return err
	}
	dead, cancel := context.WithCancel(ctx)
	cancel()
	_, loadErr := load(dead, store, journey, 0)
	for what, err := range map[string]error{
		"Load":    loadErr,
		"Append":  store.Append(dead, journey, 3, notes(journey, 3, 2, "late")),
		"Rewrite": store.Rewrite(dead, journey, 3, notes(journey, 0, 3, "late")),
		"Erase":   store.Erase(dead, journey),
	} {
		if !errors.Is(err, context.Canceled) {
			return fmt.Errorf("%s gave %v, want context.Canceled", what, err)
		}
	}
	return holds(ctx, store, journey, all)
}

func cancelledWhileLoading(ctx context.Context, store hte.Store) error {
	const journey = "E-1"
	if err := appendAll(ctx, store, notes(journey, 0, 5000, "note")); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	seen := 0
	for _, err := range store.Load(ctx, journey, 0) {
		if err != nil {
			if !errors.Is(err, context.Canceled) {
				return fmt.Errorf("got %w, want context.Canceled", err)
			}
			return nil
		}
		if seen++; seen == 10 {
			cancel()
		}
	}
	return fmt.Errorf("all %d events came, though the context was cancelled after 10", seen)
}

func stopEarly(ctx context.Context, store hte.Store) error {
	const journey = "E-1"
	all := notes(journey, 0, 50, "note")
	if err := appendAll(ctx, store, all); err != nil {
		return err
	}
	// More often than a pool has connections.
	for n := range 40 {
		seen := 0
		for _, err := range store.Load(ctx, journey, 0) {
			if err != nil {
				return err
			}
			if seen++; seen > n {
				break
			}
		}
	}
	more := notes(journey, 50, 1, "note")
	if err := appendAll(ctx, store, more); err != nil {
		return err
	}
	return holds(ctx, store, journey, slices.Concat(all, more))
}

func writeWhileReading(ctx context.Context, store hte.Store) error {
	const journey = "E-1"
	all := notes(journey, 0, 20, "note")
	if err := appendAll(ctx, store, all); err != nil {
		return err
	}
	more := notes(journey, 20, 5, "note")
	var seen []hte.Event
	for e, err := range store.Load(ctx, journey, 0) {
		if err != nil {
			return err
		}
		if len(seen) == 3 {
			// A store that holds a lock while it yields would never come back from here.
			done := make(chan error, 1)
			go func() { done <- appendAll(ctx, store, more) }()
			select {
			case err := <-done:
				if err != nil {
					return err
				}
			case <-time.After(10 * time.Second):
				return errors.New("appending waits for a reader to end")
			}
		}
		seen = append(seen, e)
	}
	if err := same(seen, all); err != nil {
		return fmt.Errorf("the reader, who began before the last batch: %w", err)
	}
	return holds(ctx, store, journey, slices.Concat(all, more))
}

// awkward is text that gets lost on the way through databases and encodings.
var awkward = []string{
	"", " ", "  two spaces at each end  ", "null", "NULL", "0", "007", "1e3", "true",
	"O'Brien", `"quoted"`, `back\slash`, `'; DROP TABLE events; --`, "%", "_", "$1", "?", "{}", "[]", "<b>&amp;</b>",
	"line\nline\r\nline\ttab", "no\u00a0break", "zero\u200bwidth", "e\u0301 and \u00e9", "ﬁ", "İi̇ıI", "ß",
	"日本語", "العربية", "\u202eright to left\u202c", "👩🏽‍⚕️", "𝄞", "\u2028 and \u2029", "\ufeff mark", "\u0001 control", "\u0000 nul", "\u007f",
	strings.Repeat("long ", 400),
}

func awkwardText(ctx context.Context, store hte.Store) error {
	const journey = "E-1"
	all := notes(journey, 0, len(awkward), "")
	for i, s := range awkward {
		all[i].Data = hte.NoteAdded{Text: s}
	}
	if err := appendAll(ctx, store, all); err != nil {
		return err
	}
	got, err := load(ctx, store, journey, 0)
	if err != nil {
		return err
	}
	if err := same(got, all); err != nil {
		return err
	}
	for i, e := range got {
		if n, ok := e.Data.(hte.NoteAdded); !ok || n.Text != awkward[i] {
			return fmt.Errorf("%q came back as %q", cut(awkward[i]), cut(n.Text))
		}
	}
	return nil
}

func unknownEvents(ctx context.Context, store hte.Store) error {
	const journey = "E-1"
	// Order of members, an exact number, escapes and a member given twice: what a
	// store that takes JSON apart would not give back. Spaces between them may go, as
	// json.Marshal takes them out.
	raw := []string{
		`{"b": 1.50,  "a":100000000000000000001, "a":2}`,
		`{"text":"\u00e9 \/ \ud83d\ude00", "list":[ 1 , 2.0 ], "none":null}`,
		`[]`, `"text"`, `null`, `{}`,
		"{\"lines\":[\n\t1,\r\n\t2\n]}", // pretty-printed: an event is not always one line
	}
	all := notes(journey, 0, len(raw), "")
	for i := range raw {
		all[i].Data = hte.Unknown{Name: "peer_group_joined", Version: 3 + i, Raw: raw[i]}
	}
	if err := appendAll(ctx, store, all); err != nil {
		return err
	}
	got, err := load(ctx, store, journey, 0)
	if err != nil {
		return err
	}
	if len(got) != len(all) {
		return fmt.Errorf("there are %d events and should be %d", len(got), len(all))
	}
	for i, e := range got {
		u, ok := e.Data.(hte.Unknown)
		want := all[i].Data.(hte.Unknown)
		if !ok || u.Name != want.Name || u.Version != want.Version || compact(u.Raw) != compact(want.Raw) {
			return fmt.Errorf("%s came back as %+v", raw[i], e.Data)
		}
	}
	return nil
}

func compact(s string) string {
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(s)); err != nil {
		return s
	}
	return b.String()
}

func envelope(ctx context.Context, store hte.Store) error {
	const journey = "0190163d-8694-739b-aea5-966c26f8ad91"
	first, _ := hte.DateOf(1, time.January, 1)
	last, _ := hte.DateOf(9999, time.December, 31)
	leap, _ := hte.DateOf(2024, time.February, 29)
	events := notes(journey, 0, 6, "note")
	for i, change := range []func(e *hte.Event){
		func(e *hte.Event) { e.On = first },
		func(e *hte.Event) { e.On = last },
		func(e *hte.Event) { e.On = leap },
		// The hour that comes twice when the clocks go back.
		func(e *hte.Event) { e.Recorded = time.Date(2026, time.October, 25, 1, 30, 0, 0, time.UTC) },
		func(e *hte.Event) { e.Recorded = time.Date(2026, time.October, 25, 0, 30, 0, 1000, time.UTC) },
		func(e *hte.Event) { e.By = hte.Ref(strings.Repeat("Z", 36)) },
	} {
		change(&events[i])
	}
	if err := appendAll(ctx, store, events); err != nil {
		return err
	}
	got, err := load(ctx, store, journey, 0)
	if err != nil {
		return err
	}
	if err := same(got, events); err != nil {
		return err
	}
	for i, e := range got {
		if !e.Recorded.Equal(events[i].Recorded) || e.On != events[i].On {
			return fmt.Errorf("event %d came back with another day or time", e.Sequence)
		}
	}
	return nil
}

func ownCopy(ctx context.Context, store hte.Store) error {
	const journey = "E-1"
	events := []hte.Event{{
		Journey: journey, Sequence: 1, On: day(1), Recorded: began, By: "trainer-1",
		Data: hte.ConsentLimited{Purposes: []hte.Purpose{"support", "evaluation"}},
	}}
	want := text(events[0])
	if err := appendAll(ctx, store, events); err != nil {
		return err
	}
	events[0].Data.(hte.ConsentLimited).Purposes[0] = "changed"
	events[0].By = "changed"
	for range 2 {
		got, err := load(ctx, store, journey, 0)
		if err != nil {
			return err
		}
		if len(got) != 1 || text(got[0]) != want {
			return errors.New("the event in the store changed with the caller's copy")
		}
		got[0].Data.(hte.ConsentLimited).Purposes[0] = "changed"
	}
	return nil
}

func largeLog(ctx context.Context, store hte.Store) error {
	const journey, batch, batches = "E-1", 1000, 10
	for b := range int64(batches) {
		if err := appendAll(ctx, store, notes(journey, b*batch, batch, "note")); err != nil {
			return err
		}
	}
	return holds(ctx, store, journey, notes(journey, 0, batch*batches, "note"))
}

func largeEvent(ctx context.Context, store hte.Store) error {
	const journey = "E-1"
	list := slices.Repeat([]string{strings.Repeat("élan ", 600)}, 20)
	all := notes(journey, 0, 3, "note")
	all[1].Data = hte.BalanceSheetEntered{Issue: "diet", ChangeFor: list, ChangeAgainst: list, StayingFor: list, StayingAgainst: list}
	if err := appendAll(ctx, store, all); err != nil {
		return err
	}
	return holds(ctx, store, journey, all)
}

func atomicRewrite(ctx context.Context, store hte.Store) error {
	const journey = "E-1"
	length := func(version int) int { return 3 + version%4 }
	if err := appendAll(ctx, store, notes(journey, 0, length(0), "version 0:")); err != nil {
		return err
	}
	whole := func() error {
		got, err := load(ctx, store, journey, 0)
		if err != nil {
			return err
		}
		if len(got) == 0 {
			return errors.New("a reader saw no log at all")
		}
		version := 0
		for i, e := range got {
			var v, n int
			d, ok := e.Data.(hte.NoteAdded)
			if _, err := fmt.Sscanf(d.Text, "version %d: %d", &v, &n); !ok || err != nil || n != i+1 || i > 0 && v != version {
				return fmt.Errorf("a reader saw %q at index %d of a log of version %d", cut(d.Text), i, version)
			}
			version = v
		}
		if len(got) != length(version) {
			return fmt.Errorf("a reader saw %d events of version %d, which has %d", len(got), version, length(version))
		}
		return nil
	}
	var wait sync.WaitGroup
	failed := make(chan error, 2)
	done := make(chan struct{})
	for range cap(failed) {
		wait.Go(func() {
			for {
				if err := whole(); err != nil {
					failed <- err
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	var err error
	for v := 1; v <= 30 && err == nil; v++ {
		err = store.Rewrite(ctx, journey, int64(length(v-1)), notes(journey, 0, length(v), fmt.Sprintf("version %d:", v)))
	}
	close(done)
	wait.Wait()
	close(failed)
	for e := range failed {
		err = errors.Join(err, e)
	}
	return err
}

// raceToErase lets an append and a snapshot run against erasure. Whichever comes
// first, the journey is gone in the end: they either were erased too, or found
// nothing to add to.
func raceToErase(ctx context.Context, store hte.Store) error {
	snapshots, _ := store.(hte.SnapshotStore)
	for round := range 40 {
		journey := hte.Ref(fmt.Sprintf("E-%d", round))
		if err := appendAll(ctx, store, notes(journey, 0, 3, "note")); err != nil {
			return err
		}
		racers := []func() error{
			func() error { return store.Erase(ctx, journey) },
			func() error { return store.Append(ctx, journey, 3, notes(journey, 3, 2, "late")) },
		}
		if snapshots != nil {
			racers = append(racers, func() error { return snapshots.SaveSnapshot(ctx, snapshotAt(journey, 3)) })
		}
		errs := make([]error, len(racers))
		start := make(chan struct{})
		var wait sync.WaitGroup
		for lane := range racers {
			// Who stands where decides who is likely to be first: let them take turns.
			i := (lane + round) % len(racers)
			wait.Go(func() {
				<-start
				errs[i] = racers[i]()
			})
		}
		close(start)
		wait.Wait()
		if errs[0] != nil {
			return fmt.Errorf("erasing: %w", errs[0])
		}
		for _, err := range errs {
			if err == nil {
				continue
			}
			if err := wantConflict(err, 3, 0); err != nil {
				return fmt.Errorf("writing while the journey is erased: %w", err)
			}
		}
		if err := holds(ctx, store, journey, nil); err != nil {
			return fmt.Errorf("after erasing: %w", err)
		}
		if snapshots != nil {
			if err := hasSnapshot(ctx, snapshots, journey, hte.Snapshot{}); err != nil {
				return fmt.Errorf("after erasing: %w", err)
			}
		}
	}
	return nil
}

func rewrite(ctx context.Context, store hte.Store) error {
	const journey, other = "E-1", "E-2"
	all, others := notes(journey, 0, 6, "note"), notes(other, 0, 6, "note")
	if err := appendAll(ctx, store, all, others); err != nil {
		return err
	}
	misfit := notes(journey, 0, 6, "misfit")
	misfit[3].Sequence = 9
	if _, ok := errors.AsType[*hte.AppendError](store.Rewrite(ctx, journey, 6, misfit)); !ok {
		return errors.New("rewriting took a log with a gap, or gave no *hte.AppendError")
	}
	if _, ok := errors.AsType[*hte.AppendError](store.Rewrite(ctx, journey, 6, nil)); !ok {
		return errors.New("rewriting took an empty log, or gave no *hte.AppendError")
	}
	if err := holds(ctx, store, journey, all); err != nil {
		return fmt.Errorf("after logs that were refused: %w", err)
	}
	for _, n := range []int{7, 4} { // longer, then shorter
		now, err := load(ctx, store, journey, 0)
		if err != nil {
			return err
		}
		redacted := notes(journey, 0, n, "redacted")
		if err := store.Rewrite(ctx, journey, int64(len(now)), redacted); err != nil {
			return fmt.Errorf("rewriting: %w", err)
		}
		if err := holds(ctx, store, journey, redacted); err != nil {
			return err
		}
	}
	if err := appendAll(ctx, store, notes(journey, 4, 1, "more")); err != nil {
		return fmt.Errorf("after Rewrite: %w", err)
	}
	return holds(ctx, store, other, others)
}

func erase(ctx context.Context, store hte.Store) error {
	const journey, other = "E-1", "E-11"
	others := notes(other, 0, 4, "note")
	if err := appendAll(ctx, store, notes(journey, 0, 4, "note"), others); err != nil {
		return err
	}
	for range 2 { // the second time it is not there
		if err := store.Erase(ctx, journey); err != nil {
			return fmt.Errorf("erasing: %w", err)
		}
		if err := holds(ctx, store, journey, nil); err != nil {
			return err
		}
	}
	if err := wantConflict(store.Append(ctx, journey, 4, notes(journey, 4, 1, "late")), 4, 0); err != nil {
		return fmt.Errorf("a writer who opened the journey before: %w", err)
	}
	if err := holds(ctx, store, journey, nil); err != nil {
		return err
	}
	again := notes(journey, 0, 2, "again")
	if err := appendAll(ctx, store, again); err != nil {
		return err
	}
	if err := holds(ctx, store, journey, again); err != nil {
		return err
	}
	return holds(ctx, store, other, others)
}
