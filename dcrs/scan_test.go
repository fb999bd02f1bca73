package dcrs

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// seenRow is what the reader made of a record.
type seenRow struct {
	Problem string // "", "quote", "too long"
	Record  int
	Line    int
	Offset  int64 // of the record, or of the bad quote
	Cells   []seenCell
}

type seenCell struct {
	Text   string
	Line   int
	Offset int64
}

// seeRows reads an extract row by row. Rows that have another number of cells
// than the header are taken apart once more, for the comparison.
func seeRows(t testing.TB, v *Validator, r io.Reader) []seenRow {
	t.Helper()
	s := &session{v: v, file: "x.csv"}
	var out []seenRow
	err := s.rows(context.Background(), r, func(row *Row) error {
		c := &row.cells
		seen := seenRow{Record: row.Record(), Line: row.Line(), Offset: c.base + int64(c.first)}
		for _, f := range row.Findings() {
			switch f.Rule {
			case "file/quote":
				seen.Problem, seen.Offset = "quote", f.Offset
			case "file/record-too-long":
				seen.Problem = "too long"
			case "file/row-length":
				c = &cells{record: c.record, line: c.line, batch: c.batch, base: c.base}
				c.size(int(row.findings[0].arg))
				s.plan.split(c, &batch{buf: c.batch, base: c.base}, &row.findings[0])
			}
			assert.Equal(t, row.Record(), f.Record)
		}
		for i := range c.n {
			pos := s.plan.position("x.csv", c, i)
			seen.Cells = append(seen.Cells, seenCell{string(c.whole(i)), pos.Line, pos.Offset})
		}
		out = append(out, seen)
		return nil
	})
	require.NoError(t, err)
	return out
}

// smallBatches makes batches of so few bytes that records lie across their ends.
func smallBatches(size int) Option {
	return func(v *Validator) error { v.batch = size; return nil }
}

// slowRows reads an extract, one byte after the other and all of it in memory:
// what the framer and the splitter must come to.
func slowRows(data []byte, delim byte, columns, limit int) (out []seenRow) {
	header := bytes.IndexByte(data, '\n') + 1
	if header == 0 {
		return nil
	}
	line := 2
	for p := header; p < len(data); {
		end := p
		for end < len(data) && data[end] != '\n' {
			end++
		}
		text := strings.TrimSuffix(string(data[p:end]), "\r")
		if text == "" {
			p, line = end+1, line+1
			continue
		}
		row := seenRow{Record: len(out) + 1, Line: line, Offset: int64(p)}
		cells, last, badAt := slowRecord(data[p:], delim, line, int64(p))
		last += p
		length := len(strings.TrimSuffix(string(data[p:last]), "\r"))
		switch {
		case len(text) > limit:
			row.Problem = "too long"
		case badAt < 0 && (last == end || len(cells) == columns && length <= limit && !slowSwallowed(data[p:last], delim, columns)):
			row.Cells, end = cells, last
		default:
			row.Problem = "quote"
			if badAt < 0 || badAt >= len(text) { // the first line alone then ends inside quotes
				_, _, badAt = slowRecord([]byte(text), delim, line, int64(p))
			}
			row.Offset = int64(p + badAt)
		}
		out = append(out, row)
		line += 1 + bytes.Count(data[p:end], []byte("\n"))
		p = end + 1
	}
	return out
}

// slowSwallowed: with eight columns or more, the first and the last line of a
// record of several lines do not both look like rows.
func slowSwallowed(record []byte, delim byte, columns int) bool {
	lines := strings.Split(string(record), "\n")
	row := func(line string) bool { return len(strings.Split(line, string(delim))) == columns }
	return columns >= 8 && row(lines[0]) && row(lines[len(lines)-1])
}

