package wellbeing

import (
	_ "embed"
	"strings"
)

// ValueSet names the published weights that turn an EQ-5D profile into an index. There is no default:
// results from different sets do not compare, so the set is always said.
type ValueSet string

const (
	// UKMVHA1 is the United Kingdom's time trade-off set for the EQ-5D-3L (Dolan 1997).
	UKMVHA1 ValueSet = "UK MVH-A1"
	// UKRowen2026 is the United Kingdom's set for the EQ-5D-5L of 2026.
	UKRowen2026 ValueSet = "UK Rowen 2026"
	// EnglandDevlin2018 is England's set for the EQ-5D-5L of 2018. NICE did not adopt it: it is here to
	// reproduce earlier work.
	EnglandDevlin2018 ValueSet = "England Devlin 2018"
	// UKCrosswalkVanHout2012 maps EQ-5D-5L profiles to the 3L set of the United Kingdom, by the
	// published table.
	UKCrosswalkVanHout2012 ValueSet = "UK crosswalk van Hout 2012"
)

const (
	citeDolan   = "Dolan P (1997): Modeling valuations for EuroQol health states. Medical Care 35(11):1095-1108 (MVH A1, time trade-off)"
	citeRowen   = "Rowen et al. (2026), the UK value set for the EQ-5D-5L: Value in Health 29(5):858-869, doi:10.1016/j.jval.2026.03.008"
	citeDevlin  = "Devlin NJ, Shah KK, Feng Y, Mulhern B, van Hout B (2018): Valuing health-related quality of life: an EQ-5D-5L value set for England. Health Economics 27(1):7-22"
	citeVanHout = "van Hout B, Janssen MF, Feng YS, et al. (2012): Interim scoring for the EQ-5D-5L: mapping the EQ-5D-5L to EQ-5D-3L value sets. Value in Health 15(5):708-715, published table"
)

// eq5dSet holds decrements in thousandths: by dimension and level, in the order mobility, self-care,
// usual activities, pain/discomfort, anxiety/depression.
type eq5dSet struct {
	levels    int
	decrement [5][6]int64 // index 2 … 5
	anyBelow1 int64       // off where any dimension is at level 2 or worse
	anyAt3    int64       // off where any dimension of the 3L is at level 3
	table     []int64     // by state instead, in the order 11111, 11112, …
	worst     int64
}

var (
	setMVHA1 = eq5dSet{levels: 3, anyBelow1: 81, anyAt3: 269, worst: -594, decrement: [5][6]int64{
		{2: 69, 3: 314}, {2: 104, 3: 214}, {2: 36, 3: 94}, {2: 123, 3: 386}, {2: 71, 3: 236},
	}}
	setRowen = eq5dSet{levels: 5, worst: -567, decrement: [5][6]int64{
		{2: 32, 3: 58, 4: 179, 5: 279},
		{2: 38, 3: 60, 4: 162, 5: 206},
		{2: 49, 3: 86, 4: 184, 5: 212},
		{2: 56, 3: 66, 4: 371, 5: 479},
		{2: 41, 3: 126, 4: 313, 5: 391},
	}}
	setDevlin = eq5dSet{levels: 5, worst: -285, decrement: [5][6]int64{
		{2: 58, 3: 76, 4: 207, 5: 274},
		{2: 50, 3: 80, 4: 164, 5: 203},
		{2: 50, 3: 63, 4: 162, 5: 184},
		{2: 63, 3: 84, 4: 276, 5: 335},
		{2: 78, 3: 104, 4: 285, 5: 289},
	}}
)

// The table as published, in the form that the R package eq5d (MIT licence) carries it.
//
//go:embed eq5d_crosswalk.csv
var eq5dCrosswalkCSV string

// crosswalkTable reads the embedded table of 3,125 states; a test holds it to be whole.
func crosswalkTable() []int64 {
	var t []int64
	for line := range strings.Lines(eq5dCrosswalkCSV) {
		_, index, _ := strings.Cut(strings.TrimSpace(line), ",")
		if v, err := ParseValue(index); err == nil {
			t = append(t, v.num*1000/v.den)
		}
	}
	return t
}

// index returns the index of a profile in thousandths.
func (s *eq5dSet) index(codes []int32) (int64, bool) {
	if s.table != nil {
		state := 0
		for _, c := range codes {
			state = state*5 + int(c) - 1
		}
		if state >= len(s.table) {
			return 0, false
		}
		return s.table[state], true
	}
	index, worst := int64(1000), int32(1)
	for i, c := range codes {
		index -= s.decrement[i][c]
		worst = max(worst, c)
	}
	if worst > 1 {
		index -= s.anyBelow1
	}
	if worst == 3 {
		index -= s.anyAt3
	}
	return index, true
}

