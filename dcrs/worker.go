package dcrs

import (
	"bytes"
	"unicode/utf8"
)

// tally counts what a worker saw in a batch; adding tallies up in any order
// gives the same.
type tally struct {
	rules   []ruleTally
	fields  [maxFields]fieldTally
	read    int // rows that could be taken apart
	unread  int
	quotes  int // of unread, those with a bad quote
	tooLong int // of unread, those too long
	errors  int // rows with an error
	warning int // rows with a warning
}

type ruleTally struct {
	found   [Error + 1]int
	checked int
}

type fieldTally struct {
	filled, badFormat, badCode, badRange, rejected, other, def, badCheck, converted int
}

func newTally(rules int) tally { return tally{rules: make([]ruleTally, rules)} }

func (t *tally) clear() {
	rules := t.rules
	clear(rules)
	*t = tally{rules: rules}
}

func (t *tally) add(u *tally) {
	for i := range u.rules {
		for l := range u.rules[i].found {
			t.rules[i].found[l] += u.rules[i].found[l]
		}
		t.rules[i].checked += u.rules[i].checked
	}
	for i := range u.fields {
		a, b := &t.fields[i], &u.fields[i]
		a.filled += b.filled
		a.badFormat += b.badFormat
		a.badCode += b.badCode
		a.badRange += b.badRange
		a.rejected += b.rejected
		a.other += b.other
		a.def += b.def
		a.badCheck += b.badCheck
		a.converted += b.converted
	}
	t.read += u.read
	t.unread += u.unread
	t.quotes += u.quotes
	t.tooLong += u.tooLong
	t.errors += u.errors
	t.warning += u.warning
}

// result is what a worker found in one batch.
type result struct {
	batch          *batch
	findings       []rawFinding
	kept           []uint16 // of each rule in this batch
	tally          tally
	groups         *rowGroups // nil unless the caller asked for groups
	facts          []fact
	spots          []factSpot         // beside facts
	shown          [][]Shown          // beside facts, where the caller asked to see fields
	inner          map[int]innerLines // of facts, by their place, for records of several lines
	own            []ownResult        // beside plan.files, for the rules of a caller
	keys           []keyedRow         // for hooks.keys
	keysShown      [][]Shown          // … beside them, where the caller asked to see fields
	words          []uint64           // … as many for each as the set keeps
	encoding       encodingFault
	records, lines int
}

// encodingFault counts the bytes that are not UTF-8.
type encodingFault struct {
	count    int
	unlikely int   // of count, those that are hardly Windows-1252
	first    int64 // offset in the file
	record   int   // of the first; relative to the batch until it is merged
	line     int
	column   int
}

func (e *encodingFault) add(f encodingFault) {
	if f.count > 0 && (e.count == 0 || f.first < e.first) {
		e.first, e.record, e.line, e.column = f.first, f.record, f.line, f.column
	}
	e.count += f.count
	e.unlikely += f.unlikely
}

// worker checks batches, up to 64 rows at a time, see rowBlock.
type worker struct {
	plan      *plan
	block     rowBlock
	row       *Row // the one that is being looked at
	out       *result
	keep      int  // examples of each rule that a batch must keep
	keepAll   bool // every finding is wanted
	records   int  // before this batch, where rows are handed out
	lines     int
	yield     func(*Row) error  // nil unless rows are handed out
	err       error             // of yield, or a panic of a rule
	latest    int64             // of the dates that are constants
	shapes    map[string]string // shapes that have come before, so that each is kept once
	lastShape string
	asking    int // the rule of a caller that is being asked, -1 for none
	keyBuf    []byte

	longRule, quoteRule, lengthRule int
}

func newWorker(p *plan, keep int, all bool) *worker {
	d := p.v.dict
	w := &worker{
		plan: p, keep: keep, keepAll: all,
		longRule: d.byRule["file/record-too-long"], quoteRule: d.byRule["file/quote"], lengthRule: d.byRule["file/row-length"],
	}
	for _, c := range p.constants {
		w.latest = max(w.latest, c.value) // dates or not
	}
	w.block.grow(p, fewRows)
	w.shapes = make(map[string]string)
	return w
}

