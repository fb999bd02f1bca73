package synthetic

import "github.com/healthtrainer/healthtrainer/hte"

// Ethnic groups as GARD-SL has them, for the differences below.
const (
	groupWhite = iota
	groupAsian
	groupBlack
	groupOther
)

func ethnicGroup(ethnic int32) int {
	switch ethnic {
	case ethnicA, ethnicB, ethnicC:
		return groupWhite
	case ethnicH, ethnicJ, ethnicK, ethnicL:
		return groupAsian
	case ethnicM, ethnicN, ethnicP:
		return groupBlack
	}
	return groupOther
}

// Out of a thousand: those who set a plan, of all; and those with measures at
// both ends, of those who come to a review. The least deprived fifth is set apart
// by a factor, in per cent.
var (
	setsPlan      = [...]int32{groupWhite: 354, groupAsian: 302, groupBlack: 252, groupOther: 320}
	setsPlanFifth = [...]int32{99, 99, 99, 99, 120}
	bothEnds      = [...]int32{groupWhite: 428, groupAsian: 358, groupBlack: 330, groupOther: 380}
	bothEndsFifth = [...]int32{94, 94, 94, 94, 132}
)

// journey takes the client from the referral as far as the as-of date.
func (g *generator) journey(referral int32) {
	r, c := &g.row, &g.client
	group := ethnicGroup(c.ethnic)
	if g.chance(setsPlan[group] * setsPlanFifth[c.quintile] / 100) {
		if contact, ok := g.contact(referral, modeOneToOne); ok {
			g.issues(700)
			g.oneToOne(contact, true)
		}
		return
	}
	if g.chance(255) {
		g.neverReached(referral)
		return
	}
	mode := g.pick(odds{modeOneToOne: 42, modeBrief: 19, modeSignposted: 22, modeInformation: 10, modeGroup: 7})
	contact, ok := g.contact(referral, mode)
	if !ok {
		return
	}
	g.issues(375)
	switch mode {
	case modeOneToOne:
		g.oneToOne(contact, false)
	case modeBrief:
		if g.chance(700) {
			g.measures(700)
		}
		r.put(fSessionsAttended, 1)
		g.signpost(contact, 220)
		g.close(max(contact, r.v[fSignpostedDate])+g.between(0, 21), odds{closedCompleted: 82, closedSignposted: 6, closedDeclined: 6, closedNotContactable: 6})
	case modeSignposted:
		g.signpost(contact, 1000)
		g.close(contact+g.between(7, 35), odds{closedSignposted: 88, closedCompleted: 6, closedDeclined: 4, closedNotContactable: 2})
	case modeInformation:
		g.close(contact+g.between(0, 14), odds{closedSignposted: 92, closedDeclined: 5, closedOther: 3})
	case modeGroup:
		planned := g.between(4, 10)
		r.put(fSessionsPlanned, planned)
		r.put(fSessionsAttended, g.between(1, planned))
		if g.chance(500) {
			g.measures(600)
		}
		g.close(contact+g.between(42, 120), odds{closedCompleted: 74, closedDisengaged: 22, closedMoved: 4})
	}
}

// contact records the first contact; false while the client waits for it.
func (g *generator) contact(referral, mode int32) (int32, bool) {
	day := referral
	if !g.chance(110) {
		day += 1 + g.below(1+g.below(60))
	}
	if day > g.asOf {
		return 0, false
	}
	r := &g.row
	r.put(fFirstContactDate, day)
	r.put(fClientMode, mode)
	if g.chance(905) {
		r.put(fConsent, consentYes)
	} else {
		r.put(fConsent, consentNotAsked)
	}
	return day, true
}

func (g *generator) neverReached(referral int32) {
	reasons := odds{closedNotContactable: 52, closedDeclined: 28, closedIneligible: 9, closedMoved: 5, closedOther: 6}
	if inJustice(g.client.setting) {
		reasons = odds{
			closedNotContactable: 34, closedDeclined: 28, closedRecalled: 12, closedSentenced: 6,
			closedSupervisionEnded: 12, closedTransferred: 8,
		}
	}
	if g.client.setting == settingPrison {
		reasons = odds{closedDeclined: 40, closedReleased: 30, closedTransferred: 25, closedOther: 5}
	}
	g.close(referral+g.between(14, 100), reasons)
}

