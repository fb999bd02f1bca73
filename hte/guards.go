package hte

import (
	"slices"
	"strconv"
	"time"
)

// A Guard names a condition that a command has to meet. Its text is stable.
type Guard string

// The guards. What each asks for, [Guard.About] says.
const (
	GuardStage   Guard = "stage"
	GuardFields  Guard = "fields"
	GuardJourney Guard = "journey"
	GuardWho     Guard = "who"
	GuardWhen    Guard = "when"
	GuardKnown   Guard = "known"

	GuardInOrder      Guard = "in_order"
	GuardNothingLater Guard = "nothing_later"
	GuardEligible     Guard = "eligible"
	GuardTrainer      Guard = "trainer"
	GuardOtherTrainer Guard = "other_trainer"
	GuardTaker        Guard = "taker"
	GuardPaused       Guard = "paused"
	GuardNotPaused    Guard = "not_paused"

	GuardConsent           Guard = "consent"
	GuardFollowUpConsent   Guard = "follow_up_consent"
	GuardConsentToWithdraw Guard = "consent_to_withdraw"
	GuardNoWithdrawal      Guard = "no_withdrawal"
	GuardNotWithdrawn      Guard = "not_withdrawn"
	GuardWithdrawn         Guard = "withdrawn"

	GuardAssessment  Guard = "assessment"
	GuardReview      Guard = "review"
	GuardOneToOne    Guard = "one_to_one"
	GuardAppointment Guard = "appointment"
	GuardDayAhead    Guard = "day_ahead"
	GuardOnTheDay    Guard = "on_the_day"
	GuardSessionRoom Guard = "session_room"

	GuardGoal         Guard = "goal"
	GuardGoalReplaced Guard = "goal_replaced"
	GuardGoalRoom     Guard = "goal_room"
	GuardGoalDay      Guard = "goal_day"
	GuardHasGoal      Guard = "has_goal"
	GuardHasAction    Guard = "has_action"
	GuardChanged      Guard = "changed"
	GuardGoalsSettled Guard = "goals_settled"
	GuardOutcome      Guard = "outcome"
	GuardSupporter    Guard = "supporter"
	GuardNewSupporter Guard = "new_supporter"
	GuardSignpost     Guard = "signpost"

	GuardSupervised   Guard = "supervised"
	GuardInCustody    Guard = "in_custody"
	GuardNotInCustody Guard = "not_in_custody"

	GuardFollowedUp   Guard = "followed_up"
	GuardFollowUp     Guard = "follow_up"
	GuardFollowUpOpen Guard = "follow_up_open"
	GuardOnce         Guard = "once"
	GuardNextStep     Guard = "next_step"
	GuardClosureFits  Guard = "closure_fits"

	GuardWholeLog    Guard = "whole_log"
	GuardCorrectable Guard = "correctable"
	GuardSameKind    Guard = "same_kind"
	GuardLaterEvents Guard = "later_events"
)

// alwaysGuards are asked for every command, in this order.
var alwaysGuards = [...]Guard{GuardStage, GuardFields, GuardJourney, GuardWho, GuardWhen, GuardKnown}

// Guards returns every guard.
func Guards() []Guard {
	all := make([]Guard, len(guards))
	for i := range guards {
		all[i] = guards[i].name
	}
	return all
}

// About says in a few words what the guard asks for.
func (g Guard) About() string {
	for i := range guards {
		if guards[i].name == g {
			return guards[i].about
		}
	}
	return ""
}

// A guardFunc appends what is not met.
type guardFunc func(p *Policy, s *State, c Command, unmet []Unmet) []Unmet

