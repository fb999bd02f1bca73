package dcrs

import (
	"cmp"
	"encoding/csv"
	"maps"
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/hte"
)

// The extract of several files that the examples of their rules start from: three
// made-up clients without an error or a warning but for columns and cells that it
// leaves out.

// exampleExtractAsOf is the day that it takes for today, 31 December 2024.
func exampleExtractAsOf() hte.Date {
	d, _ := hte.ParseDate("2024-12-31")
	return d
}

func exampleExtract() map[string]string {
	return map[string]string{
		"episodes.csv": sampleEpisodes, "contacts.csv": sampleContacts, "goals.csv": sampleGoals, "signposts.csv": sampleSignposts,
		"needs.csv": sampleNeeds, "measures.csv": sampleMeasures,
	}
}

// sampleEpisodes are three episodes without a finding but for what is absent: E1
// was seen through, E2 waits, E3 closed by death.
const sampleEpisodes = `client_id,episode_id,service_code,referral_date,first_contact_date,assessment_date,consent,client_mode,primary_issue,wider_needs,wider_needs_met,wider_needs_part_met,plan_date,plan_status,goal_1_issue,goal_1_status,goal_2_issue,goal_2_status,sessions_attended,sessions_missed,signposted_to,signposted_date,review_date,weight_kg_pre,weight_kg_post,who5_percent_pre,who5_percent_post,closure_date,closure_reason
C1,E1,HT01,2024-01-08,2024-01-15,2024-01-15,Y,one_to_one,diet,finance;isolation,isolation,,2024-01-22,achieved,diet,achieved,,,3,1,stop_smoking;debt,2024-01-22,2024-05-20,101.5,97,44,68,2024-06-03,completed
C2,E2,HT01,2024-12-02,,,,,,,,,,,,,,,,,,,,,,,,,
C3,E3,HT01,2024-02-05,2024-02-12,,Y,brief,,,,,,,,,,,,,,,,,,,,2024-03-01,died
`

const sampleContacts = `contact_id,episode_id,contact_date,consultation_medium,attendance,purpose,duration_minutes,setting,trainer_id,techniques
K1,E1,2024-01-15,01,attended,assessment,60,community,T1,1.1;9.2
K2,E1,2024-01-22,01,late,planning,30,community,T1,1.4
K3,E1,2024-02-12,02,did_not_attend,session,,,T1,
K4,E1,2024-05-20,11,attended,review,45,,T1,1.5
K5,E1,2024-08-20,02,attended,followup,10,,T1,
K6,E3,2024-02-12,01,attended,first_contact,20,,T1,
K7,E2,2025-01-10,01,planned,first_contact,,,T1,
`

const sampleGoals = `goal_id,episode_id,goal_number,issue,measure,baseline,target,result,set_date,due_date,review_date,status
G1,E1,1,diet,fruit_veg,2,5,5.5,2024-01-22,2024-04-22,2024-05-20,achieved
`

const sampleSignposts = `signpost_id,episode_id,signpost_date,destination,kind,issue,need,consent,outcome,outcome_date
S1,E1,2024-01-22,stop_smoking,referred,smoking,,Y,engaged,2024-02-20
S2,E1,2024-03-04,debt,signposted,,finance,,awaited,
`

const sampleNeeds = `episode_id,need,severity,status,recorded_date,status_date
E1,finance,high,open,2024-01-15,
E1,isolation,low,met,2024-01-15,2024-04-08
`

const sampleMeasures = `episode_id,time_point,measured_on,measure,responses,scale,value
E1,pre,2024-01-15,WHO-5,2 2 2 3 2,percent,44
E1,post,2024-05-20,WHO-5,3 3 4 4 3,,
E1,pre,2024-01-15,weight_kg,,,101.5
E1,3m,2024-08-20,weight_kg,,,96.4
E1,pre,2024-01-15,PHQ-9,1 1 0 2 0 1 1 0 0,total,6
`

// exampleEdit replaces a text of a file. A blank text before stands for the whole
// file, and two of them for a file that is taken away.
type exampleEdit struct{ file, before, after string }

// extractStory makes the bad example of a rule out of the extract; the good one is the
// extract as it is.
type extractStory struct {
	edits []exampleEdit
	also  []string // rules that find something too
	// episode is a field of the episode's row that the rule looks at here, where Reads
	// does not name it.
	episode string
	right   []exampleEdit // of the good example, which else is the extract as it is
}

