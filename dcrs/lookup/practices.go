package lookup

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

// Status is the status of a practice in the list.
type Status uint8

// The statuses.
const (
	Active   Status = iota + 1 // A, ACTIVE
	Closed                     // C, INACTIVE
	Dormant                    // D
	Proposed                   // P
)

// Practice is an entry of the list of practices.
type Practice struct {
	Status Status
	Opened hte.Date // zero where the list gives none
	Closed hte.Date // … and for a practice that is open
}

// OpenOn reports whether the practice was open on a day, as far as the list
// tells. A proposed one was not; one that is closed without a date counts as not
// open on any day.
func (p Practice) OpenOn(day hte.Date) bool {
	switch {
	case p.Status == Proposed, p.Status == Closed && p.Closed.IsZero():
		return false
	case day.Before(p.Opened):
		return false
	}
	return p.Closed.IsZero() || !day.After(p.Closed)
}

// Practices is a list of GP practices. It is immutable and can serve any number
// of goroutines. It takes 16 bytes for each practice: some 250 KiB.
type Practices struct {
	list    []practiceEntry
	skipped int
}

type practiceEntry struct {
	code           dcrs.GPPractice
	opened, closed int32 // ordinals; 0 for none
	status         Status
}

const practicesFile = "practices"

// The places of the columns of the list, from 0: see the package comment.
const (
	practiceCode    = 0
	practiceOpened  = 10
	practiceClosed  = 11
	practiceStatus  = 12
	practiceColumns = 13 // at least
)

// ReadPractices reads the list of GP practices of the Organisation Data Service
// (epraccur): a CSV without headings, in which a column is known by its place.
// Entries whose code is not a letter and five digits are counted in
// [Practices.Skipped]. Of a code that comes twice the first counts.
//
// The error is a [*FormatError], the reader's or the context's.
func ReadPractices(ctx context.Context, r io.Reader) (*Practices, error) {
	t := newTable(ctx, practicesFile, r)
	p := &Practices{}
	for {
		cells, err := t.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if len(cells) < practiceColumns {
			return nil, t.problem("there are %d columns where the list of practices has 27, at least 13 of them needed", len(cells))
		}
		code, ok := dcrs.ParseGPPractice(cell(cells, practiceCode))
		if !ok {
			p.skipped++
			continue
		}
		e := practiceEntry{code: code}
		if e.opened, ok = listDate(cell(cells, practiceOpened)); !ok {
			return nil, t.problem("column 11 is not a date of opening written yyyymmdd")
		}
		if e.closed, ok = listDate(cell(cells, practiceClosed)); !ok {
			return nil, t.problem("column 12 is not a date of closing written yyyymmdd")
		}
		switch strings.ToUpper(string(cell(cells, practiceStatus))) {
		case "A", "ACTIVE":
			e.status = Active
		case "C", "INACTIVE", "CLOSED":
			e.status = Closed
		case "D", "DORMANT":
			e.status = Dormant
		case "P", "PROPOSED":
			e.status = Proposed
		default:
			return nil, t.problem("column 13 is not a status: A, C, D or P")
		}
		p.list = append(p.list, e)
	}
	if len(p.list) == 0 {
		return nil, t.whole("it holds no practice")
	}
	slices.SortStableFunc(p.list, func(a, b practiceEntry) int { return cmp.Compare(a.code, b.code) })
	p.list = slices.CompactFunc(p.list, func(a, b practiceEntry) bool { return a.code == b.code })
	return p, nil
}

// listDate reads yyyymmdd or yyyy-mm-dd; nothing is no date.
func listDate(b []byte) (int32, bool) {
	var d hte.Date
	var err error
	switch len(b) {
	case 0:
		return 0, true
	case 8:
		n, ok := digits(b)
		if !ok {
			return 0, false
		}
		d, err = hte.DateOf(n/10_000, time.Month(n/100%100), n%100)
	default:
		d, err = hte.ParseDate(b)
	}
	return int32(d.Ordinal()), err == nil
}

// Find looks a practice up. The codes for no practice, V81997 to V81999, are not
// in the list: see [dcrs.GPPractice.Default].
func (p *Practices) Find(code dcrs.GPPractice) (Practice, bool) {
	i, ok := slices.BinarySearchFunc(p.list, code, func(e practiceEntry, c dcrs.GPPractice) int { return cmp.Compare(e.code, c) })
	if !ok {
		return Practice{}, false
	}
	e := &p.list[i]
	return Practice{Status: e.status, Opened: ordinal(e.opened), Closed: ordinal(e.closed)}, true
}

// Len is how many practices there are.
func (p *Practices) Len() int { return len(p.list) }

// Skipped is how many entries were passed over because their code is not that of
// a practice.
func (p *Practices) Skipped() int { return p.skipped }

func ordinal(n int32) hte.Date {
	if n == 0 {
		return hte.Date{}
	}
	return hte.FromOrdinal(int(n))
}

func firstOfMonth(year, month int) hte.Date {
	d, _ := hte.DateOf(year, time.Month(month), 1)
	return d
}
