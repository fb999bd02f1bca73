package dcrs

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// nasty says of every file of testdata/nasty, which were written for this test,
// how many records it has and what is to be found, file by file: the number of
// findings of each rule, blank fields, missing columns and unknown columns left
// out. The long line of one is beyond the limit of 4 kB that the test sets.
var nasty = map[string]string{
	"empty.csv":                         "0 file/empty:1",
	"blank-lines-only.csv":              "0 file/empty:1",
	"header-only.csv":                   "0",
	"header-without-line-end.csv":       "0",
	"bom-crlf-no-last-line-end.csv":     "2",
	"mixed-line-ends.csv":               "3",
	"lone-returns.csv":                  "0 file/not-text:1",
	"quotes-in-header.csv":              "1",
	"newline-in-heading.csv":            "1",
	"cells-of-several-lines.csv":        "3",
	"stray-quote.csv":                   "3 file/quote:2",
	"quote-swallows-rows.csv":           "4 file/quote:2", // the one that opens, and the one that then stands alone
	"text-behind-a-quote.csv":           "2 file/quote:1",
	"too-many-and-too-few.csv":          "4 file/row-length:2",
	"last-column-empty.csv":             "2",
	"repeated-headings.csv":             "1 file/repeated-column:2",
	"nul-bytes.csv":                     "39 client_id/format:1 episode_id/format:1 file/control-character:2",
	"windows-1252.csv":                  "2 file/encoding:1",
	"broken-utf-8.csv":                  "2 episode_id/format:1 file/encoding:1",
	"utf-16.csv":                        "0 file/encoding:1",
	"semicolons.csv":                    "0 file/delimiter:1",
	"no-header.csv":                     "1",
	"spaces-everywhere.csv":             "2",
	"no-break-spaces.csv":               "2 client_id/format:2",
	"formulas.csv":                      "2 client_id/format:2 episode_id/format:1",
	"only-delimiters.csv":               "2",
	"ends-in-the-middle-of-a-quote.csv": "2 file/quote:1",
	"return-before-quote.csv":           "2 episode_id/format:1 file/control-character:1 file/quote:1",
	"one-long-line.csv":                 "2 file/record-too-long:1",
	"zip.csv":                           "0 file/not-text:1",
	"binary.csv":                        "0 file/not-text:1",
	"same-client-twice.csv":             "3 episode/duplicate:2",
}

func summary(t *testing.T, report *Report) string {
	t.Helper()
	out := []string{fmt.Sprint(report.Records)}
	for _, r := range report.Rules {
		if r.Count == 0 || strings.HasSuffix(r.Rule, "/blank") || r.Rule == "file/missing-column" || r.Rule == "file/unknown-column" {
			continue
		}
		out = append(out, fmt.Sprintf("%s:%d", r.Rule, r.Count))
	}
	slices.Sort(out[1:])
	return strings.Join(out, " ")
}

func TestNastyFiles(t *testing.T) {
	entries, err := os.ReadDir(filepath.Join("testdata", "nasty"))
	require.NoError(t, err)
	require.Len(t, entries, len(nasty))
	for _, e := range entries {
		t.Run(e.Name(), func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", "nasty", e.Name()))
			require.NoError(t, err)
			want, ok := nasty[e.Name()]
			require.True(t, ok)
			var first []Finding
			for n, batch := range []int{1, 5, 64, batchSize} {
				v := extractValidator(t, RecordLimit(4<<10), smallBatches(batch), Workers(1+n))
				report, findings := validateAll(t, v, iotest.OneByteReader(bytes.NewReader(data)))
				require.Equal(t, want, summary(t, report))
				if n == 0 {
					first = findings
				}
				require.Equal(t, first, findings, "batches of %d bytes", batch)
				for _, f := range findings {
					require.LessOrEqual(t, f.Offset, int64(len(data)), f.Rule)
				}
			}
		})
	}
}

// What a file says does not hang on its line ends, on a byte order mark, or on
// how many bytes the reader gives at a time; only where a cell stands does.
func TestLineEndsSayNothing(t *testing.T) {
	lf := string(spoiltExtract(400, 7))
	v := extractValidator(t, smallBatches(1<<12), Workers(2))
	want, wantReport := withoutOffsets(t, v, lf)
	require.NotEmpty(t, want)
	for why, text := range map[string]string{
		"CRLF":                      strings.ReplaceAll(lf, "\n", "\r\n"),
		"a byte order mark":         "\ufeff" + lf,
		"both":                      "\ufeff" + strings.ReplaceAll(lf, "\n", "\r\n"),
		"no line end at the end":    strings.TrimSuffix(lf, "\n"),
		"every cell between quotes": withQuotes(lf, ','),
	} {
		got, report := withoutOffsets(t, v, text)
		require.Equal(t, want, got, why)
		require.Equal(t, wantReport, report, why)
	}
}

// The order of the rows decides where findings stand and nothing else.
func TestOrderOfRowsSaysNothing(t *testing.T) {
	lines := strings.SplitAfter(strings.TrimSuffix(string(spoiltExtract(500, 5)), "\n"), "\n")
	lines[len(lines)-1] += "\n"
	header, rows := lines[0], lines[1:]
	for i := range 40 { // episodes seen twice, and clients with other genders
		rows = append(rows, rows[3*i])
		rows = append(rows, strings.Replace(rows[3*i+1], ",1,", ",2,", 1))
	}
	counts := func() map[string]string {
		v := extractValidator(t, smallBatches(1<<12), Workers(2))
		report, err := v.Validate(context.Background(), "x.csv", strings.NewReader(header+strings.Join(rows, "")), nil)
		require.NoError(t, err)
		out := make(map[string]string)
		for _, r := range report.Rules {
			out[r.Rule] = fmt.Sprint(r.Errors, r.Warnings, r.Infos, r.Checked, r.NotApplicable)
		}
		for _, f := range report.Fields {
			out[f.Field] = fmt.Sprint(f)
		}
		return out
	}
	want := counts()
	rng := rand.New(rand.NewPCG(4, 4))
	for range 5 {
		rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		require.Equal(t, want, counts())
	}
}

// However a context is cancelled while a file is read, a slow reader is not asked
// again and nothing more is handed over.
func TestCancelledWhileReading(t *testing.T) {
	data := spoiltExtract(3000, 3)
	for _, workers := range []int{1, 3} {
		for _, after := range []int{1, 2, 50, 100_000} { // reads; the last is the end of the file
			ctx, cancel := context.WithCancel(t.Context())
			reads, rest := 0, data
			late := 0
			v := extractValidator(t, Workers(workers), smallBatches(1<<12))
			_, err := v.Validate(ctx, "x.csv", readerFunc(func(p []byte) (int, error) {
				require.NoError(t, ctx.Err(), "a reader is not asked once the context is cancelled")
				n := copy(p[:min(len(p), 1<<13)], rest)
				rest = rest[n:]
				if reads++; reads == after || len(rest) == 0 {
					cancel()
				}
				return n, nil
			}), func(Finding) error {
				if ctx.Err() != nil {
					late++
				}
				return nil
			})
			require.ErrorIs(t, err, context.Canceled)
			require.LessOrEqual(t, late, 1<<12, "at most the batch that was being handed over")
			cancel()
		}
	}
}
