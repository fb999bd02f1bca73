package hte

import "github.com/healthtrainer/healthtrainer/wellbeing"

// PlanStarted says that work on a personal health plan began.
type PlanStarted struct {
	// Sessions is how many are planned; 0 takes the policy's number.
	Sessions int `json:"sessions,omitzero"`
}

// StrengthNoted is a strength that the client brings.
type StrengthNoted struct {
	Area StrengthArea `json:"area"`
	Text string       `json:"text,omitzero" personal:"text"`
}

// BalanceSheetEntered is the handbook's decision balance sheet: what speaks for
// and against changing, and for and against staying as it is.
type BalanceSheetEntered struct {
	Issue          Issue    `json:"issue"`
	ChangeFor      []string `json:"change_for,omitzero" personal:"text"`
	ChangeAgainst  []string `json:"change_against,omitzero" personal:"text"`
	StayingFor     []string `json:"staying_for,omitzero" personal:"text"`
	StayingAgainst []string `json:"staying_against,omitzero" personal:"text"`
}

// RulersRated is how important the change is to the client and how confident they
// are that they can make it, each 0 to 10. An answer that is missing, refused or
// does not apply is not 0.
type RulersRated struct {
	Importance wellbeing.Response `json:"importance"`
	Confidence wellbeing.Response `json:"confidence"`
	Occasion   Occasion           `json:"occasion"`
}

// GoalSet is a goal, SMART by construction: the behaviour is specific, baseline,
// target and unit make it measurable, it has a day, and [Policy] bounds how far
// off that may be. Whether it is achievable and relevant, trainer and client say
// by signing the plan.
type GoalSet struct {
	// Goal is its number in the journey, counted from 1. A command leaves it 0.
	Goal  int   `json:"goal"`
	Issue Issue `json:"issue"`
	// Behaviour is what the client will do, in their own words.
	Behaviour string `json:"behaviour" personal:"text"`
	// Measure is the measure in which the goal is set, where it is one of this
	// package's: its unit is then the goal's.
	Measure  Measure         `json:"measure,omitzero"`
	Baseline wellbeing.Value `json:"baseline"`
	Target   wellbeing.Value `json:"target"`
	Unit     string          `json:"unit"`
	// By is the day by which the target is to be met.
	By Date `json:"by"`
	// Replaces is the number of the goal that this one revises, or 0.
	Replaces int `json:"replaces,omitzero"`
	// Weight is the goal's weight in goal attainment scaling; 0 stands for equal
	// weights.
	Weight int `json:"weight,omitzero"`
}

// ActionPlanned is one action towards a goal: what, where, when, with whom.
type ActionPlanned struct {
	Goal  int    `json:"goal"`
	What  string `json:"what" personal:"text"`
	Where string `json:"where" personal:"text"`
	When  string `json:"when" personal:"text"`
	// With is a support person, or none.
	With Ref `json:"with,omitzero" personal:"reference"`
}

// IfThenPlanned is an implementation intention: if this happens, then I will do
// that.
type IfThenPlanned struct {
	Goal int    `json:"goal"`
	If   string `json:"if" personal:"text"`
	Then string `json:"then" personal:"text"`
}

// InfluenceNoted is a barrier to a goal or something that helps with it.
type InfluenceNoted struct {
	Goal      int       `json:"goal"`
	Influence Influence `json:"influence"`
	Text      string    `json:"text" personal:"text"`
}

// RewardPlanned is a reward that the client will give themselves for a goal.
type RewardPlanned struct {
	Goal int    `json:"goal"`
	Text string `json:"text" personal:"text"`
}

// SupporterNamed is somebody who supports the client: a reference to a person
// who, like the client, can be erased.
type SupporterNamed struct {
	Person   Ref      `json:"person" personal:"reference"`
	Relation Relation `json:"relation"`
}

// SupporterRemoved says that somebody no longer supports the client.
type SupporterRemoved struct {
	Person Ref `json:"person" personal:"reference"`
}

// PlanSigned says that client and trainer agreed a version of the plan.
type PlanSigned struct {
	// Version counts from 1. A command leaves it 0.
	Version int `json:"version"`
	// Client and Trainer say who signed.
	Client  bool `json:"client"`
	Trainer bool `json:"trainer"`
}

// DiaryKept is one entry of a self-monitoring diary. The event's day is the day
// that the entry is about.
type DiaryKept struct {
	Diary DiaryType `json:"diary"`
	// Goal is the goal that the diary is kept for, or 0.
	Goal int `json:"goal,omitzero"`
	// Value is how much or how often, in the unit of the goal; it may be left out.
	Value wellbeing.Value `json:"value,omitzero"`
	// Kept says whether the client did that day what they had set out to do.
	Kept bool   `json:"kept"`
	Text string `json:"text,omitzero" personal:"text"`
}

