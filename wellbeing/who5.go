package wellbeing

const (
	citeWHO5Form = "World Health Organization, Regional Office for Europe (1998): Wellbeing measures in primary health care: the DepCare project. Copenhagen; the scoring box of the WHO-5 (1998 version)"
	citeTopp     = "Topp CW, Østergaard SD, Søndergaard S, Bech P (2015): The WHO-5 Well-Being Index: a systematic review of the literature. Psychotherapy and Psychosomatics 84(3):167-176, doi:10.1159/000376585"
)

// WHO5 returns the WHO-5 Well-Being Index (1998 version): five items on the last two weeks, coded
// 0 (at no time) to 5 (all of the time). Its scales are "raw", 0 to 25, and "percent", raw × 4, 0 to
// 100; higher is better. All five answers are needed: no owner's rule on missing ones is known.
//
// Flags: "screen_le_50" (screen further for depression) and "screen_le_28" (likely depression); on
// request "screen_raw_lt_13", the WHO form's own wording of the first, and
// "screen_raw_lt_13_or_item_0_1", its rival that also catches any item of 0 or 1. Change rule:
// "topp-2015-10".
func WHO5() *Instrument { return who5() }

var who5 = once(func() *Instrument {
	form1998 := Source{Citation: citeWHO5Form, Basis: Verified}
	topp := Source{Citation: citeTopp, Basis: Verified}
	b := &builder{def: Definition{
		Name:    "WHO-5",
		Title:   "WHO-5 Well-Being Index",
		Edition: "1998",
		Recall:  "last two weeks",
		Licence: Licence{
			Note:   "Scores may be computed. The wording is not shipped: older copies call it free to use with the source cited, but the World Health Organization's edition of 2024 is remembered to be under CC BY-NC-SA 3.0 IGO. Take the wording, and its terms, from the World Health Organization.",
			Source: Source{Citation: "INSPQ (Québec), WHO-5 sheet; WHO (2024), not read", Basis: Remembered},
		},
		Notes: []string{
			"The percentage moves in steps of 4, so at most 50 %, below 52 % and a raw score below 13 pick out the same people.",
			"Some web calculators give (raw − 5) × 4, which is wrong for codes that begin at 0.",
			"A screen is not a diagnosis: a second step follows it.",
		},
		Cutoffs: []Cutoff{
			{Name: "screen_le_50", Scale: "percent", Comparator: AtMost, Threshold: whole(50), Meaning: "screen further for depression", Source: topp},
			{Name: "screen_le_28", Scale: "percent", Comparator: AtMost, Threshold: whole(28), Meaning: "likely depression", Source: topp},
			{Name: "screen_raw_lt_13", Scale: "raw", Comparator: Below, Threshold: whole(13), Meaning: "screen further for depression", OnRequest: true, Source: form1998},
		},
		Changes: []ChangeRule{{
			Name: "topp-2015-10", Scale: "percent", Comparator: AtLeast, Threshold: whole(10),
			Meaning: "a noticeable change, by convention", Source: Source{
				Citation: "Ware JE (1995), as cited on the WHO-5 form (1998 version) and in: " + citeTopp, Basis: Verified,
			},
		}},
		Source: form1998,
	}}
	b.items("who5", 5, 0, 5)
	for i, about := range []string{"mood", "calm", "energy", "rest", "interest"} {
		b.def.Items[i].About = about
	}
	b.scale(Scale{
		Name: "raw", Algorithm: "sum of the five items", HigherIs: HigherIsBetter,
		Min: whole(0), Max: whole(25), Step: whole(1), Unit: "points", Source: form1998,
	}, b.sumOf())
	b.scale(Scale{
		Name: "percent", Algorithm: "raw × 4", HigherIs: HigherIsBetter,
		Min: whole(0), Max: whole(100), Step: whole(4), Unit: "%", Source: form1998,
	}, b.multipleOf(0, 4, 1))
	b.criterion(Criterion{
		Name: "screen_raw_lt_13_or_item_0_1", Algorithm: "raw below 13, or any item 0 or 1",
		Meaning: "screen further for depression", OnRequest: true, Source: form1998,
	}, maskOf(1, 2, 3, 4, 5), func(f form) bool {
		raw, low := int32(0), false
		for _, c := range f.codes[:5] {
			raw += c
			low = low || c <= 1
		}
		return raw < 13 || low
	})
	return b.build()
})

// WHO5Percent is the fast path for rows of data: five codes, each 0 to 5, give the percentage 0 to
// 100. ok is false where any of them is out of that range; write a missing, refused or
// not-applicable answer as a negative number. Where a person should read why, use [WHO5].
func WHO5Percent(item1, item2, item3, item4, item5 int8) (percent int8, ok bool) {
	// One comparison each: a negative int8 becomes a large uint8.
	if uint8(item1) > 5 || uint8(item2) > 5 || uint8(item3) > 5 || uint8(item4) > 5 || uint8(item5) > 5 {
		return 0, false
	}
	return (item1 + item2 + item3 + item4 + item5) * 4, true
}
