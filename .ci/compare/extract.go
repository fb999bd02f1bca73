package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

const extractAsOf = "2024-12-31"

// cleanExtract copies the extract without the records that cannot be taken apart
// (a stray quote, a cell too many), of which every program makes something else.
// Everything else that is wrong stays.
func cleanExtract(from, dir string) error {
	v, err := newValidator()
	if err != nil {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	bad := make(map[int]bool)
	if _, err := v.Validate(context.Background(), "extract", in, func(f dcrs.Finding) error {
		if f.Rule == "file/quote" || f.Rule == "file/row-length" {
			bad[f.Line] = true
		}
		return nil
	}); err != nil {
		return err
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return err
	}
	out, err := os.Create(filepath.Join(dir, "clean.csv"))
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(out, 1<<20)
	r := bufio.NewReaderSize(in, 1<<20)
	for line := 1; ; line++ {
		text, err := r.ReadBytes('\n')
		if !bad[line] {
			if _, err := w.Write(text); err != nil {
				return errors.Join(err, out.Close())
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return errors.Join(err, out.Close())
		}
	}
	return errors.Join(w.Flush(), out.Close())
}

func newValidator(options ...dcrs.Option) (*dcrs.Validator, error) {
	asOf, err := hte.ParseDate(extractAsOf)
	if err != nil {
		return nil, err
	}
	return dcrs.NewValidator(dcrs.Episodes(), asOf, options...)
}

// extractContestant reads and checks the extract with package dcrs, and measures
// how far other ways of merely reading it are.
func extractContestant(dir string) (contestant, error) {
	name := filepath.Join(dir, "clean.csv")
	c := make(contestant)
	_, sqlRules := extractQuery(dcrs.Episodes(), extractAsOf, "t")
	for _, w := range []struct {
		suffix  string
		workers int
	}{{"1", 1}, {"2", 2}} {
		all, err := newValidator(dcrs.Workers(w.workers))
		if err != nil {
			return nil, err
		}
		// NHS numbers of the 999 range stand on nearly every row here and in no real
		// extract: a finding for each, which costs more than all others together.
		numbers, err := newValidator(dcrs.Workers(w.workers), dcrs.Severity("client/nhs-number-test-range", dcrs.Off))
		if err != nil {
			return nil, err
		}
		options := []dcrs.Option{dcrs.Workers(w.workers)}
		wanted := make(map[string]bool)
		for _, r := range sqlRules {
			wanted[r] = true
		}
		for r := range dcrs.Episodes().Rules() {
			if !wanted[r.ID] {
				options = append(options, dcrs.Severity(r.ID, dcrs.Off))
			}
		}
		same, err := newValidator(options...)
		if err != nil {
			return nil, err
		}
		for variant, v := range map[string]*dcrs.Validator{"findings": all, "numbers": numbers, "kept": same} {
			c[variant+w.suffix+" check"] = func() (task, error) { return keepFindings(v, name, sqlRules) }
		}
		for variant, v := range map[string]*dcrs.Validator{"counts": all, "same": same} {
			c[variant+w.suffix+" check"] = func() (task, error) {
				report, err := validate(v, name, nil)
				return func() ([]float64, error) { return countsOf(report, sqlRules) }, err
			}
		}
	}
	c["count check"] = func() (task, error) {
		n, err := countSeparators(name)
		return floats(float64(n)), err
	}
	c["loop check"] = func() (task, error) {
		n, err := loopCells(name)
		return floats(float64(n)), err
	}
	for variant, how := range map[string]struct{ tuned, keep bool }{"plain": {}, "plainkept": {keep: true}, "tuned": {tuned: true}} {
		c[variant+" check"] = func() (task, error) {
			counts, err := plainCounts(name, how.tuned, how.keep)
			return func() (out []float64, _ error) {
				for _, id := range sqlRules {
					out = append(out, float64(counts[id]))
				}
				return out, nil
			}, err
		}
	}
	c["csv check"] = func() (task, error) {
		n, err := csvCells(name)
		return floats(float64(n)), err
	}
	return c, nil
}

// keepFindings validates a file and keeps every finding, in pieces, so that growing
// never copies them.
func keepFindings(v *dcrs.Validator, name string, rules []string) (task, error) {
	var findings [][]dcrs.Finding
	report, err := validate(v, name, func(f dcrs.Finding) error {
		last := len(findings) - 1
		if last < 0 || len(findings[last]) == cap(findings[last]) {
			findings = append(findings, make([]dcrs.Finding, 0, 1<<12))
			last++
		}
		findings[last] = append(findings[last], f)
		return nil
	})
	return func() ([]float64, error) {
		seen := make(map[string]float64)
		for _, piece := range findings {
			for _, f := range piece {
				seen[f.Rule]++
			}
		}
		for _, r := range report.Rules {
			if seen[r.Rule] != float64(r.Count) {
				return nil, fmt.Errorf("%s: %v findings handed over, %d counted", r.Rule, seen[r.Rule], r.Count)
			}
		}
		return countsOf(report, rules)
	}, err
}

func validate(v *dcrs.Validator, name string, each func(dcrs.Finding) error) (*dcrs.Report, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return v.Validate(context.Background(), "extract", f, each)
}

func countsOf(report *dcrs.Report, rules []string) (out []float64, err error) {
	for _, id := range rules {
		r, ok := report.Rule(id)
		if !ok {
			return nil, fmt.Errorf("no rule %q", id)
		}
		out = append(out, float64(r.Count))
	}
	return out, nil
}

const pieceSize = 1 << 20

// pieces calls each with the bytes of a file, a piece at a time.
func pieces(name string, each func([]byte)) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	buf := make([]byte, pieceSize)
	for {
		n, err := f.Read(buf)
		each(buf[:n])
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// countSeparators counts commas and line ends, and so cells: the file holds no
// quotes around either.
func countSeparators(name string) (n int, err error) {
	err = pieces(name, func(b []byte) { n += bytes.Count(b, []byte{','}) + bytes.Count(b, []byte{'\n'}) })
	return n, err
}

// loopCells finds where every cell ends, byte by byte, and keeps the places for
// a record.
func loopCells(name string) (n int, err error) {
	var ends [256]uint32
	k := 0
	err = pieces(name, func(b []byte) {
		for i, c := range b {
			if c != ',' && c != '\n' {
				continue
			}
			ends[k&255] = uint32(i)
			k++
			if c == '\n' {
				n += k
				k = 0
			}
		}
	})
	return n, err
}

// csvCells parses the file with encoding/csv, the record reused.
func csvCells(name string) (n int, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	r := csv.NewReader(bufio.NewReaderSize(f, pieceSize))
	r.ReuseRecord = true
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return 0, err
		}
		n += len(record)
	}
}
