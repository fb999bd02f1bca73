package evaluation

import (
	"sort"

	"github.com/healthtrainer/healthtrainer/outcomes"
	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// medianChange is the median of the differences with the interval of its order statistics: it holds
// whatever their distribution, and unlike the Hodges–Lehmann estimate it neither drops the pairs without
// change, which are most pairs of a count with many zeros, nor takes the differences to be symmetric.
//
// The interval reaches from the kth smallest to the kth largest difference, with the largest k that
// leaves at most 2.5 % on either side (as R's sort(d)[qbinom(0.025, n, 0.5)]); it covers at least 95 %.
// Fewer than six pairs have none.
func medianChange(diffs outcomes.Counts) (*Estimate, error) {
	q, err := diffs.Quantiles(outcomes.R7, 0.5)
	if err != nil {
		return nil, err
	}
	e := &Estimate{Value: q[0], Method: "median of the differences"}
	n := diffs.N()
	k := int64(sort.Search(int(n), func(x int) bool {
		atMost, _ := special.BinomialTails(float64(x), float64(n), 0.5)
		return atMost >= 0.025
	}))
	if k < 1 {
		return e, nil
	}
	e.CI = &outcomes.Interval{Level: 0.95, Method: "order statistics, exact binomial"}
	seen := int64(0)
	for v, count := range diffs.All() {
		if seen < k && seen+count >= k {
			e.CI.Low = float64(v) / outcomes.Unit
		}
		if seen < n-k+1 && seen+count >= n-k+1 {
			e.CI.High = float64(v) / outcomes.Unit
		}
		seen += count
	}
	return e, nil
}
