package evaluation

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// qualityFields are the fields whose quality is shown: those that say who was reached, and a few that the
// results rest on.
var qualityFields = []string{
	"date_of_birth", "gender", "ethnic_category", "postcode", "imd_quintile", "gp_practice_code", "setting",
	"referral_source", "supervision", "client_mode", "primary_issue", "plan_status", "closure_reason",
	"employment_status", "accommodation_type",
}

// mostRules is how many rules the quality section lists.
const mostRules = 12

func (p *presenter) quality() Section {
	s := Section{ID: "quality", Title: "How good the data are"}
	q, r := p.e.Quality, p.e.Records
	if q == nil {
		return s
	}
	if q.Unread != "" {
		s.Text = append(s.Text, "The rows of the file could not be read at all: see the rule "+q.Unread+".")
	}
	s.Text = append(s.Text, fmt.Sprintf("The file holds %s; %s have no error, and %s have a warning. This is about the whole file, whatever the period.",
		p.saying(r.InFile, "record", "records"), p.of(p.withoutErrors()), p.of(percentOf(q.RecordsWithWarnings, q.Records))))
	if r.KeptOut > 0 {
		s.Text = append(s.Text, fmt.Sprintf("%s kept out of every figure that follows; %s a referral date in the period, and the rest lie outside it or have no readable date. What is kept out may differ from what is not, so mend and run again where it is more than a few.",
			sentence(p.saying(r.KeptOut, "record was", "records were")), p.saying(r.KeptOutInPeriod, "has", "have")))
	} else {
		s.Text = append(s.Text, "No record was kept out of the figures that follow.")
	}
	var absent []string
	for _, f := range q.Fields {
		if f.Absent {
			absent = append(absent, f.Label)
		}
	}
	if len(absent) > 0 && q.Unread == "" {
		text := fmt.Sprintf("The file lacks %d columns of the dictionary, so that all of their values count as missing", len(absent))
		if len(absent) == 1 {
			text = "The file lacks one column of the dictionary, so that all of its values count as missing"
		}
		if len(absent) <= 8 {
			text += ": " + list(absent)
		}
		s.Text = append(s.Text, text+".")
	}

	d := dcrs.Episodes()
	kept := Table{
		ID: "kept-out", Caption: "Why records were kept out", Brief: true,
		Columns: []Column{brief(left("problem", "What is wrong")), brief(left("rule", "Rule")), brief(right("records", "Records")), right("alone", "For this alone"), right("in-period", "In the period")},
		Notes:   []string{"A record can fall under several rules."},
	}
	small := 0
	for _, k := range r.Rules {
		if p.d.Hides(k.Records) {
			small++
			continue
		}
		kept.Rows = append(kept.Rows, body(0, problem(d, k.Rule), k.Rule, p.n(k.Records), p.n(k.Alone), p.n(k.InPeriod)))
	}
	if r.Unread > 0 {
		kept.Notes = append(kept.Notes, fmt.Sprintf("%s could not be taken apart into cells.", sentence(p.saying(r.Unread, "record", "records"))))
	}
	if small > 0 {
		text := fmt.Sprintf("%d rules kept out fewer than 5 records each and are not listed.", small)
		if small == 1 {
			text = "One rule kept out fewer than 5 records and is not listed."
		}
		if len(kept.Rows) == 0 {
			s.Text = append(s.Text, text)
		}
		kept.Notes = append(kept.Notes, text)
	}
	if len(kept.Rows) > 0 {
		kept.Rows = append(kept.Rows, Row{Kind: TotalRow, Cells: []string{"All records kept out", "", p.n(r.KeptOut), none, p.n(r.KeptOutInPeriod)}})
		s.Tables = append(s.Tables, kept)
	}

	rules := Table{
		ID: "findings", Caption: fmt.Sprintf("The rules with the most findings, errors first (at most %d of each severity)", mostRules),
		Columns: []Column{left("severity", "Severity"), left("rule", "Rule"), left("problem", "What is wrong"), right("findings", "Findings"), right("checked", "Checked")},
		Notes:   []string{"A finding can be about a cell, a pair of values or a record. The validator lists every one with its place in the file."},
	}
	if p.d.suppresses() {
		rules.Notes = append(rules.Notes, "Rules with fewer than 5 findings are not listed.")
	}
	for _, level := range []dcrs.Level{dcrs.Error, dcrs.Warning} {
		var found []dcrs.RuleReport
		for _, rule := range q.Rules {
			if rule.Severity == level && rule.Count > 0 && !p.d.Hides(int64(rule.Count)) {
				found = append(found, rule)
			}
		}
		slices.SortStableFunc(found, func(a, b dcrs.RuleReport) int { return b.Count - a.Count })
		for _, rule := range found[:min(len(found), mostRules)] {
			rules.Rows = append(rules.Rows, body(0, level.String(), rule.Rule, problem(d, rule.Rule), p.n(int64(rule.Count)), p.n(int64(rule.Checked))))
		}
	}
	if len(rules.Rows) > 0 {
		s.Tables = append(s.Tables, rules)
	}

	vodim := Table{
		ID: "vodim", Caption: "What the cells of key fields hold, in per cent of the records that could be read",
		Columns: []Column{left("field", "Field"), right("records", "Records"), right("valid-share", "Valid"), right("other-share", "Other"), right("default-share", "Default"), right("invalid-share", "Invalid"), right("missing-share", "Missing")},
		Notes: []string{
			"As NHS data-quality reports count (VODIM): valid; other, a code such as \"not stated\"; default, a filler such as \"not known\"; invalid; missing. Some fields may rightly be blank: a client who came no further has no plan, and supervision is asked for in justice settings only.",
		},
	}
	chart := Chart{
		ID: "vodim-chart", Kind: StackedChart, Title: "Completeness and validity of key fields", Axis: "per cent of records", Max: 100, Table: vodim.ID,
		Series: []Series{{ID: "valid", Label: "Valid"}, {ID: "other", Label: "Other"}, {ID: "default", Label: "Default"}, {ID: "invalid", Label: "Invalid"}, {ID: "missing", Label: "Missing"}, restSeries},
	}
	for _, name := range qualityFields {
		i := slices.IndexFunc(q.Fields, func(f dcrs.FieldReport) bool { return f.Field == name })
		if i < 0 || q.Fields[i].Denominator == 0 {
			continue
		}
		f := q.Fields[i]
		cells := []string{f.Label, p.n(int64(f.Denominator))}
		var parts []Proportion
		for _, n := range []int{f.Valid, f.Other, f.Default, f.Invalid, f.Missing} {
			x := percentOf(n, f.Denominator)
			parts = append(parts, x)
			cells = append(cells, p.pc(x))
		}
		p.stack(&chart, f.Label, parts...)
		p.whole(vodim.Caption, f.Label, parts...)
		vodim.Rows = append(vodim.Rows, body(0, cells...))
	}
	if len(vodim.Rows) > 0 {
		chart.Description = "A bar for each field, divided into valid, other, default, invalid and missing. Valid: " + described(chart.Series[0]) + " Missing: " + described(chart.Series[4])
		p.finish(&chart)
		s.Charts = append(s.Charts, chart)
		s.Tables = append(s.Tables, vodim)
	}
	return s
}

// bracketed finds a remark in brackets with the blank before it.
var bracketed = regexp.MustCompile(` \([^()]*\)`)

