package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

// lineWidth is the most characters in a line of text.
const lineWidth = 100

// writeText writes the report of everybody, and of each group if there are groups.
func writeText(w io.Writer, file, column string, all *sample, groups map[string]*sample) error {
	p := &printer{w: bufio.NewWriter(w)}
	p.wrap("", "Change in "+clean(file)+": post minus pre, so a change above 0 is a rise.")
	p.wrap("", "p: how often a result at least this far from no change would come about if nothing but chance "+
		"were at work. 95 %: the interval of values that agree with the data. Neither says what caused a change.")
	if groups == nil {
		p.sample(all)
		return p.w.Flush()
	}
	p.heading("Everybody")
	p.sample(all)
	for _, name := range names(groups) {
		title := clean(column) + " = " + clean(name)
		if name == "" {
			title = clean(column) + " is empty"
		}
		p.heading(title)
		p.sample(groups[name])
	}
	return p.w.Flush()
}

// clean replaces what a terminal could take for a command.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
}

// printer writes the report. An error of the writer comes out of the last Flush.
type printer struct {
	w       *bufio.Writer
	places  int       // decimals of what is in the units of the measure
	pending string    // heading of the section whose first item is to come
	absent  []absence // what could not be computed
}

type absence struct{ what, why string }

// wrap writes text in lines that all begin with indent; a word longer than a line is cut.
func (p *printer) wrap(indent, text string) {
	room := lineWidth - len(indent)
	var line []rune
	for word := range strings.FieldsSeq(text) {
		next := []rune(word)
		if len(line) > 0 && len(line)+1+len(next) > room {
			fmt.Fprintln(p.w, indent+string(line))
			line = nil
		}
		for ; len(next) > room; next = next[room:] {
			fmt.Fprintln(p.w, indent+string(next[:room]))
		}
		if len(line) > 0 {
			line = append(line, ' ')
		}
		line = append(line, next...)
	}
	if len(line) > 0 {
		fmt.Fprintln(p.w, indent+string(line))
	}
}

func (p *printer) heading(title string) {
	if runes := []rune(title); len(runes) > lineWidth {
		title = string(runes[:lineWidth-1]) + "…"
	}
	fmt.Fprintf(p.w, "\n%s\n%s\n", title, strings.Repeat("=", utf8.RuneCountInString(title)))
}

// section begins a section with the first item in it.
func (p *printer) section(title string) { p.pending = title }

func (p *printer) begin() {
	if p.pending != "" {
		fmt.Fprintf(p.w, "\n%s\n", p.pending)
		p.pending = ""
	}
}

// item writes a statistic: its name, its figures, and what they say; or keeps the reason why there is none.
func (p *printer) item(name string, err error, figures, reading func() string) {
	if err != nil {
		p.without(name, err)
		return
	}
	p.begin()
	f := figures()
	if pad := 44 - utf8.RuneCountInString(name); pad > 0 && 46+utf8.RuneCountInString(f) <= lineWidth {
		fmt.Fprintf(p.w, "  %s%s%s\n", name, strings.Repeat(" ", pad), f)
	} else {
		fmt.Fprintln(p.w, "  "+name)
		p.wrap("      ", f)
	}
	if reading != nil {
		p.wrap("      ", reading())
	}
}

func (p *printer) without(name string, err error) {
	p.absent = append(p.absent, absence{name, why(err)})
}

