// Validate checks an extract of the DCRS, a file with one row for each client
// episode or several files that belong together, and says whether it is fit to
// leave the building: what is wrong with it, where, and how to mend it.
//
//	validate extract.csv
//	validate -format html -o report.html extract.csv
//	validate -format csv -show episode_id extract.csv > findings.csv
//	validate -suggest-mapping -o mapping.json export.xlsx
//	validate -mapping mapping.json export.xlsx
//	validate -by service_code -compare march.json april.csv
//	validate -scorecard -only HT01 -o HT01.html april.csv
//	validate -explain measures/bmi-disagrees
//
// The exit status is 0 when there is no error finding, 1 when there is one or the
// file could not be read as a table, and 2 when the command line is wrong or
// reading or writing failed; what was found until then is reported all the same.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/examples/internal/files"
)

// The exit statuses.
const (
	fit    = 0 // no error finding
	unfit  = 1 // an error finding, or a file that could not be read as a table
	failed = 2 // usage, or input and output
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, time.Now()))
}

// usageError is what is wrong with the command line itself, and not with a file.
type usageError struct{ error }

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, now time.Time) int {
	cmd, err := parse(args, now)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return fit
	}
	status := failed
	switch {
	case err != nil:
		err = usageError{err}
	case cmd.explain != "":
		if err = explain(cmd.explain, cmd.reading.Kind, stdout); err == nil {
			return fit
		}
		err = usageError{err}
	case cmd.rules:
		if err = cmd.listRules(stdout); err == nil {
			return fit
		}
	default:
		status, err = cmd.do(ctx, stdin, stdout, stderr)
	}
	if err == nil {
		return status
	}
	_, wrong := errors.AsType[usageError](err)
	if errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	fmt.Fprintf(stderr, "validate: %s\n", files.Plain(err))
	if wrong {
		fmt.Fprintln(stderr, "validate -h lists the flags")
	}
	return failed
}

// do reads what the command line names, in the way that it asks for.
func (cmd *command) do(ctx context.Context, stdin io.Reader, stdout, stderr io.Writer) (int, error) {
	note := func(format string, args ...any) {
		fmt.Fprintf(stderr, "validate: "+format+"\n", args...)
	}
	if err := cmd.reading.Load(ctx, note); err != nil {
		return failed, err
	}
	src, err := cmd.reading.Open(cmd.file, stdin)
	if err != nil {
		return failed, err
	}
	defer src.Close()
	if src.Several() {
		return cmd.extract(ctx, src, stdout, stderr)
	}
	if cmd.inspect || cmd.suggest {
		return cmd.look(ctx, src, stdout, stderr)
	}
	t, err := cmd.reading.Table(ctx, src)
	if err != nil {
		return failed, err
	}
	return cmd.check(ctx, src, t, stdout, stderr)
}

// verdict is the exit status of a report. A file that was not read was not
// checked, whatever the severity of the finding that says so.
func verdict(reports ...*dcrs.Report) int {
	for _, r := range reports {
		if r.Worst() == dcrs.Error || r.Unread != "" {
			return unfit
		}
	}
	return fit
}
