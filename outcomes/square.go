package outcomes

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// HomogeneityResult is a test of a square table of states before (rows) and after (columns).
type HomogeneityResult struct {
	Method    string  `json:"method"`
	N         int64   `json:"n"`
	Statistic float64 `json:"statistic"`
	DF        int     `json:"df"`
	P         float64 `json:"p_value"`
}

func (t Table) square(name string) (n float64, err error) {
	_, _, n, err = t.check(name, 2, 2)
	if err != nil {
		return 0, err
	}
	if len(t) != len(t[0]) {
		return 0, DegenerateError{Statistic: name, Reason: "the table is not square"}
	}
	return n, nil
}

// Bowker is Bowker's test that a square table is symmetric: that as many move from one state to another
// as back. As R's mcnemar.test on more than two states, except that pairs of states between which nobody
// moved count no degree of freedom where R gives NaN.
func (t Table) Bowker() (HomogeneityResult, error) {
	const name = "Bowker's test of symmetry"
	n, err := t.square(name)
	if err != nil {
		return HomogeneityResult{}, err
	}
	r := HomogeneityResult{Method: name, N: int64(n)}
	for i := range t {
		for j := range i {
			if s := float64(t[i][j] + t[j][i]); s > 0 {
				d := float64(t[i][j] - t[j][i])
				r.Statistic += d * d / s
				r.DF++
			}
		}
	}
	if r.DF == 0 {
		return HomogeneityResult{}, DegenerateError{Statistic: name, Reason: "nobody changed"}
	}
	r.P = special.ChiSquaredSF(r.Statistic, float64(r.DF))
	return r, nil
}

// StuartMaxwell is the test of Stuart (1955) and Maxwell (1970) that the states are as frequent after as
// before. States in which nobody moved in or out are left out.
func (t Table) StuartMaxwell() (HomogeneityResult, error) {
	return t.marginal("Stuart–Maxwell test", false)
}

// Bhapkar is Bhapkar's (1966) test of the same, which estimates the variance without assuming that the
// null holds; it is never smaller: W/(1 − W/n) of Stuart and Maxwell's W, n without the states left out.
func (t Table) Bhapkar() (HomogeneityResult, error) { return t.marginal("Bhapkar's test", true) }

