package page

import (
	"bytes"
	"fmt"
	"html"
	"image"
	"image/color"
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/font"
	"gonum.org/v1/plot/vg"

	plotfont "gonum.org/v1/plot/font"
)

// fontStack begins with the fonts that have the widths of Liberation Sans, by which text is measured.
const fontStack = `Arial, "Liberation Sans", Arimo, Helvetica, Roboto, sans-serif`

// paint is a colour with what SVG can do and vg has no words for. Where a plain colour is set, the other
// fields have their zero values.
type paint struct {
	color.NRGBA
	pattern string  // id of the pattern that fills, "" for the plain colour
	halo    bool    // text is drawn on a white outline, so that it can be read on a pattern
	anchor  float64 // which part of a text stands at the measured place whatever font is there: 0 its start, 0.5 its middle, 1 its end
}

// canvas draws SVG. Unlike vgsvg's, its text names a font stack that every computer has, its paths are in
// the pixels of the view box, and it fills with patterns. One length of vg is one pixel.
type canvas struct {
	height vg.Length
	buf    bytes.Buffer
	now    state
	stack  []state
}

type state struct {
	width vg.Length
	dash  []vg.Length
	shift vg.Length // of the dashes
	paint paint
	// A point goes to (ax+cy+e, bx+dy+f).
	a, b, c, d, e, f float64
}

func newCanvas(height vg.Length) *canvas {
	return &canvas{height: height, now: state{width: 1, paint: paint{NRGBA: color.NRGBA{A: 255}}, a: 1, d: 1}}
}

func (c *canvas) SetLineWidth(w vg.Length) { c.now.width = w }

func (c *canvas) SetLineDash(pattern []vg.Length, offset vg.Length) {
	c.now.dash, c.now.shift = append([]vg.Length(nil), pattern...), offset
}

func (c *canvas) SetColor(clr color.Color) {
	switch clr := clr.(type) {
	case nil:
		c.now.paint = paint{NRGBA: color.NRGBA{A: 255}}
	case paint:
		c.now.paint = clr
	default:
		c.now.paint = paint{NRGBA: color.NRGBAModel.Convert(clr).(color.NRGBA)}
	}
}

func (c *canvas) Rotate(rad float64) {
	sin, cos := math.Sincos(rad)
	c.transform(cos, sin, -sin, cos, 0, 0)
}

func (c *canvas) Translate(pt vg.Point)             { c.transform(1, 0, 0, 1, float64(pt.X), float64(pt.Y)) }
func (c *canvas) Scale(x, y float64)                { c.transform(x, 0, 0, y, 0, 0) }
func (c *canvas) Push()                             { c.stack = append(c.stack, c.now) }
func (*canvas) DrawImage(vg.Rectangle, image.Image) {} // no chart here has a picture in it

func (c *canvas) Pop() {
	if n := len(c.stack); n > 0 {
		c.now, c.stack = c.stack[n-1], c.stack[:n-1]
	}
}

func (c *canvas) transform(a, b, cc, d, e, f float64) {
	s := &c.now
	s.a, s.b, s.c, s.d, s.e, s.f = s.a*a+s.c*b, s.b*a+s.d*b, s.a*cc+s.c*d, s.b*cc+s.d*d, s.a*e+s.c*f+s.e, s.b*e+s.d*f+s.f
}

// at is where a point lies in the view box, whose y runs down.
func (c *canvas) at(p vg.Point) (x, y float64) {
	s := &c.now
	return s.a*float64(p.X) + s.c*float64(p.Y) + s.e, float64(c.height) - (s.b*float64(p.X) + s.d*float64(p.Y) + s.f)
}

func (c *canvas) Stroke(path vg.Path) {
	if c.now.width <= 0 || len(path) == 0 {
		return
	}
	fmt.Fprintf(&c.buf, `<path d="%s" fill="none" stroke="%s"`, c.path(path), hex(c.now.paint.NRGBA))
	if c.now.width != 1 {
		fmt.Fprintf(&c.buf, ` stroke-width="%s"`, number(float64(c.now.width)))
	}
	if len(c.now.dash) > 0 {
		dashes := make([]string, len(c.now.dash))
		for i, d := range c.now.dash {
			dashes[i] = number(float64(d))
		}
		fmt.Fprintf(&c.buf, ` stroke-dasharray="%s"`, strings.Join(dashes, " "))
		if c.now.shift != 0 {
			fmt.Fprintf(&c.buf, ` stroke-dashoffset="%s"`, number(float64(c.now.shift)))
		}
	}
	c.buf.WriteString("/>\n")
}

