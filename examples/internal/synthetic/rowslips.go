package synthetic

// rowPlants are the slips that break a rule of rows, or one of files that looks
// at keys.
var rowPlants = [...]plant{
	{"file/row-length", rowLengthSlip, false},
	{"file/quote", quoteSlip, false},
	{"file/control-character", controlSlip, false},

	{"client/nhs-number-check-digit", checkDigitSlip, false},
	{"client/nhs-number-placeholder", placeholderSlip, false},
	{"client/nhs-number-test-range", testRangeSlip, false},
	{"client/nhs-number-status-disagrees", numberStatusSlip, false},
	{"client/id-is-nhs-number", idIsNumberSlip, false},
	{"client/nhs-number-shared", sharedNumberSlip, false},
	{"client/inconsistent", inconsistentSlip, true},
	{"client/same-person", samePersonSlip, true},
	{"episode/duplicate", duplicateSlip, false},
	{"episode/overlap", overlapSlip, true},

	{"place/quintile-for-pseudo-postcode", pseudoPostcodeSlip, false},
	{"place/quintile-missing", quintileMissingSlip, false},
	{"place/quintile-without-edition", editionMissingSlip, false},
	{"place/edition-in-the-future", futureEditionSlip, false},
	{"place/lsoa-and-edition-nation", nationSlip, false},
	{"place/no-abode-but-housed", housedSlip, false},
	{"place/prison-setting-elsewhere", prisonElsewhereSlip, true},

	{"dates/birth-after-referral", birthAfterSlip, false},
	{"dates/age-at-referral", ageSlip, false},
	{"dates/age-disagrees", ageDisagreesSlip, false},
	{"dates/in-the-future", futureSlip, false},
	{"dates/before-the-programme", beforeProgrammeSlip, false},
	{"dates/contact-too-early", contactEarlySlip, false},
	{"dates/assessment-too-early", assessmentEarlySlip, false},
	{"dates/plan-too-early", planEarlySlip, false},
	{"dates/signposted-too-early", signpostedEarlySlip, true},
	{"dates/review-too-early", reviewEarlySlip, true},
	{"dates/review-same-day", reviewSameDaySlip, true},
	{"dates/followup-too-early", followUpEarlySlip, true},
	{"dates/followups-out-of-order", followUpOrderSlip, true},
	{"dates/followup-off-schedule", offScheduleSlip, true},
	{"dates/closed-too-early", closedEarlySlip, false},
	{"dates/stale-open", staleSlip, true},

	{"pathway/mode-missing", modeMissingSlip, false},
	{"pathway/consent-missing", consentMissingSlip, false},
	{"pathway/consent-refused", consentRefusedSlip, false},
	{"pathway/assessment-missing", assessmentMissingSlip, false},
	{"pathway/supervision-missing", supervisionMissingSlip, true},
	{"pathway/supervision-unexpected", supervisionUnexpectedSlip, false},
	{"pathway/justice-referral-outside-justice", justiceReferralSlip, false},
	{"pathway/plan-in-other-mode", otherModeSlip, true},
	{"pathway/primary-issue-missing", primaryMissingSlip, false},
	{"pathway/primary-among-others", primaryAmongOthersSlip, false},
	{"pathway/none-with-others", noneWithOthersSlip, false},
	{"pathway/need-met-not-recorded", needMetSlip, false},
	{"pathway/signpost-pair", signpostPairSlip, true},
	{"pathway/signposted-to-nothing", signpostedToNothingSlip, true},
	{"pathway/closure-pair", closurePairSlip, false},
	{"pathway/followup-pair", followUpPairSlip, true},
	{"pathway/attended-none-but-reviewed", attendedNoneSlip, true},
	{"pathway/attended-more-than-planned", attendedMoreSlip, false},
	{"pathway/recalled-not-supervised", recalledSlip, false},
	{"pathway/died-with-later-event", diedSlip, true},

	{"plan/status-missing", planStatusMissingSlip, false},
	{"plan/date-missing", planDateMissingSlip, false},
	{"plan/goal-pair", goalPairSlip, false},
	{"plan/goal-gap", goalGapSlip, false},
	{"plan/achieved-but-goals-are-not", achievedSlip, true},
	{"plan/open-but-closed", openButClosedSlip, true},
	{"plan/settled-without-review", settledSlip, true},
	{"plan/primary-issue-without-goal", noGoalOnPrimarySlip, false},

	{"measures/post-without-pre", postWithoutPreSlip, true},
	{"measures/post-without-review", postWithoutReviewSlip, false},
	{"measures/bmi-disagrees", bmiSlip, true},
	{"measures/height-in-another-unit", heightUnitSlip, false},
	{"measures/weight-in-another-unit", weightUnitSlip, true},
	{"measures/big-change", bigChangeSlip, true},
	{"measures/blood-pressure-order", pressureOrderSlip, true},
	{"measures/smoker-without-cigarettes", noCigarettesSlip, true},
	{"measures/cigarettes-but-not-smoker", cigarettesSlip, false},
	{"measures/never-smoked-after-smoking", neverSmokedSlip, true},
	{"measures/who5-incomplete", who5IncompleteSlip, false},
	{"measures/who5-not-multiple-of-4", who5MultipleSlip, false},
	{"measures/who5-total-disagrees", who5TotalSlip, false},
	{"measures/identical-pre-post", identicalSlip, true},
}

