package synthetic

// birthAfterSlip types the year of the referral for that of the birth, or so.
func birthAfterSlip(p *planter, r *row) bool {
	room := p.asOf - r.v[fReferralDate]
	if !r.has(fDateOfBirth) || !r.single() || room < 1 {
		return false
	}
	r.put(fDateOfBirth, r.v[fReferralDate]+p.between(1, min(room, 300)))
	return p.at(fReferralDate)
}

func ageSlip(p *planter, r *row) bool {
	if !r.has(fDateOfBirth) || !r.single() {
		return false
	}
	age := p.between(2, 14)
	if p.chance(400) {
		age = p.between(112, 130)
	}
	r.put(fDateOfBirth, r.v[fReferralDate]-age*365-p.between(40, 200))
	r.wipe(fAgeAtReferral)
	return p.at(fReferralDate)
}

func ageDisagreesSlip(p *planter, r *row) bool {
	if !r.has(fDateOfBirth) || !r.has(fAgeAtReferral) {
		return false
	}
	wrong := r.age() + p.between(1, 10)
	if r.age() > 30 && p.chance(500) {
		wrong = r.age() - p.between(1, 10)
	}
	r.put(fAgeAtReferral, wrong)
	return p.at(fAgeAtReferral)
}

// futureSlip moves a date with nothing after it beyond the as-of date.
func futureSlip(p *planter, r *row) bool {
	day := p.asOf + p.between(1, 40)
	f := -1
	switch last := lastFollowUp(r); {
	case last >= 0 && p.chance(500) && onTime(r, last, day):
		f = last
	case r.closed() && r.last && last < 0:
		f = fClosureDate
	case !r.closed() && !r.has(fFirstContactDate) && !r.has(fAgeAtReferral) && r.single():
		f = fReferralDate
	case !r.closed() && !r.has(fSignpostedDate) && !r.has(fAssessmentDate) && r.has(fFirstContactDate):
		f = fFirstContactDate
	case !r.closed() && r.has(fSignpostedDate):
		f = fSignpostedDate
	default:
		return false
	}
	r.put(f, day)
	return p.at(f)
}

// lastFollowUp is the column of the last follow-up's date, or -1.
func lastFollowUp(r *row) int {
	for f := fFollowup12MDate; f >= fFollowup3MDate; f -= 2 {
		if r.has(f) {
			return f
		}
	}
	return -1
}

// due is the day on which a follow-up is due.
func due(r *row, followUp int) int32 {
	return monthsAfter(r.v[fReviewDate], [...]int{3, 6, 12}[(followUp-fFollowup3MDate)/2])
}

// onTime reports whether a follow-up on that day is within 45 days of its due
// date, by a margin.
func onTime(r *row, followUp int, day int32) bool {
	d := due(r, followUp)
	return day > d-43 && day < d+43
}

// beforeProgrammeSlip takes the referral back to before 2005.
func beforeProgrammeSlip(p *planter, r *row) bool {
	day := int32(mustDate("2004-12-31").Ordinal()) - p.below(700)
	if !r.single() || !p.fresh(r, fReferralDate) || r.has(fDateOfBirth) && years(r.v[fDateOfBirth], day) < 16 {
		return false
	}
	r.put(fReferralDate, day)
	if !r.has(fDateOfBirth) {
		r.wipe(fAgeAtReferral)
	}
	if r.has(fAgeAtReferral) {
		r.put(fAgeAtReferral, r.age())
	}
	return p.at(fReferralDate)
}

// early moves a date to before another.
func (p *planter) early(r *row, f, than int) bool {
	if !r.has(f) || !r.has(than) || !p.fresh(r, f) {
		return false
	}
	r.put(f, r.v[than]-p.between(1, 30))
	return p.at(f)
}

func contactEarlySlip(p *planter, r *row) bool {
	return p.early(r, fFirstContactDate, fReferralDate)
}

func assessmentEarlySlip(p *planter, r *row) bool {
	return p.early(r, fAssessmentDate, fFirstContactDate)
}

func planEarlySlip(p *planter, r *row) bool { return p.early(r, fPlanDate, fAssessmentDate) }

func signpostedEarlySlip(p *planter, r *row) bool {
	return p.early(r, fSignpostedDate, fFirstContactDate)
}

// reviewEarlySlip and the next are for rows without follow-ups, whose schedule
// hangs on the review.
func reviewEarlySlip(p *planter, r *row) bool {
	if !r.has(fReviewDate) || lastFollowUp(r) >= 0 || !p.fresh(r, fReviewDate) {
		return false
	}
	day := r.v[fPlanDate] - p.between(1, 30)
	if day == r.v[fAssessmentDate] {
		day--
	}
	r.put(fReviewDate, day)
	return p.at(fReviewDate)
}

func reviewSameDaySlip(p *planter, r *row) bool {
	if !r.has(fReviewDate) || lastFollowUp(r) >= 0 || !p.fresh(r, fReviewDate) {
		return false
	}
	r.put(fReviewDate, r.v[fPlanDate])
	return p.at(fReviewDate)
}

func followUpEarlySlip(p *planter, r *row) bool {
	for f := fFollowup3MDate; f <= fFollowup12MDate; f += 2 {
		if r.has(f) {
			return p.early(r, f, fReviewDate)
		}
	}
	return false
}

// followUpOrderSlip moves the last follow-up to the one before it. So early, it
// is off its schedule too.
func followUpOrderSlip(p *planter, r *row) bool {
	last := lastFollowUp(r)
	for f := last - 2; last >= 0 && f >= fFollowup3MDate; f -= 2 {
		if !r.has(f) {
			continue
		}
		day := r.v[f] - p.between(0, 6)
		if !p.fresh(r, last) || day <= r.v[fReviewDate] || day > due(r, last)-50 {
			return false
		}
		if onSchedule(r, last) {
			p.also(last, "dates/followup-off-schedule")
		}
		r.put(last, day)
		return p.at(last)
	}
	return false
}

// onSchedule reports whether a follow-up is where it should be.
func onSchedule(r *row, followUp int) bool {
	d := r.v[followUp] - due(r, followUp)
	return d >= -45 && d <= 45
}

func offScheduleSlip(p *planter, r *row) bool {
	last := lastFollowUp(r)
	if last < 0 || !onSchedule(r, last) || !p.fresh(r, last) {
		return false
	}
	day := due(r, last) + oneOf(&p.random, -1, 1)*p.between(50, 62)
	if day > p.asOf || day <= r.v[fReviewDate] {
		return false
	}
	for f := last - 2; f >= fFollowup3MDate; f -= 2 {
		if r.has(f) && r.v[f] >= day {
			return false
		}
	}
	r.put(last, day)
	return p.at(last)
}

func closedEarlySlip(p *planter, r *row) bool {
	if !r.closed() || !r.single() || r.is(fClosureReason, closedDied) {
		return false
	}
	last := int32(0)
	for _, f := range [...]int{
		fReferralDate, fFirstContactDate, fAssessmentDate, fPlanDate, fSignpostedDate, fReviewDate,
	} {
		last = max(last, r.v[f])
	}
	r.put(fClosureDate, last-p.between(1, 30))
	return p.at(fClosureDate)
}

// staleSlip opens an old episode again.
func staleSlip(p *planter, r *row) bool {
	if !r.closed() || !r.last || latest(r, fClosureDate) >= p.yearAgo()-5 {
		return false
	}
	r.wipe(fClosureDate)
	r.wipe(fClosureReason)
	return p.at(fClosureDate)
}
