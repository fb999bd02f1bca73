package dcrs

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

// withQuotes puts every cell of a file without quotes between quotes, so that
// the slow reader takes its rows.
func withQuotes(text string, delim byte) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		body := strings.TrimRight(line, "\r\n")
		if body == "" {
			b.WriteString(line)
			continue
		}
		b.WriteString(`"` + strings.ReplaceAll(body, string(delim), `"`+string(delim)+`"`) + `"` + line[len(body):])
	}
	return b.String()
}

// withoutOffsets are the findings and the report of a file without what differs when
// its cells are quoted: how many bytes stand before a cell.
func withoutOffsets(t *testing.T, v *Validator, text string) ([]Finding, *Report) {
	t.Helper()
	var findings []Finding
	bare := func(f *Finding) {
		f.Offset = 0
		for i := range f.Related {
			f.Related[i].Offset = 0
		}
	}
	report, err := v.Validate(context.Background(), "x.csv", strings.NewReader(text), func(f Finding) error {
		f.Related = slices.Clone(f.Related)
		bare(&f)
		findings = append(findings, f)
		return nil
	})
	require.NoError(t, err)
	report.Bytes = 0
	for i := range report.Rules {
		for j := range report.Rules[i].Examples {
			bare(&report.Rules[i].Examples[j])
		}
	}
	return findings, report
}

// requireFastAsSlow holds the two ways of reading a row against each other.
func requireFastAsSlow(t *testing.T, text string, delim byte, options ...Option) {
	t.Helper()
	v := extractValidator(t, append(options, Delimiter(delim), smallBatches(1<<10))...)
	fast, fastReport := withoutOffsets(t, v, text)
	slow, slowReport := withoutOffsets(t, v, withQuotes(text, delim))
	require.Equal(t, slow, fast)
	require.Equal(t, slowReport, fastReport)
}

// oddTexts are cells that are nearly right, or nothing at all.
var oddTexts = []string{
	"", " ", "  x ", "0", "7", "-1", "3.0", "3.5", ".5", "5.", "007", "12345678", "123456789", "1234567.8", "12345.6789", "1.2.3", "+4", "1e3", "99999999999999999999", "0.0000000001",
	"2024-02-29", "2023-02-29", "2024-13-01", "2024-00-10", "0000-01-01", "9999-12-31", "2024-1-01", "2024-01-01 ", "31/12/2023", "45292", "2024-01-01T00:00:00", "2024/01/01", "20240101xx",
	"9434765919", "943 476 5919", "943-476-5919", "9434765918", "9999999999", "999000001", "94347659190", "0123456789",
	"M1 1AE", "m11ae", "ZZ99 3VZ", "zz993vz", "EC1A1BB", "GIR 0AA", "M1 1A", "M11AEE", "E01005001", "W01001001", "E0100500", "E010050011", "S01000001", "P81001", "V81999", "p81001", "P8100", "P810011",
	"01", "1", "Y", "N", "male", "one_to_one", "approved_premises", "approved_premisex", "exercise_referral", "achieved", "not_achieved", "achieved\x00", "05;09", "5;09", "05; 09", "05;05", ";05", "05;", "NN;05", "ZZ", "finance;isolation;caring", "finance;x",
	"na\xefve", "é", "\x00", "a\tb", "\x7f", "C/1", "A.b_c-9", strings.Repeat("x", 36), strings.Repeat("x", 37), strings.Repeat("9", 300),
	"1.75", "170.55", strings.Repeat("A", 15) + "?", strings.Repeat("A", 16) + "?", // a height in metres; what is wrong stands last in sixteen bytes, or behind them
	"01" + strings.Repeat("x", 256), "not_achieved" + strings.Repeat("x", 256), // a code, by its length in a byte
}

