package export_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/dcrs/export"
	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

func day(t testing.TB, s string) hte.Date {
	t.Helper()
	d, err := hte.ParseDate(s)
	require.NoError(t, err)
	return d
}

// book records commands on one journey.
type book struct {
	t     testing.TB
	state hte.State
	log   []hte.Event
	on    hte.Date
	id    hte.Ref
}

func (b *book) try(data hte.Data) error {
	c := hte.Command{Journey: b.id, On: b.on, Recorded: b.on.Time(time.UTC).Add(18 * time.Hour), By: "trainer-1", Data: data}
	if c.Recorded.Before(b.state.Recorded) {
		c.Recorded = b.state.Recorded
	}
	events, err := hte.Decide(nil, &b.state, c)
	if err != nil {
		return err
	}
	for _, e := range events {
		require.NoError(b.t, b.state.Apply(e))
	}
	b.log = append(b.log, events...)
	return nil
}

func (b *book) must(data ...hte.Data) {
	b.t.Helper()
	for _, d := range data {
		require.NoError(b.t, b.try(d), "%s", d.Kind())
	}
}

func form(t testing.TB, codes ...int) hte.QuestionnaireCompleted {
	t.Helper()
	result, err := wellbeing.WHO5().Score(wellbeing.Answers(codes...))
	require.NoError(t, err)
	return hte.QuestionnaireCompleted{Result: result, Answers: wellbeing.Answers(codes...)}
}

// whole is one person on licence, from referral to employed trainer.
func whole(t testing.TB, id hte.Ref) *book {
	t.Helper()
	b := &book{t: t, id: id, on: day(t, "2024-01-08")}
	b.must(hte.Referred{
		Client: "C-1", Service: "RX1", Source: "probation", Setting: "probation", Supervision: "licence", Reason: "smoking", Age: 34,
		Note: "PLANTED words",
	}, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"})
	b.on = b.on.AddDays(4)
	pre := form(t, 1, 2, 1, 2, 2)
	pre.Occasion = "assessment"
	b.must(hte.AppointmentPlanned{Purpose: "first_contact", Day: b.on, Mode: "face_to_face"},
		hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}, hte.ConsentGiven{},
		hte.AppointmentAttended{Appointment: 1, Mode: "face_to_face", Minutes: 45, Techniques: []hte.Technique{"1.1", "1.4"}},
		hte.IssueIdentified{Issue: "smoking", Primary: true}, hte.IssueIdentified{Issue: "diet"},
		hte.NeedRecorded{Need: "accommodation", Severity: "high", Status: "open"},
		hte.MeasureTaken{Measure: "cigarettes", Value: wellbeing.Whole(20), Occasion: "assessment"}, pre,
		hte.CircumstancesRecorded{Employment: "02", Accommodation: "18", Smoking: "1", Occasion: "assessment"},
		hte.AssessmentCompleted{})
	b.on = b.on.AddDays(7)
	b.must(hte.PlanStarted{}, hte.GoalSet{
		Issue: "smoking", Behaviour: "smoke fewer", Measure: "cigarettes", Unit: "per day", Baseline: wellbeing.Whole(20),
		Target: wellbeing.Whole(5), By: b.on.AddDays(60),
	}, hte.PlanSigned{Client: true, Trainer: true},
		hte.Signposted{To: "stop_smoking", Referral: true})
	b.on = b.on.AddDays(60)
	post := form(t, 3, 3, 3, 4, 3)
	post.Occasion = "review"
	b.must(hte.GoalReviewed{Goal: 1, Result: "achieved", Value: wellbeing.Whole(4)},
		hte.MeasureTaken{Measure: "cigarettes", Value: wellbeing.Whole(4), Occasion: "review"}, post,
		hte.CircumstancesRecorded{Employment: "01", Accommodation: "02", Smoking: "1", Occasion: "review"},
		hte.NeedRecorded{Need: "accommodation", Severity: "low", Status: "met"},
		hte.SignpostFollowedUp{Signpost: 1, Outcome: "attended"},
		hte.PlanConcluded{Outcome: "achieved"})
	b.on = b.on.AddMonths(3)
	b.must(hte.FollowUpHeld{Months: 3, Maintained: "yes", Mode: "telephone"}, hte.OwnTrainerBecome{},
		hte.Closed{Reason: "completed"}, hte.WorkforceStepTaken{Step: "volunteer"})
	return b
}

var client = export.Client{NHSNumber: "9990000018", Gender: "1", EthnicCategory: "A", Postcode: "M1 1AE", GPPractice: "P84001", IMDQuintile: "1", IMDEdition: "2019"}

func exporter(t testing.TB) *export.Exporter {
	t.Helper()
	x, err := export.New(day(t, "2026-03-31"))
	require.NoError(t, err)
	return x
}

// named are the filled cells of a row, by field.
func named(t testing.TB, d *dcrs.Dictionary, row []string) map[string]string {
	t.Helper()
	out := map[string]string{}
	i := 0
	for f := range d.Fields() {
		if row[i] != "" {
			out[f.Name] = row[i]
		}
		i++
	}
	require.Len(t, row, i)
	return out
}

