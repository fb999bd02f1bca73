package dcrs

import (
	"strconv"
	"sync"
)

// The rules that no file can be held against alone.

// ExtractRules returns a dictionary without fields: the rules of an extract as a
// whole. Those called extract/… are about which files there are; those called
// agreement/… compare the row of an episode with all its rows in another file.
func ExtractRules() *Dictionary { return extractRules() }

var extractRules = sync.OnceValue(func() *Dictionary {
	d := &Dictionary{edition: Edition, kind: "extract", byName: map[string]int{}, byList: map[string]int{}, byRule: map[string]int{}, uses: map[string]int{}}
	d.rules = append(d.rules, extractTable...)
	for _, a := range agreements {
		d.rules = append(d.rules, a.Rule)
	}
	d.own = d.rules
	for i := range d.rules {
		r := &d.rules[i]
		r.Scope = ScopeExtract
		if r.Basis == 0 {
			r.Basis = BasisOwn
		}
		d.byRule[r.ID] = i
	}
	return d
})

const (
	ruleNoEpisodes  = "extract/missing-episodes"
	ruleFileName    = "extract/file-name"
	ruleFileTwice   = "extract/file-twice"
	ruleUnknownFile = "extract/unknown-file"
	ruleTooMany     = "extract/too-many-files"
	ruleNotZip      = "extract/not-a-zip"
	ruleDamaged     = "extract/damaged"
	ruleTooLarge    = "extract/too-large"
	ruleNoCompare   = "extract/not-compared"
	ruleKeyless     = "extract/episodes-without-key"
)

var extractTable = []Rule{
	{
		ID: ruleNoEpisodes, Severity: Error, Per: "extract",
		Problem: "there is no episodes.csv", Fix: "export the episodes too, or put them beside the other files",
		Note: "The other files are checked all the same, each by itself.",
	},
	{
		ID: ruleFileName, Severity: Info, Per: "file",
		Problem: "the file is called almost as it should be, and was read", Fix: "use the name of the dictionary, such as episodes.csv",
		Note: "Capitals, spaces around the name, the singular and .gz behind it make no difference.",
	},
	{
		ID: ruleFileTwice, Severity: Error, Per: "file",
		Problem: "another file of the extract goes by the same name: this one was not read", Fix: "leave one of them",
		Note: "The one whose name is exact is read; otherwise the first in the order of their names.",
	},
	{
		ID: ruleUnknownFile, Severity: Info, Per: "file",
		Problem: "a file or folder that the dictionary does not know: not read", Fix: "rename it if it belongs to the extract; otherwise leave it out",
		Note: "Where there is no episodes.csv, several are named together in one finding. Of names that look like data only the shape is shown. What systems leave behind (.DS_Store, __MACOSX, Thumbs.db, desktop.ini) is passed over.",
	},
	{
		ID: ruleTooMany, Severity: Error, Per: "extract",
		Problem: "there are more files than an extract can have: those behind the first were not looked at", Fix: "hand in the folder or zip of the extract alone",
	},
	{
		ID: ruleNotZip, Severity: Error, Per: "extract",
		Problem: "the bytes are no zip file, or its list of files is damaged", Fix: "make the zip again",
	},
	{
		ID: ruleDamaged, Severity: Error, Per: "file",
		Problem: "the file could not be unpacked to its end", Fix: "make the zip again, without a password",
		Note: "The report covers what came before the damage.",
	},
	{
		ID: ruleTooLarge, Severity: Error, Per: "file",
		Problem: "unpacked, the file is larger than a zip of this size should hold: reading stopped", Fix: "check where the zip comes from; if it is sound, unpack it and hand in the folder",
		Note: "The limits are the default Limits.",
	},
	{
		ID: ruleNoCompare, Severity: Warning, Per: "file",
		Problem: "the file was not held against the episodes, which are missing or could not be read to their end or by their episode_id", Fix: "mend episodes.csv first",
	},
	{
		ID: ruleKeyless, Severity: Warning, Per: "extract",
		Problem: "rows of episodes.csv have no episode_id that could be read; rows of other files that belong to them look like orphans", Fix: "mend episodes.csv first",
		Note: "Only where there are other files.",
	},
}

// agreement is a rule that compares the row of an episode with all its rows in
// another file. It is asked of every episode that was not rejected, once the
// other file has been read to its end and has rows.
type agreement struct {
	Rule
	kind  string // of the other file
	field int    // of the episode, at which a finding stands
	// judge is given the words of the episode, and those of its rows in the other
	// file or nil where it has none. less says that the other file has fewer rows
	// than it should, more that it has more.
	judge func(e episode, c []uint64) (v Verdict, less, more bool)
}

