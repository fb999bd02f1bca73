package outcomes_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"math"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

// Every accumulator, so that one law test serves them all.
type accumulator interface {
	Validate() error
}

// random fills accumulators of each kind with the same seeded rows.
func random(seed uint64, rows int) []accumulator {
	r := rand.New(rand.NewPCG(seed, 1))
	var (
		m outcomes.Moments
		p outcomes.Paired
		f outcomes.Freq
		c outcomes.Cross
		b outcomes.PairedBinary
		n outcomes.Counts
	)
	funnel := outcomes.NewFunnel("referred", "assessed", "planned")
	words := []string{"diet", "activity", "smoking", "alcohol", ""}
	value := func() int64 {
		switch r.IntN(4) {
		case 0:
			return r.Int64N(101) * 1000 // a score
		case 1:
			return r.Int64N(2000)*100 - 60_000 // one decimal place, and below 0
		case 2:
			return r.Int64N(1_000_000) // three decimal places
		}
		return r.Int64N(2*outcomes.MaxValue+1) - outcomes.MaxValue // anything
	}
	for range rows {
		switch r.IntN(8) {
		case 0:
			m.AddMissing()
			p.AddPre(value())
			f.AddMissing()
			c.AddMissing()
			b.AddMissing()
			funnel.AddMissing()
		case 1:
			p.AddPost()
			m.Add(outcomes.MaxValue + 1)
			_ = funnel.AddLeft(r.IntN(3), words[r.IntN(5)])
		case 2:
			p.AddNeither()
			p.Add(0, math.MinInt64)
			_ = funnel.AddLeft(r.IntN(3), words[r.IntN(5)])
		default:
			m.Add(value())
			p.Add(value(), value())
			n.Add(value())
			f.Add(words[r.IntN(5)])
			c.Add(words[r.IntN(5)], words[r.IntN(5)])
			b.Add(r.IntN(2) == 0, r.IntN(3) == 0)
			_ = funnel.Add(r.IntN(3))
		}
	}
	return []accumulator{&m, &p, &f, &c, &b, &n, &funnel}
}

// clone goes through gob, which keeps exported fields only.
func clone(t testing.TB, a accumulator) accumulator {
	t.Helper()
	var buf bytes.Buffer
	require.NoError(t, gob.NewEncoder(&buf).Encode(a))
	out := reflect.New(reflect.TypeOf(a).Elem()).Interface()
	require.NoError(t, gob.NewDecoder(&buf).Decode(out))
	return out.(accumulator)
}

func merged(t testing.TB, a, b accumulator) accumulator {
	t.Helper()
	a = clone(t, a)
	out := reflect.ValueOf(a).MethodByName("Merge").Call([]reflect.Value{reflect.ValueOf(b).Elem()})
	if len(out) > 0 && !out[0].IsNil() {
		t.Fatal(out[0].Interface())
	}
	return a
}

func TestMergeLaws(t *testing.T) {
	for seed := range uint64(20) {
		a, b, c := random(seed, int(seed)), random(seed+1000, int(seed%7)*9), random(seed+2000, int(seed%13)*5)
		for i := range a {
			require.NoError(t, a[i].Validate())
			zero := reflect.New(reflect.TypeOf(a[i]).Elem()).Interface().(accumulator)
			require.NoError(t, zero.Validate(), "the zero value is valid")
			ab := merged(t, a[i], b[i])
			require.NoError(t, ab.Validate())
			for law, pair := range map[string][2]accumulator{
				"commutative":    {ab, merged(t, b[i], a[i])},
				"associative":    {merged(t, ab, c[i]), merged(t, a[i], merged(t, b[i], c[i]))},
				"right identity": {merged(t, a[i], zero), a[i]},
				"left identity":  {merged(t, zero, a[i]), a[i]},
			} {
				if d := cmp.Diff(pair[0], pair[1]); d != "" {
					t.Fatalf("%T is not %s (seed %d):\n%s", a[i], law, seed, d)
				}
			}
		}
	}
}

