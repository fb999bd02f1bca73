package dcrs

import (
	"math/bits"
	"slices"
)

// Which record rules can be asked of a row is worked out for all of them at once:
// each is a bit, and tables tell for every eight fields which bits fall away when
// some of the eight are not valid. Rules about blank fields are judged in the same
// way, without a function.

// checkPlan are the record rules of a file, ready to be asked.
type checkPlan struct {
	checks []readyCheck
	blocks []checkBlock
}

// checkSet is a set of the checks of one block.
type checkSet [2]uint64

func (s *checkSet) add(i int)           { s[i>>6] |= 1 << (i & 63) }
func (s *checkSet) addAll(t *checkSet)  { s[0], s[1] = s[0]|t[0], s[1]|t[1] }
func (s *checkSet) dropAll(t *checkSet) { s[0], s[1] = s[0]&^t[0], s[1]&^t[1] }

const (
	checkWords = len(checkSet{})
	blockBits  = 7 // of the number of checks in a block
)

// checkBlock are 128 checks.
type checkBlock struct {
	all     checkSet // those that there are
	byEight []blankTable
	wanting [maxFields]checkSet // by a field that is wrong: those that want it clean
	ofGroup checkSet            // those that ask for any of a group
	codes   []codeChecks        // by the code of a field
	tabled  checkSet            // those that are judged by tables alone
	future  checkSet            // those with afterAsOf
	ready   [1 << blockBits]askedCheck
}

// blankTable says for eight fields, for each of their subsets, what it means to
// the checks that the fields of the subset are blank.
type blankTable struct {
	word, shift uint8 // where the eight stand in a fieldSet
	of          *[256]blankChecks
}

// blankChecks are 64 bytes.
type blankChecks struct {
	needing checkSet // those that need one of the blank fields
	failing checkSet // those that fail where one of them is blank
	some    checkSet // those that ask for any of a group that one of the filled fields is in
	unless  checkSet // those that are not to be asked where one of the filled fields is
}

func (t *blankTable) at(blank *fieldSet) *blankChecks {
	return &t.of[blank[t.word&1]>>(t.shift&63)&0xff]
}

// askedCheck is what asking a check takes, close together.
type askedCheck struct {
	judge        func(r *Row) Verdict // nil: the value of field b is smaller than that of field a
	rule         int32
	at           int32
	a, b         uint8
	least        int64 // instead: the value at lies below it
	ofAt, always bool  // the date at lies after the as-of date; it fails without further look
}

// codeChecks are the checks that the code of one field decides.
type codeChecks struct {
	field    int
	byPlaces bool // what Row.places says stands for the code
	// For each code of the list, those not to be asked, and those that fail.
	drop, fail []checkSet
}

func (p *plan) sortChecks() {
	c := &p.checkPlan
	c.blocks = make([]checkBlock, (len(c.checks)+1<<blockBits-1)>>blockBits)
	for n := range c.blocks {
		b := &c.blocks[n]
		var needing, groups, unless, blank [maxFields]checkSet
		note := func(to *[maxFields]checkSet, fields []int, i int) bool {
			for _, f := range fields {
				to[f].add(i)
			}
			return len(fields) > 0
		}
		for i := range c.checks[n<<blockBits : min((n+1)<<blockBits, len(c.checks))] {
			k := &c.checks[n<<blockBits+i]
			ready := &b.ready[i]
			*ready = askedCheck{judge: k.judge, rule: int32(k.rule), at: int32(k.at)}
			b.all.add(i)
			note(&needing, k.need, i)
			note(&b.wanting, k.clean, i)
			if note(&groups, k.any, i) {
				b.ofGroup.add(i)
			}
			note(&unless, k.unless, i)
			if k.when.codes != 0 {
				p.codeChecks(b, k.when.field, i, ^k.when.codes, 0)
			}
			if note(&blank, k.ifBlank, i) {
				b.tabled.add(i)
				ready.always = true
			}
			if k.failIn.codes != 0 {
				p.codeChecks(b, k.failIn.field, i, 0, k.failIn.codes)
				b.tabled.add(i)
				ready.always = true
			}
			if k.afterAsOf {
				b.future.add(i)
				ready.ofAt = true
			}
			ready.least = k.least
			if k.inOrder != nil {
				ready.a, ready.b = uint8(k.inOrder[0]), uint8(k.inOrder[1])
			}
		}
		for eight := range (len(p.v.dict.fields) + 7) / 8 {
			t := blankTable{word: uint8(eight >> 3), shift: uint8(eight & 7 << 3), of: new([256]blankChecks)}
			for subset := range t.of {
				c := &t.of[subset]
				for i := range 8 {
					f := eight<<3 + i
					if subset>>i&1 != 0 {
						c.needing.addAll(&needing[f])
						c.failing.addAll(&blank[f])
					} else {
						c.some.addAll(&groups[f])
						c.unless.addAll(&unless[f])
					}
				}
			}
			b.byEight = append(b.byEight, t)
		}
	}
}

