package lookup

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// Edition is an edition of an index of multiple deprivation: how many areas it
// ranks and by the boundaries of which census. England's (IMD) and Wales's (WIMD)
// are two indices, and their ranks cannot be compared.
type Edition struct {
	Code   string // of the code list imd_edition: "2019", "W2019"
	Areas  int    // ranked: 1 is the most deprived
	Census int    // 2001, 2011 or 2021
	Basis  dcrs.Basis
	Source string // keys of the sources, see [dcrs.Source], with what each shows
}

// Welsh reports whether it is an edition of the Welsh index.
func (e Edition) Welsh() bool { return strings.HasPrefix(e.Code, "W") }

// editions: the numbers of areas. Where a source is another's file or program,
// the note says so.
var editions = []Edition{
	{Code: "2004", Areas: 32_482, Census: 2001, Basis: dcrs.BasisRemembered, Source: "IMD (2010; the areas of 2004 are the same)"},
	{Code: "2007", Areas: 32_482, Census: 2001, Basis: dcrs.BasisRemembered, Source: "IMD (2010; the areas of 2007 are the same)"},
	{Code: "2010", Areas: 32_482, Census: 2001, Basis: dcrs.BasisNational, Source: "IMD"},
	{Code: "2015", Areas: 32_844, Census: 2011, Basis: dcrs.BasisNational, Source: "IMD"},
	{Code: "2019", Areas: 32_844, Census: 2011, Basis: dcrs.BasisNational, Source: "IMD"},
	{Code: "2025", Areas: 33_755, Census: 2021, Basis: dcrs.BasisNational, Source: "IMD"},
	{Code: "W2005", Areas: 1_896, Census: 2001, Basis: dcrs.BasisRemembered},
	{Code: "W2008", Areas: 1_896, Census: 2001, Basis: dcrs.BasisRemembered},
	{Code: "W2011", Areas: 1_896, Census: 2001, Basis: dcrs.BasisRemembered},
	{Code: "W2014", Areas: 1_909, Census: 2011, Basis: dcrs.BasisRemembered},
	{Code: "W2019", Areas: 1_909, Census: 2011, Basis: dcrs.BasisSource, Source: "humaniverse/IMD, reference/imd2019_wales_lsoa11.md (1,909 rows)"},
	{Code: "W2025", Areas: 1_917, Census: 2021, Basis: dcrs.BasisSource, Source: "public programs that read the Welsh Government's file (1,917 areas)"},
}

// Editions are the editions that [ReadRanks] knows, England's before Wales's,
// the oldest first.
func Editions() []Edition { return slices.Clone(editions) }

// Ranks are the ranks of the areas of one edition. It is immutable and can serve
// any number of goroutines. It takes two bytes for each number from the lowest
// area code to the highest: about 70 KiB.
type Ranks struct {
	edition   Edition
	first     int      // the number of the first area
	ranks     []uint16 // by the area's number; 0: not ranked
	decileTo  [9]uint16
	published bool
}

const ranksFile = "ranks"

// ReadRanks reads the ranks of an edition: for England the file of the English
// Indices of Deprivation with the overall index by LSOA (File 1 or File 7 of 2015,
// 2019 and 2025, the sheet "IMD 2010"), for Wales the file of overall ranks, each
// saved as CSV. Columns are found by their headings.
//
// The file must rank every area of the edition, so that a rank is what it says:
// a file of local authorities, of another edition, of a part of the country, or
// of ranks that run the other way round is refused. Ranks that are shared must
// leave out the ranks behind, as in a race. Where there are scores or published
// deciles, they must agree with the ranks.
//
// The error is a [*FormatError], the reader's or the context's.
func ReadRanks(ctx context.Context, edition string, r io.Reader) (*Ranks, error) {
	i := slices.IndexFunc(editions, func(e Edition) bool { return e.Code == edition })
	if i < 0 {
		return nil, &FormatError{File: ranksFile, Problem: fmt.Sprintf("no edition is called %q", edition)}
	}
	t := newTable(ctx, ranksFile, r)
	e := editions[i]
	c := rankColumns{}
	if err := t.headings(func(names []string) bool {
		c = findRankColumns(names, e)
		return c.code >= 0 && c.rank >= 0
	}); err != nil {
		return nil, err
	}
	if c.reversed {
		return nil, t.problem("the heading says that rank 1 is the least deprived; in this index it is the most deprived")
	}
	rows, err := readRankRows(t, e, c)
	if err != nil {
		return nil, err
	}
	return e.build(t, rows)
}

