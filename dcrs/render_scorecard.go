package dcrs

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"sync"

	"github.com/healthtrainer/healthtrainer/hte"
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
		"anchor": func(id string, i int) string { return fmt.Sprintf("%scard-%d", id, i) },
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
	return writeScorecards(w, s.File, s.Edition, s.AsOf, false, []*Scorecards{s})
}

// scorecardFile is the cards of one file on a page; ID stands before the names of its
// parts.
type scorecardFile struct {
	*Scorecards
	ID, Heading string
}

func writeScorecards(w io.Writer, name, edition string, asOf hte.Date, several bool, files []*Scorecards) error {
	page := struct {
		Title, Name, Edition string
		AsOf                 hte.Date
		Several              bool
		Files                []scorecardFile
		Formula, Difference  string
	}{
		Name: name, Edition: edition, AsOf: asOf, Several: several, Title: "Data quality of the extract",
		Formula: scoreFormula, Difference: scoreDifference,
	}
	groups := make(map[string]bool)
	for i, s := range files {
		f := scorecardFile{Scorecards: s}
		if several {
			f.ID, f.Heading = fmt.Sprintf("file-%d-", i+1), clean(s.File)
		}
		page.Files = append(page.Files, f)
		if s.GroupBy != "" {
			page.Title = "Data quality by " + clean(s.GroupBy)
		}
		for _, c := range s.Cards {
			groups[clean(c.Name())] = true
		}
	}
	if len(groups) == 1 {
		for one := range groups {
			page.Title = "Data quality of " + one
		}
	}
	return writePage(w, scorecardTemplate, page)
}