// check goes through a batch. The error is that of yield, or the panic of a rule.
func (w *worker) check(b *batch, out *result) (err error) {
	w.asking = -1
	defer func() {
		if w.asking >= 0 {
			if v := recover(); v != nil {
				w.err = &PanicError{Func: "rule " + w.plan.v.dict.rules[w.asking].ID, Value: v}
				err = w.err
			}
		}
	}()
	w.checkBatch(b, out)
	return w.err
}

func (w *worker) checkBatch(b *batch, out *result) {
	out.batch = b
	out.findings, out.facts, out.shown = out.findings[:0], out.facts[:0], out.shown[:0]
	out.spots = out.spots[:0]
	out.keys, out.words, out.keysShown = out.keys[:0], out.words[:0], out.keysShown[:0]
	clear(out.inner)
	out.encoding, out.records, out.lines = encodingFault{}, 0, 0
	if out.kept == nil {
		rules := len(w.plan.v.dict.rules)
		out.kept, out.tally = make([]uint16, rules), newTally(rules)
		if w.plan.grouped {
			out.groups = newRowGroups(rules)
		}
	}
	clear(out.kept)
	out.tally.clear()
	if out.groups != nil {
		out.groups.clear()
	}
	w.out, w.block.batch = out, b
	w.block.clear()
	buf, frames, p := b.buf, b.frames, 0
	for (p < len(buf) || len(frames) > 0) && w.err == nil {
		if len(frames) > 0 && int(frames[0].start) == p {
			f := frames[0]
			frames = frames[1:]
			w.framed(f)
			if p = int(f.end) + 1; w.block.n == len(w.block.rows) {
				w.flush()
			}
			continue
		}
		end := bytes.IndexByte(buf[p:], '\n')
		if end < 0 {
			end = len(buf)
		} else {
			end += p
		}
		trimmed := end
		if trimmed > p && buf[trimmed-1] == '\r' {
			trimmed--
		}
		switch {
		case trimmed == p: // a blank line
			out.lines++
		case trimmed-p > w.plan.v.limit:
			w.framed(frame{kind: frameTooLong, start: uint32(p), end: uint32(end)})
		default:
			w.begin(0, uint32(p), uint32(trimmed))
			w.row.cells.splitLine(buf, p, trimmed, w.plan.v.delim)
			w.take()
			out.lines++
		}
		if p = end + 1; w.block.n == len(w.block.rows) {
			w.flush()
		}
	}
	if w.err == nil {
		w.flush()
	}
}

// framed takes a record with quotes, or one that could not be read.
func (w *worker) framed(f frame) {
	w.begin(f.kind, f.start, f.end)
	r := w.row
	c := &r.cells
	switch f.kind {
	case frameQuoted:
		if end := f.end; end > f.start && c.batch[end-1] == '\r' {
			r.end--
		}
		if at, ok := c.splitQuoted(c.batch, f.start, f.end, w.plan.v.delim); !ok {
			r.kind = frameBad
			w.out.tally.quotes++
			w.unreadable(w.quoteRule, at)
			break
		}
		w.take()
	case frameBad:
		w.out.tally.quotes++
		w.unreadable(w.quoteRule, f.at)
	case frameTooLong:
		w.out.tally.tooLong++
		w.unreadable(w.longRule, f.start)
	}
	w.out.lines += 1 + bytes.Count(c.batch[f.start:f.end], []byte{'\n'})
}

// begin starts a record.
func (w *worker) begin(kind frameKind, start, end uint32) {
	w.out.records++
	r := &w.block.rows[w.block.n]
	w.block.n++
	w.row = r
	r.kind, r.end, r.inBatch, r.linesInBatch, r.tally = kind, end, uint32(w.out.records), uint32(w.out.lines+1), &w.out.tally
	r.filled, r.valid = w.plan.constantFilled, w.plan.constantValid
	r.values.latest[r.slot] = w.latest
	if w.plan.hooks.convert != nil {
		r.converted, r.respelt = r.converted[:0], fieldSet{}
	}
	r.worst, r.warned, r.unread, r.findings = Off, false, false, nil
	r.linked, r.beside = false, 0
	if r.form != nil {
		r.form.read = false
	}
	c := &r.cells
	c.batch, c.base, c.first = w.block.batch.buf, w.block.batch.base, start
	c.record = w.records + w.out.records
	c.line = w.lines + w.out.lines + 1
}

