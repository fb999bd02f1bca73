package workbook

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

// sheet makes a workbook whose first sheet is filled by fill.
func sheet(t *testing.T, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	return b.Bytes()
}

func open(book []byte, limits Limits) (*Book, error) {
	return Open(bytes.NewReader(book), int64(len(book)), limits)
}

func csvOf(t *testing.T, book []byte, s Sheet) string {
	t.Helper()
	b, err := open(book, Limits{})
	require.NoError(t, err)
	defer b.Close()
	r, err := b.CSV(s)
	require.NoError(t, err)
	text, err := io.ReadAll(r)
	require.NoError(t, err)
	require.NoError(t, r.Close())
	return string(text)
}

// A number in a cell with a format, as Excel stores it, and what is read.
func TestNumbersAndDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value  any
		format string
		want   string
		why    string
	}{
		{45413, "yyyy-mm-dd", "2024-05-01", "an ISO format"},
		{45413, "dd/mm/yyyy", "2024-05-01", "the format of this country"},
		{45413, `[$-809]dd\ mmmm\ yyyy;@`, "2024-05-01", "with a language and an escaped blank"},
		{45413, "d-mmm-yy", "2024-05-01", "a short year"},
		{45413, `"Month "mmm`, "2024-05-01", "a month alone is a date: the rest of it is there"},
		{45413, `"dmy" 0`, "45413", "letters between quotes make no date"},
		{45413, "[Red]0", "45413", "nor does the d of a colour"},
		{45413, `0\d`, "45413", "nor a letter behind a backslash"},
		{45413.5625, "dd/mm/yyyy", "2024-05-01T13:30:00", "a time that the format hides is not lost"},
		{0.5625, "hh:mm", "0.5625", "a time alone is no date"},
		{60.0, "General", "60", "a number"},
		{72.45999999999999, "0.0", "72.46", "the 15 digits that Excel holds, not the one that it shows"},
		{72.5, "#,##0.00", "72.5", "no thousands, no zeros behind"},
		{1234567.5, "#,##0.00", "1234567.5", "no thousands"},
		{0.25, "0%", "0.25", "no percentages"},
		{int64(9990548609), "000 000 0000", "9990548609", "an NHS number"},
		{1, "00", "01", "a code with the zeros that Excel shows"},
		{7, "000", "007", "or three digits"},
		{12345, "00", "12345", "but no digit is lost"},
		{"01", "General", "01", "text is text"},
		{"01/05/2024", "dd/mm/yyyy", "01/05/2024", "text that looks like a date stays text, for the validator to speak of"},
		{"2024-05-01T00:00:00", "General", "2024-05-01", "a date that another program wrote as text"},
		{"a\nb\r\nc", "General", "a\u2028b\u2028c", "a line break does not make a line"},
		{true, "General", "TRUE", "a Boolean"},
		{-5.5, "General", "-5.5", "a negative number"},
		{123456789012345.0, "General", "123456789012345", "fifteen digits"},
		{1e21, "General", "1000000000000000000000", "no exponent"},
		{"x,y", "General", `"x,y"`, "a comma is quoted"},
		{"=1+1", "General", "=1+1", "text that looks like a formula is text"},
	} {
		book := sheet(t, func(f *excelize.File) {
			style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &c.format})
			require.NoError(t, err, c.format)
			require.NoError(t, f.SetCellStr("Sheet1", "A1", "heading"))
			if s, ok := c.value.(string); ok {
				require.NoError(t, f.SetCellStr("Sheet1", "A2", s))
			} else {
				require.NoError(t, f.SetCellValue("Sheet1", "A2", c.value))
			}
			require.NoError(t, f.SetCellStyle("Sheet1", "A2", "A2", style))
		})
		assert.Equal(t, "heading\n"+c.want+"\n", csvOf(t, book, Sheet{}), "%v as %s: %s", c.value, c.format, c.why)
	}
}

// The formats that a workbook names by number alone.
func TestBuiltInFormats(t *testing.T) {
	t.Parallel()
	for id, want := range map[int]string{
		0: "45413.25", 1: "45413.25", 2: "45413.25", 4: "45413.25", 9: "45413.25", 11: "45413.25", 49: "45413.25",
		14: "2024-05-01T06:00:00", 15: "2024-05-01T06:00:00", 16: "2024-05-01T06:00:00", 17: "2024-05-01T06:00:00", 22: "2024-05-01T06:00:00",
		20: "45413.25", 21: "45413.25", 46: "45413.25",
	} {
		book := sheet(t, func(f *excelize.File) {
			style, err := f.NewStyle(&excelize.Style{NumFmt: id})
			require.NoError(t, err)
			require.NoError(t, f.SetCellStr("Sheet1", "A1", "heading"))
			require.NoError(t, f.SetCellValue("Sheet1", "A2", 45413.25))
			require.NoError(t, f.SetCellStyle("Sheet1", "A2", "A2", style))
		})
		assert.Equal(t, "heading\n"+want+"\n", csvOf(t, book, Sheet{}), "format %d", id)
	}
}

