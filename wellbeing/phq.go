package wellbeing

const (
	citePHQ9        = "Kroenke K, Spitzer RL, Williams JBW (2001): The PHQ-9: validity of a brief depression severity measure. Journal of General Internal Medicine 16(9):606-613"
	citePHQ2        = "Kroenke K, Spitzer RL, Williams JBW (2003): The Patient Health Questionnaire-2. Medical Care 41(11):1284-1292"
	citeGAD7        = "Spitzer RL, Kroenke K, Williams JBW, Löwe B (2006): A brief measure for assessing generalized anxiety disorder: the GAD-7. Archives of Internal Medicine 166(10):1092-1097"
	citeGAD2        = "Kroenke K, Spitzer RL, Williams JBW, et al. (2007): Anxiety disorders in primary care. Annals of Internal Medicine 146(5):317-325"
	citeTT          = "NHS Talking Therapies (IAPT) manual: caseness and reliable change"
	citePHQ2Cutoffs = "as reviewed in PMC2906530"
)

var phqLicence = Licence{
	Note: "No permission is needed to reproduce, translate, display or distribute the PHQ and GAD questionnaires, so the wording may be shipped.", Wording: true,
	Source: Source{Citation: "phqscreeners.com, as quoted by CamCOPS and in published FHIR files", Basis: Verified},
}

// severity items are coded 0 (not at all) to 3 (nearly every day).
func phqScale(name, algorithm string, top int64, cite string) Scale {
	return Scale{
		Name: name, Algorithm: algorithm, HigherIs: HigherIsWorse,
		Min: whole(0), Max: whole(top), Step: whole(1), Unit: "points", Source: Source{Citation: cite, Basis: Verified},
	}
}

func phq2Cutoffs(scale string) []Cutoff {
	return []Cutoff{
		{Name: "phq2_ge3", Scale: scale, Comparator: AtLeast, Threshold: whole(3), Meaning: "screen further for depression", Source: Source{Citation: citePHQ2 + "; " + citePHQ2Cutoffs, Basis: SingleSource}},
		{Name: "phq2_ge2", Scale: scale, Comparator: AtLeast, Threshold: whole(2), Meaning: "screen further for depression, catching more and mistaking more", OnRequest: true, Source: Source{Citation: citePHQ2Cutoffs, Basis: SingleSource}},
	}
}

func gad2Cutoffs(scale string) []Cutoff {
	return []Cutoff{
		{Name: "gad2_ge3", Scale: scale, Comparator: AtLeast, Threshold: whole(3), Meaning: "screen further for anxiety", Source: Source{Citation: citeGAD2, Basis: Verified}},
		{Name: "gad2_ge2", Scale: scale, Comparator: AtLeast, Threshold: whole(2), Meaning: "screen further for anxiety, catching more and mistaking more", OnRequest: true, Source: Source{Citation: "Delgadillo J, et al. (2012): Drug and Alcohol Dependence 125(1-2):37-42 (clients of drug treatment)", Basis: SingleSource}},
	}
}

// PHQ9 returns the Patient Health Questionnaire: nine items on the last two weeks, coded 0 (not at
// all) to 3 (nearly every day); a tenth, unscored, on difficulty is not part of it here. Scales:
// "total", 0 to 27, and "phq2", the first two items, 0 to 6; higher is worse. All answers are needed.
//
// Flags: "item9_flag", any answer above 0 on thoughts of being better off dead or of self-harm, which
// is judged even on a form without a score; "talking_therapies_case_ge10"; "mds_algorithm" and
// "ods_algorithm", the diagnostic algorithm for major and other depressive syndrome; "phq2_ge3", and
// on request "phq2_ge2". Bands: "band". Change rule: "talking-therapies-6".
func PHQ9() *Instrument { return phq9() }

