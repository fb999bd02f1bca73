package dcrs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// validateAll returns the report and every finding.
func validateAll(t testing.TB, v *Validator, r io.Reader) (*Report, []Finding) {
	t.Helper()
	var findings []Finding
	report, err := v.Validate(context.Background(), "x.csv", r, func(f Finding) error {
		findings = append(findings, f)
		return nil
	})
	require.NoError(t, err)
	return report, findings
}

// only leaves the findings of some rules.
func only(findings []Finding, rules ...string) (out []Finding) {
	for _, f := range findings {
		for _, rule := range rules {
			if f.Rule == rule {
				out = append(out, f)
			}
		}
	}
	return out
}

func utf16Bytes(text string, bigEndian, mark bool) []byte {
	var b []byte
	if mark {
		text = "\ufeff" + text
	}
	for _, u := range utf16.Encode([]rune(text)) {
		if bigEndian {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return b
}

func randomBytes(n int) []byte {
	rng := rand.New(rand.NewPCG(3, 4))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
	return b
}

// TestUnreadableFiles: one finding says why no row can be read.
func TestUnreadableFiles(t *testing.T) {
	good := string(cleanExtract(3))
	for _, tc := range []struct {
		why     string
		data    []byte
		rule    string
		says    string
		options []Option
	}{
		{"an empty file", nil, "file/empty", "", nil},
		{"only a byte order mark", []byte("\ufeff"), "file/empty", "", nil},
		{"only blank lines", []byte("\n\r\n\n"), "file/empty", "", nil},
		{"a byte order mark and blank lines", []byte("\ufeff\r\n\r\n"), "file/empty", "", nil},
		{"a megabyte of blank lines", bytes.Repeat([]byte("\n"), 1<<20), "file/empty", "", nil},
		{"only spaces", []byte("   \n  "), "file/empty", "", nil},
		{"semicolons for commas", []byte(strings.ReplaceAll(good, ",", ";")), "file/delimiter", "a comma gives one column, a semicolon gives 102", nil},
		{"tabs for commas", []byte(strings.ReplaceAll(good, ",", "\t")), "file/delimiter", "a comma gives one column, a tab gives 102", nil},
		{"vertical bars for commas", []byte(strings.ReplaceAll(good, ",", "|")), "file/delimiter", "a vertical bar gives 102", nil},
		{"commas for semicolons", []byte(good), "file/delimiter", "a semicolon gives one column, a comma gives 102", []Option{Delimiter(';')}},
		{"two delimiters could be meant: the one with more columns", []byte("Client|Episode; or|Gender\n1|2|3\n"), "file/delimiter", "a vertical bar gives 3", nil},
		{"quoted headings with another delimiter", []byte("\"client_id\";\"episode_id\"\n"), "file/delimiter", "a semicolon gives 2", nil},
		{"UTF-16, little end first, with a mark", utf16Bytes(good, false, true), "file/encoding", "UTF-16", nil},
		{"UTF-16, big end first, with a mark", utf16Bytes(good, true, true), "file/encoding", "UTF-16", nil},
		{"UTF-16, little end first, without a mark", utf16Bytes(good, false, false), "file/not-text", "UTF-16", nil},
		{"UTF-16, big end first, without a mark", utf16Bytes(good, true, false), "file/not-text", "UTF-16", nil},
		{"random bytes", randomBytes(100_000), "file/not-text", "binary", nil},
		{"few random bytes", randomBytes(300), "file/not-text", "binary", nil},
		{"zeros", make([]byte, 5000), "file/not-text", "binary", nil},
		{"a picture", append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), randomBytes(50)...), "file/not-text", "a picture", nil},
		{"an Excel workbook", append([]byte("PK\x03\x04"), randomBytes(50)...), "file/not-text", "Excel workbook", nil},
		{"an old Excel workbook", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), randomBytes(50)...), "file/not-text", "old Excel", nil},
		{"a gzip file", append([]byte("\x1f\x8b\x08\x00"), randomBytes(50)...), "file/not-text", "gzip", nil},
		{"a PDF file", []byte("%PDF-1.7\n"), "file/not-text", "PDF", nil},
		{"lines that end in carriage returns", []byte(strings.ReplaceAll(good, "\n", "\r")), "file/not-text", "carriage returns alone", nil},
		{"the same with quoted cells", bytes.ReplaceAll(quoteAll([]byte(good)), []byte("\n"), []byte("\r")), "file/not-text", "carriage returns alone", nil},
		{"the same with a line feed somewhere", []byte(strings.ReplaceAll(good, "\n", "\r") + "\n"), "file/not-text", "carriage returns alone", nil},
		{"the same, longer than the limit", bytes.ReplaceAll(cleanExtract(5000), []byte("\n"), []byte("\r")), "file/not-text", "carriage returns alone", nil},
		{"one column whose lines end in carriage returns", []byte("client_id\rC1\rC2\r"), "file/not-text", "carriage returns alone", nil},
		{"a header longer than the limit", []byte(good), "file/record-too-long", "", []Option{RecordLimit(len(extractHeader()) - 1)}},
		{"a header of 20 MiB", bytes.Repeat([]byte(","), 20<<20), "file/record-too-long", "", nil},
		{"a header whose quote opens on a line too long", append([]byte("\""), bytes.Repeat([]byte("x"), 2<<20)...), "file/record-too-long", "", nil},
	} {
		t.Run(tc.why, func(t *testing.T) {
			for _, wrap := range []func(io.Reader) io.Reader{
				func(r io.Reader) io.Reader { return r },
				func(r io.Reader) io.Reader { return &hesitant{r: r} },
				iotest.DataErrReader,
			} {
				report, findings := validateAll(t, extractValidator(t, tc.options...), wrap(bytes.NewReader(tc.data)))
				require.Len(t, findings, 1)
				f := findings[0]
				assert.Equal(t, tc.rule, f.Rule)
				assert.Equal(t, Error, f.Severity)
				assert.Contains(t, f.Message, tc.says)
				assert.NotEmpty(t, f.Fix)
				assert.Equal(t, tc.rule, report.Unread)
				assert.Equal(t, Error, report.Worst())
				assert.Zero(t, report.Records)
				rule, ok := report.Rule(tc.rule)
				require.True(t, ok)
				assert.Equal(t, 1, rule.Count)
				for _, field := range report.Fields {
					require.True(t, field.Absent)
				}
			}
			for range extractValidator(t, tc.options...).Rows(context.Background(), "x.csv", bytes.NewReader(tc.data)) {
				t.Fatal("there is no row to read")
			}
		})
	}
}

