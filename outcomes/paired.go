package outcomes

import (
	"math"
	"math/big"
)

// Paired accumulates a measure taken before and after on the same people. Differences are post minus pre.
// The zero value is ready to use and is the identity of Merge.
//
// The moments stand for complete pairs only; rows with one value, or none, are counted, and the pre
// values of those who were not measured again are kept in Lost, so that they can be compared with the
// pre values of those who were. The three [Counts] give medians, quantiles and the rank tests; their doc
// says what they cost (for scores, and for kilograms to one decimal, a few KiB each; for many thousand unrounded ones
// a few MiB).
type Paired struct {
	Both       int64 `json:"n_both"`
	PreOnly    int64 `json:"n_pre_only"`
	PostOnly   int64 `json:"n_post_only"`
	Neither    int64 `json:"n_neither"`
	Refused    int64 `json:"refused,omitempty"` // rows with a value beyond MaxValue
	Overflowed bool  `json:"overflowed,omitempty"`

	Pre  Moments `json:"pre"`  // of complete pairs
	Post Moments `json:"post"` // of complete pairs
	Diff Moments `json:"diff"` // post minus pre
	Lost Moments `json:"lost"` // pre values where post is missing

	PreCounts  Counts `json:"pre_counts"`
	PostCounts Counts `json:"post_counts"`
	DiffCounts Counts `json:"diff_counts"`
}

// Add adds a complete pair, in thousandths.
func (p *Paired) Add(pre, post int64) {
	if p.Overflowed {
		return
	}
	if uint64(pre+MaxValue) > 2*MaxValue || uint64(post+MaxValue) > 2*MaxValue {
		p.Refused++
		return
	}
	d := post - pre
	if p.Both == 0 {
		p.Pre.Min, p.Pre.Max, p.Post.Min, p.Post.Max, p.Diff.Min, p.Diff.Max = pre, pre, post, post, d, d
	}
	p.Both++
	// Moments.add, three times, without calls.
	p.Pre.widen(pre)
	p.Pre.N++
	p.Pre.Sum = p.Pre.Sum.AddInt64(pre)
	p.Pre.SumSquares = p.Pre.SumSquares.addSquare(pre)
	p.Post.widen(post)
	p.Post.N++
	p.Post.Sum = p.Post.Sum.AddInt64(post)
	p.Post.SumSquares = p.Post.SumSquares.addSquare(post)
	p.Diff.widen(d)
	p.Diff.N++
	p.Diff.Sum = p.Diff.Sum.AddInt64(d)
	p.Diff.SumSquares = p.Diff.SumSquares.addSquare(d)
	p.PreCounts.Add(pre)
	p.PostCounts.Add(post)
	p.DiffCounts.Add(d)
}

// AddPairs adds complete pairs, in thousandths, as Add does one after another, but faster:
// it goes through the two columns piece by piece. Columns of different lengths are a [LengthError], and nothing
// is added.
//
// Measured on one core of a 2.1 GHz server that had other work too, in millions of pairs a second, AddPairs and
// Add: scores and values to one decimal 100 and 60; a million weights to the gram 51 and 41. Values beyond ±409.6,
// which are counted in a map, 10 and 10. (BenchmarkPairedAdd repeats it.)
func (p *Paired) AddPairs(pre, post []int64) error {
	if len(pre) != len(post) {
		return LengthError{First: "pre", Second: "post", NFirst: len(pre), NSecond: len(post)}
	}
	var differences [piece]int64
	for len(pre) > 0 && !p.Overflowed {
		n := min(len(pre), piece)
		a, b, d := pre[:n], post[:n], differences[:n]
		pre, post = pre[n:], post[n:]
		within := true
		for i, v := range a {
			w := b[i]
			d[i] = w - v
			if uint64(v+MaxValue) > 2*MaxValue || uint64(w+MaxValue) > 2*MaxValue {
				within = false
			}
		}
		if !within {
			for i, v := range a {
				p.Add(v, b[i])
			}
			continue
		}
		p.Both += int64(n)
		p.Pre.addPiece(a)
		p.Post.addPiece(b)
		p.Diff.addPiece(d)
		p.PreCounts.addAll(a)
		p.PostCounts.addAll(b)
		p.DiffCounts.addAll(d)
	}
	return nil
}

// piece is how many values are summed at once: so many up to twice MaxValue fit into an int64.
const piece = 512

// AddPre adds someone measured before only.
func (p *Paired) AddPre(pre int64) {
	switch {
	case p.Overflowed:
	case uint64(pre+MaxValue) > 2*MaxValue:
		p.Refused++
	default:
		p.PreOnly++
		p.Lost.add(pre)
	}
}

// AddPost counts someone measured after only.
func (p *Paired) AddPost() {
	if !p.Overflowed {
		p.PostOnly++
	}
}

// AddNeither counts someone who was not measured.
func (p *Paired) AddNeither() {
	if !p.Overflowed {
		p.Neither++
	}
}