// EQ5D3L returns the EQ-5D-3L with the named value set: five dimensions today, coded by level 1 to 3.
// Scale: "index", at most 1 (full health); below 0 is worse than dead; higher is better. The only set
// is [UKMVHA1]; another is a [NameError]. Change rule, from memory: "walters-2005-0.074".
func EQ5D3L(set ValueSet) (*Instrument, error) {
	if set == UKMVHA1 {
		return eq5d3L(), nil
	}
	return nil, NameError{Kind: "EQ-5D-3L value set", Name: string(set)}
}

// EQ5D5L returns the EQ-5D-5L with the named value set: five dimensions today, coded by level 1 to 5.
// Scale: "index", at most 1 (full health); below 0 is worse than dead; higher is better. The sets are
// [UKRowen2026], [EnglandDevlin2018] and [UKCrosswalkVanHout2012]; another is a [NameError].
func EQ5D5L(set ValueSet) (*Instrument, error) {
	switch set {
	case UKRowen2026:
		return eq5dRowen(), nil
	case EnglandDevlin2018:
		return eq5dDevlin(), nil
	case UKCrosswalkVanHout2012:
		return eq5dCrosswalk(), nil
	}
	return nil, NameError{Kind: "EQ-5D-5L value set", Name: string(set)}
}

var (
	eq5d3L = once(func() *Instrument {
		return newEQ5D("EQ-5D-3L UK MVH-A1", "EQ-5D-3L", "UK MVH-A1, time trade-off (1997)", setMVHA1,
			Source{Citation: citeDolan, Basis: Verified},
			"NICE's reference case from its 2019 position on: profiles of the 5L were mapped to this set.")
	})
	eq5dRowen = once(func() *Instrument {
		return newEQ5D("EQ-5D-5L UK Rowen 2026", "EQ-5D-5L", "UK Rowen 2026", setRowen,
			Source{Citation: citeRowen, Basis: Verified},
			"NICE is reported to take this set for topics invited after 27 August 2026; its statement was not read.")
	})
	eq5dDevlin = once(func() *Instrument {
		return newEQ5D("EQ-5D-5L England Devlin 2018", "EQ-5D-5L", "England Devlin 2018", setDevlin,
			Source{Citation: citeDevlin, Basis: Verified},
			"NICE did not adopt this set: use it only to reproduce earlier work.")
	})
	eq5dCrosswalk = once(func() *Instrument {
		return newEQ5D("EQ-5D-5L->3L UK crosswalk van Hout 2012", "EQ-5D-5L", "UK crosswalk van Hout 2012",
			eq5dSet{levels: 5, worst: -594, table: crosswalkTable()},
			Source{Citation: citeVanHout, Basis: Verified},
			"The published table is used. Recomputing it from the published probabilities gives 192 states that differ by 0.001.")
	})
)

func newEQ5D(name, title, set string, values eq5dSet, source Source, note string) *Instrument {
	b := &builder{def: Definition{
		Name: name, Title: title, Edition: title, ValueSet: set, Recall: "today",
		Licence: Licence{
			Note:   "The questionnaire is EuroQol's: its use needs registration, and commercial use a fee. The wording is not shipped. The weights are published, and ship in open packages; EuroQol's own position on them was not read.",
			Source: Source{Citation: "EuroQol, as quoted by CamCOPS", Basis: SingleSource},
		},
		Notes:  []string{note},
		Source: source,
	}}
	for _, d := range []string{"mobility", "self_care", "usual_activities", "pain_discomfort", "anxiety_depression"} {
		b.def.Items = append(b.def.Items, Item{Key: "eq5d_" + d, About: strings.ReplaceAll(d, "_", " "), Min: 1, Max: values.levels})
	}
	if values.levels == 3 {
		b.def.Changes = []ChangeRule{{
			Name: "walters-2005-0.074", Scale: "index", Comparator: AtLeast, Threshold: fixed(74, 3), Meaning: "minimally important difference",
			Source: Source{Citation: "Walters SJ, Brazier JE (2005): Quality of Life Research 14(6):1523-1532", Basis: Remembered},
		}}
	}
	// A published table keeps its three places; a sum of weights prints as many as it has.
	places := 0
	if values.table != nil {
		places = 3
	}
	least := fixed(values.worst, 3)
	b.scale(Scale{
		Name: "index", Algorithm: "1 less the weights of the value set for each dimension's level", HigherIs: HigherIsBetter,
		Min: least, Max: whole(1).withPlaces(uint8(places)), Unit: "utility", AlwaysComplete: true, Source: source,
	}, b.by(func(f form) (Value, Reason) {
		n, ok := values.index(f.codes[:5])
		if !ok {
			return Value{}, Invalid
		}
		return ratio(n, 1000).withPlaces(uint8(places)), ""
	}))
	return b.build()
}
