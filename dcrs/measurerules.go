package dcrs

import "github.com/healthtrainer/healthtrainer/hte"

// The codes that the rules of measures name.
var (
	pointPre   = childCode("time_point", "pre")
	pointPost  = childCode("time_point", "post")
	pointOther = childCode("time_point", "other")
	// monthsOf are the months after the review of the time points that have some.
	monthsOf = map[int64]int{childCode("time_point", "3m"): 3, childCode("time_point", "6m"): 6, childCode("time_point", "12m"): 12}
)

func measureChecks() []Check {
	instrument := func(judge func(r *Row, a *answers) Verdict) func(r *Row) Verdict {
		return func(r *Row) Verdict {
			a := r.answers()
			if a.form == nil {
				return NotApplicable
			}
			return judge(r, a)
		}
	}
	plain := func(judge func(m *plainMeasure, value int64) Verdict) func(r *Row) Verdict {
		return func(r *Row) Verdict {
			n := r.value(mMeasure)
			if n >= int64(len(plainMeasures)) {
				return NotApplicable
			}
			return judge(&plainMeasures[n], r.value(mValue))
		}
	}
	checks := append(references("measure"), Check{
		Rule: Rule{
			ID: "measure/duplicate", Severity: Error,
			Problem: "the same measure of the same episode at the same time point, seen before in this file", Fix: "remove the repeat, or correct its time point",
			Note: "Scores on two scales of one form are not the same measure; nor are two of time point other on different days.",
		},
		Need: []string{"episode_id", "time_point", "measure"}, Clean: []string{"scale", "measured_on"},
		Key: func(r *Row, key []byte) []byte {
			key = appendParts(key, r.Text(mEpisodeID), r.Text(mTimePoint), r.Text(mMeasure), r.Text(mScale))
			if r.value(mTimePoint) == pointOther {
				key = append(key, r.Text(mMeasuredOn)...)
			}
			return key
		},
	}, Check{
		Rule: Rule{
			ID: "measure/nothing-recorded", Severity: Error, Reads: "responses value",
			Problem: "neither a value nor answers", Fix: "complete the row, or leave it out",
		},
		Clean: []string{"responses", "value"},
		Row:   func(r *Row) Verdict { return FailIf(r.blank(mResponses) && r.blank(mValue)) },
	}, Check{
		Rule: Rule{
			ID: "measure/not-an-instrument", Severity: Error, Reads: "measure, responses scale", Per: "row",
			Problem: "answers or a scale for a measure that is a plain number", Fix: "correct the measure, or move the number to value",
		},
		Need: []string{"measure"}, Clean: []string{"responses", "scale"}, At: "responses", Related: []string{"measure"},
		Row: func(r *Row) Verdict {
			switch {
			case r.value(mMeasure) >= int64(len(plainMeasures)):
				return NotApplicable
			case r.valid.has(mResponses):
				return Fail
			case r.valid.has(mScale):
				return r.FailAt(mScale, mMeasure)
			}
			return Pass
		},
	}, Check{
		Rule: Rule{
			ID: "measure/value-range", Severity: Error, When: "the measure is a plain number",
			Problem: "the value lies outside the valid range of its measure, or is no whole number where it has to be one", Fix: "correct the value, its unit or the measure",
			Note: "The ranges are those of the same measure in the dictionary of episodes.",
		},
		Need: []string{"measure", "value"}, Related: []string{"measure"},
		Row: plain(func(m *plainMeasure, value int64) Verdict { return FailIf(!m.holds(value)) }),
	}, Check{
		Rule: Rule{
			ID: "measure/implausible", Severity: Warning, When: "the measure is a plain number, in its valid range",
			Problem: "the value is possible but so unusual that it is more often a slip", Fix: "check the value and its unit",
		},
		Need: []string{"measure", "value"}, Related: []string{"measure"},
		Row: plain(func(m *plainMeasure, value int64) Verdict {
			if !m.holds(value) {
				return NotApplicable
			}
			return FailIf(value < m.likely || value > m.likelyX)
		}),
	}, Check{
		Rule: Rule{
			ID: "measure/scale-missing", Severity: Error, When: "the measure is an instrument, with a value",
			Problem: "a score of an instrument that has several scales, without the name of the scale", Fix: "name the scale: a raw sum and a percentage are different numbers",
			Reads: "measure value scale",
		},
		Need: []string{"measure", "value"}, Clean: []string{"scale"}, At: "scale", Related: []string{"measure", "value"},
		Row: instrument(func(r *Row, a *answers) Verdict {
			return FailIf(r.blank(mScale) && a.form.scale("") == nil)
		}),
	}, Check{
		Rule: Rule{
			ID: "measure/scale-unknown", Severity: Error, When: "the measure is an instrument",
			Problem: "the instrument has no such scale", Fix: "correct the scale: the reference of package wellbeing lists those of each instrument",
		},
		Need: []string{"measure", "scale"}, Related: []string{"measure"},
		Row: instrument(func(r *Row, a *answers) Verdict {
			return FailIf(a.form.scale(string(r.Text(mScale))) == nil)
		}),
	}, Check{
		Rule: Rule{
			ID: "measure/score-range", Severity: Error, When: "the measure is an instrument, with a value on a known scale",
			Problem: "the score is lower or higher than the scale goes", Fix: "correct the score, the scale or the instrument",
		},
		Need: []string{"measure", "value"}, Clean: []string{"scale"}, At: "value", Related: []string{"measure", "scale"},
		Row: instrument(func(r *Row, a *answers) Verdict {
			return FailIf(r.scoreOff(a) == outside).unless(r.scoreOff(a) == offUnknown)
		}),
	}, Check{
		Rule: Rule{
			ID: "measure/score-impossible", Severity: Error, When: "the measure is an instrument, with a value in the range of its scale and without answers",
			Problem: "no answers can give this score", Fix: "correct it: WHO-5 percentages, for instance, are multiples of 4",
			Note: "Only for scales that move in constant steps, and where the owner of the instrument has no rule on missing answers, by which scores may lie between the steps.",
		},
		Need: []string{"measure", "value"}, Clean: []string{"scale", "responses"}, At: "value", Related: []string{"measure", "scale"},
		Row: instrument(func(r *Row, a *answers) Verdict {
			s := a.form.scale(string(r.Text(mScale)))
			off := r.scoreOff(a)
			if r.valid.has(mResponses) || off == offUnknown || off == outside || !s.Step.Known() || a.form.definition.OwnerRule != nil {
				return NotApplicable
			}
			return FailIf(off == betweenSteps)
		}),
	}, Check{
		Rule: Rule{
			ID: "measure/answer-count", Severity: Error, When: "the measure is an instrument",
			Problem: "there are more or fewer answers than the instrument has items", Fix: "give one for each item, with a point where one is missing",
		},
		Need: []string{"measure", "responses"}, Related: []string{"measure"},
		Row: instrument(func(r *Row, a *answers) Verdict { return FailIf(a.count != len(a.form.codes)) }),
	}, Check{
		Rule: Rule{
			ID: "measure/answer-unknown", Severity: Error, When: "the measure is an instrument, with as many answers as it has items",
			Problem: "an answer is none of the codes of its item", Fix: "correct it; a missing answer is a point, not 9 or 99",
		},
		Need: []string{"measure", "responses"}, Related: []string{"measure"},
		Row: instrument(func(r *Row, a *answers) Verdict {
			if a.count != len(a.form.codes) {
				return NotApplicable
			}
			return FailIf(a.unknown)
		}),
	}, Check{
		Rule: Rule{
			ID: "measure/form-incomplete", Severity: Warning, When: "the measure is an instrument, with answers and no value",
			Problem: "answers are missing, so no score can be given", Fix: "complete the form if that is still possible",
			Note: "Missing answers are made up for by the rule of the instrument's owner alone, where one is known and verified. Of several scales, one with a score is enough.",
		},
		Need: []string{"measure", "responses"}, Clean: []string{"value"}, At: "responses", Related: []string{"measure"},
		Row: instrument(func(r *Row, a *answers) Verdict {
			if !a.whole() || r.valid.has(mValue) {
				return NotApplicable
			}
			for i := range a.form.definition.Scales {
				if _, ok, open := a.score(a.form.definition.Scales[i].Name); ok || open {
					return Pass
				}
			}
			return Fail
		}),
	}, Check{
		Rule: Rule{
			ID: "measure/score-disagrees", Severity: Error, When: "the measure is an instrument, with answers and a value on a known scale, in its range",
			Problem: "the score is not the one that the answers give", Fix: "correct the score, the scale or the answers",
			Note: "The answers are scored again by package wellbeing; what rests on memory alone there is not used. The score may be rounded to any number of places, a half either way.",
		},
		Need: []string{"measure", "responses", "value"}, Clean: []string{"scale"}, At: "value", Related: []string{"measure", "responses", "scale"},
		Row: instrument(func(r *Row, a *answers) Verdict {
			s := a.form.scale(string(r.Text(mScale)))
			if s == nil || !a.whole() || r.scoreOff(a) == outside {
				return NotApplicable
			}
			v, ok, _ := a.score(s.Name)
			if !ok {
				return NotApplicable
			}
			same, ok := agrees(r.value(mValue), r.places(mValue), v)
			if !ok {
				return NotApplicable
			}
			return FailIf(!same)
		}),
	}, Check{
		Rule: Rule{
			ID: "measure/score-of-incomplete-form", Severity: Warning, When: "the measure is an instrument, with answers and a value on a known scale",
			Problem: "a score, though answers are missing that the instrument needs", Fix: "leave the score out, or say by which rule the gaps were filled",
		},
		Need: []string{"measure", "responses", "value"}, Clean: []string{"scale"}, At: "value", Related: []string{"measure", "responses", "scale"},
		Row: instrument(func(r *Row, a *answers) Verdict {
			s := a.form.scale(string(r.Text(mScale)))
			if s == nil || !a.whole() {
				return NotApplicable
			}
			_, ok, open := a.score(s.Name)
			if open {
				return NotApplicable
			}
			return FailIf(!ok)
		}),
	}, Check{
		Rule: Rule{
			ID: "measure/in-the-future", Severity: Error,
			Problem: "measured after the as-of date", Fix: "correct the date",
		},
		Need: []string{"measured_on"},
		Row:  func(r *Row) Verdict { return FailIf(r.value(mMeasuredOn) > r.plan.asOfDay) },
	}, Check{
		Rule: Rule{
			ID: "measure/before-referral", Severity: Error, Reads: "referral_date first_contact_date of the episode, measured_on",
			Problem: "measured before the referral of the episode", Fix: "correct the dates",
		},
		Need: []string{"episode_id", "measured_on"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			if !ok {
				return NotApplicable
			}
			return e.earlier(r.value(mMeasuredOn), e.began())
		},
	}, Check{
		Rule: Rule{
			ID: "measure/pre-after-review", Severity: Error, Reads: "review_date of the episode, time_point measured_on", When: "time_point is pre",
			Problem: "measured on the day of the review or later: what is called pre is not the baseline", Fix: "correct the date or the time point",
		},
		Need: []string{"episode_id", "time_point", "measured_on"}, Related: []string{"time_point"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			if !ok || r.value(mTimePoint) != pointPre || !known(e.reviewed()) {
				return NotApplicable
			}
			return FailIf(r.value(mMeasuredOn) >= e.reviewed())
		},
	}, Check{
		Rule: Rule{
			ID: "measure/post-too-early", Severity: Error, Reads: "plan_date of the episode, time_point measured_on", When: "time_point is post",
			Problem: "measured on the day of the plan or earlier: what is called post is the baseline", Fix: "correct the date or the time point",
		},
		Need: []string{"episode_id", "time_point", "measured_on"}, Related: []string{"time_point"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			if !ok || r.value(mTimePoint) != pointPost || !known(e.planned()) || r.value(mMeasuredOn) < e.began() {
				return NotApplicable
			}
			return FailIf(r.value(mMeasuredOn) <= e.planned())
		},
	}, Check{
		Rule: Rule{
			ID: "measure/followup-too-early", Severity: Error, Reads: "review_date of the episode, time_point measured_on", When: "time_point is 3m, 6m or 12m",
			Problem: "a measure at follow-up from before the review", Fix: "correct the date or the time point",
		},
		Need: []string{"episode_id", "time_point", "measured_on"}, Related: []string{"time_point"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			if !ok || monthsOf[r.value(mTimePoint)] == 0 || r.value(mMeasuredOn) < e.began() {
				return NotApplicable
			}
			return e.earlier(r.value(mMeasuredOn), e.reviewed())
		},
	}, Check{
		Rule: Rule{
			ID: "measure/followup-off-schedule", Severity: Info, Reads: "review_date of the episode, time_point measured_on", When: "time_point is 3m, 6m or 12m, not too early",
			Problem: "a measure at follow-up more than 45 days from its month after the review", Fix: "none needed if true",
		},
		Need: []string{"episode_id", "time_point", "measured_on"}, Related: []string{"time_point"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			months := monthsOf[r.value(mTimePoint)]
			if !ok || months == 0 || !known(e.reviewed()) || r.value(mMeasuredOn) < e.reviewed() {
				return NotApplicable
			}
			return FailIf(abs(r.value(mMeasuredOn)-int64(hte.FromOrdinal(int(e.reviewed())).AddMonths(months).Ordinal())) > 45)
		},
	}, Check{
		Rule: Rule{
			ID: "measure/after-death", Severity: Error, Reads: "closure_date closure_reason of the episode, measured_on", When: "closed by death",
			Problem: "measured after the episode closed by death", Fix: "correct the dates or the reason",
		},
		Need: []string{"episode_id", "measured_on"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			if !ok || e.closedAs(closedDied) != yes {
				return NotApplicable
			}
			return e.later(r.value(mMeasuredOn), e.closure())
		},
	})
	return append(checks, Check{
		Rule: Rule{
			ID: "measure/disagrees-with-episode", Severity: Warning, Reads: "the same measure of the episode, time_point measure scale responses value", When: "time_point is pre or post, and the episode has the measure",
			Problem: "the value differs from that of the same measure in the episode's row", Fix: "correct the one that is wrong",
			Note: "Plain measures; WHO-5 (percent), GSE-10 (sum), SelfRatedHealth100, ImportanceRuler and ConfidenceRuler, by the score stated or, without one, that of the answers. Values are compared in thousandths.",
		},
		Need: []string{"episode_id", "time_point", "measure"}, Clean: []string{"scale", "responses", "value"}, At: "value", Related: []string{"time_point", "measure"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			point := 0
			switch r.value(mTimePoint) {
			case pointPost:
				point = 1
			case pointPre:
			default:
				return NotApplicable
			}
			if !ok || len(e) <= wordMeasure {
				return NotApplicable
			}
			slot, value, at, ok := r.measured()
			if !ok {
				return NotApplicable
			}
			s := &measureSlots[slot]
			has := e.measure(slot, point)
			if has == 0 || has == s.unknown() {
				return NotApplicable
			}
			if !s.decimal && value%decimalUnit != 0 || has != s.number(value) {
				return r.FailAt(at, mTimePoint, mMeasure)
			}
			return Pass
		},
	})
}