// Merge adds what o has accumulated. It is associative and commutative to the last bit.
func (p *Paired) Merge(o Paired) {
	if p.Overflowed || o.Overflowed || tooMany(
		p.Both, p.PreOnly, p.PostOnly, p.Neither, p.Refused,
		o.Both, o.PreOnly, o.PostOnly, o.Neither, o.Refused) {
		*p = Paired{Overflowed: true}
		return
	}
	p.Both += o.Both
	p.PreOnly += o.PreOnly
	p.PostOnly += o.PostOnly
	p.Neither += o.Neither
	p.Refused += o.Refused
	p.Pre.Merge(o.Pre)
	p.Post.Merge(o.Post)
	p.Diff.Merge(o.Diff)
	p.Lost.Merge(o.Lost)
	p.PreCounts.Merge(o.PreCounts)
	p.PostCounts.Merge(o.PostCounts)
	p.DiffCounts.Merge(o.DiffCounts)
}

// Rows is how many rows were added, complete or not.
func (p *Paired) Rows() int64 { return p.Both + p.PreOnly + p.PostOnly + p.Neither + p.Refused }

// Err says whether the sums stand for all rows given: nil, or an [OverflowError].
func (p *Paired) Err() error {
	if p.Overflowed || p.Refused > 0 || tooMany(p.Both, p.PreOnly, p.PostOnly, p.Neither) {
		return OverflowError{Refused: p.Refused}
	}
	return nil
}

// Validate reports the first [StateError] of a decoded value.
func (p *Paired) Validate() error {
	bad := func(field, reason string) error { return StateError{Type: "Paired", Field: field, Reason: reason} }
	for _, f := range []struct {
		name string
		n    int64
	}{{"Both", p.Both}, {"PreOnly", p.PreOnly}, {"PostOnly", p.PostOnly}, {"Neither", p.Neither}, {"Refused", p.Refused}} {
		if f.n < 0 {
			return bad(f.name, "is below 0")
		}
	}
	if tooMany(p.Both, p.PreOnly, p.PostOnly, p.Neither, p.Refused) {
		return bad("Both", "is more rows than an accumulator holds")
	}
	if p.Overflowed && (p.Rows() != 0 || p.Pre.N != 0 || p.Lost.N != 0) {
		return bad("Overflowed", "is set beside other figures")
	}
	for _, f := range []struct {
		name  string
		m     Moments
		n     int64
		limit int64
	}{
		{"Pre", p.Pre, p.Both, MaxValue},
		{"Post", p.Post, p.Both, MaxValue},
		{"Diff", p.Diff, p.Both, 2 * MaxValue},
		{"Lost", p.Lost, p.PreOnly, MaxValue},
	} {
		if err := f.m.validate("Paired."+f.name, f.limit); err != nil {
			return err
		}
		if f.m.N != f.n || f.m.Missing != 0 || f.m.Refused != 0 || f.m.Overflowed {
			return bad(f.name, "does not count the rows that Paired counts")
		}
	}
	if p.Post.Sum.Sub(p.Pre.Sum) != p.Diff.Sum {
		return bad("Diff", "does not sum to post minus pre")
	}
	cross, even := p.crossSum()
	if !even {
		return bad("Diff", "has a sum of squares that no pairs can have")
	}
	c2 := new(big.Int).Mul(cross, cross)
	if c2.Cmp(new(big.Int).Mul(p.Pre.SumSquares.Big(), p.Post.SumSquares.Big())) > 0 {
		return bad("Diff", "has a sum of squares that no pairs can have")
	}
	for _, f := range []struct {
		name  string
		c     Counts
		m     Moments
		limit int64
	}{
		{"PreCounts", p.PreCounts, p.Pre, MaxValue},
		{"PostCounts", p.PostCounts, p.Post, MaxValue},
		{"DiffCounts", p.DiffCounts, p.Diff, 2 * MaxValue},
	} {
		if err := f.c.validate("Paired."+f.name, f.limit); err != nil {
			return err
		}
		if f.c.Capped {
			continue
		}
		var m Moments
		for v, n := range f.c.All() {
			if m.N == 0 {
				m.Min = v
			}
			m.Max = v
			m.N += n
			m.Sum = m.Sum.AddProduct(v, n)
			hi := Int128{}.AddProduct(v, v)
			m.SumSquares = m.SumSquares.Add(hi.timesCount(n))
		}
		if m != f.m {
			return bad(f.name, "does not agree with the moments")
		}
	}
	return nil
}

// timesCount is a·n for a ≥ 0 and n ≥ 0 where the product fits.
func (a Int128) timesCount(n int64) Int128 {
	z := new(big.Int).Mul(a.Big(), big.NewInt(n))
	lo := new(big.Int).And(z, new(big.Int).SetUint64(math.MaxUint64))
	return Int128{Hi: z.Rsh(z, 64).Int64(), Lo: lo.Uint64()}
}

// crossSum is Σ pre·post, which follows from the three sums of squares.
func (p *Paired) crossSum() (cross *big.Int, even bool) {
	z := p.Pre.SumSquares.Big()
	z.Add(z, p.Post.SumSquares.Big())
	z.Sub(z, p.Diff.SumSquares.Big())
	even = z.Bit(0) == 0
	return z.Rsh(z, 1), even
}

