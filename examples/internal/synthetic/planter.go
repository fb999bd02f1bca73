package synthetic

import (
	"slices"
	"strconv"
)

// plant is one kind of slip, named after the rule that it breaks.
type plant struct {
	rule string
	// slip makes the slip in the row and notes what is to be found, or leaves
	// the row alone and returns false where it does not suit.
	slip func(p *planter, r *row) bool
	// scarce says that few rows suit: those that came to a review, say, which the
	// clients of the last months have not.
	scarce bool
}

// answer is one line of the answer key. A field of -1 is empty.
type answer struct {
	field int
	rule  string
}

// planter makes slips in rows. The rows come in stretches, with one slip each. It
// goes round the kinds of slip: a stretch gets the kind that has waited longest,
// if a row of it suits that kind, or else the first in the queue that suits its
// last row.
type planter struct {
	random
	maker *generator // for numbers that nobody has
	asOf  int32
	queue []plant

	share uint64 // of 1<<32 rows
	made  uint64 // slips
	start uint64 // how far into the stretch to look for a row, in 1<<32 of it

	rule     string // the rule that is being broken
	answers  []answer
	before   bool // the row before, which is previous, has a slip
	previous [columnCount]int32

	// Rows without a slip that a later slip can refer to: one of each kind for
	// each service, and a few to repeat.
	numbered, homes [services]earlier
	repeatable      [16][columnCount]int32
	repeats         int32
}

// earlier is what a slip needs to know of a row that came before.
type earlier struct {
	known                           bool
	nhs                             int32
	birth, gender, postcode, client int32
	lsoa, quintile, edition         int32
}

func newPlanter(g *generator, seed uint64, share float64) *planter {
	p := &planter{maker: g, share: threshold(share), asOf: g.asOf}
	p.seed(seed, streamSlips)
	p.queue = p.order()
	return p
}

// order shuffles the kinds of slip: first the rules of rows and files and two of
// each family of field rules, then the other field rules.
func (p *planter) order() []plant {
	first := slices.Clone(rowPlants[:])
	var later []plant
	for _, family := range fieldPlants() {
		p.shuffle(family)
		first = append(first, family[:2]...)
		later = append(later, family[2:]...)
	}
	p.shuffle(first)
	p.shuffle(later)
	return append(alternate(first), alternate(later)...)
}

func (p *planter) shuffle(ps []plant) {
	for i := len(ps) - 1; i > 0; i-- {
		j := p.below(int32(i + 1))
		ps[i], ps[j] = ps[j], ps[i]
	}
}

// alternate lets every second kind be a scarce one until there are none left, so
// that those have their turn before the rows that suit them end.
func alternate(ps []plant) []plant {
	var scarce, common []plant
	for _, s := range ps {
		if s.scarce {
			scarce = append(scarce, s)
		} else {
			common = append(common, s)
		}
	}
	out := make([]plant, 0, len(ps))
	for i := range ps {
		if i < len(scarce) {
			out = append(out, scarce[i])
		}
		if i < len(common) {
			out = append(out, common[i])
		}
	}
	return out
}

// plant makes a slip in the row if its turn has come, and appends the lines of
// the answer key.
func (p *planter) plant(r *row, key []byte) []byte {
	slipped := p.slip(r, p.choice(r))
	if slipped {
		p.made++
		p.start = p.pcg.Uint64() >> 33
	} else {
		p.remember(r)
	}
	p.before = slipped
	p.previous = r.v
	if !slipped {
		return key
	}
	slices.SortFunc(p.answers, func(a, b answer) int {
		if a.field != b.field {
			return a.field - b.field
		}
		if a.rule < b.rule {
			return -1
		}
		return 1
	})
	for _, a := range p.answers {
		key = appendAnswer(key, r.record, a)
	}
	return key
}

func appendAnswer(key []byte, record int32, a answer) []byte {
	key = append(strconv.AppendInt(key, int64(record), 10), ',')
	if a.field >= 0 {
		key = append(key, columns[a.field].name...)
	}
	return append(append(append(key, ','), a.rule...), '\n')
}

// choice is how many kinds of slip, from the front of the queue, the row is to be
// tried with.
func (p *planter) choice(r *row) int {
	behind := uint64(r.record-1) * p.share
	stretch, ended := behind>>32, (behind+p.share)>>32
	switch {
	case p.made < ended:
		return len(p.queue)
	case p.made == stretch && behind&(1<<32-1) >= p.start:
		return 1
	}
	return 0
}

