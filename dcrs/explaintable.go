package dcrs

// Why each rule of edition 2026.1 exists, and an example of what it finds and of
// what it leaves alone. The texts are this library's own reasons; where a source
// gives one it is named. A test runs the validator over every example.

// story is what an explanation adds to a rule. Examples are changes to one of the
// rows in exampleRows: "field=value" joined by ", "; one string is one row.
type story struct {
	why       string
	base      string   // of exampleRows; "" for waiting
	bad, good []string // good: nil for the base as it is
	// also are rules that find something in the bad example too, beside the one that
	// it is for; alsoGood those that find something in the good one: nothing but
	// notes that cannot be avoided.
	also, alsoGood []string
	badFile        string // instead of bad: the file itself
	mapping        string // the column of a mapping through which both are read
}

// The changes that make the rows of exampleRows: made-up clients in whose rows
// nothing is wrong. One waits, one comes after the first contact, one has a plan
// and a review but no measures, and one has every field filled but the NHS number.
const exampleWaiting = "client_id=C1, episode_id=E1, service_code=HT1, trainer_id=T1, date_of_birth=1980-05-17, " +
	"gender=2, ethnic_category=A, postcode=XX1 1AA, imd_quintile=1, imd_edition=2019, gp_practice_code=P99999, " +
	"setting=community, referral_source=gp, referral_date=2024-10-01"

const exampleContacted = "first_contact_date=2024-10-08, consent=Y, client_mode=one_to_one"

const exampleReviewed = "referral_date=2023-06-05, first_contact_date=2023-06-12, consent=Y, client_mode=one_to_one, " +
	"assessment_date=2023-06-19, primary_issue=diet, plan_date=2023-06-26, plan_status=achieved, goal_1_issue=diet, goal_1_status=achieved, " +
	"review_date=2023-09-25, closure_date=2023-10-02, closure_reason=completed"

const exampleWhole = "trainer_imd_quintile=2, age_at_referral=43, lsoa=E01999999, employment_status=02, disability=05;09, " +
	"accommodation_type=02, supervision=none, secondary_issues=exercise, wider_needs=finance;isolation;caring, wider_needs_met=finance, " +
	"wider_needs_part_met=isolation, employment_status_post=01, accommodation_type_post=02, goal_2_issue=exercise, " +
	"goal_2_status=part_achieved, goal_3_issue=smoking, goal_3_status=achieved, importance_pre=6, importance_post=8, confidence_pre=5, confidence_post=7, " +
	"sessions_planned=8, sessions_attended=7, sessions_missed=1, signposted_to=gp, signposted_date=2023-06-19, " +
	"height_cm=170.0, weight_kg_pre=90.0, weight_kg_post=86.0, bmi_pre=31.1, bmi_post=29.8, waist_cm_pre=100, waist_cm_post=97, " +
	"systolic_pre=138, systolic_post=130, diastolic_pre=88, diastolic_post=82, fruit_veg_pre=2, fruit_veg_post=4.5, " +
	"fried_snacks_pre=6, fried_snacks_post=2, activity_moderate_pre=1, activity_moderate_post=4, activity_vigorous_pre=0, " +
	"activity_vigorous_post=1, alcohol_units_pre=20, alcohol_units_post=12, cigarettes_pre=10, cigarettes_post=0, " +
	"smoking_status_pre=1, smoking_status_post=2, general_health_pre=50, general_health_post=65, self_efficacy_pre=25, " +
	"self_efficacy_post=30, who5_1_pre=2, who5_2_pre=2, who5_3_pre=3, who5_4_pre=2, who5_5_pre=2, who5_percent_pre=44, " +
	"who5_1_post=3, who5_2_post=3, who5_3_post=4, who5_4_post=3, who5_5_post=3, who5_percent_post=64, " +
	"followup_3m_date=2023-12-25, followup_3m_maintained=yes, followup_6m_date=2024-03-25, followup_6m_maintained=part, " +
	"followup_12m_date=2024-09-25, followup_12m_maintained=no, workforce_step=none"

