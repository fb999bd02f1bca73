package outcomes

import (
	"math"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// Signal is a rule of special-cause variation that a point of a control chart meets. Several can hold at
// once. The rules are those of the NHS programme Making Data Count, as its public R package NHSRplotthedots 0.2.2
// has them (github.com/nhs-r-community/NHSRplotthedots, R/ptd_calculate_point_type.R).
type Signal uint8

const (
	BeyondLimit Signal = 1 << iota // outside the process limits
	Shift                          // in a run of seven or more on one side of the centre
	Trend                          // in a run of seven or more, each higher (or each lower) than the last
	NearLimit                      // in the outer third within a limit, as two of three on one side of the centre
)

// The rules of the NHS programme Making Data Count, as the R package NHSRplotthedots 0.2.2 has them, which the
// NHS-R Community keeps for it (R/ptd_calculate_point_type.R and R/ptd_spc_standard.R at commit 050b07d of
// github.com/nhs-r-community/NHSRplotthedots). Other schools take 8 for a shift and 6 for a trend.
const (
	runShift = 7
	runTrend = 7
)

// Has reports whether s holds all of the signals in o.
func (s Signal) Has(o Signal) bool { return s&o == o }

// ChartPoint is one point of a control chart.
type ChartPoint struct {
	Value   float64 `json:"value"`
	Centre  float64 `json:"centre"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
	Signals Signal  `json:"signals"` // 0: common-cause variation
	// Above is whether the point lies above the centre; whether that is better is the caller's knowledge.
	Above bool `json:"above"`
}

// ControlChart is a Shewhart chart of a measure over time.
type ControlChart struct {
	Method string       `json:"method"`
	Points []ChartPoint `json:"points"`
	// MeanMovingRange is that of an XmR chart, and RangeLimit the upper limit of its moving ranges; both 0
	// for the other charts.
	MeanMovingRange float64 `json:"mean_moving_range,omitempty"`
	RangeLimit      float64 `json:"range_limit,omitempty"`
}

// XmR is the chart of individual values: limits at the mean ± 2.66 mean moving ranges, for the moving
// ranges at 3.267 times their mean. The first baseline values set mean and limits; 0 takes all, outliers
// among them: as the spreadsheets of Making Data Count, and as NHSRplotthedots with screen_outliers = FALSE.
// It needs two baseline values that differ.
func XmR(x []float64, baseline int) (ControlChart, error) {
	const name = "XmR chart"
	if err := checkFinite("x", x); err != nil {
		return ControlChart{}, err
	}
	if baseline < 0 || baseline > len(x) {
		return ControlChart{}, RangeError{Argument: "baseline", Got: float64(baseline), Min: 0, Max: float64(len(x))}
	}
	base := x
	if baseline > 0 {
		base = x[:baseline]
	}
	if len(base) < 2 {
		return ControlChart{}, SizeError{Statistic: name, N: int64(len(base)), Need: 2}
	}
	var moving total
	for i := 1; i < len(base); i++ {
		moving.add(math.Abs(base[i] - base[i-1]))
	}
	mr := moving.value() / float64(len(base)-1)
	centre := mean(base)
	low, high := centre-2.66*mr, centre+2.66*mr
	if err := finiteAll("moving range, or a limit made of it,", mr, centre, low, high, 3.267*mr); err != nil {
		return ControlChart{}, err
	}
	if mr == 0 {
		return ControlChart{}, DegenerateError{Statistic: name, Reason: "the values do not vary"}
	}
	c := ControlChart{Method: name, MeanMovingRange: mr, RangeLimit: 3.267 * mr}
	for _, v := range x {
		c.Points = append(c.Points, ChartPoint{Value: v, Centre: centre, Low: low, High: high})
	}
	c.signal()
	return c, nil
}

// PChart is the chart of proportions x/n: limits three binomial standard errors from the common
// proportion, within 0 and 1.
func PChart(x, n []int64) (ControlChart, error) {
	const name = "p chart"
	if len(x) != len(n) {
		return ControlChart{}, LengthError{First: "x", Second: "n", NFirst: len(x), NSecond: len(n)}
	}
	var sx, sn float64
	for i := range x {
		if err := checkProportion(name, x[i], n[i]); err != nil {
			return ControlChart{}, err
		}
		sx += float64(x[i])
		sn += float64(n[i])
	}
	if len(x) < 2 {
		return ControlChart{}, SizeError{Statistic: name, N: int64(len(x)), Need: 2}
	}
	p := sx / sn
	if p == 0 || p == 1 {
		return ControlChart{}, DegenerateError{Statistic: name, Reason: "all proportions are 0, or all are 1"}
	}
	c := ControlChart{Method: name}
	for i := range x {
		h := 3 * math.Sqrt(p*(1-p)/float64(n[i]))
		c.Points = append(c.Points, ChartPoint{
			Value: float64(x[i]) / float64(n[i]), Centre: p, Low: math.Max(0, p-h), High: math.Min(1, p+h),
		})
	}
	c.signal()
	return c, nil
}

// UChart is the chart of rates of events over a base that varies: limits three Poisson standard errors
// from the common rate, not below 0.
func UChart(events []int64, base []float64) (ControlChart, error) {
	const name = "u chart"
	if len(events) != len(base) {
		return ControlChart{}, LengthError{First: "events", Second: "base", NFirst: len(events), NSecond: len(base)}
	}
	var se, sb float64
	for i, e := range events {
		if e < 0 || e > MaxRows {
			return ControlChart{}, RangeError{Argument: "events", Got: float64(e), Min: 0, Max: MaxRows}
		}
		if !(base[i] > 0) || math.IsInf(base[i], 0) {
			return ControlChart{}, RangeError{Argument: "base", Got: base[i], Min: 0, Max: math.MaxFloat64}
		}
		se += float64(e)
		sb += base[i]
	}
	if len(events) < 2 {
		return ControlChart{}, SizeError{Statistic: name, N: int64(len(events)), Need: 2}
	}
	u := se / sb
	if !(u > 0) {
		return ControlChart{}, DegenerateError{Statistic: name, Reason: "there are no events"}
	}
	c := ControlChart{Method: name}
	for i := range events {
		h := 3 * math.Sqrt(u/base[i])
		point := ChartPoint{Value: float64(events[i]) / base[i], Centre: u, Low: math.Max(0, u-h), High: u + h}
		// A base next to nothing makes a rate beyond all numbers.
		if err := finiteAll(name, point.Value, point.Centre, point.High); err != nil {
			return ControlChart{}, err
		}
		c.Points = append(c.Points, point)
	}
	c.signal()
	return c, nil
}

// signal marks the points.
func (c *ControlChart) signal() {
	p := c.Points
	side := func(i int) int {
		switch {
		case p[i].Value > p[i].Centre:
			return 1
		case p[i].Value < p[i].Centre:
			return -1
		}
		return 0
	}
	mark := func(from, to int, s Signal) {
		for i := from; i < to; i++ {
			p[i].Signals |= s
		}
	}
	run, slope := 0, 1
	for i := range p {
		p[i].Above = side(i) > 0
		if p[i].Value > p[i].High || p[i].Value < p[i].Low {
			p[i].Signals |= BeyondLimit
		}
		// a point on the centre ends a run
		if i > 0 && side(i) != 0 && side(i) == side(i-1) {
			run++
		} else {
			run = 1
		}
		if run >= runShift {
			mark(i-run+1, i+1, Shift)
		}
		if i > 0 {
			up, down := p[i].Value > p[i-1].Value, p[i].Value < p[i-1].Value
			before := i > 1 && (up && p[i-1].Value > p[i-2].Value || down && p[i-1].Value < p[i-2].Value)
			switch {
			case before:
				slope++
			case up || down:
				slope = 2
			default:
				slope = 1
			}
			if slope >= runTrend {
				mark(i-slope+1, i+1, Trend)
			}
		}
	}
	near := func(i int) bool {
		switch side(i) {
		case 1:
			return p[i].Value <= p[i].High && p[i].Value > p[i].Centre+2*(p[i].High-p[i].Centre)/3
		case -1:
			return p[i].Value >= p[i].Low && p[i].Value < p[i].Centre-2*(p[i].Centre-p[i].Low)/3
		}
		return false
	}
	for i := 0; i+3 <= len(p); i++ {
		if side(i) == 0 || side(i) != side(i+1) || side(i) != side(i+2) {
			continue
		}
		n := 0
		for j := i; j < i+3; j++ {
			if near(j) {
				n++
			}
		}
		for j := i; j < i+3; j++ {
			if n >= 2 && near(j) {
				p[j].Signals |= NearLimit
			}
		}
	}
}

// FunnelLimits are the limits of a funnel plot for one size of service: proportions that a service at the
// target goes below with the probability at the same index.
type FunnelLimits struct {
	Method string    `json:"method"`
	N      int64     `json:"n"`
	Target float64   `json:"target"`
	Probs  []float64 `json:"probs"`
	Limits []float64 `json:"limits"` // can lie outside 0 to 1, where no service can
}

func checkFunnel(name string, n int64, target float64, probs []float64) error {
	if err := checkN(name, n, 1); err != nil {
		return err
	}
	if !(target > 0 && target < 1) {
		return RangeError{Argument: "target", Got: target, Min: 0, Max: 1}
	}
	for _, p := range probs {
		if !(p > 0 && p < 1) {
			return RangeError{Argument: "probability", Got: p, Min: 0, Max: 1}
		}
	}
	return nil
}

// ExactFunnelLimits are the exact binomial limits, interpolated between whole counts so that the funnel is
// smooth (Spiegelhalter 2005, "Funnel plots for comparing institutional performance", appendix).
func ExactFunnelLimits(n int64, target float64, probs ...float64) (FunnelLimits, error) {
	const name = "exact binomial funnel limits, interpolated"
	if err := checkFunnel(name, n, target, probs); err != nil {
		return FunnelLimits{}, err
	}
	r := FunnelLimits{Method: name, N: n, Target: target, Probs: probs}
	fn := float64(n)
	for _, p := range probs {
		// the smallest count that has at least p at or below it
		lo, hi := -1.0, fn
		for hi-lo > 1 {
			m := math.Floor((lo + hi) / 2)
			if f, _ := special.BinomialTails(m, fn, target); f >= p {
				hi = m
			} else {
				lo = m
			}
		}
		f, _ := special.BinomialTails(hi, fn, target)
		share := (f - p) / special.BinomialPMF(hi, fn, target, 1-target)
		r.Limits = append(r.Limits, (hi-share)/fn)
	}
	// Where a probability is next to nothing, so is that of the count, and may be no number any more.
	if err := finiteAll("limit of the "+name, r.Limits...); err != nil {
		return FunnelLimits{}, err
	}
	return r, nil
}

// NormalFunnelLimits are the target plus normal quantiles times its standard error; phi, 1 or more,
// widens them by √phi for overdispersion (1 for none).
func NormalFunnelLimits(n int64, target, phi float64, probs ...float64) (FunnelLimits, error) {
	const name = "normal funnel limits"
	if err := checkFunnel(name, n, target, probs); err != nil {
		return FunnelLimits{}, err
	}
	if !(phi >= 1) || math.IsInf(phi, 0) {
		return FunnelLimits{}, RangeError{Argument: "phi", Got: phi, Min: 1, Max: math.MaxFloat64}
	}
	r := FunnelLimits{Method: name, N: n, Target: target, Probs: probs}
	if phi > 1 {
		r.Method += ", overdispersed"
	}
	for _, p := range probs {
		r.Limits = append(r.Limits, target+special.NormQuantile(p)*math.Sqrt(phi*target*(1-target)/float64(n)))
	}
	return r, nil
}

// ScoreFunnelLimits are Wilson's limits around the target as if it had been observed in n people, as some
// English public-health tools draw them.
func ScoreFunnelLimits(n int64, target float64, probs ...float64) (FunnelLimits, error) {
	const name = "Wilson score funnel limits"
	if err := checkFunnel(name, n, target, probs); err != nil {
		return FunnelLimits{}, err
	}
	r := FunnelLimits{Method: name, N: n, Target: target, Probs: probs}
	fn := float64(n)
	for _, p := range probs {
		z := special.NormQuantile(p)
		z22n := z * z / (2 * fn)
		r.Limits = append(r.Limits, (target+z22n+z*math.Sqrt(target*(1-target)/fn+z22n/(2*fn)))/(1+2*z22n))
	}
	return r, nil
}

// OverdispersionResult says how much more services differ than chance explains.
type OverdispersionResult struct {
	Method   string    `json:"method"`
	Services int       `json:"services"`
	Target   float64   `json:"target"`
	Z        []float64 `json:"z"`        // of each service, before winsorising
	ZLow     float64   `json:"z_low"`    // what lies below is set to it
	ZHigh    float64   `json:"z_high"`   // what lies above is set to it
	PhiRaw   float64   `json:"phi_raw"`  // mean of z², not winsorised
	Phi      float64   `json:"phi"`      // mean of the winsorised z²
	Excess   bool      `json:"excess"`   // whether Phi is above 1 by more than chance: Phi·services > services − 1
	TauSq    float64   `json:"tau_sq"`   // variance between services, on the scale of proportions; 0 without excess
	Adjusted []float64 `json:"adjusted"` // z of each service with TauSq added to its variance
}

// Overdispersion estimates how far services x/n scatter around a target beyond chance (Spiegelhalter 2005):
// z-scores winsorised at the share trim from each end (0.1 is usual; type 7 quantiles), their mean square
// phi, and the additive variance between services by the method of moments (DerSimonian and Laird), from
// the winsorised scores. Target 0 stands for the pooled proportion.
func Overdispersion(x, n []int64, target, trim float64) (OverdispersionResult, error) {
	const name = "overdispersion of winsorised z-scores"
	if len(x) != len(n) {
		return OverdispersionResult{}, LengthError{First: "x", Second: "n", NFirst: len(x), NSecond: len(n)}
	}
	if len(x) < 2 {
		return OverdispersionResult{}, SizeError{Statistic: name, N: int64(len(x)), Need: 2}
	}
	if !(trim >= 0 && trim < 0.5) {
		return OverdispersionResult{}, RangeError{Argument: "trim", Got: trim, Min: 0, Max: 0.5}
	}
	var sx, sn float64
	for i := range x {
		if err := checkProportion(name, x[i], n[i]); err != nil {
			return OverdispersionResult{}, err
		}
		sx += float64(x[i])
		sn += float64(n[i])
	}
	if target == 0 {
		target = sx / sn
	}
	if !(target > 0 && target < 1) {
		return OverdispersionResult{}, DegenerateError{Statistic: name, Reason: "the target is not between 0 and 1"}
	}
	r := OverdispersionResult{Method: name, Services: len(x), Target: target}
	var w, w2 float64
	for i := range x {
		v := target * (1 - target) / float64(n[i])
		r.Z = append(r.Z, (float64(x[i])/float64(n[i])-target)/math.Sqrt(v))
		w += 1 / v
		w2 += 1 / (v * v)
	}
	q, err := Quantiles(r.Z, R7, trim, 1-trim)
	if err != nil {
		return OverdispersionResult{}, err
	}
	r.ZLow, r.ZHigh = q[0], q[1]
	k := float64(len(x))
	for _, z := range r.Z {
		r.PhiRaw += z * z / k
		c := math.Max(r.ZLow, math.Min(r.ZHigh, z))
		r.Phi += c * c / k
	}
	if r.Phi*k > k-1 {
		r.Excess = true
		spread := w - w2/w // of weights, beyond all numbers at a target of next to nothing
		if err := finiteAll(name, spread); err != nil {
			return OverdispersionResult{}, err
		}
		r.TauSq = (r.Phi*k - (k - 1)) / spread
	}
	for i := range x {
		v := target * (1 - target) / float64(n[i])
		r.Adjusted = append(r.Adjusted, (float64(x[i])/float64(n[i])-target)/math.Sqrt(v+r.TauSq))
	}
	return r, finiteAll(name, append([]float64{r.PhiRaw, r.Phi, r.TauSq}, r.Adjusted...)...)
}
