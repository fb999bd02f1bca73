package dcrs

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"

	"github.com/healthtrainer/healthtrainer/hte"
)

// Scorecards say of every group of a report, as a rule every service, how good its
// data are: how the cells of each field count (VODIM), what is found most often,
// and one score with its formula. See [NewScorecards].
//
// Everything in them counts records and cells, not people, and nothing is rounded
// away or suppressed: they are for the services that hold the data and those who
// run them, not for publication. A service should be sent its own card only, see
// [Scorecards.Only]: in a small one a count can be about a person whom the reader
// knows.
type Scorecards struct {
	File    string   `json:"file"`
	Edition string   `json:"edition"`
	AsOf    hte.Date `json:"as_of"`
	GroupBy string   `json:"group_by,omitempty"`
	// Formula says how a score is worked out, and Difference how that differs from
	// the index that NHS England publishes.
	Formula    string `json:"formula"`
	Difference string `json:"difference"`
	// ScoreFrom is how many records a group needs for a score.
	ScoreFrom int `json:"score_from"`
	// Items are the fields of which the score is made, with the share of default
	// values that counts as good, in per cent.
	Items []ScoreItem `json:"items"`
	Cards []Scorecard `json:"cards"`
}

// ScoreItem is a field that a score is made of.
type ScoreItem struct {
	Field         string `json:"field"`
	DefaultsCount int    `json:"defaults_count"` // in per cent
}

// Scorecard is the card of one group, or of the whole file where the report has no
// groups. Percentages are texts with one decimal place, half a tenth rounded up;
// they are empty where there is nothing to divide by.
type Scorecard struct {
	Group               string `json:"group"`
	Label               string `json:"label,omitempty"`
	Kind                string `json:"kind,omitempty"` // GroupNone, GroupOthers, or "all" for the whole file
	Records             int    `json:"records"`
	RecordsWithErrors   int    `json:"records_with_errors"`
	RecordsWithWarnings int    `json:"records_with_warnings"`

	// Score is from 0.0 to 100.0; empty where there are too few records for one, or
	// where none of its fields is known.
	Score string `json:"score,omitempty"`
	// Submitted and Expected are periods, as given with [Periods]; both 0 where
	// nobody said, and the score then takes coverage to be whole.
	Submitted int `json:"submitted,omitempty"`
	Expected  int `json:"expected,omitempty"`

	// Of the cells of the items: Complete is how many are filled, Valid how many of
	// those filled are valid, other or default, Defaults how many of those filled are
	// default. Without is how many records have no error.
	Complete string `json:"complete,omitempty"`
	Valid    string `json:"valid,omitempty"`
	Defaults string `json:"defaults,omitempty"`
	Without  string `json:"without_errors,omitempty"`

	Fields []ScoredField `json:"fields"` // every field, in the order of the dictionary
	Rules  []ScoredRule  `json:"rules"`  // those with most errors, then most warnings; at most ScoredRules
}

// ScoredField is a field on a card.
type ScoredField struct {
	GroupField
	Label string `json:"label"`
	Item  bool   `json:"item"`            // it is part of the score
	Score string `json:"score,omitempty"` // of the item
}

// ScoredRule is a rule on a card, in words.
type ScoredRule struct {
	GroupRule
	Problem string `json:"problem"`
	Fix     string `json:"fix"`
}

// ScoredRules is how many rules a card names.
const ScoredRules = 10

// Name is what to call the group in words.
func (c Scorecard) Name() string {
	if c.Kind == wholeFile {
		return "the whole extract"
	}
	return GroupReport{Group: c.Group, Kind: c.Kind}.Name()
}

const wholeFile = "all"

// ScoreOption changes how [NewScorecards] scores.
type ScoreOption func(*scoring) error

type scoring struct {
	d         *Dictionary
	fields    []string
	defaults  map[string]int // in per cent; "" for all
	periods   map[string][2]int
	scoreFrom int
}

// ScoreFields names the fields that the score is made of. Unless told otherwise it
// is those that the dictionary expects in every row: mandatory and required ones.
// A field that is filled only for some clients should not be among them, since a
// blank is then no fault.
func ScoreFields(names ...string) ScoreOption {
	return func(s *scoring) error {
		for _, name := range names {
			if _, ok := s.d.Field(name); !ok {
				return &OptionError{Option: "ScoreFields", Problem: fmt.Sprintf("no field is called %q", name)}
			}
		}
		s.fields = names
		return nil
	}
}

