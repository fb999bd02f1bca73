package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

const unverified = "rests on memory alone: -allow-unverified turns it on"

// plan is how the forms that name one instrument are scored, worked out once.
type plan struct {
	in     *wellbeing.Instrument // nil for what is not an instrument but a formula
	parser *wellbeing.Parser
	scorer *wellbeing.Scorer // nil where off
	off    string            // why no form can be scored
	note   string            // about refusals, such as that the owner's rule is not in use
	keys   []string          // of the items
	column []int             // of each item in the file, where the heading names them
	lines  []line
	tail   string // the cells for policy and edition, with their commas
}

// line is a scale, flag or band set that gets a line of its own.
type line struct {
	name     string
	kind     kind
	at       int      // position in the result's list; -1: off
	scale    int      // position of the score on which it rests, or -1
	band     int      // position of the band set whose label goes beside it, or -1
	items    []string // criterion: the items that it needs
	prorated string   // scale: what a prorated score has to be called
}

type kind uint8

const (
	aScale kind = iota
	aFlag
	aBand
)

// renamed holds the names of lines that differ from the instrument's own. For the ONS4, the reference
// vectors give the plain names to the bands; the scores make way.
var renamed = map[string]map[string]string{
	"ONS4": {
		"satisfied_band": "satisfied", "satisfied": "satisfied_0to10",
		"worthwhile_band": "worthwhile", "worthwhile": "worthwhile_0to10",
		"happy_band": "happy", "happy": "happy_0to10",
		"anxious_band": "anxious", "anxious": "anxious_0to10",
	},
}

// shortNames are what people call an instrument whose name here ends in its number of items.
var shortNames = map[string]string{"WEMWBS": "WEMWBS-14", "SWEMWBS": "SWEMWBS-7", "GSE": "GSE-10"}

// heldBack are questionnaires of health trainer services that are not scored, on purpose.
var heldBack = map[string]string{
	"GPPAQ": "held back until the table that combines its answers has a source",
}

// plan returns the plan for an instrument's name, or why there is none.
func (cmd *command) plan(name string, heading []string) (*plan, string) {
	if name == rciName {
		p := &plan{
			keys: rciItems, tail: ",complete only,1991,",
			lines: []line{{name: "rci", band: -1}},
		}
		p.find(heading)
		return p, ""
	}
	if other, ok := cmd.standsFor[name]; ok {
		name = other
	}
	if full, ok := shortNames[name]; ok {
		name = full
	}
	in, err := wellbeing.Lookup(name)
	if err != nil {
		return nil, cmd.noInstrument(name)
	}
	d := in.Definition()
	p := &plan{in: in}
	for _, it := range d.Items {
		p.keys = append(p.keys, it.Key)
	}
	p.find(heading)

	var opts []wellbeing.Option
	policy := wellbeing.CompleteOnly
	switch {
	case d.OwnerRule == nil:
	case d.OwnerRule.Source.Basis > wellbeing.Remembered || cmd.unverified:
		policy = wellbeing.OwnerRule
	default:
		p.note = "; the owner's rule on missing answers " + unverified
	}
	opts = append(opts, policy)
	if cmd.unverified {
		opts = append(opts, wellbeing.AllowUnverified())
	}
	basis := map[string]wellbeing.Basis{"": wellbeing.Verified} // of each scale
	for _, s := range d.Scales {
		basis[s.Name] = s.Source.Basis
		p.lines = append(p.lines, line{name: s.Name, kind: aScale, prorated: s.ProratedName})
	}
	add := func(l line, onRequest bool, scale string, b wellbeing.Basis) {
		if onRequest && !slices.Contains(cmd.judge, l.name) {
			return
		}
		if onRequest && (cmd.unverified || min(b, basis[scale]) > wellbeing.Remembered) {
			opts = append(opts, wellbeing.Judge(l.name))
		}
		p.lines = append(p.lines, l)
	}
	for _, x := range d.Cutoffs {
		add(line{name: x.Name, kind: aFlag}, x.OnRequest, x.Scale, x.Source.Basis)
	}
	for _, x := range d.Criteria {
		add(line{name: x.Name, kind: aFlag, items: x.Items}, x.OnRequest, "", x.Source.Basis)
	}
	for _, x := range d.BandSets {
		add(line{name: x.Name, kind: aBand}, x.OnRequest, x.Scale, x.Source.Basis)
	}
	edition := d.Edition
	if d.ValueSet != "" {
		edition += ", " + d.ValueSet
	}
	if d.Coding != "" {
		edition += ", coded " + d.Coding
	}
	p.tail = string(appendCell([]byte{','}, policy.String())) + string(appendCell([]byte{','}, edition)) + ","

	p.parser, err = in.Parser(cmd.codes)
	if err == nil {
		p.scorer, err = in.Scorer(opts...)
	}
	var r wellbeing.Result
	switch _, off := errors.AsType[wellbeing.UnverifiedError](err); {
	case off:
		p.off = "the instrument " + unverified
	case err != nil:
		p.off = err.Error()
	default:
		// A form of blanks shows what a result holds.
		_ = p.scorer.Score(&r, make([]wellbeing.Response, in.Len())) // refused, as it should be
	}
	p.place(d, r)
	return p, ""
}

