package htetest

import (
	"context"
	"testing"

	"github.com/healthtrainer/healthtrainer/hte"
)

// TestStore holds a store to what [hte.Store] promises, and to what
// [hte.SnapshotStore] promises where it is one. open returns an empty store, which
// nobody else uses; it is called once for each check, and clears up with
// t.Cleanup. Run it under the race detector too.
//
// All data are made up.
func TestStore(t *testing.T, open func(t *testing.T) hte.Store) {
	t.Helper()
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			store := open(t)
			if _, ok := store.(hte.SnapshotStore); c.snapshots && !ok {
				t.Skip("the store keeps no snapshots")
			}
			if err := c.run(t.Context(), store); err != nil {
				t.Errorf("%s: %v", c.promise, err)
			}
		})
	}
}

// check is one promise of a store, and what shows that it is kept.
type check struct {
	name      string
	promise   string
	snapshots bool // only for stores that keep snapshots
	run       func(ctx context.Context, store hte.Store) error
}
