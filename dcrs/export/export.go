package export

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
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
	Record string `json:"record,omitzero"`
	What   string `json:"what"`
	// Count is how many there are, or in how many rows.
	Count int    `json:"count"`
	Why   string `json:"why"`
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
	// SharedNumber: the same NHS number, and not a mere filler, was given for another
	// client of the service before, to the same [Writer], whatever the options say.
	SharedNumber Reason = "shared_number"
)

// RefusedError says which journey was refused, and why. It holds no value of it but
// its reference, which is neither in its text nor in its JSON: [errors.AsType] takes
// it apart.
type RefusedError struct {
	// Journey is the reference of the episode, "" where it has none.
	Journey hte.Ref `json:"-"`
	Reason  Reason  `json:"reason"`
	// Rules are the ids of the rules that would be broken, in order.
	Rules []string `json:"rules,omitzero"`
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
// error to the dictionary, so for an extract of a day gone by fold the events up to
// that day alone. The options are those of the validator that the rows are
// held against, such as [dcrs.Severity]. Rules that compare episodes, such as
// episode/overlap, are warnings unless an option makes them errors, and are not asked
// where journeys are exported: validate the extract for those.
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
// context's. For many journeys [Exporter.All] is far cheaper: nearly all that Rows
// does is to set up the validator.
func (x *Exporter) Rows(ctx context.Context, s *hte.State, c Client) (*Rows, error) {
	if err := refusal(s); err != nil {
		return nil, err
	}
	rows := x.rows(s, &c)
	err := x.alone(ctx, s.Journey, &rows)
	return rows, err
}

// All returns the rows of many journeys, in their order: for each either its rows or
// the [*RefusedError] that [Exporter.Rows] would give, which says whose they would have
// been; the next may be asked for after it. A state may be used again as
// soon as the next is asked for. Journeys are validated some hundreds at a time, so
// their rows come with a delay. The context's error is the last that is yielded.
//
// Where an option makes an error of a rule that looks at a whole file, such as
// file/empty, it is asked of the files of those journeys together.
func (x *Exporter) All(ctx context.Context, journeys iter.Seq2[*hte.State, Client]) iter.Seq2[*Rows, error] {
	return func(yield func(*Rows, error) bool) {
		for o := range x.outcomes(ctx, journeys) {
			if !yield(o.rows, o.err) {
				return
			}
		}
	}
}

// refusal says why a journey has no rows.
func refusal(s *hte.State) error {
	switch {
	case s.Stage == hte.StageNone:
		return &RefusedError{Journey: s.Journey, Reason: NotBegun}
	case s.Unknown > 0:
		return &RefusedError{Journey: s.Journey, Reason: NewerEvents}
	case !s.Consents("share") || !s.Consent.WithdrawnOn.IsZero():
		return &RefusedError{Journey: s.Journey, Reason: NoConsent}
	}
	return nil
}

// alone validates the rows of a journey by themselves, and takes them away where they
// break rules.
func (x *Exporter) alone(ctx context.Context, journey hte.Ref, rows **Rows) error {
	broken := make(map[string]bool)
	err := x.validate(ctx, []*Rows{*rows}, func(f dcrs.Finding, _ int) { broken[f.Rule] = true })
	if err == nil && len(broken) > 0 {
		err = &RefusedError{Journey: journey, Reason: BreaksRules, Rules: slices.Sorted(maps.Keys(broken))}
	}
	if err != nil {
		*rows = nil
	}
	return err
}

// outcome is what became of a journey: rows, or an error. One without a journey is
// the last, with the error that ended it all.
type outcome struct {
	journey, service, client hte.Ref
	number                   string
	rows                     *Rows
	err                      error
}

// together is how many journeys are validated at a time.
const together = 256

// outcomes exports journeys, some at a time.
func (x *Exporter) outcomes(ctx context.Context, journeys iter.Seq2[*hte.State, Client]) iter.Seq[outcome] {
	return func(yield func(outcome) bool) {
		var waiting []outcome
		seen := make(map[hte.Ref]bool)
		flush := func() bool {
			if err := x.judge(ctx, waiting); err != nil {
				yield(outcome{err: err})
				return false
			}
			for _, o := range waiting {
				if !yield(o) {
					return false
				}
			}
			waiting = waiting[:0]
			clear(seen)
			return true
		}
		for s, c := range journeys {
			// Two of the same reference in one extract would break rules that neither breaks.
			if (len(waiting) == together || seen[s.Journey]) && !flush() {
				return
			}
			seen[s.Journey] = true
			o := outcome{journey: s.Journey, service: s.Service, client: s.Referral.Client, number: c.NHSNumber, err: refusal(s)}
			if o.err == nil {
				o.rows = x.rows(s, &c)
			}
			waiting = append(waiting, o)
		}
		flush()
	}
}

// judge validates the rows of journeys together, and then by themselves those of
// which a row has an error: it may be one that journeys have only together. An error
// without a row makes all of them suspect.
func (x *Exporter) judge(ctx context.Context, list []outcome) error {
	var all []*Rows
	var at []int
	for i := range list {
		if list[i].rows != nil {
			all, at = append(all, list[i].rows), append(at, i)
		}
	}
	if len(all) == 0 {
		return ctx.Err()
	}
	suspect := make([]bool, len(all))
	err := x.validate(ctx, all, func(_ dcrs.Finding, journey int) {
		if journey >= 0 {
			suspect[journey] = true
			return
		}
		for i := range suspect {
			suspect[i] = true
		}
	})
	if err != nil {
		return err
	}
	for i, o := range at {
		if !suspect[i] {
			continue
		}
		err := x.alone(ctx, list[o].journey, &list[o].rows)
		if _, ok := errors.AsType[*RefusedError](err); err != nil && !ok {
			return err
		}
		list[o].err = err
	}
	return nil
}

// validate lays out the rows of journeys as an extract in memory and calls each for
// every error, with the place of the journey whose row has it, or -1.
func (x *Exporter) validate(ctx context.Context, all []*Rows, each func(f dcrs.Finding, journey int)) error {
	files, owners := make(memory), make(map[string][]int)
	for _, d := range x.dictionaries {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		if err := w.Write(header(d)); err != nil {
			return err
		}
		name := d.Kind() + "s.csv"
		for i, rows := range all {
			for _, row := range rows.of(d.Kind()) {
				if err := w.Write(row); err != nil {
					return err
				}
				owners[name] = append(owners[name], i)
			}
		}
		w.Flush()
		if len(owners[name]) > 0 {
			files[name] = b.Bytes()
		}
	}
	_, err := x.validator.Validate(ctx, "journeys", files, func(f dcrs.Finding) error {
		if f.Severity == dcrs.Error {
			journey := -1
			if of := owners[f.File]; f.Record > 0 && f.Record <= len(of) {
				journey = of[f.Record-1]
			}
			each(f, journey)
		}
		return nil
	})
	return err
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
// are not whole and not to be used: Write, [Writer.WriteAll] and [Writer.Flush] return
// it from then on, and write nothing more. Files are buffered, so such an error may
// come late; the extract is complete when Flush has returned nil.
func (w *Writer) Write(ctx context.Context, s *hte.State, c Client) ([]Left, error) {
	o := outcome{journey: s.Journey, service: s.Service, client: s.Referral.Client, number: c.NHSNumber}
	if err := w.refusal(&o); err != nil {
		return nil, err
	}
	if o.rows, o.err = w.x.Rows(ctx, s, c); o.err != nil {
		return nil, o.err
	}
	return o.rows.Left, w.write(&o)
}

// WriteAll writes the rows of many journeys as [Writer.Write] would, in their order,
// and far cheaper: see [Exporter.All]. each is told of every journey what was left
// behind, or why it was refused; an error that it returns ends the export there. The
// error is that, the context's or that of a file.
func (w *Writer) WriteAll(ctx context.Context, journeys iter.Seq2[*hte.State, Client], each func(journey hte.Ref, left []Left, refused *RefusedError) error) error {
	if w.err != nil {
		return w.err
	}
	for o := range w.x.outcomes(ctx, journeys) {
		err := w.refusal(&o)
		if err == nil {
			err = o.err
		}
		var left []Left
		if err == nil {
			left, err = o.rows.Left, w.write(&o)
		}
		refused, ok := errors.AsType[*RefusedError](err)
		if err != nil && !ok {
			return err
		}
		if err := each(o.journey, left, refused); err != nil {
			return err
		}
	}
	return nil
}

// refusal says why a journey cannot be written after those before it.
func (w *Writer) refusal(o *outcome) error {
	if w.err != nil {
		return w.err
	}
	if w.seen[o.journey] {
		return &RefusedError{Journey: o.journey, Reason: Twice}
	}
	if whose, ok := w.numbers[o.serviceNumber()]; ok && whose != o.client {
		return &RefusedError{Journey: o.journey, Reason: SharedNumber}
	}
	return nil
}

func (o *outcome) serviceNumber() serviceNumber {
	return serviceNumber{o.service, strings.NewReplacer(" ", "", "-", "").Replace(o.number)}
}

// placeholder reports whether an NHS number is one that the dictionary takes for a
// filler, which any number of clients may have.
func placeholder(number string) bool {
	reversed := []byte(number)
	slices.Reverse(reversed)
	return number == "0123456789" || number == string(reversed)
}

// write writes the rows of a journey.
func (w *Writer) write(o *outcome) error {
	w.seen[o.journey] = true
	if number := o.serviceNumber(); number.number != "" && !placeholder(number.number) {
		w.numbers[number] = o.client
	}
	for _, d := range w.x.dictionaries {
		to := w.writers[d.Kind()]
		if to == nil {
			continue
		}
		for _, row := range o.rows.of(d.Kind()) {
			_ = to.Write(row) // Error has the first error too, of what was buffered before
		}
		if w.err = to.Error(); w.err != nil {
			return w.err
		}
	}
	return nil
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
