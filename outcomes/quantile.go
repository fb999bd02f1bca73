package outcomes

import (
	"math"
	"slices"
	"sort"
)

// QuantileType is one of the nine definitions of Hyndman and Fan (1996), numbered as in R's quantile.
type QuantileType int

const (
	R1 QuantileType = iota + 1 // inverse of the empirical distribution
	R2                         // the same, averaging at steps
	R3                         // nearest even order statistic (SAS)
	R4                         // linear in the empirical distribution
	R5                         // midway through the steps (hydrologists)
	R6                         // expectation of the uniform order statistics (Minitab, SPSS)
	R7                         // R's default: mode of the uniform order statistics
	R8                         // about median-unbiased for any distribution
	R9                         // about unbiased for the normal distribution
)

// Quantiles returns the quantiles of a sample at the given probabilities, by the definition t, as R's
// quantile(x, probs, type = t).
func Quantiles(x []float64, t QuantileType, probs ...float64) ([]float64, error) {
	if err := checkFinite("x", x); err != nil {
		return nil, err
	}
	if len(x) <= fewToSelect {
		return weigh(x).quantiles(t, probs)
	}
	// Ask which places are wanted, and sort no more than what stands around them.
	var places []int64
	note := func(place int64) float64 {
		places = append(places, place)
		return 0
	}
	if _, err := quantiles(note, int64(len(x)), t, probs); err != nil {
		return nil, err
	}
	slices.Sort(places)
	places = slices.Compact(places)
	values := selectPlaces(x, places)
	return quantiles(func(place int64) float64 {
		i, _ := slices.BinarySearch(places, place)
		return values[i]
	}, int64(len(x)), t, probs)
}

// Median is the middle value of a sample, or the mean of the two in the middle.
func Median(x []float64) (float64, error) {
	q, err := Quantiles(x, R7, 0.5)
	if err != nil {
		return 0, err
	}
	return q[0], nil
}

// Quantiles returns quantiles in units; see the function [Quantiles].
func (c Counts) Quantiles(t QuantileType, probs ...float64) ([]float64, error) {
	w, err := c.weighted("quantile")
	if err != nil {
		return nil, err
	}
	return w.quantiles(t, probs)
}

func (w weighted) quantiles(t QuantileType, probs []float64) ([]float64, error) {
	cum := make([]int64, len(w.counts))
	total := int64(0)
	for i, n := range w.counts {
		total += n
		cum[i] = total
	}
	return quantiles(func(place int64) float64 {
		return w.values[sort.Search(len(cum), func(j int) bool { return cum[j] > place })]
	}, w.n, t, probs)
}

// quantiles asks for the order statistics of n numbers by their places, counted from 0.
func quantiles(order func(place int64) float64, n int64, t QuantileType, probs []float64) ([]float64, error) {
	if t < R1 || t > R9 {
		return nil, RangeError{Argument: "quantile type", Got: float64(t), Min: 1, Max: 9}
	}
	if n < 1 {
		return nil, SizeError{Statistic: "quantile", N: n, Need: 1}
	}
	at := func(k float64) float64 { // counted from 1 and held within 1 to n
		return order(int64(math.Max(1, math.Min(k, float64(n)))) - 1)
	}
	out := make([]float64, len(probs))
	for i, p := range probs {
		if !(p >= 0 && p <= 1) {
			return nil, RangeError{Argument: "probability", Got: p, Min: 0, Max: 1}
		}
		out[i] = quantile(at, float64(n), p, t)
	}
	return out, nil
}

// quantile follows quantile.default of R 4.2, with its allowance of four units in the last place for the
// rounding of n·p in types 4 to 6, 8 and 9, and none in the others.
func quantile(at func(float64) float64, n, p float64, t QuantileType) float64 {
	if t == R7 {
		index := 1 + (n-1)*p
		lo := math.Floor(index)
		return mix(at(lo), at(math.Ceil(index)), index-lo)
	}
	if t <= R3 {
		nppm := n * p
		if t == R3 {
			nppm -= 0.5
		}
		j := math.Floor(nppm)
		var h float64
		switch {
		case nppm > j, t == R3 && math.Mod(j, 2) != 0:
			h = 1
		case t == R2:
			h = 0.5
		}
		return mix(at(j), at(j+1), h)
	}
	const fuzz = 4 * 0x1p-52
	a, b := 0.0, 1.0
	switch t {
	case R5:
		a, b = 0.5, 0.5
	case R6:
		a, b = 0, 0
	case R8:
		a, b = 1.0/3, 1.0/3
	case R9:
		a, b = 3.0/8, 3.0/8
	}
	nppm := a + p*(n+1-a-b)
	j := math.Floor(nppm + fuzz)
	h := nppm - j
	if math.Abs(h) < fuzz {
		h = 0
	}
	return mix(at(j), at(j+1), h)
}

func mix(x, y, h float64) float64 {
	switch {
	case h == 0 || x == y:
		return x
	case h == 1:
		return y
	}
	return (1-h)*x + h*y
}
