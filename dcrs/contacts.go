package dcrs

import (
	"bytes"
	"sync"
)

// The fields of a contact. What is common to every file beside the episodes
// stands in child.go; the episode's identifier is always the first field.
const (
	cEpisodeID = childEpisode + iota
	cContactID
	cContactDate
	cMedium
	cAttendance
	cPurpose
	cDuration
	cSetting
	cTrainerID
	cTechniques
	contactFieldCount
)

var contactFields = [contactFieldCount]Field{
	cEpisodeID: childEpisodeID,
	cContactID: {
		Name: "contact_id", Label: "Contact identifier", Type: TypeID, MaxLength: 36, Alphabet: idAlphabet,
		Presence: Mandatory, Sensitivity: Pseudonym, Basis: BasisOwn, Note: "unique in the extract",
	},
	cContactDate: {
		Name: "contact_date", Label: "Date of the contact", Type: TypeDate,
		Presence: Mandatory, Sensitivity: NotSensitive, Basis: BasisOwn, Note: "the day on which it took place or was to take place",
	},
	cMedium: {
		Name: "consultation_medium", Label: "Consultation medium", Type: TypeCode, CodeList: "consultation_medium",
		Presence: Required, Sensitivity: NotSensitive, Basis: BasisNational, Source: "MHREF",
	},
	cAttendance: {
		Name: "attendance", Label: "What became of the appointment", Type: TypeCode, CodeList: "attendance",
		Presence: Required, Sensitivity: NotSensitive, Basis: BasisOwn,
	},
	cPurpose: {
		Name: "purpose", Label: "What the contact was for", Type: TypeCode, CodeList: "purpose",
		Presence: Optional, Sensitivity: NotSensitive, Basis: BasisOwn, Source: "HANDB (order of the process); codes own",
	},
	cDuration: {
		Name: "duration_minutes", Label: "Length of the contact", Type: TypeInteger, Unit: "minutes", Valid: &Range{0, 1440}, Plausible: &Range{2, 240},
		Presence: Optional, Sensitivity: NotSensitive, Basis: BasisOwn, Note: "time with the client, travel left out",
	},
	cSetting: {
		Name: "setting", Label: "Where the contact took place", Type: TypeCode, CodeList: "setting",
		Presence: Optional, Sensitivity: OffenceData, Basis: BasisOwn,
	},
	cTrainerID: {
		Name: "trainer_id", Label: "Health trainer", Type: TypeID, MaxLength: 36, Alphabet: idAlphabet,
		Presence: Optional, Sensitivity: Pseudonym, Basis: BasisOwn, Note: "where it is not the trainer of the episode",
	},
	cTechniques: {
		Name: "techniques", Label: "Behaviour change techniques used", Type: TypeID, MaxLength: 480, Alphabet: "0-9 . ; ␣",
		Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "BCTT",
		Note: "numbers of the BCT Taxonomy v1, such as 1.1;1.4;8.3: several, separated by ; — that the handbook's contents can be put so is this library's reading",
	},
}

// Contacts returns the dictionary of contacts.csv: one row for each contact with
// a client, held, missed or planned. No public source lists what the DCRS kept
// of single contacts; all but the code list of the medium, which is national,
// and the numbers of the techniques, which are published, is this library's.
func Contacts() *Dictionary { return contacts() }

var contacts = sync.OnceValue(func() *Dictionary {
	return newChild("contact", contactFields[:], []CodeList{techniqueList}, contactChecks())
})

// The codes that the rules of contacts name.
var (
	attendancePlanned   = childCode("attendance", "planned")
	attendanceHeld      = childCodes("attendance", "attended", "late")
	attendanceMissed    = childCodes("attendance", "did_not_attend", "absent_with_reason")
	attendanceCalledOff = childCodes("attendance", "cancelled_by_client", "cancelled_by_service", "rescheduled")
	purposeOutreach     = childCode("purpose", "outreach")
	purposeAssessment   = childCode("purpose", "assessment")
	purposeReview       = childCode("purpose", "review")
	purposesBeyond      = childCodes("purpose", "outreach", "followup")
)