// GoalReviewed is what a review of one goal found. A goal is revised by setting
// another that replaces it.
type GoalReviewed struct {
	Goal   int        `json:"goal"`
	Result GoalResult `json:"result"`
	// Value is where the client stands, in the unit of the goal; it may be left out.
	Value wellbeing.Value `json:"value,omitzero"`
	// Reason is why the goal was dropped.
	Reason DropReason `json:"reason,omitzero"`
	// Attained is the rating of goal attainment scaling, -2 to 2, where that is used.
	Attained wellbeing.Response `json:"attained,omitzero"`
}

// PlanReviewed is a review of the plan on the way.
type PlanReviewed struct {
	// Next is the day of the next review, where one was agreed.
	Next Date   `json:"next,omitzero"`
	Note string `json:"note,omitzero" personal:"text"`
}

// PlanConcluded is the final review, with the outcome of the plan. The months of
// follow-up count from its day.
type PlanConcluded struct {
	Outcome PlanOutcome `json:"outcome"`
	// FollowUps are the months after which follow-ups are due. A command leaves it
	// out to take the policy's; an empty list means none.
	FollowUps []int  `json:"follow_ups"`
	Note      string `json:"note,omitzero" personal:"text"`
}

// SetbackRecorded is a slip or a relapse on the way to a goal.
type SetbackRecorded struct {
	Goal int         `json:"goal,omitzero"`
	Type SetbackType `json:"type"`
	Text string      `json:"text,omitzero" personal:"text"`
}

// RelapsePlanMade is what the client will do in a difficult situation.
type RelapsePlanMade struct {
	Goal      int    `json:"goal,omitzero"`
	Situation string `json:"situation" personal:"text"`
	Response  string `json:"response" personal:"text"`
}

// Signposted says that the client was pointed to another service or group, or
// referred on to it.
type Signposted struct {
	// Signpost is its number in the journey, counted from 1. A command leaves it 0.
	Signpost int        `json:"signpost"`
	To       SignpostTo `json:"to"`
	// Need is the wider need that it is for, where it is one.
	Need WiderNeed `json:"need,omitzero"`
	// Organisation is the service or group.
	Organisation Ref `json:"organisation,omitzero"`
	// Referral says that the trainer made the referral, and did not only point.
	Referral bool `json:"referral,omitzero"`
}

// SignpostFollowedUp is what came of signposting or an onward referral.
type SignpostFollowedUp struct {
	Signpost int             `json:"signpost"`
	Outcome  SignpostOutcome `json:"outcome"`
}

// SafeguardingEscalated records that a safeguarding concern was passed on. What
// it was, and to whom it went, stays in the safeguarding record.
type SafeguardingEscalated struct{}

func (PlanStarted) Kind() Kind           { return KindPlanStarted }
func (StrengthNoted) Kind() Kind         { return KindStrengthNoted }
func (BalanceSheetEntered) Kind() Kind   { return KindBalanceSheetEntered }
func (RulersRated) Kind() Kind           { return KindRulersRated }
func (GoalSet) Kind() Kind               { return KindGoalSet }
func (ActionPlanned) Kind() Kind         { return KindActionPlanned }
func (IfThenPlanned) Kind() Kind         { return KindIfThenPlanned }
func (InfluenceNoted) Kind() Kind        { return KindInfluenceNoted }
func (RewardPlanned) Kind() Kind         { return KindRewardPlanned }
func (SupporterNamed) Kind() Kind        { return KindSupporterNamed }
func (SupporterRemoved) Kind() Kind      { return KindSupporterRemoved }
func (PlanSigned) Kind() Kind            { return KindPlanSigned }
func (DiaryKept) Kind() Kind             { return KindDiaryKept }
func (GoalReviewed) Kind() Kind          { return KindGoalReviewed }
func (PlanReviewed) Kind() Kind          { return KindPlanReviewed }
func (PlanConcluded) Kind() Kind         { return KindPlanConcluded }
func (SetbackRecorded) Kind() Kind       { return KindSetbackRecorded }
func (RelapsePlanMade) Kind() Kind       { return KindRelapsePlanMade }
func (Signposted) Kind() Kind            { return KindSignposted }
func (SignpostFollowedUp) Kind() Kind    { return KindSignpostFollowedUp }
func (SafeguardingEscalated) Kind() Kind { return KindSafeguardingEscalated }
