package dcrs

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// planted are values that cannot be mistaken for anything else, one for each field
// that identifies a person, directly or with others, or is a pseudonym: read well
// and not at all. None may come out in any report.
var planted = map[string][]string{
	"client_id":        {"PLANT-CLIENT-77", "plant client 78"},
	"episode_id":       {"PLANT-EPISODE-77", "plant episode 78"},
	"trainer_id":       {"PLANT-TRAINER-77", "plant trainer 78"},
	"nhs_number":       {"9990000018", "999000001X", "9990000019"},
	"date_of_birth":    {"1931-12-07", "07/12/1931", "1931-13-07"},
	"postcode":         {"QZ7 7QZ", "QZ7-7QZ"},
	"lsoa":             {"E01777777", "E0177777"},
	"age_at_referral":  {"117", "1177"},
	"gender":           {"plantgender"},
	"ethnic_category":  {"plantethnic"},
	"gp_practice_code": {"Q77777", "Q7777777"},
	"setting":          {"plantsetting"},
	"closure_reason":   {"plantreason"},
	"service_code":     {"9990000026"}, // an NHS number where it does not belong
}

// maskedExtract is an extract in which each of the planted values stands in rows
// that are wrong in many ways.
func maskedExtract(t testing.TB) string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	columns := columnsBut("workforce_step")
	require.NoError(t, w.Write(append(columns, "PLANT Jo Bloggs, 07/12/1931", "jo@plant.example")))
	for n := range 40 {
		row := whole.with(change{"client_id": fmt.Sprint("K", n/2), "episode_id": fmt.Sprint("E", n/3), "service_code": fmt.Sprint("S", n%3)})
		for field, values := range planted {
			if (n+len(field))%3 == 0 {
				row[field] = values[n%len(values)]
			}
		}
		if n%4 == 0 {
			row["review_date"], row["consent"], row["bmi_pre"] = "1931-12-07", "", "77.7"
		}
		cells := make([]string, len(columns), len(columns)+2)
		for i, c := range columns {
			cells[i] = row[c]
		}
		require.NoError(t, w.Write(append(cells, "PLANT-NOTE", "PLANT-NOTE")))
	}
	w.Flush()
	return b.String() + "PLANT-SHORT,ROW,9990000018\nPLANT \"QUOTE\" 9990000018,x\n\x01PLANT\xff,9990000018\n"
}

// Every output of a report, and of what is made of reports, is searched for the
// values that were planted.
func TestNoOutputHoldsAnIdentifyingValue(t *testing.T) {
	text := maskedExtract(t)
	outputs := make(map[string]string)
	add := func(name string, write func(w io.Writer) error) {
		var b bytes.Buffer
		require.NoError(t, write(&b), name)
		require.NotZero(t, b.Len(), name)
		outputs[name] = b.String()
	}
	for _, options := range [][]Option{nil, {GroupBy("service_code"), Examples(1000)}, {GroupBy("gender"), Workers(3)}, {GroupBy("setting"), Severity("*/*", Error)}} {
		v, err := NewValidator(Episodes(), date(t, ruleAsOf), options...)
		require.NoError(t, err)
		var findings, dve bytes.Buffer
		fw, dw := NewFindingWriter(&findings), NewDVEWriter(&dve, "episode")
		report, err := v.Validate(t.Context(), "extract.csv", strings.NewReader(text), func(f Finding) error {
			require.NoError(t, dw.Write(f))
			return fw.Write(f)
		})
		require.NoError(t, err)
		require.Greater(t, report.Count(Error), 50)
		require.NoError(t, fw.Flush())
		require.NoError(t, dw.Flush())
		name := fmt.Sprint(len(options), report.GroupBy, " ")
		outputs[name+"csv"], outputs[name+"dve"] = findings.String(), dve.String()
		add(name+"text", func(w io.Writer) error { return report.WriteText(w) })
		add(name+"html", report.WriteHTML)
		add(name+"json", report.WriteJSON)
		add(name+"junit", report.WriteJUnit)
		add(name+"sarif", report.WriteSARIF)
		_, earlier := validate(t, ruleAsOf, extractOf(t, columnsBut(), whole), options...)
		comparison := compared(t, earlier, report)
		add(name+"comparison text", func(w io.Writer) error { return comparison.WriteText(w) })
		add(name+"comparison html", comparison.WriteHTML)
		add(name+"comparison json", comparison.WriteJSON)
		cards := scorecards(t, report, ScoreFrom(1))
		add(name+"scorecard html", cards.WriteHTML)
		add(name+"scorecard csv", cards.WriteCSV)
		add(name+"scorecard json", cards.WriteJSON)
		merged := *report
		require.NoError(t, merged.Merge(report))
		add(name+"merged", merged.WriteJSON)
	}
	// The values are there, and the search would find them: a caller who asks sees them.
	v, err := NewValidator(Episodes(), date(t, ruleAsOf), Show("client_id"))
	require.NoError(t, err)
	report, err := v.Validate(t.Context(), "extract.csv", strings.NewReader(text), nil)
	require.NoError(t, err)
	require.Contains(t, strings.ToLower(string(render(t, func(b *bytes.Buffer) error { return report.WriteSARIF(b) }))), "plant-client-77")

	for name, out := range outputs {
		lower := strings.ToLower(out)
		for field, values := range planted {
			for _, value := range values {
				if len(value) < 5 { // an age can stand anywhere as a number
					continue
				}
				require.NotContains(t, lower, strings.ToLower(value), "%s: the %s", name, field)
			}
		}
		for _, value := range []string{"plant", "bloggs", "qz77qz", "qz7", "19311207", "07121931"} {
			require.NotContains(t, lower, value, name)
		}
	}
}