// guards holds what each guard asks for. Those without a function are looked at
// elsewhere.
var guards = [...]struct {
	name  Guard
	about string
	unmet guardFunc
}{
	{GuardStage, "the transition table allows it at this stage", nil},
	{GuardFields, "every member of the data is filled in as it should be; the detail names one that is not", nil},
	{GuardJourney, "the journey is named, and is the one that the state is of", journeyNamed},
	{GuardWho, "the reference of whoever records it has the shape of one", whoRecords},
	{GuardWhen, "the day is known, not in the future and not before the referral, and the time of recording is given; the detail is on or recorded", whenRecorded},
	{GuardKnown, "the log holds no events of kinds that this version does not know, or the policy lets that pass, or consent is withdrawn", knownOnly},

	{GuardInOrder, "the day is not before the one on which the stage was reached; for a change of trainer, not before the last one", inOrder},
	{GuardNothingLater, "nothing is on record for a later day", nothingLater},
	{GuardEligible, "the client is eligible by the policy; the detail names the criterion", eligible},
	{GuardTrainer, "there is a trainer or, for a meeting, there was one on that day", hasTrainer},
	{GuardOtherTrainer, "it is not the trainer who has the client already", otherTrainer},
	{GuardTaker, "it changes the service, the setting or the trainer; before first contact, the service or the setting, and only an accepted referral goes to a trainer, which the detail then says", taker},
	{GuardPaused, "the journey is paused, since no later than that day", paused},
	{GuardNotPaused, "the journey was not paused on that day", notPaused},

	{GuardConsent, "the client consents to be supported, if the policy asks for that", consent},
	{GuardFollowUpConsent, "the client consents to be contacted for follow-up, if the policy asks for consent", followUpConsent},
	{GuardConsentToWithdraw, "the client consents to every purpose that is withdrawn", consentToWithdraw},
	{GuardNoWithdrawal, "it takes back nothing that the client consents to: that has to be recorded as a withdrawal", noWithdrawal},
	{GuardNotWithdrawn, "consent to be supported was not withdrawn", when(func(s *State, _ Command) bool { return s.Consent.WithdrawnOn.IsZero() })},
	{GuardWithdrawn, "consent to be supported was withdrawn, and not after that day", when(func(s *State, c Command) bool {
		return !s.Consent.WithdrawnOn.IsZero() && !c.On.Before(s.Consent.WithdrawnOn)
	})},

	{GuardAssessment, "what the policy requires at assessment is on record; the details name what is not", assessmentComplete},
	{GuardReview, "what the policy requires at review is on record; the details name what is not", reviewComplete},
	{GuardOneToOne, "the client is helped one to one", when(func(s *State, _ Command) bool { return s.Help == "one_to_one" })},
	{GuardAppointment, "the appointment is on record, and nothing came of it yet; a meeting that was not planned has no number", appointmentOpen},
	{GuardDayAhead, "the day that is planned is not before the day on which it is planned", dayAhead},
	{GuardOnTheDay, "it happened on the day of the appointment; if it was moved, that is to be recorded first", onTheDay},
	{GuardSessionRoom, "there are no more sessions than the policy allows", sessionRoom},

	{GuardGoal, "the goal is on record, and open if it is to be worked on", goalOpen},
	{GuardGoalReplaced, "the goal that is replaced is on record and open", goalReplaced},
	{GuardGoalRoom, "there are no more open goals than the policy allows", goalRoom},
	{GuardGoalDay, "the goal's day is ahead, and no further than the policy allows", goalDay},
	{GuardHasGoal, "the plan has an open goal", when(hasGoal)},
	{GuardHasAction, "every open goal has an action, if the policy asks for that", hasAction},
	{GuardChanged, "something in the plan changed since it was signed", planChanged},
	{GuardGoalsSettled, "every goal was reviewed and is settled, or the client is lost", goalsSettled},
	{GuardOutcome, "the outcome does not contradict the goals: achieved with a goal that is not, or not achieved with every goal achieved", outcomeFits},
	{GuardSupporter, "the support person is on record", supporterKnown},
	{GuardNewSupporter, "the support person is not on record already", newSupporter},
	{GuardSignpost, "the signposting is on record, and not after that day", signpostKnown},

	{GuardSupervised, "the client is under a sentence or order", when(supervised)},
	{GuardInCustody, "the client is held", when(func(s *State, _ Command) bool { return s.Justice.InCustody })},
	{GuardNotInCustody, "the client is not held", when(func(s *State, _ Command) bool { return !s.Justice.InCustody })},

	{GuardFollowedUp, "if the episode is closed: its plan was concluded, consent stands, the client did not die, and it belongs to a follow-up", followedUp},
	{GuardFollowUp, "a follow-up at that many months is planned", followUpPlanned},
	{GuardFollowUpOpen, "nothing came of that follow-up yet, its window has opened, and it lies after those of fewer months and before those of more", followUpOpen},
	{GuardOnce, "it was not recorded before", once},
	{GuardNextStep, "the client did not die, and it is not a step back", nextStep},
	{GuardClosureFits, "the reason fits what is on record; the detail names what is wanting", closureFits},

	{GuardWholeLog, "the whole log is at hand: see Correct and, for what is taken out of it, RedactJourney", wholeLog},
	{GuardCorrectable, "the event is on record, is not the referral or itself a correction, and is not void", nil},
	{GuardSameKind, "the new data are of the same kind", nil},
	{GuardLaterEvents, "every later event still makes sense; the detail is the sequence of the first that does not", nil},
}

