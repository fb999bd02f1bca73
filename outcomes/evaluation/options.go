package evaluation

import (
	"fmt"
	"path"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

// Option sets one thing about an evaluation.
type Option func(*config) error

type config struct {
	from, to hte.Date
	keepOut  dcrs.Level
	rules    []string
	minPairs int
}

// DefaultMinPairs is the smallest number of complete pairs for which changes are summarised, unless
// [MinPairs] changes it. With fewer, one client decides the result, no test can tell much (with five
// pairs Wilcoxon's smallest p-value is 0.06), and the interval leans on a normal distribution that
// cannot be checked.
const DefaultMinPairs = 10

// OptionError says that an option has a bad value.
type OptionError struct {
	Option string `json:"option"`
	Reason string `json:"reason"`
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("evaluation: option %s: %s", e.Option, e.Reason)
}

// From sets the first day of the period. Without To the period has no end.
func From(first hte.Date) Option {
	return func(c *config) error {
		if first.IsZero() {
			return &OptionError{Option: "From", Reason: "is not a date"}
		}
		c.from = first
		return nil
	}
}

// To sets the last day of the period, which belongs to it. Without From the period has no beginning.
func To(last hte.Date) Option {
	return func(c *config) error {
		if last.IsZero() {
			return &OptionError{Option: "To", Reason: "is not a date"}
		}
		c.to = last
		return nil
	}
}

// KeepOut keeps rows with a finding of that severity or a graver one out of every figure. The default is
// dcrs.Error; dcrs.Off keeps all rows in that could be read, and then a field that failed its own rules
// counts as missing. To keep a row in despite one rule, lower that rule's severity in the validator.
func KeepOut(least dcrs.Level) Option {
	return func(c *config) error {
		if least > dcrs.Error {
			return &OptionError{Option: "KeepOut", Reason: "is not a severity"}
		}
		c.keepOut = least
		return nil
	}
}

// KeepOutRules keeps rows with a finding of these rules out of every figure, whatever its severity: ids
// such as "measures/big-change", or families such as "*/implausible", written as for [dcrs.Severity].
func KeepOutRules(rules ...string) Option {
	return func(c *config) error {
		c.rules = append(c.rules, rules...)
		return nil
	}
}

// MinPairs sets the smallest number of complete pairs for which changes are summarised; at least 2.
func MinPairs(n int) Option {
	return func(c *config) error {
		if n < 2 {
			return &OptionError{Option: "MinPairs", Reason: "is below 2"}
		}
		c.minPairs = n
		return nil
	}
}

func configure(opts []Option) (config, error) {
	c := config{keepOut: dcrs.Error, minPairs: DefaultMinPairs}
	for _, o := range opts {
		if o == nil {
			return c, &OptionError{Option: "nil", Reason: "is not an option"}
		}
		if err := o(&c); err != nil {
			return c, err
		}
	}
	if !c.from.IsZero() && !c.to.IsZero() && c.to.Before(c.from) {
		return c, &OptionError{Option: "To", Reason: "is before From"}
	}
	return c, nil
}

// ruleSet resolves the rules named in KeepOutRules to the ids of d.
func (c *config) ruleSet(d *dcrs.Dictionary) (map[string]bool, error) {
	set := make(map[string]bool)
	for _, name := range c.rules {
		found := false
		for r := range d.Rules() {
			if ok, err := path.Match(name, r.ID); ok && err == nil {
				set[r.ID] = true
				found = true
			}
		}
		if !found {
			return nil, &OptionError{Option: "KeepOutRules", Reason: fmt.Sprintf("%q is no rule", name)}
		}
	}
	return set, nil
}