// extractExamples are the two examples of a rule of another file than episodes.csv, or
// across files; nil where there are none.
func extractExamples(rule Rule) (bad, good *RuleExample) {
	s, ok := extractStories[rule.ID]
	if !ok {
		return nil, nil
	}
	right, wrong := exampleExtract(), exampleExtract()
	for _, e := range s.right {
		right[e.file] = strings.Replace(right[e.file], e.before, e.after, 1)
	}
	for _, e := range s.edits {
		switch {
		case e.before != "":
			wrong[e.file] = strings.Replace(wrong[e.file], e.before, e.after, 1)
		case e.after != "":
			wrong[e.file] = e.after
		default:
			delete(wrong, e.file)
		}
	}
	bad, good = newExtractExample(rule, s, wrong, right), newExtractExample(rule, s, right, wrong)
	bad.Also = s.also
	return bad, good
}

// newExtractExample is an example of files. Its rows are those that the other has not,
// and behind them those without which they cannot be understood: the episode's row
// where the rule looks at it, the row that one repeats, the rows that an episode is
// held against, and where a row is wrong by being there, or missing, those that are.
func newExtractExample(rule Rule, s extractStory, files, other map[string]string) *RuleExample {
	x := &RuleExample{AsOf: exampleExtractAsOf()}
	for _, name := range slices.SortedFunc(maps.Keys(files), func(a, b string) int {
		return cmp.Or(cmp.Compare(exampleOrder(a), exampleOrder(b)), strings.Compare(a, b))
	}) {
		x.Files = append(x.Files, ExampleFile{Name: name, Text: files[name]})
	}
	reads, own := exampleReads(rule), exampleOwnFile(rule)
	if s.episode != "" {
		reads["episodes.csv"] = append(reads["episodes.csv"], s.episode)
	}
	var rows, context []ExampleRow
	touched, elsewhere := make(map[string]bool), make(map[string]bool) // episodes, here and in the other
	for _, f := range x.Files {
		if _, both := other[f.Name]; !both || f.Text == other[f.Name] {
			continue
		}
		here, there := exampleTable(f.Text), exampleTable(other[f.Name])
		for n, row := range here {
			if !onlyHere(here, there, n) || n == 0 && len(reads) > 0 {
				continue
			}
			rows = append(rows, exampleRow(here, f.Name, n, func(i int, field string) bool {
				differs := n < len(there) && (i >= len(there[n]) || there[n][i] != row[i])
				return differs || strings.Contains(rule.Reads, field) || slices.Contains(reads[f.Name], field)
			}))
			touched[exampleCell(here, n, "episode_id")] = true
		}
		for n := range there {
			if onlyHere(there, here, n) {
				elsewhere[exampleCell(there, n, "episode_id")] = true
			}
		}
	}
	if len(rows) == 0 {
		touched = elsewhere
		if table := exampleTable(files[own]); own != "episodes.csv" && len(touched) > 0 && len(table) > 1 {
			none := true
			for n := range table {
				none = none && !touched[exampleCell(table, n, "episode_id")]
			}
			if none { // what is right has no row of that episode, and is shown by another
				touched = map[string]bool{exampleCell(table, 1, "episode_id"): true}
			}
		}
	}
	shown := func(file string, n int) bool {
		return slices.ContainsFunc(rows, func(r ExampleRow) bool { return r.File == file && r.Record == n })
	}
	whole := len(rows) == 0 || strings.HasPrefix(rule.ID, "agreement/") || strings.HasSuffix(rule.ID, "/episode-rejected")
	for _, f := range x.Files {
		fields := reads[f.Name]
		if len(reads) == 0 || len(fields) == 0 && f.Name != own {
			continue
		}
		here, there := exampleTable(f.Text), exampleTable(other[f.Name])
		for n := 1; n < len(here); n++ {
			if shown(f.Name, n) || !touched[exampleCell(here, n, "episode_id")] {
				continue
			}
			repeats := (rule.Per == "later row" || rule.Per == "file") && (exampleTwin(here, n, fields) || exampleTwin(there, n, fields))
			if whole || f.Name != own || repeats {
				context = append(context, exampleRow(here, f.Name, n, func(_ int, field string) bool { return slices.Contains(fields, field) }))
			}
		}
	}
	x.Rows = append(rows, context...)
	return x
}

