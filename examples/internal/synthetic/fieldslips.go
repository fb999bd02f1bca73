package synthetic

import "strings"

// fieldPlants are the slips in a single cell, one for each rule of each family
// that a slip can break by itself.
func fieldPlants() [][]plant {
	var blanks, formats, codes, ranges, implausibles, repeats []plant
	for f := range columns {
		c := &columns[f]
		add := func(to *[]plant, family string, slip func(*planter, *row, int) bool) {
			*to = append(*to, plant{
				rule:   c.name + "/" + family,
				slip:   func(p *planter, r *row) bool { return slip(p, r, f) },
				scarce: strings.HasSuffix(c.name, "_post") || strings.HasPrefix(c.name, "followup"),
			})
		}
		if c.required {
			add(&blanks, "blank", blankSlip)
		}
		switch {
		case c.kind == kindCode && !leadingZeros(c):
			// Whatever is wrong with such a code, it is not its format.
		case c.kind == kindCodes && leadingZeros(c):
			add(&formats, "format", lostZeroAmongSlip)
		case c.kind == kindCode:
			add(&formats, "format", lostZeroSlip)
		default:
			add(&formats, "format", formatSlip)
		}
		if c.codes != nil {
			add(&codes, "code", codeSlip)
		}
		if c.valid != nil {
			add(&ranges, "range", rangeSlip)
		}
		if c.plausible != nil {
			add(&implausibles, "implausible", implausibleSlip)
		}
		if c.kind == kindCodes {
			add(&repeats, "repeated-code", repeatedCodeSlip)
		}
	}
	return [][]plant{blanks, formats, codes, ranges, implausibles, repeats}
}

func leadingZeros(c *column) bool { return c.codes != nil && c.codes[0] == "01" }

// text puts a text in the place of the cell.
func text(r *row, f int, s string) bool {
	r.write(f, func(b []byte) []byte { return append(b, s...) })
	return true
}

func blankSlip(p *planter, r *row, f int) bool {
	if !p.spoilable(r, f) {
		return false
	}
	r.wipe(f)
	return p.at(f)
}

// formatSlip writes what a person or a spreadsheet would in the place of the value.
func formatSlip(p *planter, r *row, f int) bool {
	if !p.spoilable(r, f) {
		return false
	}
	v := r.v[f]
	c := &columns[f]
	way := p.below(4)
	r.write(f, func(b []byte) []byte {
		switch c.kind {
		case kindDate:
			return appendWrongDate(b, r, f, way)
		case kindService:
			return appendPadded(append(b, "synht-"...), v+1, 2)
		case kindClient, kindEpisode, kindTrainer:
			if way == 0 {
				return append(appendCell(b, f, v), "-exported-a-second-time-with-a-long-suffix"...)
			}
			at := len(b)
			b = appendCell(b, f, v)
			b[at+3] = "/ #"[way-1]
			return b
		case kindNHSNumber:
			b = appendCell(b, f, v)
			if way < 2 {
				return b[:len(b)-1] // a digit short
			}
			return append(b[:len(b)-1], "OX"[way-2]) // a letter in place of a digit
		case kindPostcode:
			if !r.realPostcode() {
				return append(b, "ZZ99"...)
			}
			b = appendCell(b, f, v)
			switch way {
			case 0:
				return b[:len(b)-1]
			case 1:
				b[len(b)-3] = 'O'
			default:
				return b[:len(b)-len(" 4DB")]
			}
			return b
		case kindLSOA:
			b = appendCell(b, f, v)
			if way < 2 {
				return b[:len(b)-1]
			}
			b[0] = 'S' // a Scottish data zone
			return b
		case kindPractice:
			b = appendCell(b, f, v)
			if way < 2 {
				return b[:len(b)-1]
			}
			return append(b[:0], "Dr Example"...)
		case kindCodes:
			// An element is missing from the list.
			b = appendCell(b, f, v)
			if way < 2 {
				return append(append(b, ";;"...), anyOther(c.codes, v)...)
			}
			return append(b, ';')
		}
		switch way {
		case 0:
			return append(appendCell(b, f, v), '?')
		case 1:
			return appendCell(append(b, "about "...), f, v)
		case 2:
			return append(appendCell(b, f, v), "-4"...)
		}
		return append(b, "not done"...)
	})
	return p.at(f)
}

// anyOther is the first code that is not in the set.
func anyOther(codes []string, set int32) string {
	for i, c := range codes {
		if set>>i&1 == 0 {
			return c
		}
	}
	return codes[0]
}

