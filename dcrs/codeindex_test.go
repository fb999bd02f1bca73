package dcrs

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// nearMisses are texts that resemble a code and are not it.
func nearMisses(code string) []string {
	out := []string{"", code + " ", " " + code, code + "\x00", "\x00" + code, code + code, "0" + code, strings.ToUpper(code), strings.ToLower(code), strings.Repeat(code, 9)}
	for i := range len(code) {
		out = append(out, code[:i], code[i+1:], code[:i]+code[i+1:])
		for _, c := range []byte{0, ' ', '1', 'x', 0xff, code[i] ^ 1, code[i] ^ 0x20, code[i] ^ 0x80} {
			b := []byte(code)
			b[i] = c
			out = append(out, string(b))
		}
	}
	return out
}

func checkIndex(t *testing.T, codes []Code, texts ...string) {
	t.Helper()
	ix := newCodeIndex(codes)
	numbers := make(map[string]int)
	for n, c := range codes {
		numbers[c.Code] = n
		texts = append(texts, c.Code)
		texts = append(texts, nearMisses(c.Code)...)
	}
	for _, text := range texts {
		want, ok := numbers[text]
		if !ok {
			want = -1
		}
		if got := ix.find([]byte(text)); got != want {
			t.Fatalf("%q: %d, want %d", text, got, want)
		}
		if want > 63 || strings.Contains(text, ";") {
			continue
		}
		// As a list of one, with something in front and behind. A code that had to
		// make room for another may be left to find.
		list := append([]byte("x;"+text+";5"), make([]byte, slack)...)
		set, ok := ix.findAll(list, 2, 2+len(text))
		if ok && (want < 0 || set != 1<<want) {
			t.Fatalf("%q: the set %b, want only %d", text, set, want)
		}
	}
}

func TestCodeIndexOfEveryList(t *testing.T) {
	for list := range Episodes().CodeLists() {
		checkIndex(t, list.Codes)
		require.LessOrEqual(t, len(list.Codes), 64, "%s: a set of its codes is one word", list.Name)
		for _, c := range list.Codes {
			require.NotEmpty(t, c.Code)
			require.Equal(t, strings.Trim(c.Code, " "), c.Code)
			require.NotContains(t, c.Code, ";", "codes of one cell are separated by semicolons")
		}
	}
}

func TestCodeIndexOfAwkwardLists(t *testing.T) {
	codesOf := func(texts ...string) (codes []Code) {
		for _, s := range texts {
			codes = append(codes, Code{Code: s})
		}
		return codes
	}
	checkIndex(t, nil, "", "a")
	checkIndex(t, codesOf("a"))
	checkIndex(t, codesOf("", "a"))
	checkIndex(t, codesOf("aaaaaaaaa"), "aaaaaaaa", "aaaaaaaaaa") // nine: its first and last eight bytes are alike
	checkIndex(t, codesOf("abcdefghabcdefgh"), "abcdefgh", "abcdefghXabcdefgh")
	checkIndex(t, codesOf("aaaaaaaa"), "aaaaaaaaa")
	checkIndex(t, codesOf("12345678-left-12345678", "12345678"), "12345678-xxxx-12345678")
	checkIndex(t, codesOf("a", "a\x00", "a\x00\x00"), "a\x00\x00\x00")
	var many []string
	for i := range 300 {
		many = append(many, fmt.Sprintf("%03d", i))
	}
	checkIndex(t, codesOf(many...))
}
