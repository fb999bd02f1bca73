package dcrs

import (
	"slices"
	"sync"
)

// The fields of a goal.
const (
	gEpisodeID = childEpisode + iota
	gGoalID
	gNumber
	gIssue
	gMeasure
	gBaseline
	gTarget
	gResult
	gSetDate
	gDueDate
	gReviewDate
	gStatus
	goalFieldCount
)

// goalRange is what any measure can be; the rule goal/value-range holds each
// value against its own measure.
var goalRange = &Range{0, 1000}

var goalFields = [goalFieldCount]Field{
	gEpisodeID: childEpisodeID,
	gGoalID: {
		Name: "goal_id", Label: "Goal identifier", Type: TypeID, MaxLength: 36, Alphabet: idAlphabet,
		Presence: Mandatory, Sensitivity: Pseudonym, Basis: BasisOwn, Note: "unique in the extract",
	},
	gNumber: {
		Name: "goal_number", Label: "Number of the goal in the plan", Type: TypeInteger, Valid: &Range{1, 99}, Plausible: &Range{1, 12},
		Presence: Optional, Sensitivity: NotSensitive, Basis: BasisOwn, Note: "goals 1 to 3 stand in the row of the episode too",
	},
	gIssue: {
		Name: "issue", Label: "Issue of the goal", Type: TypeCode, CodeList: "issue",
		Presence: Required, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "GOVINT (diet, exercise, local issue); rest own",
	},
	gMeasure: {
		Name: "measure", Label: "Measure in which the goal is set", Type: TypeCode, CodeList: "plain_measure",
		Presence: Conditional, Sensitivity: SpecialCategory, Basis: BasisOwn, Note: "gives baseline, target and result their unit; required with any of them",
	},
	gBaseline: {
		Name: "baseline", Label: "Value when the goal was set", Type: TypeDecimal, Valid: goalRange,
		Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Source: "HANDB (SMART goals)", Note: "in the unit of measure",
	},
	gTarget: {
		Name: "target", Label: "Value aimed at", Type: TypeDecimal, Valid: goalRange,
		Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Source: "HANDB (SMART goals)", Note: "in the unit of measure",
	},
	gResult: {
		Name: "result", Label: "Value at the review of the goal", Type: TypeDecimal, Valid: goalRange,
		Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Note: "in the unit of measure",
	},
	gSetDate: {
		Name: "set_date", Label: "Date on which the goal was set", Type: TypeDate,
		Presence: Required, Sensitivity: NotSensitive, Basis: BasisOwn,
	},
	gDueDate: {
		Name: "due_date", Label: "Date by which it is to be reached", Type: TypeDate,
		Presence: Optional, Sensitivity: NotSensitive, Basis: BasisOwn, Source: "HANDB (SMART goals)",
	},
	gReviewDate: {
		Name: "review_date", Label: "Date on which the goal was reviewed", Type: TypeDate,
		Presence: Conditional, Sensitivity: NotSensitive, Basis: BasisOwn, Note: "expected where the goal was achieved, in part or not at all",
	},
	gStatus: {
		Name: "status", Label: "Status of the goal", Type: TypeCode, CodeList: "goal_status",
		Presence: Required, Sensitivity: SpecialCategory, Basis: BasisOwn,
	},
}

// Goals returns the dictionary of goals.csv: one row for each goal of a personal
// health plan, with what it is measured in. The handbook teaches SMART goals; no
// public source lists what the DCRS kept of them.
func Goals() *Dictionary { return goals() }

var goals = sync.OnceValue(func() *Dictionary {
	return newChild("goal", goalFields[:], []CodeList{plainMeasureList}, goalChecks())
})

var (
	goalOpen    = codeNumber("goal_status", "open")
	goalSettled = codeSet("goal_status", "achieved", "part_achieved", "not_achieved")
)

var goalValues = [...]int{gBaseline, gTarget, gResult}

