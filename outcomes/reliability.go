package outcomes

import (
	"math"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// AlphaResult is Cronbach's alpha of a scale.
type AlphaResult struct {
	Method   string    `json:"method"`
	N        int64     `json:"n"`
	Items    int       `json:"items"`
	Estimate float64   `json:"estimate"`
	CI       Interval  `json:"ci"`      // Feldt (1965)
	SEM      float64   `json:"sem"`     // standard error of measurement: SD of the total times √(1 − alpha)
	Dropped  []float64 `json:"dropped"` // alpha without each item in turn; nil for two items
}

func checkItems(name string, rows [][]float64) (n, k int, err error) {
	if len(rows) < 2 {
		return 0, 0, SizeError{Statistic: name, N: int64(len(rows)), Need: 2}
	}
	k = len(rows[0])
	if k < 2 {
		return 0, 0, SizeError{Statistic: name + " (columns)", N: int64(k), Need: 2}
	}
	for _, r := range rows {
		if len(r) != k {
			return 0, 0, LengthError{First: "first row", Second: "another row", NFirst: k, NSecond: len(r)}
		}
		if err := checkFinite("row", r); err != nil {
			return 0, 0, err
		}
	}
	return len(rows), k, nil
}

// CronbachAlpha is Cronbach's alpha of complete rows, one per person, reversed items already turned, with
// Feldt's interval. It takes [Confidence].
func CronbachAlpha(rows [][]float64, opts ...Option) (AlphaResult, error) {
	const name = "Cronbach's alpha"
	c, err := configure(optLevel, opts)
	if err != nil {
		return AlphaResult{}, err
	}
	n, k, err := checkItems(name, rows)
	if err != nil {
		return AlphaResult{}, err
	}
	without := func(skip int) (alpha, sd float64, err error) { return alphaWithout(name, rows, skip) }
	if cov, ok := itemCovariances(rows); ok {
		without = func(skip int) (alpha, sd float64, err error) {
			if alpha, sd, ok := alphaOf(cov, skip); ok {
				return alpha, sd, nil
			}
			return alphaWithout(name, rows, skip)
		}
	}
	alpha, sd, err := without(-1)
	if err != nil {
		return AlphaResult{}, err
	}
	r := AlphaResult{Method: name, N: int64(n), Items: k, Estimate: alpha, SEM: sd * math.Sqrt(math.Max(0, 1-alpha))}
	if k > 2 {
		r.Dropped = make([]float64, k)
		for j := range k {
			if r.Dropped[j], _, err = without(j); err != nil {
				return AlphaResult{}, err
			}
		}
	}
	tail := (1 - c.level) / 2
	d1, d2 := float64(n-1), float64((n-1)*(k-1))
	r.CI = Interval{
		Level: c.level, Method: "Feldt",
		Low:  1 - (1-alpha)*special.FISF(tail, d1, d2),
		High: 1 - (1-alpha)/special.FISF(tail, d2, d1),
	}
	return r, finiteAll(name, r.Estimate, r.SEM, r.CI.Low, r.CI.High)
}

// itemCovariances are the covariances of the items, from one walk through the rows; not ok where squares overflow
// or vanish.
func itemCovariances(rows [][]float64) (cov [][]float64, ok bool) {
	n, k := float64(len(rows)), len(rows[0])
	means, first := make([]float64, k), make([]total, k)
	for _, r := range rows {
		for j, v := range r {
			first[j].add(v)
		}
	}
	for j := range means {
		means[j] = first[j].value() / n
	}
	dev := make([]total, k)
	products := make([]total, k*k)
	d := make([]float64, k)
	for _, r := range rows {
		for j, v := range r {
			d[j] = v - means[j]
			dev[j].add(d[j])
		}
		for i, a := range d {
			line := products[i*k : i*k+i+1]
			for j := range line {
				line[j].add(a * d[j])
			}
		}
	}
	cov = make([][]float64, k)
	for i := range cov {
		cov[i] = make([]float64, k)
		if t := products[i*k+i].value(); t != 0 && !(t > 1e-200 && t < 1e200) {
			return nil, false
		}
		for j := range i + 1 {
			cov[i][j] = products[i*k+j].less(dev[i].value()*dev[j].value()/n).value() / (n - 1)
			cov[j][i] = cov[i][j]
		}
	}
	return cov, true
}

// alphaOf is [alphaWithout] from covariances; not ok where the items all but cancel in the total.
func alphaOf(cov [][]float64, skip int) (alpha, sd float64, ok bool) {
	var all, own total
	for i, line := range cov {
		for j, v := range line {
			if i != skip && j != skip {
				all.add(v)
			}
		}
		if i != skip {
			own.add(line[i])
		}
	}
	f := float64(len(cov))
	if skip >= 0 {
		f--
	}
	v := all.value()
	return math.Min(1, f/(f-1)*(1-own.value()/v)), math.Sqrt(v), v > 1e-3*own.value()
}

// alphaWithout is alpha and the SD of the total without item skip.
func alphaWithout(name string, rows [][]float64, skip int) (alpha, sd float64, err error) {
	k := len(rows[0])
	total := make([]float64, len(rows))
	col := make([]float64, len(rows))
	items, sumVar := 0, 0.0
	for j := range k {
		if j == skip {
			continue
		}
		for i, r := range rows {
			col[i] = r[j]
			total[i] += r[j]
		}
		_, s := meanSD(col)
		sumVar += s * s
		items++
	}
	_, sd = meanSD(total)
	if !(sd*sd > 0) {
		return 0, 0, DegenerateError{Statistic: name, Reason: "the total does not vary"}
	}
	if err := finiteAll(name, sd*sd, sumVar); err != nil {
		return 0, 0, err
	}
	f := float64(items)
	return math.Min(1, f/(f-1)*(1-sumVar/(sd*sd))), sd, nil
}

// ICCResult is an intraclass correlation.
type ICCResult struct {
	Method   string   `json:"method"`
	N        int64    `json:"n"`      // people
	Raters   int      `json:"raters"` // or occasions
	Estimate float64  `json:"estimate"`
	CI       Interval `json:"ci"`
	F        float64  `json:"f"` // between people
	P        float64  `json:"p_value"`
	SEM      float64  `json:"sem"` // standard error of measurement, for absolute agreement
}

// ICC is the intraclass correlation ICC(2,1) of Shrout and Fleiss (1979): two-way random effects,
// absolute agreement, a single rating; one row per person, one column per rater or occasion. Its
// interval is McGraw and Wong's (1996). The standard error of measurement is the root of the variance
// between occasions and of the residual. It takes [Confidence].
func ICC(rows [][]float64, opts ...Option) (ICCResult, error) {
	const name = "ICC(2,1): two-way random, absolute agreement, single rating"
	c, err := configure(optLevel, opts)
	if err != nil {
		return ICCResult{}, err
	}
	ni, ki, err := checkItems(name, rows)
	if err != nil {
		return ICCResult{}, err
	}
	n, k := float64(ni), float64(ki)
	var grand total
	cols := make([]total, ki)
	for _, r := range rows {
		for j, v := range r {
			grand.add(v)
			cols[j].add(v)
		}
	}
	g := grand.value() / (n * k)
	var ssr, ssc, sse total
	for _, r := range rows {
		m := mean(r)
		ssr.add(k * (m - g) * (m - g))
		for j, v := range r {
			e := v - m - cols[j].value()/n + g
			sse.add(e * e)
		}
	}
	for j := range cols {
		d := cols[j].value()/n - g
		ssc.add(n * d * d)
	}
	msr, msc, mse := ssr.value()/(n-1), ssc.value()/(k-1), sse.value()/((n-1)*(k-1))
	if !(mse > 0) || !(msr > 0) {
		return ICCResult{}, DegenerateError{Statistic: name, Reason: "the ratings do not vary, or agree perfectly"}
	}
	icc := (msr - mse) / (msr + (k-1)*mse + k*(msc-mse)/n)
	r := ICCResult{Method: name, N: int64(ni), Raters: ki, Estimate: icc, F: msr / mse}
	r.P = special.FSF(r.F, n-1, (n-1)*(k-1))
	// The residual and the difference between raters, neither below 0.
	r.SEM = math.Sqrt(mse + math.Max(0, (msc-mse)/n))
	// Satterthwaite's degrees of freedom for the denominator
	a := k * icc / (n * (1 - icc))
	b := 1 + k*icc*(n-1)/(n*(1-icc))
	v := sq(a*msc+b*mse) / (sq(a*msc)/(k-1) + sq(b*mse)/((n-1)*(k-1)))
	tail := (1 - c.level) / 2
	fl := special.FISF(tail, n-1, v)
	fu := special.FISF(tail, v, n-1)
	low := n * (msr - fl*mse) / (fl*(k*msc+(k*n-k-n)*mse) + n*msr)
	high := n * (fu*msr - mse) / (k*msc + (k*n-k-n)*mse + n*fu*msr)
	// Where hardly a degree of freedom is left both are the same number, but for rounding.
	r.CI = Interval{Level: c.level, Method: "McGraw and Wong", Low: math.Min(low, high), High: math.Max(low, high)}
	return r, finiteAll(name, r.CI.Low, r.CI.High)
}

// MinimalDetectableChange is the change in one person that measurement error alone exceeds with
// probability 1 − level: z·√2·sem.
func MinimalDetectableChange(sem float64, opts ...Option) (float64, error) {
	c, err := configure(optLevel, opts)
	if err != nil {
		return 0, err
	}
	if !(sem >= 0) || math.IsInf(sem, 0) {
		return 0, RangeError{Argument: "sem", Got: sem, Min: 0, Max: math.MaxFloat64}
	}
	change := -special.NormQuantile((1-c.level)/2) * math.Sqrt2 * sem
	if err := finiteAll("minimal detectable change", change); err != nil {
		return 0, err
	}
	return change, nil
}

// ReliableChangeResult counts people by a reliable change index.
type ReliableChangeResult struct {
	Method       string  `json:"method"`
	SDifference  float64 `json:"s_difference"` // standard error of a difference
	Threshold    float64 `json:"threshold"`    // in units of the measure
	Improved     int64   `json:"improved"`
	Unchanged    int64   `json:"unchanged"`
	Deteriorated int64   `json:"deteriorated"`
}

// ReliableChange counts who changed by more than measurement error explains (Jacobson and Truax 1991):
// |post − pre| above 1.96·SDpre·√(2(1 − reliability)), where more is better; swap Improved and Deteriorated
// where less is. It takes [Confidence], whose normal quantile then stands for 1.96; sdPre 0 stands for the
// SD of pre.
func ReliableChange(pre, post []float64, reliability, sdPre float64, opts ...Option) (ReliableChangeResult, error) {
	const name = "reliable change (Jacobson and Truax)"
	c, err := configure(optLevel, opts)
	if err != nil {
		return ReliableChangeResult{}, err
	}
	d, err := differences(pre, post)
	if err != nil {
		return ReliableChangeResult{}, err
	}
	if !(reliability >= 0 && reliability < 1) {
		return ReliableChangeResult{}, RangeError{Argument: "reliability", Got: reliability, Min: 0, Max: 1}
	}
	if !(sdPre >= 0) || math.IsInf(sdPre, 0) {
		return ReliableChangeResult{}, RangeError{Argument: "sdPre", Got: sdPre, Min: 0, Max: math.MaxFloat64}
	}
	if len(d) < 1 || sdPre == 0 && len(d) < 2 {
		return ReliableChangeResult{}, SizeError{Statistic: name, N: int64(len(d)), Need: 2}
	}
	if sdPre == 0 {
		_, sdPre = meanSD(pre)
	}
	if sdPre == 0 {
		return ReliableChangeResult{}, DegenerateError{Statistic: name, Reason: "pre does not vary"}
	}
	r := ReliableChangeResult{Method: name, SDifference: sdPre * math.Sqrt(2*(1-reliability))}
	z := 1.96 // as published
	if c.given&optLevel != 0 {
		z = -special.NormQuantile((1 - c.level) / 2)
	}
	r.Threshold = z * r.SDifference
	if err := finiteAll(name, r.Threshold); err != nil {
		return ReliableChangeResult{}, err
	}
	for _, v := range d {
		switch {
		case v > r.Threshold:
			r.Improved++
		case v < -r.Threshold:
			r.Deteriorated++
		default:
			r.Unchanged++
		}
	}
	return r, nil
}
