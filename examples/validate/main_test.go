package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/examples/internal/synthetic"
)

// The four columns that every extract must have; that the others are absent is
// at most a warning.
const (
	header = "client_id,episode_id,service_code,referral_date\n"
	good   = header + "C1,E1,RX1,2025-05-01\nC2,E2,RX1,2025-06-01\n"
	bad    = header + "C1,E1,RX1,2025-05-01\nC2,E2,RX1,01/06/2025\nC3,E1,RX1,2025-06-01\n"
)

var now = time.Date(2026, 3, 31, 9, 0, 0, 0, time.UTC)

type outcome struct {
	status         int
	stdout, stderr string
}

// validate runs the program in a fresh directory that holds good.csv and bad.csv.
func validate(ctx context.Context, t *testing.T, stdin io.Reader, args ...string) outcome {
	t.Helper()
	return validateIn(ctx, t, t.TempDir(), stdin, args...)
}

func validateIn(ctx context.Context, t *testing.T, dir string, stdin io.Reader, args ...string) outcome {
	t.Helper()
	t.Chdir(dir)
	for name, text := range map[string]string{"good.csv": good, "bad.csv": bad, "bad;.csv": strings.ReplaceAll(bad, ",", ";")} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var stdout, stderr bytes.Buffer
	status := run(ctx, args, stdin, &stdout, &stderr, now)
	return outcome{status, stdout.String(), stderr.String()}
}

