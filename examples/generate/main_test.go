package main

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWritesTheExtractAndTheKey(t *testing.T) {
	dir := t.TempDir()
	out, key := filepath.Join(dir, "extract.csv"), filepath.Join(dir, "key.csv")
	var stdout, stderr bytes.Buffer
	args := []string{"-rows", "500", "-errors", "0.1"}
	if status := run(t.Context(), append(args, "-o", out, "-key", key), &stdout, &stderr); status != 0 {
		t.Fatalf("status %d: %s", status, &stderr)
	}
	if stdout.Len() > 0 {
		t.Error("with -o, standard output is not empty")
	}
	if s := stderr.String(); !strings.Contains(s, "500 synthetic episodes as of 2024-12-31") || strings.Count(s, "\n") != 1 {
		t.Errorf("standard error says %q, want a line on what was written", s)
	}
	inFile := read(t, out)
	if n := bytes.Count(inFile, []byte("\n")); n != 501 {
		t.Errorf("the extract has %d lines, want 501", n)
	}
	answers := read(t, key)
	if !bytes.HasPrefix(answers, []byte("record,field,rule\n")) || bytes.Count(answers, []byte("\n")) < 51 {
		t.Errorf("the key is\n%s", answers)
	}

	stderr.Reset()
	if status := run(t.Context(), args, &stdout, &stderr); status != 0 {
		t.Fatalf("status %d: %s", status, &stderr)
	}
	if !bytes.Equal(stdout.Bytes(), inFile) {
		t.Error("standard output gets another extract than a file")
	}
	if stderr.Len() > 0 {
		t.Errorf("standard error says %q, want nothing", &stderr)
	}
}

// Several files go into a folder or a zip, and are the same in both.
func TestWritesSeveralFiles(t *testing.T) {
	base := t.TempDir()
	dir, archive, key := filepath.Join(base, "new", "extract"), filepath.Join(base, "extract.zip"), filepath.Join(base, "key.csv")
	var stdout, stderr bytes.Buffer
	args := []string{"-rows", "300", "-errors", "0.2"}
	for _, more := range [][]string{{"-dir", dir, "-key", key}, {"-zip", archive}} {
		if status := run(t.Context(), append(args, more...), &stdout, &stderr); status != 0 || stdout.Len() > 0 {
			t.Fatalf("status %d: %s", status, &stderr)
		}
	}
	if answers := read(t, key); !bytes.HasPrefix(answers, []byte("file,record,field,rule\n")) || bytes.Count(answers, []byte("\n")) < 61 {
		t.Errorf("the key is\n%s", answers)
	}
	z, err := zip.OpenReader(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	if len(z.File) != 6 {
		t.Errorf("the zip has %d files, want 6", len(z.File))
	}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(text, read(t, filepath.Join(dir, f.Name))) {
			t.Errorf("%s is another in the zip than in the folder", f.Name)
		}
	}
	if status := run(t.Context(), []string{"-dir", dir, "-zip", archive}, &stdout, &stderr); status != 2 {
		t.Error("a folder and a zip at once are accepted")
	}
	if status := run(t.Context(), []string{"-dir", key}, &stdout, &stderr); status != 2 {
		t.Error("a folder that is a file is accepted")
	}
}

func TestDefaults(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), nil, &stdout, &stderr); status != 0 {
		t.Fatalf("status %d: %s", status, &stderr)
	}
	if n := bytes.Count(stdout.Bytes(), []byte("\n")); n != 2001 {
		t.Errorf("%d lines, want 2,000 rows and a heading", n)
	}
}

func TestStatus(t *testing.T) {
	dir := t.TempDir()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		ctx    context.Context
		args   []string
		status int
		says   string
		reason string
	}{
		{t.Context(), []string{"-h"}, 0, "generate -rows 20000", "help shows an example"},
		{t.Context(), []string{"-colour"}, 2, "-colour", "no such flag"},
		{t.Context(), []string{"extract.csv"}, 2, `unexpected argument "extract.csv"`, "the file to write needs -o"},
		{t.Context(), []string{"-as-of", "31/12/2024"}, 2, "as-of", "a date is yyyy-mm-dd"},
		{t.Context(), []string{"-as-of", ""}, 2, "-as-of needs a date", "no date"},
		{t.Context(), []string{"-as-of", "1999-01-01"}, 2, "AsOf must be", "before the programme"},
		{t.Context(), []string{"-errors", "2"}, 2, "Errors must be", "2 per cent is 0.02"},
		{t.Context(), []string{"-rows", "-1"}, 2, "Rows must be", "fewer than none"},
		{t.Context(), []string{"-o", filepath.Join(dir, "no", "such", "folder.csv")}, 2, "no such", "cannot be created"},
		{t.Context(), []string{"-key", filepath.Join(dir, "no", "such", "folder.csv")}, 2, "no such", "nor the key"},
		{t.Context(), []string{"-key", "a.csv", "-o", "a.csv"}, 2, "the same file", "one would overwrite the other"},
		{cancelled, []string{"-o", filepath.Join(dir, "x.csv")}, 2, "canceled", "interrupted"},
	} {
		var stdout, stderr bytes.Buffer
		if got := run(c.ctx, c.args, &stdout, &stderr); got != c.status {
			t.Errorf("%s: status %d, want %d", c.reason, got, c.status)
		}
		if !strings.Contains(stderr.String(), c.says) {
			t.Errorf("%s: standard error says %q, want %q in it", c.reason, &stderr, c.says)
		}
		if stdout.Len() > 0 {
			t.Errorf("%s: standard output is not empty", c.reason)
		}
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