// slowRecord reads one record; badAt is the place of a quote that is wrong, or -1.
func slowRecord(data []byte, delim byte, line int, base int64) (cells []seenCell, end, badAt int) {
	at := func(i int) byte { // 0 behind the end
		if i < len(data) {
			return data[i]
		}
		return 0
	}
	i := 0
	for {
		cell := seenCell{Line: line, Offset: base + int64(i)}
		var text []byte
		if begin := i; at(i) == '"' {
			for i++; ; i++ {
				if i >= len(data) {
					return nil, 0, begin
				}
				if data[i] == '"' {
					if at(i+1) != '"' {
						break
					}
					i++
				}
				if data[i] == '\n' {
					line++
				}
				text = append(text, data[i])
			}
			i++
			if at(i) == '\r' && (at(i+1) == '\n' || i+1 == len(data)) {
				i++
			}
			if i < len(data) && data[i] != delim && data[i] != '\n' {
				return nil, 0, begin
			}
		} else {
			for ; i < len(data) && data[i] != delim && data[i] != '\n'; i++ {
				if data[i] == '"' {
					return nil, 0, i
				}
				text = append(text, data[i])
			}
			if i == len(data) || data[i] == '\n' {
				text = bytes.TrimSuffix(text, []byte("\r"))
			}
		}
		cell.Text = string(text)
		cells = append(cells, cell)
		if i >= len(data) || data[i] == '\n' {
			return cells, i, -1
		}
		i++
	}
}

const threeColumns = "client_id,episode_id,note\n"

