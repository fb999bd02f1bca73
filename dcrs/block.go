package dcrs

import "math/bits"

// A worker takes up to 64 rows apart before it reads them, column after column,
// and asks the rules about all of them at once: the processor then does one thing
// many times, and what a rule asks of a field is one bit of a word for each row.

const (
	blockRows  = 64
	fewRows    = 4       // in the first block, so that a short file costs little
	blockCells = 1 << 14 // about how many cells a block can hold, so that wide files cost no more
	keptSpace  = 1 << 16 // bytes that a row keeps for the next block
)

// rowBlock are the rows that a worker looks at together. Bit i of a word stands
// for row i.
type rowBlock struct {
	batch *batch
	file  string // for Row.Findings
	rows  []Row
	n     int // how many rows it holds

	read    uint64 // could be taken apart
	fast    uint64 // … without quotes, and are not read yet
	ends    []byte // of the cells of such a row, stride bytes for each
	stride  int
	begins  [blockRows]uint32 // where such a row begins in the batch
	cells   cellWords         // of the column that is being read
	present []uint64          // the columns that hold anything: of such a row, 64 words for each 64 columns
	turned  []uint64          // … and the rows, by column

	values        fieldValues
	filled, valid [maxFields]uint64 // the rows, by field
	bad           bool              // a field of a row is filled and not valid
	latest        int64             // no date is later
	codeSets      []uint64          // the rows, beside plan.codeSets

	found []rawFinding // in any order
	order []uint32
}

// grow makes room for rows, as many as there may be of a file so wide.
func (b *rowBlock) grow(p *plan, rows int) {
	columns := len(p.fieldOf)
	rows = max(1, min(rows, blockRows, blockCells/max(columns, 1)))
	if rows <= len(b.rows) {
		return
	}
	b.stride = 2 * (columns + 1 + 16)
	b.ends = make([]byte, rows*b.stride)
	b.present, b.turned = make([]uint64, p.columns.words*blockRows), make([]uint64, p.columns.words*blockRows)
	b.codeSets = make([]uint64, len(p.codeSets))
	b.rows = make([]Row, rows)
	for i := range b.rows {
		r := &b.rows[i]
		r.plan, r.values, r.slot = p, &b.values, i
		if p.hooks.convert != nil {
			r.spelling = make([]span, maxFields)
		}
		r.cells.ends = b.ends[i*b.stride : (i+1)*b.stride : (i+1)*b.stride]
		r.cells.size(columns)
		for _, c := range p.constants {
			r.setValue(c.field, c.value)
			r.setPlaces(c.field, c.places)
		}
	}
}

// clear takes all rows out.
func (b *rowBlock) clear() {
	b.n, b.read, b.fast = 0, 0, 0
	b.filled, b.valid = [maxFields]uint64{}, [maxFields]uint64{}
	b.found = b.found[:0]
}

// lookAhead notes which cells of the fast rows hold anything. Done when all of them
// have been taken apart, as the processor then has stored where the cells end.
func (w *worker) lookAhead() {
	p, b := w.plan, &w.block
	q := &p.columns
	for m := b.fast; m != 0; m &= m - 1 {
		n := bits.TrailingZeros64(m)
		r := &b.rows[n]
		for i := range q.words {
			m := r.cells.present(i, len(p.fieldOf))
			b.present[i<<6+n] = m
			if m &= q.fields[i]; q.inOrder {
				if i < len(r.filled) {
					r.filled[i] |= m
				}
				continue
			}
			for ; m != 0; m &= m - 1 {
				r.filled.add(p.fieldOf[i<<6+bits.TrailingZeros64(m)] & (maxFields - 1))
			}
		}
		r.valid = r.filled
	}
}

