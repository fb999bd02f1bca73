package fhir

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func codec(tb testing.TB, in *wellbeing.Instrument, opts ...Option) *Codec {
	tb.Helper()
	c, err := New(in, opts...)
	require.NoError(tb, err)
	return c
}

// randomForm answers each item with one of its codes, or with some chance not at all.
func randomForm(r *rand.Rand, in *wellbeing.Instrument, unanswered float64) []wellbeing.Response {
	rs := make([]wellbeing.Response, in.Len())
	for i, it := range in.Definition().Items {
		codes := codesOf(it)
		rs[i] = wellbeing.Answer(codes[r.IntN(len(codes))])
		if r.Float64() < unanswered {
			rs[i] = []wellbeing.Response{{}, wellbeing.Refused(), wellbeing.NotApplicable()}[r.IntN(3)]
		}
	}
	return rs
}

// TestQuestionnaire holds the rules of FHIR R4 for a Questionnaire that a JSON schema does not, and that
// it says what the instrument's definition says.
func TestQuestionnaire(t *testing.T) {
	ids := map[string]string{}
	for in := range wellbeing.Instruments() {
		t.Run(in.Name(), func(t *testing.T) {
			d := in.Definition()
			b, err := codec(t, in).Questionnaire()
			require.NoError(t, err)
			var q questionnaire
			require.NoError(t, json.Unmarshal(b, &q))
			require.Empty(t, ids[q.ID], "two instruments have one id")
			ids[q.ID] = d.Name
			assert.Regexp(t, idFormat, q.ID)
			assert.Regexp(t, `^[A-Z][A-Za-z0-9_]{0,254}$`, q.Name, "que-0")
			assert.True(t, strings.HasPrefix(q.URL, DefaultBase+"/"), "no address of anyone else")
			assert.Contains(t, q.Copyright, d.Licence.Note)
			assert.Equal(t, wellbeing.DataEdition, q.Version)
			require.Len(t, q.Item, len(d.Items))
			links := map[string]bool{}
			for i, it := range q.Item {
				assert.False(t, links[it.LinkID], "que-2: linkIds are unique")
				links[it.LinkID] = true
				assert.Equal(t, d.Items[i].Key, it.LinkID)
				assert.Equal(t, it.Type == "choice", it.AnswerOption != nil, "que-5: options belong to a choice")
				assert.True(t, strings.HasPrefix(it.Text, d.Name+" item "+strconv.Itoa(i+1)), "no wording")
				codes := codesOf(d.Items[i])
				if it.Type != "choice" {
					require.Len(t, it.Extension, 2)
					assert.Equal(t, d.Items[i].Min, *it.Extension[0].ValueInteger)
					assert.Equal(t, d.Items[i].Max, *it.Extension[1].ValueInteger)
					continue
				}
				require.Len(t, it.AnswerOption, len(codes))
				for k, o := range it.AnswerOption {
					assert.Equal(t, strconv.Itoa(codes[k]), o.ValueCoding.Code)
					assert.Equal(t, o.ValueCoding.Code, o.ValueCoding.Display, "no wording")
				}
			}
		})
	}
}

func TestWeightsOfOptions(t *testing.T) {
	weights := func(in *wellbeing.Instrument, item int, opts ...Option) string {
		b, err := codec(t, in, opts...).Questionnaire()
		require.NoError(t, err)
		var q questionnaire
		require.NoError(t, json.Unmarshal(b, &q))
		var all []string
		for _, o := range q.Item[item-1].AnswerOption {
			for _, x := range o.Extension {
				require.Equal(t, "http://hl7.org/fhir/StructureDefinition/itemWeight", x.URL)
				all = append(all, x.ValueDecimal.String())
			}
		}
		return strings.Join(all, " ")
	}
	eq5d, err := wellbeing.EQ5D3L(wellbeing.UKMVHA1)
	require.NoError(t, err)
	for _, tc := range []struct {
		got, want, why string
	}{
		{weights(wellbeing.PHQ9(), 1), "0 1 2 3", "the codes are the scores"},
		{weights(wellbeing.CORE10(), 2), "4 3 2 1 0", "CORE-10 item 2 is reversed"},
		{weights(wellbeing.AUDIT(), 9), "0 2 4", "AUDIT item 9 has three codes"},
		{weights(wellbeing.GHQ12(), 1), "0 0 1 1", "the first scale of the GHQ-12"},
		{weights(wellbeing.GHQ12(), 1, Weights("likert_0123")), "0 1 2 3", "the other by name"},
		{weights(wellbeing.PHQ9(), 3, Weights("phq2")), "", "the PHQ-2 does not need item 3"},
		{weights(wellbeing.RAND36(), 1), "100 75 50 25 0", "RAND's published recoding"},
		{weights(eq5d, 1), "", "a value set with a constant is no sum"},
	} {
		assert.Equal(t, tc.want, tc.got, tc.why)
	}
}

