package dcrs

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func readFile(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(b)
}

// entry is a file of a zip that is made for a test.
type entry struct {
	name, text string
	method     uint16
	flags      uint16
}

func zipOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		f, err := w.CreateHeader(&zip.FileHeader{Name: e.name, Method: e.method, Flags: e.flags})
		require.NoError(t, err)
		if e.text != "" { // nothing can be written to a folder
			_, err = f.Write([]byte(e.text))
			require.NoError(t, err)
		}
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func sampleEntries(folder string) (entries []entry) {
	files := sampleExtract()
	for _, d := range ExtractDictionaries() {
		name := tableName(d.Kind())
		entries = append(entries, entry{name: folder + name, text: string(files[name].Data), method: zip.Deflate})
	}
	return entries
}

func filesValidator(t testing.TB, options ...Option) *ExtractValidator {
	t.Helper()
	x, err := NewExtractValidator(ExtractDictionaries(), extractDay, options...)
	require.NoError(t, err)
	return x
}

func zipFindings(t *testing.T, archive []byte) (list []string, report *ExtractReport) {
	t.Helper()
	report, err := filesValidator(t).ValidateZip(context.Background(), "sample.zip", bytes.NewReader(archive), int64(len(archive)), func(f Finding) error {
		if !strings.HasSuffix(f.Rule, "-column") && !strings.HasSuffix(f.Rule, "/blank") {
			list = append(list, strings.Join(strings.Fields(fmt.Sprintf("%s:%d %s %s", f.File, f.Record, f.Field, f.Rule)), " "))
		}
		return nil
	})
	require.NoError(t, err)
	return list, report
}

