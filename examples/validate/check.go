package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/examples/internal/files"
)

// checked is a report on one file, or on an extract of several.
type checked interface {
	WriteText(w io.Writer, options ...dcrs.TextOption) error
	WriteJSON(w io.Writer) error
	WriteHTML(w io.Writer) error
	WriteJUnit(w io.Writer) error
	WriteSARIF(w io.Writer) error
	DVEStatus() dcrs.DVEStatus
}

// check checks one table and returns the status.
func (cmd *command) check(ctx context.Context, src *files.Source, t *files.Table, stdout, stderr io.Writer) (int, error) {
	d := t.Dictionary
	before, err := earlier(cmd, "of several files, and this is one", dcrs.ReadReport, dcrs.ReadExtractReport)
	if err != nil {
		return failed, err
	}
	v, err := dcrs.NewValidator(d, cmd.asOf, append(cmd.options, t.Options()...)...)
	if err != nil {
		return failed, usageError{err}
	}
	var report *dcrs.Report
	status, err := cmd.write(src, stdout, stderr, d.Kind(), func(out io.Writer, each func(dcrs.Finding) error) (checked, error) {
		text := io.Reader(t)
		meter := &progress{to: stderr, of: src.Size}
		if isTerminal(stderr) && (each == nil || !isTerminal(out)) {
			text = meter.watch(text)
		}
		var err error
		report, err = v.Validate(ctx, src.Name, text, each)
		meter.stop()
		if err != nil && report.Truncated {
			err = fmt.Errorf("%w\nvalidate: the report covers only what was read until then (records: %d)", cancelled(err), report.Records)
		}
		return report, err
	}, func(out io.Writer) (result, error) {
		if before != nil {
			c, err := dcrs.Compare(before, report)
			return c, err
		}
		cards, err := dcrs.NewScorecards(report, d)
		if err != nil || cmd.only == "" {
			return cards, err
		}
		one, ok := cards.Only(cmd.only)
		return one, cmd.found(ok)
	})
	if err != nil {
		return failed, err
	}
	if cmd.format == "text" {
		cmd.hint(report, d, stderr)
	}
	if status == fit {
		status = verdict(report)
	}
	return status, nil
}

// found says that there is no card of the group that -only names.
func (cmd *command) found(ok bool) error {
	if ok {
		return nil
	}
	return fmt.Errorf("-only: no row of the extract has %s %q", cmd.by, cmd.only)
}

// write writes what the command line asks for: the findings while they are found, the
// report, or what is made of it. After an error the report of what was found until
// then is written all the same.
func (cmd *command) write(src *files.Source, stdout, stderr io.Writer, kind string, validate func(out io.Writer, each func(dcrs.Finding) error) (checked, error), make func(out io.Writer) (result, error)) (status int, err error) {
	out, done, err := cmd.output(src, stdout, stderr)
	if err != nil {
		return failed, err
	}
	defer func() {
		if done(&err); err != nil {
			status = failed
		}
	}()
	var findings interface {
		Write(dcrs.Finding) error
		Flush() error
	}
	var each func(dcrs.Finding) error
	if !cmd.scorecard && (cmd.format == "csv" || cmd.format == "dve") {
		findings = dcrs.NewFindingWriter(out, cmd.show...)
		if cmd.format == "dve" {
			findings = dcrs.NewDVEWriter(out, kind)
		}
		each = findings.Write
	}
	report, err := validate(out, each)
	switch {
	case findings != nil:
		if flushed := findings.Flush(); err == nil {
			err = flushed // otherwise it is the same error again, or less to the point
		}
		if cmd.format == "dve" && err == nil && isTerminal(stderr) {
			fmt.Fprintf(stderr, "validate: %s\n", report.DVEStatus())
		}
	case cmd.compare == "" && !cmd.scorecard:
		err = errors.Join(err, cmd.writeReport(report, out))
	case err == nil:
		made, failure := make(out)
		if err = failure; err == nil {
			err = cmd.writeResult(made, out)
		}
	}
	return fit, err
}

// output is where the report goes. It replaces an earlier one when it is whole.
func (cmd *command) output(src *files.Source, stdout, stderr io.Writer) (io.Writer, func(err *error), error) {
	if cmd.out == "" || cmd.out == "-" {
		return stdout, func(*error) {}, nil
	}
	if err := errors.Join(src.Spares(cmd.out), files.Apart([]string{cmd.out}, append(cmd.reading.Paths(), cmd.compare))); err != nil {
		return nil, nil, fmt.Errorf("-o %w", err)
	}
	if other, err := os.Stat(cmd.out); err == nil && cmd.suggest && other.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("-o %s is there already, and somebody may have worked on it: name another file, or remove it", cmd.out)
	}
	who := files.Shared
	if len(cmd.show) > 0 {
		who = files.Private // it holds values
	}
	f, err := files.Create(cmd.out, who)
	if err != nil {
		return nil, nil, err
	}
	return f, func(err *error) {
		if name := f.EndPartial(err); name != "" {
			fmt.Fprintf(stderr, "validate: what was found until then is in %s; %s is as it was\n", name, cmd.out)
		}
	}, nil
}

// cancelled says in plain words that somebody pressed Ctrl-C.
func cancelled(err error) error {
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted")
	}
	return err
}

// hint says which flag would help, where one would. The report says what to do
// with the file; this is about the command.
func (cmd *command) hint(r *dcrs.Report, d *dcrs.Dictionary, stderr io.Writer) {
	rule := func(id string) dcrs.RuleReport {
		x, _ := r.Rule(id)
		return x
	}
	if rule("file/delimiter").Count > 0 && !cmd.reading.Detect {
		fmt.Fprintln(stderr, "validate: -delimiter auto finds out what stands between the cells")
		return
	}
	if x := rule("file/encoding"); x.Count > 0 && cmd.reading.Encoding == nil && len(x.Examples) > 0 && strings.Contains(x.Examples[0].Message, "as Windows-1252") {
		fmt.Fprintln(stderr, "validate: -encoding windows-1252 reads such bytes as letters and signs, if that is what they are")
	}
	if len(cmd.reading.Mappings) == 0 && (rule("file/missing-column").Errors > 0 || rule("file/unknown-column").Count > 3) {
		fmt.Fprintln(stderr, "validate: -suggest-mapping proposes which of the file's columns is which of ours")
		return
	}
	if cmd.reading.Formats {
		return
	}
	for f := range d.Fields() {
		if f.Type != dcrs.TypeDate && f.CodeList == "" {
			continue
		}
		if n := max(rule(f.Name+"/format").Count, rule(f.Name+"/code").Count); n > 1 && n*10 >= r.Records*9 {
			fmt.Fprintln(stderr, "validate: -formats reads dates, numbers and codes as whole columns show that they are written")
			return
		}
	}
}
