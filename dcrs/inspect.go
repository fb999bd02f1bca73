package dcrs

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Inspection is what one look at a whole file shows, before anybody says what it
// is: how it is packed, encoded and delimited, and how the values of each column
// are written. It holds no values but the headings.
type Inspection struct {
	Kind     string   `json:"kind"` // of the dictionary
	Packing  Packing  `json:"packing"`
	Entry    string   `json:"entry,omitempty"` // of a zip file
	Encoding Encoding `json:"encoding"`
	Mark     bool     `json:"byte_order_mark"`
	// NotUTF8 counts bytes that stand for no character in the encoding. Windows1252
	// says that all of them would be letters and usual signs there: a suggestion.
	NotUTF8     int  `json:"not_utf8,omitempty"`
	Windows1252 bool `json:"perhaps_windows_1252,omitempty"`
	// Unread says why the rows cannot be read, see [Report].
	Unread     string     `json:"unread,omitempty"`
	Delimiters Delimiters `json:"delimiters"`
	Delimiter  byte       `json:"-"` // by which the columns were told apart: the best, unless another was declared

	Records    int               `json:"records"`
	BadRecords int               `json:"bad_records"` // that could not be taken apart
	Columns    []InspectedColumn `json:"columns"`     // the first 2,000

	dict      *Dictionary
	stats     []*columnStats
	resolvers map[string]*codeResolver // by code list
}

// InspectedColumn is what a column shows.
type InspectedColumn struct {
	Heading string `json:"heading"` // its shape, where it looks like a value
	Field   string `json:"field,omitempty"`
	Filled  int    `json:"filled"` // cells

	// Date is the layout that fits most cells, DateCells how many; Ambiguous names
	// the one with the month first where it fits them as well. Serial days of
	// spreadsheets are looked for in fields that hold dates alone.
	Date      string `json:"date,omitempty"`
	DateCells int    `json:"date_cells,omitempty"`
	Ambiguous string `json:"ambiguous,omitempty"`
	// Number is the format that fits most cells, where it is not the plain one.
	Number      *NumberFormat `json:"number,omitempty"`
	NumberCells int           `json:"number_cells,omitempty"`
	// Codes says of a coded field what its values are: "codes", "lost zeros",
	// "labels", "lost zeros and labels", or "others" where some are none of these.
	Codes string `json:"codes,omitempty"`
}

// InspectOption changes one thing about [Inspect].
type InspectOption func(*inspector)

// InspectDelimiter declares what separates the cells; the default is what
// [DetectDelimiter] finds best.
func InspectDelimiter(b byte) InspectOption { return func(i *inspector) { i.delim = b } }

// InspectMapping reads the headings as a mapping has them.
func InspectMapping(m *Mapping) InspectOption { return func(i *inspector) { i.mapping = m } }

type inspector struct {
	delim   byte
	mapping *Mapping
}

// Inspect looks at every row of a file once, in memory that does not grow with
// it, and judges nothing. Every filled cell counts for the dates, numbers and
// codes of its column.
//
// The errors are those of the file, of the context, or a [*MappingError].
func Inspect(ctx context.Context, d *Dictionary, in *Input, options ...InspectOption) (*Inspection, error) {
	o := inspector{}
	for _, option := range options {
		option(&o)
	}
	out := &Inspection{Kind: d.kind, Packing: in.packing, Entry: in.entry, Encoding: in.encoding, Mark: in.mark, dict: d, Columns: []InspectedColumn{}, resolvers: make(map[string]*codeResolver)}
	v := &Validator{dict: d, asOf: someDay, limit: 1 << 20, batch: batchSize, levels: make([]Level, len(d.rules)), changed: make([]bool, len(d.rules))}
	own := func(heading string) (int, bool) { f, ok := d.byName[fold(heading)]; return f, ok }
	if o.mapping != nil {
		if err := o.mapping.Check(d); err != nil {
			return nil, err
		}
		own = o.mapping.compile(d, someDay).field
		if o.delim == 0 {
			o.delim = delimiterNamed(o.mapping.Delimiter)
		}
	}

	text := in.Text()
	f := framer{r: text, stop: ctx.Err, limit: v.limit, size: v.batch}
	head := f.fill(nil, sniffSize)
	if f.err != nil {
		return nil, f.err
	}
	out.Delimiters = DetectDelimiter(d, head)
	v.delim = o.delim
	if v.delim == 0 {
		v.delim = out.Delimiters.Best
	}
	out.Delimiter = v.delim
	var headings []string
	s := &session{v: v}
	s.hooks.field = func(heading string) (int, bool) {
		headings = append(headings, heading) // the reader asks for each in turn, last of all for the plan
		return ignoredColumn, true
	}
	if err := s.open(ctx, io.MultiReader(bytes.NewReader(head), text)); err != nil {
		return nil, err
	}
	if out.Unread = s.unread; s.plan == nil {
		return out, nil
	}
	headings = headings[len(headings)-len(s.plan.fieldOf):]
	for _, h := range headings[:min(len(headings), mostInspected)] {
		out.stats = append(out.stats, newColumnStats(h))
	}
	w := newWorker(s.plan, 0, false)
	w.yield = func(r *Row) error {
		if r.unread {
			out.BadRecords++
			return nil
		}
		for i, c := range out.stats {
			c.add(r.cells.text(i))
		}
		return nil
	}
	var b batch
	var res result
	for s.framer.next(&b) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := w.check(&b, &res); err != nil {
			return nil, err
		}
		out.Records += res.records
		s.encoding.add(res.encoding)
	}
	if s.framer.err != nil {
		return nil, s.framer.err
	}
	out.NotUTF8, out.Windows1252 = s.encoding.count, s.encoding.count > 0 && s.encoding.unlikely == 0
	for _, c := range out.stats {
		out.Columns = append(out.Columns, out.column(c, own))
	}
	return out, nil
}

