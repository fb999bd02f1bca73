package dcrs

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func parseMapping(t testing.TB, text string) *Mapping {
	t.Helper()
	m, err := ParseMapping(Episodes(), strings.NewReader(text))
	require.NoError(t, err)
	return m
}

// mappingText is a mapping file with some columns.
func mappingText(columns, more string) string {
	return `{"mapping": 1, "kind": "episode", "columns": [` + columns + `]` + more + `}`
}

// formatCases have a finding of the whole column each, and what is wrong with
// single cells besides.
var formatCases = []struct {
	why, rule     string
	columns, more string // of the mapping
	file          string
	want          []string // everything that was found, with what the messages say at the end of the rule's problem
}{
	{
		"dates with the day first, one that is none, one that is ISO all the same", "file/date-format",
		`{"heading": "Ref date", "field": "referral_date", "date": "dd/mm/yyyy"}`, "",
		"Ref date\n01/10/2024\n31/11/2024\n2024-10-01\n1/9/2024\n\n",
		[]string{
			"2 error referral_date/format referral_date 99/99/9999",
			`0 info file/date-format referral_date 2 cells written dd/mm/yyyy in the column "Ref date", as the mapping says`,
		},
	},
	{
		"the default of the file holds for columns under our own headings", "file/date-format",
		``, `, "date": "dd-mon-yy"`,
		"referral_date,date_of_birth\n01-OCT-24,17-May-80\n1-oct-24,17-May-25\n",
		[]string{
			"0 info file/date-format date_of_birth 2 cells written dd-mon-yy, as the mapping says",
			"0 info file/date-format referral_date 2 cells written dd-mon-yy, as the mapping says",
		},
	},
	{
		"decimal commas, and points between thousands", "file/number-format",
		`{"heading": "Wt", "field": "weight_kg_pre", "number": {"decimal": ",", "thousands": "."}}`, "",
		"Wt\n\"85,5\"\n90\n\"1.085,5\"\n\"8,5,5\"\n",
		[]string{
			"3 error weight_kg_pre/range weight_kg_pre 9.999,9",
			"4 error weight_kg_pre/format weight_kg_pre 9,9,9",
			`0 info file/number-format weight_kg_pre 2 cells written as in 1.234,5 in the column "Wt", as the mapping says`,
		},
	},
	{
		"codes that Excel has taken the zeros from", "file/lost-zeros",
		`{"heading": "employment_status", "field": "employment_status", "lost_zeros": true}`, "",
		"employment_status\n1\n02\nZZ\n9\n",
		[]string{
			"4 error employment_status/code employment_status 9",
			"0 info file/lost-zeros employment_status 1 cell with codes without their leading zeros, as the mapping says",
		},
	},
	{
		"labels in place of codes", "file/labels",
		`{"heading": "gender", "field": "gender", "labels": true}`, "",
		"gender\nMale\n FEMALE \n1\nx\nwoman\n",
		[]string{
			"5 error gender/code gender aaaaa",
			"0 info file/labels gender 3 cells with labels in place of codes, as the mapping says",
		},
	},
}

func TestFormatsMakeOneFinding(t *testing.T) {
	for _, c := range formatCases {
		for _, workers := range []int{1, 3} {
			v := extractValidator(t, Severity("file/missing-column", Off), Severity("*/blank", Off), Severity("dates/*", Off),
				Severity("client/*", Off), Severity("measures/*", Off), Workers(workers), Mapped(parseMapping(t, mappingText(c.columns, c.more))))
			report, findings := validateAll(t, v, strings.NewReader(c.file))
			var got []string
			for _, f := range findings {
				rule, _ := v.Dictionary().Rule(f.Rule)
				tail, isFile := strings.CutPrefix(f.Message, rule.Problem+": ")
				if !isFile {
					tail = f.Shape
				}
				got = append(got, strings.TrimSpace(line(f)+" "+tail))
			}
			assert.Equal(t, c.want, got, c.why)
			r, ok := report.Rule(c.rule)
			require.True(t, ok)
			assert.Positive(t, r.Count, c.why)
		}
	}
}

