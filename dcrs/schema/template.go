package schema

import (
	"encoding/csv"
	"io"
)

// WriteCSVTemplate writes an empty extract: the line of headings and nothing
// below it, in UTF-8 with LF.
func WriteCSVTemplate(w io.Writer, given Table) error {
	t, err := completeOne(given)
	if err != nil {
		return err
	}
	var headings []string
	for _, f := range t.fields {
		headings = append(headings, f.Name)
	}
	c := csv.NewWriter(w)
	if err := c.Write(headings); err != nil {
		return err
	}
	c.Flush()
	return c.Error()
}
