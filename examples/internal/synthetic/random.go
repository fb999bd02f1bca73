package synthetic

import (
	"math/bits"
	"math/rand/v2"
)

// random draws whole numbers only: a float could be rounded differently on
// another machine.
type random struct {
	pcg rand.PCG
}

// The two streams of a seed. Rows come from one and slips from the other, so
// that a row without a slip does not depend on the slips before it.
const (
	streamRows  = 0x5259_4e54_4854_4943
	streamSlips = 0x534c_4950_5350_4c41
)

func (r *random) seed(seed, stream uint64) { r.pcg.Seed(seed, stream) }

// below draws one of 0 to n-1.
func (r *random) below(n int32) int32 {
	high, _ := bits.Mul64(r.pcg.Uint64(), uint64(n))
	return int32(high)
}

// between draws one of low to high.
func (r *random) between(low, high int32) int32 { return low + r.below(high-low+1) }

// chance is true in that many of a thousand draws.
func (r *random) chance(perMille int32) bool { return r.below(1000) < perMille }

// bell draws from a bell-shaped distribution with that mean and standard
// deviation and no value beyond 3.5 of them: the sum of four uniform draws.
func (r *random) bell(mean, deviation int32) int32 {
	const (
		centre = 4 * 65535 / 2
		spread = 37837 // 65536 × sqrt(4/12)
	)
	u := r.pcg.Uint64()
	sum := int64(u&0xffff + u>>16&0xffff + u>>32&0xffff + u>>48)
	// Eight deviations are added and taken away again so that the division, which
	// rounds towards zero, always rounds down.
	return mean + int32(((sum-centre)*int64(deviation)+spread/2+8*spread*int64(deviation))/spread) - 8*deviation
}

// odds are weights, not necessarily out of a hundred.
type odds []int32

// pick draws a place in the odds.
func (r *random) pick(o odds) int32 {
	var total int32
	for _, w := range o {
		total += w
	}
	n := r.below(total)
	for i, w := range o {
		if n -= w; n < 0 {
			return int32(i)
		}
	}
	return int32(len(o) - 1)
}

// oneOf draws one of the values.
func oneOf(r *random, values ...int32) int32 { return values[r.below(int32(len(values)))] }
