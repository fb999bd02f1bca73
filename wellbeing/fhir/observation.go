package fhir

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// Observation is one score or flag, as FHIR carries it. [Observe] makes them from a result; the id,
// status, time and references are the caller's, and are carried as they are. Each of those may be empty.
type Observation struct {
	ID          string // the resource's id
	Status      string // registered, preliminary, final (also when empty), amended, corrected …
	Subject     string // reference to the client: "Patient/17"
	Effective   string // date, or date and time with zone, of the form
	DerivedFrom string // reference to the form: "QuestionnaireResponse/3"

	Instrument string
	Edition    string
	Coding     string
	ValueSet   string
	Provenance string // of a score computed elsewhere
	Policy     wellbeing.Policy
	Name       string // of the scale or flag
	IsFlag     bool

	Value    wellbeing.Value       // of a scale; no value where Reason is set
	Prorated bool                  // whether the policy filled in for missing items
	Basis    wellbeing.Basis       // of the scale, or of the flag
	Verdict  wellbeing.Verdict     // of a flag; not judged where Reason is set
	Citation string                // of a flag
	Reason   wellbeing.Reason      // why there is no score, or the flag was not judged
	Bands    []wellbeing.BandLabel // in which the score lies
}

// Observe returns an Observation for each scale and flag of a result, in its order, with the bands of a
// score beside it.
func Observe(r wellbeing.Result) []Observation {
	base := Observation{
		Instrument: r.Instrument, Edition: r.Edition, Coding: r.Coding, ValueSet: r.ValueSet,
		Provenance: r.Provenance, Policy: r.Policy,
	}
	var sets []wellbeing.BandSet
	if in, err := wellbeing.Lookup(r.Instrument); err == nil {
		sets = in.Definition().BandSets
	}
	all := make([]Observation, 0, len(r.Scores)+len(r.Flags))
	why := wellbeing.Incomplete // for a flag that was not judged
	for _, s := range slices.Backward(r.Scores) {
		if s.Reason != "" {
			why = s.Reason
		}
	}
	for _, s := range r.Scores {
		o := base
		o.Name, o.Value, o.Prorated, o.Basis, o.Reason = s.Scale, s.Value, s.Prorated, s.Basis, s.Reason
		for _, b := range r.Bands {
			if b.Label != "" && slices.ContainsFunc(sets, func(x wellbeing.BandSet) bool { return x.Name == b.Set && x.Scale == s.Scale }) {
				o.Bands = append(o.Bands, b)
			}
		}
		all = append(all, o)
	}
	for _, f := range r.Flags {
		o := base
		o.Name, o.IsFlag, o.Verdict, o.Basis, o.Citation = f.Name, true, f.Verdict, f.Source.Basis, f.Source.Citation
		if o.Verdict == wellbeing.NotJudged {
			o.Reason = why
		}
		all = append(all, o)
	}
	return all
}

var (
	observationStatuses = []string{"registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"}
	reasons             = []wellbeing.Reason{wellbeing.Incomplete, wellbeing.Invalid, wellbeing.Excluded}
)

// places is how a fraction without end is rounded in valueQuantity.
const places = 6

