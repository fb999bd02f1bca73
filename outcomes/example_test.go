package outcomes_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

// WHO-5 scores of ten clients at their first session and at their review.
var (
	first  = []float64{28, 36, 44, 52, 20, 60, 48, 32, 40, 56}
	review = []float64{44, 40, 56, 64, 24, 60, 72, 52, 36, 68}
)

// The change is reported with its interval, not with a p-value alone.
func Example() {
	t, err := outcomes.PairedT(first, review)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s, n = %d: %+.1f points (95 %% CI %.1f to %.1f)\n", t.Method, t.N, t.Estimate, t.CI.Low, t.CI.High)
	// Output: paired t test, n = 10: +10.0 points (95 % CI 3.6 to 16.4)
}

// An accumulator takes whole thousandths, one client at a time, and counts those who were not measured
// again. Shards merge in any order to the same bits.
func ExamplePaired() {
	var north, south outcomes.Paired
	north.Add(92_500, 89_100) // kilograms, in thousandths
	north.Add(104_000, 103_200)
	north.AddPre(118_300) // never weighed again
	south.Add(78_900, 78_900)
	south.Add(97_600, 92_000)

	service := north
	service.Merge(south)
	t, err := service.T()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("weighed twice %d, once %d: %.2f kg (%.2f to %.2f)\n",
		service.Both, service.PreOnly, t.Estimate, t.CI.Low, t.CI.High)
	// Output: weighed twice 4, once 1: -2.45 kg (-6.51 to 1.61)
}

// Thousandths come from a float, or from a decimal number without passing through one.
func ExampleThousandths() {
	a, _ := outcomes.Thousandths(34.03)
	b, _ := outcomes.ThousandthsOf(3403, -2)
	fmt.Println(a, b)
	// Output: 34030 34030
}

// The result names what was done: here ties and a zero rule the exact distribution out, as they do in R.
func ExampleSignedRank() {
	r, err := outcomes.SignedRank(first, review)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Method)
	fmt.Printf("V = %v, p = %.4f; %d zero dropped; exact refused: %s\n", r.V, r.P, r.Zeros, r.ExactRefused)

	// Permutation goes on where R stops: exact, given the ranks that were observed.
	r, err = outcomes.SignedRank(first, review, outcomes.Permutation())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s: p = %.4f\n", r.Method, r.P)
	// Output:
	// Wilcoxon signed rank test, normal approximation with continuity correction
	// V = 43, p = 0.0170; 1 zero dropped; exact refused: ties and zeros
	// Wilcoxon signed rank permutation test: p = 0.0156
}

// Effect sizes differ in what they divide by; each says so.
func ExamplePairSummary() {
	s, err := outcomes.SummarisePairs(first, review)
	if err != nil {
		fmt.Println(err)
		return
	}
	dz, _ := s.DZ()
	dav, _ := s.DAv()
	for _, e := range []outcomes.EffectResult{dz, dav} {
		fmt.Printf("%s: %.2f (%.2f to %.2f)\n", e.Definition, e.Estimate, e.CI.Low, e.CI.High)
	}
	// Output:
	// Cohen's dz: mean difference / SD of differences: 1.12 (0.30 to 1.91)
	// Cohen's dav: mean difference / mean of the two SDs: 0.71 (-0.00 to 1.39)
}

// A published interval gives back its SD: fruit and vegetables +2.4 portions a day, 95 % CI 2.1 to 2.7,
// n = 248 (Jennings and others).
func ExampleSummary() {
	unit, _ := outcomes.Summary{N: 248, SD: 1}.T()
	sd := (2.7 - 2.1) / (unit.CI.High - unit.CI.Low)
	t, _ := outcomes.Summary{N: 248, Mean: 2.4, SD: sd}.T()
	fmt.Printf("SD %.2f, t = %.1f, p = %.0e\n", sd, t.T, t.P)
	// Output: SD 2.40, t = 15.8, p = 3e-39
}

// How many of those with a closed plan achieved it, with those who were lost in the denominator.
func ExampleWilson() {
	p, err := outcomes.Wilson(115, 248)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d of %d: %.0f %% (%.0f to %.0f), %s\n", p.X, p.N, 100*p.Estimate, 100*p.CI.Low, 100*p.CI.High, p.Method)
	// Output: 115 of 248: 46 % (40 to 53), Wilson score interval
}

