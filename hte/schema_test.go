package hte_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

var update = flag.Bool("update", false, "write the generated schemas and pages anew")

const schemaBase = "https://github.com/healthtrainer/healthtrainer/hte/"

// requireGenerated holds a committed file to what is made from the code. Run with
// -update after changing the types or the table.
func requireGenerated(t *testing.T, file string, want []byte) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(file, want, 0o644))
	}
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	if bytes.Equal(want, got) {
		return
	}
	old, now := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range min(len(old), len(now)) {
		if !bytes.Equal(old[i], now[i]) {
			t.Fatalf("%s is out of date (go test ./hte -update), line %d:\n%s\nshould be\n%s", file, i+1, old[i], now[i])
		}
	}
	t.Fatalf("%s is out of date (go test ./hte -update): it has %d lines and should have %d", file, len(old), len(now))
}

// schemaMaker makes a JSON Schema from Go types: json tags say what members are
// called and which may be left out, comments what they mean, code lists what they
// may hold.
type schemaMaker struct {
	comments map[string]string // of "Type" and "Type.Field"
	defs     map[string]any
}

func newSchemaMaker(t testing.TB) *schemaMaker {
	m := &schemaMaker{comments: map[string]string{}, defs: map[string]any{}}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	more, err := filepath.Glob("../wellbeing/*.go")
	require.NoError(t, err)
	for _, file := range append(files, more...) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		prefix := ""
		if strings.Contains(filepath.ToSlash(file), "wellbeing/") {
			prefix = "wellbeing."
		}
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
				m.comments[prefix+typ.Name.Name] = plainWords(gen.Doc, typ.Doc)
				if s, ok := typ.Type.(*ast.StructType); ok {
					for _, f := range s.Fields.List {
						for _, name := range f.Names {
							m.comments[prefix+typ.Name.Name+"."+name.Name] = plainWords(f.Doc, f.Comment)
						}
					}
				}
			}
		}
	}
	return m
}

// plainWords puts comments into one line, without the brackets of godoc.
func plainWords(groups ...*ast.CommentGroup) string {
	var all []string
	for _, g := range groups {
		if g != nil {
			all = append(all, strings.Fields(g.Text())...)
		}
	}
	return strings.NewReplacer("[", "", "]", "").Replace(strings.Join(all, " "))
}

func (m *schemaMaker) name(t reflect.Type) string {
	if strings.HasSuffix(t.PkgPath(), "/wellbeing") {
		return "wellbeing." + t.Name()
	}
	return t.Name()
}

func kindNames() (names []string) {
	for _, k := range hte.Kinds() {
		names = append(names, k.String())
	}
	return names
}

func (m *schemaMaker) schema(t reflect.Type) map[string]any {
	switch t {
	case reflect.TypeFor[hte.Date]():
		return map[string]any{"type": "string", "format": "date"}
	case reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case reflect.TypeFor[wellbeing.Value]():
		return map[string]any{
			"type": []string{"string", "null"}, "pattern": `^-?\d+(\.\d+)?$|^-?\d+/\d+$`,
			"description": "an exact number as text, its places intact",
		}
	case reflect.TypeFor[wellbeing.Response]():
		return map[string]any{"anyOf": []any{
			map[string]any{"type": "integer"}, map[string]any{"enum": []any{nil, "refused", "not applicable", "unreadable"}},
		}}
	case reflect.TypeFor[wellbeing.Verdict]():
		return map[string]any{"type": []string{"boolean", "null"}}
	case reflect.TypeFor[wellbeing.Policy]():
		return map[string]any{} // its codec is that of package wellbeing
	case reflect.TypeFor[hte.Ref]():
		return map[string]any{"type": "string", "maxLength": 36, "pattern": "^[A-Za-z0-9._-]*$"}
	case reflect.TypeFor[hte.Kind]():
		return map[string]any{"enum": kindNames()}
	case reflect.TypeFor[hte.Stage]():
		names := []string{"none"}
		for _, s := range hte.Stages() {
			names = append(names, s.String())
		}
		return map[string]any{"enum": names}
	case reflect.TypeFor[hte.Measure]():
		names := []string{}
		for _, d := range hte.Measures() {
			names = append(names, string(d.Name))
		}
		return map[string]any{"enum": names}
	case reflect.TypeFor[hte.Technique]():
		return map[string]any{"type": "string", "pattern": `^\d{1,2}\.\d{1,2}$`}
	}
	if codes, ok := hte.ListOf(reflect.Zero(t).Interface()); ok {
		name := m.name(t)
		if m.defs[name] == nil {
			var enum []string
			for _, c := range codes {
				enum = append(enum, c.Code)
			}
			m.defs[name] = map[string]any{"enum": enum, "description": m.comments[name]}
		}
		return map[string]any{"$ref": "#/$defs/" + name}
	}
	switch t.Kind() {
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Uint8: // with a text of its own
		return map[string]any{"type": "string"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": m.schema(t.Elem())}
	case reflect.Struct:
		name := m.name(t)
		if m.defs[name] == nil {
			m.defs[name] = true // it may hold itself
			m.defs[name] = m.object(t)
		}
		return map[string]any{"$ref": "#/$defs/" + name}
	}
	panic("no schema for " + t.String())
}

func (m *schemaMaker) object(t reflect.Type) map[string]any {
	properties := map[string]any{}
	required := []string{}
	var add func(t reflect.Type)
	add = func(t reflect.Type) {
		for f := range t.Fields() {
			if f.Anonymous {
				add(f.Type)
				continue
			}
			name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" {
				panic("no json tag: " + t.Name() + "." + f.Name)
			}
			p := m.schema(f.Type)
			if text := m.comments[m.name(t)+"."+f.Name]; text != "" {
				p["description"] = text
			}
			if mark := f.Tag.Get("personal"); mark != "" {
				p["x-personal"] = mark
			}
			properties[name] = p
			if option != "omitzero" && option != "omitempty" {
				required = append(required, name)
			}
		}
	}
	add(t)
	slices.Sort(required)
	out := map[string]any{"type": "object", "properties": properties, "additionalProperties": false, "required": required}
	if text := m.comments[m.name(t)]; text != "" {
		out["description"] = text
	}
	return out
}

