package outcomes_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/outcomes"
)

// A count beyond 2^53 once kept the two-sided test searching for ever.
func TestTooManyForAProportion(t *testing.T) {
	for _, f := range []func() error{
		func() error { _, err := outcomes.BinomialTest(53, 1<<53+1); return err },
		func() error { _, err := outcomes.Wilson(53, outcomes.MaxRows+1); return err },
	} {
		err := f()
		_, ok := errors.AsType[outcomes.RangeError](err)
		require.True(t, ok, "%v", err)
	}
}
