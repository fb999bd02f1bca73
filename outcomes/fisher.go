package outcomes

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/root"
)

// FisherResult is Fisher's exact test.
type FisherResult struct {
	Method      string    `json:"method"`
	N           int64     `json:"n"`
	P           float64   `json:"p_value"`
	Alternative Side      `json:"alternative"`
	OddsRatio   *float64  `json:"odds_ratio,omitempty"` // conditional maximum likelihood; nil where infinite or not 2×2
	CI          *Interval `json:"ci,omitempty"`         // of the odds ratio; nil unless 2×2
}

const (
	maxFisherSupport = 1 << 22 // outcomes of a 2×2 table
	maxFisherNodes   = 1 << 20 // states of the network of a larger one
	maxFisherSteps   = 1 << 24 // cells filled in on the way
)

// Fisher is Fisher's exact test of independence, as R's fisher.test: the p-value adds up all tables with
// the same margins that are no more likely than the one observed. A 2×2 table also gets the conditional
// maximum-likelihood odds ratio with its exact interval, and takes [Alternative] and [Confidence]. Larger
// tables are worked out column by column over the row totals that remain; one that takes too many steps
// is a [RangeError], and [Table.FisherSimulated] goes on. The limit is some seconds and 150 MB, and about 100 to 200
// people in a 3×4 or 4×4 table, a few hundred in a narrow one, more where nothing is associated; R with a workspace
// of 2e8 went further in half a minute (2×10 with 300 people, 3×4 with 400).
func (t Table) Fisher(opts ...Option) (FisherResult, error) {
	const name = "Fisher's exact test"
	rows, cols, n, err := t.check(name, 2, 2)
	if err != nil {
		return FisherResult{}, err
	}
	if len(rows) == 2 && len(cols) == 2 {
		c, err := configure(optSide|optLevel, opts)
		if err != nil {
			return FisherResult{}, err
		}
		return t.fisherFourfold(c)
	}
	if _, err := configure(0, opts); err != nil {
		return FisherResult{}, err
	}
	p, err := fisherNetwork(t, rows, cols, n)
	if err != nil {
		return FisherResult{}, err
	}
	return FisherResult{Method: name, N: int64(n), P: p}, nil
}

// fourfold is the noncentral hypergeometric distribution of the first cell.
type fourfold struct {
	lo  float64
	log []float64 // log of the central probabilities of lo, lo+1, …
}

// at returns the probabilities at an odds ratio of e^l, scaled so that the largest is 1, and their sum.
func (f fourfold) at(l float64) (p []float64, total float64) {
	top := math.Inf(-1)
	for i, v := range f.log {
		top = math.Max(top, v+float64(i)*l)
	}
	p = make([]float64, len(f.log))
	for i, v := range f.log {
		p[i] = math.Exp(v + float64(i)*l - top)
		total += p[i]
	}
	return p, total
}

// tail is the probability of the cells from i on (upper) or up to i.
func (f fourfold) tail(l float64, i int, upper bool) float64 {
	p, total := f.at(l)
	s := 0.0
	if upper {
		for j := len(p) - 1; j >= i; j-- {
			s += p[j]
		}
	} else {
		for j := range i + 1 {
			s += p[j]
		}
	}
	return s / total
}

func (f fourfold) mean(l float64) float64 {
	p, total := f.at(l)
	m := 0.0
	for i, v := range p {
		m += float64(i) * v
	}
	return m / total
}

