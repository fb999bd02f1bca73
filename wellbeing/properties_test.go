package wellbeing

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// each runs a property for every instrument, with everything turned on.
func each(t *testing.T, f func(t *testing.T, in *Instrument, s *Scorer, rng *rand.Rand)) {
	t.Helper()
	for in := range Instruments() {
		t.Run(in.Name(), func(t *testing.T) {
			s, err := in.Scorer(append(everything(in), AllowUnverified())...)
			require.NoError(t, err)
			f(t, in, s, rand.New(rand.NewPCG(1, 2)))
		})
	}
}

// everything asks for all that is on request.
func everything(in *Instrument) []Option {
	var names []string
	for _, x := range in.def.Cutoffs {
		names = append(names, x.Name)
	}
	for _, x := range in.def.Criteria {
		names = append(names, x.Name)
	}
	for _, x := range in.def.BandSets {
		names = append(names, x.Name)
	}
	return []Option{Judge(names...)}
}

func codesOf(it Item) []int {
	if it.Codes != nil {
		return it.Codes
	}
	codes := make([]int, 0, it.Max-it.Min+1)
	for c := it.Min; c <= it.Max; c++ {
		codes = append(codes, c)
	}
	return codes
}

func randomForm(in *Instrument, rng *rand.Rand) []Response {
	rs := make([]Response, in.Len())
	for i, it := range in.def.Items {
		codes := codesOf(it)
		rs[i] = Answer(codes[rng.IntN(len(codes))])
	}
	return rs
}

// TestDefinitions: what the data of every instrument have to hold.
func TestDefinitions(t *testing.T) {
	names := map[string]bool{}
	for in := range Instruments() {
		t.Run(in.Name(), func(t *testing.T) {
			d := in.Definition()
			assert.False(t, names[d.Name], "names are unique")
			names[d.Name] = true
			assert.NotEmpty(t, d.Title)
			assert.NotEmpty(t, d.Edition)
			assert.NotEmpty(t, d.Licence.Note)
			assert.NotEmpty(t, d.Source.Citation)
			require.LessOrEqual(t, len(d.Items), maxItems)
			keys := map[string]bool{}
			for _, it := range d.Items {
				assert.False(t, keys[it.Key], "item keys are unique")
				keys[it.Key] = true
				assert.Less(t, it.Min, it.Max)
				for _, tok := range it.Tokens {
					assert.NoError(t, in.check(in.index[it.Key], tok.Code), "a token stands for a code")
				}
			}
			outcomes := map[string]bool{}
			unique := func(name string) {
				assert.False(t, outcomes[name], "scales, flags and band sets share one space of names: %s", name)
				outcomes[name] = true
			}
			source := func(s Source, what string) {
				assert.NotEmpty(t, s.Citation, what)
			}
			for _, s := range d.Scales {
				unique(s.Name)
				source(s.Source, s.Name)
				assert.NotEmpty(t, s.Algorithm, s.Name)
				assert.NotEmpty(t, s.Items, s.Name)
				assert.Equal(t, -1, s.Min.Cmp(s.Max), s.Name)
				for _, k := range append(slices.Clone(s.Items), s.Reversed...) {
					assert.True(t, keys[k], "%s needs item %s", s.Name, k)
				}
				for i := 1; i < len(s.Table); i++ {
					assert.Equal(t, s.Table[i-1].Raw+1, s.Table[i].Raw, "a conversion table has no gap")
					assert.Equal(t, -1, s.Table[i-1].Metric.Cmp(s.Table[i].Metric), "a conversion table rises strictly")
				}
			}
			for k, c := range in.calcs {
				lo, hi := map[int32]bool{}, map[int32]bool{}
				for _, a := range c.sum {
					least, most := a.ends(d.Items[a.item])
					lo[least], hi[most] = true, true
				}
				if len(lo) > 1 || len(hi) > 1 {
					assert.True(t, d.Scales[k].AlwaysComplete, "%s: no mean of items with unequal ranges", d.Scales[k].Name)
				}
			}
			for i, x := range d.Cutoffs {
				unique(x.Name)
				source(x.Source, x.Name)
				assert.NotEmpty(t, x.Meaning, x.Name)
				require.GreaterOrEqual(t, in.cutoffScale[i], 0, "%s has a scale", x.Name)
				s := d.Scales[in.cutoffScale[i]]
				assert.True(t, s.Min.Cmp(x.Threshold) <= 0 && x.Threshold.Cmp(s.Max) <= 0, "%s lies on its scale", x.Name)
			}
			for _, x := range d.Criteria {
				unique(x.Name)
				source(x.Source, x.Name)
				assert.NotEmpty(t, x.Algorithm, x.Name)
				assert.NotEmpty(t, x.Items, x.Name)
			}
			for i, x := range d.BandSets {
				unique(x.Name)
				source(x.Source, x.Name)
				require.GreaterOrEqual(t, in.bandScale[i], 0, "%s has a scale", x.Name)
				s := d.Scales[in.bandScale[i]]
				assert.True(t, x.Bands[0].From.Equal(s.Min), "%s covers its scale from the bottom", x.Name)
				for j := 1; j < len(x.Bands); j++ {
					assert.Equal(t, -1, x.Bands[j-1].From.Cmp(x.Bands[j].From), x.Name)
					assert.True(t, x.Bands[j].From.Cmp(s.Max) <= 0, x.Name)
				}
			}
			rules := map[string]bool{}
			for _, r := range d.Changes {
				assert.False(t, rules[r.Name], "change rules have their own names: %s", r.Name)
				rules[r.Name] = true
				source(r.Source, r.Name)
				assert.NotEmpty(t, r.Meaning, r.Name)
				assert.NotEqual(t, Undirected, r.HigherIs, r.Name)
				got, err := in.ChangeRule(r.Name, AllowUnverified())
				require.NoError(t, err)
				assert.Empty(t, cmp.Diff(r, got))
				_, err = in.ChangeRule(r.Name)
				_, off := errors.AsType[UnverifiedError](err)
				assert.Equal(t, r.Source.Basis == Remembered, off, "remembered rules are off: %s", r.Name)
			}
			if d.OwnerRule != nil {
				source(d.OwnerRule.Source, "owner's rule")
				assert.True(t, slices.ContainsFunc(d.Scales, func(s Scale) bool { return s.OwnerMax > 0 }))
			}
			for _, c := range d.Codes {
				assert.Equal(t, Verified, c.Source.Basis, "only verified terminology codes are shipped: %s", c.Code)
				source(c.Source, c.Code)
			}
			b, err := json.Marshal(d)
			require.NoError(t, err)
			var back Definition
			require.NoError(t, json.Unmarshal(b, &back))
			assert.Empty(t, cmp.Diff(d, back), "a definition survives JSON")
			found, err := Lookup(d.Name)
			require.NoError(t, err)
			assert.Same(t, in, found)
		})
	}
}