func TestMergeIsTheSameAsOnePass(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var whole outcomes.Paired
	shards := make([]outcomes.Paired, 5)
	for range 3000 {
		pre, post := r.Int64N(200)*100, r.Int64N(200)*250
		whole.Add(pre, post)
		shards[r.IntN(5)].Add(pre, post)
	}
	var all outcomes.Paired
	for _, i := range r.Perm(5) {
		all.Merge(shards[i])
	}
	require.Empty(t, cmp.Diff(whole, all))
}

// unrounded are values of which most have three decimals, and some lie far out, so that a table for them is wide and
// for a while not worth its width.
func unrounded(r *rand.Rand, n int, far int64) []int64 {
	out := make([]int64, n)
	for i := range out {
		switch k := r.IntN(1000); {
		case k < 900:
			out[i] = r.Int64N(3001) - 1500
		case k < 990:
			out[i] = r.Int64N(15) * 100
		case k < 998:
			out[i] = r.Int64N(2*far) - far
		default:
			out[i] = r.Int64N(3_000_000)
		}
	}
	return out
}

// The layout of counts follows from the counts: it is the same whatever the order, and in however many shards.
func TestLayoutOfUnroundedCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 15))
	saw := make(map[bool]int)
	for _, n := range []int{1, 150, 199, 225, 250, 1000, 5000, 20_000, 70_000} {
		values := unrounded(r, n, []int64{1500, 60_000, 400_000}[r.IntN(3)])
		var want outcomes.Counts
		for _, v := range slices.Sorted(slices.Values(values)) {
			want.Add(v)
		}
		require.NoError(t, want.Validate(), "%d values", n)
		saw[len(want.Fine) > 0]++
		for range 5 {
			r.Shuffle(n, func(i, j int) { values[i], values[j] = values[j], values[i] })
			var one, merged outcomes.Counts
			shards := make([]outcomes.Counts, 1+r.IntN(6))
			for _, v := range values {
				one.Add(v)
				shards[r.IntN(len(shards))].Add(v)
			}
			for _, s := range shards {
				require.NoError(t, s.Validate())
				merged.Merge(s)
			}
			require.True(t, reflect.DeepEqual(want, one), "%d values in another order", n)
			require.True(t, reflect.DeepEqual(want, merged), "%d values in %d shards", n, len(shards))
		}
		data, err := json.Marshal(want)
		require.NoError(t, err)
		var back outcomes.Counts
		require.NoError(t, json.Unmarshal(data, &back))
		require.True(t, reflect.DeepEqual(want, back), "JSON")
		require.True(t, reflect.DeepEqual(&want, clone(t, &want)), "gob")
		require.True(t, reflect.DeepEqual(want, want.Clone()))
		require.EqualValues(t, n, want.N())
		units := make([]float64, n)
		for i, v := range values {
			units[i] = float64(v) / outcomes.Unit
		}
		median, err := outcomes.Median(units)
		require.NoError(t, err)
		got, err := want.Quantiles(outcomes.R7, 0.5)
		require.NoError(t, err)
		require.InDelta(t, median, got[0], 1e-12)
	}
	require.True(t, saw[true] > 1 && saw[false] > 1, "both layouts occur: %v", saw)
	// A far value takes back a table that had just become worth its width.
	var c outcomes.Counts
	for range 200 {
		c.Add(1)
	}
	require.NotEmpty(t, c.Fine)
	c.Add(409_500)
	require.Empty(t, c.Fine)
	require.EqualValues(t, 200, c.Between[1])
	require.NoError(t, c.Validate())
}

