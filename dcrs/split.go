package dcrs

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// RejectedColumn is the heading of the first column of the file of rejected rows.
// It holds the ids of the rules that rejected the row, with spaces between.
const RejectedColumn = "rejected_for"

// SplitReport says how [Validator.Split] divided a file. It holds no values.
type SplitReport struct {
	Edition  string `json:"edition"`
	Kind     string `json:"kind"`
	File     string `json:"file"`
	Records  int    `json:"records"` // the sum of the two below
	Accepted int    `json:"accepted"`
	Rejected int    `json:"rejected"`
	// NotRead counts the rejected rows that could not be taken apart into cells.
	NotRead int `json:"not_read"`
	// NotCopied counts those of NotRead that are longer than [RecordLimit] and a
	// batch of the reader (256 KiB): they are passed over as they are read, and
	// only their reason stands in the file of rejected rows.
	NotCopied int `json:"not_copied"`
	// Unread says why no row was read, as in [Report]; both files are then empty.
	Unread string `json:"unread,omitempty"`
	// Header are the findings about the header, which reject no row: a column that
	// is missing is not mended by leaving rows out.
	Header []Finding `json:"header"`
	// Rules counts the rows that each rule rejected, in the order of the
	// dictionary. A row that breaks several is counted at each.
	Rules []RejectedRows `json:"rules"`
}

// RejectedRows is how many rows a rule rejected.
type RejectedRows struct {
	Rule string `json:"rule"`
	Rows int    `json:"rows"`
}

