package dcrs

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const findingHeader = "rule,severity,file,record,line,column,offset,field,shape,related,message,fix"

func TestFindingWriter(t *testing.T) {
	plan := Finding{
		Rule: "dates/plan-too-early", Severity: Error,
		Position: Position{File: "q1.csv", Record: 12, Line: 13, Column: 35, Offset: 4021},
		Field:    "plan_date", Shape: "9999-99-99",
		Related: []Related{
			{Field: "referral_date", Position: Position{File: "q1.csv", Record: 12, Line: 13, Column: 23, Offset: 3900}},
			{Field: "episode_id", Position: Position{File: "q1.csv", Record: 2, Line: 3, Column: 2, Offset: 410}},
		},
		Message: "plan before the latest earlier stage", Fix: "correct the dates",
		Shown: []Shown{{Field: "client_id", Value: "C-0012"}, {Field: "episode_id", Value: "BU,00901"}},
	}
	for _, c := range []struct {
		why      string
		show     []string
		findings []Finding
		want     string
	}{
		{
			why:  "without findings there is still a header, so that a program can read the file",
			want: findingHeader + "\n",
		},
		{
			why:      "every part of a finding, and the related cells in one",
			findings: []Finding{plan},
			want: findingHeader + "\n" +
				"dates/plan-too-early,error,q1.csv,12,13,35,4021,plan_date,9999-99-99," +
				`"referral_date@record 12 line 13; episode_id@record 2 line 3",` +
				"plan before the latest earlier stage,correct the dates\n",
		},
		{
			why:      "a column for each field asked for, in the order asked, blank where the finding has none",
			show:     []string{"episode_id", "trainer_id"},
			findings: []Finding{plan},
			want: findingHeader + ",episode_id,trainer_id\n" +
				"dates/plan-too-early,error,q1.csv,12,13,35,4021,plan_date,9999-99-99," +
				`"referral_date@record 12 line 13; episode_id@record 2 line 3",` +
				`plan before the latest earlier stage,correct the dates,"BU,00901",` + "\n",
		},
		{
			why:      "a finding about a whole file has no record, line or column",
			findings: []Finding{{Rule: "file/empty", Severity: Info, Position: Position{File: "=cmd()"}, Message: "m", Fix: "-"}},
			want:     findingHeader + "\n" + `file/empty,info,"'=cmd()",,,,0,,,,m,"'-"` + "\n",
		},
	} {
		t.Run(c.why, func(t *testing.T) {
			var b bytes.Buffer
			w := NewFindingWriter(&b, c.show...)
			for _, f := range c.findings {
				require.NoError(t, w.Write(f))
			}
			require.NoError(t, w.Flush())
			assert.Equal(t, c.want, b.String())
			require.NoError(t, w.Flush())
			assert.Equal(t, c.want, b.String(), "a second Flush has nothing to write")
		})
	}
}