// Decoded counts that Validate refuses do not panic when they are merged.
func TestMergeOfImpossibleCounts(t *testing.T) {
	impossible := []outcomes.Counts{
		{Dense: make([]int64, 7), Fine: make([]int64, 9)},
		{Fine: slices.Repeat([]int64{1}, 1_000_001)},
		{Dense: slices.Repeat([]int64{1}, 20_001)},
		{Between: map[int64]int64{5: math.MaxInt64, 7: math.MaxInt64}, Loose: -4},
		{Sparse: map[int64]int64{5: -1, math.MinInt64: 3, math.MaxInt64: 3}},
	}
	for _, a := range impossible {
		require.Error(t, a.Validate())
		for _, b := range impossible {
			require.NotPanics(t, func() {
				c := a.Clone()
				c.Merge(b)
				c.Add(3)
				for range c.All() {
				}
			})
		}
	}
}

// Columns are added as pairs one by one are: across the ends of pieces, with values that are refused, and where the
// counts change their layout on the way.
func TestAddPairsIsAdd(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 42))
	for _, n := range []int{0, 1, 511, 512, 513, 3000, 40_000} {
		for _, c := range []struct {
			why   string
			value func() int64
		}{
			{"scores", func() int64 { return r.Int64N(26) * 4000 }},
			{"three decimals", func() int64 { return int64(90_000 + 17_000*r.NormFloat64()) }},
			{"squares beyond what an int64 sums", func() int64 { return r.Int64N(1<<30) - 1<<29 }},
			{"anything, the ends among it", func() int64 {
				return []int64{outcomes.MaxValue, -outcomes.MaxValue, 0, 100, 7}[r.IntN(5)]
			}},
			{"a refused one now and then", func() int64 {
				return []int64{outcomes.MaxValue + 1, math.MinInt64, math.MaxInt64, 5, 5, 5, 5, 5}[r.IntN(8)]
			}},
		} {
			pre, post := make([]int64, n), make([]int64, n)
			for i := range pre {
				pre[i], post[i] = c.value(), c.value()
			}
			var want, got outcomes.Paired
			for i := range pre {
				want.Add(pre[i], post[i])
			}
			for from := 0; from < n; { // in columns of other lengths
				to := min(n, from+1+r.IntN(2000))
				require.NoError(t, got.AddPairs(pre[from:to], post[from:to]))
				from = to
			}
			require.True(t, reflect.DeepEqual(want, got), "%d, %s", n, c.why)
		}
	}
	p := outcomes.Paired{Overflowed: true}
	require.NoError(t, p.AddPairs([]int64{1}, []int64{2}))
	require.Equal(t, outcomes.Paired{Overflowed: true}, p, "an overflow stays")
	var length outcomes.LengthError
	require.ErrorAs(t, p.AddPairs([]int64{1}, nil), &length)
}

func TestMergeSharesNothing(t *testing.T) {
	a, b := random(5, 100), random(6, 100)
	for i := range a {
		before := clone(t, b[i])
		m := merged(t, reflect.New(reflect.TypeOf(a[i]).Elem()).Interface().(accumulator), b[i])
		_ = merged(t, m, a[i])
		reflect.ValueOf(m).MethodByName("Merge").Call([]reflect.Value{reflect.ValueOf(a[i]).Elem()})
		require.Empty(t, cmp.Diff(before, b[i]), "merging into a copy changed what was merged")
	}
}

func TestRoundTrips(t *testing.T) {
	for seed := range uint64(30) {
		for _, a := range random(seed, int(seed)*20) {
			require.Empty(t, cmp.Diff(a, clone(t, a)), "gob")
			data, err := json.Marshal(a)
			require.NoError(t, err)
			out := reflect.New(reflect.TypeOf(a).Elem()).Interface()
			require.NoError(t, json.Unmarshal(data, out))
			require.Empty(t, cmp.Diff(a, out), "JSON")
		}
	}
}

