package dcrs

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// textWidth is how many columns the text report keeps to.
const textWidth = 100

// TextOption changes how [Report.WriteText] writes.
type TextOption func(*textPrinter)

// Colour turns the colours of a terminal on. Without it the text is plain.
func Colour(on bool) TextOption {
	return func(p *textPrinter) { p.colour = on }
}

// WriteText writes the report for a person at a terminal, at most 100 columns
// wide: whether the file is fit to send, what is wrong with it, gravest first,
// with a few places and how to mend it, how complete the fields are, and what to
// do next.
func (r *Report) WriteText(w io.Writer, opts ...TextOption) error {
	p := newTextPrinter(opts)
	p.report(newReportView(r))
	_, err := w.Write(p.b)
	return err
}

// The styles of a terminal: SGR parameters.
type style string

const (
	stylePlain  style = ""
	styleBold   style = "1"
	styleDim    style = "2"
	styleRed    style = "1;31"
	styleYellow style = "1;33"
	styleGreen  style = "1;32"
	styleBlue   style = "1;34"
)

func levelStyle(l Level) style {
	switch l {
	case Error:
		return styleRed
	case Warning:
		return styleYellow
	}
	return styleBlue
}

type textPrinter struct {
	b      []byte
	colour bool
}

func newTextPrinter(opts []TextOption) *textPrinter {
	p := &textPrinter{}
	for _, o := range opts {
		if o != nil {
			o(p)
		}
	}
	return p
}

func (p *textPrinter) put(s string) { p.b = append(p.b, s...) }

func (p *textPrinter) putf(format string, args ...any) { p.b = fmt.Appendf(p.b, format, args...) }

func (p *textPrinter) in(st style, s string) {
	if !p.colour || st == stylePlain {
		p.put(s)
		return
	}
	p.putf("\x1b[%sm%s\x1b[0m", string(st), s)
}

func (p *textPrinter) line() { p.b = append(p.b, '\n') }

// rule draws a line across.
func (p *textPrinter) rule() {
	p.line()
	p.in(styleDim, strings.Repeat("-", textWidth))
	p.line()
}

// para writes text wrapped to the width, each line indented; first stands at
// the start of the first line instead of the indent, and is as wide.
func (p *textPrinter) para(first string, indent int, st style, text string) {
	for i, l := range wrap(text, textWidth-indent) {
		if i == 0 {
			p.put(pad(first, indent))
		} else {
			p.put(strings.Repeat(" ", indent))
		}
		p.in(st, l)
		p.line()
	}
}

func (p *textPrinter) heading(st style, title, aside string) {
	p.line()
	p.in(st, title)
	if aside != "" {
		p.put("  ")
		p.in(styleDim, aside)
	}
	p.line()
}

func (p *textPrinter) report(v *reportView) {
	p.top(v)
	if v.Unread == "" {
		p.summary(v)
	}
	for _, level := range [...]Level{Error, Warning, Info} {
		p.rules(v, level)
	}
	if v.Unread == "" && v.Records > 0 {
		p.quality(v)
	}
	p.heading(styleBold, "WHAT TO DO NEXT", "")
	for i, s := range v.Steps {
		p.para(fmt.Sprintf("  %d.", i+1), 5, stylePlain, s)
	}
}

func (p *textPrinter) top(v *reportView) {
	p.in(styleBold, "Check of a DCRS extract")
	p.line()
	name := clean(v.File)
	if name == "" {
		name = "(no name)"
	}
	p.para("  File", 11, stylePlain, fmt.Sprintf("%s, %s read", name, size(v.Bytes)))
	if v.Unread == "" {
		p.para("  Rows", 11, stylePlain, rows(v.Report))
	}
	p.para("  Against", 11, stylePlain, against(v.Report))

	p.line()
	st := levelStyle(v.Verdict.Level)
	if v.Verdict.Level < Warning {
		st = styleGreen
	}
	p.in(st, strings.ToUpper(v.Verdict.Headline))
	p.line()
	for _, d := range v.Verdict.Details {
		p.para("", 2, stylePlain, d)
	}
}

