package hte

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
)

// Store keeps the logs of journeys. A host implements it over its database;
// [MemoryStore] keeps them in memory. What the methods promise is tested by
// htetest.TestStore, which every store should pass.
//
// A store keeps what it is given and judges nothing: [Decide] decides what may
// happen. It may be used by many goroutines at once. When its context ends, a
// method returns the context's error and has done all of its work or none.
// Errors and logs of a store hold nothing of an event's data.
type Store interface {
	// Load yields the events of a journey whose sequence is greater than after, in
	// order. A journey that is not there has none. What it yields is the log as it was
	// at one moment: of events that were appended together, all or none. The caller
	// may stop at any event, and may use the store while it reads.
	Load(ctx context.Context, journey Ref, after int64) iter.Seq2[Event, error]

	// Append adds events to the end of the log, all or none, if the log then ends at
	// the sequence expected, 0 for a journey that is not there. If it does not, since
	// somebody else was faster, the error is a [*ConflictError]. Events that do not
	// follow on expected are refused as [CheckAppend] does. No events change nothing,
	// and the store need not look where the log ends.
	Append(ctx context.Context, journey Ref, expected int64, events []Event) error

	// Rewrite puts a log in the place of the one that is there, all or nothing, if that
	// ends at the sequence expected, and removes the snapshot: what [Redact] took out
	// must not stay in it. It is for redaction alone, since nothing else changes what
	// was put on record. The new log follows on 0, and is not empty: that would be
	// [Store.Erase].
	Rewrite(ctx context.Context, journey Ref, expected int64, log []Event) error

	// Erase removes a journey with its snapshot, so that nothing of it is left.
	// Erasing a journey that is not there is no error. Backups and what the host holds
	// beside the log are the host's to erase. Its reference should not be given to
	// another journey: somebody who opened the old one could not tell them apart.
	Erase(ctx context.Context, journey Ref) error
}

// SnapshotStore is a [Store] that keeps snapshots too, so that a long log opens
// fast. A snapshot is a copy of what the log says, and may be dropped at any time.
type SnapshotStore interface {
	Store

	// LoadSnapshot returns the snapshot of a journey, or the zero Snapshot.
	LoadSnapshot(ctx context.Context, journey Ref) (Snapshot, error)

	// SaveSnapshot keeps a snapshot in place of an older one. Where the store holds a
	// newer one it does nothing. Where the log ends before the snapshot, because the
	// journey was erased meanwhile, or was rewritten to a log that is longer than the
	// snapshot, the error is a [*ConflictError]: it may hold what was to be taken out.
	SaveSnapshot(ctx context.Context, snapshot Snapshot) error
}

// Snapshot is a state that is kept. To a store it is a blob with a key.
type Snapshot struct {
	Journey Ref `json:"journey"`
	// Sequence is that of the last event in it.
	Sequence int64 `json:"sequence"`
	// Version is the [StateVersion] that State was written with. A snapshot of any
	// other is not used.
	Version int `json:"version"`
	// State is the JSON text of the state.
	State json.RawMessage `json:"state"`
}

// StateVersion is the version of the JSON text of a [State]. It goes up whenever
// the same log gives another state, so that old snapshots are dropped.
const StateVersion = 4

// ConflictError says that the log of a journey does not end where a writer
// expected: somebody else put something on record meanwhile. Open the journey
// again, and decide again.
type ConflictError struct {
	// Expected and Actual are sequences, 0 for a journey that is not there.
	Expected, Actual int64
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("hte: the log ends at event %d, not at %d: something was recorded meanwhile", e.Actual, e.Expected)
}

// AppendError says why events cannot be appended to any log: they do not belong
// together. It is a mistake in the program.
type AppendError struct {
	// Index is that of the event in the slice.
	Index int
	// Problem is "journey", "sequence", "recorded" or "data".
	Problem string
}

func (e *AppendError) Error() string {
	return fmt.Sprintf("hte: event at index %d cannot be appended: its %s is not what it should be", e.Index, e.Problem)
}

// CheckAppend reports whether events can follow on the sequence expected in the
// log of a journey: they are of that journey, numbered without gaps, say when they
// were recorded, and have data. Stores call it before they write. The error is an
// [*AppendError].
func CheckAppend(journey Ref, expected int64, events []Event) error {
	for i := range events {
		e := &events[i]
		switch {
		case !journey.Valid() || e.Journey != journey:
			return &AppendError{Index: i, Problem: "journey"}
		case e.Sequence != expected+1+int64(i):
			return &AppendError{Index: i, Problem: "sequence"}
		case e.Recorded.IsZero():
			return &AppendError{Index: i, Problem: "recorded"}
		case kindOf(e.Data) == 0: // none, or a pointer to data
			return &AppendError{Index: i, Problem: "data"}
		}
	}
	return nil
}