// The expected cells are written from the journey above and the dictionary.
func TestWholeJourney(t *testing.T) {
	t.Parallel()
	b := whole(t, "E-1")
	c := client
	c.NHSNumber, c.IMDQuintile, c.IMDEdition = "", "", ""
	rows, err := exporter(t).Rows(t.Context(), &b.state, c)
	require.NoError(t, err)
	assert.Equal(t, map[string]string{
		"client_id": "C-1", "episode_id": "E-1", "service_code": "RX1", "trainer_id": "T-1", "gender": "1", "ethnic_category": "A",
		"postcode": "M1 1AE", "gp_practice_code": "P84001", "age_at_referral": "34", "setting": "probation", "supervision": "licence",
		"referral_source": "probation", "referral_date": "2024-01-08", "first_contact_date": "2024-01-12", "assessment_date": "2024-01-12",
		"consent": "Y", "client_mode": "one_to_one", "primary_issue": "smoking", "secondary_issues": "diet", "wider_needs": "accommodation",
		"wider_needs_met": "accommodation", "employment_status": "02", "accommodation_type": "18", "employment_status_post": "01",
		"accommodation_type_post": "02", "smoking_status_pre": "1", "smoking_status_post": "1", "plan_date": "2024-01-19", "plan_status": "achieved",
		"goal_1_issue": "smoking", "goal_1_status": "achieved", "sessions_planned": "6", "sessions_attended": "1", "sessions_missed": "0",
		"signposted_to": "stop_smoking", "signposted_date": "2024-01-19", "review_date": "2024-03-19", "cigarettes_pre": "20", "cigarettes_post": "4",
		"who5_1_pre": "1", "who5_2_pre": "2", "who5_3_pre": "1", "who5_4_pre": "2", "who5_5_pre": "2", "who5_percent_pre": "32",
		"who5_1_post": "3", "who5_2_post": "3", "who5_3_post": "3", "who5_4_post": "4", "who5_5_post": "3", "who5_percent_post": "64",
		"followup_3m_date": "2024-06-19", "followup_3m_maintained": "yes", "closure_date": "2024-06-19", "closure_reason": "completed",
		"workforce_step": "volunteer",
	}, named(t, dcrs.Episodes(), rows.Episode))
	require.Len(t, rows.Contacts, 1)
	assert.Equal(t, map[string]string{
		"episode_id": "E-1", "contact_id": "E-1-c1", "contact_date": "2024-01-12", "consultation_medium": "01", "attendance": "attended",
		"purpose": "first_contact", "duration_minutes": "45", "trainer_id": "T-1", "techniques": "1.1;1.4",
	}, named(t, dcrs.Contacts(), rows.Contacts[0]))
	require.Len(t, rows.Goals, 1)
	assert.Equal(t, map[string]string{
		"episode_id": "E-1", "goal_id": "E-1-g1", "goal_number": "1", "issue": "smoking", "measure": "cigarettes", "baseline": "20", "target": "5",
		"result": "4", "set_date": "2024-01-19", "due_date": "2024-03-19", "review_date": "2024-03-19", "status": "achieved",
	}, named(t, dcrs.Goals(), rows.Goals[0]))
	require.Len(t, rows.Signposts, 1)
	assert.Equal(t, map[string]string{
		"episode_id": "E-1", "signpost_id": "E-1-s1", "signpost_date": "2024-01-19", "destination": "stop_smoking", "kind": "referred",
		"outcome": "engaged", "outcome_date": "2024-03-19",
	}, named(t, dcrs.Signposts(), rows.Signposts[0]))
	require.Len(t, rows.Needs, 1)
	assert.Equal(t, map[string]string{
		"episode_id": "E-1", "need": "accommodation", "severity": "low", "recorded_date": "2024-01-12", "status": "met", "status_date": "2024-03-19",
	}, named(t, dcrs.Needs(), rows.Needs[0]))
	require.Len(t, rows.Measures, 4)
	assert.Equal(t, map[string]string{
		"episode_id": "E-1", "time_point": "post", "measured_on": "2024-03-19", "measure": "cigarettes", "value": "4",
	}, named(t, dcrs.Measures(), rows.Measures[1]))
	assert.Equal(t, "1 2 1 2 2", named(t, dcrs.Measures(), rows.Measures[2])["responses"])
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	x := exporter(t)
	for _, c := range []struct {
		reason string
		make   func() (*hte.State, export.Client)
		want   export.Reason
		rules  []string
	}{
		{"no referral yet", func() (*hte.State, export.Client) { return &hte.State{}, client }, export.NotBegun, nil},
		{"consent was not asked for", func() (*hte.State, export.Client) {
			b := &book{t: t, id: "E-1", on: day(t, "2024-01-08")}
			b.must(hte.Referred{Client: "C-1", Service: "RX1", Source: "self", Setting: "community"})
			return &b.state, client
		}, export.NoConsent, nil},
		{"consent to be supported, and not to share", func() (*hte.State, export.Client) {
			b := &book{t: t, id: "E-1", on: day(t, "2024-01-08")}
			b.must(hte.Referred{Client: "C-1", Service: "RX1", Source: "self", Setting: "community"}, hte.ConsentLimited{Purposes: []hte.Purpose{"support"}})
			return &b.state, client
		}, export.NoConsent, nil},
		{"consent withdrawn at the end", func() (*hte.State, export.Client) {
			b := whole(t, "E-1")
			b.must(hte.ConsentWithdrawn{})
			return &b.state, client
		}, export.NoConsent, nil},
		{"an event of a newer version", func() (*hte.State, export.Client) {
			s := whole(t, "E-1").state.Clone()
			s.Unknown = 1
			return &s, client
		}, export.NewerEvents, nil},
		{"the host has a wrong code", func() (*hte.State, export.Client) {
			c := client
			c.Gender = "male"
			return &whole(t, "E-1").state, c
		}, export.BreaksRules, []string{"gender/code"}},
		{"the host has a postcode that is none", func() (*hte.State, export.Client) {
			c := client
			c.Postcode = "not a postcode"
			return &whole(t, "E-1").state, c
		}, export.BreaksRules, []string{"postcode/format"}},
	} {
		t.Run(c.reason, func(t *testing.T) {
			state, who := c.make()
			rows, err := x.Rows(t.Context(), state, who)
			assert.Nil(t, rows)
			refused, ok := errors.AsType[*export.RefusedError](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, c.want, refused.Reason)
			assert.Equal(t, state.Journey, refused.Journey)
			assert.Subset(t, refused.Rules, c.rules)
			for _, value := range []string{"C-1", "E-1", "not a postcode", "male", "PLANTED"} {
				assert.NotContains(t, err.Error(), value)
			}
		})
	}
}