// Who smoked before and after.
func ExamplePairedBinary() {
	smoker := outcomes.PairedBinary{YesYes: 41, YesNo: 19, NoYes: 5, NoNo: 85}
	test, _ := smoker.McNemar(outcomes.MidP())
	diff, _ := smoker.Difference()
	fmt.Printf("%s: p = %.4f\n", test.Method, test.P)
	fmt.Printf("%+.1f points (%.1f to %.1f)\n", 100*diff.Estimate, 100*diff.CI.Low, 100*diff.CI.High)
	// Output:
	// McNemar's test, mid-p: p = 0.0041
	// -9.3 points (-15.6 to -3.0)
}

// Everyone who reached a stage has reached those before it; who left says why.
func ExampleFunnel() {
	f := outcomes.NewFunnel("referred", "assessed", "plan agreed", "plan closed")
	_ = f.Add(3)
	_ = f.Add(3)
	_ = f.Add(1) // still waiting for a plan
	_ = f.AddLeft(1, "moved away")
	_ = f.AddLeft(0, "declined")
	for _, s := range f.Stages {
		fmt.Println(s.Name, s.Reached, s.Left)
	}
	p, _ := f.Retained(0, 3)
	fmt.Printf("%.0f %% of %d closed a plan\n", 100*p.Estimate, p.N)
	// Output:
	// referred 5 map[declined:1]
	// assessed 4 map[moved away:1]
	// plan agreed 2 map[]
	// plan closed 2 map[]
	// 40 % of 5 closed a plan
}

// A report prints what the data do not allow, and goes on.
func Example_notComputable() {
	_, err := outcomes.PairedT([]float64{21.5}, []float64{20.9})
	fmt.Println(errors.Is(err, outcomes.ErrNotComputable))
	if e, ok := errors.AsType[outcomes.SizeError](err); ok {
		fmt.Printf("%s: n = %d\n", e.Statistic, e.N)
	}
	// Output:
	// true
	// paired summary: n = 1
}

// Results are JSON with their definitions.
func ExampleInterval() {
	p, _ := outcomes.Wilson(8, 10, outcomes.Alternative(outcomes.Greater), outcomes.Confidence(0.9))
	b, _ := json.Marshal(p.CI)
	fmt.Println(string(b))
	// Output: {"level":0.9,"low":0.6015960115342781,"high":1,"method":"Wilson score interval"}
}

// Two groups: those who came to the review against those who were lost, by their first score.
func ExampleSummary_StandardisedDifference() {
	in := outcomes.Summary{N: 310, Mean: 47.2, SD: 18.4}
	lost := outcomes.Summary{N: 172, Mean: 43.9, SD: 19.6}
	d, _ := in.StandardisedDifference(lost)
	fmt.Printf("%s: %.2f\n", d.Method, d.Estimate)
	// Output: standardised difference of means: 0.17
}