func goalChecks() []Check {
	checks := append(references("goal"), Check{
		Rule: Rule{
			ID: "goal/duplicate", Severity: Error,
			Problem: "a goal_id seen before in this file", Fix: "remove the repeat",
		},
		Need: []string{"goal_id"},
		Key:  func(r *Row, key []byte) []byte { return append(key, r.Text(gGoalID)...) },
	}, Check{
		Rule: Rule{
			ID: "goal/number-twice", Severity: Error,
			Problem: "two goals of one episode bear the same number", Fix: "number the goals of the plan 1, 2, 3 and so on",
			Note: "A row whose goal_id is repeated counts as a repeat and not here.",
		},
		Need: []string{"episode_id", "goal_number"},
		Fold: func() Fold { return goalNumbers{} },
	})
	for _, f := range []string{"set_date", "review_date"} {
		checks = append(checks, Check{
			Rule: Rule{
				ID: "goal/in-the-future", Severity: Error, Reads: "set_date review_date", Per: "cell",
				Problem: "a goal set or reviewed after the as-of date", Fix: "correct the date",
			},
			Need: []string{f},
			Row:  func(r *Row) Verdict { return FailIf(r.value(r.at) > r.plan.asOfDay) },
		})
	}
	checks = append(checks, Check{
		Rule: Rule{
			ID: "goal/due-too-early", Severity: Error,
			Problem: "the goal is to be reached before it was set", Fix: "correct the dates",
		},
		Need: []string{"set_date", "due_date"}, Related: []string{"set_date"},
		Row: func(r *Row) Verdict { return FailIf(r.value(gDueDate) < r.value(gSetDate)) },
	}, Check{
		Rule: Rule{
			ID: "goal/review-too-early", Severity: Error,
			Problem: "the goal was reviewed before it was set", Fix: "correct the dates",
		},
		Need: []string{"set_date", "review_date"}, Related: []string{"set_date"},
		Row: func(r *Row) Verdict { return FailIf(r.value(gReviewDate) < r.value(gSetDate)) },
	}, Check{
		Rule: Rule{
			ID: "goal/settled-without-review", Severity: Warning, Reads: "status review_date", When: "status is achieved, part_achieved or not_achieved",
			Problem: "a goal achieved, in part or not at all, with no date of its review", Fix: "record the date",
		},
		Need: []string{"status"}, Clean: []string{"review_date"}, At: "review_date", Related: []string{"status"},
		Row: func(r *Row) Verdict {
			if !in(goalSettled, r.value(gStatus)) {
				return NotApplicable
			}
			return FailIf(r.blank(gReviewDate))
		},
	}, Check{
		Rule: Rule{
			ID: "goal/overdue", Severity: Info, When: "status is open",
			Problem: "the goal is still open, and the day by which it was to be reached has passed", Fix: "review it with the client",
		},
		Need: []string{"due_date", "status"}, Related: []string{"due_date"},
		Row: func(r *Row) Verdict {
			if r.value(gStatus) != goalOpen {
				return NotApplicable
			}
			return FailIf(r.value(gDueDate) < r.plan.asOfDay)
		},
	})
	for _, f := range []string{"baseline", "target", "result"} {
		checks = append(checks, Check{
			Rule: Rule{
				ID: "goal/value-range", Severity: Error, Reads: "measure, baseline target result", Per: "cell",
				Problem: "the value lies outside the valid range of its measure", Fix: "correct the value, its unit or the measure",
				Note: "The ranges are those of the same measure in the dictionary of episodes.",
			},
			Need: []string{"measure", f}, Related: []string{"measure"},
			Row: func(r *Row) Verdict { return FailIf(!plainMeasures[r.value(gMeasure)].holds(r.value(r.at))) },
		})
	}
	checks = append(checks, Check{
		Rule: Rule{
			ID: "goal/measure-missing", Severity: Error, Reads: "baseline target result measure", When: "any of the three is recorded",
			Problem: "a baseline, target or result without the measure that it is in", Fix: "say what is measured",
		},
		Clean: []string{"measure"}, Related: []string{"baseline", "target", "result"},
		Row: func(r *Row) Verdict {
			for _, f := range goalValues {
				if r.valid.has(f) {
					return FailIf(r.blank(gMeasure))
				}
			}
			return NotApplicable
		},
	}, Check{
		Rule: Rule{
			ID: "goal/target-is-baseline", Severity: Info,
			Problem: "the goal is to stay where the client is", Fix: "none needed if true",
		},
		Need: []string{"baseline", "target"}, Related: []string{"baseline"},
		Row: func(r *Row) Verdict { return FailIf(r.value(gTarget) == r.value(gBaseline)) },
	}, Check{
		Rule: Rule{
			ID: "goal/result-disagrees", Severity: Warning, When: "status is achieved or not_achieved; target is not the baseline",
			Problem: "the goal is called achieved though the result falls short of the target, or not achieved though it reaches it", Fix: "correct the status or the values",
		},
		Need: []string{"baseline", "target", "result", "status"}, Related: []string{"baseline", "target", "result"},
		Row: func(r *Row) Verdict {
			baseline, target, result := r.value(gBaseline), r.value(gTarget), r.value(gResult)
			status := r.value(gStatus)
			if target == baseline || status != goalAchieved && status != goalNotAchieved {
				return NotApplicable
			}
			reached := result >= target
			if target < baseline {
				reached = result <= target
			}
			return FailIf(reached != (status == goalAchieved))
		},
	}, Check{
		Rule: Rule{
			ID: "goal/without-plan", Severity: Error, Reads: "plan_date of the episode",
			Problem: "a goal of an episode without the date of a personal health plan", Fix: "record the plan",
		},
		Need: []string{"episode_id"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			if !ok || untold(e.planned()) {
				return NotApplicable
			}
			return FailIf(e.planned() == 0)
		},
	}, Check{
		Rule: Rule{
			ID: "goal/before-plan", Severity: Warning, Reads: "plan_date of the episode, set_date",
			Problem: "the goal was set before the plan was made", Fix: "correct the dates",
		},
		Need: []string{"episode_id", "set_date"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			if !ok {
				return NotApplicable
			}
			return e.earlier(r.value(gSetDate), e.planned())
		},
	}, Check{
		Rule: Rule{
			ID: "goal/after-closure", Severity: Warning, Reads: "closure_date of the episode, set_date",
			Problem: "the goal was set after the episode closed", Fix: "correct the dates",
		},
		Need: []string{"episode_id", "set_date"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			if !ok {
				return NotApplicable
			}
			return e.later(r.value(gSetDate), e.closure())
		},
	}, Check{
		Rule: Rule{
			ID: "goal/open-but-closed", Severity: Warning, Reads: "closure_reason of the episode, status", When: "the episode closed as completed",
			Problem: "the goal is still open on an episode closed as completed", Fix: "settle the goal",
		},
		Need: []string{"episode_id", "status"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			if !ok || e.closedAs(closedCompleted) != yes {
				return NotApplicable
			}
			return FailIf(r.value(gStatus) == goalOpen)
		},
	})
	return append(checks, Check{
		Rule: Rule{
			ID: "goal/disagrees-with-episode", Severity: Warning, Reads: "goal_N_issue goal_N_status of the episode, goal_number issue status", When: "goal_number is 1, 2 or 3",
			Problem: "issue or status of the goal differ from those of the same goal in the episode's row", Fix: "correct the one that is wrong",
			Note: "A goal that the episode's row has not is a difference too. What is blank here is not compared.",
		},
		Need: []string{"episode_id", "goal_number"}, Clean: []string{"issue", "status"}, At: "status", Related: []string{"goal_number"},
		Row: func(r *Row) Verdict {
			e, ok := r.episode()
			n := r.value(gNumber)
			if !ok || n > int64(len(goalIssues)) {
				return NotApplicable
			}
			issue, status := e.goal(int(n) - 1)
			asked := false
			for _, c := range [...]struct {
				field int
				is    int64
			}{{gStatus, status}, {gIssue, issue}} {
				if r.blank(c.field) || c.is == unknownSmall {
					continue
				}
				asked = true
				if r.value(c.field)+1 != c.is {
					return r.FailAt(c.field, gNumber)
				}
			}
			if !asked {
				return NotApplicable
			}
			return Pass
		},
	})
}