func TestCodesOfQuestionnaire(t *testing.T) {
	b, err := codec(t, wellbeing.PHQ9()).Questionnaire()
	require.NoError(t, err)
	assert.Contains(t, string(b), `"code":[{"system":"http://loinc.org","code":"44249-1"}]`, "the panel")
	assert.Contains(t, string(b), `"linkId":"phq9_9","code":[{"system":"http://loinc.org","code":"44260-8"}]`)
	assert.Contains(t, string(b), "Regenstrief", "LOINC wants its notice")
	assert.NotContains(t, string(b), "SNOMED", "no code of SNOMED CT stands in it")
	b, err = codec(t, wellbeing.WHO5()).Questionnaire()
	require.NoError(t, err)
	assert.NotContains(t, string(b), "loinc", "none is substantiated for the WHO-5")
}

// TestGolden shows whole resources. The check of .ci/fhir validates the same and many more.
func TestGolden(t *testing.T) {
	golden := func(name string, b []byte, err error) {
		require.NoError(t, err, name)
		var pretty bytes.Buffer
		require.NoError(t, json.Indent(&pretty, b, "", "  "))
		pretty.WriteByte('\n')
		path := filepath.Join("testdata", name+".json")
		if *update {
			require.NoError(t, os.WriteFile(path, pretty.Bytes(), 0o644))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err, "run go test -update ./wellbeing/fhir")
		assert.Equal(t, string(want), pretty.String(), "%s: run go test -update ./wellbeing/fhir if this is meant", name)
	}
	base := Base("https://fhir.example.org/trainers")
	for _, in := range []*wellbeing.Instrument{wellbeing.WHO5(), wellbeing.PHQ9(), wellbeing.CORE10(), wellbeing.IPAQShort()} {
		b, err := codec(t, in, base).Questionnaire()
		golden("questionnaire-"+slug(in.Name()), b, err)
	}
	rs := wellbeing.Answers(2, 3, 2, 1, 2, 0, 3, 2, 1, 2)
	rs[4] = wellbeing.Refused()
	b, err := codec(t, wellbeing.CORE10(), base).WriteForm(Form{ID: "form-1", Subject: "Patient/17", Authored: "2024-03-31", Responses: rs})
	golden("response-core-10", b, err)
	b, err = codec(t, wellbeing.IPAQShort(), base).WriteForm(Form{Responses: []wellbeing.Response{
		wellbeing.Answer(3), wellbeing.Answer(70), {}, wellbeing.NotApplicable(), wellbeing.Answer(0), wellbeing.Answer(0),
	}})
	golden("response-ipaq-short", b, err)
	for _, tc := range []struct {
		in   *wellbeing.Instrument
		rs   []wellbeing.Response
		opts []wellbeing.Option
	}{
		{wellbeing.CORE10(), rs, []wellbeing.Option{wellbeing.OwnerRule}},
		{wellbeing.PHQ9(), wellbeing.Answers(2, 1, 1, 0, 0, 1, 0, 0, 1), nil},
		{wellbeing.SWEMWBS(), append(wellbeing.Answers(1, 1, 1, 1, 1, 1), wellbeing.Response{}), nil},
		{wellbeing.SWEMWBS(), wellbeing.Answers(1, 1, 1, 1, 1, 1, 1), nil},
	} {
		r, _ := tc.in.Score(tc.rs, tc.opts...)
		for _, o := range Observe(r) {
			o.ID, o.Subject, o.Effective, o.DerivedFrom = "score-1", "Patient/17", "2024-03-31T10:15:00+01:00", "QuestionnaireResponse/form-1"
			b, err := WriteObservation(o, base)
			name := "observation-" + slug(tc.in.Name()+" "+o.Name)
			if o.Reason != "" {
				name += "-refused"
			}
			golden(name, b, err)
		}
	}
}

// TestFormRoundTrip writes and reads random forms of every instrument.
func TestFormRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for in := range wellbeing.Instruments() {
		c := codec(t, in)
		for n := range 100 {
			want := Form{
				ID: fmt.Sprint("f-", n), Status: formStatuses[n%3], Subject: "Patient/17", Authored: "2024-03-31T10:15:00.5Z",
				Responses: randomForm(r, in, float64(n%4)/3),
			}
			b, err := c.WriteForm(want)
			require.NoError(t, err)
			got, err := c.ReadForm(bytes.NewReader(b))
			require.NoError(t, err, "%s: %s", in.Name(), b)
			require.Empty(t, cmp.Diff(want, got), in.Name())
		}
	}
}

// TestObservationRoundTrip does the same for every score and flag of random forms, complete or not.
func TestObservationRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	base := Base("https://fhir.example.org/trainers")
	seen := map[string]int{}
	for in := range wellbeing.Instruments() {
		for n := range 60 {
			opts := []wellbeing.Option{wellbeing.AllowUnverified()}
			if in.Definition().OwnerRule != nil {
				opts = append(opts, wellbeing.OwnerRule)
			}
			result, _ := in.Score(randomForm(r, in, float64(n%3)/20), opts...)
			all := Observe(result)
			require.Len(t, all, len(result.Scores)+len(result.Flags))
			for i, want := range all {
				want.ID, want.Status, want.Subject, want.Effective, want.DerivedFrom = "o-1", "amended", "Patient/17", "2024", "QuestionnaireResponse/3"
				if i%2 == 0 {
					want = all[i]
					want.Status = "final"
				}
				b, err := WriteObservation(want, base)
				require.NoError(t, err, "%s: %+v", in.Name(), want)
				got, err := ReadObservation(bytes.NewReader(b), base)
				require.NoError(t, err, "%s: %s", in.Name(), b)
				require.Empty(t, cmp.Diff(want, got), in.Name())
				switch {
				case want.Reason != "":
					seen[string(want.Reason)]++
				case strings.Contains(want.Value.String(), "/"):
					seen["fraction"]++
				case want.Prorated:
					seen["prorated"]++
				}
				if want.Basis == wellbeing.Remembered {
					seen["remembered"]++
					assert.Contains(t, string(b), "memory alone", "says so to whoever reads it")
				}
				if want.Bands != nil {
					seen["bands"]++
				}
			}
		}
	}
	for _, what := range []string{"incomplete", "excluded", "fraction", "prorated", "remembered", "bands"} {
		assert.Positive(t, seen[what], "none was %s", what)
	}
}