// codeChecks notes which codes of a field let a check fall away or fail.
func (p *plan) codeChecks(b *checkBlock, field, i int, drop, fail uint64) {
	n := slices.IndexFunc(b.codes, func(c codeChecks) bool { return c.field == field })
	if n < 0 {
		codes := len(p.kernels[field].codes)
		byPlaces := p.kernels[field].typ != TypeCode
		if byPlaces {
			codes = 8
		}
		n = len(b.codes)
		b.codes = append(b.codes, codeChecks{field: field, byPlaces: byPlaces, drop: make([]checkSet, codes), fail: make([]checkSet, codes)})
	}
	for code := range b.codes[n].drop {
		if in(drop, int64(code)) {
			b.codes[n].drop[code].add(i)
		}
		if in(fail, int64(code)) {
			b.codes[n].fail[code].add(i)
		}
	}
}

// askChecks asks the record rules about the row.
func (w *worker) askChecks() {
	r, p := &w.row, w.plan
	blank := fieldSet{^r.filled[0], ^r.filled[1]}
	bad := r.filled.without(&r.valid)
	counts := w.checked.next()
	for n := range p.blocks {
		b := &p.blocks[n]
		asked, failing, some := b.all, checkSet{}, checkSet{}
		for i := range b.byEight {
			t := b.byEight[i].at(&blank)
			asked.dropAll(&t.needing)
			asked.dropAll(&t.unless)
			failing.addAll(&t.failing)
			some.addAll(&t.some)
		}
		some = checkSet{b.ofGroup[0] &^ some[0], b.ofGroup[1] &^ some[1]} // nothing of their group is there
		asked.dropAll(&some)
		for i := range b.codes {
			c := &b.codes[i]
			if f := c.field & (maxFields - 1); r.valid.has(f) {
				code := r.value[f]
				if c.byPlaces {
					code = int64(r.places[f])
				}
				if uint64(code) < uint64(len(c.drop)) && uint64(code) < uint64(len(c.fail)) {
					asked.dropAll(&c.drop[code])
					failing.addAll(&c.fail[code])
				}
			}
		}
		if !bad.empty() {
			invalid := fieldSet{^r.valid[0], ^r.valid[1]}
			for i := range b.byEight {
				asked.dropAll(&b.byEight[i].at(&invalid).needing)
			}
			for f := range bad.all {
				asked.dropAll(&b.wanting[f])
			}
		}
		// Those that pass for certain need no further look.
		passing := checkSet{b.tabled[0] &^ failing[0], b.tabled[1] &^ failing[1]}
		if r.latest <= p.asOfDay {
			passing.addAll(&b.future)
		}
		for i := range checkWords {
			for m := asked[i] &^ passing[i]; m != 0; m &= m - 1 {
				bit := i<<6 + bits.TrailingZeros64(m)
				k := &b.ready[bit&(1<<blockBits-1)]
				if k.judge == nil {
					if k.always || k.least > 0 && r.value[k.at&(maxFields-1)] < k.least || k.ofAt && r.value[k.at&(maxFields-1)] > p.asOfDay ||
						!k.ofAt && r.value[k.a&(maxFields-1)] > r.value[k.b&(maxFields-1)] {
						w.checkFailed(n<<blockBits+bit, fieldSet{})
					}
					continue
				}
				r.at, r.related, r.lesser, r.beside = int(k.at), fieldSet{}, false, 0
				w.asking = int(k.rule)
				switch k.judge(r) {
				case Pass:
				case NotApplicable:
					asked[i] &^= 1 << (bit & 63)
				default:
					w.checkFailed(n<<blockBits+bit, r.related)
				}
			}
		}
		copy(counts[n*checkWords:], asked[:])
	}
	w.asking = -1
	if w.out.groups != nil { // rows are counted in places that change
		for i, m := range counts {
			for ; m != 0; m &= m - 1 {
				w.tally.rules[p.checks[i<<6+bits.TrailingZeros64(m)].rule].checked++
			}
		}
		return
	}
	if w.checked.add() {
		w.flushChecked()
	}
}

// checkFailed notes the finding of a check; related are fields that it has named
// itself.
func (w *worker) checkFailed(n int, related fieldSet) {
	r, k := &w.row, &w.plan.checks[n]
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

// flushChecked adds what was counted of checks to the tally of the batch.
func (w *worker) flushChecked() {
	w.checked.flush(func(bit, n int) { w.out.tally.rules[w.plan.checks[bit].rule].checked += n })
}

// countFilled counts the fields that the row fills, constants left out.
func (w *worker) countFilled() {
	filled := w.row.filled.without(&w.plan.constantFilled)
	if w.out.groups != nil {
		for f := range filled.all {
			w.tally.fields[f].filled++
		}
		return
	}
	copy(w.filled.next(), filled[:])
	if w.filled.add() {
		w.flushFilled()
	}
}

func (w *worker) flushFilled() {
	w.filled.flush(func(f, n int) { w.out.tally.fields[f].filled += n })
}
