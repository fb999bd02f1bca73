package hte

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
)

// Caseload is how many clients a trainer has, and what they are like.
type Caseload struct {
	// Trainer is who; the empty reference stands for clients without one.
	Trainer Ref `json:"trainer,omitzero" personal:"reference"`
	// Open counts the journeys that are not closed. The counts below are of these.
	Open int `json:"open"`
	// Stages counts them by [Stage].
	Stages StageCounts `json:"stages"`
	// Paused counts those whose work stands still, InCustody those of clients held in
	// prison, Supervised those of people under any kind of supervision.
	Paused     int `json:"paused"`
	InCustody  int `json:"in_custody"`
	Supervised int `json:"supervised"`
	// Urgent counts referrals that were urgent, and AccessNeeds those of clients who
	// need something to take part, such as an interpreter.
	Urgent      int `json:"urgent"`
	AccessNeeds int `json:"access_needs"`
	// HighNeeds counts those of clients with a wider need that comes before anything
	// else and is not met.
	HighNeeds int `json:"high_needs"`
	// Issues counts them by primary issue; "" stands for none so far.
	Issues map[Issue]int `json:"issues"`
	// Due and Overdue count the journeys on which something is due, or overdue, on the
	// day that was asked about.
	Due     int `json:"due"`
	Overdue int `json:"overdue"`
}

// StageCounts counts journeys by [Stage].
type StageCounts [stageEnd]int

// MarshalJSON writes an object with a member for each stage, in order.
func (c StageCounts) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for s, n := range c {
		if s > 0 {
			b = append(b, ',')
		}
		b = appendString(b, Stage(s).String())
		b = strconv.AppendInt(append(b, ':'), int64(n), 10)
	}
	return append(b, '}'), nil
}

// Caseloads returns the caseload of every trainer who has a journey that is not
// closed, in the order of their references; clients without a trainer come first.
func Caseloads(p *Policy, asOf Date, journeys iter.Seq[*State]) []Caseload {
	if p == nil {
		defaults := DefaultPolicy()
		p = &defaults
	}
	var all []Caseload
	index := make(map[Ref]int)
	var due []Due
	for s := range journeys {
		if s.Stage == StageNone || s.Stage == StageClosed {
			continue
		}
		i, ok := index[s.Trainer]
		if !ok {
			i = len(all)
			index[s.Trainer] = i
			all = append(all, Caseload{Trainer: s.Trainer, Issues: make(map[Issue]int)})
		}
		due = s.AppendDue(due[:0], p, asOf, 0)
		all[i].add(s, due)
	}
	slices.SortFunc(all, func(a, b Caseload) int { return cmp.Compare(a.Trainer, b.Trainer) })
	return all
}

func (c *Caseload) add(s *State, due []Due) {
	count := func(n *int, yes bool) {
		if yes {
			*n++
		}
	}
	c.Open++
	c.Stages[s.Stage]++
	c.Issues[s.PrimaryIssue]++
	count(&c.Paused, !s.Pause.From.IsZero())
	count(&c.InCustody, s.Justice.InCustody)
	count(&c.Supervised, s.Justice.Supervision != "" && s.Justice.Supervision != "none")
	count(&c.Urgent, s.Referral.Urgency == "urgent")
	count(&c.AccessNeeds, len(s.Access.Access) > 0 || s.Access.Interpreter != "")
	count(&c.HighNeeds, slices.ContainsFunc(s.Needs, func(n Need) bool {
		if len(n.Course) == 0 {
			return false // of a damaged snapshot
		}
		now := n.Course[len(n.Course)-1]
		return now.Severity == "high" && (now.Status == "open" || now.Status == "in_progress")
	}))
	count(&c.Due, len(due) > 0)
	count(&c.Overdue, slices.ContainsFunc(due, Due.Overdue))
}

// Waiting is how long clients waited, from one step to another.
type Waiting struct {
	// Days holds, in ascending order, the days that each client waited who reached the
	// step.
	Days []int `json:"days"`
	// Still holds, in ascending order, the days that each client has waited who has
	// not reached the step.
	Still []int `json:"still"`
	// Ended counts those whose episode closed before the step.
	Ended int `json:"ended"`
	// Undated counts those whose step is dated before the day from which they waited,
	// because it was recorded later; they are in no other count.
	Undated int `json:"undated"`
}

