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

// endsOf turns a mask of eight bytes into their places, one behind each, in lanes
// of sixteen bits.
var endsOf = func() (t [256][2]uint64) {
	for mask := range t {
		n := 0
		for i := range 8 {
			if mask>>i&1 != 0 {
				t[mask][n>>2] |= uint64(i+1) << (16 * (n & 3))
				n++
			}
		}
	}
	return t
}()

// longestFast is how long a line may be to be split with places of 16 bits.
const longestFast = 1<<16 - 16

// splitFast takes apart a line without quotes, buf[start:end], that is no longer
// than longestFast: place n of c.ends is where cell n begins, counted from the
// start of the line, and place n+1 is one behind its delimiter. There must be
// slack bytes of capacity behind the end. Only as many cells as there is room for
// are noted, but all are counted.
func (c *cells) splitFast(buf []byte, start, end int, delim byte) {
	c.first, c.counted, c.feeds, c.src = uint32(start), uint32(start), 0, buf
	c.fast = true
	pattern := ones * uint64(delim)
	wide := buf[start : end+slack]
	length := end - start
	ends := c.ends
	at := 2                 // where the next place goes
	most := len(ends) - 2*8 // there is room for eight more
	i := 0
	for ; i+8 <= length; i += 8 {
		x := binary.LittleEndian.Uint64(wide[i:]) ^ pattern
		m := ^((x&low7 + low7) | x | low7)
		mask := (m >> 7) * 0x0102040810204080 >> 56
		t := &endsOf[mask]
		base := uint64(i) * lanes
		out := ends[at : at+16]
		binary.LittleEndian.PutUint64(out, t[0]+base)
		binary.LittleEndian.PutUint64(out[8:], t[1]+base)
		if at += 2 * bits.OnesCount64(m); at > most {
			c.n = c.countOn(wide[i+8:length], (at-2)/2, delim)
			return
		}
	}
	if i < length {
		x := binary.LittleEndian.Uint64(wide[i:]) ^ pattern
		m := ^((x&low7 + low7) | x | low7) & (1<<(8*(length-i)) - 1)
		mask := (m >> 7) * 0x0102040810204080 >> 56
		t := &endsOf[mask]
		base := uint64(i) * lanes
		out := ends[at : at+16]
		binary.LittleEndian.PutUint64(out, t[0]+base)
		binary.LittleEndian.PutUint64(out[8:], t[1]+base)
		at += 2 * bits.OnesCount64(m)
	}
	binary.LittleEndian.PutUint16(ends[at:], uint16(length+1))
	c.n = at / 2
}

// countOn counts the cells of a line that has more than there is room for.
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

// present marks the cells of a fast line that hold anything.
func (c *cells) present(out []uint64, columns int) {
	ends := c.ends
	for w := range out {
		var m uint64
		for i := 0; i < 64 && w<<6+i < columns; i += 4 {
			p := 2 * (w<<6 + i)
			e := ends[p : p+10]
			// An empty cell is one place long; lanes cannot borrow from each other.
			d := binary.LittleEndian.Uint64(e[2:]) - binary.LittleEndian.Uint64(e) - lanes
			d = ((d&(0x7fff*lanes) + 0x7fff*lanes) | d) & (0x8000 * lanes)
			m |= (d >> 15) * (1<<48 | 1<<33 | 1<<18 | 1<<3) >> 48 & 0xf << i
		}
		if left := columns - w<<6; left < 64 {
			m &= 1<<left - 1
		}
		out[w] = m
	}
}

// columnPlan sorts the columns of a file by how their cells are read.
type columnPlan struct {
	words    int      // of 64 columns
	inOrder  bool     // the column of every field has the field's number
	fields   []uint64 // columns of fields
	codes    []uint64 // … of one code
	dates    []uint64
	integers []uint64
	decimals []uint64
	ids      []uint64
	numbers  []uint64 // NHS numbers
	areas    []uint64 // LSOAs, practices and postcodes
	lists    []uint64 // … of several codes
	slow     []uint64 // read one by one
	loose    []uint64 // may hold anything: no field, or respelt by a mapping
	quick    []quickColumn
}

// quickColumn is what reading a cell of a column takes.
type quickColumn struct {
	field    uint32
	shift    uint8
	mult     uint64
	slots    []codeSlot
	numbers  []int16
	vague    uint64 // default and other codes
	min, max int64  // outside it readField decides
	k        *kernel
}