// TestDefinitionIsACopy: whatever a caller does to a definition, the instrument stays as it is.
func TestDefinitionIsACopy(t *testing.T) {
	for in := range Instruments() {
		before, err := json.Marshal(in.Definition())
		require.NoError(t, err)
		d := in.Definition()
		for i := range d.Items {
			d.Items[i].Key = "x"
			clear(d.Items[i].Codes)
			clear(d.Items[i].Tokens)
		}
		for i := range d.Scales {
			clear(d.Scales[i].Items)
			clear(d.Scales[i].Reversed)
			clear(d.Scales[i].Table)
		}
		for i := range d.Criteria {
			clear(d.Criteria[i].Items)
		}
		for i := range d.BandSets {
			clear(d.BandSets[i].Bands)
		}
		if d.Skip != nil {
			d.Skip.Text = ""
		}
		if d.OwnerRule != nil {
			d.OwnerRule.Text = ""
		}
		clear(d.Scales)
		clear(d.Cutoffs)
		clear(d.Criteria)
		clear(d.BandSets)
		clear(d.Changes)
		clear(d.Codes)
		clear(d.Notes)
		after, err := json.Marshal(in.Definition())
		require.NoError(t, err)
		assert.JSONEq(t, string(before), string(after))
	}
}

// TestBounds: every score of a complete form lies within its range, on its step, and the range is
// reached where forms of the lowest and highest codes reach it.
func TestBounds(t *testing.T) {
	each(t, func(t *testing.T, in *Instrument, s *Scorer, rng *rand.Rand) {
		var r Result
		for range 2000 {
			rs := randomForm(in, rng)
			if err := s.Score(&r, rs); err != nil {
				for _, sc := range r.Scores {
					require.True(t, sc.Reason == "" || sc.Reason == Excluded, "%v: %v", rs, err)
				}
			}
			for i, sc := range r.Scores {
				if sc.Reason != "" {
					continue
				}
				require.True(t, sc.Min.Cmp(sc.Value) <= 0 && sc.Value.Cmp(sc.Max) <= 0, "%s = %v of %v", sc.Scale, sc.Value, rs)
				require.False(t, sc.Prorated)
				if step := in.def.Scales[i].Step; step.Known() {
					d, ok := sc.Value.sub(sc.Min)
					require.True(t, ok)
					require.Zero(t, d.num*step.den%(d.den*step.num), "%s = %v is on its step", sc.Scale, sc.Value)
				}
			}
			for _, f := range r.Flags {
				if allScored(r) {
					require.NotEqual(t, NotJudged, f.Verdict, f.Name)
				}
			}
			for _, b := range r.Bands {
				if allScored(r) {
					require.NotEmpty(t, b.Label, b.Set)
				}
			}
		}
	})
}

