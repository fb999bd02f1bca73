package dcrs

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// Suggestion is a proposal of a [Mapping], line by line, for a person to judge.
// Nothing applies it by itself: [Suggestion.Mapping] takes the lines that are
// sure enough for the caller.
type Suggestion struct {
	Kind  string            `json:"kind"`
	Lines []SuggestedColumn `json:"lines"` // a column each, in the order of the file
	// Missing are the fields with presence M or R for which no column is proposed.
	Missing []string `json:"missing,omitempty"`
	Skipped int      `json:"skipped,omitempty"` // columns beyond the first 2,000, which are not looked at

	encoding  Encoding
	delimiter byte
}

// SuggestedColumn is what is proposed for one column.
type SuggestedColumn struct {
	Number  int    `json:"number"`  // of the column, from 1
	Heading string `json:"heading"` // its shape, where it looks like a value
	Field   string `json:"field,omitempty"`
	Ignore  bool   `json:"ignore,omitempty"` // it holds what an extract should not
	// Confidence lies from 0 to 1: 0.99 for the field's own name over values that
	// fit, 0.95 for its label or a usual other name, less for what only resembles;
	// at most 0.5 for a tie, and at most 0.6 where the dates could have either the
	// day or the month first. It is an order, not a probability.
	Confidence float64 `json:"confidence"`
	Reason     string  `json:"reason"`
	Tie        bool    `json:"tie,omitempty"` // another field, or another column, fits as well: see Others and Rivals
	// Others are other fields that fit nearly as well; Rivals the numbers of other
	// columns that fit the field nearly as well.
	Others []SuggestedField `json:"others,omitempty"`
	Rivals []int            `json:"rivals,omitempty"`
	// Unknown counts the different values of a coded column for which no code was found.
	Unknown int `json:"unknown_values,omitempty"`

	Column MappedColumn `json:"-"` // the line of the mapping
}

// SuggestedField is a field that fits, and how well.
type SuggestedField struct {
	Field      string  `json:"field"`
	Confidence float64 `json:"confidence"`
}

// SuggestMapping proposes what the columns of a file are from its headings and a
// sample of rows: by names, labels, usual other names and typing slips, and by
// what the values look like. It works with any dictionary; for the fields of
// [Episodes] it knows other names that services use. A field is proposed for one
// column only. Rows may be short or nil; 50 to 200 are enough to see the formats,
// and [Inspection.Suggest] looks at all of them.
//
// No value of the sample is kept, but for spellings of codes ("Male").
func SuggestMapping(d *Dictionary, header []string, rows [][]string) *Suggestion {
	stats := make([]*columnStats, 0, min(len(header), mostInspected))
	for i, h := range header[:min(len(header), mostInspected)] {
		c := newColumnStats(h)
		for _, row := range rows {
			if i < len(row) {
				c.add(trimSpaces([]byte(row[i])))
			}
		}
		stats = append(stats, c)
	}
	s := suggest(d, stats)
	s.Skipped = len(header) - len(stats)
	return s
}

// Mapping makes a mapping of the lines with at least the confidence given, for a
// person to look through: 0.9 takes what is nearly certain, 0.5 what is likely.
// Columns without a line that is sure enough are left out; the validator reports
// them as unknown.
func (s *Suggestion) Mapping(atLeast float64) *Mapping {
	m := &Mapping{Kind: s.Kind, Encoding: s.encoding}
	if s.delimiter != 0 {
		m.Delimiter = delimiterName(s.delimiter)
	}
	seen := make(map[string]bool)
	for _, l := range s.Lines {
		key := fold(l.Heading)
		if l.Confidence < atLeast || l.Field == "" && !l.Ignore || seen[key] {
			continue
		}
		seen[key] = true
		m.Columns = append(m.Columns, l.Column)
	}
	return m.clone()
}

