package evaluation_test

import (
	"errors"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/outcomes/evaluation"
)

var htmlID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// TestDocumentShape holds what whoever draws a document relies on.
func TestDocumentShape(t *testing.T) {
	for _, d := range []evaluation.Disclosure{evaluation.NHSRule, evaluation.ShowAll} {
		for _, f := range []string{tiny, minimal, file(madeUp(rand.New(rand.NewPCG(1, 1)), 300))} {
			doc := run(t, f).Document(d)
			seen := make(map[string]bool)
			unique := func(id string) {
				t.Helper()
				require.Regexp(t, htmlID, id)
				require.False(t, seen[id], "%s stands twice", id)
				seen[id] = true
			}
			require.Equal(t, d == evaluation.NHSRule, doc.Suppressed)
			for _, s := range doc.Sections {
				unique(s.ID)
				require.NotEmpty(t, s.Title)
				for _, table := range s.Tables {
					unique(table.ID)
					require.NotEmpty(t, table.Caption)
					columns := make(map[string]bool)
					for _, c := range table.Columns {
						require.Regexp(t, htmlID, c.ID)
						require.False(t, columns[c.ID], "%s has %s twice", table.ID, c.ID)
						columns[c.ID] = true
						require.Contains(t, []evaluation.Align{evaluation.Left, evaluation.Right}, c.Align)
					}
					for _, r := range table.Rows {
						if r.Kind == evaluation.HeadingRow {
							require.Len(t, r.Cells, 1)
							continue
						}
						require.Len(t, r.Cells, len(table.Columns), table.ID)
					}
				}
			}
			for _, s := range doc.Sections {
				for _, c := range s.Charts {
					unique(c.ID)
					require.NotEmpty(t, c.Title)
					require.NotEmpty(t, c.Description, c.ID)
					require.NotEmpty(t, c.Axis)
					require.Greater(t, c.Max, c.Min, c.ID)
					require.True(t, seen[c.Table], "%s points at the table %q", c.ID, c.Table)
					for _, series := range c.Series {
						for i, p := range series.Points {
							require.NotEmpty(t, p.Text, c.ID)
							if c.Kind == evaluation.StackedChart {
								require.Equal(t, c.Series[0].Points[i].Label, p.Label)
							}
							if p.Absent != "" {
								require.Zero(t, p.Value)
								continue
							}
							require.GreaterOrEqual(t, p.Value, c.Min, c.ID)
							require.LessOrEqual(t, p.Value, c.Max, c.ID)
							if p.Interval {
								require.LessOrEqual(t, p.Low, p.Value, c.ID)
								require.GreaterOrEqual(t, p.High, p.Value, c.ID)
							}
						}
					}
				}
			}
			for _, def := range doc.Definitions {
				unique("def-" + def.ID)
				require.NotEmpty(t, def.Text)
				require.NotEmpty(t, def.Source)
			}
		}
	}
}

// countColumns are the columns that hold counts of people, episodes, plans or records.
var countColumns = map[string]bool{
	"clients": true, "episodes": true, "records": true, "alone": true, "in-period": true, "findings": true, "checked": true,
	"left": true, "open": true, "dated": true, "reviewed": true, "not-due": true, "due": true, "total": true, "closed": true,
	"n": true, "missing": true, "better": true, "same": true, "worse": true, "onward": true, "in": true, "out": true,
	"pairs": true, "lost-open": true, "all": true, "clients-start": true, "clients-end": true,
}

