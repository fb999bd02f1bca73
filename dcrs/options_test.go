package dcrs_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

// People copy the names of rules from the table, where the rules for every
// field are called FIELD/….
func TestSeverityTakesTheNameInTheTable(t *testing.T) {
	asOf, err := hte.ParseDate("2026-03-31")
	require.NoError(t, err)
	v, err := dcrs.NewValidator(dcrs.Episodes(), asOf, dcrs.Severity("FIELD/code", dcrs.Off))
	require.NoError(t, err)
	report, err := v.Validate(t.Context(), "x.csv", strings.NewReader("gender,consent\nQ,Q\n"), nil)
	require.NoError(t, err)
	for _, r := range report.Rules {
		assert.False(t, strings.HasSuffix(r.Rule, "/code"), "%s is reported though the family is off", r.Rule)
	}
	_, ok := report.Rule("gender/format")
	assert.True(t, ok, "other families stay on")

	_, err = dcrs.NewValidator(dcrs.Episodes(), asOf, dcrs.Severity("FIELD/codes", dcrs.Off))
	assert.Error(t, err, "a family that does not exist")
	_, err = dcrs.NewValidator(dcrs.Episodes(), asOf, dcrs.Severity("FIELD/row-length", dcrs.Off))
	assert.Error(t, err, "a rule that is no field's")
}

// A report stays small even where a caller asks to see a field that holds
// something enormous.
func TestShownValuesAreCut(t *testing.T) {
	asOf, err := hte.ParseDate("2026-03-31")
	require.NoError(t, err)
	v, err := dcrs.NewValidator(dcrs.Episodes(), asOf, dcrs.Show("episode_id"))
	require.NoError(t, err)
	for _, tc := range []struct{ why, value, want string }{
		{"as long as may be", strings.Repeat("x", 256), strings.Repeat("x", 256)},
		{"one byte longer", strings.Repeat("x", 257), strings.Repeat("x", 256) + "…"},
		{"the limit lies within a character", "x" + strings.Repeat("é", 200), "x" + strings.Repeat("é", 127) + "…"},
		{"nearly a megabyte", strings.Repeat("y", 900_000), strings.Repeat("y", 256) + "…"},
	} {
		report, err := v.Validate(t.Context(), "x.csv", strings.NewReader("client_id,episode_id\n!,"+tc.value+"\n"), nil)
		require.NoError(t, err)
		rule, ok := report.Rule("client_id/format")
		require.True(t, ok, tc.why)
		require.Len(t, rule.Examples, 1, tc.why)
		require.Len(t, rule.Examples[0].Shown, 1, tc.why)
		got := rule.Examples[0].Shown[0].Value
		assert.Equal(t, tc.want, got, tc.why)
		assert.True(t, utf8.ValidString(got), tc.why)
		var b bytes.Buffer
		require.NoError(t, json.NewEncoder(&b).Encode(report))
		assert.Less(t, b.Len(), 1<<20, tc.why)
	}
}

func TestDelimiterMessage(t *testing.T) {
	asOf, err := hte.ParseDate("2026-03-31")
	require.NoError(t, err)
	v, err := dcrs.NewValidator(dcrs.Episodes(), asOf)
	require.NoError(t, err)
	report, err := v.Validate(t.Context(), "x.csv", strings.NewReader("client_id;episode_id;gender\nC1;E1;1\n"), nil)
	require.NoError(t, err)
	rule, ok := report.Rule("file/delimiter")
	require.True(t, ok)
	require.Len(t, rule.Examples, 1)
	assert.Equal(t, "the header reads as one column with the declared delimiter, as several with another: a comma gives one column, a semicolon gives 3", rule.Examples[0].Message)
}

// A finding of file scope stands on the line of its cell, and shows its values
// as they are, whatever characters they hold.
func TestFileFindingsInRecordsOfSeveralLines(t *testing.T) {
	asOf, err := hte.ParseDate("2026-03-31")
	require.NoError(t, err)
	v, err := dcrs.NewValidator(dcrs.Episodes(), asOf, dcrs.Show("client_id"))
	require.NoError(t, err)
	file := "note,episode_id,client_id\n" + // line 1
		"\"one\ntwo\",E1,C1\n" + // lines 2 and 3
		"plain,E2,C2\n" + // 4
		"\"a\r\nb\nc\",E1,\"x\x1ey\x1fz\"\n" // 5 to 7
	report, err := v.Validate(t.Context(), "x.csv", strings.NewReader(file), nil)
	require.NoError(t, err)
	rule, ok := report.Rule("episode/duplicate")
	require.True(t, ok)
	require.Len(t, rule.Examples, 1)
	f := rule.Examples[0]
	assert.Equal(t, 7, f.Line, "the last line of the third record")
	assert.Equal(t, 3, f.Record)
	assert.Equal(t, "E1", file[f.Offset:f.Offset+2])
	require.Len(t, f.Related, 1)
	assert.Equal(t, 3, f.Related[0].Line, "the second line of the first record")
	assert.Equal(t, "E1", file[f.Related[0].Offset:f.Related[0].Offset+2])
	assert.Equal(t, []dcrs.Shown{{Field: "client_id", Value: "x\x1ey\x1fz"}}, f.Shown)
}

// A record that cannot be taken apart is still looked at for its encoding: the
// one row with a name in Windows-1252 is often also the one that is broken.
func TestEncodingOfRecordsThatCannotBeRead(t *testing.T) {
	asOf, err := hte.ParseDate("2026-03-31")
	require.NoError(t, err)
	v, err := dcrs.NewValidator(dcrs.Episodes(), asOf)
	require.NoError(t, err)
	for _, tc := range []struct{ why, row string }{
		{"too many cells", "C1,E1,Jos\xe9"},
		{"a stray quote", "C1,Jos\xe9 \"Pepe\""},
	} {
		file := "client_id,episode_id\nC0,E0\n" + tc.row + "\n"
		report, err := v.Validate(t.Context(), "x.csv", strings.NewReader(file), nil)
		require.NoError(t, err, tc.why)
		rule, ok := report.Rule("file/encoding")
		require.True(t, ok, tc.why)
		require.Len(t, rule.Examples, 1, tc.why)
		assert.Equal(t, 3, rule.Examples[0].Line, tc.why)
		assert.Equal(t, 2, rule.Examples[0].Record, tc.why)
		assert.Equal(t, int64(strings.IndexByte(file, '\xe9')), rule.Examples[0].Offset, tc.why)
	}
}
