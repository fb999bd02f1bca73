package dcrs

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// servicesOf gives the rows of an extract service codes in turn, and returns the
// rows of each service as a file of its own too. Rows that cannot be taken apart
// stay as they are.
func servicesOf(t testing.TB, data []byte, code func(n int) string) (all []byte, parts map[string][]byte) {
	t.Helper()
	parts = make(map[string][]byte)
	header, rest, _ := strings.Cut(string(data), "\n")
	column := slices.Index(strings.Split(header, ","), "service_code")
	var b bytes.Buffer
	b.WriteString(header + "\n")
	for n, line := range strings.Split(strings.TrimSuffix(rest, "\n"), "\n") {
		cells, err := csv.NewReader(strings.NewReader(line)).Read()
		if err == nil && len(cells) == fieldCount {
			cells[column] = code(n)
			var row bytes.Buffer
			w := csv.NewWriter(&row)
			require.NoError(t, w.Write(cells))
			w.Flush()
			line = strings.TrimSuffix(row.String(), "\n")
			key := strings.TrimSpace(cells[column])
			if parts[key] == nil {
				parts[key] = []byte(header + "\n")
			}
			parts[key] = append(parts[key], line+"\n"...)
		}
		b.WriteString(line + "\n")
	}
	return b.Bytes(), parts
}

// The counts of a group are those of a file that holds the group alone: the
// other implementation is the validator without groups.
func TestGroupsCountAsTheirRowsAlone(t *testing.T) {
	codes := []string{"RX1", "RX2", "HT9", "A1", ""}
	data, parts := servicesOf(t, append(spoiltExtract(900, 3), "a,b\n\"x\",\"\n"...), func(n int) string { return codes[n*7%len(codes)] })
	for _, workers := range []int{1, 3} {
		v := extractValidator(t, GroupBy("service_code"), Workers(workers), smallBatches(20_000))
		report, _ := validateAll(t, v, bytes.NewReader(data))
		require.Equal(t, "service_code", report.GroupBy)
		names := []string{}
		for _, g := range report.Groups {
			names = append(names, g.Group+g.Kind)
		}
		require.Equal(t, []string{"A1", "HT9", "RX1", "RX2", "none"}, names, "in the order of the names, those without a group behind")
		for _, g := range report.Groups {
			alone, _ := validateAll(t, extractValidator(t), bytes.NewReader(parts[g.Group]))
			require.Equal(t, alone.Records, g.Records, g.Group)
			require.Equal(t, alone.RecordsWithErrors, g.RecordsWithErrors, g.Group)
			require.Equal(t, alone.RecordsWithWarnings, g.RecordsWithWarnings, g.Group)
			for _, want := range alone.Rules {
				rule, _ := Episodes().Rule(want.Rule)
				if strings.HasPrefix(want.Rule, "file/") && rule.Scope == ScopeFile || want.Rule == ruleDuplicate {
					continue // of the file, or of all services together
				}
				got := g.Rule(want.Rule)
				require.Equal(t, GroupRule{want.Rule, want.Count, want.Errors, want.Warnings, want.Infos}, got, "%s: %s", g.Group, want.Rule)
			}
			for i, want := range alone.Fields {
				got := g.Fields[i]
				require.Equal(t, GroupField{want.Field, want.Valid, want.Other, want.Default, want.Invalid, want.Missing}, got, g.Group)
			}
		}
	}
}

// Grouping changes nothing else, whatever the number of workers, and with or
// without somebody who listens.
func TestGroupsChangeNothingElse(t *testing.T) {
	data, _ := servicesOf(t, messyExtract(1200, 8), func(n int) string { return fmt.Sprintf("S%d", n*n%70) })
	plain, findings := validateAll(t, extractValidator(t), bytes.NewReader(data))
	var want string
	for n := 1; n <= 6; n++ {
		report, found := validateAll(t, extractValidator(t, GroupBy("service_code"), Workers(n), smallBatches(7000)), bytes.NewReader(data))
		require.Equal(t, findings, found, "%d workers", n)
		if n == 1 {
			want = reportJSON(t, report)
		}
		require.Equal(t, want, reportJSON(t, report), "%d workers", n)
		silent, err := extractValidator(t, GroupBy("service_code"), Workers(n), smallBatches(7000)).Validate(t.Context(), "x.csv", bytes.NewReader(data), nil)
		require.NoError(t, err)
		require.Equal(t, want, reportJSON(t, silent), "%d workers, nobody listening", n)
		report.GroupBy, report.Groups = "", nil
		require.Empty(t, cmp.Diff(plain, report))
	}
}

