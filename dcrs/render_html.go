package dcrs

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
	"strconv"
	"strings"
	"sync"
)

//go:embed render_html.tmpl
var htmlSource string

// styleSource is the style sheet that the pages of this package share.
//
//go:embed render_style.tmpl
var styleSource string

// examplesSource is the table of a rule's examples.
//
//go:embed render_examples.tmpl
var examplesSource string

// htmlTemplate is parsed when the first page is asked for, so that a program
// that writes none does not pay for it.
var htmlTemplate = sync.OnceValues(func() (*template.Template, error) {
	return pageTemplate("report", htmlSource, template.FuncMap{
		"levels":  func() []Level { return []Level{Error, Warning, Info} },
		"meaning": meaning,
		"anchor":  func(rule string) string { return "rule-" + strings.ReplaceAll(rule, "/", "-") },
	})
})

// pageTemplate parses the template of a page with what all of them use: the style
// sheet, and functions that make text safe and numbers readable.
func pageTemplate(name, source string, funcs template.FuncMap) (*template.Template, error) {
	t := template.New(name).Funcs(template.FuncMap{
		"name": func(s string) string {
			if s == "" {
				return "an extract without a name"
			}
			return clean(s)
		},
		"text":    clean,
		"short":   func(s string) string { return clip(clean(s), htmlCell) },
		"group":   func(n int) string { return group(n) },
		"part":    func(n int) string { return string(appendPart(nil, n)) },
		"size":    size,
		"share":   share,
		"noun":    levelNoun,
		"often":   func(r RuleReport) string { return strings.Join(strings.Fields(howOften(r)), " ") },
		"rests":   func(e exampleView) string { return rests(&e.Finding) },
		"mixture": mixture,
		"tone": func(l Level) string {
			if l < Warning {
				return "good"
			}
			return l.String()
		},
		"parts": fieldParts,
		"bars": func(f FieldReport) []fieldPart {
			var bars []fieldPart
			for _, p := range fieldParts(f) {
				if p.N > 0 {
					bars = append(bars, p)
				}
			}
			return bars
		},
	}).Funcs(funcs)
	for _, shared := range []string{styleSource, examplesSource} {
		if _, err := t.Parse(shared); err != nil {
			return nil, err
		}
	}
	return t.Parse(source)
}

// writePage makes a page whole before a byte of it is written.
func writePage(w io.Writer, parsed func() (*template.Template, error), data any) error {
	t, err := parsed()
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := t.Execute(&page, data); err != nil {
		return err
	}
	_, err = w.Write(page.Bytes())
	return err
}

// htmlCell is how much of a text from the file a cell of the page shows.
const htmlCell = 120

// WriteHTML writes the report as one page that stands by itself: no scripts, no
// pictures, nothing fetched, fit to be printed and to be read by a screen
// reader. It says what its words mean. Nothing in the extract can become markup.
func (r *Report) WriteHTML(w io.Writer) error {
	return writePage(w, htmlTemplate, newReportView(r))
}

// fieldPart is one of the five parts of a field.
type fieldPart struct {
	Class string // of the style sheet
	N     int
	Share string
	Width string // per cent of the bar
}

func fieldParts(f FieldReport) []fieldPart {
	parts := []fieldPart{{Class: "v", N: f.Valid}, {Class: "o", N: f.Other}, {Class: "d", N: f.Default}, {Class: "i", N: f.Invalid}, {Class: "m", N: f.Missing}}
	for i := range parts {
		p := &parts[i]
		p.Share = share(p.N, f.Denominator)
		if f.Denominator > 0 {
			p.Width = strconv.FormatFloat(100*float64(p.N)/float64(f.Denominator), 'f', 2, 64)
		}
	}
	return parts
}
