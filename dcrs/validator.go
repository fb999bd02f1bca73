package dcrs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/healthtrainer/healthtrainer/hte"
)

// Validator checks extracts against a dictionary. It is immutable: one can
// serve any number of goroutines.
type Validator struct {
	dict     *Dictionary
	asOf     hte.Date
	workers  int
	limit    int
	keep     int // examples of each rule in a report
	delim    byte
	declared bool // the caller has given delim
	batch    int  // bytes of a batch of rows
	show     []int
	groupBy  int     // the field to group rows by + 1, 0 for none
	mapped   *hooks  // of a mapping, nil without one
	levels   []Level // of each rule of the dictionary
	changed  []bool  // the rules whose level Severity gave
}

// Option changes one thing about a [Validator].
type Option func(*Validator) error

// Workers sets how many goroutines check batches of rows; the default is 1. The
// report and the order of the findings are the same for every number.
func Workers(n int) Option {
	return func(v *Validator) error {
		if n < 1 || n > 256 {
			return &OptionError{Option: "Workers", Problem: "there must be between 1 and 256"}
		}
		v.workers = n
		return nil
	}
}

// Severity changes the level of a rule, or switches it off. The rule is named
// by its id, such as "dates/stale-open"; a family of rules by a pattern in which
// * stands for anything but a slash, such as "*/implausible", "measures/*" or
// "*/*" for all; or the rules of one kind for every field as the table of rules
// names them, "FIELD/range". A name that fits no rule is an error. Later options
// overrule earlier ones.
func Severity(rule string, level Level) Option {
	return func(v *Validator) error {
		if int(level) >= len(levelNames) {
			return &OptionError{Option: "Severity", Problem: "the level is none of Off, Info, Warning and Error"}
		}
		found := false
		family, isFamily := strings.CutPrefix(rule, "FIELD/")
		for i, r := range v.dict.rules {
			if ok, err := path.Match(rule, r.ID); err != nil || !ok && !(isFamily && r.Scope == ScopeField && r.Family() == family) {
				continue
			}
			v.levels[i], v.changed[i], found = level, true, true
		}
		if !found {
			return &OptionError{Option: "Severity", Problem: fmt.Sprintf("no rule is called %q%s", rule, v.dict.similarRule(rule))}
		}
		return nil
	}
}

// Show lets findings carry the values of the named fields of their record, so
// that a service can find it again: usually client_id or episode_id. Without it
// no finding holds any value. A value of more than 256 bytes is cut, so that a
// report stays small. The rules of file scope then keep the values of every row
// in memory.
func Show(fields ...string) Option {
	return func(v *Validator) error {
		var errs []error
		for _, name := range fields {
			switch f, ok := v.dict.Field(name); {
			case !ok:
				errs = append(errs, &OptionError{Option: "Show", Problem: fmt.Sprintf("no field is called %q", name)})
			case !slices.Contains(v.show, f.index):
				v.show = append(v.show, f.index)
			}
		}
		return errors.Join(errs...)
	}
}

// RecordLimit sets how many bytes a record may have, its line end not counted;
// the default is 1 MiB. A longer line is skipped with the finding
// file/record-too-long. A quote that does not close within the limit counts as
// one that never closes (file/quote).
func RecordLimit(bytes int) Option {
	return func(v *Validator) error {
		if bytes < 1 || bytes > 1<<30 {
			return &OptionError{Option: "RecordLimit", Problem: "it must lie between 1 byte and 1 GiB"}
		}
		v.limit = bytes
		return nil
	}
}

// Examples sets how many findings of each rule a [Report] holds; the default is 5.
func Examples(n int) Option {
	return func(v *Validator) error {
		if n < 0 || n > 1000 {
			return &OptionError{Option: "Examples", Problem: "it must lie between 0 and 1000"}
		}
		v.keep = n
		return nil
	}
}

// Delimiter declares what separates the cells; the default is a comma.
func Delimiter(b byte) Option {
	return func(v *Validator) error {
		if !slices.Contains([]byte(delimiters), b) {
			return &OptionError{Option: "Delimiter", Problem: "it must be a comma, semicolon, tab or vertical bar"}
		}
		v.delim, v.declared = b, true
		return nil
	}
}

// OptionError says which option of [NewValidator] cannot be used, and why.
type OptionError struct {
	Option, Problem string
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("dcrs: option %s: %s", e.Option, e.Problem)
}

// PanicError says that something the caller handed in has panicked: Func is the
// Read of its reader, each, or a rule by its id. The text leaves out Value, which
// may hold a value of the extract.
type PanicError struct {
	Func  string
	Value any
}

func (e *PanicError) Error() string { return "dcrs: " + e.Func + " panicked" }

