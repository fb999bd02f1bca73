package evaluation_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/outcomes/evaluation"
)

// columns are those of a made-up extract; the rest of the dictionary is absent.
var columns = []string{
	"client_id", "episode_id", "service_code", "gender", "ethnic_category", "imd_quintile", "imd_edition", "setting",
	"supervision", "referral_date", "first_contact_date", "consent", "client_mode", "assessment_date", "plan_date", "plan_status",
	"primary_issue", "goal_1_issue", "goal_1_status", "signposted_to", "signposted_date", "wider_needs", "wider_needs_met",
	"review_date", "weight_kg_pre", "weight_kg_post", "fried_snacks_pre", "fried_snacks_post", "who5_percent_pre", "who5_percent_post",
	"smoking_status_pre", "smoking_status_post", "employment_status", "employment_status_post",
	"followup_3m_date", "followup_3m_maintained", "closure_date", "closure_reason",
}

// madeUp returns the rows of a random extract; no two rows of a client are referred on one day.
func madeUp(r *rand.Rand, n int) []string {
	pick := func(xs ...string) string { return xs[r.IntN(len(xs))] }
	start := 739000 // days of early 2024
	day := func(n int) string {
		return strconv.Itoa(2024+(n-start)/336) + fmt.Sprintf("-%02d-%02d", (n-start)%336/28+1, (n-start)%28+1)
	}
	used := make(map[string]bool)
	var rows []string
	for i := 0; len(rows) < n; i++ {
		id := "C" + strconv.Itoa(r.IntN(n))
		ref := start + 336 + r.IntN(290)
		if used[id+day(ref)] {
			continue
		}
		used[id+day(ref)] = true
		c := map[string]string{
			"client_id": id, "episode_id": "E" + strconv.Itoa(i), "service_code": "HT1", "gender": pick("1", "2", "2", "X", ""),
			"ethnic_category": pick("A", "A", "A", "H", "M", "Z"), "imd_quintile": pick("1", "1", "2", "3", "5"), "imd_edition": "2019",
			"setting": pick("community", "community", "primary_care", "pharmacy"), "referral_date": day(ref),
		}
		stage := r.IntN(6)
		if stage > 0 {
			c["first_contact_date"], c["consent"], c["client_mode"] = day(ref+2), "Y", "one_to_one"
		}
		if stage > 1 {
			c["assessment_date"] = day(ref + 5)
			c["weight_kg_pre"] = strconv.Itoa(70 + r.IntN(60))
			c["fried_snacks_pre"] = strconv.Itoa(r.IntN(8))
			c["who5_percent_pre"] = strconv.Itoa(4 * r.IntN(20))
			c["smoking_status_pre"], c["employment_status"] = pick("1", "2", "4"), pick("01", "02", "04", "ZZ")
			c["wider_needs"] = pick("", "finance", "finance;isolation")
			c["signposted_to"] = pick("", "", "stop_smoking", "debt;gp")
			if c["signposted_to"] != "" {
				c["signposted_date"] = day(ref + 6)
			}
		}
		if stage > 2 {
			c["plan_date"], c["plan_status"] = day(ref+9), pick("open", "achieved", "part_achieved", "lost")
			c["primary_issue"] = pick("diet", "weight", "smoking")
			c["goal_1_issue"], c["goal_1_status"] = c["primary_issue"], c["plan_status"]
		}
		if stage > 3 {
			c["review_date"] = day(ref + 90)
			for _, m := range []string{"weight_kg", "fried_snacks"} {
				if v, _ := strconv.Atoi(c[m+"_pre"]); r.IntN(5) > 0 {
					c[m+"_post"] = strconv.Itoa(max(0, v+r.IntN(7)-4))
				}
			}
			c["who5_percent_post"] = strconv.Itoa(4 * r.IntN(25))
			c["smoking_status_post"], c["employment_status_post"] = pick(c["smoking_status_pre"], "2"), pick("01", "02")
			if c["smoking_status_pre"] == "4" {
				c["smoking_status_post"] = "4"
			}
			c["wider_needs_met"] = pick("", c["wider_needs"])
			c["followup_3m_maintained"] = pick("", "lost", "yes")
			if c["followup_3m_maintained"] == "yes" {
				c["followup_3m_date"] = day(ref + 180)
			}
		}
		if r.IntN(3) == 0 && c["plan_status"] != "open" {
			c["closure_date"], c["closure_reason"] = day(ref+200), pick("completed", "moved", "disengaged")
		}
		cells := make([]string, len(columns))
		for k, name := range columns {
			cells[k] = c[name]
		}
		rows = append(rows, strings.Join(cells, ","))
	}
	return rows
}

