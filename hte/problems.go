package hte

import (
	"slices"
	"unicode/utf8"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// What a member of an event's data has to be like, whatever the journey. The
// methods return the first that is not, by its JSON name. What depends on the
// journey is a guard of the transition table.

// maxText is how many bytes a free text may have, and maxTexts how many texts a
// list.
const (
	maxText  = 4000
	maxTexts = 20
)

// text reports whether s can be a free text.
func text(s string) bool { return len(s) <= maxText && utf8.ValidString(s) }

// words reports whether s is a free text that says something.
func words(s string) bool { return s != "" && text(s) }

func texts(list []string) bool {
	for _, s := range list {
		if !words(s) {
			return false
		}
	}
	return len(list) <= maxTexts
}

// optional reports whether c is no code or one of its list.
func optional[T Coded](c T) bool { return c == "" || ValidCode(c) }

// optionalRef reports whether r is no reference or has the shape of one.
func optionalRef(r Ref) bool { return r == "" || r.Valid() }

// minutes reports whether n can be the length of a meeting; 0 is not known.
func minutes(n int) bool { return n >= 0 && n <= 24*60 }

// clock reports whether s is empty or a time of day such as "14:30".
func clock(s string) bool {
	if s == "" {
		return true
	}
	if len(s) != len("14:30") || s[2] != ':' {
		return false
	}
	a, b, c, d := s[0]-'0', s[1]-'0', s[3]-'0', s[4]-'0'
	return max(a, b, c, d) <= 9 && a*10+b < 24 && c < 6
}

// language reports whether s is empty or looks like a language tag.
func language(s string) bool {
	if s == "" {
		return true
	}
	if len(s) < 2 || len(s) > maxRef {
		return false
	}
	for i := range len(s) {
		c := s[i] | 0x20
		if (c < 'a' || c > 'z') && (i < 2 || s[i] != '-' && (s[i] < '0' || s[i] > '9')) {
			return false
		}
	}
	return true
}

// between reports whether a response is missing or refused, or from lowest to
// highest.
func between(r wellbeing.Response, lowest, highest int) bool {
	n, ok := r.Code()
	return !ok && r != wellbeing.Unreadable() || ok && n >= lowest && n <= highest
}

// first returns the name of the first check that fails.
func first(checks ...check) string {
	for i := range checks {
		if !checks[i].ok {
			return checks[i].name
		}
	}
	return ""
}

type check struct {
	name string
	ok   bool
}

func (d Referred) problem() string {
	if in := (AccessUpdated{Access: d.Access, Interpreter: d.Interpreter, Risk: d.Risk}).problem(); in != "" {
		return in
	}
	return first(
		check{"client", d.Client.Valid()},
		check{"service", d.Service.Valid()},
		check{"previous", optionalRef(d.Previous)},
		check{"source", ValidCode(d.Source)},
		check{"referrer", optionalRef(d.Referrer)},
		check{"setting", ValidCode(d.Setting)},
		check{"supervision", optional(d.Supervision) && (d.Supervision != "" || !d.Setting.justice())},
		check{"reason", optional(d.Reason)},
		check{"urgency", optional(d.Urgency)},
		check{"age", d.Age >= 0 && d.Age <= 120},
		check{"note", text(d.Note)},
	)
}

// justice reports whether the setting is one of criminal justice, in which the
// supervision has to be known.
func (s Setting) justice() bool { return s == "probation" || s == "prison" || s == "approved_premises" }

// custody reports whether somebody under the supervision is held.
func (s Supervision) custody() bool { return s == "custody" || s == "remand" }

func (d Accepted) problem() string { return first(check{"note", text(d.Note)}) }

func (d Declined) problem() string {
	return first(
		check{"by", d.By == "client" || d.By == "service"},
		check{"reason", ValidCode(d.Reason)},
		check{"note", text(d.Note)},
	)
}

func (d FoundIneligible) problem() string { return first(check{"criterion", ValidCode(d.Criterion)}) }

func (d TrainerAssigned) problem() string {
	return first(check{"trainer", d.Trainer.Valid()}, check{"reason", optional(d.Reason)})
}

func (d TrainerReleased) problem() string { return first(check{"reason", optional(d.Reason)}) }

func (d AccessUpdated) problem() string {
	for i, a := range d.Access {
		if !ValidCode(a) || slices.Contains(d.Access[:i], a) {
			return "access"
		}
	}
	return first(check{"interpreter", language(d.Interpreter)}, check{"risk", optional(d.Risk)})
}

func (d ContactAttempted) problem() string {
	return first(check{"mode", ValidCode(d.Mode)}, check{"outcome", ValidCode(d.Outcome)})
}

func (d FirstContactMade) problem() string {
	return first(check{"mode", ValidCode(d.Mode)}, check{"help", ValidCode(d.Help)})
}

func (d HelpChanged) problem() string { return first(check{"help", ValidCode(d.Help)}) }

func (ConsentGiven) problem() string   { return "" }
func (ConsentRefused) problem() string { return "" }

func (d ConsentLimited) problem() string {
	return first(check{"purposes", len(d.Purposes) > 0 && len(d.Purposes) < len(purposeCodes.Codes) && purposes(d.Purposes)})
}

func (d ConsentWithdrawn) problem() string { return first(check{"purposes", purposes(d.Purposes)}) }

func (d RecordKept) problem() string { return first(check{"basis", ValidCode(d.Basis)}) }

// purposes reports whether all are known and none comes twice.
func purposes(list []Purpose) bool {
	for i, p := range list {
		if !ValidCode(p) || slices.Contains(list[:i], p) {
			return false
		}
	}
	return true
}

func (d MeasureTaken) problem() string {
	return first(
		check{"measure", d.Measure.index() >= 0},
		check{"value", d.Measure.InRange(d.Value)},
		check{"occasion", ValidCode(d.Occasion)},
	)
}

func (d QuestionnaireCompleted) problem() string {
	return first(
		check{"result", d.Result.Instrument != "" && len(d.Result.Scores) > 0},
		check{"occasion", ValidCode(d.Occasion)},
	)
}

func (d CircumstancesRecorded) problem() string {
	return first(
		check{"employment", optional(d.Employment)},
		check{"accommodation", optional(d.Accommodation)},
		check{"smoking", optional(d.Smoking)},
		check{"employment", d.Employment != "" || d.Accommodation != "" || d.Smoking != ""},
		check{"occasion", ValidCode(d.Occasion)},
	)
}

func (d IssueIdentified) problem() string { return first(check{"issue", ValidCode(d.Issue)}) }

func (d NeedRecorded) problem() string {
	return first(
		check{"need", ValidCode(d.Need)},
		check{"severity", optional(d.Severity)},
		check{"status", ValidCode(d.Status)},
	)
}

func (AssessmentCompleted) problem() string { return "" }

func (d AppointmentPlanned) problem() string {
	return first(
		check{"appointment", d.Appointment >= 0},
		check{"purpose", ValidCode(d.Purpose)},
		check{"day", !d.Day.IsZero()},
		check{"starts", clock(d.Starts)},
		check{"minutes", minutes(d.Minutes)},
		check{"mode", ValidCode(d.Mode)},
	)
}

func (d AppointmentAttended) problem() string {
	for i, t := range d.Techniques {
		if !t.Valid() || slices.Contains(d.Techniques[:i], t) {
			return "techniques"
		}
	}
	return first(
		check{"appointment", d.Appointment >= 0},
		check{"purpose", optional(d.Purpose) && (d.Purpose != "" || d.Appointment > 0)},
		check{"mode", ValidCode(d.Mode)},
		check{"minutes", minutes(d.Minutes)},
		check{"note", text(d.Note)},
	)
}

func (d AppointmentMissed) problem() string {
	return first(check{"appointment", d.Appointment > 0}, check{"reason", ValidCode(d.Reason)})
}

func (d AppointmentCancelled) problem() string {
	return first(
		check{"appointment", d.Appointment > 0},
		check{"by", ValidCode(d.By)},
		check{"reason", ValidCode(d.Reason)},
	)
}

func (d AppointmentRescheduled) problem() string {
	return first(
		check{"appointment", d.Appointment > 0},
		check{"by", ValidCode(d.By)},
		check{"day", !d.Day.IsZero()},
		check{"starts", clock(d.Starts)},
		check{"mode", ValidCode(d.Mode)},
	)
}

func (d PlanStarted) problem() string { return first(check{"sessions", d.Sessions >= 0}) }

func (d StrengthNoted) problem() string {
	return first(check{"area", ValidCode(d.Area)}, check{"text", text(d.Text)})
}

func (d BalanceSheetEntered) problem() string {
	return first(
		check{"issue", ValidCode(d.Issue)},
		check{"change_for", texts(d.ChangeFor)},
		check{"change_against", texts(d.ChangeAgainst)},
		check{"staying_for", texts(d.StayingFor)},
		check{"staying_against", texts(d.StayingAgainst)},
	)
}

func (d RulersRated) problem() string {
	return first(
		check{"importance", between(d.Importance, 0, 10)},
		check{"confidence", between(d.Confidence, 0, 10)},
		check{"importance", d.Importance != wellbeing.Response{} || d.Confidence != wellbeing.Response{}},
		check{"occasion", ValidCode(d.Occasion)},
	)
}

func (d GoalSet) problem() string {
	return first(
		check{"goal", d.Goal >= 0},
		check{"issue", ValidCode(d.Issue)},
		check{"behaviour", words(d.Behaviour)},
		check{"measure", d.Measure == "" || d.Measure.index() >= 0},
		check{"baseline", d.Baseline.Known() && (d.Measure == "" || d.Measure.InRange(d.Baseline))},
		check{"target", d.Target.Known() && !d.Target.Equal(d.Baseline) && (d.Measure == "" || d.Measure.InRange(d.Target))},
		check{"unit", words(d.Unit) && len(d.Unit) <= 60 && (d.Measure == "" || d.Measure.unit() == d.Unit)},
		check{"by", !d.By.IsZero()},
		check{"replaces", d.Replaces >= 0},
		check{"weight", d.Weight >= 0 && d.Weight <= 1e6},
	)
}

func (m Measure) unit() string {
	d, _ := m.Definition()
	return d.Unit
}

func (d ActionPlanned) problem() string {
	return first(
		check{"goal", d.Goal > 0},
		check{"what", words(d.What)},
		check{"where", words(d.Where)},
		check{"when", words(d.When)},
		check{"with", optionalRef(d.With)},
	)
}

func (d IfThenPlanned) problem() string {
	return first(check{"goal", d.Goal > 0}, check{"if", words(d.If)}, check{"then", words(d.Then)})
}

func (d InfluenceNoted) problem() string {
	return first(check{"goal", d.Goal > 0}, check{"influence", ValidCode(d.Influence)}, check{"text", words(d.Text)})
}

func (d RewardPlanned) problem() string {
	return first(check{"goal", d.Goal > 0}, check{"text", words(d.Text)})
}

func (d SupporterNamed) problem() string {
	return first(check{"person", d.Person.Valid()}, check{"relation", ValidCode(d.Relation)})
}

func (d SupporterRemoved) problem() string { return first(check{"person", d.Person.Valid()}) }

func (d PlanSigned) problem() string {
	return first(check{"version", d.Version >= 0}, check{"client", d.Client}, check{"trainer", d.Trainer})
}

func (d DiaryKept) problem() string {
	return first(check{"diary", ValidCode(d.Diary)}, check{"goal", d.Goal >= 0}, check{"text", text(d.Text)})
}

func (d GoalReviewed) problem() string {
	return first(
		check{"goal", d.Goal > 0},
		check{"result", ValidCode(d.Result)},
		check{"reason", optional(d.Reason) && (d.Reason != "") == (d.Result == "dropped")},
		check{"attained", between(d.Attained, -2, 2)},
	)
}

func (d PlanReviewed) problem() string { return first(check{"note", text(d.Note)}) }

func (d PlanConcluded) problem() string {
	last := 0
	for _, m := range d.FollowUps {
		if m <= last || m > 120 {
			return "follow_ups"
		}
		last = m
	}
	return first(
		check{"outcome", ValidCode(d.Outcome) && d.Outcome != "open"},
		check{"note", text(d.Note)},
	)
}

func (d SetbackRecorded) problem() string {
	return first(check{"goal", d.Goal >= 0}, check{"type", ValidCode(d.Type)}, check{"text", text(d.Text)})
}

func (d RelapsePlanMade) problem() string {
	return first(check{"goal", d.Goal >= 0}, check{"situation", words(d.Situation)}, check{"response", words(d.Response)})
}

func (d Signposted) problem() string {
	return first(
		check{"signpost", d.Signpost >= 0},
		check{"to", ValidCode(d.To)},
		check{"need", optional(d.Need)},
		check{"organisation", optionalRef(d.Organisation)},
	)
}

func (d SignpostFollowedUp) problem() string {
	return first(check{"signpost", d.Signpost > 0}, check{"outcome", ValidCode(d.Outcome)})
}

func (SafeguardingEscalated) problem() string { return "" }

func (d SentenceStarted) problem() string {
	return first(
		check{"supervision", ValidCode(d.Supervision) && d.Supervision != "none"},
		check{"prison", optionalRef(d.Prison) && (d.Prison == "" || d.Supervision.custody())},
	)
}

func (SentenceEnded) problem() string    { return "" }
func (SupervisionEnded) problem() string { return "" }
func (d Recalled) problem() string       { return first(check{"prison", optionalRef(d.Prison)}) }
func (d Remanded) problem() string       { return first(check{"prison", optionalRef(d.Prison)}) }
func (OwnTrainerBecome) problem() string { return "" }
func (Resumed) problem() string          { return "" }
func (d TransferredOut) problem() string { return first(check{"to", d.To.Valid()}) }
func (d ReReferred) problem() string     { return first(check{"episode", d.Episode.Valid()}) }
func (d PrisonTransferred) problem() string {
	return first(check{"to", d.To.Valid()}, check{"trainer", optionalRef(d.Trainer)})
}

func (d ReleasePlanned) problem() string {
	return first(
		check{"day", !d.Day.IsZero()},
		check{"service", optionalRef(d.Service)},
		check{"trainer", optionalRef(d.Trainer)},
	)
}

func (d Released) problem() string {
	return first(
		check{"supervision", ValidCode(d.Supervision) && !d.Supervision.custody()},
		check{"setting", ValidCode(d.Setting) && d.Setting != "prison"},
		check{"service", optionalRef(d.Service)},
		check{"trainer", optionalRef(d.Trainer)},
	)
}

func (d Paused) problem() string { return first(check{"reason", ValidCode(d.Reason)}) }

func (d HandedOver) problem() string {
	return first(
		check{"service", optionalRef(d.Service)},
		check{"setting", optional(d.Setting)},
		check{"trainer", optionalRef(d.Trainer)},
	)
}

func (d FollowUpHeld) problem() string {
	return first(
		check{"months", d.Months > 0},
		check{"maintained", ValidCode(d.Maintained) && d.Maintained != "lost"},
		check{"mode", ValidCode(d.Mode)},
	)
}

func (d FollowUpLost) problem() string { return first(check{"months", d.Months > 0}) }

func (d WorkforceStepTaken) problem() string {
	return first(check{"step", ValidCode(d.Step) && d.Step != "none"})
}

func (d NoteAdded) problem() string { return first(check{"text", words(d.Text)}) }

func (d Closed) problem() string {
	return first(check{"reason", ValidCode(d.Reason)}, check{"note", text(d.Note)})
}

func (d Voided) problem() string {
	return first(check{"sequence", d.Sequence > 0}, check{"reason", ValidCode(d.Reason)})
}

func (d Amended) problem() string {
	if !kindOf(d.Data).Valid() {
		return "data"
	}
	if in := d.Data.problem(); in != "" {
		return in
	}
	return first(
		check{"sequence", d.Sequence > 0},
		check{"reason", ValidCode(d.Reason)},
		check{"on", !d.On.IsZero()},
	)
}

func (d Redacted) problem() string { return first(check{"text", d.Text || d.References}) }