// flush reads and judges the rows of the block, and hands them on.
func (w *worker) flush() {
	b, p := &w.block, w.plan
	if b.n == 0 {
		return
	}
	if b.fast != 0 {
		w.lookAhead()
		w.readColumns()
		w.lookForOdd()
	}
	w.sumUp()
	w.askChecks()
	findings := w.takeFindings()
	for i := range b.n {
		w.row = &b.rows[i]
		if b.read>>i&1 != 0 {
			if p.wantFacts {
				w.noteFact()
			}
			if p.wantOwn {
				w.noteOwn()
			}
		}
		if w.yield != nil {
			w.row.file = b.file
			n := 0
			for n < len(findings) && findings[n].record == w.row.inBatch {
				n++
			}
			w.row.findings, findings = findings[:n:n], findings[n:]
		}
		w.finishRow()
	}
	if w.out.groups != nil {
		w.out.groups.settle()
	}
	for i := range b.n {
		r := &b.rows[i]
		if cap(r.cells.unquoted) > keptSpace {
			r.cells.unquoted = nil
		}
		if cap(r.converted) > keptSpace {
			r.converted = nil
		}
	}
	full := b.n == len(b.rows)
	b.clear()
	if full {
		b.grow(p, blockRows)
	}
}

// takeFindings moves the findings of the block into the result, in the order of
// the rows; those of a row stand in the order in which they were found, but for
// control characters, which come first. It returns them.
func (w *worker) takeFindings() []rawFinding {
	b, out := &w.block, w.out
	if w.yield != nil {
		out.findings = out.findings[:0]
	}
	from := len(out.findings)
	if len(b.found) == 0 {
		return nil
	}
	first := b.rows[0].inBatch
	key := func(raw *rawFinding) uint32 {
		k := (raw.record-first)<<1 + 1
		if int(raw.rule) == w.plan.control {
			k--
		}
		return k & (2*blockRows - 1)
	}
	var count [2 * blockRows]int
	for i := range b.found {
		count[key(&b.found[i])]++
	}
	sum := 0
	for k, n := range count {
		count[k] = sum
		sum += n
	}
	if cap(b.order) < len(b.found) {
		b.order = make([]uint32, max(2*len(b.found), blockRows))
	}
	order := b.order[:len(b.found)]
	for i := range b.found {
		k := key(&b.found[i])
		order[count[k]] = uint32(i)
		count[k]++
	}
	for _, i := range order {
		raw := &b.found[i]
		if !w.keepAll {
			if int(out.kept[raw.rule]) >= w.keep {
				continue
			}
			out.kept[raw.rule]++
		}
		out.findings = append(out.findings, *raw)
	}
	return out.findings[from:]
}

// sumUp gathers what the block knows of its rows beyond what reading columns has
// told, counts the filled cells, and looks for those that must not be blank.
func (w *worker) sumUp() {
	b, p := &w.block, w.plan
	b.bad, b.latest = false, 0
	for i := range b.n {
		r := &b.rows[i]
		b.bad = b.bad || r.filled != r.valid
		b.latest = max(b.latest, b.values.latest[i&(blockRows-1)])
	}
	for f := range p.constantFilled.all {
		b.filled[f], b.valid[f] = b.read, b.read
	}
	for m := b.read &^ b.fast; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m)
		r := &b.rows[i]
		for f := range r.filled.all {
			b.filled[f] |= 1 << i
		}
		for f := range r.valid.all {
			b.valid[f] |= 1 << i
		}
	}
	for f := range len(p.v.dict.fields) {
		if m := b.filled[f]; m != 0 && !p.constantFilled.has(f) {
			if w.out.groups == nil {
				w.out.tally.fields[f].filled += bits.OnesCount64(m)
				continue
			}
			for ; m != 0; m &= m - 1 {
				b.rows[bits.TrailingZeros64(m)].tally.fields[f].filled++
			}
		}
	}
	for f := range p.blanks.all {
		for m := b.read &^ b.filled[f]; m != 0; m &= m - 1 {
			w.row = &b.rows[bits.TrailingZeros64(m)]
			w.cellFound(p.kernels[f].blank, f, noDetail)
		}
	}
}

// lookForOdd looks for control characters, and for bytes that are not UTF-8, in
// fast rows. A cell that is right at first sight holds neither, so only a row with
// others is looked at.
func (w *worker) lookForOdd() {
	b, q := &w.block, &w.plan.columns
	for m := b.fast; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m)
		r := &b.rows[i]
		loose := r.filled != r.valid
		for word, columns := range q.loose {
			loose = loose || b.present[word<<6+i]&columns != 0
		}
		if loose && oddBytes(r.cells.src[r.cells.first:r.end], w.plan.v.delim) {
			w.row = r
			w.oddCells()
		}
	}
}

