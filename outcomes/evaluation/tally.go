package evaluation

import (
	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/outcomes"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// followUpMonths are the follow-ups that an extract can hold.
var followUpMonths = [3]int{3, 6, 12}

// The stages of the journey up to the review.
const (
	atReferral = iota
	atContact
	atAssessment
	atPlan
	atReview
	stageCount
)

var stages = [stageCount]struct{ id, label string }{
	{"referral", "Referral"},
	{"contact", "First contact"},
	{"assessment", "Assessment"},
	{"plan", "Personal health plan"},
	{"review", "Review"},
}

// The binary states.
const (
	smoker = iota
	inWork
	settled
	binaryCount
)

// tally is the third pass: it adds up the rows of the period. Its size does not depend on their number.
type tally struct {
	f      *fields
	cs     []characteristic
	survey *survey

	counts    [characteristicCount][]categoryCount
	editions  outcomes.Freq
	funnel    outcomes.Funnel
	dated     [stageCount]int64
	follow    [3]followTally
	plans     statusTally
	plansBy   [2][]statusTally // by quintile, by setting
	goals     statusTally
	goalsBy   map[string]*statusTally // by issue, "" for none recorded
	signposts signpostTally
	contacted int64
	needs     map[string]*needTally

	measures []measureTally
	binaries [binaryCount]binaryTally
	who5     [2]ScoreOrigin
	moves    [2]transitionTally // work, home
	in       int64
}

type categoryCount struct {
	episodes, clients, in int64
}

type followTally struct {
	reviewed, notYet, died, due             int64
	yes, part, not, lost, unrecorded, early int64
}

type statusTally struct {
	total, open, achieved, part, not, dropped, lost, revised, missing int64
}

func (s *statusTally) add(status string) {
	s.total++
	switch status {
	case "open":
		s.open++
	case "achieved":
		s.achieved++
	case "part_achieved":
		s.part++
	case "not_achieved":
		s.not++
	case "dropped":
		s.dropped++
	case "lost":
		s.lost++
	case "revised":
		s.revised++
	default:
		s.missing++
	}
}

type signpostTally struct {
	episodes, onward int64
	codes            []string // bit i of a client's signposts stands for codes[i]
	byCode           []int64  // onward referrals
}

type needTally struct {
	present, met, part, notMet, open, unlisted int64
}

// stratum is one measure in one group.
type stratum struct {
	outcomes.Paired
	preOnlyOpen, up, same, down int64
}

func (s *stratum) add(pre, post int64, hasPre, hasPost, open bool) {
	switch {
	case hasPre && hasPost:
		s.Add(pre, post)
		switch {
		case post > pre:
			s.up++
		case post < pre:
			s.down++
		default:
			s.same++
		}
	case hasPre:
		s.AddPre(pre)
		if open {
			s.preOnlyOpen++
		}
	case hasPost:
		s.AddPost()
	default:
		s.AddNeither()
	}
}

func (s *stratum) merge(o *stratum) {
	s.Merge(o.Paired)
	s.preOnlyOpen += o.preOnlyOpen
	s.up += o.up
	s.same += o.same
	s.down += o.down
}

// measureTally holds one measure by quintile and by setting; everyone is the sum over the quintiles, the
// unknown ones included.
type measureTally struct {
	quintile, setting []stratum
	goal              stratum
}

// binaryStratum is one state in one group.
type binaryStratum struct {
	outcomes.PairedBinary
	preOnly, postOnly, neither int64
}

func (s *binaryStratum) add(pre, post, hasPre, hasPost bool) {
	switch {
	case hasPre && hasPost:
		s.Add(pre, post)
		return
	case hasPre:
		s.preOnly++
	case hasPost:
		s.postOnly++
	default:
		s.neither++
	}
	s.AddMissing()
}

func (s *binaryStratum) merge(o *binaryStratum) {
	s.Merge(o.PairedBinary)
	s.preOnly += o.preOnly
	s.postOnly += o.postOnly
	s.neither += o.neither
}

type binaryTally struct {
	quintile, setting []binaryStratum
	goal              binaryStratum
}

type transitionTally struct {
	groups                    map[string]int // by code
	counts                    outcomes.Table
	both, start, end, neither int64
}

func newTransition(groups []grouping) transitionTally {
	t := transitionTally{groups: make(map[string]int), counts: make(outcomes.Table, len(groups))}
	for i, g := range groups {
		t.counts[i] = make([]int64, len(groups))
		for _, code := range g.codes {
			t.groups[code] = i
		}
	}
	return t
}

func (t *transitionTally) add(start, end string) {
	i, hasStart := t.groups[start]
	j, hasEnd := t.groups[end]
	switch {
	case hasStart && hasEnd:
		t.both++
		t.counts[i][j]++
	case hasStart:
		t.start++
	case hasEnd:
		t.end++
	default:
		t.neither++
	}
}

func newTally(d *dcrs.Dictionary, f *fields, s *survey) *tally {
	t := &tally{
		f: f, survey: s, cs: characteristics(d, f),
		goalsBy: make(map[string]*statusTally), needs: make(map[string]*needTally),
		moves: [2]transitionTally{newTransition(workGroups), newTransition(homeGroups)},
	}
	names := make([]string, stageCount)
	for i, s := range stages {
		names[i] = s.id
	}
	t.funnel = outcomes.NewFunnel(names...)
	for i := range t.counts {
		t.counts[i] = make([]categoryCount, len(t.cs[i].categories))
	}
	quintiles, settings := len(t.cs[byQuintile].categories), len(t.cs[bySetting].categories)
	t.plansBy = [2][]statusTally{make([]statusTally, quintiles), make([]statusTally, settings)}
	t.measures = make([]measureTally, len(specs))
	for i := range t.measures {
		t.measures[i].quintile = make([]stratum, quintiles)
		t.measures[i].setting = make([]stratum, settings)
	}
	for i := range t.binaries {
		t.binaries[i].quintile = make([]binaryStratum, quintiles)
		t.binaries[i].setting = make([]binaryStratum, settings)
	}
	list, _ := d.CodeList("signpost")
	for _, c := range list.Codes {
		t.signposts.codes = append(t.signposts.codes, c.Code)
	}
	t.signposts.byCode = make([]int64, len(t.signposts.codes))
	list, _ = d.CodeList("wider_need")
	for _, c := range list.Codes {
		t.needs[c.Code] = new(needTally)
	}
	return t
}

// add takes one row; it skips those that are kept out or lie outside the period.
func (t *tally) add(row *dcrs.Row) {
	if t.survey.keptOut.has(row.Record()) || !t.survey.period.holds(row.Date(t.f.referralDate)) {
		return
	}
	key, _ := t.survey.key(row)
	at, ok := t.survey.byKey[key]
	if !ok {
		return // the file has changed since the survey; Run notices by the counts
	}
	c := &t.survey.clients[at]
	index := c.record == row.Record()
	open := !row.Valid(t.f.closureDate) && !row.Valid(t.f.closureReason)

	var cats [characteristicCount]uint8
	for i := range t.cs {
		cats[i] = t.cs[i].of(row)
		t.counts[i][cats[i]].episodes++
		if index {
			t.counts[i][cats[i]].clients++
		}
	}
	if edition := row.Code(t.f.imdEdition); edition != "" && t.cs[byQuintile].categories[cats[byQuintile]].known {
		t.editions.Add(edition)
	} else {
		t.editions.AddMissing()
	}
	t.journey(row, c, open)
	t.followUps(row)
	t.plan(row, c, cats[byQuintile], cats[bySetting])
	t.wider(row, c, open)
	if index {
		t.changes(row, &cats, open)
	}
}

func (t *tally) journey(row *dcrs.Row, c *client, open bool) {
	last := atReferral
	for i, field := range [stageCount]int{t.f.referralDate, t.f.firstContact, t.f.assessment, t.f.plan, t.f.review} {
		if row.Valid(field) {
			t.dated[i]++
			last = i
		}
	}
	c.stage = max(c.stage, uint8(last))
	// The index is that of a stage, so neither can fail.
	if open {
		_ = t.funnel.Add(last)
	} else {
		_ = t.funnel.AddLeft(last, row.Code(t.f.closureReason))
	}
}

func (t *tally) followUps(row *dcrs.Row) {
	review := row.Date(t.f.review)
	if review.IsZero() {
		return
	}
	for i, months := range followUpMonths {
		f := &t.follow[i]
		f.reviewed++
		due := review.AddMonths(months)
		result := row.Code(t.f.maintained[i])
		held := result == "yes" || result == "part" || result == "no"
		closed := row.Date(t.f.closureDate)
		switch {
		case due.IsZero() || due.After(t.survey.asOf):
			f.notYet++
			if held {
				f.early++
			}
			continue
		case row.Code(t.f.closureReason) == "died" && !held && closed.Before(due):
			f.died++
			continue
		}
		f.due++
		switch result {
		case "yes":
			f.yes++
		case "part":
			f.part++
		case "no":
			f.not++
		case "lost":
			f.lost++
		default:
			f.unrecorded++
		}
	}
}

func (t *tally) plan(row *dcrs.Row, c *client, quintile, setting uint8) {
	if row.Valid(t.f.plan) || row.Valid(t.f.planStatus) {
		status := row.Code(t.f.planStatus)
		t.plans.add(status)
		t.plansBy[0][quintile].add(status)
		t.plansBy[1][setting].add(status)
		c.plans++
	}
	for i := range t.f.goalIssue {
		if !row.Valid(t.f.goalIssue[i]) && !row.Valid(t.f.goalStatus[i]) {
			continue
		}
		status, issue := row.Code(t.f.goalStatus[i]), row.Code(t.f.goalIssue[i])
		t.goals.add(status)
		by := t.goalsBy[issue]
		if by == nil {
			by = new(statusTally)
			t.goalsBy[issue] = by
		}
		by.add(status)
	}
}

func (t *tally) wider(row *dcrs.Row, c *client, open bool) {
	if row.Valid(t.f.signpostedTo) {
		t.signposts.episodes++
		for i, code := range t.signposts.codes {
			if row.HasCode(t.f.signpostedTo, code) {
				t.signposts.onward++
				t.signposts.byCode[i]++
				c.signposted |= 1 << i
			}
		}
	}
	hasNeeds := row.Valid(t.f.needs)
	if hasNeeds || row.Valid(t.f.firstContact) || row.Valid(t.f.assessment) || row.Valid(t.f.plan) || row.Valid(t.f.review) {
		t.contacted++
	}
	if !hasNeeds && !row.Valid(t.f.needsMet) && !row.Valid(t.f.needsPartMet) {
		return
	}
	for code, n := range t.needs {
		met, part := row.HasCode(t.f.needsMet, code), row.HasCode(t.f.needsPartMet, code)
		if !row.HasCode(t.f.needs, code) {
			if met || part {
				n.unlisted++
			}
			continue
		}
		n.present++
		switch {
		case open:
			n.open++
		case met:
			n.met++
		case part:
			n.part++
		default:
			n.notMet++
		}
	}
}

// changes adds what an index episode says of before and after.
func (t *tally) changes(row *dcrs.Row, cats *[characteristicCount]uint8, open bool) {
	var goals [3]string
	for i, field := range t.f.goalIssue {
		goals[i] = row.Code(field)
	}
	hasGoal := func(issues []string) bool {
		for _, issue := range issues {
			for _, g := range goals {
				if g == issue {
					return true
				}
			}
		}
		return false
	}
	in := false
	for i := range specs {
		var v [2]int64
		var ok [2]bool
		for point := range v {
			if field := t.f.measures[i][point]; field >= 0 {
				v[point], ok[point] = row.Thousandths(field)
			} else {
				v[point], ok[point] = t.who5Score(row, point)
			}
		}
		in = in || ok[0] && ok[1]
		m := &t.measures[i]
		m.quintile[cats[byQuintile]].add(v[0], v[1], ok[0], ok[1], open)
		m.setting[cats[bySetting]].add(v[0], v[1], ok[0], ok[1], open)
		if hasGoal(specs[i].Issues) {
			m.goal.add(v[0], v[1], ok[0], ok[1], open)
		}
	}
	for i, field := range [binaryCount][2]int{t.f.smoking, t.f.employment, t.f.accommodation} {
		var yes, ok [2]bool
		for point := range yes {
			yes[point], ok[point] = binaryState(i, row.Code(field[point]))
		}
		b := &t.binaries[i]
		b.quintile[cats[byQuintile]].add(yes[0], yes[1], ok[0], ok[1])
		b.setting[cats[bySetting]].add(yes[0], yes[1], ok[0], ok[1])
		if hasGoal(binarySpecs[i].issues) {
			b.goal.add(yes[0], yes[1], ok[0], ok[1])
		}
		in = in || i == smoker && ok[0] && ok[1]
	}
	for i, field := range [2][2]int{t.f.employment, t.f.accommodation} {
		t.moves[i].add(row.Code(field[0]), row.Code(field[1]))
	}
	if !in {
		return
	}
	t.in++
	for i := range t.cs {
		t.counts[i][cats[i]].in++
	}
}

// who5Score scores the items where all five are there, and else takes the percentage on record if items
// can give it at all.
func (t *tally) who5Score(row *dcrs.Row, point int) (thousandths int64, ok bool) {
	var items [5]int8
	for i, field := range t.f.who5[point] {
		items[i] = -1
		if v, ok := row.Int(field); ok && v >= 0 && v <= 5 {
			items[i] = int8(v)
		}
	}
	recorded, hasRecorded := row.Int(t.f.who5Percent[point])
	if score, ok := wellbeing.WHO5Percent(items[0], items[1], items[2], items[3], items[4]); ok {
		t.who5[point].Items++
		if hasRecorded && recorded != int64(score) {
			t.who5[point].Disagreed++
		}
		return int64(score) * outcomes.Unit, true
	}
	if !hasRecorded || recorded < 0 || recorded > 100 || recorded%4 != 0 {
		return 0, false
	}
	t.who5[point].Recorded++
	return recorded * outcomes.Unit, true
}

// binaryState reads a code as yes or no; ok is false where it says neither.
func binaryState(which int, code string) (yes, ok bool) {
	switch which {
	case smoker:
		return code == "1", code >= "1" && code <= "4" && len(code) == 1
	case inWork:
		return code == "01", code >= "01" && code <= "08" && len(code) == 2
	default:
		return code >= "01" && code <= "08", code != "" && code != "98"
	}
}

// binarySpecs describes the states, in the order of their constants.
var binarySpecs = [binaryCount]struct {
	id, label, state string
	better           Better
	issues           []string
}{
	{"smoking", "Smoking", "a current smoker", Lower, []string{"smoking"}},
	{"in-work", "Work", "in work", Higher, nil},
	{"settled-home", "Housing", "in a settled home", Higher, nil},
}
