package dcrs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func inspect(t testing.TB, text string, options ...InspectOption) *Inspection {
	t.Helper()
	in, err := openBytes([]byte(text))
	require.NoError(t, err)
	seen, err := Inspect(t.Context(), Episodes(), in, options...)
	require.NoError(t, err)
	return seen
}

func TestDetectDelimiter(t *testing.T) {
	for _, c := range []struct {
		why, text string
		best      byte
		sure      bool
	}{
		{"commas", "client_id,gender\nC1,1\nC2,2\n", ',', true},
		{"semicolons, and decimal commas that agree with each other", "client_id;weight_kg_pre\nC1;80,5\nC2;90,1\n", ';', true},
		{"semicolons, where each of our headings holds none", "Klient;Gewicht\n1;80,5\n2;90,1\n", ';', true},
		{"tabs with commas in the text", "client_id\tnotes\nC1\ta, b, c\nC2\td\n", '\t', true},
		{"bars", "client_id|gender\nC1|1\n", '|', true},
		{"quoted commas do not count", "\"client_id\";\"a,b,c,d,e,f\"\n\"C1\";\"x\n,y\"\n", ';', true},
		{"several codes with semicolons in a file of commas", "client_id,wider_needs\nC1,a;b;c\nC2,a;b\n", ',', true},
		{"bars in a multi-code column of a file of semicolons", "client_id;wider_needs\nC1;a|b|c\nC2;a|b\n", ';', true},
		{"the file says so itself", "sep=;\r\na,b,c;d\r\n1,2,3;4\r\n", ';', true},
		{"a header alone", "client_id;gender", ';', true},
		{"one column", "client_id\nC1\n", ',', false},
		{"nothing", "", ',', false},
		{"two that are as good", "a;b|c\n1;2|3\n", ';', false},
		{"a mark and blank lines before", byteOrder + "\n\nclient_id;gender\nC1;1\n", ';', true},
		{"a stray quote in every row", "client_id;notes\nC1;6\" nail\nC2;5\" nail\n", ';', false},
	} {
		got := DetectDelimiter(Episodes(), []byte(c.text))
		assert.Equal(t, string(c.best), string(got.Best), c.why)
		assert.Equal(t, c.sure, got.Sure, c.why)
		assert.Len(t, got.Evidence, 4)
	}
	got := DetectDelimiter(Episodes(), []byte("Sex;DOB;x,y\n1;2;3\n1;2\n"))
	assert.Equal(t, DelimiterEvidence{Delimiter: ';', Columns: 3, Known: 2, Rows: 2, Agreeing: 1}, got.Evidence[1])
	assert.Equal(t, ';', rune(DetectDelimiter(nil, []byte("a;b\n1;2\n")).Best), "without a dictionary")
}

// FuzzDetectDelimiter: any bytes have an answer, and rows counted as agreeing are
// rows.
func FuzzDetectDelimiter(f *testing.F) {
	f.Add([]byte("a;b\n\"1;2\n"))
	f.Add([]byte("sep=|\n"))
	f.Fuzz(func(t *testing.T, sample []byte) {
		for _, e := range DetectDelimiter(Episodes(), sample).Evidence {
			if e.Agreeing > e.Rows || e.Known > e.Columns || e.Rows > delimiterRows {
				t.Fatal(e)
			}
		}
	})
}

