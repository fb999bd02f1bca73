package dcrs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/hte"
)

// ExtractDictionaries returns the dictionaries of an extract of several files:
// [Episodes], and what may stand beside them, [Contacts], [Goals], [Signposts],
// [Needs] and [Measures]. The rows of each are in a file named after its kind:
// episodes.csv, contacts.csv and so on.
func ExtractDictionaries() []*Dictionary {
	return []*Dictionary{Episodes(), Contacts(), Goals(), Signposts(), Needs(), Measures()}
}

// EpisodeBytes and EpisodeMeasureBytes are about how much memory an extract's
// episodes take for each row while its other files are held against them, beyond
// [FileRuleBytes]; the latter where there is a measures.csv. An episode with rows
// in the file that is being read takes up to ChildBytes more. With [Show], the
// values that are to be shown come on top.
const (
	EpisodeBytes        = 35 + 8*wordMeasure
	EpisodeMeasureBytes = EpisodeBytes + 48
	ChildBytes          = 35 + 8*contactWords
)

// ExtractValidator checks extracts of several files: episodes.csv and, in the
// same folder or zip, any of contacts.csv, goals.csv, signposts.csv, needs.csv
// and measures.csv. It is immutable: one can serve any number of goroutines.
type ExtractValidator struct {
	asOf       hte.Date
	validators []*Validator // of the episodes and of each other kind
	kinds      []string
	across     *Validator // of ExtractRules
}

// NewExtractValidator makes a validator of extracts. The first dictionary is
// [Episodes], or an extension of it. The others are those of this package, for
// which see [ExtractDictionaries], extensions of them, or dictionaries of your
// own: files of a kind of their own, whose rows belong to episodes where they have
// a field episode_id and the rules of [References].
//
// An option counts for every dictionary that it fits: a rule or family of rules
// given to [Severity] and a field given to [Show] have to be in one of them. With
// [Mapped], once for each kind of file that has other headings, the files of the kind
// are read by the mapping, in its encoding unless they begin with a byte order mark.
// Errors are as those of [NewValidator].
func NewExtractValidator(dictionaries []*Dictionary, asOf hte.Date, options ...Option) (*ExtractValidator, error) {
	x := &ExtractValidator{asOf: asOf}
	wrong := func(problem string) (*ExtractValidator, error) {
		return nil, &OptionError{Option: "dictionaries", Problem: problem}
	}
	if len(dictionaries) == 0 || dictionaries[0] == nil {
		return wrong("there is none of episodes")
	}
	first := dictionaries[0].fields
	if dictionaries[0].kind != "episode" || len(first) < fieldCount || first[fEpisodeID].Name != "episode_id" || first[fieldCount-1].Name != episodeFields[fieldCount-1].Name {
		return wrong("the first is not Episodes or an extension of it")
	}
	for _, d := range append(slices.Clone(dictionaries), ExtractRules()) {
		if d == nil {
			return wrong("one of them is nil")
		}
		if slices.Contains(x.kinds, d.kind) || d.kind == extractRules().kind && len(d.fields) > 0 {
			return wrong("two are of the kind " + d.kind)
		}
		v, err := NewValidator(d, asOf)
		if err != nil {
			return nil, err
		}
		x.validators, x.kinds = append(x.validators, v), append(x.kinds, d.kind)
	}
	var errs []error
	for _, option := range options {
		errs = append(errs, x.apply(option))
	}
	last := len(x.validators) - 1
	x.across = x.validators[last]
	x.validators, x.kinds = x.validators[:last], x.kinds[:last]
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return x, nil
}

// apply sets an option wherever it fits. What is wrong in every dictionary is
// wrong.
func (x *ExtractValidator) apply(option Option) error {
	var common []error
	for i, v := range x.validators {
		err := option(v)
		if err == nil {
			return x.applyRest(option, i+1)
		}
		these := []error{err}
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			these = joined.Unwrap()
		}
		if i == 0 {
			common = these
			continue
		}
		// Of several fields to show, each has to be somewhere. Other options say one
		// thing, in words that may differ from one dictionary to the next.
		if e, ok := errors.AsType[*OptionError](err); ok && e.Option == "Show" {
			common = slices.DeleteFunc(common, func(e error) bool {
				return !slices.ContainsFunc(these, func(o error) bool { return o.Error() == e.Error() })
			})
		}
	}
	return errors.Join(common...)
}

