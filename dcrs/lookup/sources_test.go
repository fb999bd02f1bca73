package lookup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// Where the made-up areas stand: the nth area has rank n, so that a quintile can
// be read off its code. E01000001 is in quintile 1, E01032482 in quintile 5.
func inOrder(t testing.TB, edition string) *Ranks {
	t.Helper()
	var b strings.Builder
	b.WriteString("LSOA code,IMD rank\n")
	e := editionOf(t, edition)
	for i := range e.Areas {
		fmt.Fprintf(&b, "%s,%d\n", areaCode(e, i), i+1)
	}
	x, err := ReadRanks(context.Background(), edition, strings.NewReader(b.String()))
	require.NoError(t, err)
	return x
}

// sources: ZA1 1AA lies in quintile 1 of 2010, 3 of 2019; ZA1 1AB in 5 of both;
// ZA1 1AC in Wales; ZE1 1AA in Scotland.
func madeUpSources(t testing.TB) *Sources {
	t.Helper()
	row := func(pc, ended, l01, l11 string) map[string]string {
		return map[string]string{"pcd": pc, "pcds": pc, "doterm": ended, "lsoa01": l01, "lsoa11": l11, "lsoa21": ""}
	}
	p, err := ReadPostcodes(context.Background(), strings.NewReader(directory(onspd2023,
		row("ZA1 1AA", "", "E01000001", "E01016000"), row("ZA1 1AB", "201006", "E01032482", "E01032844"),
		row("ZA1 1AC", "", "W01000001", "W01000001"), row("ZE1 1AA", "", "S01000001", "S01000001"))))
	require.NoError(t, err)
	practices, err := ReadPractices(context.Background(), strings.NewReader(
		practiceRow("X00001", "19740401", "", "A")+"\n"+practiceRow("X00002", "19740401", "20240331", "C")+"\n"))
	require.NoError(t, err)
	return &Sources{Postcodes: p, Ranks: []*Ranks{inOrder(t, "2010"), inOrder(t, "2019"), inOrder(t, "W2019")}, Practices: practices}
}

const placeHeader = "client_id,episode_id,service_code,referral_date,postcode,lsoa,imd_quintile,imd_edition,gp_practice_code\n"

// extended is a validator of the extended dictionary with nothing but its new
// rules.
func extended(t testing.TB, s *Sources) *dcrs.Validator {
	t.Helper()
	d, err := s.Extend(dcrs.Episodes())
	require.NoError(t, err)
	options := []dcrs.Option{dcrs.Severity("*/*", dcrs.Off)}
	for r := range d.Rules() {
		if strings.HasPrefix(r.ID, "lookup/") {
			options = append(options, dcrs.Severity(r.ID, r.Severity))
		}
	}
	v, err := dcrs.NewValidator(d, day(t, "2026-03-31"), options...)
	require.NoError(t, err)
	return v
}