// appendWrongDate appends the date as a spreadsheet may write it, or a day that
// does not exist.
func appendWrongDate(b []byte, r *row, f int, way int32) []byte {
	year, month, day := r.date(f).Date()
	switch way {
	case 0:
		b = append(appendPadded(b, int32(day), 2), '/')
		b = append(appendPadded(b, int32(month), 2), '/')
		return appendPadded(b, int32(year), 4)
	case 1:
		b = appendPadded(b, int32(year), 4)
		b = appendPadded(b, int32(month), 2)
		return appendPadded(b, int32(day), 2)
	case 2:
		return append(appendPadded(b, int32(year), 4), "-02-30"...)
	}
	b = append(appendPadded(b, int32(year), 4), "-13-"...)
	return appendPadded(b, int32(day), 2)
}

// lostZeroSlip takes the zero away from a code such as 01, as spreadsheets do.
func lostZeroSlip(p *planter, r *row, f int) bool {
	if !p.spoilable(r, f) || columns[f].codes[r.v[f]][0] != '0' {
		return false
	}
	return text(r, f, columns[f].codes[r.v[f]][1:]) && p.at(f)
}

func lostZeroAmongSlip(p *planter, r *row, f int) bool {
	if !p.spoilable(r, f) {
		return false
	}
	for i, code := range columns[f].codes {
		if r.v[f]>>i&1 != 0 {
			return code[0] == '0' && text(r, f, code[1:]) && p.at(f)
		}
	}
	return false
}

// notCodes are in none of the code lists.
var notCodes = [...]string{"unknown", "77", "see notes", "ZQ"}

func codeSlip(p *planter, r *row, f int) bool {
	if !p.spoilable(r, f) {
		return false
	}
	bad := notCodes[p.below(int32(len(notCodes)))]
	r.write(f, func(b []byte) []byte {
		if columns[f].kind == kindCodes && p.chance(500) {
			b = append(appendCell(b, f, r.v[f]), ';')
		}
		return append(b, bad...)
	})
	return p.at(f)
}

func rangeSlip(p *planter, r *row, f int) bool {
	if !p.spoilable(r, f) {
		return false
	}
	valid := *columns[f].valid
	bad := valid.high + p.between(1, max(5, valid.high/4))
	if valid.low > 0 && p.chance(400) {
		bad = valid.low - 1
		if f == fHeightCm {
			bad -= p.between(0, 15) // a span that no other unit explains
		}
	}
	r.write(f, func(b []byte) []byte { return appendPadded(b, bad, 1) })
	return p.at(f)
}

// implausibleSlip writes a number beyond the plausible range but within the
// valid one, where it can be told what else will be found.
func implausibleSlip(p *planter, r *row, f int) bool {
	if !r.has(f) {
		return false
	}
	valid, plausible := *columns[f].valid, *columns[f].plausible
	v := p.between(plausible.high+1, min(valid.high, plausible.high*3/2))
	low := func() { v = p.between(max(valid.low, plausible.low*2/3), plausible.low-1) }
	switch f {
	case fAgeAtReferral:
		if p.chance(500) {
			low()
		}
		if r.has(fDateOfBirth) {
			p.also(f, "dates/age-disagrees")
		}
	case fSessionsAttended:
		if !r.has(fSessionsPlanned) {
			break
		}
		if r.v[fSessionsAttended] > r.v[fSessionsPlanned] {
			return false
		}
		p.also(f, "pathway/attended-more-than-planned")
	case fHeightCm:
		// Tall rather than short: a weight that goes with a short height could
		// look like pounds.
		v = p.between(221, 272)
		if r.has(fBMIPre) && r.has(fWeightKgPre) || r.has(fBMIPost) && r.has(fWeightKgPost) {
			return false
		}
	case fWeightKgPre, fWeightKgPost:
		low() // rather than high, which could be pounds
		if r.has(f-fWeightKgPre+fBMIPre) && r.has(fHeightCm) {
			return false
		}
	case fBMIPre, fBMIPost:
		if r.has(f-fBMIPre+fWeightKgPre) && r.has(fHeightCm) {
			return false
		}
		v = p.between(81, 110)
	case fSystolicPre, fSystolicPost:
	case fDiastolicPre, fDiastolicPost:
		low() // rather than high, which could be above the systolic
	case fCigarettesPre, fCigarettesPost:
		if r.v[f-fCigarettesPre+fSmokingStatusPre] != smoking1Current {
			return false
		}
	}
	switch columns[f].kind {
	case kindTenths, kindHalves:
		v *= 10
	}
	r.put(f, v)
	p.bigChange(r, f)
	return p.at(f)
}

func repeatedCodeSlip(p *planter, r *row, f int) bool {
	if !r.has(f) {
		return false
	}
	for i, code := range columns[f].codes {
		if r.v[f]>>i&1 != 0 {
			r.write(f, func(b []byte) []byte {
				return append(append(appendCell(b, f, r.v[f]), ';'), code...)
			})
			return p.at(f)
		}
	}
	return false
}
