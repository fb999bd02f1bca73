package dcrs

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

func TestFileRules(t *testing.T) { runCases(t, fileCases()) }

// other is a second client of the service, who shares nothing with waiting.
var other = waiting.with(change{"client_id": "C2", "episode_id": "E2", "date_of_birth": "1975-01-01", "postcode": "M2 2BB"})

// fileCases are those of the rules that see the whole file.
func fileCases() []ruleCase {
	again := waiting.with(change{"episode_id": "E2"}) // the same client, another episode
	first := waiting.with(change{"referral_date": "2024-01-01", "closure_date": "2024-02-01", "closure_reason": "declined"})
	episode := func(id, from, to string) change {
		c := waiting.with(change{"episode_id": id, "referral_date": from})
		if to != "" {
			c = c.with(change{"closure_date": to, "closure_reason": "declined"})
		}
		return c
	}
	twin := waiting.with(change{"client_id": "C2", "episode_id": "E2"}) // another client_id, the same birth, gender and postcode
	const shares = "2 warning client/same-person postcode < postcode@1"
	numbered := func(c change, n string) change { return c.with(change{"nhs_number": n}) }
	percents := func(service string, values ...int) (rows []change) {
		for i, v := range values {
			rows = append(rows, waiting.with(change{
				"service_code": service, "client_id": fmt.Sprintf("%s-%d", service, i), "episode_id": fmt.Sprintf("%s-E%d", service, i),
				"postcode": "ZZ99 3WZ", "imd_quintile": "", "imd_edition": "", "who5_percent_pre": fmt.Sprint(v),
			}))
		}
		return rows
	}
	repeat := func(v, n int) []int { return slices.Repeat([]int{v}, n) }
	const raw = "1 warning measures/who5-raw-as-percent who5_percent_pre"

	return []ruleCase{
		// episode/duplicate
		{
			why: "an episode_id seen before", rows: []change{waiting, other.with(change{"episode_id": "E1"}), other.with(change{"client_id": "C3", "episode_id": "E3", "postcode": "M3 3CC"})},
			want: []string{"2 error episode/duplicate episode_id < episode_id@1"}, counts: []string{"episode/duplicate 3 0"},
		},
		{
			why: "in another service it is seen before too", rows: []change{waiting, other.with(change{"episode_id": "E1", "service_code": "RX2"})},
			want: []string{"2 error episode/duplicate episode_id < episode_id@1"},
		},
		{
			why: "three times: the first is the one that the others repeat", rows: []change{waiting, other.with(change{"episode_id": "E1"}), other.with(change{"client_id": "C3", "episode_id": "E1", "postcode": "M3 3CC"})},
			want: []string{"2 error episode/duplicate episode_id < episode_id@1", "3 error episode/duplicate episode_id < episode_id@1"},
		},
		{why: "capitals make another id", rows: []change{waiting, other.with(change{"episode_id": "e1"})}},
		{
			why: "blank ids repeat nothing", rows: []change{waiting.with(change{"episode_id": ""}), other.with(change{"episode_id": ""})},
			want: []string{"1 error episode_id/blank episode_id", "2 error episode_id/blank episode_id"}, counts: []string{"episode/duplicate 0 2"},
		},
		{why: "a whole row twice is one mistake", rows: []change{whole, whole}, want: []string{"2 error episode/duplicate episode_id < episode_id@1"}, counts: []string{"episode/overlap 1 1"}},

		// client/nhs-number-shared
		{
			why: "one number on two clients", rows: []change{numbered(waiting, "9434765919"), numbered(other, "943 476 5919")},
			want: []string{"2 error client/nhs-number-shared service_code < nhs_number@1"}, counts: []string{"client/nhs-number-shared 2 0"},
		},
		{why: "one number on two clients of different services", rows: []change{numbered(waiting, "9434765919"), numbered(other, "9434765919").with(change{"service_code": "RX2"})}},
		{
			why: "one number on three clients, one of them twice", rows: []change{
				numbered(waiting, "9434765919"), numbered(other, "9434765919"),
				numbered(other, "9434765919").with(change{"client_id": "C3", "episode_id": "E3", "postcode": "M3 3CC"}),
				numbered(episode("E4", "2024-10-02", ""), "9434765919"),
			},
			want: []string{
				"2 error client/nhs-number-shared service_code < nhs_number@1", "3 error client/nhs-number-shared service_code < nhs_number@1",
				"4 warning episode/overlap closure_date < closure_date@1",
			},
		},
		{
			why: "placeholders are left out", rows: []change{numbered(waiting, "9999999999"), numbered(other, "9999999999")},
			want: []string{"1 warning client/nhs-number-placeholder nhs_number", "2 warning client/nhs-number-placeholder nhs_number"}, counts: []string{"client/nhs-number-shared 0 2"},
		},
		{
			why: "a wrong check digit is compared", rows: []change{numbered(waiting, "9434765918"), numbered(other, "9434765918")},
			want: []string{
				"1 error client/nhs-number-check-digit nhs_number", "2 error client/nhs-number-check-digit nhs_number",
				"2 error client/nhs-number-shared service_code < nhs_number@1",
			},
		},
		{
			why: "a client_id that cannot be read is on no side", rows: []change{numbered(waiting, "9434765919"), numbered(other, "9434765919").with(change{"client_id": "C/2"})},
			want: []string{"2 error client_id/format client_id"}, counts: []string{"client/nhs-number-shared 1 1"},
		},

		// client/inconsistent
		{
			why: "another date of birth, gender, ethnic category and number", rows: []change{numbered(first, "9434765919"), numbered(again, "9434765927").with(change{"date_of_birth": "1980-05-18", "gender": "1", "ethnic_category": "B"})},
			want: []string{
				"2 warning client/inconsistent date_of_birth < date_of_birth@1", "2 warning client/inconsistent gender < gender@1",
				"2 warning client/inconsistent ethnic_category < ethnic_category@1", "2 warning client/inconsistent nhs_number < nhs_number@1",
			}, counts: []string{"client/inconsistent 8 0"},
		},
		{
			why: "default, other and blank are not compared", rows: []change{first, again.with(change{"gender": "X", "ethnic_category": "Z", "date_of_birth": ""}), episode("E3", "2024-03-01", "2024-04-01").with(change{"gender": "9", "ethnic_category": "99"})},
			want: []string{"2 warning date_of_birth/blank date_of_birth"}, counts: []string{"client/inconsistent 4 8"},
		},
		{
			why: "placeholders are not compared", rows: []change{numbered(first, "9434765919"), numbered(again, "1111111111")},
			want: []string{"2 warning client/nhs-number-placeholder nhs_number"},
		},
		{why: "another service's client is another client", rows: []change{first, again.with(change{"service_code": "RX2", "gender": "1"})}},
		{
			why: "distinct values beyond the first, each once", rows: []change{
				first, episode("E2", "2024-02-01", "2024-03-01").with(change{"gender": "1"}), episode("E3", "2024-03-01", "2024-04-01").with(change{"gender": "1"}), episode("E4", "2024-04-01", "2024-05-01"),
			},
			want: []string{"2 warning client/inconsistent gender < gender@1"},
		},

		// client/same-person
		{why: "one person twice, perhaps", rows: []change{waiting, twin}, want: []string{shares}, counts: []string{"client/same-person 2 0"}},
		{why: "the postcode spelt otherwise", rows: []change{waiting, twin.with(change{"postcode": "m11ae"})}, want: []string{shares}},
		{why: "another service", rows: []change{waiting, twin.with(change{"service_code": "RX2"})}},
		{why: "one client, two episodes", rows: []change{first, again}},
		{why: "another gender", rows: []change{waiting, twin.with(change{"gender": "1"})}},
		{why: "both not known: they share it", rows: []change{waiting.with(change{"gender": "X"}), twin.with(change{"gender": "X"})}, want: []string{shares}},
		{why: "a gender that is blank", rows: []change{waiting, twin.with(change{"gender": ""})}, want: []string{"2 warning gender/blank gender"}, counts: []string{"client/same-person 1 1"}},
		{why: "another day of birth", rows: []change{waiting, twin.with(change{"date_of_birth": "1980-05-16"})}},
		{why: "no fixed abode says nothing", rows: []change{
			waiting.with(change{"postcode": "ZZ99 3VZ", "imd_quintile": "", "imd_edition": ""}), twin.with(change{"postcode": "ZZ99 3VZ", "imd_quintile": "", "imd_edition": ""}),
		}, counts: []string{"client/same-person 0 2"}},
		{why: "two in one prison", rows: []change{
			waiting.with(change{"setting": "prison", "supervision": "custody"}), twin.with(change{"setting": "prison", "supervision": "custody"}),
		}, counts: []string{"client/same-person 0 2"}},
		{why: "two in approved premises", rows: []change{
			waiting.with(change{"setting": "approved_premises", "supervision": "licence"}), twin.with(change{"setting": "approved_premises", "supervision": "licence"}),
		}},
		{why: "one of them in a hostel", rows: []change{waiting, twin.with(change{"accommodation_type": "18"})}, counts: []string{"client/same-person 1 1"}},
		{why: "both of them in a hostel", rows: []change{waiting.with(change{"accommodation_type": "18"}), twin.with(change{"accommodation_type": "18"})}},
		{why: "both of them held", rows: []change{waiting.with(change{"accommodation_type": "21"}), twin.with(change{"accommodation_type": "21"})}},
		{why: "two in one flat", rows: []change{waiting.with(change{"accommodation_type": "02"}), twin.with(change{"accommodation_type": "02"})}, want: []string{shares}},
		{why: "two valid numbers are two people", rows: []change{numbered(waiting, "9434765919"), numbered(twin, "9434765927")}, counts: []string{"client/same-person 2 0"}},
		{why: "one valid number", rows: []change{numbered(waiting, "9434765919"), twin}, want: []string{shares}},
		{why: "the same number is both things", rows: []change{numbered(waiting, "9434765919"), numbered(twin, "9434765919")}, want: []string{shares, "2 error client/nhs-number-shared service_code < nhs_number@1"}},
		{
			why: "a number whose check digit is wrong parts nobody", rows: []change{numbered(waiting, "9434765919"), numbered(twin, "9434765928")},
			want: []string{shares, "2 error client/nhs-number-check-digit nhs_number"},
		},
		{
			why: "two people, and one that could be either: once, whatever the order", rows: []change{
				twin.with(change{"client_id": "C0", "episode_id": "E0"}), numbered(waiting, "9434765919"), numbered(twin, "9434765927"),
			},
			want: []string{"2 warning client/same-person postcode < postcode@1"},
		},

		{
			why: "a client_id that cannot be read is nobody", rows: []change{waiting, twin.with(change{"client_id": "C/2"})},
			want: []string{"2 error client_id/format client_id"}, counts: []string{"client/same-person 1 1"},
		},

		// episode/overlap
		{why: "closed and referred again on one day", rows: []change{episode("E1", "2024-01-01", "2024-03-01"), episode("E2", "2024-03-01", "")}, counts: []string{"episode/overlap 2 0"}},
		{why: "referred again the day before it closed", rows: []change{episode("E1", "2024-01-01", "2024-03-01"), episode("E2", "2024-02-29", "")}, want: []string{"2 warning episode/overlap closure_date < closure_date@1"}},
		{why: "still open when referred again", rows: []change{episode("E1", "2024-01-01", ""), episode("E2", "2024-05-01", "2024-06-01")}, want: []string{"2 warning episode/overlap closure_date < closure_date@1"}},
		{why: "the earlier one stands later in the file: so does the finding", rows: []change{episode("E2", "2024-05-01", "2024-06-01"), episode("E1", "2024-01-01", "")}, want: []string{"2 warning episode/overlap closure_date < closure_date@1"}},
		{why: "two clients may overlap", rows: []change{waiting, other}},
		{why: "one client in two services may overlap", rows: []change{waiting, again.with(change{"service_code": "RX2"})}},
		{
			why: "three that all overlap: two begin before another ends", rows: []change{episode("E1", "2024-01-01", "2024-06-01"), episode("E2", "2024-02-01", "2024-07-01"), episode("E3", "2024-03-01", "2024-04-01")},
			want: []string{"2 warning episode/overlap closure_date < closure_date@1", "3 warning episode/overlap closure_date < closure_date@2"},
		},
		{
			why: "two within a long one, not with each other", rows: []change{episode("E1", "2024-01-01", "2024-12-01"), episode("E2", "2024-02-01", "2024-03-01"), episode("E3", "2024-04-01", "2024-05-01")}, asOf: "2024-12-31",
			want: []string{"2 warning episode/overlap closure_date < closure_date@1", "3 warning episode/overlap closure_date < closure_date@1"},
		},
		{why: "the same two days, three times", rows: []change{episode("E1", "2024-01-01", ""), episode("E2", "2024-01-01", ""), episode("E3", "2024-01-01", "")}, want: []string{"2 warning episode/overlap closure_date < closure_date@1", "3 warning episode/overlap closure_date < closure_date@1"}},
		{why: "opened, closed and opened again on one day", rows: []change{episode("E1", "2024-09-01", ""), episode("E2", "2024-09-01", "2024-09-01")}},
		{
			why: "referred on a day that cannot be read", rows: []change{episode("E1", "2024-01-01", ""), episode("E2", "x", "")},
			want: []string{"2 error referral_date/format referral_date"}, counts: []string{"episode/overlap 1 1"},
		},
		{
			why: "closed on a day that cannot be read: it may have been in time", rows: []change{episode("E1", "2024-01-01", "x"), episode("E2", "2024-06-01", "")},
			want: []string{"1 error closure_date/format closure_date"}, counts: []string{"episode/overlap 1 1"},
		},

		// measures/who5-raw-as-percent
		{why: "20 percentages, none above 25", rows: percents("RX1", append(repeat(24, 19), 0)...), want: []string{raw}, counts: []string{"measures/who5-raw-as-percent 1 0"}},
		{why: "19 percentages, none above 25", rows: percents("RX1", repeat(24, 19)...), counts: []string{"measures/who5-raw-as-percent 0 1"}},
		{why: "20 percentages, one of 28", rows: percents("RX1", append(repeat(24, 19), 28)...), counts: []string{"measures/who5-raw-as-percent 1 0"}},
		{
			why: "each service by itself", rows: append(percents("RX1", repeat(24, 20)...), percents("RX2", append(repeat(64, 20), repeat(12, 5)...)...)...),
			want: []string{raw}, counts: []string{"measures/who5-raw-as-percent 2 0"},
		},
		{why: "both points count", rows: func() []change {
			rows := percents("RX1", repeat(12, 10)...)
			for i := range rows {
				rows[i] = rows[i].with(change{"review_date": "2024-10-20", "who5_percent_post": "16"})
			}
			return rows
		}(), want: []string{raw}},
		{why: "no service_code column, no services", rows: percents("RX1", repeat(12, 20)...), drop: []string{"service_code"}, counts: []string{"measures/who5-raw-as-percent 0 1"}},
	}
}

