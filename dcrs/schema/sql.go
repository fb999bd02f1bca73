package schema

import (
	"fmt"
	"io"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// WritePostgreSQL writes the statements that make the tables in PostgreSQL, with
// a comment on each column and a table code_labels of the codes and their labels.
// Each CHECK bears the id of the rule that it does the work of, such as
// "weight_kg_pre/range", so that the database's message says what to look up.
//
// Text, dates and numbers are of those types; whole numbers are numeric with a
// check, since integer refuses 3.0. A field that must be filled is NOT NULL and
// not blank. The database reads some texts that the validator refuses (1e2 as a
// number, 1 May 2025 as a date) before a check sees them, and refuses a cell of
// nothing but spaces in a column of numbers or dates; the head of the script says
// how to load a file so that no day is taken for a month.
func WritePostgreSQL(w io.Writer, tables ...Table) error { return writeSQL(w, postgres, tables) }

// WriteDuckDB writes the statements that make the tables in DuckDB, as
// [WritePostgreSQL] does for PostgreSQL. Numbers are DOUBLE, because DuckDB
// rounds what does not fit an INTEGER or DECIMAL before a check sees it.
func WriteDuckDB(w io.Writer, tables ...Table) error { return writeSQL(w, duckdb, tables) }

// dialect is what the two databases say differently.
type dialect struct {
	name    string
	number  string
	trimmed func(column string) string
	matches func(value, pattern string) string
	finite  func(column string) string
	load    func(t *table) []string // comments: how to load a file
}

var postgres = dialect{
	name:    "PostgreSQL",
	number:  "numeric",
	trimmed: func(column string) string { return "btrim(" + column + ", ' ')" },
	matches: func(value, pattern string) string { return value + " ~ " + text(whole(pattern)) },
	finite:  func(column string) string { return column + "::text ~ '^-?[0-9]'" }, // neither NaN nor Infinity
	load: func(t *table) []string {
		return []string{
			"SET datestyle TO 'ISO, YMD'; -- otherwise 01/06/2025 is taken for a date in January or in June",
			`\copy ` + quote(t.Name) + " FROM '" + t.Name + ".csv' WITH (FORMAT csv, HEADER match, ENCODING 'UTF8')",
		}
	},
}

var duckdb = dialect{
	name:    "DuckDB",
	number:  "DOUBLE",
	trimmed: func(column string) string { return "trim(" + column + ", ' ')" },
	matches: func(value, pattern string) string { return "regexp_full_match(" + value + ", " + text(pattern) + ")" },
	finite:  func(column string) string { return "isfinite(" + column + ")" },
	load: func(t *table) []string {
		return []string{"COPY " + quote(t.Name) + " FROM '" + t.Name + ".csv' (FORMAT csv, HEADER, DATEFORMAT '%Y-%m-%d');"}
	},
}

func writeSQL(w io.Writer, d dialect, given []Table) error {
	tables, err := complete(given)
	if err != nil {
		return err
	}
	var b strings.Builder
	for i, t := range tables {
		if i > 0 {
			b.WriteByte('\n')
		}
		d.header(&b, t)
		d.table(&b, t)
	}
	if lists := codeLists(tables); len(lists) > 0 {
		d.labels(&b, lists)
	}
	_, err = io.WriteString(w, b.String())
	return err
}

func (d dialect) header(b *strings.Builder, t *table) {
	comment := func(s string) {
		for _, line := range wrap(s, 96) {
			b.WriteString("-- " + line + "\n")
		}
	}
	comment(fmt.Sprintf("%s: the table %s for %s. Dictionary of one %s a row, edition %s.", t.Title, t.Name, d.name, t.Dictionary.Kind(), t.Dictionary.Edition()))
	comment(t.About)
	comment("Each check bears the id of the rule that it does the work of. " + cannotRules)
	comment("The columns of the file stand in the order of the table. To load it:")
	for _, line := range d.load(t) {
		b.WriteString("--   " + line + "\n")
	}
}

func (d dialect) table(b *strings.Builder, t *table) {
	fmt.Fprintf(b, "CREATE TABLE %s (\n", quote(t.Name))
	var lines []string
	for _, f := range t.fields {
		lines = append(lines, d.column(t, f))
	}
	if len(t.Key) > 0 {
		lines = append(lines, "    PRIMARY KEY ("+quoteAll(t.Key)+")")
	}
	for _, r := range t.References {
		lines = append(lines, fmt.Sprintf("    FOREIGN KEY (%s) REFERENCES %s (%s)", quoteAll(r.Fields), quote(r.Table), quoteAll(r.Key)))
	}
	b.WriteString(strings.Join(lines, ",\n") + "\n);\n\n")
	fmt.Fprintf(b, "COMMENT ON TABLE %s IS %s;\n", quote(t.Name), text(fmt.Sprintf("%s. Dictionary edition %s. %s", t.Title, t.Dictionary.Edition(), t.About)))
	for _, f := range t.fields {
		fmt.Fprintf(b, "COMMENT ON COLUMN %s.%s IS %s;\n", quote(t.Name), quote(f.Name), text(sentence(f.Label)+" "+describe(f)))
	}
}

func (d dialect) column(t *table, f dcrs.Field) string {
	column := quote(f.Name)
	typ := "text"
	var checks []string
	check := func(family, condition string) {
		// PostgreSQL cuts names at 63 bytes, and two might become one.
		name := ""
		if id := f.Name + "/" + family; len(id) <= 63 {
			name = "CONSTRAINT " + quote(id) + " "
		}
		checks = append(checks, "\n        "+name+"CHECK ("+condition+")")
	}
	number := func() {
		typ = d.number
		if f.Type == dcrs.TypeInteger {
			check("format", column+" = trunc("+column+")")
		}
		if f.Valid != nil { // which neither NaN nor an infinity passes
			check("range", fmt.Sprintf("%s BETWEEN %d AND %d", column, f.Valid.Min, f.Valid.Max))
		} else {
			check("finite", d.finite(column))
		}
	}
	switch f.Type {
	case dcrs.TypeDate:
		typ = "date"
		check("format", column+" BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'")
	case dcrs.TypeInteger, dcrs.TypeDecimal:
		number()
	default:
		value := d.trimmed(column)
		if f.Presence == dcrs.Mandatory {
			check("blank", value+" <> ''")
		}
		switch p := t.valuePattern(f); {
		case f.Type == dcrs.TypeCode:
			codes := []string{"''"}
			for _, c := range t.codes(f) {
				codes = append(codes, text(c))
			}
			check("code", value+" IN ("+strings.Join(codes, ", ")+")")
		case p != "":
			family := "format"
			if f.Type == dcrs.TypeCodes {
				family = "code"
			}
			check(family, value+" = '' OR "+d.matches(value, p))
		}
	}
	if f.Presence == dcrs.Mandatory {
		typ += " NOT NULL"
	}
	return "    " + column + " " + typ + strings.Join(checks, "")
}

// labels makes the table of codes and what they mean.
func (d dialect) labels(b *strings.Builder, lists []dcrs.CodeList) {
	fmt.Fprintf(b, "\nCREATE TABLE %s (\n    %s text NOT NULL,\n    %s text NOT NULL,\n    %s text NOT NULL,\n    %s text NOT NULL,\n    PRIMARY KEY (%s)\n);\n\n",
		labelsTable, quote("list"), quote("code"), quote("label"), quote("quality"), quoteAll([]string{"list", "code"}))
	fmt.Fprintf(b, "COMMENT ON TABLE %s IS %s;\n", labelsTable, text("The codes of each list with their labels, and how the NHS data-quality convention known as VODIM counts them."))
	fmt.Fprintf(b, "INSERT INTO %s VALUES\n", labelsTable)
	var rows []string
	for _, l := range lists {
		for _, c := range l.Codes {
			rows = append(rows, fmt.Sprintf("    (%s, %s, %s, %s)", text(l.Name), text(c.Code), text(c.Label), text(c.Quality.String())))
		}
	}
	b.WriteString(strings.Join(rows, ",\n") + ";\n")
}

// quote makes an SQL name of any text.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = quote(n)
	}
	return strings.Join(quoted, ", ")
}

// text makes an SQL string of any text; backslashes stand for themselves.
func text(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// wrap breaks a text into lines of at most width characters, where it can. A
// line break in the text becomes a space, so that a comment stays one.
func wrap(s string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
