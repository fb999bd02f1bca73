package dcrs

import (
	"slices"

	"github.com/healthtrainer/healthtrainer/hte"
)

// ExtractReport is what an [ExtractValidator] has to say of an extract: of each
// file by itself, and of all of them together.
type ExtractReport struct {
	Edition string   `json:"edition"`
	AsOf    hte.Date `json:"as_of"`
	Name    string   `json:"name"`
	// Truncated says that reading ended early. Files that were not come to then
	// are not among Files, nor among Absent.
	Truncated bool `json:"truncated,omitempty"`
	// Across is about the extract as a whole, by the rules of [ExtractRules]. It is
	// of the kind "extract", and has no records and fields of its own.
	Across *Report   `json:"across"`
	Files  []*Report `json:"files"`  // those that there are, in the order of the dictionaries
	Absent []string  `json:"absent"` // the names of those that there are not
}

// parts are the reports that it is made of, that across files last.
func (r *ExtractReport) parts() []*Report {
	if r.Across == nil { // a report that nobody made
		return r.Files
	}
	return append(slices.Clone(r.Files), r.Across)
}

// Count adds up the findings of one severity.
func (r *ExtractReport) Count(severity Level) int {
	n := r.Across.Count(severity)
	for _, f := range r.Files {
		n += f.Count(severity)
	}
	return n
}

// Worst is the gravest severity found, Off where there is no finding.
func (r *ExtractReport) Worst() Level {
	worst := r.Across.Worst()
	for _, f := range r.Files {
		worst = max(worst, f.Worst())
	}
	return worst
}

// File finds the report on the file of a kind, such as "contact".
func (r *ExtractReport) File(kind string) (*Report, bool) {
	for _, f := range r.Files {
		if f.Kind == kind {
			return f, true
		}
	}
	return nil, false
}

// Consequences counts the rows of a kind that cannot be counted because their
// episode has an error.
func (r *ExtractReport) Consequences(kind string) int {
	f, ok := r.File(kind)
	if !ok {
		return 0
	}
	rule, _ := f.Rule(kind + "/episode-rejected")
	return rule.Count
}
