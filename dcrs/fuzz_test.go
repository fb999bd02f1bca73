package dcrs

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

// FuzzReader gives the reader any rows below a good header, and compares with
// the slow reader at three sizes of batch.
func FuzzReader(f *testing.F) {
	for _, s := range []string{
		"", "x,y,z\n", "x,y,z\r\n\r\nu", "\"x\",\"y\"\"\",\"\nz\"\n", "\"x,y,z\n1,2,3\n", "x\"y,z\n", "\"x\"y,z\n", "\",\n,\"\n\"", "x,\"y,z\nu,v,w\np,q\",r\n",
		"\"a\"\r", "\"a\"\rb", "a\r", "\"\r\n\r\n\"\r\n", "\"\"\"\"\"\"\"\n", "\xff,\x00,\"\xff\"\n", ",,,,,,,\n1,\",,,,,,\n2,\",,,,,,\n",
	} {
		f.Add([]byte(s), uint8(3), uint16(40), uint8(0))
		f.Add([]byte(s), uint8(8), uint16(9), uint8(1))
	}
	f.Fuzz(func(t *testing.T, rows []byte, columns uint8, limit uint16, delimiter uint8) {
		n, delim := 1+int(columns)%12, delimiters[int(delimiter)%len(delimiters)]
		header := "client_id" + strings.Repeat(string(delim)+"u", n-1) + "\n"
		data := append([]byte(header), rows...)
		if problem := notText(data); problem != "" {
			t.Skip(problem)
		}
		size := max(int(limit), len(header))
		want := slowRows(data, delim, n, size)
		for _, batch := range []int{1, 7, 64} {
			v := extractValidator(t, Delimiter(delim), RecordLimit(size), smallBatches(batch))
			require.Equal(t, want, seeRows(t, v, bytes.NewReader(data)), "batches of %d", batch)
		}
	})
}

// FuzzAsEncodingCSV writes cells with quotes where they are needed and, as the
// bits of quotes say, where they are not.
func FuzzAsEncodingCSV(f *testing.F) {
	f.Add("a\x00b,c\x00\x00say \"hi\"\nthere", uint8(2), uint64(5), true)
	f.Add("\x00\x00\x00", uint8(1), uint64(1), false)
	f.Fuzz(func(t *testing.T, texts string, columns uint8, quotes uint64, crlf bool) {
		n := 1 + int(columns)%7
		end := "\n"
		if crlf {
			end = "\r\n"
		}
		var b strings.Builder
		b.WriteString("client_id" + strings.Repeat(",u", n-1) + end)
		cells := strings.Split(texts, "\x00")
		for i, text := range cells {
			// encoding/csv keeps a carriage return in the middle of a cell; so do we,
			// but at the end of a line it belongs to the line end.
			text = strings.ReplaceAll(text, "\r", "")
			if quotes>>(i%64)&1 != 0 || strings.ContainsAny(text, "\",\n") || n == 1 && text == "" {
				text = "\"" + strings.ReplaceAll(text, "\"", "\"\"") + "\""
			}
			b.WriteString(text)
			if i%n < n-1 {
				b.WriteByte(',')
			} else if i < len(cells)-1 {
				b.WriteString(end)
			}
		}
		for i := len(cells); i%n != 0; i++ { // fill up the last row
			if i%n < n-1 {
				b.WriteByte(',')
			}
		}
		data := []byte(b.String())
		if notText(data) != "" {
			t.Skip()
		}
		r := csv.NewReader(bytes.NewReader(data))
		if _, err := r.ReadAll(); err != nil { // every row has n cells
			t.Skip(err)
		}
		compareWithEncodingCSV(t, data, ',')
	})
}

