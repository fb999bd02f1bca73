package dcrs

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// firstExport is an export as a service's first spreadsheet has it.
func firstExport() (header []string, rows [][]string) {
	header = strings.Split("Client No|Case Ref|Forename|DOB|Sex|Ethnicity|Post Code|IMD quintile|Ref date|Date first seen|Wt (kg) start|Wt (kg) end|Ht (cm)|Systolic BP at assessment|Wider needs|Smoker at start|GP Practice Code|NHS No|Free text|Start date", "|")
	for i := range 12 {
		rows = append(rows, []string{
			fmt.Sprint("C", i), fmt.Sprint("E", i), "Anna", fmt.Sprintf("%02d/05/1980", i+10), []string{"Male", "Female", "Unknown"}[i%3],
			[]string{"White British", "Black Caribbean", "Z"}[i%3], "M1 1AE", fmt.Sprint(1 + i%5), fmt.Sprintf("%02d/10/2024", i+5), fmt.Sprintf("%02d/11/2024", i+5),
			fmt.Sprintf("8%d,5", i%10), fmt.Sprintf("7%d,5", i%10), "170", "130", []string{"money, benefits and debt|housing", "caring"}[i%2],
			[]string{"smoker", "ex smoker", "never smoked"}[i%3], "P81001", "943 476 5919", "saw her twice", "",
		})
	}
	return header, rows
}

func TestSuggestMappingForTheFirstDay(t *testing.T) {
	header, rows := firstExport()
	s := SuggestMapping(Episodes(), header, rows)
	got := make(map[string]SuggestedColumn)
	for i, l := range s.Lines {
		require.Equal(t, i+1, l.Number)
		assert.NotEmpty(t, l.Reason, l.Heading)
		got[l.Heading] = l
	}
	for heading, want := range map[string]MappedColumn{
		"Client No":                 {Field: "client_id"},
		"Case Ref":                  {Field: "episode_id"},
		"Forename":                  {Ignore: true},
		"DOB":                       {Field: "date_of_birth", Date: "dd/mm/yyyy"},
		"Sex":                       {Field: "gender", Values: map[string]string{"Male": "1", "Female": "2", "Unknown": "X"}},
		"Ethnicity":                 {Field: "ethnic_category", Values: map[string]string{"White British": "A", "Black Caribbean": "M"}},
		"Post Code":                 {Field: "postcode"},
		"IMD quintile":              {Field: "imd_quintile"},
		"Ref date":                  {Field: "referral_date", Date: "dd/mm/yyyy"}, // no day above 12 would be missed by the other columns
		"Date first seen":           {Field: "first_contact_date", Date: "dd/mm/yyyy"},
		"Wt (kg) start":             {Field: "weight_kg_pre", Number: &NumberFormat{Decimal: ","}},
		"Wt (kg) end":               {Field: "weight_kg_post", Number: &NumberFormat{Decimal: ","}},
		"Ht (cm)":                   {Field: "height_cm"},
		"Systolic BP at assessment": {Field: "systolic_pre"},
		"Wider needs":               {Field: "wider_needs", Separator: "|", Values: map[string]string{"housing": "accommodation", "money, benefits and debt": "finance"}},
		"Smoker at start":           {Field: "smoking_status_pre", Values: map[string]string{"smoker": "1", "ex smoker": "2", "never smoked": "4"}},
		"GP Practice Code":          {Field: "gp_practice_code"},
		"NHS No":                    {Field: "nhs_number"},
	} {
		want.Heading = heading
		assert.Equal(t, want, got[heading].Column, heading)
		assert.GreaterOrEqual(t, got[heading].Confidence, 0.85, heading)
		assert.False(t, got[heading].Tie, heading)
	}
	for _, heading := range []string{"Free text", "Start date"} {
		assert.Empty(t, got[heading].Field, "%s: nothing sure can be said", heading)
	}
	assert.Equal(t, []string{"service_code", "trainer_id", "setting", "referral_source"}, s.Missing)
	require.NoError(t, s.Mapping(0).Check(Episodes()), "a suggestion is a mapping that can be used")

	// The reasons hold no values.
	var b strings.Builder
	require.NoError(t, s.WriteText(&b))
	for _, value := range []string{"Anna", "M1 1AE", "9434765919", "943 476 5919", "17/05/1980", "saw her", "P81001"} {
		assert.NotContains(t, b.String(), value)
	}
}

