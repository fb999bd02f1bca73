package page

import (
	"fmt"
	"html"
	"image/color"
	"math"
	"strconv"
	"strings"
	"sync"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/healthtrainer/healthtrainer/outcomes/evaluation"
)

// Every chart of the model is rows from the top down, with values to the right: it is drawn twice, with
// the labels beside the bars for a wide page and above them for a narrow one, since text that shrinks with
// its drawing cannot be read on a telephone or at 200 % zoom. Style sheets show one of the two.
const (
	wideWidth   vg.Length = 880
	narrowWidth vg.Length = 360
)

// Sizes in pixels of the view box.
const (
	textSize  vg.Length = 13
	smallSize vg.Length = 12
	lineStep  vg.Length = 16 // from one line of text to the next
	rowGap    vg.Length = 11 // between rows
	barHeight vg.Length = 20 // of a bar alone in its row
	subHeight vg.Length = 17 // of one of several
	textSpace vg.Length = 8  // between a bar and its text
	labelMax  vg.Length = 264
	// slack is by how much other fonts may be wider than the one that text is measured with.
	slack = 1.07
)

var (
	ink   = rgb(0x17242c)
	soft  = rgb(0x4a5b66)
	grid  = rgb(0xe1e7ea)
	line  = rgb(0x8796a0)
	navy  = rgb(0x12436d)
	white = rgb(0xffffff)
)

func rgb(v uint32) paint {
	return paint{NRGBA: color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}}
}

func (p paint) middle() paint { p.anchor = 0.5; return p }
func (p paint) end() paint    { p.anchor = 1; return p }
func (p paint) haloed() paint { p.halo = true; return p }

// fill is how a series looks: a colour, and a pattern on it, so that nobody has to tell colours apart. The
// colours are the categorical palette of the UK Government Analysis Function, which was chosen for people
// with colour vision deficiency; the patterns are ours.
type fill struct {
	name    string // fits an id
	base    paint
	pattern string // what is drawn on a tile of 8 by 8 pixels
	text    paint  // on top of it
}

var fills = []fill{
	{"navy", navy, "", white},
	{"turquoise", rgb(0x28a197), `<path d="M-2 2L2 -2M0 8L8 0M6 10L10 6" stroke="#0f5f58" stroke-width="1.6"/>`, ink.haloed()},
	{"orange", rgb(0xf46a25), `<circle cx="2" cy="2" r="1.3" fill="#7a2e05"/><circle cx="6" cy="6" r="1.3" fill="#7a2e05"/>`, ink.haloed()},
	{"plum", rgb(0x801650), `<path d="M0 0L8 8M8 0L0 8" stroke="#d9a3c2" stroke-width="1"/>`, ink.haloed()},
	{"lilac", rgb(0xa285d1), `<path d="M2 0V8M6 0V8" stroke="#4b2e83" stroke-width="1.2"/>`, ink.haloed()},
	{"slate", rgb(0x3d3d3d), `<path d="M0 2H8M0 6H8" stroke="#b5b5b5" stroke-width="1.2"/>`, ink.haloed()},
}

// pale stands for what is not there: missing, lost, not recorded.
var pale = fill{"pale", rgb(0xe3e8eb), "", ink}

// rest stands for parts that are hidden, drawn as one.
var rest = fill{"rest", rgb(0xffffff), `<path d="M-2 6L2 10M0 0L8 8M6 -2L10 2" stroke="#b9c4ca" stroke-width="1"/>`, soft.haloed()}

// palette gives each series its look.
func palette(series []evaluation.Series) []fill {
	out := make([]fill, len(series))
	next := 0
	for i, s := range series {
		switch s.ID {
		case "missing", "lost", "unrecorded", "not-recorded", "unknown", "neither":
			out[i] = pale
		case "rest":
			out[i] = rest
		default:
			out[i] = fills[next%len(fills)]
			next++
		}
	}
	return out
}

