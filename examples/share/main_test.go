package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/healthtrainer/healthtrainer/dcrs/share"
)

var now = time.Date(2026, 3, 31, 9, 0, 0, 0, time.UTC)

const keyText = "a made-up key for tests, 32 bytes and more"

type outcome struct {
	status         int
	stdout, stderr string
}

// inFolder writes a made-up extract, a plan, a key and look-ups into a fresh folder and
// goes there. Six clients are alike, one is alone, one has not consented.
func inFolder(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	var extract strings.Builder
	extract.WriteString("client_id,episode_id,service_code,nhs_number,date_of_birth,gender,postcode,setting,consent,Name\n")
	for i := range 6 {
		fmt.Fprintf(&extract, "SECRETC%d,SECRETE%d,RX1,9990000018,1985-03-02,1,ZA1 1AA,prison,Y,SECRETNAME\n", i, i)
	}
	extract.WriteString("SECRETC8,SECRETE8,RX1,,1935-03-02,2,ZA1 1AA,prison,Y,SECRETNAME\n")
	extract.WriteString("SECRETC9,SECRETE9,RX1,,1985-03-02,1,ZA1 1AA,prison,N,SECRETNAME\n")
	var ranks strings.Builder
	ranks.WriteString("LSOA code,IMD rank\n")
	for i := 1; i <= 32_844; i++ {
		fmt.Fprintf(&ranks, "E01%06d,%d\n", i, i)
	}
	book := excelize.NewFile()
	defer book.Close()
	local := "Client;Ep;Svc;DOB;Sex;OK;Caf\xe9\n"
	err := book.SetSheetRow("Sheet1", "A1", &[]any{"client_id", "episode_id", "service_code", "date_of_birth", "gender", "consent"})
	for i := range 6 {
		local += fmt.Sprintf("SECRETC%d;SECRETE%d;RX1;02/03/1985;1;Y;x\n", i, i)
		err = errors.Join(err, book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+2), &[]any{fmt.Sprintf("SECRETC%d", i), fmt.Sprintf("SECRETE%d", i), "RX1", "1985-03-02", "1", "Y"}))
	}
	contacts := "contact_id,episode_id,contact_date\nSECRETK1,SECRETE1,2025-05-02\n"
	if err := errors.Join(err, book.SaveAs("book.xlsx"), os.Mkdir("quarter", 0o700), os.Mkdir("contacts", 0o700)); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"quarter/episodes.csv": extract.String(), "quarter/contacts.csv": contacts, "contacts/contacts.csv": contacts, "local.csv": local,
		"m.json": `{"mapping": 1, "kind": "episode", "encoding": "windows-1252", "delimiter": ";", "date": "dd/mm/yyyy", "columns": [
			{"heading": "Client", "field": "client_id"}, {"heading": "Ep", "field": "episode_id"}, {"heading": "Svc", "field": "service_code"},
			{"heading": "DOB", "field": "date_of_birth"}, {"heading": "Sex", "field": "gender"}, {"heading": "OK", "field": "consent"}, {"heading": "Caf\u00e9", "ignore": true}]}`,
		"x.csv": extract.String(), "x;.csv": strings.ReplaceAll(extract.String(), ",", ";"), "share.key": keyText, "short.key": "short",
		"plan.json": `{"project": "test", "fields": {"setting": "keep"}, "suppress": "none"}`,
		"leak.json": `{"project": "test", "fields": {"postcode": "keep"}}`, "bad.json": `{"projekt": "test"}`,
		"onspd.csv": "pcds,doterm,lsoa11\nZA1 1AA,,E01016000\n", "imd.csv": ranks.String(),
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func shareWith(t *testing.T, stdin io.Reader, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status := run(context.Background(), args, stdin, &stdout, &stderr, now)
	return outcome{status, stdout.String(), stderr.String()}
}

