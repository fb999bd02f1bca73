package export

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// Journey makes a journey of the row of an episode, as far as that goes: the events
// that would have recorded it, and what could not be carried. others are the rows of
// the other files, in their order there; those of other episodes are passed over.
// recorded is when, and by who, puts it on record.
//
// The list holds every field of the rows that the journey, exported again, would
// give otherwise, with the number of rows in which it would, and none that it would
// give as it was: the journey is exported to make it. It also holds the members of
// [hte.State] for which something had to be put down that no row says.
//
// Each journey stands by itself: [Link] tells those of a client of each other.
//
// The error is a [*RefusedError] where the row has no referral, and a
// [*hte.RefusedError] where its referral cannot be recorded.
func Journey(episode Record, others []Record, recorded time.Time, by hte.Ref) ([]hte.Event, []Left, error) {
	b := back{row: &episode, recorded: recorded, by: by, today: hte.DateFromTime(recorded), rows: make(map[string][]*entry), why: make(map[string]string)}
	for i := range others {
		if r := &others[i]; r.Episode() == episode.Episode() && r.kind != episode.kind {
			b.rows[r.kind] = append(b.rows[r.kind], &entry{row: r})
		}
	}
	b.referred = episode.date("referral_date")
	if episode.kind != "episode" || episode.Episode() == "" || b.referred.IsZero() {
		return nil, nil, &RefusedError{Journey: episode.Episode(), Reason: NotBegun}
	}
	b.plan()
	for i := range b.steps {
		b.steps[i].at = later(b.steps[i].at, b.referred)
	}
	// Within a day they stay in the order of the handbook.
	slices.SortStableFunc(b.steps, func(x, y step) int { return x.at.Compare(y.at) })
	if err := b.decide(); err != nil {
		return nil, nil, err
	}
	return b.log, append(b.put, b.differences()...), nil
}

// entry is a row of another file, and what became of it.
type entry struct {
	row    *Record
	number int // of the appointment, goal or signpost that it became
	key    hte.Date
	why    string // it did not
}

// step is a command to come.
type step struct {
	at   hte.Date // its place in the log: not before what it rests on
	on   hte.Date
	data hte.Data
	// of is the row of another file that it carries, and makes says that it begins
	// what the row is about. Any other is passed over where that was not begun; its
	// data are made once the number is known.
	of     *entry
	makes  bool
	number func(n int) hte.Data
	// replaces is the row of the goal that this one revises.
	replaces *entry
	// fields are those of the episode that it carries.
	fields []string
	// put is what it puts down that no row says.
	put []Left
}

// back gathers the steps of one episode.
type back struct {
	row      *Record
	rows     map[string][]*entry
	recorded time.Time
	by       hte.Ref
	today    hte.Date

	referred, met, assessed, planned, reviewed, closed hte.Date

	steps []step
	state hte.State
	log   []hte.Event
	why   map[string]string // why a field of the episode was not carried
	put   []Left            // what was put down in the place of something unknown
}

// date is the date of a field of the episode. One before the referral is none, and
// so is one that is still to come: it would take everything with it that rests on it.
func (b *back) date(field string) hte.Date {
	on := b.row.date(field)
	switch {
	case on.IsZero():
	case on.Before(b.referred):
		b.why[field] = beforeReferral
		return hte.Date{}
	case on.After(b.today):
		b.why[field] = "it is still to come"
		return hte.Date{}
	}
	return on
}

func (b *back) code(field string) string { return b.row.cells[field] }

func (b *back) add(on hte.Date, data hte.Data, fields ...string) *step {
	b.steps = append(b.steps, step{at: on, on: on, data: data, fields: fields})
	return &b.steps[len(b.steps)-1]
}

// instead says that the last step puts something down that no row says.
func (b *back) instead(what, why string) {
	s := &b.steps[len(b.steps)-1]
	s.put = append(s.put, Left{What: what, Count: 1, Why: why})
}

// putDown lists what a step put down.
func (b *back) putDown(l Left) {
	for i := range b.put {
		if b.put[i].What == l.What {
			b.put[i].Count++
			return
		}
	}
	b.put = append(b.put, l)
}