// rankColumns are the places of the columns, -1 where there is none.
type rankColumns struct {
	code, rank, score, decile int
	reversed                  bool
}

// findRankColumns looks for the overall index: other columns rank its domains.
func findRankColumns(names []string, e Edition) rankColumns {
	year := strings.TrimPrefix(e.Code, "W")
	c := rankColumns{code: -1, rank: -1, score: -1, decile: -1}
	for i, n := range names {
		overall := strings.Contains(n, "multiple deprivation") || strings.Contains(n, "imd") || strings.Contains(n, "overall") || n == "rank"
		switch {
		case strings.HasPrefix(n, "lsoa code") || n == "lsoa11cd" || n == "lsoa21cd" || n == "lsoa01cd" || n == "lsoa_code":
			if c.code < 0 {
				c.code = i
			}
		case !overall:
		case strings.Contains(n, "decile"):
			if c.decile < 0 {
				c.decile = i
			}
		case strings.Contains(n, "quintile"), strings.Contains(n, "quartile"), strings.Contains(n, "vigintile"):
		case strings.Contains(n, "rank") || n == "wimd "+year:
			if c.rank < 0 {
				c.rank = i
				c.reversed = strings.Contains(n, "least deprived") && !strings.Contains(n, "most deprived") || strings.Contains(n, strconv.Itoa(e.Areas)+" is most")
			}
		case strings.Contains(n, "score"):
			if c.score < 0 {
				c.score = i
			}
		}
	}
	return c
}

type rankRow struct {
	lsoa   dcrs.LSOA
	rank   int
	decile int // published; 0 where there is none
	score  float64
	scored bool
	line   int
}

func readRankRows(t *table, e Edition, c rankColumns) ([]rankRow, error) {
	rows := make([]rankRow, 0, e.Areas)
	for {
		cells, err := t.next()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		code, number := cell(cells, c.code), cell(cells, c.rank)
		if len(code) == 0 && len(number) == 0 {
			continue // notes below the table
		}
		row := rankRow{line: t.line}
		var ok bool
		if row.lsoa, ok = dcrs.ParseLSOA(code); !ok {
			return nil, t.problem("the code is not that of an LSOA of England or Wales")
		}
		if row.lsoa.Welsh() != e.Welsh() {
			return nil, t.problem("the area is in the other nation than the edition %s", e.Code)
		}
		if row.rank, ok = rankNumber(number); !ok || row.rank < 1 || row.rank > e.Areas {
			return nil, t.problem("the rank is not a whole number from 1 to %d", e.Areas)
		}
		if c.decile >= 0 {
			if row.decile, ok = digits(cell(cells, c.decile)); !ok || row.decile < 1 || row.decile > 10 {
				return nil, t.problem("the decile is not a number from 1 to 10")
			}
		}
		if c.score >= 0 {
			if row.score, err = strconv.ParseFloat(string(cell(cells, c.score)), 64); err != nil {
				return nil, t.problem("the score is not a number")
			}
			row.scored = true
		}
		if len(rows) == e.Areas {
			return nil, t.problem("there are more areas than the %d of edition %s", e.Areas, e.Code)
		}
		rows = append(rows, row)
	}
}

// rankNumber reads 1234, and 1,234 and 1234.0 as spreadsheets write it.
func rankNumber(b []byte) (int, bool) {
	s := strings.TrimSuffix(strings.ReplaceAll(string(b), ",", ""), ".0")
	return digits([]byte(s))
}

