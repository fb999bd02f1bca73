package main

import (
	"errors"
	"math"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

// Before and after as if they were different people: what can be compared with reports that lost the pairing.

func independentT(pre, post []float64, test func(x, y []float64, opts ...outcomes.Option) (outcomes.TResult, error)) object {
	t, err := tTest(test, pre, post)
	if err != nil {
		return failure(err)
	}
	a, errA := mean(post)
	b, errB := mean(pre)
	return object{
		{"method", t.Method},
		{"statistic", number(t.T)},
		{"df", number(t.DF)},
		{"p_value", number(t.P)},
		{"estimate", []any{value(a, errA), value(b, errB)}},
		{"conf_int", limits(&t.CI, nil)},
	}
}

// tTest refuses a result whose squares overflow.
func tTest(test func(x, y []float64, opts ...outcomes.Option) (outcomes.TResult, error), pre, post []float64) (outcomes.TResult, error) {
	t, err := test(post, pre)
	for _, v := range []float64{t.T, t.DF, t.P, t.CI.Low, t.CI.High} {
		if err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
			err = outcomes.NotFiniteError{Argument: t.Method, Index: -1}
		}
	}
	return t, err
}

func mannWhitney(pre, post []float64, opts ...outcomes.Option) object {
	r, err := outcomes.MannWhitney(post, pre, opts...)
	if err != nil {
		if len(pre) > 0 && errors.As(err, new(outcomes.DegenerateError)) { // all values equal: every comparison a tie
			return failure(err, field{"statistic", number(float64(len(pre)) * float64(len(pre)) / 2)})
		}
		return failure(err)
	}
	return object{{"method", r.Method}, {"statistic", number(r.W)}, {"p_value", number(r.P)}}
}