// random walks through a journey with commands of every kind that export looks at,
// whether or not they fit.
func random(t testing.TB, seed uint64) *book {
	rng := rand.New(rand.NewPCG(seed, 7))
	b := &book{t: t, id: hte.Ref("E-" + strconv.FormatUint(seed, 10)), on: day(t, "2023-01-01").AddDays(rng.IntN(300))}
	pick := func(codes ...string) string { return codes[rng.IntN(len(codes))] }
	issue := func() hte.Issue { return hte.Issue(pick("diet", "exercise", "smoking", "alcohol", "weight", "local")) }
	setting := pick("community", "probation", "prison")
	supervision := map[string]string{"community": "none", "probation": "licence", "prison": "custody"}[setting]
	if b.try(hte.Referred{
		Client: hte.Ref("C-" + strconv.Itoa(rng.IntN(50))), Service: "RX1", Source: hte.ReferralSource(pick("self", "gp", "probation", "prison")),
		Setting: hte.Setting(setting), Supervision: hte.Supervision(supervision), Age: 18 + rng.IntN(60),
	}) != nil {
		t.Fatal("no referral")
	}
	value := func(m hte.Measure) wellbeing.Value {
		d, _ := m.Definition()
		low, _ := d.Min.Int64()
		high, _ := d.Max.Int64()
		return wellbeing.Whole(low + rng.Int64N(high-low+1))
	}
	occasion := func() hte.Occasion { return hte.Occasion(pick("assessment", "session", "review", "follow_up")) }
	if rng.IntN(3) > 0 { // most come as far as a signed plan before chance takes over
		way := []hte.Data{
			hte.Accepted{},
			hte.TrainerAssigned{Trainer: "T-1"},
			hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"},
			hte.ConsentGiven{},
			hte.IssueIdentified{Issue: issue(), Primary: true},
			hte.AssessmentCompleted{},
			hte.PlanStarted{},
			hte.GoalSet{Issue: issue(), Behaviour: "x", Measure: "cigarettes", Unit: "per day", Baseline: wellbeing.Whole(20), Target: wellbeing.Whole(5), By: b.on.AddDays(90)},
			hte.PlanSigned{Client: true, Trainer: true},
		}
		for _, d := range way[:1+rng.IntN(len(way))] {
			b.on = b.on.AddDays(rng.IntN(4))
			b.must(d)
		}
	}
	steps := 10 + rng.IntN(70)
	for range steps {
		if rng.IntN(3) == 0 {
			b.on = b.on.AddDays(rng.IntN(25))
		}
		var d hte.Data
		switch rng.IntN(48) {
		case 0:
			d = hte.Accepted{}
		case 1:
			d = hte.TrainerAssigned{Trainer: hte.Ref(pick("T-1", "T-2"))}
		case 2, 3:
			d = hte.FirstContactMade{Mode: "face_to_face", Help: hte.ClientMode(pick("one_to_one", "one_to_one", "one_to_one", "brief", "information"))}
		case 4, 5:
			d = hte.ConsentGiven{}
		case 6, 7:
			m := hte.Measures()[rng.IntN(len(hte.Measures()))].Name
			d = hte.MeasureTaken{Measure: m, Value: value(m), Occasion: occasion()}
		case 8:
			q := form(t, rng.IntN(6), rng.IntN(6), rng.IntN(6), rng.IntN(6), rng.IntN(6))
			q.Occasion = occasion()
			d = q
		case 9:
			d = hte.CircumstancesRecorded{Employment: "01", Smoking: hte.SmokingStatus(pick("1", "2", "4")), Occasion: occasion()}
		case 10, 11:
			d = hte.IssueIdentified{Issue: issue(), Primary: rng.IntN(2) == 0}
		case 12:
			d = hte.NeedRecorded{Need: hte.WiderNeed(pick("accommodation", "finance", "isolation")), Severity: "high", Status: hte.NeedStatus(pick("open", "met", "part_met", "in_progress"))}
		case 13, 14:
			d = hte.AssessmentCompleted{}
		case 15:
			d = hte.AppointmentPlanned{Purpose: "session", Day: b.on.AddDays(rng.IntN(10)), Mode: hte.Mode(pick("face_to_face", "video", "telephone"))}
		case 16:
			d = hte.AppointmentAttended{Appointment: rng.IntN(6), Purpose: hte.AppointmentPurpose(pick("session", "review", "follow_up")), Mode: "telephone", Minutes: 30, Techniques: []hte.Technique{"1.1", "8.3"}}
		case 17:
			d = hte.AppointmentMissed{Appointment: 1 + rng.IntN(6), Reason: "illness", Acceptable: rng.IntN(2) == 0}
		case 18:
			d = hte.AppointmentCancelled{Appointment: 1 + rng.IntN(6), By: hte.Party(pick("client", "service", "justice")), Reason: "other"}
		case 19, 20:
			d = hte.PlanStarted{}
		case 21, 22:
			m := hte.Measure(pick("cigarettes", "fruit_veg", "activity_moderate"))
			def, _ := m.Definition()
			d = hte.GoalSet{Issue: issue(), Behaviour: "x", Measure: m, Unit: def.Unit, Baseline: wellbeing.Whole(3), Target: wellbeing.Whole(5), By: b.on.AddDays(30)}
		case 23, 24:
			d = hte.PlanSigned{Client: true, Trainer: true}
		case 25, 26:
			d = hte.GoalReviewed{Goal: 1 + rng.IntN(3), Result: hte.GoalResult(pick("achieved", "part_achieved", "not_achieved"))}
		case 27:
			d = hte.PlanConcluded{Outcome: hte.PlanOutcome(pick("achieved", "part_achieved", "not_achieved", "lost"))}
		case 28:
			d = hte.Signposted{To: hte.SignpostTo(pick("stop_smoking", "housing", "gp")), Referral: rng.IntN(2) == 0}
		case 29:
			d = hte.Recalled{Prison: "P-1"}
		case 30:
			d = hte.Released{Supervision: "licence", Setting: "probation"}
		case 31:
			b.on = b.on.AddMonths(3)
			d = hte.FollowUpHeld{Months: []int{3, 6, 12}[rng.IntN(3)], Maintained: hte.Maintained(pick("yes", "part", "no")), Mode: "telephone"}
		case 32:
			if rng.IntN(4) > 0 {
				continue
			}
			d = hte.Closed{Reason: hte.ClosureReason(pick("completed", "disengaged", "moved", "recalled"))}
		case 33:
			d = hte.WorkforceStepTaken{Step: hte.WorkforceStep(pick("volunteer", "champion", "employed"))}
		case 34:
			d = hte.RulersRated{Importance: wellbeing.Answer(rng.IntN(11)), Confidence: wellbeing.Answer(rng.IntN(11)), Occasion: occasion()}
		case 35, 36: // a goal that takes the place of another
			d = hte.GoalSet{
				Issue: issue(), Behaviour: "x", Measure: "cigarettes", Unit: "per day", Baseline: wellbeing.Whole(20), Target: wellbeing.Whole(rng.Int64N(20)),
				By: b.on.AddDays(60), Replaces: 1 + rng.IntN(4),
			}
		case 37: // a goal in a unit of the client's own, and one in a measure that goals.csv does not list
			d = hte.GoalSet{Issue: issue(), Behaviour: "x", Unit: "times", Baseline: wellbeing.Whole(0), Target: wellbeing.Whole(2), By: b.on.AddDays(40)}
			if rng.IntN(2) == 0 {
				d = hte.GoalSet{Issue: issue(), Behaviour: "x", Measure: "general_health", Unit: "0-100", Baseline: wellbeing.Whole(30), Target: wellbeing.Whole(60), By: b.on.AddDays(40)}
			}
		case 38:
			d = hte.GoalReviewed{Goal: 1 + rng.IntN(4), Result: "open", Value: wellbeing.Whole(rng.Int64N(20))}
		case 39:
			d = hte.GoalReviewed{Goal: 1 + rng.IntN(4), Result: "dropped", Reason: "other"}
		case 40, 41:
			d = hte.SignpostFollowedUp{Signpost: 1 + rng.IntN(3), Outcome: hte.SignpostOutcome(pick("attended", "waiting", "completed", "did_not_go", "declined", "not_accepted", "not_known"))}
		case 42:
			d = hte.Signposted{To: hte.SignpostTo(pick("stop_smoking", "housing", "gp")), Need: "accommodation"}
		case 43:
			d = hte.HelpChanged{Help: hte.ClientMode(pick("one_to_one", "brief"))}
		case 44:
			d = hte.FollowUpLost{Months: []int{3, 6, 12}[rng.IntN(3)]}
		case 45:
			d = hte.CircumstancesRecorded{Employment: "02", Accommodation: hte.AccommodationType(pick("02", "18")), Occasion: occasion()}
		case 46:
			if rng.IntN(6) > 0 {
				continue
			}
			d = []hte.Data{
				hte.TransferredOut{To: "S-2"},
				hte.FoundIneligible{Criterion: "other"},
				hte.Declined{By: "client", Reason: "other"},
				hte.Closed{Reason: hte.ClosureReason(pick("not_contactable", "died", "supervision_ended", "other"))},
				hte.SupervisionEnded{},
			}[rng.IntN(5)]
		case 47:
			d = hte.AppointmentRescheduled{Appointment: 1 + rng.IntN(6), By: "client", Day: b.on.AddDays(rng.IntN(20)), Mode: "telephone"}
		}
		_ = b.try(d) // what does not fit is refused, and the journey goes on
	}
	return b
}

