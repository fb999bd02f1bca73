// Evaluate turns an extract of the DCRS, a CSV file with one row for each client
// episode, into the report of a period: how good the data are, who was reached,
// how far they came, what changed and how sure we can be of it. It prints a
// summary and writes one HTML page that needs nothing else to be read.
//
//	evaluate
//	evaluate -as-of 2026-04-30 extract.csv
//	evaluate -from 2025-10-01 -to 2026-03-31 -o half-year extract.csv
//
// Without FILE it evaluates a sample in which nobody and nothing is real. The
// exit status is 0 when the page was written, whatever it says, and 2 otherwise.
package main

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/examples/internal/files"
	"github.com/healthtrainer/healthtrainer/examples/internal/page"
	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/outcomes/evaluation"
)

// The exit statuses.
const (
	written = 0
	failed  = 2
)

// pageName is the one file that is written into the directory.
const pageName = "evaluation.html"

//go:generate go run ../generate -rows 2000 -seed 1 -as-of 2024-12-31 -errors 0.02 -o sample.csv

// sample is the extract that is evaluated without FILE, drawn on the day sampleAsOf.
//
//go:embed sample.csv
var sample []byte

const (
	sampleAsOf   = "2024-12-31"
	sampleNotice = "Made-up data: nobody in this sample is real, and no figure here says anything about any service."
)

