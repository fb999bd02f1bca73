// Journey tells the story that the NHS Health Trainer Handbook has in mind: one person
// on probation, from referral to employed health trainer, with a recall to prison on
// the way. It prints the journey as a timeline, scores the questionnaires, exports the
// rows of a DCRS extract, and validates them (tell.go). The person is made up.
//
//	go run ./examples/journey
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/healthtrainer/healthtrainer/hte"
)

func main() {
	if err := tell(context.Background(), os.Stdout, story()); err != nil {
		fmt.Fprintln(os.Stderr, "journey:", err)
		os.Exit(1)
	}
}

func story() []chapter {
	return []chapter{
		// Somebody from next door.
		{"2024-01-08", []hte.Data{hte.Referred{
			Client: "C-1", Service: "RX1", Source: "probation", Setting: "probation", Supervision: "licence", Reason: "smoking", Age: 34,
		}, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-4"}}},
		{"2024-01-11", []hte.Data{hte.ContactAttempted{Mode: "telephone", Outcome: "no_answer"}}},
		// What matters to you? Nothing is written down before consent.
		{"2024-01-15", []hte.Data{
			hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"},
			hte.IssueIdentified{Issue: "smoking", Primary: true},
			hte.ConsentGiven{},
			hte.IssueIdentified{Issue: "smoking", Primary: true},
			hte.NeedRecorded{Need: "accommodation", Severity: "high", Status: "open"},
			smoke(20, "assessment"), who5("assessment", 1, 2, 1, 2, 2),
			hte.AppointmentAttended{Purpose: "assessment", Mode: "face_to_face", Minutes: 50, Techniques: []hte.Technique{"9.2"}},
			hte.Signposted{To: "housing", Need: "accommodation", Referral: true},
			hte.AssessmentCompleted{},
		}},
		// The personal health plan.
		{"2024-01-22", []hte.Data{
			hte.PlanStarted{},
			hte.StrengthNoted{Area: "experience"},
			hte.RulersRated{Importance: answer(8), Confidence: answer(4), Occasion: "assessment"},
			hte.GoalSet{
				Issue: "smoking", Behaviour: "smoke less, and never in bed", Measure: "cigarettes", Unit: "per day",
				Baseline: whole(20), Target: whole(5), By: date("2024-05-28"),
			},
			hte.IfThenPlanned{Goal: 1, If: "somebody offers me one", Then: "I say that I have just had one"},
			hte.RewardPlanned{Goal: 1, Text: "new boots from what I save"},
			hte.PlanSigned{Client: true, Trainer: true},
		}},
		{"2024-01-23", []hte.Data{hte.DiaryKept{Diary: "smoking", Goal: 1, Value: whole(14), Kept: true}}},
		{"2024-01-24", []hte.Data{hte.DiaryKept{Diary: "smoking", Goal: 1, Value: whole(12), Kept: true}}},
		// A set-back, and through the gate: the plan waits, and its history stays.
		{"2024-02-05", []hte.Data{hte.Recalled{Prison: "P-1"}, hte.SetbackRecorded{Goal: 1, Type: "lapse"}}},
		{"2024-04-02", []hte.Data{hte.ReleasePlanned{Day: date("2024-04-22"), Trainer: "T-4"}}},
		{"2024-04-22", []hte.Data{hte.Released{Supervision: "licence", Setting: "probation", Trainer: "T-4"}}},
		{"2024-04-29", []hte.Data{
			hte.AppointmentAttended{Purpose: "session", Mode: "face_to_face", Minutes: 40, Techniques: []hte.Technique{"1.2", "1.5"}},
			hte.NeedRecorded{Need: "accommodation", Severity: "low", Status: "met"},
			hte.SignpostFollowedUp{Signpost: 1, Outcome: "attended"},
		}},
		{"2024-05-28", []hte.Data{
			hte.AppointmentAttended{Purpose: "review", Mode: "face_to_face", Minutes: 45, Techniques: []hte.Technique{"1.7"}},
			smoke(4, "review"), who5("review", 3, 4, 3, 4, 3),
			hte.RulersRated{Importance: answer(9), Confidence: answer(8), Occasion: "review"},
			hte.GoalReviewed{Goal: 1, Result: "achieved", Value: whole(4)},
			hte.PlanConcluded{Outcome: "achieved"},
		}},
		{"2024-08-28", []hte.Data{hte.FollowUpHeld{Months: 3, Maintained: "yes", Mode: "telephone"}, hte.OwnTrainerBecome{}}},
		{"2024-11-28", []hte.Data{hte.FollowUpHeld{Months: 6, Maintained: "yes", Mode: "telephone"}, hte.WorkforceStepTaken{Step: "volunteer"}}},
		{"2025-05-28", []hte.Data{hte.FollowUpHeld{Months: 12, Maintained: "part", Mode: "face_to_face"}, hte.Closed{Reason: "completed"}}},
		{"2025-06-02", []hte.Data{hte.WorkforceStepTaken{Step: "trainee"}}},
		{"2025-12-01", []hte.Data{hte.WorkforceStepTaken{Step: "employed"}}},
	}
}
