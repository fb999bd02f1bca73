package wellbeing

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestGoalAttainment compares with R:
//
//	50 + 10 * sum(w * x) / sqrt(.7 * sum(w^2) + .3 * sum(w)^2)
func TestGoalAttainment(t *testing.T) {
	for _, c := range []struct {
		x, w []int
		want string
		why  string
	}{
		{[]int{1}, nil, "60", "one goal, more than expected"},
		{[]int{1, 1, 1}, nil, "63.693064", "three goals"},
		{[]int{0, 0, 0, 0}, nil, "50", "all as expected"},
		{[]int{-2, 1, 2}, nil, "54.564355", "mixed"},
		{[]int{2, -1, 0}, []int{3, 2, 1}, "58.813053", "weighted"},
		{[]int{-2, -2}, nil, "25.193053", "all much less than expected"},
	} {
		goals := make([]GoalRating, len(c.x))
		for i, x := range c.x {
			goals[i].Attained = Answer(x)
			if c.w != nil {
				goals[i].Weight = c.w[i]
			}
		}
		got, err := GoalAttainment(goals...)
		require.NoError(t, err)
		want, err := ParseValue(c.want)
		require.NoError(t, err)
		assert.True(t, want.Equal(got), "%s: %v", c.why, got)
	}
	_, err := GoalAttainment(
		GoalRating{Attained: Answer(1)}, GoalRating{}, GoalRating{Attained: Refused()},
		GoalRating{Attained: NotApplicable()}, GoalRating{Attained: Answer(3)}, GoalRating{Attained: Answer(1), Weight: 2},
		GoalRating{Attained: Unreadable()},
	)
	for _, want := range []error{
		MissingError{"goal 2"}, RefusedError{"goal 3"}, NotApplicableError{"goal 4"}, RangeError{"goal 5", 3, -2, 2}, SyntaxError{Item: "goal 7"},
	} {
		assert.ErrorIs(t, err, want)
	}
	assert.ErrorAs(t, err, new(ArgumentError), "a weight for one goal only")
	_, err = GoalAttainment()
	assert.ErrorAs(t, err, new(ArgumentError), "no goal")
	_, err = GoalAttainment(GoalRating{Attained: Answer(1), Weight: -1})
	assert.ErrorAs(t, err, new(ArgumentError), "a weight below 0")
}
