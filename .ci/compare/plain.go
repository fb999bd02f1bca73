package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// A validator as someone would write it who knows the standard library and has
// an afternoon: encoding/csv with its record reused, maps for code lists,
// time.Parse, strconv. Its rules are those of the SQL.

// plainField is a field of the dictionary with its code list as a map.
type plainField struct {
	dcrs.Field
	codes map[string]bool
}

// plainCell is what was made of a cell.
type plainCell struct {
	text   string
	filled bool
	valid  bool
	day    time.Time
	number float64
}

// wrong says that the cell is filled with something that cannot be read.
func (c *plainCell) wrong() bool { return c.filled && !c.valid }

type plainValidator struct {
	fields []plainField
	column map[string]int
	asOf   time.Time
	counts map[string]int
	keep   bool
	record int
	kept   [][]plainFinding
	seen   map[string]bool
	cells  []plainCell
	tuned  func() // instead of checkRecord
}

func newPlainValidator() (*plainValidator, error) {
	d := dcrs.Episodes()
	p := &plainValidator{column: make(map[string]int), counts: make(map[string]int), seen: make(map[string]bool)}
	for f := range d.Fields() {
		field := plainField{Field: f, codes: make(map[string]bool)}
		for _, c := range codes(d, f) {
			field.codes[c] = true
		}
		p.column[f.Name] = len(p.fields)
		p.fields = append(p.fields, field)
	}
	p.cells = make([]plainCell, len(p.fields))
	var err error
	p.asOf, err = time.Parse(time.DateOnly, extractAsOf)
	return p, err
}

// plainFinding says where a finding stands, as far as this program knows.
type plainFinding struct {
	rule   string
	record int
}

// count counts a finding, and keeps it if findings are to be kept.
func (p *plainValidator) count(rule string) {
	p.counts[rule]++
	if !p.keep {
		return
	}
	last := len(p.kept) - 1
	if last < 0 || len(p.kept[last]) == cap(p.kept[last]) {
		p.kept = append(p.kept, make([]plainFinding, 0, 1<<12))
		last++
	}
	p.kept[last] = append(p.kept[last], plainFinding{rule, p.record})
}

// plainCounts validates a file and counts the findings of each rule.
func plainCounts(name string, tuned, keep bool) (map[string]int, error) {
	p, err := newPlainValidator()
	if err != nil {
		return nil, err
	}
	p.keep = keep
	if tuned {
		p.tuned = p.tunedRules()
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(bufio.NewReaderSize(f, 1<<16))
	r.ReuseRecord = true
	if _, err := r.Read(); err != nil { // the columns stand in the order of the dictionary
		return nil, err
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return p.counts, nil
		}
		if err != nil {
			return nil, err
		}
		p.check(record)
	}
}

func (p *plainValidator) check(record []string) {
	p.record++
	for i := range p.fields {
		p.checkCell(&p.fields[i], &p.cells[i], record[i])
	}
	if p.tuned != nil {
		p.tuned()
	} else {
		p.checkRecord()
	}
}

func (p *plainValidator) found(field, family string) { p.count(field + "/" + family) }

func (p *plainValidator) checkCell(f *plainField, c *plainCell, text string) {
	text = strings.Trim(text, " ")
	*c = plainCell{text: text, filled: text != ""}
	if text == "" {
		if f.Presence == dcrs.Mandatory || f.Presence == dcrs.Required {
			p.found(f.Name, "blank")
		}
		return
	}
	ok := true
	switch f.Type {
	case dcrs.TypeID:
		ok = len(text) <= f.MaxLength && isIdentifier(text, f.Name == "service_code")
	case dcrs.TypeCode:
		if !f.codes[text] {
			if len(text) < 8 && f.codes["0"+text] {
				p.found(f.Name, "format")
			} else {
				p.found(f.Name, "code")
			}
			return
		}
	case dcrs.TypeCodes:
		p.checkCodes(f, c)
		return
	case dcrs.TypeDate:
		var err error
		c.day, err = time.Parse(time.DateOnly, text)
		ok = err == nil && len(text) == len(time.DateOnly) && c.day.Year() > 0
	case dcrs.TypeInteger, dcrs.TypeDecimal:
		var err error
		c.number, err = strconv.ParseFloat(text, 64)
		whole, places, point := strings.Cut(strings.TrimPrefix(text, "-"), ".")
		ok = err == nil && isDigits(whole) && (!point || isDigits(places))
		if f.Type == dcrs.TypeInteger {
			ok = ok && strings.Trim(places, "0") == ""
		}
	case dcrs.TypeNHSNumber:
		c.text = strings.ReplaceAll(strings.ReplaceAll(text, " ", ""), "-", "")
		ok = len(c.text) == 10 && isDigits(c.text)
	case dcrs.TypePostcode:
		c.text = strings.ToUpper(strings.ReplaceAll(text, " ", ""))
		ok = isPostcode(c.text)
	case dcrs.TypeLSOA:
		ok = len(text) == 9 && (strings.HasPrefix(text, "E01") || strings.HasPrefix(text, "W01")) && isDigits(text[3:])
	case dcrs.TypeGPPractice:
		ok = len(text) == 6 && text[0] >= 'A' && text[0] <= 'Z' && isDigits(text[1:])
	}
	if !ok {
		p.found(f.Name, "format")
		return
	}
	if f.Name == "height_cm" && (c.number >= 1 && c.number <= 2.5 || c.number >= 55 && c.number <= 80) {
		p.count("measures/height-in-another-unit")
		return
	}
	if f.Valid != nil && (c.number < float64(f.Valid.Min) || c.number > float64(f.Valid.Max)) {
		p.found(f.Name, "range")
		return
	}
	if f.Plausible != nil && (c.number < float64(f.Plausible.Min) || c.number > float64(f.Plausible.Max)) {
		p.found(f.Name, "implausible")
	}
	c.valid = true
}

