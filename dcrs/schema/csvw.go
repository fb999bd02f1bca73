package schema

import (
	"io"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// WriteCSVW writes metadata after the W3C's CSV on the Web for the tables, as
// CSV files beside it. Spaces around cells are trimmed and blank cells are null;
// whole numbers are decimals, so that 3.0 is read; a field that holds several
// codes is a list. The columns must stand in the order of the dictionary, as
// CSVW asks. It cannot refuse nothing between two semicolons, nor 3.5 for a
// whole number.
func WriteCSVW(w io.Writer, given ...Table) error {
	tables, err := complete(given)
	if err != nil {
		return err
	}
	var described []any
	for _, t := range tables {
		described = append(described, t.csvw())
	}
	return writeJSON(w, object{
		{"@context", []any{"http://www.w3.org/ns/csvw", object{{"@language", "en"}}}},
		{"dc:title", "Extract of a health trainer service"},
		{"dc:description", tables[0].About},
		{"tables", described},
	})
}

func (t *table) csvw() object {
	var columns, foreign []any
	for _, f := range t.fields {
		columns = append(columns, t.csvwColumn(f))
	}
	for _, r := range t.References {
		foreign = append(foreign, object{
			{"columnReference", r.Fields},
			{"reference", object{{"resource", r.Table + ".csv"}, {"columnReference", r.Key}}},
		})
	}
	schema := object{{"columns", columns}}
	return object{
		{"url", t.Name + ".csv"},
		{"dc:title", t.Title},
		{"dc:description", strings.Join([]string{
			t.About,
			"Dictionary of one " + t.Dictionary.Kind() + " a row, edition " + t.Dictionary.Edition() + ".",
			cannotRules, cannotIntegers,
			"Nothing between two semicolons of a list of codes is not refused either.",
		}, " ")},
		{"dialect", object{{"encoding", "utf-8"}, {"delimiter", ","}, {"header", true}, {"trim", true}}},
		{"tableSchema", schema.with("primaryKey", t.Key).with("foreignKeys", foreign)},
	}
}

func (t *table) csvwColumn(f dcrs.Field) object {
	o := object{
		{"name", f.Name},
		{"titles", f.Name},
		{"dc:title", f.Label},
		{"dc:description", describe(f)},
	}
	if f.Presence == dcrs.Mandatory {
		o = append(o, member{"required", true})
	}
	switch f.Type {
	case dcrs.TypeDate:
		return append(o, member{"datatype", object{{"base", "date"}, {"format", "yyyy-MM-dd"}}})
	case dcrs.TypeInteger, dcrs.TypeDecimal:
		number := object{{"base", "decimal"}}
		if f.Valid != nil {
			number = append(number, member{"minimum", f.Valid.Min}, member{"maximum", f.Valid.Max})
		}
		return append(o, member{"datatype", number})
	case dcrs.TypeCodes:
		return append(o, member{"separator", ";"},
			member{"datatype", object{{"base", "string"}, {"format", "^ *" + codePattern(t.codes(f)) + " *$"}}})
	}
	if p := t.valuePattern(f); p != "" {
		return append(o, member{"datatype", object{{"base", "string"}, {"format", whole(p)}}})
	}
	return append(o, member{"datatype", "string"})
}
