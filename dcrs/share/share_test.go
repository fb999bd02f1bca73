package share

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/dcrs/lookup"
	"github.com/healthtrainer/healthtrainer/hte"
)

// Every extract, postcode and key in these tests is made up.

var secret = []byte("a made-up key for tests, 32 bytes and more")

func testKey(t testing.TB) *Key {
	t.Helper()
	k, err := NewKey(secret)
	require.NoError(t, err)
	return k
}

func day(t testing.TB, s string) hte.Date {
	t.Helper()
	d, err := hte.ParseDate(s)
	require.NoError(t, err)
	return d
}

func validator(t testing.TB) *dcrs.Validator {
	t.Helper()
	v, err := dcrs.NewValidator(dcrs.Episodes(), day(t, "2026-03-31"), dcrs.Severity("*/*", dcrs.Off))
	require.NoError(t, err)
	return v
}

// sources know one postcode, ZA1 1AA, in quintile 3 of 2019.
func sources(t testing.TB) *lookup.Sources {
	t.Helper()
	p, err := lookup.ReadPostcodes(context.Background(), strings.NewReader("pcds,doterm,lsoa11\nZA1 1AA,,E01016000\n"))
	require.NoError(t, err)
	var b strings.Builder
	b.WriteString("LSOA code,IMD rank\n")
	for i := 1; i <= 32_844; i++ {
		fmt.Fprintf(&b, "E01%06d,%d\n", i, i)
	}
	x, err := lookup.ReadRanks(context.Background(), "2019", strings.NewReader(b.String()))
	require.NoError(t, err)
	return &lookup.Sources{Postcodes: p, Ranks: []*lookup.Ranks{x}}
}

// share makes a safe extract and hands it back with its report.
func share(t testing.TB, plan Plan, key *Key, src *lookup.Sources, in string) (string, *Report) {
	t.Helper()
	s, err := New(validator(t), plan, key, src)
	require.NoError(t, err)
	var out bytes.Buffer
	report, err := s.Share(context.Background(), "x.csv", strings.NewReader(in), &out)
	require.NoError(t, err)
	for _, f := range report.Fields {
		if f.Column != "" {
			assert.LessOrEqual(t, f.Shared+f.Unreadable+f.Unknown+f.Suspicious+f.Suppressed, report.Written)
		}
	}
	assert.Equal(t, report.Records, report.Written+report.NotRead+report.NoConsent+report.Suppressed)
	return out.String(), report
}

// only is a plan that drops everything but some fields, of people who need not be
// many of a kind.
func only(fields map[string]Action) Plan {
	return Plan{
		Project: "test", Fields: fields, Consent: ConsentAny, Suppress: SuppressNone, QuasiIdentifiers: []string{}, Sensitive: []string{},
		BySensitivity: map[string]Action{"none": Drop, "pseudonym": Drop, "quasi": Drop, "special": Drop, "offence": Drop, "identifying": Drop},
	}
}

