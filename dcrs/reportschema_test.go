package dcrs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

const schemaFolder = "https://github.com/healthtrainer/healthtrainer/dcrs/"

// schemaMaker makes a JSON Schema from Go types: their json tags say what the
// members are called and which may be left out, their comments what they mean.
type schemaMaker struct {
	comments map[string]string // of "Type" and "Type.Field"
	defs     map[string]any
}

func newSchemaMaker(t testing.TB, files ...string) *schemaMaker {
	m := &schemaMaker{comments: make(map[string]string), defs: make(map[string]any)}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		require.NoError(t, err)
		for _, decl := range parsed.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range gen.Specs {
				typ, ok := spec.(*ast.TypeSpec)
				if !ok {
					continue
				}
				m.comments[typ.Name.Name] = words(gen.Doc, typ.Doc)
				if s, ok := typ.Type.(*ast.StructType); ok {
					for _, f := range s.Fields.List {
						for _, name := range f.Names {
							m.comments[typ.Name.Name+"."+name.Name] = words(f.Doc, f.Comment)
						}
					}
				}
			}
		}
	}
	return m
}

// words puts comments into one line, without the brackets of godoc.
func words(groups ...*ast.CommentGroup) string {
	var all []string
	for _, g := range groups {
		if g != nil {
			all = append(all, strings.Fields(g.Text())...)
		}
	}
	text := strings.Join(all, " ")
	return strings.NewReplacer("[", "", "]", "").Replace(text)
}

func (m *schemaMaker) schema(t reflect.Type) map[string]any {
	switch {
	case t == reflect.TypeFor[Level]():
		return map[string]any{"enum": []string{"info", "warning", "error"}}
	case t == reflect.TypeFor[hte.Date]():
		return map[string]any{"type": "string", "format": "date", "pattern": `^\d{4}-\d{2}-\d{2}$`}
	}
	switch t.Kind() {
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer", "minimum": 0}
	case reflect.Pointer:
		return m.schema(t.Elem())
	case reflect.Slice:
		return map[string]any{"type": "array", "items": m.schema(t.Elem())}
	case reflect.Struct:
		name := t.Name()
		if m.defs[name] == nil {
			m.defs[name] = true // it may hold itself
			m.defs[name] = m.object(t)
		}
		return map[string]any{"$ref": "#/$defs/" + name}
	}
	panic("no schema for " + t.String())
}

func (m *schemaMaker) object(t reflect.Type) map[string]any {
	properties := make(map[string]any)
	var required []string
	var add func(t reflect.Type)
	add = func(t reflect.Type) {
		for f := range t.Fields() {
			if f.Anonymous {
				add(f.Type)
				continue
			}
			name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" {
				panic("no json tag: " + f.Name)
			}
			p := m.schema(f.Type)
			if text := m.comments[t.Name()+"."+f.Name]; text != "" {
				p["description"] = text
			}
			properties[name] = p
			if option != "omitempty" {
				required = append(required, name)
			}
		}
	}
	add(t)
	slices.Sort(required)
	out := map[string]any{"type": "object", "properties": properties, "additionalProperties": false, "required": required}
	if text := m.comments[t.Name()]; text != "" {
		out["description"] = text
	}
	return out
}

func makeReportSchema(t testing.TB, of reflect.Type, file, title string) []byte {
	m := newSchemaMaker(t, "report.go", "finding.go", "groups.go", "extractreport.go")
	root := m.object(of)
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = schemaFolder + file
	root["title"] = title
	groups := m.defs["GroupReport"].(map[string]any)["properties"].(map[string]any)
	groups["kind"].(map[string]any)["enum"] = []string{GroupNone, GroupOthers}
	root["$defs"] = m.defs
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	require.NoError(t, enc.Encode(root))
	return b.Bytes()
}

// The committed schemas are those that the types make. Run with -update after
// changing them.
func TestReportSchemaFollowsTheTypes(t *testing.T) {
	for _, c := range []struct {
		of          reflect.Type
		file, title string
		published   []byte
	}{
		{reflect.TypeFor[Report](), "report.schema.json", "Report on a DCRS extract", ReportSchema()},
		{reflect.TypeFor[ExtractReport](), "extractreport.schema.json", "Report on a DCRS extract of several files", ExtractReportSchema()},
	} {
		want := makeReportSchema(t, c.of, c.file, c.title)
		if *updateRender {
			require.NoError(t, os.WriteFile(c.file, want, 0o644))
			continue
		}
		require.Equal(t, string(want), strings.ReplaceAll(string(c.published), "\r\n", "\n"))
	}
}

// holds checks a value against the few words that the schema is made of. Another
// implementation does the same in .ci/reports, over more reports.
func holds(root map[string]any, s map[string]any, v any, path string) error {
	if ref, ok := s["$ref"].(string); ok {
		s = root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	}
	if enum, ok := s["enum"].([]any); ok && !slices.Contains(enum, v) {
		return fmt.Errorf("%s: not in the list", path)
	}
	switch s["type"] {
	case "object":
		o, ok := v.(map[string]any)
		if !ok {
			return fmt.Errorf("%s: no object", path)
		}
		for _, name := range s["required"].([]any) {
			if _, ok := o[name.(string)]; !ok {
				return fmt.Errorf("%s.%s: missing", path, name)
			}
		}
		properties := s["properties"].(map[string]any)
		for name, member := range o {
			p, ok := properties[name].(map[string]any)
			if !ok {
				return fmt.Errorf("%s.%s: unknown", path, name)
			}
			if err := holds(root, p, member, path+"."+name); err != nil {
				return err
			}
		}
	case "array":
		list, ok := v.([]any)
		if !ok {
			return fmt.Errorf("%s: no list", path)
		}
		for i, item := range list {
			if err := holds(root, s["items"].(map[string]any), item, fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
	case "integer":
		if n, ok := v.(float64); !ok || n < 0 || n != float64(int64(n)) {
			return fmt.Errorf("%s: no count", path)
		}
	case "string":
		if _, ok := v.(string); !ok {
			return fmt.Errorf("%s: no text", path)
		}
	case "boolean":
		if _, ok := v.(bool); !ok {
			return fmt.Errorf("%s: neither true nor false", path)
		}
	}
	return nil
}

func TestReportsHoldToTheirSchema(t *testing.T) {
	var schema map[string]any
	require.NoError(t, json.Unmarshal(ReportSchema(), &schema))
	read := func(r *Report) (v map[string]any) {
		require.NoError(t, json.Unmarshal(render(t, func(b *bytes.Buffer) error { return r.WriteJSON(b) }), &v))
		return v
	}
	for _, c := range renderCases(t) {
		if c.name != "zero" {
			assert.NoError(t, holds(schema, schema, read(c.report), "report"), c.name)
		}
	}
	report, _ := validateAll(t, extractValidator(t, GroupBy("service_code"), Show("episode_id")), bytes.NewReader(messyExtract(500, 6)))
	require.NoError(t, holds(schema, schema, read(report), "report"))

	for why, spoil := range map[string]func(v map[string]any){
		"a member that is missing":    func(v map[string]any) { delete(v, "records") },
		"one that nobody knows":       func(v map[string]any) { v["value"] = "x" },
		"a count below nought":        func(v map[string]any) { v["records"] = -1.0 },
		"a severity that is none":     func(v map[string]any) { v["rules"].([]any)[0].(map[string]any)["severity"] = "fatal" },
		"a text in place of a number": func(v map[string]any) { v["bytes"] = "1" },
	} {
		v := read(report)
		spoil(v)
		assert.Error(t, holds(schema, schema, v, "report"), why)
	}
}
