package schema

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

func matches(t *testing.T, pattern string) func(s string) bool {
	t.Helper()
	re, err := regexp.Compile(whole(pattern))
	require.NoError(t, err)
	return re.MatchString
}

// Every range with limits from -12 to 130, and every whole number around it in
// each way of writing it.
func TestWholeNumbersWithinARange(t *testing.T) {
	t.Parallel()
	limits := []int64{-120, -101, -100, -99, -12, -10, -9, -1, 0, 1, 2, 9, 10, 11, 19, 60, 99, 100, 101, 110, 120, 130, 199, 1000}
	for _, lo := range limits {
		for _, hi := range limits {
			if lo > hi {
				continue
			}
			match := matches(t, numberPattern(&dcrs.Range{Min: lo, Max: hi}, false))
			for n := int64(-130); n <= 1100; n++ {
				s := strconv.FormatInt(n, 10)
				want := n >= lo && n <= hi
				if match(s) != want || match(s+".0") != want || match(s+".000") != want || match(s+".1") || match(s+".") {
					t.Fatalf("%d to %d: %s", lo, hi, s)
				}
				padded := strings.Replace(s, "-", "-00", 1)
				if n >= 0 {
					padded = "00" + s
				}
				require.Equal(t, want, match(padded), "%d to %d: %s", lo, hi, padded)
			}
			require.Equal(t, lo <= 0 && hi >= 0, match("-0"), "-0 is 0")
			require.False(t, match("") || match("-") || match("+1") || match("1e1"))
		}
	}
}

func TestDecimalsWithinARange(t *testing.T) {
	t.Parallel()
	limits := []int64{-20, -10, -1, 0, 1, 8, 12, 20, 99, 100, 272}
	for _, lo := range limits {
		for _, hi := range limits {
			if lo > hi {
				continue
			}
			match := matches(t, numberPattern(&dcrs.Range{Min: lo, Max: hi}, true))
			for n := int64(-3000); n <= 30000; n += 7 { // hundredths
				size, sign := n, ""
				if n < 0 {
					size, sign = -n, "-"
				}
				s := fmt.Sprintf("%s%d.%02d", sign, size/100, size%100)
				require.Equal(t, n >= lo*100 && n <= hi*100, match(s), "%d to %d: %s", lo, hi, s)
			}
			for _, edge := range []int64{lo, hi} {
				s := strconv.FormatInt(edge, 10)
				require.True(t, match(s) && match(s+".0") && match(s+".0000000000000"), "%d to %d: %s", lo, hi, s)
			}
			above, below := strconv.FormatInt(hi, 10)+".0000000000001", strconv.FormatInt(lo, 10)+".0000000000001"
			if hi >= 0 {
				require.False(t, match(above), above)
			}
			if lo >= 0 && lo < hi {
				require.True(t, match(below), below)
			}
		}
	}
}

// Every way to write four, two and two digits that is near a date, against the
// calendar of package time.
func TestDatePattern(t *testing.T) {
	t.Parallel()
	match := matches(t, datePattern)
	check := func(year, month, day int) {
		s := fmt.Sprintf("%04d-%02d-%02d", year, month, day)
		_, err := time.Parse(time.DateOnly, s)
		require.Equal(t, err == nil && year > 0, match(s), s)
	}
	for year := range 10000 { // the ends of February decide whether it is a leap year
		check(year, 2, 28)
		check(year, 2, 29)
		check(year, 2, 30)
	}
	for _, year := range []int{0, 1, 999, 1900, 2000, 2023, 2024, 9999} {
		for month := range 15 {
			for day := range 35 {
				check(year, month, day)
			}
		}
	}
	for _, s := range []string{"", "2024-1-05", "2024-01-5", "24-01-05", "05/01/2024", "2024-01-05 ", "2024-01-05T00:00", "2024/01/05", "12024-01-05"} {
		require.False(t, match(s), s)
	}
}

func TestAlphabetClass(t *testing.T) {
	t.Parallel()
	for alphabet, want := range map[string]string{
		"A-Z a-z 0-9 . _ -": "[A-Za-z0-9._-]",
		"A-Z 0-9":           "[A-Z0-9]",
		`a ] \ ^ [ -`:       `[a\]\\\^\[-]`,
	} {
		class := alphabetClass(alphabet)
		assert.Equal(t, want, class)
		match := matches(t, class)
		for b := byte(0x21); b < 0x7f; b++ {
			in := strings.Contains(strings.NewReplacer("A-Z", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "a-z", "abcdefghijklmnopqrstuvwxyz", "0-9", "0123456789", " ", "").Replace(alphabet), string(rune(b)))
			assert.Equal(t, in, match(string(rune(b))), "%q of %q", b, alphabet)
		}
	}
}