func contactChecks() []Check {
	checks := append(references("contact"), Check{
		Rule: Rule{
			ID: "contact/duplicate", Severity: Error,
			Problem: "a contact_id seen before in this file", Fix: "remove the repeat",
		},
		Need: []string{"contact_id"},
		Key:  func(r *Row, key []byte) []byte { return append(key, r.Text(cContactID)...) },
	}, Check{
		Rule: Rule{
			ID: "contact/technique-unknown", Severity: Error,
			Problem: "a technique is none of the 93 numbers of the BCT Taxonomy v1, or stands twice, or nothing stands between two semicolons",
			Fix:     "correct the number: 1.10 is none, 10.1 is; spreadsheets turn 10.10 into 10.1 unless the column is text",
			Basis:   BasisSource, Source: "BCTT",
		},
		Fields: []string{"techniques"}, Rejects: true,
		Cell: func(c Cell) Verdict { return FailIf(!knownTechniques(c.Text())) },
	}, Check{
		Rule: Rule{
			ID: "contact/in-the-future", Severity: Error, When: "attended, late or missed",
			Problem: "a contact after the as-of date that has been held or missed already", Fix: "correct the date, or say that it is planned",
		},
		Need: []string{"attendance", "contact_date"},
		Row: func(r *Row) Verdict {
			if !in(attendanceHeld|attendanceMissed, r.value(cAttendance)) {
				return NotApplicable
			}
			return FailIf(r.value(cContactDate) > r.plan.asOfDay)
		},
	}, Check{
		Rule: Rule{
			ID: "contact/still-planned", Severity: Warning, When: "attendance is planned",
			Problem: "the day of a planned contact has passed", Fix: "record what became of it",
			Note: "The as-of date itself has not passed.",
		},
		Need: []string{"attendance", "contact_date"}, At: "attendance", Related: []string{"contact_date"},
		Row: func(r *Row) Verdict {
			if r.value(cAttendance) != attendancePlanned {
				return NotApplicable
			}
			return FailIf(r.value(cContactDate) < r.plan.asOfDay)
		},
	}, Check{
		Rule: Rule{
			ID: "contact/time-without-attendance", Severity: Warning,
			Problem: "minutes with the client, though the client was not there", Fix: "correct one of the two",
		},
		Need: []string{"attendance", "duration_minutes"}, Related: []string{"attendance"},
		Row: func(r *Row) Verdict {
			return FailIf(r.value(cDuration) > 0 && !in(attendanceHeld, r.value(cAttendance)))
		},
	}, Check{
		Rule: Rule{
			ID: "contact/techniques-without-attendance", Severity: Warning,
			Problem: "techniques were used, though the client was not there", Fix: "correct one of the two",
		},
		Need: []string{"attendance", "techniques"}, Related: []string{"attendance"},
		Row: func(r *Row) Verdict { return FailIf(!in(attendanceHeld, r.value(cAttendance))) },
	}, Check{
		Rule: Rule{
			ID: "contact/before-referral", Severity: Warning, Reads: "referral_date first_contact_date of the episode, attendance purpose contact_date", When: "attended, and not for outreach",
			Problem: "the client was seen before the referral of the episode", Fix: "correct the dates, unless outreach came first: then say so in purpose",
		},
		Need: []string{"episode_id", "attendance", "contact_date"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			if !ok || !in(attendanceHeld, r.value(cAttendance)) || r.filled.has(cPurpose) != r.valid.has(cPurpose) || r.valid.has(cPurpose) && r.value(cPurpose) == purposeOutreach {
				return NotApplicable
			}
			return e.earlier(r.value(cContactDate), e.began())
		},
	}, Check{
		Rule: Rule{
			ID: "contact/after-closure", Severity: Warning, Reads: "closure_date closure_reason of the episode, attendance purpose contact_date", When: "attended, and not for a follow-up; closed, and not by death",
			Problem: "the client was seen after the episode closed", Fix: "correct the dates, or open a new episode",
		},
		Need: []string{"episode_id", "attendance", "contact_date"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			if !ok || !in(attendanceHeld, r.value(cAttendance)) || r.filled.has(cPurpose) != r.valid.has(cPurpose) || r.valid.has(cPurpose) && in(purposesBeyond, r.value(cPurpose)) || e.closedAs(closedDied) != no {
				return NotApplicable
			}
			return e.later(r.value(cContactDate), e.closure())
		},
	}, Check{
		Rule: Rule{
			ID: "contact/after-death", Severity: Error, Reads: "closure_date closure_reason of the episode, contact_date", When: "attended; closed by death",
			Problem: "the client was seen after the episode closed by death", Fix: "correct the dates or the reason",
		},
		Need: []string{"episode_id", "attendance", "contact_date"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			if !ok || !in(attendanceHeld, r.value(cAttendance)) || e.closedAs(closedDied) != yes {
				return NotApplicable
			}
			return e.later(r.value(cContactDate), e.closure())
		},
	})
	return checks
}

// knownTechniques reports whether a cell lists numbers of the taxonomy, each once.
func knownTechniques(cell []byte) bool {
	var seen [2]uint64
	for rest := cell; ; {
		code := rest
		i := bytes.IndexByte(rest, ';')
		if i >= 0 {
			code = rest[:i]
		}
		n, ok := techniqueNumber(trimSpaces(code))
		if !ok || seen[n>>6]>>(n&63)&1 != 0 {
			return false
		}
		seen[n>>6] |= 1 << (n & 63)
		if i < 0 {
			return true
		}
		rest = rest[i+1:]
	}
}

// techniqueNumber is the place of a technique in the list.
func techniqueNumber(code []byte) (int, bool) {
	group, number, point := bytes.Cut(code, []byte{'.'})
	g, okG := shortNumber(group)
	n, okN := shortNumber(number)
	if !point || !okG || !okN || g < 1 || g > len(techniquesInGroup) || n < 1 || n > techniquesInGroup[g-1] {
		return 0, false
	}
	for _, more := range techniquesInGroup[:g-1] {
		n += more
	}
	return n - 1, true
}

// shortNumber reads one or two digits without a leading zero.
func shortNumber(b []byte) (n int, ok bool) {
	if len(b) == 0 || len(b) > 2 || b[0] == '0' {
		return 0, false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// techniquesInGroup is how many techniques each of the sixteen groups has.
var techniquesInGroup = [...]int{9, 7, 3, 4, 6, 3, 8, 7, 3, 11, 4, 6, 5, 10, 4, 3}
