package dcrs

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// plan is a validator made ready for one file: which column holds which field,
// and which rules can be asked.
type plan struct {
	v       *Validator
	headers []string // the columns' headings, as they may be repeated in findings
	fieldOf []int    // the field of each column, -1 for an unknown or repeated one
	column  [maxFields]int
	kernels [maxFields]kernel
	control int      // the rule file/control-character
	blanks  fieldSet // fields that must not be blank
	columns columnPlan
	checkPlan

	asOfDay, yearAgo int64
	asOfYear         int

	files     []readyFileRule
	wantFacts bool // a rule looks at facts
	// What taking facts from rows takes.
	factColumns []factColumn
	factCounts  []*readyFileRule
	wantOwn     bool // … has a key or a fold of its own
	grouped     bool // rows are counted by group too

	hooks     *hooks
	constants []constant
	// What the constants make of a row that has no cells yet.
	constantFilled, constantValid fieldSet
}

// A column of a field that has none, and one of the file that is not read.
const (
	noColumn       = -1
	constantColumn = -2 // the field has one value for all rows
	ignoredColumn  = -2 // of fieldOf: known, not read, no finding
)

// has reports whether the file says something about a field.
func (p *plan) has(field int) bool { return p.column[field] != noColumn }

// wantRows reports whether a rule of file scope must know which row is which.
func (p *plan) wantRows() bool { return p.wantFacts || p.wantOwn }

// off reports whether a rule is switched off.
func (p *plan) off(rule string) bool { return p.v.levels[p.v.dict.byRule[rule]] == Off }

// kernel is what reading one field takes.
type kernel struct {
	field             int
	typ               Type
	codes             []Code
	index             codeIndex
	allowed           [256]bool
	plain             bool // all digits and capitals are allowed
	maxLength         int
	min, max          int64 // the valid range, in the unit of Row.value
	pMin, pMax        int64 // the plausible range
	ranged, plausible bool
	defaults          uint64 // of the first 64 codes, those that VODIM counts as default
	others            uint64 // … as other
	rejects           []readyReject
	convert           func(dst, cell []byte) ([]byte, bool) // nil: none

	// The rules of the field's families, -1 where it has none.
	blank, format, code, outside, implausible, repeated int
}

// readyCheck is a check whose columns are all there.
type readyCheck struct {
	*check
	related       fieldSet
	rule          int
	at            int
	level, lesser Level
}

// readyReject is a check that rejects cells.
type readyReject struct {
	rule  int
	judge func(c Cell) Verdict
}

// readyFileRule is a rule of file scope whose columns are all there.
type readyFileRule struct {
	*fileRule
	index             int // of the rule
	needSet, cleanSet fieldSet
}

func (r *readyFileRule) by() factKey {
	if r.facts == nil {
		return 0
	}
	return r.facts.by
}

