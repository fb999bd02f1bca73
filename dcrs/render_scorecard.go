package dcrs

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"sync"
)

//go:embed render_scorecard.tmpl
var scorecardSource string

var scorecardTemplate = sync.OnceValues(func() (*template.Template, error) {
	return pageTemplate("scorecards", scorecardSource, template.FuncMap{
		"percent": func(s string) string {
			if s == "" {
				return "–"
			}
			return s + "%"
		},
		"anchor": func(i int) string { return fmt.Sprintf("card-%d", i) },
		"items": func(c Scorecard) []ScoredField {
			return slices.DeleteFunc(slices.Clone(c.Fields), func(f ScoredField) bool { return !f.Item })
		},
		// Fields that are filled only for some, where anything but a blank is worth a look.
		"rest": func(c Scorecard) []ScoredField {
			return slices.DeleteFunc(slices.Clone(c.Fields), func(f ScoredField) bool { return f.Item || f.Invalid+f.Default == 0 })
		},
		"cells": func(c Scorecard, f ScoredField) FieldReport {
			return FieldReport{
				Field: f.Field, Label: f.Label, Denominator: c.Records,
				Valid: f.Valid, Other: f.Other, Default: f.Default, Invalid: f.Invalid, Missing: f.Missing,
			}
		},
		"dict": func(c Scorecard, fields []ScoredField, scored bool) any {
			return struct {
				Card   Scorecard
				Fields []ScoredField
				Scored bool
			}{c, fields, scored}
		},
		"words": func(r ScoredRule) string {
			return junitCount(RuleReport{Errors: r.Errors, Warnings: r.Warnings, Infos: r.Infos})
		},
	})
})

// WriteHTML writes the cards as one page that stands by itself, like
// [Report.WriteHTML]: a table of all of them, and then card by card, each of which
// begins a page when printed.
func (s *Scorecards) WriteHTML(w io.Writer) error {
	title := "Data quality by " + clean(s.GroupBy)
	if len(s.Cards) == 1 {
		title = "Data quality of " + clean(s.Cards[0].Name())
	}
	return writePage(w, scorecardTemplate, struct {
		*Scorecards
		Title string
	}{s, title})
}
