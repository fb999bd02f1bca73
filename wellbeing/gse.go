package wellbeing

const (
	citeGSE    = "Schwarzer R, Jerusalem M (1995): Generalized Self-Efficacy scale. In: Weinman J, Wright S, Johnston M (eds), Measures in health psychology: a user's portfolio. NFER-Nelson, Windsor, 35-37"
	citeGSEFAQ = "Schwarzer R: Everything you wanted to know about the General Self-Efficacy Scale but were afraid to ask. Freie Universität Berlin"
)

// GSE returns the General Self-Efficacy Scale: ten items without a recall period, coded 1 (not at all
// true) to 4 (exactly true). Scales: "sum", 10 to 40, and "mean", 1 to 4; higher is better. The author
// names no cut-off and advises against one.
//
// The author's rule on missing answers ([OwnerRule]) allows up to three: the mean of the answered
// items stands in. Scores got that way are to be called "prorated_sum" and "mean_of_answered".
func GSE() *Instrument { return gse() }

var gse = once(func() *Instrument {
	b := &builder{def: Definition{
		Name:    "GSE-10",
		Title:   "General Self-Efficacy Scale",
		Edition: "1995",
		OwnerRule: &Rule{
			Text:   "calculate a score as long as no more than three of the ten items are missing, from the mean of the others",
			Source: Source{Citation: citeGSEFAQ, Basis: SingleSource},
		},
		Licence: Licence{
			Note:   "The author grants use and reproduction for research, with the source acknowledged. Scores may be computed; ask before shipping the wording, which is not shipped here.",
			Source: Source{Citation: citeGSEFAQ, Basis: Verified},
		},
		Notes:  []string{"The author does not endorse sorting people into high and low: there is no cut-off."},
		Source: Source{Citation: citeGSE, Basis: Verified},
	}}
	b.items("gse", 10, 1, 4)
	b.scale(Scale{
		Name: "sum", Algorithm: "sum of the ten items", HigherIs: HigherIsBetter, Min: whole(10), Max: whole(40), Step: whole(1),
		Unit: "points", OwnerMax: 3, ProratedName: "prorated_sum", Source: Source{Citation: citeGSE, Basis: Verified},
	}, b.sumOf())
	b.scale(Scale{
		Name: "mean", Algorithm: "sum ÷ 10", HigherIs: HigherIsBetter, Min: whole(1), Max: whole(4), Step: ratio(1, 10),
		Unit: "points", OwnerMax: 3, ProratedName: "mean_of_answered", Source: Source{Citation: citeGSE, Basis: Verified},
	}, b.multipleOf(0, 1, 10))
	return b.build()
})
