package wellbeing

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var cited = Source{Citation: "a study of the test", Basis: SingleSource}

// TestClinicalCutoff: the boundaries, as base R gives them from the formulas of Jacobson and Truax:
// a = M1 ± 2 s1, b = M0 ∓ 2 s0, c = (s0 M1 + s1 M0) / (s0 + s1).
func TestClinicalCutoff(t *testing.T) {
	better := Norms{ClinicalMean: 40, ClinicalSD: 7.5, GeneralMean: 60, GeneralSD: 7.5, Source: cited}
	worse := Norms{ClinicalMean: 18.3, ClinicalSD: 7.1, GeneralMean: 4.7, GeneralSD: 4.8, Source: cited}
	for _, c := range []struct {
		in         *Instrument
		scale      string
		which      Boundary
		n          Norms
		want       string
		comparator Comparator
	}{
		{WHO5(), "percent", BoundaryA, better, "55", AtMost},
		{WHO5(), "percent", BoundaryB, better, "45", AtMost},
		{WHO5(), "percent", BoundaryC, better, "50", AtMost},
		{CORE10(), "clinical_score", BoundaryA, worse, "4.1", AtLeast},
		{CORE10(), "clinical_score", BoundaryB, worse, "14.3", AtLeast},
		{CORE10(), "clinical_score", BoundaryC, worse, "10.185714", AtLeast},
	} {
		got, err := c.in.ClinicalCutoff(c.scale, c.which, c.n)
		require.NoError(t, err)
		assert.Equal(t, c.want, got.Threshold.String(), "%s %s", c.in.Name(), c.which)
		assert.Equal(t, c.comparator, got.Comparator)
		assert.Equal(t, cited, got.Source)
	}
	for _, c := range []struct {
		which Boundary
		n     Norms
		why   string
	}{
		{BoundaryC, Norms{ClinicalMean: 40, ClinicalSD: 7.5, Source: cited}, "one population"},
		{BoundaryA, Norms{GeneralMean: 60, GeneralSD: 7.5, Source: cited}, "the other population"},
		{BoundaryB, Norms{ClinicalMean: 40, ClinicalSD: 7.5, Source: cited}, "the other population"},
		{BoundaryC, Norms{ClinicalMean: 60, ClinicalSD: 7.5, GeneralMean: 40, GeneralSD: 7.5, Source: cited}, "clinical clients are better off"},
		{BoundaryA, Norms{ClinicalMean: 40, ClinicalSD: 7.5}, "no citation"},
		{BoundaryA, Norms{ClinicalMean: math.NaN(), ClinicalSD: 7.5, Source: cited}, "NaN"},
		{BoundaryA, Norms{ClinicalMean: 40, ClinicalSD: math.Inf(1), Source: cited}, "infinite"},
		{BoundaryA, Norms{ClinicalMean: 1e300, ClinicalSD: 1, Source: cited}, "beyond any scale"},
	} {
		_, err := WHO5().ClinicalCutoff("percent", c.which, c.n)
		assert.ErrorAs(t, err, new(ArgumentError), c.why)
	}
	_, err := WHO5().ClinicalCutoff("percent", "d", better)
	assert.ErrorAs(t, err, new(NameError), "no such boundary")
	_, err = WHO5().ClinicalCutoff("x", BoundaryA, better)
	assert.ErrorAs(t, err, new(NameError), "no such scale")
	_, err = (*Instrument)(nil).ClinicalCutoff("x", BoundaryA, better)
	assert.ErrorAs(t, err, new(ArgumentError))
}

func TestRecovery(t *testing.T) {
	rule, err := PHQ9().ChangeRule("talking-therapies-6")
	require.NoError(t, err)
	caseness, err := PHQ9().Cutoff("talking_therapies_case_ge10")
	require.NoError(t, err)
	for _, c := range []struct {
		before, after int64
		want          Recovery
		why           string
	}{
		{15, 9, Recovered, "reliable, and below caseness"},
		{16, 10, ReliablyImproved, "reliable, but 10 is a case still"},
		{9, 3, ReliablyImproved, "was no case to begin with"},
		{12, 8, Unchanged, "below caseness, but only four points"},
		{9, 15, ReliablyDeteriorated, "became a case"},
	} {
		change, err := rule.JudgeValues(whole(c.before), whole(c.after))
		require.NoError(t, err)
		got, err := change.Recovery(caseness)
		require.NoError(t, err)
		assert.Equal(t, c.want, got, c.why)
	}
	phq2, err := PHQ9().Cutoff("phq2_ge3")
	require.NoError(t, err)
	change, err := rule.JudgeValues(whole(15), whole(9))
	require.NoError(t, err)
	_, err = change.Recovery(phq2)
	assert.ErrorAs(t, err, new(ArgumentError), "a cut-off on another scale")
	_, err = Change{Scale: "total"}.Recovery(caseness)
	assert.ErrorAs(t, err, new(ArgumentError), "a change that was not judged")
	_, err = change.Recovery(Cutoff{Scale: "total"})
	assert.ErrorAs(t, err, new(ArgumentError), "a cut-off without a threshold")
	_, err = PHQ9().Cutoff("x")
	assert.ErrorAs(t, err, new(NameError))
	_, err = (*Instrument)(nil).Cutoff("x")
	assert.ErrorAs(t, err, new(ArgumentError))
	assert.Empty(t, (*Instrument)(nil).Name())
	assert.Zero(t, (*Instrument)(nil).Len())
	assert.Empty(t, (*Instrument)(nil).Definition().Name)
}
