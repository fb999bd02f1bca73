package export_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/dcrs/export"
	"github.com/healthtrainer/healthtrainer/hte"
)

func TestLink(t *testing.T) {
	t.Parallel()
	recorded := time.Date(2026, time.March, 31, 9, 0, 0, 0, time.UTC)
	// row is an episode: client, episode, service, referral, closing or none.
	type row [5]string
	for _, c := range []struct {
		reason string
		rows   []row
		// links are earlier and later episode.
		links map[hte.Ref]hte.Ref
	}{
		{
			"who came back after closing, and back again; the order of the rows does not matter",
			[]row{
				{"C-1", "E-3", "RX1", "2026-01-10", ""},
				{"C-1", "E-1", "RX1", "2024-01-08", "2024-06-01"},
				{"C-2", "E-9", "RX1", "2024-08-01", ""},
				{"C-1", "E-2", "RX1", "2025-02-01", "2025-03-01"},
			},
			map[hte.Ref]hte.Ref{"E-1": "E-2", "E-2": "E-3"},
		},
		{
			"on the day of closing",
			[]row{{"C-1", "E-1", "RX1", "2024-01-08", "2024-06-01"}, {"C-1", "E-2", "RX1", "2024-06-01", ""}},
			map[hte.Ref]hte.Ref{"E-1": "E-2"},
		},
		{
			"the day before is an overlap: one of the two is wrong",
			[]row{{"C-1", "E-1", "RX1", "2024-01-08", "2024-06-01"}, {"C-1", "E-2", "RX1", "2024-05-31", ""}},
			nil,
		},
		{
			"the third falls into the first, which the second lies within",
			[]row{
				{"C-1", "E-1", "RX1", "2024-01-08", "2024-06-01"},
				{"C-1", "E-2", "RX1", "2024-02-01", "2024-02-20"},
				{"C-1", "E-3", "RX1", "2024-04-01", ""},
			},
			nil,
		},
		{
			"… and a fourth comes after all of them",
			[]row{
				{"C-1", "E-1", "RX1", "2024-01-08", "2024-06-01"},
				{"C-1", "E-2", "RX1", "2024-02-01", "2024-02-20"},
				{"C-1", "E-3", "RX1", "2024-04-01", "2024-05-01"},
				{"C-1", "E-4", "RX1", "2024-06-01", ""},
			},
			map[hte.Ref]hte.Ref{"E-3": "E-4"},
		},
		{
			"one was never closed: what is closed after it may be part of it",
			[]row{
				{"C-1", "E-1", "RX1", "2024-01-08", ""},
				{"C-1", "E-2", "RX1", "2024-02-01", "2024-02-20"},
				{"C-1", "E-3", "RX1", "2024-04-01", ""},
			},
			nil,
		},
		{
			"closed and referred again on one day, in either order of the rows",
			[]row{
				{"C-1", "E-2", "RX1", "2024-06-01", ""},
				{"C-1", "E-1", "RX1", "2024-06-01", "2024-06-01"},
			},
			map[hte.Ref]hte.Ref{"E-1": "E-2"},
		},
		{
			"the episode before is still open",
			[]row{{"C-1", "E-1", "RX1", "2024-01-08", ""}, {"C-1", "E-2", "RX1", "2024-06-01", ""}},
			nil,
		},
		{
			"a client identifier stands for one person in one service",
			[]row{{"C-1", "E-1", "RX1", "2024-01-08", "2024-06-01"}, {"C-1", "E-2", "RX2", "2024-07-01", ""}},
			nil,
		},
		{
			"another client",
			[]row{{"C-1", "E-1", "RX1", "2024-01-08", "2024-06-01"}, {"C-2", "E-2", "RX1", "2024-07-01", ""}},
			nil,
		},
		{
			"the same episode twice is no other",
			[]row{{"C-1", "E-1", "RX1", "2024-01-08", "2024-01-08"}, {"C-1", "E-1", "RX1", "2024-01-08", "2024-01-08"}},
			nil,
		},
	} {
		t.Run(c.reason, func(t *testing.T) {
			var logs, again [][]hte.Event
			for _, r := range c.rows {
				set := map[string]string{
					"client_id": r[0], "episode_id": r[1], "service_code": r[2], "referral_date": r[3], "referral_source": "self", "setting": "community",
				}
				if r[4] != "" {
					set["closure_date"], set["closure_reason"] = r[4], "moved"
				}
				log, _, err := export.Journey(export.RecordOf("episode", set), nil, recorded, "import-1")
				require.NoError(t, err)
				logs = append(logs, log)
				again = append(again, append([]hte.Event{}, log...))
			}
			linked, err := export.Link(logs, recorded, "import-1")
			require.NoError(t, err)
			require.Equal(t, again, logs, "what was given is as it was")
			require.Len(t, linked, len(logs))
			got := map[hte.Ref]hte.Ref{}
			for i, log := range linked {
				s, err := hte.Fold(log)
				require.NoError(t, err)
				require.Equal(t, logs[i][0].Journey, s.Journey, "the order is kept")
				if s.Next != "" {
					got[s.Journey] = s.Next
				}
				if from := s.Referral.Previous; from != "" {
					assert.Equal(t, c.links[from], s.Journey, "said on both sides")
				}
			}
			assert.Len(t, got, len(c.links))
			for from, to := range c.links {
				assert.Equal(t, to, got[from])
			}
			twice, err := export.Link(linked, recorded, "import-1")
			require.NoError(t, err)
			assert.Equal(t, linked, twice, "what is said is not said again")
		})
	}
}

func TestLinkPassesOver(t *testing.T) {
	t.Parallel()
	recorded := time.Date(2026, time.March, 31, 9, 0, 0, 0, time.UTC)
	_, err := export.Link([][]hte.Event{{{Journey: "E-1", Sequence: 2}}}, recorded, "import-1")
	_, ok := errors.AsType[*hte.FoldError](err)
	require.True(t, ok, "%v", err)

	// Consent was withdrawn: nothing more is put on that record, nor said of it elsewhere.
	b := whole(t, "E-1")
	b.must(hte.ConsentWithdrawn{})
	later := &book{t: t, id: "E-2", on: b.state.LastOn.AddDays(30)}
	later.must(hte.Referred{Client: b.state.Referral.Client, Service: b.state.Referral.Service, Source: "self", Setting: "community"})
	logs := [][]hte.Event{b.log, later.log, nil}
	linked, err := export.Link(logs, later.on.Time(time.UTC), "import-1")
	require.NoError(t, err)
	assert.Equal(t, logs, linked)

	// The referral was amended to name another episode: it is not named twice, in two ways.
	first, again := &book{t: t, id: "E-1", on: b.state.ReferredOn}, &book{t: t, id: "E-2", on: later.on}
	referred := hte.Referred{Client: "C-9", Service: "RX1", Source: "self", Setting: "community"}
	first.must(referred, hte.Declined{By: "client", Reason: "not_now"})
	again.must(referred)
	amended := referred
	amended.Previous = "E-0"
	events, err := hte.Correct(nil, again.log, hte.Command{
		On: later.on, Recorded: later.on.Time(time.UTC), By: "staff-1", Data: hte.Amended{Sequence: 1, Reason: "mistake", On: later.on, Data: amended},
	})
	require.NoError(t, err)
	logs = [][]hte.Event{first.log, append(again.log, events...)}
	linked, err = export.Link(logs, later.on.Time(time.UTC), "import-1")
	require.NoError(t, err)
	assert.Equal(t, logs, linked)
}
