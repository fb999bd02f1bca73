package dcrs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func compared(t testing.TB, before, after *Report) *Comparison {
	t.Helper()
	c, err := Compare(before, after)
	require.NoError(t, err)
	return c
}

func (c *Comparison) rule(id string) RuleChange {
	for _, r := range c.Rules {
		if r.Rule == id {
			return r
		}
	}
	return RuleChange{}
}

func TestTrends(t *testing.T) {
	for _, c := range []struct {
		why                         string
		before, after               outcome
		rowsBefore, rowsAfter, want int
	}{
		{"none is left", outcome{Error, 3, true}, outcome{Error, 0, true}, 100, 100, int(TrendFixed)},
		{"nobody looked, so nobody knows that none is left", outcome{Error, 3, true}, outcome{Error, 0, false}, 100, 100, int(TrendUnchecked)},
		{"the rule was switched off", outcome{Error, 3, true}, outcome{}, 100, 100, int(TrendUnchecked)},
		{"the first of their kind", outcome{Error, 0, true}, outcome{Error, 3, true}, 100, 100, int(TrendNew)},
		{"there may have been some before, when nobody looked", outcome{}, outcome{Error, 3, true}, 100, 100, int(TrendUncovered)},
		{"fewer in as many rows", outcome{Error, 3, true}, outcome{Error, 2, true}, 100, 100, int(TrendFewer)},
		{"more findings, but in far more rows", outcome{Error, 3, true}, outcome{Error, 5, true}, 100, 200, int(TrendFewer)},
		{"fewer findings, but in far fewer rows", outcome{Error, 4, true}, outcome{Error, 3, true}, 200, 100, int(TrendMore)},
		{"the same share", outcome{Error, 3, true}, outcome{Error, 6, true}, 100, 200, int(TrendSame)},
		{"without rows the counts decide", outcome{Error, 1, true}, outcome{Error, 1, true}, 0, 100, int(TrendSame)},
	} {
		assert.Equal(t, Trend(c.want), trendOf(c.before, c.after, c.rowsBefore, c.rowsAfter), c.why)
	}
}

// The rate is the nearest hundredth, by the arithmetic of fractions.
func TestPerThousand(t *testing.T) {
	for n, want := range map[[2]int]string{
		{0, 10}: "0.00", {1, 3}: "333.33", {2, 3}: "666.67", {1, 1000}: "1.00", {1, 200_000}: "0.01", {1, 200_001}: "0.00",
		{7, 2}: "3500.00", {5, 0}: "", {2_000_000_000, 1}: "2000000000000.00",
	} {
		assert.Equal(t, want, perThousand(n[0], n[1]), n)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		n, whole := rng.IntN(1_000_000), 1+rng.IntN(1_000_000)
		exact := new(big.Rat).SetFrac64(int64(n)*1000, int64(whole))
		got, ok := new(big.Rat).SetString(perThousand(n, whole))
		require.True(t, ok)
		off := new(big.Rat).Sub(got, exact)
		require.LessOrEqual(t, off.Abs(off).Cmp(big.NewRat(1, 200)), 0, "%d of %d", n, whole)
	}
}

// Two months of made-up extracts, through JSON as they would be kept.
func TestCompareTwoMonths(t *testing.T) {
	check := func(text string, options ...Option) *Report {
		_, r := validate(t, ruleAsOf, text, append(options, GroupBy("service_code"))...)
		again, err := ReadReport(bytes.NewReader(render(t, func(b *bytes.Buffer) error { return r.WriteJSON(b) })))
		require.NoError(t, err)
		return again
	}
	row := func(service string, n int, changes ...change) change {
		return waiting.with(append(changes, change{"service_code": service, "client_id": fmt.Sprint("C", n), "episode_id": fmt.Sprint("E", n), "postcode": fmt.Sprintf("M1 %dAA", n%10)})...)
	}
	bad := change{"date_of_birth": "31/12/1990"}
	odd := change{"gender": "q"}
	before := check(extractOf(t, columnsBut("workforce_step"), row("S1", 1, bad), row("S1", 2, bad), row("S2", 3, odd), row("S3", 4, change{"setting": "probation", "supervision": "licence"})))
	after := check(extractOf(t, columnsBut("lsoa"), row("S1", 1), row("S1", 2, bad), row("S1", 5), row("S1", 6, change{"setting": "probation"}), row("S2", 3), row("S4", 7, odd)))
	c := compared(t, before, after)

	assert.Equal(t, RuleChange{"date_of_birth/format", Error, TrendFewer, 2, 1, "500.00", "166.67"}, c.rule("date_of_birth/format"))
	assert.Equal(t, TrendFewer, c.rule("gender/code").Trend, "one of four, then one of six")
	assert.Equal(t, TrendNew, c.rule("pathway/supervision-missing").Trend)
	assert.Equal(t, RuleChange{"file/missing-column", Info, TrendSame, 1, 1, "", ""}, c.rule("file/missing-column"), "of a header there is one, however many rows")
	names := []string{}
	for _, g := range c.Groups {
		names = append(names, g.Name()+g.Only)
	}
	assert.Equal(t, []string{"S1", "S2", "S3before", "S4after"}, names)
	assert.Equal(t, GroupSum{Records: 2, RecordsWithErrors: 2, Errors: 2, ErrorRate: "1000.00"}, c.Groups[0].Before)
	assert.Equal(t, GroupSum{Records: 4, RecordsWithErrors: 2, Errors: 2, ErrorRate: "500.00"}, c.Groups[0].After)
	assert.Equal(t, []RuleChange{{"gender/code", Error, TrendFixed, 1, 0, "1000.00", "0.00"}}, c.Groups[1].Rules)
	assert.Equal(t, []RuleChange{{"gender/code", Error, TrendUncovered, 0, 1, "", "1000.00"}}, c.Groups[3].Rules, "the service was not there before")
	assert.Equal(t, []string{
		"Columns are absent that were there before: lsoa. Rules that read it found nothing there.",
		"Columns are there that were absent before: workforce_step. Rules that read it found nothing there.",
	}, c.Cautions)

	text := string(render(t, func(b *bytes.Buffer) error { return c.WriteText(b) }))
	for _, want := range []string{"FEWER ERRORS THAN BEFORE, THOUGH SOME RULES FIND MORE", "NEW (", "FEWER (", "BY SERVICE_CODE", "not there before", "no longer there", "Mind:"} {
		assert.Contains(t, text, want)
	}
	var back map[string]any
	require.NoError(t, json.Unmarshal(render(t, func(b *bytes.Buffer) error { return c.WriteJSON(b) }), &back))
	assert.Equal(t, "fewer", back["rules"].([]any)[0].(map[string]any)["trend"])

	same := compared(t, after, after)
	assert.Empty(t, same.Cautions)
	assert.Empty(t, same.Fields)
	for _, r := range same.Rules {
		assert.Equal(t, TrendSame, r.Trend, r.Rule)
	}
}

