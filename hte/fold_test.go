package hte_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

func TestFoldRefuses(t *testing.T) {
	t.Parallel()
	log := typicalLog(t)
	event := func(n int, data hte.Data) hte.Event {
		return hte.Event{Journey: "E-1", Sequence: int64(n) + 1, On: log[n-1].On, Recorded: log[n-1].Recorded, By: "T-1", Data: data}
	}
	const signed = 28 // with a plan in force
	prefix, err := hte.Fold(log[:signed])
	require.NoError(t, err)
	require.Equal(t, hte.StageActive, prefix.Stage)
	elsewhere := event(signed, hte.NoteAdded{Text: "x"})
	elsewhere.Journey = "E-2"
	gap := event(signed, hte.NoteAdded{Text: "x"})
	gap.Sequence++
	for _, tc := range []struct {
		e      hte.Event
		reason hte.FoldReason
		why    string
	}{
		{gap, hte.FoldSequence, "a gap"},
		{elsewhere, hte.FoldJourney, "another journey"},
		{event(signed, hte.Accepted{}), hte.FoldStage, "accepted long ago"},
		{event(signed, hte.AppointmentAttended{Appointment: 1}), hte.FoldReference, "it took place already"},
		{event(signed, hte.AppointmentMissed{Appointment: 9}), hte.FoldReference, "no such appointment"},
		{event(signed, hte.AppointmentCancelled{Appointment: 9}), hte.FoldReference, "no such appointment"},
		{event(signed, hte.AppointmentRescheduled{Appointment: 9}), hte.FoldReference, "no such appointment"},
		{event(signed, hte.AppointmentPlanned{Appointment: 1}), hte.FoldReference, "the number is taken"},
		{event(signed, hte.AppointmentAttended{}), hte.FoldReference, "no number"},
		{event(signed, hte.GoalSet{Goal: 2}), hte.FoldReference, "the number is taken"},
		{event(signed, hte.GoalSet{Goal: 3, Replaces: 7}), hte.FoldReference, "it replaces nothing"},
		{event(signed, hte.ActionPlanned{Goal: 7}), hte.FoldReference, "no such goal"},
		{event(signed, hte.IfThenPlanned{Goal: 7}), hte.FoldReference, "no such goal"},
		{event(signed, hte.InfluenceNoted{Goal: 7}), hte.FoldReference, "no such goal"},
		{event(signed, hte.RewardPlanned{Goal: 7}), hte.FoldReference, "no such goal"},
		{event(signed, hte.GoalReviewed{Goal: 7}), hte.FoldReference, "no such goal"},
		{event(signed, hte.DiaryKept{Goal: 7}), hte.FoldReference, "no such goal"},
		{event(signed, hte.SetbackRecorded{Goal: 7}), hte.FoldReference, "no such goal"},
		{event(signed, hte.RelapsePlanMade{Goal: 7}), hte.FoldReference, "no such goal"},
		{event(signed, hte.SupporterRemoved{Person: "P-0"}), hte.FoldReference, "nobody of that reference"},
		{event(signed, hte.PlanSigned{Version: 1}), hte.FoldReference, "the version is taken"},
		{event(signed, hte.Signposted{}), hte.FoldReference, "no number"},
		{event(signed, hte.SignpostFollowedUp{Signpost: 1}), hte.FoldReference, "no such signposting"},
		{event(signed, hte.Resumed{}), hte.FoldReference, "not paused"},
		{event(signed, hte.Voided{Sequence: 3}), hte.FoldWholeLog, "a correction has to be folded with the log"},
		{event(signed, nil), hte.FoldData, "no data"},
		{event(signed, &hte.NoteAdded{}), hte.FoldData, "a pointer"},
	} {
		s := prefix.Clone()
		err := s.Apply(tc.e)
		require.ErrorIs(t, err, &hte.FoldError{Reason: tc.reason}, tc.why)
		require.Equal(t, prefix, s, "left alone: %s", tc.why)
		failed, ok := errors.AsType[*hte.FoldError](err)
		require.True(t, ok)
		require.Equal(t, hte.StageActive, failed.Stage)
		require.NotEmpty(t, err.Error())
	}
	none, err := hte.Fold(nil)
	require.NoError(t, err)
	require.Equal(t, hte.State{}, none, "an empty log is a journey that has not begun")

	odd := hte.State{Stage: 99}
	require.Error(t, odd.Apply(hte.Event{Sequence: 1, Data: hte.Accepted{}}), "a stage that there is not")
	_, err = hte.Decide(nil, &odd, hte.Command{Data: hte.Accepted{}})
	require.Error(t, err)
}

