package schema_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/dcrs/schema"
)

// The data dictionary as one page, to put on the intranet or to print.
func ExampleWriteHTML() {
	var page bytes.Buffer
	err := schema.WriteHTML(&page, schema.Table{Dictionary: dcrs.Episodes()})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Contains(page.String(), "Personal health plan") || strings.Contains(page.String(), "personal health plan"))
	fmt.Println("scripts:", strings.Count(page.String(), "<script"))
	// Output:
	// true
	// scripts: 0
}

// A database that refuses what the validator reports of a single field. Its
// message names the rule.
func ExampleWritePostgreSQL() {
	var script bytes.Buffer
	err := schema.WritePostgreSQL(&script, schema.Table{Dictionary: dcrs.Episodes()})
	if err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(script.String()) {
		if strings.Contains(line, "weight_kg_pre") {
			fmt.Print(line)
		}
		if strings.Contains(line, "COMMENT ON TABLE") {
			break
		}
	}
	// Output:
	//     "weight_kg_pre" numeric
	//         CONSTRAINT "weight_kg_pre/range" CHECK ("weight_kg_pre" BETWEEN 20 AND 640),
}

// What the rows of a spreadsheet must look like is the first thing that a service
// asks for.
func ExampleWriteCSVTemplate() {
	var template bytes.Buffer
	err := schema.WriteCSVTemplate(&template, schema.Table{Dictionary: dcrs.Episodes()})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(template.String()[:47])
	// Output: client_id,episode_id,service_code,trainer_id,tr
}

// A mistake in how tables hang together is an error, not a broken script.
func ExampleTable() {
	err := schema.WriteDuckDB(os.Stdout, schema.Table{
		Dictionary: dcrs.Episodes(),
		References: []schema.Reference{{Fields: []string{"client_id"}, Table: "clients"}},
	})
	fmt.Println(err)
	// Output: schema: table "episodes": it refers to "clients", which is not among the tables before it
}

// What a field expects, for a form's help text.
func ExampleExpects() {
	d := dcrs.Episodes()
	for _, name := range []string{"weight_kg_pre", "wider_needs", "nhs_number"} {
		f, _ := d.Field(name)
		fmt.Println(schema.Expects(f))
	}
	// Output:
	// a number from 20 to 640 (kg), with or without decimals
	// one or more codes of the list wider_need, with semicolons between them
	// an NHS number: ten digits, with or without spaces or hyphens between them
}
