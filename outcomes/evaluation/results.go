package evaluation

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/outcomes"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// who5Rule is the change rule that the evaluation judges the WHO-5 by.
const who5Rule = "topp-2015-10"

func (t *tally) episodes() int64 {
	n := int64(0)
	for _, c := range t.counts[byGender] {
		n += c.episodes
	}
	return n
}

// proportion is n of den with Wilson's interval.
func proportion(n, den, missing int64) Proportion {
	p := Proportion{N: n, Denominator: den, Missing: missing}
	if r, err := outcomes.Wilson(n, den); err == nil {
		p.Share = &Estimate{Value: r.Estimate, CI: &r.CI}
	}
	return p
}

// share is n of den without an interval, for what is not independent.
func share(n, den, missing int64) Proportion {
	p := Proportion{N: n, Denominator: den, Missing: missing}
	if den > 0 && n <= den {
		p.Share = &Estimate{Value: float64(n) / float64(den)}
	}
	return p
}

// evaluation works out the results of a finished tally.
func (t *tally) evaluation(d *dcrs.Dictionary, report *dcrs.Report, file string, cfg config) *Evaluation {
	s := t.survey
	e := &Evaluation{
		Edition: d.Edition(), AsOf: s.asOf, File: file, Period: s.period, Records: s.records(d), Quality: report,
		Episodes: s.inPeriod, Clients: int64(len(s.clients)), Unidentified: s.unidentified, MinPairs: cfg.minPairs,
	}
	for i := range s.clients {
		if s.clients[i].episodes > 1 {
			e.RepeatClients++
		}
	}
	for i := range t.cs {
		e.Reach = append(e.Reach, t.breakdown(i, e))
	}
	e.MostDeprived = t.mostDeprived(e)
	e.Editions = t.imdEditions(d)
	e.Journey = t.journeyResult(d, e)
	e.FollowUps = t.followUpResults()
	e.Plans = t.planResults(d)
	b := builder{minPairs: int64(cfg.minPairs)}
	e.Measures = t.measureResults(&b)
	e.Binaries = t.binaryResults(&b)
	e.Tests = b.finish()
	e.WHO5 = t.who5Result()
	e.Signposting = t.signpostResult(d, e)
	e.WiderNeeds = t.needResults(d)
	e.Transitions = []Transition{
		t.moves[0].result("work", "Work", workGroups),
		t.moves[1].result("home", "Housing", homeGroups),
	}
	e.Inclusion = t.inclusion(e)
	return e
}

func (t *tally) breakdown(which int, e *Evaluation) Breakdown {
	c := &t.cs[which]
	out := Breakdown{ID: c.id, Title: c.title, Note: c.note}
	var clients, episodes int64 // whose answer is known
	for i, k := range c.categories {
		if k.known {
			clients += t.counts[which][i].clients
			episodes += t.counts[which][i].episodes
		}
	}
	for i, k := range c.categories {
		n := t.counts[which][i]
		row := Category{Code: k.code, Label: k.label, Parent: k.parent, Known: k.known}
		if k.known {
			row.Clients = proportion(n.clients, clients, e.Clients-clients)
			row.Episodes = share(n.episodes, episodes, e.Episodes-episodes)
		} else {
			row.Clients = share(n.clients, e.Clients, 0)
			row.Episodes = share(n.episodes, e.Episodes, 0)
		}
		out.Categories = append(out.Categories, row)
	}
	return out
}

// mostDeprived is the share of quintiles 1 and 2.
func (t *tally) mostDeprived(e *Evaluation) Proportion {
	var n, known int64
	for i, k := range t.cs[byQuintile].categories {
		if k.known {
			known += t.counts[byQuintile][i].clients
			if k.code == "1" || k.code == "2" {
				n += t.counts[byQuintile][i].clients
			}
		}
	}
	return proportion(n, known, e.Clients-known)
}

func (t *tally) imdEditions(d *dcrs.Dictionary) []Category {
	list, _ := d.CodeList("imd_edition")
	out := []Category{}
	for _, c := range list.Codes {
		if n := t.editions.Counts[c.Code]; n > 0 {
			out = append(out, Category{Code: c.Code, Label: c.Label, Known: true, Episodes: share(n, t.editions.N, t.editions.Missing)})
		}
	}
	return out
}