func TestFastRowsReadAsSlowOnes(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 5))
	names := columnsBut()
	for round := range 12 {
		columns := slices.Clone(names)
		if round%3 == 1 { // other orders, and columns that nobody knows
			rng.Shuffle(len(columns), func(i, j int) { columns[i], columns[j] = columns[j], columns[i] })
			columns = slices.Insert(columns, 50, "remarks", "Shoe size")
		}
		if round%3 == 2 {
			columns = columns[:1+rng.IntN(len(columns))]
		}
		delim := delimiters[rng.IntN(len(delimiters))]
		var b strings.Builder
		b.WriteString(strings.Join(columns, string(delim)) + "\n")
		for n := range 200 {
			clean := whole
			if n%3 == 0 {
				clean = waiting
			}
			cells := make([]string, len(columns))
			for i, c := range columns {
				cells[i] = clean[c]
				if rng.IntN(12) == 0 {
					cells[i] = oddTexts[rng.IntN(len(oddTexts))]
				}
				cells[i] = strings.ReplaceAll(cells[i], string(delim), ":")
			}
			switch rng.IntN(40) {
			case 0:
				cells = append(cells, "")
			case 1:
				cells = cells[1:]
			}
			b.WriteString(strings.Join(cells, string(delim)) + []string{"\n", "\r\n", "\n\n"}[rng.IntN(3)])
		}
		requireFastAsSlow(t, b.String(), delim, Workers(1+rng.IntN(3)))
	}
}

// Every odd text stands in every column once, between rows that are clean.
func TestOddTextsInEveryColumn(t *testing.T) {
	columns := columnsBut()
	var b strings.Builder
	b.WriteString(strings.Join(columns, ",") + "\n")
	for n := range oddTexts {
		odd, clean := make([]string, len(columns)), make([]string, len(columns))
		for i, c := range columns {
			odd[i], clean[i] = strings.ReplaceAll(oddTexts[(n+i)%len(oddTexts)], ",", ":"), whole[c]
		}
		b.WriteString(strings.Join(odd, ",") + "\n" + strings.Join(clean, ",") + "\n")
	}
	requireFastAsSlow(t, b.String(), ',', Workers(1))
}

// No record rule reads a cell that a rule of its own has rejected, though it could be
// read at first sight.
func TestRejectedFastCells(t *testing.T) {
	words := func(id string) Rule { return Rule{ID: id, Severity: Warning, Problem: "p", Fix: "f"} }
	d, err := NewDictionary("visit", "1", []Field{{Name: "weight", Type: TypeDecimal, Sensitivity: NotSensitive}}, nil, []Check{
		{Rule: words("weight/unlucky"), Fields: []string{"weight"}, Rejects: true, Cell: func(c Cell) Verdict { return FailIf(c.Thousandths() == 13_000) }},
		{Rule: words("visit/weighed"), Need: []string{"weight"}, Row: func(*Row) Verdict { return Fail }},
	})
	require.NoError(t, err)
	v, err := NewValidator(d, extractAsOf(t))
	require.NoError(t, err)
	text := "weight,x\n12.5,\n13.0,\n"
	findings, report := withoutOffsets(t, v, text)
	require.Len(t, findings, 3) // the first is that nobody knows x
	require.Equal(t, []string{"visit/weighed", "weight/unlucky"}, []string{findings[1].Rule, findings[2].Rule})
	slow, slowReport := withoutOffsets(t, v, withQuotes(text, ','))
	require.Equal(t, slow, findings)
	require.Equal(t, slowReport, report)
}

// A line too long for places of sixteen bits is read like any other.
func TestLongFastLines(t *testing.T) {
	for _, n := range []int{longestFast - 20, longestFast - 7, longestFast, longestFast + 1, 1 << 17} {
		header := "remarks,client_id,gender,episode_id\n"
		requireFastAsSlow(t, header+strings.Repeat("r", n-8)+",C1,9,E1\n", ',')
		requireFastAsSlow(t, header+"r,C1,9,"+strings.Repeat("E", n-7)+"\n", ',')
		requireFastAsSlow(t, "episode_id\n"+strings.Repeat("E", n)+"\n", ',')
	}
}

