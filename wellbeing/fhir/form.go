package fhir

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// Form is one filled-in form, as a QuestionnaireResponse carries it. References, times and the id are
// the caller's, carried as they are; each may be empty.
type Form struct {
	ID       string // the resource's id
	Status   string // in-progress, completed (also when empty), amended, entered-in-error or stopped
	Subject  string // reference to the client: "Patient/17"
	Authored string // date, or date and time with zone, when it was filled in
	// Responses stand in the order of the instrument's items.
	Responses []wellbeing.Response
}

var formStatuses = []string{"in-progress", "completed", "amended", "entered-in-error", "stopped"}

// WriteForm returns the form as a QuestionnaireResponse in JSON. Missing answers are left out; refused
// and not applicable ones carry their reason. Errors: [ArgumentError], [wellbeing.LengthError], and,
// joined, [wellbeing.RangeError], [wellbeing.CodeError] and [wellbeing.SyntaxError] for an answer that
// could not be read.
func (c *Codec) WriteForm(f Form) ([]byte, error) {
	if c == nil || c.in == nil {
		return nil, ArgumentError{"codec", "comes from New"}
	}
	if err := checkHead(f.ID, "Authored", f.Authored, map[string]string{"Subject": f.Subject}); err != nil {
		return nil, err
	}
	if f.Status == "" {
		f.Status = "completed"
	}
	if !slices.Contains(formStatuses, f.Status) {
		return nil, ArgumentError{"Status", "is none that FHIR has"}
	}
	if len(f.Responses) != len(c.def.Items) {
		return nil, wellbeing.LengthError{Got: len(f.Responses), Want: len(c.def.Items)}
	}
	q := questionnaireResponse{
		resource:      resource{"QuestionnaireResponse", f.ID},
		Questionnaire: c.canonical + "|" + wellbeing.DataEdition,
		Status:        f.Status, Subject: refer(f.Subject), Authored: f.Authored,
	}
	checked := make([]wellbeing.ItemAnswer, 0, len(f.Responses))
	for i, r := range f.Responses {
		it := c.def.Items[i]
		checked = append(checked, wellbeing.ItemAnswer{Item: it.Key, Response: r})
		if a, ok := c.answer(it, r); ok {
			q.Item = append(q.Item, responseItem{LinkID: c.link(it.Key), Answer: []responseAnswer{a}})
		}
	}
	if _, err := c.in.Assemble(checked...); err != nil {
		return nil, err
	}
	return encode(q)
}

func (c *Codec) answer(it wellbeing.Item, r wellbeing.Response) (a responseAnswer, ok bool) {
	if code, ok := r.Code(); ok {
		if isChoice(it) {
			return responseAnswer{ValueCoding: &codingJSON{System: c.answers(), Code: strconv.Itoa(code)}}, true
		}
		return responseAnswer{ValueInteger: &code}, true
	}
	why := extension{URL: absentExtension}
	switch r {
	case wellbeing.Refused():
		why.ValueCode = "asked-declined"
	case wellbeing.NotApplicable():
		why.ValueCode = "not-applicable"
	default:
		return a, false
	}
	if isChoice(it) {
		return responseAnswer{ValueCoding: &codingJSON{Extension: []extension{why}}}, true
	}
	return responseAnswer{ValueIntegerMeta: &element{Extension: []extension{why}}}, true
}

