package dcrs

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
)

// The rules of file scope need to see every row. They keep a fact of each: its
// identifiers as hashes, the values that are compared, and where they stand.
// The facts are grouped when the file ends, so the findings do not depend on
// the order of the rows beyond where they stand. Two different identifiers in
// one extract of ten million rows share a 64-bit hash with a probability of
// about three in a million.

// FileRuleBytes is how much memory the rules of file scope hold for each row.
// Grouping the rows at the end takes up to 48 bytes a row more for each of at
// most five workers; about 60 more for each row of a client, an NHS number or a
// person that hundreds of thousands of rows share; and 32 bytes for every row that
// cannot be taken apart, or that comes behind a blank line or a record of several
// lines. Where findings are streamed, each of theirs takes up to 40 bytes until it
// has been handed over. Switching all of them off (see [Severity]) makes the memory
// of a validator independent of the number of rows.
const FileRuleBytes = 72

const (
	ruleDuplicate    = "episode/duplicate"
	ruleOverlap      = "episode/overlap"
	ruleShared       = "client/nhs-number-shared"
	ruleInconsistent = "client/inconsistent"
	ruleSamePerson   = "client/same-person"
	ruleRawPercent   = "measures/who5-raw-as-percent"
)

// fileRule is one rule of file scope. Those of this package look at facts, which
// they share; one of a caller has a key or a fold of its own.
type fileRule struct {
	rule        string
	columns     []int // these must be in the file
	need, clean []int // of a row that takes part, for key and fold
	at          int

	facts *factRule
	key   func(r *Row, key []byte) []byte
	fold  func() Fold
}

// factRule looks at the facts of an extract of episodes: at every group of two
// or more that share a key, or at all of them.
type factRule struct {
	by    factKey
	each  func(ctx context.Context, s *factStore, found *foundFacts, rule int, same []uint32) (leftOut int, err error)
	count func(f *fact) int // what is checked of a row with a key; nil: the row
	all   func(ctx context.Context, s *factStore, found *foundFacts, rule int) (checked int, err error)
	units func(s *session, rows int) int // how much there is to check; nil: a row each
}

// factKey is a key by which facts are grouped.
type factKey int

const (
	byEpisode factKey = iota + 1
	byNumber
	byClient
	byPerson
)

// of is the key of a fact, 0 where it has none.
func (k factKey) of(f *fact) uint64 {
	switch k {
	case byEpisode:
		return f.episode
	case byNumber:
		if f.person&nhsThere == 0 || f.person&nhsFiller != 0 || f.client == 0 {
			return 0
		}
		return hashPair(uint64(f.service), f.nhs())
	case byClient:
		return f.client
	case byPerson:
		gender := f.person >> genderShift & demographics
		if f.client == 0 || f.birth() == 0 || gender == 0 || f.postcode() == 0 {
			return 0
		}
		return hashPair(hashPair(uint64(f.service), gender), f.home)
	}
	return 0
}

// episodeFileRules lists the rules of file scope of edition 2026.1.
func episodeFileRules() []fileRule {
	return []fileRule{
		{rule: ruleDuplicate, columns: fields(fEpisodeID), facts: &factRule{by: byEpisode, each: repeatedEpisodes}},
		{rule: ruleShared, columns: fields(fNHSNumber, fClientID, fServiceCode), facts: &factRule{by: byNumber, each: sharedNumbers}},
		{rule: ruleInconsistent, columns: fields(fServiceCode, fClientID), facts: &factRule{
			by: byClient, each: inconsistencies, count: func(f *fact) (n int) {
				for _, value := range f.compared() {
					if value != 0 {
						n++
					}
				}
				return n
			},
			units: func(_ *session, rows int) int { return rows * len(comparedFields) },
		}},
		{rule: ruleOverlap, columns: fields(fServiceCode, fClientID, fReferralDate, fClosureDate), facts: &factRule{
			by: byClient, each: overlaps, count: func(f *fact) int {
				if f.referral != 0 && f.closure >= 0 {
					return 1
				}
				return 0
			},
		}},
		{rule: ruleSamePerson, columns: fields(fServiceCode, fClientID, fDateOfBirth, fGender, fPostcode), facts: &factRule{
			by: byPerson, each: samePersons,
		}},
		{rule: ruleRawPercent, columns: fields(fServiceCode), facts: &factRule{
			all: rawPercents, units: func(s *session, rows int) int {
				if s.plan != nil && !s.plan.has(fServiceCode) && rows > 0 {
					return 1 // services cannot be told apart
				}
				return s.facts.services
			},
		}},
	}
}

