package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A day at the service, as somebody types it.
func TestCaseSystem(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cases.db")
	for _, step := range []struct {
		why, on, command string
		status           int
		want             []string
	}{
		{"there is nothing yet", "2026-03-02", "show E-1", 0, []string{"Nothing is on record"}},
		{"a journey begins with a referral", "2026-03-02", "record E-1 accepted", 1, []string{"Not now: the service accepted the referral"}},
		{"and here it is", "2026-03-02", `record E-1 referred {"client":"C-1","service":"RX1","setting":"probation","supervision":"licence","source":"probation","reason":"smoking"}`, 0, []string{"Stage: referred"}},
		{"accepted on the same day", "2026-03-02", "record E-1 accepted", 0, []string{"Stage: waiting"}},
		{"a trainer takes the client on", "2026-03-03", `record E-1 trainer_assigned {"trainer":"T-4"}`, 0, []string{"Stage: assigned"}},
		{"nothing about health before consent", "2026-03-04", `record E-1 issue_identified {"issue":"smoking"}`, 1, []string{"Not now", "wanting:"}},
		{"the timeline", "2026-03-04", "show E-1", 0, []string{"1  2026-03-02", "3  2026-03-03", "first_contact_made"}},
		{"weeks later nobody has been in touch", "2026-04-20", "morning", 0, []string{"E-1: ", "days overdue", "T-4        1 open"}},
		{"a kind that there is not", "2026-03-04", "record E-1 nonsense", 2, nil},
		{"data that are not JSON", "2026-03-04", "record E-1 note_added {text", 2, nil},
		{"a command that there is not", "2026-03-04", "dance", 2, nil},
		{"erased", "2026-03-05", "erase E-1", 0, nil},
		{"and gone", "2026-03-05", "show E-1", 0, []string{"Nothing is on record"}},
	} {
		var out, messages bytes.Buffer
		args := append([]string{"-db", file, "-on", step.on}, strings.SplitN(step.command, " ", 4)...)
		status := run(t.Context(), args, time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC), &out, &messages)
		require.Equal(t, step.status, status, "%s: %s%s", step.why, &out, &messages)
		for _, want := range step.want {
			require.Contains(t, out.String(), want, step.why)
		}
		require.Equal(t, status == 2, messages.Len() > 0, step.why)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, messages bytes.Buffer
	require.Equal(t, 2, run(ctx, []string{"-db", filepath.Join(t.TempDir(), "cases.db"), "morning"}, time.Now(), &out, &messages))
	require.Contains(t, messages.String(), context.Canceled.Error())
}
