package wellbeing

import (
	"encoding/csv"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var updateReference = flag.Bool("update", false, "rewrite REFERENCE.md from the instruments")

const referenceFile = "REFERENCE.md"

// TestReference holds the reference page equal to the instruments' data and the vectors.
func TestReference(t *testing.T) {
	page := referencePage(readVectors(t))
	if *updateReference {
		require.NoError(t, os.WriteFile(referenceFile, []byte(page), 0o644))
	}
	b, err := os.ReadFile(referenceFile)
	require.NoError(t, err)
	got, want := strings.Split(string(b), "\n"), strings.Split(page, "\n")
	for i := range min(len(got), len(want)) {
		require.Equal(t, want[i], got[i], "%s, line %d: run go test ./wellbeing -run TestReference -update", referenceFile, i+1)
	}
	require.Len(t, got, len(want), "run go test ./wellbeing -run TestReference -update")

	headings := map[string]bool{}
	for _, line := range got {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			assert.False(t, headings[anchor(title)], "two sections of one name: %s", title)
			headings[anchor(title)] = true
		}
	}
	for _, link := range regexp.MustCompile(`\]\(#([^)]*)\)`).FindAllStringSubmatch(string(b), -1) {
		assert.True(t, headings[link[1]], "a link leads nowhere: %s", link[1])
	}
	for in := range Instruments() {
		assert.True(t, headings[anchor(in.Name())], "no section for %s", in.Name())
	}
}

type vector struct{ name, options, responses, expected, origin string }

// readVectors returns the vectors of each instrument.
func readVectors(t *testing.T) map[string][]vector {
	t.Helper()
	all := map[string][]vector{}
	files, err := fs.Glob(os.DirFS("testdata"), "*_vectors.csv")
	require.NoError(t, err)
	for _, name := range files {
		f, err := os.Open(filepath.Join("testdata", name))
		require.NoError(t, err)
		rows, err := csv.NewReader(f).ReadAll()
		require.NoError(t, err)
		require.NoError(t, f.Close())
		for _, r := range rows[1:] {
			all[r[0]] = append(all[r[0]], vector{r[1], r[2], r[3], r[4], r[5]})
		}
	}
	return all
}

// examples picks a few vectors that show different things: a plain form or two, one under a policy, one
// without a score.
func examples(all []vector) []vector {
	var picked []vector
	pick := func(n int, f func(v vector) bool) {
		for _, v := range all {
			if n > 0 && f(v) && !slices.Contains(picked, v) {
				picked, n = append(picked, v), n-1
			}
		}
	}
	refused := func(v vector) bool { return strings.Contains(v.expected, "NONE") }
	pick(1, func(v vector) bool { return v.name == "mixed" })
	pick(2, func(v vector) bool { return v.options == "" && !refused(v) })
	pick(1, func(v vector) bool { return v.options != "" && !refused(v) })
	pick(1, refused)
	return picked
}

const referenceIntro = `<!-- Written by TestReference from the instruments' data. Do not edit: go test ./wellbeing -run TestReference -update -->

# Instruments

What package ` + "`wellbeing`" + ` knows of each questionnaire: how it is scored, on what that rests, and a few worked
examples. This page is written from the same data that scores the forms, and a test holds the two equal.
Edition of the data: ` + DataEdition + `.

It holds no wording of any questionnaire. What is said of licences is a note, not legal advice.

How to read it:

- **Basis** says how well a fact is confirmed. *Verified* was read in two or more sources that agree,
  *single source* in one. *Remembered* was not confirmed: it is off until the caller gives
  ` + "`AllowUnverified()`" + `, and every result that uses it says so. Numbers in brackets lead to the sources at the end
  of a section.
- **Missing answers.** Without a policy, a scale needs all its items. ` + "`OwnerRule`" + ` prorates as the owner of the
  instrument published, and is an error where nothing is published; ` + "`MaxMissing(n)`" + ` is a limit of the caller's
  own. Prorating puts the mean of the answered items in place of the others. Scales marked *never* are not
  prorated by any policy.
- **On request** cut-offs and bands rival another one, or hold for another country. They are judged only where
  ` + "`Judge(name)`" + ` asks for them.
- **Examples** come from the files in [testdata](testdata), where each row names its origin and ` + "`rescore.R`" + ` scores it
  again in R. In them, ` + "`.`" + ` is missing, ` + "`?`" + ` refused, ` + "`-`" + ` not applicable, and NONE is no score.

Beside these, ` + "`GoalAttainment`" + ` gives the T score of Kiresuk and Sherman (1968) over the goals of a personal health
plan, and ` + "`ReliableChange`" + ` and ` + "`ClinicalCutoff`" + ` judge change after Jacobson and Truax (1991) from figures of the caller's.
Instruments whose owners do not allow it (PAM, Outcomes Star, SF-12) are not scored: ` + "`External`" + ` carries their
scores. GPPAQ is held back until its combining table is sourced.

## Contents

| Instrument | Title | Items | Scores | Owner's rule on missing answers | Wording may ship |
|---|---|--:|---|---|---|
`

