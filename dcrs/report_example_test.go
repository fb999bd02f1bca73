package dcrs_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

// Two months of a made-up extract: the four columns that every row must have, and
// the gender.
const (
	march = "client_id,episode_id,service_code,referral_date,gender\n" +
		"C1,E1,HT1,2026-03-02,1\nC2,E2,HT1,02/03/2026,2\nC3,E3,HT2,2026-03-09,male\nC4,E4,HT2,2026-03-16,1\n"
	april = "client_id,episode_id,service_code,referral_date,gender\n" +
		"C1,E1,HT1,2026-03-02,1\nC2,E2,HT1,2026-03-02,2\nC3,E3,HT2,2026-03-09,male\nC4,E4,HT2,2026-03-16,1\nC5,E5,HT2,2026-04-01,\n"
)

// checked checks an extract, with its rows counted by service.
func checked(file, text, asOf string) *dcrs.Report {
	day, err := hte.ParseDate(asOf)
	if err != nil {
		panic(err)
	}
	// The absent columns of so small an example are left out of view.
	v, err := dcrs.NewValidator(dcrs.Episodes(), day, dcrs.GroupBy("service_code"), dcrs.Severity("file/missing-column", dcrs.Off))
	if err != nil {
		panic(err)
	}
	report, err := v.Validate(context.Background(), file, strings.NewReader(text), nil)
	if err != nil {
		panic(err)
	}
	return report
}

// What has become of last month's findings? The reports are kept as JSON; the
// extracts need not be kept for it.
func ExampleCompare() {
	var kept bytes.Buffer
	if err := checked("march.csv", march, "2026-03-31").WriteJSON(&kept); err != nil {
		fmt.Println(err)
	}
	before, err := dcrs.ReadReport(&kept)
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := dcrs.Compare(before, checked("april.csv", april, "2026-04-30"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range c.Rules {
		fmt.Printf("%s: %s, %d then %d\n", r.Rule, r.Trend, r.Before, r.After)
	}
	for _, g := range c.Groups {
		fmt.Printf("%s: %s errors in 1,000 records, then %s\n", g.Name(), g.Before.ErrorRate, g.After.ErrorRate)
	}
	// Output:
	// gender/code: fewer, 1 then 1
	// referral_date/format: fixed, 1 then 0
	// gender/blank: new, 0 then 1
	// HT1: 500.00 errors in 1,000 records, then 0.00
	// HT2: 500.00 errors in 1,000 records, then 333.33
}

// A card for every service, of which each is sent its own.
func ExampleNewScorecards() {
	report := checked("april.csv", april, "2026-04-30")
	cards, err := dcrs.NewScorecards(report, dcrs.Episodes(),
		dcrs.ScoreFields("referral_date", "gender"), // the score is made of these two
		dcrs.Periods("HT2", 11, 12),                 // one month was never sent
		dcrs.ScoreFrom(2))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range cards.Cards {
		fmt.Printf("%s: score %s, complete %s%%, valid %s%%\n", c.Name(), c.Score, c.Complete, c.Valid)
	}
	if own, ok := cards.Only("HT2"); ok {
		var page bytes.Buffer
		err := own.WriteHTML(&page)
		fmt.Println(err == nil && !strings.Contains(page.String(), "HT1"))
	}
	// Output:
	// HT1: score 100.0, complete 100.0%, valid 100.0%
	// HT2: score 61.1, complete 83.3%, valid 80.0%
	// true
}

// An extract that came in two files.
func ExampleReport_Merge() {
	report := checked("march.csv", march, "2026-04-30")
	if err := report.Merge(checked("april.csv", april, "2026-04-30")); err != nil {
		fmt.Println(err)
	}
	gender, _ := report.Rule("gender/code")
	fmt.Println(report.File, report.Records, gender.Count)
	// Output: march.csv, april.csv 9 2
}

// Findings as NHS England's data validation engine lists them, and what it would
// say of the file.
func ExampleDVEWriter() {
	asOf, _ := hte.ParseDate("2026-03-31")
	v, _ := dcrs.NewValidator(dcrs.Episodes(), asOf, dcrs.Severity("file/missing-column", dcrs.Off))
	w := dcrs.NewDVEWriter(os.Stdout, v.Dictionary().Kind())
	report, err := v.Validate(context.Background(), "march.csv", strings.NewReader(march), w.Write)
	if err == nil {
		err = w.Flush()
	}
	fmt.Println(report.DVEStatus(), err)
	// Output:
	// Entity,Key,FailureType,Status,ErrorType,ErrorLocation,ErrorMessage,ErrorCode,ReportingField,RecordIndex,Value,Category
	// episode,,record,error,format,referral_date,Record rejected - the value is not a date written yyyy-mm-dd: it looks like a date whose first number could be the day or the month,referral_date/format,referral_date,2,99/99/9999,Wrong format
	// episode,,record,error,code,gender,"Record rejected - the code is not in the list gender: it is the label of a code; write the code",gender/code,gender,3,aaaa,Bad value
	// accepted with record rejections <nil>
}

// What does a rule mean, and what does a row look like that breaks it?
func ExampleDictionary_Explain() {
	e, err := dcrs.Episodes().Explain("place/quintile-without-edition")
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := e.WriteText(os.Stdout); err != nil {
		fmt.Println(err)
	}
	_, err = dcrs.Episodes().Explain("quintile-without-edition")
	fmt.Println(err)
	// Output:
	// place/quintile-without-edition  error
	//
	// What it means   A quintile without the edition of the index it comes from.
	// Why             The quintiles of two editions of the index, or of two nations, are not the same
	//                 thing: an area can move without anything having changed in it.
	// To mend         Give the edition.
	// Looks at        imd_quintile imd_edition
	// A finding for   each row
	// Rests on        This library's own judgement.
	//
	// WRONG
	//   imd_quintile  1
	//   imd_edition   (blank)
	//
	// RIGHT
	//   imd_quintile  1
	//   imd_edition   2019
	// dcrs: no rule is called "quintile-without-edition"; is it "place/quintile-without-edition"?
}
