package outcomes

import (
	"math"
	"math/big"
)

// Moments accumulates a measure: how many values, how many missing, their exact sum and sum of squares,
// the smallest and the largest. Values are whole thousandths (see [Thousandths]). The zero value is ready
// to use and is the identity of Merge.
//
// Nothing is lost silently: a value beyond [MaxValue] is counted in Refused and every statistic then
// returns an [OverflowError]; so it does when the rows exceed [MaxRows].
type Moments struct {
	N          int64  `json:"n"`
	Missing    int64  `json:"missing"`
	Refused    int64  `json:"refused,omitempty"`
	Overflowed bool   `json:"overflowed,omitempty"`
	Sum        Int128 `json:"sum_thousandths"`
	SumSquares Int128 `json:"sum_squares_millionths"`
	Min        int64  `json:"min_thousandths"` // 0 where N is 0
	Max        int64  `json:"max_thousandths"` // 0 where N is 0
}

// Add adds one value in thousandths.
func (m *Moments) Add(v int64) {
	switch {
	case m.Overflowed:
	case uint64(v+MaxValue) > 2*MaxValue:
		m.Refused++
	default:
		m.add(v)
	}
}

func (m *Moments) add(v int64) {
	if m.N == 0 {
		m.Min, m.Max = v, v
	}
	m.widen(v)
	m.N++
	m.Sum = m.Sum.AddInt64(v)
	m.SumSquares = m.SumSquares.addSquare(v)
}

// addPiece adds 1 to piece values, none beyond twice MaxValue.
func (m *Moments) addPiece(values []int64) {
	low, high, sum := values[0], values[0], int64(0)
	for _, v := range values {
		low, high = min(low, v), max(high, v)
		sum += v
	}
	if m.N == 0 {
		m.Min, m.Max = low, high
	}
	m.widen(low)
	m.widen(high)
	m.N += int64(len(values))
	m.Sum = m.Sum.AddInt64(sum)
	const short = 1 << 27 // piece squares of less fit into an int64
	if -short < low && high < short {
		squares := int64(0)
		for _, v := range values {
			squares += v * v
		}
		m.SumSquares = m.SumSquares.AddInt64(squares)
		return
	}
	squares := m.SumSquares
	for _, v := range values {
		squares = squares.addSquare(v)
	}
	m.SumSquares = squares
}

// widen moves Min and Max to let in v.
func (m *Moments) widen(v int64) {
	if v < m.Min {
		m.Min = v
	}
	if v > m.Max {
		m.Max = v
	}
}

// AddMissing counts one row in which the measure is missing.
func (m *Moments) AddMissing() {
	if !m.Overflowed {
		m.Missing++
	}
}

// Merge adds what o has accumulated. It is associative and commutative to the last bit.
func (m *Moments) Merge(o Moments) {
	if m.Overflowed || o.Overflowed || tooMany(m.N, m.Missing, m.Refused, o.N, o.Missing, o.Refused) {
		*m = Moments{Overflowed: true}
		return
	}
	switch {
	case o.N == 0:
	case m.N == 0:
		m.Min, m.Max = o.Min, o.Max
	default:
		m.Min, m.Max = min(m.Min, o.Min), max(m.Max, o.Max)
	}
	m.N += o.N
	m.Missing += o.Missing
	m.Refused += o.Refused
	m.Sum = m.Sum.Add(o.Sum)
	m.SumSquares = m.SumSquares.Add(o.SumSquares)
}

// tooMany reports whether counts add up to more than MaxRows.
func tooMany(counts ...int64) bool {
	total := int64(0)
	for _, c := range counts {
		if c > MaxRows {
			return true
		}
		if total += c; total > MaxRows {
			return true
		}
	}
	return false
}

// Err says whether the sums stand for all values given: nil, or an [OverflowError].
func (m Moments) Err() error {
	if m.Overflowed || m.Refused > 0 || tooMany(m.N, m.Missing) {
		return OverflowError{Refused: m.Refused}
	}
	return nil
}

// Validate reports the first [StateError] of a decoded value: counts below 0, a minimum above the
// maximum, sums that no values can have.
func (m Moments) Validate() error { return m.validate("Moments", MaxValue) }

