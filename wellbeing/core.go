package wellbeing

const (
	citeCOREOM    = "Evans C, Connell J, Barkham M, et al. (2002): Towards a standardised brief outcome measure: psychometric properties and utility of the CORE-OM. British Journal of Psychiatry 180:51-60"
	citeCORE10    = "Barkham M, Bewick B, Mullin T, et al. (2013): The CORE-10: a short measure of psychological distress for routine use in the psychological therapies. Counselling and Psychotherapy Research 13(1):3-13"
	citeCORETrust = "CORE System Trust, coresystemtrust.org.uk: What's in a name? Scoring the CORE measures"
	citeCOREKeys  = citeCOREOM + "; item numbers as in two or more public scorers that agree"
)

var coreLicence = Licence{
	Note: "CC BY-ND 4.0, without a fee: the wording may be shipped, but only unchanged.", Wording: true,
	Source: Source{Citation: "CORE System Trust, as quoted by CamCOPS", Basis: Verified},
}

// CORE10 returns the CORE-10: ten items on the last week, coded 0 (not at all) to 4 (most or all of the
// time); items 2 and 3 are reversed. Scales: "clinical_score", ten times the mean, 0 to 40, and
// "risk_item6", the answer on plans to end one's life, 0 to 4; higher is worse.
//
// The owner's rule ([OwnerRule]) allows one missing item. Flag: "above_cutoff_ge11". Bands: "band".
// Change rules: "nhs-england-5" and, from memory, "barkham-2013-6".
func CORE10() *Instrument { return core10() }

var core10 = once(func() *Instrument {
	source := Source{Citation: citeCORE10, Basis: Verified}
	b := &builder{def: Definition{
		Name:    "CORE-10",
		Title:   "Clinical Outcomes in Routine Evaluation, 10 items",
		Edition: "2013",
		Recall:  "last week",
		OwnerRule: &Rule{
			Text:   "prorate only where at most a tenth of the items is missing: one",
			Source: Source{Citation: citeCORETrust, Basis: Verified},
		},
		Licence: coreLicence,
		Cutoffs: []Cutoff{{
			Name: "above_cutoff_ge11", Scale: "clinical_score", Comparator: AtLeast, Threshold: whole(11),
			Meaning: "clinical range", Source: source,
		}},
		BandSets: []BandSet{{
			Name: "band", Scale: "clinical_score", Source: source, Bands: []Band{
				{whole(0), "below cut-off"}, {whole(11), "mild"}, {whole(15), "moderate"}, {whole(20), "moderately severe"}, {whole(25), "severe"},
			},
		}},
		Changes: []ChangeRule{
			{
				Name: "nhs-england-5", Scale: "clinical_score", Comparator: AtLeast, Threshold: whole(5),
				Meaning: "reliable change in NHS England's outcome tables, which are for children and young people", Source: Source{Citation: citeNHSE, Basis: SingleSource},
			},
			{
				Name: "barkham-2013-6", Scale: "clinical_score", Comparator: AtLeast, Threshold: whole(6),
				Meaning: "reliable change index", Source: Source{Citation: citeCORE10, Basis: Remembered},
			},
		},
		Codes:  []Code{snomed("718583008", "clinical_score")},
		Notes:  []string{"One web guide calls items 3 and 4 reversed, which holds for the CORE-OM, not here."},
		Source: source,
	}}
	b.items("core10", 10, 0, 4)
	b.scale(Scale{
		Name: "clinical_score", Algorithm: "mean of the items × 10, items 2 and 3 reversed", Reversed: b.keys(2, 3), HigherIs: HigherIsWorse,
		Min: whole(0), Max: whole(40), Step: whole(1), Unit: "points", OwnerMax: 1, Source: source,
	}, b.reverse(b.sumOf(), 2, 3))
	b.scale(Scale{
		Name: "risk_item6", Algorithm: "item 6 itself", HigherIs: HigherIsWorse,
		Min: whole(0), Max: whole(4), Step: whole(1), Unit: "points", AlwaysComplete: true, Source: source,
	}, b.sumOf(6))
	return b.build()
})

