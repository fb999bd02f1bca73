package hte_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

// ask is a command on a made-up journey, put on record at noon of its day.
func ask(t testing.TB, on string, data hte.Data) hte.Command {
	t.Helper()
	day, err := hte.ParseDate(on)
	require.NoError(t, err)
	return hte.Command{Journey: "E-1", On: day, Recorded: day.Time(time.UTC).Add(12 * time.Hour), By: "trainer-1", Data: data}
}

var fromProbation = hte.Referred{Client: "C-1", Service: "S-1", Source: "probation", Setting: "probation", Supervision: "licence", Referrer: "PP-1", Note: "Spoke to Sam Example's sister"}

func put(t testing.TB, store hte.Store, on string, data ...hte.Data) hte.State {
	t.Helper()
	var s hte.State
	for _, d := range data {
		var err error
		s, _, err = hte.Record(t.Context(), store, nil, ask(t, on, d))
		require.NoError(t, err, "%s", d.Kind())
	}
	return s
}

func stored(t testing.TB, store hte.Store) []hte.Event {
	t.Helper()
	var log []hte.Event
	for e, err := range store.Load(t.Context(), "E-1", 0) {
		require.NoError(t, err)
		log = append(log, e)
	}
	return log
}

func TestRecord(t *testing.T) {
	t.Parallel()
	store := new(hte.MemoryStore)
	put(t, store, "2026-03-02", fromProbation, hte.Accepted{})
	got := put(t, store, "2026-03-04", hte.TrainerAssigned{Trainer: "trainer-1"})
	assert.Equal(t, hte.StageAssigned, got.Stage)

	opened, err := hte.Open(t.Context(), store, "E-1")
	require.NoError(t, err)
	assert.Equal(t, opened, got, "what Record returns is what Open finds")

	_, events, err := hte.Record(t.Context(), store, nil, ask(t, "2026-03-05", hte.PlanConcluded{Outcome: "achieved"}))
	refused, ok := errors.AsType[*hte.RefusedError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, hte.StageAssigned, refused.Stage)
	assert.Empty(t, events)
	assert.Len(t, stored(t, store), 3, "a refused command puts nothing on record")
}

