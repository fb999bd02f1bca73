package hte_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// The logs in testdata/logs were written once, looked over by hand, and stay: what
// a version of this library wrote, every later one has to read, and fold to the
// same state. Add logs; do not write the old ones anew.
var goldenLogs = map[string]func(*scenario){
	// Everything that can happen to one person in one episode, custody included.
	"through_the_gate": func(s *scenario) {
		from := referral
		from.Setting, from.Supervision, from.Access, from.Interpreter = "prison", "custody", []hte.Access{"interpreter"}, "pl"
		from.Previous, from.Note, from.Risk = "E-0", "asked twice", "see_host"
		form, _ := wellbeing.WHO5().Score(wellbeing.Answers(1, 2, 1, 2, 2))
		half, _ := wellbeing.WHO5().Score(append(wellbeing.Answers(3, 3, 2), wellbeing.Refused(), wellbeing.Response{}))
		s.given(from).
			later(1).given(hte.Accepted{Note: "by telephone"}).
			later(1).given(hte.TrainerAssigned{Trainer: "T-0", Reason: "first"}).
			later(1).given(hte.TrainerReleased{Reason: "left"}).
			later(1).given(hte.TrainerAssigned{Trainer: "T-1", Reason: "caseload"}, hte.ContactAttempted{Mode: "post", Outcome: "call_back"}).
			given(hte.AppointmentPlanned{Purpose: "first_contact", Day: s.today.AddDays(2), Starts: "09:15", Minutes: 45, Mode: "face_to_face"}).
			later(1).given(hte.AppointmentRescheduled{Appointment: 1, By: "justice", Day: s.today.AddDays(3), Starts: "10:00", Mode: "face_to_face"}).
			later(3).given(hte.FirstContactMade{Mode: "face_to_face", Help: "brief"}, hte.HelpChanged{Help: "one_to_one"},
			hte.ConsentRefused{}, hte.ConsentLimited{Purposes: []hte.Purpose{"support"}}, hte.ConsentGiven{},
			hte.ConsentWithdrawn{Purposes: []hte.Purpose{"referrer"}},
			hte.AppointmentAttended{Appointment: 1, Mode: "face_to_face", Late: true, Techniques: []hte.Technique{"1.2", "9.2"}, Note: "nervous"},
			hte.MeasureTaken{Measure: "weight_kg", Value: number(s.t, "96.50"), Occasion: "assessment"},
			hte.QuestionnaireCompleted{Result: form, Answers: wellbeing.Answers(1, 2, 1, 2, 2), Occasion: "assessment"},
			hte.CircumstancesRecorded{Employment: "02", Accommodation: "21", Smoking: "1", Occasion: "assessment"},
			hte.IssueIdentified{Issue: "smoking", Primary: true}, hte.IssueIdentified{Issue: "sleep"},
			hte.NeedRecorded{Need: "accommodation", Severity: "high", Status: "open"}, hte.AssessmentCompleted{}).
			later(7).given(hte.PlanStarted{Sessions: 4}, hte.StrengthNoted{Area: "values", Text: "keeps promises"},
			hte.BalanceSheetEntered{Issue: "smoking", ChangeFor: []string{"breath"}, ChangeAgainst: []string{"nerves"}, StayingFor: []string{"friends"}, StayingAgainst: []string{"money"}},
			hte.RulersRated{Importance: wellbeing.Answer(9), Confidence: wellbeing.Answer(3), Occasion: "assessment"},
			hte.GoalSet{
				Issue: "smoking", Behaviour: "smoke fewer", Measure: "cigarettes", Baseline: wellbeing.Whole(15), Target: wellbeing.Whole(8),
				Unit: "per day", By: s.today.AddDays(60), Weight: 2,
			},
			hte.SupporterNamed{Person: "P-1", Relation: "peer"},
			hte.ActionPlanned{Goal: 1, What: "walk the yard instead", Where: "wing", When: "after lunch", With: "P-1"},
			hte.IfThenPlanned{Goal: 1, If: "lock-up", Then: "read"}, hte.InfluenceNoted{Goal: 1, Influence: "facilitator", Text: "gym"},
			hte.RewardPlanned{Goal: 1, Text: "phone credit"}, hte.RelapsePlanMade{Goal: 1, Situation: "bad news", Response: "talk to P-1"},
			hte.PlanSigned{Client: true, Trainer: true})
		s.later(2).given(hte.DiaryKept{Diary: "smoking", Goal: 1, Value: wellbeing.Whole(12), Kept: true, Text: "good day"},
			hte.SetbackRecorded{Goal: 1, Type: "lapse", Text: "a row"}, hte.SafeguardingEscalated{}, hte.NoteAdded{Text: "prefers mornings"},
			hte.AppointmentPlanned{Purpose: "session", Day: s.today, Mode: "face_to_face"},
			hte.AppointmentMissed{Appointment: 2, Reason: "justice", Acceptable: true},
			hte.AppointmentPlanned{Purpose: "session", Day: s.today.AddDays(1), Mode: "face_to_face"},
			hte.AppointmentCancelled{Appointment: 3, By: "service", Reason: "staff"}).
			later(5).given(hte.PrisonTransferred{To: "HMP-2", Trainer: "T-2"}).
			later(9).given(hte.Released{Supervision: "licence", Setting: "probation", Service: "RX2", Trainer: "T-3"}).
			given(hte.AppointmentPlanned{Purpose: "session", Day: s.today.AddDays(20), Mode: "video"}).
			later(4).given(hte.Recalled{Prison: "HMP-3"}).
			later(30).given(hte.Released{Supervision: "post_sentence", Setting: "probation"}).
			later(2).given(hte.SentenceStarted{Supervision: "community_order", Ends: s.today.AddDays(200)}, hte.SentenceEnded{},
			hte.SentenceStarted{Supervision: "suspended_sentence"}, hte.SupervisionEnded{}, hte.Remanded{Prison: "HMP-1"}).
			later(3).given(hte.Released{Supervision: "none", Setting: "community"}, hte.Paused{Reason: "illness", Until: s.today.AddDays(9)}).
			later(9).given(hte.Resumed{}, hte.HandedOver{Trainer: "T-4", Setting: "community"}, hte.Signposted{To: "stop_smoking", Organisation: "ORG-1", Referral: true}).
			given(hte.GoalSet{
				Issue: "smoking", Behaviour: "no smoking at home", Unit: "days a week", Baseline: wellbeing.Whole(2), Target: wellbeing.Whole(6),
				By: s.today.AddDays(30), Replaces: 1,
			}, hte.PlanReviewed{Next: s.today.AddDays(21), Note: "going well"}, hte.PlanSigned{Client: true, Trainer: true},
				hte.SignpostFollowedUp{Signpost: 1, Outcome: "attended"}, hte.SupporterRemoved{Person: "P-1"},
				hte.NeedRecorded{Need: "accommodation", Severity: "low", Status: "part_met"}).
			later(21).given(hte.GoalReviewed{Goal: 2, Result: "achieved", Value: wellbeing.Whole(6), Attained: wellbeing.Answer(1)},
			hte.RulersRated{Importance: wellbeing.Answer(9), Confidence: wellbeing.Refused(), Occasion: "review"},
			hte.MeasureTaken{Measure: "weight_kg", Value: number(s.t, "95"), Occasion: "review"},
			hte.QuestionnaireCompleted{Result: half, Answers: append(wellbeing.Answers(3, 3, 2), wellbeing.Refused(), wellbeing.Response{}), Occasion: "review"},
			hte.PlanConcluded{Outcome: "achieved", Note: "proud"}, hte.OwnTrainerBecome{})
		s.later(92).given(hte.FollowUpHeld{Months: 3, Maintained: "part", Mode: "telephone"}).
			later(100).given(hte.FollowUpLost{Months: 6}, hte.Closed{Reason: "completed", Note: "stays in touch"},
			hte.WorkforceStepTaken{Step: "volunteer"}).
			later(30).given(hte.WorkforceStepTaken{Step: "employed"}, hte.ReReferred{Episode: "E-2"}, hte.Redacted{References: true})
		// Last of all, two corrections.
		for _, e := range s.log {
			switch e.Data.(type) {
			case hte.SetbackRecorded:
				s.given(hte.Voided{Sequence: e.Sequence, Reason: "wrong_client"})
			case hte.PlanReviewed:
				s.given(hte.Amended{Sequence: e.Sequence, Reason: "wrong_date", On: e.On, Data: hte.PlanReviewed{Next: e.On.AddDays(20)}})
			}
		}
	},
	"release_planned": func(s *scenario) {
		from := referral
		from.Setting, from.Supervision, from.Ends = "prison", "custody", s.today.AddDays(400)
		s.given(from, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"}, hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"},
			hte.ReleasePlanned{Day: s.today.AddDays(50)}, hte.ReleasePlanned{Day: s.today.AddDays(45), Trainer: "T-7"}).
			later(44).given(hte.Released{Supervision: "licence", Setting: "probation", Ends: s.today.AddDays(300)})
	},
	// Released before anybody could see them.
	"handed_over_unmet": func(s *scenario) {
		from := referral
		from.Setting, from.Supervision = "prison", "custody"
		s.given(from, hte.HandedOver{Service: "RX2"}, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"}).
			later(3).given(hte.Released{Supervision: "licence", Setting: "probation"}).
			later(2).given(hte.HandedOver{Service: "RX3"}, hte.HandedOver{Service: "RX4", Setting: "community", Trainer: "T-5"}).
			given(hte.FirstContactMade{Mode: "telephone", Help: "brief"})
	},
	"access_updated": func(s *scenario) {
		s.waiting().given(hte.AccessUpdated{Access: []hte.Access{"step_free", "large_print"}, Interpreter: "bfi", Risk: "see_host"})
	},
	"declined":          func(s *scenario) { s.waiting().given(hte.Declined{By: "client", Reason: "not_now", Note: "new job"}) },
	"ineligible":        func(s *scenario) { s.referred().given(hte.FoundIneligible{Criterion: "area"}) },
	"transferred":       func(s *scenario) { s.engaged().given(hte.TransferredOut{To: "RX9"}) },
	"consent_withdrawn": func(s *scenario) { s.active().later(3).given(hte.ConsentWithdrawn{}) },
	"record_kept": func(s *scenario) {
		s.active().later(3).given(hte.ConsentWithdrawn{}).
			later(1).given(hte.RecordKept{Basis: "legal_claims", Until: s.today.AddDays(30)}, hte.RecordKept{Basis: "legal_obligation"})
	},
	"disengaged": func(s *scenario) { s.active().later(40).given(hte.Closed{Reason: "disengaged"}) },
}

