package dcrs

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func splitText(t testing.TB, v *Validator, file string, options ...SplitOption) (accepted, rejected string, report *SplitReport) {
	t.Helper()
	var a, r bytes.Buffer
	report, err := v.Split(context.Background(), "x.csv", strings.NewReader(file), &a, &r, options...)
	require.NoError(t, err)
	require.Equal(t, report.Records, report.Accepted+report.Rejected)
	return a.String(), r.String(), report
}

const splitHeader = "client_id,episode_id,service_code,referral_date\n"

func TestSplit(t *testing.T) {
	for _, tc := range []struct {
		why, in, accepted, rejected string
		rules                       []RejectedRows
		notRead                     int
		options                     []SplitOption
		validator                   []Option
	}{
		{
			"a row with an error, and the bytes as they are",
			splitHeader + "C1,E1,RX1, 2025-05-01 \r\n\nC2,\"E2\",RX1,01/06/2025\nC3,E3,\"RX1\",2025-07-01",
			splitHeader + "C1,E1,RX1, 2025-05-01 \r\nC3,E3,\"RX1\",2025-07-01",
			"rejected_for," + splitHeader + "referral_date/format,C2,\"E2\",RX1,01/06/2025\n",
			[]RejectedRows{{"referral_date/format", 1}},
			0, nil, nil,
		},
		{
			"several reasons, each once and counted at each",
			splitHeader + "C?,E?,RX1,x\nC2,E?,RX1,2025-05-01\n",
			splitHeader,
			"rejected_for," + splitHeader + "client_id/format episode_id/format referral_date/format,C?,E?,RX1,x\nepisode_id/format,C2,E?,RX1,2025-05-01\n",
			[]RejectedRows{{"client_id/format", 1}, {"episode_id/format", 2}, {"referral_date/format", 1}},
			0, nil, nil,
		},
		{
			"rows that cannot be taken apart",
			splitHeader + "C1,E1,RX1,2025-05-01,x\nC2,\"E2,RX1,2025-05-01\nC3,E3,RX1,2025-05-01\n" + strings.Repeat("y", 300) + "\n",
			splitHeader + "C3,E3,RX1,2025-05-01\n",
			"rejected_for," + splitHeader + "file/row-length,C1,E1,RX1,2025-05-01,x\nfile/quote,C2,\"E2,RX1,2025-05-01\nfile/record-too-long," + strings.Repeat("y", 300) + "\n",
			[]RejectedRows{{"file/row-length", 1}, {"file/quote", 1}, {"file/record-too-long", 1}},
			3, nil,
			[]Option{RecordLimit(200)},
		},
		{
			"they are rejected even where nobody wants to hear of them",
			splitHeader + "C1,E1,RX1\n",
			splitHeader,
			"rejected_for," + splitHeader + ",C1,E1,RX1\n",
			[]RejectedRows{},
			1, nil,
			[]Option{Severity("*/*", Off)},
		},
		{
			"a cell of several lines",
			splitHeader[:len(splitHeader)-1] + ",Notes\nC1,E1,RX1,2025-05-01,\"a\nb\"\nC2,E2,RX1,x,\"c\r\nd\"\r\n",
			splitHeader[:len(splitHeader)-1] + ",Notes\nC1,E1,RX1,2025-05-01,\"a\nb\"\n",
			"rejected_for," + splitHeader[:len(splitHeader)-1] + ",Notes\nreferral_date/format,C2,E2,RX1,x,\"c\r\nd\"\r\n",
			[]RejectedRows{{"referral_date/format", 1}},
			0, nil, nil,
		},
		{
			"a byte order mark and another delimiter",
			"\ufeffclient_id;episode_id;service_code;referral_date\nC1;E1;RX1;x\n",
			"\ufeffclient_id;episode_id;service_code;referral_date\n",
			"\ufeffrejected_for;client_id;episode_id;service_code;referral_date\nreferral_date/format;C1;E1;RX1;x\n",
			[]RejectedRows{{"referral_date/format", 1}},
			0, nil,
			[]Option{Delimiter(';')},
		},
		{
			"duplicates pass unless they are asked about",
			splitHeader + "C1,E1,RX1,2025-05-01\nC1,E1,RX1,2025-05-01\n",
			splitHeader + "C1,E1,RX1,2025-05-01\nC1,E1,RX1,2025-05-01\n",
			"rejected_for," + splitHeader,
			[]RejectedRows{},
			0, nil, nil,
		},
		{
			"and then the later row goes",
			splitHeader + "C1,E1,RX1,2025-05-01\nC1,E1,RX1,x\nC1,E1,RX1,2025-05-01\nC2,E2,RX1,2025-05-01\n",
			splitHeader + "C1,E1,RX1,2025-05-01\nC2,E2,RX1,2025-05-01\n",
			"rejected_for," + splitHeader + "referral_date/format episode/duplicate,C1,E1,RX1,x\nepisode/duplicate,C1,E1,RX1,2025-05-01\n",
			[]RejectedRows{{"referral_date/format", 1}, {"episode/duplicate", 2}},
			0,
			[]SplitOption{FileScope()},
			nil,
		},
		{
			"a lower threshold",
			splitHeader + "C1,E1,RX1,\nC2,E2,RX1,2025-05-01\n",
			splitHeader + "C2,E2,RX1,2025-05-01\n",
			"rejected_for," + splitHeader + "referral_date/blank,C1,E1,RX1,\n",
			[]RejectedRows{{"referral_date/blank", 1}},
			0,
			[]SplitOption{RejectFrom(Warning)},
			[]Option{Severity("*/*", Off), Severity("*/blank", Warning)},
		},
		{"a header alone", "client_id", "client_id", "rejected_for,client_id", []RejectedRows{}, 0, nil, nil},
		{"an empty file", "", "", "", []RejectedRows{}, 0, nil, nil},
	} {
		accepted, rejected, report := splitText(t, extractValidator(t, tc.validator...), tc.in, tc.options...)
		assert.Equal(t, tc.accepted, accepted, tc.why)
		assert.Equal(t, tc.rejected, rejected, tc.why)
		assert.Equal(t, tc.rules, report.Rules, tc.why)
		assert.Equal(t, tc.notRead, report.NotRead, tc.why)
	}
}