// asked is a guard with its function.
type asked struct {
	guard Guard
	unmet guardFunc
}

// functions returns those of the guards that have one, in order.
func functions(names []Guard) (list []asked) {
	for _, name := range names {
		for i := range guards {
			if guards[i].name == name && guards[i].unmet != nil {
				list = append(list, asked{name, guards[i].unmet})
			}
		}
	}
	return list
}

// always are the functions of [alwaysGuards].
var always = functions(alwaysGuards[:])

// when makes a guard of a plain question to the state.
func when(met func(s *State, c Command) bool) guardFunc {
	return func(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
		if met(s, c) {
			return unmet
		}
		return append(unmet, Unmet{})
	}
}

// unless appends an unmet condition unless met.
func unless(met bool, detail string, unmet []Unmet) []Unmet {
	if met {
		return unmet
	}
	return append(unmet, Unmet{Detail: detail})
}

func journeyNamed(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	if s.Journey == "" {
		return unless(c.Journey.Valid(), "", unmet)
	}
	return unless(c.Journey == "" || c.Journey == s.Journey, "", unmet)
}

func whoRecords(_ *Policy, _ *State, c Command, unmet []Unmet) []Unmet {
	return unless(c.By.Valid(), "", unmet)
}

// whenRecorded takes the later of the day at the place that the time of recording
// names and the day in British Summer Time for today: a server that keeps UTC is
// an hour behind the trainer's calendar in summer.
func whenRecorded(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	today := DateFromTime(c.Recorded)
	if bst := DateFromTime(c.Recorded.UTC().Add(time.Hour)); bst.After(today) {
		today = bst
	}
	if c.On.IsZero() || c.On.After(today) || c.On.Before(s.ReferredOn) {
		unmet = append(unmet, Unmet{Detail: "on"})
	}
	if c.Recorded.IsZero() || today.IsZero() {
		unmet = append(unmet, Unmet{Detail: "recorded"})
	}
	return unmet
}

// knownOnly lets a withdrawal of consent pass whatever else is in the log: it is as
// easy to withdraw consent as to give it (UK GDPR, article 7(3)).
func knownOnly(p *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	_, withdrawn := c.Data.(ConsentWithdrawn)
	return unless(s.Unknown == 0 || p.DecideOverUnknown || withdrawn, "", unmet)
}

// since returns the day on which the stage was reached.
func (s *State) since() Date {
	if n := len(s.Stages); n > 0 {
		return s.Stages[n-1].On
	}
	return Date{}
}

func inOrder(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	switch c.Kind() {
	case KindTrainerAssigned, KindTrainerReleased:
		return unless(!c.On.Before(s.since()) && !c.On.Before(s.changedHands()), "", unmet)
	case KindHandedOver: // may be written up after a later stage was reached, unless it leads to one itself
		return unless(!c.On.Before(s.changedHands()) && (s.Stage >= StageEngaged || !c.On.Before(s.since())), "", unmet)
	}
	return unless(!c.On.Before(s.since()), "", unmet)
}

