package evaluation_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes/evaluation"
)

func TestCount(t *testing.T) {
	for _, tt := range []struct {
		n         int64
		nhs, open string
		why       string
	}{
		{0, "*", "0", "the rule hides everything below 5, zero included"},
		{1, "*", "1", "small"},
		{4, "*", "4", "the largest that is hidden"},
		{5, "5", "5", "the smallest that is shown"},
		{7, "5", "7", "7 is nearer to 5 than to 10"},
		{8, "10", "8", "8 is nearer to 10"},
		{12, "10", "12", "down"},
		{13, "15", "13", "up"},
		{997, "995", "997", "down within the hundreds"},
		{998, "1,000", "998", "up over the thousand, with its comma"},
		{1234567, "1,234,565", "1,234,567", "commas"},
		{-3, "*", "−3", "no count, but nothing breaks"},
	} {
		require.Equal(t, tt.nhs, evaluation.NHSRule.Count(tt.n), tt.why)
		require.Equal(t, tt.open, evaluation.ShowAll.Count(tt.n), tt.why)
	}
}

func TestPercent(t *testing.T) {
	for _, tt := range []struct {
		num, den  int64
		nhs, open string
		why       string
	}{
		{4, 100, "*", "4.0%", "numerator below 5"},
		{0, 100, "*", "0.0%", "a numerator of 0 is below 5"},
		{3, 4, "*", "75.0%", "both below 5"},
		{5, 5, "100%", "100.0%", "both at 5"},
		{5, 1000, "1%", "0.5%", "a half is rounded up"},
		{6, 16, "38%", "37.5%", "37.5 is rounded up, from the exact counts and not from 5 of 15"},
		{7, 13, "54%", "53.8%", "from the exact counts: 5 of 15 would be 33%"},
		{5822, 9959, "58%", "58.5%", "a published share (JECH 2013), which was printed as 59%"},
		{0, 0, "*", "–", "nobody to count: hidden like any denominator below 5, and no number otherwise"},
		{199, 200, "100%", "99.5%", "rounding up to 100 is what the rule says"},
	} {
		require.Equal(t, tt.nhs, evaluation.NHSRule.Percent(tt.num, tt.den), tt.why)
		require.Equal(t, tt.open, evaluation.ShowAll.Percent(tt.num, tt.den), tt.why)
	}
}

func TestDisclosureZeroValueHides(t *testing.T) {
	var d evaluation.Disclosure
	require.True(t, d.Hides(4), "who forgets to choose must not publish small numbers")
	require.False(t, d.Hides(5))
	require.False(t, evaluation.ShowAll.Hides(0))
	require.True(t, evaluation.Disclosure(9).Hides(1), "what is not ShowAll hides")
	require.Equal(t, "nhs-rule", evaluation.NHSRule.String())
	require.Equal(t, "show-all", evaluation.ShowAll.String())
	require.Equal(t, "Disclosure(9)", evaluation.Disclosure(9).String())
}
