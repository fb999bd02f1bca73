package outcomes

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// ImputedChangeResult is a mean change in which those not measured again were given a value by a rule. The
// rule is a stance, not knowledge: the test takes the values for measured, so its interval is too narrow
// and shows what the stance does, no more.
type ImputedChangeResult struct {
	Method  string  `json:"method"`
	N       int64   `json:"n"`
	Imputed int64   `json:"imputed"` // how many of N were not measured again
	T       TResult `json:"t_test"`
}

// filled is post with the rule's value where it is missing.
func filled(pre, post []float64, missing []bool, value func(i int) float64) (out []float64, imputed int64, err error) {
	if len(pre) != len(post) {
		return nil, 0, LengthError{First: "pre", Second: "post", NFirst: len(pre), NSecond: len(post)}
	}
	if len(missing) != len(post) {
		return nil, 0, LengthError{First: "missing", Second: "post", NFirst: len(missing), NSecond: len(post)}
	}
	out = make([]float64, len(post))
	for i, v := range post {
		if missing[i] {
			v = value(i)
			imputed++
		}
		out[i] = v
	}
	return out, imputed, nil
}

// BaselineCarriedForward is the paired t test after giving those not measured again their own first value:
// nobody who was lost has changed. What post holds where missing is true is not looked at. It takes
// [Confidence], [Alternative] and [Null].
func BaselineCarriedForward(pre, post []float64, missing []bool, opts ...Option) (ImputedChangeResult, error) {
	all, imputed, err := filled(pre, post, missing, func(i int) float64 { return pre[i] })
	if err != nil {
		return ImputedChangeResult{}, err
	}
	t, err := PairedT(pre, all, opts...)
	if err != nil {
		return ImputedChangeResult{}, err
	}
	return ImputedChangeResult{Method: "baseline carried forward", N: t.N, Imputed: imputed, T: t}, nil
}

// ExtremeCasesResult bounds a mean change by what those not measured again could have scored.
type ExtremeCasesResult struct {
	Worst ImputedChangeResult `json:"worst"`
	Best  ImputedChangeResult `json:"best"`
}

// ExtremeCases is the paired t test after giving all those not measured again the worst value there is, and
// again after giving them the best: the ends of the scale, from the caller, worst above best where lower is
// better. The truth for the values lost lies between the two estimates. A measured value beyond the ends is
// a [RangeError]. It takes [Confidence], [Alternative] and [Null].
func ExtremeCases(pre, post []float64, missing []bool, worst, best float64, opts ...Option) (ExtremeCasesResult, error) {
	if err := finiteAll("worst and best", worst, best); err != nil {
		return ExtremeCasesResult{}, err
	}
	low, high := math.Min(worst, best), math.Max(worst, best)
	var r ExtremeCasesResult
	for _, side := range []struct {
		method string
		value  float64
		to     *ImputedChangeResult
	}{{"worst case", worst, &r.Worst}, {"best case", best, &r.Best}} {
		all, imputed, err := filled(pre, post, missing, func(int) float64 { return side.value })
		if err != nil {
			return ExtremeCasesResult{}, err
		}
		for _, x := range [][]float64{pre, all} {
			for _, v := range x {
				if v < low || v > high {
					return ExtremeCasesResult{}, RangeError{Argument: "a measured value", Got: v, Min: low, Max: high}
				}
			}
		}
		t, err := PairedT(pre, all, opts...)
		if err != nil {
			return ExtremeCasesResult{}, err
		}
		*side.to = ImputedChangeResult{Method: side.method, N: t.N, Imputed: imputed, T: t}
	}
	return r, nil
}

// WeightedMeanResult is a mean weighted by the inverse probability of being measured.
type WeightedMeanResult struct {
	Method   string         `json:"method"`
	N        int64          `json:"n"`        // everyone
	Measured int64          `json:"measured"` // whose values are averaged
	Estimate float64        `json:"estimate"`
	SE       float64        `json:"se"` // robust, the weights taken as known: as a rule too wide
	CI       Interval       `json:"ci"`
	SEModel  float64        `json:"se_model"` // robust, with the model of the weights estimated as well
	CIModel  Interval       `json:"ci_model"`
	Model    LogisticResult `json:"model"`   // of being measured
	Weights  []float64      `json:"-"`       // by row; 0 where not measured
	Largest  float64        `json:"largest"` // weight: one person counting for many is a warning
	// Effective is Kish's effective sample size, (Σw)²/Σw².
	Effective float64 `json:"effective_n"`
}

