// Dictionary writes what the data dictionary says, in the form that somebody
// else needs: pages for people, schemas for software, SQL for a database, files
// to fill in.
//
//	dictionary -format html -o dictionary.html
//	dictionary -format postgresql | psql
//	dictionary -format json-schema -table contacts
//	dictionary -format xlsx -o template.xlsx
//
// Everything comes from the dictionary that validate checks against. The exit
// status is 0, or 2 when the command line is wrong or writing failed.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/dcrs/schema"
	"github.com/healthtrainer/healthtrainer/examples/internal/files"
	"github.com/healthtrainer/healthtrainer/examples/internal/workbook"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// form is one of the things that can be written.
type form struct {
	name, what string
	write      func(w io.Writer, tables ...schema.Table) error
	single     bool // it is of one table
}

var forms = []form{
	{"markdown", "the data dictionary as a Markdown page", schema.WriteMarkdown, false},
	{"html", "the same as a web page that stands by itself", schema.WriteHTML, false},
	{"table-schema", "Frictionless Table Schema", one(schema.WriteTableSchema), true},
	{"data-package", "Frictionless Data Package, with the Table Schema", schema.WriteDataPackage, false},
	{"csvw", "metadata for CSV on the Web (W3C)", schema.WriteCSVW, false},
	{"json-schema", "JSON Schema of a row of strings", one(schema.WriteJSONSchema), true},
	{"postgresql", "CREATE TABLE with checks for PostgreSQL", schema.WritePostgreSQL, false},
	{"duckdb", "CREATE TABLE with checks for DuckDB", schema.WriteDuckDB, false},
	{"csv", "an empty extract: the line of headings", one(schema.WriteCSVTemplate), true},
	{"xlsx", "an Excel workbook to fill in, with drop-down lists", workbook.Template, false},
}

// one writes the first table: run sees to it that there is one.
func one(write func(io.Writer, schema.Table) error) func(io.Writer, ...schema.Table) error {
	return func(w io.Writer, tables ...schema.Table) error { return write(w, tables[0]) }
}

func usage() string {
	var b strings.Builder
	b.WriteString("Usage: dictionary -format FORMAT [-table NAME] [-o FILE]\n\nWrites the data dictionary of a DCRS extract as\n\n")
	for _, f := range forms {
		fmt.Fprintf(&b, "  %-14s%s\n", f.name, f.what)
	}
	var names []string
	for _, t := range tables() {
		names = append(names, t.Name)
	}
	fmt.Fprintf(&b, `
  -format FORMAT  one of these
  -table NAME     one table alone: %s.
                  Without it a form holds all of them, or episodes where it can
                  hold one only (Table Schema, JSON Schema, CSV)
  -o FILE         write to FILE and not to standard output

The names and codes of the dictionary are its own: no list of the columns or codes
of the DCRS is public.
`, strings.Join(names, ", "))
	return b.String()
}

func run(args []string, stdout, stderr io.Writer) int {
	f, of, out, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage())
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "dictionary: %v\ndictionary -h lists the formats\n", err)
		return 2
	}
	if err := write(f, of, out, stdout); err != nil {
		fmt.Fprintf(stderr, "dictionary: %v\n", err)
		return 2
	}
	return 0
}

// tables are the files of an extract, episodes first.
func tables() (tables []schema.Table) {
	for _, d := range dcrs.ExtractDictionaries() {
		tables = append(tables, schema.Table{Dictionary: d, Name: d.Kind() + "s"})
	}
	return tables
}

func parse(args []string) (f form, of []schema.Table, out string, err error) {
	fs := flag.NewFlagSet("dictionary", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // run prints errors, once; the flags are in usage
	name := fs.String("format", "", "")
	table := fs.String("table", "", "")
	fs.StringVar(&out, "o", "", "")
	if err := fs.Parse(args); err != nil {
		return f, nil, "", err
	}
	if fs.NArg() > 0 {
		return f, nil, "", fmt.Errorf("it takes no argument %q", fs.Arg(0))
	}
	i := slices.IndexFunc(forms, func(f form) bool { return f.name == *name })
	if i < 0 {
		var names []string
		for _, f := range forms {
			names = append(names, f.name)
		}
		return f, nil, "", fmt.Errorf("-format is one of %s, not %q", strings.Join(names, ", "), *name)
	}
	of = tables()
	switch {
	case *table != "":
		of = slices.DeleteFunc(of, func(t schema.Table) bool { return t.Name != *table })
		if len(of) == 0 {
			return f, nil, "", fmt.Errorf("there is no table %q; dictionary -h lists them", *table)
		}
	case forms[i].single:
		of = of[:1]
	}
	return forms[i], of, out, nil
}

// write writes the form to the file, or to stdout.
func write(f form, of []schema.Table, out string, stdout io.Writer) (err error) {
	if out == "" {
		return f.write(stdout, of...)
	}
	w, err := files.Create(out, files.Shared)
	if err != nil {
		return err
	}
	defer w.End(&err)
	return f.write(w, of...)
}
