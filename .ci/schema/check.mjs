// Holds what package dcrs/schema and the workbook template write to software that was not written
// here, and what that software accepts to what the validator says:
//
//   - JSON Schema by ajv: each probe (a text in a field) and each row of a generated extract with
//     planted errors must be refused exactly where the validator has an error of that field alone.
//   - Frictionless by tableschema and datapackage: valid descriptors; each probe that the validator
//     accepts is accepted, and nothing else but what Table Schema cannot say.
//   - The HTML pages by html-validate; the workbook by ExcelJS.
//
//   node check.mjs DIRECTORY        with the files that ./run writes there
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020.js";
import ExcelJS from "exceljs";
import { HtmlValidate } from "html-validate";
import Papa from "papaparse";

const require = createRequire(import.meta.url);
const { Schema } = require("tableschema");
const { Package } = require("datapackage");

const dir = process.argv[2];
const text = (name) => readFileSync(join(dir, name), "utf8");
const json = (name) => JSON.parse(text(name));
const csv = (name) => Papa.parse(text(name).replace(/\n$/, ""), { header: true, skipEmptyLines: false });

let failures = 0;
function fail(what, ...detail) {
  if (++failures <= 40) console.error("FAIL", what, ...detail);
}
function same(what, got, want) {
  if (JSON.stringify(got) !== JSON.stringify(want)) fail(what, "got", got, "want", want);
}

const probes = text("probes.ndjson").trimEnd().split("\n").map((line) => JSON.parse(line));
const bases = Object.fromEntries(probes.filter((p) => !p.field).map((p) => [p.table, p.base]));
const prefix = { episodes: "", quit_attempts: "golden/" }; // where the schemas of a table are

// JSON Schema
const ajv = new Ajv2020({ allErrors: true, strict: true });
const validators = {};
for (const table of Object.keys(bases)) {
  const schema = json(prefix[table] + "row.schema.json");
  if (!ajv.validateSchema(schema)) fail("meta-schema", table, ajv.errorsText());
  validators[table] = ajv.compile(schema);
  if (!validators[table](bases[table])) fail("the row that probes build on", table, ajv.errorsText(validators[table].errors));
}
const tally = { accepted: 0, refused: 0 };
for (const p of probes.filter((p) => p.field)) {
  const ok = validators[p.table]({ ...bases[p.table], [p.field]: p.text });
  if (ok !== p.ok) fail("JSON Schema and the validator disagree", p.table, p.field, JSON.stringify(p.text), "schema:", ok);
  tally[ok ? "accepted" : "refused"]++;
}
console.log(`JSON Schema, ajv: ${tally.accepted} texts accepted and ${tally.refused} refused, as the validator does`);

const families = new Set(["blank", "format", "code", "range"]);
function againstFindings(extract, findings, wantErrors) {
  const expected = new Map(); // record -> fields
  const unread = new Set(); // rows that the validator does not take apart
  for (const f of csv(findings).data) {
    const [field, family] = f.rule.split("/");
    if (["file/row-length", "file/quote", "file/record-too-long"].includes(f.rule)) unread.add(Number(f.record));
    if (f.severity !== "error" || f.field !== field || !families.has(family)) continue;
    const record = Number(f.record);
    expected.set(record, (expected.get(record) ?? new Map()).set(field, family));
  }
  const counts = {};
  let clean = 0;
  const rows = csv(extract).data;
  rows.forEach((row, i) => {
    if (unread.has(i + 1)) return;
    const valid = validators.episodes(row);
    const fields = valid ? [] : [...new Set(validators.episodes.errors.map((e) => e.instancePath.slice(1)))].filter((f) => f).sort();
    const want = expected.get(i + 1) ?? new Map();
    same(`record ${i + 1} of ${extract}`, fields, [...want.keys()].sort());
    for (const family of want.values()) counts[family] = (counts[family] ?? 0) + 1;
    if (valid) clean++;
  });
  const found = Object.values(counts).reduce((a, b) => a + b, 0);
  if (found > 0 !== wantErrors) fail("planted errors of fields alone", extract, found);
  console.log(`JSON Schema, ajv: of ${rows.length - unread.size} rows of ${extract} ${clean} accepted; errors in the same cells as the validator: ${JSON.stringify(counts)}`);
}
againstFindings("clean.csv", "clean-findings.csv", false);
againstFindings("planted.csv", "planted-findings.csv", true);
if (validators.episodes({})) fail("a row without its mandatory fields is accepted");

