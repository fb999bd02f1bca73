package main

import (
	"errors"
	"fmt"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// rciName names a formula that is no questionnaire: the reliable change index of Jacobson and Truax
// at 95 %, from the standard deviation and the reliability of a scale.
const rciName = "RCI95 Jacobson-Truax"

var rciItems = []string{"sd", "reliability"}

// rci returns the smallest change beyond measurement error, and else why there is none.
func rci(cells []string) (wellbeing.Value, error) {
	if len(cells) != len(rciItems) {
		return wellbeing.Value{}, wellbeing.LengthError{Got: len(cells), Want: len(rciItems)}
	}
	var numbers [2]float64
	var errs []error
	for i, c := range cells {
		v, err := wellbeing.ParseValue(c)
		switch {
		case c == "" || c == ".":
			err = wellbeing.MissingError{Item: rciItems[i]}
		case err != nil:
			err = fmt.Errorf("%s is %w", rciItems[i], err)
		}
		if err != nil {
			errs = append(errs, err)
		}
		numbers[i] = v.Float64()
	}
	if errs != nil {
		return wellbeing.Value{}, errors.Join(errs...)
	}
	return wellbeing.Precision{
		SD: numbers[0], Reliability: numbers[1], Source: wellbeing.Source{Citation: "given with the case"},
	}.Threshold()
}
