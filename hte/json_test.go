package hte_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

const envelope = `{"journey":"E-1","sequence":2,"on":"2024-01-09","recorded":"2024-01-09T17:00:00Z","by":"T-1",`

func decode(t *testing.T, text string) hte.Event {
	t.Helper()
	var e hte.Event
	require.NoError(t, json.Unmarshal([]byte(text), &e))
	return e
}

func TestEventText(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ text, why string }{
		{envelope + `"kind":"accepted","version":1,"data":{}}`, "no data to speak of"},
		{envelope + `"kind":"measure_taken","version":1,"data":{"measure":"weight_kg","value":"82.50","occasion":"review"}}`, "decimals keep their places"},
		{envelope + `"because":1,"kind":"paused","version":1,"data":{"reason":"recalled"}}`, "what follows by rule"},
		{envelope + `"kind":"note_added","version":1,"data":{"text":"<b>Zoë & co</b>, \"5 > 3\""}}`, "nothing is escaped for HTML"},
		{envelope + `"kind":"amended","version":1,"data":{"sequence":1,"reason":"wrong_date","on":"2024-01-08","kind":"accepted","version":1,"data":{}}}`, "a correction holds data with their kind"},
		{envelope + `"kind":"tea_drunk","version":7,"data":{ "cups" : 2.50, "with":["milk",  null] }}`, "a kind from a newer version, byte for byte"},
		{envelope + `"kind":"accepted","version":2,"data":{"terms" : "new"}}`, "a newer version of a known kind"},
		{envelope + `"kind":"tea_drunk","version":1,"data":"\u003cno object\u003e"}`, "not even an object"},
		{envelope + `"kind":"amended","version":1,"data":{"sequence":1,"reason":"wrong_date","on":"2024-01-08","kind":"tea_drunk","version":2,"data":{ "cups":1 }}}`, "unknown data within a correction"},
	} {
		e := decode(t, tc.text)
		got, err := e.AppendJSON([]byte("log: "))
		require.NoError(t, err, tc.why)
		require.Equal(t, "log: "+tc.text, string(got), tc.why)
		compact, err := json.Marshal(e)
		require.NoError(t, err, tc.why)
		require.JSONEq(t, tc.text, string(compact), tc.why)
	}
}

// Other writers put members in another order, or blanks between them.
func TestEventTextInAnotherOrder(t *testing.T) {
	t.Parallel()
	want := decode(t, envelope+`"because":1,"kind":"paused","version":1,"data":{"reason":"recalled"}}`)
	for _, text := range []string{
		envelope + `"kind":"paused","version":1,"data":{"reason":"recalled"},"because":1}`,
		`{"kind":"paused","data":{"reason":"recalled"},"version":1,` + envelope[1:] + `"because":1}`,
		strings.ReplaceAll(envelope, `":`, `" : `) + ` "because":1, "kind":"paused","version":1,"data":{"reason":"recalled"} }`,
		strings.Replace(envelope, "T-1", `T\u002d1`, 1) + `"because":1,"kind":"paused","version":1,"data":{"reason":"recalled"}}`,
		strings.Replace(envelope, "2024-01-09T17:00:00Z", "2024-01-09T18:00:00+01:00", 1) + `"because":1,"kind":"paused","version":1,"data":{"reason":"recalled"}}`,
	} {
		require.Equal(t, want, decode(t, text), text)
	}
}