func FuzzFastRows(f *testing.F) {
	for i, s := range oddTexts {
		f.Add(s+"\x1f"+oddTexts[(i+7)%len(oddTexts)], uint8(i), uint8(3+i%9))
	}
	f.Fuzz(func(t *testing.T, texts string, first, columns uint8) {
		names := columnsBut()
		n := 1 + int(columns)%12
		names = names[int(first)%(len(names)-n):][:n]
		texts = strings.NewReplacer(`"`, "'", ",", ".", "\n", " ", "\r", " ").Replace(texts)
		cells := strings.Split(texts, "\x1f")
		var b strings.Builder
		b.WriteString(strings.Join(names, ",") + "\n")
		for len(cells)%n != 0 {
			cells = append(cells, "")
		}
		for row := range slices.Chunk(cells, n) {
			if line := strings.Join(row, ","); line != "" {
				b.WriteString(line + "\n")
			}
		}
		if problem := notText([]byte(b.String())); problem != "" {
			t.Skip(problem)
		}
		requireFastAsSlow(t, b.String(), ',')
	})
}

// loaded is a text of up to eight bytes as the readers load it, with something
// behind it.
func loaded(s, behind string) uint64 {
	return binary.LittleEndian.Uint64([]byte((s + behind + "\xff\x00 9876543")[:8]))
}

func checkShortNumbers(t *testing.T, s, behind string) {
	t.Helper()
	if len(s) == 0 || len(s) > 8 {
		return
	}
	n, ok := eightDigits(loaded(s, behind), uint32(len(s)))
	digits := strings.Trim(s, "0123456789") == ""
	require.Equal(t, digits, ok, "%q", s)
	if digits {
		want, _ := lexInteger([]byte(s))
		require.Equal(t, want, n, "%q", s)
	}
	value, places, ok := shortDecimal(loaded(s, behind), uint32(len(s)))
	want, wantPlaces, wantOK := lexDecimal([]byte(s))
	if ok {
		require.True(t, wantOK, "%q", s)
		require.Equal(t, want, value, "%q", s)
		require.Equal(t, wantPlaces, int(places), "%q", s)
	} else if wantOK {
		require.Equal(t, byte('-'), s[0], "%q: only what has a sign is left to the slow reader", s)
	}
}

func TestShortNumbers(t *testing.T) {
	for n := range 100_000 { // every number of up to five digits, and where its point can stand
		s := fmt.Sprint(n)
		checkShortNumbers(t, s, "5")
		for i := range len(s) + 1 {
			checkShortNumbers(t, s[:i]+"."+s[i:], ".")
		}
	}
	for b := range 256 { // every byte in every place
		for i := range 8 {
			text := []byte("12345678")
			text[i] = byte(b)
			checkShortNumbers(t, string(text), "")
			checkShortNumbers(t, string(text[:i+1]), ",1")
		}
	}
	for _, s := range []string{".", "..", "1..", "1.2.3", "00000000", "99999999", "0.000000", "999999.9", "-1", "-1.5"} {
		checkShortNumbers(t, s, "")
	}
}

func FuzzShortNumbers(f *testing.F) {
	f.Add("12.5", "0")
	f.Add("1234567.", ",")
	f.Fuzz(checkShortNumbers)
}

// Turning rows into columns agrees with doing it bit by bit, for any number of rows.
func TestTurn(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	for n := range blockRows + 1 {
		var rows, want, got [64]uint64
		for i := range rows {
			rows[i] = rng.Uint64() & rng.Uint64()
			for j := range 64 {
				if i < n {
					want[j] |= rows[i] >> j & 1 << i
				}
			}
		}
		got[3] = 1 // what was there before does not matter
		turn(&got, &rows, n)
		require.Equal(t, want, got, "%d rows", n)
	}
}

