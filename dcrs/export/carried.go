package export

import (
	"slices"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

// differences exports the journey again and lists the fields that the rows have
// otherwise.
func (b *back) differences() []Left {
	var all []Left
	at := make(map[Left]int)
	differs := func(kind, field, why string) {
		k := Left{Record: kind, What: field, Why: why}
		i, ok := at[k]
		if !ok {
			i = len(all)
			at[k] = i
			all = append(all, k)
		}
		all[i].Count++
	}
	s, none := &b.state, func(string, int, string) {}
	for _, d := range dcrs.ExtractDictionaries() {
		if d.Kind() == "episode" {
			again := episode(s, &Client{}, none)
			again["consent"] = consented(s)
			compare(d, b.row, again, func(field string) {
				differs("episode", field, orText(b.row.notValid(field), b.why[field], reasons["episode"][field], b.short(field)))
			})
			continue
		}
		var again []cells
		switch d.Kind() {
		case "contact":
			for i := range s.Appointments {
				again = append(again, contact(s, &s.Appointments[i], none))
			}
		case "goal":
			list, _ := d.CodeList("plain_measure")
			for i := range s.Goals {
				again = append(again, goal(s, &s.Goals[i], &list, none))
			}
		case "signpost":
			for i := range s.Signposts {
				again = append(again, signpost(s, &s.Signposts[i]))
			}
		case "need":
			for i := range s.Needs {
				again = append(again, need(s, &s.Needs[i]))
			}
		case "measure":
			list, _ := d.CodeList("measure")
			again = measures(s, &list, none)
		}
		for _, e := range b.rows[d.Kind()] {
			i := slices.IndexFunc(again, func(c cells) bool { return e.is(s, c) })
			var c cells
			if i >= 0 {
				c = again[i]
				again = slices.Delete(again, i, i+1)
			}
			compare(d, e.row, c, func(field string) {
				why := e.why
				if i >= 0 {
					why = orText(reasons[d.Kind()][field], why)
				} else if b.met.IsZero() {
					why = orText(why, notMet)
				}
				differs(d.Kind(), field, orText(e.row.notValid(field), why, otherwise))
			})
		}
		for range again {
			differs(d.Kind(), extra[d.Kind()], "a row that the file does not have, of what the episode says")
		}
	}
	return all
}

// extra is the field under which rows are listed that were not there before.
var extra = map[string]string{"contact": "contact_id", "goal": "goal_id", "signpost": "signpost_id", "need": "need", "measure": "measure"}

// is reports whether the row of the journey is that of the entry.
func (e *entry) is(s *hte.State, c cells) bool {
	switch e.row.kind {
	case "contact":
		return e.number > 0 && c["contact_id"] == id(s, "c", e.number)
	case "goal":
		return e.number > 0 && c["goal_id"] == id(s, "g", e.number)
	case "signpost":
		return e.number > 0 && c["signpost_id"] == id(s, "s", e.number)
	case "need":
		return c["need"] == e.row.cells["need"]
	case "measure":
		for _, field := range []string{"measure", "time_point"} {
			if c[field] != e.row.cells[field] {
				return false
			}
		}
		return c["time_point"] != "other" || c["measured_on"] == e.row.cells["measured_on"]
	}
	return false
}

// compare calls differs for every field that the row of the journey has otherwise;
// where there is none, for every filled field.
func compare(d *dcrs.Dictionary, r *Record, again cells, differs func(field string)) {
	for f := range d.Fields() {
		if f.Name == "episode_id" && again == nil {
			continue // the other fields say it
		}
		if r.notValid(f.Name) != "" || !same(r.cells[f.Name], again[f.Name]) {
			differs(f.Name)
		}
	}
}

// consented is what an episode says of the consent to share.
func consented(s *hte.State) string {
	switch {
	case s.Consents("share"):
		return "Y"
	case s.Consent.Status != "":
		return "N"
	}
	return ""
}

// short says why a field of the episode may have come short where nothing refused it.
func (b *back) short(field string) string {
	switch {
	case field == "consent" && !b.state.Consent.WithdrawnOn.IsZero():
		return "consent was withdrawn at the end"
	case strings.HasSuffix(field, "_pre") && b.state.AssessedOn.IsZero() && !b.met.IsZero():
		return notAssessed
	case strings.HasSuffix(field, "_post") && b.reviewed.IsZero():
		return "a journey that was not reviewed has no values of its review"
	case b.met.IsZero():
		return notMet
	case field == "sessions_planned" && b.planned.IsZero():
		return "sessions are planned with a plan"
	case field == "signposted_to" || field == "signposted_date":
		return "the journey has what signposts.csv has too"
	case strings.HasPrefix(field, "wider_needs"):
		return "the journey has what needs.csv has, and by the assessment"
	}
	return otherwise
}

// notValid says of a field that is filled with something that is not valid that it
// is.
func (r *Record) notValid(field string) string {
	if slices.Contains(r.wrong, field) {
		return "what the cell holds is not valid"
	}
	return ""
}

func orText(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

const (
	notMet    = "nobody met the client, so nothing was found out or agreed"
	otherwise = "the journey that the other fields tell has it otherwise, or not at all"
	who       = "who the client is stays with the host"
	counted   = "a journey counts its own appointments"
	numbered  = "a journey numbers its own"
)

// reasons are those of fields that do not come back, whatever they hold.
var reasons = map[string]map[string]string{
	"episode": {
		"nhs_number": who, "nhs_number_status": who, "date_of_birth": who, "gender": who, "ethnic_category": who, "postcode": who, "lsoa": who,
		"imd_quintile": who, "imd_edition": who, "gp_practice_code": who, "disability": who, "trainer_imd_quintile": who,
		"sessions_attended": counted, "sessions_missed": counted,
	},
	"contact": {
		"contact_id": numbered, "setting": "an appointment has no setting of its own",
		"trainer_id": "an extract does not say when the trainer changed: an appointment that took place or was missed has that of the episode",
		"attendance": "a journey knows no appointment of which nobody can say what became of it: it is still planned, or was cancelled at the end",
		"purpose":    "an appointment has no such purpose: a session is put down", "consultation_medium": "an appointment has no such medium",
		"duration_minutes": "an appointment that did not take place has no length", "techniques": "an appointment that did not take place has no techniques",
	},
	"goal": {"goal_id": numbered, "goal_number": numbered},
	"need": {"severity": "high is the most that a need of a journey can weigh"},
	"signpost": {
		"signpost_id": numbered, "issue": "a signpost is for a wider need", "consent": "consent is that of the journey",
		"kind": "a journey tells pointing out from referring, not from giving information", "outcome": "a signpost without an outcome awaits it",
	},
	"measure": {"scale": "the answers have all scales", "value": "the answers have the score"},
}
