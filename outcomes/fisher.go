package outcomes

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"sort"

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
	maxFisherNodes   = 1 << 19 // states of a stage of the network of a larger one
	maxFisherWays    = 1 << 22 // ways that lead to them
	maxFisherSteps   = 1 << 26 // ways and completions looked at
	fisherList       = 1 << 10 // completions of a node
)

// Fisher is Fisher's exact test of independence, as R's fisher.test: the p-value adds up all tables with
// the same margins that are no more likely than the one observed. A 2×2 table also gets the conditional
// maximum-likelihood odds ratio with its exact interval, and takes [Alternative] and [Confidence]. Larger
// tables are worked out as a network (Mehta and Patel 1983). One that takes more than 1 << 26 steps, about five
// seconds, or some 250 MB is a [RangeError], and [Table.FisherSimulated] goes on. 3×4 tables of 400 people, 4×4 tables
// of 120 and 5×5 tables of 70 take a second at most, 4×4 of 150 and 5×5 of 100 some seconds; the margins decide, and
// how unlikely the table is. R with a workspace of 2e8 takes longer wherever it takes more than a second, but goes on
// to tables refused here (2×10 with 300 people, in half a minute).
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
	p, err := newFisherNetwork(t, rows, cols, n).p()
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

// fisherNetwork adds up the probabilities of all tables that are no more likely than t, by the network of Mehta
// and Patel (1983). A stage is a column filled in; a node is the multiset of row totals that remain, which alone
// decides what can follow, and holds the probabilities of the ways that lead to it, in ascending order and equal ones
// as one. Ways all of whose completions count are added up at once, and ways none of whose can are dropped. The last
// columns are not walked way by way: each node lists their completions once, and the two lists are run along
// each other.
type fisherNetwork struct {
	limit    float64 // −Σ log x! of the table observed, with R's allowance
	constant float64 // log probability = constant − Σ log x!
	lf       func(x int64) float64
	base     []int64 // row totals, ascending
	cols     []int64 // column totals in the order of the stages
	sum      total
	steps    int64
	held     int // ways in the stage that is being made
}

// way is a −Σ log x! of columns filled in, and in how many ways it comes about.
type way struct{ log, count float64 }

type fisherNode struct {
	rest  []int64 // ascending
	bound completion
	ways  []way
}

func newFisherNetwork(t Table, rows, cols []float64, n float64) *fisherNetwork {
	// Fewer row totals to remember are the cheaper.
	if len(rows) > len(cols) {
		rows, cols = cols, rows
	}
	table := make([]float64, int(math.Min(n, 1<<16))+1)
	for i := range table {
		table[i], _ = math.Lgamma(float64(i) + 1)
	}
	f := &fisherNetwork{lf: func(x int64) float64 {
		if x < int64(len(table)) {
			return table[x]
		}
		v, _ := math.Lgamma(float64(x) + 1)
		return v
	}}
	f.constant = -f.lf(int64(n))
	for _, v := range rows {
		f.constant += f.lf(int64(v))
		f.base = append(f.base, int64(v))
	}
	for _, v := range cols {
		f.constant += f.lf(int64(v))
		f.cols = append(f.cols, int64(v))
	}
	obs := 0.0
	for _, r := range t {
		for _, v := range r {
			obs -= f.lf(v)
		}
	}
	f.limit = obs + 1e-7 // R's FEXACT allows a relative 1e-7
	slices.Sort(f.base)
	slices.Sort(f.cols) // the largest comes last, where nothing is left to choose
	return f
}

// p walks the network.
func (f *fisherNetwork) p() (float64, error) {
	last := len(f.cols) - f.ahead()
	stage := []*fisherNode{{rest: f.base, ways: []way{{0, 1}}}}
	for j := range last {
		next, err := f.advance(stage, j, j == last-1)
		if err != nil {
			return 0, err
		}
		stage = next
	}
	if err := f.finish(stage, last); err != nil {
		return 0, err
	}
	return math.Min(1, f.sum.value()), nil
}

// ahead is how many columns at the end are listed by node: two at least, and more where that makes short lists.
func (f *fisherNetwork) ahead() int {
	h, list := 2, f.fillings(f.cols[len(f.cols)-2])
	for h < len(f.cols) {
		list *= f.fillings(f.cols[len(f.cols)-h-1])
		if list > fisherList {
			break
		}
		h++
	}
	return h
}

// fillings is about how many ways there are to spread a column total over the rows.
func (f *fisherNetwork) fillings(col int64) float64 {
	n := 1.0
	for i := range len(f.base) - 1 {
		n = math.Min(n*float64(col+int64(i)+1)/float64(i+1), 1e300)
	}
	return n
}

