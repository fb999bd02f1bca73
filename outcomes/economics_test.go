package outcomes_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

func TestQALYsAgainstR(t *testing.T) {
	for _, set := range load(t, "economics.json").get("qalys").list() {
		name := set.get("name").str()
		got, err := outcomes.QALYs(set.get("days").nums(), set.get("utilities").nums(), set.get("rate").num())
		require.NoError(t, err, name)
		near(t, set.get("undiscounted").num(), got.Undiscounted, 1e-13, name)
		near(t, set.get("qalys").num(), got.QALYs, 1e-12, name)
	}
}

func TestQALYLaws(t *testing.T) {
	full, err := outcomes.QALYs([]float64{0, 365.25}, []float64{1, 1}, 0)
	require.NoError(t, err)
	require.Equal(t, 1.0, full.QALYs, "a year in full health is one QALY")
	year, err := outcomes.QALYs([]float64{0, 365.25}, []float64{1, 1}, 0.035)
	require.NoError(t, err)
	near(t, 0.035/1.035/math.Log(1.035), year.QALYs, 1e-14, "the integral of 1.035^−t over a year")
	r := rand.New(rand.NewPCG(8, 8))
	for range 200 {
		days, u := []float64{0}, []float64{1 - r.Float64()*1.5}
		for range 1 + r.IntN(6) {
			days = append(days, days[len(days)-1]+1+float64(r.IntN(400)))
			u = append(u, 1-r.Float64()*1.5)
		}
		rate := 0.1 * r.Float64() * r.Float64()
		whole, err := outcomes.QALYs(days, u, rate)
		require.NoError(t, err)
		// A point on the line changes nothing.
		at := 1 + r.IntN(len(days)-1)
		mid := (days[at] + days[at-1]) / 2
		d2 := append(append(append([]float64{}, days[:at]...), mid), days[at:]...)
		u2 := append(append(append([]float64{}, u[:at]...), (u[at]+u[at-1])/2), u[at:]...)
		split, err := outcomes.QALYs(d2, u2, rate)
		require.NoError(t, err)
		require.InDelta(t, whole.QALYs, split.QALYs, 1e-12)
	}
	for why, f := range map[string]func() (outcomes.QALYResult, error){
		"one point":        func() (outcomes.QALYResult, error) { return outcomes.QALYs([]float64{0}, []float64{1}, 0) },
		"days do not rise": func() (outcomes.QALYResult, error) { return outcomes.QALYs([]float64{0, 9, 9}, []float64{1, 1, 1}, 0) },
		"a day before 0":   func() (outcomes.QALYResult, error) { return outcomes.QALYs([]float64{-1, 9}, []float64{1, 1}, 0) },
		"a utility missing": func() (outcomes.QALYResult, error) {
			return outcomes.QALYs([]float64{0, 9}, []float64{1, math.NaN()}, 0)
		},
	} {
		_, err := f()
		require.ErrorIs(t, err, outcomes.ErrNotComputable, why)
	}
	for why, f := range map[string]func() (outcomes.QALYResult, error){
		"a utility above 1": func() (outcomes.QALYResult, error) { return outcomes.QALYs([]float64{0, 9}, []float64{1, 70}, 0) },
		"a rate in percent": func() (outcomes.QALYResult, error) { return outcomes.QALYs([]float64{0, 9}, []float64{1, 1}, 3.5) },
		"a negative rate":   func() (outcomes.QALYResult, error) { return outcomes.QALYs([]float64{0, 9}, []float64{1, 1}, -0.01) },
	} {
		_, err := f()
		require.ErrorAs(t, err, new(outcomes.RangeError), why)
	}
}

