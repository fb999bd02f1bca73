// Change computes what a before-and-after study needs of one measure, taken
// before and after on the same people: what R gives for paired data, and the
// effect sizes with their intervals. It reads a CSV file with the columns pre
// and post.
//
//	change scores.csv
//	change -group service -format json scores.csv
//
// Changes are post minus pre. An empty cell is missing, and all figures are
// about the people who have both values. A cell that holds anything but a number
// stops the program, which names the place and not the value; so do cells
// separated by semicolons. Of an infinite number (Inf, 1e999) the statistics say
// that they cannot be computed. Small numbers are shown as they are.
//
// # JSON
//
// The object has a key for each statistic, such as mean_diff,
// t_paired_two.sided, wilcox_exactTRUE_correctTRUE_two.sided, sign_test or
// effect. Where a key names arguments of an R function, it is what R 4.2 gives
// for them: an exact Wilcoxon test falls back to the normal approximation where
// there are ties or zeros, and its method says so. An infinite number is the
// string "Inf" or "-Inf".
//
// What cannot be computed is {"error": "why"} in its place, and everything else
// stands. An entry of which a part is defined keeps that part: the t test of
// people none of whom changed is {"error": …, "df": …, "estimate": 0}.
//
// With -group COLUMN the object is {"group_column": COLUMN, "all": …,
// "groups": {…}}, one object as above for everybody and one for each value of
// the column; "" is the group of the rows in which that cell is empty.
//
// The exit status is 0 when the figures were written, those that cannot be
// computed included, and 2 otherwise.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// The exit statuses.
const (
	computed = 0
	failed   = 2
)

const usage = `Usage: change [-format text|json] [-group COLUMN] FILE

Reads a CSV file with the columns pre and post, one row for each person, and
prints what changed: t test, Wilcoxon, Hodges-Lehmann, sign test, correlations
and effect sizes, with their intervals. FILE may be - for standard input. Other
columns do no harm. An empty cell is missing; changes are post minus pre.

  -format FORMAT  text (unless told otherwise) or json
  -group COLUMN   the same again for each value of this column

The exit status is 0 when the figures were written, 2 otherwise.
`

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	cmd, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return computed
	}
	if err != nil {
		fmt.Fprintf(stderr, "change: %v\nchange -h lists the flags\n", err)
		return failed
	}
	if err := cmd.run(stdin, stdout); err != nil {
		fmt.Fprintf(stderr, "change: %v\n", err)
		return failed
	}
	return computed
}

// command is what the command line asks for.
type command struct {
	json  bool
	group string // "" for none
	file  string
}

func parse(args []string) (*command, error) {
	cmd := &command{}
	fs := flag.NewFlagSet("change", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // run prints errors, once; the flags are in usage
	fs.Func("format", "", func(s string) error {
		if s != "text" && s != "json" {
			return errors.New("it is text or json")
		}
		cmd.json = s == "json"
		return nil
	})
	fs.Func("group", "", func(s string) error {
		if s == "" {
			return errors.New("it takes the name of a column")
		}
		cmd.group = s
		return nil
	})
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
	if len(files) != 1 || files[0] == "" {
		return nil, fmt.Errorf("it takes one FILE, or - for standard input; there are %d", len(files))
	}
	cmd.file = files[0]
	return cmd, nil
}

func (cmd *command) run(stdin io.Reader, stdout io.Writer) error {
	in, name := stdin, "standard input"
	if cmd.file != "-" {
		f, err := os.Open(cmd.file)
		if err != nil {
			return err
		}
		defer f.Close()
		in, name = f, filepath.Base(cmd.file)
	}
	all, groups, err := read(in, cmd.group)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if cmd.json {
		return writeJSON(stdout, cmd.group, all, groups)
	}
	return writeText(stdout, name, cmd.group, all, groups)
}