func TestRun(t *testing.T) {
	for _, c := range []struct {
		why    string
		args   []string
		status int
		stdout []string // each stands in it
		stderr []string
	}{
		{
			why: "safe without a plan", args: []string{"-project", "test", "-age-on", "2026-04-01", "-key", "share.key", "-o", "-", "x.csv"},
			status: safe, stdout: []string{"client_id,episode_id", "date_of_birth_age_band", "35-44"}, stderr: []string{"6 of 8 records", "consent", "nhs_number", "drop"},
		},
		{
			why: "without a key there are no pseudonyms", args: []string{"-project", "test", "-o", "-", "x.csv"},
			status: safe, stdout: []string{"service_code,trainer_imd_quintile"}, stderr: []string{"client_id"},
		},
		{
			why: "quintiles", args: []string{"-project", "test", "-postcodes", "onspd.csv", "-ranks", "2019=imd.csv", "-o", "-", "x.csv"},
			status: safe, stdout: []string{"postcode_quintile", ",3,"},
		},
		{
			why: "a plan that suppresses nothing is told where to be careful", args: []string{"-plan", "plan.json", "-o", "-", "x.csv"},
			status: careful, stdout: []string{"setting", "prison"}, stderr: []string{"CAREFUL", "7 of 8 records"},
		},
		{
			why: "a flag goes before the plan", args: []string{"-plan", "plan.json", "-k", "1", "-o", "-", "x.csv"},
			status: safe,
		},
		{
			why: "nobody is one of enough", args: []string{"-project", "test", "-k", "100", "-o", "-", "x.csv"},
			status: safe, stderr: []string{"no record was shared: see TO SHARE MORE ROWS", "of 7 rows so many are shared", "with k = 3"},
		},
		{
			why: "another delimiter", args: []string{"-project", "test", "-delimiter", ";", "-o", "-", "x;.csv"},
			status: safe, stderr: []string{"6 of 8 records"},
		},
		{
			why: "a delimiter that is found", args: []string{"-project", "test", "-delimiter", "auto", "-o", "-", "x;.csv"},
			status: safe, stderr: []string{"6 of 8 records", "took a semicolon"},
		},
		{
			why: "by a mapping, which says the encoding and the dates too", args: []string{"-project", "test", "-age-on", "2026-04-01", "-mapping", "m.json", "-o", "-", "local.csv"},
			status: safe, stdout: []string{"35-44"}, stderr: []string{"6 of 6 records"},
		},
		{
			why: "of a workbook", args: []string{"-project", "test", "-age-on", "2026-04-01", "-o", "-", "book.xlsx"},
			status: safe, stdout: []string{"35-44"}, stderr: []string{"6 of 6 records"},
		},
		{
			why: "of a folder the episodes alone", args: []string{"-project", "test", "-o", "-", "quarter"},
			status: safe, stderr: []string{"6 of 8 records", "nothing of contacts.csv"},
		},
		{
			why: "a field that is not to be shared", args: []string{"-project", "test", "-age-on", "2026-04-01", "-drop", "gender, date_of_birth", "-o", "-", "x.csv"},
			status: safe, stderr: []string{"7 of 8 records", "date_of_birth            identifying  drop (named)"},
		},
		{why: "a field that there is not", args: []string{"-project", "test", "-drop", "sex", "-o", "-", "x.csv"}, status: failed, stderr: []string{"sex"}},
		{why: "a folder without episodes", args: []string{"-project", "test", "-o", "-", "contacts"}, status: failed, stderr: []string{"no episodes.csv"}},
		{why: "contacts", args: []string{"-project", "test", "-o", "-", "contacts/contacts.csv"}, status: failed, stderr: []string{"these are contacts"}},
		{why: "contacts that are said to be", args: []string{"-kind", "contact", "-project", "test", "-o", "-", "x.csv"}, status: failed, stderr: []string{"no contacts"}},
		{why: "help was asked for", args: []string{"-h"}, status: safe, stdout: []string{"Usage: share [flags] -o FILE EXTRACT"}},
		{why: "no extract", args: []string{"-o", "-"}, status: failed, stderr: []string{"one EXTRACT"}},
		{why: "nowhere to write", args: []string{"-project", "test", "x.csv"}, status: failed, stderr: []string{"-o says"}},
		{why: "no project", args: []string{"-o", "-", "x.csv"}, status: failed, stderr: []string{"project"}},
		{why: "a plan that leaks", args: []string{"-plan", "leak.json", "-o", "-", "x.csv"}, status: failed, stderr: []string{"postcode: keep", "no safe extract"}},
		{why: "a plan that cannot be read", args: []string{"-plan", "bad.json", "-o", "-", "x.csv"}, status: failed, stderr: []string{"projekt"}},
		{why: "a key that is too short", args: []string{"-project", "test", "-key", "short.key", "-o", "-", "x.csv"}, status: failed, stderr: []string{"5 bytes"}},
		{why: "a missing extract", args: []string{"-project", "test", "-o", "-", "none.csv"}, status: failed, stderr: []string{"none.csv"}},
		{why: "a missing plan", args: []string{"-plan", "none.json", "-o", "-", "x.csv"}, status: failed, stderr: []string{"none.json"}},
		{why: "a missing key", args: []string{"-project", "test", "-key", "none.key", "-o", "-", "x.csv"}, status: failed, stderr: []string{"none.key"}},
		{why: "the wrong file of ranks", args: []string{"-project", "test", "-ranks", "2019=onspd.csv", "-o", "-", "x.csv"}, status: failed, stderr: []string{"onspd.csv", "columns"}},
		{why: "ranks without an edition", args: []string{"-ranks", "imd.csv", "-o", "-", "x.csv"}, status: failed, stderr: []string{"EDITION=FILE"}},
		{why: "a directory", args: []string{"-project", "test", "-o", "-", "."}, status: failed, stderr: []string{"neither episodes.csv"}},
		{why: "over the extract", args: []string{"-project", "test", "-o", "x.csv", "x.csv"}, status: failed, stderr: []string{"the extract itself"}},
		{why: "over the key", args: []string{"-project", "test", "-key", "short.key", "-o", "short.key", "x.csv"}, status: failed, stderr: []string{"overwrite what is read"}},
		{why: "the report in the extract's place", args: []string{"-project", "test", "-report", "o.csv", "-o", "o.csv", "x.csv"}, status: failed, stderr: []string{"two things to write"}},
		{why: "nothing that can be read", args: []string{"-project", "test", "-o", "o.csv", "short.key"}, status: careful, stderr: []string{"no row was found"}},
		{why: "a k of none", args: []string{"-project", "test", "-k", "0", "-o", "-", "x.csv"}, status: failed, stderr: []string{"at least 1"}},
		{why: "an unknown flag", args: []string{"-colour", "x.csv"}, status: failed, stderr: []string{"-colour"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			inFolder(t)
			got := shareWith(t, nil, c.args...)
			if got.status != c.status {
				t.Errorf("exit status %d, not %d\n%s", got.status, c.status, got.stderr)
			}
			for _, s := range c.stdout {
				if !strings.Contains(got.stdout, s) {
					t.Errorf("standard output does not hold %q:\n%s", s, got.stdout)
				}
			}
			for _, s := range c.stderr {
				if !strings.Contains(got.stderr, s) {
					t.Errorf("standard error does not hold %q:\n%s", s, got.stderr)
				}
			}
			for _, secret := range []string{"SECRET", "9990000018", "1985-", "ZA1", keyText} {
				if strings.Contains(got.stdout+got.stderr, secret) {
					t.Errorf("%q comes out", secret)
				}
			}
			if !slices.Contains(c.args, "plan.json") && strings.Contains(got.stdout, "prison") {
				t.Error("offence data come out unnamed")
			}
		})
	}
}

