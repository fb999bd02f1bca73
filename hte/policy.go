package hte

import (
	"slices"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// Policy is what a service decides for itself: who is eligible, what must be on
// record before the next step, how many sessions, when follow-ups are due, and
// what justice events do to the work. It is one value. [DefaultPolicy] gives the
// defaults, and [Policy.Bases] says on what each of them rests.
//
// The zero Policy asks for nothing: no age limit, no measures, no follow-ups. A
// policy is read and never changed by this package, so many goroutines may share
// one.
type Policy struct {
	// MinAge and MaxAge bound the age at referral in completed years; 0 means no
	// bound. An age that is not known is no hindrance.
	MinAge int `json:"min_age,omitzero"`
	MaxAge int `json:"max_age,omitzero"`
	// Settings are the settings in which the service works; none means all.
	Settings []Setting `json:"settings,omitzero"`
	// AreaOnly says that clients from outside the area are not eligible.
	AreaOnly bool `json:"area_only,omitzero"`

	// ContactWithinDays is how many days after referral first contact should be made;
	// 0 means no such aim. It makes a contact overdue, and hinders nothing.
	ContactWithinDays int `json:"contact_within_days,omitzero"`
	// ContactAttempts is how many attempts, since the client was last met, must be on
	// record before an episode may be closed because they could not be contacted.
	ContactAttempts int `json:"contact_attempts,omitzero"`

	// ConsentBeforeWork says that consent to be supported must be in force before
	// anything about the client's health is recorded.
	ConsentBeforeWork bool `json:"consent_before_work,omitzero"`
	// EraseWithinDays is how many days after consent was withdrawn the record must be
	// erased.
	EraseWithinDays int `json:"erase_within_days,omitzero"`

	// RequiredAtAssessment and RequiredAtReview are the measures without which an
	// assessment is not complete and a plan is not concluded.
	RequiredAtAssessment []Measure `json:"required_at_assessment,omitzero"`
	RequiredAtReview     []Measure `json:"required_at_review,omitzero"`
	// QuestionnairesAtAssessment and QuestionnairesAtReview are the instruments that
	// are required in the same way, by their names in package wellbeing.
	QuestionnairesAtAssessment []string `json:"questionnaires_at_assessment,omitzero"`
	QuestionnairesAtReview     []string `json:"questionnaires_at_review,omitzero"`
	// PrimaryIssue says that an assessment needs a primary issue.
	PrimaryIssue bool `json:"primary_issue,omitzero"`

	// Sessions is how many sessions a plan has unless it says otherwise; MostSessions
	// is how many it may have, 0 for no limit.
	Sessions     int `json:"sessions,omitzero"`
	MostSessions int `json:"most_sessions,omitzero"`
	// MostGoals is how many goals may be open at once, 0 for no limit.
	MostGoals int `json:"most_goals,omitzero"`
	// GoalWithinWeeks is how far off a goal's day may be, 0 for no limit.
	GoalWithinWeeks int `json:"goal_within_weeks,omitzero"`
	// ActionBeforeSigning says that every open goal needs an action before the plan is
	// signed.
	ActionBeforeSigning bool `json:"action_before_signing,omitzero"`
	// ReviewAfterWeeks is how many weeks after signing, or after the last review, a
	// review is due unless it was agreed otherwise; 0 for none.
	ReviewAfterWeeks int `json:"review_after_weeks,omitzero"`
	// MissedInARow is how many appointments missed one after the other make somebody
	// "disengaging"; 0 for none.
	MissedInARow int `json:"missed_in_a_row,omitzero"`

	// FollowUpMonths are the months after the plan was concluded at which follow-ups
	// are due.
	FollowUpMonths []int `json:"follow_up_months,omitzero"`
	// FollowUpEarlyDays and FollowUpLateDays are the window of a follow-up, in days
	// before and after it is due. Earlier is refused; later is overdue.
	FollowUpEarlyDays int `json:"follow_up_early_days,omitzero"`
	FollowUpLateDays  int `json:"follow_up_late_days,omitzero"`

	// Justice says what becomes of the work after a justice event. What is not in it
	// goes on. See [JusticeRule].
	Justice []JusticeRule `json:"justice,omitzero"`

	// DecideOverUnknown lets commands be decided although the log holds events of
	// kinds that this version of the library does not know.
	DecideOverUnknown bool `json:"decide_over_unknown,omitzero"`
}

// JusticeAction is what becomes of the work after a justice event.
type JusticeAction string

const (
	// JusticeContinue lets the work go on.
	JusticeContinue JusticeAction = "continue"
	// JusticePause lets it stand still, until it is resumed.
	JusticePause JusticeAction = "pause"
	// JusticeHandOver passes it to whom the event names, or else leaves the client
	// without a trainer until one is assigned.
	JusticeHandOver JusticeAction = "hand_over"
	// JusticeClose closes the episode.
	JusticeClose JusticeAction = "close"
)

// JusticeRule says what becomes of the work after an event of a kind: one of
// [KindSentenceStarted] (in custody), [KindSentenceEnded], [KindRecalled],
// [KindRemanded], [KindPrisonTransferred], [KindReleased] and
// [KindSupervisionEnded].
type JusticeRule struct {
	After  Kind          `json:"after"`
	Action JusticeAction `json:"action"`
}

// PolicyError says which field of a policy makes no sense.
type PolicyError struct {
	// Field is its JSON name.
	Field string
}

func (e *PolicyError) Error() string { return "hte: policy: " + e.Field + " makes no sense" }

// Check returns a [*PolicyError] for the first field that makes no sense, or nil.
// Whoever reads a policy from a file should ask. Where a policy makes no sense
// [Decide] takes it by the letter.
func (p *Policy) Check() error {
	months := true
	for i, m := range p.FollowUpMonths {
		months = months && m > 0 && m <= 120 && (i == 0 || m > p.FollowUpMonths[i-1])
	}
	known := func(list []Measure) bool {
		return !slices.ContainsFunc(list, func(m Measure) bool { return m.index() < 0 })
	}
	named := func(list []string) bool {
		return !slices.ContainsFunc(list, func(name string) bool {
			_, err := wellbeing.Lookup(name)
			return err != nil
		})
	}
	rules := true
	for i, r := range p.Justice {
		switch r.After {
		case KindSentenceStarted, KindSentenceEnded, KindRecalled, KindRemanded, KindPrisonTransferred, KindReleased, KindSupervisionEnded:
		default:
			rules = false
		}
		switch r.Action {
		case JusticeContinue, JusticePause, JusticeHandOver, JusticeClose:
		default:
			rules = false
		}
		for _, before := range p.Justice[:i] {
			rules = rules && before.After != r.After
		}
	}
	in := first(
		check{"min_age", p.MinAge >= 0},
		check{"max_age", p.MaxAge == 0 || p.MaxAge >= p.MinAge},
		check{"settings", !slices.ContainsFunc(p.Settings, func(s Setting) bool { return !ValidCode(s) })},
		check{"contact_within_days", p.ContactWithinDays >= 0},
		check{"contact_attempts", p.ContactAttempts >= 0},
		check{"erase_within_days", p.EraseWithinDays >= 0},
		check{"required_at_assessment", known(p.RequiredAtAssessment)},
		check{"required_at_review", known(p.RequiredAtReview)},
		check{"questionnaires_at_assessment", named(p.QuestionnairesAtAssessment)},
		check{"questionnaires_at_review", named(p.QuestionnairesAtReview)},
		check{"sessions", p.Sessions >= 0},
		check{"most_sessions", p.MostSessions == 0 || p.MostSessions >= p.Sessions},
		check{"most_goals", p.MostGoals >= 0},
		check{"goal_within_weeks", p.GoalWithinWeeks >= 0},
		check{"review_after_weeks", p.ReviewAfterWeeks >= 0},
		check{"missed_in_a_row", p.MissedInARow >= 0},
		check{"follow_up_months", months},
		check{"follow_up_early_days", p.FollowUpEarlyDays >= 0},
		check{"follow_up_late_days", p.FollowUpLateDays >= 0},
		check{"justice", rules},
	)
	if in != "" {
		return &PolicyError{Field: in}
	}
	return nil
}

// justice returns what the policy says about a kind of justice event.
func (p *Policy) justice(k Kind) JusticeAction {
	for i := range p.Justice {
		if p.Justice[i].After == k {
			return p.Justice[i].Action
		}
	}
	return JusticeContinue
}

// DefaultPolicy returns the defaults. [Policy.Bases] says on what they rest: most
// are this library's own judgement, to be looked over before they are used.
func DefaultPolicy() Policy {
	return Policy{
		MinAge:            18,
		ContactWithinDays: 10,
		ContactAttempts:   3,
		ConsentBeforeWork: true,
		EraseWithinDays:   30,
		PrimaryIssue:      true,
		Sessions:          6,
		MostSessions:      12,
		MostGoals:         3,
		GoalWithinWeeks:   52,
		ReviewAfterWeeks:  12,
		MissedInARow:      2,
		FollowUpMonths:    []int{3, 6, 12},
		FollowUpEarlyDays: 45,
		FollowUpLateDays:  45,
		Justice:           slices.Clone(defaultJustice[:]),
	}
}

var defaultJustice = [...]JusticeRule{
	{KindSentenceStarted, JusticePause},
	{KindRecalled, JusticePause},
	{KindRemanded, JusticePause},
	{KindPrisonTransferred, JusticeHandOver},
	{KindReleased, JusticeHandOver},
	{KindSentenceEnded, JusticeContinue},
	{KindSupervisionEnded, JusticeContinue},
}

// PolicyBasis says on what a default of the policy rests.
type PolicyBasis struct {
	// Field is the JSON name of the field.
	Field string `json:"field"`
	// Basis is "source" where a public source says it, "own" where it is this
	// library's judgement, and "remembered" where it was not confirmed.
	Basis string `json:"basis"`
	// Why gives the source, or the reasoning.
	Why string `json:"why"`
}

// Bases says on what each default of [DefaultPolicy] rests.
func (Policy) Bases() []PolicyBasis { return slices.Clone(policyBases[:]) }

var policyBases = [...]PolicyBasis{
	{"min_age", "source", "the one referral form seen asks for 18 or over (North Somerset, dcrsinterface.azurewebsites.net); no national rule was found"},
	{"max_age", "own", "none was found"},
	{"settings", "own", "every setting: the programme worked in communities, probation and prisons (Dooris and others 2013; Bailey and Kerlin 2015)"},
	{"area_only", "own", "left to the service"},
	{"contact_within_days", "own", "ten days; no standard was found"},
	{"contact_attempts", "own", "three; no standard was found"},
	{"consent_before_work", "source", "the referral form seen needs consent; that health is not recorded without it is this library's reading"},
	{"erase_within_days", "remembered", "a month, after article 12(3) of the UK GDPR; a service with another lawful basis than consent may have to keep the record"},
	{"required_at_assessment", "own", "none: which measures a service requires differs"},
	{"required_at_review", "own", "none"},
	{"questionnaires_at_assessment", "own", "none"},
	{"questionnaires_at_review", "own", "none"},
	{"primary_issue", "own", "half of one region's records lacked it (Lees, Rahman and Parkes, JECH 67 Suppl 1 A77), so it is asked for"},
	{"sessions", "own", "six is often said and was found in no source"},
	{"most_sessions", "source", "up to 12 sessions in the STRENGTHEN trial (Callaghan and others 2019); as a limit for a service it is this library's own"},
	{"most_goals", "own", "three, which is what the DCRS dictionary of this library holds"},
	{"goal_within_weeks", "own", "a year; plans took 21 weeks at the median (Jennings and others)"},
	{"action_before_signing", "own", "off"},
	{"review_after_weeks", "own", "twelve: three months in Goodall and others 2014, up to 14 weeks in STRENGTHEN"},
	{"missed_in_a_row", "own", "two; no standard was found"},
	{"follow_up_months", "own", "3, 6 and 12: that a change was maintained is reported (RSPH 2013), the months are not"},
	{"follow_up_early_days", "own", "45, as the rule dates/followup-off-schedule of package dcrs has it"},
	{"follow_up_late_days", "own", "45, as that rule has it"},
	{"justice", "own", "custody pauses, a move hands over, the end of a sentence changes nothing: left to the service, as no rule is public"},
	{"decide_over_unknown", "own", "off: what is not understood is not built upon"},
}
