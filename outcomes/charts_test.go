package outcomes_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

func TestChartsAgainstR(t *testing.T) {
	ref := load(t, "charts.json").get("xmr")
	x := ref.get("x").nums()
	got, err := outcomes.XmR(x, 0)
	require.NoError(t, err)
	near(t, ref.get("centre").num(), got.Points[0].Centre, 1e-13, "centre")
	near(t, ref.get("mr").num(), got.MeanMovingRange, 1e-13, "moving range")
	near(t, ref.get("low").num(), got.Points[0].Low, 1e-13, "low")
	near(t, ref.get("high").num(), got.Points[0].High, 1e-13, "high")
	got, err = outcomes.XmR(x, 15)
	require.NoError(t, err)
	require.Len(t, got.Points, len(x))
	near(t, ref.get("base_centre").num(), got.Points[20].Centre, 1e-13, "baseline centre")
	near(t, ref.get("base_low").num(), got.Points[20].Low, 1e-13, "baseline low")
	near(t, ref.get("base_high").num(), got.Points[20].High, 1e-13, "baseline high")

	for name, f := range map[string]func(ref node) (outcomes.ControlChart, error){
		"p": func(ref node) (outcomes.ControlChart, error) {
			return outcomes.PChart(ref.get("x").ints(), ref.get("n").ints())
		},
		"u": func(ref node) (outcomes.ControlChart, error) {
			return outcomes.UChart(ref.get("x").ints(), ref.get("n").nums())
		},
	} {
		ref := load(t, "charts.json").get(name)
		got, err := f(ref)
		require.NoError(t, err)
		for i, p := range got.Points {
			near(t, ref.get("centre").num(), p.Centre, 1e-13, name)
			near(t, ref.get("low").nums()[i], p.Low, 1e-12, name)
			near(t, ref.get("high").nums()[i], p.High, 1e-12, name)
		}
	}
}

// The rules on series made so that one rule holds, and one point fewer does not meet it.
func TestSpecialCauseRules(t *testing.T) {
	// Wide swings keep the limits wide; what follows stays within them.
	swing := []float64{10, 0, 10, 0, 10, 0, 10, 0, 10, 0, 10, 0}
	with := func(tail ...float64) []float64 { return append(append([]float64{}, swing...), tail...) }
	for _, tt := range []struct {
		why    string
		x      []float64
		signal outcomes.Signal
		marked []int
	}{
		{"nothing but common cause", with(4, 6), 0, nil},
		{"seven above the centre", with(6, 7, 6, 7, 6, 7, 6), outcomes.Shift, []int{12, 13, 14, 15, 16, 17, 18}},
		{"six above the centre are not a shift", with(6, 7, 6, 7, 6, 7, 1), outcomes.Shift, nil},
		{"a point on the centre ends the run", with(6, 7, 6, 5, 7, 6, 7), outcomes.Shift, nil},
		{"seven rising", with(-1, 1, 2, 3, 4, 6, 7), outcomes.Trend, []int{12, 13, 14, 15, 16, 17, 18}},
		{"six rising are not a trend", with(9, 1, 2, 3, 4, 6, 8, 7), outcomes.Trend, nil},
		{"equal neighbours break a trend", with(-1, 1, 2, 2, 4, 6, 8), outcomes.Trend, nil},
		{"one far above", with(60), outcomes.BeyondLimit, []int{12}},
		{"two of three near the upper limit", with(26, 12, 27), outcomes.NearLimit, []int{12, 14}},
		{"one on each side is not two", with(26, 12, -16), outcomes.NearLimit, nil},
		{"two near, the one between them below the centre", with(26, 4, 27), outcomes.NearLimit, nil},
		{"one near and one beyond the limit", with(26, 60, 12), outcomes.NearLimit, nil},
	} {
		t.Run(tt.why, func(t *testing.T) {
			c, err := outcomes.XmR(tt.x, len(swing))
			require.NoError(t, err)
			if tt.signal == 0 {
				for _, p := range c.Points[len(swing):] {
					require.Zero(t, p.Signals)
				}
				return
			}
			var marked []int
			for i, p := range c.Points {
				if p.Signals.Has(tt.signal) {
					marked = append(marked, i)
				}
			}
			require.Equal(t, tt.marked, marked)
		})
	}
}

// Series as NHSRplotthedots marks them, every point by every rule.
func TestSignalsAgainstNHSRplotthedots(t *testing.T) {
	marked := map[string]int{}
	for _, set := range load(t, "signals.json").get("series").list() {
		c, err := outcomes.XmR(set.get("x").nums(), int(set.get("baseline").num()))
		require.NoError(t, err)
		for key, rule := range map[string]outcomes.Signal{"beyond": outcomes.BeyondLimit, "shift": outcomes.Shift, "trend": outcomes.Trend, "near": outcomes.NearLimit} {
			for i, want := range set.get(key).nums() {
				require.Equal(t, want == 1, c.Points[i].Signals.Has(rule), "%s, %s, point %d", set.get("reason").str(), key, i)
				if want == 1 {
					marked[key]++
				}
			}
		}
	}
	for key, n := range marked {
		require.Greater(t, n, 10, "%s is hardly tried", key)
	}
	require.Len(t, marked, 4)
}

func TestFunnelPlotsAgainstR(t *testing.T) {
	for _, ref := range load(t, "reference.json").get("funnel_limits").list() {
		n, target, probs := int64(ref.get("n").num()), ref.get("target").num(), ref.get("probs").nums()
		for key, f := range map[string]func() (outcomes.FunnelLimits, error){
			"exact_interpolated": func() (outcomes.FunnelLimits, error) { return outcomes.ExactFunnelLimits(n, target, probs...) },
			"normal":             func() (outcomes.FunnelLimits, error) { return outcomes.NormalFunnelLimits(n, target, 1, probs...) },
			"wilson_score":       func() (outcomes.FunnelLimits, error) { return outcomes.ScoreFunnelLimits(n, target, probs...) },
		} {
			got, err := f()
			require.NoError(t, err)
			for i, w := range ref.get(key).nums() {
				near(t, w, got.Limits[i], 1e-10, key)
			}
		}
	}
	ref := load(t, "charts.json").get("over")
	got, err := outcomes.Overdispersion(ref.get("x").ints(), ref.get("n").ints(), 0, 0.1)
	require.NoError(t, err)
	near(t, ref.get("target").num(), got.Target, 1e-13, "target")
	near(t, ref.get("low").num(), got.ZLow, 1e-11, "winsor limit")
	near(t, ref.get("high").num(), got.ZHigh, 1e-11, "winsor limit")
	near(t, ref.get("phi_raw").num(), got.PhiRaw, 1e-11, "phi, raw")
	near(t, ref.get("phi").num(), got.Phi, 1e-11, "phi")
	near(t, ref.get("tau_sq").num(), got.TauSq, 1e-11, "tau²")
	for i, w := range ref.get("adjusted").nums() {
		near(t, w, got.Adjusted[i], 1e-10, "adjusted z")
	}
}