// unread makes the row one without cells.
func (w *worker) unread() {
	r := w.row
	r.cells.n, r.unread = 0, true
	r.filled, r.valid = fieldSet{}, fieldSet{}
}

// unreadable notes a record that has no cells.
func (w *worker) unreadable(rule int, at uint32) {
	w.unread()
	w.out.tally.unread++
	w.oddRecord()
	if level := w.plan.v.levels[rule]; level != Off {
		if raw := w.found(rule, level, -1, -1, noDetail, 0, fieldSet{}); raw != nil {
			raw.at = at
		}
	}
}

// found notes a finding of the row, and returns it unless nobody wants it.
func (w *worker) found(rule int, level Level, field, column int, d detail, arg int, related fieldSet) *rawFinding {
	r := w.row
	r.tally.rules[rule].found[level]++
	r.worst = max(r.worst, level)
	r.warned = r.warned || level == Warning
	if !w.keepAll && int(w.out.kept[rule]) >= w.keep {
		return nil
	}
	c := &r.cells
	w.block.found = append(w.block.found, rawFinding{
		rule: int32(rule), field: int16(field), column: int32(column), level: level, detail: d, kind: r.kind,
		record: r.inBatch, line: r.linesInBatch, start: c.first, end: r.end, arg: int32(arg), related: related,
		beside: r.beside,
	})
	raw := &w.block.found[len(w.block.found)-1]
	if r.kind == 0 && column >= 0 && column < c.n {
		raw.place = c.rawAt(column)
		raw.shape = w.shapeOf(c.text(column))
	}
	if r.kind == 0 && !related.empty() {
		w.plan.relate(raw, c)
	}
	return raw
}

// shapesKept is how many shapes a worker remembers.
const shapesKept = 1 << 10

// shapeOf is the shape of a text; of the many cells that look alike it is made
// once.
func (w *worker) shapeOf(text []byte) string {
	if len(text) == 0 {
		return ""
	}
	var buf [shapeLimit + 8]byte
	out := appendShape(buf[:0], text)
	if string(out) == w.lastShape { // column after column: likely
		return w.lastShape
	}
	if s, ok := w.shapes[string(out)]; ok {
		w.lastShape = s
		return s
	}
	s := string(out)
	if len(w.shapes) < shapesKept {
		w.shapes[s] = s
	}
	return s
}

// cellFound notes a finding of a field rule.
func (w *worker) cellFound(rule int, field int, d detail) {
	if level := w.plan.v.levels[rule]; level != Off {
		w.found(rule, level, field, w.plan.column[field], d, 0, fieldSet{})
	}
}

// take lets a record whose cells are known be read and judged with its block.
func (w *worker) take() {
	r, p, b := w.row, w.plan, &w.block
	if r.cells.n != len(p.fieldOf) {
		n := r.cells.n
		w.unread()
		w.out.tally.unread++
		w.oddRecord()
		if level := p.v.levels[w.lengthRule]; level != Off {
			w.found(w.lengthRule, level, -1, -1, detailCells, n, fieldSet{})
		}
		return
	}
	if w.out.groups != nil {
		w.enterGroup()
	}
	r.tally.read++
	bit := uint64(1) << (b.n - 1)
	b.read |= bit
	if r.cells.fast {
		b.fast |= bit
		b.begins[b.n-1] = r.cells.first
		return
	}
	if r.cells.odd {
		w.oddCells()
	}
	for column, field := range p.fieldOf {
		if field >= 0 {
			w.readCell(&p.kernels[field], column)
		}
	}
}

func (w *worker) finishRow() {
	r := w.row
	if r.worst == Error {
		r.tally.errors++
	}
	if r.warned {
		r.tally.warning++
	}
	if set := w.plan.hooks.keys; set != nil {
		w.noteKey(set)
	}
	if w.yield != nil && w.err == nil {
		w.err = w.yield(r)
	}
}