// TestFiles: the extract and the report are for their owner alone, and an extract
// that is not whole is not left behind.
func TestFiles(t *testing.T) {
	inFolder(t)
	got := shareWith(t, nil, "-project", "test", "-o", "safe.csv", "-report", "report.json", "x.csv")
	if got.status != safe || got.stdout != "" {
		t.Fatal(got)
	}
	for _, name := range []string{"safe.csv", "report.json"} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
			t.Fatal(name, info, err)
		}
	}
	text, err := os.ReadFile("report.json")
	if err != nil {
		t.Fatal(err)
	}
	var report share.Report
	if err := json.Unmarshal(text, &report); err != nil || report.Written != 6 {
		t.Fatal(err, report.Written)
	}

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var stderr bytes.Buffer
	if status := run(ctx, []string{"-project", "test", "-o", "half.csv", "x.csv"}, nil, io.Discard, &stderr, now); status != failed {
		t.Error(status)
	}
	if _, err := os.Stat("half.csv"); !os.IsNotExist(err) {
		t.Error("half a safe extract is left behind")
	}
	if !strings.Contains(stderr.String(), "interrupted") {
		t.Error(stderr.String())
	}
}

func TestStandardInput(t *testing.T) {
	inFolder(t)
	f, err := os.Open("x.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := shareWith(t, f, "-project", "test", "-o", "-", "-"); got.status != safe || !strings.Contains(got.stderr, "6 of 8 records") {
		t.Error(got)
	}
	if got := shareWith(t, io.MultiReader(strings.NewReader("x")), "-project", "test", "-o", "-", "-"); got.status != failed || !strings.Contains(got.stderr, "read twice") {
		t.Error(got)
	}
}

func TestShowPlan(t *testing.T) {
	inFolder(t)
	got := shareWith(t, nil, "-plan", "plan.json", "-age-on", "2026-04-01", "-show-plan")
	plan, err := share.ReadPlan(strings.NewReader(got.stdout))
	if got.status != safe || err != nil || plan.Project != "test" || plan.AgeOn.String() != "2026-04-01" || plan.Fields["setting"] != share.Keep {
		t.Error(got, err, plan)
	}
}