func TestCompareCautions(t *testing.T) {
	for _, c := range []struct {
		why, want string
		spoil     func(after *Report)
	}{
		{"another edition is said first of all", "editions of the dictionary differ (2026.1, 2027.1)", func(r *Report) { r.Edition = "2027.1" }},
		{"the reports may have been given the wrong way round", "earlier day", func(r *Report) { r.AsOf = r.AsOf.AddMonths(-1) }},
		{"half a file", "later file was not read to its end", func(r *Report) { r.Truncated = true }},
		{"rules switched off", "2 rules of the earlier report were not asked in the later one.", func(r *Report) { r.Rules = r.Rules[2:] }},
		{"other levels", "1 rule had another severity", func(r *Report) { ruleOf(t, r, "plan/goal-gap").Severity = Error }},
		{"grouped in one only", "groups are not compared", func(r *Report) { r.GroupBy, r.Groups = "", nil }},
		{"more services than can be told apart", "more than 256 groups", func(r *Report) {
			g := r.Groups[0]
			g.Group, g.Kind = "", GroupOthers
			r.Groups = append(r.Groups, g)
		}},
	} {
		before, after := groupedReport(t), groupedReport(t)
		c.spoil(after)
		got := compared(t, before, after)
		require.Len(t, got.Cautions, 1, "%s: %v", c.why, got.Cautions)
		assert.Contains(t, got.Cautions[0], c.want, c.why)
		assert.Contains(t, strings.Join(strings.Fields(string(render(t, func(b *bytes.Buffer) error { return got.WriteText(b) }))), " "), c.want, c.why)
		assert.Contains(t, string(render(t, func(b *bytes.Buffer) error { return got.WriteHTML(b) })), c.want, c.why)
	}
}

func TestCompareRefuses(t *testing.T) {
	unread := groupedReport(t)
	unread.Unread = "file/empty"
	other := groupedReport(t)
	other.Kind = "contact"
	for _, pair := range [][2]*Report{{nil, unread}, {unread, nil}, {unread, groupedReport(t)}, {groupedReport(t), unread}, {other, groupedReport(t)}} {
		_, err := Compare(pair[0], pair[1])
		_, ok := errors.AsType[*CompareError](err)
		assert.True(t, ok, "%v", err)
	}
}

// Whatever the reports, the text keeps to its width, and the same input gives the
// same bytes.
func TestComparisonsCanBeRead(t *testing.T) {
	reports := []*Report{groupedReport(t)}
	for _, c := range renderCases(t) {
		if c.report.Unread == "" && c.name != "zero" {
			reports = append(reports, c.report)
		}
	}
	for _, before := range reports {
		for _, after := range reports {
			c := compared(t, before, after)
			text := render(t, func(b *bytes.Buffer) error { return c.WriteText(b) })
			require.Equal(t, text, render(t, func(b *bytes.Buffer) error { return compared(t, before, after).WriteText(b) }))
			for line := range strings.Lines(string(text)) {
				require.LessOrEqual(t, width(strings.TrimSuffix(line, "\n")), textWidth, line)
			}
			page := string(render(t, func(b *bytes.Buffer) error { return c.WriteHTML(b) }))
			require.NotContains(t, page, "<script")
			require.NotContains(t, page, "ZgotmplZ")
		}
	}
}
