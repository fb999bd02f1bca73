package hte

import "github.com/healthtrainer/healthtrainer/wellbeing"

// MeasureTaken is something measured or counted, in the unit of the measure.
type MeasureTaken struct {
	Measure Measure         `json:"measure"`
	Value   wellbeing.Value `json:"value"`
	// Occasion is the point of the journey.
	Occasion Occasion `json:"occasion"`
}

// QuestionnaireCompleted is a questionnaire with its answers and its result,
// which names the instrument and its edition. A form without a score is recorded
// too: its result says why there is none.
type QuestionnaireCompleted struct {
	Result wellbeing.Result `json:"result"`
	// Answers are those of the form, in its order. They may be left out where the
	// score came from elsewhere.
	Answers  []wellbeing.Response `json:"answers,omitzero"`
	Occasion Occasion             `json:"occasion"`
}

// CircumstancesRecorded is what is asked at assessment and at review beside
// measures. What was not asked is left out.
type CircumstancesRecorded struct {
	Employment    EmploymentStatus  `json:"employment,omitzero"`
	Accommodation AccommodationType `json:"accommodation,omitzero"`
	Smoking       SmokingStatus     `json:"smoking,omitzero"`
	Occasion      Occasion          `json:"occasion"`
}

// IssueIdentified is a health issue to work on. A journey has one primary issue:
// naming another makes it the primary one.
type IssueIdentified struct {
	Issue   Issue `json:"issue"`
	Primary bool  `json:"primary,omitzero"`
}

// NeedRecorded is a wider need as it stands on the day. Recorded again, it tells
// how the need went over time.
type NeedRecorded struct {
	Need     WiderNeed  `json:"need"`
	Severity Severity   `json:"severity,omitzero"`
	Status   NeedStatus `json:"status"`
}

// AssessmentCompleted says that the assessment is complete: whatever [Policy]
// requires of it is on record.
type AssessmentCompleted struct{}

// AppointmentPlanned is an appointment that was made. The event's day is that on
// which it was made.
type AppointmentPlanned struct {
	// Appointment is its number in the journey, counted from 1. A command leaves it 0.
	Appointment int                `json:"appointment"`
	Purpose     AppointmentPurpose `json:"purpose"`
	Day         Date               `json:"day"`
	// Starts is the time of day by the local clock, as in "14:30"; it may be left out.
	Starts  string `json:"starts,omitzero"`
	Minutes int    `json:"minutes,omitzero"`
	Mode    Mode   `json:"mode"`
}

// AppointmentAttended says that the client came. The event's day is that of the
// meeting.
type AppointmentAttended struct {
	// Appointment is the number of the appointment. A command leaves it 0 for a
	// meeting that was not planned.
	Appointment int                `json:"appointment"`
	Purpose     AppointmentPurpose `json:"purpose,omitzero"` // needed where it was not planned
	Mode        Mode               `json:"mode"`
	Late        bool               `json:"late,omitzero"`
	Minutes     int                `json:"minutes,omitzero"`
	// Techniques are the behaviour change techniques used.
	Techniques []Technique `json:"techniques,omitzero"`
	Note       string      `json:"note,omitzero" personal:"text"`
}

// AppointmentMissed says that the client did not come.
type AppointmentMissed struct {
	Appointment int        `json:"appointment"`
	Reason      MissReason `json:"reason"`
	// Acceptable says that the reason is one that the service accepts. Where somebody
	// is under supervision, an absence that is not may be a breach.
	Acceptable bool `json:"acceptable"`
}

// AppointmentCancelled says that an appointment was called off, and by whom.
type AppointmentCancelled struct {
	Appointment int          `json:"appointment"`
	By          Party        `json:"by"`
	Reason      CancelReason `json:"reason"`
}

// AppointmentRescheduled says that an appointment was moved. It keeps its number.
// Moved to its own day, hour and mode after another trainer or service took over,
// or the client was moved ([Appointment.Rearrange]), it is confirmed as it stands.
type AppointmentRescheduled struct {
	Appointment int    `json:"appointment"`
	By          Party  `json:"by"`
	Day         Date   `json:"day"`
	Starts      string `json:"starts,omitzero"`
	Mode        Mode   `json:"mode"`
}

func (MeasureTaken) Kind() Kind           { return KindMeasureTaken }
func (QuestionnaireCompleted) Kind() Kind { return KindQuestionnaireCompleted }
func (CircumstancesRecorded) Kind() Kind  { return KindCircumstancesRecorded }
func (IssueIdentified) Kind() Kind        { return KindIssueIdentified }
func (NeedRecorded) Kind() Kind           { return KindNeedRecorded }
func (AssessmentCompleted) Kind() Kind    { return KindAssessmentCompleted }
func (AppointmentPlanned) Kind() Kind     { return KindAppointmentPlanned }
func (AppointmentAttended) Kind() Kind    { return KindAppointmentAttended }
func (AppointmentMissed) Kind() Kind      { return KindAppointmentMissed }
func (AppointmentCancelled) Kind() Kind   { return KindAppointmentCancelled }
func (AppointmentRescheduled) Kind() Kind { return KindAppointmentRescheduled }