// slowVerdict asks one check as it is described, without any table.
func slowVerdict(r *Row, c *check) Verdict {
	has := func(of codesOf) bool {
		n := r.value(of.field)
		if r.plan.kernels[of.field].typ != TypeCode {
			n = int64(r.places(of.field))
		}
		return in(of.codes, n)
	}
	filled := func(f int) bool { return r.filled.has(f) }
	wrong := func(f int) bool { return filled(f) && !r.valid.has(f) }
	switch {
	case slices.ContainsFunc(c.need, func(f int) bool { return !r.valid.has(f) }),
		slices.ContainsFunc(c.clean, wrong),
		len(c.any) > 0 && !slices.ContainsFunc(c.any, filled),
		slices.ContainsFunc(c.unless, filled),
		c.when.codes != 0 && !has(c.when):
		return NotApplicable
	case c.judge != nil:
		r.at, r.related, r.lesser = c.at, fieldSet{}, false
		return c.judge(r)
	}
	return FailIf(slices.ContainsFunc(c.ifBlank, func(f int) bool { return !filled(f) }) ||
		c.failIn.codes != 0 && has(c.failIn) && (c.andIn.codes == 0 || has(c.andIn)) ||
		c.years != nil && c.years[r.value(c.at)] > r.plan.asOfYear ||
		c.alone != 0 && uint64(r.value(c.at))&c.alone != 0 && bits.OnesCount64(uint64(r.value(c.at))) > 1 ||
		c.afterAsOf && r.value(c.at) > r.plan.asOfDay ||
		c.inOrder != nil && r.value(c.inOrder[0]) > r.value(c.inOrder[1]) ||
		c.least > 0 && r.value(c.at) < c.least)
}

// mixedExtract is an extract of many rows in which nearly every record rule passes
// somewhere, fails somewhere, and does not apply somewhere.
func mixedExtract(rng *rand.Rand, rows int) []byte {
	var text bytes.Buffer
	columns := columnsBut()
	text.WriteString(strings.Join(columns, ",") + "\n")
	for n := range rows {
		cells := make([]string, len(columns))
		for i, c := range columns {
			switch from := whole; rng.IntN(10) {
			case 0, 1, 2:
			case 3:
				cells[i] = strings.ReplaceAll(oddTexts[rng.IntN(len(oddTexts))], ",", ".")
			default:
				if n%3 == 0 {
					from = contacted
				}
				cells[i] = from[c]
				f := episodeFields[i]
				if rng.IntN(3) > 0 {
					break
				}
				switch number, err := strconv.Atoi(cells[i]); {
				case f.CodeList != "":
					codes := episodeCodeLists[codeListIndex(f.CodeList)].Codes
					cells[i] = codes[rng.IntN(len(codes))].Code
				case f.Type == TypeDate && cells[i] != "":
					if day, err := hte.ParseDate(cells[i]); err == nil {
						cells[i] = hte.FromOrdinal(day.Ordinal() + (rng.IntN(9)-4)*[]int{1, 30, 91, 400}[rng.IntN(4)]).String()
					}
				case err == nil && (f.Type == TypeInteger || f.Type == TypeDecimal):
					cells[i] = strconv.Itoa(max(0, number*rng.IntN(5)/2+rng.IntN(5)-2))
				}
			}
		}
		text.WriteString(strings.Join(cells, ",") + "\n")
	}
	return text.Bytes()
}

// Asking all checks at once gives what asking them one by one does.
func TestChecksAsOneByOne(t *testing.T) {
	text := mixedExtract(rand.New(rand.NewPCG(6, 1)), 12_000)
	v := extractValidator(t)
	checks := Episodes().checks
	checked, failed := make(map[string]int), make(map[string]int)
	for row, err := range v.Rows(t.Context(), "x.csv", bytes.NewReader(text)) {
		require.NoError(t, err)
		if row.Unread() {
			continue
		}
		for i := range checks {
			if verdict := slowVerdict(row, &checks[i]); verdict != NotApplicable {
				checked[checks[i].rule]++
				if verdict == Fail {
					failed[checks[i].rule]++
				}
			}
		}
	}
	report, err := v.Validate(t.Context(), "x.csv", bytes.NewReader(text), nil)
	require.NoError(t, err)
	seen := 0
	for _, r := range report.Rules {
		if _, ok := checked[r.Rule]; ok {
			require.Equal(t, checked[r.Rule], r.Checked, r.Rule)
			require.Equal(t, failed[r.Rule], r.Count, r.Rule)
			if failed[r.Rule] > 0 {
				seen++
			}
		}
	}
	require.Greater(t, seen, 60, "nearly every record rule has failed somewhere")
}

