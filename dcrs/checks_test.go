package dcrs

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFieldRules(t *testing.T)  { runCases(t, fieldCases()) }
func TestRecordRules(t *testing.T) { runCases(t, recordCases()) }

// fieldCases are those of the six families, on each type of field.
func fieldCases() []ruleCase {
	blank := func(field, finding string) ruleCase {
		return ruleCase{
			why: field + " blank", set: change{field: ""}, want: []string{finding},
			counts: []string{field + "/blank 1 0", field + "/format 0 1"},
		}
	}
	wrong := func(field, value, why string) ruleCase {
		return ruleCase{
			why: fmt.Sprintf("%s: %s", field, why), set: change{field: value}, want: []string{"error " + field + "/format " + field},
			counts: []string{field + "/format 1 0"},
		}
	}
	right := func(field, value, why string) ruleCase {
		return ruleCase{
			why: fmt.Sprintf("%s: %s", field, why), set: change{field: value},
			counts: []string{field + "/format 1 0"},
		}
	}
	outside := func(field, value, why string) ruleCase {
		return ruleCase{
			why: fmt.Sprintf("%s: %s", field, why), base: whole, set: change{field: value}, want: []string{"error " + field + "/range " + field},
			counts: []string{field + "/range 1 0"},
		}
	}
	odd := func(field, value, why string) ruleCase {
		return ruleCase{
			why: fmt.Sprintf("%s: %s", field, why), set: change{field: value}, want: []string{"warning " + field + "/implausible " + field},
			counts: []string{field + "/range 1 0", field + "/implausible 1 0"},
		}
	}
	return []ruleCase{
		// blank: an error for a mandatory field, a warning for one that is required where known.
		{
			why: "mandatory identifiers blank", set: change{"client_id": "", "episode_id": "", "service_code": " "},
			want: []string{"error client_id/blank client_id", "error episode_id/blank episode_id", "error service_code/blank service_code"},
		},
		blank("client_id", "error client_id/blank client_id"),
		blank("trainer_id", "warning trainer_id/blank trainer_id"),
		blank("gender", "warning gender/blank gender"),
		blank("gp_practice_code", "warning gp_practice_code/blank gp_practice_code"),
		{
			why: "a required date blank", set: change{"date_of_birth": "   "}, want: []string{"warning date_of_birth/blank date_of_birth"},
			counts: []string{"date_of_birth/blank 1 0", "dates/birth-after-referral 0 1"},
		},
		{
			why: "a postcode blank", set: change{"postcode": ""}, want: []string{"warning postcode/blank postcode"},
			counts: []string{"place/quintile-missing 0 1", "place/quintile-for-pseudo-postcode 0 1"},
		},
		{
			why: "a column that is absent has no blank cells", drop: []string{"trainer_id"},
			counts: []string{"trainer_id/blank 0 1", "trainer_id/format 0 1"},
		},

		// format
		wrong("client_id", "C/1", "a character outside its alphabet"),
		wrong("client_id", "ä1", "a letter beyond ASCII"),
		wrong("client_id", strings.Repeat("x", 37), "a character too long"),
		right("client_id", strings.Repeat("x", 36), "as long as may be"),
		right("client_id", "A.b_c-9", "every kind of character"),
		wrong("service_code", "rx1", "small letters"),
		wrong("service_code", "RX1234567890X", "13 characters"),
		right("service_code", "RX1234567890", "12 characters"),
		wrong("referral_date", "01/10/2024", "day first"),
		wrong("date_of_birth", "1980-5-17", "one digit for the month"),
		wrong("date_of_birth", "1981-02-29", "no such day"),
		right("date_of_birth", "1980-02-29", "a leap day"),
		right("date_of_birth", " 1980-05-17 ", "spaces around a value are ignored"),
		wrong("date_of_birth", "1980-05-17T00:00:00", "a time behind it"),
		wrong("age_at_referral", "44.5", "not whole"),
		wrong("age_at_referral", "4e1", "an exponent"),
		wrong("age_at_referral", "+44", "a sign"),
		wrong("age_at_referral", "44.", "a point with nothing behind it"),
		right("age_at_referral", "44.0", "a whole number as spreadsheets write it"),
		right("age_at_referral", "044", "a leading zero"),
		wrong("height_cm", "170,5", "a decimal comma"),
		wrong("height_cm", ".5", "a point with nothing before it"),
		wrong("height_cm", "1 70", "a space inside"),
		wrong("height_cm", "NaN", "no number"),
		right("height_cm", "170.123456789012", "many places"),
		wrong("nhs_number", "943476591", "nine digits"),
		wrong("nhs_number", "94347659190", "eleven digits"),
		wrong("nhs_number", "943O765919", "a letter"),
		right("nhs_number", "943-476-5919", "hyphens are ignored"),
		{
			why: "postcode: no space in the right place is needed, but the parts are", set: change{"postcode": "M1 1A"},
			want:   []string{"error postcode/format postcode"},
			counts: []string{"postcode/format 1 0", "place/quintile-missing 0 1"},
		},
		wrong("postcode", "GIR 0AA", "the one postcode that the NHS pattern leaves out"),
		wrong("postcode", "unknown", "words"),
		right("postcode", "ec1a1bb", "small letters, no space"),
		wrong("lsoa", "E02000001", "a middle layer area"),
		wrong("lsoa", "S01000001", "Scotland"),
		wrong("lsoa", "E0100001", "five digits"),
		right("lsoa", "E01000001", "England"),
		wrong("gp_practice_code", "81001", "no letter"),
		wrong("gp_practice_code", "p81001", "a small letter"),
		right("gp_practice_code", "V81997", "not registered"),
		wrong("employment_status", "2", "a code that lost its leading zero"),
		wrong("nhs_number_status", "7", "a code that lost its leading zero"),
		{
			why: "a list of codes with one that lost its leading zero", set: change{"disability": "5;09"},
			want: []string{"error disability/format disability"}, counts: []string{"disability/format 1 0", "disability/code 0 1", "disability/repeated-code 0 1"},
		},
		wrong("disability", "05;;09", "nothing between two semicolons"),
		wrong("disability", "05;", "nothing behind the last"),
		right("disability", "05 ; 09", "spaces around a code"),

		// code
		{
			why: "a code that is not in the list", set: change{"gender": "3"}, want: []string{"error gender/code gender"},
			counts: []string{"gender/format 1 0", "gender/code 1 0", "gender/blank 1 0"},
		},
		{why: "capitals count", set: change{"setting": "Community"}, want: []string{"error setting/code setting"}},
		{
			why: "a code of 10 does not stand for a lost zero", set: change{"disability": "11"}, want: []string{"error disability/code disability"},
			counts: []string{"disability/code 1 0"},
		},
		{
			why: "one finding a cell, however many codes are wrong", set: change{"disability": "11;12;05;05"},
			want: []string{"error disability/code disability", "warning disability/repeated-code disability"},
		},
		{why: "a blank is no code", set: change{"accommodation_type": ""}, counts: []string{"accommodation_type/code 0 1"}},

		// range, limits included
		outside("importance_pre", "11", "one above"),
		outside("importance_pre", "-1", "below nothing"),
		{why: "importance at its limits", base: whole, set: change{"importance_pre": "0", "importance_post": "10"}, counts: []string{"importance_pre/range 1 0"}},
		outside("weight_kg_pre", "640.1", "above by the last digit"),
		outside("weight_kg_pre", "640.0000000000000001", "above by less than can be held"),
		outside("weight_kg_pre", "19.999", "below"),
		outside("weight_kg_pre", "99999999999999999999999", "more than a machine word"),
		outside("waist_cm_post", "300.5", "above"),
		outside("systolic_post", "301", "above"),
		{
			why: "what cannot be read has no range", set: change{"waist_cm_pre": "x"}, want: []string{"error waist_cm_pre/format waist_cm_pre"},
			counts: []string{"waist_cm_pre/range 0 1", "waist_cm_pre/implausible 0 1"},
		},
		{
			why: "what is out of range is not also implausible, and no rule reads it", base: whole, set: change{"weight_kg_post": "641"},
			want:   []string{"error weight_kg_post/range weight_kg_post"},
			counts: []string{"weight_kg_post/implausible 0 1", "measures/bmi-disagrees 1 1", "measures/post-without-pre 21 1"},
		},

		// implausible, limits included
		odd("weight_kg_pre", "300.5", "above"),
		odd("weight_kg_pre", "29.9", "below"),
		{why: "plausible limits", set: change{"weight_kg_pre": "300", "waist_cm_pre": "40"}, counts: []string{"weight_kg_pre/implausible 1 0"}},
		odd("sessions_planned", "31", "above"),
		odd("cigarettes_pre", "101", "above"),
		odd("height_cm", "119.9", "a very short person"),
		{
			why: "an implausible value is valid, and other rules read it", set: change{"sessions_planned": "31", "sessions_attended": "32"},
			want: []string{
				"warning sessions_planned/implausible sessions_planned", "warning sessions_attended/implausible sessions_attended",
				"info pathway/attended-more-than-planned sessions_attended < sessions_planned",
			},
		},

		// repeated-code
		{
			why: "a code twice", set: change{"disability": "05; 05"}, want: []string{"warning disability/repeated-code disability"},
			counts: []string{"disability/repeated-code 1 0"},
		},
		{why: "different codes", set: change{"disability": "05;09"}, counts: []string{"disability/repeated-code 1 0"}},
		{why: "a blank repeats nothing", counts: []string{"disability/repeated-code 0 1"}},
	}
}