func TestReadsRecords(t *testing.T) {
	cell := func(text string, line int, offset int64) seenCell { return seenCell{text, line, offset} }
	row := func(record, line int, offset int64, cells ...seenCell) seenRow {
		return seenRow{Record: record, Line: line, Offset: offset, Cells: cells}
	}
	bad := func(problem string, record, line int, offset int64) seenRow {
		return seenRow{Problem: problem, Record: record, Line: line, Offset: offset}
	}
	for _, tc := range []struct {
		why, data string
		options   []Option
		want      []seenRow
	}{
		{why: "line feeds", data: "client_id,b\nx,y\nz,\n", want: []seenRow{row(1, 2, 12, cell("x", 2, 12), cell("y", 2, 14)), row(2, 3, 16, cell("z", 3, 16), cell("", 3, 18))}},
		{why: "carriage returns and line feeds", data: "client_id,b\r\nx,y\r\n", want: []seenRow{row(1, 2, 13, cell("x", 2, 13), cell("y", 2, 15))}},
		{why: "the last line has no line feed", data: "client_id,b\nx,y", want: []seenRow{row(1, 2, 12, cell("x", 2, 12), cell("y", 2, 14))}},
		{why: "the last line has a carriage return only", data: "client_id,b\nx,y\r", want: []seenRow{row(1, 2, 12, cell("x", 2, 12), cell("y", 2, 14))}},
		{why: "the last cell is empty and nothing follows", data: "client_id,b\nx,", want: []seenRow{row(1, 2, 12, cell("x", 2, 12), cell("", 2, 14))}},
		{why: "a byte order mark counts for the offset", data: "\ufeffclient_id,b\nx,y\n", want: []seenRow{row(1, 2, 15, cell("x", 2, 15), cell("y", 2, 17))}},
		{why: "a byte order mark before a quoted heading", data: "\ufeff\"client_id\",b\nx,y\n", want: []seenRow{row(1, 2, 17, cell("x", 2, 17), cell("y", 2, 19))}},
		{why: "the header is on three lines", data: "client_id,\"b\nc\nd\"\nx,y\n", want: []seenRow{row(1, 4, 18, cell("x", 4, 18), cell("y", 4, 20))}},
		{why: "blank lines count as lines, not as records", data: "\n\r\nclient_id,b\n\n\r\nx,y\n\n", want: []seenRow{row(1, 6, 18, cell("x", 6, 18), cell("y", 6, 20))}},
		{why: "a line of spaces is a record", data: "client_id\n  \n", want: []seenRow{row(1, 2, 10, cell("  ", 2, 10))}},
		{why: "one column", data: "client_id\nx\n\"y\"\n", want: []seenRow{row(1, 2, 10, cell("x", 2, 10)), row(2, 3, 12, cell("y", 3, 12))}},
		{why: "one column and an empty quoted cell, which is no blank line", data: "client_id\n\"\"\n", want: []seenRow{row(1, 2, 10, cell("", 2, 10))}},
		{why: "the offset of a quoted cell is that of its quote", data: "client_id,b\nx,\"y\"\n", want: []seenRow{row(1, 2, 12, cell("x", 2, 12), cell("y", 2, 14))}},
		{why: "doubled quotes", data: "client_id,b\n\"say \"\"hi\"\"\",\"\"\"\"\n", want: []seenRow{row(1, 2, 12, cell(`say "hi"`, 2, 12), cell(`"`, 2, 25))}},
		{
			why: "a cell of three lines: the cells behind it stand on the last", data: "client_id,b,c\n\"1\n2\r\n3\",x,\"y\n\"\nz,,\n",
			want: []seenRow{
				row(1, 2, 14, cell("1\n2\r\n3", 2, 14), cell("x", 4, 23), cell("y\n", 4, 25)),
				row(2, 6, 30, cell("z", 6, 30), cell("", 6, 32), cell("", 6, 33)),
			},
		},
		{why: "the delimiter and spaces inside quotes", data: "client_id,b\n\" a,b \",c\n", want: []seenRow{row(1, 2, 12, cell(" a,b ", 2, 12), cell("c", 2, 20))}},
		{why: "another delimiter", data: "client_id\tb\nx,1\t\"y\t\"\n", options: []Option{Delimiter('\t')}, want: []seenRow{row(1, 2, 12, cell("x,1", 2, 12), cell("y\t", 2, 16))}},
		{why: "a row too long and one too short", data: "client_id,b\nx\ny,1,2\n", want: []seenRow{row(1, 2, 12, cell("x", 2, 12)), row(2, 3, 14, cell("y", 3, 14), cell("1", 3, 16), cell("2", 3, 18))}},
		{why: "a stray quote inside a cell", data: "client_id,b\nx,y\"z\"\nu,v\n", want: []seenRow{bad("quote", 1, 2, 15), row(2, 3, 19, cell("u", 3, 19), cell("v", 3, 21))}},
		{why: "something behind the closing quote", data: "client_id,b\n\"x\"1,y\nu,v\n", want: []seenRow{bad("quote", 1, 2, 12), row(2, 3, 19, cell("u", 3, 19), cell("v", 3, 21))}},
		{why: "a quote that never closes", data: "client_id,b\n\"x,y\nu,v\n", want: []seenRow{bad("quote", 1, 2, 12), row(2, 3, 17, cell("u", 3, 17), cell("v", 3, 19))}},
		{
			why: "a quote that closes on the quote of a later cell, though a comma follows: too few cells", data: "client_id,b,c\nx,\"y,z\nu,v,w\np,q\",r,s\n",
			want: []seenRow{
				bad("quote", 1, 2, 16), row(2, 3, 21, cell("u", 3, 21), cell("v", 3, 23), cell("w", 3, 25)), bad("quote", 3, 4, 30),
			},
		},
		{
			why: "two cells of one column that are a quote alone, with a row between them", data: "client_id,b,c,d,e,f,g,h\n1,\",,,,,,\n2,,,,,,,\n3,\",,,,,,\n",
			want: []seenRow{
				bad("quote", 1, 2, 26),
				row(2, 3, 34, cell("2", 3, 34), cell("", 3, 36), cell("", 3, 37), cell("", 3, 38), cell("", 3, 39), cell("", 3, 40), cell("", 3, 41), cell("", 3, 42)),
				bad("quote", 3, 4, 45),
			},
		},
		{
			why: "a cell of two lines in the last of eight columns is none of these", data: "client_id,b,c,d,e,f,g,h\n1,,,,,,,\"x\ny\"\n",
			want: []seenRow{
				row(1, 2, 24, cell("1", 2, 24), cell("", 2, 26), cell("", 2, 27), cell("", 2, 28), cell("", 2, 29), cell("", 2, 30), cell("", 2, 31), cell("x\ny", 2, 32)),
			},
		},
		{
			why: "a bad quote several lines down: the place is the quote that leaves the first line open", data: "client_id,b\n\"ok\",\"y\nz\",\"u\"v\n",
			want: []seenRow{bad("quote", 1, 2, 17), bad("quote", 2, 3, 21)},
		},
		{
			why: "lines longer than the limit, with quotes and without, the last without its end", data: "client_id,b\n\"1234567890\",1\n1234567890,12\nx,y\n12345678901234\n",
			options: []Option{RecordLimit(12)},
			want:    []seenRow{bad("too long", 1, 2, 12), bad("too long", 2, 3, 27), row(3, 4, 41, cell("x", 4, 41), cell("y", 4, 43)), bad("too long", 4, 5, 45)},
		},
		{
			why: "as long as the limit is not longer; the line end does not count", data: "client_id,b\n1234567890,1\r\n\"12345678\",1\r\n\"1234567\n\",1",
			options: []Option{RecordLimit(12)},
			want: []seenRow{
				row(1, 2, 12, cell("1234567890", 2, 12), cell("1", 2, 23)), row(2, 3, 26, cell("12345678", 3, 26), cell("1", 3, 37)),
				row(3, 4, 40, cell("1234567\n", 4, 40), cell("1", 5, 51)),
			},
		},
		{
			why: "a quote that does not close within the limit", data: "client_id,b\n\"12345\n678901\",1\nx,y\n",
			options: []Option{RecordLimit(12)},
			want:    []seenRow{bad("quote", 1, 2, 12), bad("quote", 2, 3, 25), row(3, 4, 29, cell("x", 4, 29), cell("y", 4, 31))},
		},
	} {
		t.Run(tc.why, func(t *testing.T) {
			for _, size := range []int{1, 2, 3, 5, 8, 13, 21, batchSize} {
				v := extractValidator(t, append(tc.options, smallBatches(size))...)
				require.Equal(t, tc.want, seeRows(t, v, strings.NewReader(tc.data)), "batches of %d", size)
			}
		})
	}
}

