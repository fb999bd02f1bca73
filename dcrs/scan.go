package dcrs

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/bits"
)

// Reading has two layers. The framer cuts the file into batches of whole
// records, in order, and looks closely only where there are quotes. The
// splitter takes one record apart into cells; it needs nothing but the batch,
// so batches can be checked by several workers at once.

// frameKind says what the framer knows of a record.
type frameKind uint8

const (
	frameQuoted  frameKind = iota + 1 // with quotes; the splitter sees whether a record of one line is well formed
	frameBad                          // a stray or unclosed quote: only its first line belongs to it
	frameTooLong                      // longer than the limit
)

// frame is a record that is more than a plain line.
type frame struct {
	kind       frameKind
	start, end uint32 // in the batch; end is the place of the line feed or the end of the batch
	at         uint32 // frameBad: the quote
}

// batch is a run of whole records.
type batch struct {
	buf    []byte // with at least slack bytes of capacity behind it
	base   int64  // offset in the file of buf[0]
	next   int64  // … of the first byte behind the batch
	frames []frame
}

const (
	batchSize = 256 << 10 // unless a test asks for another
	slack     = 16        // the splitter and the readers look at eight or sixteen bytes at a time, past the end
)

// framer cuts a file into batches. Where it cuts depends on the bytes alone, not
// on how many of them the reader gives at a time.
type framer struct {
	r       io.Reader
	stop    func() error // of the context: asked before every read
	delim   byte
	columns int // of the header; 0 while it is not known
	limit   int
	size    int // of a batch, unless a record is longer

	rest  []byte // read, and not in a batch yet
	base  int64  // offset of rest[0]
	eof   bool
	err   error // from the reader or the context, once rest is used up
	tries int   // reads in a row that gave nothing

	looked int // bytes of records with quotes, each as often as it was looked at; tests hold it to a few times the file
}

// fill reads until buf holds want bytes, the file ends or the reader fails.
func (f *framer) fill(buf []byte, want int) []byte {
	if len(buf) < want && cap(buf) < want+slack {
		grown := make([]byte, len(buf), want+slack)
		copy(grown, buf)
		buf = grown
	}
	for len(buf) < want && !f.eof {
		n, err := f.read(buf[len(buf):want])
		buf = buf[:len(buf)+n]
		if n > 0 {
			f.tries = 0
		} else if f.tries++; f.tries > 100 && err == nil {
			err = io.ErrNoProgress
		}
		if err != nil {
			f.eof = true
			if err != io.EOF {
				f.err = err
			}
		}
	}
	return buf
}

// read is one call of the caller's reader, which may do what it should not.
func (f *framer) read(p []byte) (n int, err error) {
	if err := f.stop(); err != nil {
		return 0, err
	}
	defer func() {
		if v := recover(); v != nil {
			n, err = 0, &PanicError{Func: "Read", Value: v}
		}
	}()
	n, err = f.r.Read(p)
	if n < 0 || n > len(p) {
		return 0, errImpossibleRead
	}
	return n, err
}

var errImpossibleRead = errors.New("dcrs: the reader says that it read fewer than 0 bytes or more than it was asked for")

// next fills b with the next records and reports whether there are any. After
// false, f.err says whether the reader failed.
func (f *framer) next(b *batch) bool {
	want := f.size
	buf := b.buf[:0]
	if need := max(len(f.rest), want) + slack; cap(buf) < need {
		buf = make([]byte, 0, need)
	}
	buf = append(buf, f.rest...)
	for {
		buf = f.fill(buf, want)
		cut := f.cut(b, buf)
		if cut > 0 {
			f.rest = append(f.rest[:0], buf[cut:]...)
			b.buf, b.base = buf[:cut], f.base
			f.base += int64(cut)
			b.next = f.base
			return true
		}
		if f.eof { // nothing left, or half a line before a failure
			f.rest = f.rest[:0]
			return false
		}
		if len(buf) >= f.longest() {
			f.skipLine(b, buf)
			return true
		}
		want = min(2*len(buf), f.longest())
	}
}

// longest is how many bytes tell whether a record is too long: the limit and
// the two bytes that end a line.
func (f *framer) longest() int { return f.limit + 2 }

