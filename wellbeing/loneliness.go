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