func TestActions(t *testing.T) {
	mac := func(use string, parts ...string) string {
		h := hmac.New(sha256.New, secret)
		for _, p := range append([]string{"healthtrainer/dcrs/share 1", "test", use}, parts...) {
			h.Write([]byte{0, 0, 0, byte(len(p))})
			h.Write([]byte(p))
		}
		return "p" + hex.EncodeToString(h.Sum(nil)[:16])
	}
	for _, tc := range []struct {
		why, field, value, column, want string
		action                          Action
		change                          func(*Plan)
	}{
		{"kept in its canonical spelling", "sessions_planned", "6.0", "sessions_planned", "6", Keep, nil},
		{"several codes", "disability", "05; 08", "disability", "05;08", Keep, nil},
		{"a date that is meant to be kept", "plan_date", "2025-05-17", "plan_date", "2025-05-17", Keep, nil},
		{"what cannot be read may be anything", "gender", "Jane Doe", "gender", "", Keep, nil},
		{"an NHS number where none belongs", "service_code", "9990000018", "service_code", "", Keep, nil},
		{"ten digits that are none", "service_code", "9990000019", "service_code", "9990000019", Keep, nil},
		{"raw is what it says", "nhs_number", "999 000 0018", "nhs_number", "9990000018", Raw, nil},
		{"a pseudonym of a local identifier", "episode_id", "E1", "episode_id", mac("pseudonym episode_id", "E1"), Pseudonym, nil},
		{"of a client, in the service", "client_id", "C1", "client_id", mac("pseudonym client_id", "RX1", "C1"), Pseudonym, nil},
		{"of an NHS number, however it is spaced", "nhs_number", "999 000 0018", "nhs_number_pseudonym", mac("pseudonym nhs_number", "9990000018"), Pseudonym, nil},
		{"in a column too short for it", "service_code", "RX1", "service_code_pseudonym", mac("pseudonym service_code", "RX1"), Pseudonym, nil},
		{"shorter", "episode_id", "E1", "episode_id", mac("pseudonym episode_id", "E1")[:21], Pseudonym, func(p *Plan) { p.Digest = 10 }},
		{"a birthday tomorrow", "date_of_birth", "2000-04-02", "date_of_birth_age_band", "18-24", AgeBand, nil},
		{"a birthday today", "date_of_birth", "2000-04-01", "date_of_birth_age_band", "25-34", AgeBand, nil},
		{"the youngest", "date_of_birth", "2020-04-01", "date_of_birth_age_band", "under 18", AgeBand, nil},
		{"the oldest", "date_of_birth", "1925-04-01", "date_of_birth_age_band", "75+", AgeBand, nil},
		{"not born yet", "date_of_birth", "2025-04-02", "date_of_birth_age_band", "", AgeBand, nil},
		{"bands of the caller's", "date_of_birth", "1990-04-01", "date_of_birth_age_band", "35-44", AgeBand, func(p *Plan) { p.AgeBands = []int{18, 35, 45, 60} }},
		{"a band of one year", "date_of_birth", "2007-04-01", "date_of_birth_age_band", "18", AgeBand, func(p *Plan) { p.AgeBands = []int{18, 19} }},
		{"the age itself", "age_at_referral", "34", "age_at_referral_age_band", "25-34", AgeBand, nil},
		{"a year of birth", "date_of_birth", "2000-04-02", "date_of_birth_year", "2000", Year, nil},
		{"a month", "plan_date", "2025-05-17", "plan_date_month", "2025-05", Month, nil},
		{"a month in autumn", "plan_date", "2025-11-30", "plan_date_month", "2025-11", Month, nil},
		{"a quarter", "plan_date", "2025-03-31", "plan_date_quarter", "2025-Q1", Quarter, nil},
		{"the next", "plan_date", "2025-04-01", "plan_date_quarter", "2025-Q2", Quarter, nil},
		{"a year", "plan_date", "2025-12-31", "plan_date_year", "2025", Year, nil},
		{"an early year", "plan_date", "0987-12-31", "plan_date_year", "0987", Year, nil},
		{"an outward code", "postcode", "za11aa", "postcode_outward", "ZA1", Outward, nil},
		{"a quintile", "postcode", "za11aa", "postcode_quintile", "3", Quintile, nil},
		{"no fixed abode", "postcode", "ZZ99 3VZ", "postcode_quintile", "", Quintile, nil},
		{"a postcode that is not there", "postcode", "ZA1 1AB", "postcode_quintile", "", Quintile, nil},
	} {
		plan := only(map[string]Action{tc.field: tc.action})
		plan.AgeOn, plan.Edition = day(t, "2025-04-01"), "2019"
		if tc.change != nil {
			tc.change(&plan)
		}
		header, row := "client_id,service_code,"+tc.field, "C1,RX1,"+tc.value
		switch tc.field {
		case "client_id":
			header, row = "service_code,client_id", "RX1,C1"
		case "service_code":
			header, row = "client_id,service_code", "C1,"+tc.value
		}
		out, report := share(t, plan, testKey(t), sources(t), header+",Notes\n"+row+",x\n")
		want := tc.want
		if want == "" {
			want = `""`
		}
		assert.Equal(t, tc.column+"\n"+want+"\n", out, tc.why)
		for _, f := range report.Fields {
			if f.Field == tc.field {
				assert.Equal(t, tc.want != "", f.Shared == 1, tc.why)
				assert.Equal(t, 1, f.Shared+f.Unreadable+f.Unknown+f.Suspicious, tc.why)
				assert.True(t, f.Named)
			} else {
				assert.Equal(t, Drop, f.Action)
			}
		}
	}
}

