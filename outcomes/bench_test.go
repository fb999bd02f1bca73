package outcomes_test

import (
	"math/rand/v2"
	"testing"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

func scores(n int, step int64) (pre, post []int64) {
	r := rand.New(rand.NewPCG(7, 11))
	pre, post = make([]int64, n), make([]int64, n)
	for i := range pre {
		pre[i] = r.Int64N(26) * 4 * step
		post[i] = r.Int64N(26) * 4 * step
	}
	return pre, post
}

func perSecond(b *testing.B, n int, what string) {
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "M"+what+"/s")
}

func BenchmarkPairedAdd(b *testing.B) {
	for name, step := range map[string]int64{"scores": 1000, "tenths": 100, "beyond_the_tables": 10_001} {
		b.Run(name, func(b *testing.B) {
			pre, post := scores(1<<16, step)
			addPairs(b, pre, post)
		})
	}
	// A million weights to the gram, and what they changed by, each but a few times.
	b.Run("unrounded", func(b *testing.B) {
		r := rand.New(rand.NewPCG(7, 11))
		pre, post := make([]int64, 1_000_000), make([]int64, 1_000_000)
		for i := range pre {
			pre[i] = int64(96_000 + 17_000*r.NormFloat64())
			post[i] = pre[i] + int64(5000*r.NormFloat64())
		}
		addPairs(b, pre, post)
	})
}

// addPairs measures the accumulation of all pairs in a new accumulator, one by one and in columns.
func addPairs(b *testing.B, pre, post []int64) {
	b.Run("Add", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var p outcomes.Paired
			for i := range pre {
				p.Add(pre[i], post[i])
			}
		}
		perSecond(b, len(pre), "pairs")
	})
	b.Run("AddPairs", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var p outcomes.Paired
			if err := p.AddPairs(pre, post); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b, len(pre), "pairs")
	})
}

func BenchmarkMomentsAdd(b *testing.B) {
	pre, _ := scores(1<<16, 1000)
	var m outcomes.Moments
	b.ReportAllocs()
	for b.Loop() {
		for _, v := range pre {
			m.Add(v)
		}
	}
	perSecond(b, len(pre), "values")
}

func BenchmarkPairedMerge(b *testing.B) {
	pre, post := scores(1<<16, 1000)
	var p, q outcomes.Paired
	for i := range pre {
		p.Add(pre[i], post[i])
	}
	b.ReportAllocs()
	for b.Loop() {
		q = outcomes.Paired{}
		q.Merge(p)
	}
}

func samples(n int) (pre, post []float64) {
	r := rand.New(rand.NewPCG(7, 11))
	pre, post = make([]float64, n), make([]float64, n)
	for i := range pre {
		pre[i] = r.NormFloat64()
		post[i] = pre[i] + r.NormFloat64() + 0.01
	}
	return pre, post
}

func BenchmarkSignedRankMillion(b *testing.B) {
	pre, post := samples(1_000_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := outcomes.SignedRank(pre, post); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPairedTMillion(b *testing.B) {
	pre, post := samples(1_000_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := outcomes.PairedT(pre, post); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSummarisePairsMillion(b *testing.B) {
	pre, post := samples(1_000_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := outcomes.SummarisePairs(pre, post); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDZInterval(b *testing.B) {
	pre, post := samples(200)
	s, err := outcomes.SummarisePairs(pre, post)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.DZ(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWilson(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := outcomes.Wilson(115, 248); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSpearmanMillion(b *testing.B) {
	pre, post := samples(1_000_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := outcomes.Spearman(pre, post); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkKaplanMeierMillion(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 5))
	spells := make([]outcomes.Spell, 1_000_000)
	for i := range spells {
		spells[i] = outcomes.Spell{Time: r.ExpFloat64(), Event: r.IntN(4) > 0}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := outcomes.KaplanMeier(spells, outcomes.LogSurvival); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRegressionMillion(b *testing.B) {
	r := rand.New(rand.NewPCG(4, 6))
	const n, k = 1_000_000, 7
	names := []string{"pre", "q2", "q3", "q4", "q5", "sex", "age"}
	rows, y, yes := make([][]float64, n), make([]float64, n), make([]bool, n)
	for i := range rows {
		rows[i] = make([]float64, k)
		rows[i][0], rows[i][6] = 96+17*r.NormFloat64(), float64(18+r.IntN(60))
		if q := r.IntN(5); q > 0 {
			rows[i][q] = 1
		}
		rows[i][5] = float64(r.IntN(2))
		y[i] = rows[i][0] + 5*r.NormFloat64()
		yes[i] = r.Float64() < 1/(1+0.1*rows[i][5]+rows[i][6]/100)
	}
	b.Run("linear", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := outcomes.Linear(names, rows, y, outcomes.Classical); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("logistic", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := outcomes.Logistic(names, rows, yes); err != nil {
				b.Fatal(err)
			}
		}
	})
}
