package outcomes_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

var (
	update = flag.Bool("update", false, "write COVERAGE.md anew")
	full   = flag.Bool("full", false, "repeat the whole simulation of COVERAGE.md, a minute")
)

// promise is what a method says of its coverage for the data of a study.
type promise string

const (
	exactly promise = "exact"    // the level itself
	atLeast promise = "at least" // never below the level
	about   promise = "about"    // near the level; here no lower than 0.90
	warned  promise = "off"      // too narrow or too wide for such data; a better one stands beside it
)

type method struct {
	name  string
	says  promise
	truth float64
}

// study draws data many times and asks how often intervals hold the truth. draw returns one interval for each
// method, in order; nil where the data of that draw do not allow one.
type study struct {
	data    string
	draws   int
	methods []method
	draw    func(r *rand.Rand) []*outcomes.Interval
}

const coverageSeed = 2026

// got is the interval of a result, nil with an error.
func got(ci outcomes.Interval, err error) *outcomes.Interval {
	if err != nil {
		return nil
	}
	return &ci
}

func gotP(ci *outcomes.Interval, err error) *outcomes.Interval {
	if err != nil {
		return nil
	}
	return ci
}

func normals(r *rand.Rand, n int, mean, sd float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = mean + sd*r.NormFloat64()
	}
	return out
}

func binomial(r *rand.Rand, n int, p float64) int64 {
	x := int64(0)
	for range n {
		if r.Float64() < p {
			x++
		}
	}
	return x
}