func TestEventTextRefused(t *testing.T) {
	t.Parallel()
	const secret = "Jo Bloggs"
	for _, tc := range []struct{ text, why string }{
		{``, "empty"},
		{`null`, "nothing"},
		{`[]`, "no object"},
		{`{`, "cut off"},
		{envelope + `"kind":"accepted","version":1,"data":{}} {}`, "two values"},
		{envelope + `"kind":"accepted","version":1}`, "no data"},
		{envelope + `"kind":"accepted","version":1,"data":null}`, "null data"},
		{envelope + `"kind":"accepted","data":{}}`, "no version"},
		{envelope + `"version":1,"data":{}}`, "no kind"},
		{envelope + `"kind":"accepted","version":0,"data":{}}`, "version 0"},
		{envelope + `"kind":"accepted","version":1,"data":{},"mood":"` + secret + `"}`, "a member that the envelope does not have"},
		{envelope + `"kind":"accepted","version":1,"data":{"mood":"` + secret + `"}}`, "a member that the kind does not have"},
		{envelope + `"kind":"note_added","version":1,"data":{"text":7}}`, "a number for a text"},
		{envelope + `"kind":"measure_taken","version":1,"data":{"measure":"weight_kg","value":"` + secret + `","occasion":"review"}}`, "no number"},
		{envelope + `"kind":"paused","version":1,"data":{"reason":"illness","until":"` + secret + `"}}`, "no date"},
		{strings.Replace(envelope, `"sequence":2`, `"sequence":0`, 1) + `"kind":"accepted","version":1,"data":{}}`, "sequence 0"},
		{strings.Replace(envelope, `"on":"2024-01-09",`, ``, 1) + `"kind":"accepted","version":1,"data":{}}`, "no day"},
		{strings.Replace(envelope, `2024-01-09T17:00:00Z`, secret, 1) + `"kind":"accepted","version":1,"data":{}}`, "no time"},
		{envelope + `"kind":"amended","version":1,"data":{"sequence":1,"reason":"x","on":"2024-01-08","kind":"amended","version":1,"data":{}}}`, "a correction of a correction"},
	} {
		e := hte.Event{Sequence: 9}
		err := e.UnmarshalJSON([]byte(tc.text))
		_, ok := errors.AsType[*hte.DecodeError](err)
		require.True(t, ok, "%s: %v", tc.why, err)
		require.NotContains(t, err.Error(), "Bloggs", "%s: errors hold no value", tc.why)
		require.Equal(t, hte.Event{Sequence: 9}, e, "%s: left alone", tc.why)
	}
	good := decode(t, envelope+`"kind":"accepted","version":1,"data":{}}`)
	for _, tc := range []struct {
		spoil func(*hte.Event)
		why   string
	}{
		{func(e *hte.Event) { e.Data = hte.Unknown{Name: "x", Raw: "{"} }, "not JSON"},
		{func(e *hte.Event) { e.Data = hte.Unknown{Raw: "{}"} }, "no name"},
		{func(e *hte.Event) { e.Data = nil }, "no data"},
		{func(e *hte.Event) { e.On = hte.Date{} }, "no day"},
		{func(e *hte.Event) { e.Sequence = 0 }, "no sequence"},
		{func(e *hte.Event) { e.Because = -1 }, "no sequence either"},
		{func(e *hte.Event) { e.Recorded = e.Recorded.AddDate(9000, 0, 0) }, "a year of five digits"},
		{func(e *hte.Event) { e.By = "\xff" }, "not UTF-8"},
	} {
		bad := good
		tc.spoil(&bad)
		text, err := bad.AppendJSON([]byte("log"))
		require.Error(t, err, tc.why)
		require.Equal(t, "log", string(text), tc.why)
	}
}

