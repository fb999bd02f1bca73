package export

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

// Client is what the host knows of a client and a journey does not. All of it may
// be left out; what is filled in must be as the dictionary has it: codes, an NHS
// number of ten digits, a postcode.
type Client struct {
	NHSNumber       string
	NHSNumberStatus string
	Born            hte.Date
	Gender          string
	EthnicCategory  string
	Disability      []string
	Postcode        string
	LSOA            string
	IMDQuintile     string // 1 is the most deprived
	IMDEdition      string
	GPPractice      string
	// TrainerQuintile is the deprivation quintile of the trainer's own home.
	TrainerQuintile string
}

// Rows are what one journey becomes: cells in the order of the dictionaries'
// fields.
type Rows struct {
	Episode   []string
	Contacts  [][]string
	Goals     [][]string
	Signposts [][]string
	Needs     [][]string
	Measures  [][]string
	// Left is what could not be carried.
	Left []Left
}

// of returns the rows of a kind of record.
func (r *Rows) of(kind string) [][]string {
	switch kind {
	case "episode":
		return [][]string{r.Episode}
	case "contact":
		return r.Contacts
	case "goal":
		return r.Goals
	case "signpost":
		return r.Signposts
	case "need":
		return r.Needs
	case "measure":
		return r.Measures
	}
	return nil
}

// Left is something that was not carried, and why. It holds no value.
type Left struct {
	// Record is the kind of record that What is a field of, as
	// [dcrs.Dictionary.Kind] names it; "" where What is the JSON name of a member of
	// [hte.State].
	Record string
	What   string
	// Count is how many there are, or in how many rows.
	Count int
	Why   string
}

// A Reason says why a journey is refused.
type Reason string

// The reasons.
const (
	// NotBegun: there is no referral; of a row: no identifier, or no day of referral.
	NotBegun Reason = "not_begun"
	// NoConsent: the client was not asked for consent to share the record outside the
	// service, refused it, limited it to other purposes or withdrew it.
	NoConsent Reason = "no_consent"
	// NewerEvents: the log holds events that this version does not know, so that its
	// state may not be what it seems.
	NewerEvents Reason = "newer_events"
	// BreaksRules: the rows would have findings of the severity error.
	BreaksRules Reason = "breaks_rules"
	// Twice: an episode of this reference was exported before, by the same [Writer].
	Twice Reason = "twice"
	// SharedNumber: the same NHS number was given for another client of the service
	// before, to the same [Writer].
	SharedNumber Reason = "shared_number"
)

// RefusedError says why a journey was refused. It holds no value of it.
type RefusedError struct {
	Reason Reason
	// Rules are the ids of the rules that would be broken, in order.
	Rules []string
}

func (e *RefusedError) Error() string {
	text := "export: the journey is refused: " + string(e.Reason)
	if len(e.Rules) > 0 {
		text += " (" + strings.Join(e.Rules, ", ") + ")"
	}
	return text
}

// Exporter turns journeys into rows. It is immutable: one can serve any number of
// goroutines.
type Exporter struct {
	dictionaries []*dcrs.Dictionary
	validator    *dcrs.ExtractValidator
}

// New returns an exporter. asOf is the day of the extract: what lies after it is an
// error to the dictionary. The options are those of the validator that the rows are
// held against, such as [dcrs.Severity].
func New(asOf hte.Date, options ...dcrs.Option) (*Exporter, error) {
	x := &Exporter{dictionaries: dcrs.ExtractDictionaries()}
	var err error
	x.validator, err = dcrs.NewExtractValidator(x.dictionaries, asOf, options...)
	if err != nil {
		return nil, err
	}
	return x, nil
}