// TestDefaults: what a plan that says nothing does, field by field.
func TestDefaults(t *testing.T) {
	actions := func(plan Plan, key *Key, src *lookup.Sources) map[string]Action {
		s, err := New(validator(t), plan, key, src)
		require.NoError(t, err)
		m := make(map[string]Action)
		for _, x := range s.treated {
			m[x.field.Name] = x.action
		}
		return m
	}
	least := actions(Plan{Project: "test"}, nil, nil)
	for f := range dcrs.Episodes().Fields() {
		switch {
		case f.Sensitivity == dcrs.Identifying, f.Sensitivity == dcrs.Pseudonym, f.Sensitivity == dcrs.OffenceData, f.Sensitivity == dcrs.QuasiIdentifying:
			assert.Equal(t, Drop, least[f.Name], f.Name)
		case f.Name == "gp_practice_code", f.Name == "ethnic_category":
			assert.Equal(t, Drop, least[f.Name], "nearly everybody would be alone with it")
		case f.Type == dcrs.TypeDate:
			assert.Equal(t, Month, least[f.Name], f.Name)
		case f.Name == "age_at_referral":
			assert.Equal(t, AgeBand, least[f.Name])
		default:
			assert.Equal(t, Keep, least[f.Name], f.Name)
		}
	}
	more := actions(Plan{Project: "test", AgeOn: day(t, "2025-04-01"), Edition: "2019", BySensitivity: map[string]Action{"special": Drop, "quasi": Keep}}, testKey(t), sources(t))
	assert.Equal(t, AgeBand, more["date_of_birth"])
	assert.Equal(t, Drop, more["age_at_referral"], "one age is enough")
	assert.Equal(t, Quintile, more["postcode"])
	assert.Equal(t, Drop, more["nhs_number"])
	assert.Equal(t, Pseudonym, more["client_id"])
	assert.Equal(t, Drop, more["primary_issue"])
	assert.Equal(t, Keep, more["lsoa"])
	assert.Equal(t, Drop, more["supervision"], "offence data must be named")
}

func TestRefusedPlans(t *testing.T) {
	leak := func(fields map[string]Action) Plan { return Plan{Project: "test", Fields: fields} }
	for _, tc := range []struct {
		why   string
		plan  Plan
		leaks bool
		keyed bool
	}{
		{"an NHS number kept", leak(map[string]Action{"nhs_number": Keep}), true, true},
		{"a date of birth kept", leak(map[string]Action{"date_of_birth": Keep}), true, true},
		{"a postcode kept", leak(map[string]Action{"postcode": Keep}), true, true},
		{"a date of birth to the month", leak(map[string]Action{"date_of_birth": Month}), true, true},
		{"a date of birth shifted", leak(map[string]Action{"date_of_birth": Shift}), true, true},
		{"a local identifier kept", leak(map[string]Action{"client_id": Keep}), true, true},
		{"all identifying fields kept", Plan{Project: "test", BySensitivity: map[string]Action{"identifying": Keep}}, true, true},
		{"all offence data kept", Plan{Project: "test", BySensitivity: map[string]Action{"offence": Keep}}, true, true},
		{"all local identifiers kept", Plan{Project: "test", BySensitivity: map[string]Action{"pseudonym": Keep}}, true, true},
		{"dates that tell the shift of others", leak(map[string]Action{"referral_date": Shift}), true, true},
		{"no project", Plan{}, false, true},
		{"a field that there is not", leak(map[string]Action{"name": Keep}), false, true},
		{"no such action", leak(map[string]Action{"gender": 99}), false, true},
		{"a pseudonym of a code", leak(map[string]Action{"gender": Pseudonym}), false, true},
		{"a pseudonym without a key", leak(map[string]Action{"client_id": Pseudonym}), false, false},
		{"an age band of a code", leak(map[string]Action{"gender": AgeBand}), false, true},
		{"an age band on no day", leak(map[string]Action{"date_of_birth": AgeBand}), false, true},
		{"a month of a code", leak(map[string]Action{"gender": Month}), false, true},
		{"an outward part of a code", leak(map[string]Action{"gender": Outward}), false, true},
		{"a quintile of a code", leak(map[string]Action{"gender": Quintile}), false, true},
		{"a quintile from nowhere", leak(map[string]Action{"postcode": Quintile}), false, true},
		{"a sensitivity that there is not", Plan{Project: "test", BySensitivity: map[string]Action{"secret": Drop}}, false, true},
		{"a sensitivity coarsened", Plan{Project: "test", BySensitivity: map[string]Action{"none": Month}}, false, true},
		{"bands that fall", Plan{Project: "test", AgeBands: []int{30, 20}}, false, true},
		{"no bands", Plan{Project: "test", AgeBands: []int{}}, false, true},
		{"pseudonyms too short", Plan{Project: "test", Digest: 4}, false, true},
		{"a shift of years", Plan{Project: "test", MaxShift: 5000}, false, true},
		{"k below one", Plan{Project: "test", K: -1}, false, true},
		{"a quasi-identifier that is dropped", Plan{Project: "test", QuasiIdentifiers: []string{"postcode"}}, false, true},
		{"one that stands twice", Plan{Project: "test", QuasiIdentifiers: []string{"gender", "gender"}}, false, true},
		{"one that is sensitive too", Plan{Project: "test", QuasiIdentifiers: []string{"gender"}, Sensitive: []string{"gender"}}, false, true},
		{"consent and suppression that there are not", Plan{Project: "test", Consent: 9, Suppress: 9}, false, true},
		{"nothing left", only(nil), false, true},
	} {
		var key *Key
		if tc.keyed {
			key = testKey(t)
		}
		_, err := New(validator(t), tc.plan, key, nil)
		require.Error(t, err, tc.why)
		if _, ok := errors.AsType[*LeakError](err); tc.leaks {
			assert.True(t, ok, "%s: %v", tc.why, err)
		} else {
			_, plan := errors.AsType[*PlanError](err)
			assert.True(t, plan && !ok, "%s: %v", tc.why, err)
		}
	}
	_, err := New(nil, Plan{Project: "test"}, nil, nil)
	require.Error(t, err)
}

