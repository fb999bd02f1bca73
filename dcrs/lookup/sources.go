package lookup

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// Sources are the files that were read. Any of them can be nil or missing: then
// nothing is said, and nothing filled, that would need it.
type Sources struct {
	Postcodes *Postcodes
	Ranks     []*Ranks // of any number of editions
	Practices *Practices
}

// SourceError says that something cannot be done with the sources that there are.
type SourceError struct{ Problem string }

func (e *SourceError) Error() string { return "lookup: " + e.Problem }

// ranks finds those of an edition.
func (s *Sources) ranks(edition string) *Ranks {
	for _, x := range s.Ranks {
		if x.edition.Code == edition {
			return x
		}
	}
	return nil
}

// Quintile is the deprivation quintile of a postcode by an edition of the index,
// 1 for the most deprived; false where the postcode is not in the directory, is
// one of the ZZ99 codes, or lies where the edition ranks no area.
func (s *Sources) Quintile(p dcrs.Postcode, edition string) (int, bool) {
	x := s.ranks(edition)
	if x == nil || s.Postcodes == nil || p.Pseudo() {
		return 0, false
	}
	area, ok := s.Postcodes.Find(p)
	if !ok {
		return 0, false
	}
	return x.Quintile(area.lsoa(x.edition.Census))
}

// fields are the places in a dictionary of the fields that the sources speak of,
// -1 for one that it has not.
type fields struct {
	postcode, lsoa, quintile, edition, practice, referral int
}

func fieldsOf(d *dcrs.Dictionary) fields {
	find := func(name string, t dcrs.Type) int {
		f, ok := d.Field(name)
		if !ok || f.Type != t {
			return -1
		}
		return f.Index()
	}
	return fields{
		postcode: find("postcode", dcrs.TypePostcode), lsoa: find("lsoa", dcrs.TypeLSOA), quintile: find("imd_quintile", dcrs.TypeCode),
		edition: find("imd_edition", dcrs.TypeCode), practice: find("gp_practice_code", dcrs.TypeGPPractice), referral: find("referral_date", dcrs.TypeDate),
	}
}

// Extend adds the rules that the sources can answer to a dictionary that has the
// fields of an episode's place:
//
//   - lookup/postcode-unknown (warning): the postcode is not in the directory.
//   - lookup/postcode-terminated (info): it was terminated in a month before that of
//     the referral.
//   - lookup/lsoa-disagrees (warning): the area is not that of the postcode, in any
//     census.
//   - lookup/lsoa-not-in-edition (warning): the edition does not rank the area.
//   - lookup/quintile-disagrees (error): the quintile is not that of the area, or of
//     the postcode where no ranked area is given, by the edition named in the row.
//   - lookup/practice-unknown (warning): the practice is not in the list.
//   - lookup/practice-closed (warning): it was not open on the day of the referral.
//
// The ZZ99 postcodes and the practice codes V81997 to V81999 are left alone. A
// rule is there only where its source is. The dictionary's edition gets "+lookup"
// behind it.
func (s *Sources) Extend(d *dcrs.Dictionary) (*dcrs.Dictionary, error) {
	return d.Extend("lookup", nil, nil, s.checks(d, fieldsOf(d)))
}

func (s *Sources) checks(d *dcrs.Dictionary, f fields) []dcrs.Check {
	var out []dcrs.Check
	add := func(rule dcrs.Rule, judge func(r *dcrs.Row) dcrs.Verdict, need ...int) {
		c := dcrs.Check{Rule: rule, Row: judge}
		for _, n := range need {
			if n < 0 {
				return
			}
			c.Need = append(c.Need, fieldName(d, n))
		}
		out = append(out, c)
	}
	if s.Postcodes != nil {
		s.postcodeChecks(f, add)
	}
	if len(s.Ranks) > 0 {
		s.rankChecks(f, add)
	}
	if s.Practices != nil {
		s.practiceChecks(f, add)
	}
	return out
}

func fieldName(d *dcrs.Dictionary, index int) string {
	for f := range d.Fields() {
		if f.Index() == index {
			return f.Name
		}
	}
	return ""
}

type adder func(rule dcrs.Rule, judge func(r *dcrs.Row) dcrs.Verdict, need ...int)

// find looks a real postcode up; known is false for those that stand for no place.
func (s *Sources) find(r *dcrs.Row, postcode int) (area Area, found, known bool) {
	p := r.Postcode(postcode)
	if p == 0 || p.Pseudo() {
		return Area{}, false, false
	}
	area, found = s.Postcodes.Find(p)
	return area, found, true
}