// close ends the episode, unless that day has not come.
func (g *generator) close(day int32, reasons odds) {
	reason := g.pick(reasons)
	if day > g.asOf {
		return
	}
	g.row.put(fClosureDate, day)
	g.row.put(fClosureReason, reason)
}

// issueOdds are GOVINT's for the primary issue: 63, 19 and 8 per cent, and the
// rest for the others.
var issueOdds = odds{
	issueDiet: 630, issueExercise: 190, issueSmoking: 14, issueAlcohol: 18, issueWeight: 22,
	issueEmotional: 28, issueDrugs: 3, issueSexualHealth: 1, issueSleep: 5, issueLongTerm: 9, issueLocal: 80,
}

// issues records what matters to the client. The primary issue is what the first
// goal will be on, recorded or not.
func (g *generator) issues(recorded int32) {
	r := &g.row
	if g.chance(recorded) {
		r.put(fPrimaryIssue, g.pick(issueOdds))
	}
	if g.chance(320) {
		r.put(fSecondaryIssues, g.codes(2, r.v[fPrimaryIssue], odds{
			issueDiet: 16, issueExercise: 26, issueSmoking: 8, issueAlcohol: 8, issueWeight: 18, issueEmotional: 12,
			issueDrugs: 2, issueSexualHealth: 1, issueSleep: 5, issueLongTerm: 4, issueLocal: 3,
		}))
	}
	needs := int32(400)
	if inJustice(g.client.setting) {
		needs = 680
	}
	if g.chance(needs) {
		r.put(fWiderNeeds, g.codes(3, blank, odds{
			needAccommodation: 16, needFinance: 22, needEmployment: 18, needRelationships: 9, needIsolation: 15,
			needDependency: 6, needLiteracy: 4, needRegistration: 5, needCaring: 4, needSafety: 1,
		}))
	}
}

// codes draws a set of one to most codes, without the one left out.
func (g *generator) codes(most, without int32, o odds) int32 {
	set := int32(0)
	for range 1 + g.below(most) {
		if c := g.pick(o); c != without {
			set |= 1 << c
		}
	}
	if set == 0 {
		return blank
	}
	return set
}

func (g *generator) signpost(from, perMille int32) {
	if !g.chance(perMille) {
		return
	}
	r := &g.row
	r.put(fSignpostedTo, g.codes(2, blank, odds{
		toStopSmoking: 250, toGP: 120, toDentist: 40, toWeight: 110, toExercise: 150, toMentalHealth: 100,
		toDrugAlcohol: 40, toSexualHealth: 10, toHousing: 45, toDebt: 45, toEmployment: 45, toCommunity: 45, toOther: 15,
	}))
	r.put(fSignpostedDate, min(from+g.between(0, 7), g.asOf))
}

// oneToOne is the path of a client who works with a trainer one to one.
func (g *generator) oneToOne(contact int32, plans bool) {
	r := &g.row
	planned := oneOf(&g.random, 4, 5, 6, 6, 6, 6, 8, 8, 10, 12)
	assessment := contact
	if !g.chance(350) {
		assessment += g.between(1, 21)
	}
	if !plans && g.chance(450) {
		g.signpost(contact, 160)
		g.leave(contact + g.between(20, 100))
		return
	}
	if assessment > g.asOf {
		return
	}
	r.put(fAssessmentDate, assessment)
	r.put(fSessionsPlanned, planned)
	r.put(fSessionsAttended, min(planned, 1))
	g.measures(1000)
	g.signpost(assessment, 240)
	if !plans {
		r.put(fSessionsAttended, g.between(1, 2))
		r.put(fSessionsMissed, g.between(0, 2))
		g.leave(max(assessment, r.v[fSignpostedDate]) + g.between(20, 150))
		return
	}
	plan := assessment
	if !g.chance(420) {
		plan += g.between(5, 28)
	}
	if plan > g.asOf {
		return
	}
	g.plan(plan, planned)
}

