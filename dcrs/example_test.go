package dcrs_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

// An extract that somebody opened in Excel and saved again. The byte order mark
// does no harm. The date of referral has turned round, and the code 02 of the
// employment status has lost its zero: of both the finding tells the place and
// the shape, and what seems to have happened.
func Example() {
	extract := "\xef\xbb\xbfclient_id,episode_id,service_code,referral_date,employment_status\r\n" +
		"C1,E1,RX1,2023-06-05,02\r\n" +
		"C2,E2,RX1,13/06/2023,2\r\n"

	asOf, err := hte.ParseDate("2024-03-31")
	if err != nil {
		fmt.Println(err)
		return
	}
	// These are only five of the columns: that need not be said of each of the others.
	v, err := dcrs.NewValidator(dcrs.Episodes(), asOf, dcrs.Severity("file/missing-column", dcrs.Off))
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := v.Validate(context.Background(), "q1.csv", strings.NewReader(extract), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Records, "records,", report.RecordsWithErrors, "with errors")
	for _, rule := range report.Rules {
		for _, f := range rule.Examples {
			fmt.Printf("line %d, %s (%s): %s\n", f.Line, f.Field, f.Shape, f.Message)
		}
	}
	// Output:
	// 2 records, 1 with errors
	// line 3, employment_status (9): the value is not a code of the list employment_status: it matches but for a lost leading zero; spreadsheets take it away unless the column is text
	// line 3, referral_date (99/99/9999): the value is not a date written yyyy-mm-dd: it looks like a date with the day first
}

