package hte_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// Whatever a person may write is marked as text, and whatever stands for a person
// as a reference, or Redact would leave it in.
func TestPersonalDataAreMarked(t *testing.T) {
	t.Parallel()
	// Texts that have a shape, and references that stand for no person.
	shaped := []string{"GoalSet.Unit", "AppointmentPlanned.Starts", "AppointmentRescheduled.Starts", "Referred.Interpreter", "AccessUpdated.Interpreter"}
	places := []string{
		"Referred.Service", "Referred.Previous", "Signposted.Organisation", "SentenceStarted.Prison", "Recalled.Prison", "Remanded.Prison",
		"PrisonTransferred.To", "ReleasePlanned.Service", "Released.Service", "HandedOver.Service", "TransferredOut.To", "ReReferred.Episode",
	}
	used := map[string]bool{}
	for _, k := range hte.Kinds() {
		typ := reflect.TypeOf(hte.ZeroData(k))
		for f := range typ.Fields() {
			name, mark := typ.Name()+"."+f.Name, f.Tag.Get("personal")
			used[name] = true
			switch f.Type {
			case reflect.TypeFor[string](), reflect.TypeFor[[]string]():
				assert.True(t, mark == "text" || slices.Contains(shaped, name), "%s may hold what somebody writes", name)
			case reflect.TypeFor[hte.Ref]():
				assert.True(t, mark == "reference" || slices.Contains(places, name), "%s may stand for a person", name)
			default:
				assert.Empty(t, mark, "%s is neither text nor reference", name)
			}
		}
	}
	for _, name := range append(shaped, places...) {
		assert.True(t, used[name], name)
	}
}

// Redact takes out every text and every reference that is asked for, in every
// kind, and nothing else.
func TestRedactEveryKind(t *testing.T) {
	t.Parallel()
	const secret = "Ann at number 7"
	for _, k := range hte.Kinds() {
		v := reflect.New(reflect.TypeOf(hte.ZeroData(k))).Elem()
		for i := range v.NumField() {
			switch f := v.Field(i).Addr().Interface().(type) {
			case *string:
				*f = secret
			case *[]string:
				*f = []string{secret}
			case *hte.Ref:
				*f = "P-7"
			case *hte.Data:
				*f = hte.NoteAdded{Text: secret}
			case *int:
				*f = 7
			}
		}
		e := hte.Event{Journey: "E-1", Sequence: 3, By: "T-1", Data: v.Interface().(hte.Data)}
		got := fmt.Sprint(hte.Redact(e, true, func(r hte.Ref) bool { return r == "P-7" }).Data)
		want := reflect.New(v.Type()).Elem()
		want.Set(v)
		for i := range want.NumField() {
			if v.Type().Field(i).Tag.Get("personal") != "" {
				want.Field(i).SetZero()
			}
			if d, ok := want.Field(i).Addr().Interface().(*hte.Data); ok {
				*d = hte.NoteAdded{}
			}
		}
		assert.Equal(t, fmt.Sprint(want.Interface()), got, k.String())
		assert.Equal(t, e, hte.Redact(e, false, nil), "nothing was asked for")
		assert.Equal(t, e, hte.Redact(e, false, func(hte.Ref) bool { return false }))
	}
	unknown := hte.Event{Data: hte.Unknown{Name: "x", Version: 1, Raw: `{"note":"Ann"}`}}
	assert.Equal(t, `{}`, hte.Redact(unknown, true, nil).Data.(hte.Unknown).Raw)
	assert.Nil(t, hte.Redact(hte.Event{}, true, nil).Data)
	pointer := hte.Event{Data: &hte.NoteAdded{Text: secret}}
	assert.NotPanics(t, func() { hte.Redact(pointer, true, nil) })
}

func TestLogsHoldNoData(t *testing.T) {
	t.Parallel()
	s := journey(t).engaged()
	s.given(hte.NoteAdded{Text: "Ann at number 7"}, hte.MeasureTaken{Measure: "weight_kg", Value: wellbeing.Whole(123), Occasion: "session"})
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, nil))
	for _, e := range s.log {
		log.Info("recorded", "event", e, "state", &s.state, "command", s.command(e.Data))
	}
	log.Info("opened", "returned", s.state) // as Open and Record return it
	for _, secret := range []string{"Ann", "123", "C-1", "T-1", "staff-7", "PP-3"} {
		require.NotContains(t, out.String(), secret)
	}
	require.Contains(t, out.String(), "event.kind=note_added")
	require.Contains(t, out.String(), "state.stage=engaged")
	require.Contains(t, out.String(), "returned.stage=engaged")
}

func TestDecodeData(t *testing.T) {
	t.Parallel()
	var codec hte.Codec
	d, err := codec.DecodeData("note_added", 1, []byte(`{"text":"hello"}`))
	require.NoError(t, err)
	require.Equal(t, hte.NoteAdded{Text: "hello"}, d)
	for _, tc := range []struct {
		kind    string
		version int
		data    string
	}{{"", 1, "{}"}, {"note_added", 0, "{}"}, {"note_added", 1, "{"}, {"note_added", 1, `{"x":1}`}, {"tea_drunk", 1, "{"}} {
		_, err := codec.DecodeData(tc.kind, tc.version, []byte(tc.data))
		require.Error(t, err, tc)
	}
}

func TestAllowed(t *testing.T) {
	t.Parallel()
	var none hte.State
	require.Equal(t, []hte.Kind{hte.KindReferred}, none.Allowed())
	closed := journey(t).followedUp().given(hte.Closed{Reason: "completed"})
	var names []string
	for _, k := range closed.state.Allowed() {
		names = append(names, k.String())
	}
	require.Equal(t, "consent_withdrawn record_kept measure_taken questionnaire_completed circumstances_recorded signpost_followed_up "+
		"safeguarding_escalated follow_up_held follow_up_lost workforce_step_taken note_added re_referred voided amended redacted", strings.Join(names, " "))
}
