package main

import (
	"math"
	"slices"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

func pearson(pre, post []float64) object {
	r, err := outcomes.Pearson(pre, post)
	if err != nil {
		if len(pre) > 2 {
			return failure(err, field{"df", len(pre) - 2})
		}
		return failure(err)
	}
	df := float64(r.N - 2)
	t := math.Sqrt(df) * r.Estimate / math.Sqrt(1-float64(r.Estimate*r.Estimate))
	return object{
		{"method", r.Method},
		{"statistic", number(t)},
		{"df", number(df)},
		{"p_value", number(r.P)},
		{"estimate", number(r.Estimate)},
		{"conf_int", fisher(r)},
	}
}

// fisher is the interval of a correlation, for which three pairs are too few.
func fisher(r outcomes.CorrelationResult) any {
	if r.CI == nil {
		return failure(outcomes.SizeError{Statistic: "interval by Fisher's z", N: r.N, Need: 4})
	}
	return limits(r.CI, nil)
}

func spearman(pre, post []float64) object {
	r, err := outcomes.Spearman(pre, post, outcomes.Normal())
	if err != nil {
		return failure(err, spearmanParts(pre, post)...)
	}
	return append(object{{"method", r.Method + ", t approximation"}, {"p_value", number(r.P)}}, spearmanParts(pre, post)...)
}

// spearmanExact is R's exact = TRUE: the distribution up to 9 pairs, its Edgeworth series up to 1,290, and the t
// approximation with ties or beyond. The method says which it was.
func spearmanExact(pre, post []float64) object {
	r, err := outcomes.Spearman(pre, post, outcomes.Exact())
	if err != nil {
		return failure(err, spearmanParts(pre, post)...)
	}
	how := r.Distribution
	if how == "t" {
		how = "t approximation"
	}
	return append(object{{"method", r.Method + ", " + how}, {"p_value", number(r.P)}}, spearmanParts(pre, post)...)
}

// spearmanParts are rho and R's S, which need no distribution.
func spearmanParts(pre, post []float64) []field {
	r, err := outcomes.Spearman(pre, post)
	if err != nil {
		return nil
	}
	return []field{{"statistic", number(sumSquaredRanks(r.Estimate, float64(r.N)))}, {"estimate", number(r.Estimate)}}
}

// sumSquaredRanks is R's S, the sum of the squared differences of the ranks if there are no ties.
func sumSquaredRanks(rho, n float64) float64 { return (n*n*n - n) * (1 - rho) / 6 }

func kendall(pre, post []float64) object {
	r, err := kendallTest(pre, post)
	if err != nil {
		if e, ok := twoInOrder(pre, post); ok {
			return failure(err, field{"estimate", number(e)})
		}
		return failure(err)
	}
	return object{
		{"method", r.Method + ", normal approximation"},
		{"statistic", number(kendallZ(r.Estimate, pre, post))},
		{"p_value", number(r.P)},
		{"estimate", number(r.Estimate)},
	}
}

// kendallTest refuses two pairs, for which R's variance is 0/0.
func kendallTest(pre, post []float64) (outcomes.CorrelationResult, error) {
	r, err := outcomes.Kendall(pre, post, outcomes.Normal())
	if err == nil && r.N < 3 {
		err = outcomes.SizeError{Statistic: "normal approximation of Kendall's tau-b", N: r.N, Need: 3}
	}
	return r, err
}

// twoInOrder is the rank correlation of two pairs that differ: 1 or −1.
func twoInOrder(x, y []float64) (float64, bool) {
	if len(x) != 2 || x[0] == x[1] || y[0] == y[1] {
		return 0, false
	}
	if (x[0] < x[1]) == (y[0] < y[1]) {
		return 1, true
	}
	return -1, true
}

// kendallZ standardises tau-b by its variance under the null, corrected for ties as in R's cor.test.
func kendallZ(tau float64, x, y []float64) float64 {
	n := float64(len(x))
	tx, ty := tieSums(x), tieSums(y)
	pairs := n * (n - 1)
	s := tau * math.Sqrt((pairs-tx.pairs)*(pairs-ty.pairs)) / 2
	v := (pairs*(2*n+5)-tx.weighted-ty.weighted)/18 + tx.pairs*ty.pairs/(2*pairs) + tx.triples*ty.triples/(9*pairs*(n-2))
	return s / math.Sqrt(v)
}

type ties struct {
	pairs    float64 // Σ t(t−1) over groups of t equal values
	triples  float64 // Σ t(t−1)(t−2)
	weighted float64 // Σ t(t−1)(2t+5)
}

func tieSums(x []float64) (sum ties) {
	x = slices.Clone(x)
	slices.Sort(x)
	for len(x) > 0 {
		n := 1
		for n < len(x) && x[n] == x[0] {
			n++
		}
		t := float64(n)
		sum.pairs += t * (t - 1)
		sum.triples += t * (t - 1) * (t - 2)
		sum.weighted += t * (t - 1) * (2*t + 5)
		x = x[n:]
	}
	return sum
}
