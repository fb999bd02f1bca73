package hte_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// expectation reads the hand-written table: for each command and stage ".", "="
// or where it leads.
func expectation(t *testing.T) (stages []string, rows map[string][]string) {
	t.Helper()
	text, err := os.ReadFile("testdata/stages.txt")
	require.NoError(t, err)
	rows = map[string][]string{}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		name, cells, ok := strings.Cut(line, "|")
		require.True(t, ok, line)
		if name = strings.TrimSpace(name); name == "command" {
			stages = strings.Fields(cells)
			continue
		}
		require.NotContains(t, rows, name)
		rows[name] = strings.Fields(cells)
		require.Len(t, rows[name], len(stages), name)
	}
	return stages, rows
}

// ready brings a journey to a stage with something of everything in place, as far
// as the stage allows, so that nothing but the stage stands in a command's way.
func ready(t *testing.T, stage hte.Stage, kind hte.Kind) *scenario {
	t.Helper()
	s := journey(t)
	from := referral
	switch kind {
	case hte.KindPrisonTransferred, hte.KindReleasePlanned, hte.KindReleased:
		from.Setting, from.Supervision = "prison", "custody"
	}
	steps := []func(){
		func() {},
		func() {
			s.given(from, hte.Signposted{To: "gp"})
			if kind == hte.KindConsentLimited || kind == hte.KindConsentRefused {
				s.policy.ConsentBeforeWork = false // these come before consent
			} else {
				s.given(hte.ConsentGiven{})
			}
			for range 3 {
				s.given(hte.ContactAttempted{Mode: "telephone", Outcome: "no_answer"})
			}
		},
		func() { s.later(1).given(hte.Accepted{}) },
		func() {
			s.later(1).given(hte.TrainerAssigned{Trainer: "T-1"}, hte.AppointmentPlanned{Purpose: "first_contact", Day: s.today, Mode: "telephone"})
		},
		func() {
			s.given(hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}, hte.SupporterNamed{Person: "P-1", Relation: "friend"},
				hte.IssueIdentified{Issue: "diet", Primary: true})
		},
		func() { s.given(hte.AssessmentCompleted{}) },
		func() { s.given(hte.PlanStarted{}, aGoal(s)) },
		func() { s.given(hte.PlanSigned{Client: true, Trainer: true}, hte.StrengthNoted{Area: "people"}) },
		func() {
			if kind == hte.KindOwnTrainerBecome {
				s.given(hte.OwnTrainerBecome{})
			}
			s.given(hte.GoalReviewed{Goal: 1, Result: "achieved"}, hte.PlanConcluded{Outcome: "achieved"})
		},
		func() {
			reason := hte.ClosureReason("completed")
			if kind == hte.KindWorkforceStepTaken {
				reason = "moved"
			}
			s.given(hte.Closed{Reason: reason})
		},
	}
	for i := range int(stage) + 1 {
		if i == int(hte.StageFollowUp) && kind == hte.KindOwnTrainerBecome {
			// Recorded once only.
			s.given(hte.GoalReviewed{Goal: 1, Result: "achieved"}, hte.PlanConcluded{Outcome: "achieved"})
			continue
		}
		steps[i]()
	}
	s.stage(stage)
	switch {
	case kind == hte.KindResumed && stage > hte.StageReferred && stage < hte.StageClosed:
		s.given(hte.Paused{Reason: "illness"})
	case (kind == hte.KindFollowUpHeld || kind == hte.KindFollowUpLost) && stage >= hte.StageFollowUp:
		s.later(90)
	case stage == hte.StageWaiting && (kind == hte.KindAppointmentMissed || kind == hte.KindAppointmentCancelled || kind == hte.KindAppointmentRescheduled):
		s.given(hte.TrainerAssigned{Trainer: "T-1"}, hte.AppointmentPlanned{Purpose: "first_contact", Day: s.today, Mode: "telephone"}, hte.TrainerReleased{Reason: "left"})
	case kind == hte.KindRecordKept && stage == hte.StageClosed:
		s.given(hte.ConsentWithdrawn{})
	case kind == hte.KindPlanConcluded && stage == hte.StageActive:
		s.given(hte.GoalReviewed{Goal: 1, Result: "achieved"})
	}
	return s
}

func aGoal(s *scenario) hte.GoalSet {
	return hte.GoalSet{
		Issue: "diet", Behaviour: "eat fruit at breakfast", Measure: "fruit_veg", Unit: "portions/day",
		Baseline: wellbeing.Whole(1), Target: wellbeing.Whole(3), By: s.today.AddDays(60),
	}
}

