package lookup

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReadPostcodes(t *testing.T) {
	old := directory(onspd2023,
		map[string]string{"pcd": "ZA1 1AA", "pcds": "ZA1 1AA", "doterm": "", "lsoa01": "E01000001", "lsoa11": "E01000002", "lsoa21": "E01000003"},
		map[string]string{"pcd": "ZA1 1AB", "pcds": "ZA1 1AB", "doterm": "200912", "lsoa01": "E01000001", "lsoa11": "E01000002", "lsoa21": "E01000003"},
		map[string]string{"pcd": "ZA119ZZ", "pcds": "ZA11 9ZZ", "doterm": "199601", "lsoa01": "W01000009", "lsoa11": "W01000009", "lsoa21": ""},
		map[string]string{"pcd": "ZE1 1AA", "pcds": "ZE1 1AA", "doterm": "", "lsoa01": "S01000009", "lsoa11": "S01000009", "lsoa21": "S01000009"},
		map[string]string{"pcd": "ZA1 1AA", "pcds": "ZA1 1AA", "doterm": "", "lsoa01": "E01000008", "lsoa11": "E01000008", "lsoa21": "E01000008"},
		map[string]string{"pcd": "GIR 0AA", "pcds": "GIR 0AA", "doterm": ""},
	)
	p, err := ReadPostcodes(context.Background(), strings.NewReader(old))
	require.NoError(t, err)
	assert.Equal(t, 4, p.Len())
	assert.Equal(t, 1, p.Skipped(), "GIR 0AA has not the form")
	assert.True(t, p.Has(2001) && p.Has(2011) && p.Has(2021))
	assert.False(t, p.Has(1991))
	for _, tc := range []struct {
		postcode string
		want     Area
		found    bool
		why      string
	}{
		{"za11aa", Area{lsoa(t, "E01000001"), lsoa(t, "E01000002"), lsoa(t, "E01000003"), day(t, "")}, true, "in use; the first of two rows counts"},
		{"ZA1 1AB", Area{lsoa(t, "E01000001"), lsoa(t, "E01000002"), lsoa(t, "E01000003"), day(t, "2009-12-01")}, true, "terminated in December"},
		{"ZA11 9ZZ", Area{lsoa(t, "W01000009"), lsoa(t, "W01000009"), 0, day(t, "1996-01-01")}, true, "terminated in January; Wales; no area in 2021"},
		{"ZE1 1AA", Area{}, true, "Scotland has no such areas"},
		{"ZA1 1AC", Area{}, false, "between two that are there"},
		{"ZA1 9ZZ", Area{}, false, "the district is there, behind its last"},
		{"ZB1 1AA", Area{}, false, "no such district"},
		{"ZZ99 3VZ", Area{}, false, "no place"},
	} {
		got, ok := p.Find(postcode(t, tc.postcode))
		assert.Equal(t, tc.found, ok, tc.why)
		assert.Equal(t, tc.want, got, tc.why)
	}
	_, ok := p.Find(0)
	assert.False(t, ok, "no postcode is not found")

	t.Run("several files and newer headings", func(t *testing.T) {
		p, err := ReadPostcodes(context.Background(),
			strings.NewReader("\ufeff"+directory(nspl2026, map[string]string{"pcds": "ZB1 1AA", "doterm": "", "lsoa21cd": "E01000001"})),
			strings.NewReader(directory(nspl2026, map[string]string{"pcds": "ZA1 1AA", "doterm": "", "lsoa21cd": "E01000002"})))
		require.NoError(t, err)
		assert.Equal(t, 2, p.Len())
		assert.True(t, p.Has(2021) && !p.Has(2011))
		a, ok := p.Find(postcode(t, "ZA1 1AA"))
		assert.True(t, ok)
		assert.Equal(t, "E01000002", a.LSOA2021.String())
	})
}

