package dcrs

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTextGolden(t *testing.T) {
	for _, c := range renderCases(t) {
		t.Run(c.name, func(t *testing.T) {
			golden(t, c.name+".txt", render(t, func(b *bytes.Buffer) error { return c.report.WriteText(b) }))
		})
	}
}

// A terminal must never obey what stands in an extract, and a report must fit it.
func TestTextIsSafeAndNarrow(t *testing.T) {
	for _, c := range renderCases(t) {
		t.Run(c.name, func(t *testing.T) {
			text := string(render(t, func(b *bytes.Buffer) error { return c.report.WriteText(b) }))
			require.True(t, utf8.ValidString(text))
			for _, r := range text {
				require.True(t, r == '\n' || unicode.IsPrint(r), "%U", r)
			}
			for line := range strings.Lines(text) {
				line = strings.TrimSuffix(line, "\n")
				assert.LessOrEqual(t, width(line), textWidth, line)
				assert.Equal(t, strings.TrimRight(line, " "), line, "no spaces at the end of a line")
			}
		})
	}
}

func TestTextColour(t *testing.T) {
	sgr := regexp.MustCompile("\x1b\\[[0-9;]*m")
	for _, c := range renderCases(t) {
		t.Run(c.name, func(t *testing.T) {
			plain := string(render(t, func(b *bytes.Buffer) error { return c.report.WriteText(b, Colour(false)) }))
			colour := string(render(t, func(b *bytes.Buffer) error { return c.report.WriteText(b, Colour(true)) }))
			assert.NotContains(t, plain, "\x1b")
			assert.Contains(t, colour, "\x1b[")
			assert.Equal(t, plain, sgr.ReplaceAllString(colour, ""), "colour changes nothing but the colour")
		})
	}
}

func TestVerdict(t *testing.T) {
	unfinished := truncatedReport(t)
	found(t, unfinished, "gender/code", 1)
	unfinished.RecordsWithErrors = 1
	for _, c := range []struct {
		why      string
		report   *Report
		headline string
		details  []string
	}{
		{
			"errors of records and errors that belong to no single record are told apart", yearReport(t),
			"Not ready: there are errors to mend first",
			[]string{"311 of 12,840 records have an error (2.4%); 14 errors concern the file as a whole or one record beside another."},
		},
		{
			"nothing found", cleanReport(t), "Ready: no errors and no warnings",
			[]string{"No rule found either in 1 record."},
		},
		{
			"a single warning in millions is not rounded away", warningsReport(t),
			"No errors, but warnings to look at first",
			[]string{"1 of 2,000,000 records has a warning (<0.01%)."},
		},
		{
			"nothing to check is not a pass", headerOnlyReport(t), "Nothing to send: there are no records",
			[]string{"0 records: a header and nothing below it."},
		},
		{
			"what could not be read was not checked", unreadReport(t), "Not ready: the file could not be read",
			[]string{
				"The header reads as one column with a comma, as 102 with a semicolon.",
				"No row was checked, so nothing else can be said of it.",
			},
		},
		{
			"half a file without errors is not a pass", truncatedReport(t), "Not finished: the file was not read to its end",
			[]string{
				"No rule found either in 4,100 records.",
				"Reading stopped before the end of the file: all that follows is about its first 4,100 records only.",
			},
		},
		{
			"errors count more than the missing half", unfinished, "Not ready: there are errors to mend first",
			[]string{
				"1 of 4,100 records has an error (0.02%).",
				"Reading stopped before the end of the file: all that follows is about its first 4,100 records only.",
			},
		},
	} {
		t.Run(c.why, func(t *testing.T) {
			v := newReportView(c.report)
			assert.Equal(t, c.headline, v.Verdict.Headline)
			assert.Equal(t, c.details, v.Verdict.Details)
		})
	}
}

func TestRulesInOrder(t *testing.T) {
	var got []string
	for _, f := range newReportView(yearReport(t)).Found {
		got = append(got, f.Rule)
	}
	assert.Equal(t, []string{
		"date_of_birth/format", "pathway/consent-missing", "dates/closed-too-early", "episode/duplicate",
		"client/nhs-number-placeholder", "weight_kg_pre/range", "employment_status/code",
		"postcode/blank", "place/quintile-missing",
		"measures/smoker-without-cigarettes", "file/missing-column",
	}, got, "errors, warnings, notes; within them most findings first")
}

