package evaluation

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/outcomes"
)

// Document makes the evaluation ready to be read, with small numbers treated as d says. The zero
// Disclosure hides them.
func (e *Evaluation) Document(d Disclosure) *Document {
	p := &presenter{e: e, d: d}
	doc := &Document{
		Title:    "Health trainer service evaluation",
		Subtitle: sentence(e.Period.String()),
		Disclosure: map[bool]string{
			true:  "Small numbers are hidden (shown as *) and the others rounded, by the NHS rule for figures below national level; see Methods.",
			false: "Not for publication: every number is shown as it is, and small numbers can identify people. Do not pass this on outside the service.",
		}[d.suppresses()],
		Suppressed: d.suppresses(),
		About: []Fact{
			{"Period", e.Period.String()},
			{"How the period was chosen", p.periodChoice()},
			{"File", e.File},
			{"As-of date", longDate(e.AsOf)},
			{"Records in the file", p.n(e.Records.InFile)},
			{"Kept out", p.n(e.Records.KeptOut)},
			{"Episodes in the figures", p.n(e.Episodes)},
			{"Clients in the figures", p.n(e.Clients)},
			{"Data dictionary", "edition " + e.Edition + " of this library; no list of the DCRS's own columns is public"},
		},
	}
	if e.Clients > 0 {
		doc.Headlines = p.headlines()
	}
	doc.Summary = p.summary()
	doc.Sections = []Section{
		p.quality(), p.reach(), p.journey(), p.plans(), p.change(), p.groups(), p.wider(), p.missing(), p.methods(),
	}
	doc.Definitions = p.definitions()
	doc.Checks = p.checks()
	doc.tidy()
	return doc
}

// tidy makes every list an empty one rather than none, so that JSON never shows null.
func (d *Document) tidy() {
	fill(&d.About)
	fill(&d.Headlines)
	fill(&d.Summary)
	fill(&d.Sections)
	fill(&d.Definitions)
	fill(&d.Checks)
	for i := range d.Sections {
		s := &d.Sections[i]
		fill(&s.Text)
		fill(&s.Charts)
		fill(&s.Tables)
		fill(&s.Caveats)
		for j := range s.Charts {
			fill(&s.Charts[j].Series)
			fill(&s.Charts[j].Notes)
			for k := range s.Charts[j].Series {
				fill(&s.Charts[j].Series[k].Points)
			}
		}
		for j := range s.Tables {
			fill(&s.Tables[j].Columns)
			fill(&s.Tables[j].Rows)
			fill(&s.Tables[j].Notes)
			for k := range s.Tables[j].Rows {
				fill(&s.Tables[j].Rows[k].Cells)
			}
		}
	}
}

func fill[T any](s *[]T) {
	if *s == nil {
		*s = []T{}
	}
}

// presenter formats the numbers of one evaluation under one disclosure rule.
type presenter struct {
	e *Evaluation
	d Disclosure
	// told lists, by table, the rows in which one number alone is hidden, so that the others tell it.
	told []toldRows
}

// n is a count as it stands in a table.
func (p *presenter) n(n int64) string { return p.d.Count(n) }

// say is a count as it stands in a sentence.
func (p *presenter) say(n int64) string {
	if p.d.Hides(n) {
		return "fewer than 5"
	}
	return p.d.Count(n)
}

// saying is a count in a sentence, with its noun.
func (p *presenter) saying(n int64, one, many string) string {
	if s := p.say(n); s != "1" {
		return s + " " + many
	}
	return "1 " + one
}

// pc is a proportion as a percentage.
func (p *presenter) pc(x Proportion) string { return p.d.Percent(x.N, x.Denominator) }

// part is a proportion as it stands in a sentence.
func (p *presenter) part(x Proportion) string {
	if p.hides(x) {
		return "a hidden share"
	}
	return p.pc(x)
}

