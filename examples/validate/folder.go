package main

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// extract checks an extract of several files and returns the status.
func (cmd *command) extract(ctx context.Context, src *source, episodes *dcrs.Dictionary, stdout io.Writer) (status int, err error) {
	switch {
	case cmd.inspect || cmd.suggest || cmd.formats || cmd.detect || cmd.encoding != nil || cmd.ofWorkbook():
		return failed, errors.New("-inspect, -suggest-mapping, -formats, -delimiter auto, -encoding, -sheet and -heading are for one file: name it, and not the folder or zip")
	case !slices.Contains([]string{"text", "json", "csv", "html"}, cmd.format) || cmd.compare != "" || cmd.scorecard:
		return failed, errors.New("of several files there is a report as text, json, csv or html; for the rest, name one file of the folder")
	}
	dictionaries := dcrs.ExtractDictionaries()
	dictionaries[0] = episodes
	options := cmd.options
	for _, m := range cmd.mapping {
		options = append(options, dcrs.Mapped(m))
	}
	x, err := dcrs.NewExtractValidator(dictionaries, cmd.asOf, options...)
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
	var findings *dcrs.FindingWriter
	var each func(dcrs.Finding) error
	if cmd.format == "csv" {
		findings = dcrs.NewFindingWriter(out, cmd.show...)
		each = findings.Write
	}
	report, err := src.files(ctx, x, each)
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