// Unwrap returns Value where it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// NewValidator makes a validator for extracts described by the dictionary.
// asOf is the day to take for today: dates after it lie in the future, and
// episodes are stale by it.
//
// The errors are an [*OptionError] for an option that cannot be used, or for a
// missing dictionary or date.
func NewValidator(d *Dictionary, asOf hte.Date, options ...Option) (*Validator, error) {
	if d == nil {
		return nil, &OptionError{Option: "dictionary", Problem: "there is none"}
	}
	if asOf.IsZero() {
		return nil, &OptionError{Option: "as-of date", Problem: "there is none"}
	}
	v := &Validator{
		dict: d, asOf: asOf, workers: 1, limit: 1 << 20, keep: 5, delim: ',', batch: batchSize,
		levels: make([]Level, len(d.rules)), changed: make([]bool, len(d.rules)),
	}
	for i, r := range d.rules {
		v.levels[i] = r.Severity
	}
	var errs []error
	for _, option := range options {
		if err := option(v); err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return v, nil
}

// Dictionary is what the validator checks against.
func (v *Validator) Dictionary() *Dictionary { return v.dict }

// AsOf is the day that the validator takes for today.
func (v *Validator) AsOf() hte.Date { return v.asOf }

// Validate reads an extract to its end and reports on it. file is the name that
// findings bear. Every finding is also handed to each, unless it is nil, in an
// order that does not depend on the number of workers: first what is wrong with
// the header, then row by row, then what only the whole file shows. An error
// from each stops the reading.
//
// Bad data are findings, never errors. An error means that the reader failed,
// that the context was cancelled or that each failed; the report then covers
// what was read and says so ([Report.Truncated]). Cancelling does not interrupt
// a Read that blocks.
func (v *Validator) Validate(ctx context.Context, file string, r io.Reader, each func(Finding) error) (*Report, error) {
	return v.validate(ctx, file, r, each, nil)
}

// Rows yields the rows of an extract one by one, with their values read and
// with their findings at field and record scope. What is wrong with the header
// and what only the whole file shows is not reported: use [Validator.Validate]
// for that. A row that could not be taken apart comes too, see [Row.Unread].
// A file whose rows cannot be read at all (empty, not text, another delimiter)
// yields nothing. The same Row is used again for the next row.
//
// An error, from the reader, the context or a rule that panicked, is yielded last
// with a nil row. The rules are asked about up to 64 rows at a time, so that the
// rows just before one on which a rule panics may not be yielded either.
func (v *Validator) Rows(ctx context.Context, file string, r io.Reader) iter.Seq2[*Row, error] {
	return v.rowsWith(ctx, file, r, nil)
}

// session is one reading of one file.
type session struct {
	v    *Validator
	file string
	each func(Finding) error

	handing bool // each is at work
	hooks   hooks
	framer  framer
	plan    *plan // nil where the rows cannot be read
	unread  string

	tally    tally
	examples [][]Finding
	facts    factStore
	groups   groupStore
	own      []ownRule // beside plan.files
	batches  []batchStart
	encoding encodingFault
	records  int
	lines    int   // read so far, the header's included
	merged   int64 // offset of the first byte behind the batches merged so far
	scratch  cells
}

func (s *session) run(ctx context.Context, r io.Reader) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.open(ctx, r); err != nil {
		return err
	}
	if s.plan == nil {
		return s.finish(ctx)
	}
	read := s.sequential
	if s.v.workers > 1 {
		read = s.parallel
	}
	s.merged = s.framer.base
	err := read(ctx)
	s.framer.base = s.merged // what was read ahead and not looked at does not count
	if err != nil {
		return err
	}
	// Where the reader failed, what its rows show together is reported all the same.
	if err := s.finish(ctx); err != nil {
		return err
	}
	return s.framer.err
}

