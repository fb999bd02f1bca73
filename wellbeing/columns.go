package wellbeing

import "math"

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
// [Scorer.Score] leaves the whole form without a score. Nothing is allocated but tables of a few
// KiB, whatever the number of forms.
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

// LabelColumn writes the label of each value's band to dst, as [BandSet.Label] gives it: empty where
// there is no value, or it lies below the first band. An [ArgumentError] means that the two are not of
// equal length.
func (s BandSet) LabelColumn(dst []string, values []Value) error {
	if len(dst) != len(values) {
		return ArgumentError{Name: "dst", Why: "is not as long as the values"}
	}
	labels, first := s.wholeLabels()
	last := first + int64(len(labels)) - 1
	for i := range values {
		if v := &values[i]; v.den == 1 && labels != nil {
			dst[i] = labels[min(max(v.num, first), last)-first]
			continue
		}
		dst[i], _ = s.Label(values[i])
	}
	return nil
}

// wholeLabels returns the labels of the whole numbers from first on: those below it have the label of
// first, those above the last one's. They are nil where a bound is not whole, or the bands reach far.
func (s BandSet) wholeLabels() (labels []string, first int64) {
	const most = 1000
	if len(s.Bands) == 0 {
		return nil, 0
	}
	for _, b := range s.Bands {
		if b.From.den != 1 || b.From.num < -most || b.From.num > most {
			return nil, 0
		}
	}
	first = s.Bands[0].From.num - 1
	for n := first; n <= s.Bands[len(s.Bands)-1].From.num; n++ {
		label, _ := s.Label(whole(n))
		labels = append(labels, label)
	}
	return labels, first
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
	if hi-lo >= 1<<sumBits {
		return nil, false
	}
	for i := range s.in.items {
		if it := &s.in.items[i]; it.min <= leastCode || it.max >= mostCode {
			return nil, false
		}
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

// A codeTable says what each code adds to a row's account, by the code's low byte. An account holds,
// from the lowest bit, the sum of what the items score above their least, the number of items without
// an answer, and the number of invalid codes. So a row takes no branch, however its gaps lie.
type codeTable [256]uint32

// The parts of an account. maxItems fits into the bits of the two counts.
const (
	sumBits     = 20
	flawBits    = 6
	noAnswer    = 1 << sumBits
	invalidCode = 1 << (sumBits + flawBits)
)

// No item that is scored by table has these codes, so that a number beyond them can be taken for them.
const (
	leastCode = math.MinInt8
	mostCode  = math.MaxInt8
)

// account returns the item's table; a is nil where the item does not belong to the sum.
func (it *compiledItem) account(a *summand) *codeTable {
	var t codeTable
	for code := leastCode; code <= mostCode; code++ {
		entry := &t[uint8(code)]
		switch d := code - it.min; {
		case code >= it.min && code <= it.max && it.gaps>>uint(d)&1 == 0:
			if a == nil {
				continue
			}
			score := code
			if a.recode != nil {
				score = int(a.recode[d])
			}
			least, _ := a.bounds(it)
			*entry = uint32(score - int(least))
		case code >= 0:
			*entry = invalidCode
		case a != nil:
			*entry = noAnswer
		}
	}
	return &t
}

// sumColumns keeps the rows' accounts item by item, a block of rows at a time, and looks the sums up.
func sumColumns[T Integer](s *Scorer, k int, lookup []Value, dst []Value, columns [][]T, t *Tally) {
	var of [maxItems]*summand
	c := s.in.root(k)
	for i := range c.sum {
		of[c.sum[i].item] = &c.sum[i]
	}
	var tables [maxItems]*codeTable
	for j := range columns {
		it := &s.in.items[j]
		if j > 0 && of[j] != nil && of[j-1] != nil && of[j].recode == nil && of[j-1].recode == nil && *it == s.in.items[j-1] {
			tables[j] = tables[j-1]
			continue
		}
		tables[j] = it.account(of[j])
	}
	lookup = append(lookup, Value{}) // of the rows without a score
	one := T(mostCode)
	one++
	narrow := one < 0 // a code is one byte
	var accounts [block]uint32
	var clamped [4][block]int8
	for start := 0; start < len(dst); start += block {
		n := min(block, len(dst)-start)
		clear(accounts[:n])
		for j := 0; j < len(columns); {
			some := columns[j:min(j+4, len(columns))]
			if narrow {
				j += addSome(accounts[:n], tables[j:], some, start)
				continue
			}
			var rows [4][]int8
			for i := range some {
				rows[i] = clamped[i][:n]
				clamp(rows[i], some[i][start:start+n])
			}
			j += addSome(accounts[:n], tables[j:], rows[:len(some)], 0)
		}
		look(dst[start:start+n], accounts[:n], lookup, t)
	}
}

// clamp makes bytes of codes; what lies beyond them becomes one that no item has.
func clamp[T Integer](dst []int8, codes []T) {
	codes = codes[:len(dst)]
	for i := range dst {
		dst[i] = int8(min(max(int64(codes[i]), leastCode), mostCode))
	}
}

// addSome adds up to four columns to the accounts and returns how many.
func addSome[T Integer](accounts []uint32, tables []*codeTable, columns [][]T, start int) int {
	end := start + len(accounts)
	switch len(columns) {
	case 4:
		addFour(accounts, tables, columns[0][start:end], columns[1][start:end], columns[2][start:end], columns[3][start:end])
		return 4
	case 3, 2:
		addTwo(accounts, tables, columns[0][start:end], columns[1][start:end])
		return 2
	}
	addOne(accounts, tables[0], columns[0][start:end])
	return 1
}

func addFour[T Integer](accounts []uint32, tables []*codeTable, a, b, c, d []T) {
	p, q, r, s := tables[0], tables[1], tables[2], tables[3]
	n := len(accounts)
	a, b, c, d = a[:n], b[:n], c[:n], d[:n]
	for i := range accounts {
		accounts[i] += p[uint8(a[i])] + q[uint8(b[i])] + r[uint8(c[i])] + s[uint8(d[i])]
	}
}

func addTwo[T Integer](accounts []uint32, tables []*codeTable, a, b []T) {
	p, q := tables[0], tables[1]
	n := len(accounts)
	a, b = a[:n], b[:n]
	for i := range accounts {
		accounts[i] += p[uint8(a[i])] + q[uint8(b[i])]
	}
}

func addOne[T Integer](accounts []uint32, table *codeTable, a []T) {
	a = a[:len(accounts)]
	for i := range accounts {
		accounts[i] += table[uint8(a[i])]
	}
}

// look turns accounts into scores; the last of the values is that of rows without one.
func look(dst []Value, accounts []uint32, values []Value, t *Tally) {
	none := uint32(len(values) - 1)
	dst = dst[:len(accounts)]
	flawed, invalid := uint32(0), uint32(0)
	for i, account := range accounts {
		// 1 where there is such a flaw, 0 where there is none.
		flaw := (account>>sumBits + 1<<(2*flawBits) - 1) >> (2 * flawBits)
		flawed += flaw
		invalid += (account>>(sumBits+flawBits) + 1<<flawBits - 1) >> flawBits
		sum := account & (1<<sumBits - 1)
		if flaw != 0 {
			sum = none
		}
		dst[i] = values[sum]
	}
	t.Scored += len(accounts) - int(flawed)
	t.Invalid += int(invalid)
	t.Incomplete += int(flawed - invalid)
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
