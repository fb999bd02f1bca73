package outcomes

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// Coefficient is one term of a regression.
type Coefficient struct {
	Name      string   `json:"name"`
	Estimate  float64  `json:"estimate"`
	SE        float64  `json:"se"`
	Statistic float64  `json:"statistic"` // t for linear, z for logistic
	P         float64  `json:"p_value"`
	CI        Interval `json:"ci"`
}

// StandardErrors says how the standard errors of a linear regression are made.
type StandardErrors int

const (
	Classical StandardErrors = iota // one variance for all, as R's lm
	HC0                             // sandwich (White 1980)
	HC1                             // times n/(n − k), as Stata's robust
	HC2                             // squared residuals over 1 − leverage
	HC3                             // over its square: the safest in small samples (MacKinnon and White 1985)
)

func (s StandardErrors) String() string {
	switch s {
	case Classical:
		return "classical"
	case HC0, HC1, HC2, HC3:
		return fmt.Sprintf("HC%d", int(s-HC0))
	}
	return "unknown"
}

// LinearResult is a linear regression.
type LinearResult struct {
	Method       string        `json:"method"`
	N            int64         `json:"n"`
	Coefficients []Coefficient `json:"coefficients"` // the intercept first
	Sigma        float64       `json:"sigma"`        // residual standard deviation
	DF           int           `json:"df"`           // of the residuals
	RSquared     float64       `json:"r_squared"`
	AdjRSquared  float64       `json:"adjusted_r_squared"`
}

// design is a matrix with an intercept, its columns centred and scaled to length 1: what is ill-conditioned
// only by its offsets and units is not so here.
type design struct {
	n, k  int // rows; predictors without the intercept
	mean  []float64
	scale []float64
	z     *mat.Dense // n × (k+1), the first column ones
}

func newDesign(name string, names []string, rows [][]float64, ny int) (design, error) {
	d := design{n: len(rows), k: len(names)}
	if len(rows) != ny {
		return d, LengthError{First: "rows", Second: "y", NFirst: len(rows), NSecond: ny}
	}
	if d.n < d.k+2 {
		return d, SizeError{Statistic: name, N: int64(d.n), Need: int64(d.k + 2)}
	}
	for _, r := range rows {
		if len(r) != d.k {
			return d, LengthError{First: "names", Second: "row", NFirst: d.k, NSecond: len(r)}
		}
		if err := checkFinite("row", r); err != nil {
			return d, err
		}
	}
	// Row by row, as they lie in memory.
	sums, squares := make([]total, d.k), make([]total, d.k)
	for _, r := range rows {
		for j, v := range r {
			sums[j].add(v)
		}
	}
	d.mean, d.scale = make([]float64, d.k), make([]float64, d.k)
	for j := range d.mean {
		d.mean[j] = sums[j].value() / float64(d.n)
		if d.mean[j]-d.mean[j] != 0 { // the sum overflows
			col := make([]float64, d.n)
			for i, r := range rows {
				col[i] = r[j]
			}
			d.mean[j] = mean(col)
		}
	}
	for _, r := range rows {
		for j, v := range r {
			squares[j].add((v - d.mean[j]) * (v - d.mean[j]))
		}
	}
	for j := range d.scale {
		d.scale[j] = math.Sqrt(squares[j].value())
		if !(d.scale[j] > 1e-14*math.Abs(d.mean[j])*math.Sqrt(float64(d.n))) || d.scale[j]-d.scale[j] != 0 {
			return d, DegenerateError{Statistic: name, Reason: "a predictor does not vary: " + names[j]}
		}
	}
	d.z = mat.NewDense(d.n, d.k+1, nil)
	for i, r := range rows {
		z := d.z.RawRowView(i)
		z[0] = 1
		for j, v := range r {
			z[j+1] = (v - d.mean[j]) / d.scale[j]
		}
	}
	return d, nil
}