// Frictionless
// What Table Schema cannot say: that a number is whole. Nor does the specification keep software from
// reading more texts as a number or a year 0 as a year.
const cannotSay = (p) =>
  (["int", "decimal"].includes(p.type) && /^\s*([\s+-]*[0-9.,e\s]+|[+-]?Infinity|NaN|0x[0-9a-f]+)?\s*$/i.test(p.text)) ||
  (p.type === "date" && p.text.startsWith("0000-"));
for (const table of Object.keys(bases)) {
  const descriptor = json(prefix[table] + "table-schema.json");
  const schema = await Schema.load(descriptor, { strict: true });
  if (!schema.valid) fail("Table Schema", table, schema.errors);
  const counts = { accepted: 0, refused: 0, spaces: 0, cannotSay: 0 };
  for (const p of probes.filter((p) => p.field && p.table === table)) {
    let ok = true;
    try {
      schema.getField(p.field).castValue(p.text);
    } catch {
      ok = false;
    }
    if (ok === p.ok) counts[ok ? "accepted" : "refused"]++;
    else if (p.ok && p.text !== p.text.trim()) counts.spaces++;
    else if (ok && cannotSay(p)) counts.cannotSay++;
    else fail("Table Schema and the validator disagree", p.table, p.field, JSON.stringify(p.text), "schema:", ok);
  }
  console.log(`Table Schema, tableschema: ${table}: ${JSON.stringify(counts)}`);
  const pkg = await Package.load(json(prefix[table] + "datapackage.json"), { strict: false });
  if (!pkg.valid) fail("Data Package", table, pkg.errors.map(String));
}
{
  const schema = await Schema.load(json("table-schema.json"), { strict: true });
  const { data, meta } = csv("clean.csv");
  same("the columns of the extract", meta.fields, schema.fieldNames);
  for (const row of data) schema.castRow(Object.values(row));
  console.log(`Table Schema, tableschema: ${data.length} rows of clean.csv cast`);
}

// HTML
const html = new HtmlValidate({
  extends: ["html-validate:recommended", "html-validate:a11y"],
  rules: {
    "long-title": "off",
    "require-sri": "off",
    "no-inline-style": "error",
    "no-trailing-whitespace": "off",
    // A scrolling region that the keyboard reaches is a div with a role and a tabindex.
    "prefer-native-element": ["error", { exclude: ["region"] }],
    "no-redundant-role": "error",
  },
});
for (const name of ["dictionary.html", "golden/dictionary.html"]) {
  const report = await html.validateString(text(name), name);
  for (const r of report.results) for (const m of r.messages) fail("HTML", name, `${m.line}:${m.column}`, m.ruleId, m.message);
}
console.log("HTML, html-validate: two pages");

// The workbook
{
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(join(dir, "template.xlsx"));
  same("sheets", book.worksheets.map((s) => s.name), [...json("datapackage.json").resources.map((r) => r.name), "codes", "dictionary"]);
  const schema = json("row.schema.json");
  const fields = Object.keys(schema.properties);
  const sheet = book.getWorksheet("episodes");
  same("headings", sheet.getRow(1).values.slice(1), fields);
  same("frozen rows", sheet.views[0]?.ySplit, 1);
  const codes = book.getWorksheet("codes");
  let lists = 0;
  fields.forEach((name, i) => {
    const column = sheet.getColumn(i + 1);
    const { anyOf, description } = schema.properties[name];
    const kind = /^(An? [a-z]+|One (?:or more )?codes?)/.exec(description)?.[1];
    const format = column.style?.numFmt ?? "General";
    if (!column.values?.length || !sheet.getCell(1, i + 1).note) fail("no note on", name);
    if (/^A date/.test(description)) same(`format of ${name}`, format, "yyyy-mm-dd");
    else if (/^A (whole )?number/.test(description)) same(`format of ${name}`, format, "General");
    else same(`format of ${name} (${kind})`, format, "@");
    if (!anyOf) return;
    const dv = sheet.getCell(2, i + 1).dataValidation;
    same(`the last checked cell of ${name}`, sheet.dataValidations.find(`${column.letter}10000`)?.type, "list");
    if (dv?.type !== "list") return fail("no drop-down on", name, dv);
    const [, first, last] = /^codes!\$B\$(\d+):\$B\$(\d+)$/.exec(dv.formulae[0]);
    const offered = [];
    for (let row = Number(first); row <= Number(last); row++) offered.push(codes.getCell(row, 2).value);
    same(`codes of ${name}`, offered, schema.$defs[anyOf[0].$ref.split("/").at(-1)].oneOf.map((c) => c.const));
    lists++;
  });
  console.log(`Workbook, ExcelJS: ${fields.length} columns, ${lists} drop-down lists`);
}

if (failures > 0) {
  console.error(`${failures} failures`);
  process.exit(1);
}