var phq9 = once(func() *Instrument {
	source := Source{Citation: citePHQ9, Basis: Verified}
	b := &builder{def: Definition{
		Name:    "PHQ-9",
		Title:   "Patient Health Questionnaire (PHQ-9)",
		Edition: "2001",
		Recall:  "last two weeks",
		Licence: phqLicence,
		Cutoffs: append([]Cutoff{{
			Name: "talking_therapies_case_ge10", Scale: "total", Comparator: AtLeast, Threshold: whole(10),
			Meaning: "caseness in NHS Talking Therapies", Source: Source{Citation: citeTT, Basis: Verified},
		}}, phq2Cutoffs("phq2")...),
		BandSets: []BandSet{{
			Name: "band", Scale: "total", Source: source,
			Bands: []Band{{whole(0), "none"}, {whole(5), "mild"}, {whole(10), "moderate"}, {whole(15), "moderately severe"}, {whole(20), "severe"}},
		}},
		Changes: []ChangeRule{{
			Name: "talking-therapies-6", Scale: "total", Comparator: AtLeast, Threshold: whole(6),
			Meaning: "reliable change in NHS Talking Therapies", Source: Source{Citation: citeTT + "; " + citeNHSE, Basis: Verified},
		}},
		Codes: []Code{
			loinc("44249-1", "panel"), loinc("44261-6", "total"),
			loinc("44250-9", "phq9_1"), loinc("44255-8", "phq9_2"), loinc("44259-0", "phq9_3"),
			loinc("44254-1", "phq9_4"), loinc("44251-7", "phq9_5"), loinc("44258-2", "phq9_6"),
			loinc("44252-5", "phq9_7"), loinc("44253-3", "phq9_8"), loinc("44260-8", "phq9_9"),
			snomed("720433000", "total"),
		},
		Notes: []string{
			"No published rule on missing items could be located: all nine are needed.",
			"The diagnostic algorithm does not replace an interview.",
		},
		Source: source,
	}}
	b.items("phq9", 9, 0, 3)
	b.scale(phqScale("total", "sum of the nine items", 27, citePHQ9), b.sumOf())
	b.scale(phqScale("phq2", "sum of items 1 and 2", 6, citePHQ2), b.sumOf(1, 2))
	// A symptom counts from "more than half the days" (2), item 9 from "several days" (1).
	symptoms := func(f form) (n int, core bool) {
		for i, c := range f.codes[:9] {
			if c >= 2 || i == 8 && c == 1 {
				n++
				core = core || i < 2
			}
		}
		return n, core
	}
	b.criterion(Criterion{
		Name: "mds_algorithm", Algorithm: "five or more items at 2 or 3 (item 9: at 1 or more), item 1 or 2 among them",
		Meaning: "major depressive syndrome", Source: Source{Citation: citePHQ9 + "; CamCOPS; HL7 fixtures", Basis: Verified},
	}, maskOf(upTo(9)...), func(f form) bool {
		n, core := symptoms(f)
		return n >= 5 && core
	})
	b.criterion(Criterion{
		Name: "ods_algorithm", Algorithm: "two to four items at 2 or 3 (item 9: at 1 or more), item 1 or 2 among them",
		Meaning: "other depressive syndrome", Source: Source{Citation: citePHQ9 + "; CamCOPS; HL7 fixtures", Basis: Verified},
	}, maskOf(upTo(9)...), func(f form) bool {
		n, core := symptoms(f)
		return n >= 2 && n <= 4 && core
	})
	b.criterion(Criterion{
		Name: "item9_flag", Algorithm: "item 9 above 0, whatever the total",
		Meaning: "thoughts of being better off dead or of self-harm: ask at once", Source: source,
	}, maskOf(9), func(f form) bool { return f.codes[8] > 0 })
	return b.build()
})

// PHQ2 returns the first two items of the PHQ-9 as an instrument of their own. Scale: "phq2", 0 to 6;
// higher is worse. Flag: "phq2_ge3", and on request "phq2_ge2".
func PHQ2() *Instrument { return phq2() }