// handler measures text with the fonts that gonum's plot carries. Its cache is our own, so that nothing
// shared is touched.
var handler = sync.OnceValue(func() text.Handler {
	return text.Plain{Fonts: font.NewCache(liberation.Collection())}
})

func style(size vg.Length, clr paint) text.Style {
	return text.Style{
		Color: clr, Handler: handler(),
		Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: size},
	}
}

func bold(s text.Style) text.Style   { s.Font.Weight = xfont.WeightBold; return s }
func italic(s text.Style) text.Style { s.Font.Style = xfont.StyleItalic; return s }

func width(s text.Style, txt string) vg.Length {
	w, _, _ := s.Handler.Box(txt, s.Font)
	return w * slack
}

// writeText puts text with its baseline at y and its anchor at x.
func writeText(c draw.Canvas, s text.Style, x, y vg.Length, txt string) {
	face := s.Handler.Cache().Lookup(s.Font, s.Font.Size)
	if p, ok := s.Color.(paint); ok {
		x -= vg.Length(p.anchor) * face.Width(txt) // as gonum's own text does; the canvas undoes it
	}
	c.SetColor(s.Color)
	c.FillString(face, vg.Point{X: x, Y: y}, txt)
}

// wrap breaks text into lines no wider than limit; a longer word stays whole.
func wrap(s text.Style, txt string, limit vg.Length) []string {
	var lines []string
	now := ""
	for word := range strings.FieldsSeq(txt) {
		switch longer := now + " " + word; {
		case now == "":
			now = word
		case width(s, longer) <= limit+0.5:
			now = longer
		default:
			lines, now = append(lines, now), word
		}
	}
	return append(lines, now)
}

// row is one label of a chart with a point of every series.
type row struct {
	label  string
	lines  []string
	points []point
	top    vg.Length // where it begins, from the top of the data
	height vg.Length
}

// point is a point and the series that it belongs to.
type point struct {
	evaluation.Point
	series int
}

// drawing is a chart on its way to the canvas. It is a plot.Plotter.
type drawing struct {
	chart    *evaluation.Chart
	id       string // makes the ids in the drawing unique on the page
	narrow   bool
	rows     []row
	fills    []fill
	labels   vg.Length // width of the column of labels; 0 where they stand above
	values   vg.Length // width of the column of texts
	numbers  vg.Length // in it, how far from its start the numbers of observations stand; 0 where they follow the text
	min, max float64
	height   vg.Length // of all rows
}