func TestReaderChunksDoNotMatter(t *testing.T) {
	data := messyExtract(300, 1)
	v := extractValidator(t, RecordLimit(3000))
	run := func(r io.Reader) (string, []Finding) {
		var findings []Finding
		report, err := v.Validate(context.Background(), "x.csv", r, func(f Finding) error { findings = append(findings, f); return nil })
		require.NoError(t, err)
		text, err := json.Marshal(report)
		require.NoError(t, err)
		return string(text), findings
	}
	wantReport, wantFindings := run(bytes.NewReader(data))
	require.Greater(t, len(wantFindings), 300)
	for _, tc := range []struct {
		why  string
		wrap func(io.Reader) io.Reader
	}{
		{"one byte at a time", iotest.OneByteReader},
		{"half of what is asked for", iotest.HalfReader},
		{"the end comes with the last bytes", iotest.DataErrReader},
		{"both", func(r io.Reader) io.Reader { return iotest.DataErrReader(iotest.HalfReader(r)) }},
		{"now and then nothing", func(r io.Reader) io.Reader { return &hesitant{r: r} }},
	} {
		report, findings := run(tc.wrap(bytes.NewReader(data)))
		require.Equal(t, wantFindings, findings, tc.why)
		require.Equal(t, wantReport, report, tc.why)
	}
}

// hesitant gives nothing at every other read.
type hesitant struct {
	r io.Reader
	n int
}

func (h *hesitant) Read(p []byte) (int, error) {
	if h.n++; h.n%2 == 0 {
		return 0, nil
	}
	return h.r.Read(p[:min(len(p), 1000)])
}

