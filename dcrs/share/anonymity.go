package share

import (
	"cmp"
	"slices"
	"strings"
)

// MemberBytes is what counting people takes for each row.
const MemberBytes = 16

// Those who have the same quasi-identifiers are a class: k-anonymity asks how many
// people are in each (Samarati and Sweeney 1998), distinct l-diversity how many
// different sensitive values they have (Machanavajjhala and others 2007). A blank
// quasi-identifier is a value of its own. A blank sensitive value is none, so a
// class in which nothing sensitive is recorded has nothing to give away.

// fate is what becomes of the rows of a class.
type fate uint8

const (
	asItIs fate = iota
	blanked
	leftOut
)

// counter counts who is alike.
type counter struct {
	finished bool
	byKey    map[string]uint32
	keys     []string // of the classes
	members  []member
	rows     []int // of each class
	people   []int // of each class, once finished
	fates    []fate

	attributes int
	values     []map[string]uint32 // of each sensitive attribute
	seen       map[sensitive]struct{}
	distinct   []int // attributes for each class

	before, after Summary
	diversity     []Diversity
	perPeople     bool
}

// member is a row of a class.
type member struct {
	person uint64
	class  uint32
}

func byClass(a, b member) int {
	return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(a.person, b.person))
}

// sensitive is a value of an attribute that a class has.
type sensitive struct {
	class, value uint32
	attribute    uint8
}

func newCounter(attributes int) *counter {
	c := &counter{byKey: make(map[string]uint32), attributes: attributes, seen: make(map[sensitive]struct{})}
	for range attributes {
		c.values = append(c.values, make(map[string]uint32))
	}
	return c
}

// class is the class of a combination of quasi-identifiers.
func (c *counter) class(key []byte) uint32 {
	if i, ok := c.byKey[string(key)]; ok {
		return i
	}
	i := uint32(len(c.keys))
	k := string(key)
	c.byKey[k] = i
	c.keys = append(c.keys, k)
	c.rows = append(c.rows, 0)
	c.distinct = append(c.distinct, make([]int, c.attributes)...)
	return i
}

func (c *counter) member(class uint32, person uint64) {
	c.members = append(c.members, member{person: person, class: class})
	c.rows[class]++
	c.perPeople = c.perPeople || person != 0
}

func (c *counter) value(class uint32, attribute int, value []byte) {
	v, ok := c.values[attribute][string(value)]
	if !ok {
		v = uint32(len(c.values[attribute]))
		c.values[attribute][string(value)] = v
	}
	s := sensitive{class: class, value: v, attribute: uint8(attribute)}
	if _, ok := c.seen[s]; !ok {
		c.seen[s] = struct{}{}
		c.distinct[int(class)*c.attributes+attribute]++
	}
}

// finish decides what becomes of each class and sums up.
func (c *counter) finish(p Plan, nothingSuppressed bool) {
	c.finished = true
	slices.SortFunc(c.members, byClass)
	c.people = make([]int, len(c.keys))
	for i, m := range c.members {
		// Where no row says whose it is, rows are counted; where some do not, they
		// count as those of one person.
		if !c.perPeople || i == 0 || m != c.members[i-1] {
			c.people[m.class]++
		}
	}
	c.fates = make([]fate, len(c.keys))
	c.before = c.summary(p, nil)
	if nothingSuppressed {
		c.after = c.before
		c.diversity = c.diversities(nil)
		return
	}
	var few []uint32
	for i := range c.keys {
		if c.tooFew(p, uint32(i)) {
			c.fates[i] = leftOut
			few = append(few, uint32(i))
		}
	}
	var merged *merged
	if p.Suppress == SuppressCells && len(few) > 0 {
		if merged = c.merge(p, few); merged != nil {
			for _, i := range few {
				c.fates[i] = blanked
			}
		}
	}
	c.after = c.summary(p, merged)
	c.diversity = c.diversities(merged)
}

func (c *counter) tooFew(p Plan, class uint32) bool {
	if c.people[class] < p.K {
		return true
	}
	for _, n := range c.distinct[int(class)*c.attributes:][:c.attributes] {
		if n > 0 && n < p.L {
			return true
		}
	}
	return false
}

