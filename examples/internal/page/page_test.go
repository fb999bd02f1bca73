package page

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes/evaluation"
)

const notice = `Made-up data: "nobody" & <nothing> is real.`

func write(t *testing.T, doc *evaluation.Document, notice string) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Write(&b, doc, notice))
	return b.String()
}

// element is a node of a page.
type element struct {
	name     string
	attrs    map[string]string
	parent   *element
	children []*element
	text     string // of its own, not of its children
}

// all walks the elements below e with one of the names, in the order of the page; any without a name.
func (e *element) all(names ...string) []*element {
	var out []*element
	for _, c := range e.children {
		if len(names) == 0 || slices.Contains(names, c.name) {
			out = append(out, c)
		}
		out = append(out, c.all(names...)...)
	}
	return out
}

func (e *element) words() string {
	var b strings.Builder
	b.WriteString(e.text)
	for _, c := range e.children {
		b.WriteString(" " + c.words())
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

var meta = regexp.MustCompile(`<meta ([^>]*)>`)

// parse reads a page as strictly as XML is read, the doctype and the meta elements apart, which HTML does
// not close.
func parse(t *testing.T, page string) *element {
	t.Helper()
	require.True(t, strings.HasPrefix(page, "<!DOCTYPE html>\n"))
	page = meta.ReplaceAllString(strings.TrimPrefix(page, "<!DOCTYPE html>\n"), "<meta $1/>")
	root := &element{}
	at := root
	d := xml.NewDecoder(strings.NewReader(page))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local, attrs: map[string]string{}, parent: at}
			for _, a := range token.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			at.children = append(at.children, e)
			at = e
		case xml.EndElement:
			at = at.parent
		case xml.CharData:
			at.text += string(token)
		case xml.Comment:
			t.Errorf("a comment: %s", token)
		}
	}
	require.Same(t, root, at)
	require.Len(t, root.children, 1)
	return root.children[0]
}

// documents are what every page has to be right for.
func documents() map[string]*evaluation.Document {
	return map[string]*evaluation.Document{
		"the fixture":          fixture(),
		"no document's worth":  {},
		"an empty evaluation":  (&evaluation.Evaluation{}).Document(evaluation.NHSRule),
		"an empty one, in all": (&evaluation.Evaluation{}).Document(evaluation.ShowAll),
		"the same ids twice": {
			Sections:    []evaluation.Section{fixture().Sections[1], fixture().Sections[1]},
			Definitions: []evaluation.Definition{{ID: "A b/ü"}, {ID: "a-b--"}, {ID: "a-b---2"}, {}, {}},
		},
	}
}

func TestPageCanBeReadByEveryone(t *testing.T) {
	for name, doc := range documents() {
		t.Run(name, func(t *testing.T) {
			html := parse(t, write(t, doc, notice))
			assert.Equal(t, "en-GB", html.attrs["lang"])
			assert.NotEmpty(t, html.all("title")[0].words(), "a page has a title, and so has every tab")
			for _, once := range []string{"h1", "main", "header", "footer", "nav"} {
				assert.Len(t, html.all(once), 1, "landmarks and the title stand once: %s", once)
			}
			assert.Equal(t, "#main", html.all("a")[0].attrs["href"], "the first link skips to the content")

			seen := map[string]bool{}
			for _, e := range html.all() {
				if id, ok := e.attrs["id"]; ok {
					assert.NotEmpty(t, id)
					assert.False(t, seen[id], "the id %q stands twice", id)
					seen[id] = true
				}
			}
			for _, e := range html.all() {
				for ref := range strings.FieldsSeq(e.attrs["aria-labelledby"]) {
					assert.True(t, seen[ref], "nothing has the id %q", ref)
				}
				if href, ok := e.attrs["href"]; ok {
					require.True(t, strings.HasPrefix(href, "#"), "a link leaves the page: %s", href)
					assert.True(t, seen[href[1:]], "nothing has the id %q", href)
				}
			}

			level := 1
			for _, h := range html.all("h1", "h2", "h3", "h4", "h5", "h6") {
				now := int(h.name[1] - '0')
				assert.LessOrEqual(t, now, level+1, "headings skip a level at %q", h.words())
				level = now
			}
		})
	}
}

func TestPageLoadsNothing(t *testing.T) {
	page := write(t, fixture(), notice)
	html := parse(t, page)
	for _, e := range html.all() {
		assert.NotContains(t, []string{"script", "link", "img", "image", "iframe", "object", "embed", "form", "use", "base"}, e.name)
		for name, value := range e.attrs {
			assert.NotContains(t, []string{"src", "srcset", "data", "action", "style"}, name)
			assert.False(t, strings.HasPrefix(name, "on"), "a script: %s", name)
			if name != "xmlns" {
				assert.NotRegexp(t, `(?i)(https?:)?//`, value)
			}
		}
	}
	for _, m := range regexp.MustCompile(`url\(([^)]*)\)`).FindAllStringSubmatch(page, -1) {
		assert.True(t, strings.HasPrefix(m[1], "#chart-"), "a style loads %s", m[1])
	}
	assert.NotContains(t, page, "@import")
	assert.Contains(t, page, `content="default-src 'none'; style-src 'unsafe-inline'"`)
}