// What cannot be corrected makes a log that cannot be folded, whoever wrote it.
func TestFoldRefusesCorrections(t *testing.T) {
	t.Parallel()
	log := typicalLog(t)
	n := int64(len(log))
	with := func(data ...hte.Data) []hte.Event {
		all := append([]hte.Event{}, log...)
		for _, d := range data {
			all = append(all, hte.Event{Journey: "E-1", Sequence: int64(len(all)) + 1, On: log[n-1].On, Data: d})
		}
		return all
	}
	for _, tc := range []struct {
		log []hte.Event
		why string
	}{
		{with(hte.Voided{Sequence: n + 1}), "itself"},
		{with(hte.Voided{Sequence: n + 2}, hte.NoteAdded{Text: "x"}), "a later event"},
		{with(hte.Voided{Sequence: 0}), "nothing"},
		{with(hte.Voided{Sequence: 3}, hte.Voided{Sequence: n + 1}), "a correction"},
		{with(hte.Voided{Sequence: 4}, hte.Amended{Sequence: 4, On: log[3].On, Data: log[3].Data}), "what is void"},
		{with(hte.Voided{Sequence: 2}), "what others rest on"},
		{with(hte.Amended{Sequence: 4, On: log[3].On, Data: hte.Accepted{}}), "another kind"},
		{with(hte.Amended{Sequence: 4, On: log[3].On}), "no data"},
	} {
		_, err := hte.Fold(tc.log)
		require.ErrorIs(t, err, &hte.FoldError{}, tc.why)
	}
	// A newer version amends to what is not known here: that is unknown then.
	s, err := hte.Fold(with(hte.Amended{Sequence: 4, On: log[3].On, Data: hte.Unknown{Name: "contact_attempted", Version: 2, Raw: "{}"}}))
	require.NoError(t, err)
	require.Equal(t, 1, s.Unknown)
	require.Empty(t, s.Attempts)
}

func TestEffective(t *testing.T) {
	t.Parallel()
	s := journey(t).engaged()
	s.given(hte.MeasureTaken{Measure: "weight_kg", Value: wellbeing.Whole(120), Occasion: "assessment"},
		hte.MeasureTaken{Measure: "waist_cm", Value: wellbeing.Whole(90), Occasion: "assessment"},
		hte.Voided{Sequence: 6, Reason: "mistake"},
		hte.Amended{Sequence: 7, Reason: "wrong_value", On: s.today, Data: hte.MeasureTaken{Measure: "waist_cm", Value: wellbeing.Whole(92), Occasion: "assessment"}})
	log, err := hte.Effective(s.log)
	require.NoError(t, err)
	var sequences []int64
	for _, e := range log {
		sequences = append(sequences, e.Sequence)
	}
	assert.Equal(t, []int64{1, 2, 3, 4, 5, 7}, sequences)
	assert.Equal(t, "92", log[5].Data.(hte.MeasureTaken).Value.String())
	assert.Len(t, s.log, 9, "the log itself is as it was")

	seq := func(yield func(hte.Event, error) bool) {
		for _, e := range s.log {
			if !yield(e, nil) {
				return
			}
		}
	}
	state, err := hte.FoldSeq(seq)
	require.NoError(t, err)
	assert.Equal(t, s.state, state)
	broken := errors.New("the connection broke")
	_, err = hte.FoldSeq(func(yield func(hte.Event, error) bool) { yield(hte.Event{}, broken) })
	require.ErrorIs(t, err, broken)

	// A snapshot that holds what is corrected later is of no use, one before it is.
	snapshot, err := hte.Fold(s.log[:7])
	require.NoError(t, err)
	_, err = hte.Resume(snapshot, s.log[7:])
	require.ErrorIs(t, err, &hte.FoldError{Reason: hte.FoldWholeLog})
	snapshot, err = hte.Fold(s.log[:5])
	require.NoError(t, err)
	resumed, err := hte.Resume(snapshot, s.log[5:])
	require.NoError(t, err)
	assert.Equal(t, s.state, resumed)
}

