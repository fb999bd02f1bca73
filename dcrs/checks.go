package dcrs

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/healthtrainer/healthtrainer/hte"
)

// The record rules of edition 2026.1, as Go functions over a row whose values
// have been read. What a rule needs before it applies is data, so that the
// validator can ask for it in two instructions; the function then only judges.

// check is one use of a rule: once a row for most, once for each point (pre,
// post), pair, goal or follow-up for others.
type check struct {
	rule string
	// more says that this is no use of its own but the other half of the one before:
	// no row is asked both.
	more bool
	// need must be valid, and clean must not be filled with something wrong; the
	// columns of both must be in the file. Otherwise the rule is not applicable.
	// Together they are the fields that the rule names one by one. Of a group of
	// fields (every date, each goal, the stages before) it looks at those that are
	// there and can be read, and is not applicable where one that cannot be read
	// might have decided.
	need, clean []int
	at          int   // the field where a finding stands, unless the function says otherwise
	related     []int // the other fields that a finding rests on
	judge       func(r *Row) Verdict
	// passes are those of the rows for which the function would say Pass, as far as
	// that can be told of all of them at once; nil: none. It is a short cut for most
	// rows and may miss some, never name one too many.
	passes func(b *rowBlock, rows uint64) uint64

	// What is data can be asked of all checks at once. The rule is not applicable
	// where none of any is filled, where one of unless is, and where the code of
	// when.field is not in when.codes.
	any, unless []int
	when        codesOf
	// Instead of judge, for the commonest questions: the check fails where a field
	// of ifBlank is blank; where the code of failIn.field is in failIn.codes, and that
	// of andIn.field in andIn.codes if there are any; where the year of the code at
	// lies after that of the as-of date; where a set of codes at holds one of alone
	// and another one; where
	// the date at lies after the as-of date; where the value of inOrder[1] is smaller
	// than that of inOrder[0].
	ifBlank   []int
	failIn    codesOf
	andIn     codesOf
	years     []int // of the codes of the field at
	alone     uint64
	afterAsOf bool
	inOrder   []int
	least     int64 // … where the value at is smaller than this
}

// codesOf are codes of a field that the check needs, as a set of their numbers; of
// an NHS number or a postcode, what Row.places may say of it.
type codesOf struct {
	field int
	codes uint64
}

func one(number int64) uint64 { return 1 << number }

// cellCheck is one use of a rule that rejects cells: nothing else reads them.
type cellCheck struct {
	rule  string
	field int
	judge func(c Cell) Verdict
}

func fields(f ...int) []int { return f }

// point is one of the two times at which measures are taken.
type point struct {
	height, weight, bmi, systolic, diastolic, smoking, cigarettes, percent int
	items                                                                  [5]int
}

var points = [2]point{
	{
		fHeightCm, fWeightKgPre, fBMIPre, fSystolicPre, fDiastolicPre, fSmokingStatusPre, fCigarettesPre, fWHO5PercentPre,
		[5]int{fWHO51Pre, fWHO52Pre, fWHO53Pre, fWHO54Pre, fWHO55Pre},
	},
	{
		fHeightCm, fWeightKgPost, fBMIPost, fSystolicPost, fDiastolicPost, fSmokingStatusPost, fCigarettesPost, fWHO5PercentPost,
		[5]int{fWHO51Post, fWHO52Post, fWHO53Post, fWHO54Post, fWHO55Post},
	},
}

// pair is a measure at assessment and the same at review, with the largest
// change that is not suspicious: in the measure's unit, or in per cent of the
// first value; 0 where there is no limit.
type pair struct {
	pre, post    int
	limit, share int64
}

var pairs = []pair{
	{fImportancePre, fImportancePost, 0, 0},
	{fConfidencePre, fConfidencePost, 0, 0},
	{fWeightKgPre, fWeightKgPost, 0, 30},
	{fBMIPre, fBMIPost, 0, 30},
	{fWaistCmPre, fWaistCmPost, 0, 30},
	{fSystolicPre, fSystolicPost, 80, 0},
	{fDiastolicPre, fDiastolicPost, 50, 0},
	{fFruitVegPre, fFruitVegPost, 15, 0},
	{fFriedSnacksPre, fFriedSnacksPost, 40, 0},
	{fActivityModeratePre, fActivityModeratePost, 14, 0},
	{fActivityVigorousPre, fActivityVigorousPost, 14, 0},
	{fAlcoholUnitsPre, fAlcoholUnitsPost, 200, 0},
	{fCigarettesPre, fCigarettesPost, 60, 0},
	{fSmokingStatusPre, fSmokingStatusPost, 0, 0},
	{fGeneralHealthPre, fGeneralHealthPost, 0, 0},
	{fSelfEfficacyPre, fSelfEfficacyPost, 0, 0},
	{fWHO51Pre, fWHO51Post, 0, 0},
	{fWHO52Pre, fWHO52Post, 0, 0},
	{fWHO53Pre, fWHO53Post, 0, 0},
	{fWHO54Pre, fWHO54Post, 0, 0},
	{fWHO55Pre, fWHO55Post, 0, 0},
	{fWHO5PercentPre, fWHO5PercentPost, 0, 0},
}

var preMeasures, postMeasures = func() (pre, post fieldSet) {
	for _, p := range pairs {
		pre.add(p.pre)
		post.add(p.post)
	}
	return pre, post
}()

// stages are the dates of a journey in its order, before review and follow-up.
var (
	journeyDates = fieldsOf(fReferralDate, fFirstContactDate, fAssessmentDate, fPlanDate, fSignpostedDate, fReviewDate,
		fFollowup3mDate, fFollowup6mDate, fFollowup12mDate, fClosureDate)
	beforeClosure = fieldsOf(fReferralDate, fFirstContactDate, fAssessmentDate, fPlanDate, fSignpostedDate, fReviewDate)
	goalIssues    = [3]int{fGoal1Issue, fGoal2Issue, fGoal3Issue}
	goalStatuses  = [3]int{fGoal1Status, fGoal2Status, fGoal3Status}
	planAndGoals  = fieldsOf(fPlanDate, fPlanStatus, fGoal1Issue, fGoal1Status, fGoal2Issue, fGoal2Status, fGoal3Issue, fGoal3Status)
	followupDates = fieldsOf(fFollowup3mDate, fFollowup6mDate, fFollowup12mDate)

	issuesOfGoals   = fieldsOf(goalIssues[:]...)
	statusesOfGoals = fieldsOf(goalStatuses[:]...)
)

