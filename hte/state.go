package hte

import (
	"log/slog"
	"time"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// A Stage is how far a journey has come. Consent, justice and pauses are separate
// facets of a [State]: a client may be recalled at any stage.
type Stage uint8

const (
	// StageNone is before the first event.
	StageNone Stage = iota
	// StageReferred waits for the service to accept or decline.
	StageReferred
	// StageWaiting was accepted and waits for a trainer.
	StageWaiting
	// StageAssigned has a trainer, who has not met the client yet.
	StageAssigned
	// StageEngaged has met the trainer.
	StageEngaged
	// StageAssessed has a complete assessment.
	StageAssessed
	// StagePlanning works on the personal health plan.
	StagePlanning
	// StageActive has a signed plan and works on it.
	StageActive
	// StageFollowUp has concluded the plan and is followed up.
	StageFollowUp
	// StageClosed is closed.
	StageClosed

	stageEnd
)

var stageNames = [stageEnd]string{
	"none", "referred", "waiting", "assigned", "engaged", "assessed", "planning", "active", "follow_up", "closed",
}

// Stages returns every stage in which a journey can be, in order.
func Stages() []Stage {
	all := make([]Stage, 0, int(stageEnd))
	for s := StageReferred; s < stageEnd; s++ {
		all = append(all, s)
	}
	return all
}

// String returns the stage's name, such as "follow_up".
func (s Stage) String() string {
	if s < stageEnd {
		return stageNames[s]
	}
	return "unknown"
}

// MarshalText writes what [Stage.String] returns.
func (s Stage) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name of a stage. The error is a [*CodeError].
func (s *Stage) UnmarshalText(text []byte) error {
	for i, name := range stageNames {
		if string(text) == name {
			*s = Stage(i)
			return nil
		}
	}
	return &CodeError{List: "stage"}
}

// State is where a journey stands: what [Fold] makes of its log. The zero State is
// a journey that has not begun. It is plain data, written to JSON as a snapshot
// and read back the same.
//
// A state may be read by many goroutines, but [State.Apply] changes it. Slices of
// a state are its own: do not change them; [State.Clone] copies everything.
type State struct {
	Journey Ref `json:"journey,omitzero"`
	// Sequence is that of the last event.
	Sequence int64 `json:"sequence"`
	// Recorded is when the last event was put on record.
	Recorded time.Time `json:"recorded,omitzero"`
	// LastOn is the latest day on which something happened.
	LastOn Date `json:"last_on,omitzero"`

	Stage Stage `json:"stage"`
	// Stages is how the journey came here: each stage with the day it was reached.
	Stages []StageReached `json:"stages,omitzero"`

	// Referral is as it was made, on the day ReferredOn.
	Referral   Referred `json:"referral,omitzero"`
	ReferredOn Date     `json:"referred_on,omitzero"`
	AcceptedOn Date     `json:"accepted_on,omitzero"`
	// Service and Setting are those of now; a handover changes them.
	Service Ref     `json:"service,omitzero"`
	Setting Setting `json:"setting,omitzero"`
	// Access is what the client needs to take part, and the risk marker, as of now.
	Access AccessUpdated `json:"access,omitzero"`
	// Trainer is who works with the client now, or none.
	Trainer     Ref          `json:"trainer,omitzero" personal:"reference"`
	Assignments []Assignment `json:"assignments,omitzero"`
	// Attempts are the attempts to reach the client.
	Attempts     []Attempt  `json:"attempts,omitzero"`
	FirstContact Date       `json:"first_contact,omitzero"`
	Help         ClientMode `json:"help,omitzero"`

	Consent Consent `json:"consent,omitzero"`

	// AssessedOn is when the assessment was complete.
	AssessedOn     Date                  `json:"assessed_on,omitzero"`
	PrimaryIssue   Issue                 `json:"primary_issue,omitzero"`
	Issues         []IssueFound          `json:"issues,omitzero"`
	Needs          []Need                `json:"needs,omitzero"`
	Measurements   []Measurement         `json:"measurements,omitzero"`
	Questionnaires []Questionnaire       `json:"questionnaires,omitzero"`
	Circumstances  []CircumstancesOnADay `json:"circumstances,omitzero"`

	Appointments []Appointment `json:"appointments,omitzero"`

	Plan       Plan         `json:"plan,omitzero"`
	Goals      []Goal       `json:"goals,omitzero"`
	Supporters []Supporter  `json:"supporters,omitzero"`
	Diary      []DiaryEntry `json:"diary,omitzero"`
	Setbacks   []Setback    `json:"setbacks,omitzero"`
	Signposts  []Signpost   `json:"signposts,omitzero"`
	// Safeguarding holds the days on which a concern was passed on.
	Safeguarding []Date `json:"safeguarding,omitzero"`

	Justice Justice `json:"justice,omitzero"`
	Pause   Pause   `json:"pause,omitzero"`
	// Pauses are those that are over.
	Pauses []Pause `json:"pauses,omitzero"`

	FollowUps []FollowUp `json:"follow_ups,omitzero"`
	// OwnTrainer is when the client became their own health trainer.
	OwnTrainer Date        `json:"own_trainer,omitzero"`
	Workforce  []StepTaken `json:"workforce,omitzero"`

	Closure Closure `json:"closure,omitzero"`
	// Next is the episode that the client came back as.
	Next Ref `json:"next,omitzero"`

	Notes []Note `json:"notes,omitzero"`
	// Corrections counts the events that void or amend others.
	Corrections int `json:"corrections,omitzero"`
	// Redactions holds the days on which personal data were taken out of the log.
	Redactions []Date `json:"redactions,omitzero"`
	// Unknown counts the events that this version of the library does not know, and
	// later ones that cannot be placed without them. Where there are any, the state is
	// not the whole truth, and [Decide] builds upon it only if the policy says so.
	Unknown int `json:"unknown,omitzero"`
}

// LogValue gives package slog what may stand in a log: which journey, and how far
// it has come.
func (s State) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("journey", string(s.Journey)), slog.Int64("sequence", s.Sequence), slog.String("stage", s.Stage.String()),
	)
}

