package outcomes

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/healthtrainer/healthtrainer/outcomes/internal/special"
)

// Spell is one person's time under observation, in days or any other unit from a common start.
type Spell struct {
	Time  float64 `json:"time"`
	Event bool    `json:"event"` // false: still under way at Time (censored)
}

// SurvivalTransform is the scale on which an interval around a survival curve is made.
type SurvivalTransform int

const (
	LogSurvival    SurvivalTransform = iota // log, R's default
	PlainSurvival                           // untransformed
	LogLogSurvival                          // log(−log), never outside 0 to 1
)

func (s SurvivalTransform) String() string {
	switch s {
	case LogSurvival:
		return "log"
	case PlainSurvival:
		return "plain"
	case LogLogSurvival:
		return "log-log"
	}
	return "unknown"
}

// SurvivalPoint is the curve from one time to the next.
type SurvivalPoint struct {
	Time     float64 `json:"time"`
	AtRisk   int64   `json:"at_risk"`
	Events   int64   `json:"events"`
	Censored int64   `json:"censored"`
	Survival float64 `json:"survival"`
	// Greenwood's standard error of Survival. Undefined (nil) where nobody is left.
	SE *float64 `json:"se,omitempty"`
	// CumulativeHazard is Nelson and Aalen's.
	CumulativeHazard float64 `json:"cumulative_hazard"`
	// CI is nil where nobody is left, and for the log and log-log scales where it is not defined.
	CI *Interval `json:"ci,omitempty"`
}

// SurvivalCurve is Kaplan and Meier's estimate.
type SurvivalCurve struct {
	Method string          `json:"method"`
	N      int64           `json:"n"`
	Events int64           `json:"events"`
	Level  float64         `json:"level"`
	Points []SurvivalPoint `json:"points"` // one for each distinct time, ascending
}

// spellTimes are the times of spells, which there must be.
func spellTimes(name string, spells []Spell) ([]float64, error) {
	if len(spells) < 1 {
		return nil, SizeError{Statistic: name, N: 0, Need: 1}
	}
	times := make([]float64, len(spells))
	for i, v := range spells {
		if v.Time-v.Time != 0 {
			return nil, NotFiniteError{Argument: "spells", Index: i}
		}
		if v.Time < 0 {
			return nil, RangeError{Argument: "time", Got: v.Time, Min: 0, Max: math.MaxFloat64}
		}
		times[i] = v.Time
	}
	return times, nil
}

func sortSpells(name string, spells []Spell) ([]Spell, error) {
	times, err := spellTimes(name, spells)
	if err != nil {
		return nil, err
	}
	s := make([]Spell, len(spells))
	for i, k := range ascending(times) {
		s[i] = spells[k]
	}
	return s, nil
}

// distinctTimes is how many times sorted spells have.
func distinctTimes[S any](sorted []S, time func(S) float64) int {
	n := 0
	for i, v := range sorted {
		if i == 0 || time(v) != time(sorted[i-1]) {
			n++
		}
	}
	return n
}

