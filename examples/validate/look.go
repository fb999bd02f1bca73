package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/examples/internal/files"
)

// look shows how a file is written, or proposes a mapping of it. It judges nothing.
func (cmd *command) look(ctx context.Context, src *files.Source, stdout, stderr io.Writer) (status int, err error) {
	in, d, m, err := cmd.reading.Look(src)
	if err != nil {
		return failed, err
	}
	options := []dcrs.InspectOption{dcrs.InspectDelimiter(cmd.reading.Delimiter)}
	if m != nil {
		options = append(options, dcrs.InspectMapping(m))
	}
	seen, err := dcrs.Inspect(ctx, d, in, options...)
	if err != nil {
		return failed, err
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
	status = fit
	if seen.Unread != "" {
		status = unfit
	}
	if seen.Windows1252 && cmd.reading.Encoding == nil {
		fmt.Fprintln(stderr, "validate: some bytes are not UTF-8; if they are letters and signs of Windows, add -encoding windows-1252")
	}
	if cmd.inspect {
		if cmd.format == "json" {
			enc := json.NewEncoder(out)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			return status, enc.Encode(seen)
		}
		return status, seen.WriteText(out)
	}
	if seen.Unread != "" {
		fmt.Fprintf(stderr, "validate: %s cannot be read as a table: %s\n", src.Name, seen.Unread)
		return status, nil
	}
	proposal := seen.Suggest()
	if cmd.out == "" {
		if cmd.format == "json" {
			return status, proposal.WriteJSON(out, cmd.sure)
		}
		if err := proposal.WriteText(out); err != nil {
			return status, err
		}
		fmt.Fprintln(stderr, "validate: nothing was written: -o mapping.json writes it, to be looked through and changed")
		return status, nil
	}
	mapping := proposal.Mapping(cmd.sure)
	if err := errors.Join(proposal.WriteText(stdout), mapping.WriteJSON(out)); err != nil {
		return status, err
	}
	fmt.Fprintf(stderr, "validate: %s holds %d of %d columns. Look through it, then: validate -mapping %s %s\n",
		cmd.out, len(mapping.Columns), len(proposal.Lines), cmd.out, cmd.file)
	return status, nil
}
