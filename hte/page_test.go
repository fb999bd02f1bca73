package hte_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

// JOURNEY.md is made from the transition table, the kinds, the guards and the
// policy, so that it cannot drift from what the code does.
func TestJourneyPage(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }

	p("# The client journey")
	p("")
	p("This page is made from the transition table of package hte by its tests; do not edit it. A command asks for an")
	p("event of the same kind; what is not in the table is refused with the guard `stage`.")
	p("")
	p("```mermaid")
	p("%s", mermaid()+"```")
	p("")
	p("Commands that leave the stage as it is are not drawn. Withdrawing consent to be supported, and justice events where")
	p("the policy says so, close the journey as well, by an event `closed` of their own.")
	p("")

	p("## Stages and commands")
	p("")
	stages := append([]hte.Stage{hte.StageNone}, hte.Stages()...)
	cells := map[hte.Kind]map[hte.Stage]hte.Transition{}
	for _, tr := range hte.Transitions() {
		if cells[tr.Kind] == nil {
			cells[tr.Kind] = map[hte.Stage]hte.Transition{}
		}
		cells[tr.Kind][tr.From] = tr
	}
	head, rule := "| command |", "|---|"
	for _, s := range stages {
		head += " " + s.String() + " |"
		rule += ":-:|"
	}
	p("%s guards |", head)
	p("%s---|", rule)
	for _, k := range hte.Kinds() {
		row := "| `" + k.String() + "` |"
		var guards []string
		for _, s := range stages {
			tr, ok := cells[k][s]
			switch {
			case !ok:
				row += "  |"
			case tr.To == s:
				row += " ● |"
			default:
				row += " → " + tr.To.String() + " |"
			}
			if ok && guards == nil {
				for _, g := range tr.Guards {
					guards = append(guards, string(g))
				}
			}
		}
		p("%s %s |", row, strings.Join(guards, ", "))
	}
	p("")
	p("● may be recorded, and the stage stays; → leads to another.")
	p("")

	p("## Guards")
	p("")
	var always []string
	for _, g := range hte.AlwaysGuards() {
		always = append(always, "`"+string(g)+"`")
	}
	p("%s are asked for every command.", strings.Join(always, ", "))
	p("")
	p("| guard | asks that |")
	p("|---|---|")
	for _, g := range hte.Guards() {
		p("| `%s` | %s |", g, g.About())
	}
	p("")

	p("## Events")
	p("")
	p("Members in *italics* may be left out; ¶ marks words that people write, and † references to people.")
	p("")
	p("| kind | what it records | data |")
	p("|---|---|---|")
	for _, k := range hte.Kinds() {
		p("| `%s` | %s | %s |", k, k.About(), members(reflect.TypeOf(hte.ZeroData(k))))
	}
	p("")

	p("## Policy")
	p("")
	p("What a service decides for itself, with the defaults of this library and what they rest on.")
	p("")
	p("| field | default | basis | why |")
	p("|---|---|---|---|")
	defaults := reflect.ValueOf(hte.DefaultPolicy())
	for i, basis := range hte.DefaultPolicy().Bases() {
		f := defaults.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		require.Equal(t, name, basis.Field, "every field of the policy has its basis, in order")
		value := fmt.Sprint(defaults.Field(i).Interface())
		if rules, ok := defaults.Field(i).Interface().([]hte.JusticeRule); ok {
			var texts []string
			for _, r := range rules {
				texts = append(texts, r.After.String()+": "+string(r.Action))
			}
			value = strings.Join(texts, ", ")
		}
		p("| `%s` | %s | %s | %s |", basis.Field, strings.Trim(value, "[]"), basis.Basis, basis.Why)
	}
	require.Equal(t, defaults.NumField(), len(hte.DefaultPolicy().Bases()))
	p("")

	p("## Codes")
	p("")
	p("| list | codes |")
	p("|---|---|")
	for _, l := range hte.CodeLists() {
		var codes []string
		for _, c := range l.Codes {
			codes = append(codes, "`"+c.Code+"` "+c.Label)
		}
		where := ""
		if l.DCRS {
			where = " (DCRS dictionary)"
		}
		p("| `%s`%s | %s |", l.Name, where, strings.Join(codes, "; "))
	}
	requireGenerated(t, "JOURNEY.md", []byte(b.String()))
}

// mermaid draws the moves of the table.
func mermaid() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    [*] --> referred : referred\n")
	type edge struct{ from, to hte.Stage }
	labels := map[edge][]string{}
	var order []edge
	for _, tr := range hte.Transitions() {
		if tr.From == tr.To || tr.From == hte.StageNone {
			continue
		}
		e := edge{tr.From, tr.To}
		if labels[e] == nil {
			order = append(order, e)
		}
		labels[e] = append(labels[e], tr.Kind.String())
	}
	slices.SortStableFunc(order, func(a, b edge) int { return (int(a.from)-int(b.from))*100 + int(a.to) - int(b.to) })
	for _, e := range order {
		fmt.Fprintf(&b, "    %s --> %s : %s\n", e.from, e.to, strings.Join(labels[e], ", "))
	}
	b.WriteString("    closed --> [*]\n")
	return b.String()
}

func members(t reflect.Type) string {
	var out []string
	for f := range t.Fields() {
		name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		if option != "" {
			name = "*" + name + "*"
		}
		switch f.Tag.Get("personal") {
		case "text":
			name += "¶"
		case "reference":
			name += "†"
		}
		out = append(out, name)
	}
	return strings.Join(out, ", ")
}

// The table is complete and sound in itself.
func TestTableIsSound(t *testing.T) {
	t.Parallel()
	reached := map[hte.Stage]bool{}
	kinds := map[hte.Kind]bool{}
	guarded := map[hte.Guard]bool{}
	for _, g := range hte.AlwaysGuards() {
		guarded[g] = true
	}
	for _, tr := range hte.Transitions() {
		reached[tr.To], kinds[tr.Kind] = true, true
		for _, g := range tr.Guards {
			require.NotEmpty(t, g.About(), "guard %s of %s is defined", g, tr.Kind)
			guarded[g] = true
		}
		if tr.From == hte.StageClosed {
			require.Equal(t, hte.StageClosed, tr.To, "nothing but a correction opens a closed journey")
		}
	}
	for _, s := range hte.Stages() {
		require.True(t, reached[s], s.String())
	}
	for _, k := range hte.Kinds() {
		require.True(t, kinds[k], k.String())
		require.NotEmpty(t, k.About())
	}
	for _, g := range hte.Guards() {
		require.True(t, guarded[g], "guard %s is asked by some rule", g)
	}
}