// TestEveryPostcodeOfADistrict: packing loses nothing and keeps the order.
func TestEveryPostcodeOfADistrict(t *testing.T) {
	var b strings.Builder
	b.WriteString("pcds,doterm,lsoa11\n")
	n := 0
	for d := byte('9'); d >= '0'; d-- { // against the order
		for x := byte('A'); x <= 'Z'; x++ {
			for y := byte('A'); y <= 'Z'; y++ {
				fmt.Fprintf(&b, "ZA1 %c%c%c,,E01%06d\n", d, x, y, n)
				n++
			}
		}
	}
	p, err := ReadPostcodes(context.Background(), strings.NewReader(b.String()))
	require.NoError(t, err)
	require.Equal(t, 6760, p.Len())
	n = 0
	for d := byte('9'); d >= '0'; d-- {
		for x := byte('A'); x <= 'Z'; x++ {
			for y := byte('A'); y <= 'Z'; y++ {
				a, ok := p.Find(postcode(t, fmt.Sprintf("ZA1 %c%c%c", d, x, y)))
				require.True(t, ok)
				require.Equal(t, n, a.LSOA2011.Number())
				n++
			}
		}
	}
}

// TestDecilesOfEngland holds the formula to the ranks at which published deciles
// and quintiles end.
func TestDecilesOfEngland(t *testing.T) {
	for n, cuts := range map[int][9]int{
		32_482: {3248, 6496, 9744, 12992, 16241, 19489, 22737, 25985, 29233},
		32_844: {3284, 6568, 9853, 13137, 16422, 19706, 22990, 26275, 29559},
		33_755: {3375, 6751, 10126, 13502, 16877, 20253, 23628, 27004, 30379},
	} {
		for d, cut := range cuts {
			assert.Equal(t, d+1, Decile(cut, n), "rank %d of %d is the last of decile %d", cut, n, d+1)
			assert.Equal(t, d+2, Decile(cut+1, n), "rank %d of %d is the first of decile %d", cut+1, n, d+2)
		}
		for rank := 1; rank <= n; rank++ {
			require.Equal(t, (Decile(rank, n)+1)/2, Quintile(rank, n), "deciles 1 and 2 are quintile 1")
		}
		assert.Equal(t, 1, Decile(1, n))
		assert.Equal(t, 10, Decile(n, n))
		assert.Zero(t, Decile(0, n))
		assert.Zero(t, Quintile(n+1, n))
	}
	for n, cuts := range map[int][4]int{
		32_482: {6496, 12992, 19489, 25985},
		32_844: {6568, 13137, 19706, 26275},
		33_755: {6751, 13502, 20253, 27004},
	} {
		for q, cut := range cuts {
			assert.Equal(t, q+1, Quintile(cut, n))
			assert.Equal(t, q+2, Quintile(cut+1, n))
		}
	}
}

func TestReadRanks(t *testing.T) {
	for _, tc := range []struct {
		edition, header string
		row             func(code string, rank int) string
		published       bool
	}{
		{"2010", imd2010, imdRow, false},
		{"2019", iod2019, iodRow, true},
		{"W2019", wimd2019, func(code string, rank int) string { return fmt.Sprintf("%s,Made up,Nowhere,%d", code, rank) }, false},
		{"2025", "LSOA code (2021),Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)", func(code string, rank int) string { return fmt.Sprintf(`%s,"%d,%03d"`, code, rank/1000, rank%1000) }, false},
	} {
		x, err := ReadRanks(context.Background(), tc.edition, strings.NewReader(rankFile(t, tc.edition, tc.header, tc.row)))
		require.NoError(t, err, tc.edition)
		e := x.Edition()
		assert.Equal(t, tc.published, x.Published())
		var perQuintile [6]int
		seen := make([]bool, e.Areas+1)
		for i := range e.Areas {
			l := lsoa(t, areaCode(e, i))
			rank, ok := x.Rank(l)
			require.True(t, ok)
			require.False(t, seen[rank])
			seen[rank] = true
			d, _ := x.Decile(l)
			require.Equal(t, Decile(rank, e.Areas), d)
			q, ok := x.Quintile(l)
			require.True(t, ok)
			require.Equal(t, Quintile(rank, e.Areas), q)
			perQuintile[q]++
		}
		for q := 1; q <= 5; q++ {
			assert.InDelta(t, float64(e.Areas)/5, perQuintile[q], 1, "a fifth of the areas")
		}
		for _, other := range []string{"E01099999", "W01099999", "E01000000"} {
			_, ok := x.Quintile(lsoa(t, other))
			assert.False(t, ok, "an area that the edition does not rank")
		}
		_, ok := x.Rank(0)
		assert.False(t, ok)
		nation := map[bool]string{true: "E", false: "W"}[e.Welsh()]
		_, ok = x.Rank(lsoa(t, nation+"01000001"))
		assert.False(t, ok, "the same number in the other nation")
	}
}

