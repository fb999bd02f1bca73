package export_test

import (
	"errors"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/dcrs/export"
	"github.com/healthtrainer/healthtrainer/hte"
)

// kept reads the rows of one journey back from files, as an import would.
func kept(t testing.TB, rows *export.Rows) (episode export.Record, others []export.Record) {
	t.Helper()
	for _, d := range dcrs.ExtractDictionaries() {
		rowsOf(t, d, of(rows, d.Kind()), func(r *dcrs.Row) {
			if d.Kind() == "episode" {
				episode = export.Keep(d, r)
				return
			}
			others = append(others, export.Keep(d, r))
		})
	}
	return episode, others
}

func of(rows *export.Rows, kind string) [][]string {
	return map[string][][]string{
		"episode": {rows.Episode}, "contact": rows.Contacts, "goal": rows.Goals, "signpost": rows.Signposts, "need": rows.Needs, "measure": rows.Measures,
	}[kind]
}

// keys tell the rows of a file apart.
var keys = map[string][]string{
	"episode": {"episode_id"}, "contact": {"contact_id"}, "goal": {"goal_id"}, "signpost": {"signpost_id"}, "need": {"need"},
	"measure": {"time_point", "measure", "measured_on"},
}

// differences are the fields of the dictionaries that differ between the rows of two
// journeys, as "kind.field", with the number of rows. Sets are compared as sets.
func differences(t testing.TB, was, is *export.Rows) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, d := range dcrs.ExtractDictionaries() {
		byKey := func(rows [][]string) map[string]map[string]string {
			all := map[string]map[string]string{}
			for _, row := range rows {
				cells := named(t, d, row)
				var key []string
				for _, k := range keys[d.Kind()] {
					key = append(key, cells[k])
				}
				// Of a measure before or after the plan there is one, whatever its day.
				if p := cells["time_point"]; d.Kind() == "measure" && p != "other" {
					key = key[:2]
				}
				_, twice := all[strings.Join(key, " ")]
				require.False(t, twice, "%s twice", d.Kind())
				all[strings.Join(key, " ")] = cells
			}
			return all
		}
		before, after := byKey(of(was, d.Kind())), byKey(of(is, d.Kind()))
		for key, cells := range before {
			for f := range d.Fields() {
				a, b := cells[f.Name], after[key][f.Name]
				if f.Name == "episode_id" && after[key] == nil {
					continue
				}
				if f.Type == dcrs.TypeCodes {
					a, b = sorted(a), sorted(b)
				}
				if a != b {
					out[d.Kind()+"."+f.Name]++
				}
			}
		}
		for key := range after {
			if before[key] == nil {
				out["more "+d.Kind()]++
			}
		}
	}
	return out
}

func sorted(set string) string {
	codes := strings.Split(set, ";")
	slices.Sort(codes)
	return strings.Join(codes, ";")
}

// listed are the fields that a list names.
func listed(t testing.TB, left []export.Left) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, l := range left {
		require.NotEmpty(t, l.Why, "%s.%s", l.Record, l.What)
		require.Positive(t, l.Count, "%s.%s", l.Record, l.What)
		if l.Record != "" {
			out[l.Record+"."+l.What] += l.Count // of several reasons
		}
	}
	return out
}

func back(t testing.TB, rows *export.Rows) (*hte.State, []export.Left) {
	t.Helper()
	episode, others := kept(t, rows)
	events, left, err := export.Journey(episode, others, day(t, "2026-03-31").Time(time.UTC), "import")
	require.NoError(t, err)
	state, err := hte.Fold(events)
	require.NoError(t, err)
	return &state, left
}

