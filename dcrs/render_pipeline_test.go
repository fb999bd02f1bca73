package dcrs

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// JUnit XML and SARIF are held against their schemas by other software in
// .ci/reports; here it is what they say.

func junitOf(t testing.TB, r *Report) (junitSuites, string) {
	t.Helper()
	text := render(t, func(b *bytes.Buffer) error { return r.WriteJUnit(b) })
	require.Equal(t, text, render(t, func(b *bytes.Buffer) error { return r.WriteJUnit(b) }), "the same report gives the same bytes")
	var s junitSuites
	require.NoError(t, xml.Unmarshal(text, &s))
	return s, string(text)
}

func TestJUnitSaysWhatTheReportSays(t *testing.T) {
	for _, c := range renderCases(t) {
		t.Run(c.name, func(t *testing.T) {
			s, _ := junitOf(t, c.report)
			require.Len(t, s.Suites[0].Cases, 1+len(c.report.Rules), "one case for each rule, and one for reading")
			failed, skipped := 0, 0
			for i, rr := range c.report.Rules {
				test := s.Suites[0].Cases[i+1]
				assert.Equal(t, clean(rr.Rule), test.Name)
				assert.Equal(t, rr.Errors > 0, test.Failure != nil, rr.Rule)
				assert.Equal(t, rr.Count == 0 && rr.Checked == 0, test.Skipped != nil, rr.Rule)
				assert.Equal(t, rr.Count > 0 && rr.Errors == 0, test.Out != nil, rr.Rule)
				if test.Failure != nil {
					failed++
				}
				if test.Skipped != nil {
					skipped++
				}
			}
			assert.Equal(t, []int{len(s.Suites[0].Cases), failed, skipped}, []int{s.Suites[0].Tests, s.Suites[0].Failures, s.Suites[0].Skipped})
			assert.Equal(t, []int{s.Suites[0].Tests, s.Suites[0].Failures, s.Suites[0].Errors}, []int{s.Tests, s.Failures, s.Errors})
			broken := c.report.Unread != "" || c.report.Truncated
			assert.Equal(t, broken, s.Suites[0].Cases[0].Error != nil)
			assert.Equal(t, broken, s.Errors == 1)
		})
	}
}

func TestJUnitWords(t *testing.T) {
	s, _ := junitOf(t, yearReport(t))
	byName := map[string]junitCase{}
	for _, c := range s.Suites[0].Cases {
		byName[c.Name] = c
	}
	duplicate := byName["episode/duplicate"]
	assert.Equal(t, "dcrs.episode", duplicate.Class)
	assert.Equal(t, "14 errors, of 12,840 checked", duplicate.Failure.Message)
	assert.Equal(t, "error", duplicate.Failure.Type)
	assert.Equal(t, "An episode_id seen before in this extract.\nTo mend: remove the repeat.\n"+
		"line 403, record 402, episode_id (column 2), AA-99999, see episode_id on line 18\n"+
		"line 404, record 403, episode_id (column 2), AA-99999, see episode_id on line 19\n"+
		"and 12 more\n", duplicate.Failure.Text)
	assert.Equal(t, "2 errors and 6 warnings, of 12,840 checked", byName["client/nhs-number-placeholder"].Failure.Message)
	assert.Contains(t, byName["client/nhs-number-placeholder"].Failure.Text, "episode_id BU-00901", "what was asked for is shown")
	assert.Contains(t, byName["postcode/blank"].Out.Text, "1,980 warnings")
	assert.Nil(t, byName["gender/code"].Failure)
}

func TestJUnitHoldsAnyText(t *testing.T) {
	_, text := junitOf(t, awkwardReport(t))
	for _, r := range text {
		require.True(t, r == '\n' || r >= ' ' && r != 0x7f && r != 0xfffd && r != 0x202e, "%q", r)
	}
	assert.Contains(t, text, `\u001b[31m`)
	s, _ := junitOf(t, awkwardReport(t))
	for _, c := range s.Suites[0].Cases {
		if c.Name == "file/unknown-column" {
			assert.Contains(t, c.Out.Text, "<script>", "it is text, not an element")
		}
	}
}

func sarifOf(t testing.TB, r *Report) (sarifRun, string) {
	t.Helper()
	text := render(t, func(b *bytes.Buffer) error { return r.WriteSARIF(b) })
	require.Equal(t, text, render(t, func(b *bytes.Buffer) error { return r.WriteSARIF(b) }), "the same report gives the same bytes")
	var log sarifLog
	require.NoError(t, json.Unmarshal(text, &log))
	require.Equal(t, "2.1.0", log.Version)
	require.Len(t, log.Runs, 1)
	return log.Runs[0], string(text)
}

func TestSARIFSaysWhatTheReportSays(t *testing.T) {
	for _, c := range renderCases(t) {
		t.Run(c.name, func(t *testing.T) {
			run, text := sarifOf(t, c.report)
			assert.NotContains(t, text, "null")
			require.Len(t, run.Tool.Driver.Rules, len(c.report.Rules))
			assert.Equal(t, c.report.Unread == "" && !c.report.Truncated, run.Invocations[0].Successful)
			at := 0
			prints := map[string]bool{}
			for i, rr := range c.report.Rules {
				rule := run.Tool.Driver.Rules[i]
				assert.Equal(t, rr.Rule, rule.ID)
				assert.NotEmpty(t, rule.Short.Text)
				assert.NotEmpty(t, rule.Help.Text)
				assert.EqualValues(t, rr.Count, rule.Props["findings"])
				for _, e := range rr.Examples {
					result := run.Results[at]
					at++
					assert.Equal(t, rr.Rule, result.RuleID)
					assert.Equal(t, i, result.RuleIndex)
					assert.Equal(t, sarifLevel(e.Severity), result.Level)
					place := result.Locations[0].Physical
					assert.Equal(t, e.Line > 0, place.Region != nil)
					if place.Region != nil {
						assert.Equal(t, e.Line, place.Region.StartLine)
					}
					u, err := url.Parse(place.Artifact.URI)
					require.NoError(t, err)
					assert.Empty(t, u.Scheme+u.Host+u.RawQuery+u.Fragment, "a name is no address")
					assert.Equal(t, c.report.File, u.Path)
					assert.Len(t, result.Related, len(e.Related))
					key := rr.Rule + result.Fingerprints["dcrsFinding/v1"]
					assert.False(t, prints[key], "%s: two results with one fingerprint", rr.Rule)
					prints[key] = true
				}
			}
			assert.Len(t, run.Results, at)
		})
	}
}

// The fingerprints stay when rows move, and hold nothing of the values.
func TestSARIFFingerprintsHoldNoValues(t *testing.T) {
	of := func(rows ...change) []string {
		_, report := validate(t, ruleAsOf, extractOf(t, columnsBut(), rows...))
		run, _ := sarifOf(t, report)
		var out []string
		for _, r := range run.Results {
			out = append(out, r.RuleID+" "+r.Fingerprints["dcrsFinding/v1"])
		}
		return out
	}
	bad := waiting.with(change{"date_of_birth": "31/12/1990"})
	other := waiting.with(change{"client_id": "C2", "episode_id": "E2"})
	want := of(bad)
	require.Len(t, want, 1)
	require.Equal(t, want, of(other, bad), "the row has moved")
	require.Equal(t, want, of(waiting.with(change{"date_of_birth": "01/02/1991", "client_id": "C9"})), "another value, another client")
	require.Len(t, strings.Fields(want[0])[1], 32)
}
