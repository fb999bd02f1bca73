package outcomes

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"sort"

	"gonum.org/v1/gonum/mat"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// ImputationMethod says how a missing value is drawn from the regression of its column on the others.
type ImputationMethod int

const (
	// NormalImputation draws from the regression itself, coefficients and residual variance drawn from
	// their posterior first (Rubin 1987, p. 167), as "norm" of R's mice. Values off the scale can occur.
	NormalImputation ImputationMethod = iota
	// MeanMatching takes the measured value of one of the five people whose prediction is nearest
	// (predictive mean matching; Little 1988), as "pmm" of R's mice: no value that nobody had.
	MeanMatching
)

const donors = 5

func (m ImputationMethod) String() string {
	switch m {
	case NormalImputation:
		return "Bayesian normal linear regression"
	case MeanMatching:
		return "predictive mean matching, 5 donors"
	}
	return fmt.Sprintf("ImputationMethod(%d)", int(m))
}

// ImputedColumn says how much of a column was imputed.
type ImputedColumn struct {
	Name    string `json:"name"`
	Missing int64  `json:"missing"`
}

// ImputationResult is a table with its missing values drawn several times over. The measured values are
// kept once; [ImputationResult.All] puts each completed table together.
type ImputationResult struct {
	Method      string          `json:"method"`
	Generator   string          `json:"generator"`
	Seed        uint64          `json:"seed"`
	N           int64           `json:"n"`
	Imputations int             `json:"imputations"`
	Cycles      int             `json:"cycles"`
	Columns     []ImputedColumn `json:"columns"`

	rows  [][]float64
	holes [][]int       // by column: the rows in which it is missing
	drawn [][][]float64 // by imputation and column, in the order of holes
}

const (
	maxImputations = 1000
	maxCycles      = 1000
)

// Impute draws the missing values of a table, one row per person, imputations times, by chained equations
// (van Buuren and Groothuis-Oudshoorn 2011): holes start as random measured values of their column; then
// each column with holes is regressed on all the others in turn and its holes are drawn afresh, for
// [Cycles] rounds (5 by default, as in R's mice). Each imputation starts anew. The values are draws under
// the assumption that what is missing depends on measured values alone; put into the table every variable
// that the analysis uses, pre as well as post.
//
// missing[i][j] says that row i lacks column j; a nil row lacks nothing. What rows holds there is not
// looked at. The generator is PCG (math/rand/v2), one stream per imputation. It takes [Cycles].
//
// Compute the figure in each completed table and pool with [Pool].
func Impute(names []string, rows [][]float64, missing [][]bool, how ImputationMethod, imputations int, seed uint64, opts ...Option) (*ImputationResult, error) {
	const name = "multiple imputation"
	c, err := configure(optCycles, opts)
	if err != nil {
		return nil, err
	}
	if how != NormalImputation && how != MeanMatching {
		return nil, RangeError{Argument: "method of imputation", Got: float64(how), Min: 0, Max: float64(MeanMatching)}
	}
	if imputations < 2 || imputations > maxImputations {
		return nil, RangeError{Argument: "imputations", Got: float64(imputations), Min: 2, Max: maxImputations}
	}
	if len(rows) != len(missing) {
		return nil, LengthError{First: "rows", Second: "missing", NFirst: len(rows), NSecond: len(missing)}
	}
	if len(names) < 2 {
		return nil, SizeError{Statistic: name + " (columns)", N: int64(len(names)), Need: 2}
	}
	r := &ImputationResult{
		Method:    "multiple imputation by chained equations, " + how.String(),
		Generator: "PCG, math/rand/v2", Seed: seed, N: int64(len(rows)), Imputations: imputations, Cycles: c.cycles,
		holes: make([][]int, len(names)),
	}
	for i, row := range rows {
		if len(row) != len(names) {
			return nil, LengthError{First: "names", Second: "row", NFirst: len(names), NSecond: len(row)}
		}
		if missing[i] != nil && len(missing[i]) != len(names) {
			return nil, LengthError{First: "names", Second: "row of missing", NFirst: len(names), NSecond: len(missing[i])}
		}
		kept := slices.Clone(row)
		for j, v := range kept {
			switch {
			case missing[i] != nil && missing[i][j]:
				kept[j] = 0
				r.holes[j] = append(r.holes[j], i)
			case v-v != 0:
				return nil, NotFiniteError{Argument: names[j], Index: i}
			}
		}
		r.rows = append(r.rows, kept)
	}
	holes := 0
	for j, h := range r.holes {
		r.Columns = append(r.Columns, ImputedColumn{Name: names[j], Missing: int64(len(h))})
		holes += len(h)
		if n := len(rows) - len(h); len(h) > 0 && n < len(names)+2 {
			return nil, SizeError{Statistic: name + " of " + names[j], N: int64(n), Need: int64(len(names) + 2)}
		}
	}
	if holes == 0 {
		return nil, DegenerateError{Statistic: name, Reason: "nothing is missing"}
	}
	for m := range imputations {
		drawn, err := r.chain(names, how, rand.New(rand.NewPCG(seed, uint64(m))))
		if err != nil {
			return nil, err
		}
		r.drawn = append(r.drawn, drawn)
	}
	return r, nil
}

