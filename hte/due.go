package hte

import (
	"cmp"
	"iter"
	"slices"
)

// Task is what is to be done on a journey.
type Task string

// The tasks, each with what makes it due.
const (
	// TaskAnswer: a referral waits for the service to accept or decline. Like
	// TaskAssign and TaskContact it is due [Policy.ContactWithinDays] after referral,
	// by when the client should have been met.
	TaskAnswer Task = "answer_referral"
	// TaskAssign: the client waits for a trainer, or lost theirs.
	TaskAssign Task = "assign_trainer"
	// TaskContact: the trainer has not met the client yet.
	TaskContact Task = "make_first_contact"
	// TaskConsent: the client was met and not asked for consent. Due on that day.
	TaskConsent Task = "ask_consent"
	// TaskMeet: an appointment. Due on its day.
	TaskMeet Task = "keep_appointment"
	// TaskRearrange: an appointment was made before another trainer or service took over,
	// or before the client was moved or released ([Appointment.Rearrange]): it has to be
	// confirmed or moved ([AppointmentRescheduled]) or called off. Due by its day, and
	// listed at once.
	TaskRearrange Task = "rearrange_appointment"
	// TaskRecord: the day of an appointment has passed, and nobody recorded what came
	// of it. Due on the day itself.
	TaskRecord Task = "record_appointment"
	// TaskPlanNext: the client is worked with and has no appointment ahead. Due since
	// the last that took place or was to, or since the client was met.
	TaskPlanNext Task = "plan_appointment"
	// TaskReengage: the client missed [Policy.MissedInARow] appointments one after the
	// other. Due since the last of them.
	TaskReengage Task = "re_engage"
	// TaskReviewGoal: the day of a goal. Due on that day.
	TaskReviewGoal Task = "review_goal"
	// TaskReviewPlan: the day agreed for the next review or, where none was agreed,
	// [Policy.ReviewAfterWeeks] after the last review or signing.
	TaskReviewPlan Task = "review_plan"
	// TaskResume: a pause was to last until that day. Where it is not known until when,
	// nor when the client is released, somebody has to look at it now and then: it is
	// listed since it began, and never overdue.
	TaskResume Task = "look_at_pause"
	// TaskPlanRelease: the client is in custody, and is expected to be released: on the
	// day that is planned or, where none is, when the sentence ends.
	TaskPlanRelease Task = "plan_release"
	// TaskFollowUp: a follow-up. It can be held from [Policy.FollowUpEarlyDays] before
	// its day and is overdue when [Policy.FollowUpLateDays] after it have passed.
	TaskFollowUp Task = "hold_follow_up"
	// TaskClose: nothing is left to be done but to close the episode: the client refused
	// consent, or the plan was concluded and no follow-up is to come, since every one was
	// held or given up, there was to be none or the client does not consent to any. Due
	// since that day.
	TaskClose Task = "close_episode"
	// TaskErase: consent was withdrawn. Due [Policy.EraseWithinDays] later or, where the
	// record is kept on another basis ([RecordKept]), on the day until which it is.
	TaskErase Task = "erase_record"
)

// Tasks returns every task, in the order of a journey.
func Tasks() []Task {
	return []Task{
		TaskAnswer, TaskAssign, TaskContact, TaskConsent, TaskMeet, TaskRearrange, TaskRecord, TaskPlanNext, TaskReengage,
		TaskReviewGoal, TaskReviewPlan, TaskResume, TaskPlanRelease, TaskFollowUp, TaskClose, TaskErase,
	}
}

// Due is something to be done on a journey, and why.
type Due struct {
	Journey Ref `json:"journey"`
	// Trainer is who has the client, or none.
	Trainer Ref  `json:"trainer,omitzero" personal:"reference"`
	Task    Task `json:"task"`
	// Number is that of the appointment or goal, or the months of a follow-up; else 0.
	Number int `json:"number,omitzero"`
	// Because is the kind of event for which an appointment is to be arranged anew.
	Because Kind `json:"because,omitzero"`
	// On is the day on which it is due.
	On Date `json:"on"`
	// By is the last day on which it is not overdue; no day where it cannot be
	// overdue. It differs from On for follow-ups, which have a window.
	By Date `json:"by,omitzero"`
	// DaysOverdue is how many days past By the day is that was asked about, or 0.
	DaysOverdue int `json:"days_overdue,omitzero"`
}

