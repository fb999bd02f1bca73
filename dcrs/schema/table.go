package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// Table is one file of an extract: a dictionary, what the file is called, and
// how its rows hang together with those of other files. Only Dictionary must be
// given.
type Table struct {
	Dictionary *dcrs.Dictionary
	Name       string // of the file without its ending, of the resource and of the SQL table; "" for the kind with an s: episodes
	Title      string // for people; "" for the kind in words: "Client episodes"
	// About says on what the names and codes rest, at the head of everything that
	// is written for people. "" says what is true of the dictionaries of package
	// dcrs, or of another that its maker has to answer for it.
	About string
	// Key are the fields that together tell the rows apart; nil for those that the
	// rule KIND/duplicate reads, where the dictionary has it: episode_id.
	Key []string
	// References are the tables whose rows these rows belong to; nil says that the
	// fields that the rule KIND/orphan reads, where the dictionary has it, are the
	// key of the first of the tables.
	References []Reference
}

// Reference says that fields of a table hold the key of another.
type Reference struct {
	Fields []string
	Table  string   // the name of the other table
	Key    []string // its fields, in the order of Fields; nil for its key
}

// TableError says what is wrong with a table, or with several together.
type TableError struct{ Table, Problem string }

func (e *TableError) Error() string {
	return fmt.Sprintf("schema: table %q: %s", e.Table, e.Problem)
}

// labelsTable is the SQL table of the labels of codes.
const labelsTable = "code_labels"

// table is a Table with its blanks filled in and its dictionary read once.
type table struct {
	Table
	fields []dcrs.Field
	rules  []dcrs.Rule
	lists  []dcrs.CodeList
}

func (t *table) list(f dcrs.Field) dcrs.CodeList {
	l, _ := t.Dictionary.CodeList(f.CodeList)
	return l
}

func (t *table) codes(f dcrs.Field) []string {
	var codes []string
	for _, c := range t.list(f).Codes {
		codes = append(codes, c.Code)
	}
	return codes
}

// complete fills the blanks of the tables and checks that they fit together.
func complete(tables []Table) ([]*table, error) {
	if len(tables) == 0 {
		return nil, &TableError{Problem: "there is none"}
	}
	byName := map[string]*table{}
	lists := map[string]dcrs.CodeList{}
	var out []*table
	for _, given := range tables {
		if given.Dictionary == nil {
			return nil, &TableError{given.Name, "it has no dictionary"}
		}
		t := &table{Table: given}
		t.fields = slices.Collect(t.Dictionary.Fields())
		t.rules = slices.Collect(t.Dictionary.Rules())
		if t.Name == "" {
			t.Name = t.Dictionary.Kind() + "s"
		}
		if t.Title == "" {
			t.Title = "Client " + strings.ReplaceAll(t.Dictionary.Kind(), "_", " ") + "s"
		}
		t.About = About(given)
		if !isName(t.Name) {
			return nil, &TableError{t.Name, "a name is lower-case letters, digits, hyphens and underscores, and begins with a letter"}
		}
		if byName[t.Name] != nil || t.Name == labelsTable {
			return nil, &TableError{t.Name, "the name is taken"}
		}
		byName[t.Name] = t
		if t.Key == nil {
			if r, ok := t.Dictionary.Rule(t.Dictionary.Kind() + "/duplicate"); ok {
				t.Key = fieldsRead(t, r)
			}
		}
		if err := t.knows(t.Key); err != nil {
			return nil, err
		}
		for l := range t.Dictionary.CodeLists() {
			if other, ok := lists[l.Name]; ok && !slices.Equal(other.Codes, l.Codes) {
				return nil, &TableError{t.Name, fmt.Sprintf("its code list %q is not the one of that name in an earlier table", l.Name)}
			}
			lists[l.Name] = l
			t.lists = append(t.lists, l)
		}
		out = append(out, t)
	}
	for n, t := range out {
		if t.References == nil && n > 0 {
			if r, ok := t.Dictionary.Rule(t.Dictionary.Kind() + "/orphan"); ok && len(out[0].Key) > 0 && len(fieldsRead(t, r)) == len(out[0].Key) {
				t.References = []Reference{{Fields: fieldsRead(t, r), Table: out[0].Name}}
			}
		}
		t.References = slices.Clone(t.References)
		for i, r := range t.References {
			parent := byName[r.Table]
			if parent == nil || !slices.Contains(out[:n], parent) { // a database makes the tables in their order
				return nil, &TableError{t.Name, fmt.Sprintf("it refers to %q, which is not among the tables before it", r.Table)}
			}
			if r.Key == nil {
				r.Key = parent.Key
			}
			if len(r.Key) == 0 || len(r.Key) != len(r.Fields) {
				return nil, &TableError{t.Name, fmt.Sprintf("%d fields refer to a key of %d in %q", len(r.Fields), len(r.Key), r.Table)}
			}
			if err := t.knows(r.Fields); err != nil {
				return nil, err
			}
			if err := parent.knows(r.Key); err != nil {
				return nil, err
			}
			t.References[i] = r
		}
	}
	return out, nil
}

// completeOne is complete for a form that describes one table alone, where
// references lead out of sight and are left out.
func completeOne(t Table) (*table, error) {
	t.References = nil
	tables, err := complete([]Table{t})
	if err != nil {
		return nil, err
	}
	return tables[0], nil
}

func (t *table) knows(names []string) error {
	for _, name := range names {
		if _, ok := t.Dictionary.Field(name); !ok {
			return &TableError{t.Name, fmt.Sprintf("it has no field %q", name)}
		}
	}
	return nil
}

// codeLists are the lists of all tables, each once.
func codeLists(tables []*table) []dcrs.CodeList {
	var lists []dcrs.CodeList
	for _, t := range tables {
		for _, l := range t.lists {
			if !slices.ContainsFunc(lists, func(have dcrs.CodeList) bool { return have.Name == l.Name }) {
				lists = append(lists, l)
			}
		}
	}
	return lists
}

func isName(s string) bool {
	for i, c := range []byte(s) {
		if c >= 'a' && c <= 'z' || i > 0 && (c >= '0' && c <= '9' || c == '_' || c == '-') {
			continue
		}
		return false
	}
	return s != ""
}
