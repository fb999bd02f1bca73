package hte

import "strconv"

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

// CodeError says that a text is not one of the codes of a list. It does not carry
// the text.
type CodeError struct {
	// List names the list.
	List string
}

func (e *CodeError) Error() string { return "hte: not a code of the list " + e.List }

// RefusedError says why a command is refused: the stage in which the journey is,
// what was asked for, and every condition that is not met. It holds no value of
// the command or the journey. [errors.AsType] takes it apart.
type RefusedError struct {
	// Command is the kind of event that was asked for.
	Command Kind
	// Stage is the stage of the journey.
	Stage Stage
	// Unmet holds the conditions that are not met, in the order of the transition
	// table; there is at least one.
	Unmet []Unmet
}

// Unmet is a condition that is not met.
type Unmet struct {
	// Guard names the condition: one of [Guards].
	Guard Guard `json:"guard"`
	// Detail says more where there is more to say, such as the name of a member, a
	// measure or the sequence of an event. It holds no value.
	Detail string `json:"detail,omitzero"`
}

func (e *RefusedError) Error() string {
	what := e.Command.String()
	if what == "" {
		what = "a command without data"
	}
	text := "hte: " + what + " is refused at the stage " + e.Stage.String()
	for i, u := range e.Unmet {
		text += [2]string{": ", "; "}[min(i, 1)] + string(u.Guard)
		if u.Detail != "" {
			text += " (" + u.Detail + ")"
		}
	}
	return text
}

// Is reports whether target is a *RefusedError that agrees in whatever it names:
// a command, a stage, one unmet guard. So errors.Is(err, &RefusedError{Unmet:
// []Unmet{{Guard: "consent"}}}) asks whether consent was wanting.
func (e *RefusedError) Is(target error) bool {
	t, ok := target.(*RefusedError)
	if !ok || t.Command != 0 && t.Command != e.Command || t.Stage != 0 && t.Stage != e.Stage {
		return false
	}
	for _, want := range t.Unmet {
		found := false
		for _, u := range e.Unmet {
			found = found || u.Guard == want.Guard && (want.Detail == "" || want.Detail == u.Detail)
		}
		if !found {
			return false
		}
	}
	return true
}

// A FoldReason says why an event cannot be folded into a state.
type FoldReason string

const (
	// FoldSequence: the event is not the next one of the log.
	FoldSequence FoldReason = "sequence"
	// FoldJourney: the event belongs to another journey.
	FoldJourney FoldReason = "journey"
	// FoldStage: the transition table does not allow the kind at the stage.
	FoldStage FoldReason = "stage"
	// FoldReference: the event refers to a goal, an appointment, a signpost, a
	// follow-up or an event that is not there.
	FoldReference FoldReason = "reference"
	// FoldData: the data are none of this package's, or a member is not filled in as
	// it should be.
	FoldData FoldReason = "data"
	// FoldWholeLog: the event corrects one that is part of the state already, or says
	// that the log before it was rewritten, so that the whole log has to be folded
	// again.
	FoldWholeLog FoldReason = "whole_log"
)

// FoldError says which event of a log cannot be folded, and why. It holds nothing
// of the event's data.
type FoldError struct {
	Sequence int64
	Kind     Kind
	Stage    Stage
	Reason   FoldReason
}

func (e *FoldError) Error() string {
	text := "hte: event " + strconv.FormatInt(e.Sequence, 10)
	if e.Kind != 0 {
		text += " (" + e.Kind.String() + ")"
	}
	text += " cannot be folded at the stage " + e.Stage.String() + ": "
	switch e.Reason {
	case FoldSequence:
		return text + "it is not the next event of the log"
	case FoldJourney:
		return text + "it belongs to another journey"
	case FoldStage:
		return text + "the transition table does not allow it"
	case FoldReference:
		return text + "it refers to something that is not there"
	case FoldWholeLog:
		return text + "it changes what was before it, so the whole log has to be folded"
	default:
		return text + "its data are not what they should be"
	}
}

// Is reports whether target is a *FoldError for the same reason, or one without a
// reason, which stands for all.
func (e *FoldError) Is(target error) bool {
	t, ok := target.(*FoldError)
	return ok && (t.Reason == "" || t.Reason == e.Reason)
}

// DecodeError says why a JSON text is not an event. It does not carry the text.
type DecodeError struct {
	// Kind is the kind of event, where that could be read.
	Kind Kind
	// Member is the JSON name of what is wrong, or "" for the text as a whole.
	Member string
	// Err is the cause, or nil; its text holds no value of the event.
	Err error
}

func (e *DecodeError) Error() string {
	text := "hte: not an event"
	if e.Kind != 0 {
		text += " of the kind " + e.Kind.String()
	}
	if e.Member != "" {
		text += ": " + e.Member
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

func (e *DecodeError) Unwrap() error { return e.Err }