func TestShift(t *testing.T) {
	plan := only(map[string]Action{"client_id": Pseudonym, "referral_date": Shift, "plan_date": Shift})
	plan.MaxShift = 30
	in := "client_id,service_code,referral_date,plan_date\n"
	for c := range 400 {
		in += fmt.Sprintf("C%d,RX1,2025-05-01,2025-06-11\n", c)
	}
	in += "C0,RX2,2025-05-01,2025-06-11\n?,RX1,2025-05-01,2025-06-11\nC0,RX1,2025-07-01,0001-01-01\n"
	out, _ := share(t, plan, testKey(t), nil, in)
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	rows = rows[1:]
	base := day(t, "2025-05-01")
	shifts := make(map[int]int)
	for _, row := range rows[:400] {
		n := base.DaysUntil(day(t, row[1]))
		assert.Equal(t, 41, day(t, row[1]).DaysUntil(day(t, row[2])), "the days between two dates stay")
		assert.NotZero(t, n)
		assert.LessOrEqual(t, max(n, -n), 30)
		shifts[n]++
	}
	assert.Greater(t, len(shifts), 50, "nearly all of the 60 shifts come")
	assert.NotEqual(t, rows[0][0], rows[400][0], "C0 of another service is another client")
	assert.Equal(t, []string{"", "", ""}, rows[401], "without a client nobody knows by how much")
	assert.Equal(t, rows[0][0], rows[402][0])
	assert.Equal(t, base.DaysUntil(day(t, rows[0][1])), day(t, "2025-07-01").DaysUntil(day(t, rows[402][1])), "one client, one shift")
	if n := base.DaysUntil(day(t, rows[0][1])); n < 0 {
		assert.Empty(t, rows[402][2], "before the calendar begins")
	}
}

// TestProjectsCannotBeLinked, nor fields, nor keys.
func TestProjectsCannotBeLinked(t *testing.T) {
	in := "client_id,episode_id,trainer_id\nX1,X1,X1\n"
	fields := map[string]Action{"client_id": Pseudonym, "episode_id": Pseudonym, "trainer_id": Pseudonym}
	other, err := NewKey([]byte(strings.ToUpper(string(secret))))
	require.NoError(t, err)
	seen := make(map[string]bool)
	for _, key := range []*Key{testKey(t), other} {
		for _, project := range []string{"test", "test2", "tes"} {
			plan := only(fields)
			plan.Project = project
			out, _ := share(t, plan, key, nil, in)
			again, _ := share(t, plan, key, nil, in)
			assert.Equal(t, out, again, "the same every time")
			for p := range strings.SplitSeq(strings.TrimSpace(strings.SplitAfter(out, "\n")[1]), ",") {
				assert.False(t, seen[p], "%s comes twice", p)
				seen[p] = true
			}
		}
	}
	assert.Len(t, seen, 18)
}

func TestConsent(t *testing.T) {
	in := "client_id,gender,consent\nC1,1,Y\nC2,1,N\nC3,1,\nC4,1,not_asked\nC5,1,wrong\n"
	for consent, want := range map[Consent]int{ConsentGiven: 1, ConsentNotRefused: 4, ConsentAny: 5} {
		plan := only(map[string]Action{"gender": Keep})
		plan.Consent = consent
		_, report := share(t, plan, nil, nil, in)
		assert.Equal(t, want, report.Written, consent)
		assert.Equal(t, 5-want, report.NoConsent, consent)
	}
	plan := only(map[string]Action{"gender": Keep})
	plan.Consent = ConsentGiven
	_, report := share(t, plan, nil, nil, "client_id,gender\nC1,1\n")
	assert.Zero(t, report.Written, "without the column nobody has consented")
}

