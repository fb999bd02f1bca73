// Share makes a safe extract of an extract of the DCRS, to give to a council or a
// university, and says what it did to every field and who could still be recognised.
//
//	openssl rand -out share.key 32
//	share -project uclan-2026 -age-on 2026-04-01 -key share.key -o safe.csv extract.csv
//	share -plan plan.json -key share.key -postcodes ONSPD.csv -ranks 2019=imd2019.csv -o safe.csv extract.csv
//
// Without a plan it shares no more than package share's defaults: no identifiers,
// no dates but months, no offence data, only clients who consented, and nobody of
// whom there are fewer than five of a kind. The exit status is 0 when all of those
// in the safe extract are as many as the plan asks for, 1 when some are not or the
// file has no row that can be read, and 2 when the command line or the plan is wrong
// or reading or writing failed; there is no safe extract then.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/dcrs/share"
	"github.com/healthtrainer/healthtrainer/examples/internal/files"
	"github.com/healthtrainer/healthtrainer/hte"
)

// The exit statuses.
const (
	safe    = 0 // everybody is one of as many as the plan asks for
	careful = 1 // some are not: the plan suppresses nothing; or the file has no row
	failed  = 2 // usage, or input and output
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, time.Now()))
}

const usage = `Usage: share [flags] -o FILE EXTRACT

Makes a safe extract of a DCRS extract: of its episodes, one row for each client episode.

EXTRACT is a CSV file, plain or packed by gzip or zip; an Excel workbook (.xlsx); - for standard
input, if that is a file; or a folder or zip of several files, of which episodes.csv is shared and
the others are not: who is alike is counted by episodes.

What is in EXTRACT
` + files.ReadingUsage + files.SpellingUsage + `
What is shared
  -plan FILE            what is shared and how, as JSON; -show-plan prints the one that the other
                        flags make
  -project NAME         who gets the extract and what for, such as uclan-2026: pseudonyms are made
                        for it alone. Needed without -plan
  -age-on DATE          share age bands, counted on this day (yyyy-mm-dd)
  -drop FIELDS          do not share these fields, commas between several; the fewer there are by
                        which people can be told apart, the more rows are shared
  -k N                  how many people of a kind there must be: 5 unless told otherwise
  -key FILE             the secret that pseudonyms are made with: at least 32 random bytes, all of
                        the file. Without it there are none

Quintiles of postcodes, by the first edition unless the plan names another
` + files.LookupUsage + `
What is written
  -o FILE               the safe extract; - for standard output
  -report FILE          write the report as JSON too
  -show-plan            print the plan as JSON, and do nothing

The report goes to standard error. The exit status is 0 when everybody in the safe extract is one of
as many people as the plan asks for, 1 when some are not or EXTRACT has no row that can be read, and
2 when the command line is wrong or a file cannot be read or written.
`

// command is what the command line asks for.
type command struct {
	plan     share.Plan
	planFile string
	keyFile  string
	reading  files.Reading
	report   string
	out      string
	file     string
	showPlan bool
	set      map[string]bool
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, now time.Time) int {
	cmd, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return safe
	case err == nil && cmd.showPlan:
		e := json.NewEncoder(stdout)
		e.SetIndent("", "  ")
		err = e.Encode(cmd.plan)
		if err == nil {
			return safe
		}
	case err != nil:
		fmt.Fprintf(stderr, "share: %v\nshare -h lists the flags\n", err)
		return failed
	}
	report, err := cmd.share(ctx, stdin, stdout, stderr, hte.DateFromTime(now))
	if err != nil {
		if errors.Is(err, context.Canceled) {
			err = errors.New("interrupted")
		}
		fmt.Fprintf(stderr, "share: %s\nshare: there is no safe extract\n", files.Plain(err))
		return failed
	}
	if err := report.WriteText(stderr); err != nil {
		return failed
	}
	if report.Records == 0 {
		fmt.Fprintf(stderr, "share: no row was found: validate says what is wrong with the file\n")
		return careful
	}
	advice := ""
	if len(report.Anonymity.Alternatives) > 0 {
		advice = fmt.Sprintf(": see TO SHARE MORE ROWS above. The best of them is -drop %s", strings.Join(report.Anonymity.Alternatives[0].Without, ","))
	}
	switch {
	case report.Written == 0:
		fmt.Fprintf(stderr, "share: no record was shared%s\n", advice)
	case advice != "":
		fmt.Fprintf(stderr, "share: %d of %d records were shared%s\n", report.Written, report.Records, advice)
	}
	if report.Anonymity.After.RowsLess > 0 {
		return careful
	}
	return safe
}