// svg draws a chart. The id must be unique on the page.
func svg(chart *evaluation.Chart, id string, narrow bool) string {
	d := &drawing{chart: chart, id: id, narrow: narrow, fills: palette(chart.Series)}
	total := wideWidth
	if narrow {
		total = narrowWidth
	}
	d.measure(total)

	legend := d.legend(total)
	head := legend.height
	if chart.ReferenceLabel != "" && d.inside(chart.Reference) || d.textHead() {
		head += lineStep + 4
	}
	p := d.plot()
	// How much the ticks take from below is known once they are laid out.
	ticks := p.DataCanvas(draw.NewCanvas(newCanvas(1000), total, 1000)).Min.Y
	ends, axis := vg.Length(0), wrap(style(smallSize, soft), chart.Axis, total-2*textSpace)
	if chart.LowLabel != "" || chart.HighLabel != "" {
		ends = lineStep + 2
	}
	foot := ends + vg.Length(len(axis))*lineStep + 4
	height := head + d.height + ticks + foot

	c := newCanvas(height)
	whole := draw.NewCanvas(c, total, height)
	legend.draw(whole, d)
	area := draw.Crop(whole, d.labels+d.inset(), -d.values, foot, -head)
	data := p.DataCanvas(area)
	s := bold(style(smallSize, soft))
	if chart.LowLabel != "" {
		writeText(whole, s, data.Min.X, foot-smallSize-3, "← "+chart.LowLabel)
	}
	if chart.HighLabel != "" {
		s.Color = soft.end()
		writeText(whole, s, data.Max.X, foot-smallSize-3, chart.HighLabel+" →")
	}
	for i, l := range axis {
		s := style(smallSize, soft.middle())
		half := width(s, l) / 2
		x := max(half, min(data.Center().X, total-half))
		writeText(whole, s, x, foot-ends-smallSize-2-vg.Length(i)*lineStep, l)
	}
	if d.textHead() {
		writeText(whole, bold(style(smallSize, soft)), data.Max.X+textSpace, data.Max.Y+8, chart.TextLabel)
	}
	p.Draw(area)

	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="%s" role="img" viewBox="0 0 %s %s" aria-labelledby="%s-title %s-desc" font-family="%s">`+"\n",
		map[bool]string{false: "wide", true: "narrow"}[narrow], number(float64(total)), number(float64(height)), id, id, html.EscapeString(fontStack))
	fmt.Fprintf(&b, "<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n",
		id, html.EscapeString(chart.Title), id, html.EscapeString(chart.Description))
	if defs := d.defs(); defs != "" {
		b.WriteString("<defs>\n" + defs + "</defs>\n")
	}
	b.Write(c.buf.Bytes())
	b.WriteString("</svg>")
	return b.String()
}

func (d *drawing) defs() string {
	var b strings.Builder
	seen := make(map[string]bool)
	for _, f := range d.fills {
		if f.pattern == "" || seen[f.name] {
			continue
		}
		seen[f.name] = true
		fmt.Fprintf(&b, `<pattern id="%s-%s" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="%s"/>%s</pattern>`+"\n",
			d.id, f.name, hex(f.base.NRGBA), f.pattern)
	}
	return b.String()
}

// paintOf is the paint of a series, with its pattern.
func (d *drawing) paintOf(series int) paint {
	f := d.fills[series]
	p := f.base
	if f.pattern != "" {
		p.pattern = d.id + "-" + f.name
	}
	return p
}

func finite(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// textHead reports whether the texts beside the points have a heading.
func (d *drawing) textHead() bool {
	return !d.narrow && d.chart.Kind == evaluation.IntervalChart && d.chart.TextLabel != ""
}

func (d *drawing) inside(x float64) bool { return x >= d.min && x <= d.max }

// measure lays the rows out.
func (d *drawing) measure(total vg.Length) {
	chart := d.chart
	d.min, d.max = chart.Min, chart.Max
	if !finite(d.min, d.max) || d.max <= d.min {
		d.min, d.max = 0, 1
	}
	d.sort()

	plain := style(textSize, ink)
	for k := range d.rows {
		for i := range d.rows[k].points {
			value, n := d.texts(&d.rows[k], i)
			if chart.Kind == evaluation.IntervalChart && !d.narrow {
				d.numbers = max(d.numbers, width(bold(plain), value)+12)
				d.values = max(d.values, textSpace+width(style(smallSize, soft), n))
				continue
			}
			d.values = max(d.values, d.textWidth(&d.rows[k], i)+textSpace)
		}
		if !d.narrow {
			d.labels = max(d.labels, min(labelMax, width(plain, d.rows[k].label))+12)
		}
	}
	// Texts of any length must leave room to draw in.
	d.numbers = min(d.numbers, total/4)
	d.values = min(d.values+d.numbers, total*2/5)
	if d.narrow {
		d.labels = 0
		if d.textAbove() {
			d.values = 0
		}
	}

	y := rowGap / 2
	for k := range d.rows {
		r := &d.rows[k]
		glyphs := d.glyphs(r)
		r.top = y
		if d.narrow {
			limit := total
			if d.textAbove() {
				limit -= d.textWidth(r, 0) + 12
			}
			r.lines = wrap(plain, r.label, limit)
			r.height = vg.Length(len(r.lines))*lineStep + 3 + glyphs
		} else {
			r.lines = wrap(plain, r.label, d.labels-12)
			r.height = max(vg.Length(len(r.lines))*lineStep, glyphs)
		}
		y += r.height + rowGap
	}
	d.height = max(y-rowGap/2, barHeight)
}

// sort puts points with the same label into one row, in the order of the first series that has them. A
// series need not have a point for every label: one without a label's point leaves no room in its row.
func (d *drawing) sort() {
	at := make(map[string]int)
	for i, s := range d.chart.Series {
		for _, p := range s.Points {
			if p.Absent == "" && !finite(p.Value, p.Low, p.High) {
				p.Absent = "no figure"
			}
			k, ok := at[p.Label]
			if !ok {
				k = len(d.rows)
				at[p.Label] = k
				d.rows = append(d.rows, row{label: p.Label})
			}
			d.rows[k].points = append(d.rows[k].points, point{p, i})
		}
	}
}

// glyphs is the height that the points of a row need.
func (d *drawing) glyphs(r *row) vg.Length {
	switch {
	case d.chart.Kind == evaluation.StackedChart:
		return barHeight
	case len(d.chart.Series) > 1:
		return vg.Length(len(r.points)) * subHeight
	}
	return vg.Length(len(r.points)) * barHeight
}

// inset leaves room for the half of the first tick's label that stands left of the axis.
func (d *drawing) inset() vg.Length {
	if d.narrow {
		return 4
	}
	return 0
}

// textAbove reports whether the text of a row stands above its bar, at the end of the line of its label.
func (d *drawing) textAbove() bool {
	return d.narrow && (len(d.chart.Series) == 1 || d.chart.Kind == evaluation.StackedChart)
}

// texts are what is written beside a point: its value, and on how many it rests.
func (d *drawing) texts(r *row, which int) (value, n string) {
	p := r.points[which]
	if p.Absent != "" { // which is written already, and says more than a sign
		p.Text = ""
		if p.N == "*" || p.N == "–" {
			p.N = ""
		}
	}
	if d.chart.Kind == evaluation.StackedChart {
		// The values are written in the bar. What the row rests on is written once, if its points agree.
		for _, q := range r.points {
			if q.N != p.N {
				return "", ""
			}
		}
		if which > 0 || p.N == "" {
			return "", ""
		}
		return "", "n = " + p.N
	}
	first, _, _ := strings.Cut(p.Text, " ")
	if d.narrow && !d.textAbove() { // there is room for little; the rest is in the table
		return first, ""
	}
	if p.N != "" && p.N != first {
		n = "n = " + p.N
	}
	return p.Text, n
}

func (d *drawing) textWidth(r *row, which int) vg.Length {
	value, n := d.texts(r, which)
	w := vg.Length(0)
	if value != "" {
		w = width(bold(style(textSize, ink)), value)
	}
	if n != "" {
		if w > 0 {
			w += textSpace
		}
		w += width(style(smallSize, soft), n)
	}
	return w
}

// plot prepares the axes: values to the right, and pixels from the top down.
func (d *drawing) plot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	p.X.Min, p.X.Max = d.min, d.max
	p.X.Padding = 0
	p.X.LineStyle = draw.LineStyle{Color: line, Width: 1}
	p.X.Tick.Label = style(smallSize, soft.middle())
	p.X.Tick.Label.XAlign = text.XCenter
	p.X.Tick.Label.YAlign = text.YTop
	p.X.Tick.Length = 4
	p.X.Tick.LineStyle = draw.LineStyle{Color: line, Width: 1}
	p.X.Tick.Marker = plot.TickerFunc(func(low, high float64) []plot.Tick { return ticks(low, high, d.narrow) })
	p.HideY()
	p.Y.Padding = 0
	p.Y.Min, p.Y.Max = 0, float64(d.height)
	p.Y.Scale = plot.InvertedScale{Normalizer: plot.LinearScale{}}
	p.Add(d)
	return p
}

// ticks are about five round numbers in a range.
func ticks(low, high float64, narrow bool) []plot.Tick {
	count := 6.0
	if narrow {
		count = 4
	}
	rough := (high - low) / count
	step := math.Pow(10, math.Floor(math.Log10(rough)))
	switch m := rough / step; {
	case m > 5:
		step *= 10
	case m > 2.5:
		step *= 5
	case m > 2:
		step *= 2.5
	case m > 1:
		step *= 2
	}
	places := max(0, int(-math.Floor(math.Log10(step)+1e-9)))
	if m := step * math.Pow(10, float64(places)); math.Abs(m-math.Round(m)) > 1e-9 {
		places++ // 2.5
	}
	var out []plot.Tick
	for i := math.Ceil(low/step - 1e-9); i*step <= high+step*1e-9; i++ {
		label := strconv.FormatFloat(math.Abs(i*step), 'f', places, 64)
		if whole, rest, _ := strings.Cut(label, "."); len(whole) > 3 && len(whole) < 7 && rest == "" {
			label = whole[:len(whole)-3] + "," + whole[len(whole)-3:]
		}
		if i < 0 {
			label = "−" + label
		}
		out = append(out, plot.Tick{Value: i * step, Label: label})
	}
	return out
}

func rectangle(x0, y0, x1, y1 vg.Length) vg.Path {
	var p vg.Path
	p.Move(vg.Point{X: x0, Y: y0})
	p.Line(vg.Point{X: x1, Y: y0})
	p.Line(vg.Point{X: x1, Y: y1})
	p.Line(vg.Point{X: x0, Y: y1})
	p.Close()
	return p
}

// Plot draws the data.
func (d *drawing) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, t := range ticks(d.min, d.max, d.narrow) {
		c.StrokeLine2(draw.LineStyle{Color: grid, Width: 1}, x(t.Value), c.Min.Y, x(t.Value), c.Max.Y)
	}
	reference := d.chart.ReferenceLabel != "" && d.inside(d.chart.Reference)
	if reference && d.chart.Kind == evaluation.IntervalChart {
		d.reference(c, x)
	}
	var later []func() // texts, which have to lie above the line
	for k := range d.rows {
		r := &d.rows[k]
		d.label(c, r, y)
		top := r.top
		if d.narrow {
			top += vg.Length(len(r.lines))*lineStep + 3
		}
		glyphs := d.glyphs(r)
		top += (r.top + r.height - top - glyphs) / 2
		if d.chart.Kind == evaluation.StackedChart {
			later = append(later, d.stack(c, r, x, y(float64(top))))
			continue
		}
		each := glyphs / vg.Length(len(r.points))
		for i := range r.points {
			later = append(later, d.point(c, r, i, x, y(float64(top+each*vg.Length(i))), each))
		}
	}
	if reference && d.chart.Kind != evaluation.IntervalChart {
		d.reference(c, x)
	}
	for _, write := range later {
		write()
	}
}

// label writes the label of a row beside or above its bar.
func (d *drawing) label(c draw.Canvas, r *row, y func(float64) vg.Length) {
	s := style(textSize, ink.haloed())
	if d.narrow {
		for i, l := range r.lines {
			writeText(c, s, 0, y(float64(r.top+vg.Length(i)*lineStep))-textSize+1, l)
		}
		return
	}
	s.Color = ink.end()
	first := r.top + (r.height-vg.Length(len(r.lines))*lineStep)/2
	for i, l := range r.lines {
		writeText(c, s, d.labels-12, y(float64(first+vg.Length(i)*lineStep))-textSize, l)
	}
}

func (d *drawing) reference(c draw.Canvas, x func(float64) vg.Length) {
	at := x(d.chart.Reference)
	c.StrokeLine2(draw.LineStyle{Color: ink, Width: 1.5, Dashes: []vg.Length{5, 3}}, at, c.Min.Y, at, c.Max.Y+3)
	s := style(smallSize, ink.middle())
	half := width(s, d.chart.ReferenceLabel) / 2
	right := c.Max.X + d.values
	where := max(half, min(at, right-half))
	writeText(c, s, where, c.Max.Y+8, d.chart.ReferenceLabel)
}

// values writes the texts of a point from x on, or, on a narrow page, above its bar.
func (d *drawing) valueText(c draw.Canvas, r *row, which int, x, baseline vg.Length) {
	value, n := d.texts(r, which)
	v, s := bold(style(textSize, ink.haloed())), style(smallSize, soft.haloed())
	if !d.textAbove() {
		if value != "" {
			writeText(c, v, x, baseline, value)
		}
		switch {
		case d.numbers > 0:
			x += d.numbers
		case value != "":
			x += width(v, value) + textSpace
		}
		if n != "" {
			writeText(c, s, x, baseline, n)
		}
		return
	}
	right := c.Max.X
	v.Color, s.Color = v.Color.(paint).end(), soft.end()
	if n != "" {
		writeText(c, s, right, baseline, n)
		right -= width(s, n) + textSpace
	}
	if value != "" {
		writeText(c, v, right, baseline, value)
	}
}

// clamp keeps a value on the axis.
func (d *drawing) clamp(v float64) float64 { return max(d.min, min(d.max, v)) }

// point draws a point of a bar, funnel or interval chart into the band below top, and returns what writes
// its text.
func (d *drawing) point(c draw.Canvas, r *row, which int, x func(float64) vg.Length, top, height vg.Length) func() {
	p := r.points[which]
	mid := top - height/2
	baseline := mid - textSize*0.36
	textAt := c.Max.X + textSpace
	interval := d.chart.Kind == evaluation.IntervalChart
	switch {
	case p.Absent != "":
		at := c.Min.X + 6
		if interval && d.inside(d.chart.Reference) && d.chart.ReferenceLabel != "" {
			at = x(d.chart.Reference) + 6
		}
		s := italic(style(smallSize, soft.haloed()))
		if over := at + width(s, p.Absent) - c.Max.X; over > 0 {
			at = max(c.Min.X, at-over)
		}
		writeText(c, s, at, mid-smallSize*0.36, p.Absent)
		if !interval {
			textAt = at + width(s, p.Absent) + textSpace
		}
	case interval:
		d.interval(c, p.Point, x, mid, 7)
		d.dot(c, p.series, vg.Point{X: x(d.clamp(p.Value)), Y: mid})
	default:
		zero := x(d.clamp(0))
		end := x(d.clamp(p.Value))
		inset := vg.Length(0)
		if len(d.chart.Series) > 1 {
			inset = 1
		}
		if whole := x(d.clamp(p.Whole)); finite(p.Whole) && whole > end { // paler than any part that is there
			c.SetColor(pale.base)
			c.Fill(rectangle(end, top-inset, whole, top-height+inset))
		}
		c.SetColor(d.paintOf(p.series))
		c.Fill(rectangle(zero, top-inset, end, top-height+inset))
		textAt = max(zero, end, x(d.clamp(max(p.Whole, p.Value)))) + textSpace
		if p.Interval {
			d.interval(c, p.Point, x, mid, 5)
			textAt = max(textAt, x(d.clamp(p.High))+textSpace)
		}
	}
	if d.textAbove() {
		baseline = top + 3 + lineStep*vg.Length(len(r.lines)) - textSize + 1
	}
	return func() { d.valueText(c, r, which, textAt, baseline) }
}

// dot draws the point of a series, which differs from the others in its shape too.
func (d *drawing) dot(c draw.Canvas, series int, at vg.Point) {
	shape := []draw.GlyphDrawer{draw.CircleGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}, draw.CrossGlyph{}}[series%4]
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: white, Radius: 6.5, Shape: shape}, at)
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: d.fills[series].base, Radius: 5, Shape: shape}, at)
}

// interval draws an interval, with an arrow head where it goes on beyond the axis.
func (d *drawing) interval(c draw.Canvas, p evaluation.Point, x func(float64) vg.Length, y, tip vg.Length) {
	if !p.Interval || p.High < p.Low || p.High < d.min || p.Low > d.max {
		return
	}
	low, high := x(d.clamp(p.Low)), x(d.clamp(p.High))
	for _, layer := range [2]draw.LineStyle{{Color: white, Width: 4}, {Color: ink, Width: 2}} {
		c.StrokeLine2(layer, low, y, high, y)
		for _, end := range [2]struct {
			at     vg.Length
			beyond bool
			inward vg.Length
		}{{low, p.Low < d.min, 6}, {high, p.High > d.max, -6}} {
			if end.beyond {
				c.StrokeLines(layer, []vg.Point{{X: end.at + end.inward, Y: y + tip - 2}, {X: end.at, Y: y}, {X: end.at + end.inward, Y: y - tip + 2}})
			} else {
				c.StrokeLine2(layer, end.at, y-tip+1, end.at, y+tip-1)
			}
		}
	}
}

// stack draws the bar of a row, divided among the series, and returns what writes its text.
func (d *drawing) stack(c draw.Canvas, r *row, x func(float64) vg.Length, top vg.Length) func() {
	bottom := top - barHeight
	mid := (top + bottom) / 2
	at := 0.0
	var missing []string
	for _, p := range r.points {
		if p.Absent != "" {
			missing = append(missing, p.Absent)
			continue
		}
		from, to := x(d.clamp(at)), x(d.clamp(at+p.Value))
		at += p.Value
		if to-from < 0.05 {
			continue
		}
		c.SetColor(d.paintOf(p.series))
		c.Fill(rectangle(from, top, to, bottom))
		c.SetColor(line)
		c.SetLineWidth(1)
		c.Stroke(rectangle(from, top, to, bottom))
		s := bold(style(smallSize, d.fills[p.series].text.middle()))
		if width(s, p.Text)+6 <= to-from {
			writeText(c, s, (from+to)/2, mid-smallSize*0.36, p.Text)
		}
	}
	if len(missing) > 0 {
		// Where the parts that cannot be drawn would lie, without saying how large each of them is.
		from, to := x(d.clamp(at)), x(d.max)
		if to-from > 2 {
			c.SetLineStyle(draw.LineStyle{Color: line, Width: 1, Dashes: []vg.Length{3, 3}})
			c.Stroke(rectangle(from, top, to, bottom))
			c.SetLineDash(nil, 0)
		}
		s := italic(style(smallSize, soft.haloed().middle()))
		if width(s, missing[0])+6 <= to-from {
			writeText(c, s, (from+to)/2, mid-smallSize*0.36, missing[0])
		}
	}
	baseline := mid - smallSize*0.36
	if d.textAbove() {
		baseline = top + 3 + lineStep*vg.Length(len(r.lines)) - textSize + 1
	}
	return func() { d.valueText(c, r, 0, c.Max.X+textSpace, baseline) }
}

// key is the legend of a chart with several series.
type key struct {
	height vg.Length
	places []vg.Point // of each series, from the top left corner
}

const swatch vg.Length = 16

func (d *drawing) legend(total vg.Length) key {
	var k key
	if len(d.chart.Series) < 2 {
		return k
	}
	s := style(textSize, ink)
	var at vg.Point
	for _, series := range d.chart.Series {
		w := swatch + 6 + width(s, series.Label)
		if at.X > 0 && at.X+w > total {
			at = vg.Point{Y: at.Y + swatch + 6}
		}
		k.places = append(k.places, at)
		at.X += w + 18
	}
	k.height = at.Y + swatch + 10
	return k
}

func (k key) draw(c draw.Canvas, d *drawing) {
	for i, at := range k.places {
		top := c.Max.Y - at.Y - 1
		writeText(c, style(textSize, ink), at.X+swatch+6, top-swatch+5, d.chart.Series[i].Label)
		if d.chart.Kind == evaluation.IntervalChart {
			d.dot(c, i, vg.Point{X: at.X + swatch/2, Y: top - swatch/2 + 1})
			continue
		}
		c.SetColor(d.paintOf(i))
		c.Fill(rectangle(at.X+1, top, at.X+swatch-1, top-swatch+2))
		c.SetColor(line)
		c.SetLineWidth(1)
		c.Stroke(rectangle(at.X+1, top, at.X+swatch-1, top-swatch+2))
	}
}