// A host's earlier system wrote "reward" as one text for all goals, then called the
// event "treat_planned", version 2, with a goal. Its logs are read as if they had
// always been what they are now.
func TestUpcasting(t *testing.T) {
	t.Parallel()
	codec := hte.Codec{Upcasts: []hte.Upcast{
		{Kind: "treat_planned", From: 1, Data: func(data []byte) ([]byte, error) {
			var old string
			if err := json.Unmarshal(data, &old); err != nil {
				return nil, err
			}
			return json.Marshal(map[string]any{"goal_number": 1, "treat": old})
		}},
		{Kind: "treat_planned", From: 2, To: "reward_planned", Data: func(data []byte) ([]byte, error) {
			var old struct {
				Goal  int    `json:"goal_number"`
				Treat string `json:"treat"`
			}
			if err := json.Unmarshal(data, &old); err != nil {
				return nil, err
			}
			return json.Marshal(hte.RewardPlanned{Goal: old.Goal, Text: old.Treat})
		}},
		{Kind: "loop", From: 1, To: "pool", Data: func(data []byte) ([]byte, error) { return data, nil }},
		{Kind: "pool", From: 1, To: "loop", Data: func(data []byte) ([]byte, error) { return data, nil }},
		{Kind: "broken", From: 1, Data: func([]byte) ([]byte, error) { return []byte("{"), nil }},
	}}
	want := hte.RewardPlanned{Goal: 1, Text: "cinema"}
	for _, tc := range []struct{ text, why string }{
		{envelope + `"kind":"treat_planned","version":1,"data":"cinema"}`, "two steps"},
		{envelope + `"kind":"treat_planned","version":2,"data":{"goal_number":1,"treat":"cinema"}}`, "one step"},
		{envelope + `"kind":"reward_planned","version":1,"data":{"goal":1,"text":"cinema"}}`, "none"},
	} {
		e, err := codec.Decode([]byte(tc.text))
		require.NoError(t, err, tc.why)
		require.Equal(t, want, e.Data, tc.why)
		text, err := e.AppendJSON(nil)
		require.NoError(t, err)
		require.Contains(t, string(text), `"kind":"reward_planned","version":1`, "written as the present version")
	}
	within := envelope + `"kind":"amended","version":1,"data":{"sequence":1,"reason":"mistake","on":"2024-01-08","kind":"treat_planned","version":1,"data":"cinema"}}`
	e, err := codec.Decode([]byte(within))
	require.NoError(t, err)
	require.Equal(t, want, e.Data.(hte.Amended).Data, "within a correction too")
	for _, tc := range []struct{ text, why string }{
		{envelope + `"kind":"treat_planned","version":1,"data":7}`, "data that the step cannot read"},
		{envelope + `"kind":"loop","version":1,"data":{}}`, "steps that go round"},
		{envelope + `"kind":"broken","version":1,"data":{}}`, "a step that writes no JSON"},
	} {
		_, err := codec.Decode([]byte(tc.text))
		require.Error(t, err, tc.why)
	}
	kept, err := codec.Decode([]byte(envelope + `"kind":"treat_planned","version":3,"data":{}}`))
	require.NoError(t, err)
	require.Equal(t, hte.KindUnknown, kept.Kind(), "newer than the steps")
}

