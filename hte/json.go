package hte

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// Event as JSON: one object with the members journey, sequence, on, recorded, by,
// because, kind, version and data. [EventSchema] has it in full.

// MarshalJSON writes the event. Within [json.Marshal] the data of an [Unknown]
// event are compacted; [Event.AppendJSON] leaves them byte for byte.
func (e Event) MarshalJSON() ([]byte, error) { return e.AppendJSON(nil) }

// AppendJSON appends the event as JSON to b. The error is a [*DecodeError] where
// the event could not be read back: without data, a day or a sequence.
func (e Event) AppendJSON(b []byte) ([]byte, error) {
	// What could not be read back is not written.
	recorded := e.Recorded.UTC()
	if in := first(
		check{"journey", utf8.ValidString(string(e.Journey))},
		check{"sequence", e.Sequence > 0},
		check{"on", !e.On.IsZero()},
		check{"recorded", recorded.Year() >= 0 && recorded.Year() <= maxYear},
		check{"by", utf8.ValidString(string(e.By))},
		check{"because", e.Because >= 0},
	); in != "" {
		return b, &DecodeError{Kind: e.Kind(), Member: in}
	}
	name, version, data, err := encodeData(e.Data)
	if err != nil {
		return b, err
	}
	b = append(b, `{"journey":`...)
	b = appendString(b, string(e.Journey))
	b = append(b, `,"sequence":`...)
	b = strconv.AppendInt(b, e.Sequence, 10)
	b = append(b, `,"on":"`...)
	b = e.On.append(b)
	b = append(b, `","recorded":"`...)
	b = recorded.AppendFormat(b, time.RFC3339Nano)
	b = append(b, `","by":`...)
	b = appendString(b, string(e.By))
	if e.Because != 0 {
		b = append(b, `,"because":`...)
		b = strconv.AppendInt(b, e.Because, 10)
	}
	b = append(b, `,"kind":`...)
	b = appendString(b, name)
	b = append(b, `,"version":`...)
	b = strconv.AppendInt(b, int64(version), 10)
	b = append(b, `,"data":`...)
	return append(append(b, data...), '}'), nil
}

// appendString appends a JSON string.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			quoted, _ := marshal(s)
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	return append(append(b, s...), '"')
}

// marshal writes JSON without escaping for HTML.
func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

// encodeData returns the kind, the version and the data as JSON.
func encodeData(d Data) (name string, version int, data []byte, err error) {
	if u, ok := d.(Unknown); ok {
		if !json.Valid([]byte(u.Raw)) || u.Name == "" {
			return "", 0, nil, &DecodeError{Kind: KindUnknown, Member: "data"}
		}
		return u.Name, u.Version, []byte(u.Raw), nil
	}
	k := kindOf(d)
	if !k.Valid() {
		return "", 0, nil, &DecodeError{Member: "data"}
	}
	if a, ok := d.(Amended); ok {
		data, err = a.MarshalJSON() // not by package json, which would compact what is unknown
	} else {
		data, err = marshal(d)
	}
	if err != nil {
		return "", 0, nil, &DecodeError{Kind: k, Member: "data", Err: err}
	}
	return kinds[k].name, kinds[k].version, data, nil
}

// UnmarshalJSON reads an event. Older versions of its kind are brought up to the
// present one; a kind, or a version of one, that this library does not know
// becomes [Unknown]. A member that does not belong to the kind is an error: since
// every change of a kind has its own version, nothing is dropped unseen. The error
// is a [*DecodeError], and leaves e as it was.
func (e *Event) UnmarshalJSON(text []byte) error {
	read, err := (&Codec{}).Decode(text)
	if err == nil {
		*e = read
	}
	return err
}

// Upcast brings the data of a kind from one version to the next, as JSON.
type Upcast struct {
	// Kind is the name of the kind, which may be one that no longer exists.
	Kind string
	// From is the version that Data takes.
	From int
	// To is the name of the kind that comes out, where it is another one; its version
	// is then 1.
	To string
	// Data returns the data of the next version. It must not keep or change what it
	// is given.
	Data func(data []byte) ([]byte, error)
}

// upcasts are this library's own. So far every kind is in its first version.
var upcasts []Upcast

// Codec reads events, with upcasts of the host's own before this library's: for
// logs of another system, or of kinds that the host renamed. The zero Codec has
// only the library's, as [Event.UnmarshalJSON] does.
type Codec struct {
	// Upcasts are asked in order.
	Upcasts []Upcast
}

// maxUpcasts bounds how many steps one event may take.
const maxUpcasts = 100

