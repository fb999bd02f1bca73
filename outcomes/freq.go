package outcomes

import (
	"cmp"
	"maps"
	"slices"
)

// Freq counts how often each category occurs. The zero value is ready to use and is the identity of
// Merge.
type Freq struct {
	N       int64            `json:"n"`       // rows with a category
	Missing int64            `json:"missing"` // rows without
	Counts  map[string]int64 `json:"counts,omitempty"`
}

// Add counts one row in a category.
func (f *Freq) Add(category string) {
	if f.Counts == nil {
		f.Counts = make(map[string]int64)
	}
	f.Counts[category]++
	f.N++
}

// AddMissing counts one row without a category.
func (f *Freq) AddMissing() { f.Missing++ }

// Merge adds the counts of o.
func (f *Freq) Merge(o Freq) {
	if f.Counts == nil && len(o.Counts) > 0 {
		f.Counts = make(map[string]int64, len(o.Counts))
	}
	for k, n := range o.Counts {
		f.Counts[k] += n
	}
	f.N += o.N
	f.Missing += o.Missing
}

// Categories lists the categories counted, in alphabetical order.
func (f Freq) Categories() []string { return slices.Sorted(maps.Keys(f.Counts)) }

// Wilson is the share of a category among the N rows that have one, with Wilson's interval.
func (f Freq) Wilson(category string, opts ...Option) (ProportionResult, error) {
	return Wilson(f.Counts[category], f.N, opts...)
}

// Validate reports the first [StateError] of a decoded value.
func (f Freq) Validate() error {
	bad := func(field, reason string) error { return StateError{Type: "Freq", Field: field, Reason: reason} }
	if f.N < 0 || f.N > MaxRows {
		return bad("N", "is not a possible count")
	}
	if f.Missing < 0 || f.Missing > MaxRows {
		return bad("Missing", "is not a possible count")
	}
	total := int64(0)
	for _, n := range f.Counts {
		if n < 1 || n > f.N {
			return bad("Counts", "holds a count that is below 1 or above N")
		}
		if total += n; total > f.N {
			break
		}
	}
	if total != f.N {
		return bad("Counts", "do not add up to N")
	}
	return nil
}

// Cross is a two-way table of counts. The zero value is ready to use and is the identity of Merge.
type Cross struct {
	N       int64                       `json:"n"`       // rows with both categories
	Missing int64                       `json:"missing"` // rows without one or both
	Counts  map[string]map[string]int64 `json:"counts,omitempty"`
}

// Add counts one row with a category in both directions.
func (c *Cross) Add(row, col string) { c.add(row, col, 1) }

func (c *Cross) add(row, col string, n int64) {
	if c.Counts == nil {
		c.Counts = make(map[string]map[string]int64)
	}
	m := c.Counts[row]
	if m == nil {
		m = make(map[string]int64)
		c.Counts[row] = m
	}
	m[col] += n
	c.N += n
}

// AddMissing counts one row that lacks one category or both.
func (c *Cross) AddMissing() { c.Missing++ }

// Merge adds the counts of o.
func (c *Cross) Merge(o Cross) {
	for row, m := range o.Counts {
		for col, n := range m {
			c.add(row, col, n)
		}
	}
	c.Missing += o.Missing
}

// Rows lists the row categories in alphabetical order.
func (c Cross) Rows() []string { return slices.Sorted(maps.Keys(c.Counts)) }

