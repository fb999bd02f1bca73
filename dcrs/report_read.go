package dcrs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// reportLimit is how many bytes a report in JSON may have. Those that this package
// writes stay below it: a report's size depends on the number of rules, examples
// and groups, which are all bounded.
const reportLimit = 64 << 20

// ReportError says why a text is no report, or a report none that a validator
// could have made. Its text repeats nothing of what was read.
type ReportError struct {
	Path    string // of the part that is wrong, such as "rules[3].count"; "" for the whole
	Problem string
}

func (e *ReportError) Error() string {
	if e.Path == "" {
		return "dcrs: not a report: " + e.Problem
	}
	return "dcrs: not a report: " + e.Path + ": " + e.Problem
}

// ReadReport reads what [Report.WriteJSON] wrote, to compare or merge it, or to
// write it in another format. It holds the report against itself: counts that do
// not add up, two entries for one rule, more examples than findings are a
// [*ReportError], as is anything that is no JSON object of that kind, of more than
// 64 MiB, or with something behind it. Members that it does not know are passed
// over. An error of the reader is returned as it is.
func ReadReport(r io.Reader) (*Report, error) {
	report := new(Report)
	if err := readJSON(r, report); err != nil {
		return nil, err
	}
	if err := report.check(); err != nil {
		return nil, err
	}
	return report, nil
}

// ReadExtractReport reads what [ExtractReport.WriteJSON] wrote, as [ReadReport] does
// with that of one file; each of the reports in it is held against itself, and the
// files against each other.
func ReadExtractReport(r io.Reader) (*ExtractReport, error) {
	report := new(ExtractReport)
	if err := readJSON(r, report); err != nil {
		return nil, err
	}
	if err := report.check(); err != nil {
		return nil, err
	}
	return report, nil
}

// readJSON reads one JSON object and nothing behind it.
func readJSON(r io.Reader, into any) error {
	text, err := io.ReadAll(io.LimitReader(r, reportLimit+1))
	if err != nil {
		return err
	}
	if len(text) > reportLimit {
		return &ReportError{Problem: "it has more than 64 MiB"}
	}
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	if err := dec.Decode(into); err != nil {
		return jsonProblem(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return &ReportError{Problem: "there is something behind it"}
	}
	return nil
}

// check holds a report on an extract of several files against itself.
func (r *ExtractReport) check() error {
	var c checker
	c.want(r.Edition != "", "it is missing", "edition")
	c.want(!r.AsOf.IsZero(), "it is missing", "as_of")
	c.want(r.Across != nil, "it is missing", "across")
	if c.err != nil {
		return c.err
	}
	kinds := make(map[string]bool)
	for i, part := range r.parts() {
		path := "across"
		if part != r.Across {
			path = fmt.Sprintf("files[%d]", i)
		}
		c.want(part != nil, "it is missing", "%s", path)
		if c.err != nil {
			return c.err
		}
		c.want((part.Kind == extractRules().kind) == (part == r.Across), "it is of another kind", "%s.kind", path)
		c.want(!kinds[part.Kind], "the kind has been there", "%s.kind", path)
		kinds[part.Kind] = true
		if err := part.check(); err != nil && c.err == nil {
			bad, _ := errors.AsType[*ReportError](err)
			return &ReportError{Path: path + "." + bad.Path, Problem: bad.Problem}
		}
	}
	if c.err != nil {
		return c.err
	}
	return nil
}

// jsonProblem says what is wrong without the words of encoding/json, which may
// quote what it read.
func jsonProblem(err error) *ReportError {
	if bad, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return &ReportError{Path: bad.Field, Problem: "it is of another type"}
	}
	if bad, ok := errors.AsType[*json.SyntaxError](err); ok {
		return &ReportError{Problem: fmt.Sprintf("it is not JSON, at byte %d", bad.Offset)}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &ReportError{Problem: "it ends too early"}
	}
	return &ReportError{Problem: "it holds a date or a severity that is none"}
}

// checker gathers the first thing that is wrong with a report.
type checker struct{ err *ReportError }

func (c *checker) want(ok bool, problem, path string, args ...any) {
	if !ok && c.err == nil {
		c.err = &ReportError{Path: fmt.Sprintf(path, args...), Problem: problem}
	}
}

// add adds counts up; one that is negative, or a sum beyond what JSON holds
// exactly, is wrong.
func (c *checker) add(path string, counts ...int) int64 {
	var sum int64
	for _, n := range counts {
		c.want(n >= 0 && int64(n) <= maxCount, "it is no count", "%s", path)
		sum += min(max(0, int64(n)), maxCount)
	}
	return sum
}

const maxCount = 1 << 53

