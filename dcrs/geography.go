package dcrs

// Postcode is a postcode by its characters, however it was spaced and in either
// case: equal postcodes are equal values. It has the form of a postcode; that it
// exists is not known. The zero value is no postcode.
type Postcode int64

// ParsePostcode reads a postcode such as "M1 1AE" or "m11ae"; false for what has
// not the form of one.
func ParsePostcode[T ~string | ~[]byte](s T) (Postcode, bool) {
	n, ok := lexPostcode([]byte(s))
	return Postcode(n), ok
}

// Pseudo reports whether it is one of the ZZ99 codes, such as ZZ99 3VZ for no
// fixed abode. They stand for no place.
func (p Postcode) Pseudo() bool { return isPseudoPostcode(int64(p)) }

// String is the postcode in capitals with one space before its last three
// characters, or "" for none.
func (p Postcode) String() string {
	b, _ := p.AppendText(nil) // never fails
	return string(b)
}

// AppendText appends the postcode as [Postcode.String] writes it.
func (p Postcode) AppendText(b []byte) ([]byte, error) {
	for i := 6; i >= 0; i-- {
		c := byte(p >> (6 * i) & 0x3f)
		switch {
		case c == 0:
			continue
		case i == 2:
			b = append(b, ' ')
		}
		if c <= 26 {
			b = append(b, 'A'-1+c)
		} else {
			b = append(b, '0'-27+c)
		}
	}
	return b, nil
}

// Outward is the part before the space: the postcode district, such as "M1".
// Districts differ in size; the smallest have fewer than a hundred people.
func (p Postcode) Outward() string {
	s := p.String()
	return s[:max(0, len(s)-4)]
}

// LSOA is the code of a lower layer super output area of England or Wales. The
// zero value is none.
type LSOA uint32

const lsoaNation = 1_000_000 // what lexLSOA adds for Wales

// ParseLSOA reads E01 or W01 and six digits; false for anything else.
func ParseLSOA[T ~string | ~[]byte](s T) (LSOA, bool) {
	n, ok := lexLSOA([]byte(s))
	if !ok {
		return 0, false
	}
	return LSOA(n + 1), true
}

// Welsh reports whether the area is in Wales.
func (l LSOA) Welsh() bool { return l > lsoaNation }

// Number is the six digits of the code.
func (l LSOA) Number() int {
	if l == 0 {
		return 0
	}
	return int(l-1) % lsoaNation
}

// String is the code, such as "E01000001", or "" for none.
func (l LSOA) String() string {
	b, _ := l.AppendText(nil) // never fails
	return string(b)
}

// AppendText appends the code.
func (l LSOA) AppendText(b []byte) ([]byte, error) {
	if l == 0 {
		return b, nil
	}
	nation := byte('E')
	if l.Welsh() {
		nation = 'W'
	}
	return appendDigits(append(b, nation, '0', '1'), l.Number(), 6), nil
}

// GPPractice is the code of a GP practice: a letter and five digits. The zero
// value is none.
type GPPractice uint32

// ParseGPPractice reads a letter and five digits; false for anything else.
func ParseGPPractice[T ~string | ~[]byte](s T) (GPPractice, bool) {
	n, ok := lexGPPractice([]byte(s))
	return GPPractice(n), ok
}

// Default reports whether the code stands for no practice: V81997 not
// registered, V81998 not applicable, V81999 not known.
func (g GPPractice) Default() bool { return gpPracticeIsDefault(int64(g)) }

// String is the code, such as "P84001", or "" for none.
func (g GPPractice) String() string {
	if g == 0 {
		return ""
	}
	return string(appendDigits([]byte{byte(g / 100_000)}, int(g%100_000), 5))
}

// appendDigits appends a number with zeros before it.
func appendDigits(b []byte, n, digits int) []byte {
	for range digits {
		b = append(b, '0')
	}
	for i := len(b) - 1; digits > 0; i, digits, n = i-1, digits-1, n/10 {
		b[i] = byte('0' + n%10)
	}
	return b
}

// Postcode is the postcode of a postcode field, zero unless the field is valid.
func (r *Row) Postcode(field int) Postcode {
	if !r.is(field, TypePostcode) {
		return 0
	}
	return Postcode(r.value(field))
}

// LSOA is the code of a field for one, zero unless the field is valid.
func (r *Row) LSOA(field int) LSOA {
	if !r.is(field, TypeLSOA) {
		return 0
	}
	return LSOA(r.value(field) + 1)
}

// GPPractice is the code of a GP practice field, zero unless the field is valid.
func (r *Row) GPPractice(field int) GPPractice {
	if !r.is(field, TypeGPPractice) {
		return 0
	}
	return GPPractice(r.value(field))
}
