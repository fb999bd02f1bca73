package synthetic

// measures takes the measures at assessment. Full is how much of the whole set
// is taken, in thousandths of what a trainer takes who works one to one.
func (g *generator) measures(full int32) {
	r := &g.row
	taken := func(perMille int32) bool { return g.chance(perMille * full / 1000) }
	if taken(600) {
		r.put(fImportancePre, clamp(g.bell(76, 15)/10, 0, 10))
	}
	if taken(640) {
		r.put(fConfidencePre, clamp(g.bell(57, 17)/10, 0, 10))
	}
	g.body(taken)
	if taken(310) {
		systolic := clamp(g.bell(138, 15), 95, 200)
		r.put(fSystolicPre, systolic)
		r.put(fDiastolicPre, clamp(systolic*g.bell(62, 4)/100, 50, systolic-12))
	}
	if taken(900) {
		r.put(fFruitVegPre, portions(g.bell(31, 15), 90))
	}
	if taken(820) {
		r.put(fFriedSnacksPre, whole10(g.bell(78, 34), 200))
	}
	if taken(880) {
		r.put(fActivityModeratePre, clamp(g.bell(21, 17)/10, 0, 8))
	}
	if taken(600) {
		r.put(fActivityVigorousPre, clamp(g.bell(4, 11)/10, 0, 5))
	}
	if taken(750) {
		units := int32(0)
		if !g.chance(380) {
			units = portions(g.bell(150, 110), 600)
		}
		r.put(fAlcoholUnitsPre, units)
	}
	if taken(880) {
		g.smoking()
	}
	if taken(660) {
		r.put(fGeneralHealthPre, clamp(g.bell(55, 17), 5, 95)/5*5)
	}
	if taken(500) {
		r.put(fSelfEfficacyPre, clamp(g.bell(27, 5), 10, 38))
	}
	if taken(720) {
		g.wellbeing(fWHO51Pre, g.bell(225, 88))
	}
}

// body takes height, weight, body mass index and waist. Mean BMI is 34.03 and
// 94.7 per cent are overweight or obese (GARD-ABS).
func (g *generator) body(taken func(int32) bool) {
	r := &g.row
	bmi := clamp(g.bell(340, 55), 190, 520) // tenths
	height := clamp(g.bell(163, 7), 143, 190)
	if g.client.gender == gender1Male {
		height = clamp(g.bell(176, 7), 152, 204)
	}
	switch {
	case taken(800):
		weight := (bmi*height*height + 5000) / 10000
		r.put(fWeightKgPre, weight)
		if !g.chance(930) {
			break // no height, hence no BMI either
		}
		r.put(fHeightCm, height)
		if g.chance(900) {
			r.put(fBMIPre, bodyMass(weight, height))
		}
	case taken(250):
		r.put(fBMIPre, bmi) // as the practice sent it
	}
	if taken(330) {
		waist := clamp(bmi*28/10+g.bell(105, 60), 650, 1650)
		r.put(fWaistCmPre, waist/10*10)
	}
}

// bodyMass is the BMI in tenths of a weight in tenths of a kilogram and a height
// in centimetres, rounded to the nearest.
func bodyMass(weight, height int32) int32 {
	square := height * height
	return (weight*10000 + square/2) / square
}

func (g *generator) smoking() {
	r := &g.row
	current := int32(270)
	if inJustice(g.client.setting) {
		current = 620
	}
	status := int32(smoking1Current)
	if !g.chance(current) {
		status = g.pick(odds{0, 38, 8, 51, 2, 1})
	}
	r.put(fSmokingStatusPre, status)
	switch {
	case status == smoking1Current:
		if g.chance(970) {
			r.put(fCigarettesPre, clamp(g.bell(14, 7), 1, 45))
		} else {
			r.natural = true // measures/smoker-without-cigarettes
		}
	case status <= smoking4Never && g.chance(600):
		r.put(fCigarettesPre, 0)
	}
}

// wellbeing answers the five items of WHO-5 around a level, in hundredths of a
// point, and works out the percentage.
func (g *generator) wellbeing(first int, level int32) {
	sum := int32(0)
	for i := range 5 {
		answer := clamp((level+g.bell(50, 70))/100, 0, 5)
		g.row.put(first+i, answer)
		sum += answer
	}
	if first == fWHO51Pre && g.chance(940) || first == fWHO51Post && g.row.has(fWHO5PercentPre) {
		g.row.put(first+5, 4*sum)
	}
}