// KaplanMeier is the Kaplan–Meier curve with Greenwood's standard errors and intervals on the scale given,
// as survfit in R's survival package. An event and a censoring at the same time count the censored
// person as at risk. It takes [Confidence].
func KaplanMeier(spells []Spell, scale SurvivalTransform, opts ...Option) (SurvivalCurve, error) {
	const name = "Kaplan–Meier"
	c, err := configure(optLevel, opts)
	if err != nil {
		return SurvivalCurve{}, err
	}
	if scale < LogSurvival || scale > LogLogSurvival {
		return SurvivalCurve{}, RangeError{Argument: "scale", Got: float64(scale), Min: 0, Max: 2}
	}
	s, err := sortSpells(name, spells)
	if err != nil {
		return SurvivalCurve{}, err
	}
	z := -special.NormQuantile((1 - c.level) / 2)
	out := SurvivalCurve{Method: "Kaplan–Meier, Greenwood's variance, " + scale.String() + " intervals", N: int64(len(s)), Level: c.level}
	surv, green, hazard := 1.0, 0.0, 0.0
	// What the points point to is set aside in two pieces, not in two for each.
	times := distinctTimes(s, func(v Spell) float64 { return v.Time })
	out.Points = make([]SurvivalPoint, 0, times)
	errors, intervals := make([]float64, 0, times), make([]Interval, 0, times)
	for i := 0; i < len(s); {
		p := SurvivalPoint{Time: s[i].Time, AtRisk: int64(len(s) - i)}
		for ; i < len(s) && s[i].Time == p.Time; i++ {
			if s[i].Event {
				p.Events++
			} else {
				p.Censored++
			}
		}
		n, d := float64(p.AtRisk), float64(p.Events)
		surv *= (n - d) / n
		hazard += d / n
		out.Events += p.Events
		p.Survival, p.CumulativeHazard = surv, hazard
		if n > d {
			green += d / (n * (n - d))
		} else {
			green = math.Inf(1)
		}
		if !math.IsInf(green, 1) {
			se := math.Sqrt(green)
			errors = append(errors, se*surv)
			p.SE = &errors[len(errors)-1]
			if ci, ok := survivalInterval(surv, se, z, c.level, scale); ok {
				intervals = append(intervals, ci)
				p.CI = &intervals[len(intervals)-1]
			}
		}
		out.Points = append(out.Points, p)
	}
	return out, nil
}

// survivalInterval takes the standard error of log survival.
func survivalInterval(s, se, z, level float64, scale SurvivalTransform) (ci Interval, ok bool) {
	ci = Interval{Level: level, Low: s, High: s, Method: scale.String()}
	switch {
	case scale == PlainSurvival:
		ci.Low, ci.High = math.Max(0, s-z*se*s), math.Min(1, s+z*se*s)
	case scale == LogSurvival:
		ci.Low, ci.High = s*math.Exp(-z*se), math.Min(1, s*math.Exp(z*se))
	case s >= 1: // log(−log 1) has no end
		return ci, false
	default:
		w := z * se / math.Log(s)
		ci.Low, ci.High = math.Pow(s, math.Exp(-w)), math.Pow(s, math.Exp(w))
	}
	return ci, true
}

// SurvivalQuantile is the time by which a share of people have had the event, with its interval.
type SurvivalQuantile struct {
	Probability float64  `json:"probability"`
	Time        *float64 `json:"time"` // nil: not reached
	Low         *float64 `json:"low"`
	High        *float64 `json:"high"`
}

// Quantile is the first time at which the curve falls to 1 − p or below; where it runs level with 1 − p,
// the middle of that stretch. The limits are the same of the limits of the curve, as R's
// quantile.survfit does.
func (c SurvivalCurve) Quantile(p float64) (SurvivalQuantile, error) {
	if !(p > 0 && p < 1) {
		return SurvivalQuantile{}, RangeError{Argument: "p", Got: p, Min: 0, Max: 1}
	}
	target := 1 - p
	find := func(at func(SurvivalPoint) (float64, bool)) *float64 {
		const fuzz = 1.4901161193847656e-08 // R's sqrt(.Machine$double.eps)
		for i, pt := range c.Points {
			v, ok := at(pt)
			if !ok || v > target+fuzz {
				continue
			}
			t := pt.Time
			if math.Abs(v-target) <= fuzz {
				for _, later := range c.Points[i+1:] {
					w, ok := at(later)
					if !ok {
						break
					}
					if w < target-fuzz {
						t = pt.Time/2 + later.Time/2 // of which the sum cannot overflow
						break
					}
				}
			}
			return &t
		}
		return nil
	}
	return SurvivalQuantile{
		Probability: p,
		Time:        find(func(p SurvivalPoint) (float64, bool) { return p.Survival, true }),
		Low:         find(func(p SurvivalPoint) (float64, bool) { return lowOf(p) }),
		High:        find(func(p SurvivalPoint) (float64, bool) { return highOf(p) }),
	}, nil
}

func lowOf(p SurvivalPoint) (float64, bool) {
	if p.CI == nil {
		return 0, false
	}
	return p.CI.Low, true
}

