package hte_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

// dueOn says what is due on the journey on a day, one line each: the task, its
// number, the day, and how many days it is overdue.
func (s *scenario) dueOn(date string, ahead int) []string {
	var lines []string
	for _, d := range s.state.AppendDue(nil, &s.policy, day(s.t, date), ahead) {
		line := string(d.Task)
		if d.Number != 0 {
			line += fmt.Sprintf(" %d", d.Number)
		}
		line += " " + d.On.String()
		if d.Because != 0 {
			line += " because " + d.Because.String()
		}
		if d.Overdue() {
			line += fmt.Sprintf(", %d days overdue", d.DaysOverdue)
		}
		require.Equal(s.t, hte.Ref("E-1"), d.Journey)
		lines = append(lines, line)
	}
	return lines
}

// The expectations below are worked out by hand from the default policy: contact
// within 10 days, a review after 12 weeks, follow-ups at 3, 6 and 12 months with
// 45 days on either side, erasure within 30 days, re-engagement after two
// appointments missed in a row.
func TestDue(t *testing.T) {
	t.Parallel()
	meeting := func(date string) hte.AppointmentPlanned {
		return hte.AppointmentPlanned{Purpose: "session", Day: day(t, date), Mode: "face_to_face"}
	}
	stands := func(date string) hte.AppointmentRescheduled {
		return hte.AppointmentRescheduled{Appointment: 1, By: "service", Day: day(t, date), Mode: "face_to_face"}
	}
	seen := map[hte.Task]bool{}
	for _, c := range []struct {
		reason  string
		journey func(s *scenario) *scenario
		on      string
		ahead   int
		want    []string
	}{
		{
			"a referral nobody has answered; the aim is ten days", (*scenario).referred, "2024-01-18", 0,
			[]string{"answer_referral 2024-01-18"},
		},
		{
			"the day after the aim it is overdue", (*scenario).referred, "2024-01-19", 0,
			[]string{"answer_referral 2024-01-18, 1 days overdue"},
		},
		{
			"without an aim it waits, and is never overdue",
			func(s *scenario) *scenario {
				return s.with(func(p *hte.Policy) { p.ContactWithinDays = 0 }).referred()
			}, "2025-01-08", 0,
			[]string{"answer_referral 2024-01-08"},
		},
		{"an accepted client waits for a trainer", (*scenario).waiting, "2024-01-10", 0, []string{"assign_trainer 2024-01-18"}},
		{"a trainer has not met the client", (*scenario).assigned, "2024-01-20", 0, []string{"make_first_contact 2024-01-18, 2 days overdue"}},
		{
			"met, but not asked for consent, and nothing planned",
			func(s *scenario) *scenario {
				return s.assigned().later(3).given(hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"})
			}, "2024-01-16", 0,
			[]string{"ask_consent 2024-01-14, 2 days overdue", "plan_appointment 2024-01-14"},
		},
		{
			"helped with information alone: no further meeting is due",
			func(s *scenario) *scenario {
				return s.assigned().later(3).given(hte.FirstContactMade{Mode: "telephone", Help: "information"}, hte.ConsentGiven{})
			}, "2024-01-16", 0,
			nil,
		},
		{
			"an appointment today is to be kept", func(s *scenario) *scenario { return s.active().given(meeting("2024-01-30")) },
			"2024-01-30", 0,
			[]string{"keep_appointment 1 2024-01-30"},
		},
		{
			"one tomorrow shows only to those who look ahead", func(s *scenario) *scenario { return s.active().given(meeting("2024-01-30")) },
			"2024-01-29", 0,
			nil,
		},
		{
			"… as it does here", func(s *scenario) *scenario { return s.active().given(meeting("2024-01-30")) },
			"2024-01-29", 7,
			[]string{"keep_appointment 1 2024-01-30"},
		},
		{
			"a colleague took over: they have to confirm or move what was planned, and see so at once",
			func(s *scenario) *scenario {
				return s.active().given(meeting("2024-01-30")).later(1).given(hte.TrainerAssigned{Trainer: "T-2"})
			}, "2024-01-29", 0,
			[]string{"rearrange_appointment 1 2024-01-30 because trainer_assigned"},
		},
		{
			"… which they did: it stands",
			func(s *scenario) *scenario {
				return s.active().given(meeting("2024-01-30")).later(1).given(hte.TrainerAssigned{Trainer: "T-2"}, stands("2024-01-30"))
			}, "2024-01-30", 0,
			[]string{"keep_appointment 1 2024-01-30"},
		},
		{
			"… which they did not, and its day has passed: somebody must know whether it took place",
			func(s *scenario) *scenario {
				return s.active().given(meeting("2024-01-30")).later(1).given(hte.TrainerAssigned{Trainer: "T-2"})
			}, "2024-01-31", 0,
			[]string{"record_appointment 1 2024-01-30, 1 days overdue", "plan_appointment 2024-01-30"},
		},
		{
			"nobody recorded what came of yesterday's, and there is no next",
			func(s *scenario) *scenario { return s.active().given(meeting("2024-01-30")) }, "2024-01-31", 0,
			[]string{"record_appointment 1 2024-01-30, 1 days overdue", "plan_appointment 2024-01-30"},
		},
		{
			"two missed in a row, a third planned",
			func(s *scenario) *scenario {
				return s.active().given(meeting("2024-01-23"), meeting("2024-01-30"), meeting("2024-02-20")).
					on("2024-01-23").given(hte.AppointmentMissed{Appointment: 1, Reason: "no_reason"}).
					on("2024-01-30").given(hte.AppointmentMissed{Appointment: 2, Reason: "no_reason"})
			}, "2024-02-01", 0,
			[]string{"re_engage 2024-01-30"},
		},
		{
			"missed, came, missed: not in a row",
			func(s *scenario) *scenario {
				return s.active().given(meeting("2024-01-23"), meeting("2024-01-30"), meeting("2024-02-06"), meeting("2024-02-20")).
					on("2024-01-23").given(hte.AppointmentMissed{Appointment: 1, Reason: "no_reason"}).
					on("2024-01-30").given(hte.AppointmentAttended{Appointment: 2, Mode: "face_to_face"}).
					on("2024-02-06").given(hte.AppointmentMissed{Appointment: 3, Reason: "no_reason"})
			}, "2024-02-07", 0,
			nil,
		},
		{
			"an appointment called off is no meeting ahead",
			func(s *scenario) *scenario {
				return s.active().given(meeting("2024-02-20"), hte.AppointmentCancelled{Appointment: 1, By: "service", Reason: "staff"})
			}, "2024-01-22", 0,
			[]string{"plan_appointment 2024-01-14"},
		},
		{
			"twelve weeks after signing, on 2024-01-21, the plan is due for review; a meeting is planned",
			func(s *scenario) *scenario { return s.active().given(meeting("2024-04-20")) }, "2024-04-14", 0,
			[]string{"review_goal 1 2024-03-21, 24 days overdue", "review_plan 2024-04-14"},
		},
		{
			"the day that was agreed goes before the policy",
			func(s *scenario) *scenario {
				return s.active().given(hte.PlanReviewed{Next: day(s.t, "2024-02-01")}, meeting("2024-04-20"))
			}, "2024-02-03", 0,
			[]string{"review_plan 2024-02-01, 2 days overdue"},
		},
		{
			"the trainer left, and none took over",
			func(s *scenario) *scenario {
				return s.active().given(meeting("2024-03-01")).on("2024-01-25").given(hte.TrainerReleased{Reason: "left"})
			}, "2024-01-26", 0,
			[]string{"assign_trainer 2024-01-25, 1 days overdue", "rearrange_appointment 1 2024-03-01 because trainer_released"},
		},
		{
			"recalled to prison: the work pauses, and only the end of the sentence is to be planned for",
			func(s *scenario) *scenario {
				return s.active().on("2024-02-01").given(hte.SentenceStarted{Supervision: "custody", Prison: "P-1", Ends: day(s.t, "2024-05-01")})
			}, "2024-04-24", 14,
			[]string{"plan_release 2024-05-01"},
		},
		{
			"the day planned for release goes before the end of the sentence",
			func(s *scenario) *scenario {
				return s.active().on("2024-02-01").given(hte.SentenceStarted{Supervision: "custody", Prison: "P-1", Ends: day(s.t, "2024-05-01")},
					hte.ReleasePlanned{Day: day(s.t, "2024-04-20")})
			}, "2024-04-10", 14,
			[]string{"plan_release 2024-04-20"},
		},
		{
			"a pause that was to end",
			func(s *scenario) *scenario {
				return s.active().given(hte.Paused{Reason: "illness", Until: day(s.t, "2024-02-10")})
			}, "2024-02-12", 0,
			[]string{"look_at_pause 2024-02-10, 2 days overdue"},
		},
		{
			"recalled, and nobody knows until when: the client is not forgotten, nor ever overdue",
			func(s *scenario) *scenario { return s.active().on("2024-02-01").given(hte.Recalled{Prison: "P-1"}) }, "2025-02-01", 0,
			[]string{"look_at_pause 2024-02-01"},
		},
		{
			"… who asks for yesterday's list does not see today's pause",
			func(s *scenario) *scenario { return s.active().on("2024-02-01").given(hte.Recalled{Prison: "P-1"}) }, "2024-01-31", 0,
			nil,
		},
		{
			"… until a release is planned, which is asked for in its time",
			func(s *scenario) *scenario {
				return s.active().on("2024-02-01").given(hte.Recalled{Prison: "P-1"}, hte.ReleasePlanned{Day: day(s.t, "2024-03-01")})
			}, "2024-02-20", 7,
			nil,
		},
		{
			"a pause before anybody met the client, without a day: they are not forgotten either",
			func(s *scenario) *scenario { return s.waiting().given(hte.Paused{Reason: "hospital"}) }, "2024-03-01", 0,
			[]string{"look_at_pause 2024-01-09"},
		},
		{
			"the trainer left before they met, and an appointment is planned: it can be called off while the client waits",
			func(s *scenario) *scenario {
				return s.assigned().given(meeting("2024-01-20"), meeting("2024-01-22")).later(1).
					given(hte.TrainerReleased{Reason: "left"}, hte.AppointmentCancelled{Appointment: 1, By: "service", Reason: "staff"})
			}, "2024-01-14", 0,
			[]string{"assign_trainer 2024-01-18", "rearrange_appointment 2 2024-01-22 because trainer_released"},
		},
		{
			"the window of the first follow-up, due three months after 2024-03-21, opens 45 days before",
			(*scenario).followedUp, "2024-05-07", 0,
			[]string{"hold_follow_up 3 2024-06-21"},
		},
		{"and not a day sooner", (*scenario).followedUp, "2024-05-06", 0, nil},
		{"on its last day it is not overdue", (*scenario).followedUp, "2024-08-05", 0, []string{"hold_follow_up 3 2024-06-21"}},
		{
			"then it is, and the window of the next, due 2024-09-21, opens", (*scenario).followedUp, "2024-08-07", 0,
			[]string{"hold_follow_up 3 2024-06-21, 2 days overdue", "hold_follow_up 6 2024-09-21"},
		},
		{
			"a follow-up that was held or lost is no longer due",
			func(s *scenario) *scenario {
				return s.followedUp().on("2024-06-25").given(hte.FollowUpHeld{Months: 3, Maintained: "yes", Mode: "telephone"}).
					on("2024-11-20").given(hte.FollowUpLost{Months: 6})
			}, "2024-12-01", 0,
			nil,
		},
		{
			"once all three are settled, on 2025-03-25, the episode is to be closed",
			func(s *scenario) *scenario {
				return s.followedUp().on("2024-06-25").given(hte.FollowUpHeld{Months: 3, Maintained: "yes", Mode: "telephone"}).
					on("2024-11-20").given(hte.FollowUpLost{Months: 6}).
					on("2025-03-25").given(hte.FollowUpHeld{Months: 12, Maintained: "part", Mode: "telephone"})
			}, "2025-04-01", 0,
			[]string{"close_episode 2025-03-25"},
		},
		{
			"and when it is closed nothing is due any more",
			func(s *scenario) *scenario {
				return s.followedUp().on("2024-06-25").given(hte.FollowUpHeld{Months: 3, Maintained: "yes", Mode: "telephone"}).
					on("2024-11-20").given(hte.FollowUpLost{Months: 6}).
					on("2025-03-25").given(hte.FollowUpHeld{Months: 12, Maintained: "part", Mode: "telephone"}, hte.Closed{Reason: "completed"})
			}, "2025-04-01", 0,
			nil,
		},
		{
			"somebody who refused consent is not met again: the episode is to be closed",
			func(s *scenario) *scenario {
				return s.assigned().later(3).given(hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}, hte.ConsentRefused{})
			}, "2024-01-16", 0,
			[]string{"close_episode 2024-01-14"},
		},
		{
			"follow-ups go on after the episode has closed",
			func(s *scenario) *scenario { return s.followedUp().given(hte.Closed{Reason: "completed"}) }, "2024-06-21", 0,
			[]string{"hold_follow_up 3 2024-06-21"},
		},
		{
			"but not for somebody who died",
			func(s *scenario) *scenario { return s.followedUp().given(hte.Closed{Reason: "died"}) }, "2024-06-21", 0,
			nil,
		},
		{
			"nor for somebody who does not want to be contacted for it: then there is nothing left to do",
			func(s *scenario) *scenario {
				return s.followedUp().later(4).given(hte.ConsentWithdrawn{Purposes: []hte.Purpose{"follow_up"}})
			}, "2024-06-21", 0,
			[]string{"close_episode 2024-03-25"},
		},
		{
			"one was held before they said so: it is not held again, nor the others",
			func(s *scenario) *scenario {
				return s.followedUp().on("2024-06-25").given(hte.FollowUpHeld{Months: 3, Maintained: "yes", Mode: "telephone"}).
					later(1).given(hte.ConsentWithdrawn{Purposes: []hte.Purpose{"follow_up"}})
			}, "2024-10-01", 0,
			[]string{"close_episode 2024-06-26"},
		},
		{
			"the client was lost, so that no follow-up is to come: the episode would stay open for ever",
			func(s *scenario) *scenario { return s.active().later(60).given(hte.PlanConcluded{Outcome: "lost"}) }, "2024-04-01", 0,
			[]string{"close_episode 2024-03-21"},
		},
		{
			"consent withdrawn on 2024-01-21: the record must be erased, and nothing else is due",
			func(s *scenario) *scenario {
				return s.active().given(meeting("2024-01-30"), hte.ConsentWithdrawn{})
			}, "2024-02-21", 0,
			[]string{"erase_record 2024-02-20, 1 days overdue"},
		},
		{
			"the record is kept, for good: nothing is due",
			func(s *scenario) *scenario {
				return s.active().given(hte.ConsentWithdrawn{}, hte.RecordKept{Basis: "legal_obligation"})
			}, "2024-02-21", 0,
			nil,
		},
		{
			"kept until 2024-06-01, it is on nobody's list before",
			func(s *scenario) *scenario {
				return s.active().given(hte.ConsentWithdrawn{}, hte.RecordKept{Basis: "legal_claims", Until: day(t, "2024-06-01")})
			}, "2024-05-20", 7,
			nil,
		},
		{
			"… and then has to go",
			func(s *scenario) *scenario {
				return s.active().given(hte.ConsentWithdrawn{}, hte.RecordKept{Basis: "legal_claims", Until: day(t, "2024-06-01")})
			}, "2024-06-03", 7,
			[]string{"erase_record 2024-06-01, 2 days overdue"},
		},
		{"a closed episode without follow-ups", func(s *scenario) *scenario {
			return s.referred().given(hte.Declined{By: "client", Reason: "not_wanted"})
		}, "2025-01-01", 30, nil},
		{"a journey that has not begun", func(s *scenario) *scenario { return s }, "2024-01-08", 30, nil},
	} {
		for _, line := range c.want {
			task, _, _ := strings.Cut(line, " ")
			seen[hte.Task(task)] = true
		}
		t.Run(c.reason, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, c.want, c.journey(journey(t)).dueOn(c.on, c.ahead))
		})
	}
	for _, task := range hte.Tasks() {
		assert.True(t, seen[task], "no case for %s", task)
	}
	assert.Len(t, seen, len(hte.Tasks()), "a task is missing from Tasks")
}

