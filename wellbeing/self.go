package wellbeing

const (
	citeRSES = "Rosenberg M (1965): Society and the adolescent self-image. Princeton University Press"
	citeSWLS = "Diener E, Emmons RA, Larsen RJ, Griffin S (1985): The Satisfaction with Life Scale. Journal of Personality Assessment 49:71-75"
)

// RSES returns the Rosenberg Self-Esteem Scale: ten items, from strongly disagree to strongly agree,
// coded [From0] (0 to 3; the instrument is then called "RSES") or [From1] (1 to 4; "RSES 1-4"); any
// other coding is a [NameError]. Items 2, 5, 6, 8 and 9 are reversed. Scales, in either case:
// "total_0_30" and "total_10_40"; higher is better.
//
// The scale is printed in two orders. This is the one with "At times I think I am no good at all" as
// item 2; in the other, the reversed items are 3, 5, 8, 9 and 10.
func RSES(c Coding) (*Instrument, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	return [...]func() *Instrument{rsesFrom0, rsesFrom1}[c.first()](), nil
}

var (
	rsesFrom0 = once(func() *Instrument { return newRSES(From0, "RSES", "0-3") })
	rsesFrom1 = once(func() *Instrument { return newRSES(From1, "RSES 1-4", "1-4") })
)

func newRSES(coding Coding, name, codes string) *Instrument {
	source := Source{Citation: citeRSES + "; order and reversed items by one public copy", Basis: SingleSource}
	first := coding.first()
	b := &builder{def: Definition{
		Name: name, Title: "Rosenberg Self-Esteem Scale", Edition: "1965", Coding: codes,
		Licence: Licence{
			Note:   "Free to use, with credit to the author. The wording is not shipped here.",
			Source: Source{Citation: "University of Maryland, as copied on the web", Basis: Verified},
		},
		Notes:  []string{"Two orders of the items circulate: check that item 2 of the form is a negative one."},
		Source: source,
	}}
	b.items("rses", 10, first, first+3)
	reversed := []int{2, 5, 6, 8, 9}
	for _, s := range []struct {
		name string
		from int
	}{{"total_0_30", 0}, {"total_10_40", 1}} {
		c := b.recode(b.sumOf(), func(_ Item, code int) int { return code - first + s.from })
		c = b.recode(c, func(_ Item, code int) int { return 3 - (code - first) + s.from }, reversed...)
		b.scale(Scale{
			Name: s.name, Algorithm: "sum of the ten items, five of them reversed", Reversed: b.keys(reversed...), HigherIs: HigherIsBetter,
			Min: whole(int64(10 * s.from)), Max: whole(int64(30 + 10*s.from)), Step: whole(1), Unit: "points", Source: source,
		}, c)
	}
	return b.build()
}

// SWLS returns the Satisfaction with Life Scale: five items, coded 1 (strongly disagree) to 7 (strongly
// agree). Scale: "total", 5 to 35; higher is better. Bands: "band".
func SWLS() *Instrument { return swls() }

var swls = once(func() *Instrument {
	source := Source{Citation: citeSWLS, Basis: Verified}
	b := &builder{def: Definition{
		Name: "SWLS", Title: "Satisfaction with Life Scale", Edition: "1985",
		Licence: Licence{
			Note:   "Copyright Ed Diener, free of charge and without permission, by several copies on the web. The wording is not shipped here.",
			Source: Source{Citation: "public copies of the scale", Basis: Verified},
		},
		BandSets: []BandSet{{
			Name: "band", Scale: "total", Source: Source{Citation: "Pavot W, Diener E (1993): Review of the Satisfaction with Life Scale. Psychological Assessment 5:164-172, as on the public copies", Basis: Verified},
			Bands: []Band{
				{whole(5), "extremely dissatisfied"},
				{whole(10), "dissatisfied"},
				{whole(15), "slightly dissatisfied"},
				{whole(20), "neutral"},
				{whole(21), "slightly satisfied"},
				{whole(26), "satisfied"},
				{whole(31), "extremely satisfied"},
			},
		}},
		Source: source,
	}}
	b.items("swls", 5, 1, 7)
	b.scale(Scale{
		Name: "total", Algorithm: "sum of the five items", HigherIs: HigherIsBetter, Min: whole(5), Max: whole(35), Step: whole(1), Unit: "points", Source: source,
	}, b.sumOf())
	return b.build()
})
