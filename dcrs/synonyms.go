package dcrs

import (
	"strings"
	"sync"
	"unicode"
)

// headingWords are other forms of the words in headings, each with what it
// stands for. The key is one word, or two that belong together.
var headingWords = map[string]string{
	"no": "number", "num": "number", "nr": "number", "#": "number", "ref": "referral", "refd": "referral", "referred": "referral",
	"dob": "date birth", "birthdate": "date birth", "born": "date birth", "birth date": "date birth", "dt": "date", "dates": "date",
	"wt": "weight", "bp": "blood pressure", "e mail": "email", "sys": "systolic", "sbp": "systolic blood pressure", "dia": "diastolic", "dbp": "diastolic blood pressure",
	"patient": "client", "pt": "client", "customer": "client", "participant": "client", "user": "client", "service user": "client", "su": "client", "person": "client",
	"sex": "gender", "ethnicity": "ethnic category", "ethnic group": "ethnic category", "ethnic origin": "ethnic category",
	"post code": "postcode", "pcode": "postcode", "zip": "postcode", "zipcode": "postcode",
	"follow up": "followup", "fu": "followup", "mth": "month", "mths": "month", "months": "month", "3m": "3 month", "6m": "6 month", "12m": "12 month", "3mth": "3 month", "6mth": "6 month", "12mth": "12 month",
	"cigs": "cigarettes", "mass index": "massindex", "identifier": "id", "ident": "id", "surgery": "practice", "org": "organisation", "organization": "organisation",
	"appointments": "sessions", "appts": "sessions", "appt": "sessions", "visits": "sessions", "session": "sessions", "contacts": "sessions",
	"dna": "missed", "dnas": "missed", "unattended": "missed", "accomodation": "accommodation", "housing": "accommodation", "employed": "employment", "occupation": "employment",
	"exercise": "activity", "fruit veg": "fruitveg", "fruit vegetables": "fruitveg", "5aday": "fruitveg", "phase": "stage",
	"opened": "start", "closed": "closure", "discharge": "closure", "discharged": "closure", "closing": "closure", "php": "plan",
	"who 5": "who5", "whofive": "who5", "disabled": "disability", "smoker": "smoking", "smokes": "smoking", "disabilities": "disability",
}

// idleWords say nothing in a heading.
var idleWords = wordSet("of the at a an for in to by is was and or s their this with please enter value per field column current usual home")

// The words in a heading that say before or after, where there is no date.
var (
	beforeWords = wordSet("pre before baseline start initial first intake entry assessment assess t0 begin beginning")
	afterWords  = wordSet("post after end final exit review last t1 closure finish outcome")
)

