package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"unsafe"
)

// The data are the same for every program: forms as one byte an answer, column
// after column, -1 for a blank; samples as 64-bit floats.

// form is an instrument that is scored, as the programs other than ours need to
// know it.
type form struct {
	name     string
	items    int
	min, max int
}

var forms = []form{
	{"who5", 5, 0, 5},
	{"swemwbs", 7, 1, 5},
	{"phq9", 9, 0, 3},
}

// writeForms writes answers of which one in a hundred is blank and, where odd is
// asked for, one in a thousand is a code that the item does not have.
func writeForms(dir string, rows int, odd bool) error {
	rng := rand.New(rand.NewPCG(2013, 4))
	for _, f := range forms {
		b := make([]byte, f.items*rows)
		for i := range b {
			switch n := rng.IntN(1000); {
			case n < 10:
				b[i] = 0xff
			case n == 10 && odd:
				b[i] = 9
			default:
				b[i] = byte(f.min + rng.IntN(f.max-f.min+1))
			}
		}
		if err := os.WriteFile(filepath.Join(dir, f.name+".i8"), b, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// readForms returns the columns of an instrument.
func readForms(dir string, f form) ([][]int8, error) {
	b, err := os.ReadFile(filepath.Join(dir, f.name+".i8"))
	if err != nil {
		return nil, err
	}
	rows := len(b) / f.items
	columns := make([][]int8, f.items)
	for j := range columns {
		columns[j] = unsafe.Slice((*int8)(unsafe.Pointer(&b[j*rows])), rows)
	}
	return columns, nil
}

// writeSamples writes what the tests are done on, column by column.
//
//   - pre, post: weights before and after, to half a kilogram (exact in binary, so that differences tie in every
//     program alike); fine_pre, fine_post: the same unrounded;
//   - group: the service, 1 to 5; sex, 1 or 2; quintile of deprivation, 1 to 5; age;
//   - days, event: until closure, and whether it was reached; cause: 0 for still open, 1 completed, 2 lost;
//   - done: 1 for who completed a plan, which hangs on the four above;
//   - p: p-values, a fifth of them of effects that are there; item1 to item5: answers 0 to 5 to one scale.
func writeSamples(dir string, n int) error {
	rng := rand.New(rand.NewPCG(1999, 206))
	half := func(x float64) float64 { return math.Round(2*x) / 2 }
	columns := make(map[string][]float64)
	add := func(name string, v float64) { columns[name] = append(columns[name], v) }
	for range n {
		a := 96 + 17*rng.NormFloat64()
		b := a - 0.02 + 5*rng.NormFloat64()
		add("fine_pre", a)
		add("fine_post", b)
		add("pre", half(a))
		add("post", half(b))
		add("group", float64(1+rng.IntN(5)))
		t := math.Ceil(200 * rng.ExpFloat64())
		closed := 1.0
		if limit := float64(1 + rng.IntN(730)); t > limit {
			t, closed = limit, 0
		}
		add("days", t)
		add("event", closed)
	}
	rng = rand.New(rand.NewPCG(2013, 133)) // of its own, so that what is above stays as it was
	for i := range n {
		sex, quintile, age := 1+rng.IntN(2), 1+rng.IntN(5), 18+rng.IntN(63)
		add("sex", float64(sex))
		add("quintile", float64(quintile))
		add("age", float64(age))
		add("cause", columns["event"][i]*float64(1+min(1, rng.IntN(5)/3)))
		odds := math.Exp(-0.4 + 0.15*float64(sex) + 0.1*float64(quintile) + 0.01*(float64(age)-45) - 0.004*(columns["pre"][i]-96))
		done := 0.0
		if rng.Float64() < odds/(1+odds) {
			done = 1
		}
		add("done", done)
		p := rng.Float64()
		if rng.IntN(5) == 0 {
			p = math.Pow(p, 6)
		}
		add("p", p)
		well := rng.NormFloat64()
		for j := range items {
			add(fmt.Sprintf("item%d", j+1), math.Max(0, math.Min(5, math.Round(2.5+1.1*well+rng.NormFloat64()))))
		}
	}
	for name, v := range columns {
		if err := writeFloats(filepath.Join(dir, name+".f64"), v); err != nil {
			return err
		}
	}
	return nil
}

const items = 5 // of the scale

// samples are the columns by name.
type samples map[string][]float64

func readSamples(dir string) (samples, error) {
	s := make(samples)
	names := []string{
		"pre", "post", "fine_pre", "fine_post", "group", "days", "event", "sex", "quintile", "age", "cause", "done", "p",
	}
	for j := range items {
		names = append(names, fmt.Sprintf("item%d", j+1))
	}
	for _, name := range names {
		var err error
		if s[name], err = readFloats(filepath.Join(dir, name+".f64")); err != nil {
			return nil, fmt.Errorf("sample %s: %w", name, err)
		}
	}
	return s, nil
}

// codes are a column of small whole numbers.
func (s samples) codes(name string) []int8 {
	out := make([]int8, len(s[name]))
	for i, v := range s[name] {
		out[i] = int8(v)
	}
	return out
}