func (t Table) fisherFourfold(c config) (FisherResult, error) {
	const name = "Fisher's exact test"
	m := float64(t[0][0] + t[1][0]) // first column
	n := float64(t[0][1] + t[1][1])
	k := float64(t[0][0] + t[0][1]) // first row
	lo, hi := math.Max(0, k-n), math.Min(k, m)
	if hi-lo > maxFisherSupport {
		return FisherResult{}, RangeError{Argument: "outcomes of the table", Got: hi - lo + 1, Min: 1, Max: maxFisherSupport}
	}
	f := fourfold{lo: lo, log: make([]float64, int(hi-lo)+1)}
	// ratio of neighbouring probabilities, from the mode outwards
	mode := math.Floor((k + 1) * (m + 1) / (m + n + 2))
	mode = math.Max(lo, math.Min(hi, mode))
	step := func(x float64) float64 { return math.Log((m - x) / (x + 1) * ((k - x) / (n - k + x + 1))) }
	for i := int(mode - lo); i < len(f.log)-1; i++ {
		f.log[i+1] = f.log[i] + step(lo+float64(i))
	}
	for i := int(mode - lo); i > 0; i-- {
		f.log[i-1] = f.log[i] - step(lo+float64(i-1))
	}
	obs := int(float64(t[0][0]) - lo)
	last := len(f.log) - 1
	r := FisherResult{Method: name, N: int64(m + n), Alternative: c.side}
	switch c.side {
	case Less:
		r.P = f.tail(0, obs, false)
	case Greater:
		r.P = f.tail(0, obs, true)
	default:
		p, total := f.at(0)
		s := 0.0
		limit := p[obs] * (1 + 1e-7) // R's allowance
		for _, v := range p {
			if v <= limit {
				s += v
			}
		}
		r.P = min(1, s/total)
	}
	if last == 0 { // the margins leave one table only: nothing is known of the odds
		r.CI = &Interval{Level: c.level, Low: 0, High: math.Inf(1), Method: "exact conditional"}
		return r, nil
	}
	// The odds ratio is sought on the log scale, between bounds wide enough for any table of this size.
	bound := 60 + 4*math.Log(m+n+1)
	solve := func(g func(l float64) float64) (float64, error) {
		l, ok := root.Solve(g, -bound, bound)
		if !ok {
			return 0, ConvergenceError{Statistic: name}
		}
		return math.Exp(l), nil
	}
	switch obs {
	case 0:
		zero := 0.0
		r.OddsRatio = &zero
	case last: // infinite
	default:
		or, err := solve(func(l float64) float64 { return f.mean(l) - float64(obs) })
		if err != nil {
			return FisherResult{}, err
		}
		r.OddsRatio = &or
	}
	tail := 1 - c.level
	if c.side == TwoSided {
		tail /= 2
	}
	ci := Interval{Level: c.level, Low: 0, High: math.Inf(1), Method: "exact conditional"}
	var err error
	if c.side != Less && obs > 0 {
		if ci.Low, err = solve(func(l float64) float64 { return math.Log(f.tail(l, obs, true)) - math.Log(tail) }); err != nil {
			return FisherResult{}, err
		}
	}
	if c.side != Greater && obs < last {
		if ci.High, err = solve(func(l float64) float64 { return math.Log(tail) - math.Log(f.tail(l, obs, false)) }); err != nil {
			return FisherResult{}, err
		}
	}
	r.CI = &ci
	return r, nil
}

