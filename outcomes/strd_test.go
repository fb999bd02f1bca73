package outcomes_test

import (
	"fmt"
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

// powers is x, x² … x^degree, named.
func powers(x float64, degree int) (row []float64) {
	for k := 1; k <= degree; k++ {
		row = append(row, math.Pow(x, float64(k)))
	}
	return row
}

func powerNames(degree int) (names []string) {
	for k := 1; k <= degree; k++ {
		names = append(names, fmt.Sprint("x^", k))
	}
	return names
}

var toleranceNIST = map[string]float64{
	"Norris":   1e-11,
	"Pontius":  1e-11,
	"Filip":    5e-7, // ten powers of x from −8.8 to −3.1; R's lm drops one of them
	"Wampler3": 1e-9,
	"Wampler4": 1e-7, // noise a hundred times the signal
	"Wampler5": 1e-5, // noise ten thousand times the signal, so much of each coefficient cancels
}

// The same sets a hundred times over, so that they are reduced block by block: the coefficients stay, and each
// standard error falls by the root of how the degrees of freedom grow. A hundred times as many rows round more often;
// the QR decomposition of all rows at once is no better (Wampler3: 2e-8, by blocks 3e-9).
func TestLinearOnNISTManyTimes(t *testing.T) {
	for _, set := range load(t, "strd.json").get("linear").list() {
		name, degree := set.get("name").str(), int(set.get("degree").num())
		data := set.get("data").list()
		var rows [][]float64
		var y []float64
		for range 100 {
			for _, d := range data {
				rows, y = append(rows, powers(d.nums()[1], degree)), append(y, d.nums()[0])
			}
		}
		require.Greater(t, len(rows), 2000, "more than one block")
		got, err := outcomes.Linear(powerNames(degree), rows, y, outcomes.Classical)
		require.NoError(t, err)
		fewer := float64(len(data)-degree-1) / float64(len(rows)-degree-1)
		for i, c := range got.Coefficients {
			near(t, set.get("coef").nums()[i], c.Estimate, 10*toleranceNIST[name], name+", coefficient of "+c.Name)
			near(t, set.get("se").nums()[i]*math.Sqrt(fewer), c.SE, 10*toleranceNIST[name], name+", standard error of "+c.Name)
		}
	}
}

// The linear regressions of NIST's Statistical Reference Datasets, to as many digits as numbers of 53 bits allow
// the problem as it is given, raw powers and all: a part in 1e9 at least, fewer only where said. Longley is in
// regression_test.go. NoInt1 and NoInt2 have no intercept, which Linear always has.
func TestLinearOnNIST(t *testing.T) {
	for _, set := range load(t, "strd.json").get("linear").list() {
		name := set.get("name").str()
		t.Run(name, func(t *testing.T) {
			degree := int(set.get("degree").num())
			var rows [][]float64
			var y []float64
			for _, d := range set.get("data").list() {
				rows, y = append(rows, powers(d.nums()[1], degree)), append(y, d.nums()[0])
			}
			got, err := outcomes.Linear(powerNames(degree), rows, y, outcomes.Classical)
			require.NoError(t, err)
			worst := 0.0
			for i, c := range got.Coefficients {
				worst = math.Max(worst, math.Abs(c.Estimate/set.get("coef").nums()[i]-1))
				near(t, set.get("coef").nums()[i], c.Estimate, toleranceNIST[name], "coefficient of "+c.Name)
				near(t, set.get("se").nums()[i], c.SE, toleranceNIST[name], "standard error of "+c.Name)
			}
			t.Logf("worst coefficient: %.1g", worst)
			if v := set.get("sigma"); v.ok() {
				near(t, v.num(), got.Sigma, 1e-9, "residual standard deviation")
				near(t, set.get("r2").num(), got.RSquared, 1e-12, "R²")
			}
		})
	}
}

// Wampler1 and Wampler2 lie on their polynomials, so that there is nothing to estimate an error from.
func TestLinearOnWampler1And2(t *testing.T) {
	for _, b := range []float64{1, 0.1} {
		var rows [][]float64
		var y []float64
		for x := range 21 {
			row := powers(float64(x), 5)
			v := 1.0
			for k, p := range row {
				v += math.Pow(b, float64(k+1)) * p
			}
			rows, y = append(rows, row), append(y, v)
		}
		_, err := outcomes.Linear(powerNames(5), rows, y, outcomes.Classical)
		require.ErrorAs(t, err, new(outcomes.DegenerateError), "%v", b)
	}
}

func TestANOVAOnNIST(t *testing.T) {
	for _, set := range load(t, "strd.json").get("anova").list() {
		var groups [][]float64
		for _, g := range set.get("groups").list() {
			groups = append(groups, g.nums())
		}
		got, err := outcomes.ANOVA(groups...)
		require.NoError(t, err)
		require.Equal(t, set.get("df_between").num(), got.DF1)
		require.Equal(t, set.get("df_within").num(), got.DF2)
		// AtmWtAg: its values are certified to ten digits and differ in the last three, of which binary numbers
		// keep ten digits in all
		near(t, set.get("f").num(), got.Statistic, map[string]float64{"SiRstv": 1e-12, "AtmWtAg": 1e-8}[set.get("name").str()], set.get("name").str())
		b, w := set.get("between").num(), set.get("within").num()
		near(t, b/(b+w), got.EtaSquared, 1e-8, "R²")
	}
}

// SmLs01 to SmLs09 (Simon and Lesage 1989) are made by a rule: nine groups whose first values are an offset and
// 0.4, 0.3, 0.5, 0.3, 0.5 …, and whose others lie 0.1 below and above it in turn. SciPy's copies of the nine files
// follow it in every row. The certified F is that of the decimal numbers: with an offset of 1e6 binary numbers keep
// nine digits of what differs, with 1e12 three.
func TestANOVAOnSimonAndLesage(t *testing.T) {
	for _, tt := range []struct {
		name   string
		offset int64
		each   int
		f, tol float64
	}{
		{"SmLs01", 1, 21, 21, 1e-12},
		{"SmLs02", 1, 201, 201, 1e-12},
		{"SmLs03", 1, 2001, 2001, 1e-12},
		{"SmLs04", 1e6, 21, 21, 2e-9},
		{"SmLs05", 1e6, 201, 201, 2e-9},
		{"SmLs06", 1e6, 2001, 2001, 2e-9},
		{"SmLs07", 1e12, 21, 21, 2e-3},
		{"SmLs08", 1e12, 201, 201, 2e-3},
		{"SmLs09", 1e12, 2001, 2001, 2e-3},
	} {
		var groups [][]float64
		for g := range 9 {
			first := 4
			if g > 0 {
				first = 5 - 2*(g%2)
			}
			var values []float64
			for i := range tt.each {
				tenths := first
				if i > 0 {
					tenths += 1 - 2*(i%2)
				}
				v, err := strconv.ParseFloat(fmt.Sprintf("%d.%d", tt.offset, tenths), 64)
				require.NoError(t, err)
				values = append(values, v)
			}
			groups = append(groups, values)
		}
		got, err := outcomes.ANOVA(groups...)
		require.NoError(t, err)
		near(t, tt.f, got.Statistic, tt.tol, tt.name)
		require.EqualValues(t, 9*tt.each-9, got.DF2)
	}
}