// guesses are texts near what the types of fields allow.
func guesses(t *table, f dcrs.Field, r *rand.Rand) []string {
	out := []string{
		"", " ", "   ", "0", "1", "01", "-0", "-1", "3.0", "3.5", "3.", ".5", "+3", "1e2", "007", "NaN", "Infinity", "0x1F", "1,5", "³", "12 3",
		"2024-02-29", "2023-02-29", "0000-01-01", "0001-01-01", "9999-12-31", "2024-13-01", "29/02/2024", "20240229", "2024-02-29T00:00:00",
		"9434765919", "943 476 5919", "943-476-5919", " 943 476 5919", "94347659190", "943476591", "943.476.5919",
		"M1 1AE", "m11ae", "EC1A 1BB", "ec1a1bb", "W1A 0AX", "B33 8TH", "CR2 6XH", "DN55 1PT", "ZZ99 3VZ", "D N 5 5 1 P T", "M1 1A", "11 1AE", "GIR 0AA", "DN551PTX", "A9AA 9AA", "ABC1 1AE",
		"E01012345", "W01012345", "S01012345", "e01012345", "E0101234", "E02012345", "A12345", "a12345", "A1234", "V81997",
		"A_b-c.9", "RX1", "rx1", "a b", strings.Repeat("x", 12), strings.Repeat("X", 13), strings.Repeat("x", 36), strings.Repeat("x", 37), "é", "x\ty",
		";", "01;", ";01", "01;;02", "A", "X", "Y", "N", "none", "None", "male", "true",
	}
	if f.Valid != nil {
		for _, n := range []int64{f.Valid.Min, f.Valid.Max} {
			for _, d := range []int64{-1, 0, 1} {
				s := strconv.FormatInt(n+d, 10)
				out = append(out, s, s+".0", s+".000000000001", s+".5", "000"+s)
			}
		}
	}
	codes := t.codes(f)
	for _, c := range codes {
		out = append(out, c, strings.ToLower(c), strings.ToUpper(c), strings.TrimPrefix(c, "0"), "0"+c, c+"0", c+";"+c)
	}
	for range 20 {
		if len(codes) > 1 {
			a, b, c := codes[r.IntN(len(codes))], codes[r.IntN(len(codes))], codes[r.IntN(len(codes))]
			out = append(out, a+";"+b, a+" ; "+b+";"+c, a+","+b, a+";"+b+";", a+";;"+b, a+" "+b, a+"; nil")
		}
	}
	n := len(out)
	for i := range n { // slips of one character, and spaces around
		s := []byte(out[i])
		if len(s) > 0 {
			s[r.IntN(len(s))] = "0123456789AZaz.;-_ /"[r.IntN(20)]
			out = append(out, string(s))
		}
		out = append(out, " "+out[i], out[i]+"  ")
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// asOf is the day of the tests.
var asOf = func() hte.Date { d, _ := hte.ParseDate("2024-12-31"); return d }()

// errorsOf validates one column of texts and says which rows have a finding of
// severity error of the field alone: blank, format, code or range.
func errorsOf(t *testing.T, d *dcrs.Dictionary, field string, texts []string) []bool {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	require.NoError(t, w.Write([]string{field, "unknown_column"}))
	for _, s := range texts {
		require.NoError(t, w.Write([]string{s, "x"}))
	}
	w.Flush()
	// A height in metres is reported by a rule of its own and then by no other.
	options := []dcrs.Option{dcrs.Severity("file/*", dcrs.Off)}
	if _, ok := d.Rule("measures/height-in-another-unit"); ok {
		options = append(options, dcrs.Severity("measures/height-in-another-unit", dcrs.Off))
	}
	v, err := dcrs.NewValidator(d, asOf, options...)
	require.NoError(t, err)
	bad := make([]bool, len(texts))
	n := 0
	for row, err := range v.Rows(context.Background(), "x.csv", &b) {
		require.NoError(t, err)
		require.False(t, row.Unread())
		for _, f := range row.Findings() {
			if name, _, _ := strings.Cut(f.Rule, "/"); name == field && f.Severity == dcrs.Error {
				bad[row.Record()-1] = true
			}
		}
		n++
	}
	require.Equal(t, len(texts), n)
	return bad
}

// The pattern of a cell accepts exactly what the validator finds no error in.
func TestPatternsAgreeWithTheValidator(t *testing.T) {
	t.Parallel()
	for _, d := range dictionaries(t) {
		ts, err := complete([]Table{{Dictionary: d}})
		require.NoError(t, err)
		r := rand.New(rand.NewPCG(1, 2))
		accepted, refused := 0, 0
		for _, f := range ts[0].fields {
			pattern := ts[0].cellPattern(f)
			require.NotEmpty(t, pattern, f.Name)
			re, err := regexp.Compile(pattern)
			require.NoError(t, err)
			texts := guesses(ts[0], f, r)
			for i, bad := range errorsOf(t, d, f.Name, texts) {
				assert.Equal(t, !bad, re.MatchString(texts[i]), "%s: %q", f.Name, texts[i])
				if bad {
					refused++
				} else {
					accepted++
				}
			}
		}
		assert.Positive(t, accepted)
		assert.Positive(t, refused)
		t.Logf("%s: %d texts accepted, %d refused", d.Kind(), accepted, refused)
	}
}
