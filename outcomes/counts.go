package outcomes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
)

// MaxDistinct is how many distinct values beyond the tables a [Counts] keeps before it drops its counts and
// says so.
const MaxDistinct = 1 << 16

const (
	grain    = 100  // the dense table holds values with at most one decimal place
	minDense = 32   // cells of the smallest table: −1.6 to 1.5
	maxDense = 8192 // cells of the largest: −409.6 to 409.5

	worth    = 16                   // cells of a table of thousandths that one value for it makes worth while
	tableEnd = maxDense / 2 * grain // tables hold −tableEnd to tableEnd − 1
)

// Counts says how often each distinct value (in thousandths) occurs, so that medians, quantiles and rank
// tests can be had from merged shards exactly. The zero value is empty and is the identity of Merge.
//
// Memory: values from −409.6 to below 409.6 live in tables. Those with at most one decimal place have one of 8
// bytes a tenth, as wide as all of them need (at most 64 KiB). The others cost about 40 bytes for each that
// differs, in a map, until there are so many (a sixteenth of its cells) that all move to a table of 8 bytes a
// thousandth, at most 6.3 MiB. Any value further out costs about 40 bytes in another map. Beyond [MaxDistinct] of
// those the counts are dropped, Capped is set, and what needs them returns a [CappedError]; whether that happens
// depends on the values alone, not on the order of merging.
//
// The layout follows from the counts alone, so equal counts are equal structs.
type Counts struct {
	// Dense[i] counts the value (i − len(Dense)/2)·100 thousandths. Its length is 0 or the power of two,
	// from 32 to 8192, whose reach has all values counted in Dense and in Between.
	Dense []int64
	// Between counts the values within reach of the table that have more decimals, and Loose is how many those
	// are: fewer than a sixteenth of a hundred cells for each of Dense.
	Between map[int64]int64
	Loose   int64
	// Fine[i] counts the value i − len(Fine)/2 thousandths. Where there are as many values for Between as that, it
	// takes the place of Dense, Between and Loose, and is a hundred times as long as Dense would be.
	Fine []int64
	// Sparse counts the values beyond the tables.
	Sparse map[int64]int64
	// Capped is set when there were more than MaxDistinct values for Sparse; all counts are then dropped.
	Capped bool
}

// Add counts one value in thousandths.
func (c *Counts) Add(v int64) {
	if i := uint64(v + int64(len(c.Fine)/2)); i < uint64(len(c.Fine)) {
		c.Fine[i]++
		return
	}
	q := v / grain
	if i := uint64(q + int64(len(c.Dense)/2)); i < uint64(len(c.Dense)) && q*grain == v {
		c.Dense[i]++
		return
	}
	c.addMany(v, 1)
}

// addAll counts values, as Add does one after another.
func (c *Counts) addAll(values []int64) {
	if c.Capped {
		return
	}
	for i := 0; i < len(values); i++ {
		// As long as a table has them the loops touch nothing else; where one has not, the tables may change.
		if fine := c.Fine; len(fine) > 0 {
			half := int64(len(fine) / 2)
			for ; i < len(values); i++ {
				j := uint64(values[i] + half)
				if j >= uint64(len(fine)) {
					break
				}
				fine[j]++
			}
		} else {
			dense := c.Dense
			half := int64(len(dense) / 2)
			for ; i < len(values); i++ {
				q := values[i] / grain
				j := uint64(q + half)
				if j >= uint64(len(dense)) || q*grain != values[i] {
					break
				}
				dense[j]++
			}
		}
		if i < len(values) {
			c.addMany(values[i], 1)
		}
	}
}

func (c *Counts) addMany(v, n int64) {
	switch {
	case c.Capped || n == 0:
	case v < -tableEnd || v >= tableEnd:
		if c.Sparse == nil {
			c.Sparse = make(map[int64]int64)
		}
		c.Sparse[v] += n
		if len(c.Sparse) > MaxDistinct {
			*c = Counts{Capped: true}
		}
	default:
		c.reach(denseFor(v))
		switch {
		case len(c.Fine) > 0:
			c.Fine[v+int64(len(c.Fine)/2)] += n
		case v%grain == 0:
			c.Dense[v/grain+int64(len(c.Dense)/2)] += n
		default:
			if c.Between == nil {
				c.Between = make(map[int64]int64)
			}
			c.Between[v] += n
			c.Loose = addUpTo(c.Loose, n)
			c.refine()
		}
	}
}