// leave closes an episode that came to no plan.
func (g *generator) leave(day int32) {
	reasons := odds{
		closedDisengaged: 52, closedNotContactable: 24, closedDeclined: 10, closedMoved: 5, closedSignposted: 4,
		closedConsentWithdrawn: 2, closedTransferred: 2, closedOther: 1,
	}
	if inJustice(g.client.setting) {
		reasons = odds{
			closedDisengaged: 36, closedNotContactable: 10, closedDeclined: 8, closedMoved: 3, closedRecalled: 14,
			closedSentenced: 7, closedSupervisionEnded: 14, closedTransferred: 6, closedDied: 1, closedOther: 1,
		}
	}
	if g.client.setting == settingPrison {
		reasons = odds{closedReleased: 42, closedTransferred: 36, closedDisengaged: 14, closedDeclined: 8}
	}
	g.close(day, reasons)
}

// plan sets the personal health plan and follows it to its end. 47 per cent are
// achieved and 23 in part (HTE-OUT); the middle one takes 21 weeks (JENN).
func (g *generator) plan(day, planned int32) {
	r := &g.row
	r.put(fPlanDate, day)
	if !r.has(fPrimaryIssue) {
		r.natural = true // pathway/primary-issue-missing
	}
	end := day + min(max(g.bell(157, 86), 35), 310)
	outcome := planAchieved + g.pick(odds{47, 23, 12, 18})
	if end > g.asOf {
		outcome = planOpen
	}
	r.put(fPlanStatus, outcome)
	g.goals(outcome)
	switch outcome {
	case planOpen:
		r.put(fSessionsAttended, g.between(1, planned))
	case planLost:
		r.put(fSessionsAttended, g.between(1, max(1, planned-3)))
		r.put(fSessionsMissed, g.between(1, 4))
		g.leave(end)
	default:
		g.review(end, planned)
	}
}

// goals puts up to three goals on the plan, the first on the primary issue.
func (g *generator) goals(outcome int32) {
	count := g.pick(odds{8, 50, 32, 10})
	if count == 0 {
		return
	}
	r := &g.row
	status := [...]odds{
		planOpen:        {goalOpen: 86, goalAchieved: 7, goalPart: 5, goalRevised: 2},
		planAchieved:    {goalAchieved: 84, goalPart: 9, goalRevised: 4, goalDropped: 3},
		planPart:        {goalAchieved: 34, goalPart: 46, goalNotAchieved: 12, goalRevised: 4, goalDropped: 4},
		planNotAchieved: {goalNotAchieved: 70, goalRevised: 6, goalDropped: 12, goalLost: 12},
		planLost:        {goalLost: 74, goalOpen: 10, goalDropped: 10, goalPart: 6},
	}[outcome]
	primary := r.v[fPrimaryIssue]
	if primary == blank {
		primary = g.pick(issueOdds)
	} else if g.chance(20) {
		primary = (primary + 1 + g.below(int32(len(issueCodes))-1)) % int32(len(issueCodes))
		count = 1
		r.natural = true // plan/primary-issue-without-goal
	}
	used := int32(0)
	for i := range count {
		issue := primary
		for used>>issue&1 != 0 {
			issue = g.pick(odds{
				issueDiet: 28, issueExercise: 34, issueSmoking: 4, issueAlcohol: 6, issueWeight: 12,
				issueEmotional: 8, issueDrugs: 1, issueSexualHealth: 0, issueSleep: 3, issueLongTerm: 2, issueLocal: 2,
			})
		}
		used |= 1 << issue
		r.put(fGoal1Issue+2*int(i), issue)
		s := g.pick(status)
		if i == 0 && outcome == planAchieved {
			s = goalAchieved
		}
		if i == 0 && outcome == planNotAchieved {
			s = goalNotAchieved
		}
		r.put(fGoal1Status+2*int(i), s)
	}
}