// TestSplitOfDirt: the accepted rows have no error, every rejected row has one,
// and both together are the file.
func TestSplitOfDirt(t *testing.T) {
	v := extractValidator(t)
	file := dirtyExtract(400)
	accepted, rejected, report := splitText(t, v, file, FileScope())
	require.Positive(t, report.Accepted)
	require.Positive(t, report.Rejected)

	counts, _ := validateAll(t, v, strings.NewReader(accepted))
	assert.Zero(t, counts.RecordsWithErrors)
	assert.Equal(t, report.Accepted, counts.Records)

	var was strings.Builder
	for line := range strings.Lines(rejected) {
		reasons, row, ok := strings.Cut(line, ",")
		require.True(t, ok)
		require.NotEmpty(t, reasons)
		was.WriteString(row)
	}
	counts, _ = validateAll(t, v, strings.NewReader(was.String()))
	assert.Equal(t, report.Rejected, counts.RecordsWithErrors, "without the first column it is the file that it was")

	lines := func(texts ...string) map[string]int {
		m := make(map[string]int)
		for _, text := range texts {
			for line := range strings.Lines(text) {
				m[line]++
			}
		}
		return m
	}
	want := lines(file)
	header, _, _ := strings.Cut(file, "\n")
	want[header+"\n"]++ // both have it
	assert.Equal(t, want, lines(accepted, was.String()))
	var text, json bytes.Buffer
	require.NoError(t, report.WriteText(&text))
	require.NoError(t, report.WriteJSON(&json))
	assert.Contains(t, text.String(), "400 records")
	assert.Contains(t, json.String(), `"accepted"`)
}

// TestSplitAcceptsAll: nothing rejected, nothing changed.
func TestSplitAcceptsAll(t *testing.T) {
	file := strings.ReplaceAll("\ufeff"+string(cleanExtract(300)), "\n", "\r\n")
	accepted, _, report := splitText(t, extractValidator(t), file)
	assert.Equal(t, 300, report.Accepted)
	assert.Equal(t, file, accepted)
}

// TestSplitLongLine: a line that is passed over as it is read leaves its reason.
func TestSplitLongLine(t *testing.T) {
	file := splitHeader + strings.Repeat("y", 2<<20) + "\nC3,E3,RX1,2025-05-01\n"
	accepted, rejected, report := splitText(t, extractValidator(t, RecordLimit(1000)), file)
	assert.Equal(t, splitHeader+"C3,E3,RX1,2025-05-01\n", accepted)
	assert.Equal(t, "rejected_for,"+splitHeader+"file/record-too-long,\n", rejected)
	assert.Equal(t, 1, report.NotCopied)
	var text bytes.Buffer
	require.NoError(t, report.WriteText(&text))
	assert.Contains(t, text.String(), "too long to be copied")
}

// TestOneHugeLine: a line without end costs neither of the two memory.
func TestOneHugeLine(t *testing.T) {
	const size = 64 << 20
	huge := func() io.Reader {
		return io.MultiReader(strings.NewReader(splitHeader), io.LimitReader(readFunc(func(b []byte) (int, error) {
			for i := range b {
				b[i] = 'y'
			}
			return len(b), nil
		}), size))
	}
	v := extractValidator(t)
	for name, f := range map[string]func() error{
		"normalise": func() error {
			_, err := v.Normalise(context.Background(), "x.csv", huge(), io.Discard)
			return err
		},
		"split": func() error {
			_, err := v.Split(context.Background(), "x.csv", huge(), io.Discard, io.Discard)
			return err
		},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		require.NoError(t, f(), name)
		runtime.ReadMemStats(&after)
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(16<<20), "%s: bytes, freed ones counted", name)
	}
}