// fit is a solution on the centred scale, and the inverse of R of the QR decomposition, upper triangular:
// (Z'WZ)⁻¹ is inverse·inverse'. Variances are made as sums of squares of it, which cannot come out below 0.
type fit struct {
	g       *mat.VecDense
	inverse *mat.TriDense
}

// back turns a solution into coefficients of the predictors, and returns the matrix that does so times the
// inverse: the sum of squares of a row is the variance of that coefficient, but for that of the residuals.
func (d design) back(f fit) (b []float64, c *mat.Dense) {
	p := d.k + 1
	t := mat.NewDense(p, p, nil)
	t.Set(0, 0, 1)
	for j := range d.k {
		t.Set(j+1, j+1, 1/d.scale[j])
		t.Set(0, j+1, -d.mean[j]/d.scale[j])
	}
	var out mat.VecDense
	out.MulVec(t, f.g)
	c = mat.NewDense(p, p, nil)
	c.Mul(t, f.inverse)
	return mat.Col(nil, 0, &out), c
}

// variances are the sums of squares of the rows of c, times scale.
func variances(c *mat.Dense, scale float64) []float64 {
	p, _ := c.Dims()
	v := make([]float64, p)
	for i := range v {
		for _, x := range c.RawRowView(i) {
			v[i] += x * x
		}
		v[i] *= scale
	}
	return v
}

// least solves the least-squares problem by Householder QR with weights w (nil: all one).
func (d design) least(name string, y, w []float64) (fit, error) {
	dependent := DegenerateError{Statistic: name, Reason: "a predictor is a combination of the others"}
	p := d.k + 1
	g := mat.NewVecDense(p, nil)
	var tri *mat.TriDense
	if d.n > block {
		r, qy := d.triangle(y, w)
		tri = r
		if !spans(tri) {
			return fit{}, dependent
		}
		for i := p - 1; i >= 0; i-- {
			v := qy[i]
			for j := i + 1; j < p; j++ {
				v -= tri.At(i, j) * g.AtVec(j)
			}
			g.SetVec(i, v/tri.At(i, i))
		}
	} else {
		a, rhs := d.z, mat.NewVecDense(d.n, y)
		if w != nil {
			a = mat.NewDense(d.n, p, nil)
			rhs = mat.NewVecDense(d.n, nil)
			for i, v := range w {
				r := math.Sqrt(v)
				rhs.SetVec(i, r*y[i])
				for j := range p {
					a.Set(i, j, r*d.z.At(i, j))
				}
			}
		}
		var qr mat.QR
		qr.Factorize(a)
		var r mat.Dense
		qr.RTo(&r)
		tri = mat.NewTriDense(p, mat.Upper, nil)
		for i := range p {
			for j := i; j < p; j++ {
				tri.SetTri(i, j, r.At(i, j))
			}
		}
		if !spans(tri) {
			return fit{}, dependent
		}
		if err := qr.SolveVecTo(g, false, rhs); err != nil {
			if _, poor := err.(mat.Condition); !poor {
				return fit{}, dependent
			}
		}
	}
	var inv mat.TriDense
	if err := inv.InverseTri(tri); err != nil {
		if _, poor := err.(mat.Condition); !poor {
			return fit{}, dependent
		}
	}
	return fit{g, &inv}, nil
}

// spans reports whether no column is a combination of the others: they have length 1 after scaling, so one that is
// has a small pivot.
func spans(tri *mat.TriDense) bool {
	p, _ := tri.Triangle()
	top := 0.0
	for j := range p {
		top = math.Max(top, math.Abs(tri.At(j, j)))
	}
	for j := range p {
		if !(math.Abs(tri.At(j, j)) > 1e-11*top) {
			return false
		}
	}
	return true
}

// block is how many rows a large design is reduced by at once: so many, and what is made of them, stay in the cache.
const block = 1024