func referencePage(vectors map[string][]vector) string {
	var p page
	p.WriteString(referenceIntro)
	for in := range Instruments() {
		d := in.Definition()
		var scores []string
		for _, s := range d.Scales {
			scores = append(scores, fmt.Sprintf("%s %s", code(s.Name), span(s)))
		}
		rule := "none known"
		if d.OwnerRule != nil {
			rule = d.OwnerRule.Source.Basis.String()
		}
		p.row("["+cell(d.Name)+"](#"+anchor(d.Name)+")", cell(d.Title), strconv.Itoa(len(d.Items)), strings.Join(scores, "<br>"), rule, yes(d.Licence.Wording))
	}
	for in := range Instruments() {
		section(&p, in, examples(vectors[in.Name()]))
	}
	return p.String()
}

// page is Markdown with the sources of one section.
type page struct {
	strings.Builder
	sources []string
}

func (p *page) printf(format string, args ...any) { fmt.Fprintf(p, format, args...) }

func (p *page) row(cells ...string) { p.printf("| %s |\n", strings.Join(cells, " | ")) }

// table begins a table with its heads.
func (p *page) table(heads ...string) {
	p.WriteString("\n")
	p.row(heads...)
	p.printf("|%s\n", strings.Repeat("---|", len(heads)))
}

// cite returns the basis with the number of the source.
func (p *page) cite(s Source) string {
	i := slices.Index(p.sources, s.Citation)
	if i < 0 {
		i = len(p.sources)
		p.sources = append(p.sources, s.Citation)
	}
	return fmt.Sprintf("%s [%d]", s.Basis, i+1)
}

func section(p *page, in *Instrument, vectors []vector) {
	d := in.Definition()
	p.sources = nil
	p.printf("\n## %s\n\n%s.\n", d.Name, cell(d.Title))
	p.table("", "")
	fact := func(name, text string) {
		if text != "" {
			p.row(name, text)
		}
	}
	fact("Source", p.cite(d.Source))
	fact("Edition", cell(d.Edition))
	fact("Period asked about", cell(d.Recall))
	fact("Coding", cell(d.Coding))
	fact("Value set", cell(d.ValueSet))
	if d.Exclusion != nil {
		fact("No score", cell(d.Exclusion.Text)+" ("+p.cite(d.Exclusion.Source)+")")
	}
	if d.Skip != nil {
		fact("Skip rule", cell(d.Skip.Text)+" ("+p.cite(d.Skip.Source)+")")
	}
	fact("Missing answers", missingPolicy(p, in))
	fact("Licence", cell(d.Licence.Note)+" ("+p.cite(d.Licence.Source)+")")
	for _, n := range d.Notes {
		fact("Note", cell(n))
	}

	itemTable(p, d)
	scaleTable(p, d)
	recodings(p, in)
	valueSet(p, in)
	conversions(p, d)
	flagTable(p, d)
	bandTable(p, d)
	changeTable(p, d)
	if d.Codes != nil {
		p.printf("\n### Codes\n")
		p.table("System", "Code", "For", "Basis")
		for _, c := range d.Codes {
			p.row(map[string]string{"http://snomed.info/sct": "SNOMED CT", "http://loinc.org": "LOINC"}[c.System], code(c.Code), cell(c.For), p.cite(c.Source))
		}
	}
	p.printf("\n### Examples\n")
	p.table("Responses", "Options", "Results", "Origin")
	for _, v := range vectors {
		p.row(code(v.responses), codes(strings.Fields(v.options)), codes(strings.Split(v.expected, ";")), cell(v.origin))
	}
	p.printf("\n### Sources\n\n")
	for i, s := range p.sources {
		p.printf("%d. %s\n", i+1, cell(s))
	}
}

// missingPolicy says what each policy does for an instrument.
func missingPolicy(p *page, in *Instrument) string {
	if in.def.OwnerRule != nil {
		return "By the owner's rule: " + cell(in.def.OwnerRule.Text) + " (" + p.cite(in.def.OwnerRule.Source) + ")."
	}
	if _, err := in.Scorer(MaxMissing(1), AllowUnverified()); err != nil {
		return "No rule of the owner's is known here, and no scale can be prorated: all items of a scale are needed."
	}
	return "No rule of the owner's is known here: all items of a scale are needed, unless the caller names a limit."
}