func TestExactValues(t *testing.T) {
	third, err := wellbeing.ParseValue("340/13")
	require.NoError(t, err)
	seven, err := wellbeing.ParseValue("7.00")
	require.NoError(t, err)
	for _, tc := range []struct {
		name, scale string
		v           wellbeing.Value
		want, why   string
	}{
		{"CORE-OM", "all", third, `"valueQuantity":{"value":26.153846,"unit":"points","system":"http://unitsofmeasure.org","code":"{score}"}`, "six places, halves away from zero"},
		{"SWEMWBS-7", "metric", seven, `"valueQuantity":{"value":7.00,`, "the places of the table"},
		{"SWEMWBS-7", "raw", wellbeing.Whole(7), `"valueQuantity":{"value":7,`, "a whole number"},
	} {
		b, err := WriteObservation(Observation{Instrument: tc.name, Name: tc.scale, Value: tc.v})
		require.NoError(t, err)
		assert.Contains(t, string(b), tc.want, tc.why)
		o, err := ReadObservation(bytes.NewReader(b))
		require.NoError(t, err)
		assert.Equal(t, tc.v, o.Value, tc.why)
	}
}

// form builds a QuestionnaireResponse to the UCLA-3 around some items.
func form(items string) string {
	return `{"resourceType":"QuestionnaireResponse","status":"completed","item":` + items + `}`
}

func TestReadForm(t *testing.T) {
	missing := wellbeing.Response{}
	two := wellbeing.Answer(2)
	for _, tc := range []struct {
		items string
		opts  []Option
		want  []wellbeing.Response
		why   string
	}{
		{
			`[{"linkId":"ucla3_3","answer":[{"valueInteger":2}]}]`, nil,
			[]wellbeing.Response{missing, missing, two},
			"an integer; what is absent is missing",
		},
		{
			`[{"linkId":"ucla3_1","answer":[{"valueDecimal":2.0}]},{"linkId":"ucla3_2"}]`, nil,
			[]wellbeing.Response{two, missing, missing},
			"a decimal that is whole; an item without answer",
		},
		{
			`[{"linkId":"g","item":[{"linkId":"h","item":[{"linkId":"ucla3_1","answer":[{"valueInteger":2,"item":[{"linkId":"ucla3_2","answer":[{"valueInteger":2}]}]}]}]}]}]`, nil,
			[]wellbeing.Response{two, two, missing},
			"nested in groups, and below an answer",
		},
		{
			`[{"linkId":"ucla3_1","answer":[{"valueCoding":{"system":"http://example.org/healthtrainer/CodeSystem/ucla-3-answers","code":"2"}}]}]`, nil,
			[]wellbeing.Response{two, missing, missing},
			"a coding of our own",
		},
		{
			`[{"linkId":"ucla3_1","answer":[{"valueCoding":{"system":"urn:x","code":"often"}}]}]`,
			[]Option{Coding("", "urn:x", "often", 3), Coding("ucla3_1", "urn:x", "often", 2)},
			[]wellbeing.Response{two, missing, missing},
			"a declared coding; the item's goes before",
		},
		{
			`[{"linkId":"ucla3_1","answer":[{"valueCoding":{"code":"b"}}]}]`,
			[]Option{Coding("", "", "b", 2)},
			[]wellbeing.Response{two, missing, missing},
			"a coding without system has to be declared too",
		},
		{
			`[{"linkId":"ucla3_1","answer":[{"valueCoding":{"system":"urn:x","code":"b","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/ordinalValue","valueDecimal":2.0}]}}]}]`,
			[]Option{Ordinals()},
			[]wellbeing.Response{two, missing, missing},
			"the extension of R4, where asked for",
		},
		{
			`[{"linkId":"/1","answer":[{"valueInteger":2}]},{"linkId":"total","answer":[{"valueDecimal":6.5}]}]`,
			[]Option{LinkID("ucla3_1", "/1"), Ignore("total")},
			[]wellbeing.Response{two, missing, missing},
			"another linkId, and one that is ignored",
		},
		{
			`[{"linkId":"ucla3_1","answer":[{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"asked-declined"}]}]},
			  {"linkId":"ucla3_2","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"not-applicable"}]},
			  {"linkId":"ucla3_3","answer":[{"_valueInteger":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"asked-unknown"}]}}]}]`, nil,
			[]wellbeing.Response{wellbeing.Refused(), wellbeing.NotApplicable(), missing},
			"reasons on the answer, the item and the value",
		},
		{`[{"linkId":"g","item":[{"linkId":"ucla3_1"}]}]`, nil, []wellbeing.Response{missing, missing, missing}, "nothing answered"},
	} {
		f, err := codec(t, wellbeing.UCLA3(), tc.opts...).ReadForm(strings.NewReader(form(tc.items)))
		if assert.NoError(t, err, tc.why) {
			assert.Equal(t, tc.want, f.Responses, tc.why)
		}
	}
}

