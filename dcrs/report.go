package dcrs

import (
	"github.com/healthtrainer/healthtrainer/hte"
)

// Report is what a [Validator] has to say of one file: exact counts for every
// rule and field, and a few examples of each. Its size depends on the number of
// rules, not of rows.
type Report struct {
	Edition string   `json:"edition"` // of the dictionary
	Kind    string   `json:"kind"`    // of record: "episode"
	AsOf    hte.Date `json:"as_of"`   // what "today" was taken to be
	File    string   `json:"file"`
	Bytes   int64    `json:"bytes"`   // read
	Records int      `json:"records"` // rows below the header, bad ones counted
	// RecordsWithErrors and RecordsWithWarnings count rows with at least one
	// finding of that severity at field or record scope; a row may be in both.
	RecordsWithErrors   int `json:"records_with_errors"`
	RecordsWithWarnings int `json:"records_with_warnings"`
	// Unread says why the rows were not read at all, as the id of the rule that
	// stopped the reading: file/empty, file/not-text, file/delimiter, file/encoding
	// for UTF-16, file/record-too-long for a header without end; or "".
	Unread string `json:"unread,omitempty"`
	// Truncated says that reading ended early: the reader failed or the context
	// was cancelled. The counts cover what was read until then.
	Truncated bool `json:"truncated,omitempty"`

	ExampleLimit int `json:"example_limit"` // how many examples of each rule are kept, see [Examples]

	Rules  []RuleReport  `json:"rules"`  // every rule that was not switched off, in the order of the dictionary
	Fields []FieldReport `json:"fields"` // every field, in the order of the dictionary

	// GroupBy names the field given to the option of that name, and Groups are its
	// values in their order: the services of the extract, as a rule.
	GroupBy string        `json:"group_by,omitempty"`
	Groups  []GroupReport `json:"groups,omitempty"`
}

// RuleReport is what one rule found.
type RuleReport struct {
	Rule     string `json:"rule"`
	Severity Level  `json:"severity"` // of its gravest finding here; of the rule where it found nothing
	Count    int    `json:"count"`    // findings, exactly
	// Checked counts what the rule looked at (cells, rows, pairs of measures: see
	// Rule.Per), NotApplicable what it had to leave: a field blank or already
	// known to be wrong, a column absent, a condition not met.
	Checked       int       `json:"checked"`
	NotApplicable int       `json:"not_applicable"`
	Errors        int       `json:"errors"`   // Count by severity
	Warnings      int       `json:"warnings"` // …
	Infos         int       `json:"infos"`    // …
	Examples      []Finding `json:"examples"` // the first few, in the order of the file
}

// FieldReport counts the cells of one field as NHS data-quality reports do
// (VODIM: valid, other, default, invalid, missing). The five add up to Denominator.
type FieldReport struct {
	Field       string `json:"field"`
	Label       string `json:"label"`
	Absent      bool   `json:"absent,omitempty"` // the file has no such column: every cell is missing
	Denominator int    `json:"denominator"`      // rows that could be read
	Valid       int    `json:"valid"`            // readable, in the code list and the valid range
	Other       int    `json:"other"`            // a code for "other" or "not stated"
	Default     int    `json:"default"`          // a filler: "not known", a ZZ99 postcode, an NHS number of nines
	Invalid     int    `json:"invalid"`          // filled, but not readable, not in the list, out of range, or with a wrong check digit
	Missing     int    `json:"missing"`          // blank
}

// Count adds up the findings of one severity.
func (r *Report) Count(severity Level) int {
	n := 0
	for _, rule := range r.Rules {
		switch severity {
		case Error:
			n += rule.Errors
		case Warning:
			n += rule.Warnings
		case Info:
			n += rule.Infos
		}
	}
	return n
}

// Worst is the gravest severity found, Off where there is no finding.
func (r *Report) Worst() Level {
	for _, l := range []Level{Error, Warning, Info} {
		if r.Count(l) > 0 {
			return l
		}
	}
	return Off
}

// Rule finds the report of a rule by its id.
func (r *Report) Rule(id string) (RuleReport, bool) {
	for _, rule := range r.Rules {
		if rule.Rule == id {
			return rule, true
		}
	}
	return RuleReport{}, false
}
