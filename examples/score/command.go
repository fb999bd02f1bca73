package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

const usageText = `Usage: score [-allow-unverified] [-wide] [-set NAME=VALUE]... [FILE]

Scores filled-in questionnaires. FILE, or standard input where there is none or
it is -, is a CSV file in UTF-8 with a heading and one form a line; what stands
between its cells is a comma, not a semicolon. Its columns, in any order:

  instrument  one of the names below, which also says the coding of the answers
              and the value set; WEMWBS, SWEMWBS and GSE will do for WEMWBS-14,
              SWEMWBS-7 and GSE-10
  case        what the form is known by; it comes back as it is
  responses   the answers in the order of the items, with spaces between them
              and . for a missing one; other columns are ignored

  -wide              instead of responses, the file has one column for each
                     item: named by the library's item keys (who5_1), or else
                     every column but instrument and case, in the order of the
                     items; a blank cell is missing, and a form with fewer items
                     than the file has columns leaves the rest blank
  -allow-unverified  use also what rests on memory alone; detail says so
  -set NAME=VALUE    may be repeated:
       missing=CODES         cells that mean missing, beside . and blank, such
                             as 999 or NA; commas between several
       refused=CODES         cells that mean that the client would not answer
       not_applicable=CODES  cells that mean that the item does not apply
       instrument=NAME       of every form, for a file without that column
       judge=NAME            a rival cut-off or band set too (below); some of
                             the United States' are one for men and one for
                             women, and it is for you to give each the right
                             forms
       K10=0-4 and so on     what a plain name stands for in this file (below)

Standard output is a CSV file, one line for each scale, flag and band set of
each form: instrument, case, scale, value, band, policy, edition, status,
detail. value is exact: a decimal number where it ends, else a fraction such as
340/13; true or false for a flag; the label on a band set's own line. band is
the band in which the value lies. policy says how missing answers are treated:
by the owner's rule where there is one, else the form has to be complete. status
is ok or refused; a refused line has no value, and detail says why. A score of a
part of the answers that has to go by another name (GSE-10: prorated_sum and
mean_of_answered) has a line under that name, and its usual name is refused.

So that no spreadsheet takes it for a formula, an instrument, case or detail
that begins with = + - @ or ' (blanks aside) gets a ' in front, unless it is a
plain number. Take one ' away from a cell that begins with one, and you have the
original.

The items stand in the order of the questionnaire, with three that need saying:
DJG-6 has those on emotional loneliness first, then those on social loneliness;
IPAQ-short has days and minutes a day, of vigorous activity, moderate activity
and walking; RSES has a negative item second. A line that ends early leaves its
last cells blank. A line longer than 64 KiB is refused unread.

The exit status is 0, refusals included; it is 2 when the command line or the
heading is wrong, or reading or writing failed.
`

// usage adds what the instruments say about themselves.
func usage() string {
	var b strings.Builder
	b.WriteString(usageText)
	b.WriteString("\nInstruments, with their number of answers:\n")
	var rivals, plain []string
	for in := range wellbeing.Instruments() {
		fmt.Fprintf(&b, "  %-40s %2d\n", in.Name(), in.Len())
		d := in.Definition()
		for _, name := range onRequest(d) {
			if !slices.Contains(rivals, name) {
				rivals = append(rivals, name)
			}
		}
		if which := d.Coding + d.ValueSet; which != "" {
			plain = append(plain, family(d)+"="+which)
		}
	}
	fmt.Fprintf(&b, "  %-40s %2d\n", rciName, len(rciItems))
	fmt.Fprintf(&b, "\nNames for -set judge=NAME:\n  %s\n", strings.Join(rivals, "\n  "))
	fmt.Fprintf(&b, "\nWhat a plain name may be set to:\n  %s\n", strings.Join(plain, "\n  "))
	return b.String()
}

// command is what the command line asks for.
type command struct {
	unverified bool
	wide       bool
	file       string
	instrument string              // of every form; empty: the column says
	codes      wellbeing.Codes     // of cells that are no answers
	judge      []string            // cut-offs, criteria and band sets on request
	standsFor  map[string]string   // plain name to the name of an instrument
	families   map[string][]string // plain name to the names of all its instruments
}

