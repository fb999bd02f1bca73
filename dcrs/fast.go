package dcrs

import (
	"encoding/binary"
	"math/bits"
)

// Rows without quotes, nearly all of most files, are taken apart and read here.
// Nothing in this file decides what is wrong: it knows the values that are right
// at first sight, and hands every other cell to readField, which the slow rows
// take too.

const lanes = 0x0001000100010001

// eightEnds are the places of the bits of a mask of eight, one behind each, in
// lanes of sixteen bits.
type eightEnds struct {
	low, high uint64
	width     uint64 // of the places, in bytes
}

var endsOf = func() (t [256]eightEnds) {
	for mask := range t {
		e := &t[mask]
		for i := range 8 {
			if mask>>i&1 == 0 {
				continue
			}
			if n := e.width / 2; n < 4 {
				e.low |= uint64(i+1) << (16 * n)
			} else {
				e.high |= uint64(i+1) << (16 * (n - 4))
			}
			e.width += 2
		}
	}
	return t
}()

// longestFast is how long a line may be to be split with places of 16 bits, of which
// present needs the highest.
const longestFast = 1 << 15

// splitFast takes apart a line without quotes, buf[start:end], that is no longer
// than longestFast: place n of c.ends is where cell n begins, counted from the
// start of the line, and place n+1 is one behind its delimiter. There must be
// slack bytes of capacity behind the end. Only as many cells as there is room for
// are noted, but all are counted.
func (c *cells) splitFast(buf []byte, start, end int, delim byte) {
	c.first, c.counted, c.feeds, c.src = uint32(start), uint32(start), 0, buf
	c.fast = true
	pattern := ones * uint64(delim)
	// The loop holds nothing that it does not need: it is a tenth of all the work.
	base := uint64(0) // of the places
	out, rest := c.ends[2:], buf[start:end+slack]
	for len(rest) >= 8+slack && len(out) >= 32 {
		x := binary.LittleEndian.Uint64(rest) ^ pattern
		rest = rest[8:]
		e := &endsOf[uint8((^((x&low7+low7)|x|low7)>>7)*0x0102040810204080>>56)]
		binary.LittleEndian.PutUint64(out, e.low+base)
		binary.LittleEndian.PutUint64(out[8:], e.high+base)
		out = out[e.width&31:]
		base += 8 * lanes
	}
	left := len(rest) - slack
	if left >= 8 {
		c.n = c.countOn(rest[:left], (len(c.ends)-len(out))/2-1, delim)
		return
	}
	x := binary.LittleEndian.Uint64(rest) ^ pattern
	e := &endsOf[uint8((^((x&low7+low7)|x|low7)&(1<<(8*left)-1)>>7)*0x0102040810204080>>56)]
	binary.LittleEndian.PutUint64(out, e.low+base)
	binary.LittleEndian.PutUint64(out[8:], e.high+base)
	out = out[e.width:]
	binary.LittleEndian.PutUint16(out, uint16(end-start+1))
	c.n = (len(c.ends) - len(out)) / 2
}

// countOn counts the cells of a line that has more than there is room for: those
// that are noted, and those in the rest of it.
func (c *cells) countOn(rest []byte, n int, delim byte) int {
	for _, b := range rest {
		if b == delim {
			n++
		}
	}
	return n + 1
}

// bounds are where the text of a cell begins and ends in c.src.
func (c *cells) bounds(column int) (start, end uint32) {
	if c.fast {
		e := binary.LittleEndian.Uint32(c.ends[2*column:])
		return c.first + e&0xffff, c.first + e>>16 - 1
	}
	return c.start[column], c.end[column]
}

// rawAt is where a cell begins in the batch, at its quote if it has one.
func (c *cells) rawAt(column int) uint32 {
	if c.fast {
		return c.first + uint32(binary.LittleEndian.Uint16(c.ends[2*column:]))
	}
	return c.raw[column]
}