func (in *Inspection) column(c *columnStats, field func(string) (int, bool)) InspectedColumn {
	out := InspectedColumn{Heading: c.heading, Filled: c.filled}
	f, known := field(c.heading)
	known = known && f >= 0
	typ := Type(0)
	if known {
		out.Field, typ = in.dict.fields[f].Name, in.dict.fields[f].Type
	} else if looksLikeData(c.heading) {
		out.Heading = shape([]byte(c.heading))
	}
	if date := c.dates(); date.cells > 0 && (typ == TypeDate || typ == 0 && date.cells*2 > c.filled && !strings.HasPrefix(date.layout, "excel")) {
		out.Date, out.DateCells, out.Ambiguous = date.layout, date.cells, date.ambiguous
	}
	if number := c.number(); number.cells > 0 && number.format != (NumberFormat{}) && out.Date == "" &&
		(typ == TypeInteger || typ == TypeDecimal || typ == 0 && number.cells*2 > c.filled) {
		out.Number, out.NumberCells = new(number.format), number.cells
	}
	if known && c.filled > 0 {
		out.Codes = in.codes(c, f).String()
	}
	return out
}

// codeFinding is what the values of a coded column are.
type codeFinding struct {
	coded, zeros, labels, others bool
}

func (f codeFinding) String() string {
	switch {
	case !f.coded:
		return ""
	case f.others:
		return "others"
	case f.zeros && f.labels:
		return "lost zeros and labels"
	case f.zeros:
		return "lost zeros"
	case f.labels:
		return "labels"
	}
	return "codes"
}

func (in *Inspection) codes(c *columnStats, f int) (out codeFinding) {
	i, ok := in.dict.byList[in.dict.fields[f].CodeList]
	if !ok {
		return out
	}
	out.coded = true
	values := c.values
	if in.dict.fields[f].Type == TypeCodes {
		values = c.pieces(strings.IndexByte(listSeparators, ';'))
	}
	if out.others = values.overflow; out.others {
		return out
	}
	list := in.dict.lists[i]
	r, ok := in.resolvers[list.Name]
	if !ok {
		r = newCodeResolver(list)
		in.resolvers[list.Name] = r
	}
	for value := range values.n {
		switch _, kind := r.find(value); kind {
		case spellingCode:
		case spellingZeros:
			out.zeros = true
		case spellingLabel:
			out.labels = true
		default:
			out.others = true
		}
	}
	return out
}

