package export_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/dcrs/export"
	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// fill fills every member of a value: lists with three.
func fill(t testing.TB, v reflect.Value) {
	switch p := v.Addr().Interface().(type) {
	case *hte.Date:
		*p = day(t, "2024-01-08")
		return
	case *time.Time:
		*p = day(t, "2024-01-08").Time(time.UTC)
		return
	case *wellbeing.Value:
		*p = wellbeing.Whole(3)
		return
	case *wellbeing.Response:
		*p = wellbeing.Answer(2)
		return
	case *wellbeing.Result:
		*p = form(t, 1, 2, 3, 4, 5).Result
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Int, reflect.Int64:
		v.SetInt(3)
	case reflect.Uint8, reflect.Uint16:
		v.SetUint(1)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		for i := range v.Len() {
			fill(t, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	default:
		t.Fatalf("a %s", v.Type())
	}
}

// members calls each with every member of a value by its path, and of lists with
// every member of every element.
func members(v reflect.Value, path string, each func(path string, v reflect.Value)) {
	if path != "" {
		each(path, v)
	}
	switch v.Interface().(type) {
	case hte.Date, time.Time, wellbeing.Value, wellbeing.Response, wellbeing.Result:
		return
	}
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			members(v.Index(i), path+"[]", each)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name := path
			if f := v.Type().Field(i); !f.Anonymous {
				name = strings.TrimPrefix(path+"."+f.Name, ".")
			}
			members(v.Field(i), name, each)
		}
	}
}

// asWhole are the members that are listed by how many there are: what they hold needs
// no place of its own.
var asWhole = []string{
	"Attempts", "Diary", "Goals[].Actions", "Goals[].IfThens", "Goals[].Influences", "Goals[].Rewards", "Justice.Course", "Justice.Release",
	"Notes", "Pause", "Pauses", "Plan.Balance", "Plan.Changes", "Plan.Relapse", "Plan.Reviews", "Plan.Strengths", "Redactions", "Referral.Access",
	"Safeguarding", "Setbacks", "Supporters",
}

// silent are those that are neither in the rows nor on the list, and why.
var silent = map[string]string{
	"Sequence": "of the log", "Recorded": "of the log", "LastOn": "of the log", "Unknown": "the journey is refused",
	"Stage": "the dates of the row say it", "Stages": "the dates of the row say it", "Trainer": "that of the last assignment",
	"Closure.From": "the dates of the row say it", "Consent.Status": "the purposes say it", "Consent.WithdrawnOn": "the journey is refused",
	"Consent.Kept":     "the journey is refused",
	"Goals[].Replaces": "the other side of RevisedBy", "Goals[].Unit": "that of the measure, or goes with the target",
	"Goals[].Reviews[].Goal": "that whose review it is", "Goals[].Reviews[].Result": "the status of the goal",
	"Justice.Supervision": "goes with the course", "Justice.InCustody": "goes with the course", "Justice.Prison": "goes with the course",
	"Justice.Ends":            "goes with the course, or the referral",
	"Plan.Versions[].Version": "goes with the version", "Plan.Versions[].Changes": "goes with the version",
	"Workforce[].On": "there is one for each step",
}

// Every member of a state is in the rows or on the list of what was left, or there is
// a reason above: without it, the rows or the list are other ones.
func TestNothingOfAStateIsLeftInSilence(t *testing.T) {
	t.Parallel()
	var s hte.State
	fill(t, reflect.ValueOf(&s).Elem())
	after := day(t, "2024-02-12")
	s.Consent.Purposes = []hte.Purpose{"share", "support", "follow_up"}
	s.Plan.Outcome = "achieved"
	s.Plan.Versions[0].SignedOn, s.Closure.On = after, after
	for i, o := range []hte.Occasion{"assessment", "review", "session"} {
		s.Measurements[i].Occasion, s.Questionnaires[i].Occasion, s.Circumstances[i].Occasion, s.Plan.Rulers[i].Occasion = o, o, o, o
		s.Measurements[i].Measure, s.Measurements[i].On = []hte.Measure{"cigarettes", "bmi", "height_cm"}[i], after
		s.Goals[i].Measure, s.Goals[i].Goal = []hte.Measure{"cigarettes", "", "fruit_veg"}[i], i+1
		s.Questionnaires[i].Answers = wellbeing.Answers(1, 2, 3, 4, 5)
		a := &s.Appointments[i]
		a.Appointment, a.Status, a.Purpose = i+1, []hte.AppointmentStatus{hte.Attended, hte.Missed, hte.Cancelled}[i], "session"
		a.Mode, a.CancelledBy = "telephone", "client"
		s.FollowUps[i].Months, s.FollowUps[i].Maintained = []int{3, 6, 12}[i], []hte.Maintained{"yes", "lost", ""}[i]
		c := s.Needs[i].Course
		c[0].Status, c[1].Status, c[2].Status = "open", "part_met", "met"
		c[0].Severity, c[2].Severity = "high", "low"
		s.Issues[i].Issue, s.Signposts[i].Signpost = hte.Issue(rune('a'+i)), i+1
		s.Signposts[i].Outcome = []hte.SignpostOutcome{"attended", "completed", ""}[i]
	}
	base := export.RowsOf(&s)
	for _, l := range base.Left {
		assert.True(t, isMember(reflect.TypeFor[hte.State](), strings.Split(l.What, ".")), "%s is no member of a state", l.What)
	}
	told := map[string]bool{}
	members(reflect.ValueOf(&s).Elem(), "", func(path string, v reflect.Value) {
		was := reflect.ValueOf(v.Interface())
		v.SetZero()
		told[path] = told[path] || !reflect.DeepEqual(base, export.RowsOf(&s))
		v.Set(was)
	})
	require.Equal(t, base, export.RowsOf(&s), "all is as it was")
	within := func(path string, of string) bool {
		return strings.HasPrefix(path, of) && len(path) > len(of) && strings.ContainsRune(".[", rune(path[len(of)]))
	}
	for path, told := range told {
		if slices.ContainsFunc(asWhole, func(of string) bool { return within(path, of) }) {
			continue
		}
		excused := false
		for of := range silent {
			excused = excused || path == of || within(path, of)
		}
		assert.True(t, told || excused, "%s is left in silence", path)
	}
	for path := range silent {
		said, ok := told[path]
		assert.True(t, ok, "%s is no member", path)
		assert.False(t, said, "%s is told", path)
	}
}

// isMember reports whether a type has a member of this JSON name, through lists.
func isMember(in reflect.Type, path []string) bool {
	if in.Kind() == reflect.Slice {
		in = in.Elem()
	}
	if len(path) == 0 || in.Kind() != reflect.Struct {
		return len(path) == 0
	}
	for f := range in.Fields() {
		if f.Anonymous && isMember(f.Type, path) {
			return true
		}
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name == path[0] && isMember(f.Type, path[1:]) {
			return true
		}
	}
	return false
}

// Lists and refusals are written as the rest of the library is, without whom they are about.
func TestListsAndRefusalsAsJSON(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal([]any{export.Left{What: "notes", Count: 2, Why: "no field"}, export.RefusedError{Journey: "E-1", Reason: export.NoConsent}})
	require.NoError(t, err)
	assert.Equal(t, `[{"what":"notes","count":2,"why":"no field"},{"reason":"no_consent"}]`, string(text))
}