// A limit of 25 and one above it, which are not multiples of 4 and so say more.
func TestRawPercentLimit(t *testing.T) {
	for _, c := range []struct {
		last string
		want int
		why  string
	}{{"25", 1, "25 is the largest raw sum"}, {"26", 0, "26 can be no raw sum"}} {
		var rows []change
		for i := range 20 {
			rows = append(rows, waiting.with(change{
				"client_id": fmt.Sprintf("C%d", i), "episode_id": fmt.Sprintf("E%d", i), "who5_percent_pre": "24",
			}))
		}
		rows[7] = rows[7].with(change{"who5_percent_pre": c.last})
		_, report := validate(t, ruleAsOf, extractOf(t, columnsBut(), rows...))
		r, _ := report.Rule("measures/who5-raw-as-percent")
		require.Equal(t, c.want, r.Count, c.why)
	}
}

// fileTwin is the text of the rules of file scope in loops that anybody can
// read: it returns their findings as lines, and of same-person how many there
// must be.
func fileTwin(rows []change) (lines []string, samePersons int) {
	service := func(i int) string { return rows[i]["service_code"] }
	client := func(i int) string { return service(i) + " " + rows[i]["client_id"] }
	number := func(i int) string {
		n := rows[i]["nhs_number"]
		if n == "9999999999" {
			return ""
		}
		return n
	}
	vague := map[string]bool{"": true, "X": true, "9": true, "Z": true, "99": true}

	for i := range rows {
		for j := range i {
			if rows[i]["episode_id"] == rows[j]["episode_id"] {
				lines = append(lines, fmt.Sprintf("%d error episode/duplicate episode_id < episode_id@%d", i+1, j+1))
				break
			}
		}
	}
	for i := range rows {
		first, known := -1, false
		for j := range i {
			if number(i) != "" && service(i) == service(j) && number(i) == number(j) {
				if first < 0 {
					first = j
				}
				known = known || client(i) == client(j)
			}
		}
		if first >= 0 && !known {
			lines = append(lines, fmt.Sprintf("%d error client/nhs-number-shared service_code < nhs_number@%d", i+1, first+1))
		}
	}
	for _, field := range []string{"date_of_birth", "gender", "ethnic_category", "nhs_number"} {
		value := func(i int) string {
			if field == "nhs_number" {
				return number(i)
			}
			return rows[i][field]
		}
		for i := range rows {
			first, known := -1, false
			for j := range i {
				if client(i) == client(j) && !vague[value(i)] && !vague[value(j)] {
					if first < 0 {
						first = j
					}
					known = known || value(i) == value(j)
				}
			}
			if first >= 0 && !known {
				lines = append(lines, fmt.Sprintf("%d warning client/inconsistent %s < %s@%d", i+1, field, field, first+1))
			}
		}
	}

	// Overlap: the episodes of each client in the order in which they began.
	end := func(i int) string { return cmp.Or(rows[i]["closure_date"], "9999") }
	clients := make(map[string][]int)
	for i := range rows {
		clients[client(i)] = append(clients[client(i)], i)
	}
	for _, episodes := range clients {
		slices.SortFunc(episodes, func(a, b int) int {
			return cmp.Or(cmp.Compare(rows[a]["referral_date"], rows[b]["referral_date"]), cmp.Compare(end(a), end(b)), cmp.Compare(a, b))
		})
		var before []int
		seen := make(map[string]bool)
		for _, i := range episodes {
			if seen[rows[i]["episode_id"]] {
				continue
			}
			seen[rows[i]["episode_id"]] = true
			last := -1
			for _, j := range before {
				if last < 0 || end(j) > end(last) {
					last = j
				}
			}
			if last >= 0 && rows[i]["referral_date"] < end(last) {
				lines = append(lines, fmt.Sprintf("%d warning episode/overlap closure_date < closure_date@%d", max(i, last)+1, min(i, last)+1))
			}
			before = append(before, i)
		}
	}

	// Same person: clients less people, of those who share all three.
	people := make(map[string]map[string]string) // key → client → valid number or ""
	for i := range rows {
		r := rows[i]
		if r["date_of_birth"] == "" || r["gender"] == "" || r["postcode"] == "" || strings.HasPrefix(r["postcode"], "ZZ99") ||
			r["setting"] == "prison" || r["setting"] == "approved_premises" || r["accommodation_type"] == "18" || r["accommodation_type"] == "21" {
			continue
		}
		key := service(i) + r["date_of_birth"] + r["gender"] + r["postcode"]
		if people[key] == nil {
			people[key] = make(map[string]string)
		}
		n := number(i)
		if n == "9434765928" { // a wrong check digit
			n = ""
		}
		if had, ok := people[key][client(i)]; !ok || n != "" && (had == "" || n < had) {
			people[key][client(i)] = n
		}
	}
	for _, clients := range people {
		numbers := make(map[string]bool)
		for _, n := range clients {
			if n != "" {
				numbers[n] = true
			}
		}
		samePersons += max(0, len(clients)-max(1, len(numbers)))
	}
	return lines, samePersons
}