func suggestFor(d *Dictionary, header string, rows ...string) []SuggestedColumn {
	var cells [][]string
	for _, r := range rows {
		cells = append(cells, strings.Split(r, "|"))
	}
	return SuggestMapping(d, strings.Split(header, "|"), cells).Lines
}

func TestSuggestionsThatAreNotSure(t *testing.T) {
	t.Run("a field is proposed for one column, and the tie is shown", func(t *testing.T) {
		l := suggestFor(Episodes(), "Sex|Gender", "M|M", "F|F", "M|M", "F|M")
		assert.Equal(t, "gender", l[1].Field, "the name itself goes first")
		assert.Empty(t, l[0].Field)
		assert.Equal(t, []int{1}, l[1].Rivals)
		l = suggestFor(Episodes(), "Sex|M/F", "M|M", "F|F", "M|M", "F|M")
		assert.Equal(t, "gender", l[0].Field)
		assert.True(t, l[0].Tie)
		assert.Equal(t, 0.5, l[0].Confidence)
		assert.Equal(t, []int{2}, l[0].Rivals)
	})
	t.Run("before or after is not said", func(t *testing.T) {
		l := suggestFor(Episodes(), "Weight", "80", "90", "85")
		assert.Equal(t, "weight_kg_pre", l[0].Field)
		assert.True(t, l[0].Tie)
		require.NotEmpty(t, l[0].Others)
		assert.Equal(t, "weight_kg_post", l[0].Others[0].Field)
		l = suggestFor(Episodes(), "Weight|Weight at review", "80|70", "90|80", "85|75")
		assert.Equal(t, "weight_kg_pre", l[0].Field)
		assert.False(t, l[0].Tie, "the other column is the other weight")
		assert.Equal(t, "weight_kg_post", l[1].Field)
	})
	t.Run("no day is above 12", func(t *testing.T) {
		l := suggestFor(Episodes(), "Ref date|x", "01/10/2024|a", "02/11/2024|b", "03/12/2024|c")
		assert.Equal(t, "dd/mm/yyyy", l[0].Column.Date)
		assert.LessOrEqual(t, l[0].Confidence, 0.6)
		assert.Contains(t, l[0].Reason, "mm/dd/yyyy")
		l = suggestFor(Episodes(), "Ref date|DOB", "01/10/2024|17/05/1980", "02/11/2024|18/05/1980", "03/12/2024|19/05/1980")
		assert.Greater(t, l[0].Confidence, 0.9, "another column has the day first")
	})
	t.Run("the month first", func(t *testing.T) {
		l := suggestFor(Episodes(), "Ref date", "10/13/2024", "11/01/2024", "12/25/2024")
		assert.Equal(t, "mm/dd/yyyy", l[0].Column.Date)
	})
	t.Run("the values do not fit the name", func(t *testing.T) {
		l := suggestFor(Episodes(), "Postcode", "yes", "no", "yes")
		assert.Less(t, l[0].Confidence, 0.5)
	})
	t.Run("codes that nobody knows are counted and not guessed", func(t *testing.T) {
		l := suggestFor(Episodes(), "Gender", "Male", "Female", "Nonbinary", "Male")
		assert.Equal(t, 1, l[0].Unknown)
		assert.Equal(t, map[string]string{"Male": "1", "Female": "2"}, l[0].Column.Values)
	})
	t.Run("codes without their zeros", func(t *testing.T) {
		l := suggestFor(Episodes(), "Employment", "1", "2", "ZZ", "8")
		assert.Equal(t, MappedColumn{Heading: "Employment", Field: "employment_status", LostZeros: true}, l[0].Column)
	})
	t.Run("values tell where the heading does not", func(t *testing.T) {
		l := suggestFor(Episodes(), "Column4|Column5", "943 476 5919|M1 1AE", "9434765919|M11AE", "9434765919|b33 8th", "9434765919|M1 1AE", "9434765919|M1 1AE")
		assert.Equal(t, "nhs_number", l[0].Field)
		assert.Equal(t, "postcode", l[1].Field)
		assert.Less(t, l[0].Confidence, 0.9)
	})
	t.Run("a slip in the heading", func(t *testing.T) {
		l := suggestFor(Episodes(), "Date of referal|Acommodation type", "2024-10-01|02", "2024-10-02|02", "2024-10-03|02")
		assert.Equal(t, "referral_date", l[0].Field)
		assert.Equal(t, "accommodation_type", l[1].Field)
	})
	t.Run("no header at all", func(t *testing.T) {
		l := suggestFor(Episodes(), "9434765919|jane@example.org", "9434765919|x")
		for _, line := range l {
			assert.Empty(t, line.Field)
			assert.Empty(t, line.Column)
			assert.NotContains(t, line.Heading, "jane")
			assert.NotContains(t, line.Heading, "943")
		}
	})
	t.Run("people are left out", func(t *testing.T) {
		for _, h := range []string{"Forename", "SURNAME", "Client Name", "Address Line 1", "Tel. No.", "E-mail address", "PNC number", "mobile_number", "LastName"} {
			l := suggestFor(Episodes(), h)
			assert.True(t, l[0].Ignore, h)
		}
	})
	t.Run("nothing at all", func(t *testing.T) {
		assert.Empty(t, SuggestMapping(Episodes(), nil, nil).Lines)
		assert.Empty(t, suggestFor(Episodes(), "")[0].Field)
	})
}

