package synthetic

import (
	"slices"
	"strconv"
	"strings"

	"github.com/healthtrainer/healthtrainer/hte"
)

// filePlant is one kind of slip in an extract of several files, named after the
// rule that it breaks.
type filePlant struct {
	rule string
	// slip makes the slip in the episode or one of its rows and notes what is to be
	// found, or leaves them alone and returns false where it does not suit.
	slip func(b *bundler) bool
}

// plant makes a slip in the episode or its rows if its turn has come: episodes
// come in stretches as in [planter], with one slip each.
func (b *bundler) plant() {
	behind := uint64(b.row.record-1) * b.share
	stretch, ended := behind>>32, (behind+b.share)>>32
	choice := 0
	switch {
	case b.made < ended:
		choice = len(b.queue)
	case b.made == stretch && behind&(1<<32-1) >= b.start:
		choice = 1
	}
	for i := range choice {
		b.answers, b.rule = b.answers[:0], b.queue[i].rule
		if !b.queue[i].slip(b) {
			b.answers = b.answers[:0]
			continue
		}
		done := b.queue[i]
		copy(b.queue[i:], b.queue[i+1:])
		b.queue[len(b.queue)-1] = done
		b.made++
		b.start = b.slips.pcg.Uint64() >> 33
		slices.SortFunc(b.answers, compareAnswers)
		return
	}
}

func compareAnswers(x, y fileAnswer) int {
	switch {
	case x.file != y.file:
		return x.file - y.file
	case x.row != y.row:
		return int(x.row - y.row)
	case x.field != y.field:
		return strings.Compare(x.field, y.field)
	}
	return strings.Compare(x.rule, y.rule)
}

// at notes that the broken rule is to be found at a column of a row.
func (b *bundler) at(file, row, column int) bool { return b.also(file, row, column, b.rule) }

// also notes that another rule is broken, too.
func (b *bundler) also(file, row, column int, rule string) bool {
	b.answers = append(b.answers, fileAnswer{file, int32(row), childColumns[file][column], rule})
	return true
}

// disagrees notes that the row of the episode is to disagree at a field.
func (b *bundler) disagrees(field int, rule string) bool {
	b.answers = append(b.answers, fileAnswer{inEpisodes, 0, columns[field].name, rule})
	return true
}

// find is the first row of a file that suits, or -1.
func (b *bundler) find(file int, suits func(c []string) bool) int {
	return slices.IndexFunc(b.rows[file], suits)
}

func is(column int, values ...string) func(c []string) bool {
	return func(c []string) bool { return slices.Contains(values, c[column]) }
}

func ordinal(text string) int32 {
	d, _ := hte.ParseDate(text)
	return int32(d.Ordinal())
}

// edit is a slip that puts another text into a cell of the first row that suits.
func edit(file, column int, text func(b *bundler, c []string) string, suits func(b *bundler, c []string) bool, more ...func(b *bundler, row int)) func(b *bundler) bool {
	return func(b *bundler) bool {
		i := b.find(file, func(c []string) bool { return suits(b, c) })
		if i < 0 {
			return false
		}
		c := b.rows[file][i]
		c[column] = text(b, c)
		for _, m := range more {
			m(b, i)
		}
		return b.at(file, i, column)
	}
}

func to(text string) func(b *bundler, c []string) string {
	return func(*bundler, []string) string { return text }
}

func inDays(days int32) func(b *bundler, c []string) string {
	return func(b *bundler, _ []string) string { return day(b.asOf + days) }
}

func where(column int, values ...string) func(b *bundler, c []string) bool {
	return func(_ *bundler, c []string) bool { return slices.Contains(values, c[column]) }
}

func filled(column int) func(b *bundler, c []string) bool {
	return func(_ *bundler, c []string) bool { return c[column] != "" }
}

func both(one, two func(b *bundler, c []string) bool) func(b *bundler, c []string) bool {
	return func(b *bundler, c []string) bool { return one(b, c) && two(b, c) }
}

