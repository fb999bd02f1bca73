// Validate checks an extract of the DCRS, a CSV file with one row for each
// client episode, and says whether it is fit to leave the building: what is
// wrong with it, where, and how to mend it.
//
//	validate extract.csv
//	validate -format html -o report.html extract.csv
//	validate -format csv -show episode_id extract.csv > findings.csv
//	validate -by service_code -compare march.json april.csv
//	validate -scorecard -only HT01 -o HT01.html april.csv
//	validate -explain measures/bmi-disagrees
//
// The exit status is 0 when there is no error finding, 1 when there is one, and
// 2 when the command line is wrong or reading or writing failed; what was found
// until then is reported all the same.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

// The exit statuses.
const (
	fit    = 0 // no error finding
	unfit  = 1 // an error finding, or a file that could not be read as a table
	failed = 2 // usage, or input and output
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, time.Now()))
}

const usage = `Usage: validate [flags] FILE

Checks a DCRS extract: a CSV file with one row for each client episode. FILE may
be - for standard input. It may also be a folder or a .zip of an extract of
several files: episodes.csv, with contacts.csv, goals.csv and so on beside it.

  -as-of DATE           the day to take for today, as yyyy-mm-dd
  -format FORMAT        text (unless told otherwise), json, csv (every finding,
                        one a line), html (a page that stands by itself), dve
                        (every finding, in the columns of NHS England's data
                        validation engine), junit or sarif (for pipelines)
  -show FIELDS          show the values of these fields with each finding, such
                        as episode_id, so that a record can be found again;
                        commas between several
  -severity RULE=LEVEL  how much a rule, or a family of rules such as
                        */implausible, matters: off, info, warning or error;
                        may be repeated, and the last one wins
  -delimiter CHARACTER  what stands between the cells: a comma unless told
                        otherwise, ; | or tab
  -workers N            how many processors to use: all, unless told otherwise
  -o FILE               write to FILE and not to standard output
  -by FIELD             count by the values of this field too, such as
                        service_code: see json, -compare and -scorecard
  -compare REPORT       compare with an earlier report, kept with -format json:
                        what is new, what was fixed; as text, json or html
  -scorecard            write a data quality scorecard of each service, or each
                        value of the field given with -by; as html, json or csv
  -only GROUP           with -scorecard: the card of this service alone, to send
                        to it
  -explain RULE         say what a rule means, why there is such a rule and how
                        to mend what it finds, with examples; no FILE is read

The exit status is 0 when there is no error finding, 1 when there is one, 2 when
the command line is wrong or a file cannot be read or written.
`

// command is what the command line asks for.
type command struct {
	asOf    hte.Date
	format  string
	show    []string
	out     string
	file    string
	workers int
	options []dcrs.Option

	by, compare, only, explain string
	scorecard                  bool
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, now time.Time) int {
	cmd, err := parse(args, now)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return fit
	}
	if err == nil && cmd.explain != "" {
		if err = explain(cmd.explain, stdout); err == nil {
			return fit
		}
	}
	if err == nil && cmd.severalFiles() {
		status, err := cmd.extract(ctx, stdout)
		if err != nil {
			if errors.Is(err, context.Canceled) {
				err = errors.New("interrupted")
			}
			fmt.Fprintf(stderr, "validate: %v\n", err)
		}
		return status
	}
	var v *dcrs.Validator
	if err == nil {
		v, err = dcrs.NewValidator(dcrs.Episodes(), cmd.asOf, cmd.options...)
	}
	if err != nil {
		fmt.Fprintf(stderr, "validate: %v\nvalidate -h lists the flags\n", err)
		return failed
	}
	report, err := cmd.validate(ctx, v, stdin, stdout, stderr)
	if err != nil {
		if errors.Is(err, context.Canceled) {
			err = errors.New("interrupted")
		}
		fmt.Fprintf(stderr, "validate: %v\n", err)
		if report != nil && report.Truncated {
			fmt.Fprintf(stderr, "validate: the report covers only what was read until then (records: %d)\n", report.Records)
		}
		return failed
	}
	if report.Worst() == dcrs.Error || report.Unread != "" { // an unread file was not checked, whatever its severity
		return unfit
	}
	return fit
}

