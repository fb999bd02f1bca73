package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// score reads forms from in and writes what they score to out.
func (cmd *command) score(in io.Reader, out io.Writer) error {
	rs, err := newRecords(in)
	if err != nil {
		return err
	}
	s := &scoring{cmd: cmd, every: []byte(cmd.instrument), plans: map[string]*plan{}}
	heading, bad, err := rs.read()
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("the file is empty: it needs a heading")
	case err != nil:
		return err
	case bad != "":
		return fmt.Errorf("the heading: %s", bad)
	}
	if err := s.readHeading(heading); err != nil {
		return err
	}
	w := bufio.NewWriterSize(out, 1<<16)
	w.WriteString("instrument,case,scale,value,band,policy,edition,status,detail\n")
	for {
		cells, bad, err := rs.read()
		if errors.Is(err, io.EOF) {
			return w.Flush()
		}
		if err != nil {
			return errors.Join(err, w.Flush()) // what was scored until then stands
		}
		s.out = s.out[:0]
		if bad != "" {
			// Its cells may have shifted, so none is shown.
			s.prefix = append(s.prefix[:0], ",,"...)
			s.refuse("", ",,,", fmt.Sprintf("line %d of the file: %s", rs.line, bad))
		} else {
			s.form(cells)
		}
		if _, err := w.Write(s.out); err != nil {
			return err
		}
	}
}

// scoring scores the forms of one file. Its slices are used again for each form.
type scoring struct {
	cmd        *command
	heading    []string
	instrument int    // its column, or -1
	every      []byte // the instrument of every form, where there is no column
	caseID     int
	responses  int   // its column, or -1 where wide
	items      []int // wide: the columns that are not named
	plans      map[string]*plan

	out     []byte
	prefix  []byte   // instrument and case, as cells
	cells   []string // the responses, and what they mean
	answers []wellbeing.Response
	result  wellbeing.Result
}

func (s *scoring) readHeading(cells [][]byte) error {
	if len(cells) == 1 && bytes.IndexByte(cells[0], ';') >= 0 {
		return errors.New("the heading has semicolons: save the file with commas between the cells")
	}
	for i, c := range cells {
		name := strings.ToLower(strings.TrimSpace(string(c)))
		if name != "" && slices.Contains(s.heading, name) {
			return fmt.Errorf("the heading has %q twice", name)
		}
		s.heading = append(s.heading, name)
		if name != "instrument" && name != "case" && name != "" {
			s.items = append(s.items, i)
		}
	}
	column := func(name string) int { return slices.Index(s.heading, name) }
	s.instrument, s.caseID, s.responses = column("instrument"), column("case"), column("responses")
	switch {
	case s.caseID < 0:
		return errors.New("the heading has no column case; it takes instrument, case and responses, with commas between them")
	case s.instrument < 0 && s.cmd.instrument == "":
		return errors.New("the heading has no column instrument: name the one of every form by -set instrument=NAME")
	case s.instrument >= 0 && s.cmd.instrument != "":
		return errors.New("-set instrument is for files without a column instrument; this one has it")
	case !s.cmd.wide && s.responses < 0:
		return errors.New("the heading has no column responses: -wide reads one column for each item")
	case s.cmd.wide && s.responses >= 0:
		return errors.New("the heading has a column responses: leave -wide out")
	case s.cmd.wide && len(s.items) == 0:
		return errors.New("the heading has no columns of items")
	}
	return nil
}

// cell returns the cell in a column; a line that ends early leaves the rest blank.
func cell(cells [][]byte, column int) []byte {
	if column < 0 || column >= len(cells) {
		return nil
	}
	return cells[column]
}

// begin notes the instrument and the case, with which each line begins.
func (s *scoring) begin(cells [][]byte) (instrument []byte) {
	if instrument = bytes.TrimSpace(cell(cells, s.instrument)); s.instrument < 0 {
		instrument = s.every
	}
	s.prefix = append(appendCell(s.prefix[:0], instrument), ',')
	s.prefix = append(appendCell(s.prefix, cell(cells, s.caseID)), ',')
	return instrument
}