func highOf(p SurvivalPoint) (float64, bool) {
	if p.CI == nil {
		return 0, false
	}
	return p.CI.High, true
}

// RestrictedMeanResult is the mean time up to a horizon.
type RestrictedMeanResult struct {
	Method   string   `json:"method"`
	Horizon  float64  `json:"horizon"`
	Estimate float64  `json:"estimate"`
	SE       float64  `json:"se"`
	CI       Interval `json:"ci"`
}

// RestrictedMean is the area under the curve up to a horizon: the mean time without the event in that
// period, as R's print(survfit(…), rmean = horizon). A horizon beyond the last time is a [RangeError].
func (c SurvivalCurve) RestrictedMean(horizon float64) (RestrictedMeanResult, error) {
	const name = "restricted mean time"
	if len(c.Points) == 0 {
		return RestrictedMeanResult{}, SizeError{Statistic: name, N: 0, Need: 1}
	}
	if last := c.Points[len(c.Points)-1].Time; !(horizon > 0 && horizon <= last) {
		return RestrictedMeanResult{}, RangeError{Argument: "horizon", Got: horizon, Min: 0, Max: last}
	}
	// areas of the steps, then the area still to come from each point
	var starts, heights []float64
	at, height := 0.0, 1.0
	for _, p := range c.Points {
		if p.Time >= horizon {
			break
		}
		starts, heights = append(starts, at), append(heights, height)
		at, height = p.Time, p.Survival
	}
	starts, heights = append(starts, at), append(heights, height)
	area := make([]float64, len(starts)+1)
	for i := len(starts) - 1; i >= 0; i-- {
		end := horizon
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		area[i] = area[i+1] + heights[i]*(end-starts[i])
	}
	v := 0.0
	for i, p := range c.Points {
		if i+1 >= len(area) || p.Time >= horizon {
			break
		}
		n, d := float64(p.AtRisk), float64(p.Events)
		if n > d {
			v += area[i+1] * area[i+1] * d / (n * (n - d))
		}
	}
	r := RestrictedMeanResult{Method: name, Horizon: horizon, Estimate: area[0], SE: math.Sqrt(v)}
	z := -special.NormQuantile((1 - c.Level) / 2)
	r.CI = Interval{Level: c.Level, Low: r.Estimate - z*r.SE, High: r.Estimate + z*r.SE, Method: "normal"}
	if err := finiteAll(name, r.Estimate, r.SE, r.CI.Low, r.CI.High); err != nil {
		return RestrictedMeanResult{}, err
	}
	return r, nil
}

// LogRankResult compares survival between groups.
type LogRankResult struct {
	Method    string    `json:"method"`
	Statistic float64   `json:"statistic"`
	DF        int       `json:"df"`
	P         float64   `json:"p_value"`
	Observed  []float64 `json:"observed"` // events in each group, weighted where rho is not 0
	Expected  []float64 `json:"expected"`
}

