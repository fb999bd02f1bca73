package evaluation_test

import (
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/outcomes/evaluation"
)

//go:embed testdata/tiny.csv
var tiny string

//go:embed testdata/tiny.expected.csv
var expected string

// tinyAsOf is the as-of date that tiny.R works with.
const tinyAsOf = "2026-06-30"

func date(t testing.TB, s string) hte.Date {
	t.Helper()
	d, err := hte.ParseDate(s)
	require.NoError(t, err)
	return d
}

func validator(t testing.TB, asOf string, opts ...dcrs.Option) *dcrs.Validator {
	t.Helper()
	v, err := dcrs.NewValidator(dcrs.Episodes(), date(t, asOf), opts...)
	require.NoError(t, err)
	return v
}

func run(t testing.TB, file string, opts ...evaluation.Option) *evaluation.Evaluation {
	t.Helper()
	e, err := evaluation.Run(context.Background(), "extract.csv", strings.NewReader(file), validator(t, tinyAsOf), opts...)
	require.NoError(t, err)
	return e
}

// numbers collects what an evaluation says under the keys of tiny.R.
type numbers map[string]float64

func (m numbers) count(key string, n int64) { m[key] = float64(n) }

func (m numbers) proportion(key string, p evaluation.Proportion) {
	m.count(key+"/n", p.N)
	m.count(key+"/den", p.Denominator)
	if p.Share != nil && p.Share.CI != nil {
		m[key+"/low"], m[key+"/high"] = p.Share.CI.Low, p.Share.CI.High
	}
}

func (m numbers) status(key string, o evaluation.Outcomes) {
	m.count(key+"/total", o.Total)
	m.count(key+"/open", o.Open)
	m.count(key+"/closed", o.Closed)
	m.count(key+"/revised", o.Revised)
	m.count(key+"/part_achieved", o.Part.N)
	m.count(key+"/not_achieved", o.Not.N)
	m.count(key+"/dropped", o.Dropped.N)
	m.count(key+"/lost", o.Lost.N)
	m.proportion(key+"/achieved", o.Achieved)
}

func (m numbers) change(key string, c *evaluation.Change) {
	m.count(key+"/both", c.Both)
	m.count(key+"/pre_only", c.PreOnly)
	m.count(key+"/post_only", c.PostOnly)
	m.count(key+"/neither", c.Neither)
	m.count(key+"/pre_only_open", c.PreOnlyOpen)
	m.count(key+"/improved", c.Improved)
	m.count(key+"/unchanged", c.Unchanged)
	m.count(key+"/worse", c.Worse)
	if c.Pre != nil {
		m[key+"/pre/mean"], m[key+"/pre/sd"] = c.Pre.Mean, c.Pre.SD
		m[key+"/post/mean"], m[key+"/post/sd"] = c.Post.Mean, c.Post.SD
		m[key+"/pre/q1"], m[key+"/pre/median"], m[key+"/pre/q3"] = c.Pre.Quartiles.Q1, c.Pre.Quartiles.Median, c.Pre.Quartiles.Q3
	}
	if c.DZ != nil {
		m[key+"/dz"], m[key+"/dav"] = c.DZ.Value, c.DAv.Value
	}
	if c.Change != nil {
		m[key+"/change"] = c.Change.Value
		m[key+"/change/low"], m[key+"/change/high"] = c.Change.CI.Low, c.Change.CI.High
	}
	if c.Test != nil {
		m[key+"/statistic"], m[key+"/p"] = c.Test.Statistic, c.Test.P
	}
}

