package fhir

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// Codec writes and reads the forms of one instrument. It is immutable and safe for concurrent use.
type Codec struct {
	config
	byLink map[string]int // linkId to position of the item
	plain  []bool         // items that every scale takes by their code
}

// New checks the options and returns the codec of an instrument. Errors: [ArgumentError], also for a nil
// instrument, and [wellbeing.NameError].
func New(in *wellbeing.Instrument, opts ...Option) (*Codec, error) {
	if in == nil {
		return nil, ArgumentError{"instrument", "is nil"}
	}
	conf, err := configure(in, opts)
	if err != nil {
		return nil, err
	}
	c := &Codec{config: *conf, byLink: map[string]int{}}
	if c.canonical == "" {
		c.canonical = c.base + "/Questionnaire/" + slug(c.def.Name)
	}
	for i, it := range c.def.Items {
		if _, twice := c.byLink[c.link(it.Key)]; twice {
			return nil, ArgumentError{"LinkID", "stands for two items"}
		}
		c.byLink[c.link(it.Key)] = i
		plain := true
		for _, s := range c.def.Scales {
			for _, code := range codesOf(it) {
				if w, ok := in.Weight(s.Name, it.Key, code); ok && w != code {
					plain = false
				}
			}
		}
		c.plain = append(c.plain, plain)
	}
	for _, id := range c.ignore {
		if _, item := c.byLink[id]; item {
			return nil, ArgumentError{"Ignore", "names an item of the instrument"}
		}
	}
	return c, nil
}

func (c *config) link(key string) string {
	if id, ok := c.links[key]; ok {
		return id
	}
	return key
}

// maxOptions is the most codes of an item that is asked as a choice. Ratings from 0 to 10, minutes and
// days are numbers.
const maxOptions = 7

func isChoice(it wellbeing.Item) bool { return it.Max-it.Min < maxOptions }

func codesOf(it wellbeing.Item) []int {
	if it.Codes != nil {
		return it.Codes
	}
	if it.Max-it.Min > 1000 {
		return []int{it.Min, it.Max}
	}
	codes := make([]int, 0, it.Max-it.Min+1)
	for code := it.Min; code <= it.Max; code++ {
		codes = append(codes, code)
	}
	return codes
}

// answers is the code system of an instrument's answers, whose codes are its codes as text.
func (c *config) answers() string { return c.base + "/CodeSystem/" + slug(c.def.Name) + "-answers" }

const (
	loincNotice  = "This material contains content from LOINC (http://loinc.org). LOINC is copyright © Regenstrief Institute, Inc. and the Logical Observation Identifiers Names and Codes (LOINC) Committee and is available at no cost under the license at http://loinc.org/license."
	snomedNotice = "This material includes SNOMED Clinical Terms (SNOMED CT), which is used by permission of SNOMED International."
)

// Questionnaire returns the instrument as a FHIR R4 Questionnaire in JSON. Its id is made from the
// instrument's name, and its version is [wellbeing.DataEdition].
func (c *Codec) Questionnaire() ([]byte, error) {
	if c == nil || c.in == nil {
		return nil, ArgumentError{"codec", "comes from New"}
	}
	d := &c.def
	q := questionnaire{
		resource: resource{"Questionnaire", slug(d.Name)},
		URL:      c.canonical, Version: wellbeing.DataEdition, Name: machineName(d.Name), Title: d.Title,
		Status: c.status, SubjectType: []string{"Patient"},
		Code: c.codes("panel"),
	}
	weighed := map[string][]string{} // scale to items
	for i, it := range d.Items {
		out := questionnaireItem{
			LinkID: c.link(it.Key), Code: c.codes(it.Key), Prefix: strconv.Itoa(i + 1), Text: c.textOf(i), Type: "integer",
		}
		if !isChoice(it) {
			lo, hi := it.Min, it.Max
			out.Extension = []extension{{URL: minExtension, ValueInteger: &lo}, {URL: maxExtension, ValueInteger: &hi}}
			q.Item = append(q.Item, out)
			continue
		}
		out.Type = "choice"
		scale := c.scaleOf(it)
		for _, code := range codesOf(it) {
			o := answerOption{ValueCoding: codingJSON{System: c.answers(), Code: strconv.Itoa(code), Display: c.answerText(it.Key, code)}}
			if w, ok := c.in.Weight(scale, it.Key, code); ok {
				o.Extension = []extension{{URL: weightExtension, ValueDecimal: json.Number(strconv.Itoa(w))}}
			}
			out.AnswerOption = append(out.AnswerOption, o)
		}
		weighed[scale] = append(weighed[scale], it.Key)
		q.Item = append(q.Item, out)
	}
	q.Description = c.describe(weighed)
	q.Copyright = c.copyright(q)
	return encode(q)
}

