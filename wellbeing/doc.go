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
//     side by side, by name.
//   - Change is judged by a named [ChangeRule], or by the reliable change index from figures that
//     the caller gives with their source.
//
// # What it is not for
//
// It ships no wording of any questionnaire, gives no diagnosis, holds no dates and no person's
// identity, and imputes nothing by statistical models. Statistics over many results live in package
// outcomes.
package wellbeing