func (f *fisherNetwork) step(n int) error {
	if f.steps += int64(n); f.steps > maxFisherSteps {
		return RangeError{Argument: "steps of the exact test", Got: float64(f.steps), Min: 1, Max: maxFisherSteps}
	}
	return nil
}

// advance fills in column j from every node of a stage. The last stage before the lists is worked off whenever it
// becomes too large; those before have to be held.
func (f *fisherNetwork) advance(stage []*fisherNode, j int, last bool) ([]*fisherNode, error) {
	ahead := slices.Clone(f.cols[j+1:])
	slices.Sort(ahead)
	var next []*fisherNode
	number := make(map[uint64]int)
	names := make(map[string]int)
	radix, packed := f.radix()
	rest, key := make([]int64, len(f.base)), []byte(nil)
	f.held = 0
	find := func() *fisherNode {
		var id int
		var ok bool
		var k uint64
		if packed {
			for i, v := range rest[:len(rest)-1] { // the last follows from the sum
				k = k*radix[i] + uint64(v)
			}
			id, ok = number[k]
		} else {
			key = key[:0]
			for _, v := range rest {
				key = binary.AppendUvarint(key, uint64(v))
			}
			id, ok = names[string(key)]
		}
		if ok {
			return next[id]
		}
		if packed {
			number[k] = len(next)
		} else {
			names[string(key)] = len(next)
		}
		n := &fisherNode{rest: slices.Clone(rest)}
		n.bound = complete(n.rest, ahead, f.lf)
		next = append(next, n)
		f.steps += int64(len(n.rest) * len(ahead)) // what the bound took
		return n
	}
	for _, from := range stage {
		sums := below(from.ways)
		var failed error
		f.fill(from.rest, f.cols[j], func(left []int64, log float64) bool {
			copy(rest, left)
			sortFew(rest)
			to := find()
			// first the ways all of whose completions count, last those none of whose do
			all := sort.Search(len(from.ways), func(i int) bool { return from.ways[i].log+log+to.bound.likeliest > f.limit })
			none := all + sort.Search(len(from.ways)-all, func(i int) bool { return from.ways[all+i].log+log+to.bound.rarest > f.limit })
			if all > 0 {
				f.sum.add(sums[all-1] * math.Exp(from.ways[all-1].log+log+to.bound.all+f.constant))
			}
			for _, w := range from.ways[all:none] {
				to.ways = append(to.ways, way{w.log + log, w.count})
			}
			f.held += none - all
			if failed = f.step(1 + none - all); failed != nil {
				return false
			}
			if f.held <= maxFisherWays && len(next) <= maxFisherNodes {
				return true
			}
			if last {
				failed = f.finish(next, j+1)
				next, f.held = nil, 0
				clear(number)
				clear(names)
				return failed == nil
			}
			f.held = 0
			for _, n := range next {
				n.ways = merge(n.ways)
				f.held += len(n.ways)
			}
			switch {
			case len(next) > maxFisherNodes:
				failed = RangeError{Argument: "nodes of the exact test", Got: float64(len(next)), Min: 1, Max: maxFisherNodes}
			case f.held > maxFisherWays/2:
				failed = RangeError{Argument: "ways of the exact test", Got: float64(f.held), Min: 1, Max: maxFisherWays / 2}
			}
			return failed == nil
		})
		if failed != nil {
			return nil, failed
		}
		from.ways = nil
	}
	if !last {
		for _, n := range next {
			n.ways = merge(n.ways)
		}
	}
	return next, nil
}

// radix are the bases in which remaining row totals make one number; not where it has more than 64 bits.
func (f *fisherNetwork) radix() ([]uint64, bool) {
	r, all := make([]uint64, len(f.base)), 1.0
	for i, v := range f.base {
		r[i] = uint64(v) + 1
		if i < len(f.base)-1 {
			all *= float64(v) + 1
		}
	}
	return r, all < 1<<63
}

// finish adds what the columns from j on can make of the nodes.
func (f *fisherNetwork) finish(nodes []*fisherNode, j int) error {
	var list []way
	for _, n := range nodes {
		if len(n.ways) == 0 {
			continue
		}
		n.ways = merge(n.ways)
		lo, hi := n.ways[0].log, n.ways[len(n.ways)-1].log
		// completions up to the first limit count for every way, those beyond the second for none
		every, some := f.limit-hi, f.limit-lo
		var sure scaled
		list = list[:0]
		steps := 0
		f.completions(n.rest, j, 0, func(log float64) bool {
			steps++
			if log <= every {
				sure.add(log)
			} else if log <= some {
				list = append(list, way{log, 1})
			}
			return f.steps+int64(steps) <= maxFisherSteps
		})
		if err := f.step(steps + len(n.ways)); err != nil {
			return err
		}
		list = merge(list)
		sums, to := below(list), 0
		for k := len(n.ways) - 1; k >= 0; k-- {
			w := n.ways[k]
			for to < len(list) && w.log+list[to].log <= f.limit {
				to++
			}
			if sure.sum > 0 {
				f.sum.add(w.count * sure.sum * math.Exp(w.log+sure.top+f.constant))
			}
			if to > 0 {
				f.sum.add(w.count * sums[to-1] * math.Exp(w.log+list[to-1].log+f.constant))
			}
		}
		n.ways = nil
	}
	return nil
}

