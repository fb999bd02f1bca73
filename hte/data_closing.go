package hte

// SentenceStarted says that a sentence or order began while the journey was under
// way. In custody the policy says what becomes of the work.
type SentenceStarted struct {
	Supervision Supervision `json:"supervision"`
	// Prison is where the client is held, if in custody.
	Prison Ref `json:"prison,omitzero"`
	// Ends is the day on which it is expected to end.
	Ends Date `json:"ends,omitzero"`
}

// SentenceEnded says that a sentence or order ended.
type SentenceEnded struct{}

// Recalled says that the client, who was on licence, was recalled to prison.
type Recalled struct {
	Prison Ref `json:"prison,omitzero"`
}

// Remanded says that the client was remanded in custody.
type Remanded struct {
	Prison Ref `json:"prison,omitzero"`
}

// PrisonTransferred says that the client was moved to another prison.
type PrisonTransferred struct {
	To Ref `json:"to"`
	// Trainer is who takes over there, where that is known.
	Trainer Ref `json:"trainer,omitzero" personal:"reference"`
}

// ReleasePlanned says when the client is expected to be released, and who takes
// over outside, as far as that is known. Recorded again, it replaces what was
// planned before.
type ReleasePlanned struct {
	// Day is when release is expected.
	Day Date `json:"day"`
	// Service and Trainer are who takes over through the gate.
	Service Ref `json:"service,omitzero"`
	Trainer Ref `json:"trainer,omitzero" personal:"reference"`
}

// Released says that the client was released from prison.
type Released struct {
	// Supervision is what the client is under from now on, or none.
	Supervision Supervision `json:"supervision"`
	// Setting is where the work goes on.
	Setting Setting `json:"setting"`
	// Ends is when the supervision is expected to end.
	Ends Date `json:"ends,omitzero"`
	// Service and Trainer are who takes over through the gate. A command that names
	// neither takes what was planned ([ReleasePlanned]). The service is left out where
	// it stays the same. A referral that nobody has accepted goes to the service, and to
	// no trainer.
	Service Ref `json:"service,omitzero"`
	Trainer Ref `json:"trainer,omitzero" personal:"reference"`
}

// SupervisionEnded says that probation supervision ended. The work may go on, by
// the client's own will.
type SupervisionEnded struct{}

// Paused says that the work stands still, and why.
type Paused struct {
	Reason PauseReason `json:"reason"`
	// Until is when to look again, where that is known.
	Until Date `json:"until,omitzero"`
}

// Resumed says that the work goes on.
type Resumed struct{}

// HandedOver says that another service, another trainer or both took the journey
// over. It goes on with its whole history.
//
// Where nobody met the client yet it is the referral that is passed on, as when
// somebody is released before the trainer in prison could see them: the client
// waits again, in the service that takes over, from where they were referred or
// accepted. A trainer whom the command names is assigned by an event of its own,
// [TrainerAssigned]; a referral that was not accepted goes to no trainer, and the
// service that takes over answers it. It need not accept again what was accepted,
// and may still decline. [Released] that names who takes over does all this by
// itself. To a service outside these records the client is transferred
// ([TransferredOut]).
type HandedOver struct {
	// Service and Setting are left out where they stay the same.
	Service Ref     `json:"service,omitzero"`
	Setting Setting `json:"setting,omitzero"`
	// Trainer is who takes over; none means that one has still to be assigned.
	Trainer Ref `json:"trainer,omitzero" personal:"reference"`
}

// FollowUpHeld is a follow-up that was held, that many months after the plan was
// concluded.
type FollowUpHeld struct {
	Months     int        `json:"months"`
	Maintained Maintained `json:"maintained"`
	Mode       Mode       `json:"mode"`
}

// FollowUpLost says that the client could not be reached for a follow-up.
type FollowUpLost struct {
	Months int `json:"months"`
}

// OwnTrainerBecome says that the client became their own health trainer, as the
// handbook ends: they keep up the change without the trainer.
type OwnTrainerBecome struct{}

// WorkforceStepTaken is a step into the health trainer workforce, which the
// programme exists to open. It may come after the episode was closed.
type WorkforceStepTaken struct {
	Step WorkforceStep `json:"step"`
}

// NoteAdded is a note. Notes hold what the trainer writes, and should be short.
type NoteAdded struct {
	Text string `json:"text" personal:"text"`
}

// Closed closes the episode.
type Closed struct {
	Reason ClosureReason `json:"reason"`
	Note   string        `json:"note,omitzero" personal:"text"`
}

// TransferredOut closes the episode: another service, outside this one's records,
// goes on with the client.
type TransferredOut struct {
	To Ref `json:"to"`
}

// ReReferred says on a closed episode that the client came back, and which episode
// is the new one.
type ReReferred struct {
	Episode Ref `json:"episode"`
}

// Voided says that an earlier event is void, as if it had never been recorded.
type Voided struct {
	// Sequence is the event's.
	Sequence int64            `json:"sequence"`
	Reason   CorrectionReason `json:"reason"`
}

// Amended replaces an earlier event by another of the same kind, in its place.
type Amended struct {
	// Sequence is the event's.
	Sequence int64            `json:"sequence"`
	Reason   CorrectionReason `json:"reason"`
	// On is the day on which it happened, and Data are the right data.
	On   Date `json:"on"`
	Data Data `json:"data"`
}

// Redacted records that personal data were taken out of the log by [Redact],
// without saying what they were.
type Redacted struct {
	// Text says that free text was taken out, References that references to third
	// parties were.
	Text       bool `json:"text,omitzero"`
	References bool `json:"references,omitzero"`
}

func (SentenceStarted) Kind() Kind    { return KindSentenceStarted }
func (SentenceEnded) Kind() Kind      { return KindSentenceEnded }
func (Recalled) Kind() Kind           { return KindRecalled }
func (Remanded) Kind() Kind           { return KindRemanded }
func (PrisonTransferred) Kind() Kind  { return KindPrisonTransferred }
func (ReleasePlanned) Kind() Kind     { return KindReleasePlanned }
func (Released) Kind() Kind           { return KindReleased }
func (SupervisionEnded) Kind() Kind   { return KindSupervisionEnded }
func (Paused) Kind() Kind             { return KindPaused }
func (Resumed) Kind() Kind            { return KindResumed }
func (HandedOver) Kind() Kind         { return KindHandedOver }
func (FollowUpHeld) Kind() Kind       { return KindFollowUpHeld }
func (FollowUpLost) Kind() Kind       { return KindFollowUpLost }
func (OwnTrainerBecome) Kind() Kind   { return KindOwnTrainerBecome }
func (WorkforceStepTaken) Kind() Kind { return KindWorkforceStepTaken }
func (NoteAdded) Kind() Kind          { return KindNoteAdded }
func (Closed) Kind() Kind             { return KindClosed }
func (TransferredOut) Kind() Kind     { return KindTransferredOut }
func (ReReferred) Kind() Kind         { return KindReReferred }
func (Voided) Kind() Kind             { return KindVoided }
func (Amended) Kind() Kind            { return KindAmended }
func (Redacted) Kind() Kind           { return KindRedacted }