func (t *tally) journeyResult(d *dcrs.Dictionary, e *Evaluation) Journey {
	reasons, _ := d.CodeList("closure_reason")
	var clients [stageCount]int64
	for i := range t.survey.clients {
		for stage := range t.survey.clients[i].stage + 1 {
			clients[stage]++
		}
	}
	j := Journey{Stages: make([]JourneyStage, 0, stageCount)}
	before := e.Episodes
	for i, s := range t.funnel.Stages {
		stage := JourneyStage{
			ID: stages[i].id, Label: stages[i].label,
			Episodes: share(s.Reached, e.Episodes, 0), Clients: proportion(clients[i], e.Clients, 0),
			Onward: share(s.Reached, before, 0), Dated: t.dated[i], Open: s.Open, Left: []Reason{},
		}
		before = s.Reached
		for code, n := range s.Left {
			r := Reason{Code: code, Label: "reason " + notRecorded, N: n}
			if code != "" {
				r.Label = reasons.Label(code)
			}
			stage.Left = append(stage.Left, r)
		}
		slices.SortFunc(stage.Left, func(a, b Reason) int {
			return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Code, b.Code))
		})
		j.Stages = append(j.Stages, stage)
	}
	return j
}

func (t *tally) followUpResults() []FollowUp {
	var out []FollowUp
	for i, f := range t.follow {
		held := f.yes + f.part + f.not
		out = append(out, FollowUp{
			Months: followUpMonths[i], Reviewed: f.reviewed, NotYetDue: f.notYet, Died: f.died, Due: f.due,
			Held:       proportion(held, f.due, 0),
			Maintained: proportion(f.yes, f.due, 0), Part: proportion(f.part, f.due, 0), Not: proportion(f.not, f.due, 0),
			Lost: proportion(f.lost, f.due, 0), Unrecorded: proportion(f.unrecorded, f.due, 0),
			AmongHeld: proportion(f.yes, held, f.due-held), HeldEarly: f.early,
		})
	}
	return out
}

func (s *statusTally) result(id, label string) Outcomes {
	closed := s.achieved + s.part + s.not + s.dropped + s.lost
	of := func(n int64) Proportion { return proportion(n, closed, s.missing) }
	return Outcomes{
		ID: id, Label: label, Total: s.total, Open: s.open, Closed: closed,
		Success:  of(s.achieved + s.part),
		Achieved: of(s.achieved), Part: of(s.part), Not: of(s.not), Dropped: of(s.dropped), Lost: of(s.lost),
		Revised: s.revised, Missing: s.missing,
	}
}

// groupID and groupLabel name a group of clients by quintile or setting.
func groupID(c *characteristic, i int) string {
	code := c.categories[i].code
	if code == "" {
		code = "unknown"
	}
	return c.id + "-" + strings.ToLower(strings.ReplaceAll(code, "_", "-"))
}

func groupLabel(c *characteristic, i int) string {
	switch label := c.categories[i].label; {
	case c.id == "quintile" && c.categories[i].known:
		return "Quintile " + label
	case c.id == "quintile":
		return "Quintile: " + label
	default:
		return "Setting: " + label
	}
}

func (t *tally) planResults(d *dcrs.Dictionary) Plans {
	p := Plans{All: t.plans.result("plans", "All plans"), Goals: t.goals.result("goals", "All goals")}
	for g, which := range [2]int{byQuintile, bySetting} {
		for i := range t.plansBy[g] {
			if t.plansBy[g][i].total > 0 {
				p.Groups = append(p.Groups, t.plansBy[g][i].result(groupID(&t.cs[which], i), groupLabel(&t.cs[which], i)))
			}
		}
	}
	list, _ := d.CodeList("issue")
	for _, c := range list.Codes {
		if s := t.goalsBy[c.Code]; s != nil {
			p.ByIssue = append(p.ByIssue, s.result(strings.ReplaceAll(c.Code, "_", "-"), c.Label))
		}
	}
	if s := t.goalsBy[""]; s != nil {
		p.ByIssue = append(p.ByIssue, s.result("unknown", "issue "+notRecorded))
	}
	for i := range t.survey.clients {
		if t.survey.clients[i].plans > 1 {
			p.Repeated++
		}
	}
	return p
}

// builder works out changes and remembers the tests, so that they can be counted and adjusted.
type builder struct {
	minPairs int64
	families [2][]*Test // for everyone, for those with a goal
}

const (
	noFamily = iota - 1
	everyone
	withGoal
)

// finish adjusts the p-values and returns how many there are.
func (b *builder) finish() int {
	n := 0
	for _, family := range b.families {
		holm(family)
		n += len(family)
	}
	return n
}

// holm adjusts the p-values of a family (Holm 1979): the smallest times their number, the next times one
// less, and so on, none below the one before it.
func holm(family []*Test) {
	sorted := slices.Clone(family)
	slices.SortStableFunc(sorted, func(a, b *Test) int { return cmp.Compare(a.P, b.P) })
	least := 0.0
	for i, t := range sorted {
		least = max(least, min(1, t.P*float64(len(sorted)-i)))
		t.PHolm = least
	}
}