// fisherNetwork adds up the probabilities of all tables that are no more likely than t. It goes through
// the columns; what is left to do depends on the multiset of row totals that remain alone, and paths with
// the same remainder and the same probability so far are counted as one. A path all of whose completions
// count is added up at once, and one none of whose can is dropped (the idea of Mehta and Patel 1983, with
// simpler bounds).
func fisherNetwork(t Table, rows, cols []float64, n float64) (float64, error) {
	// The table with fewer rows is the cheaper one.
	if len(rows) > len(cols) {
		tt := make(Table, len(cols))
		for j := range cols {
			tt[j] = make([]int64, len(rows))
			for i := range rows {
				tt[j][i] = t[i][j]
			}
		}
		t, rows, cols = tt, cols, rows
	}
	table := make([]float64, int(math.Min(n, 1<<16))+1)
	for i := range table {
		table[i], _ = math.Lgamma(float64(i) + 1)
	}
	lf := func(x float64) float64 {
		if x < float64(len(table)) {
			return table[int(x)]
		}
		v, _ := math.Lgamma(x + 1)
		return v
	}
	// log probability = constant − Σ log x_ij!
	obs := 0.0
	constant := -lf(n)
	for _, v := range rows {
		constant += lf(v)
	}
	for _, v := range cols {
		constant += lf(v)
	}
	for _, r := range t {
		for _, v := range r {
			obs -= lf(float64(v))
		}
	}
	limit := obs + 1e-7 // R's FEXACT allows a relative 1e-7

	type state struct {
		rest int // the number of its completion
		bin  int64
	}
	const bins = 1e9 // paths whose log probabilities agree to 1e-9 are one
	type path struct {
		rest   []int64
		logp   float64
		weight float64
	}
	start := make([]int64, len(rows))
	for i, v := range rows {
		start[i] = int64(v)
	}
	slices.Sort(start)
	paths := []path{{rest: start, weight: 1}}
	steps := 0
	var s total
	for j := 0; j < len(cols)-1; j++ {
		next := make(map[state]int)
		var out []path
		ahead := make([]int64, 0, len(cols))
		for _, v := range cols[j+1:] {
			ahead = append(ahead, int64(v))
		}
		slices.Sort(ahead)
		number := make(map[string]int)
		var bounds []completion
		rest, cell := make([]int64, len(rows)), make([]int64, len(rows))
		key := make([]byte, 0, 8*len(rows))
		for _, p := range paths {
			var fill func(i int, left int64, logp float64) bool
			fill = func(i int, left int64, logp float64) bool {
				if i == len(p.rest)-1 {
					if left > p.rest[i] {
						return true
					}
					cell[i] = left
					logp -= lf(float64(left))
					for k := range rest {
						rest[k] = p.rest[k] - cell[k]
					}
					slices.Sort(rest)
					key = key[:0]
					for _, v := range rest {
						key = binary.LittleEndian.AppendUint64(key, uint64(v))
					}
					id, ok := number[string(key)]
					if !ok {
						id = len(bounds)
						number[string(key)] = id
						bounds = append(bounds, complete(rest, ahead, lf))
					}
					b := bounds[id]
					if logp+b.likeliest <= limit {
						s.add(p.weight * math.Exp(logp+b.all+constant))
						return true
					}
					if logp+b.rarest > limit {
						return true
					}
					to := state{id, int64(math.Round(logp * bins))}
					if at, ok := next[to]; ok {
						out[at].weight += p.weight
					} else {
						if len(out) >= maxFisherNodes {
							return false
						}
						next[to] = len(out)
						out = append(out, path{slices.Clone(rest), logp, p.weight})
					}
					return true
				}
				// what the rows after this one can take at most
				room := int64(0)
				for _, v := range p.rest[i+1:] {
					room += v
				}
				for x := max(0, left-room); x <= min(left, p.rest[i]); x++ {
					if steps++; steps > maxFisherSteps {
						return false
					}
					cell[i] = x
					if !fill(i+1, left-x, logp-lf(float64(x))) {
						return false
					}
				}
				return true
			}
			if !fill(0, int64(cols[j]), p.logp) {
				if steps > maxFisherSteps {
					return 0, RangeError{Argument: "steps of the exact test", Got: float64(steps), Min: 1, Max: maxFisherSteps}
				}
				return 0, RangeError{Argument: "states of the exact test", Got: maxFisherNodes + 1, Min: 1, Max: maxFisherNodes}
			}
		}
		paths = out
	}
	for _, p := range paths {
		logp := p.logp
		for _, v := range p.rest {
			logp -= lf(float64(v))
		}
		if logp <= limit {
			s.add(p.weight * math.Exp(logp+constant))
		}
	}
	return math.Min(1, s.value()), nil
}

// completion bounds what the columns ahead can add to the log probability of a path: −Σ log x! over their
// cells at most and at least, and the log of the sum of its exponential over all ways to fill them.
type completion struct{ likeliest, rarest, all float64 }

// complete takes row and column totals in ascending order. Each bound looks at the rows alone, or at the
// columns alone, which can do more than both together.
func complete(rows, cols []int64, lf func(float64) float64) completion {
	side := func(lines, caps []int64) (likeliest, rarest float64) {
		for _, left := range lines {
			// as even as the caps allow
			even := left
			for i, c := range caps {
				k := int64(len(caps) - i)
				if q := even / k; c > q {
					more := even - q*k // that many cells have one more
					likeliest -= float64(k-more)*lf(float64(q)) + float64(more)*lf(float64(q+1))
					break
				}
				likeliest -= lf(float64(c))
				even -= c
			}
			// as uneven
			for i := len(caps) - 1; i >= 0 && left > 0; i-- {
				x := min(left, caps[i])
				rarest -= lf(float64(x))
				left -= x
			}
		}
		return likeliest, rarest
	}
	byCol, byColRare := side(cols, rows)
	byRow, byRowRare := side(rows, cols)
	out := completion{likeliest: math.Min(byCol, byRow), rarest: math.Max(byColRare, byRowRare)}
	n := 0.0
	for _, v := range rows {
		n += float64(v)
		out.all -= lf(float64(v))
	}
	for _, v := range cols {
		out.all -= lf(float64(v))
	}
	out.all += lf(n)
	if n > 0 {
		out.likeliest = math.Min(out.likeliest, independent(rows, cols, n, lf))
	}
	return out
}