// edgeExtract is an extract of rows that lie at the limits of the rules which can
// pass many rows at once: a day, a unit or a blank field to either side.
func edgeExtract(t *testing.T, rng *rand.Rand, rows int) []byte {
	t.Helper()
	pick := func(texts ...string) string { return texts[rng.IntN(len(texts))] }
	perhaps := func(of int) bool { return rng.IntN(of) == 0 }
	beside := func(n int) int { return n + rng.IntN(3) - 1 }
	var dates []string
	for _, f := range episodeFields {
		if f.Type == TypeDate {
			dates = append(dates, f.Name)
		}
	}
	days := []int{0, 0, 0, 1, offSchedule - 1, offSchedule, offSchedule + 1}
	row := func() change {
		c := whole.with(change{"client_id": pick("C1", "9434765919", "943-476-5919", "9434765918", "A434765919", "943476591A", "943.476.5919")})
		if perhaps(4) { // the days that make months and years long or short, and the last ones that there are
			c["review_date"] = pick("2023-08-31", "2024-02-29", "2023-02-28", "1999-11-30", "9998-12-31", "9999-01-10", "9999-09-30")
		}
		date := func(name string) hte.Date {
			return hte.FromOrdinal(mustOrdinal(c[name]))
		}
		move := func(name string, from hte.Date, months int) {
			by := days[rng.IntN(len(days))] * (1 - 2*rng.IntN(2))
			to := from.AddMonths(months)
			if to.IsZero() { // beyond the last day that there is
				to, by = hte.FromOrdinal(mustOrdinal("9999-12-31")), -rng.IntN(60)
			}
			if day := hte.FromOrdinal(to.Ordinal() + by); !day.IsZero() {
				c[name] = day.String()
			}
		}
		for n, name := range []string{"followup_3m_date", "followup_6m_date", "followup_12m_date"} {
			if !perhaps(3) {
				move(name, date("review_date"), []int{3, 6, 12}[n])
			}
		}
		for range rng.IntN(5) {
			move(pick(dates...), date(pick(dates...)), 0)
		}
		move("date_of_birth", date("referral_date"), -12*[]int{15, 16, 17, 43, 109, 110, 111}[rng.IntN(7)])
		c["age_at_referral"] = strconv.Itoa(max(0, beside(date("date_of_birth").YearsUntil(date("referral_date")))))

		height := []int{500, 1000, 1505, 1700, 1999, 2720}[rng.IntN(6)] // in tenths
		c["height_cm"] = fmt.Sprintf("%d.%d", height/10, height%10)
		for _, at := range []string{"pre", "post"} {
			heaviest := beside(80 * height * height / 100_000) // in tenths
			if perhaps(3) {
				heaviest = rng.IntN(6000)
			}
			c["weight_kg_"+at] = fmt.Sprintf("%d.%d", heaviest/10, heaviest%10)
			sum := 0
			for n := range 5 {
				answer := rng.IntN(6)
				sum += answer
				c[fmt.Sprintf("who5_%d_%s", n+1, at)] = strconv.Itoa(answer)
			}
			c["who5_percent_"+at] = strconv.Itoa(max(0, 4*sum+[]int{0, 0, 1, 2, 3, 4, -4}[rng.IntN(7)]))
			c["smoking_status_"+at], c["cigarettes_"+at] = pick("1", "2", "3", "4"), pick("0", "1", "-1")
			systolic, _ := strconv.Atoi(c["systolic_"+at])
			c["diastolic_"+at] = strconv.Itoa(beside(systolic))
		}
		alike := perhaps(3)
		for _, p := range pairs {
			pre, post := episodeFields[p.pre].Name, episodeFields[p.post].Name
			before, _, _ := lexDecimal([]byte(c[pre]))
			switch {
			case alike && !perhaps(40):
				c[post] = c[pre]
			case p.share+p.limit > 0 && perhaps(3):
				const tenth = decimalUnit / 10
				limit, step := 10*p.limit+before/tenth*p.share/100, int64(1)
				if episodeFields[p.post].Type == TypeInteger {
					step = 10
				}
				after := max(0, before/tenth+limit*(1-2*rng.Int64N(2))+step*(rng.Int64N(3)-1))
				c[post] = fmt.Sprintf("%d.%d", after/10, after%10)
			}
		}
		c["sessions_attended"] = pick("0", "1")
		c["client_mode"] = pick("one_to_one", "one_to_one", "group", "signposted")
		for n := range goalIssues {
			c[episodeFields[goalIssues[n]].Name] = pick("diet", "exercise", "")
		}
		blank := func(names ...string) {
			for _, name := range names {
				delete(c, name)
			}
		}
		if perhaps(3) {
			for f := range postMeasures.all {
				blank(episodeFields[f].Name)
			}
		}
		if perhaps(3) {
			for f := range planAndGoals.all {
				blank(episodeFields[f].Name)
			}
		}
		for _, f := range episodeFields {
			if perhaps(15) {
				blank(f.Name)
			}
			if perhaps(80) {
				c[f.Name] = "?"
			}
		}
		return c
	}
	changes := make([]change, rows)
	for i := range changes {
		changes[i] = row()
	}
	return []byte(extractOf(t, columnsBut(), changes...))
}