// A journey, its rows, the journey of those rows, its rows, and once more: every field
// of every dictionary that does not come back is on the list, and nothing else is;
// from the second rows on nothing changes any more.
func TestBackAgain(t *testing.T) {
	t.Parallel()
	x := exporter(t)
	again := func(states []*hte.State) (all []*export.Rows) {
		for rows, err := range x.All(t.Context(), func(yield func(*hte.State, export.Client) bool) {
			for _, s := range states {
				if !yield(s, export.Client{}) {
					return
				}
			}
		}) {
			if err != nil {
				_, ok := errors.AsType[*export.RefusedError](err)
				require.True(t, ok, "%v", err)
			}
			all = append(all, rows)
		}
		require.Len(t, all, len(states))
		return all
	}
	var states []*hte.State
	for seed := range uint64(600) {
		states = append(states, &random(t, seed).state)
	}
	var first []*export.Rows
	var lists [][]export.Left
	var seconds []*hte.State
	for _, rows := range again(states) {
		if rows == nil {
			continue // refused: TestWhatIsAcceptedValidates looks at those
		}
		first = append(first, rows)
		state, left := back(t, rows)
		seconds, lists = append(seconds, state), append(lists, left)
	}
	second := again(seconds)
	var thirds []*hte.State
	lost := map[string]int{}
	for i, rows := range second {
		require.NotNil(t, rows, "%s: what was accepted once is accepted again", seconds[i].Journey)
		putDown(t, seconds[i], lists[i])
		diff := differences(t, first[i], rows)
		assert.Equal(t, diff, listed(t, lists[i]), "%s", seconds[i].Journey)
		for f := range diff {
			lost[f]++
		}
		state, _ := back(t, rows)
		thirds = append(thirds, state)
	}
	for i, rows := range again(thirds) {
		require.NotNil(t, rows)
		assert.Empty(t, differences(t, second[i], rows), "%s: the third rows", thirds[i].Journey)
	}
	tried := len(thirds)
	t.Logf("%d came back; in how many each field was lost: %v", tried, lost)
	assert.Greater(t, tried, 400)
	assert.Subset(t, []string{
		"contact.attendance", // cancelled by justice is blank, and a blank comes back as planned
		"contact.trainer_id", // trainers changed
		"episode.height_cm",  // a height in centimetres that the dictionary takes for inches
	}, slices.Collect(maps.Keys(lost)))
}

// putDown holds what the list says was put down against the state: nothing that no
// row says stands in it unlisted, and nothing is listed that was refused.
func putDown(t testing.TB, s *hte.State, left []export.Left) {
	t.Helper()
	got := map[string]int{}
	for _, l := range left {
		if l.Record == "" {
			require.True(t, isMember(reflect.TypeFor[hte.State](), strings.Split(l.What, ".")), "%s is no member of a state", l.What)
			got[l.What] = l.Count
		}
	}
	is := func(filled ...bool) (n int) {
		for _, f := range filled {
			if f {
				n++
			}
		}
		return n
	}
	want := map[string]int{
		"accepted_on": is(!s.AcceptedOn.IsZero()), "assignments": len(s.Assignments), "consent": is(s.Consent.Status != ""),
		"first_contact": is(!s.FirstContact.IsZero()), "plan.versions": len(s.Plan.Versions), "goals.behaviour": len(s.Goals),
		"follow_ups": is(len(s.FollowUps) > 0), "workforce": len(s.Workforce), "justice": len(s.Justice.Course),
		"closure":           is(s.Closure.DeclinedBy != "" || s.Closure.Criterion != "" || s.Closure.To != ""),
		"plan.concluded_on": is(!s.Plan.ConcludedOn.IsZero() && s.Plan.Outcome == "lost"),
	}
	for i := range s.FollowUps {
		want["follow_ups.mode"] += is(s.FollowUps[i].Mode != "")
		want["follow_ups.on"] += is(s.FollowUps[i].Maintained == "lost")
	}
	for i := range s.Appointments {
		want["appointments.made"] += is(!s.Appointments[i].Made.IsZero())
		want["appointments.missed"] += is(s.Appointments[i].Missed != "")
	}
	for i := range s.Goals {
		want["goals.unit"] += is(s.Goals[i].Unit == "not in the extract")
		want["goals.revised_by"] += is(s.Goals[i].RevisedBy > 0)
	}
	for what, n := range want {
		assert.Equal(t, n, got[what], "%s of %s", what, s.Journey)
	}
}

