package evaluation

import (
	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

// The characteristics by which clients and episodes are broken down, in the order of the report.
const (
	byGender = iota
	byAge
	byEthnicGroup
	byEthnicCategory
	byQuintile
	bySetting
	bySource
	bySupervision
	byGP
	byDisability
	byMode
	byIssue
	byWorkforce
	characteristicCount
)

// compared are the characteristics in which those who are in the pre/post figures are compared with
// those who are not.
var compared = [...]int{byQuintile, byGender, byAge, byEthnicGroup, bySetting}

// category is one answer to a characteristic.
type category struct {
	code, label, parent string
	known               bool
}

// characteristic sorts a row into one of its categories. The number of categories is below 256.
type characteristic struct {
	id, title  string
	note       string
	categories []category
	of         func(row *dcrs.Row) uint8
}

const notRecorded = "not recorded"

// coded is a characteristic that is a coded field; unknown lists its codes that say nothing.
func coded(d *dcrs.Dictionary, id, title string, field dcrs.Field, unknown ...string) characteristic {
	c := characteristic{id: id, title: title}
	list, _ := d.CodeList(field.CodeList)
	at := make(map[string]uint8, len(list.Codes))
	says := func(code string) bool {
		for _, u := range unknown {
			if u == code {
				return false
			}
		}
		return true
	}
	for _, known := range []bool{true, false} {
		for _, code := range list.Codes {
			if says(code.Code) == known {
				at[code.Code] = uint8(len(c.categories))
				c.categories = append(c.categories, category{code: code.Code, label: code.Label, known: known})
			}
		}
	}
	blank := uint8(len(c.categories))
	c.categories = append(c.categories, category{label: notRecorded})
	i := field.Index()
	c.of = func(row *dcrs.Row) uint8 {
		if k, ok := at[row.Code(i)]; ok {
			return k
		}
		return blank
	}
	return c
}

// ageBands begin with these ages.
var ageBands = [...]struct {
	from  int64
	code  string
	label string
}{
	{0, "under-16", "under 16"},
	{16, "16-24", "16 to 24"},
	{25, "25-34", "25 to 34"},
	{35, "35-44", "35 to 44"},
	{45, "45-54", "45 to 54"},
	{55, "55-64", "55 to 64"},
	{65, "65-74", "65 to 74"},
	{75, "75-plus", "75 and over"},
}

func ageBand(born, referral, age int) characteristic {
	c := characteristic{
		id: "age", title: "Age at referral",
		note: "Completed years from date of birth to referral; the recorded age where there is no date of birth.",
	}
	for _, b := range ageBands {
		c.categories = append(c.categories, category{code: b.code, label: b.label, known: true})
	}
	blank := uint8(len(c.categories))
	c.categories = append(c.categories, category{label: notRecorded})
	c.of = func(row *dcrs.Row) uint8 {
		years, ok := ageAt(row.Date(born), row.Date(referral))
		if !ok {
			years, ok = row.Int(age)
		}
		if !ok || years < 0 {
			return blank
		}
		k := len(ageBands) - 1
		for years < ageBands[k].from {
			k--
		}
		return uint8(k)
	}
	return c
}

func ageAt(born, on hte.Date) (int64, bool) {
	if born.IsZero() || on.IsZero() || on.Before(born) {
		return 0, false
	}
	return int64(born.YearsUntil(on)), true
}

// ethnicGroups are the five groups of the 2001 census, to which the national 16+1 codes belong: Chinese
// stands with other ethnic groups there, not with Asian.
var ethnicGroups = []grouping{
	{"white", "White", []string{"A", "B", "C"}},
	{"mixed", "Mixed", []string{"D", "E", "F", "G"}},
	{"asian", "Asian or Asian British", []string{"H", "J", "K", "L"}},
	{"black", "Black or Black British", []string{"M", "N", "P"}},
	{"other", "Chinese or other ethnic group", []string{"R", "S"}},
}

const (
	notStated = "not stated"
	notKnown  = "not known"
)

func ethnicGroup(field dcrs.Field) characteristic {
	c := characteristic{
		id: "ethnic-group", title: "Ethnic group",
		note: "The five groups of the 2001 census, to which the national codes belong; Chinese is with other groups there.",
	}
	at := make(map[string]uint8)
	for k, g := range ethnicGroups {
		c.categories = append(c.categories, category{code: g.id, label: g.label, known: true})
		for _, code := range g.codes {
			at[code] = uint8(k)
		}
	}
	n := uint8(len(c.categories))
	c.categories = append(c.categories, category{code: "Z", label: notStated}, category{code: "99", label: notKnown}, category{label: notRecorded})
	at["Z"], at["99"] = n, n+1
	i := field.Index()
	c.of = func(row *dcrs.Row) uint8 {
		if k, ok := at[row.Code(i)]; ok {
			return k
		}
		return n + 2
	}
	return c
}

// ethnicCategory is the field's 16 codes, each under its group.
func ethnicCategory(d *dcrs.Dictionary, field dcrs.Field) characteristic {
	c := coded(d, "ethnic-category", "Ethnic category", field, "Z", "99")
	for i := range c.categories {
		for _, g := range ethnicGroups {
			for _, code := range g.codes {
				if c.categories[i].code == code {
					c.categories[i].parent = g.id
				}
			}
		}
	}
	return c
}

// quintile sets those apart whose postcode stands for no place, since they have no quintile to record.
func quintile(d *dcrs.Dictionary, field, postcode dcrs.Field) characteristic {
	c := coded(d, "quintile", "Deprivation quintile of residence", field)
	c.note = "1 is the most deprived fifth of areas in the country. An even spread over the population would put about 20% in each."
	for i := range c.categories {
		if c.categories[i].known {
			c.categories[i].label = c.categories[i].code + ", " + c.categories[i].label
		}
	}
	blank := len(c.categories) - 1
	c.categories = append(c.categories, category{code: "ZZ99", label: "no fixed or known address (ZZ99)"})
	inner, i := c.of, postcode.Index()
	c.of = func(row *dcrs.Row) uint8 {
		k := inner(row)
		if int(k) == blank && row.PseudoPostcode(i) {
			k++
		}
		return k
	}
	return c
}

func gpRegistration(field dcrs.Field) characteristic {
	c := characteristic{
		id: "gp", title: "Registration with a GP",
		note: "From the GP practice code: V81997 is no registered practice, V81998 not applicable, V81999 not known.",
		categories: []category{
			{code: "registered", label: "registered", known: true},
			{code: "V81997", label: "not registered", known: true},
			{code: "V81998", label: "not applicable"},
			{code: "V81999", label: notKnown},
			{label: notRecorded},
		},
	}
	i := field.Index()
	c.of = func(row *dcrs.Row) uint8 {
		if !row.Valid(i) {
			return 4
		}
		switch code := row.Cell(i); string(code) {
		case "V81997", "v81997":
			return 1
		case "V81998", "v81998":
			return 2
		case "V81999", "v81999":
			return 3
		}
		return 0
	}
	return c
}

func disability(field dcrs.Field) characteristic {
	c := characteristic{
		id: "disability", title: "Disability",
		categories: []category{
			{code: "any", label: "a disability", known: true},
			{code: "NN", label: "no disability", known: true},
			{code: "ZZ", label: notStated},
			{label: notRecorded},
		},
	}
	i := field.Index()
	c.of = func(row *dcrs.Row) uint8 {
		k := uint8(3)
		for code := range row.Codes(i) {
			switch code {
			case "NN":
				k = min(k, 1)
			case "ZZ":
				k = min(k, 2)
			default:
				k = 0
			}
		}
		return k
	}
	return c
}

// characteristics builds them all, in order.
func characteristics(d *dcrs.Dictionary, f *fields) []characteristic {
	cs := make([]characteristic, characteristicCount)
	cs[byGender] = coded(d, "gender", "Gender", f.gender, "X")
	cs[byAge] = ageBand(f.dateOfBirth, f.referralDate, f.ageAtReferral)
	cs[byEthnicGroup] = ethnicGroup(f.ethnicCategory)
	cs[byEthnicCategory] = ethnicCategory(d, f.ethnicCategory)
	cs[byQuintile] = quintile(d, f.imdQuintile, f.postcode)
	cs[bySetting] = coded(d, "setting", "Setting of the service", f.setting)
	cs[bySource] = coded(d, "source", "Source of referral", f.referralSource)
	cs[bySupervision] = coded(d, "supervision", "Criminal justice supervision at referral", f.supervision)
	cs[bySupervision].note = "Asked for where the setting is probation, prison or approved premises; elsewhere mostly not recorded."
	cs[byGP] = gpRegistration(f.gpPractice)
	cs[byDisability] = disability(f.disability)
	cs[byMode] = coded(d, "mode", "How the client was helped", f.clientMode)
	cs[byIssue] = coded(d, "issue", "Primary issue", f.primaryIssue)
	cs[byWorkforce] = coded(d, "workforce", "Next step into the health trainer workforce", f.workforceStep)
	return cs
}
