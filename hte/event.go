package hte

import (
	"log/slog"
	"time"
)

// A Ref is an opaque reference that the host resolves: to a client, a trainer, a
// service, a prison, a support person. It is never a name. The log of a journey
// holds references only, so that a person can be erased by erasing what the
// reference stands for, or by taking the reference out.
//
// A reference has 1 to 36 characters of A-Z a-z 0-9 . _ - which is what the DCRS
// dictionary allows in an identifier, and room for a UUID. The zero Ref is none.
type Ref string

// maxRef is the longest reference.
const maxRef = 36

// Valid reports whether r has the shape of a reference. It does not say whether
// it stands for anybody.
func (r Ref) Valid() bool {
	if len(r) == 0 || len(r) > maxRef {
		return false
	}
	for i := range len(r) {
		switch c := r[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '.', c == '_', c == '-':
		default:
			return false
		}
	}
	return true
}

// Event is one entry in the log of a journey: what happened, on which day, and
// when and by whom it was put on record. Events are only ever added. What was
// wrong is put right by a later event, [Voided] or [Amended].
//
// Recorded comes from the host, which has a clock; this package has none. It is
// kept in UTC.
type Event struct {
	// Journey is the episode that the event belongs to.
	Journey Ref
	// Sequence is the event's place in its log, counted from 1 without gaps.
	Sequence int64
	// On is the day on which it happened.
	On Date
	// Recorded is when it was put on record.
	Recorded time.Time
	// By is who put it on record.
	By Ref
	// Because is the sequence of the event from which this one follows by rule, as a
	// pause follows from a recall; 0 where somebody recorded it for itself. Voiding
	// that event voids this one too.
	Because int64
	// Data says what happened. Its type tells the kind of the event.
	Data Data
}

// Kind returns the kind of the event, [KindUnknown] for one from a newer version
// of this library, or 0 where there are no data.
func (e Event) Kind() Kind { return kindOf(e.Data) }

// LogValue gives package slog what may stand in a log: which event of which
// journey, of what kind. It leaves out the data and who recorded it.
func (e Event) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("journey", string(e.Journey)), slog.Int64("sequence", e.Sequence), slog.String("kind", e.Kind().String()),
	)
}

// Data is what an event says beyond who, when and which journey. The types that
// hold it are those of this package, one for each [Kind], and [Unknown]; there can
// be no others.
//
// Every type is a small struct of plain values. Struct tags mark what may tell who
// somebody is: `personal:"text"` stands on words that a trainer writes, and
// `personal:"reference"` on references to people. Nothing else in a log may hold
// personal data beyond the facts themselves. [Redact] takes both out.
type Data interface {
	// Kind returns the kind of the event that the data make.
	Kind() Kind
	// problem returns the first member that is not filled in as it should be, by its
	// JSON name, or "".
	problem() string
}

// Unknown holds the data of an event that this version of the library does not
// know, byte for byte as it was read, so that reading and writing a log loses
// nothing. It has no effect on a state but to be counted in [State.Unknown].
type Unknown struct {
	// Name is the kind, as it was read.
	Name string `json:"-"`
	// Version is the version of the kind.
	Version int `json:"-"`
	// Raw is the JSON text of the data.
	Raw string `json:"-"`
}

// Kind returns [KindUnknown].
func (Unknown) Kind() Kind { return KindUnknown }

func (Unknown) problem() string { return "kind" }

// A Kind is what sort of event it is. Its text is stable: it is what logs hold.
// The zero Kind is none.
type Kind uint8

// Valid reports whether k is a kind that this version knows.
func (k Kind) Valid() bool { return k > KindUnknown && k < kindEnd }

// String returns the name of the kind as logs hold it, such as "goal_set".
func (k Kind) String() string {
	if k.Valid() {
		return kinds[k].name
	}
	if k == KindUnknown {
		return "unknown"
	}
	return ""
}

// MarshalText writes what [Kind.String] returns.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the name of a kind; an empty text is the zero Kind, and a
// name that this version does not know is [KindUnknown].
func (k *Kind) UnmarshalText(text []byte) error {
	*k = kindNamed(string(text))
	return nil
}

func kindNamed(name string) Kind {
	if name == "" {
		return 0
	}
	if k, ok := kindByName[name]; ok {
		return k
	}
	return KindUnknown
}

// Kinds returns every kind that this version knows, in the order of the journey.
func Kinds() []Kind {
	all := make([]Kind, 0, int(kindEnd))
	for k := KindUnknown + 1; k < kindEnd; k++ {
		all = append(all, k)
	}
	return all
}

// Version returns the version of the kind's data that this library writes. It
// goes up with every change to the data; older ones are read by upcasting.
func (k Kind) Version() int {
	if k.Valid() {
		return kinds[k].version
	}
	return 0
}

// About says in a few words what an event of the kind records.
func (k Kind) About() string {
	if k.Valid() {
		return kinds[k].about
	}
	return ""
}

// Command asks to put something on record. Its Data are those of the event that
// it asks for; [Decide] completes them, adds what follows by rule, and numbers the
// events.
type Command struct {
	// Journey is the episode. It is needed for the first event of a journey; after
	// that it may be left out, and has to be the state's where it is not.
	Journey Ref
	// On is the day on which it happened.
	On Date
	// Recorded is the time now, which the host knows.
	Recorded time.Time
	// By is who asks.
	By Ref
	// Data says what happened.
	Data Data
}

// Kind returns the kind of event that the command asks for, or 0 where it has no
// data.
func (c Command) Kind() Kind { return kindOf(c.Data) }

// LogValue gives package slog what may stand in a log, without the data.
func (c Command) LogValue() slog.Value {
	return slog.GroupValue(slog.String("journey", string(c.Journey)), slog.String("kind", c.Kind().String()))
}
