package synthetic

import (
	"math"
	"strconv"

	"github.com/healthtrainer/healthtrainer/hte"
)

// blank is an empty cell.
const blank = math.MinInt32

// row is one episode: the number in every cell, see kind, and what the slips
// need to know of the client.
type row struct {
	v [columnCount]int32

	record  int32
	first   bool // the client's first episode
	last    bool // and the last in the extract
	natural bool // something is to be found at it without a slip, test-range numbers left out

	slips  []slip // the cells that a slip wrote over
	broken breakage
	where  int // the cell at which it is broken
}

// slip is a text in the place of a cell's number.
type slip struct {
	column int
	text   []byte
}

// breakage is a slip of the row's form.
type breakage uint8

const (
	whole breakage = iota
	extraCell
	missingCell
	openQuote
	innerQuote
)

func (r *row) clear() {
	for i := range r.v {
		r.v[i] = blank
	}
	r.first, r.last, r.natural = false, false, false
	r.slips, r.broken = r.slips[:0], whole
}

func (r *row) has(column int) bool         { return r.v[column] != blank }
func (r *row) is(column int, v int32) bool { return r.v[column] == v }
func (r *row) put(column int, v int32)     { r.v[column] = v }
func (r *row) wipe(column int)             { r.v[column] = blank }
func (r *row) single() bool                { return r.first && r.last }
func (r *row) date(column int) hte.Date    { return hte.FromOrdinal(int(r.v[column])) }
func (r *row) closed() bool                { return r.has(fClosureDate) }
func (r *row) mode(mode int32) bool        { return r.v[fClientMode] == mode }
func (r *row) both(p pair) bool            { return r.has(p.pre) && r.has(p.post) }
func (r *row) realPostcode() bool          { return r.v[fPostcode] >= 0 }

func (r *row) anyOf(column int, codes ...int32) bool {
	for _, c := range codes {
		if r.v[column] == c {
			return true
		}
	}
	return false
}

// age is the client's age in completed years at the referral.
func (r *row) age() int32 {
	return int32(r.date(fDateOfBirth).YearsUntil(r.date(fReferralDate)))
}

// write puts a text in the place of a cell's number. It is appended to a buffer
// of the row's own.
func (r *row) write(column int, text func([]byte) []byte) {
	if len(r.slips) < cap(r.slips) {
		r.slips = r.slips[:len(r.slips)+1]
	} else {
		r.slips = append(r.slips, slip{})
	}
	s := &r.slips[len(r.slips)-1]
	s.column = column
	s.text = text(s.text[:0])
}

// appendTo appends the line of the row.
func (r *row) appendTo(b []byte) []byte {
	if len(r.slips) > 0 || r.broken != whole {
		return r.appendSlipped(b)
	}
	for f := range columns {
		if r.v[f] != blank {
			b = appendCell(b, f, r.v[f])
		}
		b = append(b, ',')
	}
	b[len(b)-1] = '\n'
	return b
}

func (r *row) appendSlipped(b []byte) []byte {
	for f := range columns {
		switch {
		case r.broken == whole || f != r.where:
			b = append(r.appendText(b, f), ',')
		case r.broken == extraCell:
			// As when a comma within a cell was not quoted.
			b = append(r.appendText(b, f), ",,"...)
		case r.broken == openQuote:
			b = append(r.appendText(append(b, '"'), f), ',')
		case r.broken == innerQuote:
			b = r.appendText(b, f)
			b = append(b[:len(b)-1], '"', b[len(b)-1], ',')
		}
		// A missing cell is left out with its comma.
	}
	b[len(b)-1] = '\n'
	return b
}

// appendText appends the cell as it stands in the file.
func (r *row) appendText(b []byte, f int) []byte {
	for i := range r.slips {
		if r.slips[i].column == f {
			return append(b, r.slips[i].text...)
		}
	}
	if r.v[f] == blank {
		return b
	}
	return appendCell(b, f, r.v[f])
}

func appendCell(b []byte, f int, v int32) []byte {
	c := &columns[f]
	switch c.kind {
	case kindClient:
		return appendPadded(append(b, "SYN-C"...), v, 8)
	case kindEpisode:
		return appendPadded(append(b, "SYN-E"...), v, 8)
	case kindService:
		return appendPadded(append(b, "SYNHT"...), v+1, 2)
	case kindTrainer:
		return appendPadded(append(b, "SYN-T"...), v, 3)
	case kindNHSNumber:
		return append(appendPadded(append(b, "999"...), v, 6), '0'+byte(checkDigit(v)))
	case kindPostcode:
		return appendPostcode(b, v)
	case kindLSOA:
		return appendPadded(append(b, "E01"...), v, 6)
	case kindPractice:
		return appendPractice(b, v)
	case kindDate:
		b, _ = hte.FromOrdinal(int(v)).AppendText(b) // never fails
		return b
	case kindCode:
		return append(b, c.codes[v]...)
	case kindCodes:
		for i, code := range c.codes {
			if v>>i&1 != 0 {
				b = append(append(b, code...), ';')
			}
		}
		return b[:len(b)-1]
	case kindInteger:
		return strconv.AppendInt(b, int64(v), 10)
	case kindTenths:
		b = strconv.AppendInt(b, int64(v/10), 10)
		return append(b, '.', '0'+byte(v%10))
	case kindHalves:
		b = strconv.AppendInt(b, int64(v/10), 10)
		if v%10 != 0 {
			b = append(b, '.', '0'+byte(v%10))
		}
		return b
	}
	return b
}

// appendPadded appends v with zeros before it, to that many digits at least.
func appendPadded(b []byte, v int32, digits int) []byte {
	for limit := int32(10); digits > 1; digits-- {
		if v < limit {
			for range digits - 1 {
				b = append(b, '0')
			}
			break
		}
		if limit > math.MaxInt32/10 {
			break
		}
		limit *= 10
	}
	return strconv.AppendInt(b, int64(v), 10)
}