// ReadForm reads a QuestionnaireResponse. Items are found by their linkId, however deeply they are
// nested in groups or below answers. An answer is a coding of this package or one declared by [Coding],
// a whole number, or a decimal that is whole; a system other than those is an error, and so is a text.
// Where there is no answer, the extension data-absent-reason is read from the value, the answer or the
// item: asked-declined is refused, not-applicable is not applicable, and every other reason is missing.
//
// There is a form only where nothing is wrong. Otherwise all errors come back joined, at most 100 of
// them: [ElementError], [LinkIDError], [AnswerError], [wellbeing.DuplicateError],
// [wellbeing.RangeError], [wellbeing.CodeError]; or what cannot be read at all is a [SizeError], a
// [FormatError] or the error of r. A form that was entered in error, answers another questionnaire, or
// holds a modifier extension is not read.
func (c *Codec) ReadForm(r io.Reader) (Form, error) {
	if c == nil || c.in == nil {
		return Form{}, ArgumentError{"codec", "comes from New"}
	}
	object, err := decode(r, c.limit)
	if err != nil {
		return Form{}, err
	}
	rd := &formReader{c: c}
	f := Form{}
	f.ID, f.Status = rd.head(object, "QuestionnaireResponse", formStatuses)
	if rd.errs != nil && f.Status == "" {
		return Form{}, errors.Join(rd.errs...)
	}
	if q := rd.text(object, "", "questionnaire"); q != "" {
		if address, _, _ := strings.Cut(q, "|"); address != c.canonical {
			rd.bad("questionnaire", "is not "+c.canonical)
		}
	}
	f.Subject = rd.refers(object, "", "subject")
	f.Authored = rd.dateTime(object, "authored")
	rd.items(object, "")

	f.Responses, err = c.in.Assemble(rd.answers...)
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			rd.fail(e)
		}
	}
	if rd.errs != nil {
		return Form{}, errors.Join(rd.errs...)
	}
	return f, err
}

type formReader struct {
	reader
	c       *Codec
	answers []wellbeing.ItemAnswer
}

// items walks the items of an element.
func (rd *formReader) items(object map[string]any, path string) {
	for at, it := range rd.objects(object, path, "item") {
		rd.unmodified(it, at)
		id := rd.text(it, at, "linkId")
		_, hasAnswer := it["answer"]
		_, hasItem := it["item"]
		i, known := rd.c.byLink[id]
		switch {
		case known:
			rd.answer(i, it, at)
		case id == "":
			if _, there := it["linkId"]; !there {
				rd.bad(at+"linkId", "is absent")
			}
		case slices.Contains(rd.c.ignore, id):
		case hasAnswer || !hasItem: // else a group, whose name does not matter
			rd.fail(LinkIDError{Path: strings.TrimSuffix(at, "."), LinkID: id})
		}
		rd.items(it, at)
		if hasAnswer && !known { // answer does the same for its own
			for below, a := range rd.objects(it, at, "answer") {
				rd.items(a, below)
			}
		}
	}
}

// answer reads the answer to item number i.
func (rd *formReader) answer(i int, it map[string]any, path string) {
	key := rd.c.def.Items[i].Key
	fail := func(at, why string) {
		rd.fail(AnswerError{Path: strings.TrimSuffix(at, "."), Item: key, Why: why})
	}
	why, reason := rd.absent(it, path)
	var value any
	var kind, at string
	n := 0
	for below, a := range rd.objects(it, path, "answer") {
		rd.items(a, below)
		at = below
		if n++; n > 1 {
			continue
		}
		rd.unmodified(a, below)
		if r, ok := rd.absent(a, below); ok {
			why, reason = r, true
		}
		for _, k := range sortedKeys(a) {
			name := strings.TrimPrefix(k, "_")
			if !strings.HasPrefix(name, "value") {
				continue
			}
			if kind != "" && kind != name {
				fail(below, "has more than one value")
				return
			}
			kind = name
			meta, isObject := a[k].(map[string]any)
			if k != name && !isObject {
				fail(below, "has a broken value")
				return
			}
			if isObject {
				if r, ok := rd.absent(meta, below+"value[x]."); ok { // the key may be anything
					why, reason = r, true
				}
			}
			if k == name {
				value = a[k]
			}
		}
	}
	if n > 1 {
		rd.fail(wellbeing.DuplicateError{Item: key})
		return
	}
	if coding, ok := value.(map[string]any); ok && coding["code"] == nil && (reason || len(coding) == 0) {
		value = nil // nothing but the reason for its absence
	}
	switch {
	case value == nil && n > 0 && kind != "" && !reason:
		fail(at, "its value is empty")
	case value == nil:
		rd.answers = append(rd.answers, wellbeing.ItemAnswer{Item: key, Response: why})
	case reason:
		fail(at, "has both a value and a reason for having none")
	default:
		code, fault := rd.code(i, kind, value, at)
		if fault != "" {
			fail(at, fault)
			return
		}
		rd.answers = append(rd.answers, wellbeing.ItemAnswer{Item: key, Response: wellbeing.Answer(code)})
	}
}