// TestHeaders: what is wrong with a header is found, and the rows are read.
func TestHeaders(t *testing.T) {
	at := func(line, column int, offset int64) Position {
		return Position{File: "x.csv", Line: line, Column: column, Offset: offset}
	}
	for _, tc := range []struct {
		why, data string
		rules     []string
		want      []Finding // rule, field and place
		rows      int
	}{
		{
			"one column twice: the first is read", "client_id,gender,client_id\nC1,1,C 2\n",
			[]string{"file/repeated-column", "client_id/format"},
			[]Finding{{Rule: "file/repeated-column", Field: "client_id", Position: at(1, 3, 17)}},
			1,
		},
		{
			"an unknown column twice", "client_id,gender,x,x\n",
			[]string{"file/repeated-column", "file/unknown-column"},
			[]Finding{{Rule: "file/unknown-column", Field: "x", Position: at(1, 3, 17)}, {Rule: "file/repeated-column", Field: "x", Position: at(1, 4, 19)}},
			0,
		},
		{
			"capitals and spaces around a heading do not matter", "Client_ID, GENDER \nC1,1\n", []string{"file/unknown-column"}, nil, 1,
		},
		{
			"headings without a name are unknown, not repeated", "client_id,,gender,\n1,2,3,4\n",
			[]string{"file/unknown-column", "file/repeated-column"},
			[]Finding{{Rule: "file/unknown-column", Position: at(1, 2, 10)}, {Rule: "file/unknown-column", Position: at(1, 4, 18)}},
			1,
		},
		{
			"a heading of two lines moves those behind it down a line", "\ufeff\nclient_id,\"free\ntext\",notes,gender\n1,2,3,1\n",
			[]string{"file/unknown-column"},
			[]Finding{{Rule: "file/unknown-column", Field: "aaaa?aaaa", Position: at(2, 2, 14)}, {Rule: "file/unknown-column", Field: "notes", Position: at(3, 3, 26)}},
			1,
		},
		{
			"a stray quote in the header: the headings are read without it", "client_id,gen\"der,notes\n1,1,3\n",
			[]string{"file/quote", "file/unknown-column"},
			[]Finding{{Rule: "file/unknown-column", Field: "notes", Position: at(1, 3, 18)}, {Rule: "file/quote", Position: at(1, 0, 13)}},
			1,
		},
		{
			"a quote in the header that never closes", "client_id,\"gender,notes\n1,1,3\n2,2,4\n",
			[]string{"file/quote", "file/unknown-column", "gender/code"},
			[]Finding{{Rule: "file/unknown-column", Field: "notes", Position: at(1, 3, 18)}, {Rule: "file/quote", Position: at(1, 0, 10)}},
			2,
		},
		{
			"no header: cells of the first row are shown as shapes", "Ada Byron,943 476 5919,1815-12-10\n",
			[]string{"file/unknown-column"},
			[]Finding{
				{Rule: "file/unknown-column", Field: "Aaa Aaaaa", Position: at(1, 1, 0)},
				{Rule: "file/unknown-column", Field: "999 999 9999", Position: at(1, 2, 10)},
				{Rule: "file/unknown-column", Field: "9999-99-99", Position: at(1, 3, 23)},
			},
			0,
		},
		{
			"no header, but a value that is the name of a field", "gender,Byron\n",
			[]string{"file/unknown-column"},
			[]Finding{{Rule: "file/unknown-column", Field: "Aaaaa", Position: at(1, 2, 7)}},
			0,
		},
		{
			"a header with something in it that is no heading", "client_id,gender,ada@example.org,9434765919,a\x01b,caf\xe9\n",
			[]string{"file/unknown-column", "file/encoding"},
			[]Finding{
				{Rule: "file/unknown-column", Field: "aaa@aaaaaaa.aaa", Position: at(1, 3, 17)},
				{Rule: "file/unknown-column", Field: "9999999999", Position: at(1, 4, 33)},
				{Rule: "file/unknown-column", Field: "a?a", Position: at(1, 5, 44)},
				{Rule: "file/unknown-column", Field: "aaa?", Position: at(1, 6, 48)},
				{Rule: "file/encoding", Field: "aaa?", Position: at(1, 6, 51)},
			},
			0,
		},
	} {
		t.Run(tc.why, func(t *testing.T) {
			report, findings := validateAll(t, extractValidator(t), strings.NewReader(tc.data))
			var got []Finding
			for _, f := range only(findings, tc.rules...) {
				got = append(got, Finding{Rule: f.Rule, Field: f.Field, Position: f.Position})
			}
			assert.Equal(t, tc.want, got)
			assert.Equal(t, tc.rows, report.Records)
			assert.Empty(t, report.Unread)
		})
	}
}

