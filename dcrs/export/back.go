package export

import (
	"slices"
	"strconv"
	"time"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// Goal is a row of goals.csv, kept: a [dcrs.Row] is valid only until the next.
type Goal struct {
	Episode                  hte.Ref
	Issue                    hte.Issue
	Measure                  hte.Measure
	Baseline, Target, Result wellbeing.Value
	Set, Due, Reviewed       hte.Date
	Status                   hte.GoalStatus
}

// ReadGoal keeps a row of goals.csv.
func ReadGoal(r *dcrs.Row) Goal {
	text := func(field string) string {
		if i := goalIndex[field]; r.Valid(i) {
			return string(r.Text(i))
		}
		return ""
	}
	number := func(field string) (v wellbeing.Value) {
		if i := goalIndex[field]; r.Valid(i) {
			v, _ = wellbeing.ParseValue(string(r.AppendCanonical(nil, i)))
		}
		return v
	}
	return Goal{
		Episode: hte.Ref(text("episode_id")), Issue: hte.Issue(text("issue")), Measure: hte.Measure(text("measure")),
		Baseline: number("baseline"), Target: number("target"), Result: number("result"),
		Set: r.Date(goalIndex["set_date"]), Due: r.Date(goalIndex["due_date"]), Reviewed: r.Date(goalIndex["review_date"]),
		Status: hte.GoalStatus(text("status")),
	}
}

var goalIndex = indexOf(dcrs.Goals())

// Journey makes a journey of an episode's row and its goals, as far as that goes:
// the events that [Commands] leads to, and what could not be carried. recorded is
// when, and by who, puts it on record. The state that the events fold to holds what
// the rows say of the client's journey, and none of who the client is.
//
// The error is that of a row without a referral that can be recorded: a
// [*hte.RefusedError].
func Journey(r *dcrs.Row, goals []Goal, recorded time.Time, by hte.Ref) ([]hte.Event, []Left, error) {
	commands, left := Commands(r, goals, recorded, by)
	// An extract is what happened, under whatever policy.
	policy := hte.Policy{FollowUpEarlyDays: 366}
	var state hte.State
	var log []hte.Event
	for i, c := range commands {
		events, err := hte.Decide(&policy, &state, c)
		if _, closes := c.Data.(hte.Closed); err != nil && closes {
			// The reason rests on something that no field holds, such as the goals of a plan.
			left = append(left, Left{What: "closure_reason", Count: 1, Why: "it does not fit the journey that the other fields tell"})
			c.Data = hte.Closed{Reason: "other"}
			events, err = hte.Decide(&policy, &state, c)
		}
		if err != nil {
			if i == 0 {
				return nil, left, err
			}
			left = append(left, Left{What: c.Kind().String(), Count: 1, Why: "it does not fit the journey that the other fields tell"})
			continue
		}
		for _, e := range events {
			if err := state.Apply(e); err != nil {
				return nil, left, err
			}
		}
		log = append(log, events...)
	}
	return log, left, nil
}

// Commands returns the commands that record the journey that an episode's row
// tells, in the order in which it must have gone, and what of it no command can
// say. goals are those of goals.csv, in the order of their numbers; those of other
// episodes are passed over. Without them a plan has no goals, and cannot be signed or
// concluded. A row without an identifier and a date of referral has no commands.
func Commands(r *dcrs.Row, goals []Goal, recorded time.Time, by hte.Ref) ([]hte.Command, []Left) {
	b := back{row: r, journey: hte.Ref(r.Text(at("episode_id"))), recorded: recorded, by: by}
	for _, g := range goals {
		if g.Episode == b.journey {
			b.goals = append(b.goals, g)
		}
	}
	referred := b.date("referral_date")
	if b.journey == "" || referred.IsZero() {
		return nil, []Left{{What: "referral_date", Count: 1, Why: "a journey begins with a referral on a day"}}
	}
	age, _ := r.Int(at("age_at_referral"))
	b.add(referred, hte.Referred{
		Client: hte.Ref(b.code("client_id")), Service: hte.Ref(b.code("service_code")), Source: hte.ReferralSource(b.code("referral_source")),
		Setting: hte.Setting(b.code("setting")), Supervision: hte.Supervision(b.code("supervision")), Age: int(age),
	})
	closed, reason := b.date("closure_date"), hte.ClosureReason(b.code("closure_reason"))
	met := b.date("first_contact_date")
	if reason == "declined" || reason == "ineligible" {
		b.consent(referred)
		if reason == "declined" {
			b.add(closed, hte.Declined{By: "client", Reason: "other"})
		} else {
			b.add(closed, hte.FoundIneligible{Criterion: "other"})
		}
		b.leave("first_contact_date", "a referral that went no further has none")
		b.leaveIdentity()
		return b.commands, b.left
	}
	if met.IsZero() {
		b.consent(referred)
	}
	if !met.IsZero() || closed.IsZero() {
		b.add(referred, hte.Accepted{})
	}
	trainer := hte.Ref(b.code("trainer_id"))
	if trainer == "" && !met.IsZero() {
		trainer = "not-known" // somebody met the client
	}
	if trainer != "" {
		b.add(referred, hte.TrainerAssigned{Trainer: trainer})
	}
	if !met.IsZero() {
		b.add(met, hte.FirstContactMade{Mode: "face_to_face", Help: hte.ClientMode(b.code("client_mode"))})
		b.consent(met)
		b.work(met)
	}
	if !closed.IsZero() {
		switch reason {
		case "transferred":
			b.leave("closure_reason", "an extract does not say to whom the client was transferred")
			b.add(closed, hte.Closed{Reason: "other"})
		default:
			b.add(closed, hte.Closed{Reason: reason})
		}
	}
	if step := hte.WorkforceStep(b.code("workforce_step")); step != "" && step != "none" && !met.IsZero() {
		b.add(b.last(), hte.WorkforceStepTaken{Step: step})
	}
	b.leaveIdentity()
	// Within a day they stay in the order of the handbook.
	slices.SortStableFunc(b.commands, func(a, c hte.Command) int { return a.On.Compare(c.On) })
	return b.commands, b.left
}

// back gathers the commands of one row.
type back struct {
	row      *dcrs.Row
	journey  hte.Ref
	goals    []Goal
	recorded time.Time
	by       hte.Ref
	commands []hte.Command
	left     []Left
}

// fieldIndex finds the fields of an episode by name.
var fieldIndex = indexOf(dcrs.Episodes())

func indexOf(d *dcrs.Dictionary) map[string]int {
	m := make(map[string]int)
	for f := range d.Fields() {
		m[f.Name] = f.Index()
	}
	return m
}

func at(field string) int {
	if i, ok := fieldIndex[field]; ok {
		return i
	}
	return -1
}

func (b *back) date(field string) hte.Date { return b.row.Date(at(field)) }

// code is the text of a valid field.
func (b *back) code(field string) string {
	if !b.row.Valid(at(field)) {
		return ""
	}
	return string(b.row.Text(at(field)))
}

func (b *back) codes(field string) []string { return slices.Collect(b.row.Codes(at(field))) }

func (b *back) add(on hte.Date, data hte.Data) {
	b.commands = append(b.commands, hte.Command{Journey: b.journey, On: on, Recorded: b.recorded, By: b.by, Data: data})
}

func (b *back) leave(field, why string) {
	if b.row.Filled(at(field)) {
		b.left = append(b.left, Left{What: field, Count: 1, Why: why})
	}
}

func (b *back) leaveIdentity() {
	for _, field := range []string{
		"nhs_number", "nhs_number_status", "date_of_birth", "gender", "ethnic_category", "postcode", "lsoa", "imd_quintile",
		"imd_edition", "gp_practice_code", "disability", "trainer_imd_quintile",
	} {
		b.leave(field, "who the client is stays with the host")
	}
}

// consent adds what an episode says of consent to share. When it was given, and
// whether for more than that, it does not say.
func (b *back) consent(on hte.Date) {
	switch b.code("consent") {
	case "Y":
		b.add(on, hte.ConsentGiven{})
	case "N":
		b.add(on, hte.ConsentLimited{Purposes: []hte.Purpose{"support"}})
	}
}

// last is the latest day so far.
func (b *back) last() hte.Date {
	var last hte.Date
	for _, c := range b.commands {
		if c.On.After(last) {
			last = c.On
		}
	}
	return last
}

// or is the first day that there is.
func or(days ...hte.Date) hte.Date {
	for _, d := range days {
		if !d.IsZero() {
			return d
		}
	}
	return hte.Date{}
}

// work adds what came after the first meeting.
func (b *back) work(met hte.Date) {
	assessed, planned, reviewed := b.date("assessment_date"), b.date("plan_date"), b.date("review_date")
	b.measured("assessment", "pre", or(assessed, met))
	if issue := b.code("primary_issue"); issue != "" {
		b.add(or(assessed, met), hte.IssueIdentified{Issue: hte.Issue(issue), Primary: true})
	}
	for _, issue := range b.codes("secondary_issues") {
		b.add(or(assessed, met), hte.IssueIdentified{Issue: hte.Issue(issue)})
	}
	for _, need := range b.codes("wider_needs") {
		b.add(or(assessed, met), hte.NeedRecorded{Need: hte.WiderNeed(need), Status: "open"})
	}
	if !assessed.IsZero() {
		b.add(assessed, hte.AssessmentCompleted{})
	}
	b.leave("sessions_attended", "a count says not when they were; contacts.csv does")
	b.leave("sessions_missed", "a count says not when they were; contacts.csv does")
	b.left = append(b.left, Left{What: "mode", Why: "an episode does not say how they met: face to face is put down"})
	signposted := b.date("signposted_date")
	for _, to := range b.codes("signposted_to") {
		b.add(or(signposted, assessed, met), hte.Signposted{To: hte.SignpostTo(to)})
	}
	if !planned.IsZero() && !assessed.IsZero() {
		b.plan(planned)
	}
	b.measured("review", "post", reviewed)
	for _, status := range []string{"met", "part_met"} {
		for _, need := range b.codes("wider_needs_" + status) {
			b.add(or(reviewed, b.date("closure_date"), b.last()), hte.NeedRecorded{Need: hte.WiderNeed(need), Status: hte.NeedStatus(status)})
		}
	}
	b.conclude(or(reviewed, b.date("closure_date")))
}

// plan adds the personal health plan with its goals.
func (b *back) plan(planned hte.Date) {
	sessions, _ := b.row.Int(at("sessions_planned"))
	begun := planned
	for _, g := range b.goals {
		if !g.Set.IsZero() && g.Set.Before(begun) && !g.Set.Before(b.date("assessment_date")) {
			begun = g.Set
		}
	}
	b.add(begun, hte.PlanStarted{Sessions: int(sessions)})
	if len(b.goals) == 0 {
		b.leave("goal_1_issue", "an episode does not say what was to be done, from what to what and by when; goals.csv does")
		return
	}
	signed := false
	for i, g := range b.goals {
		definition, ok := g.Measure.Definition()
		if !ok || g.Set.IsZero() {
			b.left = append(b.left, Left{What: "goals", Count: 1, Why: "a goal needs a day on which it was set, and a measure that says its unit"})
			continue
		}
		if g.Set.After(planned) && !signed && i > 0 {
			b.add(planned, hte.PlanSigned{Client: true, Trainer: true})
			signed = true
		}
		b.add(g.Set, hte.GoalSet{
			Issue: g.Issue, Behaviour: "not in the extract", Measure: g.Measure, Unit: definition.Unit, Baseline: g.Baseline, Target: g.Target, By: g.Due,
		})
	}
	if !signed {
		b.add(planned, hte.PlanSigned{Client: true, Trainer: true})
	}
}

// conclude adds the reviews of the goals, the end of the plan and what followed.
func (b *back) conclude(on hte.Date) {
	outcome := hte.PlanOutcome(b.code("plan_status"))
	if outcome == "" || outcome == "open" || on.IsZero() {
		return
	}
	if len(b.goals) == 0 {
		b.leave("plan_status", "a plan is concluded goal by goal; goals.csv has them")
		for _, months := range []string{"3", "6", "12"} {
			b.leave("followup_"+months+"m_maintained", "a follow-up follows a concluded plan")
		}
		return
	}
	number := 0
	for _, g := range b.goals {
		if _, ok := g.Measure.Definition(); !ok || g.Set.IsZero() {
			continue
		}
		number++ // as Decide counts them
		review := hte.GoalReviewed{Goal: number, Value: g.Result}
		switch g.Status {
		case "achieved", "part_achieved", "not_achieved":
			review.Result = hte.GoalResult(g.Status)
		case "dropped":
			review.Result, review.Reason = "dropped", "other"
			b.left = append(b.left, Left{What: "goals", Count: 1, Why: "an extract does not say why a goal was dropped"})
		case "revised":
			b.left = append(b.left, Left{What: "goals", Count: 1, Why: "an extract does not say into which goal it was revised"})
			continue
		default:
			continue
		}
		b.add(or(g.Reviewed, on), review)
	}
	b.add(on, hte.PlanConcluded{Outcome: outcome, FollowUps: []int{3, 6, 12}})
	for _, months := range []int{3, 6, 12} {
		name := "followup_" + strconv.Itoa(months) + "m_"
		held, maintained := b.date(name+"date"), b.code(name+"maintained")
		switch {
		case maintained == "lost":
			b.add(or(held, on.AddMonths(months)), hte.FollowUpLost{Months: months})
		case maintained != "" && !held.IsZero():
			b.add(held, hte.FollowUpHeld{Months: months, Maintained: hte.Maintained(maintained), Mode: "face_to_face"})
		}
	}
}

// measured adds what was measured on an occasion.
func (b *back) measured(occasion hte.Occasion, when string, on hte.Date) {
	if on.IsZero() {
		return
	}
	number := func(field string) (wellbeing.Value, bool) {
		if !b.row.Valid(at(field)) {
			return wellbeing.Value{}, false
		}
		v, err := wellbeing.ParseValue(string(b.row.AppendCanonical(nil, at(field))))
		return v, err == nil
	}
	for _, m := range hte.Measures() {
		field := string(m.Name) + "_" + when
		if m.Name == "height_cm" {
			if field = string(m.Name); when != "pre" {
				continue
			}
		}
		if v, ok := number(field); ok {
			b.add(on, hte.MeasureTaken{Measure: m.Name, Value: v, Occasion: occasion})
		}
	}
	answers, some := make([]wellbeing.Response, 5), false
	for i := range answers {
		if n, ok := b.row.Int(at("who5_" + strconv.Itoa(i+1) + "_" + when)); ok {
			answers[i], some = wellbeing.Answer(int(n)), true
		}
	}
	if some {
		result, _ := wellbeing.WHO5().Score(answers)
		b.add(on, hte.QuestionnaireCompleted{Result: result, Answers: answers, Occasion: occasion})
	} else {
		b.leave("who5_percent_"+when, "a score without its answers")
	}
	b.leave("self_efficacy_"+when, "a score without its answers")
	rulers := hte.RulersRated{Occasion: occasion}
	importance, rated := b.row.Int(at("importance_" + when))
	if rated {
		rulers.Importance = wellbeing.Answer(int(importance))
	}
	confidence, confident := b.row.Int(at("confidence_" + when))
	if confident {
		rulers.Confidence = wellbeing.Answer(int(confidence))
	}
	if rated || confident {
		b.add(on, rulers)
	}
	suffix := ""
	if when == "post" {
		suffix = "_post"
	}
	k := hte.CircumstancesRecorded{
		Employment: hte.EmploymentStatus(b.code("employment_status" + suffix)), Accommodation: hte.AccommodationType(b.code("accommodation_type" + suffix)),
		Smoking: hte.SmokingStatus(b.code("smoking_status_" + when)), Occasion: occasion,
	}
	if k.Employment != "" || k.Accommodation != "" || k.Smoking != "" {
		b.add(on, k)
	}
}