// check says what keeps an Observation from being written; what was read has to pass it too.
func (o Observation) check() error {
	if err := checkHead(o.ID, "Effective", o.Effective, map[string]string{"Subject": o.Subject, "DerivedFrom": o.DerivedFrom}); err != nil {
		return err
	}
	names := []string{"Instrument", "Edition", "Coding", "ValueSet", "Provenance", "Name", "Citation"}
	for i, s := range []string{o.Instrument, o.Edition, o.Coding, o.ValueSet, o.Provenance, o.Name, o.Citation} {
		if blank(s) && (s != "" || names[i] == "Instrument" || names[i] == "Name") {
			return ArgumentError{names[i], "is blank"}
		}
	}
	for _, b := range o.Bands {
		if blank(b.Set) || blank(b.Label) {
			return ArgumentError{"Bands", "has one without set or label"}
		}
	}
	var policy wellbeing.Policy
	var basis wellbeing.Basis
	switch {
	case !slices.Contains(observationStatuses, o.Status):
		return ArgumentError{"Status", "is none that FHIR has"}
	case policy.UnmarshalText([]byte(o.Policy.String())) != nil:
		return ArgumentError{"Policy", "is none"}
	case basis.UnmarshalText([]byte(o.Basis.String())) != nil:
		return ArgumentError{"Basis", "is none"}
	case o.Reason != "" && !slices.Contains(reasons, o.Reason):
		return ArgumentError{"Reason", "is none"}
	case o.IsFlag && (o.Value.Known() || o.Bands != nil || o.Prorated):
		return ArgumentError{"IsFlag", "is set on a score"}
	case !o.IsFlag && o.Verdict != wellbeing.NotJudged:
		return ArgumentError{"Verdict", "is set on a score"}
	case o.Verdict > wellbeing.Met:
		return ArgumentError{"Verdict", "is none"}
	case (o.Value.Known() || o.Verdict != wellbeing.NotJudged) == (o.Reason != ""):
		return ArgumentError{"Reason", "stands if and only if there is no value"}
	case o.Bands != nil && !o.Value.Known():
		return ArgumentError{"Bands", "stand beside no score"}
	}
	if _, err := wellbeing.ParseValue(o.Value.String()); err != nil && o.Value.Known() {
		return ArgumentError{"Value", "has more digits than can be read back"}
	}
	return o.inRange()
}

// inRange checks a score of an instrument that is known here against the ends of its scale.
func (o Observation) inRange() error {
	in, err := wellbeing.Lookup(o.Instrument)
	if err != nil || o.IsFlag {
		return nil // computed elsewhere, or no number
	}
	s, err := scaleOf(in.Definition(), o.Name)
	if err != nil {
		return err
	}
	if o.Value.Known() && (o.Value.Cmp(s.Min) < 0 || o.Value.Cmp(s.Max) > 0) {
		return ArgumentError{"Value", "lies outside of its scale, " + s.Min.String() + " to " + s.Max.String()}
	}
	return nil
}

func scaleOf(d wellbeing.Definition, name string) (wellbeing.Scale, error) {
	for _, s := range d.Scales {
		if s.Name == name {
			return s, nil
		}
	}
	return wellbeing.Scale{}, wellbeing.NameError{Kind: "scale", Name: name}
}