// absent lists the columns that the file lacks, of those that the main figures rest on.
func (p *presenter) absent() []string {
	var out []string
	for _, name := range mainFields {
		if i := slices.IndexFunc(p.e.Quality.Fields, func(f dcrs.FieldReport) bool { return f.Field == name }); i >= 0 && p.e.Quality.Fields[i].Absent {
			out = append(out, lowered(p.e.Quality.Fields[i].Label))
		}
	}
	return out
}

// mainFields are the fields that the main figures rest on.
var mainFields = []string{
	"client_id", "service_code", "referral_date", "gender", "ethnic_category", "imd_quintile",
	"assessment_date", "plan_date", "plan_status", "review_date", "bmi_pre", "bmi_post",
}

// hides reports whether a proportion may not be shown.
func (p *presenter) hides(x Proportion) bool { return p.d.Hides(x.N) || p.d.Hides(x.Denominator) }

// ci is the interval of a proportion: "43% to 51%".
func (p *presenter) ci(x Proportion) string {
	switch {
	case p.hides(x):
		return hidden
	case x.Share == nil || x.Share.CI == nil:
		return none
	}
	return p.ends(x.Share.CI)
}

func (p *presenter) ends(ci *outcomes.Interval) string {
	return fixed(100*ci.Low, p.pcPlaces()) + "% to " + fixed(100*ci.High, p.pcPlaces()) + "%"
}

func (p *presenter) pcPlaces() int {
	if p.d.suppresses() {
		return 0
	}
	return 1
}

// of is a proportion with its counts: "47% (300 of 640)", "* (of 20)".
func (p *presenter) of(x Proportion) string {
	switch {
	case p.d.Hides(x.Denominator):
		return hidden
	case p.d.Hides(x.N):
		return fmt.Sprintf("%s (of %s)", hidden, p.n(x.Denominator))
	}
	return fmt.Sprintf("%s (%s of %s)", p.pc(x), p.n(x.N), p.n(x.Denominator))
}

// num is a number that rests on n people.
func (p *presenter) num(n int64, text string) string {
	if p.d.Hides(n) {
		return hidden
	}
	return text
}

// estimate is a change with its interval: "−1.8 (−2.1 to −1.5)".
func (p *presenter) estimate(n int64, e *Estimate, places int) string {
	switch {
	case p.d.Hides(n):
		return hidden
	case e == nil:
		return none
	case e.CI == nil:
		return signed(e.Value, places)
	}
	return fmt.Sprintf("%s (%s to %s)", signed(e.Value, places), signed(e.CI.Low, places), signed(e.CI.High, places))
}

// points is a difference of proportions with its interval, in percentage points.
func (p *presenter) points(n int64, e *Estimate) string {
	if e == nil || p.d.Hides(n) {
		return p.estimate(n, e, 0)
	}
	times100 := Estimate{Value: 100 * e.Value}
	if e.CI != nil {
		times100.CI = &outcomes.Interval{Low: 100 * e.CI.Low, High: 100 * e.CI.High}
	}
	return p.estimate(n, &times100, p.pcPlaces())
}

// point is a proportion as a point of a chart.
func (p *presenter) point(label string, x Proportion) Point {
	pt := Point{Label: label, Text: p.pc(x), N: p.n(x.N)}
	v, ok := p.d.percent(x.N, x.Denominator)
	switch {
	case p.hides(x):
		pt.Absent = hiddenWord
	case !ok:
		pt.Absent = "nobody to count"
	default:
		pt.Value = v
		if x.Share != nil && x.Share.CI != nil {
			scale := math.Pow10(p.pcPlaces())
			pt.Low, pt.High = math.Round(100*scale*x.Share.CI.Low)/scale, math.Round(100*scale*x.Share.CI.High)/scale
			pt.Interval = true
		}
	}
	return pt
}

// countPoint is a count as a point of a chart.
func (p *presenter) countPoint(label string, n int64, text string) Point {
	pt := Point{Label: label, Text: text, N: p.n(n)}
	if p.d.Hides(n) {
		pt.Absent = hiddenWord
		return pt
	}
	pt.Value = float64(p.d.rounded(n))
	return pt
}