func (s *Sources) postcodeChecks(f fields, add adder) {
	add(dcrs.Rule{
		ID: "lookup/postcode-unknown", Severity: dcrs.Warning, When: "postcode is not ZZ99",
		Problem: "the postcode has the right form, but the postcode directory does not know it",
		Fix:     "check it with the client; ZZ99 3VZ stands for no fixed abode and ZZ99 3WZ for an address that is not known. A very new postcode may need a newer directory",
		Basis:   dcrs.BasisNational, Source: "MHDQ (a postcode that is real)",
	}, func(r *dcrs.Row) dcrs.Verdict {
		_, found, known := s.find(r, f.postcode)
		if !known {
			return dcrs.NotApplicable
		}
		return dcrs.FailIf(!found)
	}, f.postcode)
	add(dcrs.Rule{
		ID: "lookup/postcode-terminated", Severity: dcrs.Info, When: "postcode is in the directory", Reads: "referral_date postcode",
		Problem: "the postcode was terminated before the month of the referral",
		Fix:     "ask whether the client has moved; an area can be found for it all the same",
		Basis:   dcrs.BasisNational, Source: "MHDQ (a postcode that is active)",
	}, func(r *dcrs.Row) dcrs.Verdict {
		area, found, _ := s.find(r, f.postcode)
		if !found {
			return dcrs.NotApplicable
		}
		year, month, _ := r.Date(f.referral).Date()
		return dcrs.FailIf(!area.Terminated.IsZero() && area.Terminated.Before(firstOfMonth(year, int(month))))
	}, f.referral, f.postcode)
	add(dcrs.Rule{
		ID: "lookup/lsoa-disagrees", Severity: dcrs.Warning, When: "postcode is in the directory and lies in England or Wales",
		Problem: "the area is not the one that the postcode directory gives for the postcode, by the boundaries of any census",
		Fix:     "correct the postcode or the area. A postcode can straddle a border: an area found by the address itself may stand",
		Basis:   dcrs.BasisNational, Source: "IMD",
	}, func(r *dcrs.Row) dcrs.Verdict {
		area, found, _ := s.find(r, f.postcode)
		l := r.LSOA(f.lsoa)
		if !found || area.LSOA2001|area.LSOA2011|area.LSOA2021 == 0 {
			return dcrs.NotApplicable
		}
		return dcrs.FailIf(l != area.LSOA2001 && l != area.LSOA2011 && l != area.LSOA2021)
	}, f.postcode, f.lsoa)
}

func (s *Sources) rankChecks(f fields, add adder) {
	add(dcrs.Rule{
		ID: "lookup/lsoa-not-in-edition", Severity: dcrs.Warning, When: "the ranks of the edition are at hand",
		Problem: "the edition of the index does not rank this area: it goes by the boundaries of another census, or of the other nation",
		Fix:     "give the edition that the quintile comes from, or the area by the boundaries that it goes by",
		Basis:   dcrs.BasisNational, Source: "IMD",
	}, func(r *dcrs.Row) dcrs.Verdict {
		x := s.ranks(r.Code(f.edition))
		if x == nil {
			return dcrs.NotApplicable
		}
		_, ok := x.Rank(r.LSOA(f.lsoa))
		return dcrs.FailIf(!ok)
	}, f.edition, f.lsoa)

	disagrees := dcrs.Rule{
		ID: "lookup/quintile-disagrees", Severity: dcrs.Error, When: "the ranks of the edition are at hand, and they rank the area",
		Reads:   "postcode lsoa imd_edition imd_quintile",
		Problem: "the quintile is not that of the area (or of the postcode, where no area is given) by the edition named",
		Fix:     "look it up again, or give the edition that it comes from; 1 is the most deprived fifth",
		Note:    "An area in the row that the edition ranks goes before the postcode.",
		Basis:   dcrs.BasisNational, Source: "IMD; MHDQ (deciles 1 and 2 are quintile 1)",
	}
	judge := func(r *dcrs.Row, x *Ranks, l dcrs.LSOA) dcrs.Verdict {
		q, ok := x.Quintile(l)
		if !ok {
			return dcrs.NotApplicable
		}
		code := r.Code(f.quintile)
		return dcrs.FailIf(len(code) != 1 || int(code[0]-'0') != q)
	}
	add(disagrees, func(r *dcrs.Row) dcrs.Verdict {
		x := s.ranks(r.Code(f.edition))
		if x == nil {
			return dcrs.NotApplicable
		}
		return judge(r, x, r.LSOA(f.lsoa))
	}, f.lsoa, f.edition, f.quintile)
	if s.Postcodes == nil {
		return
	}
	add(disagrees, func(r *dcrs.Row) dcrs.Verdict {
		x := s.ranks(r.Code(f.edition))
		if x == nil {
			return dcrs.NotApplicable
		}
		if f.lsoa >= 0 {
			if _, ranked := x.Rank(r.LSOA(f.lsoa)); ranked {
				return dcrs.NotApplicable // the area has answered
			}
		}
		area, found, _ := s.find(r, f.postcode)
		if !found {
			return dcrs.NotApplicable
		}
		return judge(r, x, area.lsoa(x.edition.Census))
	}, f.postcode, f.edition, f.quintile)
}

