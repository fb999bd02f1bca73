package dcrs

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MappingVersion is the version of the format of mapping files, which they
// bear as "mapping".
const MappingVersion = 1

// Mapping says how a file of your own is read as one of a dictionary: which
// column is which field, and how its values are written. [Mapped] makes a
// validator read by it. The file stays as it is: findings bear its places and
// the shapes of its own values.
//
// [ParseMapping] reads it from JSON:
//
//	{
//	  "mapping": 1,
//	  "name": "Case system of Bury, monthly export",
//	  "kind": "episode",
//	  "encoding": "windows-1252",
//	  "delimiter": ";",
//	  "date": "dd/mm/yyyy",
//	  "blanks": ["NULL", "n/a"],
//	  "columns": [
//	    {"heading": "Client No", "field": "client_id"},
//	    {"heading": "DOB", "field": "date_of_birth", "date": "dd-mon-yy"},
//	    {"heading": "Sex", "field": "gender", "values": {"Male": "1", "Female": "2"}},
//	    {"heading": "Needs", "field": "wider_needs", "separator": "|", "labels": true},
//	    {"heading": "Wt (kg)", "field": "weight_kg_pre", "number": {"decimal": ","}},
//	    {"heading": "Employment", "field": "employment_status", "lost_zeros": true},
//	    {"heading": "Notes", "ignore": true}
//	  ],
//	  "constants": {"service_code": "RX1"}
//	}
//
// A column that the mapping does not name is read where its heading is the name
// of a field that no other column of the mapping stands for, and is unknown
// otherwise. A value that the mapping does not cover is read as it stands, and
// found wrong where it is.
type Mapping struct {
	Name string // for people
	Kind string // of the dictionary: "episode"; needed

	// Of the file. Delimiter holds unless [Delimiter] is given too. Encoding is for
	// whoever opens the file: an [ExtractValidator] minds it, and for a single file it
	// is to be given to [Encoded].
	Encoding  Encoding
	Delimiter string // "," ";" "tab" "|", or "" for what the validator has

	// For every column that does not say otherwise.
	Date      string        // of date fields, see [MappedColumn]
	Number    *NumberFormat // of numbers
	Separator string        // of fields with several codes
	Blanks    []string      // values that stand for nothing, in capitals or not

	Columns   []MappedColumn
	Constants map[string]string // by field: its value in every row, where the file has no column for it
}

// MappedColumn says what a column of a file is. Headings are compared without
// regard to capitals, and runs of spaces and line breaks count as one space.
type MappedColumn struct {
	Heading string
	Field   string // of the dictionary; "" for a column to ignore
	Ignore  bool   // not read and not reported

	// Values gives values of the column as the dictionary has them: "Male" as
	// "1"; as "" what stands for nothing. They are compared as headings are. In a
	// field with several codes each code is looked up.
	Values    map[string]string
	Labels    bool // the labels of the code list stand for their codes
	LostZeros bool // a code that has lost its leading zeros counts as the code: 1 for 01

	// Date is how the dates of a date field are written: yyyy-mm-dd, dd/mm/yyyy,
	// mm/dd/yyyy, dd.mm.yyyy, dd-mm-yyyy, mm-dd-yyyy, each also with yy;
	// dd-mon-yyyy, dd-mon-yy, dd mon yyyy, dd mon yy with an English month;
	// yyyy/mm/dd; yyyymmdd; excel-1900 and excel-1904, the day numbers of
	// spreadsheets. Days and months may lack their zero. A year of two digits is
	// the latest in which the date is not in the future. With " hh:mm" behind it a
	// time may follow, with or without seconds, which is left out.
	Date      string
	Number    *NumberFormat // of a number
	Separator string        // between the codes of a field with several; a semicolon unless told otherwise

	// Assumed marks a format that [Inspection.Formats] found and nobody declared:
	// findings then say so.
	Assumed Assumption
}

// Assumption says on what a format rests that nobody declared.
type Assumption uint8

// The assumptions.
const (
	Declared     Assumption = iota // none: a person says so
	WholeColumn                    // every value of the column is so written and none fits another way
	OtherColumns                   // the order of day and month could be either; other columns of the file have the day first
)

var assumptionNames = []string{Declared: "declared", WholeColumn: "whole_column", OtherColumns: "other_columns"}

