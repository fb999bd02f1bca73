package wellbeing

import (
	"fmt"
	"slices"
)

// Basis says on what a fact rests.
type Basis uint8

const (
	// Remembered facts were not confirmed by a source that could be read. They are off until
	// [AllowUnverified] is given. It is the zero value: a fact without a mark is not trusted.
	Remembered Basis = iota
	// SingleSource facts were read in one source.
	SingleSource
	// Verified facts were read in two or more sources that agree.
	Verified
)

var basisNames = [...]string{"remembered", "single source", "verified"}

func (b Basis) String() string { return nameOf(basisNames[:], int(b)) }

// MarshalText writes the words of String.
func (b Basis) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// UnmarshalText reads the words of String.
func (b *Basis) UnmarshalText(t []byte) error { return setName(basisNames[:], b, t, "basis") }

// Direction says which end of a scale is the good one.
type Direction uint8

const (
	// Undirected scales have no good end; no change on them is better or worse.
	Undirected Direction = iota
	// HigherIsBetter is the direction of wellbeing, health and confidence.
	HigherIsBetter
	// HigherIsWorse is the direction of distress, symptoms and risk.
	HigherIsWorse
)

var directionNames = [...]string{"undirected", "higher is better", "higher is worse"}

func (d Direction) String() string { return nameOf(directionNames[:], int(d)) }

// MarshalText writes the words of String.
func (d Direction) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the words of String.
func (d *Direction) UnmarshalText(t []byte) error {
	return setName(directionNames[:], d, t, "direction")
}

// Comparator says how a score or a change is held against a threshold.
type Comparator uint8

const (
	// AtLeast is met by the threshold and everything above it.
	AtLeast Comparator = iota
	// Above is met by everything above the threshold.
	Above
	// AtMost is met by the threshold and everything below it.
	AtMost
	// Below is met by everything below the threshold.
	Below
)

var comparatorNames = [...]string{">=", ">", "<=", "<"}

func (c Comparator) String() string { return nameOf(comparatorNames[:], int(c)) }

// MarshalText writes the sign.
func (c Comparator) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the sign.
func (c *Comparator) UnmarshalText(t []byte) error {
	return setName(comparatorNames[:], c, t, "comparator")
}

// met reports whether v stands in that relation to the threshold; no value meets nothing.
func (c Comparator) met(v, threshold Value) bool {
	if !v.Known() || !threshold.Known() {
		return false
	}
	switch d := v.Cmp(threshold); c {
	case AtLeast:
		return d >= 0
	case Above:
		return d > 0
	case AtMost:
		return d <= 0
	default:
		return d < 0
	}
}

func nameOf(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return fmt.Sprintf("unknown (%d)", i)
}

func setName[T ~uint8](names []string, dst *T, text []byte, kind string) error {
	i := slices.Index(names, string(text))
	if i < 0 {
		return NameError{Kind: kind, Name: shape(string(text))}
	}
	*dst = T(i)
	return nil
}

// Source names where a fact comes from and how well it was confirmed.
type Source struct {
	Citation string `json:"citation"`
	Basis    Basis  `json:"basis"`
}

// Definition is everything there is to say about an instrument; it is plain data, from which
// documentation and forms can be generated.
type Definition struct {
	Name    string `json:"name"`    // short and stable: "WHO-5"
	Title   string `json:"title"`   // in full
	Edition string `json:"edition"` // of the questionnaire
	Coding  string `json:"coding,omitzero"`
	// ValueSet names the published weights of a preference-based index, with their date.
	ValueSet string `json:"value_set,omitzero"`
	Recall   string `json:"recall,omitzero"` // the period asked about
	Items    []Item `json:"items"`
	Skip     *Rule  `json:"skip,omitzero"`
	// Exclusion is the instrument's own rule by which a complete form gets no score.
	Exclusion *Rule        `json:"exclusion,omitzero"`
	Scales    []Scale      `json:"scales"`
	Cutoffs   []Cutoff     `json:"cutoffs,omitzero"`
	Criteria  []Criterion  `json:"criteria,omitzero"`
	BandSets  []BandSet    `json:"band_sets,omitzero"`
	Changes   []ChangeRule `json:"changes,omitzero"`
	// OwnerRule is what the owner of the instrument says on missing answers; nil where nothing is
	// published, and then all items are needed.
	OwnerRule *Rule    `json:"owner_rule,omitzero"`
	Codes     []Code   `json:"codes,omitzero"`
	Licence   Licence  `json:"licence"`
	Notes     []string `json:"notes,omitzero"`
	Source    Source   `json:"source"`
}

