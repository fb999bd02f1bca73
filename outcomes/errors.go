package outcomes

import (
	"errors"
	"fmt"
)

// ErrNotComputable is what [errors.Is] finds in every error that says that the data, rather than the
// call, do not allow a statistic: too few observations, no variation, an empty margin, a value that is
// not finite. A report prints "not computable" there and goes on.
var ErrNotComputable = errors.New("outcomes: not computable from these data")

// SizeError says that a statistic needs more observations than there are.
type SizeError struct {
	Statistic string `json:"statistic"`
	N         int64  `json:"n"`    // how many there are
	Need      int64  `json:"need"` // how many are needed
}

func (e SizeError) Error() string {
	observations := "observations"
	if e.Need == 1 {
		observations = "observation"
	}
	return fmt.Sprintf("outcomes: %s needs at least %d %s, has %d", e.Statistic, e.Need, observations, e.N)
}

// Is reports whether target is [ErrNotComputable].
func (e SizeError) Is(target error) bool { return target == ErrNotComputable }

// DegenerateError says that the data have a shape for which a statistic is not defined, such as no
// variation at all.
type DegenerateError struct {
	Statistic string `json:"statistic"`
	Reason    string `json:"reason"`
}

func (e DegenerateError) Error() string {
	return fmt.Sprintf("outcomes: %s is not defined: %s", e.Statistic, e.Reason)
}

// Is reports whether target is [ErrNotComputable].
func (e DegenerateError) Is(target error) bool { return target == ErrNotComputable }

// NotFiniteError says that an argument holds a NaN or an infinity.
type NotFiniteError struct {
	Argument string `json:"argument"`
	Index    int    `json:"index"` // −1 for a single number
}

func (e NotFiniteError) Error() string {
	if e.Index < 0 {
		return fmt.Sprintf("outcomes: %s is not a finite number", e.Argument)
	}
	return fmt.Sprintf("outcomes: %s[%d] is not a finite number", e.Argument, e.Index)
}

// Is reports whether target is [ErrNotComputable].
func (e NotFiniteError) Is(target error) bool { return target == ErrNotComputable }

// CappedError says that a statistic needs the counts per distinct value, and that there were more distinct values
// beyond the tables of [Counts] (±409.6) than [MaxDistinct], so that they were dropped. The moments still stand.
type CappedError struct {
	Statistic string `json:"statistic"`
}

func (e CappedError) Error() string {
	return fmt.Sprintf("outcomes: %s needs the counts per distinct value, which were dropped beyond %d distinct values outside −409.6 to 409.6", e.Statistic, MaxDistinct)
}

// Is reports whether target is [ErrNotComputable].
func (e CappedError) Is(target error) bool { return target == ErrNotComputable }

// OverflowError says that an accumulator was given more than [MaxRows] rows, or values beyond
// [MaxValue], so that its sums do not stand for all that it was given.
type OverflowError struct {
	Refused int64 `json:"refused"` // values beyond MaxValue; 0 when the rows were too many
}

func (e OverflowError) Error() string {
	if e.Refused > 0 {
		return fmt.Sprintf("outcomes: %d values lie beyond the largest that is added exactly", e.Refused)
	}
	return "outcomes: more rows than are added exactly"
}

// Is reports whether target is [ErrNotComputable].
func (e OverflowError) Is(target error) bool { return target == ErrNotComputable }

// LengthError says that two arguments that go together differ in length.
type LengthError struct {
	First   string `json:"first"`
	Second  string `json:"second"`
	NFirst  int    `json:"n_first"`
	NSecond int    `json:"n_second"`
}

func (e LengthError) Error() string {
	return fmt.Sprintf("outcomes: %s has length %d, %s has length %d", e.First, e.NFirst, e.Second, e.NSecond)
}

// RangeError says that an argument lies outside the values that it may take.
type RangeError struct {
	Argument string  `json:"argument"`
	Got      float64 `json:"got"`
	Min      float64 `json:"min"`
	Max      float64 `json:"max"`
}

func (e RangeError) Error() string {
	return fmt.Sprintf("outcomes: %s is %v, outside %v to %v", e.Argument, e.Got, e.Min, e.Max)
}

// OptionError says that an option has a bad value, or does not apply to the statistic it was given to.
type OptionError struct {
	Option string `json:"option"`
	Reason string `json:"reason"`
}

func (e OptionError) Error() string {
	return fmt.Sprintf("outcomes: option %s: %s", e.Option, e.Reason)
}

// StateError says that an accumulator, after decoding, holds what no sequence of Add and Merge can give.
type StateError struct {
	Type   string `json:"type"`
	Field  string `json:"field"`
	Reason string `json:"reason"`
}

func (e StateError) Error() string {
	return fmt.Sprintf("outcomes: %s.%s: %s", e.Type, e.Field, e.Reason)
}

// StagesError says that two funnels to be merged do not have the same stages.
type StagesError struct {
	First  []string `json:"first"`
	Second []string `json:"second"`
}

func (e StagesError) Error() string {
	return fmt.Sprintf("outcomes: funnels have different stages: %q and %q", e.First, e.Second)
}

// ConvergenceError says that a search for a limit or an estimate did not close in.
type ConvergenceError struct {
	Statistic string `json:"statistic"`
}

func (e ConvergenceError) Error() string {
	return fmt.Sprintf("outcomes: the search for %s did not converge", e.Statistic)
}

// Is reports whether target is [ErrNotComputable].
func (e ConvergenceError) Is(target error) bool { return target == ErrNotComputable }