// because is why a number cannot be computed, in words.
func because(err error) string {
	if e, ok := errors.AsType[outcomes.DegenerateError](err); ok {
		return e.Reason
	}
	return strings.TrimPrefix(err.Error(), "outcomes: ")
}

func (b *builder) tooFew(n int64) string {
	if n >= b.minPairs {
		return ""
	}
	return fmt.Sprintf("fewer than %d complete pairs", b.minPairs)
}

// change works out one measure in one group.
func (b *builder) change(id, label string, s *stratum, spec *MeasureSpec, family int) Change {
	c := Change{
		ID: id, Label: label, Clients: s.Rows(), Both: s.Both, PreOnly: s.PreOnly, PostOnly: s.PostOnly, Neither: s.Neither,
		PreOnlyOpen: s.preOnlyOpen, Improved: s.up, Unchanged: s.same, Worse: s.down,
	}
	if spec.Better == Lower {
		c.Improved, c.Worse = c.Worse, c.Improved
	}
	if c.NotComputed = b.tooFew(s.Both); c.NotComputed != "" {
		return c
	}
	sum, err := s.Summary()
	if err != nil {
		c.NotComputed = because(err)
		return c
	}
	c.Pre = &Distribution{Mean: sum.MeanPre, SD: sum.SDPre, Quartiles: quartiles(s.QuantilesPre)}
	c.Post = &Distribution{Mean: sum.MeanPost, SD: sum.SDPost, Quartiles: quartiles(s.QuantilesPost)}
	if spec.Ratio && sum.MeanPre > 0 {
		r := sum.MeanDiff / sum.MeanPre
		c.Relative = &r
	}
	if s.PreOnly >= b.minPairs {
		if lost, err := s.Lost.Summary(); err == nil {
			c.Lost = &Baseline{Mean: lost.Mean, SD: lost.SD}
			pairs := outcomes.Summary{N: sum.N, Mean: sum.MeanPre, SD: sum.SDPre}
			if diff, err := lost.StandardisedDifference(pairs); err == nil {
				c.Lost.Standardised = &diff.Estimate
			}
		}
	}
	c.DZ, c.DAv = effects(sum, family != noFamily)
	test := Test{}
	switch spec.Summary {
	case MeanAndT:
		r, err := sum.T()
		if err != nil {
			c.NotComputed = because(err)
			return c
		}
		c.Change = &Estimate{Value: r.Estimate, Method: r.Method, CI: &r.CI}
		test = Test{Method: r.Method, Statistic: r.T, DF: r.DF, P: r.P}
	default:
		if c.Change, err = medianChange(s.DiffCounts); err != nil {
			c.NotComputed = because(err)
			return c
		}
		if hl, err := s.HodgesLehmann(); err == nil {
			c.HodgesLehmann = &Estimate{Value: hl.Estimate, Method: hl.Method, CI: &hl.CI}
		}
		r, err := s.SignedRank()
		if err != nil {
			c.NotComputed = because(err)
			return c
		}
		test = Test{Method: r.Method, Statistic: r.V, P: r.P}
	}
	if family != noFamily {
		c.Test = &test
		b.families[family] = append(b.families[family], c.Test)
	}
	return c
}

// effects are dz and dav. Their exact intervals take milliseconds each, so only what is tested gets them.
func effects(s outcomes.PairSummary, intervals bool) (dz, dav *Estimate) {
	by := (s.SDPre + s.SDPost) / 2
	if !(s.SDDiff > 0) || !(by > 0) {
		return nil, nil
	}
	dz = &Estimate{Value: s.MeanDiff / s.SDDiff, Method: "Cohen's dz: mean difference / SD of differences"}
	dav = &Estimate{Value: s.MeanDiff / by, Method: "Cohen's dav: mean difference / mean of the two SDs"}
	if !intervals {
		return dz, dav
	}
	if r, err := s.DZ(); err == nil {
		dz = &Estimate{Value: r.Estimate, Method: r.Definition, CI: r.CI}
	}
	if r, err := s.DAv(); err == nil {
		dav = &Estimate{Value: r.Estimate, Method: r.Definition, CI: r.CI}
	}
	return dz, dav
}

func quartiles(of func(outcomes.QuantileType, ...float64) ([]float64, error)) *Quartiles {
	q, err := of(outcomes.R7, 0.25, 0.5, 0.75)
	if err != nil {
		return nil
	}
	return &Quartiles{Q1: q[0], Median: q[1], Q3: q[2]}
}

