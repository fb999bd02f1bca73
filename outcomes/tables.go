package outcomes

import (
	"math"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// Table is a two-way table of counts, by row.
type Table [][]int64

func (t Table) check(name string, minRows, minCols int) (rows, cols []float64, n float64, err error) {
	if len(t) < minRows || len(t) == 0 || len(t[0]) < minCols {
		return nil, nil, 0, DegenerateError{Statistic: name, Reason: "the table has too few rows or columns"}
	}
	rows, cols = make([]float64, len(t)), make([]float64, len(t[0]))
	for i, r := range t {
		if len(r) != len(cols) {
			return nil, nil, 0, LengthError{First: "first row", Second: "another row", NFirst: len(cols), NSecond: len(r)}
		}
		for j, v := range r {
			if v < 0 || v > MaxRows {
				return nil, nil, 0, RangeError{Argument: "count", Got: float64(v), Min: 0, Max: MaxRows}
			}
			rows[i] += float64(v)
			cols[j] += float64(v)
			n += float64(v)
		}
	}
	if n == 0 {
		return nil, nil, 0, SizeError{Statistic: name, N: 0, Need: 1}
	}
	return rows, cols, n, nil
}

// ChiSquaredResult is a chi-squared test of independence.
type ChiSquaredResult struct {
	Method    string      `json:"method"`
	N         int64       `json:"n"`
	Statistic float64     `json:"statistic"`
	DF        int         `json:"df"`
	P         float64     `json:"p_value"`
	Expected  [][]float64 `json:"expected"`
	CramersV  float64     `json:"cramers_v"` // from the statistic without correction; |phi| for 2×2
	// SmallExpected is how many cells expect fewer than 5, where the approximation is in doubt.
	SmallExpected int `json:"small_expected"`
}

// ChiSquared is Pearson's chi-squared test of independence, as R's chisq.test: a 2×2 table gets Yates's
// correction unless [Continuity](false) is given. A row or column without counts is a [DegenerateError].
func (t Table) ChiSquared(opts ...Option) (ChiSquaredResult, error) {
	const name = "Pearson's chi-squared test"
	c, err := configure(optContinuity, opts)
	if err != nil {
		return ChiSquaredResult{}, err
	}
	rows, cols, n, err := t.check(name, 2, 2)
	if err != nil {
		return ChiSquaredResult{}, err
	}
	for _, margin := range [][]float64{rows, cols} {
		for _, v := range margin {
			if v == 0 {
				return ChiSquaredResult{}, DegenerateError{Statistic: name, Reason: "a row or column has no counts"}
			}
		}
	}
	r := ChiSquaredResult{Method: name, N: int64(n), DF: (len(rows) - 1) * (len(cols) - 1)}
	yates := 0.0
	if c.continuity && len(rows) == 2 && len(cols) == 2 {
		yates = 0.5
		r.Method += " with Yates's continuity correction"
	}
	r.Expected = make([][]float64, len(rows))
	for i := range rows {
		r.Expected[i] = make([]float64, len(cols))
		for j := range cols {
			e := rows[i] / n * cols[j]
			r.Expected[i][j] = e
			yates = math.Min(yates, math.Abs(float64(t[i][j])-e))
			if e < 5 {
				r.SmallExpected++
			}
		}
	}
	plain := 0.0
	for i := range rows {
		for j := range cols {
			e := r.Expected[i][j]
			d := math.Abs(float64(t[i][j]) - e)
			plain += d * d / e
			r.Statistic += (d - yates) * (d - yates) / e
		}
	}
	r.P = special.ChiSquaredSF(r.Statistic, float64(r.DF))
	r.CramersV = math.Sqrt(plain / n / float64(min(len(rows), len(cols))-1))
	return r, nil
}

// RatioResult is a ratio of odds or of risks with its interval.
type RatioResult struct {
	Method   string   `json:"method"`
	Estimate float64  `json:"estimate"`
	CI       Interval `json:"ci"`
}

func (t Table) fourfold(name string, opts []Option) (a, b, c, d, z float64, level float64, err error) {
	cfg, err := configure(optLevel, opts)
	if err != nil {
		return 0, 0, 0, 0, 0, 0, err
	}
	if _, _, _, err = t.check(name, 2, 2); err != nil {
		return 0, 0, 0, 0, 0, 0, err
	}
	if len(t) != 2 || len(t[0]) != 2 {
		return 0, 0, 0, 0, 0, 0, DegenerateError{Statistic: name, Reason: "the table is not 2×2"}
	}
	z = -special.NormQuantile((1 - cfg.level) / 2)
	return float64(t[0][0]), float64(t[0][1]), float64(t[1][0]), float64(t[1][1]), z, cfg.level, nil
}

// OddsRatio is the odds ratio ad/bc of a 2×2 table (rows: groups; first column: the event) with Woolf's
// interval on the log scale. A zero cell is a [DegenerateError]. It takes [Confidence].
func (t Table) OddsRatio(opts ...Option) (RatioResult, error) {
	const name = "odds ratio, Woolf's interval"
	a, b, c, d, z, level, err := t.fourfold(name, opts)
	if err != nil {
		return RatioResult{}, err
	}
	if a == 0 || b == 0 || c == 0 || d == 0 {
		return RatioResult{}, DegenerateError{Statistic: name, Reason: "a cell is zero"}
	}
	or := a / b * d / c
	h := math.Exp(z * math.Sqrt(1/a+1/b+1/c+1/d))
	return RatioResult{Method: name, Estimate: or, CI: Interval{Level: level, Low: or / h, High: or * h, Method: name}}, nil
}

// RiskRatio is the risk in the first row over that in the second (first column: the event), with the
// interval on the log scale (Katz 1978). No event in a row is a [DegenerateError]. It takes [Confidence].
func (t Table) RiskRatio(opts ...Option) (RatioResult, error) {
	const name = "risk ratio, Katz's log interval"
	a, b, c, d, z, level, err := t.fourfold(name, opts)
	if err != nil {
		return RatioResult{}, err
	}
	if a == 0 || c == 0 {
		return RatioResult{}, DegenerateError{Statistic: name, Reason: "a group has no events"}
	}
	rr := a / (a + b) / (c / (c + d))
	h := math.Exp(z * math.Sqrt(math.Max(0, b/(a*(a+b))+d/(c*(c+d)))))
	return RatioResult{Method: name, Estimate: rr, CI: Interval{Level: level, Low: rr / h, High: rr * h, Method: name}}, nil
}

// RiskDifference is the risk in the first row minus that in the second (first column: the event), with
// Newcombe's interval from two Wilson intervals (method 10 of Newcombe 1998, "Interval estimation for the
// difference between independent proportions"). It takes [Confidence].
func (t Table) RiskDifference(opts ...Option) (ProportionDifferenceResult, error) {
	return t.riskDifference("Newcombe's interval for independent proportions", opts, func(x1, n1, x2, n2, z float64) (float64, float64) {
		p1, p2 := x1/n1, x2/n2
		l1, u1 := wilsonLimits(x1, n1, z, 0)
		l2, u2 := wilsonLimits(x2, n2, z, 0)
		d := p1 - p2
		return d - math.Hypot(p1-l1, u2-p2), d + math.Hypot(u1-p1, p2-l2)
	})
}

// RiskDifferenceWald is [Table.RiskDifference] with Wald's interval, known to cover too seldom in small
// groups. Its ends can lie outside −1 to 1 and are left there, where R's prop.test(correct = FALSE) cuts
// them. It takes [Confidence].
func (t Table) RiskDifferenceWald(opts ...Option) (ProportionDifferenceResult, error) {
	return t.riskDifference("Wald's interval for independent proportions", opts, func(x1, n1, x2, n2, z float64) (float64, float64) {
		p1, p2 := x1/n1, x2/n2
		h := z * math.Sqrt(p1*(1-p1)/n1+p2*(1-p2)/n2)
		return p1 - p2 - h, p1 - p2 + h
	})
}

func (t Table) riskDifference(name string, opts []Option, limits func(x1, n1, x2, n2, z float64) (low, high float64)) (ProportionDifferenceResult, error) {
	a, b, c, d, z, level, err := t.fourfold(name, opts)
	if err != nil {
		return ProportionDifferenceResult{}, err
	}
	n1, n2 := a+b, c+d
	if n1 == 0 || n2 == 0 {
		return ProportionDifferenceResult{}, SizeError{Statistic: name, N: 0, Need: 1}
	}
	low, high := limits(a, n1, c, n2, z)
	return ProportionDifferenceResult{
		Method: name, N1: int64(n1), N2: int64(n2), P1: a / n1, P2: c / n2, Estimate: a/n1 - c/n2,
		CI: Interval{Level: level, Low: low, High: high, Method: name},
	}, nil
}
