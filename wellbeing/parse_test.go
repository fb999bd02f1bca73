package wellbeing

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseResponses(t *testing.T) {
	declared := Codes{Missing: []string{"999", "."}, Refused: []string{"-9", "REF"}, NotApplicable: []string{"-8"}}
	for _, c := range []struct {
		cell string
		want Response
		why  string
	}{
		{"3", Answer(3), "a whole number"},
		{"0", Answer(0), "zero is an answer"},
		{" 3\t", Answer(3), "blanks around it"},
		{"3.0", Answer(3), "as data frames write integers"},
		{"03", Answer(3), "fixed-width exports pad"},
		{"", Response{}, "blank"},
		{"  ", Response{}, "blank"},
		{"999", Response{}, "declared as missing"},
		{"999.0", Response{}, "declared, as a number"},
		{".", Response{}, "declared as missing"},
		{"-9", Refused(), "declared as refused"},
		{"REF", Refused(), "declared as refused"},
		{"-8", NotApplicable(), "declared as not applicable"},
	} {
		rs, err := WHO5().ParseResponses([]string{c.cell, "1", "1", "1", "1"}, declared)
		require.NoError(t, err, c.why)
		assert.Equal(t, c.want, rs[0], c.why)
	}
	for _, c := range []struct {
		cell string
		want error
		why  string
	}{
		{"999", RangeError{"who5_1", 999, 0, 5}, "a sentinel that nobody declared"},
		{"-9", RangeError{"who5_1", -9, 0, 5}, "a sentinel that nobody declared"},
		{"6", RangeError{"who5_1", 6, 0, 5}, "beyond the last code"},
		{"3.5", SyntaxError{"who5_1", "9.9"}, "half a code"},
		{"3.", SyntaxError{"who5_1", "9."}, "a stray point"},
		{"+3", SyntaxError{"who5_1", "+9"}, "a sign"},
		{"1e0", SyntaxError{"who5_1", "9a9"}, "an exponent"},
		{"NA", SyntaxError{"who5_1", "AA"}, "a word that nobody declared"},
		{"٣", SyntaxError{"who5_1", "9"}, "a digit of another script"},
		{"Jane Smith, 07700 900123", SyntaxError{"who5_1", "Aaaa Aaaaa, 99999 99…"}, "only the shape of a cell is shown"},
	} {
		rs, err := WHO5().ParseResponses([]string{c.cell, "1", "1", "1", "1"}, Codes{})
		assert.ErrorIs(t, err, c.want, c.why)
		assert.NotContains(t, err.Error(), "Jane")
		require.Len(t, rs, 5, c.why)
		assert.Equal(t, Answers(1, 1, 1, 1), rs[1:], "the other cells are read")
		code, isCode := rs[0].Code()
		switch e := c.want.(type) {
		case RangeError:
			assert.True(t, isCode && code == e.Got, c.why)
			_, err = WHO5().Score(rs)
			assert.ErrorIs(t, err, e, "%s: scoring finds it again", c.why)
		default:
			assert.Equal(t, Unreadable(), rs[0], c.why)
			_, err = WHO5().Score(rs, MaxMissing(1))
			assert.ErrorIs(t, err, SyntaxError{Item: "who5_1"}, "%s: it is not missing, so nothing stands in for it", c.why)
		}
	}
}

func TestParseResponsesAllErrorsAtOnce(t *testing.T) {
	_, err := WHO5().ParseResponses([]string{"9", "x", "", "-1", "2"}, Codes{})
	for _, want := range []error{
		RangeError{"who5_1", 9, 0, 5}, SyntaxError{"who5_2", "a"}, RangeError{"who5_4", -1, 0, 5},
	} {
		assert.ErrorIs(t, err, want)
	}
	rs, err := WHO5().ParseResponses([]string{"1", "2"}, Codes{})
	assert.ErrorIs(t, err, LengthError{2, 5})
	assert.Empty(t, rs, "nobody can tell which cells are lost")
	_, err = WHO5().ParseResponses([]string{"9434765919", "1", "1", "1", "1"}, Codes{})
	require.ErrorAs(t, err, new(RangeError))
	assert.NotContains(t, err.Error(), "9434765919", "a long number may be an NHS number")
}

// What can be read of a form is judged, so that one stray cell does not hide an answer that means danger.
func TestParseLeavesTheRestOfTheForm(t *testing.T) {
	rs, err := PHQ9().ParseResponses([]string{"0", "0", "x", "7", "0", "0", "0", "0", "2"}, Codes{})
	require.Error(t, err)
	r, err := PHQ9().Score(rs)
	assert.ErrorIs(t, err, SyntaxError{Item: "phq9_3"})
	assert.ErrorIs(t, err, RangeError{"phq9_4", 7, 0, 3})
	met, err := r.Flag("item9_flag")
	require.NoError(t, err)
	assert.True(t, met)
	_, err = r.Score("total")
	assert.ErrorIs(t, err, NoScoreError{Instrument: "PHQ-9", Name: "total", Reason: Invalid})
}

func TestParserUsesItsRoomAgain(t *testing.T) {
	p, err := PHQ9().Parser(Codes{Refused: []string{"-9", "R"}})
	require.NoError(t, err)
	cells := []string{"0", "1", "2", "3", "R", "-9.0", "", "1.0", "0"}
	rs, err := p.Parse(nil, cells)
	require.NoError(t, err)
	assert.Equal(t, []Response{Answer(0), Answer(1), Answer(2), Answer(3), Refused(), Refused(), {}, Answer(1), Answer(0)}, rs)
	assert.Zero(t, testing.AllocsPerRun(100, func() { rs, err = p.Parse(rs, cells) }), "a form without errors")
	require.NoError(t, err)
}

