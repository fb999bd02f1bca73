package evaluation

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// ReadError says that an extract could not be read to its end. Report is the validator's, on what had
// been read by then; nil where that pass had ended.
type ReadError struct {
	Pass   string // "validate", "survey" or "count"
	Report *dcrs.Report
	Err    error
}

func (e *ReadError) Error() string {
	return fmt.Sprintf("evaluation: reading the extract (%s): %v", e.Pass, e.Err)
}

// Unwrap is the error of the reader or the context.
func (e *ReadError) Unwrap() error { return e.Err }

// ErrChanged is the error behind a [ReadError] where a later pass read other rows than an earlier one.
var ErrChanged = errors.New("the file changed while it was read")

// Run evaluates an extract. It reads src three times from its start: to validate it, to find the period
// and each client's index episode, and to count. file is the name that the report and its findings bear;
// the as-of date is the validator's.
//
// Memory is constant but for about 100 bytes for each client in the period and one bit for each row.
//
// Bad data never make an error: rows are kept out and counted, and of a file that cannot be read as an
// extract the evaluation is empty and its Quality says why. The errors are an [*OptionError], a
// [*MissingFieldError] or a [*ReadError].
func Run(ctx context.Context, file string, src io.ReadSeeker, v *dcrs.Validator, opts ...Option) (*Evaluation, error) {
	cfg, err := configure(opts)
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, &OptionError{Option: "validator", Reason: "there is none"}
	}
	if src == nil {
		return nil, &OptionError{Option: "source", Reason: "there is none"}
	}
	d := v.Dictionary()
	f, err := resolve(d)
	if err != nil {
		return nil, err
	}
	named, err := cfg.ruleSet(d)
	if err != nil {
		return nil, err
	}
	s := newSurvey(cfg, f, v.AsOf(), named)

	fileScope := make(map[string]bool)
	for r := range d.Rules() {
		fileScope[r.ID] = r.Scope == dcrs.ScopeFile
	}
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return nil, &ReadError{Pass: "validate", Err: err}
	}
	report, err := v.Validate(ctx, file, src, func(found dcrs.Finding) error {
		if fileScope[found.Rule] {
			s.fileFinding(&found)
		}
		return nil
	})
	if err != nil {
		return nil, &ReadError{Pass: "validate", Report: report, Err: err}
	}

	pass := func(name string, each func(*dcrs.Row)) error {
		if _, err := src.Seek(0, io.SeekStart); err != nil {
			return &ReadError{Pass: name, Err: err}
		}
		rows := 0
		for row, err := range v.Rows(ctx, file, src) {
			if err != nil {
				return &ReadError{Pass: name, Err: err}
			}
			rows++
			each(row)
		}
		if rows != report.Records {
			return &ReadError{Pass: name, Err: ErrChanged}
		}
		return nil
	}
	if err := pass("survey", s.add); err != nil {
		return nil, err
	}
	s.finish()
	t := newTally(d, f, s)
	if err := pass("count", t.add); err != nil {
		return nil, err
	}
	if t.episodes() != s.inPeriod {
		return nil, &ReadError{Pass: "count", Err: ErrChanged}
	}
	return t.evaluation(d, report, file, cfg), nil
}
