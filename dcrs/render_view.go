package dcrs

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// What the text and the HTML report have in common: which findings come first,
// what the verdict is, how a number is written.

// conclusion is what the report says first: whether the file may go where it was
// meant to go.
type conclusion struct {
	Level    Level // Error: no; Warning: look first; Info and Off: nothing stands against it
	Headline string
	Details  []string
}

// ruleView is a rule with findings, in words.
type ruleView struct {
	RuleReport
	Problem  string
	Fix      string
	Family   string // of a rule that stands for one field of many, such as "range"
	Examples []exampleView
	// What the examples have to show: more of what is wrong, a shape, related
	// cells, values asked for.
	Details, Shapes, Rests, Shows bool
	Files                         bool // and the file
}

// exampleView is a finding and what it says beyond the words of its rule.
type exampleView struct {
	Finding
	Detail string
	Where  string // the file, where it is not that of the report
}

// reportView is a report put in the order of a reader's questions.
type reportView struct {
	*Report
	Verdict  conclusion
	Found    []ruleView    // gravest first, then most findings first
	Clean    []RuleReport  // looked at something and found nothing
	Idle     []RuleReport  // found nothing to look at
	Gaps     []FieldReport // fields to show in a short table
	Complete int           // fields that are valid in every row
	Slight   int           // fields left out of Gaps though a few cells are invalid, other or default
	Natural  int           // fields left out of Gaps though blank in places: nothing says that they should be filled
	Absent   []FieldReport // fields without a column
	Lacking  []string      // those of them that are expected in every extract
	Steps    []string      // what to do next
}

// ownDictionaries are the dictionaries of this package by kind.
var ownDictionaries = sync.OnceValue(func() map[string]*Dictionary {
	out := make(map[string]*Dictionary)
	for _, d := range append(ExtractDictionaries(), ExtractRules()) {
		out[d.kind] = d
	}
	return out
})

// dictionary is the one that the report's words come from; nil for a kind of
// record that this package does not know.
func (r *Report) dictionary() *Dictionary {
	return ownDictionaries()[cmp.Or(r.Kind, "episode")]
}

func newReportView(r *Report) *reportView {
	v := &reportView{Report: r}
	dictionary := r.dictionary()
	rule := func(id string) (rule Rule) {
		if dictionary != nil {
			rule, _ = dictionary.Rule(id)
		}
		return rule
	}

	fileErrors, fileWarnings, headErrors := 0, 0, 0
	for _, rr := range r.Rules {
		def := rule(rr.Rule)
		switch {
		case rr.Count > 0:
			f := newRuleView(rr, def, dictionary)
			v.Found = append(v.Found, f)
			if def.Scope == ScopeFile {
				fileErrors += rr.Errors
				fileWarnings += rr.Warnings
			}
			if strings.HasPrefix(rr.Rule, "file/") {
				headErrors += rr.Errors
			}
		case rr.Checked > 0:
			v.Clean = append(v.Clean, rr)
		default:
			v.Idle = append(v.Idle, rr)
		}
	}
	slices.SortStableFunc(v.Found, func(a, b ruleView) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(b.Count, a.Count))
	})

	for _, f := range r.Fields {
		field := Field{Presence: Mandatory}
		if dictionary != nil {
			if known, ok := dictionary.Field(f.Field); ok {
				field = known
			}
		}
		expected := field.Presence == Mandatory || field.Presence == Required
		switch {
		case f.Absent:
			v.Absent = append(v.Absent, f)
			if expected {
				v.Lacking = append(v.Lacking, f.Field)
			}
		case f.Valid == f.Denominator:
			v.Complete++
		case expected || 100*(f.Invalid+f.Other+f.Default) > f.Denominator-f.Missing:
			v.Gaps = append(v.Gaps, f)
		case f.Invalid+f.Other+f.Default > 0:
			v.Slight++
		default:
			v.Natural++
		}
	}

	v.Verdict = v.judge(fileErrors, fileWarnings)
	v.Steps = v.next(headErrors)
	return v
}