// exampleReads are the fields that a rule of another file than episodes.csv, or
// across files, looks at, by file.
func exampleReads(rule Rule) map[string][]string {
	reads := make(map[string][]string)
	switch kind, name, _ := strings.Cut(rule.ID, "/"); {
	case kind == "extract" || name == "orphan":
		return reads
	case name == "episode-rejected":
		return map[string][]string{tableName(kind): {"episode_id"}}
	}
	for part := range strings.SplitSeq(rule.Reads, ", ") {
		file := exampleOwnFile(rule)
		if fields, of, ok := strings.Cut(part, " of "); ok {
			if part, file = fields, of; of == "the episode" {
				file = "episodes.csv"
			}
		}
		for field := range strings.FieldsSeq(part) {
			if before, after, ok := strings.Cut(field, "_N_"); ok {
				reads[file] = append(reads[file], before+"_1_"+after) // the examples have one goal
				continue
			}
			reads[file] = append(reads[file], field)
		}
	}
	return reads
}

// exampleOwnFile is the file whose rows a rule is about.
func exampleOwnFile(rule Rule) string {
	kind, _, _ := strings.Cut(rule.ID, "/")
	if kind == "agreement" || kind == "extract" {
		return "episodes.csv"
	}
	return tableName(kind)
}

func exampleTable(text string) [][]string {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	rows, _ := r.ReadAll()
	return rows
}

// exampleCell is a cell of a table, by the name of its column.
func exampleCell(table [][]string, n int, field string) string {
	i := slices.Index(table[0], field)
	if n == 0 || i < 0 || i >= len(table[n]) {
		return ""
	}
	return table[n][i]
}

// onlyHere reports whether a row comes here more often than there, this time or an
// earlier one.
func onlyHere(here, there [][]string, n int) bool {
	times := 0
	for _, row := range here[:n+1] {
		if slices.Equal(row, here[n]) {
			times++
		}
	}
	for _, row := range there {
		if slices.Equal(row, here[n]) {
			times--
		}
	}
	return times > 0
}

// exampleTwin reports whether another row of a table has the same in all the fields. A
// measure may be repeated on another day.
func exampleTwin(table [][]string, n int, fields []string) bool {
	fields = slices.DeleteFunc(slices.Clone(fields), func(f string) bool { return f == "measured_on" })
	for m := 1; m < len(table) && n < len(table); m++ {
		if m != n && !slices.ContainsFunc(fields, func(f string) bool { return exampleCell(table, m, f) != exampleCell(table, n, f) }) {
			return true
		}
	}
	return false
}

// exampleRow is a row of a file with its keys and the cells that are asked for.
func exampleRow(table [][]string, file string, n int, asked func(i int, field string) bool) ExampleRow {
	shown := ExampleRow{File: file, Record: n}
	for i, cell := range table[n] {
		field := "(one cell too many)"
		if i < len(table[0]) {
			field = table[0][i]
		}
		if i == 0 || field == "episode_id" || asked(i, field) {
			shown.Cells = append(shown.Cells, ExampleCell{field, strings.TrimSpace(cell)})
		}
	}
	return shown
}

func exampleOrder(name string) int {
	return slices.IndexFunc(ExtractDictionaries(), func(d *Dictionary) bool { return tableName(d.kind) == name }) & 0xff
}