// messyExtract has everything in it that can go wrong with a row: stray and
// unclosed quotes, cells of several lines, rows of the wrong length, control
// characters, bytes that are not UTF-8, blank lines, wrong values.
func messyExtract(rows int, seed uint64) []byte {
	rng := rand.New(rand.NewPCG(seed, 7))
	var b bytes.Buffer
	b.WriteString("\ufeff" + extractHeader() + "\r\n")
	for i := range rows {
		cells := extractCells(i)
		if rng.IntN(8) == 0 {
			cells[fEpisodeID] = extractCells(rng.IntN(i + 1))[fEpisodeID]
		}
		for range rng.IntN(4) {
			f := rng.IntN(fieldCount)
			cells[f] = []string{
				"", "x", "31/12/1999", "-1", "\"quoted\"", "\"a, b\"", "\"two\nlines\"", "\"say \"\"hi\"\"\"", "st\"ray", "\"unclosed", "na\xefve", "\x00", "  1  ", "1,2", "9999-12-31",
				"male", "ZZ99 3VZ", "\"2019-01-01\"", "\"" + strings.Repeat("long ", 1000) + "\"",
			}[rng.IntN(19)]
		}
		b.WriteString(strings.Join(cells, ","))
		b.WriteString([]string{"\n", "\r\n", "\n\n"}[rng.IntN(3)])
	}
	return b.Bytes()
}

func TestMessyExtractAsTheSlowReader(t *testing.T) {
	for seed := range uint64(3) {
		data := messyExtract(200, seed)
		for _, limit := range []int{300, 2000, 1 << 20} {
			want := slowRows(data, ',', fieldCount, limit)
			for _, size := range []int{64, 500, batchSize} {
				v := extractValidator(t, RecordLimit(limit), smallBatches(size))
				if limit < len(extractHeader()) {
					continue
				}
				got := seeRows(t, v, bytes.NewReader(data))
				require.Equal(t, len(want), len(got))
				for i := range want {
					require.Equal(t, want[i], got[i], "seed %d, limit %d, batches of %d", seed, limit, size)
				}
			}
		}
	}
}

// TestBatchEnds moves a record, byte by byte, across the end of a batch.
func TestBatchEnds(t *testing.T) {
	const record = "x,\"a \"\"b\"\"\r\n,c\",\"\"\r\n"
	tail := "u,v,w\n"
	for shift := range len(record) + len(tail) + 6 {
		var b bytes.Buffer
		b.WriteString(threeColumns)
		// The header is not in a batch: the first one begins with the first row.
		fill := batchSize - len(record) - len(tail) + shift
		for fill > 3000 {
			fmt.Fprintf(&b, "1,2,%995d\n", 3)
			fill -= 1000
		}
		fmt.Fprintf(&b, "1,2,%*d\n", fill-5, 3)
		b.WriteString(record + tail + "p,\"q\",r")
		want := slowRows(b.Bytes(), ',', 3, 1<<20)
		require.Len(t, want[len(want)-3].Cells, 3)
		got := seeRows(t, extractValidator(t), bytes.NewReader(b.Bytes()))
		require.Equal(t, want, got, "shifted by %d", shift)
	}
}

func TestFileSizesAroundTheBatch(t *testing.T) {
	row := "x,y,z\n"
	for _, quoted := range []bool{false, true} {
		for size := batchSize - 9; size <= batchSize+9; size++ {
			var b bytes.Buffer
			b.WriteString(threeColumns)
			for b.Len()+2*len(row) < len(threeColumns)+size {
				b.WriteString(row)
			}
			last := "p,q," + strings.Repeat("r", len(threeColumns)+size-b.Len()-4)
			if quoted {
				last = "p,\"q\"," + strings.Repeat("r", len(threeColumns)+size-b.Len()-6)
			}
			b.WriteString(last)
			require.Equal(t, len(threeColumns)+size, b.Len())
			rows := seeRows(t, extractValidator(t), bytes.NewReader(b.Bytes()))
			end := rows[len(rows)-1]
			require.Len(t, end.Cells, 3)
			require.Equal(t, strings.Repeat("r", len(end.Cells[2].Text)), end.Cells[2].Text)
			require.Equal(t, int64(b.Len()), end.Cells[2].Offset+int64(len(end.Cells[2].Text)))
			require.Equal(t, (b.Len()-len(threeColumns)-len(last))/len(row)+1, len(rows))
		}
	}
}