func (p *plainValidator) checkCodes(f *plainField, c *plainCell) {
	var known []string
	broken, unknown, repeated := false, false, false
	for code := range strings.SplitSeq(c.text, ";") {
		code = strings.Trim(code, " ")
		switch {
		case code == "":
			broken = true
		case f.codes[code]:
			repeated = repeated || slices.Contains(known, code)
			known = append(known, code)
		case len(code) < 8 && f.codes["0"+code]:
			broken = true
		default:
			unknown = true
		}
	}
	switch {
	case broken:
		p.found(f.Name, "format")
		return
	case repeated:
		p.found(f.Name, "repeated-code")
	}
	if unknown {
		p.found(f.Name, "code")
		return
	}
	c.valid = true
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func isIdentifier(s string, capitals bool) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case capitals:
			return false
		case c >= 'a' && c <= 'z', c == '.', c == '_', c == '-':
		default:
			return false
		}
	}
	return true
}

// isPostcode judges a postcode in capitals without its space.
func isPostcode(s string) bool {
	if len(s) < 5 || len(s) > 7 {
		return false
	}
	shape := make([]byte, len(s))
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			shape[i] = 'A'
		case c >= '0' && c <= '9':
			shape[i] = '9'
		default:
			return false
		}
	}
	switch string(shape) {
	case "A99AA", "A999AA", "AA99AA", "A9A9AA", "AA999AA", "AA9A9AA":
		return true
	}
	return false
}

// The names of fields that come twice.
var measureNames = func() (names []struct{ before, after string }) {
	for _, m := range pairedMeasures {
		names = append(names, struct{ before, after string }{m + "_pre", m + "_post"})
	}
	return names
}()

var pointNames = []struct {
	systolic, diastolic, smoking, cigarettes, percent string
	items                                             []string
}{
	{"systolic_pre", "diastolic_pre", "smoking_status_pre", "cigarettes_pre", "who5_percent_pre", []string{"who5_1_pre", "who5_2_pre", "who5_3_pre", "who5_4_pre", "who5_5_pre"}},
	{"systolic_post", "diastolic_post", "smoking_status_post", "cigarettes_post", "who5_percent_post", []string{"who5_1_post", "who5_2_post", "who5_3_post", "who5_4_post", "who5_5_post"}},
}