// problem says in short what a rule is about: its remarks in brackets are left out, and a rule of one
// field names it.
func problem(d *dcrs.Dictionary, id string) string {
	rule, ok := d.Rule(id)
	if !ok {
		return id
	}
	text, _, _ := strings.Cut(bracketed.ReplaceAllString(rule.Problem, ""), ";")
	name, _, _ := strings.Cut(id, "/")
	if field, ok := d.Field(name); ok {
		return field.Label + ": " + text
	}
	return sentence(text)
}

// briefReach are the breakdowns that belong into a short summary.
var briefReach = []string{"gender", "ethnic-group"}

func (p *presenter) reach() Section {
	e := p.e
	s := Section{ID: "reach", Title: "Who was reached"}
	s.Text = append(s.Text, fmt.Sprintf("%s referred in the period, in %s. %s more than one episode; since these are not independent of each other, clients and episodes are both counted, and intervals are given for clients alone. A client is counted with the answers of one episode, the index episode.",
		sentence(p.saying(e.Clients, "client was", "clients were")), p.saying(e.Episodes, "episode", "episodes"), sentence(p.saying(e.RepeatClients, "client has", "clients have"))))
	if e.Unidentified > 0 {
		s.Text = append(s.Text, fmt.Sprintf("%s no client identifier, and each of them counts as a client.", sentence(p.saying(e.Unidentified, "episode has", "episodes have"))))
	}
	if e.Clients == 0 {
		return s
	}

	quintiles := p.breakdown("quintile")
	chart := Chart{
		ID: "quintile-chart", Kind: BarChart, Title: "Clients by deprivation quintile", Axis: "per cent of clients whose quintile is known",
		Reference: 20, ReferenceLabel: "even spread: 20%", Table: "reach-quintile",
		Series: []Series{{ID: "clients", Label: "Clients"}},
	}
	for _, c := range quintiles.Categories {
		if c.Known {
			chart.Series[0].Points = append(chart.Series[0].Points, p.point(sentence(c.Label), c.Clients))
		}
	}
	chart.Max = max(30, percentAxis(chart.Series))
	chart.Description = "Share of clients in each fifth of areas, with 95% intervals. " + described(chart.Series[0]) + " The line at 20% shows an even spread over the population of the country."
	s.Charts = append(s.Charts, chart)

	for _, b := range e.Reach {
		if b.ID == "workforce" {
			continue
		}
		t := p.reachTable(b)
		t.Brief = slices.Contains(briefReach, b.ID)
		if b.ID == "ethnic-category" {
			t.Rows = p.ethnicRows()
		}
		if b.ID == "quintile" {
			t.Notes = append(t.Notes, p.editionNote())
		}
		s.Tables = append(s.Tables, t)
	}
	s.Caveats = append(s.Caveats,
		"Who was reached is not who could have been: without the make-up of the local population, a share says nothing of how well a group was served.",
		"A quintile compares with the whole country. Where a service works in a deprived area, a high share in quintile 1 is to be expected.")
	return s
}

var reachColumns = []Column{
	brief(left("category", "")), brief(right("clients", "Clients")), brief(right("share", "Share")), brief(right("interval", "95% CI")),
	right("episodes", "Episodes"), right("episode-share", "Share of episodes"),
}

func (p *presenter) reachTable(b Breakdown) Table {
	t := Table{ID: "reach-" + b.ID, Caption: b.Title, Columns: slices.Clone(reachColumns)}
	var known []Proportion
	for _, c := range b.Categories {
		t.Rows = append(t.Rows, p.reachRow(c, 0))
		if c.Known {
			known = append(known, c.Clients)
		}
	}
	p.whole(b.Title, "", known...)
	var clients, episodes Proportion
	for _, c := range b.Categories {
		if c.Known {
			clients, episodes = c.Clients, c.Episodes
		}
	}
	t.Notes = append(t.Notes, fmt.Sprintf("Shares are of the %s and %s whose answer is known; in italics, of all.",
		p.saying(clients.Denominator, "client", "clients"), p.saying(episodes.Denominator, "episode", "episodes")))
	if b.Note != "" {
		t.Notes = append(t.Notes, b.Note)
	}
	return t
}

func (p *presenter) reachRow(c Category, indent int) Row {
	r := body(indent, sentence(c.Label), p.n(c.Clients.N), p.pc(c.Clients), p.ci(c.Clients), p.n(c.Episodes.N), p.pc(c.Episodes))
	if !c.Known {
		r.Kind = UnknownRow
		r.Cells[3] = none
	}
	return r
}

// ethnicRows puts each category under its group.
func (p *presenter) ethnicRows() []Row {
	var rows []Row
	categories := p.breakdown("ethnic-category").Categories
	for _, g := range ethnicGroups {
		rows = append(rows, heading(g.label))
		for _, c := range categories {
			if c.Parent == g.id {
				rows = append(rows, p.reachRow(c, 1))
			}
		}
	}
	for _, c := range categories {
		if !c.Known {
			rows = append(rows, p.reachRow(c, 0))
		}
	}
	return rows
}

func (p *presenter) editionNote() string {
	var parts []string
	for _, c := range p.e.Editions {
		parts = append(parts, fmt.Sprintf("%s: %s of episodes", c.Label, p.pc(c.Episodes)))
	}
	switch len(parts) {
	case 0:
		return "No edition of the index is recorded."
	case 1:
		return "Quintiles are by one edition: " + parts[0] + "."
	}
	return "Quintiles come from several editions of the index, which rank areas differently: " + strings.Join(parts, "; ") + "."
}

