package share

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// FuzzReadPlan: any bytes are a plan or a PlanError, and a plan comes back from what
// it is written as.
func FuzzReadPlan(f *testing.F) {
	f.Add(`{"project": "x", "fields": {"gender": "keep"}, "consent": "any", "suppress": "cells", "age_on": "2025-04-01"}`)
	f.Add(`{"age_bands": [18, 25], "k": 5, "l": 2}`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ReadPlan(strings.NewReader(s))
		if err != nil {
			_, ok := errors.AsType[*PlanError](err)
			require.True(t, ok, "%v", err)
			return
		}
		text, err := json.Marshal(p)
		require.NoError(t, err)
		again, err := ReadPlan(bytes.NewReader(text))
		require.NoError(t, err)
		second, err := json.Marshal(again)
		require.NoError(t, err)
		require.Equal(t, string(text), string(second))
		_, _ = New(validator(t), p, nil, nil) // whatever it says, it does not panic
	})
}

// FuzzShare: what is shared is a well-formed table of the columns of the plan, in
// which every cell is one that the plan can give, and everybody is one of k.
func FuzzShare(f *testing.F) {
	f.Add("client_id,gender,date_of_birth,consent\nC1,1,1980-01-01,Y\nC2,1,1980-02-01,Y\n", uint8(2), uint8(0))
	f.Add("client_id,gender,date_of_birth,consent\nC1,1,1980-01-01,Y\nC1,2,Jane Doe,Y\nC2,2,,Y\n", uint8(2), uint8(1))
	f.Add("client_id;gender\n\"C1\";\"\n", uint8(1), uint8(2))
	f.Fuzz(func(t *testing.T, s string, k, suppress uint8) {
		plan := Plan{
			Project: "test", K: 1 + int(k%4), Suppress: Suppress(suppress % 2), AgeOn: day(t, "2025-04-01"), Consent: ConsentNotRefused,
			BySensitivity: map[string]Action{"special": Drop, "none": Drop}, Fields: map[string]Action{"gender": Keep, "trainer_id": Drop, "episode_id": Drop},
		}
		sharer, err := New(validator(t), plan, testKey(t), nil)
		require.NoError(t, err)
		var out bytes.Buffer
		report, err := sharer.Share(context.Background(), "x.csv", strings.NewReader(s), &out)
		require.NoError(t, err)
		rows, err := csv.NewReader(&out).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, 1+report.Written)
		require.Equal(t, []string{"client_id", "date_of_birth_age_band", "gender"}, rows[0])
		for _, row := range rows[1:] {
			require.True(t, row[0] == "" || len(row[0]) == 33 && strings.Trim(row[0], "p0123456789abcdef") == "", row)
			require.Contains(t, append([]string{""}, sharer.bands...), row[1])
			require.Contains(t, []string{"", "1", "2", "9", "X"}, row[2])
		}
		if report.Written > 0 && report.Anonymity.CountedBy == "client" {
			assert.GreaterOrEqual(t, report.Anonymity.After.SmallestK, plan.K)
			holdsK(t, rows, []string{"date_of_birth_age_band", "gender"}, plan.K) // a blank is one person here too
		}
	})
}