// A clone shares no slice with its original, however deep: every element of the
// original is overwritten, and the clone must not change.
func TestCloneSharesNothing(t *testing.T) {
	t.Parallel()
	shared := map[string]bool{}
	for seed := range uint64(40) {
		log := walk(t, newChance(seed), 120, map[hte.Kind]int{})
		s, err := hte.Fold(log)
		require.NoError(t, err)
		c := s.Clone()
		require.Equal(t, s, c)
		compareSlices(t, "State", reflect.ValueOf(s), reflect.ValueOf(c), shared)
	}
	require.Greater(t, len(shared), 25, "most slices were looked at")
}

func compareSlices(t *testing.T, at string, a, b reflect.Value, seen map[string]bool) {
	t.Helper()
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			if a.Type().Field(i).IsExported() {
				compareSlices(t, at+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i), seen)
			}
		}
	case reflect.Slice:
		if a.Len() == 0 {
			return
		}
		require.NotEqual(t, a.Pointer(), b.Pointer(), "%s is shared", at)
		seen[at] = true
		for i := range a.Len() {
			compareSlices(t, at+"[]", a.Index(i), b.Index(i), seen)
		}
	}
}

// A newer version wrote how the trainer was assigned and which goal was set. The
// log opens all the same: what rests on that cannot be placed, and is counted.
func TestFoldOverUnknown(t *testing.T) {
	t.Parallel()
	log := typicalLog(t)
	whole, err := hte.Fold(log)
	require.NoError(t, err)
	for _, kind := range []hte.Kind{hte.KindTrainerAssigned, hte.KindGoalSet} {
		unknown := slices.IndexFunc(log, func(e hte.Event) bool { return e.Kind() == kind })
		newer := append([]hte.Event{}, log...)
		newer[unknown].Data = hte.Unknown{Name: newer[unknown].Kind().String(), Version: 2, Raw: "{}"}
		s, err := hte.Fold(newer)
		require.NoError(t, err)
		require.Greater(t, s.Unknown, 1)
		require.Equal(t, whole.Sequence, s.Sequence)
		require.Equal(t, whole.ReferredOn, s.ReferredOn, "what can be placed is")
		_, err = hte.Decide(nil, &s, hte.Command{On: s.LastOn, Recorded: s.Recorded, By: "T-1", Data: hte.NoteAdded{Text: "x"}})
		require.ErrorIs(t, err, &hte.RefusedError{Unmet: []hte.Unmet{{Guard: hte.GuardKnown}}})
		events, err := hte.Decide(nil, &s, hte.Command{On: s.LastOn, Recorded: s.Recorded, By: "T-1", Data: hte.ConsentWithdrawn{}})
		require.NoError(t, err, "consent can always be withdrawn")
		require.Equal(t, hte.KindConsentWithdrawn, events[0].Kind())
	}
}

// A log of another writer, in which consent was withdrawn and given again without
// the journey being closed between.
func TestConsentGivenAgain(t *testing.T) {
	t.Parallel()
	s := journey(t).engaged()
	s.log = append(s.log, hte.Event{Journey: "E-1", Sequence: 6, On: s.today, Recorded: s.state.Recorded, By: "T-1", Data: hte.ConsentWithdrawn{}},
		hte.Event{Journey: "E-1", Sequence: 7, On: s.today, Recorded: s.state.Recorded, By: "T-1", Data: hte.ConsentGiven{}})
	again, err := hte.Fold(s.log)
	require.NoError(t, err)
	require.Equal(t, s.state.Consent, again.Consent)
}