// DefaultsCount says how much of a default value counts as good, in per cent: 0
// unless told otherwise, for the fields named or, where there are none, for all.
// NHS England sets this share for each item of a national data set.
func DefaultsCount(percent int, fields ...string) ScoreOption {
	return func(s *scoring) error {
		if percent < 0 || percent > 100 {
			return &OptionError{Option: "DefaultsCount", Problem: "it must lie between 0 and 100 per cent"}
		}
		if len(fields) == 0 {
			fields = []string{""}
		}
		for _, name := range fields {
			if _, ok := s.d.Field(name); !ok && name != "" {
				return &OptionError{Option: "DefaultsCount", Problem: fmt.Sprintf("no field is called %q", name)}
			}
			s.defaults[name] = percent
		}
		return nil
	}
}

// Periods says for how many of the expected periods, such as the months of a year,
// a group has sent data. A report knows only what is in its file.
func Periods(group string, submitted, expected int) ScoreOption {
	return func(s *scoring) error {
		if submitted < 0 || expected < 1 || submitted > expected {
			return &OptionError{Option: "Periods", Problem: "there must be at least one expected, and no more submitted than that"}
		}
		s.periods[group] = [2]int{submitted, expected}
		return nil
	}
}

// ScoreFrom sets how many records a group needs for a score; the default is 10.
// A percentage of fewer says more about chance than about the service. The counts
// are shown all the same.
func ScoreFrom(records int) ScoreOption {
	return func(s *scoring) error {
		if records < 1 {
			return &OptionError{Option: "ScoreFrom", Problem: "it must be at least 1"}
		}
		s.scoreFrom = records
		return nil
	}
}

const (
	scoreFormula = "Score = coverage × mean of the items. " +
		"Item = (valid + other + d × default) ÷ records, for each field that is expected in every row; d is the share of default values that counts as good. " +
		"Coverage = periods submitted ÷ periods expected, or 1 where nobody said."
	scoreDifference = "The score resembles the Data Quality Maturity Index that NHS England publishes for national data sets, and is not it. " +
		"The index has its own items for each data set and its own rules for periods and defaults, and checks values against national reference data. " +
		"Here the items are fields of this library's own dictionary, and a value is valid if the dictionary says so: it need not exist. " +
		"Other (not stated) counts as an answer. The two must not be compared."
)

// NewScorecards makes the cards of every group of a report, in their order, from a
// report made with [GroupBy]; of a report without groups, one card for the whole.
// The dictionary must be of the report's kind and edition.
//
//	score = C × mean of items
//	item  = (valid + other + d × default) ÷ records
//
// over the fields that are expected in every row, with C the share of periods for
// which data were sent ([Periods]), and d the share of default values that counts
// as good ([DefaultsCount]). It is worked out in whole numbers and rounded once.
// It resembles the Data Quality Maturity Index of NHS England and is not it:
// [Scorecards.Difference] says why, on every card.
//
// The errors are an [*OptionError] for an option that cannot be used or another
// dictionary, and a [*ReportError] for a report whose rows were not read.
func NewScorecards(r *Report, d *Dictionary, options ...ScoreOption) (*Scorecards, error) {
	if d == nil || d.kind != r.Kind || d.edition != r.Edition {
		return nil, &OptionError{Option: "dictionary", Problem: "it is not the one that the report was made with"}
	}
	if r.Unread != "" {
		return nil, &ReportError{Path: "unread", Problem: "no row was read, so there is nothing to score"}
	}
	s := newScoring(d)
	for _, f := range d.fields {
		if f.Presence == Mandatory || f.Presence == Required {
			s.fields = append(s.fields, f.Name)
		}
	}
	for _, option := range options {
		if err := option(s); err != nil {
			return nil, err
		}
	}
	out := &Scorecards{
		File: r.File, Edition: r.Edition, AsOf: r.AsOf, GroupBy: r.GroupBy,
		Formula: scoreFormula, Difference: scoreDifference, ScoreFrom: s.scoreFrom, Items: []ScoreItem{}, Cards: []Scorecard{},
	}
	for _, f := range d.fields {
		if slices.Contains(s.fields, f.Name) {
			out.Items = append(out.Items, ScoreItem{f.Name, s.share(f.Name)})
		}
	}
	groups := r.Groups
	if r.GroupBy == "" {
		groups = []GroupReport{r.asGroup()}
	}
	for i := range groups {
		out.Cards = append(out.Cards, s.card(&groups[i], r))
	}
	return out, nil
}

