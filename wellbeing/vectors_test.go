package wellbeing

import (
	"encoding/csv"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestVectors scores every row of the vectors files, which rescore.R re-scores in base R.
func TestVectors(t *testing.T) {
	files, err := fs.Glob(os.DirFS("testdata"), "*_vectors.csv")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		f, err := os.Open(filepath.Join("testdata", name))
		require.NoError(t, err)
		rows, err := csv.NewReader(f).ReadAll()
		require.NoError(t, err)
		require.NoError(t, f.Close())
		require.Equal(t, []string{"instrument", "case", "options", "responses", "expected", "origin", "note"}, rows[0])
		for _, row := range rows[1:] {
			t.Run(name+"/"+row[0]+"/"+row[1], func(t *testing.T) {
				require.NotEmpty(t, row[5], "every vector says where it comes from")
				checkVector(t, row[0], row[2], row[3], row[4])
			})
		}
	}
}

func checkVector(t *testing.T, instrument, options, responses, expected string) {
	t.Helper()
	in, err := Lookup(instrument)
	require.NoError(t, err)
	var opts []Option
	for o := range strings.FieldsSeq(options) {
		name, value, _ := strings.Cut(o, "=")
		switch name {
		case "max_missing":
			n, err := strconv.Atoi(value)
			require.NoError(t, err)
			opts = append(opts, MaxMissing(n))
		case "owner_rule":
			opts = append(opts, OwnerRule)
		case "allow_unverified":
			opts = append(opts, AllowUnverified())
		case "judge":
			opts = append(opts, Judge(value))
		default:
			t.Fatalf("unknown option %q", o)
		}
	}
	rs, err := in.ParseResponses(strings.Fields(responses),
		Codes{Missing: []string{"."}, Refused: []string{"?"}, NotApplicable: []string{"-"}})
	require.NoError(t, err)
	r, err := in.Score(rs, opts...)
	if r.Scores == nil {
		require.NoError(t, err)
	}
	whole := true
	for _, s := range r.Scores {
		whole = whole && s.Value.Known()
	}
	assert.Equal(t, whole, err == nil, "an error if and only if a scale has no score: %v", err)
	for pair := range strings.SplitSeq(expected, ";") {
		key, want, ok := strings.Cut(strings.TrimSpace(pair), "=")
		require.True(t, ok, "expected %q", pair)
		assert.Equal(t, want, outcome(t, r, key), key)
	}
}

// outcome writes a score, flag or band as the vectors files do.
func outcome(t *testing.T, r Result, key string) string {
	t.Helper()
	for _, s := range r.Scores {
		if s.Scale == key {
			if !s.Value.Known() {
				return "NONE"
			}
			return s.Value.String()
		}
	}
	for _, f := range r.Flags {
		if f.Name == key {
			return map[Verdict]string{NotJudged: "NONE", NotMet: "False", Met: "True"}[f.Verdict]
		}
	}
	for _, b := range r.Bands {
		if b.Set == key {
			if b.Label == "" {
				return "NONE"
			}
			return b.Label
		}
	}
	return "not in the result"
}
