package synthetic_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/healthtrainer/healthtrainer/examples/internal/synthetic"
)

// justice are the settings in criminal justice.
var justice = []string{"prison", "probation", "approved_premises"}

// TestCalibration measures on an extract, read by encoding/csv, the figures that
// the package documentation names. The tolerances allow for the drawing of
// 60,000 rows and for what each figure's own source leaves open.
func TestCalibration(t *testing.T) {
	data, _ := generate(t, synthetic.Extract{Rows: 60_000, Seed: 11})
	all := readRecords(t, data)
	having := func(field string) []record {
		return where(all, func(r record) bool { return r.at(field) != "" })
	}
	seen, issues := having("first_contact_date"), having("primary_issue")
	community := where(having("setting"), func(r record) bool { return !slices.Contains(justice, r.at("setting")) })
	// Those referred in the last half-year may yet set a plan.
	mature := where(all, func(r record) bool { return r.at("referral_date") < "2024-07-01" })
	closed := where(having("plan_date"), func(r record) bool { return r.at("plan_status") != "open" })
	ethnic := func(rs []record, codes string) []record {
		return where(rs, func(r record) bool {
			return len(r.at("ethnic_category")) == 1 && strings.Contains(codes, r.at("ethnic_category"))
		})
	}
	fifths := func(rs []record, quintiles string) []record {
		return where(rs, func(r record) bool {
			return r.at("imd_quintile") != "" && strings.Contains(quintiles, r.at("imd_quintile"))
		})
	}
	planned := func(r record) bool { return r.at("plan_date") != "" }
	bothEnds := func(r record) bool { return r.at("fruit_veg_pre") != "" && r.at("fruit_veg_post") != "" }
	is := func(field, value string) func(record) bool {
		return func(r record) bool { return r.at(field) == value }
	}
	bmi := pairs(all, "bmi")
	who5 := pairs(all, "who5_percent")
	moderate := pairs(all, "activity_moderate")

	for _, c := range []struct {
		figure, source string
		got            float64
		target, within float64
	}{
		{"two most deprived quintiles", "GARD-ABS", share(fifths(all, "12345"), func(r record) bool { return r.at("imd_quintile") < "3" }), 69, 1.5},
		{"women", "JECH", share(all, is("gender", "2")), 59, 1.5},
		{"women in the community", "GOVINT", share(community, is("gender", "2")), 66, 2},
		{"White British", "JECH", share(all, is("ethnic_category", "A")), 74, 2},
		{"not registered with a GP", "HTE-OUT 7, JECH 10", share(all, is("gp_practice_code", "V81997")), 8.5, 1.5},
		{"primary issue recorded, of those seen", "JECH", share(seen, func(r record) bool { return r.at("primary_issue") != "" }), 51.3, 2},
		{"diet", "GOVINT", share(issues, is("primary_issue", "diet")), 63, 1.5},
		{"exercise", "GOVINT", share(issues, is("primary_issue", "exercise")), 19, 1.5},
		{"local issue", "GOVINT", share(issues, is("primary_issue", "local")), 8, 1},
		{"trainers in quintile 1", "GOVINT", share(having("trainer_imd_quintile"), is("trainer_imd_quintile", "1")), 34, 2},
		{"trainers in quintile 2", "GOVINT", share(having("trainer_imd_quintile"), is("trainer_imd_quintile", "2")), 22, 2},
		{"plan: White", "GARD-SL", share(ethnic(mature, "ABC"), planned), 35, 2},
		{"plan: Asian", "GARD-SL", share(ethnic(mature, "HJKL"), planned), 30, 2.5},
		{"plan: Black", "GARD-SL", share(ethnic(mature, "MNP"), planned), 25, 3},
		{"plan: least deprived", "GARD-SL", share(fifths(mature, "5"), planned), 42, 3},
		{"plan: other quintiles", "GARD-SL about 36, under White's 35", share(fifths(mature, "1234"), planned), 35, 2},
		{"plan achieved", "HTE-OUT", share(closed, is("plan_status", "achieved")), 47, 1.5},
		{"plan part achieved", "HTE-OUT", share(closed, is("plan_status", "part_achieved")), 23, 1.5},
		{"both ends: White", "GARD-SL", share(ethnic(closed, "ABC"), bothEnds), 35, 2.5},
		{"both ends: Asian", "GARD-SL", share(ethnic(closed, "HJKL"), bothEnds), 30, 3.5},
		{"both ends: Black", "GARD-SL", share(ethnic(closed, "MNP"), bothEnds), 27, 4.5},
		{"both ends: least deprived", "GARD-SL", share(fifths(closed, "5"), bothEnds), 45, 4},
		{"both ends: other quintiles", "GARD-SL about 29, under White's 35", share(fifths(closed, "1234"), bothEnds), 31.5, 2},
		{"BMI before", "GARD-ABS", bmi.pre, 34.03, 0.3},
		{"BMI after", "GARD-ABS", bmi.post, 32.26, 0.3},
		{"BMI down by", "GARD-ABS", bmi.pre - bmi.post, 1.77, 0.1},
		{"overweight or obese before", "GARD-ABS", share(having("bmi_pre"), func(r record) bool { return r.number("bmi_pre") >= 25 }), 94.7, 1.5},
		{"fruit and vegetables, change", "HTE-OUT 54, RSPH13 57", pairs(all, "fruit_veg").change(), 55.5, 2.5},
		{"fried snacks, change", "HTE-OUT -58, RSPH13 -53", pairs(all, "fried_snacks").change(), -55.5, 2.5},
		{"confidence in quintile 1, change", "GOVINT", pairs(fifths(all, "1"), "confidence").change(), 25, 2.5},
		{"confidence in quintile 2, change", "GOVINT", pairs(fifths(all, "2"), "confidence").change(), 41, 3},
		{"more moderate activity", "JENN", 100 * moderate.up, 68, 2},
		{"weeks from plan to review, median", "JENN", medianWeeks(having("review_date")), 21, 1},
		{"signposting to stop smoking", "HTE-OUT", stopSmoking(all), 24, 1.5},
		{"diet maintained", "RSPH13", maintained(all, "diet"), 65, 2},
		{"exercise maintained", "RSPH13", maintained(all, "exercise"), 53, 3},
		{"WHO-5 before", "own", who5.pre, 45, 1.5},
		{"WHO-5 after", "own", who5.post, 58, 1.5},
	} {
		if !(math.Abs(c.got-c.target) <= c.within) {
			t.Errorf("%s (%s): %.2f, want %.2f give or take %.2f", c.figure, c.source, c.got, c.target, c.within)
		}
	}
}

