package wellbeing

import (
	"fmt"
	"strconv"
	"strings"
)

// The errors are values, not pointers, so both of these find one:
//
//	e, ok := errors.AsType[wellbeing.RangeError](err)
//	errors.Is(err, wellbeing.MissingError{Item: "who5_2"})
//
// No error text holds a person's answer beyond a code of four digits, nor any other text of a cell.

// ScoreError says that at least one scale of a form got no score. It wraps one error for each item
// that stands in the way, in the order of the items.
type ScoreError struct {
	Instrument string
	Policy     Policy
	Scales     []string // the scales without a score
	Errs       []error
}

func (e ScoreError) Error() string {
	var b strings.Builder
	b.WriteString(e.Instrument)
	b.WriteString(": no score for ")
	b.WriteString(strings.Join(e.Scales, ", "))
	b.WriteString(" (" + e.Policy.String() + ")")
	for i, err := range e.Errs {
		if i == 0 {
			b.WriteString(": ")
		} else {
			b.WriteString("; ")
		}
		b.WriteString(err.Error())
	}
	return b.String()
}

// Unwrap returns the errors of the items.
func (e ScoreError) Unwrap() []error { return e.Errs }

// MissingError says that an item which the policy needs was left blank.
type MissingError struct{ Item string }

func (e MissingError) Error() string { return e.Item + " is missing" }

// RefusedError says that the client refused to answer an item which the policy needs.
type RefusedError struct{ Item string }

func (e RefusedError) Error() string { return e.Item + " was refused" }

// NotApplicableError says that an item which the policy needs was marked not applicable.
type NotApplicableError struct{ Item string }

func (e NotApplicableError) Error() string { return e.Item + " is marked not applicable" }

// RangeError says that the code of an item lies outside its range.
type RangeError struct {
	Item          string
	Got, Min, Max int
}

func (e RangeError) Error() string {
	return fmt.Sprintf("%s is out of range: got %s, want %d to %d", e.Item, showCode(e.Got), e.Min, e.Max)
}

// CodeError says that a code lies within an item's range but is none of its codes, such as 1 for
// AUDIT items 9 and 10, whose codes are 0, 2 and 4.
type CodeError struct {
	Item  string
	Got   int
	Codes string // the codes of the item: "0, 2, 4"
}

func (e CodeError) Error() string {
	return fmt.Sprintf("%s has no such code: got %s, want one of %s", e.Item, showCode(e.Got), e.Codes)
}

// showCode hides a number too long to be an answer: where columns have shifted, it may be a
// telephone or NHS number.
func showCode(n int) string {
	if n < -9999 || n > 9999 {
		return "a number of more than 4 digits"
	}
	return strconv.Itoa(n)
}

// SyntaxError says that a cell is neither blank, nor a whole number, nor a declared code. Shape is
// the cell with its letters as A or a and its digits as 9, cut at 20 characters; it is empty where the
// cell is not at hand any more.
type SyntaxError struct{ Item, Shape string }

func (e SyntaxError) Error() string {
	if e.Shape == "" {
		return e.Item + " is not a whole number nor a declared code"
	}
	return fmt.Sprintf("%s is not a whole number nor a declared code: shape %q", e.Item, e.Shape)
}

// LengthError says that a form has more or fewer responses than its instrument has items.
type LengthError struct{ Got, Want int }

func (e LengthError) Error() string {
	return fmt.Sprintf("got %d responses, want %d", e.Got, e.Want)
}

// DuplicateError says that an item was answered twice.
type DuplicateError struct{ Item string }

func (e DuplicateError) Error() string { return e.Item + " is answered twice" }

// OccasionError says that an item was answered on another occasion than the first item of the form.
type OccasionError struct{ Item, Got, Want string }

func (e OccasionError) Error() string {
	return e.Item + " was answered on another occasion than the rest of the form"
}

// NoScoreError says why a result holds no score, flag or band of that name.
type NoScoreError struct {
	Instrument string
	Name       string // of the scale, flag or band set
	Reason     Reason
	Rule       string // the instrument's own rule, where the reason is Excluded
}

func (e NoScoreError) Error() string {
	if e.Rule != "" {
		return fmt.Sprintf("%s: no %s: %s: %s", e.Instrument, e.Name, e.Reason, e.Rule)
	}
	return fmt.Sprintf("%s: no %s: %s", e.Instrument, e.Name, e.Reason)
}

// NameError says that there is nothing of that kind and name.
type NameError struct {
	Kind string // "instrument", "scale", "flag", "band set", "change rule", "item", "coding", …
	Name string
}

func (e NameError) Error() string { return fmt.Sprintf("no %s named %q", e.Kind, e.Name) }

// PolicyError says that a policy for missing answers cannot be had for an instrument: the owner
// published no rule, or the limit makes no sense.
type PolicyError struct {
	Instrument string
	Policy     Policy
	Why        string
}

func (e PolicyError) Error() string {
	return fmt.Sprintf("%s: policy %q: %s", e.Instrument, e.Policy, e.Why)
}

// UnverifiedError says that something rests on memory alone and [AllowUnverified] was not given.
type UnverifiedError struct {
	Instrument string
	What       string
}

func (e UnverifiedError) Error() string {
	return fmt.Sprintf("%s: %s rests on memory alone: AllowUnverified turns it on", e.Instrument, e.What)
}

// ValueError says why something cannot be a [Value].
type ValueError struct{ Why string }

func (e ValueError) Error() string { return "not a value: " + e.Why }

// MismatchError says that two results cannot be compared: their instrument, edition, coding or
// value set differ.
type MismatchError struct{ Field, Before, After string }

func (e MismatchError) Error() string {
	return fmt.Sprintf("results of different %s: %q before, %q after", e.Field, e.Before, e.After)
}

// ArgumentError says that an argument makes no sense.
type ArgumentError struct{ Name, Why string }

func (e ArgumentError) Error() string { return e.Name + ": " + e.Why }
