package dcrs

import (
	"fmt"
	"slices"
	"strings"
)

// MaxGroups is how many groups [GroupBy] tells apart. It bounds the memory of a
// validator and the size of a report whatever the file holds: about 20 kB a group
// for each batch of rows that is being checked. Of more, the first in the order
// of their names are kept, so that neither the number of workers nor the order of
// the rows decides which, and the rest are counted together.
const MaxGroups = 256

// The kinds of [GroupReport] that stand for no single value.
const (
	GroupNone   = "none"   // rows in which the field is blank or cannot be read
	GroupOthers = "others" // rows of the groups beyond MaxGroups
)

// GroupReport is what a report says of the rows that share one value of the field
// named in [GroupBy]. Rows that could not be taken apart into cells belong to no
// group; what is wrong with the header or the file as a whole to none either.
type GroupReport struct {
	Group string `json:"group"`           // the value: a service's code; "" for the rows of Kind
	Label string `json:"label,omitempty"` // of a code that is in a code list
	// Kind is "" for a value, otherwise GroupNone or GroupOthers.
	Kind                string       `json:"kind,omitempty"`
	Records             int          `json:"records"`
	RecordsWithErrors   int          `json:"records_with_errors"`
	RecordsWithWarnings int          `json:"records_with_warnings"`
	Rules               []GroupRule  `json:"rules"`  // those with findings here, in the order of the dictionary
	Fields              []GroupField `json:"fields"` // every field, in the order of the dictionary
}

// GroupRule is what one rule found in a group. Findings of [ScopeFile] count in
// the group of the row at which they stand, the later of two.
type GroupRule struct {
	Rule     string `json:"rule"`
	Count    int    `json:"count"`
	Errors   int    `json:"errors"`
	Warnings int    `json:"warnings"`
	Infos    int    `json:"infos"`
}

// GroupField counts the cells of one field in a group, as [FieldReport] does. The
// five add up to the records of the group.
type GroupField struct {
	Field   string `json:"field"`
	Valid   int    `json:"valid"`
	Other   int    `json:"other"`
	Default int    `json:"default"`
	Invalid int    `json:"invalid"`
	Missing int    `json:"missing"`
}

// Name is what to call the group in words.
func (g GroupReport) Name() string {
	switch g.Kind {
	case GroupNone:
		return "no group given"
	case GroupOthers:
		return "all other groups"
	}
	return g.Group
}

// Rule finds what a rule found in the group; a rule that found nothing there has
// only its id.
func (g GroupReport) Rule(id string) GroupRule {
	for _, r := range g.Rules {
		if r.Rule == id {
			return r
		}
	}
	return GroupRule{Rule: id}
}

// GroupBy counts the findings of every rule and the cells of every field for each
// value of one field too, such as service_code: [Report.Groups]. The counts are
// exact and the same for any number of workers. At most [MaxGroups] values are
// told apart.
//
// The values become names of groups in the report, so they must not give a person
// away: the field has to be a code of a code list that is not identifying, or an
// identifier of no sensitivity. A value that is itself a valid NHS number, which
// has no business there, is counted with those that cannot be read. With it, the
// rules of file scope keep eight bytes more for each row. Checking takes about a
// fifth longer where the rows of a service stand together, and up to two thirds
// where those of a hundred are mixed; without it nothing.
func GroupBy(field string) Option {
	return func(v *Validator) error {
		f, ok := v.dict.Field(field)
		switch {
		case !ok:
			return &OptionError{Option: "GroupBy", Problem: fmt.Sprintf("no field is called %q", field)}
		case f.Type != TypeCode && f.Type != TypeID:
			return &OptionError{Option: "GroupBy", Problem: fmt.Sprintf("%s holds neither a code nor an identifier", field)}
		case f.Type == TypeID && f.Sensitivity != NotSensitive, f.Sensitivity == Identifying:
			return &OptionError{Option: "GroupBy", Problem: fmt.Sprintf("the values of %s stand for persons, and a report must not name them", field)}
		}
		v.groupBy = f.index + 1
		return nil
	}
}

// rowGroup is the rows of one group.
type rowGroup struct {
	key   string
	hash  uint64
	tally tally
}

// The keys of rows that have no group of their own.
const hashNoGroup = 0