func (t Table) marginal(name string, bhapkar bool) (HomogeneityResult, error) {
	if _, err := t.square(name); err != nil {
		return HomogeneityResult{}, err
	}
	// Only states that somebody entered or left carry information.
	var keep []int
	for i := range t {
		for j := range t {
			if i != j && t[i][j]+t[j][i] > 0 {
				keep = append(keep, i)
				break
			}
		}
	}
	if len(keep) < 2 {
		return HomogeneityResult{}, DegenerateError{Statistic: name, Reason: "nobody changed"}
	}
	n := 0.0
	for _, i := range keep {
		for _, j := range keep {
			n += float64(t[i][j])
		}
	}
	// The last state follows from the others.
	k := len(keep) - 1
	d := mat.NewVecDense(k, nil)
	v := mat.NewSymDense(k, nil)
	for a := range k {
		i := keep[a]
		var row, col float64
		for _, j := range keep {
			row += float64(t[i][j])
			col += float64(t[j][i])
		}
		d.SetVec(a, row-col)
		v.SetSym(a, a, row+col-2*float64(t[i][i]))
		for b := range a {
			j := keep[b]
			v.SetSym(a, b, -float64(t[i][j]+t[j][i]))
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(v) {
		return HomogeneityResult{}, DegenerateError{Statistic: name, Reason: "the states fall into sets without moves between them"}
	}
	var x mat.VecDense
	if err := chol.SolveVecTo(&x, d); err != nil {
		return HomogeneityResult{}, DegenerateError{Statistic: name, Reason: "the states fall into sets without moves between them"}
	}
	w := math.Max(0, mat.Dot(d, &x))
	if bhapkar {
		if w >= n {
			return HomogeneityResult{}, DegenerateError{Statistic: name, Reason: "everybody moved the same way"}
		}
		w /= 1 - w/n
	}
	return HomogeneityResult{Method: name, N: int64(n), Statistic: w, DF: k, P: special.ChiSquaredSF(w, float64(k))}, nil
}

// KappaResult is the agreement of two classifications beyond chance.
type KappaResult struct {
	Method   string  `json:"method"`
	N        int64   `json:"n"`
	Observed float64 `json:"observed"` // agreement, weighted where the method says so
	Expected float64 `json:"expected"`
	Estimate float64 `json:"estimate"`
}

// Kappa is Cohen's kappa of a square table; quadratic weighs a disagreement by the square of its distance.
func (t Table) Kappa(quadratic bool) (KappaResult, error) {
	name := "Cohen's kappa"
	if quadratic {
		name = "Cohen's kappa, quadratic weights"
	}
	n, err := t.square(name)
	if err != nil {
		return KappaResult{}, err
	}
	rows, cols, _, _ := t.check(name, 2, 2)
	k := float64(len(t) - 1)
	r := KappaResult{Method: name, N: int64(n)}
	for i := range t {
		for j := range t {
			w := 0.0
			if i == j {
				w = 1
			}
			if quadratic {
				w = 1 - sq(float64(i-j)/k)
			}
			r.Observed += w * float64(t[i][j]) / n
			r.Expected += w * rows[i] / n * cols[j] / n
		}
	}
	if !(r.Expected < 1) {
		return KappaResult{}, DegenerateError{Statistic: name, Reason: "everybody is in one state"}
	}
	r.Estimate = (r.Observed - r.Expected) / (1 - r.Expected)
	return r, nil
}

// TrendResult is a test for a trend in proportions.
type TrendResult struct {
	Method    string  `json:"method"`
	N         int64   `json:"n"`
	Statistic float64 `json:"statistic"` // chi-squared on 1 degree of freedom
	Slope     float64 `json:"slope"`     // change in the proportion per unit of score, least squares weighted by n
	P         float64 `json:"p_value"`
}

// CochranArmitage is the test for a linear trend of the proportions x/n over scores (1, 2, 3 … where nil),
// two-sided, as R's prop.trend.test.
func CochranArmitage(x, n []int64, scores []float64) (TrendResult, error) {
	const name = "Cochran–Armitage test for trend"
	if len(x) != len(n) {
		return TrendResult{}, LengthError{First: "x", Second: "n", NFirst: len(x), NSecond: len(n)}
	}
	if scores == nil {
		for i := range x {
			scores = append(scores, float64(i+1))
		}
	}
	if len(scores) != len(x) {
		return TrendResult{}, LengthError{First: "x", Second: "scores", NFirst: len(x), NSecond: len(scores)}
	}
	if err := checkFinite("scores", scores); err != nil {
		return TrendResult{}, err
	}
	if len(x) < 2 {
		return TrendResult{}, SizeError{Statistic: name + " (groups)", N: int64(len(x)), Need: 2}
	}
	var sx, sn, ss float64
	for i := range x {
		if err := checkProportion(name, x[i], n[i]); err != nil {
			return TrendResult{}, err
		}
		sx += float64(x[i])
		sn += float64(n[i])
		ss += float64(n[i]) * scores[i]
	}
	p, centre := sx/sn, ss/sn
	var num, den float64
	for i := range x {
		d := scores[i] - centre
		num += d * (float64(x[i]) - float64(n[i])*p)
		den += float64(n[i]) * d * d
	}
	if !(p > 0 && p < 1) || !(den > 0) {
		return TrendResult{}, DegenerateError{Statistic: name, Reason: "the proportions or the scores do not vary"}
	}
	chi := num * num / (den * p * (1 - p))
	if err := finiteAll(name, num, den, chi, num/den); err != nil {
		return TrendResult{}, err
	}
	return TrendResult{Method: name, N: int64(sn), Statistic: chi, Slope: num / den, P: special.ChiSquaredSF(chi, 1)}, nil
}

// MantelHaenszelResult is a comparison of two groups over several 2×2 tables.
type MantelHaenszelResult struct {
	Method    string  `json:"method"`
	N         int64   `json:"n"`
	Strata    int     `json:"strata"`
	Statistic float64 `json:"statistic"` // chi-squared on 1 degree of freedom
	P         float64 `json:"p_value"`
	// OddsRatio is common to the strata; nil where it is infinite.
	OddsRatio *float64  `json:"odds_ratio,omitempty"`
	CI        *Interval `json:"ci,omitempty"` // of the odds ratio; nil where that is 0 or infinite
}

// MantelHaenszel combines 2×2 tables, one for each service or stratum: the chi-squared test of Cochran,
// Mantel and Haenszel with continuity correction, the common odds ratio and its interval by the variance
// of Robins, Breslow and Greenland (1986), as R's mantelhaen.test. Strata with fewer than two people are
// left out; strata of which none compares two groups with both outcomes are a [DegenerateError]. It takes
// [Confidence] and [Continuity].
func MantelHaenszel(strata []Table, opts ...Option) (MantelHaenszelResult, error) {
	const name = "Mantel–Haenszel test"
	c, err := configure(optLevel|optContinuity, opts)
	if err != nil {
		return MantelHaenszelResult{}, err
	}
	out := MantelHaenszelResult{Method: name}
	var delta, variance, r, s, pr, psqr, qs float64
	for _, t := range strata {
		if _, _, _, err := t.check(name, 2, 2); err != nil {
			if errors.As(err, new(SizeError)) { // nobody in this stratum
				continue
			}
			return MantelHaenszelResult{}, err
		}
		if len(t) != 2 || len(t[0]) != 2 {
			return out, DegenerateError{Statistic: name, Reason: "a table is not 2×2"}
		}
		a, b, cc, d := float64(t[0][0]), float64(t[0][1]), float64(t[1][0]), float64(t[1][1])
		n := a + b + cc + d
		if n < 2 {
			continue
		}
		out.Strata++
		out.N += int64(n)
		delta += a - (a+b)*(a+cc)/n
		variance += (a + b) / n * (cc + d) / n * (a + cc) * (b + d) / (n - 1)
		ri, si := a*d/n, b*cc/n
		p, q := (a+d)/n, (b+cc)/n
		r += ri
		s += si
		pr += p * ri
		psqr += p*si + q*ri
		qs += q * si
	}
	if out.Strata == 0 {
		return MantelHaenszelResult{}, SizeError{Statistic: name + " (strata)", N: 0, Need: 1}
	}
	if !(variance > 0) {
		return MantelHaenszelResult{}, DegenerateError{Statistic: name, Reason: "no stratum compares two groups with both outcomes"}
	}
	d := math.Abs(delta)
	if c.continuity {
		out.Method += " with continuity correction"
		if d >= 0.5 { // below, R leaves the correction out
			d -= 0.5
		}
	}
	out.Statistic = d * d / variance
	out.P = special.ChiSquaredSF(out.Statistic, 1)
	if s == 0 {
		return out, nil
	}
	or := r / s
	out.OddsRatio = &or
	if r == 0 {
		return out, nil
	}
	sd := math.Sqrt(pr/(2*r*r) + psqr/(2*r*s) + qs/(2*s*s))
	h := math.Exp(-special.NormQuantile((1-c.level)/2) * sd)
	out.CI = &Interval{Level: c.level, Low: or / h, High: or * h, Method: "Robins, Breslow and Greenland"}
	return out, nil
}