// Median returns the middle of the days waited by those who reached the step, or
// the mean of the two in the middle; false where there is nobody. It leaves out
// those who wait still, who may be the ones who wait longest.
func (w Waiting) Median() (days float64, ok bool) {
	n := len(w.Days)
	if n == 0 {
		return 0, false
	}
	return float64(w.Days[(n-1)/2]+w.Days[n/2]) / 2, true
}

// WaitingTimes is how long the clients waited who were referred in a period.
type WaitingTimes struct {
	// Referrals counts them.
	Referrals int `json:"referrals"`
	// ToAcceptance, ToTrainer and ToContact run from the day of referral, ToPlan from
	// first contact to the first signing of a plan, of those helped one to one.
	ToAcceptance Waiting `json:"to_acceptance"`
	ToTrainer    Waiting `json:"to_trainer"`
	ToContact    Waiting `json:"to_contact"`
	ToPlan       Waiting `json:"to_plan"`
	// WithinAim counts the clients who were met within [Policy.ContactWithinDays], and
	// PastAim those who were met later, or were not met though that time has passed;
	// both are 0 where the policy has no such aim.
	WithinAim int `json:"within_aim"`
	PastAim   int `json:"past_aim"`
}

// Waits returns how long the clients waited who were referred from one day to
// another, both included, as it stood on the day asOf. A zero from or to sets no
// bound.
func Waits(p *Policy, from, to, asOf Date, journeys iter.Seq[*State]) WaitingTimes {
	if p == nil {
		defaults := DefaultPolicy()
		p = &defaults
	}
	var w WaitingTimes
	for s := range journeys {
		if s.ReferredOn.IsZero() || s.ReferredOn.After(asOf) || !inPeriod(s.ReferredOn, from, to) {
			continue
		}
		w.Referrals++
		var trainer, signed Date
		if len(s.Assignments) > 0 {
			trainer = s.Assignments[0].From
		}
		if len(s.Plan.Versions) > 0 {
			signed = s.Plan.Versions[0].SignedOn
		}
		w.ToAcceptance.add(s, s.ReferredOn, s.AcceptedOn, asOf)
		w.ToTrainer.add(s, s.ReferredOn, trainer, asOf)
		w.ToContact.add(s, s.ReferredOn, s.FirstContact, asOf)
		if s.Help == "one_to_one" && !s.FirstContact.IsZero() && !s.FirstContact.After(asOf) {
			w.ToPlan.add(s, s.FirstContact, signed, asOf)
		}
		if p.ContactWithinDays > 0 {
			aim := s.ReferredOn.AddDays(p.ContactWithinDays)
			met := !s.FirstContact.IsZero() && !s.FirstContact.After(asOf)
			closed := !s.Closure.On.IsZero() && !s.Closure.On.After(asOf)
			switch {
			case met && !s.FirstContact.After(aim):
				w.WithinAim++
			case met, !closed && aim.Before(asOf):
				w.PastAim++
			}
		}
	}
	for _, k := range [...]*Waiting{&w.ToAcceptance, &w.ToTrainer, &w.ToContact, &w.ToPlan} {
		slices.Sort(k.Days)
		slices.Sort(k.Still)
	}
	return w
}

func (w *Waiting) add(s *State, from, reached, asOf Date) {
	closed := s.Closure.On
	switch {
	case !reached.IsZero() && reached.Before(from):
		w.Undated++
	case !reached.IsZero() && !reached.After(asOf):
		w.Days = append(w.Days, from.DaysUntil(reached))
	case !closed.IsZero() && !closed.After(asOf):
		w.Ended++
	default:
		w.Still = append(w.Still, from.DaysUntil(asOf))
	}
}

func inPeriod(day, from, to Date) bool {
	return !day.IsZero() && (from.IsZero() || !day.Before(from)) && (to.IsZero() || !day.After(to))
}

// Attendance counts appointments by what became of them.
type Attendance struct {
	// Trainer is who had the client, where it took place or was missed; for others who
	// has the client now.
	Trainer Ref `json:"trainer,omitzero" personal:"reference"`
	// Attended counts those that took place, and Late those of them to which the
	// client came late.
	Attended int `json:"attended"`
	Late     int `json:"late"`
	// MissedAcceptable and MissedUnacceptable count those to which the client did not
	// come, by whether the service accepts the reason.
	MissedAcceptable   int `json:"missed_acceptable"`
	MissedUnacceptable int `json:"missed_unacceptable"`
	// CancelledByClient, CancelledByService and CancelledByOthers count those that
	// were called off.
	CancelledByClient  int `json:"cancelled_by_client"`
	CancelledByService int `json:"cancelled_by_service"`
	CancelledByOthers  int `json:"cancelled_by_others"`
	// NotRecorded counts those whose day has passed with nothing recorded.
	NotRecorded int `json:"not_recorded"`
	// Rescheduled counts how often one of them was moved.
	Rescheduled int `json:"rescheduled"`
}