// newRuleView puts a rule in words: those of the dictionary or, for a rule that
// the dictionary does not know, those of its first example.
func newRuleView(rr RuleReport, def Rule, d *Dictionary) ruleView {
	f := ruleView{RuleReport: rr, Problem: def.Problem, Fix: def.Fix, Files: def.Scope == ScopeExtract}
	if d != nil && def.Scope == ScopeField {
		f.Family = def.Family()
		f.Problem = d.message(&def)
	}
	if len(rr.Examples) > 0 {
		f.Problem = cmp.Or(f.Problem, rr.Examples[0].Message)
		f.Fix = cmp.Or(f.Fix, rr.Examples[0].Fix)
	}
	for _, e := range rr.Examples {
		detail := e.Message
		if rest, ok := strings.CutPrefix(e.Message, f.Problem); ok {
			detail = strings.TrimLeft(rest, ":;, ")
		}
		where := ""
		if f.Files {
			where = e.File
		}
		if where == "" && e.Line == 0 && e.Field == "" && e.Shape == "" && detail == "" && len(e.Related)+len(e.Shown) == 0 {
			continue // it is about the file as a whole, and the words of the rule say it all
		}
		f.Examples = append(f.Examples, exampleView{e, detail, where})
		f.Details = f.Details || detail != ""
		f.Shapes = f.Shapes || e.Shape != ""
		f.Rests = f.Rests || len(e.Related) > 0
		f.Shows = f.Shows || len(e.Shown) > 0
	}
	f.Problem, f.Fix = sentence(f.Problem), stopped(f.Fix)
	return f
}

// judge puts the verdict in words. Findings of rules that see the whole file
// belong to no single row and are not among RecordsWithErrors.
func (v *reportView) judge(fileErrors, fileWarnings int) conclusion {
	if v.Unread != "" {
		why := "The rows were not read (" + clean(v.Unread) + ")."
		if rr, ok := v.Rule(v.Unread); ok && len(rr.Examples) > 0 {
			why = sentence(clean(rr.Examples[0].Message))
		}
		return conclusion{Error, "Not ready: the file could not be read", []string{
			why, "No row was checked, so nothing else can be said of it.",
		}}
	}

	var out conclusion
	switch errors := v.Count(Error); {
	case errors > 0:
		out = conclusion{Level: Error, Headline: "Not ready: there are errors to mend first"}
		out.Details = append(out.Details, v.extent("an error", v.RecordsWithErrors, fileErrors))
	case v.Records == 0:
		out = conclusion{Level: Warning, Headline: "Nothing to send: there are no records"}
	case v.Count(Warning) > 0:
		out = conclusion{Level: Warning, Headline: "No errors, but warnings to look at first"}
		out.Details = append(out.Details, v.extent("a warning", v.RecordsWithWarnings, fileWarnings))
	default:
		out = conclusion{Level: Info, Headline: "Ready: no errors and no warnings"}
		out.Details = append(out.Details, fmt.Sprintf("No rule found either in %s.", counted(v.Records, "record")))
	}
	if v.Records == 0 {
		out.Details = append(out.Details, v.emptiness())
	}
	if v.Truncated {
		if v.Count(Error) == 0 {
			out.Level, out.Headline = Error, "Not finished: the file was not read to its end"
		}
		out.Details = append(out.Details, fmt.Sprintf(
			"Reading stopped before the end of the file: all that follows is about its first %s only.",
			counted(v.Records, "record")))
	}
	return out
}

// extent says how many records have a finding, and how many findings belong to
// no record.
func (v *reportView) extent(what string, records, file int) string {
	var parts []string
	if records > 0 {
		parts = append(parts, fmt.Sprintf("%s of %s %s %s (%s)",
			group(records), counted(v.Records, "record"), choose(records, "has", "have"), what, share(records, v.Records)))
	}
	if file > 0 {
		_, noun, _ := strings.Cut(what, " ")
		parts = append(parts, fmt.Sprintf("%s %s the file as a whole or one record beside another",
			counted(file, noun), choose(file, "concerns", "concern")))
	}
	return strings.Join(parts, "; ") + "."
}