// COREOM returns the CORE Outcome Measure: 34 items on the last week, coded 0 (not at all) to 4 (most
// or all of the time), eight of them reversed. Scales, each ten times the mean of its items, 0 to 40:
// "all", "non_risk", and the domains "W" (wellbeing), "P" (problems), "F" (functioning) and "R" (risk);
// higher is worse, in "W" too.
//
// The owner's rule ([OwnerRule]) allows three missing items in "all" and "non_risk", one in "P" and
// "F", none in "W" and "R". Flag: "above_cutoff_ge10". Change rule: "coreims-5".
func COREOM() *Instrument { return coreOM() }

var coreOM = once(func() *Instrument {
	source := Source{Citation: citeCOREKeys, Basis: Verified}
	b := &builder{def: Definition{
		Name:    "CORE-OM",
		Title:   "Clinical Outcomes in Routine Evaluation, Outcome Measure",
		Edition: "2002",
		Recall:  "last week",
		OwnerRule: &Rule{
			Text:   "prorate only where at most a tenth of the items is missing: three of all and of the non-risk items (until 17 April 2023 the page said two), one of functioning and of problems, none of wellbeing and of risk",
			Source: Source{Citation: citeCORETrust, Basis: Verified},
		},
		Licence: coreLicence,
		Cutoffs: []Cutoff{{
			Name: "above_cutoff_ge10", Scale: "all", Comparator: AtLeast, Threshold: whole(10),
			Meaning: "clinical range", Source: Source{Citation: citeCORETrust, Basis: Verified},
		}},
		Changes: []ChangeRule{{
			Name: "coreims-5", Scale: "all", Comparator: AtLeast, Threshold: whole(5),
			Meaning: "reliable change", Source: Source{Citation: "coreims.co.uk, how the CORE system is used", Basis: SingleSource},
		}},
		Codes: []Code{
			// NHS England records the domains as sums, not as the scales of that name.
			snomed("718612000", "all"), snomed("718492008", "W as a sum"), snomed("718490000", "F as a sum"), snomed("718613005", "P as a sum"),
		},
		Notes: []string{
			"NHS England's tables hold the global score as ten times the mean (0 to 40), but the domains as sums (16, 48, 48): convert before comparing.",
			"\"W\" counts distress, like the other domains: a high score is low wellbeing.",
			"At least one open scorer reverses item 30 in place of item 32. The eight reversed items are those worded positively.",
		},
		Source: source,
	}}
	b.items("core_om", 34, 0, 4)
	reversed := []int{3, 4, 7, 12, 19, 21, 31, 32}
	domains := map[string][]int{
		"W": {4, 14, 17, 31},
		"P": {2, 5, 8, 11, 13, 15, 18, 20, 23, 27, 28, 30},
		"F": {1, 3, 7, 10, 12, 19, 21, 25, 26, 29, 32, 33},
		"R": {6, 9, 16, 22, 24, 34},
	}
	var nonRisk []int
	for _, d := range []string{"W", "P", "F"} {
		nonRisk = append(nonRisk, domains[d]...)
	}
	for _, s := range []struct {
		name, what string
		numbers    []int
		max        int
	}{
		{"all", "all 34 items", upTo(34), 3},
		{"non_risk", "the 28 items that are not on risk", nonRisk, 3},
		{"W", "the four items on wellbeing", domains["W"], 0},
		{"P", "the twelve items on problems", domains["P"], 1},
		{"F", "the twelve items on functioning", domains["F"], 1},
		{"R", "the six items on risk", domains["R"], 0},
	} {
		c := b.reverse(b.sumOf(s.numbers...), reversed...)
		c.num, c.den = 10, int64(len(s.numbers))
		var back []int
		for _, n := range reversed {
			if c.mask&maskOf(n) != 0 {
				back = append(back, n)
			}
		}
		b.scale(Scale{
			Name: s.name, Algorithm: "mean of " + s.what + " × 10, reversed items turned", Reversed: b.keys(back...), HigherIs: HigherIsWorse,
			Min: whole(0), Max: whole(40), Step: ratio(10, int64(len(s.numbers))), Unit: "points", OwnerMax: s.max, Source: source,
		}, c)
	}
	return b.build()
})