func writeSchema(t *testing.T, root map[string]any) []byte {
	t.Helper()
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	require.NoError(t, enc.Encode(root))
	return b.Bytes()
}

// The schema of an event: the envelope, and for each kind the data. A kind or
// version that this library does not know is allowed to hold anything.
func TestEventSchema(t *testing.T) {
	m := newSchemaMaker(t)
	known := []any{}
	for _, k := range hte.Kinds() {
		typ := reflect.TypeOf(hte.ZeroData(k))
		if k == hte.KindAmended {
			m.defs["Amended"] = map[string]any{
				"type": "object", "additionalProperties": false, "description": m.comments["Amended"],
				"required": []string{"sequence", "reason", "on", "kind", "version", "data"},
				"properties": map[string]any{
					"sequence": map[string]any{"type": "integer", "minimum": 1, "description": m.comments["Amended.Sequence"]},
					"reason":   m.schema(reflect.TypeFor[hte.CorrectionReason]()),
					"on":       m.schema(reflect.TypeFor[hte.Date]()),
					"kind":     map[string]any{"type": "string"}, "version": map[string]any{"type": "integer", "minimum": 1},
					"data": map[string]any{"type": "object", "description": m.comments["Amended.On"]},
				},
			}
		} else {
			m.schema(typ)
		}
		def := m.defs[typ.Name()].(map[string]any)
		known = append(known, map[string]any{
			"if": map[string]any{"properties": map[string]any{
				"kind": map[string]any{"const": k.String()}, "version": map[string]any{"const": k.Version()},
			}},
			"then": map[string]any{"properties": map[string]any{"data": map[string]any{"$ref": "#/$defs/" + typ.Name()}}},
		})
		require.NotEmpty(t, def["description"], k.String())
	}
	requireGenerated(t, "event.schema.json", writeSchema(t, map[string]any{
		"$id": schemaBase + "event.schema.json", "title": "Event of a health trainer journey",
		"type": "object", "additionalProperties": false, "description": m.comments["Event"],
		"required": []string{"by", "data", "journey", "kind", "on", "recorded", "sequence", "version"},
		"properties": map[string]any{
			"journey":  map[string]any{"type": "string", "description": m.comments["Event.Journey"]},
			"sequence": map[string]any{"type": "integer", "minimum": 1, "description": m.comments["Event.Sequence"]},
			"on":       map[string]any{"type": "string", "format": "date", "description": m.comments["Event.On"]},
			"recorded": map[string]any{"type": "string", "format": "date-time", "description": m.comments["Event.Recorded"]},
			"by":       map[string]any{"type": "string", "description": m.comments["Event.By"]},
			"because":  map[string]any{"type": "integer", "minimum": 1, "description": m.comments["Event.Because"]},
			"kind":     map[string]any{"type": "string", "description": "one of " + strings.Join(kindNames(), ", ") + ", or one from a newer version"},
			"version":  map[string]any{"type": "integer", "minimum": 1, "description": "the version of the kind's data"},
			"data":     map[string]any{"description": m.comments["Event.Data"]},
		},
		"allOf": known, "$defs": m.defs,
	}))
}

