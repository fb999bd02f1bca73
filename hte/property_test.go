package hte_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// chance makes random data and journeys, from a seed.
type chance struct {
	*rand.Rand
	today hte.Date
	form  wellbeing.Result
}

func newChance(seed uint64) *chance {
	start, _ := hte.DateOf(2024, time.January, 8)
	form, _ := wellbeing.WHO5().Score(wellbeing.Answers(3, 2, 3, 2, 3))
	return &chance{Rand: rand.New(rand.NewPCG(seed, 5)), today: start, form: form}
}

func pick[T any](c *chance, list ...T) T { return list[c.IntN(len(list))] }

// data returns random data of a kind: mostly sensible, sometimes not.
func (c *chance) data(k hte.Kind, depth int) hte.Data {
	v := reflect.New(reflect.TypeOf(hte.ZeroData(k))).Elem()
	c.fill(v, depth)
	return v.Interface().(hte.Data)
}

func (c *chance) fill(v reflect.Value, depth int) {
	wrong := c.IntN(60) == 0
	switch x := v.Addr().Interface().(type) {
	case *hte.Date:
		*x = c.today.AddDays(c.IntN(90) - 5)
		if wrong {
			*x = hte.Date{}
		}
		return
	case *hte.Ref:
		*x = pick[hte.Ref](c, "", "P-1", "P-2", "T-1", "T-2", "X_3.z")
		if wrong {
			*x = "Jo Bloggs"
		}
		return
	case *hte.Measure:
		*x = pick(c, "", hte.Measures()[c.IntN(len(hte.Measures()))].Name)
		return
	case *hte.Technique:
		*x = pick(c, hte.Techniques()...).Number
		return
	case *wellbeing.Value:
		*x = wellbeing.Whole(int64(c.IntN(40)))
		return
	case *wellbeing.Response:
		*x = pick(c, wellbeing.Answer(c.IntN(14)-3), wellbeing.Refused(), wellbeing.Response{})
		return
	case *wellbeing.Result:
		*x = c.form
		return
	case *hte.Data:
		if depth > 0 {
			*x = c.data(pick(c, hte.Kinds()...), depth-1)
		}
		return
	}
	if codes, ok := hte.ListOf(v.Interface()); ok {
		v.SetString(pick(c, codes...).Code)
		if wrong {
			v.SetString("nonsense")
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if c.IntN(8) > 0 {
				c.fill(v.Field(i), depth)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), c.IntN(3), 3))
		for i := range v.Len() {
			c.fill(v.Index(i), depth)
		}
	case reflect.String:
		v.SetString(pick(c, "a few words", "14:30", "pl", "<b>&\u2028 \"quoted\""))
		if wrong {
			v.SetString("\xff")
		}
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(c.IntN(5)))
		if wrong {
			v.SetInt(int64(c.IntN(200) - 100))
		}
	case reflect.Bool:
		v.SetBool(c.IntN(2) == 0)
	default:
		panic("no random " + v.Type().String())
	}
}