func file(rows []string) string {
	return strings.Join(columns, ",") + "\n" + strings.Join(rows, "\n") + "\n"
}

func TestOrderOfRowsDoesNotMatter(t *testing.T) {
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 1))
		rows := madeUp(r, 120)
		want := run(t, file(rows))
		require.Zero(t, want.Records.KeptOut, "the made-up rows are clean: %v", want.Records.Rules)
		require.Positive(t, want.RepeatClients)
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		got := run(t, file(rows))
		want.Quality, got.Quality = nil, nil // findings name their place
		a, err := json.Marshal(want)
		require.NoError(t, err)
		b, err := json.Marshal(got)
		require.NoError(t, err)
		if string(a) != string(b) {
			t.Fatalf("seed %d: %s", seed, cmp.Diff(want, got))
		}
	}
}

func TestWorkersDoNotMatter(t *testing.T) {
	f := file(madeUp(rand.New(rand.NewPCG(5, 5)), 150))
	var docs []string
	for _, n := range []int{1, 2, 7} {
		e, err := evaluation.Run(t.Context(), "x.csv", strings.NewReader(f), validator(t, tinyAsOf, dcrs.Workers(n)))
		require.NoError(t, err)
		b, err := json.Marshal(e)
		require.NoError(t, err)
		docs = append(docs, string(b))
	}
	require.Equal(t, docs[0], docs[1])
	require.Equal(t, docs[0], docs[2])
}

// TestSums holds an evaluation to what must add up whatever the data.
func TestSums(t *testing.T) {
	for seed := range uint64(8) {
		e := run(t, file(madeUp(rand.New(rand.NewPCG(seed, 2)), 20+int(seed)*15)))
		for _, b := range e.Reach {
			var clients, episodes int64
			for _, c := range b.Categories {
				clients += c.Clients.N
				episodes += c.Episodes.N
				if c.Known {
					require.Equal(t, e.Clients, c.Clients.Denominator+c.Clients.Missing, b.ID)
				}
			}
			require.Equal(t, e.Clients, clients, b.ID)
			require.Equal(t, e.Episodes, episodes, b.ID)
		}
		next := int64(0)
		for _, s := range slices.Backward(e.Journey.Stages) {
			left := int64(0)
			for _, r := range s.Left {
				left += r.N
			}
			require.Equal(t, s.Episodes.N, next+s.Open+left, s.ID)
			require.LessOrEqual(t, s.Clients.N, s.Episodes.N)
			next = s.Episodes.N
		}
		require.Equal(t, e.Episodes, next)
		for _, f := range e.FollowUps {
			require.Equal(t, f.Reviewed, f.NotYetDue+f.Died+f.Due)
			require.Equal(t, f.Due, f.Maintained.N+f.Part.N+f.Not.N+f.Lost.N+f.Unrecorded.N)
		}
		for _, o := range append(append([]evaluation.Outcomes{e.Plans.All, e.Plans.Goals}, e.Plans.Groups...), e.Plans.ByIssue...) {
			require.Equal(t, o.Total, o.Open+o.Closed+o.Revised+o.Missing, o.ID)
			require.Equal(t, o.Closed, o.Achieved.N+o.Part.N+o.Not.N+o.Dropped.N+o.Lost.N, o.ID)
			require.Equal(t, o.Success.N, o.Achieved.N+o.Part.N, o.ID)
		}
		for _, m := range e.Measures {
			groups := map[string]int64{}
			for _, c := range append([]evaluation.Change{m.Everyone}, m.Groups...) {
				require.Equal(t, c.Clients, c.Both+c.PreOnly+c.PostOnly+c.Neither)
				require.Equal(t, c.Both, c.Improved+c.Unchanged+c.Worse)
				require.LessOrEqual(t, c.PreOnlyOpen, c.PreOnly)
				by, _, _ := strings.Cut(c.ID, "-")
				groups[by] += c.Both
				if c.Change != nil && c.Change.CI != nil {
					require.LessOrEqual(t, c.Change.CI.Low, c.Change.Value)
					require.GreaterOrEqual(t, c.Change.CI.High, c.Change.Value)
				}
				if c.Test != nil {
					require.GreaterOrEqual(t, c.Test.PHolm, c.Test.P)
					require.LessOrEqual(t, c.Test.PHolm, 1.0)
				}
			}
			require.Equal(t, groups["everyone"], groups["quintile"], m.ID)
			require.Equal(t, groups["everyone"], groups["setting"], m.ID)
		}
		for _, b := range e.Binaries {
			for _, c := range append([]evaluation.BinaryChange{b.Everyone}, b.Groups...) {
				require.Equal(t, c.Clients, c.Both+c.PreOnly+c.PostOnly+c.Neither, c.ID)
				require.Equal(t, c.Both, c.Counts.N())
			}
		}
		for _, tr := range e.Transitions {
			sum := int64(0)
			for _, row := range tr.Counts {
				for _, n := range row {
					sum += n
				}
			}
			require.Equal(t, tr.Both, sum)
			require.Equal(t, e.Clients, tr.Both+tr.StartOnly+tr.EndOnly+tr.Neither)
		}
		for _, n := range e.WiderNeeds {
			require.Equal(t, n.Present.N, n.Open+n.Closed, n.Code)
			require.Equal(t, n.Closed, n.Met.N+n.Part.N+n.NotMet.N, n.Code)
		}
		require.Equal(t, e.Clients, e.Inclusion.In+e.Inclusion.Out)
		require.Equal(t, e.WHO5.Improved.Denominator, e.WHO5.Improved.N+e.WHO5.NoChange.N+e.WHO5.Deteriorated.N)
		roundTrip(t, e)
	}
}