// described turns the points of a series into words for who cannot see the chart.
func described(s Series) string {
	var parts []string
	for _, pt := range s.Points {
		text := pt.Text
		if pt.Absent != "" {
			text = pt.Absent
		}
		parts = append(parts, pt.Label+": "+text)
	}
	return strings.Join(parts, "; ") + "."
}

func body(indent int, cells ...string) Row {
	return Row{Kind: BodyRow, Indent: indent, Cells: cells}
}

func heading(title string) Row { return Row{Kind: HeadingRow, Cells: []string{title}} }

func left(id, title string) Column  { return Column{ID: id, Title: title, Align: Left} }
func right(id, title string) Column { return Column{ID: id, Title: title, Align: Right} }

// brief marks columns as belonging into a short summary.
func brief(c Column) Column {
	c.Brief = true
	return c
}

func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func (p *presenter) periodChoice() string {
	switch p.e.Period.Choice {
	case ChosenPeriod:
		return "given by whoever made the report"
	case FinancialYear:
		return "the latest financial year that had ended by the as-of date and holds a referral"
	}
	return "no financial year that had ended by the as-of date holds a referral, so all episodes are taken"
}

func (p *presenter) measure(id string) *Measure {
	for i := range p.e.Measures {
		if p.e.Measures[i].ID == id {
			return &p.e.Measures[i]
		}
	}
	return nil
}

func (p *presenter) stage(which int) JourneyStage {
	if which < len(p.e.Journey.Stages) {
		return p.e.Journey.Stages[which]
	}
	return JourneyStage{}
}

func (p *presenter) followUp(months int) FollowUp {
	for _, f := range p.e.FollowUps {
		if f.Months == months {
			return f
		}
	}
	return FollowUp{Months: months}
}

// withoutErrors is the share of records without an error finding of their own.
func (p *presenter) withoutErrors() Proportion {
	q := p.e.Quality
	if q == nil {
		return Proportion{}
	}
	return share(int64(q.Records-q.RecordsWithErrors), int64(q.Records), 0)
}

func (p *presenter) inFigures() Proportion {
	return proportion(p.e.Inclusion.In, p.e.Inclusion.In+p.e.Inclusion.Out, 0)
}

// headlines are a fixed choice: which figures stand here does not depend on what they say.
func (p *presenter) headlines() []Headline {
	e := p.e
	all := p.e.Plans.All
	hs := []Headline{
		{ID: "clients", Value: p.n(e.Clients), Label: "clients referred", Note: fmt.Sprintf("in %s; %s of the clients had more than one", p.saying(e.Episodes, "episode", "episodes"), p.say(e.RepeatClients))},
		{ID: "deprived", Value: p.pc(e.MostDeprived), Label: "live in the two most deprived fifths of areas", Note: p.based(fmt.Sprintf("of %s whose quintile is known", p.saying(e.MostDeprived.Denominator, "client", "clients")), p.ci(e.MostDeprived))},
		{ID: "achieved", Value: p.pc(all.Success), Label: "of closed personal health plans achieved or part achieved", Note: p.based(fmt.Sprintf("of %s, those lost to follow-up counted", p.saying(all.Closed, "closed plan", "closed plans")), p.ci(all.Success))},
	}
	for _, id := range headlineMeasures {
		m := p.measure(id)
		if m == nil {
			continue
		}
		c := m.Everyone
		h := Headline{ID: id, Value: none, Label: "mean change in " + lowered(m.Label), Note: c.NotComputed}
		if c.Change != nil {
			h.Value = p.num(c.Both, signed(c.Change.Value, m.Places)+" "+short(m.Unit))
			h.Note = p.based(fmt.Sprintf("in the %s of %s who were measured twice", p.saying(c.Both, "client", "clients"), p.say(e.Clients)), p.changeEnds(c, m.Places))
		}
		hs = append(hs, h)
	}
	f := p.followUp(6)
	return append(hs, Headline{ID: "maintained", Value: p.pc(f.Maintained), Label: "known to have kept the change up at 6 months", Note: p.based(fmt.Sprintf("of %s due for follow-up by %s", p.saying(f.Due, "episode", "episodes"), longDate(e.AsOf)), p.ci(f.Maintained))})
}