// onward returns data that take a journey on from its stage.
func (c *chance) onward(s *hte.State) hte.Data {
	from := referral
	from.Setting = pick[hte.Setting](c, "probation", "prison", "community")
	from.Supervision = pick[hte.Supervision](c, "custody", "licence", "none")
	goal := hte.GoalSet{
		Issue: "diet", Behaviour: "eat fruit", Unit: "times a week", Baseline: wellbeing.Whole(1), Target: wellbeing.Whole(4),
		By: c.today.AddDays(30), Replaces: c.IntN(2) * c.IntN(len(s.Goals)+1),
	}
	if !s.Consents("support") && s.Stage > hte.StageReferred && s.Stage < hte.StageClosed && c.IntN(3) > 0 {
		if c.IntN(4) > 0 {
			return hte.ConsentGiven{}
		}
		return pick[hte.Data](c, hte.ConsentLimited{Purposes: []hte.Purpose{"support", "share"}}, hte.ConsentRefused{})
	}
	if s.Pause.Reason != "" && c.IntN(2) == 0 {
		return hte.Resumed{}
	}
	goals := len(s.Goals)
	for i := range s.Appointments {
		// What became of it, on the day.
		if a := &s.Appointments[i]; a.Status == hte.Planned && a.Day == c.today && c.IntN(2) == 0 {
			return pick[hte.Data](c, hte.AppointmentMissed{Appointment: a.Appointment, Reason: "forgot"},
				hte.AppointmentRescheduled{Appointment: a.Appointment, By: "client", Day: c.today.AddDays(1), Mode: "video"},
				hte.AppointmentCancelled{Appointment: a.Appointment, By: "client", Reason: "work"},
				hte.AppointmentAttended{Appointment: a.Appointment, Mode: "video", Late: true})
		}
	}
	if n := len(s.Supporters); n > 0 && c.IntN(5) == 0 {
		return hte.SupporterRemoved{Person: s.Supporters[n-1].Person}
	}
	if n := len(s.Signposts); c.IntN(12) == 0 {
		if n > 0 {
			return hte.SignpostFollowedUp{Signpost: n, Outcome: "waiting"}
		}
		return hte.Signposted{To: "gp"}
	}
	if s.Justice.InCustody && c.IntN(12) == 0 {
		if c.IntN(2) == 0 {
			return hte.ReleasePlanned{Day: c.today.AddDays(9), Trainer: "T-3"}
		}
		return hte.Released{Supervision: "licence", Setting: "probation", Trainer: pick[hte.Ref](c, "", "T-2")}
	}
	if s.Stage > hte.StageNone && s.Stage < hte.StageEngaged && c.IntN(12) == 0 {
		return hte.HandedOver{Service: pick[hte.Ref](c, "RX2", "RX3"), Trainer: pick[hte.Ref](c, "", "T-1", "T-4")}
	}
	switch s.Stage {
	case hte.StageNone:
		return from
	case hte.StageReferred:
		return hte.Accepted{}
	case hte.StageWaiting:
		if len(s.Appointments) > 0 && c.IntN(3) == 0 { // whose trainer left
			return pick[hte.Data](c, hte.Recalled{}, hte.Declined{By: "client", Reason: "not_now"})
		}
		return hte.TrainerAssigned{Trainer: "T-1"}
	case hte.StageAssigned:
		if len(s.Appointments) == 0 && c.IntN(5) == 0 {
			return hte.AppointmentPlanned{Purpose: "first_contact", Day: c.today.AddDays(c.IntN(9)), Mode: "video"}
		} else if len(s.Appointments) > 0 && c.IntN(5) == 0 {
			return hte.TrainerReleased{Reason: "left"}
		}
		return hte.FirstContactMade{Mode: "video", Help: "one_to_one"}
	case hte.StageEngaged:
		return pick[hte.Data](c, hte.IssueIdentified{Issue: "diet", Primary: true}, hte.AssessmentCompleted{},
			hte.AppointmentPlanned{Purpose: "session", Day: c.today.AddDays(c.IntN(2)), Mode: "video"})
	case hte.StageAssessed:
		return hte.PlanStarted{}
	case hte.StagePlanning:
		return pick[hte.Data](c, goal, goal, hte.PlanSigned{Client: true, Trainer: true}, hte.RewardPlanned{Goal: goals, Text: "tea"},
			hte.ActionPlanned{Goal: goals, What: "walk", Where: "park", When: "noon"}, hte.IfThenPlanned{Goal: goals, If: "rain", Then: "stairs"},
			hte.InfluenceNoted{Goal: goals, Influence: "facilitator", Text: "a dog"})
	case hte.StageActive:
		return pick[hte.Data](c, goal, hte.GoalReviewed{Goal: c.IntN(goals + 1), Result: "achieved"},
			hte.PlanConcluded{Outcome: pick[hte.PlanOutcome](c, "achieved", "part_achieved", "lost")},
			hte.AppointmentPlanned{Purpose: "session", Day: c.today.AddDays(c.IntN(9)), Mode: "video"})
	case hte.StageFollowUp:
		c.today = c.today.AddDays(c.IntN(40))
		months := pick(c, 1, 3, 6, 12)
		return pick[hte.Data](c, hte.FollowUpHeld{Months: months, Maintained: "yes", Mode: "video"}, hte.FollowUpLost{Months: months},
			hte.OwnTrainerBecome{}, hte.Closed{Reason: "completed"})
	}
	return hte.WorkforceStepTaken{Step: "volunteer"}
}

