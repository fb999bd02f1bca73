package lookup

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

// Every file in these tests is made up. Postcodes are of areas in Z, where none
// but ZE is allocated, practices have the letter X, and the ranks are drawn by
// chance. Only the headings are those of the real files.

// The headings of an ONSPD of 2023 and of an NSPL of 2026, as public programs
// that read them give them.
const (
	onspd2023 = "pcd,pcd2,pcds,dointr,doterm,oscty,ced,oslaua,osward,parish,usertype,oseast1m,osnrth1m,osgrdind,oshlthau,nhser,ctry,rgn,streg,pcon,eer,teclec,ttwa,pct,itl,statsward,oa01,casward,park,lsoa01,msoa01,ur01ind,oac01,oa11,lsoa11,msoa11,wz11,sicbl,bua11,buasd11,ru11ind,oac11,lat,long,lep1,lep2,pfa,imd,calncv,icb,oa21,lsoa21,msoa21"
	nspl2026  = "pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,north1m,gridind,oa21cd,cty26cd,ced25cd,lad26cd,wd26cd,nhser24cd,ctry26cd,rgn26cd,pcon24cd,ttwa15cd,itl25cd,npark16cd,lsoa21cd,msoa21cd,wz11cd,sicbl26cd,bua24cd,ruc21ind,oac21ind,lat,long,lep21cd1,lep21cd2,pfa23cd,imd25ind,icb26cd"
)

// directory writes rows under a heading, every cell quoted as the ONS has it.
// Each row names some cells; the others hold a filler.
func directory(header string, rows ...map[string]string) string {
	var b strings.Builder
	b.WriteString(header + "\r\n")
	for _, row := range rows {
		for i, name := range strings.Split(header, ",") {
			if i > 0 {
				b.WriteByte(',')
			}
			value, ok := row[name]
			if !ok {
				value = "Z99999999"
			}
			b.WriteString(`"` + value + `"`)
		}
		b.WriteString("\r\n")
	}
	return b.String()
}

// rankFile ranks every area of an edition in an order drawn by chance. change
// can spoil a row.
func rankFile(t testing.TB, edition, header string, row func(code string, rank int) string) string {
	t.Helper()
	e := editionOf(t, edition)
	var b strings.Builder
	b.WriteString(header + "\n")
	for i, rank := range rand.New(rand.NewPCG(1, 2)).Perm(e.Areas) {
		b.WriteString(row(areaCode(e, i), rank+1) + "\n")
	}
	return b.String()
}

func editionOf(t testing.TB, code string) Edition {
	t.Helper()
	for _, e := range Editions() {
		if e.Code == code {
			return e
		}
	}
	require.Fail(t, "no such edition")
	return Edition{}
}

func areaCode(e Edition, i int) string {
	nation := "E"
	if e.Welsh() {
		nation = "W"
	}
	return fmt.Sprintf("%s01%06d", nation, i+1)
}

const (
	iod2019  = "LSOA code (2011),LSOA name (2011),Local Authority District code (2019),Index of Multiple Deprivation (IMD) Score,Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived),Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs),Income Score (rate),Income Rank (where 1 is most deprived)"
	imd2010  = "LSOA CODE,LA CODE,LA NAME,GOR CODE,GOR NAME,IMD SCORE,RANK OF IMD SCORE (where 1 is most deprived)"
	wimd2019 = "WIMD 2019: made up for a test,,\nThis worksheet contains one table.,,\nLSOA code,LSOA name (Eng),Local Authority name (Eng),WIMD 2019 overall rank"
)

func iodRow(code string, rank int) string {
	return fmt.Sprintf("%s,Made up,E06000001,%.3f,%d,%d,0.1,%d", code, 100-float64(rank)/400, rank, Decile(rank, 32_844), 32_845-rank)
}

func imdRow(code string, rank int) string {
	return fmt.Sprintf(`%s,00ZZ,"Nowhere, City of",H,London,%.2f,%d`, code, 100-float64(rank)/400, rank)
}

func practiceRow(code, opened, closed, status string) string {
	return fmt.Sprintf(`"%s","THE MADE-UP SURGERY","Y54","Q74","1 NO STREET","","","NOWHERE","","ZA1 1AA","%s","%s","%s","B","00L","20130401","","0","","","","0","","00L","","4",""`, code, opened, closed, status)
}

func postcode(t testing.TB, s string) dcrs.Postcode {
	t.Helper()
	p, ok := dcrs.ParsePostcode(s)
	require.True(t, ok)
	return p
}

func lsoa(t testing.TB, s string) dcrs.LSOA {
	t.Helper()
	l, ok := dcrs.ParseLSOA(s)
	require.True(t, ok)
	return l
}

func practice(t testing.TB, s string) dcrs.GPPractice {
	t.Helper()
	g, ok := dcrs.ParseGPPractice(s)
	require.True(t, ok)
	return g
}

func day(t testing.TB, s string) hte.Date {
	t.Helper()
	if s == "" {
		return hte.Date{}
	}
	d, err := hte.ParseDate(s)
	require.NoError(t, err)
	return d
}