// changedHands returns the last day on which a trainer took the client over or
// gave them up.
func (s *State) changedHands() Date {
	n := len(s.Assignments)
	if n == 0 {
		return Date{}
	}
	if to := s.Assignments[n-1].To; !to.IsZero() {
		return to
	}
	return s.Assignments[n-1].From
}

func nothingLater(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	return unless(!c.On.Before(s.LastOn), "", unmet)
}

func eligible(p *Policy, s *State, _ Command, unmet []Unmet) []Unmet {
	age := s.Referral.Age
	unmet = unless(age == 0 || age >= p.MinAge && (p.MaxAge == 0 || age <= p.MaxAge), "age", unmet)
	unmet = unless(len(p.Settings) == 0 || slices.Contains(p.Settings, s.Referral.Setting), "setting", unmet)
	return unless(!p.AreaOnly || !s.Referral.OutOfArea, "area", unmet)
}

func hasTrainer(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	if c.Kind() == KindAppointmentAttended {
		return unless(s.trainerOn(c.On) != "", "", unmet)
	}
	return unless(s.Trainer != "", "", unmet)
}

func otherTrainer(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	d, ok := c.Data.(TrainerAssigned)
	return unless(ok && d.Trainer != s.Trainer, "", unmet)
}

func taker(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	d, _ := c.Data.(HandedOver)
	elsewhere := d.Service != "" && d.Service != s.Service || d.Setting != "" && d.Setting != s.Setting
	unmet = unless(elsewhere || s.Stage >= StageEngaged && d.Trainer != s.Trainer, "", unmet)
	return unless(s.Stage > StageReferred || d.Trainer == "", "trainer", unmet)
}

func paused(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	return unless(!s.Pause.From.IsZero() && !c.On.Before(s.Pause.From), "", unmet)
}

// notPaused lets what happened before the pause, or on its first day, be recorded
// afterwards.
func notPaused(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	if c.Kind() == KindPaused {
		return unless(s.Pause.From.IsZero(), "", unmet)
	}
	return unless(s.Pause.From.IsZero() || !c.On.After(s.Pause.From), "", unmet)
}

func consent(p *Policy, s *State, _ Command, unmet []Unmet) []Unmet {
	return unless(!p.ConsentBeforeWork || s.Consents("support"), "", unmet)
}

func followUpConsent(p *Policy, s *State, _ Command, unmet []Unmet) []Unmet {
	return unless(!p.ConsentBeforeWork || s.Consents("follow_up"), "", unmet)
}

// Consents reports whether the client consents to a purpose.
func (s *State) Consents(to Purpose) bool { return slices.Contains(s.Consent.Purposes, to) }

func consentToWithdraw(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	d, _ := c.Data.(ConsentWithdrawn)
	met := len(s.Consent.Purposes) > 0
	for _, p := range d.Purposes {
		met = met && s.Consents(p)
	}
	return unless(met, "", unmet)
}

func noWithdrawal(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	d, _ := c.Data.(ConsentLimited) // or refused, which has no purposes
	met := true
	for _, p := range s.Consent.Purposes {
		met = met && slices.Contains(d.Purposes, p)
	}
	return unless(met, "", unmet)
}

func assessmentComplete(p *Policy, s *State, _ Command, unmet []Unmet) []Unmet {
	unmet = unless(!p.PrimaryIssue || s.PrimaryIssue != "", "primary_issue", unmet)
	return onRecord(s, "assessment", p.RequiredAtAssessment, p.QuestionnairesAtAssessment, unmet)
}

func reviewComplete(p *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	if d, ok := c.Data.(PlanConcluded); ok && d.Outcome == "lost" {
		return unmet
	}
	return onRecord(s, "review", p.RequiredAtReview, p.QuestionnairesAtReview, unmet)
}

