package hte_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// This file holds the shape of the whole repository, not of package hte alone:
// which package may know which, which modules it may use, and that libraries take
// nothing from their surroundings. It stands here because the top level holds no
// Go package. It reads source text only, so it also holds for code that does not
// compile on this machine.

const modulePath = "github.com/healthtrainer/healthtrainer"

// A room is a package of the root module together with its internal packages.
type room struct {
	knows   []string // the rooms that it may import
	modules []string // the modules that it may use at run time beside decimal
	tests   []string // the rooms that its tests may import as well
}

// rooms is the plan of the house. No arrow runs back up, and a package that is
// not drawn here is an error: add one on purpose.
var rooms = map[string]room{
	"wellbeing":           {},
	"wellbeing/fhir":      {knows: []string{"wellbeing"}},
	"outcomes":            {modules: []string{"gonum.org/v1/gonum"}},
	"hte":                 {knows: []string{"wellbeing"}, tests: []string{"hte/htetest"}},
	"hte/htetest":         {knows: []string{"hte", "wellbeing"}},
	"dcrs":                {knows: []string{"hte", "wellbeing"}},
	"dcrs/lookup":         {knows: []string{"dcrs", "hte"}},
	"dcrs/share":          {knows: []string{"dcrs", "dcrs/lookup", "hte"}},
	"dcrs/export":         {knows: []string{"dcrs", "hte", "wellbeing"}},
	"dcrs/schema":         {knows: []string{"dcrs"}, tests: []string{"hte"}},
	"outcomes/evaluation": {knows: []string{"outcomes", "dcrs", "wellbeing", "hte"}, modules: []string{"gonum.org/v1/gonum"}},
}

// Modules for every room: at run time, and in tests as well.
var (
	everyRoom = []string{"github.com/shopspring/decimal"}
	everyTest = []string{"github.com/stretchr/testify", "github.com/google/go-cmp"}
)

// ambientPackages reach for the process, the file system, the network or a
// source of chance. A library here is handed what it needs.
var ambientPackages = []string{
	"C", "crypto/rand", "expvar", "flag", "io/ioutil", "log", "log/syslog", "net", "net/http",
	"net/rpc", "net/smtp", "os", "os/exec", "os/signal", "os/user", "plugin", "syscall",
}