// offSchedule is by how many days a follow-up may miss its month.
const offSchedule = 45

// fourCenturies are the days after which the calendar is the same again.
const fourCenturies = 146_097

// day numbers of fixed dates.
var programmeBegan = mustDay("2005-01-01") // HTE-ABT: implementation from 2005

func mustDay(s string) int64 {
	n, _ := lexDate([]byte(s))
	return n
}

// latestEarlier returns the last of the stages, given from the latest to the
// earliest, that is recorded.
func (r *Row) latestEarlier(stages ...int) (field int, ok bool) {
	for _, f := range stages {
		if r.valid.has(f) {
			return f, true
		}
		if r.filled.has(f) { // it is recorded, but nobody knows when
			return 0, false
		}
	}
	return 0, false
}

// before judges whether a stage comes before the latest earlier one recorded, of
// those given from the latest to the earliest.
func (r *Row) before(field int, stages ...int) Verdict {
	earlier, ok := r.latestEarlier(stages...)
	if !ok {
		return NotApplicable
	}
	if r.value(field) < r.value(earlier) {
		r.related = fieldsOf(earlier)
		return Fail
	}
	return Pass
}

// notBefore are those of the rows in which the latest earlier stage recorded can be
// read and does not lie behind the date, see Row.before.
func (b *rowBlock) notBefore(rows uint64, field int, stages ...int) (out uint64) {
	for _, f := range stages {
		recorded := rows & b.valid[f]
		out |= recorded &^ b.less(recorded, field, f)
		if rows &^= b.filled[f]; rows == 0 {
			break
		}
	}
	return out
}

func (r *Row) blank(f int) bool { return !r.filled.has(f) }

// wrong reports whether a field of the group is filled with something that could
// not be read.
func (r *Row) wrong(group *fieldSet) bool {
	bad := fieldSet{r.filled[0] &^ r.valid[0], r.filled[1] &^ r.valid[1]}
	return bad.hasAny(group)
}

// codeNumber is the place of a code in its list, -1 where it is not there; a
// test holds that every code named below is found.
func codeNumber(list, code string) int64 {
	for _, l := range episodeCodeLists {
		if l.Name != list {
			continue
		}
		for n, c := range l.Codes {
			if c.Code == code {
				return int64(n)
			}
		}
	}
	return -1
}

func codeSet(list string, codes ...string) (set uint64) {
	for _, c := range codes {
		set |= 1 << codeNumber(list, c)
	}
	return set
}

// The codes that rules name.
var (
	settingPrison      = codeNumber("setting", "prison")
	settingsJustice    = codeSet("setting", "probation", "prison", "approved_premises")
	settingsShared     = codeSet("setting", "prison", "approved_premises")
	supervisionNone    = codeNumber("supervision", "none")
	supervisionInside  = codeSet("supervision", "custody", "remand")
	referralsJustice   = codeSet("referral_source", "probation", "prison")
	modeOneToOne       = codeNumber("client_mode", "one_to_one")
	modeSignposted     = codeNumber("client_mode", "signposted")
	modeInformation    = codeNumber("client_mode", "information")
	consentNo          = codeNumber("consent", "N")
	accommodationTaken = codeSet("accommodation_type", "01", "02", "03", "04", "05", "06", "07")
	accommodationHeld  = codeNumber("accommodation_type", "21")
	accommodationMany  = codeSet("accommodation_type", "18", "21")
	disabilityAlone    = codeSet("disability", "NN", "ZZ")
	planOpen           = codeNumber("plan_status", "open")
	planAchieved       = codeNumber("plan_status", "achieved")
	planNotAchieved    = codeNumber("plan_status", "not_achieved")
	planSettled        = codeSet("plan_status", "achieved", "part_achieved", "not_achieved")
	goalAchieved       = codeNumber("goal_status", "achieved")
	goalNotAchieved    = codeNumber("goal_status", "not_achieved")
	maintainedLost     = codeNumber("maintained", "lost")
	closedCompleted    = codeNumber("closure_reason", "completed")
	closedDied         = codeNumber("closure_reason", "died")
	closedJustice      = codeSet("closure_reason", "recalled", "released")
	nhsNumberPresent   = codeSet("nhs_number_status", "01", "02", "03", "04", "05", "06")
	nhsNumberAbsent    = codeNumber("nhs_number_status", "07")
	smokes             = codeNumber("smoking_status", "1")
	smokedBefore       = codeSet("smoking_status", "1", "2")
	smokesNot          = codeSet("smoking_status", "2", "3", "4")
	smokedNever        = codeNumber("smoking_status", "4")
	editionsWelsh      = codeSet("imd_edition", "W2005", "W2008", "W2011", "W2014", "W2019", "W2025")
)

// The sets of what Row.places may say of an NHS number.
var numbersGood, numbersFiller, numbersTest = func() (good, filler, test uint64) {
	for says := range 8 {
		if says&numberGood != 0 {
			good |= 1 << says
		}
		if says&numberFiller != 0 {
			filler |= 1 << says
		}
		if says&numberTest != 0 {
			test |= 1 << says
		}
	}
	return good, filler, test
}()

// postcodesPseudo is the set of what Row.places may say of a ZZ99 postcode.
const postcodesPseudo = uint64(1<<postcodePseudo | 1<<postcodeNoAbode)

// editionYears are the years of the editions of the deprivation indices.
var editionYears = func() (years []int) {
	for _, c := range episodeCodeLists[codeListIndex("imd_edition")].Codes {
		year, _ := strconv.Atoi(strings.TrimPrefix(c.Code, "W"))
		years = append(years, year)
	}
	return years
}()

func codeListIndex(name string) int {
	return slices.IndexFunc(episodeCodeLists, func(l CodeList) bool { return l.Name == name })
}

func in(set uint64, number int64) bool { return set>>number&1 != 0 }

// episodeRejects lists the rules that take a cell out of what other rules read.
func episodeRejects() []cellCheck {
	return []cellCheck{{rule: "measures/height-in-another-unit", field: fHeightCm, judge: func(c Cell) Verdict {
		return FailIf(heightInAnotherUnit(c.row.value(fHeightCm)))
	}}}
}