// The twin of the layouts is package time.
func TestDateLayoutsAgainstTime(t *testing.T) {
	goLayout := map[string]string{
		"yyyy-mm-dd": "2006-1-2", "dd/mm/yyyy": "2/1/2006", "mm/dd/yyyy": "1/2/2006", "dd/mm/yy": "2/1/06", "mm/dd/yy": "1/2/06",
		"dd.mm.yyyy": "2.1.2006", "dd.mm.yy": "2.1.06", "dd-mm-yyyy": "2-1-2006", "mm-dd-yyyy": "1-2-2006", "dd-mm-yy": "2-1-06", "mm-dd-yy": "1-2-06",
		"dd-mon-yyyy": "2-Jan-2006", "dd-mon-yy": "2-Jan-06", "dd mon yyyy": "2 Jan 2006", "dd mon yy": "2 Jan 06", "yyyy/mm/dd": "2006/1/2", "yyyymmdd": "20060102",
	}
	today := date(t, "2024-06-15")
	r := rand.New(rand.NewPCG(3, 4))
	for _, l := range dateLayouts {
		layout, ok := goLayout[l.name]
		if !ok {
			continue // day numbers: below
		}
		plain, timed := convertDates(l, false, today), convertDates(l, true, today)
		for range 3000 {
			year, month, day := 1900+r.IntN(130), 1+r.IntN(13), 1+r.IntN(32)
			if l.short {
				year = 1925 + r.IntN(99)
			}
			d := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
			text := d.Format(layout)
			if r.IntN(2) == 0 && !strings.Contains(layout, "Jan") && l.sep != 0 {
				text = d.Format(strings.NewReplacer("2006", "2006", "06", "06", "1", "01", "2", "02").Replace(layout))
			}
			want := d.Format("2006-01-02")
			if l.short && d.After(time.Date(2024, 6, 15, 0, 0, 0, 0, time.UTC)) {
				continue
			}
			got, ok := plain(nil, []byte(text))
			if text == want {
				require.False(t, ok, "%s: what is canonical is left alone", text)
				continue
			}
			require.True(t, ok, "%s %s", l.name, text)
			require.Equal(t, want, string(got), "%s %s", l.name, text)
			if l.sep == 0 {
				continue
			}
			for _, clock := range []string{" 00:00", "T23:59:59", " 9:05:00.123", " 12:30 PM", " 00:00:00Z"} {
				_, ok = plain(nil, []byte(text+clock))
				require.False(t, ok, "a time is no part of the layout %s", l.name)
				got, ok = timed(nil, []byte(text+clock))
				require.True(t, ok, text+clock)
				require.Equal(t, want, string(got))
			}
		}
	}
	for _, c := range []struct{ layout, text, want string }{
		// Day numbers as Excel shows them. Source: ECMA-376 part 1, 18.17.4.1: the 1900
		// system has 1 for 1 January 1900 and counts a 29 February 1900; the 1904
		// system has 0 for 1 January 1904; 38749 and 37287 are 1 February 2006 there.
		{"excel-1900", "1", "1900-01-01"},
		{"excel-1900", "59", "1900-02-28"},
		{"excel-1900", "60", ""},
		{"excel-1900", "61", "1900-03-01"},
		{"excel-1900", "38749", "2006-02-01"},
		{"excel-1900", "2958465", "9999-12-31"},
		{"excel-1900", "2958466", ""},
		{"excel-1900", "0", ""},
		{"excel-1900", "38749.0", "2006-02-01"},
		{"excel-1900", "38749.5", ""},
		{"excel-1900 hh:mm", "38749.5", "2006-02-01"},
		{"excel-1904", "0", "1904-01-01"},
		{"excel-1904", "37287", "2006-02-01"},
		{"excel-1904", "2957003", "9999-12-31"},
		{"excel-1904", "2957004", ""},
		{"dd/mm/yyyy", "29/02/2023", ""},
		{"dd/mm/yyyy", "29/02/1900", ""},
		{"dd/mm/yyyy", "31/04/2024", ""},
		{"dd/mm/yyyy", "1/13/2024", ""},
		{"dd/mm/yyyy", "01/02/24", ""},
		{"dd/mm/yyyy", "01/02-2024", ""},
		{"dd/mm/yyyy", "001/02/2024", ""},
		{"dd/mm/yyyy", "01/02/2024 25:00", ""},
		{"dd/mm/yy", "15/06/24", "2024-06-15"}, // today
		{"dd/mm/yy", "16/06/24", "1924-06-16"}, // tomorrow would be in the future
		{"dd/mm/yy", "17/05/80", "1980-05-17"},
		{"dd-mon-yyyy", "1-Sept-2024", "2024-09-01"},
		{"dd-mon-yyyy", "01-september-2024", "2024-09-01"},
		{"dd-mon-yyyy", "01-Ma-2024", ""},
		{"dd-mon-yyyy", "01-Mai-2024", ""},
		{"dd mon yyyy", "1 August 2024", "2024-08-01"},
		{"yyyymmdd", "20240631", ""},
		{"yyyymmdd", "2024063", ""},
	} {
		l, timed, ok := layoutNamed(c.layout)
		require.True(t, ok, c.layout)
		got, ok := convertDates(l, timed, today)(nil, []byte(c.text))
		assert.Equal(t, c.want, string(got), "%s %s", c.layout, c.text)
		assert.Equal(t, c.want != "", ok, "%s %s", c.layout, c.text)
	}
}

