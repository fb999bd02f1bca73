package outcomes

import (
	"math"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// ClinicalRule says what counts as a case and how precisely the measure measures. All figures are the
// caller's, from the instrument's own literature.
type ClinicalRule struct {
	// CutOff is the score at which somebody is a case: at or above it where LowerIsBetter (10 on the
	// PHQ-9), at or below it otherwise.
	CutOff        float64 `json:"cut_off"`
	LowerIsBetter bool    `json:"lower_is_better"`
	// SEM is the standard error of measurement; where it is 0 it is SDPre·√(1 − Reliability).
	SEM         float64 `json:"sem"`
	Reliability float64 `json:"reliability"`
	SDPre       float64 `json:"sd_pre"` // 0 stands for the SD of pre
}

// ClinicalChangeResult counts people by reliable and clinically significant change. Recovered, Improved,
// Unchanged and Deteriorated add up to N.
type ClinicalChangeResult struct {
	Method       string       `json:"method"`
	Rule         ClinicalRule `json:"rule"` // with what was filled in
	N            int64        `json:"n"`
	Cases        int64        `json:"cases"` // before: the denominator of a recovery rate
	SDifference  float64      `json:"s_difference"`
	Threshold    float64      `json:"threshold"`     // in units of the measure
	Recovered    int64        `json:"recovered"`     // reliably improved, and from case to non-case
	Improved     int64        `json:"improved"`      // reliably improved, the cut-off not crossed
	Unchanged    int64        `json:"unchanged"`     // within measurement error
	Deteriorated int64        `json:"deteriorated"`  // reliably worse
	BecameCases  int64        `json:"became_cases"`  // of the deteriorated, from non-case to case
	CrossedOnly  int64        `json:"crossed_only"`  // of the unchanged, from case to non-case
	RecoveryRate *float64     `json:"recovery_rate"` // Recovered / Cases; nil without cases
	RecoveryCI   *Interval    `json:"recovery_ci"`   // Wilson's; nil without cases
}

// ClinicalChange sorts people into the four categories of Jacobson and Truax (1991, "Clinical significance:
// a statistical approach to defining meaningful change in psychotherapy research"): recovered, improved,
// unchanged, deteriorated. A change is reliable if it is larger than 1.96·√2·SEM. It takes [Confidence],
// whose normal quantile then stands for 1.96 and whose level holds for the recovery rate.
func ClinicalChange(pre, post []float64, rule ClinicalRule, opts ...Option) (ClinicalChangeResult, error) {
	const name = "reliable and clinically significant change (Jacobson and Truax)"
	c, err := configure(optLevel, opts)
	if err != nil {
		return ClinicalChangeResult{}, err
	}
	d, err := differences(pre, post)
	if err != nil {
		return ClinicalChangeResult{}, err
	}
	switch {
	case rule.CutOff-rule.CutOff != 0:
		return ClinicalChangeResult{}, RangeError{Argument: "cut-off", Got: rule.CutOff, Min: -math.MaxFloat64, Max: math.MaxFloat64}
	case !(rule.SEM >= 0) || math.IsInf(rule.SEM, 0):
		return ClinicalChangeResult{}, RangeError{Argument: "sem", Got: rule.SEM, Min: 0, Max: math.MaxFloat64}
	case !(rule.Reliability >= 0 && rule.Reliability < 1):
		return ClinicalChangeResult{}, RangeError{Argument: "reliability", Got: rule.Reliability, Min: 0, Max: 1}
	case !(rule.SDPre >= 0) || math.IsInf(rule.SDPre, 0):
		return ClinicalChangeResult{}, RangeError{Argument: "sdPre", Got: rule.SDPre, Min: 0, Max: math.MaxFloat64}
	}
	need := 1
	if rule.SEM == 0 && rule.SDPre == 0 {
		need = 2
	}
	if len(d) < need {
		return ClinicalChangeResult{}, SizeError{Statistic: name, N: int64(len(d)), Need: int64(need)}
	}
	if rule.SEM == 0 {
		if rule.SDPre == 0 {
			if _, rule.SDPre = meanSD(pre); rule.SDPre == 0 {
				return ClinicalChangeResult{}, DegenerateError{Statistic: name, Reason: "pre does not vary"}
			}
		}
		rule.SEM = rule.SDPre * math.Sqrt(1-rule.Reliability)
	}
	r := ClinicalChangeResult{Method: name, Rule: rule, N: int64(len(d)), SDifference: math.Sqrt2 * rule.SEM}
	z := 1.96 // as published
	if c.given&optLevel != 0 {
		z = -special.NormQuantile((1 - c.level) / 2)
	}
	r.Threshold = z * r.SDifference
	if err := finiteAll(name, r.Threshold); err != nil {
		return ClinicalChangeResult{}, err
	}
	isCase := func(v float64) bool {
		if rule.LowerIsBetter {
			return v >= rule.CutOff
		}
		return v <= rule.CutOff
	}
	for i, v := range d {
		before, after := isCase(pre[i]), isCase(post[i])
		if before {
			r.Cases++
		}
		if rule.LowerIsBetter {
			v = -v
		}
		switch {
		case v > r.Threshold && before && !after:
			r.Recovered++
		case v > r.Threshold:
			r.Improved++
		case v < -r.Threshold:
			r.Deteriorated++
			if !before && after {
				r.BecameCases++
			}
		default:
			r.Unchanged++
			if before && !after {
				r.CrossedOnly++
			}
		}
	}
	if r.Cases > 0 {
		p, err := Wilson(r.Recovered, r.Cases, Confidence(c.level))
		if err != nil {
			return ClinicalChangeResult{}, err
		}
		r.RecoveryRate, r.RecoveryCI = &p.Estimate, &p.CI
	}
	return r, nil
}

// ClinicalCutOff is criterion c of Jacobson and Truax (1991): the score between the mean of people with the
// condition and that of people without, weighted so that it lies as many SDs from the one as from the
// other.
func ClinicalCutOff(clinical, general Summary) (float64, error) {
	const name = "cut-off (criterion c of Jacobson and Truax)"
	if err := finiteAll(name, clinical.Mean, clinical.SD, general.Mean, general.SD); err != nil {
		return 0, err
	}
	if clinical.SD < 0 || general.SD < 0 || clinical.SD == 0 && general.SD == 0 {
		return 0, DegenerateError{Statistic: name, Reason: "the scores do not vary"}
	}
	w := clinical.SD / 2 / (clinical.SD/2 + general.SD/2) // of which the sum cannot overflow
	cut := clinical.Mean + w*(general.Mean-clinical.Mean)
	return cut, finiteAll(name, cut)
}