// Who recovered on the PHQ-9: a case at 10 and above, with an SD and a reliability that the evaluator takes
// from the instrument's literature.
func ExampleClinicalChange() {
	pre := []float64{18, 14, 12, 9, 21, 11, 16, 8}
	post := []float64{7, 11, 4, 10, 13, 9, 22, 2}
	r, err := outcomes.ClinicalChange(pre, post, outcomes.ClinicalRule{
		CutOff: 10, LowerIsBetter: true, SDPre: 5.5, Reliability: 0.85,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("a change of more than %.1f points is reliable\n", r.Threshold)
	fmt.Printf("recovered %d of %d cases; improved %d, unchanged %d, deteriorated %d\n",
		r.Recovered, r.Cases, r.Improved, r.Unchanged, r.Deteriorated)
	// Output:
	// a change of more than 5.9 points is reliable
	// recovered 2 of 6 cases; improved 2, unchanged 3, deteriorated 1
}

// The chance that somebody scores higher after than before.
func ExampleCommonLanguage() {
	r, err := outcomes.CommonLanguage(first, review)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d up, %d the same, %d down: %.2f (%.2f to %.2f)\n", r.Higher, r.Equal, r.Lower, r.Estimate, r.CI.Low, r.CI.High)
	// Output: 8 up, 1 the same, 1 down: 0.85 (0.56 to 0.96)
}

// Four of twelve clients were not seen again. Their review scores are drawn 50 times over from the regression
// of review on first score; the mean change of each completed table is pooled.
func ExampleImpute() {
	var rows [][]float64
	var missing [][]bool
	for i := range first {
		rows, missing = append(rows, []float64{first[i], review[i]}), append(missing, nil)
	}
	for _, pre := range []float64{24, 30, 52, 64} {
		rows, missing = append(rows, []float64{pre, 0}), append(missing, []bool{false, true})
	}
	im, err := outcomes.Impute([]string{"first", "review"}, rows, missing, outcomes.NormalImputation, 50, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	var estimates, errs []float64
	for _, table := range im.All() {
		pre, post := make([]float64, len(table)), make([]float64, len(table))
		for i, row := range table {
			pre[i], post[i] = row[0], row[1]
		}
		t, _ := outcomes.PairedT(pre, post)
		estimates, errs = append(estimates, t.Estimate), append(errs, t.SE)
	}
	p, err := outcomes.Pool(estimates, errs, float64(len(rows)-1))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(im.Method)
	fmt.Printf("between 5 and 15 points: %t; some information is missing: %t\n", p.Estimate > 5 && p.Estimate < 15, p.FMI > 0.1)
	// Output:
	// multiple imputation by chained equations, Bayesian normal linear regression
	// between 5 and 15 points: true; some information is missing: true
}

// What was done where nobody knows: the ends of the WHO-5 bound what the loss can do.
func ExampleExtremeCases() {
	pre := append([]float64{24, 52}, first...)
	post := append([]float64{0, 0}, review...)
	missing := make([]bool, len(pre))
	missing[0], missing[1] = true, true
	r, err := outcomes.ExtremeCases(pre, post, missing, 0, 100)
	if err != nil {
		fmt.Println(err)
		return
	}
	carried, _ := outcomes.BaselineCarriedForward(pre, post, missing)
	fmt.Printf("from %+.1f to %+.1f; baseline carried forward %+.1f\n", r.Worst.T.Estimate, r.Best.T.Estimate, carried.T.Estimate)
	// Output: from +2.0 to +18.7; baseline carried forward +8.3
}

// The EQ-5D index at the start, after three months and after a year.
func ExampleQALYs() {
	q, err := outcomes.QALYs([]float64{0, 91, 365}, []float64{0.62, 0.71, 0.69}, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f QALYs over %v days, %s\n", q.QALYs, q.Days, q.Method)
	// Output: 0.691 QALYs over 365 days, area under the curve, trapezium rule, years of 365.25 days
}

// A service against a comparator that has a name. A negative ratio is never printed: the quadrant says it.
func ExampleCostEffectiveness() {
	service := outcomes.Arm{
		Name:  "health trainers",
		Costs: []float64{210, 340, 180, 260, 305, 190, 275, 240}, Effects: []float64{0.05, 0.09, 0.02, 0.06, 0.08, 0.01, 0.07, 0.04},
	}
	comparator := outcomes.Arm{
		Name:  "leaflet",
		Costs: []float64{20, 25, 18, 30, 22, 24, 19, 26}, Effects: []float64{0.01, 0.03, 0, 0.02, 0.04, -0.01, 0.02, 0.01},
	}
	r, err := outcomes.CostEffectiveness(service, comparator, 1000, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	n, _ := outcomes.NetMonetaryBenefit(service, comparator, 20_000)
	fmt.Printf("%s against %s: %s\n", r.Service, r.Comparator, r.Quadrant)
	fmt.Printf("£%.0f a QALY; net benefit at £20,000: £%.0f (%.0f to %.0f)\n", *r.ICER, n.Estimate, n.Welch.CI.Low, n.Welch.CI.High)
	// Output:
	// health trainers against leaflet: more effective at a higher cost
	// £6053 a QALY; net benefit at £20,000: £523 (58 to 988)
}