// LogRank is the log-rank test of two or more groups (rho 0), or Harrington and Fleming's family with
// weights S(t)^rho, of which 1 is Peto and Peto's modification of Wilcoxon's test; as R's survdiff.
func LogRank(rho float64, groups ...[]Spell) (LogRankResult, error) {
	name := "log-rank test"
	if rho != 0 {
		name = "Harrington–Fleming test"
	}
	k := len(groups)
	if k < 2 {
		return LogRankResult{}, SizeError{Statistic: name + " (groups)", N: int64(k), Need: 2}
	}
	if rho-rho != 0 {
		return LogRankResult{}, NotFiniteError{Argument: "rho", Index: -1}
	}
	var times []float64
	var events []bool
	var member []int // the group
	for g, spells := range groups {
		t, err := spellTimes(name, spells)
		if err != nil {
			return LogRankResult{}, err
		}
		times = append(times, t...)
		for _, v := range spells {
			events, member = append(events, v.Event), append(member, g)
		}
	}
	order := ascending(times)
	r := LogRankResult{Method: name, DF: k - 1, Observed: make([]float64, k), Expected: make([]float64, k)}
	risk := make([]float64, k)
	for g, spells := range groups {
		risk[g] = float64(len(spells))
	}
	v := mat.NewSymDense(k-1, nil)
	surv := 1.0
	ended, left := make([]float64, k), make([]float64, k)
	for i := 0; i < len(order); {
		t := times[order[i]]
		clear(ended)
		clear(left)
		for ; i < len(order) && times[order[i]] == t; i++ {
			g := member[order[i]]
			left[g]++
			if events[order[i]] {
				ended[g]++
			}
		}
		n, d := sumf(risk), sumf(ended)
		if d > 0 {
			w := 1.0
			if rho != 0 {
				w = math.Pow(surv, rho)
			}
			for g := range k {
				r.Observed[g] += w * ended[g]
				r.Expected[g] += w * d * risk[g] / n
			}
			if n > 1 {
				f := w * w * d * (n - d) / (n - 1)
				for a := range k - 1 {
					for b := range a + 1 {
						x := -risk[a] / n * risk[b] / n
						if a == b {
							x += risk[a] / n
						}
						v.SetSym(a, b, v.At(a, b)+f*x)
					}
				}
			}
			surv *= (n - d) / n
		}
		for g := range k {
			risk[g] -= left[g]
		}
	}
	diff := mat.NewVecDense(k-1, nil)
	for g := range k - 1 {
		diff.SetVec(g, r.Observed[g]-r.Expected[g])
	}
	var chol mat.Cholesky
	var x mat.VecDense
	if !chol.Factorize(v) || chol.SolveVecTo(&x, diff) != nil {
		return LogRankResult{}, DegenerateError{Statistic: name, Reason: "a group has nobody at risk when events happen"}
	}
	r.Statistic = math.Max(0, mat.Dot(diff, &x))
	r.P = special.ChiSquaredSF(r.Statistic, float64(r.DF))
	// A large rho, of either sign, makes weights beyond all numbers.
	if err := finiteAll(name, slices.Concat([]float64{r.Statistic, r.P}, r.Observed, r.Expected)...); err != nil {
		return LogRankResult{}, err
	}
	return r, nil
}

func sumf(v []float64) float64 {
	t := 0.0
	for _, x := range v {
		t += x
	}
	return t
}

// CompetingSpell is one person's time until the first of several kinds of end.
type CompetingSpell struct {
	Time  float64 `json:"time"`
	Cause int     `json:"cause"` // 0: still under way (censored); 1, 2 …: what ended it
}

// IncidencePoint is the cumulative incidence of each cause from one time to the next.
type IncidencePoint struct {
	Time      float64   `json:"time"`
	AtRisk    int64     `json:"at_risk"`
	Events    []int64   `json:"events"`    // by cause, the first at index 0
	Incidence []float64 `json:"incidence"` // share who had ended by then for this cause
	SE        []float64 `json:"se"`
	// CI is made on the log(−log) scale, so it never leaves 0 to 1; nil where the incidence is 0 or 1.
	CI []*Interval `json:"ci"`
}

// IncidenceCurve is the cumulative incidence of competing causes, such as plan completed and dropped out, with its
// intervals at every time.
type IncidenceCurve struct {
	Method string           `json:"method"`
	N      int64            `json:"n"`
	Points []IncidencePoint `json:"points"`
}