func randomExtract(random *rand.Rand) []change {
	pick := func(values ...string) string { return values[random.IntN(len(values))] }
	rows := make([]change, 2+random.IntN(14))
	for i := range rows {
		from := random.IntN(9) + 1
		to := ""
		if random.IntN(3) > 0 {
			to = fmt.Sprintf("2024-03-%02d", min(from+random.IntN(4), 28))
		}
		rows[i] = waiting.with(change{
			"service_code": pick("RX1", "RX1", "RX2"), "client_id": pick("C1", "C2", "C3"), "episode_id": fmt.Sprintf("E%d", random.IntN(3*len(rows))),
			"date_of_birth": pick("1980-05-17", "1980-05-17", "1980-05-17", "1980-05-17", "1980-05-18", ""), "gender": pick("1", "2", "2", "2", "2", "9", "X", "X", ""),
			"ethnic_category": pick("A", "A", "B", "Z", "99", ""), "postcode": pick("M1 1AE", "M1 1AE", "M1 1AE", "M2 2BB", "ZZ99 3VZ", ""),
			"nhs_number": pick("", "", "9434765919", "9434765927", "9999999999", "9434765928"),
			"setting":    pick("community", "community", "community", "community", "prison", "approved_premises"), "accommodation_type": pick("", "", "", "02", "18", "21"),
			"referral_date": fmt.Sprintf("2024-03-%02d", from), "closure_date": to,
		})
	}
	return rows
}

