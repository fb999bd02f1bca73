package wellbeing

const (
	citeTennant      = "Tennant R, Hiller L, Fishwick R, et al. (2007): The Warwick-Edinburgh Mental Well-being Scale (WEMWBS). Health and Quality of Life Outcomes 5:63"
	citeStewartBrown = "Stewart-Brown S, Tennant A, Tennant R, et al. (2009): Internal construct validity of the WEMWBS: a Rasch analysis. Health and Quality of Life Outcomes 7:15, doi:10.1186/1477-7525-7-15"
	citeMaheswaran   = "Maheswaran H, Weich S, Powell J, Stewart-Brown S (2012): Evaluating the responsiveness of the WEMWBS. Health and Quality of Life Outcomes 10:156, doi:10.1186/1477-7525-10-156"
	citeShah         = "Shah N, et al. (2018): Responsiveness of the Short Warwick Edinburgh Mental Well-Being Scale (SWEMWBS): evaluation a clinical sample. Health and Quality of Life Outcomes 16:239, doi:10.1186/s12955-018-1060-2"
	citeWarwick      = "University of Warwick, WEMWBS website: using, how to, frequently asked questions"
)

var warwickLicence = Licence{
	Note:   "Copyright NHS Health Scotland, University of Warwick and University of Edinburgh. Free for non-commercial use on registration with Warwick; a commercial licence is needed even to serve non-commercial customers, and neither gives a right to pass the scale on. Scores may be computed; the wording is not shipped. A vendor of case systems has to clear this with Warwick.",
	Source: Source{Citation: citeWarwick, Basis: Verified},
}

// swemwbsHundredths is the Rasch metric for raw scores 7 to 35, in hundredths.
var swemwbsHundredths = [...]int64{
	700, 951, 1125, 1240, 1333, 1408, 1475, 1532, 1584, 1636, 1688, 1743, 1798, 1859, 1925,
	1998, 2073, 2154, 2235, 2321, 2411, 2503, 2602, 2703, 2813, 2931, 3070, 3255, 3500,
}

func swemwbsTable() []Value {
	t := make([]Value, len(swemwbsHundredths))
	for i, h := range swemwbsHundredths {
		t[i] = fixed(h, 2)
	}
	return t
}

// swemwbsMetric adds the metric scale, by table from the scale at the given position.
func (b *builder) swemwbsMetric(name string, raw int, itemBasis Basis) {
	c, rows := b.tableOf(raw, 7, swemwbsTable())
	b.scale(Scale{
		Name: name, Algorithm: "raw score of the seven items, converted by the Rasch table", HigherIs: HigherIsBetter,
		Min: fixed(700, 2), Max: fixed(3500, 2), Unit: "points", Table: rows, AlwaysComplete: true,
		Source: Source{Citation: citeStewartBrown, Basis: itemBasis},
	}, c)
}

// WEMWBS returns the Warwick-Edinburgh Mental Well-being Scale: 14 items on the last two weeks, coded
// 1 to 5. Scales: "total", 14 to 70, and the short scale taken from the full one, raw
// ("swemwbs_raw_from_items_1_2_3_6_7_9_11") and converted ("swemwbs_metric"); higher is better.
//
// Flags: "screen_le_40" (probable depression) and "screen_le_44" (possible depression); on request
// "screen_lt_43_5", from a rival study. Three published values for change contradict each other, so
// one has to be named: "warwick-faq-3", "maheswaran-2012-6.6" and "maheswaran-2012-8.6" (the ends of
// one range), "nhs-england-9".
func WEMWBS() *Instrument { return wemwbs() }

