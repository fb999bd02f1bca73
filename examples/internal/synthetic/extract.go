package synthetic

import (
	"context"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/healthtrainer/healthtrainer/hte"
)

// DefaultAsOf is the as-of date of an [Extract] that names none. It is early
// enough for every rule to be planted: the dictionary knows an index of
// deprivation of 2025, which is in the future then.
const DefaultAsOf = "2024-12-31"

// The as-of dates that an extract can have: its referrals must not come before
// the programme began, in 2005.
const (
	firstAsOf = "2008-01-01"
	lastAsOf  = "2099-12-31"
)

// Extract says what extract to make. The zero value is an extract without rows:
// the heading alone.
type Extract struct {
	Rows int    // at most 99,999,999
	Seed uint64 // another seed, another service; the same seed, the same bytes

	// AsOf is the day on which the extract is drawn: nothing in it is later, and
	// its referrals are from the three years before. It can be from 2008-01-01 to
	// 2099-12-31; the zero Date stands for [DefaultAsOf].
	AsOf hte.Date

	// Errors is the share of the rows, from 0 to 1, that get one slip each. The
	// slips go round the rules, one row a rule: first the rules of rows and files
	// and two of each family of field rules, for which 100 slips are enough, as in
	// 5,000 rows with a share of 0.02, then the other rules of every field, for
	// which it takes 400.
	Errors float64
}

// OptionError says that an [Extract] cannot be made as it is.
type OptionError struct {
	Option string // the name of the field: Rows, AsOf or Errors
	Want   string // what it can be
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("synthetic: %s must be %s", e.Option, e.Want)
}

// mostRows is what the eight digits of an episode's number can count.
const mostRows = 99_999_999

func (x Extract) check() (asOf hte.Date, err error) {
	if x.Rows < 0 || x.Rows > mostRows {
		return asOf, &OptionError{Option: "Rows", Want: "from 0 to " + strconv.Itoa(mostRows)}
	}
	if !(x.Errors >= 0 && x.Errors <= 1) { // so written, it refuses NaN too
		return asOf, &OptionError{Option: "Errors", Want: "a share from 0 to 1"}
	}
	asOf = x.AsOf
	if asOf.IsZero() {
		asOf = mustDate(DefaultAsOf)
	}
	if asOf.Before(mustDate(firstAsOf)) || asOf.After(mustDate(lastAsOf)) {
		return asOf, &OptionError{Option: "AsOf", Want: "from " + firstAsOf + " to " + lastAsOf}
	}
	return asOf, nil
}

// mustDate reads a date that is written in this package.
func mustDate(s string) hte.Date {
	d, _ := hte.ParseDate(s)
	return d
}

// chunk is how much is written at a time.
const chunk = 1 << 16

// Generate writes the extract to w and, unless key is nil, the answer key of
// what was planted to key: a CSV of record,field,rule. Memory does not depend on
// the number of rows. The error is an [*OptionError], w's, key's or ctx's; then
// what was written is not whole.
func (x Extract) Generate(ctx context.Context, w, key io.Writer) error {
	asOf, err := x.check()
	if err != nil {
		return err
	}
	g := newGenerator(int32(x.Rows), x.Seed, asOf)
	var p *planter
	if x.Errors > 0 {
		p = newPlanter(g, x.Seed, x.Errors)
	}
	out := appendHeading(make([]byte, 0, chunk+1<<14), ",")
	answers := append(make([]byte, 0, chunk+1<<14), keyHeading...)
	for range x.Rows {
		g.next()
		if p != nil {
			answers = p.plant(&g.row, answers)
		}
		out = g.row.appendTo(out)
		if len(out) < chunk && len(answers) < chunk {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if out, err = flush(w, out); err != nil {
			return err
		}
		if answers, err = flush(key, answers); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err = flush(w, out); err != nil {
		return err
	}
	_, err = flush(key, answers)
	return err
}

// flush writes b, if there is a writer, and hands it back empty.
func flush(w io.Writer, b []byte) ([]byte, error) {
	if w == nil || len(b) == 0 {
		return b[:0], nil
	}
	_, err := w.Write(b)
	return b[:0], err
}

const keyHeading = "record,field,rule\n"

func appendHeading(b []byte, separator string) []byte {
	for f := range columns {
		if f > 0 {
			b = append(b, separator...)
		}
		b = append(b, columns[f].name...)
	}
	return append(b, '\n')
}

// threshold turns a share into a number that 32 random bits are below with that
// probability.
func threshold(share float64) uint64 { return uint64(math.Round(share * (1 << 32))) }