func TestNumberFormats(t *testing.T) {
	for _, c := range []struct{ decimal, thousands, text, want string }{
		{",", "", "85,5", "85.5"},
		{",", "", "-85,50", "-85.50"},
		{",", "", "85.5", ""}, // read as it stands
		{",", "", "85", ""},   // as it stands
		{",", "", "85,", ""},
		{",", "", ",5", ""},
		{",", "", "8,5,5", ""},
		{",", ".", "1.234,5", "1234.5"},
		{",", ".", "1.234", "1234"},
		{",", ".", "12.34", ""},
		{",", ".", "1.2345", ""},
		{",", ".", "1234.567", ""},
		{",", ".", "1234,5", "1234.5"},
		{".", ",", "1,234,567.8", "1234567.8"},
		{".", ",", "1,23", ""},
		{"", ",", "12,345", "12345"},
		{"", " ", "12\u00a0345", "12345"},
		{"", " ", "12\u202f345.5", "12345.5"},
		{"", " ", "12 345", "12345"},
		{"", "'", "12'345", "12345"},
		{"", ",", ",345", ""},
		{"", "", "", ""},
		{"", ",", "-", ""},
		{",", "", "1,5kg", ""},
	} {
		f := NumberFormat{c.decimal, c.thousands}
		require.Empty(t, f.problem())
		got, ok := f.convert()([]byte("x"), []byte(c.text))
		assert.Equal(t, c.want != "", ok, "%s %q", f, c.text)
		assert.Equal(t, "x"+c.want, string(got), "%s %q", f, c.text)
	}
}

