package dcrs

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

// The extracts of the reader's tests: rows of a made-up service, one journey
// after another, without any finding. NHS numbers come from the 999 range,
// which is kept for tests, and postcodes from an area that does not exist.

// extractAsOf is the day that the reader's tests take for today.
func extractAsOf(t testing.TB) hte.Date {
	t.Helper()
	d, err := hte.ParseDate("2026-03-31")
	require.NoError(t, err)
	return d
}

// extractValidator makes a validator that keeps quiet about the 999 range.
func extractValidator(t testing.TB, options ...Option) *Validator {
	t.Helper()
	v, err := NewValidator(Episodes(), extractAsOf(t), append([]Option{Severity("client/nhs-number-test-range", Off)}, options...)...)
	require.NoError(t, err)
	return v
}

// extractHeader is the heading line, without its line end.
func extractHeader() string {
	names := make([]string, 0, fieldCount)
	for f := range Episodes().Fields() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ",")
}

// testNHSNumber makes the nth of 100,000 numbers of the 999 range with a right
// check digit, no palindromes among them.
func testNHSNumber(n int) string {
	for k := range 10 {
		digits := fmt.Sprintf("999%05d%d", n%100_000, k)
		sum := 0
		for i, c := range digits {
			sum += int(c-'0') * (10 - i)
		}
		check := (11 - sum%11) % 11
		number := digits + strconv.Itoa(check)
		if check < 10 && !strings.HasSuffix(number, "999") {
			return number
		}
	}
	return ""
}

// extractCells are the cells of one row, about 45 of them filled.
func extractCells(n int) []string {
	cells := make([]string, fieldCount)
	day := func(base int) string { return hte.FromOrdinal(739_000 + base + n%300).String() } // from spring 2024
	birth := hte.FromOrdinal(716_000 + n*37%9000)
	height := 150 + n%40
	weight := func(kg int) (string, string) {
		bmi := float64(kg) / (float64(height) * float64(height) / 10_000)
		return strconv.Itoa(kg) + ".0", strconv.FormatFloat(math.Round(bmi*10)/10, 'f', 1, 64)
	}
	for f, value := range map[int]string{
		fClientID: fmt.Sprintf("C%07d", n), fEpisodeID: fmt.Sprintf("E%07d", n), fServiceCode: "HT01", fTrainerID: fmt.Sprintf("T%02d", n%20),
		fNHSNumber: testNHSNumber(n), fNHSNumberStatus: "01", fDateOfBirth: birth.String(),
		fAgeAtReferral: strconv.Itoa(birth.YearsUntil(hte.FromOrdinal(739_000 + n%300))),
		fGender:        strconv.Itoa(1 + n%2), fEthnicCategory: string("ABHJM"[n%5]),
		fPostcode: fmt.Sprintf("XX%d %d%c%c", n/6760%100, n/676%10, 'A'+n/26%26, 'A'+n%26), fLSOA: fmt.Sprintf("E01%06d", n%33_000),
		fIMDQuintile: strconv.Itoa(1 + n%5), fIMDEdition: "2019", fGPPracticeCode: fmt.Sprintf("P%05d", 81000+n%90),
		fEmploymentStatus: "02", fAccommodationType: "02", fSetting: "community", fReferralSource: "gp",
		fReferralDate: day(0), fFirstContactDate: day(5), fAssessmentDate: day(12), fConsent: "Y", fClientMode: "one_to_one",
		fPrimaryIssue: "weight", fSecondaryIssues: "diet;exercise", fWiderNeeds: "finance", fPlanDate: day(12), fPlanStatus: "achieved",
		fGoal1Issue: "weight", fGoal1Status: "achieved", fSessionsPlanned: "6", fSessionsAttended: strconv.Itoa(4 + n%3), fReviewDate: day(90),
		fHeightCm: strconv.Itoa(height), fFruitVegPre: "2", fFruitVegPost: "4.5", fFriedSnacksPre: "6", fFriedSnacksPost: "3",
		fSelfEfficacyPre: "24", fSelfEfficacyPost: "29", fClosureDate: day(100), fClosureReason: "completed",
	} {
		cells[f] = value
	}
	cells[fWeightKgPre], cells[fBMIPre] = weight(90 + n%11)
	cells[fWeightKgPost], cells[fBMIPost] = weight(86 + n%11)
	return cells
}

// cleanExtract is an extract of n rows without a finding.
func cleanExtract(n int) []byte {
	var b bytes.Buffer
	b.WriteString(extractHeader() + "\n")
	for i := range n {
		b.WriteString(strings.Join(extractCells(i), ",") + "\n")
	}
	return b.Bytes()
}

