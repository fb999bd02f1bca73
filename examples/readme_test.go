package examples_test

import (
	"encoding/json"
	"errors"
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

// The commands in the README work as written, one after the other, in a folder
// that holds nothing else. They may find errors, which is status 1.
func TestREADMECommands(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no shell")
	}
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	program := regexp.MustCompile(`go run \./examples/([a-z]+)`)
	built, folder := t.TempDir(), t.TempDir()
	ran := 0
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(readme), -1) {
		for line := range strings.Lines(block[1]) {
			names := program.FindAllStringSubmatch(line, -1)
			if names == nil || strings.Contains(line, "my-extract.csv") { // the reader's own
				continue
			}
			for _, name := range names {
				if _, err := os.Stat(filepath.Join(built, name[1])); err == nil {
					continue
				}
				build := exec.CommandContext(t.Context(), "go", "build", "-o", built+string(filepath.Separator), ".")
				build.Dir = name[1] // which may be a module of its own
				out, err := build.CombinedOutput()
				require.NoError(t, err, "%s", out)
			}
			command := exec.CommandContext(t.Context(), sh, "-c", program.ReplaceAllString(line, `"$$BUILT/$1"`))
			command.Dir, command.Env = folder, append(os.Environ(), "BUILT="+built)
			out, err := command.CombinedOutput()
			if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == 1 {
				err = nil
			}
			require.NoError(t, err, "%s\n%s", line, out)
			ran++
		}
	}
	require.GreaterOrEqual(t, ran, 15)
}
