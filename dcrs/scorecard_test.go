package dcrs

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func scorecards(t testing.TB, r *Report, options ...ScoreOption) *Scorecards {
	t.Helper()
	s, err := NewScorecards(r, Episodes(), options...)
	require.NoError(t, err)
	return s
}

// Two fields of twelve rows, so that the score can be worked out by hand.
func scoredReport() *Report {
	r := &Report{Edition: Edition, Kind: "episode", File: "x.csv", Records: 12, GroupBy: "service_code"}
	r.Fields = []FieldReport{{Field: "gender", Label: "Gender"}, {Field: "postcode", Label: "Postcode"}, {Field: "bmi_pre", Label: "BMI"}}
	r.Groups = []GroupReport{{
		Group: "S1", Records: 12, RecordsWithErrors: 3,
		Fields: []GroupField{
			{Field: "gender", Valid: 6, Other: 1, Default: 2, Invalid: 2, Missing: 1},
			{Field: "postcode", Valid: 9, Default: 1, Missing: 2},
			{Field: "bmi_pre", Missing: 12},
		},
	}}
	return r
}

func TestScoreByHand(t *testing.T) {
	for _, c := range []struct {
		why     string
		options []ScoreOption
		want    string
	}{
		// gender 7/12, postcode 9/12: mean 16/24
		{"valid and other count, defaults do not; what is not expected everywhere is left out", nil, "66.7"},
		// gender (7+2)/12, postcode (9+1)/12: mean 19/24
		{"defaults count whole", []ScoreOption{DefaultsCount(100)}, "79.2"},
		// gender (7+1)/12, postcode 9/12: mean 17/24
		{"half, in one field", []ScoreOption{DefaultsCount(50, "gender")}, "70.8"},
		// of one field overrules that of all: gender 9/12, postcode 9/12
		{"one field otherwise than all", []ScoreOption{DefaultsCount(100), DefaultsCount(0, "postcode")}, "75.0"},
		// 16/24 × 9/12
		{"three of twelve periods are lacking", []ScoreOption{Periods("S1", 9, 12)}, "50.0"},
		{"another service's periods do not matter", []ScoreOption{Periods("S2", 0, 12)}, "66.7"},
		{"nothing was sent", []ScoreOption{Periods("S1", 0, 12)}, "0.0"},
		{"the caller's own items", []ScoreOption{ScoreFields("bmi_pre", "postcode")}, "37.5"},
		{"too few records for a score", []ScoreOption{ScoreFrom(13)}, ""},
		{"just enough", []ScoreOption{ScoreFrom(12)}, "66.7"},
		{"no items at all", []ScoreOption{ScoreFields()}, ""},
	} {
		s := scorecards(t, scoredReport(), c.options...)
		require.Len(t, s.Cards, 1)
		assert.Equal(t, c.want, s.Cards[0].Score, c.why)
	}
	card := scorecards(t, scoredReport()).Cards[0]
	assert.Equal(t, "87.5", card.Complete, "21 of 24 cells are filled")
	assert.Equal(t, "90.5", card.Valid, "19 of 21 that are filled can be used")
	assert.Equal(t, "14.3", card.Defaults, "3 of 21")
	assert.Equal(t, "75.0", card.Without, "9 of 12 records")
	assert.Equal(t, "58.3", card.Fields[0].Score, "7 of 12")
	assert.Empty(t, card.Fields[2].Score)
}

// The score of every service is the one that floating point gives, and the score
// of a whole file is that of its only group.
func TestScoresOfAnExtract(t *testing.T) {
	r := groupedReport(t)
	for _, card := range scorecards(t, r, DefaultsCount(30)).Cards {
		sum, n := 0.0, 0.0
		for _, f := range card.Fields {
			def, _ := Episodes().Field(f.Field)
			require.Equal(t, def.Presence == Mandatory || def.Presence == Required, f.Item, f.Field)
			if f.Item {
				sum += (float64(f.Valid+f.Other) + 0.3*float64(f.Default)) / float64(card.Records)
				n++
			}
		}
		got, err := strconv.ParseFloat(card.Score, 64)
		require.NoError(t, err)
		require.Less(t, math.Abs(got-100*sum/n), 0.0501, card.Group)
		require.NotEmpty(t, card.Rules)
		for i, rule := range card.Rules {
			require.NotEmpty(t, rule.Problem)
			require.NotEmpty(t, rule.Fix)
			require.True(t, i == 0 || rule.Errors <= card.Rules[i-1].Errors)
		}
	}
	plain, err := extractValidator(t).Validate(t.Context(), "x.csv", bytes.NewReader(spoiltExtract(300, 4)), nil)
	require.NoError(t, err)
	one, err := extractValidator(t, GroupBy("service_code")).Validate(t.Context(), "x.csv", bytes.NewReader(spoiltExtract(300, 4)), nil)
	require.NoError(t, err)
	a, b := scorecards(t, plain).Cards, scorecards(t, one).Cards
	require.Len(t, a, 1)
	require.Equal(t, "the whole extract", a[0].Name())
	b[0].Group, b[0].Kind = "", wholeFile
	require.Equal(t, b, a)
}

