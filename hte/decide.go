package hte

import (
	"slices"
	"strconv"
)

// Decide answers a command: with the events that it makes, to be appended to the
// log as they are, or with a [*RefusedError] that names every condition that is
// not met. It looks at nothing but its arguments and changes none of them. A nil
// policy is [DefaultPolicy].
//
// The first events are those of the command, numbered and completed: a goal gets
// its number, a plan the policy's number of sessions. What follows by rule comes
// with them: appointments that cannot take place are cancelled,
// consent withdrawn closes the journey, a recall pauses it. They belong together:
// a store has to append all or none.
//
// Corrections need the whole log, not the state alone: see [Correct].
func Decide(p *Policy, s *State, c Command) ([]Event, error) {
	if p == nil {
		defaults := DefaultPolicy()
		p = &defaults
	}
	if err := refuse(p, s, &c); err != nil {
		return nil, err
	}
	return s.events(p, &c), nil
}

// refuse returns why the command is refused, or nil.
func refuse(p *Policy, s *State, c *Command) error {
	k := c.Kind()
	if !k.Valid() || !s.cell(k).allowed {
		return &RefusedError{Command: k, Stage: s.Stage, Unmet: []Unmet{{Guard: GuardStage}}}
	}
	var unmet []Unmet
	if in := c.Data.problem(); in != "" {
		unmet = append(unmet, Unmet{Guard: GuardFields, Detail: in})
		// The other guards read the data, which cannot be relied upon.
		return &RefusedError{Command: k, Stage: s.Stage, Unmet: unmet}
	}
	unmet = ask(always, p, s, c, unmet)
	unmet = ask(asks[k], p, s, c, unmet)
	if unmet != nil {
		return &RefusedError{Command: k, Stage: s.Stage, Unmet: unmet}
	}
	return nil
}

// ask appends what guards find wanting, under their names.
func ask(list []asked, p *Policy, s *State, c *Command, unmet []Unmet) []Unmet {
	for i := range list {
		n := len(unmet)
		unmet = list[i].unmet(p, s, *c, unmet)
		for ; n < len(unmet); n++ {
			unmet[n].Guard = list[i].guard
		}
	}
	return unmet
}

// events makes the events of a command that is not refused.
func (s *State) events(p *Policy, c *Command) []Event {
	n := 1
	closes := s.cell(c.Kind()).to == StageClosed && s.Stage != StageClosed
	var then []Data
	if closes {
		n += s.plannedAppointments()
	} else if then = s.follows(p, c); then != nil {
		n += len(then)
		if stops(then) {
			n += s.plannedAppointments()
		}
	}
	out := make([]Event, 0, n)
	e := Event{Journey: s.Journey, Sequence: s.Sequence, On: c.On, Recorded: c.Recorded.Round(0).UTC(), By: c.By}
	if e.Journey == "" {
		e.Journey = c.Journey
	}
	// Cancellations come before what closes the journey, and after what pauses it.
	cause := s.Sequence + 1
	if closes {
		cause += int64(n - 1)
	}
	add := func(d Data) {
		e.Sequence++
		e.On, e.Data, e.Because = c.On, d, cause
		if e.Sequence == cause {
			e.Because = 0
		}
		out = append(out, e)
	}
	cancel := func(reason CancelReason, by Party, from Date) {
		for i := range s.Appointments {
			if a := &s.Appointments[i]; a.Status == Planned && !a.Day.Before(from) {
				add(AppointmentCancelled{Appointment: a.Appointment, By: by, Reason: reason})
			}
		}
	}
	if closes {
		cancel("closed", "service", Date{})
	}
	add(s.complete(p, c))
	if stops(then) {
		switch then[len(then)-1].(type) {
		case Closed:
			cancel("closed", "service", Date{})
		default: // what was to be before may have taken place, and can still be recorded
			cancel("justice", "justice", c.On)
		}
	}
	for _, d := range then {
		add(d)
		if kindOf(d) == KindClosed && c.On.Before(s.LastOn) {
			// What was done before anybody knew lies before the closing.
			out[len(out)-1].On = s.LastOn
		}
	}
	return out
}

