package evaluation

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// textWidth is how many characters a line of the summary has at most.
const textWidth = 100

// WriteText writes a summary for a terminal, at most 100 characters wide: what matters first, then the
// brief tables and the simple charts of each section, and what to look at before publishing. The whole
// document is for a page. The text is UTF-8 with block characters for bars. The error is that of w.
func (d *Document) WriteText(w io.Writer) error {
	t := &textWriter{}
	t.wrap("", d.Title)
	t.wrap("", d.Subtitle)
	t.line(strings.Repeat("═", min(textWidth, max(width(d.Title), width(d.Subtitle)))))
	if !d.Suppressed && d.Disclosure != "" {
		t.wrap("! ", d.Disclosure)
	}
	t.line("")
	for _, s := range d.Summary {
		t.wrap("• ", s)
	}
	t.headlines(d.Headlines)
	for i := range d.Sections {
		t.section(&d.Sections[i])
	}
	if d.Suppressed {
		t.line("")
		t.wrap("", d.Disclosure)
	}
	if len(d.Checks) > 0 {
		t.line("")
		t.wrap("! ", d.Checks[0])
		for _, s := range d.Checks[1:] {
			t.wrap("  - ", s)
		}
	}
	_, err := io.WriteString(w, t.b.String())
	return err
}

type textWriter struct{ b strings.Builder }

func width(s string) int { return utf8.RuneCountInString(s) }

// line writes a line without blanks at its end.
func (t *textWriter) line(s string) {
	t.b.WriteString(strings.TrimRight(s, " "))
	t.b.WriteByte('\n')
}

// wrap writes a paragraph behind a mark, its further lines indented as far.
func (t *textWriter) wrap(mark, s string) {
	indent := strings.Repeat(" ", width(mark))
	for i, l := range wrapped(s, textWidth-width(mark)) {
		if i == 0 {
			t.line(mark + l)
		} else {
			t.line(indent + l)
		}
	}
}

