// Package files is what the programs that write extracts on have in common: an
// extract that is opened by what it holds and can be read twice, the look-ups that
// the command line names, and files that are whole or not there.
//
// It is for these programs only; it checks nothing and knows no rules.
package files

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/dcrs/lookup"
)

// Extract is an extract as UTF-8 text, unpacked. It can go back to its beginning and
// nowhere else.
type Extract struct {
	Name string
	file *os.File
	in   *dcrs.Input
	text io.Reader
}

// Open opens a file, plain or packed by gzip or zip, by what it holds.
func Open(path string, options ...dcrs.OpenOption) (*Extract, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a directory", path)
	}
	var in *dcrs.Input
	if err == nil {
		in, err = dcrs.Open(f, info.Size(), options...)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &Extract{Name: filepath.Base(path), file: f, in: in, text: in.Text()}, nil
}

// Read reads on.
func (x *Extract) Read(b []byte) (int, error) { return x.text.Read(b) }

// Seek tells where the beginning is, and goes there.
func (x *Extract) Seek(offset int64, whence int) (int64, error) {
	switch {
	case offset == 0 && whence == io.SeekStart:
		x.text = x.in.Text()
		return 0, nil
	case offset == 0 && whence == io.SeekCurrent:
		return 0, nil
	}
	return 0, errors.New("an extract goes back to its beginning alone")
}

// Close closes the file.
func (x *Extract) Close() error { return x.file.Close() }

// Is reports whether a path is the extract's own: what is written there would be
// lost.
func (x *Extract) Is(path string) bool {
	a, err := x.file.Stat()
	if err != nil {
		return false
	}
	b, err := os.Stat(path)
	return err == nil && os.SameFile(a, b)
}

// Output is a file that is only for its owner, and that is taken away if what is
// written to it does not become whole.
type Output struct{ *os.File }

// Create makes the file.
func Create(path string) (*Output, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	return &Output{f}, nil
}

// End closes the file, and takes it away where *err is set or closing fails.
func (o *Output) End(err *error) {
	if *err = errors.Join(*err, o.Close()); *err != nil {
		*err = errors.Join(*err, os.Remove(o.Name()))
	}
}

// Apart is an error where a file to be written is written twice, or is one that is
// read: the key that pseudonyms are made with, say. Blank names, and - for the
// standard streams, stand for no file.
func Apart(written, read []string) error {
	for i, path := range written {
		if slices.ContainsFunc(written[:i], func(other string) bool { return same(path, other) }) {
			return fmt.Errorf("%s is named for two things to write", path)
		}
		if slices.ContainsFunc(read, func(other string) bool { return same(path, other) }) {
			return fmt.Errorf("%s would overwrite what is read", path)
		}
	}
	return nil
}

// same reports whether two paths lead to one file, be it there already or not.
func same(a, b string) bool {
	if a == "" || b == "" || a == "-" || b == "-" {
		return false
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	if errX == nil && errY == nil {
		return x.Mode().IsRegular() && os.SameFile(x, y) // the null device loses nothing
	}
	if errX == nil || errY == nil {
		return false
	}
	full, err := filepath.Abs(a)
	if err != nil {
		return false
	}
	other, err := filepath.Abs(b)
	return err == nil && full == other
}

// Lookups are the files that the flags -postcodes and -ranks name.
type Lookups struct {
	postcodes []string
	ranks     [][2]string // edition and file
	Practices string      // the list of practices, for programs that have a use for it
}

// Flags adds the two flags.
func (l *Lookups) Flags(fs *flag.FlagSet) {
	fs.Func("postcodes", "", func(s string) error {
		l.postcodes = append(l.postcodes, s)
		return nil
	})
	fs.Func("ranks", "", func(s string) error {
		edition, file, ok := strings.Cut(s, "=")
		if !ok {
			return errors.New("it takes EDITION=FILE, such as 2019=imd2019.csv")
		}
		l.ranks = append(l.ranks, [2]string{edition, file})
		return nil
	})
}

// Editions are those that ranks were named for, in the order of the command line.
func (l *Lookups) Editions() (out []string) {
	for _, r := range l.ranks {
		out = append(out, r[0])
	}
	return out
}

// Paths are those of the files.
func (l *Lookups) Paths() []string {
	out := append(slices.Clone(l.postcodes), l.Practices)
	for _, r := range l.ranks {
		out = append(out, r[1])
	}
	return out
}

// Read reads the files; nil where none is named.
func (l *Lookups) Read(ctx context.Context) (*lookup.Sources, error) {
	if len(l.postcodes)+len(l.ranks) == 0 && l.Practices == "" {
		return nil, nil
	}
	s := &lookup.Sources{}
	if len(l.postcodes) > 0 {
		var readers []io.Reader
		for _, path := range l.postcodes {
			f, err := os.Open(path)
			if err != nil {
				return nil, err
			}
			defer f.Close()
			readers = append(readers, f)
		}
		var err error
		if s.Postcodes, err = lookup.ReadPostcodes(ctx, readers...); err != nil {
			return nil, err
		}
	}
	for _, r := range l.ranks {
		err := with(r[1], func(in io.Reader) error {
			x, err := lookup.ReadRanks(ctx, r[0], in)
			s.Ranks = append(s.Ranks, x)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if l.Practices != "" {
		if err := with(l.Practices, func(in io.Reader) (err error) {
			s.Practices, err = lookup.ReadPractices(ctx, in)
			return err
		}); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// with reads one file, and names it where that fails.
func with(path string, read func(in io.Reader) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := read(f); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// Delimiter reads what stands between cells, as the programs' flags name it.
func Delimiter(s string) (dcrs.Option, error) {
	if s == "tab" || s == `\t` {
		s = "\t"
	}
	if len(s) != 1 {
		return nil, errors.New("it takes one character, or tab")
	}
	return dcrs.Delimiter(s[0]), nil
}