// build checks that the rows rank the areas of the edition.
func (e Edition) build(t *table, rows []rankRow) (*Ranks, error) {
	refuse := func(row rankRow, format string, args ...any) error {
		return &FormatError{File: ranksFile, Line: row.line, Problem: fmt.Sprintf(format, args...)}
	}
	if len(rows) != e.Areas {
		return nil, t.whole(fmt.Sprintf("there are %d areas where edition %s has %d", len(rows), e.Code, e.Areas))
	}
	slices.SortStableFunc(rows, func(a, b rankRow) int { return int(a.lsoa) - int(b.lsoa) })
	for i := 1; i < len(rows); i++ {
		if rows[i].lsoa == rows[i-1].lsoa {
			return nil, refuse(rows[i], "the area comes twice")
		}
	}
	first := rows[0].lsoa.Number()
	x := &Ranks{edition: e, first: first, ranks: make([]uint16, rows[len(rows)-1].lsoa.Number()-first+1)}
	for _, row := range rows {
		x.ranks[row.lsoa.Number()-first] = uint16(row.rank)
	}

	slices.SortStableFunc(rows, func(a, b rankRow) int { return a.rank - b.rank })
	for i, row := range rows {
		if row.rank != i+1 && (i == 0 || row.rank != rows[i-1].rank) {
			return nil, refuse(row, "the ranks are not those of %d areas: one is missing before it", e.Areas)
		}
		if i == 0 {
			continue
		}
		if row.scored && row.score > rows[i-1].score+1e-9 {
			return nil, refuse(row, "the score is higher than that of a lower rank: ranks that run from the least deprived, or another index's")
		}
		if row.decile < rows[i-1].decile {
			return nil, refuse(row, "the decile is lower than that of a lower rank: ranks that run from the least deprived, or another index's")
		}
	}
	x.cut(rows)
	return x, nil
}

// cut notes the last rank of each decile: as published, or as the formula has it.
func (x *Ranks) cut(rows []rankRow) {
	if rows[0].decile == 1 && rows[len(rows)-1].decile == 10 {
		for _, row := range rows {
			for d := row.decile; d <= 9; d++ {
				x.decileTo[d-1] = uint16(row.rank)
			}
		}
		x.published = true
		return
	}
	for d := range x.decileTo {
		x.decileTo[d] = uint16((d + 1) * x.edition.Areas / 10)
	}
}

// Edition is what the ranks are of.
func (x *Ranks) Edition() Edition { return x.edition }

// Published reports whether the deciles and quintiles are those of a column of
// the file, rather than worked out from the ranks.
func (x *Ranks) Published() bool { return x.published }

// Rank is the rank of an area, 1 for the most deprived; false where the edition
// does not rank it.
func (x *Ranks) Rank(l dcrs.LSOA) (int, bool) {
	i := l.Number() - x.first
	if l == 0 || l.Welsh() != x.edition.Welsh() || i < 0 || i >= len(x.ranks) || x.ranks[i] == 0 {
		return 0, false
	}
	return int(x.ranks[i]), true
}

// Decile is the tenth of the areas that an area is in, 1 for the most deprived:
// as the file publishes it, or else as [Decile] has it.
func (x *Ranks) Decile(l dcrs.LSOA) (int, bool) {
	rank, ok := x.Rank(l)
	if !ok {
		return 0, false
	}
	d := 1
	for d <= 9 && rank > int(x.decileTo[d-1]) {
		d++
	}
	return d, true
}

// Quintile is the fifth of the areas that an area is in, 1 for the most deprived:
// deciles 1 and 2 are quintile 1, and so on (MHDQ).
func (x *Ranks) Quintile(l dcrs.LSOA) (int, bool) {
	d, ok := x.Decile(l)
	return (d + 1) / 2, ok
}

// Decile is the tenth that a rank among n areas is in: 10 × rank / n, rounded up.
// It gives the deciles that are published for England. For Wales the published
// groups can differ by the area on the border: 573 of 1,909 is in the third tenth
// there, and in the fourth by this formula; [Ranks] follows what a file publishes.
// It is 0 for a rank that is not between 1 and n.
func Decile(rank, n int) int { return part(rank, n, 10) }

// Quintile is the fifth that a rank among n areas is in: 5 × rank / n, rounded up.
// It is 0 for a rank that is not between 1 and n.
func Quintile(rank, n int) int { return part(rank, n, 5) }

func part(rank, n, parts int) int {
	if rank < 1 || rank > n {
		return 0
	}
	return (rank*parts + n - 1) / n
}