// sequential checks batch after batch in this goroutine.
func (s *session) sequential(ctx context.Context) error {
	w := newWorker(s.plan, s.v.keep, s.each != nil)
	var b batch
	var res result
	for s.framer.next(&b) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := w.check(&b, &res); err != nil {
			return err
		}
		if err := s.merge(ctx, &res); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// parallel checks batches in several goroutines and merges their results in
// the order of the file. It returns when all of them have ended.
func (s *session) parallel(ctx context.Context) error {
	type job struct {
		b    *batch
		res  *result
		err  error
		done chan struct{}
	}
	ctx, cancel := context.WithCancel(ctx)
	jobs := make(chan *job, s.v.workers)
	ordered := make(chan *job, 2*s.v.workers)
	free := make(chan *job, 4*s.v.workers)
	var wg sync.WaitGroup
	defer func() {
		cancel()
		wg.Wait()
	}()
	wg.Go(func() {
		defer close(ordered)
		defer close(jobs)
		for ctx.Err() == nil {
			var j *job
			select {
			case j = <-free:
			default:
				j = &job{b: new(batch), res: new(result)}
			}
			if !s.framer.next(j.b) {
				return
			}
			j.done = make(chan struct{})
			select {
			case jobs <- j:
			case <-ctx.Done():
				return
			}
			select {
			case ordered <- j:
			case <-ctx.Done():
				return
			}
		}
	})
	for range s.v.workers {
		w := newWorker(s.plan, s.v.keep, s.each != nil)
		wg.Go(func() {
			for j := range jobs {
				if ctx.Err() == nil {
					j.err = w.check(j.b, j.res)
				}
				close(j.done)
			}
		})
	}
	for j := range ordered {
		<-j.done
		if err := ctx.Err(); err != nil {
			return err
		}
		if j.err != nil {
			return j.err
		}
		if err := s.merge(ctx, j.res); err != nil {
			return err
		}
		select {
		case free <- j:
		default:
		}
	}
	return ctx.Err()
}

// merge takes in what a worker found in one batch; batches come in the order of
// the file.
func (s *session) merge(ctx context.Context, res *result) error {
	s.tally.add(&res.tally)
	s.groups.take(res.groups, res.records, s.plan.wantRows())
	s.merged = res.batch.next
	if err := s.emitAll(ctx, res); err != nil {
		return err
	}
	s.facts.take(res, s.records, s.lines)
	if s.plan.wantOwn {
		if err := s.takeOwn(res); err != nil {
			return err
		}
	}
	if s.hooks.keys != nil {
		s.takeKeys(res)
	}
	if res.encoding.count > 0 {
		res.encoding.record += s.records
		res.encoding.line += s.lines
		s.encoding.add(res.encoding)
	}
	s.records += res.records
	s.lines += res.lines
	return nil
}

// emitAll emits the findings of a batch.
func (s *session) emitAll(ctx context.Context, res *result) (err error) {
	defer s.guardEach(&err)
	c, taken := &s.scratch, uint32(0) // the record that c holds
	for i := range res.findings {
		if s.each != nil && i&15 == 0 { // the caller's function may take its time
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		raw := &res.findings[i]
		if s.each == nil && len(s.examples[raw.rule]) >= s.v.keep {
			continue
		}
		c.base = res.batch.base
		if raw.record != taken && (!raw.alone() || len(s.v.show) > 0) {
			s.plan.split(c, res.batch, raw)
			taken = raw.record
		}
		c.record, c.line = s.records+int(raw.record), s.lines+int(raw.line)
		f := s.plan.finding(s.file, c, raw)
		if err := s.emit(int(raw.rule), &f); err != nil {
			return err
		}
	}
	return nil
}

// hand gives a finding to the caller.
func (s *session) hand(f *Finding) (err error) {
	defer s.guardEach(&err)
	s.handing = true
	err = s.each(*f)
	s.handing = false
	return err
}

// emit hands a finding to the caller and keeps it as an example if there is room.
// Its caller defers guardEach, once for many findings.
func (s *session) emit(rule int, f *Finding) (err error) {
	if len(s.examples[rule]) < s.v.keep {
		s.examples[rule] = append(s.examples[rule], *f)
	}
	if s.each != nil {
		s.handing = true
		err = s.each(*f)
		s.handing = false
	}
	return err
}

// guardEach turns a panic of the caller's function into an error.
func (s *session) guardEach(err *error) {
	if s.handing {
		s.handing = false
		*err = &PanicError{Func: "each", Value: recover()}
	}
}

// emitCounted is emit for a finding that no worker has counted.
func (s *session) emitCounted(rule int, f Finding) (err error) {
	defer s.guardEach(&err)
	s.tally.rules[rule].found[f.Severity]++
	return s.emit(rule, &f)
}

// finish adds what only the whole file shows.
func (s *session) finish(ctx context.Context) error {
	s.groups.sum(&s.tally)
	if err := s.encodingFinding(); err != nil {
		return err
	}
	if s.plan == nil {
		return nil
	}
	if s.hooks.after != nil {
		if err := s.raise(s.hooks.after(func(field int) int { return s.tally.fields[field].converted })); err != nil {
			return err
		}
	}
	return s.fileRules(ctx)
}

// rows reads the file in one goroutine and hands on each row.
func (s *session) rows(ctx context.Context, r io.Reader, yield func(*Row) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.open(ctx, r); err != nil || s.plan == nil {
		return err
	}
	s.plan.wantFacts, s.plan.wantOwn, s.plan.grouped = false, false, false
	w := newWorker(s.plan, s.v.keep, true)
	w.block.file = s.file
	w.yield = func(r *Row) error { // the caller may take its time
		if err := ctx.Err(); err != nil {
			return err
		}
		return yield(r)
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
		s.records += res.records
		s.lines += res.lines
	}
	return s.framer.err
}

// similarRule suggests rules whose ids resemble the one that was not found.
func (d *Dictionary) similarRule(id string) string {
	return (&UnknownRuleError{Similar: similarRules(id, []*Dictionary{d})}).suggestion()
}

// editDistance is Levenshtein's, or limit where it is not smaller.
func editDistance(a, b string, limit int) int {
	if d := len(a) - len(b); d >= limit || -d >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return min(row[len(b)], limit)
}
