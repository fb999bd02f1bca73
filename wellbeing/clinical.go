package wellbeing

import "math"

// Cutoff returns the named cut-off of the instrument, a [NameError], or an [UnverifiedError] for one
// that rests on memory alone where [AllowUnverified] is not among the options.
func (in *Instrument) Cutoff(name string, opts ...Option) (Cutoff, error) {
	c, err := in.configure(opts)
	if err != nil {
		return Cutoff{}, err
	}
	for _, x := range in.def.Cutoffs {
		if x.Name != name {
			continue
		}
		if x.Source.Basis == Remembered && !c.unverified {
			return Cutoff{}, UnverifiedError{Instrument: in.def.Name, What: "cut-off " + name}
		}
		return x, nil
	}
	return Cutoff{}, NameError{Kind: "cut-off", Name: name}
}

// Norms are the means and standard deviations of a scale in a clinical and in the general population.
type Norms struct {
	ClinicalMean, ClinicalSD float64
	GeneralMean, GeneralSD   float64
	Source                   Source // a citation is required
}

// Boundary is one of the three cut-offs that Jacobson and Truax (1991) propose between a clinical and
// the general population.
type Boundary string

const (
	// BoundaryA lies two standard deviations from the clinical mean, towards health. It needs only the
	// clinical norms.
	BoundaryA Boundary = "a"
	// BoundaryB lies two standard deviations from the general mean, towards illness. It needs only the
	// general norms.
	BoundaryB Boundary = "b"
	// BoundaryC lies between both means, weighted by the standard deviations. It needs both norms.
	BoundaryC Boundary = "c"
)

// ClinicalCutoff returns the cut-off of Jacobson and Truax for a scale, from norms of the caller's; a
// score on it counts as clinical still. It is computed in floating point and rounded once, to 6
// decimal places. Errors: [NameError], [ArgumentError].
func (in *Instrument) ClinicalCutoff(scale string, which Boundary, n Norms) (Cutoff, error) {
	if in == nil {
		return Cutoff{}, ArgumentError{Name: "instrument", Why: "is nil"}
	}
	for _, s := range in.def.Scales {
		if s.Name == scale {
			return n.cutoff(s, which)
		}
	}
	return Cutoff{}, NameError{Kind: "scale", Name: scale}
}

func (n Norms) cutoff(s Scale, which Boundary) (Cutoff, error) {
	// Towards health is downwards where higher is worse.
	up, comparator := 1.0, AtMost
	switch s.HigherIs {
	case HigherIsBetter:
	case HigherIsWorse:
		up, comparator = -1, AtLeast
	default:
		return Cutoff{}, ArgumentError{Name: "scale " + s.Name, Why: "has no good end"}
	}
	usable := func(mean, sd float64) bool {
		return math.Abs(mean) <= 1e6 && sd > 0 && sd <= 1e6 // false for NaN
	}
	clinical, general := usable(n.ClinicalMean, n.ClinicalSD), usable(n.GeneralMean, n.GeneralSD)
	var at float64
	switch {
	case n.Source.Citation == "":
		return Cutoff{}, ArgumentError{Name: "norms", Why: "have no citation"}
	case which == BoundaryA && clinical:
		at = n.ClinicalMean + up*2*n.ClinicalSD
	case which == BoundaryB && general:
		at = n.GeneralMean - up*2*n.GeneralSD
	case which == BoundaryC && clinical && general:
		if (n.GeneralMean-n.ClinicalMean)*up <= 0 {
			return Cutoff{}, ArgumentError{Name: "norms", Why: "put the clinical mean on the healthy side of the general one"}
		}
		at = (n.GeneralSD*n.ClinicalMean + n.ClinicalSD*n.GeneralMean) / (n.GeneralSD + n.ClinicalSD)
	case which == BoundaryA || which == BoundaryB || which == BoundaryC:
		return Cutoff{}, ArgumentError{Name: "norms", Why: "lack a mean, or a standard deviation above 0, that this boundary needs"}
	default:
		return Cutoff{}, NameError{Kind: "boundary", Name: string(which)}
	}
	return Cutoff{
		Name: "clinical boundary " + string(which), Scale: s.Name, Comparator: comparator,
		Threshold: ratio(int64(math.Round(at*1e6)), 1e6), Meaning: "clinical range (Jacobson and Truax 1991)", Source: n.Source,
	}, nil
}

// Recovery joins reliable change and the clinical range.
type Recovery string

const (
	// Recovered is reliably improved, from inside the clinical range to outside.
	Recovered Recovery = "recovered"
	// ReliablyImproved is reliably improved, but not across the cut-off.
	ReliablyImproved Recovery = "reliably improved"
	// Unchanged is no reliable change.
	Unchanged Recovery = "unchanged"
	// ReliablyDeteriorated is reliably worse.
	ReliablyDeteriorated Recovery = "reliably deteriorated"
)

// Recovery judges a change against a cut-off whose met side is the clinical range: one of the
// instrument's own ([Instrument.Cutoff]) or of [Instrument.ClinicalCutoff]. An [ArgumentError] says
// that the change was not judged, or that the cut-off is on another scale.
func (c Change) Recovery(cutoff Cutoff) (Recovery, error) {
	if cutoff.Scale != c.Scale || !cutoff.Threshold.Known() {
		return "", ArgumentError{Name: "cut-off " + cutoff.Name, Why: "is not on the scale of the change"}
	}
	switch c.Outcome {
	case NoReliableChange:
		return Unchanged, nil
	case Deteriorated:
		return ReliablyDeteriorated, nil
	case Improved:
		if cutoff.Met(c.Before) && !cutoff.Met(c.After) {
			return Recovered, nil
		}
		return ReliablyImproved, nil
	}
	return "", ArgumentError{Name: "change", Why: "was not judged"}
}

// Met reports whether a score meets the cut-off; no value meets none.
func (c Cutoff) Met(v Value) bool { return c.Comparator.met(v, c.Threshold) }
