package files

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/dcrs/lookup"
)

// Reading is how the file that a program is given is read: what its flags say of it.
type Reading struct {
	Delimiter byte // 0: not said
	Detect    bool // -delimiter auto
	Encoding  *dcrs.Encoding
	Sheet     string
	Heading   int
	Kind      string // "": not said
	Formats   bool
	Lookups   Lookups

	// What Load reads.
	Mappings []*dcrs.Mapping
	Sources  *lookup.Sources // nil where no look-up is named

	mappings []string
	episodes *dcrs.Dictionary
	note     func(format string, args ...any)
}

// ReadingUsage is the text of -h about the flags that say what is in FILE, and
// SpellingUsage about those that say how it is spelt.
const (
	ReadingUsage = `  -kind KIND            of a single file: what a row is, episode, contact, goal, signpost, need or
                        measure; unless told otherwise the headings decide, and it is said
  -delimiter CHARACTER  what stands between the cells: a comma unless told otherwise, ; | or tab;
                        auto looks at the file and says what it found
  -encoding NAME        utf-8 unless told otherwise, windows-1252, utf-16le or utf-16be; a byte
                        order mark is believed first
  -sheet NAME           of a workbook: the worksheet; the first one with rows unless told otherwise
  -heading ROW          of a workbook: the row of the headings
`
	SpellingUsage = `  -mapping FILE         read FILE by a mapping; may be repeated, for the files of a folder
  -formats              read dates, numbers and codes as a whole column shows that they are written
                        (dd/mm/yyyy, lost zeros, labels), and say so once a column
`
)

// Flags adds the flags, and those of Lookups.
func (r *Reading) Flags(fs *flag.FlagSet) {
	fs.Func("kind", "", func(s string) error {
		for _, d := range dcrs.ExtractDictionaries() {
			if s == d.Kind() || s == d.Kind()+"s" {
				r.Kind = d.Kind()
				return nil
			}
		}
		return errors.New("it takes " + kinds(", ", " or "))
	})
	fs.Func("delimiter", "", func(s string) error {
		if r.Detect = s == "auto"; r.Detect {
			r.Delimiter = 0
			return nil
		}
		if s == "tab" || s == `\t` {
			s = "\t"
		}
		if len(s) != 1 {
			return errors.New("it takes one character, tab or auto")
		}
		r.Delimiter = s[0]
		return nil
	})
	fs.Func("encoding", "", func(s string) error {
		e, err := dcrs.ParseEncoding(s)
		r.Encoding = &e
		return err
	})
	fs.StringVar(&r.Sheet, "sheet", "", "")
	fs.Func("heading", "", func(s string) error {
		if n, err := fmt.Sscan(s, &r.Heading); n != 1 || err != nil || r.Heading < 1 {
			return errors.New("it is the number of a row, from 1")
		}
		return nil
	})
	fs.Func("mapping", "", func(s string) error {
		r.mappings = append(r.mappings, s)
		return nil
	})
	fs.BoolVar(&r.Formats, "formats", false, "")
	r.Lookups.Flags(fs)
}

// kinds lists the kinds of records.
func kinds(between, last string) string {
	var names []string
	for _, d := range dcrs.ExtractDictionaries() {
		names = append(names, d.Kind())
	}
	n := len(names) - 1
	return strings.Join(names[:n], between) + last + names[n]
}

// Paths are those of the files that are read beside the extract.
func (r *Reading) Paths() []string { return append(r.Lookups.Paths(), r.mappings...) }

// Load reads the files that stand beside the extract: mappings and look-ups. What
// there is to say while the extract is read goes to note.
func (r *Reading) Load(ctx context.Context, note func(format string, args ...any)) (err error) {
	r.note, r.episodes = note, dcrs.Episodes()
	if r.Sources, err = r.Lookups.Read(ctx); err != nil {
		return err
	}
	if r.Sources != nil {
		if r.episodes, err = r.Sources.Extend(r.episodes); err != nil {
			return err
		}
	}
	for _, name := range r.mappings {
		m, err := r.readMapping(name)
		if err != nil {
			return fmt.Errorf("-mapping %s: %w", name, err)
		}
		r.Mappings = append(r.Mappings, m)
	}
	return nil
}

// Dictionaries are those of the files of an extract, that of the episodes with the
// rules of the look-ups.
func (r *Reading) Dictionaries() []*dcrs.Dictionary {
	all := dcrs.ExtractDictionaries()
	all[0] = r.episodes
	return all
}

