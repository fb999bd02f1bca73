package wellbeing

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseValue(t *testing.T) {
	for _, c := range []struct{ in, want, why string }{
		{"52", "52", "a whole number"},
		{"7.00", "7.00", "places stay"},
		{"-0.037", "-0.037", "below zero, leading zero written"},
		{"0.00", "0.00", "zero keeps its places"},
		{"340/13", "340/13", "a fraction that never ends"},
		{"365/16", "22.8125", "a fraction that ends is a decimal"},
		{"26/2", "13", "lowest terms"},
		{"-9/4", "-2.25", "below zero"},
		{"999999999999999999", "999999999999999999", "18 digits"},
		{"0.000000000000001", "0.000000000000001", "15 places"},
	} {
		v, err := ParseValue(c.in)
		require.NoError(t, err, c.why)
		assert.Equal(t, c.want, v.String(), c.why)
		assert.True(t, v.Known(), c.why)
	}
	for _, c := range []struct{ in, why string }{
		{"", "nothing"},
		{" 5", "blank"},
		{"+5", "plus sign"},
		{"5.", "no digit after the point"},
		{".5", "no digit before the point"},
		{"-.5", "no digit before the point"},
		{"-", "no digit"},
		{"1e3", "exponent"},
		{"1/0", "division by zero"},
		{"1/-2", "the sign belongs in front"},
		{"1/2/3", "two strokes"},
		{"1.5/2", "a decimal in a fraction"},
		{"1000000000000000000", "19 digits"},
		{"0.0000000000000001", "16 places"},
		{"٣", "digits of another script"},
		{"NaN", "not a number"},
	} {
		_, err := ParseValue(c.in)
		assert.ErrorAs(t, err, new(ValueError), "%s: %q", c.why, c.in)
	}
}

func TestValueOfKeepsPlacesAndIgnoresSettings(t *testing.T) {
	v, err := ValueOf(decimal.RequireFromString("7.00"))
	require.NoError(t, err)
	assert.Equal(t, "7.00", v.String())
	v, err = ValueOf(decimal.RequireFromString("12e3"))
	require.NoError(t, err)
	assert.Equal(t, "12000", v.String())
	for _, bad := range []decimal.Decimal{
		decimal.New(1, -16), decimal.New(1, 19), decimal.New(1, 1<<30), decimal.New(1, -1<<30),
		decimal.NewFromBigInt(new(big.Int).Lsh(big.NewInt(1), 100), 0), decimal.New(math.MinInt64, 0),
	} {
		_, err := ValueOf(bad)
		assert.ErrorAs(t, err, new(ValueError))
	}
	_, err = NewValue(1, 0)
	assert.ErrorAs(t, err, new(ValueError))
	_, err = NewValue(math.MinInt64, 3)
	assert.ErrorAs(t, err, new(ValueError))
	v, err = NewValue(3, -6)
	require.NoError(t, err)
	assert.Equal(t, [2]int64{-1, 2}, [2]int64{v.Num(), v.Den()})
}

func TestDecimalRoundsHalvesAwayFromZero(t *testing.T) {
	for _, c := range []struct {
		in     string
		places int
		want   string
		why    string
	}{
		{"2.5", 0, "3", "half, up"},
		{"-2.5", 0, "-3", "half, away from zero"},
		{"3.5", 0, "4", "not to even"},
		{"340/13", 2, "26.15", "26.153846…"},
		{"375/17", 6, "22.058824", "22.0588235…"},
		{"-1/3", 3, "-0.333", "below zero"},
		{"7.00", 1, "7", "a decimal prints no trailing zeros; StringFixed does"},
		{"1/3", 15, "0.333333333333333", "the most places"},
	} {
		v, err := ParseValue(c.in)
		require.NoError(t, err)
		d, ok := v.Decimal(c.places)
		require.True(t, ok, c.why)
		assert.Equal(t, c.want, d.String(), c.why)
	}
	_, ok := Value{}.Decimal(2)
	assert.False(t, ok, "no value has no decimal")
	_, ok = whole(1).Decimal(-1)
	assert.False(t, ok, "places below 0")
	_, ok = whole(1).Decimal(16)
	assert.False(t, ok, "too many places")
}