func studies() []study {
	var out []study
	add := func(data string, draws int, methods []method, draw func(r *rand.Rand) []*outcomes.Interval) {
		out = append(out, study{data, draws, methods, draw})
	}
	phi := func(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }

	for _, n := range []int{10, 30, 100} {
		add(fmt.Sprintf("%d pairs, normal, dz = 0.4", n), 2000, []method{
			{"PairedT", exactly, 0.4},
			{"HodgesLehmann", atLeast, 0.4},
			{"DZ", exactly, 0.4},
			{"DAv", warned, 0.8 / (1 + math.Sqrt2)},
			{"DAvRescaled", about, 0.8 / (1 + math.Sqrt2)},
			{"CommonLanguage", about, phi(0.4)},
			{"CommonLanguageNormal", exactly, phi(0.4)},
			{"Pearson (Fisher's z)", about, math.Sqrt(0.5)},
			{"HodgesLehmann, normal", about, 0.4},
			{"GZ", about, 0.4},
			{"DRm", about, 0.4 * math.Sqrt(2-math.Sqrt2)},
			{"DAvRootMeanVariance", about, 0.4 / math.Sqrt(1.5)},
			{"GlassPre", about, 0.4},
			{"OneSampleT of the change", exactly, 0.4},
		}, func(r *rand.Rand) []*outcomes.Interval {
			pre, post := normals(r, n, 0, 1), normals(r, n, 0.4, 1)
			change := make([]float64, n)
			for i := range pre {
				post[i] += pre[i]
				change[i] = post[i] - pre[i]
			}
			s, _ := outcomes.SummarisePairs(pre, post)
			t, e1 := s.T()
			hl, e2 := outcomes.HodgesLehmann(pre, post, outcomes.Exact())
			dz, e3 := s.DZ()
			dav, e4 := s.DAv()
			rescaled, e5 := s.DAvRescaled()
			cl, e6 := outcomes.CommonLanguage(pre, post)
			cn, e7 := s.CommonLanguageNormal()
			p, e8 := outcomes.Pearson(pre, post)
			hn, e9 := outcomes.HodgesLehmann(pre, post, outcomes.Normal())
			gz, e10 := s.GZ()
			rm, e11 := s.DRm()
			rmv, e12 := s.DAvRootMeanVariance()
			glass, e13 := s.GlassPre()
			one, e14 := outcomes.OneSampleT(change)
			return []*outcomes.Interval{
				got(t.CI, e1), got(hl.CI, e2), gotP(dz.CI, e3), gotP(dav.CI, e4), gotP(rescaled.CI, e5), got(cl.CI, e6), gotP(cn.CI, e7), gotP(p.CI, e8),
				got(hn.CI, e9), gotP(gz.CI, e10), gotP(rm.CI, e11), gotP(rmv.CI, e12), gotP(glass.CI, e13), got(one.CI, e14),
			}
		})
	}
	add("30 pairs, differences exponential less 0.6", 2000, []method{{"PairedT", about, 0.4}, {"CommonLanguage", about, math.Exp(-0.6)}}, func(r *rand.Rand) []*outcomes.Interval {
		pre, post := make([]float64, 30), make([]float64, 30)
		for i := range pre {
			post[i] = r.ExpFloat64() - 0.6
		}
		t, e1 := outcomes.PairedT(pre, post)
		cl, e2 := outcomes.CommonLanguage(pre, post)
		return []*outcomes.Interval{got(t.CI, e1), got(cl.CI, e2)}
	})
	add("40 pairs, half up, three in ten the same", 2000, []method{{"CommonLanguage", about, 0.65}}, func(r *rand.Rand) []*outcomes.Interval {
		pre, post := make([]float64, 40), make([]float64, 40)
		for i := range pre {
			switch u := r.Float64(); {
			case u < 0.5:
				post[i] = 1
			case u > 0.8:
				post[i] = -1
			}
		}
		cl, err := outcomes.CommonLanguage(pre, post)
		return []*outcomes.Interval{got(cl.CI, err)}
	})
	for _, at := range []struct {
		n        int
		p        float64
		jeffreys promise // it dips below 0.9 where few are expected
	}{{20, 0.5, about}, {30, 0.3, about}, {50, 0.05, warned}, {400, 0.1, about}} {
		add(fmt.Sprintf("%d people, a share of %v", at.n, at.p), 4000, []method{
			{"Wilson", about, at.p}, {"Wilson, continuity", about, at.p}, {"ClopperPearson", atLeast, at.p}, {"Jeffreys", at.jeffreys, at.p}, {"AgrestiCoull", about, at.p},
		}, func(r *rand.Rand) []*outcomes.Interval {
			n := int64(at.n)
			x := binomial(r, at.n, at.p)
			a, e1 := outcomes.Wilson(x, n)
			b, e2 := outcomes.Wilson(x, n, outcomes.Continuity(true))
			c, e3 := outcomes.ClopperPearson(x, n)
			d, e4 := outcomes.Jeffreys(x, n)
			e, e5 := outcomes.AgrestiCoull(x, n)
			return []*outcomes.Interval{got(a.CI, e1), got(b.CI, e2), got(c.CI, e3), got(d.CI, e4), got(e.CI, e5)}
		})
	}
	for _, n := range []int{25, 150} {
		add(fmt.Sprintf("two groups of %d, shares 0.3 and 0.15", n), 2000, []method{
			{"RiskDifference (Newcombe)", about, 0.15},
			{"MiettinenNurminen", about, 0.15},
			{"RiskDifferenceWald", about, 0.15},
			{"RiskRatio (Katz)", about, 2},
			{"OddsRatio (Woolf)", about, 0.3 / 0.7 / (0.15 / 0.85)},
			{"Fisher, odds ratio", atLeast, 0.3 / 0.7 / (0.15 / 0.85)},
		}, func(r *rand.Rand) []*outcomes.Interval {
			x, y := binomial(r, n, 0.3), binomial(r, n, 0.15)
			tab := outcomes.Table{{x, int64(n) - x}, {y, int64(n) - y}}
			a, e1 := tab.RiskDifference()
			b, e2 := tab.MiettinenNurminen()
			c, e3 := tab.RiskDifferenceWald()
			d, e4 := tab.RiskRatio()
			e, e5 := tab.OddsRatio()
			f, e6 := tab.Fisher()
			return []*outcomes.Interval{got(a.CI, e1), got(b.CI, e2), got(c.CI, e3), got(d.CI, e4), got(e.CI, e5), gotP(f.CI, e6)}
		})
	}
	add("40 people, a state in 0.5 before and 0.3 after", 2000, []method{{"PairedBinary.Difference (Newcombe)", about, -0.2}}, func(r *rand.Rand) []*outcomes.Interval {
		var b outcomes.PairedBinary
		for range 40 {
			first := r.Float64() < 0.5
			b.Add(first, r.Float64() < 0.2 || first && r.Float64() < 0.25) // 0.2 + 0.8·0.5·0.25 = 0.3
		}
		d, err := b.Difference()
		return []*outcomes.Interval{got(d.CI, err)}
	})
	add("three services of 60, odds ratio 2", 1000, []method{{"MantelHaenszel", about, 2}}, func(r *rand.Rand) []*outcomes.Interval {
		var strata []outcomes.Table
		for _, p := range []float64{0.2, 0.4, 0.6} {
			odds := 2 * p / (1 - p)
			x, y := binomial(r, 30, odds/(1+odds)), binomial(r, 30, p)
			strata = append(strata, outcomes.Table{{x, 30 - x}, {y, 30 - y}})
		}
		m, err := outcomes.MantelHaenszel(strata)
		if err != nil {
			return []*outcomes.Interval{nil}
		}
		return []*outcomes.Interval{m.CI}
	})
	for _, mu := range []float64{4, 40} {
		add(fmt.Sprintf("a count that expects %v", mu), 4000, []method{{"PoissonRate", atLeast, mu}}, func(r *rand.Rand) []*outcomes.Interval {
			x, clock := int64(0), r.ExpFloat64()
			for clock < mu {
				x++
				clock += r.ExpFloat64()
			}
			v, err := outcomes.PoissonRate(x, 1)
			return []*outcomes.Interval{got(v.CI, err)}
		})
	}
	add("groups of 12 and 30, normal, equal spread", 2000, []method{{"PooledT", exactly, 0.5}, {"WelchT", about, 0.5}, {"HodgesLehmannShift", atLeast, 0.5}, {"HodgesLehmannShift, normal", about, 0.5}, {"CohensD", exactly, 0.5}, {"HedgesG", about, 0.5}}, func(r *rand.Rand) []*outcomes.Interval {
		x, y := normals(r, 12, 0.5, 1), normals(r, 30, 0, 1)
		a, e1 := outcomes.PooledT(x, y)
		b, e2 := outcomes.WelchT(x, y)
		c, e3 := outcomes.HodgesLehmannShift(x, y)
		d, e4 := outcomes.HodgesLehmannShift(x, y, outcomes.Normal())
		sx, _ := outcomes.Summarise(x)
		sy, _ := outcomes.Summarise(y)
		e, e5 := sx.CohensD(sy)
		f, e6 := sx.HedgesG(sy)
		return []*outcomes.Interval{got(a.CI, e1), got(b.CI, e2), got(c.CI, e3), got(d.CI, e4), gotP(e.CI, e5), gotP(f.CI, e6)}
	})
	add("groups of 12 and 30, normal, the smaller with twice the spread", 2000, []method{{"PooledT", warned, 0.5}, {"WelchT", about, 0.5}}, func(r *rand.Rand) []*outcomes.Interval {
		x, y := normals(r, 12, 0.5, 2), normals(r, 30, 0, 1)
		a, e1 := outcomes.PooledT(x, y)
		b, e2 := outcomes.WelchT(x, y)
		return []*outcomes.Interval{got(a.CI, e1), got(b.CI, e2)}
	})
	add("50 spells, exponential, a third censored; at the median", 1000, []method{
		{"KaplanMeier, plain", about, 0.5},
		{"KaplanMeier, log", about, 0.5},
		{"KaplanMeier, log-log", about, 0.5},
		{"RestrictedMean to the median", about, 0.5 / math.Ln2},
		{"Quantile, the median, plain", about, 1},
		{"Quantile, the median, log", about, 1},
		{"Quantile, the median, log-log", about, 1},
	}, func(r *rand.Rand) []*outcomes.Interval {
		spells := make([]outcomes.Spell, 50)
		for i := range spells { // the unit of time is the median
			event, censored := r.ExpFloat64()/math.Ln2, r.ExpFloat64()*2/math.Ln2
			spells[i] = outcomes.Spell{Time: math.Min(event, censored), Event: event <= censored}
		}
		var cis, medians []*outcomes.Interval
		for _, scale := range []outcomes.SurvivalTransform{outcomes.PlainSurvival, outcomes.LogSurvival, outcomes.LogLogSurvival} {
			c, err := outcomes.KaplanMeier(spells, scale)
			var ci *outcomes.Interval
			for _, p := range c.Points {
				if p.Time <= 1 {
					ci = p.CI
				}
			}
			cis = append(cis, gotP(ci, err))
			q, err := c.Quantile(0.5)
			median := outcomes.Interval{High: math.Inf(1)} // an end that is not reached lies beyond the last time
			if q.Low != nil {
				median.Low = *q.Low
			}
			if q.High != nil {
				median.High = *q.High
			}
			medians = append(medians, got(median, err))
			if scale == outcomes.LogLogSurvival {
				m, err := c.RestrictedMean(1)
				cis = append(cis, got(m.CI, err))
			}
		}
		return append(cis, medians...)
	})
	add("60 people, post on pre, equal spread", 1000, []method{{"Linear, classical", exactly, 0.6}, {"Linear, HC0", about, 0.6}, {"Linear, HC1", about, 0.6}, {"Linear, HC2", about, 0.6}, {"Linear, HC3", about, 0.6}}, func(r *rand.Rand) []*outcomes.Interval {
		return slopes(r, 60, func(float64) float64 { return 1 })
	})
	add("60 people, post on pre, spread grows with the distance of pre", 1000, []method{{"Linear, classical", warned, 0.6}, {"Linear, HC0", about, 0.6}, {"Linear, HC1", about, 0.6}, {"Linear, HC2", about, 0.6}, {"Linear, HC3", about, 0.6}}, func(r *rand.Rand) []*outcomes.Interval {
		return slopes(r, 60, func(x float64) float64 { return math.Abs(x) })
	})
	add("150 people, completion on one predictor", 1000, []method{{"Logistic", about, 0.7}}, func(r *rand.Rand) []*outcomes.Interval {
		rows, y := make([][]float64, 150), make([]bool, 150)
		for i := range rows {
			x := r.NormFloat64()
			rows[i], y[i] = []float64{x}, r.Float64() < 1/(1+math.Exp(-0.7*x))
		}
		l, err := outcomes.Logistic([]string{"x"}, rows, y)
		if err != nil {
			return []*outcomes.Interval{nil}
		}
		return []*outcomes.Interval{&l.Coefficients[1].CI}
	})
	add("five quintiles of 100, rates on a line from 0.5 to 0.3", 2000, []method{{"Inequality, slope", about, 0.2}, {"Inequality, relative", about, 5.0 / 3}, {"Inequality, relative to the mean", about, 0.5}}, func(r *rand.Rand) []*outcomes.Interval {
		var x, n []int64
		for _, p := range []float64{0.48, 0.44, 0.40, 0.36, 0.32} {
			x, n = append(x, binomial(r, 100, p)), append(n, 100)
		}
		v, err := outcomes.Inequality(x, n)
		return []*outcomes.Interval{got(v.SlopeCI, err), gotP(v.RelativeCI, err), got(v.RelativeToMeanCI, err)}
	})
	add("60 people, five parallel items", 1000, []method{{"CronbachAlpha (Feldt)", exactly, 2.5 / 3}}, func(r *rand.Rand) []*outcomes.Interval {
		rows := make([][]float64, 60)
		for i := range rows { // each item: person plus error of equal variance; alpha = 5/(5 + 1)
			rows[i] = normals(r, 5, r.NormFloat64(), 1)
		}
		v, err := outcomes.CronbachAlpha(rows)
		return []*outcomes.Interval{got(v.CI, err)}
	})
	add("40 people, four raters drawn anew", 1000, []method{{"ICC (McGraw and Wong)", about, 1 / 1.75}}, func(r *rand.Rand) []*outcomes.Interval {
		raters := normals(r, 4, 0, 0.5)
		rows := make([][]float64, 40)
		for i := range rows {
			rows[i] = normals(r, 4, r.NormFloat64(), math.Sqrt(0.5))
			for j := range raters {
				rows[i][j] += raters[j]
			}
		}
		v, err := outcomes.ICC(rows)
		return []*outcomes.Interval{got(v.CI, err)}
	})
	add("40 exponential values, their mean; 800 resamples", 400, []method{{"Bootstrap, percentile", about, 1}, {"Bootstrap, BCa", about, 1}}, func(r *rand.Rand) []*outcomes.Interval {
		x := make([]float64, 40)
		for i := range x {
			x[i] = r.ExpFloat64()
		}
		b, err := outcomes.Bootstrap(len(x), 800, r.Uint64(), func(rows []int) float64 {
			s := 0.0
			for _, i := range rows {
				s += x[i]
			}
			return s / float64(len(rows))
		})
		return []*outcomes.Interval{got(b.Percentile, err), gotP(b.BCa, err)}
	})
	add("200 people, loss depends on pre", 500, []method{
		{"PairedT, complete pairs", warned, 0.5},
		{"InverseProbability, weights known", about, 0.5},
		{"InverseProbability, weights estimated", about, 0.5},
		{"Impute (normal, 20) and Pool", about, 0.5},
		{"Impute (matching, 20) and Pool", about, 0.5},
	}, lossStudy)
	add("60 clients, skewed costs, goals Poisson", 1000, []method{{"CostPerGoal (Fieller)", about, 75}}, func(r *rand.Rand) []*outcomes.Interval {
		costs, goals := make([]float64, 60), make([]int64, 60)
		for i := range costs {
			for clock := r.ExpFloat64(); clock < 2; clock += r.ExpFloat64() {
				goals[i]++
			}
			costs[i] = 50 + 30*float64(goals[i]) + 40*r.ExpFloat64() // mean 150, for 2 goals
		}
		v, err := outcomes.CostPerGoal(costs, goals)
		return []*outcomes.Interval{gotP(v.CI, err)}
	})
	add("arms of 60, skewed costs; 400 resamples", 400, []method{{"NetMonetaryBenefit (Welch)", about, 800}, {"NetMonetaryBenefitInterval, percentiles", about, 800}, {"CostEffectiveness, ICER by percentiles", about, 4000}}, func(r *rand.Rand) []*outcomes.Interval {
		arm := func(name string, cost, effect float64) outcomes.Arm {
			a := outcomes.Arm{Name: name, Effects: normals(r, 60, effect, 0.05)}
			for range 60 {
				a.Costs = append(a.Costs, cost*(0.5+0.5*r.ExpFloat64()))
			}
			return a
		}
		s, o := arm("service", 500, 0.15), arm("usual care", 300, 0.1) // 200 for 0.05: 4,000 each; at 20,000 a gain of 800
		n, e1 := outcomes.NetMonetaryBenefit(s, o, 20000)
		c, e2 := outcomes.CostEffectiveness(s, o, 400, r.Uint64())
		ci, e3 := c.NetMonetaryBenefitInterval(20000)
		return []*outcomes.Interval{got(n.Welch.CI, e1), got(ci, e3), gotP(c.CI, e2)}
	})
	fixed := outcomes.Table{{7, 3, 2}, {2, 4, 6}, {1, 3, 5}}
	known, _ := fixed.Fisher()
	add("one 3×3 table of 33, its exact p-value; 1,000 tables drawn", 1000, []method{{"FisherSimulated (Clopper–Pearson)", atLeast, known.P}}, func(r *rand.Rand) []*outcomes.Interval {
		v, err := fixed.FisherSimulated(1000, r.Uint64())
		return []*outcomes.Interval{got(v.CI, err)}
	})
	add("80 plans, completed or dropped out in weeks, a fifth censored; at week 12", 1000, []method{{"CumulativeIncidence, completed", about, 0.6 * -math.Expm1(-1.2)}, {"CumulativeIncidence, dropped out", about, 0.4 * -math.Expm1(-1.2)}}, func(r *rand.Rand) []*outcomes.Interval {
		plans := make([]outcomes.CompetingSpell, 80)
		for i := range plans {
			end, censored := r.ExpFloat64()*10, r.ExpFloat64()*40
			cause := 1
			if r.Float64() < 0.4 {
				cause = 2
			}
			if censored < end {
				end, cause = censored, 0
			}
			plans[i] = outcomes.CompetingSpell{Time: math.Ceil(end*7) / 7, Cause: cause} // whole days
		}
		c, err := outcomes.CumulativeIncidence(plans, 2)
		cis := make([]*outcomes.Interval, 2)
		for _, p := range c.Points {
			if err == nil && p.Time <= 12 {
				cis = p.CI
			}
		}
		return cis
	})
	add("100 people, scores 0 to 27, cases of 10 and more, a fifth recover", 1000, []method{{"ClinicalChange, recovery (Wilson)", about, 0.2}}, func(r *rand.Rand) []*outcomes.Interval {
		pre, post := make([]float64, 100), make([]float64, 100)
		for i := range pre {
			pre[i] = float64(5 + r.IntN(20))
			post[i] = pre[i]
			if r.Float64() < 0.2 {
				post[i] = 0 // by ten or more from a case: always reliable
			}
		}
		v, err := outcomes.ClinicalChange(pre, post, outcomes.ClinicalRule{CutOff: 10, LowerIsBetter: true, SEM: 2})
		return []*outcomes.Interval{gotP(v.RecoveryCI, err)}
	})
	add("150 people, scores 0 to 35, loss depends on pre", 1000, []method{
		{"BaselineCarriedForward", warned, 2},
		{"ExtremeCases, from the worst's low end to the best's high", warned, 2},
	}, func(r *rand.Rand) []*outcomes.Interval {
		pre, post, gone := make([]float64, 150), make([]float64, 150), make([]bool, 150)
		for i := range pre {
			pre[i] = float64(10 + r.IntN(11))
			post[i] = pre[i] + float64(r.IntN(5)) // 0 to 4, 2 on average
			gone[i] = r.Float64() < 0.1+0.03*(20-pre[i])
		}
		b, e1 := outcomes.BaselineCarriedForward(pre, post, gone)
		x, e2 := outcomes.ExtremeCases(pre, post, gone, 0, 35)
		return []*outcomes.Interval{got(b.T.CI, e1), got(outcomes.Interval{Low: x.Worst.T.CI.Low, High: x.Best.T.CI.High}, e2)}
	})
	return out
}

