package schema

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"html"
	"io"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

var update = flag.Bool("update", false, "rewrite DICTIONARY.md and testdata from the dictionaries")

// writers are the forms, by the name of their golden file.
var writers = []struct {
	name  string
	write func(w io.Writer, tables ...Table) error
}{
	{"dictionary.md", WriteMarkdown},
	{"dictionary.html", WriteHTML},
	{"table-schema.json", one(WriteTableSchema)},
	{"datapackage.json", WriteDataPackage},
	{"csvw.json", WriteCSVW},
	{"row.schema.json", one(WriteJSONSchema)},
	{"postgresql.sql", WritePostgreSQL},
	{"duckdb.sql", WriteDuckDB},
	{"template.csv", one(WriteCSVTemplate)},
}

func one(write func(io.Writer, Table) error) func(io.Writer, ...Table) error {
	return func(w io.Writer, tables ...Table) error { return write(w, tables[0]) }
}

// golden holds a file equal to what is written.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, got, 0o644))
	}
	b, err := os.ReadFile(name)
	require.NoError(t, err)
	want, lines := strings.Split(string(b), "\n"), strings.Split(string(got), "\n")
	for i := range min(len(want), len(lines)) {
		require.Equal(t, want[i], lines[i], "%s, line %d: run go test ./dcrs/schema -update", name, i+1)
	}
	require.Len(t, lines, len(want), "%s: run go test ./dcrs/schema -update", name)
}

func written(t *testing.T, write func(io.Writer, ...Table) error, tables ...Table) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, write(&b, tables...))
	return b.Bytes()
}

func parsed(t *testing.T, write func(io.Writer, ...Table) error, tables ...Table) map[string]any {
	t.Helper()
	var v map[string]any
	require.NoError(t, json.Unmarshal(written(t, write, tables...), &v))
	return v
}

