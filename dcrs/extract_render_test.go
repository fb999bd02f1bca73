package dcrs

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// messySample is the sample extract with something wrong in the episodes, in the
// contacts and between the two.
func messySample(t *testing.T) fstest.MapFS {
	files := edited(t, sampleExtract(), "contacts.csv", "2024-01-15", "15/01/2024")
	files = edited(t, files, "episodes.csv", "HT01", "HT 01")
	files["notes.txt"] = &fstest.MapFile{Data: []byte("x")}
	return files
}

// extractReports are reports of several files of every kind that there is.
func extractReports(t *testing.T) map[string]*ExtractReport {
	t.Helper()
	out := make(map[string]*ExtractReport)
	unread := sampleExtract()
	unread["goals.csv"] = &fstest.MapFile{Data: []byte("\x00\x01\x02\x03 no table at all \x00")}
	for name, files := range map[string]fstest.MapFS{
		"clean": sampleExtract(), "messy": messySample(t), "nothing": {}, "no episodes": {"contacts.csv": sampleExtract()["contacts.csv"]},
		"one unread": unread,
	} {
		report, err := filesValidator(t, GroupBy("service_code"), Show("episode_id")).Validate(t.Context(), "Q1.zip", files, nil)
		require.NoError(t, err)
		out[name] = report
	}
	broken, err := filesValidator(t).Validate(t.Context(), "Q1.zip", brokenFS{MapFS: messySample(t), read: "contacts.csv"}, nil)
	require.Error(t, err)
	out["broken off"] = broken
	return out
}

// What is written for pipelines says of each file what the report says of it.
func TestExtractForPipelines(t *testing.T) {
	for name, r := range extractReports(t) {
		t.Run(name, func(t *testing.T) {
			var suites junitSuites
			require.NoError(t, xml.Unmarshal(render(t, func(b *bytes.Buffer) error { return r.WriteJUnit(b) }), &suites))
			var log sarifLog
			require.NoError(t, json.Unmarshal(render(t, func(b *bytes.Buffer) error { return r.WriteSARIF(b) }), &log))
			parts := append(slices.Clone(r.Files), r.Across)
			require.Len(t, suites.Suites, len(parts))
			require.Len(t, log.Runs, len(parts))
			tests, failures, ids := 0, 0, map[string]bool{}
			for i, part := range parts {
				suite, run := suites.Suites[i], log.Runs[i]
				assert.Equal(t, part.File, suite.Name)
				assert.Len(t, suite.Cases, 1+len(part.Rules))
				tests += suite.Tests
				for j, rule := range part.Rules {
					assert.Equal(t, rule.Errors > 0, suite.Cases[j+1].Failure != nil, rule.Rule)
					if rule.Errors > 0 {
						failures++
					}
				}
				ids[run.Automation.ID] = true
				assert.Equal(t, "dcrs/"+part.Kind+"/", run.Automation.ID)
				examples := 0
				for _, rule := range part.Rules {
					for _, f := range rule.Examples {
						place := run.Results[examples].Locations[0].Physical.Artifact
						assert.Equal(t, f.Rule, run.Results[examples].RuleID)
						if place.Index != nil {
							assert.Equal(t, f.File, run.Artifacts[*place.Index].Location.URI, "the place is in the file of the finding")
						} else {
							assert.True(t, part == r.Across, "%s: the file of a finding is among the artifacts", f.Rule)
						}
						examples++
					}
				}
				assert.Len(t, run.Results, examples)
			}
			assert.Len(t, ids, len(parts), "runs can be told apart")
			assert.Equal(t, []int{tests, failures}, []int{suites.Tests, suites.Failures})
		})
	}
}

// Every finding is one row in the columns of the DVE, with the kind of record of the
// file in which it stands.
func TestExtractDVE(t *testing.T) {
	var b bytes.Buffer
	w := NewDVEWriter(&b, ExtractRules().Kind())
	var found []Finding
	report, err := filesValidator(t).Validate(t.Context(), "Q1.zip", messySample(t), func(f Finding) error {
		found = append(found, f)
		return w.Write(f)
	})
	require.NoError(t, err)
	require.NoError(t, w.Flush())
	rows, err := csv.NewReader(&b).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 1+len(found))
	entities := make(map[string]int)
	for i, row := range rows[1:] {
		assert.Equal(t, found[i].Rule, row[7])
		want := "extract"
		if kind, ok := strings.CutSuffix(found[i].File, "s.csv"); ok {
			want = kind
		}
		assert.Equal(t, want, row[0], "%+v", found[i])
		entities[row[0]]++
		if strings.HasPrefix(found[i].Rule, "extract/") {
			assert.Equal(t, []string{"submission", "", "Bad file"}, []string{row[2], row[9], row[11]})
		}
	}
	assert.Subset(t, slices.Collect(maps.Keys(entities)), []string{"episode", "contact", "extract"})

	reports := extractReports(t)
	for name, want := range map[string]DVEStatus{
		"messy": DVERecordsRejected, "nothing": DVEFileRejected, "no episodes": DVEFileRejected, "broken off": DVEProcessingFailed, "one unread": DVEFileRejected,
	} {
		assert.Equal(t, want, reports[name].DVEStatus(), name)
	}
	assert.Equal(t, DVERecordsRejected, report.DVEStatus())
}

