// Dictionary writes what the data dictionary says, in the form that somebody
// else needs: pages for people, schemas for software, SQL for a database, files
// to fill in.
//
//	dictionary -format html -o dictionary.html
//	dictionary -format postgresql | psql
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
	"path/filepath"
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/dcrs/schema"
	"github.com/healthtrainer/healthtrainer/examples/internal/workbook"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// form is one of the things that can be written.
type form struct {
	name, what string
	write      func(w io.Writer, tables ...schema.Table) error
}

var forms = []form{
	{"markdown", "the data dictionary as a Markdown page", schema.WriteMarkdown},
	{"html", "the same as a web page that stands by itself", schema.WriteHTML},
	{"table-schema", "Frictionless Table Schema", one(schema.WriteTableSchema)},
	{"data-package", "Frictionless Data Package, with the Table Schema", schema.WriteDataPackage},
	{"csvw", "metadata for CSV on the Web (W3C)", schema.WriteCSVW},
	{"json-schema", "JSON Schema of a row of strings", one(schema.WriteJSONSchema)},
	{"postgresql", "CREATE TABLE with checks for PostgreSQL", schema.WritePostgreSQL},
	{"duckdb", "CREATE TABLE with checks for DuckDB", schema.WriteDuckDB},
	{"csv", "an empty extract: the line of headings", one(schema.WriteCSVTemplate)},
	{"xlsx", "an Excel workbook to fill in, with drop-down lists", workbook.Template},
}

// one writes the first table: run sees to it that there is one.
func one(write func(io.Writer, schema.Table) error) func(io.Writer, ...schema.Table) error {
	return func(w io.Writer, tables ...schema.Table) error { return write(w, tables[0]) }
}

func usage() string {
	var b strings.Builder
	b.WriteString("Usage: dictionary -format FORMAT [-o FILE]\n\nWrites the data dictionary of a DCRS extract as\n\n")
	for _, f := range forms {
		fmt.Fprintf(&b, "  %-14s%s\n", f.name, f.what)
	}
	b.WriteString("\n  -format FORMAT  one of these\n  -o FILE         write to FILE and not to standard output\n\nThe names and codes of the dictionary are its own: no list of the columns or codes\nof the DCRS is public.\n")
	return b.String()
}

func run(args []string, stdout, stderr io.Writer) int {
	f, out, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage())
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "dictionary: %v\ndictionary -h lists the formats\n", err)
		return 2
	}
	if err := write(f, out, stdout); err != nil {
		fmt.Fprintf(stderr, "dictionary: %v\n", err)
		return 2
	}
	return 0
}

func parse(args []string) (f form, out string, err error) {
	fs := flag.NewFlagSet("dictionary", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // run prints errors, once; the flags are in usage
	name := fs.String("format", "", "")
	fs.StringVar(&out, "o", "", "")
	if err := fs.Parse(args); err != nil {
		return f, "", err
	}
	if fs.NArg() > 0 {
		return f, "", fmt.Errorf("it takes no argument %q", fs.Arg(0))
	}
	i := slices.IndexFunc(forms, func(f form) bool { return f.name == *name })
	if i < 0 {
		var names []string
		for _, f := range forms {
			names = append(names, f.name)
		}
		return f, "", fmt.Errorf("-format is one of %s, not %q", strings.Join(names, ", "), *name)
	}
	return forms[i], out, nil
}

// write writes the form to the file, or to stdout. A file is written beside its
// place first, so that a failure leaves what was there before.
func write(f form, out string, stdout io.Writer) (err error) {
	table := schema.Table{Dictionary: dcrs.Episodes()}
	if out == "" {
		return f.write(stdout, table)
	}
	temp, err := os.CreateTemp(filepath.Dir(out), filepath.Base(out)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(temp.Name())
		}
	}()
	if err := errors.Join(f.write(temp, table), temp.Chmod(0o644), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), out)
}