// factFields are the fields whose places a fact keeps.
var factFields = [...]int{
	fEpisodeID, fServiceCode, fClosureDate, fPostcode, fDateOfBirth, fGender, fEthnicCategory, fNHSNumber,
	fWHO5PercentPre, fWHO5PercentPost,
}

// factColumn is the column of one of factFields, by its place there.
type factColumn struct{ place, column int }

// sortFacts notes what taking facts from rows takes.
func (p *plan) sortFacts() {
	for i, field := range factFields {
		if p.wantFacts && p.column[field] >= 0 {
			p.factColumns = append(p.factColumns, factColumn{i, p.column[field]})
		}
	}
	for i := range p.files {
		if rule := &p.files[i]; rule.facts != nil && rule.facts.count != nil {
			p.factCounts = append(p.factCounts, rule)
		}
	}
}

// fact is what the rules of file scope know of a row. A zero hash, date or code
// stands for a value that is blank or wrong.
type fact struct {
	episode uint64 // hash of episode_id
	client  uint64 // hash of service_code and client_id
	person  uint64 // NHS number, gender and ethnic category, see below
	home    uint64 // packed postcode, 0 where it cannot tell people apart, and above it the date of birth
	service uint32 // hash of service_code
	offset  uint32 // of the record, see factBreak
	referral,
	closure int32 // closure: 0 still open, -1 recorded but not readable
	places      [len(factFields)]uint16 // bytes from the start of the record
	first, last uint8                   // WHO-5 percentages, 255 for none
}

const (
	noPercent = 255
	farPlace  = math.MaxUint16 // a cell further in than this is placed at the record

	// The bits of fact.person.
	nhsBits      = 34
	nhsThere     = 1 << 34
	nhsGood      = 1 << 35 // check digit right, no placeholder
	nhsFiller    = 1 << 36
	genderVague  = 1 << 37 // a default or other code
	ethnicVague  = 1 << 38
	genderShift  = 40 // number in the list + 1
	ethnicShift  = 48
	demographics = 0xff

	birthShift = 42 // of fact.home
)

func (f *fact) birth() uint64    { return f.home >> birthShift }
func (f *fact) postcode() uint64 { return f.home & (1<<birthShift - 1) }

// factSpot is where the row of a fact stands, counted from the start of its batch.
type factSpot struct{ record, line uint32 }

// factBreak says where facts stand, from one on: in nearly every file records and
// lines go up with them one by one.
type factBreak struct {
	from         uint32 // the number of the fact
	record, line int    // of the file, less the number of the fact
	base         int64  // what fact.offset counts from
}

func (f *fact) nhs() uint64 {
	return f.person & (1<<nhsBits - 1)
}

// factStore keeps the facts in pieces, so that growing never copies them.
type factStore struct {
	pieces [][]fact
	shown  [][][]Shown
	n      int
	breaks []factBreak
	// inner are the lines further down on which cells of records of several lines
	// begin: few records have any.
	inner    map[uint32]innerLines
	services int // how many there are, once the rules that ask have been asked
}

const (
	pieceBits = 12
	stride    = 1 << 16 // facts between two looks at the context: a few milliseconds, where each of them goes into a map
)

func (s *factStore) at(i uint32) *fact { return &s.pieces[i>>pieceBits][i&(1<<pieceBits-1)] }

// take moves the facts of a batch into the store; records and lines are those
// before the batch.
func (s *factStore) take(res *result, records, lines int) {
	for i := range res.facts {
		f := &res.facts[i]
		here := factBreak{
			from: uint32(s.n), record: records + int(res.spots[i].record) - s.n, line: lines + int(res.spots[i].line) - s.n,
			base: res.batch.base + int64(f.offset),
		}
		b := here
		if len(s.breaks) > 0 {
			b = s.breaks[len(s.breaks)-1]
		}
		if len(s.breaks) == 0 || b.record != here.record || b.line != here.line || here.base-b.base > math.MaxUint32 {
			b = here
			s.breaks = append(s.breaks, here)
		}
		f.offset = uint32(here.base - b.base)
		if s.n&(1<<pieceBits-1) == 0 {
			s.pieces = append(s.pieces, make([]fact, 0, 1<<pieceBits))
			if len(res.shown) > 0 {
				s.shown = append(s.shown, make([][]Shown, 0, 1<<pieceBits))
			}
		}
		last := len(s.pieces) - 1
		s.pieces[last] = append(s.pieces[last], *f)
		if len(res.shown) > 0 {
			s.shown[last] = append(s.shown[last], res.shown[i])
		}
		if inner, ok := res.inner[i]; ok {
			if s.inner == nil {
				s.inner = make(map[uint32]innerLines)
			}
			s.inner[uint32(s.n)] = inner
		}
		s.n++
	}
}

