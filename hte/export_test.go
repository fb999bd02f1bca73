package hte

// What the tests need to see of the tables.

// ZeroData returns the zero value of a kind's data.
func ZeroData(k Kind) Data { return kinds[k].zero }

// ListOf returns the codes that a value of a coded type may hold.
func ListOf(v any) ([]Code, bool) {
	c, ok := v.(interface{ list() *CodeList })
	if !ok {
		return nil, false
	}
	return c.list().Codes, true
}

// Problem returns the first member of the data that is not as it should be.
func Problem(d Data) string { return d.problem() }