func TestRules(t *testing.T) {
	v := extended(t, madeUpSources(t))
	assert.Equal(t, dcrs.Edition+"+lookup", v.Dictionary().Edition())
	for _, tc := range []struct {
		why, postcode, lsoa, quintile, edition, practice string
		found                                            []string // rule@field
	}{
		{"all agrees", "ZA1 1AA", "E01016000", "3", "2019", "X00001", nil},
		{"the area of another census is right too", "ZA1 1AA", "E01000001", "1", "2010", "X00001", nil},
		{"by the postcode alone", "za11aa", "", "3", "2019", "X00001", nil},
		{"the quintile of another edition", "ZA1 1AA", "E01016000", "1", "2019", "X00001", []string{"lookup/quintile-disagrees@imd_quintile"}},
		{"… by the postcode alone", "ZA1 1AA", "", "1", "2019", "X00001", []string{"lookup/quintile-disagrees@imd_quintile"}},
		{"… and without a postcode", "", "E01016000", "1", "2019", "X00001", []string{"lookup/quintile-disagrees@imd_quintile"}},
		{"reversed: 5 taken for the most deprived", "", "E01000001", "5", "2010", "X00001", []string{"lookup/quintile-disagrees@imd_quintile"}},
		{"no ranks of this edition", "ZA1 1AA", "E01016000", "1", "2015", "X00001", nil},
		{"a postcode that is not there", "ZA1 9ZZ", "", "1", "2019", "X00001", []string{"lookup/postcode-unknown@postcode"}},
		{"no fixed abode", "ZZ99 3VZ", "", "", "", "X00001", nil},
		{"a postcode that has not the form", "ZA1", "", "", "", "X00001", nil},
		{"terminated before", "ZA1 1AB", "E01032844", "5", "2019", "X00001", []string{"lookup/postcode-terminated@postcode"}},
		{"an area of another postcode, which answers for the quintile", "ZA1 1AA", "E01000002", "1", "2010", "X00001", []string{"lookup/lsoa-disagrees@lsoa"}},
		{"an area that the edition does not rank: the postcode answers", "ZA1 1AA", "E01032900", "3", "2019", "X00001", []string{"lookup/lsoa-disagrees@lsoa", "lookup/lsoa-not-in-edition@lsoa"}},
		{"Wales, by its own index", "ZA1 1AC", "W01000001", "1", "W2019", "X00001", nil},
		{"Wales, by England's", "ZA1 1AC", "W01000001", "1", "2019", "X00001", []string{"lookup/lsoa-not-in-edition@lsoa"}},
		{"Scotland has other areas", "ZE1 1AA", "E01000001", "1", "2010", "X00001", nil},
		{"a practice that is not there", "", "", "", "", "X00009", []string{"lookup/practice-unknown@gp_practice_code"}},
		{"a practice that had closed", "", "", "", "", "X00002", []string{"lookup/practice-closed@gp_practice_code"}},
		{"not registered", "", "", "", "", "V81997", nil},
		{"not applicable", "", "", "", "", "V81998", nil},
		{"not known", "", "", "", "", "V81999", nil},
	} {
		file := placeHeader + strings.Join([]string{"C1", "E1", "RX1", "2025-05-01", tc.postcode, tc.lsoa, tc.quintile, tc.edition, tc.practice}, ",") + "\n"
		var found []string
		_, err := v.Validate(context.Background(), "x.csv", strings.NewReader(file), func(f dcrs.Finding) error {
			found = append(found, f.Rule+"@"+f.Field)
			return nil
		})
		require.NoError(t, err)
		assert.Equal(t, tc.found, found, tc.why)
	}

	t.Run("terminated in the month of the referral, or later", func(t *testing.T) {
		for referral, want := range map[string]int{"2010-05-31": 0, "2010-06-01": 0, "2010-06-30": 0, "2010-07-01": 1} {
			report, err := v.Validate(context.Background(), "x.csv", strings.NewReader(placeHeader+"C1,E1,RX1,"+referral+",ZA1 1AB,,,,\n"), nil)
			require.NoError(t, err)
			rule, _ := report.Rule("lookup/postcode-terminated")
			assert.Equal(t, want, rule.Count, referral)
		}
	})
	t.Run("only what its source can answer is there", func(t *testing.T) {
		for _, tc := range []struct {
			s    Sources
			want int
		}{{Sources{}, 0}, {Sources{Postcodes: madeUpSources(t).Postcodes}, 3}, {Sources{Ranks: madeUpSources(t).Ranks}, 2}, {Sources{Practices: madeUpSources(t).Practices}, 2}} {
			d, err := tc.s.Extend(dcrs.Episodes())
			require.NoError(t, err)
			n := 0
			for r := range d.Rules() {
				if strings.HasPrefix(r.ID, "lookup/") {
					n++
				}
			}
			assert.Equal(t, tc.want, n)
		}
	})
	t.Run("a dictionary without these fields", func(t *testing.T) {
		d, err := dcrs.NewDictionary("visit", "1", []dcrs.Field{{Name: "postcode", Type: dcrs.TypePostcode, Sensitivity: dcrs.Identifying}}, nil, nil)
		require.NoError(t, err)
		s := madeUpSources(t)
		d, err = s.Extend(d)
		require.NoError(t, err)
		_, ok := d.Rule("lookup/postcode-unknown")
		assert.True(t, ok)
		_, ok = d.Rule("lookup/lsoa-disagrees")
		assert.False(t, ok)
		_, err = s.Fill(d, "2019")
		require.Error(t, err)
	})
}

func TestQuintile(t *testing.T) {
	s := madeUpSources(t)
	for _, tc := range []struct {
		postcode, edition string
		want              int
	}{
		{"ZA1 1AA", "2010", 1},
		{"ZA1 1AA", "2019", 3},
		{"ZA1 1AB", "2019", 5},
		{"ZA1 1AC", "W2019", 1},
		{"ZA1 1AC", "2019", 0},
		{"ZA1 1AA", "2015", 0},
		{"ZZ99 3VZ", "2019", 0},
		{"ZA1 9ZZ", "2019", 0},
		{"ZE1 1AA", "2019", 0},
	} {
		q, ok := s.Quintile(postcode(t, tc.postcode), tc.edition)
		assert.Equal(t, tc.want > 0, ok, tc)
		assert.Equal(t, tc.want, q, tc)
	}
	_, ok := (&Sources{}).Quintile(postcode(t, "ZA1 1AA"), "2019")
	assert.False(t, ok)
}

