package synthetic_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/examples/internal/synthetic"
	"github.com/healthtrainer/healthtrainer/hte"
)

// found counts findings by place and rule.
type found map[synthetic.Answer]int

// naturalRules are what the package documentation says is found in a clean
// extract.
var naturalRules = []string{
	"client/nhs-number-test-range",
	"date_of_birth/blank", "gender/blank", "ethnic_category/blank", "postcode/blank", "gp_practice_code/blank",
	"setting/blank", "referral_source/blank", "trainer_id/blank",
	"pathway/primary-issue-missing",
	"dates/followup-off-schedule", "pathway/attended-more-than-planned",
	"plan/primary-issue-without-goal", "measures/smoker-without-cigarettes",
}

// validate returns what the validator finds, and at which records an error.
func validate(t *testing.T, asOf hte.Date, data []byte) (all found, errors map[int]bool) {
	t.Helper()
	v, err := dcrs.NewValidator(dcrs.Episodes(), asOf)
	if err != nil {
		t.Fatal(err)
	}
	all, errors = found{}, map[int]bool{}
	_, err = v.Validate(t.Context(), "extract.csv", bytes.NewReader(data), func(f dcrs.Finding) error {
		all[synthetic.Answer{Record: f.Record, Field: f.Field, Rule: f.Rule}]++
		if f.Severity == dcrs.Error {
			errors[f.Record] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, errors
}

// generate returns an extract and its key.
func generate(t testing.TB, x synthetic.Extract) (data []byte, key []synthetic.Answer) {
	t.Helper()
	var out, answers bytes.Buffer
	if err := x.Generate(context.Background(), &out, &answers); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), readKey(t, &answers)
}

func readKey(t testing.TB, r io.Reader) []synthetic.Answer {
	t.Helper()
	lines, err := csv.NewReader(r).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"record", "field", "rule"}; !slices.Equal(lines[0], want) {
		t.Fatalf("the key is headed %v, not %v", lines[0], want)
	}
	key := make([]synthetic.Answer, 0, len(lines))
	for _, l := range lines[1:] {
		record, err := strconv.Atoi(l[0])
		if err != nil {
			t.Fatal(err)
		}
		key = append(key, synthetic.Answer{Record: record, Field: l[1], Rule: l[2]})
	}
	return key
}

// TestValidatorAgreesWithTheKey holds the validator and the answer key to each
// other: all that is planted is found, and nothing else is but what the clean
// extract with the same seed shows at the same place.
func TestValidatorAgreesWithTheKey(t *testing.T) {
	for _, c := range []struct {
		reason string
		x      synthetic.Extract
	}{
		{"the embedded sample's size", synthetic.Extract{Rows: 2000, Seed: 1, Errors: 0.02}},
		{"every rule many times", synthetic.Extract{Rows: 40_000, Seed: 2, Errors: 0.2}},
		{"every row that can have a slip has one", synthetic.Extract{Rows: 4000, Seed: 3, Errors: 1}},
		{"a late as-of date, where no edition is in the future", synthetic.Extract{Rows: 8000, Seed: 4, AsOf: date(t, "2026-02-28"), Errors: 0.2}},
		{"the first as-of date, when the programme was young", synthetic.Extract{Rows: 8000, Seed: 5, AsOf: date(t, "2008-01-01"), Errors: 0.2}},
	} {
		t.Run(c.reason, func(t *testing.T) {
			t.Parallel()
			asOf := c.x.AsOf
			if asOf.IsZero() {
				asOf = date(t, synthetic.DefaultAsOf)
			}
			data, key := generate(t, c.x)
			planted := map[int]bool{}
			dirty, errors := validate(t, asOf, data)
			expected := found{}
			for _, a := range key {
				planted[a.Record] = true
				expected[a]++
			}
			missed := complaints{t: t, about: "planted but not found"}
			for a, n := range expected {
				if dirty[a] != n {
					missed.add(a)
				}
			}
			missed.report()

			x := c.x
			x.Errors = 0
			data, _ = generate(t, x)
			clean, cleanErrors := validate(t, asOf, data)
			if len(cleanErrors) > 0 {
				t.Errorf("%d records of the clean extract have errors", len(cleanErrors))
			}
			unexpected := complaints{t: t, about: "found, but neither planted nor in the clean extract"}
			for a, n := range dirty {
				if n > expected[a] && n > clean[a] {
					unexpected.add(a)
				}
			}
			unexpected.report()
			hidden := complaints{t: t, about: "in the clean extract, but no more, though nothing was planted there"}
			for a, n := range clean {
				if !planted[a.Record] && dirty[a] != n {
					hidden.add(a)
				}
				if !slices.Contains(naturalRules, a.Rule) {
					t.Errorf("the clean extract has %v", a)
				}
			}
			hidden.report()
			for record := range errors {
				if !planted[record] {
					t.Errorf("record %d has an error, but nothing was planted there", record)
				}
			}
		})
	}
}

// complaints shows a few of each rule.
type complaints struct {
	t     *testing.T
	about string
	rules map[string][]synthetic.Answer
}

func (c *complaints) add(a synthetic.Answer) {
	if c.rules == nil {
		c.rules = map[string][]synthetic.Answer{}
	}
	c.rules[a.Rule] = append(c.rules[a.Rule], a)
}

func (c *complaints) report() {
	c.t.Helper()
	for rule, all := range c.rules {
		c.t.Errorf("%s: %s, %d times, such as %v", c.about, rule, len(all), all[:min(3, len(all))])
	}
}

func TestValidatorAgreesOnSpoiltFiles(t *testing.T) {
	broken := map[string]bool{}
	for _, f := range synthetic.Spoilt() {
		t.Run(f.Name, func(t *testing.T) {
			got, _ := validate(t, date(t, synthetic.DefaultAsOf), f.Data)
			want := found{}
			for _, a := range f.Key {
				want[a]++
				broken[a.Rule] = true
			}
			for a, n := range want {
				if got[a] != n {
					t.Errorf("%v is found %d times, want %d", a, got[a], n)
				}
			}
			for a, n := range got {
				if want[a] == 0 {
					t.Errorf("%v is found %d times, want none", a, n)
				}
			}
		})
	}
	for _, rule := range []string{
		"file/empty", "file/encoding", "file/not-text", "file/delimiter", "file/missing-column",
		"file/unknown-column", "file/repeated-column", "file/record-too-long", "measures/who5-raw-as-percent",
	} {
		if !broken[rule] {
			t.Errorf("no file breaks %s", rule)
		}
	}
}

// TestEveryRuleIsPlanted counts the rules of the dictionary that no extract of
// moderate size breaks.
func TestEveryRuleIsPlanted(t *testing.T) {
	_, key := generate(t, synthetic.Extract{Rows: 100_000, Seed: 1, Errors: 0.02})
	planted := map[string]bool{}
	for _, a := range key {
		planted[a.Rule] = true
	}
	for _, f := range synthetic.Spoilt() {
		for _, a := range f.Key {
			planted[a.Rule] = true
		}
	}
	d := dcrs.Episodes()
	var missing []string
	for r := range d.Rules() {
		switch field, _ := d.Field(strings.TrimSuffix(r.ID, "/format")); {
		case planted[r.ID]:
		case slices.Contains([]string{"file/date-format", "file/number-format", "file/lost-zeros", "file/labels"}, r.ID):
			// Only a mapping can read other formats than the dictionary's.
		case strings.HasSuffix(r.ID, "/format") && field.CodeList != "":
			// Only a code that lost its leading zero, or an empty element of a
			// list, is a matter of format.
		default:
			missing = append(missing, r.ID)
		}
		delete(planted, r.ID)
	}
	if len(missing) > 0 {
		t.Errorf("not planted: %v", missing)
	}
	for id := range planted {
		t.Errorf("planted, but no rule of the dictionary: %s", id)
	}
}

func date(t testing.TB, s string) hte.Date {
	t.Helper()
	d, err := hte.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
