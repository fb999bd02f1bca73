package dcrs

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A finding says which number of a date is the day only where the value shows it.
func TestWhichNumberIsTheDay(t *testing.T) {
	for value, want := range map[string]string{
		"22/05/1985": "it looks like a date with the day first",
		"05/22/1985": "it looks like a date with the month first",
		"04/05/1985": "it looks like a date whose first number could be the day or the month",
		"04.05.85":   "it looks like a date whose first number could be the day or the month",
		"05/05/1985": "it looks like a date with the day first", // it is one date either way
		"31/31/1985": "",
		"1985/05/04": "", // the year is first
		"00/05/1985": "",
	} {
		_, report := validate(t, ruleAsOf, extractOf(t, columnsBut(), waiting.with(change{"date_of_birth": value})))
		rule, _ := report.Rule("date_of_birth/format")
		require.Equal(t, 1, rule.Count, value)
		_, detail, _ := strings.Cut(rule.Examples[0].Message, "yyyy-mm-dd")
		assert.Equal(t, want, strings.TrimPrefix(detail, ": "), value)
	}
}

// A heading that the mapping names and the file does not have is said so: the mapping
// may have a slip in it, or the export may have changed.
func TestMappedHeadingIsMissing(t *testing.T) {
	m := parseMapping(t, `{"mapping": 1, "kind": "episode", "columns": [
		{"heading": "Client", "field": "client_id"}, {"heading": "Weight now", "field": "weight_kg_post"}, {"heading": "Notes", "ignore": true}]}`)
	v, err := NewValidator(Episodes(), date(t, ruleAsOf), Mapped(m))
	require.NoError(t, err)
	report, err := v.Validate(t.Context(), "x.csv", strings.NewReader("Client,episode_id,service_code,referral_date\nC1,E1,RX1,2024-05-01\n"), func(f Finding) error {
		said := strings.Contains(f.Message, `the mapping reads it from a column "Weight now", which the file does not have`)
		if f.Rule == "file/missing-column" {
			assert.Equal(t, f.Field == "weight_kg_post", said, f.Message)
		}
		if f.Field == "weight_kg_post" {
			assert.Equal(t, Warning, f.Severity, "it is optional, but somebody said that it is there")
		}
		return nil
	})
	require.NoError(t, err)
	rule, _ := report.Rule("file/missing-column")
	require.NotZero(t, rule.Warnings)
}

// What is proposed keeps to the width of a terminal, and one column is no "1 columns".
func TestProposalsKeepToTheWidth(t *testing.T) {
	header := []string{"Client", "Ref Date", "Date of Birth", "Weight", "Weight (kg) at review", "Nobody knows"}
	for line := range strings.Lines(string(render(t, func(b *bytes.Buffer) error { return SuggestMapping(Episodes(), header, nil).WriteText(b) }))) {
		assert.LessOrEqual(t, width(strings.TrimSuffix(line, "\n")), textWidth, line)
	}
	assert.Equal(t, "a comma: 1 column, 0 of them known; 1 of 1 row has as many cells", DelimiterEvidence{Delimiter: ',', Columns: 1, Rows: 1, Agreeing: 1}.String())
}