func parse(args []string) (*command, error) {
	cmd := &command{codes: wellbeing.Codes{Missing: []string{"."}}, standsFor: map[string]string{}, families: map[string][]string{}}
	for in := range wellbeing.Instruments() {
		if plain := family(in.Definition()); plain != "" {
			cmd.families[plain] = append(cmd.families[plain], in.Name())
		}
	}
	fs := flag.NewFlagSet("score", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // run prints errors, once; the flags are in usage
	fs.BoolVar(&cmd.unverified, "allow-unverified", false, "")
	fs.BoolVar(&cmd.wide, "wide", false, "")
	fs.Func("set", "", cmd.set)
	var files []string
	for rest := args; ; rest = fs.Args()[1:] { // flags may stand after FILE too
		if err := fs.Parse(rest); err != nil {
			if !errors.Is(err, flag.ErrHelp) {
				err = fmt.Errorf("%w; score -h lists the flags", err)
			}
			return nil, err
		}
		if fs.NArg() == 0 {
			break
		}
		files = append(files, fs.Arg(0))
	}
	switch len(files) {
	case 0:
	case 1:
		cmd.file = files[0]
	default:
		return nil, fmt.Errorf("it takes one FILE at most; there are %d", len(files))
	}
	return cmd, nil
}

func (cmd *command) set(s string) error {
	name, value, ok := strings.Cut(s, "=")
	if name, value = strings.TrimSpace(name), strings.TrimSpace(value); !ok || value == "" {
		return errors.New("it takes NAME=VALUE, such as refused=-9")
	}
	switch name {
	case "missing":
		return cmd.declare(&cmd.codes.Missing, value)
	case "refused":
		return cmd.declare(&cmd.codes.Refused, value)
	case "not_applicable":
		return cmd.declare(&cmd.codes.NotApplicable, value)
	case "judge":
		for in := range wellbeing.Instruments() {
			if slices.Contains(onRequest(in.Definition()), value) {
				cmd.judge = append(cmd.judge, value)
				return nil
			}
		}
		return fmt.Errorf("no cut-off or band set on request is named %q", value)
	case "instrument":
		cmd.instrument = value
		return nil
	}
	for _, full := range cmd.families[name] {
		in, err := wellbeing.Lookup(full)
		if err != nil {
			return err
		}
		d := in.Definition()
		// The first words of a value set are enough where its name goes on to explain itself.
		if which := d.Coding + d.ValueSet; which == value || strings.HasPrefix(which, value+",") {
			cmd.standsFor[name] = full
			return nil
		}
	}
	if cmd.families[name] != nil {
		return fmt.Errorf("%s cannot be set to %q", name, value)
	}
	return fmt.Errorf("there is no %q to set", name)
}

// declare adds codes to one of the three lists, in which none may stand twice.
func (cmd *command) declare(list *[]string, value string) error {
	for code := range strings.SplitSeq(value, ",") {
		if code = strings.TrimSpace(code); code == "" {
			return errors.New("a blank cell always means missing")
		}
		for _, other := range []*[]string{&cmd.codes.Missing, &cmd.codes.Refused, &cmd.codes.NotApplicable} {
			if other != list && slices.Contains(*other, code) {
				return fmt.Errorf("%q cannot mean two things", code)
			}
		}
		*list = append(*list, code)
	}
	return nil
}

// family returns the plain name of an instrument that comes in several codings or with several value
// sets; empty for any other.
func family(d wellbeing.Definition) string {
	switch {
	case d.ValueSet != "":
		return d.Title
	case d.Coding != "":
		return strings.TrimSuffix(d.Name, " "+d.Coding)
	}
	return ""
}

// onRequest returns the names of what is judged only where it is asked for.
func onRequest(d wellbeing.Definition) []string {
	var names []string
	for _, x := range d.Cutoffs {
		if x.OnRequest {
			names = append(names, x.Name)
		}
	}
	for _, x := range d.Criteria {
		if x.OnRequest {
			names = append(names, x.Name)
		}
	}
	for _, x := range d.BandSets {
		if x.OnRequest {
			names = append(names, x.Name)
		}
	}
	return names
}