// measuresAgain takes at review what was taken at assessment. What was changed,
// and by how much, is calibrated as the package documentation says.
func (g *generator) measuresAgain() {
	r, c := &g.row, &g.client
	again := func(pre int, perMille int32) bool { return r.has(pre) && g.chance(perMille) }

	// These two are always there, so that a row with measures at review cannot
	// look copied.
	if !r.has(fFruitVegPre) {
		r.put(fFruitVegPre, portions(g.bell(31, 15), 90))
	}
	if !r.has(fActivityModeratePre) {
		r.put(fActivityModeratePre, clamp(g.bell(21, 17)/10, 0, 8))
	}
	r.put(fFruitVegPost, portions(r.v[fFruitVegPre]+g.bell(18, 14), 140))
	r.put(fActivityModeratePost, clamp(r.v[fActivityModeratePre]+g.pick(odds{7, 25, 28, 24, 16})-1, 0, 14))

	if again(fImportancePre, 900) {
		r.put(fImportancePost, clamp(r.v[fImportancePre]+g.bell(11, 12)/10, 0, 10))
	}
	if again(fConfidencePre, 900) {
		// Up by 25 per cent in quintile 1, by 41 in quintile 2 (GOVINT).
		gain := [...]int32{18, 27, 23, 23, 23}[c.quintile]
		r.put(fConfidencePost, clamp(r.v[fConfidencePre]+g.bell(gain, 11)/10, 0, 10))
	}
	g.bodyAgain(again)
	if again(fSystolicPre, 880) {
		systolic := clamp(r.v[fSystolicPre]-g.bell(5, 9), 95, 200)
		r.put(fSystolicPost, systolic)
		r.put(fDiastolicPost, clamp(r.v[fDiastolicPre]-g.bell(3, 6), 48, systolic-12))
	}
	if again(fFriedSnacksPre, 960) {
		r.put(fFriedSnacksPost, whole10(r.v[fFriedSnacksPre]*g.bell(445, 210)/1000, 200))
	}
	if again(fActivityVigorousPre, 900) {
		r.put(fActivityVigorousPost, clamp(r.v[fActivityVigorousPre]+g.pick(odds{8, 56, 26, 10})-1, 0, 10))
	}
	if again(fAlcoholUnitsPre, 930) {
		r.put(fAlcoholUnitsPost, portions(r.v[fAlcoholUnitsPre]*g.bell(740, 190)/1000, 600))
	}
	g.smokingAgain()
	if again(fGeneralHealthPre, 930) {
		r.put(fGeneralHealthPost, clamp(r.v[fGeneralHealthPre]+g.bell(12, 11), 5, 100)/5*5)
	}
	if again(fSelfEfficacyPre, 930) {
		r.put(fSelfEfficacyPost, clamp(r.v[fSelfEfficacyPre]+g.bell(3, 3), 10, 40))
	}
	if again(fWHO51Pre, 940) {
		sum := int32(0)
		for i := range 5 {
			sum += r.v[fWHO51Pre+i]
		}
		g.wellbeing(fWHO51Post, sum*20+g.bell(68, 70))
	}
	g.unlikeCopies()
}

func (g *generator) bodyAgain(again func(int, int32) bool) {
	r := &g.row
	left := g.bell(947, 42) // thousandths of the weight
	switch {
	case again(fWeightKgPre, 940):
		weight := (r.v[fWeightKgPre]*left + 500) / 1000
		r.put(fWeightKgPost, weight)
		if r.has(fHeightCm) && r.has(fBMIPre) {
			r.put(fBMIPost, bodyMass(weight, r.v[fHeightCm]))
		}
	case !r.has(fWeightKgPre) && again(fBMIPre, 940):
		r.put(fBMIPost, (r.v[fBMIPre]*left+500)/1000)
	}
	if again(fWaistCmPre, 900) {
		r.put(fWaistCmPost, r.v[fWaistCmPre]*g.bell(962, 26)/1000/10*10)
	}
}

func (g *generator) smokingAgain() {
	r := &g.row
	if !r.has(fSmokingStatusPre) || !g.chance(940) {
		return
	}
	status := r.v[fSmokingStatusPre]
	if status == smoking1Current && r.has(fCigarettesPre) {
		switch {
		case g.chance(90):
			status = smoking2Ex
			r.put(fCigarettesPost, 0)
		default:
			r.put(fCigarettesPost, clamp(r.v[fCigarettesPre]-g.bell(4, 4), 1, 45))
		}
	} else if r.is(fCigarettesPre, 0) {
		r.put(fCigarettesPost, 0)
	}
	if status != smoking1Current || r.has(fCigarettesPost) {
		r.put(fSmokingStatusPost, status)
	}
}

// unlikeCopies makes sure that two measures have changed at review, so that no
// row looks copied from the assessment, not even when a slip spoils one of them.
func (g *generator) unlikeCopies() {
	r := &g.row
	changed := 0
	for _, p := range pairs {
		if p.post < fWHO51Post && p.post != fSmokingStatusPost && p.post != fBMIPost && r.both(p) && r.v[p.pre] != r.v[p.post] {
			changed++
		}
	}
	if changed < 2 && r.v[fFruitVegPre] == r.v[fFruitVegPost] {
		r.v[fFruitVegPost] += 10
		changed++
	}
	if changed < 2 && r.v[fActivityModeratePre] == r.v[fActivityModeratePost] {
		r.v[fActivityModeratePost]++
	}
}

func clamp(v, low, high int32) int32 { return min(max(v, low), high) }

// portions rounds tenths down to a half and keeps them between 0 and most.
func portions(tenths, most int32) int32 { return clamp(tenths, 0, most) / 5 * 5 }

// whole10 rounds tenths to a whole number and keeps them between 0 and most.
func whole10(tenths, most int32) int32 { return (clamp(tenths, 0, most) + 5) / 10 * 10 }