func parse(args []string, now time.Time) (*command, error) {
	cmd := &command{}
	fs := flag.NewFlagSet("validate", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // run prints errors, once; the flags are in usage
	fs.TextVar(&cmd.asOf, "as-of", hte.DateFromTime(now), "")
	fs.StringVar(&cmd.format, "format", "", "")
	fs.StringVar(&cmd.by, "by", "", "")
	fs.StringVar(&cmd.compare, "compare", "", "")
	fs.BoolVar(&cmd.scorecard, "scorecard", false, "")
	fs.StringVar(&cmd.only, "only", "", "")
	fs.StringVar(&cmd.explain, "explain", "", "")
	fs.Func("show", "", func(s string) error {
		for name := range strings.SplitSeq(s, ",") {
			if name = strings.TrimSpace(name); !slices.Contains(cmd.show, name) {
				cmd.show = append(cmd.show, name)
			}
		}
		return nil
	})
	fs.Func("severity", "", func(s string) error {
		rule, name, ok := strings.Cut(s, "=")
		if !ok {
			return errors.New("it takes RULE=LEVEL, such as dates/stale-open=off")
		}
		level, err := dcrs.ParseLevel(name)
		cmd.options = append(cmd.options, dcrs.Severity(rule, level))
		return err
	})
	fs.Func("delimiter", "", func(s string) error {
		if s == "tab" || s == `\t` {
			s = "\t"
		}
		if len(s) != 1 {
			return errors.New("it takes one character, or tab")
		}
		cmd.options = append(cmd.options, dcrs.Delimiter(s[0]))
		return nil
	})
	fs.IntVar(&cmd.workers, "workers", runtime.GOMAXPROCS(0), "")
	fs.StringVar(&cmd.out, "o", "", "")

	var files []string
	for rest := args; ; rest = fs.Args()[1:] { // flags may stand after FILE too
		if err := fs.Parse(rest); err != nil {
			return nil, err
		}
		if fs.NArg() == 0 {
			break
		}
		files = append(files, fs.Arg(0))
	}
	if cmd.explain != "" {
		if len(files) > 0 {
			return nil, errors.New("-explain reads no FILE")
		}
		return cmd, nil
	}
	if len(files) != 1 {
		return nil, fmt.Errorf("it takes one FILE, or - for standard input; there are %d", len(files))
	}
	cmd.file = files[0]
	if err := cmd.settle(); err != nil {
		return nil, err
	}
	cmd.options = append(cmd.options, dcrs.Workers(cmd.workers), dcrs.Show(cmd.show...))
	return cmd, nil
}

// validate reads the file and writes the report. After an error it writes what
// was found until then, and returns both.
func (cmd *command) validate(ctx context.Context, v *dcrs.Validator, stdin io.Reader, stdout, stderr io.Writer) (report *dcrs.Report, err error) {
	before, err := cmd.earlier()
	if err != nil {
		return nil, err
	}
	in, name, size := stdin, "stdin", int64(0)
	if cmd.file != "-" {
		f, err := os.Open(cmd.file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return nil, err
		}
		if info.IsDir() {
			return nil, fmt.Errorf("%s is a directory", cmd.file)
		}
		if other, err := os.Stat(cmd.out); err == nil && os.SameFile(info, other) {
			return nil, fmt.Errorf("-o %s is the extract itself", cmd.out)
		}
		in, name, size = f, filepath.Base(cmd.file), info.Size()
	}
	out := stdout
	if cmd.out != "" {
		f, createErr := os.Create(cmd.out)
		if createErr != nil {
			return nil, createErr
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		out = f
	}

	meter := &progress{to: stderr, of: size}
	streamed := !cmd.scorecard && (cmd.format == "csv" || cmd.format == "dve")
	if isTerminal(stderr) && !(streamed && isTerminal(out)) {
		in = meter.watch(in)
	}
	var findings interface {
		Write(dcrs.Finding) error
		Flush() error
	}
	var each func(dcrs.Finding) error
	if streamed {
		findings = dcrs.NewFindingWriter(out, cmd.show...)
		if cmd.format == "dve" {
			findings = dcrs.NewDVEWriter(out, v.Dictionary().Kind())
		}
		each = findings.Write
	}
	report, err = v.Validate(ctx, name, in, each)
	meter.stop()
	if streamed {
		if flushed := findings.Flush(); err == nil {
			err = flushed // otherwise it is the same error again, or less to the point
		}
		if cmd.format == "dve" && err == nil && isTerminal(stderr) {
			fmt.Fprintf(stderr, "validate: %s\n", report.DVEStatus())
		}
		return report, err
	}
	return report, errors.Join(err, cmd.writeReport(report, before, out))
}
