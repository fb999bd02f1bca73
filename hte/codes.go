package hte

import "slices"

// Code lists. A code is held as its short text, so that a literal will do:
//
//	hte.IssueIdentified{Issue: "diet"}
//
// [Decide] refuses a code that its list does not have. The lists that the DCRS
// dictionary has too hold the same codes; a test of package dcrs/export holds them
// equal. The others are this library's own.

// Code is one code of a list, with what it means.
type Code struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// CodeList is the codes that a type may hold.
type CodeList struct {
	// Name is the name of the list: that of the DCRS dictionary where it has it.
	Name string `json:"name"`
	// DCRS says whether the DCRS dictionary has the list.
	DCRS bool `json:"dcrs,omitzero"`
	// Codes are in the order in which a form would show them.
	Codes []Code `json:"codes"`
}

func (l *CodeList) has(code string) bool { return l.index(code) >= 0 }

func (l *CodeList) index(code string) int {
	for i := range l.Codes {
		if l.Codes[i].Code == code {
			return i
		}
	}
	return -1
}

// Coded is every type of this package that holds a code of a list.
type Coded interface {
	~string
	list() *CodeList
}

// ValidCode reports whether c is a code of its list. The empty code is none.
func ValidCode[T Coded](c T) bool { return c.list().has(string(c)) }

// Label returns what a code means, or "" where its list does not have it.
func Label[T Coded](c T) string {
	l := c.list()
	if i := l.index(string(c)); i >= 0 {
		return l.Codes[i].Label
	}
	return ""
}

// Codes returns the list that a type takes its codes from, as in Codes[Issue]().
func Codes[T Coded]() CodeList {
	var c T
	l := *c.list()
	l.Codes = slices.Clone(l.Codes)
	return l
}

// CodeLists returns all lists.
func CodeLists() []CodeList {
	all := make([]CodeList, len(codeLists))
	for i, l := range codeLists {
		all[i] = *l
		all[i].Codes = slices.Clone(l.Codes)
	}
	return all
}

// Setting is where the service works with the client. Its codes are community,
// primary_care, probation, prison, approved_premises, pharmacy, hospital,
// mental_health, workplace, education, other.
type Setting string

func (Setting) list() *CodeList { return &settingCodes }

// Supervision is the kind of criminal justice supervision that the client is
// under. Its codes are none, community_order, suspended_sentence, licence,
// post_sentence, custody, remand, other.
type Supervision string

func (Supervision) list() *CodeList { return &supervisionCodes }

// ReferralSource is who referred the client. Its codes are self, gp, pharmacy,
// hospital, mental_health, drug_alcohol, probation, prison, police_courts,
// social_care, housing, job_centre, voluntary, health_check, outreach,
// family_friend, other.
type ReferralSource string

func (ReferralSource) list() *CodeList { return &referralSourceCodes }

// Urgency is how soon the referrer asks for contact. Its codes are routine,
// soon, urgent.
type Urgency string

func (Urgency) list() *CodeList { return &urgencyCodes }

// Access is what the client needs to take part. Needs in detail stay with the
// host. Its codes are interpreter, sign_language, easy_read, large_print,
// hearing, step_free, reading_help, carer_present, quiet_place, trainer_gender,
// childcare, other.
type Access string

func (Access) list() *CodeList { return &accessCodes }

// Risk marks that there is something to read before meeting the client. What it
// is stays with the host. Its codes are none, see_host, two_workers, not_known.
type Risk string

func (Risk) list() *CodeList { return &riskCodes }

// Issue is a health issue that a client may work on. Its codes are diet,
// exercise, smoking, alcohol, weight, emotional, drugs, sexual_health, sleep,
// long_term_condition, local.
type Issue string

func (Issue) list() *CodeList { return &issueCodes }

// WiderNeed is one of the needs beyond lifestyle, which the DCRS could not hold
// (Mathers, Taylor and Parry 2017). Its codes are accommodation, finance,
// employment, relationships, isolation, dependency, literacy, registration,
// caring, safety.
type WiderNeed string

func (WiderNeed) list() *CodeList { return &widerNeedCodes }

// Severity is how much a need weighs on the client, as both see it. Its codes
// are low, moderate, high.
type Severity string

func (Severity) list() *CodeList { return &severityCodes }