// Rate returns the share of the appointments that took place among those that the
// client came to or missed: neither what was called off nor what nobody recorded
// counts. It is false where there is none.
func (a Attendance) Rate() (share float64, ok bool) {
	n := a.Attended + a.MissedAcceptable + a.MissedUnacceptable
	if n == 0 {
		return 0, false
	}
	return float64(a.Attended) / float64(n), true
}

// Attendances counts the appointments of every trainer on days from one to
// another, both included, as far as they are not after asOf. A zero from or to
// sets no bound. They come in the order of the trainers' references.
func Attendances(from, to, asOf Date, journeys iter.Seq[*State]) []Attendance {
	var all []Attendance
	index := make(map[Ref]int)
	for s := range journeys {
		for i := range s.Appointments {
			a := &s.Appointments[i]
			if !inPeriod(a.Day, from, to) || a.Day.After(asOf) || a.Status == Planned && a.Day == asOf {
				continue
			}
			trainer := a.Trainer
			if trainer == "" {
				trainer = s.Trainer
			}
			at, ok := index[trainer]
			if !ok {
				at = len(all)
				index[trainer] = at
				all = append(all, Attendance{Trainer: trainer})
			}
			all[at].add(a)
		}
	}
	slices.SortFunc(all, func(a, b Attendance) int { return cmp.Compare(a.Trainer, b.Trainer) })
	return all
}

func (t *Attendance) add(a *Appointment) {
	t.Rescheduled += a.Moved
	switch a.Status {
	case Attended:
		t.Attended++
		if a.Late {
			t.Late++
		}
	case Missed:
		if a.Acceptable {
			t.MissedAcceptable++
		} else {
			t.MissedUnacceptable++
		}
	case Cancelled:
		switch a.CancelledBy {
		case "client":
			t.CancelledByClient++
		case "service":
			t.CancelledByService++
		default:
			t.CancelledByOthers++
		}
	case Planned:
		t.NotRecorded++
	}
}

// PlanOutcomes counts personal health plans, and their goals, by outcome.
type PlanOutcomes struct {
	// Plans counts the plans that were started in the period, and Signed those of them
	// that were signed at least once.
	Plans  int `json:"plans"`
	Signed int `json:"signed"`
	// Outcomes counts the plans by outcome; "open" are those not concluded.
	Outcomes map[PlanOutcome]int `json:"outcomes"`
	// Goals counts their goals by status. A goal that was revised is counted as
	// revised, and the one that replaced it by its own status.
	Goals map[GoalStatus]int `json:"goals"`
	// OwnTrainers counts clients who became their own health trainer.
	OwnTrainers int `json:"own_trainers"`
}

// Plans counts the personal health plans that were started on days from one to
// another, both included, by how they stand now. A zero from or to sets no bound.
func Plans(from, to Date, journeys iter.Seq[*State]) PlanOutcomes {
	o := PlanOutcomes{Outcomes: make(map[PlanOutcome]int), Goals: make(map[GoalStatus]int)}
	for s := range journeys {
		if !inPeriod(s.Plan.StartedOn, from, to) {
			continue
		}
		o.Plans++
		o.Outcomes[s.Plan.Outcome]++
		if len(s.Plan.Versions) > 0 {
			o.Signed++
		}
		for i := range s.Goals {
			o.Goals[s.Goals[i].Status]++
		}
		if !s.OwnTrainer.IsZero() {
			o.OwnTrainers++
		}
	}
	return o
}

// StageOn returns the stage that the journey was in at the end of a day, by the
// days on which things happened; [StageNone] before the referral.
func (s *State) StageOn(day Date) Stage {
	at := StageNone
	for _, r := range s.Stages {
		if !r.On.After(day) {
			at = r.Stage
		}
	}
	return at
}

// StagesOn counts journeys by the stage that they were in at the end of a day.
// Those that had not begun are counted under [StageNone].
func StagesOn(day Date, journeys iter.Seq[*State]) StageCounts {
	var c StageCounts
	for s := range journeys {
		c[s.StageOn(day)]++
	}
	return c
}
