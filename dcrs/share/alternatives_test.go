package share

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What the report says that more rows would be shared with comes true when the plan
// is changed so.
func TestAlternativesComeTrue(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var in strings.Builder
	in.WriteString("client_id,episode_id,service_code,date_of_birth,gender,imd_quintile,primary_issue,consent\n")
	for i := range 400 {
		client := i - i%(1+r.IntN(3)) // some have several episodes
		gender, quintile := 1+client%2, ""
		if client%7 != 0 {
			quintile = fmt.Sprint(1 + client%5)
		}
		fmt.Fprintf(&in, "C%d,E%d,RX%d,%d-05-17,%d,%s,%s,Y\n", client, i, client%3, 1940+client%60, gender, quintile, []string{"diet", "smoking", ""}[r.IntN(3)])
	}
	for _, c := range []struct {
		why  string
		plan Plan
	}{
		{"people of a kind", Plan{Project: "test", AgeOn: day(t, "2024-12-31"), K: 8}},
		{"and two values of what is sensitive", Plan{Project: "test", AgeOn: day(t, "2024-12-31"), K: 6, L: 2}},
	} {
		t.Run(c.why, func(t *testing.T) {
			_, report := share(t, c.plan, nil, nil, in.String())
			require.NotEmpty(t, report.Anonymity.Alternatives)
			fields := make(map[string]bool)
			last := Alternative{Rows: 1 << 30}
			for _, a := range report.Anonymity.Alternatives {
				plan := c.plan
				plan.Fields = maps.Clone(plan.Fields)
				if plan.Fields == nil {
					plan.Fields = make(map[string]Action)
				}
				for _, f := range a.Without {
					plan.Fields[f] = Drop
				}
				if len(a.Without) == 1 {
					fields[a.Without[0]] = true
					assert.LessOrEqual(t, a.Rows, last.Rows, "the dearest field stands first")
					last = a
				}
				if a.K > 0 {
					plan.K = a.K
				}
				_, now := share(t, plan, nil, nil, in.String())
				assert.Equal(t, a.Rows, now.Written, a.String())
				assert.GreaterOrEqual(t, a.Rows, report.Written, "a field given up costs no row: %s", a)
			}
			assert.Greater(t, report.Anonymity.Alternatives[0].Rows, report.Written)
			assert.Len(t, fields, 4, "each quasi-identifier is weighed")
		})
	}
	t.Run("nothing is proposed where hardly a row is left out", func(t *testing.T) {
		_, report := share(t, Plan{Project: "test", K: 1}, nil, nil, in.String())
		assert.Empty(t, report.Anonymity.Alternatives)
	})
}
