package page

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/healthtrainer/healthtrainer/outcomes/evaluation"
)

//go:embed page.tmpl
var source string

var tmpl = template.Must(template.New("page").Parse(source))

// Write writes the page of a document. The notice stands above everything else, for what a reader must
// know first, such as that the data are made up; "" for none. The same document gives the same bytes.
func Write(w io.Writer, doc *evaluation.Document, notice string) error {
	if doc == nil {
		return errors.New("page: there is no document")
	}
	var b bytes.Buffer
	if err := tmpl.Execute(&b, newView(doc, notice)); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// view is a document, its charts drawn and its parts in the order of reading.
type view struct {
	*evaluation.Document
	Notice   string
	Four     bool // headlines stand better four in a row than three
	Sections []sectionView
	Terms    []termView
}

type sectionView struct {
	ID, Title string
	Text      []string
	Figures   []figureView
	Tables    [][]tableView // that belong to no figure; several slim ones in a row stand in two columns
	Caveats   []string
}

type figureView struct {
	ID, Title    string
	Wide, Narrow template.HTML
	Notes        []string
	Table        *tableView
}

type tableView struct {
	ID, Caption string
	Columns     []columnView
	Groups      [][]rowView
	Notes       []string
	Short       bool // fits a printed page, so that it need not be cut
	Slim        bool // is narrow and short enough to stand beside another on a wide page
	Dense       bool // has so many columns that they are set smaller
	Sideways    bool // is so wide that it is printed on a page turned sideways
}

type columnView struct {
	Title  string
	Number bool
}

type rowView struct {
	Kind   string
	Indent int
	Head   cellView
	Cells  []cellView
	Span   int // of a heading
}

type cellView struct {
	Text   string
	Spoken string // in place of a sign that a screen reader would skip or misread
	Number bool
}

type termView struct {
	ID string
	evaluation.Definition
}

// ids hands out ids that fit HTML and are unique on the page.
type ids map[string]int

func (n ids) next(prefix, id string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, id)
	name := prefix + "-" + clean
	n[name]++
	if n[name] > 1 {
		return n.next(prefix, clean+"-"+strconv.Itoa(n[name]))
	}
	return name
}

func newView(doc *evaluation.Document, notice string) *view {
	v := &view{Document: doc, Notice: notice, Four: len(doc.Headlines)%3 != 0 && len(doc.Headlines)%4 == 0}
	names := make(ids)
	for i := range doc.Sections {
		v.Sections = append(v.Sections, newSection(&doc.Sections[i], names))
	}
	for _, d := range doc.Definitions {
		v.Terms = append(v.Terms, termView{ID: names.next("term", d.ID), Definition: d})
	}
	return v
}

func newSection(s *evaluation.Section, names ids) sectionView {
	out := sectionView{ID: names.next("section", s.ID), Title: s.Title, Text: s.Text, Caveats: s.Caveats}
	placed := make([]bool, len(s.Tables))
	for i := range s.Charts {
		chart := &s.Charts[i]
		f := figureView{ID: names.next("chart", chart.ID), Title: chart.Title, Notes: chart.Notes}
		f.Wide = template.HTML(svg(chart, f.ID+"-wide", false))    //nolint:gosec // drawn and escaped by this package
		f.Narrow = template.HTML(svg(chart, f.ID+"-narrow", true)) //nolint:gosec // likewise
		k := slices.IndexFunc(s.Tables, func(t evaluation.Table) bool { return t.ID == chart.Table })
		switch {
		case k < 0:
			t := newTable(tableOf(chart), names)
			f.Table = &t
		case !placed[k]: // otherwise it stands below an earlier chart
			placed[k] = true
			t := newTable(&s.Tables[k], names)
			f.Table = &t
		}
		out.Figures = append(out.Figures, f)
	}
	slim := false
	for k := range s.Tables {
		if placed[k] {
			continue
		}
		t := newTable(&s.Tables[k], names)
		if last := len(out.Tables) - 1; slim && t.Slim {
			out.Tables[last] = append(out.Tables[last], t)
		} else {
			out.Tables = append(out.Tables, []tableView{t})
		}
		slim = t.Slim
	}
	return out
}

