package fhir

import (
	"bytes"
	"encoding/json"
)

// The parts of FHIR R4 that are written. Reading goes through node instead, because it has to tell
// what is absent, of another type, or said twice.

type resource struct {
	ResourceType string `json:"resourceType"`
	ID           string `json:"id,omitempty"`
}

type codingJSON struct {
	Extension []extension `json:"extension,omitempty"`
	System    string      `json:"system,omitempty"`
	Code      string      `json:"code,omitempty"`
	Display   string      `json:"display,omitempty"`
}

type concept struct {
	Extension []extension  `json:"extension,omitempty"`
	Coding    []codingJSON `json:"coding,omitempty"`
	Text      string       `json:"text,omitempty"`
}

type reference struct {
	Reference string `json:"reference"`
}

type extension struct {
	Extension    []extension `json:"extension,omitempty"`
	URL          string      `json:"url"`
	ValueString  string      `json:"valueString,omitempty"`
	ValueCode    string      `json:"valueCode,omitempty"`
	ValueBoolean *bool       `json:"valueBoolean,omitempty"`
	ValueInteger *int        `json:"valueInteger,omitempty"`
	ValueDecimal json.Number `json:"valueDecimal,omitempty"`
}

type quantity struct {
	Value  json.Number `json:"value"`
	Unit   string      `json:"unit,omitempty"`
	System string      `json:"system,omitempty"`
	Code   string      `json:"code,omitempty"`
}

type annotation struct {
	Text string `json:"text"`
}

type questionnaire struct {
	resource
	URL         string              `json:"url"`
	Version     string              `json:"version"`
	Name        string              `json:"name"`
	Title       string              `json:"title"`
	Status      string              `json:"status"`
	SubjectType []string            `json:"subjectType"`
	Description string              `json:"description"`
	Copyright   string              `json:"copyright"`
	Code        []codingJSON        `json:"code,omitempty"`
	Item        []questionnaireItem `json:"item"`
}

type questionnaireItem struct {
	Extension    []extension    `json:"extension,omitempty"`
	LinkID       string         `json:"linkId"`
	Code         []codingJSON   `json:"code,omitempty"`
	Prefix       string         `json:"prefix"`
	Text         string         `json:"text"`
	Type         string         `json:"type"`
	AnswerOption []answerOption `json:"answerOption,omitempty"`
}

type answerOption struct {
	Extension   []extension `json:"extension,omitempty"`
	ValueCoding codingJSON  `json:"valueCoding"`
}

type questionnaireResponse struct {
	resource
	Questionnaire string         `json:"questionnaire"`
	Status        string         `json:"status"`
	Subject       *reference     `json:"subject,omitempty"`
	Authored      string         `json:"authored,omitempty"`
	Item          []responseItem `json:"item,omitempty"`
}

type responseItem struct {
	LinkID string           `json:"linkId"`
	Answer []responseAnswer `json:"answer"`
}

type responseAnswer struct {
	ValueCoding      *codingJSON `json:"valueCoding,omitempty"`
	ValueInteger     *int        `json:"valueInteger,omitempty"`
	ValueIntegerMeta *element    `json:"_valueInteger,omitempty"`
}

type element struct {
	Extension []extension `json:"extension"`
}

type observation struct {
	resource
	Extension         []extension  `json:"extension"`
	Status            string       `json:"status"`
	Category          []concept    `json:"category"`
	Code              concept      `json:"code"`
	Subject           *reference   `json:"subject,omitempty"`
	EffectiveDateTime string       `json:"effectiveDateTime,omitempty"`
	ValueQuantity     *quantity    `json:"valueQuantity,omitempty"`
	ValueBoolean      *bool        `json:"valueBoolean,omitempty"`
	DataAbsentReason  *concept     `json:"dataAbsentReason,omitempty"`
	Interpretation    []concept    `json:"interpretation,omitempty"`
	Note              []annotation `json:"note,omitempty"`
	DerivedFrom       []reference  `json:"derivedFrom,omitempty"`
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func refer(to string) *reference {
	if to == "" {
		return nil
	}
	return &reference{to}
}

// Addresses of FHIR itself and of the terminologies.
const (
	loincSystem      = "http://loinc.org"
	snomedSystem     = "http://snomed.info/sct"
	ucumSystem       = "http://unitsofmeasure.org"
	absentSystem     = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
	categorySystem   = "http://terminology.hl7.org/CodeSystem/observation-category"
	absentExtension  = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
	weightExtension  = "http://hl7.org/fhir/StructureDefinition/itemWeight"
	ordinalExtension = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
	minExtension     = "http://hl7.org/fhir/StructureDefinition/minValue"
	maxExtension     = "http://hl7.org/fhir/StructureDefinition/maxValue"
)
