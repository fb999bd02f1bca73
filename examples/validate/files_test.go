package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// What a data team has on its disk. Everything is made up.
const (
	spreadsheet = "client_id;episode_id;service_code;referral_date\r\nC1;E1;RX1;01/05/2025\r\nC2;E2;RX1;13/06/2025\r\n"
	local       = "Client No;Episode ID;Service;Date Referred;Notes\nC1;E1;RX1;01/05/2025;caf\xe9\nC2;E2;RX1;13/06/2025;\n"
	mapped      = `{"mapping": 1, "kind": "episode", "delimiter": ";", "encoding": "windows-1252", "columns": [
	{"heading": "Client No", "field": "client_id"}, {"heading": "Episode ID", "field": "episode_id"}, {"heading": "Service", "field": "service_code"},
	{"heading": "Date Referred", "field": "referral_date", "date": "dd/mm/yyyy"}, {"heading": "Notes", "ignore": true}]}`
	contacts = "contact_id,episode_id,contact_date\nK1,E1,2025-05-02\nK2,E9,2025-05-02\n"
	secret   = "SECRET1234"
)

func utf16le(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

func zipped(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = io.WriteString(w, files[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func gzipped(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, s); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// sheets is a workbook with a title above the headings of its second sheet.
func sheets(t *testing.T) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	var b bytes.Buffer
	_, err := book.NewSheet("Export")
	for row, cells := range map[string][]any{
		"A1": {"Case system, May"}, "A3": {"client_id", "episode_id", "service_code", "referral_date"},
		"A4": {"C1", "E1", "RX1", "2025-05-01"}, "A5": {"C2", "E2", "RX1", "01/06/2025"},
	} {
		if err == nil {
			err = book.SetSheetRow("Export", row, &cells)
		}
	}
	if err == nil {
		err = book.SetSheetRow("Sheet1", "A1", &[]any{"client_id", "episode_id", "service_code", "referral_date"})
	}
	if err == nil {
		err = book.SetSheetRow("Sheet1", "A2", &[]any{"C1", "E1", "RX1", "2025-05-01"})
	}
	if err == nil {
		err = book.Write(&b)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFiles(t *testing.T) {
	junk := make([]byte, 100_000)
	r := rand.NewChaCha8([32]byte{1})
	r.Read(junk)
	allBad := header + strings.Repeat("C 1,,rx1,soon\n", 300)
	held := map[string]string{
		"bom.csv": "\ufeff" + spreadsheet, "utf16.txt": utf16le(spreadsheet), "local.csv": local, "m.json": mapped,
		"bad.json":      `{"mapping": 1, "kind": "episode", "columns": [{"heading": "A", "field": "sex"}]}`,
		"contacts.json": `{"mapping": 1, "kind": "contact", "columns": [{"heading": "Day", "field": "contact_date", "date": "dd/mm/yyyy"}]}`,
		"junk.csv":      string(junk), "empty.csv": "", "either.csv": header + "C1,E1,RX1,03/04/2025\nC2,E2,RX1,05/06/2025\n", "words.csv": "Name,Colour,Size\nred,blue,3\n", "allbad.csv": allBad,
		"good.gz": gzipped(t, good), "cut.gz": gzipped(t, good)[:40], "one.zip": zipped(t, "export.csv", good), "cut.zip": zipped(t, "export.csv", good)[:60],
		"several.zip": zipped(t, "episodes.csv", good, "contacts.csv", contacts), "alone.zip": zipped(t, "contacts.csv", contacts),
		"renamed":   zipped(t, "episodes.csv", good, "contacts.csv", contacts),
		"two.zip":   zipped(t, "episodes.csv", good, "contacts.csv", strings.Replace(strings.ReplaceAll(contacts, "2025-05-02", "02/05/2025"), "contact_date", "Day", 1)),
		"excel.zip": zipped(t, "episodes.csv", good, "contacts.csv", strings.ReplaceAll(contacts, "2025-05-02", "22/05/2025")),
		"inner.zip": zipped(t, "Q1/Episodes.csv", good, "Q1/contacts.csv", strings.ReplaceAll(contacts, "2025-05-02", "22/05/2025")),
		"book.xlsx": sheets(t), "old.xls": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + string(junk[:4000]),
		"practices.csv": "not a list\n",
		"lone.csv":      contacts, "lone;.csv": strings.ReplaceAll(contacts, ",", ";"),
		"day.csv": "contact_id,episode_id,Day\nK1,E1,22/05/2025\nK2,E9,02/05/2025\n",
	}
	for _, c := range []struct {
		why    string
		args   string
		stdin  string
		status int
		stdout string // what stands in it; several between bars
		stderr string
	}{
		{"semicolons and a mark, as spreadsheets save it", "-delimiter auto bom.csv", "", unfit, "2 records|referral_date/format", "-delimiter auto took a semicolon: 4 columns, 4 of them known; 2 of 2|-formats"},
		{"dates as the whole column shows", "-delimiter auto -formats bom.csv", "", fit, "NO ERRORS|file/date-format", "took a semicolon"},
		{"day or month first, when nothing shows which", "-formats either.csv", "", unfit, "referral_date/format", `nothing shows whether referral_date has the day or the month first: say "date": "dd/mm/yyyy" or "mm/dd/yyyy"`},
		{"UTF-16 with a mark", "-delimiter ; -formats utf16.txt", "", fit, "2 records|file/date-format", ""},
		{"without -delimiter, -formats does not go on by itself", "-formats bom.csv", "", unfit, "COULD NOT BE READ", "-delimiter auto"},
		{"standard input is detected too", "-delimiter auto -", spreadsheet, unfit, "2 records", "took a semicolon"},
		{"but cannot be read twice", "-formats -", spreadsheet, failed, "", "save it as a file first"},
		{"an encoding is declared", "-encoding cp1252 -mapping m.json local.csv", "", fit, "2 records|NO ERRORS", ""},
		{"or the mapping declares it", "-mapping m.json local.csv", "", fit, "2 records|NO ERRORS", ""},
		{"the flag goes before the mapping, and the suggestion is made", "-encoding utf-8 -mapping m.json local.csv", "", unfit, "file/encoding|Windows-1252", ""},
		{"Windows-1252 is suggested, and a mapping", "-delimiter ; local.csv", "", unfit, "file/encoding", "-encoding windows-1252|-suggest-mapping"},
		{"an encoding that is none", "-encoding ebcdic bom.csv", "", failed, "", "ebcdic|windows-1252"},
		{"how each column is written", "-inspect local.csv", "", fit, "semicolon|2 dates dd/mm/yyyy", "-encoding windows-1252"},
		{"the same as JSON", "-inspect -format json bom.csv", "", fit, `"byte_order_mark": true`, ""},
		{"a look takes standard input as well", "-inspect -", spreadsheet, fit, "2 dates dd/mm/yyyy", ""},
		{"a proposal is not written unless told", "-suggest-mapping -encoding cp1252 local.csv", "", fit, "Date Referred|-> referral_date", "nothing was written"},
		{"two rows say little of their form", "-suggest-mapping good.csv", "", fit, "client_id                  0.96\n         the heading is the name of the field; there are too few values", ""},
		{"a proposal as JSON", "-suggest-mapping -format json -encoding cp1252 local.csv", "", fit, `"confidence"`, ""},
		{"what cannot be read as a table has no proposal", "-suggest-mapping junk.csv", "", unfit, "", "cannot be read as a table"},
		{"a mapping with a mistake", "-mapping bad.json local.csv", "", failed, "", `-mapping bad.json|"sex"`},
		{"no mapping there", "-mapping none.json local.csv", "", failed, "", "none.json"},
		{"a mapping says of which kind the rows are", "-mapping contacts.json day.csv", "", fit, "2 records|file/date-format", ""},
		{"and that is not what -kind says", "-kind episode -mapping contacts.json day.csv", "", failed, "", "of kind contact, and -kind says episode"},
		{"a file of contacts by itself is told by its headings, and it is said", "lone.csv", "", fit, "2 records", "these are contacts: of 3 headings 3 are known in a file of contacts, and 1 in one of episodes"},
		{"unless it is said already", "-kind contacts lone.csv", "", fit, "2 records", ""},
		{"or said to be something else", "-kind episode lone.csv", "", unfit, "file/missing-column", ""},
		{"with semicolons too", "-delimiter auto lone;.csv", "", fit, "2 records", "these are contacts|took a semicolon: 3 columns, 3 of them known"},
		{"a kind that there is not", "-kind client lone.csv", "", failed, "", "episode, contact, goal, signpost, need or measure"},
		{"the kind of several files", "-kind contact several.zip", "", failed, "", "are for one file"},
		{"a look tells the kind as well", "-suggest-mapping lone.csv", "", fit, "-> contact_date", "these are contacts"},
		{"two mappings for one file", "-mapping m.json -mapping contacts.json local.csv", "", failed, "", "one file has one mapping"},
		{"binary junk", "junk.csv", "", unfit, "COULD NOT BE READ|file/not-text", ""},
		{"binary junk with everything on", "-delimiter auto -formats -workers 3 junk.csv", "", unfit, "COULD NOT BE READ", ""},
		{"an empty file", "-delimiter auto -formats empty.csv", "", unfit, "file/empty", ""},
		{"an old workbook", "old.xls", "", unfit, "COULD NOT BE READ", ""},
		{"wrong columns", "words.csv", "", unfit, "file/missing-column", "-suggest-mapping"},
		{"all rows bad", "allbad.csv", "", unfit, "300 of 300 records have an error", ""},
		{"gzip, whatever it is called", "good.gz", "", fit, "2 records", ""},
		{"gzip through a pipe", "-", held["good.gz"], fit, "2 records", ""},
		{"gzip that was cut", "cut.gz", "", failed, "", "damaged"},
		{"a zip of one table is that table", "-format sarif one.zip", "", fit, "sarif-schema", ""},
		{"a zip that was cut", "cut.zip", "", failed, "", "cut.zip|damaged"},
		{"a zip through a pipe", "-", held["one.zip"], failed, "", "from a file but not from a stream"},
		{"a zip of several tables", "several.zip", "", unfit, "THE FILES|contact/orphan", ""},
		{"the same, whatever it is called", "renamed", "", unfit, "THE FILES|contact/orphan", ""},
		{"contacts do not stand alone", "alone.zip", "", unfit, "There is no episodes.csv", ""},
		{"a mapping for one of several files", "-severity contact/orphan=off -mapping contacts.json two.zip", "", fit, "file/date-format", ""},
		{"formats of each of several files", "-severity contact/orphan=off -formats excel.zip", "", fit, "file/date-format", ""},
		{"in a folder of its own", "-severity contact/orphan=off -formats inner.zip", "", fit, "file/date-format", ""},
		{"and without -formats", "-severity contact/orphan=off excel.zip", "", unfit, "contact_date/format", ""},
		{"and in a folder, where all is as it should be", "-severity contact/orphan=off -formats q1", "", fit, "THE FILES", ""},
		{"damage in a folder is a finding, with -formats too", "-formats q3", "", unfit, "THE FILES|contacts.csv", ""},
		{"formats of files that are not there", "-formats q1/..", "", failed, "", "finds neither episodes.csv"},
		{"a look at several files", "-inspect several.zip", "", failed, "", "are for one file"},
		{"a workbook", "book.xlsx", "", fit, "1 record ", ""},
		{"a sheet of it, with a title above", "-sheet Export -heading 3 book.xlsx", "", unfit, "2 records|referral_date/format|line 5", ""},
		{"a sheet can be read twice, and its dates differ", "-formats -sheet Export -heading 3 book.xlsx", "", unfit, "referral_date/format", ""},
		{"a look at a sheet", "-inspect -sheet Export -heading 3 book.xlsx", "", fit, "referral_date: 2 filled", ""},
		{"no such sheet", "-sheet None book.xlsx", "", failed, "", "None|Sheet1, Export"},
		{"a workbook has no delimiter", "-delimiter ; book.xlsx", "", failed, "", "no delimiter"},
		{"a workbook through a pipe", "-", held["book.xlsx"], failed, "", "zip"},
		{"a sheet of a CSV file", "-sheet A good.csv", "", failed, "", "good.csv is none"},
		{"a row before the first", "-heading -1 book.xlsx", "", failed, "", "-heading"},
		{"a confidence of more than all", "-suggest-mapping -sure 2 local.csv", "", failed, "", "-sure"},
		{"two looks at once", "-inspect -suggest-mapping local.csv", "", failed, "", "do not go together"},
		{"a look makes no report", "-inspect -format html local.csv", "", failed, "", "with -inspect|text or json"},
		{"nor anything to score", "-inspect -scorecard local.csv", "", failed, "", "check nothing"},
		{"a proposal does not take the place of a mapping that is there", "-suggest-mapping -delimiter ; -o m.json local.csv", "", failed, "", "m.json is there already"},
		{"a report does not take the place of the mapping", "-mapping m.json -o m.json local.csv", "", failed, "", "would overwrite what is read"},
		{"nor of a file of the folder", "-o q1/contacts.csv q1", "", failed, "", "a file of the extract itself"},
		{"but may stand beside the files", "-o q1/report.txt q1", "", unfit, "", ""},
		{"look-ups that are not there", "-postcodes none.csv good.csv", "", failed, "", "none.csv"},
		{"ranks without an edition", "-ranks imd.csv good.csv", "", failed, "", "EDITION=FILE"},
		{"a list of practices that is none", "-practices practices.csv good.csv", "", failed, "", "practices.csv"},
		{"a rule of look-ups is explained", "-explain lookup/postcode-unknown", "", fit, "lookup/postcode-unknown|To mend", ""},
	} {
		t.Run(c.why, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range held {
				if err := os.WriteFile(dir+"/"+name, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := errors.Join(os.Mkdir(dir+"/q1", 0o700), os.WriteFile(dir+"/q1/episodes.csv", []byte(good), 0o600), os.WriteFile(dir+"/q1/contacts.csv", []byte(contacts), 0o600),
				os.Mkdir(dir+"/q3", 0o700), os.WriteFile(dir+"/q3/episodes.csv", []byte(good), 0o600), os.WriteFile(dir+"/q3/contacts.csv", []byte(gzipped(t, contacts)[:50]), 0o600)); err != nil {
				t.Fatal(err)
			}
			got := validateIn(t.Context(), t, dir, strings.NewReader(c.stdin), strings.Fields(c.args)...)
			if got.status != c.status {
				t.Errorf("exit status %d, want %d", got.status, c.status)
			}
			for _, want := range strings.Split(c.stdout, "|") {
				if !strings.Contains(got.stdout, want) {
					t.Errorf("standard output lacks %q", want)
				}
			}
			for _, want := range strings.Split(c.stderr, "|") {
				if !strings.Contains(got.stderr, want) {
					t.Errorf("standard error lacks %q", want)
				}
			}
			if c.status == failed && (got.stdout != "" && !strings.Contains(got.stdout, "Reading stopped") || got.stderr == "") {
				t.Error("what could not run says why, and nothing else")
			}
			for name, text := range held { // whatever went wrong, what was read is as it was
				if now, err := os.ReadFile(dir + "/" + name); err != nil || string(now) != text {
					t.Errorf("%s was touched: %v", name, err)
				}
			}
			if t.Failed() {
				t.Logf("%.2000s\n--\n%s", got.stdout, got.stderr)
			}
		})
	}
}

// What is proposed is written where it was asked for, and reads the file.
func TestProposedMapping(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/local.csv", []byte(local), 0o600); err != nil {
		t.Fatal(err)
	}
	got := validateIn(t.Context(), t, dir, nil, "-suggest-mapping", "-encoding", "cp1252", "-o", "m.json", "local.csv")
	if got.status != fit || !strings.Contains(got.stderr, "validate -mapping m.json local.csv") {
		t.Fatalf("status %d, %s", got.status, got.stderr)
	}
	got = validateIn(t.Context(), t, dir, nil, "-mapping", "m.json", "-format", "json", "local.csv")
	var report dcrs.Report
	if err := json.Unmarshal([]byte(got.stdout), &report); err != nil || got.status != fit || report.Records != 2 {
		t.Errorf("%v, status %d, %d records\n%s", err, got.status, report.Records, got.stderr)
	}
	if got := validateIn(t.Context(), t, dir, nil, "-suggest-mapping", "-o", "local.csv", "local.csv"); got.status != failed || !strings.Contains(got.stderr, "itself") {
		t.Errorf("status %d, %s", got.status, got.stderr)
	}
}

// Files that the caller has are held against the rows.
func TestLookups(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"e.csv":     "client_id,episode_id,service_code,referral_date,postcode\nC1,E1,RX1,2025-05-01,ZA1 1AA\nC2,E2,RX1,2025-05-01,ZA1 1AB\n",
		"onspd.csv": "pcds,doterm,lsoa11,lsoa21\nZA1 1AA,,E01000001,E01000001\n",
	} {
		if err := os.WriteFile(dir+"/"+name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got := validateIn(t.Context(), t, dir, nil, "-postcodes", "onspd.csv", "-severity", "lookup/postcode-unknown=error", "e.csv")
	if got.status != unfit || !strings.Contains(got.stdout, "lookup/postcode-unknown") || strings.Contains(got.stdout, "ZA1 1AB") {
		t.Errorf("status %d\n%s%s", got.status, got.stdout, got.stderr)
	}
}

// No value of a cell is in anything that is written, unless its field was named.
func TestNothingIsPrinted(t *testing.T) {
	dir := t.TempDir()
	text := header + strings.Repeat("!"+secret+"!,"+secret+" x,"+secret+"?,"+secret+"\n", 5)
	if err := os.WriteFile(dir+"/s.csv", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range []string{
		"s.csv", "-format json s.csv", "-format csv s.csv", "-format html s.csv", "-format dve s.csv", "-format junit s.csv", "-format sarif s.csv",
		"-formats -delimiter auto s.csv", "-inspect s.csv", "-suggest-mapping s.csv", "-suggest-mapping -format json s.csv",
	} {
		got := validateIn(t.Context(), t, dir, nil, strings.Fields(args)...)
		if strings.Contains(got.stdout+got.stderr, secret) || got.stdout == "" {
			t.Errorf("%s: status %d\n%.1500s%s", args, got.status, got.stdout, got.stderr)
		}
	}
}

// Nothing is shared between two that run at once.
func TestTwoAtOnce(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/bom.csv", []byte("\ufeff"+spreadsheet), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	var all sync.WaitGroup
	out := make([]bytes.Buffer, 4)
	for i := range out {
		all.Go(func() {
			var stderr bytes.Buffer
			if status := run(context.Background(), []string{"-delimiter", "auto", "-formats", "bom.csv"}, nil, &out[i], &stderr, now); status != fit {
				t.Errorf("status %d: %s", status, stderr.String())
			}
		})
	}
	all.Wait()
	for i := range out {
		if out[i].String() != out[0].String() {
			t.Error("two reports of one file differ")
		}
	}
}
