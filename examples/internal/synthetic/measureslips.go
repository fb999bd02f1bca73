package synthetic

func postWithoutPreSlip(p *planter, r *row) bool {
	from := p.below(int32(len(pairs)))
	for i := range pairs {
		q := pairs[(int(from)+i)%len(pairs)]
		if !r.both(q) || q.pre >= fWHO51Pre && q.pre < fWHO5PercentPre {
			continue // an item less would leave WHO-5 incomplete
		}
		if q.pre == fCigarettesPre && r.is(fSmokingStatusPre, smoking1Current) {
			continue
		}
		r.wipe(q.pre)
		return p.at(q.post)
	}
	return false
}

// postWithoutReviewSlip enters a measure at review where there was none, or
// takes the date of the review away.
func postWithoutReviewSlip(p *planter, r *row) bool {
	if !r.has(fReviewDate) {
		if !r.mode(modeOneToOne) || lastPost(r) >= 0 {
			return false
		}
		for _, f := range [...]int{fSelfEfficacyPre, fGeneralHealthPre, fConfidencePre, fImportancePre} {
			if r.has(f) {
				up := r.v[f] + 1
				if up > columns[f].valid.high {
					up -= 2
				}
				r.put(f+1, up)
				return p.at(f + 1)
			}
		}
		return false
	}
	last := lastPost(r)
	if last < 0 || !p.fresh(r, fReviewDate) {
		return false
	}
	r.wipe(fReviewDate)
	p.also(fReviewDate, "plan/settled-without-review")
	return p.at(last)
}

// point draws one of assessment and review: 0 or 1, which is also how much
// further to the right its measures stand in most pairs.
func (p *planter) point() int { return int(p.below(2)) }

func bmiSlip(p *planter, r *row) bool {
	x := p.point()
	bmi, other := fBMIPre+x, fBMIPre+1-x
	if !r.has(fHeightCm) || !r.has(fWeightKgPre+x) || !r.has(bmi) {
		return false
	}
	wrong := r.v[bmi] + oneOf(&p.random, 25, 40, 60)
	if r.has(other) && r.v[other] < r.v[bmi] {
		wrong = r.v[bmi] - 25
	}
	was := r.v[bmi]
	r.put(bmi, wrong)
	if wrong < 130 || wrong > 790 || r.both(pair{pre: fBMIPre, post: fBMIPost}) &&
		(pair{limit: 30, percent: true}).tooBig(r.v[fBMIPre], r.v[fBMIPost]) {
		r.put(bmi, was)
		return false
	}
	return p.at(bmi)
}

// weightUnitSlip writes pounds, of a client with one weight only: two would
// differ by more than half, which is for a rule of its own.
func weightUnitSlip(p *planter, r *row) bool {
	if !r.has(fHeightCm) || !r.has(fWeightKgPre) || r.has(fWeightKgPost) {
		return false
	}
	pounds := int32(int64(r.v[fWeightKgPre]) * 220_462 / 100_000)
	kilograms := bodyMass(r.v[fWeightKgPre], r.v[fHeightCm])
	if pounds > 3000 || bodyMass(pounds, r.v[fHeightCm]) < 810 || kilograms < 160 || kilograms > 590 {
		return false
	}
	r.put(fWeightKgPre, pounds)
	return p.at(fHeightCm)
}

// bigChangeSlip changes a measure at review so much that two rows may have been
// mixed up, and nothing else.
func bigChangeSlip(p *planter, r *row) bool {
	from := p.below(int32(len(pairs)))
	for i := range pairs {
		q := pairs[(int(from)+i)%len(pairs)]
		if q.limit == 0 || !r.both(q) {
			continue
		}
		pre, unit := r.v[q.pre], int32(1)
		if k := columns[q.pre].kind; k == kindTenths || k == kindHalves {
			unit = 10
		}
		post := pre + q.limit + p.between(1, 5)*unit
		if q.percent {
			post = pre + pre*35/100
			if q.post == fWaistCmPost {
				post = post / 10 * 10
			}
		}
		if post > columns[q.post].plausible.high*unit {
			continue
		}
		switch q.post {
		case fWeightKgPost:
			if r.has(fHeightCm) {
				continue
			}
		case fBMIPost:
			if r.has(fHeightCm) && r.has(fWeightKgPost) {
				continue
			}
		case fDiastolicPost:
			if !r.has(fSystolicPost) || post >= r.v[fSystolicPost] {
				continue
			}
		case fCigarettesPost:
			if !r.is(fSmokingStatusPost, smoking1Current) {
				continue
			}
		}
		r.put(q.post, post)
		return p.at(q.post)
	}
	return false
}

