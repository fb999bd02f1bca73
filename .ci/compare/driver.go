package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

// group is a table of results: programs that do the same tasks.
type group struct {
	name  string
	title string
	note  string
	after string // below the table
	down  bool   // a line for each task, not for each program
	tasks []job
	rows  []program
}

// job is a task with how its time is shown.
type job struct {
	name, label string
	unit        string  // "ns a form", "ms", "MB/s"
	tolerance   float64 // of answers, relative
	absolute    float64 // of answers, where that is more
}

// program is one row of a table: a variant of what a process does.
type program struct {
	label   string
	process string // ours, duckdbN, R or R-data.table, with what sets processes of one program apart behind a slash
	variant string
	skip    []string // tasks that it does not do
	only    []string // tasks that it does, if not all
	kin     string   // programs are compared with the first of their kin: another kin, another question
	env     []string
}

func (p program) does(task string) bool {
	return !slices.Contains(p.skip, task) && (len(p.only) == 0 || slices.Contains(p.only, task))
}

var oneCore = []string{"GOMAXPROCS=1"}

func groups() []group {
	forms := group{
		name: "forms", title: "Scoring questionnaires, nanoseconds a form",
		note: "One per cent of the answers blank. The columns are in memory: a byte an answer, in R four. " +
			"\"Checked\" looks at every answer's range, as ScoreColumns always does; \"to a table\" keeps the scores, as ScoreColumns and R do; \"summed\" throws them away.",
		tasks: []job{{name: "who5", label: "WHO-5 percent", unit: "ns"}, {name: "swemwbs", label: "SWEMWBS metric", unit: "ns"}, {name: "phq9", label: "PHQ-9 with band", unit: "ns"}},
		rows: []program{
			{label: "wellbeing.ScoreColumns, one core", process: "ours", variant: "score", env: oneCore},
			{label: "R, checked", process: "R", variant: "checked"},
			{label: "R, not checked", process: "R", variant: "plain"},
		},
	}
	for _, n := range []string{"1", "2"} {
		cores := map[string]string{"1": "one core", "2": "two cores"}[n]
		forms.rows = append(
			forms.rows,
			program{label: "DuckDB, " + cores + ", checked, to a table", process: "duckdb" + n, variant: "table_checked"},
			program{label: "DuckDB, " + cores + ", checked, summed", process: "duckdb" + n, variant: "sum_checked"},
			program{label: "DuckDB, " + cores + ", not checked, to a table", process: "duckdb" + n, variant: "table"},
			program{label: "DuckDB, " + cores + ", not checked, summed", process: "duckdb" + n, variant: "sum"},
		)
	}
	tests := testsGroup()
	extract := group{
		name: "extract", title: "Checking an extract of client episodes",
		note: fmt.Sprintf("102 columns, 2 %% of the rows with a planted slip; the rows that cannot be taken apart are left out. "+
			"\"The same rules\" are the %d that the SQL has: every field rule, the duplicate episodes and %d record rules; their counts are equal in both, rule by rule. "+
			"\"All rules\" are the %d of the dictionary.", sqlRuleCount(), len(recordRules), ruleCount()),
		tasks: []job{{name: "check", label: "MB/s", unit: "MB/s"}},
	}
	for _, n := range []string{"1", "2"} {
		cores := map[string]string{"1": "one core", "2": "two cores"}[n]
		env := []string{"GOMAXPROCS=" + n}
		add := func(label, process, variant, kin string) {
			extract.rows = append(extract.rows, program{
				label: label + ", " + cores, process: process + n + "/" + variant, variant: variant, kin: kin, env: env,
			})
		}
		add("dcrs, all rules, every finding kept", "ours", "findings"+n, "rules")
		add("dcrs, all rules but that of test numbers, every finding kept", "ours", "numbers"+n, "rules")
		add("dcrs, all rules, counts and examples", "ours", "counts"+n, "rules")
		add("dcrs, the same rules, every finding kept", "ours", "kept"+n, "rules")
		add("dcrs, the same rules, counts and examples", "ours", "same"+n, "rules")
		if n == "1" {
			add("encoding/csv, plain, the same rules, every finding kept", "ours", "plainkept", "rules")
			add("encoding/csv, plain, the same rules, counts only", "ours", "plain", "rules")
			add("encoding/csv, tuned by hand, the same rules, counts only", "ours", "tuned", "rules")
		}
		add("DuckDB, the same rules, counts only", "duckdb", "counts", "rules")
		add("DuckDB, parse only", "duckdb", "parse", "parse")
	}
	for _, p := range []struct{ label, variant string }{
		{"bytes.Count of commas and line ends", "count"}, {"byte loop that finds every cell", "loop"}, {"encoding/csv, record reused, parse only", "csv"},
	} {
		extract.rows = append(extract.rows, program{
			label: p.label + ", one core", process: "ours1/" + p.variant, variant: p.variant, kin: "cells", env: oneCore,
		})
	}
	return []group{forms, tests, extract}
}