func (p *presenter) journey() Section {
	e := p.e
	s := Section{ID: "journey", Title: "How far they came"}
	if e.Episodes == 0 {
		return s
	}
	s.Text = append(s.Text, fmt.Sprintf("Of %s, %s came to a first contact, %s to an assessment, %s to a personal health plan and %s to a review. Not all who leave early are lost: some were helped by advice or by being sent on to another service.",
		p.saying(e.Episodes, "episode", "episodes"), p.pc(p.stage(atContact).Episodes), p.pc(p.stage(atAssessment).Episodes), p.pc(p.stage(atPlan).Episodes), p.pc(p.stage(atReview).Episodes)))

	chart := Chart{
		ID: "journey-chart", Kind: FunnelChart, Title: "The journey, from referral to the 12-month follow-up", Axis: "episodes", Table: "stages",
		Series: []Series{{ID: "episodes", Label: "Episodes"}},
	}
	table := Table{
		ID: "stages", Caption: "Stages of the journey",
		Columns: []Column{
			brief(left("stage", "Stage")), brief(right("clients", "Clients")), brief(right("episodes", "Episodes")), brief(right("of-all", "Of all")),
			brief(right("of-before", "Of the stage before")), right("left", "Closed here"), right("open", "Still open here"), right("dated", "With this very date"),
		},
		Notes: []string{"A stage counts as reached if its date or that of a later stage is recorded. \"Here\" means that the episode came no further."},
	}
	leavers := Table{
		ID: "reasons", Caption: "Why episodes closed, by the last stage reached",
		Columns: []Column{left("reason", "Reason"), right("episodes", "Episodes"), right("share", "Of those closed here")},
	}
	dropped := false
	before := 0.0
	for i, st := range e.Journey.Stages {
		pt := p.countPoint(st.Label, st.Episodes.N, fmt.Sprintf("%s (%s)", p.n(st.Episodes.N), p.pc(st.Episodes)))
		pt.Whole, before = before, pt.Value
		chart.Series[0].Points = append(chart.Series[0].Points, pt)
		closed := int64(0)
		for _, r := range st.Left {
			closed += r.N
		}
		onward := p.pc(st.Onward)
		if i == 0 {
			onward = none
		}
		table.Rows = append(table.Rows, body(0, st.Label, p.n(st.Clients.N), p.n(st.Episodes.N), p.pc(st.Episodes), onward, p.n(closed), p.n(st.Open), p.n(st.Dated)))
		if closed == 0 || p.d.Hides(closed) {
			dropped = dropped || closed > 0
			continue
		}
		leavers.Rows = append(leavers.Rows, heading(fmt.Sprintf("After %s, closed: %s", strings.ToLower(st.Label), p.n(closed))))
		var parts []Proportion
		for _, r := range st.Left {
			parts = append(parts, share(r.N, closed, 0))
			if p.d.Hides(r.N) {
				dropped = true
				continue
			}
			leavers.Rows = append(leavers.Rows, body(1, sentence(r.Label), p.n(r.N), p.d.Percent(r.N, closed)))
		}
		p.whole(leavers.Caption, "After "+strings.ToLower(st.Label), parts...)
	}
	if dropped {
		leavers.Notes = append(leavers.Notes, "Reasons that stand for fewer than 5 episodes are not listed.")
	}

	follow := Table{
		ID: "follow-up", Caption: "Follow-up of those reviewed, and whether the change was kept up",
		Columns: []Column{
			brief(left("months", "Months after the review")), right("reviewed", "Reviewed"), right("not-due", "Not yet due"), brief(right("due", "Due")), brief(right("held", "Held")), right("held-ci", "95% CI"),
			brief(right("maintained", "Kept up")), brief(right("maintained-ci", "95% CI")), right("part", "In part"), right("not", "Not kept up"), right("lost", "Lost"), right("unrecorded", "Nothing recorded"), right("among-held", "Kept up, of those held"),
		},
		Notes: []string{
			fmt.Sprintf("Due: the review plus the months lies no later than %s, and the client had not died by then. Shares are of those due, so that whoever was lost counts as not known to have kept it up. The last column, of those held, is what is often published; it flatters.", longDate(e.AsOf)),
			"Intervals take episodes as independent, though a few belong to the same client.",
		},
	}
	for _, f := range e.FollowUps {
		label := itoa(f.Months) + " months"
		text := fmt.Sprintf("%s (%s of %s due)", p.n(f.Held.N), p.pc(f.Held), p.n(f.Due))
		switch {
		case p.d.Hides(f.Held.N):
			text = hidden
		case f.Due == 0:
			text = "none due yet"
		}
		pt := p.countPoint(itoa(f.Months)+"-month follow-up", f.Held.N, text)
		if !p.d.Hides(f.Due) {
			pt.Whole = float64(p.d.rounded(f.Due))
		}
		chart.Series[0].Points = append(chart.Series[0].Points, pt)
		p.whole(follow.Caption, label, f.Maintained, f.Part, f.Not, f.Lost, f.Unrecorded)
		follow.Rows = append(follow.Rows, body(0, label, p.n(f.Reviewed), p.n(f.NotYetDue), p.n(f.Due), p.pc(f.Held), p.ci(f.Held),
			p.pc(f.Maintained), p.ci(f.Maintained), p.pc(f.Part), p.pc(f.Not), p.pc(f.Lost), p.pc(f.Unrecorded), p.pc(f.AmongHeld)))
	}
	chart.Max = 1 // an axis has a length even where every bar is hidden
	for _, pt := range chart.Series[0].Points {
		chart.Max = max(chart.Max, pt.Value)
	}
	chart.Description = "Episodes that reached each stage, with their share of all; for follow-ups, those held, with their share of those due. " + described(chart.Series[0])
	chart.Notes = []string{
		"The pale part of a bar are those who had come to the stage before, and no further. Of a follow-up it is those who were due for one by the as-of date, and of whom nothing is known then; many of those reviewed are not due yet.",
	}
	s.Charts = []Chart{chart}
	s.Tables = []Table{table}
	if len(leavers.Rows) > 0 {
		s.Tables = append(s.Tables, leavers)
	}
	s.Tables = append(s.Tables, follow)
	s.Caveats = []string{"Episodes referred late in the period have had less time: those still open may yet go further."}
	return s
}

func (p *presenter) plans() Section {
	e := p.e
	s := Section{ID: "plans", Title: "Personal health plans and goals"}
	if e.Plans.All.Total == 0 {
		s.Text = []string{"No personal health plan was made in the period."}
		return s
	}
	all := e.Plans.All
	s.Text = append(s.Text, fmt.Sprintf("Of %s, %s are closed. Of these %s were achieved, %s part achieved, %s not achieved and %s lost to follow-up. Plans lost to follow-up are in the denominator; plans still open are not.",
		p.saying(all.Total, "plan", "plans"), p.say(all.Closed), p.pc(all.Achieved), p.pc(all.Part), p.pc(all.Not), p.pc(all.Lost)))
	columns := func(first string) []Column {
		return []Column{
			brief(left("name", first)), right("total", "All"), right("open", "Still open"), brief(right("closed", "Closed")), brief(right("achieved", "Achieved")), brief(right("achieved-ci", "95% CI")),
			brief(right("part", "Part achieved")), brief(right("not", "Not achieved")), brief(right("lost", "Lost to follow-up")),
		}
	}
	row := func(o Outcomes, indent int) Row {
		return body(indent, sentence(o.Label), p.n(o.Total), p.n(o.Open), p.n(o.Closed), p.pc(o.Achieved), p.ci(o.Achieved), p.pc(o.Part), p.pc(o.Not), p.pc(o.Lost))
	}
	plans := Table{
		ID: "plans-table", Caption: "What became of the plans", Columns: columns("Plans"),
		Notes: []string{fmt.Sprintf("Shares are of closed plans. Intervals take plans as independent; %s more than one.", p.saying(e.Plans.Repeated, "client has", "clients have"))},
	}
	plans.Rows = append(plans.Rows, row(all, 0))
	p.whole(plans.Caption, all.Label, all.Achieved, all.Part, all.Not, all.Lost)
	small := false
	for _, g := range e.Plans.Groups {
		if p.d.Hides(g.Total) {
			small = true
			continue
		}
		plans.Rows = append(plans.Rows, row(g, 1))
		p.whole(plans.Caption, sentence(g.Label), g.Achieved, g.Part, g.Not, g.Lost)
	}
	if small {
		plans.Notes = append(plans.Notes, "Groups with fewer than 5 plans are not listed.")
	}
	goals := Table{
		ID: "goals-table", Caption: "What became of the goals, by issue", Columns: append(columns("Goals"), right("dropped", "Dropped by the client")), Brief: true,
		Notes: []string{fmt.Sprintf("Shares are of closed goals, those dropped by the client or lost to follow-up among them. Goals revised into another (%s in all) are left out, since the other is counted. A client can have up to three goals.", p.say(e.Plans.Goals.Revised))},
	}
	chart := Chart{
		ID: "plans-chart", Kind: StackedChart, Title: "What became of plans and goals", Axis: "per cent of those closed", Max: 100, Table: goals.ID,
		Series: []Series{{ID: "achieved", Label: "Achieved"}, {ID: "part", Label: "Part achieved"}, {ID: "not", Label: "Not achieved"}, {ID: "dropped", Label: "Dropped"}, {ID: "lost", Label: "Lost to follow-up"}, restSeries},
	}
	draw := func(o Outcomes, label string, dropped Proportion) {
		if o.Closed > 0 && !p.d.Hides(o.Closed) {
			p.stack(&chart, label, o.Achieved, o.Part, o.Not, dropped, o.Lost)
		}
	}
	draw(all, "All plans", noPart) // only goals can be dropped
	small = false
	for i, g := range append([]Outcomes{e.Plans.Goals}, e.Plans.ByIssue...) {
		if p.d.Hides(g.Total) {
			small = true
			continue
		}
		label := sentence(g.Label)
		if i > 0 {
			label = "Goals: " + g.Label
		}
		draw(g, label, g.Dropped)
		r := row(g, min(i, 1))
		r.Cells = append(r.Cells, p.pc(g.Dropped))
		p.whole(goals.Caption, sentence(g.Label), g.Achieved, g.Part, g.Not, g.Dropped, g.Lost)
		goals.Rows = append(goals.Rows, r)
	}
	if small {
		goals.Notes = append(goals.Notes, "Issues with fewer than 5 goals are not listed.")
	}
	chart.Description = "A bar for all plans, for all goals and for the goals on each issue, divided by what became of them. Achieved: " + described(chart.Series[0]) + " Part achieved: " + described(chart.Series[1]) + " Lost to follow-up: " + described(chart.Series[4])
	if len(chart.Series[0].Points) > 0 {
		p.finish(&chart)
		s.Charts = []Chart{chart}
	}
	s.Tables = []Table{plans}
	if len(goals.Rows) > 0 {
		s.Tables = append(s.Tables, goals)
	}
	s.Caveats = []string{"Whether a plan or goal was achieved is the judgement of client and trainer together."}
	return s
}