// present marks those of 64 cells of a fast line that hold anything: bit i of the
// word stands for cell 64×word+i.
func (c *cells) present(word, columns int) (m uint64) {
	const (
		apart = lanes * (1<<15 - 2)          // what lifts a difference of 2 or more to the highest bit of its lane
		high  = lanes << 15                  //
		fold  = 1<<48 | 1<<33 | 1<<18 | 1<<3 // brings four lanes together
	)
	// An empty cell is one place long; lanes cannot borrow from each other.
	filled := func(e []byte) uint64 {
		return (binary.LittleEndian.Uint64(e[2:]) - binary.LittleEndian.Uint64(e) + apart) & high
	}
	left := min(columns-word<<6, 64)
	ends := c.ends[word<<7:]
	for i := 0; i < left; i += 16 {
		e := ends[:34]
		ends = ends[32:]
		// Bit 4j of lane k stands for cell 4j+k.
		four := filled(e)>>15 | filled(e[8:])>>11 | filled(e[16:])>>7 | filled(e[24:])>>3
		m |= four * fold >> 48 << i
	}
	if left < 64 {
		m &= 1<<left - 1
	}
	return m
}

// columnPlan says how the cells of the columns of a file are read.
type columnPlan struct {
	words   int                    // of 64 columns
	inOrder bool                   // the column of every field has the field's number
	fields  []uint64               // columns of fields
	loose   []uint64               // may hold anything: no field, or respelt by a mapping
	quick   [maxFields]quickColumn // by field: a file may have far more columns
}

// columnClass is how the cells of a column are read.
type columnClass uint8

const (
	readsSlowly    columnClass = iota // one by one, by readField
	readsShortCode                    // all codes of the list have at most seven bytes
	readsInteger
	readsDecimal
	readsPostcode
	readsGPPractice
	readsDate // from here on, more than eight bytes of a cell may count
	readsCode
	readsID
	readsNHSNumber
	readsLSOA
	readsList // several codes
)

// quickColumn is what reading a cell of a column takes.
type quickColumn struct {
	class    columnClass
	field    uint32
	shift    uint8
	mult     uint64
	slots    []numberedSlot
	short    []shortSlot // instead of slots
	vague    uint64      // default and other codes
	min, max int64       // outside it readField decides
	hyphen   uint64      // eight hyphens where an identifier may hold them, otherwise digits
	k        *kernel
}

func (p *plan) sortColumns() {
	q := &p.columns
	n := len(p.fieldOf)
	q.words = (n + 63) / 64
	q.fields, q.loose = make([]uint64, q.words), make([]uint64, q.words)
	q.inOrder = true
	for column, f := range p.fieldOf {
		w, bit := column>>6, uint64(1)<<(column&63)
		if f < 0 {
			q.loose[w] |= bit
			continue
		}
		q.inOrder = q.inOrder && f == column
		q.fields[w] |= bit
		k := &p.kernels[f]
		quick := &q.quick[f]
		*quick = quickColumn{field: uint32(f), k: k, min: -tooLarge, max: tooLarge}
		if k.ranged {
			quick.min, quick.max = k.min, k.max
		}
		if k.plausible {
			quick.min, quick.max = max(quick.min, k.pMin), min(quick.max, k.pMax)
		}
		switch {
		case k.convert != nil:
			q.loose[w] |= bit
		case k.rejects != nil && k.typ != TypeDecimal:
		case k.typ == TypeCode && len(k.codes) <= 64:
			quick.mult, quick.shift, quick.slots = k.index.mult, k.index.shift, k.index.slots
			quick.vague = k.others | k.defaults
			quick.class = readsCode
			if short := newShortIndex(k.codes); short != nil {
				quick.class, quick.mult, quick.shift, quick.short = readsShortCode, short.mult, short.shift, short.slots
			}
		case k.typ == TypeDate:
			quick.class = readsDate
		case k.typ == TypeInteger:
			quick.class = readsInteger
		case k.typ == TypeDecimal:
			quick.class = readsDecimal
		case k.typ == TypeID:
			quick.class, quick.hyphen = readsID, '0'*ones
			if k.allowed['-'] {
				quick.hyphen = '-' * ones
			}
			if k.allowsOdd() {
				q.loose[w] |= bit
			}
		case k.typ == TypeNHSNumber:
			quick.class = readsNHSNumber
		case k.typ == TypeCodes:
			quick.class = readsList
			quick.mult, quick.shift, quick.slots = k.index.mult, k.index.shift, k.index.slots
			quick.vague = k.others | k.defaults
		case k.typ == TypePostcode:
			quick.class = readsPostcode
		case k.typ == TypeLSOA:
			quick.class = readsLSOA
		case k.typ == TypeGPPractice:
			quick.class = readsGPPractice
		}
	}
}