// The rules of file scope find what the twin finds, and as much in any order.
func TestFileRulesAgainstTwin(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	ids := []Option{Severity("*/*", Off)}
	for _, id := range fileRuleIDs() {
		r, _ := Episodes().Rule(id)
		ids = append(ids, Severity(id, r.Severity))
	}
	counts := func(lines []string) map[string]int {
		n := make(map[string]int)
		for _, l := range lines {
			rule := strings.Fields(l)[2]
			if n[rule]++; rule == ruleInconsistent {
				n[strings.Join(strings.Fields(l)[2:4], " ")]++ // per field
			}
		}
		return n
	}
	total := make(map[string]int)
	for range 300 {
		rows := randomExtract(random)
		var first map[string]int
		for order := range 3 {
			if order > 0 {
				random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			}
			got, _ := validate(t, ruleAsOf, extractOf(t, columnsBut(), rows...), ids...)
			want, persons := fileTwin(rows)
			want = append([]string{}, want...)
			n := counts(got)
			require.Equal(t, persons, n[ruleSamePerson], "%v", rows)
			for _, l := range got {
				if strings.Contains(l, ruleSamePerson) {
					requireSamePerson(t, rows, l)
				}
			}
			others := slices.DeleteFunc(slices.Clone(got), func(l string) bool { return strings.Contains(l, ruleSamePerson) })
			slices.Sort(others)
			slices.Sort(want)
			require.Equal(t, want, others)
			if order == 0 {
				first = n
				for rule, k := range n {
					total[rule] += k
				}
			}
			require.Equal(t, first, n, "the same in any order")
		}
	}
	for _, id := range fileRuleIDs() {
		if id != ruleRawPercent {
			require.Greater(t, total[id], 20, "%s must be tried", id)
		}
	}
}