// filledCell draws a cell that holds something, -1 if many draws find none.
func (p *planter) filledCell(r *row, suits func(int) bool) int {
	for range 200 {
		if f := int(p.below(columnCount)); r.has(f) && suits(f) {
			return f
		}
	}
	return -1
}

func rowLengthSlip(p *planter, r *row) bool {
	r.where = int(p.below(columnCount))
	r.broken = extraCell
	if p.chance(500) {
		r.broken = missingCell
	}
	return p.at(-1)
}

func quoteSlip(p *planter, r *row) bool {
	r.where = p.filledCell(r, func(f int) bool { return columns[f].kind == kindCode && len(columns[f].codes[r.v[f]]) > 2 })
	if r.where < 0 {
		return false
	}
	r.broken = innerQuote
	if p.chance(500) {
		r.broken = openQuote
	}
	return p.at(-1)
}

func controlSlip(p *planter, r *row) bool {
	f := p.filledCell(r, func(f int) bool { return p.spoilable(r, f) })
	if f < 0 {
		return false
	}
	control := "\x00\x01\x07\x1b\x1f\x7f"[p.below(6)]
	r.write(f, func(b []byte) []byte {
		b = appendCell(b, f, r.v[f])
		middle := len(b) / 2
		b = append(b, 0)
		copy(b[middle+1:], b[middle:])
		b[middle] = control
		return b
	})
	// Nor can the value be read.
	family := "/format"
	if columns[f].codes != nil {
		family = "/code"
	}
	p.also(f, columns[f].name+family)
	return p.at(f)
}

func checkDigitSlip(p *planter, r *row) bool {
	if !r.has(fNHSNumber) || !r.single() {
		return false
	}
	r.write(fNHSNumber, func(b []byte) []byte {
		b = appendCell(b, fNHSNumber, r.v[fNHSNumber])
		last := &b[len(b)-1]
		*last = '0' + (*last-'0'+byte(p.between(1, 9)))%10
		return b
	})
	return p.at(fNHSNumber)
}

// fillers have a right check digit and are nobody's number: four that are typed
// in to get past the screen, and two palindromes.
var fillers = [...]string{"0000000000", "1111111111", "9999999999", "0123456789", "4323223234", "6475995746"}

func placeholderSlip(p *planter, r *row) bool {
	if !r.has(fNHSNumber) || !r.single() {
		return false
	}
	return text(r, fNHSNumber, fillers[p.below(int32(len(fillers)))]) && p.at(fNHSNumber)
}

func testRangeSlip(p *planter, r *row) bool {
	if r.has(fNHSNumber) || !r.single() || !r.has(fServiceCode) {
		return false
	}
	n, ok := p.maker.numbers[r.v[fServiceCode]].spare()
	if !ok {
		return false
	}
	r.put(fNHSNumber, n)
	r.put(fNHSNumberStatus, status01Verified)
	return p.at(fNHSNumber)
}

func numberStatusSlip(p *planter, r *row) bool {
	if r.has(fNHSNumber) {
		r.put(fNHSNumberStatus, status07NoNumber)
	} else {
		r.put(fNHSNumberStatus, p.below(status06InProgress+1))
	}
	return p.at(fNHSNumberStatus)
}

func idIsNumberSlip(p *planter, r *row) bool {
	if !r.single() {
		return false
	}
	n, ok := p.maker.numbers[r.v[fServiceCode]].spare()
	if !ok {
		return false
	}
	r.write(fClientID, func(b []byte) []byte { return appendCell(b, fNHSNumber, n) })
	return p.at(fClientID)
}

