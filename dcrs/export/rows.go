package export

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// cells are the filled fields of a row, by name.
type cells map[string]string

// row puts cells in the order of the dictionary. A name that is no field is a
// mistake in this package, which its tests find.
func row(d *dcrs.Dictionary, c cells) []string {
	out := make([]string, 0, len(c))
	for f := range d.Fields() {
		out = append(out, c[f.Name])
	}
	return out
}

func (x *Exporter) rows(s *hte.State, c *Client) *Rows {
	r := &Rows{}
	left := func(what string, count int, why string) {
		if count == 0 {
			return
		}
		for i := range r.Left {
			if l := &r.Left[i]; l.What == what && l.Why == why {
				l.Count += count
				return
			}
		}
		r.Left = append(r.Left, Left{What: what, Count: count, Why: why})
	}
	for _, d := range x.dictionaries {
		switch d.Kind() {
		case "episode":
			r.Episode = row(d, episode(s, c, left))
		case "contact":
			for i := range s.Appointments {
				r.Contacts = append(r.Contacts, row(d, contact(s, &s.Appointments[i], left)))
			}
		case "goal":
			list, _ := d.CodeList("plain_measure")
			for i := range s.Goals {
				r.Goals = append(r.Goals, row(d, goal(s, &s.Goals[i], &list, left)))
			}
		case "signpost":
			for i := range s.Signposts {
				r.Signposts = append(r.Signposts, row(d, signpost(s, &s.Signposts[i])))
			}
		case "need":
			for i := range s.Needs {
				if len(s.Needs[i].Course) == 0 {
					continue // of a damaged snapshot: it says nothing
				}
				r.Needs = append(r.Needs, row(d, need(s, &s.Needs[i])))
			}
		case "measure":
			list, _ := d.CodeList("measure")
			for _, m := range measures(s, &list, left) {
				r.Measures = append(r.Measures, row(d, m))
			}
		}
	}
	behind(s, left)
	return r
}

