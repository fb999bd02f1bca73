// Package files is what the programs that read extracts have in common: the flags
// that say what a file is and how it is written, the file opened by what it holds and
// read as often as that takes, the look-ups that the command line names, and files
// written that are whole or not there.
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

	"github.com/healthtrainer/healthtrainer/dcrs/lookup"
)

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

// LookupUsage is the text of -h about these flags.
const LookupUsage = `  -postcodes FILE       an ONS postcode directory to hold areas against; may be repeated
  -ranks EDITION=FILE   ranks of an edition of the index of deprivation, such as
                        2019=imd2019.csv, to hold quintiles against; may be repeated
`

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
