package wellbeing

import (
	"cmp"
	"database/sql/driver"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// Value is an exact score: a fraction of two integers in lowest terms, with the number of decimal
// places that its table prints, so that a Rasch score of 7.00 is not written as 7. It is rounded
// only where the caller asks, by [Value.Decimal] or [Value.Float64].
//
// The zero Value is no value at all, which is not 0: it prints as an empty string, is null in JSON
// and SQL, NaN as a float, and no cut-off is met by it.
type Value struct {
	num    int64
	den    int64 // 0: no value; else positive
	places uint8
}

// maxPlaces is the most decimal places that a Value is read with or written to.
const maxPlaces = 15

// NewValue returns num/den in lowest terms. A den of 0 and the smallest int64 are a [ValueError].
func NewValue(num, den int64) (Value, error) {
	if den == 0 || num == math.MinInt64 || den == math.MinInt64 {
		return Value{}, ValueError{Why: "the denominator is 0 or a number is out of range"}
	}
	return ratio(num, den), nil
}

// ValueOf returns the decimal as an exact value that keeps its decimal places. More than 15 places
// or 18 digits are a [ValueError].
func ValueOf(d decimal.Decimal) (Value, error) {
	exp := d.Exponent()
	if exp < -maxPlaces || exp > 18 {
		return Value{}, ValueError{Why: "more than 15 decimal places or 18 digits"}
	}
	n := d.Coefficient()
	if exp > 0 {
		n.Mul(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(exp)), nil))
	}
	if !n.IsInt64() || n.Int64() == math.MinInt64 {
		return Value{}, ValueError{Why: "more than 15 decimal places or 18 digits"}
	}
	return fixed(n.Int64(), max(0, -int(exp))), nil
}

// ParseValue reads a decimal number such as "16.36" or "-0.037", whose places it keeps, or a
// fraction such as "340/13". Anything else, exponents and surrounding blanks included, is a
// [ValueError].
func ParseValue(s string) (Value, error) {
	bad := ValueError{Why: "not a decimal number of at most 18 digits nor a fraction"}
	if num, den, ok := strings.Cut(s, "/"); ok {
		n, ok1 := parseDigits(num, true)
		d, ok2 := parseDigits(den, false)
		if !ok1 || !ok2 || d == 0 {
			return Value{}, bad
		}
		return ratio(n, d), nil
	}
	whole, frac, point := strings.Cut(s, ".")
	if point && (frac == "" || len(frac) > maxPlaces || whole == "" || whole == "-") {
		return Value{}, bad
	}
	n, ok := parseDigits(whole+frac, true)
	if !ok {
		return Value{}, bad
	}
	return fixed(n, len(frac)), nil
}