// behind lists what of a journey no dictionary has a field for. What the other
// functions of this file pass over, they list themselves.
func behind(s *hte.State, left func(what string, count int, why string)) {
	const (
		noField = "the dictionaries have no field for it"
		lastOne = "an episode has the last alone"
	)
	is := func(filled ...bool) (n int) {
		for _, f := range filled {
			if f {
				n++
			}
		}
		return n
	}
	r := &s.Referral
	left("referral", is(r.Reason != "", r.Urgency != "", len(r.Access) > 0, r.Interpreter != "", r.Risk != "", r.Note != "", r.Referrer != "",
		r.Previous != "", !r.Ends.IsZero(), r.OutOfArea), noField)
	left("accepted_on", is(!s.AcceptedOn.IsZero()), noField)
	left("service", is(s.Service != r.Service), "an episode has the service of now, and not the one before a handover")
	left("setting", is(s.Setting != r.Setting), "an episode has the setting at referral, and not that of now")
	left("access", is(s.Access.Interpreter != r.Interpreter, s.Access.Risk != r.Risk, !slices.Equal(s.Access.Access, r.Access)), noField)
	left("attempts", len(s.Attempts), noField)
	left("assignments", max(0, len(s.Assignments)-1), "an episode has one trainer: the last")
	for i := range s.Assignments {
		a := &s.Assignments[i]
		left("assignments.from", is(!a.From.IsZero()), noField)
		left("assignments.to", is(!a.To.IsZero()), noField)
		left("assignments.reason", is(a.Reason != ""), noField)
	}
	left("consent.on", is(!s.Consent.On.IsZero()), noField)
	for _, p := range s.Consent.Purposes {
		left("consent.purposes", is(p != "share"), "an episode has consent to share alone")
	}
	left("corrections", s.Corrections, "the rows have what stands after them")
	left("redactions", len(s.Redactions), noField)

	// Those of assessment and review are in an episode.
	other := func(on hte.Date) bool { return on != s.AssessedOn && on != s.Plan.ConcludedOn }
	for i := range s.Issues {
		left("issues.on", is(other(s.Issues[i].On)), noField)
	}
	for i := range s.Circumstances {
		left("circumstances.on", is(other(s.Circumstances[i].On)), noField)
	}
	for i := range s.Needs {
		course := s.Needs[i].Course
		end, severity := len(course)-1, hte.Severity("")
		for _, c := range course {
			if c.Severity != "" {
				severity = c.Severity
			}
		}
		for j, c := range course {
			left("needs.course", is(j > 0 && (j < end || needStatuses[c.Status] == "open") || j == 0 && end > 0 && c.Status != "open" ||
				c.Severity != "" && c.Severity != severity || c.Status == "in_progress"), "needs.csv has the first day, and how it stands now")
		}
	}
	for i := range s.Appointments {
		a := &s.Appointments[i]
		left("appointments.made", is(!a.Made.IsZero()), noField)
		left("appointments.starts", is(a.Starts != ""), noField)
		left("appointments.rearrange", is(a.Rearrange != 0), noField)
		left("appointments.moved", is(a.Moved > 0), "contacts.csv has the day to which it was moved")
		left("appointments.missed", is(a.Missed != ""), "contacts.csv says whether the reason was accepted, and not which it was")
		left("appointments.cancel_reason", is(a.CancelReason != ""), noField)
		left("appointments.note", is(a.Note != ""), noField)
		left("appointments.minutes", is(a.Minutes > 0 && a.Status != hte.Attended), "contacts.csv has the length of those that took place")
		left("appointments.purpose", is(a.Purpose == "handover", a.Purpose == "group"), "contacts.csv has no such purpose: another, or a session, is put down")
	}

	p := &s.Plan
	left("plan.started_on", is(len(p.Versions) > 0 && !p.StartedOn.IsZero() && p.StartedOn != p.Versions[0].SignedOn), "an episode has the day of the first signature")
	left("plan.versions", max(0, len(p.Versions)-1), "an episode has the day of the first signature")
	left("plan.changes", len(p.Changes), noField)
	for i := range p.Rulers {
		left("plan.rulers.on", is(other(p.Rulers[i].On)), noField)
	}
	left("plan.balance", len(p.Balance), noField)
	left("plan.strengths", len(p.Strengths), noField)
	left("plan.relapse", len(p.Relapse), noField)
	left("plan.reviews", len(p.Reviews), noField)
	left("plan.next_review", is(!p.NextReview.IsZero()), noField)
	left("plan.concluded_on", is(!p.ConcludedOn.IsZero() && p.Outcome == "lost"), "a plan that was lost has no review in an episode")
	for i := range s.Goals {
		g := &s.Goals[i]
		left("goals.behaviour", is(g.Behaviour != ""), "goals.csv has the measure, not the client's words")
		left("goals.weight", is(g.Weight > 0), noField)
		left("goals.revised_by", is(g.RevisedBy > 0), "goals.csv says that it was revised, and not into which")
		left("goals.actions", len(g.Actions), noField)
		left("goals.if_thens", len(g.IfThens), noField)
		left("goals.influences", len(g.Influences), noField)
		left("goals.rewards", len(g.Rewards), noField)
		left("goals.reviews", max(0, len(g.Reviews)-1), "goals.csv has the last review")
		for j := range g.Reviews {
			left("goals.reviews.reason", is(g.Reviews[j].Reason != ""), noField)
			_, rated := g.Reviews[j].Attained.Code()
			left("goals.reviews.attained", is(rated), noField)
		}
	}
	left("supporters", len(s.Supporters), noField)
	left("diary", len(s.Diary), noField)
	left("setbacks", len(s.Setbacks), noField)
	left("safeguarding", len(s.Safeguarding), noField)
	for i := range s.Signposts {
		left("signposts.organisation", is(s.Signposts[i].Organisation != ""), noField)
		left("signposts.outcome", is(s.Signposts[i].Outcome == "completed", s.Signposts[i].Outcome == "declined"),
			"signposts.csv does not tell completing from attending, nor declining from not going")
	}

	left("justice", len(s.Justice.Course), "the dictionaries have the supervision at referral, and no course of events")
	left("justice.release", is(!s.Justice.Release.Day.IsZero()), noField)
	left("pause", is(s.Pause.Reason != ""), noField)
	left("pauses", len(s.Pauses), noField)
	for i := range s.FollowUps {
		f := &s.FollowUps[i]
		left("follow_ups.due", is(!f.Due.IsZero()), noField)
		left("follow_ups.mode", is(f.Mode != ""), noField)
		left("follow_ups.on", is(!f.On.IsZero() && f.Maintained == "lost"), "an episode has the days on which follow-ups were held")
	}
	left("own_trainer", is(!s.OwnTrainer.IsZero()), noField)
	left("workforce", max(0, len(s.Workforce)-1), lastOne)
	left("workforce.on", len(s.Workforce), noField)
	c := &s.Closure
	left("closure", is(c.DeclinedBy != "", c.Decline != "", c.Criterion != "", c.To != "", c.Note != ""), noField)
	left("next", is(s.Next != ""), noField)
	left("notes", len(s.Notes), noField)
}

