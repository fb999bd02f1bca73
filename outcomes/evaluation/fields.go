package evaluation

import (
	"fmt"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// fields are the places, in the dictionary, of what an evaluation reads.
type fields struct {
	gender, ethnicCategory, imdQuintile, postcode, setting, referralSource, supervision dcrs.Field
	gpPractice, disability, clientMode, primaryIssue, workforceStep                     dcrs.Field

	clientID, episodeID, serviceCode               int
	dateOfBirth, ageAtReferral, imdEdition         int
	referralDate, firstContact, assessment, plan   int
	review, closureDate, closureReason, planStatus int
	goalIssue, goalStatus                          [3]int
	followDate, maintained                         [3]int
	signpostedTo                                   int
	needs, needsMet, needsPartMet                  int
	smoking, employment, accommodation             [2]int
	who5                                           [2][5]int
	who5Percent                                    [2]int
	measures                                       [][2]int // by measure; the WHO-5 has {-1, -1}
}

// MissingFieldError says that a dictionary lacks a field that an evaluation reads.
type MissingFieldError struct{ Field string }

func (e *MissingFieldError) Error() string {
	return fmt.Sprintf("evaluation: the dictionary has no field %q", e.Field)
}

func resolve(d *dcrs.Dictionary) (*fields, error) {
	var err error
	field := func(name string) dcrs.Field {
		f, ok := d.Field(name)
		if !ok && err == nil {
			err = &MissingFieldError{Field: name}
		}
		return f
	}
	at := func(name string) int { return field(name).Index() }
	pair := func(stem string) [2]int { return [2]int{at(stem + "_pre"), at(stem + "_post")} }
	f := &fields{
		gender: field("gender"), ethnicCategory: field("ethnic_category"), imdQuintile: field("imd_quintile"),
		postcode: field("postcode"), setting: field("setting"), referralSource: field("referral_source"),
		supervision: field("supervision"), gpPractice: field("gp_practice_code"), disability: field("disability"),
		clientMode: field("client_mode"), primaryIssue: field("primary_issue"), workforceStep: field("workforce_step"),

		clientID: at("client_id"), episodeID: at("episode_id"), serviceCode: at("service_code"),
		dateOfBirth: at("date_of_birth"), ageAtReferral: at("age_at_referral"), imdEdition: at("imd_edition"),
		referralDate: at("referral_date"), firstContact: at("first_contact_date"), assessment: at("assessment_date"),
		plan: at("plan_date"), review: at("review_date"), closureDate: at("closure_date"),
		closureReason: at("closure_reason"), planStatus: at("plan_status"), signpostedTo: at("signposted_to"),
		needs: at("wider_needs"), needsMet: at("wider_needs_met"), needsPartMet: at("wider_needs_part_met"),
		smoking:       pair("smoking_status"),
		employment:    [2]int{at("employment_status"), at("employment_status_post")},
		accommodation: [2]int{at("accommodation_type"), at("accommodation_type_post")},
		who5Percent:   pair("who5_percent"),
	}
	for i := range f.goalIssue {
		f.goalIssue[i] = at(fmt.Sprintf("goal_%d_issue", i+1))
		f.goalStatus[i] = at(fmt.Sprintf("goal_%d_status", i+1))
	}
	for i, months := range followUpMonths {
		f.followDate[i] = at(fmt.Sprintf("followup_%dm_date", months))
		f.maintained[i] = at(fmt.Sprintf("followup_%dm_maintained", months))
	}
	for i := range 5 {
		p := pair(fmt.Sprintf("who5_%d", i+1))
		f.who5[0][i], f.who5[1][i] = p[0], p[1]
	}
	for _, s := range specs {
		if stem, ok := specFields[s.ID]; ok {
			f.measures = append(f.measures, pair(stem))
		} else {
			f.measures = append(f.measures, [2]int{-1, -1})
		}
	}
	return f, err
}
