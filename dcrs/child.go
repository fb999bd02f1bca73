package dcrs

import (
	"slices"
	"strings"
)

// What the files beside episodes.csv have in common: they are children of the
// episodes. A row of theirs belongs to the episode whose identifier it bears,
// and rules hold the two against each other.

// childEpisode is the first field of every child: the episode it belongs to.
const childEpisode = 0

var childEpisodeID = Field{
	Name: "episode_id", Label: "Episode identifier", Type: TypeID, MaxLength: 36, Alphabet: idAlphabet,
	Presence: Mandatory, Sensitivity: Pseudonym, Basis: BasisOwn, Note: "of a row of episodes.csv",
}

// newChild makes a dictionary with the code lists that its fields name, and more.
func newChild(kind string, fields []Field, more []CodeList, checks []Check) *Dictionary {
	named := func(l CodeList) bool {
		return slices.ContainsFunc(fields, func(f Field) bool { return f.CodeList == l.Name })
	}
	var lists []CodeList
	for _, l := range slices.Concat(episodeCodeLists, childCodeLists) {
		if named(l) {
			lists = append(lists, l)
		}
	}
	d, err := NewDictionary(kind, Edition, fields, append(lists, more...), checks)
	if err != nil { // a test makes every one
		panic(err)
	}
	return d
}

// childCode is the place of a code in its list, -1 where it is not there; a test
// holds that every code named in a rule is found.
func childCode(list, code string) int64 {
	for _, l := range childCodeLists {
		if l.Name == list {
			return int64(slices.IndexFunc(l.Codes, func(c Code) bool { return c.Code == code }))
		}
	}
	return codeNumber(list, code)
}

func childCodes(list string, codes ...string) (set uint64) {
	for _, c := range codes {
		set |= 1 << childCode(list, c)
	}
	return set
}

// References returns the two rules that hold the rows of one file of an extract
// against its episodes: KIND/orphan and KIND/episode-rejected. The dictionaries
// of this package have them; they are for a kind of your own whose dictionary
// has a field episode_id. Without an extract, in [Validator.Validate], they are
// not applicable.
func References(kind string) []Check { return references(kind) }

func references(kind string) []Check {
	return []Check{{
		Rule: Rule{
			ID: kind + "/orphan", Severity: Error, Reads: "episode_id, that of every episode",
			Problem: "no row of episodes.csv has this episode_id", Fix: "correct the episode_id, or export the episode too",
			Note: "Identifiers are compared letter for letter. Where rows of episodes.csv could not be read, or have no episode_id, this may be a child of one of them: the extract's own rules say how many there are.",
		},
		Need: []string{"episode_id"},
		Row: func(r *Row) Verdict {
			e := r.link(r.at)
			if !e.known {
				return NotApplicable
			}
			return FailIf(!e.found)
		},
	}, {
		Rule: Rule{
			ID: kind + "/episode-rejected", Severity: Info, Reads: "episode_id, the findings of its episode",
			Problem: "the episode that this row belongs to has an error, so this row cannot be counted either", Fix: "mend the episode; nothing need be done here",
			Note: "A consequence, counted once for each row and not as an error of its own. The row's own rules are asked all the same, since what they find has to be mended in any case; those that compare it with its episode are not applicable.",
		},
		Need: []string{"episode_id"},
		Row: func(r *Row) Verdict {
			e := r.link(r.at)
			if !e.known || !e.found {
				return NotApplicable
			}
			return FailIf(e.rejected)
		},
	}}
}

// link is what a row knows of its episode. It is looked up once a row.
type link struct {
	parent
	known, found bool // see Row.parent
}

// link finds the episode of the row by the identifier in the field, which is
// valid.
func (r *Row) link(field int) *link {
	if !r.linked {
		r.linked = true
		r.toEpisode.parent, r.toEpisode.found, r.toEpisode.known = r.parent("episode", r.hashOf(field))
	}
	if r.toEpisode.found {
		r.beside = uint32(r.toEpisode.place) + 1
	}
	return &r.toEpisode
}

// episode is what a child may ask of its episode; false where there is none, or
// where it was rejected.
func (r *Row) episode() (episode, bool) {
	l := r.link(childEpisode)
	return episode(l.words), l.found && !l.rejected
}

// episode is what is kept of an episode for its children and for the rules that
// compare its row with theirs, as words of 64 bits.
//
// A date is its ordinal in 32 bits: 0 where it is blank, unknownDate where it
// could not be read, absentDate where the file has no such column. Other values are one more
// than they are; 0 stands for blank, and the highest for unknown.
type episode []uint64

const (
	wordFirst   = iota // referral, first contact
	wordPlan           // assessment, plan
	wordReview         // review, closure
	wordCounts         // signposted; sessions attended (8) and missed (8), closure reason (8)
	wordGoals          // of three goals: issue (8), status (8)
	wordSets           // of 16 bits each: signposted to, needs, needs met, met in part
	wordMeasure        // where measures.csv is there: the measures, see measureSlots
)

const (
	unknownDate  = 1<<32 - 1
	absentDate   = 1<<32 - 2
	unknownSmall = 0xff
	unknownSet   = 1 << 15 // could not be read, or has no column
	filledSet    = 1 << 14
)