func TestTables(t *testing.T) {
	html := parse(t, write(t, fixture(), ""))
	tables := html.all("table")
	require.Len(t, tables, 6, "three of the fixture, and three for the charts without one")
	for _, table := range tables {
		require.NotEmpty(t, table.all("caption"))
		assert.NotEmpty(t, table.all("caption")[0].words())
		columns := table.all("thead")[0].children[0].children
		for _, c := range columns {
			if c.name == "th" {
				assert.Equal(t, "col", c.attrs["scope"])
				assert.NotEmpty(t, c.words(), "a heading says something; an empty corner is a cell")
			}
		}
		for _, row := range table.all("tbody") {
			for _, r := range row.children {
				require.NotEmpty(t, r.children)
				assert.Equal(t, "th", r.children[0].name)
				if span, ok := r.children[0].attrs["colspan"]; ok {
					assert.Equal(t, "rowgroup", r.children[0].attrs["scope"])
					assert.NotEmpty(t, span)
					continue
				}
				assert.Equal(t, "row", r.children[0].attrs["scope"])
				assert.Len(t, r.children, len(columns), "a row has a cell for every column: %s", r.words())
			}
		}
		scroll := table.parent
		assert.Equal(t, "0", scroll.attrs["tabindex"], "what scrolls can be scrolled with the keyboard")
		assert.Equal(t, "region", scroll.attrs["role"])
	}
	assert.Contains(t, html.words(), "hidden, small number", "an asterisk is read out")
}

func TestFigures(t *testing.T) {
	html := parse(t, write(t, fixture(), ""))
	figures := html.all("figure")
	require.Len(t, figures, 5)
	for _, f := range figures {
		drawings := f.all("svg")
		require.Len(t, drawings, 2, "one for wide pages and one for narrow ones")
		for i, svg := range drawings {
			assert.Equal(t, []string{"wide", "narrow"}[i], svg.attrs["class"])
			assert.Equal(t, "img", svg.attrs["role"])
			assert.NotEmpty(t, svg.attrs["viewBox"])
			assert.NotContains(t, svg.attrs, "width", "a size would break zooming")
			assert.NotContains(t, svg.attrs, "height")
			require.GreaterOrEqual(t, len(svg.children), 2)
			assert.Equal(t, "title", svg.children[0].name)
			assert.Equal(t, "desc", svg.children[1].name)
			assert.NotEmpty(t, svg.children[0].words())
			assert.NotEmpty(t, svg.children[1].words())
			assert.NotEmpty(t, svg.all("text"), "text stays text")
			assert.Contains(t, svg.attrs["font-family"], "sans-serif")
		}
		siblings := f.parent.children
		after := siblings[slices.Index(siblings, f)+1:]
		for after[0].attrs["class"] == "care" {
			after = after[1:]
		}
		assert.Contains(t, after[0].attrs["class"], "table", "a chart is followed by its figures")
	}
	var care []string
	for _, e := range html.all("div") {
		if e.attrs["class"] == "care" {
			care = append(care, e.words())
			siblings := e.parent.children
			assert.Equal(t, "figure", siblings[slices.Index(siblings, e)-1].name, "what must not be concluded stands where it could be")
		}
	}
	require.Len(t, care, 1)
	assert.Contains(t, care[0], "Regression to the mean")
}

// TestOrder holds the page to the order in which it is meant to be read.
func TestOrder(t *testing.T) {
	html := parse(t, write(t, fixture(), notice))
	var got []string
	for _, h := range html.all("h2") {
		got = append(got, h.words())
	}
	assert.Equal(t, []string{
		"At a glance", "How good the data are", "Who was reached", "How far they came",
		"What changed, and how sure we are", "Definitions", "How this page was made",
	}, got)
	words := html.all("body")[0].words()
	assert.True(t, strings.HasPrefix(words, "Skip to the evaluation "+notice+" Health trainer service evaluation"), "the notice stands above everything")
	assert.Contains(t, words, "File an <extract> & more.csv", "where the page comes from")
	for _, h := range fixture().Headlines {
		assert.Contains(t, words, h.Value+" "+h.Label+" "+h.Note)
	}
}

