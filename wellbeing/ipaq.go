package wellbeing

const citeIPAQ = "IPAQ Research Committee (2005): Guidelines for data processing and analysis of the International Physical Activity Questionnaire, short and long forms"

// IPAQShort returns the International Physical Activity Questionnaire, short form, last seven days, for
// ages 15 to 69: for vigorous activity, moderate activity and walking, the days (0 to 7) and the minutes
// on one of those days (0 to 1440). Scales: "met_min_week", MET-minutes a week, and "category_level", 0
// low, 1 moderate, 2 high; higher is better. Band: "category".
//
// By the protocol, a form with more than 960 minutes in all is [Excluded]; less than 10 minutes counts
// as none; and each activity counts for at most 180 minutes a day. All six answers are needed.
func IPAQShort() *Instrument { return ipaqShort() }

var ipaqShort = once(func() *Instrument {
	source := Source{Citation: citeIPAQ, Basis: Verified}
	b := &builder{def: Definition{
		Name: "IPAQ-short", Title: "International Physical Activity Questionnaire, short form", Edition: "2005", Recall: "last seven days",
		Licence: Licence{
			Note:   "Freely available. The wording is not shipped here.",
			Source: Source{Citation: citeIPAQ, Basis: Verified},
		},
		Exclusion: &Rule{Text: "the minutes of the three activities on a day come to more than 960 (16 hours)", Source: source},
		BandSets: []BandSet{{
			Name: "category", Scale: "category_level", Source: source,
			Bands: []Band{{whole(0), "low"}, {whole(1), "moderate"}, {whole(2), "high"}},
		}},
		Notes: []string{
			"Its authors do not mean it for measuring the outcome of an intervention.",
			"That the exclusion is tested before the minutes are cut at 180 rests on memory; the protocol's worked example agrees.",
		},
		Source: source,
	}}
	for _, a := range []string{"vigorous", "moderate", "walking"} {
		b.def.Items = append(
			b.def.Items,
			Item{Key: "ipaq_" + a + "_days", About: "days of " + a + " activity", Min: 0, Max: 7},
			Item{Key: "ipaq_" + a + "_minutes", About: "minutes on one of those days", Min: 0, Max: 1440},
		)
	}
	b.scale(Scale{
		Name: "met_min_week", Algorithm: "minutes × days × MET (8.0 vigorous, 4.0 moderate, 3.3 walking), added up; minutes below 10 count as 0, above 180 as 180; no score where the three activities on a day come to more than 960 minutes", HigherIs: HigherIsBetter,
		Min: whole(0), Max: whole(19278), Unit: "MET-minutes a week", AlwaysComplete: true, Source: source,
	}, b.by(func(f form) (Value, Reason) {
		w, reason := ipaqWeek(f)
		return ratio(w.tenths(), 10), reason
	}))
	b.scale(Scale{
		Name: "category_level", Algorithm: "high: vigorous on 3 days and 1500 MET-minutes, or any on 7 days and 3000; moderate: vigorous on 3 days of 20 minutes, or moderate activity and walking on 5 days of 30 minutes, or any on 5 days and 600 MET-minutes; minutes as for met_min_week", HigherIs: HigherIsBetter,
		Min: whole(0), Max: whole(2), Step: whole(1), Unit: "level", AlwaysComplete: true, Source: source,
	}, b.by(func(f form) (Value, Reason) {
		w, reason := ipaqWeek(f)
		return whole(w.level()), reason
	}))
	return b.build()
})

// ipaq is a week's activity after the protocol's exclusion and truncation.
type ipaq struct{ days, minutes [3]int64 } // vigorous, moderate, walking

func ipaqWeek(f form) (ipaq, Reason) {
	var w ipaq
	var all int64
	for i := range 3 {
		w.days[i], w.minutes[i] = int64(f.codes[2*i]), int64(f.codes[2*i+1])
		if w.days[i] > 0 {
			all += w.minutes[i]
		}
	}
	if all > 960 {
		return ipaq{}, Excluded
	}
	for i := range 3 {
		if w.minutes[i] < 10 || w.days[i] == 0 {
			w.days[i], w.minutes[i] = 0, 0
		}
		w.minutes[i] = min(w.minutes[i], 180)
	}
	return w, ""
}

// tenths returns the MET-minutes a week of all activities, times ten.
func (w ipaq) tenths() int64 {
	return 80*w.days[0]*w.minutes[0] + 40*w.days[1]*w.minutes[1] + 33*w.days[2]*w.minutes[2]
}

func (w ipaq) level() int64 {
	days, total := w.days[0]+w.days[1]+w.days[2], w.tenths()
	var steady int64 // days of moderate activity or walking, of 30 minutes at least
	for i := 1; i < 3; i++ {
		if w.minutes[i] >= 30 {
			steady += w.days[i]
		}
	}
	switch {
	case w.days[0] >= 3 && 8*w.days[0]*w.minutes[0] >= 1500, days >= 7 && total >= 30000:
		return 2
	case w.days[0] >= 3 && w.minutes[0] >= 20, steady >= 5, days >= 5 && total >= 6000:
		return 1
	}
	return 0
}