// NeedStatus is how far a wider need is met. Its codes are open, in_progress,
// met, part_met, not_met, declined.
type NeedStatus string

func (NeedStatus) list() *CodeList { return &needStatusCodes }

// Mode is how people met. Its codes are face_to_face, telephone, video, text,
// email, post.
type Mode string

func (Mode) list() *CodeList { return &modeCodes }

// ContactOutcome is what came of an attempt to reach the client. Its codes are
// no_answer, message_left, wrong_details, call_back, refused.
type ContactOutcome string

func (ContactOutcome) list() *CodeList { return &contactOutcomeCodes }

// ClientMode is how the client is helped. Its codes are one_to_one, brief,
// signposted, information, group.
type ClientMode string

func (ClientMode) list() *CodeList { return &clientModeCodes }

// Party is whose doing something was. Its codes are client, service, justice,
// other.
type Party string

func (Party) list() *CodeList { return &partyCodes }

// DeclineReason is why a referral goes no further. Its codes are no_capacity,
// out_of_area, duplicate, already_helped, not_wanted, not_now, not_safe, other.
type DeclineReason string

func (DeclineReason) list() *CodeList { return &declineReasonCodes }

// Criterion is what a client does not meet to be eligible. Its codes are age,
// area, setting, supervision, need, health, risk, other.
type Criterion string

func (Criterion) list() *CodeList { return &criterionCodes }

// AssignmentReason is why a trainer takes over. Its codes are first, caseload,
// absence, left, client_asked, language, moved, through_the_gate, other.
type AssignmentReason string

func (AssignmentReason) list() *CodeList { return &assignmentReasonCodes }

// ConsentStatus is where the client's consent stands. Its codes are not_asked,
// given, limited, refused, withdrawn.
type ConsentStatus string

func (ConsentStatus) list() *CodeList { return &consentStatusCodes }

// Purpose is something that a client may consent to. Its codes are support,
// share, referrer, follow_up, evaluation.
type Purpose string

func (Purpose) list() *CodeList { return &purposeCodes }

// KeepBasis is on what a record is kept after consent was withdrawn. Its codes are
// legal_obligation, public_task, public_health, research, legal_claims,
// vital_interests, other.
type KeepBasis string

func (KeepBasis) list() *CodeList { return &keepBasisCodes }

// Occasion is the point of the journey at which something was measured. Its
// codes are assessment, session, review, follow_up.
type Occasion string

func (Occasion) list() *CodeList { return &occasionCodes }

// AppointmentPurpose is what an appointment is for. Its codes are
// first_contact, assessment, session, review, follow_up, handover, group.
type AppointmentPurpose string

func (AppointmentPurpose) list() *CodeList { return &appointmentPurposeCodes }

// MissReason is why the client did not come. Its codes are illness, work,
// family, travel, justice, crisis, forgot, chose_not_to, no_reason, other.
type MissReason string

func (MissReason) list() *CodeList { return &missReasonCodes }

// CancelReason is why an appointment was called off. Its codes are illness,
// work, family, travel, staff, venue, lockdown, paused, closed, justice, other.
type CancelReason string

func (CancelReason) list() *CodeList { return &cancelReasonCodes }

// StrengthArea is what kind of strength the client brings. Its codes are
// people, skills, experience, health, place, values, other.
type StrengthArea string

func (StrengthArea) list() *CodeList { return &strengthAreaCodes }

// Influence says whether something helps or hinders. Its codes are barrier,
// facilitator.
type Influence string

func (Influence) list() *CodeList { return &influenceCodes }

// Relation is what a support person is to the client. Its codes are partner,
// family, friend, peer, worker, group, other.
type Relation string

func (Relation) list() *CodeList { return &relationCodes }

// DiaryType is which of the handbook's diaries an entry belongs to. Its codes
// are behaviour, food, activity, smoking, alcohol.
type DiaryType string

func (DiaryType) list() *CodeList { return &diaryTypeCodes }

// GoalResult is what a goal review found. Its codes are open, achieved,
// part_achieved, not_achieved, dropped.
type GoalResult string

func (GoalResult) list() *CodeList { return &goalResultCodes }

// GoalStatus is where a goal stands. Its codes are open, achieved,
// part_achieved, not_achieved, revised, dropped, lost.
type GoalStatus string