// What is kept of the rows of one episode in another file, see childSets. The
// highest bit of the first word says that a row could not be used: it has an
// error, or what it says of attendance or date is blank.
const spoilt = 1 << 63

const (
	wordAttended = iota // sessions attended (20 bits), missed (20), called off (20)
	wordFirstMet        // first attended, outreach left out
	wordAssessed        // first and last attended contact for assessment
	wordReviewed        // … for review
	contactWords
)

const countBits = 20

// childSet is what is kept of the rows of a file for the agreements.
type childSet struct {
	words  int
	values func(r *Row, out []uint64)
	merge  func(kept, more []uint64)
}

var childSets = map[string]childSet{
	"contact":  {contactWords, keepContact, mergeContact},
	"goal":     {1, keepGoal, orWords},
	"signpost": {1, keepSignpost, mergeSignpost},
	"need":     {1, keepNeed, orWords},
}

func keepContact(r *Row, out []uint64) {
	if r.worst == Error || !r.valid.has(cAttendance) || !r.valid.has(cContactDate) || r.unknown(cPurpose) && r.plan.has(cPurpose) {
		out[wordAttended] = spoilt
		return
	}
	purpose := int64(-1)
	if r.valid.has(cPurpose) {
		purpose = r.value(cPurpose)
	}
	beyond := purpose >= 0 && in(purposesBeyond, purpose)
	day := uint64(uint32(r.value(cContactDate)))
	switch attendance := r.value(cAttendance); {
	case in(attendanceHeld, attendance):
		if !beyond {
			out[wordAttended] = 1
		}
		if purpose != purposeOutreach {
			out[wordFirstMet] = day
		}
		switch purpose {
		case purposeAssessment:
			out[wordAssessed] = day | day<<32
		case purposeReview:
			out[wordReviewed] = day | day<<32
		}
	case beyond:
	case in(attendanceMissed, attendance):
		out[wordAttended] = 1 << countBits
	case in(attendanceCalledOff, attendance):
		out[wordAttended] = 1 << (2 * countBits)
	}
}

func mergeContact(kept, more []uint64) {
	const most = 1<<countBits - 1
	sum := (kept[wordAttended] | more[wordAttended]) & spoilt
	for shift := 0; shift < 3*countBits; shift += countBits {
		n := kept[wordAttended]>>shift&most + more[wordAttended]>>shift&most
		sum |= min(n, most) << shift
	}
	kept[wordAttended] = sum
	kept[wordFirstMet] = firstDay(kept[wordFirstMet], more[wordFirstMet])
	for _, w := range [...]int{wordAssessed, wordReviewed} {
		first := firstDay(kept[w]&unknownDate, more[w]&unknownDate)
		kept[w] = first | max(kept[w]>>32, more[w]>>32)<<32
	}
}

// firstDay is the earlier of two days, of which 0 is none.
func firstDay(a, b uint64) uint64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

func keepGoal(r *Row, out []uint64) {
	n := r.value(gNumber)
	switch {
	case r.worst == Error || !r.valid.has(gNumber):
		out[0] = spoilt
	case n <= int64(len(goalIssues)):
		out[0] = 1 << n
	}
}

func orWords(kept, more []uint64) {
	for i := range kept {
		kept[i] |= more[i]
	}
}

// keepSignpost keeps the first date in the lower 32 bits and the destinations
// above them.
func keepSignpost(r *Row, out []uint64) {
	switch {
	case r.worst == Error || !r.valid.has(sKind) || !r.valid.has(sDate) || !r.valid.has(sDestination):
		out[0] = spoilt
	case r.value(sKind) != kindInformation:
		out[0] = uint64(uint32(r.value(sDate))) | 1<<(32+r.value(sDestination))
	}
}

func mergeSignpost(kept, more []uint64) {
	day := firstDay(kept[0]&unknownDate, more[0]&unknownDate)
	kept[0] = (kept[0]|more[0])&^unknownDate | day
}

// keepNeed keeps the needs recorded, and from the 16th and 32nd bit on those met
// and met in part.
func keepNeed(r *Row, out []uint64) {
	if r.worst == Error || !r.valid.has(nNeed) || !r.valid.has(nStatus) {
		out[0] = spoilt
		return
	}
	need := uint64(1) << r.value(nNeed)
	out[0] = need
	switch r.value(nStatus) {
	case needMet:
		out[0] |= need << 16
	case needPartMet:
		out[0] |= need << 32
	}
}

