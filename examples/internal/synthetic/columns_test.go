package synthetic

import (
	"testing"

	"github.com/healthtrainer/healthtrainer/dcrs"
)

// TestColumnsAreTheDictionarys holds the columns and codes that are written here
// once more, so that the answer key does not rest on package dcrs, to its
// dictionary.
func TestColumnsAreTheDictionarys(t *testing.T) {
	d := dcrs.Episodes()
	kinds := map[dcrs.Type][]kind{
		dcrs.TypeID:         {kindClient, kindEpisode, kindService, kindTrainer},
		dcrs.TypeCode:       {kindCode},
		dcrs.TypeCodes:      {kindCodes},
		dcrs.TypeDate:       {kindDate},
		dcrs.TypeInteger:    {kindInteger},
		dcrs.TypeDecimal:    {kindTenths, kindHalves, kindInteger},
		dcrs.TypeNHSNumber:  {kindNHSNumber},
		dcrs.TypePostcode:   {kindPostcode},
		dcrs.TypeLSOA:       {kindLSOA},
		dcrs.TypeGPPractice: {kindPractice},
	}
	f := 0
	for want := range d.Fields() {
		if f == columnCount {
			t.Fatalf("the dictionary has a field %s, which is not a column", want.Name)
		}
		got := columns[f]
		if got.name != want.Name {
			t.Errorf("column %d is %s, not %s", f, got.name, want.Name)
		}
		fits := false
		for _, k := range kinds[want.Type] {
			fits = fits || k == got.kind
		}
		if !fits {
			t.Errorf("%s is of kind %d, which does not write its type", got.name, got.kind)
		}
		if required := want.Presence == dcrs.Mandatory || want.Presence == dcrs.Required; got.required != required {
			t.Errorf("%s: required is %v", got.name, got.required)
		}
		sameLimits(t, got.name, got.valid, want.Valid)
		sameLimits(t, got.name, got.plausible, want.Plausible)
		sameCodes(t, d, got, want.CodeList)
		f++
	}
	if f != columnCount {
		t.Errorf("%d columns, but the dictionary has %d fields", columnCount, f)
	}
}

func sameLimits(t *testing.T, name string, got *limits, want *dcrs.Range) {
	t.Helper()
	switch {
	case got == nil && want == nil:
	case got == nil || want == nil:
		t.Errorf("%s has limits %v, want %v", name, got, want)
	case int64(got.low) != want.Min || int64(got.high) != want.Max:
		t.Errorf("%s is from %d to %d, want %d to %d", name, got.low, got.high, want.Min, want.Max)
	}
}

func sameCodes(t *testing.T, d *dcrs.Dictionary, c column, list string) {
	t.Helper()
	want, _ := d.CodeList(list)
	if len(c.codes) != len(want.Codes) {
		t.Errorf("%s has %d codes, want %d", c.name, len(c.codes), len(want.Codes))
		return
	}
	for i, code := range want.Codes {
		if c.codes[i] != code.Code {
			t.Errorf("%s: code %d is %s, want %s", c.name, i, c.codes[i], code.Code)
		}
	}
	for _, bad := range notCodes {
		if list != "" && want.Label(bad) != "" {
			t.Errorf("%q is meant to be no code, but %s has it", bad, list)
		}
	}
}