// result is what a program needed for the tasks.
type result struct {
	took   map[string][]time.Duration
	memory int64
}

type table struct {
	group   group
	results []result
	bytes   int64 // of the extract
	rows    int
}

// measure compares the answers of the programs and then times them in turn.
func measure(g group, dir, script string, rounds int) (*table, error) {
	g.rows = available(g.rows)
	t := &table{group: g, results: make([]result, len(g.rows))}
	if info, err := os.Stat(filepath.Join(dir, "clean.csv")); err == nil {
		t.bytes = info.Size()
	}
	if info, err := os.Stat(filepath.Join(dir, "pre.f64")); err == nil {
		t.rows = int(info.Size() / 8)
	}
	processes := make(map[string]*process)
	defer func() {
		for _, p := range processes {
			_ = p.stop()
		}
	}()
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	for _, r := range g.rows {
		if processes[r.process] != nil {
			continue
		}
		program, _, _ := strings.Cut(r.process, "/")
		argv := []string{self, "serve", g.name, program, dir}
		if program == "R" {
			argv = []string{"Rscript", "--vanilla", script, g.name, dir}
		}
		p, err := start(r.env, argv...)
		if err != nil {
			return nil, err
		}
		processes[r.process] = p
	}
	if err := agree(g, processes, dir); err != nil {
		return nil, err
	}
	for i := range t.results {
		t.results[i].took = make(map[string][]time.Duration)
	}
	for round := range rounds {
		for _, j := range g.tasks {
			for i := range g.rows {
				// Every second round goes backwards, so that nobody always follows the same.
				if round%2 == 1 {
					i = len(g.rows) - 1 - i
				}
				r := g.rows[i]
				if !r.does(j.name) {
					continue
				}
				took, err := processes[r.process].ask("run", r.variant, j.name)
				if err != nil {
					return nil, fmt.Errorf("%s, %s: %w", r.label, j.name, err)
				}
				t.results[i].took[j.name] = append(t.results[i].took[j.name], took)
			}
		}
	}
	for i, r := range g.rows {
		t.results[i].memory = processes[r.process].peakMemory()
	}
	return t, nil
}

// available leaves out DuckDB where it is not built in, and R where it or one of
// its packages is not installed.
func available(rows []program) (out []program) {
	for _, r := range rows {
		if r.process == "R" && rVersion() == "" || strings.HasPrefix(r.process, "duckdb") && !withDuckDB {
			continue
		}
		out = append(out, r)
	}
	return out
}

// rVersion is the version of R and of the packages that are compared, "" where
// one is not there.
var rVersion = sync.OnceValue(func() string {
	out, err := exec.Command("Rscript", "--vanilla", "-e",
		`cat("R", as.character(getRversion()), "survival", as.character(packageVersion("survival")), "data.table", as.character(packageVersion("data.table")))`).Output()
	if err != nil {
		return ""
	}
	return string(out)
})

// agree compares every program's answer with that of the first of its kin.
func agree(g group, processes map[string]*process, dir string) error {
	for _, j := range g.tasks {
		first := make(map[string][]float64)
		for _, r := range g.rows {
			if !r.does(j.name) {
				continue
			}
			file := filepath.Join(dir, "answer.f64")
			if _, err := processes[r.process].ask("dump", r.variant, j.name, file); err != nil {
				return fmt.Errorf("%s, %s: %w", r.label, j.name, err)
			}
			answer, err := readFloats(file)
			if err != nil {
				return err
			}
			want, ok := first[r.kin]
			if !ok {
				if len(answer) == 0 {
					return fmt.Errorf("%s, %s: no answer", r.label, j.name)
				}
				first[r.kin] = answer
				continue
			}
			if err := differ(want, answer, j.tolerance, j.absolute); err != nil {
				if g.name == "extract" {
					err = fmt.Errorf("%w\n%s", err, ruleDifferences(want, answer))
				}
				return fmt.Errorf("%s, %s: answers otherwise: %w", r.label, j.name, err)
			}
		}
	}
	return nil
}

// write prints the table: medians, and how many times as long each took as ours.
func (t *table) write(w io.Writer) error {
	g := t.group
	fmt.Fprintf(w, "\n## %s\n\n%s\n\n", g.title, g.note)
	if g.name == "extract" {
		return t.writeExtract(w)
	}
	if g.down {
		return t.writeDown(w)
	}
	head, rule := "|", "|---|"
	head += " |"
	for _, j := range g.tasks {
		head += " " + j.label + " |"
		rule += "---|"
	}
	fmt.Fprintf(w, "%s\n%s\n", head, rule)
	best := make(map[string]time.Duration) // ours, the first row that does it
	for i, r := range g.rows {
		fmt.Fprintf(w, "| %s |", r.label)
		for _, j := range g.tasks {
			took := t.results[i].took[j.name]
			if len(took) == 0 {
				fmt.Fprint(w, " |")
				continue
			}
			m := median(took)
			if best[j.name] == 0 {
				best[j.name] = m
			}
			value := fmt.Sprintf("%.1f", float64(m.Microseconds())/1000)
			if j.unit == "ns" {
				value = fmt.Sprintf("%.1f", float64(m.Nanoseconds())/float64(t.rows))
			}
			fmt.Fprintf(w, " %s (%s) |", value, times(m, best[j.name]))
		}
		fmt.Fprintln(w)
	}
	_, err := fmt.Fprintln(w, "\nIn brackets: times the first row's time (where it does not do the task, the first one's that does).")
	return err
}