// FuzzValidate gives the validator any file at all: no panic, no lost record, a
// report whose numbers agree with its findings, whoever reads and in however
// many goroutines, and no value in any text.
func FuzzValidate(f *testing.F) {
	f.Add([]byte(""), uint16(0))
	f.Add([]byte("\ufeff\r\n\n"), uint16(0))
	f.Add(messyExtract(3, 4), uint16(0))
	f.Add(cleanExtract(2), uint16(100))
	f.Add([]byte("client_id;episode_id\n1;2\n"), uint16(0))
	f.Add([]byte("client_id,\"b\nc\n"), uint16(5))
	f.Add([]byte("\xff\xfec\x00l\x00"), uint16(0))
	f.Add([]byte("PK\x03\x04rest"), uint16(0))
	f.Add([]byte("client_id,episode_id\rA,B\r"), uint16(0))
	f.Add([]byte("client_id,client_id,\x00,,,\"\"\"\"\n\"\n,\",,,,\n"), uint16(0))
	f.Fuzz(func(t *testing.T, data []byte, limit uint16) {
		if len(data) > 1<<16 {
			t.Skip()
		}
		type outcome struct {
			report   string
			findings []Finding
		}
		run := func(r io.Reader, options ...Option) outcome {
			if limit > 0 {
				options = append(options, RecordLimit(int(limit)))
			}
			var out outcome
			report, err := extractValidator(t, options...).Validate(context.Background(), "x.csv", r, func(f Finding) error {
				out.findings = append(out.findings, f)
				return nil
			})
			require.NoError(t, err)
			require.False(t, report.Truncated)
			count := 0
			for _, rule := range report.Rules {
				require.Equal(t, rule.Count, rule.Errors+rule.Warnings+rule.Infos)
				require.GreaterOrEqual(t, rule.Checked, 0)
				require.GreaterOrEqual(t, rule.NotApplicable, 0)
				require.Len(t, rule.Examples, min(rule.Count, 5))
				count += rule.Count
			}
			require.Len(t, out.findings, count)
			for _, field := range report.Fields {
				require.Equal(t, field.Denominator, field.Valid+field.Other+field.Default+field.Invalid+field.Missing, field.Field)
				require.GreaterOrEqual(t, min(field.Valid, field.Other, field.Default, field.Invalid, field.Missing), 0, field.Field)
			}
			for _, f := range out.findings {
				require.Less(t, f.Offset, int64(len(data))+1)
				require.LessOrEqual(t, f.Line, bytes.Count(data, []byte("\n"))+1)
				require.LessOrEqual(t, f.Record, report.Records)
			}
			text, err := json.Marshal(report)
			require.NoError(t, err)
			out.report = string(text)
			return out
		}
		want := run(bytes.NewReader(data))
		require.Equal(t, want, run(&hesitant{r: bytes.NewReader(data)}, Workers(3)), "three workers and a hesitant reader")
		small := run(bytes.NewReader(data), Workers(2), smallBatches(50))
		require.Equal(t, want, small, "small batches")

		records := 0
		for row, err := range extractValidator(t).Rows(context.Background(), "x.csv", bytes.NewReader(data)) {
			require.NoError(t, err)
			records++
			require.Equal(t, records, row.Record())
			row.Findings()
		}
	})
}

// FuzzRunOff makes the reader fail anywhere: the error comes back, and without
// quotes what was found until then is what the lines before it hold.
func FuzzRunOff(f *testing.F) {
	f.Add(messyExtract(3, 1), uint16(2500))
	f.Add([]byte("client_id\n\"1\n2\"\n"), uint16(12))
	f.Fuzz(func(t *testing.T, data []byte, at uint16) {
		if len(data) > 1<<16 || notText(data) != "" {
			t.Skip()
		}
		cut := min(int(at), len(data))
		broken := errors.New("broken")
		r := io.MultiReader(bytes.NewReader(data[:cut]), errorReader{broken})
		report, err := extractValidator(t).Validate(context.Background(), "x.csv", r, nil)
		if report.Unread == "" {
			require.ErrorIs(t, err, broken)
			require.True(t, report.Truncated)
		}
		require.LessOrEqual(t, report.Bytes, int64(cut))
		lines := data[:bytes.LastIndexByte(data[:cut], '\n')+1]
		if report.Unread == "" && report.Records > 0 && bytes.IndexByte(lines, '"') < 0 && notText(lines) == "" {
			want, err := extractValidator(t).Validate(context.Background(), "x.csv", bytes.NewReader(lines), nil)
			require.NoError(t, err)
			want.Truncated = true
			if diff := cmp.Diff(want, report, cmp.Comparer(hte.Date.Equal)); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

type errorReader struct{ err error }

func (e errorReader) Read([]byte) (int, error) { return 0, e.err }

func FuzzLexers(f *testing.F) {
	for _, s := range []string{"2024-02-29", "0000-00-00", "-12.50", "640.0000000001", "943 476 5919", "ZZ99 3VZ", "E01000001", "V81997", "", "1e9"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1000 {
			t.Skip()
		}
		want, wantOK := slowDate(b)
		got, ok := lexDate(b)
		require.Equal(t, wantOK, ok)
		if ok {
			require.Equal(t, want, got)
		}
		checkDecimal(t, b)
		checkInteger(t, b)
		checkPostcode(t, b)
		checkNHSNumber(t, b)
		checkAreaAndPractice(t, b)
		require.Equal(t, strings.Trim(string(b), " "), string(trimSpaces(b)))
		shape(b)
	})
}

func FuzzCodeIndex(f *testing.F) {
	f.Add("a;b;c", "b")
	f.Add("aaaaaaaaa;aaaaaaaaaaaaaaaaaa;;\x00", "aaaaaaaa")
	f.Fuzz(func(t *testing.T, list, text string) {
		if len(list) > 300 {
			t.Skip()
		}
		var codes []Code
		seen := make(map[string]bool)
		for s := range strings.SplitSeq(list, ";") {
			if !seen[s] {
				seen[s] = true
				codes = append(codes, Code{Code: s})
			}
		}
		checkIndex(t, codes, text)
	})
}
