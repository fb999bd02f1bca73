package synthetic

// services is how many services the extract is drawn from. Two of them work in
// criminal justice, see the odds of the settings.
const services = 10

const (
	trainersPerService = 10
	nhsNumbers         = 1_000_000 // 999 000 000 to 999 999 999, before the check digit

	// One number in twenty is kept for the slips, so that a number that a slip
	// brings in belongs to nobody.
	reservedEvery, reservedAt = 20, 7
)

// checkDigit is the modulus 11 check digit of the NHS number 999 and the six
// digits of n, or 10 where there is no such number.
func checkDigit(n int32) int32 {
	sum := int32(9*10 + 9*9 + 9*8)
	for weight := int32(2); weight <= 7; weight++ {
		sum += n % 10 * weight
		n /= 10
	}
	return (11 - sum%11) % 11
}

// usable reports whether 999 and the six digits of n are an NHS number that is
// no palindrome, which a validator takes for a filler.
func usable(n int32) bool {
	palindrome := n%100 == 99 && n/100000 == n/100%10 && n/10000%10 == n/1000%10
	return checkDigit(n) < 10 && !palindrome
}

// numbers deals out the NHS numbers of one service, each once.
type numbers struct{ dealt, reserved int32 }

// next is a number for a client; false when they have run out.
func (n *numbers) next() (int32, bool) {
	for n.dealt < nhsNumbers {
		// A step coprime to a million visits every number once.
		v := int32(int64(n.dealt) * 618_033 % nhsNumbers)
		n.dealt++
		if v%reservedEvery != reservedAt && usable(v) {
			return v, true
		}
	}
	return 0, false
}

// spare is a number that no client of the service has.
func (n *numbers) spare() (int32, bool) {
	for n.reserved < nhsNumbers/reservedEvery {
		v := int32(int64(n.reserved)*6_181%(nhsNumbers/reservedEvery))*reservedEvery + reservedAt
		n.reserved++
		if usable(v) {
			return v, true
		}
	}
	return 0, false
}

// A postcode is a number: the letter pair at the end, then the sector, the
// district and the service, which has an area of its own. The pseudo-postcodes
// are negative.
const (
	lettersPerSector = 20 * 20
	sectors          = 10
	districts        = 20
	noFixedAbode     = -1 // ZZ99 3VZ
	addressUnknown   = -2 // ZZ99 3WZ
	englandOther     = -3 // ZZ99 3CZ
)

// areaLetters follow Z in the area of each service. None of the ten areas is
// allocated; inwardLetters are those that the national form allows.
const (
	areaLetters   = "ABCDFGHLNP"
	inwardLetters = "ABDEFGHJLNPQRSTUWXYZ"
)

// districtsOf are the districts, from 0, in each quintile of deprivation.
var districtsOf = [5][4]int32{{2, 7, 11, 16}, {0, 5, 13, 18}, {3, 9, 12, 19}, {1, 6, 14, 17}, {4, 8, 10, 15}}

// address is where a client lives.
type address struct {
	postcode, lsoa int32
	// round counts how often all the postcodes had been dealt out before this
	// one. Clients at one postcode are told apart by their dates of birth.
	round int32
}

// addresses deals out the addresses of one service in one quintile.
type addresses struct{ dealt int64 }

func (a *addresses) next(service, quintile int32) address {
	const perDistrict = sectors * lettersPerSector
	const all = 4 * perDistrict
	n := int32(a.dealt * 7919 % all)
	round := int32(a.dealt / all)
	a.dealt++
	district, rest := districtsOf[quintile][n/perDistrict], n%perDistrict
	sector := rest / lettersPerSector
	return address{
		postcode: (service*districts+district)*perDistrict + rest,
		lsoa:     99_000 + service*100 + district*5 + sector/2,
		round:    round,
	}
}

func appendPostcode(b []byte, v int32) []byte {
	switch v {
	case noFixedAbode:
		return append(b, "ZZ99 3VZ"...)
	case addressUnknown:
		return append(b, "ZZ99 3WZ"...)
	case englandOther:
		return append(b, "ZZ99 3CZ"...)
	}
	letters := v % lettersPerSector
	v /= lettersPerSector
	sector := v % sectors
	v /= sectors
	b = append(b, 'Z', areaLetters[v/districts])
	b = appendPadded(b, v%districts+1, 1)
	return append(b, ' ', '0'+byte(sector), inwardLetters[letters/20], inwardLetters[letters%20])
}

// The national codes for no GP practice and for a practice that is not known.
const (
	practiceNone     = 81_997
	practiceNotKnown = 81_999
)

func appendPractice(b []byte, v int32) []byte {
	letter := byte('X')
	if v == practiceNone || v == practiceNotKnown {
		letter = 'V'
	}
	return appendPadded(append(b, letter), v, 5)
}

// trainerQuintile is where a trainer lives: of the hundred trainers, 34 in the
// most deprived fifth and 22 in the second (GOVINT).
func trainerQuintile(trainer int32) int32 {
	switch place := (trainer*37 + 11) % 100; {
	case place < 34:
		return 0
	case place < 56:
		return 1
	case place < 76:
		return 2
	case place < 90:
		return 3
	default:
		return 4
	}
}
