// Score scores filled-in questionnaires, a CSV file with one form a line, and
// writes a CSV file with one line for each scale, flag and band of each form.
//
//	score forms.csv > scores.csv
//	score -set refused=-9 -set missing=NA,999 < forms.csv
//	score -wide -set instrument=PHQ-9 phq9.csv
//
// A form that cannot be scored is refused, with the reason on each of its
// lines, and the next form is read. The exit status is 0, or 2 when the command
// line or the heading is wrong, or reading or writing failed.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	cmd, err := parse(args)
	if err == nil {
		err = cmd.run(stdin, stdout)
	}
	switch {
	case err == nil:
		return 0
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage())
		return 0
	}
	fmt.Fprintf(stderr, "score: %v\n", err)
	return 2
}

func (cmd *command) run(stdin io.Reader, stdout io.Writer) error {
	in := stdin
	if cmd.file != "" && cmd.file != "-" {
		f, err := os.Open(cmd.file)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	return cmd.score(in, stdout)
}