// headlineMeasures stand for the body and for wellbeing. Both are summarised by their means.
var headlineMeasures = [...]string{"bmi", "who5"}

// based adds the interval to what a headline rests on.
func (p *presenter) based(on, ci string) string {
	if ci == hidden || ci == none {
		return on
	}
	return on + "; 95% CI " + ci
}

// short is a unit as it follows a number: "points" for one such as "of 100".
func short(unit string) string {
	if strings.HasPrefix(unit, "of ") {
		return "points"
	}
	return unit
}

func (p *presenter) changeEnds(c Change, places int) string {
	switch {
	case p.d.Hides(c.Both):
		return hidden
	case c.Change == nil || c.Change.CI == nil:
		return none
	}
	return signed(c.Change.CI.Low, places) + " to " + signed(c.Change.CI.High, places)
}

// summary says the main things in sentences: how good the data are, who was reached, how far they came,
// what changed and how sure we can be.
func (p *presenter) summary() []string {
	e := p.e
	if e.Quality != nil && e.Quality.Unread != "" {
		return []string{"The file could not be read as an extract (" + e.Quality.Unread + "), so there is nothing to evaluate."}
	}
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if e.Quality == nil || e.Records.InFile == 0 {
		return []string{"The file holds no records, so there is nothing to evaluate."}
	}
	warned := int64(e.Quality.RecordsWithWarnings)
	add("Of %s in the file, %s kept out of the figures because of errors, and %s a warning; %s to the period.",
		p.saying(e.Records.InFile, "record", "records"), p.saying(e.Records.KeptOut, "was", "were"), p.saying(warned, "has", "have"), p.saying(e.Records.InPeriod, "belongs", "belong"))
	if absent := p.absent(); len(absent) > 0 {
		add("The file lacks columns, so that what rests on them is not known: %s.", list(absent))
	}
	if e.Clients == 0 {
		switch r := e.Records; {
		case r.OutsidePeriod > 0:
			add("No episode belongs to the period, so there is nothing to evaluate: %s outside it.", p.saying(r.OutsidePeriod, "lies", "lie"))
		default:
			add("No record is left, so there is nothing to evaluate. Look at why they were kept out, and whether %s, the as-of date, is right: what lies after it is an error.", longDate(e.AsOf))
		}
		return out
	}
	where := fmt.Sprintf("%s of those whose quintile is known live in the two most deprived fifths of areas", p.part(e.MostDeprived))
	if p.d.Hides(e.MostDeprived.Denominator) || e.MostDeprived.Denominator == 0 {
		where = "too few have a known quintile to say where they live"
	}
	add("%s in %s; %s.", sentence(p.saying(e.Clients, "client was referred", "clients were referred")), p.saying(e.Episodes, "episode", "episodes"), where)
	if !p.d.Hides(e.Episodes) {
		add("Of all episodes %s came to an assessment, %s to a personal health plan and %s to a review.",
			p.part(p.stage(atAssessment).Episodes), p.part(p.stage(atPlan).Episodes), p.part(p.stage(atReview).Episodes))
	}
	if all := e.Plans.All; all.Closed > 0 && !p.d.Hides(all.Closed) {
		add("Of %s %s were achieved and %s part achieved; %s were lost to follow-up.",
			p.saying(all.Closed, "closed plan", "closed plans"), p.part(all.Achieved), p.part(all.Part), p.part(all.Lost))
	} else {
		add("Too few personal health plans are closed to say what became of them.")
	}
	var better, worse, unclear []string
	judge := func(label string, n int64, t *Test, forTheBetter bool) {
		switch {
		case t == nil || p.d.Hides(n):
		case t.PHolm >= 0.05:
			unclear = append(unclear, lowered(label))
		case forTheBetter:
			better = append(better, lowered(label))
		default:
			worse = append(worse, lowered(label))
		}
	}
	for i := range e.Measures {
		m := &e.Measures[i]
		judge(m.Label, m.Everyone.Both, m.Everyone.Test, m.Everyone.forTheBetter(m))
	}
	for i := range e.Binaries {
		// Work and housing are not what people come with; they have a section of their own.
		if b := &e.Binaries[i]; b.ID == "smoking" {
			c := &b.Everyone
			judge(b.Label, c.Both, c.Test, c.Change != nil && c.Change.Value > 0 == (b.Better == Higher))
		}
	}
	tested := len(better) + len(worse) + len(unclear)
	if tested == 0 {
		add("Too few clients have a measure taken both before and after to say what changed.")
		return out
	}
	var parts []string
	for _, k := range []struct {
		labels []string
		text   string
	}{
		{better, "changed for the better by more than chance would explain"},
		{worse, "changed for the worse by more than chance would explain"},
		{unclear, "showed no clear change"},
	} {
		if len(k.labels) > 0 {
			parts = append(parts, few(k.labels, tested)+" "+k.text)
		}
	}
	add("%s of clients have a measure taken both before and after. Among them %s. The tests allow for their number.", p.pc(p.inFigures()), strings.Join(parts, "; "))
	var sizes, ranges []string
	for _, id := range headlineMeasures {
		if m := p.measure(id); m != nil && m.Everyone.Change != nil && m.Everyone.Change.CI != nil && !p.d.Hides(m.Everyone.Both) {
			c := m.Everyone.Change
			sizes = append(sizes, fmt.Sprintf("%s changed by %s %s", lowered(m.Label), signed(c.Value, m.Places), short(m.Unit)))
			ranges = append(ranges, fmt.Sprintf("between %s and %s", signed(c.CI.Low, m.Places), signed(c.CI.High, m.Places)))
		}
	}
	if len(sizes) > 0 {
		add("On average %s: as far as chance goes, we can be 95%% confident that the true average lies %s.", list(sizes), list(ranges))
	}
	add("These changes cannot be put down to the service alone: people come when things are bad and tend to get better anyway (regression to the mean), there is no group without help to compare with, and those measured twice differ from those who were not.")
	return out
}