// compileHeader finds the fields of the columns, reports what is wrong with the
// header, and makes the plan. It returns the error of the caller's function.
func (s *session) compileHeader(c *cells) error {
	v := s.v
	p := &plan{v: v, asOfDay: int64(v.asOf.Ordinal()), yearAgo: int64(v.asOf.AddMonths(-12).Ordinal()), asOfYear: v.asOf.Year(), hooks: &s.hooks}
	s.plan = p
	p.fieldOf = make([]int, c.n)
	p.headers = make([]string, c.n)
	for f := range p.column {
		p.column[f] = noColumn
	}
	if p.grouped = v.groupBy > 0; p.grouped {
		s.groups.groups = newRowGroups(len(v.dict.rules))
	}
	known, names := 0, make([]string, c.n)
	for i := range c.n {
		p.fieldOf[i] = noColumn
		names[i] = string(c.text(i))
		if s.known(c.text(i)) {
			known++
		}
	}
	var repeated []int
	isRepeated := make([]bool, c.n)
	seen := make(map[string]bool)
	for i, name := range names {
		f, ok := s.fieldOf(name)
		switch {
		case ok && f == ignoredColumn:
			p.fieldOf[i] = ignoredColumn
		case ok && p.column[f] < 0:
			p.column[f], p.fieldOf[i] = i, f
		case ok, name != "" && seen[name]:
			repeated = append(repeated, i)
			isRepeated[i] = true
		}
		seen[name] = true
		// Where hardly a heading is known, this is no header but a row of data.
		if !ok && (known < 2 || looksLikeData(name)) {
			name = shape([]byte(name))
		}
		p.headers[i] = name
	}
	if err := p.compile(); err != nil {
		return err
	}

	pos := func(i int) Position { return p.position(s.file, c, i) }
	for i := range c.n {
		if p.fieldOf[i] == noColumn && !isRepeated[i] {
			if err := s.headerFinding("file/unknown-column", Off, pos(i), p.headers[i], ""); err != nil {
				return err
			}
		}
	}
	for _, i := range repeated {
		if err := s.headerFinding("file/repeated-column", Off, pos(i), p.headers[i], ""); err != nil {
			return err
		}
	}
	for f, field := range v.dict.fields {
		if p.has(f) {
			continue
		}
		level := Warning
		switch field.Presence {
		case Mandatory:
			level = Error
		case Optional:
			level = Info
		}
		detail := ""
		if known == 0 {
			detail = "the first line does not look like a header"
		}
		if heading, ok := s.hooks.mapped[f]; ok { // somebody said that it is there
			level = max(level, Warning)
			detail = strings.TrimPrefix(detail+"; ", "; ") + fmt.Sprintf("the mapping reads it from a column %q, which the file does not have", heading)
		}
		if err := s.headerFinding("file/missing-column", level, Position{File: s.file, Line: c.line}, field.Name, detail); err != nil {
			return err
		}
	}
	count := func(id string, n int) { s.tally.rules[v.dict.byRule[id]].checked += n }
	count("file/empty", 1)
	count("file/not-text", 1)
	count("file/delimiter", 1)
	count("file/encoding", 1)
	count("file/unknown-column", c.n)
	count("file/repeated-column", c.n)
	count("file/missing-column", len(v.dict.fields))
	return nil
}

// headerFinding reports a finding about a column; level is Off for the rule's own.
func (s *session) headerFinding(id string, level Level, pos Position, field, detail string) error {
	rule := s.v.dict.byRule[id]
	if s.v.levels[rule] == Off {
		return nil
	}
	f := s.plan.fileFinding(rule, pos, field, detail)
	if level != Off && !s.v.changed[rule] {
		f.Severity = level
	}
	return s.emitCounted(rule, f)
}