// spot is where the row of a fact stands in the file.
func (s *factStore) spot(i uint32) (record, line int, offset int64) {
	n, found := slices.BinarySearchFunc(s.breaks, i, func(b factBreak, i uint32) int { return cmp.Compare(b.from, i) })
	if !found {
		n--
	}
	b := &s.breaks[n]
	return b.record + int(i), b.line + int(i), b.base + int64(s.at(i).offset)
}

// innerLines are, for each of factFields, how many lines below the first of its
// record the cell begins.
type innerLines [len(factFields)]uint32

const (
	hashA = 0xa0761d6478bd642f
	hashB = 0xe7037ed1a0b428db
)

// hashBytes mixes the bytes of an identifier, eight at a time. It is the same
// on every machine; 0 is never returned.
func hashBytes(seed uint64, b []byte) uint64 {
	h := seed ^ uint64(len(b))*hashA
	for len(b) >= 8 {
		hi, lo := bits.Mul64(h^binary.LittleEndian.Uint64(b)^hashA, hashB)
		h = hi ^ lo
		b = b[8:]
	}
	var tail uint64
	for i := len(b) - 1; i >= 0; i-- {
		tail = tail<<8 | uint64(b[i])
	}
	hi, lo := bits.Mul64(h^tail^hashB, hashA)
	hi, lo = bits.Mul64(hi^lo^hashA, hashB)
	return max(1, hi^lo)
}

func hashPair(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^hashA, b^hashB)
	hi, lo = bits.Mul64(hi^lo^hashB, hashA)
	return max(1, hi^lo)
}

// noteFact keeps what the rules of file scope need of the row.
func (w *worker) noteFact() {
	r, p, c := w.row, w.plan, &w.row.cells
	w.out.facts = append(w.out.facts, fact{})
	f := &w.out.facts[len(w.out.facts)-1]
	f.offset = c.first
	w.out.spots = append(w.out.spots, factSpot{r.inBatch, r.linesInBatch})
	for _, of := range p.factColumns {
		if at := uint(2 * of.column); c.fast {
			f.places[of.place] = binary.LittleEndian.Uint16(c.ends[at : at+2])
		} else {
			f.places[of.place] = uint16(min(c.rawAt(of.column)-c.first, farPlace))
		}
	}
	if r.kind == frameQuoted && bytes.IndexByte(c.batch[c.first:r.end], '\n') >= 0 {
		var inner innerLines
		for i, field := range factFields {
			if column := p.column[field]; column >= 0 {
				inner[i] = uint32(bytes.Count(c.batch[c.first:c.rawAt(column)], []byte{'\n'}))
			}
		}
		if w.out.inner == nil {
			w.out.inner = make(map[int]innerLines)
		}
		w.out.inner[len(w.out.facts)-1] = inner
	}
	if r.valid.has(fEpisodeID) {
		f.episode = hashBytes(1, r.Text(fEpisodeID))
	}
	if r.valid.has(fServiceCode) {
		service := hashBytes(2, r.Text(fServiceCode))
		f.service = max(1, uint32(service))
		if r.valid.has(fClientID) {
			f.client = hashBytes(service, r.Text(fClientID))
		}
	}
	if r.valid.has(fNHSNumber) {
		n := r.value(fNHSNumber)
		f.person = uint64(n) | nhsThere
		switch {
		case r.places(fNHSNumber)&numberFiller != 0:
			f.person |= nhsFiller
		case r.places(fNHSNumber)&numberGood != 0:
			f.person |= nhsGood
		}
	}
	f.person |= p.factCode(r, fGender, genderShift, genderVague)
	f.person |= p.factCode(r, fEthnicCategory, ethnicShift, ethnicVague)
	if r.valid.has(fDateOfBirth) {
		f.home = uint64(r.value(fDateOfBirth)) << birthShift
	}
	if r.valid.has(fReferralDate) {
		f.referral = int32(r.value(fReferralDate))
	}
	switch {
	case r.valid.has(fClosureDate):
		f.closure = int32(r.value(fClosureDate))
	case r.filled.has(fClosureDate):
		f.closure = -1
	}
	shared := r.valid.has(fSetting) && in(settingsShared, r.value(fSetting)) ||
		r.valid.has(fAccommodationType) && in(accommodationMany, r.value(fAccommodationType))
	if r.valid.has(fPostcode) && !isPseudoPostcode(r.value(fPostcode)) && !shared {
		f.home |= uint64(r.value(fPostcode))
	}
	f.first, f.last = noPercent, noPercent
	if r.valid.has(fWHO5PercentPre) {
		f.first = uint8(r.value(fWHO5PercentPre))
	}
	if r.valid.has(fWHO5PercentPost) {
		f.last = uint8(r.value(fWHO5PercentPost))
	}
	for _, rule := range p.factCounts {
		if rule.facts.by.of(f) != 0 {
			w.out.tally.rules[rule.index].checked += rule.facts.count(f)
		}
	}
	if len(p.v.show) > 0 {
		w.out.shown = append(w.out.shown, p.shown(c))
	}
}