// Workbooks from an old Mac count days from 1904.
func TestDatesFrom1904(t *testing.T) {
	t.Parallel()
	book := sheet(t, func(f *excelize.File) {
		on := true
		require.NoError(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &on}))
		require.NoError(t, f.SetCellStr("Sheet1", "A1", "heading"))
		require.NoError(t, f.SetCellValue("Sheet1", "A2", 43951))
		format := "dd/mm/yyyy"
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		require.NoError(t, err)
		require.NoError(t, f.SetCellStyle("Sheet1", "A2", "A2", style))
	})
	assert.Equal(t, "heading\n2024-05-01\n", csvOf(t, book, Sheet{}))
}

// Rows and columns keep their places, whatever is blank.
func TestShape(t *testing.T) {
	t.Parallel()
	set := func(f *excelize.File, cell, value string) { _ = f.SetCellStr("Sheet1", cell, value) }
	book := sheet(t, func(f *excelize.File) {
		set(f, "A1", "Extract of March")
		set(f, "A3", "a")
		set(f, "B3", "b")
		set(f, "C3", "c")
		set(f, "A4", "1")
		set(f, "C7", "3")
		set(f, "B8", " ")
		set(f, "A9", "1")
		set(f, "D9", "4")
		set(f, "Z9", "26")
	})
	assert.Equal(t, "\n\na,b,c\n1,,\n\n\n,,3\n\n1,,,4\n", csvOf(t, book, Sheet{Heading: 3}))
	assert.Equal(t, "Extract of March\n\na,b\n1\n\n\n,\n\n1,\n", csvOf(t, book, Sheet{}), "without the row of headings, the first is taken for it")
}

func TestSheets(t *testing.T) {
	t.Parallel()
	book := sheet(t, func(f *excelize.File) {
		_, err := f.NewSheet("Later")
		require.NoError(t, err)
		require.NoError(t, f.SetCellStr("Sheet1", "A1", "first"))
		require.NoError(t, f.SetCellStr("Later", "A1", "second"))
	})
	assert.Equal(t, "first\n", csvOf(t, book, Sheet{}))
	assert.Equal(t, "second\n", csvOf(t, book, Sheet{Name: "LATER"}))
	b, err := open(book, Limits{})
	require.NoError(t, err)
	defer b.Close()
	_, err = b.CSV(Sheet{Name: "none"})
	var e *SheetError
	require.ErrorAs(t, err, &e)
	assert.Equal(t, []string{"Sheet1", "Later"}, e.Have)
}

