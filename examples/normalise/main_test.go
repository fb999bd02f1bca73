package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/healthtrainer/healthtrainer/dcrs"
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
		{why: "a directory", args: []string{"-o", "-", "."}, status: failed, stderr: []string{"directory"}},
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

// TestRevert: the list with everything shown puts the export back.
func TestRevert(t *testing.T) {
	inFolder(t)
	if got := normaliseWith(t, nil, "-mapping", "bury.json", "-changes", "changes.csv", "-show", "all", "-o", "out.csv", "local.csv"); got.status != whole {
		t.Fatal(got)
	}
	out, err := os.Open("out.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	changes, err := os.Open("changes.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer changes.Close()
	var back bytes.Buffer
	if err := dcrs.Revert(context.Background(), out, changes, &back); err != nil || back.String() != local {
		t.Error(err, back.String())
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
}
