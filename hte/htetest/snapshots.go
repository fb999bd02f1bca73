package htetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/healthtrainer/healthtrainer/hte"
)

// journeyOf is a log that folds: a referral that was accepted, and n notes.
func journeyOf(journey hte.Ref, n int) []hte.Event {
	events := notes(journey, 0, n+2, "note")
	events[0].Data = hte.Referred{Client: "C-1", Service: "S-1", Source: "probation", Setting: "probation", Supervision: "licence"}
	events[1].Data = hte.Accepted{}
	return events
}

func opens(ctx context.Context, store hte.Store, journey hte.Ref, log []hte.Event) error {
	want, err := hte.Fold(log)
	if err != nil {
		return err
	}
	got, err := hte.Open(ctx, store, journey)
	if err != nil {
		return fmt.Errorf("opening: %w", err)
	}
	g, err := json.Marshal(got)
	if err != nil {
		return err
	}
	w, err := json.Marshal(want)
	if err != nil {
		return err
	}
	if string(g) != string(w) {
		return fmt.Errorf("opened as\n\t%s\nand should be\n\t%s", cut(string(g)), cut(string(w)))
	}
	return nil
}

func openStored(ctx context.Context, store hte.Store) error {
	const journey = "E-1"
	log := journeyOf(journey, 8)
	log[9].Data = hte.Voided{Sequence: 4, Reason: "mistake"}
	for _, part := range [][]hte.Event{log[:1], log[1:9], log[9:]} {
		if err := appendAll(ctx, store, part); err != nil {
			return err
		}
		if err := opens(ctx, store, journey, log[:part[len(part)-1].Sequence]); err != nil {
			return err
		}
	}
	return nil
}

// snapshotAt is a made-up snapshot, a blob as far as a store goes.
func snapshotAt(journey hte.Ref, sequence int64) hte.Snapshot {
	return hte.Snapshot{
		Journey: journey, Sequence: sequence, Version: 1000,
		State: json.RawMessage(fmt.Sprintf(`{"b":1.50, "sequence" : %d, "text":"\u00e9 é"}`, sequence)),
	}
}

func hasSnapshot(ctx context.Context, store hte.SnapshotStore, journey hte.Ref, want hte.Snapshot) error {
	got, err := store.LoadSnapshot(ctx, journey)
	if err != nil {
		return fmt.Errorf("loading the snapshot: %w", err)
	}
	if got.Journey != want.Journey || got.Sequence != want.Sequence || got.Version != want.Version || string(got.State) != string(want.State) {
		return fmt.Errorf("the snapshot is that of event %d, version %d, %q, and should be that of event %d, version %d, %q",
			got.Sequence, got.Version, cut(string(got.State)), want.Sequence, want.Version, cut(string(want.State)))
	}
	return nil
}

func keepSnapshot(ctx context.Context, s hte.Store) error {
	const journey, other = "E-1", "E-11"
	store := s.(hte.SnapshotStore)
	if err := hasSnapshot(ctx, store, journey, hte.Snapshot{}); err != nil {
		return fmt.Errorf("of a journey that is not there: %w", err)
	}
	if err := appendAll(ctx, store, notes(journey, 0, 9, "note"), notes(other, 0, 9, "note")); err != nil {
		return err
	}
	if err := hasSnapshot(ctx, store, journey, hte.Snapshot{}); err != nil {
		return fmt.Errorf("of a journey without one: %w", err)
	}
	for _, save := range []struct{ sequence, kept int64 }{{4, 4}, {7, 7}, {5, 7}, {9, 9}} {
		if err := store.SaveSnapshot(ctx, snapshotAt(journey, save.sequence)); err != nil {
			return fmt.Errorf("saving the snapshot of event %d: %w", save.sequence, err)
		}
		if err := hasSnapshot(ctx, store, journey, snapshotAt(journey, save.kept)); err != nil {
			return err
		}
	}
	if err := wantConflict(store.SaveSnapshot(ctx, snapshotAt(journey, 10)), 10, 9); err != nil {
		return fmt.Errorf("a snapshot of events that are not there: %w", err)
	}
	changed := snapshotAt(other, 3)
	if err := store.SaveSnapshot(ctx, changed); err != nil {
		return fmt.Errorf("saving the snapshot: %w", err)
	}
	changed.State[2] = 'x'
	if err := hasSnapshot(ctx, store, other, snapshotAt(other, 3)); err != nil {
		return fmt.Errorf("after the caller changed theirs: %w", err)
	}
	return hasSnapshot(ctx, store, journey, snapshotAt(journey, 9))
}

