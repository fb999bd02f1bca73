package dcrs

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// wholeMapping has every member that there is.
const wholeMapping = `{
  "mapping": 1,
  "name": "Case system of Bury, monthly export",
  "kind": "episode",
  "encoding": "windows-1252",
  "delimiter": "tab",
  "date": "dd/mm/yyyy",
  "number": {"decimal":",","thousands":"."},
  "separator": "|",
  "blanks": ["NULL","n/a"],
  "columns": [
    {"heading":"Client No","field":"client_id"},
    {"heading":"DOB","field":"date_of_birth","date":"dd-mon-yy hh:mm"},
    {"heading":"Sex","field":"gender","values":{"?":"","Female":"2","Male":"1"},"labels":true},
    {"heading":"Needs <all>","field":"wider_needs","separator":", "},
    {"heading":"Wt (kg)","field":"weight_kg_pre","number":{"thousands":" "}},
    {"heading":"Employment","field":"employment_status","lost_zeros":true,"assumed":"whole_column"},
    {"heading":"Notes","ignore":true}
  ],
  "constants": {"service_code":"RX1"}
}
`

func TestMappingIsWrittenAsItIsRead(t *testing.T) {
	m := parseMapping(t, wholeMapping)
	assert.Equal(t, &Mapping{
		Name: "Case system of Bury, monthly export", Kind: "episode", Encoding: Windows1252, Delimiter: "tab", Date: "dd/mm/yyyy",
		Number: &NumberFormat{",", "."}, Separator: "|", Blanks: []string{"NULL", "n/a"},
		Columns: []MappedColumn{
			{Heading: "Client No", Field: "client_id"},
			{Heading: "DOB", Field: "date_of_birth", Date: "dd-mon-yy hh:mm"},
			{Heading: "Sex", Field: "gender", Values: map[string]string{"Male": "1", "Female": "2", "?": ""}, Labels: true},
			{Heading: "Needs <all>", Field: "wider_needs", Separator: ", "},
			{Heading: "Wt (kg)", Field: "weight_kg_pre", Number: &NumberFormat{Thousands: " "}},
			{Heading: "Employment", Field: "employment_status", LostZeros: true, Assumed: WholeColumn},
			{Heading: "Notes", Ignore: true},
		},
		Constants: map[string]string{"service_code": "RX1"},
	}, m)
	var b bytes.Buffer
	require.NoError(t, m.WriteJSON(&b))
	assert.Equal(t, wholeMapping, b.String())
	assert.Equal(t, m, parseMapping(t, byteOrder+b.String()), "a byte order mark does no harm")
}

func TestParseMappingIsStrict(t *testing.T) {
	column := func(members string) string { return mappingText(`{"heading": "x", `+members+`}`, "") }
	for _, c := range []struct {
		why, text string
		want      []string // the paths, with how the problem begins
	}{
		{"nothing", "", []string{": it is not JSON"}},
		{"no object", "[]", []string{": it must be an object"}},
		{"half of it", `{"mapping": 1, "columns": [`, []string{"columns: it is not JSON"}},
		{"something behind it", mappingText("", "") + "{}", []string{": something stands behind"}},
		{"no version", `{"kind": "episode"}`, []string{"mapping: it is missing"}},
		{"another version", `{"mapping": 2, "kind": "episode"}`, []string{"mapping: it must be 1"}},
		{"the version as a text", `{"mapping": "1", "kind": "episode"}`, []string{"mapping: it must be 1"}},
		{"no kind", `{"mapping": 1}`, []string{`kind: it must be "episode"`}},
		{"a member that there is not", mappingText("", `, "colums": []`), []string{"colums: there is no such member"}},
		{"one of a column", column(`"field": "gender", "code": {}`), []string{"columns[0].code: there is no such member"}},
		{"a member twice", mappingText("", `, "name": "a", "name": "b"`), []string{"name: it stands twice"}},
		{"a value twice", column(`"field": "gender", "values": {"M": "1", "M": "2"}`), []string{`columns[0].values["M"]: it stands twice`}},
		{"a value twice but for capitals", column(`"field": "gender", "values": {"M": "1", "m ": "2"}`), []string{`columns[0].values["m "]: another value is the same`}},
		{"a heading twice", mappingText(`{"heading": "Sex", "field": "gender"}, {"heading": " SEX", "ignore": true}`, ""), []string{"columns[1].heading: columns[0] has it already"}},
		{"a field twice", mappingText(`{"heading": "a", "field": "gender"}, {"heading": "b", "field": "gender"}`, ""), []string{"columns[1].field: columns[0] stands for it already"}},
		{"a field that there is not", column(`"field": "gendre"`), []string{`columns[0].field: the dictionary has no field "gendre"; is it "gender"?`}},
		{"no field", column(`"values": {}`), []string{"columns[0].field: it is missing"}},
		{"no heading", mappingText(`{"field": "gender"}`, ""), []string{"columns[0].heading: it is missing"}},
		{"ignored with a field", column(`"ignore": true, "field": "gender"`), []string{"columns[0].ignore: a column that is ignored"}},
		{"a code that there is not", column(`"field": "gender", "values": {"M": "male"}`), []string{`columns[0].values["M"]: the list gender has no code "male"`}},
		{"a number out of its range", column(`"field": "cigarettes_pre", "values": {"lots": "999"}`), []string{`columns[0].values.lots: "999" is not a whole number`}},
		{"a layout that there is not", column(`"field": "referral_date", "date": "d.M.y"`), []string{`columns[0].date: "d.M.y" is not a way`}},
		{"a date format for a code", column(`"field": "gender", "date": "dd/mm/yyyy"`), []string{"columns[0].date: the field gender has the type code"}},
		{"labels of a number", column(`"field": "height_cm", "labels": true`), []string{"columns[0].labels: the field height_cm has the type decimal"}},
		{"a separator for one code", column(`"field": "gender", "separator": "|"`), []string{"columns[0].separator: the field gender has the type code"}},
		{"a separator of letters", column(`"field": "wider_needs", "separator": "and"`), []string{"columns[0].separator: it must be a few characters"}},
		{"a decimal sign that is none", column(`"field": "height_cm", "number": {"decimal": ";"}`), []string{`columns[0].number: ";" is no decimal sign`}},
		{"the same sign twice", column(`"field": "height_cm", "number": {"thousands": "."}`), []string{"columns[0].number: the decimal sign and"}},
		{"types of JSON", column(`"field": 1, "labels": "yes", "values": [], "number": 2`), []string{
			"columns[0].field: it must be a text", "columns[0].labels: it must be true or false", "columns[0].values: it must be an object", "columns[0].number: it must be an object",
			"columns[0].field: it is missing",
		}},
		{"an encoding that is not read", mappingText("", `, "encoding": "ebcdic"`), []string{`encoding: "ebcdic" is none of`}},
		{"a delimiter that is none", mappingText("", `, "delimiter": ":"`), []string{"delimiter: it must be a comma"}},
		{"a constant that cannot be read", mappingText("", `, "constants": {"gender": "male", "nope": "1", "setting": " "}`), []string{
			`constants.gender: the list gender has no code "male"`, "constants.nope: the dictionary has no field", "constants.setting: it is blank",
		}},
		{"a constant beside its column", mappingText(`{"heading": "a", "field": "gender"}`, `, "constants": {"gender": "1"}`), []string{"constants.gender: columns[0] reads the field"}},
		{"a blank twice", mappingText("", `, "blanks": ["NULL", "null", ""]`), []string{"blanks[1]: it stands twice", "blanks[2]: it is empty"}},
		{"nesting", strings.Repeat("[", 1000), []string{"[0][0][0][0][0][0][0][0][0]: it nests too deep"}},
		{"not UTF-8", "{\"mapping\": 1, \"name\": \"\xe9\"}", []string{": it is not UTF-8"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			m, err := ParseMapping(Episodes(), strings.NewReader(c.text))
			require.Error(t, err)
			require.Nil(t, m)
			var got []string
			for _, e := range unjoin(err) {
				me, ok := errors.AsType[*MappingError](e)
				require.True(t, ok, "%v", e)
				got = append(got, me.Path+": "+me.Problem)
			}
			require.Len(t, got, len(c.want), "%q", got)
			for i, want := range c.want {
				assert.True(t, strings.HasPrefix(got[i], want), "%q does not begin with %q", got[i], want)
			}
		})
	}
	_, err := ParseMapping(Episodes(), &filler{' ', mappingLimit + 2})
	assert.ErrorContains(t, err, "longer than")
}

