package hte_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// The scenarios are written to be read by a health trainer: given what is on
// record, when something is recorded, then it is, or it is refused, and why.
var scenarios = []struct {
	name string
	tell func(t *testing.T, journey func() *scenario)
}{
	// Referral.
	{"a referral begins the journey", func(t *testing.T, journey func() *scenario) {
		from := referral
		from.Access, from.Interpreter, from.Risk, from.Urgency = []hte.Access{"interpreter", "step_free"}, "pl", "see_host", "urgent"
		journey().when(from).recorded(hte.KindReferred).stage(hte.StageReferred).then(func(s hte.State) {
			assert.Equal(t, from, s.Referral)
			assert.Equal(t, "2024-01-08", s.ReferredOn.String())
			assert.Equal(t, hte.Ref("E-1"), s.Journey)
		})
	}},
	{"a referral from probation says what the client is under", func(_ *testing.T, journey func() *scenario) {
		from := referral
		from.Supervision = ""
		journey().when(from).refused("fields: supervision")
	}},
	{"a name is no reference", func(_ *testing.T, journey func() *scenario) {
		from := referral
		from.Client = "Jo Bloggs"
		journey().when(from).refused("fields: client")
	}},
	{"a journey has to be named", func(t *testing.T, journey func() *scenario) {
		s := journey()
		c := s.command(referral)
		c.Journey = ""
		s.events, s.err = hte.Decide(&s.policy, &s.state, c)
		s.refused("journey")
	}},
	{"a command for another journey is refused", func(t *testing.T, journey func() *scenario) {
		s := journey().referred()
		c := s.command(hte.Accepted{})
		c.Journey = "E-2"
		s.events, s.err = hte.Decide(&s.policy, &s.state, c)
		s.refused("journey")
	}},
	{"whoever records says who they are, and when", func(t *testing.T, journey func() *scenario) {
		s := journey().referred()
		c := s.command(hte.Accepted{})
		c.By, c.Recorded = "", time.Time{}
		s.events, s.err = hte.Decide(&s.policy, &s.state, c)
		s.refused("who", "when: on", "when: recorded")
	}},
	{"nothing happens tomorrow", func(t *testing.T, journey func() *scenario) {
		s := journey().referred()
		c := s.command(hte.Accepted{})
		c.On = c.On.AddDays(1)
		s.events, s.err = hte.Decide(&s.policy, &s.state, c)
		s.refused("when: on")
	}},
	{"half past midnight in summer is today, though the server's clock says yesterday in UTC", func(t *testing.T, journey func() *scenario) {
		s := journey().on("2024-06-10").referred()
		c := s.command(hte.Accepted{})
		c.On = day(t, "2024-06-11")
		c.Recorded = time.Date(2024, time.June, 10, 23, 30, 0, 0, time.UTC)
		s.events, s.err = hte.Decide(&s.policy, &s.state, c)
		s.recorded(hte.KindAccepted)
	}},
	{"nothing happens before the referral", func(_ *testing.T, journey func() *scenario) {
		s := journey().referred()
		s.later(-1).when(hte.ContactAttempted{Mode: "telephone", Outcome: "no_answer"}).refused("when: on")
	}},
	{"what somebody needs to take part changes, and the referral stays as it was made", func(t *testing.T, journey func() *scenario) {
		from := referral
		from.Access, from.Risk = []hte.Access{"quiet_place"}, "not_known"
		journey().given(from).then(func(s hte.State) { assert.Equal(t, hte.Risk("not_known"), s.Access.Risk) }).
			when(hte.AccessUpdated{Access: []hte.Access{"step_free", "step_free"}}).refused("fields: access").
			when(hte.AccessUpdated{Interpreter: "Polish, please"}).refused("fields: interpreter").
			when(hte.AccessUpdated{Access: []hte.Access{"step_free"}, Interpreter: "pl", Risk: "two_workers"}).recorded(hte.KindAccessUpdated).
			then(func(s hte.State) {
				assert.Equal(t, hte.AccessUpdated{Access: []hte.Access{"step_free"}, Interpreter: "pl", Risk: "two_workers"}, s.Access)
				assert.Equal(t, from, s.Referral)
			})
	}},
	{"a referral is accepted, and the client waits", func(_ *testing.T, journey func() *scenario) {
		journey().referred().later(1).when(hte.Accepted{}).recorded(hte.KindAccepted).stage(hte.StageWaiting)
	}},
	{"somebody too young for the service is not accepted, but found ineligible", func(t *testing.T, journey func() *scenario) {
		from := referral
		from.Age = 17
		journey().given(from).
			when(hte.Accepted{}).refused("eligible: age").
			when(hte.FoundIneligible{Criterion: "age"}).recorded(hte.KindFoundIneligible).stage(hte.StageClosed).
			then(func(s hte.State) {
				assert.Equal(t, hte.ClosureReason("ineligible"), s.Closure.Reason)
				assert.Equal(t, hte.StageReferred, s.Closure.From)
			})
	}},
	{"a service that works in prisons only, in its own area, says so all at once", func(_ *testing.T, journey func() *scenario) {
		from := referral
		from.OutOfArea, from.Age = true, 80
		journey().with(func(p *hte.Policy) { p.Settings, p.AreaOnly, p.MaxAge = []hte.Setting{"prison"}, true, 70 }).
			given(from).when(hte.Accepted{}).refused("eligible: age", "eligible: setting", "eligible: area")
	}},
	{"the youngest and the oldest whom the service takes are taken", func(_ *testing.T, journey func() *scenario) {
		for _, age := range []int{18, 70} {
			from := referral
			from.Age = age
			journey().with(func(p *hte.Policy) { p.MaxAge, p.AreaOnly = 70, true }).given(from).when(hte.Accepted{}).recorded(hte.KindAccepted)
		}
		away := referral
		away.OutOfArea = true
		journey().given(away).when(hte.Accepted{}).recorded(hte.KindAccepted)
	}},
	{"an age that nobody asked for is no hindrance", func(_ *testing.T, journey func() *scenario) {
		from := referral
		from.Age = 0
		journey().given(from).when(hte.Accepted{}).recorded(hte.KindAccepted)
	}},
	{"the client declines while waiting", func(t *testing.T, journey func() *scenario) {
		journey().waiting().when(hte.Declined{By: "client", Reason: "not_now"}).recorded(hte.KindDeclined).stage(hte.StageClosed).
			then(func(s hte.State) { assert.Equal(t, hte.ClosureReason("declined"), s.Closure.Reason) })
	}},

	// Trainers and first contact.
	{"a trainer is assigned, and another takes over", func(t *testing.T, journey func() *scenario) {
		journey().assigned().stage(hte.StageAssigned).
			when(hte.TrainerAssigned{Trainer: "T-1"}).refused("other_trainer").
			later(10).when(hte.TrainerAssigned{Trainer: "T-2", Reason: "absence"}).recorded(hte.KindTrainerAssigned).stage(hte.StageAssigned).
			then(func(s hte.State) {
				require.Len(t, s.Assignments, 2)
				assert.Equal(t, s.Assignments[1].From, s.Assignments[0].To, "one ends as the other begins")
				assert.Equal(t, hte.Ref("T-2"), s.Trainer)
			})
	}},
	{"a trainer leaves, and the client waits again", func(_ *testing.T, journey func() *scenario) {
		journey().assigned().when(hte.TrainerReleased{Reason: "left"}).recorded(hte.KindTrainerReleased).stage(hte.StageWaiting).
			when(hte.TrainerReleased{}).refused("stage")
	}},
	{"a trainer leaves in the middle of a plan, which stays as it is", func(_ *testing.T, journey func() *scenario) {
		journey().active().given(hte.TrainerReleased{Reason: "left"}).stage(hte.StageActive).
			when(hte.TrainerReleased{}).refused("trainer").
			later(1). // on the last day they may have met still
			when(hte.AppointmentAttended{Purpose: "session", Mode: "video"}).refused("trainer").
			given(hte.TrainerAssigned{Trainer: "T-2"}).
			when(hte.AppointmentAttended{Purpose: "session", Mode: "video"}).recorded(hte.KindAppointmentAttended)
	}},
	{"nobody is given up after one call", func(_ *testing.T, journey func() *scenario) {
		call := hte.ContactAttempted{Mode: "telephone", Outcome: "no_answer"}
		journey().assigned().given(call).when(hte.Closed{Reason: "not_contactable"}).refused("closure_fits: attempts").
			given(call, call).when(hte.Closed{Reason: "not_contactable"}).recorded(hte.KindClosed)
	}},
	{"first contact says how the client is to be helped", func(t *testing.T, journey func() *scenario) {
		journey().assigned().when(hte.FirstContactMade{Mode: "face_to_face"}).refused("fields: help").
			when(hte.FirstContactMade{Mode: "face_to_face", Help: "brief"}).recorded(hte.KindFirstContactMade).stage(hte.StageEngaged).
			given(hte.ConsentGiven{}, hte.IssueIdentified{Issue: "diet", Primary: true}, hte.AssessmentCompleted{}).
			when(hte.PlanStarted{}).refused("one_to_one").
			given(hte.HelpChanged{Help: "one_to_one"}).when(hte.PlanStarted{}).recorded(hte.KindPlanStarted)
	}},
	{"first contact cannot come before the trainer was assigned", func(_ *testing.T, journey func() *scenario) {
		journey().assigned().later(-1).when(hte.FirstContactMade{Mode: "video", Help: "one_to_one"}).refused("in_order")
	}},

	// Consent.
	{"no health without consent", func(t *testing.T, journey func() *scenario) {
		weight := hte.MeasureTaken{Measure: "weight_kg", Value: wellbeing.Whole(80), Occasion: "assessment"}
		journey().assigned().given(hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}).
			when(weight).refused("consent").
			given(hte.ConsentRefused{}).when(weight).refused("consent").
			then(func(s hte.State) {
				assert.Equal(t, hte.Consent{Status: "refused", On: s.LastOn}, s.Consent)
				assert.False(t, s.Consents("support"))
			}).
			given(hte.ConsentLimited{Purposes: []hte.Purpose{"support"}}).when(weight).recorded(hte.KindMeasureTaken)
	}},
	{"a service with another lawful basis asks for no consent", func(_ *testing.T, journey func() *scenario) {
		journey().with(func(p *hte.Policy) { p.ConsentBeforeWork = false }).assigned().
			given(hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}).
			when(hte.NeedRecorded{Need: "finance", Status: "open"}).recorded(hte.KindNeedRecorded)
	}},
	{"consent may be widened, but is taken back by a withdrawal only", func(t *testing.T, journey func() *scenario) {
		journey().assigned().given(hte.ConsentLimited{Purposes: []hte.Purpose{"support"}}).
			given(hte.ConsentLimited{Purposes: []hte.Purpose{"support", "share"}}).
			when(hte.ConsentLimited{Purposes: []hte.Purpose{"support"}}).refused("no_withdrawal").
			when(hte.ConsentRefused{}).refused("no_withdrawal").
			given(hte.ConsentGiven{}).then(func(s hte.State) { assert.True(t, s.Consents("evaluation")) })
	}},
	{"the client no longer wants the record shared; the work goes on", func(t *testing.T, journey func() *scenario) {
		journey().active().when(hte.ConsentWithdrawn{Purposes: []hte.Purpose{"share"}}).recorded(hte.KindConsentWithdrawn).stage(hte.StageActive).
			then(func(s hte.State) {
				assert.False(t, s.Consents("share"))
				assert.True(t, s.Consents("support"))
				_, due := s.ToErase(nil)
				assert.False(t, due)
			}).
			when(hte.ConsentWithdrawn{Purposes: []hte.Purpose{"share"}}).refused("consent_to_withdraw")
	}},
	{"the client withdraws from everything: the work stops, and it is known what must be erased", func(t *testing.T, journey func() *scenario) {
		s := journey().active().given(hte.SupporterNamed{Person: "P-9", Relation: "family"},
			hte.AppointmentPlanned{Purpose: "session", Day: day(t, "2024-02-20"), Mode: "video"})
		s.when(hte.ConsentWithdrawn{}).recorded(hte.KindConsentWithdrawn, hte.KindAppointmentCancelled, hte.KindClosed).
			stage(hte.StageClosed).
			then(func(s hte.State) {
				assert.Equal(t, hte.ClosureReason("consent_withdrawn"), s.Closure.Reason)
				e, due := s.ToErase(nil)
				require.True(t, due)
				assert.Equal(t, hte.Ref("C-1"), e.Client)
				assert.Equal(t, []hte.Ref{"PP-3", "P-9"}, e.ThirdParties)
				assert.Equal(t, e.WithdrawnOn.AddDays(30), e.By)
				assert.Equal(t, []string{"issues", "appointments", "plan", "goals", "supporters"}, e.Holds)
			}).
			when(hte.NoteAdded{Text: "rang again"}).refused("not_withdrawn").
			when(hte.WorkforceStepTaken{Step: "volunteer"}).refused("not_withdrawn").
			when(hte.ConsentWithdrawn{}).refused("consent_to_withdraw")
	}},
	{"consent is withdrawn, and the service has to keep the record: nobody is told to erase it any more", func(t *testing.T, journey func() *scenario) {
		s := journey().active()
		s.when(hte.RecordKept{Basis: "legal_claims"}).refused("stage").
			given(hte.ConsentWithdrawn{}).
			later(3).when(hte.RecordKept{Basis: "they might come back"}).refused("fields: basis").
			when(hte.RecordKept{Basis: "legal_claims", Until: s.today.AddDays(-1)}).refused("day_ahead").
			when(hte.RecordKept{Basis: "legal_claims"}).recorded(hte.KindRecordKept).stage(hte.StageClosed).
			then(func(st hte.State) {
				assert.Equal(t, hte.Kept{On: s.today, RecordKept: hte.RecordKept{Basis: "legal_claims"}}, st.Consent.Kept)
				_, erase := st.ToErase(nil)
				assert.False(t, erase)
				assert.Equal(t, hte.ConsentStatus("withdrawn"), st.Consent.Status, "consent is not what it rests on")
			}).
			when(hte.NoteAdded{Text: "rang again"}).refused("not_withdrawn")
		// The claim is settled: the record has a last day now.
		s.later(40).given(hte.RecordKept{Basis: "legal_claims", Until: s.today.AddDays(90)}).
			then(func(st hte.State) {
				e, erase := st.ToErase(nil)
				assert.True(t, erase)
				assert.Equal(t, s.today.AddDays(90), e.By)
			})
		// It was another client's claim: the record has to go, and late.
		for range 2 {
			for i := len(s.log) - 1; i >= 0; i-- {
				if s.log[i].Kind() == hte.KindRecordKept && s.state.Consent.Kept.On == s.log[i].On {
					s.given(hte.Voided{Sequence: s.log[i].Sequence, Reason: "wrong_client"})
					break
				}
			}
		}
		s.then(func(st hte.State) {
			e, erase := st.ToErase(nil)
			assert.True(t, erase)
			assert.Equal(t, e.WithdrawnOn.AddDays(30), e.By)
		})
	}},
	{"without a withdrawal, or before it, there is nothing to keep a record for", func(t *testing.T, journey func() *scenario) {
		s := journey().followedUp().given(hte.Closed{Reason: "completed"}).
			when(hte.RecordKept{Basis: "research"}).refused("withdrawn")
		s.later(2).given(hte.ConsentWithdrawn{})
		c := s.command(hte.RecordKept{Basis: "research"})
		c.On = s.today.AddDays(-1)
		s.events, s.err = hte.Decide(&s.policy, &s.state, c)
		s.refused("withdrawn")
	}},
	{"consent is withdrawn after closing", func(t *testing.T, journey func() *scenario) {
		journey().followedUp().given(hte.Closed{Reason: "completed"}).
			when(hte.ConsentWithdrawn{}).recorded(hte.KindConsentWithdrawn).
			then(func(s hte.State) {
				_, due := s.ToErase(nil)
				assert.True(t, due)
				assert.False(t, s.FollowedUp())
			}).
			later(90).when(hte.FollowUpHeld{Months: 3, Maintained: "yes", Mode: "telephone"}).
			refused("consent", "follow_up_consent", "followed_up")
	}},
	{"without consent to be contacted, nobody is followed up", func(_ *testing.T, journey func() *scenario) {
		journey().followedUp().given(hte.ConsentWithdrawn{Purposes: []hte.Purpose{"follow_up"}}).later(90).
			when(hte.FollowUpHeld{Months: 3, Maintained: "yes", Mode: "telephone"}).refused("follow_up_consent")
	}},

	// Assessment.
	{"an assessment needs a primary issue and what the service requires", func(_ *testing.T, journey func() *scenario) {
		form, err := wellbeing.WHO5().Score(wellbeing.Answers(1, 2, 1, 2, 2))
		s := journey().with(func(p *hte.Policy) {
			p.RequiredAtAssessment, p.QuestionnairesAtAssessment = []hte.Measure{"weight_kg", "fruit_veg"}, []string{"WHO-5"}
		}).engaged()
		require.NoError(s.t, err)
		s.when(hte.AssessmentCompleted{}).
			refused("assessment: primary_issue", "assessment: weight_kg", "assessment: fruit_veg", "assessment: WHO-5").
			given(hte.IssueIdentified{Issue: "diet", Primary: true},
				hte.MeasureTaken{Measure: "weight_kg", Value: number(s.t, "82.50"), Occasion: "assessment"},
				hte.MeasureTaken{Measure: "fruit_veg", Value: wellbeing.Whole(1), Occasion: "session"},
				hte.QuestionnaireCompleted{Result: form, Answers: wellbeing.Answers(1, 2, 1, 2, 2), Occasion: "session"}).
			when(hte.AssessmentCompleted{}).refused("assessment: fruit_veg", "assessment: WHO-5").
			given(hte.QuestionnaireCompleted{Result: form, Answers: wellbeing.Answers(1, 2, 1, 2, 2), Occasion: "assessment"},
				hte.MeasureTaken{Measure: "fruit_veg", Value: wellbeing.Whole(1), Occasion: "assessment"}).
			when(hte.AssessmentCompleted{}).recorded(hte.KindAssessmentCompleted).stage(hte.StageAssessed).
			then(func(st hte.State) {
				assert.Equal(s.t, "82.50", st.Measurements[0].Value.String(), "the places are kept")
			})
	}},
	{"a half-filled questionnaire is recorded with the reason why it has no score", func(t *testing.T, journey func() *scenario) {
		answers := append(wellbeing.Answers(1, 2), wellbeing.Refused(), wellbeing.Response{}, wellbeing.Answer(3))
		form, err := wellbeing.WHO5().Score(answers)
		require.Error(t, err)
		journey().engaged().when(hte.QuestionnaireCompleted{Result: form, Answers: answers, Occasion: "assessment"}).
			recorded(hte.KindQuestionnaireCompleted).
			then(func(s hte.State) {
				_, err := s.Questionnaires[0].Result.Score("percent")
				assert.Error(t, err)
				assert.Equal(t, answers, s.Questionnaires[0].Answers)
			})
	}},
	{"a weight of 800 kg is a slip of the hand", func(_ *testing.T, journey func() *scenario) {
		journey().engaged().
			when(hte.MeasureTaken{Measure: "weight_kg", Value: wellbeing.Whole(800), Occasion: "assessment"}).refused("fields: value").
			when(hte.MeasureTaken{Measure: "cigarettes", Value: number(journey().t, "2.5"), Occasion: "assessment"}).refused("fields: value").
			when(hte.MeasureTaken{Measure: "shoe_size", Value: wellbeing.Whole(8), Occasion: "assessment"}).refused("fields: measure").
			when(hte.MeasureTaken{Measure: "weight_kg", Occasion: "assessment"}).refused("fields: value")
	}},
	{"wider needs are followed over time", func(t *testing.T, journey func() *scenario) {
		journey().engaged().
			given(hte.NeedRecorded{Need: "accommodation", Severity: "high", Status: "open"}, hte.NeedRecorded{Need: "finance", Severity: "low", Status: "open"}).
			later(30).given(hte.NeedRecorded{Need: "accommodation", Severity: "moderate", Status: "part_met"}).
			then(func(s hte.State) {
				require.Len(t, s.Needs, 2)
				assert.Equal(t, []hte.NeedOnADay{
					{On: day(t, "2024-01-14"), Severity: "high", Status: "open"}, {On: day(t, "2024-02-13"), Severity: "moderate", Status: "part_met"},
				}, s.Needs[0].Course)
			})
	}},
	{"the primary issue may change", func(t *testing.T, journey func() *scenario) {
		journey().engaged().given(hte.IssueIdentified{Issue: "diet", Primary: true}, hte.IssueIdentified{Issue: "smoking", Primary: true}, hte.IssueIdentified{Issue: "diet"}).
			then(func(s hte.State) {
				assert.Equal(t, hte.Issue("smoking"), s.PrimaryIssue)
				assert.Len(t, s.Issues, 2)
			})
	}},
	{"work and home are asked at assessment and at review", func(_ *testing.T, journey func() *scenario) {
		journey().engaged().when(hte.CircumstancesRecorded{Occasion: "assessment"}).refused("fields: employment").
			when(hte.CircumstancesRecorded{Employment: "02", Accommodation: "14", Smoking: "1", Occasion: "assessment"}).recorded(hte.KindCircumstancesRecorded)
	}},

	// Appointments.
	{"an appointment is kept, with what was covered", func(t *testing.T, journey func() *scenario) {
		s := journey().active()
		s.given(hte.AppointmentPlanned{Purpose: "session", Day: s.today.AddDays(7), Starts: "14:30", Minutes: 60, Mode: "face_to_face"}).
			when(hte.AppointmentAttended{Appointment: 1, Mode: "face_to_face"}).refused("on_the_day").
			later(7).when(hte.AppointmentAttended{Appointment: 1, Mode: "face_to_face", Techniques: []hte.Technique{"1.4", "1.4"}}).refused("fields: techniques").
			when(hte.AppointmentAttended{Appointment: 1, Mode: "telephone", Late: true, Techniques: []hte.Technique{"1.4", "8.7"}}).
			recorded(hte.KindAppointmentAttended).
			then(func(s hte.State) {
				a := s.Appointments[0]
				assert.Equal(t, hte.Attended, a.Status)
				assert.True(t, a.Late)
				assert.Equal(t, hte.Mode("telephone"), a.Mode, "they rang instead")
				assert.Equal(t, 60, a.Minutes)
				assert.Equal(t, hte.Ref("T-1"), a.Trainer)
				assert.Equal(t, "Graded tasks", a.Techniques[1].Label())
			}).
			when(hte.AppointmentMissed{Appointment: 1, Reason: "forgot"}).refused("appointment")
	}},
	{"the client drops in without an appointment", func(t *testing.T, journey func() *scenario) {
		journey().active().when(hte.AppointmentAttended{Mode: "face_to_face"}).refused("fields: purpose").
			when(hte.AppointmentAttended{Mode: "face_to_face", Purpose: "session", Minutes: 25}).recorded(hte.KindAppointmentAttended).
			then(func(s hte.State) {
				assert.Equal(t, 1, s.Appointments[0].Appointment)
				assert.Equal(t, 25, s.Appointments[0].Minutes)
				assert.True(t, s.Appointments[0].Made.IsZero())
			})
	}},
	{"a session turned into the review, and took longer", func(t *testing.T, journey func() *scenario) {
		s := journey().active()
		s.given(hte.AppointmentPlanned{Purpose: "session", Day: s.today, Minutes: 30, Mode: "video"},
			hte.AppointmentAttended{Appointment: 1, Purpose: "review", Minutes: 50, Mode: "video"}).
			then(func(s hte.State) {
				assert.Equal(t, hte.AppointmentPurpose("review"), s.Appointments[0].Purpose)
				assert.Equal(t, 50, s.Appointments[0].Minutes)
			})
	}},
	{"missed with a reason that is accepted, and without", func(t *testing.T, journey func() *scenario) {
		s := journey().active()
		s.given(hte.AppointmentPlanned{Purpose: "session", Day: s.today, Mode: "video"}, hte.AppointmentPlanned{Purpose: "session", Day: s.today, Mode: "video"}).
			given(hte.AppointmentMissed{Appointment: 1, Reason: "illness", Acceptable: true}, hte.AppointmentMissed{Appointment: 2, Reason: "chose_not_to"}).
			then(func(s hte.State) {
				assert.True(t, s.Appointments[0].Acceptable)
				assert.False(t, s.Appointments[1].Acceptable)
			})
	}},
	{"either side calls off, and it is known who", func(t *testing.T, journey func() *scenario) {
		s := journey().active()
		s.given(hte.AppointmentPlanned{Purpose: "session", Day: s.today.AddDays(3), Mode: "video"}).
			when(hte.AppointmentCancelled{Appointment: 7, By: "client", Reason: "work"}).refused("appointment").
			when(hte.AppointmentCancelled{Appointment: 1, By: "justice", Reason: "lockdown"}).recorded(hte.KindAppointmentCancelled).
			then(func(s hte.State) { assert.Equal(t, hte.Party("justice"), s.Appointments[0].CancelledBy) })
	}},
	{"an appointment is moved, and keeps its number", func(t *testing.T, journey func() *scenario) {
		s := journey().active()
		s.when(hte.AppointmentPlanned{Purpose: "session", Day: s.today.AddDays(-1), Mode: "video"}).refused("day_ahead").
			when(hte.AppointmentPlanned{Purpose: "session", Day: s.today, Starts: "25:00", Mode: "video"}).refused("fields: starts").
			given(hte.AppointmentPlanned{Purpose: "session", Day: s.today.AddDays(3), Mode: "video"}).
			when(hte.AppointmentRescheduled{Appointment: 1, By: "client", Day: s.today.AddDays(5), Mode: "telephone"}).recorded(hte.KindAppointmentRescheduled).
			later(5).when(hte.AppointmentAttended{Appointment: 1, Mode: "telephone"}).recorded(hte.KindAppointmentAttended).
			then(func(s hte.State) { assert.Equal(t, 1, s.Appointments[0].Moved) })
	}},
	{"there are no more sessions than the policy allows", func(_ *testing.T, journey func() *scenario) {
		s := journey().with(func(p *hte.Policy) { p.Sessions, p.MostSessions = 1, 2 }).assessed()
		s.when(hte.PlanStarted{Sessions: 3}).refused("session_room").given(hte.PlanStarted{}, aGoal(s), hte.PlanSigned{Client: true, Trainer: true})
		session := hte.AppointmentAttended{Mode: "video", Purpose: "session"}
		s.given(session, session).when(session).refused("session_room").
			when(hte.AppointmentPlanned{Purpose: "session", Day: s.today, Mode: "video"}).refused("session_room").
			when(hte.AppointmentPlanned{Purpose: "review", Day: s.today, Mode: "video"}).recorded(hte.KindAppointmentPlanned)
	}},

	// The personal health plan.
	{"a plan takes the policy's number of sessions", func(t *testing.T, journey func() *scenario) {
		journey().planning().then(func(s hte.State) {
			assert.Equal(t, 6, s.Plan.Sessions)
			assert.Equal(t, hte.PlanOutcome("open"), s.Plan.Outcome)
		})
	}},
	{"a goal is SMART or it is no goal", func(t *testing.T, journey func() *scenario) {
		s := journey().planning()
		good := aGoal(s)
		for _, tc := range []struct {
			spoil func(*hte.GoalSet)
			want  string
		}{
			{func(g *hte.GoalSet) { g.Behaviour = "" }, "fields: behaviour"},
			{func(g *hte.GoalSet) { g.Baseline = wellbeing.Value{} }, "fields: baseline"},
			{func(g *hte.GoalSet) { g.Target = wellbeing.Value{} }, "fields: target"},
			{func(g *hte.GoalSet) { g.Target = g.Baseline }, "fields: target"},
			{func(g *hte.GoalSet) { g.Unit = "" }, "fields: unit"},
			{func(g *hte.GoalSet) { g.Unit = "per week" }, "fields: unit"}, // not that of fruit_veg
			{func(g *hte.GoalSet) { g.By = hte.Date{} }, "fields: by"},
			{func(g *hte.GoalSet) { g.By = s.today }, "goal_day"},
			{func(g *hte.GoalSet) { g.By = s.today.AddDays(365) }, "goal_day"}, // a day more than 52 weeks
			{func(g *hte.GoalSet) { g.Replaces = 1 }, "goal_replaced"},
		} {
			bad := good
			tc.spoil(&bad)
			s.when(bad).refused(tc.want)
		}
		s.when(hte.PlanSigned{Client: true, Trainer: true}).refused("has_goal").
			when(good).recorded(hte.KindGoalSet).then(func(s hte.State) { assert.Equal(t, 1, s.Goals[0].Goal) })
	}},
}

func TestScenarios(t *testing.T) {
	all := &told{kinds: map[hte.Kind]bool{}, guards: map[hte.Guard]bool{}}
	for _, sc := range append(scenarios, moreScenarios...) {
		t.Run(sc.name, func(t *testing.T) {
			sc.tell(t, func() *scenario {
				s := journey(t)
				s.told = all
				return s
			})
		})
	}
	for _, k := range hte.Kinds() {
		assert.True(t, all.kinds[k], "%s is recorded in a scenario", k)
	}
	for _, g := range hte.Guards() {
		assert.True(t, all.guards[g], "%s refuses in a scenario", g)
	}
}