func (r *Reading) dictionary(kind string) *dcrs.Dictionary {
	all := r.Dictionaries()
	return all[max(0, slices.IndexFunc(all, func(d *dcrs.Dictionary) bool { return d.Kind() == kind }))]
}

// readMapping reads a mapping for whatever kind of record it names.
func (r *Reading) readMapping(name string) (*dcrs.Mapping, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var says struct{ Kind string }
	_ = json.Unmarshal(text, &says) // ParseMapping says what is wrong, and where
	return dcrs.ParseMapping(r.dictionary(says.Kind), bytes.NewReader(text))
}

// Table is one table, opened, with what is needed to read it. It can be read again
// from its beginning, unless it comes through a pipe.
type Table struct {
	Name       string // as reports bear it
	Part       bool   // it is one of several files
	Dictionary *dcrs.Dictionary
	Mapping    *dcrs.Mapping // what was declared, and what -formats found; nil for none
	Delimiter  byte          // declared or detected; 0 for neither

	text   io.Reader
	reopen func() (io.Reader, error) // nil where it can be read once only
}

// Options are those of a validator that is to read the table.
func (t *Table) Options() (out []dcrs.Option) {
	if t.Mapping != nil {
		out = append(out, dcrs.Mapped(t.Mapping))
	}
	if t.Delimiter != 0 {
		out = append(out, dcrs.Delimiter(t.Delimiter))
	}
	return out
}

// Read reads the text on.
func (t *Table) Read(b []byte) (int, error) { return t.text.Read(b) }

// Seek tells where the beginning is, and goes there.
func (t *Table) Seek(offset int64, whence int) (_ int64, err error) {
	switch {
	case t.reopen == nil:
		return 0, errors.New("it is read twice, and this can be read once only: save it as a file first")
	case offset == 0 && whence == io.SeekStart:
		t.text, err = t.reopen()
		return 0, err
	case offset == 0 && whence == io.SeekCurrent:
		return 0, nil
	}
	return 0, errors.New("a table goes back to its beginning alone")
}

// sampled is how much of the text the delimiter and the kind are judged by.
const sampled = 64 << 10

// Look opens a source that is one table to be inspected: what is in it, of which kind
// it is, and the mapping that was declared. Of what can be read once the kind is not
// looked for.
func (r *Reading) Look(src *Source) (in *dcrs.Input, d *dcrs.Dictionary, m *dcrs.Mapping, err error) {
	var head []byte
	if !src.once {
		if in, err = src.table(); err != nil {
			return nil, nil, nil, err
		}
		head = make([]byte, sampled)
		n, _ := io.ReadFull(in.Text(), head) // an error comes again
		head = head[:n]
	}
	if d, m, err = r.kindOf(src, head); err != nil {
		return nil, nil, nil, err
	}
	in, err = src.table()
	return in, d, m, err
}

