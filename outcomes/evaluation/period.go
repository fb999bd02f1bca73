package evaluation

import (
	"github.com/healthtrainer/healthtrainer/hte"
)

// PeriodChoice says how a period came about.
type PeriodChoice string

// The ways to a period.
const (
	ChosenPeriod  PeriodChoice = "chosen"         // given with From, To or both
	FinancialYear PeriodChoice = "financial_year" // the latest that had ended by the as-of date and holds a referral
	AllRows       PeriodChoice = "all"            // there is no such year: all rows
)

// Period is the time that an evaluation is about. An episode belongs to the period of its referral date.
type Period struct {
	Choice PeriodChoice `json:"choice"`
	// From and To are the first and the last day, both part of the period. A zero date means that a
	// chosen period is open at that end. In a period of all rows they are the earliest and the latest
	// referral, both zero where no row has one.
	From hte.Date `json:"from,omitzero"`
	To   hte.Date `json:"to,omitzero"`
	// FinancialYear names the year as in "2025/26" where the period is exactly one.
	FinancialYear string `json:"financial_year,omitempty"`
}

// holds reports whether a referral on that day belongs to the period.
func (p Period) holds(referral hte.Date) bool {
	if p.Choice == AllRows {
		return true
	}
	return !referral.IsZero() && !referral.Before(p.From) && (p.To.IsZero() || !referral.After(p.To))
}

// named fills in the financial year, where the period is one.
func (p Period) named() Period {
	p.FinancialYear = ""
	if y := p.From.FinancialYear(); p.Choice != AllRows && y > 0 && p.From == y.Start() && p.To == y.End() {
		p.FinancialYear = y.String()
	}
	return p
}

// String names the period: "1 April 2025 to 31 March 2026 (financial year 2025/26)".
func (p Period) String() string {
	var s string
	switch {
	case p.From.IsZero() && p.To.IsZero():
		return "all episodes"
	case p.To.IsZero():
		s = "from " + longDate(p.From)
	case p.From.IsZero():
		s = "up to " + longDate(p.To)
	default:
		s = longDate(p.From) + " to " + longDate(p.To)
	}
	switch {
	case p.Choice == AllRows:
		return "all episodes, referred " + s
	case p.FinancialYear != "":
		return s + " (financial year " + p.FinancialYear + ")"
	}
	return s
}