// String is "declared", "whole_column" or "other_columns".
func (a Assumption) String() string { return nameOf(a, "Assumption", assumptionNames) }

// MappingError is one thing that is wrong with a mapping. Path is its place in
// the JSON, such as columns[3].values["Male"].
type MappingError struct {
	Path, Problem string
}

func (e *MappingError) Error() string {
	if e.Path == "" {
		return "dcrs: mapping: " + e.Problem
	}
	return "dcrs: mapping: " + e.Path + ": " + e.Problem
}

//go:embed mapping.schema.json
var mappingSchema []byte

// MappingSchema is the JSON Schema (draft 2020-12) of mapping files, for editors
// that help to write them. It does not know the dictionary: [ParseMapping] does.
func MappingSchema() []byte { return slices.Clone(mappingSchema) }

// mappingLimit is how many bytes of a mapping file are read.
const mappingLimit = 4 << 20

// ParseMapping reads a mapping for the dictionary from JSON. It is strict: what
// is not known, stands twice or cannot be used is an error, so that a slip in a
// mapping cannot pass for a defect of the data.
//
// The error joins a [*MappingError] for everything that is wrong, or is that of r.
func ParseMapping(d *Dictionary, r io.Reader) (*Mapping, error) {
	text, err := io.ReadAll(io.LimitReader(r, mappingLimit+1))
	if err != nil {
		return nil, err
	}
	if len(text) > mappingLimit {
		return nil, &MappingError{Problem: fmt.Sprintf("it is longer than %d bytes", mappingLimit)}
	}
	p := mappingParser{}
	m := p.mapping(text)
	if m != nil {
		p.errs = append(p.errs, unjoin(m.Check(d))...)
	}
	if len(p.errs) > 0 {
		return nil, errors.Join(p.errs...)
	}
	return m, nil
}