func (s *Sources) practiceChecks(f fields, add adder) {
	add(dcrs.Rule{
		ID: "lookup/practice-unknown", Severity: dcrs.Warning, When: "gp_practice_code is none of V81997 to V81999",
		Problem: "the code has the right form, but the list of practices does not know it",
		Fix:     "look the practice up; V81997 stands for not registered, V81999 for not known",
		Basis:   dcrs.BasisNational, Source: "MHDQ",
	}, func(r *dcrs.Row) dcrs.Verdict {
		code := r.GPPractice(f.practice)
		if code.Default() {
			return dcrs.NotApplicable
		}
		_, ok := s.Practices.Find(code)
		return dcrs.FailIf(!ok)
	}, f.practice)
	add(dcrs.Rule{
		ID: "lookup/practice-closed", Severity: dcrs.Warning, When: "the practice is in the list", Reads: "referral_date gp_practice_code",
		Problem: "the practice was not open on the day of the referral",
		Fix:     "ask which practice the client was registered with then; a practice that merged has a successor",
		Basis:   dcrs.BasisNational, Source: "MHDQ",
	}, func(r *dcrs.Row) dcrs.Verdict {
		p, ok := s.Practices.Find(r.GPPractice(f.practice))
		if !ok {
			return dcrs.NotApplicable
		}
		return dcrs.FailIf(!p.OpenOn(r.Date(f.referral)))
	}, f.referral, f.practice)
}

// Fill lets [dcrs.Validator.Normalise] fill blank areas, quintiles and editions
// (the fields lsoa, imd_quintile and imd_edition) from the postcode. What is there
// stays, even where it disagrees: [Sources.Extend] is for that.
//
// The editions are those to fill by, for rows that name none: of several the first
// that ranks the area, so that "2019", "W2019" does for both nations. In a row that
// names an edition, a blank quintile is filled by that one, if its ranks are there.
// A quintile without an edition gets none: nobody knows where it came from. The
// area that is filled is the one by the boundaries that the edition goes by.
//
// The error is a [*SourceError] where a source or the ranks of an edition are
// missing.
func (s *Sources) Fill(d *dcrs.Dictionary, editions ...string) (dcrs.NormaliseOption, error) {
	f := fieldsOf(d)
	var by []*Ranks
	for _, e := range editions {
		x := s.ranks(e)
		if x == nil {
			return nil, &SourceError{Problem: fmt.Sprintf("there are no ranks of an edition %q to fill by", e)}
		}
		by = append(by, x)
	}
	switch {
	case s.Postcodes == nil:
		return nil, &SourceError{Problem: "there is no postcode directory to fill from"}
	case len(by) == 0:
		return nil, &SourceError{Problem: "no edition is named to fill by"}
	case slices.Contains([]int{f.postcode, f.lsoa, f.quintile, f.edition}, -1):
		return nil, &SourceError{Problem: "the dictionary lacks one of the fields postcode, lsoa, imd_quintile and imd_edition"}
	}
	for _, x := range by {
		if !s.Postcodes.Has(x.edition.Census) {
			return nil, &SourceError{Problem: fmt.Sprintf("the postcode directory has no areas of the census of %d, by which edition %s goes", x.edition.Census, x.edition.Code)}
		}
	}
	return dcrs.Fill([]string{"lsoa", "imd_quintile", "imd_edition"}, func(r *dcrs.Row, offer func(int, string)) {
		area, found, _ := s.find(r, f.postcode)
		if !found {
			return
		}
		own := r.Filled(f.edition)
		if own || !r.Filled(f.quintile) {
			candidates := by
			if own {
				x := s.ranks(r.Code(f.edition))
				if x == nil {
					return
				}
				candidates = []*Ranks{x}
			}
			for _, x := range candidates {
				l := r.LSOA(f.lsoa) // one that is there goes before the postcode's
				if _, ranked := x.Rank(l); !ranked {
					l = area.lsoa(x.edition.Census)
				}
				if q, ok := x.Quintile(l); ok {
					offer(f.lsoa, l.String())
					offer(f.quintile, strconv.Itoa(q))
					offer(f.edition, x.edition.Code)
					return
				}
			}
		}
		for _, x := range by { // an area all the same
			if l := area.lsoa(x.edition.Census); l != 0 {
				offer(f.lsoa, l.String())
				return
			}
		}
	}), nil
}