// WriteObservation returns one score or flag as an Observation in JSON. Options: [Base]. Errors:
// [ArgumentError], [wellbeing.NameError] for a scale that the instrument does not have.
func WriteObservation(o Observation, opts ...Option) ([]byte, error) {
	c, err := configure(nil, opts)
	if err != nil {
		return nil, err
	}
	if o.Status == "" {
		o.Status = "final"
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	var def wellbeing.Definition
	if in, err := wellbeing.Lookup(o.Instrument); err == nil {
		def = in.Definition()
	}
	w := observation{
		resource: resource{"Observation", o.ID}, Status: o.Status,
		Category: []concept{{Coding: []codingJSON{{System: categorySystem, Code: "survey"}}}},
		Subject:  refer(o.Subject), EffectiveDateTime: o.Effective,
		Extension: []extension{c.scoreExtension(o)},
	}
	if o.DerivedFrom != "" {
		w.DerivedFrom = []reference{{o.DerivedFrom}}
	}
	w.Code.Text = o.Instrument + " " + o.Name
	if !o.IsFlag {
		w.Code.Coding = codesFor(def, o.Name)
	}
	if code := slug(o.Instrument + " " + o.Name); code != "" {
		w.Code.Coding = append(w.Code.Coding, codingJSON{System: c.base + "/CodeSystem/scores", Code: code})
	}
	switch {
	case o.Reason != "":
		w.DataAbsentReason = &concept{
			Coding: []codingJSON{{System: absentSystem, Code: absentCode(o.Reason)}, {System: c.noScore(), Code: string(o.Reason)}},
			Text:   string(o.Reason),
		}
	case o.IsFlag:
		met := o.Verdict == wellbeing.Met
		w.ValueBoolean = &met
	default:
		w.ValueQuantity = &quantity{Value: number(o.Value)}
		if s, err := scaleOf(def, o.Name); err == nil {
			w.ValueQuantity.setUnit(s.Unit)
		}
	}
	for _, b := range o.Bands {
		w.Interpretation = append(w.Interpretation, concept{
			Extension: []extension{{URL: c.bandURL(), Extension: parts("set", b.Set, "citation", b.Source.Citation, "basis", b.Source.Basis.String())}},
			Text:      b.Label,
		})
	}
	if o.Prorated {
		w.Note = append(w.Note, annotation{"Items were missing. The policy filled in for them: " + o.Policy.String() + "."})
	}
	if o.Basis == wellbeing.Remembered {
		w.Note = append(w.Note, annotation{"How this is scored rests on memory alone, and is not verified."})
	}
	return encode(w)
}

func (c *config) scoreURL() string { return c.base + "/StructureDefinition/score" }
func (c *config) bandURL() string  { return c.base + "/StructureDefinition/band" }
func (c *config) noScore() string  { return c.base + "/CodeSystem/no-score" }

// scoreExtension holds what FHIR has no element for, so that a score comes back as it was.
func (c *config) scoreExtension(o Observation) extension {
	kind := "scale"
	if o.IsFlag {
		kind = "flag"
	}
	x := extension{URL: c.scoreURL(), Extension: parts(
		"instrument", o.Instrument, kind, o.Name, "edition", o.Edition, "coding", o.Coding, "valueSet", o.ValueSet,
		"provenance", o.Provenance, "policy", o.Policy.String(), "basis", o.Basis.String(), "citation", o.Citation,
	)}
	if o.Prorated {
		x.Extension = append(x.Extension, extension{URL: "prorated", ValueBoolean: &o.Prorated})
	}
	if text := o.Value.String(); strings.Contains(text, "/") {
		x.Extension = append(x.Extension, parts("exact", text)...)
	}
	return x
}

// parts turns names and texts into extensions, leaving out what is empty.
func parts(pairs ...string) []extension {
	var out []extension
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out = append(out, extension{URL: pairs[i], ValueString: pairs[i+1]})
		}
	}
	return out
}

// number writes a value as a JSON number with its places; a fraction without end is rounded.
func number(v wellbeing.Value) json.Number {
	text := v.String()
	if strings.Contains(text, "/") {
		d, _ := v.Decimal(places)
		text = d.StringFixed(places)
	}
	return json.Number(text)
}

// setUnit gives the unit its UCUM code where it has one.
func (q *quantity) setUnit(unit string) {
	q.Unit = unit
	switch unit {
	case "points":
		q.System, q.Code = ucumSystem, "{score}"
	case "%":
		q.System, q.Code = ucumSystem, "%"
	}
}

func absentCode(r wellbeing.Reason) string {
	switch r {
	case wellbeing.Invalid:
		return "error"
	case wellbeing.Excluded:
		return "not-applicable"
	}
	return "unknown"
}