// cut returns how much of buf is whole records, noting those with quotes.
func (f *framer) cut(b *batch, buf []byte) int {
	whole := f.eof && f.err == nil // the last line may lack its line feed
	b.frames = b.frames[:0]
	p := 0
	for p < len(buf) {
		quote := bytes.IndexByte(buf[p:], '"')
		if quote < 0 { // plain lines to the end
			if whole {
				return len(buf)
			}
			return max(p, bytes.LastIndexByte(buf, '\n')+1)
		}
		// Pass over the plain lines before the line of the quote.
		p += bytes.LastIndexByte(buf[p:p+quote], '\n') + 1
		lineEnd := bytes.IndexByte(buf[p:], '\n')
		switch {
		case lineEnd >= 0:
			lineEnd += p
		case whole:
			lineEnd = len(buf)
		default:
			return p
		}
		fr, ok := f.quoted(buf, p, lineEnd, whole)
		if !ok {
			return p
		}
		b.frames = append(b.frames, fr)
		p = min(int(fr.end)+1, len(buf))
	}
	return p
}

// quoted looks at the record that begins at buf[p] and has a quote on its first
// line. It reports false where the record may go on behind buf.
func (f *framer) quoted(buf []byte, p, lineEnd int, whole bool) (frame, bool) {
	line := withoutReturn(buf[p:lineEnd])
	if len(line) > f.limit {
		return frame{kind: frameTooLong, start: uint32(p), end: uint32(lineEnd)}, true
	}
	if bytes.Count(line, []byte{'"'})%2 == 0 {
		// However its quotes stand, the record does not go on behind this line.
		return frame{kind: frameQuoted, start: uint32(p), end: uint32(lineEnd)}, true
	}
	window := buf[p:min(len(buf), p+f.longest())]
	end, cells, status, at := scanQuoted(window, f.delim, whole && p+len(window) == len(buf), nil)
	f.looked += end
	if status == quotedMore && len(window) < f.longest() {
		return frame{}, false
	}
	if status == quotedOK && p+end > lineEnd {
		// A record of several lines must have as many cells as the header.
		// Otherwise, and where it is longer than the limit, it is far more likely
		// that a stray quote has swallowed some rows.
		record := withoutReturn(window[:end])
		if f.columns > 0 && cells != f.columns || len(record) > f.limit || f.swallowed(record) {
			status, at = quotedBad, end
		}
	}
	if status == quotedOK {
		return frame{kind: frameQuoted, start: uint32(p), end: uint32(p + end)}, true
	}
	if status == quotedMore || at >= len(line) {
		// The quote at fault is the one that leaves the first line open.
		_, _, _, at = scanQuoted(line, f.delim, true, nil)
	}
	return frame{kind: frameBad, start: uint32(p), end: uint32(lineEnd), at: uint32(p + at)}, true
}

// manyColumns is how many columns a row must have for its commas to tell it from
// a line of text.
const manyColumns = 8

// swallowed reports whether a record of several lines, read as it must have as
// many cells as the header, is more likely two rows with a stray quote in the
// same column and the rows between them: its first and its last line have as
// many delimiters as a row each.
func (f *framer) swallowed(record []byte) bool {
	delims := func(line []byte) int { return bytes.Count(line, []byte{f.delim}) }
	return f.columns >= manyColumns &&
		delims(record[:bytes.IndexByte(record, '\n')]) == f.columns-1 &&
		delims(record[bytes.LastIndexByte(record, '\n')+1:]) == f.columns-1
}

// withoutReturn takes the carriage return off the end of a line.
func withoutReturn(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}

// skipLine passes over a line that is longer than the limit; buf is its beginning.
func (f *framer) skipLine(b *batch, buf []byte) {
	start := f.base
	f.base += int64(len(buf))
	f.rest = f.rest[:0]
	for !f.eof {
		buf = f.fill(buf[:0], f.size)
		if i := bytes.IndexByte(buf, '\n'); i >= 0 {
			f.rest = append(f.rest, buf[i+1:]...)
			f.base += int64(i + 1)
			break
		}
		f.base += int64(len(buf))
	}
	b.buf, b.base, b.next = buf[:0], start, f.base
	b.frames = append(b.frames[:0], frame{kind: frameTooLong})
}

type quotedStatus uint8

const (
	quotedOK quotedStatus = iota
	quotedBad
	quotedMore // the buffer ends inside the record
)

// cells are the cells of one record, as places in a buffer.
type cells struct {
	src        []byte   // what start and end point into: the batch, or unquoted
	start, end []uint32 // of each cell's text
	raw        []uint32 // where each cell begins in the batch, at its opening quote if it has one
	unquoted   []byte   // the texts of a record with quoted cells
	rawBuf     []uint32
	ends       []byte // of a fast line instead, see splitFast
	fast       bool
	batch      []byte // the batch
	base       int64  // offset of the batch in the file
	record     int    // 1 is the first below the header
	line       int    // of the record
	first      uint32 // where the record begins in the batch
	n          int    // how many cells the record has, counted even where there is no room for them
	odd        bool   // it may hold control characters or bytes above 127

	// The line feeds between first and counted, for lineAt.
	counted uint32
	feeds   int
}

