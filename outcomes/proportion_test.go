package outcomes_test

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

// A count beyond 2^53 once kept the two-sided test searching for ever.
func TestTooManyForAProportion(t *testing.T) {
	for _, f := range []func() error{
		func() error { _, err := outcomes.BinomialTest(53, 1<<53+1); return err },
		func() error { _, err := outcomes.Wilson(53, outcomes.MaxRows+1); return err },
	} {
		err := f()
		_, ok := errors.AsType[outcomes.RangeError](err)
		require.True(t, ok, "%v", err)
	}
}

// TestBinomialTestTinyP: a two-sided p too small for a float64's precision, or for any float64, is what exact
// arithmetic rounds to. Expectations are sums of whole numbers and powers in math/big.
func TestBinomialTestTinyP(t *testing.T) {
	for _, c := range []struct {
		x, n int64
		p    float64
		why  string
	}{
		{500, 1000, 0.3, "an ordinary small one"},
		{0, 1000, 0.5, "1.9e-301, still precise"},
		{1000, 1000, 0.5, "the same on the other side"},
		{0, 1050, 0.5, "2^-1049, which a float64 holds with little precision"},
		{0, 1074, 0.5, "2^-1073, twice the least there is"},
		{0, 1200, 0.5, "below all: 0"},
		{1200, 1200, 0.5, "the same on the other side"},
		{0, 2060, 0.3, "a lopsided one near the end, by the lower tail"},
		{1290, 2000, 0.3, "by the upper tail, where the lower has probabilities as small"},
		{1300, 2000, 0.3, "the same, smaller"},
		{1900, 2000, 0.3, "far below all: 0, however little is left in the other tail"},
		{0, 5000, 0.3, "far below all on the other side"},
		{800, 4000, 0.5, "subnormal with both tails alike"},
	} {
		prec := uint(400)
		p := new(big.Float).SetPrec(prec).SetFloat64(c.p)
		q := new(big.Float).SetPrec(prec).SetFloat64(1 - c.p)
		power := func(b *big.Float, n int64) *big.Float {
			out := new(big.Float).SetPrec(prec).SetInt64(1)
			for range n {
				out.Mul(out, b)
			}
			return out
		}
		mass := make([]*big.Float, c.n+1) // k by k from 0 on
		mass[0] = power(q, c.n)
		odds := new(big.Float).SetPrec(prec).Quo(p, q)
		for k := int64(1); k <= c.n; k++ {
			m := new(big.Float).SetPrec(prec).Mul(mass[k-1], odds)
			m.Mul(m, new(big.Float).SetInt64(c.n-k+1))
			mass[k] = m.Quo(m, new(big.Float).SetInt64(k))
		}
		limit := new(big.Float).SetPrec(prec).Mul(mass[c.x], big.NewFloat(1+1e-7))
		sum := new(big.Float).SetPrec(prec)
		for _, m := range mass {
			if m.Cmp(limit) <= 0 {
				sum.Add(sum, m)
			}
		}
		want, _ := sum.Float64()
		got, err := outcomes.BinomialTest(c.x, c.n, outcomes.Null(c.p))
		require.NoError(t, err, c.why)
		// Within the precision that there is, and two of the least numbers.
		near := 1e-11*want + 2*math.SmallestNonzeroFloat64
		if want == 0 {
			near = 0
		}
		if math.Abs(got.P-want) > near {
			t.Errorf("%s: p = %g, not %g", c.why, got.P, want)
		}
	}
	// Where so many are counted that the other tail has thousands of outcomes of probability 0 in float64. All of
	// ten thousand million alike has at most 2^(−10^10), twice; half of them and 40 standard deviations, which are
	// two million, has by Hoeffding's bound at most 2·exp(−2·40²/4), below e^−799.
	for _, x := range []int64{0, 10_000_000_000, 5_000_000_000 + 2_000_000, 5_000_000_000 - 2_000_000} {
		got, err := outcomes.BinomialTest(x, 10_000_000_000)
		require.NoError(t, err)
		require.Zero(t, got.P, "%d of 10,000,000,000", x)
	}
}
