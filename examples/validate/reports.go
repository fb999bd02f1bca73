package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/dcrs/lookup"
)

// What is made of a report beside the report itself: a comparison with an earlier
// one, scorecards, and the explanation of a rule.

// formats are the formats of a report, of a comparison and of scorecards; the
// first is the one that is written unless another was asked for.
var (
	reportFormats     = []string{"text", "json", "csv", "html", "dve", "junit", "sarif"}
	comparisonFormats = []string{"text", "json", "html"}
	scorecardFormats  = []string{"html", "json", "csv"}
	lookFormats       = []string{"text", "json"}
)

// settle finds out which format is meant, and that the flags go together.
func (cmd *command) settle() error {
	formats, what := reportFormats, ""
	switch {
	case cmd.compare != "" && cmd.scorecard:
		return errors.New("-compare and -scorecard do not go together")
	case cmd.compare != "":
		formats, what = comparisonFormats, " with -compare"
	case cmd.scorecard:
		formats, what = scorecardFormats, " with -scorecard"
		if cmd.by == "" {
			cmd.by = "service_code"
		}
	}
	looks := cmd.inspect || cmd.suggest
	switch {
	case cmd.inspect && cmd.suggest:
		return errors.New("-inspect and -suggest-mapping do not go together")
	case looks && (cmd.compare != "" || cmd.scorecard || cmd.by != ""):
		return errors.New("-inspect and -suggest-mapping check nothing, so there is no report to count, compare or score")
	case cmd.inspect:
		formats, what = lookFormats, " with -inspect"
	case cmd.suggest:
		formats, what = lookFormats, " with -suggest-mapping"
	}
	if cmd.sure < 0 || cmd.sure > 1 {
		return errors.New("-sure is from 0 to 1")
	}
	if cmd.only != "" && !cmd.scorecard {
		return errors.New("-only is for -scorecard")
	}
	if cmd.format == "" {
		cmd.format = formats[0]
	}
	if !slices.Contains(formats, cmd.format) {
		last := len(formats) - 1
		return fmt.Errorf("-format%s is %s or %s, not %q", what, strings.Join(formats[:last], ", "), formats[last], cmd.format)
	}
	if cmd.by != "" {
		cmd.options = append(cmd.options, dcrs.GroupBy(cmd.by))
	}
	return nil
}

// earlier reads the report to compare with, before the extract is read.
func (cmd *command) earlier() (*dcrs.Report, error) {
	if cmd.compare == "" {
		return nil, nil
	}
	f, err := os.Open(cmd.compare)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	report, err := dcrs.ReadReport(f)
	if err != nil {
		return nil, fmt.Errorf("-compare %s: %w", cmd.compare, err)
	}
	return report, nil
}

// writeReport writes the report in a format that is not written while the extract
// is read, or what is made of it.
func (cmd *command) writeReport(report, before *dcrs.Report, d *dcrs.Dictionary, out io.Writer) error {
	colour := dcrs.Colour(wantsColour(out))
	if before != nil {
		c, err := dcrs.Compare(before, report)
		if err != nil {
			return err
		}
		switch cmd.format {
		case "json":
			return c.WriteJSON(out)
		case "html":
			return c.WriteHTML(out)
		}
		return c.WriteText(out, colour)
	}
	if cmd.scorecard {
		cards, err := dcrs.NewScorecards(report, d)
		if err != nil {
			return err
		}
		if cmd.only != "" {
			one, ok := cards.Only(cmd.only)
			if !ok {
				return fmt.Errorf("-only: no row of the extract has %s %q", cmd.by, cmd.only)
			}
			cards = one
		}
		switch cmd.format {
		case "json":
			return cards.WriteJSON(out)
		case "csv":
			return cards.WriteCSV(out)
		}
		return cards.WriteHTML(out)
	}
	switch cmd.format {
	case "json":
		return report.WriteJSON(out)
	case "html":
		return report.WriteHTML(out)
	case "junit":
		return report.WriteJUnit(out)
	case "sarif":
		return report.WriteSARIF(out)
	}
	return report.WriteText(out, colour)
}

// explain writes what a rule means, of whatever kind of record it is.
func explain(rule string, out io.Writer) error {
	// The rules of look-ups are there with the files to look in; these are empty.
	sources := lookup.Sources{Postcodes: new(lookup.Postcodes), Ranks: []*lookup.Ranks{new(lookup.Ranks)}, Practices: new(lookup.Practices)}
	looked, err := sources.Extend(dcrs.Episodes())
	if err != nil {
		return err
	}
	var first error
	for _, d := range append(dcrs.ExtractDictionaries(), dcrs.ExtractRules(), looked) {
		e, err := d.Explain(rule)
		if err == nil {
			return e.WriteText(out, dcrs.Colour(wantsColour(out)))
		}
		if first == nil { // what it suggests is a rule of episodes
			first = err
		}
	}
	return first
}