// independent bounds −Σ log x! over all tables with these totals from above. The totals enter with Lagrange's
// multipliers, those of a table whose cells are what the totals make one expect; each cell then has its most alone.
func independent(rows, cols []int64, n float64, lf func(float64) float64) float64 {
	bound := 0.0
	for _, v := range rows {
		if v > 0 {
			bound -= float64(v) * math.Log(float64(v))
		}
	}
	for _, v := range cols {
		if v > 0 {
			bound -= float64(v) * math.Log(float64(v)/n)
		}
	}
	for _, r := range rows {
		for _, c := range cols {
			if r > 0 && c > 0 {
				expected := float64(r) / n * float64(c)
				x := math.Floor(expected)
				bound += x*math.Log(expected) - lf(x)
			}
		}
	}
	return bound + 1e-9 // for rounding
}

// MiettinenNurminen is [Table.RiskDifference] with the score interval of Miettinen and Nurminen (1985):
// the differences that their test, with the variance at the constrained maximum-likelihood proportions
// times n/(n − 1), does not reject. It takes [Confidence].
func (t Table) MiettinenNurminen(opts ...Option) (ProportionDifferenceResult, error) {
	var failed error
	const name = "Miettinen–Nurminen score interval"
	r, err := t.riskDifference(name, opts, func(x1, n1, x2, n2, z float64) (low, high float64) {
		d := x1/n1 - x2/n2
		score := func(delta float64) float64 {
			p1, p2 := constrained(x1, n1, x2, n2, delta)
			v := (p1*(1-p1)/n1 + p2*(1-p2)/n2) * (n1 + n2) / (n1 + n2 - 1)
			if v <= 0 {
				if d == delta {
					return 0
				}
				return math.Copysign(1e9, d-delta)
			}
			return (d - delta) / math.Sqrt(v)
		}
		const edge = 1e-15
		low, high = -1, 1
		var ok bool
		if score(-1+edge) > z {
			if low, ok = root.Solve(func(x float64) float64 { return score(x) - z }, -1+edge, d); !ok {
				failed = ConvergenceError{Statistic: name}
			}
		}
		if score(1-edge) < -z {
			if high, ok = root.Solve(func(x float64) float64 { return score(x) + z }, d, 1-edge); !ok {
				failed = ConvergenceError{Statistic: name}
			}
		}
		return low, high
	})
	if err == nil {
		err = failed
	}
	return r, err
}

// constrained is the maximum-likelihood proportions given their difference: the closed form of the cubic
// (Miettinen and Nurminen 1985, appendix I; Farrington and Manning 1990).
func constrained(x1, n1, x2, n2, delta float64) (p1, p2 float64) {
	theta := n2 / n1
	a := 1 + theta
	q1, q2 := x1/n1, x2/n2
	b := -(1 + theta + q1 + theta*q2 + delta*(theta+2))
	c := delta*delta + delta*(2*q1+theta+1) + q1 + theta*q2
	d := -q1 * delta * (1 + delta)
	v := math.Pow(b/(3*a), 3) - b*c/(6*a*a) + d/(2*a)
	u := math.Copysign(math.Sqrt(math.Max(0, sq(b/(3*a))-c/(3*a))), v)
	w := math.Pi / 3
	if u != 0 {
		w = (math.Pi + math.Acos(math.Max(-1, math.Min(1, v/(u*u*u))))) / 3
	}
	p1 = 2*u*math.Cos(w) - b/(3*a)
	p1 = math.Max(math.Max(0, delta), math.Min(math.Min(1, 1+delta), p1))
	p2 = math.Max(0, math.Min(1, p1-delta))
	return p1, p2
}
