package dcrs

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func htmlPage(t testing.TB, r *Report) string {
	t.Helper()
	return string(render(t, func(b *bytes.Buffer) error { return r.WriteHTML(b) }))
}

func TestHTMLGolden(t *testing.T) {
	for _, c := range renderCases(t) {
		if c.name != "year" && c.name != "awkward" && c.name != "unread" {
			continue // their pages differ from these in nothing that the text does not show
		}
		t.Run(c.name, func(t *testing.T) {
			golden(t, c.name+".html", []byte(htmlPage(t, c.report)))
		})
	}
}

var (
	htmlTag  = regexp.MustCompile(`<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"]|"[^"]*")*)>`)
	htmlAttr = regexp.MustCompile(`([a-z-]+)(?:="([^"]*)")?`)
)

// The page stands by itself, is well formed, and can be found one's way about in
// by ear and with a keyboard.
func TestHTMLStructure(t *testing.T) {
	for _, c := range renderCases(t) {
		t.Run(c.name, func(t *testing.T) { requirePage(t, htmlPage(t, c.report)) })
	}
}

// requirePage holds a page to what TestHTMLStructure says.
func requirePage(t *testing.T, page string) {
	t.Helper()
	void := map[string]bool{"meta": true, "br": true}
	forbidden := map[string]bool{"script": true, "link": true, "img": true, "iframe": true, "object": true, "embed": true, "base": true, "form": true}
	require.True(t, strings.HasPrefix(page, "<!DOCTYPE html>\n<html lang=\"en-GB\">"))
	_, body, ok := strings.Cut(page, "</style>")
	require.True(t, ok)
	assert.NotContains(t, page[:len(page)-len(body)], "url(", "nothing is fetched")
	assert.NotContains(t, page[:len(page)-len(body)], "@import", "nothing is fetched")
	assert.NotContains(t, body, "ZgotmplZ", "html/template refused something")

	open := []string{"html", "head"}
	count, ids, targets := map[string]int{}, map[string]int{}, []string{}
	for _, m := range htmlTag.FindAllStringSubmatch(body, -1) {
		closing, name := m[1] == "/", m[2]
		if closing {
			require.NotEmpty(t, open, "</%s> closes nothing", name)
			require.Equal(t, open[len(open)-1], name, "closed in the wrong order")
			open = open[:len(open)-1]
			continue
		}
		require.False(t, forbidden[name], "<%s>", name)
		count[name]++
		if !void[name] {
			open = append(open, name)
		}
		attrs := map[string]string{}
		for _, a := range htmlAttr.FindAllStringSubmatch(m[3], -1) {
			attrs[a[1]] = a[2]
			require.False(t, strings.HasPrefix(a[1], "on"), "no event handlers: %s", m[0])
		}
		if id, ok := attrs["id"]; ok {
			ids[id]++
		}
		if ref, ok := attrs["aria-labelledby"]; ok {
			targets = append(targets, ref)
		}
		switch name {
		case "a":
			require.True(t, strings.HasPrefix(attrs["href"], "#"), "only links within the page: %s", m[0])
			targets = append(targets, attrs["href"][1:])
		case "th":
			require.Contains(t, []string{"row", "col"}, attrs["scope"], m[0])
		}
	}
	require.Empty(t, open, "everything is closed")
	for id, n := range ids {
		assert.Equal(t, 1, n, "id %s", id)
	}
	for _, target := range targets {
		assert.Equal(t, 1, ids[target], "nothing has the id %s", target)
	}
	assert.Equal(t, 1, count["h1"])
	assert.Equal(t, 1, count["main"])
	assert.Equal(t, 1, count["header"])
	assert.Equal(t, 1, count["nav"])
	assert.Equal(t, 1, count["footer"])
	assert.Equal(t, count["table"], count["caption"], "every table has a caption")
}

func TestHTMLEscapes(t *testing.T) {
	page := htmlPage(t, awkwardReport(t))
	assert.NotContains(t, page, "<script")
	assert.Contains(t, page, `&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;`, "shown as text")
	assert.NotContains(t, page, "\u202e", "nothing turns the text round")
	assert.NotContains(t, page, "\x1b")
	assert.Contains(t, page, strings.Repeat("列", 40))
	assert.NotContains(t, page, strings.Repeat("列", 200), "an endless name is cut")
}

// Text must stand out from what it stands on by 4.5 to 1, and the outline of a
// bar by 3 to 1, in the light, in the dark and on paper (WCAG 2.2, 1.4.3, 1.4.11).
func TestHTMLContrast(t *testing.T) {
	blocks := regexp.MustCompile(`(?s):root \{(.*?)\}`).FindAllStringSubmatch(styleSource, -1)
	require.Len(t, blocks, 3)
	variable := regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{3,6});`)
	light := map[string]string{}
	for i, name := range []string{"light", "dark", "print"} {
		colours := map[string]string{}
		for k, v := range light {
			colours[k] = v
		}
		for _, m := range variable.FindAllStringSubmatch(blocks[i][1], -1) {
			colours[m[1]] = m[2]
		}
		if i == 0 {
			light = colours
		}
		for _, pair := range []struct {
			fore, back string
			least      float64
		}{
			{"ink", "page", 4.5},
			{"ink", "card", 4.5},
			{"soft", "page", 4.5},
			{"soft", "card", 4.5},
			{"link", "page", 4.5},
			{"link", "card", 4.5},
			{"head-ink", "head", 4.5},
			{"head-soft", "head", 4.5},
			{"error", "error-bg", 4.5},
			{"warning", "warning-bg", 4.5},
			{"info", "info-bg", 4.5},
			{"good", "good-bg", 4.5},
			{"ink", "error-bg", 4.5},
			{"ink", "warning-bg", 4.5},
			{"ink", "good-bg", 4.5},
			{"edge", "card", 3},
			{"v", "m", 3},
		} {
			got := contrast(t, colours[pair.fore], colours[pair.back])
			assert.GreaterOrEqual(t, got, pair.least, "%s: %s on %s", name, pair.fore, pair.back)
		}
	}
}

func TestContrastFormula(t *testing.T) {
	// Published examples: black on white is 21, and #767676 is the lightest grey
	// that passes 4.5 on white.
	assert.InDelta(t, 21, contrast(t, "#000", "#fff"), 1e-9)
	assert.InDelta(t, 4.54, contrast(t, "#767676", "#ffffff"), 0.005)
	assert.Less(t, contrast(t, "#777777", "#ffffff"), 4.5)
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := luminance(t, a), luminance(t, b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	hex := strings.TrimPrefix(colour, "#")
	if len(hex) == 3 {
		hex = fmt.Sprintf("%c%c%c%c%c%c", hex[0], hex[0], hex[1], hex[1], hex[2], hex[2])
	}
	n, err := strconv.ParseUint(hex, 16, 32)
	require.NoError(t, err, "colour %q", colour)
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(n>>(16-8*i)&0xff) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func TestHTMLBarsAddUp(t *testing.T) {
	for _, f := range yearReport(t).Fields {
		sum := 0.0
		for _, part := range fieldParts(f) {
			w, err := strconv.ParseFloat(part.Width, 64)
			require.NoError(t, err)
			sum += w
		}
		assert.InDelta(t, 100, sum, 0.05, f.Field)
	}
}