// triangle is the R of the QR decomposition of the weighted design, and the first elements of Q'y. It takes the rows
// block by block: a Householder reflection for each column clears the block against the triangle of the rows before,
// which is as stable as doing it at once.
func (d design) triangle(y, w []float64) (r *mat.TriDense, qy []float64) {
	p := d.k + 1
	top := make([][]float64, p) // the triangle, with Q'y as the last column
	for i := range top {
		top[i] = make([]float64, p+1)
	}
	cols := make([][]float64, p+1)
	for j := range cols {
		cols[j] = make([]float64, block)
	}
	for from := 0; from < d.n; from += block {
		m := min(block, d.n-from)
		for i := range m {
			root := 1.0
			if w != nil {
				root = math.Sqrt(w[from+i])
			}
			for j, v := range d.z.RawRowView(from + i) {
				cols[j][i] = root * v
			}
			cols[p][i] = root * y[from+i]
		}
		for j := range p {
			v := cols[j][:m]
			square := floats.Dot(v, v)
			if square == 0 {
				continue
			}
			head := top[j][j]
			alpha := -math.Copysign(math.Sqrt(head*head+square), head)
			head -= alpha
			scale := 2 / (head*head + square)
			top[j][j] = alpha
			for l := j + 1; l <= p; l++ {
				s := scale * (head*top[j][l] + floats.Dot(v, cols[l][:m]))
				top[j][l] -= s * head
				floats.AddScaled(cols[l][:m], -s, v)
			}
		}
	}
	r = mat.NewTriDense(p, mat.Upper, nil)
	qy = make([]float64, p)
	for i, line := range top {
		for j := i; j < p; j++ {
			r.SetTri(i, j, line[j])
		}
		qy[i] = line[p]
	}
	return r, qy
}

// Linear is least-squares regression of y on named predictors, one row per person, an intercept added; as
// R's lm, and with robust standard errors where asked for. Regress post on pre and what else differs
// between groups for an analysis of covariance. It takes [Confidence].
func Linear(names []string, rows [][]float64, y []float64, se StandardErrors, opts ...Option) (LinearResult, error) {
	const name = "linear regression"
	cfg, err := configure(optLevel, opts)
	if err != nil {
		return LinearResult{}, err
	}
	if se < Classical || se > HC3 {
		return LinearResult{}, RangeError{Argument: "standard errors", Got: float64(se), Min: 0, Max: float64(HC3)}
	}
	if err := checkFinite("y", y); err != nil {
		return LinearResult{}, err
	}
	d, err := newDesign(name, names, rows, len(y))
	if err != nil {
		return LinearResult{}, err
	}
	centre := mean(y)
	yc := make([]float64, len(y))
	var tss total
	for i, v := range y {
		yc[i] = v - centre
		tss.add(yc[i] * yc[i])
	}
	f, err := d.least(name, yc, nil)
	if err != nil {
		return LinearResult{}, err
	}
	g := f.g.RawVector().Data
	residual := make([]float64, d.n)
	var rss total
	for i := range residual {
		fitted := 0.0
		for j, z := range d.z.RawRowView(i) {
			fitted += z * g[j]
		}
		residual[i] = yc[i] - fitted
		rss.add(residual[i] * residual[i])
	}
	r := LinearResult{Method: "least squares, " + se.String() + " standard errors", N: int64(d.n), DF: d.n - d.k - 1}
	s2 := rss.value() / float64(r.DF)
	if !(tss.value() > 0) || !(s2 > 1e-28*tss.value()) {
		return LinearResult{}, DegenerateError{Statistic: name, Reason: "y does not vary, or is fitted perfectly"}
	}
	r.Sigma = math.Sqrt(s2)
	r.RSquared = 1 - rss.value()/tss.value()
	r.AdjRSquared = 1 - s2/(tss.value()/float64(d.n-1))
	b, c := d.back(f)
	v := variances(c, s2)
	if se != Classical {
		if v, err = d.sandwich(name, f, c, residual, se); err != nil {
			return LinearResult{}, err
		}
		if se == HC1 {
			for i := range v {
				v[i] *= float64(d.n) / float64(r.DF)
			}
		}
	}
	b[0] += centre
	q := special.TISF((1-cfg.level)/2, float64(r.DF))
	if r.Coefficients, err = coefficients(name, names, b, v, q, cfg.level, func(t float64) float64 { return special.TTwoSided(t, float64(r.DF)) }); err != nil {
		return LinearResult{}, err
	}
	return r, finiteAll(name, r.Sigma, r.RSquared, r.AdjRSquared)
}

