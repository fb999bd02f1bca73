package share

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/healthtrainer/healthtrainer/hte"
)

// Report says what was done: to every field, to rows, and how alike the people in
// the safe extract are. It holds counts, no values and nothing of the key. The
// counts can be small: it is for the one who shares, not for the one who receives.
type Report struct {
	Edition string   `json:"edition"` // of the dictionary
	Project string   `json:"project"`
	File    string   `json:"file"`
	AgeOn   hte.Date `json:"age_on,omitzero"`
	Consent Consent  `json:"consent"`

	Records    int `json:"records"`    // rows of the file
	Written    int `json:"written"`    // of them
	NotRead    int `json:"not_read"`   // left out: they could not be taken apart into cells
	NoConsent  int `json:"no_consent"` // left out: see Consent
	Suppressed int `json:"suppressed"` // left out: too few of a kind
	Blanked    int `json:"blanked"`    // written without their quasi-identifiers: too few of a kind

	Fields    []FieldReport `json:"fields"` // of the dictionary, in its order
	Anonymity Anonymity     `json:"anonymity"`
}

// FieldReport is what was done to one field. The counts are of the cells of rows
// that were written, and add up to those that were filled.
type FieldReport struct {
	Field       string `json:"field"`
	Sensitivity string `json:"sensitivity"`
	Action      Action `json:"action"`
	Column      string `json:"column,omitempty"` // its heading in the safe extract; "" where it has none
	Named       bool   `json:"named,omitempty"`  // the plan says so; otherwise it follows from the sensitivity
	Shared      int    `json:"shared"`
	Unreadable  int    `json:"unreadable,omitempty"` // left blank: the value could not be read
	Unknown     int    `json:"unknown,omitempty"`    // left blank: no quintile, no age on the day, no client to shift by
	Suspicious  int    `json:"suspicious,omitempty"` // left blank: it looks like an NHS number
	Suppressed  int    `json:"suppressed,omitempty"` // left blank: too few of a kind
}

// Anonymity is what the safe extract gives away through combinations of fields.
type Anonymity struct {
	QuasiIdentifiers []string    `json:"quasi_identifiers"` // columns
	CountedBy        string      `json:"counted_by"`        // "client", or "row" where none says whose it is
	K                int         `json:"k"`
	L                int         `json:"l,omitempty"`
	Suppress         Suppress    `json:"suppress"`
	Before           Summary     `json:"before"` // of what could have been shared
	After            Summary     `json:"after"`  // of what was
	Sensitive        []Diversity `json:"sensitive"`
	// Alternatives say what would keep more rows, where more than one in twenty is
	// left out or blanked for being of too few of a kind.
	Alternatives []Alternative `json:"alternatives,omitempty"`
}

func (r *run) report() *Report {
	out := &Report{
		Edition: r.v.Dictionary().Edition(), Project: r.plan.Project, File: r.file, AgeOn: r.plan.AgeOn, Consent: r.plan.Consent,
		Records: r.rows.records, Written: r.rows.written, NotRead: r.rows.unread, NoConsent: r.rows.consent,
		Suppressed: r.rows.suppressed, Blanked: r.rows.blanked, Fields: r.fields,
		Anonymity: Anonymity{
			QuasiIdentifiers: []string{}, CountedBy: "row", K: r.plan.K, L: r.plan.L, Suppress: r.plan.Suppress,
			Before: r.counts.before, After: r.counts.after, Sensitive: r.counts.diversity,
		},
	}
	if r.counts.perPeople {
		out.Anonymity.CountedBy = "client"
	}
	for i := range r.treated {
		t, f := &r.treated[i], &out.Fields[i]
		f.Field, f.Sensitivity, f.Action, f.Column, f.Named = t.field.Name, t.field.Sensitivity.String(), t.action, t.column, t.named
	}
	for _, c := range r.quasi {
		out.Anonymity.QuasiIdentifiers = append(out.Anonymity.QuasiIdentifiers, r.treated[r.columns[c]].column)
	}
	if few := out.Suppressed + out.Blanked; few*20 > r.counts.before.Rows {
		alternatives, without := r.counts.alternatives(r.plan, len(r.quasi))
		for i, places := range without {
			for _, place := range places {
				alternatives[i].Without = append(alternatives[i].Without, r.treated[r.columns[r.quasi[place]]].field.Name)
			}
		}
		out.Anonymity.Alternatives = alternatives
	}
	for i, c := range r.secret {
		out.Anonymity.Sensitive[i].Field = r.treated[r.columns[c]].field.Name
	}
	return out
}