// Everything twice gives the same bytes, and an error of the writer comes back.
func TestSameBytesAndErrors(t *testing.T) {
	t.Parallel()
	for _, d := range dictionaries(t) {
		for _, w := range writers {
			a, b := written(t, w.write, Table{Dictionary: d}), written(t, w.write, Table{Dictionary: d})
			assert.Equal(t, a, b, w.name)
			assert.True(t, bytes.HasSuffix(a, []byte("\n")), w.name)
			assert.False(t, bytes.Contains(a, []byte("\r")), w.name)
			full := errors.New("full")
			assert.ErrorIs(t, w.write(failingWriter{full}, Table{Dictionary: d}), full, w.name)
		}
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

func TestTablesThatDoNotFit(t *testing.T) {
	t.Parallel()
	d := dcrs.Episodes()
	for _, c := range []struct {
		why    string
		tables []Table
		want   string
	}{
		{"nothing to write", nil, "there is none"},
		{"the zero Table", []Table{{}}, "it has no dictionary"},
		{"two files of one name", []Table{{Dictionary: d}, {Dictionary: d}}, "the name is taken"},
		{"the name of the table of labels", []Table{{Dictionary: d, Name: "code_labels"}}, "the name is taken"},
		{"a name that is a path", []Table{{Dictionary: d, Name: "../x"}}, "a name is lower-case letters"},
		{"a key that is no field", []Table{{Dictionary: d, Key: []string{"id"}}}, `it has no field "id"`},
		{"a reference to itself", []Table{{Dictionary: d, References: []Reference{{Fields: []string{"client_id"}, Table: "episodes"}}}}, "not among the tables before it"},
		{"a reference of two to one", []Table{{Dictionary: d}, {Dictionary: d, Name: "b", References: []Reference{{Fields: []string{"client_id", "episode_id"}, Table: "episodes"}}}}, "2 fields refer to a key of 1"},
		{"a reference from nowhere", []Table{{Dictionary: d}, {Dictionary: d, Name: "b", References: []Reference{{Fields: []string{"x"}, Table: "episodes"}}}}, `it has no field "x"`},
	} {
		err := WriteDataPackage(io.Discard, c.tables...)
		var e *TableError
		require.ErrorAs(t, err, &e, c.why)
		assert.Contains(t, err.Error(), c.want, c.why)
	}
}

// What is written for the made-up dictionary, to be read by whoever reviews a
// change of the forms.
func TestGolden(t *testing.T) {
	for _, w := range writers {
		golden(t, filepath.Join("testdata", "golden", w.name), written(t, w.write, Table{Dictionary: quitAttempts(t), Title: "Quit attempts"}))
	}
}

// The page that readers of the repository find, held equal to the dictionary.
func TestDictionaryPage(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("<!-- Written by TestDictionaryPage from the dictionary. Do not edit: go test ./dcrs/schema -run TestDictionaryPage -update -->\n\n")
	var tables []Table
	for _, d := range dcrs.ExtractDictionaries() {
		tables = append(tables, Table{Dictionary: d})
	}
	require.NoError(t, WriteMarkdown(&b, tables...))
	golden(t, filepath.Join("..", "DICTIONARY.md"), b.Bytes())
}

func TestMarkdownHoldsEverything(t *testing.T) {
	t.Parallel()
	for _, d := range dictionaries(t) {
		page := string(written(t, WriteMarkdown, Table{Dictionary: d}))
		plain := regexp.MustCompile("\\[`([^`]*)`\\]\\(#[^)]*\\)").ReplaceAllStringFunc(page, func(link string) string { return cell(strings.Split(link, "`")[1]) })
		holdsEverything(t, d, func(s string) bool { return strings.Contains(plain, s) || strings.Contains(plain, cell(s)) })
		headings := map[string]bool{}
		columns := 0
		unescaped := regexp.MustCompile(`(?:^|[^\\])\|`)
		for line := range strings.Lines(page) {
			line = strings.TrimSuffix(line, "\n")
			if level, title, ok := strings.Cut(line, "# "); ok && strings.Trim(level, "#") == "" {
				headings[anchor(title)] = true
			}
			if !strings.HasPrefix(line, "|") {
				columns = 0
				continue
			}
			n := len(unescaped.FindAllString(line, -1))
			if columns > 0 {
				assert.Equal(t, columns, n, "a row of another length: %s", line)
			}
			columns = n
		}
		for _, link := range regexp.MustCompile(`\]\(#([^)]*)\)`).FindAllStringSubmatch(page, -1) {
			assert.True(t, headings[link[1]], "a link leads nowhere: %s", link[1])
		}
	}
}

var tag = regexp.MustCompile(`<[^>]*>`)

func TestHTMLHoldsEverything(t *testing.T) {
	t.Parallel()
	for _, d := range dictionaries(t) {
		page := string(written(t, WriteHTML, Table{Dictionary: d}))
		_, body, _ := strings.Cut(page, "<body>")
		text := html.UnescapeString(tag.ReplaceAllString(body, ""))
		holdsEverything(t, d, func(s string) bool { return strings.Contains(text, s) })
		ids := map[string]bool{}
		for _, m := range regexp.MustCompile(`\sid="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			assert.False(t, ids[m[1]], "two elements of one id: %s", m[1])
			ids[m[1]] = true
		}
		links := regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1)
		assert.NotEmpty(t, links)
		for _, m := range links {
			to, ok := strings.CutPrefix(m[1], "#")
			assert.True(t, ok && ids[html.UnescapeString(to)], "a link leads nowhere: %s", m[1])
		}
		for _, outside := range []string{"<script", "<img", "<link", "src=", "url(", "@import", "<details"} {
			assert.NotContains(t, page, outside, "the page stands by itself, and nothing in it is folded away")
		}
	}
}

// holdsEverything asks for each name, code, label, rule and text of a dictionary.
func holdsEverything(t *testing.T, d *dcrs.Dictionary, contains func(string) bool) {
	t.Helper()
	has := func(s string) {
		if s != "" {
			assert.True(t, contains(s), "it lacks %q", s)
		}
	}
	has(d.Edition())
	has(aboutOf(d))
	for f := range d.Fields() {
		has(f.Name)
		has(f.Label)
		has(sentence(f.Note))
		has(f.Source)
		has(sentence(Expects(f)))
	}
	for l := range d.CodeLists() {
		has(l.Name)
		for _, c := range l.Codes {
			has(c.Code)
			has(c.Label)
			has(c.Source)
		}
	}
	for r := range d.Rules() {
		field, name, _ := strings.Cut(r.ID, "/")
		if _, ok := d.Field(field); ok && r.Scope == dcrs.ScopeField {
			has("FIELD/" + name)
		} else {
			has(r.ID)
		}
		has(sentence(r.Problem))
		has(sentence(r.Fix))
		has(sentence(r.Note))
		has(r.Reads)
	}
}

// Text that looks like markup stays text.
func TestNothingBecomesMarkup(t *testing.T) {
	t.Parallel()
	nasty := "<b>x</b> | *y* _z_ `c` [l](m) '; DROP TABLE episodes; --\n-- \"q\" \\"
	tb := Table{Dictionary: dcrs.Episodes(), Title: nasty, About: nasty}
	assert.NotContains(t, string(written(t, WriteHTML, tb)), "<b>x</b>")
	page := string(written(t, WriteMarkdown, tb))
	assert.NotContains(t, page, "<b>")
	assert.NotContains(t, page, "[l](m)")
	for line := range strings.Lines(string(written(t, WritePostgreSQL, tb))) {
		if strings.Contains(line, "DROP TABLE") {
			assert.True(t, strings.HasPrefix(line, "-- ") || strings.Contains(line, "''; DROP TABLE"), line)
		}
	}
}

func TestCSVTemplate(t *testing.T) {
	t.Parallel()
	for _, d := range dictionaries(t) {
		rows, err := csv.NewReader(bytes.NewReader(written(t, one(WriteCSVTemplate), Table{Dictionary: d}))).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, 1)
		assert.Equal(t, names(d), rows[0])
	}
}

func names(d *dcrs.Dictionary) (names []string) {
	for f := range d.Fields() {
		names = append(names, f.Name)
	}
	return names
}

func TestTableSchemaIsTheDictionary(t *testing.T) {
	t.Parallel()
	for _, d := range dictionaries(t) {
		pkg := parsed(t, WriteDataPackage, Table{Dictionary: d})
		resource := pkg["resources"].([]any)[0].(map[string]any)
		alone := parsed(t, one(WriteTableSchema), Table{Dictionary: d})
		assert.Equal(t, alone, resource["schema"], "the package holds the schema of the table")
		assert.Equal(t, resource["name"].(string)+".csv", resource["path"])
		fields := alone["fields"].([]any)
		require.Len(t, fields, len(names(d)))
		for i, want := range slices.Collect(d.Fields()) {
			f := fields[i].(map[string]any)
			assert.Equal(t, want.Name, f["name"])
			assert.Equal(t, want.Label, f["title"])
			constraints, _ := f["constraints"].(map[string]any)
			assert.Equal(t, want.Presence == dcrs.Mandatory, constraints["required"] == true, want.Name)
			if want.Valid != nil {
				assert.Equal(t, []any{float64(want.Valid.Min), float64(want.Valid.Max)}, []any{constraints["minimum"], constraints["maximum"]}, want.Name)
				assert.Equal(t, "number", f["type"], want.Name)
			}
			if want.CodeList == "" {
				assert.Nil(t, constraints["enum"], want.Name)
				continue
			}
			list, _ := d.CodeList(want.CodeList)
			var codes []any
			for _, c := range list.Codes {
				codes = append(codes, c.Code)
			}
			if want.Type == dcrs.TypeCode {
				assert.Equal(t, codes, constraints["enum"], want.Name)
			} else {
				assert.NotNil(t, constraints["pattern"], want.Name)
			}
		}
	}
}

// What the CSVW metadata accept, worked out from the metadata alone by the steps
// that the W3C's model for tabular data gives in "Parsing Cells", beside what the
// validator finds. Only what CSVW cannot say may differ, and that way alone.
func TestCSVWAgreesWithTheValidator(t *testing.T) {
	t.Parallel()
	for _, d := range dictionaries(t) {
		doc := parsed(t, WriteCSVW, Table{Dictionary: d})
		tbl := doc["tables"].([]any)[0].(map[string]any)
		assert.Equal(t, true, tbl["dialect"].(map[string]any)["trim"])
		columns := tbl["tableSchema"].(map[string]any)["columns"].([]any)
		ts, err := complete([]Table{{Dictionary: d}})
		require.NoError(t, err)
		require.Len(t, columns, len(ts[0].fields))
		for i, f := range ts[0].fields {
			column := columns[i].(map[string]any)
			require.Equal(t, f.Name, column["name"])
			texts := guesses(ts[0], f, newRand())
			format := regexp.MustCompile("")
			if pattern, ok := column["datatype"].(map[string]any)["format"].(string); ok {
				format = regexp.MustCompile(pattern)
			}
			for j, bad := range errorsOf(t, d, f.Name, texts) {
				accepted := csvwAccepts(t, column, format, texts[j])
				if accepted == bad && !csvwCannotSay(f, texts[j]) {
					assert.Equal(t, !bad, accepted, "%s: %q", f.Name, texts[j])
				}
				if !bad {
					assert.True(t, accepted, "%s: the validator accepts %q", f.Name, texts[j])
				}
			}
		}
	}
}

var (
	pointed      = regexp.MustCompile(`^ *[+-]?[0-9]*\.[0-9]* *$`)
	looseDecimal = regexp.MustCompile(`^ *([+][0-9.]+|[+-]?[0-9]+\.|[+-]?\.[0-9]+) *$`)
	xsdDecimal   = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$`)
)

func csvwCannotSay(f dcrs.Field, s string) bool {
	switch f.Type {
	case dcrs.TypeInteger: // that it is whole
		return pointed.MatchString(s) || strings.Contains(s, "+")
	case dcrs.TypeDecimal: // the lexical forms of xsd:decimal that the validator does not read
		return looseDecimal.MatchString(s)
	case dcrs.TypeCodes:
		return slices.ContainsFunc(strings.Split(s, ";"), func(one string) bool { return strings.TrimSpace(one) == "" })
	}
	return false
}

// csvwAccepts parses a cell: trimmed as the dialect says; blank is null;
// separated; matched with the format, or read as xsd:decimal or xsd:date.
func csvwAccepts(t *testing.T, column map[string]any, format *regexp.Regexp, text string) bool {
	t.Helper()
	text = strings.TrimSpace(text)
	if text == "" {
		return column["required"] != true
	}
	values := []string{text}
	if separator, ok := column["separator"].(string); ok {
		values = strings.Split(text, separator)
	}
	datatype := column["datatype"].(map[string]any)
	for _, v := range values {
		if v == "" {
			continue // null, in a list
		}
		switch datatype["base"] {
		case "string":
			if !format.MatchString(v) {
				return false
			}
		case "date":
			require.Equal(t, "yyyy-MM-dd", datatype["format"])
			if day, err := time.Parse(time.DateOnly, v); err != nil || day.Year() == 0 {
				return false
			}
		case "decimal":
			if !xsdDecimal.MatchString(v) || !within64(v, datatype) {
				return false
			}
		default:
			t.Fatalf("no datatype %v", datatype["base"])
		}
	}
	return true
}

// The names of the checks are ids of rules, and every column is there.
func TestSQLIsTheDictionary(t *testing.T) {
	t.Parallel()
	column := regexp.MustCompile(`(?m)^    "([a-z0-9_]+)" (text|date|numeric|DOUBLE)( NOT NULL)?`)
	constraint := regexp.MustCompile(`CONSTRAINT "([^"]+)"`)
	for _, d := range dictionaries(t) {
		for _, write := range []func(io.Writer, ...Table) error{WritePostgreSQL, WriteDuckDB} {
			script := string(written(t, write, Table{Dictionary: d}))
			table, rest, _ := strings.Cut(script, "\n);\n")
			var got []string
			for _, m := range column.FindAllStringSubmatch(table, -1) {
				got = append(got, m[1])
				f, _ := d.Field(m[1])
				assert.Equal(t, f.Presence == dcrs.Mandatory, m[3] != "", m[1])
			}
			assert.Equal(t, names(d), got)
			for _, m := range constraint.FindAllStringSubmatch(table, -1) {
				_, ok := d.Rule(m[1])
				assert.True(t, ok || strings.HasSuffix(m[1], "/finite"), "%s is no rule", m[1])
			}
			for f := range d.Fields() {
				assert.Contains(t, rest, `."`+f.Name+`" IS '`)
			}
			for l := range d.CodeLists() {
				for _, c := range l.Codes {
					assert.Contains(t, rest, "("+text(l.Name)+", "+text(c.Code)+", "+text(c.Label)+",")
				}
			}
		}
	}
}

// Keys and references of several files reach every form that can hold them.
func TestReferences(t *testing.T) {
	t.Parallel()
	d := dcrs.Episodes()
	tables := []Table{
		{Dictionary: d},
		{Dictionary: d, Name: "later-episodes", Title: "Later episodes", Key: []string{"client_id", "episode_id"}, References: []Reference{{Fields: []string{"episode_id"}, Table: "episodes"}}},
	}
	pkg := parsed(t, WriteDataPackage, tables...)
	second := pkg["resources"].([]any)[1].(map[string]any)["schema"].(map[string]any)
	assert.Equal(t, []any{"client_id", "episode_id"}, second["primaryKey"])
	assert.Equal(t, []any{map[string]any{"fields": []any{"episode_id"}, "reference": map[string]any{"resource": "episodes", "fields": []any{"episode_id"}}}}, second["foreignKeys"])
	csvw := parsed(t, WriteCSVW, tables...)
	second = csvw["tables"].([]any)[1].(map[string]any)["tableSchema"].(map[string]any)
	assert.Equal(t, []any{map[string]any{"columnReference": []any{"episode_id"}, "reference": map[string]any{"resource": "episodes.csv", "columnReference": []any{"episode_id"}}}}, second["foreignKeys"])
	for _, write := range []func(io.Writer, ...Table) error{WritePostgreSQL, WriteDuckDB} {
		script := string(written(t, write, tables...))
		assert.Contains(t, script, `FOREIGN KEY ("episode_id") REFERENCES "episodes" ("episode_id")`)
		assert.Equal(t, 1, strings.Count(script, "CREATE TABLE code_labels"), "the labels of lists that both use stand there once")
	}
	for _, write := range []func(io.Writer, ...Table) error{WriteMarkdown, WriteHTML} {
		assert.Contains(t, string(written(t, write, tables...)), "later-episodes")
	}

	// The files of a whole extract say by their own rules what belongs to what.
	tables = nil
	for _, d := range dcrs.ExtractDictionaries() {
		tables = append(tables, Table{Dictionary: d})
	}
	script := string(written(t, WritePostgreSQL, tables...))
	assert.Equal(t, len(tables)-1, strings.Count(script, `FOREIGN KEY ("episode_id") REFERENCES "episodes" ("episode_id")`))
}

func newRand() *rand.Rand { return rand.New(rand.NewPCG(3, 4)) }

// within64 reports whether a decimal lies within the limits of its datatype.
func within64(s string, datatype map[string]any) bool {
	n, ok := new(big.Rat).SetString(strings.TrimSuffix(strings.TrimPrefix(s, "+"), "."))
	if !ok {
		return false
	}
	for limit, sign := range map[string]int{"minimum": -1, "maximum": 1} {
		if l, ok := datatype[limit].(float64); ok && n.Cmp(new(big.Rat).SetFloat64(l)) == sign {
			return false
		}
	}
	return true
}
