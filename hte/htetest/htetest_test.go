package htetest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

func TestMemoryStore(t *testing.T) {
	t.Parallel()
	TestStore(t, func(*testing.T) hte.Store { return new(hte.MemoryStore) })
}

// faulty is a store that does one thing wrong.
type faulty struct {
	*hte.MemoryStore
	load     func(ctx context.Context, journey hte.Ref, after int64) iter.Seq2[hte.Event, error]
	add      func(ctx context.Context, journey hte.Ref, expected int64, events []hte.Event) error
	rewrite  func(ctx context.Context, journey hte.Ref, expected int64, log []hte.Event) error
	erase    func(ctx context.Context, journey hte.Ref) error
	snapshot func(ctx context.Context, journey hte.Ref) (hte.Snapshot, error)
	save     func(ctx context.Context, s hte.Snapshot) error
}

func (f *faulty) Load(ctx context.Context, journey hte.Ref, after int64) iter.Seq2[hte.Event, error] {
	if f.load != nil {
		return f.load(ctx, journey, after)
	}
	return f.MemoryStore.Load(ctx, journey, after)
}

func (f *faulty) Append(ctx context.Context, journey hte.Ref, expected int64, events []hte.Event) error {
	if f.add != nil {
		return f.add(ctx, journey, expected, events)
	}
	return f.MemoryStore.Append(ctx, journey, expected, events)
}

func (f *faulty) Rewrite(ctx context.Context, journey hte.Ref, expected int64, log []hte.Event) error {
	if f.rewrite != nil {
		return f.rewrite(ctx, journey, expected, log)
	}
	return f.MemoryStore.Rewrite(ctx, journey, expected, log)
}

func (f *faulty) Erase(ctx context.Context, journey hte.Ref) error {
	if f.erase != nil {
		return f.erase(ctx, journey)
	}
	return f.MemoryStore.Erase(ctx, journey)
}

func (f *faulty) LoadSnapshot(ctx context.Context, journey hte.Ref) (hte.Snapshot, error) {
	if f.snapshot != nil {
		return f.snapshot(ctx, journey)
	}
	return f.MemoryStore.LoadSnapshot(ctx, journey)
}

func (f *faulty) SaveSnapshot(ctx context.Context, s hte.Snapshot) error {
	if f.save != nil {
		return f.save(ctx, s)
	}
	return f.MemoryStore.SaveSnapshot(ctx, s)
}