func BenchmarkParse(b *testing.B) {
	cells := []string{"0", "1", "2", "3", "-9", "", "2", "1", "0"}
	codes := Codes{Missing: []string{"999", "NA"}, Refused: []string{"-9"}}
	b.Run("prepared", func(b *testing.B) {
		p, err := PHQ9().Parser(codes)
		require.NoError(b, err)
		var rs []Response
		b.ReportAllocs()
		for b.Loop() {
			rs, err = p.Parse(rs, cells)
		}
		require.NoError(b, err)
	})
	b.Run("once", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := PHQ9().ParseResponses(cells, codes); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func TestParseResponsesRefusesBadDeclarations(t *testing.T) {
	for _, c := range []struct {
		codes Codes
		why   string
	}{
		{Codes{Missing: []string{"0"}}, "0 is an answer"},
		{Codes{Missing: []string{"0.0"}}, "0 is an answer, however written"},
		{Codes{Missing: []string{"9"}, Refused: []string{"9"}}, "one code with two meanings"},
		{Codes{Missing: []string{"9"}, NotApplicable: []string{"9.0"}}, "the same number"},
		{Codes{Refused: []string{""}}, "a blank is missing"},
	} {
		_, err := WHO5().ParseResponses([]string{"1", "1", "1", "1", "1"}, c.codes)
		assert.ErrorAs(t, err, new(ArgumentError), c.why)
	}
	_, err := WHO5().ParseResponses([]string{"", "1", "1", "1", "1"}, Codes{Missing: []string{" "}})
	assert.NoError(t, err, "to declare what holds anyway does no harm")
}

func TestAssemble(t *testing.T) {
	one := func(item, occasion string, r Response) ItemAnswer { return ItemAnswer{item, occasion, r} }
	rs, err := WHO5().Assemble(
		one("who5_5", "review", Answer(5)), one("who5_1", "review", Answer(1)),
		one("who5_3", "review", Refused()), one("who5_1", "first", Response{}),
	)
	require.NoError(t, err, "order is free, and a blank contradicts nothing")
	assert.Equal(t, []Response{Answer(1), {}, Refused(), {}, Answer(5)}, rs)

	rs, err = WHO5().Assemble(
		one("who5_1", "first", Answer(1)), one("who5_1", "first", Answer(1)),
		one("who5_2", "review", Answer(2)), one("who5_9", "first", Answer(2)), one("who5_3", "first", Answer(8)),
		one("who5_4", "first", Unreadable()),
	)
	assert.Nil(t, rs)
	for _, want := range []error{
		DuplicateError{"who5_1"},
		OccasionError{"who5_2", "review", "first"},
		NameError{"item", "who5_9"},
		RangeError{"who5_3", 8, 0, 5},
		SyntaxError{Item: "who5_4"},
	} {
		assert.ErrorIs(t, err, want)
	}
}

func FuzzParseResponses(f *testing.F) {
	f.Add("3,2,4,1,3", "999", "-9")
	f.Add("3,,R,-8,3.0", "", "R")
	f.Add("1,0,4,4,4,4,4,4,4,4", "4", "x")
	f.Fuzz(func(t *testing.T, cells, missing, refused string) {
		codes := Codes{Missing: strings.Split(missing, ","), Refused: strings.Split(refused, ",")}
		for in := range Instruments() {
			rs, err := in.ParseResponses(strings.Split(cells, ","), codes)
			if err != nil {
				_ = err.Error()
				if len(rs) != 0 && len(rs) != in.Len() {
					t.Fatal("a part of a form")
				}
				// What could not be read gives no score, whatever may be missing.
				for _, o := range []Option{CompleteOnly, MaxMissing(1), OwnerRule} {
					r, err := in.Score(rs, AllowUnverified(), o)
					if err == nil {
						t.Fatal("parsed with errors, yet scored")
					}
					for _, s := range r.Scores {
						if s.Value.Known() {
							t.Fatalf("parsed with errors, yet %s = %v", s.Scale, s.Value)
						}
					}
				}
				continue
			}
			r, err := in.Score(rs, AllowUnverified())
			if bad, ok := errors.AsType[RangeError](err); ok {
				t.Fatalf("%s: parsed, yet %v", in.Name(), bad)
			}
			if bad, ok := errors.AsType[CodeError](err); ok {
				t.Fatalf("%s: parsed, yet %v", in.Name(), bad)
			}
			for _, s := range r.Scores {
				if s.Value.Known() && (s.Value.Cmp(s.Min) < 0 || s.Value.Cmp(s.Max) > 0) {
					t.Fatalf("%s: %s = %v", in.Name(), s.Scale, s.Value)
				}
			}
		}
	})
}

func FuzzUnmarshal(f *testing.F) {
	r, _ := WHO5().Score(Answers(3, 2, 4, 1, 3))
	stored, _ := r.Value()
	f.Add(stored.(string))
	f.Add(`{"policy":"at most 2 missing","scores":[{"value":"340/13","higher_is":"higher is worse"}],"flags":[{"met":null}]}`)
	f.Add(`{"policy":"at most -2 missing"}`)
	f.Fuzz(func(t *testing.T, s string) {
		var r, again Result
		if r.Scan(s) != nil {
			return
		}
		b, err := r.Value()
		if err != nil {
			t.Fatalf("read but not written: %v", err)
		}
		if err := again.Scan(b); err != nil {
			t.Fatalf("written but not read: %v", err)
		}
		c, err := again.Value()
		if err != nil || c != b {
			t.Fatalf("%v became %v (%v)", b, c, err)
		}
	})
}
