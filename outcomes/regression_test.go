package outcomes_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

func predictors(set node) (names []string, rows [][]float64) {
	for _, r := range set.get("x").list() {
		v := r.nums()
		if r.v == nil || len(v) == 0 {
			v = []float64{r.num()}
		}
		rows = append(rows, v)
	}
	for j := range rows[0] {
		names = append(names, fmt.Sprint("x", j+1))
	}
	return names, rows
}

func TestLinearAgainstR(t *testing.T) {
	for _, set := range load(t, "regression.json").get("linear").list() {
		name := set.get("name").str()
		names, rows := predictors(set)
		got, err := outcomes.Linear(names, rows, set.get("y").nums(), outcomes.Classical)
		require.NoError(t, err, name)
		tol := 1e-9
		if name == "longley" || name == "offset" {
			// R's lm works on the columns as given, whose condition costs it these digits
			tol = 1e-7
		}
		for i, c := range got.Coefficients {
			near(t, set.get("coef").nums()[i], c.Estimate, tol, name)
			near(t, set.get("se").nums()[i], c.SE, tol, name)
			near(t, set.get("p").nums()[i], c.P, tol*10, name)
			near(t, set.get("low").nums()[i], c.CI.Low, tol*10, name)
			near(t, set.get("high").nums()[i], c.CI.High, tol*10, name)
		}
		near(t, set.get("sigma").num(), got.Sigma, tol, name)
		near(t, set.get("r2").num(), got.RSquared, tol, name)
		near(t, set.get("adj_r2").num(), got.AdjRSquared, tol, name)
		for k, how := range []outcomes.StandardErrors{outcomes.HC0, outcomes.HC1, outcomes.HC2, outcomes.HC3} {
			ref := set.get(fmt.Sprint("hc", k))
			if !ref.ok() {
				continue
			}
			got, err := outcomes.Linear(names, rows, set.get("y").nums(), how)
			require.NoError(t, err)
			for i, c := range got.Coefficients {
				near(t, ref.nums()[i], c.SE, 1e-9, name+" "+how.String())
			}
		}
	}
}

// Powers up to the fifth on 0 … 20, ill-conditioned in the way of NIST's Wampler problems: the truth is 1
// for every coefficient, and alternating noise of ±1 may move each by no more than its standard error
// allows.
func TestLinearOnPowers(t *testing.T) {
	var rows [][]float64
	var y []float64
	for i := range 21 {
		x := float64(i)
		row := []float64{x, x * x, math.Pow(x, 3), math.Pow(x, 4), math.Pow(x, 5)}
		noise := 1.0
		if i%2 == 1 {
			noise = -1
		}
		v := 1 + noise
		for _, p := range row {
			v += p
		}
		rows, y = append(rows, row), append(y, v)
	}
	got, err := outcomes.Linear([]string{"x", "x2", "x3", "x4", "x5"}, rows, y, outcomes.Classical)
	require.NoError(t, err)
	for _, c := range got.Coefficients {
		require.InDelta(t, 1, c.Estimate, 2*c.SE, c.Name)
	}
	require.InDelta(t, 1, got.Sigma, 0.25)
}

// NIST StRD, Longley: R's data set longley is the same in thousands (GNP in thousands of millions and so
// on), so the certified coefficients and standard errors differ by powers of ten alone. The certified
// values stand in the tests of the GNU Scientific Library and of Apache Commons Math as well; the classical check
// is that an algorithm keeps at least seven digits.
func TestLongleyCertified(t *testing.T) {
	certifiedSE := []float64{
		890420.383607373, 84.9149257747669, 0.334910077722432e-1 * 1000, 0.488399681651699 * 10,
		0.214274163161675 * 10, 0.226073200069370 * 1000, 455.478499142212,
	}
	for _, set := range load(t, "regression.json").get("linear").list() {
		if set.get("name").str() != "longley" {
			continue
		}
		names, rows := predictors(set)
		got, err := outcomes.Linear(names, rows, set.get("y").nums(), outcomes.Classical)
		require.NoError(t, err)
		for i, w := range []float64{
			-3482258.63459582, 15.0618722713733, -0.358191792925910e-1 * 1000, -2.02022980381683 * 10,
			-1.03322686717359 * 10, -0.511041056535807e-1 * 1000, 1829.15146461355,
		} {
			near(t, w/1000, got.Coefficients[i].Estimate, 1e-9, fmt.Sprint("coefficient ", i))
			near(t, certifiedSE[i]/1000, got.Coefficients[i].SE, 1e-9, fmt.Sprint("standard error ", i))
		}
		near(t, 304.854073561965/1000, got.Sigma, 1e-11, "residual standard deviation")
	}
}

