package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// extractQuery is the checking of an extract as one SQL statement for DuckDB: the
// field rules as the dictionary has them, the duplicate episodes, and the record
// rules of recordRules. It gives one row with one count a rule, in the order of
// the names. table is where the text of the cells comes from, one VARCHAR column
// a field, NULL for an empty one.
//
// The shape of a text is judged by a regular expression before it is cast:
// DuckDB's TRY_CAST takes 2023-2-9x for a date.
func extractQuery(d *dcrs.Dictionary, asOf, table string) (query string, rules []string) {
	var cells, lexed, valid, counts []string
	count := func(rule, expression string) {
		rules = append(rules, rule)
		counts = append(counts, expression)
	}
	where := func(rule, condition string) {
		count(rule, "count(CASE WHEN "+condition+" THEN 1 END)") // FILTER takes DuckDB half as long again
	}
	values := make(map[string]string) // the expression of a valid value, by field
	for f := range d.Fields() {
		x, l, v := f.Name, f.Name+"_l", f.Name+"_l"
		cells = append(cells, fmt.Sprintf("CASE WHEN contains(%s, ' ') THEN nullif(trim(%s, ' '), '') ELSE %s END AS %s", x, x, x, x))
		lexed = append(lexed, x, fmt.Sprintf("%s AS %s", lexExpression(d, f), l))
		if _, ok := d.Rule(x + "/blank"); ok {
			where(x+"/blank", x+" IS NULL")
		}
		bad := fmt.Sprintf("%s IS NOT NULL AND %s IS NULL", x, l)
		switch f.Type {
		case dcrs.TypeCode:
			padded := fmt.Sprintf("length(%s) < 8 AND '0' || %s IN (%s)", x, x, quoted(codes(d, f)))
			where(x+"/format", bad+" AND "+padded)
			where(x+"/code", bad+" AND NOT ("+padded+")")
		case dcrs.TypeCodes:
			// The lists are only made where a cell is not all codes, or holds more than one.
			list := fmt.Sprintf("list_transform(string_split(%s, ';'), lambda e: trim(e, ' '))", x)
			in := fmt.Sprintf("e IN (%s)", quoted(codes(d, f)))
			broken := fmt.Sprintf("CASE WHEN %s THEN len(list_filter(%s, lambda e: e = '' OR (NOT %s AND length(e) < 8 AND '0' || e IN (%s)))) > 0 ELSE false END",
				bad, list, in, quoted(codes(d, f)))
			known := fmt.Sprintf("list_filter(%s, lambda e: %s)", list, in)
			valid = append(valid, fmt.Sprintf("%s AS %s_broken", broken, x),
				fmt.Sprintf("CASE WHEN contains(%s, ';') THEN len(%s) > len(list_distinct(%s)) ELSE false END AS %s_again", x, known, known, x))
			where(x+"/format", x+"_broken")
			where(x+"/code", bad+" AND NOT "+x+"_broken")
			where(x+"/repeated-code", "NOT "+x+"_broken AND "+x+"_again")
		default:
			where(x+"/format", bad)
		}
		usable := l
		if f.Name == "height_cm" { // a height in metres or inches has a rule of its own
			other := fmt.Sprintf("(%s BETWEEN 1 AND 2.5 OR %s BETWEEN 55 AND 80)", l, l)
			where("measures/height-in-another-unit", other)
			usable = fmt.Sprintf("(CASE WHEN NOT %s THEN %s END)", other, l)
		}
		if f.Valid != nil {
			v = x + "_v"
			inside := fmt.Sprintf("%s BETWEEN %d AND %d", usable, f.Valid.Min, f.Valid.Max)
			valid = append(valid, fmt.Sprintf("CASE WHEN %s THEN %s END AS %s", inside, usable, v))
			where(x+"/range", "NOT ("+inside+")")
		}
		if f.Plausible != nil {
			where(x+"/implausible", fmt.Sprintf("%s NOT BETWEEN %d AND %d", v, f.Plausible.Min, f.Plausible.Max))
		}
		values[x] = v
	}
	count("episode/duplicate", fmt.Sprintf("count(%s) - count(DISTINCT %s)", values["episode_id"], values["episode_id"]))
	for _, r := range recordRules {
		var parts []string
		for _, condition := range r.fails {
			condition = strings.ReplaceAll(condition, "@asof", "DATE '"+asOf+"'")
			condition = valueMark.ReplaceAllStringFunc(condition, func(m string) string { return values[m[1:len(m)-1]] })
			parts = append(parts, "count(CASE WHEN "+condition+" THEN 1 END)")
		}
		count(r.rule, strings.Join(parts, " + "))
	}
	return fmt.Sprintf("WITH cells AS (SELECT %s FROM %s), lexed AS (SELECT %s FROM cells), checked AS (SELECT *, %s FROM lexed) SELECT %s FROM checked",
		strings.Join(cells, ", "), table, strings.Join(lexed, ", "), strings.Join(valid, ", "), strings.Join(counts, ", ")), rules
}