// pressureOrderSlip lowers the systolic to the diastolic or below.
func pressureOrderSlip(p *planter, r *row) bool {
	x := p.point()
	systolic, diastolic := fSystolicPre+x, fDiastolicPre+x
	if !r.has(systolic) || !r.has(diastolic) {
		return false
	}
	low := r.v[diastolic] - p.between(0, 5)
	if other := fSystolicPre + 1 - x; low < columns[systolic].plausible.low || r.has(other) && r.v[other]-low > 80 {
		return false
	}
	r.put(systolic, low)
	return p.at(diastolic)
}

func noCigarettesSlip(p *planter, r *row) bool {
	x := p.point()
	if !r.is(fSmokingStatusPre+x, smoking1Current) || !r.has(fCigarettesPre+x) || x == 0 && r.has(fCigarettesPost) {
		return false
	}
	r.wipe(fCigarettesPre + x)
	return p.at(fCigarettesPre + x)
}

func cigarettesSlip(p *planter, r *row) bool {
	x := p.point()
	if !r.anyOf(fSmokingStatusPre+x, smoking2Ex, smoking3Non, smoking4Never) || x == 1 && !r.has(fCigarettesPre) {
		return false
	}
	r.put(fCigarettesPre+x, p.between(3, 30))
	return p.at(fCigarettesPre + x)
}

func neverSmokedSlip(p *planter, r *row) bool {
	if !r.anyOf(fSmokingStatusPre, smoking1Current, smoking2Ex) || !r.has(fSmokingStatusPost) {
		return false
	}
	r.put(fSmokingStatusPost, smoking4Never)
	if r.has(fCigarettesPost) {
		r.put(fCigarettesPost, 0)
	}
	return p.at(fSmokingStatusPost)
}

// who5Of are the columns of the first item of WHO-5 at assessment and at review.
var who5Of = [...]int{fWHO51Pre, fWHO51Post}

func who5IncompleteSlip(p *planter, r *row) bool {
	x := p.point()
	first := who5Of[x]
	if !r.has(first) || x == 0 && r.has(fWHO51Post) {
		return false
	}
	// One item, or all but one.
	at := int(p.below(5))
	if p.chance(700) {
		r.wipe(first + at)
	} else {
		for i := range 5 {
			if i != at {
				r.wipe(first + i)
			}
		}
	}
	return p.at(first + 4)
}

func who5MultipleSlip(p *planter, r *row) bool {
	percent := who5Of[p.point()] + 5
	if !r.has(percent) {
		return false
	}
	wrong := r.v[percent] + p.between(1, 3)
	if wrong > 100 {
		wrong -= 4
	}
	r.put(percent, wrong)
	return p.at(percent)
}

// who5TotalSlip enters the raw sum where that can be a percentage, or a slip of
// the adding up.
func who5TotalSlip(p *planter, r *row) bool {
	percent := who5Of[p.point()] + 5
	if !r.has(percent) || !r.has(percent-5) {
		return false
	}
	wrong := r.v[percent] / 4
	if wrong == 0 || wrong%4 != 0 {
		wrong = r.v[percent] + 4
	}
	if wrong > 100 {
		wrong = 96
	}
	r.put(percent, wrong)
	return p.at(percent)
}

// identicalSlip copies every measure from assessment to review.
func identicalSlip(p *planter, r *row) bool {
	counted, last := 0, -1
	certain := false
	for _, q := range pairs {
		if !r.both(q) {
			continue
		}
		// Pairs of zeros and smoking status do not count; a row where one of them
		// is the last would leave the place of the finding in doubt.
		certain = q.pre != fSmokingStatusPre && r.v[q.pre] != 0
		if certain {
			counted++
		}
		last = q.post
	}
	if counted < 4 || !certain {
		return false
	}
	for _, q := range pairs {
		if r.both(q) {
			r.put(q.post, r.v[q.pre])
		}
	}
	return p.at(last)
}