// review is the end of a plan that was seen through, and what comes after it.
func (g *generator) review(day, planned int32) {
	r, c := &g.row, &g.client
	r.put(fReviewDate, day)
	attended := max(1, planned-g.below(4))
	if g.chance(14) {
		attended = planned + g.between(1, 3)
		r.natural = true // pathway/attended-more-than-planned
	}
	r.put(fSessionsAttended, attended)
	r.put(fSessionsMissed, g.below(1+g.below(5)))
	if g.chance(bothEnds[ethnicGroup(c.ethnic)] * bothEndsFifth[c.quintile] / 100) {
		g.measuresAgain()
	}
	if needs := r.v[fWiderNeeds]; needs != blank {
		met, part := int32(0), int32(0)
		for i := range needCodes {
			if needs>>i&1 == 0 {
				continue
			}
			switch g.pick(odds{40, 28, 32}) {
			case 0:
				met |= 1 << i
			case 1:
				part |= 1 << i
			}
		}
		if met != 0 {
			r.put(fWiderNeedsMet, met)
		}
		if part != 0 {
			r.put(fWiderNeedsPartMet, part)
		}
	}
	end := day
	if !g.chance(450) {
		end += g.between(1, 28)
	}
	reasons := odds{closedCompleted: 964, closedMoved: 14, closedTransferred: 10, closedDied: 4, closedOther: 8}
	switch {
	case c.setting == settingPrison:
		reasons = odds{closedCompleted: 74, closedReleased: 18, closedTransferred: 8}
	case inJustice(c.setting):
		reasons = odds{closedCompleted: 82, closedSupervisionEnded: 14, closedRecalled: 3, closedMoved: 1}
	}
	g.close(end, reasons)
	if r.closed() {
		g.ending()
	}
	if !r.is(fClosureReason, closedDied) {
		g.followUps(day)
	}
}

// ending records how the client leaves: work, home, and the first step of some
// into the workforce.
func (g *generator) ending() {
	r, c := &g.row, &g.client
	if !r.is(fClosureReason, closedCompleted) && !r.is(fClosureReason, closedReleased) {
		return
	}
	if r.has(fEmploymentStatus) && g.chance(720) {
		work := r.v[fEmploymentStatus]
		if r.anyOf(fEmploymentStatus, work02Seeking, work06NotSeeking, work05Homemaker) && g.chance(210) {
			work = oneOf(&g.random, work01Employed, work01Employed, work03Student, work07Voluntary)
		}
		r.put(fEmploymentStatusPost, work)
	}
	if r.has(fAccommodationType) && g.chance(720) {
		home := r.v[fAccommodationType]
		if home >= home11Specialist && home <= home21Justice && g.chance(430) {
			home = oneOf(&g.random, home02Social, home02Social, home03Private, home04Family, home11Specialist, home18Hostel)
		}
		r.put(fAccommodationTypePost, home)
	}
	if !g.chance(700) {
		return
	}
	steps := odds{stepNone: 915, stepVolunteer: 42, stepChampion: 32, stepTrainee: 8, stepEmployed: 3}
	if inJustice(c.setting) {
		steps = odds{stepNone: 790, stepVolunteer: 70, stepChampion: 95, stepTrainee: 28, stepEmployed: 17}
	}
	r.put(fWorkforceStep, g.pick(steps))
}

// followUps asks after three, six and twelve months, and loses clients on the
// way. Of diet changes 65 per cent are maintained, of exercise 53 (RSPH13).
func (g *generator) followUps(review int32) {
	r := &g.row
	held := true
	for i, month := range [...]int{3, 6, 12} {
		date, result := fFollowup3MDate+2*i, fFollowup3MMaintained+2*i
		due := int32(hte.FromOrdinal(int(review)).AddMonths(month).Ordinal())
		day := due + min(max(g.bell(2, 8), -20), 30)
		late := g.chance(15)
		if late {
			day = due + g.between(48, 66)
		}
		stays := [...]int32{620, 730, 690}[i]
		if !held {
			stays = 90
		}
		held = g.chance(stays)
		switch {
		case held && day <= g.asOf:
			r.put(date, day)
			r.put(result, g.maintained(i))
			r.natural = r.natural || late // dates/followup-off-schedule
		case !held && due+30 <= g.asOf && g.chance(700):
			r.put(result, maintainedLost)
		}
		if day > g.asOf {
			return
		}
	}
}

func (g *generator) maintained(followUp int) int32 {
	o := odds{maintainedYes: 60, maintainedPart: 22, maintainedNo: 18}
	less := int32(followUp) * 3
	switch g.row.v[fGoal1Issue] {
	case issueDiet:
		o = odds{maintainedYes: 67 - less, maintainedPart: 19 + less, maintainedNo: 14}
	case issueExercise:
		o = odds{maintainedYes: 54 - less, maintainedPart: 24 + less, maintainedNo: 21}
	}
	return g.pick(o)
}