// ambientNames do the same in packages that are otherwise welcome.
var ambientNames = map[string][]string{
	"fmt":           {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
	"log/slog":      {"Debug", "DebugContext", "Default", "Error", "ErrorContext", "Info", "InfoContext", "Log", "LogAttrs", "SetDefault", "Warn", "WarnContext"},
	"path/filepath": {"Abs", "EvalSymlinks", "Glob", "Walk", "WalkDir"},
	"time":          {"LoadLocation", "Local", "Now", "Since", "Until"},
	// The global generators: only a seeded one gives the same bytes again.
	"math/rand":    {"ExpFloat64", "Float32", "Float64", "Int", "Int31", "Int31n", "Int63", "Int63n", "Intn", "NormFloat64", "Perm", "Read", "Seed", "Shuffle", "Uint32", "Uint64"},
	"math/rand/v2": {"ExpFloat64", "Float32", "Float64", "Int", "Int32", "Int32N", "Int64", "Int64N", "IntN", "N", "NormFloat64", "Perm", "Shuffle", "Uint", "Uint32", "Uint32N", "Uint64", "Uint64N", "UintN"},
	// What a host program may have changed under our feet.
	"github.com/shopspring/decimal": {"DivisionPrecision", "ExpMaxIterations", "MarshalJSONWithoutQuotes", "PowPrecisionNegativeExponent", "TrimTrailingZeros"},
}

func TestTheHouseStandsAsDrawn(t *testing.T) {
	t.Parallel()
	complaints, packages, err := inspect(os.DirFS(repositoryRoot(t)))
	require.NoError(t, err)
	assert.Empty(t, complaints)
	assert.Contains(t, packages, "hte", "the walk found this package")
	for _, name := range []string{"wellbeing", "outcomes", "dcrs", "outcomes/evaluation"} {
		assert.Contains(t, packages, name)
	}
}

func TestRoomsFormNoCycle(t *testing.T) {
	t.Parallel()
	for name := range rooms {
		seen := map[string]bool{}
		var visit func(string)
		visit = func(at string) {
			for _, next := range rooms[at].knows {
				require.Contains(t, rooms, next)
				if !seen[next] {
					seen[next] = true
					visit(next)
				}
			}
		}
		visit(name)
		assert.False(t, seen[name], "%s knows itself by a detour", name)
	}
}

func TestTopLevelHoldsTheAgreedNames(t *testing.T) {
	t.Parallel()
	agreed := []string{
		"hte", "dcrs", "outcomes", "wellbeing", "examples",
		"go.mod", "go.sum", "go.work", "go.work.sum", "README.md", "LICENSE", "CHANGELOG.md",
		"evaluation", // what examples/evaluate writes; not in version control
	}
	entries, err := os.ReadDir(repositoryRoot(t))
	require.NoError(t, err)
	// Extracts, reports and keys that somebody made here while trying the README's
	// programs; .gitignore keeps them out of version control.
	written := []string{".csv", ".html", ".json", ".xlsx", ".sql", ".zip", ".key"}
	for _, e := range entries {
		if e.Type().IsRegular() && slices.Contains(written, filepath.Ext(e.Name())) {
			continue
		}
		if !strings.HasPrefix(e.Name(), ".") {
			assert.Contains(t, agreed, e.Name(), "the top level holds the packages and a few agreed files")
		}
	}
}

// TestInspect shows that each law bites.
func TestInspect(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		file, source string
		want         string
		why          string
	}{
		{"hte/a.go", `package hte; import _ "` + modulePath + `/wellbeing"`, "", "an arrow that is drawn"},
		{"wellbeing/a.go", `package wellbeing; import _ "` + modulePath + `/hte"`, "wellbeing/a.go:1: imports hte", "an arrow back up"},
		{"hte/a.go", `package hte; import _ "` + modulePath + `/dcrs/internal/scan"`, "hte/a.go:1: imports dcrs", "a way in by the back door"},
		{"dcrs/internal/scan/a.go", `package scan; import _ "` + modulePath + `/hte"`, "", "an internal package counts as its room"},
		{"dcrs/internal/scan/a.go", `package scan; import _ "` + modulePath + `/outcomes"`, "dcrs/internal/scan/a.go:1: imports outcomes", "and so its arrows count too"},
		{"hte/a_test.go", `package hte_test; import _ "` + modulePath + `/hte"`, "", "a test knows its own package"},
		{"hte/a_test.go", `package hte_test; import _ "` + modulePath + `/dcrs"`, "hte/a_test.go:1: imports dcrs", "a test follows the arrows too"},
		{"billing/a.go", `package billing`, "billing: not drawn in the plan", "a new package"},
		{"a.go", `package healthtrainer`, ".: not drawn in the plan", "a package at the top"},
		{"outcomes/a.go", `package outcomes; import _ "gonum.org/v1/gonum/stat/distuv"`, "", "statistics may use gonum"},
		{"outcomes/a.go", `package outcomes; import _ "gonum.org/v1/gonum/optimize"`, "outcomes/a.go:1: imports gonum.org/v1/gonum/optimize", "which brings more modules"},
		{"dcrs/a_test.go", `package dcrs; import _ "gonum.org/v1/gonum/stat"`, "dcrs/a_test.go:1: imports gonum.org/v1/gonum/stat", "no one else may use gonum"},
		{"dcrs/a.go", `package dcrs; import _ "github.com/shopspring/decimal"`, "", "decimals are everywhere"},
		{"dcrs/a.go", `package dcrs; import _ "github.com/stretchr/testify/assert"`, "dcrs/a.go:1: imports github.com/stretchr/testify/assert", "a test library at run time"},
		{"dcrs/a_test.go", `package dcrs; import _ "github.com/stretchr/testify/assert"`, "", "a test library in a test"},
		{"dcrs/a_test.go", `package dcrs; import _ "github.com/stretchr/testifyx"`, "dcrs/a_test.go:1: imports github.com/stretchr/testifyx", "a name that only begins alike"},
		{"dcrs/a.go", `package dcrs; import _ "os"`, "dcrs/a.go:1: imports os", "files are handed in"},
		{"dcrs/a_test.go", `package dcrs; import _ "os"`, "", "tests may read files"},
		{"dcrs/a.go", `package dcrs; import _ "testing"`, "dcrs/a.go:1: imports testing", "it adds flags to the host"},
		{"hte/htetest/a.go", `package htetest; import _ "testing"`, "", "a conformance suite is a test"},
		{"dcrs/a.go", "package dcrs; import . \"time\"", "dcrs/a.go:1: imports time by dot", "names without a package hide where they come from"},
		{"dcrs/a.go", "package dcrs\nimport \"time\"\nvar now = time.Now", "dcrs/a.go:3: uses time.Now", "the clock, though not called yet"},
		{"dcrs/a.go", "package dcrs\nimport clock \"time\"\nfunc f() { clock.Now() }", "dcrs/a.go:3: uses time.Now", "the clock under another name"},
		{"dcrs/a.go", "package dcrs\nimport \"time\"\nvar _ time.Time\nfunc f(time struct{ Now int }) int { return time.Now }", "", "another thing of that name"},
		{"dcrs/a.go", "package dcrs\nimport \"math/rand/v2\"\nfunc f() { rand.IntN(2) }", "dcrs/a.go:3: uses math/rand/v2.IntN", "chance without a seed"},
		{"dcrs/a.go", "package dcrs\nimport \"github.com/shopspring/decimal\"\nvar n = decimal.DivisionPrecision", "dcrs/a.go:3: uses github.com/shopspring/decimal.DivisionPrecision", "a setting of the process"},
		{"dcrs/a.go", "package dcrs\nfunc init() {}", "dcrs/a.go:2: has an init function", "work at start-up that no one asked for"},
		{"dcrs/a.go", "package dcrs\ntype T struct{}\nfunc (T) init() {}", "", "a method of that name"},
		{"dcrs/a.go", "package dcrs\nvar Codes = map[string]int{}", "dcrs/a.go:2: exports the variable Codes", "a host could change it"},
		{"dcrs/a.go", "package dcrs\nvar ErrClosed error", "", "an error to compare with"},
		{"dcrs/a.go", "package dcrs\nvar seen = map[string]int{}\nfunc f() { seen[`a`] = 1 }", "dcrs/a.go:3: changes the variable seen", "an element"},
		{"dcrs/a.go", "package dcrs\nvar last struct{ n int }\nfunc f() { (last).n++ }", "dcrs/a.go:3: changes the variable last", "a field"},
		{"dcrs/a.go", "package dcrs\nvar p = new(int)\nfunc f() { *p = 1 }", "dcrs/a.go:3: changes the variable p", "what it points to"},
		{"dcrs/a.go", "package dcrs\nvar seen = map[string]int{}\nfunc f() { delete(seen, `a`) }", "dcrs/a.go:3: changes the variable seen", "by a built-in"},
		{"dcrs/a.go", "package dcrs\nvar i int\nfunc f() { for i = range 3 { } }", "dcrs/a.go:3: changes the variable i", "by a loop"},
		{"dcrs/a.go", "package dcrs\nvar seen = map[string]int{}\nfunc f() { seen := map[string]int{}; seen[`a`] = 1 }", "", "a local of that name"},
		{"dcrs/a_test.go", "package dcrs\nvar n int\nfunc f() { n++ }", "", "a test may count"},
		{"dcrs/gen.go", "//go:build ignore\n\npackage main\nimport _ \"os\"", "", "not part of the package"},
		{"dcrs/testdata/a.go", `package x; import _ "os"`, "", "not Go to the tools"},
		{"dcrs/_old/a.go", `package x; import _ "os"`, "", "not Go to the tools"},
		{".ci/compare/a.go", `package x; import _ "os"`, "", "hidden"},
		{"dcrs/a.go", "package", "dcrs/a.go: cannot be read", "no Go"},
	} {
		files := fstest.MapFS{tc.file: {Data: []byte(tc.source)}, "examples/go.mod": {}, "examples/a.go": {Data: []byte(`package main; import _ "os"`)}}
		complaints, _, err := inspect(files)
		require.NoError(t, err)
		if tc.want == "" {
			assert.Empty(t, complaints, tc.why)
		} else if assert.Len(t, complaints, 1, tc.why) {
			assert.True(t, strings.HasPrefix(complaints[0], tc.want), "%s: %q is not %q", tc.why, complaints[0], tc.want)
		}
	}
}

