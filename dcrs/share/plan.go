package share

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/dcrs/lookup"
	"github.com/healthtrainer/healthtrainer/hte"
)

// Action is what is done to a field.
type Action uint8

// The actions. What a field gets that no plan names follows from its sensitivity
// and type, see the package comment.
const (
	Drop      Action = iota + 1 // no column
	Keep                        // valid values, in their canonical spelling; refused for identifying fields and local identifiers
	Raw                         // the same, for these too: it must be named field by field, and the report says so
	Pseudonym                   // a keyed pseudonym
	AgeBand                     // of a date of birth the age on Plan.AgeOn, of an age the age itself, in bands
	Month                       // of a date: 2025-05
	Quarter                     // 2025-Q2, of the calendar year
	Year                        // 2025
	Shift                       // of a date: moved by as many days for all dates of one client
	Outward                     // of a postcode: its district, such as M1
	Quintile                    // of a postcode: the deprivation quintile by Plan.Edition
)

var actionNames = []string{
	Drop: "drop", Keep: "keep", Raw: "raw", Pseudonym: "pseudonym", AgeBand: "age_band", Month: "month", Quarter: "quarter",
	Year: "year", Shift: "shift", Outward: "outward", Quintile: "quintile",
}

// String is the name of the action in a plan, such as "age_band".
func (a Action) String() string { return name(a, "Action", actionNames) }

// MarshalText writes the name.
func (a Action) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the name.
func (a *Action) UnmarshalText(text []byte) error { return parse(a, text, "action", actionNames) }

// Consent says whose rows may be shared, by the field consent (to share the record
// outside the service).
type Consent uint8

// The rules of consent.
const (
	ConsentGiven      Consent = iota // only rows with Y
	ConsentNotRefused                // all rows but those with N
	ConsentAny                       // all rows: where sharing rests on something else
)

var consentNames = []string{ConsentGiven: "given", ConsentNotRefused: "not_refused", ConsentAny: "any"}

// String is the name in a plan, such as "given".
func (c Consent) String() string { return name(c, "Consent", consentNames) }

// MarshalText writes the name.
func (c Consent) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the name.
func (c *Consent) UnmarshalText(text []byte) error { return parse(c, text, "consent", consentNames) }

// Suppress says what happens to rows of people who are too few of a kind.
type Suppress uint8

// The ways to suppress.
const (
	SuppressRows  Suppress = iota // leave the row out
	SuppressCells                 // blank its quasi-identifiers, or leave it out where that is not enough
	SuppressNone                  // report, and do nothing
)

var suppressNames = []string{SuppressRows: "rows", SuppressCells: "cells", SuppressNone: "none"}

// String is the name in a plan, such as "rows".
func (s Suppress) String() string { return name(s, "Suppress", suppressNames) }

// MarshalText writes the name.
func (s Suppress) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name.
func (s *Suppress) UnmarshalText(text []byte) error { return parse(s, text, "suppress", suppressNames) }

func name[T ~uint8](v T, kind string, names []string) string {
	if int(v) < len(names) && names[v] != "" {
		return names[v]
	}
	return fmt.Sprintf("%s(%d)", kind, uint8(v))
}

func parse[T ~uint8](v *T, text []byte, what string, names []string) error {
	i := slices.Index(names, string(text))
	if i < 0 || len(text) == 0 {
		return &PlanError{Entry: what, Problem: fmt.Sprintf("there is none called %q", text)}
	}
	*v = T(i)
	return nil
}

