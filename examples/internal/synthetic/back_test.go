package synthetic_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/dcrs/export"
	"github.com/healthtrainer/healthtrainer/examples/internal/synthetic"
	"github.com/healthtrainer/healthtrainer/hte"
)

// Rows that no journey ever made, a few of them with slips, become journeys as far as
// they go: each row either is refused with a reason, or gives a journey of which every
// field that its own export would have otherwise is named. Nothing panics.
func TestRowsBecomeJourneys(t *testing.T) {
	asOf, err := hte.ParseDate(synthetic.DefaultAsOf)
	require.NoError(t, err)
	files := map[string]*bytes.Buffer{}
	x := synthetic.Extract{Rows: 600, Seed: 3, Errors: 0.2}
	require.NoError(t, x.GenerateFiles(t.Context(), func(name string) (io.Writer, error) {
		files[name] = new(bytes.Buffer)
		return files[name], nil
	}, nil))
	var episodes []export.Record
	var cells [][]string // of the episodes, as the dictionary would have them written
	others := map[hte.Ref][]export.Record{}
	for _, d := range dcrs.ExtractDictionaries() {
		v, err := dcrs.NewValidator(d, asOf)
		require.NoError(t, err)
		name := d.Kind() + "s.csv"
		require.Contains(t, files, name)
		for r, err := range v.Rows(t.Context(), name, files[name]) {
			require.NoError(t, err)
			if k := export.Keep(d, r); d.Kind() == "episode" {
				episodes = append(episodes, k)
				var row []string
				for f := range d.Fields() {
					row = append(row, string(r.AppendCanonical(nil, f.Index())))
				}
				cells = append(cells, row)
			} else {
				others[k.Episode()] = append(others[k.Episode()], k)
			}
		}
	}
	out, err := export.New(asOf)
	require.NoError(t, err)
	names := slices.Collect(dcrs.Episodes().Fields())
	journeys, exported, broke := 0, 0, map[string]int{}
	for i, e := range episodes {
		events, left, err := export.Journey(e, others[e.Episode()], asOf.Time(time.UTC), "import")
		if err != nil {
			notBegun, ok := errors.AsType[*export.RefusedError](err)
			_, notRecorded := errors.AsType[*hte.RefusedError](err)
			require.True(t, notRecorded || ok && notBegun.Reason == export.NotBegun, "%v", err)
			continue
		}
		journeys++
		state, err := hte.Fold(events)
		require.NoError(t, err)
		require.Equal(t, e.Episode(), state.Journey)
		named := map[string]bool{}
		for _, l := range left {
			require.NotEmpty(t, l.Why)
			if l.Record == "episode" {
				named[l.What] = true
			}
		}
		rows, err := out.Rows(t.Context(), &state, export.Client{})
		if refused, ok := errors.AsType[*export.RefusedError](err); ok {
			switch refused.Reason {
			case export.NoConsent: // the row says so, or that it was withdrawn
			case export.BreaksRules:
				for _, r := range refused.Rules {
					broke[r]++
				}
			default:
				t.Errorf("refused: %v", err)
			}
			continue
		}
		require.NoError(t, err)
		exported++
		for j, f := range names {
			was, is := cells[i][j], rows.Episode[j]
			if f.Type == dcrs.TypeCodes {
				was, is = sorted(was), sorted(is)
			}
			assert.Equal(t, was != is, named[f.Name], "%s of record %d", f.Name, i+1)
		}
	}
	t.Logf("%d episodes, %d journeys, %d exported again; rules that others break: %v", len(episodes), journeys, exported, broke)
	assert.Greater(t, journeys, 550)
	assert.Greater(t, exported, 350)
	assert.Less(t, len(broke), 3)
}

// sorted puts codes in order, to compare sets.
func sorted(set string) string {
	codes := strings.Split(set, ";")
	slices.Sort(codes)
	return strings.Join(codes, ";")
}