// The line of a finding is the row of the sheet, and its column the column.
func TestFindingsStandWhereTheSheetHasThem(t *testing.T) {
	t.Parallel()
	book := sheet(t, func(f *excelize.File) {
		for i, row := range [][]any{
			{"Extract of March 2024"},
			nil,
			{"client_id", "episode_id", "service_code", "referral_date", "employment_status", "weight_kg_pre"},
			{"C1", "E1", "RX1", time.Date(2023, 6, 5, 0, 0, 0, 0, time.UTC), "02", 82.5},
			nil,
			{"C2", "E2", "RX1", "13/06/2023", 2, 82.5},
			{"C3", "E3\nE4", "RX1", time.Date(2023, 6, 7, 0, 0, 0, 0, time.UTC), "01", 8250},
		} {
			require.NoError(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
		}
	})
	b, err := open(book, Limits{})
	require.NoError(t, err)
	defer b.Close()
	r, err := b.CSV(Sheet{Heading: 3})
	require.NoError(t, err)
	asOf, err := hte.ParseDate("2024-03-31")
	require.NoError(t, err)
	v, err := dcrs.NewValidator(dcrs.Episodes(), asOf, dcrs.Severity("file/missing-column", dcrs.Off), dcrs.Severity("dates/stale-open", dcrs.Off))
	require.NoError(t, err)
	var got []string
	report, err := v.Validate(context.Background(), "march.xlsx", r, func(f dcrs.Finding) error {
		cell, err := excelize.CoordinatesToCellName(f.Column, f.Line)
		got = append(got, cell+" "+f.Rule)
		return err
	})
	require.NoError(t, err)
	assert.Equal(t, 3, report.Records, "the blank row is none")
	assert.ElementsMatch(t, []string{"D6 referral_date/format", "E6 employment_status/format", "B7 episode_id/format", "F7 weight_kg_pre/range"}, got)
}

// Files that are something else, or broken, or made to do harm.
func TestFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	good := sheet(t, func(f *excelize.File) { _ = f.SetCellStr("Sheet1", "A1", "heading") })
	for name, c := range map[string]struct {
		book []byte
		want string
	}{
		"empty":                 {nil, "empty"},
		"two bytes":             {[]byte("PK"), "empty"},
		"a CSV file":            {[]byte("client_id,episode_id\nC1,E1\n"), "not a workbook"},
		"an old workbook":       {append([]byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}, make([]byte, 600)...), "old .xls"},
		"cut short":             {good[:len(good)/2], "damaged or cut short"},
		"a zip of another kind": {zipped(t, map[string]string{"episodes.csv": "client_id\n"}), "without a worksheet"},
		"a worksheet cut short": {repacked(t, good, func(name, text string) string {
			if name == "xl/worksheets/sheet1.xml" {
				return text[:len(text)-20]
			}
			return text
		}), "ends in the middle"},
		"a part with a flipped bit": {flipped(good), ""},
	} {
		b, err := open(c.book, Limits{})
		if b != nil {
			b.Close()
		}
		var e *FormatError
		if assert.ErrorAs(t, err, &e, name) {
			assert.Contains(t, err.Error(), c.want, name)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	good := sheet(t, func(f *excelize.File) { _ = f.SetCellStr("Sheet1", "A1", "heading") })
	var e *LimitError
	_, err := open(good, Limits{File: 100})
	require.ErrorAs(t, err, &e)
	_, err = open(good, Limits{Unpacked: 1000})
	require.ErrorAs(t, err, &e)

	// Thirty mebibytes of blanks in a few kilobytes, said to be small.
	bomb := zipped(t, map[string]string{"xl/worksheets/sheet1.xml": strings.Repeat(" ", 30<<20) + "</worksheet>"})
	assert.Less(t, len(bomb), 100_000)
	_, err = open(bomb, Limits{Unpacked: 1 << 20})
	require.ErrorAs(t, err, &e)
	assert.Contains(t, err.Error(), "unpacked")

	wide := sheet(t, func(f *excelize.File) {
		_ = f.SetCellStr("Sheet1", "A1", "heading")
		_ = f.SetCellStr("Sheet1", "XFD1", "the last column")
	})
	b, err := open(wide, Limits{})
	require.NoError(t, err)
	defer b.Close()
	r, err := b.CSV(Sheet{})
	require.NoError(t, err)
	_, err = io.ReadAll(r)
	require.ErrorAs(t, err, &e)
	assert.Equal(t, int64(1024), e.Limit)
}

// A large part goes to a temporary file, which is gone afterwards, and gives the
// same rows.
func TestLargePartsLeaveMemory(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	book := sheet(t, func(f *excelize.File) {
		for row := 1; row <= 2000; row++ {
			_ = f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", row), &[]any{fmt.Sprintf("text %d", row), row, 45413})
		}
	})
	want := csvOf(t, book, Sheet{})
	assert.Equal(t, 2000, strings.Count(want, "\n"))
	b, err := open(book, Limits{InMemory: 1000})
	require.NoError(t, err)
	r, err := b.CSV(Sheet{})
	require.NoError(t, err)
	got, err := io.ReadAll(r)
	require.NoError(t, err)
	assert.Equal(t, want, string(got))
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.NotEmpty(t, files, "the sheet is in a temporary file")
	require.NoError(t, r.Close())
	require.NoError(t, b.Close())
	files, err = os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, files)
	_, err = r.Read(make([]byte, 1))
	assert.Error(t, err, "a closed reader gives nothing more")
}

func zipped(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = io.WriteString(w, text)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

// repacked changes the parts of a workbook.
func repacked(t *testing.T, book []byte, change func(name, text string) string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	require.NoError(t, err)
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		parts[f.Name] = change(f.Name, string(text))
	}
	return zipped(t, parts)
}

// flipped damages the packed bytes of the largest part.
func flipped(book []byte) []byte {
	out := bytes.Clone(book)
	z, _ := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	largest := z.File[0]
	for _, f := range z.File {
		if f.CompressedSize64 > largest.CompressedSize64 {
			largest = f
		}
	}
	at, _ := largest.DataOffset()
	out[at+int64(largest.CompressedSize64)/2] ^= 0xff
	return out
}

func FuzzOpen(f *testing.F) {
	x := excelize.NewFile()
	_ = x.SetSheetRow("Sheet1", "A1", &[]any{"client_id", "weight_kg_pre"})
	_ = x.SetSheetRow("Sheet1", "A2", &[]any{"C1", 82.5})
	var b bytes.Buffer
	_ = x.Write(&b)
	x.Close()
	f.Add(b.Bytes())
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, book []byte) {
		b, err := open(book, Limits{File: 1 << 20, Unpacked: 4 << 20})
		if err != nil {
			return
		}
		defer b.Close()
		for _, name := range b.Sheets() {
			r, err := b.CSV(Sheet{Name: name})
			if err != nil {
				continue
			}
			_, _ = io.Copy(io.Discard, r)
			r.Close()
		}
	})
}
