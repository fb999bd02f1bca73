package outcomes

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// DaysPerYear turns days into years for QALYs.
const DaysPerYear = 365.25

// QALYResult is one person's quality-adjusted life years.
type QALYResult struct {
	Method       string  `json:"method"`
	Days         float64 `json:"days"`          // from the first point to the last
	DiscountRate float64 `json:"discount_rate"` // a year
	QALYs        float64 `json:"qalys"`
	Undiscounted float64 `json:"undiscounted"`
}

// QALYs is the area under one person's utilities (the EQ-5D index, by the caller's value set) over time, a
// straight line between the points: the trapezium rule, in years of 365.25 days. Points are given as days
// since the start of the evaluation, strictly rising; utilities are at most 1, and below 0 for states
// worse than death. discountRate is the caller's rate a year, 0 for none: the area is weighted by
// (1 + rate)^−years, continuously along the line.
func QALYs(days, utilities []float64, discountRate float64) (QALYResult, error) {
	const name = "QALYs"
	if len(days) != len(utilities) {
		return QALYResult{}, LengthError{First: "days", Second: "utilities", NFirst: len(days), NSecond: len(utilities)}
	}
	if err := checkFinite("days", days); err != nil {
		return QALYResult{}, err
	}
	if err := checkFinite("utilities", utilities); err != nil {
		return QALYResult{}, err
	}
	if len(days) < 2 {
		return QALYResult{}, SizeError{Statistic: name, N: int64(len(days)), Need: 2}
	}
	if !(discountRate >= 0 && discountRate <= 1) {
		return QALYResult{}, RangeError{Argument: "discount rate", Got: discountRate, Min: 0, Max: 1}
	}
	force := math.Log1p(discountRate)
	var area, plain total
	for i, u := range utilities {
		if u > 1 {
			return QALYResult{}, RangeError{Argument: "utility", Got: u, Min: -math.MaxFloat64, Max: 1}
		}
		if days[i] < 0 || i > 0 && days[i] <= days[i-1] {
			return QALYResult{}, DegenerateError{Statistic: name, Reason: "days do not rise from 0 or later"}
		}
		if i == 0 {
			continue
		}
		h := (days[i] - days[i-1]) / DaysPerYear
		u0, u1 := utilities[i-1], u
		plain.add(h * (u0 + u1) / 2)
		level, ramp := discountWeights(force * h)
		area.add(h * math.Exp(-force*days[i-1]/DaysPerYear) * (u0*level + (u1-u0)*ramp))
	}
	r := QALYResult{
		Method: "area under the curve, trapezium rule, years of 365.25 days", Days: days[len(days)-1] - days[0],
		DiscountRate: discountRate, QALYs: area.value(), Undiscounted: plain.value(),
	}
	return r, finiteAll(name, r.QALYs, r.Undiscounted)
}

// discountWeights are the integrals of e^(−xs) and of s·e^(−xs) over s from 0 to 1.
func discountWeights(x float64) (level, ramp float64) {
	if x < 1e-2 { // series: the closed forms cancel
		level, ramp = 0, 0
		term := 1.0 // (−x)^k / k!
		for k := range 10 {
			level += term / float64(k+1)
			ramp += term / float64(k+2)
			term *= -x / float64(k+1)
		}
		return level, ramp
	}
	level = -math.Expm1(-x) / x
	return level, (level - math.Exp(-x)) / x
}

// CostPerGoalResult is what a goal achieved has cost.
type CostPerGoalResult struct {
	Method   string  `json:"method"`
	N        int64   `json:"n"` // people
	Cost     float64 `json:"cost"`
	Goals    int64   `json:"goals"`
	Estimate float64 `json:"estimate"` // Cost / Goals
	// CI is Fieller's; nil where the number of goals is not clearly above 0, so that a limit does not exist.
	CI *Interval `json:"ci,omitempty"`
}

