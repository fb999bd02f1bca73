package wellbeing

import "fmt"

const (
	citeKessler = "Kessler RC, Andrews G, Colpe LJ, et al. (2002): Short screening scales to monitor population prevalences and trends in non-specific psychological distress. Psychological Medicine 32(6):959-976"
	citeK6      = "Kessler RC, Barker PR, Colpe LJ, et al. (2003): Screening for serious mental illness in the general population. Archives of General Psychiatry 60(2):184-189"
	citeABS     = "Australian Bureau of Statistics, 4817.0.55.001: Use of the Kessler Psychological Distress Scale in ABS health surveys"
)

// Coding says from which number the codes of a questionnaire count, where more than one is in use. It
// has to be declared: the zero Coding is none.
type Coding uint8

const (
	// From0 codes count from 0.
	From0 Coding = iota + 1
	// From1 codes count from 1.
	From1
)

// first returns the lowest code.
func (c Coding) first() int { return int(c) - 1 }

func (c Coding) check() error {
	if c != From0 && c != From1 {
		return NameError{Kind: "coding", Name: fmt.Sprint(uint8(c))}
	}
	return nil
}

var kesslerLicence = Licence{
	Note:   "Remembered to be free to use with acknowledgement. Scores may be computed; the wording is not shipped.",
	Source: Source{Citation: "not read", Basis: Remembered},
}

func k6Cutoffs() []Cutoff {
	return []Cutoff{{
		Name: "k6_smi_ge13", Scale: "k6_0to4", Comparator: AtLeast, Threshold: whole(13), Meaning: "serious psychological distress",
		Source: Source{Citation: citeK6 + "; Prochaska JJ, et al. (2012): International Journal of Methods in Psychiatric Research 21(2):88-97", Basis: Verified},
	}}
}

func k6Scale(algorithm string) Scale {
	return Scale{
		Name: "k6_0to4", Algorithm: algorithm, HigherIs: HigherIsWorse, Min: whole(0), Max: whole(24), Step: whole(1),
		Unit: "points", Source: Source{Citation: citeKessler + "; item lists of both scales compared", Basis: Verified},
	}
}

// K10 returns the Kessler Psychological Distress Scale: ten items on the last four weeks. Two codings
// are in use, and a total in one reads as another person in the other, so the caller declares which the
// answers have: [From1] (none of the time = 1, as in Australia and in UK papers; the instrument is then
// called "K10") or [From0] (as in the United States and NHS England; "K10 0-4"). Anything else is a
// [NameError].
//
// Scales, in either case: "k10_1to5", 10 to 50, "k10_0to4", 0 to 40, and "k6_0to4", the K6 in it, 0 to
// 24; higher is worse. Flag: "k6_smi_ge13". Bands: "abs_band"; on request "clinic_band".
func K10(c Coding) (*Instrument, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	return [...]func() *Instrument{k10From0, k10From1}[c.first()](), nil
}

// K6 returns the six-item Kessler scale, on the last four weeks or 30 days, with its coding declared as
// for [K10] ("K6" counts from 0, "K6 1-5" from 1). Scale: "k6_0to4", 0 to 24; higher is worse. Flag:
// "k6_smi_ge13".
func K6(c Coding) (*Instrument, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	return [...]func() *Instrument{k6From0, k6From1}[c.first()](), nil
}

var (
	k10From0 = once(func() *Instrument { return newK10(From0, "K10 0-4", "0-4") })
	k10From1 = once(func() *Instrument { return newK10(From1, "K10", "1-5") })
	k6From0  = once(func() *Instrument { return newK6(From0, "K6", "0-4") })
	k6From1  = once(func() *Instrument { return newK6(From1, "K6 1-5", "1-5") })
)

func newK10(coding Coding, name, codes string) *Instrument {
	source := Source{Citation: citeKessler + "; " + citeABS, Basis: Verified}
	first := coding.first()
	b := &builder{def: Definition{
		Name: name, Title: "Kessler Psychological Distress Scale (K10)", Edition: "2002", Coding: codes, Recall: "last four weeks",
		Licence: kesslerLicence, Cutoffs: k6Cutoffs(),
		BandSets: []BandSet{
			{
				Name: "abs_band", Scale: "k10_1to5", Source: Source{Citation: citeABS, Basis: Verified},
				Bands: []Band{{whole(10), "low"}, {whole(16), "moderate"}, {whole(22), "high"}, {whole(30), "very high"}},
			},
			{
				Name: "clinic_band", Scale: "k10_1to5", OnRequest: true,
				Source: Source{Citation: "cut points of Australian clinics: 20, 25 and 30", Basis: Verified},
				Bands:  []Band{{whole(10), "below 20"}, {whole(20), "20 to 24"}, {whole(25), "25 to 29"}, {whole(30), "30 or more"}},
			},
		},
		Codes:  []Code{snomed("720211004", "k10_0to4")},
		Notes:  []string{"A preprint takes the first six items for the K6, which is wrong for the usual order: they are items 2, 4, 5, 8, 9 and 10."},
		Source: source,
	}}
	b.items("k10", 10, first, first+4)
	b.scale(Scale{
		Name: "k10_1to5", Algorithm: "sum of the ten items, coded 1 to 5", HigherIs: HigherIsWorse,
		Min: whole(10), Max: whole(50), Step: whole(1), Unit: "points", Source: source,
	}, b.shift(b.sumOf(), 1-first))
	b.scale(Scale{
		Name: "k10_0to4", Algorithm: "sum of the ten items, coded 0 to 4", HigherIs: HigherIsWorse,
		Min: whole(0), Max: whole(40), Step: whole(1), Unit: "points", Source: source,
	}, b.shift(b.sumOf(), -first))
	b.scale(k6Scale("sum of items 2, 4, 5, 8, 9 and 10, coded 0 to 4"), b.shift(b.sumOf(2, 4, 5, 8, 9, 10), -first))
	return b.build()
}

func newK6(coding Coding, name, codes string) *Instrument {
	first := coding.first()
	b := &builder{def: Definition{
		Name: name, Title: "Kessler Psychological Distress Scale (K6)", Edition: "2002", Coding: codes, Recall: "last four weeks",
		Licence: kesslerLicence, Cutoffs: k6Cutoffs(),
		Source: Source{Citation: citeKessler, Basis: Verified},
	}}
	b.items("k6", 6, first, first+4)
	b.scale(k6Scale("sum of the six items, coded 0 to 4"), b.shift(b.sumOf(), -first))
	return b.build()
}
