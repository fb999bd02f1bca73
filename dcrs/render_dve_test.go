package dcrs

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The columns as the engine's own source spells them.
const dveHeader = "Entity,Key,FailureType,Status,ErrorType,ErrorLocation,ErrorMessage,ErrorCode,ReportingField,RecordIndex,Value,Category"

func TestDVEWriter(t *testing.T) {
	cell := Position{File: "q1.csv", Record: 12, Line: 13, Column: 35, Offset: 4021}
	for _, c := range []struct {
		why     string
		finding Finding
		want    string
	}{
		{
			"an error in a record rejects it; the fields that a rule compares are all named",
			Finding{
				Rule: "dates/plan-too-early", Severity: Error, Position: cell, Field: "plan_date", Shape: "9999-99-99",
				Related: []Related{{Field: "referral_date"}, {Field: "plan_date"}, {Field: "referral_date"}}, Message: "plan too early",
			},
			`episode,,record,error,plan-too-early,plan_date,Record rejected - plan too early,dates/plan-too-early,"plan_date, referral_date",12,9999-99-99,Bad value`,
		},
		{
			"a warning informs",
			Finding{Rule: "height_cm/implausible", Severity: Warning, Position: cell, Field: "height_cm", Shape: "999", Message: "odd"},
			`episode,,record,informational,implausible,height_cm,Warning - odd,height_cm/implausible,height_cm,12,999,Bad value`,
		},
		{
			"so does a note",
			Finding{Rule: "plan/goal-gap", Severity: Info, Position: cell, Field: "goal_3_issue", Shape: "aaaa", Message: "gap"},
			`episode,,record,informational,goal-gap,goal_3_issue,Note - gap,plan/goal-gap,goal_3_issue,12,aaaa,Bad value`,
		},
		{
			"a value that cannot be read has a wrong format",
			Finding{Rule: "date_of_birth/format", Severity: Error, Position: cell, Field: "date_of_birth", Shape: "99/99/9999", Message: "no date"},
			`episode,,record,error,format,date_of_birth,Record rejected - no date,date_of_birth/format,date_of_birth,12,99/99/9999,Wrong format`,
		},
		{
			"an empty cell is blank",
			Finding{Rule: "gender/blank", Severity: Warning, Position: cell, Field: "gender", Message: "empty"},
			`episode,,record,informational,blank,gender,Warning - empty,gender/blank,gender,12,,Blank`,
		},
		{
			"also where a rule over several fields misses it",
			Finding{Rule: "pathway/consent-missing", Severity: Error, Position: cell, Field: "consent", Related: []Related{{Field: "first_contact_date"}}, Message: "no consent"},
			`episode,,record,error,consent-missing,consent,Record rejected - no consent,pathway/consent-missing,"consent, first_contact_date",12,,Blank`,
		},
		{
			"a row that cannot be taken apart has a wrong format",
			Finding{Rule: "file/row-length", Severity: Error, Position: cell, Message: "cells"},
			`episode,,record,error,row-length,,Record rejected - cells,file/row-length,,12,,Wrong format`,
		},
		{
			"a column that is not there concerns the submission",
			Finding{Rule: "file/missing-column", Severity: Error, Position: Position{Line: 1}, Field: "episode_id", Message: "absent"},
			`episode,,submission,error,missing-column,episode_id,File rejected - absent,file/missing-column,episode_id,,,Bad file`,
		},
		{
			"so do bytes that are not UTF-8, wherever the first of them stands",
			Finding{Rule: "file/encoding", Severity: Error, Position: cell, Field: "gender", Message: "bytes"},
			`episode,,submission,error,encoding,gender,File rejected - bytes,file/encoding,gender,,,Bad file`,
		},
		{
			"a file that is no table stops everything",
			Finding{Rule: "file/not-text", Severity: Error, Message: "binary"},
			`episode,,integrity,error,not-text,,File rejected - binary,file/not-text,,,,Bad file`,
		},
		{
			"a repeated identifier is a fault of its record",
			Finding{
				Rule: "episode/duplicate", Severity: Error, Position: cell, Field: "episode_id", Shape: "A9",
				Related: []Related{{Field: "episode_id", Position: Position{Record: 3}}}, Message: "again",
			},
			`episode,,record,error,duplicate,episode_id,Record rejected - again,episode/duplicate,episode_id,12,A9,Bad value`,
		},
		{
			"the key is what the caller asked to see, and starts no formula",
			Finding{Rule: "a/b", Severity: Error, Position: cell, Field: "-", Shape: "=9", Message: "m", Shown: []Shown{{"episode_id", "=E1"}, {"client_id", "C,1"}}},
			`episode,"'=E1, C,1",record,error,b,"'-",Record rejected - m,a/b,"'-",12,"'=9",Bad value`,
		},
	} {
		t.Run(c.why, func(t *testing.T) {
			var b bytes.Buffer
			w := NewDVEWriter(&b, "episode")
			require.NoError(t, w.Write(c.finding))
			require.NoError(t, w.Flush())
			assert.Equal(t, dveHeader+"\n"+c.want+"\n", b.String())
		})
	}
}

// One row for every occurrence, not only for the examples, which a CSV reader
// takes apart again.
func TestDVEHoldsEveryFinding(t *testing.T) {
	var b bytes.Buffer
	w := NewDVEWriter(&b, "episode")
	report, err := extractValidator(t, Examples(0)).Validate(t.Context(), "x.csv", bytes.NewReader(spoiltExtract(800, 4)), w.Write)
	require.NoError(t, err)
	require.NoError(t, w.Flush())
	rows, err := csv.NewReader(&b).ReadAll()
	require.NoError(t, err)
	require.Equal(t, strings.Split(dveHeader, ","), rows[0])
	require.Len(t, rows, 1+report.Count(Error)+report.Count(Warning)+report.Count(Info))
	failures := map[string]bool{"record": true, "submission": true, "integrity": true}
	categories := map[string]bool{"Blank": true, "Wrong format": true, "Bad value": true, "Bad file": true}
	for _, row := range rows[1:] {
		require.True(t, failures[row[2]], row)
		require.True(t, row[3] == "error" || row[3] == "informational", row)
		require.True(t, categories[row[11]], row)
	}
	require.Equal(t, DVERecordsRejected, report.DVEStatus())
}

func TestDVEStatus(t *testing.T) {
	missing := func(l Level) *Report {
		r := emptyReport(t, "x.csv", 3)
		found(t, r, "file/missing-column", 1).Errors = 0
		rr := ruleOf(t, r, "file/missing-column")
		switch l {
		case Error:
			rr.Errors = 1
		case Info:
			rr.Infos = 1
		}
		return r
	}
	for _, c := range []struct {
		why    string
		report *Report
		want   DVEStatus
	}{
		{"nothing found", cleanReport(t), DVEAccepted},
		{"a note is nothing to report", missing(Info), DVEAccepted},
		{"warnings and nothing worse", warningsReport(t), DVEAcceptedWithWarnings},
		{"errors in records", yearReport(t), DVERecordsRejected},
		{"an error of the header", missing(Error), DVEFileRejected},
		{"a file that could not be read", unreadReport(t), DVEFileRejected},
		{"an interrupted reading, whatever it found", truncatedReport(t), DVEProcessingFailed},
	} {
		assert.Equal(t, c.want, c.report.DVEStatus(), c.why)
	}
	assert.Equal(t, "accepted with record rejections", DVERecordsRejected.String())
	assert.Equal(t, "DVEStatus(0)", DVEStatus(0).String())
}
