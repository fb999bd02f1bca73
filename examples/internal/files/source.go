package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/examples/internal/workbook"
)

// Source is what the command line names: one table, or an extract of several files.
type Source struct {
	Name string
	Size int64 // of the text; 0 where that is not known

	path  string
	kind  string      // of one of several files
	info  os.FileInfo // nil for standard input
	file  *os.File
	table func() (*dcrs.Input, error) // from its beginning; nil for several files
	once  bool                        // it can be read once only

	closers []io.Closer
}

// Close closes what was opened.
func (s *Source) Close() {
	for _, c := range s.closers {
		c.Close() // nothing was written
	}
}

// Several reports whether it is an extract of several files.
func (s *Source) Several() bool { return s.table == nil }

// Open finds out what a path names, by what it holds. A dash is standard input.
func (r *Reading) Open(path string, stdin io.Reader) (*Source, error) {
	s := &Source{Name: filepath.Base(path), path: path}
	if path == "-" {
		s.Name = "stdin"
		f, ok := stdin.(*os.File)
		if !ok {
			return s, r.pipe(s, stdin)
		}
		info, err := f.Stat()
		if err != nil || !info.Mode().IsRegular() {
			return s, r.pipe(s, stdin)
		}
		s.file = f // a file behind <, which can be read twice
	} else {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		s.file, s.closers = f, []io.Closer{f}
	}
	if err := r.recognise(s); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (r *Reading) encoded() []dcrs.OpenOption {
	switch {
	case r.Encoding != nil:
		return []dcrs.OpenOption{dcrs.Encoded(*r.Encoding)}
	case len(r.Mappings) == 1:
		return []dcrs.OpenOption{dcrs.Encoded(r.Mappings[0].Encoding)}
	}
	return nil
}

// pipe is what can be read once.
func (r *Reading) pipe(s *Source, from io.Reader) error {
	in, err := dcrs.OpenStream(from, r.encoded()...)
	if errors.Is(err, dcrs.ErrWorkbook) || err == nil && r.ofWorkbook() {
		return errors.New("a workbook cannot be read from a pipe: name the file")
	}
	s.once, s.table = true, func() (*dcrs.Input, error) { return in, nil }
	return err
}

func (r *Reading) ofWorkbook() bool { return r.Sheet != "" || r.Heading != 0 }

func (r *Reading) recognise(s *Source) (err error) {
	if s.info, err = s.file.Stat(); err != nil {
		return err
	}
	switch {
	case s.info.IsDir():
		return r.severalFiles()
	case !s.info.Mode().IsRegular(): // a pipe with a name
		return r.pipe(s, s.file)
	}
	in, err := dcrs.Open(s.file, s.info.Size(), r.encoded()...)
	several, ok := errors.AsType[*dcrs.EntryError](err)
	switch {
	case errors.Is(err, dcrs.ErrWorkbook):
		return r.workbook(s)
	case ok && len(several.Names) > 0, err == nil && in.Packing() == dcrs.Zip && isTable(in.Entry(), "episode"):
		return r.severalFiles()
	case err != nil:
		return fmt.Errorf("%s: %w", s.path, err)
	case r.ofWorkbook():
		return fmt.Errorf("-sheet and -heading are for workbooks, and %s is none", s.path)
	}
	if in.Packing() == dcrs.Unpacked && in.Encoding() == dcrs.UTF8 {
		s.Size = s.info.Size()
	}
	s.table = func() (*dcrs.Input, error) { return in, nil }
	return nil
}

// severalFiles refuses what is said of one file alone.
func (r *Reading) severalFiles() error {
	if r.Detect || r.Encoding != nil || r.ofWorkbook() || r.Kind != "" {
		return errors.New("-kind, -delimiter auto, -encoding, -sheet and -heading are for one file: name it, and not the folder or zip")
	}
	return nil
}

// isTable reports whether a file bears the name of one of an extract of several
// files, such as contacts.csv, and is not of a kind that is to be left out.
func isTable(name string, except ...string) bool {
	return slices.ContainsFunc(dcrs.ExtractDictionaries(), func(d *dcrs.Dictionary) bool {
		return isTableOf(name, d.Kind()) && !slices.Contains(except, d.Kind())
	})
}

func isTableOf(name, kind string) bool {
	name = strings.TrimSuffix(strings.ToLower(path.Base(filepath.ToSlash(name))), ".gz")
	return name == kind+"s.csv" || name == kind+".csv"
}

// workbook makes a worksheet the table.
func (r *Reading) workbook(s *Source) error {
	book, err := workbook.Open(s.file, s.info.Size(), workbook.Limits{})
	if err != nil {
		return fmt.Errorf("%s: %w", s.path, err)
	}
	s.closers = append([]io.Closer{book}, s.closers...)
	s.table = func() (*dcrs.Input, error) {
		sheet, err := book.CSV(workbook.Sheet{Name: r.Sheet, Heading: r.Heading})
		if err != nil {
			return nil, err
		}
		s.closers = append([]io.Closer{sheet}, s.closers...) // before the book
		return dcrs.OpenStream(sheet)
	}
	if r.Detect || r.Delimiter != 0 || r.Encoding != nil {
		return errors.New("a workbook has no delimiter and no encoding to declare")
	}
	return nil
}

// Spares is an error where writing to a path would overwrite the source, or one of
// its files.
func (s *Source) Spares(path string) error {
	if path == "" || path == "-" || s.info == nil {
		return nil
	}
	other, err := os.Stat(path)
	if err != nil {
		return nil // it is not there
	}
	if os.SameFile(s.info, other) {
		return fmt.Errorf("%s is the extract itself", path)
	}
	if folder, err := os.Stat(filepath.Dir(path)); err == nil && os.SameFile(s.info, folder) && isTable(path) {
		return fmt.Errorf("%s is a file of the extract itself", path)
	}
	return nil
}

// Validate checks an extract of several files.
func (s *Source) Validate(ctx context.Context, x *dcrs.ExtractValidator, each func(dcrs.Finding) error) (*dcrs.ExtractReport, error) {
	if s.info.IsDir() {
		return x.Validate(ctx, s.Name, os.DirFS(s.path), each)
	}
	return x.ValidateZip(ctx, s.Name, s.file, s.info.Size(), each)
}

// Settled are the mappings of an extract of several files: those declared and, with
// -formats, what whole columns agree on. What cannot be opened is left to the
// validator to find.
func (r *Reading) Settled(ctx context.Context, s *Source) ([]*dcrs.Mapping, error) {
	if !r.Formats {
		return r.Mappings, nil
	}
	var out []*dcrs.Mapping
	looked := false
	for _, d := range r.Dictionaries() {
		m := r.mappingOf(d.Kind())
		part, _, err := r.part(s, d.Kind())
		if err == nil && part != nil {
			looked = true
			seen, err := r.wholeColumns(ctx, d, part, r.Delimiter, m)
			_, damaged := errors.AsType[*dcrs.PackingError](err)
			_, tooLarge := errors.AsType[*dcrs.UnpackLimitError](err)
			switch {
			case err == nil:
				m = seen
			case !damaged && !tooLarge:
				return nil, err
			}
		}
		if m != nil {
			out = append(out, m)
		}
	}
	if !looked {
		return nil, errors.New("-formats finds neither episodes.csv nor another file of an extract directly in " + s.path)
	}
	return out, nil
}

// Parts are the files of an extract of several, in the order of the dictionaries, as
// sources of their own, and the names of those that are no part of one.
func (r *Reading) Parts(s *Source) (parts []*Source, others []string, err error) {
	names, err := s.names()
	if err != nil {
		return nil, nil, err
	}
	taken := make(map[string]bool)
	for _, d := range r.Dictionaries() {
		in, name, err := r.part(s, d.Kind())
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		if in == nil {
			continue
		}
		taken[name] = true
		parts = append(parts, &Source{
			Name: d.Kind() + "s.csv", path: s.path, info: s.info, kind: d.Kind(),
			table: func() (*dcrs.Input, error) { return in, nil },
		})
	}
	for _, name := range names {
		if !taken[name] {
			others = append(others, name)
		}
	}
	if len(parts) == 0 {
		return nil, nil, fmt.Errorf("there is neither episodes.csv nor another file of an extract directly in %s", s.path)
	}
	return parts, others, nil
}

// Kind is that of the records of one of several files.
func (s *Source) Kind() string { return s.kind }

// names are those of the files of an extract of several, but for what systems leave
// behind. The names in a zip are whole.
func (s *Source) names() (out []string, err error) {
	var all []string
	if s.info.IsDir() {
		entries, err := os.ReadDir(s.path)
		if err != nil {
			return nil, err
		}
		inner := ""
		if len(entries) == 1 && entries[0].IsDir() { // a folder of its own
			inner = entries[0].Name()
			if entries, err = os.ReadDir(filepath.Join(s.path, inner)); err != nil {
				return nil, err
			}
		}
		for _, e := range entries {
			if !e.IsDir() {
				all = append(all, path.Join(inner, e.Name()))
			}
		}
	} else {
		_, err := dcrs.Open(s.file, s.info.Size(), dcrs.Entry("\x00")) // which is no name
		several, ok := errors.AsType[*dcrs.EntryError](err)
		if !ok {
			return nil, err
		}
		all = several.Names
	}
	for _, name := range all {
		if base := path.Base(name); !strings.HasPrefix(base, ".") && !strings.EqualFold(base, "thumbs.db") && !strings.EqualFold(base, "desktop.ini") {
			out = append(out, name)
		}
	}
	return out, nil
}

// part opens the file of a kind; nil where there is none.
func (r *Reading) part(s *Source, kind string) (in *dcrs.Input, name string, err error) {
	names, err := s.names()
	if err != nil {
		return nil, kind + "s.csv", err
	}
	// The name as it should be goes before other spellings.
	i := slices.IndexFunc(names, func(n string) bool { return path.Base(n) == kind+"s.csv" })
	if i < 0 {
		i = slices.IndexFunc(names, func(n string) bool { return isTableOf(n, kind) })
	}
	if i < 0 {
		return nil, "", nil
	}
	name = names[i]
	var options []dcrs.OpenOption
	if m := r.mappingOf(kind); m != nil {
		options = append(options, dcrs.Encoded(m.Encoding))
	}
	if !s.info.IsDir() {
		in, err = dcrs.Open(s.file, s.info.Size(), append(options, dcrs.Entry(name))...)
		return in, name, err
	}
	f, err := os.Open(filepath.Join(s.path, name))
	if err != nil {
		return nil, name, err
	}
	s.closers = append(s.closers, f)
	info, err := f.Stat()
	if err != nil {
		return nil, name, err
	}
	in, err = dcrs.Open(f, info.Size(), options...)
	return in, name, err
}
