package evaluation

import (
	"fmt"
	"strings"
)

// Disclosure says which numbers may be shown. Its zero value hides small ones.
//
// It is a matter of showing only: an [Evaluation] always holds the exact numbers, and so does its JSON,
// which therefore stays inside the service. What leaves the service is a [Document] under NHSRule.
type Disclosure uint8

const (
	// NHSRule is the small-number rule of NHS England's mental health statistics for anything below
	// national level (the rounding step of the MHSDS publication code): a count below 5 is shown as *,
	// any other count is rounded to the nearest 5; a percentage whose numerator or denominator is
	// below 5 is shown as *, any other is rounded to the nearest whole number.
	//
	// The rule is followed to the letter, so a count of 0 is hidden too, totals are rounded like their
	// parts (and need not add up to them), and percentages are worked out before the counts are
	// rounded. For what the rule does not speak of, this package adds its own, stricter reading: a
	// mean, median, interval, effect size or p-value that rests on fewer than 5 people is shown as *;
	// the ends of an interval of a percentage are rounded like the percentage; and the p-value of a
	// table with a count below 5 is shown as a range, since the exact one can give the count away.
	//
	// The rule rounds and hides; it is no proof against someone who sets tables against each other, or
	// subtracts the shares shown from 100. Who publishes a Document has still to look at it.
	NHSRule Disclosure = iota
	// ShowAll shows every number as it is, percentages to one decimal place.
	ShowAll
)

// smallNumber is the smallest count that NHSRule shows.
const smallNumber = 5

// hidden stands for a number that the rule hides, none for one that does not exist.
const (
	hidden = "*"
	none   = "–"
)

// String is "nhs-rule" or "show-all".
func (d Disclosure) String() string {
	switch d {
	case NHSRule:
		return "nhs-rule"
	case ShowAll:
		return "show-all"
	}
	return fmt.Sprintf("Disclosure(%d)", uint8(d))
}

// suppresses reports whether the rule applies; anything but ShowAll is taken to mean that it does.
func (d Disclosure) suppresses() bool { return d != ShowAll }

// Hides reports whether a count of n may not be shown, nor anything that rests on only n people.
func (d Disclosure) Hides(n int64) bool { return d.suppresses() && n < smallNumber }

// Count is a count as it may be shown: "1,234" (under NHSRule "1,235"), or "*".
func (d Disclosure) Count(n int64) string {
	if d.Hides(n) {
		return hidden
	}
	return grouped(d.rounded(n))
}

// rounded is a count that is not hidden, to the nearest 5 where the rule asks for it.
func (d Disclosure) rounded(n int64) int64 {
	if !d.suppresses() {
		return n
	}
	return (n + 2) / 5 * 5
}

// Percent is num as a percentage of den as it may be shown: "47%", "46.8%", "*", or "–" where den is 0.
// Halves are rounded up.
func (d Disclosure) Percent(num, den int64) string {
	v, ok := d.percent(num, den)
	switch {
	case d.Hides(num) || d.Hides(den):
		return hidden
	case !ok:
		return none
	case d.suppresses():
		return fmt.Sprintf("%.0f%%", v)
	}
	return fmt.Sprintf("%.1f%%", v)
}

// percent is the number behind Percent; ok is false where there is none to show.
func (d Disclosure) percent(num, den int64) (v float64, ok bool) {
	if d.Hides(num) || d.Hides(den) || den <= 0 || num < 0 {
		return 0, false
	}
	// In whole numbers, so that a half is a half. A count cannot come near the limit of int64.
	if d.suppresses() {
		return float64((200*num + den) / (2 * den)), true
	}
	return float64((2000*num+den)/(2*den)) / 10, true
}

// grouped writes a whole number with a comma at the thousands.
func grouped(n int64) string {
	s := fmt.Sprint(n)
	sign := ""
	if n < 0 {
		sign, s = minus, s[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return b.String()
}