func TestLogisticAgainstR(t *testing.T) {
	for _, set := range load(t, "regression.json").get("logistic").list() {
		name := set.get("name").str()
		names, rows := predictors(set)
		var y []bool
		for _, v := range set.get("y").nums() {
			y = append(y, v == 1)
		}
		got, err := outcomes.Logistic(names, rows, y)
		require.NoError(t, err, name)
		for i, c := range got.Coefficients {
			near(t, set.get("coef").nums()[i], c.Estimate, 1e-9, name)
			// R takes the variance at the last step but one, where the coefficients are good to 1e-8
			near(t, set.get("se").nums()[i], c.SE, 1e-8, name)
			near(t, set.get("p").nums()[i], c.P, 1e-6, name)
			near(t, set.get("low").nums()[i], c.CI.Low, 1e-7, name)
			near(t, set.get("high").nums()[i], c.CI.High, 1e-7, name)
		}
		near(t, set.get("loglik").num(), got.LogLikelihood, 1e-12, name)
		near(t, set.get("deviance").num(), got.Deviance, 1e-12, name)
		near(t, set.get("null_deviance").num(), got.NullDeviance, 1e-12, name)
	}
}

func TestRegressionRefusals(t *testing.T) {
	x := [][]float64{{1, 2}, {2, 4}, {3, 6}, {4, 8}, {5, 10}}
	y := []float64{1, 3, 2, 5, 4}
	_, err := outcomes.Linear([]string{"a", "b"}, x, y, outcomes.Classical)
	require.ErrorIs(t, err, outcomes.ErrNotComputable, "one predictor is twice the other")
	_, err = outcomes.Linear([]string{"a"}, [][]float64{{3}, {3}, {3}, {3}, {3}}, y, outcomes.Classical)
	require.ErrorIs(t, err, outcomes.ErrNotComputable, "a constant predictor")
	_, err = outcomes.Linear([]string{"a"}, [][]float64{{1}, {2}, {3}, {4}, {5}}, []float64{2, 4, 6, 8, 10}, outcomes.Classical)
	require.ErrorIs(t, err, outcomes.ErrNotComputable, "a perfect fit")
	_, err = outcomes.Logistic([]string{"a"}, [][]float64{{1}, {2}, {3}, {4}, {5}, {6}}, []bool{false, false, false, true, true, true})
	require.ErrorIs(t, err, outcomes.ErrNotComputable, "separated")
	_, err = outcomes.Logistic([]string{"a"}, [][]float64{{0}, {0}, {0}, {1}, {1}, {1}}, []bool{false, true, false, true, true, true})
	require.ErrorIs(t, err, outcomes.ErrNotComputable, "separated in one group only")
	_, err = outcomes.Logistic([]string{"a"}, [][]float64{{0}, {1}, {2}, {1}}, []bool{true, true, true, true})
	require.ErrorIs(t, err, outcomes.ErrNotComputable, "everyone completed")
}

// With five groups of equal size the ridits are 0.1, 0.3 … 0.9, and rates on a straight line give it back.
func TestInequalityOnAStraightLine(t *testing.T) {
	got, err := outcomes.Inequality([]int64{460, 430, 400, 370, 340}, []int64{1000, 1000, 1000, 1000, 1000})
	require.NoError(t, err)
	require.InDeltaSlice(t, []float64{0.1, 0.3, 0.5, 0.7, 0.9}, got.Ridits, 1e-15)
	near(t, 0.15, got.Slope, 1e-12, "0.03 for each fifth, over the whole population 0.15")
	near(t, 0.475/0.325, *got.Relative, 1e-12, "ratio of the fitted ends")
	// The slope is Σ(r − ½)p / Σ(r − ½)² by hand: its standard error from the five binomial variances.
	v := 0.0
	for i, p := range []float64{0.46, 0.43, 0.40, 0.37, 0.34} {
		v += sq(got.Ridits[i]-0.5) * p * (1 - p) / 1000
	}
	se := math.Sqrt(v) / (2*sq(0.4) + 2*sq(0.2))
	near(t, 0.15-1.959963984540054*se, got.SlopeCI.Low, 1e-10, "low")
}

func sq(x float64) float64 { return x * x }