// parseDigits reads at most 18 digits, so the result and its negative fit an int64.
func parseDigits(s string, signed bool) (int64, bool) {
	neg := false
	if signed && strings.HasPrefix(s, "-") {
		neg, s = true, s[1:]
	}
	if s == "" || len(s) > 18 {
		return 0, false
	}
	var n int64
	for i := range len(s) {
		c := s[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	if neg {
		n = -n
	}
	return n, true
}

// Whole returns n as a value; the smallest int64 is no value.
func Whole(n int64) Value {
	if n == math.MinInt64 {
		return Value{}
	}
	return whole(n)
}

func whole(n int64) Value { return Value{num: n, den: 1} }

// fixed returns n/10^places and keeps the places: fixed(700, 2) is 7.00.
func fixed(n int64, places int) Value {
	return ratio(n, pow10(places)).withPlaces(uint8(places))
}

// withPlaces keeps the places only where they are more than the number itself needs, so that equal
// texts are equal structs.
func (v Value) withPlaces(places uint8) Value {
	v.places = 0
	if digits, ends := decimals(v.den); ends && int(places) > digits {
		v.places = places
	}
	return v
}

// decimals returns how many decimal places a fraction in lowest terms needs, where it ends.
func decimals(den int64) (digits int, ends bool) {
	two, five := 0, 0
	if den <= 0 {
		return 0, false
	}
	for den%2 == 0 {
		den, two = den/2, two+1
	}
	for den%5 == 0 {
		den, five = den/5, five+1
	}
	return max(two, five), den == 1
}

// ratio reduces num/den; den is not 0 and neither is the smallest int64.
func ratio(num, den int64) Value {
	if den < 0 {
		num, den = -num, -den
	}
	if g := gcd(num, den); g > 1 {
		num, den = num/g, den/g
	}
	return Value{num: num, den: den}
}

func gcd(a, b int64) int64 {
	if a < 0 {
		a = -a
	}
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// Known reports whether v is a value.
func (v Value) Known() bool { return v.den != 0 }

// Num returns the numerator of the fraction in lowest terms; 0 where there is no value.
func (v Value) Num() int64 { return v.num }

// Den returns the denominator, which is positive; 0 where there is no value.
func (v Value) Den() int64 { return v.den }

// Int64 returns v where it is a whole number.
func (v Value) Int64() (n int64, ok bool) { return v.num, v.den == 1 }

// Float64 returns the nearest float, or NaN where there is no value.
func (v Value) Float64() float64 {
	if v.den == 0 {
		return math.NaN()
	}
	// Both parts are rarely beyond 2^53; where they are, big.Rat rounds once.
	if v.den < 1<<53 && v.num < 1<<53 && v.num > -(1<<53) {
		return float64(v.num) / float64(v.den)
	}
	f, _ := big.NewRat(v.num, v.den).Float64()
	return f
}

// Decimal rounds v to the given number of places (0 to 15), halves away from zero as on paper. It
// reads none of the decimal package's settings. ok is false where there is no value, or places is
// out of range.
func (v Value) Decimal(places int) (d decimal.Decimal, ok bool) {
	if v.den == 0 || places < 0 || places > maxPlaces {
		return decimal.Decimal{}, false
	}
	n := new(big.Int).Mul(big.NewInt(v.num), big.NewInt(pow10(places)))
	n.Mul(n, big.NewInt(2))
	den := big.NewInt(v.den)
	if v.num < 0 {
		n.Sub(n, den)
	} else {
		n.Add(n, den)
	}
	n.Quo(n, den.Mul(den, big.NewInt(2)))
	return decimal.NewFromBigInt(n, int32(-places)), true
}

// Cmp compares two values exactly: -1, 0 or +1. No value comes before every value.
func (v Value) Cmp(w Value) int {
	if v.den == 0 || w.den == 0 {
		return cmp.Compare(min(v.den, 1), min(w.den, 1))
	}
	if v.den == w.den {
		return cmp.Compare(v.num, w.num)
	}
	if c := cmp.Compare(sign(v.num), sign(w.num)); c != 0 {
		return c
	}
	ah, al := bits.Mul64(magnitude(v.num), uint64(w.den))
	bh, bl := bits.Mul64(magnitude(w.num), uint64(v.den))
	c := cmp.Compare(ah, bh)
	if c == 0 {
		c = cmp.Compare(al, bl)
	}
	if v.num < 0 {
		c = -c
	}
	return c
}

func sign(n int64) int { return cmp.Compare(n, 0) }

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}

// Equal reports whether v and w are the same number, or both no value; 7 equals 7.00.
func (v Value) Equal(w Value) bool { return v.num == w.num && v.den == w.den }

// sub returns v - w; ok is false where either is no value or the result overflows.
func (v Value) sub(w Value) (Value, bool) {
	if v.den == 0 || w.den == 0 {
		return Value{}, false
	}
	n := new(big.Int).Mul(big.NewInt(v.num), big.NewInt(w.den))
	n.Sub(n, new(big.Int).Mul(big.NewInt(w.num), big.NewInt(v.den)))
	d := new(big.Int).Mul(big.NewInt(v.den), big.NewInt(w.den))
	r := new(big.Rat).SetFrac(n, d)
	if !r.Num().IsInt64() || !r.Denom().IsInt64() || r.Num().Int64() == math.MinInt64 {
		return Value{}, false
	}
	diff := Value{num: r.Num().Int64(), den: r.Denom().Int64()}
	return diff.withPlaces(max(v.places, w.places)), true
}

// String returns a decimal where the fraction ends within 15 places ("52", "7.00", "22.8125"),
// else the fraction itself ("340/13"), and an empty string where there is no value.
func (v Value) String() string { return string(v.append(nil)) }

func (v Value) append(b []byte) []byte {
	if v.den == 0 {
		return b
	}
	digits, ends := decimals(v.den)
	hi, n := uint64(1), uint64(0)
	if ends && digits <= maxPlaces {
		hi, n = bits.Mul64(magnitude(v.num), uint64(pow10(digits)/v.den))
	}
	if hi != 0 {
		b = strconv.AppendInt(b, v.num, 10)
		b = append(b, '/')
		return strconv.AppendInt(b, v.den, 10)
	}
	if v.num < 0 {
		b = append(b, '-')
	}
	scale := uint64(pow10(digits))
	b = strconv.AppendUint(b, n/scale, 10)
	places := max(digits, int(v.places))
	if places == 0 {
		return b
	}
	b = append(b, '.')
	frac := n % scale
	for i := range places {
		if i >= digits {
			b = append(b, '0')
			continue
		}
		scale /= 10
		b = append(b, byte('0'+frac/scale))
		frac %= scale
	}
	return b
}

// AppendText appends what [Value.String] returns.
func (v Value) AppendText(b []byte) ([]byte, error) { return v.append(b), nil }

// MarshalText writes what [Value.String] returns.
func (v Value) MarshalText() ([]byte, error) { return v.append(nil), nil }

// UnmarshalText reads what [ParseValue] reads; an empty text is no value.
func (v *Value) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*v = Value{}
		return nil
	}
	w, err := ParseValue(string(b))
	if err == nil {
		*v = w
	}
	return err
}

// MarshalJSON writes a string with its places intact, or null where there is no value.
func (v Value) MarshalJSON() ([]byte, error) {
	if v.den == 0 {
		return []byte("null"), nil
	}
	return append(v.append([]byte{'"'}), '"'), nil
}

// UnmarshalJSON reads a string or a plain JSON number; null is no value.
func (v *Value) UnmarshalJSON(b []byte) error {
	s := string(b)
	if s == "null" {
		*v = Value{}
		return nil
	}
	if len(s) > 2 && s[0] == '"' && s[len(s)-1] == '"' {
		s = s[1 : len(s)-1]
	}
	w, err := ParseValue(s)
	if err == nil {
		*v = w
	}
	return err
}

// Value stores v as text, or NULL where there is no value.
func (v Value) Value() (driver.Value, error) {
	if v.den == 0 {
		return nil, nil
	}
	return v.String(), nil
}

// Scan reads text, an integer or NULL. A float is refused: its places are already lost.
func (v *Value) Scan(src any) error {
	switch src := src.(type) {
	case nil:
		*v = Value{}
		return nil
	case string:
		return v.UnmarshalText([]byte(src))
	case []byte:
		return v.UnmarshalText(src)
	case int64:
		w, err := NewValue(src, 1)
		if err == nil {
			*v = w
		}
		return err
	}
	return ValueError{Why: fmt.Sprintf("cannot be read from a %T", src)}
}
