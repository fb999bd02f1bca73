package hte

// The kinds of event, in the order of the journey.
const (
	// KindUnknown stands for every kind that this version does not know.
	KindUnknown Kind = iota + 1

	KindReferred
	KindAccepted
	KindDeclined
	KindFoundIneligible
	KindTrainerAssigned
	KindTrainerReleased
	KindAccessUpdated
	KindContactAttempted
	KindFirstContactMade
	KindHelpChanged

	KindConsentGiven
	KindConsentLimited
	KindConsentRefused
	KindConsentWithdrawn
	KindRecordKept

	KindMeasureTaken
	KindQuestionnaireCompleted
	KindCircumstancesRecorded
	KindIssueIdentified
	KindNeedRecorded
	KindAssessmentCompleted

	KindAppointmentPlanned
	KindAppointmentAttended
	KindAppointmentMissed
	KindAppointmentCancelled
	KindAppointmentRescheduled

	KindPlanStarted
	KindStrengthNoted
	KindBalanceSheetEntered
	KindRulersRated
	KindGoalSet
	KindActionPlanned
	KindIfThenPlanned
	KindInfluenceNoted
	KindRewardPlanned
	KindSupporterNamed
	KindSupporterRemoved
	KindPlanSigned
	KindDiaryKept
	KindGoalReviewed
	KindPlanReviewed
	KindPlanConcluded

	KindSetbackRecorded
	KindRelapsePlanMade
	KindSignposted
	KindSignpostFollowedUp
	KindSafeguardingEscalated

	KindSentenceStarted
	KindSentenceEnded
	KindRecalled
	KindRemanded
	KindPrisonTransferred
	KindReleasePlanned
	KindReleased
	KindSupervisionEnded
	KindPaused
	KindResumed
	KindHandedOver

	KindFollowUpHeld
	KindFollowUpLost
	KindOwnTrainerBecome
	KindWorkforceStepTaken

	KindNoteAdded
	KindClosed
	KindTransferredOut
	KindReReferred

	KindVoided
	KindAmended
	KindRedacted

	kindEnd
)

// kindInfo is what there is to know about a kind.
type kindInfo struct {
	name    string
	version int
	about   string
	// decode reads data of the current version.
	decode func(data []byte) (Data, error)
	// zero is the type's zero value, from which the schema is made.
	zero Data
}

func kind[T Data](name, about string) kindInfo {
	var zero T
	return kindInfo{name: name, version: 1, about: about, zero: zero, decode: func(data []byte) (Data, error) {
		var v T
		if err := decodeStrict(data, &v); err != nil {
			return nil, err
		}
		return v, nil
	}}
}

