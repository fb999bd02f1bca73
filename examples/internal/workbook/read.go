package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Limits hold against workbooks that are made to exhaust a machine. The zero
// value of each means the default.
type Limits struct {
	File     int64 // bytes of the workbook itself; 256 MiB
	Unpacked int64 // bytes of all its parts together; 4 GiB
	InMemory int64 // bytes of a part that is kept in memory and not in a temporary file; 16 MiB
	Columns  int   // of a sheet; 1024
}

const mib = 1 << 20

func (l Limits) orDefault() Limits {
	if l.File == 0 {
		l.File = 256 * mib
	}
	if l.Unpacked == 0 {
		l.Unpacked = 4096 * mib
	}
	if l.InMemory == 0 {
		l.InMemory = 16 * mib
	}
	if l.Columns == 0 {
		l.Columns = 1024
	}
	return l
}

// LimitError says which limit a workbook exceeds.
type LimitError struct {
	What  string // what there is too much of
	Limit int64
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("workbook: %s: more than %d", e.What, e.Limit)
}

// FormatError says that a file is no workbook that can be read, and what it
// seems to be instead.
type FormatError struct {
	Problem string
	Err     error // of the library or the zip reader; may be nil
}

func (e *FormatError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("workbook: %s: %v", e.Problem, e.Err)
	}
	return "workbook: " + e.Problem
}

func (e *FormatError) Unwrap() error { return e.Err }

// SheetError says that a workbook has no such worksheet.
type SheetError struct {
	Sheet string
	Have  []string
}

func (e *SheetError) Error() string {
	return fmt.Sprintf("workbook: there is no worksheet %q; there are: %s", e.Sheet, strings.Join(e.Have, ", "))
}

// Book is an open workbook.
type Book struct {
	file   *excelize.File
	limits Limits
}