// Beam and gob drop unexported fields without a word.
func TestAccumulatorsHaveOnlyExportedFields(t *testing.T) {
	var check func(typ reflect.Type, path string)
	check = func(typ reflect.Type, path string) {
		switch typ.Kind() {
		case reflect.Struct:
			for i := range typ.NumField() {
				f := typ.Field(i)
				require.True(t, f.IsExported(), "%s.%s is not exported", path, f.Name)
				check(f.Type, path+"."+f.Name)
			}
		case reflect.Map, reflect.Slice, reflect.Array:
			check(typ.Elem(), path+"[]")
		case reflect.Pointer, reflect.Interface, reflect.Func, reflect.Chan:
			t.Errorf("%s is a %s", path, typ.Kind())
		}
	}
	for _, a := range random(1, 1) {
		typ := reflect.TypeOf(a).Elem()
		check(typ, typ.Name())
	}
}

func TestExtremeValuesSumExactly(t *testing.T) {
	var p outcomes.Paired
	wantSq := new(big.Int)
	for i := range int64(1000) {
		pre, post := outcomes.MaxValue-i, -outcomes.MaxValue+i*7
		p.Add(pre, post)
		d := big.NewInt(post - pre)
		wantSq.Add(wantSq, d.Mul(d, d))
	}
	require.Equal(t, wantSq.String(), p.Diff.SumSquares.String())
	require.NoError(t, p.Validate())
	s, err := p.Summary()
	require.NoError(t, err)
	r, err := s.Correlation()
	require.NoError(t, err)
	require.InDelta(t, -1, r, 1e-9, "post falls in a straight line as pre rises... and the exact sums show it")
}

func TestNothingOverflowsSilently(t *testing.T) {
	full := outcomes.Moments{N: outcomes.MaxRows, Sum: outcomes.Int128{}, SumSquares: outcomes.Int128{}}
	require.NoError(t, full.Validate())
	var one outcomes.Moments
	one.Add(5)
	full.Merge(one)
	var over outcomes.OverflowError
	_, err := full.Mean()
	require.ErrorAs(t, err, &over)
	require.NoError(t, full.Validate())
	full.Add(3)
	full.Merge(one)
	require.Equal(t, outcomes.Moments{Overflowed: true}, full, "an overflow stays")

	var p outcomes.Paired
	p.Add(1000, 2000)
	p.Add(1000, 3000)
	p.Add(1000, math.MaxInt64)
	_, err = p.T()
	require.ErrorAs(t, err, &over)
	require.EqualValues(t, 1, over.Refused)
	require.ErrorIs(t, err, outcomes.ErrNotComputable)
	_, err = p.MedianDiff()
	require.ErrorAs(t, err, &over)

	big := outcomes.Paired{Neither: outcomes.MaxRows}
	big.Merge(p)
	require.Equal(t, outcomes.Paired{Overflowed: true}, big)
	_, err = big.SignedRank()
	require.ErrorAs(t, err, &over)
}

func TestTooManyDistinctValues(t *testing.T) {
	var a, b, c outcomes.Paired
	for i := range int64(outcomes.MaxDistinct) {
		a.Add(0, i*1001+1)
		b.Add(0, -i*1001-1)
		c.Add(0, 7000)
	}
	ab, bc := clone(t, &a).(*outcomes.Paired), clone(t, &b).(*outcomes.Paired)
	ab.Merge(b)
	bc.Merge(c)
	left, right := clone(t, ab).(*outcomes.Paired), clone(t, &a).(*outcomes.Paired)
	left.Merge(c)
	right.Merge(*bc)
	require.Empty(t, cmp.Diff(left, right), "the cap does not depend on the order of merging")
	require.NoError(t, left.Validate())
	require.True(t, left.DiffCounts.Capped)
	_, err := left.SignedRank()
	var capped outcomes.CappedError
	require.ErrorAs(t, err, &capped)
	_, err = left.T()
	require.NoError(t, err, "the moments still stand")
	_, err = left.MedianPre()
	require.NoError(t, err, "so do the counts that were not capped")
}