// inspect reads the Go files of the module at the root of fsys, leaving nested
// modules out, and says where they break the plan.
func inspect(fsys fs.FS) (complaints, packages []string, err error) {
	fset := token.NewFileSet()
	library := map[string][]*ast.File{}
	complain := func(pos token.Pos, format string, args ...any) {
		at := fset.Position(pos)
		complaints = append(complaints, fmt.Sprintf("%s:%d: %s", at.Filename, at.Line, fmt.Sprintf(format, args...)))
	}
	err = fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := name != "." && strings.ContainsAny(entry.Name()[:1], "._")
		if entry.IsDir() {
			_, statErr := fs.Stat(fsys, path.Join(name, "go.mod"))
			if hidden || entry.Name() == "testdata" || name != "." && statErr == nil {
				return fs.SkipDir
			}
			return nil
		}
		if hidden || path.Ext(name) != ".go" {
			return nil
		}
		source, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(fset, name, source, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			complaints = append(complaints, name+": cannot be read")
			return nil
		}
		if ignored(file) {
			return nil
		}
		dir := path.Dir(name)
		if !slices.Contains(packages, dir) {
			packages = append(packages, dir)
			if _, drawn := rooms[roomOf(dir)]; !drawn {
				complaints = append(complaints, dir+": not drawn in the plan")
			}
		}
		isTest := strings.HasSuffix(name, "_test.go")
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if why := refused(roomOf(dir), imported, isTest); why != "" {
				complain(spec.Pos(), "imports %s: %s", strings.TrimPrefix(imported, modulePath+"/"), why)
			}
			if spec.Name != nil && spec.Name.Name == "." {
				complain(spec.Pos(), "imports %s by dot", imported)
			}
		}
		if !isTest {
			library[dir] = append(library[dir], file)
		}
		return nil
	})
	for _, dir := range packages {
		inspectCode(fset, dir, library[dir], complain)
	}
	return complaints, packages, err
}

