package wellbeing

import (
	"database/sql/driver"
	"encoding/json"
	"math"
)

// ChangeRule says how large a change on a scale has to be before it counts. Several rules rival
// each other for some instruments, so a rule is always asked for by name; a caller may also fill
// one in, with its source.
type ChangeRule struct {
	Name       string     `json:"name"` // stable: "topp-2015-10"
	Instrument string     `json:"instrument"`
	Scale      string     `json:"scale"`
	HigherIs   Direction  `json:"higher_is"`
	Comparator Comparator `json:"comparator"` // AtLeast or Above
	Threshold  Value      `json:"threshold"`  // positive, in units of the scale
	// Smallest is the smallest change of a complete form that meets the rule, where the scale moves
	// in constant steps: 12 for a threshold of 10 on the WHO-5 percentage, which moves by 4.
	Smallest Value  `json:"smallest,omitzero"`
	Meaning  string `json:"meaning"`
	Source   Source `json:"source"`
}

// smallest returns the smallest multiple of step that meets the threshold.
func smallest(threshold Value, c Comparator, step Value) Value {
	if !threshold.Known() || !step.Known() || step.num <= 0 || threshold.num <= 0 {
		return Value{}
	}
	// n = threshold/step, rounded up; the numbers of a definition are small.
	num, den := threshold.num*step.den, threshold.den*step.num
	n := num / den
	if num%den != 0 || c == Above {
		n++
	}
	return times(whole(n), step.num, step.den)
}

// ChangeRule returns the named rule of the instrument, a [NameError], or an [UnverifiedError] for
// a rule that rests on memory alone where [AllowUnverified] is not among the options.
func (in *Instrument) ChangeRule(name string, opts ...Option) (ChangeRule, error) {
	c, err := in.configure(opts)
	if err != nil {
		return ChangeRule{}, err
	}
	for _, r := range in.def.Changes {
		if r.Name != name {
			continue
		}
		if r.Source.Basis == Remembered && !c.unverified {
			return ChangeRule{}, UnverifiedError{Instrument: in.def.Name, What: "change rule " + name}
		}
		return r, nil
	}
	return ChangeRule{}, NameError{Kind: "change rule", Name: name}
}

// Outcome is what a change amounts to. The zero Outcome is not judged.
type Outcome string

const (
	// Improved by enough to meet the rule.
	Improved Outcome = "improved"
	// NoReliableChange is anything short of the rule, in either direction.
	NoReliableChange Outcome = "no reliable change"
	// Deteriorated by enough to meet the rule.
	Deteriorated Outcome = "deteriorated"
)

// Change is the change between two scores, judged by a named rule.
type Change struct {
	Instrument string  `json:"instrument"`
	Edition    string  `json:"edition,omitzero"`
	Scale      string  `json:"scale"`
	Before     Value   `json:"before"`
	After      Value   `json:"after"`
	Difference Value   `json:"difference"` // after minus before
	Outcome    Outcome `json:"outcome"`
	Rule       string  `json:"rule"`
	Threshold  Value   `json:"threshold"`
	Source     Source  `json:"source"` // of the rule
}

// Judge compares two results of the rule's instrument. Errors: [MismatchError] where the results
// are not of the same instrument, edition, coding, value set and policy, [NoScoreError] where one
// has no score, and those of [ChangeRule.JudgeValues].
func (r ChangeRule) Judge(before, after Result) (Change, error) {
	for _, p := range [][3]string{
		{"instrument", r.Instrument, before.Instrument},
		{"instrument", before.Instrument, after.Instrument},
		{"edition", before.Edition, after.Edition},
		{"coding", before.Coding, after.Coding},
		{"value set", before.ValueSet, after.ValueSet},
		{"policy", before.Policy.String(), after.Policy.String()},
	} {
		if p[1] != p[2] {
			return Change{}, MismatchError{Field: p[0], Before: p[1], After: p[2]}
		}
	}
	b, err := before.Score(r.Scale)
	if err != nil {
		return Change{}, err
	}
	a, err := after.Score(r.Scale)
	if err != nil {
		return Change{}, err
	}
	c, err := r.JudgeValues(b.Value, a.Value)
	c.Edition = before.Edition
	return c, err
}

