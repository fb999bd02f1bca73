package hte

import (
	"iter"
	"slices"
)

// Fold makes the state of a journey from its whole log, which may be empty. A
// voided event counts as if it had never been recorded, an amended one as if it
// had always been what it was amended to. The error is a [*FoldError].
func Fold(log []Event) (State, error) {
	var s State
	err := s.fold(log)
	return s, err
}

// FoldSeq does the same for a log that comes from somewhere event by event. It
// stops at the first error of the sequence and returns it.
func FoldSeq(log iter.Seq2[Event, error]) (State, error) {
	var all []Event
	for e, err := range log {
		if err != nil {
			return State{}, err
		}
		all = append(all, e)
	}
	return Fold(all)
}

// fold applies a log to the state.
func (s *State) fold(log []Event) error {
	s.reserve(log)
	for i := range log {
		if corrects(log[i].Data) {
			return s.foldCorrected(log)
		}
		if err := s.next(&log[i]); err != nil {
			return err
		}
		if err := s.apply(&log[i]); err != nil {
			return err
		}
	}
	return nil
}

// reserve makes room for the lists that grow longest: most of the time that a fold
// takes goes into growing them.
func (s *State) reserve(log []Event) {
	var appointments, measurements, goals, diary int
	for i := range log {
		switch d := log[i].Data.(type) {
		case AppointmentPlanned:
			appointments++
		case MeasureTaken:
			measurements++
		case GoalSet:
			goals++
		case DiaryKept:
			diary++
		default:
			if corrects(d) { // some of them may not count
				return
			}
		}
	}
	s.Appointments = grown(s.Appointments, appointments)
	s.Measurements = grown(s.Measurements, measurements)
	s.Goals = grown(s.Goals, goals)
	s.Diary = grown(s.Diary, diary)
}

// grown is the list with room for so many more; without any it stays as it is, so
// that a list that is not there is none.
func grown[S ~[]E, E any](list S, more int) S {
	if more == 0 {
		return list
	}
	return slices.Grow(list, more)
}

// Resume applies the events after a snapshot to it. Where one of them corrects
// an event that is part of the snapshot already, or says that personal data were
// taken out of the log, which the snapshot may still hold, the error is a
// [*FoldError] for [FoldWholeLog]: drop the snapshot then, and fold the whole log.
// The snapshot that was passed in is not changed.
func Resume(snapshot State, after []Event) (State, error) {
	correction := false
	for i := range after {
		target, ok := corrected(after[i].Data)
		correction = correction || ok
		if ok && target <= snapshot.Sequence || after[i].Kind() == KindRedacted && snapshot.Sequence > 0 {
			return State{}, &FoldError{Sequence: after[i].Sequence, Kind: after[i].Kind(), Stage: snapshot.Stage, Reason: FoldWholeLog}
		}
	}
	s := snapshot.Clone()
	if correction {
		err := s.foldCorrected(after)
		return s, err
	}
	err := s.fold(after)
	return s, err
}

// Effective returns the log as it counts: without the events that are void, with
// those that are amended as they were amended, and without the corrections
// themselves. Sequences are as they were. The error is a [*FoldError].
func Effective(log []Event) ([]Event, error) {
	out := make([]Event, 0, len(log))
	replaced, err := corrections(log, 0)
	if err != nil {
		return nil, err
	}
	for i := range log {
		e := log[i]
		if corrects(e.Data) {
			continue
		}
		if with, ok := replaced[e.Sequence]; ok {
			if with == nil {
				continue
			}
			e.On, e.Data = with.On, with.Data
		}
		out = append(out, e)
	}
	return out, nil
}

// corrections maps the sequence of every corrected event to its replacement, or
// to nil where it is void. Targets up to base are not in the log.
func corrections(log []Event, base int64) (map[int64]*Amended, error) {
	replaced := make(map[int64]*Amended)
	for i := range log {
		target, ok := corrected(log[i].Data)
		if !ok {
			continue
		}
		fail := func(reason FoldReason) error {
			return &FoldError{Sequence: log[i].Sequence, Kind: log[i].Kind(), Reason: reason}
		}
		// Only an earlier event can be corrected, and not a correction; what is void
		// stays so.
		at := target - base - 1
		if target <= base || at >= int64(i) || log[at].Sequence != target || corrects(log[at].Data) {
			return nil, fail(FoldReference)
		}
		if with, done := replaced[target]; done && with == nil {
			return nil, fail(FoldReference)
		}
		switch d := log[i].Data.(type) {
		case Voided:
			replaced[target] = nil
		case Amended:
			// What a newer version amended may not be known here.
			is, was := kindOf(d.Data), log[at].Kind()
			if is == 0 || corrects(d.Data) || is != was && is != KindUnknown && was != KindUnknown {
				return nil, fail(FoldData)
			}
			replaced[target] = &d
		}
	}
	return replaced, nil
}

// foldCorrected applies a log with corrections in it.
func (s *State) foldCorrected(log []Event) error {
	base := s.Sequence
	// Whatever was applied before the first correction was found is part of the log:
	// begin again.
	if len(log) > 0 && log[0].Sequence <= base {
		*s, base = State{}, 0
	}
	replaced, err := corrections(log, base)
	if err != nil {
		return err
	}
	for i := range log {
		e := &log[i]
		if err := s.next(e); err != nil {
			return err
		}
		if corrects(e.Data) {
			s.Corrections++
			s.done(e)
			continue
		}
		if with, ok := replaced[e.Sequence]; ok {
			if with == nil {
				s.done(e)
				continue
			}
			instead := *e
			instead.On, instead.Data = with.On, with.Data
			e = &instead
		}
		if err := s.apply(e); err != nil {
			return err
		}
	}
	return nil
}

// corrects reports whether the data are those of a correction.
func corrects(d Data) bool {
	_, ok := corrected(d)
	return ok
}

// corrected returns the sequence of the event that the data correct.
func corrected(d Data) (sequence int64, ok bool) {
	switch d := d.(type) {
	case Voided:
		return d.Sequence, true
	case Amended:
		return d.Sequence, true
	}
	return 0, false
}

// Apply folds the next event of the log into the state. A correction cannot be
// applied to a state, which holds no log: the error is then a [*FoldError] for
// [FoldWholeLog]. After an error the state is as it was.
func (s *State) Apply(e Event) error {
	if err := s.next(&e); err != nil {
		return err
	}
	if corrects(e.Data) {
		return s.cannot(&e, FoldWholeLog)
	}
	return s.apply(&e)
}

// next reports whether e is the next event of the log.
func (s *State) next(e *Event) error {
	if e.Sequence != s.Sequence+1 {
		return s.cannot(e, FoldSequence)
	}
	if s.Sequence > 0 && e.Journey != s.Journey {
		return s.cannot(e, FoldJourney)
	}
	return nil
}

func (s *State) cannot(e *Event, reason FoldReason) error {
	return &FoldError{Sequence: e.Sequence, Kind: e.Kind(), Stage: s.Stage, Reason: reason}
}

// done notes that e is part of the state.
func (s *State) done(e *Event) {
	s.Journey, s.Sequence, s.Recorded = e.Journey, e.Sequence, e.Recorded
}