func TestRun(t *testing.T) {
	for _, c := range []struct {
		why    string
		args   []string
		stdin  string
		status int
		stdout []string // each stands in it
		stderr []string
	}{
		{
			why: "a file without errors is fit to send", args: []string{"good.csv"},
			status: fit, stdout: []string{"good.csv", "NO ERRORS", "2 records", "as of 2026-03-31", "WHAT TO DO NEXT"},
		},
		{
			why: "a file with errors is not", args: []string{"bad.csv"},
			status: unfit, stdout: []string{"NOT READY", "referral_date/format", "episode/duplicate", "line 3", "99/99/9999"},
		},
		{
			why: "a dash stands for standard input", args: []string{"-"}, stdin: bad,
			status: unfit, stdout: []string{"stdin", "NOT READY"},
		},
		{
			why: "flags may stand behind the file", args: []string{"good.csv", "-as-of", "2025-12-31"},
			status: fit, stdout: []string{"as of 2025-12-31"},
		},
		{
			why: "what is today decides what lies in the future", args: []string{"-as-of", "2025-05-15", "good.csv"},
			status: unfit, stdout: []string{"dates/in-the-future"},
		},
		{
			why: "a rule can be silenced", args: []string{"-severity", "*/format=off", "-severity", "episode/duplicate=warning", "bad.csv"},
			status: fit, stdout: []string{"NO ERRORS", "episode/duplicate"},
		},
		{
			why: "a later severity overrules an earlier one", args: []string{"-severity", "*/*=off", "-severity", "episode/duplicate=error", "bad.csv"},
			status: unfit, stdout: []string{"episode/duplicate"},
		},
		{
			why: "the text shows what was asked for beside the line", args: []string{"-show", "episode_id", "bad.csv"},
			status: unfit, stdout: []string{"episode_id E2"},
		},
		{
			why: "another delimiter is named, and nothing is checked", args: []string{"bad;.csv"},
			status: unfit, stdout: []string{"COULD NOT BE READ", "semicolon"}, stderr: []string{"-delimiter auto"},
		},
		{
			why: "what was not checked is not fit, even if told to keep silent", args: []string{"-severity", "file/delimiter=off", "bad;.csv"},
			status: unfit, stdout: []string{"COULD NOT BE READ"},
		},
		{
			why: "and can be declared", args: []string{"-delimiter", ";", "bad;.csv"},
			status: unfit, stdout: []string{"3 records", "episode/duplicate"},
		},
		{
			why: "an empty file is a finding", args: []string{"-"},
			status: unfit, stdout: []string{"COULD NOT BE READ", "file/empty"},
		},
		{
			why: "a header alone is no error, and is said", args: []string{"-"}, stdin: header,
			status: fit, stdout: []string{"0 records: a header and nothing below it"},
		},
		{
			why: "a rule is explained, and no file is read", args: []string{"-explain", "episode/duplicate"},
			status: fit, stdout: []string{"episode/duplicate", "Why", "To mend", "WRONG", "RIGHT"},
		},
		{
			why: "so is one of another kind of file", args: []string{"-explain", "contact/orphan"},
			status: fit, stdout: []string{"contact/orphan", "What it means"},
		},
		{
			why: "a rule of several files: of the first, and it says so", args: []string{"-explain", "setting/code"},
			status: fit, stdout: []string{"setting/code", "This is the rule of episodes.csv; -kind explains that of another file (contact)."},
		},
		{
			why: "of the one that is asked for, in a row of its own file", args: []string{"-explain", "issue/code", "-kind", "signposts"},
			status: fit, stdout: []string{"issue/code", "WRONG", "not known", "RIGHT", "smoking"},
		},
		{
			why: "which need not have it", args: []string{"-explain", "purpose/code", "-kind", "goal"},
			status: fit, stdout: []string{"purpose/code", "This is a rule of contacts.csv; goals.csv has none of that name."},
		},
		{
			why: "nor is a rule across files of any one", args: []string{"-explain", "agreement/first-contact", "-kind", "contact"},
			status: fit, stdout: []string{"agreement/first-contact", "What it means"},
		},
		{
			why: "every rule is listed", args: []string{"-rules"},
			status: fit, stdout: []string{"episodes.csv", "episode/duplicate                          error    own", "measures.csv", "between the files", "extract/missing-episodes", "lookup/postcode-unknown"},
		},
		{
			why: "as CSV for a spreadsheet", args: []string{"-rules", "-format", "csv"},
			status: fit, stdout: []string{"rule,file,severity,scope,basis,means,fix\n", "\nepisode/duplicate,episodes.csv,error,file,own,"},
		},
		{
			why: "and as JSON", args: []string{"-rules", "-format", "json"},
			status: fit, stdout: []string{`"rule": "contact/orphan"`},
		},
		{
			why: "a row may be no longer than is said", args: []string{"-record-limit", "10", "good.csv"},
			status: unfit, stdout: []string{"file/record-too-long"},
		},
		{
			why: "as many examples as are asked for", args: []string{"-examples", "1", "-format", "sarif", "bad.csv"},
			status: unfit, stdout: []string{"sarif"},
		},
		{
			why: "help was asked for", args: []string{"-h"},
			status: fit, stdout: []string{"Usage: validate [flags] FILE"},
		},

		{why: "no file", status: failed, stderr: []string{"it takes one FILE"}},
		{why: "two files", args: []string{"good.csv", "bad.csv"}, status: failed, stderr: []string{"it takes one FILE", "2"}},
		{why: "a missing file", args: []string{"none.csv"}, status: failed, stderr: []string{"none.csv", "no such file"}},
		{why: "a folder without an extract", args: []string{"."}, status: unfit, stdout: []string{"There is no episodes.csv"}},
		{why: "rules and a file", args: []string{"-rules", "good.csv"}, status: failed, stderr: []string{"no FILE"}},
		{why: "rules in a format that they do not have", args: []string{"-rules", "-format", "sarif"}, status: failed, stderr: []string{"text, json or csv"}},
		{why: "an unknown rule of another file", args: []string{"-explain", "contact/orfan"}, status: failed, stderr: []string{`is it "contact/orphan"?`}},
		{why: "half the name of rules", args: []string{"-explain", "quintile"}, status: failed, stderr: []string{`is it "imd_quintile/`}},
		{why: "no length of a row", args: []string{"-record-limit", "none", "good.csv"}, status: failed, stderr: []string{"whole number"}},
		{why: "too many examples", args: []string{"-examples", "1001", "good.csv"}, status: failed, stderr: []string{"between 0 and 1000"}},
		{why: "a zip that is none", args: []string{"none.zip"}, status: failed, stderr: []string{"none.zip"}},
		{why: "an unknown flag", args: []string{"-colour", "good.csv"}, status: failed, stderr: []string{"-colour"}},
		{why: "no date", args: []string{"-as-of", "31/03/2026", "good.csv"}, status: failed, stderr: []string{"-as-of", "date"}},
		{why: "no date of the calendar", args: []string{"-as-of", "2026-02-30", "good.csv"}, status: failed, stderr: []string{"-as-of"}},
		{why: "an empty date is not today", args: []string{"-as-of", "", "good.csv"}, status: failed, stderr: []string{"date"}},
		{why: "an unknown format", args: []string{"-format", "xml", "good.csv"}, status: failed, stderr: []string{"-format", "xml"}},
		{why: "an unknown rule", args: []string{"-severity", "dates/tomorrow=off", "good.csv"}, status: failed, stderr: []string{"dates/tomorrow"}},
		{why: "an unknown level", args: []string{"-severity", "dates/stale-open=fatal", "good.csv"}, status: failed, stderr: []string{"fatal"}},
		{why: "no level", args: []string{"-severity", "dates/stale-open", "good.csv"}, status: failed, stderr: []string{"RULE=LEVEL"}},
		{why: "an unknown field", args: []string{"-show", "episode_id,name", "good.csv"}, status: failed, stderr: []string{`"name"`}},
		{why: "an unknown rule to explain", args: []string{"-explain", "dates/plan-to-early"}, status: failed, stderr: []string{`is it "dates/plan-too-early"?`}},
		{why: "a rule and a file", args: []string{"-explain", "episode/duplicate", "good.csv"}, status: failed, stderr: []string{"no FILE"}},
		{why: "a field that would name persons", args: []string{"-by", "client_id", "good.csv"}, status: failed, stderr: []string{"GroupBy", "client_id"}},
		{why: "a format that scorecards do not have", args: []string{"-scorecard", "-format", "text", "good.csv"}, status: failed, stderr: []string{"html, json or csv"}},
		{why: "a format that comparisons do not have", args: []string{"-compare", "x.json", "-format", "csv", "good.csv"}, status: failed, stderr: []string{"text, json or html"}},
		{why: "two things at once", args: []string{"-compare", "x.json", "-scorecard", "good.csv"}, status: failed, stderr: []string{"do not go together"}},
		{why: "one card of none", args: []string{"-only", "RX1", "good.csv"}, status: failed, stderr: []string{"-scorecard"}},
		{why: "no report to compare with", args: []string{"-compare", "none.json", "good.csv"}, status: failed, stderr: []string{"none.json", "no such file"}},
		{why: "what is compared with is no report", args: []string{"-compare", "good.csv", "good.csv"}, status: failed, stderr: []string{"good.csv", "not a report"}},
		{why: "no workers", args: []string{"-workers", "0", "good.csv"}, status: failed, stderr: []string{"Workers"}},
		{why: "no number of workers", args: []string{"-workers", "many", "good.csv"}, status: failed, stderr: []string{"-workers"}},
		{why: "no delimiter", args: []string{"-delimiter", "ab", "good.csv"}, status: failed, stderr: []string{"-delimiter"}},
		{why: "a letter is no delimiter", args: []string{"-delimiter", "x", "good.csv"}, status: failed, stderr: []string{"Delimiter"}},
		{why: "nowhere to write", args: []string{"-o", "none/report.txt", "good.csv"}, status: failed, stderr: []string{"report.txt"}},
		{why: "the report must not overwrite the extract", args: []string{"-o", "./good.csv", "good.csv"}, status: failed, stderr: []string{"the extract itself"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			got := validate(t.Context(), t, strings.NewReader(c.stdin), c.args...)
			if got.status != c.status {
				t.Errorf("exit status %d, want %d\n%s%s", got.status, c.status, got.stdout, got.stderr)
			}
			for _, want := range c.stdout {
				if !strings.Contains(got.stdout, want) {
					t.Errorf("standard output lacks %q:\n%s", want, got.stdout)
				}
			}
			for _, want := range c.stderr {
				if !strings.Contains(got.stderr, want) {
					t.Errorf("standard error lacks %q:\n%s", want, got.stderr)
				}
			}
			if c.status != failed && c.stderr == nil && got.stderr != "" {
				t.Errorf("nothing is written to standard error but errors and which flag would help: %q", got.stderr)
			}
			if c.status == failed && got.stdout != "" {
				t.Errorf("nothing is written to standard output before the command line is right: %q", got.stdout)
			}
			if text, err := os.ReadFile("good.csv"); err != nil || string(text) != good {
				t.Errorf("the extract was touched: %v", err)
			}
		})
	}
}

