package dcrs

import (
	"encoding/binary"
	"math/bits"
)

// The cells of a column are first gathered, then read by a loop for their type.
// Each loop looks only at arrays as long as a block and calls nothing that it can
// do without, so that what it holds stays in the registers of the processor. It
// returns the rows whose cells are not right at first sight.

// cellWords are the first bytes of the cells of a column, by row. What a word
// holds behind the end of its cell does not matter.
type cellWords struct {
	head, tail  [blockRows]uint64 // the first eight bytes, and eight more for the types that ask for them
	size, start [blockRows]uint32 // how many bytes the text has, and where it begins in the batch
}

// end is where the text of a cell ends in the batch.
func (c *cellWords) end(row int) uint32 {
	return c.start[row&(blockRows-1)] + c.size[row&(blockRows-1)]
}

// gather takes up the cells of a column in some of the rows, all of them fast.
func (b *rowBlock) gather(column int, rows uint64, tails bool) {
	c, begins, stride := &b.cells, &b.begins, uint(b.stride)
	ends := b.ends[2*column:]
	src := b.batch.buf[:len(b.batch.buf)+slack]
	for m := rows; m != 0; m &= m - 1 {
		i := uint(bits.TrailingZeros64(m)) & (blockRows - 1)
		at := i * stride
		e := uint(binary.LittleEndian.Uint32(ends[at : at+4]))
		start := uint(begins[i]) + e&0xffff
		c.head[i] = binary.LittleEndian.Uint64(src[start : start+8])
		c.size[i] = uint32(e>>16 - e&0xffff - 1)
		c.start[i] = uint32(start)
	}
	if !tails {
		return
	}
	src = src[8:]
	for m := rows; m != 0; m &= m - 1 {
		i := uint(bits.TrailingZeros64(m)) & (blockRows - 1)
		start := uint(c.start[i])
		c.tail[i] = binary.LittleEndian.Uint64(src[start : start+8])
	}
}

// readColumn reads the cells of a column in some of the rows, all of them fast.
func (w *worker) readColumn(column int, rows uint64) {
	b := &w.block
	k := &w.plan.columns.quick[w.plan.fieldOf[column]&(maxFields-1)]
	slow := rows
	if k.class != readsSlowly {
		b.gather(column, rows, k.class >= readsDate)
	}
	switch k.class {
	case readsCode:
		slow = w.readLongCodes(k, rows)
	case readsShortCode:
		slow = w.readShortCodes(k, rows)
	case readsDate:
		slow = b.readDates(k, rows)
	case readsInteger:
		slow = b.readIntegers(k, rows)
	case readsDecimal:
		slow = w.readDecimals(k, rows)
	case readsID:
		slow = b.readIDs(k, rows)
	case readsNHSNumber:
		slow = w.readNHSNumbers(k, rows)
	case readsPostcode:
		slow = w.readPostcodes(k, rows)
	case readsLSOA:
		slow = b.readLSOAs(k, rows)
	case readsGPPractice:
		slow = w.readGPPractices(k, rows)
	case readsList:
		slow = w.readLists(k, rows)
	}
	for m := slow; m != 0; m &= m - 1 {
		w.readSlow(bits.TrailingZeros64(m), column)
	}
}

// firstBytes keep so many of the bytes of a word.
var firstBytes = [8]uint64{0, 1<<8 - 1, 1<<16 - 1, 1<<24 - 1, 1<<32 - 1, 1<<40 - 1, 1<<48 - 1, 1<<56 - 1}

func (w *worker) readShortCodes(k *quickColumn, rows uint64) (slow uint64) {
	c, value := &w.block.cells, &w.block.values.number[k.field&(maxFields-1)]
	slots, mult, shift, vague, vagueRows := k.short, k.mult, k.shift&63, k.vague, uint64(0)
	for m := rows; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		n := c.size[i]
		slot := c.head[i]&firstBytes[n&7] | uint64(n)<<56
		at := slot * mult >> shift
		if n > longestShort || at >= uint64(len(slots)) || slots[at].code != slot {
			slow |= 1 << i
			continue
		}
		number := slots[at].number
		value[i] = int64(number)
		vagueRows |= vague >> (number & 63) & 1 << i
	}
	w.countVague(k, vagueRows)
	return slow
}

func (w *worker) readLongCodes(k *quickColumn, rows uint64) (slow uint64) {
	slow, vague := w.block.numberCodes(k, rows)
	w.countVague(k, vague)
	return slow
}

