package wellbeing

const (
	citeGHQ   = "Goldberg D, Williams P (1988): A user's guide to the General Health Questionnaire. NFER-Nelson, Windsor"
	citePSS   = "Cohen S, Williamson G (1988): Perceived stress in a probability sample of the United States. In: Spacapan S, Oskamp S (eds), The social psychology of health. Sage; author's page of the scale"
	citeReQoL = "Keetharuth AD, Brazier J, Connell J, et al. (2018): Recovering Quality of Life (ReQoL). British Journal of Psychiatry 212(1):42-49"
)

// GHQ12 returns the General Health Questionnaire of twelve items. Codes are the place of the option, 0
// (the best) to 3 (the worst). Scales: "ghq_0011", which counts the two worse options, 0 to 12, and
// "likert_0123", 0 to 36; higher is worse. Flag: "hse_high_ge4". The corrected coding (C-GHQ) is not
// given: which items are negative was not confirmed.
func GHQ12() *Instrument { return ghq12() }

var ghq12 = once(func() *Instrument {
	source := Source{Citation: citeGHQ, Basis: Verified}
	b := &builder{def: Definition{
		Name: "GHQ-12", Title: "General Health Questionnaire, 12 items", Edition: "1988", Recall: "recently",
		Licence: Licence{
			Note:   "Owned and licensed by GL Assessment: its use needs their licence. Scoring is arithmetic; the wording must not be shipped.",
			Source: Source{Citation: "GL Assessment", Basis: SingleSource},
		},
		Cutoffs: []Cutoff{{
			Name: "hse_high_ge4", Scale: "ghq_0011", Comparator: AtLeast, Threshold: whole(4),
			Meaning: "possible disorder, as in the Health Survey for England", Source: Source{Citation: "ARK (ark.ac.uk)", Basis: SingleSource},
		}},
		Source: source,
	}}
	b.items("ghq12", 12, 0, 3)
	b.scale(Scale{
		Name: "ghq_0011", Algorithm: "items at 2 or 3", HigherIs: HigherIsWorse, Min: whole(0), Max: whole(12), Step: whole(1), Unit: "points", Source: source,
	}, b.recode(b.sumOf(), func(_ Item, code int) int { return code / 2 }))
	b.scale(Scale{
		Name: "likert_0123", Algorithm: "sum of the twelve items", HigherIs: HigherIsWorse, Min: whole(0), Max: whole(36), Step: whole(1), Unit: "points", Source: source,
	}, b.sumOf())
	return b.build()
})

func newPSS(name, title, prefix string, n int, reversed ...int) *Instrument {
	source := Source{Citation: citePSS, Basis: SingleSource}
	b := &builder{def: Definition{
		Name: name, Title: title, Edition: "1988", Recall: "last month",
		Licence: Licence{
			Note:   "Free for academic and non-profit use; use for profit needs permission. Scores may be computed; the wording is not shipped.",
			Source: Source{Citation: citePSS, Basis: Verified},
		},
		Notes:  []string{"Bands of 0-13, 14-26 and 27-40 circulate for the PSS-10 without a source: they are not given here."},
		Source: source,
	}}
	b.items(prefix, n, 0, 4)
	b.scale(Scale{
		Name: "total", Algorithm: "sum of the items, some of them reversed", Reversed: b.keys(reversed...), HigherIs: HigherIsWorse,
		Min: whole(0), Max: whole(int64(4 * n)), Step: whole(1), Unit: "points", Source: source,
	}, b.reverse(b.sumOf(), reversed...))
	return b.build()
}

// PSS10 returns the Perceived Stress Scale of ten items on the last month, coded 0 (never) to 4 (very
// often); items 4, 5, 7 and 8 are reversed. Scale: "total", 0 to 40; higher is worse.
func PSS10() *Instrument { return pss10() }

// PSS4 returns the Perceived Stress Scale of four items on the last month, coded 0 (never) to 4 (very
// often); items 2 and 3 are reversed. Scale: "total", 0 to 16; higher is worse.
func PSS4() *Instrument { return pss4() }

var (
	pss10 = once(func() *Instrument {
		return newPSS("PSS-10", "Perceived Stress Scale, 10 items", "pss10", 10, 4, 5, 7, 8)
	})
	pss4 = once(func() *Instrument { return newPSS("PSS-4", "Perceived Stress Scale, 4 items", "pss4", 4, 2, 3) })
)

// ReQoL10 returns the Recovering Quality of Life questionnaire of ten items on the last week, coded 0
// to 4 as its form prints the points; an eleventh item, on physical health, is not scored. Scale:
// "total", 0 to 40; higher is better, though some official tables say the opposite. Flag:
// "clinical_lt24"; its rival "clinical_lt25" and the change rule "reqol-5" rest on memory.
func ReQoL10() *Instrument { return reqol10() }

var reqol10 = once(func() *Instrument {
	source := Source{Citation: citeReQoL, Basis: SingleSource}
	b := &builder{def: Definition{
		Name: "ReQoL-10", Title: "Recovering Quality of Life, 10 items", Edition: "2018", Recall: "last week",
		Licence: Licence{
			Note:   "Licensed through Oxford University Innovation, by memory free to the NHS. Scores may be computed; the wording must not be shipped.",
			Source: Source{Citation: "not read", Basis: Remembered},
		},
		Cutoffs: []Cutoff{
			{Name: "clinical_lt24", Scale: "total", Comparator: Below, Threshold: whole(24), Meaning: "clinical range", Source: Source{Citation: "Franklin M, et al. (2021)", Basis: SingleSource}},
			{Name: "clinical_lt25", Scale: "total", Comparator: Below, Threshold: whole(25), Meaning: "clinical range, by the owner's website", OnRequest: true, Source: Source{Citation: "reqol.org.uk, not read", Basis: Remembered}},
		},
		Changes: []ChangeRule{{
			Name: "reqol-5", Scale: "total", Comparator: AtLeast, Threshold: whole(5), Meaning: "reliable change",
			Source: Source{Citation: "reqol.org.uk, not read", Basis: Remembered},
		}},
		Codes:  []Code{snomed("1091071000000100", "total")},
		Notes:  []string{"Store the points as the form prints them: then nothing is reversed."},
		Source: source,
	}}
	b.items("reqol10", 10, 0, 4)
	b.scale(Scale{
		Name: "total", Algorithm: "sum of the ten items", HigherIs: HigherIsBetter, Min: whole(0), Max: whole(40), Step: whole(1), Unit: "points", Source: source,
	}, b.sumOf())
	return b.build()
})
