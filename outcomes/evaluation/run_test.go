package evaluation_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/outcomes/evaluation"
)

const minimal = "client_id,episode_id,service_code,referral_date\n"

// episodes is a file of one episode for each referral date.
func episodes(referrals ...string) string {
	var b strings.Builder
	b.WriteString(minimal)
	for i, r := range referrals {
		fmt.Fprintf(&b, "C%d,E%d,HT1,%s\n", i, i, r)
	}
	return b.String()
}

func TestPeriod(t *testing.T) {
	for _, tt := range []struct {
		name     string
		file     string
		opts     []evaluation.Option
		want     string
		choice   evaluation.PeriodChoice
		episodes int64
	}{
		{
			"the latest year that had ended", episodes("2024-05-01", "2025-05-01", "2026-03-31", "2026-04-01"), nil,
			"1 April 2025 to 31 March 2026 (financial year 2025/26)", evaluation.FinancialYear, 2,
		},
		{
			"the order of the rows does not matter", episodes("2026-04-01", "2026-03-31", "2024-05-01", "2025-05-01"), nil,
			"1 April 2025 to 31 March 2026 (financial year 2025/26)", evaluation.FinancialYear, 2,
		},
		{
			"a year without a referral is passed over", episodes("2023-04-01", "2024-03-31", "2026-05-01"), nil,
			"1 April 2023 to 31 March 2024 (financial year 2023/24)", evaluation.FinancialYear, 2,
		},
		{
			"no year had ended, so all rows", episodes("2026-04-01", "2026-06-02"), nil,
			"all episodes, referred 1 April 2026 to 2 June 2026", evaluation.AllRows, 2,
		},
		{
			"chosen, and a financial year after all", episodes("2024-03-31", "2024-04-01", "2025-03-31", "2025-04-01"),
			[]evaluation.Option{evaluation.From(date(t, "2024-04-01")), evaluation.To(date(t, "2025-03-31"))},
			"1 April 2024 to 31 March 2025 (financial year 2024/25)", evaluation.ChosenPeriod, 2,
		},
		{
			"chosen, both days within it", episodes("2024-04-30", "2024-05-01", "2024-05-31", "2024-06-01"),
			[]evaluation.Option{evaluation.From(date(t, "2024-05-01")), evaluation.To(date(t, "2024-05-31"))},
			"1 May 2024 to 31 May 2024", evaluation.ChosenPeriod, 2,
		},
		{
			"open at the end", episodes("2024-04-30", "2024-05-01", "2026-05-31"),
			[]evaluation.Option{evaluation.From(date(t, "2024-05-01"))},
			"from 1 May 2024", evaluation.ChosenPeriod, 2,
		},
		{
			"open at the beginning", episodes("2024-04-30", "2024-05-01", "2024-05-02"),
			[]evaluation.Option{evaluation.To(date(t, "2024-05-01"))},
			"up to 1 May 2024", evaluation.ChosenPeriod, 2,
		},
		{
			"chosen and empty", episodes("2024-04-30"),
			[]evaluation.Option{evaluation.From(date(t, "2025-05-01"))},
			"from 1 May 2025", evaluation.ChosenPeriod, 0,
		},
		{
			"a referral that is kept out makes no period", episodes("2025-05-01", "2024-05-01")[:len(minimal)] + "C1,,HT1,2025-05-01\nC2,E2,HT1,2024-05-01\n", nil,
			"1 April 2024 to 31 March 2025 (financial year 2024/25)", evaluation.FinancialYear, 1,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := run(t, tt.file, tt.opts...)
			require.Equal(t, tt.want, e.Period.String())
			require.Equal(t, tt.choice, e.Period.Choice)
			require.Equal(t, tt.episodes, e.Episodes)
			require.Equal(t, e.Records.InFile, e.Records.InPeriod+e.Records.OutsidePeriod+e.Records.KeptOut)
		})
	}
}

