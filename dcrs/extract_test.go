package dcrs

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

var extractDay = exampleExtractAsOf()

// sampleExtract is an extract that has no error and no warning but for columns
// and cells that it leaves out: the one that examples start from.
func sampleExtract() fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range exampleExtract() {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// extractFindings validates an extract and writes its findings as "file:record
// field rule", without those about columns and blanks.
func extractFindings(t *testing.T, files fstest.MapFS, options ...Option) (list []string, report *ExtractReport) {
	t.Helper()
	x, err := NewExtractValidator(ExtractDictionaries(), extractDay, options...)
	require.NoError(t, err)
	report, err = x.Validate(context.Background(), "sample", files, func(f Finding) error {
		if !strings.HasSuffix(f.Rule, "-column") && !strings.HasSuffix(f.Rule, "/blank") {
			list = append(list, strings.Join(strings.Fields(fmt.Sprintf("%s:%d %s %s", f.File, f.Record, f.Field, f.Rule)), " "))
		}
		return nil
	})
	require.NoError(t, err)
	return list, report
}

// edited replaces a text of a file, which must be there.
func edited(t *testing.T, files fstest.MapFS, name, before, after string) fstest.MapFS {
	t.Helper()
	text := string(files[name].Data)
	require.Contains(t, text, before, "in %s", name)
	files[name] = &fstest.MapFile{Data: []byte(strings.Replace(text, before, after, 1))}
	return files
}

func TestExtractSampleIsClean(t *testing.T) {
	found, report := extractFindings(t, sampleExtract())
	require.Empty(t, found)
	require.Len(t, report.Files, 6)
	require.Empty(t, report.Absent)
	// Every rule that compares files has looked at something: otherwise an empty
	// list of findings would say nothing.
	idle := []string{}
	for _, r := range report.Across.Rules {
		if r.Checked == 0 {
			idle = append(idle, r.Rule)
		}
	}
	require.Equal(t, []string{"extract/not-a-zip", "extract/damaged", "extract/too-large", "agreement/goal-2-missing", "agreement/goal-3-missing", "agreement/needs-part-met"}, idle)
}

func TestChildDictionaries(t *testing.T) {
	for _, d := range ExtractDictionaries()[1:] {
		f, ok := d.Field("episode_id")
		require.True(t, ok)
		require.Equal(t, childEpisode, f.Index(), d.Kind())
		require.Equal(t, Edition, d.Edition())
	}
	for _, l := range childCodeLists {
		for _, c := range l.Codes {
			require.GreaterOrEqual(t, childCode(l.Name, c.Code), int64(0))
		}
	}
	require.Len(t, techniqueList.Codes, 93)
}
