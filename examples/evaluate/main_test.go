package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/examples/internal/synthetic"
	"github.com/healthtrainer/healthtrainer/hte"
)

var update = flag.Bool("update", false, "write sample.csv anew")

// now is a day on which the sample's period would be another, were it not drawn on a day of its own.
var now = time.Date(2026, 3, 31, 9, 0, 0, 0, time.UTC)

// The columns that every extract must have.
const header = "client_id,episode_id,service_code,referral_date\n"

type outcome struct {
	status         int
	stdout, stderr string
}

// evaluate runs the program in a fresh directory that holds the files.
func evaluate(ctx context.Context, t *testing.T, files map[string]string, args ...string) outcome {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	var stdout, stderr bytes.Buffer
	status := run(ctx, args, &stdout, &stderr, now)
	return outcome{status, stdout.String(), stderr.String()}
}

// filesHere lists what stands below the current directory, in the order of the names.
func filesHere(t *testing.T) []string {
	t.Helper()
	var names []string
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, filepath.ToSlash(path))
		}
		return err
	}))
	return names
}

func TestSampleIsWhatGenerateWrites(t *testing.T) {
	asOf, err := hte.ParseDate(sampleAsOf)
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, synthetic.Extract{Rows: 2000, Seed: 1, AsOf: asOf, Errors: 0.02}.Generate(t.Context(), &b, io.Discard))
	if *update {
		require.NoError(t, os.WriteFile("sample.csv", b.Bytes(), 0o644))
		t.Skip("written; run again without -update")
	}
	// Not assert.Equal, which would print a megabyte.
	require.True(t, bytes.Equal(sample, b.Bytes()), "go generate ./evaluate writes sample.csv anew")
}

func TestSample(t *testing.T) {
	got := evaluate(t.Context(), t, nil)
	require.Equal(t, written, got.status, got.stderr)
	assert.Empty(t, got.stderr)
	assert.Equal(t, []string{"evaluation/evaluation.html"}, filesHere(t), "one page and nothing else")
	for _, want := range []string{
		sampleNotice, "1 April 2023 to 31 March 2024 (financial year 2023/24)",
		filepath.Join("evaluation", "evaluation.html") + ": open it in a browser", "go run ./examples/evaluate FILE",
	} {
		assert.Contains(t, got.stdout, want)
	}
	page, err := os.ReadFile("evaluation/evaluation.html")
	require.NoError(t, err)
	for _, want := range []string{
		sampleNotice, "financial year 2023/24", "sample.csv", "31 December 2024", "edition 2026.1", "Regression to the mean",
		`id="chart-journey-chart"`, `id="chart-quintile-chart"`, `id="chart-plans-chart"`, `id="chart-change-chart"`, `id="chart-vodim-chart"`,
	} {
		assert.Contains(t, string(page), want)
	}
	assert.Less(t, len(page), 1<<20, "it goes by mail")

	first := page
	got = evaluate(t.Context(), t, nil, "-o", "elsewhere/deep")
	require.Equal(t, written, got.status, got.stderr)
	assert.Equal(t, []string{"elsewhere/deep/evaluation.html"}, filesHere(t))
	page, err = os.ReadFile("elsewhere/deep/evaluation.html")
	require.NoError(t, err)
	assert.True(t, bytes.Equal(first, page), "same extract, same page")
}

var (
	row  = regexp.MustCompile(`(?s)<tr class="(?:body|total|unknown)">.*?</tr>`)
	cell = regexp.MustCompile(`(?s)<td class="n">(.*?)</td>`)
	tags = regexp.MustCompile(`<[^>]*>`)
	// A count by itself: digits and commas.
	count = regexp.MustCompile(`^[\d,]+$`)
)

// counts are the cells of a page that are a count and nothing else, from the tables with these ids.
func counts(t *testing.T, page string, tables ...string) (out []string) {
	t.Helper()
	for _, id := range tables {
		_, rest, ok := strings.Cut(page, `<caption id="table-`+id+`">`)
		require.True(t, ok, "no table %s", id)
		table, _, _ := strings.Cut(rest, "</table>")
		for _, r := range row.FindAllString(table, -1) {
			for _, c := range cell.FindAllStringSubmatch(r, -1) {
				if text := strings.TrimSpace(tags.ReplaceAllString(c[1], "")); count.MatchString(text) {
					out = append(out, text)
				}
			}
		}
	}
	return out
}