// heightInAnotherUnit reports whether a height looks like metres or inches.
func heightInAnotherUnit(n int64) bool {
	return n >= 1*decimalUnit && n <= 25*decimalUnit/10 || n >= 55*decimalUnit && n <= 80*decimalUnit
}

// episodeChecks lists the uses of every record rule, in the order of the table.
func episodeChecks() []check {
	checks := []check{
		{rule: "client/nhs-number-check-digit", need: fields(fNHSNumber), at: fNHSNumber, failIn: codesOf{fNHSNumber, ^numbersGood}},
		{
			rule: "client/nhs-number-placeholder", need: fields(fNHSNumber), at: fNHSNumber,
			when: codesOf{fNHSNumber, numbersGood}, failIn: codesOf{fNHSNumber, numbersFiller},
		},
		{
			rule: "client/nhs-number-test-range", need: fields(fNHSNumber), at: fNHSNumber,
			when: codesOf{fNHSNumber, numbersGood &^ numbersFiller}, failIn: codesOf{fNHSNumber, numbersTest},
		},
		{
			rule: "client/nhs-number-status-disagrees", need: fields(fNHSNumberStatus), clean: fields(fNHSNumber), unless: fields(fNHSNumber),
			at: fNHSNumberStatus, related: fields(fNHSNumber), failIn: codesOf{fNHSNumberStatus, nhsNumberPresent},
		},
		{
			rule: "client/nhs-number-status-disagrees", more: true, need: fields(fNHSNumberStatus, fNHSNumber),
			at: fNHSNumberStatus, related: fields(fNHSNumber), failIn: codesOf{fNHSNumberStatus, one(nhsNumberAbsent)},
		},
		{rule: "client/id-is-nhs-number", need: fields(fClientID), at: fClientID, passes: func(b *rowBlock, rows uint64) uint64 { return b.above(rows, fClientID, 0) }, judge: func(r *Row) Verdict {
			n, ok := lexNHSNumber(r.Text(fClientID))
			return FailIf(ok && nhsNumberChecks(n))
		}},

		{
			rule: "place/quintile-for-pseudo-postcode", need: fields(fPostcode, fIMDQuintile),
			at: fIMDQuintile, related: fields(fPostcode), failIn: codesOf{fPostcode, postcodesPseudo},
		},
		{
			rule: "place/quintile-missing", need: fields(fPostcode), clean: fields(fIMDQuintile),
			at: fIMDQuintile, related: fields(fPostcode), when: codesOf{fPostcode, ^postcodesPseudo}, ifBlank: fields(fIMDQuintile),
		},
		{
			rule: "place/quintile-without-edition", need: fields(fIMDQuintile), clean: fields(fIMDEdition),
			at: fIMDEdition, related: fields(fIMDQuintile), ifBlank: fields(fIMDEdition),
		},
		{rule: "place/edition-in-the-future", need: fields(fIMDEdition), at: fIMDEdition, years: editionYears},
		{
			rule: "place/lsoa-and-edition-nation", need: fields(fLSOA, fIMDEdition),
			at: fIMDEdition, related: fields(fLSOA), when: codesOf{fLSOA, one(lsoaEnglish)}, failIn: codesOf{fIMDEdition, editionsWelsh},
		},
		{
			rule: "place/lsoa-and-edition-nation", more: true, need: fields(fLSOA, fIMDEdition),
			at: fIMDEdition, related: fields(fLSOA), when: codesOf{fLSOA, one(lsoaWelsh)}, failIn: codesOf{fIMDEdition, ^editionsWelsh},
		},
		{
			rule: "place/no-abode-but-housed", need: fields(fPostcode, fAccommodationType), at: fAccommodationType, related: fields(fPostcode),
			failIn: codesOf{fPostcode, one(postcodeNoAbode)}, andIn: codesOf{fAccommodationType, accommodationTaken},
		},
		{
			rule: "place/prison-setting-elsewhere", need: fields(fSetting, fAccommodationType),
			at: fAccommodationType, related: fields(fSetting),
			when: codesOf{fSetting, one(settingPrison)}, failIn: codesOf{fAccommodationType, ^one(accommodationHeld)},
		},
		{
			rule: "place/prison-setting-elsewhere", need: fields(fSetting, fSupervision),
			at: fSupervision, related: fields(fSetting),
			when: codesOf{fSetting, one(settingPrison)}, failIn: codesOf{fSupervision, ^supervisionInside},
		},

		{
			rule: "dates/birth-after-referral", need: fields(fDateOfBirth, fReferralDate),
			at: fReferralDate, related: fields(fDateOfBirth), inOrder: fields(fDateOfBirth, fReferralDate),
		},
		{
			rule: "dates/age-at-referral", need: fields(fDateOfBirth, fReferralDate),
			at: fReferralDate, related: fields(fDateOfBirth),
			passes: func(b *rowBlock, rows uint64) uint64 {
				return b.within(rows, fReferralDate, fDateOfBirth, 16*366, 110*365)
			},
			judge: func(r *Row) Verdict {
				if r.value(fDateOfBirth) > r.value(fReferralDate) {
					return NotApplicable
				}
				age := r.ageAtReferral()
				return FailIf(age < 16 || age > 110)
			},
		},
		{
			rule: "dates/age-disagrees", need: fields(fDateOfBirth, fReferralDate, fAgeAtReferral),
			at: fAgeAtReferral, related: fields(fDateOfBirth, fReferralDate), passes: (*rowBlock).agesAgree, judge: func(r *Row) Verdict {
				if r.value(fDateOfBirth) > r.value(fReferralDate) {
					return NotApplicable
				}
				return FailIf(r.ageAtReferral() != r.value(fAgeAtReferral))
			},
		},
	}
	for f := range episodeFields {
		if episodeFields[f].Type == TypeDate {
			checks = append(checks, check{rule: "dates/in-the-future", need: fields(f), at: f, afterAsOf: true})
		}
	}
	checks = append(checks, []check{
		{rule: "dates/before-the-programme", need: fields(fReferralDate), at: fReferralDate, least: programmeBegan},
		{
			rule: "dates/contact-too-early", need: fields(fReferralDate, fFirstContactDate),
			at: fFirstContactDate, related: fields(fReferralDate), inOrder: fields(fReferralDate, fFirstContactDate),
		},
		{
			rule: "dates/assessment-too-early", need: fields(fAssessmentDate), clean: fields(fReferralDate, fFirstContactDate),
			at: fAssessmentDate,
			passes: func(b *rowBlock, rows uint64) uint64 {
				return b.notBefore(rows, fAssessmentDate, fFirstContactDate, fReferralDate)
			},
			judge: func(r *Row) Verdict {
				return r.before(fAssessmentDate, fFirstContactDate, fReferralDate)
			},
		},
		{
			rule: "dates/plan-too-early", need: fields(fPlanDate), clean: fields(fAssessmentDate),
			at: fPlanDate,
			passes: func(b *rowBlock, rows uint64) uint64 {
				return b.notBefore(rows, fPlanDate, fAssessmentDate, fFirstContactDate, fReferralDate)
			},
			judge: func(r *Row) Verdict {
				return r.before(fPlanDate, fAssessmentDate, fFirstContactDate, fReferralDate)
			},
		},
		{
			rule: "dates/signposted-too-early", need: fields(fSignpostedDate), clean: fields(fReferralDate, fFirstContactDate),
			at: fSignpostedDate,
			passes: func(b *rowBlock, rows uint64) uint64 {
				return b.notBefore(rows, fSignpostedDate, fFirstContactDate, fReferralDate)
			},
			judge: func(r *Row) Verdict {
				return r.before(fSignpostedDate, fFirstContactDate, fReferralDate)
			},
		},
		{
			rule: "dates/review-too-early", need: fields(fReviewDate), clean: fields(fPlanDate),
			at: fReviewDate,
			passes: func(b *rowBlock, rows uint64) uint64 {
				return b.notBefore(rows, fReviewDate, fPlanDate, fAssessmentDate, fFirstContactDate, fReferralDate)
			},
			judge: func(r *Row) Verdict {
				return r.before(fReviewDate, fPlanDate, fAssessmentDate, fFirstContactDate, fReferralDate)
			},
		},
		{
			rule: "dates/review-same-day", need: fields(fReviewDate), clean: fields(fAssessmentDate, fPlanDate),
			at: fReviewDate,
			passes: func(b *rowBlock, rows uint64) uint64 {
				assessed, planned := rows&b.valid[fAssessmentDate], rows&b.valid[fPlanDate]
				same := b.equal(assessed, fReviewDate, fAssessmentDate) | b.equal(planned, fReviewDate, fPlanDate)
				return (assessed | planned) &^ same
			},
			judge: func(r *Row) Verdict {
				if r.blank(fAssessmentDate) && r.blank(fPlanDate) {
					return NotApplicable
				}
				for _, f := range [...]int{fAssessmentDate, fPlanDate} {
					if r.valid.has(f) && r.value(f) == r.value(fReviewDate) {
						r.related.add(f)
					}
				}
				return FailIf(!r.related.empty())
			},
		},
	}...)
	for n, date := range [...]int{fFollowup3mDate, fFollowup6mDate, fFollowup12mDate} {
		checks = append(checks, check{
			rule: "dates/followup-too-early", need: fields(date), clean: fields(fReviewDate), at: date,
			passes: func(b *rowBlock, rows uint64) uint64 { return b.notBefore(rows, date, fReviewDate) },
			judge: func(r *Row) Verdict {
				return r.before(date, fReviewDate, fPlanDate, fAssessmentDate, fFirstContactDate, fReferralDate)
			},
		})
		if n == 0 {
			continue
		}
		earlier := []int{fFollowup6mDate, fFollowup3mDate}[2-n:]
		checks = append(checks, check{
			rule: "dates/followups-out-of-order", need: fields(date), at: date,
			passes: func(b *rowBlock, rows uint64) uint64 { return b.less(rows&b.valid[earlier[0]], earlier[0], date) },
			judge: func(r *Row) Verdict {
				latest, ok := r.latestEarlier(earlier...)
				if !ok {
					return NotApplicable
				}
				r.related = fieldsOf(latest)
				return FailIf(r.value(date) <= r.value(latest))
			},
		})
	}
	for n, date := range [...]int{fFollowup3mDate, fFollowup6mDate, fFollowup12mDate} {
		months := [...]int{3, 6, 12}[n]
		checks = append(checks, check{
			rule: "dates/followup-off-schedule", need: fields(fReviewDate, date), at: date, related: fields(fReviewDate),
			passes: func(b *rowBlock, rows uint64) uint64 { // whatever the months
				return b.within(rows, date, fReviewDate, int64(31*months-offSchedule), int64(28*months+offSchedule))
			},
			judge: func(r *Row) Verdict {
				if r.value(date) < r.value(fReviewDate) {
					return NotApplicable
				}
				// Counted in the first four centuries, so that it is there beyond the last year too.
				early := (r.value(fReviewDate)-1)%fourCenturies + 1
				due := r.value(fReviewDate) - early + int64(hte.FromOrdinal(int(early)).AddMonths(months).Ordinal())
				return FailIf(r.value(date) > due+offSchedule || r.value(date) < due-offSchedule)
			},
		})
	}
	checks = append(checks, []check{
		{rule: "dates/closed-too-early", need: fields(fClosureDate), at: fClosureDate, passes: func(b *rowBlock, rows uint64) (out uint64) {
			recorded := rows & b.someValid(&beforeClosure) &^ b.someWrong(&beforeClosure)
			for m := recorded; m != 0; m &= m - 1 { // those in which no date is later
				i := bits.TrailingZeros64(m) & (blockRows - 1)
				if b.values.number[fClosureDate][i] >= b.values.latest[i] {
					out |= 1 << i
				}
			}
			return out
		}, judge: func(r *Row) Verdict {
			latest := -1
			recorded := r.valid.and(&beforeClosure)
			for f := range recorded.all {
				if latest < 0 || r.value(f) > r.value(latest) {
					latest = f
				}
			}
			if latest < 0 {
				return NotApplicable
			}
			r.related = fieldsOf(latest)
			if r.value(fClosureDate) < r.value(latest) {
				return Fail
			}
			if r.wrong(&beforeClosure) {
				return NotApplicable
			}
			return Pass
		}},
		{rule: "dates/stale-open", clean: fields(fClosureDate), unless: fields(fClosureDate), at: fClosureDate, judge: func(r *Row) Verdict {
			valid := r.valid.and(&journeyDates)
			if valid.empty() || r.wrong(&journeyDates) {
				return NotApplicable
			}
			latest := -1
			for f := range valid.all {
				if latest < 0 || r.value(f) > r.value(latest) {
					latest = f
				}
			}
			r.related = fieldsOf(latest)
			return FailIf(r.value(latest) < r.plan.yearAgo)
		}},

		{
			rule: "pathway/mode-missing", need: fields(fFirstContactDate), clean: fields(fClientMode),
			at: fClientMode, related: fields(fFirstContactDate), ifBlank: fields(fClientMode),
		},
		{
			rule: "pathway/consent-missing", need: fields(fFirstContactDate), clean: fields(fConsent),
			at: fConsent, related: fields(fFirstContactDate), ifBlank: fields(fConsent),
		},
		{rule: "pathway/consent-refused", need: fields(fConsent), at: fConsent, failIn: codesOf{fConsent, one(consentNo)}},
		{
			rule: "pathway/assessment-missing", need: fields(fClientMode), clean: fields(fAssessmentDate, fPlanDate),
			at: fPlanDate, when: codesOf{fClientMode, one(modeOneToOne)},
			passes: func(b *rowBlock, _ uint64) uint64 { return b.valid[fPlanDate] & b.filled[fAssessmentDate] },
			judge: func(r *Row) Verdict {
				measures := r.valid.and(&preMeasures)
				if measures.empty() && !r.valid.has(fPlanDate) {
					return NotApplicable
				}
				if !r.blank(fAssessmentDate) {
					return Pass
				}
				r.related = fieldsOf(fClientMode, fAssessmentDate, fPlanDate)
				if last := measures.last(); last >= 0 {
					r.at = last
				}
				return Fail
			},
		},
		{
			rule: "pathway/supervision-missing", need: fields(fSetting), clean: fields(fSupervision),
			at: fSupervision, related: fields(fSetting), when: codesOf{fSetting, settingsJustice}, ifBlank: fields(fSupervision),
		},
		{
			rule: "pathway/supervision-unexpected", need: fields(fSetting, fSupervision),
			at: fSupervision, related: fields(fSetting), when: codesOf{fSetting, ^settingsJustice}, failIn: codesOf{fSupervision, supervisionInside},
		},
		{
			rule: "pathway/justice-referral-outside-justice", need: fields(fReferralSource, fSupervision),
			at: fSupervision, related: fields(fReferralSource),
			when: codesOf{fReferralSource, referralsJustice}, failIn: codesOf{fSupervision, one(supervisionNone)},
		},
		{
			rule: "pathway/plan-in-other-mode", need: fields(fClientMode), clean: fields(fPlanDate, fPlanStatus),
			at: fClientMode, when: codesOf{fClientMode, ^one(modeOneToOne)},
			passes: func(b *rowBlock, rows uint64) uint64 {
				return rows &^ b.someFilled(&planAndGoals) &^ b.someFilled(&postMeasures)
			},
			judge: func(r *Row) Verdict {
				mode := r.value(fClientMode)
				group := planAndGoals
				if mode == modeSignposted || mode == modeInformation {
					group[0] |= postMeasures[0]
					group[1] |= postMeasures[1]
				} else {
					r.lesser = true
				}
				there := r.valid.and(&group)
				if there.empty() {
					if r.wrong(&group) {
						return NotApplicable
					}
					return Pass
				}
				r.at = there.last()
				there.add(fClientMode)
				r.related = there
				return Fail
			},
		},
		{
			rule: "pathway/primary-issue-missing", need: fields(fPlanDate), clean: fields(fPrimaryIssue),
			at: fPrimaryIssue, related: fields(fPlanDate), ifBlank: fields(fPrimaryIssue),
		},
		{
			rule: "pathway/primary-among-others", need: fields(fPrimaryIssue, fSecondaryIssues),
			at: fSecondaryIssues, related: fields(fPrimaryIssue), judge: func(r *Row) Verdict {
				return FailIf(in(uint64(r.value(fSecondaryIssues)), r.value(fPrimaryIssue)))
			},
		},
		{rule: "pathway/none-with-others", need: fields(fDisability), at: fDisability, alone: disabilityAlone},
		{
			rule: "pathway/need-met-not-recorded", clean: fields(fWiderNeeds, fWiderNeedsMet, fWiderNeedsPartMet),
			at: fWiderNeedsPartMet, related: fields(fWiderNeeds, fWiderNeedsMet), any: fields(fWiderNeedsMet, fWiderNeedsPartMet), judge: func(r *Row) Verdict {
				needs, met, part := r.set(fWiderNeeds), r.set(fWiderNeedsMet), r.set(fWiderNeedsPartMet)
				return FailIf((met|part)&^needs != 0 || met&part != 0)
			},
		},
		{
			rule: "pathway/signpost-pair", clean: fields(fSignpostedTo, fSignpostedDate),
			at: fSignpostedDate, related: fields(fSignpostedTo), any: fields(fSignpostedTo, fSignpostedDate), ifBlank: fields(fSignpostedTo, fSignpostedDate),
		},
		{
			rule: "pathway/signposted-to-nothing", need: fields(fClientMode), clean: fields(fSignpostedTo),
			at: fSignpostedTo, related: fields(fClientMode), when: codesOf{fClientMode, one(modeSignposted)}, judge: func(r *Row) Verdict {
				// signpost-pair has nothing to say where it cannot read the date.
				dated := r.plan.has(fSignpostedDate) && (r.blank(fSignpostedDate) || r.valid.has(fSignpostedDate))
				if dated && r.blank(fSignpostedTo) != r.blank(fSignpostedDate) {
					return NotApplicable
				}
				return FailIf(r.blank(fSignpostedTo))
			},
		},
		{
			rule: "pathway/closure-pair", clean: fields(fClosureDate, fClosureReason),
			at: fClosureReason, related: fields(fClosureDate), any: fields(fClosureDate, fClosureReason), ifBlank: fields(fClosureDate, fClosureReason),
		},
	}...)
	for n, date := range [...]int{fFollowup3mDate, fFollowup6mDate, fFollowup12mDate} {
		result := [...]int{fFollowup3mMaintained, fFollowup6mMaintained, fFollowup12mMaintained}[n]
		checks = append(checks, check{
			rule: "pathway/followup-pair", clean: fields(date, result), at: result, related: fields(date),
			any: fields(date, result), passes: func(b *rowBlock, _ uint64) uint64 { return b.filled[date] & b.filled[result] },
			judge: func(r *Row) Verdict {
				return FailIf(r.blank(result) || r.blank(date) && r.value(result) != maintainedLost)
			},
		})
	}
	checks = append(checks, []check{
		{
			rule: "pathway/attended-none-but-reviewed", need: fields(fSessionsAttended, fReviewDate),
			at: fReviewDate, related: fields(fSessionsAttended),
			passes: func(b *rowBlock, rows uint64) uint64 { return b.above(rows, fSessionsAttended, 0) },
			judge: func(r *Row) Verdict {
				return FailIf(r.value(fSessionsAttended) == 0)
			},
		},
		{
			rule: "pathway/attended-more-than-planned", need: fields(fSessionsPlanned, fSessionsAttended),
			at: fSessionsAttended, related: fields(fSessionsPlanned), inOrder: fields(fSessionsAttended, fSessionsPlanned),
		},
		{
			rule: "pathway/recalled-not-supervised", need: fields(fClosureReason, fSupervision),
			at: fSupervision, related: fields(fClosureReason),
			when: codesOf{fClosureReason, closedJustice}, failIn: codesOf{fSupervision, one(supervisionNone)},
		},
		{
			rule: "pathway/died-with-later-event", need: fields(fClosureReason, fClosureDate),
			at: fFollowup12mDate, related: fields(fClosureReason, fClosureDate),
			when: codesOf{fClosureReason, one(closedDied)}, judge: func(r *Row) Verdict {
				held := r.valid.and(&followupDates)
				if held.empty() {
					return NotApplicable
				}
				wrong := false
				for f := range held.all {
					if r.value(f) > r.value(fClosureDate) {
						wrong, r.at = true, f
					}
				}
				if !wrong && r.wrong(&followupDates) {
					return NotApplicable
				}
				return FailIf(wrong)
			},
		},

		{
			rule: "plan/status-missing", need: fields(fPlanDate), clean: fields(fPlanStatus),
			at: fPlanStatus, related: fields(fPlanDate), ifBlank: fields(fPlanStatus),
		},
		{
			rule: "plan/date-missing", clean: fields(fPlanDate, fPlanStatus), at: fPlanStatus, any: append(fields(fPlanStatus), goalIssues[:]...),
			passes: func(b *rowBlock, _ uint64) uint64 { return b.filled[fPlanDate] & b.valid[fPlanStatus] },
			judge: func(r *Row) Verdict {
				last := -1
				if r.valid.has(fPlanStatus) {
					last = fPlanStatus
				}
				for _, f := range goalIssues {
					if r.valid.has(f) {
						last = f
					}
				}
				if last < 0 {
					return NotApplicable
				}
				r.at = last
				r.related = fieldsOf(fPlanDate)
				return FailIf(r.blank(fPlanDate))
			},
		},
	}...)
	for n := range goalIssues {
		checks = append(checks, check{
			rule: "plan/goal-pair", clean: fields(goalIssues[n], goalStatuses[n]), at: goalStatuses[n], related: fields(goalIssues[n]),
			any: fields(goalIssues[n], goalStatuses[n]), ifBlank: fields(goalIssues[n], goalStatuses[n]),
		})
	}
	checks = append(checks, []check{
		{
			rule: "plan/goal-gap", clean: fields(fGoal1Issue, fGoal2Issue, fGoal3Issue),
			at: fGoal3Issue, related: fields(fGoal1Issue, fGoal2Issue), any: goalIssues[:],
			passes: func(b *rowBlock, _ uint64) uint64 { return b.filled[fGoal1Issue] &^ b.filled[fGoal3Issue] },
			judge: func(r *Row) Verdict {
				first, second, third := r.blank(fGoal1Issue), r.blank(fGoal2Issue), r.blank(fGoal3Issue)
				return FailIf(!third && (first || second) || !second && first)
			},
		},
		{rule: "plan/achieved-but-goals-are-not", need: fields(fPlanStatus), at: fGoal1Status, any: goalStatuses[:], judge: func(r *Row) Verdict {
			goals, achieved, against := 0, 0, -1
			for _, f := range goalStatuses {
				if r.blank(f) {
					continue
				}
				goals++
				if !r.valid.has(f) {
					continue
				}
				switch r.value(f) {
				case goalAchieved:
					achieved++
					if r.value(fPlanStatus) == planNotAchieved {
						against = f
					}
				case goalNotAchieved:
					if r.value(fPlanStatus) == planAchieved {
						against = f
					}
				}
			}
			status := r.value(fPlanStatus)
			if goals == 0 || status != planAchieved && status != planNotAchieved {
				return NotApplicable
			}
			r.at = against
			r.related = fieldsOf(fPlanStatus)
			switch {
			case status == planAchieved && against >= 0, status == planNotAchieved && achieved == goals:
				return Fail
			case r.wrong(&statusesOfGoals):
				return NotApplicable
			}
			return Pass
		}},
		{
			rule: "plan/open-but-closed", need: fields(fPlanStatus, fClosureReason),
			at: fClosureReason, related: fields(fPlanStatus),
			when: codesOf{fClosureReason, one(closedCompleted)}, failIn: codesOf{fPlanStatus, one(planOpen)},
		},
		{
			rule: "plan/settled-without-review", need: fields(fPlanStatus), clean: fields(fReviewDate),
			at: fReviewDate, related: fields(fPlanStatus), when: codesOf{fPlanStatus, planSettled}, ifBlank: fields(fReviewDate),
		},
		{rule: "plan/primary-issue-without-goal", need: fields(fPrimaryIssue), at: fGoal1Issue, any: goalIssues[:], passes: func(b *rowBlock, rows uint64) (out uint64) {
			for _, f := range goalIssues {
				out |= b.equal(rows&b.valid[f], f, fPrimaryIssue)
			}
			return out
		}, judge: func(r *Row) Verdict {
			last := -1
			for _, f := range goalIssues {
				if r.valid.has(f) {
					if r.value(f) == r.value(fPrimaryIssue) {
						return Pass
					}
					last = f
				}
			}
			if last < 0 || r.wrong(&issuesOfGoals) {
				return NotApplicable
			}
			r.at = last
			r.related = fieldsOf(fPrimaryIssue)
			return Fail
		}},
	}...)
	for _, p := range pairs {
		checks = append(checks, check{
			rule: "measures/post-without-pre", need: fields(p.post), clean: fields(p.pre), at: p.post, related: fields(p.pre),
			ifBlank: fields(p.pre),
		})
	}
	checks = append(checks, check{
		rule: "measures/post-without-review", clean: fields(fReviewDate), at: fReviewDate, any: slices.Collect(postMeasures.all),
		passes: func(b *rowBlock, rows uint64) uint64 {
			return rows & b.filled[fReviewDate] & b.someValid(&postMeasures)
		},
		judge: func(r *Row) Verdict {
			post := r.valid.and(&postMeasures)
			if post.empty() {
				return NotApplicable
			}
			r.at = post.last()
			r.related = fieldsOf(fReviewDate)
			return FailIf(r.blank(fReviewDate))
		},
	})
	for _, p := range points {
		checks = append(checks, check{
			rule: "measures/bmi-disagrees", need: fields(p.height, p.weight, p.bmi), at: p.bmi, related: fields(p.height, p.weight),
			judge: func(r *Row) Verdict {
				// A rule that is switched off silences no other.
				if r.weightInPounds(p) && !r.plan.off("measures/weight-in-another-unit") {
					return NotApplicable
				}
				return FailIf(!r.bmiAgrees(p))
			},
		})
	}
	for _, p := range points {
		checks = append(checks, check{
			rule: "measures/weight-in-another-unit", need: fields(p.weight, p.height), at: p.height, related: fields(p.weight),
			passes: func(b *rowBlock, rows uint64) uint64 { return b.notPounds(rows, p) },
			judge:  func(r *Row) Verdict { return FailIf(r.weightInPounds(p)) },
		})
	}
	for _, p := range pairs {
		if p.limit == 0 && p.share == 0 {
			continue
		}
		limit := p.limit
		if episodeFields[p.pre].Type == TypeDecimal {
			limit *= decimalUnit
		}
		checks = append(checks, check{
			rule: "measures/big-change", need: fields(p.pre, p.post), at: p.post, related: fields(p.pre),
			passes: func(b *rowBlock, rows uint64) (out uint64) {
				pre, post := &b.values.number[p.pre], &b.values.number[p.post]
				for m := rows; m != 0; m &= m - 1 {
					i := bits.TrailingZeros64(m) & (blockRows - 1)
					if !p.bigChange(pre[i], post[i], limit) {
						out |= 1 << i
					}
				}
				return out
			},
			judge: func(r *Row) Verdict { return FailIf(p.bigChange(r.value(p.pre), r.value(p.post), limit)) },
		})
	}
	for _, p := range points {
		checks = append(checks, check{
			rule: "measures/blood-pressure-order", need: fields(p.systolic, p.diastolic), at: p.diastolic, related: fields(p.systolic),
			passes: func(b *rowBlock, rows uint64) uint64 { return b.less(rows, p.diastolic, p.systolic) },
			judge:  func(r *Row) Verdict { return FailIf(r.value(p.diastolic) >= r.value(p.systolic)) },
		})
	}
	for _, p := range points {
		checks = append(checks, check{
			rule: "measures/smoker-without-cigarettes", need: fields(p.smoking), clean: fields(p.cigarettes), at: p.cigarettes, related: fields(p.smoking),
			when: codesOf{p.smoking, one(smokes)}, ifBlank: fields(p.cigarettes),
		})
	}
	for _, p := range points {
		checks = append(checks, check{
			rule: "measures/cigarettes-but-not-smoker", need: fields(p.smoking, p.cigarettes), at: p.cigarettes, related: fields(p.smoking),
			when: codesOf{p.smoking, smokesNot}, passes: func(b *rowBlock, rows uint64) uint64 { return rows &^ b.above(rows, p.cigarettes, 0) },
			judge: func(r *Row) Verdict { return FailIf(r.value(p.cigarettes) > 0) },
		})
	}
	checks = append(checks, check{
		rule: "measures/never-smoked-after-smoking", need: fields(fSmokingStatusPre, fSmokingStatusPost),
		at: fSmokingStatusPost, related: fields(fSmokingStatusPre),
		when: codesOf{fSmokingStatusPre, smokedBefore}, failIn: codesOf{fSmokingStatusPost, one(smokedNever)},
	})
	for _, p := range points {
		checks = append(checks, check{
			rule: "measures/who5-incomplete", clean: p.items[:], at: p.items[4], related: p.items[:4], any: p.items[:], ifBlank: p.items[:],
		})
	}
	for _, p := range points {
		checks = append(checks, check{
			rule: "measures/who5-not-multiple-of-4", need: fields(p.percent), at: p.percent,
			passes: func(b *rowBlock, rows uint64) (out uint64) {
				for m := rows; m != 0; m &= m - 1 {
					i := bits.TrailingZeros64(m) & (blockRows - 1)
					if b.values.number[p.percent][i]%4 == 0 {
						out |= 1 << i
					}
				}
				return out
			},
			judge: func(r *Row) Verdict { return FailIf(r.value(p.percent)%4 != 0) },
		})
	}
	for _, p := range points {
		checks = append(checks, check{
			rule: "measures/who5-total-disagrees", need: append(fields(p.percent), p.items[:]...), at: p.percent, related: p.items[:],
			passes: func(b *rowBlock, rows uint64) (out uint64) {
				for m := rows; m != 0; m &= m - 1 {
					i := bits.TrailingZeros64(m) & (blockRows - 1)
					sum := int64(0)
					for _, f := range p.items {
						sum += b.values.number[f][i]
					}
					if 4*sum == b.values.number[p.percent][i] {
						out |= 1 << i
					}
				}
				return out
			},
			judge: func(r *Row) Verdict {
				if r.value(p.percent)%4 != 0 {
					return NotApplicable
				}
				sum := int64(0)
				for _, f := range p.items {
					sum += r.value(f)
				}
				return FailIf(4*sum != r.value(p.percent))
			},
		})
	}
	return append(checks, check{rule: "measures/identical-pre-post", at: fWHO5PercentPost, any: slices.Collect(postMeasures.all), passes: func(b *rowBlock, rows uint64) (out uint64) {
		for _, p := range pairs {
			if both := rows &^ out & b.valid[p.pre] & b.valid[p.post]; both != 0 && p.pre != fSmokingStatusPre {
				out |= both &^ b.equal(both, p.pre, p.post)
			}
		}
		return out
	}, judge: func(r *Row) Verdict {
		post := r.valid.and(&postMeasures)
		if post.empty() {
			return NotApplicable
		}
		recorded, last, unknown := 0, -1, false
		for _, p := range pairs {
			if p.pre == fSmokingStatusPre || r.blank(p.pre) || r.blank(p.post) {
				continue
			}
			if !r.valid.has(p.pre) || !r.valid.has(p.post) {
				unknown = true
				continue
			}
			if r.value(p.pre) != r.value(p.post) {
				return Pass
			}
			if r.value(p.pre) != 0 {
				recorded++
				last = p.post
				r.related.add(p.pre)
				r.related.add(p.post)
			}
		}
		if recorded < 4 || unknown {
			return NotApplicable
		}
		r.at = last
		return Fail
	}})
}