func sharedNumberSlip(p *planter, r *row) bool {
	other := &p.numbered[r.v[fServiceCode]]
	if !r.has(fNHSNumber) || !r.single() || !other.known || other.client == r.v[fClientID] {
		return false
	}
	r.put(fNHSNumber, other.nhs)
	other.known = false
	return p.at(fServiceCode)
}

// inconsistentSlip changes a client who has come back. The row before is the
// client's too, and must have the value that is changed.
func inconsistentSlip(p *planter, r *row) bool {
	f := int(oneOf(&p.random, fDateOfBirth, fGender, fEthnicCategory, fNHSNumber))
	if r.first || p.before || !r.has(f) || p.previous[f] == blank {
		return false
	}
	switch f {
	case fDateOfBirth:
		// A day later, unless that is another age.
		if years(r.v[f]+1, r.v[fReferralDate]) != r.age() {
			return false
		}
		r.v[f]++
	case fGender:
		if r.v[f] > gender2Female {
			return false
		}
		r.put(f, gender1Male+gender2Female-r.v[f])
	case fEthnicCategory:
		if r.v[f] > ethnicS {
			return false
		}
		r.put(f, (r.v[f]+1+p.below(ethnicS))%(ethnicS+1))
	case fNHSNumber:
		n, ok := p.maker.numbers[r.v[fServiceCode]].spare()
		if !ok {
			return false
		}
		r.put(f, n)
	}
	return p.at(f)
}

func samePersonSlip(p *planter, r *row) bool {
	other := &p.homes[r.v[fServiceCode]]
	if !other.known || !r.single() || r.has(fNHSNumber) || !atHome(r) || !r.has(fDateOfBirth) ||
		!r.has(fGender) || other.client == r.v[fClientID] || years(other.birth, r.v[fReferralDate]) < 16 {
		return false
	}
	r.put(fDateOfBirth, other.birth)
	r.put(fGender, other.gender)
	r.put(fPostcode, other.postcode)
	r.put(fLSOA, other.lsoa)
	r.put(fIMDQuintile, other.quintile)
	r.put(fIMDEdition, other.edition)
	if r.has(fAgeAtReferral) {
		r.put(fAgeAtReferral, r.age())
	}
	other.known = false
	return p.at(fPostcode)
}

// duplicateSlip puts an earlier row, whole, in the place of this one.
func duplicateSlip(p *planter, r *row) bool {
	if p.repeats == 0 {
		return false
	}
	r.v = p.repeatable[p.below(min(p.repeats, int32(len(p.repeatable))))]
	return p.at(fEpisodeID)
}

// overlapSlip moves the referral of a client who comes back to before the end of
// the episode before, which was the row before.
func overlapSlip(p *planter, r *row) bool {
	if r.first || p.before || p.previous[fClosureDate] < p.previous[fReferralDate]+3 {
		return false
	}
	day := p.between(p.previous[fReferralDate]+1, p.previous[fClosureDate]-1)
	if r.has(fDateOfBirth) && years(r.v[fDateOfBirth], day) < 16 || !p.fresh(r, fReferralDate) {
		return false
	}
	r.put(fReferralDate, day)
	if r.has(fAgeAtReferral) {
		if !r.has(fDateOfBirth) {
			r.wipe(fAgeAtReferral)
		} else {
			r.put(fAgeAtReferral, r.age())
		}
	}
	return p.at(fClosureDate)
}

func pseudoPostcodeSlip(p *planter, r *row) bool {
	if !r.has(fIMDQuintile) || !r.has(fPostcode) {
		return false
	}
	r.put(fPostcode, oneOf(&p.random, addressUnknown, englandOther))
	return p.at(fIMDQuintile)
}

func quintileMissingSlip(p *planter, r *row) bool {
	if !r.has(fIMDQuintile) || !r.has(fPostcode) {
		return false
	}
	r.wipe(fIMDQuintile)
	r.wipe(fIMDEdition)
	return p.at(fIMDQuintile)
}

func editionMissingSlip(p *planter, r *row) bool {
	if !r.has(fIMDQuintile) {
		return false
	}
	r.wipe(fIMDEdition)
	return p.at(fIMDEdition)
}

func futureEditionSlip(p *planter, r *row) bool {
	year := yearOf(p.asOf)
	if !r.has(fIMDEdition) || editionYears[edition2025] <= year {
		return false
	}
	// The next English one, as an earlier one would be right.
	e := int32(edition2025)
	for e > edition2004 && editionYears[e-1] > year {
		e--
	}
	r.put(fIMDEdition, e)
	return p.at(fIMDEdition)
}

