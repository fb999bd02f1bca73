// Package schema generates, from a dictionary of package dcrs, what other
// people and other software need to know of an extract: the data dictionary as
// a page, schemas for validators of CSV and JSON, SQL tables, an empty file to
// fill in.
//
//	err := schema.WriteHTML(file, schema.Table{Dictionary: dcrs.Episodes()})
//
// A [Table] is one file of an extract; several together make one document, one
// data package, one SQL script. Everything is written from the dictionary's own
// fields, code lists and rules, so it cannot drift from what the validator
// checks, and works as well for a dictionary that the caller made or extended.
//
//	[WriteMarkdown], [WriteHTML]            the data dictionary for people
//	[WriteTableSchema], [WriteDataPackage]  Frictionless, version 1
//	[WriteCSVW]                             W3C metadata for CSV
//	[WriteJSONSchema]                       a row of strings, draft 2020-12
//	[WritePostgreSQL], [WriteDuckDB]        CREATE TABLE with checks and comments
//	[WriteCSVTemplate]                      the line of headings
//
// # What the schemas can say
//
// They accept whatever the validator accepts of a cell, as far as their language
// can say so: blanks where a field need not be filled, leading zeros of codes, several
// codes with semicolons between them, 3.0 for a whole number, spaces in an NHS
// number or a postcode, spaces around a value. JSON Schema and the checks in SQL
// refuse what the validator reports as an error of one field; the others come
// near. None can say the rules between fields, rows and files, which are most of
// the dictionary's worth, nor check digits: a row that passes a schema still has
// to be validated. Each Write function says what else its language leaves out,
// and so does what it writes.
//
// A height in metres is reported by the validator's own rule for it, as a
// warning; to a schema it is out of range.
//
// # What it is not for
//
// It reads no schema and validates nothing: that is for the software that the
// schemas are written for. It knows no headings but the dictionary's. What it
// writes is no official specification, and says so: no list of the columns or
// codes of the DCRS is public. Workbooks are written by the programs under
// examples, since they need another module.
package schema
