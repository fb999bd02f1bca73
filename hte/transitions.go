package hte

import "slices"

// Transition is one cell of the transition table that is not empty: at a stage, a
// kind of event may be recorded if the guards hold, and leads to a stage.
type Transition struct {
	From   Stage   `json:"from"`
	Kind   Kind    `json:"kind"`
	To     Stage   `json:"to"`
	Guards []Guard `json:"guards,omitzero"`
}

// Transitions returns the transition table: for each kind of event, in order, the
// stages at which it may be recorded, where it leads, and the guards that are
// asked beside those of every command ([AlwaysGuards]). Whatever is not in it is
// refused with the guard "stage". [Decide], [State.Apply], the page JOURNEY.md and
// its diagram all come from this table.
//
// Logs are folded by it too, so from one release to the next it may allow more,
// but never less, for a kind of event in its version.
func Transitions() []Transition {
	var all []Transition
	for i := range rules {
		for from := StageNone; from < stageEnd; from++ {
			if to, ok := rules[i].leads(from); ok {
				all = append(all, Transition{From: from, Kind: rules[i].kind, To: to, Guards: slices.Clone(rules[i].guards)})
			}
		}
	}
	return all
}

// Allowed returns the kinds of event that the transition table allows at the stage
// of the journey, in order, for a form to offer. The guards are another matter:
// [Decide] says what they find.
func (s *State) Allowed() []Kind {
	var all []Kind
	for k := KindUnknown + 1; k < kindEnd; k++ {
		if s.cell(k).allowed {
			all = append(all, k)
		}
	}
	return all
}

// AlwaysGuards returns the guards that every command has to pass.
func AlwaysGuards() []Guard { return slices.Clone(alwaysGuards[:]) }

// rule is the part of the table that is about one kind.
type rule struct {
	kind Kind
	// stay holds the stages that the kind leaves as they are, and moves those that it
	// leads to another.
	stay   []Stage
	moves  []move
	guards []Guard
}

type move struct{ from, to Stage }

func (r *rule) leads(from Stage) (to Stage, ok bool) {
	for _, m := range r.moves {
		if m.from == from {
			return m.to, true
		}
	}
	return from, slices.Contains(r.stay, from)
}

// Runs of stages that rules have in common.
var (
	anyStage   = Stages()                            // every one in which there is a journey
	open       = anyStage[:len(anyStage)-1]          // not closed
	accepted   = open[1:]                            // accepted and open
	withPeople = open[2:]                            // with a trainer
	met        = open[3:]                            // met
	metOrOver  = anyStage[3:]                        // met, or closed
	onPlan     = []Stage{StagePlanning, StageActive} // working on the plan
	fromPlan   = []Stage{StagePlanning, StageActive, StageFollowUp}
	active     = []Stage{StageActive}
	over       = []Stage{StageFollowUp, StageClosed}
	closed     = []Stage{StageClosed}
)

func to(end Stage, from ...Stage) []move {
	moves := make([]move, len(from))
	for i, f := range from {
		moves[i] = move{f, end}
	}
	return moves
}

