package hte

import (
	"slices"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// DiarySummary is how a diary was kept over a run of days.
type DiarySummary struct {
	From Date `json:"from"`
	To   Date `json:"to"`
	// Days is how many days there are, both ends included; Entered is on how many of
	// them there is an entry, and Kept on how many the client did what they had set
	// out to do: on a day with several entries, in all of them.
	Days    int `json:"days"`
	Entered int `json:"entered"`
	Kept    int `json:"kept"`
	// Longest is the longest run of days kept, one after the other; Current is the
	// run that reaches To, or the day before where nothing is entered for To yet.
	Longest int `json:"longest"`
	Current int `json:"current"`
}

// Adherence returns the share of days kept, out of all days, as an exact fraction;
// no value where there are no days. A day without an entry is not kept: whether it
// was, nobody knows.
func (d DiarySummary) Adherence() wellbeing.Value {
	v, _ := wellbeing.NewValue(int64(d.Kept), int64(d.Days))
	return v
}

// DiarySummary returns how the diary of a type was kept from one day to another,
// both included, for a goal or, where goal is 0, for any. Entries may have been
// recorded in any order. Without both days, or with the later one first, it is
// empty.
func (s *State) DiarySummary(diary DiaryType, goal int, from, to Date) DiarySummary {
	if from.IsZero() || to.Before(from) {
		return DiarySummary{From: from, To: to}
	}
	sum := DiarySummary{From: from, To: to, Days: from.DaysUntil(to) + 1}
	type entry struct {
		on   Date
		kept bool
	}
	var entries []entry
	for i := range s.Diary {
		d := &s.Diary[i]
		if d.Diary == diary && (goal == 0 || d.Goal == goal) && !d.On.Before(from) && !d.On.After(to) {
			entries = append(entries, entry{d.On, d.Kept})
		}
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return a.on.Compare(b.on) })
	run, last := 0, Date{} // last is the last day of the run
	for i := 0; i < len(entries); {
		on, kept := entries[i].on, true
		for ; i < len(entries) && entries[i].on == on; i++ {
			kept = kept && entries[i].kept
		}
		sum.Entered++
		if !kept {
			run, last = 0, on
			continue
		}
		sum.Kept++
		if last.AddDays(1) != on {
			run = 0
		}
		run, last = run+1, on
		sum.Longest = max(sum.Longest, run)
	}
	if last == to || last.AddDays(1) == to {
		sum.Current = run
	}
	return sum
}

// GoalAttainment returns the T score of goal attainment scaling over the goals
// that were rated at their last review, with their weights, as
// [wellbeing.GoalAttainment] has it. Goals that were revised count as what they
// were revised to. Goals without a rating are left out, and where there is none the
// error is a [wellbeing.ArgumentError].
func (s *State) GoalAttainment() (wellbeing.Value, error) {
	var ratings []wellbeing.GoalRating
	for i := range s.Goals {
		g := &s.Goals[i]
		n := len(g.Reviews)
		if n == 0 || g.Status == "revised" {
			continue
		}
		if _, rated := g.Reviews[n-1].Attained.Code(); rated {
			ratings = append(ratings, wellbeing.GoalRating{Attained: g.Reviews[n-1].Attained, Weight: g.Weight})
		}
	}
	return wellbeing.GoalAttainment(ratings...)
}