// readColumns reads the cells of the fast rows.
func (w *worker) readColumns() {
	b, q := &w.block, &w.plan.columns
	for word := range q.words {
		turned := (*[64]uint64)(b.turned[word<<6:])
		for i := range b.n {
			if b.fast>>i&1 == 0 {
				b.present[word<<6+i] = 0
			}
		}
		turn(turned, (*[64]uint64)(b.present[word<<6:]), b.n)
		for m := q.fields[word]; m != 0; m &= m - 1 {
			i := bits.TrailingZeros64(m)
			if rows := turned[i]; rows != 0 {
				f := w.plan.fieldOf[word<<6+i] & (maxFields - 1)
				b.filled[f], b.valid[f] = rows, rows // what is not so, readSlow says
				w.readColumn(word<<6+i, rows)
			}
		}
	}
}

// readSlow reads a cell that is not right at first sight.
func (w *worker) readSlow(row, column int) {
	b := &w.block
	r := &b.rows[row]
	w.row = r
	k := &w.plan.kernels[w.plan.fieldOf[column]]
	r.filled.remove(k.field)
	r.valid.remove(k.field)
	w.readCell(k, column)
	if !r.filled.has(k.field) {
		b.filled[k.field] &^= 1 << row
	}
	if !r.valid.has(k.field) {
		b.valid[k.field] &^= 1 << row
	}
}

// turn makes columns of rows: bit i of out[j] is bit j of rows[i], for the first n
// rows and none for the rest. It may change rows.
func turn(out, rows *[64]uint64, n int) {
	if n <= fewRows {
		*out = [64]uint64{}
		for i, m := range rows[:n] {
			for ; m != 0; m &= m - 1 {
				out[bits.TrailingZeros64(m)] |= 1 << i
			}
		}
		return
	}
	*out = *rows
	clear(out[n:])
	// Swap ever smaller squares of bits (Warren, Hacker's Delight, 7-3). The places
	// are so written that the compiler sees them to be inside.
	for k := range 32 {
		t := (out[k]>>32 ^ out[k+32]) & 0x00000000ffffffff
		out[k] ^= t << 32
		out[k+32] ^= t
	}
	for m := 0; m < 64; m += 32 {
		for k := range 16 {
			turnTwo(&out[(m+k)&63], &out[(m+k+16)&63], 16, 0x0000ffff0000ffff)
		}
	}
	for m := 0; m < 64; m += 16 {
		for k := range 8 {
			turnTwo(&out[(m+k)&63], &out[(m+k+8)&63], 8, 0x00ff00ff00ff00ff)
		}
	}
	for m := 0; m < 64; m += 8 {
		q := (*[8]uint64)(out[m : m+8])
		turnTwo(&q[0], &q[4], 4, 0x0f0f0f0f0f0f0f0f)
		turnTwo(&q[1], &q[5], 4, 0x0f0f0f0f0f0f0f0f)
		turnTwo(&q[2], &q[6], 4, 0x0f0f0f0f0f0f0f0f)
		turnTwo(&q[3], &q[7], 4, 0x0f0f0f0f0f0f0f0f)
		turnTwo(&q[0], &q[2], 2, 0x3333333333333333)
		turnTwo(&q[1], &q[3], 2, 0x3333333333333333)
		turnTwo(&q[4], &q[6], 2, 0x3333333333333333)
		turnTwo(&q[5], &q[7], 2, 0x3333333333333333)
		turnTwo(&q[0], &q[1], 1, 0x5555555555555555)
		turnTwo(&q[2], &q[3], 1, 0x5555555555555555)
		turnTwo(&q[4], &q[5], 1, 0x5555555555555555)
		turnTwo(&q[6], &q[7], 1, 0x5555555555555555)
	}
}

// turnTwo swaps the upper bits of a, those of the mask by so many places, with the
// bits of b in the mask.
func turnTwo(a, b *uint64, by int, mask uint64) {
	t := (*a>>(by&63) ^ *b) & mask
	*a ^= t << (by & 63)
	*b ^= t
}