func TestCostPerGoalAgainstR(t *testing.T) {
	for _, set := range load(t, "economics.json").get("cost_per_goal").list() {
		name := set.get("name").str()
		got, err := outcomes.CostPerGoal(set.get("costs").nums(), set.get("goals").ints())
		require.NoError(t, err, name)
		near(t, set.get("estimate").num(), got.Estimate, 1e-13, name)
		if !set.get("ci").ok() {
			require.Nil(t, got.CI, name)
			continue
		}
		nearPair(t, set.get("ci"), *got.CI, 1e-11, name)
	}
	// The interval scales with the currency, also where squares of the costs would overflow or vanish.
	costs, goals := []float64{120, 80, 310, 55, 190}, []int64{1, 2, 1, 3, 2}
	plain, err := outcomes.CostPerGoal(costs, goals)
	require.NoError(t, err)
	for _, unit := range []float64{0x1p-1060, 0x1p-600, 0x1p600, 0x1p1013} {
		other := make([]float64, len(costs))
		for i, c := range costs {
			other[i] = c * unit
		}
		got, err := outcomes.CostPerGoal(other, goals)
		require.NoError(t, err, "%v", unit)
		near(t, plain.CI.Low, got.CI.Low/unit, 1e-5, "low") // as much as is left of the smallest numbers
		near(t, plain.CI.High, got.CI.High/unit, 1e-5, "high")
	}
	_, err = outcomes.CostPerGoal([]float64{10, 20}, []int64{0, 0})
	require.ErrorIs(t, err, outcomes.ErrNotComputable, "no goal: not an infinite price")
	_, err = outcomes.CostPerGoal([]float64{10, 20}, []int64{1, -1})
	require.ErrorAs(t, err, new(outcomes.RangeError))
	_, err = outcomes.CostPerGoal([]float64{10}, []int64{1})
	require.ErrorIs(t, err, outcomes.ErrNotComputable)
	_, err = outcomes.CostPerGoal([]float64{10, 20}, []int64{1})
	require.ErrorAs(t, err, new(outcomes.LengthError))
}

func arms(set node) (service, comparator outcomes.Arm) {
	read := func(key, name string) outcomes.Arm {
		return outcomes.Arm{Name: name, Costs: set.get(key, "costs").nums(), Effects: set.get(key, "effects").nums()}
	}
	return read("service", "health trainers"), read("comparator", "usual care")
}

// Exact figures to 1e-10; what rests on resampling to four standard errors of both resamplings.
func TestCostEffectivenessAgainstR(t *testing.T) {
	want := map[string]outcomes.Quadrant{
		"dearer_better": outcomes.MoreForMore, "dominant": outcomes.Dominant, "dominated": outcomes.Dominated, "cheaper_worse": outcomes.LessForLess,
	}
	const resamples, rResamples = 5000, 20000
	for _, set := range load(t, "economics.json").get("compare").list() {
		name := set.get("name").str()
		service, comparator := arms(set)
		got, err := outcomes.CostEffectiveness(service, comparator, resamples, 1)
		require.NoError(t, err, name)
		near(t, set.get("cost").num(), got.Difference.Cost, 1e-11, name)
		near(t, set.get("effect").num(), got.Difference.Effect, 1e-11, name)
		require.Equal(t, want[name], got.Quadrant, name)
		if name == "dominant" || name == "dominated" {
			require.Nil(t, got.ICER, "a ratio means nothing in this quadrant")
			require.Nil(t, got.CI)
		} else {
			near(t, set.get("icer").num(), *got.ICER, 1e-10, name)
		}
		if name == "cheaper_worse" {
			require.NotNil(t, got.CI, "the whole cloud lies in one quadrant")
			require.Less(t, got.CI.Low, *got.ICER)
			require.Greater(t, got.CI.High, *got.ICER)
		}
		total, share := 0, 0.0
		for _, q := range got.Quadrants {
			total += q.Count
			share += q.Share
		}
		require.Equal(t, resamples, total, name)
		require.InDelta(t, 1, share, 1e-12)

		curve, err := got.Acceptability(set.get("lambdas").nums()...)
		require.NoError(t, err)
		for i, p := range set.get("acceptability").nums() {
			tol := 4*math.Sqrt(p*(1-p)*(1.0/resamples+1.0/rResamples)) + 1e-3
			require.InDelta(t, p, curve[i].Probability, tol, "%s at %v", name, curve[i].Threshold)
		}

		lambda := set.get("lambda").num()
		net, err := outcomes.NetMonetaryBenefit(service, comparator, lambda)
		require.NoError(t, err)
		near(t, set.get("nmb").num(), net.Estimate, 1e-10, name)
		nearPair(t, set.get("nmb_ci"), net.Welch.CI, 1e-10, name)
		near(t, set.get("nmb_p").num(), net.Welch.P, 1e-9, name)
		ci, err := got.NetMonetaryBenefitInterval(lambda)
		require.NoError(t, err)
		for i, v := range []float64{ci.Low, ci.High} {
			require.InDelta(t, set.get("nmb_percentile").nums()[i], v, 0.15*net.Welch.SE, name)
		}
		require.InDelta(t, lambda*got.Difference.Effect-got.Difference.Cost, net.Estimate, 1e-9*math.Abs(net.Estimate), "the same difference seen twice")

		again, err := outcomes.CostEffectiveness(service, comparator, resamples, 1)
		require.NoError(t, err)
		require.Equal(t, got, again, "the seed decides")
		// Seen from the other side the quadrant is the opposite one.
		back, err := outcomes.CostEffectiveness(comparator, service, 100, 1)
		require.NoError(t, err)
		require.Equal(t, map[outcomes.Quadrant]outcomes.Quadrant{
			outcomes.Dominant: outcomes.Dominated, outcomes.Dominated: outcomes.Dominant,
			outcomes.MoreForMore: outcomes.LessForLess, outcomes.LessForLess: outcomes.MoreForMore,
		}[got.Quadrant], back.Quadrant)
	}
}

