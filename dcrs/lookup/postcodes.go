package lookup

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"slices"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

// Area is what a postcode directory says of a postcode. The three censuses drew
// the lower layer super output areas (LSOAs) differently; one that the directory
// has no column for, or that lies in Scotland or Northern Ireland, is zero.
type Area struct {
	LSOA2001, LSOA2011, LSOA2021 dcrs.LSOA

	// Terminated is the first day of the month in which the postcode was
	// terminated, zero for a postcode in use.
	Terminated hte.Date
}

// lsoa is the area by the boundaries of a census.
func (a Area) lsoa(census int) dcrs.LSOA {
	switch census {
	case 2001:
		return a.LSOA2001
	case 2011:
		return a.LSOA2011
	case 2021:
		return a.LSOA2021
	}
	return 0
}

// Postcodes is a postcode directory, current and terminated postcodes alike. It
// is immutable and can serve any number of goroutines.
//
// It takes [PostcodeBytes] for each postcode, and less than 500 KiB beside them:
// some 27 MB for the 2.7 million of the whole directory, and while it is read
// about twice that. Looking up allocates nothing.
type Postcodes struct {
	districts []district // by outward
	entries   []entry    // by district and inward
	lsoas     [3][]dcrs.LSOA
	censuses  [3]bool
	skipped   int
}

// PostcodeBytes is the memory that each postcode of a [Postcodes] takes.
const PostcodeBytes = 10

// district is an outward part, such as M1: the entries of its postcodes begin
// where those of the district before end.
type district struct {
	outward uint32 // the outward part of the packed postcode
	end     uint32 // of its entries in Postcodes.entries
}

// entry is one postcode of a district. The areas are places in Postcodes.lsoas,
// from 1; 0 stands for none.
type entry struct {
	inward uint16 // see inward
	areas  [3]uint16
	ended  uint16 // months since January 1900; 0 for a postcode in use
}

// split parts a packed postcode: 18 bits for the last three characters, which are
// a digit and two letters and so fit into 13.
func split(p dcrs.Postcode) (outward uint32, inward uint16) {
	d, a, b := p>>12&0x3f-27, p>>6&0x3f-1, p&0x3f-1 // as packed: letters from 1, digits from 27
	return uint32(p >> 18), uint16(d*26*26 + a*26 + b)
}

// The spellings of the columns, the older behind the newer. See the package
// comment for where they were seen.
var (
	postcodeColumns = []string{"pcds", "pcd", "pcd8", "pcd7", "pcd2", "postcode"}
	areaColumns     = [3][]string{
		{"lsoa01cd", "lsoa01", "soa1"},
		{"lsoa11cd", "lsoa11"},
		{"lsoa21cd", "lsoa21"},
	}
	censusYears = [3]int{2001, 2011, 2021}
)

const postcodeFile = "postcode directory"

// ReadPostcodes reads the ONS Postcode Directory (ONSPD) or the National
// Statistics Postcode Lookup (NSPL) as CSV: the whole of it, or several of its
// files by postcode area, each from its own reader. Columns are found by their
// headings; the postcode and the LSOA of at least one census must be there.
// Rows whose postcode has not the form of one are counted in [Postcodes.Skipped];
// of a postcode that comes twice the first row counts.
//
// The directory's own column of ranks of deprivation (imd, imd20ind, imd25ind) is
// not read: its heading does not say which edition it holds.
//
// The error is a [*FormatError], the reader's or the context's.
func ReadPostcodes(ctx context.Context, readers ...io.Reader) (*Postcodes, error) {
	b := postcodeBuilder{p: &Postcodes{}, byOutward: make(map[uint32]int)}
	for i := range b.ids {
		b.ids[i] = make(map[dcrs.LSOA]uint16)
	}
	for _, r := range readers {
		if err := b.read(newTable(ctx, postcodeFile, r)); err != nil {
			return nil, err
		}
	}
	if len(readers) == 0 {
		return nil, &FormatError{File: postcodeFile, Problem: "no reader was handed in"}
	}
	return b.finish(), nil
}

type postcodeBuilder struct {
	p         *Postcodes
	ids       [3]map[dcrs.LSOA]uint16
	districts [][]entry // in the order of the file
	outwards  []uint32
	byOutward map[uint32]int
	last      int // the district of the row before
}