// decide decides the steps, and says of each that is refused what it carried.
func (b *back) decide() error {
	// An extract is what happened, under whatever policy.
	policy := hte.Policy{FollowUpEarlyDays: 366}
	for i := range b.steps {
		s := &b.steps[i]
		data := s.data
		if s.number != nil {
			if s.of.number == 0 {
				continue
			}
			data = s.number(s.of.number)
		}
		if s.replaces != nil {
			goal := data.(hte.GoalSet)
			if goal.Replaces = s.replaces.number; goal.Replaces > 0 {
				s.put = append(s.put, Left{
					What: "goals.revised_by", Count: 1,
					Why: "an extract does not say into which goal one was revised: a later one, of the same issue if there is one, is put down",
				})
			}
			data = goal
		}
		decide := func(d hte.Data) ([]hte.Event, error) {
			return hte.Decide(&policy, &b.state, hte.Command{Journey: b.row.Episode(), On: s.on, Recorded: b.recorded, By: b.by, Data: d})
		}
		events, err := decide(data)
		if err != nil {
			if i == 0 {
				return err
			}
			b.refused(s, data.Kind(), err)
			s.put = nil
			switch data.(type) {
			case hte.Closed, hte.Declined, hte.FoundIneligible, hte.TransferredOut, hte.ConsentWithdrawn:
				// The reason may rest on something that no field holds; the day does not.
				events, err = decide(hte.Closed{Reason: "other"})
			}
			if err != nil {
				continue
			}
		}
		for _, e := range events {
			if err := b.state.Apply(e); err != nil {
				return err
			}
			if s.makes {
				switch d := e.Data.(type) {
				case hte.AppointmentPlanned:
					s.of.number = d.Appointment
				case hte.GoalSet:
					s.of.number = d.Goal
				case hte.Signposted:
					s.of.number = d.Signpost
				}
			}
		}
		b.log = append(b.log, events...)
		for _, l := range s.put {
			b.putDown(l)
		}
	}
	return nil
}