// The schema knows the members that the parser knows, and the same layouts.
func TestMappingSchemaKnowsTheMembers(t *testing.T) {
	var schema struct {
		Properties map[string]any `json:"properties"`
		Defs       map[string]struct {
			Properties map[string]any `json:"properties"`
			Enum       []string       `json:"enum"`
		} `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(MappingSchema(), &schema))
	known := func(text, path string) []string {
		_, err := ParseMapping(Episodes(), strings.NewReader(text))
		for _, e := range unjoin(err) {
			if me, ok := errors.AsType[*MappingError](e); ok && me.Path == path {
				_, list, _ := strings.Cut(me.Problem, "there are ")
				return strings.Split(list, ", ")
			}
		}
		return nil
	}
	assert.Equal(t, slices.Sorted(maps.Keys(schema.Properties)), known(mappingText("", `, "nope": 1`), "nope"))
	assert.Equal(t, slices.Sorted(maps.Keys(schema.Defs["column"].Properties)), known(mappingText(`{"nope": 1}`, ""), "columns[0].nope"))
	var layouts []string
	for _, l := range dateLayouts {
		layouts = append(layouts, l.name, l.name+withTime)
	}
	assert.Equal(t, layouts, schema.Defs["date"].Enum)
}

// FuzzParseMapping: what is accepted is written and read again as the same, and
// a validator takes it; what is not is a MappingError for each slip.
func FuzzParseMapping(f *testing.F) {
	f.Add([]byte(wholeMapping), "M,1|2,3")
	f.Add([]byte(mappingText("", "")), "")
	f.Add([]byte(`{"mapping":1,"kind":"episode","columns":[{"heading":"\u0000","field":"gender","values":{"\ud800":"1"}}]}`), "\xff")
	f.Add([]byte(`{"mapping":1e0}`), "x")
	f.Fuzz(func(t *testing.T, text []byte, cell string) {
		m, err := ParseMapping(Episodes(), bytes.NewReader(text))
		if err != nil {
			for _, e := range unjoin(err) {
				if _, ok := errors.AsType[*MappingError](e); !ok {
					t.Fatalf("%T", e)
				}
			}
			return
		}
		var b, again bytes.Buffer
		require.NoError(t, m.WriteJSON(&b))
		m2, err := ParseMapping(Episodes(), bytes.NewReader(b.Bytes()))
		require.NoError(t, err, "%s", b.String())
		require.NoError(t, m2.WriteJSON(&again))
		require.Equal(t, b.String(), again.String())
		v, err := NewValidator(Episodes(), date(t, ruleAsOf), Mapped(m))
		require.NoError(t, err)
		// Any cell goes through any converter.
		for _, convert := range v.mapped.convert {
			dst, ok := convert([]byte("before"), []byte(cell))
			require.True(t, bytes.HasPrefix(dst, []byte("before")))
			require.True(t, ok || len(dst) == 6, "what is not converted appends nothing")
		}
	})
}
