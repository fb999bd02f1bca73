package schema

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// dictionaries are those that every test of this package holds for.
func dictionaries(t *testing.T) []*dcrs.Dictionary {
	t.Helper()
	return append(dcrs.ExtractDictionaries(), quitAttempts(t), bury(t))
}

// quitAttempts is a made-up dictionary of a smoking-cessation service, with every
// type of field, mandatory and not, and with what other languages stumble over:
// quotes, markup and the characters of patterns in codes and labels, negative
// limits, a number without limits.
func quitAttempts(t *testing.T) *dcrs.Dictionary {
	t.Helper()
	code := func(code, label string) dcrs.Code { return dcrs.Code{Code: code, Label: label} }
	d, err := dcrs.NewDictionary("quit_attempt", "2026-made-up", []dcrs.Field{
		{Name: "attempt_id", Label: "Quit attempt", Type: dcrs.TypeID, MaxLength: 8, Alphabet: `A-Z 0-9 . - ] ^ \ [`, Presence: dcrs.Mandatory, Sensitivity: dcrs.Pseudonym},
		{Name: "method", Label: "Method of *stopping*", Type: dcrs.TypeCode, CodeList: "method", Presence: dcrs.Mandatory, Sensitivity: dcrs.SpecialCategory, Note: "what the client's adviser noted | first"},
		{Name: "aids", Label: "Aids", Type: dcrs.TypeCodes, CodeList: "method", Presence: dcrs.Mandatory, Sensitivity: dcrs.SpecialCategory},
		{Name: "other_aids", Type: dcrs.TypeCodes, CodeList: "yes_no", Sensitivity: dcrs.SpecialCategory},
		{Name: "quit_date", Label: "Quit date", Type: dcrs.TypeDate, Presence: dcrs.Mandatory, Sensitivity: dcrs.NotSensitive},
		{Name: "cigarettes", Label: "Cigarettes a day", Type: dcrs.TypeInteger, Unit: "per day", Valid: &dcrs.Range{Min: 0, Max: 200}, Plausible: &dcrs.Range{Min: 1, Max: 80}, Presence: dcrs.Mandatory, Sensitivity: dcrs.SpecialCategory},
		{Name: "balance", Label: "Balance", Type: dcrs.TypeInteger, Valid: &dcrs.Range{Min: -15, Max: 7}, Sensitivity: dcrs.NotSensitive},
		{Name: "co_ppm", Label: "Carbon monoxide", Type: dcrs.TypeDecimal, Unit: "ppm", Valid: &dcrs.Range{Min: 0, Max: 100}, Presence: dcrs.Required, Sensitivity: dcrs.SpecialCategory, Basis: dcrs.BasisSource, Source: "SMK; own"},
		{Name: "change", Label: "Change", Type: dcrs.TypeDecimal, Valid: &dcrs.Range{Min: -5, Max: -2}, Sensitivity: dcrs.NotSensitive},
		{Name: "count", Label: "Count", Type: dcrs.TypeInteger, Sensitivity: dcrs.NotSensitive},
		{Name: "amount", Label: "Amount", Type: dcrs.TypeDecimal, Presence: dcrs.Conditional, Sensitivity: dcrs.NotSensitive, Note: "with count"},
		{Name: "nhs_number", Label: "NHS number", Type: dcrs.TypeNHSNumber, Presence: dcrs.Mandatory, Sensitivity: dcrs.Identifying},
		{Name: "postcode", Label: "Postcode", Type: dcrs.TypePostcode, Sensitivity: dcrs.Identifying},
		{Name: "lsoa", Label: "Area", Type: dcrs.TypeLSOA, Sensitivity: dcrs.QuasiIdentifying},
		{Name: "practice", Label: "GP practice", Type: dcrs.TypeGPPractice, Presence: dcrs.Required, Sensitivity: dcrs.NotSensitive},
	}, []dcrs.CodeList{
		{Name: "method", Codes: []dcrs.Code{
			code("01", "cold turkey"), code("1", "one, not 01"), code("a.b", "a <b>point</b>"), code("(x)", "O'Neill's | brackets"),
			code("1+", "one or more"),
			{Code: "é", Label: "a letter of two bytes", Quality: dcrs.QualityOther},
			{Code: `"q" \`, Label: "a quote and a backslash", Quality: dcrs.QualityDefault},
		}},
		{Name: "yes_no", Codes: []dcrs.Code{code("Y", "yes"), code("N", "no")}},
		{Name: "unused", Codes: []dcrs.Code{code("X", "no field draws on it")}},
	}, []dcrs.Check{
		{
			Rule: dcrs.Rule{ID: "quit_attempt/duplicate", Scope: dcrs.ScopeFile, Severity: dcrs.Error, Reads: "attempt_id", Per: "later row", Problem: "an attempt_id seen before", Fix: "remove the repeat"},
			Need: []string{"attempt_id"},
			Key:  func(r *dcrs.Row, key []byte) []byte { return append(key, r.Cell(0)...) },
		},
		{
			Rule: dcrs.Rule{ID: "quit_attempt/co-without-cigarettes", Scope: dcrs.ScopeRecord, Severity: dcrs.Warning, Problem: "a reading of carbon monoxide, but no cigarettes", Fix: "check *both*"},
			Need: []string{"cigarettes", "co_ppm"},
			Row:  func(*dcrs.Row) dcrs.Verdict { return dcrs.Pass },
		},
	})
	require.NoError(t, err)
	return d
}

// bury is the dictionary of episodes with fields of a service's own.
func bury(t *testing.T) *dcrs.Dictionary {
	t.Helper()
	d, err := dcrs.Episodes().Extend("bury", []dcrs.Field{
		{Name: "local_team", Label: "Team", Type: dcrs.TypeCode, CodeList: "local/team", Presence: dcrs.Required, Sensitivity: dcrs.NotSensitive},
		{Name: "local_order_weeks", Label: "Weeks of the order", Type: dcrs.TypeInteger, Valid: &dcrs.Range{Min: 1, Max: 156}, Sensitivity: dcrs.OffenceData},
	}, []dcrs.CodeList{
		{Name: "local/team", Codes: []dcrs.Code{{Code: "01", Label: "Bury"}, {Code: "02", Label: "Rochdale"}, {Code: "03", Label: "Oldham"}}},
	}, nil)
	require.NoError(t, err)
	return d
}

var probesFile = flag.String("probes", "", "write texts and what the validator says of each to this file, for checks by other software")

// A probe is a text in a field and whether the validator accepts it. The first
// probe of a table has no field, but a row that is accepted.
type probe struct {
	Table string            `json:"table"`
	Base  map[string]string `json:"base,omitempty"`
	Field string            `json:"field,omitempty"`
	Type  string            `json:"type,omitempty"`
	Text  string            `json:"text"`
	OK    bool              `json:"ok"`
}

// TestProbes writes what other software is then asked about, see .ci/schema.
func TestProbes(t *testing.T) {
	if *probesFile == "" {
		t.Skip("it writes a file, where -probes names one")
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	for _, d := range []*dcrs.Dictionary{dcrs.Episodes(), quitAttempts(t)} {
		tables, err := complete([]Table{{Dictionary: d}})
		require.NoError(t, err)
		tb := tables[0]
		base := map[string]string{}
		var probes []probe
		for _, f := range tb.fields {
			texts := guesses(tb, f, newRand())
			for i, bad := range errorsOf(t, d, f.Name, texts) {
				probes = append(probes, probe{Table: tb.Name, Field: f.Name, Type: f.Type.String(), Text: texts[i], OK: !bad})
				if f.Presence == dcrs.Mandatory && !bad && base[f.Name] == "" && !strings.Contains(texts[i], " ") {
					base[f.Name] = texts[i]
				}
			}
		}
		require.NoError(t, e.Encode(probe{Table: tb.Name, Base: base, OK: true}))
		for _, p := range probes {
			require.NoError(t, e.Encode(p))
		}
	}
	require.NoError(t, os.WriteFile(*probesFile, b.Bytes(), 0o644))
}