func nationSlip(p *planter, r *row) bool {
	if !r.has(fLSOA) || !r.has(fIMDEdition) {
		return false
	}
	if p.chance(500) {
		r.write(fLSOA, func(b []byte) []byte {
			b = appendCell(b, fLSOA, r.v[fLSOA])
			b[0] = 'W'
			return b
		})
		return p.at(fIMDEdition)
	}
	e := int32(editionW2025)
	for e > editionW2005 && editionYears[e] > yearOf(p.asOf) {
		e--
	}
	r.put(fIMDEdition, e)
	return p.at(fIMDEdition)
}

func housedSlip(p *planter, r *row) bool {
	if r.is(fPostcode, noFixedAbode) && !r.is(fSetting, settingPrison) && p.chance(500) {
		r.put(fAccommodationType, p.between(home01Owner, home07Tied))
		return p.at(fAccommodationType)
	}
	if !r.has(fAccommodationType) || r.v[fAccommodationType] > home07Tied {
		return false
	}
	r.put(fPostcode, noFixedAbode)
	r.wipe(fLSOA)
	r.wipe(fIMDQuintile)
	r.wipe(fIMDEdition)
	return p.at(fAccommodationType)
}

func prisonElsewhereSlip(p *planter, r *row) bool {
	switch {
	case r.is(fSetting, settingPrison) && p.chance(500):
		r.put(fAccommodationType, home18Hostel)
		return p.at(fAccommodationType)
	case r.is(fSetting, settingPrison):
		r.put(fSupervision, oneOf(&p.random, supervisionLicence, supervisionCommunityOrder))
		return p.at(fSupervision)
	case r.anyOf(fSetting, settingProbation, settingApprovedPremises):
		// Supervised in the community, recorded as prison.
		r.put(fSetting, settingPrison)
		if r.has(fAccommodationType) && !r.is(fAccommodationType, home21Justice) {
			p.at(fAccommodationType)
		}
		return p.at(fSupervision)
	}
	return false
}

func modeMissingSlip(p *planter, r *row) bool {
	if !r.has(fClientMode) {
		return false
	}
	r.wipe(fClientMode)
	return p.at(fClientMode)
}

func consentMissingSlip(p *planter, r *row) bool {
	if !r.has(fFirstContactDate) {
		return false
	}
	r.wipe(fConsent)
	return p.at(fConsent)
}

func consentRefusedSlip(p *planter, r *row) bool {
	if !r.has(fConsent) {
		return false
	}
	r.put(fConsent, consentNo)
	return p.at(fConsent)
}

func assessmentMissingSlip(p *planter, r *row) bool {
	last := -1
	for _, q := range pairs {
		if r.has(q.pre) {
			last = max(last, q.pre)
		}
	}
	if last < 0 && r.has(fPlanDate) {
		last = fPlanDate
	}
	if last < 0 || !r.mode(modeOneToOne) || !r.has(fAssessmentDate) || !p.fresh(r, fAssessmentDate) {
		return false
	}
	r.wipe(fAssessmentDate)
	return p.at(last)
}

func supervisionMissingSlip(p *planter, r *row) bool {
	if !r.anyOf(fSetting, settingProbation, settingPrison, settingApprovedPremises) {
		return false
	}
	r.wipe(fSupervision)
	return p.at(fSupervision)
}

// elsewhere reports whether the row is of a setting outside criminal justice.
func elsewhere(r *row) bool {
	return r.has(fSetting) && !r.anyOf(fSetting, settingProbation, settingPrison, settingApprovedPremises)
}

func supervisionUnexpectedSlip(p *planter, r *row) bool {
	if !elsewhere(r) {
		return false
	}
	r.put(fSupervision, oneOf(&p.random, supervisionCustody, supervisionRemand))
	return p.at(fSupervision)
}

func justiceReferralSlip(p *planter, r *row) bool {
	if !elsewhere(r) {
		return false
	}
	r.put(fSupervision, supervisionNone)
	r.put(fReferralSource, oneOf(&p.random, fromProbation, fromPrison))
	return p.at(fSupervision)
}