// recordCases go through the record rules in the order of the table.
func recordCases() []ruleCase {
	cases := []ruleCase{
		// client
		{
			why: "a wrong check digit", set: change{"nhs_number": "9434765918"}, want: []string{"error client/nhs-number-check-digit nhs_number"},
			counts: []string{"client/nhs-number-check-digit 1 0", "client/nhs-number-placeholder 0 1", "client/nhs-number-test-range 0 1"},
		},
		{why: "a remainder that asks for ten is never right", set: change{"nhs_number": "9434765960"}, want: []string{"error client/nhs-number-check-digit nhs_number"}},
		{why: "a right one, spaced", set: change{"nhs_number": "943 476 5919"}, counts: []string{"client/nhs-number-check-digit 1 0", "client/nhs-number-placeholder 1 0", "client/nhs-number-test-range 1 0"}},
		{why: "none", counts: []string{"client/nhs-number-check-digit 0 1", "client/nhs-number-placeholder 0 1", "client/nhs-number-test-range 0 1", "client/nhs-number-status-disagrees 0 1"}},
		{why: "ten nines are a filler and no test number", set: change{"nhs_number": "9999999999"}, want: []string{"warning client/nhs-number-placeholder nhs_number"}, counts: []string{"client/nhs-number-test-range 0 1"}},
		{why: "ten zeros", set: change{"nhs_number": "0000000000"}, want: []string{"warning client/nhs-number-placeholder nhs_number"}},
		{why: "ten ones", set: change{"nhs_number": "1111111111"}, want: []string{"warning client/nhs-number-placeholder nhs_number"}},
		{why: "counting", set: change{"nhs_number": "0123456789"}, want: []string{"warning client/nhs-number-placeholder nhs_number"}},
		{why: "a palindrome", set: change{"nhs_number": "1230440321"}, want: []string{"warning client/nhs-number-placeholder nhs_number"}},
		{why: "a test number", set: change{"nhs_number": "9990000018"}, want: []string{"info client/nhs-number-test-range nhs_number"}},
		{why: "998 is no test number: its check digit decides", set: change{"nhs_number": "9980000018"}, want: []string{"error client/nhs-number-check-digit nhs_number"}},
		{why: "verified, but no number", set: change{"nhs_number_status": "01"}, want: []string{"warning client/nhs-number-status-disagrees nhs_number_status < nhs_number"}},
		{why: "trace in progress, but no number", set: change{"nhs_number_status": "06"}, want: []string{"warning client/nhs-number-status-disagrees nhs_number_status < nhs_number"}},
		{why: "not present, but a number", set: change{"nhs_number_status": "07", "nhs_number": "9434765919"}, want: []string{"warning client/nhs-number-status-disagrees nhs_number_status < nhs_number"}},
		{why: "not present, and no number", set: change{"nhs_number_status": "07"}, counts: []string{"client/nhs-number-status-disagrees 1 0"}},
		{why: "a baby's trace may be postponed with a number or without", set: change{"nhs_number_status": "08"}},
		{
			why: "a number that cannot be read disagrees with nothing", set: change{"nhs_number_status": "01", "nhs_number": "n/a"},
			want: []string{"error nhs_number/format nhs_number"}, counts: []string{"client/nhs-number-status-disagrees 0 1"},
		},
		{
			why: "a wrong check digit is a number all the same", set: change{"nhs_number_status": "07", "nhs_number": "9434765918"},
			want: []string{"error client/nhs-number-check-digit nhs_number", "warning client/nhs-number-status-disagrees nhs_number_status < nhs_number"},
		},
		{why: "an NHS number for a client_id", set: change{"client_id": "9434765919"}, want: []string{"error client/id-is-nhs-number client_id"}},
		{why: "hyphens do not hide it", set: change{"client_id": "943-476-5919"}, want: []string{"error client/id-is-nhs-number client_id"}},
		{why: "ten digits with another check digit", set: change{"client_id": "9434765918"}, counts: []string{"client/id-is-nhs-number 1 0"}},
		{why: "a letter before them", set: change{"client_id": "C9434765919"}},
		{why: "no client_id", set: change{"client_id": ""}, want: []string{"error client_id/blank client_id"}, counts: []string{"client/id-is-nhs-number 0 1"}},

		// place
		{
			why: "a quintile for no fixed abode", set: change{"postcode": "zz99 3vz"}, want: []string{"error place/quintile-for-pseudo-postcode imd_quintile < postcode"},
			counts: []string{"place/quintile-for-pseudo-postcode 1 0", "place/quintile-missing 0 1"},
		},
		{why: "no fixed abode, and no quintile", set: change{"postcode": "ZZ993VZ", "imd_quintile": "", "imd_edition": ""}, counts: []string{"place/quintile-for-pseudo-postcode 0 1", "place/quintile-missing 0 1", "place/quintile-without-edition 0 1"}},
		{why: "a real postcode and no quintile", set: change{"imd_quintile": "", "imd_edition": ""}, want: []string{"warning place/quintile-missing imd_quintile < postcode"}},
		{
			why: "a quintile that is no code is not missing", set: change{"imd_quintile": "6"}, want: []string{"error imd_quintile/code imd_quintile"},
			counts: []string{"place/quintile-missing 0 1", "place/quintile-without-edition 0 1"},
		},
		{why: "a quintile without its edition", set: change{"imd_edition": ""}, want: []string{"error place/quintile-without-edition imd_edition < imd_quintile"}, counts: []string{"place/edition-in-the-future 0 1"}},
		{why: "an edition that is no code is not blank", set: change{"imd_edition": "1999"}, want: []string{"error imd_edition/code imd_edition"}, counts: []string{"place/quintile-without-edition 0 1"}},
		{why: "next year's edition", set: change{"imd_edition": "2025"}, want: []string{"error place/edition-in-the-future imd_edition"}},
		{why: "next year's Welsh edition", set: change{"imd_edition": "W2025"}, want: []string{"error place/edition-in-the-future imd_edition"}},
		{why: "an edition of the year of the as-of date", asOf: "2025-01-01", set: change{"imd_edition": "2025"}, counts: []string{"place/edition-in-the-future 1 0"}},
		{why: "an English area with a Welsh edition", set: change{"lsoa": "E01000001", "imd_edition": "W2019"}, want: []string{"warning place/lsoa-and-edition-nation imd_edition < lsoa"}},
		{why: "a Welsh area with an English edition", set: change{"lsoa": "W01000001"}, want: []string{"warning place/lsoa-and-edition-nation imd_edition < lsoa"}},
		{why: "a Welsh area with a Welsh edition", set: change{"lsoa": "W01000001", "imd_edition": "W2014"}, counts: []string{"place/lsoa-and-edition-nation 1 0"}},
		{why: "no area", counts: []string{"place/lsoa-and-edition-nation 0 1"}},
		{why: "no fixed abode, but an owner occupier", set: change{"postcode": "ZZ99 3VZ", "imd_quintile": "", "imd_edition": "", "accommodation_type": "01"}, want: []string{"warning place/no-abode-but-housed accommodation_type < postcode"}},
		{why: "no fixed abode, but a tied house", set: change{"postcode": "ZZ99 3VZ", "imd_quintile": "", "imd_edition": "", "accommodation_type": "07"}, want: []string{"warning place/no-abode-but-housed accommodation_type < postcode"}},
		{why: "no fixed abode, on a boat", set: change{"postcode": "ZZ99 3VZ", "imd_quintile": "", "imd_edition": "", "accommodation_type": "08"}, counts: []string{"place/no-abode-but-housed 1 0"}},
		{why: "address not known is not no fixed abode", set: change{"postcode": "ZZ99 3WZ", "imd_quintile": "", "imd_edition": "", "accommodation_type": "01"}},
		{why: "in prison, as recorded", set: change{"setting": "prison", "supervision": "custody", "accommodation_type": "21"}, counts: []string{"place/prison-setting-elsewhere 2 0"}},
		{why: "in prison on remand", set: change{"setting": "prison", "supervision": "remand"}, counts: []string{"place/prison-setting-elsewhere 1 1"}},
		{
			why: "in prison, but housed and on licence", set: change{"setting": "prison", "supervision": "licence", "accommodation_type": "02"},
			want: []string{"warning place/prison-setting-elsewhere accommodation_type < setting", "warning place/prison-setting-elsewhere supervision < setting"},
		},
		{why: "in a hostel on licence, elsewhere", set: change{"setting": "approved_premises", "supervision": "licence", "accommodation_type": "18"}, counts: []string{"place/prison-setting-elsewhere 0 2"}},

		// dates
		{
			why: "born the day after referral", set: change{"date_of_birth": "2024-10-02"}, want: []string{"error dates/birth-after-referral referral_date < date_of_birth"},
			counts: []string{"dates/birth-after-referral 1 0", "dates/age-at-referral 0 1", "dates/age-disagrees 0 1"},
		},
		{why: "born on the day of referral", set: change{"date_of_birth": "2024-10-01"}, want: []string{"warning dates/age-at-referral referral_date < date_of_birth"}, counts: []string{"dates/birth-after-referral 1 0"}},
		{why: "16 today", set: change{"date_of_birth": "2008-10-01"}, counts: []string{"dates/age-at-referral 1 0"}},
		{why: "16 tomorrow", set: change{"date_of_birth": "2008-10-02"}, want: []string{"warning dates/age-at-referral referral_date < date_of_birth"}},
		{why: "111 tomorrow", set: change{"date_of_birth": "1913-10-02"}},
		{why: "111 today", set: change{"date_of_birth": "1913-10-01"}, want: []string{"warning dates/age-at-referral referral_date < date_of_birth"}},
		{why: "44 by both", set: change{"age_at_referral": "44"}, counts: []string{"dates/age-disagrees 1 0"}},
		{why: "43 by one", set: change{"age_at_referral": "43"}, want: []string{"error dates/age-disagrees age_at_referral < date_of_birth referral_date"}},
		{why: "an implausible age is compared too", set: change{"age_at_referral": "4"}, want: []string{"warning age_at_referral/implausible age_at_referral", "error dates/age-disagrees age_at_referral < date_of_birth referral_date"}},
		{why: "no age", counts: []string{"dates/age-disagrees 0 1"}},
		{why: "referred tomorrow", asOf: "2024-09-30", want: []string{"error dates/in-the-future referral_date"}, counts: []string{"dates/in-the-future 2 9"}},
		{why: "referred today", asOf: "2024-10-01", counts: []string{"dates/in-the-future 2 9"}},
		{why: "before the programme", set: change{"referral_date": "2004-12-31", "closure_date": "2005-02-01", "closure_reason": "declined", "imd_quintile": "", "imd_edition": "", "postcode": "ZZ99 3WZ"}, want: []string{"warning dates/before-the-programme referral_date"}},
		{why: "on its first day", set: change{"referral_date": "2005-01-01", "closure_date": "2005-02-01", "closure_reason": "declined"}, counts: []string{"dates/before-the-programme 1 0"}},
		{why: "contact before referral", base: contacted, set: change{"first_contact_date": "2024-09-30"}, want: []string{"warning dates/contact-too-early first_contact_date < referral_date"}},
		{why: "contact on the day of referral", base: contacted, set: change{"first_contact_date": "2024-10-01"}, counts: []string{"dates/contact-too-early 1 0"}},
		{why: "assessed before contact", base: contacted, set: change{"assessment_date": "2024-10-07"}, want: []string{"error dates/assessment-too-early assessment_date < first_contact_date"}},
		{why: "assessed on the day of contact", base: contacted, set: change{"assessment_date": "2024-10-08"}, counts: []string{"dates/assessment-too-early 1 0"}},
		{why: "assessed before referral, contact not recorded", set: change{"assessment_date": "2024-09-30"}, want: []string{"error dates/assessment-too-early assessment_date < referral_date"}},
		{
			why: "outreach came first: only the contact stands out", base: contacted, set: change{"first_contact_date": "2024-09-01", "assessment_date": "2024-09-15"},
			want: []string{"warning dates/contact-too-early first_contact_date < referral_date"}, counts: []string{"dates/assessment-too-early 1 0"},
		},
		{why: "assessed, and nothing before it", set: change{"referral_date": "", "assessment_date": "2024-10-07"}, want: []string{"warning referral_date/blank referral_date"}, counts: []string{"dates/assessment-too-early 0 1"}},
		{why: "assessed after a contact on an unknown day", base: contacted, set: change{"first_contact_date": "soon", "assessment_date": "2024-09-07"}, want: []string{"error first_contact_date/format first_contact_date"}, counts: []string{"dates/assessment-too-early 0 1"}},
		{why: "planned before assessment", base: whole, set: change{"plan_date": "2023-06-18"}, want: []string{"error dates/plan-too-early plan_date < assessment_date"}},
		{why: "planned on the day of assessment", base: whole, set: change{"plan_date": "2023-06-19"}, counts: []string{"dates/plan-too-early 1 0"}},
		{
			why: "planned before referral, nothing between recorded", set: change{"plan_date": "2024-09-30", "plan_status": "open", "primary_issue": "diet"},
			want: []string{"error dates/plan-too-early plan_date < referral_date"},
		},
		{why: "one wrong date, one finding", base: whole, set: change{"assessment_date": "2023-06-11"}, want: []string{"error dates/assessment-too-early assessment_date < first_contact_date"}, counts: []string{"dates/plan-too-early 1 0", "dates/review-too-early 1 0"}},
		{
			why: "without the column of an earlier stage the others are compared", base: whole, set: change{"plan_date": "2023-06-18"}, drop: []string{"first_contact_date"},
			want: []string{"error dates/plan-too-early plan_date < assessment_date"}, counts: []string{"dates/assessment-too-early 0 1", "dates/contact-too-early 0 1"},
		},
		{why: "signposted before contact", base: whole, set: change{"signposted_date": "2023-06-11"}, want: []string{"warning dates/signposted-too-early signposted_date < first_contact_date"}},
		{why: "signposted on the day of contact", base: whole, set: change{"signposted_date": "2023-06-12"}, counts: []string{"dates/signposted-too-early 1 0"}},
		{why: "signposted before referral, contact not recorded", set: change{"signposted_to": "gp", "signposted_date": "2024-09-30"}, want: []string{"warning dates/signposted-too-early signposted_date < referral_date"}},
		{why: "reviewed before the plan", base: whole, set: change{
			"review_date": "2023-06-25", "followup_3m_date": "2023-09-25", "followup_6m_date": "2023-12-25", "followup_12m_date": "2024-06-25",
		}, want: []string{"error dates/review-too-early review_date < plan_date"}},
		{why: "reviewed before referral, nothing between recorded", set: change{"review_date": "2024-09-30"}, want: []string{"error dates/review-too-early review_date < referral_date"}},
		{why: "reviewed on the day of the plan", base: whole, set: change{
			"review_date": "2023-06-26", "followup_3m_date": "2023-09-26", "followup_6m_date": "2023-12-26", "followup_12m_date": "2024-06-26",
		}, want: []string{"warning dates/review-same-day review_date < plan_date"}, counts: []string{"dates/review-too-early 1 0"}},
		{why: "assessed, planned and reviewed on one day", base: whole, set: change{
			"assessment_date": "2023-09-25", "plan_date": "2023-09-25",
		}, want: []string{"warning dates/review-same-day review_date < assessment_date plan_date"}},
		{why: "reviewed, and nothing to be on the same day as", set: change{"review_date": "2024-10-01"}, counts: []string{"dates/review-same-day 0 1"}},
		{why: "followed up the day before the review", base: whole, set: change{"followup_3m_date": "2023-09-24"}, want: []string{"error dates/followup-too-early followup_3m_date < review_date"}, counts: []string{"dates/followup-too-early 3 0", "dates/followup-off-schedule 2 1", "dates/followups-out-of-order 2 0"}},
		{why: "followed up on the day of the review", base: whole, set: change{"followup_3m_date": "2023-09-25"}, want: []string{"info dates/followup-off-schedule followup_3m_date < review_date"}, counts: []string{"dates/followup-too-early 3 0"}},
		{
			why: "followed up before the plan, no review recorded", set: change{"plan_date": "2024-10-10", "plan_status": "open", "primary_issue": "diet", "followup_3m_date": "2024-10-09", "followup_3m_maintained": "yes"},
			want: []string{"error dates/followup-too-early followup_3m_date < plan_date"}, counts: []string{"dates/followup-too-early 1 2", "dates/followup-off-schedule 0 3"},
		},
		{why: "two follow-ups on one day", base: whole, set: change{"followup_6m_date": "2023-12-25"}, want: []string{"error dates/followups-out-of-order followup_6m_date < followup_3m_date", "info dates/followup-off-schedule followup_6m_date < review_date"}},
		{why: "the last before the second", base: whole, set: change{"followup_12m_date": "2024-03-24"}, want: []string{"error dates/followups-out-of-order followup_12m_date < followup_6m_date", "info dates/followup-off-schedule followup_12m_date < review_date"}},
		{why: "the last on the day of the first, no second", base: whole, set: change{"followup_6m_date": "", "followup_6m_maintained": "", "followup_12m_date": "2023-12-25"}, want: []string{"error dates/followups-out-of-order followup_12m_date < followup_3m_date", "info dates/followup-off-schedule followup_12m_date < review_date"}, counts: []string{"dates/followups-out-of-order 1 1"}},
		{why: "the last after a second on an unknown day", base: whole, set: change{"followup_6m_date": "x", "followup_12m_date": "2024-08-12"}, want: []string{"error followup_6m_date/format followup_6m_date"}, counts: []string{"dates/followups-out-of-order 0 2"}},
		{why: "45 days late", base: whole, set: change{"followup_3m_date": "2024-02-08"}, counts: []string{"dates/followup-off-schedule 3 0"}},
		{why: "46 days late", base: whole, set: change{"followup_3m_date": "2024-02-09"}, want: []string{"info dates/followup-off-schedule followup_3m_date < review_date"}},
		{why: "45 days early", base: whole, set: change{"followup_3m_date": "2023-11-10"}},
		{why: "46 days early", base: whole, set: change{"followup_3m_date": "2023-11-09"}, want: []string{"info dates/followup-off-schedule followup_3m_date < review_date"}},
		{why: "three months from the end of November is the end of February: 45 days late", base: whole, set: change{
			"review_date": "2023-11-30", "closure_date": "2023-12-04", "followup_3m_date": "2024-04-14", "followup_6m_date": "2024-05-30", "followup_12m_date": "2024-10-31",
		}},
		{why: "… 46 days late", base: whole, set: change{
			"review_date": "2023-11-30", "closure_date": "2023-12-04", "followup_3m_date": "2024-04-15", "followup_6m_date": "2024-05-30", "followup_12m_date": "2024-10-31",
		}, want: []string{"info dates/followup-off-schedule followup_3m_date < review_date"}},
		{why: "closed the day before the review", base: whole, set: change{"closure_date": "2023-09-24"}, want: []string{"error dates/closed-too-early closure_date < review_date"}},
		{why: "closed on the day of the review", base: whole, set: change{"closure_date": "2023-09-25"}, counts: []string{"dates/closed-too-early 1 0"}},
		{why: "closed before referral", set: change{"closure_date": "2024-09-30", "closure_reason": "declined"}, want: []string{"error dates/closed-too-early closure_date < referral_date"}},
		{why: "closed before the latest of them, be it not the last stage", base: whole, set: change{"signposted_date": "2023-10-03"}, want: []string{"error dates/closed-too-early closure_date < signposted_date"}},
		{why: "closed before a stage that can be read", base: whole, set: change{"closure_date": "2023-09-24", "plan_date": "x"}, want: []string{"error plan_date/format plan_date", "error dates/closed-too-early closure_date < review_date"}},
		{why: "closed, but perhaps before a stage on an unknown day", base: whole, set: change{"signposted_date": "x"}, want: []string{"error signposted_date/format signposted_date"}, counts: []string{"dates/closed-too-early 0 1"}},
		{why: "closed, and nothing else recorded", set: change{"referral_date": "", "closure_date": "2024-10-01", "closure_reason": "declined"}, want: []string{"warning referral_date/blank referral_date"}, counts: []string{"dates/closed-too-early 0 1", "dates/stale-open 0 1"}},
		{why: "open, and nothing for a year and a day", set: change{"referral_date": "2023-10-30"}, want: []string{"warning dates/stale-open closure_date < referral_date"}},
		{why: "open, and nothing for a year", set: change{"referral_date": "2023-10-31"}, counts: []string{"dates/stale-open 1 0"}},
		{why: "a follow-up is something that happened", base: whole, set: change{"closure_date": "", "closure_reason": ""}, counts: []string{"dates/stale-open 1 0"}},
		{why: "open since a day that cannot be read", set: change{"referral_date": "2023"}, want: []string{"error referral_date/format referral_date"}, counts: []string{"dates/stale-open 0 1"}},

		// pathway
		{why: "contact, but no mode", base: contacted, set: change{"client_mode": ""}, want: []string{"warning pathway/mode-missing client_mode < first_contact_date"}},
		{why: "a mode that is no code is not missing", base: contacted, set: change{"client_mode": "x"}, want: []string{"error client_mode/code client_mode"}, counts: []string{"pathway/mode-missing 0 1"}},
		{why: "no contact yet", counts: []string{"pathway/mode-missing 0 1", "pathway/consent-missing 0 1", "pathway/consent-refused 0 1"}},
		{why: "contact, but no consent", base: contacted, set: change{"consent": ""}, want: []string{"error pathway/consent-missing consent < first_contact_date"}},
		{why: "not asked is an answer", base: contacted, set: change{"consent": "not_asked"}, counts: []string{"pathway/consent-missing 1 0", "pathway/consent-refused 1 0"}},
		{why: "consent refused", base: contacted, set: change{"consent": "N"}, want: []string{"error pathway/consent-refused consent"}},
		{why: "a plan without an assessment", base: contacted, set: change{"plan_date": "2024-10-15", "plan_status": "open", "primary_issue": "diet"}, want: []string{"error pathway/assessment-missing plan_date < assessment_date client_mode"}},
		{why: "a measure without an assessment", base: contacted, set: change{"confidence_pre": "3"}, want: []string{"error pathway/assessment-missing confidence_pre < assessment_date client_mode plan_date"}},
		{why: "the last of the measures bears it", base: contacted, set: change{"confidence_pre": "3", "waist_cm_pre": "90"}, want: []string{"error pathway/assessment-missing waist_cm_pre < assessment_date client_mode plan_date"}},
		{why: "height is no measure at assessment", base: contacted, set: change{"height_cm": "170"}, counts: []string{"pathway/assessment-missing 0 1"}},
		{why: "an assessment", base: contacted, set: change{"assessment_date": "2024-10-15", "waist_cm_pre": "90"}, counts: []string{"pathway/assessment-missing 1 0"}},
		{why: "an assessment on an unknown day", base: contacted, set: change{"assessment_date": "x", "waist_cm_pre": "90"}, want: []string{"error assessment_date/format assessment_date"}, counts: []string{"pathway/assessment-missing 0 1"}},
		{why: "brief help needs no assessment", base: contacted, set: change{"client_mode": "brief", "waist_cm_pre": "90"}, counts: []string{"pathway/assessment-missing 0 1"}},
		{why: "probation without supervision", set: change{"setting": "probation"}, want: []string{"error pathway/supervision-missing supervision < setting"}},
		{why: "prison without supervision", set: change{"setting": "prison"}, want: []string{"error pathway/supervision-missing supervision < setting"}},
		{why: "approved premises without supervision", set: change{"setting": "approved_premises"}, want: []string{"error pathway/supervision-missing supervision < setting"}},
		{why: "probation with supervision", set: change{"setting": "probation", "supervision": "licence"}, counts: []string{"pathway/supervision-missing 1 0", "pathway/supervision-unexpected 0 1"}},
		{why: "the community needs none", counts: []string{"pathway/supervision-missing 0 1"}},
		{why: "in custody at the pharmacy", set: change{"setting": "pharmacy", "supervision": "custody"}, want: []string{"warning pathway/supervision-unexpected supervision < setting"}},
		{why: "on remand in the community", set: change{"supervision": "remand"}, want: []string{"warning pathway/supervision-unexpected supervision < setting"}},
		{why: "on licence in the community", set: change{"supervision": "licence"}, counts: []string{"pathway/supervision-unexpected 1 0"}},
		{why: "referred by probation, not supervised", set: change{"referral_source": "probation", "supervision": "none"}, want: []string{"info pathway/justice-referral-outside-justice supervision < referral_source"}},
		{why: "referred by prison, not supervised", set: change{"referral_source": "prison", "supervision": "none"}, want: []string{"info pathway/justice-referral-outside-justice supervision < referral_source"}},
		{why: "referred by the courts, not supervised", set: change{"referral_source": "police_courts", "supervision": "none"}, counts: []string{"pathway/justice-referral-outside-justice 0 1"}},
		{why: "referred by probation, supervised", set: change{"referral_source": "probation", "supervision": "licence"}, counts: []string{"pathway/justice-referral-outside-justice 1 0"}},
		{why: "a plan where the mode is information", base: contacted, set: change{"client_mode": "information", "plan_date": "2024-10-15", "plan_status": "open", "primary_issue": "diet"}, want: []string{"error pathway/plan-in-other-mode plan_status < client_mode plan_date"}},
		{why: "a plan where the mode is signposted", base: contacted, set: change{"client_mode": "signposted", "signposted_to": "gp", "signposted_date": "2024-10-15", "plan_date": "2024-10-15", "plan_status": "open", "primary_issue": "diet"}, want: []string{"error pathway/plan-in-other-mode plan_status < client_mode plan_date"}},
		{why: "a goal where the mode is brief: a warning", base: contacted, set: change{"client_mode": "brief", "plan_date": "2024-10-15", "plan_status": "open", "primary_issue": "diet", "goal_1_issue": "diet", "goal_1_status": "open"}, want: []string{"warning pathway/plan-in-other-mode goal_1_status < client_mode plan_date plan_status goal_1_issue"}},
		{why: "a plan where the mode is group: a warning", base: contacted, set: change{"client_mode": "group", "plan_date": "2024-10-15", "plan_status": "open", "primary_issue": "diet"}, want: []string{"warning pathway/plan-in-other-mode plan_status < client_mode plan_date"}},
		{
			why: "a measure at review where the mode is signposted", base: contacted, set: change{"client_mode": "signposted", "signposted_to": "gp", "signposted_date": "2024-10-15", "review_date": "2024-10-20", "waist_cm_pre": "90", "waist_cm_post": "88"},
			want: []string{"error pathway/plan-in-other-mode waist_cm_post < client_mode"},
		},
		{why: "a measure at review in a group is fine", base: contacted, set: change{"client_mode": "group", "review_date": "2024-10-20", "waist_cm_pre": "90", "waist_cm_post": "88"}, counts: []string{"pathway/plan-in-other-mode 1 0"}},
		{why: "a measure at assessment where the mode is information is fine", base: contacted, set: change{"client_mode": "information", "waist_cm_pre": "90"}, counts: []string{"pathway/plan-in-other-mode 1 0"}},
		{why: "one to one may have all of it", base: whole, counts: []string{"pathway/plan-in-other-mode 0 1"}},
		{why: "perhaps a goal where the mode is group", base: contacted, set: change{"client_mode": "group", "goal_1_status": "x"}, want: []string{"error goal_1_status/code goal_1_status"}, counts: []string{"pathway/plan-in-other-mode 0 1"}},
		{why: "a plan without a primary issue", base: contacted, set: change{"assessment_date": "2024-10-15", "plan_date": "2024-10-15", "plan_status": "open"}, want: []string{"warning pathway/primary-issue-missing primary_issue < plan_date"}},
		{why: "a primary issue that is no code is not missing", base: whole, set: change{"primary_issue": "x"}, want: []string{"error primary_issue/code primary_issue"}, counts: []string{"pathway/primary-issue-missing 0 1"}},
		{why: "the primary issue among the others", base: whole, set: change{"secondary_issues": "exercise;diet"}, want: []string{"warning pathway/primary-among-others secondary_issues < primary_issue"}},
		{why: "no other issues", base: whole, set: change{"secondary_issues": ""}, counts: []string{"pathway/primary-among-others 0 1"}},
		{why: "no disability, and one", set: change{"disability": "NN;05"}, want: []string{"error pathway/none-with-others disability"}},
		{why: "not stated, and one", set: change{"disability": "05;ZZ"}, want: []string{"error pathway/none-with-others disability"}},
		{why: "no disability, and not stated", set: change{"disability": "NN;ZZ"}, want: []string{"error pathway/none-with-others disability"}},
		{why: "no disability, twice", set: change{"disability": "NN;NN"}, want: []string{"warning disability/repeated-code disability"}, counts: []string{"pathway/none-with-others 1 0"}},
		{why: "other is a disability", set: change{"disability": "XX;05"}, counts: []string{"pathway/none-with-others 1 0"}},
		{why: "a need met that was none", set: change{"wider_needs": "finance", "wider_needs_met": "caring"}, want: []string{"warning pathway/need-met-not-recorded wider_needs_part_met < wider_needs wider_needs_met"}},
		{why: "a need part met that was none", set: change{"wider_needs": "finance", "wider_needs_part_met": "caring"}, want: []string{"warning pathway/need-met-not-recorded wider_needs_part_met < wider_needs wider_needs_met"}},
		{why: "a need both met and part met", set: change{"wider_needs": "finance", "wider_needs_met": "finance", "wider_needs_part_met": "finance"}, want: []string{"warning pathway/need-met-not-recorded wider_needs_part_met < wider_needs wider_needs_met"}},
		{why: "a need met where none was recorded", set: change{"wider_needs_met": "finance"}, want: []string{"warning pathway/need-met-not-recorded wider_needs_part_met < wider_needs wider_needs_met"}},
		{why: "some needs met, some part met, some not", set: change{"wider_needs": "finance;caring;safety", "wider_needs_met": "caring", "wider_needs_part_met": "safety"}, counts: []string{"pathway/need-met-not-recorded 1 0"}},
		{why: "needs, none met", set: change{"wider_needs": "finance"}, counts: []string{"pathway/need-met-not-recorded 0 1"}},
		{why: "needs that cannot be read", set: change{"wider_needs": "x", "wider_needs_met": "caring"}, want: []string{"error wider_needs/code wider_needs"}, counts: []string{"pathway/need-met-not-recorded 0 1"}},
		{why: "signposted, but not when", set: change{"signposted_to": "gp"}, want: []string{"error pathway/signpost-pair signposted_date < signposted_to"}},
		{why: "signposted, but not where to", set: change{"signposted_date": "2024-10-15"}, want: []string{"error pathway/signpost-pair signposted_date < signposted_to"}},
		{why: "signposted, on a day that cannot be read", set: change{"signposted_to": "gp", "signposted_date": "x"}, want: []string{"error signposted_date/format signposted_date"}, counts: []string{"pathway/signpost-pair 0 1"}},
		{why: "not signposted", counts: []string{"pathway/signpost-pair 0 1"}},
		{why: "signposted by mode, to nothing", base: contacted, set: change{"client_mode": "signposted"}, want: []string{"error pathway/signposted-to-nothing signposted_to < client_mode"}},
		{
			why: "signposted by mode, with a date: the pair says it", base: contacted, set: change{"client_mode": "signposted", "signposted_date": "2024-10-15"},
			want: []string{"error pathway/signpost-pair signposted_date < signposted_to"}, counts: []string{"pathway/signposted-to-nothing 0 1"},
		},
		{
			why: "signposted by mode, with a date that the pair cannot read", base: contacted, set: change{"client_mode": "signposted", "signposted_date": "x"},
			want: []string{"error signposted_date/format signposted_date", "error pathway/signposted-to-nothing signposted_to < client_mode"},
		},
		{why: "signposted by mode, where dates are not exported", base: contacted, set: change{"client_mode": "signposted", "signposted_to": "gp"}, drop: []string{"signposted_date"}, counts: []string{"pathway/signposted-to-nothing 1 0"}},
		{why: "another mode needs no destination", base: contacted, counts: []string{"pathway/signposted-to-nothing 0 1"}},
		{why: "closed, but not why", set: change{"closure_date": "2024-10-15"}, want: []string{"error pathway/closure-pair closure_reason < closure_date"}},
		{why: "closed, but not when", set: change{"closure_reason": "declined"}, want: []string{"error pathway/closure-pair closure_reason < closure_date"}},
		{why: "open", counts: []string{"pathway/closure-pair 0 1"}},
		{why: "closed for a reason that is no code", set: change{"closure_date": "2024-10-15", "closure_reason": "x"}, want: []string{"error closure_reason/code closure_reason"}, counts: []string{"pathway/closure-pair 0 1"}},
		{why: "a result without a date", base: whole, set: change{"followup_6m_date": ""}, want: []string{"error pathway/followup-pair followup_6m_maintained < followup_6m_date"}, counts: []string{"pathway/followup-pair 3 0"}},
		{why: "a date without a result", base: whole, set: change{"followup_12m_maintained": ""}, want: []string{"error pathway/followup-pair followup_12m_maintained < followup_12m_date"}},
		{why: "lost needs no date", base: whole, set: change{"followup_12m_date": "", "followup_12m_maintained": "lost"}, counts: []string{"pathway/followup-pair 3 0"}},
		{why: "lost on a day", base: whole, set: change{"followup_12m_maintained": "lost"}},
		{why: "no follow-up", counts: []string{"pathway/followup-pair 0 3"}},
		{why: "reviewed, but never came", base: whole, set: change{"sessions_attended": "0"}, want: []string{"warning pathway/attended-none-but-reviewed review_date < sessions_attended"}},
		{why: "came once", base: whole, set: change{"sessions_attended": "1"}, counts: []string{"pathway/attended-none-but-reviewed 1 0"}},
		{why: "never came, not reviewed", set: change{"sessions_attended": "0"}, counts: []string{"pathway/attended-none-but-reviewed 0 1"}},
		{why: "came as often as planned", base: whole, set: change{"sessions_attended": "8"}, counts: []string{"pathway/attended-more-than-planned 1 0"}},
		{why: "came once more than planned", base: whole, set: change{"sessions_attended": "9"}, want: []string{"info pathway/attended-more-than-planned sessions_attended < sessions_planned"}},
		{why: "recalled, but not supervised", base: whole, set: change{"closure_reason": "recalled"}, want: []string{"warning pathway/recalled-not-supervised supervision < closure_reason"}},
		{why: "released, but not supervised", base: whole, set: change{"closure_reason": "released"}, want: []string{"warning pathway/recalled-not-supervised supervision < closure_reason"}},
		{why: "sentenced, not supervised before", base: whole, set: change{"closure_reason": "sentenced"}, counts: []string{"pathway/recalled-not-supervised 0 1"}},
		{why: "recalled from licence", base: whole, set: change{"closure_reason": "recalled", "supervision": "licence"}, counts: []string{"pathway/recalled-not-supervised 1 0"}},
		{
			why: "followed up after death", base: whole, set: change{"closure_reason": "died"},
			want: []string{"error pathway/died-with-later-event followup_12m_date < closure_date closure_reason"},
		},
		{
			why: "followed up once, after death", base: whole, set: change{"closure_reason": "died", "closure_date": "2024-03-24", "followup_12m_date": "", "followup_12m_maintained": ""},
			want: []string{"error pathway/died-with-later-event followup_6m_date < closure_date closure_reason"},
		},
		{why: "died on the day of the last follow-up", base: whole, set: change{"closure_reason": "died", "closure_date": "2024-09-25"}, counts: []string{"pathway/died-with-later-event 1 0"}},
		{why: "died, no follow-up", set: change{"closure_reason": "died", "closure_date": "2024-10-25"}, counts: []string{"pathway/died-with-later-event 0 1"}},
		{
			why: "died, perhaps before a follow-up", base: whole, set: change{"closure_reason": "died", "closure_date": "2024-09-25", "followup_12m_date": "x"}, want: []string{"error followup_12m_date/format followup_12m_date"},
			counts: []string{"pathway/died-with-later-event 0 1"},
		},

		// plan
		{why: "a plan without a status", base: whole, set: change{"plan_status": ""}, want: []string{"error plan/status-missing plan_status < plan_date"}, counts: []string{"plan/achieved-but-goals-are-not 0 1"}},
		{why: "a plan whose status is no code", base: whole, set: change{"plan_status": "x"}, want: []string{"error plan_status/code plan_status"}, counts: []string{"plan/status-missing 0 1", "plan/date-missing 0 1"}},
		{why: "no plan", counts: []string{"plan/status-missing 0 1", "plan/date-missing 0 1", "plan/goal-pair 0 3", "plan/goal-gap 0 1", "plan/primary-issue-without-goal 0 1"}},
		{why: "a status without a plan", set: change{"plan_status": "open"}, want: []string{"error plan/date-missing plan_status < plan_date"}},
		{why: "a goal without a plan", set: change{"goal_1_issue": "diet", "goal_1_status": "open"}, want: []string{"error plan/date-missing goal_1_issue < plan_date"}},
		{why: "goals and a status without a plan", set: change{"plan_status": "open", "goal_1_issue": "diet", "goal_1_status": "open", "goal_2_issue": "sleep", "goal_2_status": "open"}, want: []string{"error plan/date-missing goal_2_issue < plan_date"}},
		{why: "a goal without a status", base: whole, set: change{"goal_2_status": ""}, want: []string{"error plan/goal-pair goal_2_status < goal_2_issue"}, counts: []string{"plan/goal-pair 2 1"}},
		{why: "a status without a goal", base: whole, set: change{"goal_3_status": "open"}, want: []string{"error plan/goal-pair goal_3_status < goal_3_issue"}, counts: []string{"plan/goal-pair 3 0", "plan/goal-gap 1 0"}},
		{why: "the second goal is empty, the third is not", base: whole, set: change{"goal_2_issue": "", "goal_2_status": "", "goal_3_issue": "sleep", "goal_3_status": "open"}, want: []string{"info plan/goal-gap goal_3_issue < goal_1_issue goal_2_issue"}},
		{why: "only the second goal is filled", base: whole, set: change{"goal_1_issue": "", "goal_1_status": "", "goal_2_issue": "diet"}, want: []string{"info plan/goal-gap goal_3_issue < goal_1_issue goal_2_issue"}},
		{why: "three goals", base: whole, set: change{"goal_3_issue": "sleep", "goal_3_status": "open"}, counts: []string{"plan/goal-gap 1 0", "plan/goal-pair 3 0"}},
		{why: "achieved, but a goal is not", base: whole, set: change{"goal_1_status": "not_achieved"}, want: []string{"warning plan/achieved-but-goals-are-not goal_1_status < plan_status"}},
		{why: "achieved, with goals dropped, revised and part achieved on the way", base: whole, set: change{"goal_1_status": "dropped", "goal_2_status": "revised", "goal_3_issue": "diet", "goal_3_status": "part_achieved"}, counts: []string{"plan/achieved-but-goals-are-not 1 0"}},
		{why: "not achieved, but all goals are", base: whole, set: change{"plan_status": "not_achieved", "goal_2_status": "achieved"}, want: []string{"warning plan/achieved-but-goals-are-not goal_2_status < plan_status"}},
		{why: "not achieved, one goal of two", base: whole, set: change{"plan_status": "not_achieved"}, counts: []string{"plan/achieved-but-goals-are-not 1 0"}},
		{why: "part achieved says nothing of all goals", base: whole, set: change{"plan_status": "part_achieved", "goal_1_status": "not_achieved"}, counts: []string{"plan/achieved-but-goals-are-not 0 1"}},
		{why: "achieved, but one goal is not and another cannot be read", base: whole, set: change{"goal_1_status": "not_achieved", "goal_2_status": "x"}, want: []string{"error goal_2_status/code goal_2_status", "warning plan/achieved-but-goals-are-not goal_1_status < plan_status"}},
		{why: "not achieved, but all goals that can be read are", base: whole, set: change{"plan_status": "not_achieved", "goal_2_status": "x"}, want: []string{"error goal_2_status/code goal_2_status"}, counts: []string{"plan/achieved-but-goals-are-not 0 1"}},
		{why: "achieved, with no goals", base: whole, set: change{"goal_1_issue": "", "goal_1_status": "", "goal_2_issue": "", "goal_2_status": ""}, counts: []string{"plan/achieved-but-goals-are-not 0 1"}},
		{why: "completed, but the plan is open", base: whole, set: change{"plan_status": "open"}, want: []string{"warning plan/open-but-closed closure_reason < plan_status"}, counts: []string{"plan/settled-without-review 0 1"}},
		{why: "moved away, and the plan is open", base: whole, set: change{"plan_status": "open", "closure_reason": "moved"}, counts: []string{"plan/open-but-closed 0 1"}},
		{why: "settled, but not reviewed", base: contacted, set: change{"assessment_date": "2024-10-15", "plan_date": "2024-10-15", "plan_status": "part_achieved", "primary_issue": "diet"}, want: []string{"warning plan/settled-without-review review_date < plan_status"}},
		{why: "lost, and not reviewed", base: contacted, set: change{"assessment_date": "2024-10-15", "plan_date": "2024-10-15", "plan_status": "lost", "primary_issue": "diet"}, counts: []string{"plan/settled-without-review 0 1"}},
		{why: "settled, reviewed on a day that cannot be read", base: whole, set: change{"review_date": "x"}, want: []string{"error review_date/format review_date"}, counts: []string{"plan/settled-without-review 0 1", "measures/post-without-review 0 1", "dates/followup-too-early 0 3"}},
		{why: "no goal on the primary issue", base: whole, set: change{"primary_issue": "sleep"}, want: []string{"info plan/primary-issue-without-goal goal_2_issue < primary_issue"}},
		{why: "the second goal is on it", base: whole, set: change{"primary_issue": "exercise", "secondary_issues": "diet"}, counts: []string{"plan/primary-issue-without-goal 1 0"}},
		{why: "perhaps a goal on it", base: whole, set: change{"primary_issue": "sleep", "goal_1_issue": "x"}, want: []string{"error goal_1_issue/code goal_1_issue"}, counts: []string{"plan/primary-issue-without-goal 0 1"}},
		{why: "one goal on it, another that cannot be read before it", base: whole, set: change{"primary_issue": "exercise", "secondary_issues": "", "goal_1_issue": "x"}, want: []string{"error goal_1_issue/code goal_1_issue"}, counts: []string{"plan/primary-issue-without-goal 1 0"}},

		// measures
		{why: "a second weight without a first", set: change{"review_date": "2024-10-15", "weight_kg_post": "80"}, want: []string{"warning measures/post-without-pre weight_kg_post < weight_kg_pre"}, counts: []string{"measures/post-without-pre 1 21"}},
		{why: "a second weight, and a first that cannot be read", set: change{"review_date": "2024-10-15", "weight_kg_pre": "x", "weight_kg_post": "80"}, want: []string{"error weight_kg_pre/format weight_kg_pre"}, counts: []string{"measures/post-without-pre 0 22"}},
		{why: "a whole journey has all pairs", base: whole, counts: []string{"measures/post-without-pre 22 0", "measures/big-change 11 0"}},
		{why: "measures at review, but no review", base: contacted, set: change{"assessment_date": "2024-10-15", "weight_kg_pre": "82", "weight_kg_post": "80", "importance_pre": "4", "importance_post": "5"}, want: []string{"error measures/post-without-review weight_kg_post < review_date"}},
		{why: "what became of work and housing is no measure at review", set: change{"employment_status_post": "01", "accommodation_type_post": "02"}, counts: []string{"measures/post-without-review 0 1"}},
		{why: "a body mass index that is another", base: whole, set: change{"bmi_pre": "33.1"}, want: []string{"error measures/bmi-disagrees bmi_pre < height_cm weight_kg_pre"}, counts: []string{"measures/bmi-disagrees 2 0"}},
		{why: "no weight to compare", base: whole, set: change{"weight_kg_pre": "", "weight_kg_post": ""}, counts: []string{"measures/bmi-disagrees 0 2"}},
		{why: "height in metres: one finding", base: whole, set: change{"height_cm": "1.70"}, want: []string{"warning measures/height-in-another-unit height_cm"}, counts: []string{"measures/height-in-another-unit 1 0", "height_cm/range 0 1", "height_cm/implausible 0 1", "measures/bmi-disagrees 0 2", "measures/weight-in-another-unit 0 2"}},
		{why: "height in inches: one finding", base: whole, set: change{"height_cm": "67"}, want: []string{"warning measures/height-in-another-unit height_cm"}},
		{why: "one metre", set: change{"height_cm": "1"}, want: []string{"warning measures/height-in-another-unit height_cm"}},
		{why: "two and a half metres", set: change{"height_cm": "2.50"}, want: []string{"warning measures/height-in-another-unit height_cm"}},
		{why: "more than that is no height in metres", set: change{"height_cm": "2.51"}, want: []string{"error height_cm/range height_cm"}},
		{why: "less than a metre", set: change{"height_cm": "0.99"}, want: []string{"error height_cm/range height_cm"}},
		{why: "55 inches", set: change{"height_cm": "55"}, want: []string{"warning measures/height-in-another-unit height_cm"}},
		{why: "80 inches", set: change{"height_cm": "80.0"}, want: []string{"warning measures/height-in-another-unit height_cm"}},
		{why: "54.9 is neither", set: change{"height_cm": "54.9"}, want: []string{"warning height_cm/implausible height_cm"}},
		{why: "80.1 is neither", set: change{"height_cm": "80.1"}, want: []string{"warning height_cm/implausible height_cm"}},
		{why: "no height", counts: []string{"measures/height-in-another-unit 0 1"}},
		{
			why: "a weight in pounds: no word on the body mass index", base: whole, set: change{"weight_kg_pre": "235", "bmi_pre": "36.9", "weight_kg_post": ""},
			want: []string{"warning measures/weight-in-another-unit height_cm < weight_kg_pre"}, counts: []string{"measures/weight-in-another-unit 1 1", "measures/bmi-disagrees 0 2"},
		},
		{why: "an index of exactly 80", set: change{"height_cm": "160", "weight_kg_pre": "204.8"}, counts: []string{"measures/weight-in-another-unit 1 1"}},
		{why: "an index just above 80", set: change{"height_cm": "160", "weight_kg_pre": "204.8001"}, want: []string{"warning measures/weight-in-another-unit height_cm < weight_kg_pre"}},
		{
			why: "a weight that makes no sense in pounds either", set: change{"height_cm": "130", "weight_kg_pre": "299"},
			counts: []string{"measures/weight-in-another-unit 1 1"},
		},
		{why: "a diastolic pressure as high as the systolic", base: whole, set: change{"systolic_pre": "138", "diastolic_pre": "138", "diastolic_post": "100"}, want: []string{"error measures/blood-pressure-order diastolic_pre < systolic_pre"}, counts: []string{"measures/blood-pressure-order 2 0"}},
		{why: "just below it", base: whole, set: change{"diastolic_pre": "129"}, counts: []string{"measures/blood-pressure-order 2 0"}},
		{why: "one of the two", set: change{"systolic_pre": "120"}, counts: []string{"measures/blood-pressure-order 0 2"}},
		{why: "smokes, but how many", set: change{"smoking_status_pre": "1"}, want: []string{"info measures/smoker-without-cigarettes cigarettes_pre < smoking_status_pre"}, counts: []string{"measures/smoker-without-cigarettes 1 1", "measures/cigarettes-but-not-smoker 0 2"}},
		{why: "smokes none", set: change{"smoking_status_pre": "1", "cigarettes_pre": "0"}, counts: []string{"measures/smoker-without-cigarettes 1 1"}},
		{why: "smokes a number that cannot be read", set: change{"smoking_status_pre": "1", "cigarettes_pre": "x"}, want: []string{"error cigarettes_pre/format cigarettes_pre"}, counts: []string{"measures/smoker-without-cigarettes 0 2"}},
		{why: "an ex-smoker who smokes", set: change{"smoking_status_pre": "2", "cigarettes_pre": "1"}, want: []string{"warning measures/cigarettes-but-not-smoker cigarettes_pre < smoking_status_pre"}},
		{why: "a non-smoker who smokes", set: change{"smoking_status_pre": "3", "cigarettes_pre": "1"}, want: []string{"warning measures/cigarettes-but-not-smoker cigarettes_pre < smoking_status_pre"}},
		{why: "a never smoker who smokes", set: change{"smoking_status_pre": "4", "cigarettes_pre": "1"}, want: []string{"warning measures/cigarettes-but-not-smoker cigarettes_pre < smoking_status_pre"}},
		{why: "a never smoker who does not", set: change{"smoking_status_pre": "4", "cigarettes_pre": "0"}, counts: []string{"measures/cigarettes-but-not-smoker 1 1"}},
		{why: "not stated, but smokes", set: change{"smoking_status_pre": "Z", "cigarettes_pre": "5"}, counts: []string{"measures/cigarettes-but-not-smoker 0 2", "measures/smoker-without-cigarettes 0 2"}},
		{why: "never smoked, but did", base: whole, set: change{"smoking_status_post": "4"}, want: []string{"error measures/never-smoked-after-smoking smoking_status_post < smoking_status_pre"}},
		{why: "never smoked, but gave up", base: whole, set: change{"smoking_status_pre": "2", "cigarettes_pre": "0", "smoking_status_post": "4"}, want: []string{"error measures/never-smoked-after-smoking smoking_status_post < smoking_status_pre"}},
		{why: "never smoked, history was unknown", base: whole, set: change{"smoking_status_pre": "3", "cigarettes_pre": "0", "smoking_status_post": "4"}, counts: []string{"measures/never-smoked-after-smoking 0 1"}},
		{why: "four items of five", base: whole, set: change{"who5_2_pre": "", "who5_2_post": ""}, want: []string{
			"warning measures/who5-incomplete who5_5_pre < who5_1_pre who5_2_pre who5_3_pre who5_4_pre",
			"warning measures/who5-incomplete who5_5_post < who5_1_post who5_2_post who5_3_post who5_4_post",
		}, counts: []string{"measures/who5-incomplete 2 0", "measures/who5-total-disagrees 0 2"}},
		{why: "one item, the last", set: change{"who5_5_pre": "3"}, want: []string{"warning measures/who5-incomplete who5_5_pre < who5_1_pre who5_2_pre who5_3_pre who5_4_pre"}},
		{why: "none", counts: []string{"measures/who5-incomplete 0 2", "measures/who5-not-multiple-of-4 0 2", "measures/who5-total-disagrees 0 2"}},
		{why: "an item that cannot be read", set: change{"who5_5_pre": "6"}, want: []string{"error who5_5_pre/range who5_5_pre"}, counts: []string{"measures/who5-incomplete 0 2"}},
		{why: "a percentage that no answers give", base: whole, set: change{"who5_percent_pre": "45"}, want: []string{"error measures/who5-not-multiple-of-4 who5_percent_pre"}, counts: []string{"measures/who5-not-multiple-of-4 2 0", "measures/who5-total-disagrees 1 1"}},
		{why: "the raw sum for a percentage: 12 is a multiple of 4", base: whole, set: change{"who5_4_pre": "3", "who5_percent_pre": "12"}, want: []string{"error measures/who5-total-disagrees who5_percent_pre < who5_1_pre who5_2_pre who5_3_pre who5_4_pre who5_5_pre"}},
		{why: "a percentage alone", set: change{"who5_percent_pre": "0"}, counts: []string{"measures/who5-not-multiple-of-4 1 1", "measures/who5-total-disagrees 0 2"}},
	}
	// Every date can lie in the future.
	for f := range Episodes().Fields() {
		if f.Type != TypeDate {
			continue
		}
		set := change{f.Name: "2024-11-01"}
		c := ruleCase{why: f.Name + " in the future", set: set, want: []string{"error dates/in-the-future " + f.Name}}
		switch f.Name { // what else such a date brings about
		case "date_of_birth":
			c.want = append(c.want, "error dates/birth-after-referral referral_date < date_of_birth")
		case "first_contact_date":
			set["client_mode"], set["consent"] = "brief", "Y"
		case "plan_date":
			set["plan_status"], set["primary_issue"] = "open", "diet"
		case "signposted_date":
			set["signposted_to"] = "gp"
		case "closure_date":
			set["closure_reason"] = "declined"
		case "followup_3m_date", "followup_6m_date", "followup_12m_date":
			set[strings.TrimSuffix(f.Name, "date")+"maintained"] = "yes"
		}
		cases = append(cases, c)
	}
	// Changes as large as the limit, and a little larger.
	type limit struct{ name, pre, same, more string }
	for _, l := range []limit{
		{"weight_kg", "100", "130", "130.1"},
		{"weight_kg", "100.5", "70.35", "70.349"},
		{"waist_cm", "100", "70", "69.9"},
		{"bmi", "30", "39.000", "39.001"},
		{"systolic", "100", "180", "181"},
		{"diastolic", "100", "50", "49"},
		{"fruit_veg", "1.5", "16.5", "16.51"},
		{"fried_snacks", "45", "5", "4.9"},
		{"activity_moderate", "0", "14", "15"},
		{"activity_vigorous", "15", "1", "0"},
		{"alcohol_units", "250", "50", "49.5"},
		{"cigarettes", "5", "65", "66"},
	} {
		pre, post := l.name+"_pre", l.name+"_post"
		at := change{"review_date": "2024-10-15", pre: l.pre, post: l.same}
		cases = append(cases, ruleCase{
			why: fmt.Sprintf("%s from %s to %s", l.name, l.pre, l.same), set: at, counts: []string{"measures/big-change 1 10"},
		}, ruleCase{
			why: fmt.Sprintf("%s from %s to %s", l.name, l.pre, l.more), set: at.with(change{post: l.more}),
			want: []string{fmt.Sprintf("warning measures/big-change %s < %s", post, pre)},
		})
	}
	// Four pairs unchanged.
	four := change{
		"review_date": "2024-10-15", "importance_pre": "5", "importance_post": "5", "weight_kg_pre": "80", "weight_kg_post": "80.0",
		"waist_cm_pre": "90", "waist_cm_post": "90", "fruit_veg_pre": "3", "fruit_veg_post": "3.00",
	}
	const copied = "info measures/identical-pre-post fruit_veg_post < importance_pre importance_post weight_kg_pre weight_kg_post waist_cm_pre waist_cm_post fruit_veg_pre"
	return append(cases,
		ruleCase{why: "four pairs unchanged", set: four, want: []string{copied}, counts: []string{"measures/identical-pre-post 1 0"}},
		ruleCase{why: "four unchanged, one not recorded twice", set: four.with(change{"alcohol_units_pre": "4"}), want: []string{copied}},
		ruleCase{why: "four unchanged, one changed", set: four.with(change{"general_health_pre": "50", "general_health_post": "51"}), counts: []string{"measures/identical-pre-post 1 0"}},
		ruleCase{why: "three unchanged", set: four.with(change{"fruit_veg_pre": "", "fruit_veg_post": ""}), counts: []string{"measures/identical-pre-post 0 1"}},
		ruleCase{why: "three unchanged, and one that is 0 both times", set: four.with(change{"fruit_veg_pre": "0", "fruit_veg_post": "0"}), counts: []string{"measures/identical-pre-post 0 1"}},
		ruleCase{why: "three unchanged, and smoking", set: four.with(change{"fruit_veg_pre": "", "fruit_veg_post": "", "smoking_status_pre": "4", "smoking_status_post": "4"}), counts: []string{"measures/identical-pre-post 0 1"}},
		ruleCase{why: "four unchanged, smoking changed", set: four.with(change{"smoking_status_pre": "3", "smoking_status_post": "4"}), want: []string{copied}},
		ruleCase{
			why: "four unchanged, one that cannot be read", set: four.with(change{"alcohol_units_pre": "x", "alcohol_units_post": "4"}),
			want: []string{"error alcohol_units_pre/format alcohol_units_pre"}, counts: []string{"measures/identical-pre-post 0 1"},
		},
		ruleCase{why: "nothing measured at review", counts: []string{"measures/identical-pre-post 0 1"}},
	)
}

