// Generate writes a synthetic extract of a health trainer service: a table that
// looks like the real thing and holds nobody. It can plant errors and say what
// they are, so that a validator, or a person learning to read its report, can be
// put to the test.
//
//	go run ./examples/generate -o extract.csv
//	go run ./examples/generate -rows 20000 -errors 0.02 -key key.csv -o extract.csv
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/healthtrainer/healthtrainer/examples/internal/synthetic"
	"github.com/healthtrainer/healthtrainer/hte"
)

const usage = `usage: generate [-rows N] [-seed N] [-as-of DATE] [-errors SHARE] [-key FILE] [-o FILE]

Writes a synthetic extract of a health trainer service. All of it is made up; the
same flags give the same file. With -errors, that share of the rows gets one slip
each, and -key writes what a validator must find because of them.

  generate -rows 20000 -errors 0.02 -key key.csv -o extract.csv
  validate -as-of ` + synthetic.DefaultAsOf + ` extract.csv

`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run is the program: 0 for a whole extract, 2 for wrong usage or a file that
// could not be written.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	asOf, _ := hte.ParseDate(synthetic.DefaultAsOf)
	x := synthetic.Extract{AsOf: asOf}
	flags := flag.NewFlagSet("generate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&x.Rows, "rows", 2000, "`number` of episodes")
	flags.Uint64Var(&x.Seed, "seed", 1, "`number` that the extract grows from: another seed, another service")
	flags.TextVar(&x.AsOf, "as-of", x.AsOf, "`date` on which the extract is drawn, yyyy-mm-dd")
	flags.Float64Var(&x.Errors, "errors", 0, "`share` of the rows to get a slip, from 0 to 1")
	key := flags.String("key", "", "`file` for the answer key: record,field,rule of all that the slips cause")
	out := flags.String("o", "", "`file` for the extract (default standard output)")
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() > 0:
		fmt.Fprintf(stderr, "generate: unexpected argument %q\n", flags.Arg(0))
		return 2
	case x.AsOf.IsZero():
		fmt.Fprintln(stderr, "generate: -as-of needs a date")
		return 2
	case *key != "" && *key == *out:
		fmt.Fprintln(stderr, "generate: -key and -o name the same file")
		return 2
	}
	if err := write(ctx, x, *out, *key, stdout); err != nil {
		fmt.Fprintln(stderr, "generate:", err)
		return 2
	}
	if *out != "" {
		fmt.Fprintf(stderr, "generate: wrote %d synthetic episodes as of %v to %s; nobody in it is real\n", x.Rows, x.AsOf, *out)
	}
	return 0
}

// write makes the extract in the files named, or on standard output.
func write(ctx context.Context, x synthetic.Extract, out, key string, stdout io.Writer) (err error) {
	var answers io.Writer // a nil *os.File in it would not be nil
	if key != "" {
		f, failed := os.Create(key)
		if failed != nil {
			return failed
		}
		defer closing(f, &err)
		answers = f
	}
	if out == "" {
		return x.Generate(ctx, stdout, answers)
	}
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	defer closing(f, &err)
	return x.Generate(ctx, f, answers)
}

// closing closes a file that was written to, which may be when a full disk shows.
func closing(f *os.File, err *error) {
	if e := f.Close(); e != nil && *err == nil {
		*err = e
	}
}