// command returns data for a kind with which nothing is wrong.
func sample(s *scenario, kind hte.Kind) hte.Data {
	occasion := hte.Occasion("session")
	if s.state.Stage == hte.StageClosed {
		occasion = "follow_up"
	}
	handover := hte.HandedOver{Trainer: "T-2"}
	if s.state.Stage < hte.StageEngaged {
		handover = hte.HandedOver{Service: "RX2"} // it is the referral that is passed on
	}
	form, _ := wellbeing.WHO5().Score(wellbeing.Answers(3, 3, 3, 3, 3))
	who5 := hte.QuestionnaireCompleted{Result: form, Answers: wellbeing.Answers(3, 3, 3, 3, 3), Occasion: occasion}
	for _, d := range []hte.Data{
		referral,
		hte.Accepted{},
		hte.Declined{By: "client", Reason: "not_now"},
		hte.FoundIneligible{Criterion: "area"},
		hte.TrainerAssigned{Trainer: "T-2", Reason: "absence"},
		hte.TrainerReleased{Reason: "left"},
		hte.ContactAttempted{Mode: "text", Outcome: "message_left"},
		hte.FirstContactMade{Mode: "video", Help: "one_to_one"},
		hte.HelpChanged{Help: "brief"},
		hte.ConsentGiven{},
		hte.ConsentLimited{Purposes: []hte.Purpose{"support"}},
		hte.ConsentRefused{},
		hte.ConsentWithdrawn{},
		hte.RecordKept{Basis: "legal_obligation"},
		hte.MeasureTaken{Measure: "weight_kg", Value: wellbeing.Whole(80), Occasion: occasion},
		who5,
		hte.CircumstancesRecorded{Employment: "02", Occasion: occasion},
		hte.IssueIdentified{Issue: "sleep"},
		hte.NeedRecorded{Need: "finance", Severity: "high", Status: "open"},
		hte.AssessmentCompleted{},
		hte.AppointmentPlanned{Purpose: "session", Day: s.today.AddDays(7), Starts: "14:30", Mode: "face_to_face"},
		hte.AppointmentAttended{Appointment: 1, Mode: "face_to_face"},
		hte.AppointmentMissed{Appointment: 1, Reason: "illness", Acceptable: true},
		hte.AppointmentCancelled{Appointment: 1, By: "client", Reason: "work"},
		hte.AppointmentRescheduled{Appointment: 1, By: "service", Day: s.today.AddDays(2), Mode: "video"},
		hte.PlanStarted{},
		hte.StrengthNoted{Area: "skills", Text: "cooks well"},
		hte.BalanceSheetEntered{Issue: "diet"},
		hte.RulersRated{Importance: wellbeing.Answer(7), Confidence: wellbeing.Answer(3), Occasion: occasion},
		aGoal(s),
		hte.ActionPlanned{Goal: 1, What: "buy apples", Where: "market", When: "Saturdays", With: "P-1"},
		hte.IfThenPlanned{Goal: 1, If: "I am late", Then: "I take a banana along"},
		hte.InfluenceNoted{Goal: 1, Influence: "barrier", Text: "early shifts"},
		hte.RewardPlanned{Goal: 1, Text: "a day out"},
		hte.SupporterNamed{Person: "P-2", Relation: "peer"},
		hte.SupporterRemoved{Person: "P-1"},
		hte.PlanSigned{Client: true, Trainer: true},
		hte.DiaryKept{Diary: "food", Kept: true},
		hte.GoalReviewed{Goal: 1, Result: "part_achieved"},
		hte.PlanReviewed{},
		hte.PlanConcluded{Outcome: "achieved"},
		hte.SetbackRecorded{Type: "lapse"},
		hte.RelapsePlanMade{Situation: "payday", Response: "call my sister"},
		hte.Signposted{To: "housing", Need: "accommodation"},
		hte.SignpostFollowedUp{Signpost: 1, Outcome: "attended"},
		hte.SafeguardingEscalated{},
		hte.SentenceStarted{Supervision: "community_order"},
		hte.SentenceEnded{},
		hte.Recalled{Prison: "HMP-1"},
		hte.Remanded{},
		hte.AccessUpdated{Interpreter: "ur", Risk: "two_workers"},
		hte.PrisonTransferred{To: "HMP-2"},
		hte.ReleasePlanned{Day: s.today.AddDays(90)},
		hte.Released{Supervision: "licence", Setting: "probation"},
		hte.SupervisionEnded{},
		hte.Paused{Reason: "illness"},
		hte.Resumed{},
		handover,
		hte.FollowUpHeld{Months: 3, Maintained: "part", Mode: "telephone"},
		hte.FollowUpLost{Months: 3},
		hte.OwnTrainerBecome{},
		hte.WorkforceStepTaken{Step: "volunteer"},
		hte.NoteAdded{Text: "prefers mornings"},
		hte.Closed{Reason: "moved"},
		hte.TransferredOut{To: "RX2"},
		hte.ReReferred{Episode: "E-2"},
		hte.Voided{Sequence: 4, Reason: "mistake"},
		hte.Amended{Sequence: 4, Reason: "wrong_value", On: s.today, Data: hte.ContactAttempted{Mode: "text", Outcome: "refused"}},
		hte.Redacted{Text: true},
	} {
		if d.Kind() == kind {
			return d
		}
	}
	s.t.Fatal("no sample of ", kind)
	return nil
}

// Every stage against every command, with a journey in which nothing but the stage
// can stand in the way. The expectation is a table written by hand.
func TestEveryStageAgainstEveryCommand(t *testing.T) {
	t.Parallel()
	stages, rows := expectation(t)
	require.Len(t, rows, len(hte.Kinds()), "a row for every kind")
	require.Len(t, stages, len(hte.Stages())+1)
	for _, kind := range hte.Kinds() {
		row := rows[kind.String()]
		require.NotNil(t, row, kind.String())
		for i, name := range stages {
			var stage hte.Stage
			require.NoError(t, stage.UnmarshalText([]byte(name)))
			require.Equal(t, i, int(stage), "the columns are in order")
			t.Run(kind.String()+" at "+name, func(t *testing.T) {
				s := ready(t, stage, kind)
				s.when(sample(s, kind))
				if row[i] == "." {
					s.refused("stage")
					return
				}
				require.NoError(t, s.err)
				s.keep()
				if row[i] == "=" {
					s.stage(stage)
				} else {
					assert.Equal(t, row[i], s.state.Stage.String())
				}
			})
		}
	}
}
