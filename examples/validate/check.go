package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// check checks one table and returns the status. After an error the report of what
// was found until then is written all the same.
func (cmd *command) check(ctx context.Context, src *source, d *dcrs.Dictionary, before *dcrs.Report, stdout, stderr io.Writer) (status int, err error) {
	in, mapping, err := cmd.settleFormats(ctx, src, d, stderr)
	if err != nil {
		return failed, err
	}
	options := cmd.options
	if mapping != nil {
		options = append(options, dcrs.Mapped(mapping))
	}
	text, delimiter, err := cmd.text(in, d, mapping, stderr)
	if err != nil {
		return failed, err
	}
	if delimiter != 0 {
		options = append(options, dcrs.Delimiter(delimiter))
	}
	v, err := dcrs.NewValidator(d, cmd.asOf, options...)
	if err != nil {
		return failed, usageError{err}
	}
	out, done, err := cmd.output(src, stdout)
	if err != nil {
		return failed, err
	}
	defer func() {
		if err = errors.Join(err, done()); err != nil {
			status = failed
		}
	}()

	meter := &progress{to: stderr, of: src.size}
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
	report, err := v.Validate(ctx, src.name, text, each)
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

// output is where the report goes.
func (cmd *command) output(src *source, stdout io.Writer) (io.Writer, func() error, error) {
	if cmd.out == "" {
		return stdout, func() error { return nil }, nil
	}
	if other, err := os.Stat(cmd.out); err == nil {
		if src.info != nil && os.SameFile(src.info, other) {
			return nil, nil, fmt.Errorf("-o %s is the extract itself", cmd.out)
		}
		if folder, err := os.Stat(filepath.Dir(cmd.out)); err == nil && src.info != nil && os.SameFile(src.info, folder) && isTable(cmd.out) {
			return nil, nil, fmt.Errorf("-o %s is a file of the extract itself", cmd.out)
		}
		for _, name := range append([]string{cmd.compare}, cmd.mappings...) {
			if read, err := os.Stat(name); err == nil && os.SameFile(read, other) {
				return nil, nil, fmt.Errorf("-o %s would overwrite what is read", cmd.out)
			}
		}
		if cmd.suggest && other.Mode().IsRegular() {
			return nil, nil, fmt.Errorf("-o %s is there already, and somebody may have worked on it: name another file, or remove it", cmd.out)
		}
	}
	f, err := os.Create(cmd.out)
	if err != nil {
		return nil, nil, err
	}
	return f, f.Close, nil
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
	if rule("file/delimiter").Count > 0 && !cmd.detect {
		fmt.Fprintln(stderr, "validate: -delimiter auto finds out what stands between the cells")
		return
	}
	if x := rule("file/encoding"); x.Count > 0 && cmd.encoding == nil && len(x.Examples) > 0 && strings.Contains(x.Examples[0].Message, "as Windows-1252") {
		fmt.Fprintln(stderr, "validate: -encoding windows-1252 reads such bytes as letters and signs, if that is what they are")
	}
	if len(cmd.mapping) == 0 && (rule("file/missing-column").Errors > 0 || rule("file/unknown-column").Count > 3) {
		fmt.Fprintln(stderr, "validate: -suggest-mapping proposes which of the file's columns is which of ours")
		return
	}
	if cmd.formats {
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
