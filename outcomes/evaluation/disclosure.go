package evaluation

import (
	"fmt"
	"slices"
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
	// the ends of an interval of a percentage are rounded like the percentage; the difference of two
	// percentages of the same people is shown as * where one of them is; and the p-value of a table with
	// a count below 5 is shown as a range, since the exact one can give the count away.
	//
	// The rule rounds and hides; it is no proof against someone who sets tables against each other, or
	// subtracts the shares shown from 100. Tables keep to it all the same, so that they can be compared
	// with the national figures; charts, which could only make it easier, show the parts of a whole that
	// are hidden together with another part. Who publishes a Document has still to look at it, and its
	// Checks say where.
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

// hiddenWord is the one word for what * stands for.
const hiddenWord = "hidden"

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

// toldRows are the rows of a table in which one number alone is hidden.
type toldRows struct {
	caption string
	rows    []string
}

// whole notes a row of a table (or, with the row "", a column) whose parts make up a whole, if just one
// of them is hidden.
func (p *presenter) whole(caption, row string, parts ...Proportion) {
	n := 0
	for _, x := range parts {
		if p.d.Hides(x.Denominator) {
			return
		}
		if p.d.Hides(x.N) {
			n++
		}
	}
	if n != 1 {
		return
	}
	i := slices.IndexFunc(p.told, func(t toldRows) bool { return t.caption == caption })
	if i < 0 {
		i = len(p.told)
		p.told = append(p.told, toldRows{caption: caption})
	}
	if row != "" {
		p.told[i].rows = append(p.told[i].rows, row)
	}
}

// mostTold is how many rows of a table are named in a check.
const mostTold = 3

// checks says what to look at before the document leaves the service.
func (p *presenter) checks() []string {
	if len(p.told) == 0 {
		return nil
	}
	out := []string{"Before you publish: in these tables a number is the only one of its whole that is hidden, so that the others tell it, nearly or exactly. The NHS rule leaves it at that. Where it could tell something of a person, merge categories or take the table out:"}
	for _, t := range p.told {
		text := t.caption
		switch n := len(t.rows); {
		case n > mostTold:
			text += fmt.Sprintf(" (%d rows)", n)
		case n > 0:
			text += " (" + strings.Join(t.rows, "; ") + ")"
		}
		out = append(out, text)
	}
	return out
}

// noPart is a part that a bar of a stacked chart does not have.
var noPart = Proportion{Denominator: -1}

// stack adds a bar that is divided among the series to a stacked chart, which may only have series for
// these parts and, as the last, one for the rest. Parts that are hidden are drawn as one, the rest. One
// that is hidden alone would be told by the gap it leaves, so the smallest of the others joins it. The
// first part is never noPart.
func (p *presenter) stack(c *Chart, label string, parts ...Proportion) {
	points := make([]Point, len(parts))
	lone, smallest := 0, -1
	for i, x := range parts {
		points[i] = p.point(label, x)
		points[i].N = p.n(x.Denominator)
		points[i].Low, points[i].High, points[i].Interval = 0, 0, false
		switch {
		case x.Denominator < 0:
			points[i] = Point{Label: label, Text: none, N: p.n(parts[0].Denominator), Absent: "does not apply"}
		case points[i].Absent != "":
			lone++
		case smallest < 0 || points[i].Value < points[smallest].Value:
			smallest = i
		}
	}
	if lone == 1 && smallest >= 0 && p.d.suppresses() {
		points[smallest] = Point{Label: label, Text: points[smallest].Text, N: points[smallest].N, Absent: "in the rest"}
	}
	rest := Point{Label: label, Text: none, N: p.n(parts[0].Denominator), Absent: "nothing"}
	if lone > 0 && p.d.suppresses() {
		left := 100.0
		for _, pt := range points {
			left -= pt.Value
		}
		if left > 0 {
			rest.Value, rest.Text, rest.Absent = left, hiddenWord, ""
		}
	}
	for i, pt := range append(points, rest) {
		c.Series[i].Points = append(c.Series[i].Points, pt)
	}
}

// restSeries is the last series of a stacked chart; finish takes it away where no bar has a rest.
var restSeries = Series{ID: "rest", Label: "Rest, with small numbers (hidden)"}

// finish ends a stacked chart.
func (p *presenter) finish(c *Chart) {
	last := len(c.Series) - 1
	for _, pt := range c.Series[last].Points {
		if pt.Absent == "" {
			c.Notes = append(c.Notes, "Parts that stand for fewer than 5 are hidden: they are drawn as one, together with a larger part where one alone would be hidden. Parts are rounded and need not add up to 100.")
			return
		}
	}
	c.Series = c.Series[:last]
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
