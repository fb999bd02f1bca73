package wellbeing

const (
	citeFTND = "Heatherton TF, Kozlowski LT, Frecker RC, Fagerström KO (1991): The Fagerström Test for Nicotine Dependence. British Journal of Addiction 86(9):1119-1127"
	citeHSI  = "Heatherton TF, Kozlowski LT, Frecker RC, Rickert W, Robinson J (1989): Measuring the heaviness of smoking. British Journal of Addiction 84(7):791-799"
)

var ftndLicence = Licence{
	Note:   "May be reproduced without permission, by one source. Scores may be computed; the wording is not shipped.",
	Source: Source{Citation: "openEHR archetype", Basis: SingleSource},
}

func hsiBands() []BandSet {
	return []BandSet{
		{
			Name: "hsi_band_nida", Scale: "hsi", Source: Source{Citation: "NIDA data share, node 88; PhenX", Basis: Verified},
			Bands: []Band{{whole(0), "low"}, {whole(2), "medium"}, {whole(5), "high"}},
		},
		{
			Name: "hsi_band_3_5", Scale: "hsi", OnRequest: true, Source: Source{Citation: "a stop-smoking leaflet (simple nicotine dependence test): 0-2, 3-4, 5 and more", Basis: SingleSource},
			Bands: []Band{{whole(0), "low"}, {whole(3), "moderate"}, {whole(5), "high"}},
		},
	}
}

func hsiScale(algorithm string) Scale {
	return Scale{
		Name: "hsi", Algorithm: algorithm, HigherIs: HigherIsWorse, Min: whole(0), Max: whole(6), Step: whole(1), Unit: "points",
		Source: Source{Citation: citeHSI, Basis: Verified},
	}
}

const (
	aboutFirst = "time to the first cigarette: 0 after 60 minutes, 1 31 to 60, 2 6 to 30, 3 within 5"
	aboutDaily = "cigarettes a day: 0 up to 10, 1 11 to 20, 2 21 to 30, 3 31 or more"
)

// FTND returns the Fagerström Test for Nicotine Dependence: six items in the published order, coded by
// their points (items 1 and 4: 0 to 3, the others 0 or 1). Scales: "ftnd", 0 to 10, and "hsi", the
// Heaviness of Smoking Index in items 1 and 4, 0 to 6; higher is worse. Bands: "ftnd_band",
// "hsi_band_nida"; on request "hsi_band_3_5".
func FTND() *Instrument { return ftnd() }

var ftnd = once(func() *Instrument {
	source := Source{Citation: citeFTND, Basis: Verified}
	b := &builder{def: Definition{
		Name: "FTND", Title: "Fagerström Test for Nicotine Dependence", Edition: "1991",
		Licence: ftndLicence,
		BandSets: append([]BandSet{{
			Name: "ftnd_band", Scale: "ftnd", Source: Source{Citation: "Koç Healthcare, nicotine addiction test", Basis: SingleSource},
			Bands: []Band{{whole(0), "very low"}, {whole(3), "low"}, {whole(5), "medium"}, {whole(6), "high"}, {whole(8), "very high"}},
		}}, hsiBands()...),
		Source: source,
	}}
	b.items("ftnd", 6, 0, 1)
	b.def.Items[0].Max, b.def.Items[0].About = 3, aboutFirst
	b.def.Items[3].Max, b.def.Items[3].About = 3, aboutDaily
	b.scale(Scale{
		Name: "ftnd", Algorithm: "sum of the six items", HigherIs: HigherIsWorse, Min: whole(0), Max: whole(10), Step: whole(1),
		Unit: "points", AlwaysComplete: true, Source: source,
	}, b.sumOf())
	b.scale(hsiScale("sum of items 1 and 4"), b.sumOf(1, 4))
	return b.build()
})

// HSI returns the Heaviness of Smoking Index: two items, coded 0 to 3 by their points. Scale: "hsi", 0
// to 6; higher is worse. Bands: "hsi_band_nida"; on request "hsi_band_3_5".
func HSI() *Instrument { return hsi() }

var hsi = once(func() *Instrument {
	b := &builder{def: Definition{
		Name: "HSI", Title: "Heaviness of Smoking Index", Edition: "1989", Licence: ftndLicence, BandSets: hsiBands(),
		Source: Source{Citation: citeHSI, Basis: Verified},
	}}
	b.items("hsi", 2, 0, 3)
	b.def.Items[0].About, b.def.Items[1].About = aboutFirst, aboutDaily
	b.scale(hsiScale("sum of the two items"), b.sumOf())
	return b.build()
})