// oddCells looks for control characters and for bytes that are not UTF-8.
func (w *worker) oddCells() {
	c := &w.row.cells
	level := w.plan.v.levels[w.plan.control]
	for column := range c.n {
		text := c.whole(column)
		control, high := false, false
		quoted := len(text) > 0 && c.batch[c.rawAt(column)] == '"' // then it may hold line ends
		for _, b := range text {
			control = control || b < ' ' && (b != '\n' && b != '\r' || !quoted) || b == 0x7f
			high = high || b >= utf8.RuneSelf
		}
		if control && level != Off {
			w.found(w.plan.control, level, max(noColumn, w.plan.fieldOf[column]), column, noDetail, 0, fieldSet{})
		}
		if high && !utf8.Valid(text) {
			w.out.encoding.add(c.fault(column))
		}
	}
}

// oddRecord looks for bytes that are not UTF-8 in a record without cells.
func (w *worker) oddRecord() {
	c := &w.row.cells
	if text := c.batch[c.first:w.row.end]; !utf8.Valid(text) {
		at := c.first + uint32(firstInvalid(text))
		f := encodingFault{record: c.record, first: c.base + int64(at), line: c.lineAt(at)}
		f.count, f.unlikely = countInvalid(text)
		w.out.encoding.add(f)
	}
}

// fault counts the bytes of a cell that are not part of a character.
func (c *cells) fault(column int) encodingFault {
	f := encodingFault{record: c.record, column: column + 1}
	f.count, f.unlikely = countInvalid(c.whole(column))
	if f.count > 0 {
		// The text may lack some of the quotes; the first such byte is the same.
		at := c.rawAt(column) + uint32(firstInvalid(c.batch[c.rawAt(column):]))
		f.first, f.line = c.base+int64(at), c.lineAt(at)
	}
	return f
}

// countInvalid counts the bytes that are not part of a character, and those of
// them that would hardly be one in Windows-1252.
func countInvalid(text []byte) (n, unlikely int) {
	for len(text) > 0 {
		i := firstInvalid(text)
		if i == len(text) {
			break
		}
		n++
		if !likely1252(text[i]) {
			unlikely++
		}
		text = text[i+1:]
	}
	return n, unlikely
}

// firstInvalid is the place of the first byte that is not part of a character,
// or the length of the text.
func firstInvalid(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(text)
}

// readCell reads the value of a cell, if it holds one.
func (w *worker) readCell(k *kernel, column int) {
	b := w.row.cells.text(column)
	if len(b) == 0 {
		return
	}
	if k.convert != nil {
		if b = w.converted(k, b); len(b) == 0 {
			return
		}
	}
	w.readField(k, b)
}

// converted is the canonical spelling of a cell, or the cell where it has none.
func (w *worker) converted(k *kernel, b []byte) []byte {
	r := w.row
	from := len(r.converted)
	out, ok := k.convert(r.converted, b)
	if !ok {
		return b
	}
	r.converted = out
	r.spelling[k.field] = span{uint32(from), uint32(len(out))}
	r.respelt.add(k.field)
	if len(out) > from {
		w.row.tally.fields[k.field].converted++
	}
	return trimSpaces(out[from:])
}

func (w *worker) readField(k *kernel, b []byte) {
	r := w.row
	f := k.field & (maxFields - 1)
	t := &w.row.tally.fields[f]
	r.filled.add(f)
	var n int64
	var ok bool
	switch k.typ {
	case TypeCode:
		i := k.index.find(b)
		if i < 0 {
			w.badCode(k, t, b)
			return
		}
		r.setValue(f, int64(i))
		r.valid.add(f)
		switch k.codes[i].Quality {
		case QualityOther:
			t.other++
		case QualityDefault:
			t.def++
		}
		return
	case TypeDate:
		n, ok = lexDate(b)
		r.noteDate(n)
	case TypeInteger:
		n, ok = lexInteger(b)
	case TypeDecimal:
		var places int
		n, places, ok = lexDecimal(b)
		r.setPlaces(f, uint8(places))
	case TypeID:
		ok = len(b) <= k.maxLength
		for _, c := range b {
			ok = ok && k.allowed[c]
		}
	case TypeCodes:
		w.readCodes(k, t, b)
		return
	case TypeNHSNumber:
		if n, ok = lexNHSNumber(b); ok {
			w.noteNHSNumber(f, n)
		}
	case TypePostcode:
		n, ok = lexPostcode(b)
		says := postcodeSays(n)
		if r.setPlaces(f, says); ok && says != 0 {
			t.def++
		}
	case TypeLSOA:
		n, ok = lexLSOA(b)
		says := uint8(lsoaEnglish)
		if lsoaIsWelsh(n) {
			says = lsoaWelsh
		}
		r.setPlaces(f, says)
	case TypeGPPractice:
		if n, ok = lexGPPractice(b); ok && gpPracticeIsDefault(n) {
			t.def++
		}
	}
	if !ok {
		t.badFormat++
		w.cellFound(k.format, f, hint(k, b))
		return
	}
	if k.rejects != nil && w.rejected(k, n) {
		return
	}
	if k.ranged && (n < k.min || n > k.max) {
		r.valid.remove(f)
		t.badRange++
		w.cellFound(k.outside, f, noDetail)
		return
	}
	if k.plausible && (n < k.pMin || n > k.pMax) {
		w.cellFound(k.implausible, f, noDetail)
	}
	r.setValue(f, n)
	r.valid.add(f)
}

