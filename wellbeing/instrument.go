package wellbeing

import (
	"iter"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// DataEdition names the edition of this package's instrument data: definitions, tables, cut-offs
// and change rules. It changes whenever a score, flag or band could.
const DataEdition = "2026.1"

// Instrument is a questionnaire with its scoring. It is immutable and safe for concurrent use; get
// one from a function such as [WHO5], from [Lookup] or from [Instruments].
type Instrument struct {
	def   Definition
	index map[string]int // item key to position
	items []compiledItem
	calcs []calc // one for each scale
	tests []test // one for each criterion
	skip  func(f form) uint64
	// cutoffScale and bandScale hold the position of the scale of each cut-off and band set.
	cutoffScale, bandScale []int
}

// maxItems is the most items of a form, so that a form lives on the stack.
const maxItems = 40

// form is one form while it is scored. It is passed by value, so that it stays on the stack.
type form struct {
	codes [maxItems]int32 // valid where have has the bit
	have  uint64          // items answered with a valid code, and those rightly skipped
	skip  uint64          // items rightly skipped, which score 0
}

func (f *form) has(mask uint64) bool { return f.have&mask == mask }

// compiledItem checks a code without maps or loops.
type compiledItem struct {
	min, max int
	gaps     uint64 // bit c-min is set where c is no code; items with gaps have at most 64 codes
}

// calc scores one scale. Exactly one of the three ways is set: sum, of and fn.
type calc struct {
	mask uint64 // the items needed

	sum      []summand // add the summands, times num/den
	num, den int64

	of    int     // derived from scale number of-1: times num/den, or by table
	table []Value // score for raw value i+tableMin
	base  int64

	fn func(f form) (Value, Reason)
}

// summand is one item of a sum: its code, or what the table says for it.
type summand struct {
	item   int
	min    int32
	recode []int16 // by code-min; nil: the code itself
}

type test struct {
	mask uint64
	fn   func(f form) bool
}

// Name returns the short stable name, such as "WHO-5".
func (in *Instrument) Name() string {
	if in == nil {
		return ""
	}
	return in.def.Name
}

// Len returns the number of items.
func (in *Instrument) Len() int {
	if in == nil {
		return 0
	}
	return len(in.items)
}

// Weight returns what an answer adds to the sum that a scale is made of: its code, or what the scale
// makes of it by reversing or recoding. ok is false where the scale is no sum, as with a value set, does
// not need the item, or the item has no such code.
func (in *Instrument) Weight(scale, item string, code int) (weight int, ok bool) {
	if in == nil {
		return 0, false
	}
	i, known := in.index[item]
	k := slices.IndexFunc(in.def.Scales, func(s Scale) bool { return s.Name == scale })
	if !known || k < 0 || in.check(i, code) != nil {
		return 0, false
	}
	for in.calcs[k].of > 0 {
		k = in.calcs[k].of - 1
	}
	for _, a := range in.calcs[k].sum {
		switch {
		case a.item != i:
		case a.recode == nil:
			return code, true
		default:
			return int(a.recode[code-int(a.min)]), true
		}
	}
	return 0, false
}

// Definition returns a copy of all that is known about the instrument.
func (in *Instrument) Definition() Definition {
	if in == nil {
		return Definition{}
	}
	d := in.def
	d.Items = slices.Clone(d.Items)
	for i := range d.Items {
		d.Items[i].Codes = slices.Clone(d.Items[i].Codes)
		d.Items[i].Tokens = slices.Clone(d.Items[i].Tokens)
	}
	d.Scales = slices.Clone(d.Scales)
	for i := range d.Scales {
		s := &d.Scales[i]
		s.Items, s.Reversed, s.Table = slices.Clone(s.Items), slices.Clone(s.Reversed), slices.Clone(s.Table)
	}
	d.Cutoffs = slices.Clone(d.Cutoffs)
	d.Criteria = slices.Clone(d.Criteria)
	for i := range d.Criteria {
		d.Criteria[i].Items = slices.Clone(d.Criteria[i].Items)
	}
	d.BandSets = slices.Clone(d.BandSets)
	for i := range d.BandSets {
		d.BandSets[i].Bands = slices.Clone(d.BandSets[i].Bands)
	}
	d.Changes = slices.Clone(d.Changes)
	if d.Skip != nil {
		d.Skip = &Rule{d.Skip.Text, d.Skip.Source}
	}
	if d.Exclusion != nil {
		d.Exclusion = &Rule{d.Exclusion.Text, d.Exclusion.Source}
	}
	if d.OwnerRule != nil {
		d.OwnerRule = &Rule{d.OwnerRule.Text, d.OwnerRule.Source}
	}
	d.Codes = slices.Clone(d.Codes)
	d.Notes = slices.Clone(d.Notes)
	return d
}

// Instruments returns every instrument, in a fixed order; one with several codings or value sets
// comes once for each.
func Instruments() iter.Seq[*Instrument] {
	return func(yield func(*Instrument) bool) {
		for _, get := range registry() {
			if !yield(get()) {
				return
			}
		}
	}
}

// Lookup returns the instrument of that name, exactly as [Instrument.Name] spells it, or a
// [NameError].
func Lookup(name string) (*Instrument, error) {
	for in := range Instruments() {
		if in.def.Name == name {
			return in, nil
		}
	}
	return nil, NameError{Kind: "instrument", Name: name}
}

// Policy says what to do about missing answers. It is an [Option].
type Policy int

const (
	// CompleteOnly gives a score only where every item of the scale is answered. It is the default.
	CompleteOnly Policy = 0
	// OwnerRule prorates as the owner of the instrument published. Where the owner published
	// nothing, asking for it is a [PolicyError].
	OwnerRule Policy = -1
	// Elsewhere stands in results of an [External] score, whose policy is not known here. Nothing can
	// be scored by it.
	Elsewhere Policy = -2
)

// MaxMissing prorates a sum where at most n items of the scale are missing, refused or not
// applicable: the mean of the answered items stands in for the others. It is the caller's own
// choice, and the result says so. n below 1 is a [PolicyError].
func MaxMissing(n int) Policy {
	if n < 1 {
		return Policy(math.MinInt)
	}
	return Policy(n)
}

// String returns "complete only", "owner's rule", "at most N missing" or "decided elsewhere".
func (p Policy) String() string {
	switch {
	case p == CompleteOnly:
		return "complete only"
	case p == OwnerRule:
		return "owner's rule"
	case p == Elsewhere:
		return "decided elsewhere"
	case p < 0:
		return "no policy"
	}
	return "at most " + strconv.Itoa(int(p)) + " missing"
}

// MarshalText writes the words of String.
func (p Policy) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the words of String.
func (p *Policy) UnmarshalText(b []byte) error {
	s := string(b)
	for _, q := range []Policy{CompleteOnly, OwnerRule, Elsewhere} {
		if s == q.String() {
			*p = q
			return nil
		}
	}
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(s, "at most "), " missing"))
	if q := MaxMissing(n); err == nil && q.String() == s && q > 0 {
		*p = q
		return nil
	}
	return NameError{Kind: "policy", Name: shape(s)}
}