func TestInspect(t *testing.T) {
	const text = "Client;DOB;referral_date;review_date;plan_date;weight_kg_pre;waist_cm_pre;employment_status;gender;wider_needs;closure_date\r\n" +
		"C1;17/05/1980;01/10/2024;2024-10-01;45567;80,5;1,234;1;Male;2;01/10/2024\r\n" +
		"C2;01/05/1981;02/11/2024;2024-10-02;45568;90;1,000;02;female;2;13/10/2024\r\n" +
		"C3;;;;;;;ZZ;1;housing;n/a\r\n" +
		"C4;02/05/1981;x\r\n"
	seen := inspect(t, text)
	assert.Equal(t, []int{4, 1}, []int{seen.Records, seen.BadRecords})
	assert.Equal(t, byte(';'), seen.Delimiter)
	want := []InspectedColumn{
		{Heading: "Client", Filled: 3},
		{Heading: "DOB", Filled: 2, Date: "dd/mm/yyyy", DateCells: 2},
		{Heading: "referral_date", Field: "referral_date", Filled: 2, Date: "dd/mm/yyyy", DateCells: 2, Ambiguous: "mm/dd/yyyy"},
		{Heading: "review_date", Field: "review_date", Filled: 2, Date: "yyyy-mm-dd", DateCells: 2},
		{Heading: "plan_date", Field: "plan_date", Filled: 2, Date: "excel-1900", DateCells: 2},
		{Heading: "weight_kg_pre", Field: "weight_kg_pre", Filled: 2, Number: &NumberFormat{Decimal: ","}, NumberCells: 2},
		{Heading: "waist_cm_pre", Field: "waist_cm_pre", Filled: 2, Number: &NumberFormat{Decimal: ","}, NumberCells: 2},
		{Heading: "employment_status", Field: "employment_status", Filled: 3, Codes: "lost zeros"},
		{Heading: "gender", Field: "gender", Filled: 3, Codes: "labels"},
		{Heading: "wider_needs", Field: "wider_needs", Filled: 3, Codes: "others"},
		{Heading: "closure_date", Field: "closure_date", Filled: 3, Date: "dd/mm/yyyy", DateCells: 2},
	}
	assert.Equal(t, want, seen.Columns)

	// What is the same in every cell is taken, and says so; what is not is left alone:
	// closure_date has a cell that is no date, waist_cm_pre could be thousands.
	m := seen.Formats(nil)
	assert.Equal(t, &Mapping{Kind: "episode", Delimiter: ";", Columns: []MappedColumn{
		{Heading: "referral_date", Field: "referral_date", Date: "dd/mm/yyyy", Assumed: OtherColumns},
		{Heading: "plan_date", Field: "plan_date", Date: "excel-1900", Assumed: WholeColumn},
		{Heading: "weight_kg_pre", Field: "weight_kg_pre", Number: &NumberFormat{Decimal: ","}, Assumed: WholeColumn},
		{Heading: "employment_status", Field: "employment_status", LostZeros: true, Assumed: WholeColumn},
		{Heading: "gender", Field: "gender", Labels: true, Assumed: WholeColumn},
	}}, m)

	// A mapping goes before what is seen, and is not changed itself.
	mine := parseMapping(t, mappingText(`{"heading": "dob", "field": "date_of_birth"}, {"heading": "plan_date", "field": "plan_date", "date": "excel-1904"}`, ""))
	m = seen.Formats(mine)
	require.NoError(t, m.Check(Episodes()))
	assert.Equal(t, MappedColumn{Heading: "dob", Field: "date_of_birth", Date: "dd/mm/yyyy", Assumed: WholeColumn}, m.Columns[0])
	assert.Equal(t, "excel-1904", m.Columns[1].Date)
	assert.Empty(t, mine.Columns[0].Date)

	// The findings say what was assumed, and why.
	v := extractValidator(t, Mapped(m), Severity("*/*", Off), Severity("file/date-format", Warning))
	_, findings := validateAll(t, v, strings.NewReader(text))
	var got []string
	for _, f := range findings {
		_, tail, _ := strings.Cut(f.Message, "whole column: ")
		got = append(got, f.Field+": "+tail)
	}
	assert.Equal(t, []string{
		`date_of_birth: 2 cells written dd/mm/yyyy in the column "dob", as the whole column is`,
		"referral_date: 2 cells written dd/mm/yyyy; no day is above 12, so the order of day and month is that of the other date columns",
		"plan_date: 2 cells written excel-1904, as the mapping says",
	}, got)
	assert.Equal(t, []Level{Warning, Warning, Warning}, []Level{findings[0].Severity, findings[1].Severity, findings[2].Severity}, "Severity goes before the note's own level")

	var b strings.Builder
	require.NoError(t, seen.WriteText(&b))
	for _, value := range []string{"17/05/1980", "80,5", "female", "C1"} {
		assert.NotContains(t, b.String(), value)
	}
	assert.Contains(t, b.String(), "a semicolon: 11 columns, 10 of them known; 3 of 4 rows have as many cells  <")
	text2, err := json.Marshal(seen)
	require.NoError(t, err)
	assert.NotContains(t, string(text2), "17/05/1980")
}

// Without another column to tell, days and months are left alone; so they are
// where another column has the month first.
func TestAmbiguousDatesAreLeftAlone(t *testing.T) {
	for why, text := range map[string]string{
		"alone":                "referral_date\n01/10/2024\n02/11/2024\n",
		"beside ISO":           "referral_date,plan_date\n01/10/2024,2024-10-13\n02/11/2024,2024-10-14\n",
		"beside months first":  "referral_date,plan_date,review_date\n01/10/2024,10/13/2024,13/10/2024\n02/11/2024,10/14/2024,14/10/2024\n",
		"one that is no date":  "referral_date\n13/10/2024\n31/11/2024\n",
		"two layouts":          "referral_date\n13/10/2024\n2024-10-14\n",
		"numbers that are ids": "plan_date\n12\n13\n",
	} {
		for _, c := range inspect(t, text).Formats(nil).Columns {
			assert.NotContains(t, []string{"referral_date", "plan_date"}[:1], c.Field, why)
		}
	}
	assert.Empty(t, inspect(t, "plan_date\n12\n13\n").Formats(nil).Columns)
}