// rows says how many records were read.
func rows(r *Report) string {
	s := counted(r.Records, "record") + " below the header"
	if r.Kind == "episode" && r.Records > 0 {
		s += ", one client episode each"
	}
	return s
}

// against says by what the file was judged.
func against(r *Report) string {
	s := "dictionary edition " + cmp.Or(clean(r.Edition), "unknown")
	if !r.AsOf.IsZero() {
		s += ", as of " + r.AsOf.String()
	}
	return s
}

func (p *textPrinter) summary(v *reportView) {
	p.line()
	for _, level := range [...]Level{Error, Warning, Info} {
		rules := 0
		for _, f := range v.Found {
			if f.Severity == level {
				rules++
			}
		}
		n := v.Count(level)
		p.put("  ")
		st := levelStyle(level)
		if n == 0 {
			st = styleDim
		}
		p.in(st, pad(levelNoun(level, n), 9))
		p.putf("%12s  ", group(n))
		p.in(styleDim, meaning(level))
		p.line()
	}
	p.putf("  %-9s%12s  ", "Rules", group(len(v.Rules)))
	p.in(styleDim, fmt.Sprintf("%s found something, %s found nothing, %s had nothing to look at",
		group(len(v.Found)), group(len(v.Clean)), group(len(v.Idle))))
	p.line()
}

func levelNoun(l Level, n int) string {
	switch l {
	case Error:
		return choose(n, "Error", "Errors")
	case Warning:
		return choose(n, "Warning", "Warnings")
	}
	return choose(n, "Note", "Notes")
}

// meaning says what a severity asks of the reader.
func meaning(l Level) string {
	switch l {
	case Error:
		return "wrong: not to be counted until it is mended"
	case Warning:
		return "probably wrong, or a gap: a person should look"
	}
	return "worth knowing: nothing need be done"
}

// howOften is how often a rule found something, of how much it looked at.
func howOften(r RuleReport) string {
	if s := share(r.Count, r.Checked); s != "" {
		return fmt.Sprintf("%s of %s checked %9s", group(r.Count), group(r.Checked), "("+s+")")
	}
	return counted(r.Count, "finding")
}

// mixture spells out the findings of a rule that differ in severity.
func mixture(r RuleReport) string {
	var parts []string
	for _, c := range [...]struct {
		n    int
		what string
	}{{r.Errors, "error"}, {r.Warnings, "warning"}, {r.Infos, "note"}} {
		if c.n > 0 {
			parts = append(parts, counted(c.n, c.what))
		}
	}
	if len(parts) < 2 {
		return ""
	}
	return "Of these " + strings.Join(parts, ", ") + "."
}

// textAbsent is up to how many fields without a column are listed; of more, only
// those that every extract should have are.
const textAbsent = 20

const barWidth = 22

func (p *textPrinter) quality(v *reportView) {
	denominator := 0
	for _, f := range v.Fields {
		denominator = max(denominator, f.Denominator)
	}
	p.heading(styleBold, "THE DATA, FIELD BY FIELD", fmt.Sprintf("of %s that could be read", counted(denominator, "record")))
	if len(v.Gaps) > 0 {
		p.putf("  %-27s %-*s %8s %8s %8s %8s %8s\n", "", barWidth+1, "", "valid", "other", "default", "invalid", "missing")
		for _, f := range v.Gaps {
			p.putf("  %s ", pad(clip(clean(f.Field), 27), 27))
			p.bar(f)
			p.put(" ")
			for i, n := range [...]int{f.Valid, f.Other, f.Default, f.Invalid, f.Missing} {
				s := share(n, f.Denominator)
				switch {
				case n == 0:
					p.in(styleDim, fmt.Sprintf(" %8s", "-"))
				case i == 3:
					p.in(styleRed, fmt.Sprintf(" %8s", s))
				default:
					p.putf(" %8s", s)
				}
			}
			p.line()
		}
		p.para("", 2, styleDim, "# valid  o other, or not stated  d default: a filler such as not known  ! invalid  . missing")
	}
	if v.Complete > 0 {
		p.para("", 2, stylePlain, fmt.Sprintf("%s valid in every record: not shown.", choose(v.Complete, "1 field is", group(v.Complete)+" fields are")))
	}
	if v.Slight > 0 {
		p.para("", 2, stylePlain, fmt.Sprintf("%s other than valid in less than 1%% of what is filled, and may be blank: not shown.", choose(v.Slight, "1 field is", group(v.Slight)+" fields are")))
	}
	if v.Natural > 0 {
		p.para("", 2, stylePlain, fmt.Sprintf("%s optional or conditional, blank in places and otherwise valid: not shown.", choose(v.Natural, "1 field is", group(v.Natural)+" fields are")))
	}
	if len(v.Absent) > 0 {
		names := make([]string, 0, len(v.Absent))
		for _, f := range v.Absent {
			names = append(names, f.Field)
		}
		lead := ""
		if len(names) > textAbsent && len(v.Lacking) > 0 {
			names, lead = v.Lacking, ", among them "
		} else {
			lead = ": "
		}
		p.para("", 2, stylePlain, choose(len(v.Absent), "1 field has", group(len(v.Absent))+" fields have")+
			" no column in the file"+lead+clean(strings.Join(names, ", "))+".")
	}
}