// onRecord appends the measures and questionnaires that are wanting.
func onRecord(s *State, at Occasion, required []Measure, instruments []string, unmet []Unmet) []Unmet {
	for _, m := range required {
		_, ok := s.latest(m, at)
		unmet = unless(ok, string(m), unmet)
	}
	for _, name := range instruments {
		unmet = unless(slices.ContainsFunc(s.Questionnaires, func(q Questionnaire) bool {
			return q.Occasion == at && q.Result.Instrument == name
		}), name, unmet)
	}
	return unmet
}

func appointmentOpen(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	n, planned := appointmentOf(c.Data)
	if !planned {
		return unmet
	}
	a := s.appointment(n)
	return unless(a != nil && a.Status == Planned, "", unmet)
}

// appointmentOf returns the number of the appointment that the data are about;
// planned is false for a meeting that was not planned.
func appointmentOf(d Data) (n int, planned bool) {
	switch d := d.(type) {
	case AppointmentAttended:
		return d.Appointment, d.Appointment != 0
	case AppointmentMissed:
		return d.Appointment, true
	case AppointmentCancelled:
		return d.Appointment, true
	case AppointmentRescheduled:
		return d.Appointment, true
	}
	return 0, false
}

func dayAhead(_ *Policy, _ *State, c Command, unmet []Unmet) []Unmet {
	var day Date
	switch d := c.Data.(type) {
	case AppointmentPlanned:
		day = d.Day
	case AppointmentRescheduled:
		day = d.Day
	case ReleasePlanned:
		day = d.Day
	case RecordKept:
		if day = d.Until; day.IsZero() {
			return unmet
		}
	case PlanReviewed:
		if day = d.Next; day.IsZero() {
			return unmet
		}
	case Paused:
		if day = d.Until; day.IsZero() {
			return unmet
		}
	}
	return unless(!day.Before(c.On), "", unmet)
}

func onTheDay(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	n, planned := appointmentOf(c.Data)
	if !planned {
		return unmet
	}
	a := s.appointment(n)
	return unless(a == nil || a.Day == c.On, "", unmet)
}

func sessionRoom(p *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	if p.MostSessions == 0 {
		return unmet
	}
	switch d := c.Data.(type) {
	case PlanStarted:
		return unless(d.Sessions <= p.MostSessions, "", unmet)
	case AppointmentPlanned:
		if d.Purpose != "session" {
			return unmet
		}
	case AppointmentAttended:
		if d.Appointment != 0 || d.Purpose != "session" {
			return unmet
		}
	}
	n := 0
	for i := range s.Appointments {
		a := &s.Appointments[i]
		if a.Purpose == "session" && (a.Status == Planned || a.Status == Attended) {
			n++
		}
	}
	return unless(n < p.MostSessions, "", unmet)
}

func goalOpen(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	n := 0
	switch d := c.Data.(type) {
	case ActionPlanned:
		n = d.Goal
	case IfThenPlanned:
		n = d.Goal
	case InfluenceNoted:
		n = d.Goal
	case RewardPlanned:
		n = d.Goal
	case GoalReviewed:
		n = d.Goal
	case DiaryKept:
		return unless(d.Goal == 0 || s.goal(d.Goal) != nil, "", unmet)
	case SetbackRecorded:
		return unless(d.Goal == 0 || s.goal(d.Goal) != nil, "", unmet)
	case RelapsePlanMade:
		return unless(d.Goal == 0 || s.goal(d.Goal) != nil, "", unmet)
	}
	g := s.goal(n)
	return unless(g != nil && g.Status == "open", "", unmet)
}

func goalReplaced(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	d, _ := c.Data.(GoalSet)
	if d.Replaces == 0 {
		return unmet
	}
	g := s.goal(d.Replaces)
	return unless(g != nil && g.Status == "open", "", unmet)
}

func goalRoom(p *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	n := s.openGoals()
	if d, ok := c.Data.(GoalSet); ok && d.Replaces > 0 {
		n--
	}
	return unless(p.MostGoals == 0 || n < p.MostGoals, "", unmet)
}