// ignored reports whether a file says that it belongs to no build, as the
// programs that write a package's tables do.
func ignored(file *ast.File) bool {
	for _, group := range file.Comments {
		for _, c := range group.List {
			if c.Pos() < file.Package && constraint.IsGoBuild(c.Text) {
				expr, err := constraint.Parse(c.Text)
				return err == nil && expr.String() == "ignore"
			}
		}
	}
	return false
}

// roomOf returns the room of a package by its folder: itself, or for an internal
// package the one that it is internal to.
func roomOf(dir string) string {
	name, _, _ := strings.Cut(dir+"/", "/internal/")
	return strings.TrimSuffix(name, "/")
}

// refused returns why a package of a room may not import another, or "".
func refused(name, imported string, isTest bool) string {
	r := rooms[name]
	under := func(roots []string) bool {
		return slices.ContainsFunc(roots, func(root string) bool {
			return imported == root || strings.HasPrefix(imported, root+"/")
		})
	}
	first, _, _ := strings.Cut(imported, "/")
	switch {
	case imported == modulePath || strings.HasPrefix(imported, modulePath+"/"):
		to := roomOf(strings.TrimPrefix(imported, modulePath+"/"))
		if to != name && !slices.Contains(r.knows, to) && (!isTest || !slices.Contains(r.tests, to)) {
			return name + " knows nothing of it"
		}
	case !strings.Contains(first, "."): // the standard library
		if isTest || path.Base(name) == "htetest" && first == "testing" {
			return ""
		}
		if slices.Contains(ambientPackages, imported) || first == "testing" {
			return "libraries are handed what they need"
		}
	case under([]string{"gonum.org/v1/gonum/optimize"}):
		return "it brings more modules"
	case under(everyRoom) || under(r.modules) || isTest && under(everyTest):
		return ""
	default:
		return "this module does not depend on it here"
	}
	return ""
}