// factCode is the code of a field as fact.person holds it, 0 unless it is valid.
func (p *plan) factCode(r *Row, field, shift int, vague uint64) uint64 {
	if !r.valid.has(field) {
		return 0
	}
	code := uint64(r.value(field)+1) << shift
	if k := &p.kernels[field]; (k.defaults|k.others)>>r.value(field)&1 != 0 {
		code |= vague
	}
	return code
}

// keyed is a fact under the key by which it is grouped.
type keyed struct {
	key  uint64
	fact uint32
}

// grouping is the memory that grouping facts takes, used again for the next key.
type grouping struct {
	keys     []uint64 // of each fact
	often    []uint64 // see repeats
	shift    uint
	list     []keyed
	scratch  []keyed
	together []uint32
}

// countersPerKey: with eight counters for a key, one key in eight that comes once
// is taken for one that comes twice, and sorted in vain.
const countersPerKey = 8

// reset makes the grouping ready for n facts.
func (g *grouping) reset(n int) {
	size := max(6, bits.Len(uint(n*countersPerKey-1)))
	g.shift = uint(64 - size)
	if words := 1 << size / 32; cap(g.often) < words {
		g.often = make([]uint64, words)
	} else {
		g.often = g.often[:words]
		clear(g.often)
	}
	if cap(g.keys) < n {
		g.keys = make([]uint64, n)
	}
	g.keys, g.list = g.keys[:n], g.list[:0]
}

// note counts a key: none, once, or more often than that, in two bits of a word
// that its hash points to. It returns how many more keys repeats will report.
func (g *grouping) note(key uint64) int {
	at := key >> g.shift
	word, shift := &g.often[at>>5], at&31*2
	switch *word >> shift & 3 {
	case 0:
		*word += 1 << shift
		return 0
	case 1:
		*word += 1 << shift
		return 2 // the one before, too
	}
	return 1
}

// repeats reports whether a key came more than once, or shares its counter with
// another.
func (g *grouping) repeats(key uint64) bool {
	at := key >> g.shift
	return g.often[at>>5]>>(at&31*2)&2 != 0
}

// group calls each with the facts of every key that at least two facts have,
// in the order of the file; key 0 is left out. It returns how many facts have a
// key.
func (s *factStore) group(ctx context.Context, by factKey, g *grouping, each func(facts []uint32) error) (int, error) {
	g.reset(s.n)
	i, n, candidates := 0, 0, 0
	for p, piece := range s.pieces {
		if p&(stride>>pieceBits-1) == 0 {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
		}
		for j := range piece {
			k := by.of(&piece[j])
			g.keys[i] = k
			i++
			if k != 0 {
				n++
				candidates += g.note(k)
			}
		}
	}
	if cap(g.list) < candidates {
		g.list = make([]keyed, 0, candidates)
	}
	for i, k := range g.keys {
		if i&(stride-1) == 0 {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
		}
		if k != 0 && g.repeats(k) {
			g.list = append(g.list, keyed{k, uint32(i)})
		}
	}
	list, scratch, err := sortKeyed(ctx, g.list, g.scratch)
	if err != nil {
		return 0, err
	}
	g.list, g.scratch = list, scratch
	for i, n := 0, 0; i < len(list); n++ {
		if n&(stride-1) == 0 {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
		}
		j := i + 1
		for j < len(list) && list[j].key == list[i].key {
			j++
		}
		if j-i > 1 {
			g.together = g.together[:0]
			for _, k := range list[i:j] {
				g.together = append(g.together, k.fact)
			}
			if err := each(g.together); err != nil {
				return 0, err
			}
		}
		i = j
	}
	return n, nil
}

