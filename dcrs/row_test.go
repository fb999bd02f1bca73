package dcrs

import (
	"context"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

// oneRow hands the only row of an extract to a function.
func oneRow(t *testing.T, text string, look func(r *Row)) {
	t.Helper()
	v, err := NewValidator(Episodes(), date(t, ruleAsOf))
	require.NoError(t, err)
	n := 0
	for r, err := range v.Rows(context.Background(), "x.csv", strings.NewReader(text)) {
		require.NoError(t, err)
		n++
		look(r)
	}
	require.Equal(t, 1, n)
}

func TestRowValues(t *testing.T) {
	d := Episodes()
	index := func(name string) int {
		f, ok := d.Field(name)
		require.True(t, ok, name)
		return f.Index()
	}
	row := waiting.with(change{
		"height_cm": "170.10", "weight_kg_pre": "90", "weight_kg_post": " 85.5000000001 ", "waist_cm_pre": "x", "waist_cm_post": "301",
		"age_at_referral": "44.0", "disability": "XX ;05;05", "postcode": "ZZ99 3VZ", "imd_quintile": "", "imd_edition": "",
		"accommodation_type": "2", "nhs_number": "943 476 5919", "importance_pre": "0", "referral_date": "2024-02-29",
	})
	oneRow(t, extractOf(t, columnsBut("lsoa"), row), func(r *Row) {
		require.Equal(t, 1, r.Record())
		require.Equal(t, 2, r.Line())
		require.False(t, r.Unread())

		require.Equal(t, date(t, "2024-02-29"), r.Date(index("referral_date")))
		require.True(t, r.Date(index("plan_date")).IsZero(), "blank")
		require.True(t, r.Date(index("gender")).IsZero(), "no date field")

		n, ok := r.Int(index("age_at_referral"))
		require.True(t, ok)
		require.Equal(t, int64(44), n)
		n, ok = r.Int(index("importance_pre"))
		require.True(t, ok, "0 is an answer")
		require.Zero(t, n)
		_, ok = r.Int(index("importance_post"))
		require.False(t, ok, "a blank is none")
		_, ok = r.Int(index("height_cm"))
		require.False(t, ok, "a decimal is no whole number")

		x, ok := r.Decimal(index("height_cm"))
		require.True(t, ok)
		require.Equal(t, "170.10", x.StringFixed(2))
		require.Equal(t, int32(-2), x.Exponent(), "with the places that it was written with")
		x, ok = r.Decimal(index("age_at_referral"))
		require.True(t, ok)
		require.Equal(t, "44", x.String())
		x, ok = r.Decimal(index("weight_kg_post"))
		require.True(t, ok)
		require.Equal(t, "85.500000001", x.StringFixed(9), "nine places, and a little more than half a kilogram")
		require.Equal(t, int32(-9), x.Exponent())
		_, ok = r.Decimal(index("waist_cm_post"))
		require.False(t, ok, "out of range")

		require.Equal(t, "2", r.Code(index("gender")))
		require.Empty(t, r.Code(index("accommodation_type")), "a lost zero is not put back")
		require.Empty(t, r.Code(index("disability")), "several codes are not one")
		require.Equal(t, []string{"05", "XX"}, slices.Collect(r.Codes(index("disability"))), "in the order of the list, each once")
		require.Empty(t, slices.Collect(r.Codes(index("gender"))), "one code is not several")
		for range r.Codes(index("disability")) {
			break // stopping early is allowed
		}
		require.True(t, r.HasCode(index("disability"), "XX"))
		require.False(t, r.HasCode(index("disability"), "NN"))
		require.True(t, r.HasCode(index("gender"), "2"))
		require.False(t, r.HasCode(index("gender"), ""))
		require.False(t, r.HasCode(index("supervision"), ""), "a blank holds no code, not even an empty one")

		require.True(t, r.PseudoPostcode(index("postcode")))
		require.False(t, r.PseudoPostcode(index("nhs_number")))

		require.Equal(t, "943 476 5919", string(r.Cell(index("nhs_number"))))
		require.Equal(t, "85.5000000001", string(r.Cell(index("weight_kg_post"))), "without the spaces around it")
		require.Equal(t, "x", string(r.Cell(index("waist_cm_pre"))), "what could not be read can be seen")
		require.Empty(t, r.Cell(index("lsoa")), "no such column")
		require.Empty(t, r.Cell(index("plan_date")))

		require.True(t, r.Filled(index("waist_cm_pre")))
		require.False(t, r.Valid(index("waist_cm_pre")))
		require.True(t, r.Filled(index("waist_cm_post")))
		require.False(t, r.Valid(index("waist_cm_post")))
		require.True(t, r.Valid(index("height_cm")))
		require.False(t, r.Filled(index("lsoa")))

		require.Equal(t, Error, r.Worst())
		var rules []string
		for _, f := range r.Findings() {
			require.Equal(t, "x.csv", f.File)
			require.Equal(t, 1, f.Record)
			rules = append(rules, f.Rule)
		}
		require.Contains(t, rules, "waist_cm_pre/format")
		require.Contains(t, rules, "accommodation_type/format")
		require.Contains(t, rules, "disability/repeated-code")
	})
}

// A field outside the dictionary is blank.
func TestRowOutsideTheDictionary(t *testing.T) {
	oneRow(t, extractOf(t, columnsBut(), whole), func(r *Row) {
		for _, i := range []int{math.MinInt, -1, fieldCount, 127, 128, math.MaxInt} {
			require.False(t, r.Filled(i))
			require.False(t, r.Valid(i))
			require.Nil(t, r.Cell(i))
			require.Equal(t, hte.Date{}, r.Date(i))
			_, ok := r.Int(i)
			require.False(t, ok)
			_, ok = r.Thousandths(i)
			require.False(t, ok)
			_, ok = r.Decimal(i)
			require.False(t, ok)
			require.Empty(t, r.Code(i))
			require.Empty(t, slices.Collect(r.Codes(i)))
			require.False(t, r.HasCode(i, "1"))
			require.False(t, r.PseudoPostcode(i))
		}
		require.Equal(t, Off, r.Worst(), "a clean row")
		require.Empty(t, r.Findings())
	})
}

func TestThousandths(t *testing.T) {
	f, _ := Episodes().Field("height_cm")
	for _, c := range []struct {
		cell string
		want int64
		why  string
	}{
		{"170", 170000, "a whole number"},
		{"170.1", 170100, "one place"},
		{"170.123", 170123, "three places"},
		{"170.1235", 170124, "half, to the even neighbour above"},
		{"170.1225", 170122, "half, to the even neighbour below"},
		{"170.12250", 170122, "zeros behind a half change nothing"},
		{"170.12251", 170123, "a little more than half"},
		{"170.122499999", 170122, "a little less"},
		{"170.1225000000001", 170123, "more than half by something beyond the ninth place"},
	} {
		oneRow(t, extractOf(t, columnsBut(), waiting.with(change{"height_cm": c.cell})), func(r *Row) {
			got, ok := r.Thousandths(f.Index())
			require.True(t, ok, c.why)
			require.Equal(t, c.want, got, c.why)
		})
	}
	n, _ := Episodes().Field("systolic_pre")
	oneRow(t, extractOf(t, columnsBut(), waiting.with(change{"systolic_pre": "120"})), func(r *Row) {
		got, ok := r.Thousandths(n.Index())
		require.True(t, ok)
		require.Equal(t, int64(120000), got, "an integer field")
		_, ok = r.Thousandths(f.Index())
		require.False(t, ok, "blank")
	})
}

// Rows that cannot be taken apart come too, in their place, and blank.
func TestRowsUnread(t *testing.T) {
	text := extractOf(t, columnsBut(), waiting, whole)
	text = strings.Replace(text, "\nC1,", "\nC1,C1,", 1) // a cell too many in the first
	v, err := NewValidator(Episodes(), date(t, ruleAsOf))
	require.NoError(t, err)
	var unread []bool
	for r, err := range v.Rows(context.Background(), "x.csv", strings.NewReader(text)) {
		require.NoError(t, err)
		unread = append(unread, r.Unread())
		require.Equal(t, len(unread), r.Record())
		require.Equal(t, !r.Unread(), r.Filled(fClientID))
		if r.Unread() {
			require.Equal(t, Error, r.Worst())
			require.Len(t, r.Findings(), 1)
			require.Equal(t, "file/row-length", r.Findings()[0].Rule)
		}
	}
	require.Equal(t, []bool{true, false}, unread)
}

func TestRowsEnd(t *testing.T) {
	v, err := NewValidator(Episodes(), date(t, ruleAsOf))
	require.NoError(t, err)
	text := extractOf(t, columnsBut(), waiting, whole, waiting)
	n := 0
	for range v.Rows(context.Background(), "x.csv", strings.NewReader(text)) {
		if n++; n == 2 {
			break
		}
	}
	require.Equal(t, 2, n, "a loop may end early")

	for range v.Rows(context.Background(), "x.csv", strings.NewReader("")) {
		t.Fatal("an empty file has no rows")
	}

	broken := errors.New("the line went dead")
	var last error
	for r, err := range v.Rows(context.Background(), "x.csv", io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken))) {
		require.Equal(t, r == nil, err != nil, "an error comes with no row, a row with no error")
		last = err
	}
	require.ErrorIs(t, last, broken)

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for r, err := range v.Rows(ctx, "x.csv", strings.NewReader(text)) {
		require.Nil(t, r)
		last = err
	}
	require.ErrorIs(t, last, context.Canceled)
}

// What Rows finds is what Validate finds at field and record scope.
func TestRowsFindTheSame(t *testing.T) {
	rows := []change{waiting, whole.with(change{"gender": "3", "plan_date": "2023-06-18"}), waiting.with(change{"height_cm": "1.7"})}
	text := extractOf(t, columnsBut(), rows...)
	v, err := NewValidator(Episodes(), date(t, ruleAsOf), Show("episode_id"))
	require.NoError(t, err)
	var a, b []Finding
	_, err = v.Validate(context.Background(), "x.csv", strings.NewReader(text), func(f Finding) error {
		if r, _ := v.Dictionary().Rule(f.Rule); r.Scope != ScopeFile {
			a = append(a, f)
		}
		return nil
	})
	require.NoError(t, err)
	for r, err := range v.Rows(context.Background(), "x.csv", strings.NewReader(text)) {
		require.NoError(t, err)
		b = append(b, r.Findings()...)
	}
	require.NotEmpty(t, a)
	require.Equal(t, a, b)
}
