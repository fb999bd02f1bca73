package hte_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

// An amendment that leaves a number open keeps the one that there was, and one
// that names it names the same.
func TestAmendedNumbersStay(t *testing.T) {
	t.Parallel()
	s := journey(t).planning()
	s.given(aGoal(s), aGoal(s), hte.Signposted{To: "gp"}, hte.Signposted{To: "debt"},
		hte.AppointmentPlanned{Purpose: "session", Day: s.today, Mode: "video"}, hte.AppointmentPlanned{Purpose: "session", Day: s.today, Mode: "video"},
		hte.AppointmentAttended{Purpose: "session", Mode: "video"}, hte.AppointmentAttended{Appointment: 2, Mode: "video"},
		hte.PlanSigned{Client: true, Trainer: true}, hte.RewardPlanned{Goal: 1, Text: "tea"}, hte.PlanSigned{Client: true, Trainer: true},
		hte.PlanConcluded{Outcome: "lost", FollowUps: []int{2}})
	last := func(k hte.Kind) hte.Event {
		events := slices.DeleteFunc(slices.Clone(s.log), func(e hte.Event) bool { return e.Kind() != k })
		return events[len(events)-1]
	}
	goal, named := aGoal(s), aGoal(s)
	named.Goal = 2
	for _, tc := range []struct{ open, named hte.Data }{
		{goal, named},
		{hte.Signposted{To: "dentist"}, hte.Signposted{Signpost: 2, To: "dentist"}},
		{
			hte.AppointmentPlanned{Purpose: "review", Day: s.today, Mode: "video"},
			hte.AppointmentPlanned{Appointment: 2, Purpose: "review", Day: s.today, Mode: "video"},
		},
		{hte.AppointmentAttended{Purpose: "review", Mode: "text"}, hte.AppointmentAttended{Appointment: 2, Purpose: "review", Mode: "text"}},
		{hte.PlanSigned{Client: true, Trainer: true}, hte.PlanSigned{Version: 2, Client: true, Trainer: true}},
		{hte.PlanConcluded{Outcome: "lost"}, hte.PlanConcluded{Outcome: "lost", FollowUps: []int{2}}},
	} {
		e := last(tc.open.Kind())
		for _, data := range []hte.Data{tc.open, tc.named} {
			s.when(hte.Amended{Sequence: e.Sequence, Reason: "wrong_value", On: e.On, Data: data})
			require.NoError(t, s.err)
			require.Equal(t, tc.named, s.events[0].Data.(hte.Amended).Data)
		}
	}
	// A number that is another's makes what came later senseless.
	other := named
	other.Goal = 1
	e := last(hte.KindGoalSet)
	s.when(hte.Amended{Sequence: e.Sequence, Reason: "wrong_value", On: e.On, Data: other})
	require.ErrorIs(t, s.err, &hte.RefusedError{Unmet: []hte.Unmet{{Guard: hte.GuardLaterEvents}}})
	follow := last(hte.KindPlanConcluded)
	s.when(hte.Amended{Sequence: follow.Sequence, Reason: "wrong_value", On: follow.On, Data: hte.PlanConcluded{Outcome: "lost", FollowUps: []int{4, 8}}})
	require.NoError(t, s.err)
	require.Equal(t, []int{4, 8}, s.events[0].Data.(hte.Amended).Data.(hte.PlanConcluded).FollowUps)
}

// Corrections ask the policy too, and without one the defaults.
func TestCorrectOverUnknown(t *testing.T) {
	t.Parallel()
	s := journey(t).engaged()
	s.given(hte.NoteAdded{Text: "x"})
	log := append(s.log, hte.Event{
		Journey: "E-1", Sequence: int64(len(s.log)) + 1, On: s.today, Recorded: s.state.Recorded, By: "T-1",
		Data: hte.Unknown{Name: "tea_drunk", Version: 1, Raw: "{}"},
	})
	void := s.command(hte.Voided{Sequence: s.state.Sequence, Reason: "mistake"})
	_, err := hte.Correct(nil, log, void)
	require.ErrorIs(t, err, &hte.RefusedError{Unmet: []hte.Unmet{{Guard: hte.GuardKnown}}})
	events, err := hte.Correct(&hte.Policy{DecideOverUnknown: true}, log, void)
	require.NoError(t, err)
	require.Len(t, events, 1)
	void.Data = hte.Voided{Sequence: int64(len(log)), Reason: "mistake"}
	_, err = hte.Correct(&hte.Policy{DecideOverUnknown: true}, log, void)
	require.ErrorIs(t, err, &hte.RefusedError{Unmet: []hte.Unmet{{Guard: hte.GuardCorrectable}}}, "what is not known is not corrected")
	void.Data = hte.NoteAdded{Text: "y"}
	events, err = hte.Correct(nil, s.log, void)
	require.NoError(t, err, "other commands are passed on")
	require.Len(t, events, 1)
}