// sortKeyed brings equal keys together, in the order of the file within a key:
// three passes of a radix sort over 33 bits of the hashes, and a careful sort of
// the few that still differ. It returns the sorted list and another that can be the
// scratch of the next call; each may be in the place of the other.
func sortKeyed(ctx context.Context, list, scratch []keyed) (sorted, other []keyed, err error) {
	const radix = 11
	if len(list) <= 1<<radix {
		sortCarefully(list)
		return list, scratch, nil
	}
	if cap(scratch) < len(list) {
		scratch = make([]keyed, len(list))
	}
	other = scratch[:len(list)]
	for pass := range 3 {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		shift := pass * radix
		var count [1 << radix]uint32
		for i := range list {
			count[list[i].key>>shift&(1<<radix-1)]++
		}
		sum := uint32(0)
		for i, n := range count {
			count[i] = sum
			sum += n
		}
		for i := range list {
			d := list[i].key >> shift & (1<<radix - 1)
			other[count[d]] = list[i]
			count[d]++
		}
		list, other = other, list
	}
	const mask = 1<<(3*radix) - 1
	for i := 0; i < len(list); {
		j, same := i+1, true
		for j < len(list) && list[j].key&mask == list[i].key&mask {
			same = same && list[j].key == list[i].key
			j++
		}
		if !same {
			sortCarefully(list[i:j])
		}
		i = j
	}
	return list, other, nil
}

func sortCarefully(list []keyed) {
	slices.SortFunc(list, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.fact, b.fact))
	})
}

// fileFact is a finding of file scope before its text is made: one for each row
// that shares its number with another, in a file that is wrong throughout.
type fileFact struct {
	at, with     uint32 // the facts
	count        uint32 // what the finding says beyond its rule, if it does
	rule         uint16
	field, other uint8 // the fields of each
}

func (f fileFact) compare(g fileFact) int {
	return cmp.Or(cmp.Compare(f.at, g.at), cmp.Compare(f.field, g.field), cmp.Compare(f.with, g.with))
}

// fileFacts are the findings of one rule.
type fileFacts struct {
	first []fileFact // those that stand first in the file
	n     int        // how many there are
}

// foundFacts collects findings of file scope, of each rule the first few in the
// order of the file, or all.
type foundFacts struct {
	rules []fileFacts
	keep  int               // of each rule; -1 for all
	group func(f *fileFact) // counts it in the group of its row; nil where there are no groups
}

func (c *foundFacts) add(f fileFact) {
	r := &c.rules[f.rule]
	r.n++
	if c.group != nil {
		c.group(&f)
	}
	if c.keep == 0 {
		return
	}
	r.first = append(r.first, f)
	if c.keep > 0 && len(r.first) >= 2*c.keep+64 {
		slices.SortFunc(r.first, fileFact.compare)
		r.first = r.first[:c.keep]
	}
}

// cut leaves the first few in the order of the file.
func (r *fileFacts) cut(ctx context.Context, keep int) error {
	if err := sortStoppable(ctx, r.first, fileFact.compare); err != nil {
		return err
	}
	if keep >= 0 {
		r.first = r.first[:min(keep, len(r.first))]
	}
	return nil
}

// sortStoppable sorts a list that may be long, and looks at the context now and
// then. The order of equal elements is left open.
func sortStoppable[T any](ctx context.Context, list []T, compare func(a, b T) int) error {
	const run = 1 << 15
	for chunk := range slices.Chunk(list, run) {
		if err := ctx.Err(); err != nil {
			return err
		}
		slices.SortFunc(chunk, compare)
	}
	if len(list) <= run {
		return nil
	}
	from, to := list, make([]T, len(list))
	for width := run; width < len(list); width *= 2 {
		for start := 0; start < len(list); start += 2 * width {
			middle, end := min(start+width, len(list)), min(start+2*width, len(list))
			i, j := start, middle
			for k := start; k < end; k++ {
				if k&(run-1) == 0 {
					if err := ctx.Err(); err != nil {
						return err
					}
				}
				if j == end || i < middle && compare(from[i], from[j]) <= 0 {
					to[k] = from[i]
					i++
				} else {
					to[k] = from[j]
					j++
				}
			}
		}
		from, to = to, from
	}
	copy(list, from)
	return nil
}