func (b *postcodeBuilder) read(t *table) error {
	postcodeAt, endedAt, areaAt := -1, -1, [3]int{}
	if err := t.headings(func(names []string) bool {
		postcodeAt, endedAt = column(names, postcodeColumns...), column(names, "doterm")
		any := false
		for i := range areaAt {
			areaAt[i] = column(names, areaColumns[i]...)
			any = any || areaAt[i] >= 0
		}
		return postcodeAt >= 0 && any
	}); err != nil {
		return err
	}
	for i := range areaAt {
		b.p.censuses[i] = b.p.censuses[i] || areaAt[i] >= 0
	}
	var before [3][]byte
	var beforeID [3]uint16
	for {
		cells, err := t.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		postcode, ok := dcrs.ParsePostcode(cell(cells, postcodeAt))
		if !ok {
			b.p.skipped++
			continue
		}
		var e entry
		for i := range areaAt {
			code := cell(cells, areaAt[i])
			if !bytes.Equal(code, before[i]) { // neighbours mostly share an area
				if beforeID[i], err = b.id(t, i, code); err != nil {
					return err
				}
				before[i] = append(before[i][:0], code...)
			}
			e.areas[i] = beforeID[i]
		}
		if ended := cell(cells, endedAt); len(ended) > 0 {
			month, ok := digits(ended)
			if !ok || len(ended) != 6 || month/100 < 1900 || month/100 > 2999 || month%100 < 1 || month%100 > 12 {
				return t.problem("the date of termination is not written yyyymm")
			}
			e.ended = uint16((month/100-1900)*12 + month%100)
		}
		b.add(postcode, e)
	}
}

// id is the place of an area code in the list, from 1; 0 for what is none.
func (b *postcodeBuilder) id(t *table, census int, code []byte) (uint16, error) {
	l, ok := dcrs.ParseLSOA(code)
	if !ok {
		return 0, nil
	}
	id, known := b.ids[census][l]
	if !known {
		b.p.lsoas[census] = append(b.p.lsoas[census], l)
		if len(b.p.lsoas[census]) > 0xffff {
			return 0, t.problem("there are more than 65,535 areas: the column holds something else")
		}
		id = uint16(len(b.p.lsoas[census]))
		b.ids[census][l] = id
	}
	return id, nil
}

func (b *postcodeBuilder) add(p dcrs.Postcode, e entry) {
	var outward uint32
	outward, e.inward = split(p)
	if b.last >= len(b.outwards) || b.outwards[b.last] != outward {
		i, known := b.byOutward[outward]
		if !known {
			i = len(b.outwards)
			b.outwards, b.districts = append(b.outwards, outward), append(b.districts, nil)
			b.byOutward[outward] = i
		}
		b.last = i
	}
	b.districts[b.last] = append(b.districts[b.last], e)
}

func (b *postcodeBuilder) finish() *Postcodes {
	p, count := b.p, 0
	byInward := func(x, y entry) int { return cmp.Compare(x.inward, y.inward) }
	for i, d := range b.districts {
		if !slices.IsSortedFunc(d, byInward) {
			slices.SortStableFunc(d, byInward)
		}
		b.districts[i] = slices.CompactFunc(d, func(x, y entry) bool { return x.inward == y.inward })
		count += len(b.districts[i])
	}
	p.entries = make([]entry, 0, count)
	for _, outward := range slices.Sorted(slices.Values(b.outwards)) {
		i := b.byOutward[outward]
		p.entries = append(p.entries, b.districts[i]...)
		b.districts[i] = nil
		p.districts = append(p.districts, district{outward: outward, end: uint32(len(p.entries))})
	}
	return p
}

// Find looks a postcode up.
func (p *Postcodes) Find(postcode dcrs.Postcode) (Area, bool) {
	outward, inward := split(postcode)
	i, ok := slices.BinarySearchFunc(p.districts, outward, func(d district, o uint32) int { return cmp.Compare(d.outward, o) })
	if !ok {
		return Area{}, false
	}
	begin := uint32(0)
	if i > 0 {
		begin = p.districts[i-1].end
	}
	entries := p.entries[begin:p.districts[i].end]
	i, ok = slices.BinarySearchFunc(entries, inward, func(e entry, in uint16) int { return cmp.Compare(e.inward, in) })
	if !ok {
		return Area{}, false
	}
	e := &entries[i]
	a := Area{LSOA2001: p.area(0, e), LSOA2011: p.area(1, e), LSOA2021: p.area(2, e)}
	if e.ended > 0 {
		month := int(e.ended) - 1
		a.Terminated = firstOfMonth(1900+month/12, month%12+1)
	}
	return a, true
}

func (p *Postcodes) area(census int, e *entry) dcrs.LSOA {
	if e.areas[census] == 0 {
		return 0
	}
	return p.lsoas[census][e.areas[census]-1]
}

// Len is how many postcodes there are.
func (p *Postcodes) Len() int { return len(p.entries) }

// Skipped is how many rows were passed over because their postcode has not the
// form of one.
func (p *Postcodes) Skipped() int { return p.skipped }

// Has reports whether the directory gives the LSOAs of a census: 2001, 2011 or
// 2021.
func (p *Postcodes) Has(census int) bool {
	i := slices.Index(censusYears[:], census)
	return i >= 0 && p.censuses[i]
}
