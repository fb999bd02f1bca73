package wellbeing

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWeight(t *testing.T) {
	for _, tc := range []struct {
		in          *Instrument
		scale, item string
		code, want  int
		ok          bool
		why         string
	}{
		{CORE10(), "clinical_score", "core10_1", 4, 4, true, "an item that is scored as it is coded"},
		{CORE10(), "clinical_score", "core10_2", 4, 0, true, "a reversed item"},
		{GHQ12(), "ghq_0011", "ghq12_1", 2, 1, true, "one coding of two"},
		{GHQ12(), "likert_0123", "ghq12_1", 2, 2, true, "the other"},
		{RAND36(), "GH", "rand36_1", 2, 75, true, "RAND's table: the second of five options is 75"},
		{WHO5(), "percent", "who5_1", 3, 3, true, "a scale derived from a sum tells of the sum"},
		{AUDIT(), "total", "audit_9", 1, 0, false, "a code that the item does not have"},
		{WHO5(), "raw", "who5_1", 6, 0, false, "out of range"},
		{PHQ9(), "phq2", "phq9_3", 1, 0, false, "an item that the scale does not need"},
		{PHQ9(), "no such scale", "phq9_3", 1, 0, false, "no scale"},
		{PHQ9(), "total", "no such item", 1, 0, false, "no item"},
		{IPAQShort(), "category_level", "ipaq_walking_days", 1, 0, false, "no sum"},
		{nil, "total", "phq9_1", 1, 0, false, "no instrument"},
	} {
		got, ok := tc.in.Weight(tc.scale, tc.item, tc.code)
		assert.Equal(t, tc.want, got, tc.why)
		assert.Equal(t, tc.ok, ok, tc.why)
	}
}

// TestWeightsAddUp holds the weights to the scores: over every instrument, the weights of a complete
// form at its lowest and highest codes add up to the score of each scale that is a plain sum.
func TestWeightsAddUp(t *testing.T) {
	checked := 0
	for in := range Instruments() {
		for k, c := range in.calcs {
			if c.sum == nil || c.num != c.den || in.skip != nil {
				continue
			}
			for _, top := range []bool{false, true} {
				rs, sum := make([]Response, in.Len()), int64(0)
				for i, it := range in.def.Items {
					code := it.Min
					if top {
						code = it.Max
					}
					rs[i] = Answer(code)
					w, _ := in.Weight(in.def.Scales[k].Name, it.Key, code)
					sum += int64(w)
				}
				r, err := in.Score(rs, AllowUnverified())
				assert.NoError(t, err, in.Name())
				got, err := r.Score(in.def.Scales[k].Name)
				assert.NoError(t, err, in.Name())
				assert.True(t, got.Value.Equal(whole(sum)), "%s %s: %v, want %d", in.Name(), in.def.Scales[k].Name, got.Value, sum)
				checked++
			}
		}
	}
	assert.Greater(t, checked, 50)
}
