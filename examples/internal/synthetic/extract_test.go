package synthetic_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/examples/internal/synthetic"
	"github.com/healthtrainer/healthtrainer/hte"
)

// record is a row read by encoding/csv, which knows nothing of this project.
type record struct {
	cells   []string
	columns map[string]int
}

func (r record) at(field string) string { return r.cells[r.columns[field]] }

func (r record) number(field string) float64 {
	v, err := strconv.ParseFloat(r.at(field), 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

func (r record) date(field string) hte.Date {
	d, _ := hte.ParseDate(r.at(field))
	return d
}

func readRecords(t testing.TB, data []byte) []record {
	t.Helper()
	lines, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string]int{}
	for i, name := range lines[0] {
		columns[name] = i
	}
	records := make([]record, len(lines)-1)
	for i, l := range lines[1:] {
		records[i] = record{cells: l, columns: columns}
	}
	return records
}

func TestHeadingIsTheDictionarys(t *testing.T) {
	data, key := generate(t, synthetic.Extract{})
	var names []string
	for f := range dcrs.Episodes().Fields() {
		names = append(names, f.Name)
	}
	if want := strings.Join(names, ",") + "\n"; string(data) != want {
		t.Errorf("an extract of no rows is\n%swant\n%s", data, want)
	}
	if len(key) != 0 {
		t.Errorf("its key has %d answers", len(key))
	}
}

// TestSameSeedSameBytes pins an extract and its key: another machine, or another
// version of Go, must make the same. Whoever changes what is generated changes
// the sums, and with them every extract made before.
func TestSameSeedSameBytes(t *testing.T) {
	x := synthetic.Extract{Rows: 3000, Seed: 42, Errors: 0.1}
	sum := func() string {
		h := sha256.New()
		if err := x.Generate(t.Context(), h, h); err != nil {
			t.Fatal(err)
		}
		return hex.EncodeToString(h.Sum(nil))
	}
	first := sum()
	if again := sum(); again != first {
		t.Error("the same seed gives other bytes the second time")
	}
	const want = "7517c714a9e274a10e4b4dda8ec1009285e7a55462382f232ba4b7ed29e562fc"
	if first != want {
		t.Errorf("the extract has the sum %s, want %s", first, want)
	}
	x.Seed++
	if sum() == first {
		t.Error("another seed gives the same bytes")
	}
}

// TestSlipsLeaveOtherRowsAlone compares an extract with slips to the clean one.
func TestSlipsLeaveOtherRowsAlone(t *testing.T) {
	x := synthetic.Extract{Rows: 10_000, Seed: 7, Errors: 0.05}
	dirty, key := generate(t, x)
	x.Errors = 0
	clean, none := generate(t, x)
	if len(none) != 0 {
		t.Errorf("the clean extract has %d answers in its key", len(none))
	}
	planted := map[int]bool{}
	for _, a := range key {
		planted[a.Record] = true
	}
	if want := 500; len(planted) != want {
		t.Errorf("%d rows have a slip, want %d", len(planted), want)
	}
	a, b := bytes.Split(dirty, []byte("\n")), bytes.Split(clean, []byte("\n"))
	if len(a) != len(b) {
		t.Fatalf("%d lines, the clean extract has %d", len(a), len(b))
	}
	for i := range a {
		if same := bytes.Equal(a[i], b[i]); same == planted[i] {
			t.Errorf("record %d: equal to the clean one is %v, has a slip is %v", i, same, planted[i])
		}
	}
}

func TestKeyIsInOrder(t *testing.T) {
	const rows = 20_000
	_, key := generate(t, synthetic.Extract{Rows: rows, Seed: 8, Errors: 0.1})
	place := func(field string) int {
		f, ok := dcrs.Episodes().Field(field)
		if !ok {
			if field != "" {
				t.Errorf("%q is no field", field)
			}
			return -1
		}
		return f.Index()
	}
	if !slices.IsSortedFunc(key, func(a, b synthetic.Answer) int {
		return cmp.Or(a.Record-b.Record, place(a.Field)-place(b.Field), strings.Compare(a.Rule, b.Rule))
	}) {
		t.Error("the key is not in the order of records, fields and rules")
	}
	rowForm := []string{"file/row-length", "file/quote"}
	for _, a := range key {
		if a.Record < 1 || a.Record > rows {
			t.Errorf("%v: no such record", a)
		}
		if (a.Field == "") != slices.Contains(rowForm, a.Rule) {
			t.Errorf("%v: only the rules about a row's form have no field", a)
		}
		if _, ok := dcrs.Episodes().Rule(a.Rule); !ok {
			t.Errorf("%v: no such rule", a)
		}
	}
}

// TestSlipsGoRoundTheRules holds what the documentation of Errors promises.
func TestSlipsGoRoundTheRules(t *testing.T) {
	_, key := generate(t, synthetic.Extract{Rows: 5000, Seed: 9, Errors: 0.02})
	planted := map[string]int{}
	for _, a := range key {
		planted[a.Rule]++
	}
	for r := range dcrs.Episodes().Rules() {
		whole := strings.HasPrefix(r.ID, "file/") &&
			!slices.Contains([]string{"file/row-length", "file/quote", "file/control-character"}, r.ID)
		if r.Scope == dcrs.ScopeField || whole || r.ID == "measures/who5-raw-as-percent" {
			continue
		}
		if planted[r.ID] == 0 {
			t.Errorf("%s is not planted in 5,000 rows", r.ID)
		}
	}
	_, key = generate(t, synthetic.Extract{Rows: 20_000, Seed: 9, Errors: 0.02})
	families := map[string]int{}
	for _, a := range key {
		if field, family, _ := strings.Cut(a.Rule, "/"); field == a.Field {
			families[family]++
		}
	}
	for _, family := range []string{"blank", "format", "code", "range", "implausible", "repeated-code"} {
		if families[family] < 6 {
			t.Errorf("FIELD/%s is planted in %d fields, want 6 at least", family, families[family])
		}
	}
}

// TestMemoryIsConstant: ten times the rows, the same allocations.
func TestMemoryIsConstant(t *testing.T) {
	allocations := func(rows int) float64 {
		return testing.AllocsPerRun(3, func() {
			x := synthetic.Extract{Rows: rows, Seed: 1, Errors: 0.1}
			if err := x.Generate(context.Background(), io.Discard, io.Discard); err != nil {
				t.Error(err)
			}
		})
	}
	few, many := allocations(5000), allocations(50_000)
	// The text of a slip can be longer than any before it.
	if many > few+100 {
		t.Errorf("%v allocations for 5,000 rows, %v for 50,000", few, many)
	}
}

func TestBadOptions(t *testing.T) {
	for _, c := range []struct {
		x      synthetic.Extract
		option string
		reason string
	}{
		{synthetic.Extract{Rows: -1}, "Rows", "fewer than none"},
		{synthetic.Extract{Rows: 100_000_000}, "Rows", "more than an episode's number can count"},
		{synthetic.Extract{Errors: -0.1}, "Errors", "less than no row"},
		{synthetic.Extract{Errors: 1.1}, "Errors", "more than every row"},
		{synthetic.Extract{Errors: math.NaN()}, "Errors", "no number"},
		{synthetic.Extract{AsOf: date(t, "2007-12-31")}, "AsOf", "referrals would come before the programme"},
		{synthetic.Extract{AsOf: date(t, "2100-01-01")}, "AsOf", "later than any index of deprivation"},
	} {
		err := c.x.Generate(t.Context(), io.Discard, nil)
		var bad *synthetic.OptionError
		if !errors.As(err, &bad) || bad.Option != c.option || !strings.Contains(err.Error(), c.option) {
			t.Errorf("%s: %v, want an OptionError for %s", c.reason, err, c.option)
		}
	}
}

// failing fails after some bytes.
type failing struct{ left int }

var errFull = errors.New("disk full")

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestFailures(t *testing.T) {
	x := synthetic.Extract{Rows: 2000, Errors: 0.1}
	for _, c := range []struct {
		w, key io.Writer
		reason string
	}{
		{&failing{left: 10}, io.Discard, "at the first write"},
		{&failing{left: 300_000}, nil, "at a later write"},
		{io.Discard, &failing{left: 10}, "of the key"},
	} {
		if err := x.Generate(t.Context(), c.w, c.key); !errors.Is(err, errFull) {
			t.Errorf("%s: %v, want the writer's error", c.reason, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := x.Generate(ctx, io.Discard, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestNothingIsReal holds the promises of the package documentation.
func TestNothingIsReal(t *testing.T) {
	data, _ := generate(t, synthetic.Extract{Rows: 20_000, Seed: 3})
	records := readRecords(t, data)
	for field, pattern := range map[string]string{
		"client_id":        `^SYN-C\d{8}$`,
		"episode_id":       `^SYN-E\d{8}$`,
		"service_code":     `^SYNHT\d\d$`,
		"trainer_id":       `^(SYN-T\d{3})?$`,
		"nhs_number":       `^(999\d{7})?$`,
		"postcode":         `^(Z[ABCDFGHLNP]\d{1,2} \d[ABD-HJLNP-UW-Z]{2}|ZZ99 3[VW]Z)?$`,
		"lsoa":             `^(E01099\d{3})?$`,
		"gp_practice_code": `^(X99\d{3}|V8199[79])?$`,
	} {
		re := regexp.MustCompile(pattern)
		for _, r := range records {
			if !re.MatchString(r.at(field)) {
				t.Errorf("%s: %q is not of the form %s", field, r.at(field), pattern)
				break
			}
		}
	}
	for _, r := range records {
		if n := r.at("nhs_number"); n != "" && !validNHSNumber(n) {
			t.Errorf("record %s has an NHS number with a wrong check digit, or a palindrome", r.at("episode_id"))
		}
	}
}

// validNHSNumber does the arithmetic of the NHS Data Dictionary on the text.
func validNHSNumber(n string) bool {
	sum := 0
	for i := range 9 {
		sum += int(n[i]-'0') * (10 - i)
	}
	reversed := []byte(n)
	slices.Reverse(reversed)
	return (11-sum%11)%11 == int(n[9]-'0') && string(reversed) != n
}

// TestClientsAreConsistent follows clients from one episode to the next.
func TestClientsAreConsistent(t *testing.T) {
	data, _ := generate(t, synthetic.Extract{Rows: 30_000, Seed: 4})
	type key struct{ service, id string }
	last := map[key]record{}
	owner := map[key]string{} // of an NHS number
	person := map[[4]string]string{}
	area := map[string]string{}
	services, again := map[string]bool{}, 0
	for _, r := range readRecords(t, data) {
		k := key{r.at("service_code"), r.at("client_id")}
		services[k.service] = true
		if before, ok := last[k]; ok {
			again++
			for _, f := range []string{"date_of_birth", "gender", "ethnic_category", "nhs_number"} {
				if before.at(f) != "" && r.at(f) != "" && before.at(f) != r.at(f) {
					t.Errorf("a client's %s changes at %s", f, r.at("episode_id"))
				}
			}
			if before.at("closure_date") == "" || before.at("closure_date") > r.at("referral_date") {
				t.Errorf("%s begins before the client's last episode ends", r.at("episode_id"))
			}
		}
		last[k] = r
		if n := r.at("nhs_number"); n != "" {
			if o, ok := owner[key{k.service, n}]; ok && o != k.id {
				t.Errorf("%s has the NHS number of another client", r.at("episode_id"))
			}
			owner[key{k.service, n}] = k.id
		}
		if r.at("date_of_birth") != "" && r.at("lsoa") != "" {
			p := [4]string{k.service, r.at("date_of_birth"), r.at("gender"), r.at("postcode")}
			if o, ok := person[p]; ok && o != k.id {
				t.Errorf("%s looks like another client", r.at("episode_id"))
			}
			person[p] = k.id
			if q, ok := area[r.at("lsoa")]; ok && q != r.at("imd_quintile") {
				t.Errorf("area %s is in two quintiles", r.at("lsoa"))
			}
			area[r.at("lsoa")] = r.at("imd_quintile")
		}
		if born := r.date("date_of_birth"); !born.IsZero() {
			age := born.YearsUntil(r.date("referral_date"))
			if age < 16 || age > 110 || r.at("age_at_referral") != "" && r.at("age_at_referral") != strconv.Itoa(age) {
				t.Errorf("%s is of a client aged %d, %s in the extract", r.at("episode_id"), age, r.at("age_at_referral"))
			}
		}
	}
	if len(services) < 8 || len(services) > 12 {
		t.Errorf("%d services, want 8 to 12", len(services))
	}
	if share := float64(again) / 30_000; share < 0.04 || share > 0.12 {
		t.Errorf("%.1f per cent are re-referrals, want 4 to 12", 100*share)
	}
}

// TestItLooksLikeAService looks for what an evaluation needs to find.
func TestItLooksLikeAService(t *testing.T) {
	data, _ := generate(t, synthetic.Extract{Rows: 20_000, Seed: 5})
	counts := map[string]int{}
	asOf := date(t, synthetic.DefaultAsOf)
	year := asOf.FinancialYear() - 1
	for _, r := range readRecords(t, data) {
		referred := r.date("referral_date")
		count := func(what string, holds bool) {
			if holds {
				counts[what]++
			}
		}
		inYear := !referred.Before(year.Start()) && !referred.After(year.End())
		count("referral in the last financial year that ended", inYear)
		count("twelve-month follow-up of such a referral", inYear && r.at("followup_12m_date") != "")
		count("client waiting", r.at("first_contact_date") == "" && r.at("closure_date") == "")
		count("plan in progress", r.at("plan_status") == "open")
		count("prison setting, in custody", r.at("setting") == "prison" && r.at("supervision") == "custody")
		count("probation setting, on licence", r.at("setting") == "probation" && r.at("supervision") == "licence")
		count("recall to prison", r.at("closure_reason") == "recalled")
		count("release", r.at("closure_reason") == "released")
		count("client of no fixed abode", r.at("postcode") == "ZZ99 3VZ")
		count("former client employed as a trainer", r.at("workforce_step") == "employed")
		count("client housed by the end", r.at("accommodation_type") > "11" && r.at("accommodation_type_post") == "02")
		count("client in work by the end", r.at("employment_status") == "02" && r.at("employment_status_post") == "01")
		count("need met", r.at("wider_needs_met") != "")
		count("need met in part", r.at("wider_needs_part_met") != "")
		count("client in a second mode", r.at("client_mode") == "group")
	}
	for what, least := range map[string]int{
		"referral in the last financial year that ended": 5000,
		"twelve-month follow-up of such a referral":      100,
		"client waiting":                      200,
		"plan in progress":                    500,
		"prison setting, in custody":          300,
		"probation setting, on licence":       200,
		"recall to prison":                    40,
		"release":                             50,
		"client of no fixed abode":            200,
		"former client employed as a trainer": 3,
		"client housed by the end":            10,
		"client in work by the end":           50,
		"need met":                            500,
		"need met in part":                    500,
		"client in a second mode":             200,
	} {
		if counts[what] < least {
			t.Errorf("%s: %d in 20,000 rows, want %d at least", what, counts[what], least)
		}
	}
}

func BenchmarkGenerate(b *testing.B) {
	for _, c := range []struct {
		name string
		x    synthetic.Extract
	}{
		{"clean", synthetic.Extract{Rows: 20_000}},
		{"errors", synthetic.Extract{Rows: 20_000, Errors: 0.02}},
	} {
		b.Run(c.name, func(b *testing.B) {
			var n counting
			b.ReportAllocs()
			for b.Loop() {
				n = 0
				if err := c.x.Generate(b.Context(), &n, io.Discard); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(n))
			b.ReportMetric(float64(c.x.Rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

type counting int64

func (c *counting) Write(p []byte) (int, error) {
	*c += counting(len(p))
	return len(p), nil
}