// keepEpisode notes what is kept of an episode; measures says whether with its
// measures.
func keepEpisode(measures bool) func(r *Row, out []uint64) {
	return func(r *Row, out []uint64) {
		out[wordFirst] = r.dateWord(fReferralDate) | r.dateWord(fFirstContactDate)<<32
		out[wordPlan] = r.dateWord(fAssessmentDate) | r.dateWord(fPlanDate)<<32
		out[wordReview] = r.dateWord(fReviewDate) | r.dateWord(fClosureDate)<<32
		out[wordCounts] = r.dateWord(fSignpostedDate) | r.smallWord(fSessionsAttended)<<32 | r.smallWord(fSessionsMissed)<<40 | r.smallWord(fClosureReason)<<48
		for n := range goalIssues {
			out[wordGoals] |= (r.smallWord(goalIssues[n]) | r.smallWord(goalStatuses[n])<<8) << (16 * n)
		}
		for n, f := range [...]int{fSignpostedTo, fWiderNeeds, fWiderNeedsMet, fWiderNeedsPartMet} {
			out[wordSets] |= r.setWord(f) << (16 * n)
		}
		if measures {
			for i := range measureSlots {
				s := &measureSlots[i]
				for p, f := range s.fields {
					out[wordMeasure+s.word[p]] |= s.pack(r, f) << s.shift[p]
				}
			}
		}
	}
}

// unknown reports whether a field is filled with something wrong, or has no
// column.
func (r *Row) unknown(f int) bool {
	if r.filled.has(f) {
		return !r.valid.has(f)
	}
	return !r.plan.has(f)
}

func (r *Row) dateWord(f int) uint64 {
	switch {
	case r.valid.has(f):
		return uint64(uint32(r.value(f)))
	case r.filled.has(f):
		return unknownDate
	case !r.plan.has(f):
		return absentDate
	}
	return 0
}

func (r *Row) smallWord(f int) uint64 {
	switch {
	case r.valid.has(f):
		return uint64(r.value(f)) + 1
	case r.unknown(f):
		return unknownSmall
	}
	return 0
}

func (r *Row) setWord(f int) uint64 {
	switch {
	case r.valid.has(f):
		return uint64(r.value(f)) | filledSet
	case r.unknown(f):
		return unknownSet
	}
	return 0
}

func (e episode) date(word, shift int) int64 { return int64(e[word] >> shift & unknownDate) }

func (e episode) referral() int64 { return e.date(wordFirst, 0) }

// began is the referral, or the first contact where that came before it: that
// it did is for the rules of the episode to say, not for each of its rows.
func (e episode) began() int64 {
	referral, contact := e.referral(), e.firstContact()
	switch {
	case untold(referral) || contact == unknownDate:
		return unknownDate
	case known(contact) && contact < referral:
		return contact
	}
	return referral
}

func (e episode) firstContact() int64 { return e.date(wordFirst, 32) }
func (e episode) assessment() int64   { return e.date(wordPlan, 0) }
func (e episode) planned() int64      { return e.date(wordPlan, 32) }
func (e episode) reviewed() int64     { return e.date(wordReview, 0) }
func (e episode) closure() int64      { return e.date(wordReview, 32) }
func (e episode) signposted() int64   { return e.date(wordCounts, 0) }

func (e episode) small(word, shift int) int64 { return int64(e[word] >> shift & 0xff) }

func (e episode) attended() int64      { return e.small(wordCounts, 32) }
func (e episode) missed() int64        { return e.small(wordCounts, 40) }
func (e episode) closureReason() int64 { return e.small(wordCounts, 48) }

func (e episode) goal(n int) (issue, status int64) {
	return e.small(wordGoals, 16*n), e.small(wordGoals, 16*n+8)
}

func (e episode) set(n int) uint64 { return e[wordSets] >> (16 * n) & 0xffff }

func (e episode) signpostedTo() uint64 { return e.set(0) }
func (e episode) needs() uint64        { return e.set(1) }
func (e episode) needsMet() uint64     { return e.set(2) }
func (e episode) needsPartMet() uint64 { return e.set(3) }

// answer is what can be said where a value may be unknown.
type answer uint8

const (
	no answer = iota
	yes
	unclear
)

// closedAs says whether the episode closed for that reason.
func (e episode) closedAs(reason int64) answer {
	switch e.closureReason() {
	case unknownSmall:
		return unclear
	case reason + 1:
		return yes
	}
	return no
}

// known reports whether a date of the episode is recorded and can be read.
func known(date int64) bool { return date != 0 && !untold(date) }

// untold reports whether the extract does not say whether there is a date.
func untold(date int64) bool { return date >= absentDate }

// earlier fails where a day comes before a date of the episode, later where it
// comes after; neither applies where the episode has no such date.
func (e episode) earlier(day, date int64) Verdict {
	if !known(date) {
		return NotApplicable
	}
	return FailIf(day < date)
}

func (e episode) later(day, date int64) Verdict {
	if !known(date) {
		return NotApplicable
	}
	return FailIf(day > date)
}

// tableName is the name of the file that holds rows of a kind: "episodes.csv".
func tableName(kind string) string { return kind + "s.csv" }

// kindOfTable is the kind of the rows of a file by its name: what tableName made a
// name of, or something like it.
func kindOfTable(name string) (kind string, ok bool) {
	kind, ok = strings.CutSuffix(strings.TrimSuffix(strings.ToLower(strings.TrimSpace(name)), ".gz"), ".csv")
	return strings.TrimSuffix(kind, "s"), ok && kind != ""
}

// kindOf finds the kind of a file by its name: exactly as tableName has it, or
// like it: in other letters, in the singular, with spaces around it or .gz behind.
func kindOf(name string, kinds []string) (kind string, exact, ok bool) {
	plain := strings.TrimSuffix(strings.ToLower(strings.TrimSpace(name)), ".gz")
	for _, k := range kinds {
		switch {
		case name == tableName(k):
			return k, true, true
		case plain == tableName(k), plain == k+".csv":
			return k, false, true
		}
	}
	return "", false, false
}