// TestSmallNumbersDoNotLeak looks on the page for counts that the NHS rule hides or rounds, in tables and
// in the text of charts. That the sample has small ones is seen on the page without the rule.
func TestSmallNumbersDoNotLeak(t *testing.T) {
	tables := []string{"reach-gender", "reach-age", "reach-ethnic-group", "reach-quintile", "reach-setting", "reach-source", "stages", "reasons", "work-and-housing", "change-details"}
	n := regexp.MustCompile(`>n = ([^<]*)<`)
	look := func(args ...string) (cells, labels []string) {
		got := evaluate(t.Context(), t, nil, args...)
		require.Equal(t, written, got.status, got.stderr)
		page, err := os.ReadFile("evaluation/evaluation.html")
		require.NoError(t, err)
		assert.NotContains(t, string(page), "<!--", "a comment could hold anything")
		for _, m := range n.FindAllStringSubmatch(string(page), -1) {
			labels = append(labels, m[1])
		}
		return counts(t, string(page), tables...), labels
	}
	rounded := regexp.MustCompile(`^(\*|[\d,]*[1-9][\d,]*0|[\d,]*5)$`)

	cells, labels := look()
	require.Greater(t, len(cells), 80)
	require.Greater(t, len(labels), 20)
	for _, c := range append(cells, labels...) {
		assert.Regexp(t, rounded, c)
	}
	cells, labels = look("-suppress=false")
	assert.Subset(t, cells, []string{"1", "2", "3", "4"}, "there is something to hide")
	exact := 0
	for _, c := range labels {
		if !rounded.MatchString(c) {
			exact++
		}
	}
	assert.Positive(t, exact)
}

func TestFile(t *testing.T) {
	files := map[string]string{"mine.csv": header +
		"C1,E1,RX1,2025-05-01\n" + "C2,E2,RX1,2025-06-01\n" + "C3,E3,RX1,2024-06-01\n" + "C4,E4,RX1,31/12/2025\n"}
	for _, c := range []struct {
		why    string
		args   []string
		status int
		stdout []string
		page   []string
	}{
		{
			why: "today decides which financial year has ended, and this one has on its last day", args: []string{"mine.csv"},
			stdout: []string{"financial year 2025/26", "validate -as-of 2026-03-31 mine.csv"},
		},
		{
			why: "the as-of date stands for today", args: []string{"-as-of", "2025-12-31", "mine.csv"},
			stdout: []string{"financial year 2024/25", "validate -as-of 2025-12-31 mine.csv"},
		},
		{
			why: "a period of one's own, and flags behind the file", args: []string{"mine.csv", "-from", "2025-05-01", "-to", "2025-05-31"},
			stdout: []string{"1 May 2025 to 31 May 2025"},
		},
		{
			why: "a period with nothing in it has a page that says so", args: []string{"-from", "2020-01-01", "-to", "2020-12-31", "mine.csv"},
			stdout: []string{"nothing to evaluate", "open it in a browser"},
		},
		{
			why: "small numbers as they are, with a warning", args: []string{"-suppress=false", "mine.csv"},
			stdout: []string{"! Not for publication"}, page: []string{"Not for publication"},
		},
	} {
		t.Run(c.why, func(t *testing.T) {
			got := evaluate(t.Context(), t, files, c.args...)
			require.Equal(t, written, got.status, got.stderr)
			assert.Empty(t, got.stderr)
			for _, want := range c.stdout {
				assert.Contains(t, got.stdout, want)
			}
			assert.Equal(t, []string{"evaluation/evaluation.html", "mine.csv"}, filesHere(t))
			page, err := os.ReadFile("evaluation/evaluation.html")
			require.NoError(t, err)
			for _, want := range append(c.page, "mine.csv") {
				assert.Contains(t, string(page), want)
			}
			assert.NotContains(t, string(page)+got.stdout, "Made-up", "whether these data are made up, nobody knows here")
		})
	}
}

