package dcrs

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestShape(t *testing.T) {
	for _, tc := range []struct{ text, want, why string }{
		{"", "", "a blank cell"},
		{"M1 1AA", "A9 9AA", "a postcode"},
		{"943-476-5919", "999-999-9999", "what lies between is left"},
		{"O'Byrne (née Ní)", "A'Aaaaa (aaa Aa)", "letters beyond ASCII are letters"},
		{"１２٣", "aaa", "digits beyond ASCII are not given away"},
		{"a\x00b\x7f\t\n", "a?a???", "control characters cannot reach a terminal"},
		{"caf\xe9\xff", "aaa??", "nor bytes that are no characters"},
		{"\u202emoc\u200b", "aaaaa", "nor marks that turn text round"},
		{"=1+1", "=9+9", "signs of ASCII are left"},
		{strings.Repeat("x", 40), strings.Repeat("a", 40), "as long as is kept"},
		{strings.Repeat("x", 41), strings.Repeat("a", 40) + "…", "one longer"},
		{strings.Repeat("é", 1000), strings.Repeat("a", 40) + "…", "characters count, not bytes"},
	} {
		got := shape([]byte(tc.text))
		assert.Equal(t, tc.want, got, tc.why)
		assert.True(t, utf8.ValidString(got))
	}
	// No letter and no digit but A, a and 9 comes out, whatever goes in.
	for c := range 256 {
		for _, b := range [][]byte{{byte(c)}, {byte(c), byte(c)}, {'x', byte(c), '1'}} {
			for _, r := range shape(b) {
				require.NotContains(t, "BCDEFGHIJKLMNOPQRSTUVWXYZbcdefghijklmnopqrstuvwxyz012345678", string(r), "%q", b)
				require.Less(t, r, rune(0x80))
				require.GreaterOrEqual(t, r, ' ')
			}
		}
	}
}

// TestWhatIsText: files that the reader must not refuse, however odd their letters.
func TestWhatIsText(t *testing.T) {
	for _, tc := range []struct {
		why  string
		data []byte
	}{
		{"English", []byte("client_id,notes\nC1,hello\n")},
		{"Chinese in UTF-8", []byte("client_id,notes\nC1," + strings.Repeat("健康教練", 100) + "\n")},
		{"French in Windows-1252", []byte("client_id,notes\nC1,\xe9t\xe9 \xe0 No\xebl \x80 \x93ok\x94\n")},
		{"Russian in Windows-1251, nearly all bytes above 127", bytes.Repeat([]byte("\xcf\xf0\xe8\xe2\xe5\xf2 \xec\xe8\xf0,\r\n"), 100)},
		{"tabs between the cells", bytes.Repeat([]byte("1\t2\t\t\t3\r\n"), 100)},
		{"a few NUL bytes", append([]byte("client_id,notes\n"+strings.Repeat("C1,x\n", 100)), 0, 0, 0, '\n')},
		{"one character", []byte("x")},
		{"two", []byte("x\n")},
	} {
		assert.Empty(t, notText(tc.data), tc.why)
	}
	assert.Empty(t, notText(nil))
}

func TestHeadingsThatCouldBeValues(t *testing.T) {
	for _, tc := range []struct {
		heading string
		value   bool
		why     string
	}{
		{"local_note", false, "a heading"},
		{"Q12 answer 2024", true, "more than four digits"},
		{"who5 2024", true, "more than four digits too: a shape is the safe side"},
		{"phq9", false, "few digits"},
		{"ada@example.org", true, "an address"},
		{strings.Repeat("word ", 20), true, "a sentence"},
		{"two\nlines", true, "a line end"},
		{"caf\xe9", true, "not UTF-8"},
		{"naïveté", false, "letters beyond ASCII"},
	} {
		assert.Equal(t, tc.value, looksLikeData(tc.heading), tc.why)
	}
}

// The shapes of eight characters at once are those of one after the other.
func TestShapeOfEight(t *testing.T) {
	for place := range 8 {
		for b := range 256 {
			for _, other := range []byte("0Az 9~\x1f\x80") {
				text := bytes.Repeat([]byte{other}, 8)
				text[place] = byte(b)
				want, printable := make([]byte, 8), true
				for i, c := range text {
					if printable = printable && c >= ' ' && c < 0x7f; printable {
						want[i] = shapes[c]
					}
				}
				got, ok := shapeOfEight(binary.LittleEndian.Uint64(text))
				require.Equal(t, printable, ok, "%q", text)
				if ok {
					require.Equal(t, string(want), string(binary.LittleEndian.AppendUint64(nil, got)), "%q", text)
				}
			}
		}
	}
}
