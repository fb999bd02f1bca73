package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
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
	ruleFormats       = []string{"text", "json", "csv"}
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
	case cmd.rules:
		formats, what = ruleFormats, " with -rules"
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

// earlier reads the report to compare with, before the extract is read; nil where
// there is none. other reads those of the other kind, to say so of one.
func earlier[T, U any](cmd *command, otherwise string, read func(io.Reader) (*T, error), other func(io.Reader) (*U, error)) (*T, error) {
	if cmd.compare == "" {
		return nil, nil
	}
	text, err := os.ReadFile(cmd.compare)
	if err != nil {
		return nil, err
	}
	report, err := read(bytes.NewReader(text))
	if err != nil {
		if _, wrong := other(bytes.NewReader(text)); wrong == nil {
			err = errors.New("it is " + otherwise)
		}
		return nil, fmt.Errorf("-compare %s: %w", cmd.compare, err)
	}
	return report, nil
}

// writeReport writes a report in a format that is not written while the extract is
// read.
func (cmd *command) writeReport(report checked, out io.Writer) error {
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
	return report.WriteText(out, dcrs.Colour(wantsColour(out)))
}

// result is what is made of reports: a comparison, which can be written as text, or
// scorecards, which can be written as CSV.
type result interface {
	WriteJSON(w io.Writer) error
	WriteHTML(w io.Writer) error
}

func (cmd *command) writeResult(made result, out io.Writer) error {
	switch cmd.format {
	case "json":
		return made.WriteJSON(out)
	case "csv":
		return made.(interface{ WriteCSV(w io.Writer) error }).WriteCSV(out)
	case "text":
		return made.(interface {
			WriteText(w io.Writer, options ...dcrs.TextOption) error
		}).WriteText(out, dcrs.Colour(wantsColour(out)))
	}
	return made.WriteHTML(out)
}

// dictionaries are those of every kind of record, with the rules across files and
// those of look-ups.
func dictionaries() ([]*dcrs.Dictionary, error) {
	all := append(dcrs.ExtractDictionaries(), dcrs.ExtractRules())
	// The rules of look-ups are there with the files to look in; these are empty.
	sources := lookup.Sources{Postcodes: new(lookup.Postcodes), Ranks: []*lookup.Ranks{new(lookup.Ranks)}, Practices: new(lookup.Practices)}
	var err error
	all[0], err = sources.Extend(all[0])
	return all, err
}

// explain writes what a rule means, of the kind of record that is asked for, or else
// of the first that has it.
func explain(rule, kind string, out io.Writer) error {
	all, err := dictionaries()
	if err != nil {
		return err
	}
	asked := append(dcrs.ExtractDictionaries(), all...)
	// That of the kind first; what it has not is explained all the same.
	slices.SortStableFunc(asked, func(a, b *dcrs.Dictionary) int {
		if a.Kind() == kind && b.Kind() != kind {
			return -1
		} else if a.Kind() != kind && b.Kind() == kind {
			return 1
		}
		return 0
	})
	e, err := dcrs.Explain(rule, asked...)
	if err != nil {
		return err
	}
	if err := e.WriteText(out, dcrs.Colour(wantsColour(out))); err != nil || e.Rule.Scope != dcrs.ScopeField {
		return err
	}
	// Fields of the same name have rules of the same name.
	var have []string
	for _, d := range dcrs.ExtractDictionaries() {
		if _, ok := d.Rule(rule); ok {
			have = append(have, d.Kind())
		}
	}
	switch {
	case slices.Contains(have, kind) || len(have) == 0:
	case kind != "":
		_, err = fmt.Fprintf(out, "\nThis is a rule of %ss.csv; %ss.csv has none of that name.\n", have[0], kind)
	case len(have) > 1:
		_, err = fmt.Fprintf(out, "\nThis is the rule of %ss.csv; -kind explains that of another file (%s).\n", have[0], strings.Join(have[1:], ", "))
	}
	return err
}

// listedRule is a line of the list of rules.
type listedRule struct {
	Rule     string     `json:"rule"`
	File     string     `json:"file"` // in which it looks; "" for those across files
	Severity dcrs.Level `json:"severity"`
	Scope    string     `json:"scope"`
	Basis    string     `json:"basis"`
	Means    string     `json:"means"`
	Fix      string     `json:"fix"`
}

// listRules writes every rule that there is, one a line.
func (cmd *command) listRules(out io.Writer) error {
	all, err := dictionaries()
	if err != nil {
		return err
	}
	var list []listedRule
	for _, d := range all {
		file := d.Kind() + "s.csv"
		if d.Kind() == dcrs.ExtractRules().Kind() {
			file = ""
		}
		for rule := range d.Rules() {
			e, err := d.Explain(rule.ID)
			if err != nil {
				return err
			}
			list = append(list, listedRule{rule.ID, file, rule.Severity, rule.Scope.String(), rule.Basis.String(), e.Means, e.Fix})
		}
	}
	switch cmd.format {
	case "json":
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(list)
	case "csv":
		w := csv.NewWriter(out)
		_ = w.Write([]string{"rule", "file", "severity", "scope", "basis", "means", "fix"})
		for _, r := range list {
			_ = w.Write([]string{r.Rule, r.File, r.Severity.String(), r.Scope, r.Basis, r.Means, r.Fix})
		}
		w.Flush()
		return w.Error()
	}
	var b strings.Builder
	file := "-"
	for _, r := range list {
		if r.File != file {
			if file = r.File; b.Len() > 0 {
				b.WriteByte('\n')
			}
			heading := file
			if file == "" {
				heading = "between the files"
			}
			fmt.Fprintf(&b, "%-44s %-8s %-10s %s\n", heading, "severity", "basis", "what it finds")
		}
		fmt.Fprintf(&b, "  %-42s %-8s %-10s %s\n", r.Rule, r.Severity, r.Basis, r.Means)
	}
	_, err = io.WriteString(out, b.String())
	return err
}
