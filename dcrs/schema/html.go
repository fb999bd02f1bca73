package schema

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

//go:embed dictionary.tmpl
var htmlText string

var htmlPage = template.Must(template.New("dictionary").Funcs(template.FuncMap{
	"presence":         presenceName,
	"presenceWords":    presenceWords,
	"sensitivityWords": sensitivityWords,
	"basisWords":       basisWords,
	"severity":         severityWords,
	"sentence":         sentence,
	"sources":          splitSource,
	"count":            countFields,
	"words":            func(s string) string { return strings.ReplaceAll(s, "_", " ") },
	"presences": func() []dcrs.Presence {
		return []dcrs.Presence{dcrs.Mandatory, dcrs.Required, dcrs.Conditional, dcrs.Optional}
	},
	"sensitivities": func() []dcrs.Sensitivity { return sensitivities },
	"bases":         func() []dcrs.Basis { return bases },
	"id":            htmlID,
}).Parse(htmlText))

// WriteHTML writes the data dictionary of the tables as one page that stands by
// itself: no scripts, no pictures, nothing fetched. It holds what
// [WriteMarkdown] holds, with links between fields, rules, code lists and
// sources; nothing is folded away, so the browser's own search finds all of it.
// It can be printed on A4 and read by a screen reader. Nothing in a dictionary
// can become markup.
func WriteHTML(w io.Writer, given ...Table) error {
	tables, err := complete(given)
	if err != nil {
		return err
	}
	var b strings.Builder
	if err := htmlPage.Execute(&b, newDocument(tables)); err != nil {
		return err
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// htmlID makes an id of the parts, each thing's its own, of the characters that
// style guides for HTML allow. The slash of a rule's id becomes two hyphens.
func htmlID(parts ...string) string {
	var b strings.Builder
	for _, c := range []byte(strings.Join(parts, "-")) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
			b.WriteByte(c)
		case c == '/':
			b.WriteString("--")
		default:
			fmt.Fprintf(&b, "_%02x", c)
		}
	}
	return b.String()
}