func newScoring(d *Dictionary) *scoring {
	return &scoring{d: d, defaults: map[string]int{}, periods: map[string][2]int{}, scoreFrom: 10}
}

// share is how much of a default counts, in per cent.
func (s *scoring) share(field string) int {
	if n, ok := s.defaults[field]; ok {
		return n
	}
	return s.defaults[""]
}

// asGroup is the whole file as one group.
func (r *Report) asGroup() GroupReport {
	g := GroupReport{Kind: wholeFile, RecordsWithErrors: r.RecordsWithErrors, RecordsWithWarnings: r.RecordsWithWarnings}
	for _, rule := range r.Rules {
		if rule.Count > 0 {
			g.Rules = append(g.Rules, GroupRule{rule.Rule, rule.Count, rule.Errors, rule.Warnings, rule.Infos})
		}
	}
	for _, f := range r.Fields {
		g.Records = f.Denominator
		g.Fields = append(g.Fields, GroupField{f.Field, f.Valid, f.Other, f.Default, f.Invalid, f.Missing})
	}
	// A row that cannot be taken apart has an error and no cells.
	g.RecordsWithErrors = max(0, g.RecordsWithErrors-(r.Records-g.Records))
	return g
}

func (s *scoring) card(g *GroupReport, r *Report) Scorecard {
	c := Scorecard{
		Group: g.Group, Label: g.Label, Kind: g.Kind, Records: g.Records,
		RecordsWithErrors: g.RecordsWithErrors, RecordsWithWarnings: g.RecordsWithWarnings,
		Fields: []ScoredField{}, Rules: []ScoredRule{},
		Without: percent(big.NewInt(int64(g.Records-g.RecordsWithErrors)), big.NewInt(int64(g.Records))),
	}
	labels := make(map[string]string, len(r.Fields))
	for _, f := range r.Fields {
		labels[f.Field] = f.Label
	}
	// Hundredths of good cells, since a share of a default counts.
	sum, items := new(big.Int), 0
	var cells, filled, usable, defaults int64
	for _, f := range g.Fields {
		field := ScoredField{GroupField: f, Label: labels[f.Field], Item: slices.Contains(s.fields, f.Field)}
		if field.Item {
			good := 100*(int64(f.Valid)+int64(f.Other)) + int64(s.share(f.Field))*int64(f.Default)
			field.Score = percent(big.NewInt(good), big.NewInt(100*int64(g.Records)))
			sum.Add(sum, big.NewInt(good))
			items++
			cells += int64(g.Records)
			filled += int64(g.Records - f.Missing)
			usable += int64(f.Valid) + int64(f.Other) + int64(f.Default)
			defaults += int64(f.Default)
		}
		c.Fields = append(c.Fields, field)
	}
	c.Complete = percent(big.NewInt(filled), big.NewInt(cells))
	c.Valid = percent(big.NewInt(usable), big.NewInt(filled))
	c.Defaults = percent(big.NewInt(defaults), big.NewInt(filled))
	whole := new(big.Int).Mul(big.NewInt(100*int64(items)), big.NewInt(int64(g.Records)))
	key := g.Group
	if p, ok := s.periods[key]; ok && (g.Kind == "" || g.Kind == wholeFile) {
		c.Submitted, c.Expected = p[0], p[1]
		sum.Mul(sum, big.NewInt(int64(p[0])))
		whole.Mul(whole, big.NewInt(int64(p[1])))
	}
	if g.Records >= s.scoreFrom {
		c.Score = percent(sum, whole)
	}

	rules := slices.DeleteFunc(slices.Clone(g.Rules), func(r GroupRule) bool { return r.Errors+r.Warnings == 0 })
	slices.SortStableFunc(rules, func(a, b GroupRule) int {
		return cmp.Or(cmp.Compare(b.Errors, a.Errors), cmp.Compare(b.Warnings, a.Warnings))
	})
	for _, rule := range rules[:min(len(rules), ScoredRules)] {
		def, _ := s.d.Rule(rule.Rule)
		v := newRuleView(RuleReport{Rule: rule.Rule}, def, s.d)
		c.Rules = append(c.Rules, ScoredRule{rule, v.Problem, sentence(v.Fix)})
	}
	return c
}

