package hte

import (
	"reflect"
	"slices"
)

// Redact returns the event without what may tell who somebody is: where text is
// true, without the words that people wrote; and without every reference to a
// person for which gone reports true. The facts stay, so that the log still
// folds. gone may be nil. Who recorded the event, and the journey, are not looked
// at: those the host's own records give meaning to.
//
// What is marked as personal, the struct tags of the data say (see [Data]). The
// data of an [Unknown] event cannot be read, so where anything is to be taken out
// of them all of it is.
//
// The journey's log is then written anew, which an event [Redacted] should tell:
// it is the one thing that changes a log other than by adding to it.
func Redact(e Event, text bool, gone func(Ref) bool) Event {
	e.Data = redact(e.Data, text, gone)
	return e
}

func redact(d Data, text bool, gone func(Ref) bool) Data {
	switch d := d.(type) {
	case nil:
		return nil
	case Unknown:
		if text || gone != nil {
			d.Raw = "{}"
		}
		return d
	case Amended:
		d.Data = redact(d.Data, text, gone)
		return d
	}
	v := reflect.New(reflect.TypeOf(d)).Elem()
	v.Set(reflect.ValueOf(d))
	if v.Kind() != reflect.Struct {
		return d
	}
	redactStruct(v, text, gone)
	return v.Interface().(Data)
}

func redactStruct(v reflect.Value, text bool, gone func(Ref) bool) {
	for i := range v.NumField() {
		field := v.Field(i)
		switch v.Type().Field(i).Tag.Get("personal") {
		case "text":
			if text {
				field.SetZero()
			}
		case "reference":
			if gone != nil && gone(Ref(field.String())) {
				field.SetZero()
			}
		}
	}
}

// People returns every reference to a person in a log, each once and in order:
// the client, trainers, referrers and support people, also of events that were made
// void or amended since. Who recorded an event is not among them. A host that erases
// a journey may ask which of the people it keeps nobody else refers to.
//
// The data of [Unknown] events cannot be read, so whom they refer to is not known.
func People(log []Event) []Ref {
	var all []Ref
	var look func(d Data)
	look = func(d Data) {
		if a, ok := d.(Amended); ok {
			look(a.Data)
			return
		}
		v := reflect.ValueOf(d)
		if v.Kind() != reflect.Struct {
			return
		}
		for i := range v.NumField() {
			if r := v.Field(i); v.Type().Field(i).Tag.Get("personal") == "reference" && r.Len() > 0 {
				all = append(all, Ref(r.String()))
			}
		}
	}
	for i := range log {
		look(log[i].Data)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Erasure says what must be erased, and by when, after consent was withdrawn.
type Erasure struct {
	// Journey is the log that must go, with every snapshot of it.
	Journey Ref `json:"journey"`
	// Client is the person whose record it is.
	Client Ref `json:"client" personal:"reference"`
	// ThirdParties are the support people and referrers whom the state refers to, and
	// nothing else may need any more. Those of void and amended events are not among
	// them: [People] returns everybody whom the log refers to.
	ThirdParties []Ref `json:"third_parties,omitzero" personal:"reference"`
	// WithdrawnOn is when consent was withdrawn, and By the last day for erasing: that
	// until which the record is kept, where it is ([RecordKept]).
	WithdrawnOn Date `json:"withdrawn_on"`
	By          Date `json:"by"`
	// Holds names what the record holds, by the JSON names of the state's members:
	// "measurements", "questionnaires" and so on.
	Holds []string `json:"holds,omitzero"`
}

// ToErase returns what must be erased because consent to be supported was
// withdrawn; ok is false where it was not, and where the record is kept for good. A
// nil policy is [DefaultPolicy].
//
// Whether the whole record goes is for the host to say: a service may have to
// keep, on another lawful basis than consent, that there was an episode. It then
// records that it does, and on which: [RecordKept].
func (s *State) ToErase(p *Policy) (e Erasure, ok bool) {
	kept := s.Consent.Kept
	if s.Consent.WithdrawnOn.IsZero() || !kept.On.IsZero() && kept.Until.IsZero() {
		return Erasure{}, false
	}
	if p == nil {
		defaults := DefaultPolicy()
		p = &defaults
	}
	e = Erasure{
		Journey: s.Journey, Client: s.Referral.Client,
		WithdrawnOn: s.Consent.WithdrawnOn, By: s.Consent.WithdrawnOn.AddDays(p.EraseWithinDays),
	}
	if !kept.On.IsZero() {
		e.By = kept.Until
	}
	if r := s.Referral.Referrer; r != "" {
		e.ThirdParties = append(e.ThirdParties, r)
	}
	for i := range s.Supporters {
		if r := s.Supporters[i].Person; r != "" && !slices.Contains(e.ThirdParties, r) {
			e.ThirdParties = append(e.ThirdParties, r)
		}
	}
	for _, m := range [...]struct {
		name  string
		holds bool
	}{
		{"issues", len(s.Issues) > 0},
		{"needs", len(s.Needs) > 0},
		{"measurements", len(s.Measurements) > 0},
		{"questionnaires", len(s.Questionnaires) > 0},
		{"circumstances", len(s.Circumstances) > 0},
		{"appointments", len(s.Appointments) > 0},
		{"plan", !s.Plan.StartedOn.IsZero()},
		{"goals", len(s.Goals) > 0},
		{"supporters", len(s.Supporters) > 0},
		{"diary", len(s.Diary) > 0},
		{"setbacks", len(s.Setbacks) > 0},
		{"signposts", len(s.Signposts) > 0},
		{"safeguarding", len(s.Safeguarding) > 0},
		{"justice", len(s.Justice.Course) > 0},
		{"follow_ups", len(s.FollowUps) > 0},
		{"notes", len(s.Notes) > 0},
	} {
		if m.holds {
			e.Holds = append(e.Holds, m.name)
		}
	}
	return e, true
}
