package dcrs_test

import (
	"fmt"
	"os"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

// A list of findings for the person who mends them, opened in a spreadsheet. The
// heading of an unknown column came with the file and could have started a
// formula there.
func ExampleFindingWriter() {
	w := dcrs.NewFindingWriter(os.Stdout, "episode_id")
	for _, f := range []dcrs.Finding{
		{
			Rule: "file/unknown-column", Severity: dcrs.Info,
			Position: dcrs.Position{File: "q1.csv", Line: 1, Column: 103, Offset: 1391},
			Field:    "=HYPERLINK(1)", Message: "not in the dictionary", Fix: "map it",
		},
		{
			Rule: "dates/plan-too-early", Severity: dcrs.Error,
			Position: dcrs.Position{File: "q1.csv", Record: 12, Line: 13, Column: 35, Offset: 4021},
			Field:    "plan_date", Shape: "9999-99-99",
			Related: []dcrs.Related{{Field: "assessment_date", Position: dcrs.Position{Record: 12, Line: 13}}},
			Message: "plan before the assessment", Fix: "correct the dates",
			Shown: []dcrs.Shown{{Field: "episode_id", Value: "BU-0012"}},
		},
	} {
		if err := w.Write(f); err != nil {
			fmt.Println(err)
		}
	}
	if err := w.Flush(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// rule,severity,file,record,line,column,offset,field,shape,related,message,fix,episode_id
	// file/unknown-column,info,q1.csv,,1,103,1391,"'=HYPERLINK(1)",,,not in the dictionary,map it,
	// dates/plan-too-early,error,q1.csv,12,13,35,4021,plan_date,9999-99-99,assessment_date@record 12 line 13,plan before the assessment,correct the dates,BU-0012
}

// A report is for a person first: may the file leave the building?
func ExampleReport_WriteText() {
	asOf, _ := hte.ParseDate("2026-03-31")
	report := &dcrs.Report{
		Edition: dcrs.Edition, Kind: "episode", AsOf: asOf, File: "q1.csv", Bytes: 1400,
		Rules: []dcrs.RuleReport{{Rule: "file/missing-column", Severity: dcrs.Warning, Checked: 102}},
	}
	if err := report.WriteText(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Check of a DCRS extract
	//   File     q1.csv, 1.4 kB read
	//   Rows     0 records below the header
	//   Against  dictionary edition 2026.1, as of 2026-03-31
	//
	// NOTHING TO SEND: THERE ARE NO RECORDS
	//   0 records: a header and nothing below it.
	//
	//   Errors              0  wrong: not to be counted until it is mended
	//   Warnings            0  probably wrong, or a gap: a person should look
	//   Notes               0  worth knowing: nothing need be done
	//   Rules               1  0 found something, 1 found nothing, 0 had nothing to look at
	//
	// WHAT TO DO NEXT
	//   1. Check the period and the filters of the export: it holds no rows.
}