func TestQuadrantsOnTheAxes(t *testing.T) {
	base := outcomes.Arm{Name: "usual care", Costs: []float64{10, 10, 10}, Effects: []float64{1, 1, 1}}
	for _, tt := range []struct {
		why          string
		cost, effect float64
		want         outcomes.Quadrant
	}{
		{"nothing differs", 10, 1, outcomes.NoDifference},
		{"same cost, more effect", 10, 2, outcomes.Dominant},
		{"same effect, cheaper", 9, 1, outcomes.Dominant},
		{"same cost, less effect", 10, 0.5, outcomes.Dominated},
		{"same effect, dearer", 12, 1, outcomes.Dominated},
	} {
		service := outcomes.Arm{Name: "service", Costs: []float64{tt.cost, tt.cost}, Effects: []float64{tt.effect, tt.effect}}
		got, err := outcomes.CostEffectiveness(service, base, 100, 1)
		require.NoError(t, err, tt.why)
		require.Equal(t, tt.want, got.Quadrant, tt.why)
		require.Nil(t, got.ICER, tt.why)
		for _, q := range got.Quadrants {
			if q.Quadrant == tt.want {
				require.Equal(t, 1.0, q.Share, tt.why)
			}
		}
		curve, err := got.Acceptability(0, 5)
		require.NoError(t, err)
		if tt.want == outcomes.NoDifference {
			require.Equal(t, 0.5, curve[0].Probability, "a tie counts half")
		}
	}
}

func TestEconomicsRefusals(t *testing.T) {
	a := outcomes.Arm{Name: "a", Costs: []float64{1, 2, 3}, Effects: []float64{1, 2, 4}}
	for why, b := range map[string]outcomes.Arm{
		"no name":    {Costs: a.Costs, Effects: a.Effects},
		"one person": {Name: "b", Costs: []float64{1}, Effects: []float64{1}},
		"a NaN":      {Name: "b", Costs: []float64{1, math.NaN()}, Effects: []float64{1, 1}},
		"infinite":   {Name: "b", Costs: []float64{1, 1}, Effects: []float64{1, math.Inf(1)}},
		"overflow":   {Name: "b", Costs: []float64{-1.7e308, -1.7e308}, Effects: []float64{0, 0}},
	} {
		if why == "overflow" {
			a.Costs = []float64{1.7e308, 1.7e308, 1.7e308}
		}
		_, err := outcomes.CostEffectiveness(a, b, 100, 1)
		require.ErrorIs(t, err, outcomes.ErrNotComputable, why)
		_, err = outcomes.NetMonetaryBenefit(a, b, 100)
		require.ErrorIs(t, err, outcomes.ErrNotComputable, why)
		a.Costs = []float64{1, 2, 3}
	}
	_, err := outcomes.CostEffectiveness(a, outcomes.Arm{Name: "b", Costs: []float64{1, 2}}, 100, 1)
	require.ErrorAs(t, err, new(outcomes.LengthError))
	_, err = outcomes.CostEffectiveness(a, a, 10, 1)
	require.ErrorAs(t, err, new(outcomes.RangeError), "too few resamples")
	_, err = outcomes.NetMonetaryBenefit(a, a, -1)
	require.ErrorAs(t, err, new(outcomes.RangeError), "a negative price")
	_, err = outcomes.NetMonetaryBenefit(a, a, 1, outcomes.Null(3))
	require.ErrorAs(t, err, new(outcomes.OptionError))
	r, err := outcomes.CostEffectiveness(a, a, 100, 1)
	require.NoError(t, err)
	_, err = r.Acceptability(math.Inf(1))
	require.ErrorAs(t, err, new(outcomes.RangeError))
	_, err = outcomes.CostEffectivenessResult{}.Acceptability(1)
	require.ErrorIs(t, err, outcomes.ErrNotComputable, "no cloud")
	_, err = outcomes.CostEffectivenessResult{}.NetMonetaryBenefitInterval(1)
	require.ErrorIs(t, err, outcomes.ErrNotComputable, "no cloud")
}
