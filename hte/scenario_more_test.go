package hte_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

var moreScenarios = []struct {
	name string
	tell func(t *testing.T, journey func() *scenario)
}{
	// Bounds: the last that is still taken, beside the first that is not.
	{"a goal may be a year off, and not a day more", func(_ *testing.T, journey func() *scenario) {
		s := journey().planning()
		year := aGoal(s)
		year.By = s.today.AddDays(7 * 52)
		s.when(year).recorded(hte.KindGoalSet)
		year.By = s.today.AddDays(1)
		s.when(year).recorded(hte.KindGoalSet)
	}},
	{"only sessions that are planned or took place count towards the limit", func(_ *testing.T, journey func() *scenario) {
		s := journey().with(func(p *hte.Policy) { p.Sessions, p.MostSessions = 2, 2 }).assessed().given(hte.PlanStarted{Sessions: 2})
		session := hte.AppointmentPlanned{Purpose: "session", Day: s.today, Mode: "video"}
		s.given(session, hte.AppointmentCancelled{Appointment: 1, By: "client", Reason: "work"},
			session, hte.AppointmentMissed{Appointment: 2, Reason: "forgot"},
			hte.AppointmentAttended{Purpose: "review", Mode: "video"}, hte.AppointmentPlanned{Purpose: "handover", Day: s.today, Mode: "video"}).
			given(session, session).when(session).refused("session_room").
			when(hte.AppointmentAttended{Purpose: "session", Mode: "video"}).refused("session_room").
			when(hte.AppointmentAttended{Purpose: "review", Mode: "video"}).recorded(hte.KindAppointmentAttended).
			when(hte.AppointmentAttended{Appointment: 5, Mode: "video"}).recorded(hte.KindAppointmentAttended).
			when(hte.AppointmentAttended{Appointment: 6, Mode: "video"}).recorded(hte.KindAppointmentAttended)
	}},
	{"a policy without limits sets none", func(_ *testing.T, journey func() *scenario) {
		s := journey().with(func(p *hte.Policy) { *p = hte.Policy{} }).planning()
		far := aGoal(s)
		far.By = s.today.AddDays(4000)
		s.given(far, far, far, far, far, hte.PlanSigned{Client: true, Trainer: true})
		for range 15 {
			s.given(hte.AppointmentAttended{Mode: "video", Purpose: "session"})
		}
		s.given(hte.PlanConcluded{Outcome: "lost"}, hte.Closed{Reason: "not_contactable"})
	}},
	{"the session on the day of the recall counts, the one after does not", func(_ *testing.T, journey func() *scenario) {
		s := journey().active().given(hte.Recalled{})
		s.when(hte.AppointmentAttended{Mode: "video", Purpose: "session"}).recorded(hte.KindAppointmentAttended).
			later(1).when(hte.AppointmentAttended{Mode: "video", Purpose: "session"}).refused("not_paused")
	}},
	{"a pause does not end before it began, and may end on its first day", func(_ *testing.T, journey func() *scenario) {
		s := journey().active().given(hte.Paused{Reason: "away"})
		s.later(-1).when(hte.Resumed{}).refused("paused").
			later(1).when(hte.Resumed{}).recorded(hte.KindResumed)
	}},
	{"a plan that was not achieved", func(_ *testing.T, journey func() *scenario) {
		journey().active().given(hte.GoalReviewed{Goal: 1, Result: "not_achieved"}).
			when(hte.PlanConcluded{Outcome: "achieved"}).refused("outcome").
			when(hte.PlanConcluded{Outcome: "not_achieved"}).recorded(hte.KindPlanConcluded)
		journey().active().given(hte.GoalReviewed{Goal: 1, Result: "achieved"}).
			when(hte.PlanConcluded{Outcome: "not_achieved"}).refused("outcome")
		journey().active().given(hte.GoalReviewed{Goal: 1, Result: "dropped", Reason: "health"}).
			when(hte.PlanConcluded{Outcome: "achieved"}).refused("outcome").
			when(hte.PlanConcluded{Outcome: "not_achieved"}).recorded(hte.KindPlanConcluded)
	}},
	{"one of two goals achieved is neither all nor nothing", func(_ *testing.T, journey func() *scenario) {
		s := journey().planning()
		s.given(aGoal(s), aGoal(s), hte.PlanSigned{Client: true, Trainer: true},
			hte.GoalReviewed{Goal: 1, Result: "achieved"}, hte.GoalReviewed{Goal: 2, Result: "not_achieved"}).
			when(hte.PlanConcluded{Outcome: "achieved"}).refused("outcome").
			when(hte.PlanConcluded{Outcome: "not_achieved"}).recorded(hte.KindPlanConcluded)
	}},
	{"what came of signposting is not known before it", func(_ *testing.T, journey func() *scenario) {
		journey().engaged().given(hte.Signposted{To: "gp"}).
			later(-1).when(hte.SignpostFollowedUp{Signpost: 1, Outcome: "attended"}).refused("signpost").
			later(1).when(hte.SignpostFollowedUp{Signpost: 1, Outcome: "attended"}).recorded(hte.KindSignpostFollowedUp)
	}},
	{"steps into the workforce come in order of days", func(_ *testing.T, journey func() *scenario) {
		journey().active().later(9).given(hte.WorkforceStepTaken{Step: "volunteer"}).
			later(-1).when(hte.WorkforceStepTaken{Step: "champion"}).refused("next_step").
			later(1).when(hte.WorkforceStepTaken{Step: "volunteer"}).refused("next_step").
			when(hte.WorkforceStepTaken{Step: "champion"}).recorded(hte.KindWorkforceStepTaken)
	}},
	{"information is complete without a signpost, brief advice is not signposting", func(_ *testing.T, journey func() *scenario) {
		journey().assigned().given(hte.FirstContactMade{Mode: "telephone", Help: "information"}).
			when(hte.Closed{Reason: "signposted"}).recorded(hte.KindClosed)
		journey().assigned().given(hte.FirstContactMade{Mode: "telephone", Help: "brief"}).
			when(hte.Closed{Reason: "signposted"}).refused("closure_fits: signpost")
		journey().assigned().when(hte.Closed{Reason: "completed"}).refused("closure_fits: plan")
		journey().engaged().when(hte.Closed{Reason: "completed"}).refused("closure_fits: plan") // one to one, and no plan
	}},
	{"custody, release and the end of supervision are reasons to close, once they are on record", func(_ *testing.T, journey func() *scenario) {
		journey().active().given(hte.Recalled{}).when(hte.Closed{Reason: "recalled"}).recorded(hte.KindClosed)
		journey().active().given(hte.SentenceStarted{Supervision: "custody"}).when(hte.Closed{Reason: "sentenced"}).recorded(hte.KindClosed)
		journey().active().given(hte.Recalled{}, hte.Released{Supervision: "licence", Setting: "probation"}).
			when(hte.Closed{Reason: "released"}).recorded(hte.KindClosed)
		journey().active().given(hte.SupervisionEnded{}).when(hte.Closed{Reason: "supervision_ended"}).recorded(hte.KindClosed)
		journey().active().given(hte.SentenceEnded{}).when(hte.Closed{Reason: "supervision_ended"}).recorded(hte.KindClosed)
	}},
	{"who died, withdrew or went elsewhere is not followed up; who moved may be", func(t *testing.T, journey func() *scenario) {
		held := hte.FollowUpHeld{Months: 3, Maintained: "yes", Mode: "telephone"}
		journey().followedUp().given(hte.TransferredOut{To: "RX9"}).later(90).when(held).refused("followed_up")
		journey().followedUp().given(hte.Closed{Reason: "moved"}).later(90).when(held).recorded(hte.KindFollowUpHeld)
		journey().active().given(hte.Closed{Reason: "moved"}).
			then(func(s hte.State) { assert.False(t, s.FollowedUp(), "no plan was concluded") }).
			when(hte.MeasureTaken{Measure: "fruit_veg", Value: wellbeing.Whole(4), Occasion: "follow_up"}).refused("followed_up")
	}},
	{"three goals at once are enough", func(_ *testing.T, journey func() *scenario) {
		s := journey().planning()
		s.given(aGoal(s), aGoal(s), aGoal(s)).when(aGoal(s)).refused("goal_room")
		again := aGoal(s)
		again.Replaces = 2
		s.when(again).recorded(hte.KindGoalSet)
	}},
	{"a goal is revised into another", func(t *testing.T, journey func() *scenario) {
		s := journey().active().later(14)
		smaller := aGoal(s)
		smaller.Target, smaller.Replaces = wellbeing.Whole(2), 1
		s.given(smaller).then(func(s hte.State) {
			assert.Equal(t, hte.GoalStatus("revised"), s.Goals[0].Status)
			assert.Equal(t, 2, s.Goals[0].RevisedBy)
		}).
			when(hte.GoalReviewed{Goal: 1, Result: "achieved"}).refused("goal").
			when(hte.GoalReviewed{Goal: 2, Result: "achieved"}).recorded(hte.KindGoalReviewed)
	}},
	{"a plan has strengths, a balance sheet, rulers, actions, if-then plans, barriers, rewards and people", func(t *testing.T, journey func() *scenario) {
		s := journey().planning()
		s.given(aGoal(s), hte.StrengthNoted{Area: "people", Text: "a sister who gave up"},
			hte.BalanceSheetEntered{Issue: "diet", ChangeFor: []string{"energy"}, StayingFor: []string{"it is cheap"}},
			hte.RulersRated{Importance: wellbeing.Answer(8), Confidence: wellbeing.Refused(), Occasion: "assessment"}).
			when(hte.RulersRated{Importance: wellbeing.Answer(11), Occasion: "assessment"}).refused("fields: importance").
			when(hte.ActionPlanned{Goal: 1, What: "buy apples", Where: "market", When: "Saturdays", With: "P-1"}).refused("supporter").
			given(hte.SupporterNamed{Person: "P-1", Relation: "family"}).
			when(hte.SupporterNamed{Person: "P-1", Relation: "friend"}).refused("new_supporter").
			when(hte.ActionPlanned{Goal: 2, What: "buy apples", Where: "market", When: "Saturdays", With: "P-1"}).refused("goal").
			given(hte.ActionPlanned{Goal: 1, What: "buy apples", Where: "market", When: "Saturdays", With: "P-1"},
				hte.IfThenPlanned{Goal: 1, If: "I am late", Then: "I take a banana along"},
				hte.InfluenceNoted{Goal: 1, Influence: "barrier", Text: "early shifts"},
				hte.RewardPlanned{Goal: 1, Text: "a day out"}).
			then(func(s hte.State) {
				g := s.Goals[0]
				assert.Equal(t, []int{1, 1, 1, 1}, []int{len(g.Actions), len(g.IfThens), len(g.Influences), len(g.Rewards)})
				refused, _ := s.Plan.Rulers[0].Confidence.Code()
				assert.Zero(t, refused)
				assert.Equal(t, wellbeing.Refused(), s.Plan.Rulers[0].Confidence, "refused is not 0")
			}).
			given(hte.SupporterRemoved{Person: "P-1"}).when(hte.SupporterRemoved{Person: "P-1"}).refused("supporter")
	}},
	{"both sign, and it is known what changed since", func(t *testing.T, journey func() *scenario) {
		s := journey().with(func(p *hte.Policy) { p.ActionBeforeSigning = true }).planning()
		s.given(aGoal(s)).
			when(hte.PlanSigned{Client: true}).refused("fields: trainer").
			when(hte.PlanSigned{Client: true, Trainer: true}).refused("has_action: goal 1").
			given(hte.ActionPlanned{Goal: 1, What: "buy apples", Where: "market", When: "Saturdays"}).
			when(hte.PlanSigned{Client: true, Trainer: true}).recorded(hte.KindPlanSigned).stage(hte.StageActive).
			when(hte.PlanSigned{Client: true, Trainer: true}).refused("changed").
			later(14).given(hte.RewardPlanned{Goal: 1, Text: "cinema"}, hte.PlanSigned{Client: true, Trainer: true}).
			then(func(s hte.State) {
				require.Len(t, s.Plan.Versions, 2)
				assert.Equal(t, []hte.PlanChange{{On: s.LastOn, Kind: hte.KindRewardPlanned, Goal: 1}}, s.Plan.Versions[1].Changes)
				assert.Empty(t, s.Plan.Changes)
			})
	}},
	{"the diary shows streaks, in whatever order it was handed in", func(t *testing.T, journey func() *scenario) {
		s := journey().active()
		from := s.today
		s.later(9)
		for _, e := range []struct {
			day  int
			kept bool
		}{{9, true}, {0, true}, {2, true}, {1, true}, {4, true}, {4, false}, {7, true}, {8, true}} {
			s.today = from.AddDays(e.day)
			s.given(hte.DiaryKept{Diary: "food", Goal: 1, Value: wellbeing.Whole(2), Kept: e.kept})
		}
		s.when(hte.DiaryKept{Diary: "food", Goal: 4}).refused("goal")
		s.then(func(st hte.State) {
			// Days 0 1 2 kept, 4 not, 7 8 9 kept: of ten days seven were entered and six kept.
			sum := st.DiarySummary("food", 1, from, from.AddDays(9))
			assert.Equal(t, hte.DiarySummary{From: from, To: from.AddDays(9), Days: 10, Entered: 7, Kept: 6, Longest: 3, Current: 3}, sum)
			assert.Equal(t, "0.6", sum.Adherence().String())
			assert.Equal(t, 3, st.DiarySummary("food", 0, from, from.AddDays(10)).Current, "today may still be entered")
			assert.Equal(t, 0, st.DiarySummary("food", 0, from, from.AddDays(11)).Current)
			assert.Equal(t, 1, st.DiarySummary("food", 0, from.AddDays(2), from.AddDays(3)).Current)
			assert.Zero(t, st.DiarySummary("alcohol", 0, from, from.AddDays(9)).Entered)
			assert.Zero(t, st.DiarySummary("food", 0, from.AddDays(9), from).Days)
			assert.False(t, st.DiarySummary("food", 0, from.AddDays(9), from).Adherence().Known(), "no days, no share")
		})
	}},
	{"a day without an entry breaks a streak", func(t *testing.T, journey func() *scenario) {
		s := journey().active()
		from := s.today
		s.later(5)
		for _, n := range []int{0, 1, 3, 4, 5} {
			s.today = from.AddDays(n)
			s.given(hte.DiaryKept{Diary: "activity", Kept: true})
		}
		s.then(func(st hte.State) {
			sum := st.DiarySummary("activity", 0, from, from.AddDays(5))
			assert.Equal(t, []int{6, 5, 5, 3, 3}, []int{sum.Days, sum.Entered, sum.Kept, sum.Longest, sum.Current})
			assert.Equal(t, "5/6", sum.Adherence().String())
			assert.Zero(t, st.DiarySummary("activity", 1, from, from.AddDays(5)).Entered, "kept for no goal")
			assert.Equal(t, 1, st.DiarySummary("activity", 0, from, from).Days)
		})
	}},
	{"goals are reviewed: dropped needs a reason", func(_ *testing.T, journey func() *scenario) {
		journey().active().
			when(hte.GoalReviewed{Goal: 1, Result: "dropped"}).refused("fields: reason").
			when(hte.GoalReviewed{Goal: 1, Result: "achieved", Reason: "too_hard"}).refused("fields: reason").
			given(hte.GoalReviewed{Goal: 1, Result: "open", Value: wellbeing.Whole(2)}).
			when(hte.GoalReviewed{Goal: 1, Result: "dropped", Reason: "circumstances"}).recorded(hte.KindGoalReviewed)
	}},
	{"goal attainment scaling weighs the goals that were rated", func(t *testing.T, journey func() *scenario) {
		s := journey().planning()
		heavy, light := aGoal(s), aGoal(s)
		heavy.Weight, light.Weight = 3, 1
		s.given(heavy, light, aGoal(s), hte.PlanSigned{Client: true, Trainer: true}).
			then(func(s hte.State) {
				_, err := s.GoalAttainment()
				assert.Error(t, err, "nothing was rated yet")
			}).
			given(hte.GoalReviewed{Goal: 1, Result: "achieved", Attained: wellbeing.Answer(1)},
				hte.GoalReviewed{Goal: 2, Result: "part_achieved", Attained: wellbeing.Answer(-1)}, hte.GoalReviewed{Goal: 3, Result: "achieved"}).
			then(func(s hte.State) {
				got, err := s.GoalAttainment()
				require.NoError(t, err)
				// By hand: 50 + 10 (3 - 1) / sqrt(0.7 × 10 + 0.3 × 16) = 50 + 20 / sqrt(11.8) = 55.822225.
				assert.Equal(t, "55.822225", got.String())
			})
	}},
	{"a plan is reviewed on the way", func(t *testing.T, journey func() *scenario) {
		s := journey().active().later(28)
		s.when(hte.PlanReviewed{Next: s.today.AddDays(-1)}).refused("day_ahead").
			when(hte.PlanReviewed{Next: s.today.AddDays(28)}).recorded(hte.KindPlanReviewed).stage(hte.StageActive).
			then(func(s hte.State) { assert.Equal(t, s.LastOn.AddDays(28), s.Plan.NextReview) })
	}},
	{"a plan ends with a review of every goal and of what the policy asks for", func(t *testing.T, journey func() *scenario) {
		s := journey().with(func(p *hte.Policy) { p.RequiredAtReview = []hte.Measure{"fruit_veg"} }).active().later(84)
		s.when(hte.PlanConcluded{Outcome: "achieved"}).refused("goals_settled: goal 1", "outcome", "review: fruit_veg").
			given(hte.GoalReviewed{Goal: 1, Result: "part_achieved"}, hte.MeasureTaken{Measure: "fruit_veg", Value: wellbeing.Whole(2), Occasion: "review"}).
			when(hte.PlanConcluded{Outcome: "achieved"}).refused("outcome").
			when(hte.PlanConcluded{Outcome: "open"}).refused("fields: outcome").
			when(hte.PlanConcluded{Outcome: "part_achieved"}).recorded(hte.KindPlanConcluded).stage(hte.StageFollowUp).
			then(func(s hte.State) {
				var due []string
				for _, f := range s.FollowUps {
					due = append(due, f.Due.String())
				}
				assert.Equal(t, []string{"2024-07-14", "2024-10-14", "2025-04-14"}, due)
			})
	}},
	{"a plan of somebody who is lost needs no review", func(t *testing.T, journey func() *scenario) {
		journey().with(func(p *hte.Policy) { p.RequiredAtReview = []hte.Measure{"fruit_veg"} }).active().later(84).
			when(hte.PlanConcluded{Outcome: "lost"}).recorded(hte.KindPlanConcluded).
			then(func(s hte.State) {
				assert.Equal(t, hte.GoalStatus("lost"), s.Goals[0].Status)
				assert.Empty(t, s.FollowUps)
			})
	}},
	{"set-backs are part of it", func(t *testing.T, journey func() *scenario) {
		journey().active().given(hte.SetbackRecorded{Goal: 1, Type: "lapse", Text: "a party"},
			hte.RelapsePlanMade{Goal: 1, Situation: "parties", Response: "eat before I go"}).
			when(hte.SetbackRecorded{Goal: 9, Type: "relapse"}).refused("goal").
			then(func(s hte.State) {
				assert.Len(t, s.Setbacks, 1)
				assert.Len(t, s.Plan.Relapse, 1)
			})
	}},
	{"signposting has an outcome", func(t *testing.T, journey func() *scenario) {
		journey().engaged().given(hte.Signposted{To: "housing", Need: "accommodation", Organisation: "ORG-4", Referral: true}).
			when(hte.SignpostFollowedUp{Signpost: 2, Outcome: "attended"}).refused("signpost").
			later(30).given(hte.SignpostFollowedUp{Signpost: 1, Outcome: "waiting"}, hte.Closed{Reason: "signposted"}).
			later(30).when(hte.SignpostFollowedUp{Signpost: 1, Outcome: "completed"}).recorded(hte.KindSignpostFollowedUp).
			then(func(s hte.State) { assert.Equal(t, hte.SignpostOutcome("completed"), s.Signposts[0].Outcome) })
	}},
	{"a safeguarding concern is a fact without content, and needs nobody's consent", func(t *testing.T, journey func() *scenario) {
		journey().assigned().when(hte.SafeguardingEscalated{}).recorded(hte.KindSafeguardingEscalated).
			then(func(s hte.State) { assert.Len(t, s.Safeguarding, 1) })
	}},

	// Justice.
	{"recalled in the middle of a plan: the work pauses, and goes on after release", func(t *testing.T, journey func() *scenario) {
		s := journey().active()
		s.given(hte.AppointmentPlanned{Purpose: "session", Day: s.today.AddDays(7), Mode: "face_to_face"}).
			later(3).when(hte.Recalled{Prison: "HMP-1"}).
			recorded(hte.KindRecalled, hte.KindAppointmentCancelled, hte.KindPaused).stage(hte.StageActive).
			then(func(s hte.State) {
				assert.True(t, s.Justice.InCustody)
				assert.Equal(t, hte.PauseReason("recalled"), s.Pause.Reason)
				assert.Equal(t, hte.Party("justice"), s.Appointments[0].CancelledBy)
			}).
			when(hte.Recalled{}).refused("not_in_custody").
			when(hte.Remanded{}).refused("not_in_custody").
			when(hte.Paused{Reason: "illness"}).refused("not_paused").
			later(1).when(hte.GoalReviewed{Goal: 1, Result: "open"}).refused("not_paused").
			later(20).given(hte.PrisonTransferred{To: "HMP-2"}).
			then(func(s hte.State) {
				assert.Equal(t, hte.Ref("HMP-2"), s.Justice.Prison)
				assert.Equal(t, hte.Ref("T-1"), s.Trainer, "the trainer outside keeps the client")
			}).
			later(60).when(hte.Released{Supervision: "licence", Setting: "probation"}).recorded(hte.KindReleased, hte.KindResumed).
			stage(hte.StageActive).
			then(func(s hte.State) {
				assert.Equal(t, hte.Pause{}, s.Pause)
				require.Len(t, s.Pauses, 1)
				assert.Equal(t, 81, s.Pauses[0].From.DaysUntil(s.Pauses[0].To))
				assert.Len(t, s.Justice.Course, 3, "nothing is lost")
				assert.Len(t, s.Goals, 1)
			}).
			when(hte.Released{Supervision: "licence", Setting: "probation"}).refused("in_custody").
			when(hte.GoalReviewed{Goal: 1, Result: "achieved"}).recorded(hte.KindGoalReviewed)
	}},
	{"what happened before the recall is written up after it", func(_ *testing.T, journey func() *scenario) {
		s := journey().active().later(3).given(hte.Recalled{}).later(2)
		c := s.command(hte.AppointmentAttended{Mode: "video", Purpose: "session"})
		c.On = s.today.AddDays(-2)
		s.events, s.err = hte.Decide(&s.policy, &s.state, c)
		s.recorded(hte.KindAppointmentAttended)
	}},
	{"a service that ends with custody closes at recall", func(t *testing.T, journey func() *scenario) {
		s := journey().with(func(p *hte.Policy) {
			p.Justice = []hte.JusticeRule{{After: hte.KindRecalled, Action: hte.JusticeClose}}
		}).active()
		s.given(hte.AppointmentPlanned{Purpose: "session", Day: s.today.AddDays(7), Mode: "video"}).
			when(hte.Recalled{}).recorded(hte.KindRecalled, hte.KindAppointmentCancelled, hte.KindClosed).stage(hte.StageClosed).
			then(func(s hte.State) { assert.Equal(t, hte.ClosureReason("recalled"), s.Closure.Reason) })
	}},
	{"word of the recall comes late: the journey closes after what was done meanwhile", func(t *testing.T, journey func() *scenario) {
		s := journey().with(func(p *hte.Policy) {
			p.Justice = []hte.JusticeRule{{After: hte.KindRecalled, Action: hte.JusticeClose}}
		}).active()
		s.later(5).given(hte.ContactAttempted{Mode: "telephone", Outcome: "no_answer"})
		c := s.command(hte.Recalled{})
		c.On = s.today.AddDays(-3)
		s.events, s.err = hte.Decide(&s.policy, &s.state, c)
		s.recorded(hte.KindRecalled, hte.KindClosed).then(func(st hte.State) {
			assert.Equal(t, s.today, st.Closure.On)
			assert.Equal(t, c.On, st.Justice.Course[0].On)
		})
	}},
	{"remanded, and let go by the court on a community order", func(t *testing.T, journey func() *scenario) {
		journey().active().later(2).when(hte.Remanded{Prison: "HMP-1"}).recorded(hte.KindRemanded, hte.KindPaused).
			later(30).when(hte.SentenceStarted{Supervision: "community_order", Ends: day(t, "2025-02-20")}).
			recorded(hte.KindSentenceStarted, hte.KindResumed).
			then(func(s hte.State) {
				assert.False(t, s.Justice.InCustody)
				assert.Equal(t, hte.Supervision("community_order"), s.Justice.Supervision)
			})
	}},
	{"sentenced to custody in the middle of a plan", func(t *testing.T, journey func() *scenario) {
		journey().active().later(2).when(hte.SentenceStarted{Supervision: "custody", Prison: "HMP-1"}).
			recorded(hte.KindSentenceStarted, hte.KindPaused).
			then(func(s hte.State) { assert.Equal(t, hte.PauseReason("custody"), s.Pause.Reason) }).
			when(hte.SupervisionEnded{}).refused("not_in_custody").
			later(100).when(hte.SentenceEnded{}).recorded(hte.KindSentenceEnded, hte.KindResumed).
			then(func(s hte.State) {
				assert.False(t, s.Justice.InCustody)
				assert.Empty(t, s.Justice.Prison)
				assert.Equal(t, hte.Supervision("none"), s.Justice.Supervision)
			})
	}},
	{"through the gate: the trainer outside was agreed before release", func(t *testing.T, journey func() *scenario) {
		from := referral
		from.Setting, from.Supervision = "prison", "custody"
		s := journey().given(from, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"},
			hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}, hte.ConsentGiven{})
		s.later(40).when(hte.Released{Supervision: "licence", Setting: "probation", Service: "RX2", Trainer: "T-5"}).
			recorded(hte.KindReleased, hte.KindHandedOver).stage(hte.StageEngaged).
			then(func(s hte.State) {
				assert.Equal(t, hte.Ref("T-5"), s.Trainer)
				assert.Equal(t, hte.Ref("RX2"), s.Service)
				assert.Equal(t, hte.Setting("probation"), s.Setting)
				assert.Equal(t, hte.Ref("RX1"), s.Referral.Service, "where it began is not forgotten")
			})
	}},
	{"release is planned in custody, and what was planned is done", func(t *testing.T, journey func() *scenario) {
		from := referral
		from.Setting, from.Supervision = "prison", "custody"
		s := journey().given(from, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"},
			hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"})
		s.when(hte.ReleasePlanned{Day: s.today.AddDays(-1)}).refused("day_ahead").
			given(hte.ReleasePlanned{Day: s.today.AddDays(60)}, hte.ReleasePlanned{Day: s.today.AddDays(40), Service: "RX2", Trainer: "T-5"}).
			then(func(s hte.State) { assert.Equal(t, s.LastOn.AddDays(40), s.Justice.Release.Day) }).
			later(41).when(hte.Released{Supervision: "licence", Setting: "probation", Ends: s.today.AddDays(300)}).
			recorded(hte.KindReleased, hte.KindHandedOver).
			then(func(st hte.State) {
				assert.Equal(t, hte.Ref("T-5"), st.Trainer)
				assert.Equal(t, hte.Ref("RX2"), st.Service)
				assert.Equal(t, s.today.AddDays(300), st.Justice.Ends)
				assert.Equal(t, hte.ReleasePlanned{}, st.Justice.Release, "done")
			}).
			when(hte.ReleasePlanned{Day: s.today.AddDays(40)}).refused("in_custody")
	}},
	{"who is named at release counts, not who was planned", func(t *testing.T, journey func() *scenario) {
		from := referral
		from.Setting, from.Supervision = "prison", "custody"
		for _, tc := range []struct {
			released hte.Released
			service  hte.Ref
			trainer  hte.Ref
		}{
			{hte.Released{Supervision: "none", Setting: "community", Trainer: "T-9"}, "RX1", "T-9"},
			{hte.Released{Supervision: "none", Setting: "community", Service: "RX4"}, "RX4", ""},
			{hte.Released{Supervision: "none", Setting: "community", Service: "RX4", Trainer: "T-1"}, "RX4", "T-1"},
			{hte.Released{Supervision: "none", Setting: "community"}, "RX2", "T-5"},
		} {
			s := journey().given(from, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"},
				hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"})
			s.given(hte.ReleasePlanned{Day: s.today, Service: "RX2", Trainer: "T-5"}).
				when(tc.released).recorded(hte.KindReleased, hte.KindHandedOver).
				then(func(s hte.State) {
					assert.Equal(t, tc.service, s.Service)
					assert.Equal(t, tc.trainer, s.Trainer)
				})
		}
	}},
	{"the trainer who waits outside is the same: nothing is handed over", func(_ *testing.T, journey func() *scenario) {
		from := referral
		from.Setting, from.Supervision = "prison", "custody"
		for _, met := range []bool{false, true} {
			s := journey().given(from, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"})
			if met {
				s.given(hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"})
			}
			s.when(hte.PrisonTransferred{To: "HMP-2", Trainer: "T-1"}).recorded(hte.KindPrisonTransferred).
				when(hte.Released{Supervision: "none", Setting: "community", Trainer: "T-1"}).recorded(hte.KindReleased)
		}
	}},
	{"a plan says how many sessions, whatever the policy's number", func(t *testing.T, journey func() *scenario) {
		journey().assessed().given(hte.PlanStarted{Sessions: 3}).then(func(s hte.State) { assert.Equal(t, 3, s.Plan.Sessions) })
		journey().with(func(p *hte.Policy) { p.Sessions = 0 }).assessed().given(hte.PlanStarted{}).
			then(func(s hte.State) { assert.Zero(t, s.Plan.Sessions) })
	}},
	{"released with nobody outside: the client has no trainer until one is assigned", func(t *testing.T, journey func() *scenario) {
		from := referral
		from.Setting, from.Supervision = "prison", "custody"
		journey().given(from, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"},
			hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}).
			later(40).when(hte.Released{Supervision: "none", Setting: "community"}).recorded(hte.KindReleased, hte.KindHandedOver).
			then(func(s hte.State) { assert.Empty(t, s.Trainer) })
	}},
	{"moved to another prison, where another trainer goes on", func(t *testing.T, journey func() *scenario) {
		from := referral
		from.Setting, from.Supervision = "prison", "custody"
		journey().given(from, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"},
			hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}).
			later(5).when(hte.PrisonTransferred{To: "HMP-2", Trainer: "T-8"}).recorded(hte.KindPrisonTransferred, hte.KindHandedOver).
			then(func(s hte.State) { assert.Equal(t, hte.Ref("T-8"), s.Trainer) })
	}},
	{"moved to another prison: what was planned there does not simply go on with the next trainer", func(t *testing.T, journey func() *scenario) {
		from := referral
		from.Setting, from.Supervision = "prison", "custody"
		s := journey().given(from, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"},
			hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}, hte.ConsentGiven{})
		meet := func(days int) hte.AppointmentPlanned {
			return hte.AppointmentPlanned{Purpose: "session", Day: s.today.AddDays(days), Starts: "10:00", Mode: "face_to_face"}
		}
		s.given(meet(3), meet(5), meet(9), meet(12)).
			later(5).given(hte.PrisonTransferred{To: "HMP-2", Trainer: "T-8"}).
			then(func(s hte.State) {
				assert.Zero(t, s.Appointments[0].Rearrange, "its day had passed: it may have taken place")
				assert.Zero(t, s.Appointments[1].Rearrange, "it may have taken place in the morning")
				assert.Equal(t, hte.KindPrisonTransferred, s.Appointments[2].Rearrange, "what came first is the reason")
				assert.Equal(t, hte.Planned, s.Appointments[2].Status, "nothing is called off over anybody's head")
			})
		s.given(hte.AppointmentRescheduled{Appointment: 3, By: "service", Day: s.today.AddDays(4), Starts: "10:00", Mode: "face_to_face"},
			hte.AppointmentRescheduled{Appointment: 4, By: "service", Day: s.today.AddDays(6), Starts: "14:30", Mode: "face_to_face"}).
			then(func(s hte.State) {
				assert.Zero(t, s.Appointments[2].Rearrange)
				assert.Zero(t, s.Appointments[2].Moved, "the next trainer can keep it as it stands")
				assert.Zero(t, s.Appointments[3].Rearrange)
				assert.Equal(t, 1, s.Appointments[3].Moved)
			})
		// Made by the next trainer before the transfer was written up.
		s.later(1).given(meet(7)).then(func(s hte.State) { assert.Zero(t, s.Appointments[4].Rearrange) })
		c := s.command(hte.PrisonTransferred{To: "HMP-3", Trainer: "T-8"})
		c.On = s.today.AddDays(-1)
		s.events, s.err = hte.Decide(&s.policy, &s.state, c)
		s.recorded(hte.KindPrisonTransferred).then(func(s hte.State) {
			assert.Equal(t, hte.KindPrisonTransferred, s.Appointments[2].Rearrange, "the trainer goes along, and the room does not")
			assert.Zero(t, s.Appointments[4].Rearrange)
		})
		// A transfer that never was upsets nothing.
		s.given(hte.Voided{Sequence: s.log[len(s.log)-1].Sequence, Reason: "mistake"}).
			then(func(s hte.State) { assert.Zero(t, s.Appointments[2].Rearrange) })
	}},
	{"what else comes between an appointment and its day", func(t *testing.T, journey func() *scenario) {
		goOn := func(p *hte.Policy) { p.Justice = nil }
		for _, what := range []hte.Data{
			hte.TrainerAssigned{Trainer: "T-2"},
			hte.TrainerReleased{Reason: "left"},
			hte.HandedOver{Service: "RX3", Trainer: "T-1"},
			hte.Recalled{Prison: "HMP-1"},
			hte.Remanded{},
			hte.SentenceStarted{Supervision: "custody"},
		} {
			s := journey().with(goOn).active()
			s.given(hte.AppointmentPlanned{Purpose: "session", Day: s.today.AddDays(7), Mode: "face_to_face"}).
				later(1).given(what).
				then(func(s hte.State) { assert.Equal(t, what.Kind(), s.Appointments[0].Rearrange, what.Kind().String()) })
			s.given(hte.AppointmentCancelled{Appointment: 1, By: "service", Reason: "staff"}).
				then(func(s hte.State) { assert.Zero(t, s.Appointments[0].Rearrange, "it is settled") })
		}
		for _, what := range []hte.Data{hte.Released{Supervision: "none", Setting: "community"}, hte.SentenceEnded{}, hte.SentenceStarted{Supervision: "licence"}} {
			s := journey().with(goOn).active()
			s.given(hte.Recalled{}, hte.AppointmentPlanned{Purpose: "session", Day: s.today.AddDays(7), Mode: "face_to_face"}).
				later(1).given(what).
				then(func(s hte.State) { assert.Equal(t, what.Kind(), s.Appointments[0].Rearrange, what.Kind().String()) })
		}
		for _, what := range []hte.Data{hte.SentenceStarted{Supervision: "community_order"}, hte.SupervisionEnded{}, hte.SentenceEnded{}} {
			s := journey().with(goOn).active()
			s.given(hte.AppointmentPlanned{Purpose: "session", Day: s.today.AddDays(7), Mode: "face_to_face"}).
				later(1).given(what).
				then(func(s hte.State) { assert.Zero(t, s.Appointments[0].Rearrange, "they are where they were") })
		}
	}},
	{"moved before the trainer came: the next one is assigned at once", func(t *testing.T, journey func() *scenario) {
		from := referral
		from.Setting, from.Supervision = "prison", "custody"
		journey().given(from, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"}).
			later(5).when(hte.PrisonTransferred{To: "HMP-2", Trainer: "T-8"}).recorded(hte.KindPrisonTransferred, hte.KindTrainerAssigned).
			stage(hte.StageAssigned).then(func(s hte.State) { assert.Equal(t, hte.Ref("T-8"), s.Trainer) })
	}},
	{"released when the trainer inside had left: who is named outside takes over", func(t *testing.T, journey func() *scenario) {
		from := referral
		from.Setting, from.Supervision = "prison", "custody"
		journey().given(from, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"},
			hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}, hte.TrainerReleased{Reason: "left"}).
			later(40).when(hte.Released{Supervision: "licence", Setting: "probation", Service: "RX2", Trainer: "T-5"}).
			recorded(hte.KindReleased, hte.KindHandedOver).
			then(func(s hte.State) {
				assert.Equal(t, hte.Ref("RX2"), s.Service)
				assert.Equal(t, hte.Ref("T-5"), s.Trainer)
			})
		journey().given(from, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"},
			hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}, hte.TrainerReleased{Reason: "left"}).
			when(hte.PrisonTransferred{To: "HMP-2"}).recorded(hte.KindPrisonTransferred) // nobody to take over, and nobody to take it from
	}},
	{"released before anybody met the client: the service outside has them, and the trainer who is named", func(t *testing.T, journey func() *scenario) {
		from := referral
		from.Setting, from.Supervision = "prison", "custody"
		out := hte.Released{Supervision: "licence", Setting: "probation", Service: "RX2", Trainer: "T-5"}
		journey().given(from, hte.Accepted{}).later(40).when(out).
			recorded(hte.KindReleased, hte.KindTrainerAssigned).stage(hte.StageAssigned).
			then(func(s hte.State) {
				assert.Equal(t, hte.Ref("RX2"), s.Service)
				assert.Equal(t, hte.AssignmentReason("through_the_gate"), s.Assignments[0].Reason)
			})
		journey().given(from, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"}).later(40).when(out).
			recorded(hte.KindReleased, hte.KindTrainerAssigned).
			then(func(s hte.State) { assert.Equal(t, hte.Ref("RX2"), s.Service) })
		journey().given(from).later(40).when(out).recorded(hte.KindReleased).stage(hte.StageReferred).
			then(func(s hte.State) {
				assert.Equal(t, hte.Ref("RX2"), s.Service, "who has to answer the referral now")
				assert.Empty(t, s.Trainer)
			})
		out.Trainer = ""
		journey().given(from, hte.Accepted{}).later(40).when(out).recorded(hte.KindReleased).stage(hte.StageWaiting).
			then(func(s hte.State) { assert.Equal(t, hte.Ref("RX2"), s.Service, "where they wait now") })
		journey().given(from, hte.Accepted{}).when(hte.PrisonTransferred{To: "HMP-2", Trainer: "T-8"}).
			recorded(hte.KindPrisonTransferred, hte.KindTrainerAssigned).
			then(func(s hte.State) { assert.Equal(t, hte.AssignmentReason("moved"), s.Assignments[0].Reason) })
	}},
	{"a session that is written up after another trainer took over is that of the trainer who held it", func(t *testing.T, journey func() *scenario) {
		s := journey().active()
		held := s.today.AddDays(2)
		s.given(hte.AppointmentPlanned{Purpose: "session", Day: held, Mode: "video"}, hte.AppointmentPlanned{Purpose: "session", Day: held, Mode: "video"}).
			later(3).given(hte.TrainerReleased{Reason: "left"}).
			later(2).given(hte.TrainerAssigned{Trainer: "T-2"}).
			later(1)
		for _, what := range []hte.Data{hte.AppointmentAttended{Appointment: 1, Mode: "video"}, hte.AppointmentMissed{Appointment: 2, Reason: "forgot"}} {
			c := s.command(what)
			c.On = held
			s.events, s.err = hte.Decide(&s.policy, &s.state, c)
			s.recorded(what.Kind())
		}
		s.then(func(st hte.State) {
			assert.Equal(t, hte.Ref("T-1"), st.Appointments[0].Trainer)
			assert.Equal(t, hte.Ref("T-1"), st.Appointments[1].Trainer)
		})
		c := s.command(hte.AppointmentAttended{Purpose: "session", Mode: "video"})
		c.On = held.AddDays(2) // nobody had the client that day
		s.events, s.err = hte.Decide(&s.policy, &s.state, c)
		s.refused("trainer")
		s.when(hte.AppointmentAttended{Purpose: "session", Mode: "video"}).recorded(hte.KindAppointmentAttended).
			then(func(st hte.State) { assert.Equal(t, hte.Ref("T-2"), st.Appointments[2].Trainer) })
	}},
	{"trainers come one after the other", func(_ *testing.T, journey func() *scenario) {
		s := journey().active().later(10).given(hte.TrainerAssigned{Trainer: "T-2"})
		s.later(-1).when(hte.TrainerAssigned{Trainer: "T-3"}).refused("in_order").
			when(hte.TrainerReleased{}).refused("in_order").
			when(hte.HandedOver{Service: "RX3", Trainer: "T-3"}).refused("in_order").
			later(1).given(hte.PlanReviewed{}, hte.TrainerReleased{}).
			when(hte.HandedOver{Service: "RX3", Trainer: "T-3"}).recorded(hte.KindHandedOver)
	}},
	{"who was met once is not given up for calls that nobody answered before", func(_ *testing.T, journey func() *scenario) {
		call := hte.ContactAttempted{Mode: "telephone", Outcome: "no_answer"}
		s := journey().assigned().given(call, call, call).
			later(3).given(hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}, hte.ConsentGiven{}).
			later(30).when(hte.Closed{Reason: "not_contactable"}).refused("closure_fits: attempts")
		s.given(call, call, hte.AppointmentAttended{Purpose: "session", Mode: "telephone"}). // they rang back
													later(30).given(call, call).when(hte.Closed{Reason: "not_contactable"}).refused("closure_fits: attempts").
													given(call).when(hte.Closed{Reason: "not_contactable"}).recorded(hte.KindClosed)
	}},
	{"a pause does not last until last week", func(_ *testing.T, journey func() *scenario) {
		s := journey().active()
		s.when(hte.Paused{Reason: "illness", Until: s.today.AddDays(-7)}).refused("day_ahead").
			when(hte.Paused{Reason: "illness", Until: s.today}).recorded(hte.KindPaused)
	}},
	{"supervision ends, and the client stays by their own will", func(t *testing.T, journey func() *scenario) {
		journey().active().when(hte.SupervisionEnded{}).recorded(hte.KindSupervisionEnded).stage(hte.StageActive).
			then(func(s hte.State) { assert.Equal(t, hte.Supervision("none"), s.Justice.Supervision) }).
			when(hte.SupervisionEnded{}).refused("supervised").
			when(hte.SentenceEnded{}).refused("supervised")
	}},
	{"the work pauses for illness, and is resumed", func(t *testing.T, journey func() *scenario) {
		s := journey().active()
		s.when(hte.Resumed{}).refused("paused").
			given(hte.Paused{Reason: "illness", Until: s.today.AddDays(30)}).later(1).
			when(hte.PlanConcluded{Outcome: "lost"}).refused("not_paused").
			given(hte.Resumed{}).when(hte.PlanConcluded{Outcome: "lost"}).recorded(hte.KindPlanConcluded)
	}},
	{"released before anybody could see them: the referral is handed over to the service outside", func(t *testing.T, journey func() *scenario) {
		from := referral
		from.Setting, from.Supervision = "prison", "custody"
		out := hte.Released{Supervision: "licence", Setting: "probation"}
		over := hte.HandedOver{Service: "RX2", Trainer: "T-5"}

		// The trainer inside learns of the release when they come to the wing.
		journey().given(from, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"}).
			later(3).given(out).
			later(2).when(over).recorded(hte.KindHandedOver, hte.KindTrainerAssigned).stage(hte.StageAssigned).
			then(func(s hte.State) {
				assert.Equal(t, hte.Ref("RX2"), s.Service)
				assert.Equal(t, hte.Ref("T-5"), s.Trainer)
				assert.Equal(t, hte.AssignmentReason("through_the_gate"), s.Assignments[len(s.Assignments)-1].Reason)
				assert.Equal(t, hte.Ref("RX1"), s.Referral.Service, "where it began is not forgotten")
				assert.True(t, s.FirstContact.IsZero())
			}).
			later(2).when(hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}).recorded(hte.KindFirstContactMade)

		// The client waits still, and nobody is named: they wait outside.
		journey().given(from, hte.Accepted{}).later(3).given(out).
			when(hte.HandedOver{Service: "RX2"}).recorded(hte.KindHandedOver).stage(hte.StageWaiting).
			then(func(s hte.State) { assert.Equal(t, hte.Ref("RX2"), s.Service) }).
			when(hte.Declined{By: "service", Reason: "no_capacity"}).recorded(hte.KindDeclined) // they may decline what another accepted

		// The client has a trainer who cannot follow them out: they wait again.
		journey().given(from, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"}).later(1).
			when(hte.HandedOver{Service: "RX2", Setting: "probation"}).recorded(hte.KindHandedOver).stage(hte.StageWaiting).
			then(func(s hte.State) {
				assert.Empty(t, s.Trainer)
				assert.Equal(t, s.LastOn, s.Assignments[0].To)
				assert.Equal(t, hte.Setting("probation"), s.Setting)
			})

		// Nobody has answered the referral: whom it is passed on to answers it, and only then is there a trainer.
		journey().given(from).given(out).when(over).refused("taker: trainer").
			when(hte.HandedOver{Service: "RX2"}).recorded(hte.KindHandedOver).stage(hte.StageReferred).
			given(hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-5"}).stage(hte.StageAssigned)
	}},
	{"before anybody met the client, a handover is of the referral", func(t *testing.T, journey func() *scenario) {
		// From trainer to trainer in one service it is a reassignment.
		journey().assigned().when(hte.HandedOver{Trainer: "T-2"}).refused("taker").
			when(hte.HandedOver{Service: "RX1", Trainer: "T-2"}).refused("taker").
			when(hte.HandedOver{Service: "RX3", Trainer: "T-2"}).recorded(hte.KindHandedOver, hte.KindTrainerAssigned).
			then(func(s hte.State) {
				assert.Equal(t, hte.AssignmentReason("moved"), s.Assignments[len(s.Assignments)-1].Reason, "nobody was released")
			})
		journey().waiting().when(hte.HandedOver{Trainer: "T-2"}).refused("taker")
		// It makes the client wait, so it does not come before what it undoes.
		journey().assigned().later(-1).when(hte.HandedOver{Service: "RX3"}).refused("in_order")
		journey().waiting().later(-1).when(hte.HandedOver{Service: "RX3"}).refused("in_order")
	}},
	{"a handover before first contact that was a mistake takes the trainer's assignment with it", func(t *testing.T, journey func() *scenario) {
		s := journey().waiting()
		s.given(hte.HandedOver{Service: "RX3", Trainer: "T-2"})
		s.given(hte.Voided{Sequence: s.log[len(s.log)-2].Sequence, Reason: "mistake"}).stage(hte.StageWaiting).
			then(func(s hte.State) {
				assert.Equal(t, hte.Ref("RX1"), s.Service)
				assert.Empty(t, s.Assignments)
			})
	}},
	{"a first contact is not voided from under a handover to a trainer", func(_ *testing.T, journey func() *scenario) {
		s := journey().assigned().given(hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"})
		met := s.log[len(s.log)-1].Sequence
		s.given(hte.HandedOver{Service: "RX3", Trainer: "T-2"}).
			when(hte.Voided{Sequence: met, Reason: "mistake"}).refused("later_events: 5")
	}},
	{"a handover changes something", func(t *testing.T, journey func() *scenario) {
		journey().active().when(hte.HandedOver{Trainer: "T-1", Service: "RX1"}).refused("taker").
			when(hte.HandedOver{Trainer: "T-1", Setting: "community"}).recorded(hte.KindHandedOver).
			then(func(s hte.State) {
				assert.Equal(t, hte.Setting("community"), s.Setting)
				assert.Len(t, s.Assignments, 1, "the trainer stays")
			}).
			when(hte.HandedOver{Service: "RX3"}).recorded(hte.KindHandedOver).
			then(func(s hte.State) {
				assert.Equal(t, hte.Ref("RX3"), s.Service)
				assert.Empty(t, s.Trainer)
				assert.Equal(t, s.LastOn, s.Assignments[0].To)
			})
	}},

	// Follow-up.
	{"follow-ups have a window", func(t *testing.T, journey func() *scenario) {
		s := journey().followedUp() // concluded on 21 March
		held := hte.FollowUpHeld{Months: 3, Maintained: "part", Mode: "telephone"}
		require.Equal(t, "2024-03-21", s.today.String())
		s.on("2024-05-06").when(held).refused("follow_up_open").
			on("2024-05-07").when(held).recorded(hte.KindFollowUpHeld).
			when(held).refused("follow_up_open").
			when(hte.FollowUpHeld{Months: 4, Maintained: "yes", Mode: "telephone"}).refused("follow_up").
			on("2024-10-01").given(hte.FollowUpLost{Months: 6}).
			then(func(s hte.State) { assert.Equal(t, hte.Maintained("lost"), s.FollowUps[1].Maintained) }).
			on("2025-03-21").given(hte.Closed{Reason: "completed"}).
			when(hte.FollowUpHeld{Months: 12, Maintained: "yes", Mode: "telephone"}).recorded(hte.KindFollowUpHeld).
			when(hte.MeasureTaken{Measure: "fruit_veg", Value: wellbeing.Whole(4), Occasion: "follow_up"}).recorded(hte.KindMeasureTaken).
			when(hte.MeasureTaken{Measure: "fruit_veg", Value: wellbeing.Whole(4), Occasion: "session"}).refused("followed_up")
	}},
	{"two follow-ups are not held on one day", func(_ *testing.T, journey func() *scenario) {
		journey().followedUp().on("2024-08-20").given(hte.FollowUpHeld{Months: 3, Maintained: "yes", Mode: "video"}).
			when(hte.FollowUpHeld{Months: 6, Maintained: "yes", Mode: "video"}).refused("follow_up_open: order")
	}},
	{"a follow-up that was written up late lies before the next one", func(_ *testing.T, journey func() *scenario) {
		s := journey().followedUp().on("2024-09-20").given(hte.FollowUpHeld{Months: 6, Maintained: "yes", Mode: "video"})
		s.when(hte.FollowUpHeld{Months: 3, Maintained: "yes", Mode: "video"}).refused("follow_up_open: order")
		c := s.command(hte.FollowUpHeld{Months: 3, Maintained: "yes", Mode: "video"})
		c.On = s.today.AddDays(-90)
		s.events, s.err = hte.Decide(&s.policy, &s.state, c)
		s.recorded(hte.KindFollowUpHeld)
	}},
	{"the client becomes their own health trainer, then a volunteer, then an employed trainer", func(t *testing.T, journey func() *scenario) {
		journey().followedUp().given(hte.OwnTrainerBecome{}).when(hte.OwnTrainerBecome{}).refused("once").
			later(60).given(hte.WorkforceStepTaken{Step: "volunteer"}, hte.Closed{Reason: "completed"}).
			later(200).given(hte.WorkforceStepTaken{Step: "trainee"}).
			when(hte.WorkforceStepTaken{Step: "champion"}).refused("next_step").
			when(hte.WorkforceStepTaken{Step: "none"}).refused("fields: step").
			later(200).given(hte.WorkforceStepTaken{Step: "employed"}).
			then(func(s hte.State) { assert.Len(t, s.Workforce, 3) })
	}},

	// Closing.
	{"completed means that the plan was concluded", func(_ *testing.T, journey func() *scenario) {
		journey().active().when(hte.Closed{Reason: "completed"}).refused("closure_fits: plan")
		journey().followedUp().when(hte.Closed{Reason: "completed"}).recorded(hte.KindClosed)
	}},
	{"brief advice is complete without a plan", func(_ *testing.T, journey func() *scenario) {
		journey().assigned().given(hte.FirstContactMade{Mode: "face_to_face", Help: "brief"}).
			when(hte.Closed{Reason: "completed"}).recorded(hte.KindClosed)
	}},
	{"a reason has to fit what is on record", func(_ *testing.T, journey func() *scenario) {
		journey().active().
			when(hte.Closed{Reason: "signposted"}).refused("closure_fits: signpost").
			when(hte.Closed{Reason: "recalled"}).refused("closure_fits: justice").
			when(hte.Closed{Reason: "sentenced"}).refused("closure_fits: justice").
			when(hte.Closed{Reason: "released"}).refused("closure_fits: justice").
			when(hte.Closed{Reason: "supervision_ended"}).refused("closure_fits: justice").
			when(hte.Closed{Reason: "consent_withdrawn"}).refused("closure_fits: withdrawal").
			when(hte.Closed{Reason: "transferred"}).refused("closure_fits: transferred_out").
			when(hte.Closed{Reason: "ineligible"}).refused("closure_fits: found_ineligible")
	}},
	{"closing ends a pause and the trainer's time", func(t *testing.T, journey func() *scenario) {
		journey().active().given(hte.Paused{Reason: "hospital"}).later(30).given(hte.Closed{Reason: "moved"}).
			then(func(s hte.State) {
				assert.Equal(t, hte.Pause{}, s.Pause)
				assert.Equal(t, s.Closure.On, s.Pauses[0].To)
				assert.Equal(t, s.Closure.On, s.Assignments[0].To)
				assert.Equal(t, hte.Ref("T-1"), s.Trainer, "it is still known who it was")
			})
	}},
	{"nothing lies after the closing", func(_ *testing.T, journey func() *scenario) {
		s := journey().followedUp()
		s.later(-1).when(hte.Closed{Reason: "moved"}).refused("nothing_later")
	}},
	{"who stops coming leaves a plan that is lost", func(t *testing.T, journey func() *scenario) {
		s := journey().active()
		s.given(hte.AppointmentPlanned{Purpose: "session", Day: s.today, Mode: "video"}).later(30).
			when(hte.Closed{Reason: "disengaged"}).recorded(hte.KindAppointmentCancelled, hte.KindClosed).
			then(func(s hte.State) {
				assert.Equal(t, hte.PlanOutcome("lost"), s.Plan.Outcome)
				assert.Equal(t, hte.GoalStatus("lost"), s.Goals[0].Status)
				assert.Equal(t, hte.StageActive, s.Closure.From)
			})
	}},
	{"after a death nothing more is asked", func(_ *testing.T, journey func() *scenario) {
		journey().followedUp().given(hte.Closed{Reason: "died"}).later(90).
			when(hte.FollowUpHeld{Months: 3, Maintained: "yes", Mode: "telephone"}).refused("followed_up").
			when(hte.WorkforceStepTaken{Step: "volunteer"}).refused("next_step")
	}},
	{"another service goes on with the client", func(t *testing.T, journey func() *scenario) {
		journey().active().when(hte.TransferredOut{To: "RX9"}).recorded(hte.KindTransferredOut).stage(hte.StageClosed).
			then(func(s hte.State) { assert.Equal(t, hte.Ref("RX9"), s.Closure.To) })
	}},
	{"the client comes back, as a new episode linked to the old one", func(t *testing.T, journey func() *scenario) {
		journey().followedUp().when(hte.ReReferred{Episode: "E-2"}).refused("stage").
			given(hte.Closed{Reason: "completed"}, hte.ReReferred{Episode: "E-2"}).
			then(func(s hte.State) { assert.Equal(t, hte.Ref("E-2"), s.Next) }).
			when(hte.ReReferred{Episode: "E-3"}).refused("once")
		back := referral
		back.Previous = "E-1"
		journey().when(back).recorded(hte.KindReferred)
	}},
	{"notes are short", func(_ *testing.T, journey func() *scenario) {
		journey().referred().when(hte.NoteAdded{}).refused("fields: text").
			when(hte.NoteAdded{Text: string(make([]byte, 5000))}).refused("fields: text").
			when(hte.NoteAdded{Text: "prefers mornings"}).recorded(hte.KindNoteAdded)
	}},

	// Corrections.
	{"corrections need the whole log", func(t *testing.T, journey func() *scenario) {
		s := journey().referred()
		s.events, s.err = hte.Decide(&s.policy, &s.state, s.command(hte.Voided{Sequence: 1, Reason: "mistake"}))
		s.refused("whole_log")
	}},
	{"a weight entered for the wrong client is void, as if it had never been", func(t *testing.T, journey func() *scenario) {
		s := journey().engaged()
		before := s.state.Clone()
		s.given(hte.MeasureTaken{Measure: "weight_kg", Value: wellbeing.Whole(120), Occasion: "assessment"})
		wrong := s.state.Sequence
		s.when(hte.Voided{Sequence: wrong, Reason: "wrong_client"}).recorded(hte.KindVoided).
			then(func(s hte.State) {
				assert.Empty(t, s.Measurements)
				assert.Equal(t, 1, s.Corrections)
				s.Sequence, s.Recorded, s.Corrections = before.Sequence, before.Recorded, 0
				assert.Equal(t, before, s)
			}).
			when(hte.Voided{Sequence: wrong, Reason: "mistake"}).refused("correctable").
			when(hte.Voided{Sequence: wrong + 1, Reason: "mistake"}).refused("correctable").
			when(hte.Voided{Sequence: 1, Reason: "mistake"}).refused("correctable").
			when(hte.Voided{Sequence: 99, Reason: "mistake"}).refused("correctable")
	}},
	{"what later events rest on is not voided under them", func(_ *testing.T, journey func() *scenario) {
		journey().active().
			when(hte.Voided{Sequence: 2, Reason: "mistake"}). // acceptance: then nobody could be assigned
			refused("later_events: 3")
	}},
	{"a recall of another client is void, and with it the pause and the cancellations", func(t *testing.T, journey func() *scenario) {
		s := journey().active()
		s.given(hte.AppointmentPlanned{Purpose: "session", Day: s.today.AddDays(7), Mode: "video"}).given(hte.Recalled{})
		recall := s.state.Sequence - 2
		s.when(hte.Voided{Sequence: recall, Reason: "wrong_client"}).recorded(hte.KindVoided, hte.KindVoided, hte.KindVoided).
			then(func(s hte.State) {
				assert.False(t, s.Justice.InCustody)
				assert.Equal(t, hte.Pause{}, s.Pause)
				assert.Equal(t, hte.Planned, s.Appointments[0].Status)
			})
	}},
	{"closed by mistake: voiding that opens the journey again", func(t *testing.T, journey func() *scenario) {
		s := journey().active()
		s.given(hte.AppointmentPlanned{Purpose: "session", Day: s.today.AddDays(7), Mode: "video"}, hte.Closed{Reason: "disengaged"}).
			when(hte.Voided{Sequence: s.state.Sequence, Reason: "mistake"}).recorded(hte.KindVoided, hte.KindVoided).
			stage(hte.StageActive).
			then(func(s hte.State) {
				assert.Equal(t, hte.PlanOutcome("open"), s.Plan.Outcome)
				assert.Equal(t, hte.Planned, s.Appointments[0].Status)
			})
	}},
	{"a goal's target is amended, and keeps its number and what belongs to it", func(t *testing.T, journey func() *scenario) {
		s := journey().planning()
		right := aGoal(s)
		right.Target = wellbeing.Whole(5)
		s.given(aGoal(s))
		goal := s.state.Sequence
		s.given(hte.RewardPlanned{Goal: 1, Text: "cinema"}).later(1).
			when(hte.Amended{Sequence: goal, Reason: "wrong_value", On: s.today.AddDays(-1), Data: right}).recorded(hte.KindAmended).
			then(func(s hte.State) {
				assert.Equal(t, "5", s.Goals[0].Target.String())
				assert.Equal(t, 1, s.Goals[0].Goal)
				assert.Len(t, s.Goals[0].Rewards, 1)
			}).
			when(hte.Amended{Sequence: goal, Reason: "wrong_value", On: s.today, Data: hte.PlanStarted{}}).refused("same_kind").
			when(hte.Amended{Sequence: goal, Reason: "wrong_value", On: s.today, Data: hte.GoalSet{}}).refused("fields: issue").
			when(hte.Amended{Sequence: goal, Reason: "wrong_date", On: s.today.AddDays(1), Data: right}).refused("when: on")
	}},
	{"amended twice, the last counts; even the referral can be amended", func(t *testing.T, journey func() *scenario) {
		s := journey().waiting()
		first, second := referral, referral
		first.Age, second.Age = 35, 36
		s.given(hte.Amended{Sequence: 1, Reason: "wrong_value", On: day(t, "2024-01-08"), Data: first},
			hte.Amended{Sequence: 1, Reason: "wrong_value", On: day(t, "2024-01-07"), Data: second}).
			then(func(s hte.State) {
				assert.Equal(t, 36, s.Referral.Age)
				assert.Equal(t, "2024-01-07", s.ReferredOn.String())
				assert.Equal(t, hte.StageWaiting, s.Stage)
			})
	}},
	{"no stage is moved before the one it follows", func(t *testing.T, journey func() *scenario) {
		s := journey().assigned().later(1)
		s.when(hte.Amended{Sequence: 2, Reason: "wrong_date", On: s.today, Data: hte.Accepted{}}).refused("in_order")
	}},
	{"a referral is not moved behind what was done about it", func(t *testing.T, journey func() *scenario) {
		s := journey().referred().later(1).given(hte.ContactAttempted{Mode: "telephone", Outcome: "no_answer"}).
			later(4).given(hte.Accepted{})
		s.when(hte.Amended{Sequence: 1, Reason: "wrong_date", On: day(t, "2024-01-10"), Data: referral}).refused("later_events: 2").
			when(hte.Amended{Sequence: 1, Reason: "wrong_date", On: day(t, "2024-01-09"), Data: referral}).recorded(hte.KindAmended)
	}},
	{"what was done is not moved behind the closing, nor the closing before it", func(t *testing.T, journey func() *scenario) {
		session := hte.AppointmentAttended{Purpose: "session", Mode: "video"}
		s := journey().active().later(5).given(session)
		held := s.state.Sequence
		s.later(5).given(hte.Closed{Reason: "moved"})
		closing := s.state.Sequence
		s.later(5).given(hte.NoteAdded{Text: "sent a card"}).
			when(hte.Amended{Sequence: held, Reason: "wrong_date", On: s.today, Data: session}).refused("later_events: " + strconv.FormatInt(closing, 10)).
			when(hte.Amended{Sequence: closing, Reason: "wrong_date", On: s.today.AddDays(-11), Data: hte.Closed{Reason: "moved"}}).
			refused("later_events: " + strconv.FormatInt(held, 10)).
			when(hte.Amended{Sequence: closing, Reason: "wrong_date", On: s.today.AddDays(-10), Data: hte.Closed{Reason: "moved"}}).recorded(hte.KindAmended)
	}},
	{"a log from a newer version is not built upon, unless the policy says so", func(t *testing.T, journey func() *scenario) {
		s := journey().waiting()
		s.log = append(s.log, hte.Event{
			Journey: "E-1", Sequence: s.state.Sequence + 1, On: s.today, Recorded: s.state.Recorded, By: "T-1",
			Data: hte.Unknown{Name: "tea_drunk", Version: 1, Raw: `{"cups": 2}`},
		})
		s.events = nil
		s.keep()
		s.when(hte.TrainerAssigned{Trainer: "T-1"}).refused("known").
			with(func(p *hte.Policy) { p.DecideOverUnknown = true }).
			when(hte.TrainerAssigned{Trainer: "T-1"}).recorded(hte.KindTrainerAssigned).
			then(func(s hte.State) { assert.Equal(t, 1, s.Unknown) })
	}},
	{"personal data are taken out, and the log still tells the journey", func(t *testing.T, journey func() *scenario) {
		s := journey().active()
		s.given(hte.SupporterNamed{Person: "P-9", Relation: "family"}, hte.NoteAdded{Text: "her sister Ann helps"},
			hte.ActionPlanned{Goal: 1, What: "buy apples", Where: "market", When: "Saturdays", With: "P-9"},
			hte.SupporterRemoved{Person: "P-9"})
		before := s.state.Clone()
		for i, e := range s.log {
			s.log[i] = hte.Redact(e, true, func(r hte.Ref) bool { return r == "P-9" })
		}
		s.when(hte.Redacted{}).refused("fields: text").given(hte.Redacted{Text: true, References: true}).
			then(func(s hte.State) {
				assert.Empty(t, s.Supporters[0].Person)
				assert.Empty(t, s.Notes[0].Text)
				assert.Empty(t, s.Goals[0].Behaviour)
				assert.Empty(t, s.Goals[0].Actions[0].With)
				assert.Equal(t, before.Goals[0].Target, s.Goals[0].Target, "facts stay")
				assert.Equal(t, before.Stages, s.Stages)
				assert.Equal(t, hte.Ref("C-1"), s.Referral.Client, "only who was asked for")
				assert.Len(t, s.Redactions, 1)
			})
	}},
	{"the trainer leaves before the first contact, with appointments planned: the client waits, and they can be settled", func(_ *testing.T, journey func() *scenario) {
		left := func() *scenario {
			s := journey().assigned()
			s.given(hte.AppointmentPlanned{Purpose: "first_contact", Day: s.today.AddDays(2), Mode: "telephone"},
				hte.AppointmentPlanned{Purpose: "session", Day: s.today.AddDays(9), Mode: "face_to_face"})
			return s.later(1).given(hte.TrainerReleased{Reason: "left"}).stage(hte.StageWaiting)
		}
		s := left()
		s.when(hte.AppointmentPlanned{Purpose: "session", Day: s.today.AddDays(2), Mode: "telephone"}).refused("stage") // there is nobody to meet
		s.when(hte.AppointmentRescheduled{Appointment: 2, By: "service", Day: s.today.AddDays(20), Mode: "telephone"}).recorded(hte.KindAppointmentRescheduled).
			later(1).when(hte.AppointmentMissed{Appointment: 1, Reason: "other"}).recorded(hte.KindAppointmentMissed).
			when(hte.AppointmentCancelled{Appointment: 2, By: "service", Reason: "staff"}).recorded(hte.KindAppointmentCancelled).stage(hte.StageWaiting)
		// What closes or pauses the journey calls them off, while the client waits as well.
		left().when(hte.Declined{By: "client", Reason: "not_now"}).
			recorded(hte.KindAppointmentCancelled, hte.KindAppointmentCancelled, hte.KindDeclined)
		left().when(hte.Recalled{}).
			recorded(hte.KindRecalled, hte.KindAppointmentCancelled, hte.KindAppointmentCancelled, hte.KindPaused)
		// So does a service to which the referral was handed over and which declines it.
		s = journey().assigned()
		s.given(hte.AppointmentPlanned{Purpose: "first_contact", Day: s.today.AddDays(2), Mode: "telephone"}, hte.HandedOver{Service: "RX3"}).
			when(hte.Declined{By: "service", Reason: "no_capacity"}).recorded(hte.KindAppointmentCancelled, hte.KindDeclined)
	}},
	{"a withdrawal that was recorded by mistake is not voided from under the record that is kept for it", func(t *testing.T, journey func() *scenario) {
		s := journey().active().given(hte.Closed{Reason: "disengaged"}).given(hte.ConsentWithdrawn{})
		withdrawn := s.state.Sequence
		s.given(hte.RecordKept{Basis: "legal_claims"}).
			when(hte.Voided{Sequence: withdrawn, Reason: "wrong_client"}).refused("later_events: "+strconv.FormatInt(withdrawn+1, 10)).
			given(hte.Voided{Sequence: withdrawn + 1, Reason: "wrong_client"}, hte.Voided{Sequence: withdrawn, Reason: "wrong_client"})
		// It is another matter when the client does withdraw: nobody said then that the record is kept.
		s.later(30).given(hte.ConsentWithdrawn{}).then(func(st hte.State) {
			e, erase := st.ToErase(nil)
			assert.True(t, erase)
			assert.Equal(t, s.today.AddDays(30), e.By)
		})
	}},
	{"what else is withdrawn later does not put off the day of erasing", func(t *testing.T, journey func() *scenario) {
		s := journey().active().given(hte.ConsentWithdrawn{Purposes: []hte.Purpose{"support"}})
		on := s.today
		s.later(25).given(hte.ConsentWithdrawn{}).then(func(st hte.State) {
			e, _ := st.ToErase(nil)
			assert.Equal(t, on, st.Consent.WithdrawnOn)
			assert.Equal(t, on.AddDays(30), e.By)
			assert.Equal(t, s.today, st.Consent.On)
		})
	}},
	{"a release is written up after the assessment, which was later: whoever was named for it takes over all the same", func(t *testing.T, journey func() *scenario) {
		from := referral
		from.Setting, from.Supervision = "prison", "custody"
		s := journey().given(from, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"}).
			later(2).given(hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}, hte.ConsentGiven{}, hte.IssueIdentified{Issue: "diet", Primary: true}).
			later(3).given(hte.AssessmentCompleted{})
		c := s.command(hte.Released{Supervision: "licence", Setting: "probation", Service: "RX2", Trainer: "T-5"})
		c.On = s.today.AddDays(-1)
		s.events, s.err = hte.Decide(&s.policy, &s.state, c)
		s.recorded(hte.KindReleased, hte.KindHandedOver).then(func(st hte.State) {
			assert.Equal(t, hte.Ref("RX2"), st.Service)
			assert.Equal(t, hte.Ref("T-5"), st.Trainer)
		})
		// Not so where somebody else took over since.
		s.given(hte.Recalled{}).later(3).given(hte.HandedOver{Trainer: "T-7"})
		c = s.command(hte.Released{Supervision: "licence", Setting: "probation", Service: "RX3"})
		c.On = s.today.AddDays(-1)
		s.events, s.err = hte.Decide(&s.policy, &s.state, c)
		s.recorded(hte.KindReleased, hte.KindResumed).then(func(st hte.State) { assert.Equal(t, hte.Ref("T-7"), st.Trainer) })
	}},
	{"a recall calls off what is ahead, and not what may have taken place and nobody wrote up yet", func(t *testing.T, journey func() *scenario) {
		s := journey().active()
		s.given(hte.AppointmentPlanned{Purpose: "session", Day: s.today.AddDays(3), Mode: "face_to_face"},
			hte.AppointmentPlanned{Purpose: "session", Day: s.today.AddDays(9), Mode: "face_to_face"})
		s.later(5).when(hte.Recalled{Prison: "HMP-1"}).recorded(hte.KindRecalled, hte.KindAppointmentCancelled, hte.KindPaused).
			then(func(st hte.State) {
				assert.Equal(t, hte.Planned, st.Appointments[0].Status)
				assert.Equal(t, hte.Cancelled, st.Appointments[1].Status)
			})
		assert.Contains(t, s.dueOn(s.today.String(), 0), "record_appointment 1 "+s.today.AddDays(-2).String()+", 2 days overdue")
		s.later(-2).when(hte.AppointmentAttended{Appointment: 1, Mode: "face_to_face"}).recorded(hte.KindAppointmentAttended)
	}},
}