// lineAt is the line on which a place of the record stands. Asked in the order
// of the cells it looks at every byte once.
func (c *cells) lineAt(place uint32) int {
	if c.counted < c.first || c.counted > place {
		c.counted, c.feeds = c.first, 0
	}
	c.feeds += bytes.Count(c.batch[c.counted:place], []byte{'\n'})
	c.counted = place
	return c.line + c.feeds
}

func (c *cells) text(column int) []byte { return trimSpaces(c.whole(column)) }

// whole is the text of a cell with the spaces around it.
func (c *cells) whole(column int) []byte {
	start, end := c.bounds(column)
	return c.src[start:end]
}

func (c *cells) size(columns int) {
	if len(c.start) < columns {
		c.start = make([]uint32, columns)
		c.end = make([]uint32, columns)
		c.rawBuf = make([]uint32, columns)
	}
	if n := 2 * (columns + 1 + 16); len(c.ends) < n {
		c.ends = make([]byte, n)
	}
}

// add notes a cell where there is room for it.
func (c *cells) add(raw, start, end int) {
	if c.n < len(c.start) {
		c.start[c.n], c.end[c.n], c.rawBuf[c.n] = uint32(start), uint32(end), uint32(raw)
	}
	c.n++
}

// scanQuoted reads the record at the beginning of buf and returns the place of
// its line feed (or the end of buf, or how far it came), the number of its
// cells, and where a bad quote stands. With c it notes the cells; c.first is
// then where buf begins in the batch.
func scanQuoted(buf []byte, delim byte, whole bool, c *cells) (end, n int, status quotedStatus, at int) {
	i := 0
	for {
		raw := i
		if i < len(buf) && buf[i] == '"' {
			textStart := 0
			if c != nil {
				textStart = len(c.unquoted)
			}
			j := i + 1
			for {
				q := bytes.IndexByte(buf[j:], '"')
				if q < 0 {
					if whole {
						return len(buf), n, quotedBad, raw
					}
					return len(buf), n, quotedMore, raw
				}
				if c != nil {
					c.unquoted = append(c.unquoted, buf[j:j+q]...)
				}
				j += q + 1
				if j < len(buf) && buf[j] == '"' {
					if c != nil {
						c.unquoted = append(c.unquoted, '"')
					}
					j++
					continue
				}
				break
			}
			if j >= len(buf) && !whole {
				return len(buf), n, quotedMore, raw
			}
			if j < len(buf) && buf[j] == '\r' && (j+1 < len(buf) && buf[j+1] == '\n' || j+1 == len(buf) && whole) {
				j++
			} else if j+1 == len(buf) && buf[j] == '\r' {
				return len(buf), n, quotedMore, raw
			}
			if j < len(buf) && buf[j] != delim && buf[j] != '\n' {
				return j, n, quotedBad, raw
			}
			if c != nil {
				c.add(int(c.first)+raw, textStart, len(c.unquoted))
			}
			n++
			i = j
		} else {
			for i < len(buf) && buf[i] != delim && buf[i] != '\n' {
				if buf[i] == '"' {
					return i, n, quotedBad, i
				}
				i++
			}
			if i == len(buf) && !whole {
				return len(buf), n, quotedMore, raw
			}
			if c != nil {
				text := buf[raw:i]
				if (i == len(buf) || buf[i] == '\n') && len(text) > 0 && text[len(text)-1] == '\r' {
					text = text[:len(text)-1]
				}
				textStart := len(c.unquoted)
				c.unquoted = append(c.unquoted, text...)
				c.add(int(c.first)+raw, textStart, len(c.unquoted))
			}
			n++
		}
		if i >= len(buf) || buf[i] == '\n' {
			return i, n, quotedOK, 0
		}
		i++
	}
}

// splitQuoted takes apart a record with quotes, buf[start:end]. Where a quote is
// wrong it reports false and the place of the quote.
func (c *cells) splitQuoted(buf []byte, start, end uint32, delim byte) (at uint32, ok bool) {
	c.first, c.counted, c.feeds = start, start, 0
	c.raw, c.fast = c.rawBuf, false
	c.odd = oddBytes(buf[start:end], delim)
	status, bad := quotedOK, 0
	if c.splitInPlace(buf, int(start), int(end), delim) {
		c.src = buf
	} else {
		c.n, c.src = 0, nil
		c.unquoted = c.unquoted[:0]
		_, _, status, bad = scanQuoted(buf[start:end], delim, true, c)
		c.src = c.unquoted
	}
	// A tab that is no delimiter is a control character.
	c.odd = c.odd || delim < ' ' && bytes.Count(buf[start:end], []byte{delim}) != c.n-1
	return start + uint32(bad), status == quotedOK
}