func TestRecordPutsWhatFollowsByRuleOnRecordToo(t *testing.T) {
	t.Parallel()
	store := new(hte.MemoryStore)
	put(t, store, "2026-03-02", fromProbation, hte.Accepted{}, hte.TrainerAssigned{Trainer: "trainer-1"}, hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"})
	s, events, err := hte.Record(t.Context(), store, nil, ask(t, "2026-03-09", hte.Recalled{Prison: "P-1"}))
	require.NoError(t, err)
	require.Len(t, events, 2, "a recall pauses the work")
	assert.Equal(t, hte.KindPaused, events[1].Kind())
	assert.True(t, s.Justice.InCustody)
	assert.Len(t, stored(t, store), 6)
}

func TestRecordCorrections(t *testing.T) {
	t.Parallel()
	store := new(hte.MemoryStore)
	put(t, store, "2026-03-02", fromProbation, hte.Accepted{}, hte.NoteAdded{Text: "wrong client"}, hte.NoteAdded{Text: "right"})
	_, err := hte.TakeSnapshot(t.Context(), store, "E-1")
	require.NoError(t, err)

	s := put(t, store, "2026-03-03", hte.Voided{Sequence: 3, Reason: "wrong_client"})
	require.Len(t, s.Notes, 1)
	opened, err := hte.Open(t.Context(), store, "E-1")
	require.NoError(t, err)
	assert.Equal(t, s, opened, "the snapshot still holds the void note, and must not be used")

	_, _, err = hte.Record(t.Context(), store, nil, ask(t, "2026-03-03", hte.Voided{Sequence: 1, Reason: "mistake"}))
	_, ok := errors.AsType[*hte.RefusedError](err)
	assert.True(t, ok, "a journey without its referral is none: %v", err)
	assert.Len(t, stored(t, store), 5)
}

// Two people who work on one journey at the same time: nothing is lost, and
// nobody overwrites the other.
func TestTwoPeopleAtOnce(t *testing.T) {
	t.Parallel()
	store := new(hte.MemoryStore)
	put(t, store, "2026-03-02", fromProbation)
	const people, each = 4, 25
	var wait sync.WaitGroup
	for p := range people {
		wait.Go(func() {
			for n := range each {
				for {
					_, _, err := hte.Record(t.Context(), store, nil, ask(t, "2026-03-03", hte.NoteAdded{Text: fmt.Sprintf("%d/%d", p, n)}))
					if err == nil {
						break
					}
					if _, ok := errors.AsType[*hte.ConflictError](err); !ok {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	wait.Wait()
	s, err := hte.Open(t.Context(), store, "E-1")
	require.NoError(t, err)
	seen := map[string]int{}
	for _, n := range s.Notes {
		seen[n.Text]++
	}
	assert.Len(t, seen, people*each)
	assert.Len(t, s.Notes, people*each)
}

func TestRedactJourney(t *testing.T) {
	t.Parallel()
	const planted = "Sam Example's sister"
	fresh := func(t *testing.T) *hte.MemoryStore {
		store := new(hte.MemoryStore)
		put(t, store, "2026-03-02", fromProbation, hte.Accepted{}, hte.TrainerAssigned{Trainer: "trainer-1"},
			hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}, hte.NoteAdded{Text: planted})
		_, err := hte.TakeSnapshot(t.Context(), store, "E-1")
		require.NoError(t, err)
		return store
	}
	everything := func(t *testing.T, store *hte.MemoryStore) string {
		var all strings.Builder
		for _, e := range stored(t, store) {
			text, err := e.AppendJSON(nil)
			require.NoError(t, err)
			all.Write(text)
		}
		snapshot, err := store.LoadSnapshot(t.Context(), "E-1")
		require.NoError(t, err)
		all.Write(snapshot.State)
		return all.String()
	}

	t.Run("words", func(t *testing.T) {
		t.Parallel()
		store := fresh(t)
		require.Contains(t, everything(t, store), planted)
		s, err := hte.RedactJourney(t.Context(), store, nil, ask(t, "2026-04-01", hte.Redacted{Text: true}), nil)
		require.NoError(t, err)
		assert.NotContains(t, everything(t, store), planted)
		assert.Contains(t, everything(t, store), "PP-1", "references stay unless they are asked for")
		assert.Len(t, s.Redactions, 1, "the log says that something was taken out")
		opened, err := hte.Open(t.Context(), store, "E-1")
		require.NoError(t, err)
		assert.Equal(t, s, opened)
	})
	t.Run("a third party", func(t *testing.T) {
		t.Parallel()
		store := fresh(t)
		_, err := hte.RedactJourney(t.Context(), store, nil, ask(t, "2026-04-01", hte.Redacted{References: true}), func(r hte.Ref) bool { return r == "PP-1" })
		require.NoError(t, err)
		assert.NotContains(t, everything(t, store), "PP-1")
		assert.Contains(t, everything(t, store), "C-1", "nobody else is taken out")
	})
	t.Run("references, and nobody is named", func(t *testing.T) {
		t.Parallel()
		store := fresh(t)
		before := everything(t, store)
		_, err := hte.RedactJourney(t.Context(), store, nil, ask(t, "2026-04-01", hte.Redacted{References: true}), nil)
		require.ErrorIs(t, err, &hte.RefusedError{Unmet: []hte.Unmet{{Guard: hte.GuardFields, Detail: "references"}}})
		assert.Equal(t, before, everything(t, store), "the log does not say what was not done")
	})
	t.Run("only by the function that takes it out", func(t *testing.T) {
		t.Parallel()
		store := fresh(t)
		before := everything(t, store)
		_, _, err := hte.Record(t.Context(), store, nil, ask(t, "2026-04-01", hte.Redacted{Text: true}))
		require.ErrorIs(t, err, &hte.RefusedError{Unmet: []hte.Unmet{{Guard: hte.GuardWholeLog}}})
		assert.Equal(t, before, everything(t, store))
	})
	t.Run("not what the command says", func(t *testing.T) {
		t.Parallel()
		store := fresh(t)
		before := everything(t, store)
		_, err := hte.RedactJourney(t.Context(), store, nil, ask(t, "2026-04-01", hte.Accepted{}), nil)
		require.Error(t, err)
		assert.Equal(t, before, everything(t, store))
	})
	t.Run("somebody was faster", func(t *testing.T) {
		t.Parallel()
		store := fresh(t)
		slow := slowStore{MemoryStore: store, between: func() { put(t, store, "2026-03-05", hte.NoteAdded{Text: "new"}) }}
		_, err := hte.RedactJourney(t.Context(), slow, nil, ask(t, "2026-04-01", hte.Redacted{Text: true}), nil)
		_, ok := errors.AsType[*hte.ConflictError](err)
		assert.True(t, ok, "%v", err)
		assert.Contains(t, everything(t, store), planted)
	})
}

// slowStore lets something happen before it rewrites.
type slowStore struct {
	*hte.MemoryStore
	between func()
}

func (s slowStore) Rewrite(ctx context.Context, journey hte.Ref, expected int64, log []hte.Event) error {
	s.between()
	return s.MemoryStore.Rewrite(ctx, journey, expected, log)
}

func TestErrorsOfTheStoreComeThrough(t *testing.T) {
	t.Parallel()
	store := new(hte.MemoryStore)
	put(t, store, "2026-03-02", fromProbation)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := hte.Open(ctx, store, "E-1")
	require.ErrorIs(t, err, context.Canceled)
	_, _, err = hte.Record(ctx, store, nil, ask(t, "2026-03-02", hte.Accepted{}))
	require.ErrorIs(t, err, context.Canceled)
	_, _, err = hte.Record(ctx, store, nil, ask(t, "2026-03-02", hte.Voided{Sequence: 1, Reason: "mistake"}))
	require.ErrorIs(t, err, context.Canceled)
	_, err = hte.TakeSnapshot(ctx, store, "E-1")
	require.ErrorIs(t, err, context.Canceled)
	_, err = hte.RedactJourney(ctx, store, nil, ask(t, "2026-03-02", hte.Redacted{Text: true}), nil)
	require.ErrorIs(t, err, context.Canceled)
	assert.Len(t, stored(t, store), 1)
}

// A snapshot whose text is damaged, of another version or of another journey is
// passed over: the log is what counts.
func TestSnapshotsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	store := new(hte.MemoryStore)
	want := put(t, store, "2026-03-02", fromProbation, hte.Accepted{})
	_, err := hte.TakeSnapshot(t.Context(), store, "E-1")
	require.NoError(t, err)
	good, err := store.LoadSnapshot(t.Context(), "E-1")
	require.NoError(t, err)
	require.Equal(t, int64(2), good.Sequence)
	for reason, change := range map[string]func(s *hte.Snapshot){
		"damaged":         func(s *hte.Snapshot) { s.State = s.State[:len(s.State)/2] },
		"another version": func(s *hte.Snapshot) { s.Version++; s.State = []byte(`{"sequence":2,"stage":"closed"}`) },
		"not its number":  func(s *hte.Snapshot) { s.State = []byte(`{"journey":"E-1","sequence":1,"stage":"closed"}`) },
		"not its journey": func(s *hte.Snapshot) { s.State = []byte(`{"journey":"E-2","sequence":2,"stage":"closed"}`) },
		"empty":           func(s *hte.Snapshot) { s.State = nil },
	} {
		s := good
		change(&s)
		require.NoError(t, store.SaveSnapshot(t.Context(), s))
		got, err := hte.Open(t.Context(), store, "E-1")
		require.NoError(t, err, reason)
		assert.Equal(t, want, got, reason)
	}
}

func TestTakeSnapshotOfNothing(t *testing.T) {
	t.Parallel()
	store := new(hte.MemoryStore)
	s, err := hte.TakeSnapshot(t.Context(), store, "E-1")
	require.NoError(t, err)
	assert.Zero(t, s.Sequence)
}

// Whom a log refers to is more than whom the state does: a void event stays in it.
func TestPeople(t *testing.T) {
	t.Parallel()
	store := new(hte.MemoryStore)
	put(t, store, "2026-03-02", fromProbation, hte.Accepted{}, hte.TrainerAssigned{Trainer: "trainer-1"},
		hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}, hte.ConsentGiven{},
		hte.SupporterNamed{Person: "P-wrong", Relation: "family"}, hte.Voided{Sequence: 6, Reason: "wrong_client"},
		hte.SupporterNamed{Person: "P-1", Relation: "family"})
	again := fromProbation
	again.Referrer = "PP-2"
	put(t, store, "2026-03-02", hte.Amended{Sequence: 1, Reason: "wrong_value", On: day(t, "2026-03-02"), Data: again})
	s := put(t, store, "2026-03-03", hte.ConsentWithdrawn{})
	log := append(stored(t, store), hte.Event{Data: hte.Unknown{Name: "tea_drunk", Version: 1, Raw: "{}"}}, hte.Event{})
	erasure, ok := s.ToErase(nil)
	require.True(t, ok)
	assert.Equal(t, []hte.Ref{"PP-2", "P-1"}, erasure.ThirdParties)
	assert.Equal(t, []hte.Ref{"C-1", "P-1", "P-wrong", "PP-1", "PP-2", "trainer-1"}, hte.People(log))
	for i := range log {
		log[i] = hte.Redact(log[i], false, func(hte.Ref) bool { return true })
	}
	assert.Empty(t, hte.People(log), "what is taken out is gone")
}

func ExampleRecord() {
	ctx := context.Background()
	store := new(hte.MemoryStore) // a host has one over its database
	monday, _ := hte.DateOf(2026, time.March, 2)
	command := func(data hte.Data) hte.Command {
		return hte.Command{
			Journey: "E-2026-0001", On: monday,
			Recorded: time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC), // the host's clock
			By:       "trainer-7", Data: data,
		}
	}

	state, _, err := hte.Record(ctx, store, nil, command(hte.Referred{
		Client: "C-1", Service: "S-1", Source: "probation", Setting: "probation", Supervision: "licence",
	}))
	fmt.Println(state.Stage, err)

	// Nobody has met the client yet, so there can be no goal.
	_, _, err = hte.Record(ctx, store, nil, command(hte.PlanStarted{}))
	if refused, ok := errors.AsType[*hte.RefusedError](err); ok {
		fmt.Println(refused.Command, "at", refused.Stage, "needs", refused.Unmet[0].Guard)
	}
	// Output:
	// referred <nil>
	// plan_started at referred needs stage
}

// hastyStore lets something happen between reading a snapshot and reading the log.
type hastyStore struct {
	*hte.MemoryStore
	between func()
}

func (s hastyStore) LoadSnapshot(ctx context.Context, journey hte.Ref) (hte.Snapshot, error) {
	snapshot, err := s.MemoryStore.LoadSnapshot(ctx, journey)
	s.between()
	return snapshot, err
}

// Words that are taken out while somebody opens the journey do not come back with
// the snapshot that was read just before, nor are they kept in a new one.
func TestRedactedWhileItIsOpened(t *testing.T) {
	t.Parallel()
	const planted = "Sam Example's sister"
	store := new(hte.MemoryStore)
	put(t, store, "2026-03-02", fromProbation, hte.Accepted{}, hte.NoteAdded{Text: planted})
	_, err := hte.TakeSnapshot(t.Context(), store, "E-1")
	require.NoError(t, err)
	hasty := hastyStore{MemoryStore: store, between: func() {
		_, err := hte.RedactJourney(t.Context(), store, nil, ask(t, "2026-04-01", hte.Redacted{Text: true}), nil)
		require.NoError(t, err)
	}}
	s, err := hte.TakeSnapshot(t.Context(), hasty, "E-1")
	require.NoError(t, err)
	assert.Equal(t, []hte.Note{{On: s.ReferredOn, By: "trainer-1"}}, s.Notes)
	kept, err := store.LoadSnapshot(t.Context(), "E-1")
	require.NoError(t, err)
	require.Equal(t, int64(4), kept.Sequence)
	assert.NotContains(t, string(kept.State), planted)
}

// A command without data names nothing, and the refusal says so.
func TestRefusalOfNothing(t *testing.T) {
	t.Parallel()
	_, err := hte.Decide(nil, &hte.State{}, hte.Command{Journey: "E-1"})
	require.EqualError(t, err, "hte: a command without data is refused at the stage none: stage")
}
