package dcrs

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// The elements of a JUnit report, as Jenkins and Maven's Surefire read them.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Skipped *junitOutcome `xml:"skipped"`
	Error   *junitOutcome `xml:"error"`
	Failure *junitOutcome `xml:"failure"`
	Out     *junitOutput  `xml:"system-out"`
}

type junitOutcome struct {
	Type    string `xml:"type,attr,omitempty"`
	Message string `xml:"message,attr"`
	Text    string `xml:",cdata"` // cleaned: it may hold no control characters
}

type junitOutput struct {
	Text string `xml:",cdata"`
}

// WriteJUnit writes the report as JUnit XML, for pipelines that show the results
// of tests: one test suite for the file and one test case for each rule, and
// before them the case "reading", which is in error where the file could not be
// read or not to its end.
//
// A rule with a finding of severity [Error] fails. One with nothing worse than
// warnings and notes passes, and says so in its output, since JUnit knows no
// warning: give a rule another level with [Severity] where it should fail. A rule
// that had nothing to look at is skipped. Failures say how many findings there
// are, what to do, and the places of the examples, with shapes and not values; give
// [Examples] where more than a few are wanted. Characters that XML cannot hold become escapes like \u001b. There are no times,
// since nothing here reads a clock.
func (r *Report) WriteJUnit(w io.Writer) error { return writeJUnit(w, r) }

// WriteJUnit writes the report as [Report.WriteJUnit] does, with one test suite for
// each file and a last one for the rules across files, which bears the name of the
// extract.
func (r *ExtractReport) WriteJUnit(w io.Writer) error { return writeJUnit(w, r.parts()...) }

func writeJUnit(w io.Writer, reports ...*Report) error {
	all := junitSuites{Name: "dcrs"}
	for _, r := range reports {
		suite := newJUnitSuite(r)
		all.Suites = append(all.Suites, suite)
		all.Tests += suite.Tests
		all.Failures += suite.Failures
		all.Errors += suite.Errors
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

func newJUnitSuite(r *Report) junitSuite {
	suite := junitSuite{Name: clean(r.File), Properties: []junitProperty{
		{"edition", clean(r.Edition)},
		{"kind", clean(r.Kind)},
		{"as_of", r.AsOf.String()},
		{"records", strconv.Itoa(r.Records)},
		{"records_with_errors", strconv.Itoa(r.RecordsWithErrors)},
		{"records_with_warnings", strconv.Itoa(r.RecordsWithWarnings)},
		{"verdict", newReportView(r).Verdict.Headline},
	}}
	reading := junitCase{Class: "dcrs", Name: "reading"}
	switch {
	case r.Unread != "":
		reading.Error = &junitOutcome{Type: clean(r.Unread), Message: "the rows could not be read"}
	case r.Truncated:
		reading.Error = &junitOutcome{Type: "truncated", Message: fmt.Sprintf("reading stopped after %s: the rest was not checked", counted(r.Records, "record"))}
	}
	if reading.Error != nil {
		suite.Errors++
	}
	suite.Cases = append(suite.Cases, reading)
	d := r.dictionary()
	for _, rr := range r.Rules {
		var def Rule
		if d != nil {
			def, _ = d.Rule(rr.Rule)
		}
		view := newRuleView(rr, def, d)
		class, _, _ := strings.Cut(rr.Rule, "/")
		c := junitCase{Class: "dcrs." + clean(class), Name: clean(rr.Rule)}
		switch {
		case rr.Errors > 0:
			suite.Failures++
			c.Failure = &junitOutcome{Type: rr.Severity.String(), Message: clean(junitCount(rr)), Text: junitText(view)}
		case rr.Count > 0:
			c.Out = &junitOutput{junitCount(rr) + "\n" + junitText(view)}
		case rr.Checked == 0:
			suite.Skipped++
			c.Skipped = &junitOutcome{Message: "it had nothing to look at"}
		}
		suite.Cases = append(suite.Cases, c)
	}
	suite.Tests = len(suite.Cases)
	return suite
}

// junitCount is how often a rule found something: "3 errors and 2 warnings, of 12 checked".
func junitCount(r RuleReport) string {
	var parts []string
	for _, p := range [...]struct {
		l Level
		n int
	}{{Error, r.Errors}, {Warning, r.Warnings}, {Info, r.Infos}} {
		if p.n > 0 {
			parts = append(parts, group(p.n)+" "+strings.ToLower(levelNoun(p.l, p.n)))
		}
	}
	text := strings.Join(parts, " and ")
	if r.Checked > 0 {
		text += ", of " + group(r.Checked) + " checked"
	}
	return text
}

// junitText says what is wrong, how to mend it and where.
func junitText(v ruleView) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nTo mend: %s\n", clean(v.Problem), clean(v.Fix))
	for i := range v.Examples {
		b.WriteString(exampleLine(&v.Examples[i]) + "\n")
	}
	if rest := v.Count - len(v.RuleReport.Examples); rest > 0 && len(v.Examples) > 0 {
		fmt.Fprintf(&b, "and %s more\n", group(rest))
	}
	return b.String()
}

// exampleLine says in one line where a finding stands and what it rests on.
func exampleLine(e *exampleView) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if e.Line > 0 {
		add("line %d", e.Line)
	}
	if e.Record > 0 {
		add("record %d", e.Record)
	}
	switch {
	case e.Field != "" && e.Column > 0:
		add("%s (column %d)", clip(clean(e.Field), 80), e.Column)
	case e.Field != "":
		add("%s", clip(clean(e.Field), 80))
	}
	if e.Shape != "" {
		add("%s", clean(e.Shape))
	}
	if e.Detail != "" {
		add("%s", clean(e.Detail))
	}
	if len(e.Related) > 0 {
		add("see %s", rests(&e.Finding))
	}
	for _, s := range e.Shown {
		add("%s %s", clean(s.Field), clean(s.Value))
	}
	return strings.Join(parts, ", ")
}
