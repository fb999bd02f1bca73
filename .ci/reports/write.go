// Write makes reports of every kind of file that package dcrs may meet, one by one and
// several together, and writes each as JSON, SARIF and JUnit XML into a folder.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing/fstest"
	"testing/iotest"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("say which folder to write to")
	}
	asOf, err := hte.ParseDate("2026-03-31")
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range extracts() {
		v, err := dcrs.NewValidator(dcrs.Episodes(), asOf, c.options...)
		if err != nil {
			log.Fatal(err)
		}
		report, err := v.Validate(context.Background(), c.file, c.reader, nil)
		if err != nil && !report.Truncated {
			log.Fatal(err)
		}
		save(c.name, "json", report)
	}
	// Several files at once, of which the schema is another.
	for name, files := range severalFiles() {
		x, err := dcrs.NewExtractValidator(dcrs.ExtractDictionaries(), asOf, dcrs.GroupBy("service_code"))
		if err != nil {
			log.Fatal(err)
		}
		report, err := x.Validate(context.Background(), "Q1 of #3", files, nil)
		if err != nil {
			log.Fatal(err)
		}
		save(name, "extract.json", report)
	}
}

// save writes a report in every format.
func save(name, json string, report interface {
	WriteJSON(io.Writer) error
	WriteSARIF(io.Writer) error
	WriteJUnit(io.Writer) error
},
) {
	for kind, write := range map[string]func(io.Writer) error{
		json: report.WriteJSON, "sarif": report.WriteSARIF, "xml": report.WriteJUnit,
	} {
		var b strings.Builder
		if err := write(&b); err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(os.Args[1], name+"."+kind), []byte(b.String()), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// severalFiles are extracts in which much is wrong.
func severalFiles() map[string]fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	contacts := "contact_id,episode_id,contact_date\nK1,E0,2025-05-02\nK1,E99,02/05/2025\nK2,E1,soon\n"
	return map[string]fstest.MapFS{
		"several":       {"episodes.csv": file(text(50)), "contacts.csv": file(contacts), "Goals.CSV": file("goal_id;x\n1;2\n"), "notes <1>.txt": file("x")},
		"severalbroken": {"contacts.csv": file(contacts), "needs.csv": file("\x00\x01"), "measures.csv": file("")},
		"severalnone":   {},
	}
}

type extract struct {
	name, file string
	reader     io.Reader
	options    []dcrs.Option
}

func extracts() []extract {
	everything := text(200)
	return []extract{
		{name: "empty", file: "empty.csv", reader: strings.NewReader("")},
		{name: "binary", file: "x.xlsx", reader: strings.NewReader("PK\x03\x04\x00\x00")},
		{name: "semicolons", file: "s.csv", reader: strings.NewReader(strings.ReplaceAll(everything, ",", ";"))},
		{name: "header", file: "h.csv", reader: strings.NewReader(text(0))},
		{name: "everything", file: "extract of 2025 #1 ?.csv", reader: strings.NewReader(everything)},
		{
			name: "grouped", file: "C:\\Ätest\\<x> & \"y\"\x1b\x00.csv", reader: strings.NewReader(everything),
			options: []dcrs.Option{dcrs.GroupBy("service_code"), dcrs.Show("episode_id", "client_id"), dcrs.Examples(50)},
		},
		{name: "silent", file: "", reader: strings.NewReader(everything), options: []dcrs.Option{dcrs.Severity("*/*", dcrs.Off)}},
		{name: "errors", file: "folder/e.csv", reader: strings.NewReader(everything), options: []dcrs.Option{dcrs.Severity("*/*", dcrs.Error)}},
		{
			name: "truncated", file: "t.csv",
			reader: io.MultiReader(strings.NewReader(everything), iotest.ErrReader(errors.New("the line went dead"))),
		},
	}
}

// text is an extract with a header and n rows in which much is wrong.
func text(n int) string {
	var b strings.Builder
	first := true
	for f := range dcrs.Episodes().Fields() {
		if f.Name == "workforce_step" {
			continue // a column that is not there
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		b.WriteString(f.Name)
	}
	b.WriteString(",local <note>,gender\n")
	columns := strings.Count(b.String(), ",") + 1
	for i := range n {
		cells := make([]string, columns)
		cells[0], cells[1], cells[2] = fmt.Sprintf("C%d", i/2), fmt.Sprintf("E%d", i/3), fmt.Sprintf("RX%d", i%7)
		cells[5] = "999 000 0018"
		cells[7] = []string{"1980-05-17", "17/05/1980", "1980-02-30", ""}[i%4]
		cells[9] = []string{"1", "male", "\"=2\"", "\x01", "\xff"}[i%5]
		cells[22] = []string{"2025-05-01", "2027-05-01", "45000", "2004-01-01"}[i%4]
		cells[24] = "2024-05-01"
		cells[26] = "one_to_one"
		cells[28] = "diet;diet;"
		cells[29] = "finance;finance"
		for j := 52; j < 90; j++ {
			cells[j] = []string{"1", "999", "x", "-3", "1,5"}[(i+j)%5]
			if strings.Contains(cells[j], ",") {
				cells[j] = `"` + cells[j] + `"`
			}
		}
		row := strings.Join(cells, ",")
		switch i % 50 {
		case 48:
			row += ",too,many"
		case 49:
			row = `a"b,` + row
		}
		b.WriteString(row + "\n")
	}
	return b.String()
}
