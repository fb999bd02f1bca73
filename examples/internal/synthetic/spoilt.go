package synthetic

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf16"
)

// Answer is one line of an answer key.
type Answer struct {
	Record int    // 1 is the first row below the header; 0: the file
	Field  string // "" for a rule about a whole row or file
	Rule   string
}

// File is a small extract with its answer key.
type File struct {
	Name string
	Data []byte
	Key  []Answer // everything that a validator finds in it
}

// Spoilt returns small files that each break one of the rules that a row in a
// larger file cannot break without spoiling all of it: a file that is empty or
// no table, columns that are missing, a record of more than a mebibyte. They are
// drawn as of [DefaultAsOf]; beyond what their keys list nothing is to be found.
func Spoilt() []File {
	rows := spotless(40)
	table := func(rows []row) []byte { return appendRows(appendHeading(nil, ","), rows) }
	text := string(table(rows[:8]))
	return []File{
		{"empty.csv", nil, []Answer{{0, "", "file/empty"}}},
		{"blank-lines.csv", []byte("\xef\xbb\xbf\r\n\r\n"), []Answer{{0, "", "file/empty"}}},
		{"windows-1252.csv", windows1252(rows[:8]), []Answer{
			{3, "trainer_id", "file/encoding"},
			{3, "trainer_id", "trainer_id/format"},
		}},
		{"binary.csv", binary(), []Answer{{0, "", "file/not-text"}}},
		{"utf-16.csv", utf16LE(text), []Answer{{0, "", "file/not-text"}}},
		{"utf-16-with-mark.csv", append([]byte("\xff\xfe"), utf16LE(text)...), []Answer{{0, "", "file/encoding"}}},
		{"semicolons.csv", redelimit(rows[:8], ";"), []Answer{{0, "", "file/delimiter"}}},
		{"tabs.csv", redelimit(rows[:8], "\t"), []Answer{{0, "", "file/delimiter"}}},
		{"columns-missing.csv", withoutColumns(rows[:8], fClientID, fTrainerID, fConsent, fHeightCm), []Answer{
			{0, "client_id", "file/missing-column"},
			{0, "trainer_id", "file/missing-column"},
			{0, "consent", "file/missing-column"},
			{0, "height_cm", "file/missing-column"},
		}},
		{"column-unknown.csv", withColumn(text, "shoe_size", "7"), []Answer{{0, "shoe_size", "file/unknown-column"}}},
		{"column-repeated.csv", withColumn(text, "gender", "2"), []Answer{{0, "gender", "file/repeated-column"}}},
		{"record-too-long.csv", tooLong(rows[:8]), []Answer{{5, "", "file/record-too-long"}}},
		{"who5-raw.csv", table(rawWHO5(rows)), []Answer{{1, "who5_percent_pre", "measures/who5-raw-as-percent"}}},
	}
}

// spotless returns rows of clients with one closed episode, WHO-5 at assessment
// and nothing to be found.
func spotless(count int) []row {
	g := newGenerator(2000, 1, mustDate(DefaultAsOf))
	var rows []row
	for len(rows) < count {
		g.next()
		r := g.row
		if r.single() && !r.natural && r.closed() && !r.has(fNHSNumber) && r.has(fWHO5PercentPre) {
			rows = append(rows, r)
		}
	}
	return rows
}

func appendRows(b []byte, rows []row) []byte {
	for i := range rows {
		b = rows[i].appendTo(b)
	}
	return b
}

// windows1252 has an é of one byte in the third record, as a trainer's name.
func windows1252(rows []row) []byte {
	rows = slices.Clone(rows)
	rows[2].write(fTrainerID, func(b []byte) []byte { return append(b, "Ren\xe9e"...) })
	return appendRows(appendHeading(nil, ","), rows)
}

// binary looks like the beginning of a picture.
func binary() []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	for i := range 600 {
		b = append(b, byte(i*i*31+i*7))
	}
	return b
}

// utf16LE is the text as some spreadsheets save it, without a byte order mark.
func utf16LE(text string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

func redelimit(rows []row, delimiter string) []byte {
	b := appendHeading(nil, delimiter)
	return append(b, strings.ReplaceAll(string(appendRows(nil, rows)), ",", delimiter)...)
}

func withoutColumns(rows []row, columns ...int) []byte {
	var b bytes.Buffer
	for line := range bytes.Lines(appendRows(appendHeading(nil, ","), rows)) {
		cells := bytes.Split(line, []byte(","))
		for i := len(columns) - 1; i >= 0; i-- {
			cells = slices.Delete(cells, columns[i], columns[i]+1)
		}
		b.Write(bytes.Join(cells, []byte(",")))
	}
	return b.Bytes()
}

// withColumn puts a column at the end.
func withColumn(text, heading, value string) []byte {
	var b strings.Builder
	last := heading
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimSuffix(line, "\n") + "," + last + "\n")
		last = value
	}
	return []byte(b.String())
}

// tooLong has a fifth record of more than a mebibyte.
func tooLong(rows []row) []byte {
	rows = slices.Clone(rows)
	rows[4].write(fTrainerID, func(b []byte) []byte { return append(b, bytes.Repeat([]byte("SYN-T"), 1<<20/5+1)...) })
	return appendRows(appendHeading(nil, ","), rows)
}

// rawWHO5 gives one service alone, with raw sums of 8 to 24 where percentages
// belong. They are multiples of 4 and the items are not recorded, so that only
// the service as a whole gives it away.
func rawWHO5(rows []row) []row {
	rows = slices.Clone(rows)
	for i := range rows {
		r := &rows[i]
		r.put(fServiceCode, 0)
		for _, first := range who5Of {
			for f := first; f <= first+5; f++ {
				r.wipe(f)
			}
		}
		r.put(fWHO5PercentPre, int32(8+i%5*4))
	}
	return rows
}