func TestFill(t *testing.T) {
	s := madeUpSources(t)
	v := extended(t, s)
	fill, err := s.Fill(v.Dictionary(), "2019", "W2019")
	require.NoError(t, err)
	in := "client_id,postcode,lsoa,imd_quintile,imd_edition\n" +
		"C1,ZA1 1AA,,,\n" + // all blank
		"C2,ZA1 1AA,,,2010\n" + // an edition of its own
		"C3,ZA1 1AA,,2,\n" + // a quintile of nobody knows where: an area at most
		"C4,ZA1 1AA,E01000001,5,2019\n" + // wrong, and left alone
		"C5,ZZ99 3VZ,,,\n" + // no place
		"C6,ZA1 1AC,,,\n" + // Wales
		"C7,ZA1 1AA,,,2015\n" + // no ranks of it
		"C8,ZA1 1AA,wrong,,\n" + // cannot be read, and is not overwritten
		"C9,,E01000001,,\n" + // without a postcode nothing is filled
		"D1,ZE1 1AA,,,\n" + // Scotland
		"D2,ZA1 1AB,,,\n" // terminated
	var out bytes.Buffer
	log, err := v.Normalise(context.Background(), "x.csv", strings.NewReader(in), &out, fill)
	require.NoError(t, err)
	assert.Equal(t, "client_id,postcode,lsoa,imd_quintile,imd_edition\n"+
		"C1,ZA1 1AA,E01016000,3,2019\n"+
		"C2,ZA1 1AA,E01000001,1,2010\n"+
		"C3,ZA1 1AA,E01016000,2,\n"+
		"C4,ZA1 1AA,E01000001,5,2019\n"+
		"C5,ZZ99 3VZ,,,\n"+
		"C6,ZA1 1AC,W01000001,1,W2019\n"+
		"C7,ZA1 1AA,,,2015\n"+
		"C8,ZA1 1AA,wrong,3,2019\n"+
		"C9,,E01000001,,\n"+
		"D1,ZE1 1AA,,,\n"+
		"D2,ZA1 1AB,E01032844,5,2019\n", out.String())
	assert.Equal(t, 5, log.Count("lsoa", dcrs.ChangeFilled))
	assert.Equal(t, 5, log.Count("imd_quintile", dcrs.ChangeFilled))
	assert.Equal(t, 4, log.Count("imd_edition", dcrs.ChangeFilled))

	report, err := v.Validate(context.Background(), "x.csv", strings.NewReader(out.String()), nil)
	require.NoError(t, err)
	rule, _ := report.Rule("lookup/quintile-disagrees")
	assert.Equal(t, 1, rule.Count, "what was filled agrees; what was wrong still is")

	for why, try := range map[string]func() error{
		"no edition":       func() error { _, err := s.Fill(v.Dictionary()); return err },
		"no ranks":         func() error { _, err := s.Fill(v.Dictionary(), "2015"); return err },
		"no directory":     func() error { _, err := (&Sources{Ranks: s.Ranks}).Fill(v.Dictionary(), "2019"); return err },
		"no such boundary": func() error { return fillWithout2011(t, s, v) },
	} {
		_, ok := errors.AsType[*SourceError](try())
		assert.True(t, ok, why)
	}
}

func fillWithout2011(t *testing.T, s *Sources, v *dcrs.Validator) error {
	t.Helper()
	p, err := ReadPostcodes(context.Background(), strings.NewReader(directory(nspl2026, map[string]string{"pcds": "ZA1 1AA", "doterm": "", "lsoa21cd": "E01000001"})))
	require.NoError(t, err)
	_, err = (&Sources{Postcodes: p, Ranks: s.Ranks}).Fill(v.Dictionary(), "2019")
	return err
}

// TestRulesAllocateNothing for a row.
func TestRulesAllocateNothing(t *testing.T) {
	v := extended(t, madeUpSources(t))
	file := func(rows int) string {
		return placeHeader + strings.Repeat("C1,E1,RX1,2025-05-01,ZA1 1AA,E01016000,3,2019,X00001\n", rows)
	}
	few, many := file(1000), file(5000)
	allocs := func(file string) float64 {
		return testing.AllocsPerRun(3, func() {
			for _, err := range v.Rows(context.Background(), "x.csv", strings.NewReader(file)) {
				require.NoError(t, err)
			}
		})
	}
	assert.Less(t, allocs(many)-allocs(few), 20.0, "4,000 rows more")
}

func BenchmarkRules(b *testing.B) {
	s := madeUpSources(b)
	file := placeHeader + strings.Repeat("C1,E1,RX1,2025-05-01,ZA1 1AA,E01016000,3,2019,X00001\n", 20_000)
	for name, v := range map[string]*dcrs.Validator{"lookup": extended(b, s), "none": extended(b, &Sources{})} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			for b.Loop() {
				_, err := v.Validate(context.Background(), "x.csv", strings.NewReader(file), nil)
				require.NoError(b, err)
			}
			b.ReportMetric(20_000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