// A client with no fixed abode has the postcode ZZ99 3VZ, which lies in no area,
// so there is no deprivation quintile to record, and none is missed. Of the two
// clients here, the second was given one all the same.
func Example_noFixedAbode() {
	const extract = `client_id,episode_id,service_code,postcode,imd_quintile,imd_edition,accommodation_type
C1,E1,RX1,ZZ99 3VZ,,,12
C2,E2,RX1,ZZ99 3VZ,1,2019,01
`
	asOf, _ := hte.ParseDate("2024-03-31")
	v, err := dcrs.NewValidator(dcrs.Episodes(), asOf, dcrs.Severity("file/missing-column", dcrs.Off))
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := v.Validate(context.Background(), "q1.csv", strings.NewReader(extract), func(f dcrs.Finding) error {
		fmt.Printf("record %d, %s: %s\n", f.Record, f.Field, f.Message)
		return nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, field := range report.Fields {
		if field.Field == "postcode" {
			fmt.Printf("postcodes: %d valid, %d default\n", field.Valid, field.Default)
		}
	}
	// Output:
	// record 2, imd_quintile: a deprivation quintile for a ZZ99 postcode
	// record 2, accommodation_type: ZZ99 3VZ (no fixed abode) with a settled accommodation type (01-07)
	// postcodes: 0 valid, 2 default
}

// A rule is named by its id, a family of rules by a pattern. A name that fits no
// rule is an error, with a suggestion.
func ExampleSeverity() {
	const extract = `client_id,episode_id,service_code,weight_kg_pre,cigarettes_pre
C1,E1,RX1,305,120
`
	asOf, _ := hte.ParseDate("2024-03-31")
	check := func(options ...dcrs.Option) {
		options = append(options, dcrs.Severity("file/missing-column", dcrs.Off))
		v, err := dcrs.NewValidator(dcrs.Episodes(), asOf, options...)
		if err != nil {
			fmt.Println(err)
			return
		}
		report, err := v.Validate(context.Background(), "q1.csv", strings.NewReader(extract), nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(report.Count(dcrs.Error), "errors,", report.Count(dcrs.Warning), "warnings")
	}
	check()
	check(dcrs.Severity("*/implausible", dcrs.Off))
	check(dcrs.Severity("*/implausible", dcrs.Off), dcrs.Severity("weight_kg_pre/implausible", dcrs.Error))
	check(dcrs.Severity("weight_kg_pre/implausable", dcrs.Off))
	// Output:
	// 0 errors, 2 warnings
	// 0 errors, 0 warnings
	// 1 errors, 0 warnings
	// dcrs: option Severity: no rule is called "weight_kg_pre/implausable"; is it "weight_kg_pre/implausible"?
}

// A service gets its list of findings as they are found, with the identifier by
// which it can look up the episode, and nothing else from the record.
func ExampleShow() {
	const extract = `client_id,episode_id,service_code,referral_date,first_contact_date,assessment_date
C1,BU-0012,RX1,2023-06-05,2023-06-12,2023-06-09
C2,BU-0013,RX1,2023-06-06,2023-06-01,
`
	asOf, _ := hte.ParseDate("2023-07-31")
	v, err := dcrs.NewValidator(dcrs.Episodes(), asOf,
		dcrs.Severity("file/missing-column", dcrs.Off), dcrs.Show("episode_id"), dcrs.Examples(0))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = v.Validate(context.Background(), "q1.csv", strings.NewReader(extract), func(f dcrs.Finding) error {
		for _, shown := range f.Shown {
			fmt.Printf("%s: ", shown.Value)
		}
		fmt.Printf("%s, %s: %s (to mend it: %s)\n", f.Severity, f.Field, f.Message, f.Fix)
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// BU-0012: error, assessment_date: assessment before first contact or, without one, before referral (to mend it: correct the dates)
	// BU-0013: warning, first_contact_date: first contact before referral (to mend it: correct the dates, unless outreach came first)
}

// The rows of an extract with their values read. A row with an error is left out
// of the count here; a value that is blank or wrong is never 0.
func ExampleValidator_Rows() {
	const extract = `client_id,episode_id,service_code,referral_date,review_date,weight_kg_pre,weight_kg_post,wider_needs
C1,E1,RX1,2023-06-05,2023-09-25,90.5,86.0,finance;isolation
C2,E2,RX1,2023-06-06,2023-09-20,101,,
C3,E3,RX1,2023-06-07,2023-09-20,88,eighty,finance
`
	d := dcrs.Episodes()
	index := func(name string) int {
		f, _ := d.Field(name)
		return f.Index()
	}
	episode, referred := index("episode_id"), index("referral_date")
	before, after, needs := index("weight_kg_pre"), index("weight_kg_post"), index("wider_needs")

	asOf, _ := hte.ParseDate("2024-03-31")
	v, err := dcrs.NewValidator(d, asOf)
	if err != nil {
		fmt.Println(err)
		return
	}
	for row, err := range v.Rows(context.Background(), "q1.csv", strings.NewReader(extract)) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if row.Worst() == dcrs.Error {
			fmt.Printf("%s is left out\n", row.Cell(episode))
			continue
		}
		pre, ok1 := row.Decimal(before)
		post, ok2 := row.Decimal(after)
		if !ok1 || !ok2 {
			fmt.Printf("%s was not weighed twice\n", row.Cell(episode))
			continue
		}
		fmt.Printf("%s, referred in %s: %s kg; money among the needs: %t\n",
			row.Cell(episode), row.Date(referred).Month(), post.Sub(pre), row.HasCode(needs, "finance"))
	}
	// Output:
	// E1, referred in June: -4.5 kg; money among the needs: true
	// E2 was not weighed twice
	// E3 is left out
}

// What is checked of one field, and what a field is.
func ExampleDictionary_Rules() {
	d := dcrs.Episodes()
	f, _ := d.Field("weight_kg_pre")
	fmt.Printf("%s: %s in %s, %d to %d\n", f.Label, f.Type, f.Unit, f.Valid.Min, f.Valid.Max)
	for rule := range d.Rules() {
		if rule.Scope == dcrs.ScopeField && rule.Reads == f.Name {
			fmt.Printf("%s (%s): %s\n", rule.ID, rule.Severity, rule.Problem)
		}
	}
	rule, _ := d.Rule("measures/bmi-disagrees")
	fmt.Printf("%s (%s) reads %s\n", rule.ID, rule.Severity, rule.Reads)
	// Output:
	// Weight at assessment: decimal in kg, 20 to 640
	// weight_kg_pre/format (error): the value cannot be read as its type; whole numbers may be written 3 or 3.0; a code that matches but for a lost leading zero (1 for 01) says so
	// weight_kg_pre/range (error): the number lies outside the valid range
	// weight_kg_pre/implausible (warning): the number is possible but so unusual that it is more often a slip
	// measures/bmi-disagrees (error) reads height_cm weight_kg_X bmi_X
}

// What a field rests on.
func ExampleSource() {
	f, _ := dcrs.Episodes().Field("primary_issue")
	fmt.Println(f.Basis, "—", f.Source)
	citation, ok := dcrs.Source("GOVINT")
	fmt.Println(ok, strings.HasPrefix(citation, "Governance International, Manchester Community Health Trainers"))
	// Output:
	// source — GOVINT (diet, exercise, local issue); rest own
	// true true
}