// CostPerGoal is the cost of all people, those who achieved nothing among them, over the goals they
// achieved; one cost (the caller's prices) and one count for each person. Its interval is Fieller's (1954)
// for a ratio of means, with t on n − 1 degrees of freedom. No goal at all is a [DegenerateError]. It takes
// [Confidence].
func CostPerGoal(costs []float64, goals []int64, opts ...Option) (CostPerGoalResult, error) {
	const name = "cost per goal achieved"
	c, err := configure(optLevel, opts)
	if err != nil {
		return CostPerGoalResult{}, err
	}
	if len(costs) != len(goals) {
		return CostPerGoalResult{}, LengthError{First: "costs", Second: "goals", NFirst: len(costs), NSecond: len(goals)}
	}
	if err := checkFinite("costs", costs); err != nil {
		return CostPerGoalResult{}, err
	}
	r := CostPerGoalResult{Method: name + ", ratio of means", N: int64(len(costs))}
	if r.N < 2 {
		return CostPerGoalResult{}, SizeError{Statistic: name, N: r.N, Need: 2}
	}
	achieved := make([]float64, len(goals))
	var cost total
	for i, g := range goals {
		if g < 0 || g > MaxRows/int64(len(goals)) {
			return CostPerGoalResult{}, RangeError{Argument: "goals", Got: float64(g), Min: 0, Max: float64(MaxRows / int64(len(goals)))}
		}
		r.Goals += g
		achieved[i] = float64(g)
		cost.add(costs[i])
	}
	if r.Goals == 0 {
		return CostPerGoalResult{}, DegenerateError{Statistic: name, Reason: "no goal was achieved"}
	}
	r.Cost = cost.value()
	r.Estimate = r.Cost / float64(r.Goals)
	if err := finiteAll(name, r.Estimate); err != nil {
		return CostPerGoalResult{}, err
	}
	// The limits scale with the costs, whose squares must neither overflow nor vanish.
	most, unit := 0.0, 1.0
	for _, v := range costs {
		most = math.Max(most, math.Abs(v))
	}
	if most > 0 && !plainSD(most) {
		unit = math.Ldexp(1, math.Ilogb(most))
		costs = slices.Clone(costs)
		for i := range costs {
			costs[i] /= unit
		}
	}
	mx, sx := meanSD(costs)
	my, sy := meanSD(achieved)
	n := float64(r.N)
	if low, high, ok := fieller(mx, my, sx*sx/n, sy*sy/n, covariance(costs, achieved, mx, my)/n, special.TISF((1-c.level)/2, n-1)); ok {
		low, high = low*unit, high*unit
		if finiteAll(name, low, high) == nil {
			r.CI = &Interval{Level: c.level, Low: low, High: high, Method: "Fieller"}
		}
	}
	return r, nil
}

// fieller returns the ratios of x to y that are not rejected, given means, variances and covariance of the
// means; not ok where y is not clearly different from 0 and the set is not an interval.
func fieller(x, y, vx, vy, vxy, q float64) (low, high float64, ok bool) {
	a := y*y - q*q*vy
	b := x*y - q*q*vxy
	c := x*x - q*q*vx
	d := b*b - a*c
	if !(a > 0) || d < 0 {
		return 0, 0, false
	}
	root := math.Sqrt(d)
	low, high = (b-root)/a, (b+root)/a
	return low, high, true
}

// Quadrant is where a difference in cost and effect lies, seen from the comparator.
type Quadrant string

// Equal cost or equal effect counts in favour of the side that is otherwise better.
const (
	Dominant     Quadrant = "dominant: more effective at no higher cost, or cheaper and no less effective"
	Dominated    Quadrant = "dominated: less effective at no lower cost, or dearer and no more effective"
	MoreForMore  Quadrant = "more effective at a higher cost"
	LessForLess  Quadrant = "less effective at a lower cost"
	NoDifference Quadrant = "no difference in cost or effect"
)

func quadrant(cost, effect float64) Quadrant {
	switch {
	case cost == 0 && effect == 0:
		return NoDifference
	case cost <= 0 && effect >= 0:
		return Dominant
	case cost >= 0 && effect <= 0:
		return Dominated
	case cost > 0:
		return MoreForMore
	}
	return LessForLess
}

// Arm is one of the two courses of action compared: a cost and an effect (QALYs, goals) for each person,
// in the same order.
type Arm struct {
	Name    string    `json:"name"`
	Costs   []float64 `json:"costs"`
	Effects []float64 `json:"effects"`
}

func (a Arm) check(name string) error {
	if len(a.Costs) != len(a.Effects) {
		return LengthError{First: "costs", Second: "effects", NFirst: len(a.Costs), NSecond: len(a.Effects)}
	}
	if len(a.Costs) < 2 {
		return SizeError{Statistic: name, N: int64(len(a.Costs)), Need: 2}
	}
	if err := checkFinite("costs", a.Costs); err != nil {
		return err
	}
	return checkFinite("effects", a.Effects)
}

// CostEffect is a difference in mean cost and in mean effect, service minus comparator.
type CostEffect struct {
	Cost   float64 `json:"cost"`
	Effect float64 `json:"effect"`
}

// QuadrantShare is how many resamples fell into a quadrant.
type QuadrantShare struct {
	Quadrant Quadrant `json:"quadrant"`
	Count    int      `json:"count"`
	Share    float64  `json:"share"`
}

