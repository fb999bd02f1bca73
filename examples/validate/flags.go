package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/examples/internal/files"
	"github.com/healthtrainer/healthtrainer/hte"
)

const usage = `Usage: validate [flags] FILE

Checks a DCRS extract and says what is wrong, where, and how to mend it. It prints places and
shapes such as AA9 9AA, and no value that it read unless -show names its field.

FILE is a CSV file with one row for each client episode, plain or packed by gzip or zip; an Excel
workbook (.xlsx); - for standard input; or a folder or zip of several files: episodes.csv, with
contacts.csv, goals.csv, signposts.csv, needs.csv and measures.csv beside it.

What is in FILE
  -as-of DATE           the day to take for today, as yyyy-mm-dd
` + files.ReadingUsage + `
A file with other headings and spellings
  -inspect              show how each column is written; nothing is checked
  -suggest-mapping      propose which column is which field, with a confidence and a reason for
                        each; with -o the mapping is written, to be looked through and changed
  -sure CONFIDENCE      with -suggest-mapping: leave out lines below it, 0.5 unless told otherwise
` + files.SpellingUsage + `
What is checked
  -severity RULE=LEVEL  how much a rule, or a family such as */implausible, matters: off, info,
                        warning or error; may be repeated, and the last one wins
` + files.LookupUsage + `  -practices FILE       the NHS list of GP practices (epraccur)
  -record-limit BYTES   how long a row may be, its line end not counted: 1048576 unless told
                        otherwise; a longer one is skipped, and said
  -workers N            how many processors to use: all, unless told otherwise

What is written
  -format FORMAT        text (unless told otherwise), json, csv (every finding, one a line), html (a
                        page that stands by itself), dve (every finding, in the columns of NHS
                        England's data validation engine), junit or sarif (for pipelines)
  -examples N           how many findings of each rule a report names: 5 unless told otherwise, 1000
                        at most. All are counted, but only these are in text, json, html, junit
                        and sarif; csv and dve hold every one
  -o FILE               write to FILE and not to standard output
  -show FIELDS          show the values of these fields with each finding, such as episode_id, so
                        that a record can be found again; commas between several
  -by FIELD             count by the values of this field too, such as service_code: see json,
                        -compare and -scorecard
  -compare REPORT       compare with an earlier report, kept with -format json: what is new, what
                        was fixed; as text, json or html
  -scorecard            a data quality scorecard of each service, or of each value of the field of
                        -by; as html, json or csv
  -only GROUP           with -scorecard: the card of this service alone, to send to it

Without a FILE
  -explain RULE         what a rule means, why there is such a rule and how to mend what it finds,
                        with examples; with -kind, in files of that kind
  -rules                every rule that there is, with its severity and what it rests on; as text,
                        json or csv

The exit status is 0 when there is no error finding, 1 when there is one or FILE cannot be read as
a table, and 2 when the command line is wrong or a file cannot be read or written.
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

	reading          files.Reading
	inspect, suggest bool
	sure             float64

	by, compare, only, explain string
	scorecard, rules           bool
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
	fs.IntVar(&cmd.workers, "workers", runtime.GOMAXPROCS(0), "")
	fs.StringVar(&cmd.out, "o", "", "")
	cmd.reading.Flags(fs)
	fs.BoolVar(&cmd.rules, "rules", false, "")
	number := func(name string, option func(int) dcrs.Option) {
		fs.Func(name, "", func(s string) error {
			n, err := strconv.Atoi(s)
			if err != nil {
				return errors.New("it takes a whole number")
			}
			cmd.options = append(cmd.options, option(n))
			return nil
		})
	}
	number("record-limit", dcrs.RecordLimit)
	number("examples", dcrs.Examples)
	fs.BoolVar(&cmd.inspect, "inspect", false, "")
	fs.BoolVar(&cmd.suggest, "suggest-mapping", false, "")
	fs.Float64Var(&cmd.sure, "sure", 0.5, "")
	fs.StringVar(&cmd.reading.Lookups.Practices, "practices", "", "")

	var named []string
	for rest := args; ; rest = fs.Args()[1:] { // flags may stand after FILE too
		if err := fs.Parse(rest); err != nil {
			return nil, err
		}
		if fs.NArg() == 0 {
			break
		}
		named = append(named, fs.Arg(0))
	}
	if cmd.explain != "" {
		if len(named) > 0 {
			return nil, errors.New("-explain reads no FILE")
		}
		return cmd, nil
	}
	if cmd.rules {
		if len(named) > 0 {
			return nil, errors.New("-rules reads no FILE")
		}
		return cmd, cmd.settle()
	}
	if len(named) != 1 {
		return nil, fmt.Errorf("it takes one FILE, or - for standard input; there are %d", len(named))
	}
	cmd.file = named[0]
	if err := cmd.settle(); err != nil {
		return nil, err
	}
	cmd.options = append(cmd.options, dcrs.Workers(cmd.workers), dcrs.Show(cmd.show...))
	return cmd, nil
}