// TestLongQuotedCells puts cells of many lines, longer than a batch, between rows.
func TestLongQuotedCells(t *testing.T) {
	long := strings.Repeat("a line of a note, with a comma\n", 20_000) // 620 kB
	data := threeColumns + "1,2,3\nx,y,\"" + long + "\"\n4,5,6\n\"" + long + "\",y,z\n7,8,9\n"
	want := slowRows([]byte(data), ',', 3, 1<<20)
	require.Len(t, want, 5)
	require.Equal(t, long, want[1].Cells[2].Text)
	require.Equal(t, want, seeRows(t, extractValidator(t), strings.NewReader(data)))
}

func TestUnclosedQuoteCostsOneRow(t *testing.T) {
	for _, tc := range []struct{ why, row string }{
		{"the quote opens in the last cell", "x,y,\"z\n"},
		{"the quote opens in the first cell", "\"x,y,z\n"},
		{"the quote closes too late", "x,\"y,z\n"},
	} {
		for _, rest := range []struct{ why, row string }{
			{"rows without quotes", "1,2,3\n"},
			{"rows with quotes", "\"1\",2,\"3, or 4\"\n"},
			{"rows with doubled quotes", "1,\"\"\"2\"\"\",\"\"\n"},
		} {
			data := threeColumns + "1,2,3\n" + tc.row + strings.Repeat(rest.row, 100_000)
			var quotes []Finding
			report, err := extractValidator(t).Validate(context.Background(), "x.csv", strings.NewReader(data), func(f Finding) error {
				if f.Rule == "file/quote" {
					quotes = append(quotes, f)
				}
				return nil
			})
			require.NoError(t, err)
			require.Len(t, quotes, 1, "%s, %s", tc.why, rest.why)
			require.Equal(t, Position{File: "x.csv", Record: 2, Line: 3, Offset: int64(len(threeColumns) + 6 + strings.IndexByte(tc.row, '"'))}, quotes[0].Position)
			require.Equal(t, 100_002, report.Records)
			lengths, _ := report.Rule("file/row-length")
			require.Zero(t, lengths.Count)
			format, _ := report.Rule("client_id/format")
			require.Equal(t, 100_001, format.Checked)
		}
	}
}

// The framer may look at a byte more than once, but not more and more often.
func TestStrayQuotesCostLinearWork(t *testing.T) {
	for _, tc := range []struct{ why, row string }{
		{"a stray quote in every row", "x,y\"z,1\n"},
		{"an unclosed quote in every row", "x,y,\"z\n"},
		{"an unclosed first cell in every row", "\"x,y,z\n"},
		{"a quote that closes on the next row, with a wrong number of cells", "\",x\n"},
		{"only doubled quotes behind an unclosed one", "x,\"\"\"\",\"y\"\"\"\"\n"},
		{"every row closes and opens", "\",\"\n"},
	} {
		work := func(rows int) int {
			data := []byte(strings.Repeat(tc.row, rows))
			f := &framer{r: bytes.NewReader(data), stop: func() error { return nil }, delim: ',', columns: 3, limit: 1 << 20, size: batchSize}
			var b batch
			for f.next(&b) {
			}
			require.NoError(t, f.err)
			return f.looked
		}
		small, large := work(20_000), work(200_000)
		bytesOf := len(tc.row) * 200_000
		assert.Less(t, large, 12*small+8<<20, "%s: ten times the rows, ten times the work", tc.why)
		assert.Less(t, large, 6*bytesOf+8<<20, tc.why)
	}
}