func TestKeptOutInPeriodWhateverTheOrder(t *testing.T) {
	// The row that is kept out comes before any row shows which year the period is.
	e := run(t, minimal+"C1,,HT1,2025-05-01\nC2,E2,HT1,2024-05-01\nC3,E3,HT1,2025-06-01\nC4,,HT1,2024-05-01\n")
	require.Equal(t, int64(2), e.Records.KeptOut)
	require.Equal(t, int64(1), e.Records.KeptOutInPeriod)
	require.Equal(t, int64(1), e.Records.Rules[0].InPeriod)
}

func TestKeepOut(t *testing.T) {
	file := "client_id,episode_id,service_code,referral_date,bmi_pre\n" +
		"C1,E1,HT1,2025-05-01,\n" + // nothing wrong
		"C2,E2,HT1,2025-05-01,7\n" + // an error: out of range
		"C3,E3,HT1,2025-05-01,85\n" + // a warning: implausible
		"C4,E4\n" // not a row
	for _, tt := range []struct {
		name     string
		opts     []evaluation.Option
		sev      []dcrs.Option
		episodes int64
		why      string
	}{
		{"by default", nil, nil, 2, "errors keep out"},
		{"off", []evaluation.Option{evaluation.KeepOut(dcrs.Off)}, nil, 3, "only what could not be read stays out"},
		{"warnings too", []evaluation.Option{evaluation.KeepOut(dcrs.Warning)}, nil, 1, "the implausible one as well"},
		{"a rule", []evaluation.Option{evaluation.KeepOutRules("bmi_pre/implausible")}, nil, 1, "on top of the errors"},
		{"a family alone", []evaluation.Option{evaluation.KeepOut(dcrs.Off), evaluation.KeepOutRules("*/implausible")}, nil, 2, "of the readable rows, the implausible one"},
		{"a rule made milder", nil, []dcrs.Option{dcrs.Severity("bmi_pre/range", dcrs.Warning)}, 3, "the validator's severities count"},
		{"a row that cannot be read, with its rule off", nil, []dcrs.Option{dcrs.Severity("file/row-length", dcrs.Off)}, 2, "it stays out without a rule to name"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, err := evaluation.Run(context.Background(), "x.csv", strings.NewReader(file), validator(t, tinyAsOf, tt.sev...), tt.opts...)
			require.NoError(t, err)
			require.Equal(t, tt.episodes, e.Episodes, tt.why)
			require.Equal(t, int64(1), e.Records.Unread)
			require.Equal(t, int64(4), e.Records.InFile)
		})
	}
}

func TestKeptInFieldsThatFailedCountAsMissing(t *testing.T) {
	e := run(t, "client_id,episode_id,service_code,referral_date,gender,who5_percent_pre,who5_percent_post\n"+
		"C1,E1,HT1,2025-05-01,7,50,60\n", evaluation.KeepOut(dcrs.Off))
	require.Equal(t, int64(1), e.Episodes)
	for _, c := range e.Reach[0].Categories {
		if c.Known {
			require.Zero(t, c.Clients.N, "gender 7 is no code")
		}
	}
	for _, m := range e.Measures {
		if m.ID == "who5" {
			require.Equal(t, int64(1), m.Everyone.PostOnly, "50 is no multiple of 4, so no answers can have given it")
		}
	}
}

func TestClientsWithoutIdentifier(t *testing.T) {
	e := run(t, minimal+",E1,HT1,2025-05-01\n,E2,HT1,2025-05-02\nC1,E3,HT1,2025-05-02\nC1,E4,HT1,2025-05-03\n", evaluation.KeepOut(dcrs.Off))
	require.Equal(t, int64(4), e.Episodes)
	require.Equal(t, int64(3), e.Clients, "nothing says that the first two are one person")
	require.Equal(t, int64(2), e.Unidentified)
}

