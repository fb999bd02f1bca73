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

// writeSamples writes what the tests are done on: weights before and after, to
// half a kilogram (exact in binary, so that differences tie in every program
// alike) and unrounded; the service that a client was in; days until closure and
// whether it was reached.
func writeSamples(dir string, n int) error {
	rng := rand.New(rand.NewPCG(1999, 206))
	half := func(x float64) float64 { return math.Round(2*x) / 2 }
	var pre, post, finePre, finePost, group, days, event []float64
	for range n {
		a := 96 + 17*rng.NormFloat64()
		b := a - 0.02 + 5*rng.NormFloat64()
		finePre, finePost = append(finePre, a), append(finePost, b)
		pre, post = append(pre, half(a)), append(post, half(b))
		group = append(group, float64(1+rng.IntN(5)))
		t := math.Ceil(200 * rng.ExpFloat64())
		closed := 1.0
		if limit := float64(1 + rng.IntN(730)); t > limit {
			t, closed = limit, 0
		}
		days, event = append(days, t), append(event, closed)
	}
	for name, v := range map[string][]float64{
		"pre": pre, "post": post, "fine_pre": finePre, "fine_post": finePost, "group": group, "days": days, "event": event,
	} {
		if err := writeFloats(filepath.Join(dir, name+".f64"), v); err != nil {
			return err
		}
	}
	return nil
}

type samples struct {
	pre, post, finePre, finePost, group, days, event []float64
}

func readSamples(dir string) (s samples, err error) {
	for _, f := range []struct {
		name string
		into *[]float64
	}{
		{"pre", &s.pre},
		{"post", &s.post},
		{"fine_pre", &s.finePre},
		{"fine_post", &s.finePost},
		{"group", &s.group},
		{"days", &s.days},
		{"event", &s.event},
	} {
		if *f.into, err = readFloats(filepath.Join(dir, f.name+".f64")); err != nil {
			return s, fmt.Errorf("sample %s: %w", f.name, err)
		}
	}
	return s, nil
}