var phq2 = once(func() *Instrument {
	b := &builder{def: Definition{
		Name: "PHQ-2", Title: "Patient Health Questionnaire (PHQ-2)", Edition: "2003", Recall: "last two weeks",
		Licence: phqLicence, Cutoffs: phq2Cutoffs("phq2"),
		Codes:  []Code{loinc("55757-9", "panel"), snomed("836541000000100", "phq2")},
		Source: Source{Citation: citePHQ2, Basis: Verified},
	}}
	b.items("phq2", 2, 0, 3)
	b.scale(phqScale("phq2", "sum of the two items", 6, citePHQ2), b.sumOf())
	return b.build()
})

// GAD7 returns the Generalised Anxiety Disorder questionnaire: seven items on the last two weeks,
// coded 0 (not at all) to 3 (nearly every day). Scales: "total", 0 to 21, and "gad2", the first two
// items, 0 to 6; higher is worse. All answers are needed.
//
// Flags: "talking_therapies_case_ge8"; "gad2_ge3", and on request "gad2_ge2". Bands: "band". Change
// rule: "talking-therapies-4".
func GAD7() *Instrument { return gad7() }

var gad7 = once(func() *Instrument {
	source := Source{Citation: citeGAD7, Basis: Verified}
	b := &builder{def: Definition{
		Name:    "GAD-7",
		Title:   "Generalised Anxiety Disorder questionnaire (GAD-7)",
		Edition: "2006",
		Recall:  "last two weeks",
		Licence: phqLicence,
		Cutoffs: append([]Cutoff{{
			Name: "talking_therapies_case_ge8", Scale: "total", Comparator: AtLeast, Threshold: whole(8),
			Meaning: "caseness in NHS Talking Therapies", Source: Source{Citation: citeTT, Basis: Verified},
		}}, gad2Cutoffs("gad2")...),
		BandSets: []BandSet{{
			Name: "band", Scale: "total", Source: source,
			Bands: []Band{{whole(0), "minimal"}, {whole(5), "mild"}, {whole(10), "moderate"}, {whole(15), "severe"}},
		}},
		Changes: []ChangeRule{{
			Name: "talking-therapies-4", Scale: "total", Comparator: AtLeast, Threshold: whole(4),
			Meaning: "reliable change in NHS Talking Therapies", Source: Source{Citation: citeTT + "; " + citeNHSE, Basis: Verified},
		}},
		Codes: []Code{
			loinc("69737-5", "panel"), loinc("70274-6", "total"),
			loinc("69725-0", "gad7_1"), loinc("68509-9", "gad7_2"), loinc("69733-4", "gad7_3"), loinc("69734-2", "gad7_4"),
			loinc("69735-9", "gad7_5"), loinc("69689-8", "gad7_6"), loinc("69736-7", "gad7_7"),
			snomed("445455005", "total"),
		},
		Notes: []string{
			"The lowest option is \"not at all\"; some copies print \"not at all sure\", which is wrong.",
			"No published rule on missing items could be located: all seven are needed.",
		},
		Source: source,
	}}
	b.items("gad7", 7, 0, 3)
	b.scale(phqScale("total", "sum of the seven items", 21, citeGAD7), b.sumOf())
	b.scale(phqScale("gad2", "sum of items 1 and 2", 6, citeGAD2), b.sumOf(1, 2))
	return b.build()
})

// GAD2 returns the first two items of the GAD-7 as an instrument of their own. Scale: "gad2", 0 to 6;
// higher is worse. Flag: "gad2_ge3", and on request "gad2_ge2".
func GAD2() *Instrument { return gad2() }

var gad2 = once(func() *Instrument {
	b := &builder{def: Definition{
		Name: "GAD-2", Title: "Generalised Anxiety Disorder questionnaire (GAD-2)", Edition: "2007", Recall: "last two weeks",
		Licence: phqLicence, Cutoffs: gad2Cutoffs("gad2"),
		Source: Source{Citation: citeGAD2, Basis: Verified},
	}}
	b.items("gad2", 2, 0, 3)
	b.scale(phqScale("gad2", "sum of the two items", 6, citeGAD2), b.sumOf())
	return b.build()
})