var rules = [...]rule{
	{kind: KindReferred, moves: to(StageReferred, StageNone)},
	{kind: KindAccepted, moves: to(StageWaiting, StageReferred), guards: []Guard{GuardInOrder, GuardEligible}},
	{
		kind: KindDeclined, moves: to(StageClosed, StageReferred, StageWaiting, StageAssigned),
		guards: []Guard{GuardNothingLater},
	},
	{
		kind: KindFoundIneligible, moves: to(StageClosed, StageReferred, StageWaiting, StageAssigned, StageEngaged),
		guards: []Guard{GuardNothingLater},
	},
	{
		kind: KindTrainerAssigned, stay: withPeople, moves: to(StageAssigned, StageWaiting),
		guards: []Guard{GuardInOrder, GuardOtherTrainer},
	},
	{
		kind: KindTrainerReleased, stay: met, moves: to(StageWaiting, StageAssigned),
		guards: []Guard{GuardInOrder, GuardTrainer},
	},
	{kind: KindAccessUpdated, stay: open},
	{kind: KindContactAttempted, stay: open},
	{
		kind: KindFirstContactMade, moves: to(StageEngaged, StageAssigned),
		guards: []Guard{GuardInOrder, GuardTrainer, GuardNotPaused},
	},
	{kind: KindHelpChanged, stay: met, guards: []Guard{GuardNotPaused}},

	{kind: KindConsentGiven, stay: open},
	{kind: KindConsentLimited, stay: open, guards: []Guard{GuardNoWithdrawal}},
	{kind: KindConsentRefused, stay: open, guards: []Guard{GuardNoWithdrawal}},
	{kind: KindConsentWithdrawn, stay: anyStage, guards: []Guard{GuardConsentToWithdraw}},
	{kind: KindRecordKept, stay: closed, guards: []Guard{GuardWithdrawn, GuardDayAhead}},

	{kind: KindMeasureTaken, stay: metOrOver, guards: []Guard{GuardConsent, GuardFollowedUp}},
	{kind: KindQuestionnaireCompleted, stay: metOrOver, guards: []Guard{GuardConsent, GuardFollowedUp}},
	{kind: KindCircumstancesRecorded, stay: metOrOver, guards: []Guard{GuardConsent, GuardFollowedUp}},
	{kind: KindIssueIdentified, stay: met, guards: []Guard{GuardConsent}},
	{kind: KindNeedRecorded, stay: met, guards: []Guard{GuardConsent}},
	{
		kind: KindAssessmentCompleted, moves: to(StageAssessed, StageEngaged),
		guards: []Guard{GuardInOrder, GuardConsent, GuardTrainer, GuardNotPaused, GuardAssessment},
	},

	{kind: KindAppointmentPlanned, stay: withPeople, guards: []Guard{GuardTrainer, GuardDayAhead, GuardSessionRoom}},
	{
		kind: KindAppointmentAttended, stay: met,
		guards: []Guard{GuardConsent, GuardTrainer, GuardNotPaused, GuardAppointment, GuardOnTheDay, GuardSessionRoom},
	},
	// Who had a trainer and waits again may have appointments, which somebody has to settle.
	{kind: KindAppointmentMissed, stay: accepted, guards: []Guard{GuardAppointment, GuardOnTheDay}},
	{kind: KindAppointmentCancelled, stay: accepted, guards: []Guard{GuardAppointment}},
	{kind: KindAppointmentRescheduled, stay: accepted, guards: []Guard{GuardAppointment, GuardDayAhead}},

	{
		kind: KindPlanStarted, moves: to(StagePlanning, StageAssessed),
		guards: []Guard{GuardInOrder, GuardConsent, GuardTrainer, GuardNotPaused, GuardOneToOne, GuardSessionRoom},
	},
	{kind: KindStrengthNoted, stay: met, guards: []Guard{GuardConsent}},
	{kind: KindBalanceSheetEntered, stay: met, guards: []Guard{GuardConsent}},
	{kind: KindRulersRated, stay: met, guards: []Guard{GuardConsent}},
	{
		kind: KindGoalSet, stay: onPlan,
		guards: []Guard{GuardConsent, GuardNotPaused, GuardGoalReplaced, GuardGoalRoom, GuardGoalDay},
	},
	{kind: KindActionPlanned, stay: onPlan, guards: []Guard{GuardConsent, GuardNotPaused, GuardGoal, GuardSupporter}},
	{kind: KindIfThenPlanned, stay: onPlan, guards: []Guard{GuardConsent, GuardNotPaused, GuardGoal}},
	{kind: KindInfluenceNoted, stay: onPlan, guards: []Guard{GuardConsent, GuardNotPaused, GuardGoal}},
	{kind: KindRewardPlanned, stay: onPlan, guards: []Guard{GuardConsent, GuardNotPaused, GuardGoal}},
	{kind: KindSupporterNamed, stay: met, guards: []Guard{GuardConsent, GuardNewSupporter}},
	{kind: KindSupporterRemoved, stay: met, guards: []Guard{GuardSupporter}},
	{
		kind: KindPlanSigned, stay: active, moves: to(StageActive, StagePlanning),
		guards: []Guard{GuardInOrder, GuardConsent, GuardTrainer, GuardNotPaused, GuardHasGoal, GuardHasAction, GuardChanged},
	},
	{kind: KindDiaryKept, stay: met, guards: []Guard{GuardConsent, GuardGoal}},
	{kind: KindGoalReviewed, stay: active, guards: []Guard{GuardConsent, GuardNotPaused, GuardGoal}},
	{kind: KindPlanReviewed, stay: active, guards: []Guard{GuardInOrder, GuardConsent, GuardNotPaused, GuardDayAhead}},
	{
		kind: KindPlanConcluded, moves: to(StageFollowUp, StageActive),
		guards: []Guard{GuardInOrder, GuardConsent, GuardNotPaused, GuardGoalsSettled, GuardOutcome, GuardReview},
	},

	{kind: KindSetbackRecorded, stay: []Stage{StageActive, StageFollowUp}, guards: []Guard{GuardConsent, GuardGoal}},
	{kind: KindRelapsePlanMade, stay: fromPlan, guards: []Guard{GuardConsent, GuardGoal}},
	{kind: KindSignposted, stay: open},
	{kind: KindSignpostFollowedUp, stay: anyStage, guards: []Guard{GuardSignpost, GuardNotWithdrawn}},
	{kind: KindSafeguardingEscalated, stay: anyStage},

	{kind: KindSentenceStarted, stay: open},
	{kind: KindSentenceEnded, stay: open, guards: []Guard{GuardSupervised}},
	{kind: KindRecalled, stay: open, guards: []Guard{GuardNotInCustody}},
	{kind: KindRemanded, stay: open, guards: []Guard{GuardNotInCustody}},
	{kind: KindPrisonTransferred, stay: open, guards: []Guard{GuardInCustody}},
	{kind: KindReleasePlanned, stay: open, guards: []Guard{GuardInCustody, GuardDayAhead}},
	{kind: KindReleased, stay: open, guards: []Guard{GuardInCustody}},
	{kind: KindSupervisionEnded, stay: open, guards: []Guard{GuardSupervised, GuardNotInCustody}},
	{kind: KindPaused, stay: accepted, guards: []Guard{GuardNotPaused, GuardDayAhead}},
	{kind: KindResumed, stay: accepted, guards: []Guard{GuardPaused}},
	{
		// Whom nobody met waits again, in the service that takes the referral over.
		kind: KindHandedOver, stay: append([]Stage{StageReferred, StageWaiting}, met...), moves: to(StageWaiting, StageAssigned),
		guards: []Guard{GuardInOrder, GuardTaker},
	},

	{
		kind: KindFollowUpHeld, stay: over,
		guards: []Guard{GuardConsent, GuardFollowUpConsent, GuardFollowedUp, GuardFollowUp, GuardFollowUpOpen},
	},
	{kind: KindFollowUpLost, stay: over, guards: []Guard{GuardFollowedUp, GuardFollowUp, GuardFollowUpOpen}},
	{kind: KindOwnTrainerBecome, stay: []Stage{StageActive, StageFollowUp}, guards: []Guard{GuardConsent, GuardOnce}},
	{kind: KindWorkforceStepTaken, stay: metOrOver, guards: []Guard{GuardNotWithdrawn, GuardNextStep}},

	{kind: KindNoteAdded, stay: anyStage, guards: []Guard{GuardNotWithdrawn}},
	{kind: KindClosed, moves: to(StageClosed, open...), guards: []Guard{GuardNothingLater, GuardClosureFits}},
	{kind: KindTransferredOut, moves: to(StageClosed, open...), guards: []Guard{GuardNothingLater}},
	{kind: KindReReferred, stay: closed, guards: []Guard{GuardNotWithdrawn, GuardOnce}},

	{kind: KindVoided, stay: anyStage, guards: []Guard{GuardWholeLog, GuardCorrectable, GuardLaterEvents, GuardInOrder}},
	{kind: KindAmended, stay: anyStage, guards: []Guard{GuardWholeLog, GuardCorrectable, GuardSameKind, GuardLaterEvents, GuardInOrder}},
	{kind: KindRedacted, stay: anyStage},
}

// cell is one place of the table, for the fold.
type cell struct {
	allowed bool
	to      Stage
}

// transitions is the table by stage and kind, and asks the guards of each kind
// that have a function.
var transitions, asks = func() (cells [stageEnd][kindEnd]cell, byKind [kindEnd][]asked) {
	for i := range rules {
		byKind[rules[i].kind] = functions(rules[i].guards)
		for from := StageNone; from < stageEnd; from++ {
			if end, ok := rules[i].leads(from); ok {
				cells[from][rules[i].kind] = cell{allowed: true, to: end}
			}
		}
	}
	return cells, byKind
}()