func (s *State) plannedAppointments() (n int) {
	for i := range s.Appointments {
		if s.Appointments[i].Status == Planned {
			n++
		}
	}
	return n
}

// stops reports whether what follows ends or pauses the work.
func stops(then []Data) bool {
	return slices.ContainsFunc(then, func(d Data) bool { return kindOf(d) == KindClosed || kindOf(d) == KindPaused })
}

// complete fills in what a command leaves open: numbers, and what the policy
// says.
func (s *State) complete(p *Policy, c *Command) Data {
	switch d := c.Data.(type) {
	case AppointmentPlanned:
		d.Appointment = s.nextAppointment()
		return d
	case AppointmentAttended:
		if d.Appointment == 0 {
			d.Appointment = s.nextAppointment()
			return d
		}
	case GoalSet:
		d.Goal = s.nextGoal()
		return d
	case Signposted:
		d.Signpost = s.nextSignpost()
		return d
	case PlanStarted:
		if d.Sessions == 0 && p.Sessions > 0 {
			d.Sessions = p.Sessions
			return d
		}
	case PlanSigned:
		d.Version = s.nextVersion()
		return d
	case HandedOver:
		if s.Stage < StageEngaged {
			d.Trainer = "" // is assigned by what follows
			return d
		}
	case Released:
		if plan := s.Justice.Release; d.Service == "" && d.Trainer == "" && (plan.Service != "" || plan.Trainer != "") {
			d.Service, d.Trainer = plan.Service, plan.Trainer
			return d
		}
	case PlanConcluded:
		if d.FollowUps == nil {
			d.FollowUps = slices.Clone(p.FollowUpMonths)
			if d.FollowUps == nil || d.Outcome == "lost" {
				d.FollowUps = []int{}
			}
			return d
		}
	}
	return c.Data
}

// follows returns what else happens by rule.
func (s *State) follows(p *Policy, c *Command) []Data {
	if s.Stage == StageClosed {
		return nil
	}
	switch d := c.Data.(type) {
	case ConsentWithdrawn:
		after := *s
		after.withdraw(c.On, d.Purposes)
		if after.Consent.Status == "withdrawn" {
			return []Data{Closed{Reason: "consent_withdrawn"}}
		}
	case SentenceStarted:
		if d.Supervision.custody() != s.Justice.InCustody {
			return s.justice(p, c, HandedOver{}, "custody", "sentenced")
		}
	case Recalled:
		return s.justice(p, c, HandedOver{}, "recalled", "recalled")
	case Remanded:
		return s.justice(p, c, HandedOver{}, "remanded", "other")
	case PrisonTransferred:
		return s.justice(p, c, HandedOver{Trainer: d.Trainer}, "away", "moved")
	case Released:
		d, _ = s.complete(p, c).(Released)
		return s.justice(p, c, HandedOver{Service: d.Service, Trainer: d.Trainer}, "away", "released")
	case HandedOver:
		if s.Stage < StageEngaged && d.Trainer != "" {
			reason := AssignmentReason("moved")
			if n := len(s.Justice.Course); n > 0 && s.Justice.Course[n-1].Kind == KindReleased ||
				s.Setting == "prison" && d.Setting != "" && d.Setting != "prison" {
				reason = "through_the_gate"
			}
			return []Data{TrainerAssigned{Trainer: d.Trainer, Reason: reason}}
		}
	case SentenceEnded:
		return s.justice(p, c, HandedOver{}, "other", "supervision_ended")
	case SupervisionEnded:
		return s.justice(p, c, HandedOver{}, "other", "supervision_ended")
	}
	return nil
}