// spoiltExtract is an extract of n rows of which every nth is full of errors.
func spoiltExtract(n, every int) []byte {
	var b bytes.Buffer
	b.WriteString(extractHeader() + "\n")
	for i := range n {
		cells := extractCells(i)
		if i%every == 0 {
			cells[fDateOfBirth] = "31/12/1990"
			cells[fGender] = "male"
			cells[fPostcode] = "unknown"
			cells[fAssessmentDate] = "2019-01-01"
			cells[fClosureDate] = "2020-01-01"
			cells[fHeightCm] = "1.7"
			cells[fConsent] = ""
			cells[fGoal1Status] = ""
		}
		b.WriteString(strings.Join(cells, ",") + "\n")
	}
	return b.Bytes()
}

// everyCellBad is an extract in which no cell can be read.
func everyCellBad(n int) []byte {
	row := strings.Repeat("?!,", fieldCount-1) + "?!\n"
	return []byte(extractHeader() + "\n" + strings.Repeat(row, n))
}

func TestCleanExtractIsClean(t *testing.T) {
	report, err := extractValidator(t).Validate(context.Background(), "x.csv", bytes.NewReader(cleanExtract(20_000)), nil)
	require.NoError(t, err)
	for _, rule := range report.Rules {
		require.Zero(t, rule.Count, "the benchmarks speak of a clean file: %s %v", rule.Rule, rule.Examples)
	}
	require.Equal(t, 20_000, report.Records)
}

func fileRuleIDs() []string {
	return ruleIDs(Episodes().fileRules, func(r fileRule) string { return r.rule })
}

// fileRulesOff leaves the rules of field and record scope.
func fileRulesOff() Option {
	return func(v *Validator) error {
		for _, id := range fileRuleIDs() {
			if err := Severity(id, Off)(v); err != nil {
				return err
			}
		}
		return nil
	}
}

const benchRows = 20_000

func BenchmarkValidate(b *testing.B) {
	clean := cleanExtract(benchRows)
	for _, bm := range []struct {
		name    string
		data    []byte
		options []Option
		each    func(Finding) error
	}{
		{"clean", clean, nil, nil},
		{"clean 2 workers", clean, []Option{Workers(2)}, nil},
		{"clean without file rules", clean, []Option{fileRulesOff()}, nil},
		{"clean quoted", quoteAll(clean), nil, nil},
		{"clean with tabs", bytes.ReplaceAll(clean, []byte(","), []byte("\t")), []Option{Delimiter('\t')}, nil},
		{"2 per cent bad", spoiltExtract(benchRows, 50), nil, nil},
		{"all bad", spoiltExtract(benchRows, 1), nil, nil},
		{"every cell bad", everyCellBad(benchRows), nil, nil},
		{"all bad every finding", spoiltExtract(benchRows, 1), nil, func(Finding) error { return nil }},
		{"not UTF-8", bytes.ReplaceAll(clean, []byte("HT01"), []byte("HT\xe91")), nil, nil},
	} {
		b.Run(bm.name, func(b *testing.B) {
			v := extractValidator(b, bm.options...)
			b.SetBytes(int64(len(bm.data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := v.Validate(context.Background(), "x.csv", bytes.NewReader(bm.data), bm.each); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// quoteAll puts every cell of a file without quotes into quotes.
func quoteAll(data []byte) []byte {
	var b bytes.Buffer
	for line := range bytes.Lines(data) {
		line = bytes.TrimSuffix(line, []byte("\n"))
		b.WriteByte('"')
		b.Write(bytes.ReplaceAll(line, []byte(","), []byte(`","`)))
		b.WriteString("\"\n")
	}
	return b.Bytes()
}

// BenchmarkLimit does less than any reader must, on the same bytes: what the
// validator's speed is to be compared with.
func BenchmarkLimit(b *testing.B) {
	data := cleanExtract(benchRows)
	run := func(name string, f func() int) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			want := 0
			for b.Loop() {
				got := f()
				if want == 0 {
					want = got
				}
				if got != want || got == 0 {
					b.Fatal("miscounted")
				}
			}
		})
	}
	run("count separators", func() int { return bytes.Count(data, []byte{','}) + bytes.Count(data, []byte{'\n'}) })
	run("byte loop finds every cell", func() int {
		cells, start, filled := 0, 0, 0
		for i, c := range data {
			if c == ',' || c == '\n' {
				cells++
				if i > start {
					filled++
				}
				start = i + 1
			}
		}
		return cells + filled
	})
	run("splitter alone", func() int {
		padded := append(bytes.Clone(data), make([]byte, slack)...)[:len(data)]
		var c cells
		c.size(fieldCount)
		n := 0
		for p := 0; p < len(padded); {
			end := p + bytes.IndexByte(padded[p:], '\n')
			c.splitLine(padded, p, end, ',')
			n += c.n
			p = end + 1
		}
		return n
	})
	run("encoding csv", func() int {
		r := csv.NewReader(bytes.NewReader(data))
		r.ReuseRecord = true
		n := 0
		for {
			record, err := r.Read()
			if err == io.EOF {
				return n
			}
			n += len(record)
		}
	})
}