func TestFormats(t *testing.T) {
	t.Run("json", func(t *testing.T) {
		got := validate(t.Context(), t, nil, "-format", "json", "bad.csv")
		var report dcrs.Report
		if err := json.Unmarshal([]byte(got.stdout), &report); err != nil {
			t.Fatal(err)
		}
		if r, _ := report.Rule("episode/duplicate"); got.status != unfit || r.Count != 1 || report.Records != 3 || report.File != "bad.csv" {
			t.Errorf("status %d, %d duplicates, %d records of %s", got.status, r.Count, report.Records, report.File)
		}
	})
	t.Run("dve holds every finding", func(t *testing.T) {
		got := validate(t.Context(), t, nil, "-format", "dve", "-show", "episode_id", "bad.csv")
		rows, err := csv.NewReader(strings.NewReader(got.stdout)).ReadAll()
		if err != nil || rows[0][7] != "ErrorCode" || !strings.Contains(got.stdout, "episode,E2,record,error,format,referral_date,") {
			t.Errorf("%v\n%s", err, got.stdout)
		}
	})
	t.Run("for pipelines", func(t *testing.T) {
		if got := validate(t.Context(), t, nil, "-format", "junit", "bad.csv"); got.status != unfit || !strings.Contains(got.stdout, "<failure type=\"error\"") {
			t.Errorf("status %d\n%.300s", got.status, got.stdout)
		}
		if got := validate(t.Context(), t, nil, "-format", "sarif", "bad.csv"); got.status != unfit || !strings.Contains(got.stdout, "sarif-schema-2.1.0") {
			t.Errorf("status %d\n%.300s", got.status, got.stdout)
		}
	})
	t.Run("a comparison with an earlier report", func(t *testing.T) {
		kept := validate(t.Context(), t, nil, "-format", "json", "-by", "service_code", "bad.csv").stdout
		name := filepath.Join(t.TempDir(), "kept.json")
		if err := os.WriteFile(name, []byte(kept), 0o600); err != nil {
			t.Fatal(err)
		}
		got := validate(t.Context(), t, nil, "-by", "service_code", "-compare", name, "good.csv")
		for _, want := range []string{"NO ERRORS ARE LEFT", "FIXED", "episode/duplicate", "BY SERVICE_CODE"} {
			if got.status != fit || !strings.Contains(got.stdout, want) {
				t.Errorf("status %d, no %q in\n%s%s", got.status, want, got.stdout, got.stderr)
			}
		}
		if got := validate(t.Context(), t, nil, "-format", "html", "-compare", name, "good.csv"); !strings.HasPrefix(got.stdout, "<!DOCTYPE html>") {
			t.Errorf("%.200s", got.stdout)
		}
		if got := validate(t.Context(), t, nil, "-compare", name, "bad;.csv"); got.status != failed || !strings.Contains(got.stderr, "cannot be compared") {
			t.Errorf("status %d: %s", got.status, got.stderr)
		}
	})
	t.Run("scorecards", func(t *testing.T) {
		got := validate(t.Context(), t, nil, "-scorecard", "bad.csv")
		if got.status != unfit || !strings.HasPrefix(got.stdout, "<!DOCTYPE html>") || !strings.Contains(got.stdout, "Data quality of RX1") {
			t.Errorf("status %d\n%.300s", got.status, got.stdout)
		}
		got = validate(t.Context(), t, nil, "-scorecard", "-format", "csv", "-only", "RX1", "good.csv")
		if got.status != fit || !strings.HasPrefix(got.stdout, "group,kind,records") || !strings.Contains(got.stdout, "RX1,,2,0,") {
			t.Errorf("status %d\n%.300s", got.status, got.stdout)
		}
		got = validate(t.Context(), t, nil, "-scorecard", "-only", "RX9", "good.csv")
		if got.status != failed || !strings.Contains(got.stderr, "RX9") {
			t.Errorf("status %d: %s", got.status, got.stderr)
		}
	})
	t.Run("csv holds every finding", func(t *testing.T) {
		got := validate(t.Context(), t, nil, "-format", "csv", "-show", "episode_id", "bad.csv")
		rows, err := csv.NewReader(strings.NewReader(got.stdout)).ReadAll()
		if err != nil || got.status != unfit {
			t.Fatal(got.status, err)
		}
		want := "rule,severity,file,record,line,column,offset,field,shape,related,message,fix,episode_id"
		if head := strings.Join(rows[0], ","); head != want {
			t.Errorf("header %s", head)
		}
		byRule := map[string][][]string{}
		for _, row := range rows[1:] {
			byRule[row[0]] = append(byRule[row[0]], row)
		}
		if n, want := len(byRule["file/missing-column"]), len(rows)-3; n != want {
			t.Errorf("%d columns are missing, want %d: the rest are the two planted errors", n, want)
		}
		for rule, want := range map[string]string{
			"referral_date/format": "2 3 referral_date 99/99/9999 E2",
			"episode/duplicate":    "3 4 episode_id  E1",
		} {
			if len(byRule[rule]) != 1 {
				t.Fatalf("%s: %q", rule, byRule[rule])
			}
			r := byRule[rule][0]
			if got := strings.Join([]string{r[3], r[4], r[7], r[8], r[12]}, " "); got != want {
				t.Errorf("%s: %s, want %s", rule, got, want)
			}
		}
	})
	t.Run("html", func(t *testing.T) {
		got := validate(t.Context(), t, nil, "-format", "html", "bad.csv")
		if got.status != unfit || !strings.HasPrefix(got.stdout, "<!DOCTYPE html>") || !strings.Contains(got.stdout, "episode/duplicate") {
			t.Errorf("status %d: %.200s", got.status, got.stdout)
		}
	})
	t.Run("text has no colours but on a terminal", func(t *testing.T) {
		if got := validate(t.Context(), t, nil, "bad.csv"); strings.Contains(got.stdout, "\x1b") {
			t.Error(got.stdout)
		}
	})
	for _, format := range []string{"text", "json", "csv", "html"} {
		t.Run(format+" is the same for every number of workers and to a file", func(t *testing.T) {
			one := validate(t.Context(), t, nil, "-format", format, "-workers", "1", "bad.csv")
			four := validate(t.Context(), t, nil, "-format", format, "-workers", "4", "-o", "report", "bad.csv")
			file, err := os.ReadFile("report")
			if err != nil || four.stdout != "" || four.status != one.status || string(file) != one.stdout {
				t.Errorf("%v, statuses %d and %d, %d and %d bytes", err, one.status, four.status, len(one.stdout), len(file))
			}
		})
	}
}