// completions yields −Σ log x! of every filling of the columns from j on.
func (f *fisherNetwork) completions(rest []int64, j int, log float64, yield func(float64) bool) bool {
	if j == len(f.cols)-1 {
		for _, v := range rest {
			log -= f.lf(v)
		}
		return yield(log)
	}
	return f.fill(rest, f.cols[j], func(left []int64, more float64) bool {
		return f.completions(left, j+1, log+more, yield)
	})
}

// fill yields every way to take a column total out of rest: what is left, which the next call overwrites, and
// −Σ log x! of the column.
func (f *fisherNetwork) fill(rest []int64, col int64, yield func(left []int64, log float64) bool) bool {
	left := make([]int64, len(rest))
	room := make([]int64, len(rest)) // of the rows before
	for i := 1; i < len(rest); i++ {
		room[i] = room[i-1] + rest[i-1]
	}
	var at func(i int, col int64, log float64) bool
	at = func(i int, col int64, log float64) bool {
		if i == 0 {
			left[0] = rest[0] - col
			return yield(left, log-f.lf(col))
		}
		for x := max(0, col-room[i]); x <= min(col, rest[i]); x++ {
			left[i] = rest[i] - x
			if !at(i-1, col-x, log-f.lf(x)) {
				return false
			}
		}
		return true
	}
	return at(len(rest)-1, col, 0)
}

// sortFew sorts what is short and nearly in order.
func sortFew(v []int64) {
	for i := 1; i < len(v); i++ {
		for k := i; k > 0 && v[k] < v[k-1]; k-- {
			v[k], v[k-1] = v[k-1], v[k]
		}
	}
}

// merge sorts ways and makes one of those that agree to 1e-9.
func merge(w []way) []way {
	slices.SortFunc(w, func(a, b way) int { return cmp.Compare(a.log, b.log) })
	n := 0
	for i, v := range w {
		if i > 0 && v.log-w[n-1].log < 1e-9 {
			w[n-1].count += v.count
		} else {
			w[n] = v
			n++
		}
	}
	return w[:n]
}

// below are the sums of count·e^log up to each way, in units of that way's own e^log, so that none underflows.
func below(w []way) []float64 {
	s := make([]float64, len(w))
	for i, v := range w {
		s[i] = v.count
		if i > 0 {
			s[i] += s[i-1] * math.Exp(w[i-1].log-v.log)
		}
	}
	return s
}

// scaled is a sum of e^x in units of the largest, so that none underflows.
type scaled struct{ top, sum float64 }

func (s *scaled) add(x float64) {
	switch {
	case s.sum == 0:
		s.top, s.sum = x, 1
	case x > s.top:
		s.top, s.sum = x, s.sum*math.Exp(s.top-x)+1
	default:
		s.sum += math.Exp(x - s.top)
	}
}

// completion bounds what the columns ahead can add to the log probability of a path: −Σ log x! over their
// cells at most and at least, and the log of the sum of its exponential over all ways to fill them.
type completion struct{ likeliest, rarest, all float64 }

// complete takes row and column totals in ascending order. Each bound looks at the rows alone, or at the
// columns alone, which can do more than both together.
func complete(rows, cols []int64, lf func(int64) float64) completion {
	side := func(lines, caps []int64) (likeliest, rarest float64) {
		for _, left := range lines {
			// as even as the caps allow
			even := left
			for i, c := range caps {
				k := int64(len(caps) - i)
				if q := even / k; c > q {
					more := even - q*k // that many cells have one more
					likeliest -= float64(k-more)*lf(q) + float64(more)*lf(q+1)
					break
				}
				likeliest -= lf(c)
				even -= c
			}
			// as uneven
			for i := len(caps) - 1; i >= 0 && left > 0; i-- {
				x := min(left, caps[i])
				rarest -= lf(x)
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
		out.all -= lf(v)
	}
	for _, v := range cols {
		out.all -= lf(v)
	}
	out.all += lf(int64(n))
	if n > 0 {
		out.likeliest = math.Min(out.likeliest, independent(rows, cols, n, lf))
	}
	return out
}

// independent bounds −Σ log x! over all tables with these totals from above. The totals enter with Lagrange's
// multipliers, those of a table whose cells are what the totals make one expect; each cell then has its most alone.
func independent(rows, cols []int64, n float64, lf func(int64) float64) float64 {
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
				bound += x*math.Log(expected) - lf(int64(x))
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
