package dcrs

import (
	"math"
	"math/bits"
	"slices"
)

// The record rules are asked of all rows of a block at once. Which of them a rule
// can be asked of, and which of these fail where that is data, are words with a bit
// for each row; only what is left is asked row by row.

// checkPlan are the record rules of a file, ready to be asked.
type checkPlan struct {
	checks   []readyCheck
	asked    []askedCheck // beside checks
	codeSets []codeRows
}

// askedCheck is what asking a check takes, close together.
type askedCheck struct {
	kind                              checkKind
	when, failIn, andIn               int16 // of codeSets, -1 for none
	whenField                         uint8
	at, a, b                          uint8
	need, clean, any, unless, ifBlank []uint8
	rule                              int
	least                             int64
	alone                             uint64
	passes                            func(b *rowBlock, rows uint64) uint64
	judge                             func(r *Row) Verdict
}

// checkKind is how a check decides.
type checkKind uint8

const (
	judges    checkKind = iota // by its function
	byTable                    // by blank fields and codes
	afterAsOf                  // the date at lies after the as-of date
	below                      // the value at lies below least
	inOrder                    // the value of field b is smaller than that of field a
	notAlone                   // the codes at are several, and one of alone is among them
)

// codeRows is some codes of a field; codes are those that are in it or, with not,
// those that are not.
type codeRows struct {
	of       codesOf
	byPlaces bool // what Row.places says stands for the code
	count    int  // of the field's codes
	codes    []uint8
	not      bool
}

func (p *plan) sortChecks() {
	c := &p.checkPlan
	small := func(fields []int) []uint8 {
		out := make([]uint8, 0, len(fields))
		for _, f := range fields {
			out = append(out, uint8(f))
		}
		return out
	}
	c.asked = make([]askedCheck, 0, len(c.checks))
	for i := range c.checks {
		k := &c.checks[i]
		failIn := k.failIn
		if k.years != nil {
			failIn.field = k.at
			for code, year := range k.years {
				if year > p.asOfYear {
					failIn.codes |= one(int64(code))
				}
			}
		}
		a := askedCheck{
			when: p.rowsWith(k.when), failIn: p.rowsWith(failIn), andIn: p.rowsWith(k.andIn), whenField: uint8(k.when.field), at: uint8(k.at), rule: k.rule,
			need: small(k.need), clean: small(k.clean), any: small(k.any), unless: small(k.unless), ifBlank: small(k.ifBlank),
			least: k.least, alone: k.alone, judge: k.judge, passes: k.passes,
		}
		switch {
		case k.judge != nil:
		case k.afterAsOf:
			a.kind = afterAsOf
		case k.least > 0:
			a.kind = below
		case k.alone != 0:
			a.kind = notAlone
		case k.inOrder != nil:
			a.kind, a.a, a.b = inOrder, uint8(k.inOrder[0]), uint8(k.inOrder[1])
		default:
			a.kind = byTable
		}
		c.asked = append(c.asked, a)
	}
	// One field after the other, so that the rows of its codes are found once.
	order := make([]int, len(c.codeSets))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return c.codeSets[a].of.field - c.codeSets[b].of.field })
	sorted, place := make([]codeRows, len(order)), make([]int16, len(order))
	for to, from := range order {
		sorted[to], place[from] = c.codeSets[from], int16(to)
	}
	c.codeSets = sorted
	for i := range c.asked {
		for _, n := range []*int16{&c.asked[i].when, &c.asked[i].failIn, &c.asked[i].andIn} {
			if *n >= 0 {
				*n = place[*n]
			}
		}
	}
}

// rowsWith notes that a check asks for codes of a field, and returns where.
func (p *plan) rowsWith(of codesOf) int16 {
	if of.codes == 0 {
		return -1
	}
	c := &p.checkPlan
	if n := slices.IndexFunc(c.codeSets, func(s codeRows) bool { return s.of == of }); n >= 0 {
		return int16(n)
	}
	k := &p.kernels[of.field]
	s := codeRows{of: of, byPlaces: k.typ != TypeCode, count: min(len(k.codes), 64)}
	if s.byPlaces {
		s.count = 8
	}
	var in, out []uint8
	for code := range s.count {
		if of.codes>>code&1 != 0 {
			in = append(in, uint8(code))
		} else {
			out = append(out, uint8(code))
		}
	}
	if s.codes = in; len(out) < len(in) && (s.byPlaces || len(k.codes) <= 64) {
		s.codes, s.not = out, true
	}
	c.codeSets = append(c.codeSets, s)
	return int16(len(c.codeSets) - 1)
}

// findCodes finds the rows of the block with the codes that checks ask for.
func (w *worker) findCodes() {
	b, p := &w.block, w.plan
	var rowsOf [64]uint64
	for n := range p.codeSets {
		s := &p.codeSets[n]
		f := s.of.field & (maxFields - 1)
		valid := b.valid[f] & b.read
		if n == 0 || p.codeSets[n-1].of.field != s.of.field {
			clear(rowsOf[:s.count])
			for m := valid; m != 0; m &= m - 1 {
				i := bits.TrailingZeros64(m) & (blockRows - 1)
				code := b.values.number[f][i]
				if s.byPlaces {
					code = int64(b.values.places[f][i])
				}
				if uint64(code) < uint64(len(rowsOf)) {
					rowsOf[code] |= 1 << i
				}
			}
		}
		rows := uint64(0)
		for _, code := range s.codes {
			rows |= rowsOf[code&63]
		}
		if s.not {
			rows = valid &^ rows
		}
		b.codeSets[n] = rows
	}
}

