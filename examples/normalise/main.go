// Normalise writes an extract of the DCRS in its canonical form, or puts the rows
// with errors aside, and says what it did.
//
//	normalise -o canonical.csv extract.csv
//	normalise -mapping bury.json -changes changes.csv -o canonical.csv export.csv
//	normalise -postcodes ONSPD.csv -ranks 2019=imd2019.csv -fill -o filled.csv extract.csv
//	normalise -split rejected.csv -o accepted.csv extract.csv
//
// Nothing is guessed: a value that cannot be read stays as it is. Blanks are filled
// only with -fill, from the files that are named. With -split nothing is changed at
// all: every row goes, byte for byte, to one of two files.
//
// The exit status is 0 when every row was written (or accepted), 1 when some were
// left out (or rejected) or the file could not be read as a table, and 2 when the
// command line is wrong or reading or writing failed; nothing is left behind then.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/dcrs/lookup"
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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, time.Now()))
}

const usage = `Usage: normalise [flags] -o FILE EXTRACT

Writes a DCRS extract in its canonical form: the dictionary's headings, no spaces
around values, ISO dates, postcodes in capitals with their space, NHS numbers as ten
digits, UTF-8 and commas. EXTRACT may be - for standard input.

  -o FILE               where it goes; - for standard output
  -mapping FILE         read EXTRACT by a mapping of local headings and spellings
  -delimiter CHARACTER  what stands between the cells of EXTRACT: a comma unless
                        told otherwise, ; | or tab
  -order                put the columns in the order of the dictionary
  -guard                put an apostrophe before what a spreadsheet would take for a
                        formula
  -changes FILE         list every change, one a line
  -show FIELDS          with the values before and after of these fields, commas
                        between several, or all; the list is then as confidential
                        as the extract
  -postcodes FILE       an ONS postcode directory; may be repeated
  -ranks EDITION=FILE   the ranks of an edition of the index of deprivation, such as
                        2019=imd2019.csv; may be repeated
  -practices FILE       the NHS list of GP practices (epraccur)
  -fill                 fill blank areas, quintiles and editions from -postcodes and
                        -ranks, by the first edition named that ranks the area
  -split FILE           change nothing: write the rows without errors to -o, and the
                        others, with their reasons, to FILE. What -postcodes, -ranks
                        and -practices show counts too
  -duplicates           with -split: let what only the whole file shows, such as a
                        repeated record, reject rows too. EXTRACT is read twice
  -reject LEVEL         with -split: how grave a finding must be, info, warning or
                        error: error unless told otherwise
  -as-of DATE           with -split: the day to take for today, as yyyy-mm-dd

What was done goes to standard error. The exit status is 0 when every row was
written, or accepted, 1 when some were not, and 2 when the command line is wrong or
a file cannot be read or written.
`

// command is what the command line asks for.
type command struct {
	asOf    hte.Date
	mapping string
	options []dcrs.Option

	order, guard, fill bool
	changes            string
	show               []string
	lookups            files.Lookups

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
		fmt.Fprintf(stderr, "normalise: %v\n", err)
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
	fs.StringVar(&cmd.mapping, "mapping", "", "")
	fs.Func("delimiter", "", func(s string) error {
		option, err := files.Delimiter(s)
		cmd.options = append(cmd.options, option)
		return err
	})
	fs.BoolVar(&cmd.order, "order", false, "")
	fs.BoolVar(&cmd.guard, "guard", false, "")
	fs.StringVar(&cmd.changes, "changes", "", "")
	fs.Func("show", "", func(s string) error {
		if s == "all" {
			for f := range dcrs.Episodes().Fields() {
				cmd.show = append(cmd.show, f.Name)
			}
			return nil
		}
		for name := range strings.SplitSeq(s, ",") {
			cmd.show = append(cmd.show, strings.TrimSpace(name))
		}
		return nil
	})
	cmd.lookups.Flags(fs)
	fs.StringVar(&cmd.lookups.Practices, "practices", "", "")
	fs.BoolVar(&cmd.fill, "fill", false, "")
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
	case cmd.show != nil && cmd.changes == "":
		return nil, errors.New("-show goes with -changes")
	}
	cmd.file = extracts[0]
	return cmd, nil
}