// WriteJSON writes the report as JSON.
func (r *SplitReport) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// WriteText writes the report for a person.
func (r *SplitReport) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d records, %d accepted, %d rejected", r.File, r.Records, r.Accepted, r.Rejected)
	if r.Unread != "" {
		fmt.Fprintf(&b, "; the file could not be read (%s)", r.Unread)
	}
	b.WriteByte('\n')
	if r.NotRead > 0 {
		fmt.Fprintf(&b, "%d of the rejected could not be taken apart into cells\n", r.NotRead)
	}
	if r.NotCopied > 0 {
		fmt.Fprintf(&b, "%d of those were too long to be copied\n", r.NotCopied)
	}
	for _, f := range r.Header {
		if f.Severity == Error {
			fmt.Fprintf(&b, "the header: %s %s: %s\n", f.Rule, f.Field, f.Message)
		}
	}
	for _, rule := range r.Rules {
		fmt.Fprintf(&b, "%8d  %s\n", rule.Rows, rule.Rule)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// SplitOption changes one thing about [Validator.Split].
type SplitOption func(*splitter) error

// RejectFrom sets how grave a finding must be to reject its row; the default is
// Error.
func RejectFrom(level Level) SplitOption {
	return func(s *splitter) error {
		if level == Off || int(level) >= len(levelNames) {
			return &OptionError{Option: "RejectFrom", Problem: "the level is none of Info, Warning and Error"}
		}
		s.from = level
		return nil
	}
}

// FileScope lets the rules of file scope, such as episode/duplicate, reject rows
// too. They know only at the end of the file which rows are at fault, so the file
// is read twice: the reader must be an [io.ReadSeeker] that stands at the beginning
// of the file. A finding of these rules rejects the row at which it stands, the
// later of two. Beside [FileRuleBytes] for each row, eight bytes are kept for each
// such finding.
func FileScope() SplitOption {
	return func(s *splitter) error {
		s.twice = true
		return nil
	}
}

// Split reads an extract and writes the rows without an error to accepted and the
// others to rejected, each with the header. Cells, quotes, line ends, delimiter
// and a byte order mark stay byte for byte as they are; only blank lines are left
// out. In the rejected file a column stands before the others, [RejectedColumn],
// with the reasons; without it the file is as it was. Rows that cannot be taken
// apart into cells are always rejected.
//
// The error is a writer's, the reader's, the context's, or an [*OptionError]; the
// report then covers what was read until then.
func (v *Validator) Split(ctx context.Context, file string, r io.Reader, accepted, rejected io.Writer, options ...SplitOption) (*SplitReport, error) {
	return v.split(ctx, file, r, accepted, rejected, nil, options)
}

// split is Split with hooks.
func (v *Validator) split(ctx context.Context, file string, r io.Reader, accepted, rejected io.Writer, h *hooks, options []SplitOption) (*SplitReport, error) {
	p := &splitter{
		v: v, from: Error, accepted: newSink(accepted), rejected: newSink(rejected),
		report: &SplitReport{Edition: v.dict.edition, Kind: v.dict.kind, File: file, Header: []Finding{}, Rules: []RejectedRows{}},
		rows:   make([]int, len(v.dict.rules)),
	}
	for _, option := range options {
		if err := option(p); err != nil {
			return nil, err
		}
	}
	if p.twice {
		seeker, ok := r.(io.ReadSeeker)
		if !ok {
			return nil, &OptionError{Option: "FileScope", Problem: "the reader cannot go back to the beginning of the file"}
		}
		if err := p.first(ctx, file, seeker, h); err != nil {
			return p.report, err
		}
	}
	s := &session{v: v, file: file, hooks: v.hooksWith(h)}
	s.hooks.notes, s.hooks.after, s.hooks.keys = nil, nil, nil
	s.each = func(f Finding) error { // while the header is read
		p.report.Header = append(p.report.Header, f)
		return nil
	}
	err := s.pass(ctx, r, func(header []byte, marked bool) error {
		s.each = nil
		return p.head(header, marked)
	}, p.row)
	p.report.Unread = s.unread
	for i, n := range p.rows {
		if n > 0 {
			p.report.Rules = append(p.report.Rules, RejectedRows{Rule: v.dict.rules[i].ID, Rows: n})
		}
	}
	for _, out := range []*sink{p.accepted, p.rejected} {
		if flushed := out.flush(); err == nil {
			err = flushed
		}
	}
	return p.report, err
}

// splitter is one call of Split.
type splitter struct {
	v                  *Validator
	from               Level
	twice              bool
	accepted, rejected *sink
	report             *SplitReport
	rows               []int // rejected by each rule
	reasons            []int // rules, of one row

	whole []wholeFinding // of rules of file scope, in the order of records
}

// wholeFinding is a finding of a rule of file scope.
type wholeFinding struct {
	record uint32
	rule   uint32
}

// first reads the whole file for the rules of file scope, and goes back.
func (p *splitter) first(ctx context.Context, file string, r io.ReadSeeker, h *hooks) error {
	begin, err := r.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	only := *p.v
	only.levels, only.keep = slices.Clone(p.v.levels), 0
	for i, rule := range p.v.dict.rules {
		if rule.Scope != ScopeFile || strings.HasPrefix(rule.ID, "file/") {
			only.levels[i] = Off
		}
	}
	if _, err = only.validate(ctx, file, r, func(f Finding) error {
		if f.Severity >= p.from && f.Record > 0 {
			p.whole = append(p.whole, wholeFinding{record: uint32(f.Record), rule: uint32(p.v.dict.byRule[f.Rule])})
		}
		return nil
	}, h); err != nil {
		return err
	}
	slices.SortStableFunc(p.whole, func(a, b wholeFinding) int { return cmp.Compare(a.record, b.record) })
	_, err = r.Seek(begin, io.SeekStart)
	return err
}

// head writes the header to both files.
func (p *splitter) head(header []byte, marked bool) error {
	for _, out := range []*sink{p.accepted, p.rejected} {
		if marked {
			out.buf = append(out.buf, byteOrder...)
		}
		if out == p.rejected {
			out.buf = append(append(out.buf, RejectedColumn...), p.v.delim)
		}
		out.buf = append(out.buf, header...)
		if err := out.full(); err != nil {
			return err
		}
	}
	return nil
}

// row writes one record to one of the files.
func (p *splitter) row(w *worker) error {
	r := w.row
	p.report.Records++
	p.reasons = p.reasons[:0]
	add := func(rule int) {
		if !slices.Contains(p.reasons, rule) {
			p.reasons = append(p.reasons, rule)
			p.rows[rule]++
		}
	}
	for i := range r.findings {
		if f := &r.findings[i]; f.level >= p.from {
			add(int(f.rule))
		}
	}
	for len(p.whole) > 0 && int(p.whole[0].record) <= r.Record() {
		if int(p.whole[0].record) == r.Record() {
			add(int(p.whole[0].rule))
		}
		p.whole = p.whole[1:]
	}
	raw, whole := w.rawRecord()
	out := p.accepted
	switch {
	case len(p.reasons) > 0 || r.unread:
		out = p.rejected
		p.report.Rejected++
		for i, rule := range p.reasons {
			if i > 0 {
				out.buf = append(out.buf, ' ')
			}
			out.buf = append(out.buf, p.v.dict.rules[rule].ID...)
		}
		out.buf = append(out.buf, p.v.delim)
	default:
		p.report.Accepted++
	}
	if r.unread {
		p.report.NotRead++
	}
	out.buf = append(out.buf, raw...)
	if !whole {
		p.report.NotCopied++
		out.buf = append(out.buf, '\n')
	}
	return out.full()
}