// requireSamePerson holds the two rows of a finding to the text of the rule.
func requireSamePerson(t *testing.T, rows []change, l string) {
	t.Helper()
	var at, with int
	_, err := fmt.Sscanf(l, "%d warning client/same-person postcode < postcode@%d", &at, &with)
	require.NoError(t, err, l)
	require.Greater(t, at, with, "it stands at the later row")
	a, b := rows[at-1], rows[with-1]
	for _, field := range []string{"service_code", "date_of_birth", "gender", "postcode"} {
		require.Equal(t, a[field], b[field], field)
		require.NotEmpty(t, a[field])
	}
	require.NotEqual(t, a["client_id"], b["client_id"])
}

// Findings of file scope come behind those of the rows, rule by rule in the
// order of the table, and within a rule in the order of the file.
func TestFileFindingsComeLast(t *testing.T) {
	rows := []change{
		waiting, other.with(change{"episode_id": "E1", "gender": "3"}),
		waiting.with(change{"client_id": "C4", "gender": "X"}), other.with(change{"nhs_number": "9434765918"}),
	}
	got, _ := validate(t, ruleAsOf, extractOf(t, columnsBut(), rows...))
	require.Equal(t, []string{
		"2 error gender/code gender",
		"4 error client/nhs-number-check-digit nhs_number",
		"2 error episode/duplicate episode_id < episode_id@1",
		"3 error episode/duplicate episode_id < episode_id@1",
		"4 warning episode/overlap closure_date < closure_date@2",
	}, got)
}