// sandwich is the variance of each coefficient with each residual's own: the sum over people of what one of them
// moves the coefficient by, squared.
func (d design) sandwich(name string, f fit, c *mat.Dense, residual []float64, se StandardErrors) ([]float64, error) {
	p := d.k + 1
	v := make([]total, p)
	q := make([]float64, p) // a row of Q: its sum of squares is the leverage
	for i, e := range residual {
		z := d.z.RawRowView(i)
		leverage := 0.0
		for l := range p {
			q[l] = 0
			for j := 0; j <= l; j++ {
				q[l] += z[j] * f.inverse.At(j, l)
			}
			leverage += q[l] * q[l]
		}
		w := e * e
		if se >= HC2 {
			if leverage > 1-1e-12 {
				return nil, DegenerateError{Statistic: name, Reason: "one person alone determines a coefficient"}
			}
			w /= 1 - leverage
			if se == HC3 {
				w /= 1 - leverage
			}
		}
		for j := range p {
			u := 0.0
			for l, x := range c.RawRowView(j) {
				u += x * q[l]
			}
			v[j].add(w * u * u)
		}
	}
	out := make([]float64, p)
	for j := range out {
		out[j] = v[j].value()
	}
	return out, nil
}

func coefficients(name string, names []string, b, v []float64, q, level float64, p func(float64) float64) ([]Coefficient, error) {
	out := make([]Coefficient, len(b))
	for i := range b {
		c := Coefficient{Name: "(intercept)", Estimate: b[i], SE: math.Sqrt(v[i])}
		if i > 0 {
			c.Name = names[i-1]
		}
		c.Statistic = c.Estimate / c.SE
		c.CI = Interval{Level: level, Low: c.Estimate - q*c.SE, High: c.Estimate + q*c.SE, Method: "Wald"}
		if err := finiteAll(name, c.Estimate, c.SE, c.Statistic, c.CI.Low, c.CI.High); err != nil {
			return nil, err
		}
		c.P = p(c.Statistic)
		out[i] = c
	}
	return out, nil
}

// LogisticResult is a logistic regression.
type LogisticResult struct {
	Method        string        `json:"method"`
	N             int64         `json:"n"`
	Events        int64         `json:"events"`
	Coefficients  []Coefficient `json:"coefficients"` // log odds ratios, the intercept first
	LogLikelihood float64       `json:"log_likelihood"`
	Deviance      float64       `json:"deviance"`
	NullDeviance  float64       `json:"null_deviance"`
	Iterations    int           `json:"iterations"`
	Fitted        []float64     `json:"-"` // the probability for each row
}