func itemTable(p *page, d Definition) {
	p.printf("\n### Items\n")
	heads := []string{"Item", "Codes"}
	about := slices.ContainsFunc(d.Items, func(it Item) bool { return it.About != "" || it.Unscored })
	if about {
		heads = append(heads, "About")
	}
	read := slices.ContainsFunc(d.Items, func(it Item) bool { return it.Tokens != nil })
	if read {
		heads = append(heads, "Also read as")
	}
	p.table(heads...)
	same := func(a, b Item) bool {
		return a.Min == b.Min && a.Max == b.Max && slices.Equal(a.Codes, b.Codes) && slices.Equal(a.Tokens, b.Tokens) && a.About == b.About && a.Unscored == b.Unscored
	}
	for i := 0; i < len(d.Items); {
		it, last := d.Items[i], i
		for last+1 < len(d.Items) && same(it, d.Items[last+1]) {
			last++
		}
		keys := code(it.Key)
		if last > i {
			keys += " to " + code(d.Items[last].Key)
		}
		cells := []string{keys, fmt.Sprintf("%d to %d", it.Min, it.Max)}
		if it.Codes != nil {
			cells[1] = list(it.Codes)
		}
		if about {
			text := cell(it.About)
			if it.Unscored {
				text = strings.TrimSpace(text + " (not scored)")
			}
			cells = append(cells, text)
		}
		if read {
			var tokens []string
			for _, t := range it.Tokens {
				tokens = append(tokens, fmt.Sprintf("%s for %d", code(t.Text), t.Code))
			}
			cells = append(cells, strings.Join(tokens, ", "))
		}
		p.row(cells...)
		i = last + 1
	}
}

func scaleTable(p *page, d Definition) {
	p.printf("\n### Scales\n")
	p.table("Scale", "Algorithm", "Items", "Reversed", "Range", "Step", "Direction", "Prorated", "Basis")
	for _, s := range d.Scales {
		prorated := "by the caller's limit"
		if s.OwnerMax > 0 {
			prorated = fmt.Sprintf("owner's rule: at most %d missing", s.OwnerMax)
		}
		if s.AlwaysComplete || len(s.Items) == 1 {
			prorated = "never"
		}
		if s.ProratedName != "" {
			prorated += ", then called " + code(s.ProratedName)
		}
		step := ""
		if s.Step.Known() {
			step = s.Step.String()
		}
		items := ranges(d, s.Items)
		if len(s.Items) == len(d.Items) && len(d.Items) > 1 {
			items = "all"
		}
		p.row(code(s.Name), cell(s.Algorithm), items, ranges(d, s.Reversed), span(s)+" "+cell(s.Unit), step, s.HigherIs.String(), prorated, p.cite(s.Source))
	}
}

// ranges writes items by number, such as "1 to 3, 7".
func ranges(d Definition, keys []string) string {
	var numbers []int
	for i, it := range d.Items {
		if slices.Contains(keys, it.Key) {
			numbers = append(numbers, i+1)
		}
	}
	var parts []string
	for i := 0; i < len(numbers); {
		last := i
		for last+1 < len(numbers) && numbers[last+1] == numbers[last]+1 {
			last++
		}
		switch {
		case last == i:
			parts = append(parts, strconv.Itoa(numbers[i]))
		case last == i+1:
			parts = append(parts, strconv.Itoa(numbers[i]), strconv.Itoa(numbers[last]))
		default:
			parts = append(parts, fmt.Sprintf("%d to %d", numbers[i], numbers[last]))
		}
		i = last + 1
	}
	return strings.Join(parts, ", ")
}

// recodings lists the items whose answers add something else to a sum than their code.
func recodings(p *page, in *Instrument) {
	d, started := in.Definition(), false
	type group struct {
		from, to []int
		keys     []string
	}
	for k, s := range d.Scales {
		if in.calcs[k].sum == nil {
			continue
		}
		var groups []*group
		for _, it := range d.Items {
			var from, to []int
			for c := it.Min; c <= it.Max; c++ {
				if w, ok := in.Weight(s.Name, it.Key, c); ok {
					from, to = append(from, c), append(to, w)
				}
			}
			if slices.Equal(from, to) {
				continue
			}
			i := slices.IndexFunc(groups, func(g *group) bool { return slices.Equal(g.from, from) && slices.Equal(g.to, to) })
			if i < 0 {
				i = len(groups)
				groups = append(groups, &group{from: from, to: to})
			}
			groups[i].keys = append(groups[i].keys, it.Key)
		}
		for _, g := range groups {
			if !started {
				p.printf("\n### Recoded answers\n")
				p.table("Scale", "Items", "Answer", "Counts as")
				started = true
			}
			p.row(code(s.Name), ranges(d, g.keys), list(g.from), list(g.to))
		}
	}
}

