package dcrs

import (
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// groupedSlowly are the facts of every key that comes more than once, in the order
// of the keys.
func groupedSlowly(s *factStore, by factKey) (groups [][]uint32, keyed int) {
	facts := make(map[uint64][]uint32)
	for i := range uint32(s.n) {
		if k := by.of(s.at(i)); k != 0 {
			facts[k] = append(facts[k], i)
			keyed++
		}
	}
	for _, same := range facts {
		if len(same) > 1 {
			groups = append(groups, same)
		}
	}
	slices.SortFunc(groups, func(a, b []uint32) int { return int(a[0]) - int(b[0]) })
	return groups, keyed
}

func storeOf(facts []fact) *factStore {
	s := new(factStore)
	for _, f := range facts {
		if s.n&(1<<pieceBits-1) == 0 {
			s.pieces = append(s.pieces, make([]fact, 0, 1<<pieceBits))
		}
		s.pieces[len(s.pieces)-1] = append(s.pieces[len(s.pieces)-1], f)
		s.n++
	}
	return s
}

// Grouping finds what a map finds: the counters of keys may only let through too
// many, never too few, and the sort must tell apart what they let through.
func TestGroupingAgainstMap(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 26))
	spread := func(uint64) uint64 { return max(1, rng.Uint64()) }
	for _, tc := range []struct {
		why  string
		n    int
		keys int // how many different ones to draw from
		key  func(k uint64) uint64
	}{
		{"no fact at all", 0, 1, spread},
		{"one fact", 1, 1, spread},
		{"no key comes twice, and few share a counter", 10_000, 0, spread},
		{"every key shares its counter with every other: their highest bits are 0", 5_000, 0, func(k uint64) uint64 { return k + 1 }},
		{"… with every other, and many come twice", 9_000, 5_000, func(k uint64) uint64 { return k + 1 }},
		{"keys differ only in bits that the counters see, not the radix sort", 9_000, 4_000, func(k uint64) uint64 { return (k + 1) << 40 }},
		{"keys share a counter in pairs", 9_000, 6_000, func(k uint64) uint64 { return (k>>1+1)<<44 | k&1 }},
		{"few enough keys for the plain sort", 2_000, 700, func(k uint64) uint64 { return (k + 1) * 0x9e3779b97f4a7c15 }},
		{"one key for all", 5_000, 1, func(uint64) uint64 { return 77 }},
		{"a key whose bits are all set, with the last counter", 100, 2, func(k uint64) uint64 { return ^k }},
	} {
		t.Run(tc.why, func(t *testing.T) {
			facts := make([]fact, tc.n)
			for i := range facts {
				k := uint64(i)
				if tc.keys > 0 {
					k = rng.Uint64N(uint64(tc.keys))
				}
				if i%11 != 10 { // some have no key
					facts[i].episode = tc.key(k)
				}
			}
			s := storeOf(facts)
			want, keyed := groupedSlowly(s, byEpisode)
			g := grouping{often: slices.Repeat([]uint64{^uint64(0)}, 1<<9)} // what another key left behind
			for range 2 {
				var got [][]uint32
				n, err := s.group(t.Context(), byEpisode, &g, func(same []uint32) error {
					got = append(got, slices.Clone(same))
					return nil
				})
				require.NoError(t, err)
				slices.SortFunc(got, func(a, b []uint32) int { return int(a[0]) - int(b[0]) })
				require.Equal(t, want, got)
				require.Equal(t, keyed, n)
			}
		})
	}
}

// A rule that looks at hundreds of thousands of rows with one key stops when the
// context is cancelled; without that, one number for all clients of ten million
// rows kept a caller waiting for seconds.
func TestHugeGroupsCanBeStopped(t *testing.T) {
	facts := make([]fact, stride+10)
	same := make([]uint32, len(facts))
	for i := range facts {
		facts[i] = fact{
			episode: uint64(i + 1), client: uint64(i + 1), service: 1, referral: int32(i + 1),
			person: 9434765919 | nhsThere | nhsGood, home: 1<<birthShift | 1,
		}
		same[i] = uint32(i)
	}
	s := storeOf(facts)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, r := range episodeFileRules() {
		found := &foundFacts{rules: make([]fileFacts, 1), keep: 1}
		ask := func(ctx context.Context) (err error) {
			if r.facts.all != nil {
				_, err = r.facts.all(ctx, s, found, 0)
			} else {
				_, err = r.facts.each(ctx, s, found, 0, same)
			}
			return err
		}
		assert.NoError(t, ask(t.Context()), r.rule)
		assert.ErrorIs(t, ask(ctx), context.Canceled, r.rule)
	}
}

// Whoever takes rows or findings one by one, and takes their time, is not made to
// wait for the rest of a batch once they have cancelled.
func TestCancelledBetweenRows(t *testing.T) {
	text := "gender,setting\n" + strings.Repeat("wrong,wrong\n", 2000)
	v := extractValidator(t)
	for _, stop := range []int{1, 4, 5, 70, 1000} { // in the first blocks, at their ends, and further on
		ctx, cancel := context.WithCancel(t.Context())
		rows := 0
		var last error
		for _, err := range v.Rows(ctx, "x.csv", strings.NewReader(text)) {
			if err != nil {
				last = err
				break
			}
			if rows++; rows == stop {
				cancel()
			}
		}
		cancel()
		assert.ErrorIs(t, last, context.Canceled)
		assert.Equal(t, stop, rows)

		for _, workers := range []int{1, 3} {
			ctx, cancel := context.WithCancel(t.Context())
			findings := 0
			report, err := extractValidator(t, Workers(workers)).Validate(ctx, "x.csv", strings.NewReader(text), func(f Finding) error {
				if f.Record > 0 {
					if findings++; findings == stop {
						cancel()
					}
				}
				return nil
			})
			cancel()
			assert.ErrorIs(t, err, context.Canceled)
			assert.True(t, report.Truncated)
			assert.Less(t, findings, stop+16)
		}
	}
}