// Summary is the moments of the complete pairs in units. It needs two.
func (p *Paired) Summary() (PairSummary, error) {
	if err := p.Err(); err != nil {
		return PairSummary{}, err
	}
	if p.Both < 2 {
		return PairSummary{}, SizeError{Statistic: "paired summary", N: p.Both, Need: 2}
	}
	s := PairSummary{N: p.Both}
	for _, f := range []struct {
		m        Moments
		mean, sd *float64
	}{{p.Pre, &s.MeanPre, &s.SDPre}, {p.Post, &s.MeanPost, &s.SDPost}, {p.Diff, &s.MeanDiff, &s.SDDiff}} {
		sum, err := f.m.Summary()
		if err != nil {
			return PairSummary{}, err
		}
		*f.mean, *f.sd = sum.Mean, sum.SD
	}
	// covariance·n·(n−1) = n·Σxy − Σx·Σy
	cross, _ := p.crossSum()
	n := big.NewInt(p.Both)
	num := cross.Mul(cross, n)
	num.Sub(num, new(big.Int).Mul(p.Pre.Sum.Big(), p.Post.Sum.Big()))
	den := new(big.Int).Mul(n, big.NewInt(p.Both-1))
	den.Mul(den, big.NewInt(Unit*Unit))
	s.Covariance = ratio(num, den)
	return s, nil
}

// T is the paired t test; see [PairSummary.T].
func (p *Paired) T(opts ...Option) (TResult, error) {
	s, err := p.Summary()
	if err != nil {
		return TResult{}, err
	}
	return s.T(opts...)
}

// SignedRank is Wilcoxon's signed rank test on the differences; see [SignedRank]. Differences are whole
// thousandths, so ties are true ties, where differences of binary floating-point numbers may miss them.
func (p *Paired) SignedRank(opts ...Option) (SignedRankResult, error) {
	w, err := p.weighted("Wilcoxon signed rank test", p.DiffCounts)
	if err != nil {
		return SignedRankResult{}, err
	}
	return signedRank(w, opts)
}

// HodgesLehmann is the pseudomedian of the differences with its interval; see [HodgesLehmann].
func (p *Paired) HodgesLehmann(opts ...Option) (HodgesLehmannResult, error) {
	w, err := p.weighted("Hodges–Lehmann estimate", p.DiffCounts)
	if err != nil {
		return HodgesLehmannResult{}, err
	}
	return hodgesLehmann(w, opts)
}

// SignTest is the sign test on the differences; see [SignTest].
func (p *Paired) SignTest(opts ...Option) (SignTestResult, error) {
	w, err := p.weighted("sign test", p.DiffCounts)
	if err != nil {
		return SignTestResult{}, err
	}
	return signTest(w, opts)
}

// RankBiserial is the matched-pairs rank-biserial correlation; see [RankBiserial].
func (p *Paired) RankBiserial() (RankBiserialResult, error) {
	w, err := p.weighted("rank-biserial correlation", p.DiffCounts)
	if err != nil {
		return RankBiserialResult{}, err
	}
	return rankBiserial(w)
}

// QuantilesPre are quantiles of the pre values of complete pairs; see [Quantiles].
func (p *Paired) QuantilesPre(t QuantileType, probs ...float64) ([]float64, error) {
	return p.quantiles(p.PreCounts, t, probs)
}

// QuantilesPost are quantiles of the post values of complete pairs; see [Quantiles].
func (p *Paired) QuantilesPost(t QuantileType, probs ...float64) ([]float64, error) {
	return p.quantiles(p.PostCounts, t, probs)
}

// QuantilesDiff are quantiles of the differences; see [Quantiles].
func (p *Paired) QuantilesDiff(t QuantileType, probs ...float64) ([]float64, error) {
	return p.quantiles(p.DiffCounts, t, probs)
}

// MedianPre is the median of the pre values of complete pairs.
func (p *Paired) MedianPre() (float64, error) { return p.median(p.PreCounts) }

// MedianPost is the median of the post values of complete pairs.
func (p *Paired) MedianPost() (float64, error) { return p.median(p.PostCounts) }

// MedianDiff is the median of the differences, which need not be the difference of the medians.
func (p *Paired) MedianDiff() (float64, error) { return p.median(p.DiffCounts) }

func (p *Paired) median(c Counts) (float64, error) {
	q, err := p.quantiles(c, R7, []float64{0.5})
	if err != nil {
		return 0, err
	}
	return q[0], nil
}

func (p *Paired) quantiles(c Counts, t QuantileType, probs []float64) ([]float64, error) {
	if err := p.Err(); err != nil {
		return nil, err
	}
	return c.Quantiles(t, probs...)
}

func (p *Paired) weighted(statistic string, c Counts) (weighted, error) {
	if err := p.Err(); err != nil {
		return weighted{}, err
	}
	return c.weighted(statistic)
}