// valueMark stands for a valid value, NULL for a blank or wrong one; the bare
// name of a field stands for the text of its cell, NULL for a blank.
var valueMark = regexp.MustCompile(`\[[a-z0-9_]+\]`)

// lexExpression is the value of a cell that can be read as its type and, for
// codes, is in the list; else NULL.
func lexExpression(d *dcrs.Dictionary, f dcrs.Field) string {
	x := f.Name
	shaped := func(pattern, then string) string {
		return fmt.Sprintf("CASE WHEN regexp_full_match(%s, '%s') THEN %s END", x, pattern, then)
	}
	switch f.Type {
	case dcrs.TypeID:
		return shaped(fmt.Sprintf("[%s]{1,%d}", strings.ReplaceAll(f.Alphabet, " ", ""), f.MaxLength), x)
	case dcrs.TypeCode:
		return fmt.Sprintf("CASE WHEN %s IN (%s) THEN %s END", x, quoted(codes(d, f)), x)
	case dcrs.TypeCodes:
		one := " *(" + strings.Join(codes(d, f), "|") + ") *"
		return shaped(one+"(;"+one+")*", x)
	case dcrs.TypeDate:
		// The text of a DATE is the only text of it that is allowed, and quicker to compare than a shape.
		return fmt.Sprintf("CASE WHEN TRY_CAST(%s AS DATE)::VARCHAR = %s THEN TRY_CAST(%s AS DATE) END", x, x, x)
	case dcrs.TypeInteger:
		return fmt.Sprintf("CASE WHEN TRY_CAST(%s AS INTEGER)::VARCHAR = %s THEN TRY_CAST(%s AS INTEGER)::DOUBLE WHEN regexp_full_match(%s, '%s') THEN TRY_CAST(%s AS DOUBLE) END",
			x, x, x, x, `-?\d+(\.0+)?`, x)
	case dcrs.TypeDecimal:
		return shaped(`-?\d+(\.\d+)?`, fmt.Sprintf("TRY_CAST(%s AS DOUBLE)", x))
	case dcrs.TypeNHSNumber:
		return shaped(`[ -]*(\d[ -]*){10}`, fmt.Sprintf("replace(replace(%s, ' ', ''), '-', '')", x))
	case dcrs.TypePostcode:
		return fmt.Sprintf("CASE WHEN regexp_full_match(replace(%s, ' ', ''), '%s') THEN upper(replace(%s, ' ', '')) END",
			x, `(?i)[a-z](\d|\d\d|[a-z]\d|\d[a-z]|[a-z]\d\d|[a-z]\d[a-z])\d[a-z][a-z]`, x)
	case dcrs.TypeLSOA:
		return shaped(`[EW]01\d{6}`, x)
	case dcrs.TypeGPPractice:
		return shaped(`[A-Z]\d{5}`, x)
	}
	return x
}

