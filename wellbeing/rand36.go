package wellbeing

const citeRAND = "RAND Corporation: 36-Item Short Form Survey, scoring instructions (Ware JE, Sherbourne CD (1992), Medical Care 30(6):473-483; Hays RD, Sherbourne CD, Mazel RM (1993), Health Economics 2(3):217-227)"

// RAND36 returns the RAND 36-Item Health Survey 1.0. Scales, each the mean of its items recoded to 0 to
// 100, higher is better: "PF" physical functioning, "RP" and "RE" role limitations from physical health
// and from emotional problems, "EF" energy, "EW" emotional wellbeing, "SF" social functioning, "P" pain,
// "GH" general health; and "change_item2", health compared to a year ago. There is no overall score.
//
// RAND's own rule on missing answers ([OwnerRule]) is the mean of the items that were answered, however
// few. It is not the half-scale rule of the SF-36.
func RAND36() *Instrument { return rand36() }

var rand36 = once(func() *Instrument {
	source := Source{Citation: citeRAND, Basis: Verified}
	b := &builder{def: Definition{
		Name: "RAND-36", Title: "RAND 36-Item Health Survey 1.0", Edition: "1.0", Recall: "now and the last four weeks",
		OwnerRule: &Rule{
			Text:   "items left blank are not taken into account: a scale is the mean of its answered items, one at the least",
			Source: source,
		},
		Licence: Licence{
			Note: "Free to use and reproduce, with a credit line to RAND; changes have to be marked.", Wording: true,
			Source: Source{Citation: "RAND, as quoted by CamCOPS", Basis: SingleSource},
		},
		Notes: []string{
			"The first item's scale (excellent to poor) is not the one of the UK census (very good to very bad): never map one to the other.",
			"Some software adds an overall score, which is not RAND's.",
		},
		Source: source,
	}}
	b.items("rand36", 36, 1, 5)
	options := func(n int, numbers ...int) {
		for _, i := range numbers {
			b.def.Items[i-1].Max = n
		}
	}
	options(3, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
	options(2, 13, 14, 15, 16, 17, 18, 19)
	options(6, 21, 23, 24, 25, 26, 27, 28, 29, 30, 31)
	// Every item has evenly spaced points, 0 to 100; in these a low code is the good answer.
	down := []int{1, 2, 20, 21, 22, 23, 26, 27, 30, 34, 36}
	percent := func(it Item, code int) int { return (code - 1) * 100 / (it.Max - 1) }
	for _, s := range []struct {
		name, what string
		numbers    []int
	}{
		{"PF", "physical functioning", []int{3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
		{"RP", "role limitations from physical health", []int{13, 14, 15, 16}},
		{"RE", "role limitations from emotional problems", []int{17, 18, 19}},
		{"EF", "energy and fatigue", []int{23, 27, 29, 31}},
		{"EW", "emotional wellbeing", []int{24, 25, 26, 28, 30}},
		{"SF", "social functioning", []int{20, 32}},
		{"P", "pain", []int{21, 22}},
		{"GH", "general health", []int{1, 33, 34, 35, 36}},
		{"change_item2", "health compared to a year ago", []int{2}},
	} {
		c := b.recode(b.sumOf(s.numbers...), percent)
		c = b.recode(c, func(it Item, code int) int { return 100 - percent(it, code) }, down...)
		c.den = int64(len(s.numbers))
		var back []int
		for _, n := range down {
			if c.mask&maskOf(n) != 0 {
				back = append(back, n)
			}
		}
		b.scale(Scale{
			Name: s.name, Algorithm: s.what + ": mean of its items, recoded to 0 to 100", Reversed: b.keys(back...), HigherIs: HigherIsBetter,
			Min: whole(0), Max: whole(100), Unit: "points", OwnerMax: len(s.numbers) - 1, Source: source,
		}, c)
	}
	return b.build()
})
