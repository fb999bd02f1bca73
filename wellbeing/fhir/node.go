package fhir

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"
)

// maxDepth is how deep a resource may be nested. FHIR's own examples stay far below.
const maxDepth = 64

// maxErrors is how many errors of one resource are told.
const maxErrors = 100

// decode reads one JSON object, with its numbers as they are written. Unlike encoding/json's own
// decoding into structs, it tells an element that is given twice, and upper case from lower.
func decode(r io.Reader, limit int64) (map[string]any, error) {
	if r == nil {
		return nil, ArgumentError{"reader", "is nil"}
	}
	b, err := io.ReadAll(&io.LimitedReader{R: r, N: limit})
	if err != nil {
		return nil, err
	}
	if int64(len(b)) == limit { // is there more?
		switch n, err := io.ReadFull(r, make([]byte, 1)); {
		case n > 0:
			return nil, SizeError{limit}
		case err != io.EOF:
			return nil, err
		}
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")) // some systems write a byte order mark
	if !utf8.Valid(b) {
		return nil, FormatError{"not UTF-8"}
	}
	if !json.Valid(b) {
		var e *json.SyntaxError
		if errors.As(json.Unmarshal(b, new(json.RawMessage)), &e) {
			return nil, FormatError{fmt.Sprintf("not JSON at byte %d", e.Offset)}
		}
		return nil, FormatError{"not JSON"}
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	v, err := value(d, 0)
	if err != nil {
		return nil, err
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, FormatError{"not an object"}
	}
	return object, nil
}

func value(d *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, FormatError{fmt.Sprintf("nested deeper than %d", maxDepth)}
	}
	t, err := d.Token()
	if err != nil {
		return nil, FormatError{fmt.Sprintf("not JSON at byte %d", d.InputOffset())}
	}
	switch t {
	case json.Delim('{'):
		object := map[string]any{}
		for d.More() {
			k, err := d.Token()
			if err != nil {
				return nil, FormatError{fmt.Sprintf("not JSON at byte %d", d.InputOffset())}
			}
			key, _ := k.(string)
			if _, twice := object[key]; twice {
				return nil, FormatError{fmt.Sprintf("an element is given twice, at byte %d", d.InputOffset())}
			}
			if object[key], err = value(d, depth+1); err != nil {
				return nil, err
			}
		}
		_, err = d.Token()
		return object, err
	case json.Delim('['):
		list := []any{}
		for d.More() {
			v, err := value(d, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err = d.Token()
		return list, err
	}
	return t, nil
}

// reader collects errors while a resource is read.
type reader struct {
	errs []error
	full bool
}

func (r *reader) fail(err error) {
	switch {
	case len(r.errs) < maxErrors:
		r.errs = append(r.errs, err)
	case !r.full:
		r.full = true
		r.errs = append(r.errs, FormatError{fmt.Sprintf("more than %d errors: the rest are not told", maxErrors)})
	}
}

func (r *reader) bad(path, why string) { r.fail(ElementError{path, why}) }

// get returns an element of the wanted type; the zero value where it is absent, or of another type,
// which is an error.
func get[T any](r *reader, object map[string]any, path, key, kind string) (v T, ok bool) {
	raw, there := object[key]
	if !there {
		return v, false
	}
	v, ok = raw.(T)
	if !ok {
		r.bad(path+key, "is not "+kind)
	}
	return v, ok
}

func (r *reader) text(object map[string]any, path, key string) string {
	s, ok := get[string](r, object, path, key, "text")
	if ok && s == "" {
		r.bad(path+key, "is empty")
	}
	return s
}

func (r *reader) list(object map[string]any, path, key string) []any {
	l, ok := get[[]any](r, object, path, key, "a list")
	if ok && len(l) == 0 {
		r.bad(path+key, "is empty")
	}
	return l
}

func (r *reader) object(object map[string]any, path, key string) map[string]any {
	o, _ := get[map[string]any](r, object, path, key, "an object")
	return o
}

// objects returns the objects of a list, with the path of each, which ends with a dot.
func (r *reader) objects(object map[string]any, path, key string) func(yield func(string, map[string]any) bool) {
	return func(yield func(string, map[string]any) bool) {
		for i, raw := range r.list(object, path, key) {
			at := fmt.Sprintf("%s%s[%d]", path, key, i)
			o, ok := raw.(map[string]any)
			if !ok {
				r.bad(at, "is not an object")
				continue
			}
			if !yield(at+".", o) {
				return
			}
		}
	}
}

func (r *reader) refers(object map[string]any, path, key string) string {
	s := r.text(r.object(object, path, key), path+key+".", "reference")
	if s != "" && blank(s) {
		r.bad(path+key+".reference", "is blank")
	}
	return s
}

// unmodified refuses what would change the meaning of an element in a way that is not known here: FHIR
// forbids to read on.
func (r *reader) unmodified(object map[string]any, path string) {
	for _, key := range []string{"modifierExtension", "implicitRules"} {
		if _, there := object[key]; there {
			r.bad(path+key, "changes the meaning in a way that is not known here")
		}
	}
}

// head checks the kind of resource and returns its id and status, which has to be among those given.
// What was entered in error is not read.
func (r *reader) head(object map[string]any, kind string, statuses []string) (id, status string) {
	if t, _ := object["resourceType"].(string); t != kind {
		r.bad("resourceType", "is not "+kind)
		return "", ""
	}
	r.unmodified(object, "")
	id = r.text(object, "", "id")
	if id != "" && !idFormat.MatchString(id) {
		r.bad("id", "is not 1 to 64 letters, digits, dots and dashes")
	}
	status = r.text(object, "", "status")
	switch {
	case status == "entered-in-error" || status == "cancelled":
		r.bad("status", "is "+status)
	case !slices.Contains(statuses, status):
		r.bad("status", "is none that FHIR has")
	}
	return id, status
}

func (r *reader) dateTime(object map[string]any, key string) string {
	s := r.text(object, "", key)
	if s != "" && !dateTimeFormat.MatchString(s) {
		r.bad(key, "is not a date, or a date and time with its zone")
		return ""
	}
	return s
}

// extended returns the extensions of an element with one of the addresses.
func (r *reader) extended(object map[string]any, path string, addresses ...string) func(yield func(string, map[string]any) bool) {
	return func(yield func(string, map[string]any) bool) {
		for at, x := range r.objects(object, path, "extension") {
			if u, _ := x["url"].(string); slices.Contains(addresses, u) && !yield(at, x) {
				return
			}
		}
	}
}
