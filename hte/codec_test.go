package hte_test

import (
	"database/sql"
	"database/sql/driver"
	"encoding"
	"encoding/json"
	"flag"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

var (
	_ encoding.TextAppender    = hte.Date{}
	_ encoding.TextMarshaler   = hte.Date{}
	_ encoding.TextUnmarshaler = (*hte.Date)(nil)
	_ json.Marshaler           = hte.Date{}
	_ json.Unmarshaler         = (*hte.Date)(nil)
	_ driver.Valuer            = hte.Date{}
	_ sql.Scanner              = (*hte.Date)(nil)
)

func TestDateTakesFourBytes(t *testing.T) {
	t.Parallel()
	require.Equal(t, uintptr(4), unsafe.Sizeof(hte.Date{}))
}

func TestText(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "0001-01-01", "0987-06-05", "2024-02-29", "9999-12-31"} {
		d := day(t, s)
		assert.Equal(t, s, d.String())
		text, err := d.MarshalText()
		require.NoError(t, err)
		assert.NotNil(t, text)
		assert.Equal(t, s, string(text))
		text, err = d.AppendText([]byte("on "))
		require.NoError(t, err)
		assert.Equal(t, "on "+s, string(text))
	}
	d := day(t, "2024-02-29")
	require.ErrorIs(t, d.UnmarshalText([]byte("29/02/2024")), &hte.DateError{Reason: hte.DateShape})
	require.Equal(t, "2024-02-29", d.String(), "left alone after an error")

	var asOf hte.Date
	flags := flag.NewFlagSet("evaluate", flag.ContinueOnError)
	flags.TextVar(&asOf, "as-of", hte.Date{}, "")
	require.NoError(t, flags.Parse([]string{"-as-of", "2024-03-31"}))
	require.Equal(t, "2024-03-31", asOf.String(), "a command-line flag by way of the text codec")
}

func TestJSON(t *testing.T) {
	t.Parallel()
	type record struct {
		Referral hte.Date            `json:"referral_date"`
		Closure  hte.Date            `json:"closure_date"`
		Review   hte.Date            `json:"review_date,omitzero"`
		ByDay    map[hte.Date]int    `json:"by_day"`
		Others   []hte.Date          `json:"others"`
		Pointer  *hte.Date           `json:"pointer"`
		Contacts map[string]hte.Date `json:"contacts"`
	}
	d := day(t, "2023-02-09")
	in := record{
		Referral: d,
		ByDay:    map[hte.Date]int{d: 3},
		Others:   []hte.Date{{}, d},
		Pointer:  &d,
		Contacts: map[string]hte.Date{"first": d},
	}
	data, err := json.Marshal(in)
	require.NoError(t, err)
	require.JSONEq(t, `{"referral_date":"2023-02-09","closure_date":null,"by_day":{"2023-02-09":3},
		"others":[null,"2023-02-09"],"pointer":"2023-02-09","contacts":{"first":"2023-02-09"}}`, string(data))
	var out record
	require.NoError(t, json.Unmarshal(data, &out))
	require.Equal(t, in, out)
}

func TestUnmarshalJSON(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		data, want string
		why        string
	}{
		{`null`, "", "no date"},
		{`""`, "", "no date, as forms send it"},
		{`"2023-02-09"`, "2023-02-09", "a date"},
		{`"2023\u002d02-09"`, "2023-02-09", "the same string, escaped"},
	} {
		d := day(t, "1999-12-31")
		require.NoError(t, json.Unmarshal([]byte(tc.data), &d), tc.why)
		assert.Equal(t, tc.want, d.String(), tc.why)
	}
	for _, tc := range []struct {
		data   string
		reason hte.DateReason
		why    string
	}{
		{`20230209`, hte.DateWrongType, "a number"},
		{`true`, hte.DateWrongType, "a boolean"},
		{`{"year":2023}`, hte.DateWrongType, "an object"},
		{`["2023-02-09"]`, hte.DateWrongType, "an array"},
		{`"2023-02-09T00:00:00Z"`, hte.DateShape, "a time, as time.Time writes it"},
		{`"2023-02-30"`, hte.DateNoSuchDay, "no such day"},
		{`"2023\/02\/09"`, hte.DateShape, "escaped, but no date"},
	} {
		d := day(t, "1999-12-31")
		require.ErrorIs(t, json.Unmarshal([]byte(tc.data), &d), &hte.DateError{Reason: tc.reason}, tc.why)
		assert.Equal(t, "1999-12-31", d.String(), "left alone: %s", tc.why)
	}
	// Not JSON at all: the decoder never passes these on, a caller might.
	for _, data := range []string{"", `"`, `"\"`, `"\x"`, "2023-02-09", `'2023-02-09'`} {
		var d hte.Date
		require.ErrorIs(t, d.UnmarshalJSON([]byte(data)), &hte.DateError{Reason: hte.DateWrongType}, data)
	}
}

