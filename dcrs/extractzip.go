package dcrs

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strings"
)

// ValidateZip reads an extract that is a zip file, given by its bytes and their
// number, as [ExtractValidator.Validate] reads a folder. The files are unpacked
// as they are read, and never written anywhere.
//
// What is wrong with the zip is a finding too: bytes that are none
// (extract/not-a-zip), files that are damaged or have a password
// (extract/damaged), files that unpack to more than the default [Limits] allow
// (extract/too-large). Only the files of the dictionaries are unpacked.
func (x *ExtractValidator) ValidateZip(ctx context.Context, name string, r io.ReaderAt, size int64, each func(Finding) error) (*ExtractReport, error) {
	run := x.run(name, each)
	err := ctx.Err()
	if err == nil {
		err = run.zip(ctx, r, size)
	}
	return run.report(err != nil), err
}

// noted keeps the error of a reader, to tell it from what is wrong with the
// bytes, such as a directory that points out of the file.
type noted struct {
	inside
	err error
}

func (n *noted) ReadAt(p []byte, off int64) (int, error) {
	m, err := n.inside.ReadAt(p, off)
	if err != nil && err != io.EOF && !errors.Is(err, zip.ErrFormat) {
		n.err = err
	}
	return m, err
}

func (run *extractRun) zip(ctx context.Context, r io.ReaderAt, size int64) error {
	in := &noted{inside: inside{r, size}}
	run.unit(ruleNotZip, 1)
	limits := Limits{}.withDefaults()
	directory := &directoryReader{r: in, left: 1<<20 + int64(limits.Entries)*directoryBytes}
	archive, err := zip.NewReader(directory, size)
	directory.opened = true
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // names are never used as paths here
		switch {
		case in.err != nil:
			return in.err
		case errors.Is(err, errDirectory):
			return run.found(ruleTooMany, "", "", nil, nil)
		}
		return run.found(ruleNotZip, "", whyNotZip(in, size), nil, nil)
	}
	run.unit(ruleDamaged, len(archive.File))
	run.unit(ruleTooLarge, len(archive.File))

	// The first entry of each name counts; folders are the parts of names before
	// their first slash, but for one that holds everything.
	prefix := onlyFolder(archive.File)
	var names []string
	entries := make(map[string]*zip.File)
	for _, f := range archive.File {
		rest, ok := strings.CutPrefix(zipName(f), prefix)
		if !ok || rest == "" {
			continue
		}
		name, _, folder := strings.Cut(rest, "/")
		if _, seen := entries[name]; seen && folder || leftBehind(name) {
			continue
		}
		names = append(names, name)
		if _, seen := entries[name]; !seen {
			if entries[name] = f; folder {
				entries[name] = nil
			}
		}
		if len(names) > mostFiles {
			break
		}
	}
	return run.all(ctx, names, func(name string) *extractFile {
		f := entries[name]
		if f == nil {
			return nil
		}
		return &extractFile{name: name, readerFailed: func() bool { return in.err != nil }, open: func() (io.ReadCloser, error) {
			if f.Flags&1 != 0 {
				return nil, &PackingError{Entry: f.Name, Problem: "it has a password; unpack it first"}
			}
			packed := min(int64(f.CompressedSize64&(1<<62-1)), size)
			return io.NopCloser(&unpacker{entry: f.Name, limits: limits, packed: func() int64 { return packed }, open: func() (io.Reader, error) {
				r, err := f.Open()
				if err != nil {
					return nil, err
				}
				return r, nil
			}}), nil
		}}
	})
}

// zipName is the name of an entry with slashes between its parts, as some
// systems do not write them.
func zipName(f *zip.File) string {
	return strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(f.Name, `\`, "/")), "/") + map[bool]string{true: "/"}[strings.HasSuffix(f.Name, "/")]
}

// onlyFolder is the folder, with its slash, in which all files of a zip lie, or "".
func onlyFolder(files []*zip.File) string {
	folder := ""
	for _, f := range files {
		name, _, inside := strings.Cut(zipName(f), "/")
		switch {
		case leftBehind(name):
			continue
		case !inside || folder != "" && folder != name+"/":
			return ""
		}
		folder = name + "/"
	}
	return folder
}

// whyNotZip says what bytes are that are no zip, where that is easily told.
func whyNotZip(r io.ReaderAt, size int64) string {
	head := make([]byte, min(size, 512))
	n, _ := r.ReadAt(head, 0)
	head = head[:n]
	switch {
	case len(head) == 0:
		return "it is empty"
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return "it begins as a zip file and ends too early"
	case notText(head) == "":
		return "it looks like text: a single CSV file is checked by itself"
	}
	return ""
}