func otherModeSlip(p *planter, r *row) bool {
	if !r.mode(modeOneToOne) || !r.has(fPlanDate) {
		return false
	}
	last := fPlanStatus
	for f := fGoal1Status; f <= fGoal3Status; f += 2 {
		if r.has(f) {
			last = f
		}
	}
	mode := oneOf(&p.random, modeBrief, modeGroup, modeInformation, modeSignposted)
	if mode == modeSignposted && !r.has(fSignpostedTo) {
		return false
	}
	if mode == modeInformation || mode == modeSignposted {
		last = max(last, lastPost(r))
	}
	r.put(fClientMode, mode)
	return p.at(last)
}

// lastPost is the last measure at review, or -1.
func lastPost(r *row) int {
	last := -1
	for _, q := range pairs {
		if r.has(q.post) {
			last = max(last, q.post)
		}
	}
	return last
}

func primaryMissingSlip(p *planter, r *row) bool {
	if !r.has(fPlanDate) || !r.has(fPrimaryIssue) {
		return false
	}
	r.wipe(fPrimaryIssue)
	return p.at(fPrimaryIssue)
}

func primaryAmongOthersSlip(p *planter, r *row) bool {
	if !r.has(fPrimaryIssue) {
		return false
	}
	others := int32(1) << r.v[fPrimaryIssue]
	if r.has(fSecondaryIssues) {
		others |= r.v[fSecondaryIssues]
	}
	r.put(fSecondaryIssues, others)
	return p.at(fSecondaryIssues)
}

func noneWithOthersSlip(p *planter, r *row) bool {
	if !r.has(fDisability) {
		return false
	}
	set := int32(1)<<p.between(disability01, disability10) | 1<<oneOf(&p.random, disabilityNNNone, disabilityZZNotStated)
	r.put(fDisability, set)
	return p.at(fDisability)
}

func needMetSlip(p *planter, r *row) bool {
	needs := r.v[fWiderNeeds]
	if needs == blank {
		return false
	}
	one := needs & -needs
	r.put(fWiderNeedsPartMet, one)
	r.put(fWiderNeedsMet, one) // in both
	if p.chance(500) {
		other := int32(1)
		for needs&other != 0 {
			other <<= 1
		}
		r.put(fWiderNeedsMet, other) // never a need
	}
	return p.at(fWiderNeedsPartMet)
}

func signpostPairSlip(p *planter, r *row) bool {
	if !r.has(fSignpostedTo) {
		return false
	}
	if p.chance(500) {
		r.wipe(fSignpostedTo)
		return p.at(fSignpostedDate)
	}
	if !p.fresh(r, fSignpostedDate) {
		return false
	}
	r.wipe(fSignpostedDate)
	return p.at(fSignpostedDate)
}

func signpostedToNothingSlip(p *planter, r *row) bool {
	if !r.mode(modeSignposted) || !r.has(fSignpostedTo) || !p.fresh(r, fSignpostedDate) {
		return false
	}
	r.wipe(fSignpostedTo)
	r.wipe(fSignpostedDate)
	return p.at(fSignpostedTo)
}

func closurePairSlip(p *planter, r *row) bool {
	if !r.closed() {
		return false
	}
	if r.last && latest(r, fClosureDate) > p.yearAgo() && p.chance(500) {
		r.wipe(fClosureDate)
	} else {
		r.wipe(fClosureReason)
	}
	return p.at(fClosureReason)
}

func followUpPairSlip(p *planter, r *row) bool {
	for date := fFollowup3MDate; date <= fFollowup12MDate; date += 2 {
		if !r.has(date) || !p.chance(700) {
			continue
		}
		if p.chance(500) && p.fresh(r, date) {
			r.wipe(date)
		} else {
			r.wipe(date + 1)
		}
		return p.at(date + 1)
	}
	return false
}

func attendedNoneSlip(p *planter, r *row) bool {
	if !r.has(fReviewDate) {
		return false
	}
	r.put(fSessionsAttended, 0)
	return p.at(fReviewDate)
}

func attendedMoreSlip(p *planter, r *row) bool {
	if !r.has(fSessionsPlanned) || !r.has(fSessionsAttended) || r.v[fSessionsAttended] > r.v[fSessionsPlanned] {
		return false
	}
	r.put(fSessionsAttended, r.v[fSessionsPlanned]+p.between(1, 6))
	return p.at(fSessionsAttended)
}

func recalledSlip(p *planter, r *row) bool {
	if !elsewhere(r) || !r.closed() || !r.has(fClosureReason) {
		return false
	}
	r.put(fClosureReason, oneOf(&p.random, closedRecalled, closedReleased))
	r.put(fSupervision, supervisionNone)
	return p.at(fSupervision)
}