func (v *reportView) emptiness() string {
	if v.Truncated {
		return "0 records: reading stopped before the first row below the header."
	}
	return "0 records: a header and nothing below it."
}

// next says what to do next, as sentences.
func (v *reportView) next(headErrors int) []string {
	var steps []string
	add := func(format string, args ...any) { steps = append(steps, fmt.Sprintf(format, args...)) }
	switch {
	case v.Unread != "":
		fix := "Export the file again as CSV in UTF-8."
		if rr, ok := v.Rule(v.Unread); ok && len(rr.Examples) > 0 && rr.Examples[0].Fix != "" {
			fix = sentence(clean(rr.Examples[0].Fix))
		}
		add("%s", fix)
		add("Check it again.")
		return steps
	case v.Truncated:
		add("Find out why reading stopped, and check the whole file.")
	case v.Records == 0:
		add("Check the period and the filters of the export: it holds no rows.")
	}
	errors, warnings := v.Count(Error), v.Count(Warning)
	if errors > 0 {
		first := ""
		if headErrors > 0 && headErrors < errors {
			first = "; begin with those of the file itself (file/...), which can hide others"
		}
		add("Mend the %s in the system that the extract came from%s.", counted(errors, "error"), first)
	}
	if warnings > 0 {
		add("Have someone who knows the service look at the %s: %s be true.", counted(warnings, "warning"), choose(warnings, "it may", "some will"))
	}
	if errors+warnings > 0 {
		add("To find every record: the CSV report lists each finding with its line, and with the episode_id where that was asked for.")
	}
	if errors > 0 {
		add("Export and check again, until no error is left.")
	}
	if errors == 0 && v.Records > 0 && !v.Truncated {
		add("Send it where it is meant to go: nothing that was checked stands against it. Whether it may be shared at all is for the service's information governance to say.")
	}
	return steps
}

// clean makes text from a file safe to show: control characters, and those that
// cannot be seen or turn the direction of the text, become escapes like \u202e.
func clean(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsPrint(r):
			b.WriteString(s[i : i+n])
		case r == '\u00a0':
			b.WriteByte(' ')
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		i += n
	}
	return b.String()
}

// sentence begins with a capital and ends with a full stop.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	if c := s[0]; 'a' <= c && c <= 'z' && !strings.Contains(firstWord(s), "_") {
		s = string(c-'a'+'A') + s[1:]
	}
	return stopped(s)
}

// stopped ends with a full stop.
func stopped(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?") {
		return s
	}
	return s + "."
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}

// group writes a whole number with commas: 1,234,567.
func group[N int | int64](n N) string {
	s := strconv.FormatInt(int64(n), 10)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(s) - 3; i > first; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// counted is a number and what it counts: "1 record", "2 records".
func counted(n int, what string) string {
	return group(n) + " " + choose(n, what, what+"s")
}

func choose(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// share writes n as a percentage of a whole, never as 0% where there is one and
// never as 100% where one is lacking; "" where there is no whole to be a part of.
func share(n, whole int) string {
	if whole <= 0 || n < 0 || n > whole {
		return ""
	}
	percent := 100 * float64(n) / float64(whole)
	switch {
	case n == 0:
		return "0%"
	case n == whole:
		return "100%"
	case percent < 0.01:
		return "<0.01%"
	case percent < 0.995:
		return strconv.FormatFloat(percent, 'f', 2, 64) + "%"
	case percent > 99.9:
		return ">99.9%"
	}
	return strconv.FormatFloat(percent, 'f', 1, 64) + "%"
}

// size writes a number of bytes: "235.4 MB".
func size(bytes int64) string {
	const unit = 1000
	if bytes < unit {
		return group(bytes) + " bytes"
	}
	value, prefix := float64(bytes)/unit, 0
	for value >= unit-0.05 && prefix < 4 {
		value /= unit
		prefix++
	}
	return strconv.FormatFloat(value, 'f', 1, 64) + " " + "kMGTP"[prefix:prefix+1] + "B"
}
