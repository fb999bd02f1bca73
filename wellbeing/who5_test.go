package wellbeing

import (
	"encoding/csv"
	"errors"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWHO5EveryForm scores all 6^5 complete forms and compares the counts by raw score with those
// that R found (testdata/who5_states.R).
func TestWHO5EveryForm(t *testing.T) {
	s, err := WHO5().Scorer(Judge("screen_raw_lt_13_or_item_0_1", "screen_raw_lt_13"))
	require.NoError(t, err)
	type counts struct{ forms, le50, le28, rival int }
	got := make([]counts, 26)
	var r Result
	rs := make([]Response, 5)
	for n := range 7776 {
		var codes [5]int8
		for i, m := 0, n; i < 5; i, m = i+1, m/6 {
			codes[i] = int8(m % 6)
			rs[i] = Answer(m % 6)
		}
		require.NoError(t, s.Score(&r, rs))
		raw, ok := r.Scores[0].Value.Int64()
		require.True(t, ok)
		percent, ok := r.Scores[1].Value.Int64()
		require.True(t, ok)
		require.Equal(t, 4*raw, percent)
		fast, ok := WHO5Percent(codes[0], codes[1], codes[2], codes[3], codes[4])
		require.True(t, ok)
		require.Equal(t, percent, int64(fast))
		c := &got[raw]
		c.forms++
		c.le50 += flagged(t, r, "screen_le_50")
		c.le28 += flagged(t, r, "screen_le_28")
		c.rival += flagged(t, r, "screen_raw_lt_13_or_item_0_1")
		require.Equal(t, flagged(t, r, "screen_le_50"), flagged(t, r, "screen_raw_lt_13"),
			"two wordings of one screen")
	}
	f, err := os.Open("testdata/who5_states.csv")
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 27)
	for i, row := range rows[1:] {
		n := make([]int, len(row))
		for j := range row {
			n[j], err = strconv.Atoi(row[j])
			require.NoError(t, err)
		}
		assert.Equal(t, []int{i, 4 * i}, n[:2])
		assert.Equal(t, counts{n[2], n[3], n[4], n[5]}, got[i], "raw %d", i)
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func flagged(t *testing.T, r Result, name string) int {
	t.Helper()
	met, err := r.Flag(name)
	require.NoError(t, err)
	return count(met)
}

// TestWHO5EveryGap: whichever items are missing, refused, not applicable or out of range, there is
// no score, no flag is judged, and each such item has its own error.
func TestWHO5EveryGap(t *testing.T) {
	s, err := WHO5().Scorer(Judge("screen_raw_lt_13_or_item_0_1"))
	require.NoError(t, err)
	kinds := []Response{Answer(3), {}, Refused(), NotApplicable(), Answer(6), Answer(-1)}
	var r Result
	for n := 1; n < 7776; n++ {
		rs := make([]Response, 5)
		var want []error
		invalid := false
		for i, m := 0, n; i < 5; i, m = i+1, m/6 {
			rs[i] = kinds[m%6]
			key := "who5_" + strconv.Itoa(i+1)
			switch m % 6 {
			case 1:
				want = append(want, MissingError{key})
			case 2:
				want = append(want, RefusedError{key})
			case 3:
				want = append(want, NotApplicableError{key})
			case 4:
				want, invalid = append(want, RangeError{key, 6, 0, 5}), true
			case 5:
				want, invalid = append(want, RangeError{key, -1, 0, 5}), true
			}
		}
		err := s.Score(&r, rs)
		e, ok := errors.AsType[ScoreError](err)
		require.True(t, ok, "%v", rs)
		require.Equal(t, want, e.Errs, "%v", rs)
		require.Equal(t, []string{"raw", "percent"}, e.Scales)
		for _, sc := range r.Scores {
			require.False(t, sc.Value.Known())
			if invalid {
				require.Equal(t, Invalid, sc.Reason)
			} else {
				require.Equal(t, Incomplete, sc.Reason)
				require.Len(t, sc.Unanswered, len(want))
			}
		}
		for _, f := range r.Flags {
			require.Equal(t, NotJudged, f.Verdict)
		}
	}
}

func TestWHO5PercentRefuses(t *testing.T) {
	for i := range 5 {
		for c := -128; c < 128; c++ {
			x := [5]int8{3, 3, 3, 3, 3}
			x[i] = int8(c)
			p, ok := WHO5Percent(x[0], x[1], x[2], x[3], x[4])
			require.Equal(t, c >= 0 && c <= 5, ok, "code %d", c)
			if !ok {
				require.Zero(t, p)
			}
		}
	}
}

func TestWHO5OwnerRule(t *testing.T) {
	_, err := WHO5().Score(Answers(3, 2, 4, 1, 3), OwnerRule)
	e, ok := errors.AsType[PolicyError](err)
	require.True(t, ok, "the owner published no rule: %v", err)
	assert.Equal(t, "WHO-5", e.Instrument)
	assert.Equal(t, OwnerRule, e.Policy)
}

func TestWHO5Change(t *testing.T) {
	rule, err := WHO5().ChangeRule("topp-2015-10")
	require.NoError(t, err)
	assert.Equal(t, "12", rule.Smallest.String(), "the percentage moves by 4")
	assert.Equal(t, Verified, rule.Source.Basis)
	for _, c := range []struct {
		before, after int64
		want          Outcome
		why           string
	}{
		{40, 52, Improved, "12 points up: the smallest change that meets 10"},
		{40, 48, NoReliableChange, "8 points up"},
		{40, 40, NoReliableChange, "no change"},
		{52, 44, NoReliableChange, "8 points down"},
		{52, 40, Deteriorated, "12 points down, and higher is better"},
		{40, 50, Improved, "10 itself, which a prorated score can reach, is enough"},
	} {
		got, err := rule.JudgeValues(whole(c.before), whole(c.after))
		require.NoError(t, err)
		assert.Equal(t, c.want, got.Outcome, c.why)
		assert.Equal(t, strconv.FormatInt(c.after-c.before, 10), got.Difference.String(), c.why)
	}
}

func BenchmarkWHO5Percent(b *testing.B) {
	b.ReportAllocs()
	x := [...]int8{3, 2, 4, 1, 3}
	var sum int
	for b.Loop() {
		p, ok := WHO5Percent(x[0], x[1], x[2], x[3], x[4])
		if !ok {
			b.Fatal("refused")
		}
		sum += int(p)
		x[0] = (x[0] + 1) % 6
	}
	if sum == 0 {
		b.Fatal("no score")
	}
}