func TestHeaderOnly(t *testing.T) {
	for _, data := range []string{extractHeader(), extractHeader() + "\n", extractHeader() + "\r\n\r\n"} {
		report, findings := validateAll(t, extractValidator(t), strings.NewReader(data))
		require.Empty(t, findings)
		require.Zero(t, report.Records)
		require.Equal(t, int64(len(data)), report.Bytes)
		for _, rule := range report.Rules {
			require.Zero(t, rule.NotApplicable, "%s: there is nothing that it could have been asked of", rule.Rule)
		}
	}
}

func TestManyColumns(t *testing.T) {
	const columns = 100_000
	data := "client_id" + strings.Repeat(",u", columns-1) + "\n1" + strings.Repeat(",", columns-1) + "\n2" + strings.Repeat(",\x01", columns-1) + "\n3\n"
	report, findings := validateAll(t, extractValidator(t), strings.NewReader(data))
	require.Equal(t, 3, report.Records)
	require.Len(t, only(findings, "file/repeated-column"), columns-2)
	controls := only(findings, "file/control-character")
	require.Len(t, controls, columns-1)
	last := controls[len(controls)-1]
	require.Equal(t, Position{File: "x.csv", Record: 2, Line: 3, Column: columns, Offset: int64(strings.LastIndexByte(data, 1))}, last.Position)
	lengths := only(findings, "file/row-length")
	require.Len(t, lengths, 1)
	require.Contains(t, lengths[0].Message, "1 cells where the header has 100000")
}