// A report made without streaming keeps the first findings only, and counts all.
func TestFileExamplesAreTheFirst(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	var rows []change
	for i := range 700 {
		rows = append(rows, waiting.with(change{
			"episode_id": fmt.Sprintf("E%d", random.IntN(50)), "client_id": fmt.Sprintf("C%d", random.IntN(40)),
			"gender": []string{"1", "2"}[i&1], "nhs_number": []string{"", "9434765919"}[random.IntN(2)],
		}))
	}
	text := extractOf(t, columnsBut(), rows...)
	for _, keep := range []int{0, 1, 5, 300} {
		v, err := NewValidator(Episodes(), date(t, ruleAsOf), Examples(keep), Show("episode_id"))
		require.NoError(t, err)
		alone, err := v.Validate(context.Background(), "x.csv", strings.NewReader(text), nil)
		require.NoError(t, err)
		streamed, err := v.Validate(context.Background(), "x.csv", strings.NewReader(text), func(Finding) error { return nil })
		require.NoError(t, err)
		a, err := json.Marshal(alone)
		require.NoError(t, err)
		b, err := json.Marshal(streamed)
		require.NoError(t, err)
		require.Equal(t, string(b), string(a), "Examples(%d)", keep)
		r, _ := alone.Rule(ruleDuplicate)
		require.Equal(t, 650, r.Count)
		require.Len(t, r.Examples, min(keep, 650))
		for i, f := range r.Examples {
			require.Equal(t, []Shown{{"episode_id", rows[f.Record-1]["episode_id"]}}, f.Shown)
			require.True(t, i == 0 || f.Record > r.Examples[i-1].Record, "in the order of the file")
		}
	}
}

// Findings of file scope stand at their cells, in whatever order the columns are,
// and quoted or not. A cell more than 64 KiB into its record is placed at the
// record, as FileRuleBytes leaves no room for more.
func TestFileFindingPlaces(t *testing.T) {
	columns := append([]string{"episode_id"}, slices.DeleteFunc(columnsBut("postcode"), func(c string) bool { return c == "episode_id" })...)
	columns = append(columns, "note", "postcode")
	row := waiting.with(change{"note": "a,b"}) // quoted
	far := row.with(change{"client_id": "C2", "note": strings.Repeat("x", 70_000)})
	rows := []change{row, row.with(change{"client_id": "C3", "gender": "1"}), far}
	text := extractOf(t, columns, rows...)
	lines := strings.SplitAfter(text, "\n")
	begins := []int{len(lines[0]), len(lines[0] + lines[1]), len(lines[0] + lines[1] + lines[2])}

	v, err := NewValidator(Episodes(), date(t, ruleAsOf), Severity("file/unknown-column", Off))
	require.NoError(t, err)
	var found []Finding
	_, err = v.Validate(context.Background(), "x.csv", strings.NewReader(text), func(f Finding) error {
		found = append(found, f)
		return nil
	})
	require.NoError(t, err)
	require.Len(t, found, 3, "two repeats of the episode, and one person twice")
	for _, f := range found {
		require.Equal(t, f.Record+1, f.Line)
		require.Equal(t, slices.Index(columns, f.Field)+1, f.Column)
		rest := text[f.Offset:]
		switch f.Field {
		case "episode_id":
			require.Equal(t, begins[f.Record-1], int(f.Offset))
			require.True(t, strings.HasPrefix(rest, "E1,"), "the first column")
		case "postcode":
			require.Equal(t, begins[2], int(f.Offset), "too far in: the place of the record")
			require.Equal(t, 1, f.Related[0].Record)
			require.True(t, strings.HasPrefix(text[f.Related[0].Offset:], "M1 1AE\n"), "behind a quoted cell")
		default:
			t.Fatal(f.Rule)
		}
	}
}

