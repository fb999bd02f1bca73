package wellbeing

const citeUCLA3 = "Hughes ME, Waite LJ, Hawkley LC, Cacioppo JT (2004): A short scale for measuring loneliness in large surveys. Research on Aging 26(6):655-672"

// UCLA3 returns the three-item UCLA loneliness scale: coded 1 (hardly ever) to 3 (often). Scale:
// "total", 3 to 9; higher is worse. Flag: "lonely_ge6".
func UCLA3() *Instrument { return ucla3() }

var ucla3 = once(func() *Instrument {
	source := Source{Citation: citeUCLA3, Basis: Verified}
	b := &builder{def: Definition{
		Name: "UCLA-3", Title: "UCLA Loneliness Scale, three items", Edition: "2004",
		Cutoffs: []Cutoff{{
			Name: "lonely_ge6", Scale: "total", Comparator: AtLeast, Threshold: whole(6), Meaning: "lonely, as researchers have grouped it",
			Source: Source{Citation: "Campaign to End Loneliness: Measuring your impact on loneliness in later life (as copied on the web)", Basis: SingleSource},
		}},
		Licence: Licence{
			Note:   "Recommended by the ONS for national use, together with one direct question. The owner's terms were not read; the wording is not shipped.",
			Source: Source{Citation: "Campaign to End Loneliness", Basis: SingleSource},
		},
		Notes:  []string{"The cut-off is a convention: other studies take 4."},
		Source: source,
	}}
	b.items("ucla3", 3, 1, 3)
	b.scale(Scale{
		Name: "total", Algorithm: "sum of the three items", HigherIs: HigherIsWorse, Min: whole(3), Max: whole(9), Step: whole(1),
		Unit: "points", Source: source,
	}, b.sumOf())
	return b.build()
})

const citeDJG = "de Jong Gierveld J, van Tilburg T (2006): A 6-item scale for overall, emotional, and social loneliness. Research on Aging 28(5):582-598; Manual of the Loneliness Scale, Vrije Universiteit Amsterdam, updated 2022"

// DJG6 returns the De Jong Gierveld loneliness scale of six items, here with the three on emotional
// loneliness first and the three on social loneliness after them. Codes: 0 no (N), 1 more or less (M),
// 2 yes (Y). Scales: "emotional" and "social", 0 to 3, and "total", 0 to 6; higher is worse. "More or
// less" counts as lonely in both halves. Bands: "band".
func DJG6() *Instrument { return djg6() }

var djg6 = once(func() *Instrument {
	source := Source{Citation: citeDJG, Basis: Verified}
	b := &builder{def: Definition{
		Name: "DJG-6", Title: "De Jong Gierveld Loneliness Scale, six items", Edition: "2006", Recall: "nowadays",
		Licence: Licence{
			Note:   "Available for scientific research, with the source mentioned. Scores may be computed; the wording is not shipped.",
			Source: Source{Citation: citeDJG, Basis: SingleSource},
		},
		BandSets: []BandSet{{
			Name: "band", Scale: "total", Source: Source{Citation: citeDJG + "; Statistics Netherlands", Basis: Verified},
			Bands: []Band{{whole(0), "not lonely"}, {whole(2), "moderately lonely"}, {whole(5), "severely lonely"}},
		}},
		Notes: []string{
			"In the published order the emotional items are 1, 4 and 6, and the social ones 2, 3 and 5.",
			"The syntax in the manual gives a total with one item missing, by counting it as not lonely. That is a partial total, so it is not offered here.",
		},
		Source: source,
	}}
	b.items("djg6", 6, 0, 2)
	for i := range b.def.Items {
		b.def.Items[i].Tokens = []Token{{"N", 0}, {"M", 1}, {"Y", 2}}
	}
	// Emotional: more or less, and yes. Social, where yes is the good answer: more or less, and no.
	count := func(c calc) calc {
		c = b.recode(c, func(_ Item, code int) int { return min(code, 1) }, 1, 2, 3)
		return b.recode(c, func(_ Item, code int) int { return min(2-code, 1) }, 4, 5, 6)
	}
	for _, s := range []struct {
		name, what string
		numbers    []int
		back       []int
	}{
		{"emotional", "items 1 to 3", []int{1, 2, 3}, nil},
		{"social", "items 4 to 6", []int{4, 5, 6}, []int{4, 5, 6}},
		{"total", "all items", upTo(6), []int{4, 5, 6}},
	} {
		b.scale(Scale{
			Name: s.name, Algorithm: "answers among " + s.what + " that count as lonely", Reversed: b.keys(s.back...), HigherIs: HigherIsWorse,
			Min: whole(0), Max: whole(int64(len(s.numbers))), Step: whole(1), Unit: "points", Source: source,
		}, count(b.sumOf(s.numbers...)))
	}
	return b.build()
})

const citeLSNS = "Lubben J, Blozik E, Gillmann G, et al. (2006): Performance of an abbreviated version of the Lubben Social Network Scale. The Gerontologist 46(4):503-513"

// LSNS6 returns the Lubben Social Network Scale of six items, three on family and three on friends,
// coded 0 to 5. Scales: "total", 0 to 30, "family" and "friends", 0 to 15; higher is better. Its cut-offs
// rest on memory: "at_risk_lt12", "family_lt6", "friends_lt6".
func LSNS6() *Instrument { return lsns6() }

var lsns6 = once(func() *Instrument {
	source := Source{Citation: citeLSNS, Basis: SingleSource}
	remembered := Source{Citation: citeLSNS, Basis: Remembered}
	b := &builder{def: Definition{
		Name: "LSNS-6", Title: "Lubben Social Network Scale, six items", Edition: "2006",
		Licence: Licence{
			Note:   "The owner's terms were not read. Scores may be computed; the wording is not shipped.",
			Source: Source{Citation: "not read", Basis: Remembered},
		},
		Cutoffs: []Cutoff{
			{Name: "at_risk_lt12", Scale: "total", Comparator: Below, Threshold: whole(12), Meaning: "at risk of social isolation", Source: remembered},
			{Name: "family_lt6", Scale: "family", Comparator: Below, Threshold: whole(6), Meaning: "marginal family ties", Source: remembered},
			{Name: "friends_lt6", Scale: "friends", Comparator: Below, Threshold: whole(6), Meaning: "marginal friendship ties", Source: remembered},
		},
		Source: source,
	}}
	b.items("lsns6", 6, 0, 5)
	for _, s := range []struct {
		name, what string
		numbers    []int
	}{
		{"total", "the six items", upTo(6)},
		{"family", "items 1 to 3", []int{1, 2, 3}},
		{"friends", "items 4 to 6", []int{4, 5, 6}},
	} {
		b.scale(Scale{
			Name: s.name, Algorithm: "sum of " + s.what, HigherIs: HigherIsBetter,
			Min: whole(0), Max: whole(int64(5 * len(s.numbers))), Step: whole(1), Unit: "points", Source: source,
		}, b.sumOf(s.numbers...))
	}
	return b.build()
})
