package fhir

import "fmt"

// The errors are values. No error text holds anything that was read, except positions, and codes as
// package wellbeing shows them; the fields may.

// SizeError says that the input is longer than [Limit].
type SizeError struct{ Limit int64 }

func (e SizeError) Error() string { return fmt.Sprintf("longer than %d bytes", e.Limit) }

// FormatError says that the input is not JSON as FHIR wants it.
type FormatError struct{ Why string }

func (e FormatError) Error() string { return "not FHIR JSON: " + e.Why }

// ElementError says what is wrong with one element.
type ElementError struct {
	Path string // "item[2].answer[0].valueCoding"
	Why  string
}

func (e ElementError) Error() string { return e.Path + ": " + e.Why }

// LinkIDError says that an item of a form is none of the instrument's, nor declared by [Ignore].
type LinkIDError struct{ Path, LinkID string }

func (e LinkIDError) Error() string { return e.Path + ": the instrument has no item of that linkId" }

// AnswerError says why the answer to an item cannot be taken.
type AnswerError struct {
	Path string
	Item string // its key
	Why  string
}

func (e AnswerError) Error() string { return e.Path + " (" + e.Item + "): " + e.Why }

// ArgumentError says that an option or a field makes no sense.
type ArgumentError struct{ Name, Why string }

func (e ArgumentError) Error() string { return e.Name + ": " + e.Why }