// Item is one question. Its wording is not part of this package.
type Item struct {
	Key   string `json:"key"`   // neutral: "who5_1"
	About string `json:"about"` // a few neutral words, not the wording; may be empty
	Min   int    `json:"min"`   // lowest code
	Max   int    `json:"max"`   // highest code
	// Codes lists the codes where not every integer from Min to Max is one.
	Codes []int `json:"codes,omitzero"`
	// Tokens are other spellings of the codes that ParseResponses accepts, such as "Y" for 2.
	Tokens []Token `json:"tokens,omitzero"`
	// Unscored items are recorded with the form, but no scale needs them.
	Unscored bool `json:"unscored,omitzero"`
}

// Token is another spelling of a code.
type Token struct {
	Text string `json:"text"`
	Code int    `json:"code"`
}

// Scale is one number that an instrument gives.
type Scale struct {
	Name      string       `json:"name"`              // stable: "percent"
	Algorithm string       `json:"algorithm"`         // in words: "raw × 4"
	Items     []string     `json:"items"`             // keys of the items that it needs
	Reversed  []string     `json:"reversed,omitzero"` // keys of those scored from the other end
	HigherIs  Direction    `json:"higher_is"`
	Min       Value        `json:"min"`                // lowest score there can be
	Max       Value        `json:"max"`                // highest score
	Step      Value        `json:"step,omitzero"`      // between neighbouring scores of a complete form, where it is constant
	Unit      string       `json:"unit,omitzero"`      // "points", "%"
	Table     []Conversion `json:"table,omitzero"`     // from raw to metric, where the scale is a conversion
	OwnerMax  int          `json:"owner_max,omitzero"` // most items that may be missing by the owner's rule
	// AlwaysComplete scales are never prorated, whatever the policy: a Rasch table, a first item that
	// settles the rest, or items of unequal range leave nothing to take a mean of.
	AlwaysComplete bool `json:"always_complete,omitzero"`
	// ProratedName is what a prorated score of this scale has to be called, so that nobody takes it
	// for the score of a complete form.
	ProratedName string `json:"prorated_name,omitzero"`
	Source       Source `json:"source"`
}

// Conversion is one row of a conversion table.
type Conversion struct {
	Raw    int64 `json:"raw"`
	Metric Value `json:"metric"`
}

// Cutoff is a threshold on a scale. Its name becomes a flag of the result.
type Cutoff struct {
	Name       string     `json:"name"`
	Scale      string     `json:"scale"`
	Comparator Comparator `json:"comparator"`
	Threshold  Value      `json:"threshold"`
	Meaning    string     `json:"meaning"`
	// OnRequest cut-offs are applied only where [Judge] names them: they rival another one, or hold
	// for another country.
	OnRequest bool   `json:"on_request,omitzero"`
	Source    Source `json:"source"`
}

// Criterion is a flag that needs more than a threshold, such as a diagnostic algorithm. It is judged
// wherever its own items are answered, even where the form gets no score.
type Criterion struct {
	Name      string   `json:"name"`
	Algorithm string   `json:"algorithm"`
	Items     []string `json:"items"` // keys of the items that it needs
	Meaning   string   `json:"meaning"`
	OnRequest bool     `json:"on_request,omitzero"`
	Source    Source   `json:"source"`
}

// BandSet divides a scale into named bands, lowest first.
type BandSet struct {
	Name      string `json:"name"`
	Scale     string `json:"scale"`
	Bands     []Band `json:"bands"`
	OnRequest bool   `json:"on_request,omitzero"`
	Source    Source `json:"source"`
}

// Band reaches from its lower bound, which belongs to it, to the next band's.
type Band struct {
	From  Value  `json:"from"`
	Label string `json:"label"`
}

// Label returns the band in which v lies; ok is false where there is no value, or it lies below
// the first band.
func (s BandSet) Label(v Value) (label string, ok bool) {
	if !v.Known() {
		return "", false
	}
	for i := range s.Bands {
		b := &s.Bands[len(s.Bands)-1-i]
		if v.Cmp(b.From) >= 0 {
			return b.Label, true
		}
	}
	return "", false
}

// Rule is a rule in words, with its source.
type Rule struct {
	Text   string `json:"text"`
	Source Source `json:"source"`
}

// text returns the rule in words; none where there is no rule.
func (r *Rule) text() string {
	if r == nil {
		return ""
	}
	return r.Text
}

// Code is a code for a scale or an item in a terminology.
type Code struct {
	System string `json:"system"` // "http://snomed.info/sct" or "http://loinc.org"
	Code   string `json:"code"`
	// For is the name of a scale, the key of an item or "panel"; or words such as "score", where the source
	// does not say which scale, and "W as a sum", where it means other units.
	For    string `json:"for"`
	Source Source `json:"source"`
}

// Licence says what may be done with an instrument. It is a note, not legal advice.
type Licence struct {
	Note    string `json:"note"`
	Wording bool   `json:"wording"` // whether the wording may be passed on with software
	Source  Source `json:"source"`
}
