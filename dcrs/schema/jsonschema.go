package schema

import (
	"io"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// WriteJSONSchema writes a JSON Schema (draft 2020-12) of one row: an object
// that holds the cells of the row as strings under their headings, as a CSV
// reader gives them; a blank cell is an empty string. It accepts a row exactly
// where the validator finds no error in any one field (blank, format, code,
// range), whatever its columns beyond those of the dictionary. Only regular
// expressions judge, since "3.0" and " 01 " are strings: ranges are spelt out
// digit by digit. A list of codes has its labels under $defs.
func WriteJSONSchema(w io.Writer, given Table) error {
	t, err := completeOne(given)
	if err != nil {
		return err
	}
	var required []string
	var properties object
	for _, f := range t.fields {
		if f.Presence == dcrs.Mandatory {
			required = append(required, f.Name)
		}
		properties = append(properties, member{f.Name, t.jsonField(f)})
	}
	var defs object
	for _, l := range t.lists {
		var codes []any
		for _, c := range l.Codes {
			codes = append(codes, object{{"const", c.Code}, {"title", c.Label}})
		}
		defs = append(defs, member{l.Name, object{{"title", strings.ReplaceAll(l.Name, "_", " ")}, {"oneOf", codes}}})
	}
	return writeJSON(w, object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"title", t.Title + ": one row, as strings"},
		{"description", strings.Join([]string{
			t.About,
			"Dictionary of one " + t.Dictionary.Kind() + " a row, edition " + t.Dictionary.Edition() + ".",
			"Every cell is a string, as in the CSV; a blank one is empty.",
			cannotRules,
		}, " ")},
		{"type", "object"},
	}.with("required", required).with("properties", properties).with("$defs", defs))
}

func (t *table) jsonField(f dcrs.Field) object {
	o := object{{"title", f.Label}, {"description", describe(f)}, {"type", "string"}}
	pattern := t.cellPattern(f)
	switch {
	case pattern == "":
		return o
	case f.Type == dcrs.TypeCode:
		// The list with its labels for those who show a choice, the pattern for a
		// blank cell and for spaces around a code.
		return append(o, member{"anyOf", []any{object{{"$ref", pointer(f.CodeList)}}, object{{"pattern", pattern}}}})
	case f.Type == dcrs.TypeCodes:
		return append(o, member{"pattern", pattern}, member{"$comment", "The labels of the codes stand in " + pointer(f.CodeList)})
	}
	return append(o, member{"pattern", pattern})
}

// pointer is the JSON pointer to a list under $defs; local/team has a slash.
func pointer(list string) string { return "#/$defs/" + strings.ReplaceAll(list, "/", "~1") }
