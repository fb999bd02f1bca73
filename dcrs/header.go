package dcrs

import (
	"bytes"
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
// header. Afterwards s.plan is set, unless the rows cannot be read, and the
// batch holds the first rows if any were read.
func (s *session) open(r io.Reader) (*batch, error) {
	s.framer = framer{r: r, delim: s.v.delim, limit: s.v.limit}
	s.examples = make([][]Finding, len(s.v.dict.rules))
	s.tally = newTally(len(s.v.dict.rules))
	b := new(batch)
	buf := s.framer.fill(make([]byte, 0, batchSize+slack), sniffSize)
	if s.framer.err != nil && len(buf) == 0 {
		return b, s.framer.err
	}
	if problem := notText(buf); problem != "" {
		id := "file/not-text"
		if strings.HasPrefix(problem, "UTF-16 with") {
			id = "file/encoding"
		}
		return b, s.unreadable(id, problem)
	}
	start := 0
	if bytes.HasPrefix(buf, []byte(byteOrder)) {
		start = len(byteOrder)
	}
	// Blank lines above the header are passed over.
	for start < len(buf) && (buf[start] == '\n' || buf[start] == '\r') {
		if buf[start] == '\n' {
			s.lines++
		}
		start++
	}
	if len(bytes.TrimSpace(buf[start:])) == 0 && s.framer.eof {
		if s.framer.err != nil {
			return b, s.framer.err
		}
		return b, s.unreadable("file/empty", "")
	}
	// The header, which may be longer than what was read so far.
	var c cells
	c.batch = buf
	end, badQuote, found := 0, -1, false
	for !found {
		whole := s.framer.eof && s.framer.err == nil
		rest := buf[start:]
		lineEnd := bytes.IndexByte(rest, '\n')
		if lineEnd < 0 && whole {
			lineEnd = len(rest)
		}
		switch {
		case lineEnd >= 0 && bytes.IndexByte(rest[:lineEnd], '"') < 0:
			end, found = lineEnd, true
		case bytes.IndexByte(rest, '"') >= 0:
			n, _, status, at := scanQuoted(rest, s.v.delim, whole, nil)
			switch {
			case status == quotedOK:
				end, found = n, true
			case lineEnd >= 0 && (status == quotedBad || len(rest) > s.v.limit):
				end, badQuote, found = lineEnd, at, true
			}
		}
		if found {
			break
		}
		if s.framer.err != nil {
			return b, s.framer.err
		}
		if len(rest) > s.v.limit {
			return b, s.unreadable("file/record-too-long", "")
		}
		buf = s.framer.fill(buf, min(2*len(buf), start+s.v.limit+1))
	}
	s.headerCells(&c, buf, start, start+end, badQuote)
	s.lines += 1 + bytes.Count(buf[start:min(start+end, len(buf))], []byte{'\n'})
	if c.n == 1 && !s.known(c.text(0)) {
		for _, d := range []byte(delimiters) {
			if d == s.v.delim {
				continue
			}
			if n := bytes.Count(buf[start:start+end], []byte{d}) + 1; n > 1 {
				return b, s.unreadable("file/delimiter", fmt.Sprintf("%s gives one column, %s gives %d", delimiterNames[s.v.delim], delimiterNames[d], n))
			}
		}
		if bytes.IndexByte(bytes.TrimRight(buf[start:start+end], "\r"), '\r') >= 0 {
			return b, s.unreadable("file/not-text", "lines end in carriage returns alone")
		}
	}
	if err := s.compileHeader(&c); err != nil {
		return b, err
	}
	if badQuote >= 0 {
		rule := s.v.dict.byRule["file/quote"]
		if s.v.levels[rule] != Off {
			pos := Position{File: s.file, Line: s.lines, Offset: int64(start + badQuote)}
			if err := s.emitCounted(rule, s.plan.fileFinding(rule, pos, "", "")); err != nil {
				return b, err
			}
		}
	}
	for column := range c.n {
		text := c.src[c.start[column]:c.end[column]]
		s.encoding.add(invalidUTF8(text, encodingFault{first: int64(c.raw[column]), line: s.lines, column: column + 1}))
	}
	s.framer.columns = c.n
	next := min(start+end+1, len(buf))
	s.framer.base = int64(next)
	s.framer.rest = append(s.framer.rest, buf[next:]...)
	return b, nil
}

func (s *session) known(name []byte) bool {
	_, ok := s.v.dict.byName[string(bytes.ToLower(name))]
	return ok
}

// headerCells splits the header; where its quoting is wrong it is split as if
// quotes were ordinary characters and these are taken off.
func (s *session) headerCells(c *cells, buf []byte, start, end, badQuote int) {
	line := buf[start:end]
	if badQuote >= 0 {
		line = bytes.ReplaceAll(line, []byte{'"'}, nil)
	}
	columns := bytes.Count(line, []byte{s.v.delim}) + 1
	c.size(columns)
	if badQuote >= 0 || bytes.IndexByte(line, '"') < 0 {
		line = bytes.TrimSuffix(line, []byte{'\r'})
		padded := append(make([]byte, 0, start+len(line)+slack), buf[:start]...)
		padded = append(padded, line...)
		c.splitPlain(padded, uint32(start), uint32(len(padded)), s.v.delim)
		return
	}
	c.splitQuoted(buf, uint32(start), uint32(end), s.v.delim)
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
	var zeros [2]int // at even and odd places
	controls := 0
	for i, c := range sample {
		if c == 0 {
			zeros[i&1]++
		}
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			controls++
		}
	}
	switch n := len(sample); {
	case n >= 4 && max(zeros[0], zeros[1]) > n*3/10 && min(zeros[0], zeros[1]) < n/10:
		return "UTF-16 without a byte order mark; in Excel, save as CSV UTF-8"
	case controls > n/10:
		return "binary data"
	}
	return ""
}

// unreadable notes why the rows cannot be read.
func (s *session) unreadable(id, detail string) error {
	s.unread = id
	rule := s.v.dict.byRule[id]
	s.tally.rules[rule].checked++
	if s.v.levels[rule] == Off {
		return nil
	}
	p := &plan{v: s.v}
	return s.emitCounted(rule, p.fileFinding(rule, Position{File: s.file}, "", detail))
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
	return digits > 4 || len(name) > 64 || strings.Contains(name, "@") || !utf8.ValidString(name)
}

// shapeLimit is how many characters of a shape are kept.
const shapeLimit = 40

// shape turns letters into A or a, digits into 9, and leaves what lies between.
// It tells what is wrong with a value without telling the value.
func shape(b []byte) string {
	out := make([]byte, 0, min(len(b), shapeLimit+4))
	n := 0
	for len(b) > 0 {
		if n == shapeLimit {
			return string(append(out, "…"...))
		}
		r, size := utf8.DecodeRune(b)
		switch {
		case r >= '0' && r <= '9':
			out = append(out, '9')
		case r >= 'A' && r <= 'Z':
			out = append(out, 'A')
		case r >= 'a' && r <= 'z':
			out = append(out, 'a')
		case r == utf8.RuneError && size == 1, r < ' ', r == 0x7f:
			out = append(out, '?')
		case r < utf8.RuneSelf:
			out = append(out, byte(r))
		default:
			out = append(out, 'a') // any letter or sign beyond ASCII
		}
		n++
		b = b[size:]
	}
	return string(out)
}