// set is the set of codes of a field that can hold several, empty for a blank.
func (r *Row) set(f int) uint64 {
	if !r.valid.has(f) {
		return 0
	}
	return uint64(r.value(f))
}

// ageAtReferral is in completed years.
func (r *Row) ageAtReferral() int64 {
	if age, ok := yearsInDays(r.value(fReferralDate) - r.value(fDateOfBirth)); ok {
		return age
	}
	return int64(r.Date(fDateOfBirth).YearsUntil(r.Date(fReferralDate)))
}

// yearsInDays are the completed years, where the number of days tells whatever the
// leap years were: away from a birthday.
func yearsInDays(days int64) (years int64, ok bool) {
	const fourYears, margin = 4*365 + 1, 4 * 4
	quarters := uint32(4 * days)
	years = int64(quarters / fourYears)
	rest := quarters % fourYears
	return years, days >= 0 && days < 150*fourYears/4 && rest >= margin && rest < fourYears-margin
}

// agesAgree are those of the rows in which the age at referral is the recorded one.
func (b *rowBlock) agesAgree(rows uint64) (out uint64) {
	birth, referral, age := &b.values.number[fDateOfBirth], &b.values.number[fReferralDate], &b.values.number[fAgeAtReferral]
	for m := rows; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		if years, ok := yearsInDays(referral[i] - birth[i]); ok && years == age[i] {
			out |= 1 << i
		}
	}
	return out
}