func (t *tally) measureResults(b *builder) []Measure {
	out := make([]Measure, len(specs))
	for i := range specs {
		tm := &t.measures[i]
		m := &out[i]
		m.MeasureSpec = Specs()[i]
		var all stratum
		for q := range tm.quintile {
			all.merge(&tm.quintile[q])
		}
		m.Everyone = b.change("everyone", "Everyone", &all, &specs[i], everyone)
		if len(specs[i].Issues) > 0 {
			g := b.change("goal", "With a goal on it", &tm.goal, &specs[i], withGoal)
			m.Goal = &g
		}
		for g, strata := range [2][]stratum{tm.quintile, tm.setting} {
			c := &t.cs[[2]int{byQuintile, bySetting}[g]]
			for k := range strata {
				if strata[k].Rows() > 0 {
					m.Groups = append(m.Groups, b.change(groupID(c, k), groupLabel(c, k), &strata[k], &specs[i], noFamily))
				}
			}
		}
	}
	return out
}

// binary works out one state in one group.
func (b *builder) binary(id, label string, s *binaryStratum, family int) BinaryChange {
	n := s.N()
	missing := s.Missing
	pre, post := s.YesYes+s.YesNo, s.YesYes+s.NoYes
	c := BinaryChange{
		ID: id, Label: label, Clients: n + missing, Both: n, PreOnly: s.preOnly, PostOnly: s.postOnly, Neither: s.neither,
		Counts: s.PairedBinary,
		Pre:    proportion(pre, n, missing), Post: proportion(post, n, missing),
		Stopped: proportion(s.YesNo, pre, missing), Started: proportion(s.NoYes, n-pre, missing),
	}
	if c.NotComputed = b.tooFew(n); c.NotComputed != "" {
		return c
	}
	diff, err := s.Difference()
	if err != nil {
		c.NotComputed = because(err)
		return c
	}
	c.Change = &Estimate{Value: diff.Estimate, Method: diff.Method, CI: &diff.CI}
	if family == noFamily {
		return c
	}
	r, err := s.McNemar(outcomes.Exact())
	if err != nil {
		c.NotComputed = because(err)
		return c
	}
	c.Test = &Test{Method: r.Method, P: r.P}
	b.families[family] = append(b.families[family], c.Test)
	return c
}

func (t *tally) binaryResults(b *builder) []Binary {
	var out []Binary
	for i := range t.binaries {
		tb, spec := &t.binaries[i], binarySpecs[i]
		r := Binary{ID: spec.id, Label: spec.label, State: spec.state, Better: spec.better, Issues: slices.Clone(spec.issues)}
		var all binaryStratum
		for q := range tb.quintile {
			all.merge(&tb.quintile[q])
		}
		r.Everyone = b.binary("everyone", "Everyone", &all, everyone)
		if len(spec.issues) > 0 {
			g := b.binary("goal", "With a goal on it", &tb.goal, withGoal)
			r.Goal = &g
		}
		for g, strata := range [2][]binaryStratum{tb.quintile, tb.setting} {
			c := &t.cs[[2]int{byQuintile, bySetting}[g]]
			for k := range strata {
				if strata[k].N()+strata[k].Missing > 0 {
					r.Groups = append(r.Groups, b.binary(groupID(c, k), groupLabel(c, k), &strata[k], noFamily))
				}
			}
		}
		out = append(out, r)
	}
	return out
}

// who5Result judges the changes behind the measure by the instrument's own rule. The rule looks at the
// difference alone, so each distinct one is judged once, as a change from or to 0.
func (t *tally) who5Result() WHO5 {
	instrument := wellbeing.WHO5()
	rule, err := instrument.ChangeRule(who5Rule)
	if err != nil {
		return WHO5{Instrument: instrument.Name()}
	}
	out := WHO5{
		Instrument: instrument.Name(), Edition: instrument.Definition().Edition, Rule: rule.Name,
		Threshold: rule.Threshold.String(), Smallest: rule.Smallest.String(), Meaning: rule.Meaning,
		Source: rule.Source.Citation, Basis: rule.Source.Basis.String(), Pre: t.who5[0], Post: t.who5[1],
	}
	var all stratum
	for i := range specs {
		if specs[i].ID == "who5" {
			for q := range t.measures[i].quintile {
				all.merge(&t.measures[i].quintile[q])
			}
		}
	}
	var n [3]int64
	for diff, count := range all.DiffCounts.All() {
		before, _ := wellbeing.NewValue(max(0, -diff), outcomes.Unit)
		after, _ := wellbeing.NewValue(max(0, diff), outcomes.Unit)
		change, err := rule.JudgeValues(before, after)
		if err != nil {
			continue
		}
		switch change.Outcome {
		case wellbeing.Improved:
			n[0] += count
		case wellbeing.Deteriorated:
			n[2] += count
		default:
			n[1] += count
		}
	}
	missing := all.Rows() - all.Both
	out.Improved = proportion(n[0], all.Both, missing)
	out.NoChange = proportion(n[1], all.Both, missing)
	out.Deteriorated = proportion(n[2], all.Both, missing)
	return out
}

