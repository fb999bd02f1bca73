package dcrs

import "sync"

// The fields of a wider need.
const (
	nEpisodeID = childEpisode + iota
	nNeed
	nSeverity
	nStatus
	nRecorded
	nStatusDate
	needFieldCount
)

var needFields = [needFieldCount]Field{
	nEpisodeID: childEpisodeID,
	nNeed: {
		Name: "need", Label: "Wider need", Type: TypeCode, CodeList: "wider_need",
		Presence: Mandatory, Sensitivity: SpecialCategory, Basis: BasisOwn, Source: "MATH (upstream issues that the DCRS could not hold)",
	},
	nSeverity: {
		Name: "severity", Label: "How much it weighs", Type: TypeCode, CodeList: "need_severity",
		Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn,
	},
	nStatus: {
		Name: "status", Label: "What has become of it", Type: TypeCode, CodeList: "need_status",
		Presence: Required, Sensitivity: SpecialCategory, Basis: BasisOwn,
	},
	nRecorded: {
		Name: "recorded_date", Label: "Date on which it was recorded", Type: TypeDate,
		Presence: Required, Sensitivity: NotSensitive, Basis: BasisOwn, Note: "one need may have several rows, as it comes up again",
	},
	nStatusDate: {
		Name: "status_date", Label: "Date of its status", Type: TypeDate,
		Presence: Conditional, Sensitivity: NotSensitive, Basis: BasisOwn, Note: "expected once the need is no longer open",
	},
}

// Needs returns the dictionary of needs.csv: one row for each wider need of a
// client (housing, money, work, family …), with how much it weighs and what has
// become of it. These are the upstream issues that, by MATH, the DCRS could not
// hold and for the want of which it understated the work.
func Needs() *Dictionary { return needs() }

var needs = sync.OnceValue(func() *Dictionary {
	return newChild("need", needFields[:], nil, needChecks())
})

var (
	needOpen    = childCode("need_status", "open")
	needMet     = childCode("need_status", "met")
	needPartMet = childCode("need_status", "part_met")
)

func needChecks() []Check {
	checks := append(references("need"), Check{
		Rule: Rule{
			ID: "need/duplicate", Severity: Error,
			Problem: "the same need of the same episode with the same date, seen before in this file", Fix: "remove the repeat",
			Note: "Rows without a date are compared with each other.",
		},
		Need: []string{"episode_id", "need"}, Clean: []string{"recorded_date"},
		Key: func(r *Row, key []byte) []byte {
			return appendParts(key, r.Text(nEpisodeID), r.Text(nNeed), r.Text(nRecorded))
		},
	})
	for _, f := range []string{"recorded_date", "status_date"} {
		checks = append(checks, Check{
			Rule: Rule{
				ID: "need/in-the-future", Severity: Error, Reads: "recorded_date status_date", Per: "cell",
				Problem: "a date after the as-of date", Fix: "correct the date",
			},
			Need: []string{f},
			Row:  func(r *Row) Verdict { return FailIf(r.value(r.at) > r.plan.asOfDay) },
		})
	}
	return append(checks, Check{
		Rule: Rule{
			ID: "need/settled-too-early", Severity: Error,
			Problem: "the need has its status from before it was recorded", Fix: "correct the dates",
		},
		Need: []string{"recorded_date", "status_date"}, Related: []string{"recorded_date"},
		Row: func(r *Row) Verdict { return FailIf(r.value(nStatusDate) < r.value(nRecorded)) },
	}, Check{
		Rule: Rule{
			ID: "need/settled-without-date", Severity: Warning, Reads: "status status_date", When: "status is not open",
			Problem: "the need is no longer open, and nobody knows since when", Fix: "record the date",
		},
		Need: []string{"status"}, Clean: []string{"status_date"}, At: "status_date", Related: []string{"status"},
		Row: func(r *Row) Verdict {
			if r.value(nStatus) == needOpen {
				return NotApplicable
			}
			return FailIf(r.blank(nStatusDate))
		},
	}, Check{
		Rule: Rule{
			ID: "need/before-referral", Severity: Warning, Reads: "referral_date first_contact_date of the episode, recorded_date",
			Problem: "the need was recorded before the referral of the episode", Fix: "correct the dates",
		},
		Need: []string{"episode_id", "recorded_date"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			if !ok {
				return NotApplicable
			}
			return e.earlier(r.value(nRecorded), e.began())
		},
	}, Check{
		Rule: Rule{
			ID: "need/not-in-episode", Severity: Warning, Reads: "wider_needs of the episode, need", When: "the episode lists its wider needs",
			Problem: "the need is not among the wider needs in the episode's row", Fix: "add it there, or remove it here",
			Note: "A need that came up after the assessment belongs there too.",
		},
		Need: []string{"episode_id", "need"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			if !ok || e.needs()&filledSet == 0 {
				return NotApplicable
			}
			return FailIf(!in(e.needs(), r.value(nNeed)))
		},
	}, Check{
		Rule: Rule{
			ID: "need/status-disagrees", Severity: Warning, Reads: "wider_needs_met wider_needs_part_met of the episode, need status", When: "status is met or part_met, and the episode lists what was met",
			Problem: "the need is met here, in full or in part, and not so in the episode's row", Fix: "correct the one that is wrong",
			Note: "A need met in part before it was met in full may stand there as met.",
		},
		Need: []string{"episode_id", "need", "status"}, Related: []string{"need"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			met, part := uint64(0), uint64(0)
			if ok {
				met, part = e.needsMet(), e.needsPartMet()
			}
			if (met|part)&filledSet == 0 || (met|part)&unknownSet != 0 {
				return NotApplicable
			}
			switch need := r.value(nNeed); r.value(nStatus) {
			case needMet:
				return FailIf(!in(met, need))
			case needPartMet:
				return FailIf(!in(met|part, need))
			}
			return NotApplicable
		},
	})
}

// appendParts appends texts so that no two lists of texts look the same.
func appendParts(key []byte, parts ...[]byte) []byte {
	for _, p := range parts {
		key = append(append(key, p...), 0)
	}
	return key
}