// bigChange reports whether a measure has changed by more than its limit, or by
// more than its share of what it was.
func (p *pair) bigChange(pre, post, limit int64) bool {
	change := post - pre
	if change < 0 {
		change = -change
	}
	if p.share > 0 {
		return change*100 > pre*p.share
	}
	return change > limit
}

// notPounds are those of the rows in which the weight is far from being too large
// for kilograms: even with the height rounded down and the weight up, the body mass
// index is at most 80.
func (b *rowBlock) notPounds(rows uint64, p point) (out uint64) {
	height, weight := &b.values.number[p.height&(maxFields-1)], &b.values.number[p.weight&(maxFields-1)]
	for m := rows; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m) & (blockRows - 1)
		centimetres, kilograms := height[i]/decimalUnit, weight[i]/decimalUnit+1
		if 10_000*kilograms <= 80*centimetres*centimetres {
			out |= 1 << i
		}
	}
	return out
}

// wide is an unsigned number of 128 bits: enough for a body mass index times
// the square of a height in billionths, so that these rules are exact.
type wide struct{ hi, lo uint64 }

// product multiplies; none of those below comes near 2^128.
func product(a uint64, factors ...uint64) wide {
	w := wide{lo: a}
	for _, f := range factors {
		hi, lo := bits.Mul64(w.lo, f)
		w = wide{hi + w.hi*f, lo}
	}
	return w
}

