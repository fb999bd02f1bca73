package hte

import (
	"slices"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// apply folds e, whose sequence was looked at. It checks everything before it
// changes anything.
func (s *State) apply(e *Event) error {
	k := e.Kind()
	if k == KindUnknown {
		s.Unknown++
		s.done(e)
		return nil
	}
	if !k.Valid() {
		return s.cannot(e, FoldData)
	}
	cell := s.cell(k)
	reason := FoldStage
	if cell.allowed {
		reason = s.fact(e)
	}
	if reason != "" {
		if s.Unknown > 0 && reason != FoldData {
			// It may rest on what is not known, and the log has to open all the same.
			s.Unknown++
			s.done(e)
			return nil
		}
		return s.cannot(e, reason)
	}
	if cell.to != s.Stage {
		s.Stage = cell.to
		s.Stages = append(s.Stages, StageReached{Stage: cell.to, On: e.On})
	}
	if e.On.After(s.LastOn) && k != KindNoteAdded && k != KindRedacted {
		s.LastOn = e.On
	}
	s.done(e)
	return nil
}

// cell returns the place of the table for a kind; a stage that there is not allows
// nothing.
func (s *State) cell(k Kind) cell {
	if s.Stage >= stageEnd {
		return cell{}
	}
	return transitions[s.Stage][k]
}

// fact folds what e says, but for the stage. It returns why it cannot.
func (s *State) fact(e *Event) FoldReason {
	switch d := e.Data.(type) {
	case Referred:
		s.Referral, s.ReferredOn = d, e.On
		s.Service, s.Setting = d.Service, d.Setting
		s.Access = AccessUpdated{Access: d.Access, Interpreter: d.Interpreter, Risk: d.Risk}
		s.Justice.Supervision, s.Justice.Ends = d.Supervision, d.Ends
		s.Justice.InCustody = d.Setting == "prison" || d.Supervision.custody()
	case Accepted:
		s.AcceptedOn = e.On
	case Declined:
		s.close(e, Closure{Reason: "declined", DeclinedBy: d.By, Decline: d.Reason, Note: d.Note})
	case FoundIneligible:
		s.close(e, Closure{Reason: "ineligible", Criterion: d.Criterion})
	case TrainerAssigned:
		s.assign(e.On, d.Trainer, d.Reason)
		s.upset(e)
	case TrainerReleased:
		s.assign(e.On, "", d.Reason)
		s.upset(e)
	case AccessUpdated:
		s.Access = d
	case ContactAttempted:
		s.Attempts = append(s.Attempts, Attempt{On: e.On, Mode: d.Mode, Outcome: d.Outcome})
	case FirstContactMade:
		s.FirstContact, s.Help = e.On, d.Help
	case HelpChanged:
		s.Help = d.Help

	case ConsentGiven:
		s.Consent.Status, s.Consent.On = "given", e.On
		s.Consent.Purposes = s.Consent.Purposes[:0:0]
		for _, c := range purposeCodes.Codes {
			s.Consent.Purposes = append(s.Consent.Purposes, Purpose(c.Code))
		}
		s.Consent.WithdrawnOn, s.Consent.Kept = Date{}, Kept{}
	case ConsentLimited:
		s.Consent = Consent{Status: "limited", Purposes: d.Purposes, On: e.On}
	case ConsentRefused:
		s.Consent = Consent{Status: "refused", On: e.On}
	case ConsentWithdrawn:
		s.withdraw(e.On, d.Purposes)
	case RecordKept:
		if s.Consent.WithdrawnOn.IsZero() {
			return FoldReference // or it would hold for a withdrawal that is still to come
		}
		s.Consent.Kept = Kept{On: e.On, RecordKept: d}

	case MeasureTaken:
		s.Measurements = append(s.Measurements, Measurement{On: e.On, Measure: d.Measure, Value: d.Value, Occasion: d.Occasion})
	case QuestionnaireCompleted:
		s.Questionnaires = append(s.Questionnaires, Questionnaire{On: e.On, Occasion: d.Occasion, Result: d.Result, Answers: d.Answers})
	case CircumstancesRecorded:
		s.Circumstances = append(s.Circumstances, CircumstancesOnADay{On: e.On, CircumstancesRecorded: d})
	case IssueIdentified:
		if !slices.ContainsFunc(s.Issues, func(i IssueFound) bool { return i.Issue == d.Issue }) {
			s.Issues = append(s.Issues, IssueFound{Issue: d.Issue, On: e.On})
		}
		if d.Primary {
			s.PrimaryIssue = d.Issue
		}
	case NeedRecorded:
		at := slices.IndexFunc(s.Needs, func(n Need) bool { return n.Need == d.Need })
		if at < 0 {
			at = len(s.Needs)
			s.Needs = append(s.Needs, Need{Need: d.Need})
		}
		s.Needs[at].Course = append(s.Needs[at].Course, NeedOnADay{On: e.On, Severity: d.Severity, Status: d.Status})
	case AssessmentCompleted:
		s.AssessedOn = e.On

	case AppointmentPlanned:
		if d.Appointment < s.nextAppointment() {
			return FoldReference
		}
		s.Appointments = append(s.Appointments, Appointment{
			Appointment: d.Appointment, Purpose: d.Purpose, Status: Planned,
			Made: e.On, Day: d.Day, Starts: d.Starts, Minutes: d.Minutes, Mode: d.Mode,
		})
	case AppointmentAttended:
		a := s.appointment(d.Appointment)
		if a == nil {
			if d.Appointment < s.nextAppointment() {
				return FoldReference
			}
			s.Appointments = append(s.Appointments, Appointment{Appointment: d.Appointment, Purpose: d.Purpose})
			a = &s.Appointments[len(s.Appointments)-1]
		} else if a.Status != Planned {
			return FoldReference
		}
		a.Status, a.Rearrange = Attended, 0
		a.Day, a.Mode, a.Late = e.On, d.Mode, d.Late
		a.Techniques, a.Note, a.Trainer = d.Techniques, d.Note, s.trainerOn(e.On)
		if d.Minutes > 0 {
			a.Minutes = d.Minutes
		}
		if d.Purpose != "" {
			a.Purpose = d.Purpose
		}
	case AppointmentMissed:
		a := s.appointment(d.Appointment)
		if a == nil || a.Status != Planned {
			return FoldReference
		}
		a.Status, a.Rearrange = Missed, 0
		a.Missed, a.Acceptable, a.Trainer = d.Reason, d.Acceptable, s.trainerOn(e.On)
	case AppointmentCancelled:
		a := s.appointment(d.Appointment)
		if a == nil || a.Status != Planned {
			return FoldReference
		}
		a.Status, a.Rearrange = Cancelled, 0
		a.CancelledBy, a.CancelReason = d.By, d.Reason
	case AppointmentRescheduled:
		a := s.appointment(d.Appointment)
		if a == nil || a.Status != Planned {
			return FoldReference
		}
		if a.Rearrange == 0 || a.Day != d.Day || a.Starts != d.Starts || a.Mode != d.Mode {
			a.Moved++ // or else it stands, which whoever took over confirms
		}
		a.Day, a.Starts, a.Mode, a.Rearrange = d.Day, d.Starts, d.Mode, 0

	case PlanStarted:
		s.Plan.StartedOn, s.Plan.Sessions, s.Plan.Outcome = e.On, d.Sessions, "open"
	case StrengthNoted:
		s.Plan.Strengths = append(s.Plan.Strengths, d)
		s.changed(e, 0)
	case BalanceSheetEntered:
		s.Plan.Balance = append(s.Plan.Balance, d)
		s.changed(e, 0)
	case RulersRated:
		s.Plan.Rulers = append(s.Plan.Rulers, RulersOnADay{On: e.On, RulersRated: d})
	case GoalSet:
		var before *Goal
		if d.Replaces > 0 {
			if before = s.goal(d.Replaces); before == nil || before.Status != "open" {
				return FoldReference
			}
		}
		if n := len(s.Goals); d.Goal <= 0 || n > 0 && d.Goal <= s.Goals[n-1].Goal {
			return FoldReference
		}
		if before != nil {
			before.Status, before.RevisedBy = "revised", d.Goal
		}
		s.Goals = append(s.Goals, Goal{GoalSet: d, SetOn: e.On, Status: "open"})
		s.changed(e, d.Goal)
	case ActionPlanned:
		g := s.goal(d.Goal)
		if g == nil {
			return FoldReference
		}
		g.Actions = append(g.Actions, d)
		s.changed(e, d.Goal)
	case IfThenPlanned:
		g := s.goal(d.Goal)
		if g == nil {
			return FoldReference
		}
		g.IfThens = append(g.IfThens, d)
		s.changed(e, d.Goal)
	case InfluenceNoted:
		g := s.goal(d.Goal)
		if g == nil {
			return FoldReference
		}
		g.Influences = append(g.Influences, d)
		s.changed(e, d.Goal)
	case RewardPlanned:
		g := s.goal(d.Goal)
		if g == nil {
			return FoldReference
		}
		g.Rewards = append(g.Rewards, d)
		s.changed(e, d.Goal)
	case SupporterNamed:
		s.Supporters = append(s.Supporters, Supporter{Person: d.Person, Relation: d.Relation, From: e.On})
		s.changed(e, 0)
	case SupporterRemoved:
		p := s.supporter(d.Person)
		if p == nil {
			return FoldReference
		}
		p.To = e.On
		s.changed(e, 0)
	case PlanSigned:
		if d.Version < s.nextVersion() {
			return FoldReference
		}
		s.Plan.Versions = append(s.Plan.Versions, PlanVersion{Version: d.Version, SignedOn: e.On, Changes: s.Plan.Changes})
		s.Plan.Changes = nil
	case DiaryKept:
		if d.Goal > 0 && s.goal(d.Goal) == nil {
			return FoldReference
		}
		s.Diary = append(s.Diary, DiaryEntry{On: e.On, DiaryKept: d})
	case GoalReviewed:
		g := s.goal(d.Goal)
		if g == nil {
			return FoldReference
		}
		g.Reviews = append(g.Reviews, GoalReview{On: e.On, GoalReviewed: d})
		g.Status = GoalStatus(d.Result)
		s.changed(e, d.Goal)
	case PlanReviewed:
		s.Plan.Reviews = append(s.Plan.Reviews, e.On)
		s.Plan.NextReview = d.Next
	case PlanConcluded:
		s.conclude(e.On, d)

	case SetbackRecorded:
		if d.Goal > 0 && s.goal(d.Goal) == nil {
			return FoldReference
		}
		s.Setbacks = append(s.Setbacks, Setback{On: e.On, SetbackRecorded: d})
	case RelapsePlanMade:
		if d.Goal > 0 && s.goal(d.Goal) == nil {
			return FoldReference
		}
		s.Plan.Relapse = append(s.Plan.Relapse, d)
		s.changed(e, d.Goal)
	case Signposted:
		if n := len(s.Signposts); d.Signpost <= 0 || n > 0 && d.Signpost <= s.Signposts[n-1].Signpost {
			return FoldReference
		}
		s.Signposts = append(s.Signposts, Signpost{On: e.On, Signposted: d})
	case SignpostFollowedUp:
		p := s.signpost(d.Signpost)
		if p == nil {
			return FoldReference
		}
		p.Outcome, p.OutcomeOn = d.Outcome, e.On
	case SafeguardingEscalated:
		s.Safeguarding = append(s.Safeguarding, e.On)

	case SentenceStarted:
		held := s.Justice.InCustody
		s.Justice.Supervision, s.Justice.Ends = d.Supervision, d.Ends
		s.Justice.InCustody, s.Justice.Prison = d.Supervision.custody(), d.Prison
		if !s.Justice.InCustody {
			s.Justice.Release = ReleasePlanned{}
		}
		if s.Justice.InCustody != held {
			s.upset(e)
		}
		s.sentence(e)
	case SentenceEnded:
		if s.Justice.InCustody {
			s.upset(e)
		}
		s.Justice.Supervision, s.Justice.Ends = "none", Date{}
		s.Justice.InCustody, s.Justice.Prison, s.Justice.Release = false, "", ReleasePlanned{}
		s.sentence(e)
	case SupervisionEnded:
		s.Justice.Supervision, s.Justice.Ends = "none", Date{}
		s.sentence(e)
	case Recalled:
		s.Justice.Supervision, s.Justice.InCustody, s.Justice.Prison = "custody", true, d.Prison
		s.upset(e)
		s.sentence(e)
	case Remanded:
		s.Justice.Supervision, s.Justice.InCustody, s.Justice.Prison = "remand", true, d.Prison
		s.upset(e)
		s.sentence(e)
	case PrisonTransferred:
		s.Justice.InCustody, s.Justice.Prison = true, d.To
		s.upset(e)
		s.sentence(e)
	case ReleasePlanned:
		s.Justice.Release = d
	case Released:
		s.Justice.Supervision, s.Justice.Ends = d.Supervision, d.Ends
		s.Justice.InCustody, s.Justice.Prison, s.Justice.Release = false, "", ReleasePlanned{}
		s.Setting = d.Setting
		if d.Service != "" && s.Stage < StageEngaged {
			s.Service = d.Service // nobody has met the client, so there is nothing to hand over
		}
		s.upset(e)
		s.sentence(e)
	case Paused:
		if !s.Pause.From.IsZero() {
			return FoldReference
		}
		s.Pause = Pause{Reason: d.Reason, From: e.On, Until: d.Until}
	case Resumed:
		if s.Pause.From.IsZero() {
			return FoldReference
		}
		s.Pause.To = e.On
		s.Pauses = append(s.Pauses, s.Pause)
		s.Pause = Pause{}
	case HandedOver:
		if d.Trainer != "" && s.Stage < StageEngaged {
			return FoldReference // whom nobody met is assigned by an event of its own
		}
		if d.Service != "" {
			s.Service = d.Service
		}
		if d.Setting != "" {
			s.Setting = d.Setting
		}
		if d.Trainer != s.Trainer {
			s.assign(e.On, d.Trainer, "")
		}
		s.upset(e)

	case FollowUpHeld:
		f := s.followUp(d.Months)
		if f == nil || !f.On.IsZero() {
			return FoldReference
		}
		f.On, f.Maintained, f.Mode = e.On, d.Maintained, d.Mode
	case FollowUpLost:
		f := s.followUp(d.Months)
		if f == nil || !f.On.IsZero() {
			return FoldReference
		}
		f.On, f.Maintained = e.On, "lost"
	case OwnTrainerBecome:
		s.OwnTrainer = e.On
	case WorkforceStepTaken:
		s.Workforce = append(s.Workforce, StepTaken{On: e.On, Step: d.Step})

	case NoteAdded:
		s.Notes = append(s.Notes, Note{On: e.On, By: e.By, Text: d.Text})
	case Closed:
		s.close(e, Closure{Reason: d.Reason, Note: d.Note})
	case TransferredOut:
		s.close(e, Closure{Reason: "transferred", To: d.To})
	case ReReferred:
		s.Next = d.Episode
	case Redacted:
		s.Redactions = append(s.Redactions, e.On)
	default:
		// A pointer to data, or a type of this package that holds data and more.
		return FoldData
	}
	return ""
}

// assign ends the present trainer's time and begins that of the next, if any.
func (s *State) assign(on Date, trainer Ref, reason AssignmentReason) {
	if n := len(s.Assignments); n > 0 && s.Assignments[n-1].To.IsZero() {
		s.Assignments[n-1].To = on
	}
	if s.Trainer = trainer; trainer != "" {
		s.Assignments = append(s.Assignments, Assignment{Trainer: trainer, Reason: reason, From: on})
	}
}

// upset notes that appointments of later days were made before another trainer or
// service took over, or the client was somewhere else, and so have to be arranged
// anew. What upset one first stays its reason: a handover follows from a release.
func (s *State) upset(e *Event) {
	for i := range s.Appointments {
		a := &s.Appointments[i]
		if a.Status == Planned && a.Rearrange == 0 && a.Day.After(e.On) && !a.Made.After(e.On) {
			a.Rearrange = e.Kind()
		}
	}
}

// trainerOn returns who had the client on a day, which may be written up after
// another took over; on the day of a change it is the later one.
func (s *State) trainerOn(day Date) Ref {
	for i := len(s.Assignments) - 1; i >= 0; i-- {
		if a := &s.Assignments[i]; !day.Before(a.From) {
			if a.To.IsZero() || !day.After(a.To) {
				return a.Trainer
			}
			break
		}
	}
	return ""
}

// withdraw takes purposes out of the consent, or all.
func (s *State) withdraw(on Date, out []Purpose) {
	var left []Purpose
	if len(out) > 0 {
		for _, p := range s.Consent.Purposes {
			if !slices.Contains(out, p) {
				left = append(left, p)
			}
		}
	}
	supported := slices.Contains(left, "support")
	s.Consent.Purposes, s.Consent.On = left, on
	if s.Consent.Status = "limited"; !supported {
		s.Consent.Status = "withdrawn"
		if s.Consent.WithdrawnOn.IsZero() {
			s.Consent.WithdrawnOn = on // or else only the other purposes are withdrawn now
		}
	}
}

// changed notes a change to the plan, which the next signature confirms.
func (s *State) changed(e *Event, goal int) {
	s.Plan.Changes = append(s.Plan.Changes, PlanChange{On: e.On, Kind: e.Kind(), Goal: goal})
}

// conclude settles the plan and plans the follow-ups.
func (s *State) conclude(on Date, d PlanConcluded) {
	s.Plan.ConcludedOn, s.Plan.Outcome, s.Plan.NextReview = on, d.Outcome, Date{}
	if d.Outcome == "lost" {
		s.loseGoals()
	}
	s.FollowUps = slices.Grow(s.FollowUps, len(d.FollowUps))
	for _, months := range d.FollowUps {
		s.FollowUps = append(s.FollowUps, FollowUp{Months: months, Due: on.AddMonths(months)})
	}
}

func (s *State) loseGoals() {
	for i := range s.Goals {
		if s.Goals[i].Status == "open" {
			s.Goals[i].Status = "lost"
		}
	}
}

// close closes the episode. A plan of a client who could not be kept is lost.
func (s *State) close(e *Event, c Closure) {
	c.On, c.From = e.On, s.Stage
	s.Closure = c
	if s.Plan.Outcome == "open" && (c.Reason == "disengaged" || c.Reason == "not_contactable") {
		s.Plan.Outcome = "lost"
		s.loseGoals()
	}
	if !s.Pause.From.IsZero() {
		s.Pause.To = e.On
		s.Pauses = append(s.Pauses, s.Pause)
		s.Pause = Pause{}
	}
	if n := len(s.Assignments); n > 0 && s.Assignments[n-1].To.IsZero() {
		s.Assignments[n-1].To = e.On
	}
}

func (s *State) sentence(e *Event) {
	s.Justice.Course = append(s.Justice.Course, JusticeEvent{
		On: e.On, Kind: e.Kind(), Supervision: s.Justice.Supervision, Prison: s.Justice.Prison,
	})
}

// nextAppointment returns the number of the next appointment.
func (s *State) nextAppointment() int {
	if n := len(s.Appointments); n > 0 {
		return s.Appointments[n-1].Appointment + 1
	}
	return 1
}

func (s *State) nextVersion() int {
	if n := len(s.Plan.Versions); n > 0 {
		return s.Plan.Versions[n-1].Version + 1
	}
	return 1
}

func (s *State) nextGoal() int {
	if n := len(s.Goals); n > 0 {
		return s.Goals[n-1].Goal + 1
	}
	return 1
}

func (s *State) nextSignpost() int {
	if n := len(s.Signposts); n > 0 {
		return s.Signposts[n-1].Signpost + 1
	}
	return 1
}

// appointment returns the appointment of that number, or nil. Numbers rise, and
// mostly count from 1 without gaps.
func (s *State) appointment(n int) *Appointment {
	if n > 0 && n <= len(s.Appointments) && s.Appointments[n-1].Appointment == n {
		return &s.Appointments[n-1]
	}
	for i := range s.Appointments {
		if s.Appointments[i].Appointment == n {
			return &s.Appointments[i]
		}
	}
	return nil
}

func (s *State) goal(n int) *Goal {
	if n > 0 && n <= len(s.Goals) && s.Goals[n-1].Goal == n {
		return &s.Goals[n-1]
	}
	for i := range s.Goals {
		if s.Goals[i].Goal == n {
			return &s.Goals[i]
		}
	}
	return nil
}

func (s *State) signpost(n int) *Signpost {
	for i := range s.Signposts {
		if s.Signposts[i].Signpost == n {
			return &s.Signposts[i]
		}
	}
	return nil
}

func (s *State) followUp(months int) *FollowUp {
	for i := range s.FollowUps {
		if s.FollowUps[i].Months == months {
			return &s.FollowUps[i]
		}
	}
	return nil
}

// supporter returns the support person of that reference whose time is not over.
func (s *State) supporter(p Ref) *Supporter {
	for i := range s.Supporters {
		if s.Supporters[i].Person == p && s.Supporters[i].To.IsZero() {
			return &s.Supporters[i]
		}
	}
	return nil
}

// latest returns the last measurement of a measure on an occasion.
func (s *State) latest(m Measure, on Occasion) (wellbeing.Value, bool) {
	for i := len(s.Measurements) - 1; i >= 0; i-- {
		if s.Measurements[i].Measure == m && s.Measurements[i].Occasion == on {
			return s.Measurements[i].Value, true
		}
	}
	return wellbeing.Value{}, false
}
