package evaluation

import (
	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/outcomes"
)

// Evaluation is what one extract says about one period. Its numbers are exact: nothing is suppressed
// here, so it is not for publication. [Evaluation.Document] is.
//
// Where a number cannot be worked out (too few pairs, no variation, nobody to count) its field is nil
// and, beside it, NotComputed says why; no field is ever NaN or infinite.
type Evaluation struct {
	Edition string   `json:"edition"` // of the dictionary
	AsOf    hte.Date `json:"as_of"`
	File    string   `json:"file"`
	Period  Period   `json:"period"`
	Records Records  `json:"records"`
	// Quality is the validator's report on the whole file, whatever the period.
	Quality *dcrs.Report `json:"quality"`

	Episodes int64 `json:"episodes"` // in the period
	Clients  int64 `json:"clients"`  // distinct, by service and client_id
	// RepeatClients have more than one episode in the period. Unidentified episodes have no client_id;
	// each is counted as a client.
	RepeatClients int64 `json:"repeat_clients"`
	Unidentified  int64 `json:"unidentified"`

	Reach []Breakdown `json:"reach"`
	// MostDeprived is the share of clients from the two most deprived fifths.
	MostDeprived Proportion   `json:"most_deprived"`
	Editions     []Category   `json:"imd_editions"` // of the index behind the quintiles, episodes only
	Journey      Journey      `json:"journey"`
	FollowUps    []FollowUp   `json:"follow_ups"`
	Plans        Plans        `json:"plans"`
	Measures     []Measure    `json:"measures"`
	Binaries     []Binary     `json:"binaries"`
	WHO5         WHO5         `json:"who5"`
	Signposting  Signposting  `json:"signposting"`
	WiderNeeds   []WiderNeed  `json:"wider_needs"`
	Transitions  []Transition `json:"transitions"` // work and housing
	Inclusion    Inclusion    `json:"inclusion"`

	MinPairs int `json:"min_pairs"` // the fewest complete pairs for which changes are summarised
	Tests    int `json:"tests"`     // how many p-values there are
}

// Records says what became of the rows of the file.
type Records struct {
	InFile          int64     `json:"in_file"`
	Unread          int64     `json:"unread"`             // could not be taken apart into cells; always kept out
	KeptOut         int64     `json:"kept_out"`           // the unread among them
	KeptOutInPeriod int64     `json:"kept_out_in_period"` // with a referral date in the period; the rest lies outside it or has no readable date
	OutsidePeriod   int64     `json:"outside_period"`     // not kept out
	InPeriod        int64     `json:"in_period"`          // what the figures are made from
	Rules           []KeptOut `json:"rules"`              // why rows were kept out, most frequent first
}

// KeptOut says how many rows one rule kept out. A row can fall under several rules.
type KeptOut struct {
	Rule     string `json:"rule"`
	Problem  string `json:"problem"`
	Records  int64  `json:"records"`
	Alone    int64  `json:"alone"` // under no other rule that keeps out
	InPeriod int64  `json:"in_period"`
}

// Estimate is a number, with its confidence interval where one is given.
type Estimate struct {
	Value  float64            `json:"value"`
	Method string             `json:"method,omitempty"`
	CI     *outcomes.Interval `json:"ci,omitempty"`
}

// Proportion is a count over its denominator. Share is a fraction from 0 to 1, nil where the denominator
// is 0; where people are counted it has Wilson's interval.
type Proportion struct {
	N           int64     `json:"n"`
	Denominator int64     `json:"denominator"`
	Missing     int64     `json:"missing"` // not known, and so not in the denominator
	Share       *Estimate `json:"share,omitempty"`
}

// Breakdown counts clients and episodes by one characteristic.
type Breakdown struct {
	ID         string     `json:"id"`
	Title      string     `json:"title"`
	Note       string     `json:"note,omitempty"`
	Categories []Category `json:"categories"`
}

// Category is one answer. Clients are counted by their index episode. Where the answer is known, shares
// are of all whose answer is known; where it is not, of all.
//
// The interval belongs to the clients alone: episodes of one client are not independent.
type Category struct {
	Code     string     `json:"code"`
	Label    string     `json:"label"`
	Parent   string     `json:"parent,omitempty"` // code of the group that it belongs to
	Known    bool       `json:"known"`
	Clients  Proportion `json:"clients"`
	Episodes Proportion `json:"episodes"` // without an interval
}

