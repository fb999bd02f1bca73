package wellbeing

const (
	citeAUDIT   = "Babor TF, Higgins-Biddle JC, Saunders JB, Monteiro MG (2001): AUDIT: the Alcohol Use Disorders Identification Test, 2nd edition. World Health Organization"
	citeAUDITUK = "UK government: alcohol use screening tests (AUDIT, AUDIT-C, FAST), UK version"
	citeUSCore  = "HL7 US Core: AUDIT-C example"
	citeFAST    = "Hodgson R, Alwyn T, John B, Thom B, Smith A (2002): The FAST Alcohol Screening Test. Alcohol and Alcoholism 37(1):61-66"
)

func auditCutoffs(scale string) []Cutoff {
	us := Source{Citation: citeUSCore, Basis: Verified}
	return []Cutoff{
		{Name: "uk_audit_c_positive_ge5", Scale: scale, Comparator: AtLeast, Threshold: whole(5), Meaning: "positive screen, United Kingdom", Source: Source{Citation: citeAUDITUK, Basis: Verified}},
		{Name: "us_audit_c_positive_men_ge4", Scale: scale, Comparator: AtLeast, Threshold: whole(4), Meaning: "positive screen for men, United States", OnRequest: true, Source: us},
		{Name: "us_audit_c_positive_women_ge3", Scale: scale, Comparator: AtLeast, Threshold: whole(3), Meaning: "positive screen for women, United States", OnRequest: true, Source: us},
	}
}

var auditLicence = Licence{
	Note:   "Free for non-commercial use by the World Health Organization's terms. Scores may be computed; the wording is not shipped. The UK wording counts units of 8 g alcohol, and asks in item 3 about 6 or more units for women and 8 or more for men.",
	Source: Source{Citation: "WHO, as quoted by CamCOPS; UK forms", Basis: SingleSource},
}

const auditUKNote = "UK wording: units of 8 g, and item 3 at 6 or more units for women, 8 or more for men. Scores of other countries' wordings do not compare."

// auditItems adds the first n items of the AUDIT.
func (b *builder) auditItems(prefix string, n int) {
	b.items(prefix, n, 0, 4)
	for i := 8; i < n; i++ {
		b.def.Items[i].Codes = []int{0, 2, 4}
	}
}

// AUDIT returns the Alcohol Use Disorders Identification Test in its UK version: ten items, coded 0
// to 4, items 9 and 10 only 0, 2 and 4. Scales: "total", 0 to 40, and "audit_c", the first three
// items, 0 to 12; higher is worse.
//
// Items 2 to 8 may be left out after "never" in item 1, and items 4 to 8 where items 2 and 3 are both
// 0; skipped items score 0. Bands: "uk_band". Flags: "uk_audit_c_positive_ge5"; on request the cut-offs
// of the United States, "us_audit_c_positive_men_ge4" and "us_audit_c_positive_women_ge3".
func AUDIT() *Instrument { return audit() }

var audit = once(func() *Instrument {
	source := Source{Citation: citeAUDIT, Basis: Verified}
	b := &builder{def: Definition{
		Name:    "AUDIT",
		Title:   "Alcohol Use Disorders Identification Test",
		Edition: "2001, UK version",
		Recall:  "last year",
		Licence: auditLicence,
		Skip: &Rule{
			Text:   "items 2 to 8 may be skipped where item 1 is 0; items 4 to 8 where items 2 and 3 are both 0; a skipped item scores 0",
			Source: Source{Citation: citeAUDIT + ", as CamCOPS has it", Basis: SingleSource},
		},
		Cutoffs: auditCutoffs("audit_c"),
		BandSets: []BandSet{{
			Name: "uk_band", Scale: "total", Source: Source{Citation: citeAUDITUK, Basis: Verified},
			Bands: []Band{{whole(0), "low"}, {whole(8), "increasing"}, {whole(16), "higher"}, {whole(20), "possible dependence"}},
		}},
		Notes: []string{
			auditUKNote,
			"The UK clinical guidelines for alcohol treatment name the AUDIT, or a short form of it, for screening in criminal justice settings.",
		},
		Source: source,
	}}
	b.auditItems("audit", 10)
	b.scale(Scale{
		Name: "total", Algorithm: "sum of the ten items", HigherIs: HigherIsWorse, Min: whole(0), Max: whole(40), Step: whole(1), Unit: "points", Source: source,
	}, b.sumOf())
	b.scale(Scale{
		Name: "audit_c", Algorithm: "sum of items 1 to 3", HigherIs: HigherIsWorse, Min: whole(0), Max: whole(12), Step: whole(1), Unit: "points", Source: source,
	}, b.sumOf(1, 2, 3))
	b.skip = func(f form) uint64 {
		switch {
		case f.has(maskOf(1)) && f.codes[0] == 0:
			return maskOf(2, 3, 4, 5, 6, 7, 8)
		case f.has(maskOf(2, 3)) && f.codes[1]+f.codes[2] == 0:
			return maskOf(4, 5, 6, 7, 8)
		}
		return 0
	}
	return b.build()
})