// addUpTo is a + b, both at least 0, or the largest number where that is more.
func addUpTo(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// denseFor is the length of the smallest table of tenths whose reach has v, which lies within that of the largest.
func denseFor(v int64) int {
	size := minDense
	for v < -int64(size/2)*grain || v >= int64(size/2)*grain {
		size *= 2
	}
	return size
}

// widened is a table with as many more cells at both ends as make it so long.
func widened(table []int64, size int) []int64 {
	if size <= len(table) {
		return table
	}
	wide := make([]int64, size)
	copy(wide[(size-len(table))/2:], table)
	return wide
}

// reach widens the tables to what one of size tenths reaches. A table of thousandths for which there are then too
// few values becomes one of tenths again.
func (c *Counts) reach(size int) {
	switch {
	case len(c.Fine) == 0:
		c.Dense = widened(c.Dense, size)
	case size*grain > len(c.Fine):
		fine, half := c.Fine, int64(len(c.Fine)/2)
		loose := int64(0)
		for i, n := range fine {
			if (int64(i)-half)%grain != 0 {
				loose = addUpTo(loose, n)
			}
		}
		if worthwhile(loose, size) {
			c.Fine = widened(fine, size*grain)
			return
		}
		c.Fine, c.Loose, c.Dense, c.Between = nil, loose, make([]int64, size), make(map[int64]int64)
		for i, n := range fine {
			v := int64(i) - half
			switch {
			case n == 0:
			case v%grain == 0:
				c.Dense[v/grain+int64(size/2)] = n
			default:
				c.Between[v] = n
			}
		}
	}
}

// worthwhile reports whether so many values with more than one decimal are worth a table of thousandths in place
// of one of size tenths.
func worthwhile(loose int64, size int) bool { return loose >= int64(size*grain/worth) }

// refine moves Dense and Between to Fine where that is worth while.
func (c *Counts) refine() {
	if !worthwhile(c.Loose, len(c.Dense)) || len(c.Dense) == 0 {
		return
	}
	fine := make([]int64, grain*len(c.Dense))
	for i, n := range c.Dense {
		fine[i*grain] = n
	}
	for v, n := range c.Between {
		fine[v+int64(len(fine)/2)] = n
	}
	c.Dense, c.Between, c.Loose, c.Fine = nil, nil, 0, fine
}

// Merge adds the counts of o. It is associative and commutative.
func (c *Counts) Merge(o Counts) {
	if c.Capped || o.Capped {
		*c = Counts{Capped: true}
		return
	}
	if size := max(len(o.Dense), len(o.Fine)/grain); size > 0 {
		c.reach(size)
	}
	for i, n := range o.Fine {
		c.addCell(int64(i-len(o.Fine)/2), n)
	}
	for i, n := range o.Dense {
		c.addCell(int64(i-len(o.Dense)/2)*grain, n)
	}
	for v, n := range o.Between {
		c.addMany(v, n)
	}
	for v, n := range o.Sparse {
		c.addMany(v, n)
		if c.Capped {
			return
		}
	}
}

// addCell adds what a table counts.
func (c *Counts) addCell(v, n int64) {
	if i := uint64(v + int64(len(c.Fine)/2)); i < uint64(len(c.Fine)) {
		c.Fine[i] += n
	} else if n != 0 {
		c.addMany(v, n)
	}
}

// Clone returns a copy that shares nothing with c.
func (c Counts) Clone() Counts {
	return Counts{
		Dense: slices.Clone(c.Dense), Between: maps.Clone(c.Between), Loose: c.Loose, Fine: slices.Clone(c.Fine),
		Sparse: maps.Clone(c.Sparse), Capped: c.Capped,
	}
}

// N is how many values were counted; 0 when Capped.
func (c Counts) N() int64 {
	n := c.Loose + sum(c.Dense) + sum(c.Fine)
	for _, k := range c.Sparse {
		n += k
	}
	return n
}

// All yields each distinct value, in thousandths and ascending, with its count.
func (c Counts) All() iter.Seq2[int64, int64] {
	return func(yield func(int64, int64) bool) {
		between, sparse := slices.Sorted(maps.Keys(c.Between)), slices.Sorted(maps.Keys(c.Sparse))
		// below yields what the maps hold below v.
		below := func(v int64) bool {
			for _, m := range []struct {
				keys   *[]int64
				counts map[int64]int64
			}{{&sparse, c.Sparse}, {&between, c.Between}} {
				for ; len(*m.keys) > 0 && (*m.keys)[0] < v; *m.keys = (*m.keys)[1:] {
					if k := (*m.keys)[0]; !yield(k, m.counts[k]) {
						return false
					}
				}
			}
			return true
		}
		if !below(-tableEnd) {
			return
		}
		for i, n := range c.Dense {
			if v := int64(i-len(c.Dense)/2) * grain; n != 0 && !(below(v) && yield(v, n)) {
				return
			}
		}
		for i, n := range c.Fine {
			if n != 0 && !yield(int64(i-len(c.Fine)/2), n) {
				return
			}
		}
		if below(tableEnd) {
			below(math.MaxInt64)
		}
	}
}

// Validate reports the first [StateError] of a decoded value: a count below 1, a value in the wrong
// place, a table of the wrong length.
func (c Counts) Validate() error { return c.validate("Counts", MaxValue) }

func (c Counts) validate(name string, limit int64) error {
	bad := func(field, reason string) error { return StateError{Type: name, Field: field, Reason: reason} }
	if c.Capped && (len(c.Dense) > 0 || len(c.Between) > 0 || c.Loose != 0 || len(c.Fine) > 0 || len(c.Sparse) > 0) {
		return bad("Capped", "is set beside counts")
	}
	total := int64(0)
	add := func(n int64) bool {
		many := tooMany(total, n)
		total += n
		return !many
	}
	for _, t := range []struct {
		field string
		cells []int64
		step  int64 // of the values that it counts
	}{{"Dense", c.Dense, grain}, {"Fine", c.Fine, 1}} {
		size := len(t.cells) * int(t.step) / grain // as a table of tenths
		if len(t.cells) == 0 {
			continue
		}
		if size < minDense || size > maxDense || size&(size-1) != 0 || size*grain != len(t.cells)*int(t.step) {
			return bad(t.field, "does not have a length that the table takes")
		}
		need := 0
		loose := int64(0)
		for v := range c.Between {
			if v >= -tableEnd && v < tableEnd {
				need = max(need, denseFor(v))
			}
		}
		for i, n := range t.cells {
			if n < 0 {
				return bad(t.field, "holds a count below 0")
			}
			if n == 0 {
				continue
			}
			v := int64(i-len(t.cells)/2) * t.step
			need = max(need, denseFor(v))
			if v%grain != 0 {
				loose += n
			}
			if !add(n) {
				return bad(t.field, "counts more rows than an accumulator holds")
			}
		}
		if need != size {
			return bad(t.field, "is longer than its counts need")
		}
		if t.step == 1 && !worthwhile(loose, size) {
			return bad(t.field, "counts too few values to be there")
		}
	}
	if len(c.Fine) > 0 && (len(c.Dense) > 0 || len(c.Between) > 0 || c.Loose != 0) {
		return bad("Fine", "is set beside the counts that belong into it")
	}
	if len(c.Sparse) > MaxDistinct {
		return bad("Sparse", "holds more distinct values than are kept")
	}
	loose := int64(0)
	for _, m := range []struct {
		field  string
		counts map[int64]int64
	}{{"Between", c.Between}, {"Sparse", c.Sparse}} {
		for v, n := range m.counts {
			within := v >= -tableEnd && v < tableEnd
			switch {
			case n < 1:
				return bad(m.field, "holds a count below 1")
			case v < -limit || v > limit:
				return bad(m.field, "holds a value beyond the largest")
			case m.field == "Sparse" && within, m.field == "Between" && (!within || v%grain == 0):
				return bad(m.field, "holds a value that belongs elsewhere")
			}
			if !add(n) {
				return bad(m.field, "counts more rows than an accumulator holds")
			}
			if within {
				loose += n
			}
		}
	}
	switch {
	case loose != c.Loose:
		return bad("Loose", "is not how many values Between counts")
	case loose > 0 && len(c.Dense) == 0:
		return bad("Dense", "does not reach what Between counts")
	case loose > 0 && worthwhile(loose, len(c.Dense)):
		return bad("Between", "counts so many that Fine should")
	}
	return nil
}

func sum(v []int64) int64 {
	t := int64(0)
	for _, x := range v {
		t += x
	}
	return t
}

// MarshalJSON writes an ascending list of pairs [value in thousandths, count], or "capped".
func (c Counts) MarshalJSON() ([]byte, error) {
	if c.Capped {
		return []byte(`"capped"`), nil
	}
	var b bytes.Buffer
	b.WriteByte('[')
	first := true
	for v, n := range c.All() {
		if !first {
			b.WriteByte(',')
		}
		first = false
		fmt.Fprintf(&b, "[%d,%d]", v, n)
	}
	b.WriteByte(']')
	return b.Bytes(), nil
}

// UnmarshalJSON reads what MarshalJSON writes. Values out of order, counts below 1 and more than
// [MaxDistinct] values are a [StateError].
func (c *Counts) UnmarshalJSON(data []byte) error {
	if bytes.Equal(bytes.TrimSpace(data), []byte(`"capped"`)) {
		*c = Counts{Capped: true}
		return nil
	}
	var pairs [][]int64
	if err := json.Unmarshal(data, &pairs); err != nil {
		return err
	}
	var out Counts
	last := int64(math.MinInt64)
	for i, p := range pairs {
		switch {
		case len(p) != 2:
			return StateError{Type: "Counts", Field: "json", Reason: "holds an entry that is not a pair"}
		case i > 0 && p[0] <= last:
			return StateError{Type: "Counts", Field: "json", Reason: "is not in ascending order"}
		case p[1] < 1:
			return StateError{Type: "Counts", Field: "json", Reason: "holds a count below 1"}
		}
		last = p[0]
		out.addMany(p[0], p[1])
		if out.Capped {
			return StateError{Type: "Counts", Field: "json", Reason: "holds more distinct values than are kept"}
		}
	}
	*c = out
	return nil
}
