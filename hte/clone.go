package hte

import (
	"slices"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// Clone returns a copy that shares nothing with s.
func (s *State) Clone() State {
	c := *s
	c.Stages = slices.Clone(s.Stages)
	c.Referral.Access = slices.Clone(s.Referral.Access)
	c.Access.Access = slices.Clone(s.Access.Access)
	c.Assignments = slices.Clone(s.Assignments)
	c.Attempts = slices.Clone(s.Attempts)
	c.Consent.Purposes = slices.Clone(s.Consent.Purposes)
	c.Issues = slices.Clone(s.Issues)
	c.Needs = each(s.Needs, func(n *Need) { n.Course = slices.Clone(n.Course) })
	c.Measurements = slices.Clone(s.Measurements)
	c.Questionnaires = each(s.Questionnaires, func(q *Questionnaire) {
		q.Answers = slices.Clone(q.Answers)
		q.Result.Scores = each(q.Result.Scores, func(s *wellbeing.Score) { s.Unanswered = slices.Clone(s.Unanswered) })
		q.Result.Flags = slices.Clone(q.Result.Flags)
		q.Result.Bands = slices.Clone(q.Result.Bands)
	})
	c.Circumstances = slices.Clone(s.Circumstances)
	c.Appointments = each(s.Appointments, func(a *Appointment) { a.Techniques = slices.Clone(a.Techniques) })
	c.Plan.Versions = each(s.Plan.Versions, func(v *PlanVersion) { v.Changes = slices.Clone(v.Changes) })
	c.Plan.Changes = slices.Clone(s.Plan.Changes)
	c.Plan.Strengths = slices.Clone(s.Plan.Strengths)
	c.Plan.Balance = each(s.Plan.Balance, func(b *BalanceSheetEntered) {
		b.ChangeFor, b.ChangeAgainst = slices.Clone(b.ChangeFor), slices.Clone(b.ChangeAgainst)
		b.StayingFor, b.StayingAgainst = slices.Clone(b.StayingFor), slices.Clone(b.StayingAgainst)
	})
	c.Plan.Rulers = slices.Clone(s.Plan.Rulers)
	c.Plan.Relapse = slices.Clone(s.Plan.Relapse)
	c.Plan.Reviews = slices.Clone(s.Plan.Reviews)
	c.Goals = each(s.Goals, func(g *Goal) {
		g.Actions = slices.Clone(g.Actions)
		g.IfThens = slices.Clone(g.IfThens)
		g.Influences = slices.Clone(g.Influences)
		g.Rewards = slices.Clone(g.Rewards)
		g.Reviews = slices.Clone(g.Reviews)
	})
	c.Supporters = slices.Clone(s.Supporters)
	c.Diary = slices.Clone(s.Diary)
	c.Setbacks = slices.Clone(s.Setbacks)
	c.Signposts = slices.Clone(s.Signposts)
	c.Safeguarding = slices.Clone(s.Safeguarding)
	c.Justice.Course = slices.Clone(s.Justice.Course)
	c.Pauses = slices.Clone(s.Pauses)
	c.FollowUps = slices.Clone(s.FollowUps)
	c.Workforce = slices.Clone(s.Workforce)
	c.Notes = slices.Clone(s.Notes)
	c.Redactions = slices.Clone(s.Redactions)
	return c
}

// each returns a copy of a slice of which every element was made its own.
func each[T any](list []T, own func(*T)) []T {
	list = slices.Clone(list)
	for i := range list {
		own(&list[i])
	}
	return list
}