// codes returns the verified codes for one thing.
func (c *config) codes(what string) []codingJSON { return codesFor(c.def, what) }

func codesFor(d wellbeing.Definition, what string) []codingJSON {
	var out []codingJSON
	for _, code := range d.Codes {
		if code.For == what && code.Source.Basis == wellbeing.Verified {
			out = append(out, codingJSON{System: code.System, Code: code.Code})
		}
	}
	return out
}

// scaleOf returns the scale whose weights an item carries, or "".
func (c *config) scaleOf(it wellbeing.Item) string {
	for _, s := range c.def.Scales {
		if c.weights != "" && s.Name != c.weights {
			continue
		}
		if _, ok := c.in.Weight(s.Name, it.Key, it.Min); ok {
			return s.Name
		}
	}
	return ""
}

func (c *config) textOf(i int) string {
	it := c.def.Items[i]
	if t, ok := c.texts[it.Key]; ok {
		return t
	}
	t := fmt.Sprintf("%s item %d", c.def.Name, i+1)
	if it.About != "" {
		t += ": " + it.About
	}
	return t
}

func (c *config) answerText(item string, code int) string {
	for _, key := range []answer{{item, code}, {"", code}} {
		if t, ok := c.answerTexts[key]; ok {
			return t
		}
	}
	return strconv.Itoa(code)
}

func (c *config) describe(weighed map[string][]string) string {
	d := &c.def
	lines := []string{"Edition: " + d.Edition + "."}
	add := func(label, text string) {
		if text != "" {
			lines = append(lines, label+": "+text+".")
		}
	}
	add("Period asked about", d.Recall)
	add("Coding", d.Coding)
	add("Value set", d.ValueSet)
	if d.Skip != nil {
		add("Skip rule", d.Skip.Text)
	}
	for _, s := range d.Scales {
		if items := weighed[s.Name]; items != nil {
			which := strings.Join(items, ", ")
			if len(items) == len(d.Items) {
				which = "every item"
			}
			add("The itemWeight of "+which, "what an answer adds to the sum of the scale "+s.Name)
		}
	}
	if weighed[""] != nil {
		add("No itemWeight", "what is scored is no sum of single answers")
	}
	for _, note := range d.Notes { // such as the order of the items
		lines = append(lines, "Note: "+note)
	}
	add("Source", d.Source.Citation+" ("+d.Source.Basis.String()+")")
	return strings.Join(lines, "\n")
}

func (c *config) copyright(q questionnaire) string {
	lines := []string{c.def.Licence.Note}
	uses := func(system string) bool {
		all := slices.Clone(q.Code)
		for _, it := range q.Item {
			all = append(all, it.Code...)
		}
		return slices.ContainsFunc(all, func(code codingJSON) bool { return code.System == system })
	}
	if uses(loincSystem) {
		lines = append(lines, loincNotice)
	}
	if uses(snomedSystem) {
		lines = append(lines, snomedNotice)
	}
	return strings.Join(lines, "\n")
}

// machineName keeps the letters and digits of a name, for generated code.
func machineName(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, name)
}
