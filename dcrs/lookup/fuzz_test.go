package lookup

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// FuzzRead: any bytes are read or refused with a FormatError that holds nothing
// but what this package says itself.
func FuzzRead(f *testing.F) {
	f.Add(directory(onspd2023, map[string]string{"pcds": "ZA1 1AA", "doterm": "200101"}))
	f.Add("LSOA code,IMD rank\nE01000001,1\n")
	f.Add("LSOA code,IMD rank (where 1 is least deprived)\nE01000001,1\n")
	f.Add(practiceRow("X00001", "19740401", "", "A"))
	f.Add("\ufeff\"pcds\",doterm,lsoa11\r\n\"ZA1 1AA\",\"\",\"x\"\"y\"\r\n")
	f.Fuzz(func(t *testing.T, s string) {
		ctx := context.Background()
		_, postcodes := ReadPostcodes(ctx, strings.NewReader(s))
		_, ranks := ReadRanks(ctx, "W2019", strings.NewReader(s))
		_, practices := ReadPractices(ctx, strings.NewReader(s))
		for _, err := range []error{postcodes, ranks, practices} {
			if err != nil {
				_, ok := errors.AsType[*FormatError](err)
				assert.True(t, ok, "%v", err)
			}
		}
		assert.Error(t, ranks, "no short text ranks 1,909 areas")
	})
}
