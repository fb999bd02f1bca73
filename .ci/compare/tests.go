package main

import (
	"math"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

// testsContestant does the statistics with package outcomes, on one core, from
// samples in memory ("sample") and from the values one by one ("stream").
func testsContestant(dir string) (contestant, error) {
	s, err := readSamples(dir)
	if err != nil {
		return nil, err
	}
	pre, err := thousandths(s.pre)
	if err != nil {
		return nil, err
	}
	post, err := thousandths(s.post)
	if err != nil {
		return nil, err
	}
	groups := make([]int8, len(s.group))
	for i, g := range s.group {
		groups[i] = int8(g)
	}
	spells := make([]outcomes.Spell, len(s.days))
	for i := range spells {
		spells[i] = outcomes.Spell{Time: s.days[i], Event: s.event[i] == 1}
	}
	half := len(pre) / 2
	c := make(contestant)
	c["stream accumulate"] = func() (task, error) {
		var p outcomes.Paired
		for i, a := range pre {
			p.Add(a, post[i])
		}
		return func() ([]float64, error) { return pairAnswer(p.Summary()) }, p.Err()
	}
	c["stream by_group"] = func() (task, error) {
		var p [6]outcomes.Paired
		for i, a := range pre {
			p[groups[i]].Add(a, post[i])
		}
		return func() (out []float64, err error) {
			for _, q := range p[1:] {
				one, err := pairAnswer(q.Summary())
				if err != nil {
					return nil, err
				}
				out = append(out, one...)
			}
			return out, nil
		}, nil
	}
	c["stream t"] = func() (task, error) {
		var p outcomes.Paired
		for i, a := range pre {
			p.Add(a, post[i])
		}
		r, err := p.T()
		return tAnswer(r), err
	}
	c["stream signed_rank"] = func() (task, error) {
		var p outcomes.Paired
		for i, a := range pre {
			p.Add(a, post[i])
		}
		r, err := p.SignedRank()
		return floats(r.V, r.P), err
	}
	c["sample accumulate"] = func() (task, error) {
		r, err := outcomes.SummarisePairs(s.pre, s.post)
		return func() ([]float64, error) { return pairAnswer(r, nil) }, err
	}
	c["sample t"] = func() (task, error) {
		r, err := outcomes.PairedT(s.pre, s.post)
		return tAnswer(r), err
	}
	c["sample kaplan_meier"] = func() (task, error) {
		r, err := outcomes.KaplanMeier(spells, outcomes.LogSurvival)
		return func() (out []float64, err error) {
			for _, p := range r.Points {
				out = append(out, p.Time, float64(p.AtRisk), float64(p.Events), p.Survival)
				if p.CI == nil {
					out = append(out, math.NaN(), math.NaN())
					continue
				}
				out = append(out, p.CI.Low, p.CI.High)
			}
			return out, nil
		}, err
	}
	for _, v := range []struct {
		prefix    string
		pre, post []float64
	}{{"", s.pre, s.post}, {"fine_", s.finePre, s.finePost}} {
		c["sample "+v.prefix+"signed_rank"] = func() (task, error) {
			r, err := outcomes.SignedRank(v.pre, v.post)
			return floats(r.V, r.P), err
		}
		c["sample "+v.prefix+"spearman"] = func() (task, error) {
			r, err := outcomes.Spearman(v.pre, v.post)
			return floats(r.Estimate, r.P), err
		}
		c["sample "+v.prefix+"mann_whitney"] = func() (task, error) {
			r, err := outcomes.MannWhitney(v.pre[:half], v.post[half:])
			return floats(r.W, r.P), err
		}
	}
	return c, nil
}

func floats(v ...float64) task { return func() ([]float64, error) { return v, nil } }

func tAnswer(r outcomes.TResult) task {
	return floats(r.T, r.DF, r.P, r.Estimate, r.CI.Low, r.CI.High)
}

func pairAnswer(s outcomes.PairSummary, err error) ([]float64, error) {
	return []float64{float64(s.N), s.MeanPre, s.MeanPost, s.SDPre, s.SDPost, s.MeanDiff, s.SDDiff}, err
}

func thousandths(x []float64) ([]int64, error) {
	out := make([]int64, len(x))
	for i, v := range x {
		n, err := outcomes.Thousandths(v)
		if err != nil {
			return nil, err
		}
		out[i] = n
	}
	return out, nil
}
