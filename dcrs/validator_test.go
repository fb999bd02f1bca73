package dcrs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

func reportJSON(t testing.TB, r *Report) string {
	t.Helper()
	text, err := json.Marshal(r)
	require.NoError(t, err)
	return string(text)
}

func TestWorkersAgree(t *testing.T) {
	data := messyExtract(1500, 11)
	for _, batch := range []int{5000, batchSize} {
		var wantReport string
		var wantFindings []Finding
		for n := 1; n <= 8; n++ {
			v := extractValidator(t, Workers(n), smallBatches(batch), Show("episode_id"))
			report, findings := validateAll(t, v, bytes.NewReader(data))
			if n == 1 {
				wantReport, wantFindings = reportJSON(t, report), findings
				require.Greater(t, len(findings), 1500)
				continue
			}
			require.Equal(t, wantReport, reportJSON(t, report), "%d workers", n)
			require.Equal(t, wantFindings, findings, "%d workers", n)
		}
	}
}

// TestExamplesAreTheFirstFindings: the examples of a report are the first
// findings of each rule, with listener and without, whatever the batches.
func TestExamplesAreTheFirstFindings(t *testing.T) {
	for seed := range uint64(4) {
		data := messyExtract(900, seed)
		for _, keep := range []int{0, 1, 5, 1000} {
			v := extractValidator(t, Examples(keep), Show("episode_id", "client_id"), smallBatches(20_000))
			report, findings := validateAll(t, v, bytes.NewReader(data))
			want := make(map[string][]Finding)
			for _, f := range findings {
				if len(want[f.Rule]) < keep {
					want[f.Rule] = append(want[f.Rule], f)
				}
			}
			for _, rule := range report.Rules {
				require.Len(t, rule.Examples, len(want[rule.Rule]), rule.Rule)
				if len(rule.Examples) > 0 {
					require.Equal(t, want[rule.Rule], rule.Examples, rule.Rule)
				}
			}
			silent, err := v.Validate(context.Background(), "x.csv", bytes.NewReader(data), nil)
			require.NoError(t, err)
			require.Equal(t, reportJSON(t, report), reportJSON(t, silent), "keep %d, without a listener", keep)
		}
	}
}

// TestManyExamples: more of one rule than a byte can count lie in one batch.
func TestManyExamples(t *testing.T) {
	data := threeColumns + strings.Repeat("a b,1,2\n", 5000)
	v := extractValidator(t, Examples(1000), smallBatches(20_000))
	report, err := v.Validate(context.Background(), "x.csv", strings.NewReader(data), nil)
	require.NoError(t, err)
	rule, ok := report.Rule("client_id/format")
	require.True(t, ok)
	require.Equal(t, 5000, rule.Count)
	require.Len(t, rule.Examples, 1000)
	for i, f := range rule.Examples {
		require.Equal(t, i+1, f.Record)
	}
}

// TestOrderOfFindings: header, rows from top to bottom, then what only the whole
// file shows.
func TestOrderOfFindings(t *testing.T) {
	data := bytes.Replace(messyExtract(600, 5), []byte("client_id,"), []byte("unheard_of,client_id,"), 1)
	data = bytes.ReplaceAll(data, []byte("\nC0"), []byte("\n,C0"))
	_, findings := validateAll(t, extractValidator(t), bytes.NewReader(data))
	stage, record := 0, 0
	seen := make(map[int]bool)
	for _, f := range findings {
		rule, ok := Episodes().Rule(f.Rule)
		require.True(t, ok)
		at := 1
		switch {
		case f.Record == 0:
			at = 0
		case rule.Scope == ScopeFile:
			at = 2
		}
		require.GreaterOrEqual(t, at, stage, "%s", f.Rule)
		stage = at
		seen[at] = true
		if at == 1 {
			require.GreaterOrEqual(t, f.Record, record)
			record = f.Record
		}
	}
	require.Len(t, seen, 3)
}

func TestListenerThatFails(t *testing.T) {
	full := errors.New("the disk is full")
	data := messyExtract(2000, 3)
	_, findings := validateAll(t, extractValidator(t), bytes.NewReader(data))
	for _, at := range []int{1, 2, 100, len(findings) / 2, len(findings)} {
		var want string
		for _, workers := range []int{1, 2, 5} {
			calls := 0
			v := extractValidator(t, Workers(workers), smallBatches(30_000))
			report, err := v.Validate(context.Background(), "x.csv", bytes.NewReader(data), func(Finding) error {
				if calls++; calls == at {
					return full
				}
				require.Less(t, calls, at, "it is not called again")
				return nil
			})
			require.Equal(t, full, err)
			require.Equal(t, at, calls)
			require.True(t, report.Truncated)
			if want == "" {
				want = reportJSON(t, report)
			}
			require.Equal(t, want, reportJSON(t, report), "%d workers", workers)
		}
	}
}

