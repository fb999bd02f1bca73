package dcrs_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

// A made-up extract of quit attempts at a stop smoking service: one row for each
// attempt of a client.

const (
	qAttempt = iota
	qClient
	qAdvisor
	qSetDate
	qFourWeeks
	qOutcome
	qMonoxide
	qAids
	qCigarettes
)

func quitFields() []dcrs.Field {
	return []dcrs.Field{
		qAttempt:    {Name: "attempt_id", Label: "Quit attempt", Type: dcrs.TypeID, MaxLength: 12, Presence: dcrs.Mandatory, Sensitivity: dcrs.Pseudonym},
		qClient:     {Name: "client_id", Type: dcrs.TypeID, MaxLength: 12, Presence: dcrs.Mandatory, Sensitivity: dcrs.Pseudonym},
		qAdvisor:    {Name: "advisor_id", Type: dcrs.TypeID, MaxLength: 12, Presence: dcrs.Required, Sensitivity: dcrs.NotSensitive},
		qSetDate:    {Name: "quit_date", Type: dcrs.TypeDate, Presence: dcrs.Mandatory, Sensitivity: dcrs.NotSensitive},
		qFourWeeks:  {Name: "four_week_date", Type: dcrs.TypeDate, Sensitivity: dcrs.NotSensitive},
		qOutcome:    {Name: "outcome", Type: dcrs.TypeCode, CodeList: "outcome", Sensitivity: dcrs.SpecialCategory},
		qMonoxide:   {Name: "co_ppm", Type: dcrs.TypeInteger, Unit: "ppm", Valid: &dcrs.Range{Min: 0, Max: 100}, Plausible: &dcrs.Range{Min: 0, Max: 60}, Sensitivity: dcrs.SpecialCategory},
		qAids:       {Name: "aids", Type: dcrs.TypeCodes, CodeList: "aid", Sensitivity: dcrs.SpecialCategory},
		qCigarettes: {Name: "packs_per_day", Type: dcrs.TypeDecimal, Valid: &dcrs.Range{Min: 0, Max: 10}, Sensitivity: dcrs.SpecialCategory},
	}
}

func quitLists() []dcrs.CodeList {
	return []dcrs.CodeList{
		{Name: "outcome", Codes: []dcrs.Code{
			{Code: "Q", Label: "quit, confirmed by carbon monoxide"},
			{Code: "S", Label: "quit, by the client's own account"},
			{Code: "N", Label: "not quit"},
			{Code: "L", Label: "lost to follow-up", Quality: dcrs.QualityDefault},
		}},
		{Name: "aid", Codes: []dcrs.Code{{Code: "patch"}, {Code: "gum"}, {Code: "vape"}, {Code: "none"}}},
	}
}

// quietAdvisors finds advisors with at least three attempts and no quit among
// them: sixteen bytes of a place and a few more for each advisor.
type quietAdvisors struct {
	of map[string]*advisor
}

type advisor struct {
	first       dcrs.Place
	tries, quit int
}

func (q *quietAdvisors) Add(r *dcrs.Row, at dcrs.Place) {
	id := string(r.Text(qAdvisor))
	a := q.of[id]
	if a == nil {
		a = &advisor{first: at}
		q.of[id] = a
	}
	a.tries++
	if r.HasCode(qOutcome, "Q") || r.HasCode(qOutcome, "S") {
		a.quit++
	}
}

func (q *quietAdvisors) Merge(later dcrs.Fold) {
	for id, b := range later.(*quietAdvisors).of {
		if a := q.of[id]; a != nil {
			a.tries += b.tries
			a.quit += b.quit
		} else {
			q.of[id] = b
		}
	}
}

func (q *quietAdvisors) Finish(found func(at dcrs.Place, detail string)) (checked int) {
	var quiet []*advisor
	for _, a := range q.of {
		if a.tries >= 3 {
			checked++
			if a.quit == 0 {
				quiet = append(quiet, a)
			}
		}
	}
	slices.SortFunc(quiet, func(a, b *advisor) int {
		if a.first.Before(b.first) {
			return -1
		}
		return 1
	})
	for _, a := range quiet {
		found(a.first, fmt.Sprintf("%d attempts", a.tries))
	}
	return checked
}

