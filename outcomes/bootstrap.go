package outcomes

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// BootstrapResult is an interval by resampling.
type BootstrapResult struct {
	Method     string   `json:"method"`
	Generator  string   `json:"generator"` // the random numbers are named, and the seed makes them again
	Seed       uint64   `json:"seed"`
	Resamples  int      `json:"resamples"`
	N          int64    `json:"n"`
	Estimate   float64  `json:"estimate"`
	SE         float64  `json:"se"` // standard deviation over the resamples
	Percentile Interval `json:"percentile"`
	// BCa is Efron's bias-corrected and accelerated interval (1987); nil where the statistic does not vary
	// enough for it.
	BCa          *Interval `json:"bca,omitempty"`
	Bias         float64   `json:"bias_correction"` // z0
	Acceleration float64   `json:"acceleration"`    // a, from the jackknife
}

// StatisticError says that a function given by the caller panicked or returned a number that is not finite.
type StatisticError struct {
	Cause string `json:"cause"`
}

func (e StatisticError) Error() string { return "outcomes: the statistic given failed: " + e.Cause }

const maxResamples = 1_000_000

// Bootstrap resamples n rows with replacement: statistic gets the indices of one resample and returns the
// figure for it; it must not keep the slice. The generator is PCG (math/rand/v2) with the given seed, so
// the same seed gives the same interval on every machine. Quantiles of the resamples are of type 6, as in
// R's boot.ci to within its interpolation on the normal scale. It takes [Confidence].
func Bootstrap(n, resamples int, seed uint64, statistic func(rows []int) float64, opts ...Option) (BootstrapResult, error) {
	const name = "bootstrap"
	c, err := configure(optLevel, opts)
	if err != nil {
		return BootstrapResult{}, err
	}
	switch {
	case n < 2:
		return BootstrapResult{}, SizeError{Statistic: name, N: int64(n), Need: 2}
	case resamples < 100 || resamples > maxResamples:
		return BootstrapResult{}, RangeError{Argument: "resamples", Got: float64(resamples), Min: 100, Max: maxResamples}
	case statistic == nil:
		return BootstrapResult{}, StatisticError{Cause: "it is nil"}
	}
	call := func(rows []int) (v float64, err error) {
		defer func() {
			if p := recover(); p != nil {
				err = StatisticError{Cause: fmt.Sprintf("panic of type %T", p)} // the value could hold data
			}
		}()
		v = statistic(rows)
		if v-v != 0 {
			return 0, StatisticError{Cause: "it returned a number that is not finite"}
		}
		return v, nil
	}
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	r := BootstrapResult{
		Method: "bootstrap, rows resampled with replacement", Generator: "PCG, math/rand/v2",
		Seed: seed, Resamples: resamples, N: int64(n),
	}
	if r.Estimate, err = call(rows); err != nil {
		return BootstrapResult{}, err
	}
	// The jackknife first: it leaves out one row at a time.
	jack := make([]float64, n)
	for i := range n {
		rows = rows[:0]
		for j := range n {
			if j != i {
				rows = append(rows, j)
			}
		}
		if jack[i], err = call(rows); err != nil {
			return BootstrapResult{}, err
		}
	}
	rows = rows[:n]
	rng := rand.New(rand.NewPCG(seed, 0))
	values := make([]float64, resamples)
	below, equal := 0.0, 0.0
	for b := range values {
		for i := range rows {
			rows[i] = rng.IntN(n)
		}
		if values[b], err = call(rows); err != nil {
			return BootstrapResult{}, err
		}
		switch {
		case values[b] < r.Estimate:
			below++
		case values[b] == r.Estimate:
			equal++
		}
	}
	_, r.SE = meanSD(values)
	if err := finiteAll("standard deviation over the resamples", r.SE); err != nil {
		return BootstrapResult{}, err
	}
	w := weigh(values)
	limits := func(lo, hi float64, method string) (Interval, error) {
		q, err := w.quantiles(R6, []float64{lo, hi})
		if err != nil {
			return Interval{}, err
		}
		return Interval{Level: c.level, Low: q[0], High: q[1], Method: method}, nil
	}
	tail := (1 - c.level) / 2
	if r.Percentile, err = limits(tail, 1-tail, "percentile"); err != nil {
		return BootstrapResult{}, err
	}
	// Resamples equal to the estimate count one half, so that a discrete statistic is not called biased.
	share := (below + equal/2) / float64(resamples)
	m := mean(jack)
	var s2, s3 total
	for _, v := range jack {
		d := m - v
		s2.add(d * d)
		s3.add(d * d * d)
	}
	if share > 0 && share < 1 && s2.value() > 0 {
		r.Bias = special.NormQuantile(share)
		r.Acceleration = s3.value() / (6 * math.Pow(s2.value(), 1.5))
		adjust := func(p float64) float64 {
			z := r.Bias + special.NormQuantile(p)
			return special.NormCDF(r.Bias + z/(1-r.Acceleration*z))
		}
		ci, err := limits(adjust(tail), adjust(1-tail), "BCa")
		if err != nil {
			return BootstrapResult{}, err
		}
		r.BCa = &ci
	}
	return r, nil
}
