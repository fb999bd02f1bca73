package synthetic_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"

	"github.com/healthtrainer/healthtrainer/examples/internal/synthetic"
)

// A test of a report wants data that look real, the same each time.
func Example() {
	var extract bytes.Buffer
	x := synthetic.Extract{Rows: 500, Seed: 1}
	if err := x.Generate(context.Background(), &extract, nil); err != nil {
		fmt.Println(err)
		return
	}
	rows, err := csv.NewReader(&extract).ReadAll()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(rows)-1, "episodes of", len(rows[0]), "fields")
	fmt.Println(rows[0][0], rows[1][0])
	// Output:
	// 500 episodes of 102 fields
	// client_id SYN-C00000001
}

// A test of a validator wants to know what there is to find. Of 5,000 rows, two
// in a hundred get a slip, and the key says what each of them causes.
func ExampleExtract_Generate_answerKey() {
	var extract, key bytes.Buffer
	x := synthetic.Extract{Rows: 5000, Seed: 1, Errors: 0.02}
	if err := x.Generate(context.Background(), &extract, &key); err != nil {
		fmt.Println(err)
		return
	}
	answers, err := csv.NewReader(&key).ReadAll()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range answers[:4] {
		fmt.Println(a)
	}
	// Output:
	// [record field rule]
	// [17 who5_4_post who5_4_post/range]
	// [68 signposted_to signposted_to/repeated-code]
	// [120 accommodation_type place/prison-setting-elsewhere]
}

// Some rules are broken by a file as a whole.
func ExampleSpoilt() {
	for _, f := range synthetic.Spoilt() {
		fmt.Println(f.Name, f.Key[0].Rule)
	}
	// Output:
	// empty.csv file/empty
	// blank-lines.csv file/empty
	// windows-1252.csv file/encoding
	// binary.csv file/not-text
	// utf-16.csv file/not-text
	// utf-16-with-mark.csv file/encoding
	// semicolons.csv file/delimiter
	// tabs.csv file/delimiter
	// columns-missing.csv file/missing-column
	// column-unknown.csv file/unknown-column
	// column-repeated.csv file/repeated-column
	// record-too-long.csv file/record-too-long
	// who5-raw.csv measures/who5-raw-as-percent
}