func TestReadFormRefuses(t *testing.T) {
	answered := func(answer string) string { return form(`[{"linkId":"ucla3_1","answer":[` + answer + `]}]`) }
	const absent = `{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"asked-declined"}`
	answerError := func(why string) error {
		return AnswerError{Path: "item[0].answer[0]", Item: "ucla3_1", Why: why}
	}
	for _, tc := range []struct {
		in   string
		opts []Option
		want error
		why  string
	}{
		{`{`, nil, FormatError{"not JSON at byte 1"}, "cut off"},
		{`[]`, nil, FormatError{"not an object"}, "no object"},
		{"\"\xff\"", nil, FormatError{"not UTF-8"}, "other bytes"},
		{`{"status":"completed","status":"completed"}`, nil, FormatError{"an element is given twice, at byte 30"}, "said twice"},
		{form(strings.Repeat(`[`, 100) + strings.Repeat(`]`, 100)), nil, FormatError{"nested deeper than 64"}, "too deep"},
		{strings.Repeat(" ", 101), []Option{Limit(100)}, SizeError{100}, "too long"},
		{`{"resourceType":"Observation"}`, nil, ElementError{"resourceType", "is not QuestionnaireResponse"}, "another resource"},
		{`{"resourceType":"QuestionnaireResponse","status":"entered-in-error"}`, nil, ElementError{"status", "is entered-in-error"}, "taken back"},
		{`{"resourceType":"QuestionnaireResponse"}`, nil, ElementError{"status", "is none that FHIR has"}, "FHIR wants a status"},
		{`{"resourceType":"QuestionnaireResponse","status":"completed","implicitRules":"urn:x"}`, nil, ElementError{"implicitRules", "changes the meaning in a way that is not known here"}, "a modifier"},
		{`{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"http://example.org/other|1"}`, nil, ElementError{"questionnaire", "is not http://example.org/healthtrainer/Questionnaire/ucla-3"}, "answers another questionnaire"},
		{`{"resourceType":"QuestionnaireResponse","status":"completed","authored":"31/03/2024"}`, nil, ElementError{"authored", "is not a date, or a date and time with its zone"}, "a date of another kind"},
		{`{"resourceType":"QuestionnaireResponse","status":"completed","subject":{"reference":" "}}`, nil, ElementError{"subject.reference", "is blank"}, "a reference that could not be written again"},
		{`{"resourceType":"QuestionnaireResponse","status":"completed","subject":{"reference":7}}`, nil, ElementError{"subject.reference", "is not text"}, "a wrong type"},
		{form(`{}`), nil, ElementError{"item", "is not a list"}, "a wrong type"},
		{form(`[]`), nil, ElementError{"item", "is empty"}, "FHIR has no empty lists"},
		{form(`[7]`), nil, ElementError{"item[0]", "is not an object"}, "a wrong type"},
		{form(`[{"answer":[{"valueInteger":1}]}]`), nil, ElementError{"item[0].linkId", "is absent"}, "which item?"},
		{form(`[{"linkId":"phq9_1","answer":[{"valueInteger":1}]}]`), nil, LinkIDError{"item[0]", "phq9_1"}, "an item of another instrument"},
		{form(`[{"linkId":"UCLA3_1"}]`), nil, LinkIDError{"item[0]", "UCLA3_1"}, "upper case is another linkId"},
		{form(`[{"linkId":"g","item":[{"linkId":"x"}]}]`), nil, LinkIDError{"item[0].item[0]", "x"}, "in a group"},
		{form(`[{"linkId":"ucla3_1","answer":[{"valueInteger":1}]},{"linkId":"ucla3_1","answer":[{"valueInteger":1}]}]`), nil, wellbeing.DuplicateError{Item: "ucla3_1"}, "an item twice, though the same"},
		{answered(`{"valueInteger":1},{"valueInteger":1}`), nil, wellbeing.DuplicateError{Item: "ucla3_1"}, "two answers"},
		{answered(`{"valueInteger":4}`), nil, wellbeing.RangeError{Item: "ucla3_1", Got: 4, Min: 1, Max: 3}, "no such code"},
		{answered(`{"valueInteger":1.0}`), nil, answerError("its value is not an integer"), "FHIR's integers have no point"},
		{answered(`{"valueInteger":"1"}`), nil, answerError("its value is not a number"), "a text"},
		{answered(`{"valueInteger":99999999999999999999}`), nil, answerError("its value is not an integer"), "beyond the integers"},
		{answered(`{"valueDecimal":1.5}`), nil, answerError("its value is not a whole number"), "between two codes"},
		{answered(`{"valueDecimal":1e400}`), nil, answerError("its value is not a whole number"), "beyond reason"},
		{answered(`{"ValueInteger":1}`), nil, nil, "upper case is not FHIR, and says nothing"},
		{answered(`{"valueString":"2"}`), nil, answerError("its value is neither a coding, an integer nor a decimal"), "another type"},
		{answered(`{"valueInteger":1,"valueDecimal":1}`), nil, answerError("has more than one value"), "FHIR allows one"},
		{answered(`{"valueInteger":null}`), nil, answerError("its value is empty"), "null is no value"},
		{answered(`{"_valueInteger":7}`), nil, answerError("has a broken value"), "a wrong type"},
		{answered(`{"valueCoding":{"system":"urn:x","code":"2"}}`), nil, answerError("its coding is not declared"), "another system"},
		{answered(`{"valueCoding":{"code":"2"}}`), nil, answerError("its coding is not declared"), "no system"},
		{answered(`{"valueCoding":{"system":"urn:x"}}`), nil, answerError("its coding is not declared"), "no code"},
		{answered(`{"valueCoding":{}}`), nil, answerError("its value is empty"), "nothing"},
		{answered(`{"valueCoding":7}`), nil, answerError("its value is not a coding"), "a wrong type"},
		{answered(`{"valueCoding":{"code":7}}`), nil, answerError("its coding is broken"), "a wrong type"},
		{answered(`{"valueCoding":{"system":"http://example.org/healthtrainer/CodeSystem/ucla-3-answers","code":"02"}}`), nil, answerError("its code is not one of this instrument's"), "codes are matched as they are"},
		{answered(`{"valueCoding":{"system":"urn:x","code":"b"}}`), []Option{Ordinals()}, answerError("its coding is neither declared nor weighed"), "no weight"},
		{answered(`{"valueCoding":{"system":"urn:x","code":"b","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/itemWeight","valueDecimal":1.5}]}}`), []Option{Ordinals()}, answerError("its weight is not one whole number"), "half a code"},
		{answered(`{"valueInteger":1,"extension":[` + absent + `]}`), nil, answerError("has both a value and a reason for having none"), "a contradiction"},
		{form(`[{"linkId":"ucla3_1","extension":[` + strings.Replace(absent, "asked-declined", "because", 1) + `]}]`), nil, ElementError{"item[0].extension[0].valueCode", "is no reason that FHIR has"}, "an invented reason"},
		{answered(`{"extension":[` + absent + `,` + strings.Replace(absent, "asked-declined", "not-applicable", 1) + `]}`), nil, ElementError{"item[0].answer[0].extension[1].valueCode", "contradicts another reason"}, "two reasons"},
		{answered(`{"valueInteger":1,"modifierExtension":[{"url":"urn:not"}]}`), nil, ElementError{"item[0].answer[0].modifierExtension", "changes the meaning in a way that is not known here"}, "may mean the opposite"},
	} {
		f, err := codec(t, wellbeing.UCLA3(), tc.opts...).ReadForm(strings.NewReader(tc.in))
		if tc.want == nil {
			assert.NoError(t, err, tc.why)
			assert.Equal(t, wellbeing.Response{}, f.Responses[0], tc.why)
			continue
		}
		assert.ErrorIs(t, err, tc.want, "%s: %v", tc.why, err)
		assert.Equal(t, Form{}, f, "no form beside an error: %s", tc.why)
	}
}