func slopes(r *rand.Rand, n int, spread func(x float64) float64) []*outcomes.Interval {
	rows, y := make([][]float64, n), make([]float64, n)
	for i := range rows {
		x := r.NormFloat64()
		rows[i], y[i] = []float64{x}, 1+0.6*x+spread(x)*r.NormFloat64()
	}
	var cis []*outcomes.Interval
	for _, se := range []outcomes.StandardErrors{outcomes.Classical, outcomes.HC0, outcomes.HC1, outcomes.HC2, outcomes.HC3} {
		l, err := outcomes.Linear([]string{"pre"}, rows, y, se)
		if err != nil {
			cis = append(cis, nil)
		} else {
			cis = append(cis, &l.Coefficients[1].CI)
		}
	}
	return cis
}

func lossStudy(r *rand.Rand) []*outcomes.Interval {
	const n = 200
	rows, missing, gone := make([][]float64, n), make([][]bool, n), make([]bool, n)
	xs, change := make([][]float64, n), make([]float64, n)
	var pre, post []float64
	for i := range rows {
		x := r.NormFloat64()
		y := 0.5 + 0.5*x + r.NormFloat64()
		gone[i] = r.Float64() < 1/(1+math.Exp(0.8-x))
		rows[i], missing[i], xs[i], change[i] = []float64{x, y}, []bool{false, gone[i]}, []float64{x}, y-x
		if !gone[i] {
			pre, post = append(pre, x), append(post, y)
		}
	}
	t, e1 := outcomes.PairedT(pre, post)
	w, e2 := outcomes.InverseProbability([]string{"pre"}, xs, change, gone)
	cis := []*outcomes.Interval{got(t.CI, e1), got(w.CI, e2), got(w.CIModel, e2)}
	for _, how := range []outcomes.ImputationMethod{outcomes.NormalImputation, outcomes.MeanMatching} {
		im, err := outcomes.Impute([]string{"pre", "post"}, rows, missing, how, 20, r.Uint64(), outcomes.Cycles(1))
		if err != nil {
			cis = append(cis, nil)
			continue
		}
		var est, se []float64
		a, b := make([]float64, n), make([]float64, n)
		for _, table := range im.All() {
			for i, row := range table {
				a[i], b[i] = row[0], row[1]
			}
			if t, err := outcomes.PairedT(a, b); err == nil {
				est, se = append(est, t.Estimate), append(se, t.SE)
			}
		}
		p, err := outcomes.Pool(est, se, n-1)
		cis = append(cis, got(p.CI, err))
	}
	return cis
}