// walk makes a random journey of so many tries and returns its log. Everything
// that has to hold on the way is checked.
func walk(t testing.TB, c *chance, tries int, visited map[hte.Kind]int) []hte.Event {
	policies := []hte.Policy{hte.DefaultPolicy(), {}, {
		ConsentBeforeWork: true, MostGoals: 1, FollowUpMonths: []int{1},
		Justice: []hte.JusticeRule{{After: hte.KindRecalled, Action: hte.JusticeClose}, {After: hte.KindReleased, Action: hte.JusticePause}},
	}}
	policy := pick(c, policies...)
	var log []hte.Event
	var state hte.State
	for range tries {
		c.today = c.today.AddDays(c.IntN(4) * c.IntN(6))
		command := hte.Command{
			Journey: pick[hte.Ref](c, "E-1", "E-1", "E-1", "E-1", "E-2"), On: c.today.AddDays(-c.IntN(2) * c.IntN(6)),
			Recorded: c.today.Time(time.UTC).Add(10 * time.Hour), By: "S-1",
		}
		if c.IntN(2) == 0 {
			command.Data = c.onward(&state)
		} else {
			command.Data = c.data(pick(c, hte.Kinds()...), 2)
			switch command.Kind() {
			case hte.KindClosed, hte.KindTransferredOut, hte.KindConsentWithdrawn, hte.KindConsentRefused, hte.KindConsentLimited:
				if c.IntN(10) > 0 { // or else every journey ends early
					continue
				}
			}
		}
		if d, ok := command.Data.(hte.Amended); ok && len(log) > 0 {
			// Random data are hardly ever of the right kind.
			d.Sequence = int64(1 + c.IntN(len(log)))
			if k := log[d.Sequence-1].Kind(); c.IntN(4) > 0 {
				d.On, d.Data = log[d.Sequence-1].On, pick(c, c.data(k, 1), log[d.Sequence-1].Data)
			}
			command.Data = d
		}
		if d, ok := command.Data.(hte.Voided); ok && len(log) > 0 {
			d.Sequence = int64(1 + c.IntN(len(log)))
			command.Data = d
		}
		kind := command.Kind()
		corrects := kind == hte.KindVoided || kind == hte.KindAmended
		var events []hte.Event
		var err error
		before := state.Clone()
		if corrects {
			events, err = hte.Correct(&policy, log, command)
		} else {
			events, err = hte.Decide(&policy, &state, command)
		}
		require.Equal(t, before, state, "deciding changes nothing")
		if err != nil {
			refused, ok := errors.AsType[*hte.RefusedError](err)
			require.True(t, ok, err)
			require.Empty(t, events)
			require.NotEmpty(t, refused.Unmet)
			require.NotEmpty(t, err.Error())
			for _, u := range refused.Unmet {
				require.NotEmpty(t, u.Guard.About(), "guard %q", u.Guard)
			}
			continue
		}
		visited[kind]++
		require.NotEmpty(t, events)
		folded, err := hte.Fold(append(append([]hte.Event{}, log...), events...))
		require.NoError(t, err, "what is accepted can be folded")
		if corrects {
			requireAsIfNeverRecorded(t, log, events, folded)
			state = folded
		} else {
			for _, e := range events {
				require.NoError(t, state.Apply(e), "what is accepted can be applied")
			}
			corrected := folded
			corrected.Corrections = state.Corrections
			require.Equal(t, state, folded, "applying step by step is folding")
		}
		log = append(log, events...)
	}
	return log
}