// Journey is how far episodes came. A stage is reached where its date or that of a later stage is
// recorded, up to the review; the follow-ups, which can be held one without the other, are in
// [Evaluation.FollowUps].
type Journey struct {
	Stages []JourneyStage `json:"stages"`
}

// JourneyStage is one stage of the journey. Reached = those who reached the next + Open + all who Left.
type JourneyStage struct {
	ID       string     `json:"id"`
	Label    string     `json:"label"`
	Episodes Proportion `json:"episodes"` // that reached it, of all
	Clients  Proportion `json:"clients"`  // with at least one episode that did, of all
	Onward   Proportion `json:"onward"`   // of the episodes that reached the stage before
	Dated    int64      `json:"dated"`    // episodes with the date of this very stage
	Open     int64      `json:"open"`     // came no further yet and are not closed
	Left     []Reason   `json:"left"`     // closed here, by the reason for closing, most frequent first
}

// Reason is why episodes closed.
type Reason struct {
	Code  string `json:"code"` // "" where none is recorded
	Label string `json:"label"`
	N     int64  `json:"n"`
}

// FollowUp is what is known so many months after the review. A follow-up is due where the review plus the
// months is not after the as-of date and the client did not die before.
type FollowUp struct {
	Months    int   `json:"months"`
	Reviewed  int64 `json:"reviewed"` // episodes with a review
	NotYetDue int64 `json:"not_yet_due"`
	Died      int64 `json:"died"` // before it fell due
	Due       int64 `json:"due"`

	Held       Proportion `json:"held"`       // yes, part or no, of those due
	Maintained Proportion `json:"maintained"` // yes, of those due
	Part       Proportion `json:"part"`       // of those due
	Not        Proportion `json:"not"`        // of those due
	Lost       Proportion `json:"lost"`       // recorded as lost to follow-up, of those due
	Unrecorded Proportion `json:"unrecorded"` // due, and nothing recorded
	AmongHeld  Proportion `json:"among_held"` // yes, of those held: what is often published, and flatters
	HeldEarly  int64      `json:"held_early"` // held though not yet due; not counted above
}

// Outcomes counts what became of plans or goals. The denominator of every share is Closed.
type Outcomes struct {
	ID       string     `json:"id"`
	Label    string     `json:"label"`
	Total    int64      `json:"total"`
	Open     int64      `json:"open"`
	Closed   int64      `json:"closed"`  // achieved, part achieved, not achieved, dropped, lost
	Success  Proportion `json:"success"` // achieved or part achieved
	Achieved Proportion `json:"achieved"`
	Part     Proportion `json:"part"`
	Not      Proportion `json:"not"`
	Dropped  Proportion `json:"dropped"` // goals only
	Lost     Proportion `json:"lost"`
	Revised  int64      `json:"revised"` // goals only: became another goal, which is counted itself
	Missing  int64      `json:"missing"` // no status recorded
}

// Plans is what became of the personal health plans and of their goals.
type Plans struct {
	All      Outcomes   `json:"all"`
	Groups   []Outcomes `json:"groups"` // by quintile and by setting
	Goals    Outcomes   `json:"goals"`
	ByIssue  []Outcomes `json:"by_issue"` // goals
	Repeated int64      `json:"repeated"` // clients with more than one plan in the period
}

// Measure is one pre/post measure, for everyone and for groups.
type Measure struct {
	MeasureSpec
	Everyone Change   `json:"everyone"`
	Goal     *Change  `json:"goal,omitempty"` // those with a goal on it; nil where no issue stands for it
	Groups   []Change `json:"groups"`         // by quintile and by setting; without a test
}