// writeDown prints a line for each task: medians, and how many times as long as
// the first program that does it.
func (t *table) writeDown(w io.Writer) error {
	head, rule := "| |", "|---|"
	for _, r := range t.group.rows {
		head += " " + r.label + " |"
		rule += "---|"
	}
	fmt.Fprintf(w, "%s answers within |\n%s---|\n", head, rule)
	for _, j := range t.group.tasks {
		fmt.Fprintf(w, "| %s |", j.label)
		var first time.Duration
		for i := range t.group.rows {
			took := t.results[i].took[j.name]
			if len(took) == 0 {
				fmt.Fprint(w, " |")
				continue
			}
			m := median(took)
			if first == 0 {
				first = m
			}
			fmt.Fprintf(w, " %.1f (%s) |", float64(m.Microseconds())/1000, times(m, first))
		}
		near := fmt.Sprintf("%.0e", j.tolerance)
		if j.absolute > 0 {
			near = fmt.Sprintf("±%g", j.absolute)
		}
		fmt.Fprintf(w, " %s |\n", near)
	}
	_, err := fmt.Fprintf(w, "\nIn brackets: times the first program's time. %s\n", t.group.after)
	return err
}

// times says how often the base goes into a duration.
func times(d, base time.Duration) string {
	ratio := float64(d) / float64(base)
	switch {
	case ratio < 0.995:
		return fmt.Sprintf("%.2f×", ratio)
	case ratio < 9.95:
		return fmt.Sprintf("%.1f×", ratio)
	}
	return fmt.Sprintf("%.0f×", ratio)
}

func (t *table) writeExtract(w io.Writer) error {
	fmt.Fprintln(w, "| | seconds | fastest to slowest | times dcrs, the same rules | MB/s | peak memory, MB |\n|---|---|---|---|---|---|")
	base := make(map[string]time.Duration) // by the setting of the cores
	for i, r := range t.group.rows {
		if strings.HasPrefix(r.variant, "same") {
			base[r.env[0]] = median(t.results[i].took["check"])
		}
	}
	for i, r := range t.group.rows {
		took := t.results[i].took["check"]
		m := median(took)
		low, high := took[0], took[0]
		for _, d := range took {
			low, high = min(low, d), max(high, d)
		}
		if _, err := fmt.Fprintf(w, "| %s | %.2f | %.2f–%.2f | %s | %.0f | %d |\n", r.label, m.Seconds(), low.Seconds(), high.Seconds(),
			times(m, base[r.env[0]]), float64(t.bytes)/1e6/m.Seconds(), t.results[i].memory/1_000_000); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "\nThe file has %.0f MB, in the page cache. Ratios are to dcrs on as many cores.\n", float64(t.bytes)/1e6)
	return err
}

// describeMachine says what the figures were measured on, and nothing of whose
// machine it is.
func describeMachine(w io.Writer, dir string, rounds int) error {
	cpu := "unknown processor"
	if b, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(b)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				cpu = strings.TrimSpace(value)
				break
			}
		}
	}
	duck := "DuckDB left out"
	if withDuckDB {
		if info, ok := debug.ReadBuildInfo(); ok {
			for _, m := range info.Deps {
				if m.Path == "github.com/duckdb/duckdb-go/v2" {
					duck = "duckdb-go " + m.Version
				}
			}
		}
	}
	r := rVersion()
	if r == "" {
		r = "R left out"
	}
	rows := 0
	if info, err := os.Stat(filepath.Join(dir, "pre.f64")); err == nil {
		rows = int(info.Size() / 8)
	}
	_, err := fmt.Fprintf(w, "%s, %d cores, %s/%s, %s, %s, %s. Load before the run, over one and five minutes: %s. "+
		"%d rows; medians of %d rounds, in each of which every program has its turn; all answers equal.\n",
		cpu, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), r, duck, load(), rows, rounds)
	return err
}

// load is the load of the machine, by which one sees whether it did other work.
func load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(b))[:2], " and ")
}

// ruleDifferences lists the rules whose counts differ.
func ruleDifferences(want, got []float64) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	rules := sqlRules()
	for i, rule := range rules {
		if i < min(len(want), len(got)) && want[i] != got[i] {
			fmt.Fprintf(w, "%s\t%v\tnot\t%v\n", rule, got[i], want[i])
		}
	}
	_ = w.Flush()
	return b.String()
}
