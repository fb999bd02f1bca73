package wellbeing

import (
	"fmt"
	"slices"
	"sync"
)

// builder turns a definition and its calculations into an instrument.
type builder struct {
	def   Definition
	calcs []calc
	tests []test
	skip  func(f form) uint64
}

// items defines n items with neutral keys prefix_1 … prefix_n and the codes lo to hi.
func (b *builder) items(prefix string, n, lo, hi int) {
	for i := range n {
		b.def.Items = append(b.def.Items, Item{Key: fmt.Sprintf("%s_%d", prefix, i+1), Min: lo, Max: hi})
	}
}

// scale adds a scale that is calculated so.
func (b *builder) scale(s Scale, c calc) {
	for i := range b.def.Items {
		if c.mask>>i&1 == 1 {
			s.Items = append(s.Items, b.def.Items[i].Key)
		}
	}
	b.def.Scales = append(b.def.Scales, s)
	b.calcs = append(b.calcs, c)
}

// criterion adds a flag that is tested so.
func (b *builder) criterion(c Criterion, mask uint64, fn func(f form) bool) {
	for i := range b.def.Items {
		if mask>>i&1 == 1 {
			c.Items = append(c.Items, b.def.Items[i].Key)
		}
	}
	b.def.Criteria = append(b.def.Criteria, c)
	b.tests = append(b.tests, test{mask: mask, fn: fn})
}

// sumOf adds up the items with the given numbers, which count from 1; all where none is given.
func (b *builder) sumOf(numbers ...int) calc {
	if len(numbers) == 0 {
		numbers = upTo(len(b.def.Items))
	}
	c := calc{num: 1, den: 1, mask: maskOf(numbers...)}
	for _, n := range numbers {
		c.sum = append(c.sum, summand{item: n - 1, min: int32(b.def.Items[n-1].Min)})
	}
	return c
}

// reverse scores the items with the given numbers from the other end.
func (b *builder) reverse(c calc, numbers ...int) calc {
	return b.recode(c, func(it Item, code int) int { return it.Min + it.Max - code }, numbers...)
}

// shift adds n to the code of every item.
func (b *builder) shift(c calc, n int) calc {
	return b.recode(c, func(_ Item, code int) int { return code + n })
}

// recode scores the items with the given numbers, or all, by f instead of by their code.
func (b *builder) recode(c calc, f func(it Item, code int) int, numbers ...int) calc {
	for i := range c.sum {
		a := &c.sum[i]
		if len(numbers) > 0 && !slices.Contains(numbers, a.item+1) {
			continue
		}
		it := b.def.Items[a.item]
		a.recode = make([]int16, it.Max-it.Min+1)
		for code := it.Min; code <= it.Max; code++ {
			a.recode[code-it.Min] = int16(f(it, code))
		}
	}
	return c
}

// keys returns the keys of the items with the given numbers.
func (b *builder) keys(numbers ...int) []string {
	keys := make([]string, len(numbers))
	for i, n := range numbers {
		keys[i] = b.def.Items[n-1].Key
	}
	return keys
}

// by scores by a function of the whole form, which needs all the items.
func (b *builder) by(fn func(f form) (Value, Reason)) calc {
	return calc{mask: maskOf(upTo(len(b.def.Items))...), fn: fn}
}

// tableOf converts the scale with the given position by a table, of which it returns the rows for
// the definition.
func (b *builder) tableOf(scale int, base int64, metric []Value) (calc, []Conversion) {
	rows := make([]Conversion, len(metric))
	for i, v := range metric {
		rows[i] = Conversion{Raw: base + int64(i), Metric: v}
	}
	return calc{of: scale + 1, table: metric, base: base, mask: b.calcs[scale].mask}, rows
}

func snomed(code, scale string) Code {
	return Code{System: "http://snomed.info/sct", Code: code, For: scale, Source: Source{Citation: citeNHSE, Basis: Verified}}
}

const citeNHSE = "NHS England, Mental Health Services Monthly Statistics, published code (NHSDigital/mental-health-monthly-statistics)"

func loinc(code, what string) Code {
	return Code{System: "http://loinc.org", Code: code, For: what, Source: Source{Citation: "LOINC, as used in two or more public code bases and HL7 guides", Basis: Verified}}
}

// multipleOf multiplies the scale with the given position by num/den.
func (b *builder) multipleOf(scale int, num, den int64) calc {
	return calc{of: scale + 1, num: num, den: den, mask: b.calcs[scale].mask}
}

func upTo(n int) []int {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i + 1
	}
	return numbers
}

// maskOf has the bits of the items with the given numbers, which count from 1.
func maskOf(numbers ...int) uint64 {
	var m uint64
	for _, n := range numbers {
		m |= 1 << (n - 1)
	}
	return m
}

func (b *builder) build() *Instrument {
	in := &Instrument{def: b.def, calcs: b.calcs, tests: b.tests, skip: b.skip, index: map[string]int{}}
	for i, it := range in.def.Items {
		in.index[it.Key] = i
		c := compiledItem{min: it.Min, max: it.Max}
		if it.Codes != nil {
			for code := it.Min; code <= it.Max; code++ {
				if !slices.Contains(it.Codes, code) {
					c.gaps |= 1 << (code - it.Min)
				}
			}
		}
		in.items = append(in.items, c)
	}
	position := func(scale string) int {
		return slices.IndexFunc(in.def.Scales, func(s Scale) bool { return s.Name == scale })
	}
	for _, x := range in.def.Cutoffs {
		in.cutoffScale = append(in.cutoffScale, position(x.Scale))
	}
	for _, x := range in.def.BandSets {
		in.bandScale = append(in.bandScale, position(x.Scale))
	}
	for i := range in.def.Changes {
		r := &in.def.Changes[i]
		r.Instrument = in.def.Name
		s := in.def.Scales[position(r.Scale)]
		r.HigherIs = s.HigherIs
		r.Smallest = smallest(r.Threshold, r.Comparator, s.Step)
	}
	return in
}

// once builds an instrument on first use; the data are constant, so it is no mutable state.
func once(f func() *Instrument) func() *Instrument { return sync.OnceValue(f) }