// Change is one measure before and after in one group of clients, one episode each.
type Change struct {
	ID    string `json:"id"` // "everyone", "goal", "quintile-1", "setting-probation"
	Label string `json:"label"`

	Clients     int64 `json:"clients"` // in the group; the next four add up to it
	Both        int64 `json:"n_both"`
	PreOnly     int64 `json:"n_pre_only"`
	PostOnly    int64 `json:"n_post_only"`
	Neither     int64 `json:"n_neither"`
	PreOnlyOpen int64 `json:"n_pre_only_open"` // of PreOnly: the episode is still open

	Pre  *Distribution `json:"pre,omitempty"`  // of complete pairs
	Post *Distribution `json:"post,omitempty"` // of complete pairs
	Lost *Baseline     `json:"lost,omitempty"` // of those measured before only

	// Change is post minus pre, in units: the mean of the differences or their median, by the measure's
	// summary.
	Change *Estimate `json:"change,omitempty"`
	// HodgesLehmann is the estimate that goes with Wilcoxon's test, for who wants to compare with R's
	// wilcox.test: it leaves out the pairs without change and so overstates the change of a count with
	// many of them. Only where the summary is the median.
	HodgesLehmann *Estimate `json:"hodges_lehmann,omitempty"`
	Relative      *float64  `json:"relative,omitempty"` // change of the mean as a fraction of the mean before; ratio measures only
	Improved      int64     `json:"improved"`           // pairs that moved the better way, by however little
	Unchanged     int64     `json:"unchanged"`
	Worse         int64     `json:"worse"`
	// DZ and DAv are positive where the measure rose, whichever way is better. Groups have no intervals.
	DZ   *Estimate `json:"dz,omitempty"`
	DAv  *Estimate `json:"dav,omitempty"`
	Test *Test     `json:"test,omitempty"`

	NotComputed string `json:"not_computed,omitempty"` // why something above is missing
}

// Distribution is how a measure lies among complete pairs.
type Distribution struct {
	Mean float64 `json:"mean"`
	SD   float64 `json:"sd"`
	// Quartiles are nil where there were more distinct values than are kept; see [outcomes.MaxDistinct].
	Quartiles *Quartiles `json:"quartiles,omitempty"`
}

// Quartiles are by linear interpolation, R's type 7.
type Quartiles struct {
	Q1     float64 `json:"q1"`
	Median float64 `json:"median"`
	Q3     float64 `json:"q3"`
}

// Baseline is the measure before, of those who were not measured again.
type Baseline struct {
	Mean float64 `json:"mean"`
	SD   float64 `json:"sd"`
	// Standardised is the difference of this mean from that of the complete pairs, in standard
	// deviations; nil where it is not defined.
	Standardised *float64 `json:"standardised_difference,omitempty"`
}

// Test is a test of no change, two-sided.
type Test struct {
	Method    string  `json:"method"`
	Statistic float64 `json:"statistic"` // t, V or, for the exact McNemar test, 0
	DF        float64 `json:"df"`        // 0 where there are none
	P         float64 `json:"p"`
	// PHolm is P adjusted by Holm's method for the tests of its family: those for everyone, or those for
	// the clients with a goal.
	PHolm float64 `json:"p_holm"`
}

// Binary is a state that a client is in or not, at the start and at the end.
type Binary struct {
	ID       string         `json:"id"`
	Label    string         `json:"label"` // "Smoking"
	State    string         `json:"state"` // "a current smoker"
	Better   Better         `json:"better"`
	Issues   []string       `json:"issues"`
	Everyone BinaryChange   `json:"everyone"`
	Goal     *BinaryChange  `json:"goal,omitempty"`
	Groups   []BinaryChange `json:"groups"` // without a test
}

// BinaryChange is a state before and after in one group of clients, one episode each. Shares are of
// complete pairs.
type BinaryChange struct {
	ID    string `json:"id"`
	Label string `json:"label"`

	Clients  int64 `json:"clients"`
	Both     int64 `json:"n_both"`
	PreOnly  int64 `json:"n_pre_only"`
	PostOnly int64 `json:"n_post_only"`
	Neither  int64 `json:"n_neither"`

	Counts  outcomes.PairedBinary `json:"counts"`
	Pre     Proportion            `json:"pre"`
	Post    Proportion            `json:"post"`
	Stopped Proportion            `json:"stopped"` // no longer in the state, of those in it before
	Started Proportion            `json:"started"` // newly in the state, of those not in it before
	Change  *Estimate             `json:"change,omitempty"`
	Test    *Test                 `json:"test,omitempty"`

	NotComputed string `json:"not_computed,omitempty"`
}