// TestPublishedDeciles: where the file has deciles, they count. Wales publishes
// 573 of 1,909 in the third tenth, where the formula has the fourth.
func TestPublishedDeciles(t *testing.T) {
	published := func(rank int) int {
		for d := 1; d <= 9; d++ {
			if rank <= (d*1909+5)/10 {
				return d
			}
		}
		return 10
	}
	file := rankFile(t, "W2019", "LSOA code,WIMD 2019 overall rank,WIMD 2019 overall decile,WIMD 2019 overall quintile",
		func(code string, rank int) string {
			return fmt.Sprintf("%s,%d,%d,%d", code, rank, published(rank), (published(rank)+1)/2)
		})
	x, err := ReadRanks(context.Background(), "W2019", strings.NewReader(file))
	require.NoError(t, err)
	assert.True(t, x.Published())
	e := x.Edition()
	for i := range e.Areas {
		l := lsoa(t, areaCode(e, i))
		rank, _ := x.Rank(l)
		d, _ := x.Decile(l)
		require.Equal(t, published(rank), d)
		if rank == 573 {
			assert.Equal(t, 3, d)
			assert.Equal(t, 4, Decile(rank, 1909))
		}
	}
}

// TestRefusedRanks: what cannot be the ranks of the areas is refused.
func TestRefusedRanks(t *testing.T) {
	good := rankFile(t, "2010", imd2010, imdRow)
	for _, tc := range []struct{ why, edition, file, says string }{
		{"no such edition", "2018", good, "no edition"},
		{"another edition's number of areas", "2019", good, "32844"},
		{"an edition of the other nation", "W2011", good, "other nation"},
		{"part of the country", "2010", good[:strings.Index(good, "E01009999")], "9998 areas"},
		{"local authorities", "2010", imd2010 + "\nE06000001,00ZZ,Nowhere,H,London,20.1,32482\n", "not that of an LSOA"},
		{"an area twice", "2010", strings.Replace(good, "E01000002,", "E01000003,", 1), "twice"},
		{"a rank that is missing", "2010", rankFile(t, "2010", imd2010, func(code string, rank int) string {
			return imdRow(code, max(rank, 2))
		}), "missing"},
		{"a rank too high", "2010", imd2010 + "\nE01000001,00ZZ,Nowhere,H,London,20.1,32483\n", "from 1 to 32482"},
		{"no number", "2010", imd2010 + "\nE01000001,00ZZ,Nowhere,H,London,20.1,high\n", "not a whole number"},
		{"ranks the other way round, as the scores show", "2010", rankFile(t, "2010", imd2010, func(code string, rank int) string {
			return fmt.Sprintf("%s,00ZZ,Nowhere,H,London,%.2f,%d", code, float64(rank)/400, rank)
		}), "least deprived"},
		{"ranks the other way round, as the deciles show", "2019", rankFile(t, "2019", "LSOA code (2011),IMD Rank,IMD Decile", func(code string, rank int) string {
			return fmt.Sprintf("%s,%d,%d", code, rank, 11-Decile(rank, 32_844))
		}), "least deprived"},
		{"ranks the other way round, as the heading says", "2010", strings.Replace(good, "1 is most deprived", "32482 is most deprived", 1), "least deprived"},
		{"ranks the other way round, in other words", "2010", strings.Replace(good, "1 is most deprived", "1 is least deprived", 1), "least deprived"},
		{"a local authority summary", "2010", "LA CODE,LA NAME,RANK OF AVERAGE RANK\nE06000001,Nowhere,32482\n", "columns"},
		{"an empty file", "2010", "", "columns"},
		{"headings alone", "2010", imd2010 + "\n", "0 areas"},
		{"a workbook", "2010", "PK\x03\x04\x00", "workbook"},
		{"UTF-16", "2010", "\xff\xfeL\x00S\x00", "UTF-8"},
		{"binary junk", "2010", "\x00\x01\x02\x03", "UTF-8"},
		{"a quote that never closes", "2010", imd2010 + "\n\"E01000001,1\n", "quote"},
		{"a quote inside a cell", "2010", imd2010 + "\n\"E01\"000001,1\n", "quote"},
		{"a line without end", "2010", imd2010 + "\n" + strings.Repeat("x", 2<<20), "longer"},
		{"more areas than there are", "2010", good + "E01099999,00ZZ,Nowhere,H,London,0.1,32482\n", "more areas"},
	} {
		_, err := ReadRanks(context.Background(), tc.edition, strings.NewReader(tc.file))
		formatErr, ok := errors.AsType[*FormatError](err)
		if assert.True(t, ok, "%s: %v", tc.why, err) {
			assert.Contains(t, formatErr.Error(), tc.says, tc.why)
			assert.NotContains(t, formatErr.Error(), "Nowhere", "no value of the file")
		}
	}
}