func (s *scoring) form(cells [][]byte) {
	name := s.begin(cells)
	p := s.plans[string(name)]
	if p == nil {
		var why string
		if p, why = s.cmd.plan(string(name), s.heading); p == nil {
			s.refuse("", ",,,", why)
			return
		}
		s.plans[string(name)] = p
	}
	if len(cells) > len(s.heading) && slices.ContainsFunc(cells[len(s.heading):], func(c []byte) bool { return len(bytes.TrimSpace(c)) > 0 }) {
		s.refuseAll(p, "the line has more cells than the heading")
		return
	}
	if p.off != "" {
		s.refuseAll(p, p.off)
		return
	}
	s.readResponses(p, cells)
	if p.in == nil {
		v, err := rci(s.cells)
		if err != nil {
			s.refuseAll(p, strings.ReplaceAll(err.Error(), "\n", "; "))
			return
		}
		s.ok(p.lines[0].name, v, "", p, "")
		return
	}
	why := s.judge(p)
	for i := range p.lines {
		s.line(p, &p.lines[i], why)
	}
}

// readResponses puts the answers of the form into s.cells.
func (s *scoring) readResponses(p *plan, cells [][]byte) {
	s.cells = s.cells[:0]
	switch {
	case !s.cmd.wide:
		for r := range strings.FieldsSeq(string(cell(cells, s.responses))) {
			s.cells = append(s.cells, r)
		}
	case p.column != nil:
		for _, c := range p.column {
			s.cells = append(s.cells, string(bytes.TrimSpace(cell(cells, c))))
		}
	default:
		for _, c := range s.items {
			s.cells = append(s.cells, string(bytes.TrimSpace(cell(cells, c))))
		}
		// A form with fewer items than the file has columns leaves the rest blank.
		for len(s.cells) > len(p.keys) && s.cells[len(s.cells)-1] == "" {
			s.cells = s.cells[:len(s.cells)-1]
		}
	}
}

// reasons says why lines of a form have no value, by item.
type reasons []reason

type reason struct{ item, text string }

// about joins the reasons that concern any of the items; all where none is given or none of them
// does.
func (rs reasons) about(items []string) string {
	var parts []string
	for _, r := range rs {
		if slices.Contains(items, r.item) {
			parts = append(parts, r.text)
		}
	}
	if parts == nil {
		for _, r := range rs {
			parts = append(parts, r.text)
		}
	}
	return strings.Join(parts, "; ")
}

// judge scores the form into s.result, and returns the reasons for what is left without a value.
func (s *scoring) judge(p *plan) reasons {
	var err error
	s.answers, err = p.parser.Parse(s.answers, s.cells)
	var unread map[string]string // what Parse says of a cell is more than what Score says of the answer
	if err != nil {
		unread = map[string]string{}
		for _, r := range reasonsOf(err, nil) {
			unread[r.item] = r.text
		}
	}
	if len(s.cells) != len(p.keys) {
		s.answers = make([]wellbeing.Response, len(s.cells)) // refused for its length
	}
	// What can be read is judged all the same, so that an answer that means danger shows.
	return reasonsOf(p.scorer.Score(&s.result, s.answers), unread)
}

// reasonsOf takes the errors of a form apart; better holds texts that say more, by item.
func reasonsOf(err error, better map[string]string) reasons {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var rs reasons
		for _, e := range joined.Unwrap() {
			rs = append(rs, reasonsOf(e, better)...)
		}
		return rs
	}
	r := reason{text: err.Error()}
	switch e := err.(type) {
	case wellbeing.SyntaxError:
		r.item = e.Item
	case wellbeing.RangeError:
		r.item = e.Item
	case wellbeing.CodeError:
		r.item = e.Item
	case wellbeing.MissingError:
		r.item = e.Item
	case wellbeing.RefusedError:
		r.item = e.Item
	case wellbeing.NotApplicableError:
		r.item = e.Item
	case wellbeing.NoScoreError:
		if e.Reason == wellbeing.Excluded {
			r.text = "excluded by the instrument's own rule: " + e.Rule
		}
		return reasons{{item: e.Name, text: r.text}}
	}
	if text := better[r.item]; text != "" {
		r.text = text
	}
	return reasons{r}
}