// fileRules groups what was kept of the rows and reports what it shows.
func (s *session) fileRules(ctx context.Context) error {
	if err := s.factRules(ctx); err != nil {
		return err
	}
	return s.ownFileRules(ctx)
}

// factRules asks the rules that look at facts.
func (s *session) factRules(ctx context.Context) error {
	if !s.plan.wantFacts {
		return nil
	}
	found := foundFacts{rules: make([]fileFacts, len(s.v.dict.rules)), keep: s.v.keep}
	if s.each != nil {
		found.keep = -1
	}
	if byRecord := s.groups.byRecord(); byRecord != nil {
		found.group = func(f *fileFact) {
			record, _, _ := s.facts.spot(f.at)
			if t := byRecord(record); t != nil {
				t.rules[f.rule].found[s.v.levels[f.rule]]++
			}
		}
	}
	if err := s.askFacts(ctx, &found); err != nil {
		return err
	}
	for _, r := range s.plan.files {
		if r.facts == nil {
			continue
		}
		f := &found.rules[r.index]
		if err := f.cut(ctx, found.keep); err != nil {
			return err
		}
		for i := range f.first {
			if i&1023 == 0 {
				if err := ctx.Err(); err != nil {
					return err
				}
			}
			if err := s.emitCounted(r.index, s.fileScope(&f.first[i])); err != nil {
				return err
			}
		}
		s.tally.rules[r.index].found[s.v.levels[r.index]] += f.n - len(f.first)
	}
	return nil
}

// askFacts groups the facts by one key after the other, or as many at once as
// there are workers: the rules of one key and of another touch nothing of each
// other's.
func (s *session) askFacts(ctx context.Context, found *foundFacts) error {
	var keys []factKey
	rules := make(map[factKey][]*readyFileRule)
	for i := range s.plan.files {
		if r := &s.plan.files[i]; r.facts != nil {
			if rules[r.by()] == nil {
				keys = append(keys, r.by())
			}
			rules[r.by()] = append(rules[r.by()], r)
		}
	}
	errs := make([]error, len(keys))
	var next atomic.Int32
	work := func() {
		var g grouping
		for i := int(next.Add(1)) - 1; i < len(keys); i = int(next.Add(1)) - 1 {
			errs[i] = s.facts.ask(ctx, keys[i], rules[keys[i]], &g, found, s.tally.rules)
		}
	}
	var wg sync.WaitGroup
	for range min(s.v.workers, len(keys)) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	return cmp.Or(errs...)
}