// JudgeValues compares two scores of the rule's scale. An [ArgumentError] says what is wrong with
// the rule or the values.
func (r ChangeRule) JudgeValues(before, after Value) (Change, error) {
	switch {
	case r.HigherIs != HigherIsBetter && r.HigherIs != HigherIsWorse:
		return Change{}, ArgumentError{Name: "change rule " + r.Name, Why: "its scale has no good end"}
	case r.Comparator != AtLeast && r.Comparator != Above:
		return Change{}, ArgumentError{Name: "change rule " + r.Name, Why: "its comparator is neither >= nor >"}
	case !r.Threshold.Known() || r.Threshold.num <= 0:
		return Change{}, ArgumentError{Name: "change rule " + r.Name, Why: "its threshold is not above 0"}
	case !before.Known() || !after.Known():
		return Change{}, ArgumentError{Name: "change", Why: "a score is missing"}
	}
	d, ok := after.sub(before)
	if !ok {
		return Change{}, ArgumentError{Name: "change", Why: "the difference does not fit"}
	}
	c := Change{
		Instrument: r.Instrument, Scale: r.Scale, Before: before, After: after, Difference: d,
		Outcome: NoReliableChange, Rule: r.Name, Threshold: r.Threshold, Source: r.Source,
	}
	size := d
	if size.num < 0 {
		size.num = -size.num
	}
	if r.Comparator.met(size, r.Threshold) {
		if (d.num > 0) == (r.HigherIs == HigherIsBetter) {
			c.Outcome = Improved
		} else {
			c.Outcome = Deteriorated
		}
	}
	return c, nil
}

// Value stores the change as JSON.
func (c Change) Value() (driver.Value, error) {
	b, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	return string(b), nil
}

// Scan reads what Value stores; NULL is the zero Change.
func (c *Change) Scan(src any) error { return scanJSON(c, src) }

// Precision says how precisely a scale measures, for the reliable change index. Give either SEM,
// or SD and Reliability.
type Precision struct {
	SD          float64 // standard deviation of the score before, in a population that the source names
	Reliability float64 // test-retest or internal consistency, from 0 up to but not 1
	SEM         float64 // standard error of measurement, SD × √(1 − reliability)
	// Confidence is the level of the index; 0 stands for 0.95.
	Confidence float64
	Source     Source // of these figures; a citation is required
}

// ReliableChange returns the rule of Jacobson and Truax (1991, J Consult Clin Psychol 59(1):12-19)
// for a scale: a change counts where it exceeds [Precision.Threshold]. Errors: [NameError],
// [ArgumentError].
func (in *Instrument) ReliableChange(scale string, p Precision) (ChangeRule, error) {
	if in == nil {
		return ChangeRule{}, ArgumentError{Name: "instrument", Why: "is nil"}
	}
	for _, s := range in.def.Scales {
		if s.Name != scale {
			continue
		}
		t, err := p.Threshold()
		if err != nil {
			return ChangeRule{}, err
		}
		return ChangeRule{
			Name: "reliable change index", Instrument: in.def.Name, Scale: scale, HigherIs: s.HigherIs,
			Comparator: Above, Threshold: t, Smallest: reach(t, s.Step),
			Meaning: "more than measurement error would give (Jacobson and Truax 1991)", Source: p.Source,
		}, nil
	}
	return ChangeRule{}, NameError{Kind: "scale", Name: scale}
}

// Threshold returns what a change has to exceed: z × √2 × SEM, with z the two-sided normal quantile of
// the confidence. It is computed in floating point, for the square root's sake, and rounded once, to 6
// decimal places. An [ArgumentError] says what the figures lack.
func (p Precision) Threshold() (Value, error) {
	finite := func(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
	confidence := p.Confidence
	if confidence == 0 {
		confidence = 0.95
	}
	sem := p.SEM
	switch {
	case p.Source.Citation == "":
		return Value{}, ArgumentError{Name: "precision", Why: "has no citation"}
	case !(confidence > 0 && confidence < 1):
		return Value{}, ArgumentError{Name: "confidence", Why: "is not between 0 and 1"}
	case sem != 0 && (p.SD != 0 || p.Reliability != 0):
		return Value{}, ArgumentError{Name: "precision", Why: "gives both SEM and SD or reliability"}
	case sem == 0:
		if !(p.SD > 0) || !finite(p.SD) || !(p.Reliability >= 0 && p.Reliability < 1) {
			return Value{}, ArgumentError{Name: "precision", Why: "needs an SD above 0 and a reliability from 0 up to but not 1"}
		}
		sem = p.SD * math.Sqrt(1-p.Reliability)
	}
	if !(sem > 0) || sem > 1e9 {
		return Value{}, ArgumentError{Name: "SEM", Why: "is not a positive number up to 1e9"}
	}
	// The two-sided quantile: Φ⁻¹((1+confidence)/2) = √2 erf⁻¹(confidence).
	t := math.Round(math.Sqrt2*math.Erfinv(confidence)*math.Sqrt2*sem*1e6) / 1e6
	n := int64(math.Round(t * 1e6))
	if n <= 0 {
		return Value{}, ArgumentError{Name: "precision", Why: "gives a threshold of 0"}
	}
	return ratio(n, 1e6), nil
}

// reach is smallest for a threshold with many digits.
func reach(threshold, step Value) Value {
	if !step.Known() || step.num <= 0 || step.num > 1e6 || step.den > 1e3 || threshold.num > 1e12 {
		return Value{}
	}
	return smallest(threshold, Above, step)
}