// line writes the line of a scale, flag or band set, from s.result.
func (s *scoring) line(p *plan, l *line, why reasons) {
	if l.at < 0 {
		s.refuse(l.name, p.tail, unverified)
		return
	}
	r := &s.result
	var score *wellbeing.Score
	if l.scale >= 0 {
		score = &r.Scores[l.scale]
	}
	band := ""
	if l.band >= 0 {
		band = r.Bands[l.band].Label
	}
	switch l.kind {
	case aScale:
		detail := ""
		if !score.Value.Known() {
			detail = s.why(p, score, why)
		}
		switch {
		case l.prorated == "" || !score.Prorated && score.Value.Known():
			s.value(l.name, score, band, p, detail)
		case score.Value.Known():
			s.refuse(l.name, p.tail, "answers are missing: "+l.prorated+" has the score of the others")
			s.value(l.prorated, score, band, p, "")
		default:
			s.refuse(l.name, p.tail, detail)
			s.refuse(l.prorated, p.tail, detail)
		}
	case aFlag:
		f := &r.Flags[l.at]
		switch {
		case f.Verdict != wellbeing.NotJudged:
			s.begun(l.name)
			s.out = append(s.out, map[bool]string{true: "true", false: "false"}[f.Verdict == wellbeing.Met]...)
			s.finish("", p, "ok", notes(score, f.Source.Basis))
		case score != nil:
			s.refuse(l.name, p.tail, s.why(p, score, why))
		default:
			s.refuse(l.name, p.tail, why.about(l.items)+p.note)
		}
	case aBand:
		if band == "" {
			s.refuse(l.name, p.tail, s.why(p, score, why))
			return
		}
		s.begun(l.name)
		s.out = appendCell(s.out, band)
		s.finish(band, p, "ok", notes(score, r.Bands[l.at].Source.Basis))
	}
}

// why says why a scale has no score.
func (s *scoring) why(p *plan, score *wellbeing.Score, why reasons) string {
	if score == nil {
		return unverified
	}
	switch score.Reason {
	case wellbeing.Incomplete:
		return why.about(score.Unanswered) + p.note
	case wellbeing.Excluded:
		return why.about([]string{score.Scale})
	}
	return why.about(nil)
}

// notes says what has to be known about a value.
func notes(score *wellbeing.Score, basis wellbeing.Basis) string {
	var parts []string
	if score != nil {
		basis = min(basis, score.Basis)
		if score.Prorated {
			parts = append(parts, fmt.Sprintf("prorated: %d of %d items answered", score.Answered, score.Items))
		}
		if score.Skipped > 0 {
			parts = append(parts, fmt.Sprintf("rightly skipped, scored 0: %d of %d items", score.Skipped, score.Items))
		}
	}
	if basis == wellbeing.Remembered {
		parts = append(parts, "rests on memory alone")
	}
	return strings.Join(parts, "; ")
}

func (s *scoring) value(name string, score *wellbeing.Score, band string, p *plan, refused string) {
	if !score.Value.Known() {
		s.refuse(name, p.tail, refused)
		return
	}
	s.ok(name, score.Value, band, p, notes(score, wellbeing.Verified))
}

func (s *scoring) ok(name string, v wellbeing.Value, band string, p *plan, detail string) {
	s.begun(name)
	s.out, _ = v.AppendText(s.out) // never fails
	s.finish(band, p, "ok", detail)
}

func (s *scoring) begun(name string) {
	s.out = append(s.out, s.prefix...)
	s.out = append(s.out, name...)
	s.out = append(s.out, ',')
}

func (s *scoring) finish(band string, p *plan, status, detail string) {
	s.out = append(s.out, ',')
	s.out = appendCell(s.out, band)
	s.out = append(s.out, p.tail...)
	s.out = append(s.out, status...)
	s.out = append(s.out, ',')
	s.out = appendCell(s.out, detail)
	s.out = append(s.out, '\n')
}

func (s *scoring) refuse(name, tail, why string) {
	s.begun(name)
	s.out = append(s.out, ',')
	s.out = append(s.out, tail...)
	s.out = append(s.out, "refused,"...)
	s.out = appendCell(s.out, why)
	s.out = append(s.out, '\n')
}

func (s *scoring) refuseAll(p *plan, why string) {
	for i := range p.lines {
		s.refuse(p.lines[i].name, p.tail, why)
		if p.lines[i].prorated != "" {
			s.refuse(p.lines[i].prorated, p.tail, why)
		}
	}
}
