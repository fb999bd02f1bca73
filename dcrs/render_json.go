package dcrs

import (
	"encoding/json"
	"io"
	"slices"
)

// WriteJSON writes the report as one JSON object with the names of the struct
// tags, indented by two spaces. Lists are never null. encoding/json reads it
// back to an equal Report, but that empty lists come back empty and not nil.
func (r *Report) WriteJSON(w io.Writer) error {
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
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	// The text is for programs and for people, not to be pasted into a web page.
	enc.SetEscapeHTML(false)
	return enc.Encode(&out)
}