// Formats adds to a mapping what whole columns show and the mapping leaves open,
// for the fields that it reads: the layout of dates, the format of numbers, codes
// that have lost their zeros, labels in place of codes. m may be nil for a file
// with our own headings. Each addition is marked as assumed, so that [Mapped]
// says so in a finding. What is not the same in every filled cell is left alone.
//
// Dates in which no day is above 12 could be read with either first. They are
// read with the day first, as is usual here, only where another date column of
// the file cannot be read otherwise and none has the month first; the finding is
// then a warning. Where no other column tells, they are left alone.
func (in *Inspection) Formats(m *Mapping) *Mapping {
	out := &Mapping{Kind: in.Kind}
	if m != nil {
		out = m.clone()
	}
	if out.Delimiter == "" && in.Delimiter != 0 {
		out.Delimiter = delimiterName(in.Delimiter)
	}
	headings, claimed := make(map[string]int), make(map[string]bool)
	for i, c := range out.Columns {
		headings[fold(c.Heading)] = i
		claimed[c.Field] = true
	}
	byDay, byMonth := false, false
	for _, c := range in.stats {
		date := c.dates()
		byDay = byDay || date.all && date.ambiguous == "" && strings.HasPrefix(date.layout, "dd") && !strings.Contains(date.layout, "mon")
		byMonth = byMonth || date.all && strings.HasPrefix(date.layout, "mm")
	}
	seen := make(map[string]bool)
	for _, c := range in.stats {
		key := fold(c.heading)
		i, mapped := headings[key]
		col := MappedColumn{Heading: c.heading, Field: key}
		if mapped {
			col = out.Columns[i]
		}
		f, ok := in.dict.byName[col.Field]
		if !ok || c.filled == 0 || seen[key] || !mapped && claimed[col.Field] {
			continue
		}
		seen[key] = true
		field := &in.dict.fields[f]
		changed := false
		switch {
		case field.Type == TypeDate && col.Date == "" && out.Date == "" && len(col.Values) == 0:
			date := c.dates()
			if !date.all || date.layout == "yyyy-mm-dd" {
				break
			}
			assumed := WholeColumn
			if date.ambiguous != "" {
				if assumed = OtherColumns; !byDay || byMonth {
					break
				}
			}
			col.Date, col.Assumed, changed = date.layout, assumed, true
		case (field.Type == TypeInteger || field.Type == TypeDecimal) && col.Number == nil && out.Number == nil && len(col.Values) == 0:
			if number := c.number(); number.all && !number.ambiguous && number.format != (NumberFormat{}) {
				col.Number, col.Assumed, changed = new(number.format), WholeColumn, true
			}
		case field.CodeList != "" && !col.Labels && !col.LostZeros && len(col.Values) == 0 && (col.Separator == "" && out.Separator == "" || field.Type == TypeCode):
			if codes := in.codes(c, f); !codes.others && (codes.zeros || codes.labels) {
				col.LostZeros, col.Labels, col.Assumed, changed = codes.zeros, codes.labels, WholeColumn, true
			}
		}
		switch {
		case !changed:
		case mapped:
			out.Columns[i] = col
		default:
			out.Columns = append(out.Columns, col)
		}
	}
	return out
}

// Suggest proposes a mapping from what the whole columns show, see
// [SuggestMapping].
func (in *Inspection) Suggest() *Suggestion {
	s := suggest(in.dict, in.stats)
	s.encoding, s.delimiter = in.Encoding, in.Delimiter
	if in.Mark {
		s.encoding = UTF8 // the mark says it better
	}
	return s
}

// WriteText writes the inspection for people.
func (in *Inspection) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Packed     %s", in.Packing)
	if in.Entry != "" {
		fmt.Fprintf(&b, ", entry %q", in.Entry)
	}
	fmt.Fprintf(&b, "\nEncoding   %s", in.Encoding)
	if in.Mark {
		b.WriteString(" with a byte order mark")
	}
	if in.NotUTF8 > 0 {
		fmt.Fprintf(&b, ", but for %d bytes", in.NotUTF8)
		if in.Windows1252 {
			b.WriteString("; as windows-1252 they would be letters and signs")
		}
	}
	b.WriteByte('\n')
	for i, e := range in.Delimiters.Evidence {
		label := ""
		if i == 0 {
			label = "Delimiter"
		}
		chosen := ""
		if e.Delimiter == in.Delimiter {
			chosen = "  <"
		}
		fmt.Fprintf(&b, "%-10s %s%s\n", label, e, chosen)
	}
	if in.Unread != "" {
		fmt.Fprintf(&b, "Rows       not read: %s\n", in.Unread)
	} else {
		fmt.Fprintf(&b, "Rows       %d, of which %d could not be taken apart\n", in.Records, in.BadRecords)
	}
	for i := range in.Columns {
		c := &in.Columns[i]
		field := ""
		if c.Field != "" && fold(c.Heading) != c.Field {
			field = " (" + c.Field + ")"
		}
		fmt.Fprintf(&b, "%5d  %s%s: %d filled", i+1, c.Heading, field, c.Filled)
		if c.Date != "" && c.DateCells > 0 {
			fmt.Fprintf(&b, ", %d dates %s", c.DateCells, c.Date)
			if c.Ambiguous != "" {
				fmt.Fprintf(&b, " (or %s: no day is above 12)", c.Ambiguous)
			}
		}
		if c.Number != nil {
			fmt.Fprintf(&b, ", %d numbers as in %s", c.NumberCells, c.Number)
		}
		if c.Codes != "" && c.Codes != "codes" {
			fmt.Fprintf(&b, ", %s", map[bool]string{true: "some values are no codes", false: c.Codes}[c.Codes == "others"])
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// keysOf are the keys of a map in their order.
func keysOf[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