// Option sets how forms are scored. A [Policy] is an option, and so is what [AllowUnverified] and
// [Judge] return.
type Option interface{ apply(c *config) error }

type config struct {
	in         *Instrument
	policy     Policy
	policySet  bool
	unverified bool
	judge      []string
}

func (p Policy) apply(c *config) error {
	if c.policySet && c.policy != p {
		return PolicyError{Instrument: c.in.def.Name, Policy: p, Why: "another policy is already set: " + c.policy.String()}
	}
	c.policy, c.policySet = p, true
	return nil
}

type optionFunc func(c *config) error

func (f optionFunc) apply(c *config) error { return f(c) }

// AllowUnverified turns on what rests on memory alone. The result marks each such part with the
// basis [Remembered].
func AllowUnverified() Option {
	return optionFunc(func(c *config) error { c.unverified = true; return nil })
}

// Judge adds the named cut-offs, criteria and band sets, which are defined as on request, to the
// result.
func Judge(names ...string) Option {
	names = slices.Clone(names)
	return optionFunc(func(c *config) error { c.judge = append(c.judge, names...); return nil })
}

// configure applies the options.
func (in *Instrument) configure(opts []Option) (config, error) {
	c := config{in: in}
	if in == nil {
		return c, ArgumentError{Name: "instrument", Why: "is nil"}
	}
	for _, o := range opts {
		if o == nil {
			return c, ArgumentError{Name: "option", Why: "is nil"}
		}
		if err := o.apply(&c); err != nil {
			return c, err
		}
	}
	return c, nil
}