// TestAgainstR holds the counts to those of base R, see testdata/anonymity.R.
func TestAgainstR(t *testing.T) {
	in, err := os.ReadFile("testdata/anonymity.csv")
	require.NoError(t, err)
	f, err := os.Open("testdata/anonymity.expected.csv")
	require.NoError(t, err)
	defer f.Close()
	expected, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	require.Len(t, expected, 5)
	for _, want := range expected[1:] {
		plan := Plan{
			Project: "test", AgeOn: day(t, "2025-04-01"), Consent: ConsentGiven, Fields: map[string]Action{"ethnic_category": Keep},
			QuasiIdentifiers: []string{"date_of_birth", "gender", "ethnic_category", "imd_quintile"}, Sensitive: []string{"primary_issue"},
		}
		switch want[0] {
		case "all":
			plan.Suppress = SuppressNone
		case "k5l3":
			plan.L = 3
		case "blanked":
			plan.Suppress = SuppressCells
		}
		out, report := share(t, plan, testKey(t), nil, string(in))
		a, d := report.Anonymity.After, report.Anonymity.Sensitive[0]
		got := []string{want[0]}
		for _, n := range []int{a.Rows, a.Classes, a.SmallestK, a.ClassesLess, a.RowsLess, a.Unique, d.SmallestL, d.ClassesOne, d.RowsOne, d.ClassesNone} {
			got = append(got, strconv.Itoa(n))
		}
		assert.Equal(t, want, got, expected[0])
		assert.Equal(t, "client", report.Anonymity.CountedBy)
		assert.Equal(t, expected[1][1], strconv.Itoa(report.Anonymity.Before.Rows))

		rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		require.NoError(t, err)
		assert.Equal(t, report.Written, len(rows)-1)
		assert.Equal(t, a.Rows, report.Written)
		n := 0
		for _, s := range a.Sizes {
			n += s.Rows
		}
		assert.Equal(t, a.Rows, n, "the sizes are of all rows")
		if plan.Suppress != SuppressNone {
			holdsK(t, rows, []string{"date_of_birth_age_band", "gender", "ethnic_category", "imd_quintile"}, 5)
		}
	}
}

// holdsK counts the clients of each kind in what was written.
func holdsK(t *testing.T, rows [][]string, quasi []string, k int) {
	t.Helper()
	at := func(name string) int {
		for i, n := range rows[0] {
			if n == name {
				return i
			}
		}
		require.Fail(t, "no column", name)
		return -1
	}
	people := make(map[string]map[string]bool)
	for _, row := range rows[1:] {
		key := ""
		for _, q := range quasi {
			key += row[at(q)] + "|"
		}
		if people[key] == nil {
			people[key] = make(map[string]bool)
		}
		people[key][row[at("client_id")]] = true
	}
	for key, p := range people {
		assert.GreaterOrEqual(t, len(p), k, key)
	}
}

// TestSuppressCells: where blanking is not enough, the rows go.
func TestSuppressCells(t *testing.T) {
	rows := func(n int, gender, ethnic, issue string) string {
		var b strings.Builder
		for range n {
			fmt.Fprintf(&b, "%s%s%d,%s,%s,%s\n", gender, ethnic, b.Len(), gender, ethnic, issue)
		}
		return b.String()
	}
	header := "client_id,gender,ethnic_category,primary_issue\n"
	base := Plan{Project: "test", Fields: map[string]Action{"ethnic_category": Keep}, Consent: ConsentAny, Suppress: SuppressCells, K: 3, QuasiIdentifiers: []string{"gender", "ethnic_category"}, Sensitive: []string{"primary_issue"}}
	for _, tc := range []struct {
		why                          string
		in                           string
		written, blanked, leftOut    int
		classes, smallest, smallest2 int // 2: of the sensitive values
		l                            int
	}{
		{"two small kinds make one of three", rows(3, "1", "A", "diet") + rows(1, "1", "B", "diet") + rows(2, "2", "A", "diet"), 6, 3, 0, 2, 3, 1, 0},
		{"two are too few even without", rows(3, "1", "A", "diet") + rows(2, "2", "A", "diet"), 3, 0, 2, 1, 3, 1, 0},
		{"those who have none already help", rows(3, "1", "A", "diet") + rows(2, "2", "A", "diet") + rows(1, "", "", "diet"), 6, 3, 0, 2, 3, 1, 0},
		{"a kind whose people all have the same goes too", rows(3, "1", "A", "diet") + rows(3, "2", "A", "diet") + rows(1, "2", "B", "weight"), 7, 7, 0, 1, 7, 2, 2},
		{"and if all have the same, all go", rows(3, "1", "A", "diet") + rows(3, "2", "A", "diet"), 0, 0, 6, 0, 0, 0, 2},
		{"nothing recorded gives nothing away", rows(3, "1", "A", ""), 3, 0, 0, 1, 3, 0, 2},
		{"no rows", "", 0, 0, 0, 0, 0, 0, 2},
	} {
		plan := base
		plan.L = tc.l
		_, report := share(t, plan, testKey(t), nil, header+tc.in)
		a := report.Anonymity
		assert.Equal(t, []int{tc.written, tc.blanked, tc.leftOut}, []int{report.Written, report.Blanked, report.Suppressed}, tc.why)
		assert.Equal(t, []int{tc.classes, tc.smallest, tc.smallest2}, []int{a.After.Classes, a.After.SmallestK, a.Sensitive[0].SmallestL}, tc.why)
	}
}

