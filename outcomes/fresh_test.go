package outcomes_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

// The sets of fresh.R: random data made after the statistics, and answers by the published definitions in R.

// zeroNear is near for what can be 0, where rounding is relative to the scale of the data.
func zeroNear(t *testing.T, want, got, scale float64, what string) {
	t.Helper()
	if !(math.Abs(want-got) <= 1e-12*scale) {
		t.Errorf("%s: got %.17g, R has %.17g", what, got, want)
	}
}

func TestFreshCharts(t *testing.T) {
	ref := load(t, "fresh.json")
	signals := func(set node, c outcomes.ControlChart, what string) {
		for i, want := range set.get("signals").nums() {
			p := c.Points[i]
			got := 0.0
			for at, s := range []outcomes.Signal{outcomes.BeyondLimit, outcomes.Shift, outcomes.Trend, outcomes.NearLimit} {
				if p.Signals.Has(s) {
					got += float64(int(1) << at)
				}
			}
			require.Equal(t, want, got, "%s, signals of point %d", what, i)
		}
	}
	for i, set := range ref.get("xmr").list() {
		what := fmt.Sprint("XmR ", i)
		c, err := outcomes.XmR(set.get("x").nums(), int(set.get("base").num()))
		require.NoError(t, err, what)
		near(t, set.get("mr").num(), c.MeanMovingRange, 1e-12, what)
		near(t, set.get("top").num(), c.RangeLimit, 1e-12, what)
		for _, p := range c.Points {
			zeroNear(t, set.get("centre").num(), p.Centre, c.MeanMovingRange, what)
			zeroNear(t, set.get("low").num(), p.Low, c.MeanMovingRange, what)
			zeroNear(t, set.get("high").num(), p.High, c.MeanMovingRange, what)
		}
		signals(set, c, what)
	}
	for _, kind := range []string{"p", "u"} {
		for i, set := range ref.get(kind).list() {
			what := fmt.Sprint(kind, " chart ", i)
			c, err := outcomes.PChart(set.get("x").ints(), set.get("n").ints())
			if kind == "u" {
				c, err = outcomes.UChart(set.get("x").ints(), set.get("n").nums())
			}
			require.NoError(t, err, what)
			for j, p := range c.Points {
				near(t, set.get("centre").num(), p.Centre, 1e-12, what)
				zeroNear(t, set.get("low").nums()[j], p.Low, p.Centre, what)
				near(t, set.get("high").nums()[j], p.High, 1e-12, what)
			}
			signals(set, c, what)
		}
	}
}

func TestFreshFunnels(t *testing.T) {
	ref := load(t, "fresh.json")
	probs := []float64{0.001, 0.025, 0.975, 0.999}
	for i, set := range ref.get("funnel").list() {
		what := fmt.Sprint("funnel ", i)
		n, target := int64(set.get("n").num()), set.get("target").num()
		e, err := outcomes.ExactFunnelLimits(n, target, probs...)
		require.NoError(t, err, what)
		g, err := outcomes.NormalFunnelLimits(n, target, set.get("phi").num(), probs...)
		require.NoError(t, err, what)
		for j := range probs {
			want := set.get("exact").nums()[j]
			require.InDelta(t, want, e.Limits[j], 1e-9*math.Abs(want)+1e-11/float64(n), what+" exact") // a limit of 0 leaves rounding
			zeroNear(t, set.get("normal").nums()[j], g.Limits[j], target, what+" normal")
		}
	}
	for i, set := range ref.get("over").list() {
		what := fmt.Sprint("overdispersion ", i)
		o, err := outcomes.Overdispersion(set.get("x").ints(), set.get("n").ints(), set.get("given").num(), set.get("trim").num())
		require.NoError(t, err, what)
		for j, want := range []float64{o.ZLow, o.ZHigh} {
			zeroNear(t, set.get("q").nums()[j], want, math.Sqrt(o.PhiRaw), what)
		}
		near(t, set.get("phi_raw").num(), o.PhiRaw, 1e-11, what)
		near(t, set.get("phi").num(), o.Phi, 1e-11, what)
		zeroNear(t, set.get("tau").num(), o.TauSq, 1, what)
		for j, z := range set.get("adj").nums() {
			zeroNear(t, z, o.Adjusted[j], 100, what)
		}
	}
}