// bmiTwin judges by exact fractions what rules.csv says: no height, weight and
// BMI within half a unit of the last digit shown in each can agree.
func bmiTwin(height, weight, bmi string) bool {
	interval := func(s string) (low, high *big.Rat) {
		n, _ := new(big.Rat).SetString(s)
		_, places, _ := strings.Cut(s, ".")
		half := new(big.Rat).SetFrac64(1, 2)
		for range places {
			half.Mul(half, big.NewRat(1, 10))
		}
		low, high = new(big.Rat).Sub(n, half), new(big.Rat).Add(n, half)
		return low, high
	}
	index := func(weight, height *big.Rat) *big.Rat {
		metres := new(big.Rat).Quo(height, big.NewRat(100, 1))
		return new(big.Rat).Quo(weight, metres.Mul(metres, metres))
	}
	hLow, hHigh := interval(height)
	wLow, wHigh := interval(weight)
	bLow, bHigh := interval(bmi)
	return index(wLow, hHigh).Cmp(bHigh) <= 0 && index(wHigh, hLow).Cmp(bLow) >= 0
}

func TestBMIAgainstFractions(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	decimal := func(low, high float64, places int) string {
		return fmt.Sprintf("%.*f", places, low+random.Float64()*(high-low))
	}
	type triple struct{ height, weight, bmi string }
	triples := []triple{
		{"160", "80", "31.25"},       // exact
		{"160.0", "80.0", "31.3"},    // rounded
		{"160", "80", "33"},          // whole numbers forgive much
		{"170.00", "86.70", "30.00"}, // exact at both places
		{"180", "80", "24.69135802469136"},
		{"180.0000", "80.0000", "24.6914"},
		{"180.0000", "80.0000", "24.6915"},
		{"180.00000000", "80.00000000", "24.69135802"},
		{"180.00000000", "80.00000000", "24.69135804"},
		{"272", "20", "8"},
		{"85", "640", "200"}, // the ends of the ranges
	}
	for range 400 {
		h := decimal(120, 220, random.IntN(6))
		w := decimal(35, 200, random.IntN(6))
		n, _ := new(big.Rat).SetString(h)
		m, _ := new(big.Rat).SetString(w)
		hf, _ := n.Float64()
		wf, _ := m.Float64()
		bmi := wf / hf / hf * 1e4
		if bmi < 12 || bmi > 79 {
			continue
		}
		// Near the ends of what agrees, and now and then far from it.
		triples = append(triples, triple{h, w, decimal(bmi*0.994, bmi*1.006, random.IntN(8))})
	}
	agree := 0
	for _, x := range triples {
		set := change{"height_cm": x.height, "weight_kg_pre": x.weight, "bmi_pre": x.bmi}
		_, report := validate(t, ruleAsOf, extractOf(t, columnsBut(), waiting.with(set)))
		r, _ := report.Rule("measures/bmi-disagrees")
		require.Equal(t, 1, r.Checked, "%v", x)
		want := 1
		if bmiTwin(x.height, x.weight, x.bmi) {
			want = 0
			agree++
		}
		require.Equal(t, want, r.Count, "%v", x)
	}
	require.Greater(t, agree, len(triples)/5, "both answers must be tried")
	require.Less(t, agree, len(triples)*4/5, "both answers must be tried")
}

