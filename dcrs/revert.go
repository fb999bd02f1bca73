package dcrs

import (
	"context"
	"fmt"
	"io"
	"strconv"
)

// RevertError says why [Revert] cannot undo what was changed.
type RevertError struct {
	Problem string
	Row     int   // of the canonical extract, 0 for its header
	Column  int   // of it, from 1; 0 for none
	Offset  int64 // in the file that could not be read
}

func (e *RevertError) Error() string {
	switch {
	case e.Column > 0:
		return fmt.Sprintf("dcrs: row %d, column %d cannot be put back: %s", e.Row, e.Column, e.Problem)
	case e.Offset > 0:
		return fmt.Sprintf("dcrs: byte %d: %s", e.Offset, e.Problem)
	}
	return "dcrs: it cannot be put back: " + e.Problem
}

// Revert puts back what [Validator.Normalise] changed: from the extract that it
// wrote and the list of changes ([ListChanges], with every field named) it writes
// an extract with the headings, the columns and the cells of the file that was
// read. Quotes, line ends, delimiter and rows that were left out do not come
// back: it is the same table, not the same bytes.
//
// The list is read beside the extract, so memory does not grow with either. The
// error is a [*RevertError] where the list does not show a value that was there,
// or does not belong to the extract; or else w's, a reader's or the context's.
func Revert(ctx context.Context, canonical, changes io.Reader, w io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	v := &reverter{out: newSink(w)}
	list := make(chan []listedChange, 4)
	result := make(chan error, 1)
	go func() {
		result <- readChanges(ctx, changes, list)
		close(list)
	}()
	v.next = func() (listedChange, bool) {
		for len(v.ahead) == 0 {
			batch, ok := <-list
			if !ok {
				return listedChange{}, false
			}
			v.ahead = batch
		}
		c := v.ahead[0]
		v.ahead = v.ahead[1:]
		return c, true
	}
	err := eachRecord(ctx, canonical, v.record)
	if err == nil && v.have {
		err = &RevertError{Problem: "the list goes on behind the extract"}
	}
	cancel()
	for range list { // let the other reader end
	}
	if readErr := <-result; readErr != nil && (err == nil || v.starved) && readErr != context.Canceled {
		err = readErr
	}
	if err == nil {
		err = v.out.flush()
	}
	return err
}

// listedChange is one line of the list.
type listedChange struct {
	row, column   int
	kind          string
	shown         bool
	before, after string
}

// readChanges hands on the changes in small batches.
func readChanges(ctx context.Context, r io.Reader, list chan<- []listedChange) error {
	var batch []listedChange
	n := 0
	send := func() error {
		select {
		case list <- batch:
			batch = nil
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := eachRecord(ctx, r, func(c *cells) error {
		if n++; c.n != 9 {
			return &RevertError{Problem: "the list of changes has other columns"}
		}
		text := func(i int) string { return string(c.whole(i)) }
		if n == 1 {
			if text(0) != "row" || text(5) != "kind" || text(8) != "after" {
				return &RevertError{Problem: "the list of changes has other columns"}
			}
			return nil
		}
		row, err := strconv.Atoi(text(0))
		column, err2 := strconv.Atoi(text(3))
		if text(5) == ChangeDropped.String() {
			return &RevertError{Problem: "a column was left out"}
		}
		if err != nil || err2 != nil {
			return &RevertError{Problem: "the list of changes does not say where"}
		}
		batch = append(batch, listedChange{row: row, column: column, kind: text(5), shown: text(6) == "yes", before: text(7), after: text(8)})
		if len(batch) < 256 {
			return nil
		}
		return send()
	})
	if err == nil && len(batch) > 0 {
		err = send()
	}
	return err
}

type reverter struct {
	out     *sink
	next    func() (listedChange, bool)
	ahead   []listedChange
	current listedChange // the next that has not been undone
	have    bool
	starved bool
	row     int
	width   int
	from    []int // for each column that is written, its place in the canonical extract
	texts   [][]byte
}

func (v *reverter) advance() {
	v.current, v.have = v.next()
	v.starved = !v.have
}

// record undoes the changes of one row.
func (v *reverter) record(c *cells) error {
	if v.row == 0 {
		v.advance()
	}
	v.texts = v.texts[:0]
	for i := range c.n {
		v.texts = append(v.texts, c.whole(i))
	}
	var places map[int]int // of columns that were moved
	var added map[int]bool
	if v.row == 0 {
		places, added = make(map[int]int), make(map[int]bool)
	}
	for v.have && v.current.row <= v.row {
		x := v.current
		at := func(problem string) error { return &RevertError{Problem: problem, Row: v.row, Column: x.column} }
		if x.row < v.row || x.column < 1 || x.column > len(v.texts) || v.row > 0 && (x.kind == ChangeAdded.String() || x.kind == ChangeMoved.String()) {
			return at("the list is not in the order of the extract, or of another")
		}
		cell := &v.texts[x.column-1]
		switch x.kind {
		case ChangeAdded.String():
			added[x.column-1] = true
		case ChangeMoved.String():
			place, err := strconv.Atoi(x.before)
			if err != nil {
				return at("the list does not say where the column was")
			}
			places[x.column-1] = place - 1
		case ChangeFilled.String():
			if x.shown && string(*cell) != x.after {
				return at("the cell is not what the list says that it became")
			}
			*cell = []byte(x.before)
		case ChangeGuarded.String():
			if len(*cell) == 0 || (*cell)[0] != '\'' {
				return at("the cell is not what the list says that it became")
			}
			*cell = (*cell)[1:]
		default:
			switch {
			case !x.shown:
				return at("the list does not show what it was")
			case string(*cell) != x.after:
				return at("the cell is not what the list says that it became")
			}
			*cell = []byte(x.before)
		}
		v.advance()
	}
	if v.row == 0 {
		v.width = len(v.texts)
		v.from = make([]int, v.width-len(added))
		for i := range v.from {
			v.from[i] = -1
		}
		place := 0
		for i := range v.texts {
			if added[i] {
				continue
			}
			to, moved := places[i]
			if !moved {
				to = place
			}
			place++
			if to < 0 || to >= len(v.from) || v.from[to] >= 0 {
				return &RevertError{Problem: "the list moves two columns to one place", Column: i + 1}
			}
			v.from[to] = i
		}
	} else if len(v.texts) != v.width {
		return &RevertError{Problem: "the row has another number of cells than the header", Row: v.row, Column: 1}
	}
	v.row++
	b := v.out.buf
	start := len(b)
	for i, from := range v.from {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendPlain(b, v.texts[from])
	}
	if len(b) == start {
		b = append(b, '"', '"')
	}
	v.out.buf = append(b, '\n')
	return v.out.full()
}