// Every field is found by its own name and by its label, whatever the capitals.
func TestEveryFieldIsSuggestedByItsNameAndLabel(t *testing.T) {
	var names, labels []string
	for f := range Episodes().Fields() {
		names = append(names, strings.ToUpper(f.Name))
		labels = append(labels, f.Label)
	}
	for why, header := range map[string][]string{"names": names, "labels": labels} {
		s := SuggestMapping(Episodes(), header, nil)
		for i, f := range Episodes().fields {
			assert.Equal(t, f.Name, s.Lines[i].Field, "%s: %s", why, header[i])
			assert.GreaterOrEqual(t, s.Lines[i].Confidence, 0.9, header[i])
		}
		assert.Empty(t, s.Missing)
	}
}

func TestSuggestMappingWithAnotherDictionary(t *testing.T) {
	d, err := NewDictionary("quit_attempt", "1", []Field{
		{Name: "client_id", Type: TypeID, MaxLength: 20, Sensitivity: Pseudonym, Presence: Mandatory},
		{Name: "quit_date", Label: "Date the client set out to quit", Type: TypeDate, Sensitivity: SpecialCategory},
		{Name: "outcome_4w", Label: "Outcome at four weeks", Type: TypeCode, CodeList: "outcome", Sensitivity: SpecialCategory},
	}, []CodeList{{Name: "outcome", Codes: []Code{{Code: "Q", Label: "quit"}, {Code: "N", Label: "not quit"}, {Code: "L", Label: "lost to follow-up"}}}}, nil)
	require.NoError(t, err)
	l := suggestFor(d, "Patient ID|Quit date|Four week outcome", "1|1-Oct-24|Quit", "2|14-Oct-24|Lost to follow-up", "3|15-Oct-24|Not quit")
	assert.Equal(t, MappedColumn{Heading: "Patient ID", Field: "client_id"}, l[0].Column)
	assert.Equal(t, MappedColumn{Heading: "Quit date", Field: "quit_date", Date: "dd-mon-yy"}, l[1].Column)
	assert.Equal(t, "outcome_4w", l[2].Field)
	assert.Equal(t, map[string]string{"Quit": "Q", "Lost to follow-up": "L", "Not quit": "N"}, l[2].Column.Values)
}