// settle waits until no goroutine but those of before is left.
func settle(t *testing.T, before int) {
	t.Helper()
	for range 200 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

// endless reads as rows for ever, or as one line for ever, and cancels after a while.
type endless struct {
	text   []byte
	at     int
	left   int
	cancel func()
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left -= len(p); e.left < 0 {
		e.cancel()
	}
	for i := range p {
		p[i] = e.text[e.at]
		e.at = (e.at + 1) % len(e.text)
	}
	return len(p), nil
}

func TestCancel(t *testing.T) {
	before := runtime.NumGoroutine()
	row := strings.Join(extractCells(1), ",") + "\n"
	for _, workers := range []int{1, 4} {
		v := extractValidator(t, Workers(workers))
		t.Run("before it begins", func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			r := &endless{text: []byte("x"), left: 1 << 30, cancel: func() {}}
			report, err := v.Validate(ctx, "x.csv", r, nil)
			require.ErrorIs(t, err, context.Canceled)
			require.True(t, report.Truncated)
			require.Equal(t, 1<<30, r.left, "nothing was read")
			for _, err := range v.Rows(ctx, "x.csv", r) {
				require.ErrorIs(t, err, context.Canceled)
			}
		})
		for _, tc := range []struct{ why, header, text string }{
			{"among rows", extractHeader() + "\n", row},
			{"in a line without end", extractHeader() + "\n", "x"},
			{"in a header without end", "", "x"},
			{"in blank lines without end", "", "\n"},
			{"in quotes without end", extractHeader() + "\n", "\"\",\n"},
			{"among bad rows", extractHeader() + "\n", "a\"b\n"},
		} {
			t.Run(tc.why, func(t *testing.T) {
				options := []Option{Workers(workers)}
				if tc.header == "" {
					options = append(options, RecordLimit(1<<30)) // so that the limit does not end it
				}
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				reader := func() io.Reader {
					return io.MultiReader(strings.NewReader(tc.header), &endless{text: []byte(tc.text), left: 3 << 20, cancel: cancel})
				}
				report, err := extractValidator(t, options...).Validate(ctx, "x.csv", reader(), nil)
				require.ErrorIs(t, err, context.Canceled)
				require.True(t, report.Truncated)

				ctx, cancel = context.WithCancel(context.Background())
				defer cancel()
				var last error
				for _, err := range extractValidator(t, options...).Rows(ctx, "x.csv", reader()) {
					last = err
				}
				require.ErrorIs(t, last, context.Canceled)
			})
		}
		t.Run("by the listener", func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			r := &endless{text: []byte("x,y\n"), left: math.MaxInt, cancel: func() {}}
			_, err := v.Validate(ctx, "x.csv", io.MultiReader(strings.NewReader(extractHeader()+"\n"), r), func(Finding) error {
				cancel()
				return nil
			})
			require.ErrorIs(t, err, context.Canceled)
		})
		t.Run("a deadline is told from a cancellation", func(t *testing.T) {
			ctx, cancel := context.WithDeadline(context.Background(), time.Unix(0, 0))
			defer cancel()
			_, err := v.Validate(ctx, "x.csv", strings.NewReader(row), nil)
			require.ErrorIs(t, err, context.DeadlineExceeded)
		})
	}
	settle(t, before)
}

func TestRowsStopEarly(t *testing.T) {
	before := runtime.NumGoroutine()
	n := 0
	for row, err := range extractValidator(t).Rows(context.Background(), "x.csv", bytes.NewReader(cleanExtract(5000))) {
		require.NoError(t, err)
		if n++; n == 1234 {
			require.Equal(t, 1234, row.Record())
			break
		}
	}
	require.Equal(t, 1234, n)
	// A panic of the loop's body is the caller's own affair.
	require.PanicsWithValue(t, "mine", func() {
		for range extractValidator(t).Rows(context.Background(), "x.csv", bytes.NewReader(cleanExtract(5))) {
			panic("mine")
		}
	})
	settle(t, before)
}