// The same for pounds, against fractions of an international pound.
func TestPoundsAgainstFractions(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	pound, _ := new(big.Rat).SetString("0.45359237")
	fired := 0
	for range 300 {
		h, w := fmt.Sprintf("%.1f", 120+random.Float64()*100), fmt.Sprintf("%.2f", 120+random.Float64()*180)
		height, _ := new(big.Rat).SetString(h)
		kilograms, _ := new(big.Rat).SetString(w)
		metres := height.Quo(height, big.NewRat(100, 1))
		asKilograms := new(big.Rat).Quo(kilograms, metres.Mul(metres, metres))
		asPounds := new(big.Rat).Mul(asKilograms, pound)
		want := 0
		if asKilograms.Cmp(big.NewRat(80, 1)) > 0 && asPounds.Cmp(big.NewRat(15, 1)) >= 0 && asPounds.Cmp(big.NewRat(60, 1)) <= 0 {
			want = 1
			fired++
		}
		_, report := validate(t, ruleAsOf, extractOf(t, columnsBut(), waiting.with(change{"height_cm": h, "weight_kg_pre": w})))
		r, _ := report.Rule("measures/weight-in-another-unit")
		require.Equal(t, want, r.Count, "%s cm, %s kg", h, w)
	}
	require.Greater(t, fired, 30)
}