// chain draws one completed table and returns its drawn values.
func (r *ImputationResult) chain(names []string, how ImputationMethod, rng *rand.Rand) ([][]float64, error) {
	work := make([][]float64, len(r.rows))
	for i, row := range r.rows {
		work[i] = slices.Clone(row)
	}
	measured := make([][]int, len(r.holes))
	for j, holes := range r.holes {
		if len(holes) == 0 {
			continue
		}
		at := 0
		for i := range work {
			if at < len(holes) && holes[at] == i {
				at++
			} else {
				measured[j] = append(measured[j], i)
			}
		}
		for _, i := range holes {
			work[i][j] = r.rows[measured[j][rng.IntN(len(measured[j]))]][j]
		}
	}
	for range r.Cycles {
		for j, holes := range r.holes {
			if len(holes) == 0 {
				continue
			}
			if err := r.draw(names, how, rng, work, j, measured[j]); err != nil {
				return nil, err
			}
		}
	}
	out := make([][]float64, len(r.holes))
	for j, holes := range r.holes {
		for _, i := range holes {
			out[j] = append(out[j], work[i][j])
		}
	}
	return out, nil
}

// draw imputes column j of work from its regression on the others among the measured.
func (r *ImputationResult) draw(names []string, how ImputationMethod, rng *rand.Rand, work [][]float64, j int, measured []int) error {
	name := "imputation of " + names[j]
	others := slices.Delete(slices.Clone(names), j, j+1)
	without := func(i int) []float64 { return slices.Delete(slices.Clone(work[i]), j, j+1) }
	x, y := make([][]float64, len(measured)), make([]float64, len(measured))
	for a, i := range measured {
		x[a], y[a] = without(i), work[i][j]
	}
	d, err := newDesign(name, others, x, len(y))
	if err != nil {
		return err
	}
	centre := mean(y)
	for a := range y {
		y[a] -= centre
	}
	f, err := d.least(name, y, nil)
	if err != nil {
		return err
	}
	var rss, tss total
	fit := make([]float64, len(y))
	for a := range y {
		fit[a] = mat.Dot(mat.NewVecDense(d.k+1, d.z.RawRowView(a)), f.g)
		rss.add(sq(y[a] - fit[a]))
		tss.add(sq(y[a]))
	}
	if !(rss.value() > 1e-24*tss.value()) {
		return DegenerateError{Statistic: name, Reason: "it does not vary, or is fitted perfectly"}
	}
	// The posterior: a scaled inverse chi-squared variance, then normal coefficients around the estimate.
	sigma := math.Sqrt(rss.value() / chiSquaredDraw(rng, float64(len(y)-d.k-1)))
	z := mat.NewVecDense(d.k+1, nil)
	for a := range d.k + 1 {
		z.SetVec(a, sigma*rng.NormFloat64())
	}
	var b mat.VecDense
	b.MulVec(f.inverse, z)
	b.AddVec(&b, f.g)
	predict := func(i int) float64 {
		v, at := b.AtVec(0), 0
		for col, w := range work[i] {
			if col != j {
				v += b.AtVec(at+1) * (w - d.mean[at]) / d.scale[at]
				at++
			}
		}
		return v
	}
	if how == NormalImputation {
		for _, i := range r.holes[j] {
			work[i][j] = centre + predict(i) + sigma*rng.NormFloat64()
			if v := work[i][j]; v-v != 0 {
				return NotFiniteError{Argument: name, Index: i}
			}
		}
		return nil
	}
	// Donors in the order of their predictions; those with equal ones in random order, so that none is
	// always the nearest.
	order := rng.Perm(len(y))
	sort.SliceStable(order, func(a, b int) bool { return fit[order[a]] < fit[order[b]] })
	for _, i := range r.holes[j] {
		at := predict(i)
		hi := sort.Search(len(order), func(a int) bool { return fit[order[a]] >= at })
		lo := hi - 1
		pool := 0
		var near [donors]int
		for ; pool < donors && (lo >= 0 || hi < len(order)); pool++ {
			if hi >= len(order) || lo >= 0 && at-fit[order[lo]] < fit[order[hi]]-at {
				near[pool] = order[lo]
				lo--
			} else {
				near[pool] = order[hi]
				hi++
			}
		}
		work[i][j] = r.rows[measured[near[rng.IntN(pool)]]][j]
	}
	return nil
}

// chiSquaredDraw is a chi-squared variable: twice a gamma variable by the method of Marsaglia and Tsang
// (2000), raised from shape + 1 where the shape is below 1.
func chiSquaredDraw(rng *rand.Rand, df float64) float64 {
	shape, boost := df/2, 1.0
	if shape < 1 {
		boost = math.Pow(1-rng.Float64(), 1/shape)
		shape++
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := rng.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(1-rng.Float64()) < 0.5*x*x+d*(1-v+math.Log(v)) {
			return 2 * boost * d * v
		}
	}
}