// A rule of the caller that asks a row for its findings never gets those of
// another row that stood in its place.
func TestFindingsWhileARowIsJudged(t *testing.T) {
	seen := 0
	d, err := NewDictionary("x", "1", []Field{
		{Name: "ref", Type: TypeID, MaxLength: 9, Presence: Mandatory, Sensitivity: NotSensitive},
		{Name: "n", Type: TypeInteger, Sensitivity: NotSensitive},
	}, nil, []Check{{
		Rule: Rule{ID: "x/looks", Severity: Info, Problem: "p", Fix: "f"}, Need: []string{"ref"},
		Row: func(r *Row) Verdict {
			seen += len(r.Findings())
			return Pass
		},
	}})
	require.NoError(t, err)
	v, err := NewValidator(d, date(t, ruleAsOf))
	require.NoError(t, err)
	for _, err := range v.Rows(t.Context(), "x.csv", strings.NewReader("ref,n\n"+strings.Repeat("A1,wrong\n", 300)+strings.Repeat("A1,1\n", 300))) {
		require.NoError(t, err)
	}
	assert.Zero(t, seen, "findings are handed out with the row")
}

// A header of very many columns costs a little for each, with as many workers as
// one likes, not what reading a field takes.
func TestWideHeaderIsCheap(t *testing.T) {
	const columns = 200_000
	text := "client_id" + strings.Repeat(",", columns) + "\n" + strings.Repeat("1"+strings.Repeat(",", columns)+"\n", 3)
	v := extractValidator(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s := &session{v: v, file: "x.csv"}
	require.NoError(t, s.open(t.Context(), strings.NewReader(text)))
	w := newWorker(s.plan, 5, false)
	runtime.ReadMemStats(&after)
	each := float64(after.TotalAlloc-before.TotalAlloc) / columns
	assert.Less(t, each, 130.0, "bytes a column, all that was ever allocated")
	assert.Len(t, w.block.rows, 1)
}

// Rows are read column by column where they have no quotes, and cell by cell where
// they have: both find the same, wherever in a wide file the fields stand and however
// many rows fit into a block.
func TestWideRowsWithAndWithoutQuotes(t *testing.T) {
	for _, before := range []int{0, 1, 60, 61, 62, 63, 64, 65, 126, 127, 128, 129, 250, 4095, 4096, 8190, 16_380, 16_383, 16_384, 20_000} {
		header := strings.Repeat("x,", before) + "client_id,gender,date_of_birth,height_cm,disability,notes\n"
		var plain, quoted strings.Builder
		plain.WriteString(header)
		quoted.WriteString(header)
		rows := []string{
			"A1,1,1970-01-01,170,1,", "A1,wrong,1970-02-30,9999,1;1,a\x01", ",,,,,", "A 2,1 , 1970-01-01, 170.0,1; 2,\xff",
			"A3,9,2999-01-01,17x,;,é", "A4,2,1980-05-05,80,1;no,b",
		}
		for i := range max(len(rows), min(130, 100_000/(before+1))) {
			row := rows[i%len(rows)]
			plain.WriteString(strings.Repeat(",", before) + row + "\n")
			quoted.WriteString(strings.Repeat(",", before) + strings.TrimSuffix(row, row[strings.LastIndexByte(row, ',')+1:]) + `"` + row[strings.LastIndexByte(row, ',')+1:] + "\"\n")
		}
		v := extractValidator(t)
		type what struct {
			rule                 string
			record, line, column int
			message, shape       string
		}
		var found [2][]what
		for n, text := range []string{plain.String(), quoted.String()} {
			_, findings := validateAll(t, v, strings.NewReader(text))
			for _, f := range findings {
				found[n] = append(found[n], what{f.Rule, f.Record, f.Line, f.Column, f.Message, f.Shape})
			}
		}
		require.Equal(t, found[0], found[1], "%d columns before", before)
		require.Greater(t, len(found[0]), 20)
	}
}

// Of rows that a rule panics on, none is handed out; those of the blocks before are,
// and the error comes last and names the rule.
func TestRowsUntilARulePanics(t *testing.T) {
	d, err := NewDictionary("x", "1", []Field{{Name: "n", Type: TypeInteger, Sensitivity: NotSensitive}}, nil, []Check{{
		Rule: Rule{ID: "x/panics", Severity: Info, Problem: "p", Fix: "f"}, Need: []string{"n"},
		Row: func(r *Row) Verdict {
			if n, _ := r.Int(0); n == 150 {
				panic("a value of the extract")
			}
			return Pass
		},
	}})
	require.NoError(t, err)
	v, err := NewValidator(d, date(t, ruleAsOf))
	require.NoError(t, err)
	rows := 0
	var last error
	for r, err := range v.Rows(t.Context(), "x.csv", strings.NewReader("n\n"+strings.Repeat("1\n", 149)+"150\n"+strings.Repeat("1\n", 500))) {
		if last = err; err != nil {
			break
		}
		require.Positive(t, r.Record())
		rows++
	}
	require.EqualError(t, last, "dcrs: rule x/panics panicked")
	assert.Less(t, rows, 150)
	assert.Greater(t, rows, 150-blockRows-1)
}