// changeColumns are those of a table of measures before and after; detailColumns those of the table
// with the rest, which is too wide to stand in one.
var (
	changeColumns = []Column{
		brief(left("measure", "Measure")), brief(right("n", "Measured twice")), right("missing", "Before only"), brief(right("before", "Before")),
		brief(right("after", "After")), brief(right("change", "Change (95% CI)")), right("relative", "Change of the mean"), brief(right("p-holm", "p, adjusted")), right("dz", "Effect size dz"),
	}
	detailColumns = []Column{
		left("measure", "Measure"), right("before-spread", "Spread before"), right("after-spread", "Spread after"),
		right("better", "Better"), right("same", "Same"), right("worse", "Worse"), right("dz", "dz (95% CI)"), right("dav", "dav (95% CI)"), right("p", "p, not adjusted"),
	}
)

// average names what stands for a measure.
func average(m *Measure) string {
	if m.Summary == MeanAndT {
		return "mean"
	}
	return "median"
}

func (p *presenter) changeRow(m *Measure, c *Change) Row {
	cells := []string{fmt.Sprintf("%s, %s (%s)", m.Label, m.Unit, average(m)), p.n(c.Both), p.n(c.PreOnly)}
	for _, d := range []*Distribution{c.Pre, c.Post} {
		text := none
		switch {
		case d == nil:
		case m.Summary == MeanAndT:
			text = fixed(d.Mean, m.Places)
		case d.Quartiles != nil:
			text = fixed(d.Quartiles.Median, m.Places)
		}
		cells = append(cells, p.num(c.Both, text))
	}
	relative := none
	if c.Relative != nil {
		relative = signed(100**c.Relative, 0) + "%"
	}
	holm, dz := none, none
	if c.Test != nil {
		holm = pValue(c.Test.PHolm)
	}
	if c.DZ != nil {
		dz = signed(c.DZ.Value, 2)
	}
	return body(0, append(cells, p.estimate(c.Both, c.Change, m.Places), p.num(c.Both, relative), p.num(c.Both, holm), p.num(c.Both, dz))...)
}

func (p *presenter) detailRow(m *Measure, c *Change) Row {
	cells := []string{m.Label + ", " + m.Unit}
	for _, d := range []*Distribution{c.Pre, c.Post} {
		text := none
		switch {
		case d == nil:
		case m.Summary == MeanAndT:
			text = "SD " + fixed(d.SD, m.Places)
		case d.Quartiles != nil:
			text = fixed(d.Quartiles.Q1, m.Places) + " to " + fixed(d.Quartiles.Q3, m.Places)
		}
		cells = append(cells, p.num(c.Both, text))
	}
	pv := none
	if c.Test != nil {
		pv = pValue(c.Test.P)
	}
	return body(1, append(cells, p.n(c.Improved), p.n(c.Unchanged), p.n(c.Worse), p.estimate(c.Both, c.DZ, 2), p.estimate(c.Both, c.DAv, 2), p.num(c.Both, pv))...)
}

// reasons lists why numbers are missing from a table of changes.
func (p *presenter) notComputed(each func(yield func(label, why string))) []string {
	var order []string
	by := make(map[string][]string)
	each(func(label, why string) {
		if why == "" {
			return
		}
		if by[why] == nil {
			order = append(order, why)
		}
		by[why] = append(by[why], label)
	})
	var out []string
	for _, why := range order {
		out = append(out, fmt.Sprintf("Not computed for %s: %s.", list(by[why]), why))
	}
	return out
}

const (
	changeNote = "Before and after are those of the clients measured twice: their mean or their median, as fixed for each measure beforehand. The change is the mean of the differences (paired t test) or their median (Wilcoxon's signed rank test), which need not be the difference of the two medians. The wider the interval, the less sure we can be."
	detailNote = "Spread: the standard deviation (SD) where the mean is shown, the quartiles where the median is. \"Better\" and \"worse\" count clients by the direction that the service works towards, by however little. dz and dav: see Definitions."
)

func (p *presenter) change() Section {
	e := p.e
	s := Section{ID: "change", Title: "What changed, and how sure we can be"}
	if e.Clients == 0 {
		return s
	}
	s.Text = append(s.Text, fmt.Sprintf("%s in at least one of these figures, with a measure taken both at the assessment and at the review. Each client is counted once, with the index episode. Which summary and which test a measure gets was fixed beforehand.",
		sentence(p.of(p.inFigures())+" of the clients are")))

	chart := Chart{
		ID: "change-chart", Kind: IntervalChart, Title: "Change from assessment to review, in standard deviations of the change", Axis: "Cohen's dz, turned so that better lies to the right",
		Reference: 0, ReferenceLabel: "no change", LowLabel: "worse", HighLabel: "better", TextLabel: "dz (95% CI)", Table: "change-everyone",
		Series: []Series{{ID: "everyone", Label: "Everyone"}, {ID: "goal", Label: "With a goal on it"}},
		Notes:  []string{"Measures in different units are put on one scale by dividing the mean change by the standard deviation of the changes; for measures that are summarised by a median this is a rough guide only."},
	}
	everyoneTable := Table{ID: "change-everyone", Caption: "Before and after: everyone measured twice", Columns: slices.Clone(changeColumns), Brief: true, Notes: []string{changeNote}}
	goalTable := Table{ID: "change-goal", Caption: "Before and after: clients with a goal on it", Columns: slices.Clone(changeColumns), Notes: []string{"Which issues of a goal stand for a measure is listed under methods."}}
	details := Table{ID: "change-details", Caption: "Before and after: spread, direction, effect sizes and unadjusted p-values", Columns: detailColumns, Notes: []string{detailNote}}
	details.Rows = append(details.Rows, heading("Everyone measured twice"))
	var ofGoals []Row
	low, high := -0.5, 0.5
	for i := range e.Measures {
		m := &e.Measures[i]
		everyoneTable.Rows = append(everyoneTable.Rows, p.changeRow(m, &m.Everyone))
		details.Rows = append(details.Rows, p.detailRow(m, &m.Everyone))
		p.told3(details.Caption, m.Label+", everyone", &m.Everyone)
		groups := []*Change{&m.Everyone}
		if m.Goal != nil {
			goalTable.Rows = append(goalTable.Rows, p.changeRow(m, m.Goal))
			ofGoals = append(ofGoals, p.detailRow(m, m.Goal))
			p.told3(details.Caption, m.Label+", with a goal on it", m.Goal)
			groups = append(groups, m.Goal)
		}
		for g, c := range groups {
			pt := p.effectPoint(m, c)
			low, high = min(low, pt.Low), max(high, pt.High)
			chart.Series[g].Points = append(chart.Series[g].Points, pt)
		}
	}
	everyoneTable.Notes = append(everyoneTable.Notes, p.notComputed(func(yield func(string, string)) {
		for _, m := range e.Measures {
			yield(m.Label, m.Everyone.NotComputed)
		}
	})...)
	goalTable.Notes = append(goalTable.Notes, p.notComputed(func(yield func(string, string)) {
		for _, m := range e.Measures {
			if m.Goal != nil {
				yield(m.Label, m.Goal.NotComputed)
			}
		}
	})...)
	chart.Min, chart.Max = nice(low, high, 0.5)
	chart.Description = "Standardised change of each measure with its 95% interval; above 0 is better. Everyone: " + described(chart.Series[0]) + " Clients with a goal on it: " + described(chart.Series[1])
	s.Charts = []Chart{chart}
	details.Rows = append(append(details.Rows, heading("Clients with a goal on it")), ofGoals...)
	s.Tables = []Table{everyoneTable, goalTable, details}
	for i := range e.Binaries {
		if b := &e.Binaries[i]; b.ID == "smoking" {
			s.Tables = append(s.Tables, p.binaryTable("smoking", "Smoking before and after", []*Binary{b}, true))
		}
	}
	s.Tables = append(s.Tables, p.who5Table())
	s.Caveats = p.changeCaveats()
	return s
}