// percent is n of a whole, in per cent with one decimal place, half a tenth rounded
// up; "" without a whole. It says neither 0.0 nor 100.0 of what is not quite that.
func percent(n, whole *big.Int) string {
	if whole.Sign() <= 0 {
		return ""
	}
	// Twice the tenths, rounded: (2000 n + whole) / (2 whole).
	tenths := new(big.Int).Mul(n, big.NewInt(2000))
	tenths.Add(tenths, whole).Quo(tenths, new(big.Int).Lsh(whole, 1))
	t := tenths.Int64()
	switch {
	case t >= 1000 && n.Cmp(whole) < 0:
		t = 999
	case t == 0 && n.Sign() > 0:
		t = 1
	}
	return strconv.FormatInt(t/10, 10) + "." + strconv.FormatInt(t%10, 10)
}

// Only is the cards with one card alone, for sending to that service: nothing of
// the others is in it. False where there is no such group.
func (s *Scorecards) Only(group string) (*Scorecards, bool) {
	i := slices.IndexFunc(s.Cards, func(c Scorecard) bool { return c.Kind == "" && c.Group == group })
	if i < 0 {
		return nil, false
	}
	out := *s
	out.Cards = s.Cards[i : i+1 : i+1]
	return &out, true
}

// WriteJSON writes the cards as one JSON object with the names of the struct tags,
// indented by two spaces.
func (s *Scorecards) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(s)
}

// WriteCSV writes the cards as CSV, for a spreadsheet: one row for each group and
// field, and before them one for the group as a whole, whose field is blank.
//
//	group,kind,records,records_with_errors,records_with_warnings,submitted,expected,field,label,item,valid,other,default,invalid,missing,score
//
// Encoding, quoting and the guard against formulas are those of [FindingWriter].
func (s *Scorecards) WriteCSV(w io.Writer) error {
	l := newLineWriter(w)
	l.buf = append(append(l.buf, scorecardColumns...), '\n')
	if err := s.writeRows(&l, ""); err != nil {
		return err
	}
	return l.flush()
}

const scorecardColumns = "group,kind,records,records_with_errors,records_with_warnings,submitted,expected,field,label,item,valid,other,default,invalid,missing,score"

// writeRows writes the rows below the header, with the name of the file before each
// where there is one.
func (s *Scorecards) writeRows(l *lineWriter, file string) error {
	for i := range s.Cards {
		c := &s.Cards[i]
		start := func() {
			if file != "" {
				l.buf = append(appendCell(l.buf, []byte(file)), ',')
			}
			l.buf = append(appendCell(l.buf, []byte(c.Group)), ',')
			l.buf = append(append(l.buf, c.Kind...), ',')
			for _, n := range [...]int{c.Records, c.RecordsWithErrors, c.RecordsWithWarnings} {
				l.buf = append(strconv.AppendInt(l.buf, int64(n), 10), ',')
			}
			for _, n := range [...]int{c.Submitted, c.Expected} {
				if c.Expected > 0 {
					l.buf = strconv.AppendInt(l.buf, int64(n), 10)
				}
				l.buf = append(l.buf, ',')
			}
		}
		start()
		l.buf = append(append(l.buf, ",,,,,,,,"...), c.Score...)
		l.buf = append(l.buf, '\n')
		for _, f := range c.Fields {
			start()
			l.buf = append(appendCell(l.buf, []byte(f.Field)), ',')
			l.buf = append(appendCell(l.buf, []byte(f.Label)), ',')
			l.buf = append(strconv.AppendBool(l.buf, f.Item), ',')
			for _, n := range [...]int{f.Valid, f.Other, f.Default, f.Invalid, f.Missing} {
				l.buf = append(strconv.AppendInt(l.buf, int64(n), 10), ',')
			}
			l.buf = append(append(l.buf, f.Score...), '\n')
			if err := l.full(); err != nil {
				return err
			}
		}
	}
	return nil
}