// The whole journey comes back, but for what no row says.
func TestTheWholeJourneyComesBack(t *testing.T) {
	t.Parallel()
	rows, err := exporter(t).Rows(t.Context(), &whole(t, "E-1").state, client)
	require.NoError(t, err)
	state, left := back(t, rows)
	who := listed(t, left)
	for _, f := range []string{"nhs_number", "gender", "ethnic_category", "postcode", "gp_practice_code", "imd_quintile", "imd_edition"} {
		assert.Equal(t, 1, who["episode."+f], f)
		delete(who, "episode."+f)
	}
	// Whoever has the date of birth works the age out; here the age itself was known.
	assert.Empty(t, who)
	var put []string
	for _, l := range left {
		if l.Record == "" {
			put = append(put, l.What)
		}
	}
	assert.Equal(t, []string{
		"accepted_on", "assignments", "first_contact", "consent", "appointments.made", "goals.behaviour", "plan.versions", "follow_ups", "follow_ups.mode", "workforce",
	}, put)
	again, err := exporter(t).Rows(t.Context(), state, client)
	require.NoError(t, err)
	assert.Equal(t, rows.Episode, again.Episode, "with the client from the host, to the letter")
	assert.Equal(t, rows.Contacts, again.Contacts)
	assert.Equal(t, rows.Measures, again.Measures)
}

// An extract knows of consent to share alone, so nobody consents to be contacted, or
// studied, because of an import.
func TestAnImportConsentsToNothingElse(t *testing.T) {
	t.Parallel()
	rows, err := exporter(t).Rows(t.Context(), &whole(t, "E-1").state, export.Client{})
	require.NoError(t, err)
	for consent, want := range map[string][]hte.Purpose{"Y": {"support", "share"}, "N": {"support"}, "": nil} {
		put(t, rows, "episode", map[string]string{"consent": consent})
		state, left := back(t, rows)
		assert.Equal(t, want, state.Consent.Purposes, consent)
		assert.Equal(t, consent != "", slices.ContainsFunc(left, func(l export.Left) bool { return l.What == "consent" && l.Record == "" }), consent)
	}
}

// put sets fields of the only row of a kind, or adds one.
func put(t testing.TB, rows *export.Rows, kind string, set map[string]string) {
	t.Helper()
	for _, d := range dcrs.ExtractDictionaries() {
		if d.Kind() != kind {
			continue
		}
		row := make([]string, 0, 102)
		for f := range d.Fields() {
			row = append(row, set[f.Name])
			if v, ok := set[f.Name]; ok && kind == "episode" {
				rows.Episode[f.Index()] = v
			}
		}
		switch kind {
		case "contact":
			rows.Contacts = [][]string{row}
		case "goal":
			rows.Goals = [][]string{row}
		case "signpost":
			rows.Signposts = [][]string{row}
		case "need":
			rows.Needs = append(rows.Needs, row)
		case "measure":
			rows.Measures = [][]string{row}
		}
	}
}