// What passes many rows at once names none that the function would not pass, and is
// tried with rows of which it names some and leaves others that do not pass.
func TestPassesOnlyWhatPasses(t *testing.T) {
	d, err := Episodes().Extend("watched", nil, nil, nil) // its checks are its own
	require.NoError(t, err)
	type outcomes [NotApplicable + 1]int
	named, left := make([]outcomes, len(d.checks)), make([]outcomes, len(d.checks))
	for n := range d.checks {
		c := &d.checks[n]
		passes := c.passes
		if passes == nil {
			continue
		}
		c.passes = func(b *rowBlock, rows uint64) uint64 {
			passing := passes(b, rows)
			for m := rows; m != 0; m &= m - 1 {
				i := bits.TrailingZeros64(m)
				r := &b.rows[i]
				r.at, r.related, r.lesser, r.beside = c.at, fieldSet{}, false, 0
				seen := &left[n]
				if passing>>i&1 != 0 {
					seen = &named[n]
				}
				seen[c.judge(r)]++
			}
			return passing
		}
	}
	v, err := NewValidator(d, extractAsOf(t), Workers(1))
	require.NoError(t, err)
	rng := rand.New(rand.NewPCG(7, 7))
	for _, text := range [][]byte{mixedExtract(rng, 2000), edgeExtract(t, rng, 4000)} {
		_, err = v.Validate(t.Context(), "x.csv", bytes.NewReader(text), nil)
		require.NoError(t, err)
	}
	for n, c := range d.checks {
		if c.passes != nil {
			require.Zero(t, named[n][Fail]+named[n][NotApplicable], "%s at %s", c.rule, episodeFields[c.at].Name)
			require.Greater(t, named[n][Pass], 50, "%s at %s", c.rule, episodeFields[c.at].Name)
			require.Greater(t, left[n][Fail], 50, "%s at %s", c.rule, episodeFields[c.at].Name)
		}
	}
}

// A dictionary with more checks than one block holds asks them all.
func TestManyChecks(t *testing.T) {
	var checks []Check
	for n := range 300 {
		checks = append(checks, Check{
			Rule: Rule{ID: fmt.Sprintf("many/rule-%d", n), Severity: Info, Problem: "p", Fix: "f"}, Need: []string{"n"},
			Row: func(r *Row) Verdict {
				value, _ := r.Int(0)
				if value == 0 {
					return NotApplicable
				}
				return FailIf(value == int64(n))
			},
		})
	}
	d, err := NewDictionary("many", "1", []Field{{Name: "n", Type: TypeInteger, Sensitivity: NotSensitive}}, nil, checks)
	require.NoError(t, err)
	v, err := NewValidator(d, extractAsOf(t))
	require.NoError(t, err)
	var text strings.Builder
	text.WriteString("n,m\n,\n")
	for n := range 400 {
		fmt.Fprintf(&text, "%d,\n", n)
	}
	report, err := v.Validate(t.Context(), "x.csv", strings.NewReader(text.String()), nil)
	require.NoError(t, err)
	for n := range 300 {
		r, ok := report.Rule(fmt.Sprintf("many/rule-%d", n))
		require.True(t, ok)
		require.Equal(t, 399, r.Checked)
		require.Equal(t, 2, r.NotApplicable)
		require.Equal(t, min(n, 1), r.Count)
	}
}