// Logistic is the logistic regression of a yes-or-no outcome on named predictors, one row per person, an
// intercept added, by iteratively reweighted least squares; as R's glm(family = binomial) with Wald
// intervals. Predictors that separate the outcomes, for which no estimate exists, are a
// [DegenerateError]. It takes [Confidence].
func Logistic(names []string, rows [][]float64, y []bool, opts ...Option) (LogisticResult, error) {
	const name = "logistic regression"
	c, err := configure(optLevel, opts)
	if err != nil {
		return LogisticResult{}, err
	}
	d, err := newDesign(name, names, rows, len(y))
	if err != nil {
		return LogisticResult{}, err
	}
	r := LogisticResult{Method: "logistic regression, maximum likelihood, Wald intervals", N: int64(d.n)}
	for _, v := range y {
		if v {
			r.Events++
		}
	}
	if r.Events == 0 || r.Events == r.N {
		return LogisticResult{}, DegenerateError{Statistic: name, Reason: "the outcome does not vary"}
	}
	p0 := float64(r.Events) / float64(r.N)
	r.NullDeviance = -2 * (float64(r.Events)*math.Log(p0) + float64(r.N-r.Events)*math.Log1p(-p0))
	g := make([]float64, d.k+1)
	g[0] = math.Log(p0 / (1 - p0))
	w, z, eta := make([]float64, d.n), make([]float64, d.n), make([]float64, d.n)
	r.Fitted = make([]float64, d.n)
	solved := false
	var f fit
	last := math.Inf(1)
	separated := DegenerateError{Statistic: name, Reason: "the predictors separate the outcomes"}
	for r.Iterations = 1; ; r.Iterations++ {
		if r.Iterations > 60 {
			return LogisticResult{}, separated
		}
		var dev total
		extreme := 0
		for i := range d.n {
			e := 0.0
			for j, z := range d.z.RawRowView(i) {
				e += z * g[j]
			}
			eta[i] = e
			// All from the exponential that does not overflow, and without forming 1 − p.
			t := math.Exp(-math.Abs(e))
			small, large := t/(1+t), 1/(1+t) // of p and 1 − p
			p, other := large, small
			if e < 0 {
				p, other = small, large
			}
			r.Fitted[i] = p
			w[i] = small * large
			res, against := -p, e > 0 // the residual; whether the outcome is the less probable one
			if y[i] {
				res, against = other, e < 0
			}
			loss := math.Log1p(t)
			if against {
				loss += math.Abs(e)
			}
			dev.add(2 * loss)
			if math.Abs(e) > 30 {
				extreme++
			}
			z[i] = e + res/math.Max(w[i], 1e-300)
		}
		r.Deviance = dev.value()
		if extreme > 0 && r.Deviance < 1e-8 || extreme == d.n || r.Deviance != r.Deviance {
			return LogisticResult{}, separated
		}
		if solved && math.Abs(last-r.Deviance) <= 1e-15*(r.Deviance+0.1) {
			if extreme > 0 { // the odds of somebody have run away to e^30
				return LogisticResult{}, separated
			}
			break
		}
		last = r.Deviance
		if f, err = d.least(name, z, w); err != nil {
			if solved || r.Iterations > 3 {
				return LogisticResult{}, separated
			}
			return LogisticResult{}, err
		}
		g, solved = f.g.RawVector().Data, true
	}
	// once more at the estimate, for the variance there
	if f, err = d.least(name, z, w); err != nil {
		return LogisticResult{}, separated
	}
	r.LogLikelihood = -r.Deviance / 2
	b, half := d.back(f)
	q := -special.NormQuantile((1 - c.level) / 2)
	if r.Coefficients, err = coefficients(name, names, b, variances(half, 1), q, c.level, func(z float64) float64 { return normalP(z, TwoSided) }); err != nil {
		return LogisticResult{}, err
	}
	return r, nil
}

// InequalityResult is the slope and the relative index of inequality.
type InequalityResult struct {
	Method  string    `json:"method"`
	N       int64     `json:"n"`
	Ridits  []float64 `json:"ridits"` // middle of each group's place in the population, 0 to 1
	Slope   float64   `json:"slope"`  // SII: rate at rank 0 minus rate at rank 1
	SlopeCI Interval  `json:"slope_ci"`
	// Relative is the RII as Kunst and Mackenbach have it, rate at rank 0 over rate at rank 1, its interval made on
	// the log scale by the delta method. Both are nil where the fitted line falls to 0 within the population, so
	// that there is no such ratio.
	Relative   *float64  `json:"relative,omitempty"`    // may be nil
	RelativeCI *Interval `json:"relative_ci,omitempty"` // nil with Relative
	// RelativeToMean is the RII as Pamuk (1985) has it, the slope over the overall rate, which always exists; its
	// interval is made by the delta method.
	RelativeToMean   float64  `json:"relative_to_mean"`
	RelativeToMeanCI Interval `json:"relative_to_mean_ci"`
}