// do writes what was asked for, all of it or nothing.
func (cmd *command) do(ctx context.Context, stdin io.Reader, stdout, stderr io.Writer) (status int, failure error) {
	if err := files.Apart([]string{cmd.out, cmd.split, cmd.changes}, append(cmd.lookups.Paths(), cmd.mapping)); err != nil {
		return 0, err
	}
	sources, err := cmd.lookups.Read(ctx)
	if err != nil {
		return 0, err
	}
	v, encoding, err := cmd.validator(sources)
	if err != nil {
		return 0, err
	}
	in, name := stdin, "stdin"
	if cmd.file != "-" {
		x, err := files.Open(cmd.file, encoding...)
		if err != nil {
			return 0, err
		}
		defer x.Close()
		for _, path := range []string{cmd.out, cmd.split, cmd.changes} {
			if x.Is(path) {
				return 0, fmt.Errorf("%s is the extract itself", path)
			}
		}
		in, name = x, x.Name
	} else if !cmd.duplicates {
		x, err := dcrs.OpenStream(stdin, encoding...)
		if err != nil {
			return 0, err
		}
		in = x.Text()
	}
	out := stdout
	if cmd.out != "-" {
		f, err := files.Create(cmd.out)
		if err != nil {
			return 0, err
		}
		defer f.End(&failure)
		out = f
	}
	if cmd.split != "" {
		rejected, err := files.Create(cmd.split)
		if err != nil {
			return 0, err
		}
		defer rejected.End(&failure)
		options := []dcrs.SplitOption{dcrs.RejectFrom(cmd.reject)}
		if cmd.duplicates {
			options = append(options, dcrs.FileScope())
		}
		report, err := v.Split(ctx, name, in, out, rejected, options...)
		if err != nil {
			return 0, err
		}
		return verdict(report.Rejected == 0 && report.Unread == ""), report.WriteText(stderr)
	}
	var options []dcrs.NormaliseOption
	if cmd.order {
		options = append(options, dcrs.DictionaryOrder())
	}
	if cmd.guard {
		options = append(options, dcrs.GuardFormulas())
	}
	if cmd.fill {
		if sources == nil {
			return 0, errors.New("-fill needs -postcodes and -ranks to fill from")
		}
		fill, err := sources.Fill(v.Dictionary(), cmd.lookups.Editions()...)
		if err != nil {
			return 0, err
		}
		options = append(options, fill)
	}
	if cmd.changes != "" {
		list, err := files.Create(cmd.changes)
		if err != nil {
			return 0, err
		}
		defer list.End(&failure)
		options = append(options, dcrs.ListChanges(list, cmd.show...))
	}
	log, err := v.Normalise(ctx, name, in, out, options...)
	if err != nil {
		return 0, err
	}
	return verdict(log.LeftOut == 0 && log.Unread == ""), log.WriteText(stderr)
}

func verdict(all bool) int {
	if all {
		return whole
	}
	return partly
}

// validator makes the validator that reads the extract, and how to open the file
// where a mapping says in which encoding it is.
func (cmd *command) validator(sources *lookup.Sources) (*dcrs.Validator, []dcrs.OpenOption, error) {
	d := dcrs.Episodes()
	if sources != nil {
		var err error
		if d, err = sources.Extend(d); err != nil {
			return nil, nil, err
		}
	}
	options := cmd.options
	var encoding []dcrs.OpenOption
	if cmd.mapping != "" {
		f, err := os.Open(cmd.mapping)
		if err != nil {
			return nil, nil, err
		}
		defer f.Close()
		m, err := dcrs.ParseMapping(d, f)
		if err != nil {
			return nil, nil, err
		}
		options = append(options, dcrs.Mapped(m))
		encoding = append(encoding, dcrs.Encoded(m.Encoding))
	}
	v, err := dcrs.NewValidator(d, cmd.asOf, options...)
	return v, encoding, err
}