// Every rule with findings is named in the text, whatever is left out of it.
func TestTextNamesEveryRule(t *testing.T) {
	r := crowdedReport(t)
	text := string(render(t, func(b *bytes.Buffer) error { return r.WriteText(b) }))
	assert.Less(t, strings.Count(text, "\n"), 700)
	words := strings.Join(strings.Fields(text), " ")
	for _, rr := range r.Rules {
		field, family, _ := strings.Cut(rr.Rule, "/")
		if _, ok := renderDictionary.Field(field); ok {
			assert.Contains(t, words, "*/"+family+" ")
			assert.Contains(t, words, field)
		} else {
			assert.Contains(t, words, rr.Rule)
		}
	}
}

func TestFamiliesAreShownAsOne(t *testing.T) {
	r := emptyReport(t, "a.csv", 100)
	for i, field := range []string{"gender", "setting", "consent", "client_mode"} {
		found(t, r, field+"/code", i+1, at(i+1, 1, field, "A"))
	}
	found(t, r, "episode/duplicate", 5)
	found(t, r, "bmi_pre/range", 20)
	found(t, r, "bmi_post/range", 1)
	var got []string
	for _, b := range blocks(newReportView(r).Found, Error) {
		got = append(got, b.Rule)
	}
	assert.Equal(t, []string{"bmi_pre/range", "*/code", "episode/duplicate", "bmi_post/range"}, got,
		"four fields of a family become one, which takes its place by their sum; two do not")
	all := blocks(newReportView(r).Found, Error)[1]
	assert.Equal(t, 10, all.Count)
	assert.Equal(t, 400, all.Checked)
	assert.Equal(t, "client_mode/code", all.members[0].Rule, "the field with most findings first")
}

func TestShare(t *testing.T) {
	for _, c := range []struct {
		n, whole int
		want     string
		why      string
	}{
		{0, 10, "0%", "none"},
		{10, 10, "100%", "all"},
		{1, 3, "33.3%", "a third"},
		{1, 1000000, "<0.01%", "one in a million is not 0%"},
		{999999, 1000000, ">99.9%", "all but one is not 100%"},
		{9990, 10000, "99.9%", "exactly 99.9"},
		{99949, 100000, ">99.9%", "just above"},
		{1, 1000, "0.10%", "two places below 1%"},
		{994, 100000, "0.99%", "two places up to where they would read 1.00"},
		{996, 100000, "1.0%", "one place from there"},
		{0, 0, "", "no whole to be a part of"},
		{5, 3, "", "several findings for one thing checked are no share of it"},
	} {
		assert.Equal(t, c.want, share(c.n, c.whole), c.why)
	}
}

func TestGroupAndSize(t *testing.T) {
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		assert.Equal(t, want, group(n))
	}
	for n, want := range map[int64]string{0: "0 bytes", 999: "999 bytes", 1000: "1.0 kB", 999949: "999.9 kB", 999960: "1.0 MB", 235412009: "235.4 MB", 4 << 40: "4.4 TB"} {
		assert.Equal(t, want, size(n))
	}
}

func TestClean(t *testing.T) {
	for _, c := range []struct{ why, in, want string }{
		{"ordinary text stays", "postcode_2", "postcode_2"},
		{"letters of any script stay", "Cyngor Môn 列", "Cyngor Môn 列"},
		{"an escape cannot drive the terminal", "a\x1b[2Jb", `a\u001b[2Jb`},
		{"a line break cannot forge a line of the report", "a\r\n\tb", `a\r\n\tb`},
		{"text cannot be turned round", "\u202egpj.exe", `\u202egpj.exe`},
		{"what cannot be seen is shown", "a\u200bb", `a\u200bb`},
		{"bytes that are not UTF-8 are shown", "a\xe9b", `a\xe9b`},
		{"a tag beyond the basic plane", "\U000e0041", `\U000e0041`},
		{"a no-break space looks like a space", "a\u00a0b", "a b"},
	} {
		assert.Equal(t, c.want, clean(c.in), c.why)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		why  string
		in   string
		want []string
	}{
		{"nothing", "", nil},
		{"short enough", "one two", []string{"one two"}},
		{"broken at a space", "one two three", []string{"one two", "three"}},
		{"exactly as wide", "0123456789 x", []string{"0123456789", "x"}},
		{"a longer word is cut", "0123456789abc", []string{"0123456789", "abc"}},
		{"two columns for each of these", "列列列列列列", []string{"列列列列列", "列"}},
		{"a mark takes none", "e\u0301e\u0301e\u0301e\u0301e\u0301 e\u0301e\u0301e\u0301e\u0301", []string{"e\u0301e\u0301e\u0301e\u0301e\u0301 e\u0301e\u0301e\u0301e\u0301"}},
	} {
		assert.Equal(t, c.want, wrap(c.in, 10), c.why)
	}
}