const usage = `Usage: evaluate [flags] [FILE]

Evaluates a DCRS extract: a CSV file with one row for each client episode.
Prints a summary and writes one HTML page. Without FILE it evaluates a made-up
sample of 2,000 episodes, drawn on ` + sampleAsOf + `.

  -as-of DATE      the day to take for today, as yyyy-mm-dd
  -from DATE       the first day of the period, by the date of referral
  -to DATE         the last day of the period
                   Without the two: the latest financial year that had ended by
                   then and holds a referral; all rows if there is none.
  -suppress=false  show small numbers as they are; such a page can identify
                   people and must not leave the service
  -o DIR           where to write the page: evaluation unless told otherwise

The exit status is 0 when the page was written, 2 otherwise.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr, time.Now()))
}

// command is what the command line asks for.
type command struct {
	asOf, from, to hte.Date
	suppress       bool
	dir            string
	file           string // "" for the sample
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer, now time.Time) int {
	cmd, err := parse(args, now)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return written
	}
	if err != nil {
		fmt.Fprintf(stderr, "evaluate: %v\nevaluate -h lists the flags\n", err)
		return failed
	}
	doc, path, err := cmd.write(ctx)
	if err != nil {
		if errors.Is(err, context.Canceled) {
			err = errors.New("interrupted; no page was written")
		}
		fmt.Fprintf(stderr, "evaluate: %v\n", err)
		return failed
	}
	if err := cmd.print(stdout, doc, path); err != nil {
		fmt.Fprintf(stderr, "evaluate: the page is %s, but its summary could not be printed: %v\n", path, err)
	}
	return written
}

func parse(args []string, now time.Time) (*command, error) {
	cmd := &command{}
	fs := flag.NewFlagSet("evaluate", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // run prints errors, once; the flags are in usage
	fs.TextVar(&cmd.asOf, "as-of", hte.Date{}, "")
	fs.TextVar(&cmd.from, "from", hte.Date{}, "")
	fs.TextVar(&cmd.to, "to", hte.Date{}, "")
	fs.BoolVar(&cmd.suppress, "suppress", true, "")
	fs.StringVar(&cmd.dir, "o", "evaluation", "")
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
	switch {
	case len(files) > 1:
		return nil, fmt.Errorf("it takes one FILE; there are %d", len(files))
	case len(files) == 1 && (files[0] == "" || files[0] == "-"):
		return nil, errors.New("FILE must be a file: it is read three times, which standard input cannot be")
	case len(files) == 1:
		cmd.file = files[0]
	}
	switch {
	case cmd.dir == "":
		return nil, errors.New("-o takes a directory")
	case !cmd.from.IsZero() && !cmd.to.IsZero() && cmd.to.Before(cmd.from):
		return nil, fmt.Errorf("-from %s is after -to %s", cmd.from, cmd.to)
	}
	if cmd.asOf.IsZero() {
		if cmd.file == "" {
			cmd.asOf, _ = hte.ParseDate(sampleAsOf)
		} else {
			cmd.asOf = hte.DateFromTime(now)
		}
	}
	return cmd, nil
}

// write evaluates and writes the page, and says where it is.
func (cmd *command) write(ctx context.Context) (doc *evaluation.Document, path string, err error) {
	name, src := "sample.csv", io.ReadSeeker(bytes.NewReader(sample))
	if cmd.file != "" {
		f, err := open(cmd.file)
		if err != nil {
			return nil, "", err
		}
		defer f.Close()
		name, src = filepath.Base(cmd.file), f
	}
	e, err := cmd.evaluate(ctx, name, src)
	if err != nil {
		return nil, "", err
	}
	disclosure := evaluation.NHSRule
	if !cmd.suppress {
		disclosure = evaluation.ShowAll
	}
	doc = e.Document(disclosure)
	path = filepath.Join(cmd.dir, pageName)
	return doc, path, writeFile(path, func(w io.Writer) error { return page.Write(w, doc, cmd.notice()) })
}

// notice is what stands above everything else.
func (cmd *command) notice() string {
	if cmd.file == "" {
		return sampleNotice
	}
	return ""
}

// print writes the summary, where the page is, and what to do next.
func (cmd *command) print(w io.Writer, doc *evaluation.Document, path string) error {
	var b bytes.Buffer
	if notice := cmd.notice(); notice != "" {
		fmt.Fprintf(&b, "%s\n\n", notice)
	}
	if err := doc.WriteText(&b); err != nil {
		return err
	}
	fmt.Fprintf(&b, "\nAll charts, tables, methods and definitions are on the page.\nThe page is %s: open it in a browser.\n", path)
	if cmd.file == "" {
		fmt.Fprint(&b, "Next: evaluate a file of your own with  go run ./examples/evaluate FILE\n")
	} else {
		fmt.Fprintf(&b, "Every error and warning, with its place in the file:  go run ./examples/validate -as-of %s %s\n", cmd.asOf, cmd.file)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func open(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		f.Close()
		return nil, cmp.Or(err, fmt.Errorf("%s is not a regular file; it has to be one, since it is read three times", path))
	}
	return f, nil
}

// evaluate works everything out. Of a file that holds nothing to evaluate it says why.
func (cmd *command) evaluate(ctx context.Context, name string, src io.ReadSeeker) (*evaluation.Evaluation, error) {
	v, err := dcrs.NewValidator(dcrs.Episodes(), cmd.asOf, dcrs.Workers(runtime.GOMAXPROCS(0)))
	if err != nil {
		return nil, err
	}
	var opts []evaluation.Option
	if !cmd.from.IsZero() {
		opts = append(opts, evaluation.From(cmd.from))
	}
	if !cmd.to.IsZero() {
		opts = append(opts, evaluation.To(cmd.to))
	}
	e, err := evaluation.Run(ctx, name, src, v, opts...)
	if err != nil {
		return nil, err
	}
	if rule := e.Quality.Unread; rule != "" {
		why := "rule " + rule
		if r, ok := e.Quality.Rule(rule); ok && len(r.Examples) > 0 {
			why = r.Examples[0].Message + "; " + r.Examples[0].Fix
		}
		return nil, fmt.Errorf("%s cannot be read as an extract: %s (this program reads CSV with commas, in UTF-8)", name, why)
	}
	if !slices.ContainsFunc(e.Quality.Fields, func(f dcrs.FieldReport) bool { return !f.Absent }) {
		return nil, fmt.Errorf("%s is no extract: none of its columns is in the data dictionary (is its first line the header?)", name)
	}
	if e.Records.InFile == 0 {
		return nil, fmt.Errorf("%s holds no records: there is nothing to evaluate", name)
	}
	return e, nil
}

// writeFile writes a file whole or not at all: it gets its name when it is complete.
func writeFile(path string, write func(io.Writer) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := files.Create(path, files.Shared)
	if err != nil {
		return err
	}
	defer f.End(&err)
	return write(f)
}