// What other systems write and a journey does not say is named, once for each row,
// and the rest comes back.
func TestRowsOfOthers(t *testing.T) {
	t.Parallel()
	contact := func(more ...string) map[string]string {
		out := map[string]string{
			"episode_id": "E-1", "contact_id": "E-1-c1", "contact_date": "2024-01-12", "consultation_medium": "01", "attendance": "attended",
			"purpose": "first_contact", "trainer_id": "T-1", "duration_minutes": "45",
		}
		for i := 0; i < len(more); i += 2 {
			out[more[i]] = more[i+1]
		}
		return out
	}
	for _, c := range []struct {
		why, kind string
		set       map[string]string
		want      map[string]int
	}{
		{"nothing was changed", "episode", nil, map[string]int{}},
		{"an identifier of another system", "contact", contact("contact_id", "778812"), map[string]int{"contact.contact_id": 1}},
		{"a meeting over a talk type line", "contact", contact("consultation_medium", "04"), map[string]int{"contact.consultation_medium": 1}},
		{"a meeting to make the plan", "contact", contact("purpose", "planning"), map[string]int{"contact.purpose": 1}},
		{"a meeting in a pharmacy", "contact", contact("setting", "pharmacy"), map[string]int{"contact.setting": 1}},
		{
			"nobody knows what became of it: it was cancelled at the end", "contact", contact("attendance", "", "duration_minutes", "", "trainer_id", ""),
			map[string]int{"contact.attendance": 1, "episode.sessions_attended": 1},
		},
		{
			"outreach before the referral", "contact", contact("contact_date", "2024-01-02", "purpose", "outreach"),
			map[string]int{
				"contact.contact_id": 1, "contact.contact_date": 1, "contact.consultation_medium": 1, "contact.attendance": 1, "contact.purpose": 1,
				"contact.trainer_id": 1, "contact.duration_minutes": 1, "episode.sessions_attended": 1, "episode.sessions_missed": 1,
			},
		},
		{"outreach on its day", "contact", contact("purpose", "outreach"), map[string]int{"contact.purpose": 1}},
		{
			"outreach before the first contact: as a session it would come before it", "contact", contact("contact_date", "2024-01-11", "purpose", "outreach"),
			map[string]int{
				"contact.contact_id": 1, "contact.contact_date": 1, "contact.consultation_medium": 1, "contact.attendance": 1, "contact.purpose": 1,
				"contact.trainer_id": 1, "contact.duration_minutes": 1, "episode.sessions_attended": 1, "episode.sessions_missed": 1,
			},
		},
		{
			"a leaflet", "signpost",
			map[string]string{"episode_id": "E-1", "signpost_id": "E-1-s1", "signpost_date": "2024-01-19", "destination": "stop_smoking", "kind": "information", "outcome": "awaited"},
			map[string]int{"signpost.kind": 1},
		},
		{
			"the same need comes up again", "need",
			map[string]string{"episode_id": "E-1", "need": "accommodation", "recorded_date": "2024-05-01", "status": "open"},
			map[string]int{"need.need": 1, "need.recorded_date": 1, "need.status": 1},
		},
		{
			"a need that cannot wait", "need",
			map[string]string{"episode_id": "E-1", "need": "finance", "severity": "urgent", "recorded_date": "2024-02-01", "status": "open"},
			map[string]int{"need.severity": 1},
		},
		{
			"a score without its answers, and no rows of what the episode has", "measure",
			map[string]string{"episode_id": "E-1", "time_point": "pre", "measured_on": "2024-01-12", "measure": "PHQ-9", "value": "7"},
			map[string]int{"measure.time_point": 1, "measure.measured_on": 1, "measure.value": 1, "measure.measure": 1 + 4},
		},
		{"closing for a reason that the rest does not bear out", "episode", map[string]string{"closure_reason": "released"}, map[string]int{"episode.closure_reason": 1}},
		{"a date of another country", "episode", map[string]string{"closure_date": "06/19/2024"}, map[string]int{"episode.closure_date": 1, "episode.closure_reason": 1}},
		{"transferred, nobody says to whom", "episode", map[string]string{"closure_reason": "transferred"}, map[string]int{}},
		{"found ineligible after all that work", "episode", map[string]string{"closure_reason": "ineligible"}, map[string]int{"episode.closure_reason": 1}},
		{"recalled at the end", "episode", map[string]string{"closure_reason": "recalled"}, map[string]int{}},
		{"a blank where a journey has to have something", "episode", map[string]string{"referral_source": "", "supervision": ""}, map[string]int{"episode.referral_source": 1, "episode.supervision": 1}},
		{"a setting that is none", "episode", map[string]string{"setting": "the pub"}, map[string]int{"episode.setting": 1}},
		{"no step into the workforce", "episode", map[string]string{"workforce_step": "none"}, map[string]int{"episode.workforce_step": 1}},
	} {
		t.Run(c.why, func(t *testing.T) {
			rows, err := exporter(t).Rows(t.Context(), &whole(t, "E-1").state, export.Client{})
			require.NoError(t, err)
			put(t, rows, c.kind, c.set)
			state, left := back(t, rows)
			assert.Equal(t, c.want, listed(t, left), "%v", left)
			putDown(t, state, left)
		})
	}
}