// Rows returns the rows of a journey. The error is a [*RefusedError], or the
// context's.
func (x *Exporter) Rows(ctx context.Context, s *hte.State, c Client) (*Rows, error) {
	switch {
	case s.Stage == hte.StageNone:
		return nil, &RefusedError{Reason: NotBegun}
	case s.Unknown > 0:
		return nil, &RefusedError{Reason: NewerEvents}
	case !s.Consents("share") || !s.Consent.WithdrawnOn.IsZero():
		return nil, &RefusedError{Reason: NoConsent}
	}
	rows := x.rows(s, &c)
	files, err := x.files(rows)
	if err != nil {
		return nil, err
	}
	broken := make(map[string]bool)
	_, err = x.validator.Validate(ctx, "journey", files, func(f dcrs.Finding) error {
		if f.Severity == dcrs.Error {
			broken[f.Rule] = true
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(broken) > 0 {
		refused := &RefusedError{Reason: BreaksRules}
		for rule := range broken {
			refused.Rules = append(refused.Rules, rule)
		}
		slices.Sort(refused.Rules)
		return nil, refused
	}
	return rows, nil
}

// files lays out the rows as an extract in memory.
func (x *Exporter) files(rows *Rows) (memory, error) {
	files := make(memory)
	for _, d := range x.dictionaries {
		if d.Kind() != "episode" && len(rows.of(d.Kind())) == 0 {
			continue
		}
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		if err := w.Write(header(d)); err != nil {
			return nil, err
		}
		if err := w.WriteAll(rows.of(d.Kind())); err != nil {
			return nil, err
		}
		files[d.Kind()+"s.csv"] = b.Bytes()
	}
	return files, nil
}

func header(d *dcrs.Dictionary) []string {
	var names []string
	for f := range d.Fields() {
		names = append(names, f.Name)
	}
	return names
}

// Writer writes the rows of many journeys, each file with the dictionary's header:
// UTF-8, commas, lines that end in LF. It is for one goroutine at a time, and keeps
// the references of the episodes and the NHS numbers that it has written.
type Writer struct {
	x       *Exporter
	writers map[string]*csv.Writer
	seen    map[hte.Ref]bool
	numbers map[serviceNumber]hte.Ref // whose it is
	err     error                     // of a file
}

// serviceNumber is an NHS number within a service.
type serviceNumber struct {
	service hte.Ref
	number  string
}

// NewWriter returns a writer. open is called for each kind of record in turn
// (episode, contact, goal, signpost, need, measure) and returns where its file
// goes, or nil to leave it out; the episodes cannot be left out.
func (x *Exporter) NewWriter(open func(kind string) (io.Writer, error)) (*Writer, error) {
	w := &Writer{x: x, writers: make(map[string]*csv.Writer), seen: make(map[hte.Ref]bool), numbers: make(map[serviceNumber]hte.Ref)}
	for _, d := range x.dictionaries {
		to, err := open(d.Kind())
		if err != nil {
			return nil, err
		}
		if to == nil {
			if d.Kind() == "episode" {
				return nil, fmt.Errorf("export: there is nowhere to write the episodes")
			}
			continue
		}
		w.writers[d.Kind()] = csv.NewWriter(to)
		if err := w.writers[d.Kind()].Write(header(d)); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// Write writes all rows of a journey, or none where it refuses it, and returns what
// was left behind. The error is a [*RefusedError], after which the next journey may be
// written, or that of the context or of a file. After the error of a file the files
// are not whole and not to be used: Write and [Writer.Flush] return it from then on,
// and write nothing more. Files are buffered, so such an error may come late; the
// extract is complete when Flush has returned nil.
func (w *Writer) Write(ctx context.Context, s *hte.State, c Client) ([]Left, error) {
	if w.err != nil {
		return nil, w.err
	}
	if w.seen[s.Journey] {
		return nil, &RefusedError{Reason: Twice}
	}
	number := serviceNumber{s.Service, strings.NewReplacer(" ", "", "-", "").Replace(c.NHSNumber)}
	if whose, ok := w.numbers[number]; ok && whose != s.Referral.Client {
		return nil, &RefusedError{Reason: SharedNumber}
	}
	rows, err := w.x.Rows(ctx, s, c)
	if err != nil {
		return nil, err
	}
	w.seen[s.Journey] = true
	if number.number != "" {
		w.numbers[number] = s.Referral.Client
	}
	for _, d := range w.x.dictionaries {
		to := w.writers[d.Kind()]
		if to == nil {
			continue
		}
		for _, row := range rows.of(d.Kind()) {
			_ = to.Write(row) // Error has the first error too, of what was buffered before
		}
		if w.err = to.Error(); w.err != nil {
			return nil, w.err
		}
	}
	return rows.Left, nil
}

// Flush writes what has been gathered to the files. It returns the first error of
// any of them.
func (w *Writer) Flush() error {
	if w.err != nil {
		return w.err
	}
	for _, d := range w.x.dictionaries {
		if to := w.writers[d.Kind()]; to != nil {
			to.Flush()
			if w.err = to.Error(); w.err != nil {
				return w.err
			}
		}
	}
	return nil
}

// memory is a folder of files in memory.
type memory map[string][]byte

func (m memory) Open(name string) (fs.File, error) {
	if name == "." {
		d := &memoryFile{name: "."}
		for n, b := range m {
			d.entries = append(d.entries, fs.FileInfoToDirEntry(memoryInfo{n, len(b)}))
		}
		slices.SortFunc(d.entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
		return d, nil
	}
	b, ok := m[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &memoryFile{name: name, size: len(b), Reader: bytes.NewReader(b)}, nil
}

type memoryFile struct {
	*bytes.Reader
	name    string
	size    int
	entries []fs.DirEntry
}

func (f *memoryFile) Stat() (fs.FileInfo, error) { return memoryInfo{f.name, f.size}, nil }
func (f *memoryFile) Close() error               { return nil }

func (f *memoryFile) Read(b []byte) (int, error) {
	if f.Reader == nil {
		return 0, &fs.PathError{Op: "read", Path: f.name, Err: fs.ErrInvalid}
	}
	return f.Reader.Read(b)
}

func (f *memoryFile) ReadDir(n int) ([]fs.DirEntry, error) {
	all := f.entries
	if n > 0 && len(all) == 0 {
		return nil, io.EOF
	}
	if n > 0 {
		all = all[:min(n, len(all))]
	}
	f.entries = f.entries[len(all):]
	return all, nil
}

type memoryInfo struct {
	name string
	size int
}

func (i memoryInfo) Name() string       { return i.name }
func (i memoryInfo) Size() int64        { return int64(i.size) }
func (i memoryInfo) ModTime() time.Time { return time.Time{} }
func (i memoryInfo) IsDir() bool        { return i.name == "." }
func (i memoryInfo) Sys() any           { return nil }

func (i memoryInfo) Mode() fs.FileMode {
	if i.IsDir() {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