func (s *State) openGoals() (n int) {
	for i := range s.Goals {
		if s.Goals[i].Status == "open" {
			n++
		}
	}
	return n
}

func goalDay(p *Policy, _ *State, c Command, unmet []Unmet) []Unmet {
	d, _ := c.Data.(GoalSet)
	return unless(d.By.After(c.On) && (p.GoalWithinWeeks == 0 || c.On.DaysUntil(d.By) <= 7*p.GoalWithinWeeks), "", unmet)
}

func hasGoal(s *State, _ Command) bool { return s.openGoals() > 0 }

func hasAction(p *Policy, s *State, _ Command, unmet []Unmet) []Unmet {
	if !p.ActionBeforeSigning {
		return unmet
	}
	for i := range s.Goals {
		g := &s.Goals[i]
		if g.Status == "open" && len(g.Actions) == 0 {
			unmet = append(unmet, Unmet{Detail: "goal " + strconv.Itoa(g.Goal)})
		}
	}
	return unmet
}

func planChanged(_ *Policy, s *State, _ Command, unmet []Unmet) []Unmet {
	return unless(len(s.Plan.Versions) == 0 || len(s.Plan.Changes) > 0, "", unmet)
}

func goalsSettled(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	if d, ok := c.Data.(PlanConcluded); ok && d.Outcome == "lost" {
		return unmet
	}
	for i := range s.Goals {
		if s.Goals[i].Status == "open" {
			unmet = append(unmet, Unmet{Detail: "goal " + strconv.Itoa(s.Goals[i].Goal)})
		}
	}
	return unmet
}

func outcomeFits(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	d, _ := c.Data.(PlanConcluded)
	settled, achieved := 0, 0
	for i := range s.Goals {
		switch s.Goals[i].Status {
		case "achieved":
			settled, achieved = settled+1, achieved+1
		case "part_achieved", "not_achieved":
			settled++
		}
	}
	switch d.Outcome {
	case "achieved":
		return unless(achieved == settled && achieved > 0, "", unmet)
	case "not_achieved":
		return unless(settled == 0 || achieved < settled, "", unmet)
	}
	return unmet
}

func supporterKnown(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	switch d := c.Data.(type) {
	case SupporterRemoved:
		return unless(s.supporter(d.Person) != nil, "", unmet)
	case ActionPlanned:
		return unless(d.With == "" || s.supporter(d.With) != nil, "", unmet)
	}
	return unmet
}

func newSupporter(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	d, _ := c.Data.(SupporterNamed)
	return unless(s.supporter(d.Person) == nil, "", unmet)
}

func signpostKnown(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	d, _ := c.Data.(SignpostFollowedUp)
	p := s.signpost(d.Signpost)
	return unless(p != nil && !c.On.Before(p.On), "", unmet)
}

func supervised(s *State, _ Command) bool {
	return s.Justice.Supervision != "" && s.Justice.Supervision != "none"
}

// followedUp asks a closed episode whether it is followed up.
func followedUp(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	if s.Stage != StageClosed {
		return unmet
	}
	occasion := Occasion("follow_up")
	switch d := c.Data.(type) {
	case MeasureTaken:
		occasion = d.Occasion
	case QuestionnaireCompleted:
		occasion = d.Occasion
	case CircumstancesRecorded:
		occasion = d.Occasion
	}
	return unless(occasion == "follow_up" && s.FollowedUp(), "", unmet)
}

// FollowedUp reports whether follow-ups still make sense: the plan was concluded
// and had follow-ups, and the client did not die, withdraw or move to another
// service.
func (s *State) FollowedUp() bool {
	switch s.Closure.Reason {
	case "died", "consent_withdrawn", "transferred":
		return false
	}
	return len(s.FollowUps) > 0 && s.Consent.WithdrawnOn.IsZero()
}

func followUpMonths(d Data) int {
	switch d := d.(type) {
	case FollowUpHeld:
		return d.Months
	case FollowUpLost:
		return d.Months
	}
	return 0
}