func allScored(r Result) bool {
	return !slices.ContainsFunc(r.Scores, func(s Score) bool { return s.Reason != "" })
}

// TestMonotone: raising one item never lowers a scale that adds up its items, nor what is derived
// from it; for a reversed item the other way round.
func TestMonotone(t *testing.T) {
	each(t, func(t *testing.T, in *Instrument, s *Scorer, rng *rand.Rand) {
		var low, high Result
		for range 500 {
			rs := randomForm(in, rng)
			i := rng.IntN(len(rs))
			codes := codesOf(in.def.Items[i])
			at := slices.Index(codes, rs[i].code)
			if at+1 == len(codes) {
				continue
			}
			_ = s.Score(&low, rs) // an excluded form is left out below
			raised := slices.Clone(rs)
			raised[i] = Answer(codes[at+1])
			_ = s.Score(&high, raised)
			for k := range low.Scores {
				if in.calcs[k].fn != nil || low.Scores[k].Reason != "" || high.Scores[k].Reason != "" {
					continue
				}
				want := 1
				if slices.Contains(in.def.Scales[k].Reversed, in.def.Items[i].Key) {
					want = -1
				}
				got := high.Scores[k].Value.Cmp(low.Scores[k].Value)
				require.NotEqual(t, -want, got, "%s: item %d of %v", low.Scores[k].Scale, i+1, rs)
			}
		}
	})
}

// TestNoPartialTotal: no combination of gaps gives a score that the policy forbids, under any
// policy that the instrument has.
func TestNoPartialTotal(t *testing.T) {
	for in := range Instruments() {
		for _, p := range []Policy{CompleteOnly, OwnerRule, MaxMissing(1), MaxMissing(2), MaxMissing(5)} {
			t.Run(fmt.Sprint(in.Name(), "/", p), func(t *testing.T) {
				s, err := in.Scorer(p, AllowUnverified())
				if err != nil {
					require.ErrorAs(t, err, new(PolicyError))
					return
				}
				rng := rand.New(rand.NewPCG(3, 4))
				var r Result
				for range 1000 {
					rs := randomForm(in, rng)
					share := rng.Float64()
					var gaps uint64
					for i := range rs {
						if rng.Float64() < share {
							rs[i] = []Response{{}, Refused(), NotApplicable()}[rng.IntN(3)]
							gaps |= 1 << i
						}
					}
					err := s.Score(&r, rs)
					require.Equal(t, allScored(r), err == nil)
					for k, sc := range r.Scores {
						n := bits.OnesCount64(in.calcs[k].mask & gaps)
						require.Equal(t, sc.Items, sc.Answered+n, sc.Scale)
						n -= sc.Skipped
						require.Equal(t, sc.Value.Known(), sc.Reason == "", sc.Scale)
						if n > s.limit[k] {
							require.Equal(t, Incomplete, sc.Reason, "%s with %d missing", sc.Scale, n)
						}
						if sc.Value.Known() && in.calcs[k].fn == nil {
							require.Equal(t, n > 0, sc.Prorated, sc.Scale)
							require.True(t, sc.Min.Cmp(sc.Value) <= 0 && sc.Value.Cmp(sc.Max) <= 0, "%s = %v", sc.Scale, sc.Value)
						}
						require.Equal(t, sc.Reason == Incomplete, len(sc.Unanswered) > 0)
					}
				}
			})
		}
	}
}