func parse(args []string) (*command, error) {
	cmd := &command{set: make(map[string]bool)}
	var flags share.Plan
	fs := flag.NewFlagSet("share", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // run prints errors, once; the flags are in usage
	fs.StringVar(&cmd.planFile, "plan", "", "")
	fs.StringVar(&flags.Project, "project", "", "")
	fs.TextVar(&flags.AgeOn, "age-on", hte.Date{}, "")
	fs.IntVar(&flags.K, "k", 0, "")
	fs.StringVar(&cmd.keyFile, "key", "", "")
	cmd.reading.Flags(fs)
	var drop []string
	fs.Func("drop", "", func(s string) error {
		for name := range strings.SplitSeq(s, ",") {
			drop = append(drop, strings.TrimSpace(name))
		}
		return nil
	})
	fs.StringVar(&cmd.report, "report", "", "")
	fs.StringVar(&cmd.out, "o", "", "")
	fs.BoolVar(&cmd.showPlan, "show-plan", false, "")
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
	fs.Visit(func(f *flag.Flag) { cmd.set[f.Name] = true })
	if cmd.planFile != "" {
		f, err := os.Open(cmd.planFile)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if cmd.plan, err = share.ReadPlan(f); err != nil {
			return nil, err
		}
	}
	// A flag that is given goes before the plan.
	if cmd.set["project"] {
		cmd.plan.Project = flags.Project
	}
	if cmd.set["age-on"] {
		cmd.plan.AgeOn = flags.AgeOn
	}
	if cmd.set["k"] {
		if flags.K == 0 { // in a plan, 0 is a number that was not given
			return nil, errors.New("-k is at least 1, which hides nobody")
		}
		cmd.plan.K = flags.K
	}
	if editions := cmd.reading.Lookups.Editions(); cmd.plan.Edition == "" && len(editions) > 0 {
		cmd.plan.Edition = editions[0]
	}
	for _, name := range drop {
		if cmd.plan.Fields == nil {
			cmd.plan.Fields = make(map[string]share.Action)
		}
		cmd.plan.Fields[name] = share.Drop
	}
	if cmd.showPlan {
		return cmd, nil
	}
	if cmd.reading.Kind != "" && cmd.reading.Kind != "episode" {
		return nil, fmt.Errorf("what is shared are episodes, and no %ss: who is alike is counted by them", cmd.reading.Kind)
	}
	if len(extracts) != 1 {
		return nil, fmt.Errorf("it takes one EXTRACT, or - for standard input; there are %d", len(extracts))
	}
	if cmd.out == "" {
		return nil, errors.New("-o says where the safe extract goes; - is standard output")
	}
	cmd.file = extracts[0]
	return cmd, nil
}

// share writes the safe extract, or nothing.
func (cmd *command) share(ctx context.Context, stdin io.Reader, stdout, stderr io.Writer, today hte.Date) (report *share.Report, failure error) {
	written := []string{cmd.out, cmd.report}
	if err := files.Apart(written, append(cmd.reading.Paths(), cmd.keyFile, cmd.planFile)); err != nil {
		return nil, err
	}
	note := func(format string, args ...any) { fmt.Fprintf(stderr, "share: "+format+"\n", args...) }
	if err := cmd.reading.Load(ctx, note); err != nil {
		return nil, err
	}
	key, err := cmd.key()
	if err != nil {
		return nil, err
	}
	src, err := cmd.reading.Open(cmd.file, stdin)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	for _, path := range written {
		if err := src.Spares(path); err != nil {
			return nil, err
		}
	}
	table := src
	if src.Several() {
		parts, others, err := cmd.reading.Parts(src)
		if err != nil {
			return nil, err
		}
		for _, p := range parts[1:] {
			others = append(others, p.Name)
		}
		if table = parts[0]; table.Kind() != "episode" {
			return nil, fmt.Errorf("%s has no episodes.csv, and what is shared are episodes", cmd.file)
		}
		if len(others) > 0 {
			note("of these files episodes.csv is shared, and nothing of %s", strings.Join(others, ", "))
		}
	}
	t, err := cmd.reading.Table(ctx, table)
	if err != nil {
		return nil, err
	}
	if kind := t.Dictionary.Kind(); kind != "episode" {
		return nil, fmt.Errorf("what is shared are episodes, and these are %ss", kind)
	}
	// No rule is needed, and the day matters to rules alone.
	v, err := dcrs.NewValidator(t.Dictionary, today, append(t.Options(), dcrs.Severity("*/*", dcrs.Off))...)
	if err != nil {
		return nil, err
	}
	s, err := share.New(v, cmd.plan, key, cmd.reading.Sources)
	if err != nil {
		return nil, err
	}
	out := stdout
	if cmd.out != "-" {
		f, err := files.Create(cmd.out, files.Private)
		if err != nil {
			return nil, err
		}
		defer func() {
			if report != nil && report.Records == 0 {
				f.Nothing()
			}
			f.End(&failure) // half a safe extract has not been counted
		}()
		out = f
	}
	report, err = s.Share(ctx, t.Name, t, out)
	if err != nil || cmd.report == "" {
		return report, err
	}
	f, err := files.Create(cmd.report, files.Private)
	if err != nil {
		return nil, err
	}
	defer f.End(&failure)
	return report, report.WriteJSON(f)
}

func (cmd *command) key() (*share.Key, error) {
	if cmd.keyFile == "" {
		return nil, nil
	}
	f, err := os.Open(cmd.keyFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	secret, err := io.ReadAll(io.LimitReader(f, 1<<16))
	if err != nil {
		return nil, err
	}
	return share.NewKey(secret)
}