func TestGoldenLogs(t *testing.T) {
	t.Parallel()
	seen := map[hte.Kind]bool{}
	for name, tell := range goldenLogs {
		s := journey(t)
		tell(s)
		var lines bytes.Buffer
		for _, e := range s.log {
			text, err := e.AppendJSON(nil)
			require.NoError(t, err)
			lines.Write(append(text, '\n'))
			seen[e.Kind()] = true
		}
		file := filepath.Join("testdata", "logs", name+".jsonl")
		if _, err := os.Stat(file); err != nil && *update {
			require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
			require.NoError(t, os.WriteFile(file, lines.Bytes(), 0o644))
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var log []hte.Event
		for line := range bytes.Lines(text) {
			var e hte.Event
			require.NoError(t, e.UnmarshalJSON(line), "%s: %s", name, line)
			log = append(log, e)
		}
		require.Equal(t, s.log, log, "%s is decided in another way than when it was written: if on purpose, tell it under a new name", name)
		state, err := hte.Fold(log)
		require.NoError(t, err)
		want, err := json.MarshalIndent(state, "", "  ")
		require.NoError(t, err)
		requireGenerated(t, filepath.Join("testdata", "logs", name+".state.json"), append(want, '\n'))
	}
	for _, k := range hte.Kinds() {
		require.True(t, seen[k], "%s is in a golden log", k)
	}
}