// told3 notes a row of which just one of better, same and worse is hidden.
func (p *presenter) told3(caption, row string, c *Change) {
	p.whole(caption, row, share(c.Improved, c.Both, 0), share(c.Unchanged, c.Both, 0), share(c.Worse, c.Both, 0))
}

// effectPoint is the standardised change, turned so that better is to the right.
func (p *presenter) effectPoint(m *Measure, c *Change) Point {
	pt := Point{Label: m.Label, N: p.n(c.Both)}
	switch {
	case p.d.Hides(c.Both):
		pt.Text, pt.Absent = hidden, hiddenWord
		return pt
	case c.DZ == nil:
		pt.Text, pt.Absent = none, c.NotComputed
		if pt.Absent == "" {
			pt.Absent = "the values do not vary"
		}
		return pt
	}
	v := *c.DZ
	pt.Value, pt.Low, pt.High = v.Value, v.Value, v.Value
	if v.CI != nil {
		pt.Low, pt.High, pt.Interval = v.CI.Low, v.CI.High, true
	}
	if m.Better == Lower {
		pt.Value, pt.Low, pt.High = -pt.Value, -pt.High, -pt.Low
	}
	for _, x := range []*float64{&pt.Value, &pt.Low, &pt.High} {
		*x = math.Round(100**x)/100 + 0 // never −0
	}
	pt.Text = signed(pt.Value, 2)
	if pt.Interval {
		pt.Text += fmt.Sprintf(" (%s to %s)", signed(pt.Low, 2), signed(pt.High, 2))
	}
	return pt
}

// binaryTable shows states before and after.
func (p *presenter) binaryTable(id, caption string, states []*Binary, groups bool) Table {
	t := Table{
		ID: id, Caption: caption,
		Columns: []Column{
			brief(left("state", "State")), brief(right("n", "Known twice")), right("missing", "Before only"), brief(right("before", "Before")), brief(right("after", "After")),
			brief(right("change", "Change in points (95% CI)")), right("stopped", "No longer, of those before"), right("started", "Newly, of the others"), right("p", "p"), right("p-holm", "p, adjusted"),
		},
		Notes: []string{"Shares are of clients whose state is known both times. Test: McNemar's, exact. Interval: Newcombe's for paired proportions."},
	}
	row := func(label string, c *BinaryChange, indent int) {
		pv, holm := none, none
		if c.Test != nil {
			pv, holm = pValue(c.Test.P), pValue(c.Test.PHolm)
			if p.d.suppresses() && min(c.Counts.YesNo, c.Counts.NoYes) < smallNumber {
				pv, holm = pRange(c.Test.P), pRange(c.Test.PHolm)
			}
		}
		change := p.points(c.Both, c.Change)
		if p.hides(c.Pre) || p.hides(c.Post) { // it is the one less the other, and times the pairs a count
			change = hidden
		}
		t.Rows = append(t.Rows, body(indent, label, p.n(c.Both), p.n(c.PreOnly), p.pc(c.Pre), p.pc(c.Post), change,
			p.of(c.Stopped), p.of(c.Started), p.num(c.Both, pv), p.num(c.Both, holm)))
	}
	var names, whys []string
	for _, b := range states {
		row(sentence(b.State)+": everyone", &b.Everyone, 0)
		names, whys = append(names, b.Label), append(whys, b.Everyone.NotComputed)
		if b.Goal != nil {
			row("With a goal on it", b.Goal, 1)
			names, whys = append(names, b.Label+" with a goal on it"), append(whys, b.Goal.NotComputed)
		}
		if !groups {
			continue
		}
		for i := range b.Groups {
			if !p.d.Hides(b.Groups[i].Both) {
				row(b.Groups[i].Label, &b.Groups[i], 1)
			}
		}
	}
	t.Notes = append(t.Notes, p.notComputed(func(yield func(string, string)) {
		for i := range names {
			yield(names[i], whys[i])
		}
	})...)
	return t
}

func (p *presenter) who5Table() Table {
	w := p.e.WHO5
	t := Table{
		ID: "who5-change", Caption: "WHO-5 wellbeing: noticeable change",
		Columns: []Column{brief(left("outcome", "Outcome")), brief(right("clients", "Clients")), brief(right("share", "Share of pairs")), brief(right("interval", "95% CI"))},
		Notes: []string{
			fmt.Sprintf("A change of %s points or more on the scale of 0 to 100 (%s), which, in steps of 4, means %s points. Source: %s (%s).", w.Threshold, w.Meaning, w.Smallest, w.Source, w.Basis),
			fmt.Sprintf("Scores are worked out again from the five answers (before: %s; after: %s); where these are not all there, the recorded percentage is taken (before: %s; after: %s).", p.say(w.Pre.Items), p.say(w.Post.Items), p.say(w.Pre.Recorded), p.say(w.Post.Recorded)),
		},
	}
	for _, r := range []struct {
		label string
		x     Proportion
	}{{"Better", w.Improved}, {"No noticeable change", w.NoChange}, {"Worse", w.Deteriorated}} {
		t.Rows = append(t.Rows, body(0, r.label, p.n(r.x.N), p.pc(r.x), p.ci(r.x)))
	}
	p.whole(t.Caption, "", w.Improved, w.NoChange, w.Deteriorated)
	return t
}