// crowd is a handful of journeys that differ in what the views count.
func crowd(t *testing.T) []*hte.State {
	t.Helper()
	urgent := referral
	urgent.Urgency, urgent.Access = "urgent", []hte.Access{"interpreter"}
	scenarios := []*scenario{
		journey(t).referred(),
		journey(t).given(urgent).later(1).given(hte.Accepted{}),
		journey(t).engaged().given(hte.NeedRecorded{Need: "accommodation", Severity: "high", Status: "open"}),
		journey(t).active(),
		journey(t).active().given(hte.TrainerAssigned{Trainer: "T-2", Reason: "caseload"}).later(5).given(hte.Recalled{Prison: "P-1"}),
		journey(t).followedUp(),
		journey(t).followedUp().given(hte.OwnTrainerBecome{}, hte.Closed{Reason: "completed"}),
		journey(t).waiting().later(20).given(hte.Declined{By: "service", Reason: "no_capacity"}),
	}
	states := make([]*hte.State, len(scenarios))
	for i, s := range scenarios {
		states[i] = &s.state
		states[i].Journey = hte.Ref(fmt.Sprintf("E-%d", i+1))
	}
	return states
}

func TestDueListIsInOrder(t *testing.T) {
	t.Parallel()
	states := crowd(t)
	list := hte.DueList(nil, day(t, "2024-01-24"), 0, slices.Values(states))
	var got []string
	for _, d := range list {
		got = append(got, fmt.Sprintf("%s %s %s", d.On, d.Journey, d.Task))
	}
	assert.Equal(t, []string{
		"2024-01-14 E-3 plan_appointment",
		"2024-01-14 E-4 plan_appointment",
		"2024-01-18 E-1 answer_referral",
		"2024-01-18 E-2 assign_trainer",
	}, got)
	slices.Reverse(states)
	assert.Equal(t, list, hte.DueList(nil, day(t, "2024-01-24"), 0, slices.Values(states)), "whatever order the journeys come in")
}

