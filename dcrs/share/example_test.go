package share_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/dcrs/share"
	"github.com/healthtrainer/healthtrainer/hte"
)

// Six made-up people, of whom one is alone of a kind.
const extract = `client_id,episode_id,service_code,nhs_number,date_of_birth,gender,postcode,setting,referral_date,consent,Notes
C1,E1,RX1,9990000018,1985-03-02,1,ZA1 1AA,probation,2025-05-17,Y,likes football
C2,E2,RX1,,1988-07-21,1,ZA1 1AB,probation,2025-05-20,Y,
C3,E3,RX1,,1961-01-30,2,ZA1 1AC,community,2025-06-02,Y,
C4,E4,RX1,,1986-11-11,1,ZA1 1AD,prison,2025-06-03,Y,
C5,E5,RX1,,1987-12-24,1,ZA1 1AE,community,2025-06-05,N,
C6,E6,RX1,,1989-09-09,1,ZA1 1AF,community,2025-06-09,Y,
`

func Example() {
	ctx := context.Background()
	day, err := hte.ParseDate("2025-04-01")
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := dcrs.NewValidator(dcrs.Episodes(), day, dcrs.Severity("*/*", dcrs.Off)) // no rule is needed
	if err != nil {
		fmt.Println(err)
		return
	}
	plan := share.Plan{
		Project: "example-2026", AgeOn: day, K: 3,
		BySensitivity: map[string]share.Action{"none": share.Drop, "pseudonym": share.Drop, "special": share.Drop},
		Fields:        map[string]share.Action{"episode_id": share.Pseudonym, "gender": share.Keep, "referral_date": share.Quarter, "consent": share.Drop},
	}
	key, err := share.NewKey([]byte("read this from a file: 32 random bytes"))
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := share.New(v, plan, key, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := s.Share(ctx, "q1.csv", strings.NewReader(extract), os.Stdout)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d of %d rows, %d without consent, %d alone of a kind\n", report.Written, report.Records, report.NoConsent, report.Suppressed)
	// Output:
	// episode_id,date_of_birth_age_band,gender,referral_date_quarter
	// p20510c3202559f31b6fbd53e27e7c7de,35-44,1,2025-Q2
	// p40bc1c86a0855ebf30d254983ed95552,35-44,1,2025-Q2
	// pfc78b2618d8a24ea8f1b00fc7c36904e,35-44,1,2025-Q2
	// p078dc21865b6cc93d06930161c0748d8,35-44,1,2025-Q2
	// 4 of 6 rows, 1 without consent, 1 alone of a kind
}

// A plan that would name people is refused.
func ExampleLeakError() {
	day, err := hte.ParseDate("2025-04-01")
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := dcrs.NewValidator(dcrs.Episodes(), day)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = share.New(v, share.Plan{Project: "example-2026", Fields: map[string]share.Action{"postcode": share.Keep}}, nil, nil)
	fmt.Println(err)
	// Output:
	// share: postcode: keep: it names a person: drop it, or coarsen it; raw says that it is meant
}