// merged is the class of those without quasi-identifiers: the ones that are
// blanked and, in own, those that had none.
type merged struct {
	rows, people int
	distinct     []int
	own          int // a class, -1 for none
}

// merge puts classes together; nil where they are too few even then.
func (c *counter) merge(p Plan, few []uint32) *merged {
	m := &merged{own: -1, distinct: make([]int, c.attributes)}
	for i, key := range c.keys {
		if !slices.ContainsFunc([]byte(key), func(b byte) bool { return b != 0 }) {
			m.own = i
		}
	}
	in := make([]bool, len(c.keys))
	for _, i := range few {
		in[i] = true
	}
	if m.own >= 0 {
		in[m.own] = true
	}
	people := make(map[uint64]struct{})
	for _, x := range c.members {
		if in[x.class] {
			m.rows++
			people[x.person] = struct{}{}
		}
	}
	if m.people = len(people); !c.perPeople {
		m.people = m.rows
	}
	type value struct {
		value     uint32
		attribute uint8
	}
	values := make(map[value]struct{})
	for s := range c.seen {
		if in[s.class] {
			values[value{s.value, s.attribute}] = struct{}{}
		}
	}
	for v := range values {
		m.distinct[v.attribute]++
	}
	if m.people < p.K || slices.ContainsFunc(m.distinct, func(n int) bool { return n > 0 && n < p.L }) {
		return nil
	}
	return m
}

// fate is what becomes of a row with these quasi-identifiers.
func (c *counter) fate(key []byte) fate {
	i, ok := c.byKey[string(key)]
	if !ok {
		return leftOut // the file has changed since it was counted
	}
	return c.fates[i]
}

// each calls f for every class that is left.
func (c *counter) each(m *merged, f func(rows, people int, distinct []int)) {
	for i := range c.keys {
		if c.fates[i] != asItIs || m != nil && m.own == i {
			continue
		}
		f(c.rows[i], c.people[i], c.distinct[i*c.attributes:][:c.attributes])
	}
	if m != nil {
		f(m.rows, m.people, m.distinct)
	}
}

// Summary is how alike the people of an extract are.
type Summary struct {
	Rows        int     `json:"rows"`
	Classes     int     `json:"classes"`       // combinations of quasi-identifiers
	SmallestK   int     `json:"smallest_k"`    // people in the smallest class; 0 where there is no row
	ClassesLess int     `json:"classes_below"` // classes with fewer than Plan.K people
	RowsLess    int     `json:"rows_below"`    // rows in them
	Unique      int     `json:"rows_unique"`   // rows of a person who is alone in the class
	Sizes       []Sizes `json:"sizes"`         // of classes by the number of people in them
}

// Sizes counts classes of From to To people; To is 0 for all above.
type Sizes struct {
	From    int `json:"from"`
	To      int `json:"to,omitempty"`
	Classes int `json:"classes"`
	Rows    int `json:"rows"`
}

// Diversity is how many different values of one sensitive attribute the classes
// have: the fewest, among classes in which any is recorded.
type Diversity struct {
	Field       string `json:"field"`
	SmallestL   int    `json:"smallest_l"`    // 0 where none is recorded
	ClassesOne  int    `json:"classes_one"`   // classes in which all who have a value have the same
	RowsOne     int    `json:"rows_one"`      // rows in them
	ClassesNone int    `json:"classes_blank"` // classes in which none is recorded
}

var sizeBands = []Sizes{{From: 1, To: 1}, {From: 2, To: 2}, {From: 3, To: 4}, {From: 5, To: 9}, {From: 10, To: 19}, {From: 20, To: 49}, {From: 50}}

func (c *counter) summary(p Plan, m *merged) Summary {
	s := Summary{Sizes: slices.Clone(sizeBands)}
	c.each(m, func(rows, people int, _ []int) {
		s.Rows += rows
		s.Classes++
		if s.SmallestK == 0 || people < s.SmallestK {
			s.SmallestK = people
		}
		if people < p.K {
			s.ClassesLess++
			s.RowsLess += rows
		}
		if people == 1 {
			s.Unique += rows
		}
		for i := range s.Sizes {
			if b := &s.Sizes[i]; people >= b.From && (b.To == 0 || people <= b.To) {
				b.Classes++
				b.Rows += rows
			}
		}
	})
	return s
}