// TestSharedRanks: two areas may share a rank if the next is left out.
func TestSharedRanks(t *testing.T) {
	file := func(tie int) string {
		return rankFile(t, "W2014", "LSOA code,WIMD 2014", func(code string, rank int) string {
			if rank == 100 {
				rank = tie
			}
			return fmt.Sprintf("%s,%d", code, rank)
		})
	}
	_, err := ReadRanks(context.Background(), "W2014", strings.NewReader(file(99)))
	require.NoError(t, err, "99, 99, 101")
	_, err = ReadRanks(context.Background(), "W2014", strings.NewReader(file(101)))
	require.Error(t, err, "99, 101, 101")
}

func TestReadPractices(t *testing.T) {
	p, err := ReadPractices(context.Background(), strings.NewReader("\ufeff"+strings.Join([]string{
		practiceRow("X00001", "19740401", "", "A"),
		practiceRow("X00002", "19740401", "20150331", "C"),
		practiceRow("X00003", "2001-04-01", "", "ACTIVE"),
		practiceRow("X00004", "19740401", "", "C"),
		practiceRow("X00005", "20300401", "", "P"),
		practiceRow("X00006", "", "", "D"),
		practiceRow("X00007", "20010401", "20990331", "A"),
		practiceRow("X00001", "20200401", "", "A"),
		practiceRow("9X9", "19740401", "", "A"),
	}, "\r\n")))
	require.NoError(t, err)
	assert.Equal(t, 7, p.Len())
	assert.Equal(t, 1, p.Skipped())
	for _, tc := range []struct {
		code, on string
		found    bool
		open     bool
		why      string
	}{
		{"X00001", "2015-01-01", true, true, "open; the first row of a code counts"},
		{"X00001", "1974-03-31", true, false, "the day before it opened"},
		{"X00001", "1974-04-01", true, true, "the day that it opened"},
		{"X00002", "2015-03-31", true, true, "the day that it closed"},
		{"X00002", "2015-04-01", true, false, "the day after"},
		{"X00003", "2015-04-01", true, true, "the newer spelling of dates and statuses"},
		{"X00004", "1980-04-01", true, false, "closed, nobody knows when"},
		{"X00005", "2031-04-01", true, false, "proposed"},
		{"X00006", "2031-04-01", true, true, "dormant, without a date"},
		{"X00007", "2031-04-01", true, true, "closing later"},
		{"X00008", "2031-04-01", false, false, "not in the list"},
		{"V81997", "2031-04-01", false, false, "a code for no practice"},
	} {
		got, ok := p.Find(practice(t, tc.code))
		assert.Equal(t, tc.found, ok, tc.why)
		assert.Equal(t, tc.open, ok && got.OpenOn(day(t, tc.on)), tc.why)
	}

	for _, tc := range []struct{ why, file string }{
		{"an empty file", ""},
		{"another file", "code,name\nX00001,Surgery\n"},
		{"a date that is none", practiceRow("X00001", "20010230", "", "A")},
		{"a date in words", practiceRow("X00001", "", "01/04/2010", "A")},
		{"a status that is none", practiceRow("X00001", "", "", "OPEN?")},
		{"nothing but other codes", practiceRow("9X9", "", "", "A")},
	} {
		_, err := ReadPractices(context.Background(), strings.NewReader(tc.file))
		_, ok := errors.AsType[*FormatError](err)
		assert.True(t, ok, "%s: %v", tc.why, err)
	}
}