// Decode reads one event; see [Event.UnmarshalJSON].
func (c *Codec) Decode(text []byte) (Event, error) {
	if e, name, version, raw, ok := asWritten(text); ok {
		// Where that fails, more may follow the data.
		data, err := c.data(name, version, raw)
		if e.Data = data; err == nil && (kindOf(data) != KindUnknown || json.Valid(raw)) {
			return e, nil
		}
	}
	var w wire
	if err := decodeStrict(text, &w); err != nil {
		return Event{}, &DecodeError{Err: tidy(err)}
	}
	for _, m := range [...]struct {
		name string
		ok   bool
	}{
		{"journey", w.Journey != nil},
		{"sequence", w.Sequence != nil && *w.Sequence > 0},
		{"on", w.On != nil && !w.On.IsZero()},
		{"recorded", w.Recorded != nil},
		{"by", w.By != nil},
		{"because", w.Because >= 0},
		{"kind", w.Kind != ""},
		{"version", w.Version > 0},
		{"data", w.Data != nil},
	} {
		if !m.ok {
			return Event{}, &DecodeError{Kind: kindNamed(w.Kind), Member: m.name}
		}
	}
	data, err := c.data(w.Kind, w.Version, w.Data)
	if err != nil {
		return Event{}, err
	}
	return Event{
		Journey: *w.Journey, Sequence: *w.Sequence, On: *w.On,
		Recorded: w.Recorded.UTC(), By: *w.By, Because: w.Because, Data: data,
	}, nil
}

// asWritten reads the envelope of an event that is written just as
// [Event.AppendJSON] does, which is nearly every one; ok is false for any other,
// and then nothing is said about it. What raw holds is not looked at.
func asWritten(text []byte) (e Event, kind string, version int, raw []byte, ok bool) {
	rest := text
	ok = true
	skip := func(s string) bool {
		if len(rest) < len(s) || string(rest[:len(s)]) != s {
			return false
		}
		rest = rest[len(s):]
		return true
	}
	str := func(before string) []byte {
		if ok = ok && skip(before); !ok {
			return nil
		}
		for i, c := range rest {
			switch {
			case c == '"':
				s := rest[:i]
				rest = rest[i+1:]
				return s
			case c < ' ' || c == '\\' || c >= utf8.RuneSelf:
				ok = false
				return nil
			}
		}
		ok = false
		return nil
	}
	num := func(before string) (n int64) {
		if ok = ok && skip(before); !ok {
			return 0
		}
		i := 0
		for ; i < len(rest) && i < 18 && rest[i] >= '0' && rest[i] <= '9'; i++ {
			n = n*10 + int64(rest[i]-'0')
		}
		ok = n > 0 && rest[0] != '0'
		rest = rest[i:]
		return n
	}
	e.Journey = Ref(str(`{"journey":"`))
	e.Sequence = num(`,"sequence":`)
	on, err := ParseDate(str(`,"on":"`))
	ok = ok && err == nil
	e.On = on
	recorded, err := time.Parse(time.RFC3339Nano, string(str(`,"recorded":"`)))
	ok = ok && err == nil
	e.Recorded = recorded.UTC()
	e.By = Ref(str(`,"by":"`))
	if len(rest) > 2 && rest[2] == 'b' { // because
		e.Because = num(`,"because":`)
	}
	name := str(`,"kind":"`)
	n := num(`,"version":`)
	version = int(n)
	if ok = ok && int64(version) == n && skip(`,"data":`) && len(rest) > 1 && rest[len(rest)-1] == '}' && len(name) > 0; !ok {
		return Event{}, "", 0, nil, false
	}
	if k, known := kindByName[string(name)]; known {
		return e, kinds[k].name, version, rest[:len(rest)-1], true
	}
	return e, string(name), version, rest[:len(rest)-1], true
}

// DecodeData reads the data of a kind in a version, as a web form might send them
// for a [Command]; see [Codec.Decode]. The error is a [*DecodeError].
func (c *Codec) DecodeData(kind string, version int, data []byte) (Data, error) {
	if kind == "" || version <= 0 {
		return nil, &DecodeError{Member: "kind"}
	}
	d, err := c.data(kind, version, data)
	if u, ok := d.(Unknown); ok && !json.Valid([]byte(u.Raw)) {
		return nil, &DecodeError{Kind: KindUnknown, Member: "data"}
	}
	return d, err
}

// wire is an event as it is read.
type wire struct {
	Journey  *Ref            `json:"journey"`
	Sequence *int64          `json:"sequence"`
	On       *Date           `json:"on"`
	Recorded *time.Time      `json:"recorded"`
	By       *Ref            `json:"by"`
	Because  int64           `json:"because"`
	Kind     string          `json:"kind"`
	Version  int             `json:"version"`
	Data     json.RawMessage `json:"data"`
}

