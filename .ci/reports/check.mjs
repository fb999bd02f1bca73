// Validates the reports of a folder: *.json by the schema of package dcrs, *.extract.json by that of reports
// on several files, *.sarif by the OASIS schema, *.xml by the XSD of Jenkins. Before that it shows that each check turns down what is wrong.
//
//   node check.mjs FOLDER
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import Ajv04 from "ajv-draft-04";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { validateXML } from "xmllint-wasm";

const require = createRequire(import.meta.url);
const folder = process.argv[2];

function schemaCheck(ajv, schema) {
  addFormats(ajv);
  const validate = ajv.compile(schema);
  return async (text) => (validate(JSON.parse(text)) ? [] : validate.errors.slice(0, 5).map((e) => `${e.instancePath} ${e.message}`));
}

const report = schemaCheck(new Ajv2020({ strict: true, allErrors: true }), JSON.parse(readFileSync(new URL("report.schema.json", import.meta.url))));
const several = schemaCheck(new Ajv2020({ strict: true, allErrors: true }), JSON.parse(readFileSync(new URL("extractreport.schema.json", import.meta.url))));
const sarif = schemaCheck(new Ajv04({ strict: false, allErrors: true, unicodeRegExp: false }), require("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"));
const xsd = readFileSync(new URL("junit-10.xsd", import.meta.url), "utf8");
const junit = async (text) => {
  const { valid, errors } = await validateXML({ xml: [{ fileName: "report.xml", contents: text }], schema: [xsd] });
  return valid ? [] : errors.slice(0, 5).map((e) => e.message ?? String(e));
};
const checks = { json: report, "extract.json": several, sarif, xml: junit };

// spoilt takes what is right and makes it wrong.
const read = (name) => readFileSync(join(folder, name), "utf8");
const spoilt = (name, change) => {
  const value = JSON.parse(read(name));
  change(value);
  return JSON.stringify(value);
};
for (const [why, check, text] of [
  ["a report without its edition", report, spoilt("everything.json", (r) => delete r.edition)],
  ["a count below nought", report, spoilt("everything.json", (r) => (r.records = -1))],
  ["a severity that is none", report, spoilt("everything.json", (r) => (r.rules[0].severity = "fatal"))],
  ["a date that is none", report, spoilt("everything.json", (r) => (r.as_of = "31/03/2026"))],
  ["a value in a finding", report, spoilt("everything.json", (r) => (r.rules.find((x) => x.count > 0).examples[0].value = "M1 1AE"))],
  ["a kind of group that is none", report, spoilt("grouped.json", (r) => (r.groups[0].kind = "some"))],
  ["a report on one file for several", several, read("everything.json")],
  ["no report across the files", several, spoilt("several.extract.json", (r) => delete r.across)],
  ["a count in a file below nought", several, spoilt("several.extract.json", (r) => (r.files[0].records = -1))],
  ["a run without its tool", sarif, spoilt("everything.sarif", (s) => delete s.runs[0].tool)],
  ["a level that is none", sarif, spoilt("everything.sarif", (s) => (s.runs[0].results[0].level = "fatal"))],
  ["a line 0", sarif, spoilt("everything.sarif", (s) => (s.runs[0].results[0].locations[0].physicalLocation.region = { startLine: 0 }))],
  ["a name that is no URI", sarif, spoilt("everything.sarif", (s) => (s.runs[0].artifacts[0].location.uri = "a b c"))],
  ["a suite without a count", junit, read("everything.xml").replace(/ failures="[0-9]+"/g, "")],
  ["an element of another kind", junit, read("everything.xml").replace(/failure>/g, "fail>").replace(/<failure/g, "<fail")],
  ["a control character", junit, read("everything.xml").replace("</testsuite>", "\u0001</testsuite>")],
]) {
  if ((await check(text)).length === 0) {
    console.error(`the check does not see ${why}`);
    process.exit(1);
  }
}

const counts = {};
let failed = 0;
for (const name of readdirSync(folder).sort()) {
  const kind = name.slice(name.indexOf(".") + 1);
  counts[kind] = (counts[kind] ?? 0) + 1;
  const errors = await checks[kind](read(name));
  if (errors.length > 0) {
    failed++;
    console.error(`${name}\n  ${errors.join("\n  ")}`);
  }
}
console.log(`${JSON.stringify(counts)}: ${failed} not valid`);
process.exit(failed > 0 || Object.keys(counts).length !== 4 ? 1 : 0);
