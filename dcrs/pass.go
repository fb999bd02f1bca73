package dcrs

import (
	"bytes"
	"context"
	"io"
)

// pass reads a file row by row for those who write its rows on: head gets the
// bytes of the header as they stood, without the byte order mark that may stand
// before them, row every record. Neither is called where the rows cannot be read
// at all; s.unread then says why.
func (s *session) pass(ctx context.Context, r io.Reader, head func(header []byte, marked bool) error, row func(w *worker) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	tee := &headTee{r: r}
	if err := s.open(ctx, tee); err != nil || s.plan == nil {
		return err
	}
	tee.done = true
	if err := head(tee.buf[:s.framer.base-tee.base], tee.bom); err != nil {
		return err
	}
	tee.buf = nil
	s.plan.wantFacts, s.plan.wantOwn, s.plan.grouped = false, false, false
	w := newWorker(s.plan, s.v.keep, true)
	w.block.file = s.file
	w.yield = func(*Row) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return row(w)
	}
	var b batch
	var res result
	for s.framer.next(&b) {
		if err := ctx.Err(); err != nil {
			return err
		}
		w.records, w.lines = s.records, s.lines
		if err := w.check(&b, &res); err != nil {
			return err
		}
		s.encoding.count += res.encoding.count
		s.records += res.records
		s.lines += res.lines
	}
	return s.framer.err
}

// headTee keeps the beginning of a file, without the blank lines above its header.
type headTee struct {
	r     io.Reader
	buf   []byte
	base  int64 // offset of buf[0]
	bom   bool  // the file begins with a byte order mark, which is not in buf
	begun bool  // bom is known
	done  bool  // nothing more is kept
}

func (t *headTee) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if t.done || n <= 0 || n > len(p) {
		return n, err
	}
	t.buf = append(t.buf, p[:n]...)
	if !t.begun && (len(t.buf) >= len(byteOrder) || err != nil) {
		t.begun = true
		if bytes.HasPrefix(t.buf, []byte(byteOrder)) {
			t.bom, t.base, t.buf = true, int64(len(byteOrder)), t.buf[len(byteOrder):]
		}
	}
	if t.begun {
		blank := len(t.buf) - len(bytes.TrimLeft(t.buf, "\r\n"))
		t.base, t.buf = t.base+int64(blank), append(t.buf[:0], t.buf[blank:]...)
	}
	return n, err
}

// rawRecord is the record as it stands in the file, its line end included, and
// whether all of it is at hand: a line longer than the limit is passed over as it
// is read.
func (w *worker) rawRecord() (raw []byte, whole bool) {
	c := &w.row.cells
	end := int(w.row.end)
	if end < len(c.batch) && c.batch[end] == '\r' {
		end++
	}
	if end < len(c.batch) && c.batch[end] == '\n' {
		end++
	}
	return c.batch[c.first:end], len(c.batch) > 0
}

// sink gathers bytes and writes them on; after an error it does nothing more.
type sink struct {
	w   io.Writer
	buf []byte
	err error
}

func newSink(w io.Writer) *sink {
	return &sink{w: w, buf: make([]byte, 0, csvBuffer+csvBuffer/4)}
}

// full writes where enough has been gathered.
func (s *sink) full() error {
	if len(s.buf) < csvBuffer {
		return s.err
	}
	return s.flush()
}

func (s *sink) flush() (err error) {
	if s.err != nil || len(s.buf) == 0 {
		return s.err
	}
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Func: "Write", Value: v}
			s.err = err
		}
	}()
	n, err := s.w.Write(s.buf)
	if err == nil && n < len(s.buf) {
		err = io.ErrShortWrite
	}
	s.buf, s.err = s.buf[:0], err
	return err
}

// plainQuotes marks the bytes that make a cell need quotes (RFC 4180).
var plainQuotes = [256]bool{',': true, '"': true, '\n': true, '\r': true}

// appendPlain writes a cell as it is, between quotes where it needs them.
func appendPlain(b, cell []byte) []byte {
	quotes := false
	for _, c := range cell {
		quotes = quotes || plainQuotes[c]
	}
	if !quotes {
		return append(b, cell...)
	}
	b = append(b, '"')
	for {
		i := bytes.IndexByte(cell, '"')
		if i < 0 {
			break
		}
		b = append(append(b, cell[:i]...), '"', '"')
		cell = cell[i+1:]
	}
	return append(append(b, cell...), '"')
}

// eachRecord reads a well-formed CSV file with commas, record by record, the
// header among them.
func eachRecord(ctx context.Context, r io.Reader, record func(c *cells) error) error {
	f := framer{r: r, stop: ctx.Err, delim: ',', limit: 1 << 30, size: batchSize}
	var b batch
	var c cells
	for f.next(&b) {
		if err := ctx.Err(); err != nil {
			return err
		}
		for p, frames := 0, b.frames; p < len(b.buf); {
			start, end := p, bytes.IndexByte(b.buf[p:], '\n')
			if end < 0 {
				end = len(b.buf)
			} else {
				end += p
			}
			if len(frames) > 0 && int(frames[0].start) == p {
				end, frames = int(frames[0].end), frames[1:]
			}
			p = end + 1
			if start == end {
				continue
			}
			c.batch = b.buf
			c.size(bytes.Count(b.buf[start:end], []byte{','}) + 1)
			if at, ok := c.splitQuoted(b.buf, uint32(start), uint32(end), ','); !ok {
				return &RevertError{Problem: "a quote is wrong", Offset: b.base + int64(at)}
			}
			if err := record(&c); err != nil {
				return err
			}
		}
	}
	return f.err
}
