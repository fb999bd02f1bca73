package dcrs

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNoAllocationPerRow: once its buffers have grown, a worker allocates nothing
// for a batch of clean rows, nor for bad ones that nobody listens to; reading
// and merging the batch allocates nothing either but room for the file rules.
func TestNoAllocationPerRow(t *testing.T) {
	clean := cleanExtract(600)
	for _, tc := range []struct {
		why  string
		data []byte
	}{
		{"clean rows", clean},
		{"quoted rows", quoteAll(clean)},
		{"carriage returns", bytes.ReplaceAll(clean, []byte("\n"), []byte("\r\n"))},
		{"rows that are not UTF-8", bytes.ReplaceAll(clean, []byte("community"), []byte("comm\xe9"))},
		{"rows full of errors", spoiltExtract(600, 1)},
		{"rows with a stray quote", bytes.ReplaceAll(clean, []byte("community"), []byte("comm\"unity"))},
	} {
		s := &session{v: extractValidator(t), file: "x.csv"}
		require.NoError(t, s.open(context.Background(), bytes.NewReader(tc.data)))
		require.NotNil(t, s.plan)
		var b batch
		var res result
		require.True(t, s.framer.next(&b))
		w := newWorker(s.plan, 5, false)
		w.check(&b, &res)
		require.Greater(t, res.records, 400)
		assert.Zero(t, testing.AllocsPerRun(20, func() { w.check(&b, &res) }), tc.why)
		require.NoError(t, s.merge(t.Context(), &res)) // the first examples
		s.plan.wantFacts = false
		w.check(&b, &res)
		assert.Zero(t, testing.AllocsPerRun(20, func() {
			if err := s.merge(t.Context(), &res); err != nil {
				t.Error(err)
			}
		}), tc.why)
	}
}

// TestAllocationsDoNotGrowWithRows counts a whole validation, file rules off.
func TestAllocationsDoNotGrowWithRows(t *testing.T) {
	v := extractValidator(t, fileRulesOff())
	allocs := func(rows int) float64 {
		data := cleanExtract(rows)
		return testing.AllocsPerRun(2, func() {
			if _, err := v.Validate(context.Background(), "x.csv", bytes.NewReader(data), nil); err != nil {
				t.Error(err)
			}
		})
	}
	few, many := allocs(2000), allocs(12_000)
	assert.Less(t, many, few+10)
}

// TestTallies: what several workers counted adds up to what one counts.
func TestTallies(t *testing.T) {
	data := messyExtract(400, 6)
	s := &session{v: extractValidator(t, smallBatches(7000)), file: "x.csv"}
	require.NoError(t, s.open(context.Background(), bytes.NewReader(data)))
	one, two := newTally(len(s.v.dict.rules)), newTally(len(s.v.dict.rules))
	w := newWorker(s.plan, 5, false)
	for n := 0; ; n++ {
		var b batch
		var res result
		if !s.framer.next(&b) {
			require.Greater(t, n, 10)
			break
		}
		w.check(&b, &res)
		if n%2 == 0 {
			one.add(&res.tally)
		} else {
			two.add(&res.tally)
		}
	}
	both, reverse := newTally(len(s.v.dict.rules)), newTally(len(s.v.dict.rules))
	both.add(&one)
	both.add(&two)
	reverse.add(&two)
	reverse.add(&one)
	require.Equal(t, both, reverse)
	whole := &session{v: extractValidator(t), file: "x.csv"}
	require.NoError(t, whole.open(context.Background(), bytes.NewReader(data)))
	var b batch
	var res result
	total := newTally(len(s.v.dict.rules))
	for whole.framer.next(&b) {
		w := newWorker(whole.plan, 5, false)
		w.check(&b, &res)
		total.add(&res.tally)
	}
	require.Equal(t, total, both)
	require.Positive(t, both.quotes)
	require.Positive(t, both.unread)
}