// Overdue reports whether the day has passed on which it should have been done.
func (d Due) Overdue() bool { return d.DaysOverdue > 0 }

// AppendDue appends to list what is due on the journey by asOf, or in that many
// days after it, and what is overdue. Where the work is paused only what cannot
// wait is: the end of the pause, appointments, a release, follow-ups, closing, erasure. A nil policy is
// [DefaultPolicy], which is made anew each time: pass one where many journeys are
// asked about.
func (s *State) AppendDue(list []Due, p *Policy, asOf Date, ahead int) []Due {
	if s.Stage == StageNone || asOf.IsZero() {
		return list
	}
	if p == nil {
		defaults := DefaultPolicy()
		p = &defaults
	}
	d := dues{list: list, s: s, asOf: asOf, horizon: asOf.AddDays(max(ahead, 0))}
	if !s.Consent.WithdrawnOn.IsZero() {
		if s.Consent.Kept.On.IsZero() {
			on := s.Consent.WithdrawnOn.AddDays(p.EraseWithinDays)
			d.always(TaskErase, 0, on, on)
		} else {
			d.within(TaskErase, 0, s.Consent.Kept.Until)
		}
		return d.list
	}
	if s.Stage != StageClosed {
		var release Date
		if s.Justice.InCustody {
			release = s.Justice.Ends
			if day := s.Justice.Release.Day; !day.IsZero() {
				release = day
			}
		}
		switch {
		case s.Pause.From.IsZero():
			d.beforeContact(p)
			d.work(p)
		case s.Pause.Until.IsZero() && release.IsZero():
			if !s.Pause.From.After(d.horizon) {
				d.always(TaskResume, 0, s.Pause.From, Date{}) // or else nobody would ever be asked
			}
		default:
			d.within(TaskResume, 0, s.Pause.Until)
		}
		d.appointments(p)
		d.within(TaskPlanRelease, 0, release)
	}
	d.followUps(p)
	if s.Stage != StageClosed {
		d.close(p)
	}
	return d.list
}

// dues gathers what is due on one journey.
type dues struct {
	list    []Due
	s       *State
	asOf    Date
	horizon Date
}

// within adds what is due on a day, unless that is too far off or there is none.
func (d *dues) within(task Task, number int, on Date) {
	if !on.IsZero() && !on.After(d.horizon) {
		d.always(task, number, on, on)
	}
}

func (d *dues) always(task Task, number int, on, by Date) {
	due := Due{Journey: d.s.Journey, Trainer: d.s.Trainer, Task: task, Number: number, On: on, By: by}
	if !by.IsZero() && by.Before(d.asOf) {
		due.DaysOverdue = by.DaysUntil(d.asOf)
	}
	d.list = append(d.list, due)
}

// beforeContact adds the next step towards meeting the client.
func (d *dues) beforeContact(p *Policy) {
	var task Task
	switch d.s.Stage {
	case StageReferred:
		task = TaskAnswer
	case StageWaiting:
		task = TaskAssign
	case StageAssigned:
		task = TaskContact
	default:
		return
	}
	// It waits to be done from the first day on; only how long it may is policy.
	by := Date{}
	if p.ContactWithinDays > 0 {
		by = d.s.ReferredOn.AddDays(p.ContactWithinDays)
	}
	on := by
	if on.IsZero() {
		on = d.s.ReferredOn
	}
	d.always(task, 0, on, by)
}

// work adds what the work with a client asks for who was met.
func (d *dues) work(p *Policy) {
	s := d.s
	if s.Stage < StageEngaged || s.Stage > StageActive {
		return
	}
	if s.Trainer == "" {
		on := s.FirstContact
		if n := len(s.Assignments); n > 0 && !s.Assignments[n-1].To.IsZero() {
			on = s.Assignments[n-1].To
		}
		d.within(TaskAssign, 0, on)
	}
	if s.Consent.Status == "" || s.Consent.Status == "not_asked" {
		d.within(TaskConsent, 0, s.FirstContact)
	}
	if s.Stage != StageActive {
		return
	}
	for i := range s.Goals {
		if g := &s.Goals[i]; g.Status == "open" {
			d.within(TaskReviewGoal, g.Goal, g.By)
		}
	}
	review := s.Plan.NextReview
	if review.IsZero() && p.ReviewAfterWeeks > 0 {
		var last Date
		if n := len(s.Plan.Versions); n > 0 {
			last = s.Plan.Versions[n-1].SignedOn
		}
		if n := len(s.Plan.Reviews); n > 0 && s.Plan.Reviews[n-1].After(last) {
			last = s.Plan.Reviews[n-1]
		}
		review = last.AddDays(7 * p.ReviewAfterWeeks)
	}
	d.within(TaskReviewPlan, 0, review)
}