// CostEffectivenessResult compares a service with a named comparator.
type CostEffectivenessResult struct {
	Method      string     `json:"method"`
	Service     string     `json:"service"`
	Comparator  string     `json:"comparator"`
	NService    int64      `json:"n_service"`
	NComparator int64      `json:"n_comparator"`
	Difference  CostEffect `json:"difference"`
	Quadrant    Quadrant   `json:"quadrant"`
	// ICER is the difference in cost over the difference in effect: what a unit of effect more costs or,
	// where the service is less effective at a lower cost, what a unit forgone saves. It is nil in the other
	// quadrants, where the ratio means nothing.
	ICER *float64 `json:"icer,omitempty"`
	// CI is by percentiles of the cloud; nil unless all of it lies in the quadrant of the ICER.
	CI        *Interval       `json:"icer_ci,omitempty"`
	Generator string          `json:"generator"`
	Seed      uint64          `json:"seed"`
	Resamples int             `json:"resamples"`
	Cloud     []CostEffect    `json:"-"` // one for each resample
	Quadrants []QuadrantShare `json:"quadrants"`
}

// CostEffectiveness compares the mean cost and effect of a service with those of a comparator, and
// resamples people with replacement within each arm for the cloud of differences; see
// [CostEffectivenessResult.Acceptability] and [NetMonetaryBenefit] for what is made of it. Prices, effects
// and any discounting are the caller's. The generator is PCG (math/rand/v2) with the given seed. It takes
// [Confidence].
func CostEffectiveness(service, comparator Arm, resamples int, seed uint64, opts ...Option) (CostEffectivenessResult, error) {
	const name = "cost-effectiveness"
	c, err := configure(optLevel, opts)
	if err != nil {
		return CostEffectivenessResult{}, err
	}
	if comparator.Name == "" || service.Name == "" {
		return CostEffectivenessResult{}, DegenerateError{Statistic: name, Reason: "the service or the comparator has no name"}
	}
	for _, a := range []Arm{service, comparator} {
		if err := a.check(name); err != nil {
			return CostEffectivenessResult{}, err
		}
	}
	if resamples < 100 || resamples > maxResamples {
		return CostEffectivenessResult{}, RangeError{Argument: "resamples", Got: float64(resamples), Min: 100, Max: maxResamples}
	}
	r := CostEffectivenessResult{
		Method:  "difference of means, people resampled within arms",
		Service: service.Name, Comparator: comparator.Name,
		NService: int64(len(service.Costs)), NComparator: int64(len(comparator.Costs)),
		Difference: CostEffect{mean(service.Costs) - mean(comparator.Costs), mean(service.Effects) - mean(comparator.Effects)},
		Generator:  "PCG, math/rand/v2", Seed: seed, Resamples: resamples,
	}
	if err := finiteAll(name, r.Difference.Cost, r.Difference.Effect); err != nil {
		return CostEffectivenessResult{}, err
	}
	r.Quadrant = quadrant(r.Difference.Cost, r.Difference.Effect)
	ratio := r.Quadrant == MoreForMore || r.Quadrant == LessForLess
	if ratio {
		v := r.Difference.Cost / r.Difference.Effect
		if err := finiteAll(name, v); err != nil {
			return CostEffectivenessResult{}, err
		}
		r.ICER = &v
	}
	rng := rand.New(rand.NewPCG(seed, 0))
	draw := func(a Arm) CostEffect {
		var cost, effect total // equal costs must not differ by rounding
		n := len(a.Costs)
		for range n {
			i := rng.IntN(n)
			cost.add(a.Costs[i])
			effect.add(a.Effects[i])
		}
		return CostEffect{cost.value() / float64(n), effect.value() / float64(n)}
	}
	r.Cloud = make([]CostEffect, resamples)
	ratios := make([]float64, 0, resamples)
	count := map[Quadrant]int{}
	for b := range r.Cloud {
		s, o := draw(service), draw(comparator)
		d := CostEffect{s.Cost - o.Cost, s.Effect - o.Effect}
		if err := finiteAll(name, d.Cost, d.Effect); err != nil {
			return CostEffectivenessResult{}, err
		}
		r.Cloud[b] = d
		q := quadrant(d.Cost, d.Effect)
		count[q]++
		if v := d.Cost / d.Effect; ratio && q == r.Quadrant && v-v == 0 {
			ratios = append(ratios, v)
		}
	}
	for _, q := range []Quadrant{Dominant, MoreForMore, LessForLess, Dominated, NoDifference} {
		r.Quadrants = append(r.Quadrants, QuadrantShare{q, count[q], float64(count[q]) / float64(resamples)})
	}
	if ratio && len(ratios) == resamples {
		ci, err := percentiles(ratios, c.level)
		if err != nil {
			return CostEffectivenessResult{}, err
		}
		r.CI = &ci
	}
	return r, nil
}

