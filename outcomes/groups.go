package outcomes

import (
	"math"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// GroupsResult is a comparison of several groups.
type GroupsResult struct {
	Method    string  `json:"method"`
	N         int64   `json:"n"`
	Groups    int     `json:"groups"`
	Statistic float64 `json:"statistic"` // chi-squared for Kruskal–Wallis, else F
	DF1       float64 `json:"df1"`
	DF2       float64 `json:"df2,omitempty"` // of F
	P         float64 `json:"p_value"`
	// EtaSquared is the share of the variation that lies between the groups (one-way ANOVA only).
	EtaSquared float64 `json:"eta_squared,omitempty"`
}

func checkGroups(name string, groups [][]float64, each int) (n int, err error) {
	if len(groups) < 2 {
		return 0, SizeError{Statistic: name + " (groups)", N: int64(len(groups)), Need: 2}
	}
	for _, g := range groups {
		if err := checkFinite("group", g); err != nil {
			return 0, err
		}
		if len(g) < each {
			return 0, SizeError{Statistic: name, N: int64(len(g)), Need: int64(each)}
		}
		n += len(g)
	}
	return n, nil
}

// KruskalWallis is the Kruskal–Wallis rank test that several groups come from one distribution, with the
// correction for ties and the chi-squared approximation, as R's kruskal.test.
func KruskalWallis(groups ...[]float64) (GroupsResult, error) {
	const name = "Kruskal–Wallis test"
	n, err := checkGroups(name, groups, 1)
	if err != nil {
		return GroupsResult{}, err
	}
	all := make([]float64, 0, n)
	for _, g := range groups {
		all = append(all, g...)
	}
	rank, ties := ranks(all)
	if len(ties) == 1 && ties[0] == n {
		return GroupsResult{}, DegenerateError{Statistic: name, Reason: "all values are equal"}
	}
	fn, h := float64(n), 0.0
	i := 0
	for _, g := range groups {
		// relative to the mean rank, so that nothing cancels
		sum := int64(0) // of doubled ranks
		for range g {
			sum += rank[i] - int64(n+1)
			i++
		}
		s := float64(sum) / 2
		h += s * s / float64(len(g))
	}
	tieSum := 0.0
	for _, t := range ties {
		f := float64(t)
		tieSum += f * (f*f - 1)
	}
	h = 12 * h / (fn * (fn + 1)) / (1 - tieSum/(fn*(fn*fn-1)))
	df := float64(len(groups) - 1)
	return GroupsResult{Method: name, N: int64(n), Groups: len(groups), Statistic: h, DF1: df, P: special.ChiSquaredSF(h, df)}, nil
}

// ANOVA is the one-way analysis of variance, equal variances assumed, as R's aov.
func ANOVA(groups ...[]float64) (GroupsResult, error) {
	const name = "one-way analysis of variance"
	n, err := checkGroups(name, groups, 1)
	if err != nil {
		return GroupsResult{}, err
	}
	k := len(groups)
	if n <= k {
		return GroupsResult{}, SizeError{Statistic: name, N: int64(n), Need: int64(k + 1)}
	}
	all := make([]float64, 0, n)
	for _, g := range groups {
		all = append(all, g...)
	}
	// A mean of numbers that begin with the same digits is rounded coarsely beside what they differ by; what the
	// rounding cost is summed up and taken off again.
	grand := mean(all)
	var between, within, rest total
	apart := make([]float64, k) // of each group's mean from the grand mean
	for i, g := range groups {
		m := mean(g)
		var sq, off total
		for _, v := range g {
			d, lost := minus(v, m)
			off.add(d)
			off.rest += lost
			sq.addProduct(d, d)
			sq.rest += 2 * d * lost
		}
		size := float64(len(g))
		within.add(sq.less(off.value() * off.value() / size).value())
		d, lost := minus(m, grand)
		apart[i] = d + (lost + off.value()/size)
		rest.add(size * apart[i])
	}
	for i, g := range groups {
		between.add(float64(len(g)) * sq(apart[i]-rest.value()/float64(n)))
	}
	r := GroupsResult{Method: name, N: int64(n), Groups: k, DF1: float64(k - 1), DF2: float64(n - k)}
	if !(within.value() > 0) {
		return GroupsResult{}, DegenerateError{Statistic: name, Reason: "the values do not vary within groups"}
	}
	r.Statistic = between.value() / r.DF1 / (within.value() / r.DF2)
	r.EtaSquared = between.value() / (between.value() + within.value())
	r.P = special.FSF(r.Statistic, r.DF1, r.DF2)
	return r, finiteAll(name, r.Statistic, r.P)
}

// WelchANOVA is Welch's one-way test of equal means without assuming equal variances, as R's
// oneway.test. Every group needs two values that differ.
func WelchANOVA(groups ...[]float64) (GroupsResult, error) {
	const name = "Welch's one-way test"
	n, err := checkGroups(name, groups, 2)
	if err != nil {
		return GroupsResult{}, err
	}
	k := float64(len(groups))
	var sumW, centre float64
	w, m := make([]float64, len(groups)), make([]float64, len(groups))
	for i, g := range groups {
		mi, sd := meanSD(g)
		if !(sd > 0) {
			return GroupsResult{}, DegenerateError{Statistic: name, Reason: "a group does not vary"}
		}
		w[i], m[i] = float64(len(g))/(sd*sd), mi
		if !(w[i] > 0) || math.IsInf(w[i], 0) { // the variance overflows or vanishes
			return GroupsResult{}, NotFiniteError{Argument: "variance of a group", Index: i}
		}
		sumW += w[i]
		centre += w[i] * mi
	}
	centre /= sumW
	var tmp, num float64
	for i, g := range groups {
		tmp += (1 - w[i]/sumW) * (1 - w[i]/sumW) / float64(len(g)-1)
		num += w[i] * (m[i] - centre) * (m[i] - centre)
	}
	tmp /= k*k - 1
	r := GroupsResult{Method: name, N: int64(n), Groups: len(groups), DF1: k - 1, DF2: 1 / (3 * tmp)}
	r.Statistic = num / ((k - 1) * (1 + 2*(k-2)*tmp))
	r.P = special.FSF(r.Statistic, r.DF1, r.DF2)
	return r, finiteAll(name, r.Statistic, r.P)
}

// PoissonResult is a rate of events with its interval.
type PoissonResult struct {
	Method   string   `json:"method"`
	Events   int64    `json:"events"`
	Time     float64  `json:"time"` // or any other base, such as client-years
	Estimate float64  `json:"estimate"`
	CI       Interval `json:"ci"`
}

// PoissonRate is the rate of events over a base of time (or clients), with the exact interval (Garwood
// 1936), as R's poisson.test. It takes [Confidence] and [Alternative] (a one-sided limit).
func PoissonRate(events int64, time float64, opts ...Option) (PoissonResult, error) {
	const name = "exact Poisson interval"
	c, err := configure(optLevel|optSide, opts)
	if err != nil {
		return PoissonResult{}, err
	}
	if events < 0 || events > MaxRows {
		return PoissonResult{}, RangeError{Argument: "events", Got: float64(events), Min: 0, Max: MaxRows}
	}
	if !(time > 0) || math.IsInf(time, 0) {
		return PoissonResult{}, RangeError{Argument: "time", Got: time, Min: 0, Max: math.MaxFloat64}
	}
	tail := 1 - c.level
	if c.side == TwoSided {
		tail /= 2
	}
	x := float64(events)
	r := PoissonResult{Method: name, Events: events, Time: time, Estimate: x / time}
	r.CI = Interval{Level: c.level, Low: 0, High: math.Inf(1), Method: name}
	if c.side != Less && events > 0 {
		r.CI.Low = special.GammaQuantile(tail, x) / time
	}
	finite := []float64{r.Estimate, r.CI.Low}
	if c.side != Greater {
		r.CI.High = special.GammaISF(tail, x+1) / time
		finite = append(finite, r.CI.High)
	}
	if err := checkFinite(name, finite); err != nil {
		return PoissonResult{}, err
	}
	return r, nil
}

// Adjustment is a way to correct p-values for there being many.
type Adjustment int

const (
	Holm               Adjustment = iota // family-wise error, any dependence (Holm 1979)
	Hochberg                             // family-wise error, independent tests (Hochberg 1988)
	BenjaminiHochberg                    // false discovery rate, independent tests (1995)
	BenjaminiYekutieli                   // false discovery rate, any dependence (2001)
	Bonferroni                           // family-wise error, any dependence
)

// Adjust corrects p-values for there being many, as R's p.adjust, and returns them in the order given. A
// p-value outside 0 to 1 is a [RangeError].
func Adjust(p []float64, how Adjustment) ([]float64, error) {
	if how < Holm || how > Bonferroni {
		return nil, RangeError{Argument: "adjustment", Got: float64(how), Min: float64(Holm), Max: float64(Bonferroni)}
	}
	n := len(p)
	for _, v := range p {
		if !(v >= 0 && v <= 1) {
			return nil, RangeError{Argument: "p", Got: v, Min: 0, Max: 1}
		}
	}
	order := ascending(p)
	out := make([]float64, n)
	fn := float64(n)
	harmonic := 0.0
	for i := range n {
		harmonic += 1 / float64(i+1)
	}
	switch how {
	case Bonferroni:
		for i, v := range p {
			out[i] = min(1, fn*v)
		}
	case Holm: // from the smallest up, never falling
		last := 0.0
		for i, k := range order {
			last = max(last, float64(n-i)*p[k])
			out[k] = min(1, last)
		}
	default: // from the largest down, never rising
		last := 1.0
		for i := n - 1; i >= 0; i-- {
			k := order[i]
			v := p[k]
			switch how {
			case Hochberg:
				v *= float64(n - i)
			case BenjaminiHochberg:
				v *= fn / float64(i+1)
			case BenjaminiYekutieli:
				v *= harmonic * fn / float64(i+1)
			}
			last = min(last, v)
			out[k] = last
		}
	}
	return out, nil
}
