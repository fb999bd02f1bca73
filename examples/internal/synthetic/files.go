package synthetic

import (
	"context"
	"io"
	"slices"
	"strconv"

	"github.com/healthtrainer/healthtrainer/hte"
)

// The files of an extract of several, in the order in which they are written.
const (
	inEpisodes = iota
	inContacts
	inGoals
	inSignposts
	inNeeds
	inMeasures
	fileCount
)

// childKinds are the kinds of the files' rows.
var childKinds = [fileCount]string{"episode", "contact", "goal", "signpost", "need", "measure"}

// childColumns are the headings of the files beside the episodes. A test holds
// them to the dictionaries.
var childColumns = [fileCount][]string{
	inContacts: {
		"episode_id", "contact_id", "contact_date", "consultation_medium", "attendance", "purpose", "duration_minutes",
		"setting", "trainer_id", "techniques",
	},
	inGoals: {
		"episode_id", "goal_id", "goal_number", "issue", "measure", "baseline", "target", "result", "set_date", "due_date",
		"review_date", "status",
	},
	inSignposts: {
		"episode_id", "signpost_id", "signpost_date", "destination", "kind", "issue", "need", "consent", "outcome", "outcome_date",
	},
	inNeeds:    {"episode_id", "need", "severity", "status", "recorded_date", "status_date"},
	inMeasures: {"episode_id", "time_point", "measured_on", "measure", "responses", "scale", "value"},
}

// The columns of the children by their place.
const (
	ofEpisode = 0
	ofID      = 1

	kDate      = 2
	kMedium    = 3
	kAttended  = 4
	kPurpose   = 5
	kMinutes   = 6
	kSetting   = 7
	kTechnique = 9

	gNumber   = 2
	gIssue    = 3
	gMeasure  = 4
	gBaseline = 5
	gTarget   = 6
	gResult   = 7
	gSet      = 8
	gDue      = 9
	gReviewed = 10
	gStatus   = 11

	sDate        = 2
	sDestination = 3
	sKind        = 4
	sIssue       = 5
	sConsent     = 7
	sOutcome     = 8
	sOutcomeDate = 9

	nNeed     = 1
	nStatus   = 3
	nRecorded = 4
	nSettled  = 5

	mPoint     = 1
	mDate      = 2
	mMeasure   = 3
	mResponses = 4
	mScale     = 5
	mValue     = 6
)

