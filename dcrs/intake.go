package dcrs

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// Packing is how a file was made smaller.
type Packing uint8

// The kinds of packing.
const (
	Unpacked Packing = iota
	Gzip
	Zip
)

var packingNames = []string{Unpacked: "none", Gzip: "gzip", Zip: "zip"}

// String is "none", "gzip" or "zip".
func (p Packing) String() string { return nameOf(p, "Packing", packingNames) }

// MarshalText writes the packing as its name.
func (p Packing) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// Limits say how much a packed file may unpack to, before it is refused as one
// that was made to fill a machine. Zero values stand for the defaults.
type Limits struct {
	Bytes   int64 // of the unpacked table; 64 GiB
	Ratio   int64 // how many times the packed bytes it may be, beyond its first 64 MiB; 100, where extracts shrink to a tenth or a twentieth
	Entries int   // of a zip file; 10,000
}

const (
	unpackFree = 64 << 20 // bytes that need no ratio
	// directoryBytes is how long the directory of a zip file may be for each of
	// the entries allowed: names and extra fields together.
	directoryBytes = 1 << 10
)

func (l Limits) withDefaults() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 64 << 30
	}
	if l.Ratio <= 0 {
		l.Ratio = 100
	}
	if l.Entries <= 0 {
		l.Entries = 10_000
	}
	return l
}

// UnpackLimitError says that a packed file unpacks to more than its [Limits]
// allow. Limit is "bytes", "ratio" or "entries".
type UnpackLimitError struct {
	Entry string // of a zip file, "" elsewhere
	Limit string
	Most  int64
}

func (e *UnpackLimitError) Error() string {
	what := map[string]string{
		"bytes": "it unpacks to more than %d bytes", "ratio": "it unpacks to more than %d times its size", "entries": "it has more than %d entries, or very long names",
	}[e.Limit]
	return "dcrs: " + inEntry(e.Entry) + fmt.Sprintf(what, e.Most)
}

// PackingError says that a packed file cannot be unpacked: it is damaged, has a
// password, is packed in a way that is not read here, or holds another packed
// file. For a workbook of Excel, errors.Is finds [ErrWorkbook].
type PackingError struct {
	Entry   string // of a zip file, "" elsewhere
	Problem string
	Err     error // nil, or what the unpacking said
}

func (e *PackingError) Error() string { return "dcrs: " + inEntry(e.Entry) + e.Problem }

// Unwrap returns Err.
func (e *PackingError) Unwrap() error { return e.Err }

// EntryError says that a zip file does not tell by itself which of its entries
// is the table, or has none of the name that was asked for with [Entry].
type EntryError struct {
	Name  string   // what was asked for, or ""
	Names []string // the entries that could be tables
}

func (e *EntryError) Error() string {
	const most = 10
	list, more := e.Names, ""
	if len(list) > most {
		list, more = list[:most], fmt.Sprintf(" and %d more", len(list)-most)
	}
	names := strings.Join(list, ", ") + more
	switch {
	case len(e.Names) == 0:
		return "dcrs: the zip file holds no table"
	case e.Name != "":
		return fmt.Sprintf("dcrs: the zip file holds no %q, only %s", e.Name, names)
	}
	return "dcrs: the zip file holds several tables, say which: " + names
}

// ErrWorkbook is what a [*PackingError] wraps for a workbook (.xlsx): it is a
// zip file of sheets, which this package does not read.
var ErrWorkbook = errors.New("an Excel workbook")

func inEntry(name string) string {
	if name == "" {
		return ""
	}
	return fmt.Sprintf("%q: ", name)
}

// OpenOption changes one thing about how [Open] and [OpenStream] see a file.
type OpenOption func(*Input)

// Encoded declares the encoding. A byte order mark in the file goes before it.
func Encoded(e Encoding) OpenOption { return func(in *Input) { in.encoding = e } }

// Entry says which entry of a zip file is the table, by its whole name or by
// the part behind its last slash.
func Entry(name string) OpenOption { return func(in *Input) { in.entry = name } }