// All yields the completed tables with their numbers from 0; each is the caller's to keep or change.
func (r *ImputationResult) All() iter.Seq2[int, [][]float64] {
	return func(yield func(int, [][]float64) bool) {
		for m, drawn := range r.drawn {
			rows := make([][]float64, len(r.rows))
			for i, row := range r.rows {
				rows[i] = slices.Clone(row)
			}
			for j, holes := range r.holes {
				for a, i := range holes {
					rows[i][j] = drawn[j][a]
				}
			}
			if !yield(m, rows) {
				return
			}
		}
	}
}

// PooledResult is an estimate over multiple imputations by Rubin's rules.
type PooledResult struct {
	Method      string  `json:"method"`
	Imputations int     `json:"imputations"`
	Estimate    float64 `json:"estimate"`
	SE          float64 `json:"se"`      // root of the total variance
	Within      float64 `json:"within"`  // mean of the squared standard errors
	Between     float64 `json:"between"` // variance of the estimates
	Total       float64 `json:"total"`   // within + (1 + 1/m)·between
	// Increase is the relative increase in variance that is due to what is missing, (1 + 1/m)·between/within.
	Increase float64 `json:"relative_increase"`
	Lambda   float64 `json:"lambda"` // share of the total variance that is due to what is missing
	// FMI is the fraction of missing information, (increase + 2/(df + 3))/(increase + 1).
	FMI float64  `json:"fraction_missing_information"`
	DF  float64  `json:"df"` // Barnard and Rubin (1999)
	T   float64  `json:"t"`
	P   float64  `json:"p_value"`
	CI  Interval `json:"ci"`
}

// Pool combines the estimates and standard errors of two or more imputations by Rubin's rules (1987), with
// the degrees of freedom of Barnard and Rubin (1999) for small samples, as pool.scalar of R's mice, but for the
// degrees of freedom where next to nothing is missing: mice takes a share below 1e-4 for 1e-4.
// completeDF is what the degrees of freedom would be had nothing been missing: n − 1 for a mean change. It
// takes [Confidence] and [Null].
func Pool(estimates, standardErrors []float64, completeDF float64, opts ...Option) (PooledResult, error) {
	const name = "Rubin's rules"
	c, err := configure(optLevel|optNull, opts)
	if err != nil {
		return PooledResult{}, err
	}
	if len(estimates) != len(standardErrors) {
		return PooledResult{}, LengthError{First: "estimates", Second: "standard errors", NFirst: len(estimates), NSecond: len(standardErrors)}
	}
	if err := checkFinite("estimates", estimates); err != nil {
		return PooledResult{}, err
	}
	if err := checkFinite("standard errors", standardErrors); err != nil {
		return PooledResult{}, err
	}
	if len(estimates) < 2 {
		return PooledResult{}, SizeError{Statistic: name, N: int64(len(estimates)), Need: 2}
	}
	if !(completeDF > 0) || math.IsInf(completeDF, 0) {
		return PooledResult{}, RangeError{Argument: "completeDF", Got: completeDF, Min: 0, Max: math.MaxFloat64}
	}
	var within total
	for _, v := range standardErrors {
		if v < 0 {
			return PooledResult{}, RangeError{Argument: "standard error", Got: v, Min: 0, Max: math.MaxFloat64}
		}
		within.add(v * v)
	}
	m := float64(len(estimates))
	r := PooledResult{Method: "Rubin's rules, degrees of freedom of Barnard and Rubin", Imputations: len(estimates)}
	var sd float64
	r.Estimate, sd = meanSD(estimates)
	r.Within, r.Between = within.value()/m, sd*sd
	if !(r.Within > 0) {
		return PooledResult{}, DegenerateError{Statistic: name, Reason: "the standard errors are 0"}
	}
	extra := (1 + 1/m) * r.Between
	r.Total = r.Within + extra
	r.SE = math.Sqrt(r.Total)
	r.Increase = extra / r.Within
	r.Lambda = extra / r.Total
	observed := (completeDF + 1) / (completeDF + 3) * completeDF * (r.Within / r.Total)
	// old and observed in parallel; without variation between imputations the old ones are infinite
	r.DF = 1 / (r.Lambda*r.Lambda/(m-1) + 1/observed)
	r.FMI = (r.Increase + 2/(r.DF+3)) / (r.Increase + 1)
	if err := finiteAll(name, r.Estimate, r.Total, r.Increase, r.DF); err != nil {
		return PooledResult{}, err
	}
	r.T = (r.Estimate - c.null) / r.SE
	if err := finiteAll(name, r.T); err != nil {
		return PooledResult{}, err
	}
	r.P = special.TTwoSided(r.T, r.DF)
	q := special.TISF((1-c.level)/2, r.DF)
	r.CI = Interval{Level: c.level, Low: r.Estimate - q*r.SE, High: r.Estimate + q*r.SE, Method: r.Method}
	if r.DF < 1e-6 || finiteAll(name, r.P, r.CI.Low, r.CI.High) != nil {
		return PooledResult{}, DegenerateError{Statistic: name, Reason: "the imputations differ so much that hardly a degree of freedom is left"}
	}
	return r, nil
}
