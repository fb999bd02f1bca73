package evaluation

import "slices"

// Better says which way a measure should move.
type Better string

// The directions. They are those that health trainer services work towards; for one client the opposite
// may be right, as weight gained by someone underweight.
const (
	Higher Better = "higher"
	Lower  Better = "lower"
)

// Summary says how a measure is summarised and tested.
type Summary string

const (
	// MeanAndT: mean and standard deviation, the mean change with the interval of the paired t test.
	MeanAndT Summary = "mean"
	// MedianAndWilcoxon: median and quartiles, the median change with the interval of its order
	// statistics, Wilcoxon's signed rank test.
	MedianAndWilcoxon Summary = "median"
)

// MeasureSpec says how one pre/post measure is treated. It was fixed before any data were seen and is
// never chosen from them: see [Specs].
type MeasureSpec struct {
	ID      string  `json:"id"`
	Label   string  `json:"label"`
	Unit    string  `json:"unit"`
	Places  int     `json:"places"` // decimal places that are shown
	Better  Better  `json:"better"`
	Summary Summary `json:"summary"`
	Reason  string  `json:"reason"` // why this summary
	// Issues are the issues of a goal that is about this measure; none where no issue stands for it.
	Issues []string `json:"issues"`
	// Ratio measures have a true zero, so that a change in per cent makes sense.
	Ratio bool `json:"ratio"`
}

const (
	reasonBody   = "a body measure: changes are near enough to symmetric, and the evaluations to compare with report means"
	reasonScore  = "a sum or scale score with many steps: changes are near enough to symmetric"
	reasonCount  = "a count with many zeros and a long tail: a few heavy values would decide a mean"
	reasonRuler  = "a ruler of eleven steps with many answers at the upper end: an ordered scale, not a measured one"
	reasonIntake = "portions a day, in a narrow range: changes are near enough to symmetric, and the evaluations to compare with report means"
)

var weightIssues = []string{"weight", "diet", "exercise"}

// specs is the table behind Specs. The WHO-5 has no field pair of its own: see points.
var specs = []MeasureSpec{
	{ID: "weight", Label: "Weight", Unit: "kg", Places: 1, Better: Lower, Summary: MeanAndT, Reason: reasonBody, Issues: weightIssues, Ratio: true},
	{ID: "bmi", Label: "Body mass index", Unit: "kg/m²", Places: 1, Better: Lower, Summary: MeanAndT, Reason: reasonBody, Issues: weightIssues, Ratio: true},
	{ID: "waist", Label: "Waist", Unit: "cm", Places: 1, Better: Lower, Summary: MeanAndT, Reason: reasonBody, Issues: weightIssues, Ratio: true},
	{ID: "systolic", Label: "Systolic blood pressure", Unit: "mmHg", Places: 1, Better: Lower, Summary: MeanAndT, Reason: reasonBody, Issues: []string{"long_term_condition"}, Ratio: true},
	{ID: "diastolic", Label: "Diastolic blood pressure", Unit: "mmHg", Places: 1, Better: Lower, Summary: MeanAndT, Reason: reasonBody, Issues: []string{"long_term_condition"}, Ratio: true},
	{ID: "fruit-veg", Label: "Fruit and vegetables", Unit: "portions a day", Places: 1, Better: Higher, Summary: MeanAndT, Reason: reasonIntake, Issues: []string{"diet"}, Ratio: true},
	{ID: "fried-snacks", Label: "Fried or high-fat snacks", Unit: "a week", Places: 1, Better: Lower, Summary: MedianAndWilcoxon, Reason: reasonCount, Issues: []string{"diet"}, Ratio: true},
	{ID: "activity-moderate", Label: "Moderate physical activity", Unit: "sessions a week", Places: 1, Better: Higher, Summary: MedianAndWilcoxon, Reason: reasonCount, Issues: []string{"exercise"}, Ratio: true},
	{ID: "activity-vigorous", Label: "Vigorous physical activity", Unit: "sessions a week", Places: 1, Better: Higher, Summary: MedianAndWilcoxon, Reason: reasonCount, Issues: []string{"exercise"}, Ratio: true},
	{ID: "alcohol", Label: "Alcohol", Unit: "units a week", Places: 1, Better: Lower, Summary: MedianAndWilcoxon, Reason: reasonCount, Issues: []string{"alcohol"}, Ratio: true},
	{ID: "cigarettes", Label: "Cigarettes", Unit: "a day", Places: 1, Better: Lower, Summary: MedianAndWilcoxon, Reason: reasonCount, Issues: []string{"smoking"}, Ratio: true},
	{ID: "general-health", Label: "Self-rated general health", Unit: "of 100", Places: 1, Better: Higher, Summary: MeanAndT, Reason: reasonScore},
	{ID: "self-efficacy", Label: "Self-efficacy", Unit: "of 40", Places: 1, Better: Higher, Summary: MeanAndT, Reason: reasonScore},
	{ID: "who5", Label: "WHO-5 wellbeing", Unit: "of 100", Places: 1, Better: Higher, Summary: MeanAndT, Reason: reasonScore, Issues: []string{"emotional"}},
	{ID: "importance", Label: "Importance of the change", Unit: "of 10", Places: 1, Better: Higher, Summary: MedianAndWilcoxon, Reason: reasonRuler},
	{ID: "confidence", Label: "Confidence to change", Unit: "of 10", Places: 1, Better: Higher, Summary: MedianAndWilcoxon, Reason: reasonRuler},
}

// specFields are the fields of the measures, as the stem before _pre and _post.
var specFields = map[string]string{
	"weight": "weight_kg", "bmi": "bmi", "waist": "waist_cm", "systolic": "systolic", "diastolic": "diastolic",
	"fruit-veg": "fruit_veg", "fried-snacks": "fried_snacks", "activity-moderate": "activity_moderate",
	"activity-vigorous": "activity_vigorous", "alcohol": "alcohol_units", "cigarettes": "cigarettes",
	"general-health": "general_health", "self-efficacy": "self_efficacy", "importance": "importance", "confidence": "confidence",
}

// Specs lists the pre/post measures in the order of the report, with the summary and the test of each.
// Smoking status, being a yes or no, stands apart: see [Binary].
func Specs() []MeasureSpec {
	out := slices.Clone(specs)
	for i := range out {
		out[i].Issues = slices.Clone(out[i].Issues)
	}
	return out
}

// An answer groups codes of one field for a comparison of start and end.
type grouping struct {
	id, label string
	codes     []string
}

// workGroups and homeGroups are this library's own reading of the national codes; no national grouping of
// them is followed.
var workGroups = []grouping{
	{"in-work", "in work", []string{"01"}},
	{"learning", "studying or volunteering", []string{"03", "07"}},
	{"seeking", "unemployed and seeking work", []string{"02"}},
	{"unwell", "long-term sick or disabled", []string{"04"}},
	{"not-seeking", "homemaker, retired or not seeking work", []string{"05", "06", "08"}},
}

var homeGroups = []grouping{
	{"settled", "a settled home", []string{"01", "02", "03", "04", "05", "06", "07", "08"}},
	{"supported", "care home or specialist housing", []string{"09", "10", "11"}},
	{"unsettled", "no settled home", []string{"12", "13", "14", "15", "16", "17", "18", "19"}},
	{"institution", "hospital or criminal justice setting", []string{"20", "21"}},
	{"other", "other", []string{"98"}},
}