// headingSynonyms are other headings of our own fields, as services have them in
// their spreadsheets; what the words above and the labels do not already give.
// They are this library's own.
var headingSynonyms = map[string][]string{
	"client_id":            {"client number", "client reference", "client ref", "unique id", "unique client number", "URN", "record number"},
	"episode_id":           {"episode number", "referral id", "referral number", "case id", "case number", "case ref", "journey id"},
	"service_code":         {"service", "service id", "provider", "provider code", "organisation code", "team"},
	"trainer_id":           {"trainer", "HT", "HT id", "HT code", "health trainer code", "health trainer number", "worker", "worker id", "keyworker", "key worker", "practitioner", "staff id"},
	"trainer_imd_quintile": {"trainer deprivation quintile", "trainer quintile"},
	"nhs_number":           {"NHS no", "NHS num", "NHS", "NHS id"},
	"nhs_number_status":    {"NHS no status", "NHS number verified"},
	"date_of_birth":        {"DOB", "D.O.B.", "birthday", "client date of birth"},
	"age_at_referral":      {"age", "client age"},
	"gender":               {"sex", "M/F", "client gender", "gender identity"},
	"ethnic_category":      {"ethnicity", "ethnic code", "ethnicity code"},
	"postcode":             {"postal code", "client postcode", "home postcode"},
	"lsoa":                 {"LSOA code", "LSOA11", "LSOA21", "LSOA11CD", "LSOA21CD", "super output area"},
	"imd_quintile":         {"IMD", "quintile", "deprivation quintile", "deprivation", "IMD quintile of residence"},
	"imd_edition":          {"IMD year", "IMD version"},
	"gp_practice_code":     {"GP", "GP code", "practice code", "GP surgery", "practice", "registered practice"},
	"employment_status":    {"employment", "employment code", "work status", "working status"},
	"disability":           {"disability code", "has a disability"},
	"accommodation_type":   {"accommodation", "housing", "housing status", "housing type", "accommodation status", "living arrangements"},
	"setting":              {"location", "venue", "place seen", "site type"},
	"supervision":          {"probation status", "order type", "type of order", "supervision type", "criminal justice status", "licence"},
	"referral_source":      {"referred by", "referral route", "how heard", "referrer", "referrer type", "source"},
	"referral_date":        {"referred on", "referred", "referral received", "date received", "date referral received", "ref date"},
	"first_contact_date":   {"first contact", "first seen", "first appointment date", "date first seen", "1st contact date", "contact date"},
	"assessment_date":      {"assessed on", "assessment", "initial assessment", "date of assessment", "assessment completed"},
	"consent":              {"consent given", "consented", "consent to share", "data sharing consent", "information sharing consent"},
	"client_mode":          {"intervention type", "type of support", "support type", "mode", "intervention"},
	"primary_issue":        {"main issue", "primary goal", "presenting issue", "main reason", "reason for referral"},
	"secondary_issues":     {"other issues", "secondary issue", "additional issues"},
	"wider_needs":          {"wider needs identified", "needs", "other needs", "social needs", "wider determinants", "support needs"},
	"wider_needs_met":      {"needs met"},
	"wider_needs_part_met": {"needs part met", "needs partly met", "needs partially met"},
	"plan_date":            {"PHP date", "date of plan", "plan agreed", "date PHP agreed", "personal health plan date"},
	"plan_status":          {"PHP outcome", "plan outcome", "PHP status", "outcome of plan", "plan achieved"},
	"sessions_attended":    {"sessions", "number of sessions", "attended", "appointments attended", "no of sessions attended"},
	"sessions_missed":      {"DNA", "DNAs", "missed", "did not attend", "appointments missed", "no of DNAs"},
	"sessions_planned":     {"appointments offered", "sessions offered", "planned sessions"},
	"signposted_to":        {"signposted", "signposting", "onward referral", "referred on to", "signposted service"},
	"signposted_date":      {"signposting date", "date signposted"},
	"review_date":          {"review", "date of review", "reviewed on", "final review date"},
	"height_cm":            {"height", "ht (cm)", "ht"},
	"weight_kg_pre":        {"start weight", "weight start", "weight at baseline"},
	"weight_kg_post":       {"end weight", "weight end", "finish weight"},
	"bmi_pre":              {"start BMI", "body mass index start"},
	"bmi_post":             {"end BMI"},
	"waist_cm_pre":         {"start waist", "waist circumference start"},
	"waist_cm_post":        {"end waist"},
	"fruit_veg_pre":        {"5 a day before", "portions of fruit and veg before"},
	"fruit_veg_post":       {"5 a day after", "portions of fruit and veg after"},
	"general_health_pre":   {"EQ VAS before", "health score before"},
	"general_health_post":  {"EQ VAS after", "health score after"},
	"closure_date":         {"date closed", "end date", "case closed", "discharge date", "closed on", "exit date", "completion date"},
	"closure_reason":       {"reason closed", "reason for closure", "exit reason", "discharge reason", "outcome"},
	"smoking_status_pre":   {"smoker before", "smoking before"},
	"smoking_status_post":  {"smoker after", "smoking after"},
	"workforce_step":       {"next step", "volunteer progression", "progression"},
}

// personalHeadings are what an extract should not hold at all: the dictionary has
// no field for it on purpose.
var personalHeadings = []string{
	"name", "forename", "first name", "given name", "christian name", "known as", "middle name", "surname", "last name", "family name", "full name", "client name", "client forename", "client surname",
	"title", "address", "address line 1", "address line 2", "address line 3", "address 1", "address 2", "address 3", "house number", "street", "town", "city",
	"phone", "telephone", "tel", "tel no", "phone number", "telephone number", "home phone", "mobile", "mobile number", "mobile phone", "contact number", "email", "email address", "e-mail",
	"national insurance number", "NI number", "PNC number", "PNC", "CRO number", "CRN", "prison number", "NOMIS number", "NOMS number", "next of kin", "emergency contact", "GP name",
}

// spellingGroups are texts that mean the same in a code list, whichever of them
// the list has as a code or a label. The last word of ethnic categories often
// comes with that of its group before it.
var spellingGroups = [][]string{
	{"yes", "y", "true", "given", "consented"},
	{"no", "n", "false", "refused", "not given", "declined"},
	{"male", "m", "man", "boy"},
	{"female", "f", "woman", "girl"},
	{"indeterminate", "indeterminate (unable to be classified as either male or female)"},
	{"not known", "unknown", "nk", "n/k", "not recorded", "don't know", "dont know"},
	{"not stated", "not disclosed", "prefer not to say", "not stated (person asked but declined to provide a response)", "refused to say"},
	{"other", "others", "other (please state)"},
	{"british", "white british", "white - english/welsh/scottish/northern irish/british", "white english"},
	{"irish", "white irish"},
	{"any other white background", "white other", "other white", "white any other background"},
	{"white and black caribbean", "mixed white and black caribbean"},
	{"white and black african", "mixed white and black african"},
	{"white and asian", "mixed white and asian"},
	{"any other mixed background", "mixed other", "other mixed"},
	{"indian", "asian or asian british indian", "asian indian", "british indian"},
	{"pakistani", "asian or asian british pakistani", "asian pakistani", "british pakistani"},
	{"bangladeshi", "asian or asian british bangladeshi", "asian bangladeshi", "british bangladeshi"},
	{"any other asian background", "asian or asian british other", "asian other", "other asian"},
	{"caribbean", "black or black british caribbean", "black caribbean"},
	{"african", "black or black british african", "black african"},
	{"any other black background", "black or black british other", "black other", "other black"},
	{"chinese", "other ethnic groups chinese"},
	{"any other ethnic group", "other ethnic group", "other ethnic groups other"},
	{"current smoker", "smoker", "smokes"},
	{"ex-smoker", "former smoker", "past smoker", "exsmoker"},
	{"never smoked", "never smoker", "lifelong non-smoker"},
	{"self-referral", "self", "self referred"},
	{"gp or practice nurse", "gp", "general practitioner", "doctor", "practice nurse"},
	{"one to one, towards a personal health plan", "one to one", "1 to 1", "1-1", "1:1"},
	{"achieved", "fully achieved", "met"},
	{"part achieved", "partly achieved", "partially achieved", "part met"},
	{"not achieved", "not met"},
	{"unemployed and seeking work", "unemployed"},
	{"long-term sick or disabled", "long term sick", "sick", "disabled"},
	{"no disability", "none"},
}