func (c *canvas) Fill(path vg.Path) {
	if len(path) == 0 {
		return
	}
	fill := hex(c.now.paint.NRGBA)
	if id := c.now.paint.pattern; id != "" {
		fill = "url(#" + id + ")"
	}
	fmt.Fprintf(&c.buf, "<path d=\"%s\" fill=\"%s\"/>\n", c.path(path), fill)
}

func (c *canvas) FillString(f plotfont.Face, pt vg.Point, text string) {
	if f.Font.Size <= 0 || text == "" {
		return
	}
	pt.X += vg.Length(c.now.paint.anchor) * f.Width(text)
	x, y := c.at(pt)
	fmt.Fprintf(&c.buf, `<text x="%s" y="%s" font-size="%s" fill="%s"`, number(x), number(y), number(float64(f.Font.Size)), hex(c.now.paint.NRGBA))
	if s := &c.now; s.b != 0 || s.c != 0 {
		fmt.Fprintf(&c.buf, ` transform="rotate(%s %s %s)"`, number(-math.Atan2(s.b, s.a)*180/math.Pi), number(x), number(y))
	}
	switch c.now.paint.anchor {
	case 0.5:
		c.buf.WriteString(` text-anchor="middle"`)
	case 1:
		c.buf.WriteString(` text-anchor="end"`)
	}
	if f.Font.Weight >= font.WeightSemiBold {
		c.buf.WriteString(` font-weight="bold"`)
	}
	if f.Font.Style != font.StyleNormal {
		c.buf.WriteString(` font-style="italic"`)
	}
	if c.now.paint.halo {
		c.buf.WriteString(` stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"`)
	}
	fmt.Fprintf(&c.buf, ">%s</text>\n", html.EscapeString(text))
}

// path writes a path as SVG does.
func (c *canvas) path(path vg.Path) string {
	var b strings.Builder
	to := func(op string, points ...vg.Point) {
		b.WriteString(op)
		for i, p := range points {
			x, y := c.at(p)
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(number(x) + " " + number(y))
		}
	}
	for _, comp := range path {
		switch comp.Type {
		case vg.MoveComp:
			to("M", comp.Pos)
		case vg.LineComp:
			to("L", comp.Pos)
		case vg.ArcComp:
			c.arc(&b, &comp)
		case vg.CurveComp:
			if len(comp.Control) == 2 {
				to("C", comp.Control[0], comp.Control[1], comp.Pos)
			} else {
				to("Q", comp.Control[0], comp.Pos)
			}
		case vg.CloseComp:
			b.WriteByte('Z')
		}
	}
	return b.String()
}

// arc writes an arc as two halves, since SVG cannot say a full circle in one.
func (c *canvas) arc(b *strings.Builder, comp *vg.PathComp) {
	point := func(angle float64) (x, y float64) {
		sin, cos := math.Sincos(angle)
		return c.at(vg.Point{X: comp.Pos.X + comp.Radius*vg.Length(cos), Y: comp.Pos.Y + comp.Radius*vg.Length(sin)})
	}
	op := "L"
	if b.Len() == 0 {
		op = "M"
	}
	x, y := point(comp.Start)
	b.WriteString(op + number(x) + " " + number(y))
	sweep := "0" // in the view box y runs down, so that counterclockwise is 0
	if comp.Angle < 0 {
		sweep = "1"
	}
	r := number(float64(comp.Radius))
	for _, part := range [2]float64{0.5, 1} {
		x, y := point(comp.Start + part*comp.Angle)
		fmt.Fprintf(b, "A%s %s 0 0 %s %s %s", r, r, sweep, number(x), number(y))
	}
}

// number writes x with at most two decimal places.
func number(x float64) string {
	x = math.Round(x*100) / 100
	if x == 0 { // and not -0
		return "0"
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