// AUDITC returns the first three items of the AUDIT, in the UK version, as an instrument of their own.
// Scale: "audit_c", 0 to 12; higher is worse. Items 2 and 3 may be left out after "never" in item 1, as in
// the AUDIT; skipped items score 0. Flags as for [AUDIT].
func AUDITC() *Instrument { return auditC() }

var auditC = once(func() *Instrument {
	b := &builder{def: Definition{
		Name: "AUDIT-C", Title: "AUDIT alcohol consumption questions (AUDIT-C)", Edition: "UK version", Recall: "last year",
		Licence: auditLicence, Cutoffs: auditCutoffs("audit_c"),
		Skip: &Rule{
			Text:   "items 2 and 3 may be skipped where item 1 is 0; a skipped item scores 0",
			Source: Source{Citation: "the AUDIT's rule on its first three items: " + citeAUDIT + ", as CamCOPS has it", Basis: SingleSource},
		},
		Codes:  []Code{loinc("72109-2", "panel"), loinc("75626-2", "audit_c")},
		Notes:  []string{auditUKNote},
		Source: Source{Citation: citeAUDITUK, Basis: Verified},
	}}
	b.auditItems("audit_c", 3)
	b.scale(Scale{
		Name: "audit_c", Algorithm: "sum of the three items", HigherIs: HigherIsWorse, Min: whole(0), Max: whole(12), Step: whole(1), Unit: "points",
		Source: Source{Citation: citeAUDITUK, Basis: Verified},
	}, b.sumOf())
	b.skip = func(f form) uint64 {
		if f.has(maskOf(1)) && f.codes[0] == 0 {
			return maskOf(2, 3)
		}
		return 0
	}
	return b.build()
})

// FAST returns the Fast Alcohol Screening Test: four items, coded 0 to 4, item 4 only 0, 2 and 4. Scale:
// "total", 0 to 16; higher is worse.
//
// The first item can settle it: never (0) is negative, weekly or daily (3, 4) positive, and then items
// 2 to 4 may be left out, which score 0. Otherwise a total of 3 or more is positive. Flag: "positive",
// by that rule; on request "total_ge3", for forms that ask everybody all four and go by the total
// alone, which differs where item 1 is never.
func FAST() *Instrument { return fast() }

var fast = once(func() *Instrument {
	source := Source{Citation: citeFAST + "; its manual; the UK government's form: all three as compared in CamCOPS's documentation", Basis: SingleSource}
	b := &builder{def: Definition{
		Name:    "FAST",
		Title:   "Fast Alcohol Screening Test",
		Edition: "2002, UK version",
		Recall:  "last year",
		Licence: Licence{
			Note:   "Believed to be in the public domain. Scores may be computed; the wording is not shipped.",
			Source: Source{Citation: "CamCOPS's documentation", Basis: SingleSource},
		},
		Skip: &Rule{Text: "items 2 to 4 may be skipped where item 1 is 0, 3 or 4; a skipped item scores 0", Source: source},
		Cutoffs: []Cutoff{{
			Name: "total_ge3", Scale: "total", Comparator: AtLeast, Threshold: whole(3), Meaning: "positive by the total alone",
			OnRequest: true, Source: Source{Citation: citeAUDITUK, Basis: SingleSource},
		}},
		Notes:  []string{"The paper and the UK government's form differ on whether items 2 to 4 are asked after \"never\" in item 1, so the total and the verdict can disagree."},
		Source: source,
	}}
	b.items("fast", 4, 0, 4)
	b.def.Items[3].Codes = []int{0, 2, 4}
	b.scale(Scale{
		Name: "total", Algorithm: "sum of the four items", HigherIs: HigherIsWorse, Min: whole(0), Max: whole(16), Step: whole(1), Unit: "points", AlwaysComplete: true, Source: source,
	}, b.sumOf())
	b.criterion(Criterion{
		Name: "positive", Algorithm: "item 1 at 0: no; item 1 at 3 or 4: yes; else a total of 3 or more", Meaning: "hazardous drinking",
		Source: source,
	}, maskOf(1, 2, 3, 4), func(f form) bool {
		switch first := f.codes[0]; {
		case first == 0:
			return false
		case first >= 3:
			return true
		}
		return f.codes[0]+f.codes[1]+f.codes[2]+f.codes[3] >= 3
	})
	b.skip = func(f form) uint64 {
		if f.has(maskOf(1)) && (f.codes[0] == 0 || f.codes[0] >= 3) {
			return maskOf(2, 3, 4)
		}
		return 0
	}
	return b.build()
})