// person is what a host knows of a client; every seventh has the NHS number of another.
func person(t testing.TB, ref hte.Ref) export.Client {
	t.Helper()
	n, err := strconv.Atoi(strings.TrimPrefix(string(ref), "C-"))
	require.NoError(t, err)
	c := export.Client{Gender: "1", EthnicCategory: "A", Postcode: "M1 1AE", Born: day(t, "1960-02-29").AddDays(250 * n), IMDQuintile: "1", IMDEdition: "2019"}
	if n%7 == 6 {
		n--
	}
	digits, sum := "999"+strconv.Itoa(100000+n), 0
	for i, d := range digits {
		sum += int(d-'0') * (10 - i)
	}
	if check := (11 - sum%11) % 11; check < 10 {
		c.NHSNumber, c.NHSNumberStatus = digits+strconv.Itoa(check), "01"
	}
	return c
}

// Every journey that export accepts validates without an error, alone and together
// with the others; none is half-exported.
func TestWhatIsAcceptedValidates(t *testing.T) {
	t.Parallel()
	x := exporter(t)
	files := map[string]*bytes.Buffer{}
	w, err := x.NewWriter(func(kind string) (io.Writer, error) {
		files[kind] = new(bytes.Buffer)
		return files[kind], nil
	})
	require.NoError(t, err)
	accepted, stages := map[string]bool{}, map[hte.Stage]int{}
	refusedFor := map[string]int{}
	for seed := range uint64(300) {
		b := random(t, seed)
		_, err := w.Write(t.Context(), &b.state, person(t, b.state.Referral.Client))
		if refused, ok := errors.AsType[*export.RefusedError](err); ok {
			for _, r := range refused.Rules {
				refusedFor[r]++
			}
			refusedFor[string(refused.Reason)]++
			if refused.Reason == export.NoConsent {
				require.False(t, b.state.Consents("share"), "refused without a reason")
			}
			continue
		}
		require.NoError(t, err)
		accepted[string(b.state.Journey)] = true
		stages[b.state.Stage]++
	}
	require.NoError(t, w.Flush())
	t.Logf("accepted %d, by stage %v; rules that refused others: %v", len(accepted), stages, refusedFor)
	require.Greater(t, len(accepted), 60)
	require.Positive(t, refusedFor[string(export.SharedNumber)], "the same number of two clients")
	require.Positive(t, stages[hte.StageClosed])
	require.Positive(t, stages[hte.StageActive])

	folder := fstest.MapFS{}
	for kind, b := range files {
		folder[kind+"s.csv"] = &fstest.MapFile{Data: b.Bytes()}
		records, err := csv.NewReader(bytes.NewReader(b.Bytes())).ReadAll()
		require.NoError(t, err)
		at := slices.Index(records[0], "episode_id")
		for _, r := range records[1:] {
			require.True(t, accepted[r[at]], "%s: a row of a journey that was refused", kind)
		}
	}
	v, err := dcrs.NewExtractValidator(dcrs.ExtractDictionaries(), day(t, "2026-03-31"))
	require.NoError(t, err)
	report, err := v.Validate(t.Context(), "all", folder, func(f dcrs.Finding) error {
		if f.Severity == dcrs.Error {
			t.Errorf("%s at line %d of %s: %s", f.Rule, f.Line, f.File, f.Message)
		}
		return nil
	})
	require.NoError(t, err)
	episodes, ok := report.File("episode")
	require.True(t, ok)
	assert.Equal(t, len(accepted), episodes.Records)
}

