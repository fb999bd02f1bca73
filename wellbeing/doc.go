// Package wellbeing scores the questionnaires that health trainer services use, as their owners
// say, and shows on what each number rests.
//
// An instrument such as [WHO5] is immutable data: items with neutral keys, scales with their
// direction and range, cut-offs, bands and change rules with citations, and a licence note. A form
// is a slice of [Response], whose zero value means missing. [Instrument.Score] gives a [Result], or
// every reason why not at once:
//
//	r, err := wellbeing.WHO5().Score(wellbeing.Answers(3, 2, 4, 1, 3))
//
// Four rules hold throughout.
//
//   - A score or a refusal, never a partial total. Missing, refused and not-applicable answers
//     differ from 0 and from each other. Missing answers are filled in only by the owner's
//     published rule ([OwnerRule]) or by a limit that the caller names ([MaxMissing]), and the
//     result says so.
//   - Exact until one rounding. A [Value] is a fraction; the caller rounds, once, by
//     [Value.Decimal].
//   - Every number names its source. What was not confirmed carries the basis [Remembered] and is
//     off until [AllowUnverified]. Where sources conflict, rival cut-offs and change rules stand
//     side by side, by name, and [Judge] asks for the one that is wanted.
//   - Change is judged by a named [ChangeRule], or by the reliable change index from figures that
//     the caller gives with their source ([Instrument.ReliableChange]). [Change.Recovery] joins it
//     with a cut-off.
//
// # From what people have to a score
//
// [Instrument.ParseResponses] reads the cells of a row, with the codes for missing and refused that
// the caller declares; [Instrument.Assemble] puts answers together that were stored one by one. For
// many forms, make one [Parser] and one [Scorer], and fill one Result again and again, which allocates
// nothing, or score whole columns by [ScoreColumns]. Results are plain data: they go through JSON and
// database/sql and compare with go-cmp. A score from elsewhere travels as an [External].
//
// # Instruments
//
// [Instruments] lists them, [Lookup] finds one by name, and [Instrument.Definition] tells all about
// it. Wellbeing: [WHO5], [WEMWBS], [SWEMWBS], [ONS4], [SWLS], [RSES], [GSE], [ReQoL10]. Health and
// quality of life: [SelfRatedHealth100], [RAND36], [EQ5D3L], [EQ5D5L]. Distress: [PHQ9], [PHQ2],
// [GAD7], [GAD2], [GHQ12], [CORE10], [COREOM], [K10], [K6], [PSS10], [PSS4]. Alcohol, tobacco and
// activity: [AUDIT], [AUDITC], [FAST], [FTND], [HSI], [IPAQShort]. Other people: [UCLA3], [DJG6],
// [LSNS6]. Change: [ImportanceRuler], [ConfidenceRuler], [ReadinessRuler], [GBO], and
// [GoalAttainment] over several goals.
//
// The page REFERENCE.md, which is written from these data, tells of each how it is scored, and on what
// that rests. Package fhir, below this one, carries forms and scores over FHIR.
//
// Where an instrument has several codings or value sets, the caller names one: there is no default
// by which a score could be taken for another.
//
// # Proof
//
// The folder testdata holds vectors for every instrument, each with its origin, and rescore.R, which
// scores them again in base R from the published algorithms. Where the forms are few enough, every
// one of them is tested.
//
// # What it is not for
//
// It ships no wording of any questionnaire, gives no diagnosis, holds no dates and no person's
// identity, and imputes nothing by statistical models. Statistics over many results live in package
// outcomes.
package wellbeing
