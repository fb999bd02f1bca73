package wellbeing_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// Score a questionnaire that was filled in completely.
func Example() {
	r, err := wellbeing.WHO5().Score(wellbeing.Answers(2, 1, 2, 2, 3))
	if err != nil {
		fmt.Println(err)
		return
	}
	percent, _ := r.Score("percent")
	screen, _ := r.Flag("screen_le_50")
	fmt.Printf("%s, %s edition: %s of %s, %s\n", r.Instrument, r.Edition, percent.Value, percent.Max, percent.HigherIs)
	fmt.Println("screen further for depression:", screen)
	// Output:
	// WHO-5, 1998 edition: 40 of 100, higher is better
	// screen further for depression: true
}

// A half-filled questionnaire gives no score, but every reason at once. A blank is not a 0; nor is
// it the same as a refusal, or as an item that does not apply.
func Example_halfFilled() {
	r, err := wellbeing.WHO5().Score([]wellbeing.Response{
		wellbeing.Answer(3),
		{}, // left blank
		wellbeing.Answer(7),
		wellbeing.Refused(),
		wellbeing.NotApplicable(),
	})
	if e, ok := errors.AsType[wellbeing.ScoreError](err); ok {
		for _, reason := range e.Errs {
			fmt.Println(reason)
		}
	}
	if e, ok := errors.AsType[wellbeing.RangeError](err); ok {
		fmt.Println("ask again:", e.Item)
	}
	_, err = r.Score("percent")
	fmt.Println(err)
	// Output:
	// who5_2 is missing
	// who5_3 is out of range: got 7, want 0 to 5
	// who5_4 was refused
	// who5_5 is marked not applicable
	// ask again: who5_3
	// WHO-5: no percent: invalid
}

// Cells of a spreadsheet hold codes for "no answer", which have to be declared: nobody can score a
// 999 by accident.
func ExampleInstrument_ParseResponses() {
	who5 := wellbeing.WHO5()
	cells := []string{"3", "2", "999", "-9", ""}

	_, err := who5.ParseResponses(cells, wellbeing.Codes{})
	fmt.Println(err)

	responses, err := who5.ParseResponses(cells, wellbeing.Codes{
		Missing: []string{"999"},
		Refused: []string{"-9"},
	})
	fmt.Println(responses, err)
	// Output:
	// who5_3 is out of range: got 999, want 0 to 5
	// who5_4 is out of range: got -9, want 0 to 5
	// [3 2 missing refused missing] <nil>
}

// Answers that were stored one by one are put together by item, and have to be of one occasion.
func ExampleInstrument_Assemble() {
	_, err := wellbeing.WHO5().Assemble(
		wellbeing.ItemAnswer{Item: "who5_1", Occasion: "assessment", Response: wellbeing.Answer(3)},
		wellbeing.ItemAnswer{Item: "who5_2", Occasion: "review", Response: wellbeing.Answer(4)},
		wellbeing.ItemAnswer{Item: "who5_1", Occasion: "assessment", Response: wellbeing.Answer(2)},
	)
	fmt.Println(err)
	// Output:
	// who5_2 was answered on another occasion than the rest of the form
	// who5_1 is answered twice
}

