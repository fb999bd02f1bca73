package dcrs

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

const (
	delimiters = ",;\t|"
	sniffSize  = 64 << 10
	byteOrder  = "\xef\xbb\xbf"
)

var delimiterNames = map[byte]string{',': "a comma", ';': "a semicolon", '\t': "a tab", '|': "a vertical bar"}

// open reads the beginning of the file: what kind of bytes it holds, and its
// header. Afterwards s.plan is set, unless the rows cannot be read.
func (s *session) open(ctx context.Context, r io.Reader) error {
	s.framer = framer{r: r, stop: ctx.Err, delim: s.v.delim, limit: s.v.limit, size: s.v.batch}
	s.examples = make([][]Finding, len(s.v.dict.rules))
	s.tally = newTally(len(s.v.dict.rules))
	f := &s.framer
	buf := f.fill(nil, sniffSize)
	if f.err != nil && len(buf) == 0 {
		return f.err
	}
	if problem := notText(buf); problem != "" {
		id := "file/not-text"
		if strings.HasPrefix(problem, "UTF-16 with a byte order mark") {
			id = "file/encoding"
		}
		return s.unreadable(buf, id, problem)
	}
	start := 0
	if bytes.HasPrefix(buf, []byte(byteOrder)) {
		start = len(byteOrder)
	}
	// Blank lines above the header are passed over, however many there are.
	for {
		blank := len(buf) - start - len(bytes.TrimLeft(buf[start:], "\r\n"))
		s.lines += bytes.Count(buf[start:start+blank], []byte{'\n'})
		if start += blank; start < len(buf) || f.eof {
			break
		}
		f.base += int64(start)
		buf, start = f.fill(buf[:0], sniffSize), 0
	}
	if separatorLine(buf[start:]) == s.v.delim {
		start += bytes.IndexByte(buf[start:], '\n') + 1
		s.lines++
	}
	if len(bytes.TrimSpace(buf[start:])) == 0 && f.eof {
		if f.err != nil {
			return f.err
		}
		return s.unreadable(buf, "file/empty", "")
	}
	buf, end, badQuote := s.headerEnd(buf, start)
	if end < 0 {
		switch {
		case f.err != nil:
			return f.err
		case bytes.IndexByte(buf[start:], '\n') < 0 && bytes.IndexByte(withoutReturn(buf[start:]), '\r') >= 0:
			return s.unreadable(buf, "file/not-text", loneReturns)
		}
		return s.unreadable(buf, "file/record-too-long", "")
	}
	c := cells{batch: buf, base: f.base, line: s.lines + 1, first: uint32(start)}
	s.headerCells(&c, start, end, badQuote >= 0)
	if c.loneReturn(badQuote >= 0) {
		return s.unreadable(buf, "file/not-text", loneReturns)
	}
	if c.n == 1 && !s.known(c.text(0)) {
		best, columns := byte(0), 1
		for _, d := range []byte(delimiters) {
			if n := bytes.Count(buf[start:end], []byte{d}) + 1; d != s.v.delim && n > columns {
				best, columns = d, n
			}
		}
		if best != 0 {
			return s.unreadable(buf, "file/delimiter", fmt.Sprintf("%s gives one column, %s gives %d", delimiterNames[s.v.delim], delimiterNames[best], columns))
		}
	}
	s.lines += 1 + bytes.Count(buf[start:end], []byte{'\n'})
	if err := s.compileHeader(&c); err != nil {
		return err
	}
	if badQuote >= 0 {
		rule := s.v.dict.byRule["file/quote"]
		if s.v.levels[rule] != Off {
			pos := Position{File: s.file, Line: c.line, Offset: c.base + int64(start+badQuote)}
			if err := s.emitCounted(rule, s.plan.fileFinding(rule, pos, "", "")); err != nil {
				return err
			}
		}
	}
	for column := range c.n {
		s.encoding.add(c.fault(column))
	}
	if err := s.raise(s.hooks.notes); err != nil {
		return err
	}
	next := min(end+1, len(buf))
	f.columns = c.n
	f.base += int64(next)
	f.rest = append(f.rest, buf[next:]...)
	return nil
}

