package dcrs_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

// The first day: a spreadsheet saved as CSV in a country where the comma is the
// decimal sign, under the service's own headings.
const firstFile = "\xef\xbb\xbfClient No;Case Ref;Service;DOB;Sex;Ref date;Wt (kg) start;Needs;Free text\r\n" +
	"C1;E1;RX1;17/05/1980;Female;01/10/2024;90,5;housing|money, benefits and debt;saw her at home\r\n" +
	"C2;E2;RX1;23/11/1975;Male;02/10/2024;101;housing;\r\n" +
	"C3;E3;RX1;30/02/1990;Male;14/10/2024;88,2;;asked for a GP\r\n"

// What is this file? Open looks at the bytes, Inspect at every row, and Suggest
// proposes what the columns are. The lines that are sure enough become a mapping,
// for a person to look through and to keep beside the file.
func ExampleInspect() {
	in, err := dcrs.Open(strings.NewReader(firstFile), int64(len(firstFile)))
	if err != nil {
		fmt.Println(err)
		return
	}
	seen, err := dcrs.Inspect(context.Background(), dcrs.Episodes(), in)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s, delimiter %q (sure: %t), %d records\n", seen.Encoding, seen.Delimiters.Best, seen.Delimiters.Sure, seen.Records)
	suggestion := seen.Suggest()
	for _, line := range suggestion.Lines {
		fmt.Printf("%s -> %q, %.2f\n", line.Heading, line.Field, line.Confidence)
	}
	// One of the three dates of birth is none, so that line is less sure.
	if err := suggestion.Mapping(0.7).WriteJSON(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// utf-8, delimiter ';' (sure: true), 3 records
	// Client No -> "client_id", 0.95
	// Case Ref -> "episode_id", 0.95
	// Service -> "service_code", 0.95
	// DOB -> "date_of_birth", 0.74
	// Sex -> "gender", 0.95
	// Ref date -> "referral_date", 0.95
	// Wt (kg) start -> "weight_kg_pre", 0.95
	// Needs -> "wider_needs", 0.92
	// Free text -> "", 0.00
	// {
	//   "mapping": 1,
	//   "kind": "episode",
	//   "delimiter": ";",
	//   "columns": [
	//     {"heading":"Client No","field":"client_id"},
	//     {"heading":"Case Ref","field":"episode_id"},
	//     {"heading":"Service","field":"service_code"},
	//     {"heading":"DOB","field":"date_of_birth","date":"dd/mm/yyyy"},
	//     {"heading":"Sex","field":"gender","values":{"Female":"2","Male":"1"}},
	//     {"heading":"Ref date","field":"referral_date","date":"dd/mm/yyyy"},
	//     {"heading":"Wt (kg) start","field":"weight_kg_pre","number":{"decimal":","}},
	//     {"heading":"Needs","field":"wider_needs","values":{"housing":"accommodation","money, benefits and debt":"finance"},"separator":"|"}
	//   ]
	// }
}

// With a mapping the file is read as it is: the finding tells the line and the
// shape of the service's own file. What was read in another format is said once
// for the whole column.
func ExampleMapped() {
	mapping, err := dcrs.ParseMapping(dcrs.Episodes(), strings.NewReader(`{
		"mapping": 1, "kind": "episode", "delimiter": ";", "date": "dd/mm/yyyy",
		"columns": [
			{"heading": "Client No", "field": "client_id"},
			{"heading": "Case Ref", "field": "episode_id"},
			{"heading": "Service", "field": "service_code"},
			{"heading": "DOB", "field": "date_of_birth"},
			{"heading": "Sex", "field": "gender", "labels": true},
			{"heading": "Ref date", "field": "referral_date"},
			{"heading": "Wt (kg) start", "field": "weight_kg_pre", "number": {"decimal": ","}},
			{"heading": "Needs", "field": "wider_needs", "separator": "|", "labels": true},
			{"heading": "Free text", "ignore": true}
		],
		"constants": {"setting": "community"}
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	asOf, _ := hte.ParseDate("2024-12-31")
	v, err := dcrs.NewValidator(dcrs.Episodes(), asOf, dcrs.Mapped(mapping), dcrs.Severity("file/missing-column", dcrs.Off))
	if err != nil {
		fmt.Println(err)
		return
	}
	in, err := dcrs.Open(strings.NewReader(firstFile), int64(len(firstFile)))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = v.Validate(context.Background(), "first.csv", in.Text(), func(f dcrs.Finding) error {
		_, detail, _ := strings.Cut(f.Message, ": ")
		fmt.Printf("line %d, %s %s %s: %s\n", f.Line, f.Severity, f.Rule, f.Shape, detail)
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// line 4, error date_of_birth/format 99/99/9999: it looks like a date with the day first
	// line 0, info file/date-format : 2 cells written dd/mm/yyyy in the column "DOB", as the mapping says
	// line 0, info file/labels : 3 cells with labels in place of codes in the column "Sex", as the mapping says
	// line 0, info file/date-format : 3 cells written dd/mm/yyyy in the column "Ref date", as the mapping says
	// line 0, info file/labels : 2 cells with labels in place of codes in the column "Needs", as the mapping says
	// line 0, info file/number-format : 2 cells written as in 1234,5 in the column "Wt (kg) start", as the mapping says
}

// A file with our headings that Excel has been at: nobody wrote a mapping, and
// each column agrees with itself. Formats takes what leaves no doubt.
func ExampleInspection_Formats() {
	const file = "client_id,episode_id,service_code,referral_date,employment_status\n" +
		"C1,E1,RX1,01/10/2024,2\n" +
		"C2,E2,RX1,13/10/2024,8\n"
	in, err := dcrs.Open(strings.NewReader(file), int64(len(file)))
	if err != nil {
		fmt.Println(err)
		return
	}
	seen, err := dcrs.Inspect(context.Background(), dcrs.Episodes(), in)
	if err != nil {
		fmt.Println(err)
		return
	}
	asOf, _ := hte.ParseDate("2024-12-31")
	v, err := dcrs.NewValidator(dcrs.Episodes(), asOf, dcrs.Mapped(seen.Formats(nil)))
	if err != nil {
		fmt.Println(err)
		return
	}
	for row, err := range v.Rows(context.Background(), "x.csv", in.Text()) {
		if err != nil {
			fmt.Println(err)
			return
		}
		date, _ := dcrs.Episodes().Field("referral_date")
		status, _ := dcrs.Episodes().Field("employment_status")
		fmt.Printf("%s is %s, %s is %s\n", row.Cell(date.Index()), row.Date(date.Index()), row.Cell(status.Index()), row.Code(status.Index()))
	}
	// Output:
	// 01/10/2024 is 2024-10-01, 2 is 02
	// 13/10/2024 is 2024-10-13, 8 is 08
}

// Mistakes in a mapping are found before any row is read, all of them at once.
func ExampleParseMapping() {
	_, err := dcrs.ParseMapping(dcrs.Episodes(), strings.NewReader(`{
		"mapping": 1, "kind": "episode",
		"columns": [
			{"heading": "Sex", "field": "gendre"},
			{"heading": "Smoker", "field": "smoking_status_pre", "values": {"Yes": "Y"}}
		]
	}`))
	fmt.Println(err)
	// Output:
	// dcrs: mapping: columns[0].field: the dictionary has no field "gendre"; is it "gender"?
	// dcrs: mapping: columns[1].values["Yes"]: the list smoking_status has no code "Y"
}

// Bytes that are not UTF-8 are never guessed at. The finding says what they could
// be, and a person declares it.
func ExampleEncoded() {
	file := []byte("client_id,notes\nC1,caf\xe9 \x9620\n")
	for _, options := range [][]dcrs.OpenOption{nil, {dcrs.Encoded(dcrs.Windows1252)}} {
		in, err := dcrs.Open(bytes.NewReader(file), int64(len(file)), options...)
		if err != nil {
			fmt.Println(err)
			return
		}
		seen, err := dcrs.Inspect(context.Background(), dcrs.Episodes(), in)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(seen.Encoding, "- bytes that are no characters:", seen.NotUTF8, "- perhaps Windows-1252:", seen.Windows1252)
	}
	// Output:
	// utf-8 - bytes that are no characters: 2 - perhaps Windows-1252: true
	// windows-1252 - bytes that are no characters: 0 - perhaps Windows-1252: false
}

// A workbook is a zip file too: a program that reads workbooks finds out here.
func ExampleOpen() {
	var workbook bytes.Buffer
	w := zip.NewWriter(&workbook)
	if _, err := w.Create("xl/workbook.xml"); err != nil {
		fmt.Println(err)
		return
	}
	if err := w.Close(); err != nil {
		fmt.Println(err)
		return
	}
	_, err := dcrs.Open(bytes.NewReader(workbook.Bytes()), int64(workbook.Len()))
	fmt.Println(errors.Is(err, dcrs.ErrWorkbook), err)
	// Output:
	// true dcrs: it is an Excel workbook, not a CSV file
}