// Inequality fits a straight line to the rates x/n of groups ordered from the most to the least deprived,
// against the middle of each group's rank in the population, weighted by n. The slope index is the fitted
// rate at the most deprived end minus that at the least deprived; the relative index is in use in two ways,
// their ratio (Mackenbach and Kunst 1997) and the slope over the overall rate. Standard errors come from the
// binomial variance of each rate. It takes [Confidence].
func Inequality(x, n []int64, opts ...Option) (InequalityResult, error) {
	const name = "slope index of inequality"
	c, err := configure(optLevel, opts)
	if err != nil {
		return InequalityResult{}, err
	}
	if len(x) != len(n) {
		return InequalityResult{}, LengthError{First: "x", Second: "n", NFirst: len(x), NSecond: len(n)}
	}
	if len(x) < 3 {
		return InequalityResult{}, SizeError{Statistic: name + " (groups)", N: int64(len(x)), Need: 3}
	}
	var sn, sx float64
	for i := range x {
		if err := checkProportion(name, x[i], n[i]); err != nil {
			return InequalityResult{}, err
		}
		sn += float64(n[i])
		sx += float64(x[i])
	}
	r := InequalityResult{Method: name + ", least squares on ridits weighted by n, binomial variance", N: int64(sn)}
	before, centre := 0.0, 0.0
	for _, v := range n {
		ridit := (before + float64(v)/2) / sn
		r.Ridits = append(r.Ridits, ridit)
		centre += float64(v) / sn * ridit
		before += float64(v)
	}
	var sxx, sxy float64
	for i := range x {
		d := r.Ridits[i] - centre
		sxx += float64(n[i]) * d * d
		sxy += d * float64(x[i])
	}
	b := sxy / sxx
	a := sx/sn - b*centre
	// Both ends are linear in the rates; their variances and covariance follow.
	var v0, v1, v01, vSlope, vMean, vBoth float64
	for i := range x {
		p := float64(x[i]) / float64(n[i])
		v := p * (1 - p) / float64(n[i])
		slope := float64(n[i]) * (r.Ridits[i] - centre) / sxx
		level := float64(n[i])/sn - slope*centre
		v0 += level * level * v
		v1 += (level + slope) * (level + slope) * v
		v01 += level * (level + slope) * v
		share := float64(n[i]) / sn
		vSlope += slope * slope * v
		vMean += share * share * v
		vBoth += share * slope * v
	}
	z := -special.NormQuantile((1 - c.level) / 2)
	r.Slope = -b
	se := math.Sqrt(math.Max(0, v0+v1-2*v01))
	if se == 0 {
		return InequalityResult{}, DegenerateError{Statistic: name, Reason: "every rate is 0 or 1"}
	}
	r.SlopeCI = Interval{Level: c.level, Low: r.Slope - z*se, High: r.Slope + z*se, Method: "normal, binomial variance"}
	// The overall rate is the line at the mean rank, so its covariance with the slope follows as well.
	overall := sx / sn
	r.RelativeToMean = r.Slope / overall
	spread := z * math.Sqrt(math.Max(0, vSlope+r.RelativeToMean*(r.RelativeToMean*vMean+2*vBoth))) / overall
	r.RelativeToMeanCI = Interval{Level: c.level, Low: r.RelativeToMean - spread, High: r.RelativeToMean + spread, Method: "delta method"}
	if a > 0 && a+b > 0 {
		ratio := a / (a + b)
		lse := z * math.Sqrt(math.Max(0, v0/(a*a)+v1/((a+b)*(a+b))-2*v01/(a*(a+b))))
		r.Relative = &ratio
		r.RelativeCI = &Interval{Level: c.level, Low: ratio * math.Exp(-lse), High: ratio * math.Exp(lse), Method: "log scale, delta method"}
	}
	return r, nil
}