func followUpPlanned(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	return unless(s.followUp(followUpMonths(c.Data)) != nil, "", unmet)
}

func followUpOpen(p *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	f := s.followUp(followUpMonths(c.Data))
	if f == nil {
		return unmet
	}
	opens := f.Due.AddDays(-p.FollowUpEarlyDays)
	// A later follow-up is held after an earlier one, not on the same day.
	for i := range s.FollowUps {
		g := &s.FollowUps[i]
		held := !g.On.IsZero() && g.Maintained != "lost"
		if held && c.Kind() == KindFollowUpHeld &&
			(g.Months < f.Months && !c.On.After(g.On) || g.Months > f.Months && !c.On.Before(g.On)) {
			return append(unmet, Unmet{Detail: "order"})
		}
	}
	return unless(f.On.IsZero() && !c.On.Before(opens) && !c.On.Before(s.Plan.ConcludedOn), "", unmet)
}

func once(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	switch c.Kind() {
	case KindOwnTrainerBecome:
		return unless(s.OwnTrainer.IsZero(), "", unmet)
	case KindReReferred:
		return unless(s.Next == "", "", unmet)
	}
	return unmet
}

func nextStep(_ *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	d, _ := c.Data.(WorkforceStepTaken)
	met := s.Closure.Reason != "died"
	if n := len(s.Workforce); n > 0 {
		met = met && d.Step.index() > s.Workforce[n-1].Step.index() && !c.On.Before(s.Workforce[n-1].On)
	}
	return unless(met, "", unmet)
}

// index is the place of a step on the way: none, volunteer, champion, trainee,
// employed.
func (w WorkforceStep) index() int { return w.list().index(string(w)) }

func closureFits(p *Policy, s *State, c Command, unmet []Unmet) []Unmet {
	d, _ := c.Data.(Closed)
	switch d.Reason {
	case "completed":
		return unless(s.Plan.Outcome != "open" && !s.FirstContact.IsZero() && (s.Help != "one_to_one" || s.Plan.Outcome != ""), "plan", unmet)
	case "signposted":
		return unless(len(s.Signposts) > 0 || s.Help == "information" || s.Help == "signposted", "signpost", unmet)
	case "not_contactable":
		return unless(s.attemptsInVain() >= p.ContactAttempts, "attempts", unmet)
	case "recalled":
		return unless(s.justiceCourse(KindRecalled), "justice", unmet)
	case "sentenced":
		return unless(s.justiceCourse(KindSentenceStarted), "justice", unmet)
	case "released":
		return unless(s.justiceCourse(KindReleased), "justice", unmet)
	case "supervision_ended":
		return unless(s.justiceCourse(KindSupervisionEnded) || s.justiceCourse(KindSentenceEnded), "justice", unmet)
	case "consent_withdrawn":
		return unless(!s.Consent.WithdrawnOn.IsZero(), "withdrawal", unmet)
	case "transferred":
		return unless(false, "transferred_out", unmet)
	case "ineligible":
		return unless(false, "found_ineligible", unmet)
	}
	return unmet
}

// attemptsInVain counts the attempts to reach the client since the day on which
// they were last met.
func (s *State) attemptsInVain() (n int) {
	met := s.FirstContact
	for i := range s.Appointments {
		if a := &s.Appointments[i]; a.Status == Attended && a.Day.After(met) {
			met = a.Day
		}
	}
	for i := range s.FollowUps {
		if f := &s.FollowUps[i]; f.Maintained != "lost" && f.On.After(met) {
			met = f.On
		}
	}
	for i := range s.Attempts {
		if s.Attempts[i].On.After(met) {
			n++
		}
	}
	return n
}

// justiceCourse reports whether an event of the kind is on record.
func (s *State) justiceCourse(k Kind) bool {
	return slices.ContainsFunc(s.Justice.Course, func(j JusticeEvent) bool { return j.Kind == k })
}

// wholeLog is never met for a state alone.
func wholeLog(_ *Policy, _ *State, _ Command, unmet []Unmet) []Unmet {
	return unless(false, "", unmet)
}