// TestPeopleNotRows: five episodes of one client are one person.
func TestPeopleNotRows(t *testing.T) {
	plan := Plan{Project: "test", Consent: ConsentAny, QuasiIdentifiers: []string{"gender"}}
	header := "client_id,service_code,gender\n"
	_, report := share(t, plan, nil, nil, header+strings.Repeat("C1,RX1,1\n", 9))
	assert.Equal(t, 9, report.Suppressed)
	assert.Equal(t, 1, report.Anonymity.Before.SmallestK)
	_, report = share(t, plan, nil, nil, header+"C1,RX1,1\nC1,RX2,1\nC1,RX3,1\nC2,RX1,1\n?,RX1,1\n?,RX2,1\n")
	assert.Equal(t, 5, report.Anonymity.Before.SmallestK, "one identifier in three services is three people, and nobody knows is one")
	_, report = share(t, plan, nil, nil, "gender\n1\n1\n")
	assert.Equal(t, 2, report.Anonymity.Before.SmallestK, "without identifiers rows are counted")
	assert.Equal(t, "row", report.Anonymity.CountedBy)
}

// TestNothingLeaks plants what can be recognised in every place that it could stand
// in, and searches everything that comes out.
func TestNothingLeaks(t *testing.T) {
	const header = "client_id,episode_id,service_code,trainer_id,nhs_number,date_of_birth,gender,ethnic_category,postcode,lsoa,gp_practice_code,setting,supervision,accommodation_type,referral_source,closure_reason,referral_date,primary_issue,consent,Name,9990000018\n"
	var in strings.Builder
	in.WriteString(header)
	for i := range 40 {
		fmt.Fprintf(&in, "SECRETC%d,SECRETE%d,RX1,SECRETT%d,999 000 0018,1961-07-23,1,A,ZA1 1AA,E01016000,X99999,probation,licence,21,probation,recalled,2025-05-17,diet,Y,SECRETNAME,secret@example.org\n", i, i, i)
	}
	in.WriteString("SECRETC1,SECRETE99,9990000018,SECRETT1,9990000018,23/07/1961,SECRETGENDER,SECRETETHNIC,SECRETPOSTCODE,E0101,SECRETGP,x,x,x,x,x,17/05/2025,SECRETISSUE,Y,x,x\n")
	in.WriteString("SECRETC2,too,few\nSECRETC3,\"SECRET\"QUOTE\n")
	plan := Plan{Project: "test", AgeOn: day(t, "2025-04-01"), Edition: "2019", K: 1, Suppress: SuppressNone}
	var everything bytes.Buffer
	out, report := share(t, plan, testKey(t), sources(t), in.String())
	everything.WriteString(out)
	require.NoError(t, report.WriteText(&everything))
	require.NoError(t, report.WriteJSON(&everything))
	assert.Equal(t, 41, report.Written)
	assert.Equal(t, 2, report.NotRead)
	key := testKey(t)
	fmt.Fprintf(&everything, "%v %+v %#v %s %x %q", key, key, key, key, key, key)
	text, err := json.Marshal(struct{ K *Key }{key})
	require.NoError(t, err)
	everything.Write(text)
	s, err := New(validator(t), plan, key, sources(t))
	require.NoError(t, err)
	whole := fmt.Sprintf("%+v %#v", s, s)
	_, err = s.Share(context.Background(), "x.csv", strings.NewReader(in.String()), &failing{})
	fmt.Fprint(&everything, err)

	for _, secret := range []string{
		"SECRET", "secret@", "9990000018", "999 000 0018", "1961-", "23/07/1961", "-07-23", "ZA1", "1AA", "E0101", "probation", "licence", "recalled", "2025-05-17", "17/05",
		string(secret), hex.EncodeToString(secret), strings.ToUpper(hex.EncodeToString(secret)), base64.StdEncoding.EncodeToString(secret), fmt.Sprint(secret), string(secret[:12]),
	} {
		assert.False(t, strings.Contains(everything.String(), secret), "%q comes out", secret)
	}
	assert.NotContains(t, whole, string(secret))
	assert.NotContains(t, whole, strings.Trim(fmt.Sprint(secret), "[]"))
	assert.Contains(t, out, "55-64", "an age band is there instead")
	for _, f := range report.Fields {
		if f.Field == "service_code" {
			assert.Equal(t, 1, f.Suspicious)
		}
	}
	assert.Contains(t, out, "p"+hex.EncodeToString(newMaker(key).of("test", "pseudonym episode_id", []byte("SECRETE0"))[:16]))
}