// ReadObservation reads a score or flag that [WriteObservation] wrote with the same [Base]. A score of
// another system is read too where a verified LOINC or SNOMED CT code says of which instrument and scale
// it is; its policy is then [wellbeing.Elsewhere], and its basis remembered, the lowest. Interpretations
// of another system are not read. Options: [Base], [Limit].
//
// All errors come back joined: [ElementError], or for a score that contradicts itself or its instrument
// [ArgumentError]; what cannot be read at all is a [SizeError], a [FormatError]
// or the error of r. An Observation that was cancelled or entered in error, or holds a modifier extension
// or a comparator, is not read.
func ReadObservation(r io.Reader, opts ...Option) (Observation, error) {
	c, err := configure(nil, opts)
	if err != nil {
		return Observation{}, err
	}
	object, err := decode(r, c.limit)
	if err != nil {
		return Observation{}, err
	}
	rd := &observationReader{c: c}
	o := rd.observation(object)
	if rd.errs != nil {
		return Observation{}, errors.Join(rd.errs...)
	}
	if err := o.check(); err != nil {
		if _, unknown := errors.AsType[wellbeing.NameError](err); unknown { // its text holds what was read
			err = ElementError{"extension", "names no scale of its instrument"}
		}
		return Observation{}, err
	}
	return o, nil
}

type observationReader struct {
	reader
	c *config
}

func (rd *observationReader) observation(object map[string]any) (o Observation) {
	o.ID, o.Status = rd.head(object, "Observation", observationStatuses)
	if rd.errs != nil {
		return o
	}
	o.Subject = rd.refers(object, "", "subject")
	o.Effective = rd.dateTime(object, "effectiveDateTime")
	for at, from := range rd.objects(object, "", "derivedFrom") {
		if o.DerivedFrom != "" {
			rd.bad("derivedFrom", "holds more than one")
		}
		o.DerivedFrom = rd.text(from, at, "reference")
	}
	exact, own := rd.score(object, &o)
	if !own {
		rd.byCode(object, &o)
	}
	rd.value(object, &o, exact)
	for at, it := range rd.objects(object, "", "interpretation") {
		rd.band(it, at, &o)
	}
	return o
}

// score reads this package's own extension.
func (rd *observationReader) score(object map[string]any, o *Observation) (exact wellbeing.Value, ok bool) {
	for at, x := range rd.extended(object, "", rd.c.scoreURL()) {
		if ok {
			rd.bad(at+"url", "is given twice")
			return exact, ok
		}
		ok = true
		p := rd.parts(x, at)
		o.Instrument, o.Edition, o.Coding, o.ValueSet = p["instrument"], p["edition"], p["coding"], p["valueSet"]
		o.Provenance, o.Citation, o.Prorated = p["provenance"], p["citation"], p["prorated"] == "true"
		o.Name = p["scale"]
		if flag, isFlag := p["flag"]; isFlag {
			o.Name, o.IsFlag = flag, true
		}
		if o.Policy.UnmarshalText([]byte(p["policy"])) != nil || o.Basis.UnmarshalText([]byte(p["basis"])) != nil {
			rd.bad(at+"extension", "names no policy or basis")
		}
		if text, there := p["exact"]; there {
			v, err := wellbeing.ParseValue(text)
			if err != nil {
				rd.bad(at+"extension", "holds no exact value")
			}
			exact = v
		}
	}
	return exact, ok
}

// parts reads the texts of a nested extension by name; a boolean is "true" or "false".
func (rd *observationReader) parts(x map[string]any, path string) map[string]string {
	p := map[string]string{}
	for at, part := range rd.objects(x, path, "extension") {
		name := rd.text(part, at, "url")
		if _, twice := p[name]; twice {
			rd.bad(at+"url", "is given twice")
		}
		if b, ok := part["valueBoolean"].(bool); ok {
			p[name] = strconv.FormatBool(b)
			continue
		}
		p[name] = rd.text(part, at, "valueString")
	}
	return p
}