func TestExtractReportsHoldToTheirSchema(t *testing.T) {
	var schema map[string]any
	require.NoError(t, json.Unmarshal(ExtractReportSchema(), &schema))
	for name, r := range extractReports(t) {
		text := render(t, func(b *bytes.Buffer) error { return r.WriteJSON(b) })
		var v map[string]any
		require.NoError(t, json.Unmarshal(text, &v))
		assert.NoError(t, holds(schema, schema, v, "report"), name)
		// And they are read back to what they were.
		back, err := ReadExtractReport(bytes.NewReader(text))
		require.NoError(t, err, name)
		assert.Equal(t, string(text), string(render(t, func(b *bytes.Buffer) error { return back.WriteJSON(b) })), name)
	}
	good := string(render(t, func(b *bytes.Buffer) error { return extractReports(t)["messy"].WriteJSON(b) }))
	for why, spoil := range map[string][2]string{
		"of one file":                  {good, string(render(t, func(b *bytes.Buffer) error { return extractReports(t)["messy"].Files[0].WriteJSON(b) }))},
		"without the rules across":     {`"across": {`, `"acros": {`},
		"two of one kind":              {`"kind": "contact"`, `"kind": "episode"`},
		"counts that do not add up":    {`"records": 3,`, `"records": -3,`},
		"a file that is none":          {`"files": [`, `"files": [null, `},
		"rules across of another kind": {`"kind": "extract"`, `"kind": "goal"`},
		"something behind":             {good, good + "{}"},
	} {
		text := strings.Replace(good, spoil[0], spoil[1], 1)
		require.NotEqual(t, good, text, why)
		_, err := ReadExtractReport(strings.NewReader(text))
		_, ok := errors.AsType[*ReportError](err)
		assert.True(t, ok, "%s: %v", why, err)
	}
}

// A comparison of two extracts is that of each file and of the rules across them.
func TestCompareExtracts(t *testing.T) {
	reports := extractReports(t)
	c, err := CompareExtracts(reports["messy"], reports["clean"])
	require.NoError(t, err)
	assert.Empty(t, c.Cautions)
	require.Len(t, c.Files, 6)
	trend := func(c *Comparison, id string) Trend { return c.rule(id).Trend }
	assert.Equal(t, TrendFixed, trend(c.Files[0], "service_code/format"))
	assert.Equal(t, TrendFixed, trend(c.Files[1], "contact_date/format"))
	assert.Equal(t, TrendFixed, trend(c.Across, "extract/unknown-file"))
	assert.Equal(t, reports["messy"].Count(Error), c.Before.Errors)
	level, text := c.headline()
	assert.Equal(t, Info, level)
	assert.Equal(t, "No errors are left", text)

	c, err = CompareExtracts(reports["clean"], reports["messy"])
	require.NoError(t, err)
	assert.Equal(t, TrendNew, trend(c.Files[1], "contact_date/format"))
	level, text = c.headline()
	assert.Equal(t, Error, level)
	assert.Contains(t, text, "More errors than before")

	c, err = CompareExtracts(reports["clean"], reports["no episodes"])
	require.NoError(t, err)
	assert.Len(t, c.Files, 1)
	assert.Len(t, c.Cautions, 5, "a file that is no longer there is said")
	assert.Contains(t, c.Cautions[0], "episodes.csv is no longer there")

	c, err = CompareExtracts(reports["one unread"], reports["clean"])
	require.NoError(t, err)
	assert.Equal(t, []string{"goals.csv could not be read before, and is not compared."}, c.Cautions)

	for _, pair := range [][2]*ExtractReport{{nil, reports["clean"]}, {reports["clean"], nil}, {reports["clean"], {}}} {
		_, err := CompareExtracts(pair[0], pair[1])
		_, ok := errors.AsType[*CompareError](err)
		assert.True(t, ok, err)
	}
}