// StageReached is a stage and the day on which it was reached.
type StageReached struct {
	Stage Stage `json:"stage"`
	On    Date  `json:"on"`
}

// Assignment is the time that a trainer had the client.
type Assignment struct {
	Trainer Ref              `json:"trainer" personal:"reference"`
	Reason  AssignmentReason `json:"reason,omitzero"`
	From    Date             `json:"from"`
	// To is when it ended; none means that it has not.
	To Date `json:"to,omitzero"`
}

// Attempt is an attempt to reach the client.
type Attempt struct {
	On      Date           `json:"on"`
	Mode    Mode           `json:"mode"`
	Outcome ContactOutcome `json:"outcome"`
}

// Consent is where the client's consent stands.
type Consent struct {
	// Status is empty where consent was not asked for yet.
	Status ConsentStatus `json:"status,omitzero"`
	// Purposes are those that the client consents to.
	Purposes []Purpose `json:"purposes,omitzero"`
	// On is the day of the last change.
	On Date `json:"on,omitzero"`
	// WithdrawnOn is the day on which consent to be supported was withdrawn.
	WithdrawnOn Date `json:"withdrawn_on,omitzero"`
	// Kept says that the record is kept all the same; the zero Kept, that it is not.
	Kept Kept `json:"kept,omitzero"`
}

// Kept is on what a record is kept although consent was withdrawn, since a day.
type Kept struct {
	On Date `json:"on"`
	RecordKept
}

// IssueFound is a health issue and when it was identified.
type IssueFound struct {
	Issue Issue `json:"issue"`
	On    Date  `json:"on"`
}

// Need is a wider need over time.
type Need struct {
	Need WiderNeed `json:"need"`
	// Course holds how it stood each time that it was recorded, oldest first.
	Course []NeedOnADay `json:"course"`
}

// NeedOnADay is how a wider need stood on a day.
type NeedOnADay struct {
	On       Date       `json:"on"`
	Severity Severity   `json:"severity,omitzero"`
	Status   NeedStatus `json:"status"`
}

// Measurement is a measure taken.
type Measurement struct {
	On       Date            `json:"on"`
	Measure  Measure         `json:"measure"`
	Value    wellbeing.Value `json:"value"`
	Occasion Occasion        `json:"occasion"`
}

// Questionnaire is a questionnaire filled in.
type Questionnaire struct {
	On       Date                 `json:"on"`
	Occasion Occasion             `json:"occasion"`
	Result   wellbeing.Result     `json:"result"`
	Answers  []wellbeing.Response `json:"answers,omitzero"`
}