// Values are looked up before anything else, and blanks last.
func TestValuesOfAMapping(t *testing.T) {
	m := parseMapping(t, mappingText(`
		{"heading": "Sex", "field": "gender", "values": {"1": "2", "2": "1", "Fem  ale": "2", "?": ""}},
		{"heading": "Cigs", "field": "cigarettes_pre", "values": {"None": "0", "a pack": "20"}},
		{"heading": "Site", "field": "service_code", "values": {"Bury": "RX1"}},
		{"heading": "Needs", "field": "wider_needs", "separator": ", ", "labels": true, "values": {"Debt": "finance", "nil": ""}},
		{"heading": "Disability", "field": "disability", "separator": "/", "lost_zeros": true},
		{"heading": "Supervision", "field": "supervision"},
		{"heading": "Notes on the\nclient", "ignore": true}`,
		`, "blanks": ["NULL", "none", "-"], "constants": {"setting": "prison"}`))
	v := extractValidator(t, Mapped(m))
	const file = "SEX,Cigs,Site,Needs,Disability,Supervision,notes  on the client,gender\n" +
		"1,none,bury,\"housing, money, benefits and debt, Debt\",1/XX,none,x,9\n" +
		"FEM ALE,A PACK,RX2,\"finance, nil\",05,NULL,x,9\n" +
		"?,3,-,nil,2/2,licence,x,9\n" +
		"9,null,Null,\"housing,, safety\",1;2/5,-,x,9\n"
	var got []string
	for row, err := range v.Rows(t.Context(), "x.csv", strings.NewReader(file)) {
		require.NoError(t, err)
		var cells []string
		for _, f := range []int{fGender, fCigarettesPre, fServiceCode, fWiderNeeds, fDisability, fSupervision, fSetting} {
			cells = append(cells, string(row.Text(f)))
		}
		got = append(got, strings.Join(cells, " | "))
	}
	assert.Equal(t, []string{
		"2 | 0 | RX1 | accommodation;finance;finance | 01;XX | none | prison",
		"2 | 20 | RX2 | finance | 05 |  | prison",
		" | 3 |  |  | 02;02 | licence | prison",
		"9 |  |  | accommodation;;safety | 1;2/5 |  | prison",
	}, got)

	// The columns that are ignored on purpose are not reported, but for those whose
	// field another column stands for.
	_, findings := validateAll(t, extractValidator(t, Mapped(m), Severity("*/*", Off), Severity("file/unknown-column", Info)), strings.NewReader(file))
	require.Len(t, findings, 1)
	assert.Equal(t, "gender", findings[0].Field)
}

// A mapping gives the delimiter unless the caller does.
func TestDelimiterOfAMapping(t *testing.T) {
	m := parseMapping(t, mappingText(`{"heading": "Klient", "field": "client_id"}`, `, "delimiter": ";"`))
	for _, c := range []struct {
		options []Option
		unread  string
	}{
		{[]Option{Mapped(m)}, ""},
		{[]Option{Mapped(m), Delimiter(',')}, "file/delimiter"},
		{[]Option{Delimiter(','), Mapped(m)}, "file/delimiter"},
	} {
		report, _ := validateAll(t, extractValidator(t, c.options...), strings.NewReader("Klient;x\nC1;2\n"))
		// With a comma the header is one column that nobody knows.
		assert.Equal(t, c.unread, report.Unread)
	}
}

func TestMappedRefuses(t *testing.T) {
	for why, m := range map[string]*Mapping{
		"none":                nil,
		"another kind":        {Kind: "contact"},
		"a field that is not": {Kind: "episode", Columns: []MappedColumn{{Heading: "x", Field: "y"}}},
	} {
		_, err := NewValidator(Episodes(), date(t, ruleAsOf), Mapped(m))
		assert.Error(t, err, why)
	}
}

// What the caller changes afterwards changes nothing.
func TestMappedKeepsACopy(t *testing.T) {
	m := &Mapping{Kind: "episode", Columns: []MappedColumn{{Heading: "Sex", Field: "gender", Values: map[string]string{"M": "1"}}}}
	v := extractValidator(t, Mapped(m))
	m.Columns[0].Values["M"] = "nonsense"
	m.Columns[0].Heading = "other"
	for row, err := range v.Rows(t.Context(), "x.csv", strings.NewReader("Sex\nM\n")) {
		require.NoError(t, err)
		assert.Equal(t, "1", row.Code(fGender))
	}
}

// In an extract of several files each mapping is for the files of its kind.
func TestMappingsOfSeveralFiles(t *testing.T) {
	contacts, err := ParseMapping(Contacts(), strings.NewReader(`{"mapping": 1, "kind": "contact", "delimiter": ";", "date": "dd/mm/yyyy",
		"columns": [{"heading": "Case", "field": "episode_id"}, {"heading": "No", "field": "contact_id"}, {"heading": "On", "field": "contact_date"}]}`))
	require.NoError(t, err)
	episodes := parseMapping(t, mappingText(`{"heading": "Case", "field": "episode_id"}, {"heading": "Ref date", "field": "referral_date", "date": "dd-mon-yy"}`, ""))
	v, err := NewExtractValidator(ExtractDictionaries(), date(t, ruleAsOf), Mapped(contacts), Mapped(episodes))
	require.NoError(t, err)
	report, err := v.Validate(t.Context(), "extract", fstest.MapFS{
		"episodes.csv": {Data: []byte("client_id,Case,service_code,Ref date\nC1,E1,RX1,01-Oct-24\n")},
		"contacts.csv": {Data: []byte("Case;No;On\nE1;K1;02/10/2024\nE9;K2;32/10/2024\n")},
	}, nil)
	require.NoError(t, err)
	for _, c := range []struct {
		kind, rule string
		count      int
	}{{"episode", "file/date-format", 1}, {"episode", "referral_date/format", 0}, {"contact", "file/date-format", 1}, {"contact", "contact_date/format", 1}, {"contact", "contact/orphan", 1}} {
		file, ok := report.File(c.kind)
		require.True(t, ok)
		r, ok := file.Rule(c.rule)
		require.True(t, ok)
		assert.Equal(t, c.count, r.Count, "%s %s", c.kind, c.rule)
	}
}
