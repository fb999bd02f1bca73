package export

import (
	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

// Unchecked returns the rows of a journey as records, whatever rules they break.
func Unchecked(s *hte.State) (episode Record, others []Record) {
	x := &Exporter{dictionaries: dcrs.ExtractDictionaries()}
	rows := x.rows(s, &Client{})
	for _, d := range x.dictionaries {
		for _, row := range rows.of(d.Kind()) {
			r := RecordOf(d.Kind(), nil)
			for f := range d.Fields() {
				r.Set(f.Name, row[f.Index()])
			}
			if d.Kind() == "episode" {
				r.Set("consent", consented(s))
				episode = r
				continue
			}
			others = append(others, r)
		}
	}
	return episode, others
}

// RecordOf makes a record of valid cells.
func RecordOf(kind string, c map[string]string) Record {
	r := Record{kind: kind, cells: make(cells)}
	for field, text := range c {
		r.Set(field, text)
	}
	return r
}

// Set sets a cell.
func (r *Record) Set(field, text string) {
	if text == "" {
		delete(r.cells, field)
		return
	}
	r.cells[field] = text
}

// RowsOf returns the rows of a journey and what was left, whatever rules they break.
func RowsOf(s *hte.State) *Rows {
	x := &Exporter{dictionaries: dcrs.ExtractDictionaries()}
	return x.rows(s, &Client{})
}