func TestValidateRefusesImpossibleStates(t *testing.T) {
	valid := func() *outcomes.Paired {
		var p outcomes.Paired
		p.Add(10_000, 12_000)
		p.Add(20_000, 25_500)
		p.Add(15_000, 15_001)
		p.AddPre(9000)
		return &p
	}
	for _, tt := range []struct {
		why   string
		spoil func(p *outcomes.Paired)
	}{
		{"a count below 0", func(p *outcomes.Paired) { p.PostOnly = -1 }},
		{"more rows than can be", func(p *outcomes.Paired) { p.Neither = outcomes.MaxRows + 1 }},
		{"pairs that the moments do not have", func(p *outcomes.Paired) { p.Both++ }},
		{"lost rows that the moments do not have", func(p *outcomes.Paired) { p.PreOnly = 5 }},
		{"minimum above maximum", func(p *outcomes.Paired) { p.Pre.Min, p.Pre.Max = p.Pre.Max, p.Pre.Min }},
		{"a sum above n times the maximum", func(p *outcomes.Paired) { p.Pre.Max = 11_000 }},
		{"a sum of squares below what the sum allows", func(p *outcomes.Paired) { p.Post.SumSquares = outcomes.Int128{Lo: 1} }},
		{"a sum of squares above what the range allows", func(p *outcomes.Paired) { p.Post.SumSquares = outcomes.Int128{Hi: 1} }},
		{"differences that are not post minus pre", func(p *outcomes.Paired) { p.Diff.Sum = p.Diff.Sum.AddInt64(1) }},
		{"counts that do not match the moments", func(p *outcomes.Paired) { p.DiffCounts.Add(1000) }},
		{"a table of another length", func(p *outcomes.Paired) { p.PreCounts.Dense = append(p.PreCounts.Dense, 0) }},
		{"a count below 0 in the table", func(p *outcomes.Paired) { p.PreCounts.Dense[0] = -1 }},
		{"a count of 0 in the map", func(p *outcomes.Paired) { p.PostCounts.Sparse = map[int64]int64{700_000: 0} }},
		{"a value in the map that belongs to the table", func(p *outcomes.Paired) { p.PostCounts.Sparse = map[int64]int64{700: 1} }},
		{"a value in one map that belongs to the other", func(p *outcomes.Paired) { p.PostCounts.Sparse = map[int64]int64{701: 1} }},
		{"a value between tenths that is one", func(p *outcomes.Paired) {
			p.PostCounts.Between[15_000], p.PostCounts.Loose = 1, 2
		}},
		{"fewer loose values than there are", func(p *outcomes.Paired) { p.PostCounts.Loose-- }},
		{"a table of thousandths beside one of tenths", func(p *outcomes.Paired) { p.PostCounts.Fine = make([]int64, 3200) }},
		{"capped beside counts", func(p *outcomes.Paired) { p.PostCounts.Capped = true }},
		{"overflowed beside counts", func(p *outcomes.Paired) { p.Overflowed = true }},
		{"missing in moments of complete pairs", func(p *outcomes.Paired) { p.Pre.Missing = 1 }},
	} {
		t.Run(tt.why, func(t *testing.T) {
			p := valid()
			require.NoError(t, p.Validate())
			tt.spoil(p)
			var state outcomes.StateError
			require.ErrorAs(t, p.Validate(), &state)
		})
	}
	var state outcomes.StateError
	for why, a := range map[string]accumulator{
		"a category counted 0 times":          &outcomes.Freq{Counts: map[string]int64{"a": 0}},
		"categories that exceed n":            &outcomes.Freq{N: 1, Counts: map[string]int64{"a": 1, "b": 1}},
		"n without categories":                &outcomes.Freq{N: 1},
		"a two-way table without its cells":   &outcomes.Cross{N: 1},
		"an empty row":                        &outcomes.Cross{Counts: map[string]map[string]int64{"a": {}}},
		"cells that overflow":                 &outcomes.Cross{N: 5, Counts: map[string]map[string]int64{"a": {"b": 5, "c": 5}}},
		"more at a stage than before":         &outcomes.Funnel{Stages: []outcomes.Stage{{Reached: 1}, {Reached: 2}}},
		"people who vanished":                 &outcomes.Funnel{Stages: []outcomes.Stage{{Reached: 2, Open: 1}}},
		"a reason nobody had":                 &outcomes.Funnel{Stages: []outcomes.Stage{{Left: map[string]int64{"moved": 0}}}},
		"a state counted below 0":             &outcomes.PairedBinary{NoYes: -1},
		"sums without values":                 &outcomes.Moments{Sum: outcomes.Int128{Lo: 4}},
		"a minimum beyond the largest value":  &outcomes.Moments{N: 1, Min: math.MinInt64, Max: 0},
		"an overflow that still counts":       &outcomes.Moments{N: 1, Overflowed: true},
		"more missing than rows can be":       &outcomes.Moments{Missing: math.MaxInt64},
		"missing counts that overflow with n": &outcomes.Moments{N: math.MaxInt64, Missing: math.MaxInt64},
		"a table longer than its counts need": &outcomes.Counts{Dense: make([]int64, 64)},
		"counts that overflow when added up":  &outcomes.Counts{Sparse: map[int64]int64{409_601: math.MaxInt64, 409_603: math.MaxInt64}},
		"thousandths for too few values":      &outcomes.Counts{Fine: append(append(make([]int64, 1600), 0, 5), make([]int64, 1598)...)},
		"thousandths in a table too short":    &outcomes.Counts{Fine: []int64{1000}},
		"loose values without a table":        &outcomes.Counts{Between: map[int64]int64{1: 1}, Loose: 1},
		"so many loose values that the map is no place for them": &outcomes.Counts{
			Dense: make([]int64, 32), Between: map[int64]int64{1: 200}, Loose: 200,
		},
		"missing rows below 0":                 &outcomes.Freq{Missing: -1},
		"a two-way table with missing below 0": &outcomes.Cross{Missing: -1},
		"a funnel with missing below 0":        &outcomes.Funnel{Missing: -1},
	} {
		require.ErrorAs(t, a.Validate(), &state, why)
	}
}