// Plan says what of an extract is shared and how. It holds no secret and can be
// kept, sent and agreed upon as JSON. Its zero value but for Project is a safe
// plan: no dates of birth and no postcodes, nothing that may reveal an offence, no
// practice and no ethnic category unless they are named, people who gave consent,
// and no fewer than five of a kind.
type Plan struct {
	// Project names who gets the extract and what for, such as "uclan-2026". The
	// pseudonyms of two projects cannot be linked.
	Project string `json:"project"`

	// Fields says what is done to single fields, by name. It goes before BySensitivity.
	Fields map[string]Action `json:"fields,omitempty"`
	// BySensitivity says what is done to the fields of a sensitivity ("none",
	// "pseudonym", "quasi", "special"): drop or keep. Dates are coarsened to the
	// month and ages to bands all the same. Identifying fields and offence data
	// can be dropped this way and no more: they must be named one by one.
	BySensitivity map[string]Action `json:"by_sensitivity,omitempty"`

	AgeOn    hte.Date `json:"age_on,omitzero"`          // the day on which a person born on a date is as old as the band says
	AgeBands []int    `json:"age_bands,omitempty"`      // the lowest age of each band but the first; nil: 18, 25, 35, 45, 55, 65, 75
	Edition  string   `json:"imd_edition,omitempty"`    // of the index, for Quintile: "2019"
	Digest   int      `json:"digest_bytes,omitempty"`   // bytes of a pseudonym, 10 to 17; 0: 16, which are 33 characters
	MaxShift int      `json:"max_shift_days,omitempty"` // for Shift, at most two years; 0: 180

	Consent Consent `json:"consent"`

	// QuasiIdentifiers are the fields by which someone could recognise a person,
	// which the extract must then have. nil: those of date_of_birth, age_at_referral,
	// gender, ethnic_category, postcode, lsoa, imd_quintile, gp_practice_code and
	// service_code, and those that the dictionary calls quasi-identifying, that it has.
	QuasiIdentifiers []string `json:"quasi_identifiers,omitempty"`
	// Sensitive are the fields whose values someone could learn of a person that
	// they recognised. nil: primary_issue and the offence data that the extract has.
	Sensitive []string `json:"sensitive,omitempty"`

	K        int      `json:"k,omitempty"` // how many people of a kind there must be; 0: 5
	L        int      `json:"l,omitempty"` // how many different sensitive values among them; 0: not asked for
	Suppress Suppress `json:"suppress"`
}

// ReadPlan reads a plan as JSON. What it does not know is an error. The error is a
// [*PlanError] or the reader's.
func ReadPlan(r io.Reader) (Plan, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxPlan+1))
	if err != nil {
		return Plan{}, err
	}
	if len(text) > maxPlan {
		return Plan{}, &PlanError{Entry: "the plan", Problem: "it is longer than 1 MiB"}
	}
	var p Plan
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err = d.Decode(&p); err == nil {
		if _, end := d.Token(); end != io.EOF {
			err = errors.New("something follows it")
		}
	}
	if _, ours := errors.AsType[*PlanError](err); ours {
		return Plan{}, err
	}
	if err != nil {
		return Plan{}, &PlanError{Entry: "the plan", Problem: err.Error()}
	}
	return p, nil
}

const maxPlan = 1 << 20

// PlanError says what about a plan cannot be done. Entry is a field, or the name
// of a part of the plan.
type PlanError struct{ Entry, Problem string }

func (e *PlanError) Error() string { return fmt.Sprintf("share: %s: %s", e.Entry, e.Problem) }

// LeakError says that a plan would give people away, and how to mean it if it is
// meant.
type LeakError struct {
	Field   string
	Action  Action // 0 where it is not about one
	Problem string
}

func (e *LeakError) Error() string {
	if e.Action == 0 {
		return fmt.Sprintf("share: %s: %s", e.Field, e.Problem)
	}
	return fmt.Sprintf("share: %s: %s: %s", e.Field, e.Action, e.Problem)
}

// defaultBands are this library's own; [WILTS] shows 18-34, 35-44, 45-59 and 60+.
var defaultBands = []int{18, 25, 35, 45, 55, 65, 75}

const (
	defaultDigest = 16
	defaultShift  = 180
	defaultK      = 5
	mostShift     = 731
)

// Fields of the dictionary of episodes that have a part of their own to play.
const (
	clientField  = "client_id"
	serviceField = "service_code"
	consentField = "consent"
)

var quasiByDefault = []string{
	"date_of_birth", "age_at_referral", "gender", "ethnic_category", "postcode", "lsoa", "imd_quintile", "gp_practice_code", "service_code",
}

// treatment is what is done to one field.
type treatment struct {
	field  dcrs.Field
	action Action
	named  bool   // by the plan, one by one
	column string // "" where it has none
	use    string // the domain of its pseudonyms
}

// Sharer makes safe extracts by one plan. It is immutable and can serve any number
// of goroutines.
type Sharer struct {
	v       *dcrs.Validator
	plan    Plan // with its defaults filled in
	key     *Key
	sources *lookup.Sources
	treated []treatment // of every field of the dictionary
	columns []int       // in treated, those that have a column
	quasi   []int       // in columns
	secret  []int       // in columns: the sensitive attributes
	client  int         // a field of the dictionary, -1 for none
	service int
	consent int
	bands   []string
}