// rejected asks the rules that reject cells about a value that could be read.
func (w *worker) rejected(k *kernel, n int64) bool {
	r := w.row
	r.setValue(k.field, n)
	r.valid.add(k.field)
	for i := range k.rejects {
		c := &k.rejects[i]
		w.asking = c.rule
		v := c.judge(Cell{row: r, field: k.field})
		w.asking = -1
		if v != NotApplicable {
			w.row.tally.rules[c.rule].checked++
		}
		if v == Fail {
			r.valid.remove(k.field)
			w.row.tally.fields[k.field].rejected++
			w.cellFound(c.rule, k.field, noDetail)
			return true
		}
	}
	return false
}

func (w *worker) badCode(k *kernel, t *fieldTally, b []byte) {
	if d := w.codeHint(k, b); d == detailLostZero {
		t.badFormat++
		w.cellFound(k.format, k.field, d)
	} else {
		t.badCode++
		w.cellFound(k.code, k.field, d)
	}
}

// codeHint says what a code that is not in the list might be.
func (w *worker) codeHint(k *kernel, b []byte) detail {
	if len(b) < 8 {
		var padded [8]byte
		padded[0] = '0'
		copy(padded[1:], b)
		if k.index.find(padded[:len(b)+1]) >= 0 {
			return detailLostZero
		}
	}
	for i := range k.codes {
		if l := k.codes[i].Label; len(l) == len(b) && bytes.EqualFold(b, []byte(l)) {
			return detailLabel
		}
	}
	return noDetail
}

// readCodes reads a list of codes; spaces around a code are ignored.
func (w *worker) readCodes(k *kernel, t *fieldTally, b []byte) {
	var set uint64
	d, worst := noDetail, 0 // 1: a code is not in the list; 2: not a list of codes
	repeated := false
	for rest := b; ; {
		code := rest
		i := bytes.IndexByte(rest, ';')
		if i >= 0 {
			code = rest[:i]
		}
		code = trimSpaces(code)
		switch n := k.index.find(code); {
		case len(code) == 0:
			worst, d = 2, detailEmptyCode
		case n < 0 && worst < 2:
			h := w.codeHint(k, code)
			if h == detailLostZero {
				worst, d = 2, h
			} else if worst < 1 {
				worst, d = 1, h
			}
		case n >= 0:
			repeated = repeated || set>>n&1 != 0
			set |= 1 << n
		}
		if i < 0 {
			break
		}
		rest = rest[i+1:]
	}
	if worst == 2 {
		t.badFormat++
		w.cellFound(k.format, k.field, d)
		return
	}
	if repeated {
		w.cellFound(k.repeated, k.field, noDetail)
	}
	if worst == 1 {
		t.badCode++
		w.cellFound(k.code, k.field, d)
		return
	}
	// The cell counts as default or other only where it says nothing else.
	switch {
	case set&^k.defaults == 0:
		t.def++
	case set&^(k.defaults|k.others) == 0:
		t.other++
	}
	w.row.setValue(k.field, int64(set))
	w.row.valid.add(k.field)
}