func TestCellStartsNoFormula(t *testing.T) {
	for _, c := range []struct{ why, in, want string }{
		{"nothing", "", ""},
		{"plain text stands as it is", "date of birth is after referral", "date of birth is after referral"},
		{"a comma asks for quotes", "a, b", `"a, b"`},
		{"a quote is doubled", `say "x"`, `"say ""x"""`},
		{"a line break is kept within quotes", "a\nb", "\"a\nb\""},
		{"an equals sign starts a formula", "=1+1", `"'=1+1"`},
		{"a plus sign starts a formula", "+44", `"'+44"`},
		{"a minus sign starts a formula", "-2+3", `"'-2+3"`},
		{"an at sign starts a formula", "@SUM(1)", `"'@SUM(1)"`},
		{"a tab may be dropped", "\t=1", "\"'\t'=1\""},
		{"a tab alone is refused by some", "\tx", "\"'\tx\""},
		{"a carriage return may be dropped", "\r=1", "\"'\r'=1\""},
		{"a line feed may be dropped", "\n=1", "\"'\n'=1\""},
		{"leading spaces may be dropped", "  =1", `"'  =1"`},
		{"a no-break space may be dropped", "\u00a0=1", "\"'\u00a0=1\""},
		{"a zero-width space or a byte order mark cannot be seen", "\u200b\ufeff=1", "\"'\u200b\ufeff=1\""},
		{"a quote of the cell's own may be taken for one of the file's", `"=1"`, `"'""=1"""`},
		{"an apostrophe may be dropped as a marker of text", "'=1", `"''=1"`},
		{"curly quotes", "“=1", `"'“=1"`},
		{"a full-width equals sign is read as one", "＝1", `"'＝1"`},
		{"a full-width plus sign is read as one", "＋1", `"'＋1"`},
		{"a full-width minus sign is read as one", "－1", `"'－1"`},
		{"a full-width at sign is read as one", "＠1", `"'＠1"`},
		{"a spreadsheet set to semicolons cuts the cell there", "a;=1", `"a;'=1"`},
		{"and at a tab", "a\t=1", "\"a\t'=1\""},
		{"and a line break ends its row", "a\n=1", "\"a\n'=1\""},
		{"a sign inside a word is no start", "AA-9 + a=b", "AA-9 + a=b"},
		{"a semicolon before a word is none either", "x; y", `"x; y"`},
		{"a negative number deserves no exception: nothing else tells it from a formula", "-9", `"'-9"`},
		{"a comparison is no formula", "<0.1", `"<0.1"`},
		{"letters beyond ASCII", "Ynys Môn", `"Ynys Môn"`},
		{"bytes that are not UTF-8 become the replacement character", "a\xffb", `"a` + "\ufffd" + `b"`},
		{"control characters before a sign may be dropped", "\x00\x1b=1", "\"'\x00\x1b=1\""},
	} {
		t.Run(c.why, func(t *testing.T) {
			assert.Equal(t, c.want, string(appendCell(nil, []byte(c.in))))
		})
	}
}

// failAfter is a writer that takes so many bytes and then fails, or takes fewer
// than it was given without saying why.
type failAfter struct {
	left  int
	short bool
}

var errDiskFull = errors.New("disk full")

func (w *failAfter) Write(p []byte) (int, error) {
	if len(p) <= w.left {
		w.left -= len(p)
		return len(p), nil
	}
	n := w.left
	w.left = 0
	if w.short {
		return n, nil
	}
	return n, errDiskFull
}

func TestFindingWriterErrors(t *testing.T) {
	f := Finding{Rule: "episode/duplicate", Severity: Error, Message: strings.Repeat("m", 1000)}
	for _, c := range []struct {
		why  string
		w    *failAfter
		want error
	}{
		{"an error of the writer", &failAfter{left: 10}, errDiskFull},
		{"a writer that writes less than it was given", &failAfter{left: 10, short: true}, io.ErrShortWrite},
		{"an error after some pages were written", &failAfter{left: 3 * csvBuffer}, errDiskFull},
	} {
		t.Run(c.why, func(t *testing.T) {
			w := NewFindingWriter(c.w)
			var err error
			for n := 0; n < 10*csvBuffer/1000 && err == nil; n++ {
				err = w.Write(f)
			}
			require.ErrorIs(t, err, c.want, "Write must not go on for ever")
			require.ErrorIs(t, w.Write(f), c.want)
			require.ErrorIs(t, w.Flush(), c.want)
		})
	}
	w := NewFindingWriter(&failAfter{})
	require.NoError(t, w.Write(f), "the first finding fits the buffer")
	require.ErrorIs(t, w.Flush(), errDiskFull, "Flush surfaces it")
}

// bareStart drops from the start of a cell what a spreadsheet might drop. It is
// written apart from passedOver: by what can be seen, not by what is listed.
func bareStart(cell string) string {
	return strings.TrimLeftFunc(cell, func(r rune) bool {
		return r == '"' || r == ';' || !unicode.IsGraphic(r) || unicode.IsSpace(r)
	})
}

func requireNoFormula(t *testing.T, cell string) {
	t.Helper()
	if cell == "" {
		return
	}
	require.NotContains(t, []rune("=+-@\t\r\n＝＋－＠"), []rune(cell)[0], "cell %q", cell)
	bare := bareStart(cell)
	r, _ := utf8.DecodeRuneInString(bare)
	require.NotContains(t, []rune("=+-@＝＋－＠"), r, "cell %q", cell)
}

