package dcrs

// Position is a place in an extract, counted as a person would count it in the
// file: everything but Offset from 1. A part that does not apply is zero.
type Position struct {
	File   string `json:"file"`
	Record int    `json:"record,omitempty"` // 1 is the first row below the header; blank lines are not counted
	Line   int    `json:"line,omitempty"`   // the line on which the cell, or the record, begins; the header is usually line 1
	Column int    `json:"column,omitempty"` // the number of the column in the file
	Offset int64  `json:"offset"`           // bytes from the start of the file to the first of the cell (to its opening quote), a byte order mark counted
}

// Related is another cell that a finding rests on: an earlier date, the first
// record with the same identifier.
type Related struct {
	Field string `json:"field"`
	Position
}

// Shown is the value of a field that the caller asked to see with [Show].
type Shown struct {
	Field string `json:"field"`
	Value string `json:"value"`
}

// Finding is one defect of an extract. It carries where and what, never the
// value itself: Shape tells as much of a value as a person needs to see what is
// wrong with it.
type Finding struct {
	Rule     string `json:"rule"`
	Severity Level  `json:"severity"`
	Position
	Field string `json:"field,omitempty"` // the field, or for an unknown column its heading
	// Shape is the value with every letter turned into A or a and every digit
	// into 9: "AA9 9AA", "99/99/9999". It is empty where the cell is blank or
	// the finding is about more than a cell.
	Shape   string    `json:"shape,omitempty"`
	Related []Related `json:"related,omitempty"`
	Message string    `json:"message"`
	Fix     string    `json:"fix"`
	Shown   []Shown   `json:"shown,omitempty"` // the fields named in [Show], where the record has them
}