// What the rules of file scope find adds up over the groups.
func TestGroupsOfFileRules(t *testing.T) {
	row := waiting.with(change{"service_code": "S1"})
	text := extractOf(t, columnsBut(), row,
		row.with(change{"service_code": "S2", "episode_id": "E2", "client_id": "C2"}),
		row.with(change{"service_code": "S2", "episode_id": "E2", "client_id": "C3"}), // the same episode, and the same person
		row.with(change{"service_code": "", "episode_id": "E2", "client_id": "C3"}))
	_, report := validate(t, ruleAsOf, text, GroupBy("service_code"))
	got := map[string]int{}
	for _, g := range report.Groups {
		got[g.Group+" "+ruleDuplicate] = g.Rule(ruleDuplicate).Count
		got[g.Group+" "+ruleSamePerson] = g.Rule(ruleSamePerson).Count
	}
	require.Equal(t, map[string]int{
		"S1 " + ruleDuplicate: 0, "S1 " + ruleSamePerson: 0, "S2 " + ruleDuplicate: 1, "S2 " + ruleSamePerson: 1,
		" " + ruleDuplicate: 1, " " + ruleSamePerson: 0, // the row without a service
	}, got)
}

// Of more groups than there may be, the first by name stay, in any order of the
// rows; nothing is lost.
func TestTooManyGroups(t *testing.T) {
	const n = MaxGroups + 50
	var want string
	for _, order := range []func(i int) int{
		func(i int) int { return i % n },          // rising: every new group comes behind
		func(i int) int { return n - 1 - i%n },    // falling: every new group pushes one out
		func(i int) int { return i * 1009 % n },   // mixed
		func(i int) int { return i / (3000 / n) }, // sorted
	} {
		data, _ := servicesOf(t, cleanExtract(n*9), func(i int) string { return fmt.Sprintf("S%04d", order(i)%n) })
		for _, workers := range []int{1, 4} {
			report, err := extractValidator(t, GroupBy("service_code"), Workers(workers), smallBatches(9000)).Validate(t.Context(), "x.csv", bytes.NewReader(data), nil)
			require.NoError(t, err)
			require.Len(t, report.Groups, MaxGroups+1)
			records := 0
			for i, g := range report.Groups {
				records += g.Records
				if i < MaxGroups {
					require.Equal(t, fmt.Sprintf("S%04d", i), g.Group)
				}
			}
			require.Equal(t, GroupOthers, report.Groups[MaxGroups].Kind)
			require.Equal(t, report.Records, records)
			names := ""
			for _, g := range report.Groups {
				names += g.Group + g.Kind + " "
			}
			if want == "" {
				want = names
			}
			require.Equal(t, want, names)
		}
	}
}