// CircumstancesOnADay is work, home and smoking as they were on a day.
type CircumstancesOnADay struct {
	On Date `json:"on"`
	CircumstancesRecorded
}

// AppointmentStatus is what became of an appointment.
type AppointmentStatus string

const (
	// Planned appointments are still to come, or nobody recorded what came of them.
	Planned AppointmentStatus = "planned"
	// Attended appointments took place, in time or late.
	Attended AppointmentStatus = "attended"
	// Missed appointments did not: the client did not come.
	Missed AppointmentStatus = "missed"
	// Cancelled appointments were called off by either side.
	Cancelled AppointmentStatus = "cancelled"
)

// Appointment is one appointment, with what became of it.
type Appointment struct {
	Appointment int                `json:"appointment"`
	Purpose     AppointmentPurpose `json:"purpose"`
	Status      AppointmentStatus  `json:"status"`
	// Made is the day on which it was made; none where the meeting was not planned.
	Made Date `json:"made,omitzero"`
	// Day is when it is, or when it took place.
	Day     Date   `json:"day"`
	Starts  string `json:"starts,omitzero"`
	Minutes int    `json:"minutes,omitzero"`
	Mode    Mode   `json:"mode"`
	// Rearrange is the kind of event that came between a planned appointment and its
	// day: another trainer or service took over, or the client was moved, taken into
	// custody or released, so that it has to be arranged anew. [AppointmentRescheduled]
	// does, to the same day and hour where it can stand.
	Rearrange Kind `json:"rearrange,omitzero"`
	// Moved counts how often it was rescheduled.
	Moved      int         `json:"moved,omitzero"`
	Late       bool        `json:"late,omitzero"`
	Techniques []Technique `json:"techniques,omitzero"`
	// Missed is why the client did not come, and Acceptable whether the service
	// accepts that.
	Missed     MissReason `json:"missed,omitzero"`
	Acceptable bool       `json:"acceptable,omitzero"`
	// CancelledBy and CancelReason say who called it off, and why.
	CancelledBy  Party        `json:"cancelled_by,omitzero"`
	CancelReason CancelReason `json:"cancel_reason,omitzero"`
	// Trainer is who had the client when it took place or was missed.
	Trainer Ref    `json:"trainer,omitzero" personal:"reference"`
	Note    string `json:"note,omitzero" personal:"text"`
}

// Plan is the personal health plan, but for its goals, which are in
// [State.Goals].
type Plan struct {
	StartedOn Date `json:"started_on,omitzero"`
	Sessions  int  `json:"sessions,omitzero"`
	// Versions are those that were signed.
	Versions []PlanVersion `json:"versions,omitzero"`
	// Changes are those since the last version was signed.
	Changes   []PlanChange          `json:"changes,omitzero"`
	Strengths []StrengthNoted       `json:"strengths,omitzero"`
	Balance   []BalanceSheetEntered `json:"balance,omitzero"`
	Rulers    []RulersOnADay        `json:"rulers,omitzero"`
	Relapse   []RelapsePlanMade     `json:"relapse,omitzero"`
	// Reviews are the days of the reviews on the way, and NextReview is the day that
	// was agreed for the next.
	Reviews    []Date `json:"reviews,omitzero"`
	NextReview Date   `json:"next_review,omitzero"`
	// ConcludedOn is the day of the final review. Outcome is empty before the plan is
	// started and "open" until it is concluded.
	ConcludedOn Date        `json:"concluded_on,omitzero"`
	Outcome     PlanOutcome `json:"outcome,omitzero"`
}

// PlanVersion is a signed version of the plan, with what changed since the one
// before.
type PlanVersion struct {
	Version  int          `json:"version"`
	SignedOn Date         `json:"signed_on"`
	Changes  []PlanChange `json:"changes,omitzero"`
}

// PlanChange is one change to a plan: the kind of the event that made it, and the
// goal that it is about, or 0.
type PlanChange struct {
	On   Date `json:"on"`
	Kind Kind `json:"kind"`
	Goal int  `json:"goal,omitzero"`
}

// RulersOnADay is what the client rated on a day.
type RulersOnADay struct {
	On Date `json:"on"`
	RulersRated
}