const loneReturns = "lines end in carriage returns alone; save it with line feeds"

// headerEnd finds the end of the header, which begins at buf[start] and may be
// longer than what was read so far: the place of its line feed, or the end of
// the file; -1 where the reader failed before it or it is longer than the
// limit. badQuote is where its quoting is wrong, counted from start, or -1.
func (s *session) headerEnd(buf []byte, start int) (read []byte, end, badQuote int) {
	f := &s.framer
	for {
		rest := buf[start:min(len(buf), start+f.longest())]
		whole := f.eof && f.err == nil && start+len(rest) == len(buf)
		lineEnd := bytes.IndexByte(rest, '\n')
		if lineEnd < 0 && whole {
			lineEnd = len(rest)
		}
		if lineEnd >= 0 {
			if len(withoutReturn(rest[:lineEnd])) > f.limit {
				return buf, -1, -1
			}
			if bytes.IndexByte(rest[:lineEnd], '"') < 0 {
				return buf, start + lineEnd, -1
			}
			n, _, status, at := scanQuoted(rest, f.delim, whole, nil)
			switch {
			case status == quotedOK:
				return buf, start + n, -1
			case status == quotedBad || len(rest) == f.longest() || f.eof:
				if at >= lineEnd {
					_, _, _, at = scanQuoted(rest[:lineEnd], f.delim, true, nil)
				}
				return buf, start + lineEnd, at
			}
		}
		if f.eof || len(rest) == f.longest() {
			return buf, -1, -1
		}
		buf = f.fill(buf, min(2*len(buf), start+f.longest()))
	}
}

// loneReturn reports whether a header cell without quotes holds a carriage
// return: then lines end in them alone, and what looks like headings are
// values. Where the quoting is wrong, no cell counts as quoted.
func (c *cells) loneReturn(badQuote bool) bool {
	for column := range c.n {
		if bytes.IndexByte(c.whole(column), '\r') >= 0 && (badQuote || c.batch[c.raw[column]] != '"') {
			return true
		}
	}
	return false
}

// fieldOf is the field that a heading stands for.
func (s *session) fieldOf(heading string) (field int, ok bool) {
	if s.hooks.field != nil {
		return s.hooks.field(heading)
	}
	field, ok = s.v.dict.byName[strings.ToLower(heading)]
	return field, ok
}

func (s *session) known(name []byte) bool {
	_, ok := s.fieldOf(string(name))
	return ok
}

// headerCells splits the header, buf[start:end]; where its quoting is wrong it
// is split at every delimiter, and the quotes are left out.
func (s *session) headerCells(c *cells, start, end int, badQuote bool) {
	line := c.batch[start:end]
	c.size(bytes.Count(line, []byte{s.v.delim}) + 1)
	if !badQuote {
		c.splitQuoted(c.batch, uint32(start), uint32(end), s.v.delim)
		return
	}
	raw := start
	for cell := range bytes.SplitSeq(withoutReturn(line), []byte{s.v.delim}) {
		from := len(c.unquoted)
		c.unquoted = append(c.unquoted, bytes.ReplaceAll(cell, []byte{'"'}, nil)...)
		c.add(raw, from, len(c.unquoted))
		raw += len(cell) + 1
	}
	c.src, c.raw = c.unquoted, c.rawBuf
}

// notText says why bytes cannot be a text table, "" if they can.
func notText(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		return "UTF-16 with a byte order mark; in Excel, save as CSV UTF-8"
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		return "a zip file or an Excel workbook; save the sheet as CSV UTF-8"
	case bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")):
		return "an old Excel workbook; save the sheet as CSV UTF-8"
	case bytes.HasPrefix(b, []byte("\x1f\x8b")):
		return "a gzip file; unpack it first"
	case bytes.HasPrefix(b, []byte("%PDF")):
		return "a PDF file"
	}
	sample := b[:min(len(b), sniffSize)]
	if bytes.HasPrefix(sample, []byte("\x89PNG")) || bytes.HasPrefix(sample, []byte("\xff\xd8\xff")) {
		return "a picture"
	}
	var zeros [2]int // at even and odd places
	controls, high := 0, 0
	for i, c := range sample {
		if c == 0 {
			zeros[i&1]++
		}
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			controls++
		}
		if c >= utf8.RuneSelf {
			high++
		}
	}
	switch n := len(sample); {
	case n >= 4 && max(zeros[0], zeros[1]) > n*3/10 && min(zeros[0], zeros[1]) < n/10:
		return "UTF-16 without a byte order mark; in Excel, save as CSV UTF-8"
	case controls > n/10, controls > n/50 && high > n/5 && !utf8.Valid(sample):
		return "binary data"
	}
	return ""
}

