package dcrs

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPostcode(t *testing.T) {
	for _, tc := range []struct{ in, text, outward, why string }{
		{"m11ae", "M1 1AE", "M1", "A9"},
		{"B33 8TH", "B33 8TH", "B33", "A99"},
		{"CR2  6XH", "CR2 6XH", "CR2", "AA9, two spaces"},
		{"w1a0ax", "W1A 0AX", "W1A", "A9A"},
		{"DN55 1PT", "DN55 1PT", "DN55", "AA99"},
		{"EC1A1BB", "EC1A 1BB", "EC1A", "AA9A"},
		{"zz99 3vz", "ZZ99 3VZ", "ZZ99", "no fixed abode"},
	} {
		p, ok := ParsePostcode(tc.in)
		require.True(t, ok, tc.why)
		assert.Equal(t, tc.text, p.String(), tc.why)
		assert.Equal(t, tc.outward, p.Outward(), tc.why)
		assert.Equal(t, strings.HasPrefix(tc.text, "ZZ99"), p.Pseudo(), tc.why)
		again, ok := ParsePostcode([]byte(p.String()))
		assert.True(t, ok)
		assert.Equal(t, p, again, "reads what it writes")
	}
	for _, bad := range []string{"", "M1", "M1 1A", "1M 1AE", "M1 1AEE", "GIR 0AA", "M1-1AE"} {
		_, ok := ParsePostcode(bad)
		assert.False(t, ok, bad)
	}
	assert.Empty(t, Postcode(0).String())
	assert.Empty(t, Postcode(0).Outward())
	assert.False(t, Postcode(0).Pseudo())
}

func TestLSOAAndGPPractice(t *testing.T) {
	for _, code := range []string{"E01000000", "E01000001", "E01999999", "W01000000", "W01001909"} {
		l, ok := ParseLSOA(code)
		require.True(t, ok)
		assert.NotZero(t, l, "zero is no area, %s is one", code)
		assert.Equal(t, code, l.String())
		assert.Equal(t, code[0] == 'W', l.Welsh(), code)
	}
	l, _ := ParseLSOA("W01001909")
	assert.Equal(t, 1909, l.Number())
	assert.Empty(t, LSOA(0).String())
	assert.Zero(t, LSOA(0).Number())
	for _, bad := range []string{"", "E02000001", "S01000001", "E0100001", "E010000011", "e01000001"} {
		_, ok := ParseLSOA(bad)
		assert.False(t, ok, bad)
	}

	for _, code := range []string{"A00001", "P84001", "Y99999", "V81997", "V81998", "V81999", "V81996"} {
		g, ok := ParseGPPractice(code)
		require.True(t, ok)
		assert.Equal(t, code, g.String())
		assert.Equal(t, code >= "V81997" && code <= "V81999", g.Default(), code)
	}
	assert.Empty(t, GPPractice(0).String())
}

// TestRowGeography: what cannot be read, or is of another type, is none.
func TestRowGeography(t *testing.T) {
	d := Episodes()
	at := func(name string) int {
		f, ok := d.Field(name)
		require.True(t, ok)
		return f.Index()
	}
	file := "client_id,postcode,lsoa,gp_practice_code\nC1,m1 1ae,E01000007,P84001\nC2,M1,E02000007,84001\n"
	n := 0
	for row, err := range extractValidator(t).Rows(context.Background(), "x.csv", strings.NewReader(file)) {
		require.NoError(t, err)
		if n++; n == 1 {
			assert.Equal(t, "M1 1AE", row.Postcode(at("postcode")).String())
			assert.Equal(t, "E01000007", row.LSOA(at("lsoa")).String())
			assert.Equal(t, "P84001", row.GPPractice(at("gp_practice_code")).String())
			assert.Zero(t, row.Postcode(at("lsoa")), "another type")
			continue
		}
		assert.Zero(t, row.Postcode(at("postcode")))
		assert.Zero(t, row.LSOA(at("lsoa")))
		assert.Zero(t, row.GPPractice(at("gp_practice_code")))
		assert.Zero(t, row.Postcode(-1))
	}
	assert.Equal(t, 2, n)
}