var kinds = [kindEnd]kindInfo{
	KindReferred:        kind[Referred]("referred", "somebody was referred to the service, or came by themselves"),
	KindAccepted:        kind[Accepted]("accepted", "the service accepted the referral; the client waits for a trainer"),
	KindDeclined:        kind[Declined]("declined", "the service or the client declined"),
	KindFoundIneligible: kind[FoundIneligible]("found_ineligible", "the client is not eligible"),
	KindTrainerAssigned: kind[TrainerAssigned]("trainer_assigned", "a trainer took the client on, or took over"),
	KindTrainerReleased: kind[TrainerReleased]("trainer_released", "the trainer gave the client up, and none took over yet"),
	KindAccessUpdated:   kind[AccessUpdated]("access_updated", "what the client needs to take part, or the risk marker, is different now"),
	KindContactAttempted: kind[ContactAttempted]("contact_attempted",
		"somebody tried to reach the client"),
	KindFirstContactMade: kind[FirstContactMade]("first_contact_made", "trainer and client met for the first time"),
	KindHelpChanged:      kind[HelpChanged]("help_changed", "the client is helped in another way than before"),

	KindConsentGiven:     kind[ConsentGiven]("consent_given", "the client consented to every purpose"),
	KindConsentLimited:   kind[ConsentLimited]("consent_limited", "the client consented to some purposes"),
	KindConsentRefused:   kind[ConsentRefused]("consent_refused", "the client was asked and refused"),
	KindConsentWithdrawn: kind[ConsentWithdrawn]("consent_withdrawn", "the client withdrew consent, from all or from some purposes"),
	KindRecordKept:       kind[RecordKept]("record_kept", "consent was withdrawn, and the record is kept on another basis"),

	KindMeasureTaken:           kind[MeasureTaken]("measure_taken", "something was measured or counted"),
	KindQuestionnaireCompleted: kind[QuestionnaireCompleted]("questionnaire_completed", "a questionnaire was filled in and scored"),
	KindCircumstancesRecorded:  kind[CircumstancesRecorded]("circumstances_recorded", "work, home and smoking were asked about"),
	KindIssueIdentified:        kind[IssueIdentified]("issue_identified", "a health issue to work on"),
	KindNeedRecorded:           kind[NeedRecorded]("need_recorded", "a wider need, as it stands"),
	KindAssessmentCompleted:    kind[AssessmentCompleted]("assessment_completed", "the assessment is complete"),

	KindAppointmentPlanned:     kind[AppointmentPlanned]("appointment_planned", "an appointment was made"),
	KindAppointmentAttended:    kind[AppointmentAttended]("appointment_attended", "the client came, in time or late"),
	KindAppointmentMissed:      kind[AppointmentMissed]("appointment_missed", "the client did not come"),
	KindAppointmentCancelled:   kind[AppointmentCancelled]("appointment_cancelled", "an appointment was called off"),
	KindAppointmentRescheduled: kind[AppointmentRescheduled]("appointment_rescheduled", "an appointment was moved"),

	KindPlanStarted:         kind[PlanStarted]("plan_started", "work on a personal health plan began"),
	KindStrengthNoted:       kind[StrengthNoted]("strength_noted", "a strength of the client"),
	KindBalanceSheetEntered: kind[BalanceSheetEntered]("balance_sheet_entered", "the decision balance sheet for an issue"),
	KindRulersRated:         kind[RulersRated]("rulers_rated", "how important the change is to the client, and how confident they are"),
	KindGoalSet:             kind[GoalSet]("goal_set", "a goal: behaviour, baseline, target, unit, by when"),
	KindActionPlanned:       kind[ActionPlanned]("action_planned", "what the client will do, where, when and with whom"),
	KindIfThenPlanned:       kind[IfThenPlanned]("if_then_planned", "if this happens, then I will do that"),
	KindInfluenceNoted:      kind[InfluenceNoted]("influence_noted", "what gets in the way of a goal, or helps"),
	KindRewardPlanned:       kind[RewardPlanned]("reward_planned", "a reward that the client will give themselves"),
	KindSupporterNamed:      kind[SupporterNamed]("supporter_named", "somebody who supports the client"),
	KindSupporterRemoved:    kind[SupporterRemoved]("supporter_removed", "somebody no longer supports the client"),
	KindPlanSigned:          kind[PlanSigned]("plan_signed", "client and trainer signed a version of the plan"),
	KindDiaryKept:           kind[DiaryKept]("diary_kept", "an entry of the client's diary"),
	KindGoalReviewed:        kind[GoalReviewed]("goal_reviewed", "a goal was reviewed"),
	KindPlanReviewed:        kind[PlanReviewed]("plan_reviewed", "the plan was reviewed, and goes on"),
	KindPlanConcluded:       kind[PlanConcluded]("plan_concluded", "the final review of the plan, with its outcome"),

	KindSetbackRecorded: kind[SetbackRecorded]("setback_recorded", "a slip or a relapse"),
	KindRelapsePlanMade: kind[RelapsePlanMade]("relapse_plan_made", "what to do in a difficult situation"),
	KindSignposted:      kind[Signposted]("signposted", "the client was pointed to, or referred on to, another service"),
	KindSignpostFollowedUp: kind[SignpostFollowedUp]("signpost_followed_up",
		"what came of signposting or an onward referral"),
	KindSafeguardingEscalated: kind[SafeguardingEscalated]("safeguarding_escalated",
		"a safeguarding concern was passed on; what it was stays elsewhere"),

	KindSentenceStarted:   kind[SentenceStarted]("sentence_started", "a sentence or order began"),
	KindSentenceEnded:     kind[SentenceEnded]("sentence_ended", "a sentence or order ended"),
	KindRecalled:          kind[Recalled]("recalled", "the client was recalled to prison"),
	KindRemanded:          kind[Remanded]("remanded", "the client was remanded in custody"),
	KindPrisonTransferred: kind[PrisonTransferred]("prison_transferred", "the client was moved to another prison"),
	KindReleasePlanned:    kind[ReleasePlanned]("release_planned", "when the client is expected to be released, and who takes over outside"),
	KindReleased:          kind[Released]("released", "the client was released from prison"),
	KindSupervisionEnded:  kind[SupervisionEnded]("supervision_ended", "probation supervision ended"),
	KindPaused:            kind[Paused]("paused", "the work stands still"),
	KindResumed:           kind[Resumed]("resumed", "the work goes on"),
	KindHandedOver:        kind[HandedOver]("handed_over", "another service or trainer took the journey over, and it goes on"),

	KindFollowUpHeld:       kind[FollowUpHeld]("follow_up_held", "a follow-up was held"),
	KindFollowUpLost:       kind[FollowUpLost]("follow_up_lost", "the client was lost to a follow-up"),
	KindOwnTrainerBecome:   kind[OwnTrainerBecome]("own_trainer_become", "the client became their own health trainer"),
	KindWorkforceStepTaken: kind[WorkforceStepTaken]("workforce_step_taken", "a step into the health trainer workforce"),

	KindNoteAdded:      kind[NoteAdded]("note_added", "a note"),
	KindClosed:         kind[Closed]("closed", "the episode was closed"),
	KindTransferredOut: kind[TransferredOut]("transferred_out", "the client was transferred to another service, and the episode closed"),
	KindReReferred:     kind[ReReferred]("re_referred", "the client came back, as a new episode"),

	KindVoided:   kind[Voided]("voided", "an earlier event is void"),
	KindAmended:  kind[Amended]("amended", "an earlier event is replaced by another of its kind"),
	KindRedacted: kind[Redacted]("redacted", "personal data were taken out of the log"),
}