func TestReadFormTellsAllAtOnce(t *testing.T) {
	_, err := codec(t, wellbeing.UCLA3()).ReadForm(strings.NewReader(form(
		`[{"linkId":"ucla3_1","answer":[{"valueInteger":9}]},{"linkId":"x"},{"linkId":"ucla3_2","answer":[{"valueBoolean":true}]}]`,
	)))
	assert.ErrorIs(t, err, wellbeing.RangeError{Item: "ucla3_1", Got: 9, Min: 1, Max: 3})
	assert.ErrorIs(t, err, LinkIDError{"item[1]", "x"})
	assert.ErrorIs(t, err, AnswerError{"item[2].answer[0]", "ucla3_2", "its value is neither a coding, an integer nor a decimal"})

	_, err = codec(t, wellbeing.UCLA3()).ReadForm(strings.NewReader(form("[" + strings.Repeat("7,", 10000) + "7]")))
	joined, ok := err.(interface{ Unwrap() []error })
	require.True(t, ok)
	assert.Len(t, joined.Unwrap(), maxErrors+1, "a hostile form costs no more than that")
}

func TestReversedItemsHaveNoOrdinals(t *testing.T) {
	in := `{"resourceType":"QuestionnaireResponse","status":"completed","item":[{"linkId":"core10_2","answer":[{"valueCoding":{"system":"urn:x","code":"a",
		"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/itemWeight","valueDecimal":4}]}}]}]}`
	_, err := codec(t, wellbeing.CORE10(), Ordinals()).ReadForm(strings.NewReader(in))
	e, ok := errors.AsType[AnswerError](err)
	require.True(t, ok, "4 may be the code, or the score of the code 0")
	assert.Equal(t, "core10_2", e.Item)
}