// place finds each line's place in a result.
func (p *plan) place(d wellbeing.Definition, r wellbeing.Result) {
	scales, flags, bands := map[string]int{}, map[string]int{}, map[string]int{}
	for i, s := range r.Scores {
		scales[s.Scale] = i
	}
	for i, f := range r.Flags {
		flags[f.Name] = i
	}
	for i, b := range r.Bands {
		bands[b.Set] = i
	}
	at := func(m map[string]int, name string) int {
		if i, ok := m[name]; ok {
			return i
		}
		return -1
	}
	on := map[string]string{} // flag or band set to its scale
	first := map[string]int{} // scale to the first of its band sets in the result
	for _, x := range d.Cutoffs {
		on[x.Name] = x.Scale
	}
	for _, x := range d.BandSets {
		on[x.Name] = x.Scale
		if _, ok := first[x.Scale]; !ok && at(bands, x.Name) >= 0 {
			first[x.Scale] = bands[x.Name]
		}
	}
	for i := range p.lines {
		l := &p.lines[i]
		switch l.kind {
		case aScale:
			l.at, l.scale, l.band = at(scales, l.name), at(scales, l.name), at(first, l.name)
		case aFlag:
			l.at, l.scale, l.band = at(flags, l.name), at(scales, on[l.name]), -1
		case aBand:
			l.at, l.scale, l.band = at(bands, l.name), at(scales, on[l.name]), at(bands, l.name)
		}
		if other, ok := renamed[d.Name][l.name]; ok {
			l.name = other
		}
	}
	// A band set that rests on memory has no line unless it is allowed: its scale has one.
	if p.scorer != nil {
		p.lines = slices.DeleteFunc(p.lines, func(l line) bool {
			return l.kind == aBand && l.at < 0
		})
	}
}

// find notes in which column of a wide file each item is, if the heading names any of them.
func (p *plan) find(heading []string) {
	named := false
	columns := make([]int, len(p.keys))
	var lost []string
	for i, key := range p.keys {
		columns[i] = slices.Index(heading, key)
		if columns[i] >= 0 {
			named = true
		} else {
			lost = append(lost, key)
		}
	}
	switch {
	case named && lost != nil:
		p.off = "the file has no column for " + strings.Join(lost, ", ")
	case named:
		p.column = columns
	}
}

func (cmd *command) noInstrument(name string) string {
	if why, ok := heldBack[name]; ok {
		return why
	}
	if names := cmd.families[name]; names != nil {
		return fmt.Sprintf("the name leaves the value set open: write %s, or -set what it stands for", strings.Join(names, ", or "))
	}
	return "there is no instrument of this name: score -h lists them"
}