func (p *presenter) changeCaveats() []string {
	e := p.e
	return []string{
		"Regression to the mean: clients are taken on because things are bad at the start, and bad scores tend to move back towards the average on their own. There is no group without the service to compare with. So these changes are what happened to clients, not what the service caused.",
		fmt.Sprintf("Missing at the end: %s of clients have no measure taken twice. Those who stay differ from those who leave, and often do better. See the section on who is missing.", p.d.Percent(e.Inclusion.Out, e.Inclusion.In+e.Inclusion.Out)),
		fmt.Sprintf("Many tests: %d tests were made. If nothing had changed at all, about %s of them would still fall below 0.05. The adjusted p-values (Holm's method, over the tests for everyone, and apart over those for clients with a goal) allow for that. Groups are not tested.", e.Tests, fixed(float64(e.Tests)*0.05, 1)),
		"Told, not measured: food, activity, alcohol, smoking and the scores are what clients told the trainer who helps them.",
		"Referred again: each client is counted once, with the first episode of the period that came to a review or, where none did, the first. A change in a later episode is not in these figures.",
	}
}

func (p *presenter) groups() Section {
	s := Section{ID: "groups", Title: "Change by deprivation quintile and by setting"}
	if p.e.Clients == 0 {
		return s
	}
	s.Text = []string{"The same changes, for each quintile and each setting. Overlapping intervals do not prove that groups are alike, nor do differing ones prove that they differ: no test of a difference between groups was made, and small groups vary by chance."}
	for _, t := range []Table{
		p.groupTable("quintile", "Change by deprivation quintile (1 is the most deprived fifth)", "Quintile "),
		p.groupTable("setting", "Change by setting of the service", "Setting: "),
	} {
		if len(t.Rows) > 0 {
			s.Tables = append(s.Tables, t)
		}
	}
	if len(s.Tables) == 0 {
		s.Text = []string{fmt.Sprintf("No quintile and no setting has %d clients measured twice, so no change is shown for any of them.", p.e.MinPairs)}
	}
	s.Caveats = []string{"Regression to the mean and missing values bear on every group, and more on some than on others."}
	return s
}

// groupTable has a row for each measure and a column for each group that may be shown.
func (p *presenter) groupTable(prefix, caption, strip string) Table {
	t := Table{
		ID: "groups-" + prefix, Caption: caption, Columns: []Column{left("measure", "Measure")},
		Notes: []string{fmt.Sprintf("Change with its 95%% interval and the number of clients measured twice (n), by the summary fixed for each measure. Groups with fewer than %d of them, counted exactly, have no change (–).", p.e.MinPairs)},
	}
	if len(p.e.Measures) == 0 {
		return t
	}
	computed := make(map[string]bool)
	for i := range p.e.Measures {
		for k := range p.e.Measures[i].Groups {
			if g := &p.e.Measures[i].Groups[k]; g.Change != nil && !p.d.Hides(g.Both) {
				computed[g.ID] = true
			}
		}
	}
	var ids, bare []string
	for _, g := range p.e.Measures[0].Groups {
		if !strings.HasPrefix(g.ID, prefix+"-") {
			continue
		}
		title := sentence(strings.TrimPrefix(strings.TrimPrefix(g.Label, strip), "Quintile: "))
		if !computed[g.ID] {
			bare = append(bare, strings.ToLower(title[:1])+title[1:])
			continue
		}
		ids = append(ids, g.ID)
		t.Columns = append(t.Columns, right(g.ID, title))
	}
	if len(ids) == 0 {
		return t
	}
	if len(bare) > 0 {
		t.Notes = append(t.Notes, "Without enough pairs of any measure: "+strings.Join(bare, "; ")+".")
	}
	for i := range p.e.Measures {
		m := &p.e.Measures[i]
		cells := []string{m.Label + ", " + m.Unit}
		for _, id := range ids {
			cell := none
			for k := range m.Groups {
				if c := &m.Groups[k]; c.ID == id {
					switch {
					case p.d.Hides(c.Both):
						cell = hidden
					case c.Change == nil:
						cell = fmt.Sprintf("%s (n %s)", none, p.n(c.Both))
					default:
						cell = fmt.Sprintf("%s; n %s", p.estimate(c.Both, c.Change, m.Places), p.n(c.Both))
					}
				}
			}
			cells = append(cells, cell)
		}
		t.Rows = append(t.Rows, body(0, cells...))
	}
	return t
}

func (p *presenter) wider() Section {
	e := p.e
	s := Section{ID: "wider", Title: "Signposting, wider needs, work and housing"}
	if e.Clients == 0 {
		return s
	}
	s.Text = append(s.Text, fmt.Sprintf("%s of clients were sent on to another service, with %s in all.", sentence(p.of(e.Signposting.Clients)), p.saying(e.Signposting.Onward, "onward referral", "onward referrals")))
	sign := Table{
		ID: "signposting", Caption: "Where clients were signposted to",
		Columns: []Column{left("destination", "Destination"), right("onward", "Onward referrals"), right("share", "Of all onward referrals"), right("clients", "Clients"), right("client-share", "Of all clients"), right("interval", "95% CI")},
		Notes:   []string{"Each destination of each episode is one onward referral. Whether the client arrived there is not known."},
	}
	small := false
	for _, d := range e.Signposting.Destinations {
		if p.d.Hides(d.Onward.N) {
			small = true
			continue
		}
		sign.Rows = append(sign.Rows, body(0, sentence(d.Label), p.n(d.Onward.N), p.pc(d.Onward), p.n(d.Clients.N), p.pc(d.Clients), p.ci(d.Clients)))
	}
	if small {
		sign.Notes = append(sign.Notes, "Destinations with fewer than 5 onward referrals are not listed.")
	}
	needs := Table{
		ID: "needs", Caption: "Wider needs, and what became of them",
		Columns: []Column{
			left("need", "Need"), right("episodes", "Episodes"), right("share", "Of those in contact"), right("open", "Still open"), right("closed", "Closed"),
			right("met", "Met"), right("met-ci", "95% CI"), right("part", "Met in part"), right("not", "Not met or not known"),
		},
		Notes: []string{"A blank can mean that there was no need or that nobody asked. A need is a share of the episodes that came to a first contact or have a need recorded. Shares of what became of a need are of closed episodes."},
	}
	chart := Chart{
		ID: "needs-chart", Kind: StackedChart, Title: "What became of wider needs", Axis: "per cent of closed episodes with the need", Max: 100, Table: needs.ID,
		Series: []Series{{ID: "met", Label: "Met"}, {ID: "part", Label: "Met in part"}, {ID: "unknown", Label: "Not met or not known"}, restSeries},
	}
	small = false
	unlisted := int64(0)
	for _, n := range e.WiderNeeds {
		unlisted += n.Unlisted
		if p.d.Hides(n.Present.N) {
			small = true
			continue
		}
		needs.Rows = append(needs.Rows, body(0, sentence(n.Label), p.n(n.Present.N), p.pc(n.Present), p.n(n.Open), p.n(n.Closed), p.pc(n.Met), p.ci(n.Met), p.pc(n.Part), p.pc(n.NotMet)))
		if n.Closed > 0 && !p.d.Hides(n.Closed) {
			p.stack(&chart, sentence(n.Label), n.Met, n.Part, n.NotMet)
		}
		p.whole(needs.Caption, sentence(n.Label), n.Met, n.Part, n.NotMet)
	}
	if small {
		needs.Notes = append(needs.Notes, "Needs of fewer than 5 episodes are not listed.")
	}
	if unlisted > 0 {
		needs.Notes = append(needs.Notes, fmt.Sprintf("Left out: %s met or met in part that had not been recorded as a need.", p.saying(unlisted, "need", "needs")))
	}
	if len(sign.Rows) > 0 {
		s.Tables = append(s.Tables, sign)
	}
	if len(needs.Rows) > 0 {
		s.Tables = append(s.Tables, needs)
	}
	if len(chart.Series[0].Points) > 0 {
		chart.Description = "A bar for each need, divided by what became of it. Met: " + described(chart.Series[0]) + " Met in part: " + described(chart.Series[1])
		p.finish(&chart)
		s.Charts = append(s.Charts, chart)
	}
	s.Tables = append(s.Tables, p.marginTable())
	var states []*Binary
	for i := range e.Binaries {
		if b := &e.Binaries[i]; b.ID != "smoking" {
			states = append(states, b)
		}
	}
	s.Tables = append(s.Tables, p.binaryTable("work-and-home", "In work and in a settled home, at the start and at the end", states, false))
	for _, t := range e.Transitions {
		if p.worthShowing(t) {
			s.Tables = append(s.Tables, p.transitionTable(t))
		}
	}
	workforce := p.reachTable(*p.breakdown("workforce"))
	workforce.ID = "workforce"
	s.Tables = append(s.Tables, workforce)
	s.Caveats = []string{
		"Work, housing and needs change for many reasons beside the service. Here too people come when things are bad, and some of what follows is a return to normal.",
		"The grouping of work and housing codes is this library's own.",
	}
	return s
}

