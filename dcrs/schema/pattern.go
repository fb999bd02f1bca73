package schema

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// The patterns keep to what the regular expressions of ECMAScript (with and
// without the u flag), XML Schema, PostgreSQL, RE2, Python and Go have in common:
// classes, groups, alternatives and counts. They have no anchors; who uses one
// adds what the target asks for.

const (
	integerPattern    = `-?[0-9]+(\.0+)?`
	decimalPattern    = `-?[0-9]+(\.[0-9]+)?`
	nhsNumberPattern  = `[ -]*([0-9][ -]*){10}`
	lsoaPattern       = `[EW]01[0-9]{6}`
	gpPracticePattern = `[A-Z][0-9]{5}`
	// A letter, the five endings of an outward part, a digit and two letters, with
	// spaces anywhere between them.
	postcodePattern = `[A-Za-z] *([0-9] *([0-9]|[A-Za-z])?|[A-Za-z] *[0-9] *([0-9]|[A-Za-z])?) *[0-9] *[A-Za-z] *[A-Za-z]`
	// Every day from 0001-01-01 to 9999-12-31, 29 February in leap years alone.
	datePattern = `([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)` +
		`-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))` +
		`|([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29`
)

// valuePattern is the pattern of what a filled cell of the field may hold, the
// spaces around it left out.
func (t *table) valuePattern(f dcrs.Field) string {
	switch f.Type {
	case dcrs.TypeID:
		return upTo(alphabetClass(f.Alphabet), f.MaxLength)
	case dcrs.TypeCode:
		return codePattern(t.codes(f))
	case dcrs.TypeCodes:
		one := codePattern(t.codes(f))
		return one + "( *; *" + one + ")*"
	case dcrs.TypeDate:
		return datePattern
	case dcrs.TypeInteger:
		return numberPattern(f.Valid, false)
	case dcrs.TypeDecimal:
		return numberPattern(f.Valid, true)
	case dcrs.TypeNHSNumber:
		return nhsNumberPattern
	case dcrs.TypePostcode:
		return postcodePattern
	case dcrs.TypeLSOA:
		return lsoaPattern
	case dcrs.TypeGPPractice:
		return gpPracticePattern
	}
	return "" // a type of a later dictionary: nothing is asked of it
}

// upTo repeats a class from once to most times, without limit if most is 0.
// PostgreSQL counts to 255 only.
func upTo(class string, most int) string {
	if most <= 0 {
		return class + "+"
	}
	pattern := fmt.Sprintf("%s{1,%d}", class, min(most, 255))
	for most -= 255; most > 0; most -= 255 {
		pattern += fmt.Sprintf("%s{0,%d}", class, min(most, 255))
	}
	return pattern
}

// whole anchors a pattern.
func whole(pattern string) string { return "^(" + pattern + ")$" }

// cellPattern is the anchored pattern of a whole cell: spaces around the value
// are ignored, and a field that is not mandatory may be blank. It is "" where
// nothing is asked.
func (t *table) cellPattern(f dcrs.Field) string {
	value := t.valuePattern(f)
	if value == "" {
		return ""
	}
	if f.Presence == dcrs.Mandatory {
		return "^ *(" + value + ") *$"
	}
	return "^ *(" + value + ")? *$"
}

func codePattern(codes []string) string {
	escaped := make([]string, len(codes))
	for i, c := range codes {
		escaped[i] = escape(c)
	}
	return "(" + strings.Join(escaped, "|") + ")"
}

// escape quotes the characters that have a meaning in a pattern. A hyphen has
// none outside a class, and strict dialects refuse it escaped.
func escape(s string) string { return regexp.QuoteMeta(s) }

// alphabetClass turns "A-Z a-z 0-9 . _ -" into a class, the hyphen last. The
// character ␣ stands for a space.
func alphabetClass(alphabet string) string {
	var b strings.Builder
	hyphen := false
	b.WriteByte('[')
	for i := 0; i < len(alphabet); i++ {
		switch c := alphabet[i]; {
		case c == ' ':
		case strings.HasPrefix(alphabet[i:], "␣"):
			b.WriteByte(' ')
			i += len("␣") - 1
		case i+2 < len(alphabet) && alphabet[i+1] == '-' && alphabet[i+2] != ' ':
			b.WriteString(classByte(c) + "-" + classByte(alphabet[i+2]))
			i += 2
		case c == '-':
			hyphen = true
		default:
			b.WriteString(classByte(c))
		}
	}
	if hyphen {
		b.WriteByte('-')
	}
	b.WriteByte(']')
	return b.String()
}

func classByte(c byte) string {
	if strings.IndexByte(`\]^[`, c) >= 0 {
		return `\` + string(rune(c))
	}
	return string(rune(c))
}

// numberPattern is the pattern of the numbers within a range, its limits
// included, however many zeros they are written with; nil for every number.
func numberPattern(r *dcrs.Range, decimal bool) string {
	if r == nil {
		if decimal {
			return decimalPattern
		}
		return integerPattern
	}
	var signs []string
	// A number of either sign by its size; -0 is 0.
	if r.Min <= 0 {
		signs = append(signs, "-"+sizePattern(max(0, -r.Max), -r.Min, decimal))
	}
	if r.Max >= 0 {
		signs = append(signs, sizePattern(max(0, r.Min), r.Max, decimal))
	}
	if len(signs) == 2 && signs[0] == "-"+signs[1] {
		return "-?" + signs[1]
	}
	return strings.Join(signs, "|")
}

// sizePattern is the pattern of the numbers from lo to hi, neither below 0.
func sizePattern(lo, hi int64, decimal bool) string {
	if !decimal {
		return "0*(" + wholeNumbers(lo, hi) + `)(\.0+)?`
	}
	top := "0*" + strconv.FormatInt(hi, 10) + `(\.0+)?`
	if lo == hi {
		return top
	}
	return "(0*(" + wholeNumbers(lo, hi-1) + `)(\.[0-9]+)?|` + top + ")"
}

// wholeNumbers is the pattern of the whole numbers from lo to hi without
// leading zeros: the range is cut where it can be said digit by digit, as 17 to
// 234 into 17-19, 20-99, 100-199, 200-229 and 230-234.
func wholeNumbers(lo, hi int64) string {
	ends := []int64{hi}
	for unit := int64(10); ; unit *= 10 { // up from lo to the end of its ten, hundred …
		end := lo - lo%unit + unit - 1
		if end >= hi {
			break
		}
		ends = append(ends, end)
	}
	for unit := int64(10); ; unit *= 10 { // down from hi to the beginning of its ten, hundred …
		end := (hi+1)/unit*unit - 1
		if end <= lo {
			break
		}
		ends = append(ends, end)
	}
	slices.Sort(ends)
	var parts []string
	for _, end := range slices.Compact(ends) {
		parts = append(parts, digitByDigit(lo, end))
		lo = end + 1
	}
	return strings.Join(parts, "|")
}

func digitByDigit(lo, hi int64) string {
	from, to := strconv.FormatInt(lo, 10), strconv.FormatInt(hi, 10)
	var b strings.Builder
	any := 0
	for i := range from {
		switch {
		case from[i] == to[i]:
			b.WriteByte(from[i])
		case from[i] == '0' && to[i] == '9':
			any++
		default:
			fmt.Fprintf(&b, "[%c-%c]", from[i], to[i])
		}
	}
	switch any {
	case 0:
	case 1:
		b.WriteString("[0-9]")
	default:
		fmt.Fprintf(&b, "[0-9]{%d}", any)
	}
	return b.String()
}
