package workbook

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/dcrs/schema"
)

// The sheets behind those of the tables.
const (
	codesSheet      = "codes"
	dictionarySheet = "dictionary"
)

// lastRow is the last one whose cells are checked. Some programs spell a check
// out cell by cell, and a million of them to a column stops them.
const lastRow = 10_000

// Lengths that Excel allows.
const (
	maxPrompt    = 255
	maxSheetName = 31
)

// Template writes an empty workbook for the tables. The names of the tables
// become the names of the sheets.
func Template(w io.Writer, tables ...schema.Table) (err error) {
	// What is wrong with the tables is said in the words of package schema.
	if err := schema.WriteDataPackage(io.Discard, tables...); err != nil {
		return err
	}
	t := template{file: excelize.NewFile(), lists: map[string]string{}}
	defer func() {
		if closed := t.file.Close(); err == nil {
			err = closed
		}
	}()
	if err := t.write(tables); err != nil {
		return err
	}
	return t.file.Write(w)
}

type template struct {
	file   *excelize.File
	styles styles
	lists  map[string]string // name of a code list: the cells that hold its codes
}

type styles struct{ heading, mandatory, text, date, number, wrapped, about int }

func (t *template) write(tables []schema.Table) error {
	if err := t.makeStyles(); err != nil {
		return err
	}
	names := []string{codesSheet, dictionarySheet}
	for i := range tables {
		if tables[i].Name == "" {
			tables[i].Name = tables[i].Dictionary.Kind() + "s"
		}
		name := tables[i].Name
		if len(name) > maxSheetName || slices.Contains(names, name) {
			return &schema.TableError{Table: name, Problem: "a sheet cannot bear this name: it is taken, or longer than 31 characters"}
		}
		names = append(names, name)
		if i == 0 {
			if err := t.file.SetSheetName("Sheet1", name); err != nil {
				return err
			}
		} else if _, err := t.file.NewSheet(name); err != nil {
			return err
		}
	}
	if err := t.codes(tables); err != nil {
		return err
	}
	for _, table := range tables {
		if err := t.table(table); err != nil {
			return err
		}
	}
	if err := t.dictionary(tables); err != nil {
		return err
	}
	t.file.SetActiveSheet(0)
	// No properties of the document are set: as the library writes them, ExcelJS
	// cannot read the workbook.
	return nil
}

func (t *template) makeStyles() (err error) {
	style := func(s *excelize.Style) (id int) {
		if err == nil {
			id, err = t.file.NewStyle(s)
		}
		return id
	}
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	heading := func(colour string) *excelize.Style {
		return &excelize.Style{
			Font:      &excelize.Font{Bold: true, Color: "FFFFFF"},
			Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}},
			Alignment: &excelize.Alignment{Vertical: "center"},
			NumFmt:    49,
		}
	}
	iso := "yyyy-mm-dd"
	t.styles = styles{
		heading:   style(heading("0E3A4A")),
		mandatory: style(heading("8A1C16")),
		text:      style(&excelize.Style{NumFmt: 49}),
		date:      style(&excelize.Style{CustomNumFmt: &iso}),
		number:    style(&excelize.Style{NumFmt: 0}),
		wrapped:   style(&excelize.Style{NumFmt: 49, Alignment: top}),
		about:     style(&excelize.Style{NumFmt: 49, Alignment: top, Font: &excelize.Font{Bold: true}}),
	}
	return err
}

// codes writes the code lists below each other, each in cells of its own.
func (t *template) codes(tables []schema.Table) error {
	if _, err := t.file.NewSheet(codesSheet); err != nil {
		return err
	}
	rows := [][]string{{"list", "code", "label", "quality", "basis", "source"}}
	for _, table := range tables {
		for l := range table.Dictionary.CodeLists() {
			if t.lists[l.Name] != "" {
				continue
			}
			first := len(rows) + 1
			for _, c := range l.Codes {
				rows = append(rows, []string{l.Name, c.Code, c.Label, c.Quality.String(), c.Basis.String(), c.Source})
			}
			t.lists[l.Name] = fmt.Sprintf("%s!$B$%d:$B$%d", codesSheet, first, len(rows))
		}
	}
	return t.rows(codesSheet, 1, rows, []float64{24, 16, 48, 10, 12, 24})
}