func (p *plan) sortColumns() {
	q := &p.columns
	n := len(p.fieldOf)
	q.words = (n + 63) / 64
	for _, set := range []*[]uint64{&q.fields, &q.codes, &q.dates, &q.integers, &q.decimals, &q.ids, &q.numbers, &q.areas, &q.lists, &q.slow, &q.loose} {
		*set = make([]uint64, q.words)
	}
	q.quick = make([]quickColumn, n)
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
		quick := &q.quick[column]
		*quick = quickColumn{field: uint32(f), k: k, min: -tooLarge, max: tooLarge}
		if k.ranged {
			quick.min, quick.max = k.min, k.max
		}
		if k.plausible {
			quick.min, quick.max = max(quick.min, k.pMin), min(quick.max, k.pMax)
		}
		set := q.slow
		switch {
		case k.convert != nil:
			q.loose[w] |= bit
		case k.rejects != nil:
		case k.typ == TypeCode && len(k.codes) <= 64:
			quick.mult, quick.shift, quick.slots, quick.numbers = k.index.mult, k.index.shift, k.index.slots, k.index.numbers
			quick.vague = k.others | k.defaults
			set = q.codes
		case k.typ == TypeDate:
			set = q.dates
		case k.typ == TypeInteger:
			set = q.integers
		case k.typ == TypeDecimal:
			set = q.decimals
		case k.typ == TypeID:
			set = q.ids
			if k.allowsOdd() {
				q.loose[w] |= bit
			}
		case k.typ == TypeNHSNumber:
			set = q.numbers
		case k.typ == TypeCodes:
			set = q.lists
		case k.typ == TypeLSOA, k.typ == TypeGPPractice, k.typ == TypePostcode:
			set = q.areas
		}
		set[w] |= bit
	}
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