// valueSet writes the weights of an EQ-5D.
func valueSet(p *page, in *Instrument) {
	set, ok := map[string]eq5dSet{
		eq5d3L().Name(): setMVHA1, eq5dRowen().Name(): setRowen, eq5dDevlin().Name(): setDevlin,
	}[in.Name()]
	if in == eq5dCrosswalk() {
		p.printf("\n### Value set\n\nThe published table of all 3,125 states: [eq5d_crosswalk.csv](eq5d_crosswalk.csv).\n")
		return
	}
	if !ok {
		return
	}
	p.printf("\n### Value set\n\nThe index is 1 less the weight of each dimension's level")
	if set.anyBelow1 > 0 {
		p.printf(", less %s where any is above 1, and less %s where any is at 3", fixed(set.anyBelow1, 3), fixed(set.anyAt3, 3))
	}
	p.printf(".\n")
	heads := []string{"Dimension"}
	for level := 2; level <= set.levels; level++ {
		heads = append(heads, fmt.Sprint("Level ", level))
	}
	p.table(heads...)
	for i, it := range in.def.Items {
		cells := []string{cell(it.About)}
		for level := 2; level <= set.levels; level++ {
			cells = append(cells, fixed(set.decrement[i][level], 3).String())
		}
		p.row(cells...)
	}
}

func conversions(p *page, d Definition) {
	const across = 5
	for _, s := range d.Scales {
		if s.Table == nil {
			continue
		}
		p.printf("\n### Conversion to %s\n", code(s.Name))
		p.table(slices.Repeat([]string{"Raw", "Score"}, across)...)
		rows := (len(s.Table) + across - 1) / across
		for i := range rows {
			var cells []string
			for k := range across {
				raw, metric := "", ""
				if n := k*rows + i; n < len(s.Table) {
					raw, metric = strconv.FormatInt(s.Table[n].Raw, 10), s.Table[n].Metric.String()
				}
				cells = append(cells, raw, metric)
			}
			p.row(cells...)
		}
	}
}

// when says when something is judged.
func when(onRequest bool, b Basis) string {
	var parts []string
	if onRequest {
		parts = append(parts, "on request")
	}
	if b == Remembered {
		parts = append(parts, "with AllowUnverified")
	}
	if parts == nil {
		return "always"
	}
	return strings.Join(parts, ", ")
}

func flagTable(p *page, d Definition) {
	if d.Cutoffs == nil && d.Criteria == nil {
		return
	}
	p.printf("\n### Flags\n")
	p.table("Flag", "Met by", "Meaning", "Judged", "Basis")
	for _, c := range d.Cutoffs {
		p.row(code(c.Name), fmt.Sprintf("%s %s", code(c.Scale), code(c.Comparator.String()+" "+c.Threshold.String())), cell(c.Meaning), when(c.OnRequest, c.Source.Basis), p.cite(c.Source))
	}
	for _, c := range d.Criteria {
		p.row(code(c.Name), cell(c.Algorithm), cell(c.Meaning), when(c.OnRequest, c.Source.Basis), p.cite(c.Source))
	}
}

func bandTable(p *page, d Definition) {
	if d.BandSets == nil {
		return
	}
	p.printf("\n### Bands\n")
	p.table("Bands", "Of scale", "From (inclusive)", "Judged", "Basis")
	for _, s := range d.BandSets {
		var bands []string
		for _, b := range s.Bands {
			bands = append(bands, b.From.String()+" "+cell(b.Label))
		}
		p.row(code(s.Name), code(s.Scale), strings.Join(bands, "<br>"), when(s.OnRequest, s.Source.Basis), p.cite(s.Source))
	}
}

func changeTable(p *page, d Definition) {
	if d.Changes == nil {
		return
	}
	p.printf("\n### Change rules\n")
	p.table("Rule", "Of scale", "Change", "Smallest that meets it", "Meaning", "Basis")
	for _, r := range d.Changes {
		p.row(code(r.Name), code(r.Scale), code(r.Comparator.String()+" "+r.Threshold.String()), r.Smallest.String(), cell(r.Meaning), p.cite(r.Source))
	}
}

func span(s Scale) string { return s.Min.String() + " to " + s.Max.String() }

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// cell escapes what Markdown would read in a table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;", "_", `\_`, "*", `\*`).Replace(s)
}

func code(s string) string { return "`" + s + "`" }

func codes(all []string) string {
	var out []string
	for _, s := range all {
		out = append(out, code(strings.TrimSpace(s)))
	}
	return strings.Join(out, " ")
}

// anchor is how web renderers of Markdown name a heading.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z':
			return r
		}
		return -1
	}, strings.ToLower(heading))
}
