package wellbeing

// Integer is any signed integer type, in which a column of codes may be held.
type Integer interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~int
}

// Tally counts the forms of a batch by what became of them.
type Tally struct {
	Scored     int `json:"scored"`
	Incomplete int `json:"incomplete"` // too few answers
	Invalid    int `json:"invalid"`    // a code that its item does not have
	Excluded   int `json:"excluded"`   // kept out by the instrument's own rules
}

// block is how many rows are scored at a time, so that sums stay in the nearest cache.
const block = 512

// ScoreColumns scores one scale of many forms that are held as columns: one for each item, in the
// order of the definition, of equal length. Row i's score goes to dst[i]; a form without one gets no
// value. A negative code that the item does not have means no answer (missing, refused or not
// applicable alike); any other code that the item does not have, such as 999, is invalid, and as in
// [Scorer.Score] leaves the whole form without a score. Nothing is allocated but a table of a few
// hundred values.
//
// Errors: [NameError] for a scale that the scorer does not give, [ArgumentError] for columns that do
// not fit.
func ScoreColumns[T Integer](s *Scorer, scale string, dst []Value, columns ...[]T) (Tally, error) {
	if s == nil || s.in == nil {
		return Tally{}, ArgumentError{Name: "scorer", Why: "is not one of an instrument"}
	}
	k := -1
	for _, i := range s.scales {
		if s.in.def.Scales[i].Name == scale {
			k = i
		}
	}
	if k < 0 {
		return Tally{}, NameError{Kind: "scale", Name: scale}
	}
	if len(columns) != len(s.in.items) {
		return Tally{}, ArgumentError{Name: "columns", Why: "are not one for each item"}
	}
	for _, c := range columns {
		if len(c) != len(dst) {
			return Tally{}, ArgumentError{Name: "columns", Why: "are not all as long as the result"}
		}
	}
	var t Tally
	if lookup, ok := s.lookup(k); ok {
		sumColumns(s, k, lookup, dst, columns, &t)
		return t, nil
	}
	for i := range dst {
		scoreRow(s, k, dst, columns, i, &t)
	}
	return t, nil
}

// lookup returns the score for every sum that complete forms can have, from the lowest; ok is false
// where the scale is not a sum, nor derived from one, or where gaps may be filled or skipped.
func (s *Scorer) lookup(k int) (values []Value, ok bool) {
	if s.limit[k] > 0 || s.in.skip != nil {
		return nil, false
	}
	c := &s.in.calcs[k]
	if c.of > 0 {
		of, ok := s.lookup(c.of - 1)
		if !ok {
			return nil, false
		}
		values = make([]Value, len(of))
		for i, v := range of {
			values[i], _ = c.derive(v)
		}
		return values, true
	}
	if c.fn != nil {
		return nil, false
	}
	lo, hi := int64(0), int64(0)
	for _, a := range c.sum {
		least, most := a.bounds(&s.in.items[a.item])
		lo, hi = lo+int64(least), hi+int64(most)
	}
	values = make([]Value, hi-lo+1)
	for i := range values {
		values[i] = times(whole(lo+int64(i)), c.num, c.den)
	}
	return values, true
}

// bounds returns the lowest and highest that the item scores.
func (a *summand) bounds(it *compiledItem) (least, most int32) {
	if a.recode == nil {
		return int32(it.min), int32(it.max)
	}
	least, most = int32(a.recode[0]), int32(a.recode[0])
	for _, v := range a.recode[1:] {
		least, most = min(least, int32(v)), max(most, int32(v))
	}
	return least, most
}

// root returns the sum that scale number k is, or is derived from.
func (in *Instrument) root(k int) *calc {
	for in.calcs[k].of > 0 {
		k = in.calcs[k].of - 1
	}
	return &in.calcs[k]
}

// sumColumns adds up item by item, a block of rows at a time, and looks the sums up.
func sumColumns[T Integer](s *Scorer, k int, lookup []Value, dst []Value, columns [][]T, t *Tally) {
	c := s.in.root(k)
	var of [maxItems]*summand
	var lowest int32
	for i := range c.sum {
		a := &c.sum[i]
		of[a.item] = a
		least, _ := a.bounds(&s.in.items[a.item])
		lowest += least
	}
	var sums [block]int32
	var flaws [block]uint8
	for start := 0; start < len(dst); start += block {
		n := min(block, len(dst)-start)
		clear(sums[:n])
		clear(flaws[:n])
		for j := 0; j < len(columns); {
			it, a := &s.in.items[j], of[j]
			rows := columns[j][start : start+n]
			switch {
			case plain(it, a) && j+4 <= len(columns) && alike(s.in.items[j:j+4], of[j:j+4]):
				addFour(sums[:n], flaws[:n], rows, columns[j+1][start:start+n], columns[j+2][start:start+n], columns[j+3][start:start+n], it)
				j += 4
			case plain(it, a):
				addOne(sums[:n], flaws[:n], rows, it)
				j++
			default:
				addRecoded(sums[:n], flaws[:n], rows, it, a)
				j++
			}
		}
		out := dst[start : start+n]
		for i := range out {
			switch bad := flaws[i]; {
			case bad == 0:
				out[i] = lookup[sums[i]-lowest]
				t.Scored++
			case bad&invalidCode != 0:
				out[i] = Value{}
				t.Invalid++
			default:
				out[i] = Value{}
				t.Incomplete++
			}
		}
	}
}