// inspectCode looks at the library code of one package for what is ambient or
// global. Names are resolved by package types without reading any import, so
// that a local variable is never taken for a package or a global. What it finds
// is certain; a global changed through another name or a method escapes it.
func inspectCode(fset *token.FileSet, dir string, files []*ast.File, complain func(token.Pos, string, ...any)) {
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: emptyImporter{}, Error: func(error) {}}
	// An error is certain, since every import is empty, and does not matter.
	pkg, _ := config.Check(dir, fset, files, info)
	global := func(e ast.Expr) *types.Var {
		for {
			switch x := e.(type) {
			case *ast.ParenExpr:
				e = x.X
			case *ast.SelectorExpr:
				e = x.X
			case *ast.IndexExpr:
				e = x.X
			case *ast.SliceExpr:
				e = x.X
			case *ast.StarExpr:
				e = x.X
			case *ast.Ident:
				if v, ok := info.Uses[x].(*types.Var); ok && v.Parent() == pkg.Scope() {
					return v
				}
				return nil
			default:
				return nil
			}
		}
	}
	changed := func(exprs ...ast.Expr) {
		for _, e := range exprs {
			if v := global(e); v != nil {
				complain(e.Pos(), "changes the variable %s of its package", v.Name())
			}
		}
	}
	for _, file := range files {
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					complain(d.Pos(), "has an init function")
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					vars, ok := spec.(*ast.ValueSpec)
					if !ok || d.Tok != token.VAR {
						continue
					}
					for _, id := range vars.Names {
						if id.IsExported() && !strings.HasPrefix(id.Name, "Err") {
							complain(id.Pos(), "exports the variable %s, which anyone can change", id.Name)
						}
					}
				}
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				id, ok := n.X.(*ast.Ident)
				if !ok {
					break
				}
				if p, ok := info.Uses[id].(*types.PkgName); ok && slices.Contains(ambientNames[p.Imported().Path()], n.Sel.Name) {
					complain(n.Pos(), "uses %s.%s, which is ambient", p.Imported().Path(), n.Sel.Name)
				}
			case *ast.AssignStmt:
				if n.Tok != token.DEFINE {
					changed(n.Lhs...)
				}
			case *ast.IncDecStmt:
				changed(n.X)
			case *ast.RangeStmt:
				if n.Tok == token.ASSIGN {
					changed(n.Key)
					if n.Value != nil {
						changed(n.Value)
					}
				}
			case *ast.CallExpr:
				if id, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 0 {
					_, builtin := info.Uses[id].(*types.Builtin)
					if builtin && slices.Contains([]string{"clear", "copy", "delete"}, id.Name) {
						changed(n.Args[0])
					}
				}
			}
			return true
		})
	}
}

// emptyImporter gives an empty package for every path.
type emptyImporter struct{}

func (emptyImporter) Import(imported string) (*types.Package, error) {
	name := path.Base(imported)
	if strings.TrimLeft(name, "v0123456789") == "" { // math/rand/v2 is package rand
		name = path.Base(path.Dir(imported))
	}
	pkg := types.NewPackage(imported, name)
	pkg.MarkComplete()
	return pkg, nil
}

// repositoryRoot walks up to the folder of this module's go.mod.
func repositoryRoot(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	require.NoError(tb, err)
	for {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		first, _, _ := bytes.Cut(mod, []byte("\n"))
		if err == nil && string(bytes.TrimSpace(first)) == "module "+modulePath {
			return dir
		}
		up := filepath.Dir(dir)
		require.NotEqual(tb, dir, up, "no go.mod of %s above the test", modulePath)
		dir = up
	}
}