func TestNothingToEvaluate(t *testing.T) {
	for _, tt := range []struct {
		name, file, unread string
		keptOut            int64
	}{
		{"empty file", "", "file/empty", 0},
		{"header only", minimal, "", 0},
		{"binary", "PK\x03\x04\x00\x00\x00\x00\x00", "file/not-text", 0},
		{"another delimiter", strings.ReplaceAll(episodes("2025-05-01"), ",", ";"), "file/delimiter", 0},
		{"all rows kept out", minimal + ",,,\nC1,E1,HT1,2025-13-01\nC1\n", "", 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := run(t, tt.file)
			require.Equal(t, tt.unread, e.Quality.Unread)
			require.Zero(t, e.Clients)
			require.Equal(t, tt.keptOut, e.Records.KeptOut)
			for _, d := range []evaluation.Disclosure{evaluation.NHSRule, evaluation.ShowAll} {
				doc := e.Document(d)
				require.NotEmpty(t, doc.Summary)
				require.Contains(t, doc.Summary[len(doc.Summary)-1], "nothing to evaluate")
				require.NotContains(t, doc.String(), "NaN")
			}
			roundTrip(t, e)
		})
	}
}

// roundTrip holds that nothing is lost or made up on the way to JSON and back.
func roundTrip(t *testing.T, e *evaluation.Evaluation) {
	t.Helper()
	for _, v := range []any{e, e.Document(evaluation.NHSRule), e.Document(evaluation.ShowAll)} {
		b, err := json.Marshal(v)
		require.NoError(t, err, "a NaN or an infinity cannot be written")
		switch v := v.(type) {
		case *evaluation.Evaluation:
			var back evaluation.Evaluation
			require.NoError(t, json.Unmarshal(b, &back))
			again, err := json.Marshal(&back)
			require.NoError(t, err)
			require.JSONEq(t, string(b), string(again))
			if diff := cmp.Diff(v.Document(evaluation.ShowAll), back.Document(evaluation.ShowAll)); diff != "" {
				t.Error("the document differs after a round trip", diff)
			}
		case *evaluation.Document:
			require.NotContains(t, string(b), ":null", "lists are empty, never null")
			var back evaluation.Document
			require.NoError(t, json.Unmarshal(b, &back))
			if diff := cmp.Diff(v, &back); diff != "" {
				t.Error(diff)
			}
		}
	}
}

func TestJSON(t *testing.T) {
	e := run(t, tiny)
	roundTrip(t, e)
	b, err := json.Marshal(e)
	require.NoError(t, err)
	var tree any
	require.NoError(t, json.Unmarshal(b, &tree))
	var check func(path string, v any)
	check = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, x := range v {
				if k != strings.ToLower(k) || strings.ContainsAny(k, " -") {
					t.Errorf("%s: the key %q is not snake_case", path, k)
				}
				check(path+"/"+k, x)
			}
		case []any:
			for _, x := range v {
				check(path, x)
			}
		}
	}
	check("", tree)
}

type brokenAfter struct {
	io.ReadSeeker
	passes, bytes int // good passes, then good bytes
}

var errDisk = errors.New("disk on fire")

func (b *brokenAfter) Seek(offset int64, whence int) (int64, error) {
	b.passes--
	return b.ReadSeeker.Seek(offset, whence)
}

func (b *brokenAfter) Read(p []byte) (int, error) {
	if b.passes >= 0 {
		return b.ReadSeeker.Read(p)
	}
	if b.bytes <= 0 {
		return 0, errDisk
	}
	n, err := b.ReadSeeker.Read(p[:min(len(p), b.bytes)])
	b.bytes -= n
	return n, err
}

func TestReaderFails(t *testing.T) {
	for i, pass := range []string{"validate", "survey", "count"} {
		src := &brokenAfter{ReadSeeker: strings.NewReader(tiny), passes: i, bytes: 3000}
		e, err := evaluation.Run(context.Background(), "x.csv", src, validator(t, tinyAsOf))
		require.Nil(t, e)
		require.ErrorIs(t, err, errDisk)
		read, ok := errors.AsType[*evaluation.ReadError](err)
		require.True(t, ok)
		require.Equal(t, pass, read.Pass)
		if pass == "validate" {
			require.True(t, read.Report.Truncated)
			require.Positive(t, read.Report.Records, "what was found until then comes with the error")
		}
	}
}