func (w wide) less(v wide) bool { return w.hi < v.hi || w.hi == v.hi && w.lo < v.lo }

// The international pound is exactly 0.45359237 kg.
const kilogramsInPound = 45359237 // in units of 10^-8

// weightInPounds reports whether a weight makes sense only in pounds: as
// kilograms it gives a body mass index above 80, as pounds one of 15 to 60.
// With both numbers in billionths, the index is weight × 10^13 / height².
func (r *Row) weightInPounds(p point) bool {
	weight, height := uint64(r.value(p.weight)), uint64(r.value(p.height))
	index := func(n uint64) wide { return product(height, height, n) }
	asKilograms, asPounds := product(weight, 1e13), product(weight, 1e5, kilogramsInPound)
	return index(80).less(asKilograms) && !asPounds.less(index(15)) && !index(60).less(asPounds)
}

// bmiAgrees reports whether any height, weight and body mass index that round
// to the ones written, in their last digits shown, agree. It is exact: BMI ×
// height² is compared with weight × 10^22 in billionths, each doubled so that
// half a unit of the last place is whole.
func (r *Row) bmiAgrees(p point) bool {
	hLow, hHigh := r.shownInterval(p.height)
	wLow, wHigh := r.shownInterval(p.weight)
	bLow, bHigh := r.shownInterval(p.bmi)
	index := func(b, h uint64) wide { return product(b, h, h) }
	weight := func(w uint64) wide { return product(w, 4, 1e4, 1e18) } // doubled thrice there, once here
	return !weight(wHigh).less(index(bLow, hLow)) && !index(bHigh, hHigh).less(weight(wLow))
}

// shownInterval is twice the interval of numbers that round to the decimal as
// written, in billionths. What is written beyond the ninth place was cut off:
// the interval is then the billionth that it lies in.
func (r *Row) shownInterval(f int) (low, high uint64) {
	n := 2 * uint64(r.value(f))
	if r.places(f) > decimalPlaces {
		return n, n + 2
	}
	half := uint64(1) // of the ninth place, doubled
	for range decimalPlaces - r.places(f) {
		half *= 10
	}
	return n - min(n, half), n + half
}
