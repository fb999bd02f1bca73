package files

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// Who may read a file that is written, as [Create] takes it.
const (
	// Private files are for their owner alone, even where there was a file of the
	// name that others could read: they hold rows of an extract, or values of them.
	Private fs.FileMode = 0o600
	// Shared files are for whom the system lets read new files, and where there was
	// one of the name, for the same people as it: they hold no value of an extract.
	Shared fs.FileMode = 0o666
)

// Output is a file that is whole or not there. It is written beside its place and
// gets its name when it is complete, so what bore the name before is there until
// then, and for good where writing fails or is interrupted.
type Output struct {
	*os.File
	path    string // "" for what cannot be replaced, such as a device
	nothing bool   // there was nothing to write
}

// Create begins a file. A link is followed: what it leads to is replaced. A device or
// a pipe is written to as it is. A file that its owner protected against writing is
// not replaced.
func Create(path string, who fs.FileMode) (*Output, error) {
	if whole, err := filepath.EvalSymlinks(path); err == nil {
		path = whole
	}
	mode, there := who, false
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s is a folder: name a file in it", path)
	default:
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		if !info.Mode().IsRegular() {
			return &Output{File: f}, nil
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
		if there = who != Private; there {
			mode = info.Mode().Perm()
		}
	}
	f, err := beside(path, mode)
	if err == nil && there { // whatever is taken from the modes of new files
		err = f.Chmod(mode)
	}
	if err != nil {
		return nil, naming(path, err)
	}
	return &Output{File: f, path: path}, nil
}

// beside makes a file of a name that nobody uses, in the same folder.
func beside(path string, mode fs.FileMode) (*os.File, error) {
	dir, base := filepath.Split(path)
	for try := 0; ; try++ {
		name := fmt.Sprintf("%s.%s.%08x.part", dir, base, rand.Uint32())
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
		if err == nil || try == 100 || !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// naming is an error that names the file that was asked for and not the one beside it.
func naming(path string, err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return &fs.PathError{Op: e.Op, Path: path, Err: e.Err}
	}
	return err
}

// Nothing says that there was nothing to write: End then takes the file away.
func (o *Output) Nothing() { o.nothing = true }

// End gives the file its name, or takes it away where *err is set or something fails
// now.
func (o *Output) End(err *error) {
	closed := o.Close()
	if o.path == "" {
		*err = errors.Join(*err, closed)
		return
	}
	if *err = errors.Join(*err, closed); *err == nil && !o.nothing {
		*err = os.Rename(o.Name(), o.path)
	}
	if *err != nil || o.nothing {
		*err = errors.Join(*err, os.Remove(o.Name()))
	}
}

// EndPartial is End for a report, which is worth something though *err is set: it is
// kept then, but under another name, NAME.partial.EXTENSION, so that it does not take
// the place of a report of the whole. The name is returned; it is "" where *err was
// not set.
func (o *Output) EndPartial(err *error) string {
	if *err == nil || o.path == "" {
		o.End(err)
		return ""
	}
	extension := filepath.Ext(o.path)
	name := strings.TrimSuffix(o.path, extension) + ".partial" + extension
	failure := o.Close()
	if failure == nil {
		failure = os.Rename(o.Name(), name)
	}
	if failure != nil {
		*err = errors.Join(*err, failure, os.Remove(o.Name()))
		return ""
	}
	return name
}