// A rule that is switched off silences no other.
func TestOffSilencesNothing(t *testing.T) {
	text := extractOf(t, columnsBut(), whole.with(change{"weight_kg_pre": "235", "bmi_pre": "36.9", "weight_kg_post": ""}))
	got, _ := validate(t, ruleAsOf, text, Severity("measures/weight-in-another-unit", Off))
	require.Equal(t, []string{"1 error measures/bmi-disagrees bmi_pre < height_cm weight_kg_pre"}, got)

	text = extractOf(t, columnsBut(), waiting.with(change{"height_cm": "1.70"}))
	got, _ = validate(t, ruleAsOf, text, Severity("measures/height-in-another-unit", Off))
	require.Equal(t, []string{"1 error height_cm/range height_cm"}, got)
}

func TestProduct(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 1000 {
		a, b, c := random.Uint64N(1<<42), random.Uint64N(1<<42), random.Uint64N(1<<43)
		want := new(big.Int).SetUint64(a)
		want.Mul(want, new(big.Int).SetUint64(b)).Mul(want, new(big.Int).SetUint64(c))
		p := product(a, b, c)
		got := new(big.Int).SetUint64(p.hi)
		got.Lsh(got, 64).Add(got, new(big.Int).SetUint64(p.lo))
		require.Zero(t, want.Cmp(got), "%d × %d × %d", a, b, c)
	}
	require.True(t, wide{0, 5}.less(wide{1, 0}))
	require.False(t, wide{1, 0}.less(wide{1, 0}))
}