func TestSplitHeader(t *testing.T) {
	_, _, report := splitText(t, extractValidator(t), "client_id,Notes\nC1,x\n")
	var rules []string
	for _, f := range report.Header {
		if f.Severity == Error {
			rules = append(rules, f.Rule+" "+f.Field)
		}
	}
	assert.Equal(t, []string{"file/missing-column episode_id", "file/missing-column service_code"}, rules)
	assert.Equal(t, 1, report.Accepted, "a missing column is not mended by leaving rows out")
	var text bytes.Buffer
	require.NoError(t, report.WriteText(&text))
	assert.Contains(t, text.String(), "file/missing-column episode_id")

	a, r, report := splitText(t, extractValidator(t), "PK\x03\x04")
	assert.Empty(t, a+r)
	assert.Equal(t, "file/not-text", report.Unread)
	text.Reset()
	require.NoError(t, report.WriteText(&text))
	assert.Contains(t, text.String(), "could not be read")
}

func TestSplitErrors(t *testing.T) {
	v := extractValidator(t)
	file := string(cleanExtract(2000))
	_, err := v.Split(context.Background(), "x.csv", strings.NewReader(file), &failingWriter{left: 100_000}, io.Discard)
	require.ErrorIs(t, err, io.ErrClosedPipe)
	_, err = v.Split(context.Background(), "x.csv", strings.NewReader(file), io.Discard, &failingWriter{})
	require.ErrorIs(t, err, io.ErrClosedPipe)
	for _, option := range []SplitOption{FileScope(), RejectFrom(Off), RejectFrom(9)} {
		_, err = v.Split(context.Background(), "x.csv", io.MultiReader(strings.NewReader(file)), io.Discard, io.Discard, option)
		_, ok := errors.AsType[*OptionError](err)
		assert.True(t, ok, "%v", err)
	}
	broken := errors.New("disk")
	report, err := v.Split(context.Background(), "x.csv", io.MultiReader(strings.NewReader(file), iotest.ErrReader(broken)), io.Discard, io.Discard)
	require.ErrorIs(t, err, broken)
	assert.Equal(t, 2000, report.Records)
	for _, seek := range []error{broken, nil} {
		_, err = v.Split(context.Background(), "x.csv", &seeker{strings.NewReader(file), seek}, io.Discard, io.Discard, FileScope())
		if seek != nil {
			require.ErrorIs(t, err, broken)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = v.Split(ctx, "x.csv", strings.NewReader(file), io.Discard, io.Discard, FileScope())
	require.ErrorIs(t, err, context.Canceled)
}

type seeker struct {
	io.Reader
	err error
}

func (s *seeker) Seek(int64, int) (int64, error) { return 0, s.err }

func TestSplitAllocatesNothing(t *testing.T) {
	v := extractValidator(t)
	few, many := dirtyExtract(1000), dirtyExtract(5000)
	allocs := func(file string) float64 {
		return testing.AllocsPerRun(3, func() {
			_, err := v.Split(context.Background(), "x.csv", strings.NewReader(file), io.Discard, io.Discard)
			require.NoError(t, err)
		})
	}
	assert.Less(t, allocs(many)-allocs(few), 30.0, "4,000 rows more")
}

// FuzzSplit: the counts sum up, and every byte of a row is in one of the files.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{
		splitHeader + "C1,E1,RX1,2025-05-01\r\nC2,\"E2,RX1,x\n\n,,,\n", "\ufeff\n\nclient_id;x\n1;2;3\n", "client_id\n\"a\nb\"\n", "a\"b\n1\n", "\r\nx\r\r\ny",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v := extractValidator(t, RecordLimit(1<<10))
		accepted, rejected, report := splitText(t, v, s)
		if report.Unread != "" || report.NotCopied > 0 {
			return
		}
		if strings.Contains(s, "\r") || strings.Contains(s, "\n\n") || strings.HasPrefix(strings.TrimPrefix(s, "\ufeff"), "\n") {
			return // blank lines are left out
		}
		var header int
		pass := &session{v: v}
		require.NoError(t, pass.pass(context.Background(), strings.NewReader(s), func(h []byte, marked bool) error {
			if header = len(h); marked {
				header += len(byteOrder)
			}
			return nil
		}, func(*worker) error { return nil }))
		// Every byte stands in one of the two, the header in both, and the reasons
		// on top: with spaces between them and a comma behind.
		reasons, ids := 0, 0
		for _, r := range report.Rules {
			reasons += r.Rows
			ids += len(r.Rule) * r.Rows
		}
		assert.Equal(t, len(s)+header+len(RejectedColumn)+1+ids+reasons, len(accepted)+len(rejected))
	})
}

func BenchmarkSplit(b *testing.B) {
	v := extractValidator(b)
	file := dirtyExtract(20_000)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		_, err := v.Split(context.Background(), "x.csv", strings.NewReader(file), io.Discard, io.Discard)
		require.NoError(b, err)
	}
	b.ReportMetric(20_000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