// TestReaders: what the caller's reader does ends the reading, as an error.
func TestReaders(t *testing.T) {
	file := directory(onspd2023, map[string]string{"pcds": "ZA1 1AA", "doterm": ""}, map[string]string{"pcds": "ZA1 1AB", "doterm": "200101"})
	p, err := ReadPostcodes(context.Background(), iotest.OneByteReader(strings.NewReader(file)))
	require.NoError(t, err)
	assert.Equal(t, 2, p.Len(), "a byte at a time")

	broken := errors.New("disk")
	_, err = ReadPostcodes(context.Background(), iotest.DataErrReader(io.MultiReader(strings.NewReader(file), iotest.ErrReader(broken))))
	require.ErrorIs(t, err, broken)
	_, err = ReadPostcodes(context.Background(), readerFunc(func([]byte) (int, error) { return 0, nil }))
	require.ErrorIs(t, err, io.ErrNoProgress)
	_, err = ReadPostcodes(context.Background(), readerFunc(func([]byte) (int, error) { panic("secret") }))
	_, ok := errors.AsType[*PanicError](err)
	assert.True(t, ok)
	assert.NotContains(t, err.Error(), "secret")
	_, err = ReadPostcodes(context.Background(), readerFunc(func(b []byte) (int, error) { return len(b) + 1, nil }))
	require.Error(t, err)
	_, err = ReadPostcodes(context.Background())
	require.Error(t, err)

	ctx, cancel := context.WithCancel(context.Background())
	reads := 0
	_, err = ReadPostcodes(ctx, readerFunc(func(b []byte) (int, error) {
		if reads++; reads == 3 {
			cancel()
		}
		return copy(b, file), nil
	}))
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 3, reads, "no read after it was cancelled")
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

// FuzzTable holds the reading of records to encoding/csv on what that accepts.
func FuzzTable(f *testing.F) {
	for _, s := range []string{
		"a,b\n1,2\n", "\"a\",\"b\"\r\n\"1\",\"2\"\r\n", "\"a\"\"b\",c\n", "\"a\nb\",c\n\nd,e", "a,\"\"\n\"\"\n", "a\r\n\r\nb", ",,\n", "\"x\"\r", "a\"b\n",
		directory(nspl2026, map[string]string{"pcds": "ZA1 1AA"}),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := csv.NewReader(strings.NewReader(s))
		r.FieldsPerRecord = -1
		want, err := r.ReadAll()
		bare := strings.Contains(strings.ReplaceAll(s, "\r\n", ""), "\r") // which it folds inside quotes
		table := newTable(context.Background(), "x", iotest.HalfReader(strings.NewReader(s)))
		var got [][]string
		var gotErr error
		for {
			cells, err := table.next()
			if err != nil {
				gotErr = err
				break
			}
			row := make([]string, len(cells))
			for i, c := range cells {
				row[i] = strings.ReplaceAll(string(c), "\r\n", "\n") // as it folds them
			}
			got = append(got, row)
		}
		refused := newTable(context.Background(), "x", strings.NewReader(s)).begin() != nil // a workbook, say
		if err != nil || bare || refused || strings.HasPrefix(s, "\ufeff") {
			return
		}
		require.Equal(t, io.EOF, gotErr)
		require.Equal(t, want, got)
	})
}