// plainID sets the highest bit of each byte that is a digit, a capital, or that of
// hyphen, and of each that is a capital.
func plainID(w, hyphen uint64) (plain, capitals uint64) {
	digits := (w + (0x80-'0')*ones) &^ (w + (0x80-'9'-1)*ones)
	capitals = (w + (0x80-'A')*ones) &^ (w + (0x80-'Z'-1)*ones)
	others := w ^ hyphen + low7
	return (digits | capitals | ^others) &^ w & msb, capitals &^ w & msb
}

// allowsPlain reports whether an identifier may hold every digit and capital.
func (k *kernel) allowsPlain() bool {
	for c := byte('0'); c <= 'Z'; c++ {
		if (c <= '9' || c >= 'A') && !k.allowed[c] {
			return false
		}
	}
	return true
}

// allowsOdd reports whether an identifier may hold what oddCells looks for.
func (k *kernel) allowsOdd() bool {
	for b, ok := range k.allowed {
		if ok && (b < ' ' || b > '~') {
			return true
		}
	}
	return false
}

// noteNHSNumber notes what is to be said of an NHS number beyond its digits.
func (w *worker) noteNHSNumber(field int, n int64) {
	good, filler := nhsNumberChecks(n), nhsNumberIsPlaceholder(n)
	says := uint8(0)
	if good {
		says |= numberGood
	}
	if filler {
		says |= numberFiller
	}
	if n/10_000_000 == 999 {
		says |= numberTest
	}
	w.row.setPlaces(field, says)
	t := &w.row.tally.fields[field&(maxFields-1)]
	if !good {
		t.badCheck++
	} else if filler {
		t.def++
	}
}

// eightDigits reads up to eight digits, the first in the lowest byte of w. What w
// holds behind them does not matter.
func eightDigits(w uint64, length uint32) (int64, bool) {
	w = (w ^ 0x3030303030303030) << ((64 - 8*length) & 63)
	if (w|(w+0x7676767676767676))&msb != 0 {
		return 0, false
	}
	return digitsValue(w), true
}

// digitsValue is the number whose eight digits are the bytes of w, the first in
// the lowest.
func digitsValue(w uint64) int64 {
	w = w*10 + w>>8
	return int64((w&0x000000ff000000ff*(100+1000000<<32) + w>>16&0x000000ff000000ff*(1+10000<<32)) >> 32)
}

var decimalUnits = [decimalPlaces + 1]int64{1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 100, 10, 1}

// shortDecimal reads a number of up to eight characters with or without a decimal
// point, as lexDecimal does.
func shortDecimal(w uint64, length uint32) (value int64, places uint8, ok bool) {
	x := w ^ '.'*ones
	m := ^((x&low7 + low7) | x | low7) & (1<<(8*length-1)<<1 - 1)
	if m != 0 {
		point := uint32(bits.TrailingZeros64(m)) >> 3
		if point == 0 || point == length-1 {
			return 0, 0, false
		}
		below := uint64(1)<<(8*point) - 1
		w = w&below | w>>8&^below
		places = uint8(length - 1 - point)
		length--
	}
	n, ok := eightDigits(w, length)
	return n * decimalUnits[places], places, ok
}
