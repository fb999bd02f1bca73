package main

import (
	"fmt"
	"math"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// formsContestant scores the forms with package wellbeing, on one core. The
// columns hold one byte an answer; R has no integer of less than four.
func formsContestant(dir string) (contestant, error) {
	c := make(contestant)
	for _, f := range forms {
		columns, err := readForms(dir, f)
		if err != nil {
			return nil, err
		}
		rows := len(columns[0])
		in, scale := instrument(f.name)
		scorer, err := in.Scorer()
		if err != nil {
			return nil, err
		}
		values := make([]wellbeing.Value, rows)
		floats := func() []float64 {
			out := make([]float64, rows)
			for i, v := range values {
				out[i] = v.Float64()
			}
			return out
		}
		score := func() error {
			_, err := wellbeing.ScoreColumns(scorer, scale, values, columns...)
			return err
		}
		if f.name != "phq9" {
			c["score "+f.name] = func() (task, error) {
				return func() ([]float64, error) { return floats(), nil }, score()
			}
			continue
		}
		bands, err := bandSet(in, "band")
		if err != nil {
			return nil, err
		}
		labels := make([]string, rows)
		c["score phq9"] = func() (task, error) {
			if err := score(); err != nil {
				return nil, err
			}
			if err := bands.LabelColumn(labels, values); err != nil {
				return nil, err
			}
			return func() ([]float64, error) {
				number := make(map[string]float64)
				for i, b := range bands.Bands {
					number[b.Label] = float64(i + 1)
				}
				out := floats()
				for _, l := range labels {
					n, ok := number[l]
					if !ok {
						n = math.NaN()
					}
					out = append(out, n)
				}
				return out, nil
			}, nil
		}
	}
	return c, nil
}

func instrument(name string) (in *wellbeing.Instrument, scale string) {
	switch name {
	case "who5":
		return wellbeing.WHO5(), "percent"
	case "swemwbs":
		return wellbeing.SWEMWBS(), "metric"
	}
	return wellbeing.PHQ9(), "total"
}

func bandSet(in *wellbeing.Instrument, name string) (wellbeing.BandSet, error) {
	for _, b := range in.Definition().BandSets {
		if b.Name == name {
			return b, nil
		}
	}
	return wellbeing.BandSet{}, fmt.Errorf("%s has no bands %q", in.Name(), name)
}
