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

// MaxDistinct is how many distinct values outside the dense table a [Counts] keeps before it drops its
// counts and says so.
const MaxDistinct = 1 << 16

const (
	grain    = 100  // the dense table holds values with at most one decimal place
	minDense = 32   // cells of the smallest table: −1.6 to 1.5
	maxDense = 8192 // cells of the largest: −409.6 to 409.5
)

// Counts says how often each distinct value (in thousandths) occurs, so that medians, quantiles and rank
// tests can be had from merged shards exactly. The zero value is empty and is the identity of Merge.
//
// Memory: values between −409.6 and 409.5 with at most one decimal place live in a table of 8 bytes a
// tenth, as wide as they need (at most 64 KiB); any other value costs about 40 bytes in a map. Beyond
// [MaxDistinct] such values the counts are dropped, Capped is set, and what needs them returns a
// [CappedError]; whether that happens depends on the values alone, not on the order of merging.
//
// The layout follows from the counts alone, so equal counts are equal structs.
type Counts struct {
	// Dense[i] counts the value (i − len(Dense)/2)·100 thousandths. Its length is 0 or the power of two,
	// from 32 to 8192, that just holds the values counted.
	Dense []int64
	// Sparse counts the other values.
	Sparse map[int64]int64
	// Capped is set when there were more than MaxDistinct values for Sparse; both are then empty.
	Capped bool
}

// Add counts one value in thousandths.
func (c *Counts) Add(v int64) {
	q := v / grain
	if i := uint64(q + int64(len(c.Dense)/2)); i < uint64(len(c.Dense)) && q*grain == v {
		c.Dense[i]++
		return
	}
	c.addMany(v, 1)
}

func (c *Counts) addMany(v, n int64) {
	if c.Capped || n == 0 {
		return
	}
	q := v / grain
	if q*grain == v && q >= -maxDense/2 && q < maxDense/2 {
		c.grow(denseFor(q))
		c.Dense[q+int64(len(c.Dense)/2)] += n
		return
	}
	if c.Sparse == nil {
		c.Sparse = make(map[int64]int64)
	}
	c.Sparse[v] += n
	if len(c.Sparse) > MaxDistinct {
		*c = Counts{Capped: true}
	}
}

// denseFor is the length of the smallest table that holds cell q.
func denseFor(q int64) int {
	size := minDense
	for q < -int64(size/2) || q >= int64(size/2) {
		size *= 2
	}
	return size
}

// grow widens the table to size cells.
func (c *Counts) grow(size int) {
	if size <= len(c.Dense) {
		return
	}
	wide := make([]int64, size)
	copy(wide[(size-len(c.Dense))/2:], c.Dense)
	c.Dense = wide
}

// Merge adds the counts of o. It is associative and commutative.
func (c *Counts) Merge(o Counts) {
	if c.Capped || o.Capped {
		*c = Counts{Capped: true}
		return
	}
	c.grow(len(o.Dense))
	shift := (len(c.Dense) - len(o.Dense)) / 2
	for i, n := range o.Dense {
		c.Dense[i+shift] += n
	}
	for v, n := range o.Sparse {
		c.addMany(v, n)
		if c.Capped {
			return
		}
	}
}

// Clone returns a copy that shares nothing with c.
func (c Counts) Clone() Counts {
	return Counts{Dense: slices.Clone(c.Dense), Sparse: maps.Clone(c.Sparse), Capped: c.Capped}
}

// N is how many values were counted; 0 when Capped.
func (c Counts) N() int64 {
	n := int64(0)
	for _, k := range c.Dense {
		n += k
	}
	for _, k := range c.Sparse {
		n += k
	}
	return n
}

// All yields each distinct value, in thousandths and ascending, with its count.
func (c Counts) All() iter.Seq2[int64, int64] {
	return func(yield func(int64, int64) bool) {
		keys := slices.Sorted(maps.Keys(c.Sparse))
		for i, n := range c.Dense {
			if n == 0 {
				continue
			}
			v := int64(i-len(c.Dense)/2) * grain
			for len(keys) > 0 && keys[0] < v {
				if !yield(keys[0], c.Sparse[keys[0]]) {
					return
				}
				keys = keys[1:]
			}
			if !yield(v, n) {
				return
			}
		}
		for _, k := range keys {
			if !yield(k, c.Sparse[k]) {
				return
			}
		}
	}
}

// Validate reports the first [StateError] of a decoded value: a count below 1, a value in the wrong
// place, a table of the wrong length.
func (c Counts) Validate() error { return c.validate("Counts", MaxValue) }

func (c Counts) validate(name string, limit int64) error {
	bad := func(field, reason string) error { return StateError{Type: name, Field: field, Reason: reason} }
	if c.Capped && (len(c.Dense) > 0 || len(c.Sparse) > 0) {
		return bad("Capped", "is set beside counts")
	}
	if size := len(c.Dense); size > 0 {
		if size < minDense || size > maxDense || size&(size-1) != 0 {
			return bad("Dense", "does not have a length that the table takes")
		}
		need := 0
		for i, n := range c.Dense {
			if n < 0 {
				return bad("Dense", "holds a count below 0")
			}
			if n > 0 {
				need = max(need, denseFor(int64(i-size/2)))
			}
		}
		if need != size {
			return bad("Dense", "is longer than its counts need")
		}
	}
	if len(c.Sparse) > MaxDistinct {
		return bad("Sparse", "holds more distinct values than are kept")
	}
	total := make([]int64, 0, 2)
	for v, n := range c.Sparse {
		q := v / grain
		switch {
		case n < 1:
			return bad("Sparse", "holds a count below 1")
		case v < -limit || v > limit:
			return bad("Sparse", "holds a value beyond the largest")
		case q*grain == v && q >= -maxDense/2 && q < maxDense/2:
			return bad("Sparse", "holds a value that belongs to the table")
		}
		if total = append(total[:0], sum(total), n); tooMany(total...) {
			return bad("Sparse", "counts more rows than an accumulator holds")
		}
	}
	for _, n := range c.Dense {
		if total = append(total[:0], sum(total), n); tooMany(total...) {
			return bad("Dense", "counts more rows than an accumulator holds")
		}
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