func TestNoValueIsNotZero(t *testing.T) {
	var none Value
	assert.False(t, none.Known())
	assert.Empty(t, none.String())
	assert.True(t, math.IsNaN(none.Float64()))
	assert.False(t, none.Equal(whole(0)))
	assert.Equal(t, -1, none.Cmp(whole(-5)))
	assert.Equal(t, 1, whole(-5).Cmp(none))
	assert.Equal(t, 0, none.Cmp(none))
	for c := range Comparator(4) {
		assert.False(t, c.met(none, whole(50)), "no value meets no cut-off")
		assert.False(t, c.met(whole(50), none), "an unset threshold is met by nothing")
	}
	b, err := json.Marshal(none)
	require.NoError(t, err)
	assert.Equal(t, "null", string(b))
	sql, err := none.Value()
	require.NoError(t, err)
	assert.Nil(t, sql)
}

func TestValueCmpIsExact(t *testing.T) {
	third, err := NewValue(1, 3)
	require.NoError(t, err)
	almost, err := ParseValue("0.333333333333333")
	require.NoError(t, err)
	assert.Equal(t, 1, third.Cmp(almost))
	assert.Equal(t, -1, almost.Cmp(third))
	huge, err := NewValue(math.MaxInt64, 3)
	require.NoError(t, err)
	bigger, err := NewValue(math.MaxInt64, 2)
	require.NoError(t, err)
	assert.Equal(t, -1, huge.Cmp(bigger), "products of 128 bits")
	assert.Equal(t, 1, ratio(-math.MaxInt64, 3).Cmp(ratio(-math.MaxInt64, 2)))
	assert.Equal(t, -1, ratio(-1, 3).Cmp(ratio(1, 4)))
	assert.True(t, fixed(700, 2).Equal(whole(7)), "the same number whatever the places")
	assert.Empty(t, cmp.Diff(fixed(700, 2), whole(7)), "go-cmp uses Equal")
	_, ok := huge.sub(ratio(-math.MaxInt64, 2))
	assert.False(t, ok, "a difference that does not fit")
}

func TestValueCodecs(t *testing.T) {
	for _, s := range []string{"7.00", "340/13", "-0.594", "0"} {
		v, err := ParseValue(s)
		require.NoError(t, err)
		b, err := json.Marshal(v)
		require.NoError(t, err)
		assert.Equal(t, `"`+s+`"`, string(b))
		var w Value
		require.NoError(t, json.Unmarshal(b, &w))
		assert.Equal(t, s, w.String())
		text, err := v.MarshalText()
		require.NoError(t, err)
		require.NoError(t, w.UnmarshalText(text))
		assert.Equal(t, v, w)
		stored, err := v.Value()
		require.NoError(t, err)
		w = Value{}
		require.NoError(t, w.Scan(stored))
		assert.Equal(t, v, w)
		require.NoError(t, w.Scan([]byte(s)))
		assert.Equal(t, v, w)
	}
	var v Value
	require.NoError(t, json.Unmarshal([]byte("7.50"), &v), "a plain JSON number is read exactly")
	assert.Equal(t, "7.50", v.String())
	require.NoError(t, v.Scan(int64(3)))
	assert.Equal(t, "3", v.String())
	require.NoError(t, v.Scan(nil))
	assert.False(t, v.Known())
	require.NoError(t, v.UnmarshalText(nil))
	assert.False(t, v.Known())
	for _, src := range []any{1.5, true, "x"} {
		assert.ErrorAs(t, v.Scan(src), new(ValueError))
	}
	for _, src := range []string{`""`, `"x"`, `{}`, `true`, `1e5`} {
		assert.Error(t, json.Unmarshal([]byte(src), &v), src)
	}
}

func FuzzParseValue(f *testing.F) {
	for _, s := range []string{"7.00", "340/13", "-0.037", "1e9", "0/5", "-0", "-0.0", "000.10"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := ParseValue(s)
		if err != nil {
			if v.Known() {
				t.Fatal("a value beside an error")
			}
			return
		}
		w, err := ParseValue(v.String())
		if err != nil || w != v {
			t.Fatalf("%q prints as %q, which reads as %v, %v", s, v, w, err)
		}
		// big.Rat reads the parts of a fraction as Go literals, so that 010 would be 8.
		want := new(big.Rat)
		if num, den, ok := strings.Cut(s, "/"); ok {
			n, _ := new(big.Int).SetString(num, 10)
			d, _ := new(big.Int).SetString(den, 10)
			want.SetFrac(n, d)
		} else {
			want.SetString(s)
		}
		if want.Cmp(big.NewRat(v.num, v.den)) != 0 {
			t.Fatalf("%q is not %v", s, v)
		}
	})
}
