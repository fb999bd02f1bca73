package page

import (
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func TestCanvas(t *testing.T) {
	line := func(pts ...vg.Point) vg.Path {
		var p vg.Path
		for i, pt := range pts {
			if i == 0 {
				p.Move(pt)
			} else {
				p.Line(pt)
			}
		}
		return p
	}
	for _, c := range []struct {
		why  string
		draw func(c *canvas)
		want string
	}{
		{"y runs up in vg and down in SVG", func(c *canvas) { c.Stroke(line(vg.Point{X: 1, Y: 2}, vg.Point{X: 3, Y: 100})) }, `<path d="M1 98L3 0" fill="none" stroke="#000000"/>`},
		{"width, dashes and colour", func(c *canvas) {
			c.SetColor(color.Gray{Y: 0x80})
			c.SetLineWidth(2.5)
			c.SetLineDash([]vg.Length{4, 2}, 1)
			c.Stroke(line(vg.Point{}, vg.Point{X: 1}))
		}, `<path d="M0 100L1 100" fill="none" stroke="#808080" stroke-width="2.5" stroke-dasharray="4 2" stroke-dashoffset="1"/>`},
		{"a line without width is none", func(c *canvas) { c.SetLineWidth(0); c.Stroke(line(vg.Point{}, vg.Point{X: 1})) }, ""},
		{"no path, nothing", func(c *canvas) { c.Stroke(nil); c.Fill(nil) }, ""},
		{"no colour is black", func(c *canvas) { c.SetColor(white); c.SetColor(nil); c.Fill(line(vg.Point{}, vg.Point{X: 1})) }, `<path d="M0 100L1 100" fill="#000000"/>`},
		{"a pattern", func(c *canvas) {
			p := navy
			p.pattern = "dots"
			c.SetColor(p)
			c.Fill(rectangle(0, 10, 5, 0))
		}, `<path d="M0 90L5 90L5 100L0 100Z" fill="url(#dots)"/>`},
		{"a circle is two arcs", func(c *canvas) {
			on := draw.NewCanvas(c, 100, 100)
			on.DrawGlyph(draw.GlyphStyle{Color: white, Radius: 5, Shape: draw.CircleGlyph{}}, vg.Point{X: 50, Y: 50})
		}, `<path d="M55 50L55 50A5 5 0 0 0 45 50A5 5 0 0 0 55 50Z" fill="#ffffff"/>`},
		{"an arc the other way, from a point", func(c *canvas) {
			p := line(vg.Point{})
			p.Arc(vg.Point{}, 10, math.Pi/2, -math.Pi/2)
			c.Stroke(p)
		}, `<path d="M0 100L0 90A10 10 0 0 1 7.07 92.93A10 10 0 0 1 10 100" fill="none" stroke="#000000"/>`},
		{"curves", func(c *canvas) {
			p := line(vg.Point{})
			p.QuadTo(vg.Point{X: 1, Y: 1}, vg.Point{X: 2})
			p.CubeTo(vg.Point{X: 3, Y: 1}, vg.Point{X: 4, Y: 1}, vg.Point{X: 5})
			c.Stroke(p)
		}, `<path d="M0 100Q1 99 2 100C3 99 4 99 5 100" fill="none" stroke="#000000"/>`},
		{"transformations, and back", func(c *canvas) {
			c.Push()
			c.Translate(vg.Point{X: 10, Y: 20})
			c.Scale(2, 3)
			c.Rotate(math.Pi / 2)
			c.SetLineWidth(9)
			c.Push()
			c.Pop()
			c.Pop()
			c.Pop() // one too many
			c.Stroke(line(vg.Point{}, vg.Point{X: 1}))
		}, `<path d="M0 100L1 100" fill="none" stroke="#000000"/>`},
		{"a point under transformations", func(c *canvas) {
			c.Translate(vg.Point{X: 10, Y: 20})
			c.Rotate(math.Pi / 2)
			c.Scale(2, 3)
			c.Stroke(line(vg.Point{}, vg.Point{X: 1}))
		}, `<path d="M10 80L10 78" fill="none" stroke="#000000"/>`},
	} {
		t.Run(c.why, func(t *testing.T) {
			on := newCanvas(100)
			c.draw(on)
			want := c.want
			if want != "" {
				want += "\n"
			}
			assert.Equal(t, want, on.buf.String())
		})
	}
}

func TestCanvasText(t *testing.T) {
	s := style(10, ink)
	face := s.Handler.Cache().Lookup(s.Font, s.Font.Size)
	wide := face.Width("Text")
	for _, c := range []struct {
		why  string
		draw func(c draw.Canvas)
		want string
	}{
		{"its start", func(c draw.Canvas) { put(c, s, "Text") }, `<text x="50" y="90" font-size="10" fill="#17242c">Text</text>`},
		{"its middle, whatever the font", func(c draw.Canvas) {
			s := s
			s.Color = ink.middle()
			put(c, s, "Text")
		}, `<text x="50" y="90" font-size="10" fill="#17242c" text-anchor="middle">Text</text>`},
		{"its end, escaped, bold, italic, with a halo", func(c draw.Canvas) {
			s := bold(italic(s))
			s.Color = ink.end().haloed()
			put(c, s, "a<b")
		}, `<text x="50" y="90" font-size="10" fill="#17242c" text-anchor="end" font-weight="bold" font-style="italic" stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke">a&lt;b</text>`},
		{"gonum's own middle comes out the same", func(c draw.Canvas) {
			s := s
			s.Color = ink.middle()
			s.XAlign = draw.XCenter
			c.FillText(s, vg.Point{X: 50, Y: 10}, "Text")
		}, `<text x="50" y="89.05" font-size="10" fill="#17242c" text-anchor="middle">Text</text>`},
		{"turned", func(c draw.Canvas) {
			c.Rotate(math.Pi / 2)
			c.SetColor(ink)
			c.FillString(s.Handler.Cache().Lookup(s.Font, s.Font.Size), vg.Point{X: 10, Y: -50}, "Text")
		}, `<text x="50" y="90" font-size="10" fill="#17242c" transform="rotate(-90 50 90)">Text</text>`},
		{"nothing", func(c draw.Canvas) { put(c, s, "") }, ""},
	} {
		t.Run(c.why, func(t *testing.T) {
			on := newCanvas(100)
			c.draw(draw.NewCanvas(on, 100, 100))
			want := c.want
			if want != "" {
				want += "\n"
			}
			assert.Equal(t, want, on.buf.String())
		})
	}
	assert.InDelta(t, 20, float64(wide), 4, "Liberation Sans: four letters at 10 pixels")
}

func put(c draw.Canvas, s draw.TextStyle, txt string) { writeText(c, s, 50, 10, txt) }

func TestNumber(t *testing.T) {
	for in, want := range map[float64]string{0: "0", math.Copysign(0, -1): "0", -0.001: "0", 1.005: "1", 1.5: "1.5", 123.456: "123.46", -2: "-2"} {
		assert.Equal(t, want, number(in))
	}
}