// Alternative is how many rows would be shared if some of the quasi-identifiers were
// given up, or fewer people of a kind asked for.
type Alternative struct {
	Without []string `json:"without,omitempty"` // fields
	K       int      `json:"k,omitempty"`       // instead of the plan's; 0 for the plan's
	Rows    int      `json:"rows"`
}

// mostGivenUp is how many quasi-identifiers are given up together, at most.
const mostGivenUp = 3

// alternatives says what each of so many quasi-identifiers costs, the dearest first;
// then which two and three together bring most, one added to the other, until nine
// rows in ten would be shared; and last what a smaller k would bring. The places in
// without are those of the quasi-identifiers in a key.
func (c *counter) alternatives(p Plan, n int) (out []Alternative, without [][]int) {
	enough := c.before.Rows * 9 / 10
	var given []int
	for range min(mostGivenUp, n) {
		type single struct{ place, rows int }
		var all []single
		for i := range n {
			if !slices.Contains(given, i) {
				all = append(all, single{i, c.rowsWithout(p, append(slices.Clone(given), i))})
			}
		}
		slices.SortStableFunc(all, func(a, b single) int { return cmp.Compare(b.rows, a.rows) })
		if len(given) > 0 {
			all = all[:1]
		}
		for _, s := range all {
			out, without = append(out, Alternative{Rows: s.rows}), append(without, append(slices.Clone(given), s.place))
		}
		if given = append(given, all[0].place); all[0].rows >= enough {
			break
		}
	}
	if p.K > 3 {
		p.K = 3
		out, without = append(out, Alternative{K: p.K, Rows: c.rowsWithout(p, nil)}), append(without, nil)
	}
	return out, without
}

// rowsWithout counts the rows that would be shared without some parts of the keys.
func (c *counter) rowsWithout(p Plan, without []int) (rows int) {
	to := make([]uint32, len(c.keys)) // the class that each becomes part of
	classes := make(map[string]uint32)
	var key []byte
	for i, k := range c.keys {
		key = key[:0]
		for place := 0; k != ""; place++ {
			var part string
			part, k, _ = strings.Cut(k, "\x00")
			if !slices.Contains(without, place) {
				key = append(append(key, part...), 0)
			}
		}
		n, ok := classes[string(key)]
		if !ok {
			n = uint32(len(classes))
			classes[string(key)] = n
		}
		to[i] = n
	}
	members := make([]member, len(c.members))
	for i, m := range c.members {
		members[i] = member{person: m.person, class: to[m.class]}
	}
	slices.SortFunc(members, byClass)
	people, inClass := make([]int, len(classes)), make([]int, len(classes))
	for i, m := range members {
		inClass[m.class]++
		if !c.perPeople || i == 0 || m != members[i-1] {
			people[m.class]++
		}
	}
	distinct := make([]int, len(classes)*c.attributes)
	seen := make(map[sensitive]struct{})
	for s := range c.seen {
		s.class = to[s.class]
		if _, ok := seen[s]; !ok {
			seen[s] = struct{}{}
			distinct[int(s.class)*c.attributes+int(s.attribute)]++
		}
	}
	for i, n := range inClass {
		if people[i] >= p.K && !slices.ContainsFunc(distinct[i*c.attributes:][:c.attributes], func(d int) bool { return d > 0 && d < p.L }) {
			rows += n
		}
	}
	return rows
}

func (c *counter) diversities(m *merged) []Diversity {
	out := make([]Diversity, c.attributes)
	c.each(m, func(rows, _ int, distinct []int) {
		for i, n := range distinct {
			d := &out[i]
			switch {
			case n == 0:
				d.ClassesNone++
				continue
			case n == 1:
				d.ClassesOne++
				d.RowsOne += rows
			}
			if d.SmallestL == 0 || n < d.SmallestL {
				d.SmallestL = n
			}
		}
	})
	return out
}
