package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

const outHeading = "instrument,case,scale,value,band,policy,edition,status,detail"

// notYet are the instruments of the vectors that cannot be scored. One that can be is to be taken off.
var notYet = []string{"GPPAQ"}

// score runs the program, which has to succeed, and returns its lines without the heading.
func score(t testing.TB, input string, args ...string) [][]string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	require.Zero(t, run(args, strings.NewReader(input), &stdout, &stderr), stderr.String())
	require.Empty(t, stderr.String())
	rows, err := csv.NewReader(&stdout).ReadAll()
	require.NoError(t, err)
	require.Equal(t, outHeading, strings.Join(rows[0], ","))
	return rows[1:]
}

// vectors returns the rows of the reference vectors without their heading.
func vectors(t testing.TB) [][]string {
	t.Helper()
	b, err := os.ReadFile("testdata/test_vectors.csv")
	require.NoError(t, err)
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"instrument", "case", "responses", "expected", "method", "note"}, rows[0])
	return rows[1:]
}

func TestVectors(t *testing.T) {
	type key struct{ instrument, id string }
	got := map[key]map[string][]string{}
	for _, row := range score(t, "", "-allow-unverified", "testdata/test_vectors.csv") {
		k := key{row[0], row[1]}
		if got[k] == nil {
			got[k] = map[string][]string{}
		}
		require.NotContains(t, got[k], row[2], "%v has the line twice", k)
		got[k][row[2]] = row
	}
	checked := 0
	for _, v := range vectors(t) {
		t.Run(v[0]+"/"+v[1], func(t *testing.T) {
			lines := got[key{v[0], v[1]}]
			if slices.Contains(notYet, v[0]) {
				_, err := wellbeing.Lookup(v[0])
				require.Error(t, err, "%s can be scored now: take it off the list", v[0])
				require.Len(t, lines, 1)
				require.Equal(t, "refused", lines[""][7])
				return
			}
			for pair := range strings.SplitSeq(v[3], ";") {
				name, want, ok := strings.Cut(strings.TrimSpace(pair), "=")
				require.True(t, ok, "expected %q", pair)
				line := lines[name]
				require.NotNil(t, line, "there is no line for %s", name)
				checkValue(t, want, line)
				checked++
			}
		})
	}
	assert.Equal(t, 214, checked, "values expected in the file")
}

func checkValue(t *testing.T, want string, line []string) {
	t.Helper()
	if want == "NONE" {
		assert.Equal(t, []string{"", "refused"}, []string{line[3], line[7]}, line[2])
		assert.NotEmpty(t, line[8], "%s: a refusal says why", line[2])
		return
	}
	assert.Equal(t, "ok", line[7], "%s: %s", line[2], line[8])
	if _, exact, ok := strings.Cut(want, "(exact "); ok {
		want = strings.TrimSuffix(exact, ")")
	}
	number, err := wellbeing.ParseValue(want)
	if err != nil { // a label or a truth value
		if want == "True" || want == "False" {
			want = strings.ToLower(want)
		}
		assert.Equal(t, want, line[3], line[2])
		return
	}
	value, err := wellbeing.ParseValue(line[3])
	require.NoError(t, err, line[2])
	assert.True(t, number.Equal(value), "%s: want %s, got %s", line[2], want, line[3])
}

// The vectors as a wide file, in which short forms leave cells blank, score the same.
func TestWide(t *testing.T) {
	var b strings.Builder
	w := csv.NewWriter(&b)
	heading := []string{"case", "instrument"}
	for i := range 36 {
		heading = append(heading, fmt.Sprint("item", i+1))
	}
	require.NoError(t, w.Write(heading))
	for _, v := range vectors(t) {
		row := append([]string{v[1], v[0]}, strings.Fields(v[2])...)
		require.NoError(t, w.Write(append(row, make([]string, len(heading)-len(row))...)))
	}
	w.Flush()
	long := score(t, "", "testdata/test_vectors.csv")
	if diff := cmp.Diff(long, score(t, b.String(), "-wide")); diff != "" {
		t.Errorf("long and wide differ (-long +wide):\n%s", diff)
	}
}

