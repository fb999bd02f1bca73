package synthetic

import (
	"github.com/healthtrainer/healthtrainer/hte"
)

// generator makes the rows one after the other. It remembers the client of the
// last row, and how many numbers and addresses it has dealt out.
type generator struct {
	random
	rows, asOf, start int32

	row     row
	client  client
	again   int32 // the referral of the client's next episode; 0: none
	clients int32

	numbers   [services]numbers
	addresses [services][5]addresses
}

// client is what stays the same from one episode to the next.
type client struct {
	number, service            int32
	gender, birth, ethnic      int32
	nhs, status                int32
	address                    address
	quintile                   int32 // of residence, known or not
	practice, disability, work int32
	setting                    int32
	episodes                   int32
}

// extractMonths is how far back the referrals go.
const extractMonths = 36

func newGenerator(rows int32, seed uint64, asOf hte.Date) *generator {
	g := &generator{
		rows:  rows,
		asOf:  int32(asOf.Ordinal()),
		start: int32(asOf.AddMonths(-extractMonths).Ordinal()),
	}
	g.seed(seed, streamRows)
	return g
}

// next makes the next row.
func (g *generator) next() {
	r := &g.row
	r.clear()
	r.record++
	referral := g.again
	if referral == 0 {
		referral = g.firstReferral(r.record)
		g.newClient(referral)
	} else {
		g.client.episodes++
		g.moveOn()
	}
	r.first = g.client.episodes == 1
	g.describe(referral)
	g.journey(referral)
	g.again = g.returns()
	r.last = g.again == 0
	g.forget()
}

// firstReferral lets new clients come evenly over the years, the later ones
// further down.
func (g *generator) firstReferral(record int32) int32 {
	days := int64(g.asOf - g.start)
	day := g.start + int32(days*int64(record-1)/int64(max(g.rows, 1))) + g.between(-15, 15)
	return min(max(day, g.start), g.asOf)
}

// Two services work in criminal justice: one in probation, one in a prison and
// with those whom it releases.
const (
	probationService = 3
	prisonService    = 7
)

var (
	serviceOdds   = odds{16, 14, 12, 8, 12, 10, 9, 5, 8, 6}
	communityOdds = odds{
		settingCommunity: 590, settingPrimaryCare: 220, settingProbation: 18, settingApprovedPremises: 3,
		settingPharmacy: 36, settingHospital: 24, settingMentalHealth: 32, settingWorkplace: 36,
		settingEducation: 21, settingOther: 20, settingPrison: 0,
	}
	probationOdds = odds{
		settingProbation: 78, settingApprovedPremises: 14, settingCommunity: 8, settingPrimaryCare: 0,
		settingPrison: 0,
	}
	prisonOdds = odds{
		settingPrison: 76, settingProbation: 14, settingApprovedPremises: 5, settingCommunity: 5,
		settingPrimaryCare: 0,
	}
)

func inJustice(setting int32) bool {
	return setting == settingProbation || setting == settingPrison || setting == settingApprovedPremises
}

func (g *generator) newClient(referral int32) {
	g.clients++
	c := &g.client
	*c = client{number: g.clients, episodes: 1, nhs: blank, status: blank}
	c.service = g.pick(serviceOdds)
	switch c.service {
	case probationService:
		c.setting = g.pick(probationOdds)
	case prisonService:
		c.setting = g.pick(prisonOdds)
	default:
		c.setting = g.pick(communityOdds)
	}
	justice := inJustice(c.setting)

	// Women are 59 per cent of all (JECH), two thirds in the community (GOVINT),
	// and few in criminal justice.
	women := int32(665)
	switch c.setting {
	case settingProbation, settingApprovedPremises:
		women = 180
	case settingPrison:
		women = 100
	}
	switch {
	case g.chance(women):
		c.gender = gender2Female
	case g.chance(12):
		c.gender = oneOf(&g.random, gender9Indeterminate, genderXNotKnown, genderXNotKnown)
	default:
		c.gender = gender1Male
	}

	c.ethnic = g.pick(ethnicOdds)
	if justice {
		c.quintile = g.pick(odds{52, 26, 12, 7, 3})
	} else {
		c.quintile = g.pick(odds{412, 262, 162, 103, 61})
	}
	c.address = g.addresses[c.service][c.quintile].next(c.service, c.quintile)
	c.birth = g.birth(referral, justice)
	g.roof(c, justice)

	hasNumber := int32(740)
	if justice {
		hasNumber = 420
	}
	if g.chance(hasNumber) {
		if n, ok := g.numbers[c.service].next(); ok {
			c.nhs = n
			c.status = g.pick(odds{
				status01Verified: 87, status02NotTraced: 7, status03TraceRequired: 3,
				status04NoMatch: 1, status05ToResolve: 1, status06InProgress: 1,
			})
		}
	}
	if c.nhs == blank && g.chance(550) {
		c.status = status07NoNumber
	}
	c.practice = 99_000 + c.service*10 + g.below(10)
	unregistered := int32(55)
	if justice {
		unregistered = 220
	}
	switch {
	case g.chance(unregistered), c.address.postcode == noFixedAbode && g.chance(400):
		c.practice = practiceNone
	case g.chance(12):
		c.practice = practiceNotKnown
	}
	c.disability = g.disability(referral - c.birth)
	c.work = g.work(referral-c.birth, c.setting)
}