func (b *back) refused(s *step, k hte.Kind, err error) {
	why := "the journey that the rows tell refuses " + k.String()
	if refused, ok := errors.AsType[*hte.RefusedError](err); ok {
		var guards []string
		for _, u := range refused.Unmet {
			name := string(u.Guard)
			if u.Detail != "" {
				name += " " + u.Detail
			}
			guards = append(guards, name)
		}
		why += " (" + strings.Join(guards, ", ") + ")"
	}
	for _, f := range s.fields {
		b.why[f] = why
	}
	if s.of != nil && s.of.why == "" {
		s.of.why = why
	}
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

func later(a, b hte.Date) hte.Date {
	if b.After(a) {
		return b
	}
	return a
}

func earlier(a, b hte.Date) hte.Date {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// plan lays out the steps.
func (b *back) plan() {
	b.met, b.assessed, b.planned = b.date("first_contact_date"), b.date("assessment_date"), b.date("plan_date")
	b.reviewed, b.closed = b.date("review_date"), b.date("closure_date")
	if work := b.work(); earlier(b.met, work) != b.met {
		b.met = work
		b.why["first_contact_date"] = orText(b.why["first_contact_date"], "the rows have earlier work with the client: the first day of that is put down")
	}
	age, _ := b.row.whole("age_at_referral")
	// A blank does not keep a case out.
	source, setting := orText(b.code("referral_source"), "other"), orText(b.code("setting"), "other")
	supervision := b.code("supervision")
	switch setting {
	case "probation", "prison", "approved_premises":
		supervision = orText(supervision, "other")
	}
	b.why["referral_source"], b.why["setting"], b.why["supervision"] = anotherPut, anotherPut, anotherPut
	b.add(b.referred, hte.Referred{
		Client: hte.Ref(b.code("client_id")), Service: hte.Ref(b.code("service_code")), Source: hte.ReferralSource(source),
		Setting: hte.Setting(setting), Supervision: hte.Supervision(supervision), Age: age,
	})
	if b.met.IsZero() {
		b.consent(b.referred)
	}
	trainer := hte.Ref(b.code("trainer_id"))
	if trainer == "" && !b.met.IsZero() {
		trainer = "not-known" // somebody met the client
	}
	if trainer != "" || !b.met.IsZero() {
		b.add(b.referred, hte.Accepted{})
		b.instead("accepted_on", "an episode does not say when: the day of the referral is put down")
		b.add(b.referred, hte.TrainerAssigned{Trainer: trainer}, "trainer_id")
		b.instead("assignments", "an episode does not say since when: the day of the referral is put down")
	}
	help := hte.ClientMode(b.code("client_mode"))
	if !b.met.IsZero() {
		at := help
		if at == "" || !b.planned.IsZero() {
			at = "one_to_one" // so are plans made
		}
		b.add(b.met, hte.FirstContactMade{Mode: "face_to_face", Help: at}, "first_contact_date", "client_mode")
		b.instead("first_contact", faceToFace)
		b.consent(b.met)
	}
	b.contacts()
	b.signposts()
	if !b.met.IsZero() {
		b.assess()
		b.plans()
		if help != "" && help != "one_to_one" && !b.planned.IsZero() {
			b.add(b.workday(), hte.HelpChanged{Help: help}, "client_mode")
		}
		b.review()
	}
	b.close()
}

// work is the first day on which the rows say that trainer and client worked together.
func (b *back) work() hte.Date {
	first := earlier(b.assessed, earlier(b.planned, b.reviewed))
	for _, e := range b.rows["contact"] {
		if day := e.row.date("contact_date"); e.held() && e.row.cells["purpose"] != "outreach" && !day.Before(b.referred) && !day.After(b.today) {
			first = earlier(first, day)
		}
	}
	return first
}

// held reports whether the contact took place.
func (e *entry) held() bool {
	return e.row.cells["attendance"] == "attended" || e.row.cells["attendance"] == "late"
}

// workday is the last day on which the rows say that there was work.
func (b *back) workday() hte.Date {
	last := b.met
	for _, d := range []hte.Date{b.assessed, b.planned, b.reviewed} {
		last = later(last, d)
	}
	for _, e := range b.rows["goal"] {
		last = later(last, later(e.row.date("set_date"), e.row.date("review_date")))
	}
	return earlier(last, earlier(b.today, b.closed))
}

// consent adds what an episode says of consent to share. When it was given, and
// whether for more than that, it does not say: whoever was in the care of the service
// consented to be supported, and to contact, evaluation and telling the referrer nobody
// consents because of an import.
func (b *back) consent(on hte.Date) {
	switch b.code("consent") {
	case "Y":
		b.add(on, hte.ConsentLimited{Purposes: []hte.Purpose{"support", "share"}}, "consent")
		b.instead("consent", "an episode does not say when it was given, nor for what but to share: to be supported is put down too, and nothing else")
	case "N":
		b.add(on, hte.ConsentLimited{Purposes: []hte.Purpose{"support"}}, "consent")
		b.instead("consent", "an episode does not say when it was limited, nor to what: to be supported is put down")
	}
}

// Codes of the files, as a journey has them. Where several of the journey's become
// one of the files', it is the plainest of them.
var (
	modes = map[string]hte.Mode{
		"01": "face_to_face", "02": "telephone", "04": "telephone", "05": "email", "09": "text", "10": "text", "11": "video", "12": "text",
		"13": "text", "98": "post", "": "face_to_face",
	}
	appointmentPurposes = map[string]hte.AppointmentPurpose{
		"first_contact": "first_contact", "assessment": "assessment", "session": "session", "review": "review", "followup": "follow_up",
	}
	signpostOutcomes = map[string]hte.SignpostOutcome{
		"engaged": "attended", "waiting": "waiting", "not_engaged": "did_not_go", "not_accepted": "not_accepted", "not_known": "not_known",
	}
)

const beforeReferral = "a journey begins with its referral"

const outreach = "reaching out, before the first contact, is no appointment of a journey"

const anotherPut = "a journey has to have one: another is put down"

const faceToFace = "an episode does not say how they met: face to face is put down"

// contacts adds the appointments, in the order of their rows.
func (b *back) contacts() {
	rows := b.rows["contact"]
	// The day on which one was made is not known; the next was not made before it.
	made := make([]hte.Date, len(rows))
	next := earlier(b.today, b.closed)
	for i := len(rows) - 1; i >= 0; i-- {
		next = earlier(next, rows[i].row.date("contact_date"))
		made[i] = later(next, b.referred)
	}
	for i, e := range rows {
		day, attendance := e.row.date("contact_date"), e.row.cells["attendance"]
		switch {
		case attendance == "rescheduled":
			e.why = "an extract does not say to which day it was moved"
			continue
		case day.IsZero():
			e.why = "an appointment has a day"
			continue
		case day.Before(b.referred):
			e.why = beforeReferral
			continue
		case e.held() && e.row.cells["purpose"] == "outreach" && (b.met.IsZero() || day.Before(b.met)):
			e.why = outreach // as a session it would come before the first contact
			continue
		}
		purpose := appointmentPurposes[e.row.cells["purpose"]]
		if purpose == "" {
			purpose = "session"
		}
		mode := modes[e.row.cells["consultation_medium"]]
		s := b.add(made[i], hte.AppointmentPlanned{Purpose: purpose, Day: day, Mode: mode})
		s.of, s.makes = e, true
		b.instead("appointments.made", "an extract does not say when an appointment was made")
		came := func(at, on hte.Date, data func(n int) hte.Data) {
			s := b.add(on, nil)
			s.at, s.of, s.number = later(at, on), e, data
		}
		switch attendance {
		case "attended", "late":
			minutes, _ := e.row.whole("duration_minutes")
			var techniques []hte.Technique
			for _, t := range e.row.codes("techniques") {
				techniques = append(techniques, hte.Technique(strings.TrimSpace(t)))
			}
			came(b.met, day, func(n int) hte.Data {
				return hte.AppointmentAttended{Appointment: n, Mode: mode, Late: attendance == "late", Minutes: minutes, Techniques: techniques}
			})
		case "did_not_attend", "absent_with_reason":
			came(made[i], day, func(n int) hte.Data {
				return hte.AppointmentMissed{Appointment: n, Reason: "other", Acceptable: attendance == "absent_with_reason"}
			})
			b.instead("appointments.missed", "an extract does not say why: another reason is put down")
		case "cancelled_by_client", "cancelled_by_service":
			came(made[i], made[i], func(n int) hte.Data {
				return hte.AppointmentCancelled{Appointment: n, By: hte.Party(attendance[len("cancelled_by_"):]), Reason: "other"}
			})
			b.instead("appointments.cancel_reason", "an extract does not say why, nor when: another reason, and the day on which it was made, are put down")
		}
	}
}

// signposts adds what the client was pointed to, from signposts.csv, and what the
// episode has beyond that.
func (b *back) signposts() {
	var have []string
	key := b.referred
	for _, e := range b.rows["signpost"] {
		on := e.row.date("signpost_date")
		if b.closed.IsZero() || !on.After(b.closed) {
			key = later(key, on)
		}
		have = append(have, e.row.cells["destination"])
		s := b.add(on, hte.Signposted{
			To: hte.SignpostTo(e.row.cells["destination"]), Need: hte.WiderNeed(e.row.cells["need"]), Referral: e.row.cells["kind"] == "referred",
		})
		s.at, s.of, s.makes = later(key, on), e, true
		if outcome, ok := signpostOutcomes[e.row.cells["outcome"]]; ok {
			at := s.at
			s := b.add(or(e.row.date("outcome_date"), on), nil)
			s.at, s.of = later(at, s.on), e
			s.number = func(n int) hte.Data { return hte.SignpostFollowedUp{Signpost: n, Outcome: outcome} }
		}
	}
	for _, to := range b.row.codes("signposted_to") {
		if !slices.Contains(have, to) {
			b.add(or(b.date("signposted_date"), b.assessed, b.met, b.referred), hte.Signposted{To: hte.SignpostTo(to)}, "signposted_to", "signposted_date")
		}
	}
}

// assess adds what was found at assessment, and the needs and measures of other
// days.
func (b *back) assess() {
	first := or(b.assessed, b.met)
	b.measured("assessment", "pre", first)
	if issue := b.code("primary_issue"); issue != "" {
		b.add(first, hte.IssueIdentified{Issue: hte.Issue(issue), Primary: true}, "primary_issue")
	}
	for _, issue := range b.row.codes("secondary_issues") {
		b.add(first, hte.IssueIdentified{Issue: hte.Issue(issue)}, "secondary_issues")
	}
	b.needs(first)
	b.measures()
	if b.assessed.IsZero() {
		// A plan rests on an assessment.
		begun := b.planned
		for _, e := range b.rows["goal"] {
			begun = earlier(begun, e.row.date("set_date"))
		}
		if b.assessed = later(begun, b.met); !begun.IsZero() {
			b.add(b.assessed, hte.AssessmentCompleted{})
		}
		return
	}
	b.add(b.assessed, hte.AssessmentCompleted{}, "assessment_date")
}

// needs adds the wider needs, from needs.csv, and what the episode has beyond that.
func (b *back) needs(first hte.Date) {
	var have []string
	key := b.met
	for _, e := range b.rows["need"] {
		need, status, severity := hte.WiderNeed(e.row.cells["need"]), hte.NeedStatus(e.row.cells["status"]), hte.Severity(e.row.cells["severity"])
		if severity == "urgent" {
			severity = "high"
		}
		if slices.Contains(have, string(need)) {
			e.why = "a journey has one course of a need, from when it was first recorded"
			continue
		}
		have = append(have, string(need))
		on, settled := or(e.row.date("recorded_date"), first), e.row.date("status_date")
		if b.closed.IsZero() || !on.After(b.closed) {
			key = later(key, on)
		}
		record := func(at, on hte.Date, severity hte.Severity, status hte.NeedStatus) {
			s := b.add(on, hte.NeedRecorded{Need: need, Severity: severity, Status: status})
			s.at, s.of = at, e
		}
		if status == "" || status == "open" || settled.IsZero() || settled == on {
			if status == "" {
				status = "open"
			}
			record(later(key, on), on, severity, status)
			continue
		}
		record(later(key, on), on, severity, "open")
		record(later(later(key, on), settled), settled, "", status)
	}
	for _, need := range b.row.codes("wider_needs") {
		if !slices.Contains(have, need) {
			b.add(first, hte.NeedRecorded{Need: hte.WiderNeed(need), Status: "open"}, "wider_needs")
		}
	}
	for _, status := range []string{"met", "part_met"} {
		field := "wider_needs_" + status
		for _, need := range b.row.codes(field) {
			if !slices.Contains(have, need) {
				b.add(or(b.reviewed, b.closed, b.workday()), hte.NeedRecorded{Need: hte.WiderNeed(need), Status: hte.NeedStatus(status)}, field)
			}
		}
	}
}

// measured adds what was measured on an occasion, from the episode, unless
// measures.csv has it.
func (b *back) measured(occasion hte.Occasion, when string, on hte.Date) {
	listed := func(name string) bool {
		return slices.ContainsFunc(b.rows["measure"], func(e *entry) bool {
			return e.row.cells["measure"] == name && e.row.cells["time_point"] == when &&
				(name != wellbeing.WHO5().Name() || e.row.cells["responses"] != "")
		})
	}
	for _, m := range hte.Measures() {
		field := string(m.Name) + "_" + when
		if m.Name == "height_cm" {
			if field = string(m.Name); when != "pre" {
				continue
			}
		}
		if v, ok := b.row.number(field); ok && !listed(string(m.Name)) {
			b.add(on, hte.MeasureTaken{Measure: m.Name, Value: v, Occasion: occasion}, field)
		}
	}
	answers, some := make([]wellbeing.Response, 5), false
	fields := []string{"who5_percent_" + when}
	for i := range answers {
		field := "who5_" + strconv.Itoa(i+1) + "_" + when
		fields = append(fields, field)
		if n, ok := b.row.whole(field); ok {
			answers[i], some = wellbeing.Answer(n), true
		}
	}
	switch {
	case some && !listed(wellbeing.WHO5().Name()):
		result, _ := wellbeing.WHO5().Score(answers)
		b.add(on, hte.QuestionnaireCompleted{Result: result, Answers: answers, Occasion: occasion}, fields...)
	case !some:
		b.why["who5_percent_"+when] = "a score without its answers"
	}
	b.why["self_efficacy_"+when] = "a score without its answers"
	rulers := hte.RulersRated{Occasion: occasion}
	importance, rated := b.row.whole("importance_" + when)
	if rated {
		rulers.Importance = wellbeing.Answer(importance)
	}
	confidence, confident := b.row.whole("confidence_" + when)
	if confident {
		rulers.Confidence = wellbeing.Answer(confidence)
	}
	if rated || confident {
		b.add(on, rulers, "importance_"+when, "confidence_"+when)
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
		b.add(on, k, "employment_status"+suffix, "accommodation_type"+suffix, "smoking_status_"+when)
	}
}

// measures adds the rows of measures.csv.
func (b *back) measures() {
	for _, e := range b.rows["measure"] {
		var occasion hte.Occasion
		on := e.row.date("measured_on")
		switch point := e.row.cells["time_point"]; point {
		case "pre":
			occasion, on = "assessment", or(on, b.assessed, b.met)
		case "post":
			occasion, on = "review", or(on, b.reviewed, b.workday())
		case "3m", "6m", "12m":
			occasion, on = "follow_up", or(on, b.date("followup_"+point+"_date"))
		default:
			if occasion = "session"; !b.closed.IsZero() && on.After(b.closed) {
				occasion = "follow_up"
			}
		}
		var data hte.Data
		name := e.row.cells["measure"]
		if _, ok := hte.Measure(name).Definition(); ok {
			v, _ := e.row.number("value")
			data = hte.MeasureTaken{Measure: hte.Measure(name), Value: v, Occasion: occasion}
		} else {
			in, err := wellbeing.Lookup(name)
			answers := strings.Fields(e.row.cells["responses"])
			if err != nil || len(answers) == 0 {
				e.why = "a score without its answers"
				continue
			}
			responses, err := in.ParseResponses(answers, wellbeing.Codes{Missing: []string{"."}, Refused: []string{"R"}, NotApplicable: []string{"NA"}})
			if err != nil {
				e.why = "the answers are not those of the form"
				continue
			}
			result, _ := in.Score(responses)
			data = hte.QuestionnaireCompleted{Result: result, Answers: responses, Occasion: occasion}
		}
		s := b.add(on, data)
		s.at, s.of = later(b.met, on), e
	}
}

// notThere stands for words of the client's that no row has.
const notThere = "not in the extract"

// plans adds the personal health plan with its goals.
func (b *back) plans() {
	goals := b.rows["goal"]
	begun := b.planned
	for _, e := range goals {
		if set := e.row.date("set_date"); !set.Before(b.assessed) {
			begun = earlier(begun, set)
		}
	}
	if begun.IsZero() {
		return
	}
	sessions, _ := b.row.whole("sessions_planned")
	b.add(begun, hte.PlanStarted{Sessions: sessions}, "plan_date", "sessions_planned", "plan_status")
	if len(goals) == 0 {
		for i := range 3 {
			n := strconv.Itoa(i + 1)
			for _, field := range []string{"goal_" + n + "_issue", "goal_" + n + "_status"} {
				b.why[field] = "an episode does not say what was to be done, from what to what and by when; goals.csv does"
			}
		}
		b.why["plan_status"] = "a plan is concluded goal by goal; goals.csv has them"
		return
	}
	replaces := b.revised(goals)
	signed := b.planned.IsZero()
	sign := func() {
		if !signed {
			b.add(b.planned, hte.PlanSigned{Client: true, Trainer: true}, "plan_date")
			b.instead("plan.versions", "an extract does not say whether a plan with goals was signed, nor how often: once, on its date, is put down")
			signed = true
		}
	}
	key, early := begun, false
	for i, e := range goals {
		set := e.row.date("set_date")
		if b.closed.IsZero() || !set.After(b.closed) {
			key = later(key, set)
		}
		e.key = later(key, set)
		if set.After(b.planned) {
			if early {
				sign() // those before it
			}
		} else {
			early = true
		}
		old := replaces[i]
		switch {
		case old == nil || old.row.date("review_date").IsZero():
		case b.reviewedBefore(old, set):
			b.goalReviewed(old, "open")
		default:
			old.why = "a goal is reviewed once the plan is signed, and no more once another has taken its place"
		}
		measure := hte.Measure(e.row.cells["measure"])
		unit := notThere
		if d, ok := measure.Definition(); ok {
			unit = d.Unit
		}
		baseline, _ := e.row.number("baseline")
		target, _ := e.row.number("target")
		// The numbers may be in a unit that goals.csv does not list.
		numberless := measure == "" && !baseline.Known() && !target.Known()
		if numberless {
			baseline, target = wellbeing.Whole(0), wellbeing.Whole(1)
		}
		goal := hte.GoalSet{
			Issue: hte.Issue(e.row.cells["issue"]), Behaviour: notThere, Measure: measure, Unit: unit,
			Baseline: baseline, Target: target, By: e.row.date("due_date"),
		}
		fields := []string(nil)
		if n := strconv.Itoa(i + 1); i < 3 {
			fields = []string{"goal_" + n + "_issue", "goal_" + n + "_status"}
		}
		s := b.add(set, goal, fields...)
		s.at, s.of, s.makes, s.replaces = e.key, e, true, old
		b.instead("goals.behaviour", "an extract has the measure, not the client's words")
		if goal.Unit == notThere {
			b.instead("goals.unit", "an extract has the unit of listed measures alone")
		}
		if numberless {
			b.instead("goals.target", "an extract has numbers in listed measures alone: from 0 to 1 is put down for a goal without them")
		}
	}
	if early {
		sign()
	}
}

// reviewedBefore reports whether a goal that was revised can have been reviewed, with
// the plan signed, before another was set in its place; true where it was not reviewed.
func (b *back) reviewedBefore(old *entry, set hte.Date) bool {
	reviewed := old.row.date("review_date")
	return reviewed.IsZero() || !set.Before(reviewed) && (b.planned.IsZero() || set.After(b.planned))
}

// revised finds, for each goal that was revised, one that can have replaced it: one
// before which it can have been reviewed, if there is one, of the same issue, if there
// is one, and of those the next. It returns the one that each goal replaces.
func (b *back) revised(goals []*entry) []*entry {
	replaces := make([]*entry, len(goals))
	for i := len(goals) - 1; i >= 0; i-- {
		old := goals[i]
		if old.row.cells["status"] != "revised" {
			continue
		}
		found, best := -1, -1
		for j := i + 1; j < len(goals); j++ {
			if replaces[j] != nil {
				continue
			}
			fits := 0
			if b.reviewedBefore(old, goals[j].row.date("set_date")) {
				fits += 2
			}
			if goals[j].row.cells["issue"] == old.row.cells["issue"] {
				fits++
			}
			if fits > best {
				found, best = j, fits
			}
		}
		if found >= 0 {
			replaces[found] = old
		}
	}
	return replaces
}

// goalReviewed adds the last review of a goal.
func (b *back) goalReviewed(e *entry, result hte.GoalResult) {
	value, _ := e.row.number("result")
	reason := hte.DropReason("")
	if result == "dropped" {
		reason = "other"
	}
	s := b.add(or(e.row.date("review_date"), b.reviewed, b.closed, b.workday()), nil)
	s.at, s.of = later(later(e.key, b.planned), s.on), e
	s.number = func(n int) hte.Data { return hte.GoalReviewed{Goal: n, Result: result, Value: value, Reason: reason} }
	if reason != "" {
		b.instead("goals.reviews", "an extract does not say why a goal was dropped: another reason is put down")
	}
}

// review adds the reviews of the goals, what was measured then, the end of the plan
// and the follow-ups.
func (b *back) review() {
	for _, e := range b.rows["goal"] {
		switch status := e.row.cells["status"]; status {
		case "achieved", "part_achieved", "not_achieved", "dropped":
			b.goalReviewed(e, hte.GoalResult(status))
		case "open", "lost":
			if !e.row.date("review_date").IsZero() {
				b.goalReviewed(e, "open")
			}
		}
	}
	b.measured("review", "post", or(b.reviewed, b.workday()))
	outcome := hte.PlanOutcome(b.code("plan_status"))
	followUps := false
	for _, months := range []string{"3", "6", "12"} { // one held on no day is put down nowhere
		name := "followup_" + months + "m_"
		maintained := b.code(name + "maintained")
		followUps = followUps || maintained == "lost" || maintained != "" && !b.date(name+"date").IsZero()
	}
	left := b.code("closure_reason") == "disengaged" || b.code("closure_reason") == "not_contactable"
	if outcome == "" || outcome == "open" || outcome == "lost" && left && !followUps {
		return // closing loses it
	}
	on := or(b.reviewed, b.workday())
	b.add(on, hte.PlanConcluded{Outcome: outcome, FollowUps: []int{3, 6, 12}}, "plan_status", "review_date")
	if outcome == "lost" {
		b.instead("plan.concluded_on", "an episode does not say when a plan was lost: the last day on which there was work is put down")
	}
	b.instead("follow_ups", "an extract does not say for when they are planned: at 3, 6 and 12 months is put down")
	for _, months := range []int{3, 6, 12} {
		name := "followup_" + strconv.Itoa(months) + "m_"
		held, maintained := b.date(name+"date"), b.code(name+"maintained")
		switch {
		case maintained == "lost":
			given := earlier(on.AddMonths(months), b.today)
			b.add(later(earlier(given, b.closed), on), hte.FollowUpLost{Months: months}, name+"date", name+"maintained")
			b.instead("follow_ups.on", "an episode does not say when a follow-up was given up: the day on which it was due, or the end, is put down")
		case maintained != "" && !held.IsZero():
			b.add(held, hte.FollowUpHeld{Months: months, Maintained: hte.Maintained(maintained), Mode: "face_to_face"}, name+"date", name+"maintained")
			b.instead("follow_ups.mode", faceToFace)
		}
	}
}

// close adds the step into the workforce and the end.
func (b *back) close() {
	reason := hte.ClosureReason(b.code("closure_reason"))
	end := or(b.closed, b.workday())
	if step := hte.WorkforceStep(b.code("workforce_step")); step == "none" {
		b.why["workforce_step"] = "that no step was taken is not an event"
	} else if step != "" && !end.IsZero() {
		take := func() {
			b.add(end, hte.WorkforceStepTaken{Step: step}, "workforce_step")
			b.instead("workforce", "an episode does not say when the step was taken, nor those before it")
		}
		if b.met.IsZero() { // nobody met the client before the end
			defer take()
		} else {
			take()
		}
	}
	if b.closed.IsZero() {
		return
	}
	const fields = "closure_reason"
	add := func(d hte.Data) { b.add(b.closed, d, fields, "closure_date") }
	happened := func(d hte.Data) {
		b.add(b.closed, d)
		b.instead("justice", "an extract does not say when it happened, nor what became of the client: the day of closing is put down")
	}
	switch {
	case reason == "declined" && b.met.IsZero():
		add(hte.Declined{By: "client", Reason: "other"})
		b.instead("closure", "an extract does not say who declined, nor why: the client, for another reason, is put down")
		return
	case reason == "ineligible":
		add(hte.FoundIneligible{Criterion: "other"})
		b.instead("closure", "an extract does not say by what criterion: another is put down")
	case reason == "transferred":
		add(hte.TransferredOut{To: "not-known"})
		b.instead("closure", "an extract does not say to whom: not-known is put down")
	case reason == "consent_withdrawn":
		add(hte.ConsentWithdrawn{})
	case reason == "recalled":
		happened(hte.Recalled{})
		add(hte.Closed{Reason: reason})
	case reason == "sentenced":
		happened(hte.SentenceStarted{Supervision: "custody"})
		add(hte.Closed{Reason: reason})
	case reason == "supervision_ended":
		happened(hte.SupervisionEnded{})
		add(hte.Closed{Reason: reason})
	case reason == "":
		add(hte.Closed{Reason: "other"})
	default:
		add(hte.Closed{Reason: reason})
	}
}
