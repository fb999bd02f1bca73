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