// FuzzEvent: what is read is written as it was, but for what JSON leaves open, and
// reading that again gives the same event; folding never panics.
func FuzzEvent(f *testing.F) {
	for _, e := range typicalLog(f) {
		text, err := e.AppendJSON(nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(envelope + `"kind":"tea_drunk","version":7,"data":{ "cups" : 2 }}`))
	f.Add([]byte(envelope + `"kind":"amended","version":1,"data":{"sequence":1,"reason":"x","on":"2024-01-08","kind":"accepted","version":1,"data":{}}}`))
	f.Add([]byte(envelope + `"kind":"voided","version":1,"data":{"sequence":1,"reason":"mistake"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var e hte.Event
		if err := e.UnmarshalJSON(text); err != nil {
			_, ok := errors.AsType[*hte.DecodeError](err)
			require.True(t, ok, "%T", err)
			return
		}
		written, err := e.AppendJSON(nil)
		require.NoError(t, err)
		require.True(t, json.Valid(written))
		var again hte.Event
		require.NoError(t, again.UnmarshalJSON(written), string(written))
		require.Equal(t, e, again)
		twice, err := again.AppendJSON(nil)
		require.NoError(t, err)
		require.True(t, bytes.Equal(written, twice))
		e.Sequence = 1
		_, _ = hte.Fold([]hte.Event{e})
		log := typicalLog(t)
		e.Sequence, e.Journey = int64(len(log)+1), "E-1"
		_, _ = hte.Fold(append(log, e))
		e.Sequence = 20
		_, _ = hte.Fold(append(log[:19:19], e))
		_ = hte.Redact(e, true, func(hte.Ref) bool { return true })
	})
}

// FuzzState: a snapshot that is read can be copied, continued and written again.
func FuzzState(f *testing.F) {
	log := typicalLog(f)
	for _, n := range []int{0, 3, 30, len(log)} {
		s, err := hte.Fold(log[:n])
		if err != nil {
			f.Fatal(err)
		}
		text, err := json.Marshal(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var s hte.State
		if json.Unmarshal(text, &s) != nil {
			return
		}
		c := s.Clone()
		require.Equal(t, s, c)
		for _, e := range log {
			e.Journey, e.Sequence = s.Journey, s.Sequence+1
			_ = s.Apply(e)
			_, err := hte.Decide(nil, &s, hte.Command{Journey: s.Journey, On: e.On, Recorded: e.Recorded, By: e.By, Data: e.Data})
			_ = err
		}
		_, _ = s.ToErase(nil)
		_, _ = s.GoalAttainment()
		_ = s.DiarySummary("smoking", 0, s.ReferredOn, s.LastOn)
		_, err := json.Marshal(s)
		require.NoError(t, err)
	})
}

func TestKindText(t *testing.T) {
	t.Parallel()
	for _, k := range hte.Kinds() {
		text, err := k.MarshalText()
		require.NoError(t, err)
		var back hte.Kind
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, k, back)
		require.Equal(t, k, hte.ZeroData(k).Kind(), "the type says its kind")
		require.Equal(t, 1, k.Version())
	}
	var k hte.Kind
	require.NoError(t, k.UnmarshalText([]byte("tea_drunk")))
	assert.Equal(t, hte.KindUnknown, k)
	require.NoError(t, k.UnmarshalText(nil))
	assert.Equal(t, hte.Kind(0), k)
	assert.Empty(t, hte.Kind(250).String())
	var s hte.Stage
	require.ErrorAs(t, s.UnmarshalText([]byte("Jo Bloggs")), new(*hte.CodeError))
	assert.Equal(t, "unknown", hte.Stage(99).String())
}

func TestLists(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, l := range hte.CodeLists() {
		require.False(t, names[l.Name], l.Name)
		names[l.Name] = true
		codes := map[string]bool{}
		for _, c := range l.Codes {
			require.False(t, codes[c.Code] || c.Code == "" || c.Label == "", "%s %s", l.Name, c.Code)
			codes[c.Code] = true
		}
	}
	assert.True(t, hte.ValidCode(hte.Issue("diet")))
	assert.False(t, hte.ValidCode(hte.Issue("")))
	assert.Equal(t, "physical activity", hte.Label(hte.Issue("exercise")))
	assert.Empty(t, hte.Label(hte.Issue("golf")))
	issues := hte.Codes[hte.Issue]()
	issues.Codes[0].Code = "changed"
	assert.Equal(t, "diet", hte.Codes[hte.Issue]().Codes[0].Code, "a copy")

	// The taxonomy has 93 techniques in 16 groups (Michie and others 2013, abstract).
	techniques := hte.Techniques()
	assert.Len(t, techniques, 93)
	groups := map[string]bool{}
	for _, d := range techniques {
		groups[d.Group] = true
		assert.True(t, d.Number.Valid(), d.Number)
		assert.Equal(t, d.Label, d.Number.Label())
		assert.Equal(t, d.Group, d.Number.Group())
	}
	assert.Len(t, groups, 16)
	assert.Equal(t, "Reward (outcome)", hte.Technique("10.10").Label())
	for _, bad := range []hte.Technique{"", "1", "1.", ".1", "0.1", "1.0", "17.1", "1.10", "1.1.1", "01.1", "1.01", "a.b", "1,4", "99999999999999999999.1"} {
		assert.False(t, bad.Valid(), bad)
		assert.Empty(t, bad.Label()+bad.Group())
	}

	for _, d := range hte.Measures() {
		got, ok := d.Name.Definition()
		assert.True(t, ok)
		assert.Equal(t, d, got)
		assert.True(t, d.Name.InRange(d.Min) && d.Name.InRange(d.Max))
	}
	_, ok := hte.Measure("shoe_size").Definition()
	assert.False(t, ok)

	for ref, want := range map[hte.Ref]bool{
		"": false, "E-1": true, "3f2504e0-4f89-11d3-9a0c-0305e82c3301": true, "3f2504e0-4f89-11d3-9a0c-0305e82c33012": false,
		"Jo Bloggs": false, "zoë": false, "a/b": false, "A_z.9-": true,
	} {
		assert.Equal(t, want, ref.Valid(), ref)
	}
}
