package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/examples/internal/workbook"
)

// source is what FILE names: one table, or several files.
type source struct {
	name string
	info os.FileInfo // nil for standard input
	size int64       // of the text; 0 where that is not known
	file *os.File

	table func() (*dcrs.Input, error) // from its beginning; nil for several files
	once  bool                        // it can be read once only
	files func(ctx context.Context, x *dcrs.ExtractValidator, each func(dcrs.Finding) error) (*dcrs.ExtractReport, error)

	closers []io.Closer
}

func (s *source) close() {
	for _, c := range s.closers {
		c.Close() // nothing was written
	}
}

// open finds out what FILE is, by what it holds.
func (cmd *command) open(stdin io.Reader) (*source, error) {
	var options []dcrs.OpenOption
	switch {
	case cmd.encoding != nil:
		options = append(options, dcrs.Encoded(*cmd.encoding))
	case len(cmd.mapping) == 1:
		options = append(options, dcrs.Encoded(cmd.mapping[0].Encoding))
	}
	if cmd.file == "-" {
		in, err := dcrs.OpenStream(stdin, options...)
		if errors.Is(err, dcrs.ErrWorkbook) || err == nil && cmd.ofWorkbook() {
			return nil, errors.New("a workbook cannot be read from standard input: name the file")
		}
		return &source{name: "stdin", once: true, table: func() (*dcrs.Input, error) { return in, nil }}, err
	}
	f, err := os.Open(cmd.file)
	if err != nil {
		return nil, err
	}
	s := &source{name: filepath.Base(cmd.file), file: f, closers: []io.Closer{f}}
	if err := cmd.recognise(s, options); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (cmd *command) ofWorkbook() bool { return cmd.sheet != "" || cmd.heading != 0 }

func (cmd *command) recognise(s *source, options []dcrs.OpenOption) (err error) {
	if s.info, err = s.file.Stat(); err != nil {
		return err
	}
	if s.info.IsDir() {
		dir := os.DirFS(cmd.file)
		s.files = func(ctx context.Context, x *dcrs.ExtractValidator, each func(dcrs.Finding) error) (*dcrs.ExtractReport, error) {
			return x.Validate(ctx, s.name, dir, each)
		}
		return nil
	}
	if !s.info.Mode().IsRegular() { // a pipe with a name
		in, err := dcrs.OpenStream(s.file, options...)
		s.once, s.table = true, func() (*dcrs.Input, error) { return in, nil }
		return err
	}
	in, err := dcrs.Open(s.file, s.info.Size(), options...)
	several, ok := errors.AsType[*dcrs.EntryError](err)
	switch {
	case errors.Is(err, dcrs.ErrWorkbook):
		return cmd.workbook(s)
	case ok && len(several.Names) > 0, err == nil && in.Packing() == dcrs.Zip && isTable(in.Entry(), "episode"):
		s.files = func(ctx context.Context, x *dcrs.ExtractValidator, each func(dcrs.Finding) error) (*dcrs.ExtractReport, error) {
			return x.ValidateZip(ctx, s.name, s.file, s.info.Size(), each)
		}
		return nil
	case err != nil:
		return fmt.Errorf("%s: %w", cmd.file, err)
	case cmd.ofWorkbook():
		return fmt.Errorf("-sheet and -heading are for workbooks, and %s is none", cmd.file)
	}
	if in.Packing() == dcrs.Unpacked && in.Encoding() == dcrs.UTF8 {
		s.size = s.info.Size()
	}
	s.table = func() (*dcrs.Input, error) { return in, nil }
	return nil
}

// isTable reports whether a file bears the name of one of an extract of several
// files, such as contacts.csv, and is not of a kind that is to be left out.
func isTable(name string, except ...string) bool {
	name = strings.ToLower(filepath.Base(filepath.ToSlash(name)))
	return slices.ContainsFunc(dcrs.ExtractDictionaries(), func(d *dcrs.Dictionary) bool {
		return name == d.Kind()+"s.csv" && !slices.Contains(except, d.Kind())
	})
}

// workbook makes a worksheet the table.
func (cmd *command) workbook(s *source) error {
	book, err := workbook.Open(s.file, s.info.Size(), workbook.Limits{})
	if err != nil {
		return fmt.Errorf("%s: %w", cmd.file, err)
	}
	s.closers = append(s.closers, book)
	s.table = func() (*dcrs.Input, error) {
		r, err := book.CSV(workbook.Sheet{Name: cmd.sheet, Heading: cmd.heading})
		if err != nil {
			return nil, err
		}
		s.closers = append([]io.Closer{r}, s.closers...) // before the book
		return dcrs.OpenStream(r)
	}
	if cmd.detect || cmd.delimiter != 0 || cmd.encoding != nil {
		return errors.New("a workbook has no delimiter and no encoding to declare")
	}
	return nil
}

// read reads the files that stand beside the extract: mappings and look-ups. It
// returns the dictionary of the episodes, with the rules of the look-ups.
func (cmd *command) read(ctx context.Context) (*dcrs.Dictionary, error) {
	d := dcrs.Episodes()
	sources, err := cmd.lookups.Read(ctx)
	if err != nil {
		return nil, err
	}
	if sources != nil {
		if d, err = sources.Extend(d); err != nil {
			return nil, err
		}
	}
	for _, name := range cmd.mappings {
		m, err := readMapping(name, d)
		if err != nil {
			return nil, fmt.Errorf("-mapping %s: %w", name, err)
		}
		cmd.mapping = append(cmd.mapping, m)
	}
	return d, nil
}

// readMapping reads a mapping for whatever kind of record it names.
func readMapping(name string, episodes *dcrs.Dictionary) (*dcrs.Mapping, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var says struct{ Kind string }
	_ = json.Unmarshal(text, &says) // ParseMapping says what is wrong, and where
	d := episodes
	for _, other := range dcrs.ExtractDictionaries()[1:] {
		if other.Kind() == says.Kind {
			d = other
		}
	}
	return dcrs.ParseMapping(d, bytes.NewReader(text))
}

// own is the mapping of one table, nil where there is none.
func (cmd *command) own(d *dcrs.Dictionary) (*dcrs.Mapping, error) {
	switch {
	case len(cmd.mapping) == 0:
		return nil, nil
	case len(cmd.mapping) > 1:
		return nil, errors.New("one file has one mapping; several are for the files of a folder")
	case cmd.mapping[0].Kind != d.Kind():
		return nil, fmt.Errorf("-mapping %s is for rows of kind %s, and one file by itself is of %ss", cmd.mappings[0], cmd.mapping[0].Kind, d.Kind())
	}
	return cmd.mapping[0], nil
}

// settleFormats opens the table and, with -formats, looks at the whole of it
// first: what every value of a column agrees on is added to the mapping.
func (cmd *command) settleFormats(ctx context.Context, src *source, d *dcrs.Dictionary, stderr io.Writer) (*dcrs.Input, *dcrs.Mapping, error) {
	m, err := cmd.own(d)
	if err != nil {
		return nil, nil, err
	}
	in, err := src.table()
	if err != nil || !cmd.formats {
		return in, m, err
	}
	if src.once {
		return nil, nil, errors.New("-formats reads the file twice, and this can be read once only: save it as a file first, or say the formats in a -mapping")
	}
	// Detecting the delimiter reads a little, and a worksheet is read from its beginning each time.
	delimiter := cmd.delimiter
	if cmd.detect {
		_, found, err := cmd.text(in, d, nil, io.Discard)
		if err != nil {
			return nil, nil, err
		}
		delimiter = found
	} else if delimiter == 0 && (m == nil || m.Delimiter == "") {
		delimiter = ',' // as without -formats
	}
	options := []dcrs.InspectOption{dcrs.InspectDelimiter(delimiter)}
	if m != nil {
		options = append(options, dcrs.InspectMapping(m))
	}
	seen, err := dcrs.Inspect(ctx, d, in, options...)
	if err != nil {
		return nil, nil, err
	}
	formats := seen.Formats(m)
	for _, c := range seen.Columns {
		settled := formats.Date != "" || slices.ContainsFunc(formats.Columns, func(m dcrs.MappedColumn) bool { return m.Heading == c.Heading && m.Date != "" })
		if c.Field != "" && c.Ambiguous != "" && c.DateCells == c.Filled && !settled {
			fmt.Fprintf(stderr, "validate: nothing shows whether %s has the day or the month first: say \"date\": %q or %q of it in a -mapping\n", c.Field, c.Date, c.Ambiguous)
		}
	}
	in, err = src.table()
	return in, formats, err
}

// sampled is how much of the text the delimiter is detected by.
const sampled = 64 << 10

// text is the text of a table, and the delimiter that was found in it, with
// -delimiter auto.
func (cmd *command) text(in *dcrs.Input, d *dcrs.Dictionary, m *dcrs.Mapping, stderr io.Writer) (io.Reader, byte, error) {
	text := in.Text()
	if !cmd.detect {
		return text, 0, nil
	}
	head := make([]byte, sampled)
	n, err := io.ReadFull(text, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, 0, err
	}
	head = head[:n]
	found := dcrs.DetectDelimiter(d, head)
	if n > 0 {
		doubt := ""
		if !found.Sure {
			doubt = ". That is not certain: if it is wrong, say which with -delimiter"
		}
		for _, e := range found.Evidence {
			if e.Delimiter == found.Best {
				fmt.Fprintf(stderr, "validate: -delimiter auto took %s%s\n", e, doubt)
			}
		}
	}
	return io.MultiReader(bytes.NewReader(head), text), found.Best, nil
}
