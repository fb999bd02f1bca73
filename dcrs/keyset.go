package dcrs

import "math/bits"

// keySet holds the keys of the rows of one file, so that the rows of another can
// ask for the row that they belong to. It is filled by one reading and then only
// asked, by any number of goroutines.
type keySet struct {
	key    func(r *Row) uint64 // 0: the row has none
	words  int
	values func(r *Row, out []uint64)

	table   []uint32 // place + 1 in hashes, by hash; 0: free
	hashes  []uint64
	records []uint32 // the highest bit: rejected
	kept    []uint64
}

const rejectedBit = 1 << 31

// newKeySet makes a set of keys. key gives the key of a row, see [Row.hashOf];
// values notes as many words as are to be kept with it, nil for none.
func newKeySet(key func(r *Row) uint64, words int, values func(r *Row, out []uint64)) *keySet {
	return &keySet{key: key, words: words, values: values, table: make([]uint32, 64)}
}

// bytesPerKey is about how much memory a key takes: its hash, its record, its
// words, and up to 11 bytes of a table that has just grown.
func (s *keySet) bytesPerKey() int { return 8 + 4 + 8*s.words + 11 }

// parent is what a set knows of a row.
type parent struct {
	rejected bool // it has an error at field or record scope
	record   int
	words    []uint64
}

// keyed rows of a batch, until they are merged.
type keyedRow struct {
	hash     uint64
	record   uint32
	rejected bool
}

// find looks a key up.
func (s *keySet) find(key uint64) (parent, bool) {
	i, ok := s.place(key)
	if !ok || key == 0 {
		return parent{}, false
	}
	n := int(s.table[i] - 1)
	return parent{
		rejected: s.records[n]&rejectedBit != 0, record: int(s.records[n] &^ rejectedBit),
		words: s.kept[n*s.words : (n+1)*s.words : (n+1)*s.words],
	}, true
}

// len is how many keys there are.
func (s *keySet) len() int { return len(s.hashes) }

// place is where a key stands in the table, or where it would.
func (s *keySet) place(key uint64) (int, bool) {
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

// add notes a row; the first with a key counts.
func (s *keySet) add(r keyedRow, words []uint64) {
	i, ok := s.place(r.hash)
	if ok {
		return
	}
	record := r.record
	if r.rejected {
		record |= rejectedBit
	}
	s.hashes = append(s.hashes, r.hash)
	s.records = append(s.records, record)
	s.kept = append(s.kept, words...)
	s.table[i] = uint32(len(s.hashes))
	if 4*len(s.hashes) > 3*len(s.table) {
		s.table = make([]uint32, 2*len(s.table))
		for n, h := range s.hashes {
			i, _ := s.place(h)
			s.table[i] = uint32(n + 1)
		}
	}
}

// noteKey keeps the key of a row that has been judged.
func (w *worker) noteKey(s *keySet) {
	r := &w.row
	if r.unread {
		return
	}
	key := s.key(r)
	if key == 0 {
		return
	}
	w.out.keys = append(w.out.keys, keyedRow{hash: key, record: uint32(w.out.records), rejected: r.worst == Error})
	for range s.words {
		w.out.words = append(w.out.words, 0)
	}
	if s.words > 0 {
		s.values(r, w.out.words[len(w.out.words)-s.words:])
	}
}

// takeKeys moves the keys of a batch into the set.
func (s *session) takeKeys(res *result) {
	set := s.hooks.keys
	for i, k := range res.keys {
		k.record += uint32(s.records)
		set.add(k, res.words[i*set.words:(i+1)*set.words])
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