// TestPostcodeMemory holds the memory that is stated to what the heap grows by.
func TestPostcodeMemory(t *testing.T) {
	const n = 200_000
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	p, err := ReadPostcodes(context.Background(), newSyntheticDirectory(n))
	require.NoError(t, err)
	runtime.GC()
	runtime.ReadMemStats(&after)
	require.Equal(t, n, p.Len())
	grown := float64(int64(after.HeapAlloc) - int64(before.HeapAlloc))
	assert.Less(t, grown, float64(n*PostcodeBytes)+500<<10, "bytes")
	runtime.KeepAlive(p)
}

// newSyntheticDirectory is a made-up directory of n postcodes in the order of the
// real one, every cell quoted, about 350 bytes a row, made while it is read.
func newSyntheticDirectory(n int) io.Reader {
	s := &syntheticDirectory{n: n}
	s.buf = append(s.buf, onspd2023+"\r\n"...)
	return s
}

type syntheticDirectory struct {
	n, i int
	buf  []byte
}

func (s *syntheticDirectory) Read(b []byte) (int, error) {
	for len(s.buf) < len(b) && s.i < s.n {
		district, unit := s.i/700, s.i%700 // 700 postcodes to a district, as in the real one
		letters := [2]byte{'A' + byte(district/99/26%26), 'A' + byte(district/99%26)}
		if letters[0] == 'Z' {
			letters[0] = 'Y'
		}
		pc := fmt.Sprintf("%s%d %d%c%c", letters[:], district%99+1, unit/70, 'A'+unit%70/26, 'A'+unit%26)
		area := fmt.Sprintf("01%06d", s.i/80)
		ended := ""
		if s.i%3 == 0 {
			ended = "199906"
		}
		s.buf = fmt.Appendf(s.buf, `"%s","%s","%s","198001","%s","E99999999","E99999999","E06000001","E05000001","E04000001","0","385386","0801193","1","E18000001","E40000001","E92000001","E12000001","E99999999","E14000001","E15000001","E24000001","E30000001","E16000001","E06000001","99ZZ99","E00000001","E05000001","E65000001","E%s","E02000001","6","3C2","E00000001","E%s","E02000001","E33000001","E38000001","E34999999","E35999999","A1","1C3",57.101474,-2.242851,"E37000001","E99999999","E23000001",6808,"E56000001","E54000001","E00000001","E%s","E02000001"`+"\r\n", pc, pc, pc, ended, area, area, area)
		s.i++
	}
	if len(s.buf) == 0 {
		return 0, io.EOF
	}
	n := copy(b, s.buf)
	s.buf = s.buf[:copy(s.buf, s.buf[n:])]
	return n, nil
}

func BenchmarkReadPostcodes(b *testing.B) {
	const n = 200_000
	file, err := io.ReadAll(newSyntheticDirectory(n))
	require.NoError(b, err)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		p, err := ReadPostcodes(context.Background(), strings.NewReader(string(file)))
		require.NoError(b, err)
		require.Equal(b, n, p.Len())
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/n, "B/postcode")
		runtime.KeepAlive(p)
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "postcodes/s")
}

func BenchmarkFind(b *testing.B) {
	p, err := ReadPostcodes(context.Background(), newSyntheticDirectory(200_000))
	require.NoError(b, err)
	wanted := postcode(b, "AB37 3AC")
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := p.Find(wanted); !ok {
			b.Fatal("not found")
		}
	}
}