// unless is NotApplicable where something is so.
func (v Verdict) unless(so bool) Verdict {
	if so {
		return NotApplicable
	}
	return v
}

// off is how a stated score lies on its scale.
type off uint8

const (
	offUnknown off = iota // no such scale
	onStep
	betweenSteps
	outside
)

// scoreOff says how the stated score lies on its scale.
func (r *Row) scoreOff(a *answers) off {
	s := a.form.scale(string(r.Text(mScale)))
	if s == nil {
		return offUnknown
	}
	// In units of 10^-9, times the denominators, which are small.
	value := r.value(mValue)
	least, ok1 := times(s.Min.Num(), decimalUnit)
	most, ok2 := times(s.Max.Num(), decimalUnit)
	low, ok3 := times(value, s.Min.Den())
	high, ok4 := times(value, s.Max.Den())
	switch {
	case !ok1 || !ok2 || !ok3 || !ok4:
		return offUnknown
	case low < least || high > most:
		return outside
	case !s.Step.Known() || s.Step.Den() != 1 || s.Min.Den() != 1:
		return onStep
	case (value-least)%(s.Step.Num()*decimalUnit) != 0:
		return betweenSteps
	}
	return onStep
}

// measured is the number of the row, in units of 10^-9, as the episode would
// have it, and the field that it comes from.
func (r *Row) measured() (slot int, value int64, at int, ok bool) {
	n := int(r.value(mMeasure))
	if n < len(plainMeasures) {
		if !r.valid.has(mValue) || !plainMeasures[n].holds(r.value(mValue)) {
			return 0, 0, 0, false
		}
		return n, r.value(mValue), mValue, true
	}
	a := r.answers()
	slot = a.form.slot
	if slot < 0 {
		return 0, 0, 0, false
	}
	scale := a.form.scale(string(r.Text(mScale)))
	switch {
	case r.valid.has(mValue):
		if scale == nil || scale.Name != a.form.slotScale || r.scoreOff(a) == outside {
			return 0, 0, 0, false
		}
		if v, ok, _ := a.score(scale.Name); ok {
			if same, told := agrees(r.value(mValue), r.places(mValue), v); !same || !told {
				return 0, 0, 0, false // measure/score-disagrees says so
			}
		}
		return slot, r.value(mValue), mValue, true
	case a.whole():
		v, ok, _ := a.score(a.form.slotScale)
		whole, isWhole := v.Int64()
		return slot, whole * decimalUnit, mResponses, ok && isWhole
	}
	return 0, 0, 0, false
}
