package dcrs

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"
)

// extractView is the report of an extract put in the order of a reader's
// questions: may it go, which files are there, what is wrong with them together,
// and then each by itself.
type extractView struct {
	*ExtractReport
	Verdict conclusion
	Whole   *reportView // of the rules across files
	Tables  []*tableView
	Steps   []string
	Bytes   int64
}

// tableView is one file of the extract.
type tableView struct {
	*reportView
	Anchor       string
	Consequences int // rows that cannot be counted because their episode has an error
	Notes        int // infos but for those
}

func newExtractView(r *ExtractReport) *extractView {
	v := &extractView{ExtractReport: r}
	if r.Across == nil { // a report that nobody made
		r.Across = &Report{Kind: extractRules().kind}
	}
	v.Whole = newReportView(r.Across)
	for _, f := range r.Files {
		v.Tables = append(v.Tables, &tableView{
			reportView: newReportView(f), Anchor: strings.TrimSuffix(tableName(clean(f.Kind)), ".csv"),
			Consequences: r.Consequences(f.Kind), Notes: f.Count(Info),
		})
		rejected, _ := f.Rule(f.Kind + "/episode-rejected")
		v.Tables[len(v.Tables)-1].Notes -= rejected.Infos
		v.Bytes += f.Bytes
	}
	v.Verdict, v.Steps = v.judge(), v.next()
	return v
}

// judge puts the verdict on the whole in words.
func (v *extractView) judge() conclusion {
	out := conclusion{Level: Info, Headline: "Ready: no errors and no warnings"}
	episodes, there := v.File("episode")
	var unread []string
	for _, t := range v.Tables {
		if t.Unread != "" {
			unread = append(unread, clean(t.File))
		}
	}
	errors, warnings := v.Count(Error), v.Count(Warning)
	switch {
	case len(unread) > 0:
		out = conclusion{Level: Error, Headline: "Not ready: a file could not be read"}
		out.Details = append(out.Details, fmt.Sprintf("No row was read of %s.", strings.Join(unread, ", ")))
	case errors > 0:
		out = conclusion{Level: Error, Headline: "Not ready: there are errors to mend first"}
	case v.Truncated:
		out = conclusion{Level: Error, Headline: "Not finished: the extract was not read to its end"}
	case there && episodes.Records == 0:
		out = conclusion{Level: Warning, Headline: "Nothing to send: there are no episodes"}
	case warnings > 0:
		out = conclusion{Level: Warning, Headline: "No errors, but warnings to look at first"}
	}
	if errors+warnings > 0 {
		var in []string
		for _, t := range v.Tables {
			if t.Count(Error)+t.Count(Warning) > 0 {
				in = append(in, clean(t.File))
			}
		}
		where := "in " + strings.Join(in, ", ")
		if n := v.Whole.Count(Error) + v.Whole.Count(Warning); n > 0 && len(in) > 0 {
			where += ", and between the files"
		} else if n > 0 {
			where = "about the files together"
		}
		out.Details = append(out.Details, fmt.Sprintf("%s and %s, %s.", counted(errors, "error"), counted(warnings, "warning"), where))
	}
	var set []string
	for _, t := range v.Tables {
		if t.Consequences > 0 {
			set = append(set, counted(t.Consequences, "row")+" of "+clean(t.File))
		}
	}
	if len(set) > 0 {
		out.Details = append(out.Details, fmt.Sprintf("Besides, %s cannot be counted because their episodes have errors: a consequence, with nothing to mend there.", strings.Join(set, ", ")))
	}
	if v.Truncated {
		out.Details = append(out.Details, "Reading stopped before the end of the extract: all that follows is about what was read until then.")
	}
	return out
}