// TestDuplicatedService holds that a second service with the same clients doubles every count: they are
// other clients there.
func TestDuplicatedService(t *testing.T) {
	rows := madeUp(rand.New(rand.NewPCG(3, 3)), 80)
	both := slices.Clone(rows)
	for _, row := range rows {
		row = strings.Replace(row, ",HT1,", ",HT2,", 1)
		both = append(both, strings.Replace(row, ",E", ",F", 1))
	}
	one, two := run(t, file(rows)), run(t, file(both))
	require.Equal(t, 2*one.Clients, two.Clients)
	require.Equal(t, 2*one.Episodes, two.Episodes)
	require.Equal(t, 2*one.RepeatClients, two.RepeatClients)
	for i := range one.Measures {
		require.Equal(t, 2*one.Measures[i].Everyone.Both, two.Measures[i].Everyone.Both)
		if one.Measures[i].Everyone.Change != nil {
			require.InDelta(t, one.Measures[i].Everyone.Change.Value, two.Measures[i].Everyone.Change.Value, 1e-12)
		}
	}
}

func FuzzRun(f *testing.F) {
	lines := strings.SplitAfter(tiny, "\n")
	f.Add(strings.Join(lines[:9], "")) // too few pairs for the intervals, which would take most of the time
	f.Add(lines[0] + strings.Join(lines[30:], ""))
	f.Add(minimal)
	f.Add("client_id,referral_date,weight_kg_pre,weight_kg_post\n\"a,2025-05-01,1,2\nb,2025-05-01,1e9,\n")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1<<16 {
			return
		}
		for _, level := range []dcrs.Level{dcrs.Error, dcrs.Off} {
			e, err := evaluation.Run(t.Context(), "x.csv", strings.NewReader(s), validator(t, tinyAsOf), evaluation.KeepOut(level))
			require.NoError(t, err, "bad data are no error")
			_, err = json.Marshal(e)
			require.NoError(t, err)
			doc := e.Document(evaluation.NHSRule)
			require.NotContains(t, doc.String(), "NaN")
			require.NotContains(t, doc.String(), "Inf")
		}
	})
}