// WHO5 is what the change rule of the WHO-5 says of the pairs behind the measure "who5", and where their
// scores came from.
type WHO5 struct {
	Instrument string `json:"instrument"`
	Edition    string `json:"edition"`
	Rule       string `json:"rule"`
	Threshold  string `json:"threshold"` // in points of 100
	Smallest   string `json:"smallest"`  // change that meets the rule, the scale moving in steps
	Meaning    string `json:"meaning"`
	Source     string `json:"source"`
	Basis      string `json:"basis"`

	Improved     Proportion `json:"improved"` // of complete pairs
	NoChange     Proportion `json:"no_reliable_change"`
	Deteriorated Proportion `json:"deteriorated"`

	Pre  ScoreOrigin `json:"pre"`
	Post ScoreOrigin `json:"post"`
}

// ScoreOrigin counts where the WHO-5 scores of the index episodes came from.
type ScoreOrigin struct {
	Items    int64 `json:"items"`    // scored from all five answers
	Recorded int64 `json:"recorded"` // the percentage as recorded, the answers being absent or incomplete
	// Disagreed counts, among Items, those with another percentage on record. There are none unless rows
	// with errors were kept in.
	Disagreed int64 `json:"disagreed"`
}

// Signposting is where clients were sent on to.
type Signposting struct {
	Episodes     Proportion    `json:"episodes"` // with any destination, of all
	Clients      Proportion    `json:"clients"`
	Onward       int64         `json:"onward"` // onward referrals: each destination of each episode is one
	Destinations []Destination `json:"destinations"`
}

// Destination is one place to which clients were signposted.
type Destination struct {
	Code    string     `json:"code"`
	Label   string     `json:"label"`
	Onward  Proportion `json:"onward"`  // of all onward referrals; without an interval
	Clients Proportion `json:"clients"` // of all clients
}

// WiderNeed is a need beyond lifestyle and what became of it. Met, Part and NotMet are of the closed
// episodes with the need; NotMet includes those of which nothing is recorded.
type WiderNeed struct {
	Code     string     `json:"code"`
	Label    string     `json:"label"`
	Present  Proportion `json:"present"` // episodes with the need, of those that came to a first contact
	Closed   int64      `json:"closed"`
	Met      Proportion `json:"met"`
	Part     Proportion `json:"part"`
	NotMet   Proportion `json:"not_met_or_unknown"`
	Open     int64      `json:"open"`     // the episode is open; not in the denominator
	Unlisted int64      `json:"unlisted"` // recorded as met or part met, but never as a need; not counted above
}

// Transition compares a coded field at the start and at the end, one episode a client.
type Transition struct {
	ID        string            `json:"id"` // "work", "home"
	Label     string            `json:"label"`
	Groups    []TransitionGroup `json:"groups"`
	Counts    outcomes.Table    `json:"counts"` // start (rows) by end, in the order of Groups
	Both      int64             `json:"n_both"`
	StartOnly int64             `json:"n_start_only"`
	EndOnly   int64             `json:"n_end_only"`
	Neither   int64             `json:"n_neither"`
}

// TransitionGroup is a group of codes.
type TransitionGroup struct {
	ID    string   `json:"id"`
	Label string   `json:"label"`
	Codes []string `json:"codes"`
}

// Inclusion compares the clients who are in the pre/post figures, with a complete pair of at least one
// measure, with those who are not.
type Inclusion struct {
	In              int64                     `json:"in"`
	Out             int64                     `json:"out"`
	Characteristics []InclusionCharacteristic `json:"characteristics"`
}

// InclusionCharacteristic is the comparison by one characteristic.
type InclusionCharacteristic struct {
	ID         string              `json:"id"`
	Title      string              `json:"title"`
	Categories []InclusionCategory `json:"categories"`
}

// InclusionCategory is the comparison in one category.
type InclusionCategory struct {
	Code     string     `json:"code"`
	Label    string     `json:"label"`
	Known    bool       `json:"known"`
	In       Proportion `json:"in"`       // this category's share of those in the figures
	Out      Proportion `json:"out"`      // its share of those who are not
	Included Proportion `json:"included"` // those in the figures, of this category's clients
	// Difference is In minus Out, with Newcombe's interval; nil where one side is empty or the category
	// is not a known answer.
	Difference   *Estimate `json:"difference,omitempty"`
	Standardised *float64  `json:"standardised_difference,omitempty"`
}
