package dcrs

import (
	"bytes"
	"math/bits"
)

// keySet holds the keys of the rows of one file, so that the rows of another can
// ask for the row that they belong to. It is filled by one reading and then only
// asked, by any number of goroutines.
type keySet struct {
	key    func(r *Row) uint64 // 0: the row has none
	words  int
	values func(r *Row, out []uint64)

	// merge makes one of the words of several rows with one key; where there is
	// none, the first row counts.
	merge func(kept, more []uint64)
	// salvage is the field, plus one, that holds the key: where a row could not be
	// taken apart, what stands in its place is kept as the key of a rejected row.
	// A wrong guess does no harm, since no row of another file asks for it.
	salvage int
	file    string // for position

	table   []uint32 // place + 1 in hashes, by hash; 0: free
	hashes  []uint64
	records []uint32 // the two highest bits: rejectedBit, salvagedBit
	lines   []uint32
	offsets []int64
	kept    []uint64
	shown   [][]Shown // of each, where the caller asked to see fields

	taken   int // rows that had a key
	keyless int // and rows that had none, not even a salvaged one
}

const (
	rejectedBit = 1 << 31
	salvagedBit = 1 << 30
	recordBits  = salvagedBit - 1
)

// newKeySet makes a set of keys. key gives the key of a row, see [Row.hashOf];
// values notes as many words as are to be kept with it, nil for none.
func newKeySet(key func(r *Row) uint64, words int, values func(r *Row, out []uint64)) *keySet {
	return &keySet{key: key, words: words, values: values, table: make([]uint32, 64)}
}

// bytesPerKey is about how much memory a key takes: its hash, its place, its
// words, and up to 11 bytes of a table that has just grown.
func (s *keySet) bytesPerKey() int { return 8 + 16 + 8*s.words + 11 }

// parent is what a set knows of a row.
type parent struct {
	rejected bool // it has an error at field or record scope
	place    int  // in the set
	record   int
	words    []uint64
}

// keyedRow is a keyed row of a batch, until it is merged.
type keyedRow struct {
	hash               uint64
	offset             int64
	record, line       uint32
	rejected, salvaged bool
}

// find looks a key up.
func (s *keySet) find(key uint64) (parent, bool) {
	i, ok := s.slot(key)
	if !ok || key == 0 {
		return parent{}, false
	}
	return s.at(int(s.table[i] - 1)), true
}

// at is what the set knows of the row at a place, from 0 in the order of the file.
func (s *keySet) at(n int) parent {
	return parent{
		rejected: s.records[n]&rejectedBit != 0, place: n, record: int(s.records[n] & recordBits),
		words: s.kept[n*s.words : (n+1)*s.words : (n+1)*s.words],
	}
}

// position is where the row at a place stands.
func (s *keySet) position(n int) Position {
	return Position{File: s.file, Record: int(s.records[n] & recordBits), Line: int(s.lines[n]), Offset: s.offsets[n]}
}

// len is how many keys there are.
func (s *keySet) len() int { return len(s.hashes) }

// slot is where a key stands in the table, or where it would.
func (s *keySet) slot(key uint64) (int, bool) {
	mask := len(s.table) - 1
	for i := int(key>>(64-bits.Len(uint(mask)))) & mask; ; i = (i + 1) & mask {
		switch n := s.table[i]; {
		case n == 0:
			return i, false
		case s.hashes[n-1] == key:
			return i, true
		}
	}
}

