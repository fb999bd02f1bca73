package dcrs_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

// An extract of two files, in which the episode of one contact has an error, and
// that of another is not there.
func ExampleExtractValidator_Validate() {
	files := fstest.MapFS{ // or os.DirFS("Q1")
		"episodes.csv": {Data: []byte("client_id,episode_id,service_code,referral_date\n" +
			"SYN-C1,SYN-E1,SYNHT01,2024-01-08\n" +
			"SYN-C2,SYN-E2,SYNHT01,2024-13-08\n")},
		"contacts.csv": {Data: []byte("episode_id,contact_id,contact_date,consultation_medium,attendance\n" +
			"SYN-E1,SYN-K1,2024-01-15,01,attended\n" +
			"SYN-E1,SYN-K2,2024-01-01,02,attended\n" +
			"SYN-E2,SYN-K3,2024-02-01,01,attended\n" +
			"SYN-E3,SYN-K4,2024-02-01,01,attended\n")},
	}
	asOf, _ := hte.ParseDate("2024-12-31")
	x, err := dcrs.NewExtractValidator(dcrs.ExtractDictionaries(), asOf, dcrs.Severity("file/missing-column", dcrs.Off))
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := x.Validate(context.Background(), "Q1", files, func(f dcrs.Finding) error {
		fmt.Printf("%s, record %d: %v %s\n", f.File, f.Record, f.Severity, f.Rule)
		return nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("contacts set aside:", report.Consequences("contact"))
	fmt.Println("not in this extract:", report.Absent)
	// Output:
	// episodes.csv, record 2: error referral_date/format
	// contacts.csv, record 2: warning contact/before-referral
	// contacts.csv, record 3: info contact/episode-rejected
	// contacts.csv, record 4: error contact/orphan
	// contacts set aside: 1
	// not in this extract: [goals.csv signposts.csv needs.csv measures.csv]
}