func (GoalStatus) list() *CodeList { return &goalStatusCodes }

// DropReason is why a client dropped a goal. Its codes are too_hard,
// not_important, circumstances, health, other_goal, custody, other.
type DropReason string

func (DropReason) list() *CodeList { return &dropReasonCodes }

// PlanOutcome is what came of a personal health plan. Its codes are open,
// achieved, part_achieved, not_achieved, lost.
type PlanOutcome string

func (PlanOutcome) list() *CodeList { return &planOutcomeCodes }

// SetbackType tells a slip from a relapse. Its codes are lapse, relapse.
type SetbackType string

func (SetbackType) list() *CodeList { return &setbackTypeCodes }

// SignpostTo is the kind of service or group to which a client is pointed. Its
// codes are stop_smoking, gp, dentist, weight_management, exercise_referral,
// mental_health, drug_alcohol, sexual_health, housing, debt, employment,
// community, other.
type SignpostTo string

func (SignpostTo) list() *CodeList { return &signpostToCodes }

// SignpostOutcome is what came of signposting or an onward referral. Its codes
// are attended, waiting, completed, did_not_go, not_accepted, declined,
// not_known.
type SignpostOutcome string

func (SignpostOutcome) list() *CodeList { return &signpostOutcomeCodes }

// PauseReason is why a journey is paused. Its codes are recalled, remanded,
// custody, illness, hospital, family, work, away, no_trainer, other.
type PauseReason string

func (PauseReason) list() *CodeList { return &pauseReasonCodes }

// Maintained says whether a change was kept up. Its codes are yes, part, no,
// lost.
type Maintained string

func (Maintained) list() *CodeList { return &maintainedCodes }

// ClosureReason is why an episode closed. Its codes are completed, signposted,
// declined, not_contactable, disengaged, moved, recalled, sentenced, released,
// supervision_ended, transferred, ineligible, consent_withdrawn, died, other.
type ClosureReason string

func (ClosureReason) list() *CodeList { return &closureReasonCodes }

// WorkforceStep is a step into the health trainer workforce. Its codes are
// none, volunteer, champion, trainee, employed.
type WorkforceStep string

func (WorkforceStep) list() *CodeList { return &workforceStepCodes }

// EmploymentStatus is a national code (MHSDS) for employment. Its codes are
// those of the list employment_status.
type EmploymentStatus string

func (EmploymentStatus) list() *CodeList { return &employmentStatusCodes }

// AccommodationType is a national code (MHSDS) for accommodation. Its codes are
// those of the list accommodation_type.
type AccommodationType string

func (AccommodationType) list() *CodeList { return &accommodationTypeCodes }

// SmokingStatus is a national code for smoking. Its codes are those of the list
// smoking_status.
type SmokingStatus string

func (SmokingStatus) list() *CodeList { return &smokingStatusCodes }

// CorrectionReason is why an entry is corrected. Its codes are mistake,
// wrong_client, duplicate, wrong_date, wrong_value, new_information, other.
type CorrectionReason string

func (CorrectionReason) list() *CodeList { return &correctionReasonCodes }

var codeLists = [...]*CodeList{
	&settingCodes,
	&supervisionCodes,
	&referralSourceCodes,
	&urgencyCodes,
	&accessCodes,
	&riskCodes,
	&issueCodes,
	&widerNeedCodes,
	&severityCodes,
	&needStatusCodes,
	&modeCodes,
	&contactOutcomeCodes,
	&clientModeCodes,
	&partyCodes,
	&declineReasonCodes,
	&criterionCodes,
	&assignmentReasonCodes,
	&consentStatusCodes,
	&purposeCodes,
	&keepBasisCodes,
	&occasionCodes,
	&appointmentPurposeCodes,
	&missReasonCodes,
	&cancelReasonCodes,
	&strengthAreaCodes,
	&influenceCodes,
	&relationCodes,
	&diaryTypeCodes,
	&goalResultCodes,
	&goalStatusCodes,
	&dropReasonCodes,
	&planOutcomeCodes,
	&setbackTypeCodes,
	&signpostToCodes,
	&signpostOutcomeCodes,
	&pauseReasonCodes,
	&maintainedCodes,
	&closureReasonCodes,
	&workforceStepCodes,
	&employmentStatusCodes,
	&accommodationTypeCodes,
	&smokingStatusCodes,
	&correctionReasonCodes,
}