// UnpackLimits sets how much a packed file may unpack to.
func UnpackLimits(l Limits) OpenOption { return func(in *Input) { in.limits = l.withDefaults() } }

// Input is a file as a data team has it: perhaps packed by gzip or as the only
// table of a zip file, in one of the encodings of [Encoding]. [Input.Text] is
// what the rest of this package reads.
//
// # Places in the file
//
// Records, lines and columns of findings are those of the file. The offset of a
// [Position], and Report.Bytes, count bytes of the text as it is read: unpacked
// and as UTF-8. For a file that is UTF-8 and not packed they are the file's own.
type Input struct {
	packing  Packing
	entry    string
	encoding Encoding
	mark     bool
	limits   Limits
	raw      func() io.Reader // the unpacked bytes
}

// Packing says how the file was packed.
func (in *Input) Packing() Packing { return in.packing }

// Entry is the name of the table's entry in a zip file, "" for other files.
func (in *Input) Entry() string { return in.entry }

// Encoding is what the file's byte order mark says, or else what was declared.
func (in *Input) Encoding() Encoding { return in.encoding }

// ByteOrderMark reports whether the file begins with one.
func (in *Input) ByteOrderMark() bool { return in.mark }

// Text reads the table from its beginning, unpacked and as UTF-8, in memory that
// does not grow. A byte that stands for nothing in the encoding becomes one that
// is no UTF-8, for the rule file/encoding to find. Every call reads anew, but for
// an Input of [OpenStream], which can be read once.
//
// The reader fails with a [*PackingError] or an [*UnpackLimitError], or as the
// file does.
func (in *Input) Text() io.Reader { return newTranscoder(in.raw(), in.encoding) }

// Open looks at a file of size bytes and recognises by its content how it is
// packed and encoded. It opens nothing by name; r is what os.Open or
// bytes.NewReader give, and must stay open while the Input is read.
//
// The errors are a [*PackingError], an [*UnpackLimitError], an [*EntryError], or
// that of r. What is packed otherwise than by gzip or zip, or twice, is refused.
// Whether what is inside is a table, the validator finds out.
func Open(r io.ReaderAt, size int64, options ...OpenOption) (*Input, error) {
	in := newInput(options)
	plain := func() io.Reader { return io.NewSectionReader(r, 0, size) }
	head, err := readHead(plain())
	if err != nil {
		return nil, err
	}
	switch kind := packedAs(head); kind {
	case "":
		in.raw = plain
	case "gzip":
		in.packing = Gzip
		in.raw = func() io.Reader { return in.gunzip(plain()) }
	case "zip":
		in.packing = Zip
		if err := in.openZip(r, size); err != nil {
			return nil, err
		}
	default:
		return nil, &PackingError{Problem: "it is packed by " + kind + "; only gzip and zip are read"}
	}
	if in.packing != Zip {
		in.entry = ""
	}
	if in.packing != Unpacked {
		if head, err = readHead(in.raw()); err != nil {
			return nil, err
		}
		if err := in.refuseNested(head); err != nil {
			return nil, err
		}
	}
	in.sniff(head)
	return in, nil
}

// OpenStream is [Open] for what can be read only once, such as standard input. A
// zip file has its directory at the end and is refused.
func OpenStream(r io.Reader, options ...OpenOption) (*Input, error) {
	in := newInput(options)
	in.entry = ""
	head, rest, err := peek(r)
	if err != nil {
		return nil, err
	}
	switch kind := packedAs(head); kind {
	case "":
	case "gzip":
		in.packing = Gzip
		if head, rest, err = peek(in.gunzip(rest)); err != nil {
			return nil, err
		}
		if err := in.refuseNested(head); err != nil {
			return nil, err
		}
	case "zip":
		return nil, &PackingError{Problem: "it is a zip file, which can be read from a file but not from a stream"}
	default:
		return nil, &PackingError{Problem: "it is packed by " + kind + "; only gzip and zip are read"}
	}
	in.raw = func() io.Reader {
		if rest == nil {
			return failingReader{errReadOnce}
		}
		r := rest
		rest = nil
		return r
	}
	in.sniff(head)
	return in, nil
}

