package main

import (
	"math"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

// testsContestant does the statistics with package outcomes, on one core, from
// columns in memory ("sample") and by way of an accumulator ("stream").
func testsContestant(dir string) (contestant, error) {
	s, err := readSamples(dir)
	if err != nil {
		return nil, err
	}
	c := make(contestant)
	for _, add := range []func(contestant, samples) error{
		addPaired, addRanks, addGroups, addTables, addRelations, addTimes, addOthers,
	} {
		if err := add(c, s); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Sizes where a million would take minutes: Kendall's tau in R looks at every
// pair of pairs, and its Hodges–Lehmann estimate ranks anew at each step of a search.
const (
	kendallN   = 5_000
	shiftN     = 100_000
	bootstrapN = 1_000
	resamples  = 2_000
)

func addPaired(c contestant, s samples) error {
	pre, err := thousandths(s["pre"])
	if err != nil {
		return err
	}
	post, err := thousandths(s["post"])
	if err != nil {
		return err
	}
	finePre, err := thousandths(s["fine_pre"])
	if err != nil {
		return err
	}
	finePost, err := thousandths(s["fine_post"])
	if err != nil {
		return err
	}
	service := s.codes("group")
	paired := func(pre, post []int64) *outcomes.Paired {
		var p outcomes.Paired
		p.AddPairs(pre, post) // of one length
		return &p
	}
	summary := func(p *outcomes.Paired) (task, error) {
		return func() ([]float64, error) { return pairAnswer(p.Summary()) }, p.Err()
	}
	c["stream accumulate"] = func() (task, error) { return summary(paired(pre, post)) }
	// Rounded to thousandths the answer is near that of the samples, and no more.
	c["stream fine_accumulate"] = func() (task, error) { return summary(paired(finePre, finePost)) }
	c["stream by_group"] = func() (task, error) {
		var p [6]outcomes.Paired
		for i, a := range pre {
			p[service[i]].Add(a, post[i])
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
		r, err := paired(pre, post).T()
		return tAnswer(r), err
	}
	c["stream signed_rank"] = func() (task, error) {
		r, err := paired(pre, post).SignedRank()
		return floats(r.V, r.P), err
	}
	c["stream sign"] = func() (task, error) {
		r, err := paired(pre, post).SignTest()
		return floats(float64(r.Positive), float64(r.Negative), r.P), err
	}
	c["stream quantiles"] = func() (task, error) {
		q, err := paired(pre, post).QuantilesPre(outcomes.R7, probabilities...)
		return floats(q...), err
	}
	for _, v := range []string{"", "fine_"} {
		c["sample "+v+"accumulate"] = func() (task, error) {
			r, err := outcomes.SummarisePairs(s[v+"pre"], s[v+"post"])
			return func() ([]float64, error) { return pairAnswer(r, nil) }, err
		}
		c["sample "+v+"quantiles"] = func() (task, error) {
			q, err := outcomes.Quantiles(s[v+"pre"], outcomes.R7, probabilities...)
			return floats(q...), err
		}
	}
	c["sample t"] = func() (task, error) {
		r, err := outcomes.PairedT(s["pre"], s["post"])
		return tAnswer(r), err
	}
	c["sample sign"] = func() (task, error) {
		r, err := outcomes.SignTest(s["pre"], s["post"])
		return floats(float64(r.Positive), float64(r.Negative), r.P), err
	}
	before, after := make([]bool, len(pre)), make([]bool, len(post))
	for i := range before {
		before[i], after[i] = s["pre"][i] > 100, s["post"][i] > 100
	}
	c["sample mcnemar"] = func() (task, error) {
		var b outcomes.PairedBinary
		for i, v := range before {
			b.Add(v, after[i])
		}
		r, err := b.McNemar()
		return floats(r.Statistic, r.P), err
	}
	return nil
}

var probabilities = []float64{0.05, 0.25, 0.5, 0.75, 0.95}

func addRanks(c contestant, s samples) error {
	half := len(s["pre"]) / 2
	for _, v := range []string{"", "fine_"} {
		pre, post := s[v+"pre"], s[v+"post"]
		c["sample "+v+"signed_rank"] = func() (task, error) {
			r, err := outcomes.SignedRank(pre, post)
			return floats(r.V, r.P), err
		}
		c["sample "+v+"spearman"] = func() (task, error) {
			r, err := outcomes.Spearman(pre, post, outcomes.Normal())
			return floats(r.Estimate, r.P), err
		}
		c["sample "+v+"mann_whitney"] = func() (task, error) {
			r, err := outcomes.MannWhitney(pre[:half], post[half:])
			return floats(r.W, r.P), err
		}
	}
	some := func(name string, n int) []float64 { return s[name][:min(n, len(s[name]))] }
	c["sample kendall"] = func() (task, error) {
		r, err := outcomes.Kendall(some("pre", kendallN), some("post", kendallN))
		return floats(r.Estimate, r.P), err
	}
	// The searches stop at the same tolerance in both.
	c["sample hodges_lehmann"] = func() (task, error) {
		r, err := outcomes.HodgesLehmann(some("fine_pre", shiftN), some("fine_post", shiftN))
		return floats(r.Estimate, r.CI.Low, r.CI.High), err
	}
	c["sample shift"] = func() (task, error) {
		r, err := outcomes.HodgesLehmannShift(some("fine_pre", shiftN), some("fine_post", shiftN))
		return floats(r.Estimate, r.CI.Low, r.CI.High), err
	}
	return nil
}

func addGroups(c contestant, s samples) error {
	half := len(s["pre"]) / 2
	service := s.codes("group")
	c["sample welch"] = func() (task, error) {
		r, err := outcomes.WelchT(s["pre"][:half], s["post"][half:])
		return tAnswer(r), err
	}
	// Taking the column apart is part of the work, as it is in R.
	split := func() [][]float64 {
		groups := make([][]float64, 5)
		for i, v := range s["pre"] {
			groups[service[i]-1] = append(groups[service[i]-1], v)
		}
		return groups
	}
	for name, test := range map[string]func(...[]float64) (outcomes.GroupsResult, error){
		"kruskal": outcomes.KruskalWallis, "anova": outcomes.ANOVA, "welch_anova": outcomes.WelchANOVA,
	} {
		c["sample "+name] = func() (task, error) {
			r, err := test(split()...)
			if name == "kruskal" {
				return floats(r.Statistic, r.DF1, r.P), err
			}
			return floats(r.Statistic, r.DF1, r.DF2, r.P), err
		}
	}
	return nil
}

// addTables has the tests of tables, the counting from columns included.
func addTables(c contestant, s samples) error {
	service, sex, quintile, done := s.codes("group"), s.codes("sex"), s.codes("quintile"), s.codes("done")
	table := func(rows, cols []int8, r, k int) outcomes.Table {
		t := make(outcomes.Table, r)
		for i := range t {
			t[i] = make([]int64, k)
		}
		for i, a := range rows {
			t[a-1][cols[i]]++
		}
		return t
	}
	c["sample chi_squared"] = func() (task, error) {
		r, err := table(quintile, done, 5, 2).ChiSquared()
		return floats(r.Statistic, float64(r.DF), r.P), err
	}
	c["sample proportions"] = func() (task, error) {
		t := table(sex, done, 2, 2)
		r, err := t.ChiSquared()
		return floats(r.Statistic, r.P, share(t[0]), share(t[1])), err
	}
	c["sample trend"] = func() (task, error) {
		var x, n []int64
		for _, row := range table(quintile, done, 5, 2) {
			x, n = append(x, row[1]), append(n, row[0]+row[1])
		}
		r, err := outcomes.CochranArmitage(x, n, nil)
		return floats(r.Statistic, r.P), err
	}
	c["sample mantel_haenszel"] = func() (task, error) {
		strata := make([]outcomes.Table, 5)
		for i := range strata {
			strata[i] = outcomes.Table{{0, 0}, {0, 0}}
		}
		for i, g := range service {
			strata[g-1][sex[i]-1][done[i]]++
		}
		r, err := outcomes.MantelHaenszel(strata)
		if err != nil {
			return nil, err
		}
		return floats(r.Statistic, r.P, *r.OddsRatio, r.CI.Low, r.CI.High), nil
	}
	return nil
}

func share(row []int64) float64 { return float64(row[1]) / float64(row[0]+row[1]) }

// addRelations has the correlation and the regressions, the design included.
func addRelations(c contestant, s samples) error {
	sex, quintile, done := s.codes("sex"), s.codes("quintile"), s.codes("done")
	yes := make([]bool, len(done))
	for i, v := range done {
		yes[i] = v == 1
	}
	names := []string{"pre", "quintile2", "quintile3", "quintile4", "quintile5", "sex2", "age"}
	design := func(pre []float64) [][]float64 {
		k := len(names)
		cells := make([]float64, k*len(pre))
		rows := make([][]float64, len(pre))
		for i := range rows {
			row := cells[i*k : (i+1)*k : (i+1)*k]
			row[0], row[k-1] = pre[i], s["age"][i]
			if q := quintile[i]; q > 1 {
				row[q-1] = 1
			}
			row[5] = float64(sex[i] - 1)
			rows[i] = row
		}
		return rows
	}
	terms := func(all []outcomes.Coefficient) (out []float64) {
		for _, c := range all {
			out = append(out, c.Estimate, c.SE, c.P, c.CI.Low, c.CI.High)
		}
		return out
	}
	c["sample pearson"] = func() (task, error) {
		r, err := outcomes.Pearson(s["fine_pre"], s["fine_post"])
		if err != nil {
			return nil, err
		}
		return floats(r.Estimate, r.P, r.CI.Low, r.CI.High), err
	}
	c["sample linear"] = func() (task, error) {
		r, err := outcomes.Linear(names, design(s["fine_pre"]), s["fine_post"], outcomes.Classical)
		return floats(append(terms(r.Coefficients), r.Sigma, r.RSquared)...), err
	}
	c["sample logistic"] = func() (task, error) {
		r, err := outcomes.Logistic(names, design(s["pre"]), yes)
		return floats(append(terms(r.Coefficients), r.Deviance, r.NullDeviance)...), err
	}
	return nil
}

func addTimes(c contestant, s samples) error {
	service := s.codes("group")
	spells := make([]outcomes.Spell, len(s["days"]))
	ends := make([]outcomes.CompetingSpell, len(s["days"]))
	for i, t := range s["days"] {
		spells[i] = outcomes.Spell{Time: t, Event: s["event"][i] == 1}
		ends[i] = outcomes.CompetingSpell{Time: t, Cause: int(s["cause"][i])}
	}
	limits := func(ci *outcomes.Interval) (low, high float64) {
		if ci == nil {
			return math.NaN(), math.NaN()
		}
		return ci.Low, ci.High
	}
	c["sample kaplan_meier"] = func() (task, error) {
		r, err := outcomes.KaplanMeier(spells, outcomes.LogSurvival)
		return func() (out []float64, err error) {
			for _, p := range r.Points {
				low, high := limits(p.CI)
				out = append(out, p.Time, float64(p.AtRisk), float64(p.Events), p.Survival, low, high)
			}
			return out, nil
		}, err
	}
	c["sample log_rank"] = func() (task, error) {
		groups := make([][]outcomes.Spell, 5)
		for i, v := range spells {
			groups[service[i]-1] = append(groups[service[i]-1], v)
		}
		r, err := outcomes.LogRank(0, groups...)
		return floats(append([]float64{r.Statistic, r.P}, append(r.Observed, r.Expected...)...)...), err
	}
	c["sample incidence"] = func() (task, error) {
		r, err := outcomes.CumulativeIncidence(ends, 2)
		return func() (out []float64, err error) {
			for _, p := range r.Points {
				out = append(out, p.Time, float64(p.AtRisk))
				for j := range 2 {
					low, high := limits(p.CI[j])
					out = append(out, float64(p.Events[j]), p.Incidence[j], p.SE[j], low, high)
				}
			}
			return out, nil
		}, err
	}
	return nil
}

func addOthers(c contestant, s samples) error {
	c["sample adjust"] = func() (task, error) {
		q, err := outcomes.Adjust(s["p"], outcomes.BenjaminiHochberg)
		return floats(q...), err
	}
	rows := make([][]float64, len(s["item1"]))
	for i := range rows {
		rows[i] = []float64{s["item1"][i], s["item2"][i], s["item3"][i], s["item4"][i], s["item5"][i]}
	}
	c["sample alpha"] = func() (task, error) {
		r, err := outcomes.CronbachAlpha(rows)
		return floats(append(r.Dropped, r.Estimate, r.CI.Low, r.CI.High)...), err
	}
	c["sample bootstrap"] = func() (task, error) {
		x := s["fine_pre"][:min(bootstrapN, len(s["fine_pre"]))]
		r, err := outcomes.Bootstrap(len(x), resamples, 1, func(rows []int) float64 {
			sum := 0.0
			for _, i := range rows {
				sum += x[i]
			}
			return sum / float64(len(rows))
		})
		if err != nil {
			return nil, err
		}
		return floats(r.Estimate, r.Percentile.Low, r.Percentile.High, r.BCa.Low, r.BCa.High), err
	}
	return nil
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