func TestCountsJSONRefusesDisorder(t *testing.T) {
	for why, in := range map[string]string{
		"descending":          `[[5,1],[4,1]]`,
		"twice the same":      `[[5,1],[5,1]]`,
		"a count of 0":        `[[5,0]]`,
		"not pairs":           `[[5]]`,
		"not numbers":         `[["5",1]]`,
		"a fraction":          `[[5.5,1]]`,
		"beyond 64 bits":      `[[92233720368547758080,1]]`,
		"another word":        `"many"`,
		"an object":           `{"Dense":[1]}`,
		"a count beyond 64 b": `[[5,92233720368547758080]]`,
	} {
		var c outcomes.Counts
		require.Error(t, json.Unmarshal([]byte(in), &c), why)
	}
}

func TestInt128(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	edge := []int64{0, 1, -1, math.MaxInt64, math.MinInt64, 1 << 32, -(1 << 32), math.MaxInt64 - 1}
	pick := func() int64 {
		if r.IntN(2) == 0 {
			return edge[r.IntN(len(edge))]
		}
		return int64(r.Uint64())
	}
	mod := new(big.Int).Lsh(big.NewInt(1), 128)
	wrap := func(z *big.Int) *big.Int { // into the two's complement range
		z.Mod(z, mod)
		if z.Bit(127) == 1 {
			z.Sub(z, mod)
		}
		return z
	}
	for range 5000 {
		a := outcomes.Int128{Hi: pick(), Lo: uint64(pick())}
		b := outcomes.Int128{Hi: pick(), Lo: uint64(pick())}
		v, w := pick(), pick()
		require.Equal(t, wrap(new(big.Int).Add(a.Big(), b.Big())).String(), a.Add(b).String())
		require.Equal(t, wrap(new(big.Int).Sub(a.Big(), b.Big())).String(), a.Sub(b).String())
		require.Equal(t, wrap(new(big.Int).Add(a.Big(), big.NewInt(v))).String(), a.AddInt64(v).String())
		prod := new(big.Int).Mul(big.NewInt(v), big.NewInt(w))
		require.Equal(t, wrap(prod.Add(prod, a.Big())).String(), a.AddProduct(v, w).String())
		require.Equal(t, a.Big().Sign(), a.Sign())
		var back outcomes.Int128
		require.NoError(t, back.UnmarshalText([]byte(a.String())))
		require.Equal(t, a, back)
	}
	var z outcomes.Int128
	for why, in := range map[string]string{
		"2^127 is one too many":           "170141183460469231731687303715884105728",
		"−2^127 − 1 is one too many":      "-170141183460469231731687303715884105729",
		"not a number":                    "12x",
		"nothing":                         "",
		"so long that parsing it is slow": string(bytes.Repeat([]byte("9"), 100_000)),
	} {
		require.Error(t, z.UnmarshalText([]byte(in)), why)
	}
}

