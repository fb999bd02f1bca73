package wellbeing

import "math/bits"

// Score scores one form, given as one response for each item in the order of the definition. By
// default every item is needed and nothing that rests on memory alone is used; the options change
// that.
//
// A nil error means that every scale of the result holds a score. Otherwise the error is a
// [ScoreError] that wraps an error for each item in the way, all at once: [RangeError],
// [CodeError], [SyntaxError], [MissingError], [RefusedError], [NotApplicableError]; or a
// [LengthError]; or a [NoScoreError] for a scale from which the instrument's own rules exclude the
// form; or an error of [Instrument.Scorer]. Beside a ScoreError the result stands: scales that could
// be scored have their value, the others the reason why not. A single code out of its range leaves
// the whole form without a score, since its columns may have shifted.
func (in *Instrument) Score(responses []Response, opts ...Option) (Result, error) {
	var r Result
	s, err := in.Scorer(opts...)
	if err != nil {
		return r, err
	}
	err = s.Score(&r, responses)
	return r, err
}

// Score scores one form into dst, whose slices it uses again, so that a complete form allocates
// nothing from the second time on. What dst held before is overwritten, whatever the outcome. See
// [Instrument.Score] for the errors.
func (s *Scorer) Score(dst *Result, responses []Response) error {
	if s == nil || s.in == nil {
		return ArgumentError{Name: "scorer", Why: "is not one of an instrument"}
	}
	if dst == nil {
		return ArgumentError{Name: "result", Why: "is nil"}
	}
	in := s.in
	s.prepare(dst)
	if len(responses) != len(in.items) {
		for i := range dst.Scores {
			dst.Scores[i].Reason = Invalid
		}
		s.flags(dst, form{})
		return ScoreError{
			Instrument: in.def.Name, Policy: s.policy, Scales: s.scaleNames(),
			Errs: []error{LengthError{Got: len(responses), Want: len(in.items)}},
		}
	}

	var f form
	var invalid uint64
	for i := range responses {
		r := &responses[i]
		if r.state != answered {
			if r.state == unreadable {
				invalid |= 1 << i
			}
			continue
		}
		it := &in.items[i]
		if r.code < it.min || r.code > it.max || it.gaps>>uint(r.code-it.min)&1 == 1 {
			invalid |= 1 << i
			continue
		}
		f.codes[i] = int32(r.code)
		f.have |= 1 << i
	}
	if in.skip != nil {
		// An item that was rightly skipped and yet answered keeps its answer.
		f.skip = in.skip(f) &^ f.have &^ invalid
		f.have |= f.skip
	}

	blame, reason := s.scoreScales(dst, f, invalid)
	s.flags(dst, f)
	if blame|invalid == 0 && reason == "" {
		return nil
	}
	return s.refusal(dst, responses, invalid, blame)
}

// prepare sizes dst, using its slices again; an empty list is nil, as it is after a round trip
// through JSON.
func (s *Scorer) prepare(dst *Result) {
	d := &s.in.def
	dst.Instrument, dst.Edition, dst.Coding, dst.ValueSet = d.Name, d.Edition, d.Coding, d.ValueSet
	dst.Policy, dst.Basis, dst.Provenance = s.policy, s.basis, ""
	dst.Scores = resize(dst.Scores, len(s.scales))
	dst.Flags = resize(dst.Flags, len(s.cutoffs)+len(s.criteria))
	dst.Bands = resize(dst.Bands, len(s.bandSets))
	for i, k := range s.scales {
		sc := &d.Scales[k]
		dst.Scores[i] = Score{
			Scale: sc.Name, HigherIs: sc.HigherIs, Min: sc.Min, Max: sc.Max,
			Items: bits.OnesCount64(s.in.calcs[k].mask), Basis: sc.Source.Basis,
		}
	}
}

