package wellbeing

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Result is what one form gave. It is plain data: it goes through JSON and back with every decimal
// place, compares with go-cmp, and stores in a database column as JSON.
type Result struct {
	Instrument string `json:"instrument"`
	Edition    string `json:"edition"`
	Coding     string `json:"coding,omitzero"`
	ValueSet   string `json:"value_set,omitzero"`
	// Provenance says who computed a score that was not computed here; empty for scores of this
	// package.
	Provenance string      `json:"provenance,omitzero"`
	Policy     Policy      `json:"policy"` // on missing answers
	Basis      Basis       `json:"basis"`  // the weakest that a score here rests on
	Scores     []Score     `json:"scores"`
	Flags      []Flag      `json:"flags,omitzero"`
	Bands      []BandLabel `json:"bands,omitzero"`
}

// Score is the score of one scale, or the reason why there is none.
type Score struct {
	Scale    string    `json:"scale"`
	Value    Value     `json:"value"` // no value where Reason is set
	HigherIs Direction `json:"higher_is"`
	Min      Value     `json:"min"`
	Max      Value     `json:"max"`
	Answered int       `json:"answered"` // items answered, of Items
	Items    int       `json:"items"`
	Skipped  int       `json:"skipped,omitzero"`  // items rightly skipped, which score 0
	Prorated bool      `json:"prorated,omitzero"` // whether the policy filled in for missing items
	Basis    Basis     `json:"basis"`
	Reason   Reason    `json:"reason,omitzero"`
	Rule     string    `json:"rule,omitzero"` // the instrument's own, where Reason is Excluded
	// Unanswered holds the keys of the items whose want is the reason.
	Unanswered []string `json:"unanswered,omitzero"`
}

// UnmarshalJSON reads a score, and refuses one that holds both a value and a reason for having none,
// or neither.
func (s *Score) UnmarshalJSON(b []byte) error {
	type plain Score
	var p plain
	if err := json.Unmarshal(b, &p); err != nil {
		return err
	}
	if p.Value.Known() == (p.Reason != "") {
		return ValueError{Why: "a score holds either a value or the reason why there is none"}
	}
	*s = Score(p)
	return nil
}

// Reason says why there is no score.
type Reason string

const (
	// Incomplete forms lack more answers than the policy allows.
	Incomplete Reason = "incomplete"
	// Invalid forms hold a code that its item does not have.
	Invalid Reason = "invalid"
	// Excluded forms are complete, but a rule of the instrument's own keeps them out:
	// [Definition.Exclusion].
	Excluded Reason = "excluded"
)

// Flag is a cut-off or criterion, judged.
type Flag struct {
	Name    string  `json:"name"`
	Verdict Verdict `json:"met"`
	Source  Source  `json:"source"`
}

// Verdict says whether a flag is met. The zero Verdict is not judged, for want of answers; in JSON
// it is null, the others true and false.
type Verdict uint8

const (
	// NotJudged flags lack an answer or a score that they need.
	NotJudged Verdict = iota
	// NotMet flags were judged and are not met.
	NotMet
	// Met flags were judged and are met.
	Met
)

func verdict(met bool) Verdict {
	if met {
		return Met
	}
	return NotMet
}

// String returns "not judged", "not met" or "met".
func (v Verdict) String() string { return nameOf([]string{"not judged", "not met", "met"}, int(v)) }

// MarshalJSON writes null, false or true.
func (v Verdict) MarshalJSON() ([]byte, error) {
	switch v {
	case NotMet:
		return []byte("false"), nil
	case Met:
		return []byte("true"), nil
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads null, false or true.
func (v *Verdict) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "null":
		*v = NotJudged
	case "false":
		*v = NotMet
	case "true":
		*v = Met
	default:
		return NameError{Kind: "verdict", Name: shape(string(b))}
	}
	return nil
}

// BandLabel is the band in which a score lies; its label is empty where there is no score.
type BandLabel struct {
	Set    string `json:"set"`
	Label  string `json:"label"`
	Source Source `json:"source"`
}

// Score returns the score of the named scale, a [NoScoreError] where it has none, or a [NameError]
// where the result has no such scale.
func (r Result) Score(scale string) (Score, error) {
	for _, s := range r.Scores {
		if s.Scale != scale {
			continue
		}
		if !s.Value.Known() {
			return s, NoScoreError{Instrument: r.Instrument, Name: scale, Reason: s.Reason, Rule: s.Rule}
		}
		return s, nil
	}
	return Score{}, NameError{Kind: "scale", Name: scale}
}

// Flag reports whether the named cut-off or criterion is met; a [NoScoreError] where it could not
// be judged, or a [NameError].
func (r Result) Flag(name string) (met bool, err error) {
	for _, f := range r.Flags {
		if f.Name != name {
			continue
		}
		if f.Verdict == NotJudged {
			return false, r.noScore(name)
		}
		return f.Verdict == Met, nil
	}
	return false, NameError{Kind: "flag", Name: name}
}

// Band returns the label of the named band set; a [NoScoreError] where there is no score, or a
// [NameError].
func (r Result) Band(set string) (string, error) {
	for _, b := range r.Bands {
		if b.Set != set {
			continue
		}
		if b.Label == "" {
			return "", r.noScore(set)
		}
		return b.Label, nil
	}
	return "", NameError{Kind: "band set", Name: set}
}

// noScore is the error of a flag or band that was not judged, with the reason of the first score that
// has one.
func (r Result) noScore(name string) NoScoreError {
	for _, s := range r.Scores {
		if s.Reason != "" {
			return NoScoreError{Instrument: r.Instrument, Name: name, Reason: s.Reason, Rule: s.Rule}
		}
	}
	return NoScoreError{Instrument: r.Instrument, Name: name, Reason: Incomplete}
}

// Value stores the result as JSON.
func (r Result) Value() (driver.Value, error) {
	b, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	return string(b), nil
}

// Scan reads what Value stores; NULL is the zero Result.
func (r *Result) Scan(src any) error {
	return scanJSON(r, src)
}

func scanJSON[T any](dst *T, src any) error {
	var b []byte
	switch src := src.(type) {
	case nil:
		var zero T
		*dst = zero
		return nil
	case string:
		b = []byte(src)
	case []byte:
		b = src
	default:
		return ArgumentError{Name: "scan", Why: fmt.Sprintf("cannot read a %T", src)}
	}
	var v T
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	*dst = v
	return nil
}

func list(codes []int) string {
	parts := make([]string, len(codes))
	for i, c := range codes {
		parts[i] = strconv.Itoa(c)
	}
	return strings.Join(parts, ", ")
}