func TestThousandths(t *testing.T) {
	for _, tt := range []struct {
		in   float64
		want int64
		why  string
	}{
		{1.0005, 1000, "the binary value lies just below the half: 1.000499999999999989…"},
		{0.0005, 1, "the binary value lies just above the half: 0.000500000000000000010…"},
		{0.0015, 2, "just above one and a half, whatever the parity"},
		{0.5, 500, "exact"},
		{0.0625, 62, "62.5 exactly: half to even goes down"},
		{0.1875, 188, "187.5 exactly: half to even goes up"},
		{-0.0625, -62, "the same below zero"},
		{-2.3, -2300, "the nearest thousandth"},
		{1e9, outcomes.MaxValue, "the largest"},
		{0, 0, "zero"},
	} {
		got, err := outcomes.Thousandths(tt.in)
		require.NoError(t, err)
		require.Equal(t, tt.want, got, tt.why)
	}
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e9 + 1, -1e300} {
		_, err := outcomes.Thousandths(bad)
		require.Error(t, err)
	}
	for _, tt := range []struct {
		coef int64
		exp  int
		want int64
		why  string
	}{
		{925, -1, 92_500, "92.5"},
		{10005, -4, 1000, "1.0005 is a tie and goes to the even 1000"},
		{10015, -4, 1002, "1.0015 is a tie and goes to the even 1002"},
		{-10005, -4, -1000, "ties below zero"},
		{100050001, -8, 1001, "just above the tie"},
		{100049999, -8, 1000, "just below the tie"},
		{5, -4, 0, "0.0005 goes to 0"},
		{51, -5, 1, "0.00051 goes to 1"},
		{7, 5, 700_000_000, "700 thousand"},
		{math.MaxInt64, -40, 0, "far below a thousandth"},
		{math.MinInt64, -19, -922, "the smallest coefficient: −0.922…"},
	} {
		got, err := outcomes.ThousandthsOf(tt.coef, tt.exp)
		require.NoError(t, err, tt.why)
		require.Equal(t, tt.want, got, tt.why)
	}
	for _, bad := range [][2]int64{{1, 10}, {math.MaxInt64, 0}, {-1, 1 << 40}, {10_000_000_001, -1}} {
		_, err := outcomes.ThousandthsOf(bad[0], int(bad[1]))
		var r outcomes.RangeError
		require.ErrorAs(t, err, &r)
	}
}

