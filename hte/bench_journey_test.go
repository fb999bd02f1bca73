package hte_test

import (
	"testing"
	"time"

	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// typicalLog is a journey of the usual length: six sessions, two goals, a diary
// kept for three weeks, three follow-ups.
func typicalLog(tb testing.TB) []hte.Event {
	tb.Helper()
	var log []hte.Event
	var state hte.State
	policy := hte.DefaultPolicy()
	today := day(tb, "2024-01-08")
	do := func(days int, data ...hte.Data) {
		today = today.AddDays(days)
		for _, d := range data {
			events, err := hte.Decide(&policy, &state, hte.Command{
				Journey: "E-1", On: today, Recorded: today.Time(time.UTC).Add(17 * time.Hour), By: "T-1", Data: d,
			})
			if err != nil {
				tb.Fatal(d.Kind(), err)
			}
			for _, e := range events {
				if err := state.Apply(e); err != nil {
					tb.Fatal(err)
				}
			}
			log = append(log, events...)
		}
	}
	form, err := wellbeing.WHO5().Score(wellbeing.Answers(1, 2, 1, 2, 2))
	if err != nil {
		tb.Fatal(err)
	}
	do(0, referral)
	do(1, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"})
	do(2, hte.ContactAttempted{Mode: "telephone", Outcome: "no_answer"},
		hte.AppointmentPlanned{Purpose: "first_contact", Day: today.AddDays(5), Mode: "face_to_face"})
	do(3, hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}, hte.ConsentGiven{},
		hte.AppointmentAttended{Appointment: 1, Mode: "face_to_face"},
		hte.IssueIdentified{Issue: "smoking", Primary: true}, hte.IssueIdentified{Issue: "diet"},
		hte.NeedRecorded{Need: "accommodation", Severity: "high", Status: "open"},
		hte.MeasureTaken{Measure: "cigarettes", Value: wellbeing.Whole(20), Occasion: "assessment"},
		hte.MeasureTaken{Measure: "fruit_veg", Value: number(tb, "1.5"), Occasion: "assessment"},
		hte.QuestionnaireCompleted{Result: form, Answers: wellbeing.Answers(1, 2, 1, 2, 2), Occasion: "assessment"},
		hte.AssessmentCompleted{})
	do(7, hte.PlanStarted{}, hte.StrengthNoted{Area: "people", Text: "a sister who gave up last year"},
		hte.BalanceSheetEntered{Issue: "smoking", ChangeFor: []string{"money"}, StayingFor: []string{"it calms me"}},
		hte.RulersRated{Importance: wellbeing.Answer(8), Confidence: wellbeing.Answer(4), Occasion: "assessment"},
		hte.GoalSet{
			Issue: "smoking", Behaviour: "smoke fewer", Measure: "cigarettes", Unit: "per day",
			Baseline: wellbeing.Whole(20), Target: wellbeing.Whole(5), By: today.AddDays(60),
		},
		hte.GoalSet{
			Issue: "diet", Behaviour: "eat fruit at breakfast", Measure: "fruit_veg", Unit: "portions/day",
			Baseline: number(tb, "1.5"), Target: wellbeing.Whole(3), By: today.AddDays(60),
		},
		hte.ActionPlanned{Goal: 1, What: "leave the packet at home", Where: "on the way to work", When: "mornings"},
		hte.IfThenPlanned{Goal: 1, If: "I am offered one", Then: "I say that I am giving up"},
		hte.InfluenceNoted{Goal: 1, Influence: "barrier", Text: "friends smoke"},
		hte.RewardPlanned{Goal: 1, Text: "cinema"},
		hte.SupporterNamed{Person: "P-9", Relation: "family"},
		hte.PlanSigned{Client: true, Trainer: true})
	for n := range 6 {
		do(0, hte.AppointmentPlanned{Purpose: "session", Day: today.AddDays(7), Mode: "face_to_face"})
		do(7, hte.AppointmentAttended{Appointment: n + 2, Mode: "face_to_face", Techniques: []hte.Technique{"1.4", "2.3"}})
		for i := range 4 {
			do(0, hte.DiaryKept{Diary: "smoking", Goal: 1, Value: wellbeing.Whole(int64(12 - n)), Kept: i > 0})
		}
	}
	do(14, hte.GoalReviewed{Goal: 1, Result: "achieved"}, hte.GoalReviewed{Goal: 2, Result: "part_achieved"},
		hte.MeasureTaken{Measure: "cigarettes", Value: wellbeing.Whole(4), Occasion: "review"},
		hte.PlanConcluded{Outcome: "part_achieved"})
	for _, m := range []int{3, 6, 12} {
		today = state.Plan.ConcludedOn.AddMonths(m)
		do(0, hte.FollowUpHeld{Months: m, Maintained: "yes", Mode: "telephone"})
	}
	do(1, hte.Closed{Reason: "completed"})
	return log
}

func BenchmarkFold(b *testing.B) {
	log := typicalLog(b)
	b.ReportAllocs()
	events := 0
	for b.Loop() {
		if _, err := hte.Fold(log); err != nil {
			b.Fatal(err)
		}
		events += len(log)
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(len(log)), "events/log")
}

func BenchmarkDecide(b *testing.B) {
	log := typicalLog(b)
	state, err := hte.Fold(log[:50])
	if err != nil {
		b.Fatal(err)
	}
	policy := hte.DefaultPolicy()
	for _, tc := range []struct {
		name string
		data hte.Data
	}{
		{"measure", hte.MeasureTaken{Measure: "cigarettes", Value: wellbeing.Whole(4), Occasion: "session"}},
		{"diary", hte.DiaryKept{Diary: "smoking", Goal: 1, Kept: true}},
		{"refused", hte.Accepted{}},
	} {
		b.Run(tc.name, func(b *testing.B) {
			c := hte.Command{On: state.LastOn, Recorded: state.Recorded, By: "T-1", Data: tc.data}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := hte.Decide(&policy, &state, c); err != nil && tc.name != "refused" {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEventJSON(b *testing.B) {
	log := typicalLog(b)
	b.Run("append", func(b *testing.B) {
		var buf []byte
		b.ReportAllocs()
		for b.Loop() {
			for i := range log {
				var err error
				if buf, err = log[i].AppendJSON(buf[:0]); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(b.N)*float64(len(log))/b.Elapsed().Seconds(), "events/s")
	})
	b.Run("read", func(b *testing.B) {
		var texts [][]byte
		for i := range log {
			text, _ := log[i].AppendJSON(nil)
			texts = append(texts, text)
		}
		b.ReportAllocs()
		for b.Loop() {
			for _, text := range texts {
				var e hte.Event
				if err := e.UnmarshalJSON(text); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(b.N)*float64(len(log))/b.Elapsed().Seconds(), "events/s")
	})
}