// compile prepares the kernels and the checks for the columns that are there.
func (p *plan) compile() error {
	d := p.v.dict
	for f := range p.hooks.constants {
		if p.column[f] == noColumn {
			p.column[f] = constantColumn
		}
	}
	on := func(id string) int {
		if i, ok := d.byRule[id]; ok {
			return i
		}
		return -1
	}
	for f, field := range d.fields {
		k := &p.kernels[f]
		k.field, k.typ = f, field.Type
		k.convert = p.hooks.convert[f]
		k.blank, k.format, k.code = on(field.Name+"/blank"), on(field.Name+"/format"), on(field.Name+"/code")
		k.outside, k.implausible, k.repeated = on(field.Name+"/range"), on(field.Name+"/implausible"), on(field.Name+"/repeated-code")
		if i, ok := d.byList[field.CodeList]; ok {
			k.codes = d.lists[i].Codes
			k.index = newCodeIndex(k.codes)
			for n, c := range k.codes {
				switch c.Quality {
				case QualityDefault:
					k.defaults |= 1 << n
				case QualityOther:
					k.others |= 1 << n
				}
			}
		}
		if field.Type == TypeID {
			k.allowed, k.maxLength = alphabetTable(field.Alphabet), field.MaxLength
			k.plain = k.allowsPlain()
		}
		unit := int64(1)
		if field.Type == TypeDecimal {
			unit = decimalUnit
		}
		if field.Valid != nil {
			k.ranged, k.min, k.max = true, field.Valid.Min*unit, field.Valid.Max*unit
		}
		if field.Plausible != nil {
			k.plausible, k.pMin, k.pMax = true, field.Plausible.Min*unit, field.Plausible.Max*unit
		}
		if k.blank >= 0 && p.has(f) {
			p.blanks.add(f)
		}
	}
	p.control = d.byRule["file/control-character"]
	there := func(fields []int) bool {
		return !slices.ContainsFunc(fields, func(f int) bool { return !p.has(f) })
	}
	for _, c := range d.rejects {
		if i := d.byRule[c.rule]; p.v.levels[i] != Off {
			k := &p.kernels[c.field]
			k.rejects = append(k.rejects, readyReject{rule: i, judge: c.judge})
		}
	}
	for n := range d.checks {
		c := &d.checks[n]
		i := d.byRule[c.rule]
		level := p.v.levels[i]
		if level == Off || !there(c.need) || !there(c.clean) {
			continue
		}
		lesser := level
		if !p.v.changed[i] && level == Error {
			lesser = Warning
		}
		p.checks = append(p.checks, readyCheck{
			related: fieldsOf(c.related...),
			check:   &d.checks[n], rule: i, at: c.at, level: level, lesser: lesser,
		})
	}
	for i := range d.fileRules {
		r := &d.fileRules[i]
		index := d.byRule[r.rule]
		if p.v.levels[index] == Off {
			continue
		}
		p.wantFacts = p.wantFacts || r.facts != nil
		if !there(r.columns) {
			continue
		}
		p.wantOwn = p.wantOwn || r.facts == nil
		p.files = append(p.files, readyFileRule{fileRule: r, index: index, needSet: fieldsOf(r.need...), cleanSet: fieldsOf(r.clean...)})
	}
	p.sortFacts()
	p.sortColumns()
	p.sortChecks()
	return p.readConstants()
}

// detail is what a finding says beyond its rule.
type detail uint8

const (
	noDetail detail = iota
	detailLostZero
	detailDayFirst
	detailMonthFirst
	detailDayOrMonth
	detailWithTime
	detailSerial
	detailComma
	detailEmptyCode
	detailLabel
	detailCells // arg: the number of cells
	detailNotWhole
)

// rawFinding is a finding as a worker notes it: small, without text. The text
// is made from the batch only where someone will read it.
type rawFinding struct {
	rule         int32
	field        int16 // of the dictionary, -1 for none
	column       int32 // of the file, -1 for none
	level        Level
	detail       detail
	kind         frameKind // 0 for a plain line
	record, line uint32    // counted from the start of the batch, from 1 and from 0
	start, end   uint32    // of the record, in the batch
	at           uint32    // of a quote that is wrong
	arg          int32
	place        uint32 // of the cell, in the batch, where there is one and the line is plain
	shape        string // … of its text
	related      fieldSet
	places       [3]uint32 // of the cells of related, of a plain line
	far          bool      // there are more of them
	beside       uint32    // the episode that it rests on, see Row.beside; 0 for none
}

// alone reports whether a finding can be told without its record.
func (raw *rawFinding) alone() bool { return raw.kind == 0 && !raw.far }

// relate notes where the other fields that a finding rests on stand.
func (p *plan) relate(raw *rawFinding, c *cells) {
	n := 0
	for field := range raw.related.all {
		switch {
		case !p.has(field) || field == int(raw.field):
		case n == len(raw.places):
			raw.far = true
			return
		default:
			if raw.places[n] = c.first; p.column[field] >= 0 {
				raw.places[n] = c.rawAt(p.column[field])
			}
			n++
		}
	}
}

// split takes apart the record of a finding once more.
func (p *plan) split(c *cells, b *batch, raw *rawFinding) {
	c.batch, c.base = b.buf, b.base
	c.size(len(p.fieldOf))
	switch raw.kind {
	case 0:
		c.splitLine(b.buf, int(raw.start), int(raw.end), p.v.delim)
	case frameQuoted:
		c.splitQuoted(b.buf, raw.start, raw.end, p.v.delim)
	default:
		c.n, c.first, c.counted, c.feeds = 0, raw.start, raw.start, 0
	}
}

