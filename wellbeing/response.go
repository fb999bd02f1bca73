package wellbeing

import (
	"bytes"
	"strconv"
)

// Response is one item's answer. The zero Response is missing: nothing was written. A client who
// refused to answer and an item that does not apply are different from that, from each other, and
// from an answer of 0; and so is an answer that could not be read.
type Response struct {
	code  int
	state state
}

type state uint8

const (
	missing state = iota
	answered
	refused
	notApplicable
	unreadable
)

// Answer returns the response with the given code of the item.
func Answer(code int) Response { return Response{code: code, state: answered} }

// Refused returns the response of a client who was asked and would not answer.
func Refused() Response { return Response{state: refused} }

// NotApplicable returns the response to an item that does not apply to the client.
func NotApplicable() Response { return Response{state: notApplicable} }

// Unreadable returns the response of which something was written that is no code. Scoring treats it as a
// code out of range: it is never taken for a missing answer.
func Unreadable() Response { return Response{state: unreadable} }

// Answers returns the responses of a form with every item answered.
func Answers(codes ...int) []Response {
	rs := make([]Response, len(codes))
	for i, c := range codes {
		rs[i] = Answer(c)
	}
	return rs
}

// Code returns the code that was answered; ok is false where nothing was.
func (r Response) Code() (code int, ok bool) { return r.code, r.state == answered }

// Equal reports whether both are the same response.
func (r Response) Equal(s Response) bool { return r == s }

// String returns the code, or "missing", "refused", "not applicable" or "unreadable".
func (r Response) String() string {
	switch r.state {
	case answered:
		return strconv.Itoa(r.code)
	case refused:
		return "refused"
	case notApplicable:
		return "not applicable"
	case unreadable:
		return "unreadable"
	}
	return "missing"
}

// MarshalJSON writes the code as a number, null where it is missing, and the strings "refused", "not
// applicable" and "unreadable".
func (r Response) MarshalJSON() ([]byte, error) {
	switch r.state {
	case answered:
		return strconv.AppendInt(nil, int64(r.code), 10), nil
	case refused, notApplicable, unreadable:
		return strconv.AppendQuote(nil, r.String()), nil
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (r *Response) UnmarshalJSON(b []byte) error {
	switch {
	case bytes.Equal(b, []byte("null")):
		*r = Response{}
	case bytes.Equal(b, []byte(`"refused"`)):
		*r = Refused()
	case bytes.Equal(b, []byte(`"not applicable"`)):
		*r = NotApplicable()
	case bytes.Equal(b, []byte(`"unreadable"`)):
		*r = Unreadable()
	default:
		n, err := strconv.Atoi(string(b))
		if err != nil {
			return SyntaxError{Item: "response", Shape: shape(string(b))}
		}
		*r = Answer(n)
	}
	return nil
}