func TestWriterRefusesAnEpisodeTwice(t *testing.T) {
	t.Parallel()
	var episodes bytes.Buffer
	w, err := exporter(t).NewWriter(func(kind string) (io.Writer, error) {
		if kind == "episode" {
			return &episodes, nil
		}
		return nil, nil
	})
	require.NoError(t, err)
	b := whole(t, "E-1")
	_, err = w.Write(t.Context(), &b.state, export.Client{})
	require.NoError(t, err)
	_, err = w.Write(t.Context(), &b.state, export.Client{})
	refused, ok := errors.AsType[*export.RefusedError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, export.Twice, refused.Reason)
	require.NoError(t, w.Flush())
	assert.Equal(t, 2, strings.Count(episodes.String(), "\n"), "the header and one row")
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := exporter(t).Rows(ctx, &whole(t, "E-1").state, export.Client{})
	require.ErrorIs(t, err, context.Canceled)
}

func TestLongReferencesLeaveIdentifiersThatFit(t *testing.T) {
	t.Parallel()
	b := whole(t, hte.Ref(strings.Repeat("x", 36)))
	rows, err := exporter(t).Rows(t.Context(), &b.state, export.Client{})
	require.NoError(t, err)
	assert.Len(t, named(t, dcrs.Contacts(), rows.Contacts[0])["contact_id"], 32)
}

func TestWhatIsLeftBehindIsNamed(t *testing.T) {
	t.Parallel()
	b := whole(t, "E-1")
	b.must(hte.NoteAdded{Text: "PLANTED words"})
	rows, err := exporter(t).Rows(t.Context(), &b.state, export.Client{})
	require.NoError(t, err)
	assert.True(t, slices.ContainsFunc(rows.Left, func(l export.Left) bool { return l.What == "notes" && l.Count == 1 }))
	for _, cell := range rows.Episode {
		assert.NotContains(t, cell, "PLANTED")
	}
}

// The lists that hte says are the dictionary's are the dictionary's, and so are the
// measures, to their units and ranges.
func TestListsAndMeasuresAreTheDictionarys(t *testing.T) {
	t.Parallel()
	d := dcrs.Episodes()
	shared := 0
	for _, l := range hte.CodeLists() {
		if !l.DCRS {
			continue
		}
		shared++
		list, ok := d.CodeList(l.Name)
		require.True(t, ok, l.Name)
		var got, want []string
		for _, c := range l.Codes {
			got = append(got, c.Code)
		}
		for _, c := range list.Codes {
			want = append(want, c.Code)
		}
		assert.Equal(t, want, got, l.Name)
	}
	assert.Positive(t, shared)
	for _, m := range hte.Measures() {
		name := string(m.Name) + "_pre"
		if m.Name == "height_cm" {
			name = "height_cm"
		}
		f, ok := d.Field(name)
		require.True(t, ok, name)
		assert.Equal(t, f.Unit, m.Unit, name)
		low, _ := m.Min.Int64()
		high, _ := m.Max.Int64()
		assert.Equal(t, *f.Valid, dcrs.Range{Min: low, Max: high}, name)
		assert.Equal(t, f.Type == dcrs.TypeInteger, m.Whole, name)
	}
}

