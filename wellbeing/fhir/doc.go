// Package fhir carries the instruments, forms and scores of package wellbeing over FHIR R4 (4.0.1),
// as JSON and without any FHIR library: a Questionnaire for each instrument, a QuestionnaireResponse for
// each form, and an Observation for each score and flag, written and read back.
//
//	c, err := fhir.New(wellbeing.PHQ9(), fhir.Base("https://fhir.example.nhs.uk"))
//	form, err := c.ReadForm(body)                       // a QuestionnaireResponse
//	result, err := wellbeing.PHQ9().Score(form.Responses)
//	for _, o := range fhir.Observe(result) {
//		o.ID, o.Subject, o.DerivedFrom = id(), form.Subject, "QuestionnaireResponse/"+form.ID
//		b, err := fhir.WriteObservation(o, fhir.Base("https://fhir.example.nhs.uk"))
//	}
//
// # What is written
//
// Item keys are the linkIds. An item with up to seven codes is a choice, whose options carry the code
// as text in an own code system; any other item is an integer with its least and greatest value. There
// is no wording: an item's text is its number and a few neutral words ([Text] and [AnswerText] put in
// what the caller is licensed to show). Skip rules are told in the description and not enforced by
// enableWhen, because the owners say that those items may be skipped, not that they must.
//
// An option's score stands in the extension itemWeight, as what the answer adds to a scale's sum: for a
// reversed item 4 for the code 0. FHIR R4 itself has the older name of this extension, ordinalValue;
// itemWeight comes from HL7's extensions pack, which can be used with R4, and is what newer software
// writes. [Ordinals] reads either. Instruments that are no sum, such as those with a value set, have no
// weights.
//
// A score is exact: a decimal is written with all its places, and a fraction that never ends, such as
// 340/13, is rounded to 6 places in valueQuantity and stands in full in an extension, from which it is
// read back. A score that was refused has a dataAbsentReason instead of a value. Bands are
// interpretations; a flag, such as PHQ-9 item 9, is an Observation of its own, with a valueBoolean.
// Source and basis travel with each, so that what rests on memory alone still says so.
//
// Answers that were refused, or do not apply, carry the extension data-absent-reason with
// asked-declined and not-applicable; a missing answer is left out.
//
// # Addresses and codes
//
// Canonical addresses start with [Base], which stands at [DefaultBase] until the caller names a place of
// their own; none belongs to an instrument's owner. LOINC and SNOMED CT codes are written only where
// the instrument's definition marks them verified, and names the scale or item that they are for. Use of
// SNOMED CT needs a licence, which is free in the United Kingdom.
//
// # What it is not for
//
// It is no FHIR client, server, validator or general parser, renders no form, and knows no profile of a
// country. Ids, times and references are the caller's, and are carried as they are. It never scores
// while reading: that is wellbeing's work.
package fhir