func TestFreshMissing(t *testing.T) {
	ref := load(t, "fresh.json")
	for i, set := range ref.get("pool").list() {
		what := fmt.Sprint("pool ", i)
		p, err := outcomes.Pool(set.get("q").nums(), set.get("se").nums(), set.get("dfc").num(), outcomes.Null(1), outcomes.Confidence(0.9))
		require.NoError(t, err, what)
		for _, v := range [][2]float64{
			{set.get("estimate").num(), p.Estimate},
			{set.get("total").num(), p.Total},
			{set.get("df").num(), p.DF},
			{set.get("riv").num(), p.Increase},
			{set.get("lambda").num(), p.Lambda},
			{set.get("fmi").num(), p.FMI},
			{set.get("p").num(), p.P},
			{set.get("low").num(), p.CI.Low},
			{set.get("high").num(), p.CI.High},
		} {
			near(t, v[0], v[1], 1e-9, what)
		}
	}
	for i, set := range ref.get("ipw").list() {
		what := fmt.Sprint("weights ", i)
		a, g, seen := set.get("a").nums(), set.get("g").nums(), set.get("seen").nums()
		rows, missing := make([][]float64, len(a)), make([]bool, len(a))
		for j := range a {
			rows[j], missing[j] = []float64{a[j], g[j]}, seen[j] == 0
		}
		w, err := outcomes.InverseProbability([]string{"age", "group"}, rows, set.get("y").nums(), missing)
		require.NoError(t, err, what)
		near(t, set.get("estimate").num(), w.Estimate, 1e-9, what)
		near(t, set.get("se").num(), w.SE, 1e-9, what+" SE")
		near(t, set.get("se_model").num(), w.SEModel, 1e-8, what+" SE with the model")
		near(t, set.get("ess").num(), w.Effective, 1e-9, what)
		near(t, set.get("largest").num(), w.Largest, 1e-9, what)
	}
}

func TestFreshEconomics(t *testing.T) {
	ref := load(t, "fresh.json")
	for i, set := range ref.get("qaly").list() {
		what := fmt.Sprint("QALYs ", i)
		q, err := outcomes.QALYs(set.get("d").nums(), set.get("u").nums(), set.get("rate").num())
		require.NoError(t, err, what)
		zeroNear(t, set.get("plain").num(), q.Undiscounted, 1, what)
		zeroNear(t, set.get("disc").num(), q.QALYs, 1, what+" discounted")
	}
	for i, set := range ref.get("nmb").list() {
		what := fmt.Sprint("net benefit ", i)
		service := outcomes.Arm{Name: "service", Costs: set.get("c1").nums(), Effects: set.get("e1").nums()}
		other := outcomes.Arm{Name: "comparator", Costs: set.get("c0").nums(), Effects: set.get("e0").nums()}
		l := set.get("l").num()
		b, err := outcomes.NetMonetaryBenefit(service, other, l, outcomes.Confidence(0.9))
		require.NoError(t, err, what)
		near(t, set.get("estimate").num(), b.Estimate, 1e-10, what)
		near(t, set.get("p").num(), b.Welch.P, 1e-9, what)
		near(t, set.get("df").num(), b.Welch.DF, 1e-10, what)
		nearPair(t, set.get("ci"), b.Welch.CI, 1e-9, what)
		c, err := outcomes.CostEffectiveness(service, other, 2000, 1)
		require.NoError(t, err, what)
		near(t, set.get("cost").num(), c.Difference.Cost, 1e-11, what)
		near(t, set.get("effect").num(), c.Difference.Effect, 1e-11, what)
		if want := set.get("icer").num(); math.IsNaN(want) {
			require.Nil(t, c.ICER, what)
		} else {
			near(t, want, *c.ICER, 1e-10, what)
		}
		curve, err := c.Acceptability(0, l, 1e6)
		require.NoError(t, err, what)
		for _, p := range curve {
			won := 0.0
			for _, d := range c.Cloud {
				if p.Threshold*d.Effect-d.Cost > 0 {
					won++
				}
			}
			require.InDelta(t, won/2000, p.Probability, 1e-12, what)
		}
		// The bootstrap's share and Welch's normal theory say about the same at this threshold.
		require.InDelta(t, 1-b.Welch.P/2, math.Max(curve[1].Probability, 1-curve[1].Probability), 0.08, what)
	}
	for i, set := range ref.get("cost").list() {
		what := fmt.Sprint("cost per goal ", i)
		c, err := outcomes.CostPerGoal(set.get("c").nums(), set.get("g").ints())
		require.NoError(t, err, what)
		near(t, set.get("estimate").num(), c.Estimate, 1e-12, what)
		if want := set.get("ci").nums(); math.IsNaN(want[0]) {
			require.Nil(t, c.CI, what)
		} else {
			nearPair(t, set.get("ci"), *c.CI, 1e-9, what)
		}
	}
}

func TestFreshReliability(t *testing.T) {
	for i, set := range load(t, "fresh.json").get("icc").list() {
		what := fmt.Sprint("ICC ", i)
		var rows [][]float64
		for _, r := range set.get("rows").list() {
			rows = append(rows, r.nums())
		}
		r, err := outcomes.ICC(rows)
		require.NoError(t, err, what)
		zeroNear(t, set.get("estimate").num(), r.Estimate, 1, what)
		near(t, set.get("f").num(), r.F, 1e-10, what)
		near(t, set.get("p").num(), r.P, 1e-9, what)
		near(t, set.get("sem").num(), r.SEM, 1e-11, what)
		for j, v := range []float64{r.CI.Low, r.CI.High} {
			if want := set.get("ci").nums()[j]; !(math.Abs(want-v) <= 1e-9) {
				t.Errorf("%s: limit %v, R has %v", what, v, want)
			}
		}
		mdc, err := outcomes.MinimalDetectableChange(r.SEM)
		require.NoError(t, err, what)
		near(t, set.get("mdc").num(), mdc, 1e-11, what)
	}
}
