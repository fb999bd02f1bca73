package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write testdata/*.txt anew")

// The text is read by people, so people look at what changes in it.
func TestText(t *testing.T) {
	for _, c := range []struct {
		name, reason string
		args         []string
	}{
		{"groups", "two services, one of them small, and a row without a service", []string{"-group", "service"}},
		{"swemwbs", "one measure, ties and zeros", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, out, errs := execute(t, "", append(c.args, "testdata/"+c.name+".csv")...)
			require.Equal(t, computed, status, errs)
			golden := "testdata/" + c.name + ".txt"
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(out), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			if diff := cmp.Diff(string(want), out); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.reason, diff)
			}
		})
	}
}

// Whatever the data, a line holds no more than a terminal shows, and nothing that is not a number.
func TestTextIsTidy(t *testing.T) {
	for _, s := range sets(t) {
		status, out, errs := execute(t, s.csv(), "-")
		require.Equal(t, computed, status, errs)
		tidy(t, s.name(), out)
		require.Contains(t, out, fmt.Sprintf("n = %v with both values", s["n_complete"]), s.name())
	}
	long := "a-group-whose-name-is-" + strings.Repeat("long-", 40) + "\x1b[2J"
	_, out, _ := execute(t, "pre,post,g\n1,2,"+long+"\n3,7,"+long+"\n", "-group", "g", "-")
	tidy(t, "long name", out)
	require.NotContains(t, out, "\x1b", "a name in the data must not command the terminal")
}

func tidy(t *testing.T, name, out string) {
	t.Helper()
	for line := range strings.SplitSeq(out, "\n") {
		if n := utf8.RuneCountInString(line); n > lineWidth {
			t.Errorf("%s: %d characters in %q", name, n, line)
		}
		for _, bad := range []string{"NaN", "Inf", "%!", "  -0 ", "outcomes:"} {
			if strings.Contains(line, bad) {
				t.Errorf("%s: %s in %q", name, bad, line)
			}
		}
	}
}

func TestReads(t *testing.T) {
	plain := "pre,post\n1.5,2\n3,\n-4,5e1\n"
	_, want, _ := execute(t, plain, "-format", "json", "-")
	for _, c := range []struct{ in, reason string }{
		{"\uFEFF" + plain, "a byte order mark, as Excel writes"},
		{strings.ReplaceAll(plain, "\n", "\r\n"), "lines end as on Windows"},
		{strings.ReplaceAll(plain, "\n", "\r"), "lines end as on an old Mac"},
		{strings.TrimSuffix(plain, "\n"), "the last line does not end"},
		{"\"pre\",\"post\"\n\"1.5\",\"2\"\n\"3\",\"\"\n\"-4\",\"5e1\"\n", "all cells in quotes"},
		{" pre , post \n 1.5, \"2\" \n3,  \n\t-4 ,5e1\n", "spaces around cells and around quotes"},
		{"POST,Pre\n2,1.5\n,3\n50,-4\n", "another order, another case"},
		{"id,pre,note,post\n7,1.5,\"says \"\"better\"\",\nat last\",2\n8,3,,\n9,-4,O\"Neill,+5E+1\n", "other columns, with commas, lines and quotes in them"},
		{"\n\npre,post\n\n1.5,2\n  \n3,\n-4,50\n\n", "lines without anything"},
		{"pre,post\n01.50,2.\n3.0,\n-4,.5e2\n", "other spellings of the same numbers"},
	} {
		status, got, errs := execute(t, c.in, "-", "-format=json")
		require.Equal(t, computed, status, "%s: %s", c.reason, errs)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-plain +got):\n%s", c.reason, diff)
		}
	}
}

func TestRefuses(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		reason string
		stdin  string
		args   []string
		says   string
	}{
		{"no file", "", nil, "it takes one FILE"},
		{"two files", "", []string{"a", "b"}, "there are 2"},
		{"a file that is not there", "", []string{filepath.Join(dir, "none.csv")}, "none.csv"},
		{"a directory", "", []string{dir}, "directory"},
		{"a flag that is not there", "", []string{"-exact", "-"}, "-exact"},
		{"a format that is not there", "", []string{"-format", "xml", "-"}, "text or json"},
		{"a group without a name", "", []string{"-group", "", "-"}, "name of a column"},
		{"nothing", "", []string{"-"}, "no heading"},
		{"no column pre", "before,post\n1,2\n", []string{"-"}, "has no pre"},
		{"no column post", "pre,after\n1,2\n", []string{"-"}, "has no post"},
		{"no column for the group", "pre,post\n1,2\n", []string{"-group", "site", "-"}, "has no site"},
		{"a column twice", "pre,post,Pre\n1,2,3\n", []string{"-"}, "two columns are called pre"},
		{"a word for a number", "pre,post\n1,2\n3,9431x\n", []string{"-"}, "line 3, column post: not a number"},
		{"the line of a cell after a cell of two lines", "n,pre,post\n\"a\nb\",1,2\nc,9431x,4\n", []string{"-"}, "line 4, column pre: not a number"},
		{"a decimal comma", "pre,post\n\"9431,5\",2\n", []string{"-"}, "line 2, column pre: not a number"},
		{"NA", "pre,post\nNA,2\n", []string{"-"}, "not a number (an empty cell is missing)"},
		{"NaN", "pre,post\nNaN,2\n", []string{"-"}, "not a number"},
		{"semicolons, and decimals with commas, as some spreadsheets write", "pre;post\n9431,5;2\n", []string{"-"}, "separated by semicolons"},
		{"hexadecimal", "pre,post\n0x1p-2,2\n", []string{"-"}, "not a number"},
		{"digits in groups", "pre,post\n9_431,2\n", []string{"-"}, "not a number"},
		{"signs alone", "pre,post\n+-,2\n", []string{"-"}, "not a number"},
		{"a cell too many", "pre,post\n1,2,9431\n", []string{"-"}, "line 2 has 3 cells, and the heading has 2"},
		{"a cell too few", "pre,post,x\n9431,2\n", []string{"-"}, "line 2 has 2 cells, and the heading has 3"},
		{"a quote that does not close", "pre,post\n1,\"9431\n3,4\n", []string{"-"}, "line 2: a quote opens and does not close"},
		{"letters after a quote", "pre,post\n1,\"94\"31\n", []string{"-"}, "line 2: something follows a closing quote"},
		{"a cell without end", "pre,post\n1,\"" + strings.Repeat("9431", 1<<15), []string{"-"}, "stray quote"},
		{"cells without end", "pre,post" + strings.Repeat(",", 1<<15), []string{"-"}, "more than 16384 cells"},
	} {
		status, out, errs := execute(t, c.stdin, c.args...)
		require.Equal(t, failed, status, c.reason)
		require.Empty(t, out, "%s: standard output", c.reason)
		require.Contains(t, errs, c.says, c.reason)
		require.NotContains(t, errs, "9431", "%s: an error shows a value", c.reason)
	}
}

func TestHelp(t *testing.T) {
	status, out, errs := execute(t, "", "-h")
	require.Equal(t, computed, status)
	require.Equal(t, usage, out)
	require.Empty(t, errs)
}

func TestReadingAndWritingFail(t *testing.T) {
	var errs strings.Builder
	broken := errors.New("the disk is on fire")
	in := io.MultiReader(strings.NewReader("pre,post\n1,2\n"), iotest.ErrReader(broken))
	require.Equal(t, failed, run([]string{"-"}, in, io.Discard, &errs))
	require.Contains(t, errs.String(), "on fire")
	for _, format := range []string{"text", "json"} {
		errs.Reset()
		require.Equal(t, failed, run([]string{"-format", format, "-"}, strings.NewReader("pre,post\n1,2\n"), full{}, &errs), format)
		require.Contains(t, errs.String(), "no space", format)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

// Each group gets what it would get in a file of its own.
func TestGroups(t *testing.T) {
	in := "site,pre,post\nB,1,2\nA,5,7\n,9,9.5\nB,3,2.5\nA,4,4\n\"A\",2,\nB,6,9\n"
	status, out, errs := execute(t, in, "-group", "Site", "-format", "json", "-")
	require.Equal(t, computed, status, errs)
	var got struct {
		Column string `json:"group_column"`
		All    any
		Groups map[string]any
	}
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	require.Equal(t, "Site", got.Column)
	require.Len(t, got.Groups, 3)
	for _, c := range []struct {
		got  any
		rows string
	}{
		{got.All, "1,2\n5,7\n9,9.5\n3,2.5\n4,4\n2,\n6,9\n"},
		{got.Groups["A"], "5,7\n4,4\n2,\n"},
		{got.Groups["B"], "1,2\n3,2.5\n6,9\n"},
		{got.Groups[""], "9,9.5\n"},
	} {
		_, alone, _ := execute(t, "pre,post\n"+c.rows, "-format", "json", "-")
		var want any
		require.NoError(t, json.Unmarshal([]byte(alone), &want))
		require.Equal(t, want, c.got, c.rows)
	}
	_, text, _ := execute(t, in, "-group", "site", "-")
	for _, title := range []string{"Everybody", "site is empty", "site = A", "site = B"} {
		require.Contains(t, text, "\n"+title+"\n")
	}
}

// A file without anybody to compute from is not a failure: it says what could not be computed.
func TestNobody(t *testing.T) {
	for _, in := range []string{"pre,post\n", "pre,post\n1,\n,2\n"} {
		status, out, _ := execute(t, in, "-format", "json", "-")
		require.Equal(t, computed, status)
		var got map[string]any
		require.NoError(t, json.Unmarshal([]byte(out), &got))
		for key, v := range got {
			switch key {
			case "direction", "n_rows", "n_complete", "n_missing":
				continue
			}
			require.NotEmpty(t, v.(map[string]any)["error"], key)
		}
		status, out, _ = execute(t, in, "-")
		require.Equal(t, computed, status)
		require.Contains(t, out, "Nothing can be computed")
	}
}

// An infinite number takes with it what rests on it, and nothing else.
func TestInfinite(t *testing.T) {
	for _, cell := range []string{"Inf", "-inf", "+Infinity", "1e999"} {
		in := "pre,post\n1,2\n,\n4,5.5\n3," + cell + "\n7,9\n"
		status, out, errs := execute(t, in, "-format", "json", "-")
		require.Equal(t, computed, status, errs)
		var got map[string]any
		require.NoError(t, json.Unmarshal([]byte(out), &got))
		require.EqualValues(t, 4, got["n_complete"], cell)
		require.Equal(t, 3.75, got["mean_pre"], cell)
		require.Equal(t, 3.5, got["median_pre"], cell)
		for _, key := range []string{"mean_post", "mean_diff", "t_paired_two.sided", "wilcox_default", "sign_test", "effect", "pearson", "kendall"} {
			require.Contains(t, got[key], "error", "%s of %s", key, cell)
		}
		require.Equal(t, "number 3 of those who have both values has an infinite one", got["mean_diff"].(map[string]any)["error"])
		status, out, errs = execute(t, in, "-")
		require.Equal(t, computed, status, errs)
		tidy(t, cell, out)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("pre,post\n1,2\n")
	f.Add("\uFEFFg,\"pre\" , post\r\n\"a\"\"\nb\",1e308,-1e308\r\n,,\n")
	f.Add("pre,post\n5e-324,0\n0,5e-324\n1,1\n")
	f.Fuzz(func(t *testing.T, in string) {
		for _, args := range [][]string{{"-"}, {"-format", "json", "-group", "g", "-"}} {
			status, out, errs := execute(t, in, args...)
			switch {
			case status == failed && out == "" && errs != "":
			case status == computed && out != "" && errs == "":
				if len(args) > 1 {
					var got any
					require.NoError(t, json.Unmarshal([]byte(out), &got))
					onlyLimitsAreInfinite(t, "", got)
				} else {
					tidy(t, "fuzzed", out)
				}
			default:
				t.Errorf("status %d with %d bytes of output, and errors %q", status, len(out), errs)
			}
		}
	})
}

// Only the open end of a one-sided interval and the t of a perfect correlation are infinite.
func onlyLimitsAreInfinite(t *testing.T, path string, v any) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		for key, e := range v {
			onlyLimitsAreInfinite(t, path+"/"+key, e)
		}
	case []any:
		for _, e := range v {
			onlyLimitsAreInfinite(t, path, e)
		}
	case string:
		if v != "Inf" && v != "-Inf" {
			return
		}
		for _, allowed := range []string{"t_paired_less/conf_int", "t_paired_greater/conf_int", "pearson/statistic"} {
			if strings.HasSuffix(path, allowed) {
				return
			}
		}
		t.Errorf("%s is infinite", path)
	}
}