// validators are those of each file, made once.
var validators = sync.OnceValue(func() map[string]*dcrs.Validator {
	asOf, err := hte.ParseDate("2026-03-31")
	if err != nil {
		panic(err)
	}
	all := map[string]*dcrs.Validator{}
	for _, d := range dcrs.ExtractDictionaries() {
		if all[d.Kind()], err = dcrs.NewValidator(d, asOf); err != nil {
			panic(err)
		}
	}
	return all
})

// rowsOf reads rows of a file and hands each to look.
func rowsOf(t testing.TB, d *dcrs.Dictionary, rows [][]string, look func(*dcrs.Row)) {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	var header []string
	for f := range d.Fields() {
		header = append(header, f.Name)
	}
	require.NoError(t, w.WriteAll(append([][]string{header}, rows...)))
	for r, err := range validators()[d.Kind()].Rows(t.Context(), d.Kind()+"s.csv", &b) {
		require.NoError(t, err)
		look(r)
	}
}

func BenchmarkRows(b *testing.B) {
	x := exporter(b)
	s := &whole(b, "E-1").state
	b.ReportAllocs()
	for b.Loop() {
		if _, err := x.Rows(b.Context(), s, export.Client{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "journeys/s")
}

// An operation is a journey: the set-up of a validator is shared by those that are
// validated together. The last of them come after the clock has stopped, so let it
// run for thousands.
func BenchmarkAll(b *testing.B) {
	x := exporter(b)
	s := whole(b, "E-1").state
	b.ReportAllocs()
	journeys := func(yield func(*hte.State, export.Client) bool) {
		for n := 0; b.Loop(); n++ {
			s.Journey = hte.Ref("E-" + strconv.Itoa(n))
			if !yield(&s, export.Client{}) {
				return
			}
		}
	}
	for _, err := range x.All(b.Context(), journeys) {
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "journeys/s")
}

// The way back is decided, exported again and compared.
func BenchmarkJourney(b *testing.B) {
	rows, err := exporter(b).Rows(b.Context(), &whole(b, "E-1").state, client)
	if err != nil {
		b.Fatal(err)
	}
	episode, others := kept(b, rows)
	recorded := day(b, "2026-03-31").Time(time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := export.Journey(episode, others, recorded, "import"); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "journeys/s")
}

// journeys are random ones, some of which are refused for every reason, and some that
// break rules only together.
func journeys(t testing.TB, n uint64) iter.Seq2[*hte.State, export.Client] {
	var s hte.State
	return func(yield func(*hte.State, export.Client) bool) {
		for i := range n {
			seed, c := i, export.Client{Gender: "1"}
			switch {
			case i%17 == 16:
				seed = i - 1 // twice
			case i%19 == 18:
				c.NHSNumber = "9990000018" // of several clients
			case i%23 == 22:
				c.Postcode = "not a postcode"
			}
			s = random(t, seed).state.Clone() // used again for the next
			if i%29 == 28 {
				s.Unknown = 1
			}
			if !yield(&s, c) {
				return
			}
			s = hte.State{}
		}
	}
}

// Together journeys get the rows and the refusals that they get alone.
func TestAllIsRowsOfEach(t *testing.T) {
	t.Parallel()
	x := exporter(t)
	type got struct {
		rows *export.Rows
		err  error
	}
	var alone, all []got
	for s, c := range journeys(t, 300) {
		rows, err := x.Rows(t.Context(), s, c)
		alone = append(alone, got{rows, err})
	}
	reasons := map[export.Reason]int{}
	next, stop := iter.Pull2(journeys(t, 300))
	defer stop()
	for rows, err := range x.All(t.Context(), journeys(t, 300)) {
		all = append(all, got{rows, err})
		s, _, _ := next()
		if refused, ok := errors.AsType[*export.RefusedError](err); ok {
			reasons[refused.Reason]++
			assert.Equal(t, s.Journey, refused.Journey, "whose rows they would have been")
		}
	}
	assert.Equal(t, alone, all)
	for _, r := range []export.Reason{export.NoConsent, export.NewerEvents, export.BreaksRules} {
		assert.Positive(t, reasons[r], r)
	}
}

func TestWriteAllIsWriteOfEach(t *testing.T) {
	t.Parallel()
	x := exporter(t)
	type told struct {
		journey hte.Ref
		left    []export.Left
		refused *export.RefusedError
	}
	run := func(write func(w *export.Writer, each func(hte.Ref, []export.Left, *export.RefusedError) error) error) (map[string]string, []told) {
		files := map[string]*bytes.Buffer{}
		w, err := x.NewWriter(func(kind string) (io.Writer, error) {
			files[kind] = new(bytes.Buffer)
			return files[kind], nil
		})
		require.NoError(t, err)
		var all []told
		require.NoError(t, write(w, func(journey hte.Ref, left []export.Left, refused *export.RefusedError) error {
			all = append(all, told{journey, left, refused})
			return nil
		}))
		require.NoError(t, w.Flush())
		out := map[string]string{}
		for kind, b := range files {
			out[kind] = b.String()
		}
		return out, all
	}
	files, each := run(func(w *export.Writer, each func(hte.Ref, []export.Left, *export.RefusedError) error) error {
		for s, c := range journeys(t, 200) {
			left, err := w.Write(t.Context(), s, c)
			refused, _ := errors.AsType[*export.RefusedError](err)
			if err != nil && refused == nil {
				return err
			}
			_ = each(s.Journey, left, refused)
		}
		return nil
	})
	together, all := run(func(w *export.Writer, each func(hte.Ref, []export.Left, *export.RefusedError) error) error {
		return w.WriteAll(t.Context(), journeys(t, 200), each)
	})
	assert.Equal(t, each, all)
	assert.Equal(t, files, together)
	reasons := map[export.Reason]int{}
	for _, a := range all {
		if a.refused != nil {
			assert.Equal(t, a.journey, a.refused.Journey)
			reasons[a.refused.Reason]++
		}
	}
	assert.Positive(t, reasons[export.Twice])
	assert.Positive(t, reasons[export.SharedNumber])
}

// Whoever ends it ends it.
func TestAllEnds(t *testing.T) {
	t.Parallel()
	x := exporter(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	n := 0
	for rows, err := range x.All(ctx, journeys(t, 30)) {
		assert.Nil(t, rows)
		require.ErrorIs(t, err, context.Canceled)
		n++
	}
	assert.Equal(t, 1, n, "once, and no more")
	for range x.All(t.Context(), journeys(t, 30)) {
		break // it does not panic, and asks for nothing more
	}
	w, err := x.NewWriter(func(string) (io.Writer, error) { return io.Discard, nil })
	require.NoError(t, err)
	enough := errors.New("enough")
	require.ErrorIs(t, w.WriteAll(t.Context(), journeys(t, 30), func(hte.Ref, []export.Left, *export.RefusedError) error { return enough }), enough)
	require.ErrorIs(t, w.WriteAll(ctx, journeys(t, 30), func(hte.Ref, []export.Left, *export.RefusedError) error { return nil }), context.Canceled)
}

// failing is a file that a disk has no more room for.
type failing struct{ room int }

func (f *failing) Write(b []byte) (int, error) {
	if f.room -= len(b); f.room < 0 {
		return 0, errors.New("no space left")
	}
	return len(b), nil
}

// After a file has failed nothing is said to be written, and nothing more is.
func TestAFileThatFailsEndsTheExport(t *testing.T) {
	t.Parallel()
	var episodes bytes.Buffer
	w, err := exporter(t).NewWriter(func(kind string) (io.Writer, error) {
		switch kind {
		case "episode":
			return &episodes, nil
		case "contact":
			return &failing{room: 5000}, nil
		}
		return nil, nil
	})
	require.NoError(t, err)
	var failed error
	after := 0
	for i := range 200 {
		_, err := w.Write(t.Context(), &whole(t, hte.Ref("E-"+strconv.Itoa(i))).state, export.Client{})
		if failed != nil {
			require.Equal(t, failed, err, "it goes on failing")
			after++
		} else if err != nil {
			failed = err
		}
	}
	require.Error(t, failed)
	require.Positive(t, after)
	size := episodes.Len()
	require.Equal(t, failed, w.WriteAll(t.Context(), journeys(t, 1), func(hte.Ref, []export.Left, *export.RefusedError) error { return nil }))
	require.Equal(t, failed, w.Flush())
	assert.Equal(t, size, episodes.Len(), "nothing more is written")
}

// Alone each would be accepted; together they would break client/nhs-number-shared.
func TestOneNumberForTwoClients(t *testing.T) {
	t.Parallel()
	w, err := exporter(t).NewWriter(func(string) (io.Writer, error) { return io.Discard, nil })
	require.NoError(t, err)
	first, second, again := whole(t, "E-1"), whole(t, "E-2"), whole(t, "E-3")
	second.state.Referral.Client = "C-2"
	_, err = w.Write(t.Context(), &first.state, export.Client{NHSNumber: "9990000018"})
	require.NoError(t, err)
	_, err = w.Write(t.Context(), &second.state, export.Client{NHSNumber: "999 000 0018"})
	refused, ok := errors.AsType[*export.RefusedError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, export.SharedNumber, refused.Reason)
	_, err = w.Write(t.Context(), &again.state, export.Client{NHSNumber: "9990000018"})
	assert.NoError(t, err, "another episode of the same client")
}

// What is typed to get past a form is no number: client/nhs-number-shared leaves it out.
func TestAFillerIsOfNobody(t *testing.T) {
	t.Parallel()
	for _, number := range []string{"0000000000", "999 999 9999", "0123456789"} {
		w, err := exporter(t).NewWriter(func(string) (io.Writer, error) { return io.Discard, nil })
		require.NoError(t, err)
		first, second := whole(t, "E-1"), whole(t, "E-2")
		second.state.Referral.Client = "C-2"
		_, err = w.Write(t.Context(), &first.state, export.Client{NHSNumber: number})
		if refused, ok := errors.AsType[*export.RefusedError](err); ok {
			require.Equal(t, []string{"client/nhs-number-check-digit"}, refused.Rules, number)
			continue
		}
		require.NoError(t, err, number)
		_, err = w.Write(t.Context(), &second.state, export.Client{NHSNumber: number})
		assert.NoError(t, err, number)
	}
}

// An assessment that takes two meetings does not keep the client out of an extract
// between them: pathway/assessment-missing would.
func TestAnAssessmentUnderWay(t *testing.T) {
	t.Parallel()
	b := &book{t: t, id: "E-1", on: day(t, "2024-01-08")}
	pre := form(t, 1, 2, 1, 2, 2)
	pre.Occasion = "assessment"
	b.must(hte.Referred{Client: "C-1", Service: "RX1", Source: "self", Setting: "community"}, hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"},
		hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}, hte.ConsentGiven{}, pre,
		hte.MeasureTaken{Measure: "cigarettes", Value: wellbeing.Whole(20), Occasion: "assessment"},
		hte.RulersRated{Importance: wellbeing.Answer(7), Confidence: wellbeing.Answer(4), Occasion: "assessment"},
		hte.CircumstancesRecorded{Employment: "02", Smoking: "1", Occasion: "assessment"})
	rows, err := exporter(t).Rows(t.Context(), &b.state, export.Client{})
	require.NoError(t, err)
	got := map[string]int{}
	for _, l := range rows.Left {
		got[l.What] += l.Count
	}
	for _, what := range []string{"measurements", "questionnaires", "plan.rulers", "circumstances"} {
		assert.Equal(t, 1, got[what], what)
	}
	assert.Len(t, rows.Measures, 2)
	for field := range named(t, dcrs.Episodes(), rows.Episode) {
		assert.NotContains(t, field, "_pre")
	}
	b.must(hte.IssueIdentified{Issue: "smoking", Primary: true}, hte.AssessmentCompleted{})
	rows, err = exporter(t).Rows(t.Context(), &b.state, export.Client{})
	require.NoError(t, err)
	now := named(t, dcrs.Episodes(), rows.Episode)
	assert.Equal(t, []string{"20", "7", "1", "32"}, []string{now["cigarettes_pre"], now["importance_pre"], now["smoking_status_pre"], now["who5_percent_pre"]})
}

// A follow-up that was missed is no session, as agreement/sessions-missed has it.
func TestAMissedFollowUpIsNoSession(t *testing.T) {
	t.Parallel()
	s := whole(t, "E-1").state.Clone()
	for i, purpose := range []hte.AppointmentPurpose{"session", "follow_up"} {
		s.Appointments = append(s.Appointments, hte.Appointment{Appointment: i + 2, Purpose: purpose, Status: hte.Missed, Day: s.Closure.On, Mode: "telephone"})
	}
	rows, err := exporter(t).Rows(t.Context(), &s, export.Client{})
	require.NoError(t, err)
	assert.Equal(t, "1", named(t, dcrs.Episodes(), rows.Episode)["sessions_missed"])
}

// Redacted, a journey says no more whose it is, so it has no row.
func TestAJourneyWhoseClientIsRedacted(t *testing.T) {
	t.Parallel()
	b := whole(t, "E-1")
	gone := func(r hte.Ref) bool { return r == "C-1" }
	for i := range b.log {
		b.log[i] = hte.Redact(b.log[i], true, gone)
	}
	s, err := hte.Fold(b.log)
	require.NoError(t, err)
	rows, err := exporter(t).Rows(t.Context(), &s, export.Client{})
	assert.Nil(t, rows)
	refused, ok := errors.AsType[*export.RefusedError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, []string{"client_id/blank"}, refused.Rules)
}

// A damaged snapshot makes no panic.
func TestANeedWithoutACourse(t *testing.T) {
	t.Parallel()
	s := whole(t, "E-1").state.Clone()
	s.Needs = append(s.Needs, hte.Need{Need: "finance"})
	rows, err := exporter(t).Rows(t.Context(), &s, export.Client{})
	require.NoError(t, err)
	assert.Len(t, rows.Needs, 1)
}

func TestWhatOfAPlanIsLeftBehindIsNamed(t *testing.T) {
	t.Parallel()
	b := &book{t: t, id: "E-1", on: day(t, "2024-01-08")}
	b.must(hte.Referred{Client: "C-1", Service: "RX1", Source: "self", Setting: "community", Reason: "diet", Note: "PLANTED words"},
		hte.Accepted{}, hte.TrainerAssigned{Trainer: "T-1"}, hte.FirstContactMade{Mode: "face_to_face", Help: "one_to_one"}, hte.ConsentGiven{},
		hte.IssueIdentified{Issue: "diet", Primary: true}, hte.AssessmentCompleted{}, hte.PlanStarted{},
		hte.GoalSet{Issue: "diet", Behaviour: "PLANTED words", Measure: "fruit_veg", Unit: "portions/day", Baseline: wellbeing.Whole(1), Target: wellbeing.Whole(5), By: day(t, "2024-03-08")},
		hte.IfThenPlanned{Goal: 1, If: "PLANTED words", Then: "PLANTED words"}, hte.RewardPlanned{Goal: 1, Text: "PLANTED words"},
		hte.ActionPlanned{Goal: 1, What: "PLANTED words", Where: "PLANTED words", When: "PLANTED words"}, hte.PlanSigned{Client: true, Trainer: true})
	rows, err := exporter(t).Rows(t.Context(), &b.state, export.Client{})
	require.NoError(t, err)
	got := map[string]int{}
	for _, l := range rows.Left {
		got[l.What] += l.Count
		assert.NotContains(t, l.Why, "PLANTED")
	}
	assert.Equal(t, map[string]int{
		"referral": 2, "accepted_on": 1, "assignments.from": 1, "consent.on": 1, "consent.purposes": 4, "goals.behaviour": 1, "goals.actions": 1, "goals.if_thens": 1, "goals.rewards": 1,
	}, got)
}