// TestErrorsHoldNothingRead puts a secret in place of every part of a form and of a score, one after the
// other, as value and as name.
func TestErrorsHoldNothingRead(t *testing.T) {
	const secret = "Jo Bloggs 943 476 5919"
	c := codec(t, wellbeing.CORE10())
	rs := wellbeing.Answers(2, 3, 2, 1, 2, 0, 3, 2, 1, 2)
	rs[0], rs[4] = wellbeing.Response{}, wellbeing.Refused()
	f, err := c.WriteForm(Form{ID: "f", Subject: "Patient/17", Authored: "2024", Responses: rs})
	require.NoError(t, err)
	rs[0] = wellbeing.Answer(1)
	result, err := wellbeing.CORE10().Score(rs, wellbeing.OwnerRule)
	require.NoError(t, err)
	o, err := WriteObservation(Observe(result)[0])
	require.NoError(t, err)
	failed := 0
	for _, b := range [][]byte{f, o} {
		for _, replacement := range []any{secret, json.Number("9434765919"), nil, []any{secret}, map[string]any{secret: secret}, map[string]any{"value" + secret: 1}} {
			mutate(t, b, replacement, func(mutant []byte) {
				_, formErr := c.ReadForm(bytes.NewReader(mutant))
				_, obsErr := ReadObservation(bytes.NewReader(mutant))
				for _, err := range []error{formErr, obsErr} {
					if err != nil {
						failed++
						assert.NotContains(t, err.Error(), "Bloggs", "%s", mutant)
						assert.NotContains(t, err.Error(), "5919", "%s", mutant)
					}
				}
			})
		}
	}
	assert.Greater(t, failed, 500)
}

// mutate calls f with the JSON once for each of its parts replaced, and for each of its names.
func mutate(t *testing.T, b []byte, replacement any, f func(mutant []byte)) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var root any
	require.NoError(t, d.Decode(&root))
	try := func() {
		mutant, err := json.Marshal(root)
		require.NoError(t, err)
		f(mutant)
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, k := range sortedKeys(v) {
				old := v[k]
				v[k] = replacement
				try()
				if name, ok := replacement.(string); ok {
					delete(v, k)
					v[name] = old
					try()
					delete(v, name)
				}
				v[k] = old
				walk(old)
			}
		case []any:
			for i, old := range v {
				v[i] = replacement
				try()
				v[i] = old
				walk(old)
			}
		}
	}
	walk(root)
}

func TestReadObservationOfOthers(t *testing.T) {
	const code = `"code":{"coding":[{"system":"http://loinc.org","code":"44261-6"}]}`
	read := func(rest string) (Observation, error) {
		return ReadObservation(strings.NewReader(`{"resourceType":"Observation","status":"final",` + rest + `}`))
	}
	o, err := read(code + `,"valueInteger":12,"interpretation":[{"text":"high"}]`)
	require.NoError(t, err)
	assert.Equal(t, Observation{
		Status: "final", Instrument: "PHQ-9", Edition: "2001", Name: "total", Policy: wellbeing.Elsewhere, Value: wellbeing.Whole(12),
	}, o, "found by its LOINC code; what others interpret is theirs")
	o, err = read(code + `,"valueQuantity":{"value":1.2e1}`)
	require.NoError(t, err)
	assert.True(t, wellbeing.Whole(12).Equal(o.Value), "FHIR allows exponents")
	o, err = read(code + `,"dataAbsentReason":{"text":"left early"}`)
	require.NoError(t, err)
	assert.Equal(t, wellbeing.Incomplete, o.Reason)

	for _, tc := range []struct {
		rest string
		want error
		why  string
	}{
		{code + `,"valueInteger":28`, ArgumentError{"Value", "lies outside of its scale, 0 to 27"}, "no PHQ-9 total"},
		{code, ElementError{"value[x]", "is neither a quantity, an integer, nor a reason for its absence"}, "no value"},
		{code + `,"valueString":"12"`, ElementError{"value[x]", "is neither a quantity, an integer, nor a reason for its absence"}, "a text"},
		{code + `,"valueInteger":"12"`, ElementError{"valueInteger", "is not a number"}, "a text"},
		{code + `,"valueInteger":12,"valueQuantity":{"value":12}`, ElementError{"value[x]", "is given together with another, or with a reason for its absence"}, "two values"},
		{code + `,"valueInteger":12,"dataAbsentReason":{"text":"x"}`, ElementError{"value[x]", "is given together with another, or with a reason for its absence"}, "obs-6"},
		{code + `,"valueQuantity":{"value":12,"comparator":"<"}`, ElementError{"valueQuantity.comparator", "makes it no exact score"}, "below 12 is not 12"},
		{code + `,"valueQuantity":{"value":1e999999999}`, ElementError{"valueQuantity.value", "has more than 15 places or 18 digits"}, "beyond reason"},
		{`"code":{"text":"PHQ-9"},"valueInteger":12`, ElementError{"code", "does not say of which instrument and scale the score is"}, "words are no code"},
		{`"code":{"coding":[{"system":"http://snomed.info/sct","code":"720211004"}]},"valueInteger":12`, ElementError{"code", "does not say of which instrument and scale the score is"}, "K10, but in which coding of its items?"},
		{`"code":{"coding":[{"system":"http://snomed.info/sct","code":"718492008"}]},"valueInteger":12`, ElementError{"code", "does not say of which instrument and scale the score is"}, "a sum, which is not this library's scale"},
		{code + `,"modifierExtension":[{"url":"urn:x"}],"valueInteger":12`, ElementError{"modifierExtension", "changes the meaning in a way that is not known here"}, "may mean the opposite"},
	} {
		o, err := read(tc.rest)
		assert.ErrorIs(t, err, tc.want, "%s: %v", tc.why, err)
		assert.Equal(t, Observation{}, o, tc.why)
	}
	_, err = ReadObservation(strings.NewReader(`{"resourceType":"Observation","status":"cancelled"}`))
	assert.ErrorIs(t, err, ElementError{"status", "is cancelled"})
}

