package outcomes

import (
	"math"
	"math/rand/v2"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// FisherSimulationResult is Fisher's test by simulation.
type FisherSimulationResult struct {
	Method    string  `json:"method"`
	Generator string  `json:"generator"`
	Seed      uint64  `json:"seed"`
	Resamples int     `json:"resamples"`
	N         int64   `json:"n"`
	P         float64 `json:"p_value"`
	// CI is Clopper and Pearson's for the exact p-value, from the tables drawn: how far the simulation goes.
	CI Interval `json:"ci"`
}

const maxFisherDraws = 1<<31 - 1 // steps of the simulation, some seconds

// FisherSimulated is Fisher's exact test by simulation, for tables too large for [Table.Fisher]; as R's
// fisher.test(simulate.p.value = TRUE). Tables with the margins of t are drawn at random, and the p-value is
// the share no more likely than t, t itself counted among them: (1 + count)/(1 + resamples). The generator is
// PCG (math/rand/v2) with the given seed. Rows and columns without counts change nothing. It takes
// [Confidence].
func (t Table) FisherSimulated(resamples int, seed uint64, opts ...Option) (FisherSimulationResult, error) {
	const name = "Fisher's exact test"
	c, err := configure(optLevel, opts)
	if err != nil {
		return FisherSimulationResult{}, err
	}
	if resamples < 100 || resamples > maxResamples {
		return FisherSimulationResult{}, RangeError{Argument: "resamples", Got: float64(resamples), Min: 100, Max: maxResamples}
	}
	rows, cols, n, err := t.check(name, 2, 2)
	if err != nil {
		return FisherSimulationResult{}, err
	}
	if n > MaxRows {
		return FisherSimulationResult{}, RangeError{Argument: "count", Got: n, Min: 0, Max: MaxRows}
	}
	logFactorial := func(x float64) float64 { v, _ := math.Lgamma(x + 1); return v }
	observed := 0.0
	for _, r := range t {
		for _, v := range r {
			observed -= logFactorial(float64(v))
		}
	}
	limit := observed + 1e-7 // the allowance of the exact test
	rng := rand.New(rand.NewPCG(seed, 0))
	left := make([]float64, len(cols))
	count, steps := int64(0), 0
	for range resamples {
		copy(left, cols)
		logp := 0.0
		for i, row := range rows {
			// the cells of a row, one by one, given what the rows before have left of each column
			rest := 0.0
			for _, v := range left {
				rest += v
			}
			for j, v := range left {
				x := v
				if i < len(rows)-1 {
					var took int
					rest -= v
					x, took = hypergeometricDraw(rng, v, rest, row)
					if steps += took; steps > maxFisherDraws {
						return FisherSimulationResult{}, RangeError{Argument: "steps of the simulation", Got: float64(steps), Min: 1, Max: maxFisherDraws}
					}
					row -= x
					left[j] -= x
				}
				logp -= logFactorial(x)
			}
		}
		if logp <= limit {
			count++
		}
	}
	share, err := ClopperPearson(count, int64(resamples), Confidence(c.level))
	if err != nil {
		return FisherSimulationResult{}, err
	}
	return FisherSimulationResult{
		Method:    "Fisher's exact test, simulated tables with the same margins",
		Generator: "PCG, math/rand/v2", Seed: seed, Resamples: resamples, N: int64(n),
		P: float64(count+1) / float64(resamples+1), CI: share.CI,
	}, nil
}

// hypergeometricDraw is how many of k balls drawn without replacement are white, of w white and b black
// ones: by inversion, outwards from the mode. It also returns how many values it looked at.
func hypergeometricDraw(rng *rand.Rand, w, b, k float64) (x float64, steps int) {
	lo, hi := math.Max(0, k-b), math.Min(k, w)
	if lo == hi {
		return lo, 1
	}
	mode := math.Max(lo, math.Min(hi, math.Floor((k+1)*(w+1)/(w+b+2))))
	u := rng.Float64()
	top := special.HypergeometricPMF(mode, w, b, k)
	u -= top
	up, down, pu, pd := mode, mode, top, top
	for steps = 1; u > 0 && (up < hi || down > lo); steps++ {
		if up < hi {
			pu *= (w - up) * (k - up) / ((up + 1) * (b - k + up + 1))
			up++
			if u -= pu; u <= 0 {
				return up, steps
			}
		}
		if down > lo {
			pd *= down * (b - k + down) / ((w - down + 1) * (k - down + 1))
			down--
			if u -= pd; u <= 0 {
				return down, steps
			}
		}
		if pu+pd == 0 { // far out in both tails; the rest is rounding
			break
		}
	}
	return mode, steps
}