// Open reads a workbook of size bytes. Bytes of the workbook itself are held in
// memory until [Book.Close]. The errors are a [*FormatError], a [*LimitError],
// or r's.
func Open(r io.ReaderAt, size int64, limits Limits) (*Book, error) {
	limits = limits.orDefault()
	if size > limits.File {
		return nil, &LimitError{"bytes of the file", limits.File}
	}
	if err := inspect(r, size, limits); err != nil {
		return nil, err
	}
	file, err := excelize.OpenReader(io.NewSectionReader(r, 0, size), excelize.Options{
		UnzipSizeLimit: limits.Unpacked, UnzipXMLSizeLimit: min(limits.InMemory, limits.Unpacked),
	})
	if err != nil {
		return nil, &FormatError{"it cannot be read as a workbook", err}
	}
	b := &Book{file: file, limits: limits}
	if err := b.spellOutFormats(); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

var (
	oldOffice = []byte{0xd0, 0xcf, 0x11, 0xe0}
	sheetPart = regexp.MustCompile(`(?i)^xl/worksheets/[^/]+\.xml$`)
	sheetEnd  = regexp.MustCompile(`</([A-Za-z0-9_]+:)?worksheet\s*>\s*$`)
)

// inspect unpacks every part once and throws it away: it counts what there
// really is, whatever the directory of the file claims, finds damage, and sees
// that every worksheet is there to its end, which the library does not ask.
func inspect(r io.ReaderAt, size int64, limits Limits) error {
	head := make([]byte, 4)
	if n, err := r.ReadAt(head, 0); n < len(head) {
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		return &FormatError{Problem: "it is empty or nearly so"}
	}
	if bytes.Equal(head, oldOffice) {
		return &FormatError{Problem: "it is an old .xls file or has a password: save it as .xlsx without one"}
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		if bytes.HasPrefix(head, []byte("PK")) {
			return &FormatError{"it is damaged or cut short", err}
		}
		return &FormatError{Problem: "it is not a workbook: if it is a CSV file, it is read as it is"}
	}
	left := limits.Unpacked
	sheets := 0
	for _, part := range z.File {
		p, err := part.Open()
		if err != nil {
			return &FormatError{"a part of it cannot be unpacked", err}
		}
		tail := &tail{}
		n, err := io.Copy(tail, io.LimitReader(p, left+1))
		if closed := p.Close(); err == nil {
			err = closed
		}
		if left -= n; left < 0 {
			return &LimitError{"bytes when unpacked", limits.Unpacked}
		}
		if err != nil {
			return &FormatError{"a part of it is damaged", err}
		}
		if sheetPart.MatchString(path.Clean(strings.ReplaceAll(part.Name, `\`, "/"))) {
			sheets++
			if !sheetEnd.Match(tail.last) {
				return &FormatError{Problem: "a worksheet ends in the middle"}
			}
		}
	}
	if sheets == 0 {
		return &FormatError{Problem: "it is a zip file without a worksheet"}
	}
	return nil
}

// tail keeps the last bytes that were written to it.
type tail struct{ last []byte }

func (t *tail) Write(p []byte) (int, error) {
	const keep = 256
	if len(p) >= keep {
		t.last = append(t.last[:0], p[len(p)-keep:]...)
		return len(p), nil
	}
	t.last = append(t.last, p...)
	if n := len(t.last) - keep; n > 0 {
		t.last = append(t.last[:0], t.last[n:]...)
	}
	return len(p), nil
}

// Close removes the temporary files.
func (b *Book) Close() error { return b.file.Close() }

// Sheets are the names of the worksheets, in their order.
func (b *Book) Sheets() []string { return b.file.GetSheetList() }

// dateMark stands before what was a date in the sheet. It is of the characters
// for private use, so that no text begins with it by chance.
const dateMark = "\U000f8ff0"

// spellOutFormats changes the number formats of the open workbook, in memory,
// so that the library writes numbers as Book.CSV promises: dates with a mark and
// their time, other numbers in full, unless the format is nothing but zeros.
func (b *Book) spellOutFormats() error {
	custom := `"` + dateMark + `"yyyy\-mm\-dd\Thh:mm:ss`
	id, err := b.file.NewStyle(&excelize.Style{CustomNumFmt: &custom})
	if err != nil {
		return &FormatError{"its styles cannot be read", err}
	}
	styles := b.file.Styles
	if styles == nil || styles.CellXfs == nil || id >= len(styles.CellXfs.Xf) || styles.CellXfs.Xf[id].NumFmtID == nil {
		return &FormatError{Problem: "its styles cannot be read"}
	}
	date := *styles.CellXfs.Xf[id].NumFmtID
	codes := map[int]string{}
	if styles.NumFmts != nil {
		for _, f := range styles.NumFmts.NumFmt {
			codes[f.NumFmtID] = f.FormatCode
			if f.FormatCode16 != "" {
				codes[f.NumFmtID] = f.FormatCode16
			}
		}
	}
	// A format that there is not leaves a number as it is; General would round it to
	// what Excel shows.
	inFull := 1 << 20
	for ; codes[inFull] != ""; inFull++ {
	}
	for i := range styles.CellXfs.Xf {
		xf := &styles.CellXfs.Xf[i]
		if xf.NumFmtID == nil {
			continue
		}
		code, ok := codes[*xf.NumFmtID]
		switch {
		case ok && onlyZeros.MatchString(code):
		case ok && isDateFormat(code), !ok && isBuiltInDate(*xf.NumFmtID):
			xf.NumFmtID = &date
		default:
			xf.NumFmtID = &inFull
		}
	}
	return nil
}

var (
	onlyZeros = regexp.MustCompile(`^0{2,}(;@)?$`)
	// What of a format is text: quoted, escaped, a filler, or a colour, condition or
	// language in brackets.
	formatText = regexp.MustCompile(`"[^"]*"|\\.|[_*].|\[[^\]]*\]`)
)

// isDateFormat reports whether a format shows days, months or years. A format of
// times alone does not make a date.
func isDateFormat(code string) bool {
	first, _, _ := strings.Cut(formatText.ReplaceAllString(code, ""), ";")
	first = strings.ToLower(first)
	if strings.Contains(first, "general") {
		return false
	}
	return strings.ContainsAny(first, "dy") || strings.Contains(first, "mmm") || first == "mm" || first == "m"
}

// isBuiltInDate reports whether a number stands for a format of dates that
// workbooks need not spell out: the common ones, and those of East Asian editions.
func isBuiltInDate(id int) bool {
	return id >= 14 && id <= 17 || id == 22 || id >= 27 && id <= 31 || id == 36 || id >= 50 && id <= 54 || id == 57 || id == 58
}

// Sheet says what to read.
type Sheet struct {
	Name    string // of the worksheet, in any case; "" for the first
	Heading int    // the row of the headings; 0 for the first. Rows above it become blank lines
}

// CSV gives a worksheet as CSV in UTF-8 with commas and LF, as package comment
// says. Reading it reads the workbook: an error of the workbook is an error of
// the reader, a [*FormatError] or a [*LimitError]. A missing worksheet is a
// [*SheetError]. The reader is done with when the book is closed; close it
// earlier to stop earlier.
func (b *Book) CSV(s Sheet) (io.ReadCloser, error) {
	name := s.Name
	have := b.Sheets()
	if name == "" && len(have) > 0 {
		name = have[0]
	}
	found := ""
	for _, h := range have {
		if strings.EqualFold(h, name) {
			found = h
		}
	}
	if found == "" {
		return nil, &SheetError{s.Name, have}
	}
	rows, err := b.file.Rows(found)
	if err != nil {
		return nil, &FormatError{"its worksheet cannot be read", err}
	}
	r := &reader{rows: rows, heading: max(1, s.Heading), columns: b.limits.Columns}
	r.csv = csv.NewWriter(&r.text)
	return r, nil
}

// reader writes a row at a time and hands it out.
type reader struct {
	rows    *excelize.Rows
	heading int // the row of the headings
	columns int // at most
	row     int // the one read last
	width   int // of the headings
	text    bytes.Buffer
	csv     *csv.Writer
	err     error
}

func (r *reader) Close() error {
	if r.err == nil {
		r.err = errors.New("workbook: the reader is closed")
	}
	return r.rows.Close()
}

func (r *reader) Read(p []byte) (int, error) {
	for r.text.Len() == 0 {
		if r.err != nil {
			return 0, r.err
		}
		r.text.Reset()
		r.err = r.next()
	}
	return r.text.Read(p)
}

// next writes the next row to text.
func (r *reader) next() error {
	if !r.rows.Next() {
		if err := r.rows.Error(); err != nil {
			return &FormatError{"its worksheet cannot be read", err}
		}
		return io.EOF
	}
	r.row++
	cells, err := r.rows.Columns()
	if err != nil {
		return &FormatError{fmt.Sprintf("row %d of its worksheet cannot be read", r.row), err}
	}
	for len(cells) > 0 && strings.Trim(cells[len(cells)-1], " ") == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) == 0 || r.row < r.heading {
		r.text.WriteByte('\n')
		return nil
	}
	if r.row == r.heading {
		if r.width = len(cells); r.width > r.columns {
			return &LimitError{"columns of the worksheet", int64(r.columns)}
		}
	}
	// One cell more than there are headings says what is wrong as well as many do.
	if r.width > 0 && len(cells) > r.width+1 {
		cells = cells[:r.width+1]
	}
	for len(cells) < r.width {
		cells = append(cells, "")
	}
	for i, c := range cells {
		cells[i] = text(c)
	}
	if err := r.csv.Write(cells); err != nil {
		return err
	}
	r.csv.Flush()
	return r.csv.Error()
}

var (
	midnight   = regexp.MustCompile(`^\d{4}-\d\d-\d\dT00:00:00(\.0+)?Z?$`)
	lineBreaks = strings.NewReplacer("\r\n", "\u2028", "\n", "\u2028", "\r", "\u2028")
)

// text is a cell as CSV has it.
func text(s string) string {
	s = strings.TrimPrefix(s, dateMark)
	if midnight.MatchString(s) { // also where the cell holds a date as ISO text, as some programs write it
		return s[:len("2006-01-02")]
	}
	return lineBreaks.Replace(s)
}
