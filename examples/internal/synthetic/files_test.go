package synthetic_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/examples/internal/synthetic"
	"github.com/healthtrainer/healthtrainer/hte"
)

// files makes an extract of several files and its key.
func files(t testing.TB, x synthetic.Extract) (fstest.MapFS, []string) {
	t.Helper()
	out := fstest.MapFS{}
	buffers := map[string]*bytes.Buffer{}
	var key bytes.Buffer
	err := x.GenerateFiles(t.Context(), func(name string) (io.Writer, error) {
		buffers[name] = new(bytes.Buffer)
		return buffers[name], nil
	}, &key)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range buffers {
		out[name] = &fstest.MapFile{Data: b.Bytes()}
	}
	lines := strings.Split(strings.TrimSuffix(key.String(), "\n"), "\n")
	if lines[0] != "file,record,field,rule" {
		t.Fatalf("the key is headed %s", lines[0])
	}
	return out, lines[1:]
}

// findings are all that is found, as lines of a key.
func findings(t testing.TB, asOf hte.Date, extract fstest.MapFS) (found map[string]int, report *dcrs.ExtractReport) {
	t.Helper()
	x, err := dcrs.NewExtractValidator(dcrs.ExtractDictionaries(), asOf)
	if err != nil {
		t.Fatal(err)
	}
	found = map[string]int{}
	report, err = x.Validate(t.Context(), "extract", extract, func(f dcrs.Finding) error {
		found[fmt.Sprintf("%s,%d,%s,%s", f.File, f.Record, f.Field, f.Rule)]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found, report
}

// TestFilesAgree: a clean extract of several files shows what its episodes show
// by themselves, and nothing in the other files nor between them.
func TestFilesAgree(t *testing.T) {
	x := synthetic.Extract{Rows: 6000, Seed: 9}
	extract, key := files(t, x)
	if len(key) > 0 {
		t.Errorf("the key of a clean extract has %d answers", len(key))
	}
	one, _ := generate(t, x)
	if !bytes.Equal(one, extract["episodes.csv"].Data) {
		t.Error("episodes.csv is not the extract of one file")
	}
	found, report := findings(t, date(t, synthetic.DefaultAsOf), extract)
	complaints := 0
	for f := range found {
		rule := f[strings.LastIndexByte(f, ',')+1:]
		if !strings.HasPrefix(f, "episodes.csv,") || !slices.Contains(naturalRules, rule) {
			if complaints++; complaints < 20 {
				t.Errorf("found %s", f)
			}
		}
	}
	for _, f := range append(report.Files[1:], report.Across) {
		for _, r := range f.Rules {
			if r.Checked == 0 && !slices.Contains(idle, r.Rule) && !strings.HasPrefix(r.Rule, "file/") {
				t.Errorf("%s has nothing to look at", r.Rule)
			}
		}
	}
	for i, f := range report.Files {
		if n := f.Records; n < 2000 || i == 1 && n < 15_000 {
			t.Errorf("%s has %d rows", f.File, n)
		}
	}
}

// idle are rules that a clean folder gives nothing to look at.
var idle = []string{
	"extract/not-a-zip", "extract/damaged", "extract/too-large", "extract/too-many-files", "goal/overdue",
	"trainer_id/format", "measure/score-impossible", "measure/score-of-incomplete-form",
}

// TestFilesAgreeWithTheKey: all that is planted in an extract of several files is
// found, and nothing else but what the clean one shows too.
func TestFilesAgreeWithTheKey(t *testing.T) {
	for _, x := range []synthetic.Extract{
		{Rows: 20_000, Seed: 1, Errors: 0.1},
		{Rows: 3000, Seed: 2, Errors: 1},
		{Rows: 5000, Seed: 3, Errors: 0.3, AsOf: date(t, "2026-02-28")},
	} {
		asOf := x.AsOf
		if asOf.IsZero() {
			asOf = date(t, synthetic.DefaultAsOf)
		}
		extract, key := files(t, x)
		dirty, _ := findings(t, asOf, extract)
		expected := map[string]int{}
		planted := map[string]bool{}
		for _, k := range key {
			expected[k]++
			planted[k[strings.LastIndexByte(k, ',')+1:]] = true
		}
		show := func(about string, list []string) {
			slices.Sort(list)
			for _, l := range list[:min(len(list), 12)] {
				t.Errorf("seed %d: %s: %s", x.Seed, about, l)
			}
			if len(list) > 12 {
				t.Errorf("seed %d: %s: %d in all", x.Seed, about, len(list))
			}
		}
		var missed, extra []string
		for k, n := range expected {
			if dirty[k] != n {
				missed = append(missed, fmt.Sprintf("%s (%d, want %d)", k, dirty[k], n))
			}
		}
		for f := range dirty {
			rule := f[strings.LastIndexByte(f, ',')+1:]
			if expected[f] == 0 && !(strings.HasPrefix(f, "episodes.csv,") && slices.Contains(naturalRules, rule)) {
				extra = append(extra, f)
			}
		}
		show("planted but not found", missed)
		show("found but not planted", extra)
		if x.Seed > 1 {
			continue
		}
		// Every rule of the other files is planted but for those of single cells.
		for _, d := range append(dcrs.ExtractDictionaries()[1:], dcrs.ExtractRules()) {
			for r := range d.Rules() {
				if r.Scope != dcrs.ScopeField && !strings.HasPrefix(r.ID, "file/") && !strings.HasPrefix(r.ID, "extract/") && !planted[r.ID] {
					t.Errorf("%s is never planted", r.ID)
				}
			}
		}
	}
}

func TestFilesHaveTheDictionarysHeadings(t *testing.T) {
	extract, _ := files(t, synthetic.Extract{})
	for _, d := range dcrs.ExtractDictionaries() {
		var names []string
		for f := range d.Fields() {
			names = append(names, f.Name)
		}
		name := d.Kind() + "s.csv"
		if got, want := string(extract[name].Data), strings.Join(names, ",")+"\n"; got != want {
			t.Errorf("%s is headed\n%swant\n%s", name, got, want)
		}
	}
}

func TestFilesAreTheSameAgain(t *testing.T) {
	x := synthetic.Extract{Rows: 500, Seed: 11, Errors: 0.3}
	one, key1 := files(t, x)
	two, key2 := files(t, x)
	if !slices.Equal(key1, key2) || !maps.EqualFunc(one, two, func(a, b *fstest.MapFile) bool { return bytes.Equal(a.Data, b.Data) }) {
		t.Error("the same seed gives other bytes the second time")
	}
	x.Seed++
	if three, _ := files(t, x); bytes.Equal(one["contacts.csv"].Data, three["contacts.csv"].Data) {
		t.Error("another seed gives the same contacts")
	}
	for name, f := range one {
		if _, err := csv.NewReader(bytes.NewReader(f.Data)).ReadAll(); err != nil && name != "episodes.csv" {
			t.Error(err)
		}
	}
}

func TestFilesFail(t *testing.T) {
	x := synthetic.Extract{Rows: 3000}
	broken := errors.New("no room")
	if err := x.GenerateFiles(t.Context(), func(string) (io.Writer, error) { return nil, broken }, nil); !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
	if err := x.GenerateFiles(t.Context(), func(string) (io.Writer, error) { return &failing{}, nil }, nil); err == nil {
		t.Error("a failing writer is no error")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := x.GenerateFiles(ctx, func(string) (io.Writer, error) { return io.Discard, nil }, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	x.Rows = -1
	var e *synthetic.OptionError
	if err := x.GenerateFiles(t.Context(), nil, nil); !errors.As(err, &e) {
		t.Errorf("the error is %v", err)
	}
}