// Cols lists the column categories in alphabetical order.
func (c Cross) Cols() []string {
	seen := make(map[string]bool)
	for _, m := range c.Counts {
		for col := range m {
			seen[col] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// Count is how often a row and a column category met.
func (c Cross) Count(row, col string) int64 { return c.Counts[row][col] }

// Table is the counts of the given rows and columns, in that order; nil stands for all of them in
// alphabetical order.
func (c Cross) Table(rows, cols []string) Table {
	if rows == nil {
		rows = c.Rows()
	}
	if cols == nil {
		cols = c.Cols()
	}
	t := make(Table, len(rows))
	for i, r := range rows {
		t[i] = make([]int64, len(cols))
		for j, col := range cols {
			t[i][j] = c.Count(r, col)
		}
	}
	return t
}

// Validate reports the first [StateError] of a decoded value.
func (c Cross) Validate() error {
	bad := func(field, reason string) error { return StateError{Type: "Cross", Field: field, Reason: reason} }
	if c.N < 0 || c.N > MaxRows {
		return bad("N", "is not a possible count")
	}
	if c.Missing < 0 || c.Missing > MaxRows {
		return bad("Missing", "is not a possible count")
	}
	total := int64(0)
	for _, m := range c.Counts {
		if len(m) == 0 {
			return bad("Counts", "holds a row without counts")
		}
		for _, n := range m {
			if n < 1 || n > c.N {
				return bad("Counts", "holds a count that is below 1 or above N")
			}
			if total += n; total > c.N {
				return bad("Counts", "do not add up to N")
			}
		}
	}
	if total != c.N {
		return bad("Counts", "do not add up to N")
	}
	return nil
}

// Funnel counts how far people came through ordered stages, and why those who left did so. Make one with
// [NewFunnel]; the zero value has no stages and is the identity of Merge.
//
// Someone who reached a stage has reached all before it, so at every stage
// Reached = Reached of the next + Open + the sum of Left.
type Funnel struct {
	Stages  []Stage `json:"stages,omitempty"`
	Missing int64   `json:"missing"` // rows whose stage is not known
}

// Stage is one stage of a [Funnel].
type Stage struct {
	Name    string           `json:"name"`
	Reached int64            `json:"reached"`        // came this far or further
	Open    int64            `json:"open"`           // stand here and have not left
	Left    map[string]int64 `json:"left,omitempty"` // stood here last when they left, by reason
}

// NewFunnel returns an empty funnel with the given stages, first to last.
func NewFunnel(stages ...string) Funnel {
	f := Funnel{Stages: make([]Stage, len(stages))}
	for i, s := range stages {
		f.Stages[i].Name = s
	}
	return f
}

// Add counts one person whose last stage is the one at index last, and who has not left. An index
// without a stage is a [RangeError], and nothing is counted.
func (f *Funnel) Add(last int) error {
	if err := f.reach(last); err != nil {
		return err
	}
	f.Stages[last].Open++
	return nil
}

// AddLeft counts one person who left for a reason after the stage at index last. An unknown reason is
// the caller's word for it, such as "not recorded".
func (f *Funnel) AddLeft(last int, reason string) error {
	if err := f.reach(last); err != nil {
		return err
	}
	s := &f.Stages[last]
	if s.Left == nil {
		s.Left = make(map[string]int64)
	}
	s.Left[reason]++
	return nil
}

// AddMissing counts one row whose stage is not known.
func (f *Funnel) AddMissing() { f.Missing++ }

func (f *Funnel) reach(last int) error {
	if last < 0 || last >= len(f.Stages) {
		return RangeError{Argument: "stage", Got: float64(last), Min: 0, Max: float64(len(f.Stages) - 1)}
	}
	for i := range last + 1 {
		f.Stages[i].Reached++
	}
	return nil
}

// Merge adds the counts of o. Funnels with different stages give a [StagesError] and stay as they are.
func (f *Funnel) Merge(o Funnel) error {
	switch {
	case len(o.Stages) == 0:
	case len(f.Stages) == 0:
		f.Stages = make([]Stage, len(o.Stages))
		for i, s := range o.Stages {
			s.Left = maps.Clone(s.Left)
			f.Stages[i] = s
		}
	default:
		same := func(a, b Stage) int { return cmp.Compare(a.Name, b.Name) }
		if slices.CompareFunc(f.Stages, o.Stages, same) != 0 {
			return StagesError{First: f.names(), Second: o.names()}
		}
		for i, s := range o.Stages {
			t := &f.Stages[i]
			t.Reached += s.Reached
			t.Open += s.Open
			if t.Left == nil && len(s.Left) > 0 {
				t.Left = make(map[string]int64, len(s.Left))
			}
			for k, n := range s.Left {
				t.Left[k] += n
			}
		}
	}
	f.Missing += o.Missing
	return nil
}

func (f *Funnel) names() []string {
	out := make([]string, len(f.Stages))
	for i, s := range f.Stages {
		out[i] = s.Name
	}
	return out
}

// Retained is the share of those who reached stage from who also reached stage to, with Wilson's
// interval.
func (f *Funnel) Retained(from, to int, opts ...Option) (ProportionResult, error) {
	for _, i := range []int{from, to} {
		if i < 0 || i >= len(f.Stages) {
			return ProportionResult{}, RangeError{Argument: "stage", Got: float64(i), Min: 0, Max: float64(len(f.Stages) - 1)}
		}
	}
	if to < from {
		return ProportionResult{}, RangeError{Argument: "to", Got: float64(to), Min: float64(from), Max: float64(len(f.Stages) - 1)}
	}
	return Wilson(f.Stages[to].Reached, f.Stages[from].Reached, opts...)
}

// Validate reports the first [StateError] of a decoded value.
func (f *Funnel) Validate() error {
	bad := func(field, reason string) error { return StateError{Type: "Funnel", Field: field, Reason: reason} }
	if f.Missing < 0 || f.Missing > MaxRows {
		return bad("Missing", "is not a possible count")
	}
	for i, s := range f.Stages {
		next := int64(0)
		if i+1 < len(f.Stages) {
			next = f.Stages[i+1].Reached
		}
		switch {
		case s.Reached < 0 || s.Reached > MaxRows:
			return bad("Reached", "is not a possible count")
		case s.Open < 0 || s.Open > s.Reached:
			return bad("Open", "is below 0 or above Reached")
		case next < 0 || next > s.Reached:
			return bad("Reached", "is more at a stage than at the one before")
		}
		total := next + s.Open
		for _, n := range s.Left {
			if n < 1 || n > s.Reached {
				return bad("Left", "holds a count that is below 1 or above Reached")
			}
			if total += n; total > s.Reached {
				break
			}
		}
		if total != s.Reached {
			return bad("Left", "does not account for those who reached the stage")
		}
	}
	return nil
}
