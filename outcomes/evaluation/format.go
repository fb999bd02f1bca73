package evaluation

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/healthtrainer/healthtrainer/hte"
)

const minus = "−" // U+2212

// fixed writes x with that many decimal places, and 0 without a sign.
func fixed(x float64, places int) string {
	s := strconv.FormatFloat(math.Abs(x), 'f', places, 64)
	if x < 0 && strings.Trim(s, "0.") != "" {
		return minus + s
	}
	return s
}

// signed is fixed with a plus sign for what is above 0.
func signed(x float64, places int) string {
	s := fixed(x, places)
	if x > 0 && strings.Trim(s, "0.") != "" {
		return "+" + s
	}
	return s
}

// pValue writes a p-value with two significant digits down to 0.001.
func pValue(p float64) string {
	switch {
	case p < 0.001:
		return "<0.001"
	case p < 0.0095:
		return strconv.FormatFloat(p, 'f', 4, 64)
	case p < 0.0995:
		return strconv.FormatFloat(p, 'f', 3, 64)
	}
	return strconv.FormatFloat(p, 'f', 2, 64)
}

// pRange writes in which range a p-value lies, where the value itself could give counts away.
func pRange(p float64) string {
	for _, limit := range []float64{0.001, 0.01, 0.05} {
		if p < limit {
			return fmt.Sprintf("<%v", limit)
		}
	}
	return "≥0.05"
}

// longDate writes a date as in "1 April 2025".
func longDate(d hte.Date) string {
	year, month, day := d.Date()
	if year == 0 {
		return "no date"
	}
	return fmt.Sprintf("%d %s %d", day, time.Month(month), year)
}

// list joins words as in "a, b and c".
func list(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}