func unjoin(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

// jsonNode is a value of a JSON text with its members in their order, so that
// one that stands twice can be seen.
type jsonNode struct {
	value   any // string, json.Number, bool, nil; '{' or '[' as json.Delim
	members []jsonMember
}

type jsonMember struct {
	name string
	node jsonNode
}

// mappingParser turns JSON into a Mapping and collects what is wrong.
type mappingParser struct {
	errs []error
}

func (p *mappingParser) wrong(path, format string, args ...any) {
	p.errs = append(p.errs, &MappingError{Path: path, Problem: fmt.Sprintf(format, args...)})
}

// mappingDepth is how deep a mapping file nests at most.
const mappingDepth = 8

func (p *mappingParser) read(dec *json.Decoder, path string, depth int) (n jsonNode, ok bool) {
	token, err := dec.Token()
	if err != nil {
		p.wrong(path, "it is not JSON: %v", err)
		return n, false
	}
	if n.value = token; depth > mappingDepth {
		p.wrong(path, "it nests too deep")
		return n, false
	}
	delim, _ := token.(json.Delim)
	if delim == 0 {
		return n, true
	}
	seen := make(map[string]bool)
	for i := 0; dec.More(); i++ {
		var m jsonMember
		inner := indexPath(path, i)
		if delim == '{' {
			name, err := dec.Token()
			if err != nil {
				p.wrong(path, "it is not JSON: %v", err)
				return n, false
			}
			m.name, _ = name.(string)
			inner = memberPath(path, m.name)
			if seen[m.name] {
				p.wrong(inner, "it stands twice")
			}
			seen[m.name] = true
		}
		if m.node, ok = p.read(dec, inner, depth+1); !ok {
			return n, false
		}
		n.members = append(n.members, m)
	}
	if _, err := dec.Token(); err != nil {
		p.wrong(path, "it is not JSON: %v", err)
		return n, false
	}
	return n, true
}

// memberPath and indexPath go one step on in a path.
func memberPath(path, name string) string {
	switch {
	case strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_0123456789") != "" || name == "":
		return fmt.Sprintf("%s[%q]", path, name)
	case path == "":
		return name
	}
	return path + "." + name
}

func indexPath(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// object hands each member of an object to its function.
func (p *mappingParser) object(path string, n jsonNode, known map[string]func(path string, n jsonNode)) bool {
	if n.value != json.Delim('{') {
		p.wrong(path, "it must be an object in braces")
		return false
	}
	for _, m := range n.members {
		if read, ok := known[m.name]; ok {
			read(memberPath(path, m.name), m.node)
		} else {
			p.wrong(memberPath(path, m.name), "there is no such member here; there are %s", strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
	}
	return true
}

// text, flag and texts read plain values into their places.
func (p *mappingParser) text(to *string) func(string, jsonNode) {
	return func(path string, n jsonNode) {
		s, ok := n.value.(string)
		if !ok {
			p.wrong(path, "it must be a text in quotation marks")
		}
		*to = s
	}
}

func (p *mappingParser) flag(to *bool) func(string, jsonNode) {
	return func(path string, n jsonNode) {
		b, ok := n.value.(bool)
		if !ok {
			p.wrong(path, "it must be true or false")
		}
		*to = b
	}
}

func (p *mappingParser) list(path string, n jsonNode, each func(path string, n jsonNode)) {
	if n.value != json.Delim('[') {
		p.wrong(path, "it must be a list in square brackets")
		return
	}
	for i, m := range n.members {
		each(indexPath(path, i), m.node)
	}
}

func (p *mappingParser) pairs(to *map[string]string) func(string, jsonNode) {
	return func(path string, n jsonNode) {
		if n.value != json.Delim('{') {
			p.wrong(path, "it must be an object in braces")
			return
		}
		*to = make(map[string]string, len(n.members))
		for _, m := range n.members {
			var s string
			p.text(&s)(memberPath(path, m.name), m.node)
			(*to)[m.name] = s
		}
	}
}

func (p *mappingParser) number(to **NumberFormat) func(string, jsonNode) {
	return func(path string, n jsonNode) {
		f := &NumberFormat{}
		p.object(path, n, map[string]func(string, jsonNode){"decimal": p.text(&f.Decimal), "thousands": p.text(&f.Thousands)})
		*to = f
	}
}

func (p *mappingParser) mapping(text []byte) *Mapping {
	if !utf8.Valid(text) {
		p.wrong("", "it is not UTF-8")
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte(byteOrder))))
	dec.UseNumber()
	root, ok := p.read(dec, "", 0)
	if !ok {
		return nil
	}
	if _, err := dec.Token(); err != io.EOF {
		p.wrong("", "something stands behind its end")
	}
	m := &Mapping{}
	version := false
	ok = p.object("", root, map[string]func(string, jsonNode){
		"$schema": p.text(new(string)),
		"mapping": func(path string, n jsonNode) {
			if version = true; n.value != json.Number(fmt.Sprint(MappingVersion)) {
				p.wrong(path, "it must be %d, the version of mapping files that is read here", MappingVersion)
			}
		},
		"name": p.text(&m.Name), "kind": p.text(&m.Kind), "delimiter": p.text(&m.Delimiter), "date": p.text(&m.Date),
		"separator": p.text(&m.Separator), "number": p.number(&m.Number), "constants": p.pairs(&m.Constants),
		"encoding": func(path string, n jsonNode) {
			var name string
			p.text(&name)(path, n)
			e, err := ParseEncoding(name)
			if err != nil {
				p.wrong(path, "%q is none of utf-8, utf-16le, utf-16be and windows-1252", name)
			}
			m.Encoding = e
		},
		"blanks": func(path string, n jsonNode) {
			p.list(path, n, func(path string, n jsonNode) {
				var s string
				p.text(&s)(path, n)
				m.Blanks = append(m.Blanks, s)
			})
		},
		"columns": func(path string, n jsonNode) {
			p.list(path, n, func(path string, n jsonNode) { m.Columns = append(m.Columns, p.column(path, n)) })
		},
	})
	if !ok {
		return nil
	}
	if !version {
		p.wrong("mapping", "it is missing; it must be %d", MappingVersion)
	}
	return m
}

func (p *mappingParser) column(path string, n jsonNode) (c MappedColumn) {
	p.object(path, n, map[string]func(string, jsonNode){
		"heading": p.text(&c.Heading), "field": p.text(&c.Field), "ignore": p.flag(&c.Ignore), "values": p.pairs(&c.Values),
		"labels": p.flag(&c.Labels), "lost_zeros": p.flag(&c.LostZeros), "date": p.text(&c.Date), "number": p.number(&c.Number),
		"separator": p.text(&c.Separator),
		"assumed": func(path string, n jsonNode) {
			name, _ := n.value.(string)
			i := slices.Index(assumptionNames, name)
			if i < 0 {
				p.wrong(path, "it must be one of %s", strings.Join(assumptionNames, ", "))
				return
			}
			c.Assumed = Assumption(i)
		},
	})
	return c
}

// WriteJSON writes the mapping as [ParseMapping] reads it: indented, a column a
// line, in the order of the columns, other members in alphabetical order of
// their names where they have none of their own.
func (m *Mapping) WriteJSON(w io.Writer) error {
	var b bytes.Buffer
	b.WriteString("{\n")
	first := true
	member := func(name string, v any) {
		if !first {
			b.WriteString(",\n")
		}
		first = false
		b.WriteString("  ")
		writeJSON(&b, name)
		b.WriteString(": ")
		writeJSON(&b, v)
	}
	text := func(name, s string) {
		if s != "" {
			member(name, s)
		}
	}
	member("mapping", MappingVersion)
	text("name", m.Name)
	text("kind", m.Kind)
	if m.Encoding != UTF8 {
		text("encoding", m.Encoding.String())
	}
	text("delimiter", m.Delimiter)
	text("date", m.Date)
	if m.Number != nil {
		member("number", m.Number)
	}
	text("separator", m.Separator)
	if len(m.Blanks) > 0 {
		member("blanks", m.Blanks)
	}
	b.WriteString(",\n  \"columns\": [")
	for i := range m.Columns {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n    ")
		m.Columns[i].writeJSON(&b)
	}
	if len(m.Columns) > 0 {
		b.WriteString("\n  ")
	}
	b.WriteString("]")
	if len(m.Constants) > 0 {
		member("constants", m.Constants)
	}
	b.WriteString("\n}\n")
	_, err := w.Write(b.Bytes())
	return err
}

// writeJSON appends a value on one line. It cannot fail for what a Mapping holds.
func writeJSON(b *bytes.Buffer, v any) {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v)
	b.Truncate(b.Len() - 1) // its line end
}

func (c *MappedColumn) writeJSON(b *bytes.Buffer) {
	type column struct {
		Heading   string            `json:"heading"`
		Field     string            `json:"field,omitempty"`
		Ignore    bool              `json:"ignore,omitempty"`
		Values    map[string]string `json:"values,omitempty"`
		Labels    bool              `json:"labels,omitempty"`
		LostZeros bool              `json:"lost_zeros,omitempty"`
		Date      string            `json:"date,omitempty"`
		Number    *NumberFormat     `json:"number,omitempty"`
		Separator string            `json:"separator,omitempty"`
		Assumed   string            `json:"assumed,omitempty"`
	}
	assumed := ""
	if c.Assumed != Declared {
		assumed = c.Assumed.String()
	}
	writeJSON(b, column{c.Heading, c.Field, c.Ignore, c.Values, c.Labels, c.LostZeros, c.Date, c.Number, c.Separator, assumed})
}

// clone copies the mapping with everything that it points to.
func (m *Mapping) clone() *Mapping {
	out := *m
	out.Number = cloneNumber(m.Number)
	out.Blanks = slices.Clone(m.Blanks)
	out.Constants = maps.Clone(m.Constants)
	out.Columns = slices.Clone(m.Columns)
	for i := range out.Columns {
		c := &out.Columns[i]
		c.Values, c.Number = maps.Clone(c.Values), cloneNumber(c.Number)
	}
	return &out
}

func cloneNumber(f *NumberFormat) *NumberFormat {
	if f == nil {
		return nil
	}
	return new(*f)
}

// fold is how headings and values are compared: small letters, runs of spaces
// and line breaks as one space, none around it.
func fold(s string) string { return string(appendFolded(nil, []byte(s))) }

// appendFolded appends s folded.
func appendFolded(dst, s []byte) []byte {
	start, gap := len(dst), false
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRune(s[i:])
			i += size
			if gap = gap || unicode.IsSpace(r); unicode.IsSpace(r) {
				continue
			}
			if gap && len(dst) > start {
				dst = append(dst, ' ')
			}
			gap = false
			if r == utf8.RuneError && size == 1 {
				dst = append(dst, c)
			} else {
				dst = utf8.AppendRune(dst, unicode.ToLower(r))
			}
			continue
		}
		i++
		if c <= ' ' {
			gap = true
			continue
		}
		if gap && len(dst) > start {
			dst = append(dst, ' ')
		}
		gap = false
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}
