// Command compare measures this library beside other software: R, R with
// data.table, and DuckDB, on the same data in the same run. The answers are
// compared first; a program that answers differently is not timed.
//
// It is started by the script "run" beside it. DuckDB needs cgo and is behind
// the build tag duckdb, so that the module is tested without a C compiler.
//
// It is not for users of the library, and its figures are not promises: they
// are of one machine at one time. The ratios within one run are what counts.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
)

func main() {
	if err := dispatch(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func dispatch(args []string) error {
	if len(args) == 0 {
		return errors.New("say prepare, run or serve")
	}
	switch args[0] {
	case "prepare":
		return prepare(args[1:])
	case "run":
		return run(args[1:])
	case "serve":
		return serveCommand(args[1:])
	}
	return fmt.Errorf("%q is none of prepare, run, serve", args[0])
}

// prepare writes the data that every program reads.
func prepare(args []string) error {
	fs := flag.NewFlagSet("prepare", flag.ContinueOnError)
	dir := fs.String("dir", "", "folder for the data")
	rows := fs.Int("rows", 1_000_000, "forms, and pairs or values")
	extract := fs.String("extract", "", "the generated extract")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if err := writeForms(*dir, *rows, false); err != nil {
		return err
	}
	if err := writeSamples(*dir, *rows); err != nil {
		return err
	}
	return cleanExtract(*extract, *dir)
}

// run times every group that is asked for and prints the tables.
func run(args []string) error {
	fs := flag.NewFlagSet("run", flag.ContinueOnError)
	dir := fs.String("dir", "", "folder with the data")
	rounds := fs.Int("rounds", 7, "how often each program does each task")
	only := fs.String("only", "forms,tests,extract", "groups to run")
	script := fs.String("r", "compare.R", "the R script")
	if err := fs.Parse(args); err != nil {
		return err
	}
	wanted := strings.Split(*only, ",")
	known := groups()
	for _, w := range wanted {
		if !slices.ContainsFunc(known, func(g group) bool { return g.name == w }) {
			return fmt.Errorf("no group %q", w)
		}
	}
	if err := describeMachine(os.Stdout, *dir, *rounds); err != nil {
		return err
	}
	for _, g := range known {
		if !slices.Contains(wanted, g.name) {
			continue
		}
		t, err := measure(g, *dir, *script, *rounds)
		if err != nil {
			return fmt.Errorf("%s: %w", g.name, err)
		}
		if err := t.write(os.Stdout); err != nil {
			return err
		}
	}
	_, err := fmt.Printf("\nLoad after the run: %s. One core's work by one program at a time makes about 1.\n", load())
	return err
}
