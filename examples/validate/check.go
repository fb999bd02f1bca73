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

// check checks one table and returns the status. After an error the report of what
// was found until then is written all the same.
func (cmd *command) check(ctx context.Context, src *files.Source, t *files.Table, before *dcrs.Report, stdout, stderr io.Writer) (status int, err error) {
	d := t.Dictionary
	v, err := dcrs.NewValidator(d, cmd.asOf, append(cmd.options, t.Options()...)...)
	if err != nil {
		return failed, usageError{err}
	}
	out, done, err := cmd.output(src, stdout, stderr)
	if err != nil {
		return failed, err
	}
	defer func() {
		if done(&err); err != nil {
			status = failed
		}
	}()

	text := io.Reader(t)
	meter := &progress{to: stderr, of: src.Size}
	streamed := !cmd.scorecard && (cmd.format == "csv" || cmd.format == "dve")
	if isTerminal(stderr) && !(streamed && isTerminal(out)) {
		text = meter.watch(text)
	}
	var findings interface {
		Write(dcrs.Finding) error
		Flush() error
	}
	var each func(dcrs.Finding) error
	if streamed {
		findings = dcrs.NewFindingWriter(out, cmd.show...)
		if cmd.format == "dve" {
			findings = dcrs.NewDVEWriter(out, d.Kind())
		}
		each = findings.Write
	}
	report, err := v.Validate(ctx, src.Name, text, each)
	meter.stop()
	if streamed {
		if flushed := findings.Flush(); err == nil {
			err = flushed // otherwise it is the same error again, or less to the point
		}
		if cmd.format == "dve" && err == nil && isTerminal(stderr) {
			fmt.Fprintf(stderr, "validate: %s\n", report.DVEStatus())
		}
	} else {
		err = errors.Join(err, cmd.writeReport(report, before, d, out))
	}
	if err != nil {
		if report.Truncated {
			err = fmt.Errorf("%w\nvalidate: the report covers only what was read until then (records: %d)", cancelled(err), report.Records)
		}
		return failed, err
	}
	if cmd.format == "text" {
		cmd.hint(report, d, stderr)
	}
	return verdict(report), nil
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