// Goal is a goal with everything that belongs to it.
type Goal struct {
	GoalSet
	SetOn  Date       `json:"set_on"`
	Status GoalStatus `json:"status"`
	// RevisedBy is the number of the goal that replaced this one, or 0.
	RevisedBy  int              `json:"revised_by,omitzero"`
	Actions    []ActionPlanned  `json:"actions,omitzero"`
	IfThens    []IfThenPlanned  `json:"if_thens,omitzero"`
	Influences []InfluenceNoted `json:"influences,omitzero"`
	Rewards    []RewardPlanned  `json:"rewards,omitzero"`
	Reviews    []GoalReview     `json:"reviews,omitzero"`
}

// GoalReview is a review of a goal, on a day.
type GoalReview struct {
	On Date `json:"on"`
	GoalReviewed
}

// Supporter is somebody who supports the client.
type Supporter struct {
	Person   Ref      `json:"person" personal:"reference"`
	Relation Relation `json:"relation"`
	From     Date     `json:"from"`
	To       Date     `json:"to,omitzero"`
}

// DiaryEntry is an entry of a diary.
type DiaryEntry struct {
	On Date `json:"on"`
	DiaryKept
}

// Setback is a slip or a relapse.
type Setback struct {
	On Date `json:"on"`
	SetbackRecorded
}

// Signpost is signposting or an onward referral, with what came of it.
type Signpost struct {
	On Date `json:"on"`
	Signposted
	// Outcome is what is known last; none where nobody asked yet.
	Outcome   SignpostOutcome `json:"outcome,omitzero"`
	OutcomeOn Date            `json:"outcome_on,omitzero"`
}

// Justice is where the client stands with criminal justice.
type Justice struct {
	// Supervision is that of now.
	Supervision Supervision `json:"supervision,omitzero"`
	// InCustody says that the client is held; Prison is where.
	InCustody bool `json:"in_custody,omitzero"`
	Prison    Ref  `json:"prison,omitzero"`
	// Ends is when the sentence or order is expected to end.
	Ends Date `json:"ends,omitzero"`
	// Release is what is planned for the client's release, while they are held.
	Release ReleasePlanned `json:"release,omitzero"`
	// Course is everything that happened, oldest first.
	Course []JusticeEvent `json:"course,omitzero"`
}

// JusticeEvent is a justice event on a day, with what the client was under after
// it.
type JusticeEvent struct {
	On          Date        `json:"on"`
	Kind        Kind        `json:"kind"`
	Supervision Supervision `json:"supervision,omitzero"`
	Prison      Ref         `json:"prison,omitzero"`
}

// Pause is a time in which the work stands still; the zero Pause is none.
type Pause struct {
	Reason PauseReason `json:"reason,omitzero"`
	From   Date        `json:"from,omitzero"`
	// Until is when to look again.
	Until Date `json:"until,omitzero"`
	// To is when it ended.
	To Date `json:"to,omitzero"`
}

// FollowUp is a follow-up that is due, or was held or lost.
type FollowUp struct {
	Months int  `json:"months"`
	Due    Date `json:"due"`
	// On is when it was held, or given up as lost.
	On Date `json:"on,omitzero"`
	// Maintained is what it found; none where it is still to come.
	Maintained Maintained `json:"maintained,omitzero"`
	Mode       Mode       `json:"mode,omitzero"`
}

// StepTaken is a step into the workforce.
type StepTaken struct {
	On   Date          `json:"on"`
	Step WorkforceStep `json:"step"`
}

// Closure is why and when the episode closed; the zero Closure means that it is
// open.
type Closure struct {
	On     Date          `json:"on,omitzero"`
	Reason ClosureReason `json:"reason,omitzero"`
	// From is the stage that the journey was in.
	From Stage `json:"from,omitzero"`
	// DeclinedBy, Decline and Criterion say more where a referral went no further.
	DeclinedBy Party         `json:"declined_by,omitzero"`
	Decline    DeclineReason `json:"decline,omitzero"`
	Criterion  Criterion     `json:"criterion,omitzero"`
	// To is the service that the client was transferred to.
	To   Ref    `json:"to,omitzero"`
	Note string `json:"note,omitzero" personal:"text"`
}

// Note is a note on a day.
type Note struct {
	On   Date   `json:"on"`
	By   Ref    `json:"by"`
	Text string `json:"text" personal:"text"`
}