func codes(d *dcrs.Dictionary, f dcrs.Field) (out []string) {
	list, _ := d.CodeList(f.CodeList)
	for _, c := range list.Codes {
		out = append(out, c.Code)
	}
	return out
}

func quoted(codes []string) string { return "'" + strings.Join(codes, "', '") + "'" }

// recordRule is a record rule written by hand: it fails where one of its uses
// (one for a row, or for each point, pair, goal) does, which is counted for each.
type recordRule struct {
	rule  string
	fails []string
}

// clean says that a field is not filled with something wrong.
func clean(fields ...string) string {
	var parts []string
	for _, f := range fields {
		parts = append(parts, fmt.Sprintf("(%s IS NULL OR [%s] IS NOT NULL)", f, f))
	}
	return strings.Join(parts, " AND ")
}

// pairOrNeither fails where one of two fields is filled without the other.
func pairOrNeither(a, b string) string {
	return fmt.Sprintf("(%s IS NULL) <> (%s IS NULL) AND %s", a, b, clean(a, b))
}

// missing fails where a field is blank though a condition holds.
func missing(field, condition string) string { return condition + " AND " + field + " IS NULL" }

// each writes a condition once for every value that {} stands for.
func each(condition string, values ...string) (out []string) {
	for _, v := range values {
		out = append(out, strings.ReplaceAll(condition, "{}", v))
	}
	return out
}

const nhsCheckDigit = `(11 - (substr([nhs_number],1,1)::INT*10 + substr([nhs_number],2,1)::INT*9 + substr([nhs_number],3,1)::INT*8 + ` +
	`substr([nhs_number],4,1)::INT*7 + substr([nhs_number],5,1)::INT*6 + substr([nhs_number],6,1)::INT*5 + substr([nhs_number],7,1)::INT*4 + ` +
	`substr([nhs_number],8,1)::INT*3 + substr([nhs_number],9,1)::INT*2) % 11) % 11 <> substr([nhs_number],10,1)::INT`

var pairedMeasures = []string{
	"importance", "confidence", "weight_kg", "bmi", "waist_cm", "systolic", "diastolic", "fruit_veg", "fried_snacks",
	"activity_moderate", "activity_vigorous", "alcohol_units", "cigarettes", "smoking_status", "general_health", "self_efficacy",
	"who5_1", "who5_2", "who5_3", "who5_4", "who5_5", "who5_percent",
}

