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

// exampleValidator checks as of the end of March 2026.
func exampleValidator() (*dcrs.Validator, error) {
	asOf, err := hte.ParseDate("2026-03-31")
	if err != nil {
		return nil, err
	}
	return dcrs.NewValidator(dcrs.Episodes(), asOf)
}

// The canonical extract, and what had to be changed for it. The date that cannot be
// read stays what it is.
func ExampleValidator_Normalise() {
	v, err := exampleValidator()
	if err != nil {
		fmt.Println(err)
		return
	}
	extract := "CLIENT_ID,episode_id,postcode,sessions_planned,referral_date\r\nC1, E1,za11aa,6.0,01/05/2025\r\n"
	log, err := v.Normalise(context.Background(), "q1.csv", strings.NewReader(extract), os.Stdout)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range log.Changes {
		fmt.Println(c.Field, c.Kind, c.Count)
	}
	// Output:
	// client_id,episode_id,postcode,sessions_planned,referral_date
	// C1,E1,ZA1 1AA,6,01/05/2025
	// client_id renamed 1
	// episode_id trimmed 1
	// postcode rewritten 1
	// sessions_planned rewritten 1
}

// The rows that can be counted, and those that have to go back to the service, as
// they are.
func ExampleValidator_Split() {
	v, err := exampleValidator()
	if err != nil {
		fmt.Println(err)
		return
	}
	extract := "client_id,episode_id,service_code,referral_date\nC1,E1,RX1,2025-05-01\nC2,E2,RX1,01/05/2025\nC3,E3\n"
	var accepted, rejected bytes.Buffer
	report, err := v.Split(context.Background(), "q1.csv", strings.NewReader(extract), &accepted, &rejected)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Accepted, "accepted,", report.Rejected, "rejected")
	fmt.Print(rejected.String())
	// Output:
	// 1 accepted, 2 rejected
	// rejected_for,client_id,episode_id,service_code,referral_date
	// referral_date/format,C2,E2,RX1,01/05/2025
	// file/row-length,C3,E3
}