var agreements = []agreement{
	{
		Rule: Rule{
			ID: "agreement/first-contact", Severity: Warning, Reads: "attendance contact_date purpose of contacts.csv, first_contact_date", Per: "episode",
			Problem: "the date of first contact is not that of the first contact attended", Fix: "correct the one that is wrong, or export the missing contact",
			Note: "Contacts for outreach are left out. A first contact without any contact attended disagrees too, and so does a blank one with one attended.",
		},
		kind: "contact", field: fFirstContactDate,
		judge: func(e episode, c []uint64) (Verdict, bool, bool) {
			stated, day := e.firstContact(), int64(word(c, wordFirstMet))
			if untold(stated) || stated == 0 && day == 0 {
				return NotApplicable, false, false
			}
			return FailIf(stated != day), day == 0 || stated != 0 && stated < day, false
		},
	},
	{
		Rule: Rule{
			ID: "agreement/sessions-attended", Severity: Warning, Reads: "attendance purpose of contacts.csv, sessions_attended", Per: "episode",
			Problem: "the sessions attended are not as many as the contacts attended", Fix: "correct the one that is wrong, or export the missing contacts",
			Note: "Contacts for outreach and for follow-up are not sessions.",
		},
		kind: "contact", field: fSessionsAttended,
		judge: func(e episode, c []uint64) (Verdict, bool, bool) {
			stated := e.attended() - 1
			if stated < 0 || stated == unknownSmall-1 {
				return NotApplicable, false, false
			}
			n := int64(word(c, wordAttended) & (1<<countBits - 1))
			return FailIf(n != stated), n < stated, n > stated
		},
	},
	{
		Rule: Rule{
			ID: "agreement/sessions-missed", Severity: Warning, Reads: "attendance purpose of contacts.csv, sessions_missed", Per: "episode",
			Problem: "the sessions not attended are fewer than the contacts missed, or more than those missed and called off together", Fix: "correct the one that is wrong, or export the missing contacts",
			Note: "Services differ in whether an appointment that was cancelled or moved counts as not attended, so either is right.",
		},
		kind: "contact", field: fSessionsMissed,
		judge: func(e episode, c []uint64) (Verdict, bool, bool) {
			stated := e.missed() - 1
			if stated < 0 || stated == unknownSmall-1 {
				return NotApplicable, false, false
			}
			missed := int64(word(c, wordAttended) >> countBits & (1<<countBits - 1))
			off := int64(word(c, wordAttended) >> (2 * countBits) & (1<<countBits - 1))
			return FailIf(stated < missed || stated > missed+off), stated > missed+off, stated < missed
		},
	},
	{
		Rule: Rule{
			ID: "agreement/assessment-contact", Severity: Warning, Reads: "attendance contact_date purpose of contacts.csv, assessment_date", Per: "episode", When: "a contact for assessment was attended",
			Problem: "the date of the assessment lies before or after the contacts that were for it", Fix: "correct the dates or the purpose",
			Note: "An assessment may take several contacts.",
		},
		kind: "contact", field: fAssessmentDate,
		judge: func(e episode, c []uint64) (Verdict, bool, bool) {
			return within(e.assessment(), word(c, wordAssessed)), false, false
		},
	},
	{
		Rule: Rule{
			ID: "agreement/review-contact", Severity: Warning, Reads: "attendance contact_date purpose of contacts.csv, review_date", Per: "episode", When: "a contact for review was attended",
			Problem: "the date of the review lies before or after the contacts that were for it", Fix: "correct the dates or the purpose",
		},
		kind: "contact", field: fReviewDate,
		judge: func(e episode, c []uint64) (Verdict, bool, bool) {
			return within(e.reviewed(), word(c, wordReviewed)), false, false
		},
	},
	goalMissing(0), goalMissing(1), goalMissing(2),
	{
		Rule: Rule{
			ID: "agreement/signposted-date", Severity: Warning, Reads: "signpost_date kind of signposts.csv, signposted_date", Per: "episode", When: "the episode says where the client was signposted to",
			Problem: "the date of first signposting is not that of the first row in signposts.csv", Fix: "correct the one that is wrong, or export the missing row",
			Note: "Information given is not signposting.",
		},
		kind: "signpost", field: fSignpostedDate,
		judge: func(e episode, c []uint64) (Verdict, bool, bool) {
			day := int64(word(c, 0) & unknownDate)
			if !known(e.signposted()) || day == 0 {
				return NotApplicable, false, false
			}
			return FailIf(e.signposted() != day), e.signposted() < day, false
		},
	},
	{
		Rule: Rule{
			ID: "agreement/signposts-missing", Severity: Warning, Reads: "destination kind of signposts.csv, signposted_to", Per: "episode",
			Problem: "the episode names a destination that none of its rows in signposts.csv has", Fix: "correct the one that is wrong, or export the missing row",
		},
		kind: "signpost", field: fSignpostedTo,
		judge: func(e episode, c []uint64) (Verdict, bool, bool) {
			return notAmong(e.signpostedTo(), word(c, 0)>>32)
		},
	},
	{
		Rule: Rule{
			ID: "agreement/needs-missing", Severity: Warning, Reads: "need of needs.csv, wider_needs", Per: "episode",
			Problem: "the episode names a wider need that none of its rows in needs.csv has", Fix: "correct the one that is wrong, or export the missing row",
		},
		kind: "need", field: fWiderNeeds,
		judge: func(e episode, c []uint64) (Verdict, bool, bool) {
			return notAmong(e.needs(), word(c, 0))
		},
	},
	{
		Rule: Rule{
			ID: "agreement/needs-met", Severity: Warning, Reads: "need status of needs.csv, wider_needs_met", Per: "episode",
			Problem: "a need that the episode calls met is recorded in needs.csv, but never as met", Fix: "correct the one that is wrong",
		},
		kind: "need", field: fWiderNeedsMet,
		judge: func(e episode, c []uint64) (Verdict, bool, bool) {
			return notAmong(e.needsMet()&(word(c, 0)|filledSet|unknownSet), word(c, 0)>>16)
		},
	},
	{
		Rule: Rule{
			ID: "agreement/needs-part-met", Severity: Warning, Reads: "need status of needs.csv, wider_needs_part_met", Per: "episode",
			Problem: "a need that the episode calls met in part is recorded in needs.csv, but never as met, in part or in full", Fix: "correct the one that is wrong",
		},
		kind: "need", field: fWiderNeedsPartMet,
		judge: func(e episode, c []uint64) (Verdict, bool, bool) {
			return notAmong(e.needsPartMet()&(word(c, 0)|filledSet|unknownSet), (word(c, 0)>>16)|(word(c, 0)>>32))
		},
	},
}

