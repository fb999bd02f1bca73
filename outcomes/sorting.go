package outcomes

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// fewToSort is how many numbers are sorted by comparing them: for more, counting digits is faster.
const fewToSort = 512

// sortKey is a whole number in the order of the floats, −0 being 0. It is sign and magnitude turned into two's
// complement, so that the low bits that short numbers lack are 0 in negative ones too.
func sortKey(v float64) uint64 {
	k := int64(math.Float64bits(v))
	if k < 0 {
		k = -(k & math.MaxInt64)
	}
	return uint64(k) ^ 1<<63
}

func unsortKey(k uint64) float64 {
	v := int64(k ^ 1<<63)
	if v < 0 {
		return -math.Float64frombits(uint64(-v))
	}
	return math.Float64frombits(uint64(v))
}

// keySpan is the smallest key of finite x, how far the largest lies above it, and how many low bits no two of
// them differ in.
func keySpan(x []float64) (least, span uint64, idle int) {
	least = sortKey(x[0])
	most, first, differ := least, least, uint64(0)
	for _, v := range x {
		k := sortKey(v)
		least, most = min(least, k), max(most, k)
		differ |= k ^ first
	}
	return least, most - least, bits.TrailingZeros64(differ)
}

const (
	digit      = 8 // bits that are sorted by at once: more places to write to than that do not stay in the cache
	passes     = 4
	shortSpan  = passes * digit
	longestRun = 24 // numbers alike in those bits that are sorted by moving each to its place
)

// byDigits sorts keys by their bits from low on, width of them, shortSpan at most, and keeps the order of keys
// that are equal in them. It returns the slice that holds the result: keys or spare, of the same length.
func byDigits(keys, spare []uint64, low, width int) []uint64 {
	var counts [passes][1 << digit]uint32
	for _, k := range keys {
		k >>= low & 63
		counts[0][uint8(k)]++
		counts[1][uint8(k>>digit)]++
		counts[2][uint8(k>>(2*digit))]++
		counts[3][uint8(k>>(3*digit))]++
	}
	for pass := range (width + digit - 1) / digit {
		c, shift := &counts[pass], low+pass*digit
		if c[uint8(keys[0]>>(shift&63))] == uint32(len(keys)) { // all alike
			continue
		}
		at := uint32(0)
		for i, n := range c {
			c[i] = at
			at += n
		}
		for _, k := range keys {
			d := uint8(k >> (shift & 63))
			spare[c[d]] = k
			c[d]++
		}
		keys, spare = spare, keys
	}
	return keys
}

// sortFloats sorts finite numbers; −0 becomes 0.
func sortFloats(x []float64) {
	if len(x) < fewToSort || uint64(len(x)) > math.MaxUint32 {
		slices.Sort(x)
		return
	}
	least, span, idle := keySpan(x)
	if span == 0 {
		return
	}
	width := bits.Len64(span)
	// The bits that differ are moved to the top, so that the first of them count where they are too many.
	up := 64 - width
	keys := make([]uint64, len(x))
	for i, v := range x {
		keys[i] = (sortKey(v) - least) << (up & 63)
	}
	used := min(shortSpan, width-idle)
	keys = byDigits(keys, make([]uint64, len(x)), 64-used, used)
	if used < width-idle {
		settle(keys, 64-used)
	}
	for i, k := range keys {
		x[i] = unsortKey(k>>(up&63) + least)
	}
}

// settle sorts keys that are in order but for their bits below low.
func settle(keys []uint64, low int) {
	for i := 1; i < len(keys); i++ {
		k := keys[i]
		if keys[i-1] <= k {
			continue
		}
		j := i - 1
		for j > 0 && keys[j-1] > k && i-j < longestRun {
			j--
		}
		if j > 0 && keys[j-1] > k { // many alike in the upper bits: all of them at once
			from, to := i, i+1
			for from > 0 && keys[from-1]>>low == k>>low {
				from--
			}
			for to < len(keys) && keys[to]>>low == k>>low {
				to++
			}
			slices.Sort(keys[from:to])
			i = to - 1
			continue
		}
		copy(keys[j+1:i+1], keys[j:i])
		keys[j] = k
	}
}

