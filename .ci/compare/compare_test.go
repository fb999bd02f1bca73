package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// TestMain lets the test's own program be the processes that measure starts.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		main()
		return
	}
	os.Exit(m.Run())
}

// sample is an extract of about 2,000 episodes with planted slips.
const sample = "../../examples/evaluate/sample.csv"

// TestEveryProgramAgrees compares the answers of all programs that are there, in
// small: ours against each other always, R and DuckDB where they can run.
func TestEveryProgramAgrees(t *testing.T) {
	dir := t.TempDir()
	if err := writeForms(dir, 2000, false); err != nil {
		t.Fatal(err)
	}
	if err := writeSamples(dir, 2000); err != nil {
		t.Fatal(err)
	}
	if err := cleanExtract(sample, dir); err != nil {
		t.Fatal(err)
	}
	for _, g := range groups() {
		t.Run(g.name, func(t *testing.T) {
			table, err := measure(g, dir, "compare.R", 1)
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := table.write(&b); err != nil {
				t.Fatal(err)
			}
			for _, r := range table.group.rows {
				if !strings.Contains(b.String(), "| "+r.label+" |") {
					t.Errorf("%q is not in the table", r.label)
				}
			}
			t.Logf("%d programs", len(table.group.rows))
		})
	}
}

// TestFormsAgreeWithAPlainLoop: the scores are those of a loop that knows the
// three instruments by heart, blanks and impossible codes included.
func TestFormsAgreeWithAPlainLoop(t *testing.T) {
	dir := t.TempDir()
	const rows = 2000
	if err := writeForms(dir, rows, true); err != nil {
		t.Fatal(err)
	}
	c, err := formsContestant(dir)
	if err != nil {
		t.Fatal(err)
	}
	metric := []float64{
		7, 9.51, 11.25, 12.40, 13.33, 14.08, 14.75, 15.32, 15.84, 16.36, 16.88, 17.43, 17.98, 18.59, 19.25,
		19.98, 20.73, 21.54, 22.35, 23.21, 24.11, 25.03, 26.02, 27.03, 28.13, 29.31, 30.70, 32.55, 35,
	}
	for _, f := range forms {
		columns, err := readForms(dir, f)
		if err != nil {
			t.Fatal(err)
		}
		var want, bands []float64
		none := 0
		for i := range rows {
			sum, ok := 0, true
			for _, column := range columns {
				code := int(column[i])
				ok = ok && code >= f.min && code <= f.max
				sum += code
			}
			score, band := math.NaN(), math.NaN()
			switch {
			case !ok:
				none++
			case f.name == "who5":
				score = float64(4 * sum)
			case f.name == "swemwbs":
				score = metric[sum-7]
			default:
				score, band = float64(sum), float64(min(sum/5, 4)+1)
			}
			want, bands = append(want, score), append(bands, band)
		}
		if f.name == "phq9" {
			want = append(want, bands...)
		}
		if none == 0 || none > rows/5 {
			t.Fatalf("%s: %d forms without a score", f.name, none)
		}
		finish, err := c["score "+f.name]()
		if err != nil {
			t.Fatal(err)
		}
		got, err := finish()
		if err != nil {
			t.Fatal(err)
		}
		if err := differ(want, got, 0, 0); err != nil {
			t.Errorf("%s: %v", f.name, err)
		}
	}
}