func (x *ExtractValidator) applyRest(option Option, from int) error {
	for _, v := range x.validators[from:] {
		_ = option(v) // it fits another
	}
	return nil
}

// Dictionaries are what the validator checks against, that of the episodes first.
func (x *ExtractValidator) Dictionaries() []*Dictionary {
	var list []*Dictionary
	for _, v := range x.validators {
		list = append(list, v.dict)
	}
	return list
}

// AsOf is the day that the validator takes for today.
func (x *ExtractValidator) AsOf() hte.Date { return x.asOf }

// Validate reads the files of an extract and reports on each and on all of them
// together. name is what the report calls the extract. The files may lie in a
// folder of their own within files, if nothing else does.
//
// Every finding is also handed to each, unless it is nil, in an order that does
// not depend on the number of workers: first what is wrong with the files as
// such, then file by file in the order of the dictionaries, as
// [Validator.Validate] hands them out, and behind each other file what the
// episodes and its rows disagree about.
//
// A row whose episode has an error is reported once as a consequence
// (KIND/episode-rejected), and no rule compares it with its episode.
//
// Bad data are findings, never errors; that holds for missing files too. An error
// means that a file cannot be opened or read, that the context was cancelled or
// that each failed; the report then covers what was read and says so.
func (x *ExtractValidator) Validate(ctx context.Context, name string, files fs.FS, each func(Finding) error) (*ExtractReport, error) {
	run := x.run(name, each)
	err := ctx.Err()
	if err == nil {
		err = run.folder(ctx, files)
	}
	return run.report(err != nil), err
}

// extractRun is one reading of one extract.
type extractRun struct {
	x        *ExtractValidator
	name     string
	each     func(Finding) error
	tally    []ruleTally // of ExtractRules
	units    []int       // how often each could have been asked
	examples [][]Finding
	reports  []*Report
	absent   []string
	bytes    int64

	episodes *keySet // nil unless the episodes were read to their end
}

func (x *ExtractValidator) run(name string, each func(Finding) error) *extractRun {
	rules := len(x.across.dict.rules)
	return &extractRun{
		x: x, name: name, each: each,
		tally: make([]ruleTally, rules), units: make([]int, rules), examples: make([][]Finding, rules),
	}
}

// extractFile is a file of an extract that is to be read.
type extractFile struct {
	name string // as findings bear it
	open func() (io.ReadCloser, error)
	// readerFailed says that an error is the reader's and nothing wrong with the
	// bytes; nil where only the error itself tells.
	readerFailed func() bool
}

// damage is the rule that says what is wrong with bytes that could not be
// unpacked, or "" for any other error.
func (f *extractFile) damage(err error) string {
	if f.readerFailed != nil && f.readerFailed() {
		return ""
	}
	if _, ok := errors.AsType[*UnpackLimitError](err); ok {
		return ruleTooLarge
	}
	if _, ok := errors.AsType[*PackingError](err); ok {
		return ruleDamaged
	}
	return ""
}

// unpackedText is the text of a file that may be packed by gzip or written in
// UTF-16, or in the encoding that is declared. What cannot be unpacked is handed on
// as it is, for the validator to say what it finds.
func unpackedText(r io.Reader, declared Encoding) (io.Reader, error) {
	head, rest, err := peek(r)
	if err != nil {
		return nil, err
	}
	if kind := packedAs(head); kind != "" && kind != "gzip" {
		return rest, nil
	}
	in, err := OpenStream(rest, Encoded(declared))
	if err != nil {
		return nil, err
	}
	return in.Text(), nil
}

// mostFiles is how many entries of a folder or zip are looked at.
const mostFiles = 10_000

// leftBehind reports whether a name is that of something that systems leave in
// folders and zips.
func leftBehind(name string) bool {
	switch strings.ToLower(name) {
	case "__macosx", "thumbs.db", "desktop.ini":
		return true
	}
	return strings.HasPrefix(name, ".")
}