// TestProratingAConstant: where all scored answers are the same, filling in for a missing one
// changes nothing.
func TestProratingAConstant(t *testing.T) {
	each(t, func(t *testing.T, in *Instrument, full *Scorer, rng *rand.Rand) {
		s, err := in.Scorer(MaxMissing(1), AllowUnverified())
		if err != nil {
			require.ErrorAs(t, err, new(PolicyError))
			return
		}
		var want, got Result
		for k, c := range in.calcs {
			if c.sum == nil || s.limit[k] == 0 {
				continue
			}
			for _, target := range codesOf(in.def.Items[c.sum[0].item]) {
				rs := randomForm(in, rng)
				same := true
				for _, a := range c.sum {
					code, ok := a.unscore(in.def.Items[a.item], int32(target))
					same = same && ok
					rs[a.item] = Answer(code)
				}
				if !same {
					continue
				}
				require.NoError(t, full.Score(&want, rs))
				gap := c.sum[rng.IntN(len(c.sum))].item
				rs[gap] = Response{}
				_ = s.Score(&got, rs) // other scales may lack the item
				require.True(t, got.Scores[k].Prorated || got.Scores[k].Skipped > 0)
				require.True(t, got.Scores[k].Value.Equal(want.Scores[k].Value), in.def.Scales[k].Name)
			}
		}
	})
}

// ends returns the lowest and highest that the item scores.
func (a summand) ends(it Item) (least, most int32) {
	least, most = 1<<30, -1<<30
	for _, c := range codesOf(it) {
		v := int32(c)
		if a.recode != nil {
			v = int32(a.recode[v-a.min])
		}
		least, most = min(least, v), max(most, v)
	}
	return least, most
}

// unscore finds the code that scores v.
func (a summand) unscore(it Item, v int32) (int, bool) {
	for _, c := range codesOf(it) {
		got := int32(c)
		if a.recode != nil {
			got = int32(a.recode[int32(c)-a.min])
		}
		if got == v {
			return c, true
		}
	}
	return it.Min, false
}

// TestResultRoundTrip: JSON and SQL bring back the same result, places included.
func TestResultRoundTrip(t *testing.T) {
	each(t, func(t *testing.T, in *Instrument, s *Scorer, rng *rand.Rand) {
		for range 50 {
			rs := randomForm(in, rng)
			if rng.IntN(3) == 0 {
				rs[rng.IntN(len(rs))] = Response{}
			}
			var r, back, scanned Result
			_ = s.Score(&r, rs) // refusals have to survive as well
			b, err := json.Marshal(r)
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(b, &back))
			require.Empty(t, cmp.Diff(r, back))
			again, err := json.Marshal(back)
			require.NoError(t, err)
			require.Equal(t, string(b), string(again), "the same bytes, so the same places")
			stored, err := r.Value()
			require.NoError(t, err)
			require.NoError(t, scanned.Scan(stored))
			require.Empty(t, cmp.Diff(r, scanned))
			for _, x := range rs {
				b, err := json.Marshal(x)
				require.NoError(t, err)
				var y Response
				require.NoError(t, json.Unmarshal(b, &y))
				require.Equal(t, x, y)
			}
		}
	})
}

// TestScorerReusesResult: nothing of an earlier form shows in a later one, and a complete form
// allocates nothing.
func TestScorerReusesResult(t *testing.T) {
	each(t, func(t *testing.T, in *Instrument, s *Scorer, rng *rand.Rand) {
		var dst Result
		for range 100 {
			rs := randomForm(in, rng)
			if rng.IntN(2) == 0 {
				rs[rng.IntN(len(rs))] = []Response{{}, Refused(), Answer(-7), Unreadable()}[rng.IntN(4)]
			}
			if rng.IntN(10) == 0 {
				rs = rs[1:]
			}
			var fresh Result
			err1, err2 := s.Score(&dst, rs), s.Score(&fresh, rs)
			require.Equal(t, err1, err2)
			require.Empty(t, cmp.Diff(fresh, dst))
		}
		rs := make([]Response, in.Len())
		for i, it := range in.def.Items {
			rs[i] = Answer(it.Min)
		}
		if s.Score(&dst, rs) == nil {
			require.Zero(t, testing.AllocsPerRun(100, func() { _ = s.Score(&dst, rs) }))
		}
	})
}

func BenchmarkScorer(b *testing.B) {
	for in := range Instruments() {
		b.Run(in.Name(), func(b *testing.B) {
			s, err := in.Scorer(AllowUnverified())
			if err != nil {
				b.Fatal(err)
			}
			rs := make([]Response, in.Len())
			for i, it := range in.def.Items {
				rs[i] = Answer(it.Min)
			}
			var r Result
			b.ReportAllocs()
			for b.Loop() {
				if err := s.Score(&r, rs); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
