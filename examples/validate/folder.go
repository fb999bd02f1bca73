package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// severalFiles reports whether the command names an extract of several files: a
// folder, or a file called .zip.
func (cmd *command) severalFiles() bool {
	if strings.EqualFold(filepath.Ext(cmd.file), ".zip") {
		return true
	}
	info, err := os.Stat(cmd.file)
	return err == nil && info.IsDir()
}

// extract checks an extract of several files and returns the status.
func (cmd *command) extract(ctx context.Context, stdout io.Writer) (status int, err error) {
	if formats := []string{"text", "json", "csv", "html"}; !slices.Contains(formats, cmd.format) || cmd.compare != "" || cmd.scorecard {
		return failed, errors.New("of several files there is a report as text, json, csv or html")
	}
	x, err := dcrs.NewExtractValidator(dcrs.ExtractDictionaries(), cmd.asOf, cmd.options...)
	if err != nil {
		return failed, err
	}
	f, err := os.Open(cmd.file)
	if err != nil {
		return failed, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return failed, err
	}
	out := stdout
	if cmd.out != "" {
		if other, err := os.Stat(cmd.out); err == nil && os.SameFile(info, other) {
			return failed, fmt.Errorf("-o %s is the extract itself", cmd.out)
		}
		w, createErr := os.Create(cmd.out)
		if createErr != nil {
			return failed, createErr
		}
		defer func() {
			if closed := w.Close(); err == nil && closed != nil {
				status, err = failed, closed
			}
		}()
		out = w
	}
	var findings *dcrs.FindingWriter
	var each func(dcrs.Finding) error
	if cmd.format == "csv" {
		findings = dcrs.NewFindingWriter(out, cmd.show...)
		each = findings.Write
	}
	name := filepath.Base(cmd.file)
	var report *dcrs.ExtractReport
	if info.IsDir() {
		report, err = x.Validate(ctx, name, os.DirFS(cmd.file), each)
	} else {
		report, err = x.ValidateZip(ctx, name, f, info.Size(), each)
	}
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
	case report.Worst() == dcrs.Error || slices.ContainsFunc(report.Files, func(f *dcrs.Report) bool { return f.Unread != "" }):
		return unfit, nil
	}
	return fit, nil
}
