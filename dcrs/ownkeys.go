package dcrs

import (
	"context"
	"fmt"
	"slices"
)

// The rules of file scope that a caller brings: keys that must not come twice,
// and folds.

// batchStart is where a batch begins; places of its rows count from there.
type batchStart struct {
	offset         int64
	records, lines int
}

// ownKey is one row of a key rule.
type ownKey struct {
	key uint64
	at  Place
}

// ownResult is what one rule has of a batch.
type ownResult struct {
	keys  []ownKey
	shown [][]Shown // beside keys, where the caller asked to see fields
	fold  Fold
}

// ownRule is what one rule has of the file; keys lie in pieces, so that growing
// never copies them.
type ownRule struct {
	pieces  [][]ownKey
	shown   [][]Shown
	n       int
	fold    Fold
	checked int
}

func (o *ownRule) at(i uint32) *ownKey { return &o.pieces[i>>pieceBits][i&(1<<pieceBits-1)] }

func (o *ownRule) add(keys []ownKey) {
	for _, k := range keys {
		if o.n&(1<<pieceBits-1) == 0 {
			o.pieces = append(o.pieces, make([]ownKey, 0, 1<<pieceBits))
		}
		last := len(o.pieces) - 1
		o.pieces[last] = append(o.pieces[last], k)
		o.n++
	}
}

// noteOwn keeps what a caller's rules of file scope need of the row.
func (w *worker) noteOwn() {
	r, p, c := w.row, w.plan, &w.row.cells
	if w.out.own == nil {
		w.out.own = make([]ownResult, len(p.files))
	}
	bad := r.filled.without(&r.valid)
	for i := range p.files {
		f := &p.files[i]
		if f.facts != nil || !r.valid.hasAll(&f.needSet) || bad.hasAny(&f.cleanSet) {
			continue
		}
		w.asking = f.index
		o := &w.out.own[i]
		place := func() Place {
			at := Place{offset: c.base + int64(c.first), record: r.inBatch, line: r.linesInBatch}
			if column := p.column[f.at]; column >= 0 {
				raw := c.rawAt(column)
				at.offset = c.base + int64(raw)
				at.line += uint32(c.lineAt(raw) - c.line)
			}
			return at
		}
		if f.fold != nil {
			if o.fold == nil {
				o.fold = f.fold()
			}
			o.fold.Add(r, place())
			continue
		}
		w.keyBuf = f.key(r, w.keyBuf[:0])
		if len(w.keyBuf) == 0 {
			continue
		}
		o.keys = append(o.keys, ownKey{key: hashBytes(uint64(f.index), w.keyBuf), at: place()})
		if len(p.v.show) > 0 {
			o.shown = append(o.shown, p.shown(c))
		}
	}
	w.asking = -1
}

// takeOwn moves what a batch has into the session.
func (s *session) takeOwn(res *result) error {
	s.batches = append(s.batches, batchStart{offset: res.batch.base, records: s.records, lines: s.lines})
	if s.own == nil {
		s.own = make([]ownRule, len(s.plan.files))
	}
	for i := range res.own {
		o, from := &s.own[i], &res.own[i]
		o.add(from.keys)
		o.shown = append(o.shown, from.shown...)
		switch {
		case from.fold == nil:
		case o.fold == nil:
			o.fold = from.fold
		default:
			if err := s.guard(s.plan.files[i].rule, func() { o.fold.Merge(from.fold) }); err != nil {
				return err
			}
		}
		from.fold, from.keys, from.shown = nil, from.keys[:0], from.shown[:0]
	}
	return nil
}

// guard runs a function of a caller's rule.
func (s *session) guard(rule string, f func()) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Func: "rule " + rule, Value: v}
		}
	}()
	f()
	return nil
}