// An error of the caller's function in the middle of the file findings stops
// them, and so does a cancelled context.
func TestFileFindingsStop(t *testing.T) {
	rows := slices.Repeat([]change{waiting}, 30)
	v, err := NewValidator(Episodes(), date(t, ruleAsOf))
	require.NoError(t, err)
	enough := fmt.Errorf("enough")
	n := 0
	report, err := v.Validate(context.Background(), "x.csv", strings.NewReader(extractOf(t, columnsBut(), rows...)), func(f Finding) error {
		if n++; n == 3 {
			return enough
		}
		return nil
	})
	require.ErrorIs(t, err, enough)
	require.True(t, report.Truncated)
	require.Equal(t, 3, n)

	ctx, cancel := context.WithCancel(context.Background())
	seen := 0
	_, err = v.Validate(ctx, "x.csv", strings.NewReader(extractOf(t, columnsBut(), waiting.with(change{"gender": "3"}), waiting)), func(f Finding) error {
		cancel() // at the finding of the first row
		seen++
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 1, seen)
}

// Where the columns of a rule are absent it is not applicable to any row; where
// it is switched off it is not in the report.
func TestFileRulesWithoutColumns(t *testing.T) {
	rows := []change{waiting, waiting.with(change{"gender": "1"}), other.with(change{"postcode": "M1 1AE", "date_of_birth": "1980-05-17"})}
	for _, c := range []struct{ drop, rule, why string }{
		{"episode_id", ruleDuplicate, "no ids"},
		{"closure_date", ruleOverlap, "no ends"},
		{"referral_date", ruleOverlap, "no beginnings"},
		{"client_id", ruleInconsistent, "no clients"},
		{"service_code", ruleInconsistent, "no services"},
		{"nhs_number", ruleShared, "no numbers"},
		{"postcode", ruleSamePerson, "no postcodes"},
		{"gender", ruleSamePerson, "no genders"},
	} {
		_, report := validate(t, ruleAsOf, extractOf(t, columnsBut(c.drop), rows...))
		r, ok := report.Rule(c.rule)
		require.True(t, ok)
		units := 3
		if c.rule == ruleInconsistent {
			units = 3 * len(comparedFields)
		}
		require.Equal(t, []int{0, 0, units}, []int{r.Count, r.Checked, r.NotApplicable}, c.why)
	}
	_, report := validate(t, ruleAsOf, extractOf(t, columnsBut("gender"), rows...))
	r, _ := report.Rule(ruleInconsistent)
	require.Equal(t, []int{6, 6}, []int{r.Checked, r.NotApplicable}, "of the compared fields, those that are there: birth and ethnic category")

	options := []Option{}
	for _, id := range fileRuleIDs() {
		options = append(options, Severity(id, Off))
	}
	got, report := validate(t, ruleAsOf, extractOf(t, columnsBut(), rows...), options...)
	require.Empty(t, got)
	for _, id := range fileRuleIDs() {
		_, ok := report.Rule(id)
		require.False(t, ok, "%s is off", id)
	}
}

func TestFactSizes(t *testing.T) {
	require.LessOrEqual(t, unsafe.Sizeof(fact{}), uintptr(FileRuleBytes))
	require.LessOrEqual(t, unsafe.Sizeof(fileFact{}), uintptr(16), "as FileRuleBytes says")
	require.LessOrEqual(t, 2*unsafe.Sizeof(keyed{}), uintptr(32), "as FileRuleBytes says")
}

// Equal keys come together in the order of the file, whether the list is short
// or long and however alike the keys are.
func TestSortKeyed(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	for _, c := range []struct {
		n    int
		key  func() uint64
		name string
	}{
		{10, func() uint64 { return random.Uint64N(4) }, "short"},
		{5000, random.Uint64, "long"},
		{5000, func() uint64 { return random.Uint64N(300) << 33 }, "alike in the bits that are sorted first"},
		{5000, func() uint64 { return random.Uint64N(300) << 20 }, "few keys"},
		{5000, func() uint64 { return 7 }, "one key"},
	} {
		list := make([]keyed, c.n)
		for i := range list {
			list[i] = keyed{c.key(), uint32(i)}
		}
		places := make(map[uint64][]uint32)
		for _, k := range list {
			places[k.key] = append(places[k.key], k.fact)
		}
		list, _, err := sortKeyed(t.Context(), list, nil)
		require.NoError(t, err)
		for i := 0; i < len(list); {
			want := places[list[i].key]
			require.NotEmpty(t, want, "%s: a key stands in two places", c.name)
			delete(places, list[i].key)
			for _, f := range want {
				require.Equal(t, f, list[i].fact, c.name)
				i++
			}
		}
		require.Empty(t, places)
	}
}

func TestHashBytes(t *testing.T) {
	seen := make(map[uint64]string)
	for i := range 20000 {
		for _, id := range []string{fmt.Sprintf("E%d", i), fmt.Sprintf("%016d", i), fmt.Sprintf("%d-%032d", i, 0)} {
			h := hashBytes(1, []byte(id))
			require.NotZero(t, h)
			require.Empty(t, seen[h], "%s and %s", id, seen[h])
			seen[h] = id
		}
	}
	require.NotEqual(t, hashBytes(1, []byte("A")), hashBytes(2, []byte("A")), "the seed counts")
	require.NotEqual(t, hashBytes(1, []byte("A")), hashBytes(1, []byte("A\x00")), "the length counts")
	require.NotEqual(t, hashPair(1, 2), hashPair(2, 1))
}

// headerCases are files of which the header, or the whole, is wrong.
var headerCases = []struct {
	why     string
	text    func(t *testing.T) string
	options []Option
	want    []string
}{
	{"nothing at all", literal(""), nil, []string{"0 error file/empty"}},
	{"blank lines alone", literal("\n\r\n\n"), nil, []string{"0 error file/empty"}},
	{"a header and no rows", func(t *testing.T) string { return extractOf(t, columnsBut()) }, nil, []string{}},
	{"a byte order mark", func(t *testing.T) string { return "\xef\xbb\xbf" + extractOf(t, columnsBut(), waiting) }, nil, []string{}},
	{"capitals and spaces in the headings", func(t *testing.T) string {
		header, rows, _ := strings.Cut(extractOf(t, columnsBut(), waiting), "\n")
		return strings.ToUpper(strings.ReplaceAll(header, ",", " , ")) + "\n" + rows
	}, nil, []string{}},
	{"the columns in another order", func(t *testing.T) string {
		columns := columnsBut()
		slices.Reverse(columns)
		return extractOf(t, columns, waiting)
	}, nil, []string{}},
	{"a column of each presence missing", func(t *testing.T) string {
		return extractOf(t, columnsBut("client_id", "trainer_id", "consent", "lsoa"), waiting)
	}, nil, []string{
		"0 error file/missing-column client_id", "0 warning file/missing-column trainer_id", "0 info file/missing-column lsoa", "0 warning file/missing-column consent",
	}},
	{"missing columns of every presence at one level, when asked", func(t *testing.T) string {
		return extractOf(t, columnsBut("client_id", "lsoa"), waiting)
	}, []Option{Severity("file/missing-column", Info)}, []string{"0 info file/missing-column client_id", "0 info file/missing-column lsoa"}},
	{"a column that nobody knows", func(t *testing.T) string {
		return extractOf(t, append(columnsBut(), "shoe_size"), waiting)
	}, nil, []string{"0 info file/unknown-column shoe_size"}},
	{"two columns of one name: the first is read", func(t *testing.T) string {
		text := extractOf(t, append(columnsBut(), "Gender"), waiting)
		return strings.TrimSuffix(text, "\n")[:len(text)-1] + "nonsense\n"
	}, nil, []string{"0 error file/repeated-column Gender"}},
	{"semicolons for commas", func(t *testing.T) string {
		return strings.ReplaceAll(extractOf(t, columnsBut(), waiting), ",", ";")
	}, nil, []string{"0 error file/delimiter"}},
	{"semicolons, declared", func(t *testing.T) string {
		return strings.ReplaceAll(extractOf(t, columnsBut(), waiting), ",", ";")
	}, []Option{Delimiter(';')}, []string{}},
	{"bytes that are no text", func(t *testing.T) string { return "\x00\x01\x02\x03\x04\x05\x06\x07" }, nil, []string{"0 error file/not-text"}},
	{"UTF-16 with a byte order mark", literal("\xff\xfec\x00l\x00"), nil, []string{"0 error file/encoding"}},
	{"a letter in Windows-1252", func(t *testing.T) string {
		return extractOf(t, append(columnsBut(), "note"), waiting.with(change{"note": "caf\xe9"}))
	}, nil, []string{"0 info file/unknown-column note", "1 error file/encoding note"}},
	{"a row with a cell too few", func(t *testing.T) string {
		header, _, _ := strings.Cut(extractOf(t, columnsBut()), "\n")
		return header + "\nC1,E1\n"
	}, nil, []string{"1 error file/row-length"}},
	{"a quote inside a cell", func(t *testing.T) string {
		return strings.Replace(extractOf(t, columnsBut(), waiting, other), "C1", "C\"1", 1)
	}, nil, []string{"1 error file/quote"}},
	{"a quote that never closes: the next line is read", func(t *testing.T) string {
		return strings.Replace(extractOf(t, columnsBut(), waiting, other.with(change{"gender": "3"})), "C1", "\"C1", 1)
	}, nil, []string{"1 error file/quote", "2 error gender/code gender"}},
	{"a record longer than the limit", func(t *testing.T) string {
		return extractOf(t, append(columnsBut(), "note"), waiting.with(change{"note": strings.Repeat("x", 5000)}), other)
	}, []Option{RecordLimit(4096)}, []string{"0 info file/unknown-column note", "1 error file/record-too-long"}},
	{"NUL in a cell that nobody reads", func(t *testing.T) string {
		return extractOf(t, append(columnsBut(), "note"), waiting.with(change{"note": "a\x00b"}))
	}, nil, []string{"0 info file/unknown-column note", "1 warning file/control-character note"}},
}

func literal(s string) func(*testing.T) string { return func(*testing.T) string { return s } }

func TestHeaderRules(t *testing.T) {
	for _, c := range headerCases {
		t.Run(c.why, func(t *testing.T) {
			got, _ := validate(t, ruleAsOf, c.text(t), c.options...)
			require.Equal(t, c.want, got)
		})
	}
}

// No finding holds a value, whatever is found: every value of every row is
// looked for in everything that is handed out.
func TestFindingsHoldNoValues(t *testing.T) {
	secret := waiting.with(change{
		"client_id": "SECRETCLIENT", "episode_id": "SECRETEPISODE", "nhs_number": "9434765918", "date_of_birth": "1980/05/17",
		"postcode": "SW1A 2AAX", "trainer_id": "SECRET TRAINER", "gender": "SECRETGENDER", "height_cm": "173.3x",
	})
	v, err := NewValidator(Episodes(), date(t, ruleAsOf))
	require.NoError(t, err)
	var all bytes.Buffer
	report, err := v.Validate(context.Background(), "x.csv", strings.NewReader(extractOf(t, columnsBut(), secret, secret, secret.with(change{"client_id": "SECRETOTHER"}))), func(f Finding) error {
		require.Empty(t, f.Shown)
		return json.NewEncoder(&all).Encode(f)
	})
	require.NoError(t, err)
	require.NoError(t, json.NewEncoder(&all).Encode(report))
	require.Contains(t, all.String(), "9999/99/99", "a shape is told")
	for _, value := range []string{"SECRET", "9434765918", "1980", "SW1A", "173.3"} {
		require.NotContains(t, all.String(), value)
	}
}