var errReadOnce = errors.New("dcrs: a stream can be read only once")

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

func newInput(options []OpenOption) *Input {
	in := &Input{limits: Limits{}.withDefaults()}
	for _, option := range options {
		option(in)
	}
	return in
}

// sniff takes in what the first unpacked bytes say.
func (in *Input) sniff(head []byte) {
	if e, n := byteOrderMark(head); n > 0 {
		in.encoding, in.mark = e, true
	}
}

// headSize is how many bytes tell what a file is.
const headSize = 512

// readHead reads the first bytes; a file that ends before is no error.
func readHead(r io.Reader) ([]byte, error) {
	head := make([]byte, headSize)
	n, err := io.ReadFull(r, head)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return head[:n], err
}

func peek(r io.Reader) ([]byte, io.Reader, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := b.Peek(headSize)
	if err == io.EOF {
		err = nil
	}
	return head, b, err
}

// packedAs names the program that packed a file, "" for none that is known.
func packedAs(head []byte) string {
	for _, magic := range []struct{ bytes, name string }{
		{"\x1f\x8b", "gzip"},
		{"PK\x03\x04", "zip"},
		{"PK\x05\x06", "zip"}, // without entries
		{"7z\xbc\xaf\x27\x1c", "7-Zip"},
		{"Rar!\x1a\x07", "RAR"},
		{"\xfd7zXZ\x00", "xz"},
		{"BZh", "bzip2"},
		{"\x28\xb5\x2f\xfd", "Zstandard"},
	} {
		if bytes.HasPrefix(head, []byte(magic.bytes)) && (magic.name != "bzip2" || len(head) > 9 && string(head[4:10]) == "\x31\x41\x59\x26\x53\x59") {
			return magic.name
		}
	}
	return ""
}

func (in *Input) refuseNested(head []byte) error {
	if kind := packedAs(head); kind != "" {
		return &PackingError{Entry: in.entry, Problem: "it holds a file that is packed again (" + kind + "); unpack it first"}
	}
	return nil
}

// gunzip unpacks what r gives.
func (in *Input) gunzip(r io.Reader) io.Reader {
	packed := &countingReader{r: r}
	return &unpacker{limits: in.limits, packed: func() int64 { return packed.n }, open: func() (io.Reader, error) {
		z, err := gzip.NewReader(packed)
		if err != nil {
			return nil, err
		}
		return z, nil
	}}
}

// countingReader counts what was read.
type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// damaged tells errors of unpacking from those of the packed file's reader.
func damaged(err error) bool {
	_, corrupt := errors.AsType[flate.CorruptInputError](err)
	return corrupt || slices.ContainsFunc([]error{
		io.ErrUnexpectedEOF, io.EOF, gzip.ErrHeader, gzip.ErrChecksum, zip.ErrFormat, zip.ErrChecksum, zip.ErrAlgorithm,
	}, func(e error) bool { return errors.Is(err, e) })
}

// unpacker reads an unpacked file within its limits, and says in its errors what
// was being unpacked.
type unpacker struct {
	open   func() (io.Reader, error) // nil once it was called
	packed func() int64              // bytes read of the packed file
	entry  string
	limits Limits

	r   io.Reader
	n   int64
	err error
}

func (u *unpacker) Read(p []byte) (int, error) {
	if u.err != nil {
		return 0, u.err
	}
	var n int
	err := error(nil)
	if u.open != nil {
		u.r, err = u.open()
		u.open = nil
	}
	if err == nil {
		n, err = u.r.Read(p)
		u.n += int64(n)
	}
	switch {
	case err == nil, err == io.EOF && u.r != nil:
	case damaged(err):
		problem := "it is damaged, or was not copied whole"
		if errors.Is(err, zip.ErrAlgorithm) {
			problem = "it is packed by a method that is not read; pack it with the usual one (deflate)"
		}
		err = &PackingError{Entry: u.entry, Problem: problem, Err: err}
	}
	switch {
	case u.n > u.limits.Bytes:
		err = &UnpackLimitError{Entry: u.entry, Limit: "bytes", Most: u.limits.Bytes}
	case u.n > unpackFree && (u.n-unpackFree)/u.limits.Ratio > u.packed():
		err = &UnpackLimitError{Entry: u.entry, Limit: "ratio", Most: u.limits.Ratio}
	}
	u.err = err
	return n, err
}

