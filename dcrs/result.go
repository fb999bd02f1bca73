package dcrs

import "fmt"

// encodingFinding reports the bytes that are not UTF-8, once for the file.
func (s *session) encodingFinding() error {
	if s.encoding.count == 0 {
		return nil
	}
	rule := s.v.dict.byRule["file/encoding"]
	if s.v.levels[rule] == Off {
		return nil
	}
	pos := Position{File: s.file, Record: s.encoding.record, Line: s.encoding.line, Column: s.encoding.column, Offset: s.encoding.first}
	places := "1 byte"
	if n := s.encoding.count; n > 1 {
		places = fmt.Sprintf("%d bytes, the first", n)
	}
	suggestion := ""
	if s.encoding.unlikely == 0 {
		suggestion = "; as Windows-1252 they would be letters and signs: declare it if that is what they are"
		if s.encoding.count == 1 {
			suggestion = "; as Windows-1252 it would be a letter or a sign: declare it if that is what it is"
		}
	}
	field := ""
	if i := s.encoding.column - 1; i >= 0 && i < len(s.plan.headers) {
		field = s.plan.headers[i]
	}
	return s.emitCounted(rule, s.plan.fileFinding(rule, pos, field, places+" here"+suggestion))
}

// report makes the report of what was read.
func (s *session) report(failed bool) *Report {
	d := s.v.dict
	s.groups.sum(&s.tally)
	r := &Report{
		Edition: d.edition, Kind: d.kind, AsOf: s.v.asOf, File: s.file, Bytes: s.framer.base,
		Records: s.tally.read + s.tally.unread, RecordsWithErrors: s.tally.errors, RecordsWithWarnings: s.tally.warning,
		Unread: s.unread, Truncated: failed, ExampleLimit: s.v.keep,
		Rules: []RuleReport{}, Fields: []FieldReport{},
	}
	if s.tally.rules == nil { // nothing was read
		s.tally = newTally(len(d.rules))
		s.examples = make([][]Finding, len(d.rules))
	}
	s.countFields()
	for i := range d.rules {
		if s.v.levels[i] == Off {
			continue
		}
		t := &s.tally.rules[i]
		rule := RuleReport{
			Rule: d.rules[i].ID, Severity: s.v.levels[i], Checked: t.checked,
			Errors: t.found[Error], Warnings: t.found[Warning], Infos: t.found[Info],
			Count: t.found[Error] + t.found[Warning] + t.found[Info],
		}
		rule.Examples = append([]Finding{}, s.examples[i]...)
		if rule.Count > 0 {
			for _, l := range [...]Level{Error, Warning, Info} {
				if t.found[l] > 0 {
					rule.Severity = l
					break
				}
			}
		}
		rule.NotApplicable = max(0, s.units(i)-t.checked)
		r.Rules = append(r.Rules, rule)
	}
	r.Groups = s.groupReports()
	if v := s.v; v.groupBy > 0 {
		r.GroupBy = d.fields[v.groupBy-1].Name
	}
	for f := range d.fields {
		r.Fields = append(r.Fields, s.fieldReport(f, &s.tally))
	}
	return r
}

// units is how often a rule could have been asked: once for each cell, row,
// pair or file that there is.
func (s *session) units(rule int) int {
	r := &s.v.dict.rules[rule]
	rows := s.tally.read + s.tally.unread
	if r.ID == "file/control-character" {
		if s.plan == nil {
			return 0
		}
		return rows * len(s.plan.fieldOf)
	}
	if n := s.v.dict.uses[r.ID]; n > 0 {
		return rows * n
	}
	if r.Scope == ScopeFile {
		for i := range s.v.dict.fileRules {
			f := &s.v.dict.fileRules[i]
			switch {
			case f.rule != r.ID:
			case f.facts != nil && f.facts.units != nil:
				return f.facts.units(s, rows)
			case f.fold == nil:
				return rows
			}
		}
		return s.tally.rules[rule].checked
	}
	return rows
}

// countFields works out how many cells each field rule looked at, from what was
// found before it was its turn.
func (s *session) countFields() {
	d := s.v.dict
	set := func(id string, n int) {
		if i, ok := d.byRule[id]; ok {
			s.tally.rules[i].checked = n
		}
	}
	for f, field := range d.fields {
		t := s.cells(f, &s.tally)
		if s.plan != nil && s.plan.has(f) {
			set(field.Name+"/blank", s.tally.read)
		}
		readable := t.filled - t.badFormat
		set(field.Name+"/format", t.filled)
		set(field.Name+"/code", readable)
		set(field.Name+"/repeated-code", readable)
		set(field.Name+"/range", readable-t.rejected)
		set(field.Name+"/implausible", readable-t.rejected-t.badRange)
	}
	if s.plan == nil {
		return
	}
	rows := s.tally.read + s.tally.unread
	set("file/record-too-long", rows)
	set("file/quote", rows-s.tally.tooLong)
	set("file/row-length", rows-s.tally.tooLong-s.tally.quotes)
	set("file/control-character", s.tally.read*len(s.plan.fieldOf))
}

func (s *session) fieldReport(f int, of *tally) FieldReport {
	field := &s.v.dict.fields[f]
	t := s.cells(f, of)
	r := FieldReport{
		Field: field.Name, Label: field.Label, Absent: s.plan == nil || !s.plan.has(f), Denominator: of.read,
		Other: t.other, Default: t.def, Invalid: t.badFormat + t.badCode + t.badRange + t.rejected + t.badCheck,
	}
	r.Missing = of.read - t.filled
	r.Valid = r.Denominator - r.Missing - r.Other - r.Default - r.Invalid
	return r
}