// requireAsIfNeverRecorded holds the state after a correction to that of a log in
// which the event was never there, or had always been what it was amended to.
func requireAsIfNeverRecorded(t testing.TB, log, corrections []hte.Event, got hte.State) {
	t.Helper()
	effective, err := hte.Effective(log)
	require.NoError(t, err)
	var want []hte.Event
	for _, e := range effective {
		void := false
		for _, correction := range corrections {
			switch d := correction.Data.(type) {
			case hte.Voided:
				void = void || d.Sequence == e.Sequence
			case hte.Amended:
				if d.Sequence == e.Sequence {
					e.On, e.Data = d.On, d.Data
				}
			}
		}
		if !void {
			e.Sequence = int64(len(want)) + 1
			want = append(want, e)
		}
	}
	other, err := hte.Fold(want)
	require.NoError(t, err)
	got.Sequence, got.Recorded, got.Corrections = other.Sequence, other.Recorded, other.Corrections
	require.Equal(t, other, got)
}

func TestRandomJourneys(t *testing.T) {
	t.Parallel()
	visited := map[hte.Kind]int{}
	stages, upset := map[hte.Stage]bool{}, 0
	for seed := range uint64(400) {
		c := newChance(seed)
		log := walk(t, c, 120, visited)
		if len(log) == 0 {
			continue
		}
		requireLawful(t, log)
		s, err := hte.Fold(log)
		require.NoError(t, err)
		stages[s.Stage] = true
		for n := len(log); n > 0; n -= 7 {
			prefix, err := hte.Fold(log[:n])
			require.NoError(t, err)
			upset += requireRearranged(t, log[:n], &prefix)
		}
	}
	require.Greater(t, upset, 20, "the walk hardly upsets an appointment")
	for _, k := range hte.Kinds() {
		assert.Positive(t, visited[k], "%s was never accepted: the walk does not reach it", k)
	}
	require.Greater(t, len(stages), 5)
}

// requireRearranged holds which appointments have to be arranged anew to what the
// log says, looked up for each anew.
func requireRearranged(t testing.TB, log []hte.Event, s *hte.State) (upset int) {
	t.Helper()
	counts, err := hte.Effective(log)
	require.NoError(t, err)
	for _, a := range s.Appointments {
		var made, until hte.Date
		var want hte.Kind
		held := false
		for _, e := range counts {
			was := held
			moves := false
			switch d := e.Data.(type) {
			case hte.Referred:
				held = d.Setting == "prison" || d.Supervision == "custody" || d.Supervision == "remand"
			case hte.AppointmentPlanned:
				if d.Appointment == a.Appointment {
					made, until = e.On, d.Day
				}
			case hte.AppointmentRescheduled:
				if d.Appointment == a.Appointment {
					until, want = d.Day, 0
				}
			case hte.Recalled, hte.Remanded, hte.PrisonTransferred:
				held, moves = true, true
			case hte.Released:
				held, moves = false, true
			case hte.SentenceStarted:
				held = d.Supervision == "custody" || d.Supervision == "remand"
				moves = held != was
			case hte.SentenceEnded:
				held, moves = false, was
			case hte.TrainerAssigned, hte.TrainerReleased, hte.HandedOver:
				moves = true
			}
			if moves && want == 0 && !until.IsZero() && !made.After(e.On) && until.After(e.On) {
				want = e.Kind()
			}
		}
		if a.Status != hte.Planned {
			want = 0
		}
		require.Equal(t, want, a.Rearrange, "appointment %d", a.Appointment)
		if want != 0 {
			upset++
		}
	}
	return upset
}

