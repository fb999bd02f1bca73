package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/healthtrainer/healthtrainer/examples/internal/synthetic"
)

var now = time.Date(2026, 3, 31, 9, 0, 0, 0, time.UTC)

// Everything is made up.
const (
	header = "client_id,episode_id,service_code,referral_date,postcode,lsoa,imd_quintile,imd_edition,gp_practice_code\n"
	local  = "Ref,Episode,Service,Referred,PC\nC1, E1,RX1,01/05/2025,za11aa\n"
)

const mapping = `{"mapping": 1, "kind": "episode", "columns": [{"heading": "Ref", "field": "client_id"}, {"heading": "Episode", "field": "episode_id"},
	{"heading": "Service", "field": "service_code"}, {"heading": "Referred", "field": "referral_date", "date": "dd/mm/yyyy"}, {"heading": "PC", "field": "postcode"}]}`

type outcome struct {
	status         int
	stdout, stderr string
}

func inFolder(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	var ranks strings.Builder
	ranks.WriteString("LSOA code,IMD rank\n")
	for i := 1; i <= 32_844; i++ {
		fmt.Fprintf(&ranks, "E01%06d,%d\n", i, i)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := io.WriteString(z, local); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"clean.csv":    header + "C1,E1,RX1,2025-05-01,ZA1 1AA,,,,X00001\n",
		"dirty.csv":    "\ufeff" + strings.ToUpper(header) + " C1,E1,RX1,2025-05-01,za11aa,,,,X00001\r\nC2,E1,RX1,01/05/2025,ZA1 1AA,,1,2019,X00001\r\nC2,E1,RX1,2025-05-01,ZA1 1AA,,1,2019,X00001\r\nC3,x\r\n",
		"semi.csv":     "client_id;episode_id\nC1;E1\n",
		"local.csv":    local,
		"local.csv.gz": packed.String(),
		"excel.csv":    "client_id;episode_id;service_code;referral_date\nC1;E1;RX1;22/05/2025\n",
		"cafe.csv":     "client_id,Place\nC1,caf\xe9\n",
		"lone.csv":     "contact_id,episode_id,contact_date\n K1,E1,2025-05-02\n",
		"bury.json":    mapping, "bad.json": `{"mapping": 9}`,
		"onspd.csv": "pcds,doterm,lsoa11\nZA1 1AA,,E01016000\n", "imd.csv": ranks.String(),
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	practice := `"X00001","MADE UP","","","","","","","","ZA1 1AA","19740401","","A"` + "\n"
	if err := os.WriteFile("epraccur.csv", []byte(practice), 0o600); err != nil {
		t.Fatal(err)
	}
}

func normaliseWith(t *testing.T, stdin io.Reader, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status := run(context.Background(), args, stdin, &stdout, &stderr, now)
	return outcome{status, stdout.String(), stderr.String()}
}

func TestRun(t *testing.T) {
	const canonical = "client_id,episode_id,service_code,referral_date,postcode\nC1,E1,RX1,2025-05-01,ZA1 1AA\n"
	for _, c := range []struct {
		why    string
		args   []string
		stdin  string
		status int
		stdout string            // all of it
		stderr []string          // each stands in it
		files  map[string]string // what is in them
	}{
		{
			why: "what is canonical stays", args: []string{"-o", "-", "clean.csv"},
			status: whole, stdout: header + "C1,E1,RX1,2025-05-01,ZA1 1AA,,,,X00001\n", stderr: []string{"1 of 1 records", "no cell and no column was changed"},
		},
		{
			why: "what is not is rewritten, and said", args: []string{"-o", "out.csv", "dirty.csv"},
			status: partly, stderr: []string{"3 of 4 records", "1 left out", "byte order mark", "postcode", "rewritten"},
			files: map[string]string{"out.csv": header + "C1,E1,RX1,2025-05-01,ZA1 1AA,,,,X00001\nC2,E1,RX1,01/05/2025,ZA1 1AA,,1,2019,X00001\nC2,E1,RX1,2025-05-01,ZA1 1AA,,1,2019,X00001\n"},
		},
		{why: "by a mapping", args: []string{"-mapping", "bury.json", "-o", "-", "local.csv"}, status: whole, stdout: canonical, stderr: []string{"referral_date", "mapped"}},
		{why: "packed", args: []string{"-mapping", "bury.json", "-o", "-", "local.csv.gz"}, status: whole, stdout: canonical},
		{why: "from standard input", args: []string{"-mapping", "bury.json", "-o", "-", "-"}, stdin: local, status: whole, stdout: canonical},
		{
			why: "filled when asked", args: []string{"-postcodes", "onspd.csv", "-ranks", "2019=imd.csv", "-fill", "-o", "-", "clean.csv"},
			status: whole, stdout: header + "C1,E1,RX1,2025-05-01,ZA1 1AA,E01016000,3,2019,X00001\n", stderr: []string{"filled"},
		},
		{
			why: "and not otherwise", args: []string{"-postcodes", "onspd.csv", "-ranks", "2019=imd.csv", "-practices", "epraccur.csv", "-o", "-", "clean.csv"},
			status: whole, stdout: header + "C1,E1,RX1,2025-05-01,ZA1 1AA,,,,X00001\n",
		},
		{
			why: "the list of changes, masked", args: []string{"-changes", "changes.csv", "-mapping", "bury.json", "-o", "out.csv", "local.csv"},
			status: whole, files: map[string]string{"changes.csv": "row,record,line,column,field,kind,shown,before,after\n" +
				"0,,,1,client_id,renamed,yes,Ref,client_id\n0,,,2,episode_id,renamed,yes,Episode,episode_id\n0,,,3,service_code,renamed,yes,Service,service_code\n" +
				"0,,,4,referral_date,renamed,yes,Referred,referral_date\n0,,,5,postcode,renamed,yes,PC,postcode\n" +
				"1,1,2,2,episode_id,trimmed,no,,\n1,1,2,4,referral_date,mapped,no,,\n1,1,2,5,postcode,rewritten,no,,\n"},
		},
		{
			why: "split, byte for byte", args: []string{"-split", "rejected.csv", "-o", "accepted.csv", "dirty.csv"},
			status: partly, stderr: []string{"4 records, 2 accepted, 2 rejected", "referral_date/format"},
			files: map[string]string{
				"accepted.csv": "\ufeff" + strings.ToUpper(header) + " C1,E1,RX1,2025-05-01,za11aa,,,,X00001\r\nC2,E1,RX1,2025-05-01,ZA1 1AA,,1,2019,X00001\r\n",
				"rejected.csv": "\ufeffrejected_for," + strings.ToUpper(header) + "referral_date/format,C2,E1,RX1,01/05/2025,ZA1 1AA,,1,2019,X00001\r\nfile/row-length,C3,x\r\n",
			},
		},
		{
			why: "split by what the look-ups and the whole file show", args: []string{"-split", "rejected.csv", "-duplicates", "-postcodes", "onspd.csv", "-ranks", "2019=imd.csv", "-o", "accepted.csv", "dirty.csv"},
			status: partly, stderr: []string{"1 accepted", "lookup/quintile-disagrees", "episode/duplicate"},
		},
		{why: "another delimiter is named, and nothing is written", args: []string{"-o", "-", "semi.csv"}, status: partly, stderr: []string{"file/delimiter"}},
		{why: "and can be declared", args: []string{"-delimiter", ";", "-o", "-", "semi.csv"}, status: whole, stdout: "client_id,episode_id\nC1,E1\n"},
		{why: "help was asked for", args: []string{"-h"}, status: whole, stdout: usage},
		{why: "no extract", args: []string{"-o", "-"}, status: failed, stderr: []string{"one EXTRACT"}},
		{why: "nowhere to write", args: []string{"clean.csv"}, status: failed, stderr: []string{"-o says"}},
		{why: "over the extract", args: []string{"-o", "clean.csv", "clean.csv"}, status: failed, stderr: []string{"the extract itself"}},
		{why: "accepted and rejected rows in one file", args: []string{"-split", "./r.csv", "-o", "r.csv", "clean.csv"}, status: failed, stderr: []string{"two things to write"}},
		{why: "the changes in the extract's place", args: []string{"-changes", "r.csv", "-o", "r.csv", "clean.csv"}, status: failed, stderr: []string{"two things to write"}},
		{why: "over the mapping", args: []string{"-mapping", "bad.json", "-o", "bad.json", "clean.csv"}, status: failed, stderr: []string{"overwrite what is read"}},
		{why: "split and fill", args: []string{"-split", "r.csv", "-fill", "-o", "-", "clean.csv"}, status: failed, stderr: []string{"changes nothing"}},
		{why: "duplicates of nothing", args: []string{"-duplicates", "-o", "-", "clean.csv"}, status: failed, stderr: []string{"goes with -split"}},
		{why: "shown nowhere", args: []string{"-show", "all", "-o", "-", "clean.csv"}, status: failed, stderr: []string{"goes with -changes"}},
		{why: "filled from nothing", args: []string{"-fill", "-o", "-", "clean.csv"}, status: failed, stderr: []string{"-postcodes"}},
		{why: "filled from half", args: []string{"-postcodes", "onspd.csv", "-fill", "-o", "-", "clean.csv"}, status: failed, stderr: []string{"edition"}},
		{why: "a mapping that cannot be read", args: []string{"-mapping", "bad.json", "-o", "-", "clean.csv"}, status: failed},
		{why: "a missing extract", args: []string{"-o", "-", "none.csv"}, status: failed, stderr: []string{"none.csv"}},
		{why: "several files to standard output", args: []string{"-o", "-", "."}, status: failed, stderr: []string{"-o takes a folder"}},
		{why: "a folder without an extract", args: []string{"-o", "out", "."}, status: failed, stderr: []string{"neither episodes.csv"}},
		{why: "a list to undo beside something to do", args: []string{"-revert", "clean.csv", "-order", "-o", "-", "clean.csv"}, status: failed, stderr: []string{"-order has no place"}},
		{why: "what is no list", args: []string{"-revert", "local.csv", "-o", "out.csv", "clean.csv"}, status: failed, stderr: []string{"the list of changes has other columns"}},
		{why: "the list in the extract's place", args: []string{"-revert", "clean.csv", "-o", "clean.csv", "local.csv"}, status: failed, stderr: []string{"overwrite what is read"}},
		{
			why: "dates as the whole column shows, with a delimiter that is found", args: []string{"-delimiter", "auto", "-formats", "-o", "-", "excel.csv"},
			status: whole, stdout: "client_id,episode_id,service_code,referral_date\nC1,E1,RX1,2025-05-22\n", stderr: []string{"took a semicolon", "mapped"},
		},
		{why: "an encoding that is declared", args: []string{"-encoding", "windows-1252", "-o", "-", "cafe.csv"}, status: whole, stdout: "client_id,Place\nC1,café\n"},
		{
			why: "contacts by themselves, told by their headings", args: []string{"-o", "-", "lone.csv"},
			status: whole, stdout: "contact_id,episode_id,contact_date\nK1,E1,2025-05-02\n", stderr: []string{"these are contacts", "trimmed"},
		},
		{
			why: "a file that cannot be read does not replace a good one", args: []string{"-o", "local.csv", "-changes", "bury.json", "semi.csv"},
			status: partly, stderr: []string{"file/delimiter"}, files: map[string]string{"local.csv": local, "bury.json": mapping},
		},
		{
			why: "nor does it with -split", args: []string{"-o", "local.csv", "-split", "bury.json", "semi.csv"},
			status: partly, stderr: []string{"file/delimiter"}, files: map[string]string{"local.csv": local, "bury.json": mapping},
		},
	} {
		t.Run(c.why, func(t *testing.T) {
			inFolder(t)
			got := normaliseWith(t, strings.NewReader(c.stdin), c.args...)
			if got.status != c.status || got.stdout != c.stdout {
				t.Errorf("exit status %d, not %d; standard output:\n%s\nnot\n%s\n%s", got.status, c.status, got.stdout, c.stdout, got.stderr)
			}
			for _, s := range c.stderr {
				if !strings.Contains(got.stderr, s) {
					t.Errorf("standard error does not hold %q:\n%s", s, got.stderr)
				}
			}
			for name, want := range c.files {
				text, err := os.ReadFile(name)
				if err != nil || string(text) != want {
					t.Errorf("%s: %v:\n%s\nnot\n%s", name, err, text, want)
				}
			}
			if c.status == failed {
				for _, name := range []string{"r.csv", "out.csv"} {
					if _, err := os.Stat(name); err == nil {
						t.Error(name, "is left behind")
					}
				}
			}
		})
	}
}

// TestRevert: the list with everything shown puts back the headings, columns and
// cells of an export, as encoding/csv reads them there. Rows that were left out, quotes,
// line ends and the delimiter are not in it.
func TestRevert(t *testing.T) {
	var made bytes.Buffer
	x := synthetic.Extract{Rows: 300, Errors: 0.2}
	if err := x.Generate(t.Context(), &made, nil); err != nil {
		t.Fatal(err)
	}
	// As somebody's case system might write it: other headings, spaces, small letters.
	untidy := strings.Replace(strings.ReplaceAll(strings.ToLower(made.String()), ",e", ", e"), "client_id", " Client_ID ", 1)
	for _, c := range []struct {
		why, text string
		args      []string
	}{
		{"by a mapping", local, []string{"-mapping", "bury.json"}},
		{"columns put in order, and formulas guarded", "postcode,client_id\nza11aa,=C1\nZA1 1AA, C2\n", []string{"-order", "-guard"}},
		{"semicolons, quotes and CRLF", "\ufeffclient_id;postcode\r\n\"C1\";\" za1 1aa\"\r\n", []string{"-delimiter", "auto"}},
		{"dates as the whole column shows", "client_id,referral_date\nC1,22/05/2025\n", []string{"-formats"}},
		{"blanks that were filled", header + "C1,E1,RX1,2025-05-01,ZA1 1AA,,,,X00001\n", []string{"-postcodes", "onspd.csv", "-ranks", "2019=imd.csv", "-fill"}},
		{"an untidy extract with planted errors", untidy, nil},
		{"but for the rows that were left out", "client_id,postcode\nC1,za11aa\nC2\n", nil},
	} {
		t.Run(c.why, func(t *testing.T) {
			inFolder(t)
			if err := os.WriteFile("export.csv", []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			args := append(slices.Clone(c.args), "-changes", "changes.csv", "-show", "all", "-o", "canonical.csv", "export.csv")
			if got := normaliseWith(t, nil, args...); got.status == failed {
				t.Fatal(got.stderr)
			}
			got := normaliseWith(t, nil, "-revert", "changes.csv", "-o", "back.csv", "canonical.csv")
			if got.status != whole || got.stdout+got.stderr != "" {
				t.Fatal(got)
			}
			canonical, err := os.ReadFile("canonical.csv")
			if err != nil {
				t.Fatal(err)
			}
			back, err := os.ReadFile("back.csv")
			if err != nil {
				t.Fatal(err)
			}
			want, have := rows(t, c.text), rows(t, string(back))
			want = slices.DeleteFunc(want, func(row []string) bool { return len(row) != len(want[0]) }) // left out
			if len(have) != len(want) {
				t.Fatalf("%d rows, not %d", len(have), len(want))
			}
			for i := range want {
				if !slices.Equal(have[i], want[i]) {
					t.Fatalf("row %d: %.300q\nis not\n%.300q", i, have[i], want[i])
				}
			}
			if string(canonical) == string(back) {
				t.Error("nothing was changed, so nothing was shown to come back")
			}
		})
	}
	t.Run("a list that does not show what was there undoes nothing", func(t *testing.T) {
		inFolder(t)
		if got := normaliseWith(t, nil, "-mapping", "bury.json", "-changes", "changes.csv", "-o", "out.csv", "local.csv"); got.status != whole {
			t.Fatal(got)
		}
		got := normaliseWith(t, nil, "-revert", "changes.csv", "-o", "back.csv", "out.csv")
		if _, err := os.Stat("back.csv"); got.status != failed || err == nil || !strings.Contains(got.stderr, "the list does not show what it was") {
			t.Error(got, err)
		}
	})
}

// rows reads a table with the standard library, whatever separates its cells.
func rows(t *testing.T, text string) [][]string {
	t.Helper()
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.FieldsPerRecord = -1
	if head, _, _ := strings.Cut(text, "\n"); strings.Contains(head, ";") {
		r.Comma = ';'
	}
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// An extract of several files goes to a folder or a zip, table by table, and back.
func TestSeveralFiles(t *testing.T) {
	episodes := "client_id,episode_id,service_code,referral_date,postcode\nC1,E1,RX1,2025-05-01,za11aa\n"
	contacts := "contact_id,episode_id,contact_date\n K1,E1,22/05/2025\n"
	for name, want := range map[string]map[string]string{
		"as it is":      {"episodes.csv": strings.Replace(episodes, "za11aa", "ZA1 1AA", 1), "contacts.csv": strings.Replace(contacts, " K1", "K1", 1)},
		"with -formats": {"episodes.csv": strings.Replace(episodes, "za11aa", "ZA1 1AA", 1), "contacts.csv": "contact_id,episode_id,contact_date\nK1,E1,2025-05-22\n"},
	} {
		for _, out := range []string{"out", "out.zip"} {
			t.Run(name+" to "+out, func(t *testing.T) {
				inFolder(t)
				if err := errors.Join(os.Mkdir("quarter", 0o700), os.WriteFile("quarter/episodes.csv", []byte(episodes), 0o600),
					os.WriteFile("quarter/Contacts.csv", []byte(contacts), 0o600), os.WriteFile("quarter/notes.txt", nil, 0o600)); err != nil {
					t.Fatal(err)
				}
				args := []string{"-changes", "lists", "-show", "all", "-o", out, "quarter"}
				if name == "with -formats" {
					args = append(args, "-formats")
				}
				got := normaliseWith(t, nil, args...)
				if got.status != whole || !strings.Contains(got.stderr, "notes.txt is no table") {
					t.Fatal(got)
				}
				read := func(name string) ([]byte, error) { return os.ReadFile("out/" + name) }
				if out == "out.zip" {
					z, err := zip.OpenReader(out)
					if err != nil {
						t.Fatal(err)
					}
					defer z.Close()
					if len(z.File) != 2 {
						t.Errorf("%d files", len(z.File))
					}
					read = func(name string) ([]byte, error) { return fs.ReadFile(z, name) }
				}
				for file, text := range want {
					if have, err := read(file); err != nil || string(have) != text {
						t.Errorf("%s: %v\n%s", file, err, have)
					}
				}
				if out == "out" {
					got := normaliseWith(t, nil, "-revert", "lists/contacts.changes.csv", "-o", "-", "out/contacts.csv")
					if got.status != whole || got.stdout != contacts {
						t.Error(got)
					}
				}
			})
		}
	}
	t.Run("one that cannot be read, and none is written", func(t *testing.T) {
		inFolder(t)
		if err := errors.Join(os.Mkdir("quarter", 0o700), os.WriteFile("quarter/episodes.csv", []byte(episodes), 0o600),
			os.WriteFile("quarter/contacts.csv", []byte(strings.ReplaceAll(contacts, ",", ";")), 0o600)); err != nil {
			t.Fatal(err)
		}
		got := normaliseWith(t, nil, "-o", "out", "quarter")
		if _, err := os.Stat("out"); got.status != failed || !os.IsNotExist(err) || !strings.Contains(got.stderr, "contacts.csv cannot be read") {
			t.Error(got, err)
		}
	})
	for what, args := range map[string][]string{
		"tear rows from their episodes": {"-split", "rejected.csv", "-o", "out.csv", "quarter"},
		"undoes one file":               {"-revert", "clean.csv", "-o", "out.csv", "quarter"},
		"is a file":                     {"-o", "dirty.csv", "quarter"},
		"the extract itself":            {"-o", "quarter", "quarter"},
	} {
		t.Run(what, func(t *testing.T) {
			inFolder(t)
			if err := errors.Join(os.Mkdir("quarter", 0o700), os.WriteFile("quarter/episodes.csv", []byte(episodes), 0o600)); err != nil {
				t.Fatal(err)
			}
			if got := normaliseWith(t, nil, args...); got.status != failed || !strings.Contains(got.stderr, what) {
				t.Error(got)
			}
		})
	}
}

// A workbook is read by the sheet and row that are named.
func TestWorkbook(t *testing.T) {
	inFolder(t)
	book := excelize.NewFile()
	defer book.Close()
	if err := errors.Join(book.SetSheetRow("Sheet1", "A1", &[]any{"Export of May"}), book.SetSheetRow("Sheet1", "A3", &[]any{"client_id", "postcode"}),
		book.SetSheetRow("Sheet1", "A4", &[]any{"C1", "za11aa"}), book.SaveAs("book.xlsx")); err != nil {
		t.Fatal(err)
	}
	if got := normaliseWith(t, nil, "-heading", "3", "-o", "-", "book.xlsx"); got.status != whole || got.stdout != "client_id,postcode\nC1,ZA1 1AA\n" {
		t.Error(got)
	}
}

func TestInterrupted(t *testing.T) {
	inFolder(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var stderr bytes.Buffer
	if status := run(ctx, []string{"-split", "rejected.csv", "-o", "out.csv", "dirty.csv"}, nil, io.Discard, &stderr, now); status != failed || !strings.Contains(stderr.String(), "interrupted") {
		t.Error(status, stderr.String())
	}
	for _, name := range []string{"out.csv", "rejected.csv"} {
		if _, err := os.Stat(name); !os.IsNotExist(err) {
			t.Error(name, "is left behind")
		}
	}
	before, err := os.ReadFile("local.csv")
	if err != nil {
		t.Fatal(err)
	}
	if status := run(ctx, []string{"-o", "local.csv", "dirty.csv"}, nil, io.Discard, &stderr, now); status != failed {
		t.Error(status)
	}
	if after, err := os.ReadFile("local.csv"); err != nil || string(after) != string(before) {
		t.Error("an earlier good file is lost", err)
	}
}