func quitChecks() []dcrs.Check {
	return []dcrs.Check{
		{
			Rule: dcrs.Rule{
				ID: "co/placeholder", Severity: dcrs.Warning,
				Problem: "99 stands for a reading that was not taken", Fix: "leave it blank",
			},
			Fields: []string{"co_ppm"}, Rejects: true,
			Cell: func(c dcrs.Cell) dcrs.Verdict { return dcrs.FailIf(c.Int() == 99) },
		},
		{
			Rule:   dcrs.Rule{ID: "dates/weekend", Severity: dcrs.Info, Problem: "the service is closed at weekends", Fix: "check the date"},
			Fields: []string{"quit_date", "four_week_date"},
			Cell: func(c dcrs.Cell) dcrs.Verdict {
				return dcrs.FailIf(c.Date().Ordinal()%7 == 0 || c.Date().Ordinal()%7 == 6)
			},
		},
		{
			Rule: dcrs.Rule{ID: "quit/confirmed-by-reading", Severity: dcrs.Error, Problem: "confirmed, but the reading is 10 ppm or more, or there is none", Fix: "correct the outcome or the reading"},
			Need: []string{"outcome"}, Clean: []string{"co_ppm"}, At: "co_ppm", Related: []string{"outcome"},
			Row: func(r *dcrs.Row) dcrs.Verdict {
				if r.Code(qOutcome) != "Q" {
					return dcrs.NotApplicable
				}
				ppm, ok := r.Int(qMonoxide)
				return dcrs.FailIf(!ok || ppm >= 10)
			},
		},
		{
			Rule: dcrs.Rule{ID: "quit/four-weeks", Severity: dcrs.Error, Problem: "the follow-up is not 25 to 42 days after the quit date", Fix: "correct the dates"},
			Need: []string{"quit_date", "four_week_date"},
			Row: func(r *dcrs.Row) dcrs.Verdict {
				days := r.Date(qFourWeeks).Ordinal() - r.Date(qSetDate).Ordinal()
				if days < 25 || days > 42 {
					return r.FailAt(qFourWeeks, qSetDate)
				}
				return dcrs.Pass
			},
		},
		{
			Rule: dcrs.Rule{ID: "quit/aids", Severity: dcrs.Error, Problem: "none together with an aid", Fix: "keep one or the other"},
			Need: []string{"aids"},
			Row: func(r *dcrs.Row) dcrs.Verdict {
				n := 0
				for range r.Codes(qAids) {
					n++
				}
				return dcrs.FailIf(n > 1 && r.HasCode(qAids, "none"))
			},
		},
		{
			Rule: dcrs.Rule{ID: "attempt/duplicate", Severity: dcrs.Error, Problem: "an attempt_id seen before", Fix: "remove the repeat"},
			Need: []string{"attempt_id"},
			Key:  func(r *dcrs.Row, key []byte) []byte { return append(key, r.Text(qAttempt)...) },
		},
		{
			Rule: dcrs.Rule{ID: "advisor/no-quits", Severity: dcrs.Info, Problem: "three attempts or more and not one quit", Fix: "check that outcomes are exported"},
			Need: []string{"advisor_id"}, Fold: func() dcrs.Fold { return &quietAdvisors{of: make(map[string]*advisor)} },
		},
	}
}

func quitDictionary(t testing.TB) *dcrs.Dictionary {
	t.Helper()
	d, err := dcrs.NewDictionary("quit_attempt", "2026-rules", quitFields(), quitLists(), quitChecks())
	require.NoError(t, err)
	return d
}

const quitHeader = "attempt_id,client_id,advisor_id,quit_date,four_week_date,outcome,co_ppm,aids,packs_per_day\n"

// place is a finding as a reader would point at it.
func place(f dcrs.Finding) string {
	s := fmt.Sprintf("%d %s %s %s", f.Record, f.Severity, f.Rule, f.Field)
	for _, r := range f.Related {
		s += fmt.Sprintf(" <%s@%d", r.Field, r.Record)
	}
	return s
}