// WriteText writes the suggestion for people: a column a line, and below it the
// reason, at most 100 columns wide but for long headings.
func (s *Suggestion) WriteText(w io.Writer) error {
	var b strings.Builder
	for _, l := range s.Lines {
		to := l.Field
		switch {
		case l.Ignore:
			to = "(ignore)"
		case to == "":
			to = "?"
		}
		fmt.Fprintf(&b, "%3d  %-28s -> %-26s %4.2f\n", l.Number, l.Heading, to, l.Confidence)
		reason := l.Reason
		for i, o := range l.Others {
			reason += fmt.Sprintf("%s%s %.2f", map[bool]string{true: "; or ", false: ", "}[i == 0], o.Field, o.Confidence)
		}
		for i, n := range l.Rivals {
			reason += fmt.Sprintf("%s%d", map[bool]string{true: "; as well as column ", false: ", "}[i == 0], n)
		}
		indented(&b, 9, reason)
	}
	if len(s.Missing) > 0 {
		b.WriteString("No column for\n")
		indented(&b, 5, strings.Join(s.Missing, ", "))
	}
	if s.Skipped > 0 {
		fmt.Fprintf(&b, "%d columns beyond the first %d were not looked at\n", s.Skipped, mostInspected)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// indented writes text wrapped to the width of a terminal.
func indented(b *strings.Builder, indent int, text string) {
	for _, line := range wrap(text, textWidth-indent) {
		b.WriteString(strings.Repeat(" ", indent) + line + "\n")
	}
}

// WriteJSON writes the suggestion as JSON: its lines, and the mapping that the
// lines of at least the confidence make.
func (s *Suggestion) WriteJSON(w io.Writer, atLeast float64) error {
	var m strings.Builder
	if err := s.Mapping(atLeast).WriteJSON(&m); err != nil {
		return err
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(struct {
		*Suggestion
		Mapping json.RawMessage `json:"mapping"`
	}{s, json.RawMessage(m.String())})
}

// spelledField is one way to call a field.
type spelledField struct {
	field  int
	folded string
	words  []string
	point  string // "pre" or "post" where the field is one of a pair
	how    string
}

// headingIndex knows what the fields of a dictionary may be called.
type headingIndex struct {
	d        *Dictionary
	spelled  []spelledField
	byWord   map[string][]int // of spelled
	weight   map[string]float64
	exact    map[string]bool // folded names, labels and synonyms
	personal [][]string
}

func newHeadingIndex(d *Dictionary) *headingIndex {
	x := &headingIndex{d: d, byWord: make(map[string][]int), weight: make(map[string]float64), exact: make(map[string]bool)}
	if d == nil {
		return x
	}
	add := func(f int, text, how string) {
		x.exact[fold(text)] = true
		s := spelledField{field: f, folded: fold(text), words: headingMeaning(text), how: how}
		if name := d.fields[f].Name; strings.HasSuffix(name, "_pre") || strings.HasSuffix(name, "_post") {
			s.words, s.point = timePoint(s.words)
			s.point = name[strings.LastIndexByte(name, '_')+1:]
		}
		if len(s.words) > 0 {
			x.spelled = append(x.spelled, s)
		}
	}
	for f := range d.fields {
		field := &d.fields[f]
		add(f, field.Name, "the name of the field")
		if field.Label != field.Name {
			add(f, field.Label, "its label")
		}
		for _, s := range headingSynonyms[field.Name] {
			add(f, s, "a usual name of it")
		}
	}
	fields := make(map[string]map[int]bool)
	for i, s := range x.spelled {
		for _, w := range s.words {
			if fields[w] == nil {
				fields[w] = make(map[int]bool)
			}
			fields[w][s.field] = true
			if list := x.byWord[w]; len(list) == 0 || list[len(list)-1] != i {
				x.byWord[w] = append(list, i)
			}
		}
	}
	// A word that many fields have, such as date, says little.
	for w, list := range fields {
		x.weight[w] = 1 / (1 + math.Log2(float64(len(list))))
	}
	for _, s := range personalHeadings {
		x.personal = append(x.personal, headingMeaning(s))
	}
	return x
}

// known reports whether a heading is a name, a label or a usual other name.
func (x *headingIndex) known(heading string) bool { return x.exact[fold(heading)] }

// timePoint takes the words that say before or after out of a heading.
func timePoint(list []string) (rest []string, point string) {
	for _, w := range list {
		switch {
		case beforeWords[w]:
			point = "pre"
		case afterWords[w]:
			point = "post"
		default:
			rest = append(rest, w)
		}
	}
	if len(rest) == 0 || slices.Contains(rest, "date") {
		return list, ""
	}
	return rest, point
}

// weightOf is how much a word says.
func (x *headingIndex) weightOf(w string) float64 {
	if n, ok := x.weight[w]; ok {
		return n
	}
	return 0.7
}

// alike is how alike two lists of words are, from 0 to 1.
func (x *headingIndex) alike(a, b []string) float64 {
	shared, all := 0.0, 0.0
	for _, w := range a {
		all += x.weightOf(w)
	}
	for _, w := range b {
		all += x.weightOf(w)
	}
	for _, w := range a {
		if slices.Contains(b, w) {
			shared += x.weightOf(w)
			continue
		}
		if _, known := x.weight[w]; known {
			continue // height is no slip for weight
		}
		for _, v := range b {
			if slip(w, v) && !slices.Contains(a, v) {
				shared += 0.45*x.weightOf(w) + 0.45*x.weightOf(v)
				break
			}
		}
	}
	if all == 0 {
		return 0
	}
	return min(1, 2*shared/all)
}

// slip reports whether two words differ by one or two letters, as typed.
func slip(a, b string) bool {
	most := 1
	if min(len(a), len(b)) >= 8 {
		most = 2
	}
	return min(len(a), len(b)) >= 5 && editDistance(a, b, most+1) <= most
}

// named scores the fields by a heading: what each could be called that is most
// like it.
func (x *headingIndex) named(heading string) map[int]nameScore {
	out := make(map[int]nameScore)
	list := headingMeaning(heading)
	rest, point := timePoint(list)
	key := fold(heading)
	for i := range x.spelled {
		s := &x.spelled[i]
		mine, factor := list, 1.0
		if s.point != "" {
			mine = rest
			switch point {
			case s.point:
			case "":
				factor = 0.7
			default:
				continue
			}
		}
		if len(mine) == 0 {
			continue
		}
		like := x.alike(mine, s.words)
		if like < 0.5 {
			continue
		}
		score := nameScore{value: 0.9 * like * factor, how: fmt.Sprintf("the heading resembles %q", x.d.fields[s.field].Label)}
		switch {
		case key == x.d.fields[s.field].Name:
			score = nameScore{0.96, "the heading is the name of the field"}
		case like > 0.999 && factor == 1:
			score = nameScore{0.92, "the heading means the same as " + s.how}
			if s.folded == key {
				score.how = "the heading is " + s.how
			}
		case like > 0.999:
			score.how = "the heading means the same as " + s.how + ", but does not say before or after"
		}
		if score.value > out[s.field].value {
			out[s.field] = score
		}
	}
	return out
}

// otherPoint reports whether a field is one of a pair before and after, and a
// heading speaks of the other.
func otherPoint(field, heading string) bool {
	_, point := timePoint(headingMeaning(heading))
	return point == "post" && strings.HasSuffix(field, "_pre") || point == "pre" && strings.HasSuffix(field, "_post")
}

type nameScore struct {
	value float64
	how   string
}

// isPersonal reports whether a heading is one of what an extract should not hold.
func (x *headingIndex) isPersonal(heading string) bool {
	list := headingMeaning(heading)
	return slices.ContainsFunc(x.personal, func(p []string) bool {
		return len(p) == len(list) && !slices.ContainsFunc(p, func(w string) bool { return !slices.Contains(list, w) })
	})
}

// pairing is a field that a column could be.
type pairing struct {
	column, field int
	confidence    float64
	fit           float64
	how           string
}

// suggest makes the lines.
func suggest(d *Dictionary, stats []*columnStats) *Suggestion {
	out := &Suggestion{Kind: d.kind, Lines: []SuggestedColumn{}}
	x := newHeadingIndex(d)
	resolvers := make(map[string]*codeResolver)
	for _, l := range d.lists {
		resolvers[l.Name] = newCodeResolver(l)
	}
	byDay := false
	var all []pairing
	candidates := make([][]pairing, len(stats))
	for i, c := range stats {
		date := c.dates()
		byDay = byDay || date.all && date.ambiguous == "" && strings.HasPrefix(date.layout, "dd")
		if looksLikeData(c.heading) {
			continue
		}
		names := x.named(c.heading)
		for f := range d.fields {
			name := names[f]
			fit, enough := c.fits(&d.fields[f], resolvers[d.fields[f].CodeList])
			p := pairing{column: i, field: f, fit: fit, how: name.how}
			switch {
			case name.value == 0 && !enough:
				continue
			case name.value == 0:
				if p.confidence = c.byValues(&d.fields[f], fit); p.confidence == 0 || otherPoint(d.fields[f].Name, c.heading) {
					continue
				}
				p.how = "the heading says nothing, the values do"
			case !enough:
				p.confidence = name.value
			default:
				p.confidence = min(0.99, name.value*(0.35+0.65*fit)+0.03*fit)
			}
			if p.confidence >= 0.3 {
				candidates[i] = append(candidates[i], p)
			}
		}
		all = append(all, candidates[i]...)
	}
	slices.SortStableFunc(all, func(a, b pairing) int {
		return cmp.Or(-cmp.Compare(a.confidence, b.confidence), a.column-b.column, a.field-b.field)
	})
	chosen, taken := make(map[int]pairing), make(map[int]int) // by column; by field, the column
	for _, p := range all {
		_, has := chosen[p.column]
		if _, used := taken[p.field]; !has && !used {
			chosen[p.column], taken[p.field] = p, p.column
		}
	}
	for i, c := range stats {
		l := SuggestedColumn{Number: i + 1, Heading: c.heading, Column: MappedColumn{Heading: c.heading}}
		p, ok := chosen[i]
		personal := x.isPersonal(c.heading)
		switch {
		case looksLikeData(c.heading):
			l.Heading = shape([]byte(c.heading))
			l.Reason = "the heading looks like a value: has the file a header?"
			l.Column = MappedColumn{}
		case personal && (!ok || p.confidence < 0.9):
			if ok {
				delete(taken, p.field)
			}
			l.Ignore, l.Column.Ignore, l.Confidence = true, true, 0.9
			l.Reason = "it names or reaches a person: an extract has no field for it, on purpose"
		case ok:
			suggestLine(&l, p, c, d, resolvers, byDay)
			// What is as good and still free, or as good for a column that has nothing better.
			const near, same = 0.15, 0.02
			for _, o := range candidates[i] {
				if _, used := taken[o.field]; o.field != p.field && !used && o.confidence > p.confidence-near {
					l.Others = append(l.Others, SuggestedField{d.fields[o.field].Name, round2(o.confidence)})
					l.Tie = l.Tie || o.confidence > p.confidence-same
				}
			}
			for _, o := range all {
				if o.field != p.field || o.column == i || o.confidence <= p.confidence-near {
					continue
				}
				if other, ok := chosen[o.column]; !ok || other.confidence <= o.confidence {
					l.Rivals = append(l.Rivals, o.column+1)
					l.Tie = l.Tie || o.confidence > p.confidence-same
				}
			}
			slices.Sort(l.Rivals)
			if l.Tie {
				l.Confidence = min(l.Confidence, 0.5)
			}
			l.Confidence = round2(l.Confidence)
		default:
			l.Reason = "nothing like it in the dictionary"
		}
		out.Lines = append(out.Lines, l)
	}
	for f := range d.fields {
		if _, ok := taken[f]; !ok && (d.fields[f].Presence == Mandatory || d.fields[f].Presence == Required) {
			out.Missing = append(out.Missing, d.fields[f].Name)
		}
	}
	return out
}

func round2(v float64) float64 { return math.Round(v*100) / 100 }

// fits is the share of a column's values that a field could hold, from 0 to 1;
// false where there are too few to say.
func (c *columnStats) fits(f *Field, r *codeResolver) (fit float64, enough bool) {
	if c.filled < 3 {
		return 0, false
	}
	switch f.Type {
	case TypeDate:
		return c.share(c.dates().cells), true
	case TypeInteger, TypeDecimal:
		fit = c.share(c.number().cells)
		if f.Type == TypeInteger && c.numbers[0] == c.filled {
			fit = c.typeShare(TypeInteger)
		}
		unit := int64(decimalUnit)
		if f.Valid != nil && c.numbers[0] > 0 && (c.min < f.Valid.Min*unit || c.max > f.Valid.Max*unit) {
			fit *= 0.8
		}
		return fit, true
	case TypeCode:
		return resolved(c.values, r), true
	case TypeCodes:
		_, fit = c.listSeparator(r)
		return fit, true
	case TypeID:
		if c.long > f.MaxLength {
			return 0.3, true
		}
		return max(c.typeShare(TypeID), 0.3), true
	}
	fit = c.typeShare(f.Type)
	if f.Type == TypeNHSNumber && c.types[TypeNHSNumber] > 0 && c.digits10*10 < c.types[TypeNHSNumber]*9 {
		fit /= 2 // ten digits, but not with that check digit
	}
	return fit, true
}

// resolved is the share of spelled cells that are codes, or mean one.
func resolved(s *spelled, r *codeResolver) float64 {
	if s.overflow || len(s.n) == 0 || r == nil {
		return 0
	}
	good, all := 0, 0
	for value, n := range s.n {
		all += *n
		if _, kind := r.find(value); kind != spellingNone {
			good += *n
		}
	}
	return float64(good) / float64(all)
}

// listSeparator is what separates the codes of a column best, and the share of
// them that is understood.
func (c *columnStats) listSeparator(r *codeResolver) (separator string, fit float64) {
	separator, fit = ";", resolved(c.pieces(0), r)
	for i := range listSeparators {
		s := c.pieces(i)
		if n := resolved(s, r); s.cut > 0 && n > fit+0.001 {
			separator, fit = listSeparators[i:i+1], n
		}
	}
	return separator, fit
}

// byValues is how likely a column is a field by its values alone. Only forms
// that hardly anything else has count.
func (c *columnStats) byValues(f *Field, fit float64) float64 {
	if fit < 0.95 || c.filled < 5 {
		return 0
	}
	switch f.Type {
	case TypeNHSNumber:
		return 0.8
	case TypePostcode, TypeLSOA, TypeGPPractice:
		return 0.75
	case TypeCode, TypeCodes:
		// Words, at least two of them and not only yes and no.
		long := 0
		for value := range c.values.n {
			if len(value) > 3 {
				long++
			}
		}
		if long >= 2 {
			return 0.5
		}
	}
	return 0
}

// suggestLine fills in what is proposed for a column.
func suggestLine(l *SuggestedColumn, p pairing, c *columnStats, d *Dictionary, resolvers map[string]*codeResolver, byDay bool) {
	f := &d.fields[p.field]
	l.Field, l.Column.Field, l.Confidence, l.Reason = f.Name, f.Name, p.confidence, p.how
	if c.filled == 0 {
		l.Reason += "; the column is empty"
		return
	}
	say := func(format string, args ...any) { l.Reason += "; " + fmt.Sprintf(format, args...) }
	of := func(n int) string {
		if n == c.filled {
			return fmt.Sprintf("all %d values", n)
		}
		return fmt.Sprintf("%d of %d values", n, c.filled)
	}
	switch f.Type {
	case TypeDate:
		date := c.dates()
		if date.cells == 0 {
			say("no value looks like a date")
			return
		}
		say("%s are dates written %s", of(date.cells), date.layout)
		if date.layout != "yyyy-mm-dd" {
			l.Column.Date = date.layout
		}
		if date.ambiguous != "" && byDay {
			say("no day is above 12, but other columns have the day first")
		} else if date.ambiguous != "" {
			say("or %s, as no day is above 12: the day comes first in the UK", date.ambiguous)
			l.Confidence = min(l.Confidence, 0.6)
		}
	case TypeInteger, TypeDecimal:
		number := c.number()
		if number.cells == 0 {
			say("no value looks like a number")
			return
		}
		if say("%s are numbers", of(number.cells)); number.format != (NumberFormat{}) {
			l.Reason += " written as in " + number.format.String()
			l.Column.Number = new(number.format)
		}
		if number.ambiguous {
			say("the comma could be a decimal sign or stand between thousands")
			l.Confidence = min(l.Confidence, 0.6)
		}
	case TypeCode, TypeCodes:
		r, values := resolvers[f.CodeList], c.values
		if f.Type == TypeCodes {
			separator, _ := c.listSeparator(r)
			if values = c.pieces(strings.Index(listSeparators, separator)); separator != ";" {
				l.Column.Separator = separator
				say("codes are separated by %q", separator)
			}
		}
		suggestCodes(l, values, r, say)
	default:
		if _, enough := c.fits(f, nil); !enough {
			say("there are too few values to tell by")
			return
		}
		say("%.0f %% of the values have its form", 100*p.fit)
	}
}

// suggestCodes says how the values of a coded column become codes.
func suggestCodes(l *SuggestedColumn, values *spelled, r *codeResolver, say func(string, ...any)) {
	if values.overflow {
		say("it has more different values than a code list")
		l.Unknown = mostSpellings
		return
	}
	var count [spellingMeant + 1]int
	for _, value := range keysOf(values.n) {
		if value == "" {
			continue
		}
		code, kind := r.find(value)
		count[kind]++
		switch kind {
		case spellingZeros:
			l.Column.LostZeros = true
		case spellingLabel, spellingMeant:
			if l.Column.Values == nil {
				l.Column.Values = make(map[string]string)
			}
			if !sameBut(l.Column.Values, value) {
				l.Column.Values[value] = code
			}
		}
	}
	for _, part := range []struct {
		n    int
		what string
	}{
		{count[spellingCode], "codes"},
		{count[spellingZeros], "codes without their zeros"},
		{count[spellingLabel], "labels"},
		{count[spellingMeant], "other words for codes"},
	} {
		if part.n > 0 {
			say("%s %s", differentValues(part.n), part.what)
		}
	}
	if l.Unknown = count[spellingNone]; l.Unknown > 0 {
		say("%s no codes that are known", differentValues(l.Unknown))
	}
}

func differentValues(n int) string {
	if n == 1 {
		return "1 different value:"
	}
	return fmt.Sprintf("%d different values:", n)
}

// sameBut reports whether a map has a key that is the same but for capitals and
// spaces.
func sameBut(values map[string]string, value string) bool {
	for v := range values {
		if fold(v) == fold(value) {
			return true
		}
	}
	return false
}