// folder reads the extract that lies in files.
func (run *extractRun) folder(ctx context.Context, files fs.FS) error {
	dir := "."
	for {
		entries, err := fs.ReadDir(files, dir)
		if err != nil {
			return fmt.Errorf("dcrs: reading the folder of the extract: %w", err)
		}
		entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return leftBehind(e.Name()) })
		if len(entries) == 1 && entries[0].IsDir() && dir == "." {
			dir = entries[0].Name()
			continue
		}
		names := make([]string, 0, len(entries))
		folders := make(map[string]bool)
		for _, e := range entries {
			names = append(names, e.Name())
			if e.IsDir() {
				folders[e.Name()] = true
			}
		}
		return run.all(ctx, names, func(name string) *extractFile {
			if folders[name] {
				return nil
			}
			return &extractFile{name: name, open: func() (io.ReadCloser, error) { return files.Open(path.Join(dir, name)) }}
		})
	}
}

// all reads the files of those names; file gives one to be read, nil for a
// folder.
func (run *extractRun) all(ctx context.Context, names []string, file func(name string) *extractFile) error {
	slices.Sort(names)
	if run.units[run.x.across.dict.byRule[ruleTooMany]] = 1; len(names) > mostFiles {
		names = names[:mostFiles]
		if err := run.found(ruleTooMany, "", "", nil, nil); err != nil {
			return err
		}
	}
	chosen, err := run.choose(names, file)
	if err != nil {
		return err
	}
	others := 0
	for _, f := range chosen {
		if f != nil {
			others++
		}
	}
	run.unit(ruleNoEpisodes, 1)
	if chosen[0] == nil {
		if err := run.found(ruleNoEpisodes, tableName("episode"), "", nil, nil); err != nil {
			return err
		}
	}
	for i, f := range chosen {
		if f == nil {
			run.absent = append(run.absent, tableName(run.x.kinds[i]))
			continue
		}
		if i == 0 {
			err = run.readEpisodes(ctx, f, slices.Index(run.x.kinds, "measure"), chosen)
		} else {
			err = run.readChild(ctx, i, f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// choose finds the file of each kind, and reports the others.
func (run *extractRun) choose(names []string, file func(name string) *extractFile) ([]*extractFile, error) {
	chosen := make([]*extractFile, len(run.x.kinds))
	taken := make([]string, len(run.x.kinds))
	files := make([]*extractFile, len(names))
	run.unit(ruleFileName, len(names))
	run.unit(ruleFileTwice, len(names))
	run.unit(ruleUnknownFile, len(names))
	for _, wantExact := range []bool{true, false} {
		for i, name := range names {
			kind, exact, ok := kindOf(name, run.x.kinds)
			k := slices.Index(run.x.kinds, kind)
			if !ok || exact != wantExact || taken[k] != "" {
				continue
			}
			if files[i] = file(name); files[i] != nil {
				chosen[k], taken[k] = files[i], name
			}
		}
	}
	unknown := func(name string) bool {
		kind, _, ok := kindOf(name, run.x.kinds)
		return !ok || taken[slices.Index(run.x.kinds, kind)] == ""
	}
	// Without episodes one of the unknown files may be they, so they are named once and
	// together: a folder of something else gives one finding and not a hundred.
	together := 0
	if chosen[0] == nil {
		list := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !unknown(name) })
		if together = len(list); together > 1 {
			if err := run.found(ruleUnknownFile, "", namedTogether(list), nil, nil); err != nil {
				return nil, err
			}
		}
	}
	for i, name := range names {
		kind, exact, ok := kindOf(name, run.x.kinds)
		k := slices.Index(run.x.kinds, kind)
		var err error
		switch {
		case unknown(name) && together > 1:
		case !ok || taken[k] == "":
			err = run.found(ruleUnknownFile, safeName(name), "", nil, nil)
		case taken[k] != name || files[i] != chosen[k]:
			err = run.found(ruleFileTwice, safeName(name), "", nil, nil)
		case !exact:
			err = run.found(ruleFileName, safeName(name), "it is read as "+tableName(kind), nil, nil)
		}
		if err != nil {
			return nil, err
		}
	}
	return chosen, nil
}

// namedTogether names a few files and counts the others.
func namedTogether(names []string) string {
	const most = 5
	out := counted(len(names), "file") + ": "
	for i, name := range names[:min(len(names), most)] {
		if i > 0 {
			out += ", "
		}
		out += clip(clean(safeName(name)), 60)
	}
	if rest := len(names) - most; rest > 0 {
		out += " and " + group(rest) + " more"
	}
	return out + "; if one of them holds the episodes, call it " + tableName("episode")
}

// safeName is the name of a file as it may be repeated.
func safeName(name string) string {
	if looksLikeData(name) {
		return shape([]byte(name))
	}
	return name
}

// readEpisodes reads the episodes and keeps what the other files ask.
func (run *extractRun) readEpisodes(ctx context.Context, f *extractFile, measure int, chosen []*extractFile) error {
	others := slices.ContainsFunc(chosen[1:], func(f *extractFile) bool { return f != nil })
	var set *keySet
	if others {
		withMeasures, words := measure > 0 && chosen[measure] != nil, wordMeasure
		if withMeasures {
			words += measureWords
		}
		set = newKeySet(func(r *Row) uint64 { return r.hashOf(fEpisodeID) }, words, keepEpisode(withMeasures))
		set.salvage, set.file = fEpisodeID+1, safeName(f.name)
	}
	r, err := run.read(ctx, 0, f, &hooks{keys: set})
	if err != nil || !others {
		return err
	}
	for _, field := range r.Fields {
		if field.Field == "episode_id" && !field.Absent && r.Unread == "" && !r.Truncated {
			run.episodes = set
		}
	}
	run.unit(ruleKeyless, 1)
	if run.episodes != nil && set.keyless > 0 {
		return run.found(ruleKeyless, set.file, counted(set.keyless, "row"), nil, nil)
	}
	return nil
}

// readChild reads a file whose rows belong to episodes.
func (run *extractRun) readChild(ctx context.Context, i int, f *extractFile) error {
	h, d := &hooks{}, run.x.validators[i].dict
	linked := slices.ContainsFunc(d.fields, func(f Field) bool { return f.Name == "episode_id" })
	if linked {
		run.unit(ruleNoCompare, 1)
		if run.episodes == nil {
			if err := run.found(ruleNoCompare, safeName(f.name), "", nil, nil); err != nil {
				return err
			}
		} else {
			h.parents = map[string]*keySet{"episode": run.episodes}
		}
	}
	var set *keySet
	ours, known := childSets[d.kind]
	if known = known && h.parents != nil && d.fields[childEpisode].Name == "episode_id"; known {
		set = newKeySet(func(r *Row) uint64 { return r.hashOf(childEpisode) }, ours.words, ours.values)
		set.merge, set.file = ours.merge, safeName(f.name)
		h.keys = set
	}
	r, err := run.read(ctx, i, f, h)
	if err != nil || !known || r.Unread != "" || r.Truncated || r.Records == 0 {
		return err
	}
	return run.compare(ctx, d.kind, set, r)
}

// read validates one file.
func (run *extractRun) read(ctx context.Context, i int, f *extractFile, h *hooks) (*Report, error) {
	if h.keys == nil && h.parents == nil {
		h = nil
	}
	in, err := f.open()
	if err != nil {
		if rule := f.damage(err); rule != "" {
			return run.unopened(ctx, i, f, rule)
		}
		return nil, fmt.Errorf("dcrs: opening %s: %w", tableName(run.x.kinds[i]), pathless(err))
	}
	defer in.Close()
	var declared Encoding
	if mapped := run.x.validators[i].mapped; mapped != nil {
		declared = mapped.encoding
	}
	text, err := unpackedText(in, declared)
	if err != nil {
		if rule := f.damage(err); rule != "" {
			return run.unopened(ctx, i, f, rule)
		}
		text = failingReader{err}
	}
	r, err := run.x.validators[i].validate(ctx, safeName(f.name), text, run.each, h)
	run.reports = append(run.reports, r)
	run.bytes += r.Bytes
	if err != nil && ctx.Err() == nil {
		if rule := f.damage(err); rule != "" {
			err = run.found(rule, safeName(f.name), "", nil, nil)
		}
	}
	return r, err
}

// unopened reports a file of which nothing could be unpacked.
func (run *extractRun) unopened(ctx context.Context, i int, f *extractFile, rule string) (*Report, error) {
	r, _ := run.x.validators[i].validate(ctx, safeName(f.name), failingReader{errReadOnce}, nil, nil)
	run.reports = append(run.reports, r)
	return r, run.found(rule, safeName(f.name), "", nil, nil)
}

// pathless is the error of opening a file without the path, which the message
// names already.
func pathless(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// compare asks the agreements of every episode.
func (run *extractRun) compare(ctx context.Context, kind string, set *keySet, r *Report) error {
	list := agreementsOn(kind)
	file := tableName(kind)
	orphans, _ := r.Rule(kind + "/orphan")
	repeats, _ := r.Rule(kind + "/duplicate")
	lost := set.keyless + orphans.Count
	for _, a := range list {
		run.unit(a.ID, run.episodes.len())
	}
	for n := range run.episodes.len() {
		if n&1023 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		e := run.episodes.at(n)
		if e.rejected {
			continue
		}
		var words []uint64
		at := -1
		if c, ok := set.find(run.episodes.hashes[n]); ok {
			if c.words[0]&spoilt != 0 {
				continue
			}
			words, at = c.words, c.place
		}
		for i := range list {
			a := &list[i]
			v, less, more := a.judge(e.words, words)
			if v == NotApplicable {
				continue
			}
			run.tally[run.x.across.dict.byRule[a.ID]].checked++
			if v == Pass {
				continue
			}
			detail := ""
			switch {
			case less && lost > 0:
				detail = fmt.Sprintf("perhaps because of the %s in %s that could not be matched with an episode", counted(lost, "row"), file)
			case more && repeats.Count > 0:
				detail = fmt.Sprintf("perhaps because of the %s in %s that %s", counted(repeats.Count, "row"), file, choose(repeats.Count, "is a repeat", "are repeats"))
			}
			var related []Related
			if at >= 0 {
				related = []Related{{Field: "episode_id", Position: set.position(at)}}
			}
			f := run.finding(a.ID, run.episodes.position(n), episodeFields[a.field].Name, detail, related)
			if run.episodes.shown != nil {
				f.Shown = run.episodes.shown[n]
			}
			if err := run.emit(a.ID, f); err != nil {
				return err
			}
		}
	}
	return nil
}

func (run *extractRun) unit(rule string, n int) { run.units[run.x.across.dict.byRule[rule]] += n }

// found reports something about a file.
func (run *extractRun) found(rule, file, detail string, related []Related, shown []Shown) error {
	f := run.finding(rule, Position{File: file}, "", detail, related)
	f.Shown = shown
	return run.emit(rule, f)
}

func (run *extractRun) finding(rule string, pos Position, field, detail string, related []Related) Finding {
	i := run.x.across.dict.byRule[rule]
	f := (&plan{v: run.x.across}).fileFinding(i, pos, field, detail)
	f.Related = related
	return f
}

// emit counts a finding, keeps it as an example if there is room, and hands it on.
func (run *extractRun) emit(rule string, f Finding) error {
	i := run.x.across.dict.byRule[rule]
	if run.x.across.levels[i] == Off {
		return nil
	}
	run.tally[i].found[f.Severity]++
	if len(run.examples[i]) < run.x.across.keep {
		run.examples[i] = append(run.examples[i], f)
	}
	if run.each == nil {
		return nil
	}
	s := session{each: run.each}
	return s.hand(&f)
}

// report makes the report of what was read.
func (run *extractRun) report(failed bool) *ExtractReport {
	v := run.x.across
	across := &Report{
		Edition: v.dict.edition, Kind: v.dict.kind, AsOf: v.asOf, File: run.name, Bytes: run.bytes, Truncated: failed,
		ExampleLimit: v.keep, Rules: []RuleReport{}, Fields: []FieldReport{},
	}
	for i, rule := range v.dict.rules {
		if v.levels[i] == Off {
			continue
		}
		t := &run.tally[i]
		checked := t.checked
		if checked == 0 && !strings.HasPrefix(rule.ID, "agreement/") {
			checked = run.units[i]
		}
		found := t.found[Error] + t.found[Warning] + t.found[Info]
		across.Rules = append(across.Rules, RuleReport{
			Rule: rule.ID, Severity: v.levels[i], Count: found, Checked: max(checked, found), NotApplicable: max(0, run.units[i]-max(checked, found)),
			Errors: t.found[Error], Warnings: t.found[Warning], Infos: t.found[Info],
			Examples: append([]Finding{}, run.examples[i]...),
		})
	}
	r := &ExtractReport{Edition: Edition, AsOf: run.x.asOf, Name: run.name, Truncated: failed, Across: across, Files: run.reports, Absent: run.absent}
	if r.Files == nil {
		r.Files = []*Report{}
	}
	if r.Absent == nil {
		r.Absent = []string{}
	}
	return r
}