const coverageHead = `# How often the intervals hold the truth

Every method that gives an interval, at 95 %, on data drawn again and again from a truth that is known: how
often the interval holds it, and on which side it misses when it does not. Evaluations are small and their
data skewed; this is where an interval that is right on paper may not be.

*exact* and *at least* are what theory says of a method for those data, *about* that it is an approximation,
*off* that it is too narrow or too wide for such data, and stands here as a warning with a better one beside it.
"None" is how many draws allowed no interval (no event, say); they are left out of the shares. The shares have a
standard error of 0.003 with 4,000 draws, 0.005 with 2,000, 0.007 with 1,000, 0.01 with 400 to 500.

Made by the test ` + "`TestCoverage`" + ` from one seed, PCG of math/rand/v2: ` + "`go test -run TestCoverage -update`" + ` writes it
anew, ` + "`-full`" + ` in its place repeats all of it, and without either a tenth of the draws has to agree.

| data | method | promise | draws | none | holds | truth below | truth above |
|---|---|---|---:|---:|---:|---:|---:|
`

// coverageRow is one line of the table.
type coverageRow struct {
	key                 string // data, method and promise
	draws, none         int
	holds, below, above float64
	says                promise
}

func (r coverageRow) String() string {
	return fmt.Sprintf("| %s | %d | %d | %.3f | %.3f | %.3f |", r.key, r.draws, r.none, r.holds, r.below, r.above)
}