func TestExactHasToAgree(t *testing.T) {
	v, err := wellbeing.ParseValue("340/13")
	require.NoError(t, err)
	b, err := WriteObservation(Observation{Instrument: "CORE-OM", Name: "all", Value: v})
	require.NoError(t, err)
	_, err = ReadObservation(strings.NewReader(strings.Replace(string(b), "26.153846", "26.2", 1)))
	assert.ErrorIs(t, err, ElementError{"valueQuantity.value", "is not the exact value, rounded"})
}

// TestExternalScores carries a score that was computed elsewhere.
func TestExternalScores(t *testing.T) {
	r, err := wellbeing.External{
		Instrument: "PAM-13", Scale: "activation", Value: wellbeing.Whole(56), Min: wellbeing.Whole(0), Max: wellbeing.Whole(100),
		HigherIs: wellbeing.HigherIsBetter, Provenance: "owner's web service, export of March", Basis: wellbeing.SingleSource,
	}.Result()
	require.NoError(t, err)
	o := Observe(r)[0]
	o.Status = "final"
	b, err := WriteObservation(o)
	require.NoError(t, err)
	back, err := ReadObservation(bytes.NewReader(b))
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff(o, back))
	assert.Contains(t, string(b), "owner's web service")
}

func TestBadArguments(t *testing.T) {
	in := wellbeing.WHO5()
	form := wellbeing.Answers(1, 2, 3, 4, 5)
	newWith := func(o Option) error { _, err := New(in, o); return err }
	write := func(f Form) error { _, err := codec(t, in).WriteForm(f); return err }
	score := func(change func(o *Observation)) error {
		o := Observation{Instrument: "WHO-5", Name: "raw", Value: wellbeing.Whole(13)}
		change(&o)
		_, err := WriteObservation(o)
		return err
	}
	argument := func(name string, err error) {
		t.Helper()
		e, ok := errors.AsType[ArgumentError](err)
		assert.True(t, ok, "%s: %v", name, err)
		assert.Equal(t, name, e.Name)
	}
	_, err := New(nil)
	argument("instrument", err)
	argument("option", newWith(nil))
	for _, base := range []string{"", "example.org", "/fhir", "http://example.org/", "http://example.org?x", "http://example.org/a b", "http://%zz"} {
		argument("Base", newWith(Base(base)))
	}
	argument("Limit", newWith(Limit(0)))
	argument("Canonical", newWith(Canonical("")))
	argument("Status", newWith(Status("final")))
	argument("LinkID", newWith(LinkID("who5_1", " ")))
	argument("LinkID", newWith(LinkID("who5_1", "who5_2")))
	argument("Ignore", newWith(Ignore("who5_1")))
	argument("Coding", newWith(Coding("who5_1", "urn:x", "", 1)))
	argument("Coding", newWith(Coding("", "urn:x", "a", 6)))
	argument("Text", newWith(Text("who5_1", "")))
	argument("AnswerText", newWith(AnswerText("", 0, "")))
	argument("AnswerText", newWith(AnswerText("who5_1", 9, "x")))
	_, err = New(in, Coding("", "urn:x", "a", 1), Coding("", "urn:x", "a", 2))
	argument("Coding", err)
	for _, o := range []Option{LinkID("x", "y"), Text("x", "y"), Coding("x", "", "y", 0), AnswerText("x", 0, "y")} {
		assert.ErrorIs(t, newWith(o), wellbeing.NameError{Kind: "item", Name: "x"})
	}
	assert.ErrorIs(t, newWith(Weights("x")), wellbeing.NameError{Kind: "scale", Name: "x"})
	for _, o := range []Option{Canonical("urn:x"), Status("draft"), Weights("raw"), LinkID("who5_1", "y"), Ignore("y"), Coding("", "", "y", 1), Ordinals(), Text("who5_1", "y"), AnswerText("", 1, "y")} {
		_, err := ReadObservation(strings.NewReader("{}"), o)
		_, ok := errors.AsType[ArgumentError](err)
		assert.True(t, ok, "an option of forms does not apply to an Observation: %v", err)
	}

	argument("ID", write(Form{ID: "a b", Responses: form}))
	argument("Authored", write(Form{Authored: "yesterday", Responses: form}))
	argument("Subject", write(Form{Subject: " ", Responses: form}))
	argument("Status", write(Form{Status: "done", Responses: form}))
	assert.ErrorIs(t, write(Form{Responses: form[1:]}), wellbeing.LengthError{Got: 4, Want: 5})
	assert.ErrorIs(t, write(Form{Responses: wellbeing.Answers(1, 2, 3, 4, 6)}), wellbeing.RangeError{Item: "who5_5", Got: 6, Min: 0, Max: 5})

	require.NoError(t, score(func(*Observation) {}))
	for name, change := range map[string]func(o *Observation){
		"Instrument": func(o *Observation) { o.Instrument = "" },
		"Name":       func(o *Observation) { o.Name = " " },
		"Edition":    func(o *Observation) { o.Edition = " " },
		"Status":     func(o *Observation) { o.Status = "completed" },
		"Policy":     func(o *Observation) { o.Policy = wellbeing.MaxMissing(0) },
		"Basis":      func(o *Observation) { o.Basis = 9 },
		"Value":      func(o *Observation) { o.Value = wellbeing.Whole(26) },
		"Reason":     func(o *Observation) { o.Reason = wellbeing.Incomplete },
		"Verdict":    func(o *Observation) { o.Verdict = wellbeing.Met },
		"IsFlag":     func(o *Observation) { o.IsFlag = true },
		"Bands":      func(o *Observation) { o.Bands = []wellbeing.BandLabel{{Set: "band"}} },
		"Effective":  func(o *Observation) { o.Effective = "2024-3-1" },
	} {
		argument(name, score(change))
	}
	assert.ErrorIs(t, score(func(o *Observation) { o.Name = "x" }), wellbeing.NameError{Kind: "scale", Name: "x"})
	argument("Reason", score(func(o *Observation) { o.Value = wellbeing.Value{} }))
	argument("Reason", score(func(o *Observation) { o.Value, o.Reason = wellbeing.Value{}, "bored" }))

	var none *Codec
	_, err = none.WriteForm(Form{})
	argument("codec", err)
	_, err = none.ReadForm(strings.NewReader("{}"))
	argument("codec", err)
	_, err = none.Questionnaire()
	argument("codec", err)
	_, err = codec(t, in).ReadForm(nil)
	argument("reader", err)
}