// changed yields the events of a log as change leaves them.
func (f *faulty) changed(ctx context.Context, journey hte.Ref, after int64, change func([]hte.Event) []hte.Event) iter.Seq2[hte.Event, error] {
	return func(yield func(hte.Event, error) bool) {
		var all []hte.Event
		for e, err := range f.MemoryStore.Load(ctx, journey, after) {
			if err != nil {
				yield(hte.Event{}, err)
				return
			}
			all = append(all, e)
		}
		for _, e := range change(all) {
			if err := ctx.Err(); err != nil {
				yield(hte.Event{}, err)
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// TestTheSuiteFindsFaults holds the suite to finding what it is there for.
func TestTheSuiteFindsFaults(t *testing.T) {
	t.Parallel()
	background := context.WithoutCancel(t.Context())
	for _, c := range []struct {
		reason string
		found  []string // the checks that must find it
		breaks func(f *faulty)
	}{
		{"events come in the order of their numbers as text", []string{"order", "large log"}, func(f *faulty) {
			f.load = func(ctx context.Context, journey hte.Ref, after int64) iter.Seq2[hte.Event, error] {
				return f.changed(ctx, journey, after, func(all []hte.Event) []hte.Event {
					slices.SortFunc(all, func(a, b hte.Event) int { return cmp.Compare(text(a), text(b)) })
					return all
				})
			}
		}},
		{"Load includes the event that it should begin behind", []string{"after", "opened from a snapshot"}, func(f *faulty) {
			f.load = func(ctx context.Context, journey hte.Ref, after int64) iter.Seq2[hte.Event, error] {
				return f.MemoryStore.Load(ctx, journey, max(after-1, 0))
			}
		}},
		{"the end of the log is not looked at", []string{"conflict", "race to append", "erase"}, func(f *faulty) {
			var mu sync.Mutex
			f.add = func(ctx context.Context, journey hte.Ref, _ int64, events []hte.Event) error {
				mu.Lock()
				defer mu.Unlock()
				s, err := load(ctx, f.MemoryStore, journey, 0)
				if err != nil {
					return err
				}
				events = slices.Clone(events)
				for i := range events {
					events[i].Sequence = int64(len(s) + i + 1)
				}
				return f.MemoryStore.Append(ctx, journey, int64(len(s)), events)
			}
		}},
		{"whoever writes last wins", []string{"conflict"}, func(f *faulty) {
			f.rewrite = func(ctx context.Context, journey hte.Ref, _ int64, log []hte.Event) error {
				s, err := load(ctx, f.MemoryStore, journey, 0)
				if err != nil {
					return err
				}
				return f.MemoryStore.Rewrite(ctx, journey, int64(len(s)), log)
			}
		}},
		{"a conflict does not say where the log ends", []string{"conflict", "race to append"}, func(f *faulty) {
			f.add = func(ctx context.Context, journey hte.Ref, expected int64, events []hte.Event) error {
				if err := f.MemoryStore.Append(ctx, journey, expected, events); err != nil {
					return &hte.ConflictError{Expected: expected, Actual: expected}
				}
				return nil
			}
		}},
		{"events are appended one by one", []string{"misfits", "atomic append"}, func(f *faulty) {
			f.add = func(ctx context.Context, journey hte.Ref, expected int64, events []hte.Event) error {
				for i := range events {
					if err := f.MemoryStore.Append(ctx, journey, expected+int64(i), events[i:i+1]); err != nil {
						return err
					}
					time.Sleep(10 * time.Microsecond)
				}
				return nil
			}
		}},
		{"references are compared without regard to capitals", []string{"journeys apart"}, func(f *faulty) {
			f.load = func(ctx context.Context, journey hte.Ref, after int64) iter.Seq2[hte.Event, error] {
				if journey == "e-1" {
					journey = "E-1"
				}
				return f.MemoryStore.Load(ctx, journey, after)
			}
		}},
		{"references are cut", []string{"journeys apart"}, func(f *faulty) {
			f.load = func(ctx context.Context, journey hte.Ref, after int64) iter.Seq2[hte.Event, error] {
				return f.MemoryStore.Load(ctx, journey[:min(len(journey), 35)], after)
			}
		}},
		{"the context is not looked at when writing", []string{"cancelled"}, func(f *faulty) {
			f.add = func(_ context.Context, journey hte.Ref, expected int64, events []hte.Event) error {
				return f.MemoryStore.Append(background, journey, expected, events)
			}
		}},
		{"the context is not looked at when erasing", []string{"cancelled"}, func(f *faulty) {
			f.erase = func(_ context.Context, journey hte.Ref) error { return f.MemoryStore.Erase(background, journey) }
		}},
		{"the context is not looked at while loading", []string{"cancelled", "cancelled while loading"}, func(f *faulty) {
			f.load = func(_ context.Context, journey hte.Ref, after int64) iter.Seq2[hte.Event, error] {
				return f.MemoryStore.Load(background, journey, after)
			}
		}},
		{"Load yields after the caller has stopped", []string{"stop early"}, func(f *faulty) {
			f.load = func(ctx context.Context, journey hte.Ref, after int64) iter.Seq2[hte.Event, error] {
				return func(yield func(hte.Event, error) bool) {
					for e, err := range f.MemoryStore.Load(ctx, journey, after) {
						if err != nil || !yield(e, nil) {
							panic("a connection was never given back")
						}
					}
				}
			}
		}},
		{"Load reads what is appended meanwhile", []string{"write while reading"}, func(f *faulty) {
			f.load = func(ctx context.Context, journey hte.Ref, after int64) iter.Seq2[hte.Event, error] {
				return func(yield func(hte.Event, error) bool) {
					for {
						found := false
						for e, err := range f.MemoryStore.Load(ctx, journey, after) {
							if !yield(e, err) || err != nil {
								return
							}
							after, found = e.Sequence, true
							break
						}
						if !found {
							return
						}
					}
				}
			}
		}},
		{"text is trimmed", []string{"awkward text"}, func(f *faulty) {
			f.load = func(ctx context.Context, journey hte.Ref, after int64) iter.Seq2[hte.Event, error] {
				return f.changed(ctx, journey, after, func(all []hte.Event) []hte.Event {
					for i := range all {
						if n, ok := all[i].Data.(hte.NoteAdded); ok {
							all[i].Data = hte.NoteAdded{Text: strings.TrimSpace(n.Text)}
						}
					}
					return all
				})
			}
		}},
		{"JSON is taken apart and put together again", []string{"unknown events"}, func(f *faulty) {
			f.load = func(ctx context.Context, journey hte.Ref, after int64) iter.Seq2[hte.Event, error] {
				return f.changed(ctx, journey, after, func(all []hte.Event) []hte.Event {
					for i := range all {
						u, ok := all[i].Data.(hte.Unknown)
						var value any
						if !ok || json.Unmarshal([]byte(u.Raw), &value) != nil {
							continue
						}
						raw, _ := json.Marshal(value)
						u.Raw = string(raw)
						all[i].Data = u
					}
					return all
				})
			}
		}},
		{"times are kept in seconds", []string{"every kind", "order"}, func(f *faulty) {
			f.add = func(ctx context.Context, journey hte.Ref, expected int64, events []hte.Event) error {
				events = slices.Clone(events)
				for i := range events {
					events[i].Recorded = events[i].Recorded.Truncate(time.Second)
				}
				return f.MemoryStore.Append(ctx, journey, expected, events)
			}
		}},
		{"the first hundred events are all that come", []string{"large log"}, func(f *faulty) {
			f.load = func(ctx context.Context, journey hte.Ref, after int64) iter.Seq2[hte.Event, error] {
				return f.changed(ctx, journey, after, func(all []hte.Event) []hte.Event { return all[:min(len(all), 1000)] })
			}
		}},
		{"a rewritten log is added to the old one", []string{"rewrite"}, func(f *faulty) {
			f.rewrite = func(ctx context.Context, journey hte.Ref, expected int64, log []hte.Event) error {
				old, err := load(ctx, f.MemoryStore, journey, 0)
				if err != nil {
					return err
				}
				if len(log) > 0 && len(log) < len(old) {
					log = slices.Concat(log, old[len(log):])
				}
				return f.MemoryStore.Rewrite(ctx, journey, expected, log)
			}
		}},
		{"erasing takes the neighbours along", []string{"erase"}, func(f *faulty) {
			f.erase = func(ctx context.Context, journey hte.Ref) error {
				return cmp.Or(f.MemoryStore.Erase(ctx, journey), f.MemoryStore.Erase(ctx, journey+"1"))
			}
		}},
		{"erasing does nothing", []string{"erase", "snapshot after erasure"}, func(f *faulty) {
			f.erase = func(ctx context.Context, _ hte.Ref) error { return ctx.Err() }
		}},
		{"text ends at a nul, as in C", []string{"awkward text"}, func(f *faulty) {
			f.load = func(ctx context.Context, journey hte.Ref, after int64) iter.Seq2[hte.Event, error] {
				return f.changed(ctx, journey, after, func(all []hte.Event) []hte.Event {
					for i := range all {
						if n, ok := all[i].Data.(hte.NoteAdded); ok {
							before, _, _ := strings.Cut(n.Text, "\x00")
							all[i].Data = hte.NoteAdded{Text: before}
						}
					}
					return all
				})
			}
		}},
		{"an event is taken for a line", []string{"unknown events"}, func(f *faulty) {
			f.load = func(ctx context.Context, journey hte.Ref, after int64) iter.Seq2[hte.Event, error] {
				return f.changed(ctx, journey, after, func(all []hte.Event) []hte.Event {
					return slices.DeleteFunc(all, func(e hte.Event) bool {
						u, ok := e.Data.(hte.Unknown)
						return ok && strings.Contains(u.Raw, "\n")
					})
				})
			}
		}},
		{"lines have 64 kB at most, as those of bufio.Scanner", []string{"large event"}, func(f *faulty) {
			f.load = func(ctx context.Context, journey hte.Ref, after int64) iter.Seq2[hte.Event, error] {
				return f.changed(ctx, journey, after, func(all []hte.Event) []hte.Event {
					return slices.DeleteFunc(all, func(e hte.Event) bool { return len(text(e)) > 1<<16 })
				})
			}
		}},
		{"a batch is looked at as a whole, and then written one by one", []string{"cannot be written"}, func(f *faulty) {
			f.add = func(ctx context.Context, journey hte.Ref, expected int64, events []hte.Event) error {
				if err := hte.CheckAppend(journey, expected, events); err != nil {
					return err
				}
				for i := range events {
					if err := f.MemoryStore.Append(ctx, journey, expected+int64(i), events[i:i+1]); err != nil {
						return err
					}
				}
				return nil
			}
		}},
		{"a log is erased, and then written anew", []string{"atomic rewrite"}, func(f *faulty) {
			f.rewrite = func(ctx context.Context, journey hte.Ref, expected int64, log []hte.Event) error {
				if err := f.MemoryStore.Rewrite(ctx, journey, expected, log[:1]); err != nil {
					return err
				}
				time.Sleep(100 * time.Microsecond)
				return f.MemoryStore.Append(ctx, journey, 1, log[1:])
			}
		}},
		{"the end of the log is looked at, and written behind a moment later", []string{"race to erase"}, func(f *faulty) {
			f.add = func(ctx context.Context, journey hte.Ref, expected int64, events []hte.Event) error {
				s, err := load(ctx, f.MemoryStore, journey, 0)
				if err != nil {
					return err
				}
				if n := int64(len(s)); n != expected {
					return &hte.ConflictError{Expected: expected, Actual: n}
				}
				time.Sleep(100 * time.Microsecond)
				if s, err = load(ctx, f.MemoryStore, journey, 0); err != nil {
					return err
				}
				events = slices.Clone(events)
				for i := range events {
					events[i].Sequence = int64(len(s) + i + 1)
				}
				return f.MemoryStore.Append(ctx, journey, int64(len(s)), events)
			}
		}},
		{"a snapshot is written a moment after its log was looked at", []string{"race to erase"}, func(f *faulty) {
			var mu sync.Mutex
			kept := map[hte.Ref]hte.Snapshot{}
			f.erase = func(ctx context.Context, journey hte.Ref) error {
				mu.Lock()
				defer mu.Unlock()
				delete(kept, journey)
				return f.MemoryStore.Erase(ctx, journey)
			}
			f.save = func(ctx context.Context, s hte.Snapshot) error {
				if err := f.MemoryStore.SaveSnapshot(ctx, s); err != nil {
					return err
				}
				time.Sleep(100 * time.Microsecond)
				mu.Lock()
				defer mu.Unlock()
				kept[s.Journey] = s
				return nil
			}
			f.snapshot = func(_ context.Context, journey hte.Ref) (hte.Snapshot, error) {
				mu.Lock()
				defer mu.Unlock()
				return kept[journey], nil
			}
		}},
		{"an older snapshot replaces a newer one", []string{"snapshot"}, func(f *faulty) {
			kept := map[hte.Ref]hte.Snapshot{}
			f.save = func(ctx context.Context, s hte.Snapshot) error {
				if err := f.MemoryStore.SaveSnapshot(ctx, s); err != nil {
					return err
				}
				s.State = slices.Clone(s.State)
				kept[s.Journey] = s
				return nil
			}
			f.snapshot = func(_ context.Context, journey hte.Ref) (hte.Snapshot, error) { return kept[journey], nil }
		}},
		{"a snapshot stays behind", []string{"snapshot after rewrite", "snapshot after erasure"}, func(f *faulty) {
			var kept hte.Snapshot
			f.save = func(ctx context.Context, s hte.Snapshot) error {
				if err := f.MemoryStore.SaveSnapshot(ctx, s); err != nil {
					return err
				}
				kept = s
				return nil
			}
			f.snapshot = func(context.Context, hte.Ref) (hte.Snapshot, error) { return kept, nil }
		}},
		{"a snapshot from before comes back", []string{"snapshot", "snapshot after rewrite", "snapshot after erasure"}, func(f *faulty) {
			f.save = func(ctx context.Context, s hte.Snapshot) error {
				_ = f.MemoryStore.SaveSnapshot(ctx, s)
				return ctx.Err()
			}
		}},
		{"the context is not looked at for snapshots", []string{"snapshot cancelled"}, func(f *faulty) {
			f.save = func(_ context.Context, s hte.Snapshot) error { return f.MemoryStore.SaveSnapshot(background, s) }
		}},
	} {
		t.Run(c.reason, func(t *testing.T) {
			t.Parallel()
			for _, name := range c.found {
				i := slices.IndexFunc(checks, func(c check) bool { return c.name == name })
				require.GreaterOrEqual(t, i, 0, name)
				f := &faulty{MemoryStore: new(hte.MemoryStore)}
				c.breaks(f)
				assert.Error(t, guarded(t.Context(), f, checks[i]), "%s: %s", name, checks[i].promise)
			}
		})
	}
}

// guarded runs a check; a panic is an error.
func guarded(ctx context.Context, store hte.Store, c check) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return c.run(ctx, store)
}

func TestEveryCheckHasANameOfItsOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range checks {
		require.False(t, seen[c.name], c.name)
		seen[c.name] = true
		assert.NotEmpty(t, c.promise)
	}
}