// What may lie in a folder beside the files, or in their place.
func TestExtractFiles(t *testing.T) {
	only := func(names ...string) fstest.MapFS {
		files := fstest.MapFS{}
		for _, n := range names {
			files[n] = sampleExtract()[n]
		}
		return files
	}
	renamed := func(before, after string) fstest.MapFS {
		files := sampleExtract()
		files[after] = files[before]
		delete(files, before)
		return files
	}
	beside := func(name, text string) fstest.MapFS {
		files := sampleExtract()
		files[name] = &fstest.MapFile{Data: []byte(text)}
		return files
	}
	inFolder := fstest.MapFS{".DS_Store": {}, "__MACOSX/x": {}}
	for name, f := range sampleExtract() {
		inFolder["Q3 2024/"+name] = f
	}
	twoFolders := fstest.MapFS{"other/notes.csv": {}}
	for name, f := range sampleExtract() {
		twoFolders["Q3/"+name] = f
	}
	many := sampleExtract()
	for i := range mostFiles {
		many[fmt.Sprintf("zz%d", i)] = &fstest.MapFile{}
	}
	headerOnly := sampleExtract()
	for _, name := range []string{"contacts.csv", "goals.csv", "signposts.csv", "needs.csv", "measures.csv"} {
		header, _, _ := strings.Cut(string(headerOnly[name].Data), "\n")
		headerOnly[name] = &fstest.MapFile{Data: []byte(header + "\n")}
	}
	for _, tc := range []struct {
		why   string
		files fstest.MapFS
		want  []string
	}{
		{"the episodes alone", only("episodes.csv"), nil},
		{"no episodes", only("goals.csv", "needs.csv"), []string{
			"episodes.csv:0 extract/missing-episodes", "goals.csv:0 extract/not-compared", "needs.csv:0 extract/not-compared",
		}},
		{"nothing at all", fstest.MapFS{}, []string{"episodes.csv:0 extract/missing-episodes"}},
		{"other capitals", renamed("episodes.csv", "Episodes.CSV"), []string{"Episodes.CSV:0 extract/file-name"}},
		{"the singular, and a space", renamed("goals.csv", "goal.csv "), []string{"goal.csv :0 extract/file-name"}},
		{"two of one name: the exact one is read", beside("Contacts.csv", "x"), []string{"Contacts.csv:0 extract/file-twice"}},
		{"neither exact: the first", func() fstest.MapFS {
			files := renamed("contacts.csv", "Contacts.csv")
			files["contact.csv"] = &fstest.MapFile{Data: []byte("x")}
			return files
		}(), []string{"Contacts.csv:0 extract/file-name", "contact.csv:0 extract/file-twice"}},
		{"a file that is none of ours", beside("notes.docx", "x"), []string{"notes.docx:0 extract/unknown-file"}},
		{"a name that looks like data", beside("AB123456 Smith.csv", "x"), []string{"AA999999 Aaaaa.aaa:0 extract/unknown-file"}},
		{"a folder beside the files", beside("old/episodes.csv", "x"), []string{"old:0 extract/unknown-file"}},
		{"a folder that is called like a file", func() fstest.MapFS {
			files := sampleExtract()
			delete(files, "needs.csv")
			files["needs.csv/x"] = &fstest.MapFile{}
			return files
		}(), []string{"needs.csv:0 extract/unknown-file"}},
		{"all in one folder", inFolder, nil},
		{"in one of two folders", twoFolders, []string{":0 extract/unknown-file", "episodes.csv:0 extract/missing-episodes"}},
		{"a folder of something else", fstest.MapFS{"a.docx": {}, "b.docx": {}, "c.docx": {}}, []string{":0 extract/unknown-file", "episodes.csv:0 extract/missing-episodes"}},
		{"one file, which may be the episodes", fstest.MapFS{"export.csv": {}}, []string{"export.csv:0 extract/unknown-file", "episodes.csv:0 extract/missing-episodes"}},
		{"far too many files", many, slices.Concat([]string{":0 extract/too-many-files"}, func() (list []string) {
			for i := range mostFiles - 6 {
				list = append(list, fmt.Sprintf("zz%d:0 extract/unknown-file", i))
			}
			return list
		}())},
		{"files with nothing below the header say nothing about episodes", headerOnly, nil},
		{"an empty file is found, and not compared", beside("contacts.csv", ""), []string{"contacts.csv:0 file/empty"}},
		{"episodes that are no text", beside("episodes.csv", "PK\x03\x04"), []string{
			"episodes.csv:0 file/not-text", "contacts.csv:0 extract/not-compared", "goals.csv:0 extract/not-compared", "signposts.csv:0 extract/not-compared",
			"needs.csv:0 extract/not-compared", "measures.csv:0 extract/not-compared",
		}},
		{"episodes too short to have an identifier", edited(t, sampleExtract(), "episodes.csv", "C2,E2,", "C2\nC2,E2,"), []string{
			"episodes.csv:2 file/row-length", "episodes.csv:0 extract/episodes-without-key",
		}},
	} {
		t.Run(tc.why, func(t *testing.T) {
			found, report := extractFindings(t, tc.files)
			if tc.why == "far too many files" { // which of them are looked at follows their names as texts
				require.Len(t, found, len(tc.want))
				require.Contains(t, found, tc.want[0])
				require.Len(t, report.Files, 6)
				return
			}
			require.ElementsMatch(t, tc.want, found)
			require.Equal(t, 6, len(report.Files)+len(report.Absent))
		})
	}
}

