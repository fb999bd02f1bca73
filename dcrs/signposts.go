package dcrs

import "sync"

// The fields of a signpost.
const (
	sEpisodeID = childEpisode + iota
	sSignpostID
	sDate
	sDestination
	sKind
	sIssue
	sNeed
	sConsent
	sOutcome
	sOutcomeDate
	signpostFieldCount
)

var signpostFields = [signpostFieldCount]Field{
	sEpisodeID: childEpisodeID,
	sSignpostID: {
		Name: "signpost_id", Label: "Signpost identifier", Type: TypeID, MaxLength: 36, Alphabet: idAlphabet,
		Presence: Mandatory, Sensitivity: Pseudonym, Basis: BasisOwn, Note: "unique in the extract",
	},
	sDate: {
		Name: "signpost_date", Label: "Date", Type: TypeDate,
		Presence: Mandatory, Sensitivity: NotSensitive, Basis: BasisOwn,
	},
	sDestination: {
		Name: "destination", Label: "Where to", Type: TypeCode, CodeList: "signpost",
		Presence: Required, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "HTE-OUT (stop smoking); rest own",
	},
	sKind: {
		Name: "kind", Label: "Signposted, referred or given information", Type: TypeCode, CodeList: "signpost_kind",
		Presence: Required, Sensitivity: NotSensitive, Basis: BasisSource, Source: "HTE-OUT; RSPH13; NOTTS",
	},
	sIssue: {
		Name: "issue", Label: "Issue that it was for", Type: TypeCode, CodeList: "issue",
		Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn,
	},
	sNeed: {
		Name: "need", Label: "Wider need that it was for", Type: TypeCode, CodeList: "wider_need",
		Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn,
	},
	sConsent: {
		Name: "consent", Label: "Consent to this referral", Type: TypeCode, CodeList: "consent",
		Presence: Conditional, Sensitivity: NotSensitive, Basis: BasisOwn, Note: "expected where the client was referred",
	},
	sOutcome: {
		Name: "outcome", Label: "What came of it", Type: TypeCode, CodeList: "signpost_outcome",
		Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn,
	},
	sOutcomeDate: {
		Name: "outcome_date", Label: "Date of the outcome", Type: TypeDate,
		Presence: Optional, Sensitivity: NotSensitive, Basis: BasisOwn,
	},
}

// Signposts returns the dictionary of signposts.csv: one row each time a client
// was told where to go, referred onward or given information, with what came of
// it.
func Signposts() *Dictionary { return signposts() }

var signposts = sync.OnceValue(func() *Dictionary {
	return newChild("signpost", signpostFields[:], nil, signpostChecks())
})

var (
	kindReferred    = childCode("signpost_kind", "referred")
	kindInformation = childCode("signpost_kind", "information")
	outcomesOpen    = childCodes("signpost_outcome", "awaited", "waiting", "not_known")
)

func signpostChecks() []Check {
	checks := append(references("signpost"), Check{
		Rule: Rule{
			ID: "signpost/duplicate", Severity: Error,
			Problem: "a signpost_id seen before in this file", Fix: "remove the repeat",
		},
		Need: []string{"signpost_id"},
		Key:  func(r *Row, key []byte) []byte { return append(key, r.Text(sSignpostID)...) },
	})
	for _, f := range []string{"signpost_date", "outcome_date"} {
		checks = append(checks, Check{
			Rule: Rule{
				ID: "signpost/in-the-future", Severity: Error, Reads: "signpost_date outcome_date", Per: "cell",
				Problem: "a date after the as-of date", Fix: "correct the date",
			},
			Need: []string{f},
			Row:  func(r *Row) Verdict { return FailIf(r.value(r.at) > r.plan.asOfDay) },
		})
	}
	return append(checks, Check{
		Rule: Rule{
			ID: "signpost/outcome-too-early", Severity: Error,
			Problem: "the outcome comes before the signposting", Fix: "correct the dates",
		},
		Need: []string{"signpost_date", "outcome_date"}, Related: []string{"signpost_date"},
		Row: func(r *Row) Verdict { return FailIf(r.value(sOutcomeDate) < r.value(sDate)) },
	}, Check{
		Rule: Rule{
			ID: "signpost/outcome-missing", Severity: Warning, Reads: "outcome_date outcome",
			Problem: "a date of the outcome, and no outcome or one that is not known yet", Fix: "record what came of it",
		},
		Need: []string{"outcome_date"}, Clean: []string{"outcome"}, At: "outcome", Related: []string{"outcome_date"},
		Row: func(r *Row) Verdict {
			return FailIf(r.blank(sOutcome) || in(outcomesOpen, r.value(sOutcome)))
		},
	}, Check{
		Rule: Rule{
			ID: "signpost/consent-missing", Severity: Warning, Reads: "kind consent", When: "kind is referred",
			Problem: "the client was referred, and nothing says whether with consent", Fix: "record it (not_asked is an answer)",
		},
		Need: []string{"kind"}, Clean: []string{"consent"}, At: "consent", Related: []string{"kind"},
		Row: func(r *Row) Verdict {
			if r.value(sKind) != kindReferred {
				return NotApplicable
			}
			return FailIf(r.blank(sConsent))
		},
	}, Check{
		Rule: Rule{
			ID: "signpost/referred-without-consent", Severity: Error, When: "kind is referred",
			Problem: "the client was referred though consent was refused", Fix: "correct one of the two; if it is true, follow the service's own procedure",
		},
		Need: []string{"kind", "consent"}, Related: []string{"kind"},
		Row: func(r *Row) Verdict {
			if r.value(sKind) != kindReferred {
				return NotApplicable
			}
			return FailIf(r.value(sConsent) == consentNo)
		},
	}, Check{
		Rule: Rule{
			ID: "signpost/before-referral", Severity: Warning, Reads: "referral_date first_contact_date of the episode, signpost_date",
			Problem: "signposted before the referral of the episode", Fix: "correct the dates",
		},
		Need: []string{"episode_id", "signpost_date"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			if !ok {
				return NotApplicable
			}
			return e.earlier(r.value(sDate), e.began())
		},
	}, Check{
		Rule: Rule{
			ID: "signpost/after-closure", Severity: Warning, Reads: "closure_date of the episode, signpost_date",
			Problem: "signposted after the episode closed", Fix: "correct the dates, or open a new episode",
		},
		Need: []string{"episode_id", "signpost_date"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			if !ok {
				return NotApplicable
			}
			return e.later(r.value(sDate), e.closure())
		},
	}, Check{
		Rule: Rule{
			ID: "signpost/not-in-episode", Severity: Warning, Reads: "signposted_to of the episode, destination kind", When: "signposted or referred, and the episode says where to",
			Problem: "the destination is not among those in the episode's row", Fix: "add it there, or correct it here",
		},
		Need: []string{"episode_id", "kind", "destination"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			if !ok || r.value(sKind) == kindInformation || e.signpostedTo()&filledSet == 0 {
				return NotApplicable
			}
			return FailIf(!in(e.signpostedTo(), r.value(sDestination)))
		},
	})
}
