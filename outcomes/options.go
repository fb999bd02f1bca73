package outcomes

import (
	"encoding"
	"fmt"
	"math"
)

// Side says which departures from the null a test looks for.
type Side int

const (
	TwoSided Side = iota // either way; the default
	Less                 // the true value is below the null
	Greater              // the true value is above the null
)

var _ encoding.TextMarshaler = TwoSided

// String is two.sided, less or greater, as in R.
func (s Side) String() string {
	switch s {
	case TwoSided:
		return "two.sided"
	case Less:
		return "less"
	case Greater:
		return "greater"
	}
	return fmt.Sprintf("Side(%d)", int(s))
}

// MarshalText writes what String returns.
func (s Side) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads two.sided, less or greater.
func (s *Side) UnmarshalText(text []byte) error {
	for _, v := range []Side{TwoSided, Less, Greater} {
		if v.String() == string(text) {
			*s = v
			return nil
		}
	}
	return OptionError{Option: "Alternative", Reason: "is not two.sided, less or greater"}
}

// ZeroRule says what a signed rank test does with differences of zero.
type ZeroRule int

const (
	// WilcoxonZeros drops them before ranking, as R's wilcox.test does; the default.
	WilcoxonZeros ZeroRule = iota
	// PrattZeros ranks them with the rest and then drops their ranks (Pratt 1959).
	PrattZeros
)

func (z ZeroRule) String() string {
	switch z {
	case WilcoxonZeros:
		return "zeros dropped before ranking (Wilcoxon)"
	case PrattZeros:
		return "zeros ranked, then dropped (Pratt)"
	}
	return fmt.Sprintf("ZeroRule(%d)", int(z))
}

// Option sets one thing about a statistic; each function's doc says which it takes. An option with a bad
// value, or given to a function that does not take it, is an [OptionError].
type Option func(*config) error

type optionSet uint

const (
	optLevel optionSet = 1 << iota
	optSide
	optNull
	optMethod
	optContinuity
	optZeros
	optTolerance
	optStabilised
	optCycles
)

type method int

const (
	automatic method = iota
	exact
	normal
	permutation
	midP
)

type config struct {
	level      float64
	side       Side
	null       float64
	method     method
	continuity bool
	zeros      ZeroRule
	tolerance  float64
	stabilised bool
	cycles     int
	given      optionSet
}

// Confidence sets the level of the interval, between 0 and 1 exclusive; 0.95 by default.
func Confidence(level float64) Option {
	return func(c *config) error {
		if !(level > 0 && level < 1) {
			return OptionError{Option: "Confidence", Reason: "is not between 0 and 1"}
		}
		c.level = level
		c.given |= optLevel
		return nil
	}
}

// Alternative sets the side of the test; its interval is then one-sided too, with an infinite end.
func Alternative(side Side) Option {
	return func(c *config) error {
		if side < TwoSided || side > Greater {
			return OptionError{Option: "Alternative", Reason: "is not TwoSided, Less or Greater"}
		}
		c.side = side
		c.given |= optSide
		return nil
	}
}

// Null sets the value under the null hypothesis; 0 by default.
func Null(value float64) Option {
	return func(c *config) error {
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return OptionError{Option: "Null", Reason: "is not a finite number"}
		}
		c.null = value
		c.given |= optNull
		return nil
	}
}

func setMethod(m method) Option {
	return func(c *config) error {
		c.method = m
		c.given |= optMethod
		return nil
	}
}

// Exact asks for the exact distribution. A rank test with ties (or zeros) has none that R computes: it
// falls back to the normal approximation, and its result says so; [Permutation] goes on.
func Exact() Option { return setMethod(exact) }

// Normal asks for the normal approximation; where the doc of a statistic says so, for that by chi-squared or t.
func Normal() Option { return setMethod(normal) }

// Permutation asks for the exact distribution given the ranks observed, ties and zeros included.
func Permutation() Option { return setMethod(permutation) }

// MidP asks for the exact distribution with half the probability of the observed outcome.
func MidP() Option { return setMethod(midP) }

// Continuity sets whether an approximation is corrected for continuity; true by default where R's is.
func Continuity(correct bool) Option {
	return func(c *config) error {
		c.continuity = correct
		c.given |= optContinuity
		return nil
	}
}

// Zeros sets what a signed rank test does with differences of zero.
func Zeros(rule ZeroRule) Option {
	return func(c *config) error {
		if rule != WilcoxonZeros && rule != PrattZeros {
			return OptionError{Option: "Zeros", Reason: "is not WilcoxonZeros or PrattZeros"}
		}
		c.zeros = rule
		c.given |= optZeros
		return nil
	}
}

// RootTolerance sets how close the search for an approximate Hodges–Lehmann estimate and its limits goes,
// in units; 1e-4 by default, as in R. Measures with differences far below 1 need a smaller one.
func RootTolerance(tol float64) Option {
	return func(c *config) error {
		if !(tol > 0) || math.IsInf(tol, 0) {
			return OptionError{Option: "RootTolerance", Reason: "is not a positive number"}
		}
		c.tolerance = tol
		c.given |= optTolerance
		return nil
	}
}

// Stabilised multiplies inverse-probability weights by the share measured, so that their mean is about 1.
func Stabilised() Option {
	return func(c *config) error {
		c.stabilised = true
		c.given |= optStabilised
		return nil
	}
}

// Cycles sets how many rounds the chained equations of an imputation go; 5 by default, as in R's mice.
func Cycles(rounds int) Option {
	return func(c *config) error {
		if rounds < 1 || rounds > maxCycles {
			return OptionError{Option: "Cycles", Reason: "is not between 1 and 1000"}
		}
		c.cycles = rounds
		c.given |= optCycles
		return nil
	}
}

// configure applies options on top of the defaults and refuses those that the statistic does not take.
func configure(takes optionSet, opts []Option) (config, error) {
	c := config{level: 0.95, continuity: true, tolerance: 1e-4, cycles: 5}
	for _, o := range opts {
		if o == nil {
			return c, OptionError{Option: "nil", Reason: "is not an option"}
		}
		if err := o(&c); err != nil {
			return c, err
		}
	}
	if extra := c.given &^ takes; extra != 0 {
		for bit, name := range map[optionSet]string{
			optLevel: "Confidence", optSide: "Alternative", optNull: "Null", optMethod: "Exact, Normal, Permutation or MidP",
			optContinuity: "Continuity", optZeros: "Zeros", optTolerance: "RootTolerance",
			optStabilised: "Stabilised", optCycles: "Cycles",
		} {
			if extra&bit == extra&-extra {
				return c, OptionError{Option: name, Reason: "does not apply to this statistic"}
			}
		}
	}
	return c, nil
}

// oneOf refuses a method that a statistic does not have.
func (c config) oneOf(methods ...method) error {
	if c.method == automatic {
		return nil
	}
	for _, m := range methods {
		if c.method == m {
			return nil
		}
	}
	names := map[method]string{exact: "Exact", normal: "Normal", permutation: "Permutation", midP: "MidP"}
	return OptionError{Option: names[c.method], Reason: "does not apply to this statistic"}
}