func (t *tally) signpostResult(d *dcrs.Dictionary, e *Evaluation) Signposting {
	list, _ := d.CodeList("signpost")
	clients := make([]int64, len(t.signposts.codes))
	any := int64(0)
	for i := range t.survey.clients {
		bits := t.survey.clients[i].signposted
		if bits != 0 {
			any++
		}
		for k := range clients {
			clients[k] += int64(bits >> k & 1)
		}
	}
	out := Signposting{
		Episodes: share(t.signposts.episodes, e.Episodes, 0), Clients: proportion(any, e.Clients, 0),
		Onward: t.signposts.onward, Destinations: []Destination{},
	}
	for k, code := range t.signposts.codes {
		if t.signposts.byCode[k] > 0 {
			out.Destinations = append(out.Destinations, Destination{
				Code: code, Label: list.Label(code),
				Onward:  share(t.signposts.byCode[k], t.signposts.onward, 0),
				Clients: proportion(clients[k], e.Clients, 0),
			})
		}
	}
	slices.SortStableFunc(out.Destinations, func(a, b Destination) int { return cmp.Compare(b.Onward.N, a.Onward.N) })
	return out
}

func (t *tally) needResults(d *dcrs.Dictionary) []WiderNeed {
	list, _ := d.CodeList("wider_need")
	out := []WiderNeed{}
	for _, c := range list.Codes {
		n := t.needs[c.Code]
		if n.present == 0 && n.unlisted == 0 {
			continue
		}
		closed := n.met + n.part + n.notMet
		out = append(out, WiderNeed{
			Code: c.Code, Label: c.Label, Present: share(n.present, t.contacted, 0), Closed: closed,
			Met: proportion(n.met, closed, 0), Part: proportion(n.part, closed, 0), NotMet: proportion(n.notMet, closed, 0),
			Open: n.open, Unlisted: n.unlisted,
		})
	}
	slices.SortStableFunc(out, func(a, b WiderNeed) int { return cmp.Compare(b.Present.N, a.Present.N) })
	return out
}

func (t *transitionTally) result(id, label string, groups []grouping) Transition {
	out := Transition{ID: id, Label: label, Counts: t.counts, Both: t.both, StartOnly: t.start, EndOnly: t.end, Neither: t.neither}
	for _, g := range groups {
		out.Groups = append(out.Groups, TransitionGroup{ID: g.id, Label: g.label, Codes: slices.Clone(g.codes)})
	}
	return out
}

func (t *tally) inclusion(e *Evaluation) Inclusion {
	out := Inclusion{In: t.in, Out: e.Clients - t.in}
	for _, which := range compared {
		c := &t.cs[which]
		var in, of int64 // whose answer is known
		for i, k := range c.categories {
			if k.known {
				in += t.counts[which][i].in
				of += t.counts[which][i].clients
			}
		}
		row := InclusionCharacteristic{ID: c.id, Title: c.title}
		for i, k := range c.categories {
			n := t.counts[which][i]
			r := InclusionCategory{Code: k.code, Label: k.label, Known: k.known, Included: proportion(n.in, n.clients, 0)}
			if k.known {
				r.In = share(n.in, in, out.In-in)
				r.Out = share(n.clients-n.in, of-in, out.Out-(of-in))
				table := outcomes.Table{{n.in, in - n.in}, {n.clients - n.in, of - in - (n.clients - n.in)}}
				if diff, err := table.RiskDifference(); err == nil {
					r.Difference = &Estimate{Value: diff.Estimate, Method: diff.Method, CI: &diff.CI}
				}
				if std, err := outcomes.StandardisedProportionDifference(n.in, in, n.clients-n.in, of-in); err == nil {
					r.Standardised = &std.Estimate
				}
			} else {
				r.In = share(n.in, out.In, 0)
				r.Out = share(n.clients-n.in, out.Out, 0)
			}
			row.Categories = append(row.Categories, r)
		}
		out.Characteristics = append(out.Characteristics, row)
	}
	return out
}