// The owner of the WHO-5 published no rule on missing answers, so asking for one is an error. A
// limit of the caller's own is possible, and stays visible in the result.
func ExamplePolicy() {
	who5 := wellbeing.WHO5()
	oneBlank := []wellbeing.Response{
		wellbeing.Answer(3), {}, wellbeing.Answer(4), wellbeing.Answer(1), wellbeing.Answer(3),
	}

	_, err := who5.Score(oneBlank, wellbeing.OwnerRule)
	fmt.Println(err)

	r, err := who5.Score(oneBlank, wellbeing.MaxMissing(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	s, _ := r.Score("percent")
	fmt.Printf("%s %% from %d of %d items (%s)\n", s.Value, s.Answered, s.Items, r.Policy)
	// Output:
	// WHO-5: policy "owner's rule": the owner of the instrument published none that is known here
	// 55 % from 4 of 5 items (at most 1 missing)
}

// Did a client's wellbeing change? A rule is asked for by name, and says where it comes from.
func ExampleChangeRule_Judge() {
	who5 := wellbeing.WHO5()
	before, _ := who5.Score(wellbeing.Answers(2, 2, 2, 2, 2))
	after, _ := who5.Score(wellbeing.Answers(3, 3, 2, 3, 2))

	rule, err := who5.ChangeRule("topp-2015-10")
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := rule.Judge(before, after)
	fmt.Println(c.Before, "to", c.After, "is", c.Difference, "points:", c.Outcome, err)
	fmt.Println("smallest change that counts:", rule.Smallest)
	// Output:
	// 40 to 52 is 12 points: improved <nil>
	// smallest change that counts: 12
}

// Without a published rule, the reliable change index tells change from measurement error. Its
// figures come from the caller, with their source.
func ExampleInstrument_ReliableChange() {
	who5 := wellbeing.WHO5()
	rule, err := who5.ReliableChange("percent", wellbeing.Precision{
		SD: 20, Reliability: 0.85,
		Source: wellbeing.Source{Citation: "our own clients, 2024/25", Basis: wellbeing.SingleSource},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	before, _ := who5.Score(wellbeing.Answers(2, 2, 2, 2, 2))
	after, _ := who5.Score(wellbeing.Answers(3, 3, 2, 3, 2))
	c, _ := rule.Judge(before, after)
	fmt.Println("more than", rule.Threshold, "points counts:", c.Outcome)
	// Output:
	// more than 21.47033 points counts: no reliable change
}

// A rival screen, which rests on another reading of the form, is applied only on request.
func ExampleJudge() {
	r, err := wellbeing.WHO5().Score(
		wellbeing.Answers(5, 5, 5, 5, 1),
		wellbeing.Judge("screen_raw_lt_13_or_item_0_1"),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range r.Flags {
		fmt.Println(f.Name, f.Verdict)
	}
	// Output:
	// screen_le_50 not met
	// screen_le_28 not met
	// screen_raw_lt_13_or_item_0_1 met
}

// A batch uses one scorer and one result for every form.
func ExampleScorer_Score() {
	scorer, err := wellbeing.WHO5().Scorer()
	if err != nil {
		fmt.Println(err)
		return
	}
	var r wellbeing.Result
	for _, codes := range [][]int{{3, 2, 4, 1, 3}, {0, 0, 1, 0, 0}, {5, 5, 5, 5, 9}} {
		if err := scorer.Score(&r, wellbeing.Answers(codes...)); err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(r.Scores[1].Value)
	}
	// Output:
	// 52
	// 4
	// WHO-5: no score for raw, percent (complete only): who5_5 is out of range: got 9, want 0 to 5
}

// Rows of data that hold the five codes as small integers have a path of their own.
func ExampleWHO5Percent() {
	fmt.Println(wellbeing.WHO5Percent(3, 2, 4, 1, 3))
	fmt.Println(wellbeing.WHO5Percent(3, -1, 4, 1, 3)) // a missing answer
	// Output:
	// 52 true
	// 0 false
}

// A value is exact until it is rounded, once.
func ExampleValue() {
	v, err := wellbeing.ParseValue("340/13")
	if err != nil {
		fmt.Println(err)
		return
	}
	rounded, _ := v.Decimal(2)
	fmt.Println(v, rounded)

	metric, _ := wellbeing.ParseValue("7.00")
	text, _ := json.Marshal(metric)
	fmt.Println(string(text))
	// Output:
	// 340/13 26.15
	// "7.00"
}

// The instruments are data, from which documentation or a form can be made.
func ExampleInstrument_Definition() {
	d := wellbeing.WHO5().Definition()
	fmt.Printf("%s (%s), %d items, %s\n", d.Title, d.Edition, len(d.Items), d.Recall)
	for _, s := range d.Scales {
		fmt.Printf("%s: %s, %s to %s, %s\n", s.Name, s.Algorithm, s.Min, s.Max, s.HigherIs)
	}
	for _, c := range d.Cutoffs {
		fmt.Printf("%s: %s %s %s, %s (%s)\n", c.Name, c.Scale, c.Comparator, c.Threshold, c.Meaning, c.Source.Basis)
	}
	// Output:
	// WHO-5 Well-Being Index (1998), 5 items, last two weeks
	// raw: sum of the five items, 0 to 25, higher is better
	// percent: raw × 4, 0 to 100, higher is better
	// screen_le_50: percent <= 50, screen further for depression (verified)
	// screen_le_28: percent <= 28, likely depression (verified)
	// screen_raw_lt_13: raw < 13, screen further for depression (verified)
}

// The short Warwick-Edinburgh scale gives its raw total and the Rasch metric, always both: the metric
// is the one to report.
func ExampleSWEMWBS() {
	r, err := wellbeing.SWEMWBS().Score(wellbeing.Answers(3, 3, 3, 4, 3, 4, 3))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range r.Scores {
		fmt.Println(s.Scale, s.Value)
	}
	// Output:
	// raw 23
	// metric 20.73
}

// Three published values say how much change on the WEMWBS counts, and they disagree: a report has to
// name the one it uses.
func ExampleWEMWBS() {
	for _, name := range []string{"warwick-faq-3", "maheswaran-2012-8.6", "nhs-england-9"} {
		rule, err := wellbeing.WEMWBS().ChangeRule(name)
		if err != nil {
			fmt.Println(err)
			continue
		}
		c, err := rule.JudgeValues(wellbeing.Whole(40), wellbeing.Whole(48))
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Printf("%s (%s): %s\n", name, rule.Source.Basis, c.Outcome)
	}
	// Output:
	// warwick-faq-3 (single source): improved
	// maheswaran-2012-8.6 (verified): no reliable change
	// nhs-england-9 (single source): no reliable change
}

// An answer on self-harm shows even where the form is too incomplete for a score.
func ExamplePHQ9() {
	form := wellbeing.Answers(1, 0, 1, 0, 0, 0, 0, 0, 1)
	form[2] = wellbeing.Response{}

	r, err := wellbeing.PHQ9().Score(form)
	fmt.Println(err)
	danger, err := r.Flag("item9_flag")
	fmt.Println("ask about self-harm at once:", danger, err)
	// Output:
	// PHQ-9: no score for total (complete only): phq9_3 is missing
	// ask about self-harm at once: true <nil>
}

// A client who never drinks is rightly not asked the rest: what was skipped scores 0, and the result
// says how much was skipped.
func ExampleAUDIT() {
	form := make([]wellbeing.Response, 10)
	form[0], form[8], form[9] = wellbeing.Answer(0), wellbeing.Answer(0), wellbeing.Answer(2)

	r, err := wellbeing.AUDIT().Score(form)
	if err != nil {
		fmt.Println(err)
		return
	}
	s, _ := r.Score("total")
	band, _ := r.Band("uk_band")
	fmt.Printf("%s (%s), %d answered, %d skipped\n", s.Value, band, s.Answered, s.Skipped)
	// Output:
	// 2 (low), 3 answered, 7 skipped
}

// The owner of the CORE measures says how many items may be missing. The score is an exact fraction
// until it is rounded, and a scale of which too much is missing gets none.
func ExampleCOREOM() {
	form := make([]wellbeing.Response, 34)
	for i := range form {
		form[i] = wellbeing.Answer(i % 5)
	}
	form[5] = wellbeing.Response{} // item 6, on risk

	r, err := wellbeing.COREOM().Score(form, wellbeing.OwnerRule)
	fmt.Println(err)
	all, _ := r.Score("all")
	rounded, _ := all.Value.Decimal(1)
	fmt.Println(all.Value, "or about", rounded, "from", all.Answered, "of", all.Items, "items")
	// Output:
	// CORE-OM: no score for R (owner's rule): core_om_6 is missing
	// 760/33 or about 23 from 33 of 34 items
}

// The codes of the Kessler scale count from 0 or from 1, so the caller has to say which.
func ExampleK10() {
	k10, err := wellbeing.K10(wellbeing.From1)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := k10.Score(wellbeing.Answers(2, 3, 1, 2, 3, 1, 3, 2, 2, 1))
	if err != nil {
		fmt.Println(err)
		return
	}
	one, _ := r.Score("k10_1to5")
	zero, _ := r.Score("k10_0to4")
	band, _ := r.Band("abs_band")
	fmt.Println(one.Value, zero.Value, band)
	// Output: 20 10 moderate
}

// An EQ-5D index has no meaning without the name of its value set.
func ExampleEQ5D5L() {
	for _, set := range []wellbeing.ValueSet{wellbeing.UKRowen2026, wellbeing.EnglandDevlin2018, wellbeing.UKCrosswalkVanHout2012} {
		eq5d, err := wellbeing.EQ5D5L(set)
		if err != nil {
			fmt.Println(err)
			return
		}
		r, err := eq5d.Score(wellbeing.Answers(2, 1, 2, 3, 2))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(r.Scores[0].Value, r.ValueSet)
	}
	// Output:
	// 0.812 UK Rowen 2026
	// 0.73 England Devlin 2018
	// 0.654 UK crosswalk van Hout 2012
}

// What rests on memory alone is off until it is allowed, and then says so.
func ExampleAllowUnverified() {
	swemwbs := wellbeing.SWEMWBS()
	form := wellbeing.Answers(3, 3, 3, 3, 3, 3, 3)

	_, err := swemwbs.Score(form, wellbeing.Judge("norm_band"))
	fmt.Println(err)

	r, err := swemwbs.Score(form, wellbeing.Judge("norm_band"), wellbeing.AllowUnverified())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Bands[0].Label, "-", r.Bands[0].Source.Basis)
	// Output:
	// SWEMWBS-7: norm_band rests on memory alone: AllowUnverified turns it on
	// low - remembered
}

// Millions of forms are scored column by column.
func ExampleScoreColumns() {
	scorer, err := wellbeing.WHO5().Scorer()
	if err != nil {
		fmt.Println(err)
		return
	}
	percent := make([]wellbeing.Value, 3)
	tally, err := wellbeing.ScoreColumns(scorer, "percent", percent,
		[]int8{3, 0, 5},
		[]int8{2, 0, -1}, // a negative number is no answer
		[]int8{4, 1, 5},
		[]int8{1, 0, 5},
		[]int8{3, 0, 5},
	)
	fmt.Printf("%q %+v %v\n", percent, tally, err)
	// Output: ["52" "4" ""] {Scored:2 Incomplete:1 Invalid:0 Excluded:0} <nil>
}

// A score that its owner alone may compute travels under its own name, and says where it comes from.
func ExampleExternal() {
	r, err := wellbeing.External{
		Instrument: "Outcomes Star", Scale: "living skills",
		Value: wellbeing.Whole(6), Min: wellbeing.Whole(1), Max: wellbeing.Whole(10),
		HigherIs: wellbeing.HigherIsBetter, Provenance: "Star Online, export", Basis: wellbeing.SingleSource,
	}.Result()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Instrument, r.Scores[0].Value, r.Policy, "-", r.Provenance)
	// Output: Outcomes Star 6 decided elsewhere - Star Online, export
}

// Every instrument is to be had by name.
func ExampleInstruments() {
	for in := range wellbeing.Instruments() {
		fmt.Println(in.Name(), in.Len())
	}
	// Output:
	// WHO-5 5
	// WEMWBS-14 14
	// SWEMWBS-7 7
	// GSE-10 10
	// ONS4 4
	// SelfRatedHealth100 1
	// ImportanceRuler 1
	// ConfidenceRuler 1
	// ReadinessRuler 1
	// GBO 1
	// PHQ-9 9
	// PHQ-2 2
	// GAD-7 7
	// GAD-2 2
	// GHQ-12 12
	// AUDIT 10
	// AUDIT-C 3
	// FAST 4
	// CORE-10 10
	// CORE-OM 34
	// K10 10
	// K10 0-4 10
	// K6 6
	// K6 1-5 6
	// FTND 6
	// HSI 2
	// UCLA-3 3
	// DJG-6 6
	// LSNS-6 6
	// RSES 10
	// RSES 1-4 10
	// SWLS 5
	// PSS-10 10
	// PSS-4 4
	// ReQoL-10 10
	// RAND-36 36
	// IPAQ-short 6
	// EQ-5D-3L UK MVH-A1 5
	// EQ-5D-5L UK Rowen 2026 5
	// EQ-5D-5L England Devlin 2018 5
	// EQ-5D-5L->3L UK crosswalk van Hout 2012 5
}

// Recovery, as NHS Talking Therapies counts it, is a reliable improvement that ends below caseness.
func ExampleChange_Recovery() {
	phq9 := wellbeing.PHQ9()
	before, _ := phq9.Score(wellbeing.Answers(3, 2, 2, 2, 1, 2, 2, 1, 0))
	after, _ := phq9.Score(wellbeing.Answers(1, 1, 1, 1, 1, 1, 1, 0, 0))

	rule, err := phq9.ChangeRule("talking-therapies-6")
	if err != nil {
		fmt.Println(err)
		return
	}
	caseness, err := phq9.Cutoff("talking_therapies_case_ge10")
	if err != nil {
		fmt.Println(err)
		return
	}
	change, err := rule.Judge(before, after)
	if err != nil {
		fmt.Println(err)
		return
	}
	recovery, err := change.Recovery(caseness)
	fmt.Println(change.Before, "to", change.After, "is", recovery, err)
	// Output: 15 to 7 is recovered <nil>
}

// A result is stored as JSON, in a file or in a database column, and comes back with every decimal
// place.
func ExampleResult() {
	r, err := wellbeing.SelfRatedHealth100().Score(wellbeing.Answers(65))
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := json.MarshalIndent(r, "", "  ")
	fmt.Println(string(b), err)
	// Output:
	// {
	//   "instrument": "SelfRatedHealth100",
	//   "edition": "plain item",
	//   "policy": "complete only",
	//   "basis": "verified",
	//   "scores": [
	//     {
	//       "scale": "health",
	//       "value": "65",
	//       "higher_is": "higher is better",
	//       "min": "0",
	//       "max": "100",
	//       "answered": 1,
	//       "items": 1,
	//       "basis": "verified"
	//     }
	//   ]
	// } <nil>
}

// The goals of a personal health plan, rated from −2 to +2 and weighted by what matters most to the
// client, give one T score: 50 is attainment as expected.
func ExampleGoalAttainment() {
	t, err := wellbeing.GoalAttainment(
		wellbeing.GoalRating{Attained: wellbeing.Answer(2), Weight: 3},
		wellbeing.GoalRating{Attained: wellbeing.Answer(-1), Weight: 2},
		wellbeing.GoalRating{Attained: wellbeing.Answer(0), Weight: 1},
	)
	rounded, _ := t.Decimal(1)
	fmt.Println(rounded, err)

	_, err = wellbeing.GoalAttainment(wellbeing.GoalRating{Attained: wellbeing.Answer(1)}, wellbeing.GoalRating{})
	fmt.Println(err)
	// Output:
	// 58.8 <nil>
	// goal 2 is missing
}