// TestNoSmallNumberIsShown goes through every number of documents under the NHS rule.
func TestNoSmallNumberIsShown(t *testing.T) {
	number := regexp.MustCompile(`^[0-9,]+$`)
	percent := regexp.MustCompile(`^([0-9]+)%$`)
	fractional := regexp.MustCompile(`[0-9]\.[0-9]+%`)
	ofCounts := regexp.MustCompile(`\(([0-9,]+) of ([0-9,]+)\)`)
	// Sentences hold counts before these nouns.
	noun := regexp.MustCompile(`([0-9][0-9,]*) (clients?|episodes?|records?|plans?|closed plans?|onward referrals?|needs?|were|was|belongs?|has|have) `)
	fifth := func(where, s string) {
		t.Helper()
		n, err := strconv.Atoi(strings.ReplaceAll(s, ",", ""))
		require.NoError(t, err, where)
		require.Zero(t, n%5, "%s shows %d", where, n)
		require.GreaterOrEqual(t, n, 5, where)
	}
	files := []string{tiny}
	for seed := range uint64(6) {
		files = append(files, file(madeUp(rand.New(rand.NewPCG(seed, 9)), 10+30*int(seed))))
	}
	changes := 0
	for _, f := range files {
		doc := run(t, f).Document(evaluation.NHSRule)
		text := append([]string{}, doc.Summary...)
		for _, h := range doc.Headlines {
			if number.MatchString(h.Value) {
				fifth(h.ID, h.Value)
			}
			text = append(text, h.Note+" ")
		}
		for _, s := range doc.Sections {
			text = append(append(text, s.Text...), s.Caveats...)
			for _, c := range s.Charts {
				text = append(text, c.Description)
				for _, series := range c.Series {
					for _, p := range series.Points {
						require.NotRegexp(t, fractional, p.Text)
						if number.MatchString(p.N) {
							fifth(c.ID, p.N)
						} else {
							require.Equal(t, "*", p.N)
						}
						if c.Kind != evaluation.IntervalChart {
							require.InDelta(t, float64(int(p.Value)), p.Value, 0, "only whole numbers are drawn")
						}
					}
				}
			}
			for _, table := range s.Tables {
				text = append(text, table.Notes...)
				for _, r := range table.Rows {
					text = append(text, strings.Join(r.Cells, " | "))
					if r.Kind == evaluation.HeadingRow {
						continue
					}
					if table.ID == "smoking" || table.ID == "work-and-home" {
						if r.Cells[3] == "*" || r.Cells[4] == "*" { // before, after
							require.Equal(t, "*", r.Cells[5], "the change of a hidden share, times the pairs, is a count")
							changes++
						}
					}
					for i, c := range table.Columns {
						if countColumns[c.ID] || strings.HasPrefix(c.ID, "end-") {
							if r.Cells[i] != "*" && r.Cells[i] != "–" {
								fifth(table.ID+"/"+c.ID, r.Cells[i])
							}
						}
						if m := percent.FindStringSubmatch(r.Cells[i]); m != nil && c.ID != "relative" {
							require.NotEqual(t, "0", m[1], "%s/%s: a share of nobody is hidden (at least 5 in 1000)", table.ID, c.ID)
						}
					}
				}
			}
		}
		for _, s := range text {
			require.NotRegexp(t, fractional, s)
			for _, m := range ofCounts.FindAllStringSubmatch(s, -1) {
				fifth(s, m[1])
				fifth(s, m[2])
			}
			for _, m := range noun.FindAllStringSubmatch(s, -1) {
				if !strings.Contains(s, "fewer than "+m[1]) && !strings.Contains(s, "Fewer than "+m[1]) {
					fifth(s, m[1])
				}
			}
		}
	}
	require.Positive(t, changes)
}

// TestChartsTellNoMoreThanTables holds that a stacked bar does not give a hidden part away by the gap that
// it leaves: what is hidden is drawn as one with at least one more part.
func TestChartsTellNoMoreThanTables(t *testing.T) {
	bars, joined := 0, 0
	for seed := range uint64(6) {
		e := run(t, file(madeUp(rand.New(rand.NewPCG(seed, 9)), 10+60*int(seed))))
		for _, d := range []evaluation.Disclosure{evaluation.NHSRule, evaluation.ShowAll} {
			for _, s := range e.Document(d).Sections {
				for _, c := range s.Charts {
					if c.Kind != evaluation.StackedChart {
						continue
					}
					parts := c.Series
					var rest []evaluation.Point
					if last := c.Series[len(c.Series)-1]; last.ID == "rest" {
						parts, rest = c.Series[:len(c.Series)-1], last.Points
					}
					require.True(t, d == evaluation.NHSRule || rest == nil, "where nothing is hidden there is no rest")
					for i, pt := range parts[0].Points {
						bars++
						hidden, drawn := 0, 0.0
						for _, series := range parts {
							switch p := series.Points[i]; p.Absent {
							case "":
								drawn += p.Value
							case "in the rest":
								joined++
								hidden++
							case "hidden":
								hidden++
							}
						}
						require.NotEqual(t, 1, hidden, "%s: %s has a single hidden part", c.ID, pt.Label)
						if hidden == 0 {
							continue
						}
						if rest == nil || rest[i].Absent != "" {
							require.GreaterOrEqual(t, drawn, 100.0, "%s: %s has a gap", c.ID, pt.Label)
							continue
						}
						require.InDelta(t, 100, drawn+rest[i].Value, 1e-9, "%s: %s has a gap", c.ID, pt.Label)
						require.Equal(t, "hidden", rest[i].Text, "the rest has no figure")
					}
				}
			}
		}
	}
	require.Greater(t, bars, 100)
	require.Positive(t, joined, "some part was hidden alone")
}

// TestChecksNameWhatTheOthersTell has one client of a third gender, whom the other two shares tell.
func TestChecksNameWhatTheOthersTell(t *testing.T) {
	var b strings.Builder
	b.WriteString("client_id,episode_id,service_code,referral_date,gender\n")
	for i := range 40 {
		gender := "1"
		switch {
		case i < 20:
			gender = "2"
		case i == 39:
			gender = "9"
		}
		id := strconv.Itoa(i)
		b.WriteString("C" + id + ",E" + id + ",HT1,2025-05-01," + gender + "\n")
	}
	e := run(t, b.String())
	checks := e.Document(evaluation.NHSRule).Checks
	require.Greater(t, len(checks), 1)
	require.Contains(t, checks, "Gender", "20 and 19 of 40 leave 1")
	require.NotContains(t, checks, "Setting of the service", "nothing is known of it")
	require.Empty(t, e.Document(evaluation.ShowAll).Checks, "nothing is hidden")
	require.Contains(t, e.Document(evaluation.NHSRule).String(), "  - Gender\n")
}