// A reader that fails half-way, and an interruption, leave a report of what was
// read until then.
func TestUnfinished(t *testing.T) {
	fails := func() io.Reader {
		long := bad + strings.Repeat("C4,E4,RX1,2025-06-01\n", 1000) // the first bytes tell what kind of file it is
		return io.MultiReader(strings.NewReader(long), iotest.ErrReader(errors.New("the network share is gone")))
	}
	for _, c := range []struct{ format, holds string }{
		{"text", "Reading stopped before the end"},
		{"json", `"truncated": true`},
		{"csv", "referral_date/format"},
		{"html", "Reading stopped before the end"},
	} {
		t.Run(c.format, func(t *testing.T) {
			got := validate(t.Context(), t, fails(), "-format", c.format, "-")
			if got.status != failed || !strings.Contains(got.stderr, "the network share is gone") || !strings.Contains(got.stdout, c.holds) {
				t.Errorf("status %d\n%s\n%s", got.status, got.stdout, got.stderr)
			}
		})
	}
	t.Run("interrupted", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		got := validate(ctx, t, nil, "bad.csv")
		if got.status != failed || !strings.Contains(got.stderr, "interrupted") || !strings.Contains(got.stdout, "Reading stopped before") {
			t.Errorf("status %d\n%s\n%s", got.status, got.stdout, got.stderr)
		}
	})
	t.Run("what was found until then does not take the place of last month's report", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "report.json"), []byte("last month"), 0o600); err != nil {
			t.Fatal(err)
		}
		got := validateIn(t.Context(), t, dir, fails(), "-format", "json", "-o", "report.json", "-")
		before, err := os.ReadFile("report.json")
		part, err2 := os.ReadFile("report.partial.json")
		if got.status != failed || err != nil || string(before) != "last month" || err2 != nil || !strings.Contains(string(part), `"truncated": true`) {
			t.Errorf("status %d, %v, %v\n%s", got.status, err, err2, got.stderr)
		}
		if !strings.Contains(got.stderr, "report.partial.json; report.json is as it was") {
			t.Error(got.stderr)
		}
	})
	for _, format := range []string{"text", "json", "csv", "html"} {
		t.Run(format+" to a full disk", func(t *testing.T) {
			var stderr bytes.Buffer
			file := filepath.Join(t.TempDir(), "bad.csv")
			if err := os.WriteFile(file, []byte(bad), 0o600); err != nil {
				t.Fatal(err)
			}
			status := run(t.Context(), []string{"-format", format, file}, nil, fullDisk{}, &stderr, now)
			if status != failed || strings.Count(stderr.String(), "disk full") != 1 {
				t.Errorf("status %d: %s", status, stderr.String())
			}
		})
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("disk full") }