func FuzzFindingWriter(f *testing.F) {
	f.Add("a.csv", "gender", "aa9", "m", "ok")
	f.Add("=cmd()", "@x", "-9", "+1", "\t=1")
	f.Add("\"=1\"", "'=1", " =1", "\r\n=1", "a;=1")
	f.Add("＝1", "\ufeff＋", "\x00-", "\xff@", ";;=")
	f.Fuzz(func(t *testing.T, file, field, shape, message, value string) {
		finding := Finding{
			Rule: "r/r", Severity: Warning, Position: Position{File: file, Record: 1, Line: 2, Column: 3, Offset: 4},
			Field: field, Shape: shape, Related: []Related{{Field: field, Position: Position{Line: 9}}, {Field: message}},
			Message: message, Fix: value, Shown: []Shown{{Field: "s", Value: value}},
		}
		var b bytes.Buffer
		w := NewFindingWriter(&b, "s")
		require.NoError(t, w.Write(finding))
		require.NoError(t, w.Flush())
		require.True(t, utf8.Valid(b.Bytes()))

		rows, err := csv.NewReader(bytes.NewReader(b.Bytes())).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, 2)
		require.Len(t, rows[1], len(findingColumns)+1, "%q", b.String())
		for _, cell := range rows[1] {
			requireNoFormula(t, cell)
		}
		// A spreadsheet set to semicolons or tabs heeds no quote inside a cell.
		for cell := range strings.FieldsFuncSeq(b.String(), func(r rune) bool { return strings.ContainsRune(";\t\r\n", r) }) {
			requireNoFormula(t, cell)
		}
		// Nothing is lost but what the apostrophes and the two repairs account for.
		same := func(s string) string {
			s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "'", "")
			for strings.Contains(s, "\r\n") { // encoding/csv takes one carriage return off the end of a line
				s = strings.ReplaceAll(s, "\r\n", "\n")
			}
			return s
		}
		for i, want := range map[int]string{2: file, 7: field, 8: shape, 10: message, 11: value, 12: value} {
			got := rows[1][i]
			require.Equal(t, runes(same(want)), runes(same(got)))
		}
	})
}

// runes makes runs of replacement characters one: ToValidUTF8 replaces a run of
// bad bytes by one, the writer each by its own.
func runes(s string) string {
	for strings.Contains(s, "\ufffd\ufffd") {
		s = strings.ReplaceAll(s, "\ufffd\ufffd", "\ufffd")
	}
	return s
}

func BenchmarkFindingWriter(b *testing.B) {
	finding := Finding{
		Rule: "dates/closed-too-early", Severity: Error,
		Position: Position{File: "extract-2025-26.csv", Record: 1234567, Line: 1234568, Column: 100, Offset: 290123456},
		Field:    "closure_date", Shape: "9999-99-99",
		Related: []Related{{Field: "plan_date", Position: Position{Record: 1234567, Line: 1234568}}},
		Message: "closed before the latest of them", Fix: "correct the dates",
		Shown: []Shown{{Field: "episode_id", Value: "BU-0090112"}},
	}
	awkward := finding
	awkward.File, awkward.Shape, awkward.Message = "=cmd().csv", "a;=9\"", "\tYnys Môn; ＝1"
	for _, c := range []struct {
		name    string
		finding Finding
	}{{"plain", finding}, {"awkward", awkward}} {
		b.Run(c.name, func(b *testing.B) {
			var n countingWriter
			w := NewFindingWriter(&n, "episode_id")
			b.ReportAllocs()
			for b.Loop() {
				if err := w.Write(c.finding); err != nil {
					b.Fatal(err)
				}
			}
			if err := w.Flush(); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(n) / int64(b.N))
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "findings/s")
		})
	}
}

type countingWriter int64

func (n *countingWriter) Write(p []byte) (int, error) {
	*n += countingWriter(len(p))
	return len(p), nil
}