// GenerateFiles writes an extract of several files: episodes.csv with the rows
// that Generate writes, and contacts.csv, goals.csv, signposts.csv, needs.csv and
// measures.csv with rows that belong to them and agree with them. create is asked
// for the writer of one file after the other.
//
// Errors is the share of the episodes that get one slip each, in their own row or
// in one of theirs in the other files; the slips are those that only several files
// can show, with a few of every other kind. The key is then a CSV of
// file,record,field,rule. Memory does not depend on the number of rows.
func (x Extract) GenerateFiles(ctx context.Context, create func(name string) (io.Writer, error), key io.Writer) error {
	asOf, err := x.check()
	if err != nil {
		return err
	}
	answers := []byte(filesKeyHeading)
	for file := range fileCount {
		name := childKinds[file] + "s.csv"
		w, err := create(name)
		if err != nil {
			return err
		}
		out := make([]byte, 0, chunk+1<<14)
		if file == inEpisodes {
			out = appendHeading(out, ",")
		} else {
			out = appendCells(out, childColumns[file])
		}
		b := newBundler(x, asOf)
		records := int32(0) // written to the file before this episode
		for range x.Rows {
			b.next()
			for _, a := range b.answers {
				if a.file == file {
					answers = append(append(answers, name...), ',')
					answers = appendFileAnswer(answers, records+a.row+1, a)
				}
			}
			if file == inEpisodes {
				out = b.row.appendTo(out)
				records++
			}
			for _, cells := range b.rows[file] {
				out = appendCells(out, cells)
				records++
			}
			if len(out) < chunk && len(answers) < chunk {
				continue
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			if out, err = flush(w, out); err != nil {
				return err
			}
			if answers, err = flush(key, answers); err != nil {
				return err
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := flush(w, out); err != nil {
			return err
		}
	}
	_, err = flush(key, answers)
	return err
}

const filesKeyHeading = "file,record,field,rule\n"

func appendFileAnswer(b []byte, record int32, a fileAnswer) []byte {
	b = append(strconv.AppendInt(b, int64(record), 10), ',')
	return append(append(append(append(b, a.field...), ','), a.rule...), '\n')
}

// appendCells appends a line of cells, none of which needs quotes.
func appendCells(b []byte, cells []string) []byte {
	for i, c := range cells {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, c...)
	}
	return append(b, '\n')
}

// bundler makes an episode after the other, each with its rows in the other
// files. Every file is written from a bundler of its own, which makes the same.
type bundler struct {
	*generator
	random // hides the generator's: rows of other files must not change the episodes
	seed0  uint64
	rows   [fileCount][][]string

	share, made uint64
	start       uint64
	slips       random
	queue       []filePlant
	rule        string
	answers     []fileAnswer
}

// fileAnswer is one line of the key: a row of this bundle, counted from 0.
type fileAnswer struct {
	file        int
	row         int32
	field, rule string
}

const (
	streamFiles     = 0x4649_4c45_5346_494c
	streamFileSlips = 0x4653_4c49_5046_534c
)

func newBundler(x Extract, asOf hte.Date) *bundler {
	b := &bundler{generator: newGenerator(int32(x.Rows), x.Seed, asOf), seed0: x.Seed, share: threshold(x.Errors)}
	b.slips.seed(x.Seed, streamFileSlips)
	b.queue = slices.Clone(filePlants)
	for i := len(b.queue) - 1; i > 0; i-- {
		j := b.slips.below(int32(i + 1))
		b.queue[i], b.queue[j] = b.queue[j], b.queue[i]
	}
	return b
}

// next makes the next episode and its rows.
func (b *bundler) next() {
	b.generator.next()
	b.random.seed(b.seed0^uint64(b.row.record)*0x9e37_79b9_7f4a_7c15, streamFiles)
	for f := range b.rows {
		b.rows[f] = b.rows[f][:0]
	}
	b.contacts()
	b.goalRows()
	b.signposts()
	b.needs()
	b.measureRows()
	b.answers = b.answers[:0]
	if b.share > 0 {
		b.plant()
	}
}

// text is a cell of the episode as it stands in its row.
func (b *bundler) text(f int) string { return string(b.row.appendText(nil, f)) }

func day(d int32) string { return hte.FromOrdinal(int(d)).String() }

// end is the last day on which something can have happened to the episode.
func (b *bundler) end() int32 {
	if b.row.closed() {
		return min(b.row.v[fClosureDate], b.asOf)
	}
	return b.asOf
}

// begun is the day of the assessment, the first contact or the referral: the
// first of them that there is.
func (b *bundler) begun() int32 {
	for _, f := range [...]int{fAssessmentDate, fFirstContactDate} {
		if b.row.has(f) {
			return b.row.v[f]
		}
	}
	return b.row.v[fReferralDate]
}

// id numbers the rows of an episode.
func (b *bundler) id(letter string, n int) string {
	id := appendPadded([]byte("SYN-"+letter), b.row.record, 8)
	return string(appendPadded(append(id, '-'), int32(n+1), 2))
}

func (b *bundler) add(file int, cells ...string) {
	b.rows[file] = append(b.rows[file], append([]string{b.text(fEpisodeID)}, cells...))
}

// meeting is a contact before it becomes a row.
type meeting struct {
	day                 int32
	attendance, purpose string
}

var (
	missedWords    = []string{"did_not_attend", "did_not_attend", "absent_with_reason", "cancelled_by_client", "cancelled_by_service"}
	mediumWords    = []string{"01", "01", "01", "02", "02", "11", "09"}
	techniqueWords = []string{"1.1", "1.2", "1.4", "1.5", "2.3", "3.1", "5.1", "7.1", "8.3", "8.7", "9.2", "10.9", "12.1", "15.1"}
)

// contacts are as many as the episode says, on the days that it says.
func (b *bundler) contacts() {
	r := &b.row
	var list []meeting
	add := func(day int32, attendance, purpose string) { list = append(list, meeting{day, attendance, purpose}) }
	switch {
	case r.has(fFirstContactDate):
		first, end := r.v[fFirstContactDate], b.end()
		if b.chance(60) {
			add(r.v[fReferralDate]-b.between(3, 20), "attended", "outreach")
		}
		purpose := "first_contact"
		if r.is(fAssessmentDate, first) {
			purpose = "assessment"
		}
		add(first, "attended", purpose)
		sessions := int32(1)
		wanted := max(1, r.v[fSessionsAttended])
		for _, s := range [...]struct {
			field   int
			purpose string
		}{{fReviewDate, "review"}, {fAssessmentDate, "assessment"}, {fPlanDate, "planning"}} {
			if r.has(s.field) && r.v[s.field] != first && sessions < wanted {
				add(r.v[s.field], "attended", s.purpose)
				sessions++
			}
		}
		for ; sessions < wanted; sessions++ {
			attendance := "attended"
			if b.chance(80) {
				attendance = "late"
			}
			add(b.between(first, end), attendance, "session")
		}
		if r.has(fSessionsMissed) {
			for range r.v[fSessionsMissed] {
				add(b.between(first, end), missedWords[b.below(int32(len(missedWords)))], "session")
			}
			if b.chance(200) {
				add(b.between(first, end), "rescheduled", "session")
			}
		}
		for i := range 3 {
			if f := fFollowup3MDate + 2*i; r.has(f) {
				add(r.v[f], "attended", "followup")
			}
		}
	case !r.closed() && b.chance(700):
		add(b.asOf+b.between(1, 30), "planned", "first_contact")
	}
	slices.SortStableFunc(list, func(a, b meeting) int { return int(a.day - b.day) })
	for i, m := range list {
		minutes, techniques := "", ""
		if m.attendance == "attended" || m.attendance == "late" {
			minutes = strconv.Itoa(int(b.between(2, 14) * 5))
			if (m.purpose == "session" || m.purpose == "planning" || m.purpose == "review") && b.chance(700) {
				one := b.below(int32(len(techniqueWords)) - 2)
				techniques = techniqueWords[one] + ";" + techniqueWords[one+1+b.below(2)]
			}
		}
		b.add(inContacts, b.id("K", i), day(m.day), mediumWords[b.below(int32(len(mediumWords)))], m.attendance, m.purpose, minutes, b.text(fSetting), "", techniques)
	}
}

// goalRows are the goals of the episode's row.
func (b *bundler) goalRows() {
	r := &b.row
	for n := range 3 {
		issue, status := fGoal1Issue+2*n, fGoal1Status+2*n
		if !r.has(issue) || !r.has(status) || !r.has(fPlanDate) {
			continue
		}
		set := r.v[fPlanDate]
		due, reviewed := set+84, ""
		settled := r.anyOf(status, goalAchieved, goalPart, goalNotAchieved)
		switch {
		case settled && r.has(fReviewDate):
			reviewed = day(r.v[fReviewDate])
		case settled:
			reviewed = day(max(set, min(set+30, b.end())))
		case r.is(status, goalOpen):
			due = max(due, b.asOf+7)
		}
		measure, baseline, target, result := "", "", "", ""
		if f, change := goalMeasure(r.v[issue]); f != 0 && r.has(f) {
			from := r.v[f]
			to := from + change
			if columns[f].valid == nil || to >= 0 && to <= columns[f].valid.high*10 {
				measure = columns[f].name[:len(columns[f].name)-len("_pre")]
				baseline, target = string(appendCell(nil, f, from)), string(appendCell(nil, f, to))
				switch {
				case r.is(status, goalAchieved):
					result = target
				case r.is(status, goalNotAchieved):
					result = baseline
				}
			}
		}
		b.add(inGoals, b.id("G", n), strconv.Itoa(n+1), b.text(issue), measure, baseline, target, result, day(set), day(due), reviewed, b.text(status))
	}
}

// goalMeasure is what a goal on an issue is measured in, and by how much it is to
// change, in the unit of the cell; 0 where nothing is measured.
func goalMeasure(issue int32) (field int, change int32) {
	switch issue {
	case issueDiet:
		return fFruitVegPre, 20
	case issueExercise:
		return fActivityModeratePre, 2
	case issueWeight:
		return fWeightKgPre, -50
	}
	return 0, 0
}

var issueOfSignpost = map[string]string{"stop_smoking": "smoking", "weight_management": "weight", "exercise_referral": "exercise", "mental_health": "emotional"}

var needOfSignpost = map[string]string{"housing": "accommodation", "debt": "finance", "employment": "employment", "drug_alcohol": "dependency"}

// signposts are the destinations of the episode's row, the first on its date.
func (b *bundler) signposts() {
	r := &b.row
	n := 0
	if r.has(fSignpostedTo) && r.has(fSignpostedDate) {
		date := r.v[fSignpostedDate]
		for i, code := range signpostCodes {
			if r.v[fSignpostedTo]>>i&1 == 0 {
				continue
			}
			kind, consent, outcome, when := "signposted", "", "awaited", ""
			if b.chance(450) {
				kind, consent = "referred", "Y"
			}
			if date+14 <= b.asOf && b.chance(600) {
				outcome, when = "engaged", day(b.between(date, b.asOf))
				if b.chance(300) {
					outcome = "not_engaged"
				}
			}
			b.add(inSignposts, b.id("S", n), day(date), code, kind, issueOfSignpost[code], needOfSignpost[code], consent, outcome, when)
			n++
			date = b.between(date, max(date, b.end()))
		}
	}
	if r.has(fFirstContactDate) && b.chance(150) {
		b.add(inSignposts, b.id("S", n), day(b.between(r.v[fFirstContactDate], b.end())), "other", "information", "", "", "", "", "")
	}
}

var severityWords = []string{"low", "moderate", "high", "urgent"}

// needs are the wider needs of the episode's row, met where it says so.
func (b *bundler) needs() {
	r := &b.row
	for i, code := range needCodes {
		if !r.has(fWiderNeeds) || r.v[fWiderNeeds]>>i&1 == 0 {
			continue
		}
		begun := b.begun()
		status, when := "open", ""
		switch {
		case r.has(fWiderNeedsMet) && r.v[fWiderNeedsMet]>>i&1 != 0:
			status, when = "met", day(b.between(begun, b.end()))
		case r.has(fWiderNeedsPartMet) && r.v[fWiderNeedsPartMet]>>i&1 != 0:
			status, when = "part_met", day(b.between(begun, b.end()))
		case r.closed() && b.chance(400):
			status, when = "not_met", day(b.end())
		}
		b.add(inNeeds, code, severityWords[b.below(4)], status, day(begun), when)
	}
}

// measureRows are some of the measures of the episode's row, the weight at
// follow-ups, and PHQ-9.
func (b *bundler) measureRows() {
	r := &b.row
	for p, point := range [...]string{"pre", "post"} {
		when := b.begun()
		if p == 1 {
			when = r.v[fReviewDate]
		}
		if p == 1 && !r.has(fReviewDate) {
			break
		}
		for _, f := range [...]int{fWeightKgPre, fFruitVegPre, fSystolicPre, fAlcoholUnitsPre, fCigarettesPre} {
			if r.has(f + p) {
				b.add(inMeasures, point, day(when), columns[f].name[:len(columns[f].name)-len("_pre")], "", "", b.text(f+p))
			}
		}
		if f := fConfidencePre + p; r.has(f) {
			b.add(inMeasures, point, day(when), "ConfidenceRuler", "", "", b.text(f))
		}
		if first := fWHO51Pre + 6*p; r.has(first) {
			responses := ""
			for i := range 5 {
				if i > 0 {
					responses += " "
				}
				responses += b.text(first + i)
			}
			scale, value := "", ""
			if r.has(first+5) && b.chance(500) {
				scale, value = "percent", b.text(first+5)
			}
			b.add(inMeasures, point, day(when), "WHO-5", responses, scale, value)
		}
		if b.chance(300) {
			responses, sum := "", int32(0)
			for i := range 9 {
				if i > 0 {
					responses += " "
				}
				n := b.below(4)
				sum += n
				responses += strconv.Itoa(int(n))
			}
			b.add(inMeasures, point, day(when), "PHQ-9", responses, "total", strconv.Itoa(int(sum)))
		}
	}
	for i, point := range [...]string{"3m", "6m", "12m"} {
		f := fFollowup3MDate + 2*i
		if !r.has(f) || !r.has(fWeightKgPost) || !r.has(fReviewDate) {
			continue
		}
		due := monthsAfter(r.v[fReviewDate], [...]int{3, 6, 12}[i])
		if late := r.v[f] - due; late < -45 || late > 45 {
			continue
		}
		b.add(inMeasures, point, day(r.v[f]), "weight_kg", "", "", string(appendCell(nil, fWeightKgPost, r.v[fWeightKgPost]+b.between(-20, 20))))
	}
}
