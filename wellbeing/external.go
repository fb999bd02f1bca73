package wellbeing

// External is a score that was computed elsewhere, for an instrument that this package does not score:
// most often because its owner does not allow it, as with the Patient Activation Measure, the Outcomes
// Star and the SF-12. It lets such a score travel with the others, under its own name.
type External struct {
	Instrument string
	Edition    string // may be empty
	Scale      string
	Value      Value
	Min, Max   Value
	HigherIs   Direction // may be Undirected
	Provenance string    // who computed the score, and how: "Outcomes Star online, export of March"
	Basis      Basis     // how well that is confirmed
}

// Result checks the score and returns it as a result. An [ArgumentError] says what is missing, or that
// the instrument is one of this package, whose scores are not taken from elsewhere.
func (e External) Result() (Result, error) {
	for _, p := range [][2]string{{"instrument", e.Instrument}, {"scale", e.Scale}, {"provenance", e.Provenance}} {
		if p[1] == "" {
			return Result{}, ArgumentError{Name: p[0], Why: "is empty"}
		}
	}
	if _, err := Lookup(e.Instrument); err == nil {
		return Result{}, ArgumentError{Name: "instrument", Why: "is scored by this package: score its answers"}
	}
	switch {
	case !e.Value.Known() || !e.Min.Known() || !e.Max.Known():
		return Result{}, ArgumentError{Name: "score", Why: "needs a value and both ends of its range"}
	case e.Min.Cmp(e.Max) >= 0:
		return Result{}, ArgumentError{Name: "range", Why: "is empty"}
	case e.Value.Cmp(e.Min) < 0 || e.Value.Cmp(e.Max) > 0:
		return Result{}, ArgumentError{Name: "score", Why: "lies outside its range"}
	case int(e.HigherIs) >= len(directionNames):
		return Result{}, ArgumentError{Name: "direction", Why: "is none"}
	case int(e.Basis) >= len(basisNames):
		return Result{}, ArgumentError{Name: "basis", Why: "is none"}
	}
	return Result{
		Instrument: e.Instrument, Edition: e.Edition, Provenance: e.Provenance, Policy: Elsewhere, Basis: e.Basis,
		Scores: []Score{{Scale: e.Scale, Value: e.Value, HigherIs: e.HigherIs, Min: e.Min, Max: e.Max, Basis: e.Basis}},
	}, nil
}