func TestRowsAgreeWithValidate(t *testing.T) {
	data := messyExtract(700, 2)
	v := extractValidator(t, smallBatches(10_000), Show("episode_id"))
	report, findings := validateAll(t, v, bytes.NewReader(data))
	var want, got []Finding
	for _, f := range findings {
		if rule, _ := Episodes().Rule(f.Rule); f.Record > 0 && rule.Scope != ScopeFile {
			want = append(want, f)
		}
	}
	rows, withErrors := 0, 0
	for row, err := range v.Rows(context.Background(), "x.csv", bytes.NewReader(data)) {
		require.NoError(t, err)
		rows++
		if row.Worst() == Error {
			withErrors++
		}
		got = append(got, row.Findings()...)
	}
	require.Equal(t, len(want), len(got))
	for i := range want {
		require.Equal(t, want[i], got[i])
	}
	require.Equal(t, report.Records, rows)
	require.Equal(t, report.RecordsWithErrors, withErrors)
}

// TestValidatorServesMany is for the race detector.
func TestValidatorServesMany(t *testing.T) {
	v := extractValidator(t, Workers(3), smallBatches(10_000))
	data := messyExtract(200, 8)
	want, err := v.Validate(context.Background(), "x.csv", bytes.NewReader(data), nil)
	require.NoError(t, err)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			report, err := v.Validate(context.Background(), "x.csv", bytes.NewReader(data), func(Finding) error { return nil })
			assert.NoError(t, err)
			assert.Equal(t, reportJSON(t, want), reportJSON(t, report))
		})
		wg.Go(func() {
			rows := 0
			for range v.Rows(context.Background(), "x.csv", bytes.NewReader(data)) {
				rows++
			}
			assert.Equal(t, want.Records, rows)
		})
	}
	wg.Wait()
}

func TestBadOptions(t *testing.T) {
	d := extractAsOf(t)
	for _, tc := range []struct {
		why    string
		option Option
		names  string
	}{
		{"no worker", Workers(0), "Workers"},
		{"more workers than make sense", Workers(100_000), "Workers"},
		{"a limit of nothing", RecordLimit(0), "RecordLimit"},
		{"a limit beyond 1 GiB", RecordLimit(1<<30 + 1), "RecordLimit"},
		{"fewer examples than none", Examples(-1), "Examples"},
		{"too many examples", Examples(1001), "Examples"},
		{"a delimiter that quotes", Delimiter('"'), "Delimiter"},
		{"a delimiter that ends lines", Delimiter('\n'), "Delimiter"},
		{"a field that is not in the dictionary", Show("shoe_size"), "Show"},
		{"a rule that does not exist", Severity("dates/stale-opne", Off), "Severity"},
		{"a pattern that is none", Severity("[", Off), "Severity"},
		{"a level that is none", Severity("dates/stale-open", 9), "Severity"},
	} {
		_, err := NewValidator(Episodes(), d, tc.option)
		problem, ok := errors.AsType[*OptionError](err)
		require.True(t, ok, tc.why)
		require.Equal(t, tc.names, problem.Option, tc.why)
	}
	_, err := NewValidator(Episodes(), d, Workers(0), Examples(-1))
	require.ErrorContains(t, err, "Workers")
	require.ErrorContains(t, err, "Examples", "all that is wrong is said at once")
	_, err = NewValidator(nil, d)
	require.Error(t, err)
	_, err = NewValidator(Episodes(), hte.Date{})
	require.Error(t, err)
}

// TestHeaderOrderDoesNotMatter: the columns in another order give the same
// findings, in another order.
func TestHeaderOrderDoesNotMatter(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	order := rng.Perm(fieldCount)
	shuffle := func(cells []string) string {
		out := make([]string, len(cells))
		for i, j := range order {
			out[i] = cells[j]
		}
		return strings.Join(out, ",") + "\n"
	}
	var straight, shuffled strings.Builder
	straight.WriteString(extractHeader() + "\n")
	shuffled.WriteString(shuffle(strings.Split(extractHeader(), ",")))
	for line := range bytes.Lines(spoiltExtract(300, 3)[len(extractHeader())+1:]) {
		straight.Write(line)
		shuffled.WriteString(shuffle(strings.Split(strings.TrimSuffix(string(line), "\n"), ",")))
	}
	counts := func(text string) map[string]int {
		report, err := extractValidator(t).Validate(context.Background(), "x.csv", strings.NewReader(text), nil)
		require.NoError(t, err)
		m := make(map[string]int)
		for _, rule := range report.Rules {
			m[rule.Rule+" found"], m[rule.Rule+" checked"], m[rule.Rule+" not"] = rule.Count, rule.Checked, rule.NotApplicable
		}
		return m
	}
	require.Equal(t, counts(straight.String()), counts(shuffled.String()))
}