// slip makes the first slip that suits the row out of so many in the queue.
func (p *planter) slip(r *row, choice int) bool {
	for i := range choice {
		p.answers = p.answers[:0]
		p.rule = p.queue[i].rule
		if !p.queue[i].slip(p, r) {
			continue
		}
		done := p.queue[i]
		copy(p.queue[i:], p.queue[i+1:])
		p.queue[len(p.queue)-1] = done
		return true
	}
	return false
}

// at notes that the broken rule is to be found there.
func (p *planter) at(field int) bool { return p.also(field, p.rule) }

// also notes that another rule is broken, too.
func (p *planter) also(field int, rule string) bool {
	p.answers = append(p.answers, answer{field, rule})
	return true
}

// remember keeps what later slips can refer to.
func (p *planter) remember(r *row) {
	if !r.has(fServiceCode) || !p.chance(200) {
		return
	}
	service := r.v[fServiceCode]
	e := earlier{
		known: true, client: r.v[fClientID], nhs: r.v[fNHSNumber], birth: r.v[fDateOfBirth], gender: r.v[fGender],
		postcode: r.v[fPostcode], lsoa: r.v[fLSOA], quintile: r.v[fIMDQuintile], edition: r.v[fIMDEdition],
	}
	if r.has(fNHSNumber) {
		p.numbered[service] = e
	}
	if r.has(fDateOfBirth) && r.anyOf(fGender, gender1Male, gender2Female) && r.realPostcode() && atHome(r) {
		p.homes[service] = e
	}
	// A row to repeat must have nothing that is found at it anyway, or the key
	// would have to list it again.
	if !r.natural && !r.has(fNHSNumber) && r.closed() {
		p.repeatable[p.repeats%int32(len(p.repeatable))] = r.v
		p.repeats++
	}
}

// atHome reports whether the row's address can be a client's own: two clients
// of a prison or hostel may well share theirs.
func atHome(r *row) bool {
	return r.has(fSetting) && !r.anyOf(fSetting, settingPrison, settingApprovedPremises) &&
		!r.anyOf(fAccommodationType, home18Hostel, home21Justice)
}

// journeyDates are the dates in which something happened, birth and closure left out.
var journeyDates = [...]int{
	fReferralDate, fFirstContactDate, fAssessmentDate, fPlanDate, fSignpostedDate, fReviewDate,
	fFollowup3MDate, fFollowup6MDate, fFollowup12MDate,
}

// latest is the last of the journey's dates, one left out; 0 where there is none.
func latest(r *row, without int) int32 {
	last := int32(0)
	for _, f := range journeyDates {
		if f != without {
			last = max(last, r.v[f])
		}
	}
	return last
}

// yearAgo is the day before which nothing may have happened for an open episode
// to be stale.
func (p *planter) yearAgo() int32 { return monthsAfter(p.asOf, -12) }

// fresh reports whether the episode would not look stale if the date were gone
// or moved: it is closed, or something else happened within the year.
func (p *planter) fresh(r *row, date int) bool {
	return r.closed() && date != fClosureDate || latest(r, date) > p.yearAgo()
}

// isDate reports whether the column is one of the dates that may make an open
// episode stale.
func isDate(column int) bool { return columns[column].kind == kindDate && column != fDateOfBirth }

// spoilable reports whether the cell can be made unreadable without another
// finding, whether or not a validator counts an unreadable cell as filled.
func (p *planter) spoilable(r *row, f int) bool {
	switch {
	case !r.has(f):
		return false
	case isDate(f) && !p.fresh(r, f):
		return false
	case f == fClosureDate || f == fReferralDate:
		return r.single()
	case f == fGoal1Issue || f == fGoal2Issue || f == fGoal3Issue:
		return goalOnPrimary(r, f)
	}
	return true
}

// goalOnPrimary reports whether a goal, one left out, is on the primary issue,
// or none needs to be.
func goalOnPrimary(r *row, without int) bool {
	if !r.has(fPrimaryIssue) {
		return true
	}
	for _, f := range [...]int{fGoal1Issue, fGoal2Issue, fGoal3Issue} {
		if f != without && r.v[f] == r.v[fPrimaryIssue] {
			return true
		}
	}
	return false
}

// bigChange notes the change of a measure where it is larger than its limit.
func (p *planter) bigChange(r *row, measure int) {
	for _, q := range pairs {
		if (q.pre == measure || q.post == measure) && q.limit > 0 && r.both(q) && q.tooBig(r.v[q.pre], r.v[q.post]) {
			p.also(q.post, "measures/big-change")
		}
	}
}

func (q pair) tooBig(pre, post int32) bool {
	change := max(pre-post, post-pre)
	if q.percent {
		return int64(change)*100 > int64(q.limit)*int64(pre)
	}
	return change > q.limit
}