var (
	settingCodes = CodeList{Name: "setting", DCRS: true, Codes: []Code{
		{"community", "community"},
		{"primary_care", "primary care"},
		{"probation", "probation"},
		{"prison", "prison"},
		{"approved_premises", "approved premises"},
		{"pharmacy", "pharmacy"},
		{"hospital", "hospital"},
		{"mental_health", "mental health"},
		{"workplace", "workplace"},
		{"education", "education"},
		{"other", "other"},
	}}
	supervisionCodes = CodeList{Name: "supervision", DCRS: true, Codes: []Code{
		{"none", "not under supervision"},
		{"community_order", "community order"},
		{"suspended_sentence", "suspended sentence order"},
		{"licence", "on licence after release"},
		{"post_sentence", "post-sentence supervision"},
		{"custody", "in custody"},
		{"remand", "on remand"},
		{"other", "other"},
	}}
	referralSourceCodes = CodeList{Name: "referral_source", DCRS: true, Codes: []Code{
		{"self", "self-referral"},
		{"gp", "GP or practice nurse"},
		{"pharmacy", "community pharmacy"},
		{"hospital", "hospital or other NHS service"},
		{"mental_health", "mental health service"},
		{"drug_alcohol", "drug or alcohol service"},
		{"probation", "probation (MHSDS E3)"},
		{"prison", "prison (MHSDS E4)"},
		{"police_courts", "police, courts or liaison and diversion (MHSDS E1, E2, E5)"},
		{"social_care", "social care"},
		{"housing", "housing or hostel"},
		{"job_centre", "job centre"},
		{"voluntary", "voluntary or community group"},
		{"health_check", "NHS Health Check"},
		{"outreach", "outreach or event"},
		{"family_friend", "family or friend"},
		{"other", "other"},
	}}
	urgencyCodes = CodeList{Name: "urgency", Codes: []Code{
		{"routine", "routine"},
		{"soon", "soon: within the week"},
		{"urgent", "urgent: within two working days"},
	}}
	accessCodes = CodeList{Name: "access", Codes: []Code{
		{"interpreter", "an interpreter"},
		{"sign_language", "a sign language interpreter"},
		{"easy_read", "easy-read materials"},
		{"large_print", "large print or braille"},
		{"hearing", "help with hearing, such as a loop"},
		{"step_free", "step-free access"},
		{"reading_help", "help with reading and writing"},
		{"carer_present", "a carer or supporter present"},
		{"quiet_place", "a quiet place"},
		{"trainer_gender", "a trainer of a certain gender"},
		{"childcare", "a time or place that allows for children"},
		{"other", "other"},
	}}
	riskCodes = CodeList{Name: "risk", Codes: []Code{
		{"none", "nothing known"},
		{"see_host", "read the risk record before contact"},
		{"two_workers", "two workers are needed"},
		{"not_known", "not known yet"},
	}}
	issueCodes = CodeList{Name: "issue", DCRS: true, Codes: []Code{
		{"diet", "diet"},
		{"exercise", "physical activity"},
		{"smoking", "smoking"},
		{"alcohol", "alcohol"},
		{"weight", "weight"},
		{"emotional", "emotional wellbeing"},
		{"drugs", "drug use"},
		{"sexual_health", "sexual health"},
		{"sleep", "sleep"},
		{"long_term_condition", "living with a long-term condition"},
		{"local", "local issue"},
	}}
	widerNeedCodes = CodeList{Name: "wider_need", DCRS: true, Codes: []Code{
		{"accommodation", "housing"},
		{"finance", "money, benefits and debt"},
		{"employment", "work, training and education"},
		{"relationships", "family and relationships"},
		{"isolation", "loneliness and isolation"},
		{"dependency", "drug or alcohol dependency"},
		{"literacy", "reading, writing and digital access"},
		{"registration", "registration with a GP or dentist"},
		{"caring", "caring responsibilities"},
		{"safety", "safety at home"},
	}}
	severityCodes = CodeList{Name: "severity", Codes: []Code{
		{"low", "a worry"},
		{"moderate", "gets in the way"},
		{"high", "comes before anything else"},
	}}
	needStatusCodes = CodeList{Name: "need_status", Codes: []Code{
		{"open", "nothing done yet"},
		{"in_progress", "being worked on"},
		{"met", "met"},
		{"part_met", "met in part"},
		{"not_met", "could not be met"},
		{"declined", "the client wants no help with it"},
	}}
	modeCodes = CodeList{Name: "mode", Codes: []Code{
		{"face_to_face", "face to face"},
		{"telephone", "by telephone"},
		{"video", "by video"},
		{"text", "by text message"},
		{"email", "by email"},
		{"post", "by letter"},
	}}
	contactOutcomeCodes = CodeList{Name: "contact_outcome", Codes: []Code{
		{"no_answer", "no answer"},
		{"message_left", "a message was left"},
		{"wrong_details", "wrong number or address"},
		{"call_back", "the client asked for another time"},
		{"refused", "the client did not want contact"},
	}}
	clientModeCodes = CodeList{Name: "client_mode", DCRS: true, Codes: []Code{
		{"one_to_one", "one to one, towards a personal health plan"},
		{"brief", "brief intervention"},
		{"signposted", "signposted only"},
		{"information", "information only"},
		{"group", "group work"},
	}}
	partyCodes = CodeList{Name: "party", Codes: []Code{
		{"client", "the client"},
		{"service", "the service"},
		{"justice", "prison, probation or a court"},
		{"other", "somebody else"},
	}}
	declineReasonCodes = CodeList{Name: "decline_reason", Codes: []Code{
		{"no_capacity", "the service has no room"},
		{"out_of_area", "outside the service's area"},
		{"duplicate", "a duplicate or mistaken referral"},
		{"already_helped", "another service helps already"},
		{"not_wanted", "the client does not want it"},
		{"not_now", "the client does not want it now"},
		{"not_safe", "it cannot be offered safely"},
		{"other", "other"},
	}}
	criterionCodes = CodeList{Name: "criterion", Codes: []Code{
		{"age", "age"},
		{"area", "area"},
		{"setting", "setting"},
		{"supervision", "kind or length of supervision"},
		{"need", "no need that the service works on"},
		{"health", "needs clinical care instead"},
		{"risk", "risk"},
		{"other", "other"},
	}}
	assignmentReasonCodes = CodeList{Name: "assignment_reason", Codes: []Code{
		{"first", "first trainer of the episode"},
		{"caseload", "to even out caseloads"},
		{"absence", "the trainer is away"},
		{"left", "the trainer left"},
		{"client_asked", "the client asked for another"},
		{"language", "for a language"},
		{"moved", "the client moved"},
		{"through_the_gate", "handed over at release"},
		{"other", "other"},
	}}
	consentStatusCodes = CodeList{Name: "consent_status", Codes: []Code{
		{"not_asked", "not asked yet"},
		{"given", "given for every purpose"},
		{"limited", "given for some purposes"},
		{"refused", "refused"},
		{"withdrawn", "withdrawn"},
	}}
	purposeCodes = CodeList{Name: "purpose", Codes: []Code{
		{"support", "to be supported, with a record of it"},
		{"share", "to the record being shared outside the service"},
		{"referrer", "to the referrer being told of progress"},
		{"follow_up", "to be contacted for follow-up"},
		{"evaluation", "to the record being used in evaluation and research"},
	}}
	keepBasisCodes = CodeList{Name: "keep_basis", Codes: []Code{
		{"legal_obligation", "the law says so (UK GDPR, article 17(3)(b))"},
		{"public_task", "a task in the public interest (article 17(3)(b))"},
		{"public_health", "public health (article 17(3)(c))"},
		{"research", "archiving, research or statistics (article 17(3)(d))"},
		{"legal_claims", "legal claims (article 17(3)(e))"},
		{"vital_interests", "somebody's vital interests (article 6(1)(d))"},
		{"other", "another"},
	}}
	occasionCodes = CodeList{Name: "occasion", Codes: []Code{
		{"assessment", "at assessment"},
		{"session", "in a session"},
		{"review", "at the review of the plan"},
		{"follow_up", "at a follow-up"},
	}}
	appointmentPurposeCodes = CodeList{Name: "appointment_purpose", Codes: []Code{
		{"first_contact", "first contact"},
		{"assessment", "assessment"},
		{"session", "session on the plan"},
		{"review", "review of the plan"},
		{"follow_up", "follow-up"},
		{"handover", "handover between trainers"},
		{"group", "group session"},
	}}
	missReasonCodes = CodeList{Name: "miss_reason", Codes: []Code{
		{"illness", "illness"},
		{"work", "work or training"},
		{"family", "family or caring"},
		{"travel", "travel"},
		{"justice", "held, in court or recalled"},
		{"crisis", "a crisis"},
		{"forgot", "forgot"},
		{"chose_not_to", "chose not to come"},
		{"no_reason", "no reason given"},
		{"other", "other"},
	}}
	cancelReasonCodes = CodeList{Name: "cancel_reason", Codes: []Code{
		{"illness", "illness"},
		{"work", "work or training"},
		{"family", "family or caring"},
		{"travel", "travel"},
		{"staff", "no trainer"},
		{"venue", "no room"},
		{"lockdown", "the prison regime did not allow it"},
		{"paused", "the journey was paused"},
		{"closed", "the journey was closed"},
		{"justice", "held, in court, recalled or transferred"},
		{"other", "other"},
	}}
	strengthAreaCodes = CodeList{Name: "strength_area", Codes: []Code{
		{"people", "people around them"},
		{"skills", "skills and knowledge"},
		{"experience", "what they have come through"},
		{"health", "health and energy"},
		{"place", "home, place and belonging"},
		{"values", "values and faith"},
		{"other", "other"},
	}}
	influenceCodes = CodeList{Name: "influence", Codes: []Code{
		{"barrier", "gets in the way"},
		{"facilitator", "helps"},
	}}
	relationCodes = CodeList{Name: "relation", Codes: []Code{
		{"partner", "partner"},
		{"family", "family"},
		{"friend", "friend"},
		{"peer", "peer or mentor"},
		{"worker", "worker of another service"},
		{"group", "member of a group"},
		{"other", "other"},
	}}
	diaryTypeCodes = CodeList{Name: "diary_type", Codes: []Code{
		{"behaviour", "behaviour change diary"},
		{"food", "food diary"},
		{"activity", "physical activity diary"},
		{"smoking", "smoking diary"},
		{"alcohol", "alcohol diary"},
	}}
	goalResultCodes = CodeList{Name: "goal_result", Codes: []Code{
		{"open", "still going"},
		{"achieved", "achieved"},
		{"part_achieved", "part achieved"},
		{"not_achieved", "not achieved"},
		{"dropped", "dropped by the client"},
	}}
	goalStatusCodes = CodeList{Name: "goal_status", DCRS: true, Codes: []Code{
		{"open", "still open"},
		{"achieved", "achieved"},
		{"part_achieved", "part achieved"},
		{"not_achieved", "not achieved"},
		{"revised", "revised into another goal"},
		{"dropped", "dropped by the client"},
		{"lost", "lost to follow-up"},
	}}
	dropReasonCodes = CodeList{Name: "drop_reason", Codes: []Code{
		{"too_hard", "too hard"},
		{"not_important", "no longer important"},
		{"circumstances", "circumstances changed"},
		{"health", "health"},
		{"other_goal", "another goal matters more"},
		{"custody", "not possible in custody"},
		{"other", "other"},
	}}
	planOutcomeCodes = CodeList{Name: "plan_status", DCRS: true, Codes: []Code{
		{"open", "still open"},
		{"achieved", "achieved"},
		{"part_achieved", "part achieved"},
		{"not_achieved", "not achieved"},
		{"lost", "lost to follow-up"},
	}}
	setbackTypeCodes = CodeList{Name: "setback_type", Codes: []Code{
		{"lapse", "a slip"},
		{"relapse", "back to the old behaviour"},
	}}
	signpostToCodes = CodeList{Name: "signpost", DCRS: true, Codes: []Code{
		{"stop_smoking", "stop smoking service"},
		{"gp", "GP or practice nurse"},
		{"dentist", "dentist"},
		{"weight_management", "weight management"},
		{"exercise_referral", "exercise referral or leisure"},
		{"mental_health", "mental health or talking therapies"},
		{"drug_alcohol", "drug or alcohol service"},
		{"sexual_health", "sexual health service"},
		{"housing", "housing advice"},
		{"debt", "money and debt advice"},
		{"employment", "work, training and education"},
		{"community", "community or peer group"},
		{"other", "other"},
	}}
	signpostOutcomeCodes = CodeList{Name: "signpost_outcome", Codes: []Code{
		{"attended", "the client went"},
		{"waiting", "on a waiting list"},
		{"completed", "completed what was offered there"},
		{"did_not_go", "the client did not go"},
		{"not_accepted", "not accepted there"},
		{"declined", "the client declined"},
		{"not_known", "not known"},
	}}
	pauseReasonCodes = CodeList{Name: "pause_reason", Codes: []Code{
		{"recalled", "recalled to prison"},
		{"remanded", "on remand"},
		{"custody", "sentenced to custody"},
		{"illness", "illness"},
		{"hospital", "in hospital"},
		{"family", "family or caring"},
		{"work", "work or training"},
		{"away", "away"},
		{"no_trainer", "no trainer"},
		{"other", "other"},
	}}
	maintainedCodes = CodeList{Name: "maintained", DCRS: true, Codes: []Code{
		{"yes", "maintained"},
		{"part", "maintained in part"},
		{"no", "not maintained"},
		{"lost", "lost to follow-up"},
	}}
	closureReasonCodes = CodeList{Name: "closure_reason", DCRS: true, Codes: []Code{
		{"completed", "completed as planned"},
		{"signposted", "helped by signposting or information"},
		{"declined", "declined"},
		{"not_contactable", "could not be contacted"},
		{"disengaged", "stopped attending"},
		{"moved", "moved away"},
		{"recalled", "recalled to prison"},
		{"sentenced", "sentenced to custody"},
		{"released", "released from prison"},
		{"supervision_ended", "supervision ended"},
		{"transferred", "transferred to another service"},
		{"ineligible", "not eligible"},
		{"consent_withdrawn", "consent withdrawn"},
		{"died", "died"},
		{"other", "other"},
	}}
	workforceStepCodes = CodeList{Name: "workforce_step", DCRS: true, Codes: []Code{
		{"none", "none"},
		{"volunteer", "volunteer"},
		{"champion", "trained as a health trainer champion"},
		{"trainee", "trainee health trainer"},
		{"employed", "employed as a health trainer"},
	}}
	employmentStatusCodes = CodeList{Name: "employment_status", DCRS: true, Codes: []Code{
		{"01", "employed"},
		{"02", "unemployed and seeking work"},
		{"03", "student"},
		{"04", "long-term sick or disabled"},
		{"05", "homemaker"},
		{"06", "not working, not seeking, no benefits"},
		{"07", "unpaid voluntary work"},
		{"08", "retired"},
		{"ZZ", "not stated"},
	}}
	accommodationTypeCodes = CodeList{Name: "accommodation_type", DCRS: true, Codes: []Code{
		{"01", "owner occupier"},
		{"02", "tenant of a social landlord"},
		{"03", "private tenant"},
		{"04", "living with family"},
		{"05", "living with friends"},
		{"06", "university or college"},
		{"07", "tied to employment"},
		{"08", "mobile accommodation"},
		{"09", "care home without nursing"},
		{"10", "care home with nursing"},
		{"11", "specialist housing"},
		{"12", "rough sleeper"},
		{"13", "squatting"},
		{"14", "sofa surfing"},
		{"15", "staying with friends or family as a short-term guest"},
		{"16", "bed and breakfast"},
		{"17", "night shelter"},
		{"18", "hostel"},
		{"19", "temporary housing"},
		{"20", "admitted patient setting"},
		{"21", "criminal justice setting"},
		{"98", "other"},
	}}
	smokingStatusCodes = CodeList{Name: "smoking_status", DCRS: true, Codes: []Code{
		{"1", "current smoker"},
		{"2", "ex-smoker"},
		{"3", "non-smoker, history unknown"},
		{"4", "never smoked"},
		{"Z", "not stated"},
		{"9", "not known"},
	}}
	correctionReasonCodes = CodeList{Name: "correction_reason", Codes: []Code{
		{"mistake", "entered by mistake"},
		{"wrong_client", "belongs to another client"},
		{"duplicate", "entered twice"},
		{"wrong_date", "wrong date"},
		{"wrong_value", "wrong value"},
		{"new_information", "better known now"},
		{"other", "other"},
	}}
)