// byCode finds the instrument and scale by a verified code, of which exactly one has to have it.
func (rd *observationReader) byCode(object map[string]any, o *Observation) {
	type place struct{ instrument, scale string }
	found := map[place]wellbeing.Definition{}
	for at, x := range rd.objects(rd.object(object, "", "code"), "code.", "coding") {
		system, code := rd.text(x, at, "system"), rd.text(x, at, "code")
		for in := range wellbeing.Instruments() {
			d := in.Definition()
			for _, known := range d.Codes {
				_, err := scaleOf(d, known.For)
				if err == nil && known.Source.Basis == wellbeing.Verified && known.System == system && known.Code == code {
					found[place{d.Name, known.For}] = d
				}
			}
		}
	}
	if len(found) != 1 {
		rd.bad("code", "does not say of which instrument and scale the score is")
		return
	}
	for p, d := range found {
		o.Instrument, o.Name, o.Edition, o.Coding, o.ValueSet = p.instrument, p.scale, d.Edition, d.Coding, d.ValueSet
		o.Policy = wellbeing.Elsewhere
	}
}

func (rd *observationReader) value(object map[string]any, o *Observation, exact wellbeing.Value) {
	n := 0
	for _, k := range sortedKeys(object) {
		if strings.HasPrefix(k, "value") {
			n++
		}
	}
	quantity, absent := object["valueQuantity"], rd.object(object, "", "dataAbsentReason")
	switch integer, isInteger := object["valueInteger"]; {
	case n > 1 || n > 0 && absent != nil:
		rd.bad("value[x]", "is given together with another, or with a reason for its absence")
	case absent != nil:
		o.Reason = rd.reason(absent)
	case quantity != nil && !o.IsFlag:
		q := rd.object(object, "", "valueQuantity")
		if _, there := q["comparator"]; there {
			rd.bad("valueQuantity.comparator", "makes it no exact score")
		}
		o.Value = rd.number(q["value"], "valueQuantity.value", exact)
	case isInteger && !o.IsFlag:
		o.Value = rd.number(integer, "valueInteger", exact)
	case n == 1 && o.IsFlag:
		met, ok := get[bool](&rd.reader, object, "", "valueBoolean", "true or false")
		if !ok {
			rd.bad("value[x]", "is not true or false")
		}
		o.Verdict = wellbeing.NotMet
		if met {
			o.Verdict = wellbeing.Met
		}
	default:
		rd.bad("value[x]", "is neither a quantity, an integer, nor a reason for its absence")
	}
}

// number reads a value; where the exact one is known, it has to agree.
func (rd *observationReader) number(raw any, path string, exact wellbeing.Value) wellbeing.Value {
	n, ok := raw.(json.Number)
	if !ok {
		rd.bad(path, "is not a number")
		return wellbeing.Value{}
	}
	if exact.Known() {
		if number(exact) != n {
			rd.bad(path, "is not the exact value, rounded")
		}
		return exact
	}
	v, err := wellbeing.ParseValue(n.String())
	if err != nil && strings.ContainsAny(n.String(), "eE") {
		var d decimal.Decimal
		if d, err = decimal.NewFromString(n.String()); err == nil {
			v, err = wellbeing.ValueOf(d)
		}
	}
	if err != nil {
		rd.bad(path, "has more than 15 places or 18 digits")
	}
	return v
}

func (rd *observationReader) reason(absent map[string]any) wellbeing.Reason {
	for at, x := range rd.objects(absent, "dataAbsentReason.", "coding") {
		if x["system"] != rd.c.noScore() {
			continue
		}
		r := wellbeing.Reason(rd.text(x, at, "code"))
		if !slices.Contains(reasons, r) {
			rd.bad(at+"code", "is no reason")
		}
		return r
	}
	return wellbeing.Incomplete // another system's reason
}

// band reads an interpretation that is one of this package's bands.
func (rd *observationReader) band(it map[string]any, path string, o *Observation) {
	for at, x := range rd.extended(it, path, rd.c.bandURL()) {
		p := rd.parts(x, at)
		b := wellbeing.BandLabel{Set: p["set"], Label: rd.text(it, path, "text"), Source: wellbeing.Source{Citation: p["citation"]}}
		if b.Source.Basis.UnmarshalText([]byte(p["basis"])) != nil {
			rd.bad(at+"extension", "names no basis")
		}
		o.Bands = append(o.Bands, b)
	}
}