func TestOwnDictionary(t *testing.T) {
	asOf, err := hte.ParseDate("2026-03-31")
	require.NoError(t, err)
	d := quitDictionary(t)
	file := quitHeader +
		"A1,C1,V1,2026-01-07,2026-02-04,Q,3,patch;gum,1.5\n" + // nothing wrong
		"A2,C1,V1,2026-01-07,2026-02-04,Q,12,none,0.5\n" + // a reading too high
		"A3,C2,V1,2026-01-07,2026-02-04,Q,99,gum;none,1\n" + // no reading after all, and aids that exclude each other
		"A4,C2,V2,2026-01-10,2026-03-30,N,7,,11\n" + // a Saturday, too late, more than can be smoked
		"A1,C3,V2,,2026-02-04,X,,patch,\n" + // seen before, no date, no such outcome
		"A6,C3,V2,2026-01-07,,L,,,\n"
	for _, workers := range []int{1, 4} {
		v, err := dcrs.NewValidator(d, asOf, dcrs.Workers(workers))
		require.NoError(t, err)
		var got []string
		report, err := v.Validate(t.Context(), "quit.csv", strings.NewReader(file), func(f dcrs.Finding) error {
			got = append(got, place(f))
			return nil
		})
		require.NoError(t, err)
		assert.Equal(t, []string{
			"2 error quit/confirmed-by-reading co_ppm <outcome@2",
			"3 warning co/placeholder co_ppm",
			"3 error quit/aids aids",
			"4 error packs_per_day/range packs_per_day",
			"4 info dates/weekend quit_date",
			"4 error quit/four-weeks four_week_date <quit_date@4",
			"5 error outcome/code outcome",
			"5 error quit_date/blank quit_date",
			"5 error attempt/duplicate attempt_id <attempt_id@1",
			"4 info advisor/no-quits advisor_id",
		}, got)
		for rule, want := range map[string]string{
			"co/placeholder":            "4 checked, 2 not",  // blank twice
			"dates/weekend":             "10 checked, 2 not", // two dates a row
			"quit/confirmed-by-reading": "2 checked, 4 not",  // the one with 99 ppm has a reading that is wrong
			"attempt/duplicate":         "6 checked, 0 not",
			"advisor/no-quits":          "2 checked, 0 not", // advisors
			"co_ppm/range":              "3 checked, 3 not", // one rejected, two blank
		} {
			r, ok := report.Rule(rule)
			require.True(t, ok, rule)
			assert.Equal(t, want, fmt.Sprintf("%d checked, %d not", r.Checked, r.NotApplicable), rule)
		}
		grouped, err := dcrs.NewValidator(d, asOf, dcrs.Workers(workers), dcrs.GroupBy("advisor_id"))
		require.NoError(t, err)
		byAdvisor, err := grouped.Validate(t.Context(), "quit.csv", strings.NewReader(file), nil)
		require.NoError(t, err)
		require.Len(t, byAdvisor.Groups, 2)
		assert.Equal(t, 0, byAdvisor.Groups[0].Rule("advisor/no-quits").Count)
		assert.Equal(t, 1, byAdvisor.Groups[1].Rule("advisor/no-quits").Count)
		assert.Equal(t, 1, byAdvisor.Groups[1].Rule("attempt/duplicate").Count, "at the later row")
		assert.Equal(t, "2026-rules", report.Edition)
		assert.Equal(t, "quit_attempt", report.Kind)
		for _, f := range report.Fields {
			assert.Equal(t, 6, f.Valid+f.Other+f.Default+f.Invalid+f.Missing, f.Field)
			switch f.Field {
			case "co_ppm":
				assert.Equal(t, 1, f.Invalid, "a cell that a rule rejects is invalid")
			case "outcome":
				assert.Equal(t, 1, f.Default)
				assert.Equal(t, 1, f.Invalid)
			}
		}
	}
}