// position is the place of a column of the record, or of the record itself.
func (p *plan) position(file string, c *cells, column int) Position {
	pos := Position{File: file, Record: c.record, Line: c.line, Offset: c.base + int64(c.first)}
	if column >= 0 && column < min(c.n, len(c.start)) {
		raw := c.rawAt(column)
		pos.Column = column + 1
		pos.Offset = c.base + int64(raw)
		pos.Line = c.lineAt(raw)
	}
	return pos
}

// finding makes the text of a finding; c holds the record's cells, unless the
// finding is alone and no field is to be shown.
func (p *plan) finding(file string, c *cells, raw *rawFinding) Finding {
	rule := &p.v.dict.rules[raw.rule]
	f := Finding{Rule: rule.ID, Severity: raw.level, Message: p.v.dict.messages[raw.rule], Fix: rule.Fix}
	switch {
	case raw.kind != 0:
		f.Position = p.position(file, c, int(raw.column))
		if raw.column >= 0 && int(raw.column) < min(c.n, len(c.start)) {
			f.Shape = shape(c.text(int(raw.column)))
		}
		if raw.kind == frameBad {
			f.Offset = c.base + int64(raw.at)
		}
	case raw.column >= 0:
		f.Position = Position{File: file, Record: c.record, Line: c.line, Column: int(raw.column) + 1, Offset: c.base + int64(raw.place)}
		f.Shape = raw.shape
	default:
		f.Position = Position{File: file, Record: c.record, Line: c.line, Offset: c.base + int64(raw.start)}
	}
	switch {
	case raw.field >= 0:
		f.Field = p.v.dict.fields[raw.field].Name
	case raw.column >= 0:
		f.Field = p.headers[raw.column]
	}
	if raw.detail != noDetail {
		f.Message += ": " + detailText(raw.detail, int(raw.arg), len(p.fieldOf))
	}
	if raw.kind == 0 || raw.kind == frameQuoted {
		if !raw.related.empty() {
			f.Related = p.related(file, c, raw)
		}
		if len(p.v.show) > 0 {
			f.Shown = p.shown(c)
		}
	}
	if raw.beside > 0 {
		if set := p.hooks.parents["episode"]; set != nil {
			f.Related = append(f.Related, Related{Field: "episode_id", Position: set.position(int(raw.beside - 1))})
		}
	}
	return f
}

// related are the places of the other fields that a finding rests on.
func (p *plan) related(file string, c *cells, raw *rawFinding) (out []Related) {
	for field := range raw.related.all {
		if p.has(field) && field != int(raw.field) {
			if out == nil {
				out = make([]Related, 0, raw.related.len())
			}
			r := Related{Field: p.v.dict.fields[field].Name}
			if raw.alone() {
				r.Position = Position{File: file, Record: c.record, Line: c.line, Column: max(0, p.column[field]+1), Offset: c.base + int64(raw.places[len(out)])}
			} else {
				r.Position = p.position(file, c, p.column[field])
			}
			out = append(out, r)
		}
	}
	return out
}

// shownLimit is how many bytes of a value are shown.
const shownLimit = 256

