package wellbeing

import (
	"errors"
	"fmt"
	"math"
)

// GoalRating is one goal of a personal health plan, rated for Goal Attainment Scaling.
type GoalRating struct {
	// Attained is the rating: -2 much less than expected, -1 less, 0 as expected, 1 more, 2 much more.
	Attained Response
	// Weight is the goal's weight, at least 1; 0 in every goal stands for equal weights.
	Weight int
}

// GoalAttainment returns the T score of Kiresuk and Sherman (1968, Community Mental Health Journal
// 4:443-453), with their correlation of 0.3 between goals:
//
//	T = 50 + 10 Σwx / √(0.7 Σw² + 0.3 (Σw)²)
//
// 50 is attainment as expected; higher is better. It is computed in floating point, for the square
// root's sake, and rounded once, to 6 decimal places.
//
// Every goal has to be rated: otherwise the errors are joined, one for each goal, whose item is "goal 1"
// and so on ([MissingError], [RefusedError], [NotApplicableError], [RangeError]). No goal, or weights for
// some goals only, is an [ArgumentError].
func GoalAttainment(goals ...GoalRating) (Value, error) {
	if len(goals) == 0 {
		return Value{}, ArgumentError{Name: "goals", Why: "are none"}
	}
	var errs []error
	var weighted, sum, squares float64
	equal := goals[0].Weight == 0
	for i, g := range goals {
		item := fmt.Sprint("goal ", i+1)
		if (g.Weight == 0) != equal || g.Weight < 0 || g.Weight > 1e6 {
			errs = append(errs, ArgumentError{Name: "weight of " + item, Why: "is neither from 1 to a million nor 0 in every goal"})
		}
		x, ok := g.Attained.Code()
		switch {
		case !ok && g.Attained == Refused():
			errs = append(errs, RefusedError{Item: item})
		case !ok && g.Attained == NotApplicable():
			errs = append(errs, NotApplicableError{Item: item})
		case !ok && g.Attained == Unreadable():
			errs = append(errs, SyntaxError{Item: item})
		case !ok:
			errs = append(errs, MissingError{Item: item})
		case x < -2 || x > 2:
			errs = append(errs, RangeError{Item: item, Got: x, Min: -2, Max: 2})
		}
		w := float64(g.Weight)
		if equal {
			w = 1
		}
		weighted, sum, squares = weighted+w*float64(x), sum+w, squares+w*w
	}
	if errs != nil {
		return Value{}, errors.Join(errs...)
	}
	const rho = 0.3
	t := 50 + 10*weighted/math.Sqrt((1-rho)*squares+rho*sum*sum)
	return ratio(int64(math.Round(t*1e6)), 1e6), nil
}