var extractStories = map[string]extractStory{
	"contact/orphan":                        {edits: []exampleEdit{{"contacts.csv", "K2,E1,", "K2,E9,"}}, also: []string{"agreement/sessions-attended"}},
	"contact/episode-rejected":              {edits: []exampleEdit{{"episodes.csv", "C3,E3,HT01,", "C3,E3,HT01,,"}}, also: []string{"file/row-length"}},
	"contact/duplicate":                     {edits: []exampleEdit{{"contacts.csv", "K2,E1", "K1,E1"}}},
	"contact/technique-unknown":             {edits: []exampleEdit{{"contacts.csv", "1.1;9.2", "1.1;9.4"}}},
	"contact/in-the-future":                 {edits: []exampleEdit{{"contacts.csv", "2025-01-10,01,planned", "2025-01-01,01,attended"}}},
	"contact/still-planned":                 {edits: []exampleEdit{{"contacts.csv", "2025-01-10,01,planned", "2024-12-30,01,planned"}}},
	"contact/time-without-attendance":       {edits: []exampleEdit{{"contacts.csv", "did_not_attend,session,,", "did_not_attend,session,15,"}}},
	"contact/techniques-without-attendance": {edits: []exampleEdit{{"contacts.csv", "did_not_attend,session,,,T1,", "did_not_attend,session,,,T1,1.1"}}},
	"contact/before-referral":               {edits: []exampleEdit{{"contacts.csv", "K6,E3,2024-02-12", "K6,E3,2024-02-04"}}, also: []string{"agreement/first-contact"}},
	"contact/after-closure":                 {edits: []exampleEdit{{"contacts.csv", "K5,E1,2024-08-20,02,attended,followup", "K5,E1,2024-08-20,02,attended,other"}}, also: []string{"agreement/sessions-attended"}},
	"contact/after-death":                   {edits: []exampleEdit{{"contacts.csv", "K7,E2", "K0,E3,2024-03-02,01,attended,followup,5,,T1,\nK7,E2"}}},
	"goal/orphan":                           {edits: []exampleEdit{{"goals.csv", "G1,E1,", "G1,e1,"}}, also: []string{"agreement/goal-1-missing"}},
	"goal/episode-rejected":                 {edits: []exampleEdit{{"episodes.csv", "2024-01-15,2024-01-15,Y", "2024-01-15,2024-01-14,Y"}}, also: []string{"contact/episode-rejected", "dates/assessment-too-early", "measure/episode-rejected", "need/episode-rejected", "signpost/episode-rejected"}},
	"goal/duplicate":                        {edits: []exampleEdit{{"goals.csv", "G1,E1", "G1,E1,1,diet,fruit_veg,2,5,5.5,2024-01-22,2024-04-22,2024-05-20,achieved\nG1,E1"}}},
	"goal/number-twice":                     {edits: []exampleEdit{{"goals.csv", "G1,E1", "G2,E1,1,diet,fruit_veg,2,5,5.5,2024-01-22,2024-04-22,2024-05-20,achieved\nG1,E1"}}},
	"goal/in-the-future":                    {edits: []exampleEdit{{"goals.csv", "2024-01-22,2024-04-22,2024-05-20,achieved", "2025-01-01,,,revised"}}, also: []string{"goal/after-closure", "goal/disagrees-with-episode"}},
	"goal/due-too-early":                    {edits: []exampleEdit{{"goals.csv", "2024-01-22,2024-04-22", "2024-01-22,2024-01-21"}}},
	"goal/review-too-early":                 {edits: []exampleEdit{{"goals.csv", "2024-05-20", "2024-01-21"}}},
	"goal/settled-without-review":           {edits: []exampleEdit{{"goals.csv", "2024-05-20", ""}}},
	"goal/overdue":                          {edits: []exampleEdit{{"goals.csv", "2024-05-20,achieved", ",open"}}, also: []string{"goal/disagrees-with-episode", "goal/open-but-closed"}},
	"goal/value-range":                      {edits: []exampleEdit{{"goals.csv", "fruit_veg,2,5,5.5", "cigarettes,20,0.5,0"}}},
	"goal/measure-missing":                  {edits: []exampleEdit{{"goals.csv", "fruit_veg,2,5,5.5", ",,5,"}}},
	"goal/target-is-baseline":               {edits: []exampleEdit{{"goals.csv", "fruit_veg,2,5,5.5", "fruit_veg,5,5,5"}}},
	"goal/result-disagrees":                 {edits: []exampleEdit{{"goals.csv", "fruit_veg,2,5,5.5", "fruit_veg,2,5,4.5"}}},
	"goal/without-plan":                     {edits: []exampleEdit{{"goals.csv", "G1,E1", "G2,E3,,diet,,,,,2024-02-12,,,dropped\nG1,E1"}}},
	"goal/before-plan":                      {edits: []exampleEdit{{"goals.csv", "2024-01-22,2024-04-22", "2024-01-21,2024-04-22"}}},
	"goal/after-closure":                    {edits: []exampleEdit{{"goals.csv", "2024-01-22,2024-04-22,2024-05-20", "2024-06-04,,2024-06-04"}}},
	"goal/open-but-closed":                  {edits: []exampleEdit{{"goals.csv", "2024-05-20,achieved", ",open"}}, also: []string{"goal/disagrees-with-episode", "goal/overdue"}},
	"goal/disagrees-with-episode":           {edits: []exampleEdit{{"goals.csv", ",achieved", ",part_achieved"}}},
	"signpost/orphan":                       {edits: []exampleEdit{{"signposts.csv", "S2,E1,", "S2,E9,"}, {"needs.csv", "E1,finance", "E9,finance"}, {"measures.csv", "E1,3m", "E9,3m"}}, also: []string{"agreement/needs-missing", "agreement/signposts-missing", "measure/orphan", "need/orphan"}},
	"signpost/duplicate":                    {edits: []exampleEdit{{"signposts.csv", "S2,E1", "S1,E1"}}},
	"signpost/in-the-future":                {edits: []exampleEdit{{"signposts.csv", "2024-03-04", "2025-01-01"}}, also: []string{"signpost/after-closure"}},
	"signpost/outcome-too-early":            {edits: []exampleEdit{{"signposts.csv", "2024-02-20", "2024-01-21"}}},
	"signpost/outcome-missing":              {edits: []exampleEdit{{"signposts.csv", "awaited,", "awaited,2024-03-20"}}},
	"signpost/consent-missing":              {edits: []exampleEdit{{"signposts.csv", ",Y,engaged", ",,engaged"}}},
	"signpost/referred-without-consent":     {edits: []exampleEdit{{"signposts.csv", ",Y,engaged", ",N,engaged"}}},
	"signpost/before-referral":              {edits: []exampleEdit{{"signposts.csv", "S2,E1,2024-03-04", "S2,E1,2024-01-07"}}, also: []string{"agreement/signposted-date"}},
	"signpost/after-closure":                {edits: []exampleEdit{{"signposts.csv", "2024-03-04", "2025-01-01"}}, also: []string{"signpost/in-the-future"}},
	"signpost/not-in-episode":               {edits: []exampleEdit{{"signposts.csv", "debt,signposted", "gp,signposted"}}, also: []string{"agreement/signposts-missing"}},
	"need/orphan":                           {edits: []exampleEdit{{"signposts.csv", "S2,E1,", "S2,E9,"}, {"needs.csv", "E1,finance", "E9,finance"}, {"measures.csv", "E1,3m", "E9,3m"}}, also: []string{"agreement/needs-missing", "agreement/signposts-missing", "measure/orphan", "signpost/orphan"}},
	"need/duplicate":                        {edits: []exampleEdit{{"needs.csv", "E1,isolation,low,met,2024-01-15,2024-04-08", "E1,finance,low,declined,2024-01-15,2024-04-08"}}, also: []string{"agreement/needs-missing"}},
	"need/in-the-future":                    {edits: []exampleEdit{{"needs.csv", "open,2024-01-15", "open,2025-01-15"}}},
	"need/settled-too-early":                {edits: []exampleEdit{{"needs.csv", "2024-04-08", "2024-01-14"}}},
	"need/settled-without-date":             {edits: []exampleEdit{{"needs.csv", "2024-04-08", ""}}},
	"need/before-referral":                  {edits: []exampleEdit{{"needs.csv", "open,2024-01-15", "open,2024-01-07"}}},
	"need/not-in-episode":                   {edits: []exampleEdit{{"needs.csv", "E1,isolation,low,met", "E1,caring,low,open,2024-01-15,\nE1,isolation,low,met"}}},
	"need/status-disagrees":                 {edits: []exampleEdit{{"needs.csv", "finance,high,open,2024-01-15,", "finance,high,met,2024-01-15,2024-05-20"}}},
	"measure/orphan":                        {edits: []exampleEdit{{"signposts.csv", "S2,E1,", "S2,E9,"}, {"needs.csv", "E1,finance", "E9,finance"}, {"measures.csv", "E1,3m", "E9,3m"}}, also: []string{"agreement/needs-missing", "agreement/signposts-missing", "need/orphan", "signpost/orphan"}},
	"measure/duplicate":                     {edits: []exampleEdit{{"measures.csv", "E1,3m,2024-08-20,weight_kg,,,96.4", "E1,pre,2024-01-22,weight_kg,,,101.5"}}},
	"measure/nothing-recorded":              {edits: []exampleEdit{{"measures.csv", ",,,96.4", ",,,"}}},
	"measure/not-an-instrument":             {edits: []exampleEdit{{"measures.csv", "weight_kg,,,96.4", "weight_kg,3 2,,96.4"}}},
	"measure/value-range":                   {edits: []exampleEdit{{"measures.csv", ",,,96.4", ",,,1000"}}},
	"measure/implausible":                   {edits: []exampleEdit{{"measures.csv", ",,,96.4", ",,,25"}}},
	"measure/scale-missing":                 {edits: []exampleEdit{{"measures.csv", "2 2 2 3 2,percent,44", "2 2 2 3 2,,44"}}},
	"measure/scale-unknown":                 {edits: []exampleEdit{{"measures.csv", "2 2 2 3 2,percent,44", "2 2 2 3 2,per_cent,44"}}},
	"measure/score-range":                   {edits: []exampleEdit{{"measures.csv", "2 2 2 3 2,percent,44", ",percent,104"}}, right: []exampleEdit{{"measures.csv", "2 2 2 3 2,percent,44", ",percent,44"}}},
	"measure/score-impossible":              {edits: []exampleEdit{{"measures.csv", "2 2 2 3 2,percent,44", ",percent,45"}}, right: []exampleEdit{{"measures.csv", "2 2 2 3 2,percent,44", ",percent,44"}}, also: []string{"measure/disagrees-with-episode"}},
	"measure/answer-count":                  {edits: []exampleEdit{{"measures.csv", "2 2 2 3 2,percent", "2 2 2 3,percent"}}},
	"measure/answer-unknown":                {edits: []exampleEdit{{"measures.csv", "2 2 2 3 2,percent", "2 2 2 3 6,percent"}}},
	"measure/form-incomplete":               {edits: []exampleEdit{{"measures.csv", "3 3 4 4 3", "3 . 4 4 3"}}},
	"measure/score-disagrees":               {edits: []exampleEdit{{"measures.csv", "2 2 2 3 2,percent,44", "2 2 2 3 2,percent,11"}}},
	"measure/score-of-incomplete-form":      {edits: []exampleEdit{{"measures.csv", "2 2 2 3 2,percent", "2 . 2 3 2,percent"}}},
	"measure/in-the-future":                 {edits: []exampleEdit{{"measures.csv", "E1,3m,2024-08-20", "E1,other,2025-01-01"}}},
	"measure/before-referral":               {edits: []exampleEdit{{"measures.csv", "E1,pre,2024-01-15,WHO-5", "E1,pre,2024-01-07,WHO-5"}}},
	"measure/pre-after-review":              {edits: []exampleEdit{{"measures.csv", "E1,pre,2024-01-15,WHO-5", "E1,pre,2024-05-20,WHO-5"}}},
	"measure/post-too-early":                {edits: []exampleEdit{{"measures.csv", "E1,post,2024-05-20", "E1,post,2024-01-22"}}},
	"measure/followup-too-early":            {edits: []exampleEdit{{"measures.csv", "E1,3m,2024-08-20", "E1,3m,2024-05-19"}}},
	"measure/followup-off-schedule":         {edits: []exampleEdit{{"measures.csv", "E1,3m,2024-08-20", "E1,3m,2024-10-05"}}},
	"measure/after-death":                   {edits: []exampleEdit{{"measures.csv", "E1,3m,2024-08-20", "E3,other,2024-03-02"}}},
	"measure/disagrees-with-episode":        {edits: []exampleEdit{{"measures.csv", ",,,101.5", ",,,101.4"}}, episode: "weight_kg_pre"},
	"agreement/first-contact":               {edits: []exampleEdit{{"contacts.csv", "K6,E3,2024-02-12", "K6,E3,2024-02-13"}}},
	"agreement/sessions-attended":           {edits: []exampleEdit{{"episodes.csv", "achieved,,,3,1,", "achieved,,,4,1,"}}},
	"agreement/sessions-missed":             {edits: []exampleEdit{{"episodes.csv", "achieved,,,3,1,", "achieved,,,3,2,"}}},
	"agreement/assessment-contact":          {edits: []exampleEdit{{"contacts.csv", "K2,E1,2024-01-22,01,late,planning", "K2,E1,2024-01-22,01,late,assessment"}, {"contacts.csv", "attended,assessment", "attended,first_contact"}}},
	"agreement/review-contact":              {edits: []exampleEdit{{"contacts.csv", "K4,E1,2024-05-20", "K4,E1,2024-05-21"}}},
	"agreement/goal-1-missing":              {edits: []exampleEdit{{"goals.csv", "G1,E1,1", "G1,E1,4"}}},
	"agreement/goal-2-missing":              {edits: []exampleEdit{{"episodes.csv", "achieved,diet,achieved,,,", "achieved,diet,achieved,weight,achieved,"}}},
	"agreement/goal-3-missing":              {edits: []exampleEdit{{"episodes.csv", "closure_reason\n", "closure_reason,goal_3_issue,goal_3_status\n"}, {"episodes.csv", "completed\n", "completed,sleep,achieved\n"}, {"episodes.csv", "\nC3,", ",,\nC3,"}, {"episodes.csv", "died\n", "died,,\n"}, {"episodes.csv", "achieved,diet,achieved,,,", "achieved,diet,achieved,weight,achieved,"}}, also: []string{"agreement/goal-2-missing"}, right: []exampleEdit{{"episodes.csv", "closure_reason\n", "closure_reason,goal_3_issue,goal_3_status\n"}, {"episodes.csv", "completed\n", "completed,,\n"}, {"episodes.csv", "\nC3,", ",,\nC3,"}, {"episodes.csv", "died\n", "died,,\n"}}},
	"agreement/signposted-date":             {edits: []exampleEdit{{"signposts.csv", "S1,E1,2024-01-22", "S1,E1,2024-01-23"}}},
	"agreement/signposts-missing":           {edits: []exampleEdit{{"signposts.csv", "debt,signposted", "stop_smoking,signposted"}}},
	"agreement/needs-missing":               {edits: []exampleEdit{{"needs.csv", "E1,isolation,low,met,2024-01-15,2024-04-08\n", ""}}},
	"agreement/needs-met":                   {edits: []exampleEdit{{"needs.csv", "isolation,low,met", "isolation,low,not_met"}}},
	"agreement/needs-part-met":              {edits: []exampleEdit{{"episodes.csv", "finance;isolation,isolation,,", "finance;isolation,isolation,finance,"}}},
	"signpost/episode-rejected":             {edits: []exampleEdit{{"signposts.csv", "S2,E1", "S2,E3"}, {"episodes.csv", "C3,E3,HT01,", "C3,E3,HT01,,"}}, also: []string{"agreement/signposts-missing", "contact/episode-rejected", "file/row-length"}},
	"need/episode-rejected":                 {edits: []exampleEdit{{"needs.csv", "E1,isolation,low,met", "E3,caring,low,open,2024-02-15,\nE1,isolation,low,met"}, {"episodes.csv", "C3,E3,HT01,", "C3,E3,HT01,,"}}, also: []string{"contact/episode-rejected", "file/row-length"}},
	"measure/episode-rejected":              {edits: []exampleEdit{{"measures.csv", "E1,3m,2024-08-20", "E3,other,2024-02-12"}, {"episodes.csv", "C3,E3,HT01,", "C3,E3,HT01,,"}}, also: []string{"contact/episode-rejected", "file/row-length"}},
	"extract/missing-episodes":              {edits: []exampleEdit{{"episodes.csv", "", ""}}, also: []string{"extract/not-compared"}},
	"extract/file-name":                     {edits: []exampleEdit{{"goals.csv", "", ""}, {"Goal.csv", "", sampleGoals}}},
	"extract/file-twice":                    {edits: []exampleEdit{{"Contacts.csv", "", sampleContacts}}},
	"extract/unknown-file":                  {edits: []exampleEdit{{"notes.txt", "", "to be asked again\n"}}},
	"extract/not-compared":                  {edits: []exampleEdit{{"episodes.csv", "episode_id", "episode"}, {"goals.csv", "", ""}, {"signposts.csv", "", ""}, {"needs.csv", "", ""}, {"measures.csv", "", ""}}},
	"extract/episodes-without-key":          {edits: []exampleEdit{{"episodes.csv", "C2,E2,", "C2,,"}}, also: []string{"contact/orphan"}},
}