// rows writes text cells from a row on; the first of the rows is a heading,
// which stays in sight.
func (t *template) rows(sheet string, from int, rows [][]string, widths []float64) error {
	for i, w := range widths {
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := t.file.SetColWidth(sheet, column, column, w); err != nil {
			return err
		}
	}
	last, err := excelize.CoordinatesToCellName(len(rows[0]), from+len(rows)-1)
	if err != nil {
		return err
	}
	if err := t.file.SetCellStyle(sheet, fmt.Sprintf("A%d", from), last, t.styles.wrapped); err != nil {
		return err
	}
	for i, row := range rows {
		for j, s := range row {
			cell, err := excelize.CoordinatesToCellName(j+1, from+i)
			if err != nil {
				return err
			}
			if err := t.file.SetCellStr(sheet, cell, s); err != nil {
				return err
			}
		}
	}
	end, err := excelize.CoordinatesToCellName(len(rows[0]), from)
	if err != nil {
		return err
	}
	if err := t.file.SetCellStyle(sheet, fmt.Sprintf("A%d", from), end, t.styles.heading); err != nil {
		return err
	}
	if err := t.file.AutoFilter(sheet, fmt.Sprintf("A%d:%s", from, last), nil); err != nil {
		return err
	}
	return t.freeze(sheet, from)
}

// freeze keeps the rows down to a heading in sight.
func (t *template) freeze(sheet string, heading int) error {
	below := fmt.Sprintf("A%d", heading+1)
	return t.file.SetPanes(sheet, &excelize.Panes{
		Freeze: true, YSplit: heading, TopLeftCell: below, ActivePane: "bottomLeft",
		Selection: []excelize.Selection{{SQRef: below, ActiveCell: below, Pane: "bottomLeft"}},
	})
}

// table makes the sheet to fill in.
func (t *template) table(table schema.Table) error {
	sheet, d := table.Name, table.Dictionary
	for f := range d.Fields() {
		column, err := excelize.ColumnNumberToName(f.Index() + 1)
		if err != nil {
			return err
		}
		style := t.styles.text
		switch f.Type {
		case dcrs.TypeDate:
			style = t.styles.date
		case dcrs.TypeInteger, dcrs.TypeDecimal:
			style = t.styles.number
		}
		if err := t.file.SetColStyle(sheet, column, style); err != nil {
			return err
		}
		if err := t.file.SetColWidth(sheet, column, column, max(12, float64(len(f.Name))+3)); err != nil {
			return err
		}
		heading := t.styles.heading
		if f.Presence == dcrs.Mandatory {
			heading = t.styles.mandatory
		}
		if err := t.file.SetCellStr(sheet, column+"1", f.Name); err != nil {
			return err
		}
		if err := t.file.SetCellStyle(sheet, column+"1", column+"1", heading); err != nil {
			return err
		}
		if err := t.file.AddComment(sheet, excelize.Comment{
			Cell: column + "1", Author: "dictionary " + d.Edition(), Width: 320, Height: 160,
			Paragraph: []excelize.RichTextRun{{Text: f.Label + "\n", Font: &excelize.Font{Bold: true}}, {Text: note(f)}},
		}); err != nil {
			return err
		}
		if dv := t.validation(d, f, column); dv != nil {
			if err := t.file.AddDataValidation(sheet, dv); err != nil {
				return err
			}
		}
	}
	return t.freeze(sheet, 1)
}