// bar draws the five parts of a field. A part that is there at all gets a mark.
func (p *textPrinter) bar(f FieldReport) {
	parts := [...]struct {
		n    int
		mark string
		st   style
	}{{f.Valid, "#", styleGreen}, {f.Other, "o", styleBlue}, {f.Default, "d", styleYellow}, {f.Invalid, "!", styleRed}, {f.Missing, ".", styleDim}}
	var widths [len(parts)]int
	left := barWidth
	for i, part := range parts {
		if part.n > 0 && f.Denominator > 0 {
			widths[i] = max(1, int(float64(part.n)/float64(f.Denominator)*barWidth))
			left -= widths[i]
		}
	}
	// The rounding goes to the widest part, which shows it least.
	widest := 0
	for i := range widths {
		if widths[i] > widths[widest] {
			widest = i
		}
	}
	widths[widest] = max(0, widths[widest]+left)
	p.put("[")
	for i, part := range parts {
		if widths[i] > 0 {
			p.in(part.st, strings.Repeat(part.mark, widths[i]))
		}
	}
	p.put("]")
}

// width is how many columns of a terminal a text takes.
func width(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

// runeWidth is close enough for names of files and columns: nothing for marks,
// two for East Asian letters and for pictures.
func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1100 && r <= 0x115f,
		r >= 0x2e80 && r <= 0xa4cf,
		r >= 0xac00 && r <= 0xd7a3,
		r >= 0xf900 && r <= 0xfaff,
		r >= 0xfe30 && r <= 0xfe6f,
		r >= 0xff00 && r <= 0xff60,
		r >= 0xffe0 && r <= 0xffe6,
		r >= 0x1f300 && r <= 0x1faff,
		r >= 0x20000 && r <= 0x3fffd:
		return 2
	}
	return 1
}

// pad fills a text with spaces to a width.
func pad(s string, to int) string {
	return s + strings.Repeat(" ", max(0, to-width(s)))
}

// clip shortens a text to a width, its end replaced by three dots.
func clip(s string, to int) string {
	if width(s) <= to {
		return s
	}
	head, _ := split(s, to-3)
	return head + "..."
}

// split cuts a text where its width reaches to.
func split(s string, to int) (head, tail string) {
	n := 0
	for i, r := range s {
		n += runeWidth(r)
		if n > to && i > 0 {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// wrap breaks a text at spaces into lines of a width; a longer word is cut.
func wrap(s string, to int) []string {
	to = max(to, 10)
	var lines []string
	for s != "" {
		head, tail := split(s, to)
		if tail != "" && tail[0] != ' ' {
			if i := strings.LastIndexByte(head, ' '); i > 0 {
				head, tail = head[:i], s[i:]
			}
		}
		lines = append(lines, strings.TrimRight(head, " "))
		s = strings.TrimLeft(tail, " ")
	}
	return lines
}