// askChecks asks the record rules about the rows of the block.
func (w *worker) askChecks() {
	b, p := &w.block, w.plan
	if b.read == 0 {
		return
	}
	w.findCodes()
	for n := range p.asked {
		k := &p.asked[n]
		asked := b.read
		for _, f := range k.need {
			asked &= b.valid[f&(maxFields-1)]
		}
		if asked == 0 {
			continue
		}
		if b.bad {
			for _, f := range k.clean {
				f &= maxFields - 1
				asked &^= b.filled[f] &^ b.valid[f]
			}
		}
		if len(k.any) > 0 {
			some := uint64(0)
			for _, f := range k.any {
				some |= b.filled[f&(maxFields-1)]
			}
			asked &= some
		}
		for _, f := range k.unless {
			asked &^= b.filled[f&(maxFields-1)]
		}
		if k.when >= 0 {
			asked &= b.codeSets[k.when] | ^b.valid[k.whenField&(maxFields-1)]
		}
		if asked == 0 {
			continue
		}
		failing := uint64(0)
		switch k.kind {
		case byTable:
			for _, f := range k.ifBlank {
				failing |= ^b.filled[f&(maxFields-1)]
			}
			if k.failIn >= 0 {
				rows := b.codeSets[k.failIn]
				if k.andIn >= 0 {
					rows &= b.codeSets[k.andIn]
				}
				failing |= rows
			}
			failing &= asked
		case afterAsOf:
			if b.latest > p.asOfDay {
				failing = b.above(asked, int(k.at), p.asOfDay)
			}
		case below:
			failing = asked &^ b.above(asked, int(k.at), k.least-1)
		case inOrder:
			failing = b.less(asked, int(k.b), int(k.a))
		case notAlone:
			f := k.at & (maxFields - 1)
			for m := asked; m != 0; m &= m - 1 {
				i := bits.TrailingZeros64(m) & (blockRows - 1)
				if set := uint64(b.values.number[f][i]); set&(set-1) != 0 && set&k.alone != 0 {
					failing |= 1 << i
				}
			}
		case judges:
			if passes := asked; k.passes != nil {
				passes &= k.passes(b, asked)
				asked = passes | w.askOneByOne(n, asked&^passes)
			} else {
				asked = w.askOneByOne(n, asked)
			}
		}
		for ; failing != 0; failing &= failing - 1 {
			w.row = &b.rows[bits.TrailingZeros64(failing)]
			w.checkFailed(n, fieldSet{})
		}
		if w.out.groups == nil {
			w.out.tally.rules[k.rule].checked += bits.OnesCount64(asked)
			continue
		}
		for ; asked != 0; asked &= asked - 1 {
			b.rows[bits.TrailingZeros64(asked)].tally.rules[k.rule].checked++
		}
	}
}

// above are those of the rows in which the value of a field is larger than most.
func (b *rowBlock) above(rows uint64, field int, most int64) (out uint64) {
	value := &b.values.number[field&(maxFields-1)]
	for m := rows; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		if value[i] > most {
			out |= 1 << i
		}
	}
	return out
}

// less are those of the rows in which the value of one field is smaller than that
// of another.
func (b *rowBlock) less(rows uint64, field, than int) uint64 {
	return b.within(rows, than, field, 1, math.MaxInt64)
}

// equal are those of the rows in which two fields have the same value.
func (b *rowBlock) equal(rows uint64, f, g int) uint64 { return b.within(rows, f, g, 0, 0) }

// within are those of the rows in which the value of a field is by least to most
// larger than that of another. No value is so large that a difference overflows, see
// tooLarge.
func (b *rowBlock) within(rows uint64, field, than int, least, most int64) (out uint64) {
	x, y := &b.values.number[field&(maxFields-1)], &b.values.number[than&(maxFields-1)]
	for m := rows; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		if d := x[i] - y[i]; d >= least && d <= most {
			out |= 1 << i
		}
	}
	return out
}

// someFilled are the rows in which a field of the group holds anything.
func (b *rowBlock) someFilled(group *fieldSet) (out uint64) {
	for f := range group.all {
		out |= b.filled[f]
	}
	return out
}

// someValid are the rows in which a field of the group is valid, and someWrong
// those in which one is filled and not valid.
func (b *rowBlock) someValid(group *fieldSet) (out uint64) {
	for f := range group.all {
		out |= b.valid[f]
	}
	return out
}

func (b *rowBlock) someWrong(group *fieldSet) (out uint64) {
	if !b.bad {
		return 0
	}
	for f := range group.all {
		out |= b.filled[f] &^ b.valid[f]
	}
	return out
}

// askOneByOne asks the function of a check about some rows, and returns those to
// which it applies.
func (w *worker) askOneByOne(n int, rows uint64) uint64 {
	b, k := &w.block, &w.plan.asked[n]
	w.asking = k.rule
	for m := rows; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m)
		r := &b.rows[i]
		r.at, r.related, r.lesser, r.beside = int(k.at), fieldSet{}, false, 0
		switch k.judge(r) {
		case Pass:
		case NotApplicable:
			rows &^= 1 << i
		default:
			w.row = r
			w.checkFailed(n, r.related)
		}
	}
	w.asking = -1
	return rows
}

// checkFailed notes the finding of a check; related are fields that it has named
// itself.
func (w *worker) checkFailed(n int, related fieldSet) {
	r, k := w.row, &w.plan.checks[n]
	at, level := k.at, k.level
	if k.judge != nil {
		at = r.at
		if r.lesser {
			level = k.lesser
		}
	}
	if related.empty() {
		related = k.related
	}
	w.found(k.rule, level, at, w.plan.column[at], noDetail, 0, related)
}
