package evaluation_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/outcomes/evaluation"
)

// extract stands for a file; any io.ReadSeeker will do.
func extract() *strings.Reader { return strings.NewReader(tiny) }

func newValidator() *dcrs.Validator {
	asOf, err := hte.ParseDate("2026-06-30")
	if err != nil {
		panic(err)
	}
	v, err := dcrs.NewValidator(dcrs.Episodes(), asOf)
	if err != nil {
		panic(err)
	}
	return v
}

// An extract of 37 synthetic records becomes the evaluation of a year. The first lines of the summary say
// what matters most, with small numbers hidden.
func Example() {
	e, err := evaluation.Run(context.Background(), "tiny.csv", extract(), newValidator())
	if err != nil {
		fmt.Println(err)
		return
	}
	text := e.Document(evaluation.NHSRule).String()
	fmt.Println(strings.Join(strings.Split(text, "\n")[:9], "\n"))
	// Output:
	// Health trainer service evaluation
	// 1 April 2025 to 31 March 2026 (financial year 2025/26)
	// ══════════════════════════════════════════════════════
	//
	// • Of 35 records in the file, 5 were kept out of the figures because of errors, and 5 have a warning;
	//   30 belong to the period.
	// • 25 clients were referred in 30 episodes; 72% of those whose quintile is known live in the two most
	//   deprived fifths of areas.
	// • Of all episodes 80% came to an assessment, 73% to a personal health plan and 60% to a review.
}

// The Evaluation itself holds every number exactly, with the method that it was worked out by.
func ExampleRun() {
	e, err := evaluation.Run(context.Background(), "tiny.csv", extract(), newValidator())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range e.Measures {
		c := m.Everyone
		if c.Change == nil {
			continue // and c.NotComputed says why
		}
		fmt.Printf("%s: %d pairs, %d measured before only, change %.2f (%.2f to %.2f) by the %s\n",
			m.Label, c.Both, c.PreOnly, c.Change.Value, c.Change.CI.Low, c.Change.CI.High, m.Summary)
	}
	// Output:
	// Weight: 14 pairs, 7 measured before only, change -4.14 (-5.55 to -2.72) by the mean
	// Body mass index: 14 pairs, 7 measured before only, change -1.44 (-1.92 to -0.96) by the mean
	// Fruit and vegetables: 15 pairs, 7 measured before only, change 0.77 (0.22 to 1.31) by the mean
	// Fried or high-fat snacks: 17 pairs, 5 measured before only, change 0.00 (-2.00 to 0.00) by the median
	// Cigarettes: 17 pairs, 5 measured before only, change 0.00 (0.00 to 0.00) by the median
	// WHO-5 wellbeing: 16 pairs, 6 measured before only, change 10.25 (5.99 to 14.51) by the mean
	// Confidence to change: 17 pairs, 5 measured before only, change 1.00 (0.00 to 2.00) by the median
}

// A period can be given, and rules can keep further rows out.
func ExampleRun_options() {
	from, err := hte.ParseDate("2025-04-01")
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := evaluation.Run(context.Background(), "tiny.csv", extract(), newValidator(),
		evaluation.From(from),
		evaluation.KeepOutRules("measures/post-without-pre"),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Period)
	for _, rule := range e.Records.Rules {
		fmt.Println(rule.Records, rule.Rule)
	}
	// Output:
	// from 1 April 2025
	// 2 measures/post-without-pre
	// 1 episode/duplicate
	// 1 file/row-length
	// 1 measures/who5-not-multiple-of-4
	// 1 pathway/consent-refused
	// 1 referral_date/format
}

// Counts and percentages are hidden and rounded by one rule wherever they are shown.
func ExampleDisclosure() {
	for _, d := range []evaluation.Disclosure{evaluation.NHSRule, evaluation.ShowAll} {
		fmt.Println(d, d.Count(3), d.Count(1234), d.Percent(3, 40), d.Percent(19, 40))
	}
	// Output:
	// nhs-rule * 1,235 * 48%
	// show-all 3 1,234 7.5% 47.5%
}

// A Document is sections of text, charts and tables, ready to be drawn.
func ExampleEvaluation_Document() {
	e, err := evaluation.Run(context.Background(), "tiny.csv", extract(), newValidator())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range e.Document(evaluation.NHSRule).Sections {
		fmt.Printf("%s (#%s)\n", s.Title, s.ID)
		for _, c := range s.Charts {
			fmt.Printf("  %s chart: %s\n", c.Kind, c.Title)
		}
	}
	// Output:
	// How good the data are (#quality)
	//   stacked chart: Completeness and validity of key fields
	// Who was reached (#reach)
	//   bar chart: Clients by deprivation quintile
	// How far they came (#journey)
	//   funnel chart: The journey, from referral to the 12-month follow-up
	// Personal health plans and goals (#plans)
	//   stacked chart: What became of plans and goals
	// What changed, and how sure we can be (#change)
	//   interval chart: Change from assessment to review, in standard deviations of the change
	// Change by deprivation quintile and by setting (#groups)
	// Signposting, wider needs, work and housing (#wider)
	// Who is missing from the before-and-after figures (#missing)
	// Methods (#methods)
}