func episode(s *hte.State, c *Client, left func(string, int, string)) cells {
	out := cells{
		"client_id": string(s.Referral.Client), "episode_id": string(s.Journey), "service_code": string(s.Service),
		"trainer_imd_quintile": c.TrainerQuintile, "nhs_number": c.NHSNumber, "nhs_number_status": c.NHSNumberStatus,
		"date_of_birth": c.Born.String(), "gender": c.Gender, "ethnic_category": c.EthnicCategory,
		"postcode": c.Postcode, "lsoa": c.LSOA, "imd_quintile": c.IMDQuintile, "imd_edition": c.IMDEdition,
		"gp_practice_code": c.GPPractice, "disability": strings.Join(c.Disability, ";"),
		"setting": string(s.Referral.Setting), "supervision": string(s.Referral.Supervision),
		"referral_source": string(s.Referral.Source), "referral_date": s.ReferredOn.String(),
		"first_contact_date": s.FirstContact.String(), "assessment_date": s.AssessedOn.String(), "consent": "Y",
		"client_mode": string(s.Help), "primary_issue": string(s.PrimaryIssue),
		"plan_status": string(s.Plan.Outcome), "closure_date": s.Closure.On.String(), "closure_reason": string(s.Closure.Reason),
	}
	if n := len(s.Assignments); n > 0 {
		out["trainer_id"] = string(s.Assignments[n-1].Trainer)
	}
	switch {
	case !c.Born.IsZero():
		out["age_at_referral"] = strconv.Itoa(c.Born.YearsUntil(s.ReferredOn))
	case s.Referral.Age > 0:
		out["age_at_referral"] = strconv.Itoa(s.Referral.Age)
	}
	out["secondary_issues"] = set(len(s.Issues), func(i int) (string, bool) {
		return string(s.Issues[i].Issue), s.Issues[i].Issue != s.PrimaryIssue
	})
	// Those known by the assessment, or so far where there was none.
	early := func(n *hte.Need) bool {
		return len(n.Course) > 0 && (s.AssessedOn.IsZero() || !n.Course[0].On.After(s.AssessedOn))
	}
	needs := func(status hte.NeedStatus) string {
		return set(len(s.Needs), func(i int) (string, bool) {
			n := &s.Needs[i]
			return string(n.Need), early(n) && (status == "" || n.Course[len(n.Course)-1].Status == status)
		})
	}
	out["wider_needs"], out["wider_needs_met"], out["wider_needs_part_met"] = needs(""), needs("met"), needs("part_met")

	// Of several on one occasion the last is the one that counts.
	over := func(what, field, value string) {
		if value == "" {
			return
		}
		if _, ok := out[field]; ok {
			left(what, 1, replaced)
		}
		out[field] = value
	}
	underWay := s.AssessedOn.IsZero() && s.Help == "one_to_one" // pathway/assessment-missing
	reviewed := !s.Plan.ConcludedOn.IsZero() && s.Plan.Outcome != "lost"
	for i := range s.Circumstances {
		k := &s.Circumstances[i]
		switch k.Occasion {
		case "assessment":
			over("circumstances", "employment_status", string(k.Employment))
			over("circumstances", "accommodation_type", string(k.Accommodation))
			if !underWay {
				over("circumstances", "smoking_status_pre", string(k.Smoking))
			} else if k.Smoking != "" {
				left("circumstances", 1, notAssessed)
			}
		case "review":
			over("circumstances", "employment_status_post", string(k.Employment))
			over("circumstances", "accommodation_type_post", string(k.Accommodation))
			if reviewed {
				over("circumstances", "smoking_status_post", string(k.Smoking))
			} else if k.Smoking != "" {
				left("circumstances", 1, notConcluded)
			}
		default:
			left("circumstances", 1, "an episode has those at assessment and review")
		}
	}

	switch {
	case len(s.Plan.Versions) > 0:
		out["plan_date"] = s.Plan.Versions[0].SignedOn.String()
	default:
		out["plan_date"] = s.Plan.StartedOn.String()
	}
	const goals = 3
	for i := range min(goals, len(s.Goals)) {
		n := strconv.Itoa(i + 1)
		out["goal_"+n+"_issue"], out["goal_"+n+"_status"] = string(s.Goals[i].Issue), string(s.Goals[i].Status)
	}
	left("goals", max(0, len(s.Goals)-goals), "an episode has room for three; goals.csv has them all")
	if s.Plan.Outcome != "lost" {
		out["review_date"] = s.Plan.ConcludedOn.String()
	}
	// What was taken for a review that was not concluded waits for it.
	occasion := func(what string, o hte.Occasion) (when string, ok bool) {
		if o == "assessment" && underWay {
			left(what, 1, notAssessed)
			return "", false
		}
		if o == "review" && out["review_date"] == "" {
			left(what, 1, notConcluded)
			return "", false
		}
		when, ok = prePost[o]
		return when, ok
	}
	for i := range s.Plan.Rulers {
		k := &s.Plan.Rulers[i]
		if when, ok := occasion("plan.rulers", k.Occasion); ok {
			over("plan.rulers", "importance_"+when, answer(k.Importance))
			over("plan.rulers", "confidence_"+when, answer(k.Confidence))
		} else if k.Occasion != "review" && k.Occasion != "assessment" {
			left("plan.rulers", 1, "an episode has those at assessment and review")
		}
	}

	if s.Plan.Sessions > 0 {
		out["sessions_planned"] = strconv.Itoa(s.Plan.Sessions)
	}
	if !s.FirstContact.IsZero() && len(s.Appointments) > 0 {
		attended, missed := 0, 0
		for i := range s.Appointments {
			switch a := &s.Appointments[i]; {
			case a.Status == hte.Attended && a.Purpose != "follow_up":
				attended++
			case a.Status == hte.Missed && a.Purpose != "follow_up":
				missed++
			}
		}
		out["sessions_attended"], out["sessions_missed"] = strconv.Itoa(attended), strconv.Itoa(missed)
	}
	out["signposted_to"] = set(len(s.Signposts), func(i int) (string, bool) { return string(s.Signposts[i].To), true })
	for i := range s.Signposts {
		if on := s.Signposts[i].On; out["signposted_date"] == "" || on.String() < out["signposted_date"] {
			out["signposted_date"] = on.String()
		}
	}

	for i := range s.Measurements {
		m := &s.Measurements[i]
		if m.Measure == "height_cm" {
			over("measurements", "height_cm", m.Value.String())
			continue
		}
		if when, ok := occasion("measurements", m.Occasion); ok {
			out[string(m.Measure)+"_"+when] = m.Value.String()
		}
	}
	for i := range s.Questionnaires {
		q := &s.Questionnaires[i]
		if when, ok := occasion("questionnaires", q.Occasion); ok {
			form(out, q, when)
		}
	}
	for i := range s.FollowUps {
		f := &s.FollowUps[i]
		if f.Months != 3 && f.Months != 6 && f.Months != 12 {
			left("follow_ups", 1, "an episode has follow-ups at 3, 6 and 12 months")
			continue
		}
		name := "followup_" + strconv.Itoa(f.Months) + "m_"
		out[name+"maintained"] = string(f.Maintained)
		if f.Maintained != "lost" { // nobody was met on the day on which it was given up
			out[name+"date"] = f.On.String()
		}
	}
	if n := len(s.Workforce); n > 0 {
		out["workforce_step"] = string(s.Workforce[n-1].Step)
	}
	return out
}

