package hte

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"sync"
)

// MemoryStore is a [SnapshotStore] that keeps journeys in memory, for tests and
// small programs. It keeps them as the JSON text that a database would hold, so
// that what works with it works with a database. The zero MemoryStore is empty
// and ready; it must not be copied.
type MemoryStore struct {
	mu       sync.RWMutex
	journeys map[Ref]*memoryLog
}

var _ SnapshotStore = (*MemoryStore)(nil)

type memoryLog struct {
	events [][]byte
	// rewritten is how long the log was when it was last rewritten: no snapshot of
	// before may come back.
	rewritten int64
	snapshot  Snapshot
}

func (l *memoryLog) end() int64 {
	if l == nil {
		return 0
	}
	return int64(len(l.events))
}

// Load yields the events of a journey after a sequence. See [Store].
func (m *MemoryStore) Load(ctx context.Context, journey Ref, after int64) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(Event{}, err)
			return
		}
		// The texts are never changed and a log only grows or is replaced, so this slice
		// is the log as it is now, whatever happens while the caller reads.
		m.mu.RLock()
		var events [][]byte
		if l := m.journeys[journey]; l != nil {
			events = l.events[min(max(after, 0), l.end()):]
		}
		m.mu.RUnlock()
		for _, text := range events {
			var e Event
			err := ctx.Err()
			if err == nil {
				err = json.Unmarshal(text, &e)
			}
			if err != nil {
				yield(Event{}, err)
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// Append adds events to the end of a log. See [Store].
func (m *MemoryStore) Append(ctx context.Context, journey Ref, expected int64, events []Event) error {
	if len(events) == 0 {
		return ctx.Err()
	}
	texts, err := encodeAll(ctx, journey, expected, events)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	l, err := m.expect(journey, expected)
	if err != nil {
		return err
	}
	l.events = append(l.events, texts...)
	return nil
}

// expect returns the log of a journey, which ends where the writer expects; a new
// one where there is none. The lock is held, and something will be written.
func (m *MemoryStore) expect(journey Ref, expected int64) (*memoryLog, error) {
	l := m.journeys[journey]
	if end := l.end(); end != expected {
		return nil, &ConflictError{Expected: expected, Actual: end}
	}
	if l == nil {
		l = &memoryLog{}
		if m.journeys == nil {
			m.journeys = make(map[Ref]*memoryLog)
		}
		m.journeys[journey] = l
	}
	return l, nil
}

// encodeAll writes events as JSON.
func encodeAll(ctx context.Context, journey Ref, expected int64, events []Event) ([][]byte, error) {
	if err := CheckAppend(journey, expected, events); err != nil {
		return nil, err
	}
	texts := make([][]byte, len(events))
	for i := range events {
		text, err := events[i].AppendJSON(nil)
		if err != nil {
			return nil, err
		}
		texts[i] = text
	}
	return texts, ctx.Err()
}

// Rewrite replaces a log. See [Store].
func (m *MemoryStore) Rewrite(ctx context.Context, journey Ref, expected int64, log []Event) error {
	if len(log) == 0 {
		return &AppendError{Problem: "data"}
	}
	texts, err := encodeAll(ctx, journey, 0, log)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	l, err := m.expect(journey, expected)
	if err != nil {
		return err
	}
	l.events, l.rewritten, l.snapshot = texts, int64(len(texts)), Snapshot{}
	return nil
}

// Erase removes a journey. See [Store].
func (m *MemoryStore) Erase(ctx context.Context, journey Ref) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.journeys, journey)
	return nil
}

// LoadSnapshot returns the snapshot of a journey. See [SnapshotStore].
func (m *MemoryStore) LoadSnapshot(ctx context.Context, journey Ref) (Snapshot, error) {
	if err := ctx.Err(); err != nil {
		return Snapshot{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	l := m.journeys[journey]
	if l == nil {
		return Snapshot{}, nil
	}
	s := l.snapshot
	s.State = slices.Clone(s.State)
	return s, nil
}

// SaveSnapshot keeps a snapshot. See [SnapshotStore].
func (m *MemoryStore) SaveSnapshot(ctx context.Context, snapshot Snapshot) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.journeys[snapshot.Journey]
	if end := l.end(); snapshot.Sequence < 1 || snapshot.Sequence > end || snapshot.Sequence < l.rewritten {
		return &ConflictError{Expected: snapshot.Sequence, Actual: end}
	}
	if snapshot.Sequence < l.snapshot.Sequence {
		return nil
	}
	l.snapshot = snapshot
	l.snapshot.State = slices.Clone(snapshot.State)
	return nil
}