// marginTable has work and housing at the start and at the end, of the clients with both known.
func (p *presenter) marginTable() Table {
	out := Table{
		ID: "work-and-housing", Caption: "Work and housing at the start and at the end, clients with both known",
		Columns: []Column{left("group", ""), right("clients-start", "Clients at the start"), right("share-start", "Share at the start"), right("clients-end", "Clients at the end"), right("share-end", "Share at the end")},
	}
	for _, t := range p.e.Transitions {
		out.Rows = append(out.Rows, heading(fmt.Sprintf("%s, clients with both known: %s", t.Label, p.n(t.Both))))
		var starts, ends []Proportion
		for i, g := range t.Groups {
			var start, end int64
			for j := range t.Groups {
				start += t.Counts[i][j]
				end += t.Counts[j][i]
			}
			starts, ends = append(starts, share(start, t.Both, 0)), append(ends, share(end, t.Both, 0))
			out.Rows = append(out.Rows, body(1, sentence(g.Label), p.n(start), p.pc(starts[i]), p.n(end), p.pc(ends[i])))
		}
		p.whole(out.Caption, t.Label+" at the start", starts...)
		p.whole(out.Caption, t.Label+" at the end", ends...)
		text := fmt.Sprintf("%s is known at the start only: %s; at the end only: %s; at neither: %s.", t.Label, p.say(t.StartOnly), p.say(t.EndOnly), p.say(t.Neither))
		if !p.worthShowing(t) {
			text += " Who moved from where to where is not shown, since most of the numbers would be hidden."
		}
		out.Notes = append(out.Notes, text)
	}
	return out
}

// worthShowing reports whether at least half of the numbers of a transition may be shown.
func (p *presenter) worthShowing(t Transition) bool {
	cells, shown := 0, 0
	for _, row := range t.Counts {
		for _, n := range row {
			cells++
			if !p.d.Hides(n) {
				shown++
			}
		}
	}
	return t.Both > 0 && 2*shown >= cells
}

func (p *presenter) transitionTable(t Transition) Table {
	out := Table{
		ID: "transition-" + t.ID, Caption: t.Label + " at the start (rows) and at the end (columns), clients", Columns: []Column{left("start", t.Label+" at the start")},
		Notes: []string{fmt.Sprintf("Clients with both known: %s; at the start only: %s; at the end only: %s; neither: %s.", p.say(t.Both), p.say(t.StartOnly), p.say(t.EndOnly), p.say(t.Neither))},
	}
	for _, g := range t.Groups {
		out.Columns = append(out.Columns, right("end-"+g.ID, sentence(g.Label)))
	}
	out.Columns = append(out.Columns, right("all", "All"))
	totals := make([]int64, len(t.Groups))
	for i, g := range t.Groups {
		cells := []string{sentence(g.Label)}
		all := int64(0)
		for j, n := range t.Counts[i] {
			cells = append(cells, p.n(n))
			totals[j] += n
			all += n
		}
		out.Rows = append(out.Rows, body(0, append(cells, p.n(all))...))
	}
	cells := []string{"All at the end"}
	for _, n := range totals {
		cells = append(cells, p.n(n))
	}
	out.Rows = append(out.Rows, Row{Kind: TotalRow, Cells: append(cells, p.n(t.Both))})
	return out
}

func (p *presenter) missing() Section {
	e := p.e
	s := Section{ID: "missing", Title: "Who is missing from the before-and-after figures"}
	if e.Clients == 0 {
		return s
	}
	s.Text = []string{fmt.Sprintf("%s of clients are in at least one before-and-after figure; %s are in none. If those who are missing differ, the figures do not speak for them. A standardised difference beyond 0.1 either way deserves a look.",
		sentence(p.of(p.inFigures())), p.say(e.Inclusion.Out))}
	t := Table{
		ID: "inclusion", Caption: "Clients in the before-and-after figures and clients in none",
		Columns: []Column{
			brief(left("category", "")), right("in", "In the figures"), brief(right("in-share", "Share")), right("out", "In none"), brief(right("out-share", "Share")),
			brief(right("difference", "Difference in points (95% CI)")), brief(right("std", "Standardised difference")), right("included", "In the figures, of this group"), right("included-ci", "95% CI"),
		},
		Notes: []string{"Shares are of those whose answer is known. Interval of the difference: Newcombe's for independent proportions."},
	}
	for _, c := range e.Inclusion.Characteristics {
		t.Rows = append(t.Rows, heading(c.Title))
		var in, out []Proportion
		for _, r := range c.Categories {
			if r.Known {
				in, out = append(in, r.In), append(out, r.Out)
			}
			std := none
			if r.Standardised != nil {
				std = signed(*r.Standardised, 2)
			}
			diff := p.points(min(r.In.Denominator, r.Out.Denominator), r.Difference)
			if p.hides(r.In) || p.hides(r.Out) {
				diff, std = hidden, hidden
			}
			row := body(1, sentence(r.Label), p.n(r.In.N), p.pc(r.In), p.n(r.Out.N), p.pc(r.Out), diff, std, p.pc(r.Included), p.ci(r.Included))
			if !r.Known {
				row.Kind = UnknownRow
				row.Cells[5], row.Cells[6] = none, none
			}
			t.Rows = append(t.Rows, row)
		}
		p.whole(t.Caption, c.Title+", in the figures", in...)
		p.whole(t.Caption, c.Title+", in none", out...)
	}
	s.Tables = append(s.Tables, t)
	b := Table{
		ID: "baseline", Caption: "Measured once: where they started, beside those measured twice",
		Columns: []Column{left("measure", "Measure"), right("pairs", "Pairs"), right("mean", "Mean before"), right("lost", "Before only"), right("lost-open", "Of these still open"), right("lost-mean", "Mean before"), right("std", "Standardised difference")},
		Notes:   []string{"A large difference means that those who were measured again started from elsewhere."},
	}
	for i := range e.Measures {
		m := &e.Measures[i]
		c := &m.Everyone
		mean, lost, std := none, none, none
		if c.Pre != nil {
			mean = fixed(c.Pre.Mean, m.Places)
		}
		if c.Lost != nil {
			lost = fixed(c.Lost.Mean, m.Places)
			if c.Lost.Standardised != nil {
				std = signed(*c.Lost.Standardised, 2)
			}
		}
		b.Rows = append(b.Rows, body(0, m.Label+", "+m.Unit, p.n(c.Both), p.num(c.Both, mean), p.n(c.PreOnly), p.n(c.PreOnlyOpen), p.num(c.PreOnly, lost), p.num(min(c.PreOnly, c.Both), std)))
	}
	s.Tables = append(s.Tables, b)
	s.Caveats = []string{"Only what was recorded can be compared. Those who leave may differ most in what nobody wrote down."}
	return s
}

