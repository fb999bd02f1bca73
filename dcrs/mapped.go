package dcrs

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/hte"
)

// Mapped makes the validator read files by a mapping, whatever it does with
// them. The mapping must be one for a dictionary of the validator's kind; what is
// wrong with it is reported as by [Mapping.Check].
//
// Where the mapping, or the whole column by itself, gives a format that is not the
// dictionary's, there is one finding for the column and none for each row:
// file/date-format, file/number-format, file/lost-zeros and file/labels.
func Mapped(m *Mapping) Option {
	return func(v *Validator) error {
		if m == nil {
			return &OptionError{Option: "Mapped", Problem: "there is no mapping"}
		}
		if m.Kind != v.dict.kind {
			return &OptionError{Option: "Mapped", Problem: fmt.Sprintf("the mapping is for files of the kind %q, the dictionary for %q", m.Kind, v.dict.kind)}
		}
		if err := m.Check(v.dict); err != nil {
			return err
		}
		v.mapped = m.clone().compile(v.dict, v.asOf)
		if delim := delimiterNamed(m.Delimiter); delim != 0 && !v.declared {
			v.delim = delim
		}
		return nil
	}
}

// hooksWith are the hooks of one reading on top of those of the mapping.
func (v *Validator) hooksWith(h *hooks) hooks {
	switch {
	case v.mapped == nil && h == nil:
		return hooks{}
	case v.mapped == nil:
		return *h
	case h == nil:
		return *v.mapped
	}
	out := *h
	if out.field == nil {
		out.field, out.mapped = v.mapped.field, v.mapped.mapped
	}
	out.convert, out.constants = maps.Clone(v.mapped.convert), maps.Clone(v.mapped.constants)
	if out.convert == nil {
		out.convert = h.convert
	} else {
		maps.Copy(out.convert, h.convert)
	}
	if out.constants == nil {
		out.constants = h.constants
	} else {
		maps.Copy(out.constants, h.constants)
	}
	out.notes = slices.Concat(v.mapped.notes, h.notes)
	out.after = func(converted func(int) int) []note {
		notes := v.mapped.after(converted)
		if h.after != nil {
			notes = append(notes, h.after(converted)...)
		}
		return notes
	}
	return out
}

// delimiterNamed is the delimiter that a mapping names, 0 for none.
func delimiterNamed(name string) byte {
	switch {
	case name == "tab":
		return '\t'
	case len(name) == 1 && strings.Contains(delimiters, name):
		return name[0]
	}
	return 0
}

// delimiterName is how a mapping names a delimiter.
func delimiterName(b byte) string {
	if b == '\t' {
		return "tab"
	}
	return string(rune(b))
}

// mappedKey is how long a heading or a value in a mapping may be, in bytes.
const mappedKey = 200

// Check says what is wrong with the mapping as one for files of the dictionary:
// fields, codes and formats that there are not, and what stands twice. The error
// joins a [*MappingError] for each.
func (m *Mapping) Check(d *Dictionary) error {
	c := mappingChecker{d: d, reader: newCellReader(d)}
	c.file(m)
	headings, fields := make(map[string]int), make(map[string]string)
	for i := range m.Columns {
		c.column(&m.Columns[i], indexPath("columns", i), i, headings, fields)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Constants)) {
		path := memberPath("constants", name)
		f, ok := d.byName[name]
		switch {
		case !ok:
			c.wrong(path, "the dictionary has no field of this name%s", d.similarField(name))
		case fields[name] != "":
			c.wrong(path, "%s reads the field from a column", fields[name])
		case fold(m.Constants[name]) == "":
			c.wrong(path, "it is blank")
		case !c.reader.reads(f, m.Constants[name]):
			c.wrong(path, "%s", c.unreadable(f, m.Constants[name]))
		}
	}
	return errors.Join(c.errs...)
}

type mappingChecker struct {
	d      *Dictionary
	reader *cellReader
	errs   []error
}

func (c *mappingChecker) wrong(path, format string, args ...any) {
	c.errs = append(c.errs, &MappingError{Path: path, Problem: fmt.Sprintf(format, args...)})
}

