package main

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/examples/internal/files"
)

// extract checks an extract of several files and returns the status.
func (cmd *command) extract(ctx context.Context, src *files.Source, stdout, stderr io.Writer) (status int, err error) {
	switch {
	case cmd.inspect || cmd.suggest:
		return failed, errors.New("-inspect and -suggest-mapping are for one file: name it, and not the folder or zip")
	case !slices.Contains([]string{"text", "json", "csv", "html"}, cmd.format) || cmd.compare != "" || cmd.scorecard:
		return failed, errors.New("of several files there is a report as text, json, csv or html; for the rest, name one file of the folder")
	}
	options := cmd.options
	if cmd.reading.Delimiter != 0 {
		options = append(options, dcrs.Delimiter(cmd.reading.Delimiter))
	}
	mappings, err := cmd.reading.Settled(ctx, src)
	if err != nil {
		return failed, err
	}
	for _, m := range mappings {
		options = append(options, dcrs.Mapped(m))
	}
	x, err := dcrs.NewExtractValidator(cmd.reading.Dictionaries(), cmd.asOf, options...)
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
	var findings *dcrs.FindingWriter
	var each func(dcrs.Finding) error
	if cmd.format == "csv" {
		findings = dcrs.NewFindingWriter(out, cmd.show...)
		each = findings.Write
	}
	report, err := src.Validate(ctx, x, each)
	written := error(nil)
	switch cmd.format {
	case "csv":
		written = findings.Flush()
	case "json":
		written = report.WriteJSON(out)
	case "html":
		written = report.WriteHTML(out)
	default:
		written = report.WriteText(out, dcrs.Colour(wantsColour(out)))
	}
	if err == nil {
		err = written
	}
	switch {
	case err != nil:
		return failed, err
	case report.Worst() == dcrs.Error:
		return unfit, nil
	}
	return verdict(report.Files...), nil
}
