package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/hte/htetest"
)

func openTestStore(t *testing.T, file string) *Store {
	t.Helper()
	store, err := OpenStore(t.Context(), file)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	return store
}

func TestStore(t *testing.T) {
	htetest.TestStore(t, func(t *testing.T) hte.Store {
		return openTestStore(t, filepath.Join(t.TempDir(), "cases.db"))
	})
}

// What was put on record is there when the program is started again.
func TestStoreKeeps(t *testing.T) {
	file := filepath.Join(t.TempDir(), "what is on record? 100 %.db") // a name that needs care
	day, err := hte.ParseDate("2026-03-02")
	require.NoError(t, err)
	c := hte.Command{Journey: "E-1", On: day, Recorded: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), By: "T-1", Data: hte.Referred{Client: "C-1", Service: "RX1", Setting: "community", Source: "self", Reason: "smoking"}}
	first, err := OpenStore(t.Context(), file)
	require.NoError(t, err)
	want, _, err := hte.Record(t.Context(), first, nil, c)
	require.NoError(t, err)
	require.NoError(t, first.Close())
	require.FileExists(t, file)
	got, err := hte.Open(t.Context(), openTestStore(t, file), "E-1")
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// Nothing of an erased journey is left in the files of the database, and what others
// have is still there.
func TestEraseLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	store := openTestStore(t, filepath.Join(dir, "cases.db"))
	day, err := hte.ParseDate("2026-03-02")
	require.NoError(t, err)
	for _, client := range []hte.Ref{"CLIENT-THAT-GOES", "CLIENT-THAT-STAYS"} {
		for _, data := range []hte.Data{hte.Referred{Client: client, Service: "RX1", Setting: "community", Source: "self"}, hte.Accepted{}, hte.NoteAdded{Text: "words about " + string(client)}} {
			_, _, err := hte.Record(t.Context(), store, nil, hte.Command{Journey: "E-" + client, On: day, Recorded: day.Time(time.UTC), By: "T-1", Data: data})
			require.NoError(t, err)
		}
		_, err := hte.TakeSnapshot(t.Context(), store, "E-"+client)
		require.NoError(t, err)
	}
	held := func(text string) (found bool) {
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		for _, e := range entries {
			data, err := os.ReadFile(filepath.Join(dir, e.Name()))
			require.NoError(t, err)
			found = found || bytes.Contains(data, []byte(text))
		}
		return found
	}
	require.True(t, held("THAT-GOES"))
	require.NoError(t, store.Erase(t.Context(), "E-CLIENT-THAT-GOES"))
	require.False(t, held("THAT-GOES"))
	require.True(t, held("words about CLIENT-THAT-STAYS"))
}