// Rows of the other files, with every field filled.
const (
	exampleContact = "episode_id=E1, contact_id=K1, contact_date=2024-01-15, consultation_medium=01, attendance=attended, purpose=assessment, " +
		"duration_minutes=60, setting=community, trainer_id=T1, techniques=1.1;9.2"
	exampleGoal = "episode_id=E1, goal_id=G1, goal_number=1, issue=diet, measure=fruit_veg, baseline=2, target=5, result=5.5, " +
		"set_date=2024-01-22, due_date=2024-04-22, review_date=2024-05-20, status=achieved"
	exampleSignpost = "episode_id=E1, signpost_id=S1, signpost_date=2024-01-22, destination=stop_smoking, kind=referred, issue=smoking, " +
		"need=dependency, consent=Y, outcome=engaged, outcome_date=2024-02-20"
	exampleNeed    = "episode_id=E1, need=isolation, severity=low, status=met, recorded_date=2024-01-15, status_date=2024-04-08"
	exampleMeasure = "episode_id=E1, time_point=pre, measured_on=2024-01-15, measure=WHO-5, responses=2 2 2 3 2, scale=percent, value=44"
)

// testRange is the note about the NHS numbers of the examples, which all come
// from the range that is kept for tests.
var testRange = []string{"client/nhs-number-test-range"}

// exampleFields are changes to the example of a field rule, where the one made
// for its family would break another rule too: to both of them, or to the bad one
// and, behind a bar, to the good one.
var exampleFields = map[string]string{
	"sessions_attended/implausible": "sessions_planned=",
	"age_at_referral/implausible":   "date_of_birth=1912-05-17 | date_of_birth=1913-05-17",
	"smoking_status_pre/*":          "cigarettes_pre=10",
	"smoking_status_post/*":         "cigarettes_pre=10, cigarettes_post=0",
}

// exampleAlso are the rules that find something in the bad example of a field rule
// too, where that cannot be avoided.
var exampleAlso = map[string][]string{
	"age_at_referral/implausible": {"dates/age-at-referral"}, // it says the same of the date of birth
}