func wordSet(s string) map[string]bool {
	out := make(map[string]bool)
	for w := range strings.FieldsSeq(s) {
		out[w] = true
	}
	return out
}

// wordsOf takes a heading apart into its words in small letters: at signs and
// spaces, between small letters and capitals, and between letters and digits only
// where the whole is no word that is known.
func wordsOf(heading string) []string {
	var b strings.Builder
	var last rune
	for _, r := range heading {
		switch {
		case r == '#':
			b.WriteString(" # ")
		case r == '\'' || r == '’' || r == '.':
			// D.O.B. is DOB, client's is clients
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			b.WriteByte(' ')
		case unicode.IsUpper(r) && unicode.IsLower(last):
			b.WriteByte(' ')
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteRune(unicode.ToLower(r))
		}
		last = r
	}
	return strings.Fields(b.String())
}

// headingMeaning is the words of a heading in their usual forms, those that say nothing
// left out.
func headingMeaning(heading string) []string {
	in := wordsOf(heading)
	var out []string
	for i := 0; i < len(in); i++ {
		if i+1 < len(in) {
			if to, ok := headingWords[in[i]+" "+in[i+1]]; ok {
				out = append(out, strings.Fields(to)...)
				i++
				continue
			}
		}
		if to, ok := headingWords[in[i]]; ok {
			out = append(out, strings.Fields(to)...)
			continue
		}
		if !idleWords[in[i]] {
			out = append(out, in[i])
		}
	}
	return out
}

// plainLabel is a code or a label as spellings of it are compared: small letters
// without signs, what stands in brackets, and words that only bind.
func plainLabel(s string) string {
	if i := strings.IndexByte(s, '('); i > 0 {
		s = s[:i]
	}
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r == '\'' || r == '’':
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	var out []string
	for w := range strings.FieldsSeq(b.String()) {
		if w != "or" && w != "and" && w != "the" && w != "a" {
			out = append(out, w)
		}
	}
	return strings.Join(out, " ")
}

// codeResolver finds the code that a local spelling means.
type codeResolver struct {
	codes  map[string]bool
	zeros  map[string]string
	labels map[string]string // folded labels and codes
	meant  map[string]string // plain labels, groups
}

func newCodeResolver(list CodeList) *codeResolver {
	r := &codeResolver{codes: make(map[string]bool), zeros: lostZeros(list.Codes), labels: labelSpellings(list.Codes)}
	for _, c := range list.Codes {
		r.codes[c.Code] = true
	}
	groups := plainGroups()
	r.meant = uniqueSpellings(list.Codes, func(c Code) []string {
		code, label := plainLabel(c.Code), plainLabel(c.Label)
		out := []string{code, label}
		out = append(out, groups[label]...)
		if len(code) > 1 {
			out = append(out, groups[code]...)
		}
		return out
	})
	return r
}

// plainGroups gives for each plain text all those that mean the same.
var plainGroups = sync.OnceValue(func() map[string][]string {
	out := make(map[string][]string)
	for _, group := range spellingGroups {
		var plain []string
		for _, s := range group {
			if p := plainLabel(s); p != "" {
				plain = append(plain, p)
			}
		}
		for _, p := range plain {
			out[p] = append(out[p], plain...)
		}
	}
	return out
})

// how a spelling was understood.
type spellingKind uint8

const (
	spellingNone spellingKind = iota
	spellingCode
	spellingZeros
	spellingLabel
	spellingMeant
)

func (r *codeResolver) find(value string) (string, spellingKind) {
	if r.codes[value] {
		return value, spellingCode
	}
	key := fold(value)
	if code, ok := r.zeros[key]; ok {
		return code, spellingZeros
	}
	if code, ok := r.labels[key]; ok {
		return code, spellingLabel
	}
	if code, ok := r.meant[plainLabel(value)]; ok {
		return code, spellingMeant
	}
	return "", spellingNone
}