func percentiles(values []float64, level float64) (Interval, error) {
	tail := (1 - level) / 2
	q, err := weigh(values).quantiles(R6, []float64{tail, 1 - tail})
	if err != nil {
		return Interval{}, err
	}
	return Interval{Level: level, Low: q[0], High: q[1], Method: "percentile"}, nil
}

// AcceptabilityPoint is how probable it is that the service is worth its cost at one threshold.
type AcceptabilityPoint struct {
	Threshold   float64 `json:"threshold"`
	Probability float64 `json:"probability"`
}

// Acceptability is the cost-effectiveness acceptability curve (van Hout and others 1994): for each
// threshold, the caller's price of a unit of effect, the share of the cloud in which threshold times effect
// exceeds cost; a point where they are equal counts half.
func (r CostEffectivenessResult) Acceptability(thresholds ...float64) ([]AcceptabilityPoint, error) {
	const name = "acceptability curve"
	if len(r.Cloud) == 0 {
		return nil, SizeError{Statistic: name, N: 0, Need: 1}
	}
	out := make([]AcceptabilityPoint, len(thresholds))
	for i, at := range thresholds {
		if !(at >= 0) || math.IsInf(at, 0) {
			return nil, RangeError{Argument: "threshold", Got: at, Min: 0, Max: math.MaxFloat64}
		}
		won := 0.0
		for _, d := range r.Cloud {
			switch worth := at * d.Effect; {
			case worth > d.Cost:
				won++
			case worth == d.Cost:
				won += 0.5
			}
		}
		out[i] = AcceptabilityPoint{Threshold: at, Probability: won / float64(len(r.Cloud))}
	}
	return out, nil
}

// NetBenefitResult is the net monetary benefit of a service over a comparator.
type NetBenefitResult struct {
	Method     string  `json:"method"`
	Service    string  `json:"service"`
	Comparator string  `json:"comparator"`
	Threshold  float64 `json:"threshold"` // price of a unit of effect
	Estimate   float64 `json:"estimate"`  // for each person; above 0 the service is worth its cost
	Welch      TResult `json:"welch_t"`   // its test and interval
}

// NetMonetaryBenefit is, for each person, threshold times effect minus cost, and the difference of its mean
// between service and comparator with Welch's t interval (Stinnett and Mullahy 1998). threshold is the
// caller's price of a unit of effect. It takes [Confidence] and [Alternative].
func NetMonetaryBenefit(service, comparator Arm, threshold float64, opts ...Option) (NetBenefitResult, error) {
	const name = "net monetary benefit"
	if _, err := configure(optLevel|optSide, opts); err != nil {
		return NetBenefitResult{}, err
	}
	if !(threshold >= 0) || math.IsInf(threshold, 0) {
		return NetBenefitResult{}, RangeError{Argument: "threshold", Got: threshold, Min: 0, Max: math.MaxFloat64}
	}
	var net [2][]float64
	for k, a := range []Arm{service, comparator} {
		if a.Name == "" {
			return NetBenefitResult{}, DegenerateError{Statistic: name, Reason: "the service or the comparator has no name"}
		}
		if err := a.check(name); err != nil {
			return NetBenefitResult{}, err
		}
		for i, e := range a.Effects {
			net[k] = append(net[k], threshold*e-a.Costs[i])
		}
	}
	t, err := WelchT(net[0], net[1], opts...)
	if err != nil {
		return NetBenefitResult{}, err
	}
	return NetBenefitResult{
		Method:  fmt.Sprintf("%s, difference of means, %s", name, t.Method),
		Service: service.Name, Comparator: comparator.Name, Threshold: threshold, Estimate: t.Estimate, Welch: t,
	}, nil
}

// NetMonetaryBenefitInterval is the interval of the net monetary benefit by percentiles of the cloud;
// [NetMonetaryBenefit] has Welch's. It takes [Confidence].
func (r CostEffectivenessResult) NetMonetaryBenefitInterval(threshold float64, opts ...Option) (Interval, error) {
	c, err := configure(optLevel, opts)
	if err != nil {
		return Interval{}, err
	}
	if !(threshold >= 0) || math.IsInf(threshold, 0) {
		return Interval{}, RangeError{Argument: "threshold", Got: threshold, Min: 0, Max: math.MaxFloat64}
	}
	if len(r.Cloud) == 0 {
		return Interval{}, SizeError{Statistic: "net monetary benefit", N: 0, Need: 1}
	}
	net := make([]float64, len(r.Cloud))
	for i, d := range r.Cloud {
		net[i] = threshold*d.Effect - d.Cost
	}
	if err := checkFinite("net monetary benefit", net); err != nil {
		return Interval{}, err
	}
	return percentiles(net, c.level)
}