func TestExtractZip(t *testing.T) {
	sample := zipOf(t, sampleEntries("")...)
	inFolder := zipOf(t, append([]entry{{name: "Q3/"}, {name: "__MACOSX/Q3/._episodes.csv", text: "x"}}, sampleEntries("Q3/")...)...)
	backslashes := zipOf(t, sampleEntries(`Q3\`)...)
	withPassword := sampleEntries("")
	withPassword[1].flags = 1
	flipped := slices.Clone(sample)
	at := bytes.Index(flipped, []byte("contacts.csv")) + 40
	for i := range 8 {
		flipped[at+i] ^= 0x55
	}
	twice := zipOf(t, append(sampleEntries(""), entry{name: "needs.csv", text: "x"})...)
	bomb := zipOf(t, append(sampleEntries("")[:1], entry{name: "contacts.csv", text: strings.Repeat(strings.Repeat(" ", 1023)+"\n", 96<<10), method: zip.Deflate})...)
	for _, tc := range []struct {
		why     string
		archive []byte
		want    []string
	}{
		{"files side by side", sample, nil},
		{"a folder inside", inFolder, nil},
		{"a folder inside, as Windows may write it", backslashes, nil},
		{"names that lead out of the zip are names, no more", zipOf(t, sampleEntries("../../")...), nil},
		{"one name twice", twice, []string{"needs.csv:0 extract/file-twice"}},
		{"bytes that are no zip", []byte(sampleEpisodes), []string{":0 extract/not-a-zip"}},
		{"nothing", nil, []string{":0 extract/not-a-zip"}},
		{"half a zip", sample[:len(sample)/2], []string{":0 extract/not-a-zip"}},
		{"an empty zip", zipOf(t), []string{"episodes.csv:0 extract/missing-episodes"}},
		{"a file with a password", zipOf(t, withPassword...), []string{"contacts.csv:0 extract/damaged"}},
		{"a file that is damaged", flipped, []string{"contacts.csv:0 extract/damaged"}},
		{"a bomb", bomb, []string{"contacts.csv:0 extract/too-large"}},
	} {
		t.Run(tc.why, func(t *testing.T) {
			found, report := zipFindings(t, tc.archive)
			if tc.why == "a file that is damaged" { // what is read of it until then is anything
				found = slices.DeleteFunc(found, func(f string) bool { return !strings.Contains(f, " extract/") })
			}
			require.Equal(t, tc.want, found)
			require.False(t, report.Truncated)
		})
	}
}

// FuzzExtractZip reads any bytes as a zip: no panic, and no error but a reader's.
func FuzzExtractZip(f *testing.F) {
	f.Add(zipOf(f, sampleEntries("")...))
	f.Add(zipOf(f, sampleEntries("Q3/")...))
	f.Add(zipOf(f, entry{name: "episodes.csv/"}, entry{name: "a\\b", text: "x"}, entry{name: "contacts.csv", text: "\xff,\"", method: zip.Deflate}))
	f.Add(zipOf(f))
	x, err := NewExtractValidator(ExtractDictionaries(), extractDay)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, archive []byte) {
		report, err := x.ValidateZip(context.Background(), "x.zip", bytes.NewReader(archive), int64(len(archive)), nil)
		require.NoError(t, err)
		require.NotNil(t, report.Across)
		require.NoError(t, report.WriteText(io.Discard))
	})
}

// brokenFS fails where a disk may.
type brokenFS struct {
	fstest.MapFS
	open, read string
}

var errDisk = errors.New("the disk is broken")

func (b brokenFS) Open(name string) (fs.File, error) {
	if name == b.open {
		return nil, &fs.PathError{Op: "open", Path: "/home/someone/" + name, Err: errDisk}
	}
	f, err := b.MapFS.Open(name)
	if err == nil && name == b.read {
		return brokenFile{f}, nil
	}
	return f, err
}

func (b brokenFS) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == b.open {
		return nil, errDisk
	}
	return b.MapFS.ReadDir(name)
}

type brokenFile struct{ fs.File }

func (b brokenFile) Read(p []byte) (int, error) {
	n, _ := b.File.Read(p[:min(len(p), 100)])
	if n == 0 {
		return 0, errDisk
	}
	return n, nil
}

func TestExtractErrors(t *testing.T) {
	x := filesValidator(t)
	stop := errors.New("stop")
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	for _, tc := range []struct {
		why    string
		ctx    context.Context
		files  fs.FS
		each   func(Finding) error
		is     error
		files2 int // reports
	}{
		{"a folder that cannot be listed", context.Background(), brokenFS{MapFS: sampleExtract(), open: "."}, nil, errDisk, 0},
		{"a file that cannot be opened", context.Background(), brokenFS{MapFS: sampleExtract(), open: "goals.csv"}, nil, errDisk, 2},
		{"a file that cannot be read on", context.Background(), brokenFS{MapFS: sampleExtract(), read: "contacts.csv"}, nil, errDisk, 2},
		{"cancelled before", cancelled, sampleExtract(), nil, context.Canceled, 0},
		{"a caller who has seen enough", context.Background(), sampleExtract(), func(Finding) error { return stop }, stop, 1},
	} {
		t.Run(tc.why, func(t *testing.T) {
			report, err := x.Validate(tc.ctx, "sample", tc.files, tc.each)
			require.ErrorIs(t, err, tc.is)
			require.NotContains(t, err.Error(), "/home/")
			require.True(t, report.Truncated)
			require.Len(t, report.Files, tc.files2)
		})
	}
	_, err := x.Validate(context.Background(), "sample", sampleExtract(), func(Finding) error { panic("each") })
	var p *PanicError
	require.ErrorAs(t, err, &p)
}

// failingAt is a zip whose bytes cannot be read behind a place.
type failingAt struct {
	r    io.ReaderAt
	from int64
}

func (f failingAt) ReadAt(p []byte, off int64) (int, error) {
	if off < f.from {
		return 0, errDisk
	}
	return f.r.ReadAt(p, off)
}

// An error of the reader is an error and not a damaged zip.
func TestExtractZipReaderFails(t *testing.T) {
	archive := zipOf(t, sampleEntries("")...)
	for _, from := range []int64{50, int64(len(archive))} {
		_, err := filesValidator(t).ValidateZip(context.Background(), "x", failingAt{bytes.NewReader(archive), from}, int64(len(archive)), nil)
		require.ErrorIs(t, err, errDisk)
	}
}

func TestExtractOptions(t *testing.T) {
	for _, tc := range []struct {
		why    string
		option Option
		wrong  string // "" where the option is one
	}{
		{"a rule of one file", Severity("goal/overdue", Error), ""},
		{"a rule of the whole", Severity("agreement/*", Off), ""},
		{"a family", Severity("*/implausible", Off), ""},
		{"a rule that there is not", Severity("goal/overdu", Off), "goal/overdu"},
		{"a field of all", Show("episode_id"), ""},
		{"fields of different files", Show("contact_id", "postcode", "goal_id"), ""},
		{"a field of none", Show("episode_id", "shoe_size"), "shoe_size"},
		{"a group in the episodes", GroupBy("service_code"), ""},
		{"a group in none", GroupBy("shoe_size"), "shoe_size"},
		{"a number that is none", Workers(0), "Workers"},
	} {
		_, err := NewExtractValidator(ExtractDictionaries(), extractDay, tc.option)
		if tc.wrong == "" {
			require.NoError(t, err, tc.why)
			continue
		}
		var e *OptionError
		require.ErrorAs(t, err, &e, tc.why)
		require.ErrorContains(t, err, tc.wrong, tc.why)
	}
	for why, list := range map[string][]*Dictionary{
		"none": nil, "a nil": {nil}, "no episodes": {Contacts()}, "one twice": {Episodes(), Contacts(), Contacts()}, "a nil behind": {Episodes(), nil},
	} {
		_, err := NewExtractValidator(list, extractDay)
		var e *OptionError
		require.ErrorAs(t, err, &e, why)
	}
	extended, err := Episodes().Extend("bury", []Field{{Name: "local_x", Type: TypeInteger, Sensitivity: NotSensitive}}, nil, nil)
	require.NoError(t, err)
	x, err := NewExtractValidator([]*Dictionary{extended, Contacts()}, extractDay)
	require.NoError(t, err)
	require.Equal(t, extractDay, x.AsOf())
	require.Equal(t, []*Dictionary{extended, Contacts()}, x.Dictionaries())
}

// A kind of your own belongs to the episodes by the rules of References.
func TestExtractOwnKind(t *testing.T) {
	quits, err := NewDictionary("quit", "1", []Field{
		{Name: "quit_date", Type: TypeDate, Sensitivity: NotSensitive},
		{Name: "episode_id", Type: TypeID, MaxLength: 36, Presence: Mandatory, Sensitivity: Pseudonym},
	}, nil, References("quit"))
	require.NoError(t, err)
	x, err := NewExtractValidator([]*Dictionary{Episodes(), quits}, extractDay)
	require.NoError(t, err)
	files := fstest.MapFS{
		"episodes.csv": {Data: []byte(strings.Replace(sampleEpisodes, "C3,E3,HT01,", "C3,E3,HT01,,", 1))},
		"quits.csv":    {Data: []byte("quit_date,episode_id\n2024-01-01,E1\n2024-01-01,E3\n2024-01-01,E9\n")},
	}
	report, err := x.Validate(context.Background(), "x", files, nil)
	require.NoError(t, err)
	require.Equal(t, 1, report.Consequences("quit"))
	quit, ok := report.File("quit")
	require.True(t, ok)
	rule, _ := quit.Rule("quit/orphan")
	require.Equal(t, 1, rule.Count)
	require.Equal(t, 3, rule.Examples[0].Record)
}

// What rests on an episode says where it stands, and a service can find both.
func TestExtractPlaces(t *testing.T) {
	files := edited(t, sampleExtract(), "contacts.csv", "K6,E3,2024-02-12", "K6,E3,2024-02-04")
	var found []Finding
	_, err := filesValidator(t, Show("episode_id", "contact_id")).Validate(context.Background(), "x", files, func(f Finding) error {
		if f.Rule == "contact/before-referral" || f.Rule == "agreement/first-contact" {
			found = append(found, f)
		}
		return nil
	})
	require.NoError(t, err)
	require.Len(t, found, 2)
	child, parent := found[0], found[1]
	line := func(name, key string) (n int, offset int64) {
		text := string(files[name].Data)
		at := strings.Index(text, "\n"+key) + 1
		return strings.Count(text[:at], "\n") + 1, int64(at)
	}
	n, at := line("episodes.csv", "C3,E3")
	require.Equal(t, Position{File: "episodes.csv", Record: 3, Line: n, Offset: at}, parent.Position)
	require.Contains(t, child.Related, Related{"episode_id", parent.Position})
	require.Equal(t, []Shown{{"episode_id", "E3"}}, parent.Shown)
	require.ElementsMatch(t, []Shown{{"episode_id", "E3"}, {"contact_id", "K6"}}, child.Shown)
	n, at = line("contacts.csv", "K6")
	require.Equal(t, []Related{{"episode_id", Position{File: "contacts.csv", Record: 6, Line: n, Offset: at}}}, parent.Related)
}

// Why an episode may disagree is said where the other file gives a reason.
func TestExtractReasons(t *testing.T) {
	message := func(files fstest.MapFS, rule string) (m string) {
		_, err := filesValidator(t).Validate(context.Background(), "x", files, func(f Finding) error {
			if f.Rule == rule {
				m = f.Message
			}
			return nil
		})
		require.NoError(t, err)
		return m
	}
	orphan := edited(t, sampleExtract(), "contacts.csv", "K2,E1,", "K2,E9,")
	require.Contains(t, message(orphan, "agreement/sessions-attended"), "perhaps because of the 1 row in contacts.csv that could not be matched with an episode")
	repeat := edited(t, sampleExtract(), "contacts.csv", "K2,E1", "K1,E1,2024-01-15,01,attended,session,60,community,T1,1.1\nK1,E1,2024-01-15,01,attended,session,60,community,T1,1.1\nK2,E1")
	require.Contains(t, message(repeat, "agreement/sessions-attended"), "perhaps because of the 2 rows in contacts.csv that are repeats")
	plain := edited(t, sampleExtract(), "episodes.csv", "achieved,,,3,1,", "achieved,,,4,1,")
	require.NotContains(t, message(plain, "agreement/sessions-attended"), "perhaps")
}

// largeExtract repeats the sample many times under other identifiers, with some
// slips, so that the files take many batches.
func largeExtract(copies int) fstest.MapFS {
	random := rand.New(rand.NewPCG(1, 2))
	files := fstest.MapFS{}
	sample := sampleExtract()
	for _, name := range slices.Sorted(maps.Keys(sample)) {
		header, rows, _ := strings.Cut(string(sample[name].Data), "\n")
		var b strings.Builder
		b.WriteString(header + "\n")
		for i := range copies {
			for line := range strings.Lines(rows) {
				for _, id := range []string{"C", "E", "K", "G", "S"} {
					for n := range 8 {
						line = strings.Replace(line, fmt.Sprintf("%s%d,", id, n), fmt.Sprintf("%s%d-%d,", id, n, i), 1)
					}
				}
				switch random.IntN(40) {
				case 0:
					line = strings.Replace(line, "2024-0", "2025-0", 1)
				case 1:
					line = strings.Replace(line, ",", "", 1)
				case 2:
					if name == "episodes.csv" {
						break // of two with one identifier the first counts, whichever that is
					}
					line = strings.Replace(line, fmt.Sprintf("E1-%d", i), fmt.Sprintf("E1-%d", i/2), 1)
				}
				b.WriteString(line)
			}
		}
		files[name] = &fstest.MapFile{Data: []byte(b.String())}
	}
	return files
}

// Findings and report are the same bytes for any number of workers, in a folder
// and in a zip.
func TestExtractWorkers(t *testing.T) {
	files := largeExtract(3000)
	var entries []entry
	for _, d := range ExtractDictionaries() {
		entries = append(entries, entry{name: tableName(d.Kind()), text: string(files[tableName(d.Kind())].Data), method: zip.Deflate})
	}
	archive := zipOf(t, entries...)
	var first string
	for _, workers := range []int{1, 2, 5} {
		for _, zipped := range []bool{false, true} {
			x := filesValidator(t, Workers(workers))
			x.validators[1].batch = 16 << 10 // many batches
			var b bytes.Buffer
			w := NewFindingWriter(&b)
			var report *ExtractReport
			var err error
			if zipped {
				report, err = x.ValidateZip(context.Background(), "x", bytes.NewReader(archive), int64(len(archive)), w.Write)
			} else {
				report, err = x.Validate(context.Background(), "x", files, w.Write)
			}
			require.NoError(t, err)
			require.NoError(t, w.Flush())
			for i, r := range report.Across.Rules { // a zip has rules of its own
				if r.Rule == ruleNotZip || r.Rule == ruleDamaged || r.Rule == ruleTooLarge {
					report.Across.Rules[i].Checked = 0
				}
			}
			require.NoError(t, report.WriteJSON(&b))
			if first == "" {
				first = b.String()
				require.Greater(t, report.Across.Count(Warning), 100)
				require.Greater(t, report.Consequences("contact"), 10)
			}
			require.True(t, first == b.String(), "%d workers, zipped %v", workers, zipped)
		}
	}
}

// No count depends on the order of the rows.
func TestExtractOrder(t *testing.T) {
	count := func(files fstest.MapFS) (list []string) {
		report, err := filesValidator(t).Validate(context.Background(), "x", files, nil)
		require.NoError(t, err)
		for _, f := range append(report.Files, report.Across) {
			for _, r := range f.Rules {
				list = append(list, fmt.Sprint(f.Kind, r.Rule, r.Count, r.Checked, r.NotApplicable))
			}
		}
		return list
	}
	files := largeExtract(200)
	want := count(files)
	random := rand.New(rand.NewPCG(3, 4))
	for range 5 {
		shuffled := fstest.MapFS{}
		for name, f := range files {
			lines := slices.Collect(strings.Lines(string(f.Data)))
			rows := lines[1:]
			random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			shuffled[name] = &fstest.MapFile{Data: []byte(strings.Join(lines, ""))}
		}
		require.Equal(t, want, count(shuffled))
	}
}

func TestExtractReportJSON(t *testing.T) {
	_, report := extractFindings(t, edited(t, sampleExtract(), "contacts.csv", "K2,E1,", "K2,E9,"))
	var b bytes.Buffer
	require.NoError(t, report.WriteJSON(&b))
	var back ExtractReport
	require.NoError(t, json.Unmarshal(b.Bytes(), &back))
	require.Equal(t, report, &back)
	require.Equal(t, Error, report.Worst())
	require.Equal(t, 1, report.Count(Error))
	_, ok := report.File("quit")
	require.False(t, ok)
	require.Zero(t, report.Consequences("quit"))
}

// No value of the extract is in anything that is written, unless it is asked for.
func TestExtractKeepsValues(t *testing.T) {
	files := largeExtract(50)
	for name, f := range files {
		text := strings.ReplaceAll(string(f.Data), "E1-", "SECRET-")
		files[name] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(text, "T1", "TRAINER7"))}
	}
	var b bytes.Buffer
	w := NewFindingWriter(&b)
	report, err := filesValidator(t).Validate(context.Background(), "x", files, w.Write)
	require.NoError(t, err)
	require.NoError(t, w.Flush())
	require.NoError(t, report.WriteJSON(&b))
	require.NoError(t, report.WriteText(&b))
	require.NoError(t, report.WriteHTML(&b))
	for _, secret := range []string{"SECRET", "TRAINER7", "101.5", "2024-01-15"} {
		require.NotContains(t, b.String(), secret)
	}
}

func TestExtractBytes(t *testing.T) {
	set := newKeySet(nil, wordMeasure, nil)
	require.Equal(t, EpisodeBytes, set.bytesPerKey())
	set = newKeySet(nil, wordMeasure+measureWords, nil)
	require.Equal(t, EpisodeMeasureBytes, set.bytesPerKey())
	for _, c := range childSets {
		require.LessOrEqual(t, newKeySet(nil, c.words, nil).bytesPerKey(), ChildBytes)
	}
}

// The folder of a disk is a folder like any other.
func TestExtractOnDisk(t *testing.T) {
	dir := t.TempDir()
	for name, f := range sampleExtract() {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), f.Data, 0o600))
	}
	report, err := filesValidator(t).Validate(context.Background(), "x", os.DirFS(dir), nil)
	require.NoError(t, err)
	require.Zero(t, report.Count(Error))
}

// The reports for people, byte for byte.
func TestExtractGolden(t *testing.T) {
	files := largeExtract(40)
	delete(files, "needs.csv")
	files["Goals.csv"], files["notes.docx"] = files["goals.csv"], &fstest.MapFile{Data: []byte("x")}
	delete(files, "goals.csv")
	report, err := filesValidator(t, Show("episode_id"), Examples(2)).Validate(context.Background(), "Q3 2024", files, nil)
	require.NoError(t, err)
	var text, page bytes.Buffer
	require.NoError(t, report.WriteText(&text))
	require.NoError(t, report.WriteHTML(&page))
	golden(t, "extract.txt", text.Bytes())
	_, body, _ := strings.Cut(page.String(), "</style>\n") // which all pages share
	golden(t, "extract.html", []byte(body))
	requirePage(t, page.String())
	for line := range strings.Lines(text.String()) {
		require.LessOrEqual(t, width(strings.TrimRight(line, "\n")), textWidth, line)
	}
	colour := bytes.Buffer{}
	require.NoError(t, report.WriteText(&colour, Colour(true), nil))
	require.Contains(t, colour.String(), "\x1b[")
	require.NoError(t, (&ExtractReport{}).WriteText(io.Discard))
	require.NoError(t, (&ExtractReport{}).WriteHTML(io.Discard))
}

// Files of a folder may be packed, or written in UTF-16, as a single file may.
func TestExtractUnpacksFiles(t *testing.T) {
	files := sampleExtract()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write(files["contacts.csv"].Data)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	delete(files, "contacts.csv")
	files["contacts.csv.gz"] = &fstest.MapFile{Data: packed.Bytes()}
	wide := []byte("\xff\xfe")
	for _, c := range files["episodes.csv"].Data {
		wide = append(wide, c, 0)
	}
	files["episodes.csv"] = &fstest.MapFile{Data: wide}
	found, report := extractFindings(t, files)
	require.Equal(t, []string{"contacts.csv.gz:0 extract/file-name"}, found)
	require.Len(t, report.Files, 6)

	files["contacts.csv.gz"] = &fstest.MapFile{Data: packed.Bytes()[:packed.Len()/2]}
	found, report = extractFindings(t, files)
	require.Contains(t, found, "contacts.csv.gz:0 extract/damaged")
	require.False(t, report.Truncated)
}
