package examples_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// The programs in the README are run, and what they print is compared with what
// the README says that they print. They are laid over the module, so that
// nothing is written into it.
func TestREADME(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```\n\n```text\n(.*?)```").FindAllStringSubmatch(string(readme), -1)
	require.Len(t, blocks, 4, "one program for the analyst, two for the developer, one for the researcher")
	module, err := filepath.Abs(".")
	require.NoError(t, err)
	dir := t.TempDir()
	for i, block := range blocks {
		name := "readme" + strconv.Itoa(i)
		source := filepath.Join(dir, name+".go")
		require.NoError(t, os.WriteFile(source, []byte(block[1]), 0o600))
		overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(module, name, "main.go"): source}})
		require.NoError(t, err)
		file := filepath.Join(dir, name+".json")
		require.NoError(t, os.WriteFile(file, overlay, 0o600))
		out, err := exec.CommandContext(t.Context(), "go", "run", "-overlay", file, "./"+name).CombinedOutput()
		require.NoError(t, err, "program %d: %s", i+1, out)
		if diff := cmp.Diff(strings.TrimSpace(block[2]), strings.TrimSpace(string(out))); diff != "" {
			t.Errorf("program %d prints something else (-README +program):\n%s", i+1, diff)
		}
	}
}