var stories = map[string]story{
	"FIELD/blank":         {why: "The field is expected in every row. Without it the row cannot be linked, placed or counted with the others, and who is missing is seldom a matter of chance: in one national extract fewer records were complete for some ethnic groups and quintiles than for others (GARD-SL)."},
	"FIELD/format":        {why: "What cannot be read cannot be checked or counted, and programs that guess (is 04/05/2024 in April or in May?) guess differently."},
	"FIELD/code":          {why: "A code that is not in the list means something at the place where it was entered and nothing anywhere else."},
	"FIELD/range":         {why: "No client can have this value: it is a slip of the keyboard, another unit, or a number from another column. One of them moves a mean for everybody."},
	"FIELD/implausible":   {why: "Such values occur, but slips are far more common. The value is kept and counted; somebody should look."},
	"FIELD/repeated-code": {why: "A program that counts the codes counts the client twice."},

	"file/empty":           {why: "An export that failed half-way often leaves an empty file behind.", badFile: "\n\n"},
	"file/encoding":        {why: "Letters beyond plain English come out as others, and programs that read the file after this one may refuse it.", badFile: "HEADER,remark\nROW,\xff\n", also: []string{"file/unknown-column"}},
	"file/not-text":        {why: "A workbook or a database under the name of a CSV file: nothing in it could be read.", badFile: "PK\x03\x04\x00\x00\x00\x00"},
	"file/delimiter":       {why: "Spreadsheets set to a language with decimal commas write semicolons. Read with commas, every row would be one long cell.", badFile: "SEMICOLONS"},
	"file/missing-column":  {why: "Rules about a column that is not there find nothing, which looks like a clean file.", badFile: "WITHOUT workforce_step"},
	"file/unknown-column":  {why: "A column under another name is not checked; and free text or a name in a column that nobody knows of may be personal data that should not leave.", badFile: "HEADER,notes\nROW,\n"},
	"file/repeated-column": {why: "Two columns of one name hold two truths, and programs differ in which they read.", badFile: "HEADER,gender\nROW,1\n"},
	"file/date-format": {
		why:     "The dates could be read, since the mapping or the whole column says how. But the next program that reads the file may take 04/05 for the fifth of April.",
		mapping: `{"heading": "referral_date", "field": "referral_date", "date": "dd/mm/yyyy"}`,
		bad:     []string{"referral_date=01/10/2024"},
	},
	"file/number-format": {
		why:     "The numbers could be read, since the mapping or the whole column says how. A program that does not know reads 85,5 as 855, or as two cells.",
		mapping: `{"heading": "weight_kg_pre", "field": "weight_kg_pre", "number": {"decimal": ","}}`,
		base:    "reviewed", bad: []string{"weight_kg_pre=85,5"}, good: []string{"weight_kg_pre=85.5"},
	},
	"file/lost-zeros": {
		why:     "A spreadsheet takes 01 for the number 1. Here every code could be told all the same; where 1 and 01 are two codes they could not.",
		mapping: `{"heading": "employment_status", "field": "employment_status", "lost_zeros": true}`,
		bad:     []string{"employment_status=2"}, good: []string{"employment_status=02"},
	},
	"file/labels": {
		why:     "The labels could be told, but they are wordings: the next release of a system may word one otherwise, and a code stays.",
		mapping: `{"heading": "gender", "field": "gender", "labels": true}`,
		bad:     []string{"gender=Female"},
	},
	"file/row-length":      {why: "Cells have moved: what stands under a heading may belong to another, so nothing in the row can be trusted.", badFile: "HEADER\nROW,one cell too many\n"},
	"file/quote":           {why: "Programs disagree about a stray quote, and some swallow all the rows up to the next one.", badFile: "HEADER\n\"C1\" and,ROW\n"},
	"file/record-too-long": {why: "No row of an extract is a megabyte long: line ends are missing, or a file of another kind was glued on.", badFile: "HEADER\nENDLESS\n"},
	"file/control-character": {
		why: "Such characters cannot be seen, make equal codes unequal, and break XML and databases further on.", badFile: "HEADER,remark\nROW,a\x01b\n",
		also: []string{"file/unknown-column"},
	},

	"client/nhs-number-check-digit": {
		why: "The last digit follows from the others, so a wrong one proves a slip; the number belongs to nobody, or to somebody else.",
		bad: []string{"nhs_number=9990000019"}, good: []string{"nhs_number=9990000018"}, alsoGood: testRange,
	},
	"client/nhs-number-placeholder": {
		why: "Systems that insist on a number are given a filler. Different clients then share it, and linkage by NHS number makes one person of them.",
		bad: []string{"nhs_number=9999999999"},
	},
	"client/nhs-number-test-range": {
		why: "Numbers that begin with 999 are kept for tests and belong to no patient. In real data one shows that a test record was left in; in a sample it is as it should be.",
		bad: []string{"nhs_number=9990000018"},
	},
	"client/nhs-number-status-disagrees": {
		why: "The status says whether a number is there and how far it was verified. Where the two disagree, nobody can tell whether the client was traced.",
		bad: []string{"nhs_number=, nhs_number_status=01"}, good: []string{"nhs_number=, nhs_number_status=07"},
	},
	"client/id-is-nhs-number": {
		why: "client_id goes where NHS numbers must not: reports, exports for partners, the work of a university. A pseudonym that is an NHS number protects nobody.",
		bad: []string{"client_id=9990000018"},
	},
	"client/nhs-number-shared": {
		why:      "Either one person was registered twice, and every count of clients is one too many, or one of the two has somebody else's number.",
		bad:      []string{"nhs_number=9990000018", "nhs_number=9990000018, client_id=C2, episode_id=E2, date_of_birth=1971-02-03"},
		good:     []string{"nhs_number=9990000018, closure_date=2024-10-05, closure_reason=declined", "nhs_number=9990000018, episode_id=E2, referral_date=2024-10-20"},
		also:     testRange,
		alsoGood: testRange,
	},
	"client/inconsistent": {
		why:  "A date of birth or an ethnic category does not change between two episodes. One of the rows is wrong, or belongs to another client.",
		bad:  []string{"closure_date=2024-10-05, closure_reason=declined", "episode_id=E2, referral_date=2024-10-20, date_of_birth=1980-05-18"},
		good: []string{"closure_date=2024-10-05, closure_reason=declined", "episode_id=E2, referral_date=2024-10-20"},
	},
	"client/same-person": {
		why:  "Date of birth, gender and full postcode together nearly always mean one person. Registered twice, one client counts as two, and the outcome of the first episode is lost to the second.",
		bad:  []string{"", "client_id=C2, episode_id=E2"},
		good: []string{"", "client_id=C2, episode_id=E2, date_of_birth=1975-11-30"},
	},
	"episode/duplicate": {
		why:  "The same episode would be counted twice; it usually comes from two exports pasted together.",
		bad:  []string{"", "client_id=C2, date_of_birth=1975-11-30"},
		good: []string{"", "client_id=C2, date_of_birth=1975-11-30, episode_id=E2"},
	},
	"episode/overlap": {
		why:  "One client cannot be on two journeys in one service at a time. As a rule the first was never closed.",
		bad:  []string{"", "episode_id=E2, referral_date=2024-10-20"},
		good: []string{"closure_date=2024-10-20, closure_reason=declined", "episode_id=E2, referral_date=2024-10-20"},
	},

	"place/quintile-for-pseudo-postcode": {
		why: "A ZZ99 postcode is no place, so no index of deprivation has a value for it (PCODE). The quintile was kept from an earlier address or made up.",
		bad: []string{"postcode=ZZ99 3VZ"}, good: []string{"postcode=ZZ99 3VZ, imd_quintile=, imd_edition="},
	},
	"place/quintile-missing": {
		why: "Whether the programme reaches the most deprived areas is the first thing that a commissioner asks; the quintile follows from the postcode.",
		bad: []string{"imd_quintile=, imd_edition="},
	},
	"place/quintile-without-edition": {
		why: "The quintiles of two editions of the index, or of two nations, are not the same thing: an area can move without anything having changed in it.",
		bad: []string{"imd_edition="},
	},
	"place/edition-in-the-future": {
		why: "The index of that year cannot have existed when the extract was made: the year is a slip, or a number from another column.",
		bad: []string{"imd_edition=2025"},
	},
	"place/lsoa-and-edition-nation": {
		why: "The English index ranks English areas and the Welsh index Welsh ones. A quintile looked up in the wrong table is not a quintile.",
		bad: []string{"lsoa=W01999999"}, good: []string{"lsoa=W01999999, imd_edition=W2019"},
	},
	"place/no-abode-but-housed": {
		why: "ZZ99 3VZ says that the client has no fixed abode, the accommodation that there is one. Homelessness is a reason to refer and must not be miscounted.",
		bad: []string{"postcode=ZZ99 3VZ, imd_quintile=, imd_edition=, accommodation_type=02"}, good: []string{"postcode=ZZ99 3VZ, imd_quintile=, imd_edition=, accommodation_type=12"},
	},
	"place/prison-setting-elsewhere": {
		why:  "Someone seen in prison lives in a criminal justice setting and is in custody or on remand. Otherwise the setting is that of the referral and not of the work.",
		bad:  []string{"setting=prison, supervision=custody, accommodation_type=02"},
		good: []string{"setting=prison, supervision=custody, accommodation_type=21"},
	},

	"dates/birth-after-referral": {
		why: "Nobody is referred before birth. As a rule the year of birth is that of the referral, or the two columns were swapped.",
		bad: []string{"date_of_birth=2024-10-02"},
	},
	"dates/age-at-referral": {
		why: "Health trainers work with adults. An age beyond these limits is more often a wrong century or year than a client.",
		bad: []string{"date_of_birth=2009-05-17"},
	},
	"dates/age-disagrees": {
		why: "The age follows from the two dates. Where it does not, one of the three is wrong, and age bands count the client in the wrong one.",
		bad: []string{"age_at_referral=45"}, good: []string{"age_at_referral=44"},
	},
	"dates/in-the-future": {
		why: "What has not happened cannot be recorded. It is a planned appointment entered as held, or a slip in the year.",
		bad: []string{"first_contact_date=2024-12-08, consent=Y, client_mode=one_to_one"}, good: []string{"first_contact_date=2024-10-08, consent=Y, client_mode=one_to_one"},
	},
	"dates/before-the-programme": {
		why: "The programme began in 2005 (HTE-ABT): an earlier referral is a wrong year, or belongs to another service.",
		bad: []string{"referral_date=2004-10-01, closure_date=2024-10-20, closure_reason=declined"}, good: []string{"referral_date=2014-10-01, closure_date=2024-10-20, closure_reason=declined"},
	},
	"dates/contact-too-early": {
		why:  "The time from referral to first contact, which services are judged by, would be negative. At outreach the contact can truly come first; hence a warning.",
		base: "contacted", bad: []string{"first_contact_date=2024-09-28"},
	},
	"dates/assessment-too-early": {
		why:  "What is measured at assessment is the baseline; before the first contact there is nobody to measure.",
		base: "contacted", bad: []string{"assessment_date=2024-10-07"}, good: []string{"assessment_date=2024-10-15"},
	},
	"dates/plan-too-early": {
		why:  "A personal health plan grows out of the assessment. A plan before it is a date in the wrong column or a wrong month.",
		base: "reviewed", bad: []string{"plan_date=2023-06-16"},
	},
	"dates/signposted-too-early": {
		why:  "Somebody has to speak with the client before signposting. At triage it can happen on the way; hence a warning.",
		base: "contacted", bad: []string{"signposted_to=gp, signposted_date=2024-10-05"}, good: []string{"signposted_to=gp, signposted_date=2024-10-08"},
	},
	"dates/review-too-early": {
		why:  "The review looks back on the plan. With the dates swapped, the follow-up measures would be taken for the baseline.",
		base: "reviewed", bad: []string{"review_date=2023-06-24"},
	},
	"dates/review-same-day": {
		why:  "On the day of the assessment nothing can have changed: what is called the measure at review is the baseline once more, and makes the service look as if it had no effect.",
		base: "reviewed", bad: []string{"review_date=2023-06-26"},
	},
	"dates/followup-too-early": {
		why:  "A follow-up asks whether a change has lasted since the review, so it cannot come before it.",
		base: "reviewed", bad: []string{"followup_3m_date=2023-08-25, followup_3m_maintained=yes"}, good: []string{"followup_3m_date=2023-12-25, followup_3m_maintained=yes"},
	},
	"dates/followups-out-of-order": {
		why: "The follow-up at 6 months comes after the one at 3 months; otherwise what was maintained when cannot be told.", base: "reviewed",
		bad:  []string{"followup_3m_date=2024-01-25, followup_3m_maintained=yes, followup_6m_date=2024-01-25, followup_6m_maintained=yes"},
		good: []string{"followup_3m_date=2024-01-25, followup_3m_maintained=yes, followup_6m_date=2024-03-25, followup_6m_maintained=yes"},
		also: []string{"dates/followup-off-schedule"},
	},
	"dates/followup-off-schedule": {
		why:  "A change that lasted five months should not be counted as one that lasted three. True dates need no mending; whoever counts should know.",
		base: "reviewed", bad: []string{"followup_3m_date=2024-02-25, followup_3m_maintained=yes"}, good: []string{"followup_3m_date=2023-12-25, followup_3m_maintained=yes"},
	},
	"dates/closed-too-early": {
		why:  "Nothing of the journey but a follow-up can come after its end. The closure or the later date is wrong, and lengths of stay with it.",
		base: "reviewed", bad: []string{"closure_date=2023-09-20"},
	},
	"dates/stale-open": {
		why: "An episode in which nothing has happened for a year was most likely left open by oversight. It inflates the caseload and hides clients who dropped out.",
		bad: []string{"referral_date=2023-10-01"},
	},

	"pathway/mode-missing": {
		why:  "Work one to one, signposting and information are counted and paid for differently; without the mode the contact counts as none of them.",
		base: "contacted", bad: []string{"client_mode="},
	},
	"pathway/consent-missing": {
		why:  "After the first contact the service must know whether the client agreed to the record being shared. A blank is not a yes.",
		base: "contacted", bad: []string{"consent="}, good: []string{"consent=not_asked"},
	},
	"pathway/consent-refused": {
		why:  "The client has said no. The record has no place in a file that leaves the service.",
		base: "contacted", bad: []string{"consent=N"},
	},
	"pathway/assessment-missing": {
		why:  "A plan or a baseline measure without the date of the assessment has no beginning: neither waits nor change over time can be worked out.",
		base: "reviewed", bad: []string{"assessment_date="},
	},
	"pathway/supervision-missing": {
		why: "In probation, prisons and approved premises every client is under some kind of supervision, and results are reported by it.",
		bad: []string{"setting=probation"}, good: []string{"setting=probation, supervision=licence"},
	},
	"pathway/supervision-unexpected": {
		why: "Someone in custody cannot be seen in a community venue. Either the setting or the supervision is out of date.",
		bad: []string{"supervision=custody"}, good: []string{"supervision=licence"},
	},
	"pathway/justice-referral-outside-justice": {
		why: "Probation and prisons refer people under supervision; that may have ended since, so this is only a note.",
		bad: []string{"referral_source=probation, supervision=none"}, good: []string{"referral_source=probation, supervision=licence"},
	},
	"pathway/plan-in-other-mode": {
		why:  "A client who was only signposted has no plan. As a rule the work became one to one and the mode was not changed, so that the plan is lost to the count of plans.",
		base: "contacted",
		bad:  []string{"client_mode=signposted, signposted_to=gp, signposted_date=2024-10-08, plan_date=2024-10-15, plan_status=open, primary_issue=diet"},
		good: []string{"client_mode=one_to_one, assessment_date=2024-10-12, signposted_to=gp, signposted_date=2024-10-08, plan_date=2024-10-15, plan_status=open, primary_issue=diet"},
	},
	"pathway/primary-issue-missing": {
		why:  "The primary issue is what services are compared by, and in one extract it was missing for about half of the clients (JECH).",
		base: "reviewed", bad: []string{"primary_issue="},
	},
	"pathway/primary-among-others": {
		why: "The issue would be counted twice for one client.",
		bad: []string{"primary_issue=diet, secondary_issues=diet;exercise"}, good: []string{"primary_issue=diet, secondary_issues=exercise"},
	},
	"pathway/none-with-others": {
		why: "No disability, or not stated, cannot be true beside a disability. As a rule a default was never taken away.",
		bad: []string{"disability=NN;05"}, good: []string{"disability=05"},
	},
	"pathway/need-met-not-recorded": {
		why: "The share of wider needs that were met is counted out of the needs recorded. One that is met and was never recorded, or is both met and part met, makes it wrong.",
		bad: []string{"wider_needs=finance, wider_needs_met=isolation"}, good: []string{"wider_needs=finance;isolation, wider_needs_met=isolation"},
	},
	"pathway/signpost-pair": {
		why:  "Signposting is an event: where to and when. With half of it the event can be neither counted nor placed in time.",
		base: "contacted", bad: []string{"signposted_to=gp"}, good: []string{"signposted_to=gp, signposted_date=2024-10-08"},
	},
	"pathway/signposted-to-nothing": {
		why:  "Where clients were signposted is the whole result of this kind of help.",
		base: "contacted", bad: []string{"client_mode=signposted"}, good: []string{"client_mode=signposted, signposted_to=gp, signposted_date=2024-10-08"},
	},
	"pathway/closure-pair": {
		why: "An episode that is closed without a reason counts as neither completed nor dropped out; with a reason and no date it still counts as open.",
		bad: []string{"closure_date=2024-10-20"}, good: []string{"closure_date=2024-10-20, closure_reason=declined"},
	},
	"pathway/followup-pair": {
		why:  "Only a follow-up with its result says whether a change has lasted. Someone lost to follow-up has no date.",
		base: "reviewed", bad: []string{"followup_3m_date=2023-12-25"}, good: []string{"followup_3m_maintained=lost"},
	},
	"pathway/attended-none-but-reviewed": {
		why:  "A review is held with the client, at a session.",
		base: "reviewed", bad: []string{"sessions_attended=0"}, good: []string{"sessions_attended=5"},
	},
	"pathway/attended-more-than-planned": {
		why: "It happens, and then all is well; but swapped columns look the same.",
		bad: []string{"sessions_planned=6, sessions_attended=8"}, good: []string{"sessions_planned=8, sessions_attended=6"},
	},
	"pathway/recalled-not-supervised": {
		why:  "Only someone under supervision can be recalled to prison or released from it.",
		bad:  []string{"closure_date=2024-10-20, closure_reason=recalled, supervision=none"},
		good: []string{"closure_date=2024-10-20, closure_reason=recalled, supervision=licence"},
	},
	"pathway/died-with-later-event": {
		why:  "Either the client did not die, or the follow-up was held with somebody else. Letters to a family are at stake as much as counts.",
		base: "reviewed",
		bad:  []string{"closure_reason=died, plan_status=lost, followup_3m_date=2023-12-25, followup_3m_maintained=yes"},
		good: []string{"closure_reason=died, plan_status=lost"},
	},

	"plan/status-missing": {
		why:  "How many plans were achieved is the programme's main result; a plan without a status is in none of its rows.",
		base: "reviewed", bad: []string{"plan_status="},
	},
	"plan/date-missing": {
		why:  "A plan counts from its date: without one it falls out of every count by period.",
		base: "reviewed", bad: []string{"plan_date="},
	},
	"plan/goal-pair": {
		why:  "A goal needs both what it was about and what became of it.",
		base: "reviewed", bad: []string{"goal_2_issue=exercise"}, good: []string{"goal_2_issue=exercise, goal_2_status=part_achieved"},
	},
	"plan/goal-gap": {
		why:  "Programs that read goals one after another stop at the first empty one.",
		base: "reviewed", bad: []string{"goal_3_issue=exercise, goal_3_status=achieved"}, good: []string{"goal_2_issue=exercise, goal_2_status=achieved"},
	},
	"plan/achieved-but-goals-are-not": {
		why:  "The plan's status sums up its goals. Where they contradict, one of them was not kept up.",
		base: "reviewed", bad: []string{"goal_2_issue=exercise, goal_2_status=not_achieved"}, good: []string{"plan_status=part_achieved, goal_2_issue=exercise, goal_2_status=not_achieved"},
	},
	"plan/open-but-closed": {
		why:  "An episode closed as completed has a plan that was settled; still open, it is missing among the results.",
		base: "reviewed", bad: []string{"plan_status=open"},
	},
	"plan/settled-without-review": {
		why:  "Whether a plan was achieved is decided at its review.",
		base: "reviewed", bad: []string{"review_date="},
	},
	"plan/primary-issue-without-goal": {
		why:  "Clients choose their goals, so this can be true; but it often shows that the primary issue was never updated.",
		base: "reviewed", bad: []string{"primary_issue=smoking"},
	},

	"measures/post-without-pre": {
		why:  "A change needs two values. The second alone is lost to every comparison.",
		base: "reviewed", bad: []string{"fruit_veg_post=4"}, good: []string{"fruit_veg_pre=2, fruit_veg_post=4"},
	},
	"measures/post-without-review": {
		why:  "A measure without its day cannot be called the result of anything.",
		base: "reviewed", bad: []string{"review_date=, plan_status=lost, fruit_veg_pre=2, fruit_veg_post=4"}, good: []string{"plan_status=lost, fruit_veg_pre=2, fruit_veg_post=4"},
	},
	"measures/bmi-disagrees": {
		why:  "The body mass index follows from height and weight. Where it does not, one of the three is a slip, and the mean BMI, a headline of the programme, is wrong by it.",
		base: "reviewed", bad: []string{"height_cm=170.0, weight_kg_pre=90.0, bmi_pre=33.1"}, good: []string{"height_cm=170.0, weight_kg_pre=90.0, bmi_pre=31.1"},
	},
	"measures/height-in-another-unit": {
		why: "People know their height in metres or in feet and inches. Read as centimetres it makes every BMI absurd.",
		bad: []string{"height_cm=1.70"}, good: []string{"height_cm=170"},
	},
	"measures/weight-in-another-unit": {
		why:  "A weight in pounds read as kilograms looks like severe obesity and, at the review, like a miracle.",
		base: "reviewed", bad: []string{"height_cm=160, weight_kg_pre=215"}, good: []string{"height_cm=160, weight_kg_pre=97.5"},
	},
	"measures/big-change": {
		why:  "So large a change in some months is rare, and a swapped digit or unit is not. One of them can make up the whole mean change of a small service.",
		base: "reviewed", bad: []string{"weight_kg_pre=96.0, weight_kg_post=66.0"}, good: []string{"weight_kg_pre=96.0, weight_kg_post=91.0"},
	},
	"measures/blood-pressure-order": {
		why: "The systolic pressure is the higher of the two by definition: the cells were swapped, or a digit was.",
		bad: []string{"systolic_pre=80, diastolic_pre=120"}, good: []string{"systolic_pre=120, diastolic_pre=80"}, base: "reviewed",
	},
	"measures/smoker-without-cigarettes": {
		why: "Whether a smoker has cut down can be told only from the number.", base: "reviewed",
		bad: []string{"smoking_status_pre=1"}, good: []string{"smoking_status_pre=1, cigarettes_pre=15"},
	},
	"measures/cigarettes-but-not-smoker": {
		why: "Someone who smokes ten a day is a smoker. Counted as a quitter, the client makes the quit rate too good.", base: "reviewed",
		bad: []string{"smoking_status_pre=2, cigarettes_pre=10"}, good: []string{"smoking_status_pre=2, cigarettes_pre=0"},
	},
	"measures/never-smoked-after-smoking": {
		why: "Who smoked can stop, but not have never smoked: the status at review should be ex-smoker.", base: "reviewed",
		bad: []string{"smoking_status_pre=2, smoking_status_post=4"}, good: []string{"smoking_status_pre=2, smoking_status_post=2"},
	},
	"measures/who5-incomplete": {
		why: "The WHO-5 is scored from all five items; a sum of four looks like poor wellbeing and is none.", base: "reviewed",
		bad:  []string{"who5_1_pre=2, who5_2_pre=3, who5_3_pre=3, who5_4_pre=2"},
		good: []string{"who5_1_pre=2, who5_2_pre=3, who5_3_pre=3, who5_4_pre=2, who5_5_pre=3"},
	},
	"measures/who5-not-multiple-of-4": {
		why: "The percentage is 4 times a sum of whole numbers; anything between was rounded, averaged or typed by hand.", base: "reviewed",
		bad: []string{"who5_percent_pre=50"}, good: []string{"who5_percent_pre=52"},
	},
	"measures/who5-total-disagrees": {
		why: "Most often the raw sum (0 to 25) was entered as the percentage: wellbeing then looks a quarter of what it is.", base: "reviewed",
		bad:  []string{"who5_1_pre=2, who5_2_pre=3, who5_3_pre=3, who5_4_pre=2, who5_5_pre=2, who5_percent_pre=12"},
		good: []string{"who5_1_pre=2, who5_2_pre=3, who5_3_pre=3, who5_4_pre=2, who5_5_pre=2, who5_percent_pre=48"},
	},
	"measures/who5-raw-as-percent": {
		why: "One low score is a client in a bad way. Twenty or more scores of 25 or below, and not one above, is a service that exported raw sums.", base: "reviewed",
		bad: []string{"TWENTY who5_percent_pre=12"}, good: []string{"TWENTY who5_percent_pre=48"},
	},
	"measures/identical-pre-post": {
		why: "Of several measures at least one moves a little in three months. All alike, they were probably copied from the assessment to fill the form.", base: "reviewed",
		bad:  []string{"weight_kg_pre=90.0, weight_kg_post=90.0, waist_cm_pre=100, waist_cm_post=100, fruit_veg_pre=2, fruit_veg_post=2, general_health_pre=50, general_health_post=50"},
		good: []string{"weight_kg_pre=90.0, weight_kg_post=88.5, waist_cm_pre=100, waist_cm_post=100, fruit_veg_pre=2, fruit_veg_post=3, general_health_pre=50, general_health_post=55"},
	},
}