// Table opens a source that is one table and finds out what the flags leave open.
func (r *Reading) Table(ctx context.Context, src *Source) (*Table, error) {
	in, err := src.table()
	if err != nil {
		return nil, err
	}
	t := &Table{Name: src.Name, Part: src.kind != "", Delimiter: r.Delimiter}
	text := in.Text()
	head := make([]byte, sampled)
	n, err := io.ReadFull(text, head)
	head = head[:n]
	switch {
	case err == nil:
		t.text = io.MultiReader(bytes.NewReader(head), text)
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		t.text = bytes.NewReader(head)
	default: // whoever reads gets it, behind what there is
		t.text = io.MultiReader(bytes.NewReader(head), failing{err})
	}
	if !src.once {
		t.reopen = func() (io.Reader, error) {
			in, err := src.table()
			if err != nil {
				return nil, err
			}
			return in.Text(), nil
		}
	}
	if t.Dictionary, t.Mapping, err = r.kindOf(src, head); err != nil {
		return nil, err
	}
	if r.Detect {
		found := dcrs.DetectDelimiter(t.Dictionary, head)
		if t.Delimiter = found.Best; n > 0 {
			doubt := ""
			if !found.Sure {
				doubt = ". That is not certain: if it is wrong, say which with -delimiter"
			}
			for _, e := range found.Evidence {
				if e.Delimiter == found.Best {
					r.note("-delimiter auto took %s%s", e, doubt)
				}
			}
		}
	}
	if !r.Formats {
		return t, nil
	}
	if src.once {
		return nil, errors.New("-formats reads the file twice, and this can be read once only: save it as a file first, or say the formats in a -mapping")
	}
	if in, err = src.table(); err != nil { // a worksheet is read from its beginning each time
		return nil, err
	}
	if t.Mapping, err = r.wholeColumns(ctx, t.Dictionary, in, t.Delimiter, t.Mapping); err != nil {
		return nil, err
	}
	t.text, err = t.reopen()
	return t, err
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// wholeColumns adds to a mapping what every value of a column agrees on.
func (r *Reading) wholeColumns(ctx context.Context, d *dcrs.Dictionary, in *dcrs.Input, delimiter byte, m *dcrs.Mapping) (*dcrs.Mapping, error) {
	if delimiter == 0 && (m == nil || m.Delimiter == "") {
		delimiter = ',' // as without -formats
	}
	options := []dcrs.InspectOption{dcrs.InspectDelimiter(delimiter)}
	if m != nil {
		options = append(options, dcrs.InspectMapping(m))
	}
	seen, err := dcrs.Inspect(ctx, d, in, options...)
	if err != nil {
		return nil, err
	}
	formats := seen.Formats(m)
	for _, c := range seen.Columns {
		settled := formats.Date != "" || slices.ContainsFunc(formats.Columns, func(m dcrs.MappedColumn) bool { return m.Heading == c.Heading && m.Date != "" })
		if c.Field != "" && c.Ambiguous != "" && c.DateCells == c.Filled && !settled {
			r.note("nothing shows whether %s has the day or the month first: say \"date\": %q or %q of it in a -mapping", c.Field, c.Date, c.Ambiguous)
		}
	}
	return formats, nil
}

// kindOf is the dictionary and the mapping of one table: as the flags say, as the
// name of a file of an extract says, or else as the headings show.
func (r *Reading) kindOf(src *Source, head []byte) (*dcrs.Dictionary, *dcrs.Mapping, error) {
	if src.kind != "" {
		return r.dictionary(src.kind), r.mappingOf(src.kind), nil
	}
	switch {
	case len(r.Mappings) > 1:
		return nil, nil, errors.New("one file has one mapping; several are for the files of a folder")
	case len(r.Mappings) == 1 && r.Kind != "" && r.Mappings[0].Kind != r.Kind:
		return nil, nil, fmt.Errorf("-mapping %s is for rows of kind %s, and -kind says %s", r.mappings[0], r.Mappings[0].Kind, r.Kind)
	case len(r.Mappings) == 1:
		return r.dictionary(r.Mappings[0].Kind), r.Mappings[0], nil
	case r.Kind != "":
		return r.dictionary(r.Kind), nil, nil
	}
	return r.guess(head), nil, nil
}

func (r *Reading) mappingOf(kind string) *dcrs.Mapping {
	if i := slices.IndexFunc(r.Mappings, func(m *dcrs.Mapping) bool { return m.Kind == kind }); i >= 0 {
		return r.Mappings[i]
	}
	return nil
}

// guess is the dictionary that knows the headings: that of the episodes unless
// another clearly knows more of them, which is said then.
func (r *Reading) guess(head []byte) *dcrs.Dictionary {
	all := r.Dictionaries()
	var seen []dcrs.DelimiterEvidence
	for _, d := range all {
		found := dcrs.DetectDelimiter(d, head)
		want := r.Delimiter
		switch {
		case r.Detect:
			want = found.Best
		case want == 0:
			want = ','
		}
		for _, e := range found.Evidence {
			if e.Delimiter == want {
				seen = append(seen, e)
			}
		}
	}
	if len(seen) != len(all) {
		return all[0] // it is no delimiter, and the validator says so
	}
	best := 0
	for i, e := range seen {
		if e.Known > seen[best].Known {
			best = i
		}
	}
	e := seen[best]
	if best == 0 || e.Known < seen[0].Known+2 || 2*e.Known <= e.Columns {
		return all[0]
	}
	r.note("these are %ss: of %d headings %d are known in a file of %ss, and %d in one of episodes (-kind episode if they are episodes all the same)",
		all[best].Kind(), e.Columns, e.Known, all[best].Kind(), seen[0].Known)
	return all[best]
}

// plain takes away which package says so: it is nothing to somebody at a terminal.
var plain = strings.NewReplacer("dcrs: ", "", "workbook: ", "", "lookup: ", "", "share: ", "")

// Plain is an error in the words for somebody at a terminal.
func Plain(err error) string { return plain.Replace(err.Error()) }