const (
	notAssessed  = "the assessment is not complete, so an episode cannot have what was found so far; measures.csv has what it lists"
	replaced     = "a later one at the same time point is carried"
	notConcluded = "the plan was not concluded, so an episode has no review to put it at"
)

// prePost is what the dictionary calls the occasions that it has fields for.
var prePost = map[hte.Occasion]string{"assessment": "pre", "review": "post"}

// put fills a field, unless there is nothing to fill it with.
func put(c cells, field, value string) {
	if value != "" {
		c[field] = value
	}
}

func answer(r wellbeing.Response) string {
	if code, ok := r.Code(); ok {
		return strconv.Itoa(code)
	}
	return ""
}

// set joins codes, each once.
func set(n int, at func(i int) (code string, yes bool)) string {
	var codes []string
	for i := range n {
		if code, yes := at(i); yes && code != "" && !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return strings.Join(codes, ";")
}

// form fills in the fields of the questionnaires that an episode has room for: the
// last form of an occasion, whole.
func form(out cells, q *hte.Questionnaire, when string) {
	switch q.Result.Instrument {
	case "WHO-5":
		for i := range 5 {
			out["who5_"+strconv.Itoa(i+1)+"_"+when] = ""
			if i < len(q.Answers) {
				out["who5_"+strconv.Itoa(i+1)+"_"+when] = answer(q.Answers[i])
			}
		}
		out["who5_percent_"+when] = score(q, "percent")
	case "GSE":
		out["self_efficacy_"+when] = ""
		if len(q.Result.Scores) > 0 {
			out["self_efficacy_"+when] = score(q, q.Result.Scores[0].Scale)
		}
	}
}

func score(q *hte.Questionnaire, scale string) string {
	if s, err := q.Result.Score(scale); err == nil && s.Value.Known() {
		return s.Value.String()
	}
	return ""
}

// id is the identifier of a row that belongs to a journey. Where the journey's own
// leaves no room for more, it is a hash of both.
func id(s *hte.State, kind string, n int) string {
	whole := string(s.Journey) + "-" + kind + strconv.Itoa(n)
	if len(whole) <= 36 {
		return whole
	}
	sum := sha256.Sum256([]byte(whole))
	return hex.EncodeToString(sum[:16])
}

var (
	media = map[hte.Mode]string{
		"face_to_face": "01", "telephone": "02", "email": "05", "text": "09", "video": "11", "post": "98",
	}
	purposes = map[hte.AppointmentPurpose]string{
		"first_contact": "first_contact", "assessment": "assessment", "session": "session", "review": "review",
		"follow_up": "followup", "handover": "other", "group": "session",
	}
	outcomes = map[hte.SignpostOutcome]string{
		"": "awaited", "attended": "engaged", "completed": "engaged", "waiting": "waiting", "did_not_go": "not_engaged",
		"declined": "not_engaged", "not_accepted": "not_accepted", "not_known": "not_known",
	}
	needStatuses = map[hte.NeedStatus]string{
		"open": "open", "in_progress": "open", "met": "met", "part_met": "part_met", "not_met": "not_met", "declined": "declined",
	}
)

func contact(s *hte.State, a *hte.Appointment, left func(string, int, string)) cells {
	out := cells{
		"episode_id": string(s.Journey), "contact_id": id(s, "c", a.Appointment), "contact_date": a.Day.String(),
		"consultation_medium": media[a.Mode], "purpose": purposes[a.Purpose], "trainer_id": string(a.Trainer),
	}
	switch a.Status {
	case hte.Planned:
		out["attendance"] = "planned"
	case hte.Attended:
		out["attendance"] = "attended"
		if a.Late {
			out["attendance"] = "late"
		}
		if a.Minutes > 0 {
			out["duration_minutes"] = strconv.Itoa(a.Minutes)
		}
		var techniques []string
		for _, t := range a.Techniques {
			if !slices.Contains(techniques, string(t)) {
				techniques = append(techniques, string(t))
			}
		}
		out["techniques"] = strings.Join(techniques, ";")
	case hte.Missed:
		out["attendance"] = "did_not_attend"
		if a.Acceptable {
			out["attendance"] = "absent_with_reason"
		}
	case hte.Cancelled:
		switch a.CancelledBy {
		case "client", "service":
			out["attendance"] = "cancelled_by_" + string(a.CancelledBy)
		default:
			left("appointments.cancelled_by", 1, "contacts.csv knows cancellation by client and service alone: the attendance is blank")
		}
	}
	return out
}

func goal(s *hte.State, g *hte.Goal, list *dcrs.CodeList, left func(string, int, string)) cells {
	out := cells{
		"episode_id": string(s.Journey), "goal_id": id(s, "g", g.Goal), "goal_number": strconv.Itoa(g.Goal), "issue": string(g.Issue),
		"set_date": g.SetOn.String(), "due_date": g.By.String(), "status": string(g.Status),
	}
	// Numbers of which nobody can say what they count are none.
	listed := list.Label(string(g.Measure)) != ""
	if listed {
		out["measure"], out["baseline"], out["target"] = string(g.Measure), g.Baseline.String(), g.Target.String()
	} else {
		left("goals.target", 1, "goals.csv has numbers in listed measures alone, not in the client's own unit")
	}
	if n := len(g.Reviews); n > 0 {
		out["review_date"] = g.Reviews[n-1].On.String()
		if v := g.Reviews[n-1].Value; v.Known() && listed {
			out["result"] = v.String()
		}
	}
	return out
}

func signpost(s *hte.State, p *hte.Signpost) cells {
	kind := "signposted"
	if p.Referral {
		kind = "referred"
	}
	out := cells{
		"episode_id": string(s.Journey), "signpost_id": id(s, "s", p.Signpost), "signpost_date": p.On.String(),
		"destination": string(p.To), "kind": kind, "need": string(p.Need), "outcome": outcomes[p.Outcome],
	}
	put(out, "outcome_date", p.OutcomeOn.String())
	return out
}

func need(s *hte.State, n *hte.Need) cells {
	first, last := n.Course[0], n.Course[len(n.Course)-1]
	out := cells{
		"episode_id": string(s.Journey), "need": string(n.Need), "recorded_date": first.On.String(), "status": needStatuses[last.Status],
	}
	for _, c := range n.Course {
		put(out, "severity", string(c.Severity))
	}
	if out["status"] != "open" {
		out["status_date"] = last.On.String()
	}
	return out
}

// measures makes a row of everything measured: one for each measure, time point
// and day, the last that was recorded.
func measures(s *hte.State, list *dcrs.CodeList, left func(string, int, string)) []cells {
	var all []cells
	type key struct{ measure, point, on string }
	at := make(map[key]int)
	add := func(measure, point string, on hte.Date, more cells) {
		// Of several before or after the plan the last is the one that counts.
		k := key{measure, point, ""}
		if point == "other" {
			k.on = on.String()
		}
		c := cells{"episode_id": string(s.Journey), "time_point": point, "measured_on": on.String(), "measure": measure}
		for name, v := range more {
			c[name] = v
		}
		if i, ok := at[k]; ok {
			all[i] = c
			left("measurements", 1, replaced)
			return
		}
		at[k] = len(all)
		all = append(all, c)
	}
	type place struct {
		measure  hte.Measure
		occasion hte.Occasion
	}
	placed := make(map[place]bool)
	for i := range s.Measurements {
		m := &s.Measurements[i]
		if list.Label(string(m.Measure)) == "" {
			switch _, ok := prePost[m.Occasion]; {
			case m.Measure == "height_cm":
			case !ok:
				left("measurements", 1, "measures.csv does not list the measure")
			case placed[place{m.Measure, m.Occasion}]:
				left("measurements", 1, replaced)
			}
			placed[place{m.Measure, m.Occasion}] = true
			if m.On != s.AssessedOn && m.On != s.Plan.ConcludedOn {
				left("measurements.on", 1, "measures.csv, which has the days, does not list the measure")
			}
			continue // the episode has it
		}
		add(string(m.Measure), point(s, m.Occasion, m.On), m.On, cells{"value": m.Value.String()})
	}
	for i := range s.Questionnaires {
		q := &s.Questionnaires[i]
		in, err := wellbeing.Lookup(q.Result.Instrument)
		if err != nil || q.Result.Coding != "" || q.Result.ValueSet != "" || len(q.Answers) == 0 || len(q.Answers) != in.Len() {
			left("questionnaires", 1, "measures.csv holds the answers of a form, and these are not known")
			continue
		}
		words := make([]string, len(q.Answers))
		for j, a := range q.Answers {
			words[j] = response(a)
		}
		add(in.Name(), point(s, q.Occasion, q.On), q.On, cells{"responses": strings.Join(words, " ")})
	}
	return all
}

// response is an answer as measures.csv writes it.
func response(r wellbeing.Response) string {
	switch {
	case r.Equal(wellbeing.Refused()):
		return "R"
	case r.Equal(wellbeing.NotApplicable()):
		return "NA"
	}
	if code, ok := r.Code(); ok {
		return strconv.Itoa(code)
	}
	return "."
}

// point is the time point of a measurement. A follow-up is known by its day.
func point(s *hte.State, occasion hte.Occasion, on hte.Date) string {
	switch occasion {
	case "assessment":
		return "pre"
	case "review":
		if !s.Plan.ConcludedOn.IsZero() && s.Plan.Outcome != "lost" {
			return "post"
		}
	case "follow_up":
		for i := range s.FollowUps {
			f := &s.FollowUps[i]
			if f.On == on && (f.Months == 3 || f.Months == 6 || f.Months == 12) {
				return strconv.Itoa(f.Months) + "m"
			}
		}
	}
	return "other"
}