// The text of -h and the flags must not drift apart.
func TestUsageNamesEveryFlag(t *testing.T) {
	names := []string{
		"as-of", "kind", "delimiter", "encoding", "sheet", "heading", "inspect", "suggest-mapping", "sure", "mapping", "formats",
		"severity", "postcodes", "ranks", "practices", "workers", "format", "o", "show", "by", "compare", "scorecard", "only", "explain", "rules", "record-limit", "examples",
	}
	for _, name := range names {
		if !strings.Contains(usage, "\n  -"+name+" ") {
			t.Errorf("usage does not name -%s", name)
		}
	}
	if n := strings.Count(usage, "\n  -"); n != len(names) {
		t.Errorf("usage names %d flags", n)
	}
	for line := range strings.Lines(usage) {
		if len(line) > 101 {
			t.Errorf("too wide: %s", line)
		}
	}
}

func TestProgress(t *testing.T) {
	t.Run("what it says", func(t *testing.T) {
		p := &progress{of: 235_000_000}
		p.read.Store(117_500_000)
		if got := p.line(time.Second / 2); got != "checked 118 MB, 50 % of 235 MB, 235 MB/s" {
			t.Error(got)
		}
		p.of = 0
		if got := p.line(time.Second); got != "checked 118 MB, 118 MB/s" {
			t.Error(got)
		}
	})
	t.Run("nothing for a short file", func(t *testing.T) {
		var b bytes.Buffer
		p := &progress{to: &b}
		text, err := io.ReadAll(p.watch(strings.NewReader(good)))
		p.stop()
		if err != nil || string(text) != good || b.Len() > 0 {
			t.Errorf("%v %q %q", err, text, b.String())
		}
	})
	t.Run("shown after a second, and wiped away at the end", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { // in which a second takes no time
			var b bytes.Buffer
			p := &progress{to: &b, of: int64(len(good))}
			if _, err := io.ReadAll(p.watch(strings.NewReader(good))); err != nil {
				t.Fatal(err)
			}
			time.Sleep(progressAfter + 3*progressEvery/2)
			p.stop()
			const line = "\r\x1b[Kchecked 0 MB, comparing the records"
			if want := line + line + "\r\x1b[K"; b.String() != want {
				t.Errorf("%q", b.String())
			}
		})
	})
	t.Run("a buffer is no terminal", func(t *testing.T) {
		file, err := os.Create(filepath.Join(t.TempDir(), "f"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if isTerminal(&bytes.Buffer{}) || isTerminal(file) || wantsColour(file) {
			t.Error("neither a buffer nor a file is a terminal")
		}
	})
}

// An extract of several files, in a folder and in a zip.
func TestSeveralFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "Q1")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	archive := dir + ".zip"
	w, err := os.Create(archive)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(w)
	x := synthetic.Extract{Rows: 200, Errors: 0.3}
	err = x.GenerateFiles(t.Context(), func(name string) (io.Writer, error) {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		t.Cleanup(func() { f.Close() })
		packed, err := z.Create(name)
		return io.MultiWriter(f, packed), err
	}, nil)
	if err = errors.Join(err, z.Close(), w.Close()); err != nil {
		t.Fatal(err)
	}
	for format, want := range map[string]string{
		"text": "THE FILES", "json": `"across": {`, "html": "Between the files", "csv": "contacts.csv,",
	} {
		for _, file := range []string{dir, archive} {
			got := validate(t.Context(), t, strings.NewReader(""), "-as-of", synthetic.DefaultAsOf, "-format", format, "-show", "episode_id", file)
			if got.status != unfit || got.stderr != "" || !strings.Contains(got.stdout, want) {
				t.Errorf("%s of %s: status %d, %s", format, filepath.Base(file), got.status, got.stderr)
			}
		}
	}
	// The formats for pipelines, comparisons and scorecards are of several files too.
	earlier, one := filepath.Join(filepath.Dir(dir), "earlier.json"), filepath.Join(filepath.Dir(dir), "one.json")
	if got := validate(t.Context(), t, nil, "-as-of", synthetic.DefaultAsOf, "-by", "service_code", "-format", "json", "-o", earlier, dir); got.status != unfit {
		t.Fatal(got.stderr)
	}
	if got := validate(t.Context(), t, nil, "-format", "json", "-o", one, filepath.Join(dir, "episodes.csv")); got.status == failed {
		t.Fatal(got.stderr)
	}
	for want, args := range map[string][]string{
		`<testsuite name="contacts.csv"`:     {"-format", "junit"},
		`"id": "dcrs/contact/"`:              {"-format", "sarif"},
		"\ncontact,":                         {"-format", "dve"},
		"AS MANY ERRORS AS BEFORE":           {"-by", "service_code", "-compare", earlier},
		"contacts.csv: As many":              {"-compare", earlier, "-format", "html"},
		"<h2 id=\"file-2-all\">contacts.csv": {"-scorecard", "-by", "setting"},
		"file,group,kind":                    {"-scorecard", "-format", "csv"},
		`"group_by": "service_code"`:         {"-scorecard", "-format", "json"},
		"Data quality of SYNHT01":            {"-scorecard", "-only", "SYNHT01"},
	} {
		for _, file := range []string{dir, archive} {
			got := validate(t.Context(), t, nil, append(args, "-as-of", synthetic.DefaultAsOf, file)...)
			if got.status != unfit || got.stderr != "" || !strings.Contains(got.stdout, want) {
				t.Errorf("%v of %s: status %d, %s, no %q", args, filepath.Base(file), got.status, got.stderr, want)
			}
		}
	}
	for want, args := range map[string][]string{
		"of one file, and these are several": {"-compare", one, dir},
		"of several files, and this is one":  {"-compare", earlier, filepath.Join(dir, "episodes.csv")},
		"no row of the extract has":          {"-scorecard", "-only", "XX", dir},
	} {
		if got := validate(t.Context(), t, nil, args...); got.status != failed || !strings.Contains(got.stderr, want) {
			t.Errorf("%v: status %d, %s", args, got.status, got.stderr)
		}
	}
	report := filepath.Join(filepath.Dir(dir), "report.html")
	if got := validate(t.Context(), t, strings.NewReader(""), "-as-of", synthetic.DefaultAsOf, "-format", "html", "-o", report, dir); got.status != unfit {
		t.Errorf("status %d, %s", got.status, got.stderr)
	}
	if page, err := os.ReadFile(report); err != nil || !strings.Contains(string(page), "</html>") {
		t.Errorf("the page was not written: %v", err)
	}
	if got := validate(t.Context(), t, strings.NewReader(""), "-o", archive, archive); got.status != failed || !strings.Contains(got.stderr, "itself") {
		t.Errorf("status %d, %s", got.status, got.stderr)
	}
}