type noSeek struct{ io.Reader }

func (noSeek) Seek(int64, int) (int64, error) { return 0, errDisk }

func TestSourceThatCannotSeek(t *testing.T) {
	_, err := evaluation.Run(context.Background(), "x.csv", noSeek{strings.NewReader(tiny)}, validator(t, tinyAsOf))
	require.ErrorIs(t, err, errDisk)
}

// changing gives another file from its second pass on.
type changing struct {
	*bytes.Reader
	later string
	seeks int
}

func (c *changing) Seek(offset int64, whence int) (int64, error) {
	if c.seeks++; c.seeks > 1 {
		c.Reset([]byte(c.later))
	}
	return c.Reader.Seek(offset, whence)
}

func TestFileChangesBetweenPasses(t *testing.T) {
	src := &changing{Reader: bytes.NewReader([]byte(episodes("2025-05-01", "2025-05-02"))), later: episodes("2025-05-01")}
	_, err := evaluation.Run(context.Background(), "x.csv", src, validator(t, tinyAsOf))
	require.ErrorIs(t, err, evaluation.ErrChanged)
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	e, err := evaluation.Run(ctx, "x.csv", strings.NewReader(tiny), validator(t, tinyAsOf))
	require.Nil(t, e)
	require.ErrorIs(t, err, context.Canceled)
}

func TestMisuse(t *testing.T) {
	v := validator(t, tinyAsOf)
	for _, tt := range []struct {
		option string
		opt    evaluation.Option
		why    string
	}{
		{"From", evaluation.From(date(t, "2025-01-01").AddMonths(-120000)), "the zero date is no date"},
		{"To", evaluation.To(date(t, "2025-01-01").AddMonths(-120000)), "the zero date is no date"},
		{"KeepOut", evaluation.KeepOut(dcrs.Error + 1), "no severity"},
		{"KeepOutRules", evaluation.KeepOutRules("bmi_pre/rnage"), "a slip of the pen must not be passed over"},
		{"MinPairs", evaluation.MinPairs(1), "one pair has no spread"},
		{"nil", nil, "no option"},
	} {
		_, err := evaluation.Run(context.Background(), "x.csv", strings.NewReader(tiny), v, tt.opt)
		bad, ok := errors.AsType[*evaluation.OptionError](err)
		require.True(t, ok, tt.why)
		require.Equal(t, tt.option, bad.Option)
		require.Contains(t, err.Error(), "option")
	}
	_, err := evaluation.Run(context.Background(), "x.csv", strings.NewReader(tiny), v,
		evaluation.From(date(t, "2025-05-02")), evaluation.To(date(t, "2025-05-01")))
	require.ErrorContains(t, err, "before From")
	_, err = evaluation.Run(context.Background(), "x.csv", strings.NewReader(tiny), nil)
	require.ErrorContains(t, err, "validator")
	_, err = evaluation.Run(context.Background(), "x.csv", nil, v)
	require.ErrorContains(t, err, "source")
}

func TestMinPairs(t *testing.T) {
	few := run(t, tiny, evaluation.MinPairs(18))
	for _, m := range few.Measures {
		require.Nil(t, m.Everyone.Change, m.ID)
		require.Equal(t, "fewer than 18 complete pairs", m.Everyone.NotComputed)
	}
	require.Zero(t, few.Tests)
	two := run(t, tiny, evaluation.MinPairs(2))
	require.Greater(t, two.Tests, run(t, tiny).Tests)
	roundTrip(t, two)
}

func TestIndexEpisode(t *testing.T) {
	e := run(t, tiny)
	for _, m := range e.Measures {
		require.Equal(t, e.Clients, m.Everyone.Clients, "every client is counted once")
	}
	// C021 was referred twice on one day: E0106 (primary care) comes before E0107 (community), whatever
	// the order of the file.
	for _, b := range e.Reach {
		for _, c := range b.Categories {
			if b.ID == "setting" && c.Code == "primary_care" {
				require.Equal(t, int64(1), c.Clients.N)
			}
		}
	}
}