// numberCodes puts down the numbers of the codes in some of the rows. It returns the
// rows in which it found none, and those with a code of k.vague.
func (b *rowBlock) numberCodes(k *quickColumn, rows uint64) (missing, vagueRows uint64) {
	c, value := &b.cells, &b.values.number[k.field&(maxFields-1)]
	slots, mult, shift, vague := k.slots, k.mult, k.shift&63, k.vague
	for m := rows; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		n := c.size[i]
		masks := &slotMasks[n&15]
		head, tail := c.head[i]&masks.head, c.tail[i]&masks.tail|uint64(n)<<56
		at := (head ^ bits.RotateLeft64(tail, 29)) * mult >> shift
		if n > toldBySlot || at >= uint64(len(slots)) || slots[at].head != head || slots[at].tail != tail {
			missing |= 1 << i
			continue
		}
		number := slots[at].number
		value[i] = int64(number)
		vagueRows |= vague >> (number & 63) & 1 << i
	}
	return missing, vagueRows
}

// countVague counts the codes that stand for no answer, or for another than those
// of the list, in some of the rows.
func (w *worker) countVague(k *quickColumn, rows uint64) {
	value := &w.block.values.number[k.field&(maxFields-1)]
	for m := rows; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		t := &w.block.rows[i].tally.fields[k.field&(maxFields-1)]
		switch k.k.codes[value[i]].Quality {
		case QualityOther:
			t.other++
		case QualityDefault:
			t.def++
		}
	}
}

func (b *rowBlock) readDates(k *quickColumn, rows uint64) (slow uint64) {
	c, value, latest := &b.cells, &b.values.number[k.field&(maxFields-1)], &b.values.latest
	for m := rows; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		n, ok := dateOf(c.head[i], c.tail[i])
		if !ok || c.size[i] != 10 {
			slow |= 1 << i
			continue
		}
		value[i] = n
		latest[i] = max(latest[i], n)
	}
	return slow
}

func (b *rowBlock) readIntegers(k *quickColumn, rows uint64) (slow uint64) {
	c, value := &b.cells, &b.values.number[k.field&(maxFields-1)]
	least, most := k.min, k.max
	for m := rows; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		n, ok := eightDigits(c.head[i], c.size[i])
		if !ok || c.size[i] > 8 || n < least || n > most {
			slow |= 1 << i
			continue
		}
		value[i] = n
	}
	return slow
}

func (w *worker) readDecimals(k *quickColumn, rows uint64) (slow uint64) {
	b, f := &w.block, k.field&(maxFields-1)
	c, value, places := &b.cells, &b.values.number[f], &b.values.places[f]
	least, most := k.min, k.max
	for m := rows; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		if c.size[i] > 8 {
			slow |= 1 << i
			continue
		}
		n, written, ok := shortDecimal(c.head[i], c.size[i])
		if !ok || n < least || n > most {
			slow |= 1 << i
			continue
		}
		value[i], places[i] = n, written
	}
	if k.k.rejects != nil {
		for m := rows &^ slow; m != 0; m &= m - 1 {
			i := bits.TrailingZeros64(m) & (blockRows - 1)
			w.row = &b.rows[i]
			if w.rejected(k.k, value[i]) {
				b.valid[f] &^= 1 << i
			}
		}
	}
	return slow
}

func (b *rowBlock) readIDs(k *quickColumn, rows uint64) (slow uint64) {
	if !k.k.plain {
		return b.readOtherIDs(k, rows)
	}
	c, value := &b.cells, &b.values.number[k.field&(maxFields-1)]
	hyphen, most := k.hyphen, uint32(k.k.maxLength)
	for m := rows; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		n := c.size[i]
		masks := &slotMasks[n&15]
		head, tail := c.head[i], c.tail[i]
		if n < 16 {
			head, tail = head&masks.head|'0'*ones&^masks.head, tail&masks.tail|'0'*ones&^masks.tail
		}
		plain, capitals := plainID(head, hyphen)
		more, andMore := plainID(tail, hyphen)
		if n > 16 || n > most || plain&more != msb {
			slow |= 1 << i
		}
		value[i] = int64((capitals | andMore) >> 1)
	}
	if slow != 0 {
		slow = b.readOtherIDs(k, slow)
	}
	return slow
}