func TestBadRows(t *testing.T) {
	header := "client_id,gender,notes\n"
	for _, tc := range []struct {
		why, rows string
		rules     []string
		want      []Finding
	}{
		{
			"a row one longer, one shorter", "1,1,a\n2,1,a,b\n3,1\n4,1,a\n",
			[]string{"file/row-length", "client_id/blank"},
			[]Finding{
				{Rule: "file/row-length", Position: Position{"x.csv", 2, 3, 0, 29}},
				{Rule: "file/row-length", Position: Position{"x.csv", 3, 4, 0, 37}},
			},
		},
		{
			"control characters in cells, known and unknown, but not line ends in quotes",
			"1,1,a\x00b\n2,\x7f,\"a\r\nb\"\n3,1,\"a\tb\"\n4,1,a\rb\n\"5\",1,a\rb\n",
			[]string{"file/control-character"},
			[]Finding{
				{Rule: "file/control-character", Field: "notes", Shape: "a?a", Position: Position{"x.csv", 1, 2, 3, 27}},
				{Rule: "file/control-character", Field: "gender", Shape: "?", Position: Position{"x.csv", 2, 3, 2, 33}},
				{Rule: "file/control-character", Field: "notes", Shape: "a?a", Position: Position{"x.csv", 3, 5, 3, 46}},
				{Rule: "file/control-character", Field: "notes", Shape: "a?a", Position: Position{"x.csv", 4, 6, 3, 56}},
				{Rule: "file/control-character", Field: "notes", Shape: "a?a", Position: Position{"x.csv", 5, 7, 3, 66}},
			},
		},
		{
			"Windows-1252: one finding with the place of the first byte and the count", "1,1,caf\u00e9\n2,1,caf\xe9\n3,1,\x93x\x94\n",
			[]string{"file/encoding"},
			[]Finding{{Rule: "file/encoding", Field: "notes", Message: "3 bytes, the first here; as Windows-1252 they would be letters and signs: declare it if that is what they are", Position: Position{"x.csv", 2, 3, 3, 40}}},
		},
		{
			"an e with an accent as DOS has it, which in Windows-1252 is a low quotation mark", "1,1,caf\x82\n",
			[]string{"file/encoding"},
			[]Finding{{Rule: "file/encoding", Field: "notes", Message: "1 byte here", Position: Position{"x.csv", 1, 2, 3, 30}}},
		},
		{
			"the same in a quoted cell, behind doubled quotes and a line end", "1,1,\"a \"\"b\"\"\n\xe9\"\n",
			[]string{"file/encoding"},
			[]Finding{{Rule: "file/encoding", Field: "notes", Message: "1 byte here; as Windows-1252 it would be a letter or a sign: declare it if that is what it is", Position: Position{"x.csv", 1, 3, 3, 36}}},
		},
		{
			"a quote that never closes: the rows behind it are read", "1,1,\"a\n2,9,b\n3,Q,c\n",
			[]string{"file/quote", "gender/code"},
			[]Finding{
				{Rule: "file/quote", Position: Position{"x.csv", 1, 2, 0, 27}},
				{Rule: "gender/code", Field: "gender", Shape: "A", Position: Position{"x.csv", 3, 4, 2, 38}},
			},
		},
	} {
		t.Run(tc.why, func(t *testing.T) {
			_, findings := validateAll(t, extractValidator(t), strings.NewReader(header+tc.rows))
			var got []Finding
			for i, f := range only(findings, tc.rules...) {
				keep := Finding{Rule: f.Rule, Field: f.Field, Shape: f.Shape, Position: f.Position}
				if i < len(tc.want) && tc.want[i].Message != "" {
					_, keep.Message, _ = strings.Cut(f.Message, ": ")
				}
				got = append(got, keep)
			}
			assert.Equal(t, tc.want, got)
		})
	}
}

// Where tabs part the cells, a tab inside quotes is a control character and one that
// parts cells is none; other control characters are found all the same.
func TestControlCharactersBesideTabs(t *testing.T) {
	for _, tc := range []struct {
		why, rows string
		columns   []int // of the findings
	}{
		{"a plain row", "1\tQ\ta\n", nil},
		{"a row with quotes", "1\t\"Q\"\t\"a\"\n", nil},
		{"a tab inside quotes", "1\t1\t\"a\tb\"\n", []int{3}},
		{"a tab inside quotes that are doubled", "1\t1\t\"a\"\"\tb\"\n", []int{3}},
		{"another control character in a plain row", "1\tQ\x01\ta\n", []int{2}},
		{"and in a row with quotes", "\"1\"\t1\ta\x01\n", []int{3}},
	} {
		_, findings := validateAll(t, extractValidator(t, Delimiter('\t')), strings.NewReader("client_id\tgender\tnotes\n"+tc.rows))
		var columns []int
		for _, f := range only(findings, "file/control-character") {
			columns = append(columns, f.Column)
		}
		assert.Equal(t, tc.columns, columns, tc.why)
	}
}