// rowGroups tells the rows of a batch, or of the file, apart by the value of a
// field. When there are more than MaxGroups it keeps those whose keys come first:
// one that is among the first of the file is among the first of every part of it,
// so it is never lost on the way.
type rowGroups struct {
	byKey  map[string]*rowGroup
	last   *rowGroup // of the row before
	max    string    // the last key in order, once there are MaxGroups
	none   tally
	others tally
	free   []*rowGroup
	// retired are those that had to make room: rows of theirs may still be counted
	// until settle counts them with the others.
	retired []*rowGroup
	rules   int
	rows    []uint64 // the hash of each record's key in this batch, where file rules want it
}

func newRowGroups(rules int) *rowGroups {
	return &rowGroups{byKey: make(map[string]*rowGroup), none: newTally(rules), others: newTally(rules), rules: rules}
}

// clear makes the groups ready for another batch.
func (g *rowGroups) clear() {
	for _, group := range g.byKey {
		g.free = append(g.free, group)
	}
	clear(g.byKey)
	g.none.clear()
	g.others.clear()
	g.last, g.max, g.rows = nil, "", g.rows[:0]
}

// of is where to count a row with the key, which must not be empty.
func (g *rowGroups) of(key []byte, hash uint64) *tally {
	if g.last != nil && g.last.key == string(key) {
		return &g.last.tally
	}
	group := g.byKey[string(key)]
	if group == nil {
		if group = g.admit(string(key), hash); group == nil {
			return &g.others
		}
	}
	g.last = group
	return &group.tally
}

// admit makes a group, unless its key comes behind those of all that there may be.
func (g *rowGroups) admit(key string, hash uint64) *rowGroup {
	if len(g.byKey) >= MaxGroups {
		if key > g.max {
			return nil
		}
		out := g.byKey[g.max]
		delete(g.byKey, g.max)
		g.retired = append(g.retired, out)
		g.last = nil
	}
	var group *rowGroup
	if n := len(g.free); n > 0 {
		group, g.free = g.free[n-1], g.free[:n-1]
		group.tally.clear()
	} else {
		group = &rowGroup{tally: newTally(g.rules)}
	}
	group.key, group.hash = key, hash
	g.byKey[key] = group
	if len(g.byKey) >= MaxGroups {
		g.max = ""
		for k := range g.byKey {
			g.max = max(g.max, k)
		}
	}
	return group
}

// settle counts the groups that had to make room with the others. No row of theirs
// is counted any more.
func (g *rowGroups) settle() {
	for _, group := range g.retired {
		g.others.add(&group.tally)
	}
	g.free, g.retired = append(g.free, g.retired...), g.retired[:0]
}

// merge takes in the groups of a batch.
func (g *rowGroups) merge(batch *rowGroups) {
	g.none.add(&batch.none)
	g.others.add(&batch.others)
	for key, group := range batch.byKey {
		g.last = nil
		g.of([]byte(key), group.hash).add(&group.tally)
		g.settle()
	}
}

// sorted are the groups in the order of their keys.
func (g *rowGroups) sorted() []*rowGroup {
	list := make([]*rowGroup, 0, len(g.byKey))
	for _, group := range g.byKey {
		list = append(list, group)
	}
	slices.SortFunc(list, func(a, b *rowGroup) int { return strings.Compare(a.key, b.key) })
	return list
}

// enterGroup lets the row that has just been taken apart be counted in its group.
func (w *worker) enterGroup() {
	g, p := w.out.groups, w.plan
	w.row.tally = &g.none
	hash := uint64(hashNoGroup)
	if key := p.groupKey(&w.row.cells); len(key) > 0 {
		hash = hashBytes(3, key)
		w.row.tally = g.of(key, hash)
	}
	if p.wantRows() {
		for len(g.rows) < w.out.records-1 { // records that could not be taken apart
			g.rows = append(g.rows, hashNoGroup)
		}
		g.rows = append(g.rows, hash)
	}
}