// unit shows a figure in the units of the measure.
func (p *printer) unit(v float64) string {
	if v == 0 {
		v = 0 // not −0
	}
	if p.places > 12 || math.Abs(v) >= 1e15 {
		return strconv.FormatFloat(v, 'g', 4, 64)
	}
	s := strconv.FormatFloat(v, 'f', p.places, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return s
}

// ratio shows a figure without a unit.
func ratio(v float64) string {
	if a := math.Abs(v); a >= 1e6 || a > 0 && a < 0.001 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	return strings.Replace(strconv.FormatFloat(v, 'f', 3, 64), "-0.000", "0.000", 1)
}

func pValue(p float64) string {
	switch {
	case p == 0:
		return "p < 1e-300"
	case p < 0.001:
		return "p = " + strconv.FormatFloat(p, 'g', 2, 64)
	}
	return "p = " + strconv.FormatFloat(p, 'f', 3, 64)
}

// whole shows a sum of ranks, which can end in a half.
func whole(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.FormatInt(n, 10) + " " + many
}

func interval(ci *outcomes.Interval, show func(float64) string) string {
	return strconv.FormatFloat(100*ci.Level, 'g', 4, 64) + " % " + show(ci.Low) + " to " + show(ci.High)
}

// percent shows a share.
func percent(v float64) string { return strconv.FormatFloat(100*v, 'f', 0, 64) + " %" }

// moved says which way a change went.
func moved(v float64, up, down, not string) string {
	switch {
	case v > 0:
		return up
	case v < 0:
		return down
	}
	return not
}

func (p *printer) sample(s *sample) {
	p.absent, p.places = nil, places(s)
	fmt.Fprintln(p.w)
	p.wrap("", fmt.Sprintf("%s: n = %d with both values; missing: %d with pre only, %d with post only, %d with neither.",
		count(int64(s.rows()), "row", "rows"), len(s.pre), s.preOnly, s.postOnly, s.neither))
	if len(s.pre) == 0 {
		p.wrap("", "Nothing can be computed without somebody who has both.")
		return
	}
	p.description(s)
	p.section("Did the mean change?")
	p.means(s)
	p.section("Did more people rise than fall, and how far?")
	p.rankTests(s)
	p.section("How large is the change?")
	p.effects(s)
	p.section("Do before and after go together?")
	p.correlations(s)
	p.section("As if before and after were different people (only to compare with reports that lost the pairs)")
	p.independent(s)
	if len(p.absent) > 0 {
		p.section("Not computed, and why")
		p.begin()
		for _, a := range p.absent {
			p.wrap("  ", a.what+": "+a.why+".")
		}
	}
}

// places is how many decimals show three digits of the spread of what is measured.
func places(s *sample) int {
	for _, x := range [][]float64{s.diff(), s.pre, s.post} {
		if v, err := sd(x); err == nil && v > 0 {
			return max(0, 2-int(math.Floor(math.Log10(v))))
		}
	}
	return 2
}

func (p *printer) description(s *sample) {
	diff := s.diff()
	fmt.Fprintf(p.w, "\n  %-30s %14s %14s %14s\n", "", "pre", "post", "change")
	for _, row := range []struct {
		name string
		of   func([]float64) (float64, error)
	}{{"mean", mean}, {"standard deviation (n - 1)", sd}, {"median", outcomes.Median}} {
		fmt.Fprintf(p.w, "  %-30s", row.name)
		var first error
		for _, x := range [][]float64{s.pre, s.post, diff} {
			v, err := row.of(x)
			shown := "-"
			if err == nil {
				shown = p.unit(v)
			} else if first == nil {
				first = err
			}
			fmt.Fprintf(p.w, " %14s", shown)
		}
		fmt.Fprintln(p.w)
		if first != nil {
			p.without(row.name, first)
		}
	}
	q, err := outcomes.Quantiles(diff, outcomes.R7, 0.25, 0.5, 0.75)
	if err != nil {
		p.without("quartiles of the change", err)
		return
	}
	p.wrap("  ", fmt.Sprintf("Quartiles of the change (R's type 7): %s, %s, %s. A quarter of the people changed by %s or less, a quarter by %s or more.",
		p.unit(q[0]), p.unit(q[1]), p.unit(q[2]), p.unit(q[0]), p.unit(q[2])))
}

func (p *printer) means(s *sample) {
	t, err := outcomes.PairedT(s.pre, s.post)
	p.item("Paired t test", err, func() string {
		return fmt.Sprintf("t = %s, df = %s, %s", ratio(t.T), whole(t.DF), pValue(t.P))
	}, func() string {
		return fmt.Sprintf("The mean %s %s; the data agree with a mean change of %s to %s (95 %%).",
			moved(t.Estimate, "rose by", "fell by", "stayed: a change of"), p.unit(math.Abs(t.Estimate)), p.unit(t.CI.Low), p.unit(t.CI.High))
	})
	if err != nil {
		return
	}
	var other []string
	for _, level := range []float64{0.9, 0.99} {
		if c, err := outcomes.PairedT(s.pre, s.post, outcomes.Confidence(level)); err == nil {
			other = append(other, interval(&c.CI, p.unit))
		}
	}
	other = append(other, "standard error "+p.unit(t.SE))
	p.wrap("      ", strings.Join(other, "; ")+".")
	less, err := outcomes.PairedT(s.pre, s.post, outcomes.Alternative(outcomes.Less))
	greater, err2 := outcomes.PairedT(s.pre, s.post, outcomes.Alternative(outcomes.Greater))
	if err == nil && err2 == nil {
		p.wrap("      ", "One-sided: for a rise "+pValue(greater.P)+", for a fall "+pValue(less.P)+".")
	}
}

func (p *printer) rankTests(s *sample) {
	sign, err := outcomes.SignTest(s.pre, s.post)
	p.item("Sign test, exact", err, func() string { return pValue(sign.P) }, func() string {
		return fmt.Sprintf("%d rose, %d fell, %d stayed the same; those who stayed are left out of the test.", sign.Positive, sign.Negative, sign.Zeros)
	})
	for i, c := range []struct {
		name string
		opts []outcomes.Option
	}{
		{"Wilcoxon signed rank, exact", []outcomes.Option{outcomes.Exact()}},
		{"  normal, continuity correction", []outcomes.Option{outcomes.Normal()}},
		{"  normal, no correction", []outcomes.Option{outcomes.Normal(), outcomes.Continuity(false)}},
		{"  exact with ties and zeros", []outcomes.Option{outcomes.Permutation()}},
		{"  exact, zeros ranked (Pratt)", []outcomes.Option{outcomes.Permutation(), outcomes.Zeros(outcomes.PrattZeros)}},
		{"  normal, zeros ranked (Pratt)", []outcomes.Option{outcomes.Normal(), outcomes.Continuity(false), outcomes.Zeros(outcomes.PrattZeros)}},
	} {
		r, err := outcomes.SignedRank(s.pre, s.post, c.opts...)
		if i == 0 && r.ExactRefused != "" {
			p.without(c.name, errors.New("there are "+r.ExactRefused+"; R gives the normal approximation then, while the test above that counts ties and zeros is exact"))
			continue
		}
		name := c.name
		if strings.HasPrefix(name, "  ") {
			name = "Wilcoxon, " + name[2:]
		}
		p.item(name, err, func() string { return fmt.Sprintf("V = %s, %s", whole(r.V), pValue(r.P)) }, nil)
	}
	b, err := outcomes.RankBiserial(s.pre, s.post)
	p.item("Rank-biserial correlation", err, func() string { return "r = " + ratio(b.Estimate) }, func() string {
		return fmt.Sprintf("Ranked by size, rises hold %s of the sum of the ranks and falls %s; V is the sum of the rises.",
			percent((1+b.Estimate)/2), percent((1-b.Estimate)/2))
	})
	for _, c := range []struct {
		name string
		how  outcomes.Option
	}{{"exact", outcomes.Exact()}, {"normal", outcomes.Normal()}} {
		h, err := outcomes.HodgesLehmann(s.pre, s.post, c.how)
		alike := err != nil && h.Estimate != 0
		if alike && h.N == 1 && h.Zeros == 0 {
			continue // one person, of whom the exact one says it all
		}
		if alike {
			err = nil
		}
		if h.ExactRefused != "" {
			continue // the other says the same
		}
		p.item("Hodges-Lehmann estimate, "+c.name, err, func() string {
			if h.CI.Level <= 0 {
				return p.unit(h.Estimate)
			}
			return p.unit(h.Estimate) + ", " + interval(&h.CI, p.unit)
		}, func() string {
			text := "A typical change: the median of the means of all pairs of changes."
			if alike {
				text += " All who changed changed by as much, which leaves no interval."
			}
			if h.LevelNotAchieved {
				text += " So few people allow no interval of 95 %."
			}
			return text
		})
	}
}

func (p *printer) effects(s *sample) {
	sum, err := outcomes.SummarisePairs(s.pre, s.post)
	if err != nil {
		p.without("effect sizes", err)
		return
	}
	j, _ := outcomes.HedgesJ(sum.N - 1)
	dz, dzErr := sum.DZ()
	dav, davErr := sum.DAv()
	rescaled, rescaledErr := sum.DAvRescaled()
	for _, c := range []struct {
		name    string
		r       func() (outcomes.EffectResult, error)
		reading string
	}{
		{"Cohen's dz (also called SRM)", func() (outcomes.EffectResult, error) { return dz, dzErr }, "The mean change in standard deviations of the change; interval by noncentral t."},
		{"Hedges' gz", func() (outcomes.EffectResult, error) { return sum.GZ() }, "dz corrected for its bias in small samples, with its limits: all times J = " + ratio(j) + "."},
		{"Cohen's dav", func() (outcomes.EffectResult, error) { return dav, davErr }, "The mean change in standard deviations of people (mean of pre and post); noncentral t as in MOTE."},
		{"Cohen's dav, limits of dz rescaled", func() (outcomes.EffectResult, error) { return rescaled, rescaledErr }, "The same, with the interval of dz on this scale."},
		{"d by the root mean variance", func() (outcomes.EffectResult, error) { return sum.DAvRootMeanVariance() }, "The same with the root of the mean of the two variances; the interval is again that of dz on this scale."},
		{"Glass's delta", func() (outcomes.EffectResult, error) { return sum.GlassPre() }, "The mean change in standard deviations before; interval likewise."},
		{"Cohen's drm", func() (outcomes.EffectResult, error) { return sum.DRm() }, "dz put on the scale of people by the correlation r: dz times the root of 2(1 - r), and so are its limits."},
	} {
		r, err := c.r()
		p.item(c.name, err, func() string {
			if r.CI == nil {
				return ratio(r.Estimate)
			}
			return ratio(r.Estimate) + ", " + interval(r.CI, ratio)
		}, func() string { return c.reading })
	}
	if dzErr == nil {
		p.wrap("      ", "Limits of the noncentrality of t behind dz: "+ratio(dz.NCP.Low)+" to "+ratio(dz.NCP.High)+".")
	}
}

func (p *printer) correlations(s *sample) {
	r, err := outcomes.Pearson(s.pre, s.post)
	p.item("Pearson's r, t test", err, func() string {
		if r.CI == nil {
			return ratio(r.Estimate) + ", " + pValue(r.P)
		}
		return ratio(r.Estimate) + ", " + pValue(r.P) + ", " + interval(r.CI, ratio)
	}, func() string {
		return fmt.Sprintf("Those higher before tend to be %s after; a straight line explains %s of the variation.",
			moved(r.Estimate, "higher", "lower", "neither higher nor lower"), percent(r.Estimate*r.Estimate))
	})
	r, err = outcomes.Spearman(s.pre, s.post, outcomes.Normal())
	p.item("Spearman's rho, t approximation", err, func() string { return ratio(r.Estimate) + ", " + pValue(r.P) }, func() string {
		return "Pearson's r of the ranks: 1 where people keep their order, -1 where they turn it round."
	})
	r, err = kendallTest(s.pre, s.post)
	p.item("Kendall's tau-b, normal approximation", err, func() string { return ratio(r.Estimate) + ", " + pValue(r.P) }, func() string {
		return fmt.Sprintf("Of two people, the one higher before is %s after.",
			moved(r.Estimate, "more often the higher than the lower", "more often the lower than the higher", "as often the lower as the higher"))
	})
}

func (p *printer) independent(s *sample) {
	for _, c := range []struct {
		name string
		test func(x, y []float64, opts ...outcomes.Option) (outcomes.TResult, error)
	}{{"Welch's t test", outcomes.WelchT}, {"Student's t test, equal variances", outcomes.PooledT}} {
		t, err := c.test(s.post, s.pre)
		p.item(c.name, err, func() string { return fmt.Sprintf("t = %s, df = %.4g, %s", ratio(t.T), t.DF, pValue(t.P)) }, func() string {
			return fmt.Sprintf("Without the pairs the data agree with a difference of the means of %s to %s (95 %%).", p.unit(t.CI.Low), p.unit(t.CI.High))
		})
	}
	m, err := outcomes.MannWhitney(s.post, s.pre)
	p.item("Mann-Whitney test, "+cmp.Or(m.Distribution, "R's default"), err, func() string { return fmt.Sprintf("W = %s, %s", whole(m.W), pValue(m.P)) }, func() string {
		return fmt.Sprintf("A value after is the larger against a value before in %s of all comparisons, ties as halves.", percent(m.Superiority))
	})
}