// InverseProbability is the mean of y (a change, say) over those in whom it was measured, weighted by one
// over the probability of being measured that a logistic regression on named predictors gives: what the
// mean would be had everyone been measured, if being measured depends on y through those predictors alone
// (Robins, Rotnitzky and Zhao 1994). It is the ratio of weighted sums (Hájek's), and its standard errors
// are those of estimating equations (the sandwich), without and with the model's own uncertainty.
// [Stabilised] multiplies the weights by the share measured: their mean is then about 1, and the estimate
// is the same. What y holds where missing is true is not looked at. It takes [Confidence] and [Stabilised].
func InverseProbability(names []string, rows [][]float64, y []float64, missing []bool, opts ...Option) (WeightedMeanResult, error) {
	const name = "mean weighted by inverse probability"
	c, err := configure(optLevel|optStabilised, opts)
	if err != nil {
		return WeightedMeanResult{}, err
	}
	if len(missing) != len(y) {
		return WeightedMeanResult{}, LengthError{First: "missing", Second: "y", NFirst: len(missing), NSecond: len(y)}
	}
	measured := make([]bool, len(y))
	for i, m := range missing {
		measured[i] = !m
		if !m && y[i]-y[i] != 0 {
			return WeightedMeanResult{}, NotFiniteError{Argument: "y", Index: i}
		}
	}
	model, err := Logistic(names, rows, measured, Confidence(c.level))
	if err != nil {
		return WeightedMeanResult{}, err
	}
	r := WeightedMeanResult{Method: name, N: int64(len(y)), Measured: model.Events, Model: model}
	if r.Measured < 2 {
		return WeightedMeanResult{}, SizeError{Statistic: name, N: r.Measured, Need: 2}
	}
	scale := 1.0
	if c.stabilised {
		scale = float64(r.Measured) / float64(r.N)
		r.Method += ", stabilised"
	}
	r.Weights = make([]float64, len(y))
	var sw, sw2, swy total
	for i, seen := range measured {
		if !seen {
			continue
		}
		w := scale / model.Fitted[i]
		r.Weights[i] = w
		r.Largest = math.Max(r.Largest, w)
		sw.add(w)
		sw2.add(w * w)
		swy.add(w * y[i])
	}
	r.Estimate = swy.value() / sw.value()
	r.Effective = sw.value() / sw2.value() * sw.value()

	// Estimating equations: Σ w(y − mean) = 0 beside the score equations of the logistic model.
	d, err := newDesign(name, names, rows, len(y))
	if err != nil {
		return WeightedMeanResult{}, err
	}
	k := d.k + 1
	information := mat.NewSymDense(k, nil)
	slope := mat.NewVecDense(k, nil) // derivative of the first equation in the model's coefficients
	var known total
	for i := range y {
		row := mat.NewVecDense(k, d.z.RawRowView(i))
		p := model.Fitted[i]
		information.SymRankOne(information, p*(1-p), row)
		if measured[i] {
			u := r.Weights[i] * (y[i] - r.Estimate)
			known.add(u * u)
			slope.AddScaledVec(slope, -(1-p)*u, row)
		}
	}
	var chol mat.Cholesky
	var lever mat.VecDense
	if !chol.Factorize(information) {
		return WeightedMeanResult{}, DegenerateError{Statistic: name, Reason: "a predictor is a combination of the others"}
	}
	if err := chol.SolveVecTo(&lever, slope); err != nil {
		if _, poor := err.(mat.Condition); !poor {
			return WeightedMeanResult{}, DegenerateError{Statistic: name, Reason: "a predictor is a combination of the others"}
		}
	}
	var full total
	for i := range y {
		u := -model.Fitted[i]
		if measured[i] {
			u = 1 - model.Fitted[i]
		}
		v := u * mat.Dot(&lever, mat.NewVecDense(k, d.z.RawRowView(i)))
		if measured[i] {
			v += r.Weights[i] * (y[i] - r.Estimate)
		}
		full.add(v * v)
	}
	r.SE = math.Sqrt(known.value()) / sw.value()
	r.SEModel = math.Sqrt(full.value()) / sw.value()
	if !(r.SE > 1e-14*math.Abs(r.Estimate)) {
		return WeightedMeanResult{}, DegenerateError{Statistic: name, Reason: "the values do not vary"}
	}
	z := -special.NormQuantile((1 - c.level) / 2)
	r.CI = Interval{Level: c.level, Low: r.Estimate - z*r.SE, High: r.Estimate + z*r.SE, Method: "normal, sandwich, weights known"}
	r.CIModel = Interval{Level: c.level, Low: r.Estimate - z*r.SEModel, High: r.Estimate + z*r.SEModel, Method: "normal, sandwich, weights estimated"}
	return r, finiteAll(name, r.Estimate, r.SE, r.SEModel, r.Effective)
}