// What is computed from merged counts is what is computed from the sample.
func TestAccumulatorsAgreeWithSamples(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	var p outcomes.Paired
	var pre, post []float64
	for range 400 {
		a, b := r.Int64N(120)*250, r.Int64N(120)*250 // quarters: exact in binary, so ties are ties in both
		p.Add(a, b)
		pre, post = append(pre, float64(a)/1000), append(post, float64(b)/1000)
	}
	want, err := outcomes.SummarisePairs(pre, post)
	require.NoError(t, err)
	got, err := p.Summary()
	require.NoError(t, err)
	near(t, want.MeanDiff, got.MeanDiff, 1e-13, "mean")
	near(t, want.SDDiff, got.SDDiff, 1e-13, "sd")
	near(t, want.Covariance, got.Covariance, 1e-12, "covariance")
	for _, opts := range [][]outcomes.Option{nil, {outcomes.Continuity(false)}, {outcomes.Permutation()}, {outcomes.Zeros(outcomes.PrattZeros)}, {outcomes.Null(1.5)}} {
		a, err := outcomes.SignedRank(pre, post, opts...)
		require.NoError(t, err)
		b, err := p.SignedRank(opts...)
		require.NoError(t, err)
		require.Equal(t, a, b)
	}
	a, err := outcomes.HodgesLehmann(pre, post)
	require.NoError(t, err)
	b, err := p.HodgesLehmann()
	require.NoError(t, err)
	require.Equal(t, a, b)
	for q := outcomes.R1; q <= outcomes.R9; q++ {
		a, err := outcomes.Quantiles(post, q, 0, 0.1, 0.25, 0.5, 0.9, 1)
		require.NoError(t, err)
		b, err := p.QuantilesPost(q, 0, 0.1, 0.25, 0.5, 0.9, 1)
		require.NoError(t, err)
		require.Equal(t, a, b)
	}
	sa, err := outcomes.SignTest(pre, post)
	require.NoError(t, err)
	sb, err := p.SignTest()
	require.NoError(t, err)
	require.Equal(t, sa, sb)
}

func FuzzDecodePaired(f *testing.F) {
	for seed := range uint64(4) {
		data, err := json.Marshal(random(seed, 5)[1]) // small, or minimising takes all the time
		require.NoError(f, err)
		f.Add(data, data)
	}
	f.Add([]byte(`{"n_both":1,"pre":{"n":1}}`), []byte(`{"diff_counts":"capped"}`))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		var a, b outcomes.Paired
		if json.Unmarshal(first, &a) != nil || json.Unmarshal(second, &b) != nil {
			return
		}
		if a.Validate() != nil || b.Validate() != nil {
			// no panic on what Validate would have refused, either
			a.Merge(b)
			_, _ = a.T()
			return
		}
		ab, ba := clone(t, &a).(*outcomes.Paired), clone(t, &b).(*outcomes.Paired)
		ab.Merge(b)
		ba.Merge(a)
		if d := cmp.Diff(ab, ba); d != "" {
			t.Fatal(d)
		}
		if err := ab.Validate(); err != nil {
			t.Fatal(err)
		}
		for _, f := range []func() error{
			func() error { r, err := ab.T(); return finite(r.P, r.T, r.CI.Low, err) },
			func() error { r, err := ab.MedianDiff(); return finite(r, err) },
			func() error { r, err := ab.SignTest(); return finite(r.P, err) },
			func() error { r, err := ab.SignedRank(outcomes.Normal()); return finite(r.P, r.V, err) },
			func() error { s, _ := ab.Summary(); r, err := s.GZ(); return finite(r.Estimate, err) },
		} {
			if err := f(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

type notFinite struct{}

func (notFinite) Error() string { return "a number that is not finite came with no error" }

// finite is nil when there is an error, or every number is finite.
func finite(v ...any) error {
	for _, x := range v {
		if err, ok := x.(error); ok && err != nil {
			return nil
		}
	}
	for _, x := range v {
		if f, ok := x.(float64); ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
			return notFinite{}
		}
	}
	return nil
}

func FuzzDecodeFunnel(f *testing.F) {
	f.Add([]byte(`{"stages":[{"name":"referred","reached":2,"open":1,"left":{"moved":1}}]}`), []byte(`{}`))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		var a, b outcomes.Funnel
		if json.Unmarshal(first, &a) != nil || json.Unmarshal(second, &b) != nil {
			return
		}
		if a.Validate() != nil || b.Validate() != nil {
			return
		}
		if a.Merge(b) == nil {
			if err := a.Validate(); err != nil && a.Stages[0].Reached <= outcomes.MaxRows {
				t.Fatal(err)
			}
		}
	})
}