// readFast reads the cells of a fast line.
func (w *worker) readFast() {
	r, q := &w.row, &w.plan.columns
	c := &r.cells
	c.present(w.present, len(w.plan.fieldOf))
	if q.inOrder {
		for i := range min(len(w.present), len(r.filled)) {
			r.filled[i] |= w.present[i] & q.fields[i]
		}
	} else {
		for i, m := range w.present {
			for m &= q.fields[i]; m != 0; m &= m - 1 {
				r.filled.add(int(q.quick[i<<6+bits.TrailingZeros64(m)].field) & (maxFields - 1))
			}
		}
	}
	r.valid = r.filled
	src, ends, first := c.src[:len(c.src)+slack], c.ends, int(c.first)
	latest := r.latest
	for i, present := range w.present {
		quick := q.quick[i<<6:]
		ends := ends[i<<7:]
		for m := present & q.codes[i]; m != 0; m &= m - 1 {
			column := bits.TrailingZeros64(m)
			e := binary.LittleEndian.Uint32(ends[2*column:])
			start, n := first+int(e&0xffff), int(e>>16)-int(e&0xffff)-1
			if n > toldBySlot {
				w.readSlow(i<<6 + column)
				continue
			}
			b, masks := src[start:start+16], &slotMasks[n&15]
			head := binary.LittleEndian.Uint64(b) & masks.head
			tail := binary.LittleEndian.Uint64(b[8:])&masks.tail | uint64(n)<<56
			k := &quick[column]
			at := (head ^ bits.RotateLeft64(tail, 29)) * k.mult >> (k.shift & 63)
			if at < uint64(len(k.slots)) && at < uint64(len(k.numbers)) {
				number := k.numbers[at]
				if s := &k.slots[at]; s.head == head && s.tail == tail && number >= 0 {
					r.value[k.field&(maxFields-1)] = int64(number)
					if k.vague>>(number&63)&1 != 0 {
						w.countVague(k, number)
					}
					continue
				}
			}
			w.readSlow(i<<6 + column)
		}
		for m := present & q.dates[i]; m != 0; m &= m - 1 {
			column := bits.TrailingZeros64(m)
			e := binary.LittleEndian.Uint32(ends[2*column:])
			start := first + int(e&0xffff)
			if e>>16-e&0xffff == 11 {
				if n, ok := lexDate(src[start : start+10]); ok {
					r.value[quick[column].field&(maxFields-1)] = n
					latest = max(latest, n)
					continue
				}
			}
			w.readSlow(i<<6 + column)
		}
		for m := present & q.integers[i]; m != 0; m &= m - 1 {
			column := bits.TrailingZeros64(m)
			e := binary.LittleEndian.Uint32(ends[2*column:])
			start, length := first+int(e&0xffff), e>>16-e&0xffff-1
			k := &quick[column]
			if length <= 8 {
				if n, ok := eightDigits(binary.LittleEndian.Uint64(src[start:]), length); ok && n >= k.min && n <= k.max {
					r.value[k.field&(maxFields-1)] = n
					continue
				}
			}
			w.readSlow(i<<6 + column)
		}
		for m := present & q.decimals[i]; m != 0; m &= m - 1 {
			column := bits.TrailingZeros64(m)
			e := binary.LittleEndian.Uint32(ends[2*column:])
			start, length := first+int(e&0xffff), e>>16-e&0xffff-1
			k := &quick[column]
			if length <= 8 {
				if n, places, ok := shortDecimal(binary.LittleEndian.Uint64(src[start:]), length); ok && n >= k.min && n <= k.max {
					f := k.field & (maxFields - 1)
					r.value[f], r.places[f] = n, places
					continue
				}
			}
			w.readSlow(i<<6 + column)
		}
		for m := present & q.ids[i]; m != 0; m &= m - 1 {
			column := bits.TrailingZeros64(m)
			e := binary.LittleEndian.Uint32(ends[2*column:])
			start, end := first+int(e&0xffff), first+int(e>>16)-1
			k := quick[column].k
			ok := end-start <= k.maxLength
			for _, b := range src[start:end] {
				ok = ok && k.allowed[b]
			}
			if !ok {
				w.readSlow(i<<6 + column)
			}
		}
		for m := present & q.numbers[i]; m != 0; m &= m - 1 {
			column := bits.TrailingZeros64(m)
			e := binary.LittleEndian.Uint32(ends[2*column:])
			start := first + int(e&0xffff)
			if e>>16-e&0xffff == 11 {
				if n, ok := eightDigits(binary.LittleEndian.Uint64(src[start:]), 8); ok {
					if d1, d2 := src[start+8]-'0', src[start+9]-'0'; d1 <= 9 && d2 <= 9 {
						f := quick[column].field & (maxFields - 1)
						n = n*100 + int64(d1)*10 + int64(d2)
						r.value[f] = n
						w.noteNHSNumber(int(f), n)
						continue
					}
				}
			}
			w.readSlow(i<<6 + column)
		}
		for m := present & q.areas[i]; m != 0; m &= m - 1 {
			column := bits.TrailingZeros64(m)
			e := binary.LittleEndian.Uint32(ends[2*column:])
			start, end := first+int(e&0xffff), first+int(e>>16)-1
			k := &quick[column]
			f := k.field & (maxFields - 1)
			var n int64
			var ok, filler bool
			switch head := binary.LittleEndian.Uint64(src[start:]); k.k.typ {
			case TypeLSOA:
				if area := head & 0xffffff; end-start == 9 && (area == 'E'|'0'<<8|'1'<<16 || area == 'W'|'0'<<8|'1'<<16) {
					n, ok = eightDigits(head>>24|uint64(src[start+8])<<40, 6)
					if area&0xff == 'W' {
						n += welshLSOA
					}
				}
			case TypeGPPractice:
				if end-start == 6 && head&0xff-'A' <= 'Z'-'A' {
					n, ok = eightDigits(head>>8, 5)
					n += int64(head&0xff) * 100_000
					filler = gpPracticeIsDefault(n)
				}
			case TypePostcode:
				n, ok = lexPostcode(src[start:end])
				filler = isPseudoPostcode(n)
			}
			if !ok {
				w.readSlow(i<<6 + column)
				continue
			}
			r.value[f] = n
			r.places[f] = 0
			if filler {
				r.places[f] = postcodePseudo
				w.tally.fields[f].def++
			}
		}
		for m := present & q.lists[i]; m != 0; m &= m - 1 {
			column := bits.TrailingZeros64(m)
			e := binary.LittleEndian.Uint32(ends[2*column:])
			start, end := first+int(e&0xffff), first+int(e>>16)-1
			k := quick[column].k
			set, ok := k.index.findAll(src[:end+slack], start, end)
			if !ok {
				w.readSlow(i<<6 + column)
				continue
			}
			f := quick[column].field & (maxFields - 1)
			r.value[f] = int64(set)
			if set&^k.defaults == 0 {
				w.tally.fields[f].def++
			} else if set&^(k.defaults|k.others) == 0 {
				w.tally.fields[f].other++
			}
		}
		for m := present & q.slow[i]; m != 0; m &= m - 1 {
			w.readSlow(i<<6 + bits.TrailingZeros64(m))
		}
	}
	r.latest = max(r.latest, latest)
}

// readSlow reads a cell that is not right at first sight.
func (w *worker) readSlow(column int) {
	r := &w.row
	k := w.plan.columns.quick[column].k
	r.filled.remove(k.field)
	r.valid.remove(k.field)
	w.readCell(k, column)
}

func (w *worker) countVague(k *quickColumn, number int16) {
	t := &w.tally.fields[k.field&(maxFields-1)]
	switch k.k.codes[number].Quality {
	case QualityOther:
		t.other++
	case QualityDefault:
		t.def++
	}
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
	w.row.places[field&(maxFields-1)] = says
	t := &w.tally.fields[field&(maxFields-1)]
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