// New makes a Sharer. v reads the extract; its rules are not needed and cost time,
// so it is best made with dcrs.Severity("*/*", dcrs.Off). key may be nil where
// nothing is pseudonymised or shifted, sources where no quintile is looked up.
//
// The error joins a [*PlanError] for everything in the plan that cannot be done,
// and a [*LeakError] for everything that would give people away.
func New(v *dcrs.Validator, plan Plan, key *Key, sources *lookup.Sources) (*Sharer, error) {
	if v == nil {
		return nil, &PlanError{Entry: "validator", Problem: "there is none"}
	}
	s := &Sharer{v: v, plan: plan, key: key, sources: sources, client: -1, service: -1, consent: -1}
	c := compiler{s: s}
	c.defaults()
	c.fields()
	c.shifts()
	c.anonymity()
	if len(c.errs) > 0 {
		return nil, errors.Join(c.errs...)
	}
	return s, nil
}

// compiler checks a plan and collects what is wrong with it.
type compiler struct {
	s    *Sharer
	errs []error
}

func (c *compiler) wrong(entry, format string, args ...any) {
	c.errs = append(c.errs, &PlanError{Entry: entry, Problem: fmt.Sprintf(format, args...)})
}

func (c *compiler) leak(field string, action Action, format string, args ...any) {
	c.errs = append(c.errs, &LeakError{Field: field, Action: action, Problem: fmt.Sprintf(format, args...)})
}

func (c *compiler) defaults() {
	p := &c.s.plan
	if p.Project == "" || len(p.Project) > 64 || slices.ContainsFunc([]rune(p.Project), func(r rune) bool { return r < ' ' || r == 0x7f }) {
		c.wrong("project", "it must be named in 1 to 64 bytes: pseudonyms are made for it alone")
	}
	p.Digest = cmp.Or(p.Digest, defaultDigest)
	if p.Digest < 10 || p.Digest > 17 {
		c.wrong("digest_bytes", "it must lie between 10 and 17")
	}
	p.MaxShift = cmp.Or(p.MaxShift, defaultShift)
	if p.MaxShift < 1 || p.MaxShift > mostShift {
		c.wrong("max_shift_days", "it must lie between 1 and %d", mostShift)
	}
	p.K = cmp.Or(p.K, defaultK)
	if p.K < 1 || p.K > 10_000 || p.L < 0 || p.L > 1000 {
		c.wrong("k", "k must lie between 1 and 10,000, l between 0 and 1,000")
	}
	if int(p.Consent) >= len(consentNames) {
		c.wrong("consent", "there is no such rule")
	}
	if int(p.Suppress) >= len(suppressNames) {
		c.wrong("suppress", "there is no such way")
	}
	if p.AgeBands == nil {
		p.AgeBands = defaultBands
	}
	p.AgeBands = slices.Clone(p.AgeBands)
	for i, age := range p.AgeBands {
		if age < 1 || age > 120 || i > 0 && age <= p.AgeBands[i-1] {
			c.wrong("age_bands", "the lowest ages of the bands must rise from 1 to 120")
			break
		}
	}
	if len(p.AgeBands) == 0 {
		c.wrong("age_bands", "there are none")
		p.AgeBands = defaultBands
	}
	c.s.bands = bandNames(p.AgeBands)
	for _, key := range slices.Sorted(maps.Keys(p.BySensitivity)) {
		a := p.BySensitivity[key]
		switch i := slices.IndexFunc(sensitivities, func(s dcrs.Sensitivity) bool { return s.String() == key }); {
		case i < 0:
			c.wrong("by_sensitivity", "there is no sensitivity %q", key)
		case a != Drop && a != Keep:
			c.wrong("by_sensitivity", "%s can be dropped or kept", key)
		case a == Keep && (sensitivities[i] == dcrs.Identifying || sensitivities[i] == dcrs.OffenceData || sensitivities[i] == dcrs.Pseudonym):
			c.leak("by_sensitivity "+key, a, "such fields must be named one by one")
		}
	}
}

var sensitivities = []dcrs.Sensitivity{dcrs.NotSensitive, dcrs.Pseudonym, dcrs.Identifying, dcrs.QuasiIdentifying, dcrs.SpecialCategory, dcrs.OffenceData}

// bandNames are "under 18", "18-24", …, "75+".
func bandNames(ages []int) []string {
	names := []string{fmt.Sprintf("under %d", ages[0])}
	for i, from := range ages {
		switch {
		case i+1 == len(ages):
			names = append(names, fmt.Sprintf("%d+", from))
		case ages[i+1] == from+1:
			names = append(names, fmt.Sprintf("%d", from))
		default:
			names = append(names, fmt.Sprintf("%d-%d", from, ages[i+1]-1))
		}
	}
	return names
}