// next says what to do next.
func (v *extractView) next() []string {
	var steps []string
	add := func(format string, args ...any) { steps = append(steps, fmt.Sprintf(format, args...)) }
	errors, warnings := v.Count(Error), v.Count(Warning)
	if v.Truncated {
		add("Find out why reading stopped, and check the whole extract.")
	}
	episodes, there := v.File("episode")
	first := there && episodes.Count(Error) > 0 && slices.ContainsFunc(v.Tables, func(t *tableView) bool { return t.Consequences > 0 })
	if v.Whole.Count(Error) > 0 {
		add("Put the files in order, as the rules extract/... say.")
	}
	if first {
		add("Mend the errors of the episodes: rows of other files depend on them.")
	}
	if errors > 0 {
		add("Mend the %s in the system that the extract came from.", counted(errors, "error"))
	}
	if warnings > 0 {
		add("Have someone who knows the service look at the %s: %s be true. Where two files disagree, one of them is wrong.", counted(warnings, "warning"), choose(warnings, "it may", "some will"))
	}
	if errors+warnings > 0 {
		add("To find every record: the CSV report lists each finding with its file and line, and with the episode_id where that was asked for.")
	}
	if errors > 0 {
		add("Export and check again, until no error is left.")
	}
	if errors == 0 && !v.Truncated && there && episodes.Records > 0 {
		add("Send it where it is meant to go: nothing that was checked stands against it. Whether it may be shared at all is for the service's information governance to say.")
	}
	return steps
}

// WriteText writes the report for a person at a terminal, at most 100 columns
// wide: whether the extract is fit to send, which files there are, what is wrong
// with them together, and then the report of each file as [Report.WriteText]
// writes it.
func (r *ExtractReport) WriteText(w io.Writer, opts ...TextOption) error {
	p := newTextPrinter(opts)
	p.extract(newExtractView(r))
	_, err := w.Write(p.b)
	return err
}

func (p *textPrinter) extract(v *extractView) {
	p.in(styleBold, "Check of a DCRS extract of several files")
	p.line()
	name := clean(v.Name)
	if name == "" {
		name = "(no name)"
	}
	p.para("  Extract", 11, stylePlain, fmt.Sprintf("%s, %s read", name, size(v.Bytes)))
	p.para("  Against", 11, stylePlain, against(v.Across))
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

	p.heading(styleBold, "THE FILES", "")
	p.in(styleDim, fmt.Sprintf("  %-18s %11s %12s %11s %9s %9s %9s\n", "", "rows", "with errors", "set aside", "errors", "warnings", "notes"))
	for _, t := range v.Tables {
		p.put("  " + pad(clip(clean(t.File), 18), 18))
		if t.Unread != "" {
			p.put("    ")
			p.in(styleRed, "not read: "+clean(t.Unread))
			p.line()
			continue
		}
		for i, n := range [...]int{t.Records, t.RecordsWithErrors, t.Consequences, t.Count(Error), t.Count(Warning), t.Notes} {
			width := [...]int{11, 12, 11, 9, 9, 9}[i]
			if n == 0 && i > 0 {
				p.in(styleDim, fmt.Sprintf(" %*s", width, "-"))
			} else {
				p.putf(" %*s", width, group(n))
			}
		}
		p.line()
	}
	p.putf("  %-18s %11s %12s %11s", "between them", "", "", "")
	for _, l := range [...]Level{Error, Warning, Info} {
		if n := v.Whole.Count(l); n > 0 {
			p.putf(" %9s", group(n))
		} else {
			p.in(styleDim, fmt.Sprintf(" %9s", "-"))
		}
	}
	p.line()
	if len(v.Absent) > 0 {
		p.para("", 2, stylePlain, "Not in this extract: "+clean(strings.Join(v.Absent, ", "))+".")
	}
	p.para("", 2, styleDim, "Set aside are rows that cannot be counted because their episode has an error.")

	for _, level := range [...]Level{Error, Warning, Info} {
		p.rules(v.Whole, level)
	}
	p.heading(styleBold, "WHAT TO DO NEXT", "")
	for i, s := range v.Steps {
		p.para(fmt.Sprintf("  %d.", i+1), 5, stylePlain, s)
	}
	for _, t := range v.Tables {
		p.rule()
		p.report(t.reportView)
	}
}

//go:embed render_extract.tmpl
var extractSource string

var extractTemplate = sync.OnceValues(func() (*template.Template, error) {
	return pageTemplate("extract", extractSource, template.FuncMap{
		"join": func(names []string) string { return clean(strings.Join(names, ", ")) },
	})
})

// WriteHTML writes the report as one page that stands by itself, as
// [Report.WriteHTML] does, with a part for each file.
func (r *ExtractReport) WriteHTML(w io.Writer) error {
	return writePage(w, extractTemplate, newExtractView(r))
}