// checkRecord asks the rules that compare fields, which it finds by their names.
func (p *plainValidator) checkRecord() {
	cell := func(name string) *plainCell { return &p.cells[p.column[name]] }
	fail := func(rule string, failed bool) {
		if failed {
			p.count(rule)
		}
	}
	oneOf := func(c *plainCell, codes ...string) bool { return c.valid && slices.Contains(codes, c.text) }
	pair := func(rule string, a, b *plainCell) { fail(rule, a.filled != b.filled && !a.wrong() && !b.wrong()) }

	id, nhs, status := cell("episode_id"), cell("nhs_number"), cell("nhs_number_status")
	postcode, quintile, edition := cell("postcode"), cell("imd_quintile"), cell("imd_edition")
	home, setting, supervision := cell("accommodation_type"), cell("setting"), cell("supervision")
	birth, age, referral, contact, assessment := cell("date_of_birth"), cell("age_at_referral"), cell("referral_date"), cell("first_contact_date"), cell("assessment_date")
	signposted, signpostedTo, review, plan := cell("signposted_date"), cell("signposted_to"), cell("review_date"), cell("plan_date")
	mode, consent, issue := cell("client_mode"), cell("consent"), cell("primary_issue")
	attended, planned := cell("sessions_attended"), cell("sessions_planned")
	planStatus, closed, closedWhy := cell("plan_status"), cell("closure_date"), cell("closure_reason")
	earlier := func(rule string, later *plainCell) {
		switch {
		case !later.valid || contact.wrong() || referral.wrong():
		case contact.valid:
			fail(rule, later.day.Before(contact.day))
		case referral.valid:
			fail(rule, later.day.Before(referral.day))
		}
	}

	if id.valid {
		fail("episode/duplicate", p.seen[id.text])
		p.seen[strings.Clone(id.text)] = true
	}
	if nhs.valid {
		sum := 0
		for i, c := range nhs.text[:9] {
			sum += int(c-'0') * (10 - i)
		}
		fail("client/nhs-number-check-digit", (11-sum%11)%11 != int(nhs.text[9]-'0'))
	}
	fail("client/nhs-number-status-disagrees", !nhs.filled && oneOf(status, "01", "02", "03", "04", "05", "06") || nhs.valid && oneOf(status, "07"))

	pseudo := postcode.valid && len(postcode.text) == 7 && strings.HasPrefix(postcode.text, "ZZ99")
	fail("place/quintile-for-pseudo-postcode", quintile.valid && pseudo)
	fail("place/quintile-missing", !quintile.filled && postcode.valid && !pseudo)
	fail("place/quintile-without-edition", quintile.valid && !edition.filled)
	fail("place/no-abode-but-housed", postcode.valid && postcode.text == "ZZ993VZ" && oneOf(home, "01", "02", "03", "04", "05", "06", "07"))
	prison := oneOf(setting, "prison")
	fail("place/prison-setting-elsewhere", prison && home.valid && home.text != "21")
	fail("place/prison-setting-elsewhere", prison && supervision.valid && !oneOf(supervision, "custody", "remand"))

	if birth.valid && referral.valid {
		fail("dates/birth-after-referral", birth.day.After(referral.day))
		if age.valid && !birth.day.After(referral.day) {
			years := referral.day.Year() - birth.day.Year()
			if referral.day.Month() < birth.day.Month() || referral.day.Month() == birth.day.Month() && referral.day.Day() < birth.day.Day() {
				years--
			}
			fail("dates/age-disagrees", float64(years) != age.number)
		}
	}
	for i := range p.fields {
		fail("dates/in-the-future", p.fields[i].Type == dcrs.TypeDate && p.cells[i].valid && p.cells[i].day.After(p.asOf))
	}
	fail("dates/before-the-programme", referral.valid && referral.day.Year() < 2005)
	fail("dates/contact-too-early", contact.valid && referral.valid && contact.day.Before(referral.day))
	earlier("dates/assessment-too-early", assessment)
	earlier("dates/signposted-too-early", signposted)

	fail("pathway/mode-missing", contact.valid && !mode.filled)
	fail("pathway/consent-missing", contact.valid && !consent.filled)
	fail("pathway/consent-refused", oneOf(consent, "N"))
	fail("pathway/supervision-missing", oneOf(setting, "probation", "prison", "approved_premises") && !supervision.filled)
	fail("pathway/primary-issue-missing", plan.valid && !issue.filled)
	pair("pathway/signpost-pair", signpostedTo, signposted)
	pair("pathway/closure-pair", closed, closedWhy)
	fail("pathway/attended-none-but-reviewed", attended.valid && attended.number == 0 && review.valid)
	fail("pathway/attended-more-than-planned", attended.valid && planned.valid && attended.number > planned.number)

	fail("plan/status-missing", plan.valid && !planStatus.filled)
	pair("plan/goal-pair", cell("goal_1_issue"), cell("goal_1_status"))
	pair("plan/goal-pair", cell("goal_2_issue"), cell("goal_2_status"))
	pair("plan/goal-pair", cell("goal_3_issue"), cell("goal_3_status"))
	fail("plan/open-but-closed", oneOf(planStatus, "open") && oneOf(closedWhy, "completed"))
	fail("plan/settled-without-review", oneOf(planStatus, "achieved", "part_achieved", "not_achieved") && !review.filled)

	for _, m := range measureNames {
		fail("measures/post-without-pre", cell(m.after).valid && !cell(m.before).filled)
	}
	for _, names := range pointNames {
		systolic, diastolic, smoking, cigarettes, percent := cell(names.systolic), cell(names.diastolic), cell(names.smoking), cell(names.cigarettes), cell(names.percent)
		fail("measures/blood-pressure-order", systolic.valid && diastolic.valid && diastolic.number >= systolic.number)
		fail("measures/smoker-without-cigarettes", oneOf(smoking, "1") && !cigarettes.filled)
		fail("measures/cigarettes-but-not-smoker", oneOf(smoking, "2", "3", "4") && cigarettes.valid && cigarettes.number > 0)
		if percent.valid {
			multiple := int(percent.number)%4 == 0
			fail("measures/who5-not-multiple-of-4", !multiple)
			sum, all := 0.0, true
			for _, name := range names.items {
				item := cell(name)
				sum += item.number
				all = all && item.valid
			}
			fail("measures/who5-total-disagrees", multiple && all && 4*sum != percent.number)
		}
	}
	fail("measures/never-smoked-after-smoking", oneOf(cell("smoking_status_pre"), "1", "2") && oneOf(cell("smoking_status_post"), "4"))
}