// simulate runs every study with its draws divided by part.
func simulate(t *testing.T, part int) []coverageRow {
	var rows []coverageRow
	for k, s := range studies() {
		r := rand.New(rand.NewPCG(coverageSeed, uint64(k)))
		draws := s.draws / part
		held, below, above, none := make([]int, len(s.methods)), make([]int, len(s.methods)), make([]int, len(s.methods)), make([]int, len(s.methods))
		for range draws {
			cis := s.draw(r)
			require.Len(t, cis, len(s.methods), s.data)
			for i, ci := range cis {
				switch truth := s.methods[i].truth; {
				case ci == nil:
					none[i]++
				case truth < ci.Low:
					below[i]++
				case truth > ci.High:
					above[i]++
				default:
					held[i]++
				}
			}
		}
		for i, m := range s.methods {
			n := float64(draws - none[i])
			rows = append(rows, coverageRow{
				key: fmt.Sprintf("%s | %s | %s", s.data, m.name, m.says), draws: draws, none: none[i], says: m.says,
				holds: float64(held[i]) / n, below: float64(below[i]) / n, above: float64(above[i]) / n,
			})
		}
	}
	return rows
}

// The committed table is what the simulation gives, and keeps what it promises. A whole repetition is held to
// one draw in two hundred, since another processor may round the last bit of a limit otherwise; a part of it
// to its own standard error.
func TestCoverage(t *testing.T) {
	const part = 10
	if *update {
		var b strings.Builder
		b.WriteString(coverageHead)
		for _, r := range simulate(t, 1) {
			b.WriteString(r.String() + "\n")
		}
		require.NoError(t, os.WriteFile("COVERAGE.md", []byte(b.String()), 0o644))
	}
	data, err := os.ReadFile("COVERAGE.md")
	require.NoError(t, err)
	body, ok := strings.CutPrefix(string(data), coverageHead)
	require.True(t, ok, "the head of COVERAGE.md differs; run with -update")
	lines := strings.Split(strings.TrimSpace(body), "\n")
	divide := part
	if *full {
		divide = 1
	}
	rows := simulate(t, divide)
	require.Len(t, lines, len(rows))
	for i, line := range lines {
		r := rows[i]
		cells := strings.Split(line, " | ")
		require.Len(t, cells, 8, line)
		require.Equal(t, r.key, strings.TrimPrefix(strings.Join(cells[:3], " | "), "| "))
		var v [5]float64
		for j := range v {
			v[j], err = strconv.ParseFloat(strings.Trim(cells[3+j], " |"), 64)
			require.NoError(t, err, line)
		}
		draws, none, holds := v[0], v[1], v[2]
		require.Equal(t, draws, float64(r.draws*divide), line)
		require.Less(t, none, 0.3*draws, line)
		se := math.Sqrt(0.95 * 0.05 / (draws - none))
		switch {
		case r.says == exactly && math.Abs(holds-0.95) > 4*se, r.says == atLeast && holds < 0.95-4*se, r.says == about && holds < 0.90:
			t.Errorf("does not keep its promise: %s", line)
		}
		for j, share := range []float64{r.holds, r.below, r.above} {
			tol := 0.0055
			if !*full {
				w := math.Max(v[2+j], 0.005)
				tol = 4.5*math.Sqrt(w*(1-w)/float64(r.draws-r.none)) + 0.001
			}
			require.InDelta(t, v[2+j], share, tol, "%s\n%s", line, r)
		}
	}
}

// Whatever takes Confidence gives an interval, and every interval has its row: the doc comments of the package say
// which those are.
func TestEveryIntervalHasARow(t *testing.T) {
	rows := map[string]string{ // those that go by another name
		"T":   "PairedT", // of PairSummary, Paired and Summary
		"SRM": "DZ",
		// no interval: the level sets a threshold
		"ReliableChange": "", "MinimalDetectableChange": "",
	}
	table, err := os.ReadFile("COVERAGE.md")
	require.NoError(t, err)
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	set := token.NewFileSet()
	found := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(set, f.Name(), nil, parser.ParseComments)
		require.NoError(t, err)
		for _, d := range tree.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !fn.Name.IsExported() || !strings.Contains(strings.Join(strings.Fields(fn.Doc.Text()), " "), "It takes [Confidence]") {
				continue
			}
			found++
			name, other := rows[fn.Name.Name]
			if !other {
				name = fn.Name.Name
			}
			require.Regexp(t, `\| [^|]*\b`+name+`\b[^|]* \| (exact|at least|about|off) \|`, string(table), fn.Name.Name)
		}
	}
	require.Greater(t, found, 40, "the doc comments are no longer read")
}
