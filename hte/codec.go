package hte

import (
	"bytes"
	"database/sql/driver"
	"encoding/json"
	"time"
)

// String returns d as yyyy-mm-dd, or "" for the zero Date.
func (d Date) String() string {
	if d.n == 0 {
		return ""
	}
	var buf [len("yyyy-mm-dd")]byte
	return string(d.append(buf[:0]))
}

// AppendText appends [Date.String] to b. The error is always nil.
func (d Date) AppendText(b []byte) ([]byte, error) { return d.append(b), nil }

// MarshalText returns [Date.String] as bytes. The error is always nil.
func (d Date) MarshalText() ([]byte, error) { return d.append([]byte{}), nil }

// UnmarshalText reads what [ParseDate] reads, and the empty text as the zero
// Date. After an error, which is a [*DateError], d is as it was.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	date, err := ParseDate(text)
	if err != nil {
		return err
	}
	*d = date
	return nil
}

// MarshalJSON returns a JSON string of the form yyyy-mm-dd, or null for the zero
// Date. A struct field may leave the zero Date out with the option omitzero.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.n == 0 {
		return []byte("null"), nil
	}
	b := make([]byte, 0, len(`"yyyy-mm-dd"`))
	return append(d.append(append(b, '"')), '"'), nil
}

// UnmarshalJSON reads a JSON string of the form yyyy-mm-dd, and null and "" as
// the zero Date. After an error, which is a [*DateError], d is as it was.
func (d *Date) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*d = Date{}
		return nil
	}
	if len(data) < 2 || data[0] != '"' || data[len(data)-1] != '"' {
		return &DateError{Reason: DateWrongType}
	}
	text := data[1 : len(data)-1]
	if bytes.IndexByte(text, '\\') >= 0 {
		// Rare, but "2023\u002d02-09" is the same JSON string.
		var s string
		if json.Unmarshal(data, &s) != nil {
			return &DateError{Reason: DateWrongType}
		}
		text = []byte(s)
	}
	return d.UnmarshalText(text)
}

// Value returns d for a database: a string of the form yyyy-mm-dd, which SQL
// reads as a DATE, or NULL for the zero Date. The error is always nil.
func (d Date) Value() (driver.Value, error) {
	if d.n == 0 {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a column: NULL and the empty string as the zero Date, a string or
// bytes as [ParseDate] does, and a [time.Time] as [DateFromTime] does. Drivers
// give a DATE as midnight in a location of their choice, and it is read in that
// location, so it is never moved to the day before. Any time of day is dropped,
// and a year out of range is an error.
// After an error, which is a [*DateError], d is as it was.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	case time.Time:
		date := DateFromTime(v)
		if date.IsZero() && !v.IsZero() {
			return &DateError{Reason: DateOutOfRange}
		}
		*d = date
		return nil
	default:
		return &DateError{Reason: DateWrongType}
	}
}

func (d Date) append(b []byte) []byte {
	if d.n == 0 {
		return b
	}
	year, month, day := d.Date()
	return append(b,
		byte('0'+year/1000), byte('0'+year/100%10), byte('0'+year/10%10), byte('0'+year%10), '-',
		byte('0'+month/10), byte('0'+month%10), '-',
		byte('0'+day/10), byte('0'+day%10))
}