var wemwbs = once(func() *Instrument {
	single := Source{Citation: citeWarwick + ", as cited by SmartClinic", Basis: SingleSource}
	b := &builder{def: Definition{
		Name:    "WEMWBS-14",
		Title:   "Warwick-Edinburgh Mental Well-being Scale",
		Edition: "2007",
		Recall:  "last two weeks",
		Licence: warwickLicence,
		Cutoffs: []Cutoff{
			{Name: "screen_le_40", Scale: "total", Comparator: AtMost, Threshold: whole(40), Meaning: "probable depression", Source: single},
			{Name: "screen_le_44", Scale: "total", Comparator: AtMost, Threshold: whole(44), Meaning: "possible depression, or probable", Source: single},
			{Name: "screen_lt_43_5", Scale: "total", Comparator: Below, Threshold: fixed(435, 1), Meaning: "possible depression, against the CES-D", OnRequest: true, Source: Source{
				Citation: "Warwick draft paper comparing the WEMWBS with the CES-D by its ROC curve", Basis: SingleSource,
			}},
		},
		BandSets: []BandSet{{
			Name: "population_band", Scale: "total", Bands: []Band{{whole(14), "low"}, {whole(43), "medium"}, {whole(60), "high"}},
			Source: Source{Citation: "lowest and highest 15 % of the population", Basis: Remembered},
		}},
		Changes: []ChangeRule{
			{
				Name: "warwick-faq-3", Scale: "total", Comparator: AtLeast, Threshold: whole(3),
				Meaning: "a noticeable change", Source: Source{Citation: citeWarwick, Basis: SingleSource},
			},
			{
				Name: "maheswaran-2012-6.6", Scale: "total", Comparator: AtLeast, Threshold: fixed(66, 1),
				Meaning: "2.77 standard errors of measurement, at the smallest SEM found (2.4)", Source: Source{Citation: citeMaheswaran, Basis: Verified},
			},
			{
				Name: "maheswaran-2012-8.6", Scale: "total", Comparator: AtLeast, Threshold: fixed(86, 1),
				Meaning: "2.77 standard errors of measurement, at the largest SEM found (3.1)", Source: Source{Citation: citeMaheswaran, Basis: Verified},
			},
			{
				Name: "nhs-england-9", Scale: "total", Comparator: AtLeast, Threshold: whole(9),
				Meaning: "reliable change in NHS England's outcome tables, which are for children and young people", Source: Source{Citation: citeNHSE + ", citing " + citeMaheswaran, Basis: SingleSource},
			},
		},
		Codes:  []Code{snomed("718426000", "total")},
		Notes:  []string{"The registered user guide has a rule on missing items, which could not be read: until then, all items are needed."},
		Source: Source{Citation: citeTennant, Basis: Verified},
	}}
	b.items("wemwbs", 14, 1, 5)
	b.scale(Scale{
		Name: "total", Algorithm: "sum of the 14 items", HigherIs: HigherIsBetter,
		Min: whole(14), Max: whole(70), Step: whole(1), Unit: "points", Source: Source{Citation: citeTennant, Basis: Verified},
	}, b.sumOf())
	// The item numbers come from comparing the published lists of both scales.
	b.scale(Scale{
		Name: "swemwbs_raw_from_items_1_2_3_6_7_9_11", Algorithm: "sum of items 1, 2, 3, 6, 7, 9 and 11", HigherIs: HigherIsBetter,
		Min: whole(7), Max: whole(35), Step: whole(1), Unit: "points",
		Source: Source{Citation: citeStewartBrown, Basis: SingleSource},
	}, b.sumOf(1, 2, 3, 6, 7, 9, 11))
	b.swemwbsMetric("swemwbs_metric", 1, SingleSource)
	return b.build()
})

// SWEMWBS returns the Short Warwick-Edinburgh Mental Well-being Scale: seven items on the last two
// weeks, coded 1 to 5. Both scores always come together: "raw", 7 to 35, and "metric", 7.00 to 35.00,
// its conversion by the Rasch table, which is the score to report; higher is better. The table needs
// every item, so the metric is never prorated. Three published values for change differ, so
// one has to be named: "shah-2018-1.03", "shah-2018-2.87" and "nhs-england-3".
func SWEMWBS() *Instrument { return swemwbs() }

var swemwbs = once(func() *Instrument {
	b := &builder{def: Definition{
		Name:    "SWEMWBS-7",
		Title:   "Short Warwick-Edinburgh Mental Well-being Scale",
		Edition: "2009",
		Recall:  "last two weeks",
		Licence: warwickLicence,
		BandSets: []BandSet{{
			Name: "norm_band", Scale: "metric", Bands: []Band{{fixed(700, 2), "low"}, {fixed(1950, 2), "medium"}, {fixed(2750, 2), "high"}},
			Source: Source{Citation: "cut points 19.5 and 27.5, from Ng Fat L, et al. (2017), Quality of Life Research 26:1129-1144, doi:10.1007/s11136-016-1454-8", Basis: Remembered},
		}},
		Changes: []ChangeRule{
			{
				Name: "shah-2018-1.03", Scale: "metric", Comparator: AtLeast, Threshold: fixed(103, 2),
				Meaning: "1 standard error of measurement, in 172 clients of cognitive hypnotherapy; the abstract, which was read, does not say whether of the raw score or the metric", Source: Source{Citation: citeShah, Basis: SingleSource},
			},
			{
				Name: "shah-2018-2.87", Scale: "metric", Comparator: AtLeast, Threshold: fixed(287, 2),
				Meaning: "2.77 standard errors of measurement, in the same study; the abstract, which was read, does not say whether of the raw score or the metric", Source: Source{Citation: citeShah, Basis: SingleSource},
			},
			{
				Name: "nhs-england-3", Scale: "metric", Comparator: AtLeast, Threshold: whole(3),
				Meaning: "reliable change in NHS England's outcome tables, which are for children and young people; its code does not say whether of the raw score or the metric", Source: Source{
					Citation: citeNHSE + ", citing " + citeShah, Basis: SingleSource,
				},
			},
		},
		Codes: []Code{snomed("718466001", "score")},
		Notes: []string{
			"A raw total is not the score: services that report it, without the conversion, cannot be compared with those that report the metric.",
			"Health Survey for England 2010-2013 (Ng Fat 2017): metric mean 23.7 for men and 23.2 for women, median 23.2.",
		},
		Source: Source{Citation: citeStewartBrown, Basis: Verified},
	}}
	b.items("swemwbs", 7, 1, 5)
	b.scale(Scale{
		Name: "raw", Algorithm: "sum of the seven items", HigherIs: HigherIsBetter,
		Min: whole(7), Max: whole(35), Step: whole(1), Unit: "points", Source: Source{Citation: citeStewartBrown, Basis: Verified},
	}, b.sumOf())
	b.swemwbsMetric("metric", 0, Verified)
	return b.build()
})