// cut is the text, or as many of its characters as fit into limit bytes, with
// an ellipsis behind them.
func cut(text []byte, limit int) string {
	if len(text) <= limit {
		return string(text)
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return string(text[:limit]) + "…"
}

// shown are the values that the caller asked to see; none of a row with more or
// fewer cells than the header, where any value could stand in any column.
func (p *plan) shown(c *cells) []Shown {
	if c.n != len(p.fieldOf) {
		return nil
	}
	var out []Shown
	for _, field := range p.v.show {
		if column := p.column[field]; column >= 0 {
			out = append(out, Shown{Field: p.v.dict.fields[field].Name, Value: cut(c.text(column), shownLimit)})
		}
	}
	return out
}

// fileFinding makes a finding that no worker found.
func (p *plan) fileFinding(rule int, pos Position, field, detail string) Finding {
	r := &p.v.dict.rules[rule]
	f := Finding{Rule: r.ID, Severity: p.v.levels[rule], Position: pos, Field: field, Message: r.Problem, Fix: r.Fix}
	if detail != "" {
		f.Message += ": " + detail
	}
	return f
}

// message says what is wrong in terms of the field, where the rule has one.
func (d *Dictionary) message(rule *Rule) string {
	f, ok := d.Field(rule.Reads)
	if rule.Scope != ScopeField || !ok {
		return rule.Problem
	}
	unit := ""
	if f.Unit != "" {
		unit = " " + f.Unit
	}
	switch strings.TrimPrefix(rule.ID, f.Name+"/") {
	case "blank":
		return "the field is empty"
	case "code":
		return "the code is not in the list " + f.CodeList
	case "range":
		return fmt.Sprintf("the number lies outside %d to %d%s", f.Valid.Min, f.Valid.Max, unit)
	case "implausible":
		return fmt.Sprintf("the number lies outside %d to %d%s: possible, but more often a slip", f.Plausible.Min, f.Plausible.Max, unit)
	case "format":
		return "the value is not " + formatWords(&f)
	}
	return rule.Problem
}

// formatWords says how a value of the field is written.
func formatWords(f *Field) string {
	switch f.Type {
	case TypeID:
		return fmt.Sprintf("an identifier of up to %d characters out of %s", f.MaxLength, f.Alphabet)
	case TypeCode:
		return "a code of the list " + f.CodeList
	case TypeCodes:
		return "a list of codes separated by semicolons"
	case TypeDate:
		return "a date written yyyy-mm-dd"
	case TypeInteger:
		return "a whole number"
	case TypeDecimal:
		return "a number"
	case TypeNHSNumber:
		return "an NHS number of ten digits"
	case TypePostcode:
		return "a postcode"
	case TypeLSOA:
		return "an area code: E01 or W01 and six digits"
	case TypeGPPractice:
		return "a GP practice code: a letter and five digits"
	}
	return "of its type"
}

func detailText(d detail, arg, columns int) string {
	switch d {
	case detailLostZero:
		return "it matches but for a lost leading zero; spreadsheets take it away unless the column is text"
	case detailDayFirst:
		return "it looks like a date with the day first"
	case detailMonthFirst:
		return "it looks like a date with the month first"
	case detailDayOrMonth:
		return "it looks like a date whose first number could be the day or the month"
	case detailWithTime:
		return "it has a time behind the date"
	case detailSerial:
		return "it looks like the day number of a spreadsheet"
	case detailComma:
		return "it has a comma; write the decimal point as a point and no thousands separator"
	case detailEmptyCode:
		return "there is nothing between two semicolons, or before or behind one"
	case detailLabel:
		return "it is the label of a code; write the code"
	case detailCells:
		return fmt.Sprintf("%d cells where the header has %d", arg, columns)
	case detailNotWhole:
		return "it has a part behind the decimal point"
	}
	return ""
}

// hint looks at a value that could not be read for what it might be.
func hint(k *kernel, b []byte) detail {
	switch k.typ {
	case TypeDate:
		digits, slashes := 0, 0
		for _, c := range b {
			switch {
			case c-'0' <= 9:
				digits++
			case c == '/' || c == '.' || c == '-':
				slashes++
			}
		}
		switch {
		case len(b) > 10 && (b[10] == 'T' || b[10] == ' '):
			if _, ok := lexDate(b[:10]); ok {
				return detailWithTime
			}
		case slashes == 2 && digits >= 4 && digits <= 8 && digits+2 == len(b) && len(b) > 4 && b[4] != '-':
			return dayOrMonth(b)
		case digits == 5 && len(b) == 5:
			return detailSerial
		}
	case TypeInteger, TypeDecimal:
		if bytes.IndexByte(b, ',') >= 0 {
			return detailComma
		}
		if k.typ == TypeInteger {
			if _, _, ok := lexDecimal(b); ok {
				return detailNotWhole
			}
		}
	}
	return noDetail
}