// ask asks rules that group facts by one key.
func (s *factStore) ask(ctx context.Context, by factKey, rules []*readyFileRule, g *grouping, found *foundFacts, tally []ruleTally) error {
	if by == 0 {
		for _, r := range rules {
			checked, err := r.facts.all(ctx, s, found, r.index)
			if err != nil {
				return err
			}
			tally[r.index].checked = checked
		}
		return nil
	}
	leftOut := make([]int, len(rules))
	keyed, err := s.group(ctx, by, g, func(same []uint32) error {
		for i, r := range rules {
			n, err := r.facts.each(ctx, s, found, r.index, same)
			if err != nil {
				return err
			}
			leftOut[i] += n
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, r := range rules {
		if r.facts.count == nil {
			tally[r.index].checked = keyed
		}
		tally[r.index].checked -= leftOut[i]
	}
	return nil
}

// repeatedEpisodes are the rows beyond the first.
func repeatedEpisodes(ctx context.Context, _ *factStore, found *foundFacts, rule int, same []uint32) (int, error) {
	for n, i := range same[1:] {
		if n&(stride-1) == stride-1 {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
		}
		found.add(fileFact{rule: uint16(rule), at: i, with: same[0], field: fEpisodeID, other: fEpisodeID})
	}
	return 0, nil
}

// sharedNumbers are the first rows of the clients beyond the first.
func sharedNumbers(ctx context.Context, s *factStore, found *foundFacts, rule int, same []uint32) (int, error) {
	var clients distinctSet[uint64]
	for n, i := range same {
		if n&(stride-1) == stride-1 {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
		}
		if clients.add(s.at(i).client) && i != same[0] {
			found.add(fileFact{rule: uint16(rule), at: i, with: same[0], field: fServiceCode, other: fNHSNumber})
		}
	}
	return 0, nil
}

// fileScope makes the text of a finding.
func (s *session) fileScope(f *fileFact) Finding {
	detail := ""
	if f.count > 0 {
		detail = fmt.Sprintf("%d percentages, the first here", f.count)
	}
	finding := s.plan.fileFinding(int(f.rule), s.place(f.at, int(f.field)), s.v.dict.fields[f.field].Name, detail)
	if f.with != f.at {
		finding.Related = []Related{{Field: s.v.dict.fields[f.other].Name, Position: s.place(f.with, int(f.other))}}
	}
	if len(s.facts.shown) > 0 {
		finding.Shown = s.facts.shown[f.at>>pieceBits][f.at&(1<<pieceBits-1)]
	}
	return finding
}

// distinctSet tells values that are new from those that came before.
type distinctSet[T comparable] struct {
	few  []T            // while there are few
	seen map[T]struct{} // then, instead
	n    int
}

// add reports whether the value is new.
func (d *distinctSet[T]) add(v T) bool {
	const most = 16
	if d.seen == nil {
		if slices.Contains(d.few, v) {
			return false
		}
		d.n++
		if d.few = append(d.few, v); len(d.few) > most {
			d.seen = make(map[T]struct{}, 2*most)
			for _, v := range d.few {
				d.seen[v] = struct{}{}
			}
			d.few = nil
		}
		return true
	}
	if _, ok := d.seen[v]; ok {
		return false
	}
	d.seen[v] = struct{}{}
	d.n++
	return true
}

// compared are the values that must not differ between the episodes of a
// client: date of birth, gender, ethnic category, NHS number; 0 for none, and for
// a code that says nothing.
func (f *fact) compared() [4]uint64 {
	nhs := uint64(0)
	if f.person&nhsThere != 0 && f.person&nhsFiller == 0 {
		nhs = f.nhs() | nhsThere
	}
	gender, ethnic := f.person>>genderShift&demographics, f.person>>ethnicShift&demographics
	if f.person&genderVague != 0 {
		gender = 0
	}
	if f.person&ethnicVague != 0 {
		ethnic = 0
	}
	return [4]uint64{f.birth(), gender, ethnic, nhs}
}

var comparedFields = [4]int{fDateOfBirth, fGender, fEthnicCategory, fNHSNumber}

func inconsistencies(ctx context.Context, s *factStore, found *foundFacts, rule int, same []uint32) (int, error) {
	for which, field := range comparedFields {
		var values distinctSet[uint64]
		first := uint32(0)
		for n, i := range same {
			if n&(stride-1) == stride-1 {
				if err := ctx.Err(); err != nil {
					return 0, err
				}
			}
			v := s.at(i).compared()[which]
			if v == 0 || !values.add(v) {
				continue
			}
			if values.n == 1 {
				first = i
				continue
			}
			found.add(fileFact{rule: uint16(rule), at: i, with: first, field: uint8(field), other: uint8(field)})
		}
	}
	return 0, nil
}

// overlaps walks the episodes of a client in the order in which they began, and
// returns how many rows it left out: an episode_id that is there twice is one
// episode, the one that began first, or the count would hang on which of the two
// rows stands first.
func overlaps(ctx context.Context, s *factStore, found *foundFacts, rule int, same []uint32) (leftOut int, err error) {
	episodes := make([]uint32, 0, len(same))
	for _, i := range same {
		if f := s.at(i); f.referral != 0 && f.closure >= 0 {
			episodes = append(episodes, i)
		}
	}
	end := func(f *fact) int32 {
		if f.closure == 0 {
			return math.MaxInt32
		}
		return f.closure
	}
	err = sortStoppable(ctx, episodes, func(a, b uint32) int {
		x, y := s.at(a), s.at(b)
		return cmp.Or(cmp.Compare(x.referral, y.referral), cmp.Compare(end(x), end(y)), cmp.Compare(a, b))
	})
	if err != nil {
		return 0, err
	}
	var ids distinctSet[uint64]
	latest := -1 // the one that ends last among those before
	for n, i := range episodes {
		if n&(stride-1) == stride-1 {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
		}
		f := s.at(i)
		if f.episode != 0 && !ids.add(f.episode) {
			leftOut++
			continue
		}
		if latest >= 0 && f.referral < end(s.at(uint32(latest))) {
			with := uint32(latest)
			found.add(fileFact{rule: uint16(rule), at: max(i, with), with: min(i, with), field: fClosureDate, other: fClosureDate})
		}
		if latest < 0 || end(f) > end(s.at(uint32(latest))) {
			latest = int(i)
		}
	}
	return leftOut, nil
}

// samePersons looks at the rows of one service that share date of birth, gender
// and postcode. Clients with different valid NHS numbers are different people;
// one without a number could be any of them. So of k clients with m different
// numbers, k - max(1, m) may be somebody twice.
func samePersons(ctx context.Context, s *factStore, found *foundFacts, rule int, same []uint32) (int, error) {
	type client struct {
		row uint32
		nhs uint64 // 0: none known
	}
	var clients []client
	place := make(map[uint64]uint32) // of each in clients
	for n, i := range same {
		if n&(stride-1) == stride-1 {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
		}
		f := s.at(i)
		at, ok := place[f.client]
		if !ok {
			at = uint32(len(clients))
			place[f.client] = at
			clients = append(clients, client{row: i})
		}
		if c := &clients[at]; f.person&nhsGood != 0 && (c.nhs == 0 || f.nhs()|nhsThere < c.nhs) {
			c.nhs = f.nhs() | nhsThere
		}
	}
	if len(clients) < 2 {
		return 0, nil
	}
	// The first client with each number is a person of their own; where nobody
	// has a number, the first client is.
	owner := make(map[uint64]uint32)
	anchor := clients[0].row
	for n, c := range slices.Backward(clients) {
		if n&(stride-1) == stride-1 {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
		}
		if c.nhs != 0 {
			owner[c.nhs] = c.row
			anchor = clients[n].row
		}
	}
	for n, c := range clients {
		if n&(stride-1) == stride-1 {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
		}
		with := anchor
		if c.nhs != 0 {
			with = owner[c.nhs]
		}
		if with != c.row {
			found.add(fileFact{rule: uint16(rule), at: max(c.row, with), with: min(c.row, with), field: fPostcode, other: fPostcode})
		}
	}
	return 0, nil
}

// rawPercents looks for services whose WHO-5 percentages are all so low that
// they can only be raw sums, and returns how many services have enough of them.
func rawPercents(ctx context.Context, s *factStore, found *foundFacts, rule int) (checked int, err error) {
	type service struct {
		n     int
		high  uint8
		first uint32
		field uint8
	}
	const enough = 20
	services := make(map[uint32]*service)
	i := uint32(0)
	for p, piece := range s.pieces {
		if p&(stride>>pieceBits-1) == 0 {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
		}
		for j := range piece {
			f := &piece[j]
			if f.service != 0 {
				sv := services[f.service]
				if sv == nil {
					sv = new(service)
					services[f.service] = sv
				}
				for n, percent := range [...]uint8{f.first, f.last} {
					if percent == noPercent {
						continue
					}
					if sv.n == 0 {
						sv.first, sv.field = i, [...]uint8{fWHO5PercentPre, fWHO5PercentPost}[n]
					}
					sv.n++
					sv.high = max(sv.high, percent)
				}
			}
			i++
		}
	}
	s.services = len(services)
	for _, sv := range services {
		if sv.n < enough {
			continue
		}
		checked++
		if sv.high <= 25 {
			found.add(fileFact{rule: uint16(rule), at: sv.first, with: sv.first, field: sv.field, count: uint32(sv.n)})
		}
	}
	return checked, nil
}

// place is where a field of a fact stands.
func (s *session) place(i uint32, field int) Position {
	f := s.facts.at(i)
	pos := Position{File: s.file}
	pos.Record, pos.Line, pos.Offset = s.facts.spot(i)
	if column := s.plan.column[field]; column >= 0 {
		pos.Column = column + 1
		if n := slices.Index(factFields[:], field); n >= 0 && f.places[n] < farPlace {
			pos.Offset += int64(f.places[n])
			pos.Line += int(s.facts.inner[i][n])
		}
	}
	return pos
}