// TestNothingHiddenIsDrawn plants numbers where the model says that they mean nothing.
func TestNothingHiddenIsDrawn(t *testing.T) {
	doc := fixture()
	planted := regexp.MustCompile(`31\.4159|27\.1828|16\.1803`)
	for i := range doc.Sections {
		for k := range doc.Sections[i].Charts {
			for s := range doc.Sections[i].Charts[k].Series {
				for j := range doc.Sections[i].Charts[k].Series[s].Points {
					if p := &doc.Sections[i].Charts[k].Series[s].Points[j]; p.Absent != "" {
						p.Value, p.Low, p.High, p.Interval = 31.4159, 27.1828, 16.1803, true
					}
				}
			}
		}
	}
	page := write(t, doc, "")
	assert.NotRegexp(t, planted, page)
	assert.Equal(t, write(t, fixture(), ""), page, "not a line is drawn elsewhere because of them")
}

func TestSameDocumentSameBytes(t *testing.T) {
	first := write(t, fixture(), notice)
	for range 3 {
		require.Equal(t, first, write(t, fixture(), notice))
	}
}

// TestChartsOfAnyData draws what a careless caller may hand in.
func TestChartsOfAnyData(t *testing.T) {
	for _, kind := range []evaluation.ChartKind{evaluation.BarChart, evaluation.FunnelChart, evaluation.StackedChart, evaluation.IntervalChart, "unheard-of", ""} {
		for _, c := range []struct {
			why   string
			chart evaluation.Chart
		}{
			{"no series", evaluation.Chart{}},
			{"no points", evaluation.Chart{Series: []evaluation.Series{{}, {}}}},
			{"no range", evaluation.Chart{Min: 3, Max: 3, Series: []evaluation.Series{{Points: []evaluation.Point{{Label: "a", Value: 3}}}}}},
			{"a range that is no number", evaluation.Chart{Min: math.NaN(), Max: math.Inf(1), Series: []evaluation.Series{{Points: []evaluation.Point{{Label: "a", Value: 3}}}}}},
			{"values that are no numbers", evaluation.Chart{Max: 9, ReferenceLabel: "r", Reference: math.NaN(), Series: []evaluation.Series{{Points: []evaluation.Point{{Value: math.NaN()}, {Low: math.Inf(-1), Interval: true}, {High: math.Inf(1), Interval: true}}}}}},
			{"values beyond the axis", evaluation.Chart{Max: 9, ReferenceLabel: "r", Reference: 99, Series: []evaluation.Series{{Points: []evaluation.Point{{Label: "a", Value: 1e300, Low: -1e300, High: 1e300, Interval: true}, {Label: "b", Value: -5}}}}}},
			{"an interval from high to low", evaluation.Chart{Max: 9, Series: []evaluation.Series{{Points: []evaluation.Point{{Low: 5, High: 2, Interval: true}}}}}},
			{"series of different lengths", evaluation.Chart{Max: 9, Series: []evaluation.Series{{}, {Points: []evaluation.Point{{Label: "a", Value: 2}, {Label: "b"}}}, {Points: []evaluation.Point{{Label: "b", Value: 2}}}}}},
			{"one label twice", evaluation.Chart{Max: 9, Series: []evaluation.Series{{Points: []evaluation.Point{{Label: "a", Value: 2}, {Label: "a", Value: 3}}}}}},
			{"more series than colours", evaluation.Chart{Max: 9, Series: make([]evaluation.Series, 20)}},
			{"signs that mark up", evaluation.Chart{Title: "<b>&\"'", Description: "]]>", Axis: "<", LowLabel: "<script>", HighLabel: "&amp;", Max: 9, Series: []evaluation.Series{{Label: "</svg>", Points: []evaluation.Point{{Label: "<!--", Text: "-->", N: "<n>", Value: 2}}}}}},
			{"a word as long as a line", evaluation.Chart{Max: 9, Series: []evaluation.Series{{Points: []evaluation.Point{{Label: strings.Repeat("wordy", 60), Value: 2, Text: strings.Repeat("x", 300)}}}}}},
		} {
			t.Run(string(kind)+" "+c.why, func(t *testing.T) {
				c.chart.Kind = kind
				html := parse(t, write(t, &evaluation.Document{Sections: []evaluation.Section{{Charts: []evaluation.Chart{c.chart}}}}, ""))
				drawings := html.all("svg")
				require.Len(t, drawings, 2)
				for _, svg := range drawings {
					for _, e := range svg.all() {
						for name, value := range e.attrs {
							assert.NotRegexp(t, `NaN|Inf|e\+`, value, "%s %s", e.name, name)
						}
					}
				}
			})
		}
	}
}