// goalMissing is the agreement on one of the three goals of an episode's row.
func goalMissing(n int) agreement {
	number := strconv.Itoa(n + 1)
	return agreement{
		Rule: Rule{
			ID: "agreement/goal-" + number + "-missing", Severity: Warning, Reads: "goal_number of goals.csv, goal_" + number + "_issue", Per: "episode",
			Problem: "the episode has a goal " + number + " that goals.csv has not", Fix: "export the goal, or correct its number",
			Note: "Not applicable to an episode with a goal that bears no number.",
		},
		kind: "goal", field: goalIssues[n],
		judge: func(e episode, c []uint64) (Verdict, bool, bool) {
			issue, _ := e.goal(n)
			if issue == 0 || issue == unknownSmall {
				return NotApplicable, false, false
			}
			missing := word(c, 0)>>(n+1)&1 == 0
			return FailIf(missing), missing, false
		},
	}
}

// word is a word of what is kept of an episode's rows, 0 where it has none.
func word(c []uint64, n int) uint64 {
	if c == nil {
		return 0
	}
	return c[n]
}

// within fails where a date lies outside two days, which are kept in one word.
func within(date int64, days uint64) Verdict {
	if !known(date) || days == 0 {
		return NotApplicable
	}
	return FailIf(date < int64(days&unknownDate) || date > int64(days>>32))
}

// notAmong fails where the set of an episode has a code that the others have not.
func notAmong(stated, others uint64) (v Verdict, less, more bool) {
	if stated&filledSet == 0 {
		return NotApplicable, false, false
	}
	lacking := stated&(filledSet-1)&^others != 0
	return FailIf(lacking), lacking, false
}

// agreementsOn are the agreements with the files of one kind.
func agreementsOn(kind string) (list []agreement) {
	for _, a := range agreements {
		if a.kind == kind {
			list = append(list, a)
		}
	}
	return list
}
