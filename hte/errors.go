package hte

// A DateReason says what kept something from being a [Date].
type DateReason uint8

const (
	// DateShape: the text is not of the form yyyy-mm-dd.
	DateShape DateReason = iota + 1
	// DateNoSuchDay: the calendar has no such month, or no such day in it.
	DateNoSuchDay
	// DateOutOfRange: the year is not 1 to 9999.
	DateOutOfRange
	// DateWrongType: a value of another kind than those that hold a date, from a
	// JSON document or a database.
	DateWrongType
)

// String says the reason in a few words.
func (r DateReason) String() string {
	switch r {
	case DateShape:
		return "not of the form yyyy-mm-dd"
	case DateNoSuchDay:
		return "no such day in the calendar"
	case DateOutOfRange:
		return "year not between 0001 and 9999"
	case DateWrongType:
		return "not a kind of value that holds a date"
	default:
		return "not a date"
	}
}

// DateError says why something is not a [Date]. It does not carry the text that
// was refused, because a date of birth identifies a person and errors end up in
// logs. It is matched by reason: errors.Is(err, &DateError{Reason: DateShape}).
type DateError struct {
	Reason DateReason
}

func (e *DateError) Error() string { return "hte: date: " + e.Reason.String() }

// Is reports whether target is a *DateError for the same reason, or one without
// a reason, which stands for all.
func (e *DateError) Is(target error) bool {
	t, ok := target.(*DateError)
	return ok && (t.Reason == 0 || t.Reason == e.Reason)
}
