package main

import (
	"errors"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

// Before and after as if they were different people: what can be compared with reports that lost the pairing.

func independentT(pre, post []float64, test func(x, y []float64, opts ...outcomes.Option) (outcomes.TResult, error)) object {
	t, err := test(post, pre)
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

func cohensD(pre, post []float64) object {
	a, err := outcomes.Summarise(post)
	if err != nil {
		return failure(err)
	}
	b, err := outcomes.Summarise(pre)
	if err != nil {
		return failure(err)
	}
	d, err := a.CohensD(b)
	if err != nil {
		return failure(err)
	}
	g, err := a.HedgesG(b)
	return object{
		{"definition", d.Definition},
		{"d", number(d.Estimate)},
		{"ci95_noncentral_t", limits(d.CI, nil)},
		{"hedges_g", value(g.Estimate, err)},
	}
}