var kindByName = func() map[string]Kind {
	m := make(map[string]Kind, kindEnd)
	for k := KindUnknown + 1; k < kindEnd; k++ {
		m[kinds[k].name] = k
	}
	return m
}()

// kindOf returns the kind of data, or 0 for what is none of this package's types:
// nil, a pointer to data, or a type that holds data and so has its methods.
func kindOf(d Data) Kind {
	switch d.(type) {
	case Unknown:
		return KindUnknown
	case Referred:
		return KindReferred
	case Accepted:
		return KindAccepted
	case Declined:
		return KindDeclined
	case FoundIneligible:
		return KindFoundIneligible
	case TrainerAssigned:
		return KindTrainerAssigned
	case TrainerReleased:
		return KindTrainerReleased
	case AccessUpdated:
		return KindAccessUpdated
	case ContactAttempted:
		return KindContactAttempted
	case FirstContactMade:
		return KindFirstContactMade
	case HelpChanged:
		return KindHelpChanged
	case ConsentGiven:
		return KindConsentGiven
	case ConsentLimited:
		return KindConsentLimited
	case ConsentRefused:
		return KindConsentRefused
	case ConsentWithdrawn:
		return KindConsentWithdrawn
	case RecordKept:
		return KindRecordKept
	case MeasureTaken:
		return KindMeasureTaken
	case QuestionnaireCompleted:
		return KindQuestionnaireCompleted
	case CircumstancesRecorded:
		return KindCircumstancesRecorded
	case IssueIdentified:
		return KindIssueIdentified
	case NeedRecorded:
		return KindNeedRecorded
	case AssessmentCompleted:
		return KindAssessmentCompleted
	case AppointmentPlanned:
		return KindAppointmentPlanned
	case AppointmentAttended:
		return KindAppointmentAttended
	case AppointmentMissed:
		return KindAppointmentMissed
	case AppointmentCancelled:
		return KindAppointmentCancelled
	case AppointmentRescheduled:
		return KindAppointmentRescheduled
	case PlanStarted:
		return KindPlanStarted
	case StrengthNoted:
		return KindStrengthNoted
	case BalanceSheetEntered:
		return KindBalanceSheetEntered
	case RulersRated:
		return KindRulersRated
	case GoalSet:
		return KindGoalSet
	case ActionPlanned:
		return KindActionPlanned
	case IfThenPlanned:
		return KindIfThenPlanned
	case InfluenceNoted:
		return KindInfluenceNoted
	case RewardPlanned:
		return KindRewardPlanned
	case SupporterNamed:
		return KindSupporterNamed
	case SupporterRemoved:
		return KindSupporterRemoved
	case PlanSigned:
		return KindPlanSigned
	case DiaryKept:
		return KindDiaryKept
	case GoalReviewed:
		return KindGoalReviewed
	case PlanReviewed:
		return KindPlanReviewed
	case PlanConcluded:
		return KindPlanConcluded
	case SetbackRecorded:
		return KindSetbackRecorded
	case RelapsePlanMade:
		return KindRelapsePlanMade
	case Signposted:
		return KindSignposted
	case SignpostFollowedUp:
		return KindSignpostFollowedUp
	case SafeguardingEscalated:
		return KindSafeguardingEscalated
	case SentenceStarted:
		return KindSentenceStarted
	case SentenceEnded:
		return KindSentenceEnded
	case Recalled:
		return KindRecalled
	case Remanded:
		return KindRemanded
	case PrisonTransferred:
		return KindPrisonTransferred
	case ReleasePlanned:
		return KindReleasePlanned
	case Released:
		return KindReleased
	case SupervisionEnded:
		return KindSupervisionEnded
	case Paused:
		return KindPaused
	case Resumed:
		return KindResumed
	case HandedOver:
		return KindHandedOver
	case FollowUpHeld:
		return KindFollowUpHeld
	case FollowUpLost:
		return KindFollowUpLost
	case OwnTrainerBecome:
		return KindOwnTrainerBecome
	case WorkforceStepTaken:
		return KindWorkforceStepTaken
	case NoteAdded:
		return KindNoteAdded
	case Closed:
		return KindClosed
	case TransferredOut:
		return KindTransferredOut
	case ReReferred:
		return KindReReferred
	case Voided:
		return KindVoided
	case Amended:
		return KindAmended
	case Redacted:
		return KindRedacted
	}
	return 0
}