// readOtherIDs reads identifiers that are long or hold other characters than most.
func (b *rowBlock) readOtherIDs(k *quickColumn, rows uint64) (slow uint64) {
	allowed, src := &k.k.allowed, b.batch.buf
	for m := rows; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		b.values.number[k.field&(maxFields-1)][i] = 0
		text := src[b.cells.start[i]:b.cells.end(i)]
		ok := len(text) <= k.k.maxLength && text[0] != ' ' // where an identifier may hold spaces, they may be all of it
		for _, c := range text {
			ok = ok && allowed[c]
		}
		if !ok {
			slow |= 1 << i
		}
	}
	return slow
}

func (w *worker) readNHSNumbers(k *quickColumn, rows uint64) (slow uint64) {
	c, value := &w.block.cells, &w.block.values.number[k.field&(maxFields-1)]
	for m := rows; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		n, ok := eightDigits(c.head[i], 8)
		d1, d2 := uint8(c.tail[i])-'0', uint8(c.tail[i]>>8)-'0'
		if !ok || c.size[i] != 10 || d1 > 9 || d2 > 9 {
			slow |= 1 << i
			continue
		}
		value[i] = n*100 + int64(d1)*10 + int64(d2)
	}
	for m := rows &^ slow; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		w.row = &w.block.rows[i]
		w.noteNHSNumber(int(k.field), value[i])
	}
	return slow
}

func (w *worker) readPostcodes(k *quickColumn, rows uint64) (slow uint64) {
	b, f := &w.block, k.field&(maxFields-1)
	c, value, places := &b.cells, &b.values.number[f], &b.values.places[f]
	for m := rows; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		n, ok := lexPostcode(b.batch.buf[c.start[i]:c.end(i)])
		if !ok {
			slow |= 1 << i
			continue
		}
		value[i], places[i] = n, 0
		if says := postcodeSays(n); says != 0 {
			places[i] = says
			b.rows[i].tally.fields[f].def++
		}
	}
	return slow
}

func (b *rowBlock) readLSOAs(k *quickColumn, rows uint64) (slow uint64) {
	f := k.field & (maxFields - 1)
	c, value, places := &b.cells, &b.values.number[f], &b.values.places[f]
	for m := rows; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		head := c.head[i]
		n, ok := eightDigits(head>>24|c.tail[i]<<40, 6)
		says := uint8(lsoaEnglish)
		switch head & 0xffffff {
		case 'E' | '0'<<8 | '1'<<16:
		case 'W' | '0'<<8 | '1'<<16:
			n, says = n+welshLSOA, lsoaWelsh
		default:
			ok = false
		}
		if !ok || c.size[i] != 9 {
			slow |= 1 << i
			continue
		}
		value[i], places[i] = n, says
	}
	return slow
}

func (w *worker) readGPPractices(k *quickColumn, rows uint64) (slow uint64) {
	b, f := &w.block, k.field&(maxFields-1)
	c, value := &b.cells, &b.values.number[f]
	for m := rows; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		letter := c.head[i] & 0xff
		n, ok := eightDigits(c.head[i]>>8, 5)
		if !ok || c.size[i] != 6 || letter-'A' > 'Z'-'A' {
			slow |= 1 << i
			continue
		}
		value[i] = n + int64(letter)*100_000
		if gpPracticeIsDefault(value[i]) {
			b.rows[i].tally.fields[f].def++
		}
	}
	return slow
}

func (w *worker) readLists(k *quickColumn, rows uint64) (slow uint64) {
	b, f := &w.block, k.field&(maxFields-1)
	c, value := &b.cells, &b.values.number[f]
	several, _ := b.numberCodes(k, rows)
	for m := rows &^ several; m != 0; m &= m - 1 { // one code, as most lists are
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		value[i] = 1 << (value[i] & 63)
	}
	for m := several; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		end := int(c.end(i))
		set, ok := k.k.index.findAll(b.batch.buf[:end+slack], int(c.start[i]), end)
		if !ok {
			slow |= 1 << i
			continue
		}
		value[i] = int64(set)
	}
	// A list counts as default or other only where it says nothing else.
	for m := rows &^ slow; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		switch set := uint64(value[i]); {
		case set&^k.vague != 0:
		case set&^k.k.defaults == 0:
			b.rows[i].tally.fields[f].def++
		default:
			b.rows[i].tally.fields[f].other++
		}
	}
	return slow
}