// ethnicOdds make 74 per cent White British (JECH) and some 20 per cent of
// black and minority ethnic groups (GLOS).
var ethnicOdds = odds{
	ethnicA: 765, ethnicB: 9, ethnicC: 38, ethnicD: 11, ethnicE: 5, ethnicF: 6, ethnicG: 6,
	ethnicH: 27, ethnicJ: 52, ethnicK: 16, ethnicL: 14, ethnicM: 20, ethnicN: 20, ethnicP: 8,
	ethnicR: 5, ethnicS: 8, ethnicZNotStated: 10, ethnic99NotKnown: 5,
}

// birth draws a date of birth. Clients at one postcode of one service get dates
// of birth that differ modulo 128, and always even ones, which leaves the odd
// ones to the slips; so no two clients share date of birth and postcode.
func (g *generator) birth(referral int32, justice bool) int32 {
	ages := odds{1, 28, 21, 29, 16, 5}
	if justice {
		ages = odds{0, 38, 31, 23, 8, 0}
	}
	bounds := [...]int32{16, 18, 35, 45, 60, 75, 93}
	band := g.pick(ages)
	days := g.between(bounds[band]*36525/100+1, bounds[band+1]*36525/100)
	birth := referral - days
	birth -= (birth - 2*(g.client.address.round%64)) & 127
	// Without a birthday on 29 February there is only one way to count years.
	if d := hte.FromOrdinal(int(birth)); d.Month() == 2 && d.Day() == 29 {
		birth -= 128
	}
	return birth
}

// roof takes the address away from some.
func (g *generator) roof(c *client, justice bool) {
	rough := int32(7)
	switch c.setting {
	case settingProbation:
		rough = 75
	case settingPrison:
		rough = 160
	}
	switch {
	case g.chance(rough):
		c.address.postcode, c.address.lsoa = noFixedAbode, blank
	case g.chance(6):
		c.address.postcode, c.address.lsoa = addressUnknown, blank
	}
}

// disability draws a set of codes, or blank.
func (g *generator) disability(days int32) int32 {
	if g.chance(250) {
		return blank
	}
	some := min(150+days/365*6, 550)
	switch {
	case g.chance(30):
		return 1 << disabilityZZNotStated
	case !g.chance(some):
		return 1 << disabilityNNNone
	}
	set := int32(0)
	for range 1 + g.pick(odds{70, 22, 8}) {
		set |= 1 << g.pick(odds{
			disability01: 16, disability02: 7, disability03: 5, disability04: 12, disability05Mobility: 24,
			disability06: 1, disability07: 4, disability08Progressive: 20, disability09: 4, disability10: 2,
			disabilityXX: 5,
		})
	}
	return set
}

// work draws an employment status, or blank.
func (g *generator) work(days, setting int32) int32 {
	switch {
	case g.chance(130):
		return blank
	case days > 66*365 && g.chance(880):
		return work08Retired
	case setting == settingPrison:
		return g.pick(odds{work02Seeking: 40, work06NotSeeking: 50, work04Sick: 8, workZZNotStated: 2})
	case inJustice(setting):
		return g.pick(odds{
			work01Employed: 14, work02Seeking: 50, work03Student: 2, work04Sick: 20, work05Homemaker: 2,
			work06NotSeeking: 8, work07Voluntary: 2, workZZNotStated: 2,
		})
	}
	return g.pick(odds{
		work01Employed: 40, work02Seeking: 23, work03Student: 4, work04Sick: 13, work05Homemaker: 12,
		work06NotSeeking: 4, work07Voluntary: 2, workZZNotStated: 2,
	})
}

// moveOn changes the setting of a client who comes back: through the gate from
// prison, or from a probation office into the community.
func (g *generator) moveOn() {
	switch c := &g.client; c.setting {
	case settingPrison:
		if g.chance(700) {
			c.setting = oneOf(&g.random, settingProbation, settingProbation, settingApprovedPremises)
		}
	case settingProbation, settingApprovedPremises:
		if g.chance(350) {
			c.setting = settingCommunity
		}
	}
}