// code returns the code of item number i that a value says.
func (rd *formReader) code(i int, kind string, value any, path string) (code int, fault string) {
	switch kind {
	case "valueInteger", "valueDecimal":
		n, ok := value.(json.Number)
		if !ok {
			return 0, "its value is not a number"
		}
		if kind == "valueInteger" {
			code, err := strconv.Atoi(n.String())
			if err != nil {
				return 0, "its value is not an integer"
			}
			return code, ""
		}
		if code, ok := wholeDecimal(n); ok {
			return code, ""
		}
		return 0, "its value is not a whole number"
	case "valueCoding":
		object, ok := value.(map[string]any)
		if !ok {
			return 0, "its value is not a coding"
		}
		before := len(rd.errs)
		at := path + "valueCoding."
		system, text := rd.text(object, at, "system"), rd.text(object, at, "code")
		if len(rd.errs) > before {
			return 0, "its coding is broken"
		}
		return rd.coding(i, system, text, object, at)
	}
	return 0, "its value is neither a coding, an integer nor a decimal"
}

func (rd *formReader) coding(i int, system, text string, object map[string]any, path string) (code int, fault string) {
	c, it := rd.c, rd.c.def.Items[i]
	if code, ok := c.codings[coding{it.Key, system, text}]; ok {
		return code, ""
	}
	if code, ok := c.codings[coding{"", system, text}]; ok && valid(it, code) {
		return code, ""
	}
	if system == c.answers() {
		code, err := strconv.Atoi(text)
		if err != nil || strconv.Itoa(code) != text {
			return 0, "its code is not one of this instrument's"
		}
		return code, ""
	}
	if !c.ordinals {
		return 0, "its coding is not declared"
	}
	if !c.plain[i] {
		return 0, "its coding is not declared, and a weight does not tell the answer to an item that is reversed or recoded"
	}
	found := 0
	for _, x := range rd.extended(object, path, weightExtension, ordinalExtension) {
		n, isNumber := x["valueDecimal"].(json.Number)
		w, isWhole := wholeDecimal(n)
		if !isNumber || !isWhole || found > 0 && w != code {
			return 0, "its weight is not one whole number"
		}
		code, found = w, found+1
	}
	if found == 0 {
		return 0, "its coding is neither declared nor weighed"
	}
	return code, ""
}

func wholeDecimal(n json.Number) (int, bool) {
	v, err := wellbeing.ParseValue(n.String())
	if err != nil {
		return 0, false
	}
	w, ok := v.Int64()
	return int(w), ok && int64(int(w)) == w
}

// reasonOf says what a code of HL7's data-absent-reason means here.
func reasonOf(code string) (r wellbeing.Response, ok bool) {
	switch code {
	case "asked-declined":
		return wellbeing.Refused(), true
	case "not-applicable":
		return wellbeing.NotApplicable(), true
	case "unknown", "asked-unknown", "temp-unknown", "not-asked", "masked", "unsupported", "as-text", "error",
		"not-a-number", "negative-infinity", "positive-infinity", "not-performed", "not-permitted":
		return wellbeing.Response{}, true
	}
	return r, false
}

// absent reads the reason why an element has no value, if it gives one.
func (rd *formReader) absent(object map[string]any, path string) (why wellbeing.Response, given bool) {
	for at, x := range rd.extended(object, path, absentExtension) {
		code := rd.text(x, at, "valueCode")
		r, ok := reasonOf(code)
		switch {
		case !ok && code != "":
			rd.bad(at+"valueCode", "is no reason that FHIR has")
		case given && r != why:
			rd.bad(at+"valueCode", "contradicts another reason")
		}
		why, given = r, true
	}
	return why, given
}

func sortedKeys(object map[string]any) []string {
	keys := make([]string, 0, len(object))
	for k := range object {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