// directoryReader fails once more bytes were read than a directory may have. It
// is not changed any more when the entries are read.
type directoryReader struct {
	r      io.ReaderAt
	left   int64
	opened bool
}

var errDirectory = errors.New("too long a directory")

func (d *directoryReader) ReadAt(p []byte, off int64) (int, error) {
	if !d.opened {
		if d.left -= int64(len(p)); d.left < 0 {
			return 0, errDirectory
		}
	}
	return d.r.ReadAt(p, off)
}

// inside says of a place outside of the file that the zip is damaged: whatever else a
// reader says is its own.
type inside struct {
	r    io.ReaderAt
	size int64
}

func (in inside) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off > in.size {
		return 0, zip.ErrFormat
	}
	return in.r.ReadAt(p, off)
}

// openZip finds the table of a zip file.
func (in *Input) openZip(r io.ReaderAt, size int64) error {
	directory := &directoryReader{r: inside{r, size}, left: 1<<20 + int64(in.limits.Entries)*directoryBytes}
	archive, err := zip.NewReader(directory, size)
	directory.opened = true
	switch tooMany := (&UnpackLimitError{Limit: "entries", Most: int64(in.limits.Entries)}); {
	case errors.Is(err, errDirectory):
		return tooMany
	case err != nil && damaged(err):
		return &PackingError{Problem: "it is damaged, or was not copied whole", Err: err}
	case err != nil && !errors.Is(err, zip.ErrInsecurePath): // names are never used as paths here
		return err
	case len(archive.File) > in.limits.Entries:
		return tooMany
	}
	f, err := in.chooseEntry(archive.File)
	if err != nil {
		return err
	}
	in.entry = f.Name
	if f.Flags&1 != 0 {
		return &PackingError{Entry: f.Name, Problem: "it has a password; unpack it first"}
	}
	packed := min(int64(f.CompressedSize64&(1<<62-1)), size)
	in.raw = func() io.Reader {
		return &unpacker{entry: f.Name, limits: in.limits, packed: func() int64 { return packed }, open: func() (io.Reader, error) {
			r, err := f.Open()
			if err != nil {
				return nil, err
			}
			return r, nil
		}}
	}
	return nil
}

// chooseEntry finds the entry that was asked for, or the only table.
func (in *Input) chooseEntry(files []*zip.File) (*zip.File, error) {
	var tables, others []*zip.File
	for _, f := range files {
		name := strings.ReplaceAll(f.Name, `\`, "/")
		base := path.Base(name)
		switch {
		case name == "xl/workbook.xml", name == "xl/workbook.bin":
			return nil, &PackingError{Problem: "it is an Excel workbook, not a CSV file", Err: ErrWorkbook}
		case strings.HasSuffix(name, "/"), strings.HasPrefix(base, "."), strings.HasPrefix(name, "__MACOSX/"), base == "Thumbs.db", base == "desktop.ini":
			continue
		}
		if in.entry != "" && (in.entry == f.Name || in.entry == base) {
			return f, nil
		}
		switch strings.ToLower(path.Ext(base)) {
		case ".csv", ".tsv", ".tab", ".txt", ".psv":
			tables = append(tables, f)
		default:
			others = append(others, f)
		}
	}
	if len(tables) == 0 && len(others) == 1 {
		tables = others
	}
	if in.entry == "" && len(tables) == 1 {
		return tables[0], nil
	}
	e := &EntryError{Name: in.entry}
	for _, f := range tables {
		e.Names = append(e.Names, f.Name)
	}
	return nil, e
}