// Open returns where a journey stands: from its snapshot, where the store is a
// [SnapshotStore] and has one that can be used, and the events after that. The
// state of a journey that is not there is the zero State.
//
// The error is that of the store, or a [*FoldError].
func Open(ctx context.Context, store Store, journey Ref) (State, error) {
	if snapshots, ok := store.(SnapshotStore); ok {
		snapshot, err := snapshots.LoadSnapshot(ctx, journey)
		if err != nil {
			return State{}, err
		}
		if from, ok := snapshot.state(journey); ok {
			after, err := collect(store.Load(ctx, journey, from.Sequence))
			if err != nil {
				return State{}, err
			}
			s, err := Resume(from, after)
			if !errors.Is(err, &FoldError{Reason: FoldWholeLog}) {
				return s, err
			}
			// A correction reaches behind the snapshot, or the log was redacted between
			// the two readings.
		}
	}
	return FoldSeq(store.Load(ctx, journey, 0))
}

// state reads the snapshot of a journey; false where it cannot be used.
func (s *Snapshot) state(journey Ref) (State, bool) {
	if s.Version != StateVersion || s.Journey != journey {
		return State{}, false
	}
	var state State
	err := json.Unmarshal(s.State, &state)
	return state, err == nil && state.Journey == journey && state.Sequence == s.Sequence
}

func collect(events iter.Seq2[Event, error]) ([]Event, error) {
	var all []Event
	for e, err := range events {
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// TakeSnapshot keeps where a journey stands, and returns it. Take one when a log
// has grown by some hundred events; a journey without a log gets none. A
// [*ConflictError] means that the journey was erased or rewritten meanwhile.
func TakeSnapshot(ctx context.Context, store SnapshotStore, journey Ref) (State, error) {
	s, err := Open(ctx, store, journey)
	if err != nil || s.Sequence == 0 {
		return s, err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return s, err
	}
	return s, store.SaveSnapshot(ctx, Snapshot{Journey: journey, Sequence: s.Sequence, Version: StateVersion, State: text})
}

// Record puts a command on record: it opens the journey, decides, and appends the
// events, which it returns with where the journey stands then. Corrections are
// decided on the whole log. [Redacted] is refused: it would say that something was
// taken out, and nothing was; see [RedactJourney].
//
// The error is a [*RefusedError] where the command may not be, a [*ConflictError]
// where somebody else was faster, or that of the store. Nothing was appended then.
// After a conflict the same command may be recorded again, if whoever gave it
// still wants it in the light of what happened.
func Record(ctx context.Context, store Store, p *Policy, c Command) (State, []Event, error) {
	if corrects(c.Data) {
		log, err := collect(store.Load(ctx, c.Journey, 0))
		if err != nil {
			return State{}, nil, err
		}
		events, err := Correct(p, log, c)
		if err != nil {
			return State{}, nil, err
		}
		if err := store.Append(ctx, c.Journey, int64(len(log)), events); err != nil {
			return State{}, nil, err
		}
		s, err := Fold(append(log, events...))
		return s, events, err
	}
	s, err := Open(ctx, store, c.Journey)
	if err != nil {
		return State{}, nil, err
	}
	if c.Kind() == KindRedacted {
		return State{}, nil, &RefusedError{Command: KindRedacted, Stage: s.Stage, Unmet: []Unmet{{Guard: GuardWholeLog}}}
	}
	events, err := Decide(p, &s, c)
	if err != nil {
		return State{}, nil, err
	}
	if err := store.Append(ctx, c.Journey, s.Sequence, events); err != nil {
		return State{}, nil, err
	}
	for i := range events {
		if err := s.Apply(events[i]); err != nil {
			return State{}, events, err
		}
	}
	return s, events, nil
}

// RedactJourney takes personal data out of a journey that stays: the words that
// people wrote, or the references to people for which gone reports true, such as a
// support person who asked for it. The data of the command, [Redacted], say which;
// they are added to the log, which is rewritten, and its snapshot removed.
//
// References are taken out only where gone is given: without it a command that says
// so is refused. The error is a [*RefusedError], a [*ConflictError], an
// [*AppendError] where the data of the command are none of [Redacted], or that of
// the store. Nothing was changed then.
func RedactJourney(ctx context.Context, store Store, p *Policy, c Command, gone func(Ref) bool) (State, error) {
	what, ok := c.Data.(Redacted)
	if !ok {
		return State{}, &AppendError{Problem: "data"}
	}
	log, err := collect(store.Load(ctx, c.Journey, 0))
	if err != nil {
		return State{}, err
	}
	s, err := Fold(log)
	if err != nil {
		return State{}, err
	}
	events, err := Decide(p, &s, c)
	if err != nil {
		return State{}, err
	}
	if !what.References {
		gone = nil
	} else if gone == nil {
		return State{}, &RefusedError{Command: KindRedacted, Stage: s.Stage, Unmet: []Unmet{{Guard: GuardFields, Detail: "references"}}}
	}
	expected := int64(len(log))
	log = append(log, events...)
	for i := range log {
		log[i] = Redact(log[i], what.Text, gone)
	}
	if s, err = Fold(log); err != nil {
		return State{}, err
	}
	return s, store.Rewrite(ctx, c.Journey, expected, log)
}