func flatten(e *evaluation.Evaluation) numbers {
	m := make(numbers)
	m.count("episodes", e.Episodes)
	m.count("clients", e.Clients)
	m.count("repeat_clients", e.RepeatClients)
	for _, b := range e.Reach {
		for _, c := range b.Categories {
			m.proportion(b.ID+"/"+c.Code+"/clients", c.Clients)
			m.count(b.ID+"/"+c.Code+"/episodes", c.Episodes.N)
		}
	}
	m.proportion("most_deprived", e.MostDeprived)
	for i, s := range e.Journey.Stages {
		key := fmt.Sprintf("stage/%d", i)
		m.count(key+"/episodes", s.Episodes.N)
		m.count(key+"/clients", s.Clients.N)
		m.count(key+"/open", s.Open)
		for _, r := range s.Left {
			m.count(key+"/left/"+r.Code, r.N)
		}
	}
	for _, f := range e.FollowUps {
		key := fmt.Sprintf("followup/%d", f.Months)
		m.count(key+"/reviewed", f.Reviewed)
		m.count(key+"/due", f.Due)
		m.count(key+"/not_yet_due", f.NotYetDue)
		m.count(key+"/died", f.Died)
		m.count(key+"/early", f.HeldEarly)
		m.count(key+"/yes", f.Maintained.N)
		m.count(key+"/part", f.Part.N)
		m.count(key+"/no", f.Not.N)
		m.count(key+"/lost", f.Lost.N)
		m.count(key+"/unrecorded", f.Unrecorded.N)
		m.proportion(key+"/held", f.Held)
	}
	m.status("plans", e.Plans.All)
	m.status("goals", e.Plans.Goals)
	for _, o := range e.Plans.ByIssue {
		m.status("goals/"+o.ID, o)
	}
	for i := range e.Measures {
		x := &e.Measures[i]
		m.change("measure/"+x.ID+"/everyone", &x.Everyone)
		if x.Goal != nil {
			m.change("measure/"+x.ID+"/goal", x.Goal)
		}
		for k := range x.Groups {
			g := &x.Groups[k]
			m.change("measure/"+x.ID+"/"+g.ID, g)
		}
		if x.Everyone.Test != nil {
			m["holm/"+x.ID] = x.Everyone.Test.PHolm
			m["tests/everyone"]++
		}
	}
	for _, b := range e.Binaries {
		key := "binary/" + b.ID
		m.count(key+"/both", b.Everyone.Both)
		m.count(key+"/pre_only", b.Everyone.PreOnly)
		m.count(key+"/post_only", b.Everyone.PostOnly)
		m.count(key+"/neither", b.Everyone.Neither)
		m.count(key+"/pre", b.Everyone.Pre.N)
		m.count(key+"/post", b.Everyone.Post.N)
		m.count(key+"/stopped", b.Everyone.Stopped.N)
		m.count(key+"/started", b.Everyone.Started.N)
		if b.Everyone.Test != nil {
			m[key+"/p"] = b.Everyone.Test.P
			m["tests/everyone"]++
		}
	}
	m.count("who5/pre/items", e.WHO5.Pre.Items)
	m.count("who5/post/items", e.WHO5.Post.Items)
	m.proportion("who5/improved", e.WHO5.Improved)
	m.proportion("who5/deteriorated", e.WHO5.Deteriorated)
	m.proportion("signposted", e.Signposting.Clients)
	m.count("onward", e.Signposting.Onward)
	for _, d := range e.Signposting.Destinations {
		m.count("signpost/"+d.Code+"/onward", d.Onward.N)
		m.count("signpost/"+d.Code+"/clients", d.Clients.N)
	}
	for _, n := range e.WiderNeeds {
		key := "need/" + n.Code
		m.count("contacted", n.Present.Denominator)
		m.count(key+"/present", n.Present.N)
		m.count(key+"/open", n.Open)
		m.count(key+"/met", n.Met.N)
		m.count(key+"/part", n.Part.N)
		m.count(key+"/not", n.NotMet.N)
		m.count(key+"/unlisted", n.Unlisted)
	}
	m.count("inclusion/in", e.Inclusion.In)
	m.count("inclusion/out", e.Inclusion.Out)
	for _, c := range e.Inclusion.Characteristics {
		for _, r := range c.Categories {
			key := "inclusion/" + c.ID + "/" + r.Code
			m.count(key+"/in", r.In.N)
			m.count(key+"/out", r.Out.N)
			if r.Difference != nil {
				m[key+"/difference"] = r.Difference.Value
				m[key+"/low"], m[key+"/high"] = r.Difference.CI.Low, r.Difference.CI.High
			}
			if r.Standardised != nil {
				m[key+"/standardised"] = *r.Standardised
			}
		}
	}
	return m
}

func TestTinyAgreesWithR(t *testing.T) {
	got := flatten(run(t, tiny))
	rows, err := csv.NewReader(strings.NewReader(expected)).ReadAll()
	require.NoError(t, err)
	require.Greater(t, len(rows), 700, "the sheet of expected numbers is there")
	for _, row := range rows[1:] {
		want, err := strconv.ParseFloat(row[1], 64)
		require.NoError(t, err, row[0])
		if v, ok := got[row[0]]; !ok {
			t.Errorf("%s: the evaluation has no such number, R says %v", row[0], want)
		} else if math.Abs(v-want) > 1e-9*max(1, math.Abs(want)) {
			t.Errorf("%s: got %v, R says %v", row[0], v, want)
		}
	}
}

func TestTinyRecords(t *testing.T) {
	e := run(t, tiny)
	want := evaluation.Records{
		InFile: 37, Unread: 1, KeptOut: 5, KeptOutInPeriod: 3, OutsidePeriod: 2, InPeriod: 30,
		Rules: []evaluation.KeptOut{
			{Rule: "episode/duplicate", Records: 1, Alone: 1, InPeriod: 1},
			{Rule: "file/row-length", Records: 1, Alone: 1},
			{Rule: "measures/who5-not-multiple-of-4", Records: 1, Alone: 1, InPeriod: 1},
			{Rule: "pathway/consent-refused", Records: 1, Alone: 1, InPeriod: 1},
			{Rule: "referral_date/format", Records: 1, Alone: 1},
		},
	}
	for i, r := range e.Records.Rules {
		require.NotEmpty(t, r.Problem)
		e.Records.Rules[i].Problem = ""
	}
	if diff := cmp.Diff(want, e.Records); diff != "" {
		t.Error(diff)
	}
	require.Equal(t, "1 April 2025 to 31 March 2026 (financial year 2025/26)", e.Period.String())
	require.Equal(t, 37, e.Quality.Records)
}

func TestTinyWHO5Origins(t *testing.T) {
	e := run(t, tiny)
	require.Equal(t, int64(1), e.WHO5.Pre.Recorded, "record 6 has a percentage and no answers")
	require.Equal(t, int64(1), e.WHO5.Post.Recorded, "record 5 has a percentage and three answers")
	require.Zero(t, e.WHO5.Pre.Disagreed+e.WHO5.Post.Disagreed)
	require.Equal(t, "12", e.WHO5.Smallest, "in steps of 4 a change of 10 means 12")
	total := e.WHO5.Improved.N + e.WHO5.NoChange.N + e.WHO5.Deteriorated.N
	require.Equal(t, total, e.WHO5.Improved.Denominator)
}