// fields decides what is done to every field.
func (c *compiler) fields() {
	s := c.s
	named := make(map[string]bool)
	taken := make(map[string]string)
	for f := range s.v.Dictionary().Fields() {
		switch {
		case f.Name == clientField && f.Type == dcrs.TypeID:
			s.client = f.Index()
		case f.Name == serviceField:
			s.service = f.Index()
		case f.Name == consentField && f.Type == dcrs.TypeCode:
			s.consent = f.Index()
			if list, _ := s.v.Dictionary().CodeList(f.CodeList); s.plan.Consent != ConsentAny && (list.Label("Y") == "" || list.Label("N") == "") {
				c.wrong("consent", "the codes of the field are not Y and N")
			}
		}
		t := treatment{field: f, use: "pseudonym " + f.Name}
		if t.action, t.named = s.plan.Fields[f.Name]; !t.named {
			t.action = s.byDefault(f)
		}
		named[f.Name] = true
		c.check(&t)
		t.column = s.columnName(&t)
		if t.column != "" {
			if other, ok := taken[t.column]; ok {
				c.wrong(f.Name, "its column would be called %q, as that of %s", t.column, other)
			}
			taken[t.column] = f.Name
			s.columns = append(s.columns, len(s.treated))
		}
		s.treated = append(s.treated, t)
	}
	for _, n := range slices.Sorted(maps.Keys(s.plan.Fields)) {
		if !named[n] {
			c.wrong(n, "the dictionary has no such field")
		}
	}
	if len(s.columns) == 0 {
		c.wrong("fields", "nothing is left to share")
	}
}

// isBirth reports whether a field is a date that names a person.
func isBirth(f dcrs.Field) bool { return f.Type == dcrs.TypeDate && f.Sensitivity == dcrs.Identifying }

// isAge reports whether a field is an age.
func isAge(f dcrs.Field) bool { return f.Type == dcrs.TypeInteger && f.Unit == "years" }

// byDefault is what is done to a field that the plan does not name.
func (s *Sharer) byDefault(f dcrs.Field) Action {
	by := s.plan.BySensitivity[f.Sensitivity.String()]
	switch {
	case by == Drop:
		return Drop
	case f.Sensitivity == dcrs.Identifying:
		switch {
		case isBirth(f) && !s.plan.AgeOn.IsZero():
			return AgeBand
		case f.Type == dcrs.TypePostcode && s.plan.Edition != "" && s.sources != nil:
			return Quintile
		}
		return Drop
	case f.Sensitivity == dcrs.Pseudonym && s.key != nil:
		return Pseudonym
	case f.Sensitivity == dcrs.Pseudonym, f.Sensitivity == dcrs.OffenceData,
		f.Sensitivity == dcrs.QuasiIdentifying && by != Keep:
		return Drop
	case f.Type == dcrs.TypeGPPractice, f.Name == "ethnic_category":
		// With these, next to nobody is one of k in a file of the usual size: who needs
		// one of them names it, and gives up another.
		return Drop
	case f.Type == dcrs.TypeDate:
		return Month
	case isAge(f) && !s.plan.AgeOn.IsZero():
		return Drop // the age on a stated day is enough; two ages make a class for everybody
	case isAge(f):
		return AgeBand
	}
	return Keep
}

