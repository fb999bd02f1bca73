// Normalise writes an extract of the DCRS in its canonical form, or puts the rows
// with errors aside, and says what it did.
//
//	normalise -o canonical.csv extract.csv
//	normalise -mapping bury.json -changes changes.csv -o canonical.csv export.csv
//	normalise -postcodes ONSPD.csv -ranks 2019=imd2019.csv -fill -o filled.csv extract.csv
//	normalise -changes changes -o canonical.zip quarter.zip
//	normalise -changes changes.csv -show all -o canonical.csv export.xlsx
//	normalise -revert changes.csv -o export-again.csv canonical.csv
//	normalise -split rejected.csv -o accepted.csv extract.csv
//
// Nothing is guessed: a value that cannot be read stays as it is. Blanks are filled
// only with -fill, from the files that are named. With -split nothing is changed at
// all: every row goes, byte for byte, to one of two files.
//
// The exit status is 0 when every row was written (or accepted), 1 when some were
// left out (or rejected) or a file could not be read as a table, and 2 when the
// command line is wrong or reading or writing failed. Files are for their owner
// alone. They get their names when they are whole, so after a failure there is what
// there was before.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/examples/internal/files"
	"github.com/healthtrainer/healthtrainer/hte"
)

// The exit statuses.
const (
	whole  = 0 // every row was written, or accepted
	partly = 1 // some were not, or the file could not be read as a table
	failed = 2 // usage, or input and output
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, time.Now()))
}

const usage = `Usage: normalise [flags] -o FILE EXTRACT

Writes a DCRS extract in its canonical form: the dictionary's headings, no spaces around values, ISO
dates, postcodes in capitals with their space, NHS numbers as ten digits, UTF-8 and commas.

EXTRACT is a CSV file, plain or packed by gzip or zip; an Excel workbook (.xlsx); - for standard
input; or a folder or zip of several files: episodes.csv, with contacts.csv, goals.csv,
signposts.csv, needs.csv and measures.csv beside it.

What is in EXTRACT
` + files.ReadingUsage + files.SpellingUsage + `
What is written
  -o FILE               where it goes; - for standard output. Of several files: a folder, or a zip
                        if the name ends in .zip. A file that is there is replaced once the new one
                        is whole
  -order                put the columns in the order of the dictionary
  -guard                put an apostrophe before what a spreadsheet would take for a formula
  -changes FILE         list every change, one a line; of several files: a folder for the lists
  -show FIELDS          with the values before and after of these fields, commas between several, or
                        all; the list is then as confidential as the extract

Blanks
` + files.LookupUsage + `  -practices FILE       the NHS list of GP practices (epraccur)
  -fill                 fill blank areas, quintiles and editions from -postcodes and -ranks, by the
                        first edition named that ranks the area

Instead
  -revert LIST          undo: EXTRACT is what normalise wrote and LIST its -changes with -show all;
                        the headings, columns and cells as they were go to -o. Quotes, line ends,
                        delimiter, packing and rows that were left out do not come back
  -split FILE           change nothing: write the rows without errors to -o, and the others, with
                        their reasons, to FILE. What -postcodes, -ranks and -practices show counts
                        too
  -duplicates           with -split: let what only the whole file shows, such as a repeated record,
                        reject rows too. EXTRACT is read twice
  -reject LEVEL         with -split: how grave a finding must be, info, warning or error: error
                        unless told otherwise
  -as-of DATE           with -split: the day to take for today, as yyyy-mm-dd

What was done goes to standard error. The exit status is 0 when every row was written, or accepted,
1 when some were not, and 2 when the command line is wrong or a file cannot be read or written.
`

// command is what the command line asks for.
type command struct {
	asOf    hte.Date
	reading files.Reading

	order, guard, fill bool
	changes            string
	show               []string // nil for none
	showAll            bool

	revert     string
	split      string
	duplicates bool
	reject     dcrs.Level

	out, file string
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, now time.Time) int {
	cmd, err := parse(args, now)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return whole
	}
	if err != nil {
		fmt.Fprintf(stderr, "normalise: %v\nnormalise -h lists the flags\n", err)
		return failed
	}
	status, err := cmd.do(ctx, stdin, stdout, stderr)
	if err != nil {
		if errors.Is(err, context.Canceled) {
			err = errors.New("interrupted")
		}
		fmt.Fprintf(stderr, "normalise: %s\n", files.Plain(err))
		return failed
	}
	return status
}