// TestQueryAsksWhatTheDictionaryHas: every field rule is in the query, and each
// of its rules is one of the dictionary, once.
func TestQueryAsksWhatTheDictionaryHas(t *testing.T) {
	d := dcrs.Episodes()
	query, rules := extractQuery(d, extractAsOf, "t")
	seen := make(map[string]bool)
	for _, r := range rules {
		if _, ok := d.Rule(r); !ok {
			t.Errorf("no rule %s", r)
		}
		if seen[r] {
			t.Errorf("%s stands twice", r)
		}
		seen[r] = true
	}
	for r := range d.Rules() {
		if r.Scope == dcrs.ScopeField && !seen[r.ID] {
			t.Errorf("%s is not asked", r.ID)
		}
	}
	if len(recordRules) < 10 {
		t.Errorf("%d record rules", len(recordRules))
	}
	if strings.Contains(query, "{}") || strings.Contains(query, "@") {
		t.Error("a mark was left in the query")
	}
	for _, r := range recordRules {
		for _, condition := range r.fails {
			for _, m := range valueMark.FindAllString(condition, -1) {
				if _, ok := d.Field(strings.Trim(m, "[]")); !ok {
					t.Errorf("%s reads %s, which is no field", r.rule, m)
				}
			}
		}
	}
}

// TestReadersCountCells: three ways of finding the cells find the same, and as
// many as a table has.
func TestReadersCountCells(t *testing.T) {
	name := filepath.Join(t.TempDir(), "t.csv")
	text := strings.Repeat("a,,\"c\"\n", 7) + strings.Repeat(",,\n", 400_000) // more than one piece
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for what, count := range map[string]func(string) (int, error){"count": countSeparators, "loop": loopCells, "csv": csvCells} {
		if n, err := count(name); err != nil || n != 3*400_007 {
			t.Errorf("%s: %d cells, %v", what, n, err)
		}
	}
}

func TestDiffer(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		want, got []float64
		tolerance float64
		absolute  float64
		equal     bool
		reason    string
	}{
		{[]float64{1, nan, 0}, []float64{1, nan, 0}, 0, 0, true, "the same, and none where there is none"},
		{[]float64{1}, []float64{nan}, 1, 0, false, "a score missing"},
		{[]float64{nan}, []float64{1}, 1, 0, false, "a score where there is none"},
		{[]float64{1, 2}, []float64{1}, 1, 0, false, "fewer"},
		{[]float64{1e9}, []float64{1e9 + 1}, 1e-8, 0, true, "within the tolerance, which is relative"},
		{[]float64{1e-9}, []float64{1.1e-9}, 1e-8, 0, false, "however small the numbers"},
		{[]float64{0}, []float64{1e-300}, 1e-8, 0, false, "nothing is near 0 but 0"},
		{[]float64{0}, []float64{1e-5}, 0, 1e-4, true, "unless it is said how near is near"},
		{[]float64{0}, []float64{1e-3}, 0, 1e-4, false, "and then no further"},
	} {
		if err := differ(c.want, c.got, c.tolerance, c.absolute); (err == nil) != c.equal {
			t.Errorf("%s: %v", c.reason, err)
		}
	}
}

func TestServeAnswersEveryLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "answer")
	c := contestant{
		"a works": func() (task, error) { return floats(1, math.NaN()), nil },
		"a fails": func() (task, error) { return nil, fmt.Errorf("one\ntwo") },
	}
	var out bytes.Buffer
	in := "run a works\nrun a fails\nrun a nothing\nrun\ndump a works " + file + "\n"
	if err := serve(c, strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	want := []string{"ok 0", "ok ", "error one two", "error no task a nothing", "error a command", "ok 0"}
	if len(lines) != len(want) {
		t.Fatalf("%d answers to %d lines: %q", len(lines), len(want), lines)
	}
	for i, w := range want {
		if !strings.HasPrefix(lines[i], w) {
			t.Errorf("answer %d is %q, not %q…", i, lines[i], w)
		}
	}
	got, err := readFloats(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := differ([]float64{1, math.NaN()}, got, 0, 0); err != nil {
		t.Error(err)
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		of   []time.Duration
		want time.Duration
		why  string
	}{
		{[]time.Duration{9, 1, 5}, 5, "the middle one, in any order"},
		{[]time.Duration{4, 1, 9, 2}, 3, "between the middle two"},
	} {
		if got := median(c.of); got != c.want {
			t.Errorf("%s: %d, not %d", c.why, got, c.want)
		}
	}
}