func TestExtractScorecards(t *testing.T) {
	report := extractReports(t)["messy"]
	cards, err := NewExtractScorecards(report, ExtractDictionaries(), ScoreFrom(1), ScoreFields("attendance"))
	require.NoError(t, err)
	require.Len(t, cards.Files, 6)
	for i, f := range report.Files {
		one, err := NewScorecards(f, ExtractDictionaries()[i], ScoreFrom(1))
		require.NoError(t, err)
		if f.Kind != "contact" { // of which an option names a field
			assert.Equal(t, one, cards.Files[i], "the cards of a file are those of its report")
		}
	}
	assert.Equal(t, []ScoreItem{{Field: "attendance"}}, cards.Files[1].Items)
	assert.Equal(t, "service_code", cards.Files[0].GroupBy)
	assert.Empty(t, cards.Files[1].GroupBy, "contacts name no service")

	service := cards.Files[0].Cards[0].Group
	one, ok := cards.Only(service)
	require.True(t, ok)
	require.Len(t, one.Files, 1, "a card of all services is not for one of them")
	_, ok = cards.Only("XX99")
	assert.False(t, ok)

	rows, err := csv.NewReader(bytes.NewReader(render(t, func(b *bytes.Buffer) error { return cards.WriteCSV(b) }))).ReadAll()
	require.NoError(t, err)
	assert.Equal(t, "file,"+scorecardColumns, strings.Join(rows[0], ","))
	files := make(map[string]bool)
	for _, row := range rows[1:] {
		files[row[0]] = true
	}
	assert.Len(t, files, 6)

	for why, refused := range map[string]func() error{
		"a field that none has": func() error {
			_, err := NewExtractScorecards(report, ExtractDictionaries(), ScoreFields("name"))
			return err
		},
		"a dictionary is missing": func() error {
			_, err := NewExtractScorecards(report, ExtractDictionaries()[:2])
			return err
		},
		"nothing was read": func() error {
			_, err := NewExtractScorecards(extractReports(t)["nothing"], ExtractDictionaries())
			return err
		},
	} {
		assert.Error(t, refused(), why)
	}
}

var ids = regexp.MustCompile(` (?:id|aria-labelledby)="([^"]*)"`)

// The pages of several files are well-formed, and no two parts have one name.
func TestExtractPages(t *testing.T) {
	reports := extractReports(t)
	c, err := CompareExtracts(reports["clean"], reports["messy"])
	require.NoError(t, err)
	cards, err := NewExtractScorecards(reports["messy"], ExtractDictionaries(), ScoreFrom(1))
	require.NoError(t, err)
	for name, write := range map[string]func(io.Writer) error{"comparison": c.WriteHTML, "scorecards": cards.WriteHTML} {
		page := string(render(t, func(b *bytes.Buffer) error { return write(b) }))
		require.True(t, strings.HasSuffix(strings.TrimSpace(page), "</html>"), name)
		named := make(map[string]bool)
		for _, m := range ids.FindAllStringSubmatch(page, -1) {
			if strings.HasPrefix(m[0], " id=") {
				assert.False(t, named[m[1]], "%s: two parts are called %s", name, m[1])
				named[m[1]] = true
			}
		}
		for _, m := range ids.FindAllStringSubmatch(page, -1) {
			assert.True(t, named[m[1]], "%s: no part is called %s", name, m[1])
		}
		for _, m := range regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(page, -1) {
			assert.True(t, named[m[1]], "%s: a link leads to %s, which is not there", name, m[1])
		}
		for _, d := range ExtractDictionaries() {
			assert.Contains(t, page, tableName(d.Kind()), name)
		}
	}
	text := string(render(t, func(b *bytes.Buffer) error { return c.WriteText(b) }))
	for line := range strings.Lines(text) {
		assert.LessOrEqual(t, width(strings.TrimSuffix(line, "\n")), textWidth, line)
	}
	for _, want := range []string{"MORE ERRORS THAN BEFORE", "contacts.csv", "contact_date/format", "Between the files"} {
		assert.Contains(t, text, want)
	}
}

// Nothing that is written of an extract of several files holds a value that nobody
// asked for.
func TestExtractOutputsHoldNoValues(t *testing.T) {
	const planted = "PLANT-77"
	files := sampleExtract()
	for _, d := range ExtractDictionaries() {
		name := tableName(d.Kind())
		lines := strings.SplitAfter(string(files[name].Data), "\n")
		lines = append(lines, strings.Repeat(planted+"!,", strings.Count(lines[0], ","))+planted+"\n")
		files[name] = &fstest.MapFile{Data: []byte(strings.Join(lines, ""))}
	}
	var dve bytes.Buffer
	w := NewDVEWriter(&dve, "extract")
	report, err := filesValidator(t, Examples(1000)).Validate(t.Context(), "Q1", files, w.Write)
	require.NoError(t, err)
	require.NoError(t, w.Flush())
	require.Greater(t, report.Count(Error), 40)
	clean := extractReports(t)["clean"]
	c, err := CompareExtracts(clean, report)
	require.NoError(t, err)
	cards, err := NewExtractScorecards(report, ExtractDictionaries(), ScoreFrom(1))
	require.NoError(t, err)
	out := dve.String()
	for _, write := range []func(io.Writer) error{
		report.WriteJSON, report.WriteHTML, report.WriteJUnit, report.WriteSARIF, c.WriteJSON, c.WriteHTML, cards.WriteJSON, cards.WriteCSV, cards.WriteHTML,
		func(w io.Writer) error { return report.WriteText(w) }, func(w io.Writer) error { return c.WriteText(w) },
	} {
		out += string(render(t, func(b *bytes.Buffer) error { return write(b) }))
	}
	require.NotContains(t, out, planted)
	require.Contains(t, out, "AAAAA-99", "the shape is there: the plant was found")
}
