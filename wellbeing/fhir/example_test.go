package fhir_test

import (
	"errors"
	"fmt"
	"strings"

	"github.com/healthtrainer/healthtrainer/wellbeing"
	"github.com/healthtrainer/healthtrainer/wellbeing/fhir"
)

// A form comes in over FHIR, is scored, and its scores and flags go out as Observations.
func Example() {
	const body = `{
		"resourceType": "QuestionnaireResponse",
		"id": "form-1",
		"questionnaire": "https://fhir.example.org/trainers/Questionnaire/phq-2|2026.1",
		"status": "completed",
		"subject": {"reference": "Patient/17"},
		"item": [
			{"linkId": "phq2_1", "answer": [{"valueInteger": 2}]},
			{"linkId": "phq2_2", "answer": [{"valueInteger": 1}]}
		]
	}`
	base := fhir.Base("https://fhir.example.org/trainers")
	codec, err := fhir.New(wellbeing.PHQ2(), base)
	if err != nil {
		panic(err)
	}
	form, err := codec.ReadForm(strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	result, err := wellbeing.PHQ2().Score(form.Responses)
	if err != nil {
		panic(err)
	}
	for _, o := range fhir.Observe(result) {
		o.ID, o.Subject, o.DerivedFrom = "form-1-"+strings.ReplaceAll(o.Name, "_", "-"), form.Subject, "QuestionnaireResponse/"+form.ID
		b, err := fhir.WriteObservation(o, base)
		if err != nil {
			panic(err)
		}
		back, err := fhir.ReadObservation(strings.NewReader(string(b)), base)
		if err != nil {
			panic(err)
		}
		fmt.Println(back.ID, back.Name, back.Value, back.Verdict)
	}
	// Output:
	// form-1-phq2 phq2 3 not judged
	// form-1-phq2-ge3 phq2_ge3  met
}

// Everything that is wrong with a form comes back at once, and no form beside it.
func ExampleCodec_ReadForm() {
	codec, err := fhir.New(wellbeing.PHQ2())
	if err != nil {
		panic(err)
	}
	_, err = codec.ReadForm(strings.NewReader(`{
		"resourceType": "QuestionnaireResponse",
		"status": "completed",
		"item": [
			{"linkId": "phq2_1", "answer": [{"valueInteger": 4}]},
			{"linkId": "phq2_2", "answer": [{"valueString": "not at all"}]},
			{"linkId": "gad2_1", "answer": [{"valueInteger": 1}]}
		]
	}`))
	fmt.Println(err)
	outside, ok := errors.AsType[wellbeing.RangeError](err)
	fmt.Println(ok, outside.Item)
	// Output:
	// item[1].answer[0] (phq2_2): its value is neither a coding, an integer nor a decimal
	// item[2]: the instrument has no item of that linkId
	// phq2_1 is out of range: got 4, want 0 to 3
	// true phq2_1
}

// Another system has its own linkIds and answer codes, and puts the total beside them.
func ExampleCoding() {
	codec, err := fhir.New(
		wellbeing.PHQ2(),
		fhir.Canonical("https://forms.example.net/phq2"),
		fhir.LinkID("phq2_1", "/44250-9"), fhir.LinkID("phq2_2", "/44255-8"), fhir.Ignore("total"),
		fhir.Coding("", "http://loinc.org", "LA6568-5", 0), fhir.Coding("", "http://loinc.org", "LA6569-3", 1),
		fhir.Coding("", "http://loinc.org", "LA6570-1", 2), fhir.Coding("", "http://loinc.org", "LA6571-9", 3),
	)
	if err != nil {
		panic(err)
	}
	form, err := codec.ReadForm(strings.NewReader(`{
		"resourceType": "QuestionnaireResponse",
		"questionnaire": "https://forms.example.net/phq2",
		"status": "completed",
		"item": [
			{"linkId": "/44250-9", "answer": [{"valueCoding": {"system": "http://loinc.org", "code": "LA6570-1"}}]},
			{"linkId": "/44255-8", "answer": [{"valueCoding": {"system": "http://loinc.org", "code": "LA6568-5"}}]},
			{"linkId": "total", "answer": [{"valueDecimal": 2}]}
		]
	}`))
	fmt.Println(form.Responses, err)
	// Output: [2 0] <nil>
}

// A client who would not answer leaves another trace than one who was not asked.
func ExampleCodec_WriteForm() {
	codec, err := fhir.New(wellbeing.ConfidenceRuler())
	if err != nil {
		panic(err)
	}
	b, err := codec.WriteForm(fhir.Form{Authored: "2024-03-31", Responses: []wellbeing.Response{wellbeing.Refused()}})
	fmt.Println(string(b), err)
	// Output: {"resourceType":"QuestionnaireResponse","questionnaire":"http://example.org/healthtrainer/Questionnaire/confidenceruler|2026.1","status":"completed","authored":"2024-03-31","item":[{"linkId":"confidence","answer":[{"_valueInteger":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"asked-declined"}]}}]}]} <nil>
}

// The package has no wording. Who may show it puts it in.
func ExampleCodec_Questionnaire() {
	codec, err := fhir.New(
		wellbeing.ReadinessRuler(),
		fhir.Status("active"),
		fhir.Text("readiness", "How ready are you to make this change?"),
	)
	if err != nil {
		panic(err)
	}
	b, err := codec.Questionnaire()
	fmt.Println(strings.Contains(string(b), `"text":"How ready are you to make this change?","type":"integer"`), err)
	// Output: true <nil>
}