// What is sent to one service holds nothing of another.
func TestOnlyOneCard(t *testing.T) {
	s := scorecards(t, groupedReport(t))
	one, ok := s.Only("S1")
	require.True(t, ok)
	for _, write := range []func(*bytes.Buffer) error{
		func(b *bytes.Buffer) error { return one.WriteHTML(b) },
		func(b *bytes.Buffer) error { return one.WriteCSV(b) },
		func(b *bytes.Buffer) error { return one.WriteJSON(b) },
	} {
		text := string(render(t, write))
		assert.Contains(t, text, "S1")
		for _, other := range []string{"S0", "S2", "S3"} {
			assert.NotContains(t, text, other)
		}
	}
	_, ok = s.Only("S9")
	assert.False(t, ok)
}

func TestScorecardFormats(t *testing.T) {
	s := scorecards(t, groupedReport(t), Periods("S2", 3, 4))
	rows, err := csv.NewReader(bytes.NewReader(render(t, func(b *bytes.Buffer) error { return s.WriteCSV(b) }))).ReadAll()
	require.NoError(t, err, "every row has as many cells as the header")
	require.Len(t, rows, 1+4*(1+fieldCount))
	assert.Equal(t, "S2", rows[1+2*(1+fieldCount)][0])
	assert.Equal(t, []string{"3", "4"}, rows[1+2*(1+fieldCount)][5:7])
	assert.Equal(t, s.Cards[2].Score, rows[1+2*(1+fieldCount)][15])
	var back Scorecards
	require.NoError(t, json.Unmarshal(render(t, func(b *bytes.Buffer) error { return s.WriteJSON(b) }), &back))
	assert.Equal(t, s.Cards, back.Cards)
	page := string(render(t, func(b *bytes.Buffer) error { return s.WriteHTML(b) }))
	for _, want := range []string{s.Cards[0].Score, "coverage × mean of the items", "is not it", "not for publication", "3 of 4 periods"} {
		assert.Contains(t, page, want)
	}
	assert.NotContains(t, page, "ZgotmplZ")
	assert.Equal(t, page, string(render(t, func(b *bytes.Buffer) error { return s.WriteHTML(b) })))

	hostile := scoredReport()
	hostile.Groups[0].Group, hostile.File = "=1+<script>", "\x1b<b>"
	page = string(render(t, func(b *bytes.Buffer) error { return scorecards(t, hostile).WriteHTML(b) }))
	assert.NotContains(t, page, "<script>")
	assert.NotContains(t, page, "\x1b")
	assert.Contains(t, string(render(t, func(b *bytes.Buffer) error { return scorecards(t, hostile).WriteCSV(b) })), `"'=1+<script>"`)
	require.NoError(t, scorecards(t, headerOnlyReport(t)).WriteHTML(&bytes.Buffer{}), "no records at all")
}

func TestScorecardsRefuse(t *testing.T) {
	for why, options := range map[string][]ScoreOption{
		"an unknown item":              {ScoreFields("name")},
		"an unknown default":           {DefaultsCount(50, "name")},
		"more than all":                {DefaultsCount(101)},
		"less than nothing":            {DefaultsCount(-1)},
		"more periods than there were": {Periods("S1", 13, 12)},
		"no periods":                   {Periods("S1", 0, 0)},
		"a score of nothing":           {ScoreFrom(0)},
	} {
		_, err := NewScorecards(scoredReport(), Episodes(), options...)
		_, ok := errors.AsType[*OptionError](err)
		assert.True(t, ok, why)
	}
	other := scoredReport()
	other.Edition = "2027.1"
	_, err := NewScorecards(other, Episodes())
	assert.ErrorContains(t, err, "dictionary")
	_, err = NewScorecards(scoredReport(), nil)
	assert.ErrorContains(t, err, "dictionary")
	_, err = NewScorecards(unreadReport(t), Episodes())
	assert.ErrorContains(t, err, "no row was read")
	assert.True(t, strings.HasPrefix(err.Error(), "dcrs: "))
}
