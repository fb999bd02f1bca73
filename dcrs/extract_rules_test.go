package dcrs

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// edit replaces a text of a file of the sample.
type edit struct{ file, before, after string }

// Each case changes one thing in a clean extract; want is all that may be found.
// A case without findings shows where a rule does not apply, or just passes.
func TestExtractRules(t *testing.T) {
	for _, tc := range []struct {
		why   string
		edits []edit
		want  []string
	}{
		// Rows and their episode.
		{
			"a mistyped episode_id is an orphan, and its episode lacks a contact",
			[]edit{{"contacts.csv", "K2,E1,", "K2,E9,"}},
			[]string{"contacts.csv:2 episode_id contact/orphan", "episodes.csv:1 sessions_attended agreement/sessions-attended"},
		},
		{"identifiers are compared letter for letter", []edit{{"goals.csv", "G1,E1,", "G1,e1,"}}, []string{
			"goals.csv:1 episode_id goal/orphan", "episodes.csv:1 goal_1_issue agreement/goal-1-missing",
		}},
		{"orphans of every kind", []edit{{"signposts.csv", "S2,E1,", "S2,E9,"}, {"needs.csv", "E1,finance", "E9,finance"}, {"measures.csv", "E1,3m", "E9,3m"}}, []string{
			"signposts.csv:2 episode_id signpost/orphan", "needs.csv:1 episode_id need/orphan", "measures.csv:4 episode_id measure/orphan",
			"episodes.csv:1 signposted_to agreement/signposts-missing", "episodes.csv:1 wider_needs agreement/needs-missing",
		}},
		{"a blank identifier is not an orphan", []edit{{"contacts.csv", "K7,E2,", "K7,,"}}, nil},
		{
			"an episode with an error takes its rows with it, once each",
			[]edit{{"episodes.csv", "2024-01-15,2024-01-15,Y", "2024-01-15,2024-01-14,Y"}},
			[]string{
				"episodes.csv:1 assessment_date dates/assessment-too-early",
				"contacts.csv:1 episode_id contact/episode-rejected", "contacts.csv:2 episode_id contact/episode-rejected",
				"contacts.csv:3 episode_id contact/episode-rejected", "contacts.csv:4 episode_id contact/episode-rejected",
				"contacts.csv:5 episode_id contact/episode-rejected", "goals.csv:1 episode_id goal/episode-rejected",
				"signposts.csv:1 episode_id signpost/episode-rejected", "signposts.csv:2 episode_id signpost/episode-rejected",
				"needs.csv:1 episode_id need/episode-rejected", "needs.csv:2 episode_id need/episode-rejected",
				"measures.csv:1 episode_id measure/episode-rejected", "measures.csv:2 episode_id measure/episode-rejected",
				"measures.csv:3 episode_id measure/episode-rejected", "measures.csv:4 episode_id measure/episode-rejected",
				"measures.csv:5 episode_id measure/episode-rejected",
			},
		},
		{
			"an episode that could not be taken apart is rejected, not unknown",
			[]edit{{"episodes.csv", "C3,E3,HT01,", "C3,E3,HT01,,"}},
			[]string{"episodes.csv:3 file/row-length", "contacts.csv:6 episode_id contact/episode-rejected"},
		},
		{
			"so is one with a stray quote",
			[]edit{{"episodes.csv", "C3,E3,HT01,", "C3,E3,H\"T01,"}},
			[]string{"episodes.csv:3 file/quote", "contacts.csv:6 episode_id contact/episode-rejected"},
		},
		{
			"so is one whose identifier is not one",
			[]edit{{"episodes.csv", "C2,E2,", "C2,E 2,"}, {"contacts.csv", "K7,E2,", "K7,E 2,"}},
			[]string{"episodes.csv:2 episode_id episode_id/format", "contacts.csv:7 episode_id episode_id/format"},
		},
		{
			"the rules of a row are asked though its episode was rejected",
			[]edit{
				{"episodes.csv", "C3,E3,HT01,", "C3,E3,HT01,,"}, {"contacts.csv", "K6,E3,2024-02-12,01,attended", "K6,E3,2024-02-12,01,did_not_attend"},
			},
			[]string{"episodes.csv:3 file/row-length", "contacts.csv:6 episode_id contact/episode-rejected", "contacts.csv:6 duration_minutes contact/time-without-attendance"},
		},
		{
			"the first of two episodes with one identifier counts",
			[]edit{{"episodes.csv", "C2,E2,HT01,2024-12-02,", "C3,E3,HT01,2024-12-02,"}},
			[]string{
				"episodes.csv:3 episode_id episode/duplicate", "contacts.csv:6 contact_date contact/before-referral", "contacts.csv:7 episode_id contact/orphan",
				"episodes.csv:2 first_contact_date agreement/first-contact",
			},
		},

		// Contacts.
		{"a repeated contact_id counts twice, and says so", []edit{{"contacts.csv", "K2,E1", "K1,E1"}}, []string{"contacts.csv:2 contact_id contact/duplicate"}},
		{"a technique that there is not", []edit{{"contacts.csv", "1.1;9.2", "1.1;9.4"}}, []string{"contacts.csv:1 techniques contact/technique-unknown"}},
		{"spaces around techniques", []edit{{"contacts.csv", "1.1;9.2", "1.1 ; 10.11"}}, nil},
		{"1.10 is not 10.1", []edit{{"contacts.csv", "1.1;9.2", "1.10"}}, []string{"contacts.csv:1 techniques contact/technique-unknown"}},
		{"one technique twice", []edit{{"contacts.csv", "1.1;9.2", "9.2;9.2"}}, []string{"contacts.csv:1 techniques contact/technique-unknown"}},
		{"a technique's words", []edit{{"contacts.csv", "1.1;9.2", "goal setting"}}, []string{"contacts.csv:1 techniques techniques/format"}},
		{"a contact held tomorrow", []edit{{"contacts.csv", "2025-01-10,01,planned", "2025-01-01,01,attended"}}, []string{
			"contacts.csv:7 contact_date contact/in-the-future",
		}},
		{"planned for today has not passed", []edit{{"contacts.csv", "2025-01-10,01,planned", "2024-12-31,01,planned"}}, nil},
		{"planned for yesterday has", []edit{{"contacts.csv", "2025-01-10,01,planned", "2024-12-30,01,planned"}}, []string{"contacts.csv:7 attendance contact/still-planned"}},
		{"cancelled ahead of its day", []edit{{"contacts.csv", "2025-01-10,01,planned", "2025-01-10,01,cancelled_by_client"}}, nil},
		{"minutes without a client", []edit{{"contacts.csv", "did_not_attend,session,,", "did_not_attend,session,15,"}}, []string{"contacts.csv:3 duration_minutes contact/time-without-attendance"}},
		{"no minutes without a client", []edit{{"contacts.csv", "did_not_attend,session,,", "did_not_attend,session,0,"}}, []string{"contacts.csv:3 duration_minutes duration_minutes/implausible"}},
		{"techniques without a client", []edit{{"contacts.csv", "did_not_attend,session,,,T1,", "did_not_attend,session,,,T1,1.1"}}, []string{"contacts.csv:3 techniques contact/techniques-without-attendance"}},
		{"seen before the referral", []edit{{"contacts.csv", "K6,E3,2024-02-12", "K6,E3,2024-02-04"}}, []string{
			"contacts.csv:6 contact_date contact/before-referral", "episodes.csv:3 first_contact_date agreement/first-contact",
		}},
		{"a referral after the first contact is the episode's affair alone", []edit{{"episodes.csv", "C1,E1,HT01,2024-01-08", "C1,E1,HT01,2024-01-16"}, {"episodes.csv", "2024-01-15,Y", "2024-01-16,Y"}}, []string{
			"episodes.csv:1 first_contact_date dates/contact-too-early", "episodes.csv:1 assessment_date agreement/assessment-contact",
		}},
		{"outreach before the referral, then the first contact", []edit{{"contacts.csv", "K7,E2", "K0,E3,2024-02-01,01,attended,outreach,5,,T1,\nK7,E2"}}, nil},
		{"called off before the referral is nothing", []edit{{"contacts.csv", "K3,E1,2024-02-12,02,did_not_attend", "K3,E1,2024-01-02,02,did_not_attend"}}, nil},
		{"seen on the day of closure", []edit{{"contacts.csv", "K7,E2", "K0,E3,2024-03-01,01,attended,session,5,,T1,\nK7,E2"}}, nil},
		{"seen after closure", []edit{{"contacts.csv", "K5,E1,2024-08-20,02,attended,followup", "K5,E1,2024-08-20,02,attended,other"}}, []string{
			"contacts.csv:5 contact_date contact/after-closure", "episodes.csv:1 sessions_attended agreement/sessions-attended",
		}},
		{"seen after death, even for a follow-up", []edit{{"contacts.csv", "K7,E2", "K0,E3,2024-03-02,01,attended,followup,5,,T1,\nK7,E2"}}, []string{"contacts.csv:7 contact_date contact/after-death"}},

		// Contacts and the episode's row.
		{"first contact on another day", []edit{{"contacts.csv", "K6,E3,2024-02-12", "K6,E3,2024-02-13"}}, []string{"episodes.csv:3 first_contact_date agreement/first-contact"}},
		{"attended, but no first contact in the episode", []edit{{"contacts.csv", "2025-01-10,01,planned", "2024-12-09,01,attended"}}, []string{"episodes.csv:2 first_contact_date agreement/first-contact"}},
		{"a first contact, but none attended", []edit{{"contacts.csv", "K6,E3,2024-02-12,01,attended,first_contact,20", "K6,E3,2024-02-12,01,did_not_attend,first_contact,"}}, []string{"episodes.csv:3 first_contact_date agreement/first-contact"}},
		{"a contact too few", []edit{{"episodes.csv", "achieved,,,3,1,", "achieved,,,4,1,"}}, []string{"episodes.csv:1 sessions_attended agreement/sessions-attended"}},
		{"a contact too many", []edit{{"episodes.csv", "achieved,,,3,1,", "achieved,,,2,1,"}}, []string{"episodes.csv:1 sessions_attended agreement/sessions-attended"}},
		{"no count, no disagreement", []edit{{"episodes.csv", "achieved,,,3,1,", "achieved,,,,,"}}, nil},
		{"an episode with a contact whose attendance is blank is not compared", []edit{{"contacts.csv", "K2,E1,2024-01-22,01,late", "K2,E1,2024-01-22,01,"}}, nil},
		{"cancelled may count as missed", []edit{{"contacts.csv", "K7,E2", "K0,E1,2024-03-04,01,cancelled_by_client,session,,,T1,\nK7,E2"}, {"episodes.csv", "achieved,,,3,1,", "achieved,,,3,2,"}}, nil},
		{"or not", []edit{{"contacts.csv", "K7,E2", "K0,E1,2024-03-04,01,rescheduled,session,,,T1,\nK7,E2"}}, nil},
		{"missed more than were planned in vain", []edit{{"episodes.csv", "achieved,,,3,1,", "achieved,,,3,2,"}}, []string{"episodes.csv:1 sessions_missed agreement/sessions-missed"}},
		{"missed fewer than did not attend", []edit{{"episodes.csv", "achieved,,,3,1,", "achieved,,,3,0,"}}, []string{"episodes.csv:1 sessions_missed agreement/sessions-missed"}},
		{"an assessment on another day", []edit{{"contacts.csv", "K2,E1,2024-01-22,01,late,planning", "K2,E1,2024-01-22,01,late,assessment"}, {"contacts.csv", "attended,assessment", "attended,first_contact"}}, []string{"episodes.csv:1 assessment_date agreement/assessment-contact"}},
		{"an assessment in two sittings", []edit{{"contacts.csv", "K2,E1,2024-01-22,01,late,planning", "K2,E1,2024-01-22,01,late,assessment"}}, nil},
		{"a review on another day", []edit{{"contacts.csv", "K4,E1,2024-05-20", "K4,E1,2024-05-21"}}, []string{"episodes.csv:1 review_date agreement/review-contact"}},

		// Goals.
		{"a repeated goal_id is one finding", []edit{{"goals.csv", "G1,E1", "G1,E1,1,diet,fruit_veg,2,5,5.5,2024-01-22,2024-04-22,2024-05-20,achieved\nG1,E1"}}, []string{"goals.csv:2 goal_id goal/duplicate"}},
		{"two goals with one number", []edit{{"goals.csv", "G1,E1", "G2,E1,1,diet,fruit_veg,2,5,5.5,2024-01-22,2024-04-22,2024-05-20,achieved\nG1,E1"}}, []string{"goals.csv:2 goal_number goal/number-twice"}},
		{"set in the future", []edit{{"goals.csv", "2024-01-22,2024-04-22,2024-05-20,achieved", "2025-01-01,,,revised"}}, []string{
			"goals.csv:1 set_date goal/in-the-future", "goals.csv:1 set_date goal/after-closure", "goals.csv:1 status goal/disagrees-with-episode",
		}},
		{"due before it was set", []edit{{"goals.csv", "2024-01-22,2024-04-22", "2024-01-22,2024-01-21"}}, []string{"goals.csv:1 due_date goal/due-too-early"}},
		{"due on the day it was set", []edit{{"goals.csv", "2024-01-22,2024-04-22", "2024-01-22,2024-01-22"}}, nil},
		{"reviewed before it was set", []edit{{"goals.csv", "2024-05-20", "2024-01-21"}}, []string{"goals.csv:1 review_date goal/review-too-early"}},
		{"achieved, and nobody knows when", []edit{{"goals.csv", "2024-05-20", ""}}, []string{"goals.csv:1 review_date goal/settled-without-review"}},
		{"open beyond its day, on an episode closed as completed", []edit{{"goals.csv", "2024-05-20,achieved", ",open"}}, []string{
			"goals.csv:1 status goal/overdue", "goals.csv:1 status goal/open-but-closed", "goals.csv:1 status goal/disagrees-with-episode",
		}},
		{"five portions written as five hundred", []edit{{"goals.csv", "fruit_veg,2,5,5.5", "fruit_veg,2,500,5.5"}}, []string{
			"goals.csv:1 target goal/value-range", "goals.csv:1 status goal/result-disagrees",
		}},
		{"half a cigarette", []edit{{"goals.csv", "fruit_veg,2,5,5.5", "cigarettes,20,0.5,0"}}, []string{"goals.csv:1 target goal/value-range"}},
		{"a value of nobody knows what", []edit{{"goals.csv", "fruit_veg,2,5,5.5", ",,5,"}}, []string{"goals.csv:1 measure goal/measure-missing"}},
		{"a goal without numbers", []edit{{"goals.csv", "fruit_veg,2,5,5.5", ",,,"}}, nil},
		{"stay where you are", []edit{{"goals.csv", "fruit_veg,2,5,5.5", "fruit_veg,5,5,5"}}, []string{"goals.csv:1 target goal/target-is-baseline"}},
		{"achieved with less than the target", []edit{{"goals.csv", "fruit_veg,2,5,5.5", "fruit_veg,2,5,4.5"}}, []string{"goals.csv:1 status goal/result-disagrees"}},
		{"down to the target is achieved", []edit{{"goals.csv", "fruit_veg,2,5,5.5", "weight_kg,101.5,97,97"}}, nil},
		{"not down to the target is not", []edit{{"goals.csv", "fruit_veg,2,5,5.5", "weight_kg,101.5,97,97.1"}}, []string{"goals.csv:1 status goal/result-disagrees"}},
		{"a goal without a plan", []edit{{"goals.csv", "G1,E1", "G2,E3,,diet,,,,,2024-02-12,,,dropped\nG1,E1"}}, []string{"goals.csv:1 episode_id goal/without-plan"}},
		{"a goal from before the plan", []edit{{"goals.csv", "2024-01-22,2024-04-22", "2024-01-21,2024-04-22"}}, []string{"goals.csv:1 set_date goal/before-plan"}},
		{"a goal from after closure", []edit{{"goals.csv", "2024-01-22,2024-04-22,2024-05-20", "2024-06-04,,2024-06-04"}}, []string{"goals.csv:1 set_date goal/after-closure"}},
		{"another status than the episode's", []edit{{"goals.csv", ",achieved", ",part_achieved"}}, []string{"goals.csv:1 status goal/disagrees-with-episode"}},
		{"another issue", []edit{{"goals.csv", "1,diet", "1,exercise"}}, []string{"goals.csv:1 issue goal/disagrees-with-episode"}},
		{"a second goal that the episode has not", []edit{{"goals.csv", "G1,E1", "G2,E1,2,weight,,,,,2024-01-22,,2024-05-20,achieved\nG1,E1"}}, []string{"goals.csv:1 status goal/disagrees-with-episode"}},
		{"a fourth goal, which its row cannot hold", []edit{{"goals.csv", "G1,E1", "G2,E1,4,weight,,,,,2024-01-22,,2024-05-20,achieved\nG1,E1"}}, nil},
		{"the goal of the episode under another number", []edit{{"goals.csv", "G1,E1,1", "G1,E1,4"}}, []string{"episodes.csv:1 goal_1_issue agreement/goal-1-missing"}},
		{"two goals that only the episode has", []edit{{"episodes.csv", "plan_status,goal_1_issue", "plan_status,goal_3_issue,goal_3_status,goal_1_issue"}, {"episodes.csv", "achieved,diet,achieved,,,", "achieved,sleep,achieved,diet,achieved,weight,achieved,"}, {"episodes.csv", "C2,E2,HT01,2024-12-02,", "C2,E2,HT01,2024-12-02,,,"}, {"episodes.csv", "C3,E3,HT01,2024-02-05,2024-02-12,,Y,brief,", "C3,E3,HT01,2024-02-05,2024-02-12,,Y,brief,,,"}}, []string{
			"episodes.csv:1 goal_2_issue agreement/goal-2-missing", "episodes.csv:1 goal_3_issue agreement/goal-3-missing",
		}},
		{"a goal without a number may be it", []edit{{"goals.csv", "G1,E1,1", "G1,E1,"}}, nil},

		// Signposts.
		{"a repeated signpost_id", []edit{{"signposts.csv", "S2,E1", "S1,E1"}}, []string{"signposts.csv:2 signpost_id signpost/duplicate"}},
		{"signposted in the future, after closure", []edit{{"signposts.csv", "2024-03-04", "2025-01-01"}}, []string{
			"signposts.csv:2 signpost_date signpost/in-the-future", "signposts.csv:2 signpost_date signpost/after-closure",
		}},
		{"an outcome before the signposting", []edit{{"signposts.csv", "2024-02-20", "2024-01-21"}}, []string{"signposts.csv:1 outcome_date signpost/outcome-too-early"}},
		{"a date of an outcome that is awaited", []edit{{"signposts.csv", "awaited,", "awaited,2024-03-20"}}, []string{"signposts.csv:2 outcome signpost/outcome-missing"}},
		{"a date of no outcome", []edit{{"signposts.csv", "awaited,", ",2024-03-20"}}, []string{"signposts.csv:2 outcome signpost/outcome-missing"}},
		{"referred, and nobody asked", []edit{{"signposts.csv", ",Y,engaged", ",,engaged"}}, []string{"signposts.csv:1 consent signpost/consent-missing"}},
		{"referred against the client's will", []edit{{"signposts.csv", ",Y,engaged", ",N,engaged"}}, []string{"signposts.csv:1 consent signpost/referred-without-consent"}},
		{"told where to go needs no consent", []edit{{"signposts.csv", "finance,,awaited", "finance,N,awaited"}}, nil},
		{"signposted before the referral", []edit{{"signposts.csv", "S2,E1,2024-03-04", "S2,E1,2024-01-07"}}, []string{
			"signposts.csv:2 signpost_date signpost/before-referral", "episodes.csv:1 signposted_date agreement/signposted-date",
		}},
		{"to where the episode does not say", []edit{{"signposts.csv", "debt,signposted", "gp,signposted"}}, []string{
			"signposts.csv:2 destination signpost/not-in-episode", "episodes.csv:1 signposted_to agreement/signposts-missing",
		}},
		{"information is not signposting", []edit{{"signposts.csv", "S2,E1", "S3,E1,2024-01-15,gp,information,,,,,\nS2,E1"}}, nil},
		{"not to where the episode says", []edit{{"signposts.csv", "debt,signposted", "stop_smoking,signposted"}}, []string{"episodes.csv:1 signposted_to agreement/signposts-missing"}},
		{"first signposted on another day", []edit{{"signposts.csv", "S1,E1,2024-01-22", "S1,E1,2024-01-23"}}, []string{"episodes.csv:1 signposted_date agreement/signposted-date"}},

		// Needs.
		{"one need twice on one day", []edit{{"needs.csv", "E1,isolation,low,met,2024-01-15,2024-04-08", "E1,finance,low,declined,2024-01-15,2024-04-08"}}, []string{
			"needs.csv:2 need need/duplicate", "episodes.csv:1 wider_needs agreement/needs-missing",
		}},
		{"one need twice on two days", []edit{{"needs.csv", "E1,isolation,low,met", "E1,finance,high,declined,2024-03-15,2024-03-15\nE1,isolation,low,met"}}, nil},
		{"recorded in the future", []edit{{"needs.csv", "open,2024-01-15", "open,2025-01-15"}}, []string{"needs.csv:1 recorded_date need/in-the-future"}},
		{"met before it was recorded", []edit{{"needs.csv", "2024-04-08", "2024-01-14"}}, []string{"needs.csv:2 status_date need/settled-too-early"}},
		{"met, and nobody knows when", []edit{{"needs.csv", "2024-04-08", ""}}, []string{"needs.csv:2 status_date need/settled-without-date"}},
		{"recorded before the referral", []edit{{"needs.csv", "open,2024-01-15", "open,2024-01-07"}}, []string{"needs.csv:1 recorded_date need/before-referral"}},
		{"a need that the episode does not name", []edit{{"needs.csv", "E1,isolation,low,met", "E1,caring,low,open,2024-01-15,\nE1,isolation,low,met"}}, []string{"needs.csv:2 need need/not-in-episode"}},
		{"an episode that names none is not compared", []edit{{"needs.csv", "E1,isolation,low,met", "E3,caring,low,open,2024-02-15,\nE1,isolation,low,met"}}, nil},
		{"met here, not there", []edit{{"needs.csv", "finance,high,open,2024-01-15,", "finance,high,met,2024-01-15,2024-05-20"}}, []string{"needs.csv:1 status need/status-disagrees"}},
		{"met in part here, met there", []edit{{"needs.csv", "E1,isolation,low,met", "E1,isolation,low,part_met,2024-02-01,2024-02-01\nE1,isolation,low,met"}}, nil},
		{"met in part there, open here", []edit{{"episodes.csv", "finance;isolation,isolation,,", "finance;isolation,isolation,finance,"}}, []string{"episodes.csv:1 wider_needs_part_met agreement/needs-part-met"}},
		{"met there, not recorded here", []edit{{"needs.csv", "E1,isolation,low,met,2024-01-15,2024-04-08\n", ""}}, []string{"episodes.csv:1 wider_needs agreement/needs-missing"}},
		{"met there, never here", []edit{{"needs.csv", "isolation,low,met", "isolation,low,not_met"}}, []string{"episodes.csv:1 wider_needs_met agreement/needs-met"}},

		// Measures.
		{"the same measure twice", []edit{{"measures.csv", "E1,3m,2024-08-20,weight_kg,,,96.4", "E1,pre,2024-01-22,weight_kg,,,101.5"}}, []string{"measures.csv:4 measure measure/duplicate"}},
		{"at other times twice", []edit{{"measures.csv", "E1,3m,2024-08-20,weight_kg,,,96.4", "E1,other,2024-02-22,weight_kg,,,100\nE1,other,2024-03-22,weight_kg,,,99"}}, nil},
		{"at other times on one day", []edit{{"measures.csv", "E1,3m,2024-08-20,weight_kg,,,96.4", "E1,other,2024-02-22,weight_kg,,,100\nE1,other,2024-02-22,weight_kg,,,99"}}, []string{"measures.csv:5 measure measure/duplicate"}},
		{"two scales of one form", []edit{{"measures.csv", "E1,post", "E1,pre,2024-01-15,WHO-5,2 2 2 3 2,raw,11\nE1,post"}}, nil},
		{"nothing recorded", []edit{{"measures.csv", ",,,96.4", ",,,"}}, []string{"measures.csv:4 value measure/nothing-recorded"}},
		{"answers to a pair of scales", []edit{{"measures.csv", "weight_kg,,,96.4", "weight_kg,3 2,,96.4"}}, []string{"measures.csv:4 responses measure/not-an-instrument"}},
		{"kilograms on a scale", []edit{{"measures.csv", "weight_kg,,,96.4", "weight_kg,,raw,96.4"}}, []string{"measures.csv:4 scale measure/not-an-instrument"}},
		{"a weight of 1000", []edit{{"measures.csv", ",,,96.4", ",,,1000"}}, []string{"measures.csv:4 value measure/value-range"}},
		{"half a cigarette a day", []edit{{"measures.csv", "weight_kg,,,96.4", "cigarettes,,,0.5"}}, []string{"measures.csv:4 value measure/value-range"}},
		{"a weight of 25", []edit{{"measures.csv", ",,,96.4", ",,,25"}}, []string{"measures.csv:4 value measure/implausible"}},
		{"a score of nobody knows which scale", []edit{{"measures.csv", "2 2 2 3 2,percent,44", "2 2 2 3 2,,44"}}, []string{"measures.csv:1 scale measure/scale-missing"}},
		{"one scale needs no name", []edit{{"measures.csv", "PHQ-9,1 1 0 2 0 1 1 0 0,total,6", "SWLS,3 3 3 3 3,,15"}}, nil},
		{"a scale that there is not", []edit{{"measures.csv", "2 2 2 3 2,percent,44", "2 2 2 3 2,per_cent,44"}}, []string{"measures.csv:1 scale measure/scale-unknown"}},
		{"more than 100 per cent, without answers", []edit{{"measures.csv", "2 2 2 3 2,percent,44", ",percent,104"}}, []string{"measures.csv:1 value measure/score-range"}},
		{"more than 100 per cent, with answers", []edit{{"measures.csv", "2 2 2 3 2,percent,44", "2 2 2 3 2,percent,104"}}, []string{"measures.csv:1 value measure/score-range"}},
		{"a percentage between the steps", []edit{{"measures.csv", "2 2 2 3 2,percent,44", ",percent,45"}}, []string{
			"measures.csv:1 value measure/score-impossible", "measures.csv:1 value measure/disagrees-with-episode",
		}},
		{"an answer too few", []edit{{"measures.csv", "2 2 2 3 2,percent", "2 2 2 3,percent"}}, []string{"measures.csv:1 responses measure/answer-count"}},
		{"an answer that the item has not", []edit{{"measures.csv", "2 2 2 3 2,percent", "2 2 2 3 6,percent"}}, []string{"measures.csv:1 responses measure/answer-unknown"}},
		{"a word for an answer", []edit{{"measures.csv", "2 2 2 3 2,percent", "2 2 2 3 often,percent"}}, []string{"measures.csv:1 responses measure/answer-unknown"}},
		{"a form with a gap and no score", []edit{{"measures.csv", "3 3 4 4 3", "3 . 4 4 3"}}, []string{"measures.csv:2 responses measure/form-incomplete"}},
		{"refused is a gap too", []edit{{"measures.csv", "3 3 4 4 3", "3 R 4 NA 3"}}, []string{"measures.csv:2 responses measure/form-incomplete"}},
		{"the owner's rule fills a gap of CORE-10", []edit{{"measures.csv", "3 3 4 4 3,,", "3 3 4 4 3,,\nE1,post,2024-05-20,CORE-10,1 1 1 1 1 0 1 1 1 .,,"}}, nil},
		{"a score from a form with a gap", []edit{{"measures.csv", "2 2 2 3 2,percent", "2 . 2 3 2,percent"}}, []string{"measures.csv:1 value measure/score-of-incomplete-form"}},
		{"the raw sum for the percentage", []edit{{"measures.csv", "2 2 2 3 2,percent,44", "2 2 2 3 2,percent,11"}}, []string{"measures.csv:1 value measure/score-disagrees"}},
		{"a score may be rounded", []edit{{"measures.csv", "PHQ-9,1 1 0 2 0 1 1 0 0,total,6", "CORE-10,1 1 1 1 1 0 1 1 1 .,clinical_score,13.33"}}, nil},
		{"but not wrongly", []edit{{"measures.csv", "PHQ-9,1 1 0 2 0 1 1 0 0,total,6", "CORE-10,1 1 1 1 1 0 1 1 1 .,clinical_score,13.34"}}, []string{"measures.csv:5 value measure/score-disagrees"}},
		{"measured tomorrow", []edit{{"measures.csv", "E1,3m,2024-08-20", "E1,other,2025-01-01"}}, []string{"measures.csv:4 measured_on measure/in-the-future"}},
		{"measured before the referral", []edit{{"measures.csv", "E1,pre,2024-01-15,WHO-5", "E1,pre,2024-01-07,WHO-5"}}, []string{"measures.csv:1 measured_on measure/before-referral"}},
		{"a baseline on the day of the review", []edit{{"measures.csv", "E1,pre,2024-01-15,WHO-5", "E1,pre,2024-05-20,WHO-5"}}, []string{"measures.csv:1 measured_on measure/pre-after-review"}},
		{"a review on the day of the plan", []edit{{"measures.csv", "E1,post,2024-05-20", "E1,post,2024-01-22"}}, []string{"measures.csv:2 measured_on measure/post-too-early"}},
		{"a follow-up before the review", []edit{{"measures.csv", "E1,3m,2024-08-20", "E1,3m,2024-05-19"}}, []string{"measures.csv:4 measured_on measure/followup-too-early"}},
		{"45 days late is on schedule", []edit{{"measures.csv", "E1,3m,2024-08-20", "E1,3m,2024-10-04"}}, nil},
		{"46 are not", []edit{{"measures.csv", "E1,3m,2024-08-20", "E1,3m,2024-10-05"}}, []string{"measures.csv:4 measured_on measure/followup-off-schedule"}},
		{"measured after death", []edit{{"measures.csv", "E1,3m,2024-08-20", "E3,other,2024-03-02"}}, []string{"measures.csv:4 measured_on measure/after-death"}},
		{"another weight than the episode's", []edit{{"measures.csv", ",,,101.5", ",,,101.4"}}, []string{"measures.csv:3 value measure/disagrees-with-episode"}},
		{"the same weight otherwise written", []edit{{"measures.csv", ",,,101.5", ",,,101.500"}}, nil},
		{"answers that give another percentage than the episode's", []edit{{"measures.csv", "3 3 4 4 3", "3 3 4 4 4"}}, []string{"measures.csv:2 responses measure/disagrees-with-episode"}},
		{"an episode without the measure is not compared", []edit{{"episodes.csv", "101.5,97,44,68", ",97,,68"}}, []string{
			"episodes.csv:1 weight_kg_post measures/post-without-pre", "episodes.csv:1 who5_percent_post measures/post-without-pre",
		}},
	} {
		t.Run(tc.why, func(t *testing.T) {
			files := sampleExtract()
			for _, e := range tc.edits {
				files = edited(t, files, e.file, e.before, e.after)
			}
			found, _ := extractFindings(t, files)
			require.ElementsMatch(t, tc.want, found)
			for i, f := range found { // each finding says which rule in words that exist
				require.NotEmpty(t, strings.TrimSpace(f), i)
			}
		})
	}
}

// Every rule of the children and every agreement is found by a case above, or it
// is named here with the test that finds it.
func TestExtractRulesAreAllTested(t *testing.T) {
	source := readFile(t, "extract_rules_test.go") + readFile(t, "extract_files_test.go")
	for _, d := range append(ExtractDictionaries()[1:], ExtractRules()) {
		for _, r := range d.own {
			require.True(t, strings.Contains(source, " "+r.ID+`"`), "no case finds %s", r.ID)
			require.NotEmpty(t, r.Problem, r.ID)
			require.NotEmpty(t, r.Fix, r.ID)
			require.NotEmpty(t, r.Per, r.ID)
			require.NotZero(t, r.Scope, r.ID)
		}
	}
}