// String is the alternative in words, such as "without gender and lsoa".
func (a Alternative) String() string {
	var parts []string
	if n := len(a.Without); n > 0 {
		list := a.Without[n-1]
		if n > 1 {
			list = strings.Join(a.Without[:n-1], ", ") + " and " + list
		}
		parts = append(parts, "without "+list)
	}
	if a.K > 0 {
		parts = append(parts, fmt.Sprintf("with k = %d, which protects people less", a.K))
	}
	return strings.Join(parts, ", ")
}

// WriteJSON writes the report as JSON.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// WriteText writes the report for a person.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "SAFE EXTRACT for %s, of %s (dictionary %s)\n\n", r.Project, r.File, r.Edition)
	fmt.Fprintf(&b, "%d of %d records written\n", r.Written, r.Records)
	line := func(n int, format string, args ...any) {
		if n > 0 {
			fmt.Fprintf(&b, "%8d  %s\n", n, fmt.Sprintf(format, args...))
		}
	}
	line(r.NotRead, "left out: they could not be taken apart into cells")
	line(r.NoConsent, "left out: consent to share is asked for (%s)", r.Consent)
	line(r.Suppressed, "left out: fewer than k people, or l values, of their kind")
	line(r.Blanked, "written without their quasi-identifiers, for the same reason")

	a := &r.Anonymity
	fmt.Fprintf(&b, "\nWHO CAN BE RECOGNISED (k = %d, counted by %s)\n", a.K, a.CountedBy)
	fmt.Fprintf(&b, "Quasi-identifiers: %s\n", strings.Join(a.QuasiIdentifiers, ", "))
	t := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	fmt.Fprintf(t, "\tsmallest k\tclasses\trows\trows below k\trows of one person alone\n")
	for _, s := range []struct {
		name string
		Summary
	}{{"of what could have been shared", a.Before}, {"of what is shared", a.After}} {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\n", s.name, s.SmallestK, s.Classes, s.Rows, s.RowsLess, s.Unique)
	}
	t.Flush()
	if a.After.RowsLess > 0 {
		fmt.Fprintf(&b, "CAREFUL: %d rows are of fewer than %d people of a kind.\n", a.After.RowsLess, a.K)
	}
	if len(a.Alternatives) > 0 {
		fmt.Fprintf(&b, "\nTO SHARE MORE ROWS give up the fields that matter least to what the extract is for\n")
		fmt.Fprintf(&b, "(the action \"drop\" in the plan), and of %d rows so many are shared:\n", a.Before.Rows)
		for _, x := range a.Alternatives {
			fmt.Fprintf(&b, "%8d  %s\n", x.Rows, x)
		}
	}
	if len(a.Sensitive) > 0 {
		b.WriteString("\nWHAT CAN BE LEARNT OF THEM (l: different values in a class)\n")
		t = tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
		fmt.Fprintf(t, "field\tsmallest l\trows whose class has one value\n")
		for _, d := range a.Sensitive {
			fmt.Fprintf(t, "%s\t%d\t%d\n", d.Field, d.SmallestL, d.RowsOne)
		}
		t.Flush()
	}

	b.WriteString("\nWHAT WAS DONE TO EVERY FIELD\n")
	t = tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	fmt.Fprintf(t, "field\tsensitivity\tdone\tcolumn\tcells shared\tleft blank\n")
	for _, f := range r.Fields {
		column := f.Column
		if column == "" {
			column = "-"
		}
		action := f.Action.String()
		if f.Action == Raw {
			action = "RAW"
		}
		if f.Named {
			action += " (named)"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%d\t%d\n", f.Field, f.Sensitivity, action, column, f.Shared, f.Unreadable+f.Unknown+f.Suspicious+f.Suppressed)
	}
	t.Flush()
	b.WriteString("Columns that the dictionary does not know are not shared.\n")
	_, err := io.WriteString(w, b.String())
	return err
}
