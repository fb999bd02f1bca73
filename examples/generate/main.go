// Generate writes a synthetic extract of a health trainer service: a table that
// looks like the real thing and holds nobody. It can plant errors and say what
// they are, so that a validator, or a person learning to read its report, can be
// put to the test.
//
//	go run ./examples/generate -o extract.csv
//	go run ./examples/generate -rows 20000 -errors 0.02 -key key.csv -o extract.csv
//	go run ./examples/generate -errors 0.1 -key key.csv -zip extract.zip
package main

import (
	"archive/zip"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/healthtrainer/healthtrainer/examples/internal/files"
	"github.com/healthtrainer/healthtrainer/examples/internal/synthetic"
	"github.com/healthtrainer/healthtrainer/hte"
)

const usage = `usage: generate [-rows N] [-seed N] [-as-of DATE] [-errors SHARE] [-key FILE] [-o FILE | -dir FOLDER | -zip FILE]

Writes a synthetic extract of a health trainer service. All of it is made up; the
same flags give the same file. With -errors, that share of the rows gets one slip
each, and -key writes what a validator must find because of them. With -dir or
-zip it is an extract of several files: contacts, goals, signposts, needs and
measures beside the episodes, which agree with each other but for the slips.

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
	key := flags.String("key", "", "`file` for the answer key: record,field,rule of all that the slips cause, with the file before them where there are several")
	out := flags.String("o", "", "`file` for the extract (default standard output)")
	dir := flags.String("dir", "", "`folder` for an extract of several files; it is made if it is not there")
	archive := flags.String("zip", "", "`file` for an extract of several files in a zip")
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
	case *key != "" && (*key == *out || *key == *archive):
		fmt.Fprintln(stderr, "generate: -key and the extract name the same file")
		return 2
	case *out != "" && *dir+*archive != "", *dir != "" && *archive != "":
		fmt.Fprintln(stderr, "generate: of -o, -dir and -zip there can be one")
		return 2
	}
	var err error
	switch {
	case *dir != "":
		err = writeFolder(ctx, x, *dir, *key)
		*out = *dir
	case *archive != "":
		err = writeZip(ctx, x, *archive, *key)
		*out = *archive
	default:
		err = write(ctx, x, *out, *key, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "generate:", err)
		return 2
	}
	if *out != "" {
		fmt.Fprintf(stderr, "generate: wrote %d synthetic episodes as of %v to %s; nobody in it is real\n", x.Rows, x.AsOf, *out)
	}
	return 0
}

// write makes the extract in the files named, or on standard output.
func write(ctx context.Context, x synthetic.Extract, out, key string, stdout io.Writer) error {
	return withFile(key, func(answers io.Writer) error {
		if out == "" {
			return x.Generate(ctx, stdout, answers)
		}
		return withFile(out, func(w io.Writer) error { return x.Generate(ctx, w, answers) })
	})
}

// writeFolder makes an extract of several files in a folder.
func writeFolder(ctx context.Context, x synthetic.Extract, dir, key string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	return withFile(key, func(answers io.Writer) (err error) {
		var open *files.Output
		defer func() {
			if open != nil {
				open.End(&err)
			}
		}()
		return x.GenerateFiles(ctx, func(name string) (_ io.Writer, err error) {
			if open != nil {
				last := open
				open = nil
				if last.End(&err); err != nil {
					return nil, err
				}
			}
			open, err = files.Create(filepath.Join(dir, name), files.Shared)
			return open, err
		}, answers)
	})
}

// writeZip makes an extract of several files in a zip.
func writeZip(ctx context.Context, x synthetic.Extract, archive, key string) error {
	return withFile(key, func(answers io.Writer) error {
		return withFile(archive, func(w io.Writer) error {
			z := zip.NewWriter(w)
			if err := x.GenerateFiles(ctx, z.Create, answers); err != nil {
				return err
			}
			return z.Close()
		})
	})
}

// withFile hands on a file that gets that name when it is whole, nil where there is
// no name.
func withFile(name string, use func(w io.Writer) error) (err error) {
	if name == "" {
		return use(nil)
	}
	f, err := files.Create(name, files.Shared)
	if err != nil {
		return err
	}
	defer f.End(&err)
	return use(f)
}
