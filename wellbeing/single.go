package wellbeing

const citeONS = "Office for National Statistics: personal wellbeing, four measures (ONS4); Government Statistical Service harmonised standard; ONS user guide"

// ONS4 returns the four personal wellbeing questions of the Office for National Statistics, coded 0
// to 10. Scales: "satisfied", "worthwhile" and "happy", where higher is better, and "anxious", where
// higher is worse. They are never summed: each stands alone, and a missing answer costs only its own
// scale. Each has its band set: "satisfied_band" and so on.
func ONS4() *Instrument { return ons4() }

var ons4 = once(func() *Instrument {
	source := Source{Citation: citeONS, Basis: Verified}
	b := &builder{def: Definition{
		Name:    "ONS4",
		Title:   "ONS personal wellbeing (ONS4)",
		Edition: "2011",
		Recall:  "nowadays; for two of them, yesterday",
		Licence: Licence{
			Note:   "Crown copyright; remembered to be under the Open Government Licence v3.0, by which the wording could be shipped with attribution. It is not shipped here.",
			Source: Source{Citation: "Open Government Licence, not checked for this questionnaire", Basis: Remembered},
		},
		Notes: []string{
			"The ONS explains why there is no composite score: do not add these up.",
			"The Personal Wellbeing Score (Benson 2019) is another instrument, with four options an item and a summary score.",
		},
		Source: source,
	}}
	names := []string{"satisfied", "worthwhile", "happy", "anxious"}
	for _, n := range names {
		b.def.Items = append(b.def.Items, Item{Key: "ons4_" + n, About: n, Min: 0, Max: 10})
	}
	for i, n := range names {
		s := Scale{
			Name: n, Algorithm: "the answer itself", HigherIs: HigherIsBetter,
			Min: whole(0), Max: whole(10), Step: whole(1), Unit: "points", Source: source,
		}
		bands := []Band{{whole(0), "low"}, {whole(5), "medium"}, {whole(7), "high"}, {whole(9), "very high"}}
		if n == "anxious" {
			s.HigherIs = HigherIsWorse
			bands = []Band{{whole(0), "very low"}, {whole(2), "low"}, {whole(4), "medium"}, {whole(6), "high"}}
		}
		b.scale(s, b.sumOf(i+1))
		b.def.BandSets = append(b.def.BandSets, BandSet{Name: n + "_band", Scale: n, Bands: bands, Source: source})
	}
	return b.build()
})

// single builds an instrument of one item whose answer is the score.
func single(name, title, scale string, top int, rest Definition) *Instrument {
	rest.Name, rest.Title = name, title
	b := &builder{def: rest}
	b.def.Items = []Item{{Key: scale, Min: 0, Max: top}}
	b.scale(Scale{
		Name: scale, Algorithm: "the answer itself", HigherIs: HigherIsBetter,
		Min: whole(0), Max: whole(int64(top)), Step: whole(1), Unit: "points", Source: rest.Source,
	}, b.sumOf())
	return b.build()
}

// SelfRatedHealth100 returns a plain rating of one's health today from 0 to 100, higher is better, as
// scale "health". It is not the EQ VAS, which is EuroQol's and comes with its own wording.
func SelfRatedHealth100() *Instrument { return selfRatedHealth100() }

var selfRatedHealth100 = once(func() *Instrument {
	return single("SelfRatedHealth100", "Self-rated health, 0 to 100", "health", 100, Definition{
		Edition: "plain item", Recall: "today",
		Licence: Licence{
			Note:   "A plain item that nobody owns. With the wording and layout of the EQ VAS it would be EuroQol's, and need their licence.",
			Source: Source{Citation: "this library's own item", Basis: Verified},
		},
		Notes:  []string{"Some exports write 999 for missing; it has to be declared, or it is out of range."},
		Source: Source{Citation: "this library's own item: a whole number from 0 to 100", Basis: Verified},
	})
})

var rulerRest = Definition{
	Edition: "0 to 10", Recall: "now",
	Licence: Licence{
		Note:   "A practice of motivational interviewing without an owner; there are no official bands. Some services count from 1: do not mix the two.",
		Source: Source{Citation: citeRuler, Basis: SingleSource},
	},
	Source: Source{Citation: citeRuler, Basis: SingleSource},
}

const citeRuler = "Miller WR, Rollnick S (2013): Motivational interviewing; as described in teaching material on its rulers"

// ImportanceRuler returns the question how important a change is to the client, 0 to 10, as scale
// "importance"; higher is better. There are no official bands.
func ImportanceRuler() *Instrument { return importanceRuler() }

// ConfidenceRuler returns the question how confident the client is of making a change, 0 to 10, as
// scale "confidence"; higher is better. There are no official bands.
func ConfidenceRuler() *Instrument { return confidenceRuler() }

// ReadinessRuler returns the question how ready the client is to make a change, 0 to 10, as scale
// "readiness"; higher is better. There are no official bands.
func ReadinessRuler() *Instrument { return readinessRuler() }

var (
	importanceRuler = once(func() *Instrument {
		return single("ImportanceRuler", "Importance ruler", "importance", 10, rulerRest)
	})
	confidenceRuler = once(func() *Instrument {
		return single("ConfidenceRuler", "Confidence ruler", "confidence", 10, rulerRest)
	})
	readinessRuler = once(func() *Instrument {
		return single("ReadinessRuler", "Readiness ruler", "readiness", 10, rulerRest)
	})
)

// GBO returns the goal-based outcome: progress towards one goal of the client's own, 0 to 10, as scale
// "goal"; higher is better. Score each goal by itself. Change rule: "nhs-england-3".
func GBO() *Instrument { return gbo() }

var gbo = once(func() *Instrument {
	source := Source{Citation: citeNHSE, Basis: SingleSource}
	return single("GBO", "Goal-based outcome", "goal", 10, Definition{
		Edition: "0 to 10", Recall: "now",
		Changes: []ChangeRule{{
			Name: "nhs-england-3", Scale: "goal", Comparator: AtLeast, Threshold: whole(3),
			Meaning: "reliable change in NHS England's outcome tables, which are for children and young people", Source: source,
		}},
		Licence: Licence{
			Note:   "The goal is written by client and trainer; there is no wording to ship. The owner's terms were not read.",
			Source: Source{Citation: "not read", Basis: Remembered},
		},
		Source: source,
	})
})
