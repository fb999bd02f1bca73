package dcrs

import (
	"encoding/json"
	"io"
	"slices"
)

// WriteJSON writes the report as one JSON object with the names of the struct
// tags, indented by two spaces. Lists are never null. encoding/json reads it
// back to an equal Report, but that empty lists come back empty and not nil.
func (r *Report) WriteJSON(w io.Writer) error { return writeIndented(w, r.withoutNull()) }

// WriteJSON writes the report as one JSON object with the names of the struct
// tags, indented by two spaces; the reports in it are as [Report.WriteJSON]
// writes them. [ReadExtractReport] reads it back.
func (r *ExtractReport) WriteJSON(w io.Writer) error {
	out := *r
	out.Across = new(Report)
	if r.Across != nil {
		out.Across = r.Across
	}
	out.Across = out.Across.withoutNull()
	out.Files = make([]*Report, len(r.Files))
	for i, f := range r.Files {
		out.Files[i] = f.withoutNull()
	}
	if out.Absent == nil {
		out.Absent = []string{}
	}
	return writeIndented(w, &out)
}

// withoutNull is the report with empty lists where it has none.
func (r *Report) withoutNull() *Report {
	out := *r
	out.Rules = make([]RuleReport, len(r.Rules))
	for i, rule := range r.Rules {
		if rule.Examples == nil {
			rule.Examples = []Finding{}
		}
		out.Rules[i] = rule
	}
	out.Fields = slices.Clone(r.Fields)
	if out.Fields == nil {
		out.Fields = []FieldReport{}
	}
	return &out
}

// writeIndented writes a value as JSON for programs and for people, not to be pasted
// into a web page.
func writeIndented(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
