package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// The story is as it was when a person read it. After a change, read it again and
// write testdata/story.txt with: go run ./examples/journey > examples/journey/testdata/story.txt
func TestStory(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, tell(t.Context(), &out, story()))
	want, err := os.ReadFile("testdata/story.txt")
	require.NoError(t, err)
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Error(diff)
	}
	// What must hold whatever the words are.
	for _, must := range []string{"want of \"consent\"", "↳ the work stands still", "↳ the work goes on", "32 → 68, improved", "Validated: 0 errors"} {
		require.Contains(t, out.String(), must)
	}
	for line := range strings.Lines(out.String()) {
		require.LessOrEqual(t, utf8.RuneCountInString(strings.TrimRight(line, "\n")), 100)
	}
}

func TestCancelledStory(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, tell(ctx, new(bytes.Buffer), story()), context.Canceled)
}