// check holds a report against itself.
func (r *Report) check() error {
	var c checker
	c.want(r.Edition != "", "it is missing", "edition")
	c.want(r.Kind != "", "it is missing", "kind")
	c.want(!r.AsOf.IsZero(), "it is missing", "as_of")
	c.want(r.Bytes >= 0, "it is no count", "bytes")
	c.add("records", r.Records)
	c.add("records_with_errors", r.RecordsWithErrors)
	c.add("records_with_warnings", r.RecordsWithWarnings)
	c.want(r.RecordsWithErrors <= r.Records, "they are more than the records", "records_with_errors")
	c.want(r.RecordsWithWarnings <= r.Records, "they are more than the records", "records_with_warnings")
	c.want(r.ExampleLimit >= 0, "it is no count", "example_limit")
	c.want(r.Unread == "" || r.Records == 0, "rows were read", "unread")

	rules := make(map[string]int, len(r.Rules))
	var errs, warnings int64
	for i := range r.Rules {
		rule := &r.Rules[i]
		path := fmt.Sprintf("rules[%d]", i)
		_, twice := rules[rule.Rule]
		c.want(!twice, "the rule has been there", "%s.rule", path)
		c.want(strings.Contains(rule.Rule, "/"), "it is no rule's id", "%s.rule", path)
		rules[rule.Rule] = i
		sum := c.add(path, rule.Errors, rule.Warnings, rule.Infos)
		c.want(int64(rule.Count) == sum, "it is not the sum of errors, warnings and infos", "%s.count", path)
		c.add(path+".checked", rule.Checked)
		c.add(path+".not_applicable", rule.NotApplicable)
		errs += int64(rule.Errors)
		warnings += int64(rule.Warnings)
		worst := rule.Severity
		switch {
		case rule.Errors > 0:
			worst = Error
		case rule.Warnings > 0:
			worst = Warning
		case rule.Infos > 0:
			worst = Info
		}
		c.want(rule.Severity != Off && rule.Severity == worst, "it is not that of the gravest finding", "%s.severity", path)
		c.want(len(rule.Examples) <= rule.Count, "they are more than the findings", "%s.examples", path)
		c.want(len(rule.Examples) <= r.ExampleLimit, "they are more than the limit", "%s.examples", path)
		for j := range rule.Examples {
			r.checkExample(&c, rule, &rule.Examples[j], fmt.Sprintf("%s.examples[%d]", path, j))
		}
	}
	c.want(int64(r.RecordsWithErrors) <= errs, "they are more than the errors", "records_with_errors")
	c.want(int64(r.RecordsWithWarnings) <= warnings, "they are more than the warnings", "records_with_warnings")

	fields := make(map[string]bool, len(r.Fields))
	for i, f := range r.Fields {
		path := fmt.Sprintf("fields[%d]", i)
		c.want(f.Field != "" && !fields[f.Field], "it is missing, or has been there", "%s.field", path)
		fields[f.Field] = true
		sum := c.add(path, f.Valid, f.Other, f.Default, f.Invalid, f.Missing)
		c.want(sum == int64(f.Denominator), "it is not the sum of the five", "%s.denominator", path)
		c.want(f.Denominator <= r.Records, "it is more than the records", "%s.denominator", path)
		c.want(!f.Absent || f.Missing == f.Denominator, "a column that is not there has no cells", "%s.absent", path)
	}
	r.checkGroups(&c, rules, fields)
	if c.err != nil {
		return c.err
	}
	return nil
}

func (r *Report) checkExample(c *checker, rule *RuleReport, f *Finding, path string) {
	c.want(f.Rule == rule.Rule, "it is of another rule", "%s.rule", path)
	n := 0
	switch f.Severity {
	case Error:
		n = rule.Errors
	case Warning:
		n = rule.Warnings
	case Info:
		n = rule.Infos
	}
	c.want(n > 0, "there is no finding of it", "%s.severity", path)
	for _, p := range append([]Related{{Position: f.Position}}, f.Related...) {
		c.want(p.Record >= 0 && p.Line >= 0 && p.Column >= 0 && p.Offset >= 0, "it is no place", "%s", path)
		// What it rests on may stand in another file, whose records are not counted here.
		elsewhere := r.Kind == extractRules().kind || p.File != f.File
		c.want(p.Record <= r.Records || elsewhere, "there is no such record", "%s.record", path)
	}
}

func (r *Report) checkGroups(c *checker, rules map[string]int, fields map[string]bool) {
	c.want(r.GroupBy != "" || len(r.Groups) == 0, "it is missing", "group_by")
	c.want(len(r.Groups) <= MaxGroups+2, "they are too many", "groups")
	var records int64
	found := make(map[string]int64)
	order := ""
	for i, g := range r.Groups {
		path := fmt.Sprintf("groups[%d]", i)
		key := ""
		switch g.Kind {
		case "":
			key = "1" + g.Group
			c.want(g.Group != "", "it is missing", "%s.group", path)
		case GroupNone, GroupOthers:
			key = map[string]string{GroupNone: "2", GroupOthers: "3"}[g.Kind]
			c.want(g.Group == "", "it has a kind instead", "%s.group", path)
		default:
			c.want(false, "it is none", "%s.kind", path)
		}
		c.want(key > order, "it is out of order, or has been there", "%s", path)
		order = key
		records += c.add(path+".records", g.Records)
		c.add(path, g.RecordsWithErrors, g.RecordsWithWarnings)
		c.want(max(g.RecordsWithErrors, g.RecordsWithWarnings) <= g.Records, "more records have findings than there are", "%s", path)
		last := -1
		for j, rule := range g.Rules {
			at, ok := rules[rule.Rule]
			c.want(ok && at > last, "the report does not have it, or not in this order", "%s.rules[%d].rule", path, j)
			last = at
			sum := c.add(path, rule.Errors, rule.Warnings, rule.Infos)
			c.want(sum == int64(rule.Count) && sum > 0, "it is not the sum of errors, warnings and infos", "%s.rules[%d].count", path, j)
			found[rule.Rule] += sum
		}
		c.want(len(g.Fields) == len(fields), "they are not those of the report", "%s.fields", path)
		for j, f := range g.Fields {
			c.want(j >= len(r.Fields) || f.Field == r.Fields[j].Field, "it is not that of the report", "%s.fields[%d].field", path, j)
			sum := c.add(path, f.Valid, f.Other, f.Default, f.Invalid, f.Missing)
			c.want(sum == int64(g.Records), "the five do not add up to the records", "%s.fields[%d]", path, j)
		}
	}
	c.want(records <= int64(r.Records), "their records are more than there are", "groups")
	for i := range r.Rules {
		c.want(found[r.Rules[i].Rule] <= int64(r.Rules[i].Count), "the groups have more findings of it", "rules[%d].count", i)
	}
}
