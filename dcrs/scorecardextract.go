package dcrs

import (
	"io"
	"slices"

	"github.com/healthtrainer/healthtrainer/hte"
)

// ExtractScorecards are the scorecards of the files of an extract: of those with a
// field of the name given to [GroupBy] one for each of its values, of the others one
// for the whole file.
type ExtractScorecards struct {
	Name    string        `json:"name"`
	Edition string        `json:"edition"`
	AsOf    hte.Date      `json:"as_of"`
	Files   []*Scorecards `json:"files"` // in the order of the dictionaries, but for those of which no row was read
}

// NewExtractScorecards makes the cards of every file, as [NewScorecards] does of one,
// from the report and the dictionaries of an [ExtractValidator]. A field that an
// option names has to be in one of them.
func NewExtractScorecards(r *ExtractReport, dictionaries []*Dictionary, options ...ScoreOption) (*ExtractScorecards, error) {
	out := &ExtractScorecards{Name: r.Name, Edition: r.Edition, AsOf: r.AsOf, Files: []*Scorecards{}}
	for _, option := range options {
		var err error
		for _, d := range dictionaries {
			if err = option(newScoring(d)); err == nil {
				break
			}
		}
		if err != nil {
			return nil, err
		}
	}
	for _, f := range r.Files {
		if f.Unread != "" {
			continue
		}
		i := slices.IndexFunc(dictionaries, func(d *Dictionary) bool { return d != nil && d.kind == f.Kind })
		if i < 0 {
			return nil, &OptionError{Option: "dictionaries", Problem: "there is none of " + f.Kind}
		}
		s := newScoring(dictionaries[i])
		these := slices.DeleteFunc(slices.Clone(options), func(o ScoreOption) bool { return o(s) != nil })
		cards, err := NewScorecards(f, dictionaries[i], these...)
		if err != nil {
			return nil, err
		}
		out.Files = append(out.Files, cards)
	}
	if len(out.Files) == 0 {
		return nil, &ReportError{Path: "files", Problem: "no row was read, so there is nothing to score"}
	}
	return out, nil
}

// Only is the cards of one group alone, for sending to that service: nothing of the
// others is in it, and so no card of a file that is not told apart by groups. False
// where there is no such group.
func (s *ExtractScorecards) Only(group string) (*ExtractScorecards, bool) {
	out := *s
	out.Files = nil
	for _, f := range s.Files {
		if one, ok := f.Only(group); ok {
			out.Files = append(out.Files, one)
		}
	}
	return &out, len(out.Files) > 0
}

// WriteJSON writes the cards as [Scorecards.WriteJSON] does.
func (s *ExtractScorecards) WriteJSON(w io.Writer) error { return writeIndented(w, s) }

// WriteCSV writes the cards as [Scorecards.WriteCSV] does, with the name of the file
// in a column before the others.
func (s *ExtractScorecards) WriteCSV(w io.Writer) error {
	l := newLineWriter(w)
	l.buf = append(append(append(l.buf, "file,"...), scorecardColumns...), '\n')
	for _, f := range s.Files {
		if err := f.writeRows(&l, f.File); err != nil {
			return err
		}
	}
	return l.flush()
}

// WriteHTML writes the cards as one page, as [Scorecards.WriteHTML] does, file by file.
func (s *ExtractScorecards) WriteHTML(w io.Writer) error {
	return writeScorecards(w, s.Name, s.Edition, s.AsOf, true, s.Files)
}
