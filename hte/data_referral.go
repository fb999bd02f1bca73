package hte

// Referred begins a journey: somebody was referred to the service, or came by
// themselves. The event's day is the date of referral.
type Referred struct {
	// Client is the person, Service the health trainer service.
	Client  Ref `json:"client" personal:"reference"`
	Service Ref `json:"service"`
	// Previous is the client's earlier episode, where this is a re-referral.
	Previous Ref            `json:"previous,omitzero"`
	Source   ReferralSource `json:"source"`
	// Referrer is the person who referred, such as a probation practitioner.
	Referrer    Ref         `json:"referrer,omitzero" personal:"reference"`
	Setting     Setting     `json:"setting"`
	Supervision Supervision `json:"supervision,omitzero"`
	// Ends is when the supervision is expected to end.
	Ends Date `json:"ends,omitzero"`
	// Reason is the issue for which the client was referred.
	Reason  Issue    `json:"reason,omitzero"`
	Urgency Urgency  `json:"urgency,omitzero"`
	Access  []Access `json:"access,omitzero"`
	// Interpreter is the language to interpret, as a language tag of RFC 5646 such as
	// "pl" or "ur"; "bfi" is British Sign Language.
	Interpreter string `json:"interpreter,omitzero"`
	Risk        Risk   `json:"risk,omitzero"`
	// Age is the client's age in completed years at referral, for the check of
	// eligibility; 0 where it is not known. The date of birth stays with the host.
	Age int `json:"age,omitzero"`
	// OutOfArea says that the client lives outside the service's area.
	OutOfArea bool   `json:"out_of_area,omitzero"`
	Note      string `json:"note,omitzero" personal:"text"`
}

// Accepted says that the service accepted the referral. From now on the client
// waits for a trainer.
type Accepted struct {
	Note string `json:"note,omitzero" personal:"text"`
}

// Declined says that the service or the client declined; it closes the episode.
type Declined struct {
	By     Party         `json:"by"`
	Reason DeclineReason `json:"reason"`
	Note   string        `json:"note,omitzero" personal:"text"`
}

// FoundIneligible says what the client does not meet; it closes the episode.
type FoundIneligible struct {
	Criterion Criterion `json:"criterion"`
}

// TrainerAssigned says who works with the client from now on. Where there was a
// trainer before, this is a reassignment.
type TrainerAssigned struct {
	Trainer Ref              `json:"trainer" personal:"reference"`
	Reason  AssignmentReason `json:"reason,omitzero"`
}

// TrainerReleased says that the trainer gave the client up and none took over
// yet. A client who was not met so far waits again.
type TrainerReleased struct {
	Reason AssignmentReason `json:"reason,omitzero"`
}

// AccessUpdated is what the client needs to take part, and the risk marker, as
// they are from now on. It replaces what was known before.
type AccessUpdated struct {
	Access      []Access `json:"access,omitzero"`
	Interpreter string   `json:"interpreter,omitzero"`
	Risk        Risk     `json:"risk,omitzero"`
}

// ContactAttempted is an attempt to reach the client that did not end in
// contact.
type ContactAttempted struct {
	Mode    Mode           `json:"mode"`
	Outcome ContactOutcome `json:"outcome"`
}

// FirstContactMade says that trainer and client met, or spoke, for the first
// time.
type FirstContactMade struct {
	Mode Mode `json:"mode"`
	// Help is how the client is to be helped.
	Help ClientMode `json:"help"`
}

// HelpChanged says that the client is helped in another way than before: brief
// advice turned into a plan, or the other way round.
type HelpChanged struct {
	Help ClientMode `json:"help"`
}

// ConsentGiven says that the client consented to every [Purpose].
type ConsentGiven struct{}

// ConsentLimited says that the client consented to these purposes and no others.
type ConsentLimited struct {
	Purposes []Purpose `json:"purposes"`
}

// ConsentRefused says that the client was asked and refused every purpose.
type ConsentRefused struct{}

// ConsentWithdrawn says that the client withdrew consent from these purposes, or
// from all where none is named. Without the purpose "support" the work stops:
// [Decide] closes the journey, and [State.ToErase] says what must be erased.
type ConsentWithdrawn struct {
	Purposes []Purpose `json:"purposes,omitzero"`
}

// RecordKept says that the record is kept although consent was withdrawn, on which
// basis, and until when. [TaskErase] is then due when that day has come, or not at
// all. Recorded again, it replaces what was said before.
//
// What has to go all the same, such as what people wrote and references to third
// parties, [RedactJourney] takes out. Whether the basis holds, and for data on
// health which condition of article 9, is for the service to say.
type RecordKept struct {
	Basis KeepBasis `json:"basis"`
	// Until is the day by which the record is to be erased after all, or none.
	Until Date `json:"until,omitzero"`
}

func (Referred) Kind() Kind         { return KindReferred }
func (Accepted) Kind() Kind         { return KindAccepted }
func (Declined) Kind() Kind         { return KindDeclined }
func (FoundIneligible) Kind() Kind  { return KindFoundIneligible }
func (TrainerAssigned) Kind() Kind  { return KindTrainerAssigned }
func (TrainerReleased) Kind() Kind  { return KindTrainerReleased }
func (AccessUpdated) Kind() Kind    { return KindAccessUpdated }
func (ContactAttempted) Kind() Kind { return KindContactAttempted }
func (FirstContactMade) Kind() Kind { return KindFirstContactMade }
func (HelpChanged) Kind() Kind      { return KindHelpChanged }
func (ConsentGiven) Kind() Kind     { return KindConsentGiven }
func (ConsentLimited) Kind() Kind   { return KindConsentLimited }
func (ConsentRefused) Kind() Kind   { return KindConsentRefused }
func (ConsentWithdrawn) Kind() Kind { return KindConsentWithdrawn }
func (RecordKept) Kind() Kind       { return KindRecordKept }