// What is wrong with a row, as bits.
const (
	noAnswer    = 1
	invalidCode = 2
)

// plain items belong to the sum, by their codes themselves.
func plain(it *compiledItem, a *summand) bool { return a != nil && a.recode == nil && it.gaps == 0 }

// alike reports whether the items are plain and have one range.
func alike(items []compiledItem, of []*summand) bool {
	for i := range items {
		if !plain(&items[i], of[i]) || items[i].min != items[0].min || items[i].max != items[0].max {
			return false
		}
	}
	return true
}

// outside is negative where the code lies outside of low to high. For the most extreme numbers one of
// the two differences wraps round, and then the other one does not.
func outside(code, low, high int64) int64 { return (code - low) | (high - code) }

// flaw says what is wrong with a code that belongs to the sum.
func flaw(code, low, high int64) uint8 {
	switch {
	case outside(code, low, high) >= 0:
		return 0
	case code < 0:
		return noAnswer
	}
	return invalidCode
}

// addFour adds four plain columns of one range, with one branch a row.
func addFour[T Integer](sums []int32, flaws []uint8, a, b, c, d []T, it *compiledItem) {
	low, high := int64(it.min), int64(it.max)
	n := len(sums)
	flaws, a, b, c, d = flaws[:n], a[:n], b[:n], c[:n], d[:n]
	for i := range sums {
		p, q, r, s := int64(a[i]), int64(b[i]), int64(c[i]), int64(d[i])
		if outside(p, low, high)|outside(q, low, high)|outside(r, low, high)|outside(s, low, high) < 0 {
			flaws[i] |= flaw(p, low, high) | flaw(q, low, high) | flaw(r, low, high) | flaw(s, low, high)
			continue
		}
		sums[i] += int32(p + q + r + s)
	}
}

// addOne adds one plain column.
func addOne[T Integer](sums []int32, flaws []uint8, a []T, it *compiledItem) {
	low, high := int64(it.min), int64(it.max)
	n := len(sums)
	flaws, a = flaws[:n], a[:n]
	for i := range sums {
		p := int64(a[i])
		if outside(p, low, high) < 0 {
			flaws[i] |= flaw(p, low, high)
			continue
		}
		sums[i] += int32(p)
	}
}

// addRecoded adds what the item's table says, and knows of codes that the item leaves out.
func addRecoded[T Integer](sums []int32, flaws []uint8, rows []T, it *compiledItem, a *summand) {
	low, span := int64(it.min), uint64(it.max-it.min)
	for i, row := range rows {
		code := int64(row)
		d := uint64(code - low)
		switch {
		case d <= span && it.gaps>>d&1 == 0:
			switch {
			case a == nil:
			case a.recode != nil:
				sums[i] += int32(a.recode[d])
			default:
				sums[i] += int32(code)
			}
		case code >= 0:
			flaws[i] |= invalidCode
		case a != nil:
			flaws[i] |= noAnswer
		}
	}
}

// scoreRow scores one form by the rules of Scorer.Score.
func scoreRow[T Integer](s *Scorer, k int, dst []Value, columns [][]T, row int, t *Tally) {
	in := s.in
	var f form
	var invalid uint64
	for j, column := range columns {
		it, code := &in.items[j], int64(column[row])
		switch {
		case code >= int64(it.min) && code <= int64(it.max) && it.gaps>>uint(code-int64(it.min))&1 == 0:
			f.codes[j] = int32(code)
			f.have |= 1 << j
		case code >= 0:
			invalid |= 1 << j
		}
	}
	if in.skip != nil {
		f.skip = in.skip(f) &^ f.have &^ invalid
		f.have |= f.skip
	}
	v, reason := s.one(k, f, invalid)
	dst[row] = v
	switch reason {
	case "":
		t.Scored++
	case Invalid:
		t.Invalid++
	case Incomplete:
		t.Incomplete++
	default:
		t.Excluded++
	}
}