// Scorer scores forms of one instrument under settings that were checked once. It is immutable and
// safe for concurrent use.
type Scorer struct {
	in     *Instrument
	policy Policy
	// Positions in the definition of what goes into a result.
	scales, cutoffs, criteria, bandSets []int
	limit                               []int // most items missing, for each scale of the instrument
	basis                               Basis
}

// Scorer checks the options and returns a scorer. Errors: [PolicyError], [UnverifiedError],
// [NameError].
func (in *Instrument) Scorer(opts ...Option) (*Scorer, error) {
	c, err := in.configure(opts)
	if err != nil {
		return nil, err
	}
	d := &in.def
	s := &Scorer{in: in, policy: c.policy, basis: Verified}
	for i := range d.Scales {
		if c.unverified || d.Scales[i].Source.Basis > Remembered {
			s.scales = append(s.scales, i)
			s.basis = min(s.basis, d.Scales[i].Source.Basis)
		}
	}
	if len(s.scales) == 0 {
		return nil, UnverifiedError{Instrument: d.Name, What: "every scale"}
	}
	if err := s.setPolicy(c); err != nil {
		return nil, err
	}
	known := map[string]bool{}
	allowed := func(name string, onRequest bool, basis Basis, scale int) (bool, error) {
		known[name] = true
		asked := slices.Contains(c.judge, name)
		if onRequest && !asked {
			return false, nil
		}
		off := basis == Remembered || scale >= 0 && d.Scales[scale].Source.Basis == Remembered
		if off && !c.unverified {
			if asked {
				return false, UnverifiedError{Instrument: d.Name, What: name}
			}
			return false, nil
		}
		return true, nil
	}
	for i, x := range d.Cutoffs {
		if ok, err := allowed(x.Name, x.OnRequest, x.Source.Basis, in.cutoffScale[i]); err != nil {
			return nil, err
		} else if ok {
			s.cutoffs = append(s.cutoffs, i)
		}
	}
	for i, x := range d.Criteria {
		if ok, err := allowed(x.Name, x.OnRequest, x.Source.Basis, -1); err != nil {
			return nil, err
		} else if ok {
			s.criteria = append(s.criteria, i)
		}
	}
	for i, x := range d.BandSets {
		if ok, err := allowed(x.Name, x.OnRequest, x.Source.Basis, in.bandScale[i]); err != nil {
			return nil, err
		} else if ok {
			s.bandSets = append(s.bandSets, i)
		}
	}
	for _, name := range c.judge {
		if !known[name] {
			return nil, NameError{Kind: "cut-off, criterion or band set", Name: name}
		}
	}
	return s, nil
}

func (s *Scorer) setPolicy(c config) error {
	d := &s.in.def
	fail := func(why string) error { return PolicyError{Instrument: d.Name, Policy: c.policy, Why: why} }
	s.limit = make([]int, len(d.Scales))
	switch {
	case c.policy == CompleteOnly:
		return nil
	case c.policy == OwnerRule:
		if d.OwnerRule == nil {
			return fail("the owner of the instrument published none that is known here")
		}
		if d.OwnerRule.Source.Basis == Remembered && !c.unverified {
			return UnverifiedError{Instrument: d.Name, What: "the owner's rule on missing answers"}
		}
		s.basis = min(s.basis, d.OwnerRule.Source.Basis)
		for i := range d.Scales {
			s.limit[i] = d.Scales[i].OwnerMax
		}
		return nil
	case c.policy < 0:
		return fail("the limit is below 1, or there is none")
	}
	can := false
	for i := range d.Scales {
		n := bits.OnesCount64(s.in.calcs[i].mask)
		if s.in.calcs[i].sum != nil && !d.Scales[i].AlwaysComplete && n > int(c.policy) {
			s.limit[i], can = int(c.policy), true
		}
	}
	for i := range d.Scales { // a multiple of a sum follows it; a table does not
		if of := s.in.calcs[i].of; of > 0 && s.in.calcs[i].table == nil {
			s.limit[i] = s.limit[of-1]
		}
	}
	if !can {
		return fail("no scale of this instrument is a sum of more items than that which may be prorated")
	}
	return nil
}
