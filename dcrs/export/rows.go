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
		if count > 0 {
			r.Left = append(r.Left, Left{What: what, Count: count, Why: why})
		}
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
	const noField = "the dictionaries have no field for it"
	left("notes", len(s.Notes), noField)
	left("diary", len(s.Diary), noField)
	left("setbacks", len(s.Setbacks), noField)
	left("supporters", len(s.Supporters), noField)
	left("safeguarding", len(s.Safeguarding), noField)
	left("attempts", len(s.Attempts), noField)
	left("justice", len(s.Justice.Course), "the dictionaries have the supervision at referral, and no course of events")
	left("pauses", len(s.Pauses), noField)
	left("plan.balance", len(s.Plan.Balance), noField)
	left("plan.strengths", len(s.Plan.Strengths), noField)
	left("plan.relapse", len(s.Plan.Relapse), noField)
	words := func(filled ...bool) (n int) {
		for _, f := range filled {
			if f {
				n++
			}
		}
		return n
	}
	left("referral", words(s.Referral.Reason != "", s.Referral.Urgency != "", len(s.Referral.Access) > 0, s.Referral.Interpreter != "",
		s.Referral.Risk != "", s.Referral.Note != "", s.Referral.Referrer != "", s.Referral.Previous != ""), noField)
	left("own_trainer", words(!s.OwnTrainer.IsZero()), noField)
	left("next", words(s.Next != ""), noField)
	left("plan.reviews", len(s.Plan.Reviews), noField)
	var actions, ifThens, influences, rewards, ratings int
	for i := range s.Goals {
		g := &s.Goals[i]
		actions, ifThens, influences, rewards = actions+len(g.Actions), ifThens+len(g.IfThens), influences+len(g.Influences), rewards+len(g.Rewards)
		for j := range g.Reviews {
			if _, rated := g.Reviews[j].Attained.Code(); rated {
				ratings++
			}
		}
	}
	left("goals.behaviour", len(s.Goals), "goals.csv has the measure, not the client's words")
	left("goals.actions", actions, noField)
	left("goals.if_thens", ifThens, noField)
	left("goals.influences", influences, noField)
	left("goals.rewards", rewards, noField)
	left("goals.attained", ratings, noField)
	left("assignments", max(0, len(s.Assignments)-1), "an episode has one trainer: the last")
	return r
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

	for i := range s.Circumstances {
		k := &s.Circumstances[i]
		switch k.Occasion {
		case "assessment":
			put(out, "employment_status", string(k.Employment))
			put(out, "accommodation_type", string(k.Accommodation))
			put(out, "smoking_status_pre", string(k.Smoking))
		case "review":
			put(out, "employment_status_post", string(k.Employment))
			put(out, "accommodation_type_post", string(k.Accommodation))
			if !s.Plan.ConcludedOn.IsZero() && s.Plan.Outcome != "lost" {
				put(out, "smoking_status_post", string(k.Smoking))
			}
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
	waiting := 0
	occasion := func(o hte.Occasion) (when string, ok bool) {
		if o == "review" && out["review_date"] == "" {
			waiting++
			return "", false
		}
		when, ok = prePost[o]
		return when, ok
	}
	for i := range s.Plan.Rulers {
		k := &s.Plan.Rulers[i]
		if when, ok := occasion(k.Occasion); ok {
			put(out, "importance_"+when, answer(k.Importance))
			put(out, "confidence_"+when, answer(k.Confidence))
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
			case a.Status == hte.Missed:
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
			out["height_cm"] = m.Value.String()
			continue
		}
		if when, ok := occasion(m.Occasion); ok {
			out[string(m.Measure)+"_"+when] = m.Value.String()
		}
	}
	for i := range s.Questionnaires {
		q := &s.Questionnaires[i]
		if when, ok := occasion(q.Occasion); ok {
			form(out, q, when)
		}
	}
	left("review", waiting, "the plan was not concluded, so an episode has no review to put it at")
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
			left("measurements", 1, "a later one at the same time point is carried")
			return
		}
		at[k] = len(all)
		all = append(all, c)
	}
	for i := range s.Measurements {
		m := &s.Measurements[i]
		if list.Label(string(m.Measure)) == "" {
			if _, ok := prePost[m.Occasion]; !ok && m.Measure != "height_cm" {
				left("measurements", 1, "measures.csv does not list the measure")
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