func TestInspectWhatCannotBeRead(t *testing.T) {
	for _, c := range []struct{ text, unread string }{
		{"", "file/empty"}, {byteOrder + "\n\n", "file/empty"}, {string(make([]byte, 4000)), "file/not-text"}, {"%PDF-1.7\n", "file/not-text"},
	} {
		seen := inspect(t, c.text)
		assert.Equal(t, c.unread, seen.Unread)
		assert.Empty(t, seen.Columns)
		assert.Empty(t, seen.Suggest().Lines)
		require.NoError(t, seen.WriteText(&strings.Builder{}))
	}
	seen := inspect(t, "client_id\nC1\n\n\"C2\nC3\n"+strings.Repeat("x", 2<<20)+"\nC4\n")
	assert.Equal(t, 2, seen.BadRecords, "a quote that does not close, a line without end")
	seen = inspect(t, "client_id,notes\nC1,caf\xe9\n")
	assert.Equal(t, 1, seen.NotUTF8)
	assert.True(t, seen.Windows1252)
	seen = inspect(t, "client_id,notes\nC1,caf\x82\n")
	assert.False(t, seen.Windows1252, "an e with an accent as DOS has it")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	in, err := openBytes([]byte("client_id\nC1\n"))
	require.NoError(t, err)
	_, err = Inspect(ctx, Episodes(), in)
	assert.ErrorIs(t, err, context.Canceled)
}

// A file that says sep=; on its first line, as some are written for Excel.
func TestSeparatorLine(t *testing.T) {
	text := byteOrder + "sep=;\r\nclient_id;gender\r\nC1;Q\r\n"
	seen := inspect(t, text)
	assert.Equal(t, byte(';'), seen.Delimiter)
	require.Len(t, seen.Columns, 2)
	_, findings := validateAll(t, extractValidator(t, Delimiter(';'), Severity("*/*", Off), Severity("gender/code", Error)), strings.NewReader(text))
	require.Len(t, findings, 1)
	assert.Equal(t, Position{File: "x.csv", Record: 1, Line: 3, Column: 2, Offset: int64(strings.Index(text, "Q"))}, findings[0].Position)
	report, _ := validateAll(t, extractValidator(t), strings.NewReader(text))
	assert.Equal(t, "file/delimiter", report.Unread)
}

// Memory does not grow with the rows.
func TestInspectInConstantMemory(t *testing.T) {
	row := []byte(strings.Join(extractCells(1), ",") + "\n")
	of := func(rows int) int64 {
		file := append([]byte(extractHeader()+"\n"), bytes.Repeat(row, rows)...)
		in, err := openBytes(file)
		require.NoError(t, err)
		return allocated(func() {
			_, err = Inspect(t.Context(), Episodes(), in)
			require.NoError(t, err)
		})
	}
	few, many := of(1000), of(20_000)
	assert.Less(t, many-few, int64(64<<10), "%d and %d bytes", few, many)
}

func BenchmarkInspect(b *testing.B) {
	file := cleanExtract(20_000)
	in, err := openBytes(file)
	require.NoError(b, err)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Inspect(b.Context(), Episodes(), in); err != nil {
			b.Fatal(err)
		}
	}
}

// What a mapping costs: the same rows, read as they are and through a mapping
// that converts every date, number and code.
func BenchmarkMapped(b *testing.B) {
	plain := cleanExtract(20_000)
	var disguised bytes.Buffer
	lines := bytes.Split(bytes.TrimSpace(plain), []byte("\n"))
	disguised.Write(lines[0])
	for _, l := range lines[1:] {
		disguised.WriteByte('\n')
		for i, cell := range bytes.Split(l, []byte(",")) {
			if i > 0 {
				disguised.WriteByte(0x09)
			}
			if _, ok := lexDate(cell); ok {
				cell = fmt.Appendf(nil, "%s/%s/%s", cell[8:], cell[5:7], cell[:4])
			} else if _, _, ok := lexDecimal(cell); ok {
				cell = bytes.Replace(cell, []byte("."), []byte(","), 1)
			}
			disguised.Write(cell)
		}
	}
	mapped := append(bytes.ReplaceAll(lines[0], []byte(","), []byte("\t")), disguised.Bytes()[len(lines[0]):]...)
	m, err := ParseMapping(Episodes(), strings.NewReader(mappingText("", `, "delimiter": "tab", "date": "dd/mm/yyyy", "number": {"decimal": ","}`)))
	require.NoError(b, err)
	for _, c := range []struct {
		name    string
		file    []byte
		options []Option
	}{{"plain", plain, nil}, {"mapped", mapped, []Option{Mapped(m)}}} {
		b.Run(c.name, func(b *testing.B) {
			v := extractValidator(b, c.options...)
			b.SetBytes(int64(len(c.file)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := v.Validate(b.Context(), "x.csv", bytes.NewReader(c.file), nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