// requireLawful holds a log to what is true of all: every prefix folds, a JSON
// round trip changes nothing, and a snapshot anywhere gives the same end.
func requireLawful(t testing.TB, log []hte.Event) {
	t.Helper()
	whole, err := hte.Fold(log)
	require.NoError(t, err)
	var back []hte.Event
	text, err := json.Marshal(log)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, log, back)
	again, err := hte.Fold(back)
	require.NoError(t, err)
	require.Equal(t, whole, again)
	for n := range log {
		prefix, err := hte.Fold(log[:n])
		require.NoError(t, err, "prefix of %d", n)
		if n%5 != len(log)%5 {
			continue // reading a snapshot takes its time
		}
		snapshot, err := json.Marshal(prefix)
		require.NoError(t, err)
		var read hte.State
		require.NoError(t, json.Unmarshal(snapshot, &read))
		require.Equal(t, prefix, read, "a snapshot is read as it was written")
		resumed, err := hte.Resume(read, log[n:])
		if errors.Is(err, &hte.FoldError{Reason: hte.FoldWholeLog}) {
			continue
		}
		require.NoError(t, err)
		require.Equal(t, whole, resumed, "a snapshot at %d gives the same end", n)
	}
}

// No event of any kind and content, at any place, makes the fold panic, and one
// that cannot be folded leaves the state as it was.
func TestFoldNeverPanics(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		c := newChance(1000 + seed)
		log := walk(t, c, 40, map[hte.Kind]int{})
		state, err := hte.Fold(log)
		require.NoError(t, err)
		for range 60 {
			e := hte.Event{Journey: "E-1", Sequence: state.Sequence + 1, On: c.today, Recorded: state.Recorded, By: "S-1"}
			e.Data = c.data(pick(c, hte.Kinds()...), 2)
			before := state.Clone()
			err := state.Apply(e)
			if err != nil {
				_, ok := errors.AsType[*hte.FoldError](err)
				require.True(t, ok)
				require.Equal(t, before, state, "left alone after an error")
			}
			_, _ = hte.Fold(append(log, e))
			state = before
		}
	}
}

// Data that are no value of this package's types are refused, and never a panic.
func TestForeignData(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		data hte.Data
		why  string
	}{
		{nil, "no data"},
		{&hte.Accepted{}, "a pointer has the methods of what it points to"},
		{(*hte.Accepted)(nil), "and a nil pointer would panic"},
		{hte.Goal{}, "a part of the state that holds data has its methods too"},
		{hte.Unknown{Name: "x", Raw: "{}"}, "unknown events are read, not asked for"},
		{hte.Amended{Sequence: 1, Data: (*hte.Referred)(nil)}, "nor within a correction"},
	} {
		s := journey(t).given(referral)
		_, err := hte.Decide(nil, &s.state, s.command(tc.data))
		require.Error(t, err, tc.why)
		_, err = hte.Correct(nil, s.log, s.command(tc.data))
		require.Error(t, err, tc.why)
		e := hte.Event{Journey: "E-1", Sequence: 2, On: s.today, Data: tc.data}
		if tc.data == nil || e.Kind() != hte.KindUnknown {
			require.Error(t, s.state.Apply(e), tc.why)
			_, err = hte.Fold(append(s.log, e))
			require.Error(t, err, tc.why)
			_, err = json.Marshal(e)
			require.Error(t, err, tc.why)
		}
		_ = fmt.Sprint(err)
	}
}

// One state and one policy are read by many goroutines: run with -race.
func TestDecideInParallel(t *testing.T) {
	t.Parallel()
	s := journey(t).active()
	s.given(hte.AppointmentPlanned{Purpose: "session", Day: s.today, Mode: "video"})
	want := s.state.Clone()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, k := range hte.Kinds() {
				c := s.command(sample(s, k))
				for range 20 {
					_, _ = hte.Decide(&s.policy, &s.state, c)
					_, _ = hte.Correct(&s.policy, s.log, c)
					_, _ = hte.Resume(s.state, nil)
				}
			}
		})
	}
	wg.Wait()
	require.Equal(t, want, s.state)
}