// One date that cannot be does not keep a case out, nor what does not rest on it: it is named,
// and the rest comes back.
func TestADateThatCannotBe(t *testing.T) {
	t.Parallel()
	const before, after = "2024-01-02", "2042-01-12" // of the referral, and of the day of recording
	for _, wrong := range []string{before, after} {
		for field, want := range map[string]map[string]int{
			"first_contact_date": {"episode.first_contact_date": 1},
			"closure_date":       {"episode.closure_date": 1, "episode.closure_reason": 1},
			"followup_3m_date":   {"episode.followup_3m_date": 1, "episode.followup_3m_maintained": 1},
			"signposted_date":    {"episode.signposted_date": 1},
		} {
			rows, err := exporter(t).Rows(t.Context(), &whole(t, "E-1").state, export.Client{})
			require.NoError(t, err)
			put(t, rows, "episode", map[string]string{field: wrong})
			_, left := back(t, rows)
			assert.Equal(t, want, listed(t, left), field)
		}
		for _, field := range []string{"assessment_date", "plan_date", "review_date"} { // some rests on these
			rows, err := exporter(t).Rows(t.Context(), &whole(t, "E-1").state, export.Client{})
			require.NoError(t, err)
			put(t, rows, "episode", map[string]string{field: wrong})
			state, left := back(t, rows)
			assert.Equal(t, 1, listed(t, left)["episode."+field], field)
			assert.Equal(t, hte.StageClosed, state.Stage, field)
			assert.Len(t, state.Goals, 1, field)
			assert.Equal(t, hte.Issue("smoking"), state.PrimaryIssue, field)
		}
	}
}

// Who was assessed was met, whether or not the row says when, and whatever it says.
func TestAFirstContactAfterTheFirstWork(t *testing.T) {
	t.Parallel()
	for _, on := range []string{"", "2024-02-20"} {
		rows, err := exporter(t).Rows(t.Context(), &whole(t, "E-1").state, export.Client{})
		require.NoError(t, err)
		put(t, rows, "episode", map[string]string{"first_contact_date": on})
		state, left := back(t, rows)
		assert.Equal(t, map[string]int{"episode.first_contact_date": 1}, listed(t, left), on)
		assert.Equal(t, day(t, "2024-01-12"), state.FirstContact, on)
	}
}

// A goal that another replaced comes back with its review where that can have come before; where not, it is named.
func TestTheReviewOfAReplacedGoal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, reviewed, set string
		want               int
	}{
		{"reviewed, and replaced later", "2024-02-20", "2024-03-01", 0},
		{"replaced on the day of its review", "2024-03-01", "2024-03-01", 0},
		{"reviewed when it had been replaced", "2024-03-10", "2024-03-01", 1},
		{"replaced before the plan was signed", "2024-01-20", "2024-01-25", 1},
	} {
		rows, err := exporter(t).Rows(t.Context(), &whole(t, "E-1").state, export.Client{})
		require.NoError(t, err)
		put(t, rows, "episode", map[string]string{"plan_date": "2024-02-02", "review_date": "2024-04-01"})
		goal := func(n, set, due, reviewed, status string) []string {
			put(t, rows, "goal", map[string]string{
				"episode_id": "E-1", "goal_id": "E-1-g" + n, "goal_number": n, "issue": "smoking", "measure": "cigarettes", "baseline": "20", "target": "5",
				"set_date": set, "due_date": due, "review_date": reviewed, "status": status,
			})
			return rows.Goals[0]
		}
		rows.Goals = [][]string{goal("1", "2024-01-19", "2024-05-01", c.reviewed, "revised"), goal("2", c.set, "2024-05-10", "", "open")}
		state, left := back(t, rows)
		got := listed(t, left)
		assert.Equal(t, c.want, got["goal.review_date"], "%s: %v", c.why, left)
		assert.Zero(t, got["goal.status"], c.why)
		if assert.Len(t, state.Goals, 2, c.why) {
			assert.Len(t, state.Goals[0].Reviews, 1-c.want, c.why)
		}
	}
}