// data reads the data of a kind in a version.
func (c *Codec) data(name string, version int, raw []byte) (Data, error) {
	name, version, now, err := c.upcast(name, version, raw)
	if err != nil {
		return nil, err
	}
	k := kindNamed(name)
	if !k.Valid() || version > kinds[k].version {
		return Unknown{Name: name, Version: version, Raw: string(now)}, nil
	}
	if version < kinds[k].version {
		return nil, &DecodeError{Kind: k, Member: "version"}
	}
	if string(now) == "null" {
		return nil, &DecodeError{Kind: k, Member: "data"}
	}
	if k == KindAmended {
		return c.amended(now)
	}
	if string(now) == "{}" {
		return kinds[k].zero, nil
	}
	d, err := kinds[k].decode(now)
	if err != nil {
		return nil, &DecodeError{Kind: k, Member: "data", Err: tidy(err)}
	}
	return d, nil
}

// upcast takes every step that there is.
func (c *Codec) upcast(name string, version int, raw []byte) (string, int, []byte, error) {
	for range maxUpcasts {
		same := func(u Upcast) bool { return u.Kind == name && u.From == version }
		from := c.Upcasts
		at := slices.IndexFunc(from, same)
		if at < 0 {
			from = upcasts
			at = slices.IndexFunc(from, same)
		}
		if at < 0 {
			return name, version, raw, nil
		}
		next, err := from[at].Data(slices.Clone(raw))
		if err != nil || !json.Valid(next) {
			return "", 0, nil, &DecodeError{Kind: kindNamed(name), Member: "version"}
		}
		raw, version = next, version+1
		if to := from[at].To; to != "" && to != name {
			name, version = to, 1
		}
	}
	return "", 0, nil, &DecodeError{Kind: kindNamed(name), Member: "version"}
}

// amendedWire is an Amended as JSON: the data within have a kind and a version
// like those of an event.
type amendedWire struct {
	Sequence int64            `json:"sequence"`
	Reason   CorrectionReason `json:"reason"`
	On       Date             `json:"on"`
	Kind     string           `json:"kind"`
	Version  int              `json:"version"`
	Data     json.RawMessage  `json:"data"`
}

func (c *Codec) amended(raw []byte) (Data, error) {
	var w amendedWire
	if err := decodeStrict(raw, &w); err != nil {
		return nil, &DecodeError{Kind: KindAmended, Member: "data", Err: tidy(err)}
	}
	if w.Kind == "" || w.Data == nil || w.Version <= 0 || w.Kind == kinds[KindAmended].name {
		return nil, &DecodeError{Kind: KindAmended, Member: "data"}
	}
	in, err := c.data(w.Kind, w.Version, w.Data)
	if err != nil {
		return nil, err
	}
	return Amended{Sequence: w.Sequence, Reason: w.Reason, On: w.On, Data: in}, nil
}

// MarshalJSON writes the data within with their kind and version.
func (d Amended) MarshalJSON() ([]byte, error) {
	name, version, data, err := encodeData(d.Data)
	if err != nil {
		return nil, err
	}
	b := append([]byte(`{"sequence":`), strconv.FormatInt(d.Sequence, 10)...)
	b = appendString(append(b, `,"reason":`...), string(d.Reason))
	b = d.On.append(append(b, `,"on":"`...))
	b = appendString(append(b, `","kind":`...), name)
	b = strconv.AppendInt(append(b, `,"version":`...), int64(version), 10)
	return append(append(append(b, `,"data":`...), data...), '}'), nil
}

// UnmarshalJSON reads what [Amended.MarshalJSON] writes.
func (d *Amended) UnmarshalJSON(text []byte) error {
	in, err := (&Codec{}).amended(text)
	if err == nil {
		*d = in.(Amended)
	}
	return err
}

// decodeStrict reads one JSON value that has no members but those of v.
func decodeStrict(text []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	for _, c := range text[dec.InputOffset():] {
		if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return &DecodeError{}
		}
	}
	return nil
}

// tidy returns an error of package json without what it quotes from the text.
func tidy(err error) error {
	switch e := err.(type) {
	case *json.SyntaxError:
		return &shapeError{"not JSON at byte " + strconv.FormatInt(e.Offset, 10)}
	case *json.UnmarshalTypeError:
		return &shapeError{"a JSON " + typeOnly(e.Value) + " where there should be another at byte " + strconv.FormatInt(e.Offset, 10)}
	case *DateError, *DecodeError, *CodeError:
		return e
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return &shapeError{"the text ends too early"}
	}
	return &shapeError{"a member that does not belong there, or of the wrong shape"}
}

// typeOnly takes the value off a description such as "number 12".
func typeOnly(s string) string {
	for i := range len(s) {
		if s[i] == ' ' {
			return s[:i]
		}
	}
	return s
}

type shapeError struct{ text string }

func (e *shapeError) Error() string { return e.text }