func snapshotAfterRewrite(ctx context.Context, s hte.Store) error {
	const journey = "E-1"
	store := s.(hte.SnapshotStore)
	if err := appendAll(ctx, store, notes(journey, 0, 5, "note")); err != nil {
		return err
	}
	if err := store.SaveSnapshot(ctx, snapshotAt(journey, 5)); err != nil {
		return fmt.Errorf("saving the snapshot: %w", err)
	}
	if err := store.Rewrite(ctx, journey, 5, notes(journey, 0, 6, "redacted")); err != nil {
		return fmt.Errorf("rewriting: %w", err)
	}
	if err := hasSnapshot(ctx, store, journey, hte.Snapshot{}); err != nil {
		return err
	}
	// Somebody opened the journey before it was rewritten, and saves only now.
	if err := wantConflict(store.SaveSnapshot(ctx, snapshotAt(journey, 5)), 5, 6); err != nil {
		return fmt.Errorf("a snapshot from before: %w", err)
	}
	if err := hasSnapshot(ctx, store, journey, hte.Snapshot{}); err != nil {
		return err
	}
	if err := store.SaveSnapshot(ctx, snapshotAt(journey, 6)); err != nil {
		return fmt.Errorf("a snapshot from after: %w", err)
	}
	return hasSnapshot(ctx, store, journey, snapshotAt(journey, 6))
}

func snapshotAfterErasure(ctx context.Context, s hte.Store) error {
	const journey, other = "E-1", "E-11"
	store := s.(hte.SnapshotStore)
	if err := appendAll(ctx, store, notes(journey, 0, 3, "note"), notes(other, 0, 3, "note")); err != nil {
		return err
	}
	for _, ref := range []hte.Ref{journey, other} {
		if err := store.SaveSnapshot(ctx, snapshotAt(ref, 3)); err != nil {
			return fmt.Errorf("saving the snapshot: %w", err)
		}
	}
	if err := store.Erase(ctx, journey); err != nil {
		return fmt.Errorf("erasing: %w", err)
	}
	if err := hasSnapshot(ctx, store, journey, hte.Snapshot{}); err != nil {
		return err
	}
	if err := wantConflict(store.SaveSnapshot(ctx, snapshotAt(journey, 3)), 3, 0); err != nil {
		return fmt.Errorf("a snapshot from before: %w", err)
	}
	if err := hasSnapshot(ctx, store, journey, hte.Snapshot{}); err != nil {
		return err
	}
	return hasSnapshot(ctx, store, other, snapshotAt(other, 3))
}

func snapshotCancelled(ctx context.Context, s hte.Store) error {
	const journey = "E-1"
	store := s.(hte.SnapshotStore)
	if err := appendAll(ctx, store, notes(journey, 0, 3, "note")); err != nil {
		return err
	}
	dead, cancel := context.WithCancel(ctx)
	cancel()
	_, err := store.LoadSnapshot(dead, journey)
	if !errors.Is(err, context.Canceled) {
		return fmt.Errorf("loading a snapshot gave %v, want context.Canceled", err)
	}
	if err := store.SaveSnapshot(dead, snapshotAt(journey, 3)); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("saving a snapshot gave %v, want context.Canceled", err)
	}
	return hasSnapshot(ctx, store, journey, hte.Snapshot{})
}

func openedFromSnapshot(ctx context.Context, s hte.Store) error {
	const journey = "E-1"
	store := s.(hte.SnapshotStore)
	log := journeyOf(journey, 30)
	log[27].Data = hte.Voided{Sequence: 26, Reason: "mistake"} // behind the second snapshot
	log[29].Data = hte.Voided{Sequence: 5, Reason: "mistake"}  // reaches back into both
	for _, to := range []int{12, 20, 25, 28, 29, 30, 32} {
		end, err := load(ctx, store, journey, 0)
		if err != nil {
			return err
		}
		if err := appendAll(ctx, store, log[len(end):to]); err != nil {
			return err
		}
		if err := opens(ctx, store, journey, log[:to]); err != nil {
			return fmt.Errorf("at event %d: %w", to, err)
		}
		if to == 12 || to == 25 {
			if _, err := hte.TakeSnapshot(ctx, store, journey); err != nil {
				return fmt.Errorf("taking a snapshot: %w", err)
			}
			if got, err := store.LoadSnapshot(ctx, journey); err != nil || got.Sequence != int64(to) {
				return fmt.Errorf("the snapshot is that of event %d and should be that of event %d (%w)", got.Sequence, to, err)
			}
		}
	}
	// One that this version cannot use is passed over.
	if err := store.SaveSnapshot(ctx, snapshotAt(journey, 32)); err != nil {
		return fmt.Errorf("saving the snapshot: %w", err)
	}
	return opens(ctx, store, journey, log)
}