func TestReaderErrors(t *testing.T) {
	broken := errors.New("broken")
	_, err := codec(t, wellbeing.WHO5()).ReadForm(iotest.ErrReader(broken))
	assert.ErrorIs(t, err, broken)
	_, err = ReadObservation(io.MultiReader(strings.NewReader("{}"), iotest.ErrReader(broken)), Limit(2))
	assert.ErrorIs(t, err, broken, "at the very limit")
	_, err = ReadObservation(strings.NewReader("{}"), Limit(2))
	assert.ErrorIs(t, err, ElementError{"resourceType", "is not Observation"}, "a resource may be as long as the limit")
}

func FuzzReadForm(f *testing.F) {
	var codecs []*Codec
	for _, in := range []*wellbeing.Instrument{wellbeing.UCLA3(), wellbeing.IPAQShort(), wellbeing.DJG6()} { // short forms, fast runs
		codecs = append(codecs, codec(f, in, Ordinals(), Coding("", "urn:x", "a", in.Definition().Items[0].Min)))
		b, err := codec(f, in).WriteForm(Form{ID: "a", Subject: "b", Authored: "2024", Responses: randomForm(rand.New(rand.NewPCG(5, 6)), in, 0.3)})
		require.NoError(f, err)
		f.Add(b)
	}
	for _, items := range []string{
		`[{"linkId":"g","item":[{"linkId":"ucla3_1","answer":[{"valueDecimal":2.0,"item":[{"linkId":"ucla3_2"}]}]}]}]`,
		`[{"linkId":"ucla3_1","answer":[{"valueCoding":{"system":"urn:x","code":"a"}}]}]`,
	} {
		f.Add([]byte(form(items)))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, c := range codecs {
			form, err := c.ReadForm(bytes.NewReader(b))
			if err != nil {
				require.NotEmpty(t, err.Error())
				continue
			}
			again, err := c.WriteForm(form)
			require.NoError(t, err, "what was read can be written")
			back, err := c.ReadForm(bytes.NewReader(again))
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(form, back))
		}
	})
}

func FuzzReadObservation(f *testing.F) {
	for _, in := range []*wellbeing.Instrument{wellbeing.WHO5(), wellbeing.PHQ9(), wellbeing.IPAQShort()} {
		r, _ := in.Score(randomForm(rand.New(rand.NewPCG(7, 8)), in, 0.05), wellbeing.AllowUnverified())
		for _, o := range Observe(r) {
			b, err := WriteObservation(o)
			require.NoError(f, err)
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		o, err := ReadObservation(bytes.NewReader(b))
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		again, err := WriteObservation(o)
		require.NoError(t, err, "what was read can be written")
		back, err := ReadObservation(bytes.NewReader(again))
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(o, back))
	})
}

func BenchmarkReadForm(b *testing.B) {
	c := codec(b, wellbeing.PHQ9())
	form, err := c.WriteForm(Form{ID: "a", Subject: "Patient/17", Authored: "2024", Responses: wellbeing.Answers(0, 1, 2, 3, 0, 1, 2, 3, 0)})
	require.NoError(b, err)
	b.SetBytes(int64(len(form)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.ReadForm(bytes.NewReader(form)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWriteForm(b *testing.B) {
	c := codec(b, wellbeing.PHQ9())
	form := Form{ID: "a", Subject: "Patient/17", Authored: "2024", Responses: wellbeing.Answers(0, 1, 2, 3, 0, 1, 2, 3, 0)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.WriteForm(form); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadObservation(b *testing.B) {
	r, err := wellbeing.PHQ9().Score(wellbeing.Answers(0, 1, 2, 3, 0, 1, 2, 3, 0))
	require.NoError(b, err)
	o, err := WriteObservation(Observe(r)[0])
	require.NoError(b, err)
	b.SetBytes(int64(len(o)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadObservation(bytes.NewReader(o)); err != nil {
			b.Fatal(err)
		}
	}
}