// groupKey is the value by which the record is grouped; empty where it has none.
func (p *plan) groupKey(c *cells) []byte {
	field := p.v.groupBy - 1
	k := &p.kernels[field]
	var key []byte
	switch column := p.column[field]; {
	case column == constantColumn:
		key = p.constantText(field)
	case column < 0:
		return nil
	default:
		key = c.text(column)
		if k.convert != nil {
			if text, ok := k.convert(nil, key); ok {
				key = trimSpaces(text)
			}
		}
	}
	if k.typ == TypeCode {
		if k.index.find(key) < 0 {
			return nil
		}
		return key
	}
	if len(key) > k.maxLength {
		return nil
	}
	for _, c := range key {
		if !k.allowed[c] {
			return nil
		}
	}
	if n, ok := lexNHSNumber(key); ok && nhsNumberChecks(n) {
		return nil
	}
	return key
}

// groupStore holds the groups of a file.
type groupStore struct {
	groups *rowGroups // nil unless the caller asked for groups
	rows   [][]uint64 // the hash of each record's key, in pieces, so that growing never copies them
	n      int
	summed bool
}

// sum adds the rows of every group to what was counted of the others, once, when
// all batches have been merged.
func (s *groupStore) sum(t *tally) {
	if s.groups == nil || s.summed {
		return
	}
	s.summed = true
	for _, group := range s.groups.byKey {
		t.add(&group.tally)
	}
	t.add(&s.groups.none)
	t.add(&s.groups.others)
}

// take moves the groups of a batch with so many records into the store.
func (s *groupStore) take(batch *rowGroups, records int, wantRows bool) {
	if s.groups == nil {
		return
	}
	s.groups.merge(batch)
	if !wantRows {
		return
	}
	for i := range records {
		hash := uint64(hashNoGroup)
		if i < len(batch.rows) {
			hash = batch.rows[i]
		}
		if s.n&(1<<pieceBits-1) == 0 {
			s.rows = append(s.rows, make([]uint64, 0, 1<<pieceBits))
		}
		last := len(s.rows) - 1
		s.rows[last] = append(s.rows[last], hash)
		s.n++
	}
}

// byRecord returns where findings of the rules of file scope are counted, which
// come when every row has been merged: the group of a record. Nil where there are
// no groups.
func (s *groupStore) byRecord() func(record int) *tally {
	if s.groups == nil {
		return nil
	}
	byHash := make(map[uint64]*tally, len(s.groups.byKey))
	for _, group := range s.groups.byKey {
		byHash[group.hash] = &group.tally
	}
	return func(record int) *tally {
		i := record - 1
		if i < 0 || i >= s.n {
			return nil
		}
		hash := s.rows[i>>pieceBits][i&(1<<pieceBits-1)]
		if hash == hashNoGroup {
			return &s.groups.none
		}
		if t, ok := byHash[hash]; ok {
			return t
		}
		return &s.groups.others
	}
}

// groupReports are the groups in the order of their names, and behind them the
// rows without a group and those beyond MaxGroups, where there are any.
func (s *session) groupReports() []GroupReport {
	g := s.groups.groups
	if g == nil {
		return nil
	}
	field := s.v.dict.fields[s.v.groupBy-1]
	list, _ := s.v.dict.CodeList(field.CodeList)
	out := []GroupReport{}
	for _, group := range g.sorted() {
		out = append(out, s.groupReport(GroupReport{Group: group.key, Label: list.Label(group.key)}, &group.tally))
	}
	for _, rest := range []struct {
		kind  string
		tally *tally
	}{{GroupNone, &g.none}, {GroupOthers, &g.others}} {
		if rest.tally.read > 0 {
			out = append(out, s.groupReport(GroupReport{Kind: rest.kind}, rest.tally))
		}
	}
	return out
}

func (s *session) groupReport(r GroupReport, t *tally) GroupReport {
	d := s.v.dict
	r.Records, r.RecordsWithErrors, r.RecordsWithWarnings = t.read, t.errors, t.warning
	r.Rules, r.Fields = []GroupRule{}, make([]GroupField, len(d.fields))
	for i := range d.rules {
		found := &t.rules[i].found
		if n := found[Error] + found[Warning] + found[Info]; n > 0 {
			r.Rules = append(r.Rules, GroupRule{
				Rule: d.rules[i].ID, Count: n, Errors: found[Error], Warnings: found[Warning], Infos: found[Info],
			})
		}
	}
	for f := range d.fields {
		v := s.fieldReport(f, t)
		r.Fields[f] = GroupField{Field: v.Field, Valid: v.Valid, Other: v.Other, Default: v.Default, Invalid: v.Invalid, Missing: v.Missing}
	}
	return r
}
