package dcrs

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"io"
	"path"
	"strings"
)

// ZipLimit is how much larger than the zip itself the files of an extract may
// be, together, in bytes, whatever they are compressed to; beyond it they may be
// zipRatio times as large. A zip that unpacks to more is not read on.
const ZipLimit = 64 << 20

// zipRatio is more than the rows of an extract can be packed by: they shrink to
// a tenth or a twentieth.
const zipRatio = 100

// ValidateZip reads an extract that is a zip file, given by its bytes and their
// number, as [ExtractValidator.Validate] reads a folder. The files are unpacked
// as they are read, and never written anywhere.
//
// What is wrong with the zip is a finding too: bytes that are none
// (extract/not-a-zip), files that are damaged or have a password
// (extract/damaged), files that unpack to more than an extract can
// (extract/too-large).
func (x *ExtractValidator) ValidateZip(ctx context.Context, name string, r io.ReaderAt, size int64, each func(Finding) error) (*ExtractReport, error) {
	run := x.run(name, each)
	err := ctx.Err()
	if err == nil {
		err = run.zip(ctx, r, size)
	}
	return run.report(err != nil), err
}

// noted keeps the error of a reader, to tell it from what is wrong with the bytes.
type noted struct {
	r   io.ReaderAt
	err error
}

func (n *noted) ReadAt(p []byte, off int64) (int, error) {
	m, err := n.r.ReadAt(p, off)
	if err != nil && err != io.EOF {
		n.err = err
	}
	return m, err
}

// errTooLarge says that a zip unpacks to more than it may.
var errTooLarge = errors.New("unpacked, the files are larger than they may be")

// budget is how many bytes the files of a zip may still give.
type budget struct{ left int64 }

// unpacked reads a file of a zip until the budget is spent.
type unpacked struct {
	io.ReadCloser
	of *budget
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.ReadCloser.Read(p)
	if u.of.left -= int64(n); u.of.left < 0 {
		return n, errTooLarge
	}
	return n, err
}

func (run *extractRun) zip(ctx context.Context, r io.ReaderAt, size int64) error {
	in := &noted{r: r}
	run.unit(ruleNotZip, 1)
	archive, err := zip.NewReader(in, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		if in.err != nil {
			return in.err
		}
		return run.found(ruleNotZip, "", whyNotZip(in, size), nil, nil)
	}
	whole := &budget{left: ZipLimit + zipRatio*size}
	if size > (1<<63-1-ZipLimit)/zipRatio {
		whole.left = 1<<63 - 1
	}
	damage := func(err error) string {
		switch _, corrupt := errors.AsType[flate.CorruptInputError](err); {
		case in.err != nil:
			return ""
		case errors.Is(err, errTooLarge):
			return ruleTooLarge
		case corrupt, errors.Is(err, zip.ErrChecksum), errors.Is(err, zip.ErrFormat), errors.Is(err, zip.ErrAlgorithm), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, errPassword):
			return ruleDamaged
		}
		return ""
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
		return &extractFile{name: name, damage: damage, open: func() (io.ReadCloser, error) {
			if f.Flags&1 != 0 {
				return nil, errPassword
			}
			in, err := f.Open()
			if err != nil {
				return nil, err
			}
			return &unpacked{in, whole}, nil
		}}
	})
}

var errPassword = errors.New("the file has a password")

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
