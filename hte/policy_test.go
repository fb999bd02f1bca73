package hte_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

func TestPolicyCheck(t *testing.T) {
	t.Parallel()
	defaults := hte.DefaultPolicy()
	require.NoError(t, defaults.Check())
	require.NoError(t, (&hte.Policy{}).Check(), "the zero policy asks for nothing")
	for _, tc := range []struct {
		field string
		spoil func(*hte.Policy)
		why   string
	}{
		{"min_age", func(p *hte.Policy) { p.MinAge = -1 }, "no age"},
		{"max_age", func(p *hte.Policy) { p.MaxAge = 17 }, "younger than the youngest"},
		{"settings", func(p *hte.Policy) { p.Settings = []hte.Setting{"moon"} }, "no such setting"},
		{"contact_within_days", func(p *hte.Policy) { p.ContactWithinDays = -1 }, "negative"},
		{"contact_attempts", func(p *hte.Policy) { p.ContactAttempts = -1 }, "negative"},
		{"erase_within_days", func(p *hte.Policy) { p.EraseWithinDays = -1 }, "negative"},
		{"required_at_assessment", func(p *hte.Policy) { p.RequiredAtAssessment = []hte.Measure{"shoe_size"} }, "could never be met"},
		{"required_at_review", func(p *hte.Policy) { p.RequiredAtReview = []hte.Measure{""} }, "could never be met"},
		{"questionnaires_at_assessment", func(p *hte.Policy) { p.QuestionnairesAtAssessment = []string{"WHO5"} }, "it is called WHO-5"},
		{"questionnaires_at_review", func(p *hte.Policy) { p.QuestionnairesAtReview = []string{""} }, "no name"},
		{"sessions", func(p *hte.Policy) { p.Sessions = -1 }, "negative"},
		{"most_sessions", func(p *hte.Policy) { p.MostSessions = 5 }, "fewer than planned by default"},
		{"most_goals", func(p *hte.Policy) { p.MostGoals = -1 }, "negative"},
		{"goal_within_weeks", func(p *hte.Policy) { p.GoalWithinWeeks = -1 }, "negative"},
		{"review_after_weeks", func(p *hte.Policy) { p.ReviewAfterWeeks = -1 }, "negative"},
		{"missed_in_a_row", func(p *hte.Policy) { p.MissedInARow = -1 }, "negative"},
		{"follow_up_months", func(p *hte.Policy) { p.FollowUpMonths = []int{6, 3} }, "out of order"},
		{"follow_up_months", func(p *hte.Policy) { p.FollowUpMonths = []int{0} }, "no months"},
		{"follow_up_early_days", func(p *hte.Policy) { p.FollowUpEarlyDays = -1 }, "negative"},
		{"follow_up_late_days", func(p *hte.Policy) { p.FollowUpLateDays = -1 }, "negative"},
		{"justice", func(p *hte.Policy) { p.Justice[0].After = hte.KindClosed }, "no justice event"},
		{"justice", func(p *hte.Policy) { p.Justice[0].Action = "cry" }, "no such action"},
		{"justice", func(p *hte.Policy) { p.Justice[1] = p.Justice[0] }, "twice"},
	} {
		p := hte.DefaultPolicy()
		tc.spoil(&p)
		err := p.Check()
		require.Equal(t, &hte.PolicyError{Field: tc.field}, err, tc.why)
		require.Contains(t, err.Error(), tc.field)
	}

	text, err := json.Marshal(defaults)
	require.NoError(t, err)
	var back hte.Policy
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, defaults, back)
	for _, b := range defaults.Bases() {
		require.Contains(t, []string{"source", "own", "remembered"}, b.Basis, b.Field)
		require.NotEmpty(t, b.Why, b.Field)
	}
}