// CumulativeIncidence is Aalen and Johansen's estimate for causes competing causes, with standard errors
// by the infinitesimal jackknife and intervals on the log(−log) scale, as R's survfit(Surv(time, factor) ~ 1,
// conf.type = "log-log"). Unlike one minus Kaplan–Meier it does not count as still at risk of one end those
// whom another has taken. It takes [Confidence].
func CumulativeIncidence(spells []CompetingSpell, causes int, opts ...Option) (IncidenceCurve, error) {
	const name = "cumulative incidence"
	cfg, err := configure(optLevel, opts)
	if err != nil {
		return IncidenceCurve{}, err
	}
	if len(spells) < 1 {
		return IncidenceCurve{}, SizeError{Statistic: name, N: 0, Need: 1}
	}
	if causes < 1 || causes > 1000 {
		return IncidenceCurve{}, RangeError{Argument: "causes", Got: float64(causes), Min: 1, Max: 1000}
	}
	all := make([]float64, len(spells)) // times
	for i, v := range spells {
		if v.Time-v.Time != 0 {
			return IncidenceCurve{}, NotFiniteError{Argument: "spells", Index: i}
		}
		if v.Time < 0 {
			return IncidenceCurve{}, RangeError{Argument: "time", Got: v.Time, Min: 0, Max: math.MaxFloat64}
		}
		if v.Cause < 0 || v.Cause > causes {
			return IncidenceCurve{}, RangeError{Argument: "cause", Got: float64(v.Cause), Min: 0, Max: float64(causes)}
		}
		all[i] = v.Time
	}
	s := make([]CompetingSpell, len(spells))
	for i, k := range ascending(all) {
		s[i] = spells[k]
	}
	out := IncidenceCurve{Method: "Aalen–Johansen, infinitesimal jackknife", N: int64(len(s))}
	// The jackknife needs each person's influence on the incidence of each cause. All who are still at risk have
	// the same. Of those who have left, the influence goes on growing with the incidence, by their influence on
	// log survival: it is a + b·incidence, of whose square sums are enough.
	alive, dLogS := make([]float64, causes), 0.0
	type gone struct{ aa, ab, bb float64 }
	left := make([]gone, causes)
	leave := func(people, share float64, c int, effect, d float64) {
		a := effect - d*share
		left[c].aa += people * a * a
		left[c].ab += people * a * d
		left[c].bb += people * d * d
	}
	z := -special.NormQuantile((1 - cfg.level) / 2)
	surv := 1.0
	incidence := make([]float64, causes)
	n := float64(len(s))
	// The points' lists are parts of one each.
	times := distinctTimes(s, func(v CompetingSpell) float64 { return v.Time })
	out.Points = make([]IncidencePoint, 0, times)
	counts, shares, errors := make([]int64, times*causes), make([]float64, times*causes), make([]float64, times*causes)
	limits, intervals := make([]*Interval, times*causes), make([]Interval, times*causes)
	for i := 0; i < len(s); {
		t := s[i].Time
		from, to := len(out.Points)*causes, (len(out.Points)+1)*causes
		events := counts[from:to:to]
		d, censored := 0.0, 0.0
		for ; i < len(s) && s[i].Time == t; i++ {
			if c := s[i].Cause; c > 0 {
				events[c-1]++
				d++
			} else {
				censored++
			}
		}
		dEvent, dOther := dLogS, dLogS // of those whom an event takes, and of the others
		if n > d {
			dEvent -= (1 - d/n) / (n - d)
			dOther += d / n / (n - d)
		}
		p := IncidencePoint{
			Time: t, AtRisk: int64(n), Events: events,
			Incidence: shares[from:to:to], SE: errors[from:to:to], CI: limits[from:to:to],
		}
		stay := n - d - censored
		for c, e := range events {
			rate := float64(e) / n
			incidence[c] += surv * rate
			p.Incidence[c] = incidence[c]
			grown := alive[c] + surv*rate*(dLogS-1/n)
			leave(float64(e), incidence[c], c, grown+surv/n, dEvent)
			leave(d-float64(e), incidence[c], c, grown, dEvent)
			leave(censored, incidence[c], c, grown, dOther)
			alive[c] = grown
			l := left[c]
			p.SE[c] = math.Sqrt(math.Max(0, stay*grown*grown+l.aa+incidence[c]*(2*l.ab+incidence[c]*l.bb)))
			if v := incidence[c]; v > 0 && v < 1 {
				w := z * p.SE[c] / (v * math.Log(v))
				p.CI[c] = &intervals[from+c]
				*p.CI[c] = Interval{Level: cfg.level, Low: math.Pow(v, math.Exp(-w)), High: math.Pow(v, math.Exp(w)), Method: "log(−log) scale"}
			}
		}
		dLogS = dOther
		surv *= (n - d) / n
		n = stay
		out.Points = append(out.Points, p)
	}
	return out, nil
}