// justice returns what a justice event does to the work by the policy.
func (s *State) justice(p *Policy, c *Command, to HandedOver, why PauseReason, end ClosureReason) []Data {
	var then []Data
	action := p.justice(c.Kind())
	sentence, ok := c.Data.(SentenceStarted)
	free := ok && !sentence.Supervision.custody() // a court let the client go
	if free {
		action = JusticeContinue
	}
	pausedNow := !s.Pause.From.IsZero()
	if action == JusticeClose {
		return []Data{Closed{Reason: end}}
	}
	reason := AssignmentReason("moved")
	if c.Kind() == KindReleased {
		reason = "through_the_gate"
	}
	// Whoever comes out of custody takes the work up again where it paused.
	out := free || c.Kind() == KindReleased || c.Kind() == KindSentenceEnded && s.Justice.InCustody
	if out && pausedNow && !c.On.Before(s.Pause.From) {
		switch s.Pause.Reason {
		case "recalled", "remanded", "custody":
			then = append(then, Resumed{})
			pausedNow = false
		}
	}
	switch {
	case action == JusticePause && !pausedNow && s.Stage > StageReferred:
		then = append(then, Paused{Reason: why})
	case action == JusticeHandOver && (s.Stage >= StageEngaged || !c.On.Before(s.since())) && !c.On.Before(s.changedHands()) &&
		(to != HandedOver{} || s.Setting == "prison"):
		// A client from outside whose own trainer waits for them is not handed over, and
		// who has no trainer yet is only where somebody is named.
		switch {
		case s.Stage == StageWaiting && to.Trainer != "":
			then = append(then, TrainerAssigned{Trainer: to.Trainer, Reason: reason})
		case s.Stage >= StageEngaged && (to.Trainer != s.Trainer || to.Service != "" && to.Service != s.Service):
			then = append(then, to)
		case s.Stage == StageAssigned && to.Trainer == "":
			then = append(then, TrainerReleased{Reason: "moved"})
		case s.Stage == StageAssigned && to.Trainer != s.Trainer:
			then = append(then, TrainerAssigned{Trainer: to.Trainer, Reason: reason})
		}
	}
	return then
}

// Correct answers a command to void or amend an earlier event, for which it needs
// the whole log: every later event must still make sense without it, or with what
// it is amended to, and no stage may come before the one it follows. Numbers that
// the new data leave 0 stay as they were. With an event, what followed from it by
// rule becomes void too; amending one does not change what followed. Any other command it passes to [Decide].
func Correct(p *Policy, log []Event, c Command) ([]Event, error) {
	s, err := Fold(log)
	if err != nil {
		return nil, err
	}
	if !corrects(c.Data) {
		return Decide(p, &s, c)
	}
	if p == nil {
		defaults := DefaultPolicy()
		p = &defaults
	}
	k := c.Kind()
	refused := func(unmet ...Unmet) error { return &RefusedError{Command: k, Stage: s.Stage, Unmet: unmet} }
	if !s.cell(k).allowed {
		return nil, refused(Unmet{Guard: GuardStage})
	}
	if in := c.Data.problem(); in != "" {
		return nil, refused(Unmet{Guard: GuardFields, Detail: in})
	}
	unmet := ask(always, p, &s, &c, nil)
	if unmet != nil {
		return nil, refused(unmet...)
	}
	events, unmet := s.correct(log, &c)
	if unmet != nil {
		return nil, refused(unmet...)
	}
	return events, nil
}

// renumbered returns data with the number that the event had which they amend:
// what a command leaves open stays as it was.
func renumbered(d, was Data) Data {
	switch was := was.(type) {
	case AppointmentPlanned:
		if d := d.(AppointmentPlanned); d.Appointment == 0 {
			d.Appointment = was.Appointment
			return d
		}
	case AppointmentAttended:
		if d := d.(AppointmentAttended); d.Appointment == 0 {
			d.Appointment = was.Appointment
			return d
		}
	case GoalSet:
		if d := d.(GoalSet); d.Goal == 0 {
			d.Goal = was.Goal
			return d
		}
	case Signposted:
		if d := d.(Signposted); d.Signpost == 0 {
			d.Signpost = was.Signpost
			return d
		}
	case PlanSigned:
		if d := d.(PlanSigned); d.Version == 0 {
			d.Version = was.Version
			return d
		}
	case PlanConcluded:
		if d := d.(PlanConcluded); d.FollowUps == nil {
			d.FollowUps = was.FollowUps
			return d
		}
	}
	return d
}