// TestHiddenMcNemar holds that a p-value which could be turned back into a small count is given as a range.
func TestHiddenMcNemar(t *testing.T) {
	var b strings.Builder
	b.WriteString("client_id,episode_id,service_code,referral_date,first_contact_date,consent,client_mode,assessment_date,review_date,smoking_status_pre,smoking_status_post\n")
	for i := range 40 {
		post := "1"
		if i < 9 {
			post = "2"
		}
		id := strconv.Itoa(i)
		b.WriteString("C" + id + ",E" + id + ",HT1,2025-05-01,2025-05-02,Y,one_to_one,2025-05-03,2025-08-01,1," + post + "\n")
	}
	e := run(t, b.String())
	require.Zero(t, e.Records.KeptOut)
	cells := func(d evaluation.Disclosure) map[string]string {
		out := make(map[string]string)
		for _, s := range e.Document(d).Sections {
			for _, table := range s.Tables {
				if table.ID == "smoking" {
					for i, c := range table.Columns {
						out[c.ID] = table.Rows[0].Cells[i]
					}
				}
			}
		}
		return out
	}
	require.Equal(t, "0.0039", cells(evaluation.ShowAll)["p"], "2 × 0.5^9: nobody took it up again")
	require.Equal(t, "<0.01", cells(evaluation.NHSRule)["p"], "0.0039 would say that it was 9 and 0")
	require.Equal(t, "*", cells(evaluation.NHSRule)["started"])
	require.Contains(t, strings.Join(e.Document(evaluation.NHSRule).Summary, " "), "smoking changed for the better", "whatever was tested is in the summary")
	require.Equal(t, "−22.5 (−37.5 to −9.1)", cells(evaluation.ShowAll)["change"], "Newcombe's interval, worked out with R's prop.test(correct = FALSE)")
}

func TestCaveatsStandWhereChangesAre(t *testing.T) {
	doc := run(t, tiny).Document(evaluation.NHSRule)
	for _, s := range doc.Sections {
		switch s.ID {
		case "change", "groups":
			require.Contains(t, strings.ToLower(s.Caveats[0]), "regression to the mean")
		}
	}
	require.Contains(t, doc.String(), "Regression to the mean")
}

func TestWriteText(t *testing.T) {
	for _, f := range []string{"", minimal, tiny, file(madeUp(rand.New(rand.NewPCG(4, 4)), 400))} {
		for _, d := range []evaluation.Disclosure{evaluation.NHSRule, evaluation.ShowAll} {
			text := run(t, f).Document(d).String()
			for _, line := range strings.Split(text, "\n") {
				require.LessOrEqual(t, utf8.RuneCountInString(line), 100, line)
				require.Equal(t, strings.TrimRight(line, " "), line, "no blanks at the end of a line")
			}
		}
	}
}

func TestWriteTextKeepsWithinTheWidth(t *testing.T) {
	long := strings.Repeat("unbreakable", 20)
	doc := &evaluation.Document{
		Title: long, Summary: []string{long + " and " + long},
		Headlines: []evaluation.Headline{{Value: "1", Label: long}},
		Sections: []evaluation.Section{{
			Title: "Section", Caveats: []string{long},
			Charts: []evaluation.Chart{{Kind: evaluation.BarChart, Max: 10, Series: []evaluation.Series{{Points: []evaluation.Point{
				{Label: long, Value: 99, Text: long}, {Label: "below", Value: -5, Text: "x"},
			}}}}},
			Tables: []evaluation.Table{{Brief: true, Caption: long, Columns: []evaluation.Column{
				{Title: long, Align: evaluation.Left, Brief: true}, {Title: long, Align: evaluation.Right, Brief: true},
			}, Rows: []evaluation.Row{{Cells: []string{long, "7"}}, {Cells: []string{"short row"}}, {}}}},
		}},
	}
	for _, line := range strings.Split(doc.String(), "\n") {
		require.LessOrEqual(t, utf8.RuneCountInString(line), 100, line)
	}
}

var errPipe = errors.New("broken pipe")

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errPipe }

func TestWriteTextFails(t *testing.T) {
	require.ErrorIs(t, run(t, tiny).Document(evaluation.ShowAll).WriteText(brokenPipe{}), errPipe)
}

func TestSpecsFitTheDictionary(t *testing.T) {
	issues, ok := dcrs.Episodes().CodeList("issue")
	require.True(t, ok)
	specs := evaluation.Specs()
	require.Len(t, specs, 16)
	for _, s := range specs {
		require.Regexp(t, htmlID, s.ID)
		require.NotEmpty(t, s.Reason, s.ID)
		require.NotEmpty(t, s.Unit, s.ID)
		for _, code := range s.Issues {
			require.NotEmpty(t, issues.Label(code), "%s names the issue %q", s.ID, code)
		}
	}
	specs[0].Issues[0] = "changed"
	require.NotEqual(t, "changed", evaluation.Specs()[0].Issues[0], "what is handed out is a copy")
}
