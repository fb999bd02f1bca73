package dcrs

import (
	"fmt"
	"strings"
)

// Level is how much a finding matters.
type Level uint8

// The levels. Off, which only [Severity] gives, silences a rule.
const (
	Off     Level = iota
	Info          // worth knowing; nothing need be done
	Warning       // probably wrong, or a gap; a person should look
	Error         // wrong: the record should not be counted until it is mended
)

var levelNames = [...]string{Off: "off", Info: "info", Warning: "warning", Error: "error"}

// String is "off", "info", "warning" or "error".
func (l Level) String() string {
	if int(l) < len(levelNames) {
		return levelNames[l]
	}
	return fmt.Sprintf("Level(%d)", uint8(l))
}

// MarshalText writes the level as its name.
func (l Level) MarshalText() ([]byte, error) {
	if int(l) >= len(levelNames) {
		return nil, &LevelError{}
	}
	return []byte(levelNames[l]), nil
}

// UnmarshalText reads the name of a level.
func (l *Level) UnmarshalText(text []byte) error {
	v, err := ParseLevel(string(text))
	if err == nil {
		*l = v
	}
	return err
}

// LevelError says that a text names no level.
type LevelError struct{ Name string }

func (e *LevelError) Error() string {
	return fmt.Sprintf("dcrs: %q is not a severity: say off, info, warning or error", e.Name)
}

// ParseLevel reads the name of a level; another text is a [*LevelError].
func ParseLevel(name string) (Level, error) {
	for l, n := range levelNames {
		if n == name {
			return Level(l), nil
		}
	}
	return Off, &LevelError{Name: name}
}

// Scope says how much of an extract a rule must see.
type Scope uint8

// The scopes.
const (
	ScopeField   Scope = iota + 1 // one cell
	ScopeRecord                   // one row
	ScopeFile                     // the whole file: these rules keep a key for each row, see [FileRuleBytes]
	ScopeExtract                  // several files together, see [ExtractValidator]
)

var scopeNames = []string{ScopeField: "field", ScopeRecord: "record", ScopeFile: "file", ScopeExtract: "extract"}

// String is "field", "record", "file" or "extract".
func (s Scope) String() string { return nameOf(s, "Scope", scopeNames) }

// Rule is one check, as data: what it is called, what it looks at, what a
// finding of it means and how to mend it.
type Rule struct {
	ID         string // stable: "weight_kg_pre/range", "dates/plan-too-early"
	Scope      Scope
	Severity   Level  // of its gravest finding, unless [Severity] changes it
	Severities string // how findings of one rule differ in severity, where they do
	Reads      string // the fields that it reads; a finding stands at the one named last
	When       string // what must hold before it applies, "" for always
	Per        string // what one finding stands for
	Problem    string // what is wrong
	Fix        string // how to mend it
	Note       string // the choices that the wording left open
	Basis      Basis
	Source     string // keys of the sources, see [Source]
}

// Family is the part of a field rule's id behind the field: "range" for
// "weight_kg_pre/range"; for other rules it is the part behind the slash too.
func (r Rule) Family() string {
	_, name, _ := strings.Cut(r.ID, "/")
	return name
}

// expandRules spells out the FIELD families, field by field, before the rules of
// reading a file.
func expandRules(fields []Field) []Rule {
	var rules []Rule
	for _, f := range fields {
		for _, t := range readingRules {
			family, ok := strings.CutPrefix(t.ID, "FIELD/")
			if !ok || !familyFits(family, f) {
				continue
			}
			t.ID = f.Name + "/" + family
			t.Reads = f.Name
			t.Severities = ""
			if family == "blank" && f.Presence == Required {
				t.Severity = Warning
			}
			rules = append(rules, t)
		}
	}
	for _, t := range readingRules {
		if !strings.HasPrefix(t.ID, "FIELD/") {
			rules = append(rules, t)
		}
	}
	return rules
}

func familyFits(family string, f Field) bool {
	switch family {
	case "blank":
		return f.Presence == Mandatory || f.Presence == Required
	case "format":
		return true
	case "code":
		return f.CodeList != ""
	case "range":
		return f.Valid != nil
	case "implausible":
		return f.Plausible != nil
	case "repeated-code":
		return f.Type == TypeCodes
	}
	return false
}