// splitInPlace takes apart a record without doubled quotes, whose texts can stay
// where they are. It reports false for any other.
func (c *cells) splitInPlace(buf []byte, i, end int, delim byte) bool {
	c.n = 0
	if end > i && buf[end-1] == '\r' {
		end--
	}
	line := buf[:end]
	for {
		raw := i
		if i < len(line) && line[i] == '"' {
			for i++; i < len(line) && line[i] != '"'; i++ {
			}
			c.add(raw, raw+1, i)
			i++
			if i > len(line) || i < len(line) && line[i] != delim {
				return false
			}
		} else {
			for ; i < len(line) && line[i] != delim; i++ {
				if line[i] == '"' || line[i] == '\n' {
					return false
				}
			}
			c.add(raw, raw, i)
		}
		if i == len(line) {
			return true
		}
		i++
	}
}

// oddBytes reports whether there may be control characters, other than the
// delimiter, or bytes above 127.
func oddBytes(b []byte, delim byte) bool {
	var odd uint64
	pattern, mark := ones*uint64(delim), uint64(0) // see splitPlain
	if delim < ' ' {
		mark = uint64(delim ^ ' ')
	}
	for ; len(b) >= 8; b = b[8:] {
		w := binary.LittleEndian.Uint64(b)
		x := w ^ pattern
		m := ^((x&low7 + low7) | x | low7)
		odd |= oddIn(w ^ m>>7*mark)
	}
	for _, c := range b {
		if c != delim {
			odd |= oddIn(space ^ ' ' ^ uint64(c))
		}
	}
	return odd != 0
}

const (
	ones  = 0x0101010101010101
	low7  = 0x7f7f7f7f7f7f7f7f
	space = 0x2020202020202020
)

// oddIn marks bytes below 32 and above 126, and perhaps some of their neighbours.
func oddIn(w uint64) uint64 { return ((w - space) | w | (w + ones)) & msb }

// splitLine takes apart a line without quotes, buf[start:end].
func (c *cells) splitLine(buf []byte, start, end int, delim byte) {
	if end-start <= longestFast {
		c.splitFast(buf, start, end, delim)
		return
	}
	c.splitPlain(buf, uint32(start), uint32(end), delim)
}

// splitPlain takes apart a line without quotes, buf[start:end], eight bytes at a
// time. There must be slack bytes of capacity behind the end.
func (c *cells) splitPlain(buf []byte, start, end uint32, delim byte) {
	c.first, c.counted, c.feeds, c.src, c.fast = start, start, 0, buf, false
	pattern := ones * uint64(delim)
	starts, ends := c.start, c.end[:len(c.start)]
	n, begin := 0, start
	var odd uint64
	mark := uint64(0) // turns a tab that is the delimiter into a space, which is not odd
	if delim < ' ' {
		mark = uint64(delim ^ ' ')
	}
	wide := buf[:end+slack]
	i := start
	for ; i+8 <= end; i += 8 {
		w := binary.LittleEndian.Uint64(wide[i:])
		x := w ^ pattern
		m := ^((x&low7 + low7) | x | low7)
		odd |= oddIn(w ^ m>>7*mark)
		for ; m != 0; m &= m - 1 {
			p := i + uint32(bits.TrailingZeros64(m))>>3
			if n < len(starts) {
				starts[n], ends[n] = begin, p
			}
			n++
			begin = p + 1
		}
	}
	if i < end {
		keep := ^uint64(0) >> (64 - 8*(end-i))
		w := binary.LittleEndian.Uint64(wide[i:])&keep | space&^keep
		x := w ^ pattern
		m := ^((x&low7 + low7) | x | low7) & keep
		odd |= oddIn(w ^ m>>7*mark)
		for ; m != 0; m &= m - 1 {
			p := i + uint32(bits.TrailingZeros64(m))>>3
			if n < len(starts) {
				starts[n], ends[n] = begin, p
			}
			n++
			begin = p + 1
		}
	}
	if n < len(starts) {
		starts[n], ends[n] = begin, end
	}
	c.n = n + 1
	c.raw = c.start
	c.odd = odd != 0
}
