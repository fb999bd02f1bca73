package evaluation

// A Document is an [Evaluation] made ready to be read: sentences, tables and charts whose numbers are
// already formatted, rounded and, where asked, suppressed. Whoever draws it needs to know nothing of
// statistics, and cannot show a number that the disclosure rule hides, because it is not there.
//
// Identifiers (of sections, tables, columns and charts) are stable and fit an HTML id: lower-case
// letters, digits and hyphens.
type Document struct {
	Title      string `json:"title"`    // "Health trainer service evaluation"
	Subtitle   string `json:"subtitle"` // the period, as in "1 April 2025 to 31 March 2026 (financial year 2025/26)"
	Disclosure string `json:"disclosure"`
	Suppressed bool   `json:"suppressed"`
	// About lists what the figures were made from: file, records, as-of date, dictionary edition.
	About []Fact `json:"about"`
	// Headlines are the few figures that a reader should take away, most important first.
	Headlines   []Headline   `json:"headlines"`
	Summary     []string     `json:"summary"` // sentences, most important first
	Sections    []Section    `json:"sections"`
	Definitions []Definition `json:"definitions"`
	// Checks say what whoever publishes the document has to look at first, such as rows in which the
	// numbers shown tell the one that is hidden. They are not part of what is published.
	Checks []string `json:"checks"`
}

// Fact is a labelled value.
type Fact struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Headline is one key figure: a number large enough to be set in big type, and what it is.
type Headline struct {
	ID    string `json:"id"`
	Value string `json:"value"` // "1,235", "47%", "−1.8 kg/m²"
	Label string `json:"label"` // "clients reached"
	Note  string `json:"note"`  // the denominator, the interval: "of 640 closed plans; 95% CI 43% to 51%"
}

// Section is one chapter. Its parts are read in this order: text, charts, tables, caveats.
type Section struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Text    []string `json:"text"` // paragraphs of plain text
	Charts  []Chart  `json:"charts"`
	Tables  []Table  `json:"tables"`
	Caveats []string `json:"caveats"` // what a reader must not conclude
}

// Table is rows of text under columns. The first column holds the row headings.
type Table struct {
	ID      string   `json:"id"`
	Caption string   `json:"caption"`
	Columns []Column `json:"columns"`
	Rows    []Row    `json:"rows"`
	Notes   []string `json:"notes"`
	// Brief tables belong into a short summary, such as the one for a terminal; there they are shown
	// with their brief columns only.
	Brief bool `json:"brief"`
}

// Align says how the cells of a column stand.
type Align string

// The alignments.
const (
	Left  Align = "left"  // words
	Right Align = "right" // numbers
)

// Column is the heading of a column.
type Column struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Align Align  `json:"align"`
	Brief bool   `json:"brief"` // shown in a short summary too
}

// RowKind says what a row is.
type RowKind string

// The kinds of row.
const (
	BodyRow    RowKind = "body"
	HeadingRow RowKind = "heading" // names the rows that follow; has one cell, which spans the table
	TotalRow   RowKind = "total"
	UnknownRow RowKind = "unknown" // counts what is not known; not part of the denominator
)

// Row is a row of a table. A row that is not a heading has a cell for every column.
type Row struct {
	Kind   RowKind  `json:"kind"`
	Indent int      `json:"indent"` // of the first cell: 1 for a part of the row above that has 0
	Cells  []string `json:"cells"`
}

// ChartKind says how a chart is meant to be drawn.
type ChartKind string

// The kinds of chart.
const (
	// FunnelChart: horizontal bars from the top down, one for each point, in the order of a journey.
	FunnelChart ChartKind = "funnel"
	// BarChart: a bar for each point, with its interval.
	BarChart ChartKind = "bar"
	// StackedChart: one bar for each label, divided among the series; the points of every series have
	// the same labels in the same order. The values are percentages of the bar. A last series "rest"
	// holds what is hidden, so that no gap tells how large it is.
	StackedChart ChartKind = "stacked"
	// IntervalChart: a dot with its interval for each point, against a reference line (a forest plot).
	IntervalChart ChartKind = "interval"
)

// Chart is a chart as data; drawing it is the business of others. Its numbers are those of a table,
// rounded and suppressed alike, so that reading the one is as good as seeing the other.
type Chart struct {
	ID          string    `json:"id"`
	Kind        ChartKind `json:"kind"`
	Title       string    `json:"title"`
	Description string    `json:"description"` // what the chart shows, in sentences, for who cannot see it
	Axis        string    `json:"axis"`        // label of the axis of values, with its unit
	Min         float64   `json:"min"`         // ends of the axis of values
	Max         float64   `json:"max"`
	// Reference is a line to compare with, drawn if ReferenceLabel is not empty.
	Reference      float64  `json:"reference"`
	ReferenceLabel string   `json:"reference_label"`
	LowLabel       string   `json:"low_label"`  // what lies towards the low end: "worse"
	HighLabel      string   `json:"high_label"` // what lies towards the high end: "better"
	TextLabel      string   `json:"text_label"` // what the texts of the points are: "dz (95% CI)"
	Series         []Series `json:"series"`
	Table          string   `json:"table"` // ID of the table with these numbers, "" for none
	Notes          []string `json:"notes"`
}

// Series is one set of points.
type Series struct {
	ID     string  `json:"id"`
	Label  string  `json:"label"`
	Points []Point `json:"points"`
}

// Point is one value of a chart.
type Point struct {
	Label    string  `json:"label"`
	Value    float64 `json:"value"`
	Low      float64 `json:"low"` // of the interval, if there is one
	High     float64 `json:"high"`
	Interval bool    `json:"interval"`
	Text     string  `json:"text"` // the value as it is to be written: "62%", "*"
	N        string  `json:"n"`    // the number of observations as it is to be written
	// Whole is what Value is a part of, drawn pale behind it: in a funnel, how many could have come
	// here. 0 for none.
	Whole float64 `json:"whole"`
	// Absent says why there is nothing to draw ("hidden", "fewer than 10 pairs"); the numbers are then 0
	// and mean nothing.
	Absent string `json:"absent"`
}

// Definition explains a term or a method, and says where it comes from.
type Definition struct {
	ID   string `json:"id"`
	Term string `json:"term"`
	Text string `json:"text"`
	// Source names what the definition rests on: a publication, a national rule, or this library's own
	// judgement.
	Source string `json:"source"`
}