// tableOf makes a table of a chart that has none.
func tableOf(chart *evaluation.Chart) *evaluation.Table {
	t := &evaluation.Table{ID: chart.ID, Caption: chart.Title + ": the figures", Columns: []evaluation.Column{{ID: "label", Align: evaluation.Left}}}
	hasN := false
	for _, s := range chart.Series {
		for _, p := range s.Points {
			hasN = hasN || p.N != "" && p.N != p.Text
		}
	}
	for i, s := range chart.Series {
		title := s.Label
		if title == "" {
			title = chart.Axis
		}
		t.Columns = append(t.Columns, evaluation.Column{ID: s.ID, Title: title, Align: evaluation.Right})
		if hasN {
			t.Columns = append(t.Columns, evaluation.Column{ID: s.ID + "-n", Title: "n", Align: evaluation.Right})
		}
		for k, p := range s.Points {
			if k == len(t.Rows) {
				t.Rows = append(t.Rows, evaluation.Row{Kind: evaluation.BodyRow, Cells: []string{p.Label}})
			}
			cells := &t.Rows[k].Cells
			for per := 1 + map[bool]int{true: 1}[hasN]; len(*cells) < 1+i*per; {
				*cells = append(*cells, "")
			}
			shown := p.Text
			if p.Absent != "" && shown == "" {
				shown = p.Absent
			}
			*cells = append(*cells, shown)
			if hasN {
				*cells = append(*cells, p.N)
			}
		}
	}
	return t
}

func newTable(t *evaluation.Table, names ids) tableView {
	out := tableView{ID: names.next("table", t.ID), Caption: t.Caption, Notes: t.Notes, Short: len(t.Rows) <= 16, Slim: len(t.Columns) <= 6 && len(t.Rows) <= 30, Dense: len(t.Columns) > 7}
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, columnView{Title: c.Title, Number: c.Align == evaluation.Right})
	}
	for _, r := range t.Rows {
		row := rowView{Kind: string(r.Kind), Indent: r.Indent}
		if r.Kind == evaluation.HeadingRow {
			row.Span = max(1, len(t.Columns))
		}
		for i, text := range r.Cells {
			cell := newCell(text, i < len(out.Columns) && out.Columns[i].Number)
			if i == 0 {
				row.Head = cell
			} else {
				row.Cells = append(row.Cells, cell)
			}
		}
		if len(out.Groups) == 0 || r.Kind == evaluation.HeadingRow {
			out.Groups = append(out.Groups, nil)
		}
		last := len(out.Groups) - 1
		out.Groups[last] = append(out.Groups[last], row)
	}
	width := out.printWidth()
	out.Sideways = width > 182 // of A4's 210, less the margins
	out.Slim = out.Slim && width <= 125
	return out
}

func newCell(text string, isNumber bool) cellView {
	c := cellView{Text: text, Number: isNumber}
	switch text {
	case "*":
		c.Spoken = "hidden, small number"
	case "–", "-":
		c.Spoken = "no figure"
	}
	if isNumber {
		c.Text = together.Replace(text)
	}
	return c
}

// together keeps a number and its unit, and the ends of an interval, on one line, so that a cell breaks
// between its figures only.
var together = strings.NewReplacer(" (", " (", "; ", "; ", " ", "\u00a0")

// printWidth estimates how narrow a table can be printed, in millimetres: its longest words, in the small
// type of dense tables.
func (t *tableView) printWidth() float64 {
	const perCharacter, perColumn = 1.3, 2.4
	longest := make([]int, len(t.Columns))
	see := func(i int, text string) {
		for word := range strings.SplitSeq(text, " ") {
			longest[i] = max(longest[i], utf8.RuneCountInString(word))
		}
	}
	for i, c := range t.Columns {
		see(i, c.Title)
	}
	for _, group := range t.Groups {
		for _, r := range group {
			if r.Span > 0 {
				continue
			}
			for i, c := range r.Cells {
				if i+1 < len(longest) {
					see(i+1, c.Text)
				}
			}
		}
	}
	mm := 18.0 // for the first column to be more than one word wide
	for _, n := range longest {
		mm += perCharacter*float64(n) + perColumn
	}
	return mm
}