func TestWideByKey(t *testing.T) {
	const file = "who5_5,note,Case,WHO5_1,who5_2, who5_3 ,who5_4\n3,\"a, b\",x,3,2,4,1\n3,,y,3,,4\n"
	rows := score(t, file, "-wide", "-set", "instrument=WHO-5")
	assert.Equal(t, "WHO-5 x percent 52", strings.Join(rows[1][:4], " "), "columns are found by key, in any order and case")
	assert.Equal(t, "who5_2 is missing; who5_4 is missing", rows[4][8], "a line that ends early leaves cells blank")
	rows = score(t, "case,who5_1,who5_2\nx,1,2\n", "-wide", "-set", "instrument=WHO-5")
	assert.Equal(t, "the file has no column for who5_3, who5_4, who5_5", rows[0][8], "some keys but not all")
	rows = score(t, "case,a,b,c,d,e,f\nx,1,2,3,4,5,0\n", "-wide", "-set", "instrument=WHO-5")
	assert.Equal(t, "got 6 responses, want 5", rows[0][8], "an answer too many")
}

// Cases read the lines of one or more forms as "scale=value" or "scale: reason".
func TestForms(t *testing.T) {
	for _, c := range []struct {
		why  string
		args []string
		form string // rows after the heading
		want []string
	}{
		{
			"what is rightly skipped scores 0", nil, "FAST,a,3 . . .",
			[]string{"total=3 (rightly skipped, scored 0: 3 of 4 items)", "positive=true"},
		},
		{
			"an item that means danger is flagged whatever else is wrong, and all of that is named", nil, "PHQ-9,a,0 x 9 . 0 0 0 0 1",
			append(repeat("total phq2 talking_therapies_case_ge10 phq2_ge3 mds_algorithm ods_algorithm",
				"phq9_2 is not a whole number nor a declared code: shape \"a\"; phq9_3 is out of range: got 9, want 0 to 3; phq9_4 is missing"),
				"item9_flag=true", "band: phq9_2 is not a whole number nor a declared code: shape \"a\"; phq9_3 is out of range: got 9, want 0 to 3; phq9_4 is missing"),
		},
		{
			"the owner's rule makes up for three answers, under another name", nil, "GSE-10,a,1 2 3 . . . 3 4 4 1",
			[]string{
				"sum: answers are missing: prorated_sum has the score of the others", "prorated_sum=180/7 (prorated: 7 of 10 items answered)",
				"mean: answers are missing: mean_of_answered has the score of the others", "mean_of_answered=18/7 (prorated: 7 of 10 items answered)",
			},
		},
		{
			"but not for four", nil, "GSE-10,a,1 . 3 . . . 3 4 4 1",
			repeat("sum prorated_sum mean mean_of_answered", "gse_2 is missing; gse_4 is missing; gse_5 is missing; gse_6 is missing"),
		},
		{
			"a scale is refused for its own answers only", nil, "CORE-OM,a,0 2 4 1 3 . 2 4 1 3 0 2 4 1 3 0 2 4 1 3 0 2 4 1 3 0 2 4 1 3 0 2 4 1",
			[]string{
				"all=250/11 (prorated: 33 of 34 items answered)", "non_risk=25", "W=25", "P=30", "F=20", "R: core_om_6 is missing",
				"above_cutoff_ge10=true (prorated: 33 of 34 items answered)",
			},
		},
		{"a sentinel that nobody declared is no answer", nil, "SelfRatedHealth100,a,999", []string{"health: health is out of range: got 999, want 0 to 100"}},
		{"declared, it is missing", []string{"-set", "missing=NA,999"}, "SelfRatedHealth100,a,999", []string{"health: health is missing"}},
		{
			"refused and not applicable are told apart, and numbers match as numbers",
			[]string{"-set", "refused=-9", "-set", "not_applicable=NA"},
			"UCLA-3,a,-9.0 NA 1",
			repeat("total lonely_ge6", "ucla3_1 was refused; ucla3_2 is marked not applicable"),
		},
		{"a declared code that is an answer is not guessed at", []string{"-set", "refused=9"}, "GBO,a,5", []string{`goal: codes: "9" is an answer to goal`}},
		{"what rests on memory is off", nil, "LSNS-6,a,2 1 2 3 2 1", append(
			[]string{"total=11", "family=5", "friends=6"}, repeat("at_risk_lt12 family_lt6 friends_lt6", unverified)...,
		)},
		{"and says so when it is on", []string{"-allow-unverified"}, "LSNS-6,a,2 1 2 3 2 1", []string{
			"total=11", "family=5", "friends=6", "at_risk_lt12=true (rests on memory alone)", "family_lt6=true (rests on memory alone)", "friends_lt6=false (rests on memory alone)",
		}},
		{"a band from memory comes beside its scale too", []string{"-allow-unverified"}, "SWEMWBS-7,a,3 3 3 4 3 4 3", []string{"raw=23", "metric=20.73 [medium]", "norm_band=medium [medium] (rests on memory alone)"}},
		{"a band stands beside its score and on its own line", nil, "HSI,a,2 2", []string{"hsi=4 [medium]", "hsi_band_nida=medium [medium]"}},
		{"a rival is judged on request", []string{"-set", "judge=hsi_band_3_5"}, "HSI,a,2 0", []string{"hsi=2 [medium]", "hsi_band_nida=medium [medium]", "hsi_band_3_5=low [low]"}},
		{
			"a request that rests on memory is refused, and only that",
			[]string{"-set", "judge=clinical_lt25"},
			"ReQoL-10,a,2 2 2 2 2 2 3 3 3 3",
			[]string{"total=24", "clinical_lt24=false", "clinical_lt25: " + unverified},
		},
		{"a plain name stands for what was set", []string{"-set", "EQ-5D-5L=UK Rowen 2026"}, "EQ-5D-5L,a,3 3 3 3 3", []string{"index=0.604"}},
		{"a value set may be named by its first words", []string{"-set", "EQ-5D-3L=UK MVH-A1"}, "EQ-5D-3L,a,3 3 2 2 1", []string{"index=-0.037"}},
		{
			"without that, there is no default", nil, "EQ-5D-3L,a,3 3 2 2 1",
			[]string{": the name leaves the value set open: write EQ-5D-3L UK MVH-A1, or -set what it stands for"},
		},
		{"a coding can be set", []string{"-set", "K6=1-5"}, "K6,a,1 1 1 1 1 5", []string{"k6_0to4=4", "k6_smi_ge13=false"}},
		{"a name decides the coding", nil, "K6,a,1 1 1 1 1 5", repeat("k6_0to4 k6_smi_ge13", "k6_6 is out of range: got 5, want 0 to 4")},
		{"the ONS4 stand alone", nil, "ONS4,a,7 . 4 3", []string{
			"satisfied_0to10=7 [high]", "worthwhile_0to10: ons4_worthwhile is missing", "happy_0to10=4 [low]", "anxious_0to10=3 [low]",
			"satisfied=high [high]", "worthwhile: ons4_worthwhile is missing", "happy=low [low]", "anxious=low [low]",
		}},
		{"a form may be kept out by the protocol", nil, "IPAQ-short,a,7 960 7 10 7 10", repeat("met_min_week category_level category", "excluded by the instrument's own rule: the minutes of the three activities on a day come to more than 960 (16 hours)")},
		{"too few answers", nil, "UCLA-3,a,1 1", repeat("total lonely_ge6", "got 2 responses, want 3")},
		{"no answers", nil, "UCLA-3,a", repeat("total lonely_ge6", "got 0 responses, want 3")},
		{"a code between others", nil, "FAST,a,2 0 0 1", repeat("total positive", "fast_4 has no such code: got 1, want one of 0, 2, 4")},
		{"an index needs both numbers", nil, "RCI95 Jacobson-Truax,a,x .", []string{"rci: sd is not a value: not a decimal number of at most 18 digits nor a fraction; reliability is missing"}},
		{"and a reliability below 1", nil, "RCI95 Jacobson-Truax,a,7.5 1", []string{"rci: precision: needs an SD above 0 and a reliability from 0 up to but not 1"}},
		{"an index of one number", nil, "RCI95 Jacobson-Truax,a,7.5", []string{"rci: got 1 responses, want 2"}},
		{"an unknown instrument gets one line", nil, "PHQ9,a,1", []string{": there is no instrument of this name: score -h lists them"}},
		{"and so does one held back", nil, "GPPAQ,a,1", []string{": held back until the table that combines its answers has a source"}},
		{"a comma too many shifts the cells", nil, "UCLA-3,a,1,1,1", repeat("total lonely_ge6", "the line has more cells than the heading")},
		{"a stray quote costs its own line", nil, "UCLA-3,\"a,1 1 1\nGBO,b,5", []string{": line 2 of the file: the line has a quotation mark without its counterpart", "goal=5"}},
		{"text after a quote", nil, "UCLA-3,\"a\"b,1 1 1\nGBO,b,5", []string{": line 2 of the file: the line has text after a closing quotation mark", "goal=5"}},
		{"a line of 100 KB costs its own line", nil, "GBO,a,5\n" + strings.Repeat("7 ", 50_000) + "\nGBO,b,x\n\"\nGBO,c,5", []string{
			"goal=5", ": line 3 of the file: the line is longer than 64 KiB", "goal: goal is not a whole number nor a declared code: shape \"a\"",
			": line 5 of the file: the line has a quotation mark without its counterpart", "goal=5",
		}},
		{"spreadsheets pad files with commas", nil, "GBO,a,5\r\n,,\r\n\r\n , ,\r\n\"GBO\",\"b\",\" 6 \"\r\n", []string{"goal=5", "goal=6"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			var got []string
			for _, r := range score(t, "\ufeffInstrument,Case,Responses\r\n"+c.form, c.args...) {
				switch {
				case r[7] == "refused":
					assert.Empty(t, r[3]+r[4], "a refused line has no value")
					got = append(got, r[2]+": "+r[8])
				case r[4] != "" && r[8] != "":
					got = append(got, fmt.Sprintf("%s=%s [%s] (%s)", r[2], r[3], r[4], r[8]))
				case r[4] != "":
					got = append(got, fmt.Sprintf("%s=%s [%s]", r[2], r[3], r[4]))
				case r[8] != "":
					got = append(got, fmt.Sprintf("%s=%s (%s)", r[2], r[3], r[8]))
				default:
					got = append(got, r[2]+"="+r[3])
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func repeat(scales, reason string) (lines []string) {
	for s := range strings.FieldsSeq(scales) {
		lines = append(lines, s+": "+reason)
	}
	return lines
}

// Output says by which policy, and by which edition, coding and value set.
func TestPolicyAndEdition(t *testing.T) {
	const file = "instrument,case,responses\nWHO-5,a,3 2 4 1 3\nCORE-10,a,2 3 2 1 2 0 3 2 1 2\nK10,a,1 1 1 1 1 1 1 1 1 1\nEQ-5D-5L,a,1 1 1 1 1\n"
	got := map[string]string{}
	for _, r := range score(t, file, "-set", "EQ-5D-5L=UK Rowen 2026") {
		got[r[0]] = r[5] + "; " + r[6]
	}
	assert.Equal(t, map[string]string{
		"WHO-5":    "complete only; 1998",
		"CORE-10":  "owner's rule; 2013",
		"K10":      "complete only; 2002, coded 1-5",
		"EQ-5D-5L": "complete only; EQ-5D-5L, UK Rowen 2026",
	}, got)
}

// A refused form has the lines of a scored one; only a score under another name is added.
func TestSameLinesWhateverHappens(t *testing.T) {
	names := func(rows [][]string) (scales []string) {
		for _, r := range rows {
			if r[2] != "prorated_sum" && r[2] != "mean_of_answered" {
				scales = append(scales, r[0]+" "+r[2])
			}
		}
		return scales
	}
	for in := range wellbeing.Instruments() {
		var best, blank []string
		for _, it := range in.Definition().Items {
			best, blank = append(best, fmt.Sprint(it.Min)), append(blank, ".")
		}
		form := func(answers ...string) []string {
			return names(score(t, fmt.Sprintf("instrument,case,responses\n%s,a,%s\n", in.Name(), strings.Join(answers, " "))))
		}
		want := form(best...)
		require.NotEmpty(t, want, in.Name())
		assert.Equal(t, want, form(blank...), "%s, blank", in.Name())
		assert.Equal(t, want, form(), "%s, without an answer", in.Name())
		assert.Equal(t, want, form(append([]string{"9999"}, best[1:]...)...), "%s, out of range", in.Name())
	}
}

func TestFormulas(t *testing.T) {
	for _, c := range []struct{ id, want, why string }{
		{"A17", "A17", "an ordinary case"},
		{"", "", "no case"},
		{"=1+1", "'=1+1", "a formula"},
		{"+cmd", "'+cmd", "another"},
		{"@SUM(A1)", "'@SUM(A1)", "another"},
		{"-1-1", "'-1-1", "another"},
		{" \t=1", "' \t=1", "blanks do not hide it"},
		{"\u200b=1", "'\u200b=1", "nor do characters without width"},
		{"＝1", "'＝1", "the wide form"},
		{"-17", "-17", "a plain number"},
		{"+1.5", "+1.5", "a plain number"},
		{"-.5", "'-.5", "not as plain"},
		{"'x", "''x", "the mark itself, so that taking one away gives the original"},
		{"a=1", "a=1", "not at the start"},
		{"a;=1", "a;=1", "quoted, so that a reader of semicolons keeps it in one cell"},
		{" a ", " a ", "blanks come back"},
		{"a\n\"b\", c", "a\n\"b\", c", "quotes, commas and line breaks come back"},
	} {
		var b strings.Builder
		w := csv.NewWriter(&b)
		require.NoError(t, w.WriteAll([][]string{{"instrument", "case", "responses"}, {"GBO", c.id, "5"}}))
		rows := score(t, b.String())
		require.Len(t, rows, 1, c.why)
		assert.Equal(t, c.want, rows[0][1], c.why)
		assert.Equal(t, c.id, strings.TrimPrefix(rows[0][1], "'"), c.why)
	}
	assert.Equal(t, `"a;=1"`, string(appendCell(nil, "a;=1")))
	assert.Equal(t, "'=GBO", score(t, "instrument,case,responses\n=GBO,a,5\n")[0][0], "a formula for an instrument")
}

func TestCommandLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "none.csv")
	for _, c := range []struct {
		why, input string
		args       []string
		want       string
	}{
		{"a flag that is none", "", []string{"-x"}, "flag provided but not defined"},
		{"two files", "", []string{"a", "b"}, "it takes one FILE at most; there are 2"},
		{"a file that is not there", "", []string{file}, "no such file"},
		{"a setting without a value", "", []string{"-set", "refused"}, "NAME=VALUE"},
		{"a setting that is none", "", []string{"-set", "age=40"}, `there is no "age" to set`},
		{"a coding that is none", "", []string{"-set", "K10=0-5"}, `K10 cannot be set to "0-5"`},
		{"a rival that is none", "", []string{"-set", "judge=best"}, `named "best"`},
		{"a blank code", "", []string{"-set", "refused=-9,"}, "a blank cell always means missing"},
		{"a code with two meanings", "", []string{"-set", "refused=-9", "-set", "not_applicable=-9"}, `"-9" cannot mean two things`},
		{"the dot is taken", "", []string{"-set", "refused=."}, `"." cannot mean two things`},
		{"nothing at all", "", nil, "the file is empty"},
		{"blank lines only", "\n\n,,\n", nil, "the file is empty"},
		{"semicolons", "instrument;case;responses\n", nil, "semicolons"},
		{"no case", "instrument,responses\n", nil, "no column case"},
		{"no instrument", "case,responses\n", nil, "no column instrument"},
		{"an instrument twice over", "instrument,case,responses\n", []string{"-set", "instrument=WHO-5"}, "this one has it"},
		{"no responses", "instrument,case,a\n", nil, "-wide"},
		{"responses in a wide file", "instrument,case,responses\n", []string{"-wide"}, "leave -wide out"},
		{"no items", "instrument,case\n", []string{"-wide"}, "no columns of items"},
		{"a column twice", "instrument,case,Case,responses\n", nil, `has "case" twice`},
		{"a heading that is not CSV", "instrument,\"case\"s,responses\n", nil, "the heading: "},
		{"UTF-16", "\xff\xfei\x00", nil, "UTF-16"},
	} {
		var stdout, stderr bytes.Buffer
		assert.Equal(t, 2, run(c.args, strings.NewReader(c.input), &stdout, &stderr), c.why)
		assert.Contains(t, stderr.String(), c.want, c.why)
		assert.Empty(t, stdout.String(), c.why)
	}
}

func TestHelp(t *testing.T) {
	var stdout, stderr bytes.Buffer
	require.Zero(t, run([]string{"-h"}, nil, &stdout, &stderr))
	assert.Empty(t, stderr.String())
	for in := range wellbeing.Instruments() {
		assert.Contains(t, stdout.String(), "  "+in.Name()+" ")
	}
	for _, name := range []string{"us_audit_c_positive_men_ge4", "K10=0-4", "EQ-5D-5L=UK crosswalk van Hout 2012", rciName} {
		assert.Contains(t, stdout.String(), name)
	}
	for line := range strings.Lines(stdout.String()) {
		assert.LessOrEqual(t, len(strings.TrimSuffix(line, "\n")), 80, line)
	}
}

func TestReadingAndWritingFail(t *testing.T) {
	broken := errors.New("broken")
	var stdout, stderr bytes.Buffer
	input := io.MultiReader(strings.NewReader("instrument,case,responses\nGBO,a,5\n"), iotest.ErrReader(broken))
	assert.Equal(t, 2, run(nil, input, &stdout, &stderr))
	assert.Contains(t, stderr.String(), "broken")
	assert.Contains(t, stdout.String(), "GBO,a,goal,5,", "what was scored until then stands")
	stderr.Reset()
	assert.Equal(t, 2, run(nil, strings.NewReader(forms(3000)), brokenWriter{broken}, &stderr))
	assert.Contains(t, stderr.String(), "broken")
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

// However the bytes arrive, the answer is the same.
func TestByteByByte(t *testing.T) {
	file, err := os.ReadFile("testdata/test_vectors.csv")
	require.NoError(t, err)
	var whole, single bytes.Buffer
	require.Zero(t, run(nil, bytes.NewReader(file), &whole, io.Discard))
	require.Zero(t, run([]string{"-"}, iotest.OneByteReader(bytes.NewReader(file)), &single, io.Discard))
	assert.Equal(t, whole.String(), single.String())
}

// FuzzScore holds that any bytes are scored or refused, and that what comes out is a table.
func FuzzScore(f *testing.F) {
	for _, s := range []string{
		"", "instrument,case,responses\nWHO-5,a,3 2 4 1 3\n", "\"instrument\",case,responses\r\nGSE-10,\"=\"\"1\",. 1 . 1 1 1 1 1 1 1\r\n",
		"instrument,case,responses\nPHQ-9,\"a,9\nIPAQ-short,b,7 99 7 9999 7 1\nRCI95 Jacobson-Truax,c,1e9 0\n", "instrument,case,a,b\nHSI,x,1,2,\"\n",
	} {
		f.Add([]byte(s), false)
		f.Add([]byte(s), true)
	}
	f.Fuzz(func(t *testing.T, file []byte, wide bool) {
		args := []string{"-allow-unverified"}
		if wide {
			args = append(args, "-wide")
		}
		var stdout, stderr bytes.Buffer
		switch run(args, bytes.NewReader(file), &stdout, &stderr) {
		case 2:
			require.NotEmpty(t, stderr.String())
			return
		case 0:
		default:
			t.Fatal("another exit status")
		}
		out := csv.NewReader(&stdout)
		out.FieldsPerRecord = 9
		rows, err := out.ReadAll()
		require.NoError(t, err)
		for _, r := range rows[1:] {
			require.Contains(t, []string{"ok", "refused"}, r[7])
			require.Equal(t, r[7] == "refused", r[3] == "", "a value or a refusal")
			require.Equal(t, r[7] == "refused", r[8] != "" && r[3] == "", "a refusal says why")
			for _, c := range []string{r[0], r[1], r[8]} {
				require.False(t, c != "" && strings.ContainsAny(c[:1], "=@"), "%q could be a formula", c)
			}
		}
	})
}

// FuzzRecords compares the reader with encoding/csv on whatever that accepts.
func FuzzRecords(f *testing.F) {
	for _, s := range []string{"a,b\nc,d", "\"a\"\"b\",\n\n,\"c\nd\"\n", "a\n\"\"\n,x,"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if bytes.IndexByte(file, '\r') >= 0 || len(file) >= maxRecord || bytes.HasPrefix(file, []byte("\xef\xbb\xbf")) {
			return // encoding/csv changes line breaks within cells, and keeps the mark
		}
		standard := csv.NewReader(bytes.NewReader(file))
		standard.FieldsPerRecord = -1
		want, err := standard.ReadAll()
		rs, bad := newRecords(bytes.NewReader(file))
		if err != nil || bad != nil {
			return
		}
		filled := func(cell string) bool { return strings.TrimSpace(cell) != "" } // of its own: bytes of two cells can make a space
		want = slices.DeleteFunc(want, func(r []string) bool { return !slices.ContainsFunc(r, filled) })
		got := [][]string{}
		for {
			cells, bad, err := rs.read()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			require.Empty(t, bad)
			row := make([]string, len(cells))
			for i, c := range cells {
				row[i] = string(c)
			}
			got = append(got, row)
		}
		require.Equal(t, append([][]string{}, want...), got)
	})
}

func forms(n int) string {
	var b strings.Builder
	b.WriteString("instrument,case,responses\n")
	for i := range n {
		fmt.Fprintf(&b, "PHQ-9,c%d,0 1 2 3 0 1 2 3 %d\n", i, i%4)
	}
	return b.String()
}

func BenchmarkScore(b *testing.B) {
	const n = 10_000
	file := forms(n)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		if run(nil, strings.NewReader(file), io.Discard, io.Discard) != 0 {
			b.Fatal("it failed")
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "forms/s")
}

// The plain names of three instruments are read too, and come back as they were written.
func TestShortNames(t *testing.T) {
	for short, full := range shortNames {
		_, err := wellbeing.Lookup(short)
		require.Error(t, err, "%s is the name of an instrument itself", short)
		in, err := wellbeing.Lookup(full)
		require.NoError(t, err)
		form := strings.TrimSpace(strings.Repeat("3 ", in.Len()))
		want := score(t, "instrument,case,responses\n"+full+",a,"+form)
		for i := range want {
			require.Equal(t, "ok", want[i][7])
			want[i][0] = short
		}
		got := score(t, "instrument,case,responses\n"+short+",a,"+form)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s and %s differ (-full +short):\n%s", short, full, diff)
		}
		got = score(t, "case,responses\na,"+form, "-set", "instrument="+short)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-set instrument=%s (-full +short):\n%s", short, diff)
		}
	}
}
