package files

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// put writes a file, and fails half-way with the error, if it is one.
func put(path, text string, who os.FileMode, failure error) (err error) {
	f, err := Create(path, who)
	if err != nil {
		return err
	}
	defer f.End(&err)
	if _, err := io.WriteString(f, text); err != nil {
		return err
	}
	return failure
}

func names(t *testing.T, dir string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func holds(t *testing.T, path, want string) {
	t.Helper()
	if text, err := os.ReadFile(path); err != nil || string(text) != want {
		t.Errorf("%s holds %q (%v), not %q", filepath.Base(path), text, err, want)
	}
}

func TestOutput(t *testing.T) {
	broken := errors.New("interrupted")
	t.Run("a good file outlives a failure, and nothing is left beside it", func(t *testing.T) {
		dir := t.TempDir()
		path := filepath.Join(dir, "out.csv")
		if err := put(path, "last month", Private, nil); err != nil {
			t.Fatal(err)
		}
		if err := put(path, "half of thi", Private, broken); !errors.Is(err, broken) {
			t.Error(err)
		}
		holds(t, path, "last month")
		if err := put(path, "this month", Private, nil); err != nil {
			t.Fatal(err)
		}
		holds(t, path, "this month")
		if n := names(t, dir); len(n) != 1 {
			t.Error(n)
		}
	})
	t.Run("while it is written, the good file is there still", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "out.csv")
		if err := put(path, "last month", Private, nil); err != nil {
			t.Fatal(err)
		}
		f, err := Create(path, Private)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, "half"); err != nil {
			t.Fatal(err)
		}
		holds(t, path, "last month")
		f.End(&err)
		holds(t, path, "half")
	})
	t.Run("a partial report is kept under another name", func(t *testing.T) {
		dir := t.TempDir()
		path := filepath.Join(dir, "march.json")
		if err := put(path, "last month", Shared, nil); err != nil {
			t.Fatal(err)
		}
		f, err := Create(path, Shared)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, "half"); err != nil {
			t.Fatal(err)
		}
		failure := broken
		name := f.EndPartial(&failure)
		if name == "" || filepath.Base(name) != "march.partial.json" || !errors.Is(failure, broken) {
			t.Error(name, failure)
		}
		holds(t, path, "last month")
		holds(t, name, "half")
		if n := names(t, dir); len(n) != 2 {
			t.Error(n)
		}
	})
	t.Run("there is no file in no folder, and the name is the one asked for", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "none", "out.csv")
		_, err := Create(path, Private)
		e, ok := errors.AsType[*os.PathError](err)
		if !ok || e.Path != path {
			t.Error(err)
		}
	})
	t.Run("a folder is no file", func(t *testing.T) {
		if _, err := Create(t.TempDir(), Private); err == nil {
			t.Error("it was replaced")
		}
	})
	if runtime.GOOS == "windows" {
		return // what follows are modes and links
	}
	t.Run("rows are for their owner alone, even in the place of a file for all", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "out.csv")
		if err := errors.Join(os.WriteFile(path, nil, 0o644), os.Chmod(path, 0o644), put(path, "rows", Private, nil)); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Error(info.Mode(), err)
		}
	})
	t.Run("a report is for those who could read the one before", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "report.html")
		if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Chmod(path, 0o664), put(path, "report", Shared, nil)); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o664 {
			t.Error(info.Mode(), err)
		}
	})
	t.Run("a link is followed, and stays one", func(t *testing.T) {
		dir := t.TempDir()
		target, link := filepath.Join(dir, "2026.csv"), filepath.Join(dir, "latest.csv")
		if err := errors.Join(os.WriteFile(target, nil, 0o600), os.Symlink(target, link), put(link, "rows", Private, nil)); err != nil {
			t.Fatal(err)
		}
		holds(t, target, "rows")
		if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Error("the link is gone", err)
		}
	})
	t.Run("what cannot be replaced is written to", func(t *testing.T) {
		if err := put(os.DevNull, "rows", Private, nil); err != nil {
			t.Error(err)
		}
		if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
			t.Fatal("the null device was replaced", err)
		}
	})
	t.Run("a protected file is not replaced", func(t *testing.T) {
		if os.Geteuid() == 0 {
			t.Skip("nothing is protected from root")
		}
		path := filepath.Join(t.TempDir(), "out.csv")
		if err := errors.Join(os.WriteFile(path, []byte("kept"), 0o400)); err != nil {
			t.Fatal(err)
		}
		if err := put(path, "rows", Private, nil); !errors.Is(err, os.ErrPermission) {
			t.Error(err)
		}
		holds(t, path, "kept")
	})
}
