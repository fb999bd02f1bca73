package outcomes_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

func TestEffectIntervalsAgainstR(t *testing.T) {
	ref := load(t, "effects.json")
	check := func(set node, key string, r outcomes.EffectResult, err error, what string) {
		t.Helper()
		require.NoError(t, err, what)
		near(t, set.get(key).num(), r.Estimate, 1e-12, what+" "+key)
		require.NotNil(t, r.CI, what)
		require.Equal(t, set.get("level").num(), r.CI.Level)
		ci := set.get(key + "_ci").nums()
		// pt with a noncentrality is good to about 1e-10 in R, the search for it to 1e-14
		require.InDelta(t, ci[0], r.CI.Low, 1e-8, what+" "+key)
		require.InDelta(t, ci[1], r.CI.High, 1e-8, what+" "+key)
	}
	package83 := func(set node, key string, r outcomes.EffectResult) {
		t.Helper()
		near(t, set.get("effectsize_"+key).num(), r.Estimate, 1e-12, key)
		ci := set.get("effectsize_" + key + "_ci").nums()
		require.InDelta(t, ci[0], r.CI.Low, 1e-3)
		require.InDelta(t, ci[1], r.CI.High, 1e-3)
	}
	for _, set := range ref.get("paired").list() {
		what, level := set.get("reason").str(), outcomes.Confidence(set.get("level").num())
		s, err := outcomes.SummarisePairs(set.get("pre").nums(), set.get("post").nums())
		require.NoError(t, err)
		gz, err := s.GZ(level)
		check(set, "gz", gz, err, what)
		package83(set, "gz", gz)
		rm, err := s.DRm(level)
		check(set, "rm", rm, err, what)
		glass, err := s.GlassPre(level)
		check(set, "glass", glass, err, what)
		rmv, err := s.DAvRootMeanVariance(level)
		check(set, "rmv", rmv, err, what)
	}
	for _, set := range ref.get("groups").list() {
		x, err := outcomes.Summarise(set.get("x").nums())
		require.NoError(t, err)
		y, err := outcomes.Summarise(set.get("y").nums())
		require.NoError(t, err)
		g, err := x.HedgesG(y, outcomes.Confidence(set.get("level").num()))
		check(set, "g", g, err, set.get("reason").str())
		package83(set, "g", g)
	}
}

// Where dz has no limits, an effect size that does not need dz stands without.
func TestEffectsWithoutAnInterval(t *testing.T) {
	s, err := outcomes.SummarisePairs([]float64{1, 2, 3, 4}, []float64{3, 4, 5, 6})
	require.NoError(t, err)
	for what, f := range map[string]func(...outcomes.Option) (outcomes.EffectResult, error){"Glass": s.GlassPre, "root mean variance": s.DAvRootMeanVariance} {
		r, err := f()
		require.NoError(t, err, what)
		require.InDelta(t, 2/1.2909944487358056, r.Estimate, 1e-12, "everybody rose by 2; the SD is √(5/3)")
		require.Nil(t, r.CI, what)
	}
	for what, f := range map[string]func(...outcomes.Option) (outcomes.EffectResult, error){"gz": s.GZ, "drm": s.DRm} {
		_, err := f()
		require.ErrorIs(t, err, outcomes.ErrNotComputable, what)
	}
	s, err = outcomes.SummarisePairs([]float64{1, 2}, []float64{3, 5})
	require.NoError(t, err)
	r, err := s.GZ()
	require.NoError(t, err)
	require.Zero(t, r.Estimate, "J is 0 for two pairs")
	require.Nil(t, r.CI)
	_, err = s.GZ(outcomes.Confidence(2))
	require.ErrorAs(t, err, new(outcomes.OptionError))
}

func TestInequalityAgainstR(t *testing.T) {
	for _, set := range load(t, "effects.json").get("inequality").list() {
		what := set.get("reason").str()
		got, err := outcomes.Inequality(set.get("x").ints(), set.get("n").ints())
		require.NoError(t, err, what)
		near(t, set.get("slope").num(), got.Slope, 1e-10, what)
		nearPair(t, set.get("slope_ci"), got.SlopeCI, 1e-10, what)
		near(t, set.get("to_mean").num(), got.RelativeToMean, 1e-10, what)
		nearPair(t, set.get("to_mean_ci"), got.RelativeToMeanCI, 1e-10, what)
		ends := set.get("ends").nums()
		if ends[0] > 0 && ends[1] > 0 {
			near(t, ends[0]/ends[1], *got.Relative, 1e-10, what)
			require.NotNil(t, got.RelativeCI)
			continue
		}
		require.Nil(t, got.Relative, what)
		require.Nil(t, got.RelativeCI, what)
	}
}
