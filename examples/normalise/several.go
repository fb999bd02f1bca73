package main

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/healthtrainer/healthtrainer/examples/internal/files"
)

// several writes the tables of an extract of several files to a folder or a zip.
func (cmd *command) several(ctx context.Context, src *files.Source, stderr io.Writer, note func(string, ...any)) (status int, failure error) {
	switch {
	case cmd.split != "":
		return 0, errors.New("-split would tear rows from their episodes: of several files, name one")
	case cmd.revert != "":
		return 0, errors.New("-revert undoes one file: name it, and its own list")
	case cmd.out == "-":
		return 0, errors.New("several files do not go to standard output: -o takes a folder, or a name that ends in .zip")
	}
	parts, others, err := cmd.reading.Parts(src)
	if err != nil {
		return 0, err
	}
	var to place
	if strings.EqualFold(filepath.Ext(cmd.out), ".zip") {
		to, err = newArchive(cmd.out)
	} else {
		to, err = newFolder(cmd.out)
	}
	if err != nil {
		return 0, err
	}
	defer to.end(&failure)
	var lists place
	if cmd.changes != "" {
		if lists, err = newFolder(cmd.changes); err != nil {
			return 0, err
		}
		defer lists.end(&failure)
	}
	all := true
	for _, part := range parts {
		t, err := cmd.reading.Table(ctx, part)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", part.Name, err)
		}
		out, err := to.create(part.Name)
		if err != nil {
			return 0, err
		}
		var list io.Writer
		if lists != nil {
			if list, err = lists.create(strings.TrimSuffix(part.Name, ".csv") + ".changes.csv"); err != nil {
				return 0, err
			}
		}
		log, err := cmd.normalise(ctx, t, out, list)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", part.Name, err)
		}
		if log.Unread != "" {
			return 0, fmt.Errorf("%s cannot be read as a table (%s), so nothing was written: validate says more", part.Name, log.Unread)
		}
		all = all && log.LeftOut == 0
		if err := log.WriteText(stderr); err != nil {
			return 0, err
		}
	}
	for _, name := range others {
		note("%s is no table of an extract, and was not carried over", name)
	}
	return verdict(all), nil
}

// place is where several files go: all of them, or none.
type place interface {
	create(name string) (io.Writer, error)
	end(err *error)
}

// folder is a folder whose files get their names together.
type folder struct {
	path string
	made bool
	open []*files.Output
}

func newFolder(path string) (*folder, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return &folder{path: path, made: true}, os.Mkdir(path, 0o700)
	case err == nil && !info.IsDir():
		return nil, fmt.Errorf("%s is a file: of several files, a folder or a name that ends in .zip is needed", path)
	}
	return &folder{path: path}, err
}

func (f *folder) create(name string) (io.Writer, error) {
	out, err := files.Create(filepath.Join(f.path, name), files.Private)
	if err != nil {
		return nil, err
	}
	f.open = append(f.open, out)
	return out, nil
}

func (f *folder) end(err *error) {
	for _, out := range f.open {
		out.End(err)
	}
	if *err != nil && f.made {
		os.Remove(f.path) // if it is empty
	}
}

// archive is a zip.
type archive struct {
	file *files.Output
	zip  *zip.Writer
}

func newArchive(path string) (*archive, error) {
	f, err := files.Create(path, files.Private)
	if err != nil {
		return nil, err
	}
	return &archive{f, zip.NewWriter(f)}, nil
}

func (a *archive) create(name string) (io.Writer, error) { return a.zip.Create(name) }

func (a *archive) end(err *error) {
	if *err == nil {
		*err = a.zip.Close()
	}
	a.file.End(err)
}