func TestGroupKeys(t *testing.T) {
	row := waiting.with(change{"setting": "prison", "supervision": "custody", "accommodation_type": "21"})
	for _, c := range []struct {
		why, field string
		rows       []change
		want       []string
	}{
		{"spaces around a code are not part of it", "service_code", []change{row.with(change{"service_code": " RX1 "}), row}, []string{"RX1:2"}},
		{"what no service code can be has no group", "service_code", []change{row.with(change{"service_code": "Rx 1"}), row.with(change{"service_code": "ABCDEFGHIJKLM"})}, []string{":2 none"}},
		{"a blank has none either", "service_code", []change{row.with(change{"service_code": ""}), row}, []string{"RX1:1", ":1 none"}},
		{"an NHS number in the place of a service is never shown", "service_code", []change{row.with(change{"service_code": "9434765919"})}, []string{":1 none"}},
		{"the codes of a list bear their labels", "setting", []change{row, waiting}, []string{"community:1 community", "prison:1 prison"}},
		{"a code that is not in the list is not shown", "setting", []change{row.with(change{"setting": "Jo Smith"})}, []string{":1 none"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			for i := range c.rows {
				c.rows[i] = c.rows[i].with(change{"client_id": fmt.Sprint("C", i), "episode_id": fmt.Sprint("E", i)})
			}
			_, report := validate(t, ruleAsOf, extractOf(t, columnsBut(), c.rows...), GroupBy(c.field))
			got := []string{}
			for _, g := range report.Groups {
				got = append(got, strings.TrimSpace(fmt.Sprintf("%s:%d %s%s", g.Group, g.Records, g.Label, g.Kind)))
			}
			assert.Equal(t, c.want, got)
		})
	}
	t.Run("without the column every row is without a group", func(t *testing.T) {
		_, report := validate(t, ruleAsOf, extractOf(t, columnsBut("service_code"), row), GroupBy("service_code"))
		require.Len(t, report.Groups, 1)
		require.Equal(t, GroupNone, report.Groups[0].Kind)
	})
	t.Run("a file that cannot be read has no groups", func(t *testing.T) {
		_, report := validate(t, ruleAsOf, "", GroupBy("service_code"))
		require.Empty(t, report.Groups)
	})
}

func TestGroupByRefuses(t *testing.T) {
	for _, c := range []struct{ why, field string }{
		{"no such field", "service"},
		{"it identifies", "nhs_number"},
		{"it identifies, and is no code", "postcode"},
		{"a pseudonym stands for one person", "client_id"},
		{"so does that of a trainer", "trainer_id"},
		{"several codes are no group", "wider_needs"},
		{"a measure is no group", "bmi_pre"},
	} {
		_, err := NewValidator(Episodes(), date(t, ruleAsOf), GroupBy(c.field))
		bad, ok := errors.AsType[*OptionError](err)
		require.True(t, ok, c.why)
		require.Equal(t, "GroupBy", bad.Option)
	}
}

// The rows of an interrupted reading are those that were merged, in groups too.
func TestGroupsOfATruncatedReading(t *testing.T) {
	data, _ := servicesOf(t, spoiltExtract(2000, 3), func(n int) string { return fmt.Sprintf("S%d", n%5) })
	stop := errors.New("enough")
	for _, workers := range []int{1, 4} {
		n := 0
		v := extractValidator(t, GroupBy("service_code"), Workers(workers), smallBatches(9000))
		report, err := v.Validate(context.Background(), "x.csv", bytes.NewReader(data), func(Finding) error {
			if n++; n > 1500 {
				return stop
			}
			return nil
		})
		require.ErrorIs(t, err, stop)
		require.True(t, report.Truncated)
		rows := 0
		for _, g := range report.Groups {
			rows += g.Records
		}
		require.Equal(t, report.Records, rows)
		require.NotZero(t, rows)
	}
}

// A national extract is usually one service after another; in mixed order the
// counts of each batch are spread over all of them.
func BenchmarkGroupBy(b *testing.B) {
	const services, rows = 115, 5 * benchRows // as many services as the programme had in 2011 (HTE-OUT)
	mixed, _ := servicesOf(b, cleanExtract(rows), func(n int) string { return fmt.Sprintf("S%03d", n*31%services) })
	sorted, _ := servicesOf(b, cleanExtract(rows), func(n int) string { return fmt.Sprintf("S%03d", n*services/rows) })
	for _, c := range []struct {
		name    string
		data    []byte
		options []Option
	}{
		{"without", sorted, nil},
		{"one after another", sorted, []Option{GroupBy("service_code")}},
		{"mixed", mixed, []Option{GroupBy("service_code")}},
	} {
		b.Run(c.name, func(b *testing.B) {
			v := extractValidator(b, append(c.options, fileRulesOff())...)
			b.SetBytes(int64(len(c.data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := v.Validate(b.Context(), "x.csv", bytes.NewReader(c.data), nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
