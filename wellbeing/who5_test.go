package wellbeing

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWHO5Mixed(t *testing.T) {
	r, err := WHO5().Score(Answers(3, 2, 4, 1, 3))
	require.NoError(t, err)
	s, err := r.Score("percent")
	require.NoError(t, err)
	assert.Equal(t, "52", s.Value.String())
	met, err := r.Flag("screen_le_50")
	require.NoError(t, err)
	assert.False(t, met)
}

func TestWHO5HalfFilled(t *testing.T) {
	_, err := WHO5().Score([]Response{Answer(3), {}, Answer(9), Refused(), NotApplicable()})
	e, ok := errors.AsType[RangeError](err)
	require.True(t, ok)
	assert.Equal(t, RangeError{Item: "who5_3", Got: 9, Min: 0, Max: 5}, e)
	for _, want := range []error{MissingError{"who5_2"}, RefusedError{"who5_4"}, NotApplicableError{"who5_5"}} {
		assert.ErrorIs(t, err, want)
	}
	t.Log(err)
}

func BenchmarkWHO5Percent(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if p, ok := WHO5Percent(3, 2, 4, 1, 3); !ok || p != 52 {
			b.Fatal(p)
		}
	}
}

func BenchmarkScorerWHO5(b *testing.B) {
	s, err := WHO5().Scorer()
	if err != nil {
		b.Fatal(err)
	}
	var r Result
	rs := Answers(3, 2, 4, 1, 3)
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Score(&r, rs); err != nil {
			b.Fatal(err)
		}
	}
}
