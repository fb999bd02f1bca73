package wellbeing

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestColumnsAgreeWithForms: a batch gives what the forms give one by one, for every scale of every
// instrument under every policy, gaps, sentinels and all.
func TestColumnsAgreeWithForms(t *testing.T) {
	for in := range Instruments() {
		t.Run(in.Name(), func(t *testing.T) {
			for _, p := range []Policy{CompleteOnly, OwnerRule, MaxMissing(1)} {
				s, err := in.Scorer(p, AllowUnverified())
				if err != nil {
					continue // the instrument has no such policy, which is tested elsewhere
				}
				agree[int8](t, in, s)
				agree[int16](t, in, s)
				agree[int64](t, in, s)
			}
		})
	}
}

func agree[T Integer](t *testing.T, in *Instrument, s *Scorer) {
	t.Helper()
	const rows = 1100 // two blocks and a bit
	rng := rand.New(rand.NewPCG(7, 8))
	invalid := 9999
	if one := T(math.MaxInt8) + T(in.Len()); one < 0 {
		invalid = math.MaxInt8 // a code is one byte
	}
	columns := make([][]T, in.Len())
	for j := range columns {
		columns[j] = make([]T, rows)
		if in.def.Items[j].Max >= invalid {
			return // minutes do not fit into one byte
		}
	}
	forms := make([]Result, rows)
	for i := range rows {
		rs := randomForm(in, rng)
		for j := range rs {
			switch rng.IntN(8 * len(rs)) {
			case 0:
				rs[j] = Response{}
			case 1:
				rs[j] = Answer(invalid)
			}
			code, ok := rs[j].Code()
			if !ok {
				code = -1 - rng.IntN(9)
			}
			columns[j][i] = T(code)
		}
		_ = s.Score(&forms[i], rs)
	}
	for k, scale := range forms[0].Scores {
		dst := make([]Value, rows)
		got, err := ScoreColumns(s, scale.Scale, dst, columns...)
		require.NoError(t, err)
		var want Tally
		for i := range rows {
			sc := forms[i].Scores[k]
			require.Equal(t, sc.Value, dst[i], "%s, row %d", scale.Scale, i)
			want.Scored += count(sc.Reason == "")
			want.Incomplete += count(sc.Reason == Incomplete)
			want.Invalid += count(sc.Reason == Invalid)
			want.Excluded += count(sc.Reason == Excluded)
		}
		require.Equal(t, want, got, scale.Scale)
		require.Equal(t, rows, got.Scored+got.Incomplete+got.Invalid+got.Excluded)
	}
}

func TestColumnsRefuseBadUse(t *testing.T) {
	s, err := WHO5().Scorer()
	require.NoError(t, err)
	one := []int8{3}
	for _, c := range []struct {
		dst     []Value
		columns [][]int8
		why     string
	}{
		{make([]Value, 1), [][]int8{one, one, one, one}, "a column too few"},
		{make([]Value, 1), [][]int8{one, one, one, one, {}}, "a column too short"},
		{make([]Value, 2), [][]int8{one, one, one, one, one}, "a result too long"},
	} {
		_, err := ScoreColumns(s, "percent", c.dst, c.columns...)
		assert.ErrorAs(t, err, new(ArgumentError), c.why)
	}
	_, err = ScoreColumns(s, "per cent", make([]Value, 1), one, one, one, one, one)
	assert.ErrorIs(t, err, NameError{"scale", "per cent"})
	_, err = ScoreColumns[int8](nil, "percent", nil)
	assert.ErrorAs(t, err, new(ArgumentError))
	tally, err := ScoreColumns(s, "percent", nil, []int8{}, nil, nil, nil, nil)
	assert.NoError(t, err)
	assert.Equal(t, Tally{}, tally, "no form at all")
	dst := make([]Value, 4)
	big := []int64{math.MaxInt64, math.MinInt64, 6, 5}
	five := []int64{5, 5, 5, 5}
	tally, err = ScoreColumns(s, "percent", dst, big, five, five, five, five)
	require.NoError(t, err)
	assert.Equal(t, Tally{Scored: 1, Incomplete: 1, Invalid: 2}, tally, "no wide number wraps into a code")
}

// TestLabelColumnsAgree: a column of scores gets the labels that the scores get one by one, whether
// the bounds are whole numbers or not.
func TestLabelColumnsAgree(t *testing.T) {
	values := []Value{{}}
	for n := int64(-40); n < 400; n++ {
		values = append(values, whole(n), ratio(n, 3), fixed(n, 1))
	}
	sets := []BandSet{
		{Name: "none"},
		{Name: "halves", Bands: []Band{{whole(0), "low"}, {fixed(25, 1), "mid"}, {whole(5), "high"}}},
	}
	for in := range Instruments() {
		sets = append(sets, in.Definition().BandSets...)
	}
	for _, set := range sets {
		got := make([]string, len(values))
		require.NoError(t, set.LabelColumn(got, values))
		for i, v := range values {
			want, _ := set.Label(v)
			require.Equal(t, want, got[i], "%s of %s", set.Name, v)
		}
	}
	assert.ErrorAs(t, sets[0].LabelColumn(make([]string, 1), values), new(ArgumentError), "another length")
}

func BenchmarkLabelColumn(b *testing.B) {
	set := PHQ9().Definition().BandSets[0]
	rng := rand.New(rand.NewPCG(1, 1))
	values := make([]Value, 1_000_000)
	for i := range values {
		values[i] = whole(int64(rng.IntN(28)))
	}
	dst := make([]string, len(values))
	b.ReportAllocs()
	for b.Loop() {
		if err := set.LabelColumn(dst, values); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(values)), "ns/score")
}

func BenchmarkScoreColumns(b *testing.B) {
	const rows = 1_000_000
	for _, c := range []struct {
		in    *Instrument
		scale string
	}{{WHO5(), "percent"}, {SWEMWBS(), "metric"}, {PHQ9(), "total"}} {
		b.Run(c.in.Name(), func(b *testing.B) {
			s, err := c.in.Scorer()
			if err != nil {
				b.Fatal(err)
			}
			rng := rand.New(rand.NewPCG(1, 1))
			columns := make([][]int8, c.in.Len())
			for j, it := range c.in.def.Items {
				columns[j] = make([]int8, rows)
				for i := range columns[j] {
					columns[j][i] = int8(it.Min + rng.IntN(it.Max-it.Min+1))
					if rng.IntN(100) == 0 {
						columns[j][i] = -1
					}
				}
			}
			dst := make([]Value, rows)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ScoreColumns(s, c.scale, dst, columns...); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/form")
		})
	}
}