// TestAsEncodingCSV compares with the standard library on well-formed files.
func TestAsEncodingCSV(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	texts := []string{"", "a", "1.5", "two words", "a,b", "line\nbreak", `say "hi"`, `"`, "\n", "naïve", " lead", "trail ", "\t", ";", strings.Repeat("x", 40)}
	for range 300 {
		columns := 1 + rng.IntN(6)
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.UseCRLF = rng.IntN(2) == 0
		header := append([]string{"client_id"}, slices.Repeat([]string{"u"}, columns-1)...)
		require.NoError(t, w.Write(header))
		for range rng.IntN(30) {
			record := make([]string, columns)
			for i := range record {
				record[i] = texts[rng.IntN(len(texts))]
			}
			require.NoError(t, w.Write(record))
		}
		w.Flush()
		compareWithEncodingCSV(t, b.Bytes(), ',')
	}
}

// compareWithEncodingCSV reads a file that encoding/csv can read.
func compareWithEncodingCSV(t *testing.T, data []byte, delim byte) {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.FieldsPerRecord = rune(delim), -1
	want, err := r.ReadAll()
	require.NoError(t, err)
	got := seeRows(t, extractValidator(t, Delimiter(delim), smallBatches(16)), bytes.NewReader(data))
	require.Len(t, got, len(want)-1)
	for i, record := range want[1:] {
		require.Empty(t, got[i].Problem)
		require.Len(t, got[i].Cells, len(record))
		for j, text := range record {
			// encoding/csv turns the line ends inside quotes into line feeds.
			require.Equal(t, text, strings.ReplaceAll(got[i].Cells[j].Text, "\r\n", "\n"))
		}
	}
}

// TestSplitterWords: the splitter looks at eight bytes at a time; wherever in
// them a delimiter or an odd byte stands, it is seen.
func TestSplitterWords(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	check := func(line []byte, before int, delim byte) {
		buf := append(bytes.Repeat([]byte("\x00"), before), line...)
		buf = append(buf, bytes.Repeat([]byte{delim}, slack)...)[:before+len(line)]
		var c cells
		c.size(len(line) + 1)
		c.splitPlain(buf, uint32(before), uint32(len(buf)), delim)
		want := bytes.Split(line, []byte{delim})
		require.Equal(t, len(want), c.n, "%q", line)
		var fast cells
		fast.size(len(line) + 1)
		fast.splitFast(buf, before, len(buf), delim)
		require.Equal(t, len(want), fast.n, "%q", line)
		filled := make([]uint64, (fast.n+63)/64)
		for i := range filled {
			filled[i] = fast.present(i, fast.n)
		}
		var narrow cells // has room for fewer cells than there are
		narrow.size(1 + len(want)/2)
		narrow.splitFast(buf, before, len(buf), delim)
		require.Equal(t, len(want), narrow.n, "%q", line)
		at, odd := before, false
		for i, text := range want {
			require.Equal(t, string(text), string(c.src[c.start[i]:c.end[i]]), "%q", line)
			require.Equal(t, at, int(c.raw[i]), "%q", line)
			start, end := fast.bounds(i)
			require.Equal(t, string(text), string(fast.src[start:end]), "%q", line)
			require.Equal(t, at, int(fast.rawAt(i)), "%q", line)
			require.Equal(t, len(text) > 0, filled[i>>6]>>(i&63)&1 != 0, "%q", line)
			at += len(text) + 1
			for _, b := range text {
				odd = odd || b < ' ' || b >= 0x7f
			}
		}
		if odd {
			require.True(t, c.odd, "%q", line)
		}
		if !bytes.ContainsFunc(line, func(r rune) bool { return r <= ' ' || r >= 0x7e }) {
			require.False(t, c.odd, "%q", line)
		}
	}
	for _, delim := range []byte(delimiters) {
		for length := range 20 {
			for place := range length {
				for b := range 256 {
					line := bytes.Repeat([]byte("a"), length)
					line[place] = byte(b)
					check(line, place%3, delim)
				}
			}
		}
		for range 3000 {
			line := make([]byte, rng.IntN(60))
			for i := range line {
				switch rng.IntN(4) {
				case 0:
					line[i] = delim
				case 1:
					line[i] = byte(rng.IntN(256))
				default:
					line[i] = "ab ~0"[rng.IntN(5)]
				}
			}
			check(line, rng.IntN(10), delim)
		}
	}
}
