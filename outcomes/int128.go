package outcomes

import (
	"math/big"
	"math/bits"
)

// Int128 is a signed 128-bit whole number in two's complement, Hi·2^64 + Lo. It holds the exact sums of
// squares; its zero value is 0. In JSON it is a decimal string.
type Int128 struct {
	Hi int64
	Lo uint64
}

// Add returns a + b.
func (a Int128) Add(b Int128) Int128 {
	lo, carry := bits.Add64(a.Lo, b.Lo, 0)
	hi, _ := bits.Add64(uint64(a.Hi), uint64(b.Hi), carry)
	return Int128{Hi: int64(hi), Lo: lo}
}

// Sub returns a − b.
func (a Int128) Sub(b Int128) Int128 {
	lo, borrow := bits.Sub64(a.Lo, b.Lo, 0)
	hi, _ := bits.Sub64(uint64(a.Hi), uint64(b.Hi), borrow)
	return Int128{Hi: int64(hi), Lo: lo}
}

// AddInt64 returns a + v.
func (a Int128) AddInt64(v int64) Int128 {
	lo, carry := bits.Add64(a.Lo, uint64(v), 0)
	hi, _ := bits.Add64(uint64(a.Hi), uint64(v>>63), carry)
	return Int128{Hi: int64(hi), Lo: lo}
}

// AddProduct returns a + v·w.
func (a Int128) AddProduct(v, w int64) Int128 {
	hi, lo := bits.Mul64(uint64(v), uint64(w))
	hi -= uint64((v>>63)&w) + uint64((w>>63)&v)
	lo, carry := bits.Add64(a.Lo, lo, 0)
	hi, _ = bits.Add64(uint64(a.Hi), hi, carry)
	return Int128{Hi: int64(hi), Lo: lo}
}

// addSquare returns a + v², for v above the least int64.
func (a Int128) addSquare(v int64) Int128 {
	u := uint64(max(v, -v))
	hi, lo := bits.Mul64(u, u)
	lo, carry := bits.Add64(a.Lo, lo, 0)
	hi, _ = bits.Add64(uint64(a.Hi), hi, carry)
	return Int128{Hi: int64(hi), Lo: lo}
}

// total is a as a rounded sum and what was rounded off.
func (a Int128) total() total {
	f, _ := new(big.Float).SetInt(a.Big()).Float64()
	z, _ := new(big.Float).SetFloat64(f).Int(nil)
	rest, _ := new(big.Float).SetInt(z.Sub(a.Big(), z)).Float64()
	return total{f, rest}
}

// Sign is −1, 0 or 1.
func (a Int128) Sign() int {
	switch {
	case a.Hi < 0:
		return -1
	case a.Hi == 0 && a.Lo == 0:
		return 0
	}
	return 1
}

// Big returns a as a big integer.
func (a Int128) Big() *big.Int {
	z := new(big.Int).SetInt64(a.Hi)
	z.Lsh(z, 64)
	return z.Add(z, new(big.Int).SetUint64(a.Lo))
}

// String is a in decimal.
func (a Int128) String() string { return a.Big().String() }

// MarshalText is a in decimal.
func (a Int128) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads a decimal number; what does not fit into 128 bits is a [StateError].
func (a *Int128) UnmarshalText(text []byte) error {
	if len(text) > 40 {
		return StateError{Type: "Int128", Field: "text", Reason: "too long"}
	}
	z, ok := new(big.Int).SetString(string(text), 10)
	if !ok {
		return StateError{Type: "Int128", Field: "text", Reason: "not a decimal whole number"}
	}
	if z.Sign() >= 0 && z.BitLen() > 127 || z.Sign() < 0 && new(big.Int).Not(z).BitLen() > 127 {
		return StateError{Type: "Int128", Field: "text", Reason: "does not fit into 128 bits"}
	}
	lo := new(big.Int).And(z, new(big.Int).SetUint64(^uint64(0)))
	a.Lo = lo.Uint64()
	a.Hi = new(big.Int).Rsh(z, 64).Int64()
	return nil
}