// A cell of nothing but spaces is blank, also where an identifier may hold spaces.
func TestSpacesAreNoIdentifier(t *testing.T) {
	d, err := NewDictionary("visit", "1", []Field{{Name: "words", Type: TypeID, MaxLength: 9, Alphabet: "A-Z 0-9 ␣", Presence: Mandatory, Sensitivity: NotSensitive}}, nil, nil)
	require.NoError(t, err)
	v, err := NewValidator(d, extractAsOf(t))
	require.NoError(t, err)
	text := "words,x\n   ,1\n A B,1\nA B ,1\n          ,1\nA  B,1\n"
	findings, report := withoutOffsets(t, v, text)
	var blank []int
	for _, f := range findings {
		if f.Rule == "words/blank" {
			blank = append(blank, f.Record)
		}
	}
	require.Equal(t, []int{1, 4}, blank)
	require.Equal(t, []int{3, 2}, []int{report.Fields[0].Valid, report.Fields[0].Missing})
	slow, slowReport := withoutOffsets(t, v, withQuotes(text, ','))
	require.Equal(t, slow, findings)
	require.Equal(t, slowReport, report)
}

// A code list longer than a set has bits is looked up all the same.
func TestLongCodeList(t *testing.T) {
	list := CodeList{Name: "ward"}
	for n := range 1000 {
		quality := QualityValid
		if n%10 == 0 {
			quality = QualityDefault
		}
		list.Codes = append(list.Codes, Code{Code: fmt.Sprintf("W%03d", n), Quality: quality})
	}
	d, err := NewDictionary("visit", "1", []Field{{Name: "ward", Type: TypeCode, CodeList: "ward", Sensitivity: NotSensitive}}, []CodeList{list}, nil)
	require.NoError(t, err)
	v, err := NewValidator(d, extractAsOf(t))
	require.NoError(t, err)
	var text strings.Builder
	text.WriteString("ward,x\n")
	for n := range 1100 {
		fmt.Fprintf(&text, "W%03d,\n", n)
	}
	report, err := v.Validate(t.Context(), "x.csv", strings.NewReader(text.String()), nil)
	require.NoError(t, err)
	require.Equal(t, []int{900, 100, 100}, []int{report.Fields[0].Valid, report.Fields[0].Default, report.Fields[0].Invalid})
}

func TestSortStoppable(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for _, n := range []int{0, 1, 1 << 15, 1<<15 + 1, 100_000, 3 << 16} {
		list := make([]int, n)
		for i := range list {
			list[i] = rng.IntN(50_000)
		}
		want := slices.Sorted(slices.Values(list))
		require.NoError(t, sortStoppable(t.Context(), list, func(a, b int) int { return a - b }))
		require.True(t, slices.Equal(want, list), "%d", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, sortStoppable(ctx, make([]int, 10), func(a, b int) int { return a - b }), context.Canceled)
}

// plainID is right about every byte in every place, whatever stands beside it;
// with a digit for the hyphen it allows none.
func TestPlainID(t *testing.T) {
	for place := range 8 {
		for b := range 256 {
			for _, other := range []byte{'0', '9', 'A', 'Z', '-', 0x80, 0xff} {
				for _, hyphen := range []byte{'-', '0'} {
					text := bytes.Repeat([]byte{other}, 8)
					text[place] = byte(b)
					want := uint64(0)
					for i, c := range text {
						if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c == hyphen {
							want |= 0x80 << (8 * i)
						}
					}
					got, capitals := plainID(binary.LittleEndian.Uint64(text), uint64(hyphen)*ones)
					if bytes.ContainsFunc(text, func(r rune) bool { return r == utf8.RuneError }) {
						require.NotEqual(t, uint64(msb), got, "%q", text) // bytes above 127 may mislead about their neighbours
						continue
					}
					require.Equal(t, want, got, "%q", text)
					require.Equal(t, bytes.ContainsFunc(text, func(r rune) bool { return r >= 'A' && r <= 'Z' }), capitals != 0, "%q", text)
				}
			}
		}
	}
}