func parse(args []string, now time.Time) (*command, error) {
	cmd := &command{reject: dcrs.Error}
	fs := flag.NewFlagSet("normalise", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // run prints errors, once; the flags are in usage
	fs.TextVar(&cmd.asOf, "as-of", hte.DateFromTime(now), "")
	fs.StringVar(&cmd.out, "o", "", "")
	fs.BoolVar(&cmd.order, "order", false, "")
	fs.BoolVar(&cmd.guard, "guard", false, "")
	fs.StringVar(&cmd.changes, "changes", "", "")
	fs.Func("show", "", func(s string) error {
		if s == "all" {
			cmd.showAll = true
			return nil
		}
		for name := range strings.SplitSeq(s, ",") {
			cmd.show = append(cmd.show, strings.TrimSpace(name))
		}
		return nil
	})
	cmd.reading.Flags(fs)
	fs.StringVar(&cmd.reading.Lookups.Practices, "practices", "", "")
	fs.BoolVar(&cmd.fill, "fill", false, "")
	fs.StringVar(&cmd.revert, "revert", "", "")
	fs.StringVar(&cmd.split, "split", "", "")
	fs.BoolVar(&cmd.duplicates, "duplicates", false, "")
	fs.TextVar(&cmd.reject, "reject", dcrs.Error, "")
	var extracts []string
	for rest := args; ; rest = fs.Args()[1:] { // flags may stand after EXTRACT too
		if err := fs.Parse(rest); err != nil {
			return nil, err
		}
		if fs.NArg() == 0 {
			break
		}
		extracts = append(extracts, fs.Arg(0))
	}
	var given []string
	fs.Visit(func(f *flag.Flag) { given = append(given, f.Name) })
	for _, name := range given {
		if cmd.revert != "" && name != "revert" && name != "o" {
			return nil, fmt.Errorf("-revert undoes what is in its list, so -%s has no place beside it", name)
		}
		switch name {
		case "order", "guard", "changes", "show", "fill":
			if cmd.split != "" {
				return nil, fmt.Errorf("-split changes nothing, so -%s has no place beside it", name)
			}
		case "duplicates", "reject":
			if cmd.split == "" {
				return nil, fmt.Errorf("-%s goes with -split", name)
			}
		}
	}
	switch {
	case len(extracts) != 1:
		return nil, fmt.Errorf("it takes one EXTRACT, or - for standard input; there are %d", len(extracts))
	case cmd.out == "":
		return nil, errors.New("-o says where the extract goes; - is standard output")
	case (cmd.show != nil || cmd.showAll) && cmd.changes == "":
		return nil, errors.New("-show goes with -changes")
	}
	cmd.file = extracts[0]
	return cmd, nil
}

// do writes what was asked for, all of it or nothing.
func (cmd *command) do(ctx context.Context, stdin io.Reader, stdout, stderr io.Writer) (status int, err error) {
	written := []string{cmd.out, cmd.split, cmd.changes}
	if err := files.Apart(written, append(cmd.reading.Paths(), cmd.revert)); err != nil {
		return 0, err
	}
	note := func(format string, args ...any) { fmt.Fprintf(stderr, "normalise: "+format+"\n", args...) }
	if err := cmd.reading.Load(ctx, note); err != nil {
		return 0, err
	}
	if cmd.fill && cmd.reading.Sources == nil {
		return 0, errors.New("-fill needs -postcodes and -ranks to fill from")
	}
	src, err := cmd.reading.Open(cmd.file, stdin)
	if err != nil {
		return 0, err
	}
	defer src.Close()
	for _, path := range written {
		if err := src.Spares(path); err != nil {
			return 0, err
		}
	}
	if src.Several() {
		return cmd.several(ctx, src, stderr, note)
	}
	t, err := cmd.reading.Table(ctx, src)
	if err != nil {
		return 0, err
	}
	switch {
	case cmd.revert != "":
		return cmd.undo(ctx, t, stdout)
	case cmd.split != "":
		return cmd.divide(ctx, t, stdout, stderr)
	}
	return cmd.single(ctx, t, stdout, stderr)
}

// output is where a table goes.
func (cmd *command) output(stdout io.Writer) (io.Writer, ending, error) {
	if cmd.out == "-" {
		return stdout, standard{}, nil
	}
	f, err := files.Create(cmd.out, files.Private)
	if err != nil {
		return nil, nil, err
	}
	return f, f, nil
}

// ending is the end of what is written.
type ending interface {
	Nothing()
	End(err *error)
}

// standard output is nobody's to end.
type standard struct{}

func (standard) Nothing()   {}
func (standard) End(*error) {}

// unread takes back what would replace something with nothing, where no row was read.
func unread(why string, outputs ...ending) {
	if why != "" {
		for _, o := range outputs {
			o.Nothing()
		}
	}
}

// undo puts back what a list of changes says.
func (cmd *command) undo(ctx context.Context, t *files.Table, stdout io.Writer) (status int, failure error) {
	list, err := os.Open(cmd.revert)
	if err != nil {
		return 0, err
	}
	defer list.Close()
	out, end, err := cmd.output(stdout)
	if err != nil {
		return 0, err
	}
	defer end.End(&failure)
	return whole, dcrs.Revert(ctx, t, list, out)
}

// divide puts the rows with findings aside.
func (cmd *command) divide(ctx context.Context, t *files.Table, stdout, stderr io.Writer) (status int, failure error) {
	v, err := cmd.validator(t)
	if err != nil {
		return 0, err
	}
	out, end, err := cmd.output(stdout)
	if err != nil {
		return 0, err
	}
	defer end.End(&failure)
	rejected, err := files.Create(cmd.split, files.Private)
	if err != nil {
		return 0, err
	}
	defer rejected.End(&failure)
	options := []dcrs.SplitOption{dcrs.RejectFrom(cmd.reject)}
	if cmd.duplicates {
		options = append(options, dcrs.FileScope())
	}
	report, err := v.Split(ctx, t.Name, t, out, rejected, options...)
	if err != nil {
		return 0, err
	}
	unread(report.Unread, end, rejected)
	return verdict(report.Rejected == 0 && report.Unread == ""), report.WriteText(stderr)
}

// single writes one table.
func (cmd *command) single(ctx context.Context, t *files.Table, stdout, stderr io.Writer) (status int, failure error) {
	if cmd.fill && t.Dictionary.Kind() != "episode" {
		return 0, fmt.Errorf("-fill is for episodes, and these are %ss", t.Dictionary.Kind())
	}
	out, end, err := cmd.output(stdout)
	if err != nil {
		return 0, err
	}
	defer end.End(&failure)
	var list io.Writer
	endList := ending(standard{})
	if cmd.changes != "" {
		f, err := files.Create(cmd.changes, files.Private)
		if err != nil {
			return 0, err
		}
		defer f.End(&failure)
		list, endList = f, f
	}
	log, err := cmd.normalise(ctx, t, out, list)
	if err != nil {
		return 0, err
	}
	unread(log.Unread, end, endList)
	return verdict(log.LeftOut == 0 && log.Unread == ""), log.WriteText(stderr)
}

// normalise writes the canonical form of a table to out, and to list what changed.
func (cmd *command) normalise(ctx context.Context, t *files.Table, out, list io.Writer) (*dcrs.ChangeLog, error) {
	v, err := cmd.validator(t)
	if err != nil {
		return nil, err
	}
	var options []dcrs.NormaliseOption
	if cmd.order {
		options = append(options, dcrs.DictionaryOrder())
	}
	if cmd.guard {
		options = append(options, dcrs.GuardFormulas())
	}
	if cmd.fill && t.Dictionary.Kind() == "episode" {
		fill, err := cmd.reading.Sources.Fill(t.Dictionary, cmd.reading.Lookups.Editions()...)
		if err != nil {
			return nil, err
		}
		options = append(options, fill)
	}
	if list != nil {
		options = append(options, dcrs.ListChanges(list, cmd.shown(t)...))
	}
	return v.Normalise(ctx, t.Name, t, out, options...)
}

// shown are the fields of a table whose values the list shows. Of one of several
// files those are left out that another has.
func (cmd *command) shown(t *files.Table) (fields []string) {
	if cmd.showAll {
		for f := range t.Dictionary.Fields() {
			fields = append(fields, f.Name)
		}
		return fields
	}
	for _, name := range cmd.show {
		_, here := t.Dictionary.Field(name)
		elsewhere := t.Part && slices.ContainsFunc(dcrs.ExtractDictionaries(), func(d *dcrs.Dictionary) bool {
			_, ok := d.Field(name)
			return ok
		})
		if here || !elsewhere {
			fields = append(fields, name)
		}
	}
	return fields
}

func (cmd *command) validator(t *files.Table) (*dcrs.Validator, error) {
	return dcrs.NewValidator(t.Dictionary, cmd.asOf, t.Options()...)
}

func verdict(all bool) int {
	if all {
		return whole
	}
	return partly
}
