package main

import (
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// tunedRules are the rules of checkRecord after an afternoon with a profiler: the
// cells of every record are the same ones, so they are looked up once.
func (p *plainValidator) tunedRules() func() {
	cell := func(name string) *plainCell { return &p.cells[p.column[name]] }
	cells := func(pattern string, values ...string) (out []*plainCell) {
		for _, v := range values {
			out = append(out, cell(strings.ReplaceAll(pattern, "{}", v)))
		}
		return out
	}
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
	goalIssues, goalStatuses := cells("goal_{}_issue", "1", "2", "3"), cells("goal_{}_status", "1", "2", "3")
	before, after := cells("{}_pre", pairedMeasures...), cells("{}_post", pairedMeasures...)
	points := []string{"pre", "post"}
	systolic, diastolic := cells("systolic_{}", points...), cells("diastolic_{}", points...)
	smoking, cigarettes := cells("smoking_status_{}", points...), cells("cigarettes_{}", points...)
	percent := cells("who5_percent_{}", points...)
	items := [][]*plainCell{cells("who5_{}_pre", "1", "2", "3", "4", "5"), cells("who5_{}_post", "1", "2", "3", "4", "5")}
	var dates []*plainCell
	for i := range p.fields {
		if p.fields[i].Type == dcrs.TypeDate {
			dates = append(dates, &p.cells[i])
		}
	}
	earlier := func(rule string, later *plainCell) {
		switch {
		case !later.valid || contact.wrong() || referral.wrong():
		case contact.valid:
			fail(rule, later.day.Before(contact.day))
		case referral.valid:
			fail(rule, later.day.Before(referral.day))
		}
	}

	return func() {
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
		for _, d := range dates {
			fail("dates/in-the-future", d.valid && d.day.After(p.asOf))
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
		for n := range goalIssues {
			pair("plan/goal-pair", goalIssues[n], goalStatuses[n])
		}
		fail("plan/open-but-closed", oneOf(planStatus, "open") && oneOf(closedWhy, "completed"))
		fail("plan/settled-without-review", oneOf(planStatus, "achieved", "part_achieved", "not_achieved") && !review.filled)

		for n := range after {
			fail("measures/post-without-pre", after[n].valid && !before[n].filled)
		}
		for n := range points {
			fail("measures/blood-pressure-order", systolic[n].valid && diastolic[n].valid && diastolic[n].number >= systolic[n].number)
			fail("measures/smoker-without-cigarettes", oneOf(smoking[n], "1") && !cigarettes[n].filled)
			fail("measures/cigarettes-but-not-smoker", oneOf(smoking[n], "2", "3", "4") && cigarettes[n].valid && cigarettes[n].number > 0)
			if percent[n].valid {
				multiple := int(percent[n].number)%4 == 0
				fail("measures/who5-not-multiple-of-4", !multiple)
				sum, all := 0.0, true
				for _, item := range items[n] {
					sum += item.number
					all = all && item.valid
				}
				fail("measures/who5-total-disagrees", multiple && all && 4*sum != percent[n].number)
			}
		}
		fail("measures/never-smoked-after-smoking", oneOf(smoking[0], "1", "2") && oneOf(smoking[1], "4"))
	}
}
