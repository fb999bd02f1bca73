package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/healthtrainer/healthtrainer/dcrs/schema"
)

func TestRun(t *testing.T) {
	for _, c := range []struct {
		why    string
		args   []string
		status int
		stdout []string // each stands in it
		stderr []string
	}{
		{"the page", []string{"-format", "markdown"}, 0, []string{"# Data dictionary", "library's own", "`weight_kg_pre`"}, nil},
		{"the web page", []string{"-format", "html"}, 0, []string{"<!DOCTYPE html>", "weight_kg_pre"}, nil},
		{"Frictionless", []string{"-format", "table-schema"}, 0, []string{`"missingValues"`}, nil},
		{"Frictionless, whole", []string{"-format", "data-package"}, 0, []string{`"tabular-data-package"`}, nil},
		{"CSVW", []string{"-format", "csvw"}, 0, []string{`"http://www.w3.org/ns/csvw"`}, nil},
		{"JSON Schema", []string{"-format", "json-schema"}, 0, []string{"2020-12"}, nil},
		{"PostgreSQL", []string{"-format", "postgresql"}, 0, []string{"CREATE TABLE", "numeric"}, nil},
		{"DuckDB", []string{"-format", "duckdb"}, 0, []string{"CREATE TABLE", "DOUBLE"}, nil},
		{"the empty extract", []string{"-format", "csv"}, 0, []string{"client_id,episode_id"}, nil},
		{"the workbook", []string{"-format", "xlsx"}, 0, []string{"PK"}, nil},
		{"one table", []string{"-format", "csv", "-table", "needs"}, 0, []string{"episode_id,need"}, nil},
		{"all tables where a form holds them", []string{"-format", "duckdb"}, 0, []string{`CREATE TABLE "episodes"`, `CREATE TABLE "measures"`, "FOREIGN KEY"}, nil},
		{"a table that is none", []string{"-format", "csv", "-table", "clients"}, 2, nil, []string{`no table "clients"`}},
		{"help", []string{"-h"}, 0, []string{"Usage: dictionary", "json-schema", "xlsx"}, nil},
		{"no format", nil, 2, nil, []string{"-format is one of markdown", "dictionary -h"}},
		{"a format that is none", []string{"-format", "pdf"}, 2, nil, []string{`not "pdf"`}},
		{"a flag that is none", []string{"-x"}, 2, nil, []string{"-x"}},
		{"an argument", []string{"-format", "csv", "episodes"}, 2, nil, []string{`no argument "episodes"`}},
		{"a folder that is not there", []string{"-format", "csv", "-o", "none/x.csv"}, 2, nil, []string{"none"}},
	} {
		t.Chdir(t.TempDir())
		var stdout, stderr bytes.Buffer
		if status := run(c.args, &stdout, &stderr); status != c.status {
			t.Errorf("%s: status %d, not %d: %s", c.why, status, c.status, stderr.String())
		}
		for _, s := range c.stdout {
			if !strings.Contains(stdout.String(), s) {
				t.Errorf("%s: stdout lacks %q", c.why, s)
			}
		}
		for _, s := range c.stderr {
			if !strings.Contains(stderr.String(), s) {
				t.Errorf("%s: stderr lacks %q: %s", c.why, s, stderr.String())
			}
		}
		if (c.stdout == nil) != (stdout.Len() == 0) || (c.stderr == nil) != (stderr.Len() == 0) {
			t.Errorf("%s: stdout %d bytes, stderr %q", c.why, stdout.Len(), stderr.String())
		}
	}
}

// A file holds what standard output would have held, and a failure leaves the
// file that was there.
func TestFile(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "row.schema.json")
	var stdout, stderr bytes.Buffer
	if status := run([]string{"-format", "json-schema", "-o", out}, &stdout, &stderr); status != 0 || stdout.Len() > 0 {
		t.Fatalf("status %d, %d bytes: %s", status, stdout.Len(), stderr.String())
	}
	written, err := os.ReadFile(out)
	if err != nil || !json.Valid(written) {
		t.Fatal(err)
	}
	full := errors.New("full")
	err = write(form{write: func(w io.Writer, _ ...schema.Table) error {
		_, _ = io.WriteString(w, "half")
		return full
	}}, nil, out, io.Discard)
	if !errors.Is(err, full) {
		t.Errorf("the error is %v", err)
	}
	again, err := os.ReadFile(out)
	if err != nil || !bytes.Equal(written, again) {
		t.Error("the file that was there is spoilt")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%d files are left", len(entries))
	}
}