// filler reads as n times the same byte.
type filler struct {
	c byte
	n int64
}

func (f *filler) Read(p []byte) (int, error) {
	if f.n == 0 {
		return 0, io.EOF
	}
	n := int(min(f.n, int64(len(p))))
	for i := range p[:n] {
		p[i] = f.c
	}
	f.n -= int64(n)
	return n, nil
}

// allocated is how many bytes f allocates in all, freed or not: an upper bound of
// the memory that it holds, and the same on every machine.
func allocated(f func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

func TestLongLinesCostNoMemory(t *testing.T) {
	row := strings.Join(extractCells(1), ",") + "\n"
	for _, tc := range []struct {
		why     string
		c       byte
		n       int64
		prefix  string
		rule    string
		workers int
	}{
		{"a line of 100 MiB", 'x', 100 << 20, "", "file/record-too-long", 1},
		{"a line of 100 MiB, two workers", 'x', 100 << 20, "", "file/record-too-long", 2},
		{"20 MiB of commas", ',', 20 << 20, "", "file/record-too-long", 1},
		{"20 MiB of quotes", '"', 20 << 20, "", "file/record-too-long", 1},
		{"a line of 100 MiB that opens a quote", 'x', 100 << 20, "\"", "file/record-too-long", 1},
		{"a quote that opens before 20 MiB of blank lines", '\n', 20 << 20, "\"", "file/quote", 1},
	} {
		t.Run(tc.why, func(t *testing.T) {
			v := extractValidator(t, Workers(tc.workers))
			r := io.MultiReader(strings.NewReader(extractHeader()+"\n"+row+tc.prefix), &filler{tc.c, tc.n}, strings.NewReader("\n"+row[1:]))
			var report *Report
			var err error
			n := allocated(func() { report, err = v.Validate(context.Background(), "x.csv", r, nil) })
			require.NoError(t, err)
			assert.Less(t, n, int64(12<<20))
			assert.Equal(t, 3, report.Records, "the rows before and behind it are read")
			assert.Equal(t, int64(len(extractHeader())+2*len(row)+len(tc.prefix)+1)+tc.n, report.Bytes)
			rule, _ := report.Rule(tc.rule)
			require.Equal(t, 1, rule.Count)
			assert.Equal(t, 2, rule.Examples[0].Record)
			assert.Equal(t, int64(len(extractHeader())+1+len(row)), rule.Examples[0].Offset)
		})
	}
}

// TestAllBadCostsNoMemory: a file in which every row is wrong holds no more
// memory than a clean one.
func TestAllBadCostsNoMemory(t *testing.T) {
	const rows = 8000
	v := extractValidator(t, fileRulesOff())
	cost := func(data []byte, each func(Finding) error) int64 {
		return allocated(func() {
			_, err := v.Validate(context.Background(), "x.csv", bytes.NewReader(data), each)
			require.NoError(t, err)
		})
	}
	listen := func(Finding) error { return nil }
	for _, tc := range []struct {
		why  string
		data func(rows int) []byte
		each func(Finding) error
		per  int64 // bytes a row that come and go: the text of findings that are handed out
	}{
		{"clean", cleanExtract, nil, 0},
		{"every row full of errors", func(n int) []byte { return spoiltExtract(n, 1) }, nil, 0},
		{"a stray quote in every row", func(n int) []byte { return []byte(extractHeader() + "\n" + strings.Repeat("a\"b,\n", 20*n)) }, nil, 0},
		{"one cell in every row", func(n int) []byte { return []byte(extractHeader() + "\n" + strings.Repeat("a\n", 20*n)) }, nil, 0},
		{"every row full of errors, every finding handed out", func(n int) []byte { return spoiltExtract(n, 1) }, listen, 3000},
	} {
		once, twice := cost(tc.data(rows), tc.each), cost(tc.data(2*rows), tc.each)
		assert.Less(t, once, 8<<20+tc.per*rows, tc.why)
		assert.Less(t, twice, once+1<<20+tc.per*rows, "%s: twice the rows must not cost more", tc.why)
	}
}

func TestReaderThatFails(t *testing.T) {
	broken := errors.New("the share went away")
	data := spoiltExtract(5000, 10)
	half := len(data) / 2
	lines := bytes.LastIndexByte(data[:half], '\n') + 1
	for _, workers := range []int{1, 4} {
		v := extractValidator(t, Workers(workers))
		want, wantFindings := validateAll(t, v, bytes.NewReader(data[:lines]))
		var findings []Finding
		report, err := v.Validate(context.Background(), "x.csv", io.MultiReader(bytes.NewReader(data[:half]), errorReader{broken}),
			func(f Finding) error { findings = append(findings, f); return nil })
		require.ErrorIs(t, err, broken)
		require.True(t, report.Truncated)
		require.Equal(t, wantFindings, findings, "all that the whole lines before it hold")
		want.Truncated = true
		require.Equal(t, want.Records, report.Records)
		require.Equal(t, want, report)

		rows := 0
		for row, err := range v.Rows(context.Background(), "x.csv", io.MultiReader(bytes.NewReader(data[:half]), errorReader{broken})) {
			if err != nil {
				require.Nil(t, row)
				require.ErrorIs(t, err, broken)
				continue
			}
			rows++
		}
		require.Equal(t, want.Records, rows)
	}
	for _, tc := range []struct {
		why    string
		reader io.Reader
		is     error
	}{
		{"fails at once", errorReader{broken}, broken},
		{"fails within the header", io.MultiReader(strings.NewReader("client_id,epi"), errorReader{broken}), broken},
		{"fails within a quoted header", io.MultiReader(strings.NewReader("client_id,\"epi\nsode"), errorReader{broken}), nil},
		{"fails in blank lines", io.MultiReader(strings.NewReader("\n\n\n"), errorReader{broken}), broken},
		{"never gives anything", &empty{}, io.ErrNoProgress},
		{"gives nothing any more after the header", io.MultiReader(strings.NewReader(threeColumns+"1,2"), &empty{}), io.ErrNoProgress},
		{"fails in a line too long", io.MultiReader(strings.NewReader(threeColumns), &filler{'x', 3 << 20}, errorReader{broken}), broken},
		{"ends too early", io.MultiReader(strings.NewReader(threeColumns), errorReader{io.ErrUnexpectedEOF}), io.ErrUnexpectedEOF},
		{"says that it read more than it was asked for", liar(math.MaxInt), errImpossibleRead},
		{"says that it read less than nothing", liar(-1), errImpossibleRead},
	} {
		for _, workers := range []int{1, 3} {
			report, err := extractValidator(t, Workers(workers)).Validate(context.Background(), "x.csv", tc.reader, nil)
			require.Error(t, err, tc.why)
			if tc.is != nil {
				require.ErrorIs(t, err, tc.is, tc.why)
			}
			require.NotNil(t, report, tc.why)
			require.True(t, report.Truncated, tc.why)
			_, err = json.Marshal(report)
			require.NoError(t, err)
		}
	}
}

type empty struct{}

func (*empty) Read([]byte) (int, error) { return 0, nil }

type liar int

func (n liar) Read([]byte) (int, error) { return int(n), nil }

// TestPanicsBecomeErrors: neither a reader nor a listener that panics takes the
// program down, and the error does not repeat what they said.
func TestPanicsBecomeErrors(t *testing.T) {
	secret := errors.New("943 476 5919")
	for _, workers := range []int{1, 3} {
		v := extractValidator(t, Workers(workers))
		for _, tc := range []struct {
			what   string
			reader io.Reader
			each   func(Finding) error
		}{
			{"Read", readerFunc(func([]byte) (int, error) { panic(secret) }), nil},
			{"Read", io.MultiReader(bytes.NewReader(spoiltExtract(3000, 1)), readerFunc(func([]byte) (int, error) { panic(secret) })), nil},
			{"each", bytes.NewReader(spoiltExtract(3000, 1)), func(Finding) error { panic(secret) }},
		} {
			report, err := v.Validate(context.Background(), "x.csv", tc.reader, tc.each)
			panicked, ok := errors.AsType[*PanicError](err)
			require.True(t, ok, "%v", err)
			require.Equal(t, tc.what, panicked.Func)
			require.ErrorIs(t, err, secret)
			require.NotContains(t, err.Error(), "943")
			require.True(t, report.Truncated)
		}
		_, err := v.Validate(context.Background(), "x.csv", nil, nil)
		require.Error(t, err, "a reader that is nil")
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// TestNoValueLeavesTheFile plants values that name a person everywhere and looks
// for them in everything that comes out.
func TestNoValueLeavesTheFile(t *testing.T) {
	planted := []string{
		"Zebedee", "O'Quillfeather", "9434765919", "943 476 5919", "943-476-5919", "QX7 4ZT", "qx74zt", "1987-06-05", "05/06/1987",
		"zebedee@example.org", "07700900123", "+44 7700 900123", "C-SECRET-77", "E-SECRET-88",
	}
	rng := rand.New(rand.NewPCG(9, 9))
	pick := func() string { return planted[rng.IntN(len(planted))] }
	messy := func(header string) []byte {
		var b bytes.Buffer
		b.WriteString(header + "\n")
		for i := range 400 {
			cells := append(extractCells(i), "")
			for range 1 + rng.IntN(5) {
				f := rng.IntN(len(cells))
				cells[f] = pick()
				switch rng.IntN(12) {
				case 0:
					cells[f] = "\"" + cells[f] + "\""
				case 1:
					cells[f] = "\"" + cells[f]
				case 2:
					cells[f] += "\"" + pick()
				case 3:
					cells[f] += "\xe9\x00"
				case 4:
					cells[f] = "\"" + pick() + "\n" + pick() + "\""
				case 5:
					cells[f] += "," + pick()
				}
			}
			cells[fClientID], cells[fEpisodeID] = "C-SECRET-77", "E-SECRET-88"
			row := strings.Join(cells, ",") + "\n"
			if rng.IntN(20) == 0 { // everything one column further on
				row = pick() + "," + row
			}
			b.WriteString(row)
		}
		return b.Bytes()
	}
	good := extractHeader() + ",local_note"
	headerless := strings.Join(planted, ",") + strings.Repeat(",1", fieldCount+1-len(planted))
	leaks := func(t *testing.T, text string, allowed ...string) {
		t.Helper()
	next:
		for _, value := range planted {
			for _, a := range allowed {
				if a == value {
					continue next
				}
			}
			if i := strings.Index(strings.ToLower(text), strings.ToLower(value)); i >= 0 {
				t.Fatalf("%q is in …%s…", value, text[max(0, i-80):min(len(text), i+80)])
			}
		}
	}
	outputs := func(t *testing.T, data []byte, options ...Option) (string, int) {
		t.Helper()
		var out bytes.Buffer
		report, findings := validateAll(t, extractValidator(t, options...), bytes.NewReader(data))
		for _, f := range findings {
			fmt.Fprintf(&out, "%+v\n", f)
		}
		require.NoError(t, json.NewEncoder(&out).Encode(findings))
		require.NoError(t, json.NewEncoder(&out).Encode(report))
		return out.String(), len(findings)
	}
	for _, tc := range []struct {
		why  string
		data []byte
	}{
		{"a good header", messy(good)},
		{"no header", messy(headerless)},
		{"a header with a bad quote", messy(strings.Replace(good, "gender", "\"gender", 1))},
		{"a header with values among the headings", messy(strings.Replace(good, "local_note", "9434765919", 1))},
		{"lines that end in carriage returns", bytes.ReplaceAll(messy(good), []byte("\n"), []byte("\r"))},
		{"semicolons", bytes.ReplaceAll(messy(good), []byte(","), []byte(";"))},
		{"the first row alone, without its end", []byte(headerless)},
	} {
		text, n := outputs(t, tc.data)
		require.Positive(t, n, tc.why)
		leaks(t, text)
		text, _ = outputs(t, tc.data, Delimiter(';'), RecordLimit(5000))
		leaks(t, text)
	}

	data := messy(good)
	text, _ := outputs(t, data, Show("episode_id"))
	require.Contains(t, text, "E-SECRET-88")
	leaks(t, text, "E-SECRET-88")
	_, findings := validateAll(t, extractValidator(t, Show("client_id", "episode_id")), bytes.NewReader(data))
	for _, f := range findings {
		for _, s := range f.Shown {
			require.Contains(t, []Shown{{"client_id", "C-SECRET-77"}, {"episode_id", "E-SECRET-88"}}, s)
		}
		if f.Rule == "file/row-length" {
			require.Empty(t, f.Shown, "any value could stand in any column")
		}
	}
}