// check refuses what cannot be done to a field, or would give people away.
func (c *compiler) check(t *treatment) {
	f, a := t.field, t.action
	direct := f.Sensitivity == dcrs.Identifying || f.Sensitivity == dcrs.Pseudonym
	switch a {
	case Drop, Raw:
	case Keep:
		switch {
		case f.Sensitivity == dcrs.Identifying:
			c.leak(f.Name, a, "it names a person: drop it, or coarsen it; raw says that it is meant")
		case direct:
			c.leak(f.Name, a, "whoever has the service's own records can look it up: use a pseudonym; raw says that it is meant")
		}
	case Pseudonym:
		switch {
		case f.Type != dcrs.TypeID && f.Type != dcrs.TypeNHSNumber:
			c.wrong(f.Name, "only identifiers get a pseudonym")
		case c.s.key == nil:
			c.wrong(f.Name, "there is no key to make pseudonyms with")
		}
	case AgeBand:
		switch {
		case !isBirth(f) && !isAge(f):
			c.wrong(f.Name, "only a date of birth or an age gives an age band")
		case isBirth(f) && c.s.plan.AgeOn.IsZero():
			c.wrong(f.Name, "the plan does not say on which day the age is counted (age_on)")
		}
	case Month, Quarter, Year, Shift:
		switch {
		case f.Type != dcrs.TypeDate:
			c.wrong(f.Name, "%s is for dates", a)
		case isBirth(f) && a != Year:
			c.leak(f.Name, a, "a date of birth that is near the true one still names a person: use age_band, or year")
		case a == Shift && c.s.key == nil:
			c.wrong(f.Name, "there is no key to shift dates with")
		}
	case Outward:
		if f.Type != dcrs.TypePostcode {
			c.wrong(f.Name, "only a postcode has an outward part")
		}
	case Quintile:
		switch src := c.s.sources; {
		case f.Type != dcrs.TypePostcode:
			c.wrong(f.Name, "only a postcode gives a quintile")
		case src == nil || src.Postcodes == nil || !slices.ContainsFunc(src.Ranks, func(x *lookup.Ranks) bool { return x.Edition().Code == c.s.plan.Edition }):
			c.wrong(f.Name, "there is no postcode directory, or no ranks of edition %q, to look the quintile up in", c.s.plan.Edition)
		}
	default:
		c.wrong(f.Name, "there is no such action")
	}
}

// columnName is the heading of what is shared of a field. A value that is no longer
// one of the field's type does not go by the field's name.
func (s *Sharer) columnName(t *treatment) string {
	switch t.action {
	case Drop:
		return ""
	case Keep, Raw, Shift:
		return t.field.Name
	case Pseudonym:
		if t.field.Type == dcrs.TypeID && t.field.MaxLength >= 1+2*s.plan.Digest {
			return t.field.Name
		}
	}
	return t.field.Name + "_" + t.action.String()
}

// shifts refuses dates that would tell by how much the others were moved.
func (c *compiler) shifts() {
	shifted, coarse := "", ""
	for _, t := range c.s.treated {
		if t.field.Type != dcrs.TypeDate || isBirth(t.field) {
			continue
		}
		switch t.action {
		case Shift:
			shifted = cmp.Or(shifted, t.field.Name)
		case Keep, Raw, Month, Quarter, Year:
			coarse = cmp.Or(coarse, t.field.Name)
		}
	}
	if shifted == "" {
		return
	}
	if coarse != "" {
		c.leak(shifted, Shift, "%s is shared as well and is not shifted, so it would tell by how much this is: shift all dates, or drop the others", coarse)
	}
	if c.s.client < 0 {
		c.wrong(shifted, "dates are shifted by client, and the dictionary has no field %s", clientField)
	}
}

// anonymity finds the quasi-identifiers and the sensitive attributes.
func (c *compiler) anonymity() {
	s := c.s
	place := make(map[string]int) // in columns
	for i, t := range s.columns {
		place[s.treated[t].field.Name] = i
	}
	find := func(entry string, names []string) (out []int) {
		for _, n := range names {
			i, ok := place[n]
			switch {
			case !ok:
				c.wrong(entry, "%s is not in what is shared", n)
			case slices.Contains(out, i):
				c.wrong(entry, "%s stands twice", n)
			default:
				out = append(out, i)
			}
		}
		return out
	}
	if s.plan.QuasiIdentifiers != nil {
		s.quasi = find("quasi_identifiers", s.plan.QuasiIdentifiers)
	} else {
		for i, t := range s.columns {
			f := s.treated[t].field
			if slices.Contains(quasiByDefault, f.Name) || f.Sensitivity == dcrs.QuasiIdentifying || f.Sensitivity == dcrs.Identifying && s.treated[t].action != Pseudonym {
				s.quasi = append(s.quasi, i)
			}
		}
	}
	if s.plan.Sensitive != nil {
		s.secret = find("sensitive", s.plan.Sensitive)
	} else {
		for i, t := range s.columns {
			if f := s.treated[t].field; f.Name == "primary_issue" || f.Sensitivity == dcrs.OffenceData && !slices.Contains(s.quasi, i) {
				s.secret = append(s.secret, i)
			}
		}
	}
	for _, i := range s.secret {
		if slices.Contains(s.quasi, i) {
			c.wrong("sensitive", "%s is a quasi-identifier too", s.treated[s.columns[i]].field.Name)
		}
	}
	if len(s.secret) > maxSecret {
		c.wrong("sensitive", "there are more than %d", maxSecret)
	}
}

// maxSecret is how many sensitive attributes are looked at.
const maxSecret = 64