// wrapped breaks s into lines of at most n characters; a longer word is cut.
func wrapped(s string, n int) []string {
	n = max(n, 1)
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		for width(word) > n {
			if line != "" {
				lines = append(lines, line)
				line = ""
			}
			cut := string([]rune(word)[:n])
			lines = append(lines, cut)
			word = word[len(cut):]
		}
		switch {
		case word == "":
		case line == "":
			line = word
		case width(line)+1+width(word) <= n:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

func padLeft(s string, n int) string  { return strings.Repeat(" ", max(0, n-width(s))) + s }
func padRight(s string, n int) string { return s + strings.Repeat(" ", max(0, n-width(s))) }

func (t *textWriter) headlines(hs []Headline) {
	if len(hs) == 0 {
		return
	}
	t.line("")
	widest := 0
	for _, h := range hs {
		widest = max(widest, width(h.Value))
	}
	indent := strings.Repeat(" ", widest+2)
	for _, h := range hs {
		text := h.Label
		if h.Note != "" {
			text += " (" + h.Note + ")"
		}
		for i, l := range wrapped(text, textWidth-len(indent)) {
			if i == 0 {
				t.line(padLeft(h.Value, widest) + "  " + l)
			} else {
				t.line(indent + l)
			}
		}
	}
}

// section writes what a section has for a summary; a section that has nothing is left out.
func (t *textWriter) section(s *Section) {
	var charts []*Chart
	for i := range s.Charts {
		if c := &s.Charts[i]; (c.Kind == FunnelChart || c.Kind == BarChart) && len(c.Series) > 0 && len(c.Series[0].Points) > 0 {
			charts = append(charts, c)
		}
	}
	var tables []*Table
	for i := range s.Tables {
		if s.Tables[i].Brief {
			tables = append(tables, &s.Tables[i])
		}
	}
	if len(charts)+len(tables) == 0 {
		return
	}
	t.line("")
	t.wrap("", s.Title)
	t.line(strings.Repeat("─", min(textWidth, width(s.Title))))
	for _, c := range charts {
		t.bars(c)
	}
	for _, table := range tables {
		t.table(table)
	}
	if len(s.Caveats) > 0 {
		t.line("")
		t.wrap("! ", s.Caveats[0])
	}
}

// bars draws the first series of a chart with block characters.
func (t *textWriter) bars(c *Chart) {
	t.line("")
	t.wrap("", c.Title+" ("+c.Axis+")")
	labels, texts := 0, 0
	for _, pt := range c.Series[0].Points {
		labels = max(labels, min(width(pt.Label), 40))
		texts = max(texts, min(width(pt.Text), 30))
	}
	room := textWidth - labels - texts - 6
	span := c.Max - c.Min
	for _, pt := range c.Series[0].Points {
		eighths := 0
		if span > 0 && pt.Absent == "" {
			eighths = int(8*float64(room)*(pt.Value-c.Min)/span + 0.5)
		}
		eighths = min(max(eighths, 0), 8*room)
		bar := strings.Repeat("█", eighths/8)
		if rest := eighths % 8; rest > 0 {
			bar += string([]rune("▏▎▍▌▋▊▉")[rest-1])
		}
		t.line("  " + padRight(shorten(pt.Label, labels), labels) + "  " + bar + " " + shorten(pt.Text, texts))
	}
	if c.ReferenceLabel != "" {
		t.wrap("  ", "For comparison, "+c.ReferenceLabel+".")
	}
}

// shorten cuts a text to n characters, with an ellipsis for what is lost.
func shorten(s string, n int) string {
	if width(s) <= n {
		return s
	}
	r := []rune(s)
	return string(r[:max(0, n-1)]) + "…"
}

// table writes the brief columns of a table.
func (t *textWriter) table(table *Table) {
	var columns []int
	for i, c := range table.Columns {
		if c.Brief {
			columns = append(columns, i)
		}
	}
	if len(columns) == 0 || len(table.Rows) == 0 {
		return
	}
	const gap = 2
	cell := func(r *Row, i int) string {
		if i >= len(r.Cells) {
			return ""
		}
		if i == 0 {
			return strings.Repeat("  ", r.Indent) + r.Cells[i]
		}
		return r.Cells[i]
	}
	widths := make([]int, len(columns))
	total := gap * (len(columns) - 1)
	for k, i := range columns {
		for r := range table.Rows {
			if table.Rows[r].Kind != HeadingRow {
				widths[k] = max(widths[k], width(cell(&table.Rows[r], i)))
			}
		}
		for _, word := range strings.Fields(table.Columns[i].Title) {
			widths[k] = max(widths[k], width(word))
		}
		total += widths[k]
	}
	// Whatever does not fit is taken from the widest column of words and, if need be, of numbers.
	for _, words := range []bool{true, false} {
		for total > textWidth-2 {
			widest := -1
			for k := range widths {
				if (table.Columns[columns[k]].Align == Left || !words) && (widest < 0 || widths[k] > widths[widest]) {
					widest = k
				}
			}
			if widest < 0 || widths[widest] <= 12 {
				break
			}
			widths[widest]--
			total--
		}
	}

	t.line("")
	t.wrap("", table.Caption)
	shown := false
	for r := range table.Rows {
		shown = shown || table.Rows[r].Kind != HeadingRow && nothing(table, &table.Rows[r], columns) == ""
	}
	if !shown {
		t.wrap("  ", fmt.Sprintf("%d rows, without a number that could be shown", len(table.Rows)))
		return
	}
	var head [][]string
	deep := 0
	for k, i := range columns {
		title := table.Columns[i].Title
		if i == 0 {
			title = ""
		}
		lines := wrapped(title, widths[k])
		head = append(head, lines)
		deep = max(deep, len(lines))
	}
	for l := range deep {
		var parts []string
		for k, i := range columns {
			text := ""
			if skip := deep - len(head[k]); l >= skip {
				text = head[k][l-skip]
			}
			parts = append(parts, aligned(text, widths[k], table.Columns[i].Align))
		}
		t.line("  " + strings.Join(parts, "  "))
	}
	empty := make(map[string][]string)
	for r := range table.Rows {
		row := &table.Rows[r]
		if row.Kind == HeadingRow {
			t.wrap("  ", strings.Join(row.Cells, " "))
			continue
		}
		if what := nothing(table, row, columns); what != "" {
			empty[what] = append(empty[what], row.Cells[0])
			continue
		}
		var lines [][]string
		tall := 1
		for k, i := range columns {
			c := cell(row, i)
			split := []string{c}
			if width(c) > widths[k] {
				split = wrapped(c, widths[k]-2)
				for l := range split[1:] {
					split[l+1] = "  " + split[l+1]
				}
			}
			lines = append(lines, split)
			tall = max(tall, len(split))
		}
		for l := range tall {
			var parts []string
			for k, i := range columns {
				text := ""
				if l < len(lines[k]) {
					text = lines[k][l]
				}
				parts = append(parts, aligned(text, widths[k], table.Columns[i].Align))
			}
			t.line("  " + strings.Join(parts, "  "))
		}
	}
	for _, what := range []string{hidden, "0"} {
		switch names := empty[what]; {
		case len(names) > mostNamed:
			t.wrap("  "+what+" ", fmt.Sprintf("%d more rows, each with this number", len(names)))
		case len(names) > 0:
			t.wrap("  "+what+" ", strings.Join(names, "; "))
		}
	}
}

// mostNamed is how many rows without a number to show are named beneath a table.
const mostNamed = 12

// nothing tells why a row has nothing to show in the columns: its numbers are hidden, or its count is 0.
func nothing(table *Table, r *Row, columns []int) string {
	what := ""
	for _, i := range columns {
		switch {
		case i == 0 || i >= len(r.Cells) || table.Columns[i].Align == Left:
		case r.Cells[i] == "0" && what == "":
			return "0"
		case r.Cells[i] == hidden || r.Cells[i] == none:
			what = hidden
		default:
			return ""
		}
	}
	return what
}

func aligned(s string, n int, a Align) string {
	if a == Right {
		return padLeft(s, n)
	}
	return padRight(s, n)
}

// String is the summary that WriteText writes.
func (d *Document) String() string {
	var b strings.Builder
	if err := d.WriteText(&b); err != nil {
		return fmt.Sprint(err)
	}
	return b.String()
}
