package outcomes

import "math"

// Unit is how many steps of an accumulator make one of the caller's units: accumulators take whole
// thousandths.
const Unit = 1000

// MaxValue is the largest magnitude, in thousandths, that an accumulator adds: a thousand million units.
// Together with [MaxRows] it keeps every sum of squares, differences included, within 128 bits.
const MaxValue = 1_000_000_000 * Unit

// MaxRows is the largest number of rows that one accumulator stands for, merged or not.
const MaxRows = 10_000_000_000_000

// Thousandths turns a number of units into whole thousandths, rounding half to even on the exact binary
// value of x. A number that is not finite is a [NotFiniteError]; one beyond [MaxValue] a [RangeError].
func Thousandths(x float64) (int64, error) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, NotFiniteError{Argument: "x", Index: -1}
	}
	p := x * Unit
	if math.Abs(p) > MaxValue {
		return 0, RangeError{Argument: "x", Got: x, Min: -MaxValue / Unit, Max: MaxValue / Unit}
	}
	r := math.RoundToEven(p)
	// p is itself rounded: where it seems to lie half-way, the lost part decides.
	if rest := math.FMA(x, Unit, -p); rest != 0 {
		switch p - r {
		case 0.5:
			if rest > 0 {
				r++
			}
		case -0.5:
			if rest < 0 {
				r--
			}
		}
	}
	return int64(r), nil
}

// ThousandthsOf turns the decimal number coefficient·10^exponent into whole thousandths, rounding half to
// even, without passing through floating point. A result beyond [MaxValue] is a [RangeError].
func ThousandthsOf(coefficient int64, exponent int) (int64, error) {
	e := exponent + 3
	out := func() (int64, error) {
		return 0, RangeError{Argument: "value", Got: float64(coefficient) * math.Pow(10, float64(exponent)), Min: -MaxValue / Unit, Max: MaxValue / Unit}
	}
	if coefficient == 0 {
		return 0, nil
	}
	if e >= 0 {
		v := coefficient
		for range e {
			if v > MaxValue || v < -MaxValue {
				return out()
			}
			v *= 10
		}
		if v > MaxValue || v < -MaxValue {
			return out()
		}
		return v, nil
	}
	if e < -19 {
		return 0, nil
	}
	// The digits cut off are judged as a whole: `half` compares them with one half.
	v, half, sticky := coefficient, int64(0), false
	for range -e {
		sticky = sticky || half != 0
		half = v % 10
		v /= 10
	}
	if half < 0 {
		half = -half
	}
	if half > 5 || half == 5 && (sticky || v%2 != 0) {
		if coefficient < 0 {
			v--
		} else {
			v++
		}
	}
	if v > MaxValue || v < -MaxValue {
		return out()
	}
	return v, nil
}