func (c *mappingChecker) unreadable(f int, value string) string {
	field := &c.d.fields[f]
	if field.CodeList != "" {
		return fmt.Sprintf("the list %s has no code %q", field.CodeList, value)
	}
	return fmt.Sprintf("%q is not %s, or is out of its range", value, formatWords(field))
}

func (c *mappingChecker) file(m *Mapping) {
	if m.Kind != c.d.kind {
		c.wrong("kind", "it must be %q, as the dictionary is", c.d.kind)
	}
	if int(m.Encoding) >= len(encodingNames) {
		c.wrong("encoding", "there is no such encoding")
	}
	if m.Delimiter != "" && delimiterNamed(m.Delimiter) == 0 {
		c.wrong("delimiter", "it must be a comma, a semicolon, the word tab or a vertical bar")
	}
	c.formats("", m.Date, m.Number, m.Separator)
	seen := make(map[string]bool)
	for i, s := range m.Blanks {
		switch key := fold(s); {
		case key == "" || len(key) > mappedKey:
			c.wrong(indexPath("blanks", i), "it is empty, or longer than %d bytes", mappedKey)
		case seen[key]:
			c.wrong(indexPath("blanks", i), "it stands twice, but perhaps for capitals and spaces")
		default:
			seen[key] = true
		}
	}
}

// formats checks the formats that a file or a column can have.
func (c *mappingChecker) formats(path, date string, number *NumberFormat, separator string) {
	if _, _, ok := layoutNamed(date); date != "" && !ok {
		c.wrong(memberPath(path, "date"), "%q is not a way to write dates that is known; there are %s, each also with %q behind it", date, layoutList(), withTime)
	}
	if number != nil {
		if problem := number.problem(); problem != "" {
			c.wrong(memberPath(path, "number"), "%s", problem)
		}
	}
	if len(separator) > 8 || separator != "" && strings.ContainsAny(separator, lowerCase+"ABCDEFGHIJKLMNOPQRSTUVWXYZ"+decimals+"_") {
		c.wrong(memberPath(path, "separator"), "it must be a few characters, none of them a letter, a digit or _")
	}
}

func (c *mappingChecker) column(col *MappedColumn, path string, i int, headings map[string]int, fields map[string]string) {
	key := fold(col.Heading)
	switch first, seen := headings[key]; {
	case key == "":
		c.wrong(path+".heading", "it is missing")
	case len(key) > 4*mappedKey:
		c.wrong(path+".heading", "it is longer than %d bytes", 4*mappedKey)
	case seen:
		c.wrong(path+".heading", "columns[%d] has it already, but perhaps for capitals and spaces", first)
	default:
		headings[key] = i
	}
	if col.Ignore {
		if col.Field != "" || col.Values != nil || col.Labels || col.LostZeros || col.Date != "" || col.Number != nil || col.Separator != "" {
			c.wrong(path+".ignore", "a column that is ignored has nothing but its heading")
		}
		return
	}
	f, ok := c.d.byName[col.Field]
	switch {
	case col.Field == "":
		c.wrong(path+".field", "it is missing; a column without a field must be ignored on purpose")
		return
	case !ok:
		c.wrong(path+".field", "the dictionary has no field %q%s", col.Field, c.d.similarField(col.Field))
		return
	case fields[col.Field] != "":
		c.wrong(path+".field", "%s stands for it already", fields[col.Field])
	default:
		fields[col.Field] = path
	}
	field := &c.d.fields[f]
	c.formats(path, col.Date, col.Number, col.Separator)
	for _, member := range []struct {
		name       string
		there, fit bool
	}{
		{"labels", col.Labels, field.CodeList != ""},
		{"lost_zeros", col.LostZeros, field.CodeList != ""},
		{"date", col.Date != "", field.Type == TypeDate},
		{"number", col.Number != nil, field.Type == TypeInteger || field.Type == TypeDecimal},
		{"separator", col.Separator != "", field.Type == TypeCodes},
	} {
		if member.there && !member.fit {
			c.wrong(memberPath(path, member.name), "the field %s has the type %s, for which it means nothing", col.Field, field.Type)
		}
	}
	if int(col.Assumed) >= len(assumptionNames) {
		c.wrong(path+".assumed", "there is no such assumption")
	}
	seen := make(map[string]bool)
	for _, value := range slices.Sorted(maps.Keys(col.Values)) {
		to, path := col.Values[value], memberPath(path+".values", value)
		if to != "" && !c.reader.reads(f, to) {
			c.wrong(path, "%s", c.unreadable(f, to))
		}
		switch key := fold(value); {
		case key == "" || len(key) > mappedKey:
			c.wrong(path, "it is empty, or longer than %d bytes", mappedKey)
		case seen[key]:
			c.wrong(path, "another value is the same but for capitals and spaces")
		default:
			seen[key] = true
		}
	}
}