// appointments adds those that are to come or were not recorded, and looks for
// clients who stay away.
func (d *dues) appointments(p *Policy) {
	s := d.s
	ahead, missed := false, 0
	last := s.FirstContact
	var lastMissed Date
	for i := range s.Appointments {
		a := &s.Appointments[i]
		switch a.Status {
		case Planned:
			switch {
			case a.Day.Before(d.asOf):
				d.always(TaskRecord, a.Appointment, a.Day, a.Day)
			case a.Rearrange != 0:
				ahead = true
				d.always(TaskRearrange, a.Appointment, a.Day, a.Day)
				d.list[len(d.list)-1].Because = a.Rearrange
			default:
				ahead = true
				d.within(TaskMeet, a.Appointment, a.Day)
			}
		case Attended:
			missed = 0
		case Missed:
			missed++
			if a.Day.After(lastMissed) {
				lastMissed = a.Day
			}
		}
		if a.Status != Cancelled && a.Day.After(last) {
			last = a.Day
		}
	}
	if !s.Pause.From.IsZero() || s.Stage < StageEngaged || s.Stage > StageActive || !s.worked() || s.Consent.Status == "refused" {
		return
	}
	if p.MissedInARow > 0 && missed >= p.MissedInARow {
		d.always(TaskReengage, 0, lastMissed, Date{})
	}
	if !ahead {
		d.always(TaskPlanNext, 0, last, Date{})
	}
}

// worked reports whether the client is met again and again.
func (s *State) worked() bool {
	return s.Help == "one_to_one" || s.Help == "group" || s.Help == "brief"
}

func (d *dues) followUps(p *Policy) {
	s := d.s
	if !s.FollowedUp() || p.ConsentBeforeWork && !s.Consents("follow_up") {
		return
	}
	for i := range s.FollowUps {
		f := &s.FollowUps[i]
		if !f.On.IsZero() || f.Due.AddDays(-p.FollowUpEarlyDays).After(d.horizon) {
			continue
		}
		d.always(TaskFollowUp, f.Months, f.Due, f.Due.AddDays(p.FollowUpLateDays))
	}
}

// close adds that an episode should be closed in which nothing is left to do.
func (d *dues) close(p *Policy) {
	s := d.s
	if s.Consent.Status == "refused" {
		d.always(TaskClose, 0, s.Consent.On, Date{})
		return
	}
	if s.Stage != StageFollowUp {
		return
	}
	last := s.Plan.ConcludedOn
	for i := range s.FollowUps {
		on := s.FollowUps[i].On
		if on.IsZero() {
			if !p.ConsentBeforeWork || s.Consents("follow_up") {
				return // it is still to come
			}
			on = s.Consent.On // and will not be held
		}
		if on.After(last) {
			last = on
		}
	}
	d.always(TaskClose, 0, last, Date{})
}

// DueList returns what is due by asOf, or in that many days after it, on all
// journeys: what is due first comes first, and what is due on the same day comes
// in the order of the journeys' references and of the tasks. See
// [State.AppendDue]. A sequence that ends because a store failed gives a list that
// is too short: whoever makes it has to keep the error.
func DueList(p *Policy, asOf Date, ahead int, journeys iter.Seq[*State]) []Due {
	if p == nil {
		defaults := DefaultPolicy()
		p = &defaults
	}
	var list []Due
	for s := range journeys {
		list = s.AppendDue(list, p, asOf, ahead)
	}
	slices.SortStableFunc(list, func(a, b Due) int {
		return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.Journey, b.Journey))
	})
	return list
}