func (p *presenter) methods() Section {
	s := Section{ID: "methods", Title: "Methods"}
	s.Text = []string{
		"Two-sided tests, 95% intervals. Statistics are worked out from exact sums; the methods are named where they are used and below.",
		fmt.Sprintf("Changes are summarised from %d complete pairs on.", p.e.MinPairs),
		"A 95% confidence interval (95% CI) says how far chance alone may have moved a figure: in 95 of 100 services like this one, an interval worked out in this way would hold the true figure. It says nothing of who is missing, of how the data were written down, or of what caused a change.",
	}
	if p.d.suppresses() {
		s.Text = append(s.Text,
			"Small numbers, by the NHS rule for figures below national level: a count below 5, zero included, is hidden and shown as *; any other count is rounded to the nearest 5. A percentage whose numerator or denominator is below 5 is hidden; any other is rounded to a whole number. Percentages were worked out before the counts were rounded, so they cannot always be worked out again from the counts shown, and rounded parts need not add up to their rounded total. Means, medians, intervals, effect sizes and p-values that rest on fewer than 5 people are hidden too. In charts, hidden parts of a bar are drawn as one.",
			"Rounding and hiding by this rule does not by itself prevent that a hidden number is worked out: where one part of a whole is hidden, the others subtracted from 100% tell about how large it is, and tables set against each other can tell more. Whoever publishes these figures has to look at them first.",
		)
	}
	t := Table{
		ID: "measures", Caption: "How each measure is treated, fixed beforehand",
		Columns: []Column{left("measure", "Measure"), left("direction", "Better"), left("summary", "Summary and test"), left("issues", "Issues of a goal on it"), left("reason", "Why")},
	}
	for _, m := range p.e.Measures {
		summary := "mean, paired t test"
		if m.Summary == MedianAndWilcoxon {
			summary = "median, Wilcoxon's signed rank test"
		}
		t.Rows = append(t.Rows, body(0, m.Label+", "+m.Unit, string(m.Better), summary, issueNames(m.Issues), sentence(m.Reason)))
	}
	for _, b := range p.e.Binaries {
		t.Rows = append(t.Rows, body(0, sentence(b.State), string(b.Better), "share, exact McNemar test", issueNames(b.Issues), "A yes or no"))
	}
	s.Tables = []Table{t}
	return s
}

func issueNames(codes []string) string {
	if len(codes) == 0 {
		return "none stands for it"
	}
	issues, _ := dcrs.Episodes().CodeList("issue")
	var names []string
	for _, c := range codes {
		names = append(names, issues.Label(c))
	}
	return strings.Join(names, ", ")
}

func (p *presenter) definitions() []Definition {
	own := "this library's own judgement"
	return []Definition{
		{"episode", "Episode", "One journey of one client through the service, from referral to the last follow-up; one record of the extract. It belongs to the period of its referral date.", own},
		{"client", "Client", "One person in one service, by client identifier. A person with two identifiers counts twice.", own},
		{"index-episode", "Index episode", "The one episode that stands for a client wherever clients are counted once: the first episode of the period that came to a review or, where none did, the first. First is by referral date; on the same day, by episode identifier.", own},
		{"period", "Period", "Unless it was given: the latest UK financial year (1 April to 31 March) that had ended by the as-of date and holds a referral; all episodes where there is none.", own},
		{"known", "Known", "An answer other than blank, not stated and not known. Shares are of the known unless a table says otherwise.", own},
		{"quintile", "Deprivation quintile", "The fifth of small areas, ranked by the national Index of Multiple Deprivation, in which the client lives; 1 is the most deprived.", "Index of Multiple Deprivation; the convention of DCRS reports"},
		{"reached", "Stage reached", "The date of the stage or of a later one is recorded.", own},
		{"due", "Follow-up due", "The date of the review plus 3, 6 or 12 months lies no later than the as-of date, and the client had not died by then. No grace is given: a follow-up that is a few days late counts as not held yet.", own},
		{"kept-up", "Kept up", "The change made by the review was recorded as maintained at the follow-up. Those lost or without a record stay in the denominator.", "maintained change is a DCRS outcome (RSPH review of April to September 2013); the denominator is " + own},
		{"closed-plan", "Closed plan", "A personal health plan recorded as achieved, part achieved, not achieved or lost to follow-up.", "achieved and part achieved are DCRS outcomes (National Health Trainers DCRS report, May 2011); the denominator is " + own},
		{"pair", "Pair", "A client whose index episode has the measure both at the assessment and at the review. A change in per cent is the change of the mean as a share of the mean before.", own},
		{"wilson", "Interval of a share", "Wilson's score interval, 95%.", "Wilson 1927"},
		{"t-test", "Paired t test", "Tests whether the mean of the differences is 0; the interval of the mean change goes with it.", "Student's paired t test"},
		{"wilcoxon", "Wilcoxon's signed rank test", "Tests whether the differences lie as often and as far above 0 as below. Pairs without change are dropped; with ties or 50 pairs and more, the normal approximation with continuity correction, as in R. The median change stands beside it with the interval of its order statistics, which keeps the pairs without change.", "Wilcoxon 1945; the interval: exact binomial limits of the median"},
		{"mcnemar", "McNemar's test, exact", "Tests whether as many clients moved into a state as out of it. Interval of the difference: Newcombe's method 10 for paired proportions.", "McNemar 1947; Newcombe 1998, Stat Med 17:2635-2650"},
		{"holm", "Adjusted p-value", "Holm's method: keeps the chance of even one false alarm among the tests of a family at 5%.", "Holm 1979, Scand J Stat 6:65-70"},
		{"dz", "Effect size dz", "The mean change divided by the standard deviation of the changes. It grows where clients change alike, and is not to be compared with effect sizes of trials.", "Cohen 1988; exact interval by the noncentral t distribution"},
		{"dav", "Effect size dav", "The mean change divided by the mean of the standard deviations before and after; nearer to the effect sizes of comparisons between groups.", "Lakens 2013, Front Psychol 4:863"},
		{"standardised-difference", "Standardised difference", "The difference of two shares or means divided by their pooled standard deviation. It does not depend on how many there are.", "Austin 2009, Stat Med, doi:10.1002/sim.3697"},
		{"vodim", "VODIM", "Valid, other, default, invalid, missing: how NHS data-quality reports count the cells of a field.", "NHS England, data quality of the Mental Health Services Data Set"},
		{"small-numbers", "Small numbers", "Counts below 5 are shown as *, others rounded to the nearest 5; a percentage with a numerator or denominator below 5 is shown as *, others rounded to a whole number.", "NHS England, publication code of the mental health monthly statistics, sub-national figures"},
		{"dictionary", "The fields", "No list of the DCRS's own columns is public. The fields and codes are this library's dictionary, edition " + p.e.Edition + ", in which every entry says on what it rests; the codes of the Welsh indices are remembered, not confirmed.", own},
	}
}