func diedSlip(p *planter, r *row) bool {
	last := -1
	for date := fFollowup3MDate; date <= fFollowup12MDate; date += 2 {
		if r.closed() && r.has(date) && r.v[date] > r.v[fClosureDate] {
			last = date
		}
	}
	if last < 0 {
		return false
	}
	r.put(fClosureReason, closedDied)
	return p.at(last)
}

func planStatusMissingSlip(p *planter, r *row) bool {
	if !r.has(fPlanDate) {
		return false
	}
	r.wipe(fPlanStatus)
	return p.at(fPlanStatus)
}

func planDateMissingSlip(p *planter, r *row) bool {
	if !r.has(fPlanDate) || !p.fresh(r, fPlanDate) {
		return false
	}
	last := fPlanStatus
	for f := fGoal1Issue; f <= fGoal3Issue; f += 2 {
		if r.has(f) {
			last = f
		}
	}
	r.wipe(fPlanDate)
	return p.at(last)
}

// lastGoal is the column of the last goal's issue, or -1.
func lastGoal(r *row) int {
	for f := fGoal3Issue; f >= fGoal1Issue; f -= 2 {
		if r.has(f) {
			return f
		}
	}
	return -1
}

func goalPairSlip(p *planter, r *row) bool {
	last := lastGoal(r)
	if last < 0 {
		return false
	}
	if p.chance(500) && goalOnPrimary(r, last) {
		r.wipe(last)
	} else {
		r.wipe(last + 1)
	}
	return p.at(last + 1)
}

// goalGapSlip leaves a line of the form empty.
func goalGapSlip(p *planter, r *row) bool {
	last := lastGoal(r)
	if last < 0 || last == fGoal3Issue || !goalOnPrimary(r, -1) {
		return false
	}
	to := last + 2
	if last == fGoal1Issue && p.chance(300) {
		to = fGoal3Issue
	}
	r.put(to, r.v[last])
	r.put(to+1, r.v[last+1])
	r.wipe(last)
	r.wipe(last + 1)
	return p.at(fGoal3Issue)
}

func achievedSlip(p *planter, r *row) bool {
	last := lastGoal(r)
	if last < 0 || !r.is(fPlanStatus, planAchieved) {
		return false
	}
	all := true
	for f := fGoal1Issue; f <= last; f += 2 {
		all = all && r.is(f+1, goalAchieved)
	}
	if all && p.chance(500) {
		r.put(fPlanStatus, planNotAchieved)
	} else {
		r.put(last+1, goalNotAchieved)
	}
	return p.at(last + 1)
}

func openButClosedSlip(p *planter, r *row) bool {
	if !r.has(fPlanStatus) || !r.is(fClosureReason, closedCompleted) {
		return false
	}
	r.put(fPlanStatus, planOpen)
	return p.at(fClosureReason)
}

func settledSlip(p *planter, r *row) bool {
	switch {
	case r.is(fPlanStatus, planLost) && !r.has(fReviewDate):
		r.put(fPlanStatus, oneOf(&p.random, planPart, planNotAchieved))
		return p.at(fReviewDate)
	case r.has(fReviewDate) && lastPost(r) < 0 && p.fresh(r, fReviewDate):
		r.wipe(fReviewDate)
		return p.at(fReviewDate)
	}
	return false
}

func noGoalOnPrimarySlip(p *planter, r *row) bool {
	last := lastGoal(r)
	if last < 0 || !r.has(fPrimaryIssue) || !goalOnPrimary(r, -1) {
		return false
	}
	taken := int32(0)
	if r.has(fSecondaryIssues) {
		taken = r.v[fSecondaryIssues]
	}
	for f := fGoal1Issue; f <= last; f += 2 {
		taken |= 1 << r.v[f]
	}
	other := p.below(int32(len(issueCodes)))
	for taken>>other&1 != 0 {
		other = (other + 1) % int32(len(issueCodes))
	}
	r.put(fPrimaryIssue, other)
	return p.at(last)
}

// heightUnitSlip writes metres or inches.
func heightUnitSlip(p *planter, r *row) bool {
	h := r.v[fHeightCm]
	if h == blank {
		return false
	}
	if inches := (h*100 + 127) / 254; inches > 55 && inches < 80 && p.chance(400) {
		r.put(fHeightCm, inches)
		return p.at(fHeightCm)
	}
	r.write(fHeightCm, func(b []byte) []byte {
		return appendPadded(append(appendPadded(b, h/100, 1), '.'), h%100, 2)
	})
	return p.at(fHeightCm)
}