// unreadable notes why the rows cannot be read; buf is what was read last.
func (s *session) unreadable(buf []byte, id, detail string) error {
	s.unread = id
	s.framer.base += int64(len(buf))
	rule := s.v.dict.byRule[id]
	s.tally.rules[rule].checked++
	if s.v.levels[rule] == Off {
		return nil
	}
	if err := s.raise(s.hooks.notes); err != nil {
		return err
	}
	p := &plan{v: s.v}
	f := p.fileFinding(rule, Position{File: s.file}, "", detail)
	if id == "file/delimiter" { // the words of the rule ask for the detail in their own sentence
		f.Message = "the header reads as one column with the declared delimiter, as several with another: " + detail
	}
	return s.emitCounted(rule, f)
}

// looksLikeData reports whether a heading could be a value of a row: its text
// is then not repeated.
func looksLikeData(name string) bool {
	digits := 0
	for i := range len(name) {
		if c := name[i]; c >= '0' && c <= '9' {
			digits++
		}
	}
	return digits > 4 || len(name) > 64 || strings.ContainsFunc(name, func(r rune) bool {
		return r < ' ' || r == 0x7f || r == '@' || r == utf8.RuneError
	})
}

// shapeLimit is how many characters of a shape are kept.
const shapeLimit = 40

// shape turns letters into A or a, digits into 9, and leaves what lies between.
// It tells what is wrong with a value without telling the value.
func shape(b []byte) string { return string(appendShape(nil, b)) }

func appendShape(out, b []byte) []byte {
	n := 0
	for len(b) >= 8 && n+8 <= shapeLimit {
		s, ok := shapeOfEight(binary.LittleEndian.Uint64(b))
		if !ok {
			break
		}
		out = binary.LittleEndian.AppendUint64(out, s)
		n += 8
		b = b[8:]
	}
	for len(b) > 0 {
		if n == shapeLimit {
			return append(out, "…"...)
		}
		if c := b[0]; c < utf8.RuneSelf {
			out = append(out, shapes[c])
			n++
			b = b[1:]
			continue
		}
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			out = append(out, '?')
		} else {
			out = append(out, 'a') // any letter or sign beyond ASCII
		}
		n++
		b = b[size:]
	}
	return out
}

// shapeOfEight is the shape of eight characters, where all are printable ASCII.
func shapeOfEight(w uint64) (uint64, bool) {
	from := func(c uint64) uint64 { return w + (0x80-c)*ones } // the highest bits of the bytes that are c or more
	digits := from('0') &^ from('9'+1) & msb
	capitals := from('A') &^ from('Z'+1) & msb
	small := from('a') &^ from('z'+1) & msb
	some := digits | capitals | small
	all := some | (some - some>>7) // every bit of such a byte
	return w&^all | digits>>7*'9' | capitals>>7*'A' | small>>7*'a', (w|^from(' ')|from(0x7f))&msb == 0
}

// shapes says what stands for each character of ASCII.
var shapes = func() (t [utf8.RuneSelf]byte) {
	for c := range byte(utf8.RuneSelf) {
		switch {
		case c >= '0' && c <= '9':
			t[c] = '9'
		case c >= 'A' && c <= 'Z':
			t[c] = 'A'
		case c >= 'a' && c <= 'z':
			t[c] = 'a'
		case c < ' ', c == 0x7f:
			t[c] = '?'
		default:
			t[c] = c
		}
	}
	return t
}()