// few names some measures of all that were tested, or says how many they are.
func few(labels []string, tested int) string {
	switch {
	case len(labels) <= 3:
		return list(labels)
	case len(labels) == tested:
		return fmt.Sprintf("all %d measures", tested)
	}
	return fmt.Sprintf("%d of %d measures", len(labels), tested)
}

// lowered is a label within a sentence; it keeps the capitals of a name such as WHO-5.
func lowered(label string) string {
	if len(label) > 1 && label[1] >= 'A' && label[1] <= 'Z' {
		return label
	}
	return strings.ToLower(label[:1]) + label[1:]
}

// forTheBetter reports whether the change goes the way that the service works towards: by the mean, or
// by how many moved either way where the summary is the median, which can be 0 though many moved.
func (c *Change) forTheBetter(m *Measure) bool {
	if m.Summary == MeanAndT && c.Change != nil {
		return c.Change.Value > 0 == (m.Better == Higher)
	}
	return c.Improved > c.Worse
}

// nice is an axis that holds the values, in whole steps.
func nice(lowest, highest, step float64) (low, high float64) {
	return math.Floor(lowest/step) * step, math.Ceil(highest/step) * step
}

// percentAxis is the end of an axis of percentages.
func percentAxis(series []Series) float64 {
	top := 10.0
	for _, s := range series {
		for _, pt := range s.Points {
			top = max(top, pt.Value, pt.High)
		}
	}
	_, top = nice(0, top, 10)
	return min(top, 100)
}

func (p *presenter) breakdown(id string) *Breakdown {
	i := slices.IndexFunc(p.e.Reach, func(b Breakdown) bool { return b.ID == id })
	if i < 0 {
		return &Breakdown{ID: id}
	}
	return &p.e.Reach[i]
}

func percentOf(n, den int) Proportion { return share(int64(n), int64(den), 0) }

func itoa(n int) string { return strconv.Itoa(n) }
