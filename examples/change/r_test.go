package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// set is a data set with R's answers.
type set map[string]any

func (s set) name() string { return s["name"].(string) }

// csv writes the data as a file that the program reads; null is an empty cell.
func (s set) csv() string {
	cell := func(v any) string {
		if v == nil {
			return ""
		}
		return strconv.FormatFloat(v.(float64), 'g', -1, 64)
	}
	var b strings.Builder
	b.WriteString("pre,post\n")
	pre, post := s["pre"].([]any), s["post"].([]any)
	for i := range pre {
		fmt.Fprintf(&b, "%s,%s\n", cell(pre[i]), cell(post[i]))
	}
	return b.String()
}

func sets(t testing.TB) []set {
	t.Helper()
	var all []set
	for _, name := range []string{"reference.json", "awkward.json"} {
		data, err := os.ReadFile("testdata/" + name)
		require.NoError(t, err)
		var file struct{ Paired []set }
		require.NoError(t, json.Unmarshal(data, &file))
		all = append(all, file.Paired...)
	}
	require.Len(t, all, 20+29)
	return all
}

// notOurs are the keys that stand in R's answers and not in the program's.
var notOurs = map[string]string{
	"name":                       "of the data",
	"seed":                       "of the data",
	"reason":                     "of the data",
	"pre":                        "the data",
	"post":                       "the data",
	"warnings":                   "R's wording",
	"effectsize_cohens_d_paired": "another program's search for the limits of dz",
}

// ownWay says where the program does not have R's answer, and why.
var ownWay = map[string]string{
	"n8_two_valued/rci_jacobson_truax_r0.8/s_diff":        "R divides by a standard deviation of 0",
	"n8_two_valued/rci_jacobson_truax_r0.8/rci":           "R divides by a standard deviation of 0",
	"n8_two_valued/rci_jacobson_truax_r0.8/improved":      "R divides by a standard deviation of 0",
	"n8_two_valued/rci_jacobson_truax_r0.8/deteriorated":  "R divides by a standard deviation of 0",
	"n8_two_valued/rci_jacobson_truax_r0.8/rci_threshold": "R divides by a standard deviation of 0",
	"n8_two_valued/effect/d_glass_pre":                    "R divides by a standard deviation of 0",
	"n2_tied_pre/effect/d_glass_pre":                      "R divides by a standard deviation of 0",
	"pre_constant/effect/d_glass_pre":                     "R divides by a standard deviation of 0",
	"scale_1e150/welch_as_if_independent/df":              "the fourth powers of R overflow",
	"scale_1e150/welch_as_if_independent/p_value":         "the fourth powers of R overflow",
	"scale_1e150/welch_as_if_independent/conf_int":        "the fourth powers of R overflow",
	"scale_1e-150/welch_as_if_independent/df":             "the fourth powers of R vanish",
	"scale_1e-150/welch_as_if_independent/p_value":        "the fourth powers of R vanish",
	"scale_1e-150/welch_as_if_independent/conf_int":       "the fourth powers of R vanish",
}

func TestR(t *testing.T) {
	for _, s := range sets(t) {
		t.Run(s.name(), func(t *testing.T) {
			status, out, errs := execute(t, s.csv(), "-format", "json", "-")
			require.Equal(t, computed, status, errs)
			var got map[string]any
			require.NoError(t, json.Unmarshal([]byte(out), &got))
			compareObject(t, s.name(), s, got)
		})
	}
}

func compareObject(t *testing.T, path string, want, got map[string]any) {
	t.Helper()
	for key, w := range want {
		if notOurs[key] != "" {
			continue
		}
		at := path + "/" + key
		g, ok := got[key]
		if key == "error" {
			require.Contains(t, got, "error", "%s: R refuses", path)
			continue
		}
		if !finite(w) && !ok {
			require.Contains(t, got, "error", "%s: nothing, and no reason", at)
			continue
		}
		if !ok && ownWay[at] != "" {
			require.Contains(t, got, "error", at)
			continue
		}
		if !ok {
			t.Errorf("%s is missing", at)
			continue
		}
		compare(t, at, w, g)
	}
}

// finite reports whether R has a number there, or numbers only; infinite ones count.
func finite(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case string:
		return v != "NaN"
	case []any:
		for _, e := range v {
			if !finite(e) {
				return false
			}
		}
	}
	return true
}

func compare(t *testing.T, path string, want, got any) {
	t.Helper()
	if w, ok := want.(map[string]any); ok {
		g, ok := got.(map[string]any)
		require.True(t, ok, "%s is %v, R has an object", path, got)
		compareObject(t, path, w, g)
		return
	}
	if g, refused := got.(map[string]any); refused {
		require.NotEmpty(t, g["error"], path)
		if finite(want) && ownWay[path] == "" {
			t.Errorf("%s: refused with %v, R has %v", path, g, want)
		}
		return
	}
	if !finite(want) && ownWay[path] != "" {
		return
	}
	if !finite(want) {
		t.Errorf("%s is %v, R has no number", path, got)
		return
	}
	switch w := want.(type) {
	case string:
		require.Equal(t, w, got, path)
	case []any:
		g, ok := got.([]any)
		require.True(t, ok && len(g) == len(w), "%s is %v, R has %v", path, got, w)
		for i := range w {
			compare(t, path+"/"+strconv.Itoa(i), w[i], g[i])
		}
	case float64:
		g, ok := got.(float64)
		require.True(t, ok, "%s is %v, R has %v", path, got, w)
		if tol := 1e-10 * math.Abs(w); !(math.Abs(g-w) <= tol) {
			t.Errorf("%s: got %.17g, R has %.17g, relative difference %.2g", path, g, w, math.Abs(g-w)/math.Abs(w))
		}
	default:
		t.Errorf("%s: R has a %T", path, want)
	}
}

func execute(t testing.TB, stdin string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(args, strings.NewReader(stdin), &out, &errs)
	return status, out.String(), errs.String()
}