// goalNumbers finds the goals of one episode that bear the same number. It keeps
// about 100 bytes for each numbered goal.
type goalNumbers map[uint64][]numberedGoal

type numberedGoal struct {
	id uint64 // hash of goal_id, 0 where it is blank or wrong
	at Place
}

func (g goalNumbers) Add(r *Row, at Place) {
	id := uint64(0)
	if r.valid.has(gGoalID) {
		id = hashBytes(1, r.Text(gGoalID))
	}
	key := hashPair(r.hashOf(gEpisodeID), uint64(r.value(gNumber)))
	g[key] = append(g[key], numberedGoal{id, at})
}

func (g goalNumbers) Merge(later Fold) {
	for key, goals := range later.(goalNumbers) {
		g[key] = append(g[key], goals...)
	}
}

func (g goalNumbers) Finish(found func(at Place, detail string)) (checked int) {
	var again []Place
	for _, goals := range g { // each in the order of the file
		checked += len(goals)
		for i, goal := range goals[1:] {
			same := func(o numberedGoal) bool { return goal.id != 0 && o.id == goal.id }
			if !slices.ContainsFunc(goals[:i+1], same) {
				again = append(again, goal.at)
			}
		}
	}
	slices.SortFunc(again, func(a, b Place) int {
		if a.Before(b) {
			return -1
		}
		return 1
	})
	for _, at := range again {
		found(at, "")
	}
	return checked
}