func TestSQL(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "0001-01-01", "2024-02-29", "9999-12-31"} {
		d := day(t, s)
		v, err := d.Value()
		require.NoError(t, err)
		require.True(t, driver.IsValue(v))
		if s == "" {
			require.Nil(t, v, "the zero Date is NULL")
		} else {
			require.Equal(t, s, v)
		}
		back := day(t, "1999-12-31")
		require.NoError(t, back.Scan(v))
		require.Equal(t, d, back)
	}
	london := time.FixedZone("BST", 3600)
	for _, tc := range []struct {
		src  any
		want string
		why  string
	}{
		{nil, "", "NULL"},
		{"", "", "the empty string"},
		{[]byte(nil), "", "no bytes"},
		{[]byte("2024-02-29"), "2024-02-29", "bytes"},
		{time.Date(2023, time.June, 15, 0, 0, 0, 0, time.UTC), "2023-06-15", "a DATE, as most drivers give it"},
		{time.Date(2023, time.June, 15, 0, 0, 0, 0, london), "2023-06-15", "a DATE from a driver that uses local time"},
		{time.Date(2023, time.June, 15, 23, 59, 0, 0, time.UTC), "2023-06-15", "a time of day is dropped"},
		{time.Time{}, "", "no time"},
	} {
		d := day(t, "1999-12-31")
		require.NoError(t, d.Scan(tc.src), tc.why)
		assert.Equal(t, tc.want, d.String(), tc.why)
	}
	for _, tc := range []struct {
		src    any
		reason hte.DateReason
		why    string
	}{
		{"2024-02-29 00:00:00", hte.DateShape, "text with a time"},
		{[]byte("2024-02-30"), hte.DateNoSuchDay, "no such day"},
		{int64(20240229), hte.DateWrongType, "a number"},
		{1.5, hte.DateWrongType, "a number"},
		{true, hte.DateWrongType, "a boolean"},
		{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), hte.DateOutOfRange, "PostgreSQL's dates go further"},
	} {
		d := day(t, "1999-12-31")
		require.ErrorIs(t, d.Scan(tc.src), &hte.DateError{Reason: tc.reason}, tc.why)
		assert.Equal(t, "1999-12-31", d.String(), "left alone: %s", tc.why)
	}
}

// FuzzUnmarshalJSON: what is read is written back as the same value.
func FuzzUnmarshalJSON(f *testing.F) {
	for _, s := range []string{`null`, `""`, `"2023-02-09"`, `"2023\u002d02-09"`, `"\"`, `7`, `"`, ``} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var d, back hte.Date
		if err := d.UnmarshalJSON(data); err != nil {
			require.ErrorIs(t, err, &hte.DateError{})
			require.True(t, d.IsZero())
			return
		}
		written, err := d.MarshalJSON()
		require.NoError(t, err)
		require.NoError(t, back.UnmarshalJSON(written))
		require.Equal(t, d, back)
	})
}

// Where int has 32 bits, a version beyond them is not taken for another.
func TestVersionBeyond32Bits(t *testing.T) {
	t.Parallel()
	var e hte.Event
	err := json.Unmarshal([]byte(`{"journey":"E-1","sequence":1,"on":"2024-01-08","recorded":"2024-01-08T09:00:00Z","by":"T-1","kind":"note_added","version":4294967297,"data":{"text":"x"}}`), &e)
	if err == nil {
		require.Equal(t, hte.KindUnknown, e.Kind())
	}
}
