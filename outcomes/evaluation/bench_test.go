package evaluation_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes/evaluation"
)

// BenchmarkRun evaluates a file of 20,000 episodes; what does not depend on their number (the intervals of
// effect sizes above all) is in it.
func BenchmarkRun(b *testing.B) {
	const rows = 20_000
	f := file(madeUp(rand.New(rand.NewPCG(1, 1)), rows))
	v := validator(b, tinyAsOf)
	src := strings.NewReader(f)
	b.SetBytes(int64(len(f)))
	b.ReportAllocs()
	for b.Loop() {
		e, err := evaluation.Run(context.Background(), "x.csv", src, v)
		require.NoError(b, err)
		require.Positive(b, e.Clients)
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkDocument(b *testing.B) {
	e := run(b, file(madeUp(rand.New(rand.NewPCG(1, 1)), 2000)))
	b.ReportAllocs()
	for b.Loop() {
		require.NotEmpty(b, e.Document(evaluation.NHSRule).Sections)
	}
}