// ascending returns the indices of finite x from the smallest value to the largest, equal ones in their order.
func ascending(x []float64) []uint64 {
	words := make([]uint64, len(x))
	if len(x) < fewToSort || uint64(len(x)) > math.MaxUint32 {
		for i := range words {
			words[i] = uint64(i)
		}
		slices.SortStableFunc(words, func(a, b uint64) int { return cmp.Compare(x[a], x[b]) })
		return words
	}
	// The upper half of a word is the part of the key that says most, the lower half the index.
	least, span, idle := keySpan(x)
	down := max(idle, bits.Len64(span)-32)
	for i, v := range x {
		words[i] = (sortKey(v)-least)>>(down&63)<<32 | uint64(i)
	}
	if span > 0 {
		words = byDigits(words, make([]uint64, len(x)), 32, bits.Len64(span>>(down&63)))
	}
	if down > idle { // some that differ seem alike
		for i := 0; i < len(words); {
			j := i + 1
			for j < len(words) && words[j]>>32 == words[i]>>32 {
				j++
			}
			if j > i+1 {
				settleIndices(words[i:j], x)
			}
			i = j
		}
	}
	for i := range words {
		words[i] &= math.MaxUint32
	}
	return words
}

// settleIndices sorts words by the values that their lower halves point to, equal ones staying in their order.
func settleIndices(words []uint64, x []float64) {
	if len(words) > longestRun {
		slices.SortStableFunc(words, func(a, b uint64) int { return cmp.Compare(x[uint32(a)], x[uint32(b)]) })
		return
	}
	for i := 1; i < len(words); i++ {
		w := words[i]
		v, j := x[uint32(w)], i
		for ; j > 0 && x[uint32(words[j-1])] > v; j-- {
			words[j] = words[j-1]
		}
		words[j] = w
	}
}

// ranks returns mid-ranks, doubled so that they are whole, and the sizes of the groups of two or more equal
// values.
func ranks(x []float64) (doubled []int64, ties []int) {
	order := ascending(x)
	doubled = make([]int64, len(x))
	for i := 0; i < len(order); {
		v, j := x[order[i]], i+1
		for j < len(order) && x[order[j]] == v {
			j++
		}
		for _, k := range order[i:j] {
			doubled[k] = int64(i + j + 1)
		}
		if j > i+1 {
			ties = append(ties, j-i)
		}
		i = j
	}
	return doubled, ties
}

const (
	fewToSelect = 1 << 12
	bucketBits  = 11
)

// selectPlaces returns what would stand at some places, ascending, of finite x if it were sorted, −0 being 0: it
// counts the numbers by their first digits and sorts only those alike in them to one at such a place.
func selectPlaces(x []float64, places []int64) []float64 {
	least, span, _ := keySpan(x)
	shift := max(0, bits.Len64(span)-bucketBits)
	bucketOf := func(v float64) uint64 { return (sortKey(v) - least) >> (shift & 63) & (1<<bucketBits - 1) }
	var counts [1 << bucketBits]int
	for _, v := range x {
		counts[bucketOf(v)]++
	}
	type place struct {
		bucket int
		within int // of the bucket sorted
	}
	var buckets [1 << bucketBits][]float64 // nil where nothing is wanted
	at := make([]place, len(places))
	before, b := 0, 0
	for i, p := range places {
		for ; before+counts[b] <= int(p); b++ {
			before += counts[b]
		}
		at[i] = place{b, int(p) - before}
		if buckets[b] == nil {
			buckets[b] = make([]float64, 0, counts[b])
		}
	}
	for _, v := range x {
		if b := &buckets[bucketOf(v)]; *b != nil {
			*b = append(*b, v)
		}
	}
	out := make([]float64, len(places))
	for i, p := range at {
		if i == 0 || p.bucket != at[i-1].bucket {
			sortFloats(buckets[p.bucket])
		}
		out[i] = buckets[p.bucket][p.within] + 0 // −0 + 0 is 0
	}
	return out
}