// note is what the comment on a heading says.
func note(f dcrs.Field) string {
	presence := map[dcrs.Presence]string{
		dcrs.Mandatory: "Always filled.", dcrs.Required: "Filled where known.",
		dcrs.Conditional: "Filled when other fields say so.", dcrs.Optional: "Filled at the service's choice.",
	}[f.Presence]
	lines := []string{capital(schema.Expects(f)) + ".", presence}
	if f.Note != "" {
		lines = append(lines, capital(f.Note))
	}
	basis := "Basis: " + f.Basis.String()
	if f.Source != "" {
		basis += " (" + f.Source + ")"
	}
	return strings.Join(append(lines, basis+"."), "\n")
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// validation is what Excel checks of the cells of a field; nil where it can
// check nothing.
func (t *template) validation(d *dcrs.Dictionary, f dcrs.Field, column string) *excelize.DataValidation {
	dv := excelize.NewDataValidation(true)
	dv.SetSqref(fmt.Sprintf("%s2:%s%d", column, column, lastRow))
	var err error
	switch f.Type {
	case dcrs.TypeCode:
		dv.SetSqrefDropList(t.lists[f.CodeList])
	case dcrs.TypeDate:
		err = dv.SetRange("DATE(1900,1,1)", "DATE(9999,12,31)", excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween)
	case dcrs.TypeInteger, dcrs.TypeDecimal:
		if f.Valid == nil {
			return nil
		}
		typ := excelize.DataValidationTypeDecimal
		if f.Type == dcrs.TypeInteger {
			typ = excelize.DataValidationTypeWhole
		}
		err = dv.SetRange(int(f.Valid.Min), int(f.Valid.Max), typ, excelize.DataValidationOperatorBetween)
	case dcrs.TypeID:
		if f.MaxLength <= 0 {
			return nil
		}
		err = dv.SetRange(1, f.MaxLength, excelize.DataValidationTypeTextLength, excelize.DataValidationOperatorBetween)
	default:
		return nil
	}
	if err != nil {
		return nil
	}
	dv.SetError(excelize.DataValidationErrorStyleStop, cut(f.Label, 32), cut(capital(schema.Expects(f))+".", maxPrompt))
	if f.Type == dcrs.TypeCode {
		list, _ := d.CodeList(f.CodeList)
		var meanings []string
		for _, c := range list.Codes {
			meanings = append(meanings, c.Code+" "+c.Label)
		}
		dv.SetInput(cut(f.Label, 32), cut(strings.Join(meanings, "\n"), maxPrompt))
	}
	return dv
}

// cut shortens a text to what Excel allows, counted as Excel does in UTF-16.
func cut(s string, most int) string {
	n := 0
	for i, r := range s {
		n++
		if r > 0xffff {
			n++
		}
		if n > most-1 && i+len(string(r)) < len(s) {
			return s[:i] + "…"
		}
	}
	return s
}

// dictionary writes every field of every table.
func (t *template) dictionary(tables []schema.Table) error {
	if _, err := t.file.NewSheet(dictionarySheet); err != nil {
		return err
	}
	rows := [][]string{{"sheet", "field", "label", "holds", "unit", "from", "to", "seldom below", "seldom above", "codes", "presence", "sensitivity", "basis", "source", "note"}}
	limits := func(r *dcrs.Range) (from, to string) {
		if r == nil {
			return "", ""
		}
		return fmt.Sprint(r.Min), fmt.Sprint(r.Max)
	}
	for _, table := range tables {
		for f := range table.Dictionary.Fields() {
			from, to := limits(f.Valid)
			below, above := limits(f.Plausible)
			rows = append(rows, []string{
				table.Name, f.Name, f.Label, schema.Expects(f), f.Unit, from, to, below, above, f.CodeList,
				f.Presence.String(), f.Sensitivity.String(), f.Basis.String(), f.Source, f.Note,
			})
		}
	}
	about := "Dictionary edition " + tables[0].Dictionary.Edition() + ". " + schema.About(tables[0])
	if err := t.file.MergeCell(dictionarySheet, "A1", "O1"); err != nil {
		return err
	}
	if err := t.file.SetCellStr(dictionarySheet, "A1", about); err != nil {
		return err
	}
	if err := t.file.SetCellStyle(dictionarySheet, "A1", "O1", t.styles.about); err != nil {
		return err
	}
	if err := t.file.SetRowHeight(dictionarySheet, 1, 48); err != nil {
		return err
	}
	return t.rows(dictionarySheet, 2, rows, []float64{12, 26, 36, 48, 14, 8, 8, 8, 8, 20, 9, 12, 11, 30, 48})
}