type failing struct{ panics bool }

func (f *failing) Write([]byte) (int, error) {
	if f.panics {
		panic("secret")
	}
	return 0, io.ErrClosedPipe
}

func TestKey(t *testing.T) {
	for _, bad := range [][]byte{nil, []byte("short"), bytes.Repeat([]byte{7}, 64), bytes.Repeat([]byte("abc"), 20)} {
		_, err := NewKey(bad)
		_, ok := errors.AsType[*KeyError](err)
		assert.True(t, ok, "%d bytes", len(bad))
	}
	mine := bytes.Clone(secret)
	k, err := NewKey(mine)
	require.NoError(t, err)
	mine[0] = 'X'
	assert.Equal(t, secret, k.secret, "a key of its own")
	// The HMAC of RFC 4231, test case 2, shows that the hash is SHA-256's.
	m := &maker{mac: hmac.New(sha256.New, []byte("Jefe"))}
	m.mac.Write([]byte("what do ya want for nothing?"))
	assert.Equal(t, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", hex.EncodeToString(m.mac.Sum(nil)))
}

func TestReadPlan(t *testing.T) {
	p, err := ReadPlan(strings.NewReader(`{"project": "uclan-2026", "age_on": "2025-04-01", "fields": {"setting": "keep", "postcode": "outward"},
		"by_sensitivity": {"special": "drop"}, "consent": "not_refused", "suppress": "cells", "k": 10, "age_bands": [18, 45], "imd_edition": "2019"}`))
	require.NoError(t, err)
	assert.Equal(t, Plan{
		Project: "uclan-2026", AgeOn: day(t, "2025-04-01"), Fields: map[string]Action{"setting": Keep, "postcode": Outward},
		BySensitivity: map[string]Action{"special": Drop}, Consent: ConsentNotRefused, Suppress: SuppressCells, K: 10, AgeBands: []int{18, 45}, Edition: "2019",
	}, p)
	text, err := json.Marshal(p)
	require.NoError(t, err)
	again, err := ReadPlan(bytes.NewReader(text))
	require.NoError(t, err)
	assert.Equal(t, p, again)
	for _, bad := range []string{
		"", "{", `{"projekt": "x"}`, `{"fields": {"a": "publish"}}`, `{"fields": {"a": ""}}`, `{"consent": "yes"}`, `{"suppress": "x"}`, `{"k": "five"}`, `[]`, `{} {}`, `{"age_on": "1/4/2025"}`,
	} {
		_, err := ReadPlan(strings.NewReader(bad))
		_, ok := errors.AsType[*PlanError](err)
		assert.True(t, ok, "%s: %v", bad, err)
	}
	broken := errors.New("disk")
	_, err = ReadPlan(iotest.ErrReader(broken))
	require.ErrorIs(t, err, broken)
	assert.Equal(t, "Action(99) Consent(9) Suppress(9)", fmt.Sprint(Action(99), Consent(9), Suppress(9)))
}

func TestErrors(t *testing.T) {
	in, err := os.ReadFile("testdata/anonymity.csv")
	require.NoError(t, err)
	file := string(in)
	s, err := New(validator(t), Plan{Project: "test"}, testKey(t), nil)
	require.NoError(t, err)
	ctx := context.Background()

	_, err = s.Share(ctx, "x.csv", io.MultiReader(strings.NewReader(file)), io.Discard)
	_, ok := errors.AsType[*PlanError](err)
	assert.True(t, ok, "it cannot go back: %v", err)
	_, err = s.Share(ctx, "x.csv", strings.NewReader(file), &failing{})
	require.ErrorIs(t, err, io.ErrClosedPipe)
	_, err = s.Share(ctx, "x.csv", strings.NewReader(file), &failing{panics: true})
	_, ok = errors.AsType[*PanicError](err)
	assert.True(t, ok)
	broken := errors.New("disk")
	_, err = s.Share(ctx, "x.csv", &changing{texts: []io.Reader{io.MultiReader(strings.NewReader(file), iotest.ErrReader(broken))}}, io.Discard)
	require.ErrorIs(t, err, broken)
	_, err = s.Share(ctx, "x.csv", &changing{texts: []io.Reader{strings.NewReader(file), strings.NewReader(file + file[strings.Index(file, "\n")+1:])}}, io.Discard)
	require.Error(t, err, "the file has changed in between")
	_, err = s.Share(ctx, "x.csv", &changing{err: broken}, io.Discard)
	require.ErrorIs(t, err, broken)
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = s.Share(cancelled, "x.csv", strings.NewReader(file), io.Discard)
	require.ErrorIs(t, err, context.Canceled)

	for why, bad := range map[string]string{"an empty file": "", "binary junk": "\x00\x01\x02\xff\xfe", "other columns": "a,b\n1,2\n", "a huge line": "client_id\n" + strings.Repeat("x", 3<<20) + "\n"} {
		var out bytes.Buffer
		report, err := s.Share(ctx, "x.csv", strings.NewReader(bad), &out)
		require.NoError(t, err, why)
		assert.Zero(t, report.Written, why)
		assert.NotContains(t, out.String(), "x\n", why)
	}
}

// changing gives other bytes after each Seek.
type changing struct {
	texts []io.Reader
	n     int
	err   error
}

func (c *changing) Read(b []byte) (int, error) { return c.texts[min(c.n, len(c.texts))-1].Read(b) }

func (c *changing) Seek(int64, int) (int64, error) {
	c.n++
	return 0, c.err
}

// TestParallel: one Sharer serves any number of goroutines.
func TestParallel(t *testing.T) {
	in, err := os.ReadFile("testdata/anonymity.csv")
	require.NoError(t, err)
	s, err := New(validator(t), Plan{Project: "test"}, testKey(t), nil)
	require.NoError(t, err)
	outs := make([]bytes.Buffer, 4)
	done := make(chan error)
	for i := range outs {
		go func() {
			_, err := s.Share(context.Background(), "x.csv", bytes.NewReader(in), &outs[i])
			done <- err
		}()
	}
	for range outs {
		require.NoError(t, <-done)
	}
	for i := range outs {
		assert.Equal(t, outs[0].String(), outs[i].String())
	}
}

// manyRows is the made-up extract repeated; the clients are the same.
func manyRows(tb testing.TB, n int) string {
	tb.Helper()
	in, err := os.ReadFile("testdata/anonymity.csv")
	require.NoError(tb, err)
	header, body, _ := strings.Cut(string(in), "\n")
	return header + "\n" + strings.Repeat(body, n)
}

func TestAllocations(t *testing.T) {
	s, err := New(validator(t), Plan{Project: "test", AgeOn: day(t, "2025-04-01")}, testKey(t), nil)
	require.NoError(t, err)
	few, many := manyRows(t, 2), manyRows(t, 12)
	allocs := func(file string) float64 {
		return testing.AllocsPerRun(2, func() {
			_, err := s.Share(context.Background(), "x.csv", strings.NewReader(file), io.Discard)
			require.NoError(t, err)
		})
	}
	assert.Less(t, allocs(many)-allocs(few), 60.0, "9,000 rows more: what grows are the members, by doubling")
}

// TestMemory holds what is stated of the count to what the heap grows by.
func TestMemory(t *testing.T) {
	const rows, classes = 100_000, 20_000
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	c := newCounter(1)
	var key, value []byte
	for i := range rows {
		key = fmt.Appendf(key[:0], "25-34\x00%d\x00A\x003\x00RX%d\x00", i%classes, i%classes)
		class := c.class(key)
		c.member(class, uint64(i)*0x9e3779b97f4a7c15)
		value = fmt.Appendf(value[:0], "%d", i%7)
		c.value(class, 0, value)
	}
	c.finish(Plan{K: 5}, false)
	grown := heap() - before
	sensitive := int64(len(c.seen)) * 40
	assert.Less(t, grown, int64(rows*MemberBytes*5/4+classes*200)+sensitive+1<<20, "bytes; lists grow by a quarter")
	runtime.KeepAlive(c)
}

func BenchmarkShare(b *testing.B) {
	file := manyRows(b, 25)
	rows := float64(strings.Count(file, "\n") - 1)
	for name, suppress := range map[string]Suppress{"one pass": SuppressNone, "two passes": SuppressRows} {
		b.Run(name, func(b *testing.B) {
			s, err := New(validator(b), Plan{Project: "test", AgeOn: day(b, "2025-04-01"), Suppress: suppress}, testKey(b), nil)
			require.NoError(b, err)
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			for b.Loop() {
				_, err := s.Share(context.Background(), "x.csv", strings.NewReader(file), io.Discard)
				require.NoError(b, err)
			}
			b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