func (m Moments) validate(name string, limit int64) error {
	bad := func(field, reason string) error { return StateError{Type: name, Field: field, Reason: reason} }
	if m.Overflowed {
		if m != (Moments{Overflowed: true}) {
			return bad("Overflowed", "is set beside other figures")
		}
		return nil
	}
	switch {
	case m.N < 0:
		return bad("N", "is below 0")
	case m.Missing < 0:
		return bad("Missing", "is below 0")
	case m.Refused < 0:
		return bad("Refused", "is below 0")
	case tooMany(m.N, m.Missing, m.Refused):
		return bad("N", "is more rows than an accumulator holds")
	case m.Min > m.Max:
		return bad("Min", "is above Max")
	case m.Min < -limit:
		return bad("Min", "is beyond the largest value")
	case m.Max > limit:
		return bad("Max", "is beyond the largest value")
	case m.N == 0 && (m.Min != 0 || m.Max != 0 || m.Sum != Int128{} || m.SumSquares != Int128{}):
		return bad("N", "is 0 beside sums that are not")
	}
	if m.N == 0 {
		return nil
	}
	n := big.NewInt(m.N)
	sum, sq := m.Sum.Big(), m.SumSquares.Big()
	lo := new(big.Int).Mul(n, big.NewInt(m.Min))
	hi := new(big.Int).Mul(n, big.NewInt(m.Max))
	if sum.Cmp(lo) < 0 || sum.Cmp(hi) > 0 {
		return bad("Sum", "lies outside N times Min and N times Max")
	}
	// Cauchy–Schwarz from below; from above, (x−Min)(x−Max) ≤ 0 for every x.
	if new(big.Int).Mul(n, sq).Cmp(new(big.Int).Mul(sum, sum)) < 0 {
		return bad("SumSquares", "is less than the sum allows")
	}
	limitSq := new(big.Int).Mul(sum, big.NewInt(m.Min+m.Max))
	limitSq.Sub(limitSq, new(big.Int).Mul(n, new(big.Int).Mul(big.NewInt(m.Min), big.NewInt(m.Max))))
	if sq.Cmp(limitSq) > 0 {
		return bad("SumSquares", "is more than Min and Max allow")
	}
	return nil
}

// Mean is the arithmetic mean in units, correctly rounded.
func (m Moments) Mean() (float64, error) {
	if err := m.Err(); err != nil {
		return 0, err
	}
	if m.N < 1 {
		return 0, SizeError{Statistic: "mean", N: m.N, Need: 1}
	}
	return ratio(m.Sum.Big(), new(big.Int).Mul(big.NewInt(m.N), big.NewInt(Unit))), nil
}

// Variance is the sample variance (denominator n − 1) in squared units, correctly rounded.
func (m Moments) Variance() (float64, error) {
	if err := m.Err(); err != nil {
		return 0, err
	}
	if m.N < 2 {
		return 0, SizeError{Statistic: "variance", N: m.N, Need: 2}
	}
	num, den := m.variance()
	return ratio(num, den), nil
}

// variance returns n·Σx² − (Σx)² and n·(n−1)·Unit².
func (m Moments) variance() (num, den *big.Int) {
	n := big.NewInt(m.N)
	sum := m.Sum.Big()
	num = new(big.Int).Mul(n, m.SumSquares.Big())
	num.Sub(num, sum.Mul(sum, sum))
	den = new(big.Int).Mul(n, big.NewInt(m.N-1))
	den.Mul(den, big.NewInt(Unit*Unit))
	return num, den
}

// SD is the sample standard deviation (denominator n − 1) in units.
func (m Moments) SD() (float64, error) {
	v, err := m.Variance()
	return math.Sqrt(v), err
}

// Range returns the smallest and the largest value in units.
func (m Moments) Range() (lowest, highest float64, err error) {
	if err := m.Err(); err != nil {
		return 0, 0, err
	}
	if m.N < 1 {
		return 0, 0, SizeError{Statistic: "range", N: m.N, Need: 1}
	}
	return float64(m.Min) / Unit, float64(m.Max) / Unit, nil
}

// Summary is n, mean and SD, from which the statistics of one or two groups follow.
func (m Moments) Summary() (Summary, error) {
	sd, err := m.SD()
	if err != nil {
		return Summary{}, err
	}
	mean, err := m.Mean()
	return Summary{N: m.N, Mean: mean, SD: sd}, err
}

// ratio is num/den, correctly rounded.
func ratio(num, den *big.Int) float64 {
	f, _ := new(big.Rat).SetFrac(num, den).Float64()
	return f
}
