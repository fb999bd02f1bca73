package wellbeing

import (
	"errors"
	"slices"
	"strconv"
	"strings"
)

// Codes declares the cells of a data source that are not answers. A blank cell is always missing;
// anything else has to be declared, so that a 999 which nobody mentioned is an error and never a
// score. The zero Codes declares nothing.
type Codes struct {
	Missing       []string // such as "999", "NA" or "."
	Refused       []string // such as "-9"
	NotApplicable []string // such as "-8"
}

// Parser reads forms of one instrument under declared codes that were checked once. It is immutable and
// safe for concurrent use.
type Parser struct {
	in       *Instrument
	declared []declaration
}

// Parser checks the declared codes and returns a parser. An [ArgumentError] says where a code means two
// things or is an answer of the instrument.
func (in *Instrument) Parser(codes Codes) (*Parser, error) {
	if in == nil {
		return nil, ArgumentError{Name: "instrument", Why: "is nil"}
	}
	declared, err := in.declare(codes)
	if err != nil {
		return nil, err
	}
	return &Parser{in: in, declared: declared}, nil
}

// Parse reads the cells of one form, one for each item in the order of the definition: whole numbers
// (also "3.0", which spreadsheets and data frames write), the instrument's own tokens, blanks, and the
// declared codes. Blanks around a cell do not count, and numbers match as numbers: a declared "-9" is
// found in "-9.0". The responses go into dst, whose room is used again; nil will do.
//
// Cells at fault have one error each, joined: [SyntaxError], [RangeError] or [CodeError]. The other
// cells are read all the same, and the responses can be scored: where the error is a SyntaxError they
// are [Unreadable], else they hold the code that the item does not have, and [Instrument.Score] refuses
// both. A form with more or fewer cells than items is a [LengthError], and has no responses.
func (p *Parser) Parse(dst []Response, cells []string) ([]Response, error) {
	dst = dst[:0]
	if p == nil || p.in == nil {
		return dst, ArgumentError{Name: "parser", Why: "is not one of an instrument"}
	}
	if len(cells) != len(p.in.items) {
		return dst, LengthError{Got: len(cells), Want: len(p.in.items)}
	}
	var errs []error
	for i, cell := range cells {
		r, err := p.in.parse(i, cell, p.declared)
		if err != nil {
			errs = append(errs, err)
		}
		dst = append(dst, r)
	}
	return dst, errors.Join(errs...)
}

// ParseResponses reads the cells of one form as [Parser.Parse] does. For many forms, make one [Parser].
// Errors: those of both.
func (in *Instrument) ParseResponses(cells []string, codes Codes) ([]Response, error) {
	p, err := in.Parser(codes)
	if err != nil {
		return nil, err
	}
	return p.Parse(nil, cells)
}

// declaration is one declared code, with its number where it is one.
type declaration struct {
	text   string
	number int
	isInt  bool
	means  Response
}

func (in *Instrument) declare(codes Codes) ([]declaration, error) {
	var all []declaration
	add := func(texts []string, means Response) error {
		for _, t := range texts {
			d := declaration{text: strings.TrimSpace(t), means: means}
			d.number, d.isInt = parseInt(d.text)
			if d.text == "" {
				if means != (Response{}) {
					return ArgumentError{Name: "codes", Why: "a blank cell is always missing"}
				}
				continue
			}
			for _, e := range all {
				if e.matches(d.text, d.number, d.isInt) && e.means != means {
					return ArgumentError{Name: "codes", Why: strconv.Quote(d.text) + " is declared to mean two things"}
				}
			}
			for i := range in.items {
				if d.isInt && in.check(i, d.number) == nil || in.isToken(i, d.text) {
					return ArgumentError{Name: "codes", Why: strconv.Quote(d.text) + " is an answer to " + in.def.Items[i].Key}
				}
			}
			all = append(all, d)
		}
		return nil
	}
	for _, err := range []error{
		add(codes.Missing, Response{}),
		add(codes.Refused, Refused()),
		add(codes.NotApplicable, NotApplicable()),
	} {
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (d declaration) matches(text string, number int, isInt bool) bool {
	return d.text == text || d.isInt && isInt && d.number == number
}

func (in *Instrument) isToken(item int, text string) bool {
	return slices.ContainsFunc(in.def.Items[item].Tokens, func(t Token) bool { return t.Text == text })
}

func (in *Instrument) parse(item int, cell string, declared []declaration) (Response, error) {
	cell = strings.TrimSpace(cell)
	if cell == "" {
		return Response{}, nil
	}
	n, isInt := parseInt(cell)
	for _, d := range declared {
		if d.matches(cell, n, isInt) {
			return d.means, nil
		}
	}
	for _, t := range in.def.Items[item].Tokens {
		if t.Text == cell {
			return Answer(t.Code), nil
		}
	}
	if !isInt {
		return Unreadable(), SyntaxError{Item: in.def.Items[item].Key, Shape: shape(cell)}
	}
	return Answer(n), in.check(item, n)
}

// check returns the error of a code that the item does not have.
func (in *Instrument) check(item, code int) error {
	it := &in.items[item]
	switch {
	case code < it.min || code > it.max:
		return RangeError{Item: in.def.Items[item].Key, Got: code, Min: it.min, Max: it.max}
	case it.gaps>>uint(code-it.min)&1 == 1:
		return CodeError{Item: in.def.Items[item].Key, Got: code, Codes: list(in.def.Items[item].Codes)}
	}
	return nil
}

// parseInt reads an optional minus, 1 to 18 digits, and a fraction of zeros only.
func parseInt(s string) (int, bool) {
	digits, zeros, point := strings.Cut(s, ".")
	if point && strings.Trim(zeros, "0") != "" || point && zeros == "" {
		return 0, false
	}
	n, ok := parseDigits(digits, true)
	return int(n), ok
}

// ItemAnswer is one answer as a case system may hold it, by item key. The occasion is whatever the
// caller tells occasions apart by, such as a session's number.
type ItemAnswer struct {
	Item     string
	Occasion string
	Response Response
}

// Assemble puts single answers into the order of the form. Items without an answer stay missing.
// All errors come back at once, joined: [NameError] for an item that the instrument does not have,
// [DuplicateError], [OccasionError] for an answer from another occasion than the first one,
// [RangeError], [CodeError], and [SyntaxError] for an unreadable one; and then there is no form.
func (in *Instrument) Assemble(answers ...ItemAnswer) ([]Response, error) {
	if in == nil {
		return nil, ArgumentError{Name: "instrument", Why: "is nil"}
	}
	rs := make([]Response, len(in.items))
	var errs []error
	first := true
	var occasion string
	for _, a := range answers {
		i, ok := in.index[a.Item]
		if !ok {
			errs = append(errs, NameError{Kind: "item", Name: a.Item})
			continue
		}
		if a.Response == (Response{}) {
			continue // says nothing, so it contradicts nothing
		}
		if first {
			first, occasion = false, a.Occasion
		}
		if a.Occasion != occasion {
			errs = append(errs, OccasionError{Item: a.Item, Got: a.Occasion, Want: occasion})
		}
		if rs[i] != (Response{}) {
			errs = append(errs, DuplicateError{Item: a.Item})
		}
		if code, ok := a.Response.Code(); ok {
			if err := in.check(i, code); err != nil {
				errs = append(errs, err)
			}
		} else if a.Response == Unreadable() {
			errs = append(errs, SyntaxError{Item: a.Item})
		}
		rs[i] = a.Response
	}
	if errs != nil {
		return nil, errors.Join(errs...)
	}
	return rs, nil
}