// TestRowsAreByLabel holds a point of a second series to the row of its own label, even where the series
// has none for an earlier one.
func TestRowsAreByLabel(t *testing.T) {
	d := &drawing{chart: &evaluation.Chart{Series: []evaluation.Series{
		{Points: []evaluation.Point{{Label: "a", Value: 1}, {Label: "b", Value: 2}, {Label: "c", Value: 3}}},
		{Points: []evaluation.Point{{Label: "c", Value: 30}, {Label: "d", Value: 40}}},
	}}}
	d.sort()
	got := map[string][]float64{}
	var order []string
	for _, r := range d.rows {
		order = append(order, r.label)
		for _, p := range r.points {
			got[r.label] = append(got[r.label], p.Value)
			assert.Equal(t, p.Value >= 10, p.series == 1)
		}
	}
	assert.Equal(t, []string{"a", "b", "c", "d"}, order)
	assert.Equal(t, map[string][]float64{"a": {1}, "b": {2}, "c": {3, 30}, "d": {40}}, got)
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		narrow    bool
		want      string
		why       string
	}{
		{0, 100, false, "0 20 40 60 80 100", "per cent"},
		{0, 100, true, "0 25 50 75 100", "fewer where there is little room"},
		{0, 1015, false, "0 200 400 600 800 1,000", "thousands have a comma"},
		{-1, 1.5, false, "−1.0 −0.5 0.0 0.5 1.0 1.5", "a minus sign, not a hyphen"},
		{0, 12500, true, "0 5,000 10,000", "round steps that need not end at the end"},
		{-0.05, 0.05, true, "−0.050 −0.025 0.000 0.025 0.050", "as many places as the step needs"},
		{0, 10, true, "0.0 2.5 5.0 7.5 10.0", "as many places for all"},
	} {
		var got []string
		for _, tick := range ticks(c.low, c.high, c.narrow) {
			got = append(got, tick.Label)
		}
		assert.Equal(t, c.want, strings.Join(got, " "), c.why)
	}
}

// luminance and contrast are those of WCAG 2.2.
func luminance(p paint) float64 {
	channel := func(c uint8) float64 {
		v := float64(c) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(p.R) + 0.7152*channel(p.G) + 0.0722*channel(p.B)
}

func contrast(a, b paint) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestContrast holds the colours to WCAG 2.2: 4.5 to 1 for text, 3 to 1 for what has to be seen.
func TestContrast(t *testing.T) {
	assert.GreaterOrEqual(t, contrast(ink, white), 4.5)
	assert.GreaterOrEqual(t, contrast(soft, white), 4.5)
	assert.GreaterOrEqual(t, contrast(line, white), 3.0, "every part of a bar has an outline in this colour")
	assert.GreaterOrEqual(t, contrast(pale.text, pale.base), 4.5)
	patterns := map[string]bool{}
	for _, f := range fills {
		assert.GreaterOrEqual(t, contrast(f.base, white), 2.9, "%s, with its pattern or an outline", f.name)
		assert.False(t, patterns[f.pattern], "%s looks like another without its colour", f.name)
		patterns[f.pattern] = true
		on := f.base
		if f.text.halo {
			on = white // its halo
		}
		assert.GreaterOrEqual(t, contrast(f.text, on), 4.5, "text on %s", f.name)
	}
}

func TestPalette(t *testing.T) {
	var names []string
	for _, f := range palette([]evaluation.Series{{ID: "valid"}, {ID: "missing"}, {ID: "other"}, {ID: "lost"}}) {
		names = append(names, f.name)
	}
	assert.Equal(t, []string{"navy", "pale", "turquoise", "pale"}, names, "what is not there is pale, and takes no colour from the others")
}

func TestWideTablesArePrintedSideways(t *testing.T) {
	narrow, wide := fixture().Sections[0].Tables[0], fixture().Sections[3].Tables[0]
	for range 8 {
		wide.Columns = append(wide.Columns, evaluation.Column{Title: "(−10.25 to −12.50)", Align: evaluation.Right})
	}
	a, b := newTable(&narrow, ids{}), newTable(&wide, ids{})
	assert.False(t, a.Sideways)
	assert.False(t, a.Dense)
	assert.True(t, b.Sideways)
	assert.True(t, b.Dense)
}

func TestCellsBreakBetweenFiguresOnly(t *testing.T) {
	for _, c := range []struct{ in, want, why string }{
		{"43% to 51%", "43%\u00a0to\u00a051%", "an interval stays on one line"},
		{"−1.8 (−2.1 to −1.5)", "−1.8 (−2.1\u00a0to\u00a0−1.5)", "the interval may go below the figure"},
		{"−; n 5", "−; n\u00a05", "and so may the number"},
	} {
		assert.Equal(t, c.want, newCell(c.in, true).Text, c.why)
	}
	assert.Equal(t, "words may break", newCell("words may break", false).Text)
}

func TestWriteErrors(t *testing.T) {
	require.EqualError(t, Write(io.Discard, nil, ""), "page: there is no document")
	broken := errors.New("the disk is full")
	require.ErrorIs(t, Write(failing{broken}, fixture(), ""), broken)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
