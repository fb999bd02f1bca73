package dcrs

import (
	"bytes"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

// Every lexer has a slow, obvious twin here; the fuzz targets compare the two
// on any bytes.

func slowDate(b []byte) (int64, bool) {
	d, err := hte.ParseDate(string(b))
	return int64(d.Ordinal()), err == nil
}

var numberPattern = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// slowDecimal is the number in units of 10^-9, cut off towards zero, with a unit
// more where that would hide that the number is above a whole number or above
// half a thousandth.
func slowDecimal(b []byte) (value *big.Int, places int, ok bool) {
	if !numberPattern.Match(b) {
		return nil, 0, false
	}
	number, _ := new(big.Rat).SetString(string(b))
	if i := bytes.IndexByte(b, '.'); i >= 0 {
		places = len(b) - i - 1
	}
	abs := new(big.Rat).Abs(number)
	units := new(big.Rat).Mul(abs, big.NewRat(decimalUnit, 1))
	value = new(big.Int).Quo(units.Num(), units.Denom())
	if !units.IsInt() && new(big.Int).Mod(value, big.NewInt(500_000)).Sign() == 0 {
		value.Add(value, big.NewInt(1))
	}
	if number.Sign() < 0 {
		value.Neg(value)
	}
	return value, min(places, 255), true
}

func checkDecimal(t *testing.T, b []byte) {
	t.Helper()
	want, wantPlaces, wantOK := slowDecimal(b)
	got, places, ok := lexDecimal(b)
	require.Equal(t, wantOK, ok, "%q", b)
	if !ok {
		return
	}
	require.Equal(t, wantPlaces, places, "%q", b)
	limit := big.NewInt(1_000_000_000 * decimalUnit)
	if want.CmpAbs(limit) >= 0 { // given as the largest
		require.Equal(t, int64(tooLarge), max(got, -got), "%q", b)
		require.Equal(t, want.Sign() < 0, got < 0, "%q", b)
		return
	}
	require.Equal(t, want.String(), strconv.FormatInt(got, 10), "%q", b)
}

func checkInteger(t *testing.T, b []byte) {
	t.Helper()
	got, ok := lexInteger(b)
	value, _, number := slowDecimal(b)
	whole := number
	if i := bytes.IndexByte(b, '.'); i >= 0 {
		whole = number && strings.Trim(string(b[i+1:]), "0") == ""
	}
	require.Equal(t, whole, ok, "%q", b)
	if !ok {
		return
	}
	want := value.Quo(value, big.NewInt(decimalUnit))
	if want.CmpAbs(big.NewInt(1e15)) < 0 {
		require.Equal(t, want.String(), strconv.FormatInt(got, 10), "%q", b)
		return
	}
	// Only that it stays larger than any range, on its own side of zero.
	require.GreaterOrEqual(t, max(got, -got), int64(1e15), "%q", b)
	require.Equal(t, want.Sign() < 0, got < 0, "%q", b)
}

var postcodePattern = regexp.MustCompile(`^[A-Z]{1,2}\d([A-Z]|\d)?\s\d[A-Z]{2}$`) // DVE

// slowPostcode normalises as the pattern's source says: no spaces, capitals, one
// space before the last three characters.
func slowPostcode(b []byte) (string, bool) {
	s := strings.ReplaceAll(string(b), " ", "")
	for _, c := range []byte(s) {
		if c >= 0x80 {
			return "", false
		}
	}
	if s = strings.ToUpper(s); len(s) < 4 {
		return "", false
	}
	s = s[:len(s)-3] + " " + s[len(s)-3:]
	return s, postcodePattern.MatchString(s)
}

func unpackPostcode(n int64) string {
	var s string
	for ; n > 0; n >>= 6 {
		s = string(" ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[n&63]) + s
	}
	return s[:len(s)-3] + " " + s[len(s)-3:]
}

func checkPostcode(t *testing.T, b []byte) {
	t.Helper()
	want, wantOK := slowPostcode(b)
	got, ok := lexPostcode(b)
	require.Equal(t, wantOK, ok, "%q", b)
	if ok {
		require.Equal(t, want, unpackPostcode(got))
		require.Equal(t, strings.HasPrefix(want, "ZZ99 "), isPseudoPostcode(got), want)
		require.Equal(t, want == "ZZ99 3VZ", got == noFixedAbode, want)
	}
}

var nhsPattern = regexp.MustCompile(`^[0-9]{10}$`)

// slowNHSNumber is the check of the NHS Data Model and Dictionary, digit by digit.
func slowNHSNumber(b []byte) (digits string, ok, checks, placeholder bool) {
	digits = strings.NewReplacer(" ", "", "-", "").Replace(string(b))
	if !nhsPattern.MatchString(digits) {
		return "", false, false, false
	}
	sum := 0
	for i, weight := range []int{10, 9, 8, 7, 6, 5, 4, 3, 2} {
		sum += int(digits[i]-'0') * weight
	}
	check := 11 - sum%11
	if check == 11 {
		check = 0
	}
	placeholder = digits == "0123456789"
	palindrome := true
	for i := range 5 {
		palindrome = palindrome && digits[i] == digits[9-i]
	}
	return digits, true, check == int(digits[9]-'0'), placeholder || palindrome
}

func checkNHSNumber(t *testing.T, b []byte) {
	t.Helper()
	digits, wantOK, checks, placeholder := slowNHSNumber(b)
	n, ok := lexNHSNumber(b)
	require.Equal(t, wantOK, ok, "%q", b)
	if !ok {
		return
	}
	want, _ := strconv.ParseInt(digits, 10, 64)
	require.Equal(t, want, n)
	require.Equal(t, checks, nhsNumberChecks(n), digits)
	require.Equal(t, placeholder, nhsNumberIsPlaceholder(n), digits)
}

var (
	lsoaPattern     = regexp.MustCompile(`^[EW]01[0-9]{6}$`)
	practicePattern = regexp.MustCompile(`^[A-Z][0-9]{5}$`)
)

func checkAreaAndPractice(t *testing.T, b []byte) {
	t.Helper()
	n, ok := lexLSOA(b)
	require.Equal(t, lsoaPattern.Match(b), ok, "%q", b)
	if ok {
		digits, _ := strconv.ParseInt(string(b[3:]), 10, 64)
		require.Equal(t, digits, n%1_000_000)
		require.Equal(t, b[0] == 'W', lsoaIsWelsh(n))
	}
	n, ok = lexGPPractice(b)
	require.Equal(t, practicePattern.Match(b), ok, "%q", b)
	if ok {
		require.Equal(t, string(b) == "V81997" || string(b) == "V81998" || string(b) == "V81999", gpPracticeIsDefault(n), "%q", b)
	}
}

func TestLexDateEveryDay(t *testing.T) {
	for n := 1; ; n++ {
		d := hte.FromOrdinal(n)
		if d.IsZero() {
			require.Equal(t, 3_652_060, n, "the day after 9999-12-31")
			break
		}
		text, err := d.MarshalText()
		require.NoError(t, err)
		got, ok := lexDate(text)
		if !ok || got != int64(n) {
			t.Fatalf("%s: %d %v, want %d", text, got, ok, n)
		}
	}
}

func TestLexDateEveryByteAndEveryDayOfMonth(t *testing.T) {
	for _, year := range []string{"0000", "0001", "1900", "2000", "2023", "2024", "2100", "9999"} {
		for month := range 100 {
			for day := range 100 {
				b := []byte(year + "-" + twoDigits(month) + "-" + twoDigits(day))
				want, wantOK := slowDate(b)
				got, ok := lexDate(b)
				require.Equal(t, wantOK, ok, "%s", b)
				if ok {
					require.Equal(t, want, got, "%s", b)
				}
			}
		}
	}
	// Any one byte, and any two neighbours, replaced by any other.
	for _, base := range []string{"2024-02-29", "1999-12-31"} {
		for i := range len(base) {
			for c := range 256 {
				b := []byte(base)
				b[i] = byte(c)
				for d := range 256 {
					if i+1 < len(b) {
						b[i+1] = byte(d)
					}
					want, wantOK := slowDate(b)
					got, ok := lexDate(b)
					if ok != wantOK || ok && got != want {
						t.Fatalf("%q: %d %v, want %d %v", b, got, ok, want, wantOK)
					}
				}
			}
		}
	}
}

func twoDigits(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }

func TestLexNumbers(t *testing.T) {
	for _, s := range []string{
		"", "-", "0", "-0", "00", "007", "3", "3.0", "3.5", "3.", ".5", "-.5", "+1", "1e3", "1,5", "1.5.0", "1 5", "--1", "0x10", "१",
		"999999999", "1000000000", "999999999.999999999", "-999999999.9999999999", "640.0000000001", "35.00000000000000001", "-35.0000000001",
		"1.000000001", "1.0000000019", "0.0005000000001", "0.0005000000000", "0.0004999999999", "85.5000000004", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
		strings.Repeat("9", 400), "-" + strings.Repeat("9", 400), "0." + strings.Repeat("0", 300) + "1", strings.Repeat("0", 300) + "7", "1." + strings.Repeat("0", 254), "1." + strings.Repeat("0", 256),
	} {
		checkDecimal(t, []byte(s))
		checkInteger(t, []byte(s))
	}
	// Every text of up to five of these characters.
	const alphabet = "019.-x"
	texts := []string{""}
	for range 5 {
		var longer []string
		for _, s := range texts {
			for _, c := range alphabet {
				longer = append(longer, s+string(c))
			}
		}
		texts = longer
		for _, s := range texts {
			checkDecimal(t, []byte(s))
			checkInteger(t, []byte(s))
		}
	}
}

func TestNumbersTooLargeAreOutOfEveryRange(t *testing.T) {
	for f := range Episodes().Fields() {
		if f.Type != TypeInteger && f.Type != TypeDecimal {
			continue
		}
		require.NotNil(t, f.Valid, "%s: a number too large for its int64 would pass", f.Name)
		require.Less(t, f.Valid.Max, int64(1_000_000_000), f.Name)
	}
}

func TestLexNHSNumber(t *testing.T) {
	for _, tc := range []struct {
		number, why           string
		ok, checks, isFilling bool
	}{
		{"9434765919", "facts of DVE: valid", true, true, false},
		{"9000000009", "valid, and reads the same backwards", true, true, true},
		{"4010232137", "valid", true, true, false},
		{"9434765870", "a check digit of 0", true, true, false},
		{"943 476 5919", "as it is printed", true, true, false},
		{"943-476-5919", "with hyphens", true, true, false},
		{"9434765918", "the last digit is wrong", true, false, false},
		{"9343765919", "two digits changed places", true, false, false},
		{"0000000000", "a filler that passes the check", true, true, true},
		{"1111111111", "a filler that passes the check", true, true, true},
		{"9999999999", "a filler that passes the check", true, true, true},
		{"0123456789", "a filler that passes the check", true, true, true},
		{"943476591", "nine digits", false, false, false},
		{"94347659190", "eleven digits", false, false, false},
		{"943476591O", "a letter for a digit", false, false, false},
		{"", "nothing", false, false, false},
		{"- - -", "no digit", false, false, false},
	} {
		n, ok := lexNHSNumber([]byte(tc.number))
		require.Equal(t, tc.ok, ok, "%s: %s", tc.number, tc.why)
		if ok {
			assert.Equal(t, tc.checks, nhsNumberChecks(n), "%s: %s", tc.number, tc.why)
			assert.Equal(t, tc.isFilling, nhsNumberIsPlaceholder(n), "%s: %s", tc.number, tc.why)
		}
		checkNHSNumber(t, []byte(tc.number))
	}
	// Each check digit for many bodies: at most one of the ten is right, and none
	// where the remainder asks for a ten.
	for n := int64(0); n < 1_000_000_000; n += 99_991 {
		right := 0
		for digit := range int64(10) {
			number := strconv.FormatInt(10_000_000_000+n*10+digit, 10)[1:]
			checkNHSNumber(t, []byte(number))
			if nhsNumberChecks(n*10 + digit) {
				right++
			}
		}
		require.LessOrEqual(t, right, 1)
	}
}

func TestLexPostcodeEveryPattern(t *testing.T) {
	// Every arrangement of up to eight letters, digits, spaces and others.
	var walk func(b []byte)
	walk = func(b []byte) {
		checkPostcode(t, b)
		if len(b) == 8 {
			return
		}
		for _, c := range []byte("a9 Z") {
			walk(append(b, c))
		}
	}
	walk(nil)
	for c := range 256 { // every byte at every place
		for _, base := range []string{"M1 1AA", "m601nw", "CR2 6XH", "DN55 1PT", "W1A 1HQ", "EC1A 1BB", "ZZ99 3VZ"} {
			for i := range len(base) {
				b := []byte(base)
				b[i] = byte(c)
				checkPostcode(t, b)
			}
		}
	}
	for _, tc := range []struct {
		text string
		ok   bool
		why  string
	}{
		{"GIR 0AA", false, "the pattern leaves it out"},
		{"BFPO 57", false, "the pattern leaves it out"},
		{"M11AA", true, "no space"},
		{"m1 1aa", true, "small letters"},
		{" M1  1AA", true, "spaces elsewhere are taken out"},
		{"M1\t1AA", false, "a tab is no space"},
		{"tba", false, "a filler"},
	} {
		_, ok := lexPostcode([]byte(tc.text))
		assert.Equal(t, tc.ok, ok, "%s: %s", tc.text, tc.why)
		checkPostcode(t, []byte(tc.text))
	}
}

func TestLexAreaAndPractice(t *testing.T) {
	for _, base := range []string{"E01000001", "W01001909", "S01006506", "E02000001", "P81001", "V81997", "V81996", "p81001", "", "E0100000", "E010000011"} {
		checkAreaAndPractice(t, []byte(base))
		for i := range len(base) {
			for c := range 256 {
				b := []byte(base)
				b[i] = byte(c)
				checkAreaAndPractice(t, b)
			}
		}
	}
	for n := range 1000 {
		checkAreaAndPractice(t, []byte("V81"+strconv.Itoa(1000 + n)[1:]))
	}
}

func TestAlphabets(t *testing.T) {
	for alphabet, pattern := range map[string]string{
		idAlphabet: `^[A-Za-z0-9._-]$`, serviceAlphabet: `^[A-Z0-9]$`,
	} {
		table, re := alphabetTable(alphabet), regexp.MustCompile(pattern)
		for c := range 256 {
			assert.Equal(t, re.Match([]byte{byte(c)}), table[c], "%q of %s", byte(c), alphabet)
		}
	}
}

func TestRoundHalfEven(t *testing.T) {
	for n := int64(-45); n <= 45; n++ {
		// 0.5 to even, by strconv on a number that it can hold exactly.
		want, _ := strconv.ParseInt(strconv.FormatFloat(float64(n)/4, 'f', 0, 64), 10, 64)
		assert.Equal(t, want, roundHalfEven(n, 4), "%d/4", n)
	}
	assert.Equal(t, int64(2), roundHalfEven(5, 2))
	assert.Equal(t, int64(4), roundHalfEven(7, 2))
	assert.Equal(t, int64(-2), roundHalfEven(-5, 2))
}

func TestTrimSpaces(t *testing.T) {
	for _, s := range []string{"", " ", "   ", "a", " a", "a ", "  a b  ", "\ta", "a\u00a0"} {
		assert.Equal(t, strings.Trim(s, " "), string(trimSpaces([]byte(s))), "%q", s)
	}
}