func TestRowsThatBeginNoJourney(t *testing.T) {
	t.Parallel()
	rows, err := exporter(t).Rows(t.Context(), &whole(t, "E-1").state, export.Client{})
	require.NoError(t, err)
	recorded := day(t, "2026-03-31").Time(time.UTC)
	for why, set := range map[string]map[string]string{
		"no referral":            {"referral_date": ""},
		"a day that is none":     {"referral_date": "2024-02-30"},
		"no identifier":          {"episode_id": ""},
		"nobody knows who it is": {"client_id": ""},
		"referred tomorrow":      {"referral_date": "2026-04-02"},
	} {
		cut := &export.Rows{Episode: slices.Clone(rows.Episode)}
		put(t, cut, "episode", set)
		episode, _ := kept(t, cut)
		events, left, err := export.Journey(episode, nil, recorded, "import")
		assert.Empty(t, events, why)
		assert.Empty(t, left, why)
		refused, begun := errors.AsType[*export.RefusedError](err)
		_, recorded := errors.AsType[*hte.RefusedError](err)
		assert.True(t, recorded || begun && refused.Reason == export.NotBegun, "%s: %v", why, err)
		assert.NotContains(t, err.Error(), "C-1", why)
	}
}

// FuzzJourney puts valid values anywhere into the rows of random journeys: dates out
// of order, statuses that contradict each other, goals without a plan. Whatever they
// hold, what comes back is a log that folds, and the rows of that journey come back
// whole: what is put down once is not put down anew.
func FuzzJourney(f *testing.F) {
	f.Add(uint64(0), []byte(nil))
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 200 {
		edits := make([]byte, 4*(1+rng.IntN(12)))
		for j := range edits {
			edits[j] = byte(rng.IntN(256))
		}
		f.Add(uint64(i), edits)
	}
	dictionaries := map[string]*dcrs.Dictionary{}
	for _, d := range dcrs.ExtractDictionaries() {
		dictionaries[d.Kind()] = d
	}
	recorded := day(f, "2026-03-31")
	f.Fuzz(func(t *testing.T, seed uint64, edits []byte) {
		state := random(t, seed%1000).state
		episode, others := export.Unchecked(&state)
		all := append([]export.Record{episode}, others...)
		for ; len(edits) >= 4; edits = edits[4:] {
			r := &all[int(edits[0])%len(all)]
			if edits[0] < 128 {
				r = &all[0] // half of them in the episode
			}
			d := dictionaries[r.Kind()]
			fields := slices.Collect(d.Fields())
			f := fields[int(edits[1])%len(fields)]
			if f.Type != dcrs.TypeID { // what belongs together stays together
				r.Set(f.Name, value(d, f, state.ReferredOn, edits[2], edits[3]))
			}
		}
		events, left, err := export.Journey(all[0], all[1:], recorded.Time(time.UTC), "import")
		if err != nil {
			return
		}
		again, err := hte.Fold(events)
		require.NoError(t, err)
		listed(t, left)
		putDown(t, &again, left)
		episode, others = export.Unchecked(&again)
		_, left, err = export.Journey(episode, others, recorded.Time(time.UTC), "import")
		require.NoError(t, err)
		assert.Empty(t, listed(t, left), "%v", left)
	})
}

// value is a valid value of a field, or none.
func value(d *dcrs.Dictionary, f dcrs.Field, from hte.Date, a, b byte) string {
	if a == 0 {
		return ""
	}
	switch f.Type {
	case dcrs.TypeDate:
		return from.AddDays(4*int(a) - 100).String()
	case dcrs.TypeCode, dcrs.TypeCodes:
		list, _ := d.CodeList(f.CodeList)
		one, two := list.Codes[int(a)%len(list.Codes)].Code, list.Codes[int(b)%len(list.Codes)].Code
		if f.Type == dcrs.TypeCodes && one != two {
			return one + ";" + two
		}
		return one
	case dcrs.TypeInteger, dcrs.TypeDecimal:
		return strconv.FormatInt(f.Valid.Min+int64(a)%(f.Valid.Max-f.Valid.Min+1), 10)
	}
	return ""
}
