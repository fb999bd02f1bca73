package hte_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// scenario tells a journey in the words of a health trainer: given what is on
// record, when something is recorded, then it is, or it is refused.
type scenario struct {
	t      *testing.T
	policy hte.Policy
	log    []hte.Event
	state  hte.State
	today  hte.Date
	events []hte.Event
	err    error
	told   *told
}

// told is which kinds were recorded and which guards refused, over all scenarios.
type told struct {
	kinds  map[hte.Kind]bool
	guards map[hte.Guard]bool
}

// journey begins a scenario with the default policy, on a Monday.
func journey(t *testing.T) *scenario {
	t.Helper()
	return &scenario{t: t, policy: hte.DefaultPolicy(), today: day(t, "2024-01-08")}
}

// with changes the policy.
func (s *scenario) with(change func(*hte.Policy)) *scenario {
	change(&s.policy)
	return s
}

// on turns the calendar to a day.
func (s *scenario) on(date string) *scenario {
	s.today = day(s.t, date)
	return s
}

// later turns the calendar that many days on.
func (s *scenario) later(days int) *scenario {
	s.today = s.today.AddDays(days)
	return s
}

func (s *scenario) command(data hte.Data) hte.Command {
	recorded := s.today.Time(time.UTC).Add(17 * time.Hour)
	if recorded.Before(s.state.Recorded) {
		recorded = s.state.Recorded
	}
	c := hte.Command{On: s.today, Recorded: recorded, By: "staff-7", Data: data}
	if len(s.log) == 0 {
		c.Journey = "E-1"
	}
	return c
}

// given records what must go well before the scenario begins to matter.
func (s *scenario) given(data ...hte.Data) *scenario {
	s.t.Helper()
	for _, d := range data {
		s.when(d)
		require.NoError(s.t, s.err, "given %s", d.Kind())
		s.keep()
	}
	return s
}

// when asks for something to be recorded.
func (s *scenario) when(data hte.Data) *scenario {
	s.t.Helper()
	before := s.state.Clone()
	if k := data.Kind(); k == hte.KindVoided || k == hte.KindAmended {
		s.events, s.err = hte.Correct(&s.policy, s.log, s.command(data))
	} else {
		s.events, s.err = hte.Decide(&s.policy, &s.state, s.command(data))
	}
	require.Empty(s.t, cmp.Diff(before, s.state, compareDates), "deciding changes nothing")
	return s
}

// keep appends the events of the last "when" to the log.
func (s *scenario) keep() {
	s.t.Helper()
	for _, e := range s.events {
		if s.told != nil {
			s.told.kinds[e.Kind()] = true
		}
	}
	s.log = append(s.log, s.events...)
	state, err := hte.Fold(s.log)
	require.NoError(s.t, err)
	s.state = state
}

// recorded says that these kinds of event are recorded, in this order.
func (s *scenario) recorded(kinds ...hte.Kind) *scenario {
	s.t.Helper()
	require.NoError(s.t, s.err)
	var got []string
	for _, e := range s.events {
		got = append(got, e.Kind().String())
	}
	var want []string
	for _, k := range kinds {
		want = append(want, k.String())
	}
	require.Equal(s.t, want, got)
	s.keep()
	return s
}

// refused says that nothing is recorded, for want of these conditions and no
// others: "guard" or "guard: detail".
func (s *scenario) refused(unmet ...string) *scenario {
	s.t.Helper()
	refusal, ok := s.err.(*hte.RefusedError)
	require.True(s.t, ok, "refused, but: %v %v", s.err, s.events)
	require.Empty(s.t, s.events)
	var got []string
	for _, u := range refusal.Unmet {
		text := string(u.Guard)
		if u.Detail != "" {
			text += ": " + u.Detail
		}
		got = append(got, text)
		require.NotEmpty(s.t, u.Guard.About(), "%s says what it asks for", u.Guard)
		if s.told != nil {
			s.told.guards[u.Guard] = true
		}
	}
	require.Equal(s.t, unmet, got)
	return s
}

// then looks at the state.
func (s *scenario) then(look func(hte.State)) *scenario {
	s.t.Helper()
	look(s.state)
	return s
}

// stage says which stage the journey has reached.
func (s *scenario) stage(want hte.Stage) *scenario {
	s.t.Helper()
	require.Equal(s.t, want.String(), s.state.Stage.String())
	return s
}

var compareDates = cmp.Comparer(func(a, b wellbeing.Value) bool { return a.String() == b.String() })

var referral = hte.Referred{
	Client: "C-1", Service: "RX1", Source: "probation", Referrer: "PP-3",
	Setting: "probation", Supervision: "community_order", Reason: "smoking", Urgency: "routine", Age: 34,
}

func number(t testing.TB, s string) wellbeing.Value {
	t.Helper()
	v, err := wellbeing.ParseValue(s)
	require.NoError(t, err)
	return v
}

// The usual ways to a stage, told once.

func (s *scenario) referred() *scenario { s.t.Helper(); return s.given(referral) }

func (s *scenario) waiting() *scenario {
	s.t.Helper()
	return s.referred().later(1).given(hte.Accepted{})
}

func (s *scenario) assigned() *scenario {
	s.t.Helper()
	return s.waiting().later(2).given(hte.TrainerAssigned{Trainer: "T-1", Reason: "first"})
}

func (s *scenario) engaged() *scenario {
	s.t.Helper()
	return s.assigned().later(3).given(hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}, hte.ConsentGiven{})
}

func (s *scenario) assessed() *scenario {
	s.t.Helper()
	return s.engaged().given(hte.IssueIdentified{Issue: "diet", Primary: true}, hte.AssessmentCompleted{})
}

func (s *scenario) planning() *scenario {
	s.t.Helper()
	return s.assessed().later(7).given(hte.PlanStarted{})
}

func (s *scenario) active() *scenario {
	s.t.Helper()
	s.planning()
	return s.given(aGoal(s), hte.PlanSigned{Client: true, Trainer: true})
}

func (s *scenario) followedUp() *scenario {
	s.t.Helper()
	return s.active().later(60).given(hte.GoalReviewed{Goal: 1, Result: "achieved"}, hte.PlanConcluded{Outcome: "achieved"})
}
