package main

import (
	"context"
	"errors"
	"io"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/examples/internal/files"
)

// extract checks an extract of several files and returns the status.
func (cmd *command) extract(ctx context.Context, src *files.Source, stdout, stderr io.Writer) (int, error) {
	if cmd.inspect || cmd.suggest {
		return failed, errors.New("-inspect and -suggest-mapping are for one file: name it, and not the folder or zip")
	}
	before, err := earlier(cmd, "of one file, and these are several", dcrs.ReadExtractReport, dcrs.ReadReport)
	if err != nil {
		return failed, err
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
	dictionaries := cmd.reading.Dictionaries()
	x, err := dcrs.NewExtractValidator(dictionaries, cmd.asOf, options...)
	if err != nil {
		return failed, usageError{err}
	}
	var report *dcrs.ExtractReport
	status, err := cmd.write(src, stdout, stderr, dcrs.ExtractRules().Kind(), func(_ io.Writer, each func(dcrs.Finding) error) (_ checked, err error) {
		report, err = src.Validate(ctx, x, each)
		return report, err
	}, func(out io.Writer) (result, error) {
		if before != nil {
			c, err := dcrs.CompareExtracts(before, report)
			return c, err
		}
		cards, err := dcrs.NewExtractScorecards(report, dictionaries)
		if err != nil || cmd.only == "" {
			return cards, err
		}
		one, ok := cards.Only(cmd.only)
		return one, cmd.found(ok)
	})
	switch {
	case err != nil:
		return failed, err
	case report.Worst() == dcrs.Error:
		return unfit, nil
	case status == fit:
		status = verdict(report.Files...)
	}
	return status, nil
}