func TestCaseloads(t *testing.T) {
	t.Parallel()
	got := hte.Caseloads(nil, day(t, "2024-01-24"), slices.Values(crowd(t)))
	require.Len(t, got, 3)

	nobody := got[0]
	assert.Empty(t, nobody.Trainer, "clients without a trainer come first")
	assert.Equal(t, 2, nobody.Open)
	assert.Equal(t, 1, nobody.Stages[hte.StageReferred])
	assert.Equal(t, 1, nobody.Stages[hte.StageWaiting])
	assert.Equal(t, 1, nobody.Urgent)
	assert.Equal(t, 1, nobody.AccessNeeds)
	assert.Equal(t, 2, nobody.Overdue, "both should have been met by 18 January")
	assert.Equal(t, map[hte.Issue]int{"": 2}, nobody.Issues)

	one := got[1]
	assert.Equal(t, hte.Ref("T-1"), one.Trainer)
	assert.Equal(t, 3, one.Open, "the closed one is not in it")
	assert.Equal(t, 1, one.Stages[hte.StageEngaged])
	assert.Equal(t, 1, one.Stages[hte.StageActive])
	assert.Equal(t, 1, one.Stages[hte.StageFollowUp])
	assert.Equal(t, 1, one.HighNeeds)
	assert.Equal(t, 3, one.Supervised)
	assert.Equal(t, map[hte.Issue]int{"": 1, "diet": 2}, one.Issues)
	assert.Equal(t, 2, one.Due)
	assert.Zero(t, one.Overdue)

	two := got[2]
	assert.Equal(t, hte.Ref("T-2"), two.Trainer)
	assert.Equal(t, 1, two.Open)
	assert.Equal(t, 1, two.InCustody)
	assert.Equal(t, 1, two.Paused)
	assert.Zero(t, two.Due)

	text, err := json.Marshal(two)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"stages":{"none":0,"referred":0,"waiting":0,"assigned":0,"engaged":0,"assessed":0,"planning":0,"active":1,"follow_up":0,"closed":0}`)
}

// What somebody needs to take part is what they need now, not what the referral said.
func TestCaseloadOfAccessNeeds(t *testing.T) {
	t.Parallel()
	needs := func(s hte.State) int {
		return hte.Caseloads(nil, s.LastOn, slices.Values([]*hte.State{&s}))[0].AccessNeeds
	}
	s := journey(t).waiting()
	require.Zero(t, needs(s.state))
	s.given(hte.AccessUpdated{Access: []hte.Access{"step_free"}})
	require.Equal(t, 1, needs(s.state))
	s.given(hte.AccessUpdated{Interpreter: "pl"})
	require.Equal(t, 1, needs(s.state))
	s.given(hte.AccessUpdated{})
	require.Zero(t, needs(s.state))
}

func TestWaits(t *testing.T) {
	t.Parallel()
	states := crowd(t)
	got := hte.Waits(nil, day(t, "2024-01-01"), day(t, "2024-01-31"), day(t, "2024-01-24"), slices.Values(states))
	assert.Equal(t, 8, got.Referrals)
	// Accepted the day after, by all but the first. Whoever was closed on 29 January
	// was accepted too.
	assert.Equal(t, hte.Waiting{Days: []int{1, 1, 1, 1, 1, 1, 1}, Still: []int{16}}, got.ToAcceptance)
	// Assigned three days after referral; on 24 January the declined one still waited.
	assert.Equal(t, hte.Waiting{Days: []int{3, 3, 3, 3, 3}, Still: []int{16, 16, 16}}, got.ToTrainer)
	assert.Equal(t, hte.Waiting{Days: []int{6, 6, 6, 6, 6}, Still: []int{16, 16, 16}}, got.ToContact)
	assert.Equal(t, hte.Waiting{Days: []int{7, 7, 7, 7}, Still: []int{10}}, got.ToPlan)
	assert.Equal(t, 5, got.WithinAim)
	assert.Equal(t, 3, got.PastAim)

	later := hte.Waits(nil, hte.Date{}, hte.Date{}, day(t, "2024-02-29"), slices.Values(states))
	assert.Equal(t, hte.Waiting{Days: []int{6, 6, 6, 6, 6}, Still: []int{52, 52}, Ended: 1}, later.ToContact, "by then the declined one waits no more")
	assert.Equal(t, 2, later.PastAim)

	none := hte.Waits(nil, day(t, "2024-02-01"), hte.Date{}, day(t, "2024-02-29"), slices.Values(states))
	assert.Zero(t, none.Referrals, "nobody was referred in February")

	median, ok := later.ToContact.Median()
	assert.True(t, ok)
	assert.InDelta(t, 6, median, 0)
	median, ok = hte.Waiting{Days: []int{1, 4}}.Median()
	assert.True(t, ok)
	assert.InDelta(t, 2.5, median, 0)
	_, ok = hte.Waiting{Still: []int{3}}.Median()
	assert.False(t, ok)
}

func TestAttendances(t *testing.T) {
	t.Parallel()
	s := journey(t).active()
	plan := func(date string) {
		s.given(hte.AppointmentPlanned{Purpose: "session", Day: day(t, date), Mode: "face_to_face"})
	}
	for _, date := range []string{"2024-01-22", "2024-01-23", "2024-01-24", "2024-01-25", "2024-01-26"} {
		plan(date)
	}
	s.given(hte.AppointmentRescheduled{Appointment: 5, By: "client", Day: day(t, "2024-01-31"), Mode: "video"}).
		on("2024-01-22").given(hte.AppointmentAttended{Appointment: 1, Mode: "face_to_face"}).
		on("2024-01-23").given(hte.AppointmentMissed{Appointment: 2, Reason: "illness", Acceptable: true}).
		on("2024-01-24").given(hte.AppointmentCancelled{Appointment: 4, By: "client", Reason: "other"}, hte.AppointmentMissed{Appointment: 3, Reason: "no_reason"}).
		on("2024-01-30").given(hte.TrainerAssigned{Trainer: "T-2", Reason: "absence"})
	states := []*hte.State{&s.state}

	got := hte.Attendances(hte.Date{}, hte.Date{}, day(t, "2024-02-10"), slices.Values(states))
	assert.Equal(t, []hte.Attendance{
		{Trainer: "T-1", Attended: 1, MissedAcceptable: 1, MissedUnacceptable: 1},
		{Trainer: "T-2", CancelledByClient: 1, NotRecorded: 1, Rescheduled: 1},
	}, got, "what took place or was missed counts for who had the client then")
	rate, ok := got[0].Rate()
	assert.True(t, ok)
	assert.InDelta(t, 1.0/3, rate, 1e-15)
	_, ok = got[1].Rate()
	assert.False(t, ok, "nobody came or stayed away")

	assert.Equal(t, []hte.Attendance{{Trainer: "T-1", Attended: 1}},
		hte.Attendances(hte.Date{}, day(t, "2024-01-22"), day(t, "2024-02-10"), slices.Values(states)), "of one day")
	today := hte.Attendances(day(t, "2024-01-31"), hte.Date{}, day(t, "2024-01-31"), slices.Values(states))
	assert.Empty(t, today, "on its day an appointment is not yet unrecorded")
}

func TestPlans(t *testing.T) {
	t.Parallel()
	states := crowd(t)
	got := hte.Plans(day(t, "2024-01-01"), day(t, "2024-03-31"), slices.Values(states))
	assert.Equal(t, 4, got.Plans)
	assert.Equal(t, 4, got.Signed)
	assert.Equal(t, map[hte.PlanOutcome]int{"open": 2, "achieved": 2}, got.Outcomes)
	assert.Equal(t, map[hte.GoalStatus]int{"open": 2, "achieved": 2}, got.Goals)
	assert.Equal(t, 1, got.OwnTrainers)
	assert.Zero(t, hte.Plans(day(t, "2024-04-01"), hte.Date{}, slices.Values(states)).Plans, "none was started later")
}

func TestStageOn(t *testing.T) {
	t.Parallel()
	s := journey(t).followedUp().on("2024-04-01").given(hte.Closed{Reason: "completed"})
	for _, c := range []struct {
		day  string
		want hte.Stage
	}{
		{"2024-01-07", hte.StageNone}, // the day before the referral
		{"2024-01-08", hte.StageReferred},
		{"2024-01-09", hte.StageWaiting},
		{"2024-01-10", hte.StageWaiting},
		{"2024-01-11", hte.StageAssigned},
		{"2024-01-14", hte.StageAssessed}, // met and assessed on one day: the last counts
		{"2024-01-21", hte.StageActive},
		{"2024-03-20", hte.StageActive},
		{"2024-03-21", hte.StageFollowUp},
		{"2024-04-01", hte.StageClosed},
		{"2030-01-01", hte.StageClosed},
	} {
		assert.Equal(t, c.want.String(), s.state.StageOn(day(t, c.day)).String(), c.day)
	}
	counts := hte.StagesOn(day(t, "2024-01-14"), slices.Values(crowd(t)))
	assert.Equal(t, hte.StageCounts{hte.StageReferred: 1, hte.StageWaiting: 2, hte.StageEngaged: 1, hte.StageAssessed: 4}, counts)
}

// A damaged snapshot makes no panic.
func TestCaseloadOfANeedWithoutACourse(t *testing.T) {
	t.Parallel()
	s := journey(t).engaged().state
	s.Needs = append(s.Needs, hte.Need{Need: "finance"})
	assert.Zero(t, hte.Caseloads(nil, day(t, "2024-01-24"), slices.Values([]*hte.State{&s}))[0].HighNeeds)
}

// Counting in parts and counting at once must come to the same.
func TestViewsLoseNobody(t *testing.T) {
	t.Parallel()
	states := crowd(t)
	open := 0
	for _, c := range hte.Caseloads(nil, day(t, "2024-01-24"), slices.Values(states)) {
		sum := 0
		for _, n := range c.Stages {
			sum += n
		}
		assert.Equal(t, c.Open, sum)
		sum = 0
		for _, n := range c.Issues {
			sum += n
		}
		assert.Equal(t, c.Open, sum)
		assert.GreaterOrEqual(t, c.Due, c.Overdue)
		open += c.Open
	}
	assert.Equal(t, 6, open)
	for n := range 400 {
		on := day(t, "2024-01-01").AddDays(n)
		sum := 0
		for _, c := range hte.StagesOn(on, slices.Values(states)) {
			sum += c
		}
		require.Equal(t, len(states), sum)
		w := hte.Waits(nil, hte.Date{}, hte.Date{}, on, slices.Values(states))
		require.Equal(t, w.Referrals, len(w.ToContact.Days)+len(w.ToContact.Still)+w.ToContact.Ended+w.ToContact.Undated)
	}
}

func BenchmarkCaseloads(b *testing.B) {
	log := typicalLog(b)
	states := make([]*hte.State, 100_000)
	for i := range states {
		// Journeys at every point of the way, with their own memory.
		s, err := hte.Fold(log[:1+i%len(log)])
		if err != nil {
			b.Fatal(err)
		}
		s.Journey = hte.Ref(fmt.Sprintf("E-%d", i))
		if s.Trainer != "" {
			s.Trainer = hte.Ref(fmt.Sprintf("T-%d", i%200))
		}
		states[i] = &s
	}
	policy := hte.DefaultPolicy()
	on := day(b, "2024-03-01")
	b.ReportAllocs()
	for b.Loop() {
		if len(hte.Caseloads(&policy, on, slices.Values(states))) < 200 {
			b.Fatal("trainers are missing")
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(states)), "ns/journey")
}

func BenchmarkDueList(b *testing.B) {
	log := typicalLog(b)
	states := make([]*hte.State, 100_000)
	for i := range states {
		s, err := hte.Fold(log[:1+i%len(log)])
		if err != nil {
			b.Fatal(err)
		}
		states[i] = &s
	}
	policy := hte.DefaultPolicy()
	on := day(b, "2024-03-01")
	b.ReportAllocs()
	for b.Loop() {
		if len(hte.DueList(&policy, on, 7, slices.Values(states))) == 0 {
			b.Fatal("nothing is due")
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(states)), "ns/journey")
}
