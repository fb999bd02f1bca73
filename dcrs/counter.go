package dcrs

import "math/bits"

// bitCounter counts, for each bit of a set, in how many sets it was: eight sets
// at a time, by adding them as the columns of binary numbers, which takes a few
// instructions for 64 counts.
type bitCounter struct {
	words   int
	n       int // sets in waiting
	total   int // sets added since the last flush
	waiting [8][]uint64
	planes  [][counterPlanes]uint64
}

const (
	counterPlanes = 20
	counterMost   = 1<<counterPlanes - 8
)

func newBitCounter(words int) *bitCounter {
	c := &bitCounter{words: words, planes: make([][counterPlanes]uint64, words)}
	for i := range c.waiting {
		c.waiting[i] = make([]uint64, words)
	}
	return c
}

// next is where the next set goes; add counts it.
func (c *bitCounter) next() []uint64 { return c.waiting[c.n&7] }

// add counts the set in next. It reports whether flush is due.
func (c *bitCounter) add() (full bool) {
	if c.n++; c.n == 8 {
		c.fold()
	}
	c.total++
	return c.total == counterMost
}

func carrySave(a, b, c uint64) (sum, carry uint64) {
	x := a ^ b
	return x ^ c, a&b | x&c
}

// fold adds the eight waiting sets to the planes.
func (c *bitCounter) fold() {
	c.n = 0
	for w := range c.planes {
		p := &c.planes[w]
		ones, a := carrySave(p[0], c.waiting[0][w], c.waiting[1][w])
		ones, b := carrySave(ones, c.waiting[2][w], c.waiting[3][w])
		twos, d := carrySave(p[1], a, b)
		ones, a = carrySave(ones, c.waiting[4][w], c.waiting[5][w])
		ones, b = carrySave(ones, c.waiting[6][w], c.waiting[7][w])
		twos, e := carrySave(twos, a, b)
		fours, carry := carrySave(p[2], d, e)
		p[0], p[1], p[2] = ones, twos, fours
		for i := 3; carry != 0 && i < counterPlanes; i++ {
			p[i], carry = p[i]^carry, p[i]&carry
		}
	}
}

// flush calls each with every bit that was counted and how often, and starts anew.
func (c *bitCounter) flush(each func(bit, n int)) {
	for ; c.n > 0 && c.n < 8; c.n++ {
		clear(c.waiting[c.n])
	}
	if c.n == 8 {
		c.fold()
	}
	for w := range c.planes {
		p := &c.planes[w]
		any := uint64(0)
		for _, plane := range p {
			any |= plane
		}
		for ; any != 0; any &= any - 1 {
			bit := bits.TrailingZeros64(any)
			n := 0
			for i, plane := range p {
				n |= int(plane>>bit&1) << i
			}
			each(w<<6+bit, n)
		}
		*p = [counterPlanes]uint64{}
	}
	c.total = 0
}
