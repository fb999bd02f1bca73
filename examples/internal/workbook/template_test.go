package workbook

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/dcrs/schema"
)

func template1(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Template(&b, schema.Table{Dictionary: dcrs.Episodes()}))
	return b.Bytes()
}

// The workbook read back by the library holds every field, code and limit of the
// dictionary.
func TestTemplateIsTheDictionary(t *testing.T) {
	t.Parallel()
	book := template1(t)
	assert.Equal(t, book, template1(t), "the same bytes each time")
	f, err := excelize.OpenReader(bytes.NewReader(book))
	require.NoError(t, err)
	defer f.Close()
	assert.Equal(t, []string{"episodes", "codes", "dictionary"}, f.GetSheetList())
	assert.Equal(t, "episodes", f.GetSheetName(f.GetActiveSheetIndex()))

	validations, err := f.GetDataValidations("episodes")
	require.NoError(t, err)
	byRange := map[string]*excelize.DataValidation{}
	for _, dv := range validations {
		byRange[dv.Sqref] = dv
	}
	comments, err := f.GetComments("episodes")
	require.NoError(t, err)
	notes := map[string]string{}
	for _, c := range comments {
		notes[c.Cell] = c.Text
		for _, p := range c.Paragraph {
			notes[c.Cell] += p.Text
		}
	}
	d := dcrs.Episodes()
	for field := range d.Fields() {
		column, err := excelize.ColumnNumberToName(field.Index() + 1)
		require.NoError(t, err)
		heading, err := f.GetCellValue("episodes", column+"1")
		require.NoError(t, err)
		assert.Equal(t, field.Name, heading)
		assert.Contains(t, notes[column+"1"], field.Label)
		assert.Contains(t, notes[column+"1"], "Basis: "+field.Basis.String())
		assert.LessOrEqual(t, len(notes[column+"1"]), 32767)

		style, err := f.GetColStyle("episodes", column)
		require.NoError(t, err)
		format, err := f.GetStyle(style)
		require.NoError(t, err)
		switch field.Type {
		case dcrs.TypeDate:
			require.NotNil(t, format.CustomNumFmt, field.Name)
			assert.Equal(t, "yyyy-mm-dd", *format.CustomNumFmt, field.Name)
		case dcrs.TypeInteger, dcrs.TypeDecimal:
			assert.Equal(t, 0, format.NumFmt, field.Name)
		default:
			assert.Equal(t, 49, format.NumFmt, "%s: text cells keep leading zeros", field.Name)
		}

		dv := byRange[fmt.Sprintf("%s2:%s10000", column, column)]
		switch {
		case field.Type == dcrs.TypeCode:
			require.NotNil(t, dv, field.Name)
			assert.Equal(t, "list", dv.Type)
			list, _ := d.CodeList(field.CodeList)
			assert.Equal(t, list.Codes, codesAt(t, f, dv.Formula1), field.Name)
			assert.LessOrEqual(t, len([]rune(*dv.Prompt)), 255)
		case field.Valid != nil:
			require.NotNil(t, dv, field.Name)
			assert.Equal(t, []string{fmt.Sprint(field.Valid.Min), fmt.Sprint(field.Valid.Max)}, []string{dv.Formula1, dv.Formula2}, field.Name)
		case field.Type == dcrs.TypeCodes:
			assert.Nil(t, dv, "Excel cannot check several codes in a cell")
		}
	}
}

// codesAt reads the codes that a drop-down list draws on.
func codesAt(t *testing.T, f *excelize.File, formula string) (codes []dcrs.Code) {
	t.Helper()
	sheet, cells, ok := strings.Cut(strings.ReplaceAll(formula, "$", ""), "!")
	require.True(t, ok, formula)
	from, to, _ := strings.Cut(cells, ":")
	column, first, err := excelize.CellNameToCoordinates(from)
	require.NoError(t, err)
	_, last, err := excelize.CellNameToCoordinates(to)
	require.NoError(t, err)
	qualities := map[string]dcrs.Quality{"valid": dcrs.QualityValid, "other": dcrs.QualityOther, "default": dcrs.QualityDefault}
	bases := map[string]dcrs.Basis{"source": dcrs.BasisSource, "national": dcrs.BasisNational, "own": dcrs.BasisOwn, "remembered": dcrs.BasisRemembered}
	for row := first; row <= last; row++ {
		var v [5]string
		for i := range v {
			cell, err := excelize.CoordinatesToCellName(column+i, row)
			require.NoError(t, err)
			if i == 0 {
				typ, err := f.GetCellType(sheet, cell)
				require.NoError(t, err)
				assert.Equal(t, excelize.CellTypeSharedString, typ, "a code is text, so that its zeros are kept")
			}
			if v[i], err = f.GetCellValue(sheet, cell); err != nil {
				t.Fatal(err)
			}
		}
		codes = append(codes, dcrs.Code{Code: v[0], Label: v[1], Quality: qualities[v[2]], Basis: bases[v[3]], Source: v[4]})
	}
	return codes
}

// The empty template is read back as the empty CSV template.
func TestTemplateReadsBackAsCSV(t *testing.T) {
	t.Parallel()
	var want bytes.Buffer
	require.NoError(t, schema.WriteCSVTemplate(&want, schema.Table{Dictionary: dcrs.Episodes()}))
	assert.Equal(t, want.String(), csvOf(t, template1(t), Sheet{}))
}

func TestTemplateOfNothing(t *testing.T) {
	t.Parallel()
	var e *schema.TableError
	assert.ErrorAs(t, Template(&bytes.Buffer{}), &e)
	assert.ErrorAs(t, Template(&bytes.Buffer{}, schema.Table{}), &e)
	assert.ErrorAs(t, Template(&bytes.Buffer{}, schema.Table{Dictionary: dcrs.Episodes(), Name: "codes"}), &e)
	assert.ErrorAs(t, Template(&bytes.Buffer{}, schema.Table{Dictionary: dcrs.Episodes(), Name: strings.Repeat("a", 32)}), &e)
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s    string
		most int
		want string
	}{
		{"abc", 3, "abc"},
		{"abcd", 3, "ab…"},
		{"äöü", 3, "äöü"},
		{"äöüß", 3, "äö…"},
		{"😀😀", 4, "😀😀"}, // two units each
		{"😀😀a", 4, "😀…"},
	} {
		assert.Equal(t, c.want, cut(c.s, c.most))
	}
}