// similarField suggests a field whose name resembles the one that was not found.
func (d *Dictionary) similarField(name string) string {
	best, distance := "", 4
	for _, f := range d.fields {
		if n := editDistance(name, f.Name, distance); n < distance {
			best, distance = f.Name, n
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; is it %q?", best)
}

// cellReader reads single values as a validator does.
type cellReader struct {
	w   *worker
	out result
}

func newCellReader(d *Dictionary) *cellReader {
	v := &Validator{dict: d, asOf: hte.FromOrdinal(mustOrdinal("2000-01-01")), levels: make([]Level, len(d.rules)), changed: make([]bool, len(d.rules))}
	p := &plan{v: v, hooks: &hooks{}}
	for f := range p.column {
		p.column[f] = noColumn
	}
	_ = p.compile() // there are no constants to fail
	r := &cellReader{out: result{tally: newTally(len(d.rules)), kept: make([]uint16, len(d.rules))}}
	r.w = &worker{plan: p, out: &r.out, row: &Row{plan: p, values: new(fieldValues), tally: &r.out.tally}, asking: -1}
	return r
}

// reads reports whether a text is a valid value of a field.
func (r *cellReader) reads(f int, text string) bool {
	b := trimSpaces([]byte(text))
	if len(b) == 0 {
		return false
	}
	r.w.row.valid.remove(f)
	r.w.readField(&r.w.plan.kernels[f], b)
	return r.w.row.valid.has(f)
}

// compile makes the mapping ready for reading; it has been checked.
func (m *Mapping) compile(d *Dictionary, today hte.Date) *hooks {
	h := &hooks{encoding: m.Encoding, convert: make(map[int]func(dst, cell []byte) ([]byte, bool)), constants: make(map[int]string), mapped: make(map[int]string)}
	headings, claimed := make(map[string]int), make(map[int]bool)
	columns := make(map[int]*MappedColumn)
	for i := range m.Columns {
		c := &m.Columns[i]
		if c.Ignore {
			headings[fold(c.Heading)] = ignoredColumn
			continue
		}
		f := d.byName[c.Field]
		headings[fold(c.Heading)], claimed[f], columns[f] = f, true, c
		h.mapped[f] = c.Heading
	}
	for name, value := range m.Constants {
		h.constants[d.byName[name]] = value
	}
	h.field = func(heading string) (int, bool) {
		key := fold(heading)
		if f, ok := headings[key]; ok {
			return f, true
		}
		f, ok := d.byName[key]
		return f, ok && !claimed[f]
	}
	var notes []func(converted func(int) int) []note
	for f := range d.fields {
		c := MappedColumn{}
		if columns[f] != nil {
			c = *columns[f]
		}
		field := &d.fields[f]
		if c.Date == "" && field.Type == TypeDate {
			c.Date = m.Date
		}
		if c.Number == nil && (field.Type == TypeInteger || field.Type == TypeDecimal) {
			c.Number = m.Number
		}
		if c.Separator == "" && field.Type == TypeCodes {
			c.Separator = m.Separator
		}
		if convert := m.converter(d, f, &c, today); convert != nil {
			h.convert[f] = convert
		}
		if n, words := formatNote(field, &c); n.rule != "" {
			notes = append(notes, func(converted func(int) int) []note {
				count := converted(f)
				if count == 0 {
					return nil
				}
				cells := "1 cell"
				if count > 1 {
					cells = fmt.Sprintf("%d cells", count)
				}
				n := n
				n.detail = cells + words
				return []note{n}
			})
		}
	}
	h.after = func(converted func(int) int) (out []note) {
		for _, f := range notes {
			out = append(out, f(converted)...)
		}
		return out
	}
	return h
}

// formatNote is the finding for a column that is written in a format of its own,
// and how it goes on behind the number of cells.
func formatNote(field *Field, c *MappedColumn) (note, string) {
	n := note{level: Info, field: field.Name}
	words := ""
	switch {
	case c.Date != "" && c.Date != "yyyy-mm-dd":
		n.rule, words = "file/date-format", " written "+c.Date
	case c.Number != nil:
		n.rule, words = "file/number-format", " written as in "+c.Number.String()
	case c.LostZeros && c.Labels:
		n.rule, words = "file/lost-zeros", " with codes without their leading zeros, or with labels"
	case c.LostZeros:
		n.rule, words = "file/lost-zeros", " with codes without their leading zeros"
	case c.Labels:
		n.rule, words = "file/labels", " with labels in place of codes"
	default:
		return n, ""
	}
	if fold(c.Heading) != "" && fold(c.Heading) != field.Name && !looksLikeData(c.Heading) {
		words += fmt.Sprintf(" in the column %q", c.Heading)
	}
	switch c.Assumed {
	case Declared:
		words += ", as the mapping says"
	case WholeColumn:
		words += ", as the whole column is"
	case OtherColumns:
		n.level = Warning
		words += "; no day is above 12, so the order of day and month is that of the other date columns"
	}
	return n, words
}

// spellings are texts, folded, and what each stands for.
type spellings struct {
	to    map[string]string
	first [256]bool // how one of them can begin, folded
	long  int       // the longest
}

func newSpellings() *spellings { return &spellings{to: make(map[string]string)} }

func (s *spellings) set(text, to string) {
	key := fold(text)
	if key == "" || len(key) > mappedKey {
		return
	}
	s.to[key] = to
	s.first[key[0]] = true
	s.long = max(s.long, len(key))
}

func (s *spellings) find(key []byte) (string, bool) {
	if len(key) == 0 || len(key) > s.long || !s.first[key[0]] {
		return "", false
	}
	to, ok := s.to[string(key)]
	return to, ok
}

// translator turns one value of a column into that of the dictionary.
type translator struct {
	values *spellings // what the mapping says
	rest   *spellings // labels, and codes without their zeros
	blanks *spellings
	index  *codeIndex // of the field's codes, nil where it has none
}

// longestCell is how long a cell may be that is looked up.
const longestCell = 256

// find looks a value up; changed says that it is not read as it stands.
func (t *translator) find(value []byte) (to string, known, changed bool) {
	if len(value) > longestCell {
		return "", false, false
	}
	var buf [longestCell + 64]byte
	key := appendFolded(buf[:0], value)
	if to, ok := t.values.find(key); ok {
		return to, true, to != string(value)
	}
	if t.index != nil {
		if t.index.find(value) >= 0 {
			return "", true, false
		}
		if to, ok := t.rest.find(key); ok {
			return to, true, true
		}
	}
	if _, ok := t.blanks.find(key); ok {
		return "", true, true
	}
	return "", false, false
}

func (m *Mapping) translator(d *Dictionary, f int, c *MappedColumn) *translator {
	t := &translator{values: newSpellings(), rest: newSpellings(), blanks: newSpellings()}
	for value, to := range c.Values {
		t.values.set(value, to)
	}
	for _, s := range m.Blanks {
		t.blanks.set(s, "")
	}
	i, coded := d.byList[d.fields[f].CodeList]
	if !coded {
		return t
	}
	codes := d.lists[i].Codes
	t.index = new(newCodeIndex(codes))
	if c.LostZeros {
		for key, code := range lostZeros(codes) {
			t.rest.set(key, code)
		}
	}
	if c.Labels {
		for key, code := range labelSpellings(codes) {
			t.rest.set(key, code)
		}
	}
	return t
}

// lostZeros are the codes without their leading zeros, where that is no other
// code and stands for one code only.
func lostZeros(codes []Code) map[string]string {
	return uniqueSpellings(codes, func(c Code) (out []string) {
		for s := c.Code; len(s) > 1 && s[0] == '0'; {
			s = s[1:]
			out = append(out, s)
		}
		return out
	})
}

// labelSpellings are the labels of codes, and the codes in other capitals.
func labelSpellings(codes []Code) map[string]string {
	return uniqueSpellings(codes, func(c Code) []string { return []string{c.Code, c.Label} })
}

// uniqueSpellings are spellings of codes, folded, that stand for one of them only.
func uniqueSpellings(codes []Code, of func(Code) []string) map[string]string {
	out := make(map[string]string)
	for _, c := range codes {
		for _, s := range of(c) {
			key := fold(s)
			if other, ok := out[key]; ok && other != c.Code {
				out[key] = ""
				continue
			}
			out[key] = c.Code
		}
	}
	delete(out, "")
	maps.DeleteFunc(out, func(_, code string) bool { return code == "" })
	return out
}

// converter makes the converter of a field, nil where its cells are read as they
// stand.
func (m *Mapping) converter(d *Dictionary, f int, c *MappedColumn, today hte.Date) func(dst, cell []byte) ([]byte, bool) {
	var format func(dst, cell []byte) ([]byte, bool)
	switch field := &d.fields[f]; {
	case field.Type == TypeDate && c.Date != "":
		layout, timed, _ := layoutNamed(c.Date)
		format = convertDates(layout, timed, today)
	case c.Number != nil && (field.Type == TypeInteger || field.Type == TypeDecimal):
		format = c.Number.convert()
	case field.Type == TypeCodes:
		if c.Separator == "" && len(c.Values) == 0 && !c.Labels && !c.LostZeros && len(m.Blanks) == 0 {
			return nil
		}
		return m.translator(d, f, c).convertList(c.Separator)
	}
	if len(c.Values) == 0 && !c.Labels && !c.LostZeros && len(m.Blanks) == 0 {
		return format
	}
	t := m.translator(d, f, c)
	return func(dst, cell []byte) ([]byte, bool) {
		if to, known, changed := t.find(cell); known {
			return append(dst, to...), changed
		}
		if format != nil {
			return format(dst, cell)
		}
		return dst, false
	}
}

// longestList is how long a cell with several codes may be.
const longestList = 16 << 10

// convertList makes the converter of a field with several codes.
func (t *translator) convertList(separator string) func(dst, cell []byte) ([]byte, bool) {
	if separator == "" {
		separator = ";"
	}
	// ", " separates as "," does; but a separator of spaces stays what it is.
	sep := []byte(strings.TrimSpace(separator))
	if len(sep) == 0 {
		sep = []byte(separator)
	}
	// A label can hold the separator: "money, benefits and debt". As many pieces as
	// the longest-winded has are tried together first.
	most := 1
	for _, s := range []*spellings{t.values, t.rest} {
		for key := range s.to {
			most = max(most, strings.Count(key, string(sep))+1)
		}
	}
	semicolons := string(sep) == ";"
	return func(dst, cell []byte) ([]byte, bool) {
		if len(cell) > longestList {
			return dst, false
		}
		start, any := len(dst), !semicolons && bytes.Contains(cell, sep)
		written := 0
		for rest, more := cell, true; more; {
			var piece []byte
			var to string
			var known, changed bool
			at := 0 // where the piece ends that was found
			for n, from := 0, 0; n < most; n++ {
				i := bytes.Index(rest[from:], sep)
				end := len(rest)
				if i >= 0 {
					end = from + i
				}
				candidate := trimSpaces(rest[:end])
				if a, k, c := t.find(candidate); k || n == 0 {
					piece, to, known, changed, at = candidate, a, k, c, end
				}
				if i < 0 {
					break
				}
				from = end + len(sep)
			}
			if more = at < len(rest); more {
				rest = rest[at+len(sep):]
			}
			if !known && !semicolons && bytes.IndexByte(piece, ';') >= 0 {
				return dst[:start], false // it would fall apart into codes
			}
			any = any || changed
			if changed && to == "" {
				continue // it stands for nothing
			}
			if written++; written > 1 {
				dst = append(dst, ';')
			}
			if changed {
				dst = append(dst, to...)
			} else {
				dst = append(dst, piece...)
			}
		}
		if !any {
			return dst[:start], false
		}
		return dst, true
	}
}