func TestNoPage(t *testing.T) {
	for _, c := range []struct {
		why    string
		files  map[string]string
		args   []string
		stderr []string
	}{
		{why: "two files", args: []string{"a.csv", "b.csv"}, stderr: []string{"one FILE; there are 2", "-h"}},
		{why: "standard input cannot be read three times", args: []string{"-"}, stderr: []string{"standard input"}},
		{why: "an empty name", args: []string{""}, stderr: []string{"FILE must be a file"}},
		{why: "an unknown flag", args: []string{"-sort"}, stderr: []string{"-sort", "-h"}},
		{why: "no date", args: []string{"-as-of", "31/03/2026"}, stderr: []string{"-as-of"}},
		{why: "a day that does not exist", args: []string{"-from", "2025-02-29"}, stderr: []string{"-from"}},
		{why: "a period that ends before it begins", args: []string{"-from", "2026-01-01", "-to", "2025-01-01"}, stderr: []string{"-from 2026-01-01 is after -to 2025-01-01"}},
		{why: "no directory", args: []string{"-o", ""}, stderr: []string{"-o takes a directory"}},
		{why: "no such file", args: []string{"none.csv"}, stderr: []string{"none.csv", "no such file"}},
		{why: "a directory", args: []string{"."}, stderr: []string{"not a regular file"}},
		{why: "an empty file", files: map[string]string{"x.csv": ""}, args: []string{"x.csv"}, stderr: []string{"x.csv cannot be read as an extract"}},
		{why: "a picture", files: map[string]string{"x.csv": "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01"}, args: []string{"x.csv"}, stderr: []string{"x.csv cannot be read as an extract"}},
		{why: "UTF-16", files: map[string]string{"x.csv": "\xff\xfec\x00l\x00i\x00"}, args: []string{"x.csv"}, stderr: []string{"cannot be read as an extract", "UTF-16"}},
		{why: "semicolons", files: map[string]string{"x.csv": strings.ReplaceAll(header+"C1,E1,RX1,2025-05-01\n", ",", ";")}, args: []string{"x.csv"}, stderr: []string{"cannot be read as an extract", "semicolon"}},
		{why: "another table", files: map[string]string{"x.csv": "a,b\n1,2\n"}, args: []string{"x.csv"}, stderr: []string{"x.csv is no extract", "none of its columns"}},
		{why: "a header alone", files: map[string]string{"x.csv": header}, args: []string{"x.csv"}, stderr: []string{"x.csv holds no records"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			got := evaluate(t.Context(), t, c.files, c.args...)
			assert.Equal(t, failed, got.status)
			assert.Empty(t, got.stdout)
			for _, want := range c.stderr {
				assert.Contains(t, got.stderr, want)
			}
			assert.Len(t, filesHere(t), len(c.files), "no page, and no part of one")
		})
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := evaluate(ctx, t, nil)
	assert.Equal(t, outcome{failed, "", "evaluate: interrupted; no page was written\n"}, got)
	assert.Empty(t, filesHere(t))
}

func TestHelp(t *testing.T) {
	got := evaluate(t.Context(), t, nil, "-h")
	assert.Equal(t, outcome{written, usage, ""}, got)
	assert.Empty(t, filesHere(t))
	for _, name := range []string{"-as-of", "-from", "-to", "-suppress", "-o"} {
		assert.Contains(t, usage, "  "+name)
	}
}

// TestUnwritable has a file where the directory should be, and a directory where the page should be.
func TestUnwritable(t *testing.T) {
	got := evaluate(t.Context(), t, map[string]string{"evaluation": "a file"})
	assert.Equal(t, failed, got.status)
	assert.Contains(t, got.stderr, "evaluation")
	assert.Empty(t, got.stdout)
	assert.Equal(t, []string{"evaluation"}, filesHere(t))

	require.NoError(t, os.MkdirAll("other/evaluation.html/full", 0o755))
	var stdout, stderr bytes.Buffer
	assert.Equal(t, failed, run(t.Context(), []string{"-o", "other"}, &stdout, &stderr, now))
	assert.Contains(t, stderr.String(), "evaluation.html")
	assert.Empty(t, stdout.String())
	assert.Equal(t, []string{"evaluation"}, filesHere(t), "what was begun is taken away again")
}

func TestWriteFileLeavesTheOldPage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "page.html")
	put := func(text string, err error) error {
		return writeFile(path, func(w io.Writer) error {
			_, _ = io.WriteString(w, text)
			return err
		})
	}
	require.NoError(t, put("the old page", nil))
	full := errors.New("the disk is full")
	require.ErrorIs(t, put("half of a", full), full)
	left, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "the old page", string(left))
	require.NoError(t, put("the new page", nil))
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, entries, 1, "no file that was begun is left")
}

// TestTerminalGone has a standard output that breaks; the page is there all the same.
func TestTerminalGone(t *testing.T) {
	t.Chdir(t.TempDir())
	var stderr bytes.Buffer
	status := run(t.Context(), nil, broken{}, &stderr, now)
	assert.Equal(t, written, status, "0 when the page was written")
	assert.Equal(t, []string{"evaluation/evaluation.html"}, filesHere(t))
	assert.Contains(t, stderr.String(), "broken pipe")
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func BenchmarkSample(b *testing.B) {
	b.Chdir(b.TempDir())
	b.SetBytes(int64(len(sample)))
	b.ReportAllocs()
	for b.Loop() {
		if run(b.Context(), nil, io.Discard, io.Discard, now) != written {
			b.Fatal("no page")
		}
	}
}