func TestStateSchema(t *testing.T) {
	m := newSchemaMaker(t)
	root := m.object(reflect.TypeFor[hte.State]())
	root["$id"], root["title"], root["$defs"] = schemaBase+"state.schema.json", "State of a health trainer journey", m.defs
	requireGenerated(t, "state.schema.json", writeSchema(t, root))
}

// Everything that is written keeps to the schemas, checked by a small validator
// for what they use.
func TestWrittenJSONKeepsToTheSchemas(t *testing.T) {
	read := func(text []byte) map[string]any {
		var v map[string]any
		require.NoError(t, json.Unmarshal(text, &v))
		return v
	}
	events, states := read(hte.EventSchema()), read(hte.StateSchema())
	seen := map[string]bool{}
	check := func(log []hte.Event) {
		state, err := hte.Fold(log)
		require.NoError(t, err)
		text, err := json.Marshal(state)
		require.NoError(t, err)
		require.Empty(t, conforms(states, states, any(read(text)), "state"))
		for _, e := range log {
			text, err := e.AppendJSON(nil)
			require.NoError(t, err)
			require.Empty(t, conforms(events, events, any(read(text)), e.Kind().String()), string(text))
			seen[e.Kind().String()] = true
		}
	}
	check(typicalLog(t))
	for seed := range uint64(60) {
		check(walk(t, newChance(seed), 120, map[hte.Kind]int{}))
	}
	assert.Greater(t, len(seen), 55, "most kinds were written")
	// The validator bites.
	e := typicalLog(t)[0]
	text, _ := e.AppendJSON(nil)
	for _, change := range [][2]string{
		{`"client":`, `"cleint":`},
		{`"sequence":1`, `"sequence":0`},
		{`"setting":"probation"`, `"setting":"moon"`},
		{`"by":"T-1",`, ``},
		{`"age":34`, `"age":"34"`},
	} {
		require.Contains(t, string(text), change[0])
		bad := strings.Replace(string(text), change[0], change[1], 1)
		require.NotEmpty(t, conforms(events, events, any(read([]byte(bad))), "bad"), change[1])
	}
}

// conforms returns what in a value is against a schema, for the keywords that
// these schemas use.
func conforms(root, schema map[string]any, v any, at string) (wrong []string) {
	fail := func(format string, args ...any) { wrong = append(wrong, at+": "+fmt.Sprintf(format, args...)) }
	for word, arg := range schema {
		switch word {
		case "$ref":
			def := root["$defs"].(map[string]any)[strings.TrimPrefix(arg.(string), "#/$defs/")].(map[string]any)
			wrong = append(wrong, conforms(root, def, v, at)...)
		case "type":
			kinds, ok := arg.([]any)
			if !ok {
				kinds = []any{arg}
			}
			if !slices.ContainsFunc(kinds, func(k any) bool { return isOfType(v, k.(string)) }) {
				fail("is no %v", arg)
			}
		case "enum":
			if !slices.Contains(arg.([]any), v) {
				fail("%v is none of the codes", v)
			}
		case "const":
			if v != arg {
				fail("is not %v", arg)
			}
		case "minimum":
			if n, ok := v.(float64); ok && n < arg.(float64) {
				fail("is too small")
			}
		case "required":
			if object, ok := v.(map[string]any); ok {
				for _, name := range arg.([]any) {
					if _, ok := object[name.(string)]; !ok {
						fail("lacks %v", name)
					}
				}
			}
		case "properties":
			object, ok := v.(map[string]any)
			if !ok {
				continue
			}
			for name, member := range object {
				if p, ok := arg.(map[string]any)[name].(map[string]any); ok {
					wrong = append(wrong, conforms(root, p, member, at+"."+name)...)
				} else if schema["additionalProperties"] == false {
					fail("has a member %s", name)
				}
			}
		case "items":
			if list, ok := v.([]any); ok {
				for _, item := range list {
					wrong = append(wrong, conforms(root, arg.(map[string]any), item, at+"[]")...)
				}
			}
		case "allOf":
			for _, s := range arg.([]any) {
				wrong = append(wrong, conforms(root, s.(map[string]any), v, at)...)
			}
		case "anyOf":
			if !slices.ContainsFunc(arg.([]any), func(s any) bool { return conforms(root, s.(map[string]any), v, at) == nil }) {
				fail("is none of several")
			}
		case "if":
			if conforms(root, arg.(map[string]any), v, at) == nil {
				wrong = append(wrong, conforms(root, schema["then"].(map[string]any), v, at)...)
			}
		}
	}
	return wrong
}

func isOfType(v any, name string) bool {
	switch v := v.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case string:
		return name == "string"
	case float64:
		return name == "number" || name == "integer" && v == float64(int64(v))
	case []any:
		return name == "array"
	case map[string]any:
		return name == "object"
	}
	return false
}