// has reports whether the episode has something in a field.
func has(field int) func(b *bundler, c []string) bool {
	return func(b *bundler, _ []string) bool { return b.row.has(field) }
}

// nobody is the identifier of no episode, another one for each that asks.
func nobody(b *bundler, _ []string) string {
	return string(appendPadded([]byte("SYN-X"), b.row.record, 8))
}

// twice gives a row the identifier of the one before it.
func twice(file int) func(b *bundler) bool {
	return func(b *bundler) bool {
		if len(b.rows[file]) < 2 {
			return false
		}
		b.rows[file][1][ofID] = b.rows[file][0][ofID]
		return b.at(file, 1, ofID)
	}
}

// drop leaves a row out.
func (b *bundler) drop(file, row int) {
	b.rows[file] = slices.Delete(b.rows[file], row, row+1)
}

// rejects makes an error in the row of an episode that has rows in the file, of
// which these and those in the other files are the consequence.
func rejects(file int, spoil func(b *bundler), field string) func(b *bundler) bool {
	return func(b *bundler) bool {
		if len(b.rows[file]) == 0 {
			return false
		}
		for file := inContacts; file < fileCount; file++ {
			for i := range b.rows[file] {
				b.also(file, i, ofEpisode, childKinds[file]+"/episode-rejected")
			}
		}
		if !b.row.has(fConsent) || b.row.is(fConsent, consentNo) || !b.row.single() {
			return false
		}
		spoil(b)
		b.answers = append(b.answers, fileAnswer{inEpisodes, 0, field, b.rule})
		return true
	}
}

// session is the first contact attended on the plan, on a day of its own.
func session(b *bundler) int {
	return b.find(inContacts, func(c []string) bool {
		return c[kPurpose] == "session" && (c[kAttended] == "attended" || c[kAttended] == "late") && ordinal(c[kDate]) != b.row.v[fFirstContactDate]
	})
}

// swap lets a session and another contact change their purposes.
func swap(purpose string, field int) func(b *bundler) bool {
	return func(b *bundler) bool {
		i, j := session(b), b.find(inContacts, is(kPurpose, purpose))
		if i < 0 || j < 0 || b.rows[inContacts][i][kDate] == b.rows[inContacts][j][kDate] {
			return false
		}
		b.rows[inContacts][i][kPurpose], b.rows[inContacts][j][kPurpose] = purpose, "session"
		return b.disagrees(field, b.rule)
	}
}

// withoutGoal leaves out the goal of that number.
func withoutGoal(n int) filePlant {
	return filePlant{"agreement/goal-" + strconv.Itoa(n) + "-missing", func(b *bundler) bool {
		i := b.find(inGoals, is(gNumber, strconv.Itoa(n)))
		if i < 0 {
			return false
		}
		b.drop(inGoals, i)
		return b.disagrees(fGoal1Issue+2*(n-1), b.rule)
	}}
}

var missed = where(kAttended, "did_not_attend", "absent_with_reason")

// seen is a contact that counts for nothing but itself.
var seen = where(kPurpose, "followup")

// cellSlip are the slips of single cells: a few of each family of field rules.
func cellSlip(rule string, file, column int, text string, suits func(b *bundler, c []string) bool) filePlant {
	return filePlant{rule, edit(file, column, to(text), suits)}
}

// openly is a goal that is neither settled nor open.
var openly = where(gStatus, "dropped", "revised", "lost")

// weighs is a weight at another time than the episode's row has, so that nothing
// else is compared with it.
var weighs = both(where(mMeasure, "weight_kg"), where(mPoint, "3m", "6m", "12m"))