var recordRules = []recordRule{
	{"client/nhs-number-check-digit", []string{nhsCheckDigit}},
	{"client/nhs-number-status-disagrees", []string{
		"nhs_number IS NULL AND [nhs_number_status] IN ('01','02','03','04','05','06') OR [nhs_number] IS NOT NULL AND [nhs_number_status] = '07'",
	}},
	{"place/quintile-for-pseudo-postcode", []string{"[imd_quintile] IS NOT NULL AND length([postcode]) = 7 AND starts_with([postcode], 'ZZ99')"}},
	{"place/quintile-missing", []string{"imd_quintile IS NULL AND NOT (length([postcode]) = 7 AND starts_with([postcode], 'ZZ99'))"}},
	{"place/quintile-without-edition", []string{missing("imd_edition", "[imd_quintile] IS NOT NULL")}},
	{"place/no-abode-but-housed", []string{"[postcode] = 'ZZ993VZ' AND [accommodation_type] IN ('01','02','03','04','05','06','07')"}},
	{"place/prison-setting-elsewhere", []string{
		"[setting] = 'prison' AND [accommodation_type] <> '21'",
		"[setting] = 'prison' AND [supervision] NOT IN ('custody', 'remand')",
	}},
	{"dates/birth-after-referral", []string{"[date_of_birth] > [referral_date]"}},
	{"dates/age-disagrees", []string{
		"[date_of_birth] <= [referral_date] AND [age_at_referral] <> year([referral_date]) - year([date_of_birth]) - " +
			"(CASE WHEN month([referral_date]) * 100 + day([referral_date]) < month([date_of_birth]) * 100 + day([date_of_birth]) THEN 1 ELSE 0 END)",
	}},
	{"dates/in-the-future", each("[{}] > @asof", "date_of_birth", "referral_date", "first_contact_date", "assessment_date", "plan_date",
		"signposted_date", "review_date", "followup_3m_date", "followup_6m_date", "followup_12m_date", "closure_date")},
	{"dates/before-the-programme", []string{"[referral_date] < DATE '2005-01-01'"}},
	{"dates/contact-too-early", []string{"[first_contact_date] < [referral_date]"}},
	{"dates/assessment-too-early", []string{
		clean("referral_date", "first_contact_date") + " AND [assessment_date] < coalesce([first_contact_date], [referral_date])",
	}},
	{"dates/signposted-too-early", []string{
		clean("referral_date", "first_contact_date") + " AND [signposted_date] < coalesce([first_contact_date], [referral_date])",
	}},
	{"pathway/mode-missing", []string{missing("client_mode", "[first_contact_date] IS NOT NULL")}},
	{"pathway/consent-missing", []string{missing("consent", "[first_contact_date] IS NOT NULL")}},
	{"pathway/consent-refused", []string{"[consent] = 'N'"}},
	{"pathway/supervision-missing", []string{missing("supervision", "[setting] IN ('probation', 'prison', 'approved_premises')")}},
	{"pathway/primary-issue-missing", []string{missing("primary_issue", "[plan_date] IS NOT NULL")}},
	{"pathway/signpost-pair", []string{pairOrNeither("signposted_to", "signposted_date")}},
	{"pathway/closure-pair", []string{pairOrNeither("closure_date", "closure_reason")}},
	{"pathway/attended-none-but-reviewed", []string{"[sessions_attended] = 0 AND [review_date] IS NOT NULL"}},
	{"pathway/attended-more-than-planned", []string{"[sessions_attended] > [sessions_planned]"}},
	{"plan/status-missing", []string{missing("plan_status", "[plan_date] IS NOT NULL")}},
	{"plan/goal-pair", []string{
		pairOrNeither("goal_1_issue", "goal_1_status"), pairOrNeither("goal_2_issue", "goal_2_status"), pairOrNeither("goal_3_issue", "goal_3_status"),
	}},
	{"plan/open-but-closed", []string{"[plan_status] = 'open' AND [closure_reason] = 'completed'"}},
	{"plan/settled-without-review", []string{missing("review_date", "[plan_status] IN ('achieved', 'part_achieved', 'not_achieved')")}},
	{"measures/post-without-pre", each("[{}_post] IS NOT NULL AND {}_pre IS NULL", pairedMeasures...)},
	{"measures/blood-pressure-order", each("[diastolic_{}] >= [systolic_{}]", "pre", "post")},
	{"measures/smoker-without-cigarettes", each("[smoking_status_{}] = '1' AND cigarettes_{} IS NULL", "pre", "post")},
	{"measures/cigarettes-but-not-smoker", each("[smoking_status_{}] IN ('2', '3', '4') AND [cigarettes_{}] > 0", "pre", "post")},
	{"measures/never-smoked-after-smoking", []string{"[smoking_status_pre] IN ('1', '2') AND [smoking_status_post] = '4'"}},
	{"measures/who5-not-multiple-of-4", each("[who5_percent_{}] % 4 <> 0", "pre", "post")},
	{"measures/who5-total-disagrees", each("[who5_percent_{}] % 4 = 0 AND 4 * ([who5_1_{}] + [who5_2_{}] + [who5_3_{}] + [who5_4_{}] + [who5_5_{}]) <> [who5_percent_{}]", "pre", "post")},
}

func sqlRules() []string {
	_, rules := extractQuery(dcrs.Episodes(), extractAsOf, "t")
	return rules
}

func sqlRuleCount() int { return len(sqlRules()) }

func ruleCount() (n int) {
	for range dcrs.Episodes().Rules() {
		n++
	}
	return n
}
