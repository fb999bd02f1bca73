package schema

import (
	"io"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// WriteTableSchema writes a Frictionless Table Schema (version 1) of one table.
// Whole numbers are of its type number, because its integer refuses 3.0; code
// lists are enumerations; lists of codes, identifiers and the like are strings
// with a pattern. It refuses spaces around a value, which the validator ignores.
func WriteTableSchema(w io.Writer, given Table) error {
	t, err := completeOne(given)
	if err != nil {
		return err
	}
	return writeJSON(w, t.tableSchema())
}

// WriteDataPackage writes a Frictionless Data Package (version 1) that describes
// the tables as CSV files beside it, each with its Table Schema.
func WriteDataPackage(w io.Writer, given ...Table) error {
	tables, err := complete(given)
	if err != nil {
		return err
	}
	var resources []any
	for _, t := range tables {
		resources = append(resources, object{
			{"profile", "tabular-data-resource"},
			{"name", t.Name},
			{"path", t.Name + ".csv"},
			{"title", t.Title},
			{"description", t.About},
			{"format", "csv"},
			{"mediatype", "text/csv"},
			{"encoding", "utf-8"},
			{"dialect", object{{"delimiter", ","}, {"doubleQuote", true}, {"quoteChar", `"`}, {"header", true}, {"caseSensitiveHeader", false}}},
			{"schema", t.tableSchema()},
		})
	}
	return writeJSON(w, object{
		{"profile", "tabular-data-package"},
		{"name", "dcrs-extract"},
		{"title", "Extract of a health trainer service"},
		{"description", tables[0].About},
		{"resources", resources},
	})
}

func (t *table) tableSchema() object {
	var fields []any
	for _, f := range t.fields {
		fields = append(fields, t.frictionlessField(f))
	}
	var foreign []any
	for _, r := range t.References {
		foreign = append(foreign, object{
			{"fields", r.Fields},
			{"reference", object{{"resource", r.Table}, {"fields", r.Key}}},
		})
	}
	return object{
		{"title", t.Title},
		{"description", strings.Join([]string{t.About, cannotRules, cannotSpaces, cannotIntegers}, " ")},
		{"dictionary", object{{"kind", t.Dictionary.Kind()}, {"edition", t.Dictionary.Edition()}}},
		{"fields", fields},
		{"missingValues", []string{""}},
	}.with("primaryKey", t.Key).with("foreignKeys", foreign)
}

func (t *table) frictionlessField(f dcrs.Field) object {
	typ, constraints := "string", object(nil)
	if f.Presence == dcrs.Mandatory {
		constraints = append(constraints, member{"required", true})
	}
	switch f.Type {
	case dcrs.TypeDate:
		typ = "date"
	case dcrs.TypeInteger, dcrs.TypeDecimal:
		typ = "number"
		if f.Valid != nil {
			constraints = append(constraints, member{"minimum", f.Valid.Min}, member{"maximum", f.Valid.Max})
		}
	case dcrs.TypeCode:
		constraints = constraints.with("enum", t.codes(f))
	default:
		if p := t.valuePattern(f); p != "" {
			constraints = append(constraints, member{"pattern", whole(p)})
		}
	}
	o := object{{"name", f.Name}, {"title", f.Label}, {"description", describe(f)}, {"type", typ}}
	if typ != "string" {
		o = append(o, member{"format", "default"})
	}
	o = o.with("constraints", constraints)
	if f.CodeList != "" {
		var codes []any
		for _, c := range t.list(f).Codes {
			codes = append(codes, object{{"value", c.Code}, {"label", c.Label}})
		}
		o = o.with("categories", codes)
	}
	return o.with("unit", unitOf(f)).with("sensitivity", f.Sensitivity.String()).with("basis", f.Basis.String()).with("source", f.Source)
}