var filePlants = []filePlant{
	{"pathway/consent-refused", rejects(inGoals, func(b *bundler) { b.row.put(fConsent, consentNo) }, "consent")},
	{"pathway/consent-refused", rejects(inSignposts, func(b *bundler) { b.row.put(fConsent, consentNo) }, "consent")},
	{"file/row-length", rejects(inNeeds, func(b *bundler) { b.row.broken, b.row.where = extraCell, fWorkforceStep }, "")},

	{"contact/orphan", edit(inContacts, ofEpisode, nobody, seen)},
	{"contact/duplicate", twice(inContacts)},
	{"contact/technique-unknown", edit(inContacts, kTechnique, to("1.10"), filled(kTechnique))},
	{"contact/in-the-future", edit(inContacts, kDate, inDays(3), missed)},
	{"contact/still-planned", edit(inContacts, kAttended, to("planned"), func(b *bundler, c []string) bool {
		return c[kAttended] == "rescheduled" && ordinal(c[kDate]) < b.asOf
	})},
	{"contact/time-without-attendance", edit(inContacts, kMinutes, to("20"), missed)},
	{"contact/techniques-without-attendance", edit(inContacts, kTechnique, to("1.1"), missed)},
	{"contact/before-referral", func(b *bundler) bool {
		i := b.find(inContacts, is(kPurpose, "outreach"))
		if i < 0 {
			return false
		}
		b.rows[inContacts][i][kPurpose] = "other"
		if b.row.has(fSessionsAttended) {
			b.disagrees(fSessionsAttended, "agreement/sessions-attended")
		}
		b.disagrees(fFirstContactDate, "agreement/first-contact")
		return b.at(inContacts, i, kDate)
	}},
	{"contact/after-closure", func(b *bundler) bool {
		i := b.find(inContacts, func(c []string) bool {
			return c[kPurpose] == "followup" && b.row.closed() && ordinal(c[kDate]) > b.row.v[fClosureDate]
		})
		if i < 0 || b.row.is(fClosureReason, closedDied) {
			return false
		}
		b.rows[inContacts][i][kPurpose] = "other"
		if b.row.has(fSessionsAttended) {
			b.disagrees(fSessionsAttended, "agreement/sessions-attended")
		}
		return b.at(inContacts, i, kDate)
	}},
	{"contact/after-death", func(b *bundler) bool {
		if !b.row.is(fClosureReason, closedDied) || b.row.v[fClosureDate] >= b.asOf {
			return false
		}
		i := len(b.rows[inContacts])
		b.add(inContacts, b.id("K", i), day(b.row.v[fClosureDate]+1), "02", "attended", "followup", "10", "", "", "")
		return b.at(inContacts, i, kDate)
	}},
	cellSlip("attendance/blank", inContacts, kAttended, "", seen),
	cellSlip("consultation_medium/code", inContacts, kMedium, "03", seen),
	cellSlip("consultation_medium/format", inContacts, kMedium, "1", both(seen, where(kMedium, "01"))),
	cellSlip("duration_minutes/range", inContacts, kMinutes, "2000", seen),
	cellSlip("duration_minutes/implausible", inContacts, kMinutes, "300", filled(kMinutes)),
	cellSlip("contact_date/format", inContacts, kDate, "31/12/2024", seen),
	{"agreement/first-contact", func(b *bundler) bool {
		i := b.find(inContacts, is(kPurpose, "first_contact"))
		if i < 0 || b.rows[inContacts][i][kAttended] != "attended" || b.row.v[fFirstContactDate] >= b.end() {
			return false
		}
		next := b.row.v[fFirstContactDate] + 1
		for j, c := range b.rows[inContacts] {
			if j != i && c[kPurpose] != "outreach" && ordinal(c[kDate]) < next {
				return false
			}
		}
		b.rows[inContacts][i][kDate] = day(next)
		return b.disagrees(fFirstContactDate, b.rule)
	}},
	{"agreement/sessions-attended", func(b *bundler) bool {
		i := session(b)
		if i < 0 || !b.row.has(fSessionsAttended) {
			return false
		}
		b.rows[inContacts][i][kPurpose] = "followup"
		return b.disagrees(fSessionsAttended, b.rule)
	}},
	{"agreement/sessions-missed", func(b *bundler) bool {
		i := b.find(inContacts, is(kAttended, "did_not_attend", "absent_with_reason"))
		moved := b.find(inContacts, is(kAttended, "rescheduled"))
		if i < 0 || moved >= 0 || !b.row.has(fSessionsMissed) {
			return false
		}
		b.drop(inContacts, i)
		return b.disagrees(fSessionsMissed, b.rule)
	}},
	{"agreement/assessment-contact", swap("assessment", fAssessmentDate)},
	{"agreement/review-contact", swap("review", fReviewDate)},

	{"goal/orphan", func(b *bundler) bool {
		i := b.find(inGoals, func(c []string) bool { return c[gNumber] == "1" })
		if i < 0 {
			return false
		}
		b.rows[inGoals][i][ofEpisode] = nobody(b, nil)
		b.disagrees(fGoal1Issue, "agreement/goal-1-missing")
		return b.at(inGoals, i, ofEpisode)
	}},
	{"goal/duplicate", twice(inGoals)},
	{"goal/number-twice", func(b *bundler) bool {
		if len(b.rows[inGoals]) < 2 {
			return false
		}
		last := slices.Clone(b.rows[inGoals][0])
		last[ofID] = b.id("G", 9)
		b.rows[inGoals] = append(b.rows[inGoals], last)
		return b.at(inGoals, len(b.rows[inGoals])-1, gNumber)
	}},
	{"goal/in-the-future", edit(inGoals, gReviewed, inDays(2), openly)},
	{"goal/due-too-early", edit(inGoals, gDue, func(_ *bundler, c []string) string { return day(ordinal(c[gSet]) - 1) }, openly)},
	{"goal/review-too-early", edit(inGoals, gReviewed, func(_ *bundler, c []string) string { return day(ordinal(c[gSet]) - 1) }, openly)},
	{"goal/settled-without-review", edit(inGoals, gReviewed, to(""), where(gStatus, "achieved", "part_achieved", "not_achieved"))},
	{"goal/overdue", func(b *bundler) bool {
		i := b.find(inGoals, is(gStatus, "open"))
		if i < 0 || b.row.v[fPlanDate] >= b.asOf {
			return false
		}
		b.rows[inGoals][i][gDue] = b.rows[inGoals][i][gSet]
		return b.at(inGoals, i, gStatus)
	}},
	{"goal/value-range", edit(inGoals, gTarget, to("900"), both(openly, filled(gMeasure)))},
	{"goal/measure-missing", edit(inGoals, gMeasure, to(""), filled(gBaseline))},
	{"goal/target-is-baseline", edit(inGoals, gTarget, func(_ *bundler, c []string) string { return c[gBaseline] }, filled(gBaseline))},
	{"goal/result-disagrees", func(b *bundler) bool {
		i := b.find(inGoals, func(c []string) bool { return c[gStatus] == "achieved" && c[gBaseline] != "" })
		if i < 0 {
			return false
		}
		b.rows[inGoals][i][gResult] = b.rows[inGoals][i][gBaseline]
		return b.at(inGoals, i, gStatus)
	}},
	{"goal/without-plan", func(b *bundler) bool {
		if b.row.has(fPlanDate) || len(b.rows[inGoals]) > 0 {
			return false
		}
		b.add(inGoals, b.id("G", 0), "", "diet", "", "", "", "", day(b.end()), "", "", "dropped")
		return b.at(inGoals, 0, ofEpisode)
	}},
	{"goal/before-plan", edit(inGoals, gSet, func(b *bundler, _ []string) string { return day(b.row.v[fPlanDate] - 1) }, func(*bundler, []string) bool { return true })},
	{"goal/after-closure", func(b *bundler) bool {
		i := b.find(inGoals, is(gStatus, "dropped", "revised", "lost"))
		if i < 0 || !b.row.closed() || b.row.v[fClosureDate] >= b.asOf {
			return false
		}
		c := b.rows[inGoals][i]
		c[gSet], c[gDue] = day(b.row.v[fClosureDate]+1), ""
		return b.at(inGoals, i, gSet)
	}},
	{"goal/open-but-closed", func(b *bundler) bool {
		if !b.row.is(fClosureReason, closedCompleted) || !b.row.has(fPlanDate) {
			return false
		}
		i := len(b.rows[inGoals])
		b.add(inGoals, b.id("G", i), "7", "sleep", "", "", "", "", day(b.row.v[fPlanDate]), "", "", "open")
		return b.at(inGoals, i, gStatus)
	}},
	{"goal/disagrees-with-episode", func(b *bundler) bool {
		i := b.find(inGoals, is(gStatus, "dropped", "revised"))
		if i < 0 {
			return false
		}
		b.rows[inGoals][i][gStatus] = "lost"
		return b.at(inGoals, i, gStatus)
	}},
	withoutGoal(1), withoutGoal(2), withoutGoal(3),
	cellSlip("issue/code", inGoals, gIssue, "eating", both(openly, filled(gIssue))),

	{"signpost/orphan", edit(inSignposts, ofEpisode, nobody, where(sKind, "information"))},
	{"signpost/duplicate", twice(inSignposts)},
	{"signpost/in-the-future", edit(inSignposts, sOutcomeDate, inDays(5), filled(sOutcomeDate))},
	{"signpost/outcome-too-early", edit(inSignposts, sOutcomeDate, func(_ *bundler, c []string) string { return day(ordinal(c[sDate]) - 1) }, filled(sOutcomeDate))},
	{"signpost/outcome-missing", edit(inSignposts, sOutcome, to(""), filled(sOutcomeDate))},
	{"signpost/consent-missing", edit(inSignposts, sConsent, to(""), where(sKind, "referred"))},
	{"signpost/referred-without-consent", edit(inSignposts, sConsent, to("N"), where(sKind, "referred"))},
	{"signpost/before-referral", edit(inSignposts, sDate, func(b *bundler, _ []string) string {
		return day(min(b.row.v[fReferralDate], max(b.row.v[fFirstContactDate], 0)) - 1)
	}, both(where(sKind, "information"), has(fFirstContactDate)))},
	{"signpost/after-closure", func(b *bundler) bool {
		i := b.find(inSignposts, is(sKind, "information"))
		if i < 0 || !b.row.closed() || b.row.v[fClosureDate] >= b.asOf {
			return false
		}
		b.rows[inSignposts][i][sDate] = day(b.row.v[fClosureDate] + 1)
		return b.at(inSignposts, i, sDate)
	}},
	{"signpost/not-in-episode", func(b *bundler) bool {
		i := b.find(inSignposts, is(sKind, "information"))
		if i < 0 || !b.row.has(fSignpostedTo) || b.row.v[fSignpostedTo]>>(len(signpostCodes)-1)&1 != 0 || ordinal(b.rows[inSignposts][i][sDate]) < b.row.v[fSignpostedDate] {
			return false
		}
		b.rows[inSignposts][i][sKind] = "signposted"
		return b.at(inSignposts, i, sDestination)
	}},
	{"agreement/signposted-date", func(b *bundler) bool {
		if len(b.rows[inSignposts]) != 1 || b.rows[inSignposts][0][sKind] == "information" || b.rows[inSignposts][0][sOutcomeDate] != "" || ordinal(b.rows[inSignposts][0][sDate]) >= b.end() {
			return false
		}
		c := b.rows[inSignposts][0]
		c[sDate] = day(ordinal(c[sDate]) + 1)
		return b.disagrees(fSignpostedDate, b.rule)
	}},
	{"agreement/signposts-missing", func(b *bundler) bool {
		if len(b.rows[inSignposts]) < 2 || b.rows[inSignposts][1][sKind] == "information" {
			return false
		}
		b.drop(inSignposts, 1)
		return b.disagrees(fSignpostedTo, b.rule)
	}},
	cellSlip("kind/code", inSignposts, sKind, "told", where(sKind, "information")),

	{"need/orphan", edit(inNeeds, ofEpisode, nobody, func(*bundler, []string) bool { return true }, func(b *bundler, _ int) {
		b.disagrees(fWiderNeeds, "agreement/needs-missing")
	})},
	{"need/duplicate", func(b *bundler) bool {
		if len(b.rows[inNeeds]) == 0 {
			return false
		}
		b.rows[inNeeds] = append(b.rows[inNeeds], slices.Clone(b.rows[inNeeds][0]))
		return b.at(inNeeds, len(b.rows[inNeeds])-1, nNeed)
	}},
	{"need/in-the-future", edit(inNeeds, nSettled, inDays(4), where(nStatus, "not_met"))},
	{"need/settled-too-early", edit(inNeeds, nSettled, func(_ *bundler, c []string) string { return day(ordinal(c[nRecorded]) - 1) }, where(nStatus, "not_met"))},
	{"need/settled-without-date", edit(inNeeds, nSettled, to(""), filled(nSettled))},
	{"need/before-referral", edit(inNeeds, nRecorded, func(b *bundler, _ []string) string {
		before := b.row.v[fReferralDate]
		if b.row.has(fFirstContactDate) {
			before = min(before, b.row.v[fFirstContactDate])
		}
		return day(before - 1)
	}, func(*bundler, []string) bool { return true })},
	{"need/not-in-episode", func(b *bundler) bool {
		if !b.row.has(fWiderNeeds) {
			return false
		}
		for i, code := range needCodes {
			if b.row.v[fWiderNeeds]>>i&1 == 0 {
				b.add(inNeeds, code, "low", "open", day(b.begun()), "")
				return b.at(inNeeds, len(b.rows[inNeeds])-1, nNeed)
			}
		}
		return false
	}},
	{"need/status-disagrees", func(b *bundler) bool {
		i := b.find(inNeeds, is(nStatus, "not_met"))
		if i < 0 || !b.row.has(fWiderNeedsMet) {
			return false
		}
		b.rows[inNeeds][i][nStatus] = "met"
		return b.at(inNeeds, i, nStatus)
	}},
	{"agreement/needs-missing", func(b *bundler) bool {
		i := b.find(inNeeds, is(nStatus, "open", "not_met"))
		if i < 0 {
			return false
		}
		b.drop(inNeeds, i)
		return b.disagrees(fWiderNeeds, b.rule)
	}},
	{"agreement/needs-met", func(b *bundler) bool {
		i := b.find(inNeeds, is(nStatus, "met"))
		if i < 0 {
			return false
		}
		b.rows[inNeeds][i][nStatus] = "not_met"
		return b.disagrees(fWiderNeedsMet, b.rule)
	}},
	{"agreement/needs-part-met", func(b *bundler) bool {
		i := b.find(inNeeds, is(nStatus, "part_met"))
		if i < 0 {
			return false
		}
		b.rows[inNeeds][i][nStatus] = "not_met"
		return b.disagrees(fWiderNeedsPartMet, b.rule)
	}},

	{"measure/orphan", edit(inMeasures, ofEpisode, nobody, func(*bundler, []string) bool { return true })},
	{"measure/duplicate", func(b *bundler) bool {
		if len(b.rows[inMeasures]) == 0 {
			return false
		}
		b.rows[inMeasures] = append(b.rows[inMeasures], slices.Clone(b.rows[inMeasures][0]))
		return b.at(inMeasures, len(b.rows[inMeasures])-1, mMeasure)
	}},
	{"measure/nothing-recorded", edit(inMeasures, mValue, to(""), where(mMeasure, "systolic"))},
	{"measure/not-an-instrument", edit(inMeasures, mScale, to("raw"), where(mMeasure, "systolic"))},
	{"measure/value-range", edit(inMeasures, mValue, to("900"), weighs)},
	{"measure/implausible", edit(inMeasures, mValue, to("25"), weighs)},
	{"measure/scale-missing", edit(inMeasures, mScale, to(""), both(where(mMeasure, "PHQ-9"), filled(mValue)))},
	{"measure/scale-unknown", edit(inMeasures, mScale, to("sum"), where(mMeasure, "PHQ-9"))},
	{"measure/score-range", edit(inMeasures, mValue, to("30"), where(mMeasure, "PHQ-9"))},
	{"measure/score-impossible", func(b *bundler) bool {
		i := b.find(inMeasures, is(mMeasure, "PHQ-9"))
		if i < 0 {
			return false
		}
		c := b.rows[inMeasures][i]
		c[mResponses], c[mValue] = "", "10.5"
		return b.at(inMeasures, i, mValue)
	}},
	{"measure/answer-count", edit(inMeasures, mResponses, func(_ *bundler, c []string) string { return c[mResponses] + " 1" }, where(mMeasure, "PHQ-9"))},
	{"measure/answer-unknown", edit(inMeasures, mResponses, func(_ *bundler, c []string) string { return "4" + c[mResponses][1:] }, where(mMeasure, "PHQ-9"))},
	{"measure/form-incomplete", edit(inMeasures, mResponses, func(_ *bundler, c []string) string { return "." + c[mResponses][1:] }, func(_ *bundler, c []string) bool {
		return c[mMeasure] == "WHO-5" && c[mValue] == ""
	})},
	{"measure/score-disagrees", edit(inMeasures, mValue, func(_ *bundler, c []string) string {
		n, _ := strconv.Atoi(c[mValue])
		return strconv.Itoa((n + 1) % 28)
	}, where(mMeasure, "PHQ-9"))},
	{"measure/score-of-incomplete-form", func(b *bundler) bool {
		i := b.find(inMeasures, is(mMeasure, "PHQ-9"))
		if i < 0 {
			return false
		}
		c := b.rows[inMeasures][i]
		c[mResponses] = "R" + c[mResponses][1:]
		return b.at(inMeasures, i, mValue)
	}},
	{"measure/in-the-future", edit(inMeasures, mDate, inDays(1), func(b *bundler, c []string) bool {
		return c[mPoint] == "post" && !b.row.is(fClosureReason, closedDied)
	})},
	{"measure/before-referral", edit(inMeasures, mDate, func(b *bundler, _ []string) string {
		before := b.row.v[fReferralDate]
		if b.row.has(fFirstContactDate) {
			before = min(before, b.row.v[fFirstContactDate])
		}
		return day(before - 1)
	}, where(mPoint, "pre"))},
	{"measure/pre-after-review", edit(inMeasures, mDate, func(b *bundler, _ []string) string { return b.text(fReviewDate) }, both(where(mPoint, "pre"), has(fReviewDate)))},
	{"measure/post-too-early", edit(inMeasures, mDate, func(b *bundler, _ []string) string { return b.text(fPlanDate) }, both(where(mPoint, "post"), has(fPlanDate)))},
	{"measure/followup-too-early", edit(inMeasures, mDate, func(b *bundler, _ []string) string { return day(b.row.v[fReviewDate] - 1) }, weighs)},
	{"measure/followup-off-schedule", edit(inMeasures, mDate, func(b *bundler, _ []string) string { return b.text(fReviewDate) }, both(where(mMeasure, "weight_kg"), where(mPoint, "3m", "6m", "12m")))},
	{"measure/after-death", func(b *bundler) bool {
		if !b.row.is(fClosureReason, closedDied) || b.row.v[fClosureDate] >= b.asOf {
			return false
		}
		b.add(inMeasures, "other", day(b.row.v[fClosureDate]+1), "weight_kg", "", "", "80")
		return b.at(inMeasures, len(b.rows[inMeasures])-1, mDate)
	}},
	{"measure/disagrees-with-episode", edit(inMeasures, mValue, func(_ *bundler, c []string) string {
		n, _ := strconv.Atoi(c[mValue])
		return strconv.Itoa(n + 1)
	}, where(mMeasure, "systolic"))},
	cellSlip("measure/code", inMeasures, mMeasure, "weight", weighs),
	cellSlip("time_point/code", inMeasures, mPoint, "1m", weighs),
	cellSlip("value/format", inMeasures, mValue, `"82,5"`, weighs),
}
