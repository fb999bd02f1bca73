package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

// object is a JSON object that keeps its order.
type object []field

type field struct {
	key   string
	value any
}

// MarshalJSON writes the fields in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, f := range o {
		b.WriteByte("{,"[min(i, 1)])
		key, err := json.Marshal(f.key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(f.value)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	if len(o) == 0 {
		b.WriteByte('{')
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// number is a JSON number, or the string "Inf" or "-Inf".
type number float64

// MarshalJSON writes the shortest decimal that reads back as the same number.
func (n number) MarshalJSON() ([]byte, error) {
	switch v := float64(n); {
	case math.IsInf(v, 1):
		return []byte(`"Inf"`), nil
	case math.IsInf(v, -1):
		return []byte(`"-Inf"`), nil
	case v == 0: // and not -0
		return []byte("0"), nil
	default:
		return json.Marshal(v)
	}
}

// why is the text of an error without the name of the package, and without names of arguments.
func why(err error) string {
	if e, ok := errors.AsType[outcomes.NotFiniteError](err); ok && e.Index >= 0 {
		return fmt.Sprintf("number %d of those who have both values has an infinite one", e.Index+1)
	}
	return strings.TrimPrefix(err.Error(), "outcomes: ")
}

// failure is what stands for that which cannot be computed, with the parts that can.
func failure(err error, parts ...field) object {
	return append(object{{"error", why(err)}}, parts...)
}

// value is a number, or why there is none.
func value(v float64, err error) any {
	if err != nil {
		return failure(err)
	}
	return number(v)
}

func list(v []float64, err error) any {
	if err != nil {
		return failure(err)
	}
	out := make([]number, len(v))
	for i := range v {
		out[i] = number(v[i])
	}
	return out
}

// limits are the ends of an interval.
func limits(ci *outcomes.Interval, err error) any {
	if err != nil {
		return failure(err)
	}
	return []number{number(ci.Low), number(ci.High)}
}

// writeJSON writes the entry of everybody, and of each group if there are groups.
func writeJSON(w io.Writer, column string, all *sample, groups map[string]*sample) error {
	out := entry(all)
	if groups != nil {
		by := object{}
		for _, name := range names(groups) {
			by = append(by, field{name, entry(groups[name])})
		}
		out = object{{"group_column", column}, {"all", out}, {"groups", by}}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

// names are those of the groups, in order.
func names(groups map[string]*sample) []string {
	var out []string
	for name := range groups {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// sides are R's names of the alternatives.
var sides = [...]outcomes.Side{outcomes.TwoSided, outcomes.Less, outcomes.Greater}

// entry computes everything for one sample.
func entry(s *sample) object {
	pre, post, diff := s.pre, s.post, s.diff()
	sdDiff, sdErr := sd(diff)
	o := object{
		{"direction", "post - pre"},
		{"n_rows", s.rows()},
		{"n_complete", len(pre)},
		{"n_missing", object{{"pre_only", s.preOnly}, {"post_only", s.postOnly}, {"neither", s.neither}}},
		{"mean_pre", value(mean(pre))},
		{"mean_post", value(mean(post))},
		{"sd_pre", value(sd(pre))},
		{"sd_post", value(sd(post))},
		{"median_pre", value(outcomes.Median(pre))},
		{"median_post", value(outcomes.Median(post))},
		{"mean_diff", value(mean(diff))},
		{"sd_diff", value(sdDiff, sdErr)},
		{"se_diff", value(sdDiff/math.Sqrt(float64(len(diff))), sdErr)},
		{"quartiles_diff_type7", list(outcomes.Quantiles(diff, outcomes.R7, 0.25, 0.5, 0.75))},
	}
	for _, side := range sides {
		o = append(o, field{"t_paired_" + side.String(), pairedT(pre, post, outcomes.Alternative(side))})
	}
	for _, c := range []struct {
		key   string
		level float64
	}{{"t_paired_ci90", 0.9}, {"t_paired_ci99", 0.99}} {
		t, err := outcomes.PairedT(pre, post, outcomes.Confidence(c.level))
		if err != nil {
			o = append(o, field{c.key, failure(err)})
			continue
		}
		o = append(o, field{c.key, object{{"conf_int", limits(&t.CI, nil)}}})
	}
	o = append(o, wilcoxon(pre, post)...)
	return append(
		o,
		field{"wilcox_hodges_lehmann_exact", hodgesLehmann(pre, post, outcomes.Exact())},
		field{"wilcox_hodges_lehmann_approx", hodgesLehmann(pre, post, outcomes.Normal())},
		field{"wilcox_exact_with_ties_exactRankTests", signedRank(pre, post, outcomes.Permutation())},
		field{"wilcox_coin_pratt_exact", coin(pre, post, outcomes.PrattZeros, outcomes.Permutation())},
		field{"wilcox_coin_wilcoxon_exact", coin(pre, post, outcomes.WilcoxonZeros, outcomes.Permutation())},
		field{"wilcox_coin_pratt_asymptotic", coin(pre, post, outcomes.PrattZeros, outcomes.Normal())},
		field{"sign_test", signTest(pre, post)},
		field{"effect", effect(pre, post)},
		field{"rank_biserial", rankBiserial(pre, post)},
		field{"pearson", pearson(pre, post)},
		field{"spearman_approx", spearman(pre, post)},
		field{"spearman_exact", spearmanExact(pre, post)},
		field{"kendall", kendall(pre, post)},
		field{"welch_as_if_independent", independentT(pre, post, outcomes.WelchT)},
		field{"pooled_as_if_independent", independentT(pre, post, outcomes.PooledT)},
		field{"mann_whitney_default", mannWhitney(pre, post)},
		field{"mann_whitney_approx_correct", mannWhitney(pre, post, outcomes.Normal())},
		field{"mann_whitney_approx_nocorrect", mannWhitney(pre, post, outcomes.Normal(), outcomes.Continuity(false))},
		field{"cohens_d_pooled_independent", cohensD(pre, post)},
		field{"rci_jacobson_truax_r0.8", reliableChange(pre, post, 0.8)},
	)
}

// mean needs one value, where Summarise needs two.
func mean(x []float64) (float64, error) {
	switch len(x) {
	case 0:
		return 0, outcomes.SizeError{Statistic: "mean", N: 0, Need: 1}
	case 1:
		if math.IsInf(x[0], 0) { // the difference of two numbers near the largest there is
			return 0, outcomes.NotFiniteError{Argument: "mean", Index: -1}
		}
		return x[0], nil
	}
	s, err := outcomes.Summarise(x)
	return s.Mean, err
}

func sd(x []float64) (float64, error) {
	s, err := outcomes.Summarise(x)
	return s.SD, err
}

// unchanged reports whether there are differences, and all are zero.
func unchanged(pre, post []float64) bool { return len(pre) > 0 && slices.Equal(pre, post) }

func pairedT(pre, post []float64, opts ...outcomes.Option) object {
	t, err := outcomes.PairedT(pre, post, opts...)
	switch {
	case err == nil:
		return object{
			{"method", t.Method},
			{"statistic", number(t.T)},
			{"df", number(t.DF)},
			{"p_value", number(t.P)},
			{"estimate", number(t.Estimate)},
			{"conf_int", limits(&t.CI, nil)},
		}
	case unchanged(pre, post) && len(pre) > 1:
		return failure(err, field{"df", len(pre) - 1}, field{"estimate", 0})
	}
	return failure(err)
}

// wilcoxon is the signed rank test with every combination of R's arguments.
func wilcoxon(pre, post []float64) []field {
	var out []field
	exact := map[outcomes.Side]object{} // takes long for many people, and knows no correction
	for _, how := range []struct {
		key    string
		option outcomes.Option
	}{{"exactTRUE", outcomes.Exact()}, {"exactFALSE", outcomes.Normal()}} {
		for _, correct := range []bool{true, false} {
			for _, side := range sides {
				o, done := exact[side], how.key == "exactTRUE" && exact[side] != nil
				if !done {
					r, err := outcomes.SignedRank(pre, post, how.option, outcomes.Continuity(correct), outcomes.Alternative(side))
					o = rankSum(pre, post, r, err)
					if err == nil && r.Distribution == "exact" {
						exact[side] = o
					}
				}
				out = append(out, field{fmt.Sprintf("wilcox_%s_correct%s_%s", how.key, strings.ToUpper(strconv.FormatBool(correct)), side), o})
			}
		}
	}
	return append(out, field{"wilcox_default", signedRank(pre, post)})
}

func signedRank(pre, post []float64, opts ...outcomes.Option) object {
	r, err := outcomes.SignedRank(pre, post, opts...)
	return rankSum(pre, post, r, err)
}

func rankSum(pre, post []float64, r outcomes.SignedRankResult, err error) object {
	switch {
	case err == nil:
		o := object{{"method", r.Method}}
		if r.ExactRefused != "" {
			o = append(o, field{"not_exact_for", r.ExactRefused})
		}
		return append(o, field{"statistic", number(r.V)}, field{"p_value", number(r.P)})
	case unchanged(pre, post):
		return failure(err, field{"statistic", 0})
	}
	return failure(err)
}

// coin is the signed rank test as the R package coin has it: the statistic standardised without a
// continuity correction, whatever the p-value comes from.
func coin(pre, post []float64, zeros outcomes.ZeroRule, how outcomes.Option) object {
	r, err := outcomes.SignedRank(pre, post, outcomes.Zeros(zeros), how, outcomes.Continuity(false))
	if err != nil {
		return failure(err)
	}
	z, err := outcomes.SignedRank(pre, post, outcomes.Zeros(zeros), outcomes.Normal(), outcomes.Continuity(false))
	return object{{"method", r.Method + "; " + r.ZeroRule}, {"z", value(z.Z, err)}, {"p_value", number(r.P)}}
}

func hodgesLehmann(pre, post []float64, how outcomes.Option) object {
	test := signedRank(pre, post, how)
	h, err := outcomes.HodgesLehmann(pre, post, how)
	if err != nil {
		o := failure(err)
		for _, f := range test {
			if f.key == "statistic" || f.key == "p_value" {
				o = append(o, f)
			}
		}
		if h.Estimate != 0 { // all who changed changed alike: there is no interval
			o = append(o, field{"estimate", number(h.Estimate)})
		}
		return o
	}
	if h.LevelNotAchieved {
		test = append(test, field{"conf_level", number(h.CI.Level)})
	}
	return append(test, field{"estimate", number(h.Estimate)}, field{"conf_int", limits(&h.CI, nil)})
}

func signTest(pre, post []float64) object {
	t, err := outcomes.SignTest(pre, post)
	if err != nil {
		return failure(err)
	}
	return object{{"method", t.Method}, {"pos", t.Positive}, {"neg", t.Negative}, {"p_value", number(t.P)}}
}

func rankBiserial(pre, post []float64) object {
	r, err := outcomes.RankBiserial(pre, post)
	if err != nil {
		return failure(err)
	}
	return object{{"method", r.Method}, {"r", number(r.Estimate)}}
}

// effect has the standardised changes. Without dz, on which most of them rest, it says so and keeps the others.
func effect(pre, post []float64) object {
	s, err := outcomes.SummarisePairs(pre, post)
	if err != nil {
		return failure(err)
	}
	size := func(r outcomes.EffectResult, err error) any { return value(r.Estimate, err) }
	dz, dzErr := s.DZ()
	dav, davErr := s.DAv()
	rescaled, rescaledErr := s.DAvRescaled()
	j, jErr := outcomes.HedgesJ(s.N - 1)
	o := object{
		{"dz", size(dz, dzErr)},
		{"dz_ci95_noncentral_t", limits(dz.CI, dzErr)},
		{"dz_ncp_limits", limits(dz.NCP, dzErr)},
		{"gz_hedges", size(s.GZ())},
		{"J", value(j, jErr)},
		{"d_av_mean_sd", size(dav, davErr)},
		{"d_av_ci95_mote", limits(dav.CI, davErr)},
		{"d_av_ci95_dz_rescaled", limits(rescaled.CI, rescaledErr)},
		{"d_av_root_mean_var", size(s.DAvRootMeanVariance())},
		{"d_glass_pre", size(s.GlassPre())},
		{"d_rm", size(s.DRm())},
		{"srm", size(s.SRM())},
	}
	if dzErr != nil {
		return failure(dzErr, o...)
	}
	return o
}

// reliableChange is each person's change over the standard error of a difference that a measure of the given
// reliability has (Jacobson and Truax), and how many rose or fell by more than 1.96 of it.
func reliableChange(pre, post []float64, reliability float64) object {
	sdPre, err := sd(pre)
	if err != nil {
		return failure(err)
	}
	r, err := outcomes.ReliableChange(pre, post, reliability, sdPre)
	if err != nil {
		return failure(err)
	}
	index := make([]number, len(pre))
	for i := range pre {
		index[i] = number((post[i] - pre[i]) / r.SDifference)
	}
	return object{
		{"method", r.Method},
		{"s_diff", number(r.SDifference)},
		{"rci", index},
		{"improved", r.Improved},
		{"deteriorated", r.Deteriorated},
		{"rci_threshold", number(r.Threshold)},
	}
}