func resize[T any](s []T, n int) []T {
	if n == 0 {
		return nil
	}
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// scoreScales scores every scale and returns the items to blame for those without a score, and the
// last reason that has to do with no item.
func (s *Scorer) scoreScales(dst *Result, f form, invalid uint64) (blame uint64, reason Reason) {
	for i, k := range s.scales {
		out, mask := &dst.Scores[i], s.in.calcs[k].mask
		absent := mask &^ f.have
		out.Answered = bits.OnesCount64(mask & f.have &^ f.skip)
		out.Skipped = bits.OnesCount64(mask & f.skip)
		if unanswered := absent &^ invalid; bits.OnesCount64(unanswered) > s.limit[k] {
			blame |= unanswered
		}
		out.Value, out.Reason = s.one(k, f, invalid)
		out.Prorated = absent != 0 && out.Reason == ""
		if out.Reason != "" && out.Reason != Incomplete && out.Reason != Invalid {
			reason = out.Reason
			out.Rule = s.in.def.Exclusion.text()
		}
	}
	return blame, reason
}

// one scores scale number k, if the policy allows.
func (s *Scorer) one(k int, f form, invalid uint64) (Value, Reason) {
	switch absent := s.in.calcs[k].mask &^ f.have; {
	case invalid != 0:
		return Value{}, Invalid
	case bits.OnesCount64(absent) > s.limit[k]:
		return Value{}, Incomplete
	}
	return s.in.value(k, f)
}

// value scores scale number k of a form that has as many answers as the policy wants.
func (in *Instrument) value(k int, f form) (Value, Reason) {
	c := &in.calcs[k]
	var v Value
	switch {
	case c.fn != nil:
		var reason Reason
		if v, reason = c.fn(f); reason != "" {
			return Value{}, reason
		}
	case c.of > 0:
		of, reason := in.value(c.of-1, f)
		if reason != "" {
			return Value{}, reason
		}
		return c.derive(of)
	default:
		var sum, n int64
		for i := range c.sum {
			a := &c.sum[i]
			bit := uint64(1) << a.item
			if f.have&bit == 0 {
				continue
			}
			n++
			if f.skip&bit != 0 {
				continue // rightly skipped: scores 0
			}
			code := f.codes[a.item]
			if a.recode != nil {
				code = int32(a.recode[code-a.min])
			}
			sum += int64(code)
		}
		if n == int64(len(c.sum)) {
			v = times(whole(sum), c.num, c.den)
		} else if n == 0 {
			return Value{}, Incomplete
		} else {
			// The mean of the answered items stands in for the others.
			v = ratio(sum*int64(len(c.sum))*c.num, n*c.den)
		}
	}
	return v, ""
}

// derive scores a scale from the one that it is derived from.
func (c *calc) derive(of Value) (Value, Reason) {
	if c.table == nil {
		return times(of, c.num, c.den), ""
	}
	i := of.num - c.base
	if of.den != 1 || i < 0 || i >= int64(len(c.table)) {
		return Value{}, Incomplete // a prorated raw score has no row in the table
	}
	return c.table[i], ""
}

func times(v Value, num, den int64) Value {
	if v.den == 1 && den == 1 {
		return whole(v.num * num)
	}
	return ratio(v.num*num, v.den*den)
}

// flags fills flags and bands from the scores that stand. A criterion is judged wherever its own
// items are answered, even on a form without a score: an answer that means danger must show.
func (s *Scorer) flags(dst *Result, f form) {
	in, d := s.in, &s.in.def
	n := 0
	for _, k := range s.cutoffs {
		x := &d.Cutoffs[k]
		v := s.scoreOf(dst, in.cutoffScale[k])
		dst.Flags[n] = Flag{Name: x.Name, Source: x.Source}
		if v.Known() {
			dst.Flags[n].Verdict = verdict(x.Comparator.met(v, x.Threshold))
		}
		n++
	}
	for _, k := range s.criteria {
		x, t := &d.Criteria[k], &in.tests[k]
		dst.Flags[n] = Flag{Name: x.Name, Source: x.Source}
		if f.has(t.mask) {
			dst.Flags[n].Verdict = verdict(t.fn(f))
		}
		n++
	}
	for i, k := range s.bandSets {
		x := &d.BandSets[k]
		label, _ := x.Label(s.scoreOf(dst, in.bandScale[k]))
		dst.Bands[i] = BandLabel{Set: x.Name, Label: label, Source: x.Source}
	}
}

func (s *Scorer) scoreOf(dst *Result, scale int) Value {
	for i, k := range s.scales {
		if k == scale {
			return dst.Scores[i].Value
		}
	}
	return Value{}
}

func (s *Scorer) scaleNames() []string {
	names := make([]string, len(s.scales))
	for i, k := range s.scales {
		names[i] = s.in.def.Scales[k].Name
	}
	return names
}

// refusal builds the error for a form of which some scale has no score.
func (s *Scorer) refusal(dst *Result, responses []Response, invalid, blame uint64) error {
	in := s.in
	e := ScoreError{Instrument: in.def.Name, Policy: s.policy}
	for i := range dst.Scores {
		if dst.Scores[i].Reason != "" {
			e.Scales = append(e.Scales, dst.Scores[i].Scale)
		}
	}
	for i, r := range responses {
		key, it := in.def.Items[i].Key, &in.items[i]
		switch bit := uint64(1) << i; {
		case r.state == unreadable:
			e.Errs = append(e.Errs, SyntaxError{Item: key})
		case invalid&bit != 0 && (r.code < it.min || r.code > it.max):
			e.Errs = append(e.Errs, RangeError{Item: key, Got: r.code, Min: it.min, Max: it.max})
		case invalid&bit != 0:
			e.Errs = append(e.Errs, CodeError{Item: key, Got: r.code, Codes: list(in.def.Items[i].Codes)})
		case blame&bit != 0:
			switch r.state {
			case refused:
				e.Errs = append(e.Errs, RefusedError{Item: key})
			case notApplicable:
				e.Errs = append(e.Errs, NotApplicableError{Item: key})
			default:
				e.Errs = append(e.Errs, MissingError{Item: key})
			}
		}
	}
	for i := range dst.Scores {
		sc := &dst.Scores[i]
		k := s.scales[i]
		if sc.Reason == Incomplete {
			// Only the items that stand in this scale's way.
			for j, r := range responses {
				if blame>>j&1 == 1 && in.calcs[k].mask>>j&1 == 1 && r.state != answered {
					sc.Unanswered = append(sc.Unanswered, in.def.Items[j].Key)
				}
			}
		}
		if sc.Reason != "" && sc.Reason != Invalid && sc.Reason != Incomplete {
			e.Errs = append(e.Errs, NoScoreError{Instrument: in.def.Name, Name: sc.Scale, Reason: sc.Reason, Rule: sc.Rule})
		}
	}
	return e
}