// describe fills in the client and the circumstances of the referral.
func (g *generator) describe(referral int32) {
	r, c := &g.row, &g.client
	r.put(fClientID, c.number)
	r.put(fEpisodeID, r.record)
	r.put(fServiceCode, c.service)
	trainer := c.service*trainersPerService + g.below(trainersPerService)
	r.put(fTrainerID, trainer)
	if g.chance(900) {
		r.put(fTrainerIMDQuintile, trainerQuintile(trainer))
	}
	r.put(fNHSNumber, c.nhs)
	r.put(fNHSNumberStatus, c.status)
	r.put(fDateOfBirth, c.birth)
	r.put(fReferralDate, referral)
	if g.chance(600) {
		r.put(fAgeAtReferral, r.age())
	}
	r.put(fGender, c.gender)
	r.put(fEthnicCategory, c.ethnic)
	r.put(fPostcode, c.address.postcode)
	if r.realPostcode() {
		r.put(fLSOA, c.address.lsoa)
		r.put(fIMDQuintile, c.quintile)
		r.put(fIMDEdition, editionBefore(r.date(fReferralDate).Year()))
	}
	r.put(fGPPracticeCode, c.practice)
	r.put(fEmploymentStatus, c.work)
	r.put(fDisability, c.disability)
	r.put(fSetting, c.setting)
	g.surroundings()
}

// editionBefore is the English edition that was out when that year began.
func editionBefore(year int) int32 {
	for e := int32(edition2025); e > edition2004; e-- {
		if editionYears[e] < year {
			return e
		}
	}
	return edition2004
}

// surroundings fill in home, supervision and the source of the referral.
func (g *generator) surroundings() {
	r := &g.row
	switch g.client.setting {
	case settingPrison:
		r.put(fSupervision, oneOf(&g.random, supervisionCustody, supervisionCustody, supervisionCustody, supervisionCustody, supervisionRemand))
		r.put(fReferralSource, oneOf(&g.random, fromPrison, fromPrison, fromPrison, fromPrison, fromSelf))
	case settingProbation:
		r.put(fSupervision, g.pick(odds{
			supervisionCommunityOrder: 45, supervisionSuspended: 20, supervisionLicence: 25,
			supervisionPostSentence: 8, supervisionOther: 2,
		}))
		r.put(fReferralSource, g.pick(odds{fromProbation: 84, fromSelf: 9, fromPoliceCourts: 7}))
	case settingApprovedPremises:
		r.put(fSupervision, g.pick(odds{supervisionCommunityOrder: 5, supervisionLicence: 85, supervisionPostSentence: 10}))
		r.put(fReferralSource, g.pick(odds{fromProbation: 90, fromPrison: 10}))
	default:
		if g.chance(280) {
			r.put(fSupervision, supervisionNone)
		}
		r.put(fReferralSource, g.pick(odds{
			fromSelf: 30, fromGP: 22, fromPharmacy: 4, fromHospital: 5, fromMentalHealth: 3, fromDrugAlcohol: 2,
			fromSocialCare: 2, fromHousing: 2, fromJobCentre: 3, fromVoluntary: 5, fromHealthCheck: 8,
			fromOutreach: 8, fromFamilyFriend: 4, fromOther: 2,
		}))
	}
	if g.chance(300) {
		return
	}
	r.put(fAccommodationType, g.home())
}

func (g *generator) home() int32 {
	switch {
	case g.client.setting == settingPrison:
		return home21Justice
	case g.row.is(fPostcode, noFixedAbode):
		return g.pick(odds{
			home12Rough: 22, home13Squatting: 3, home14Sofa: 30, home15Guest: 14, home16BedAndBreakfast: 9,
			home17NightShelter: 8, home18Hostel: 14,
		})
	case g.client.setting == settingApprovedPremises:
		return oneOf(&g.random, home21Justice, home21Justice, home18Hostel)
	case g.client.setting == settingProbation:
		return g.pick(odds{
			home01Owner: 5, home02Social: 30, home03Private: 22, home04Family: 22, home05Friends: 6,
			home11Specialist: 3, home18Hostel: 6, home19Temporary: 5, home98Other: 1,
		})
	}
	return g.pick(odds{
		home01Owner: 30, home02Social: 36, home03Private: 20, home04Family: 8, home05Friends: 1,
		home06College: 1, home08Mobile: 1, home09Care: 1, home11Specialist: 1, home19Temporary: 1, home98Other: 1,
	})
}

// forget blanks a cell here and there, as a busy service does. The quintile of a
// forgotten postcode is unknown too.
func (g *generator) forget() {
	for _, f := range [...]struct {
		column   int
		perMille int32
	}{
		{fTrainerID, 12},
		{fDateOfBirth, 14},
		{fGender, 8},
		{fEthnicCategory, 26},
		{fPostcode, 14},
		{fGPPracticeCode, 20},
		{fSetting, 6},
		{fReferralSource, 9},
	} {
		if g.chance(f.perMille) {
			g.row.wipe(f.column)
			g.row.natural = true
		}
	}
	if r := &g.row; !r.has(fPostcode) {
		r.wipe(fLSOA)
		r.wipe(fIMDQuintile)
		r.wipe(fIMDEdition)
	}
}

// returns is the day on which the client is referred again, or 0.
func (g *generator) returns() int32 {
	r := &g.row
	if !r.closed() || r.is(fClosureReason, closedDied) || g.client.episodes == 4 || !g.chance(95) {
		return 0
	}
	day := r.v[fClosureDate]
	if !g.chance(40) { // otherwise on the very day
		day += g.between(15, 330)
	}
	if day > g.asOf {
		return 0
	}
	return day
}