// TestConstantsNameTheirCodes holds the constants to the texts that they stand
// for, at the ends of the lists and where it matters most.
func TestConstantsNameTheirCodes(t *testing.T) {
	for _, c := range []struct {
		codes []string
		at    int
		want  string
	}{
		{genderCodes, gender2Female, "2"},
		{genderCodes, genderXNotKnown, "X"},
		{ethnicCodes, ethnicS, "S"},
		{ethnicCodes, ethnic99NotKnown, "99"},
		{editionCodes, edition2025, "2025"},
		{editionCodes, editionW2025, "W2025"},
		{statusCodes, status07NoNumber, "07"},
		{statusCodes, status08Postponed, "08"},
		{workCodes, work08Retired, "08"},
		{workCodes, workZZNotStated, "ZZ"},
		{disabilityCodes, disability10, "10"},
		{disabilityCodes, disabilityNNNone, "NN"},
		{disabilityCodes, disabilityZZNotStated, "ZZ"},
		{homeCodes, home07Tied, "07"},
		{homeCodes, home18Hostel, "18"},
		{homeCodes, home21Justice, "21"},
		{homeCodes, home98Other, "98"},
		{settingCodes, settingPrison, "prison"},
		{settingCodes, settingApprovedPremises, "approved_premises"},
		{settingCodes, settingOther, "other"},
		{supervisionCodes, supervisionCustody, "custody"},
		{supervisionCodes, supervisionRemand, "remand"},
		{supervisionCodes, supervisionOther, "other"},
		{sourceCodes, fromProbation, "probation"},
		{sourceCodes, fromPrison, "prison"},
		{sourceCodes, fromOther, "other"},
		{consentCodes, consentNo, "N"},
		{consentCodes, consentNotAsked, "not_asked"},
		{modeCodes, modeSignposted, "signposted"},
		{modeCodes, modeGroup, "group"},
		{issueCodes, issueExercise, "exercise"},
		{issueCodes, issueLocal, "local"},
		{needCodes, needSafety, "safety"},
		{planCodes, planNotAchieved, "not_achieved"},
		{planCodes, planLost, "lost"},
		{goalCodes, goalNotAchieved, "not_achieved"},
		{goalCodes, goalLost, "lost"},
		{signpostCodes, toStopSmoking, "stop_smoking"},
		{signpostCodes, toOther, "other"},
		{smokingCodes, smoking4Never, "4"},
		{smokingCodes, smoking9NotKnown, "9"},
		{maintainedCodes, maintainedLost, "lost"},
		{closureCodes, closedRecalled, "recalled"},
		{closureCodes, closedReleased, "released"},
		{closureCodes, closedDied, "died"},
		{closureCodes, closedOther, "other"},
		{stepCodes, stepEmployed, "employed"},
	} {
		if c.codes[c.at] != c.want {
			t.Errorf("a constant that means %s stands for %s", c.want, c.codes[c.at])
		}
	}
	for e, year := range editionYears {
		text := editionCodes[e]
		if string(appendPadded(nil, int32(year), 4)) != text[len(text)-4:] {
			t.Errorf("edition %s is of %d", text, year)
		}
	}
}

// TestCheckDigit works numbers out by hand: the weights are 10 to 2, the check
// digit is 11 less the sum modulo 11, 11 stands for 0, and 10 for no number.
func TestCheckDigit(t *testing.T) {
	for _, c := range []struct {
		n, want int32
		reason  string
	}{
		{0, 10, "999000000: the sum is 9×27 = 243, one over 22×11"},
		{1, 8, "999000001: 245 is 3 over"},
		{5, 0, "999000005: 253 is 23×11"},
		{123_456, 10, "999123456: 243 + 77 = 320 is 1 over 29×11"},
		{999_999, 9, "999999999: 9×54 = 486 is 2 over"},
	} {
		if got := checkDigit(c.n); got != c.want {
			t.Errorf("%s: the check digit is %d, want %d", c.reason, got, c.want)
		}
	}
	for _, c := range []struct {
		n      int32
		want   bool
		reason string
	}{
		{999_999, false, "9999999999 is a filler"},
		{1, true, "9990000018 is a number"},
		{0, false, "there is no check digit for it"},
	} {
		if got := usable(c.n); got != c.want {
			t.Errorf("%s: usable is %v", c.reason, got)
		}
	}
}

// TestNumbersAreDealtOnce deals out all the numbers of a service.
func TestNumbersAreDealtOnce(t *testing.T) {
	var n numbers
	seen := make([]bool, nhsNumbers)
	dealt := 0
	for v, ok := n.next(); ok; v, ok = n.next() {
		if seen[v] || !usable(v) {
			t.Fatalf("999 and %06d is dealt out twice, or no number", v)
		}
		seen[v] = true
		dealt++
	}
	if dealt < 850_000 {
		t.Errorf("a service has %d numbers, want 850,000", dealt)
	}
	spare := 0
	for v, ok := n.spare(); ok; v, ok = n.spare() {
		if seen[v] || !usable(v) {
			t.Fatalf("999 and %06d is a client's, dealt out twice, or no number", v)
		}
		seen[v] = true
		spare++
	}
	if spare < 40_000 {
		t.Errorf("a service has %d spare numbers, want 40,000", spare)
	}
}

// TestAddressesTellClientsApart deals out more addresses than there are
// postcodes: postcode and round together come once.
func TestAddressesTellClientsApart(t *testing.T) {
	type place struct{ postcode, round int32 }
	seen := map[place]bool{}
	quintileOf := map[int32]int32{}
	for quintile := range int32(5) {
		var a addresses
		for range 40_000 {
			got := a.next(9, quintile)
			if p := (place{got.postcode, got.round}); seen[p] {
				t.Fatalf("%+v is dealt out twice", got)
			} else {
				seen[p] = true
			}
			if q, ok := quintileOf[got.lsoa]; ok && q != quintile {
				t.Fatalf("area %d is in quintiles %d and %d", got.lsoa, q+1, quintile+1)
			}
			quintileOf[got.lsoa] = quintile
		}
	}
	if len(quintileOf) != 100 {
		t.Errorf("a service has %d areas, want 100", len(quintileOf))
	}
}