func where(rs []record, holds func(record) bool) []record {
	var out []record
	for _, r := range rs {
		if holds(r) {
			out = append(out, r)
		}
	}
	return out
}

// share is in per cent.
func share(rs []record, holds func(record) bool) float64 {
	return 100 * float64(len(where(rs, holds))) / float64(len(rs))
}

type means struct{ pre, post, up float64 }

func (m means) change() float64 { return 100 * (m.post/m.pre - 1) }

// pairs are the means of a measure over the records with both, and the share in
// which it rose.
func pairs(rs []record, measure string) means {
	var m means
	n := 0.0
	for _, r := range rs {
		pre, post := r.number(measure+"_pre"), r.number(measure+"_post")
		if math.IsNaN(pre) || math.IsNaN(post) {
			continue
		}
		n++
		m.pre += pre
		m.post += post
		if post > pre {
			m.up++
		}
	}
	return means{m.pre / n, m.post / n, m.up / n}
}

func medianWeeks(rs []record) float64 {
	var days []int
	for _, r := range rs {
		days = append(days, r.date("plan_date").DaysUntil(r.date("review_date")))
	}
	slices.Sort(days)
	return float64(days[len(days)/2]) / 7
}

func stopSmoking(rs []record) float64 {
	all, stop := 0.0, 0.0
	for _, r := range rs {
		for code := range strings.SplitSeq(r.at("signposted_to"), ";") {
			if code != "" {
				all++
			}
			if code == "stop_smoking" {
				stop++
			}
		}
	}
	return 100 * stop / all
}

// maintained is the share of the follow-ups held on a first goal that say yes.
func maintained(rs []record, issue string) float64 {
	held, yes := 0.0, 0.0
	for _, r := range rs {
		if r.at("goal_1_issue") != issue {
			continue
		}
		for _, months := range []string{"3", "6", "12"} {
			switch r.at("followup_" + months + "m_maintained") {
			case "yes":
				yes++
				held++
			case "part", "no":
				held++
			}
		}
	}
	return 100 * yes / held
}