// misplaced returns the sequence of an event that lies before the referral, or of
// one that lies on the wrong side of the closing since it or the closing was
// amended; else 0.
func misplaced(s *State, log []Event, amended int64) int64 {
	counts, err := Effective(log)
	if err != nil {
		return 0 // it was folded before
	}
	closing := int64(0)
	for i := range counts {
		e := &counts[i]
		if e.On.Before(s.ReferredOn) {
			return e.Sequence
		}
		switch e.Kind() {
		case KindClosed, KindDeclined, KindFoundIneligible, KindTransferredOut:
			closing = e.Sequence
		}
	}
	for i := range counts {
		e := &counts[i]
		if e.Sequence >= closing || !e.On.After(s.Closure.On) || e.Kind() == KindNoteAdded || e.Kind() == KindRedacted {
			continue
		}
		switch amended {
		case e.Sequence:
			return closing
		case closing:
			return e.Sequence
		}
	}
	return 0
}

// correct returns the events that correct another, or what keeps it from being
// corrected.
func (s *State) correct(log []Event, c *Command) ([]Event, []Unmet) {
	target, _ := corrected(c.Data)
	if target > int64(len(log)) || corrects(log[target-1].Data) || log[target-1].Kind() == KindUnknown {
		return nil, []Unmet{{Guard: GuardCorrectable}}
	}
	void := make(map[int64]bool)
	for i := range log {
		if d, ok := log[i].Data.(Voided); ok {
			void[d.Sequence] = true
		}
	}
	if void[target] {
		return nil, []Unmet{{Guard: GuardCorrectable}}
	}
	e := Event{Journey: s.Journey, On: c.On, Recorded: c.Recorded.Round(0).UTC(), By: c.By, Data: c.Data}
	var events []Event
	switch d := c.Data.(type) {
	case Voided:
		if target == 1 {
			return nil, []Unmet{{Guard: GuardCorrectable}}
		}
		events = append(events, e)
		for i := range log {
			// What followed by rule goes with it.
			if log[i].Because == target && !void[log[i].Sequence] {
				e.Data, e.Because = Voided{Sequence: log[i].Sequence, Reason: d.Reason}, s.Sequence+1
				events = append(events, e)
			}
		}
	case Amended:
		if kindOf(d.Data) != log[target-1].Kind() {
			return nil, []Unmet{{Guard: GuardSameKind}}
		}
		if d.On.Before(s.ReferredOn) && target != 1 || d.On.After(c.On) {
			return nil, []Unmet{{Guard: GuardWhen, Detail: "on"}}
		}
		d.Data = renumbered(d.Data, log[target-1].Data)
		e.Data = d
		events = append(events, e)
	}
	for i := range events {
		events[i].Sequence = s.Sequence + 1 + int64(i)
	}
	after, err := Fold(append(slices.Clip(log), events...))
	if fold, ok := err.(*FoldError); ok {
		return nil, []Unmet{{Guard: GuardLaterEvents, Detail: strconv.FormatInt(fold.Sequence, 10)}}
	}
	if in := misplaced(&after, slices.Concat(log, events), target); in > 0 {
		return nil, []Unmet{{Guard: GuardLaterEvents, Detail: strconv.FormatInt(in, 10)}}
	}
	for i := 1; i < len(after.Stages); i++ {
		if after.Stages[i].On.Before(after.Stages[i-1].On) {
			return nil, []Unmet{{Guard: GuardInOrder}}
		}
	}
	return events, nil
}
