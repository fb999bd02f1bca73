package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// extract checks an extract of several files and returns the status.
func (cmd *command) extract(ctx context.Context, src *source, episodes *dcrs.Dictionary, stdout io.Writer) (status int, err error) {
	switch {
	case cmd.inspect || cmd.suggest || cmd.detect || cmd.encoding != nil || cmd.ofWorkbook():
		return failed, errors.New("-inspect, -suggest-mapping, -delimiter auto, -encoding, -sheet and -heading are for one file: name it, and not the folder or zip")
	case !slices.Contains([]string{"text", "json", "csv", "html"}, cmd.format) || cmd.compare != "" || cmd.scorecard:
		return failed, errors.New("of several files there is a report as text, json, csv or html; for the rest, name one file of the folder")
	}
	dictionaries := dcrs.ExtractDictionaries()
	dictionaries[0] = episodes
	options := cmd.options
	mappings := cmd.mapping
	if cmd.formats {
		if mappings, err = cmd.wholeColumns(ctx, src, dictionaries); err != nil {
			return failed, err
		}
	}
	for _, m := range mappings {
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

// wholeColumns looks at each of the files first, and adds to its mapping what
// every value of a column agrees on.
func (cmd *command) wholeColumns(ctx context.Context, src *source, dictionaries []*dcrs.Dictionary) ([]*dcrs.Mapping, error) {
	var out []*dcrs.Mapping
	looked := false
	for _, d := range dictionaries {
		var m *dcrs.Mapping
		if i := slices.IndexFunc(cmd.mapping, func(m *dcrs.Mapping) bool { return m.Kind == d.Kind() }); i >= 0 {
			m = cmd.mapping[i]
		}
		// What is not there or damaged is a finding of the validator.
		if in := cmd.part(src, d.Kind()+"s.csv"); in != nil {
			delimiter := cmd.delimiter
			if delimiter == 0 && (m == nil || m.Delimiter == "") {
				delimiter = ','
			}
			options := []dcrs.InspectOption{dcrs.InspectDelimiter(delimiter)}
			if m != nil {
				options = append(options, dcrs.InspectMapping(m))
			}
			looked = true
			seen, err := dcrs.Inspect(ctx, d, in, options...)
			_, damaged := errors.AsType[*dcrs.PackingError](err)
			_, tooLarge := errors.AsType[*dcrs.UnpackLimitError](err)
			switch {
			case err == nil:
				m = seen.Formats(m)
			case !damaged && !tooLarge:
				return nil, err
			}
		}
		if m != nil {
			out = append(out, m)
		}
	}
	if !looked {
		return nil, errors.New("-formats finds neither episodes.csv nor another file of an extract directly in " + cmd.file)
	}
	return out, nil
}

// part opens one of several files, nil where it cannot be opened.
func (cmd *command) part(src *source, name string) *dcrs.Input {
	if !src.info.IsDir() {
		in, err := dcrs.Open(src.file, src.info.Size(), dcrs.Entry(name))
		if several, ok := errors.AsType[*dcrs.EntryError](err); ok {
			for _, entry := range several.Names { // in a folder of its own, or in capitals
				if strings.EqualFold(path.Base(entry), name) {
					in, err = dcrs.Open(src.file, src.info.Size(), dcrs.Entry(entry))
				}
			}
		}
		if err != nil {
			return nil
		}
		return in
	}
	f, err := os.Open(filepath.Join(cmd.file, name))
	if err != nil {
		return nil
	}
	src.closers = append(src.closers, f)
	info, err := f.Stat()
	if err != nil {
		return nil
	}
	in, err := dcrs.Open(f, info.Size())
	if err != nil {
		return nil
	}
	return in
}