// add notes a row.
func (s *keySet) add(r keyedRow, words []uint64, shown []Shown) {
	record := r.record & recordBits
	if r.rejected {
		record |= rejectedBit
	}
	if r.salvaged {
		record |= salvagedBit
	}
	s.taken++
	i, ok := s.slot(r.hash)
	if ok {
		n := int(s.table[i] - 1)
		kept := s.kept[n*s.words : (n+1)*s.words]
		switch {
		case r.salvaged:
		case s.records[n]&salvagedBit != 0: // what was guessed gives way
			s.records[n], s.lines[n], s.offsets[n] = record, r.line, r.offset
			copy(kept, words)
			if s.shown != nil {
				s.shown[n] = shown
			}
		case s.merge != nil:
			s.merge(kept, words)
		}
		return
	}
	s.hashes = append(s.hashes, r.hash)
	s.records = append(s.records, record)
	s.lines = append(s.lines, r.line)
	s.offsets = append(s.offsets, r.offset)
	s.kept = append(s.kept, words...)
	if s.shown != nil {
		s.shown = append(s.shown, shown)
	}
	s.table[i] = uint32(len(s.hashes))
	if 4*len(s.hashes) > 3*len(s.table) {
		s.table = make([]uint32, 2*len(s.table))
		for n, h := range s.hashes {
			i, _ := s.slot(h)
			s.table[i] = uint32(n + 1)
		}
	}
}

// noteKey keeps the key of a row that has been judged.
func (w *worker) noteKey(s *keySet) {
	r, c := w.row, &w.row.cells
	row := keyedRow{
		offset: c.base + int64(c.first), record: r.inBatch, line: r.linesInBatch, rejected: r.worst == Error,
	}
	if !r.unread {
		row.hash = s.key(r)
	}
	if row.hash == 0 && s.salvage > 0 {
		row.hash = hashText(w.salvaged(s.salvage - 1))
		row.rejected, row.salvaged = true, true
	}
	w.out.keys = append(w.out.keys, row)
	for range s.words {
		w.out.words = append(w.out.words, 0)
	}
	if row.hash != 0 && !row.salvaged && s.words > 0 {
		s.values(r, w.out.words[len(w.out.words)-s.words:])
	}
	if len(w.plan.v.show) > 0 {
		w.out.keysShown = append(w.out.keysShown, w.plan.shown(c))
	}
}

// salvaged is what stands in the place of a field of a row that could not be
// taken apart, or whose key could not be read: its cell, as far as counting
// delimiters tells.
func (w *worker) salvaged(field int) []byte {
	const most = 4 << 10
	r, column := w.row, w.plan.column[field]
	if !r.unread {
		return r.Text(field)
	}
	if column < 0 {
		return nil
	}
	text := r.cells.batch[r.cells.first:r.end]
	text = text[:min(len(text), most)]
	for range column {
		i := bytes.IndexByte(text, w.plan.v.delim)
		if i < 0 {
			return nil
		}
		text = text[i+1:]
	}
	if i := bytes.IndexByte(text, w.plan.v.delim); i >= 0 {
		text = text[:i]
	}
	return trimSpaces(bytes.Trim(trimSpaces(withoutReturn(text)), `"`))
}

// takeKeys moves the keys of a batch into the set.
func (s *session) takeKeys(res *result) {
	set := s.hooks.keys
	if set.shown == nil && len(s.v.show) > 0 {
		set.shown = [][]Shown{}
	}
	for i, k := range res.keys {
		if k.hash == 0 {
			set.keyless++
			continue
		}
		k.record += uint32(s.records)
		k.line += uint32(s.lines)
		var shown []Shown
		if len(res.keysShown) > 0 {
			shown = res.keysShown[i]
		}
		set.add(k, res.words[i*set.words:(i+1)*set.words], shown)
	}
}

// hashOf is the key of the texts of some fields; 0 unless all of them are valid.
func (r *Row) hashOf(fields ...int) uint64 {
	h := uint64(1)
	for _, f := range fields {
		if !r.Valid(f) {
			return 0
		}
		h = hashBytes(h, r.Text(f))
	}
	return h
}

// hashText is the key of one text as hashOf makes it; 0 where there is none.
func hashText(text []byte) uint64 {
	if len(text) == 0 {
		return 0
	}
	return hashBytes(1, text)
}

// parent finds the row of another file; known says whether the reading has been
// given that file at all.
func (r *Row) parent(set string, key uint64) (p parent, found, known bool) {
	s, known := r.plan.hooks.parents[set]
	if !known {
		return parent{}, false, false
	}
	p, found = s.find(key)
	return p, found, true
}