// The findings of own rules stand where they should whatever the batches and
// workers are, in a file of many batches with records of several lines.
func TestOwnFileRulesInManyBatches(t *testing.T) {
	asOf, err := hte.ParseDate("2026-03-31")
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString("note," + quitHeader)
	seen := make(map[string]int)
	var want []string
	line := 2
	for i := 1; i <= 20_000; i++ {
		id := fmt.Sprintf("A%d", random.IntN(19_000_000))
		if random.IntN(500) == 0 {
			id = fmt.Sprintf("A%d", random.IntN(40))
		}
		note := ""
		if random.IntN(50) == 0 {
			note = "\"two\nlines\""
			line++
		}
		if first, ok := seen[id]; ok {
			want = append(want, fmt.Sprintf("%d %d < %d", i, line, first))
		} else {
			seen[id] = i
		}
		fmt.Fprintf(&b, "%s,%s,C%d,V%d,2026-01-07,2026-02-04,Q,3,patch,1\n", note, id, i, i%7)
		line++
	}
	require.Greater(t, len(want), 10)
	for _, workers := range []int{1, 3} {
		v, err := dcrs.NewValidator(quitDictionary(t), asOf, dcrs.Workers(workers))
		require.NoError(t, err)
		var got []string
		text := b.String()
		_, err = v.Validate(t.Context(), "quit.csv", strings.NewReader(text), func(f dcrs.Finding) error {
			if f.Rule == "attempt/duplicate" {
				got = append(got, fmt.Sprintf("%d %d < %d", f.Record, f.Line, f.Related[0].Record))
				assert.True(t, strings.HasPrefix(text[f.Offset:], "A"))
				assert.Equal(t, 2, f.Column)
			}
			return nil
		})
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

func TestOwnRuleThatPanics(t *testing.T) {
	asOf, err := hte.ParseDate("2026-03-31")
	require.NoError(t, err)
	words := dcrs.Rule{ID: "own/panics", Severity: dcrs.Error, Problem: "p", Fix: "f"}
	boom := errors.New("boom")
	for why, check := range map[string]dcrs.Check{
		"a cell":           {Rule: words, Fields: []string{"co_ppm"}, Cell: func(dcrs.Cell) dcrs.Verdict { panic(boom) }},
		"a rejecting cell": {Rule: words, Fields: []string{"co_ppm"}, Rejects: true, Cell: func(dcrs.Cell) dcrs.Verdict { panic(boom) }},
		"a row":            {Rule: words, Need: []string{"co_ppm"}, Row: func(*dcrs.Row) dcrs.Verdict { panic(boom) }},
		"a key":            {Rule: words, Need: []string{"co_ppm"}, Key: func(*dcrs.Row, []byte) []byte { panic(boom) }},
		"a fold":           {Rule: words, Need: []string{"co_ppm"}, Fold: func() dcrs.Fold { panic(boom) }},
		"a fold's end":     {Rule: words, Need: []string{"co_ppm"}, Fold: func() dcrs.Fold { return panicFold{boom} }},
	} {
		d, err := dcrs.NewDictionary("quit", "1", quitFields(), quitLists(), []dcrs.Check{check})
		require.NoError(t, err, why)
		for _, workers := range []int{1, 3} {
			v, err := dcrs.NewValidator(d, asOf, dcrs.Workers(workers))
			require.NoError(t, err, why)
			report, err := v.Validate(t.Context(), "quit.csv", strings.NewReader(quitHeader+strings.Repeat("A1,C1,V1,2026-01-07,2026-02-04,Q,3,patch,1\n", 20_000)), nil)
			var p *dcrs.PanicError
			require.ErrorAs(t, err, &p, why)
			assert.Equal(t, "rule own/panics", p.Func, why)
			assert.ErrorIs(t, err, boom, why)
			assert.True(t, report.Truncated, why)
		}
	}
}

type panicFold struct{ err error }

func (panicFold) Add(*dcrs.Row, dcrs.Place)                 {}
func (panicFold) Merge(dcrs.Fold)                           {}
func (f panicFold) Finish(func(dcrs.Place, string)) (n int) { panic(f.err) }

func TestDictionaryErrors(t *testing.T) {
	words := func(id string) dcrs.Rule {
		return dcrs.Rule{ID: id, Severity: dcrs.Error, Problem: "p", Fix: "f"}
	}
	row := func(*dcrs.Row) dcrs.Verdict { return dcrs.Pass }
	field := func(change func(f *dcrs.Field)) []dcrs.Field {
		f := dcrs.Field{Name: "a", Type: dcrs.TypeInteger, Sensitivity: dcrs.NotSensitive}
		change(&f)
		return []dcrs.Field{f}
	}
	plain := field(func(*dcrs.Field) {})
	many := make([]dcrs.Field, 129)
	for i := range many {
		many[i] = plain[0]
		many[i].Name = fmt.Sprintf("f%d", i)
	}
	codes := make([]dcrs.Code, 65)
	for i := range codes {
		codes[i].Code = fmt.Sprint(i)
	}
	for _, tc := range []struct {
		why, want string
		fields    []dcrs.Field
		lists     []dcrs.CodeList
		checks    []dcrs.Check
	}{
		{why: "no fields", want: "no fields"},
		{why: "too many fields", want: "128 are the most", fields: many},
		{why: "a heading with capitals", want: "its name", fields: field(func(f *dcrs.Field) { f.Name = "A" })},
		{why: "a heading with a space", want: "its name", fields: field(func(f *dcrs.Field) { f.Name = "a b" })},
		{why: "twice the same field", want: "another of this name", fields: append(field(func(*dcrs.Field) {}), plain...)},
		{why: "no type", want: "no type", fields: field(func(f *dcrs.Field) { f.Type = 0 })},
		{why: "no sensitivity", want: "sensitive", fields: field(func(f *dcrs.Field) { f.Sensitivity = 0 })},
		{why: "an unknown code list", want: `no code list "x"`, fields: field(func(f *dcrs.Field) { f.Type, f.CodeList = dcrs.TypeCode, "x" })},
		{why: "more codes than a set holds", want: "64 codes at most", fields: field(func(f *dcrs.Field) { f.Type, f.CodeList = dcrs.TypeCodes, "x" }), lists: []dcrs.CodeList{{Name: "x", Codes: codes}}},
		{why: "a code that cannot stand in a list", want: "semicolon", fields: field(func(f *dcrs.Field) { f.Type, f.CodeList = dcrs.TypeCodes, "x" }), lists: []dcrs.CodeList{{Name: "x", Codes: []dcrs.Code{{Code: "a;b"}}}}},
		{why: "a code list of a number", want: "none of TypeCode", fields: field(func(f *dcrs.Field) { f.CodeList = "x" }), lists: []dcrs.CodeList{{Name: "x", Codes: codes}}},
		{why: "a code twice", want: "stands twice", fields: plain, lists: []dcrs.CodeList{{Name: "x", Codes: []dcrs.Code{{Code: "a"}, {Code: "a"}}}}},
		{why: "an empty code", want: "empty", fields: plain, lists: []dcrs.CodeList{{Name: "x", Codes: []dcrs.Code{{}}}}},
		{why: "an identifier without a length", want: "how long", fields: field(func(f *dcrs.Field) { f.Type = dcrs.TypeID })},
		{why: "a range of a date", want: "only numbers", fields: field(func(f *dcrs.Field) { f.Type, f.Valid = dcrs.TypeDate, &dcrs.Range{} })},
		{why: "a range upside down", want: "holds no number", fields: field(func(f *dcrs.Field) { f.Valid = &dcrs.Range{Min: 2, Max: 1} })},
		{why: "a range beyond what is read", want: "must lie between", fields: field(func(f *dcrs.Field) { f.Type, f.Valid = dcrs.TypeDecimal, &dcrs.Range{Max: 1e9} })},
		{why: "no function", want: "0 functions", fields: plain, checks: []dcrs.Check{{Rule: words("a/b"), Need: []string{"a"}}}},
		{why: "an unknown field", want: `"z", which there is not`, fields: plain, checks: []dcrs.Check{{Rule: words("a/b"), Need: []string{"z"}, Row: row}}},
		{why: "nowhere to stand", want: "at which field", fields: plain, checks: []dcrs.Check{{Rule: words("a/b"), Row: row}}},
		{why: "no words", want: "does not say what is wrong", fields: plain, checks: []dcrs.Check{{Rule: dcrs.Rule{ID: "a/b", Severity: dcrs.Info}, Need: []string{"a"}, Row: row}}},
		{why: "no severity", want: "severity", fields: plain, checks: []dcrs.Check{{Rule: dcrs.Rule{ID: "a/b", Problem: "p", Fix: "f"}, Need: []string{"a"}, Row: row}}},
		{why: "a rule of the reader", want: "file/…", fields: plain, checks: []dcrs.Check{{Rule: words("file/b"), Need: []string{"a"}, Row: row}}},
		{why: "a rule of a field", want: "another of this id", fields: plain, checks: []dcrs.Check{{Rule: words("a/format"), Need: []string{"a"}, Row: row}}},
		{why: "an id without a slash", want: "its id", fields: plain, checks: []dcrs.Check{{Rule: words("ab"), Need: []string{"a"}, Row: row}}},
		{why: "two wordings", want: "other words", fields: plain, checks: []dcrs.Check{
			{Rule: words("a/b"), Need: []string{"a"}, Row: row},
			{Rule: dcrs.Rule{ID: "a/b", Severity: dcrs.Info, Problem: "q", Fix: "f"}, Need: []string{"a"}, Row: row},
		}},
		{why: "a scope that is not the function's", want: "its scope", fields: plain, checks: []dcrs.Check{
			{Rule: dcrs.Rule{ID: "a/b", Scope: dcrs.ScopeFile, Severity: dcrs.Info, Problem: "q", Fix: "f"}, Need: []string{"a"}, Row: row},
		}},
	} {
		d, err := dcrs.NewDictionary("kind", "1", tc.fields, tc.lists, tc.checks)
		require.Error(t, err, tc.why)
		assert.Nil(t, d, tc.why)
		assert.ErrorContains(t, err, tc.want, tc.why)
		var typed *dcrs.DictionaryError
		assert.ErrorAs(t, err, &typed, tc.why)
	}
	_, err := dcrs.NewDictionary("Kind", " ", nil, nil, nil)
	require.Error(t, err)
	joined, ok := err.(interface{ Unwrap() []error })
	require.True(t, ok)
	assert.Len(t, joined.Unwrap(), 3, "all problems come at once: kind, edition, fields")
}

// A check that is asked several times of a row gives its words once.
func TestOwnRuleAskedTwice(t *testing.T) {
	asOf, err := hte.ParseDate("2026-03-31")
	require.NoError(t, err)
	fails := func(*dcrs.Row) dcrs.Verdict { return dcrs.Fail }
	d, err := dcrs.NewDictionary("quit", "1", quitFields(), quitLists(), []dcrs.Check{
		{Rule: dcrs.Rule{ID: "own/twice", Severity: dcrs.Info, Problem: "p", Fix: "f"}, Need: []string{"co_ppm"}, Row: fails},
		{Rule: dcrs.Rule{ID: "own/twice"}, Need: []string{"packs_per_day"}, Row: fails},
	})
	require.NoError(t, err)
	v, err := dcrs.NewValidator(d, asOf)
	require.NoError(t, err)
	report, err := v.Validate(t.Context(), "quit.csv", strings.NewReader(quitHeader+"A1,C1,V1,2026-01-07,2026-02-04,Q,3,patch,1\nA2,C1,V1,2026-01-07,2026-02-04,Q,3,patch,\n"), nil)
	require.NoError(t, err)
	r, ok := report.Rule("own/twice")
	require.True(t, ok)
	assert.Equal(t, []int{3, 3, 1}, []int{r.Count, r.Checked, r.NotApplicable})
}

// A service adds what it records beyond the dictionary; ours is not changed.
func TestExtend(t *testing.T) {
	asOf, err := hte.ParseDate("2026-03-31")
	require.NoError(t, err)
	lists := []dcrs.CodeList{{Name: "local/venue", Codes: []dcrs.Code{{Code: "LIB", Label: "library"}, {Code: "GYM", Label: "leisure centre"}}}}
	fields := []dcrs.Field{
		{Name: "local_venue", Type: dcrs.TypeCode, CodeList: "local/venue", Sensitivity: dcrs.NotSensitive, Presence: dcrs.Required},
		{Name: "local_bus_fares", Type: dcrs.TypeDecimal, Unit: "pounds", Valid: &dcrs.Range{Max: 200}, Sensitivity: dcrs.NotSensitive},
	}
	base := dcrs.Episodes()
	setting, _ := base.Field("setting")
	venue := 0
	for range base.Fields() {
		venue++
	}
	d, err := base.Extend("bury", fields, lists, []dcrs.Check{{
		Rule: dcrs.Rule{ID: "local/venue-inside", Severity: dcrs.Warning, Problem: "a venue outside for a client in prison", Fix: "correct one of the two"},
		Need: []string{"setting", "local_venue"},
		Row: func(r *dcrs.Row) dcrs.Verdict {
			if r.Code(setting.Index()) != "prison" {
				return dcrs.NotApplicable
			}
			return dcrs.FailIf(r.Code(venue) != "")
		},
	}})
	require.NoError(t, err)
	assert.Equal(t, dcrs.Edition+"+bury", d.Edition())
	assert.Equal(t, "episode", d.Kind())
	v, err := dcrs.NewValidator(d, asOf, dcrs.Severity("file/missing-column", dcrs.Off), dcrs.Severity("*/blank", dcrs.Off))
	require.NoError(t, err)
	var got []string
	_, err = v.Validate(t.Context(), "x.csv", strings.NewReader(
		"episode_id,setting,local_venue,local_bus_fares\nE1,prison,LIB,3.40\nE1,community,POOL,500\n"), func(f dcrs.Finding) error {
		got = append(got, place(f))
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, []string{
		"1 warning local/venue-inside local_venue <setting@1",
		"2 error local_venue/code local_venue",
		"2 error local_bus_fares/range local_bus_fares",
		"2 error episode/duplicate episode_id <episode_id@1",
	}, got)

	_, ok := base.Field("local_venue")
	assert.False(t, ok, "the dictionary that was extended is as it was")
	_, ok = base.Rule("local/venue-inside")
	assert.False(t, ok)

	twice, err := d.Extend("north", nil, nil, []dcrs.Check{{
		Rule: dcrs.Rule{ID: "local/fares", Severity: dcrs.Info, Problem: "p", Fix: "f"}, Need: []string{"local_bus_fares"},
		Row: func(*dcrs.Row) dcrs.Verdict { return dcrs.Fail },
	}})
	require.NoError(t, err)
	assert.Equal(t, dcrs.Edition+"+bury+north", twice.Edition())
	_, ok = twice.Rule("local/venue-inside")
	assert.True(t, ok, "what was added first is still there")

	for why, tc := range map[string]struct {
		fields []dcrs.Field
		lists  []dcrs.CodeList
		rule   string
	}{
		"a field without the prefix": {fields: []dcrs.Field{{Name: "venue", Type: dcrs.TypeDate, Sensitivity: dcrs.NotSensitive}}},
		"a list without the prefix":  {lists: []dcrs.CodeList{{Name: "venue", Codes: []dcrs.Code{{Code: "a"}}}}},
		"a rule without the prefix":  {rule: "venue/inside"},
		"a rule of the dictionary":   {rule: "episode/duplicate"},
	} {
		var checks []dcrs.Check
		if tc.rule != "" {
			checks = []dcrs.Check{{Rule: dcrs.Rule{ID: tc.rule, Severity: dcrs.Info, Problem: "p", Fix: "f"}, Need: []string{"setting"}, Row: func(*dcrs.Row) dcrs.Verdict { return dcrs.Pass }}}
		}
		_, err := base.Extend("bury", tc.fields, tc.lists, checks)
		var typed *dcrs.DictionaryError
		require.ErrorAs(t, err, &typed, why)
	}
}

// A service describes its own extract and checks it.
func ExampleNewDictionary() {
	const attempt, quitDate, reading = 0, 1, 2 // the places of the fields
	d, err := dcrs.NewDictionary(
		"quit_attempt", "2026",
		[]dcrs.Field{
			attempt:  {Name: "attempt_id", Type: dcrs.TypeID, MaxLength: 12, Presence: dcrs.Mandatory, Sensitivity: dcrs.Pseudonym},
			quitDate: {Name: "quit_date", Type: dcrs.TypeDate, Presence: dcrs.Mandatory, Sensitivity: dcrs.NotSensitive},
			reading:  {Name: "co_ppm", Label: "Carbon monoxide", Type: dcrs.TypeInteger, Valid: &dcrs.Range{Min: 0, Max: 100}, Sensitivity: dcrs.SpecialCategory},
		},
		nil,
		[]dcrs.Check{
			{
				Rule: dcrs.Rule{ID: "quit/future", Severity: dcrs.Error, Problem: "the quit date is still to come", Fix: "correct the date"},
				Need: []string{"quit_date"},
				Row:  func(r *dcrs.Row) dcrs.Verdict { return dcrs.FailIf(r.Date(quitDate).Ordinal() > r.AsOf().Ordinal()) },
			},
			{
				Rule: dcrs.Rule{ID: "quit/duplicate", Severity: dcrs.Error, Problem: "an attempt seen before", Fix: "remove the repeat"},
				Need: []string{"attempt_id"},
				Key:  func(r *dcrs.Row, key []byte) []byte { return append(key, r.Text(attempt)...) },
			},
		},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	asOf, err := hte.ParseDate("2026-03-31")
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := dcrs.NewValidator(d, asOf)
	if err != nil {
		fmt.Println(err)
		return
	}
	extract := "attempt_id,quit_date,co_ppm\nA1,2026-01-07,3\nA2,2027-01-07,300\nA1,2026-02-01,\n"
	_, err = v.Validate(context.Background(), "quit.csv", strings.NewReader(extract), func(f dcrs.Finding) error {
		fmt.Printf("line %d: %s: %s\n", f.Line, f.Rule, f.Message)
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// line 3: co_ppm/range: the number lies outside 0 to 100
	// line 3: quit/future: the quit date is still to come
	// line 4: quit/duplicate: an attempt seen before
}