// position is where a place lies.
func (s *session) position(at Place, field int) Position {
	i, found := slices.BinarySearchFunc(s.batches, at.offset, func(b batchStart, offset int64) int {
		switch {
		case b.offset < offset:
			return -1
		case b.offset > offset:
			return 1
		}
		return 0
	})
	if !found {
		i--
	}
	pos := Position{File: s.file, Offset: at.offset, Record: int(at.record), Line: int(at.line), Column: max(0, s.plan.column[field]+1)}
	if i >= 0 {
		pos.Record += s.batches[i].records
		pos.Line += s.batches[i].lines
	}
	return pos
}

// ownFileRules reports what a caller's rules of file scope found.
func (s *session) ownFileRules(ctx context.Context) error {
	if s.own == nil {
		return nil
	}
	for i := range s.own {
		f, o := &s.plan.files[i], &s.own[i]
		var err error
		switch {
		case f.key != nil:
			err = s.repeatedKeys(ctx, f, o)
		case f.fold != nil:
			err = s.finishFold(ctx, f, o)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// repeatedKeys reports the rows beyond the first of every key.
func (s *session) repeatedKeys(ctx context.Context, f *readyFileRule, o *ownRule) error {
	list := make([]keyed, 0, o.n)
	for i := range uint32(o.n) {
		list = append(list, keyed{o.at(i).key, i})
	}
	list, _, err := sortKeyed(ctx, list, nil)
	if err != nil {
		return err
	}
	s.tally.rules[f.index].checked = o.n
	type repeat struct{ at, with uint32 }
	var repeats []repeat
	keep := s.v.keep
	if s.each != nil {
		keep = o.n
	}
	byPlace := func(a, b repeat) int { return int(a.at) - int(b.at) }
	total, first := 0, 0
	byRecord := s.groups.byRecord()
	for i := 1; i < len(list); i++ {
		if i&(stride-1) == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		if list[i].key != list[first].key {
			first = i
			continue
		}
		total++
		if byRecord != nil {
			byRecord(s.position(o.at(list[i].fact).at, f.at).Record).rules[f.index].found[s.v.levels[f.index]]++
		}
		repeats = append(repeats, repeat{list[i].fact, list[first].fact})
		if len(repeats) >= 2*keep+64 {
			slices.SortFunc(repeats, byPlace)
			repeats = repeats[:min(keep, len(repeats))]
		}
	}
	if err := sortStoppable(ctx, repeats, byPlace); err != nil {
		return err
	}
	repeats = repeats[:min(keep, len(repeats))]
	name := s.v.dict.fields[f.at].Name
	for n, r := range repeats {
		if n&1023 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		finding := s.plan.fileFinding(f.index, s.position(o.at(r.at).at, f.at), name, "")
		finding.Related = []Related{{Field: name, Position: s.position(o.at(r.with).at, f.at)}}
		if len(o.shown) > 0 {
			finding.Shown = o.shown[r.at]
		}
		if err := s.emitCounted(f.index, finding); err != nil {
			return err
		}
	}
	s.tally.rules[f.index].found[s.v.levels[f.index]] += total - len(repeats)
	return nil
}

// finishFold reports what a fold found.
func (s *session) finishFold(ctx context.Context, f *readyFileRule, o *ownRule) error {
	if o.fold == nil {
		return nil
	}
	var stopped error
	n := 0
	byRecord := s.groups.byRecord()
	err := s.guard(f.rule, func() {
		o.checked = o.fold.Finish(func(at Place, detail string) {
			if n++; n&1023 == 1 && stopped == nil {
				stopped = ctx.Err()
			}
			pos := s.position(at, f.at)
			if byRecord != nil {
				if t := byRecord(pos.Record); t != nil {
					t.rules[f.index].found[s.v.levels[f.index]]++
				}
			}
			if stopped == nil {
				stopped = s.emitCounted(f.index, s.plan.fileFinding(f.index, pos, s.v.dict.fields[f.at].Name, detail))
			}
		})
	})
	s.tally.rules[f.index].checked = o.checked
	if stopped != nil {
		return stopped
	}
	if err != nil {
		return fmt.Errorf("%w", err)
	}
	return nil
}
